"""Generators, arrays, and functions of a number or an array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .registry import standin


@standin("rng")
def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@standin("ones")
def _ones(shape: list[int]) -> Any:
    """An array of ones, so that a large one is neither stored nor shown entry by entry."""
    return np.ones(tuple(shape))


@standin("polynomial")
def _polynomial(coefficients: list[float]) -> Callable[[Any], Any]:
    """``c[0] + c[1] x + c[2] x² + …``."""

    def polynomial(x: Any) -> Any:
        total = 0.0
        for c in reversed(coefficients):
            total = total * x + c
        return total

    return polynomial


@standin("scaled_tanh")
def _scaled_tanh(gain: float = 1.0) -> Callable[[Any], Any]:
    def scaled_tanh(z: Any) -> Any:
        return gain * np.tanh(z)

    return scaled_tanh


@standin("logistic")
def _logistic(slope: float = 1.0) -> Callable[[Any], Any]:
    """``1 / (1 + e^(-slope z))``, written so that it does not overflow."""

    def logistic(z: Any) -> Any:
        return 0.5 * (1 + np.tanh(slope * z / 2))

    return logistic


@standin("clipped")
def _clipped(low: float, high: float) -> Callable[[Any], Any]:
    """The identity between two bounds."""

    def clipped(z: Any) -> Any:
        return np.clip(z, low, high)

    return clipped


@standin("affine")
def _affine(slope: float, shift: float) -> Callable[[Any], Any]:
    """``slope z + shift``: it shows how often it was applied."""

    def affine(z: Any) -> Any:
        return slope * z + shift

    return affine


@standin("sine")
def _sine(amplitude: float = 1.0, rate: float = 1.0) -> Callable[[Any], Any]:
    def sine(x: Any) -> Any:
        return amplitude * np.sin(rate * x)

    return sine


@standin("exponential")
def _exponential(scale: float = 1.0, rate: float = 1.0) -> Callable[[Any], Any]:
    def exponential(x: Any) -> Any:
        return scale * np.exp(rate * x)

    return exponential


@standin("fortran_ordered")
def _fortran_ordered(array: Any) -> Any:
    """The same array, its columns one after the other in memory."""
    return np.asfortranarray(array)
