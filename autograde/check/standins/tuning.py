"""An objective and a sampler that tell what they were given."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from .registry import standin

_Config = dict[str, Any]


def _told(value: Any) -> Any:
    """A setting as plain values, equal for equal settings: numbers as floats, sequences as lists."""
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_told(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    return float(f"{value:.9g}") if isinstance(value, int | float) else str(value)


def _config_of(config: Any, names: list[str], who: str) -> _Config:
    """The config; ``TypeError`` or ``ValueError`` unless it is a dict with these names."""
    if not isinstance(config, dict):
        raise TypeError(f"{who} was called with an object of type {type(config).__name__}; it needs a dict")
    if set(config) != set(names):
        raise ValueError(f"{who} was called with the names {sorted(map(str, config))}; it needs {sorted(names)}")
    return config


@standin("telling_objective")
def _telling_objective(
    names: list[str], offset: float = 0.0, levels: int = 0, nan_calls: tuple[int, ...] = (), drift: float = 0.0
) -> Callable[[Any], float]:
    """A score between ``offset`` and ``offset + 1`` that depends on every setting, the same for the same config.

    With ``levels`` there are only so many different scores. Calls whose numbers are in ``nan_calls`` give nan;
    ``drift`` is added for every call before. A dict that comes twice is a ``ValueError``.
    """
    given: list[Any] = []

    def objective(config: Any) -> float:
        told = [(name, _told(value)) for name, value in sorted(_config_of(config, names, "objective").items())]
        if any(config is earlier for earlier in given):
            raise ValueError("objective was called with a dict that it was given before: every config is a new dict")
        given.append(config)
        mark = zlib.crc32(repr(told).encode()) / 2**32
        if len(given) - 1 in nan_calls:
            return math.nan
        return offset + (math.floor(mark * levels) / levels if levels else mark) + drift * (len(given) - 1)

    return objective


@standin("drawing_sampler")
def _drawing_sampler(
    numbers: tuple[str, ...] = (), wholes: tuple[str, ...] = (), below: int = 1000
) -> Callable[[Any], _Config]:
    """Draws a config from the generator: ``numbers`` are normal, ``wholes`` integers from 0 up to ``below``."""

    def sampler(rng: Any) -> _Config:
        if not isinstance(rng, np.random.Generator):
            raise TypeError(f"sampler was called with an object of type {type(rng).__name__}; it needs the generator")
        config: _Config = {name: float(rng.standard_normal()) for name in numbers}
        return config | {name: int(rng.integers(below)) for name in wholes}

    return sampler
