"""Marks as they stand in nbgrader's gradebook, as a table and as a CSV file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry


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
            row = [_plain(m.student), m.lesson, f"{m.score:g}", f"{m.max_score:g}"]
            row += ["yes" if m.needs_manual_grade else "no", f"{m.late_seconds:g}"]
            writer.writerow(row + [f"{m.cells[e]:g}" if e in m.cells else "" for e in exercises])


def _plain(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
