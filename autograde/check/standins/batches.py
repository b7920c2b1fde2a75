"""Gradients that betray which rows they were given, a step that betrays how often it was made."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .registry import standin


def _rows(X: Any, y: Any) -> tuple[Any, Any]:
    """A batch as rows of numbers (m, n) and labels (m,); ``ValueError`` when they do not go together."""
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim < 2 or y.ndim != 1 or len(X) != len(y):
        raise ValueError(f"gradients was called with X of shape {X.shape} and y of shape {y.shape}")
    return X.reshape(len(X), math.prod(X.shape[1:])).astype(np.float64), y


def _within_memory(X: Any, limit: int | None) -> None:
    if limit is not None and len(X) > limit:
        raise MemoryError(f"gradients was given {len(X)} rows at once, and no more than {limit} fit in memory")


@standin("counting_gradients")
def _counting_gradients(rows: int) -> Callable[[Any, Any, Any], tuple[float, dict[str, Any]]]:
    """A loss whose digits tell the rows and the number of updates before it.

    Each row holds ``4**i`` first and its label second. The loss is their sum plus ``4**rows`` times
    ``params["updates"]``, and it is negative where a label is not its row's own. The gradient of ``"trace"`` is the
    loss over ``4**rows``; those of the other arrays are zero.
    """

    def gradients(params: Any, X: Any, y: Any) -> tuple[float, dict[str, Any]]:
        flat, labels = _rows(X, y)
        loss = float(flat[:, 0].sum() + 4.0**rows * np.asarray(params["updates"]).ravel()[0])
        loss = loss if np.array_equal(flat[:, 1], labels) else -1 - loss
        grads = {key: np.zeros(np.shape(value)) for key, value in params.items()}
        grads["trace"] = grads["trace"] + loss / 4.0**rows
        return loss, grads

    return gradients


@standin("counting_step")
def _counting_step(keep: float = 0.5) -> Callable[[Any, Any], dict[str, Any]]:
    """Adds 1 to ``params["updates"]``; of ``"trace"`` it keeps a share and adds the gradient."""

    def step(params: Any, grads: Any) -> dict[str, Any]:
        new = dict(params)
        new["updates"] = np.asarray(params["updates"]) + 1
        new["trace"] = keep * np.asarray(params["trace"]) + np.asarray(grads["trace"])
        return new

    return step


@standin("rowwise_gradients")
def _rowwise_gradients(
    u: Any, v: Any, limit: int | None = None, turned: bool = False
) -> Callable[[Any, Any, Any], tuple[float, dict[str, Any]]]:
    """Means over the rows x with label y: the loss of ``½ (y - v·x)²``, for every θ the gradient ``u·x θ + y v·x``.

    More than ``limit`` rows at once are a ``MemoryError``. ``turned`` lists the gradients from the last key to the
    first.
    """

    def gradients(params: Any, X: Any, y: Any) -> tuple[float, dict[str, Any]]:
        _within_memory(X, limit)
        flat, labels = _rows(X, y)
        if not len(flat):
            raise ValueError("gradients was given no rows at all")
        along, across = flat @ np.asarray(u), flat @ np.asarray(v)
        keys = list(params)[::-1] if turned else list(params)
        grads = {k: along.mean() * np.asarray(params[k]) + (labels * across).mean() for k in keys}
        return float(np.mean((labels - across) ** 2) / 2), grads

    return gradients


@standin("plain_step")
def _plain_step(rate: float) -> Callable[[Any, Any], dict[str, Any]]:
    """Every array goes on by ``rate`` against its gradient."""

    def step(params: Any, grads: Any) -> dict[str, Any]:
        return {key: np.asarray(value) - rate * np.asarray(grads[key]) for key, value in params.items()}

    return step
