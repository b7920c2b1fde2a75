"""Properties of values drawn from a given distribution."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..compare import is_single
from .chance import LOG_ODDS, improbability
from .evidence import Evidence, Failed, Floats, argument, failure, register
from .general import has_shape

_BINS = 8


@register
def is_log_uniform(evidence: Evidence, calls: Sequence[int] = (0,), complement: bool = False) -> Failed | None:
    """Each call ``(low, high, size, rng)`` returned ``size`` values, independent, uniform in their logarithm.

    ``complement``: it is 1 minus the value that is. The generators of the calls have different seeds.
    """
    places: list[Floats] = []
    for call in calls:
        made = evidence.calls[call]
        low, high = (float(argument(made, i, name)) for i, name in enumerate(("low", "high")))
        size = int(argument(made, 2, "size"))
        failed = has_shape(evidence, (size,), call)
        if failed:
            return replace(failed, call=call)
        value = np.asarray(evidence.value(call), dtype=np.float64)
        if complement:
            low, high, value = 1 - high, 1 - low, 1 - value
        # Where each value lies between the ends, from 0 to 1; negative ones lie far below.
        span = math.log(high) - math.log(low)
        place = (np.log(np.maximum(value, 1e-300)) - math.log(low)) / span
        rounding = 1e-3 if is_single(evidence.value(call)) else 1e-9 / (low if complement else 1)
        places.append(place)
        if (place < -rounding / span).any() or (place > 1 + rounding / span).any():
            middle = float(np.clip(np.median(place), -4, 4))
            share = float(((place < 0) | (place > 1)).mean())
            return Failed(
                f"{share:.0%} of the values lie outside of low … high",
                10 + middle,
                0.02 + 2 / math.sqrt(size),
                call=call,
            )
    return _not_uniform(places)


def _not_uniform(places: list[Floats]) -> Failed | None:
    """Whether numbers in 0 … 1, an array a call, are no independent uniform draws."""
    whole = np.concatenate(places)
    distinct = len(np.unique(np.round(whole, 9)))
    if distinct < 0.8 * len(whole):
        return Failed(
            f"the values repeat: {distinct} different ones among {len(whole)}", 20 + distinct / len(whole), 0.05
        )
    counts = np.bincount(np.clip((whole * _BINS).astype(int), 0, _BINS - 1), minlength=_BINS)
    if (improbability(counts, len(whole), 1 / _BINS) > LOG_ODDS + math.log(2 * _BINS)).any():
        side = "high" if whole.mean() > 0.5 else "low"
        found = (
            f"on a log scale the values are not even: {counts.max() / len(whole):.0%} lie in one eighth of the range"
        )
        # Two distributions with one mean differ in their spread.
        measure = float(whole.mean() + 5 * whole.std())
        return Failed(f"{found}, and their middle is towards {side}", measure, 3 / math.sqrt(len(whole)))
    pairs = np.concatenate([p[: len(p) // 2 * 2].reshape(-1, 2) for p in places])
    rises, together = int((pairs[:, 0] < pairs[:, 1]).sum()), int(((pairs < 0.5).sum(axis=1) != 1).sum())
    for hits, words in ((rises, "they rise or fall"), (together, "each depends on the one before")):
        if len(pairs) and improbability(hits, len(pairs), 0.5) > LOG_ODDS:
            return Failed(f"the values of one call are not independent: {words}", 30 + hits / len(pairs), 0.2)
    return None


@register
def calls_differ(evidence: Evidence, calls: Sequence[int]) -> Failed | None:
    """No two of these calls, made with different seeds or with one generator that goes on, returned the same values."""
    seen: dict[bytes, int] = {}
    for call in calls:
        value = evidence.value(call)
        if not isinstance(value, np.ndarray | list):
            return failure("wrong_type", "the result is no array")
        key = np.round(np.asarray(value, dtype=np.float64), 12).tobytes()
        if key in seen:
            return Failed("two calls gave the same values; draw from rng, and make no new generator", 1.0, call=call)
        seen[key] = call
    return None
