"""Properties of dropout: masks, and passes with fresh masks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cases import Outcome
from ..compare import is_single, kind_of
from .chance import LOG_ODDS, Z, is_likely, unlike_chi_square
from .evidence import Evidence, Failed, Floats, failure, part_at, register, squeezed
from .general import has_shape


@register
def kept_or_dropped(
    evidence: Evidence,
    keep: float,
    path: Sequence[int | str] = (),
    calls: Sequence[int] = (0,),
    base: Any = 1.0,
    scale: float | None = None,
    columns: Sequence[int] = (),
) -> Failed | None:
    """Each entry is 0 or ``base * scale``, kept by itself with probability ``keep``, anew in every call.

    Looks at the part of the results at ``path``, at ``columns`` of it if given, whose shape is ``(m, n)``;
    ``scale`` is ``1 / keep`` unless given. ``base`` has no zeros.
    """
    scale = 1 / keep if scale is None else scale
    masks: list[Floats] = []
    for call in calls:
        value = part_at(evidence.value(call), path)
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf" or value.ndim != 2:
            return failure("wrong_type", f"what should be an array of shape (m, n) is {kind_of(value)}")
        part = np.asarray(value, dtype=np.float64)
        ratios = (part[:, list(columns)] if columns else part) / (np.asarray(base) * scale)
        if not np.isfinite(ratios).all():
            return failure("nan", "some entries are nan or infinity")
        masks.append(ratios)
    shown = [
        _wrong_mask(ratios, keep, 1e-3 if is_single((evidence.calls[c].args, evidence.calls[c].kwargs)) else 1e-6)
        for ratios, c in zip(masks, calls, strict=True)
    ]
    return next((f for f in shown if f), None) or _alike(masks, keep)


def _wrong_mask(ratios: Floats, keep: float, tolerance: float) -> Failed | None:
    """What is wrong with one array of entries that should be 0 and 1, or None."""
    kept = np.abs(ratios) > 1e-9
    share, size = float(kept.mean()), float(np.median(np.abs(ratios[kept]))) if kept.any() else 1.0
    spread = 2 * Z * math.sqrt(max(share * (1 - share), 1e-4) / ratios.size)
    measure = 100 * squeezed(size) + share
    if np.abs(ratios[kept] - size).max(initial=0) > max(tolerance, tolerance * size):
        return Failed("the kept entries are not all scaled by the same factor", 500.0)
    if abs(size - 1) > tolerance:
        return Failed(f"the kept entries are {size:.3g} times what they should be", measure, spread)
    if keep < 1 and 0 < share < 1 and min(kept.shape) > 1:
        if (kept == kept[:1]).all():
            return Failed("the same units are dropped for every example; each example needs its own", 601.0)
        if (kept == kept[:, :1]).all():
            return Failed("each example is kept or dropped as a whole; each of its units needs its own draw", 602.0)
    if not is_likely(int(kept.sum()), kept.size, keep):
        return Failed(f"{share:.1%} of the units are kept, expected about {keep:.1%}", measure, spread)
    if keep == 1:
        return None
    return _dependent(kept, keep)


def _dependent(kept: NDArray[np.bool_], keep: float) -> Failed | None:
    """Rows or columns that keep too even or too uneven a number of entries, or that repeat each other."""
    for axis, lines in ((1, "examples"), (0, "units")):
        number, length = kept.shape[1 - axis], kept.shape[axis]
        if number < 100 or length * keep * (1 - keep) < 5:
            continue
        counts = kept.sum(axis=axis)
        ratio = float(np.mean((counts - length * keep) ** 2) / (length * keep * (1 - keep)))
        if unlike_chi_square(ratio, number):
            how = "evenly" if ratio < 1 else "unevenly"
            message = f"the numbers of kept entries of the {lines} vary too {how}; draw every entry by itself"
            return Failed(message, 700 + 10 * axis + squeezed(ratio), 0.05 if ratio < 0.2 or ratio > 5 else 0.1)
    both = keep**2 + (1 - keep) ** 2
    for axis, line in ((0, "examples"), (1, "units")):
        mask = (kept if axis == 0 else kept.T).astype(np.float64)
        number, length = mask.shape
        if number > 400:
            continue
        agreement = mask @ mask.T + (1 - mask) @ (1 - mask).T
        np.fill_diagonal(agreement, round(both * length))
        pairs = number * (number - 1) / 2
        if pairs and not is_likely(int(agreement.max()), length, both, LOG_ODDS + math.log(pairs)):
            return Failed(f"two {line} have the same mask; draw every entry by itself", 800.0 + axis)
    return None


def _alike(masks: list[Floats], keep: float) -> Failed | None:
    """Whether two of the calls have the same mask, or all of them keep the same number."""
    if keep == 1 or len(masks) < 2:
        return None
    kept = [np.abs(ratios) > 0.5 for ratios in masks]
    both = keep**2 + (1 - keep) ** 2
    for i, one in enumerate(kept):
        for other in kept[:i]:
            if not is_likely(int((one == other).sum()), one.size, both, LOG_ODDS + 2 * math.log(len(kept))):
                return Failed("two calls have the same mask, or nearly; draw a fresh one every time", 900.0)
    if len({int(one.sum()) for one in kept}) == 1 and len(kept) >= 10:
        return Failed("every mask keeps exactly the same number of units; draw every entry by itself", 901.0)
    return None


@register
def counts_of_passes(evidence: Evidence, kept: Any, dropped: Any, keep: float, samples: int) -> Failed | None:
    """The result is the mean and the standard deviation of ``samples`` rows, each one ``kept`` or ``dropped``.

    ``kept`` and ``dropped`` are ``(m, k)``; a row's passes are independent and each is ``kept`` with probability
    ``keep``. The mean tells how many were, and with it the standard deviation (ddof 0) is known.
    """
    value = evidence.value()
    if not isinstance(value, tuple) or len(value) != 2:
        return failure("wrong_type", f"the result is {kind_of(value)}, expected a tuple of 2 items")
    for i in (0, 1):
        found = has_shape(Evidence(evidence.calls, (Outcome(value[i]),)), np.shape(kept), name=f"result[{i}]")
        if found:
            return found
    mean, std = (np.asarray(v, dtype=np.float64) for v in value)
    kept, dropped = np.asarray(kept), np.asarray(dropped)
    tolerance = 1e-3 if is_single((evidence.calls[0].args, evidence.calls[0].kwargs)) else 1e-6
    if np.abs(mean.sum(axis=1) - 1).max() > tolerance:
        size = float(np.abs(mean.sum(axis=1) - 1).mean())
        return Failed("the rows of result[0] do not add up to 1: they are no probabilities", 100 + squeezed(size), 0.1)
    gap = kept - dropped
    share = ((mean - dropped) * gap).sum(axis=1) / (gap**2).sum(axis=1)
    off = float(np.abs(mean - dropped - share[:, None] * gap).max())
    counts = np.round(share * samples)
    uneven = float(np.abs(share * samples - counts).max())
    if off > tolerance or uneven > samples * tolerance * 10 or counts.min() < 0 or counts.max() > samples:
        return Failed(f"result[0] is no mean of the probabilities of {samples} passes", 200.0)
    if 0 < keep < 1 and samples > 1 and np.isin(counts, (0, samples)).all():
        return Failed("every pass has the same mask, or none; draw a fresh one for each pass", 301.0)
    enough = 0 < keep < 1 and (len(counts) - 1) * -math.log(max(keep, 1 - keep)) > LOG_ODDS
    if enough and (counts == counts[0]).all():
        return Failed("all examples share their masks; each needs its own", 302.0)
    if not is_likely(int(counts.sum()), len(counts) * samples, keep):
        found_share = float(counts.sum() / (len(counts) * samples))
        return Failed("units are not kept with their probability", 400 + found_share, 0.1)
    if 0 < keep < 1 and samples >= 5 and len(counts) >= 100:
        ratio = float(np.mean((counts - samples * keep) ** 2) / (samples * keep * (1 - keep)))
        if unlike_chi_square(ratio, len(counts)):
            return Failed("the passes of an example go together; draw fresh masks for each", 303.0)
    wanted = np.abs(gap) * np.sqrt(counts * (samples - counts))[:, None] / samples
    if np.abs(std - wanted).max() > tolerance:
        ratio = float(np.sum(std * wanted) / max(float(np.sum(wanted**2)), 1e-300))
        fits = np.allclose(std, ratio * wanted, rtol=1e-3, atol=1e-6)
        measure = 500 + 10 * squeezed(ratio) if fits else 600.0
        return Failed(f"result[1] is not the standard deviation of the {samples} probabilities", measure, 1e-2)
    return None
