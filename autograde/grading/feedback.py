"""Feedback pages: from the graded notebooks and the gradebook to ``feedback/<student>/<lesson>/<lesson>.html``."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType

import nbformat
import sqlalchemy as sa
from nbformat import NotebookNode
from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)

from autograde.judge.course import CourseError
from autograde.judge.files import write_atomically

from .course import GradingCourse
from .feedback_page import CellMark, PageMarks, render_page

__all__ = ["CellMark", "FeedbackWriter", "PageMarks", "page_is_stale", "read_marks", "render_page", "write_feedback"]


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


class FeedbackWriter:
    """Writes the pages of one lesson, with the gradebook open; what it could not write is named when it closes."""

    def __init__(self, course: GradingCourse, lesson: str) -> None:
        self._course, self._lesson = course, lesson
        self._opened = ExitStack()
        self._problems: list[str] = []

    @cached_property
    def _gradebook(self) -> Gradebook:
        """Opened when it is needed: until marks are written, a new one may be in the making."""
        return self._opened.enter_context(Gradebook(self._course.db_url))

    def __enter__(self) -> FeedbackWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._opened.close()
        if self._problems and kind is None:
            cure = f"grade these again with: autograde grade {self._lesson} --force"
            raise CourseError(f"There is no new feedback of {self._lesson} for {', '.join(self._problems)}; {cure}")

    def write(self, student: str) -> Path | None:
        """Write one student's page; None when it cannot be made, which stops no other."""
        graded = self._course.graded_notebook(student, self._lesson)
        try:
            marks = read_marks(self._gradebook, self._lesson, student)
            self._gradebook.db.rollback()  # what is read stands in nobody's way
            page = render_page(_read(graded), marks)
        except MissingEntry:
            self._problems.append(f"{student} (the gradebook has no marks)")
        except _DamagedError:
            self._problems.append(f"{student} ({graded} is damaged)")
        else:
            path = self._course.feedback_page(student, self._lesson)
            write_atomically(path, page.encode("utf-8", "replace"))
            _copy_timestamp(graded.parent, path.parent)
            return path
        return None

    def stale(self, student: str = "*") -> list[str]:
        """Who has no page yet, or one that is older than the graded notebook or than points given by hand may be."""
        by_hand = self._touched_by_hand()
        found = []
        for graded in _graded_notebooks(self._course, self._lesson, student):
            name = graded.parent.parent.name
            if name in by_hand or page_is_stale(self._course, self._lesson, name):
                found.append(name)
        return found

    def _touched_by_hand(self) -> set[str]:
        """Whose work bears points or words of a person; nobody keeps when they were given."""
        grades = sa.select(Grade.notebook_id).where(sa.or_(Grade.manual_score.is_not(None), Grade.extra_credit != 0))
        comments = sa.select(Comment.notebook_id).where(Comment.manual_comment.is_not(None))
        students = (
            sa.select(SubmittedAssignment.student_id)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
            .where(Notebook.name == self._lesson, SubmittedNotebook.id.in_(sa.union(grades, comments)))
        )
        return set(self._gradebook.db.execute(students).scalars())


def page_is_stale(course: GradingCourse, lesson: str, student: str) -> bool:
    """Whether a graded notebook is there and its feedback page is missing or older."""
    graded, page = course.graded_notebook(student, lesson), course.feedback_page(student, lesson)
    return graded.is_file() and not (page.is_file() and page.stat().st_mtime >= graded.stat().st_mtime)


def write_feedback(course: GradingCourse, lesson: str, student: str = "*") -> list[Path]:
    """Write the page of every graded notebook of the lesson, or of one student's, and return the pages.

    ``student`` may be a pattern. A page that cannot be made stops no other; ``CourseError`` then names it at the end.
    """
    with FeedbackWriter(course, lesson) as writer:
        names = [path.parent.parent.name for path in _graded_notebooks(course, lesson, student)]
        return [page for page in map(writer.write, names) if page]


def _graded_notebooks(course: GradingCourse, lesson: str, student: str) -> list[Path]:
    """The graded notebooks of the students that the pattern names; a name goes before a pattern that looks like it."""
    one = course.graded_notebook(student, lesson)
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


def _copy_timestamp(graded: Path, feedback: Path) -> None:
    """Copy the time of handing in, by which nbgrader's own ``generate_feedback`` knows whether a page is old."""
    if (graded / "timestamp.txt").is_file():
        shutil.copyfile(graded / "timestamp.txt", feedback / "timestamp.txt")
