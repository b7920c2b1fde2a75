"""A generator that returns given numbers, so that a random reference is compared exactly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np


class Given:
    """Stands for a ``numpy.random.Generator`` whose next results are known.

    It knows the calls that the references make and no other. A reference that comes to draw in another way is as right
    as before, and its test says here what it drew.
    """

    def __init__(self, draws: Iterable[Any]) -> None:
        self._draws = [np.asarray(draw) for draw in draws]

    def _next(self, shape: Any) -> np.ndarray:
        assert self._draws, "the reference draws more often than the stored case"
        draw = self._draws.pop(0)
        assert draw.shape == (tuple(shape) if np.ndim(shape) else (shape,)), "the reference draws another shape"
        return draw

    def random(self, size: Any) -> np.ndarray:
        """The next array, as if drawn uniformly from 0 to 1."""
        draw = self._next(size)
        assert draw.min(initial=0) >= 0 and draw.max(initial=0) < 1
        return draw

    def permutation(self, m: int) -> np.ndarray:
        """The next order of ``range(m)``."""
        order = self._next(m)
        assert sorted(order) == list(range(m))
        return order

    def integers(self, low: int, high: int, size: Any) -> np.ndarray:
        """``low`` plus the next array, which must stay below ``high``."""
        draw = low + self._next(size)
        assert draw.max(initial=low) == high - 1, "the reference draws from another range"
        return draw

    def is_used_up(self) -> bool:
        """Whether every stored draw was asked for."""
        return not self._draws
