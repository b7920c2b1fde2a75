"""Samples, folds and scores of a search: right answers hold in any style, slightly wrong ones do not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograde.check.cases import Call, Outcome
from autograde.check.codec import StandIn
from autograde.check.properties import Evidence, evaluate
from autograde.check.standins import build


def judged(name, given, results, **params):
    evidence = Evidence(tuple(Call("f", args) for args in given), tuple(Outcome(r) for r in results))
    return evaluate(name, params, evidence)


def sampled(draw, low, high, size, times, **params):
    values = [draw(np.random.default_rng(seed), low, high, size) for seed in range(times)]
    return judged("is_log_uniform", [(low, high, size, None)] * times, values, calls=range(times), **params)


def log_uniform(rng, low, high, size):
    return low * (high / low) ** rng.random(size)


@pytest.mark.parametrize(("low", "high", "size", "times"), [(1e-5, 1, 3000, 1), (2, 900, 2, 200), (1e-40, 1e30, 1, 90)])
def test_log_uniform_samples_hold(low, high, size, times):
    assert sampled(log_uniform, low, high, size, times) is None


@pytest.mark.parametrize("low", [0.9, 0.0])
def test_a_sample_whose_complement_is_log_uniform_holds_as_one(low):
    def draw(rng, low, high, size):
        return 1 - log_uniform(rng, 1 - high, 1 - low, size)

    assert sampled(draw, low, 0.999, 2000, 1, complement=True) is None
    assert sampled(draw, 0.1, 0.999, 2000, 1) is not None


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda rng, low, high, size: rng.uniform(low, high, size), "towards high"),
        (lambda rng, low, high, size: np.log(log_uniform(rng, low, high, size)), "outside"),
        (lambda rng, low, high, size: np.full(size, log_uniform(rng, low, high, None)), "repeat"),
        (lambda rng, low, high, size: np.sort(log_uniform(rng, low, high, size)), "rise or fall"),
        (
            lambda rng, low, high, size: low * (high / low) ** ((rng.permutation(size) + rng.random(size)) / size),
            "depends",
        ),
        (lambda rng, low, high, size: log_uniform(rng, low, high, size + 1), "shape"),
        (lambda rng, low, high, size: np.full(size, np.nan), "nan"),
    ],
)
def test_other_samples_do_not(draw, words):
    assert words in sampled(draw, 1e-3, 10.0, 2, 300).message


def folds(order, k):
    parts = np.array_split(order, k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


@pytest.mark.parametrize(("m", "k"), [(12, 3), (10, 4), (7, 7), (2, 2)])
def test_folds_of_any_order_hold(m, k):
    found = folds(np.random.default_rng(0).permutation(m), k)
    assert judged("is_k_fold", [(m, k, None)], [found]) is None
    assert judged("is_k_fold", [(m, k, None)], [[(np.sort(t), np.sort(v)) for t, v in found[::-1]]]) is None


def spoilt(change):
    found = folds(np.random.default_rng(0).permutation(10), 4)
    return judged("is_k_fold", [(10, 4, None)], [change(found)])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (tuple, "expected a list"),
        (lambda f: f[:-1], "folds"),
        (lambda f: [list(pair) for pair in f], "expected a tuple"),
        (lambda f: [(v, t) for t, v in f], "changed places"),
        (lambda f: [(np.append(t, v[0]), v) for t, v in f], "validation, too"),
        (lambda f: [(t, v[:2]) for t, v in f], "no validation part"),
        (lambda f: [(t[1:], v) for t, v in f], "not all the examples"),
        (lambda f: [(t + 1, v + 1) for t, v in f], "outside"),
        (lambda f: [(t * 1.0, v * 1.0) for t, v in f], "1-d array of indices"),
        (lambda f: [(np.isin(np.arange(10), t), np.isin(np.arange(10), v)) for t, v in f], "bools"),
    ],
)
def test_other_folds_do_not(change, words):
    assert words in spoilt(change).message


@pytest.mark.parametrize(
    ("order", "words"),
    [(lambda rng: np.arange(12), "neighbours"), (lambda rng: np.roll(np.arange(12), rng.integers(12)), "")],
)
def test_folds_that_are_not_random_are_told(order, words):
    def random(choose):
        results = [folds(choose(np.random.default_rng(seed)), 3) for seed in range(100)]
        return judged("random_folds", [(12, 3, None)] * 100, results, calls=range(100))

    assert random(lambda rng: rng.permutation(12)) is None
    assert words in random(order).message


EASY = [1, 0, 1, 1, 0, 1, 0, 1, 1, 0]
ROWS = np.column_stack([np.arange(10), np.arange(10) % 3])


def exam(train, asked, sizes=(8,), y=ROWS[:, 1]):
    predict = build(StandIn("exam_fit", {"easy": EASY, "sizes": list(sizes)}))(ROWS[train], y[train])
    return (predict(ROWS[asked]) == ROWS[asked, 1]).tolist()


def test_the_exam_tells_what_was_given():
    train, asked = [0, 1, 2, 3, 4, 5, 6, 7], [8, 9]
    assert exam(train, asked) == [True, False]
    assert exam(train, [0, 1, 2, 3]) == [True] * 4
    assert exam(train, asked, sizes=(9,)) == [True, False] and exam([1, 2, 3], [0, 4, 5], (9,)) == [True, True, False]
    assert exam([0, 1, 2, 3, 4, 5, 6, 6], [7, 8], (8,)) == [False, True]
    assert exam(train, asked, y=ROWS[::-1, 1]) == [True, False]
    assert exam(train, [1, 2, 3], y=ROWS[::-1, 1]) == [False] * 3


@pytest.mark.parametrize(("scores", "holds"), [([1, 0.5, 1, 0.5, 0], True), ([1, 1, 1, 0.5, 0], False)])
def test_right_answers_are_counted_over_all_folds(scores, holds):
    found = judged("exam_scores", [(None, None, None, 5, None)], [np.array(scores)], easy=EASY)
    assert (found is None) is holds


def test_folds_of_different_sizes_are_counted_too():
    def found(scores):
        return judged("exam_scores", [(None, None, None, 4, None)], [scores], easy=EASY)

    assert found([2 / 3, 2 / 3, 0.5, 0.5]) is None
    assert found([2 / 3, 1.0, 0.5, 0.5]) is not None
    assert "nan" in found([2 / 3, 1.0, 0.5, math.nan]).message
    assert "list" in found(0.6).message


def test_the_objective_tells_settings_calls_and_dicts():
    objective = build(StandIn("telling_objective", {"names": ["a", "b"], "nan_calls": [1], "drift": 5.0}))
    config = {"a": 1, "b": [2, 3]}
    first = objective(config)
    assert math.isnan(objective(dict(config)))
    assert objective({"b": (2.0, np.int64(3)), "a": np.float64(1)}) == pytest.approx(first + 10)
    assert objective({"a": 1, "b": [3, 2]}) != pytest.approx(first + 15)
    with pytest.raises(ValueError, match="given before"):
        objective(config)
    with pytest.raises(ValueError, match="names"):
        objective({"a": 1})
    with pytest.raises(TypeError, match="needs a dict"):
        objective((1, [2, 3]))


def test_the_sampler_draws_from_the_generator():
    sampler = build(StandIn("drawing_sampler", {"numbers": ["x"], "wholes": ["n"], "below": 4}))
    one, other = (sampler(np.random.default_rng(3)) for _ in range(2))
    assert one == other and set(one) == {"x", "n"} and 0 <= one["n"] < 4
    with pytest.raises(TypeError, match="generator"):
        sampler(3)
