"""Named properties of random results. Each looks at a case's calls and what they returned.

Bounds are set so that a right answer fails less than once in 10⁹ (6.5 standard errors or more). A property that
fails measures *how* wrong the result is; two answers with the same mistake have about the same measure, and that is
how a known mistake is recognised.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cases import Call, Outcome
from .codec import StandIn
from .compare import compare, kind_of
from .standins import build

#: Standard errors that a right answer stays within, but for once in 10⁹.
Z = 6.5
#: Bounds that follow from an inequality exp(-x) use this x: once in 10¹¹.
LOG_ODDS = 25.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Failed:
    """Why a property does not hold. ``measure`` is how wrong, ``spread`` how much that varies by chance."""

    message: str
    measure: float | None = None
    spread: float = 0.0
    kind: str = "wrong_value"
    call: int = 0


@dataclass(frozen=True)
class Evidence:
    """What a property may look at: the calls of a case and their outcomes, in the same order."""

    calls: tuple[Call, ...]
    outcomes: tuple[Outcome, ...]

    def value(self, call: int = 0) -> Any:
        """What the call with this index returned."""
        return self.outcomes[call].value


PropertyFunction = Callable[..., Failed | None]
_PROPERTIES: dict[str, PropertyFunction] = {}


def _property(function: PropertyFunction) -> PropertyFunction:
    _PROPERTIES[function.__name__] = function
    return function


def evaluate(name: str, params: dict[str, Any], evidence: Evidence) -> Failed | None:
    """Evaluate the property called ``name``; ``ValueError`` when there is none."""
    if name not in _PROPERTIES:
        raise ValueError(f"no property is called {name!r}; known: {', '.join(sorted(_PROPERTIES))}")
    return _PROPERTIES[name](evidence, **params)


def _diff(message_kind: str, message: str) -> Failed:
    """A failure without a size; its words serve as the measure, so that the same failure is known again."""
    return Failed(message, float(zlib.crc32(message.encode())), kind=message_kind)


@_property
def has_shapes(evidence: Evidence, shapes: dict[str, tuple[int, ...]], call: int = 0) -> Failed | None:
    """The result is a dict with exactly these keys, holding finite arrays of these shapes."""
    value = evidence.value(call)
    if not isinstance(value, dict):
        return _diff("wrong_type", f"the result is {kind_of(value)}, expected a dict with the keys {', '.join(shapes)}")
    for key in shapes:
        if key not in value:
            return _diff("wrong_shape", f"the key {key!r} is missing from the result")
    for key in value:
        if key not in shapes:
            return _diff("wrong_shape", f"the result has the key {key!r:.40}, which does not belong there")
    for key, shape in shapes.items():
        found = has_shape(Evidence(evidence.calls, (Outcome(value[key]),)), shape, name=f"result[{key!r}]")
        if found:
            return found
    return None


@_property
def has_shape(evidence: Evidence, shape: tuple[int, ...], call: int = 0, name: str = "the result") -> Failed | None:
    """The result is an array of this shape with finite numbers only."""
    value = evidence.value(call)
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf":
        return _diff("wrong_type", f"{name} is {kind_of(value)}, expected an array of shape {tuple(shape)}")
    if value.shape != tuple(shape):
        return _diff("wrong_shape", f"{name} has the shape {value.shape}, expected the shape {tuple(shape)}")
    if not np.isfinite(value).all():
        return _diff("nan", f"{name} holds nan or infinity")
    return None


@_property
def same_results(evidence: Evidence, first: int = 0, second: int = 1) -> Failed | None:
    """Two calls with generators of the same seed return the same (but for rounding)."""
    if compare(evidence.value(first), evidence.value(second), rtol=1e-9, atol=1e-12):
        return Failed("two calls with generators of the same seed gave different results; draw only from rng")
    return None


@_property
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


@_property
def zeros(evidence: Evidence, keys: Sequence[str], call: int = 0) -> Failed | None:
    """The arrays under these keys hold zeros only."""
    for key in keys:
        if np.any(evidence.value(call)[key] != 0):
            return _diff("wrong_value", f"result[{key!r}] is not zero everywhere")
    return None


def _standardised(evidence: Evidence, call: int, scales: dict[str, float]) -> dict[str, Floats]:
    """Each key's array divided by its scale."""
    value = evidence.value(call)
    return {key: np.asarray(value[key], dtype=np.float64) / scale for key, scale in scales.items()}


def _chi_square_band(count: int) -> tuple[float, float]:
    """Bounds of the mean of ``count`` squared standard normals (Laurent and Massart 2000, lemma 1)."""
    x = LOG_ODDS / count
    return max(0.0, 1 - 2 * math.sqrt(x)), 1 + 2 * math.sqrt(x) + 2 * x


def _at_key(index: int, size: float) -> float:
    """One number for where (which key) and how much: the index plus ``size`` squeezed into 0…1."""
    return index + size / (1 + size) if math.isfinite(size) else index + 1.0


@_property
def centred(evidence: Evidence, keys: Sequence[str], calls: Sequence[int] = (0,)) -> Failed | None:
    """The entries under each key have the mean zero, by their own spread.

    Bounds the mean over the root mean square, which holds for every symmetric distribution (Efron 1969).
    """
    for call in calls:
        for i, key in enumerate(keys):
            w = np.asarray(evidence.value(call)[key], dtype=np.float64)
            with np.errstate(over="ignore"):
                rms = math.sqrt(float(np.mean(w**2)))
            if rms and abs(share := float(w.mean()) / rms) > math.sqrt(2 * LOG_ODDS / w.size):
                where = "above" if share > 0 else "below"
                return Failed(
                    f"the mean of result[{key!r}] is {abs(share):.2f} standard deviations {where} zero, expected zero",
                    i + share,
                    2 * Z / math.sqrt(w.size),
                )
    return None


@_property
def spread_is(evidence: Evidence, stds: dict[str, float], calls: Sequence[int] = (0,)) -> Failed | None:
    """The entries under each key have this standard deviation around zero, alone and all keys and calls together.

    Holds for normal entries and for all with lighter tails, uniform ones among them.
    """
    every: list[Floats] = []
    for call in calls:
        for i, (key, w) in enumerate(_standardised(evidence, call, stds).items()):
            found = _wrong_spread(w, f"result[{key!r}]", i)
            if found:
                return found
            every.append(w.ravel())
    return _wrong_spread(np.concatenate(every), "the weights, all layers together,", len(stds))


def _wrong_spread(w: Floats, name: str, index: int) -> Failed | None:
    with np.errstate(over="ignore"):
        mean_square = float(np.mean(w**2))
    low, high = _chi_square_band(w.size)
    if low <= mean_square <= high:
        return None
    ratio = math.sqrt(mean_square)
    return Failed(
        f"the standard deviation of {name} is {ratio:.3g} times what it should be",
        _at_key(index, ratio),
        2 * Z / math.sqrt(2 * w.size) * ratio / (1 + ratio) ** 2 if math.isfinite(ratio) else 0.0,
    )


@_property
def normal_shape(evidence: Evidence, stds: dict[str, float], calls: Sequence[int] = (0,)) -> Failed | None:
    """The entries, each key's divided by its standard deviation, look drawn from a normal distribution.

    The greatest gap between their shares and the normal's (Massart's bound), and the share beyond three.
    """
    z = _pooled(evidence, stds, calls)
    grid = np.linspace(-4, 4, 161)
    normal = np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in grid])
    found = _wrong_shape_of(z, grid, normal, "normal")
    if found:
        return found
    beyond, expected = int((np.abs(z) > 3).sum()), z.size * math.erfc(3 / math.sqrt(2))
    if beyond < expected - math.sqrt(2 * LOG_ODDS * expected):
        return Failed(
            "the weights never go far from zero; a normal distribution has 3 in 1000 beyond three standard deviations",
            beyond / expected,
            Z / math.sqrt(expected),
        )
    if np.abs(z).max() > 9:
        return Failed("some weights are more than nine standard deviations away from zero")
    return None


