"""What a person waits for, and the epoch that coursekit and others train."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from benchmarks.common import ROOT, BenchmarkError
from benchmarks.contestants import MAKERS
from benchmarks.startup import Check, report, time_checks, time_help, time_import
from benchmarks.training import PRECISIONS, Contestant, Times
from benchmarks.training import report as report_training
from coursekit.datasets import load_fashion

LESSON = "00-start-here"


def test_check_is_timed_on_right_and_wrong_answers():
    before = sorted((ROOT / "notebooks").rglob("*"))
    checks = time_checks(ROOT, LESSON, 1)
    assert sorted((ROOT / "notebooks").rglob("*")) == before, "the course's own folder is left alone"
    later = [c for c in checks if not c.first]
    assert sum(c.first for c in checks) == 1 and checks[0].first
    assert [c.right for c in later] == [True, False] * (len(later) // 2)
    assert len({c.exercise for c in later}) == len(later) // 2 >= 5
    assert all(0 < c.own < c.seconds for c in checks if c.right)


def test_fresh_interpreters_are_timed():
    assert 0 < time_help(1)[0] < 60
    assert 0 < time_import(1)[0] < 60


def test_the_worst_is_told_by_name():
    fast, slow = Check("01", "relu", True, False, 0.011, 0.001), Check("02", "gelu", True, False, 0.2, 0.05)
    wrong, first = Check("01", "relu", False, False, 0.02, 0.0), Check("01", "relu", True, True, 0.03, 0.0)
    text = report([0.03], [0.2, 0.4, 0.2], [0.05], [first, fast, wrong, slow])
    assert "| `autograde --help` | 300 | 200.0 | 400.0 | yes | no |" in text
    assert "| `check(f)`, a right answer, beyond f | 50 | 80.0 | 150.0 | no | no |" in text
    assert text.index("| 02 | gelu | right |  | 150.0 |") < text.index("| 01 | relu | right | yes | 30.0 |")


@pytest.mark.parametrize("precision", PRECISIONS)
def test_coursekit_and_plain_numpy_train_the_same_network(precision):
    fashion = load_fashion()
    X, y = fashion.X_train[:256].astype(precision), fashion.y_train[:256]
    ours, plain = (MAKERS[name](X, y)(3) for name in ("coursekit", "NumPy"))
    assert {v.dtype for v in (*ours.values(), *plain.values())} == {np.dtype(precision)}
    assert {k: v.shape for k, v in ours.items()} == {k: v.shape for k, v in plain.items()}
    if precision == "float32":  # from the same start in the same order
        # Adam's steps of 0.001 magnify the rounding of gradients that are nearly nothing.
        assert all(np.allclose(ours[k], plain[k], atol=1e-4) for k in ours)


def test_a_contestant_trains_when_told_to():
    with Contestant(sys.executable, "NumPy", "float32", 1) as contestant:
        contestant.train(0)
        contestant.forget()
        contestant.train(1)
    assert len(contestant.times.seconds) == 1
    assert contestant.times.accuracy > 0.7


def test_a_missing_package_is_told_and_waited_for_by_nobody(tmp_path):
    python = tmp_path / "python"  # an interpreter that surely has no PyTorch
    python.write_text(f'#!/bin/sh\nexport PYTHONPATH={tmp_path}:$PYTHONPATH\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError('no torch', name='torch')\n")
    with Contestant(str(python), "PyTorch", "float64", 1) as contestant:
        contestant.train(0)
    assert contestant.times.missing == "torch"
    assert contestant.times.seconds == []


def test_one_that_dies_is_an_error():
    with pytest.raises(BenchmarkError, match="nobody ended"):
        Contestant(sys.executable, "nobody", "float64", 1)


def test_the_race_is_told_against_the_faster_rival():
    found = [Times(n, p, [s], 0.8) for p in PRECISIONS for n, s in (("coursekit", 0.1), ("NumPy", 0.1))]
    found += [Times("PyTorch", "float64", [0.2], 0.8), Times("scikit-learn", "float64", [0.09], 0.8)]
    found += [Times("PyTorch", "float32", missing="torch"), Times("scikit-learn", "float32", missing="sklearn")]
    text = report_training(found, 1, 2)
    assert "| float64 | 100 | 100 | 200 | 90 | 0.50 | 1.11 | no |" in text
    assert "| float32 | 100 | 100 | missing | missing |  |  | not raced |" in text
    assert "lacks sklearn, torch" in text
