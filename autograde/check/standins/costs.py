"""Costs of a dict of parameters, and their gradients, which betray in every entry where they were taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .registry import standin


def _arrays_like(params: Any, coefficients: dict[str, Any], who: str = "the cost") -> dict[str, Any]:
    """The arrays that a function was called with; ``ValueError`` unless they have the keys and shapes that it needs."""
    for key, coefficient in coefficients.items():
        if key not in params:
            raise ValueError(f"{who} was called without {key!r}; it needs every array of params")
        if np.shape(params[key]) != np.shape(coefficient):
            raise ValueError(
                f"{who} was called with {key!r} of shape {np.shape(params[key])}; "
                f"it needs the shape {np.shape(coefficient)}"
            )
    return {key: np.asarray(params[key]) for key in coefficients}


@standin("quadratic_cost")
def _quadratic_cost(curvature: dict[str, Any], slope: dict[str, Any]) -> Callable[[Any], float]:
    """``sum(½ c θ² + s θ)`` over all entries."""

    def quadratic_cost(params: Any) -> float:
        arrays = _arrays_like(params, curvature)
        return float(sum((curvature[k] * p**2 / 2 + slope[k] * p).sum() for k, p in arrays.items()))

    return quadratic_cost


@standin("cubic_cost")
def _cubic_cost(coefficients: dict[str, Any]) -> Callable[[Any], float]:
    """``sum(c θ³)`` over all entries: its two-sided differences show which eps they were made with."""

    def cubic_cost(params: Any) -> float:
        arrays = _arrays_like(params, coefficients)
        return float(sum((coefficients[k] * p**3).sum() for k, p in arrays.items()))

    return cubic_cost


@standin("mixing_cost")
def _mixing_cost(weights: dict[str, Any]) -> Callable[[Any], float]:
    """``sin(sum(w θ)) + sum(w θ³)``: every entry's slope depends on all the others."""

    def mixing_cost(params: Any) -> float:
        arrays = _arrays_like(params, weights)
        total = sum((weights[k] * p).sum() for k, p in arrays.items())
        return float(np.sin(total) + sum((weights[k] * p**3).sum() for k, p in arrays.items()))

    return mixing_cost


def _listed(grads: dict[str, Any], turned: bool) -> dict[str, Any]:
    """The same gradients, from the last key to the first if ``turned``."""
    return {key: grads[key] for key in reversed(grads)} if turned else grads


@standin("quadratic_gradient")
def _quadratic_gradient(
    curvature: dict[str, Any], slope: dict[str, Any], turned: bool = False
) -> Callable[[Any], dict[str, Any]]:
    """``c θ + s`` for every entry, the gradient of ``quadratic_cost``."""

    def quadratic_gradient(params: Any) -> dict[str, Any]:
        arrays = _arrays_like(params, curvature, "gradient")
        return _listed({k: curvature[k] * p + slope[k] for k, p in arrays.items()}, turned)

    return quadratic_gradient


@standin("mixing_gradient")
def _mixing_gradient(weights: dict[str, Any], turned: bool = False) -> Callable[[Any], dict[str, Any]]:
    """``w cos(sum(w θ)) + 3 w θ²``, the gradient of ``mixing_cost``: every entry depends on all the others."""

    def mixing_gradient(params: Any) -> dict[str, Any]:
        arrays = _arrays_like(params, weights, "gradient")
        total = sum((weights[k] * p).sum() for k, p in arrays.items())
        return _listed({k: weights[k] * (np.cos(total) + 3 * p**2) for k, p in arrays.items()}, turned)

    return mixing_gradient


@standin("linear_cost")
def _linear_cost(slopes: dict[str, Any]) -> Callable[[Any], float]:
    """``sum(s θ)`` over all entries."""

    def linear_cost(params: Any) -> float:
        return float(sum((slopes[k] * p).sum() for k, p in _arrays_like(params, slopes).items()))

    return linear_cost


@standin("constant_cost")
def _constant_cost(value: float) -> Callable[[Any], float]:
    """The same number for all parameters; it may be nan."""

    def constant_cost(params: Any) -> float:
        return value

    return constant_cost