@_property
def uniform_shape(evidence: Evidence, limits: dict[str, float], calls: Sequence[int] = (0,)) -> Failed | None:
    """The entries are spread evenly over ± each key's limit, and reach it."""
    for call in calls:
        for i, (key, w) in enumerate(_standardised(evidence, call, limits).items()):
            largest = float(np.abs(w).max())
            if largest > 1 + 1e-5 or (w.size > LOG_ODDS and largest < 1 - LOG_ODDS / w.size):
                return Failed(
                    f"the largest entry of result[{key!r}] is {largest:.3g} times the limit",
                    _at_key(i, largest),
                    0.05 if largest > 1.2 else 0.01,
                )
    grid = np.linspace(-1, 1, 161)
    return _wrong_shape_of(_pooled(evidence, limits, calls), grid, (grid + 1) / 2, "uniform")


def _pooled(evidence: Evidence, scales: dict[str, float], calls: Sequence[int]) -> Floats:
    parts = [w.ravel() for call in calls for w in _standardised(evidence, call, scales).values()]
    return np.concatenate(parts)


def _wrong_shape_of(z: Floats, grid: Floats, wanted: Floats, name: str) -> Failed | None:
    """Compare the shares of ``z`` up to each point of ``grid`` with the wanted ones (Dvoretzky, Kiefer, Wolfowitz)."""
    gap = float(np.abs(np.searchsorted(np.sort(z), grid, side="right") / z.size - wanted).max())
    if gap <= math.sqrt(LOG_ODDS / (2 * z.size)):
        return None
    return Failed(f"the weights do not follow a {name} distribution", gap, Z / math.sqrt(z.size))


@_property
def independent_entries(evidence: Evidence, stds: dict[str, float], calls: Sequence[int] = (0,)) -> Failed | None:
    """No entry repeats another, in its layer or in another one, and no rows or columns go together.

    The second part bounds the singular values of a matrix of independent entries of variance 1 by
    ``sqrt(rows) ± sqrt(columns) ± 7.5`` (Davidson and Szarek 2001).
    """
    for call in calls:
        layers = _standardised(evidence, call, stds)
        z = np.sort(np.abs(np.concatenate([w.ravel() for w in layers.values()])))
        repeated = float((np.diff(z) <= 1e-7 * np.maximum(z[1:], 1)).mean()) if z.size >= 100 else 0.0
        if repeated > 0.02:
            return Failed(
                "the same numbers come back, in one layer or from layer to layer; draw every weight anew from rng",
                repeated,
                0.05,
            )
        for i, (key, w) in enumerate(layers.items()):
            singular = np.linalg.svd(w, compute_uv=False)
            rows, columns = math.sqrt(w.shape[0]), math.sqrt(w.shape[1])
            share = float(singular[0]) / (rows + columns)
            if singular[0] > rows + columns + 7.5 or singular[-1] < abs(rows - columns) - 7.5:
                message = f"the rows or columns of result[{key!r}] go together; draw every weight by itself"
                return Failed(message, _at_key(i, share), 0.02)
            if singular[0] < 0.98 * (rows + columns) - 7.5:
                message = f"the entries of result[{key!r}] depend on each other; draw every weight by itself"
                return Failed(message, 100 + _at_key(i, share), 0.02)
    return None


@_property
def orthonormal(
    evidence: Evidence, call: int = 0, keys: Sequence[str] = (), up_to_scale: bool = False
) -> Failed | None:
    """Orthonormal columns; rows where there are fewer of them. ``up_to_scale``: all of one length, whichever.

    Looks at the result itself, or at the arrays under ``keys``.
    """
    value = evidence.value(call)
    for i, key in enumerate(keys or [""]):
        name = f"result[{key!r}]" if key else "the result"
        w = np.asarray(value[key] if key else value, dtype=np.float64)
        single = (value[key] if key else value).dtype.itemsize < 8
        line = "columns" if w.shape[0] >= w.shape[1] else "rows"
        gram = w.T @ w if line == "columns" else w @ w.T
        squares = np.diag(gram).copy()
        scale = float(squares.mean())
        if scale <= 0:
            return _diff("wrong_value", f"{name} is zero everywhere")
        found = _not_orthonormal(gram, squares, name, line, None if up_to_scale else 1.0, 1e-3 if single else 1e-6, i)
        if found:
            return found
    return None


def _not_orthonormal(
    gram: Floats, squares: Floats, name: str, line: str, length: float | None, tolerance: float, index: int
) -> Failed | None:
    scale = float(squares.mean()) if length is None else length
    uneven = float(np.abs(squares / squares.mean() - 1).max()) > tolerance
    products = gram / np.sqrt(np.outer(squares, squares)) - np.eye(len(squares))
    cosine = float(np.sqrt((products**2).mean()))
    if float(np.abs(products).max()) > tolerance:
        message = f"the {line} of {name} are not orthogonal: the product of two different ones is not 0"
        return Failed(message, 10 * index + 1 + cosine, 0.5 * cosine)
    if uneven:
        return Failed(f"the {line} of {name} differ in length, expected one length for all", 10 * index + 3.0)
    if abs(float(squares.mean()) / scale - 1) > tolerance:
        found = math.sqrt(float(squares.mean()))
        return Failed(f"the {line} of {name} have the length {found:.4g}, expected 1", 10 * index + 4 + found, 0.01)
    return None


