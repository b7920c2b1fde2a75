"""One stage for all attacks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .stage import Stage


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A course, a class with one warm worker, and the watch over both."""
    made = Stage(tmp_path_factory.mktemp("stage"))
    yield made
    made.close()
