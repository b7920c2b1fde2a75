"""Lesson 14 against brackets counted by hand, scikit-learn's Gaussian process, and integrals of SciPy and mpmath."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from .given import Given
from .stored import assert_same, of_kind


def as_rounds(history):
    return [[budget, [c for c, _, _ in run]] for budget, run in itertools.groupby(history, key=lambda entry: entry[1])]


@of_kind("halving")
def test_halving_is_the_one_played_by_hand(file, case, references):
    budgets = [budget for budget, _ in case["rounds"]]

    def evaluate(config, budget):
        return case["scores"][config, budgets.index(budget)]

    configs = list(range(len(case["scores"])))
    best, history = references[file]["successive_halving"](evaluate, configs, case["min_budget"], case["factor"])
    assert best == case["best"]
    found = [[budget, sorted(run)] for budget, run in as_rounds(history)]
    assert found == [[budget, sorted(run)] for budget, run in case["rounds"]]


@of_kind("brackets")
def test_hyperbands_brackets_are_those_counted_by_hand(file, case, references):
    numbers = itertools.count()
    _, history = references[file]["hyperband"](
        lambda config, budget: -config, lambda rng: next(numbers), case["max_budget"], Given(), case["factor"]
    )
    wanted = [budget for bracket in case["brackets"] for n, budget in bracket for _ in range(n)]
    np.testing.assert_allclose([budget for _, budget, _ in history], wanted, rtol=1e-15)
    assert next(numbers) == sum(bracket[0][0] for bracket in case["brackets"])


def test_the_papers_example_is_counted(references):
    """Li et al. 2018, R = 81 and factor 3: 81, 34, 15, 8 and 5 configs, by their algorithm and not by their table."""
    numbers = itertools.count()
    _, history = references["smarter_search"]["hyperband"](
        lambda config, budget: -config, lambda rng: next(numbers), 81, Given()
    )
    firsts = {}
    for config, budget, _ in history:
        firsts.setdefault(config, budget)
    assert [list(firsts.values()).count(budget) for budget in (1, 3, 9, 27, 81)] == [81, 34, 15, 8, 5]


@of_kind("process")
def test_the_posterior_is_scikit_learns(file, case, references):
    mean, std = references[file]["gp_posterior"](*case["inputs"])
    assert_same(mean, case["mean"], rtol=1e-8, atol=1e-9)
    assert_same(std, case["std"], rtol=1e-7, atol=1e-9)


@of_kind("improvement")
def test_the_improvement_is_the_integral(file, case, references):
    assert_same(references[file]["expected_improvement"](*case["inputs"]), case["value"], rtol=1e-8, atol=1e-13)


@of_kind("search")
def test_the_search_tries_what_scikit_learn_and_scipy_would(file, case, references):
    X, scores = case["candidates"], case["scores"]

    def objective(row):
        return scores[int(np.flatnonzero((row == X).all(axis=1))[0])]

    rng = Given(permutation=[case["order"]])
    best, score, history = references[file]["bayesian_search"](
        objective, X, case["initial"], case["trials"], rng, case["length_scale"]
    )
    assert rng.is_used_up()
    assert_same(np.stack([row for row, _ in history]), X[case["tried"]], rtol=0)
    top = case["tried"][np.nanargmax(scores[case["tried"]])]
    assert score == pytest.approx(scores[top], abs=0)
    assert_same(best, X[top], rtol=0)
