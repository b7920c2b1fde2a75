"""Stand-ins and properties of searches: right answers hold, slightly wrong ones do not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograde.check.cases import Call, Outcome
from autograde.check.codec import StandIn
from autograde.check.properties import Evidence, Failed, evaluate
from autograde.check.standins import build, is_marked, mark_of

CURVES = StandIn("learning_curves", {"bend": 3.0})
NAMES = ["a", "b", "c", "d"]


def halved(configs=NAMES, keep=2, evaluate_with=CURVES, sort=True):
    """What a right halving of four configs by 2 returns, budgets 1 and 2; ``keep`` and ``sort`` make it wrong."""
    score = build(evaluate_with)
    first = [(c, 1, score(c, 1)) for c in configs]
    ranked = sorted(first, key=lambda e: -e[2]) if sort else sorted(first, key=lambda e: e[2])
    second = [(c, 2, score(c, 2)) for c, _, _ in ranked[:keep]]
    return max(second, key=lambda e: e[2])[0], first + second


def judged(value, evaluate_with=CURVES):
    call = Call("successive_halving", (evaluate_with, NAMES, 1, 2))
    made = Evidence((call,), (Outcome(value),))
    return evaluate("halves_in_rounds", {"brackets": [[(4, 1), (2, 2)]], "given": True}, made)


def test_a_curve_tells_config_and_budget():
    score = build(CURVES)
    found = [score(config, budget) for config in ("a", 3, (1.5, 2), {"x": 1.0}) for budget in (1, 2.5)]
    assert len(set(found)) == len(found)
    assert score({"x": 1, "y": 2}, 3) == score({"y": np.float64(2), "x": 1.0}, 3.0)


def test_limits_and_repeats_are_errors():
    score = build(StandIn("learning_curves", {"calls": 2}))
    score("a", 1)
    with pytest.raises(RuntimeError, match="twice"):
        score("a", 1)
    score("a", 2)
    with pytest.raises(RuntimeError, match="no budget left"):
        score("b", 1)
    with pytest.raises(ValueError):
        score("b", 0)


def test_levels_tie_and_nan_comes_late():
    levels = build(StandIn("learning_curves", {"levels": 2}))
    assert {levels(i, b) for i in range(30) for b in (1, 9)} == {0.0, 0.5}
    late = build(StandIn("learning_curves", {"nan_every": 2, "nan_from": 3}))
    assert not any(math.isnan(late(i, 2)) for i in range(30))
    assert 5 < sum(math.isnan(late(i, 3)) for i in range(30)) < 25


@pytest.mark.parametrize("form", ["dict", "tuple"])
def test_a_sampled_config_is_known(form):
    config = build(StandIn("marked_sampler", {"form": form}))(np.random.default_rng(0))
    assert is_marked(config)
    assert not is_marked({"rate": 0.5, "mark": 1})
    assert not is_marked(0.5)
    assert mark_of(config) == mark_of(config)


def test_right_halvings_hold_in_any_order_within_a_round():
    best, history = halved()
    assert judged((best, history)) is None
    assert judged((best, history[:4][::-1] + history[4:][::-1])) is None


def test_wrong_halvings_are_noticed():
    best, history = halved()
    other = next(c for c, _, _ in history[4:] if c != best)
    for value in (
        halved(sort=False),
        halved(keep=1),
        (other, history),
        (best, history[4:] + history[:4]),
        (best, history[:-1]),
        (best, [(c, b, s + 1) for c, b, s in history]),
        (best, [list(entry) for entry in history]),
        (best, tuple(history)),
        [best, history],
        ("z", history),
        (best, [*history[:3], history[0], *history[4:]]),
    ):
        assert isinstance(judged(value), Failed)


def band(configs):
    """Two brackets of one round each, at the budget 2."""
    score = build(CURVES)
    history = [(c, 2.0, score(c, 2.0)) for c in configs]
    call = Call("hyperband", (CURVES, StandIn("marked_sampler", {}), 2, StandIn("rng", {"seed": 0}), 3))
    made = Evidence((call,), (Outcome((max(history, key=lambda e: e[2])[0], history)),))
    return evaluate("halves_in_rounds", {"brackets": [[(2, 2.0)], [(1, 2.0)]]}, made)


def test_sampled_configs_are_new_and_the_samplers():
    rng, sampler = np.random.default_rng(0), build(StandIn("marked_sampler", {}))
    one, two, three = (sampler(rng) for _ in range(3))
    assert band([one, two, three]) is None
    assert isinstance(band([one, two, one]), Failed)
    assert isinstance(band([one, two, {"rate": 0.1, "mark": 0}]), Failed)


ROWS = np.array([[0.0], [0.5], [1.0], [1.5]])
HILLS = StandIn("hills", {"tops": ROWS[2:3], "heights": [1.0], "width": 0.5, "nan_at": ROWS[3:]})


def tried(numbers, best=None, shift=0.0):
    score = build(HILLS)
    history = [(ROWS[i], score(ROWS[i]) + shift) for i in numbers]
    top = max(history, key=lambda e: -math.inf if math.isnan(e[1]) else e[1]) if best is None else history[best]
    call = Call("bayesian_search", (HILLS, ROWS, 1, 3, StandIn("rng", {"seed": 0})))
    made = Evidence((call,), (Outcome((*top, history)),))
    steps = {"0": [1, 2], "0,1": [2], "0,2": [3], "1": [2], "1,2": [0]}
    params = {"initial": 1, "trials": 3, "steps": steps, "slips": [("it is a slip", {"0": [3], "0,3": [1]})]}
    return evaluate("tries_rows", params, made)


@pytest.mark.parametrize("numbers", [(0, 1, 2), (0, 2, 3), (1, 2, 0)])
def test_rows_that_may_follow_hold(numbers):
    assert tried(numbers) is None


def test_rows_that_may_not_follow_are_noticed():
    assert isinstance(tried((0, 1, 3)), Failed)
    assert "it is a slip" in tried((0, 3, 1)).message
    assert isinstance(tried((0, 1, 1)), Failed)
    assert isinstance(tried((0, 1)), Failed)
    assert isinstance(tried((0, 1, 2), best=0), Failed)
    assert isinstance(tried((0, 2, 3), best=2), Failed)
    assert isinstance(tried((0, 1, 2), shift=1.0), Failed)


def starts(draw, times=160, n=8, initial=4):
    rows = np.arange(float(n))[:, np.newaxis]
    calls = tuple(Call("bayesian_search", (HILLS, rows, initial, initial, None)) for _ in range(times))
    firsts = [draw(np.random.default_rng(seed), n, initial) for seed in range(times)]
    made = Evidence(calls, tuple(Outcome((rows[0], 0.0, [(rows[i], 0.0) for i in first])) for first in firsts))
    return evaluate("starts_anywhere", {"initial": initial}, made)


def test_random_starts_hold_and_others_are_noticed():
    assert starts(lambda rng, n, k: rng.permutation(n)[:k]) is None
    for draw in (
        lambda rng, n, k: np.arange(k),
        lambda rng, n, k: np.random.default_rng(0).permutation(n)[:k],
        lambda rng, n, k: rng.integers(0, n, k),
        lambda rng, n, k: (rng.integers(n) + np.arange(k)) % n,
        lambda rng, n, k: rng.permutation(n - 1)[:k],
    ):
        assert isinstance(starts(draw), Failed)


@pytest.mark.parametrize(
    ("spread", "holds"), [([0.0, 1e-4], True), ([0.0, 0.1], False), ([np.nan, 0], False), ([-1e-9, 0], False)]
)
def test_small_spreads(spread, holds):
    made = Evidence((Call("gp_posterior"),), (Outcome((np.zeros(2), np.array(spread))),))
    assert (evaluate("small_spread", {"most": 1e-3}, made) is None) == holds
