"""A gradient against the slopes of the student's own forward pass."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..codec import StandIn
from ..compare import kind_of
from .evidence import Evidence, Failed, Floats, failure, part_at, register, squeezed


@register
def slopes_match(
    evidence: Evidence,
    backward: int,
    pairs: Sequence[tuple[int, int]],
    gradients: Sequence[tuple[int, Sequence[int | str]]],
    y: Any = None,
    weights: Any = None,
    base: int = 0,
    output: Sequence[int | str] = (0,),
    rtol: float = 1e-4,
    atol: float = 1e-7,
) -> Failed | None:
    """What a backward pass returned is the gradient of the student's own forward pass, by its own values.

    The call ``base`` is the forward pass; each pair of calls repeats it with an argument moved a little one way and
    the other (all with generators of the same seed), and so tells a slope. ``gradients`` says for positions of
    arguments where in the result of the call ``backward`` their gradients are. The cost is the mean cross-entropy of
    the result at ``output`` with the labels ``y``, or its entries' sum, weighted by ``weights``.

    Both one-sided slopes are taken, and the gradient may lie between them: a ReLU's kink is no mistake.
    """

    def cost(call: int) -> float:
        values = part_at(evidence.value(call), output)
        return _cross_entropy(values, y) if y is not None else float((np.asarray(values) * weights).sum())

    names: list[str] = []
    claimed: dict[str, list[float]] = {}
    slopes: dict[str, list[tuple[float, float]]] = {}
    here = cost(base)
    for plus, minus in pairs:
        name, directions = _moved(evidence, base, plus, gradients)
        if name not in names:
            names.append(name)
        result, total, length = evidence.value(backward), 0.0, 0.0
        for path, step in directions:
            gradient = part_at(result, path)
            if not isinstance(gradient, np.ndarray | np.generic | float | int):
                return replace(
                    failure("wrong_type", f"{_at(path)} is {kind_of(gradient)}, expected an array"), call=backward
                )
            if np.shape(gradient) != np.shape(step):
                words = f"{_at(path)} has the shape {np.shape(gradient)}, expected the shape {np.shape(step)}"
                return replace(failure("wrong_shape", words), call=backward)
            total += float((np.asarray(gradient, dtype=np.float64) * step).sum())
            length += float((step**2).sum())
        length = math.sqrt(length)
        claimed.setdefault(name, []).append(total / length)
        slopes.setdefault(name, []).append(((cost(plus) - here) / length, (here - cost(minus)) / length))
    seeded = any(isinstance(a, StandIn) and a.name == "rng" for a in evidence.calls[base].args)
    return _wrong_slopes(names, claimed, slopes, rtol, atol, backward, " with the same seed" if seeded else "")


def _cross_entropy(logits: Any, y: Any) -> float:
    z = np.asarray(logits, dtype=np.float64)
    z = z - z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), y]))


def _at(path: Sequence[int | str]) -> str:
    return "result" + "".join(f"[{step!r}]" for step in path)


def _moved(
    evidence: Evidence, base: int, other: int, gradients: Sequence[tuple[int, Sequence[int | str]]]
) -> tuple[str, list[tuple[list[int | str], Floats]]]:
    """What a call moved against the base call: its name, and each array's place in the gradients and its step."""
    found: list[tuple[list[int | str], Floats]] = []
    for position, path in gradients:
        old, new = evidence.calls[base].args[position], evidence.calls[other].args[position]
        parts = [([*path, k], old[k], new[k]) for k in old] if isinstance(old, dict) else [([*path], old, new)]
        for place, a, b in parts:
            step = np.asarray(b, dtype=np.float64) - np.asarray(a, dtype=np.float64)
            if step.any():
                found.append((place, step))
    return ", ".join(_at(place) for place, _ in found), found


def _wrong_slopes(
    names: Sequence[str],
    claimed: dict[str, list[float]],
    slopes: dict[str, list[tuple[float, float]]],
    rtol: float,
    atol: float,
    backward: int,
    seed: str,
) -> Failed | None:
    """The first gradient that does not fit its slopes; which ones do not, and by what factor, is the measure."""
    wrong, pattern = "", 0
    for i, name in enumerate(names):
        for got, (right, left) in zip(claimed[name], slopes[name], strict=True):
            slack = atol + rtol * max(abs(got), abs(right), abs(left))
            if not min(right, left) - slack <= got <= max(right, left) + slack:
                wrong, pattern = wrong or name, pattern | 1 << i
                break
    if not wrong:
        return None
    g, s = np.array(claimed[wrong]), np.array([(right + left) / 2 for right, left in slopes[wrong]])
    ratio = float(g @ s / max(float(s @ s), 1e-300))
    alike = bool(np.abs(g - ratio * s).max() <= 1e-3 * np.abs(s).max())
    words = f": it is {ratio:.3g} times that slope" if alike and len(g) > 1 else ""
    message = f"{wrong} is not the slope of the cost that your own forward pass gives{seed}{words}"
    return Failed(message, pattern + (squeezed(ratio) * 0.5 if alike else 0.75), 0.002, call=backward)
