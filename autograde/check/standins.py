"""Named stand-ins: generators and callables that cases hand to a student's function, rebuilt from plain parameters.

A stand-in holds no answer. Where it matters which examples a callable was given, it betrays them in what it *returns*.
Each factory below is registered under the name that ``StandIn(name, params)`` uses.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from .codec import StandIn

_FACTORIES: dict[str, Callable[..., Any]] = {}


def _standin(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(factory: Callable[..., Any]) -> Callable[..., Any]:
        _FACTORIES[name] = factory
        return factory

    return register


def build(standin: StandIn) -> Any:
    """Build the object a stand-in stands for. ``ValueError`` when its name is unknown."""
    factory = _FACTORIES.get(standin.name)
    if factory is None:
        raise ValueError(f"no stand-in is called {standin.name!r}; known: {', '.join(sorted(_FACTORIES))}")
    return factory(**standin.params)


def describe(standin: StandIn) -> str:
    """How a stand-in is written in the sentence that shows a call to a student."""
    if standin.name == "rng":
        return f"np.random.default_rng({standin.params['seed']})"
    if standin.name == "ones":
        return f"np.ones({tuple(standin.params['shape'])})"
    inner = ", ".join(f"{k}={v!r}" for k, v in standin.params.items() if np.ndim(v) == 0)
    return f"{standin.name}({inner})" if inner else standin.name


@_standin("rng")
def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@_standin("ones")
def _ones(shape: list[int]) -> Any:
    """An array of ones, so that a large one is neither stored nor shown entry by entry."""
    return np.ones(tuple(shape))


@_standin("polynomial")
def _polynomial(coefficients: list[float]) -> Callable[[Any], Any]:
    """``c[0] + c[1] x + c[2] x² + …``."""

    def polynomial(x: Any) -> Any:
        total = 0.0
        for c in reversed(coefficients):
            total = total * x + c
        return total

    return polynomial


@_standin("scaled_tanh")
def _scaled_tanh(gain: float = 1.0) -> Callable[[Any], Any]:
    def scaled_tanh(z: Any) -> Any:
        return gain * np.tanh(z)

    return scaled_tanh


@_standin("logistic")
def _logistic(slope: float = 1.0) -> Callable[[Any], Any]:
    """``1 / (1 + e^(-slope z))``, written so that it does not overflow."""

    def logistic(z: Any) -> Any:
        return 0.5 * (1 + np.tanh(slope * z / 2))

    return logistic


@_standin("clipped")
def _clipped(low: float, high: float) -> Callable[[Any], Any]:
    """The identity between two bounds."""

    def clipped(z: Any) -> Any:
        return np.clip(z, low, high)

    return clipped


@_standin("affine")
def _affine(slope: float, shift: float) -> Callable[[Any], Any]:
    """``slope z + shift``: it shows how often it was applied."""

    def affine(z: Any) -> Any:
        return slope * z + shift

    return affine


# --- gradient checking: functions of a number, costs of a dict of parameters, arrays in another memory order ----------


@_standin("sine")
def _sine(amplitude: float = 1.0, rate: float = 1.0) -> Callable[[Any], Any]:
    def sine(x: Any) -> Any:
        return amplitude * np.sin(rate * x)

    return sine


@_standin("exponential")
def _exponential(scale: float = 1.0, rate: float = 1.0) -> Callable[[Any], Any]:
    def exponential(x: Any) -> Any:
        return scale * np.exp(rate * x)

    return exponential


@_standin("fortran_ordered")
def _fortran_ordered(array: Any) -> Any:
    """The same array, its columns one after the other in memory."""
    return np.asfortranarray(array)


def _arrays_like(params: Any, coefficients: dict[str, Any]) -> dict[str, Any]:
    """The arrays that a cost was called with; ``ValueError`` unless they have the keys and shapes that it needs."""
    for key, coefficient in coefficients.items():
        if key not in params:
            raise ValueError(f"the cost was called without {key!r}; it needs every array of params")
        if np.shape(params[key]) != np.shape(coefficient):
            raise ValueError(
                f"the cost was called with {key!r} of shape {np.shape(params[key])}; "
                f"it needs the shape {np.shape(coefficient)}"
            )
    return {key: np.asarray(params[key]) for key in coefficients}


@_standin("quadratic_cost")
def _quadratic_cost(curvature: dict[str, Any], slope: dict[str, Any]) -> Callable[[Any], float]:
    """``sum(½ c θ² + s θ)`` over all entries."""

    def quadratic_cost(params: Any) -> float:
        arrays = _arrays_like(params, curvature)
        return float(sum((curvature[k] * p**2 / 2 + slope[k] * p).sum() for k, p in arrays.items()))

    return quadratic_cost


@_standin("cubic_cost")
def _cubic_cost(coefficients: dict[str, Any]) -> Callable[[Any], float]:
    """``sum(c θ³)`` over all entries: its two-sided differences show which eps they were made with."""

    def cubic_cost(params: Any) -> float:
        arrays = _arrays_like(params, coefficients)
        return float(sum((coefficients[k] * p**3).sum() for k, p in arrays.items()))

    return cubic_cost


@_standin("mixing_cost")
def _mixing_cost(weights: dict[str, Any]) -> Callable[[Any], float]:
    """``sin(sum(w θ)) + sum(w θ³)``: every entry's slope depends on all the others."""

    def mixing_cost(params: Any) -> float:
        arrays = _arrays_like(params, weights)
        total = sum((weights[k] * p).sum() for k, p in arrays.items())
        return float(np.sin(total) + sum((weights[k] * p**3).sum() for k, p in arrays.items()))

    return mixing_cost


