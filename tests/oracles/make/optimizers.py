"""What the optimizers of lessons 09 and 10 share: the runs that they take their steps in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from .common import Arrays, Tensors, network_params, normal, relu_network

STEPS = 50


@dataclass
class Run:
    """50 steps from ``params``: with given gradients, the same wherever the steps lead, or with those of a cost.

    The cost is a network's, or ``sum(a p^4 / 4 + b p^2 / 2)`` over all parameters: wells, where ``b`` is negative.
    """

    label: str
    params: Arrays
    given: Arrays | None = None  # by key, the first axis is the step
    X: np.ndarray | None = None
    y: np.ndarray | None = None
    wells: dict[str, Arrays] | None = None

    def gradients(self, at: Tensors, step: int) -> Tensors:
        """The gradients of step 0, 1, ... at these tensors, which autograd follows."""
        if self.given is not None:
            return {key: torch.tensor(values[step]) for key, values in self.given.items()}
        if self.wells is not None:
            a, b = ({key: torch.as_tensor(value) for key, value in self.wells[name].items()} for name in "ab")
            parts = [(a[key] * p**4 / 4 + b[key] * p**2 / 2).sum() for key, p in at.items()]
            return dict(zip(at, torch.autograd.grad(torch.stack(parts).sum(), list(at.values())), strict=True))
        assert self.X is not None and self.y is not None
        loss = functional.cross_entropy(relu_network(at, self.X), torch.as_tensor(self.y))
        return dict(zip(at, torch.autograd.grad(loss, list(at.values())), strict=True))

    def stored(self) -> dict[str, Any]:
        """What the test needs to take the same steps."""
        return {"params": self.params, "given": self.given, "X": self.X, "y": self.y, "wells": self.wells}


def runs() -> Iterator[Run]:
    """A network, whose gradients change as it learns, and arrays under any keys with gradients of very different size."""
    X = normal(9000, 12, 4)
    y = np.random.default_rng(9001).integers(0, 3, 12)
    yield Run("a network", network_params([4, 6, 3], 9002), X=X, y=y)

    shapes = {"gamma": (3,), "W": (2, 1, 2), "b10": (1,), "never": (2,)}
    sizes = {"gamma": 1.0, "W": 100.0, "b10": 1e-3, "never": 0.0}
    params = {key: normal(9010 + i, *shape) for i, (key, shape) in enumerate(shapes.items())}
    given = {  # grads may list its keys in another order
        key: np.round(sizes[key] * normal(9100 + i, STEPS, *shapes[key]), 6)
        for i, key in reversed(list(enumerate(shapes)))
    }
    yield Run("any keys", params, given=given)

    a = {key: np.abs(normal(9020 + i, *shape)) for i, (key, shape) in enumerate(shapes.items())}
    b = {key: normal(9030 + i, *shape) for i, (key, shape) in enumerate(shapes.items())}
    yield Run("wells", params, wells={"a": a, "b": b})


def taken(run: Run, at: Tensors, step: int, optimizer: torch.optim.Optimizer) -> None:
    """Take one of the run's steps in place with a torch optimizer, at its own parameters."""
    for key, gradient in run.gradients(at, step).items():
        at[key].grad = gradient
    optimizer.step()


def kept(path: list[Any]) -> dict[str, Any]:
    """What is stored of a path of 50 steps: the first, the second and the last."""
    return {str(step): path[step - 1] for step in (1, 2, STEPS)}


def copies(tensors: Tensors) -> Arrays:
    """The values of tensors as they are now."""
    return {key: value.detach().numpy().copy() for key, value in tensors.items()}
