"""Lesson 02: splits, error rates, learning curves, bias and variance."""

from __future__ import annotations

import itertools
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

import mlxtend.evaluate
import numpy as np
import pandas as pd
import scipy.spatial
import scipy.stats
import sklearn.metrics
import sklearn.model_selection
import torch
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from torch.utils.data import random_split

from .common import Case, agree, case, normal


def bias_variance() -> list[Case]:
    """Rates, splits and curves by scikit-learn and pandas, errors by SciPy, bias and variance by mlxtend.

    ``diagnose`` has no oracle: its four verdicts are the course's own.
    """
    return [
        *_error_rates(),
        *_standard_errors(),
        *_splits(),
        *_splits_without_training_examples(),
        *_stratified(),
        *_learning_curves(),
        *_decompositions(),
    ]


def _error_rates() -> list[Case]:
    rng = np.random.default_rng(2000)
    pairs = {
        "half of them wrong": (np.array([3, 1, 1, 0]), np.array([3, 7, 1, 2])),
        "three classes": (rng.integers(0, 3, 37), rng.integers(0, 3, 37)),
        "none wrong": (np.array([2, 0, 1]), np.array([2, 0, 1])),
        "all wrong": (np.array([0, 1]), np.array([1, 0])),
        "one example": (np.array([5]), np.array([5])),
        "negative labels": (np.array([-1, 1, -1, 1, 1]), np.array([1, 1, -1, -1, 1])),
    }
    return [
        case(
            "error_rate",
            label,
            [y_true, y_pred],
            {
                "sklearn.metrics.zero_one_loss": sklearn.metrics.zero_one_loss(y_true, y_pred),
                "scipy.spatial.distance.hamming": scipy.spatial.distance.hamming(y_true, y_pred),
            },
        )
        for label, (y_true, y_pred) in pairs.items()
    ]


def _standard_errors() -> list[Case]:
    cases = []
    for right, m in [(203, 225), (9, 10), (3, 3), (0, 7), (500, 1000), (1, 3), (9870, 10000)]:
        accuracy = right / m
        outcomes = np.repeat([1.0, 0.0], [right, m - right])
        cases.append(
            case(
                "accuracy_standard_error",
                f"{right} of {m}",
                [accuracy, m],
                {
                    "scipy.stats.sem(ddof=0)": scipy.stats.sem(outcomes, ddof=0),
                    "scipy.stats.binom": scipy.stats.binom(m, accuracy).std() / m,
                },
            )
        )
    for accuracy, m in [(0.9, 225), (0.123, 7)]:  # no whole number of right answers
        value = scipy.stats.binom(m, accuracy).std() / m
        cases.append(case("accuracy_standard_error", f"{accuracy} on {m}", [accuracy, m], {"scipy.stats.binom": value}))
    return cases


