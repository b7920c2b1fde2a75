"""Named stand-ins: generators and callables that cases hand to a student's function, rebuilt from plain parameters.

A stand-in holds no answer. Where it matters which examples a callable was given, it betrays them in what it *returns*.
Each factory below is registered under the name that ``StandIn(name, params)`` uses.
"""

from __future__ import annotations

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
    inner = ", ".join(f"{k}={v!r}" for k, v in standin.params.items() if np.ndim(v) == 0)
    return f"{standin.name}({inner})" if inner else standin.name


@_standin("rng")
def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


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