@_property
def unit_preactivations(evidence: Evidence, X: int = 1, tol: float = 0.05, call: int = 0) -> Failed | None:
    """In a ReLU network with the returned parameters, every layer's pre-activations have a variance within tol of 1.

    ``X`` is the position of the inputs among the call's arguments.
    """
    params = evidence.value(call)
    given = evidence.calls[call]
    inputs = given.args[X] if len(given.args) > X else given.kwargs["X"]
    single = any(w.dtype.itemsize < 8 for w in (*params.values(), inputs))
    slack, a = 1e-3 if single else 1e-9, np.asarray(inputs, dtype=np.float64)
    for layer in range(1, len(params) // 2 + 1):
        z = a @ params[f"W{layer}"] + params[f"b{layer}"]
        variance = float(z.var())
        if not abs(variance - 1) <= tol + slack:
            return Failed(
                f"the pre-activations of layer {layer} have the variance {variance:.3g}, expected 1 within tol",
                _at_key(layer, variance),
                0.04,
            )
        a = np.maximum(z, 0)
    return None


@_property
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
        return _diff("wrong_type", f"the result is {kind_of(value)}, expected a list")
    if len(value) != count:
        return _diff("wrong_shape", f"the result has {len(value)} items, expected {count}")
    left = list(components)
    for i, (_, _, size) in enumerate(sorted(components, key=lambda c: -c[2])[:count]):
        got, tied = value[i], [c for c in left if c[2] == size]
        found = next((c for c in tied if compare(c, got) is None), None)
        if found is None:
            if any(compare(c, got) is None for c in components if c[2] == size):
                return _diff("wrong_value", f"result[{i}] is a component that came before")
            differences = [d for c in tied if (d := compare(c, got, path=f"[{i}]"))]
            form = [d for d in differences if len(tied) == 1 or d.kind in ("wrong_type", "wrong_shape")]
            if form:
                return _diff(form[0].kind, form[0].message)
            return _diff("wrong_value", f"result[{i}] is none of the components of the size {size:g}")
        left.remove(found)
    return None


# --- dropout: masks, passes with fresh masks, and gradients of what is random ----------------------------------------


def _argument(call: Call, position: int, name: str) -> Any:
    """An argument of a call by its position or its name, built where it is a stand-in."""
    value = call.args[position] if len(call.args) > position else call.kwargs[name]
    return build(value) if isinstance(value, StandIn) else value


def _part(value: Any, path: Sequence[int | str]) -> Any:
    for step in path:
        value = value[step]
    return value


def _kl_bound(hits: int, count: int, p: float, log_odds: float = LOG_ODDS) -> bool:
    """Whether ``hits`` of ``count`` independent trials of probability ``p`` are within Chernoff's bound of exp(-x)."""
    q = hits / count
    divergence = sum(a * math.log(a / b) for a, b in ((q, p), (1 - q, 1 - p)) if a > 0 and b > 0)
    impossible = (p in (0, 1)) and q != p
    return not impossible and count * divergence <= log_odds


@_property
def product_of_argument(
    evidence: Evidence, name: str = "A", position: int = 0, product: int = 0, factor: int = 1, call: int = 0
) -> Failed | None:
    """One item of the result is an argument times another item of the result, entry by entry."""
    value = evidence.value(call)
    if not isinstance(value, tuple) or len(value) != 2:
        return _diff("wrong_type", f"the result is {kind_of(value)}, expected a tuple of 2 items")
    given = np.asarray(_argument(evidence.calls[call], position, name))
    for i in (product, factor):
        found = has_shape(Evidence(evidence.calls, (Outcome(value[i]),)), given.shape, name=f"result[{i}]")
        if found:
            return found
    single = given.dtype.itemsize < 8
    wanted = given * np.asarray(value[factor], dtype=np.float64)
    close = compare(wanted, value[product], rtol=1e-3 if single else 1e-6, atol=1e-5 if single else 1e-8)
    if close is None:
        return None
    got = np.asarray(value[product], dtype=np.float64)
    ratio = float(np.sum(got * wanted) / max(np.sum(wanted**2), 1e-300))
    same = bool(np.allclose(got, ratio * wanted, rtol=1e-3, atol=1e-8))
    message = f"result[{product}] is not {name} times result[{factor}], entry by entry"
    return Failed(message, _squeezed(ratio) if same else 2.0, 1e-3)


def _squeezed(ratio: float) -> float:
    """A ratio of 0 … ∞ as a number of 0 … 1."""
    return ratio / (1 + ratio) if math.isfinite(ratio) and ratio >= 0 else 1.0


@_property
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
        value = _part(evidence.value(call), path)
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf" or value.ndim != 2:
            return _diff("wrong_type", f"what should be an array of shape (m, n) is {kind_of(value)}")
        part = np.asarray(value, dtype=np.float64)
        ratios = (part[:, list(columns)] if columns else part) / (np.asarray(base) * scale)
        if not np.isfinite(ratios).all():
            return _diff("nan", "some entries are nan or infinity")
        masks.append(ratios)
    shown = [
        _wrong_mask(ratios, keep, 1e-3 if _single(evidence.calls[c]) else 1e-6)
        for ratios, c in zip(masks, calls, strict=True)
    ]
    return next((f for f in shown if f), None) or _alike(masks, keep)


def _single(call: Call) -> bool:
    """Whether an array among the arguments is of single precision."""
    return any(
        isinstance(v, np.ndarray) and v.dtype.kind == "f" and v.dtype.itemsize < 8
        for a in (*call.args, *call.kwargs.values())
        for v in (a.values() if isinstance(a, dict) else (a,))
    )


def _wrong_mask(ratios: Floats, keep: float, tolerance: float) -> Failed | None:
    """What is wrong with one array of entries that should be 0 and 1, or None."""
    kept = np.abs(ratios) > 1e-9
    share, size = float(kept.mean()), float(np.median(np.abs(ratios[kept]))) if kept.any() else 1.0
    spread = 2 * Z * math.sqrt(max(share * (1 - share), 1e-4) / ratios.size)
    measure = 100 * _squeezed(size) + share
    if np.abs(ratios[kept] - size).max(initial=0) > max(tolerance, tolerance * size):
        return Failed("the kept entries are not all scaled by the same factor", 500.0)
    if abs(size - 1) > tolerance:
        return Failed(f"the kept entries are {size:.3g} times what they should be", measure, spread)
    if keep < 1 and 0 < share < 1 and min(kept.shape) > 1:
        if (kept == kept[:1]).all():
            return Failed("the same units are dropped for every example; each example needs its own", 601.0)
        if (kept == kept[:, :1]).all():
            return Failed("each example is kept or dropped as a whole; each of its units needs its own draw", 602.0)
    if not _kl_bound(int(kept.sum()), kept.size, keep):
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
        if _unlike_chi_square(ratio, number):
            how = "evenly" if ratio < 1 else "unevenly"
            message = f"the numbers of kept entries of the {lines} vary too {how}; draw every entry by itself"
            return Failed(message, 700 + 10 * axis + _squeezed(ratio), 0.05 if ratio < 0.2 or ratio > 5 else 0.1)
    both = keep**2 + (1 - keep) ** 2
    for axis, line in ((0, "examples"), (1, "units")):
        mask = (kept if axis == 0 else kept.T).astype(np.float64)
        number, length = mask.shape
        if number > 400:
            continue
        agreement = mask @ mask.T + (1 - mask) @ (1 - mask).T
        np.fill_diagonal(agreement, round(both * length))
        pairs = number * (number - 1) / 2
        if pairs and not _kl_bound(int(agreement.max()), length, both, LOG_ODDS + math.log(pairs)):
            return Failed(f"two {line} have the same mask; draw every entry by itself", 800.0 + axis)
    return None


def _unlike_chi_square(mean_square: float, number: int) -> bool:
    """Whether the mean of ``number`` squared standard deviations is too small or too large for chance.

    Chernoff's bound for chi-square, with half as much again for counts, which are not quite normal.
    """
    return number / 2 * (mean_square - 1 - math.log(max(mean_square, 1e-300))) > 1.5 * LOG_ODDS


def _alike(masks: list[Floats], keep: float) -> Failed | None:
    """Whether two of the calls have the same mask, or all of them keep the same number."""
    if keep == 1 or len(masks) < 2:
        return None
    kept = [np.abs(ratios) > 0.5 for ratios in masks]
    both = keep**2 + (1 - keep) ** 2
    for i, one in enumerate(kept):
        for other in kept[:i]:
            if not _kl_bound(int((one == other).sum()), one.size, both, LOG_ODDS + 2 * math.log(len(kept))):
                return Failed("two calls have the same mask, or nearly; draw a fresh one every time", 900.0)
    if len({int(one.sum()) for one in kept}) == 1 and len(kept) >= 10:
        return Failed("every mask keeps exactly the same number of units; draw every entry by itself", 901.0)
    return None


@_property
def counts_of_passes(evidence: Evidence, kept: Any, dropped: Any, keep: float, samples: int) -> Failed | None:
    """The result is the mean and the standard deviation of ``samples`` rows, each one ``kept`` or ``dropped``.

    ``kept`` and ``dropped`` are ``(m, k)``; a row's passes are independent and each is ``kept`` with probability
    ``keep``. The mean tells how many were, and with it the standard deviation (ddof 0) is known.
    """
    value = evidence.value()
    if not isinstance(value, tuple) or len(value) != 2:
        return _diff("wrong_type", f"the result is {kind_of(value)}, expected a tuple of 2 items")
    for i in (0, 1):
        found = has_shape(Evidence(evidence.calls, (Outcome(value[i]),)), np.shape(kept), name=f"result[{i}]")
        if found:
            return found
    mean, std = (np.asarray(v, dtype=np.float64) for v in value)
    kept, dropped = np.asarray(kept), np.asarray(dropped)
    tolerance = 1e-3 if _single(evidence.calls[0]) else 1e-6
    if np.abs(mean.sum(axis=1) - 1).max() > tolerance:
        size = float(np.abs(mean.sum(axis=1) - 1).mean())
        return Failed("the rows of result[0] do not add up to 1: they are no probabilities", 100 + _squeezed(size), 0.1)
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
    if not _kl_bound(int(counts.sum()), len(counts) * samples, keep):
        found_share = float(counts.sum() / (len(counts) * samples))
        return Failed("units are not kept with their probability", 400 + found_share, 0.1)
    if 0 < keep < 1 and samples >= 5 and len(counts) >= 100:
        ratio = float(np.mean((counts - samples * keep) ** 2) / (samples * keep * (1 - keep)))
        if _unlike_chi_square(ratio, len(counts)):
            return Failed("the passes of an example go together; draw fresh masks for each", 303.0)
    wanted = np.abs(gap) * np.sqrt(counts * (samples - counts))[:, None] / samples
    if np.abs(std - wanted).max() > tolerance:
        ratio = float(np.sum(std * wanted) / max(float(np.sum(wanted**2)), 1e-300))
        fits = np.allclose(std, ratio * wanted, rtol=1e-3, atol=1e-6)
        measure = 500 + 10 * _squeezed(ratio) if fits else 600.0
        return Failed(f"result[1] is not the standard deviation of the {samples} probabilities", measure, 1e-2)
    return None


def _cross_entropy(logits: Any, y: Any) -> float:
    z = np.asarray(logits, dtype=np.float64)
    z = z - z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), y]))


