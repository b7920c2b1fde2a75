"""Marks as they stand in nbgrader's gradebook, as a table and as a CSV file."""

from __future__ import annotations

import csv
import datetime
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import (
    Assignment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)


@dataclass(frozen=True)
class Mark:
    """One student's mark in one lesson, hand-given points and penalties included."""

    student: str
    lesson: str
    score: float
    max_score: float
    needs_manual_grade: bool
    late_seconds: float
    cells: dict[str, float]


def marks(db_url: str, lesson: str) -> list[Mark]:
    """All marks of a lesson, by student; empty when it was never graded."""
    found = []
    with Gradebook(db_url) as gradebook:
        try:
            assignment = gradebook.find_assignment(lesson)
        except MissingEntry:
            return []
        for submission in assignment.submissions:
            cells = {
                str(grade.name).removeprefix("test_"): float(grade.score or 0.0)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            score = max(0.0, float(submission.score) - float(submission.late_submission_penalty or 0.0))
            found.append(
                Mark(
                    submission.student.id,
                    lesson,
                    score,
                    float(submission.max_score),
                    bool(submission.needs_manual_grade),
                    float(submission.total_seconds_late or 0.0),
                    cells,
                )
            )
    return sorted(found, key=lambda m: m.student)


def students_with_marks(db_url: str, lesson: str) -> set[str]:
    """Whoever nbgrader's gradebook holds a submission of."""
    with Gradebook(db_url) as gradebook:
        query = gradebook.db.query(SubmittedAssignment.student_id).join(Assignment)
        return {str(row.student_id) for row in query.filter(Assignment.name == lesson)}


@dataclass(frozen=True)
class Points:
    """What one exercise has in the gradebook: from the judge, from a person, and as extra credit; None is none."""

    auto: float | None
    by_hand: float | None = None
    extra: float | None = None

    @property
    def counts(self) -> float:
        """The points that count, by nbgrader's rule."""
        given = self.auto if self.by_hand is None else self.by_hand
        return 0.0 if given is None else given + (self.extra or 0.0)


@dataclass(frozen=True)
class Standing:
    """What the gradebook holds of one student's submission of a lesson. Times are in UTC; ``due`` with extensions."""

    handed_in: datetime.datetime | None
    due: datetime.datetime | None
    penalty: float
    cells: dict[str, Points]


def standings(db_url: str, lesson: str) -> dict[str, Standing]:
    """The gradebook's marks of a lesson's notebook by student, in the order of their names."""
    columns = (
        SubmittedAssignment.student_id,
        SubmittedAssignment.timestamp,
        SubmittedAssignment.extension,
        Assignment.duedate,
        SubmittedNotebook.late_submission_penalty,
        GradeCell.name,
        Grade.auto_score,
        Grade.manual_score,
        Grade.extra_credit,
    )
    found: dict[str, Standing] = {}
    with Gradebook(db_url) as gradebook:
        query = (
            gradebook.db.query(*columns)
            .select_from(SubmittedAssignment)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .join(GradeCell, GradeCell.id == Grade.cell_id)
            .filter(Assignment.name == lesson, Notebook.name == lesson)
            .order_by(SubmittedAssignment.student_id)
        )
        for student, stamp, extension, due, penalty, cell, auto, by_hand, extra in query:
            if student not in found:
                due = due + extension if due and extension else due
                found[student] = Standing(stamp, due, penalty or 0.0, {})
            found[student].cells[str(cell)] = Points(auto, by_hand, extra)
    return found


def maximum_points(db_url: str, lesson: str) -> dict[str, float]:
    """The points that the gradebook has each graded cell of a lesson down for; empty when it does not know it."""
    with Gradebook(db_url) as gradebook:
        try:
            notebook = gradebook.find_notebook(lesson, lesson)
        except MissingEntry:
            return {}
        return {str(c.name): float(c.max_score) for c in notebook.grade_cells}


def write_csv(all_marks: list[Mark], path: Path) -> None:
    """Write one row for each student and lesson, and the points of each exercise in the columns after.

    A name that a spreadsheet would take for a formula is written with an apostrophe before it.
    """
    exercises = list(dict.fromkeys(name for m in all_marks for name in m.cells))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "lesson", "score", "max_score", "needs_manual_grade", "late_seconds", *exercises])
        for m in sorted(all_marks, key=lambda m: (m.student, m.lesson)):
            row = [plain(m.student), m.lesson, f"{m.score:g}", f"{m.max_score:g}"]
            row += ["yes" if m.needs_manual_grade else "no", f"{m.late_seconds:g}"]
            writer.writerow(row + [f"{m.cells[e]:g}" if e in m.cells else "" for e in exercises])


def plain(text: str) -> str:
    """The text as a spreadsheet takes it for a text."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
