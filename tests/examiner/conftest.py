"""One warm process, and the examiner of a lesson."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograde.sandbox.worker import Worker

from .examining import Examiner


@pytest.fixture(scope="package")
def worker() -> Iterator[Worker]:
    with Worker() as made:
        yield made


@pytest.fixture
def examiner(lesson: str, worker: Worker, request: pytest.FixtureRequest) -> Examiner:
    return Examiner(lesson, worker, thorough=request.config.getoption("--thorough"))
