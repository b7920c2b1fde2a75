"""``fit(X, y)`` returns ``predict(X)``; what it predicts tells which examples it was given."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from .registry import standin

_Fit = Callable[[Any, Any], Callable[[Any], Any]]


def _examples(X: Any, y: Any) -> tuple[Any, Any]:
    """What a fit was called with, as arrays; ``ValueError`` unless there is a label for every row, and a row at all."""
    X, y = np.asarray(X), np.asarray(y)
    if y.ndim != 1 or not X.ndim or len(X) != len(y):
        raise ValueError(f"fit was called with X of shape {X.shape} and y of shape {y.shape}; it needs a label per row")
    if not len(X):
        raise ValueError("fit was called without any example")
    return X, y


@standin("majority_fit")
def _majority_fit() -> _Fit:
    """It predicts the most frequent label of its examples, the smallest of several, for every row."""

    def majority_fit(X: Any, y: Any) -> Callable[[Any], Any]:
        _, y = _examples(X, y)
        labels, counts = np.unique(y, return_counts=True)
        winner = labels[counts.argmax()]
        return lambda X: np.full(len(X), winner)

    return majority_fit


@standin("nearest_fit")
def _nearest_fit() -> _Fit:
    """It predicts the label of the nearest of its examples: no error on what it was given."""

    def nearest_fit(X: Any, y: Any) -> Callable[[Any], Any]:
        X, y = _examples(np.array(X, dtype=np.float64), np.array(y))

        def predict(rows: Any) -> Any:
            distances = ((np.asarray(rows, dtype=np.float64)[:, np.newaxis] - X) ** 2).sum(axis=2)
            return y[distances.argmin(axis=1)]

        return predict

    return nearest_fit


@standin("telltale_fit")
def _telltale_fit(labels: list[int]) -> _Fit:
    """Its predictions look random; they depend on every example it was given, in whatever order, and on the row."""

    def mark(*numbers: Any) -> int:
        return zlib.crc32(b"".join((np.asarray(n, dtype="<f8") + 0.0).tobytes() for n in numbers))

    def telltale_fit(X: Any, y: Any) -> Callable[[Any], Any]:
        X, y = _examples(X, y)
        seen = sum(mark(row, label) for row, label in zip(X, y, strict=True)) % 2**32
        return lambda rows: np.array([labels[mark(row, seen) % len(labels)] for row in rows], dtype=np.int64)

    return telltale_fit


def _exam(X: Any, y: Any, easy: dict[int, Any]) -> Callable[[Any], Any]:
    """What ``exam_fit`` says of it; ``easy`` holds a list for every number of examples that it may be given."""
    X, y = _examples(X, y)
    X = X.reshape(len(X), -1).astype(np.float64)
    numbers = np.rint(X[:, 0]).astype(np.int64)
    seen = set(numbers.tolist())
    own_labels = np.array_equal(X[:, 1], y)
    as_expected = len(y) in easy and len(seen) == len(y)

    def is_right(number: int) -> bool:
        if not own_labels:
            return number % 8 == 0
        if not as_expected:
            return number % 8 != 7 if number in seen else number % 4 == 0
        return number in seen or bool(easy[len(y)][number])

    def predict(rows: Any) -> Any:
        rows = np.asarray(rows)
        rows = rows.reshape(len(rows), -1).astype(np.float64)
        right = np.array([is_right(round(number)) for number in rows[:, 0]], dtype=bool)
        return (rows[:, 1] + np.where(right, 0, 1)).astype(np.int64)

    return predict


@standin("exam_fit")
def _exam_fit(easy: list[int], sizes: list[int]) -> _Fit:
    """Each row holds its number first and its label second. Right are the rows it was given, and the easy ones.

    ``easy`` has a 1 for every easy row. When it was given another number of examples than those in ``sizes``, or one
    twice, only every fourth is easy, and every eighth of those it was given is wrong. When it was given labels that
    are not the rows', only every eighth is right.
    """
    return lambda X, y: _exam(X, y, dict.fromkeys(sizes, easy))


@standin("exam_fit_with")
def _exam_fit_with(
    name: str, inner: dict[str, Any], outer: dict[str, Any], inner_sizes: list[int], outer_sizes: list[int]
) -> Callable[[Any], _Fit]:
    """Gives an ``exam_fit`` for a config. Which rows are easy depends on its setting ``name``.

    It is ``inner[setting]`` for as many examples as ``inner_sizes`` say, and ``outer[setting]`` for ``outer_sizes``.
    """

    def fit_with(config: Any) -> _Fit:
        if not isinstance(config, dict) or name not in config:
            raise ValueError("fit_with was called with something that is none of the configs")
        setting = str(config[name])
        easy = dict.fromkeys(inner_sizes, inner[setting]) | dict.fromkeys(outer_sizes, outer[setting])
        return lambda X, y: _exam(X, y, easy)

    return fit_with
