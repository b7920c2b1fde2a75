"""Writes graded submissions into nbgrader's gradebook and the grader's own tables: a group in one transaction."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from traitlets.config import Config

from .jobs import Done
from .store import Row, save_verdicts

#: How often a transaction is tried that another writer got in the way of, and the seconds between two tries.
TRIES, PAUSE = 20, 0.25
#: How long a transaction waits for another writer's, each time.
LOCK_SECONDS = 10


class GradebookWriter:
    """The gradebook of one lesson, kept open for a whole batch. It writes what nbgrader's ``SaveAutoGrades`` writes.

    Points that a person gave stay, and their cells are marked to be looked at again, as nbgrader does it.
    """

    def __init__(self, db_url: str, lesson: str, config: Config) -> None:
        self._lesson = lesson
        self._gradebook = Gradebook(db_url)
        self._late = LatePenalties(config)
        assignment = self._gradebook.find_assignment(lesson)
        self._assignment = assignment.id
        self._notebooks = {n.id: _Cells(n) for n in assignment.notebooks}
        self._graded = next(n.id for n in assignment.notebooks if n.name == lesson)
        self._gradebook.db.rollback()  # holds no lock and no connection until there is something to write

    def __enter__(self) -> GradebookWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._gradebook.close()

    def write(self, rows: Sequence[Row]) -> None:
        """Write all these rows or none. ``sqlalchemy.exc.DBAPIError`` when the database cannot be written."""
        for attempt in range(TRIES):
            try:
                self._wait_for_no_lock_longer(LOCK_SECONDS)
                for row in sorted(rows, key=lambda r: r.student):  # two graders that lock in one order cannot block
                    self._write(row)
                self._gradebook.db.commit()
                return
            except (IntegrityError, InterfaceError, OperationalError, StaleDataError):
                # Another grader added the same student, or holds the database; or the connection was lost.
                self._gradebook.db.rollback()
                if attempt == TRIES - 1:
                    raise
                time.sleep(PAUSE)
            except BaseException:
                self._gradebook.db.rollback()
                raise

    def _wait_for_no_lock_longer(self, seconds: int) -> None:
        """A grader that hangs must not hold up this one; SQLite waits 5 s of its own accord."""
        if self._gradebook.engine.dialect.name == "postgresql":
            self._gradebook.db.execute(text(f"SET LOCAL lock_timeout = '{seconds}s'"))

    def _write(self, row: Row) -> None:
        session = self._gradebook.db
        submission = self._submission(row)
        notebook = next(n for n in submission.notebooks if n.notebook_id == self._graded)
        names = self._notebooks[self._graded].names
        cells, scores = {cell.metadata.nbgrader["grade_id"]: cell for cell in row.done.cells}, auto_scores(row.done)
        for grade in notebook.grades:
            grade.auto_score = scores[names[grade.cell_id]]
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        for comment in notebook.comments:
            comment.auto_comment = _comment(cells[names[comment.cell_id]])
        session.flush()
        session.refresh(submission)
        late = submission.total_seconds_late
        notebook.late_submission_penalty = self._late.of(row.student, notebook.score, late)
        save_verdicts(session.connection(), self._lesson, row.student, row.done.verdicts, row.file)

    def _submission(self, row: Row) -> SubmittedAssignment:
        session = self._gradebook.db
        mine = {"assignment_id": self._assignment, "student_id": row.student}
        found = session.query(SubmittedAssignment).filter_by(**mine).one_or_none()
        if found is None:
            if session.get(Student, row.student) is None:
                session.add(Student(id=row.student))
            found = SubmittedAssignment(**mine)
            for number, cells in self._notebooks.items():
                notebook = SubmittedNotebook(notebook_id=number, assignment=found)
                notebook.grades = [Grade(cell_id=c) for c in cells.graded]
                notebook.comments = [Comment(cell_id=c) for c in cells.commented]
            session.add(found)
        if row.handed_in:
            found.timestamp = row.handed_in
        return found


class LatePenalties:
    """What being late costs: nbgrader's plugin decides, by the configuration."""

    def __init__(self, config: Config) -> None:
        penalties = AssignLatePenalties(config=config)
        penalties.init_plugin()
        self._plugin = penalties.plugin_inst

    def of(self, student: str, score: float, late: float) -> float | None:
        """The penalty of one who earned ``score`` and was ``late`` seconds late: not below 0 nor above the score."""
        if late <= 0:
            return None
        penalty = self._plugin.late_submission_penalty(student, score, late)
        return None if penalty is None else float(min(max(0.0, penalty), score))


class _Cells:
    """The cells of a notebook that have a place in the gradebook, by their keys there."""

    def __init__(self, notebook: Notebook) -> None:
        tasks = list(notebook.task_cells)
        self.graded = [c.id for c in (*notebook.grade_cells, *tasks)]
        self.commented = [c.id for c in (*notebook.solution_cells, *tasks)]
        self.names = {c.id: str(c.name) for c in (*notebook.grade_cells, *notebook.solution_cells, *tasks)}


def auto_scores(done: Done) -> dict[str, float | None]:
    """The points of each graded cell, by nbgrader's own rules; None for those that a person gives."""
    graded = [cell for cell in done.cells if utils.is_grade(cell)]
    return {str(cell.metadata.nbgrader["grade_id"]): utils.determine_grade(cell)[0] for cell in graded}


def _comment(cell: NotebookNode) -> str | None:
    """nbgrader's own remark on an answer cell that was left as it was handed out."""
    unchanged = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
    return "No response." if unchanged and not utils.is_task(cell) else None