def _rounded(fraction: float, count: int) -> int:
    """``fraction * count`` rounded half to even, as the contract's ``round``."""
    return int(Decimal(fraction * count).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def _splits() -> list[Case]:
    """Which examples go where, given the permutation.

    torch and scikit-learn round other than the contract (down and up). Their sizes are compared only where the
    fractions make whole numbers; elsewhere ``decimal`` does the rounding.
    """
    whole = [(10, 0.2, 0.2), (100, 0.29, 0.01), (20, 0.15, 0.25), (8, 0.5, 0.25), (12, 0.0, 0.25), (40, 0.1, 0.0)]
    others = [
        (13, 0.2, 0.2),
        (7, 0.5, 0.3),
        (5, 0.5, 0.1),
        (5, 0.1, 0.3),
        (23, 0.333, 0.05),
        (3, 0.4, 0.4),
        (1, 0.2, 0.2),
    ]
    cases = []
    for m, dev, test in whole + others:
        sizes = [_rounded(dev, m), _rounded(test, m)]
        sizes.append(m - sum(sizes))
        if (m, dev, test) in whole:
            agree([len(part) for part in random_split(range(m), [dev, test, 1 - dev - test])], sizes, 0, "sizes")
            for fraction, size in ((dev, sizes[0]), (test, sizes[1])):
                if fraction:
                    left = sklearn.model_selection.train_test_split(range(m), test_size=size / m)[1]
                    agree(len(left), size, 0, "the size of a part")
        generator = torch.Generator().manual_seed(m)
        parts = random_split(range(m), sizes, generator=generator)
        cases.append(
            {
                "function": "train_dev_test_split",
                "label": f"{m} examples, {dev} and {test}",
                "kind": "split",
                "oracle": "torch.utils.data.random_split; decimal",
                "m": m,
                "fractions": [dev, test],
                "order": torch.randperm(m, generator=torch.Generator().manual_seed(m)),
                "parts": {
                    name: np.sort(np.array(part.indices, dtype=int))
                    for name, part in zip(("dev", "test", "train"), parts, strict=True)
                },
            }
        )
    return cases


def _splits_without_training_examples() -> list[Case]:
    cases = []
    for m, dev, test in [(10, 0.5, 0.5), (2, 0.6, 0.6), (4, 0.9, 0.1), (1, 0.9, 0.0), (10, 0.7, 0.7)]:
        try:
            sklearn.model_selection.train_test_split(range(m), test_size=_rounded(dev, m) + _rounded(test, m))
        except ValueError:
            cases.append(
                {
                    "function": "train_dev_test_split",
                    "label": f"none of {m} is left",
                    "kind": "no_split",
                    "oracle": "sklearn.model_selection.train_test_split",
                    "m": m,
                    "fractions": [dev, test],
                }
            )
        else:
            raise SystemExit(f"scikit-learn splits {m} examples into {dev} and {test}")
    return cases


def _stratified() -> list[Case]:
    """How many of every class: pandas rounds as the contract does.

    StratifiedShuffleSplit fixes the total first and gives the rest to the largest remainders; its counts are compared
    only where every class gives a whole number.
    """
    cases = []
    labels = {
        "ten and five": np.repeat([0, 1], [10, 5]),
        "three classes": np.repeat([2, 0, 7], [20, 10, 5]),
        "one rare class": np.repeat([0, 1, 2], [33, 17, 2]),
        "one class": np.zeros(9, dtype=int),
    }
    for (label, y), fraction in itertools.product(labels.items(), (0.1, 0.2, 0.4, 0.5, 0.73, 1.0)):
        y = np.random.default_rng(2100).permutation(y)
        sample = pd.Series(y).groupby(y).sample(frac=fraction, random_state=0)
        classes, sizes = np.unique(y, return_counts=True)
        counts = [int((sample == k).sum()) for k in classes]
        if fraction < 1 and all((Decimal(str(fraction)) * int(size)) % 1 == 0 for size in sizes):
            split = sklearn.model_selection.StratifiedShuffleSplit(1, train_size=sum(counts), random_state=0)
            if len(classes) > 1 and sum(counts) >= len(classes) <= len(y) - sum(counts):
                train, _ = next(split.split(y, y))
                agree([int((y[train] == k).sum()) for k in classes], counts, 0, "counts of every class")
        cases.append(
            {
                "function": "stratified_indices",
                "label": f"{label}, {fraction}",
                "kind": "stratified",
                "oracle": "pandas groupby.sample; sklearn.model_selection.StratifiedShuffleSplit",
                "y": y,
                "fraction": fraction,
                "classes": classes,
                "counts": np.array(counts),
            }
        )
    return cases


def _learning_curves() -> list[Case]:
    cases = []
    rng = np.random.default_rng(2200)
    y = rng.integers(0, 3, 75)
    y[:3] = [2, 0, 1]
    centres = np.array([[0.0, 0.0], [1.5, 0.5], [0.5, 1.6]])
    X = np.round(centres[y] + rng.standard_normal((75, 2)), 3)
    estimators: dict[str, tuple[Any, list[int]]] = {
        "nearest centroid": (NearestCentroid(), [3, 4, 9, 17, 30, 50]),
        "nearest neighbour": (KNeighborsClassifier(1), [1, 2, 5, 20, 50]),
    }
    for label, (estimator, sizes) in estimators.items():
        found, train, dev = sklearn.model_selection.learning_curve(
            estimator, X, y, train_sizes=sizes, cv=[(np.arange(50), np.arange(50, 75))], scoring="accuracy"
        )
        assert found.tolist() == sizes
        cases.append(
            {
                "function": "learning_curve",
                "label": label,
                "kind": "curve",
                "oracle": "sklearn.model_selection.learning_curve",
                "parts": [X[:50], y[:50], X[50:], y[50:]],
                "sizes": sizes,
                "train_errors": 1 - train[:, 0],
                "dev_errors": 1 - dev[:, 0],
            }
        )
    return cases


class _Given:
    """An estimator that predicts one given row after the other, so that mlxtend decomposes known predictions."""

    def __init__(self, predictions: np.ndarray) -> None:
        self.rows = iter(predictions)

    def fit(self, X: np.ndarray, y: np.ndarray) -> _Given:
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        return next(self.rows)


def _decompositions() -> list[Case]:
    sets = {
        "two models": (np.array([[1.0, 5.0], [3.0, 5.0]]), np.array([2.0, 4.0])),
        "many models": (normal(2300, 25, 8), normal(2301, 8)),
        "one model": (normal(2302, 1, 6), normal(2303, 6)),
        "all the same": (np.tile(normal(2304, 5), (4, 1)), normal(2305, 5)),
        "far from zero": (1000 + normal(2306, 6, 4), np.full(4, 1000.0)),
    }
    cases = []
    for label, (predictions, y) in sets.items():
        loss, bias, variance = mlxtend.evaluate.bias_variance_decomp(
            _Given(predictions), np.zeros((2, 1)), np.zeros(2), np.zeros((len(y), 1)), y, "mse", len(predictions), 0
        )
        # In another way, exactly: the variance from all pairs of models, the bias from what it leaves of the loss.
        rows, truth = [[Fraction(p) for p in row] for row in predictions], [Fraction(t) for t in y]
        models, points = predictions.shape
        apart = sum((a - b) ** 2 for one in rows for other in rows for a, b in zip(one, other, strict=True))
        total = sum((p - t) ** 2 for row in rows for p, t in zip(row, truth, strict=True))
        exact_variance = apart / (2 * models**2 * points)
        exact_bias = total / Fraction(models * points) - exact_variance
        agree(loss, float(exact_bias + exact_variance), 1e-12, "the loss of all models")
        cases.append(
            case(
                "bias_variance",
                label,
                [predictions, y],
                {
                    "mlxtend.evaluate.bias_variance_decomp": [bias, variance],
                    "fractions": [float(exact_bias), float(exact_variance)],
                },
            )
        )
    return cases
