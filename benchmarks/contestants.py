"""Those who train the lessons' own network, one epoch at a time: coursekit, plain NumPy, PyTorch, scikit-learn.

Each takes the accuracy on all examples after its epoch, as the course's trainer does in the lessons.

Run as ``python -m benchmarks.contestants NAME PRECISION``, by any interpreter with NumPy: it says that it is ready, or
which package it lacks, then trains one epoch for each seed on its standard input and answers with a line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.datasets import load_fashion
from coursekit.network import Params, accuracy
from coursekit.training import fit_network, train_network

HIDDEN, BATCH, RATE = 256, 64, 1e-3
Floats = NDArray[Any]
#: Trains one epoch in the order of a seed; the trained parameters.
Epoch = Callable[[int], Params]


def coursekit(X: Floats, y: Floats) -> Epoch:
    """The course's trainer as the lessons call it.

    In float32 the same updates by ``train_network``; ``fit_network`` makes float64 parameters.
    """
    if X.dtype == np.float64:

        def fit(seed: int) -> Params:
            rng = np.random.default_rng(seed)
            plan: dict[str, Any] = {"epochs": 1, "batch_size": BATCH, "learning_rate": RATE}
            return fit_network((HIDDEN,), X, y, **plan, optimizer="adam", rng=rng).params

        return fit
    from coursekit.training import _Adam

    start = first_parameters(X.dtype)

    def train(seed: int) -> Params:
        move = _Adam(RATE)

        def step(now: Params, grads: Params) -> Params:
            return {key: move(key, value, grads[key]) for key, value in now.items()}

        rng = np.random.default_rng(seed)
        return train_network(start, X, y, epochs=1, batch_size=BATCH, rng=rng, step=step).params

    return train


def plain_numpy(X: Floats, y: Floats) -> Epoch:
    """The formulas in a loop, as one writes them down."""
    start = first_parameters(X.dtype)

    def train(seed: int) -> Params:
        p = {key: value.copy() for key, value in start.items()}
        first = {key: np.zeros_like(value) for key, value in p.items()}
        second = {key: np.zeros_like(value) for key, value in p.items()}
        order = np.random.default_rng(seed).permutation(len(X))
        for t, begin in enumerate(range(0, len(X), BATCH), start=1):
            rows = order[begin : begin + BATCH]
            Xb, yb = X[rows], y[rows]
            Z1 = Xb @ p["W1"] + p["b1"]
            A1 = np.maximum(Z1, 0)
            Z2 = A1 @ p["W2"] + p["b2"]
            powers = np.exp(Z2 - Z2.max(axis=1, keepdims=True))
            dZ2 = powers / powers.sum(axis=1, keepdims=True)
            dZ2[np.arange(len(yb)), yb] -= 1
            dZ2 /= len(yb)
            dZ1 = (dZ2 @ p["W2"].T) * (Z1 > 0)
            grads = {"W1": Xb.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2, "b2": dZ2.sum(axis=0)}
            for key, g in grads.items():
                first[key] = 0.9 * first[key] + 0.1 * g
                second[key] = 0.999 * second[key] + 0.001 * g**2
                move = (first[key] / (1 - 0.9**t)) / (np.sqrt(second[key] / (1 - 0.999**t)) + 1e-8)
                p[key] = p[key] - RATE * move
        accuracy(p, X, y)
        return p

    return train


def pytorch(X: Floats, y: Floats) -> Epoch:
    """``torch.nn`` and ``torch.optim.Adam`` on the CPU. ``ImportError`` without PyTorch."""
    import torch

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    torch.set_default_dtype(torch.float64 if X.dtype == np.float64 else torch.float32)
    pictures, labels = torch.from_numpy(X), torch.from_numpy(y)
    loss = torch.nn.CrossEntropyLoss()
    start = {key: torch.from_numpy(value) for key, value in first_parameters(X.dtype).items()}

    def train(seed: int) -> Params:
        network = torch.nn.Sequential(torch.nn.Linear(X.shape[1], HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, 10))
        with torch.no_grad():
            for layer, number in ((network[0], 1), (network[2], 2)):
                layer.weight.copy_(start[f"W{number}"].T)
                layer.bias.copy_(start[f"b{number}"])
        optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
        order = torch.from_numpy(np.random.default_rng(seed).permutation(len(X)))
        for begin in range(0, len(X), BATCH):
            rows = order[begin : begin + BATCH]
            optimizer.zero_grad()
            loss(network(pictures[rows]), labels[rows]).backward()
            optimizer.step()
        with torch.no_grad():
            (network(pictures).argmax(dim=1) == labels).double().mean().item()
        found = [w.detach().numpy() for w in network.parameters()]
        return {"W1": found[0].T, "b1": found[1], "W2": found[2].T, "b2": found[3]}

    return train


def scikit_learn(X: Floats, y: Floats) -> Epoch:
    """``MLPClassifier``, without its L2 penalty. ``ImportError`` without scikit-learn."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    def train(seed: int) -> Params:
        plan: dict[str, Any] = {"hidden_layer_sizes": (HIDDEN,), "batch_size": BATCH, "learning_rate_init": RATE}
        network = MLPClassifier(**plan, alpha=0.0, max_iter=1, random_state=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # one epoch is not to converge
            network.fit(X, y)
        network.score(X, y)
        (W1, W2), (b1, b2) = network.coefs_, network.intercepts_
        return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}

    return train


MAKERS: dict[str, Callable[[Floats, Floats], Epoch]] = {
    "coursekit": coursekit,
    "NumPy": plain_numpy,
    "PyTorch": pytorch,
    "scikit-learn": scikit_learn,
}


def first_parameters(dtype: Any) -> Params:
    """The same start for all who take one: He's initialization."""
    rng = np.random.default_rng(0)
    return {
        "W1": (rng.standard_normal((784, HIDDEN)) * np.sqrt(2 / 784)).astype(dtype),
        "b1": np.zeros(HIDDEN, dtype),
        "W2": (rng.standard_normal((HIDDEN, 10)) * np.sqrt(2 / HIDDEN)).astype(dtype),
        "b2": np.zeros(10, dtype),
    }


def main() -> None:
    """Serve until the standard input ends."""
    name, precision = sys.argv[1:]
    fashion = load_fashion()
    X, y = fashion.X_train.astype(precision), fashion.y_train
    try:
        train = MAKERS[name](X, y)
    except ImportError as error:
        _say({"missing": error.name})
        return
    _say({"ready": True})
    for line in sys.stdin:
        start = time.perf_counter()
        params = train(int(line))
        seconds = time.perf_counter() - start
        _say({"seconds": seconds, "accuracy": accuracy(params, X, y), "precision": str(params["W1"].dtype)})


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
