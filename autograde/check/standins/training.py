"""A training run whose losses are known beforehand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .registry import standin


@standin("training_run")
def _training_run(losses: list[float], limit: int | None = None, boxed: bool = False) -> dict[str, Callable[[], Any]]:
    """``train_step`` and ``evaluate`` of one run; ``losses[n]`` is the loss after n updates, the last one for ever.

    However often ``evaluate`` is asked, it tells how many updates were made, and nothing else. ``train_step`` returns
    the loss from *before* its update, as trainers do. More than ``limit`` updates are a ``RuntimeError``. ``boxed``
    losses are 0-d arrays.
    """
    made = 0

    def loss() -> Any:
        value = float(losses[min(made, len(losses) - 1)])
        return np.array(value) if boxed else value

    def train_step() -> Any:
        nonlocal made
        if limit is not None and made >= limit:
            raise RuntimeError(f"train_step was called more than {limit} times, and there are only max_steps updates")
        before = loss()
        made += 1
        return before

    return {"train_step": train_step, "evaluate": loss}