@_property
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
        values = _part(evidence.value(call), output)
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
            gradient = _part(result, path)
            if not isinstance(gradient, np.ndarray | np.generic | float | int):
                return replace(
                    _diff("wrong_type", f"{_at(path)} is {kind_of(gradient)}, expected an array"), call=backward
                )
            if np.shape(gradient) != np.shape(step):
                words = f"{_at(path)} has the shape {np.shape(gradient)}, expected the shape {np.shape(step)}"
                return replace(_diff("wrong_shape", words), call=backward)
            total += float((np.asarray(gradient, dtype=np.float64) * step).sum())
            length += float((step**2).sum())
        length = math.sqrt(length)
        claimed.setdefault(name, []).append(total / length)
        slopes.setdefault(name, []).append(((cost(plus) - here) / length, (here - cost(minus)) / length))
    return _wrong_slopes(names, claimed, slopes, rtol, atol, backward)


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
    message = f"{wrong} is not the slope of the cost that your own forward pass gives with the same seed{words}"
    return Failed(message, pattern + (_squeezed(ratio) * 0.5 if alike else 0.75), 0.002, call=backward)


# --- augmented images ------------------------------------------------------------------------------------------------


def _unlikely(share: float, wanted: float, count: int) -> bool:
    """Whether so far a share among ``count`` independent draws comes about less than once in 10¹⁰ (Chernoff)."""
    terms = [(share, wanted), (1 - share, 1 - wanted)]
    if any(s > 0 and w <= 0 for s, w in terms):
        return True
    return count * sum(s * math.log(s / w) for s, w in terms if s > 0) > LOG_ODDS


def _images(evidence: Evidence, position: int) -> list[tuple[Floats, Floats]] | Failed:
    """The images (m, h, w) that each call was given and those it returned, or what is wrong with their form."""
    pairs = []
    for call, made in enumerate(evidence.calls):
        given = np.asarray(made.args[position] if len(made.args) > position else made.kwargs["images"])
        found = has_shape(evidence, given.shape, call)
        if found:
            return found
        pairs.append((given.astype(np.float64), np.asarray(evidence.value(call), dtype=np.float64)))
    return pairs


def _equal_images(one: Floats, other: Floats) -> NDArray[np.bool_]:
    """Which images are the same in both, to single precision."""
    return np.asarray((np.abs(one - other) <= 1e-5 + 1e-3 * np.abs(one)).all(axis=(-2, -1)), dtype=np.bool_)


