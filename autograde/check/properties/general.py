"""Properties of form and of plain values."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..cases import Outcome
from ..compare import compare, is_single, kind_of
from .evidence import Evidence, Failed, argument, failure, register, squeezed


@register
def has_shapes(evidence: Evidence, shapes: dict[str, tuple[int, ...]], call: int = 0) -> Failed | None:
    """The result is a dict with exactly these keys, holding finite arrays of these shapes."""
    value = evidence.value(call)
    if not isinstance(value, dict):
        return failure(
            "wrong_type", f"the result is {kind_of(value)}, expected a dict with the keys {', '.join(shapes)}"
        )
    for key in shapes:
        if key not in value:
            return failure("wrong_shape", f"the key {key!r} is missing from the result")
    for key in value:
        if key not in shapes:
            return failure("wrong_shape", f"the result has the key {key!r:.40}, which does not belong there")
    for key, shape in shapes.items():
        found = has_shape(Evidence(evidence.calls, (Outcome(value[key]),)), shape, name=f"result[{key!r}]")
        if found:
            return found
    return None


@register
def has_shape(evidence: Evidence, shape: tuple[int, ...], call: int = 0, name: str = "the result") -> Failed | None:
    """The result is an array of this shape with finite numbers only."""
    value = evidence.value(call)
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf":
        return failure("wrong_type", f"{name} is {kind_of(value)}, expected an array of shape {tuple(shape)}")
    if value.shape != tuple(shape):
        return failure("wrong_shape", f"{name} has the shape {value.shape}, expected the shape {tuple(shape)}")
    if not np.isfinite(value).all():
        return failure("nan", f"{name} holds nan or infinity")
    return None


@register
def same_results(evidence: Evidence, first: int = 0, second: int = 1) -> Failed | None:
    """Two calls with generators of the same seed return the same (but for rounding)."""
    if compare(evidence.value(first), evidence.value(second), rtol=1e-9, atol=1e-12):
        return Failed("two calls with generators of the same seed gave different results; draw only from rng")
    return None


@register
def different_results(evidence: Evidence, first: int = 0, second: int = 1, keys: Sequence[str] = ()) -> Failed | None:
    """Two calls with generators of different seeds return different numbers, under each of ``keys`` if given."""
    a, b = evidence.value(first), evidence.value(second)
    pairs = [(f"result[{k!r}]", a[k], b[k]) for k in keys] if keys else [("result", a, b)]
    for i, (name, one, other) in enumerate(pairs):
        if compare(one, other, rtol=1e-9, atol=1e-12) is None:
            still = float(np.mean(np.asarray(one) == 0)) if isinstance(one, np.ndarray) else 0.0
            return Failed(
                f"generators with different seeds gave the same {name}; draw it from rng, and make no new generator",
                i + still / 2,
            )
    return None


@register
def zeros(evidence: Evidence, keys: Sequence[str], call: int = 0) -> Failed | None:
    """The arrays under these keys hold zeros only."""
    for key in keys:
        if np.any(evidence.value(call)[key] != 0):
            return failure("wrong_value", f"result[{key!r}] is not zero everywhere")
    return None


@register
def number_above(evidence: Evidence, bound: float, call: int = 0) -> Failed | None:
    """The result is a single real number above ``bound``; infinity is."""
    value = evidence.value(call)
    if isinstance(value, np.ndarray) and value.ndim:
        return failure("wrong_shape", f"the result is {kind_of(value)}, expected a single number")
    if not isinstance(value, np.ndarray | np.generic | int | float) or np.asarray(value).dtype.kind not in "iuf":
        return failure("wrong_type", f"the result is {kind_of(value)}, expected a number")
    number = float(value)
    if math.isnan(number):
        return failure("nan", f"the result is nan, expected inf or a number above {bound:g}")
    if number > bound:
        return None
    # A rounding error's size says nothing, so all negative numbers are one mistake.
    return Failed(f"the result is {number:.6g}, expected inf or a number above {bound:g}", max(number, -1.0))


@register
def product_of_argument(
    evidence: Evidence, name: str = "A", position: int = 0, product: int = 0, factor: int = 1, call: int = 0
) -> Failed | None:
    """One item of the result is an argument times another item of the result, entry by entry."""
    value = evidence.value(call)
    if not isinstance(value, tuple) or len(value) != 2:
        return failure("wrong_type", f"the result is {kind_of(value)}, expected a tuple of 2 items")
    given = np.asarray(argument(evidence.calls[call], position, name))
    for i in (product, factor):
        found = has_shape(Evidence(evidence.calls, (Outcome(value[i]),)), given.shape, name=f"result[{i}]")
        if found:
            return found
    single = is_single(given)
    wanted = given * np.asarray(value[factor], dtype=np.float64)
    close = compare(wanted, value[product], rtol=1e-3 if single else 1e-6, atol=1e-5 if single else 1e-8)
    if close is None:
        return None
    got = np.asarray(value[product], dtype=np.float64)
    ratio = float(np.sum(got * wanted) / max(np.sum(wanted**2), 1e-300))
    same = bool(np.allclose(got, ratio * wanted, rtol=1e-3, atol=1e-8))
    message = f"result[{product}] is not {name} times result[{factor}], entry by entry"
    return Failed(message, squeezed(ratio) if same else 2.0, 1e-3)


@register
def components_sorted(
    evidence: Evidence, components: Sequence[tuple[str, tuple[int, ...], float]], k: int, call: int = 0
) -> Failed | None:
    """The result lists the ``k`` components of the largest size, ``(key, index, size)`` each, largest first.

    ``components`` are all there are, sizes of floating point without rounding. Those of one size may come in any
    order, and where ``k`` cuts through them, any of them; none comes twice.
    """
    value = evidence.value(call)
    count = min(k, len(components))
    if not isinstance(value, list):
        return failure("wrong_type", f"the result is {kind_of(value)}, expected a list")
    if len(value) != count:
        return failure("wrong_shape", f"the result has {len(value)} items, expected {count}")
    left = list(components)
    for i, (_, _, size) in enumerate(sorted(components, key=lambda c: -c[2])[:count]):
        got, tied = value[i], [c for c in left if c[2] == size]
        found = next((c for c in tied if compare(c, got) is None), None)
        if found is None:
            if any(compare(c, got) is None for c in components if c[2] == size):
                return failure("wrong_value", f"result[{i}] is a component that came before")
            differences = [d for c in tied if (d := compare(c, got, path=f"[{i}]"))]
            form = [d for d in differences if len(tied) == 1 or d.kind in ("wrong_type", "wrong_shape")]
            if form:
                return failure(form[0].kind, form[0].message)
            return failure("wrong_value", f"result[{i}] is none of the components of the size {size:g}")
        left.remove(found)
    return None
