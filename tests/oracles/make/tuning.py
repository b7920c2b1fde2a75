"""Lesson 13: log-uniform samples, the order of a grid, folds, cross-validated and nested scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.stats
import sklearn.model_selection
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid

from .common import Case


def tuning() -> list[Case]:
    """Distributions by SciPy, everything else by scikit-learn on folds that are cut from the same permutations."""
    return [*_distributions(), *_grids(), *_folds(), *_cross_validations(), *_nested()]


def _distributions() -> list[Case]:
    cases: list[Case] = []
    for low, high in ((1e-4, 1.0), (3.0, 700.0), (2e-9, 5e-2)):
        points = np.geomspace(low, high, 9)[1:-1]
        share = scipy.stats.loguniform(low, high).cdf(points)
        named = {"kind": "distribution", "oracle": "scipy.stats.loguniform", "points": points, "below": share}
        cases.append({"function": "sample_log_uniform", "label": f"{low} to {high}", "ends": [low, high], **named})
    for low, high in ((0.9, 0.999), (0.0, 0.99)):
        points = np.linspace(low, high, 9)[1:-1]
        # β is below a point where 1 - β is above 1 minus it.
        share = scipy.stats.loguniform(1 - high, 1 - low).sf(1 - points)
        named = {"kind": "distribution", "oracle": "scipy.stats.loguniform", "points": points, "below": share}
        cases.append({"function": "sample_beta", "label": f"{low} to {high}", "ends": [low, high], **named})
    return cases


def _grids() -> list[Case]:
    grids: dict[str, dict[str, list[Any]]] = {
        "two names": {"lam": [0.0, 0.1, 10.0], "units": [16, 64]},
        "four names": {"a": [1, 2], "b": ["x", "y", "z"], "c": [0.5], "d": [True, False]},
    }
    # ParameterGrid goes through the names in the order of the alphabet, in which they stand here.
    return [
        {
            "function": "grid_search",
            "label": label,
            "kind": "grid",
            "oracle": "sklearn.model_selection.ParameterGrid",
            "grid": grid,
            "configs": list(sklearn.model_selection.ParameterGrid(grid)),
        }
        for label, grid in grids.items()
    ]


def _cut(order: np.ndarray, k: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """scikit-learn's folds of the examples in this order."""
    found = sklearn.model_selection.KFold(k).split(order)
    return [(order[train], order[validation]) for train, validation in found]


def _folds() -> list[Case]:
    cases = []
    for number, (m, k) in enumerate(((12, 4), (10, 4), (23, 5), (7, 7), (5, 2), (31, 30))):
        order = np.random.default_rng(13_000 + number).permutation(m)
        cases.append(
            {
                "function": "k_fold_indices",
                "label": f"{m} in {k}",
                "kind": "folds",
                "oracle": "sklearn.model_selection.KFold",
                "m": m,
                "k": k,
                "order": order,
                "folds": [[train, validation] for train, validation in _cut(order, k)],
            }
        )
    return cases


def _examples(seed: int, m: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(m) % classes)
    centres = np.array([[0.0, 0.0], [1.3, 0.4], [0.2, 1.5]])
    return np.round(centres[y] + 0.9 * rng.standard_normal((m, 2)), 3), y


def _cross_validations() -> list[Case]:
    cases = []
    estimators = {"nearest centroid": NearestCentroid(), "nearest neighbour": KNeighborsClassifier(1)}
    for number, (learner, m, k) in enumerate(
        (
            ("nearest centroid", 60, 5),
            ("nearest centroid", 47, 6),
            ("nearest neighbour", 40, 4),
            ("nearest neighbour", 33, 33),
        )
    ):
        X, y = _examples(13_100 + number, m, 3)
        order = np.random.default_rng(13_200 + number).permutation(m)
        scores = sklearn.model_selection.cross_val_score(estimators[learner], X, y, cv=_cut(order, k))
        cases.append(
            {
                "function": "cross_validate",
                "label": f"{learner}, {m} in {k}",
                "kind": "cross_validation",
                "oracle": "sklearn.model_selection.cross_val_score",
                "learner": learner,
                "X": X,
                "y": y,
                "k": k,
                "order": order,
                "scores": scores,
            }
        )
    return cases


def _nested() -> list[Case]:
    cases = []
    for number, (m, outer, inner, neighbours) in enumerate(
        ((60, 4, 5, [1, 3, 9]), (47, 5, 3, [15, 1, 5, 3]), (40, 10, 4, [7, 1]), (50, 2, 5, [3, 3, 1]))
    ):
        X, y = _examples(13_300 + number, m, 2)
        rng = np.random.default_rng(13_400 + number)
        order = rng.permutation(m)
        scores, chosen, inner_orders = [], [], []
        for train, validation in _cut(order, outer):
            inner_order = rng.permutation(len(train))
            search = sklearn.model_selection.GridSearchCV(
                KNeighborsClassifier(), {"n_neighbors": neighbours}, cv=_cut(inner_order, inner), scoring="accuracy"
            ).fit(X[train], y[train])
            scores.append(search.score(X[validation], y[validation]))
            chosen.append(int(search.best_params_["n_neighbors"]))
            inner_orders.append(inner_order)
        cases.append(
            {
                "function": "nested_cross_validate",
                "label": f"{m} in {outer} and {inner}",
                "kind": "nested",
                "oracle": "sklearn.model_selection.GridSearchCV in KFold",
                "X": X,
                "y": y,
                "outer": outer,
                "inner": inner,
                "neighbours": neighbours,
                "order": order,
                "inner_orders": inner_orders,
                "scores": np.array(scores),
                "chosen": chosen,
            }
        )
    return cases
