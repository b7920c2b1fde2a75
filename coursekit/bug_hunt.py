"""Six backward passes for the shared network: one is right, five hold mistakes that learners really make.

Lesson 06 finds out which with a gradient check. Reading them is allowed; it is slower than it looks.
Each takes ``params``, the cache of ``network.forward`` (ReLU) and the labels ``y`` of shape ``(m,)``, and returns
gradients of the mean cross-entropy under the keys of ``params``. Some are written for three layers only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from .network import Array, Cache, Params, accuracy, forward

Backward = Callable[[Mapping[str, Array], Cache, Array], Params]


def _softmax_of(logits: Array) -> Array:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Array = powers / powers.sum(axis=1, keepdims=True)
    return result


def _one_hot(y: Array, classes: int) -> Array:
    result: Array = np.eye(classes)[y]
    return result


def backward_a(params: Mapping[str, Array], cache: Cache, y: Array) -> Params:
    """From the last layer to the first, in one loop."""
    A, Z = cache["A"], cache["Z"]
    m, last = len(y), len(Z)
    grads: Params = {}
    error = (_softmax_of(Z[-1]) - _one_hot(y, Z[-1].shape[1])) / m
    for layer in range(last, 0, -1):
        grads[f"W{layer}"] = A[layer - 1].T @ error
        grads[f"b{layer}"] = error.mean(axis=0)
        if layer > 1:
            error = (error @ params[f"W{layer}"].T) * (Z[layer - 2] > 0)
    return grads


def backward_b(params: Mapping[str, Array], cache: Cache, y: Array) -> Params:
    """Layer by layer; the hidden layers keep what they pass on in ``upstream``."""
    A, Z = cache["A"], cache["Z"]
    grads: Params = {}
    upstream = _softmax_of(Z[-1])
    upstream[np.arange(len(y)), y] -= 1
    upstream /= len(y)
    for layer in reversed(range(1, len(Z) + 1)):
        if layer < len(Z):
            upstream = np.where(upstream > 0, upstream, 0)
        grads[f"W{layer}"], grads[f"b{layer}"] = A[layer - 1].T @ upstream, upstream.sum(axis=0)
        upstream = upstream @ params[f"W{layer}"].T
    return grads


def backward_c(params: Mapping[str, Array], cache: Cache, y: Array) -> Params:
    """The sums over the examples written out with einsum."""
    A, Z = cache["A"], cache["Z"]
    grads: Params = {}
    delta = (_softmax_of(Z[-1]) - _one_hot(y, Z[-1].shape[1])) / y.size
    for layer in range(len(Z), 0, -1):
        grads[f"W{layer}"] = np.einsum("mi,mj->ij", A[layer - 1], delta)
        grads[f"b{layer}"] = np.einsum("mj->j", delta)
        delta = np.einsum("mj,ij->mi", delta, params[f"W{layer}"])
        if layer > 1:
            delta = delta * (A[layer - 1] > 0)
    return grads


def backward_d(params: Mapping[str, Array], cache: Cache, y: Array) -> Params:
    """Written out for three layers, errors first."""
    (X, A1, A2), (Z1, Z2, logits) = cache["A"], cache["Z"]
    error3 = (_softmax_of(logits) - _one_hot(y, logits.shape[1])) / len(y)
    error2 = (error3 @ params["W3"].T) * (Z2 > 0)
    error1 = (error2 @ params["W2"]) * (Z1 > 0)
    return {
        "W1": X.T @ error1,
        "b1": error1.sum(axis=0),
        "W2": A1.T @ error2,
        "b2": error2.sum(axis=0),
        "W3": A2.T @ error3,
        "b3": error3.sum(axis=0),
    }


def backward_e(params: Mapping[str, Array], cache: Cache, y: Array) -> Params:
    """Written out for three layers, one after the other; the mean over the examples is taken at the end."""
    (X, A1, A2), (_, _, logits) = cache["A"], cache["Z"]
    grads: Params = {}
    error = _softmax_of(logits)
    error[np.arange(len(y)), y] -= 1
    grads["W3"], grads["b3"] = A2.T @ error, error.sum(axis=0)
    error = (error @ params["W3"].T) * (A2 > 0)
    grads["W2"], grads["b2"] = A2.T @ error, error.sum(axis=0)
    error = (error @ params["W2"].T) * (A1 > 0)
    grads["W1"], grads["b1"] = X.T @ error, error.sum(axis=0)
    return {key: total / len(y) for key, total in grads.items()}


def backward_f(params: Mapping[str, Array], cache: Cache, y: Array) -> Params:
    """A loop from the back that carries the layer's number in a list of pairs."""
    A, Z = cache["A"], cache["Z"]
    grads: Params = {}
    delta = _softmax_of(Z[-1])
    delta[:, y] -= 1
    delta = delta / len(delta)
    for layer, below in reversed(list(enumerate(A, start=1))):
        grads[f"W{layer}"] = below.T @ delta
        grads[f"b{layer}"] = np.sum(delta, axis=0)
        delta = np.where(below > 0, delta @ params[f"W{layer}"].T, 0.0)
    return grads


#: All six, in no particular order of merit.
SUSPECTS: dict[str, Backward] = {
    "a": backward_a,
    "b": backward_b,
    "c": backward_c,
    "d": backward_d,
    "e": backward_e,
    "f": backward_f,
}


def descend(
    backward: Backward, params: Mapping[str, Array], X: Array, y: Array, *, steps: int = 200, learning_rate: float = 0.1
) -> tuple[list[float], float]:
    """Plain gradient descent on all examples with the gradients of ``backward``.

    Returns the loss before each step and the accuracy at the end, from 0 to 1; both may be useless when the
    gradients are, but nothing is raised: an overflow ends as a loss of nan.
    """
    moved = {key: np.array(value) for key, value in params.items()}
    losses = []
    with np.errstate(all="ignore"):
        for _ in range(steps):
            logits, cache = forward(moved, X)
            losses.append(-float(np.log(_softmax_of(logits)[np.arange(len(y)), y]).mean()))
            grads = backward(moved, cache, y)
            moved = {key: value - learning_rate * grads[key] for key, value in moved.items()}
        return losses, accuracy(moved, X, y)
