"""One warm process for the whole folder; every test that dirties a session takes its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograde.sandbox.limits import MIB, Limits
from autograde.sandbox.worker import Session, Worker


@pytest.fixture(scope="package")
def worker() -> Iterator[Worker]:
    with Worker(Limits(memory_bytes=1024 * MIB)) as worker:
        yield worker


@pytest.fixture
def session(worker: Worker) -> Iterator[Session]:
    with worker.session() as session:
        yield session
