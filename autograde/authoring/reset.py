"""Gives a lesson's notebook back as it was handed out, without losing what was in it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from autograde.judge.course import Course, CourseError

from .students_version import make_students_version


def reset_notebook(course: Course, path: Path) -> Path:
    """Replace ``path`` by the handed-out version of its lesson; returns where the old file is kept.

    The lesson is told by the file's name, else by its folder's. Raises ``CourseError`` for any other file.
    """
    names = course.lesson_names()
    lesson = next((n for n in (path.stem, path.resolve().parent.name) if n in names), None)
    if lesson is None:
        raise CourseError(f"{path} is not a lesson's notebook. Lessons of this course: {', '.join(names)}.")
    if not course.solution_file(lesson).is_file():
        raise CourseError(f"solutions/{lesson} is not built; run: autograde build {lesson}")
    fresh = _students_version(course, lesson)
    kept = _free_name(path)
    path.rename(kept)
    path.write_bytes(fresh)
    return kept


def _students_version(course: Course, lesson: str) -> bytes:
    """The students' notebook, made anew from the solutions by nbgrader."""
    with tempfile.TemporaryDirectory(prefix="autograde-reset-") as folder:
        workshop = Path(folder)
        source = workshop / "solutions" / lesson
        source.mkdir(parents=True)
        (source / f"{lesson}.ipynb").write_bytes(course.solution_file(lesson).read_bytes())
        made = make_students_version(workshop, lesson, course.root)
        return (made / f"{lesson}.ipynb").read_bytes()


def _free_name(path: Path) -> Path:
    for number in range(1, 1000):
        candidate = path.with_name(f"{path.stem}.kept-{number}{path.suffix}")
        if not candidate.exists():
            return candidate
    raise CourseError(f"{path.parent} holds a thousand kept versions of {path.name}; delete some of them.")
