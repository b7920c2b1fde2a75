"""Lesson 14: brackets counted by hand, scikit-learn's Gaussian process, integrals, and a search made of them."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
from scipy import integrate, stats
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF

from .common import Case, agree, case, normal


def smarter_search() -> list[Case]:
    """What a hand counts, scikit-learn predicts, and SciPy and mpmath integrate."""
    return [*_halvings(), *_brackets(), *_kernels(), *_processes(), *_improvements(), *_searches()]


def _halvings() -> list[Case]:
    """Played by hand: the scores of every config (row) in every round (column), and who is run in which round."""
    nine = np.array(
        [
            [0.1, 0, 0],
            [0.5, 0.6, 0],
            [0.4, 0.9, 0],
            [0.2, 0, 0],
            [0.3, 0, 0],
            [0.45, 0.7, 0],
            [0.35, 0, 0],
            [0.0, 0, 0],
            [0.25, 0, 0],
        ]
    )
    ties = np.array([[0.5, 0.2], [0.5, 0.3], [0.5, 0.9], [np.nan, 0.9], [0.5, 0.9]])
    nans = np.array([[np.nan, 0.0], [-3.0, -4.0], [np.nan, 0.0], [-1.0, -2.0]])
    return [
        {
            "function": "successive_halving",
            "label": label,
            "kind": "halving",
            "oracle": "counted by hand",
            "scores": scores,
            "min_budget": min_budget,
            "factor": factor,
            "rounds": rounds,
            "best": best,
        }
        for label, scores, min_budget, factor, rounds, best in [
            ("nine configs", nine, 1, 3, [[1, list(range(9))], [3, [1, 2, 5]]], 2),
            ("equal scores keep the earlier", ties, 2, 2, [[2, [0, 1, 2, 3, 4]], [4, [0, 1]]], 1),
            ("nan is last", nans, 0.5, 2, [[0.5, [0, 1, 2, 3]], [1.0, [1, 3]]], 3),
        ]
    ]


#: R = 81, eta = 3: for s = 4 ... 0 the configs and budgets of every round, n_s = ceil(5 * 3^s / (s + 1)) and then thirds
#: rounded down. 5 * 81 / 5 = 81; 5 * 27 / 4 = 33.75; 5 * 9 / 3 = 15; 5 * 3 / 2 = 7.5; 5.
BY_HAND = [
    [[81, 1], [27, 3], [9, 9], [3, 27], [1, 81]],
    [[34, 3], [11, 9], [3, 27], [1, 81]],
    [[15, 9], [5, 27], [1, 81]],
    [[8, 27], [2, 81]],
    [[5, 81]],
]


def _fractions(max_budget: int, factor: int) -> list[list[list[float]]]:
    """The brackets in exact fractions, budgets first: the budget is cut by the factor as long as at least 1 is left."""
    starts = [Fraction(max_budget)]
    while starts[-1] / factor >= 1:
        starts.append(starts[-1] / factor)
    brackets = []
    for start in reversed(starts):
        shrunk = Fraction(max_budget) / start  # factor ** s
        n, bracket, budget = math.ceil(len(starts) * shrunk / (starts.index(start) + 1)), [], start
        while budget <= max_budget:
            bracket.append([n // int(budget / start), float(budget)])
            budget *= factor
        brackets.append(bracket)
    return brackets


def _brackets() -> list[Case]:
    if _fractions(81, 3) != BY_HAND:
        raise SystemExit("the brackets for R = 81 that were counted by hand are not those of exact fractions")
    budgets = [(81, 3), (243, 3), (1000, 10), (27, 3), (26, 3), (10, 2), (125, 5), (2, 3), (1, 3)]
    return [
        {
            "function": "hyperband",
            "label": f"R = {max_budget}, factor {factor}",
            "kind": "brackets",
            "oracle": "counted by hand" if max_budget == 81 else "exact fractions",
            "max_budget": max_budget,
            "factor": factor,
            "brackets": _fractions(max_budget, factor),
        }
        for max_budget, factor in budgets
    ]


def _kernels() -> list[Case]:
    cases = []
    for label, p, q, d, scale in [("a line", 4, 3, 1, 0.7), ("a plane", 5, 2, 2, 1.0), ("many features", 3, 6, 8, 3.5)]:
        A, B = normal(9100 + d, p, d), normal(9150 + d, q, d)
        cases.append(case("rbf_kernel", label, [A, B, scale], {"sklearn.RBF": RBF(scale)(A, B)}))
    return cases


def _process(X: np.ndarray, y: np.ndarray, scale: float, noise: float) -> GaussianProcessRegressor:
    return GaussianProcessRegressor(RBF(scale, "fixed"), alpha=noise, optimizer=None).fit(X, y)


def _exact(X: np.ndarray, y: np.ndarray, new: np.ndarray, scale: float, noise: float) -> tuple[Any, Any]:
    """Mean and standard deviation with 50 digits."""

    def kernel(a: np.ndarray, b: np.ndarray) -> mpmath.mpf:
        apart = sum((mpmath.mpf(float(u)) - mpmath.mpf(float(v))) ** 2 for u, v in zip(a, b, strict=True))
        return mpmath.exp(-apart / (2 * mpmath.mpf(scale) ** 2))

    K = mpmath.matrix(
        [[kernel(a, b) + (mpmath.mpf(noise) if i == j else 0) for j, b in enumerate(X)] for i, a in enumerate(X)]
    )
    scores = mpmath.matrix([mpmath.mpf(float(v)) for v in y])
    means, spreads = [], []
    for point in new:
        k = mpmath.matrix([kernel(a, point) for a in X])
        weights = mpmath.lu_solve(K, k)
        means.append(float((weights.T * scores)[0]))
        spreads.append(float(mpmath.sqrt(max(1 - (weights.T * k)[0], 0))))
    return np.array(means), np.array(spreads)


def _processes() -> list[Case]:
    cases = []
    for i, (label, m, d, scale, noise, shift) in enumerate(
        [
            ("a line", 6, 1, 0.6, 0.01, 0.0),
            ("a plane", 8, 2, 0.9, 0.1, 0.0),
            ("scores far from 0", 7, 2, 1.3, 0.05, 30.0),
            ("much noise", 9, 3, 1.5, 2.0, -2.0),
            ("the noise of the lesson", 6, 2, 0.5, 1e-6, 0.0),
            ("one point", 1, 2, 1.0, 0.25, 1.0),
        ]
    ):
        X, y, new = normal(9200 + i, m, d, scale=1.5), normal(9250 + i, m) + shift, normal(9300 + i, 5, d, scale=1.5)
        mean, std = _process(X, y, scale, noise).predict(new, return_std=True)
        exact_mean, exact_std = _exact(X, y, new, scale, noise)
        agree(mean, exact_mean, 1e-8, f"the mean of the process {label!r}")
        agree(std, exact_std, 1e-8, f"the std of the process {label!r}")
        cases.append(
            {
                "function": "gp_posterior",
                "label": label,
                "kind": "process",
                "oracle": "sklearn.GaussianProcessRegressor, mpmath",
                "inputs": [X, y, new, scale, noise],
                "mean": mean,
                "std": std,
            }
        )
    return cases


def _improvements() -> list[Case]:
    cases = []
    for i, (label, best, xi, shift) in enumerate(
        [
            ("around the best", 0.3, 0.01, 0.0),
            ("no hurdle", 0.3, 0.0, 0.0),
            ("a high hurdle", 0.1, 0.5, 0.0),
            ("below the best", 2.5, 0.01, -1.0),
        ]
    ):
        mean, std = normal(9400 + i, 6) + shift, np.abs(normal(9450 + i, 6)) + 0.05
        found = []
        for m, s in zip(mean, std, strict=True):
            law, hurdle = stats.norm(m, s), best + xi
            high = max(m, hurdle) + 12 * s
            value, _ = integrate.quad(
                lambda f, law=law, h=hurdle: (f - h) * law.pdf(f), hurdle, high, epsabs=1e-14, limit=500
            )
            points = [hurdle, *sorted(p for p in (m - s, m, m + s) if p > hurdle), high]
            precise = mpmath.quad(lambda f, m=m, s=s, h=hurdle: (f - h) * mpmath.npdf(f, float(m), float(s)), points)
            agree(value, float(precise), 1e-9, "an expected improvement")
            found.append(float(precise))
        cases.append(
            {
                "function": "expected_improvement",
                "label": label,
                "kind": "improvement",
                "oracle": "scipy.integrate.quad, mpmath.quad",
                "inputs": [mean, std, best, xi],
                "value": np.array(found),
            }
        )
    return cases


def _search(X: np.ndarray, scores: np.ndarray, tried: list[int], trials: int, scale: float) -> list[int] | None:
    """The rows that scikit-learn and SciPy would try; None when two of them come close to a tie."""
    while len(tried) < trials:
        known = [j for j in tried if not np.isnan(scores[j])]
        left = [j for j in range(len(X)) if j not in tried]
        mean, std = _process(X[known], scores[known], scale, 1e-6).predict(X[left], return_std=True)
        gain = mean - scores[known].max() - 0.01
        worth = gain * stats.norm.cdf(gain / std) + std * stats.norm.pdf(gain / std)
        ranked = np.sort(worth)[::-1]
        if ranked[0] - ranked[1] < 1e-5:
            return None
        tried = [*tried, left[int(np.argmax(worth))]]
    return tried


def _searches() -> list[Case]:
    """A search of scikit-learn's process and SciPy's normal distribution, from given first rows."""
    cases = []
    for label, n, d, scale, shift, missing in [
        ("a line", 15, 1, 0.4, 0.0, []),
        ("a plane", 20, 2, 0.7, -3.0, []),
        ("scores that are nan", 14, 1, 0.5, 1.0, [2, 9]),
    ]:
        initial, trials, tried = 3, 8, None
        for seed in itertools.count(9500):
            X, order = normal(seed, n, d, scale=1.2), np.random.default_rng(seed + 50).permutation(n)
            scores = np.round(np.sin(2 * X).sum(axis=1) + 0.3 * X[:, 0] + shift, 6)
            scores[missing] = np.nan
            first = [int(j) for j in order[:initial]]
            tried = _search(X, scores, first, trials, scale)
            if tried is not None and (not missing or np.isnan(scores[tried]).any()):
                break
        cases.append(
            {
                "function": "bayesian_search",
                "label": label,
                "kind": "search",
                "oracle": "sklearn.GaussianProcessRegressor, scipy.stats.norm",
                "candidates": X,
                "scores": scores,
                "order": order,
                "initial": initial,
                "trials": trials,
                "length_scale": scale,
                "tried": np.array(tried),
            }
        )
    return cases
