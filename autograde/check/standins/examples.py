"""Raw examples to train on and to ask: a made-up table, made-up pictures."""

from __future__ import annotations

from typing import Any

import numpy as np

from .registry import standin


@standin("raw_examples")
def _raw_examples(
    kind: str, seed: int, m: int, labels: bool = False, order: str = "", start: int = 0, stop: int | None = None
) -> Any:
    """Rows of raw numbers, or with ``labels`` their labels instead, to train on or to ask.

    ``kind`` is ``"table"``: measures of very different size and flags, two classes; or ``"pictures"``: 8 × 8 pixels
    0 … 255, four shapes, bright on dark or dark on bright, which no linear model tells apart. ``order`` is ``"label"``
    or ``"size"`` (the table's first column, the pictures' brightness), else random; then rows ``start`` to ``stop``.
    """
    rng = np.random.default_rng(seed)
    X, y = _table_rows(m, rng) if kind == "table" else _pictures(m, rng)
    if order:
        X, y = (a[np.argsort(y if order == "label" else X[:, 0] if kind == "table" else X.sum(1), kind="stable")]
                for a in (X, y))  # fmt: skip
    return (y if labels else X)[start:stop]


def _table_rows(m: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """Class 1, the larger one, for those who have little tenure for their charges, and mostly of the first contract."""
    tenure, charges = rng.integers(1, 73, m).astype(np.float64), rng.integers(18, 119, m) + 0.5
    contract, flags = rng.integers(0, 3, m), rng.integers(0, 2, (m, 2))
    leaning = charges / 25 - tenure / 12 + 1.5 * (contract == 0) + rng.normal(0, 0.4, m) + 0.9
    columns = [tenure, charges, np.round(tenure * charges * rng.uniform(0.9, 1.1, m)), *np.eye(3)[contract].T, *flags.T]
    return np.column_stack(columns), (leaning > 0).astype(np.int64)


def _pictures(m: int, rng: np.random.Generator) -> tuple[Any, Any]:
    shapes = np.zeros((4, 8, 8))
    shapes[0, 1:7, 3:5] = shapes[1, 3:5, 1:7] = shapes[2, 2:6, 2:6] = 1
    shapes[3, [1, 1, 6, 6], [1, 6, 1, 6]] = shapes[3, [1, 1, 6, 6, 2, 2, 5, 5], [2, 5, 2, 5, 1, 6, 1, 6]] = 1
    y = rng.integers(0, 4, m)
    shown = np.where(rng.random(m) < 0.7, 1.0, -1.0)[:, None] * (2 * shapes[y].reshape(m, 64) - 1)
    light = rng.uniform(0.4, 1.0, (m, 1))
    return np.clip(np.round(light * (128 + 100 * shown) + rng.normal(0, 12, (m, 64))), 0, 255), y
