"""A plain trainer: stochastic gradient descent on mini-batches, with a record of what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .network import Array, Params, accuracy, loss_and_gradients

Floats = NDArray[np.float64]


@dataclass
class History:
    """What a training run did. Where it stopped early because the loss was not finite, the rest is nan.

    ``losses`` has one entry per update, taken just before it; ``epoch_losses`` is their mean over each epoch,
    weighted by batch size; the accuracies (0 to 1) are taken after each epoch. ``dev_accuracy`` is empty when no
    dev set was given.
    """

    params: Params
    losses: Floats
    epoch_losses: Floats
    train_accuracy: Floats
    dev_accuracy: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def diverged(self) -> bool:
        """Whether the loss stopped being a finite number."""
        return not bool(np.isfinite(self.losses).all())


def train_network(
    params: Mapping[str, Array],
    X: Array,
    y: Array,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    rng: np.random.Generator,
    activation: str = "relu",
    X_dev: Array | None = None,
    y_dev: Array | None = None,
) -> History:
    """Train with plain stochastic gradient descent, in a fresh random order every epoch.

    ``X`` is ``(m, n)``, ``y`` is ``(m,)`` integers. ``params`` are left as they were; the trained ones are in the
    result. A loss that overflows is no error: the run stops there, and the rest of the history is nan.
    Raises ``ValueError`` when ``epochs`` or ``batch_size`` is below 1, or when X and y do not fit.
    """
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
    X, y = np.asarray(X), np.asarray(y)
    m, per_epoch = len(X), -(-len(X) // batch_size)
    trained = {key: np.array(value) for key, value in params.items()}
    history = History(trained, *(np.full(n, np.nan) for n in (epochs * per_epoch, epochs, epochs)))
    if X_dev is not None and y_dev is not None:
        history.dev_accuracy = np.full(epochs, np.nan)
    with np.errstate(all="ignore"):
        for epoch in range(epochs):
            order, total = rng.permutation(m), 0.0
            for i in range(per_epoch):
                batch = order[i * batch_size : (i + 1) * batch_size]
                loss, grads = loss_and_gradients(trained, X[batch], y[batch], activation)
                if not np.isfinite(loss):
                    return history
                history.losses[epoch * per_epoch + i] = loss
                total += loss * len(batch)
                for key, grad in grads.items():
                    trained[key] -= learning_rate * grad
            history.epoch_losses[epoch] = total / m
            history.train_accuracy[epoch] = accuracy(trained, X, y, activation)
            if X_dev is not None and y_dev is not None:
                history.dev_accuracy[epoch] = accuracy(trained, X_dev, y_dev, activation)
    return history
