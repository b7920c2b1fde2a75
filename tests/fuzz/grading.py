"""Grading in the sandbox: a notebook with wrong answers earns nothing, however it is battered, and gets its verdicts."""

from __future__ import annotations

import atexit
import tempfile
import warnings
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from hypothesis import strategies as st

from autograde.grading.grader import Grader, read_release
from autograde.grading.handed_in import SubmissionError
from autograde.grading.rebuild import grade_id, is_answer, read_submission
from autograde.judge.lesson import load_lesson
from autograde.sandbox.limits import Limits
from autograde.sandbox.worker import Worker

from .mutate import damage, damaged, edited, edits, written
from .notebooks import ROOT, own_cells
from .registry import target

LESSON = "00-start-here"


@cache
def grader() -> Grader:
    """Grades the first lesson, with one warm process for all examples."""
    worker = Worker()
    atexit.register(worker.close)
    release, files = read_release(ROOT / "notebooks" / LESSON)
    return Grader(load_lesson(ROOT / "lessons" / LESSON), release, 1, worker, files, Limits(cell_seconds=2.0))


@cache
def wrong() -> Any:
    """The released notebook with an answer to everything, all of them wrong."""
    notebook = deepcopy(grader().release)
    for cell in notebook.cells:
        if is_answer(cell):
            cell.source = f"def {grade_id(cell)}(*args, **kwargs):\n    return 'wrong'"
    return notebook


@target(
    "grading: wrong answers, edited and damaged",
    st.tuples(own_cells, edits | st.just([]), st.just({}) | damage),
    in_suite=4,
)
def wrong_answers(drawn: tuple[list[Any], list[Any], dict[str, Any]]) -> None:
    added, changes, how = drawn
    data = deepcopy(wrong())
    for place, source, kind, name in added:
        cell = {"cell_type": kind, "source": source, "metadata": {"nbgrader": {"grade_id": name}}, "id": name}
        data["cells"].insert(place % (len(data["cells"]) + 1), cell)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "x.ipynb"
        path.write_bytes(damaged(written(edited(data, changes)), how))
        try:
            graded = grader().grade(read_submission(path))
        except SubmissionError as error:
            graded = grader().nothing(str(error))
    assert graded.points == 0
    assert len(graded.verdicts) == len(grader().lesson.exercises)
    nbformat.validate(graded.notebook)
    nbformat.writes(graded.notebook).encode("utf-8")
