"""The grader's own tables, kept in the gradebook's database beside nbgrader's.

They hold what nbgrader has no place for: the secret seed of each assignment's hidden cases, the level of the sandbox it
was graded with, and each verdict, for the class report.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from autograde.judge.verdict import Verdict

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


class Store:
    """The tables at ``db_url`` (any SQLAlchemy address that nbgrader takes); made when they are missing."""

    def __init__(self, db_url: str) -> None:
        self._engine = sa.create_engine(db_url)
        _metadata.create_all(self._engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def seed(self, assignment: str) -> int:
        """The assignment's secret seed, drawn when it is first asked for and kept from then on."""
        with self._engine.begin() as connection:
            row = connection.execute(sa.select(_assignments.c.seed).where(_assignments.c.assignment == assignment))
            found = row.scalar()
            if found is None:
                found = str(secrets.randbits(96))
                connection.execute(sa.insert(_assignments).values(assignment=assignment, seed=found, level=""))
        return int(found)

    def set_seed(self, assignment: str, seed: int) -> None:
        """Give an assignment that has no seed yet a known one (a sample class, a re-grade elsewhere)."""
        with self._engine.begin() as connection:
            known = sa.select(_assignments.c.seed).where(_assignments.c.assignment == assignment)
            if connection.execute(known).scalar() is None:
                connection.execute(sa.insert(_assignments).values(assignment=assignment, seed=str(seed), level=""))

    def set_level(self, assignment: str, level: str) -> None:
        """Record with which walls around the student's code the assignment was last graded."""
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(_assignments).where(_assignments.c.assignment == assignment).values(level=level)
            )

    def save(self, assignment: str, student: str, verdicts: tuple[Verdict, ...]) -> None:
        """Replace a student's verdicts on an assignment."""
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
        with self._engine.begin() as connection:
            mine = (_verdicts.c.assignment == assignment) & (_verdicts.c.student == student)
            connection.execute(sa.delete(_verdicts).where(mine))
            if rows:
                connection.execute(sa.insert(_verdicts), rows)

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


@contextmanager
def open_store(db_url: str) -> Iterator[Store]:
    """Open the tables for the length of a ``with`` block."""
    store = Store(db_url)
    try:
        yield store
    finally:
        store.close()
