"""Scores that betray the config and the budget, a sampler whose configs can be told from others."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from .registry import standin


def mark_of(*parts: Any) -> int:
    """A number that looks random and depends on everything in a config: a number, a text, an array, a tuple, a dict."""

    def written(part: Any) -> bytes:
        if isinstance(part, dict):
            return b"".join(str(key).encode() + written(part[key]) for key in sorted(part))
        if isinstance(part, list | tuple):
            return b"(" + b"".join(map(written, part)) + b")"
        return part.encode() if isinstance(part, str) else (np.asarray(part, dtype="<f8") + 0.0).tobytes()

    return zlib.crc32(b"".join(map(written, parts)))


@standin("learning_curves")
def _learning_curves(
    bend: float = 1.0, levels: int = 0, nan_every: int = 0, nan_from: float = 0.0, calls: int | None = None
) -> Callable[[Any, Any], float]:
    """``evaluate(config, budget)``: each config has a curve of its own, so that a score tells config and budget.

    Curves rise or fall by up to ``bend`` and cross. With ``levels`` there are no more than so many scores, the same at
    every budget. One config in ``nan_every`` has no score but nan at budgets from ``nan_from`` up. With ``calls``, more
    of them are a ``RuntimeError``, and so is the same config at the same budget again.
    """
    asked: set[tuple[int, float]] = set()

    def evaluate(config: Any, budget: Any) -> float:
        mark, budget = mark_of(config), float(budget)
        if not budget > 0:
            raise ValueError(f"evaluate was called with the budget {budget:g}; it must be above 0")
        if calls is not None:
            if (mark, budget) in asked:
                raise RuntimeError(f"evaluate was called twice for the same config at the budget {budget:g}")
            asked.add((mark, budget))
            if len(asked) > calls:
                raise RuntimeError(f"evaluate was called more than {calls} times, and there is no budget left")
        if nan_every and mark % nan_every == 0 and budget >= nan_from:
            return math.nan
        height, slope = (mark >> 16) / 2**16, (mark & 0xFFFF) / 2**16 - 0.5
        if levels:
            return math.floor(height * levels) / levels
        return float(height + bend * slope / (1 + budget))

    return evaluate


@standin("marked_sampler")
def _marked_sampler(form: str = "dict") -> Callable[[np.random.Generator], Any]:
    """``sampler(rng)``: a config with a rate from 0 to 1 and a mark that belongs to it (see ``is_marked``)."""

    def sampler(rng: np.random.Generator) -> Any:
        rate = float(rng.random())
        return (rate, mark_of(rate)) if form == "tuple" else {"rate": rate, "mark": mark_of(rate)}

    return sampler


def is_marked(config: Any) -> bool:
    """Whether a config is one of ``marked_sampler``."""
    if isinstance(config, dict):
        config = (config.get("rate"), config.get("mark"))
    if not isinstance(config, tuple) or len(config) != 2 or not isinstance(config[0], float):
        return False
    return bool(config[1] == mark_of(config[0]))


@standin("hills")
def _hills(
    tops: Any, heights: list[float], width: float, floor: float = 0.0, nan_at: Any = (), calls: int | None = None
) -> Callable[[Any], float]:
    """``objective(config)`` of a row: hills over a floor; nan at the rows ``nan_at``.

    With ``calls``, more of them are a ``RuntimeError``, and so is the same row again.
    """
    tops, holes = np.asarray(tops, dtype=np.float64), [np.asarray(hole, dtype=np.float64) for hole in nan_at]
    asked: set[bytes] = set()

    def objective(config: Any) -> float:
        row = np.asarray(config, dtype=np.float64)
        if row.shape != tops.shape[1:]:
            raise ValueError(f"objective was called with the shape {row.shape}; a config has {tops.shape[1:]}")
        if calls is not None:
            if row.tobytes() in asked:
                raise RuntimeError("objective was called twice for the same row")
            asked.add(row.tobytes())
            if len(asked) > calls:
                raise RuntimeError(f"objective was called more than {calls} times: all evaluations count as trials")
        if any(np.array_equal(row, hole) for hole in holes):
            return math.nan
        hills = np.asarray(heights) * np.exp(-((tops - row) ** 2).sum(axis=1) / (2 * width**2))
        return float(floor + hills.sum())

    return objective
