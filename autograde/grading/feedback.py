"""Feedback pages: from the graded notebooks and the gradebook to ``feedback/<student>/<lesson>/<lesson>.html``."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import sqlalchemy as sa
from nbformat import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade, Gradebook, MissingEntry, SubmittedNotebook

from autograde.judge.course import CourseError

from .course import GradingCourse
from .feedback_page import CellMark, PageMarks, render_page

__all__ = ["CellMark", "PageMarks", "read_marks", "render_page", "write_feedback"]


def read_marks(gradebook: Gradebook, lesson: str, student: str) -> PageMarks:
    """One student's marks in a lesson as they stand now. nbgrader's ``MissingEntry`` when there are none."""
    notebook = gradebook.find_submission_notebook(lesson, lesson, student).id
    query = sa.select(
        SubmittedNotebook.score, SubmittedNotebook.max_score, SubmittedNotebook.late_submission_penalty
    ).where(SubmittedNotebook.id == notebook)
    score, max_score, penalty = gradebook.db.execute(query).one()
    comments = sa.select(BaseCell.name, Comment.comment).join(Comment.cell).where(Comment.notebook_id == notebook)
    cells = {
        str(name): CellMark(None, 0.0, str(comment or ""), False) for name, comment in gradebook.db.execute(comments)
    }
    given = sa.func.coalesce(Grade.manual_score, Grade.auto_score)
    columns = (BaseCell.name, given, Grade.score, Grade.max_score, Grade.needs_manual_grade)
    grades = sa.select(*columns).join(Grade.cell).where(Grade.notebook_id == notebook)
    for name, points, score_with_extra, maximum, waits in gradebook.db.execute(grades):
        comment = cells[name].comment if name in cells else ""
        counts = None if points is None else float(score_with_extra)
        cells[str(name)] = CellMark(counts, float(maximum), comment, bool(waits))
    penalty = float(penalty or 0.0)
    return PageMarks(student, lesson, max(0.0, float(score) - penalty), float(max_score), penalty, cells)


def write_feedback(course: GradingCourse, lesson: str, student: str = "*") -> list[Path]:
    """Write the page of every graded notebook of the lesson, or of one student's, and return the pages.

    ``student`` may be a pattern. A page that cannot be made stops no other; ``CourseError`` then names it at the end.
    """
    pages, problems = [], []
    with Gradebook(course.db_url) as gradebook:
        for path in _graded_notebooks(course, lesson, student):
            name = path.parent.parent.name
            try:
                page = render_page(_read(path), read_marks(gradebook, lesson, name))
            except MissingEntry:
                problems.append(f"{name} (the gradebook has no marks)")
            except _DamagedError:
                problems.append(f"{name} ({path} is damaged)")
            else:
                pages.append(_write(course.feedback / name / lesson / f"{lesson}.html", page))
                _copy_timestamp(path.parent, pages[-1].parent)
    if problems:
        cure = f"grade these again with: autograde grade {lesson} --force"
        raise CourseError(f"There is no new feedback of {lesson} for {', '.join(problems)}; {cure}")
    return pages


def _graded_notebooks(course: GradingCourse, lesson: str, student: str) -> list[Path]:
    """The graded notebooks of the students that the pattern names; a name goes before a pattern that looks like it."""
    one = course.autograded / student / lesson / f"{lesson}.ipynb"
    return [one] if one.is_file() else sorted(course.autograded.glob(f"{student}/{lesson}/{lesson}.ipynb"))


class _DamagedError(Exception):
    """What the grader wrote cannot be read any more."""


def _read(path: Path) -> NotebookNode:
    """A notebook that the grader wrote. nbformat's check of the schema would take longer than the page."""
    try:
        notebook: NotebookNode = nbformat.v4.reads(path.read_text(encoding="utf-8"))
        return notebook
    except (ValueError, KeyError, AttributeError, TypeError):  # nbformat raises them for what is no notebook
        raise _DamagedError(path) from None


def _write(path: Path, page: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_bytes(page.encode("utf-8", "replace"))
    partial.replace(path)
    return path


def _copy_timestamp(graded: Path, feedback: Path) -> None:
    """Copy the time of handing in, by which nbgrader's own ``generate_feedback`` knows whether a page is old."""
    if (graded / "timestamp.txt").is_file():
        shutil.copyfile(graded / "timestamp.txt", feedback / "timestamp.txt")
