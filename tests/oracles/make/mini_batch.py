"""Lesson 07: batches, gradient descent on them, accumulated gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import sklearn.utils
import torch
from torch.nn import functional
from torch.utils.data import BatchSampler, DataLoader, SequentialSampler, TensorDataset

from .common import Case, agree, case, leaves, network_params, normal, relu_network, sgd_run


def mini_batch() -> list[Case]:
    """Batches by torch's DataLoader and samplers, training by torch.optim.SGD, orders by scikit-learn's shuffle."""
    return [*_updates(), *_shuffles(), *_batches(), *_refused(), *_steps(), *_trainings(), *_accumulations()]


_SIZES = [(10, 4), (10, 5), (10, 1), (10, 10), (3, 10), (1, 1), (7, 3), (64, 32), (65, 32), (63, 32)]


def _updates() -> list[Case]:
    cases = []
    for m, batch_size in [*_SIZES, (1437, 100), (60000, 128)]:
        expected = {
            "torch.utils.data.DataLoader": len(DataLoader(TensorDataset(torch.zeros(m)), batch_size, drop_last=False)),
            "torch.utils.data.BatchSampler": len(
                BatchSampler(SequentialSampler(range(m)), batch_size, drop_last=False)
            ),
            "sklearn.utils.gen_batches": len(list(sklearn.utils.gen_batches(m, batch_size))),
        }
        cases.append(case("updates_per_epoch", f"{m} in batches of {batch_size}", [m, batch_size], expected))
    m, batch_size = 2**53 + 1, 2  # what a quotient of floats gets wrong
    sampler = BatchSampler(SequentialSampler(range(m)), batch_size, drop_last=False)
    expected = {"torch.utils.data.BatchSampler": len(sampler)}
    cases.append(case("updates_per_epoch", "more than floats can count", [m, batch_size], expected))
    return cases


def _data(m: int, dtypes: tuple[Any, Any] = (np.float64, np.int64)) -> tuple[np.ndarray, np.ndarray]:
    X = normal(7000 + m, m, 3)
    y = np.random.default_rng(7100 + m).integers(0, 4, m)
    return X.astype(dtypes[0]), y.astype(dtypes[1])


def _shuffles() -> list[Case]:
    cases = []
    for m in (1, 2, 9, 20):
        X, y = _data(m)
        order, X_shuffled, y_shuffled = sklearn.utils.shuffle(np.arange(m), X, y, random_state=m)
        cases.append(
            {
                "function": "shuffle_together",
                "label": f"{m} examples",
                "kind": "shuffle",
                "oracle": "sklearn.utils.shuffle",
                "X": X,
                "y": y,
                "order": order,
                "shuffled": [X_shuffled, y_shuffled],
            }
        )
    return cases


def _order(m: int, seed: int) -> list[int]:
    order: list[int] = torch.randperm(m, generator=torch.Generator().manual_seed(seed)).tolist()
    return order


def _loaded(X: np.ndarray, y: np.ndarray, batch_size: int, order: list[int]) -> list[list[np.ndarray]]:
    """The batches that a DataLoader makes of the examples in this order."""
    data = TensorDataset(torch.as_tensor(X), torch.as_tensor(y))
    loader = DataLoader(data, batch_size, sampler=order, drop_last=False)
    return [[part.numpy() for part in batch] for batch in loader]


def _batches() -> list[Case]:
    cases = []
    dtypes = [(np.float64, np.int64), (np.float32, np.uint8), (np.uint8, np.int32)]
    for i, (m, batch_size) in enumerate(_SIZES):
        X, y = _data(m, dtypes[i % 3] if i else dtypes[0])
        order = _order(m, batch_size)
        cases.append(
            {
                "function": "mini_batches",
                "label": f"{m} in batches of {batch_size}",
                "kind": "batches",
                "oracle": "torch.utils.data.DataLoader",
                "X": X,
                "y": y,
                "batch_size": batch_size,
                "order": order,
                "batches": _loaded(X, y, batch_size, order),
            }
        )
    return cases


def _refused() -> list[Case]:
    cases = []
    for batch_size in (0, -1, -32):
        try:
            BatchSampler(SequentialSampler(range(5)), batch_size, drop_last=False)
        except ValueError:
            cases.append(
                {
                    "function": "mini_batches",
                    "label": f"batches of {batch_size}",
                    "kind": "no_batches",
                    "oracle": "torch.utils.data.BatchSampler",
                    "batch_size": batch_size,
                }
            )
        else:
            raise SystemExit(f"torch makes batches of {batch_size}")
    return cases


def _steps() -> list[Case]:
    cases = []
    sets = {
        "a network": network_params([3, 4, 2], 7200),
        "any keys": {"gamma": normal(7201, 3), "W": normal(7202, 2, 1, 3), "b10": normal(7203, 1)},
    }
    for label, params in sets.items():
        for learning_rate in (0.1, 1.0, 3e-4, 0.0):
            grads = {key: normal(7210 + i, *value.shape) for i, (key, value) in enumerate(params.items())}
            grads = {key: grads[key] for key in reversed(grads)}  # grads may list its keys in another order
            at = leaves(params)
            for key, value in at.items():
                value.grad = torch.as_tensor(grads[key])
            torch.optim.SGD(at.values(), lr=learning_rate).step()
            cases.append(
                case(
                    "gradient_descent_step",
                    f"{label}, {learning_rate}",
                    [params, grads, learning_rate],
                    {"torch.optim.SGD": at},
                )
            )
    return cases


def _trainings() -> list[Case]:
    """Runs in given orders of the examples: at least 50 updates each, but for the one without epochs."""
    cases = []
    for label, m, batch_size, epochs, learning_rate in [
        ("a smaller last batch", 23, 5, 12, 0.3),
        ("batches that divide m", 20, 4, 10, 0.5),
        ("one example at a time", 9, 1, 6, 0.1),
        ("one batch an epoch", 8, 8, 50, 0.5),
        ("a batch larger than m", 7, 10, 50, 0.2),
        ("no epochs", 5, 2, 0, 0.1),
    ]:
        X, y = _data(m)
        params = network_params([3, 6, 4], 7300)
        at = leaves(params)
        optimizer = torch.optim.SGD(at.values(), lr=learning_rate)
        orders, losses = [_order(m, 7310 + epoch) for epoch in range(epochs)], []
        for order in orders:
            losses += sgd_run(at, optimizer, _loaded(X, y, batch_size, order))
        cases.append(
            {
                "function": "train",
                "label": label,
                "kind": "training",
                "oracle": "torch.optim.SGD, DataLoader, autograd",
                "params": params,
                "X": X,
                "y": y,
                "learning_rate": learning_rate,
                "epochs": epochs,
                "batch_size": batch_size,
                "orders": orders,
                "losses": np.array(losses),
                "last": at,
            }
        )
    return cases


def _accumulations() -> list[Case]:
    cases = []
    X, y = _data(13)
    params = network_params([3, 5, 4], 7400)
    whole = leaves(params)
    functional.cross_entropy(relu_network(whole, X), torch.as_tensor(y)).backward()
    for micro_batch in (1, 2, 4, 5, 12, 13, 100):
        at = leaves(params)
        for rows in BatchSampler(SequentialSampler(range(13)), micro_batch, drop_last=False):
            summed = functional.cross_entropy(relu_network(at, X[rows]), torch.as_tensor(y[rows]), reduction="sum")
            (summed / 13).backward()
        for key, value in at.items():
            agree(value.grad, whole[key].grad, 1e-13, "accumulated gradients")
        cases.append(
            {
                "function": "accumulate_gradients",
                "label": f"13 in parts of {micro_batch}",
                "kind": "accumulation",
                "oracle": "torch autograd, accumulated and of the whole batch",
                "params": params,
                "X": X,
                "y": y,
                "micro_batch": micro_batch,
                "grads": {key: value.grad for key, value in at.items()},
            }
        )
    return cases
