"""The lesson's own experiments do not run, unless an answer turns out to need what they make; then that is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograde.grading.course import open_course
from autograde.grading.grader import Graded, Grader, read_release
from autograde.judge.lesson import load_lesson
from autograde.sandbox.worker import Worker

from .conftest import LESSON, RIGHT

GradeAnswers = Callable[..., Graded]
FLAGS = {"grade": False, "locked": True, "schema_version": 3, "solution": False, "task": False}


@pytest.fixture
def grade(small_course: Path, release: NotebookNode, worker: Worker) -> GradeAnswers:
    """``grade(double="…")`` in a lesson with two experiments before its answers and one after them."""
    course = open_course(small_course)
    _, files = read_release(course.release_folder(LESSON))
    experiments = {
        "first": "factor = 2.0\nprint('the first experiment')",
        "second": "offset = factor - 2.0\nprint('the second experiment')",
        "third": "print('the third experiment', double(1.0))",
    }
    for at, (name, source) in zip((2, 3, len(release.cells) + 2), experiments.items(), strict=True):
        cell = nbformat.v4.new_code_cell(source, id=name, metadata={"nbgrader": {"grade_id": name, **FLAGS}})
        release.cells.insert(at, cell)
    grader = Grader(load_lesson(course.lesson_folder(LESSON)), release, 1, worker, files)

    def run(**answers: str) -> Graded:
        notebook = nbformat.from_dict(release)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in RIGHT:
                cell.source = (RIGHT | answers)[name]
        return grader.grade(notebook)

    return run


def shown(graded: Graded) -> list[str]:
    outputs = [o.text for c in graded.notebook.cells for o in c.get("outputs", []) if o.output_type == "stream"]
    return [word for word in ("first", "second", "third") if any(f"the {word} experiment" in o for o in outputs)]


def test_no_experiment_runs_for_answers_that_stand_alone(grade: GradeAnswers) -> None:
    graded = grade()
    assert (graded.points, shown(graded), graded.notes) == (5.0, [], ())


def test_those_run_that_make_a_name_which_an_answer_uses(grade: GradeAnswers) -> None:
    graded = grade(double="def double(z):\n    return 2.0 * z + offset")
    assert (graded.points, shown(graded)) == (5.0, ["first", "second"])
    (note,) = graded.notes
    assert note == "The answers use factor, offset, which cells of the lesson make: those cells were run as well."


@pytest.mark.parametrize("looked_up", ["eval('factor')", "globals()['factor']"])
def test_the_whole_notebook_runs_when_a_name_turns_out_to_be_needed(looked_up: str, grade: GradeAnswers) -> None:
    graded = grade(double=f"def double(z):\n    return {looked_up} * z")
    assert (graded.points, shown(graded)) == (5.0, ["first", "second", "third"])
    (note,) = graded.notes
    assert note == "The answers need factor, which cells of the lesson make: the whole notebook was run."
    assert "the whole notebook was run" in graded.notebook.cells[0].source


def test_a_slip_of_the_pen_runs_nothing_more(grade: GradeAnswers) -> None:
    graded = grade(double="def double(z):\n    return 2.0 * zz")
    assert (graded.points, shown(graded), graded.notes) == (1.0, [], ())
