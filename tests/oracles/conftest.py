"""The reference functions that are held against the stored values."""

from __future__ import annotations

from typing import Any

import pytest

from autograde.judge.lesson import load_reference

from .stored import LESSON_OF, LESSONS


@pytest.fixture(scope="session")
def references() -> dict[str, dict[str, Any]]:
    """The reference functions of each lesson, by the name of the file with its oracle values."""
    return {name: load_reference(LESSONS / lesson) for name, lesson in LESSON_OF.items()}
