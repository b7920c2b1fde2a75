"""What a property looks at, what it says when it fails, and the register of all by their names."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cases import Call, Outcome
from ..codec import StandIn
from ..standins import build

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Failed:
    """Why a property does not hold. ``measure`` is how wrong, ``spread`` how much that varies by chance.

    ``told`` says that the message gives no value of the case away, and may be said of a hidden one.
    """

    message: str
    measure: float | None = None
    spread: float = 0.0
    kind: str = "wrong_value"
    call: int = 0
    told: bool = False


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


def register(function: PropertyFunction) -> PropertyFunction:
    """Make a property known by its function's name."""
    _PROPERTIES[function.__name__] = function
    return function


def evaluate(name: str, params: dict[str, Any], evidence: Evidence) -> Failed | None:
    """Evaluate the property called ``name``; ``ValueError`` when there is none."""
    if name not in _PROPERTIES:
        raise ValueError(f"no property is called {name!r}; known: {', '.join(sorted(_PROPERTIES))}")
    return _PROPERTIES[name](evidence, **params)


def failure(kind: str, message: str) -> Failed:
    """A failure without a size; its words serve as the measure, so that the same failure is known again."""
    return Failed(message, float(zlib.crc32(message.encode())), kind=kind)


def argument(call: Call, position: int, name: str) -> Any:
    """An argument of a call by its position or its name, built where it is a stand-in."""
    value = call.args[position] if len(call.args) > position else call.kwargs[name]
    return build(value) if isinstance(value, StandIn) else value


def part_at(value: Any, path: Sequence[int | str]) -> Any:
    """What lies at a path of keys and positions in a result."""
    for step in path:
        value = value[step]
    return value


def squeezed(size: float) -> float:
    """A size of 0 … ∞ as a number of 0 … 1, for measures that tell where and how much in one."""
    return size / (1 + size) if math.isfinite(size) and size >= 0 else 1.0
