"""The figures that the capstone compares with are those of scikit-learn on the grader's own rows."""

from __future__ import annotations

import re
import sys

import pytest

from autograde.judge.lesson import load_exercises

from .stored import LESSONS, of_kind

SAID = {"majority": "the majority"} | {
    name: name for name in ("logistic regression", "gradient boosting", "best possible")
}


@of_kind("scores")
def test_the_feedback_s_figures_are_measured(file, case):
    (exercise,) = load_exercises(LESSONS / "15-capstone")
    judging = sys.modules[exercise.hidden_cases.__module__]
    what, learner = case["label"].split(": ")
    (score,) = case["expected"].values()
    said = re.search(rf"{SAID[learner]} (0\.\d+)", judging.KNOWN[what])
    assert said is not None
    assert float(said[1]) == pytest.approx(score, abs=0.003)


@of_kind("scores")
def test_the_bars_keep_their_distance(file, case):
    (exercise,) = load_exercises(LESSONS / "15-capstone")
    judging = sys.modules[exercise.hidden_cases.__module__]
    what, learner = case["label"].split(": ")
    (score,) = case["expected"].values()
    bars = judging.CHURN_BARS if what == "customers" else judging.PICTURE_BARS
    if learner == "majority":  # nothing for the majority
        assert score + 0.01 < bars[0]
    elif what == "customers":  # full points three standard errors below what an untuned line reaches
        assert bars[-1] + 0.01 < score
    elif learner == "logistic regression":  # a line does not earn them on pictures
        assert bars[-2] < score < bars[-1]