@_standin("linear_cost")
def _linear_cost(slopes: dict[str, Any]) -> Callable[[Any], float]:
    """``sum(s θ)`` over all entries."""

    def linear_cost(params: Any) -> float:
        return float(sum((slopes[k] * p).sum() for k, p in _arrays_like(params, slopes).items()))

    return linear_cost


@_standin("constant_cost")
def _constant_cost(value: float) -> Callable[[Any], float]:
    """The same number for all parameters; it may be nan."""

    def constant_cost(params: Any) -> float:
        return value

    return constant_cost


# --- fits: ``fit(X, y)`` returns ``predict(X)``; what it predicts tells which examples it was given -------------------

_Fit = Callable[[Any, Any], Callable[[Any], Any]]


def _examples(X: Any, y: Any) -> tuple[Any, Any]:
    """What a fit was called with, as arrays; ``ValueError`` unless there is a label for every row, and a row at all."""
    X, y = np.asarray(X), np.asarray(y)
    if y.ndim != 1 or not X.ndim or len(X) != len(y):
        raise ValueError(f"fit was called with X of shape {X.shape} and y of shape {y.shape}; it needs a label per row")
    if not len(X):
        raise ValueError("fit was called without any example")
    return X, y


@_standin("majority_fit")
def _majority_fit() -> _Fit:
    """It predicts the most frequent label of its examples, the smallest of several, for every row."""

    def majority_fit(X: Any, y: Any) -> Callable[[Any], Any]:
        _, y = _examples(X, y)
        labels, counts = np.unique(y, return_counts=True)
        winner = labels[counts.argmax()]
        return lambda X: np.full(len(X), winner)

    return majority_fit


@_standin("nearest_fit")
def _nearest_fit() -> _Fit:
    """It predicts the label of the nearest of its examples: no error on what it was given."""

    def nearest_fit(X: Any, y: Any) -> Callable[[Any], Any]:
        X, y = _examples(np.array(X, dtype=np.float64), np.array(y))

        def predict(rows: Any) -> Any:
            distances = ((np.asarray(rows, dtype=np.float64)[:, np.newaxis] - X) ** 2).sum(axis=2)
            return y[distances.argmin(axis=1)]

        return predict

    return nearest_fit


@_standin("telltale_fit")
def _telltale_fit(labels: list[int]) -> _Fit:
    """Its predictions look random; they depend on every example it was given, in whatever order, and on the row."""

    def mark(*numbers: Any) -> int:
        return zlib.crc32(b"".join((np.asarray(n, dtype="<f8") + 0.0).tobytes() for n in numbers))

    def telltale_fit(X: Any, y: Any) -> Callable[[Any], Any]:
        X, y = _examples(X, y)
        seen = sum(mark(row, label) for row, label in zip(X, y, strict=True)) % 2**32
        return lambda rows: np.array([labels[mark(row, seen) % len(labels)] for row in rows], dtype=np.int64)

    return telltale_fit
