"""The fully connected network that every lesson trains: forward, loss, backward.

Examples are rows. ``params`` is ``{"W1": (n0, n1), "b1": (n1,), "W2": ...}``; a layer computes ``Z = A @ W + b``.
The hidden layers share one activation; the last layer is linear, and the loss is the mean softmax cross-entropy.
Float32 parameters and inputs are computed in float32 throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Params = dict[str, Array]


class Cache(TypedDict):
    """What the backward pass needs: ``A = [X, A1, ...]`` and ``Z = [Z1, ..., logits]``."""

    A: list[Array]
    Z: list[Array]


def forward(params: Mapping[str, Array], X: Array, activation: str = "relu") -> tuple[Array, Cache]:
    """Run the network on the rows of ``X``.

    ``X`` is ``(m, n0)``; ``activation`` is one of ``ACTIVATIONS`` and applies to the hidden layers.
    Returns ``(logits, cache)`` with logits of shape ``(m, k)``. Raises ``ValueError`` when shapes do not fit.
    """
    inputs, hidden, logits = _run(params, X, activation)
    return logits, {"A": inputs, "Z": [*(Z for Z, _ in hidden), logits]}


def loss_and_gradients(
    params: Mapping[str, Array], X: Array, y: Array, activation: str = "relu"
) -> tuple[float, Params]:
    """Mean softmax cross-entropy of the network on ``(X, y)`` and its gradients.

    ``X`` is ``(m, n0)``, ``y`` is ``(m,)`` with integers 0 ... k-1. The gradients have the keys and shapes of
    ``params``. Raises ``ValueError`` when shapes do not fit or a label is out of range.
    """
    return _loss_and_gradients(params, X, y, activation)


def mean_loss(params: Mapping[str, Array], X: Array, y: Array, activation: str = "relu") -> float:
    """Mean softmax cross-entropy of the network on ``(X, y)``."""
    logits, _ = forward(params, X, activation)
    y = _check_labels(y, logits)
    return -float(_log_probabilities(logits)[np.arange(len(y)), y].mean())


def predict(params: Mapping[str, Array], X: Array, activation: str = "relu") -> NDArray[np.intp]:
    """The network's labels for the rows of ``X``: the class of the largest logit, ``(m,)``."""
    logits, _ = forward(params, X, activation)
    labels: NDArray[np.intp] = logits.argmax(axis=1)
    return labels


def accuracy(params: Mapping[str, Array], X: Array, y: Array, activation: str = "relu") -> float:
    """The share of the rows of ``X`` that the network labels as ``y`` says, from 0 to 1."""
    return float((predict(params, X, activation) == np.asarray(y)).mean())


def _run(
    params: Mapping[str, Array], X: Array, activation: str, masks: Sequence[Array] | None = None
) -> tuple[list[Array], list[tuple[Array, Array]], Array]:
    """The inputs of every layer, each hidden layer's Z and activation, and the logits."""
    activate, _ = _activation(activation)
    layers = _layers(params)
    X = np.asarray(X)
    _check_inputs(params, X)
    inputs, hidden = [X], []
    for layer in range(1, layers):
        Z = inputs[-1] @ params[f"W{layer}"] + params[f"b{layer}"]
        A = activate(Z)
        hidden.append((Z, A))
        inputs.append(A if masks is None else A * masks[layer - 1])
    return inputs, hidden, inputs[-1] @ params[f"W{layers}"] + params[f"b{layers}"]


def _loss_and_gradients(
    params: Mapping[str, Array], X: Array, y: Array, activation: str, masks: Sequence[Array] | None = None
) -> tuple[float, Params]:
    """See ``loss_and_gradients``; ``masks`` multiply the activations of the hidden layers, ``(m, n)`` each."""
    _, slope = _activation(activation)
    inputs, hidden, logits = _run(params, X, activation, masks)
    y = _check_labels(y, logits)
    m = len(y)
    log_p = _log_probabilities(logits)
    loss = -float(log_p[np.arange(m), y].mean())

    grads: Params = {}
    dZ = np.exp(log_p)
    dZ[np.arange(m), y] -= 1
    dZ /= m
    for layer in range(_layers(params), 0, -1):
        grads[f"W{layer}"] = inputs[layer - 1].T @ dZ
        grads[f"b{layer}"] = dZ.sum(axis=0)
        if layer > 1:
            dA = dZ @ params[f"W{layer}"].T
            dZ = (dA if masks is None else dA * masks[layer - 2]) * slope(*hidden[layer - 2])
    return loss, {key: grads[key] for key in params if key in grads}


def _layers(params: Mapping[str, Array]) -> int:
    """The number of layers: how many keys are W1, W2, ... ."""
    count = sum(key.startswith("W") for key in params)
    missing = [f"{k}{i}" for i in range(1, count + 1) for k in "Wb" if f"{k}{i}" not in params]
    if not count or missing:
        raise ValueError(f"params must hold W1, b1, W2, ...; missing {missing or ['W1', 'b1']}, got {list(params)}")
    return count


def _check_inputs(params: Mapping[str, Array], X: Array) -> None:
    if X.ndim != 2 or X.shape[1] != params["W1"].shape[0]:
        raise ValueError(
            f"X must have the shape (m, {params['W1'].shape[0]}) to go with W1 {params['W1'].shape}, got {X.shape}"
        )


def _check_labels(y: Array, logits: Array) -> Array:
    y = np.asarray(y)
    m, k = logits.shape
    if y.shape != (m,) or y.dtype.kind not in "iu":
        raise ValueError(f"y must be {m} integers of shape ({m},), got shape {y.shape} of {y.dtype}")
    if m and (y.min() < 0 or y.max() >= k):
        raise ValueError(f"y must lie in 0 ... {k - 1} for {k} logits, got {y.min()} ... {y.max()}")
    return y


def _log_probabilities(logits: Array) -> Array:
    """Log-softmax of every row; the shift by the row's largest logit keeps exp from overflowing."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    result: Array = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return result


def _sigmoid(Z: Array) -> Array:
    # The tanh form does not overflow for large negative entries.
    result: Array = 0.5 * (1 + np.tanh(0.5 * Z))
    return result


def _leaky(Z: Array) -> Array:
    return np.where(Z > 0, Z, 0.01 * Z)


def _elu(Z: Array) -> Array:
    return np.where(Z > 0, Z, np.expm1(np.minimum(Z, 0)))


Activate = Callable[[Array], Array]
Slope = Callable[[Array, Array], Array]

#: Each activation, and its slope as a function of the pre-activation Z and the activation A.
_ACTIVATIONS: dict[str, tuple[Activate, Slope]] = {
    "relu": (lambda Z: np.maximum(Z, 0), lambda Z, A: (Z > 0).astype(Z.dtype)),
    "tanh": (np.tanh, lambda Z, A: 1 - A**2),
    "sigmoid": (_sigmoid, lambda Z, A: A * (1 - A)),
    "leaky_relu": (_leaky, lambda Z, A: np.where(Z > 0, 1, 0.01).astype(Z.dtype)),
    "elu": (_elu, lambda Z, A: np.where(Z > 0, 1, A + 1).astype(Z.dtype)),
    "linear": (lambda Z: Z, lambda Z, A: np.ones_like(Z)),
}

#: The names that ``activation`` may have.
ACTIVATIONS = tuple(_ACTIVATIONS)


def _activation(name: str) -> tuple[Activate, Slope]:
    if name not in _ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, got {name!r}")
    return _ACTIVATIONS[name]
