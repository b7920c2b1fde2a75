"""A generator that returns given numbers, so that a random reference is compared exactly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np


class Given:
    """Stands for a ``numpy.random.Generator`` whose next results are known.

    It knows the calls that the references make and no other. A reference that comes to draw in another way is as right
    as before, and its test says here what it drew.

    ``Given(random=[...])`` holds the results of its method ``random`` and no others.
    """

    def __init__(self, **draws: Iterable[Any]) -> None:
        self._draws = {method: [np.asarray(draw) for draw in results] for method, results in draws.items()}

    def _next(self, method: str, shape: Any) -> np.ndarray:
        assert self._draws.get(method), f"the stored case has no (further) result of {method}"
        draw = self._draws[method].pop(0)
        assert draw.shape == (tuple(shape) if np.ndim(shape) else (shape,)), "the reference draws another shape"
        return draw

    def random(self, size: Any) -> np.ndarray:
        """The next array, as if drawn uniformly from 0 to 1."""
        draw = self._next("random", size)
        assert draw.min(initial=0) >= 0 and draw.max(initial=0) < 1
        return draw

    def permutation(self, m: int) -> np.ndarray:
        """The next order of ``range(m)``."""
        order = self._next("permutation", m)
        assert sorted(order) == list(range(m))
        return order

    def integers(self, low: int, high: int, size: Any) -> np.ndarray:
        """``low`` plus the next array, which must stay below ``high``."""
        draw = low + self._next("integers", size)
        assert draw.max(initial=low) == high - 1, "the reference draws from another range"
        return draw

    def is_used_up(self) -> bool:
        """Whether every stored draw was asked for."""
        return not any(self._draws.values())
