"""Properties of initial weights: their spread, their distribution, their independence."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..compare import is_single
from .chance import LOG_ODDS, Z, chi_square_band
from .evidence import Evidence, Failed, Floats, argument, failure, register, squeezed


def _standardised(evidence: Evidence, call: int, scales: dict[str, float]) -> dict[str, Floats]:
    """Each key's array divided by its scale."""
    value = evidence.value(call)
    return {key: np.asarray(value[key], dtype=np.float64) / scale for key, scale in scales.items()}


@register
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


@register
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
    low, high = chi_square_band(w.size)
    if low <= mean_square <= high:
        return None
    ratio = math.sqrt(mean_square)
    return Failed(
        f"the standard deviation of {name} is {ratio:.3g} times what it should be",
        index + squeezed(ratio),
        2 * Z / math.sqrt(2 * w.size) * ratio / (1 + ratio) ** 2 if math.isfinite(ratio) else 0.0,
    )


@register
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


@register
def uniform_shape(evidence: Evidence, limits: dict[str, float], calls: Sequence[int] = (0,)) -> Failed | None:
    """The entries are spread evenly over ± each key's limit, and reach it."""
    for call in calls:
        for i, (key, w) in enumerate(_standardised(evidence, call, limits).items()):
            largest = float(np.abs(w).max())
            if largest > 1 + 1e-5 or (w.size > LOG_ODDS and largest < 1 - LOG_ODDS / w.size):
                return Failed(
                    f"the largest entry of result[{key!r}] is {largest:.3g} times the limit",
                    i + squeezed(largest),
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


@register
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
            smallest, largest = _extreme_singular_values(w)
            rows, columns = math.sqrt(w.shape[0]), math.sqrt(w.shape[1])
            share = largest / (rows + columns)
            if largest > rows + columns + 7.5 or smallest < abs(rows - columns) - 7.5:
                message = f"the rows or columns of result[{key!r}] go together; draw every weight by itself"
                return Failed(message, i + squeezed(share), 0.02)
            if largest < 0.98 * (rows + columns) - 7.5:
                message = f"the entries of result[{key!r}] depend on each other; draw every weight by itself"
                return Failed(message, 100 + i + squeezed(share), 0.02)
    return None


def _extreme_singular_values(w: Floats) -> tuple[float, float]:
    """The smallest and the largest, to about eight digits of the largest."""
    if 1e-100 < np.abs(w).max() < 1e100:
        # A third of the time of a decomposition; squares need room.
        squares = np.linalg.eigvalsh(w.T @ w if w.shape[0] >= w.shape[1] else w @ w.T)
        return math.sqrt(max(float(squares[0]), 0.0)), math.sqrt(max(float(squares[-1]), 0.0))
    singular = np.linalg.svd(w, compute_uv=False)
    return float(singular[-1]), float(singular[0])


@register
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
        single = is_single(value[key] if key else value)
        line = "columns" if w.shape[0] >= w.shape[1] else "rows"
        gram = w.T @ w if line == "columns" else w @ w.T
        squares = np.diag(gram).copy()
        scale = float(squares.mean())
        if scale <= 0:
            return failure("wrong_value", f"{name} is zero everywhere")
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


@register
def unit_preactivations(evidence: Evidence, X: int = 1, tol: float = 0.05, call: int = 0) -> Failed | None:
    """In a ReLU network with the returned parameters, every layer's pre-activations have a variance within tol of 1.

    ``X`` is the position of the inputs among the call's arguments.
    """
    params = evidence.value(call)
    given = evidence.calls[call]
    inputs = argument(given, X, "X")
    single = is_single((params, inputs))
    slack, a = 1e-3 if single else 1e-9, np.asarray(inputs, dtype=np.float64)
    for layer in range(1, len(params) // 2 + 1):
        z = a @ params[f"W{layer}"] + params[f"b{layer}"]
        variance = float(z.var())
        if not abs(variance - 1) <= tol + slack:
            return Failed(
                f"the pre-activations of layer {layer} have the variance {variance:.3g}, expected 1 within tol",
                layer + squeezed(variance),
                0.04,
            )
        a = np.maximum(z, 0)
    return None
