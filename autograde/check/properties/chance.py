"""Bounds of what chance does, so that a right answer to a random exercise fails less than once in 10⁹."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .evidence import Floats

#: Standard errors that a right answer stays within, but for once in 10⁹.
Z = 6.5
#: Bounds that follow from an inequality exp(-x) use this x: once in 10¹¹.
LOG_ODDS = 25.0


def improbability(hits: Any, trials: int, p: Any) -> Floats:
    """An upper bound, as -log, of the chance of so many hits or a number further from ``trials * p`` (Chernoff 1952).

    ``hits`` of ``trials`` independent trials, each with the probability ``p``; arrays are taken entry by entry.
    Infinite where it cannot be at all, 0 without trials.
    """
    hits, p = np.asarray(hits, dtype=np.float64), np.asarray(p, dtype=np.float64)
    if not trials:
        return np.zeros(np.broadcast_shapes(hits.shape, p.shape))
    q = hits / trials
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = trials * (
            np.where(q > 0, q * np.log(q / p), 0.0) + np.where(q < 1, (1 - q) * np.log((1 - q) / (1 - p)), 0.0)
        )
    return found


def is_likely(hits: float, trials: int, p: float, log_odds: float = LOG_ODDS) -> bool:
    """Whether ``hits`` of ``trials`` may be chance (see ``improbability``), but for once in ``exp(log_odds)``."""
    return bool(improbability(hits, trials, p) <= log_odds)


def chi_square_band(count: int) -> tuple[float, float]:
    """Bounds of the mean of ``count`` squared standard normals (Laurent and Massart 2000, lemma 1)."""
    x = LOG_ODDS / count
    return max(0.0, 1 - 2 * math.sqrt(x)), 1 + 2 * math.sqrt(x) + 2 * x


def unlike_chi_square(mean_square: float, number: int) -> bool:
    """Whether the mean of ``number`` squared standard deviations is too small or too large for chance.

    Chernoff's bound for chi-square, with half as much again for counts, which are not quite normal.
    """
    return number / 2 * (mean_square - 1 - math.log(max(mean_square, 1e-300))) > 1.5 * LOG_ODDS
