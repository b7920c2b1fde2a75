"""The comparison of graders, on a tiny class: each grades what it is to grade, and the tables hold what was found."""

from __future__ import annotations

import json

import nbformat
import pytest

from autograde.grading.rebuild import grade_id, is_answer
from benchmarks.__main__ import Measured, report
from benchmarks.classes import DIFFERENT, MIX, write_large_class
from benchmarks.common import BenchmarkError
from benchmarks.floor import measure_floor
from benchmarks.thousand import Run, run_command
from benchmarks.thousand import report as report_thousand
from benchmarks.tools import grade_with_ours, grade_with_plugin, write_pages

from .conftest import LESSON


def test_the_floor_runs_each_submission(course):
    seconds = measure_floor(course, LESSON)
    assert set(seconds) == {"ada", "grace"}
    assert all(0 < s < 60 for s in seconds.values())


def test_the_floor_tells_of_a_submission_that_ends_its_process(course, tmp_path):
    path = course.submitted / "eve" / LESSON / f"{LESSON}.ipynb"
    path.parent.mkdir(parents=True)
    cell = {"cell_type": "code", "id": "x", "metadata": {}, "outputs": [], "source": "import os\nos._exit(3)"}
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    try:
        with pytest.raises(BenchmarkError, match="hangs or ended its process"):
            measure_floor(course, LESSON)
    finally:
        path.unlink()
        path.parent.rmdir()
        path.parent.parent.rmdir()


def test_ours_and_the_plugin_grade_the_whole_class(course):
    passes = grade_with_ours(course, LESSON, 1)
    assert passes.first > passes.second > 0
    assert grade_with_plugin(course, LESSON) > 0
    assert write_pages(course, LESSON) > 0
    assert not course.autograded.exists() and not course.feedback.exists(), "the next grader would find it graded"


def test_the_table_compares_with_stock_and_with_the_floor():
    found = Measured(LESSON, ("ada", "grace"), [9.0, 10.0, 12.0], [0.5], [0.3], [0.2], [0.1], [2.5], [3.5], [0.02])
    found.hanging = {"stock": 61.0, "plugin": 11.0, "ours": 10.5}
    assert (found.times_stock, found.near_floor) == (pytest.approx(50), "no")
    text = report([found])
    assert f"| {LESSON} | 2 | 10.00 | 0.500 | 0.300 | 0.200 | 0.100 | 50 | yes | 3.00 | 200 | no |" in text
    assert f"| {LESSON} | 2.50 | 3.50 | 20 | 61 | 11 | {10.5:.0f} |" in text
    found.one_job = [0.159]
    assert found.near_floor == "yes", "60 ms more than a small floor is near enough"


@pytest.fixture(scope="module")
def large(small_course, tmp_path_factory):
    return write_large_class(small_course, LESSON, tmp_path_factory.mktemp("large"), DIFFERENT + 1)


def test_no_two_of_a_large_class_have_the_same_answers(large):
    files = sorted(large.submitted.glob(f"*/{LESSON}/{LESSON}.ipynb"))
    assert len(files) == DIFFERENT + 1
    assert {path.parents[1].name.rpartition("-")[0] for path in files} == set(MIX[:DIFFERENT])
    answers = []
    for path in files:
        notebook = nbformat.from_dict(json.loads(path.read_text(encoding="utf-8")))
        answers += [c.source for c in notebook.cells if is_answer(c) and grade_id(c) == "double"]
    assert len(answers) >= DIFFERENT
    assert len(set(answers)) == len(answers)


def test_a_large_class_is_graded_by_the_real_command_and_watched(small_course, tmp_path):
    course = write_large_class(small_course, LESSON, tmp_path, 2)
    run = run_command(course, LESSON, 1, 2)
    assert 0 < run.first_result <= run.last_result <= run.seconds
    assert len(run.results) == 2
    assert 50 < run.peak_mib < 4000
    assert run.gradebook_bytes > 0 and run.autograded_bytes > 0 and run.feedback_bytes > 0


def made_run(submissions: int, pace: float, memory: float, leak: float = 0.0) -> Run:
    times = tuple(1.5 + pace * i for i in range(submissions))
    seen = tuple((t, memory + leak * i) for i, t in enumerate(times))
    return Run(submissions, times[-1] + 3, times[0], times[-1], times, seen, "PSS", 10**6, 10**7, 10**7)


def test_goals_of_a_large_class():
    small, large = made_run(100, 0.1, 400.0), made_run(1000, 0.105, 400.0)
    assert large.growth_mib == pytest.approx(0, abs=1e-6)
    text = report_thousand(LESSON, 2, small, large)
    assert "| cost per submission against the small class | within 10% | +5.0% | yes |" in text
    assert "| first result after the command's start | within 2 s | 1.50 s | yes |" in text
    leaky, slow = made_run(1000, 0.1, 400.0, leak=0.2), made_run(1000, 0.12, 1600.0)
    assert leaky.growth_mib == pytest.approx(200, rel=0.01)
    assert "| memory, growth per 1,000 submissions | flat (under 50 MiB) | +200" in report_thousand(
        LESSON, 2, small, leaky
    )
    missed = report_thousand(LESSON, 2, small, slow)
    assert "| +20.0% | no |" in missed and "| 1600 MiB | no |" in missed
