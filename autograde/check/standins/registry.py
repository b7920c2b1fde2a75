"""The register of stand-ins: from a name and plain parameters to the object, and to words for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..codec import StandIn

_FACTORIES: dict[str, Callable[..., Any]] = {}


def standin(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: register a factory under the name that ``StandIn(name, params)`` uses."""

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
    if "part" in standin.params:
        return str(standin.params["part"])
    inner = ", ".join(f"{k}={v!r}" for k, v in standin.params.items() if np.ndim(v) == 0)
    return f"{standin.name}({inner})" if inner else standin.name
