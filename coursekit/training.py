"""Trainers: gradient descent on mini-batches, with a record of what happened.

``train_network`` starts from given parameters; ``fit_network`` makes its own and has what later lessons build one by
one: an L2 penalty, dropout, Adam.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .network import Array, Params, _loss_and_gradients, accuracy, loss_and_gradients, mean_loss

Floats = NDArray[np.float64]
#: One update: (params, grads) to the new params.
Step = Callable[[Params, Params], Mapping[str, Array]]
#: (params, X, y) of a batch to its loss and gradients.
Gradients = Callable[[Params, Array, Array], tuple[float, Params]]


@dataclass
class History:
    """What a training run did. Where it stopped early because the loss was not finite, the rest is nan.

    ``losses`` has one entry per update, taken just before it; ``epoch_losses`` is their mean over each epoch,
    weighted by batch size (with dropout: of the thinned networks, without a penalty). The accuracies (0 to 1) and
    ``dev_losses`` (mean cross-entropy) are taken after each epoch, by the whole network. What is of the dev set is
    empty when none was given.
    """

    params: Params
    losses: Floats
    epoch_losses: Floats
    train_accuracy: Floats
    dev_accuracy: Floats = field(default_factory=lambda: np.empty(0))
    dev_losses: Floats = field(default_factory=lambda: np.empty(0))

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
    learning_rate: float = 0.1,
    rng: np.random.Generator,
    activation: str = "relu",
    X_dev: Array | None = None,
    y_dev: Array | None = None,
    step: Step | None = None,
) -> History:
    """Train in a fresh random order every epoch.

    ``X`` is ``(m, n)``, ``y`` is ``(m,)`` integers. ``params`` are left as they were; the trained ones are in the
    result. ``step(params, grads)`` gives the parameters after an update; without one it is plain gradient descent with
    ``learning_rate``. A loss that overflows is no error: the run stops there, and the rest of the history is nan.
    Raises ``ValueError`` when ``epochs`` or ``batch_size`` is below 1, or when X and y do not fit.
    """

    def descend(now: Params, grads: Params) -> Params:
        # Float32 parameters stay float32.
        return {key: (now[key] - learning_rate * grads[key]).astype(now[key].dtype, copy=False) for key in grads}

    return _train(
        {key: np.array(value) for key, value in params.items()},
        X,
        y,
        epochs=epochs,
        batch_size=batch_size,
        rng=rng,
        activation=activation,
        dev=(X_dev, y_dev),
        step=step or descend,
    )


def first_parameters(hidden: Sequence[int], X: Array, y: Array, rng: np.random.Generator) -> Params:
    """Parameters of a ReLU network before its training: from the columns of ``X`` to the classes ``0 … max(y)``.

    ``hidden`` are the sizes of the layers between. Weights are normal with variance ``2 / n_in`` (He et al. 2015),
    drawn layer by layer from ``rng``; biases are zero.
    """
    params: Params = {}
    for layer, (n_in, n_out) in enumerate(pairwise([X.shape[1], *hidden, int(y.max()) + 1]), start=1):
        params[f"W{layer}"] = rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)
        params[f"b{layer}"] = np.zeros(n_out)
    return params


def fit_network(
    hidden: Sequence[int],
    X: Array,
    y: Array,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    rng: np.random.Generator,
    optimizer: str = "sgd",
    lam: float = 0.0,
    keep_prob: float = 1.0,
    activation: str = "relu",
    X_dev: Array | None = None,
    y_dev: Array | None = None,
    gradients: Gradients | None = None,
) -> History:
    """Train a network with ``hidden`` units a layer (``()`` is softmax regression) from parameters of its own.

    Weights start from He's initialization, biases from zero. ``optimizer`` is ``"sgd"`` or ``"adam"`` (Kingma and Ba
    2015, with their constants). ``lam`` is that of the penalty ``lam / (2 m) * sum ||W||²``, m all examples; with
    ``keep_prob`` below 1 the hidden layers drop units (inverted dropout). ``gradients(params, X, y)`` gives a batch's
    loss and gradients in the place of the trainer's own, which then drop nothing. ``y`` holds integers from 0.
    Raises ``ValueError`` for values out of range.
    """
    for name, value, good in (
        ("learning_rate", learning_rate, learning_rate > 0),
        ("lam", lam, lam >= 0),
        ("keep_prob", keep_prob, 0 < keep_prob <= 1),
        ("hidden", list(hidden), all(n >= 1 for n in hidden)),
        ("optimizer", optimizer, optimizer in ("sgd", "adam")),
    ):
        if not good:
            raise ValueError(f"{name} is out of range: {value!r}")
    X, y = np.asarray(X), np.asarray(y)
    params = first_parameters(hidden, X, y, rng)
    share = lam / len(X)
    move = _Adam(learning_rate) if optimizer == "adam" else lambda key, value, grad: value - learning_rate * grad

    def thinned(now: Params, X: Array, y: Array) -> tuple[float, Params]:
        masks = [(rng.random((len(X), n)) < keep_prob) / keep_prob for n in hidden]
        return _loss_and_gradients(now, X, y, activation, masks)

    def step(now: Params, grads: Params) -> Params:
        decayed = {k: g + share * now[k] if share and k.startswith("W") else g for k, g in grads.items()}
        return {key: move(key, value, decayed[key]) for key, value in now.items()}

    return _train(
        params,
        X,
        y,
        epochs=epochs,
        batch_size=batch_size,
        rng=rng,
        activation=activation,
        dev=(X_dev, y_dev),
        step=step,
        gradients=gradients or (thinned if keep_prob < 1 else None),
    )


def _train(
    params: Params,
    X: Array,
    y: Array,
    *,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    activation: str,
    dev: tuple[Array | None, Array | None],
    step: Step,
    gradients: Gradients | None = None,
) -> History:
    gradients = gradients or (lambda now, X, y: loss_and_gradients(now, X, y, activation))
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
    X, y, (X_dev, y_dev) = np.asarray(X), np.asarray(y), dev
    m, per_epoch = len(X), -(-len(X) // batch_size)
    history = History(params, *(np.full(n, np.nan) for n in (epochs * per_epoch, epochs, epochs)))
    if X_dev is not None and y_dev is not None:
        history.dev_accuracy, history.dev_losses = np.full(epochs, np.nan), np.full(epochs, np.nan)
    with np.errstate(all="ignore"):
        for epoch in range(epochs):
            order, total = rng.permutation(m), 0.0
            for i in range(per_epoch):
                batch = order[i * batch_size : (i + 1) * batch_size]
                now = history.params
                loss, grads = gradients(now, X[batch], y[batch])
                if not np.isfinite(loss):
                    return history
                history.losses[epoch * per_epoch + i] = loss
                total += loss * len(batch)
                history.params = dict(step(now, grads))
            history.epoch_losses[epoch] = total / m
            history.train_accuracy[epoch] = accuracy(history.params, X, y, activation)
            if X_dev is not None and y_dev is not None:
                history.dev_accuracy[epoch] = accuracy(history.params, X_dev, y_dev, activation)
                history.dev_losses[epoch] = mean_loss(history.params, X_dev, y_dev, activation)
    return history


#: So many entries of a parameter are moved at a time: what their move needs stays in the processor's cache.
_BLOCK = 16384


class _Adam:
    """Moves one parameter after the other; their averages are kept by key.

    Block by block and in place, each operation in the order of the formulas, so that every number is as they give it:
    ``m = 0.9 m + 0.1 g``, ``v = 0.999 v + 0.001 g²``,
    ``value - learning_rate (m / (1 - 0.9^t)) / (sqrt(v / (1 - 0.999^t)) + 1e-8)``.
    """

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate
        #: The averages of each key as rows, and how many gradients are in them.
        self.state: dict[str, tuple[Array, Array, int]] = {}

    def __call__(self, key: str, value: Array, grad: Array) -> Array:
        if key not in self.state:
            self.state[key] = np.zeros(grad.size, grad.dtype), np.zeros(grad.size, grad.dtype), 0
        first, second, t = self.state[key]
        self.state[key] = first, second, t + 1
        share, share_of_squares = 1 - 0.9 ** (t + 1), 1 - 0.999 ** (t + 1)
        before, g = np.ravel(value), np.ravel(grad)
        after = np.empty(value.size, np.result_type(value, grad))
        root, move = (np.empty(min(_BLOCK, g.size), g.dtype) for _ in range(2))
        for start in range(0, g.size, _BLOCK):
            block = slice(start, start + _BLOCK)
            m, v, part = first[block], second[block], g[block]
            root, move = root[: part.size], move[: part.size]
            m *= 0.9
            m += np.multiply(part, 0.1, out=move)
            v *= 0.999
            v += np.multiply(np.square(part, out=move), 0.001, out=move)
            np.sqrt(np.divide(v, share_of_squares, out=root), out=root)
            root += 1e-8
            np.divide(m, share, out=move)
            move *= self.learning_rate
            move /= root
            np.subtract(before[block], move, out=after[block])
        return after.reshape(value.shape)
