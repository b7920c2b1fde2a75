"""The simulation of a semester: queues worked out by hand, and a page that is as its costs say."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import costs as costs_module
from benchmarks.common import BenchmarkError, Setting
from benchmarks.costs import COSTS, Costs, LessonCosts, measure_lesson, read_costs, write_costs
from benchmarks.semester import (
    DAY,
    HOUR,
    PAGE,
    WEEK,
    Load,
    before_deadline,
    breaking_points,
    busiest_hour,
    deadline_times,
    live_through,
    make_load,
    page,
    simulate,
    spread,
)

from .conftest import LESSON

SETTING = Setting("2030-01-02", "commit abc", "x86_64", 2, "3.11.7", 0.01)
ONE = LessonCosts("01-one", {"ada": 0.4, "grace": 0.2}, 10.0, 2.0, 0.01, 0.02, 5e4, 1e4, 8e4, 6e4)
TWO = replace(ONE, lesson="02-two", seconds={"ada": 0.6, "grace": 0.4})
MADE = Costs(SETTING, (ONE, TWO), 1.0, 300.0, 450.0)


def load(arrival, grading, writing):
    return Load(*(np.array(x, dtype=float) for x in (arrival, grading, writing)))


def test_one_grader_serves_in_order():
    assert simulate(load([0, 1, 10], [4, 4, 4], [0, 0, 0]), 1).tolist() == [4, 8, 14]


def test_two_graders_work_side_by_side_and_the_writer_takes_what_is_graded_first():
    # graded at 5, 1, 3 (the second grader is free at 1); the writer takes them as 1, 3, 5 and is busy for 3 each
    assert simulate(load([0, 0, 0], [5, 1, 2], [3, 3, 3]), 2).tolist() == [10, 4, 7]


def test_more_graders_never_make_anybody_wait_longer():
    many = make_load(MADE, MADE.lessons, [300, 300])
    one, ten = simulate(many, 1), simulate(many, 10)
    assert (ten <= one + 1e-9).all() and (ten < one).any()
    assert (ten >= many.arrival + many.grading + many.writing - 1e-9).all()


def test_a_load_out_of_order_is_refused():
    with pytest.raises(ValueError, match="in order"):
        load([1, 0], [1, 1], [1, 1])


def test_arrivals_peak_at_the_deadline():
    times = deadline_times(20_000, np.random.default_rng(0))
    assert (np.diff(times) >= 0).all() and times[0] >= -WEEK and times[-1] <= WEEK
    per_hour = np.histogram(times, bins=[-DAY, -HOUR, 0, DAY])[0]
    assert per_hour[1] / 20_000 == pytest.approx(0.10 + 0.40 * (1 - np.exp(-1 / 8)) + 0.45 / 168, abs=0.01)
    assert per_hour[2] / 20_000 == pytest.approx(0.05 * (1 - np.exp(-2)), abs=0.01)
    last = before_deadline(Load(times + WEEK, times * 0, times * 0), HOUR)
    assert last.sum() == per_hour[1]


def test_the_busiest_hour_is_found():
    some = load([0, 3000, 4000, 4100, 7000, 20000], [1] * 6, [0] * 6)
    assert busiest_hour(some).tolist() == [False, True, True, True, False, False]


def test_submissions_are_spread_without_losing_one():
    assert spread(10, 4) == [3, 3, 2, 2]


def test_a_semester_adds_up():
    found = live_through(replace(MADE, lessons=(replace(ONE, hanging=0.3),)), 1000, 1)
    assert found.processor_hours * HOUR == pytest.approx(1000 * (0.3 + 0.03), rel=0.03)
    assert found.batch_seconds == pytest.approx(2.0 + 1000 * 0.3 / 2, rel=0.03)
    assert live_through(MADE, 1000, 10).all_again_seconds < live_through(MADE, 1000, 1).all_again_seconds


def test_what_breaks_first_comes_first_and_depends_on_the_costs():
    slow = replace(MADE, lessons=(replace(ONE, seconds={"ada": 60.0}),))
    (first, at), *_ = breaking_points(slow, 300, 1)
    assert "marks are not there" in first and at == 1
    heavy = replace(MADE, lessons=(replace(ONE, autograded_bytes=1e9),))
    (first, at), *_ = breaking_points(heavy, 300, 1)
    assert "all files" in first and at == 1
    writer = replace(MADE, lessons=(replace(ONE, serial=20.0),))
    assert dict(breaking_points(writer, 1000, 10))[
        next(w for w in dict(breaking_points(MADE, 100, 1)) if "writer" in w)
    ]


def test_the_same_costs_give_the_same_page():
    text = page(MADE, 100)
    assert text == page(MADE, 100) != page(replace(MADE, two_jobs_mib=500.0), 100)
    assert "100 submissions of 2 lessons" in text
    assert "| memory of a machine, MiB | 450 | 450 |" in text


def test_costs_survive_the_file_and_a_busy_machine_writes_none(tmp_path):
    path = tmp_path / "costs.json"
    with pytest.raises(BenchmarkError, match="missing; run: python -m benchmarks.costs --write"):
        read_costs(path)
    write_costs(MADE, path)
    assert read_costs(path) == MADE
    with pytest.raises(BenchmarkError, match="would not be kept"):
        write_costs(replace(MADE, setting=replace(SETTING, busy=0.9), slowdown=9.0), path)
    assert read_costs(path) == MADE
    path.write_text(json.dumps({"lessons": []}), encoding="utf-8")
    with pytest.raises(BenchmarkError, match="is not whole"):
        read_costs(path)


def test_costs_of_a_lesson_are_measured(small_course, monkeypatch):
    monkeypatch.setattr(costs_module, "_measure_hanging", lambda root, lesson: 10.0)  # ten seconds of waiting
    found = measure_lesson(small_course, LESSON, 2)
    assert set(found.seconds) == {"ada", "grace"}
    numbers = [v for k, v in vars(found).items() if k not in ("lesson", "seconds", "start_up")]
    assert min([*numbers, *found.seconds.values()]) > 0


def test_the_page_is_what_the_costs_say():
    """The page and its costs are there both or not at all; mend: python -m benchmarks.semester --write."""
    assert COSTS.exists() == PAGE.exists()
    if COSTS.exists():
        assert PAGE.read_text(encoding="utf-8") == page(read_costs())
