"""A mixed class of two submissions of the small course, which has a lesson of three exercises."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograde.grading.course import GradingCourse
from benchmarks.classes import write_mixed_class
from tests.grading.conftest import LESSON, small_course

__all__ = ["LESSON", "small_course"]


@pytest.fixture(scope="session")
def course(small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> GradingCourse:
    """``ada``, who has everything right, and ``grace``, who has not."""
    return write_mixed_class(small_course, LESSON, tmp_path_factory.mktemp("class"), 2)
