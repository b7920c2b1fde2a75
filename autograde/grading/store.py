"""The grader's own tables, kept in the gradebook's database beside nbgrader's.

They hold what nbgrader has no place for: the secret seed of each assignment's hidden cases, the level of the sandbox it
was graded with, each verdict, for the class report, which file of a student was graded last, and when somebody was
graded on arrival.
"""

from __future__ import annotations

import contextlib
import datetime
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
import sqlalchemy.exc

from autograde.judge.verdict import Verdict

from .jobs import Done

_metadata = sa.MetaData()
_assignments = sa.Table(
    "autograde_assignment",
    _metadata,
    sa.Column("assignment", sa.String(128), primary_key=True),
    sa.Column("seed", sa.String(64), nullable=False),
    sa.Column("level", sa.String(256), nullable=False, default=""),
)
_verdicts = sa.Table(
    "autograde_verdict",
    _metadata,
    sa.Column("assignment", sa.String(128), primary_key=True),
    sa.Column("student", sa.String(128), primary_key=True),
    sa.Column("exercise", sa.String(128), primary_key=True),
    sa.Column("status", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("mistake", sa.String(256), nullable=False),
    sa.Column("points", sa.Float, nullable=False),
    sa.Column("max_points", sa.Float, nullable=False),
)
_graded = sa.Table(
    "autograde_graded",
    _metadata,
    sa.Column("assignment", sa.String(128), primary_key=True),
    sa.Column("student", sa.String(128), primary_key=True),
    sa.Column("submitted", sa.String(64), nullable=False),
    sa.Column("autograded", sa.String(64), nullable=False),
    sa.Column("lesson", sa.String(64), nullable=False),
)
_gradings = sa.Table(
    "autograde_grading",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("assignment", sa.String(128), nullable=False),
    sa.Column("student", sa.String(128), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)


@dataclass(frozen=True)
class GradedFile:
    """What was graded, and what was made of it, by SHA-256: the submission, the graded notebook, the lesson's files."""

    submitted: str
    autograded: str
    lesson: str


@dataclass(frozen=True)
class VerdictRow:
    """One student's verdict on one exercise, as the report needs it."""

    student: str
    exercise: str
    status: str
    kind: str
    mistake: str
    points: float
    max_points: float


@dataclass(frozen=True)
class Row:
    """One graded submission: whose it is, when it was handed in (UTC; None when nobody says), and what came out."""

    student: str
    handed_in: datetime.datetime | None
    done: Done
    file: GradedFile


class Store:
    """The tables at ``db_url`` (any SQLAlchemy address that nbgrader takes); with ``create`` made when missing."""

    def __init__(self, db_url: str, *, create: bool = True) -> None:
        self._engine = sa.create_engine(db_url, pool_pre_ping=True)
        if not create:
            return
        try:
            _metadata.create_all(self._engine)
        except sa.exc.DBAPIError:  # another grader makes them at the same time
            _metadata.create_all(self._engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def seed(self, assignment: str) -> int:
        """The assignment's secret seed, drawn when it is first asked for and kept from then on."""
        self.set_seed(assignment, secrets.randbits(96))
        with self._engine.begin() as connection:
            known = sa.select(_assignments.c.seed).where(_assignments.c.assignment == assignment)
            return int(connection.execute(known).scalar_one())

    def kept_seed(self, assignment: str) -> int | None:
        """The assignment's secret seed, None when none was drawn yet."""
        known = sa.select(_assignments.c.seed).where(_assignments.c.assignment == assignment)
        with self._engine.begin() as connection:
            seed = connection.execute(known).scalar()
        return None if seed is None else int(seed)

    def set_seed(self, assignment: str, seed: int) -> None:
        """Give an assignment that has no seed yet a known one (a sample class, a re-grade elsewhere)."""
        known = sa.select(_assignments.c.seed).where(_assignments.c.assignment == assignment)
        with contextlib.suppress(sa.exc.IntegrityError), self._engine.begin() as connection:  # another grader's is kept
            if connection.execute(known).scalar() is None:
                connection.execute(sa.insert(_assignments).values(assignment=assignment, seed=str(seed), level=""))

    def set_level(self, assignment: str, level: str) -> None:
        """Record with which walls around the student's code the assignment was last graded."""
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(_assignments).where(_assignments.c.assignment == assignment).values(level=level)
            )

    def save(self, assignment: str, student: str, verdicts: Sequence[Verdict]) -> None:
        """Replace a student's verdicts on an assignment, as ``save_verdicts``."""
        with self._engine.begin() as connection:
            save_verdicts(connection, assignment, student, verdicts)

    def graded(self, assignment: str, student: str | None = None) -> dict[str, GradedFile | None]:
        """By student (all, or one): which file was graded last; None where another than ``autograde grade`` did it."""
        students = sa.select(_verdicts.c.student).where(_verdicts.c.assignment == assignment).distinct()
        query = sa.select(_graded).where(_graded.c.assignment == assignment)
        if student is not None:
            students = students.where(_verdicts.c.student == student)
            query = query.where(_graded.c.student == student)
        with self._engine.begin() as connection:
            found: dict[str, GradedFile | None] = dict.fromkeys(connection.execute(students).scalars())
            for row in connection.execute(query):
                found[row.student] = GradedFile(row.submitted, row.autograded, row.lesson)
        return found

    def confirm(self, assignment: str, students: Sequence[str], lesson: str) -> None:
        """Record that these students' marks are the same with the lesson's files of this fingerprint."""
        mine = (_graded.c.assignment == assignment) & (_graded.c.student == sa.bindparam("whose"))
        if students:
            with self._engine.begin() as connection:
                connection.execute(
                    sa.update(_graded).where(mine).values(lesson=lesson), [{"whose": student} for student in students]
                )

    def note_grading(self, assignment: str, student: str, at: float, *, forget_before: float) -> None:
        """Record that a student was graded on arrival ``at`` (seconds since 1970); older notes go."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_gradings).where(_gradings.c.at < forget_before))
            connection.execute(sa.insert(_gradings).values(assignment=assignment, student=student, at=at))

    def gradings(self, *, since: float) -> list[tuple[str, str, float]]:
        """The assignment, student and time of each noted grading, oldest first."""
        query = sa.select(_gradings.c.assignment, _gradings.c.student, _gradings.c.at)
        with self._engine.begin() as connection:
            rows = connection.execute(query.where(_gradings.c.at > since).order_by(_gradings.c.at))
            return [(row.assignment, row.student, row.at) for row in rows]

    def verdicts(self, assignment: str) -> list[VerdictRow]:
        """All verdicts on an assignment, by student, exercises in the order of their names."""
        columns = [c for c in _verdicts.c if c.name != "assignment"]
        query = (
            sa.select(*columns)
            .where(_verdicts.c.assignment == assignment)
            .order_by(_verdicts.c.student, _verdicts.c.exercise)
        )
        with self._engine.begin() as connection:
            return [VerdictRow(*row) for row in connection.execute(query)]


def save_verdicts(
    connection: sa.Connection,
    assignment: str,
    student: str,
    verdicts: Sequence[Verdict],
    file: GradedFile | None = None,
) -> None:
    """Replace a student's verdicts on an assignment, and which file they are on, in the connection's transaction."""
    rows = []
    for v in verdicts:
        first = v.report.failing[0].kind if v.report.failing else ""
        rows.append(
            {
                "assignment": assignment,
                "student": student,
                "exercise": v.report.exercise,
                "status": v.status,
                "kind": first[:64],
                "mistake": v.report.mistake[:256],
                "points": v.points,
                "max_points": v.report.max_points,
            }
        )
    for table in (_verdicts, _graded):
        mine = (table.c.assignment == assignment) & (table.c.student == student)
        connection.execute(sa.delete(table).where(mine))
    if rows:
        connection.execute(sa.insert(_verdicts), rows)
    if file:
        connection.execute(sa.insert(_graded).values(assignment=assignment, student=student, **vars(file)))


@contextlib.contextmanager
def open_store(db_url: str, *, create: bool = True) -> Iterator[Store]:
    """Open the tables for the length of a ``with`` block; ``create`` makes those that are missing."""
    store = Store(db_url, create=create)
    try:
        yield store
    finally:
        store.close()
