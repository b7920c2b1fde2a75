"""An exercise that is asked where the course's data sets are not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from nbformat import NotebookNode

from autograde.grading.course import open_course
from autograde.grading.grader import Graded, Grader, read_release
from autograde.judge.lesson import load_lesson
from autograde.sandbox.worker import Worker

from .conftest import LESSON

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the wall around files")
Answered = Callable[..., NotebookNode]
LOADS = "from coursekit.datasets import load_wine\nROWS = len(load_wine().y)\n"


@pytest.fixture
def grade(small_course: Path, release: NotebookNode, worker: Worker) -> Callable[[NotebookNode], Graded]:
    """Grades a notebook of the small course; ``double`` is asked without data, the others are not."""
    course = open_course(small_course)
    _, files = read_release(course.release_folder(LESSON))
    lesson = load_lesson(course.lesson_folder(LESSON))
    exercises = tuple(replace(e, without_data=e.name == "double") for e in lesson.exercises)
    return Grader(replace(lesson, exercises=exercises), release, 1, worker, files).grade


def _points(graded: Graded) -> list[float]:
    return [v.points for v in graded.verdicts]


def test_right_answers_earn_all_in_both_runs(grade: Callable[..., Graded], answered: Answered) -> None:
    graded = grade(answered())
    assert _points(graded) == [2.0, 2.0, 1.0]
    assert [v.report.exercise for v in graded.verdicts] == ["double", "total", "apply"]


def test_an_answer_that_needs_data_has_none(grade: Callable[..., Graded], answered: Answered) -> None:
    """What loads data defines ``double`` in the ordinary run, on which ``total`` leans, and not in the other."""
    graded = grade(answered(double=f"{LOADS}def double(z):\n    return 2.0 * z"))
    assert _points(graded) == [0.0, 2.0, 1.0]


def test_a_name_that_only_data_would_have_defined_is_explained(
    grade: Callable[..., Graded], answered: Answered
) -> None:
    graded = grade(answered(double="def double(z):\n    return FACTOR * z", total=f"{LOADS}FACTOR = 2.0"))
    notes = " ".join(graded.verdicts[0].report.notes)
    assert "where there are no data sets" in notes
    assert "Put what double needs into cells that load nothing" in notes