def _neighbours_go_together(draws: Sequence[NDArray[Any]], wanted: float) -> Failed | None:
    """Whether the draws of neighbours (first and second image, third and fourth, …) agree as often as by chance."""
    pairs = np.concatenate([d[: len(d) // 2 * 2].reshape(-1, 2) for d in draws])
    share = float((pairs[:, 0] == pairs[:, 1]).mean()) if len(pairs) else wanted
    if not _unlikely(share, wanted, len(pairs)):
        return None
    return Failed("neighbouring images go together; draw for each image by itself", 5 + share / 2, 0.05)


@_property
def mirrors_some(evidence: Evidence, p: float, images: int = 0) -> Failed | None:
    """Each image comes back as it was or mirrored left to right, the latter with probability ``p``, 0 < p < 1.

    Each image by itself: not all of a call together, and not a fixed number of them. ``images`` is the position of
    the images ``(m, h, w)`` among the arguments: all calls have the same m, the pixels of an image differ.
    """
    pairs = _images(evidence, images)
    if isinstance(pairs, Failed):
        return pairs
    draws: list[NDArray[np.bool_]] = []
    for given, got in pairs:
        draws.append(_equal_images(given[:, :, ::-1], got))
        strange: NDArray[np.bool_] = np.logical_not(draws[-1] | _equal_images(given, got))
        if strange.any():
            return _strange_mirror(given, got, strange)
    counts, m = np.array([int(d.sum()) for d in draws]), len(draws[0])
    share, usual = float(counts.mean()) / m, round(m * p)
    if set(counts.tolist()) == {0, m} and _unlikely(1.0, p**m + (1 - p) ** m, len(draws)):
        return Failed("in each call all images are mirrored or none; draw for each image by itself", 1.0)
    log_ways = math.lgamma(m + 1) - math.lgamma(usual + 1) - math.lgamma(m - usual + 1)
    likely = math.exp(log_ways + usual * math.log(p) + (m - usual) * math.log(1 - p))
    if (counts == usual).all() and _unlikely(1.0, likely, len(draws)):
        return Failed("the same number of images is mirrored in every call; draw for each image by itself", 2.0)
    if _unlikely(share, p, counts.size * m):
        spread = Z * math.sqrt(share * (1 - share) / (counts.size * m))
        return Failed(f"{share:.2f} of the images are mirrored, expected about {p:g}", 3 + share, spread)
    return _neighbours_go_together(draws, p**2 + (1 - p) ** 2)


def _strange_mirror(given: Floats, got: Floats, strange: NDArray[np.bool_]) -> Failed:
    """Why images are neither as they were nor mirrored."""
    which, odd = given[strange], got[strange]
    if _equal_images(which[:, ::-1], odd).any():
        return Failed("some images stand on their heads; a horizontal flip swaps left and right", 10.0)
    if _equal_images(which[:, ::-1, ::-1], odd).any():
        return Failed("some images are turned by half a circle; a horizontal flip swaps left and right", 11.0)
    if _equal_images(given, odd[0]).any() or _equal_images(given[:, :, ::-1], odd[0]).any():
        return Failed("images have changed places; each keeps its place, mirrored or not", 12.0)
    if np.allclose(np.sort(odd, axis=2), np.sort(which, axis=2), rtol=1e-3):
        return Failed("within one image some rows are mirrored and some are not; draw once for each image", 13.0)
    return Failed("some images are neither as they were nor mirrored", 14.0)


@_property
def shifts_each(evidence: Evidence, max_shift: int, images: int = 0) -> Failed | None:
    """Each image is moved along both axes by whole pixels, from -max_shift to max_shift, zeros where nothing moved in.

    All these moves are equally likely, the axes and the images independent. ``images`` is the position of the images
    ``(m, h, w)`` among the arguments: an image's pixels are positive and differ, max_shift is 1 or more and both sides
    are longer.
    """
    pairs = _images(evidence, images)
    if isinstance(pairs, Failed):
        return pairs
    moves: list[NDArray[np.intp]] = []
    for given, got in pairs:
        found = _moves(given, got, max_shift)
        if isinstance(found, Failed):
            return found
        moves.append(found)
    values = 2 * max_shift + 1
    return (
        _moved_alike(moves, values)
        or _uneven(np.concatenate(moves), max_shift)
        or _neighbours_go_together([v[:, 0] for v in moves], 1 / values)
        or _neighbours_go_together([v[:, 1] for v in moves], 1 / values)
    )


def _shifted(images: Floats, dy: int, dx: int) -> Floats:
    """The images moved down by ``dy`` and right by ``dx``, zeros moving in; both are smaller than the image."""
    h, w = images.shape[1:]
    moved = np.zeros_like(images)
    moved[:, max(dy, 0) : h + min(dy, 0), max(dx, 0) : w + min(dx, 0)] = images[
        :, max(-dy, 0) : h + min(-dy, 0), max(-dx, 0) : w + min(-dx, 0)
    ]
    return moved


def _moves(given: Floats, got: Floats, max_shift: int) -> NDArray[np.intp] | Failed:
    """How far each image was moved, (m, 2); or in what way one was not."""
    ways = [(dy, dx) for dy in range(-max_shift, max_shift + 1) for dx in range(-max_shift, max_shift + 1)]
    moves, known = np.zeros((len(given), 2), dtype=np.intp), np.zeros(len(given), dtype=bool)
    for way in ways:
        same = _equal_images(_shifted(given, *way), got)
        moves[same], known = way, known | same
    if known.all():
        return moves
    given, got = given[~known], got[~known]
    if any(_equal_images(np.roll(given, way, axis=(1, 2)), got).any() for way in ways):
        return Failed("what leaves an image on one side comes back on the other; fill with zeros", 20.0)
    inside = [_equal_images(_shifted(given, *way), got * _shifted(np.ones_like(given), *way)) for way in ways]
    if np.any(inside, axis=0).mean() > 0.5:
        return Failed("some images are moved, but the room that was left is not filled with zeros", 21.0)
    h, w = given.shape[1:]
    far = [(dy, dx) for dy in range(1 - h, h) for dx in range(1 - w, w)]
    if any(_equal_images(_shifted(given, *way), got).any() for way in far):
        return Failed("some images are moved by more than max_shift pixels", 22.0)
    return Failed("some images are not the given ones moved by whole pixels, with zeros moving in", 23.0)


def _moved_alike(moves: Sequence[NDArray[np.intp]], values: int) -> Failed | None:
    """Whether all images of a call were moved alike, or not at all, or along one axis only, and not by chance."""
    every = np.concatenate(moves)
    if not _unlikely(1.0, 1 / values, len(every) - len(moves)):
        return None
    if not every.any():
        return Failed("no image was moved", 30.0)
    for axis, way in enumerate(("up or down", "to the left or right")):
        if not every[:, axis].any():
            return Failed(f"no image was moved {way}; draw for both axes", 31.0 + axis)
    if all((call == call[0]).all() for call in moves):
        return Failed("all images are moved alike; draw for each image by itself", 33.0)
    return None


def _uneven(moves: NDArray[np.intp], max_shift: int) -> Failed | None:
    """Whether some moves are more likely than others, along one axis or of both together."""
    values, count = np.arange(-max_shift, max_shift + 1), len(moves)
    shares = np.array([[(moves[:, axis] == v).mean() for v in values] for axis in (0, 1)])
    if any(_unlikely(share, 1 / len(values), count) for share in shares.ravel()):
        missing = [int(v) for i, v in enumerate(values) if not shares[:, i].any()]
        if missing:
            words = ", ".join(f"{v:+d}" for v in missing)
            return Failed(f"no image was ever moved by {words}; every whole number has its turn", 40.0 + len(missing))
        ends = float(shares[:, [0, -1]].mean()) * len(values)
        return Failed("some shifts come up more often than others", 35 + ends / (1 + ends), 0.1)
    if (moves[:, 0] == moves[:, 1]).all() or (moves[:, 0] == -moves[:, 1]).all():
        return Failed("the shifts along the two axes are tied to each other; draw one for each axis", 36.0)
    for way in [(dy, dx) for dy in values for dx in values]:
        if _unlikely(float((moves == way).all(axis=1).mean()), len(values) ** -2.0, count):
            return Failed("the shifts along the two axes hang together; draw one for each axis", 37.0)
    return None


# --- input normalization: a number so large that its size says nothing, a whitening matrix ----------------------------


@_property
def number_above(evidence: Evidence, bound: float, call: int = 0) -> Failed | None:
    """The result is a single real number above ``bound``; infinity is."""
    value = evidence.value(call)
    if isinstance(value, np.ndarray) and value.ndim:
        return _diff("wrong_shape", f"the result is {kind_of(value)}, expected a single number")
    if not isinstance(value, np.ndarray | np.generic | int | float) or np.asarray(value).dtype.kind not in "iuf":
        return _diff("wrong_type", f"the result is {kind_of(value)}, expected a number")
    number = float(value)
    if math.isnan(number):
        return _diff("nan", f"the result is nan, expected inf or a number above {bound:g}")
    if number > bound:
        return None
    # A rounding error's size says nothing, so all negative numbers are one mistake.
    return Failed(f"the result is {number:.6g}, expected inf or a number above {bound:g}", max(number, -1.0))


@_property
def pca_whitener(evidence: Evidence, eps: float = 0.0, X: int = 0, call: int = 0) -> Failed | None:
    """The result is ``(mean, P)`` of the rows of an input ``X``, P as PCA whitening has it.

    P is ``(n, n)``; its columns are eigenvectors of the covariance of the inputs (over m), each divided by
    ``sqrt(eigenvalue + eps)``, in any order, with any signs, and in any basis where eigenvalues are equal.
    ``X`` is the position of the inputs among the call's arguments.
    """
    value, given = evidence.value(call), evidence.calls[call]
    inputs = given.args[X] if len(given.args) > X else given.kwargs["X"]
    if not isinstance(value, tuple) or len(value) != 2:
        return _diff("wrong_type", f"the result is {kind_of(value)}, expected the pair (mean, P)")
    mean, P = value
    single = any(getattr(part, "dtype", None) in (np.float32, np.float16) for part in (inputs, mean, P))
    tolerance = 1e-3 if single else 1e-6
    rows = np.asarray(inputs, dtype=np.float64)
    centred = rows - rows.mean(axis=0)
    n = rows.shape[1]
    if found := compare(rows.mean(axis=0), mean, rtol=tolerance, atol=1e-5 if single else 1e-8, path="[0]"):
        return _diff(found.kind, found.message)
    if found_shape := has_shape(Evidence(evidence.calls, (Outcome(P),)), (n, n), name="result[1]"):
        return found_shape
    return _not_whitening(np.asarray(P, dtype=np.float64), centred.T @ centred / len(rows), eps, tolerance)


def _not_whitening(P: Floats, covariance: Floats, eps: float, tolerance: float) -> Failed | None:
    """What keeps P from being ``V / sqrt(eigenvalue + eps)`` of this covariance; measures ignore order and signs."""
    lengths = np.linalg.norm(P, axis=0)
    if not lengths.all():
        return Failed("a column of result[1] is zero", float((lengths == 0).sum()))
    V = P / lengths
    largest = max(float(np.linalg.eigvalsh(covariance)[-1]), 1e-300)
    along = np.einsum("ij,ik,kj->j", V, covariance, V)  # the variance of the data along each column
    astray = np.linalg.norm(covariance @ V - V * along, axis=0) / largest
    if float(astray.max()) > tolerance:
        message = "the columns of result[1] are not eigenvectors of the covariance, but for a factor"
        return Failed(message, 10 + float(astray.sum()) + float((P**2).sum()))
    if float(np.linalg.svd(V, compute_uv=False)[-1]) < 1e-3:
        return Failed("the columns of result[1] do not span all directions: an eigenvector is there twice", 1.0)
    rounding = 1e-13 * largest / (along + eps)
    relative = lengths * np.sqrt(along + eps) - 1
    if (np.abs(relative) > tolerance + rounding).any():
        share = float(np.mean(lengths * np.sqrt(along + eps)))
        message = f"the columns of result[1] have the wrong lengths, on average {share:.4g} times what they should be"
        return Failed(message, 20 + math.log(share) + float(np.std(relative)))
    within = P.T @ covariance @ P
    across = np.abs(within - np.diag(np.diag(within))).max() if len(within) > 1 else 0.0
    if float(across) > 10 * tolerance:
        return Failed("features of the whitened data still go together: their covariance is not 0", 30 + float(across))
    return None


# --- splits and samples: which examples a random choice took ---------------------------------------------------------


@_property
def is_split(
    evidence: Evidence,
    sizes: Sequence[int],
    calls: Sequence[int] = (0,),
    names: Sequence[str] = ("train", "dev", "test"),
) -> Failed | None:
    """Each call returned ``(X_1, y_1, X_2, y_2, …)``: its examples in disjoint parts of these sizes, labels with rows.

    The order within a part is free. ``X`` and ``y`` are the call's first two arguments; ``X`` may have any axes.
    """
    for call in calls:
        found = _split(evidence, call, sizes, names)
        if isinstance(found, Failed):
            return found
    return None


@_property
def no_blocks(
    evidence: Evidence,
    sizes: Sequence[int],
    calls: Sequence[int] = (0,),
    names: Sequence[str] = ("train", "dev", "test"),
) -> Failed | None:
    """No part of a split is a block of neighbours in the order that X came in.

    Only for sizes of which chance makes blocks less than once in 10⁹. The rows of ``X`` must differ from each other.
    """
    for call in calls:
        parts = _split(evidence, call, sizes, names)
        if isinstance(parts, Failed):
            return parts
        blocks = [i for i, part in enumerate(parts) if part.size > 1 and np.ptp(part) == part.size - 1]
        if blocks:
            found = " and ".join(names[i] for i in blocks)
            return Failed(
                f"neighbours in X stay together: {found} is a block of X as it came; let a random permutation decide",
                float(sum(2**i for i in blocks)),
            )
    return None


@_property
def random_split(evidence: Evidence, sizes: Sequence[int], calls: Sequence[int]) -> Failed | None:
    """Over many generators, each example is in each part as often as the parts' sizes say, and so is each pair.

    The rows of ``X`` must differ from each other, and the calls must hold what ``is_split`` asks for.
    """
    names = [str(i) for i in range(len(sizes))]
    splits = [_split(evidence, call, sizes, names) for call in calls]
    for i, size in enumerate(sizes):
        chosen = np.zeros((len(splits), sum(sizes)), dtype=bool)
        for row, parts in zip(chosen, splits, strict=True):
            if isinstance(parts, Failed):
                return parts
            row[parts[i]] = True
        group = np.zeros(sum(sizes), dtype=np.intp)
        found = _not_random(chosen, group, np.array([size]), "which part an example goes to", i)
        if found:
            return found
    return None


def _split(evidence: Evidence, call: int, sizes: Sequence[int], names: Sequence[str]) -> list[Any] | Failed:
    """For each part the numbers of its examples, or what is wrong with the split."""
    value, given = evidence.value(call), evidence.calls[call]
    X, y = np.asarray(_argument(given, 0, "X")), np.asarray(_argument(given, 1, "y"))
    if not isinstance(value, tuple) or len(value) != 2 * len(sizes):
        return _diff("wrong_type", f"the result is {kind_of(value)}, expected a tuple of {2 * len(sizes)} arrays")
    found = _wrong_parts(value, X, y, sizes, names)
    if found:
        return found
    parts = [(value[2 * i], value[2 * i + 1]) for i, size in enumerate(sizes) if size]
    rows = np.concatenate([p.reshape(len(p), -1).astype(np.float64) for p, _ in parts])
    labels = np.concatenate([q.astype(np.float64) for _, q in parts])[:, np.newaxis]
    all_rows, all_labels = X.reshape(len(X), -1).astype(np.float64), y.astype(np.float64)[:, np.newaxis]
    of_row = _numbers_of(rows, all_rows)
    number = _numbers_of(np.hstack([rows, labels]), np.hstack([all_rows, all_labels]))
    if (of_row < 0).any():
        return _diff("wrong_value", "the result holds rows that are not rows of X")
    if (number < 0).any():
        share = float((number < 0).mean())
        if np.array_equal(labels, all_labels):
            return Failed("the rows of X moved and the labels kept their order: they no longer belong together", 1.0)
        if np.array_equal(rows, all_rows):
            return Failed("the labels moved and the rows of X kept their order: they no longer belong together", 2.0)
        return Failed("the labels no longer belong to the rows: X and y were shuffled apart", 3.0 + share, 1.0)
    expected = np.bincount(
        _numbers_of(np.hstack([all_rows, all_labels]), np.hstack([all_rows, all_labels])), minlength=len(X)
    )
    cuts = np.cumsum(sizes)[:-1]
    split = np.split(number, cuts)
    for i, name in enumerate(names):
        if (np.bincount(split[i], minlength=len(X)) > expected).any():
            return _diff("wrong_value", f"an example is in the {name} part more than once")
        for j in range(i):
            both = np.bincount(np.concatenate([split[j], split[i]]), minlength=len(X))
            if (both > expected).any():
                return _diff("wrong_value", f"an example is in the {names[j]} part and in the {name} part")
    if (np.bincount(number, minlength=len(X)) != expected).any():
        return _diff("wrong_value", "an example is in none of the parts")
    return split


def _wrong_parts(value: Any, X: Any, y: Any, sizes: Sequence[int], names: Sequence[str]) -> Failed | None:
    """What is wrong with the kinds and shapes of a split's parts."""
    for i, (part, name) in enumerate(zip(value, [f"{a}_{n}" for n in names for a in "Xy"], strict=True)):
        whole = X if i % 2 == 0 else y
        if not isinstance(part, np.ndarray) or not part.ndim or part.dtype.kind not in "biuf":
            return _diff("wrong_type", f"{name} is {kind_of(part)}, expected an array")
        if part.size and part.shape[1:] != whole.shape[1:]:
            expected = (len(part), *whole.shape[1:])
            return _diff("wrong_shape", f"{name} has the shape {part.shape}, expected {expected}")
        if part.size and i % 2 and whole.dtype.kind in "biu" and part.dtype.kind not in "biu":
            return _diff("wrong_type", f"{name} holds floating-point numbers, expected the labels as integers")
    for first, what in ((0, "rows"), (1, "labels")):
        got = [len(part) for part in value[first::2]]
        if got != list(sizes):
            counts = ", ".join(f"{g} in {n}" for g, n in zip(got, names, strict=True))
            wanted = ", ".join(map(str, sizes))
            return _diff("wrong_shape", f"the numbers of {what} are {counts}; expected {wanted}")
    return None


def _numbers_of(rows: Floats, whole: Floats) -> NDArray[np.intp]:
    """For each of ``rows`` the number of the first row of ``whole`` that equals it (within rounding), or -1."""
    close = np.ones((len(rows), len(whole)), dtype=bool)
    for a, b in zip(rows.T, whole.T, strict=True):
        close &= np.abs(a[:, np.newaxis] - b) <= 1e-8 + 1e-6 * np.abs(b)
    return np.where(close.any(axis=1), close.argmax(axis=1), -1)


@_property
def is_stratified(evidence: Evidence, counts: Sequence[Sequence[int]], calls: Sequence[int] = (0,)) -> Failed | None:
    """Each call returned different indices of its first argument ``y``: ``(label, so many of it)`` for every label."""
    for call in calls:
        found = _sample(evidence, call, counts)
        if isinstance(found, Failed):
            return found
    return None


@_property
def no_runs(evidence: Evidence, counts: Sequence[Sequence[int]], calls: Sequence[int] = (0,)) -> Failed | None:
    """No class of a stratified sample is a run of its neighbouring members, such as the first ones.

    Only for counts of which chance makes runs less than once in 10⁹.
    """
    for call in calls:
        sample, y = _sample(evidence, call, counts), np.asarray(_argument(evidence.calls[call], 0, "y"))
        if isinstance(sample, Failed):
            return sample
        for label, n in counts:
            taken = np.flatnonzero(np.isin(np.flatnonzero(y == label), sample))
            if n > 1 and np.ptp(taken) == n - 1:
                where = "first" if taken[0] == 0 else "neighbouring"
                return _diff("wrong_value", f"the sample holds the {where} examples of class {label}, not random ones")
    return None


@_property
def random_stratified(evidence: Evidence, counts: Sequence[Sequence[int]], calls: Sequence[int]) -> Failed | None:
    """Over many generators, all examples of a class are taken equally often, and so are all pairs.

    All calls have the same ``y`` and hold what ``is_stratified`` asks for.
    """
    y = np.asarray(_argument(evidence.calls[calls[0]], 0, "y"))
    group = np.searchsorted([label for label, _ in counts], y)
    chosen = np.zeros((len(calls), len(y)), dtype=bool)
    for row, call in zip(chosen, calls, strict=True):
        sample = _sample(evidence, call, counts)
        if isinstance(sample, Failed):
            return sample
        row[sample] = True
    return _not_random(chosen, group, np.array([n for _, n in counts]), "which examples of a class are taken", 0)


def _sample(evidence: Evidence, call: int, counts: Sequence[Sequence[int]]) -> Any:
    """The indices of a stratified sample, or what is wrong with it."""
    value, y = evidence.value(call), np.asarray(_argument(evidence.calls[call], 0, "y"))
    total = sum(n for _, n in counts)
    if not isinstance(value, np.ndarray) or value.ndim != 1 or (value.size and value.dtype.kind not in "iu"):
        found = "an array of bools" if isinstance(value, np.ndarray) and value.dtype.kind == "b" else kind_of(value)
        floats = " of floating-point numbers" if isinstance(value, np.ndarray) and value.dtype.kind == "f" else ""
        return _diff("wrong_type", f"the result is {found}{floats}, expected a 1-d array of integers, the indices")
    index = value.astype(np.int64)
    if index.size and (index.min() < 0 or index.max() >= len(y)):
        return _diff("wrong_value", f"the result holds indices outside 0 … {len(y) - 1}")
    taken = [int((y[index] == label).sum()) for label, _ in counts]
    if taken != [n for _, n in counts]:
        each = ", ".join(f"{t} of class {label} (expected {n})" for t, (label, n) in zip(taken, counts, strict=True))
        if sum(taken) == total:
            return Failed(f"the sample has the right size, but {each}", 1.0)
        return _diff("wrong_value", f"the sample holds {each}")
    if len(np.unique(index)) < len(index):
        return Failed("an index comes more than once: no example may be taken twice", 5.0)
    return index


def _not_random(
    chosen: NDArray[np.bool_], group: NDArray[np.intp], counts: NDArray[np.intp], what: str, index: int
) -> Failed | None:
    """Whether examples, or pairs of them, were chosen oddly often or seldom.

    ``chosen`` has a row per generator and a column per example. ``counts[g]`` of the examples with ``group == g`` are
    chosen each time. Bounds the binomial tails by exp(-n KL) (Chernoff 1952).
    """
    trials, m = chosen.shape
    members = np.bincount(group, minlength=len(counts))
    single = counts[group] / members[group]
    together = np.outer(single, single)
    within = counts * (counts - 1) / np.maximum(members * (members - 1), 1)
    same = group[:, np.newaxis] == group
    together[same] = np.broadcast_to(within[group][:, np.newaxis], (m, m))[same]
    hits = chosen.astype(np.float64)
    tests = m + m * (m - 1) / 2
    odd = _too_odd(hits.sum(axis=0), trials, single, tests)
    if odd.any():
        return Failed(f"{what} is not left to chance: some examples go there too often or too seldom", index + 0.25)
    pairs = np.triu(_too_odd(hits.T @ hits, trials, together, tests), 1)
    if pairs.any():
        return Failed(f"{what} is not independent: some examples go together too often or too seldom", index + 0.75)
    return None


def _too_odd(hits: Floats, trials: int, p: Floats, tests: float) -> NDArray[np.bool_]:
    q = hits / trials
    with np.errstate(divide="ignore", invalid="ignore"):
        divergence = np.where(q > 0, q * np.log(q / p), 0.0) + np.where(q < 1, (1 - q) * np.log((1 - q) / (1 - p)), 0.0)
    result: NDArray[np.bool_] = trials * np.nan_to_num(divergence, nan=0.0) > LOG_ODDS + math.log(tests)
    return result


# --- shuffled examples and mini-batches ------------------------------------------------------------------------------

#: What counts as chance for one of the many statistics of an order: once in 10¹³.
_ORDER_ODDS = 30.0


def _pair(value: Any, given: tuple[Any, Any], count: int | None, where: str, dtypes: bool) -> Failed | None:
    """Whether a value is a pair of arrays with rows like those of ``given``, ``count`` of them."""
    if not isinstance(value, tuple) or len(value) != 2:
        return _diff("wrong_type", f"{where} is {kind_of(value)}, expected a tuple (X, y)")
    for name, part, whole in zip("Xy", value, given, strict=True):
        if not isinstance(part, np.ndarray) or not part.ndim or part.dtype.kind not in "biufc":
            return _diff("wrong_type", f"{name} of {where} is {kind_of(part)}, expected an array")
        shape = (len(value[1]) if count is None else count, *whole.shape[1:])
        if part.shape != shape:
            return _diff("wrong_shape", f"{name} of {where} has the shape {part.shape}, expected the shape {shape}")
        if dtypes and part.dtype != whole.dtype:
            return _diff(
                "wrong_type", f"{name} of {where} has the dtype {part.dtype}, expected {whole.dtype}, as given"
            )
        if whole.dtype.kind in "iu" and part.dtype.kind not in "iu":
            return _diff("wrong_type", f"{name} of {where} does not hold integers any more")
    return None


def _order_of(given: tuple[Any, Any], got: tuple[Any, Any], key: int) -> NDArray[np.intp] | Failed:
    """Which given example stands in each place. The first numbers of item ``key`` tell the examples apart."""
    names = given[key].reshape(len(given[key]), -1)[:, 0].astype(np.float64)
    found = got[key].reshape(len(got[key]), -1)[:, 0].astype(np.float64)
    ranks = np.argsort(names)
    middles = (names[ranks][1:] + names[ranks][:-1]) / 2
    order: NDArray[np.intp] = ranks[np.searchsorted(middles, found)]
    for name, whole, part in zip("Xy", given, got, strict=True):
        if compare(whole[order], part) is None:
            continue
        # Each array for itself may still hold the given rows, in another order.
        alone = compare(np.sort(whole.ravel()), np.sort(part.ravel())) is None
        if alone and (name == "Xy"[key] or part.ndim > 1 or len(np.unique(whole)) > 1):
            which = 2.0 if name == "Xy"[key] else 1.0
            words = "the rows themselves were mixed" if which == 2 else "labels do not stand beside their own rows"
            # Whether one of the two was left as it was.
            kept = 0.2 * bool((order == np.arange(len(order))).all()) + 0.4 * bool(np.array_equal(got[1], given[1]))
            return Failed(f"X and y do not go together any more: {words}", which + kept)
        return Failed(f"{name} does not hold the given rows, each of them once", 3.0)
    if len(set(order.tolist())) < len(names):
        return Failed("some examples come up more than once, and others not at all", 4.0)
    return order


@_property
def shuffles_pairs(
    evidence: Evidence, key: int = 0, batch_size: int | None = None, dtypes: bool = False, seeds_differ: bool = True
) -> Failed | None:
    """Every call returns its X and y in another order, each y beside its own x, all orders equally likely.

    With ``batch_size`` the result is a list of such pairs, all of this size but the last. The first numbers of the
    rows of X (``key`` 0) or of y (``key`` 1) tell the examples apart: they differ by more than rounding. All calls have
    as many examples, and generators of different seeds if ``seeds_differ``.
    """
    orders: list[NDArray[np.intp]] = []
    for call, made in enumerate(evidence.calls):
        given = (np.asarray(_argument(made, 0, "X")), np.asarray(_argument(made, 1, "y")))
        value, m = evidence.value(call), len(given[0])
        if batch_size is None:
            failed = _pair(value, given, m, "the result", dtypes)
        else:
            failed = _wrong_batches(value, given, batch_size, dtypes)
        if failed:
            return replace(failed, call=call)
        if batch_size is not None:
            value = tuple(np.concatenate([batch[i] for batch in value]) for i in (0, 1))
        order = _order_of(given, value, key)
        if isinstance(order, Failed):
            return replace(order, call=call)
        orders.append(order)
    return _uneven_orders(np.array(orders)) if seeds_differ else None


def _wrong_batches(value: Any, given: tuple[Any, Any], batch_size: int, dtypes: bool) -> Failed | None:
    """What is wrong with the form of a list of batches."""
    if not isinstance(value, list):
        return _diff("wrong_type", f"the result is {kind_of(value)}, expected a list of tuples")
    m = len(given[0])
    sizes = [min(batch_size, m - start) for start in range(0, m, batch_size)]
    for i, batch in enumerate(value):
        failed = _pair(batch, given, None, f"result[{i}]", dtypes)
        if failed:
            return failed
    got = [len(batch[1]) for batch in value]
    if got == sizes:
        return None
    if 0 in got:
        return Failed("there is an empty batch", 10.0, kind="wrong_shape")
    kept = sum(got)
    if kept != m:
        words = "more" if kept > m else "fewer"
        measure = 11 + kept / (kept + m)
        return Failed(f"the batches hold {kept} examples, {words} than the {m} given", measure, 1e-9, "wrong_shape")
    return Failed(f"the batches have the sizes {got}, expected {sizes}", 12 + got[0] / (2 * m), 1e-9, "wrong_shape")


def _uneven_orders(orders: NDArray[np.intp]) -> Failed | None:
    """Whether some orders of m examples come up more often than chance allows; ``orders`` is (calls, m)."""
    calls, m = orders.shape
    if m < 2:
        return None
    log_ways = math.lgamma(m + 1)
    still = int((orders == np.arange(m)).all(axis=1).sum())
    if still == calls and calls * log_ways > _ORDER_ODDS:
        return Failed("the examples come back in the order in which they were given", 20.0)
    repeated = int((orders[1:] == orders[0]).all(axis=1).sum())
    if calls > 1 and repeated == calls - 1 and repeated * log_ways > _ORDER_ODDS:
        return Failed("generators with different seeds gave the same order; draw it from rng", 21.0)
    if m >= 8:
        steps = np.diff(orders, axis=1) % m
        # About one neighbour in each call stays one; 25 more than twice as many are no chance (Poisson's tail).
        if any(int((steps == way).sum()) > 2 * calls + 25 for way in (1, m - 1)) and m > 40:
            return Failed("neighbours stay neighbours: the examples are turned or cut as a whole, not shuffled", 22.0)
        return _uneven_flow(orders, min(4, m // 2))
    if m <= 4:
        names, counts = np.unique(orders, axis=0, return_counts=True)
        ways = math.factorial(m)
        rarest = 0 if len(names) < ways else int(counts.min())
        for hits in (rarest, int(counts.max())):
            if not _kl_bound(hits, calls, 1 / ways, _ORDER_ODDS):
                missing = ways - len(names)
                words = (
                    f"{missing} of the {ways} orders of {m} examples never came up" if missing else "some do so often"
                )
                same = float((orders == np.arange(m)).all(axis=1).mean())
                return Failed(f"not every order is equally likely: {words}", 30 + missing + same / 2, 0.12)
    return None


def _uneven_flow(orders: NDArray[np.intp], bins: int) -> Failed | None:
    """Whether examples from one part of the set end up in some part of the result too often or too seldom."""
    calls, m = orders.shape
    part = np.arange(m) * bins // m
    size = np.bincount(part)
    counts = np.zeros((bins, bins))
    np.add.at(counts, (part[orders], np.broadcast_to(part, orders.shape)), 1)
    for a in range(bins):
        for b in range(bins):
            trials = calls * int(size[a])
            if not _kl_bound(int(counts[a, b]), trials, size[b] / m, _ORDER_ODDS):
                stay = float(np.trace(counts) / counts.sum())
                words = "not every order is equally likely: some examples tend to end up in one part of the result"
                return Failed(words, 40 + stay / 2, 0.02)
    return None


@_property
def trains_on_all(evidence: Evidence, batch_size: int, epochs: int, keep: float = 0.5) -> Failed | None:
    """The calls train with ``counting_gradients`` and ``counting_step``: what the losses tell of rows and order holds.

    Every epoch goes through all rows once, in full batches but the last, in a fresh order; each loss was taken just
    before its update; the parameters are those after the last update. Arguments 0 and 1 of each call are params and X;
    X has as many rows in all calls and holds ``4**i`` first in row i.
    """
    epochs_of_calls = []
    for call, made in enumerate(evidence.calls):
        found = _batches_told(evidence, call, made, batch_size, epochs, keep)
        if isinstance(found, Failed):
            return replace(found, call=call)
        epochs_of_calls.append(found)
    return _stale_orders(np.array(epochs_of_calls))


def _batches_told(
    evidence: Evidence, call: int, made: Call, batch_size: int, epochs: int, keep: float
) -> NDArray[np.intp] | Failed:
    """The batch of each row in each epoch, (epochs, m), as the losses tell; or what is wrong with the run."""
    params, m = _argument(made, 0, "params"), len(_argument(made, 1, "X"))
    sizes = [min(batch_size, m - start) for start in range(0, m, batch_size)]
    value = evidence.value(call)
    if not isinstance(value, tuple) or len(value) != 2:
        return _diff("wrong_type", f"the result is {kind_of(value)}, expected a tuple (params, losses)")
    wanted = np.zeros(epochs * len(sizes))
    if not isinstance(value[1], list | np.ndarray):
        return _diff("wrong_type", f"result[1] is {kind_of(value[1])}, expected a list or a 1-d array")
    losses = np.array(value[1], dtype=np.float64)
    if losses.ndim != 1:
        return _diff("wrong_shape", "result[1] is no plain list of numbers")
    if len(losses) != len(wanted):
        words = f"there are {len(losses)} losses, expected {epochs} epochs times {len(sizes)} updates"
        steps = _updates_made(value[0])
        share = 0.9 * len(losses) / (len(losses) + len(wanted)) + 0.05 * steps / (abs(steps) + len(wanted))
        return Failed(words, 1 + share, 1e-6, "wrong_shape")
    # How often which row was in a batch, and how many updates had been made before.
    whole = np.isfinite(losses).all() and (losses == np.round(losses)).all() and (np.abs(losses) < 2.0**53).all()
    if not whole:
        return Failed("these are not the losses that `gradients` returned", 3.0)
    if (losses < 0).any():
        return Failed("`gradients` was given rows with labels of other rows", 4.0)
    told = losses.astype(np.int64)
    rows = told[:, np.newaxis] // 4 ** np.arange(m, dtype=np.int64) % 4
    updates = told // 4**m
    ahead = updates - np.arange(len(updates)) - int(np.ravel(params["updates"])[0])
    if (ahead == 1).all():
        return Failed("each loss was taken after its update, expected the one just before it", 5.0)
    if ahead.any():
        words = "`gradients` was not given the parameters that the last `step` returned"
        return Failed(words, 6.0 + 0.5 * float((updates == updates[0]).all()))
    which = np.full((epochs, m), -1, dtype=np.intp)
    for i, seen in enumerate(rows):
        epoch, batch = divmod(i, len(sizes))
        if seen.max() > 1 or (which[epoch, seen == 1] >= 0).any():
            return Failed("some rows come up more than once in an epoch", 7.0 + float(seen.sum()) / (2 * m), 1e-6)
        if seen.sum() != sizes[batch]:
            return Failed(
                f"a batch has {seen.sum()} rows, expected {sizes[batch]}", 8.0 + float(seen.sum()) / (2 * m), 1e-6
            )
        which[epoch, seen == 1] = batch
    final = {key: np.asarray(array, dtype=np.float64) for key, array in params.items()}
    for loss in losses:
        final["trace"] = keep * final["trace"] + loss / 4.0**m
    final["updates"] = final["updates"] + len(losses)
    difference = compare(final, value[0])
    if difference:
        words = f"result[0] does not hold the parameters after the last update: {difference.message}"
        return Failed(words, 9.0 + _updates_made(value[0]) / (2 * len(losses) + 2), 1e-6, difference.kind)
    return which


def _updates_made(params: Any) -> float:
    """How many updates parameters of ``counting_step`` have seen; -1 where that cannot be told."""
    count = np.ravel(params["updates"]) if isinstance(params, dict) and "updates" in params else np.empty(0)
    return float(count[0]) if len(count) and count.dtype.kind in "iuf" and np.isfinite(count[0]) else -1.0


def _stale_orders(which: NDArray[np.intp]) -> Failed | None:
    """Whether epochs are not shuffled, or not afresh; ``which`` is the batch of each row: (calls, epochs, m)."""
    calls, epochs, m = which.shape
    sizes = np.bincount(which[0, 0])
    if len(sizes) < 2:
        return None
    log_ways = math.lgamma(m + 1) - sum(math.lgamma(int(n) + 1) for n in sizes)
    given = np.repeat(np.arange(len(sizes)), sizes)

    def too_often(hits: int, count: int, logs: float) -> bool:
        return count > 0 and not _kl_bound(hits, count, math.exp(-logs), _ORDER_ODDS)

    in_order = (which == given).all(axis=2)
    if in_order.all() and too_often(in_order.size, in_order.size, log_ways):
        return Failed("the rows are never shuffled", 20.0)
    again = (which[:, 1:] == which[:, :-1]).all(axis=2)
    if too_often(int(again.sum()), again.size, log_ways):
        return Failed("an epoch has the same batches as the one before: shuffle afresh in every epoch", 21.0)
    # Batches of one row are always the same but for their order.
    log_sets = log_ways - math.lgamma(len(sizes) + 1)
    together = which[:, :, :, np.newaxis] == which[:, :, np.newaxis, :]
    alike = (together[:, 1:] == together[:, :-1]).all(axis=(2, 3))
    if log_sets > 3 and too_often(int(alike.sum()), alike.size, log_sets):
        return Failed("the same rows are together in every epoch: only the order of the batches changes", 22.0)
    for epoch in range(epochs):
        if too_often(int(in_order[:, epoch].sum()), calls, log_ways):
            return Failed("one of the epochs goes through the rows in the order in which they were given", 23.0)
        same = int((which[1:, epoch] == which[0, epoch]).all(axis=1).sum())
        if too_often(same, calls - 1, log_ways):
            return Failed("generators with different seeds gave the same batches; shuffle with rng", 24.0)
    for row in range(m):
        for batch, size in enumerate(sizes):
            hits = int((which[:, :, row] == batch).sum())
            if not _kl_bound(hits, calls * epochs, size / m, _ORDER_ODDS):
                return Failed(
                    "some rows tend to come early in an epoch, others late: every order is equally likely", 25.0
                )
    return None
