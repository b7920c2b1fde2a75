"""Feedback pages, written by nbgrader's own ``generate_feedback`` from the graded notebooks."""

from __future__ import annotations

import logging
from pathlib import Path

from autograde.judge.course import CourseError

from .course import GradingCourse


def write_feedback(course: GradingCourse, lesson: str, student: str = "*") -> list[Path]:
    """Write ``feedback/<student>/<lesson>/<lesson>.html`` and return the pages. ``CourseError`` when nbgrader fails."""
    api = course.api()
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    result = api.generate_feedback(lesson, None if student == "*" else student, force=True)
    if not result["success"]:
        raise CourseError(f"nbgrader could not write the feedback of {lesson}: {result.get('error') or result['log']}")
    return sorted(course.feedback.glob(f"{student}/{lesson}/{lesson}.html"))
