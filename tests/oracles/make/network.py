"""The shared network."""

from __future__ import annotations

import numpy as np
import sklearn.metrics
import torch
from torch import nn
from torch.nn import functional

from .common import Case, network_module, network_params, normal


def network() -> list[Case]:
    """Loss, gradients and labels of the course's network by torch modules and autograd; accuracy by scikit-learn."""
    modules = {
        "relu": nn.ReLU(),
        "tanh": nn.Tanh(),
        "sigmoid": nn.Sigmoid(),
        "leaky_relu": nn.LeakyReLU(0.01),
        "elu": nn.ELU(),
        "linear": nn.Identity(),
    }
    cases = [
        _network_case(name, module, "two layers", network_params([4, 5, 3], 900), normal(901, 6, 4))
        for name, module in modules.items()
    ]
    cases += [
        _network_case(name, modules[name], "four layers", network_params([3, 6, 2, 5, 4], 910), normal(911, 5, 3))
        for name in ("tanh", "elu")
    ]
    cases += [_network_case("relu", modules["relu"], "one layer", network_params([3, 4], 920), normal(921, 1, 3))]
    # backward_d of the bug hunt runs only where the two hidden layers are equally wide.
    cases += [
        _network_case("relu", modules["relu"], "three layers", network_params([5, 4, 4, 3], 930), normal(931, 7, 5))
    ]
    cases += [
        _network_case(
            "relu", modules["relu"], "logits near 1000", network_params([3, 4, 3], 940, scale=20.0), normal(941, 6, 3)
        )
    ]
    at_zero = network_params([3, 4, 2], 950)
    at_zero["b1"] = np.zeros(4)
    X = normal(951, 5, 3)
    X[2] = 0.0
    for name in ("relu", "leaky_relu", "elu"):
        cases.append(_network_case(name, modules[name], "an example at the kink", at_zero, X))
    return cases


def _network_case(name: str, activation: nn.Module, label: str, params: dict[str, np.ndarray], X: np.ndarray) -> Case:
    module = network_module(params, activation)
    classes = len(params[f"b{len(params) // 2}"])
    y = np.random.default_rng(len(X)).integers(0, classes, len(X))
    logits = module(torch.as_tensor(X))
    loss = functional.cross_entropy(logits, torch.as_tensor(y))
    loss.backward()
    grads = {}
    for number, layer in enumerate((layer for layer in module if isinstance(layer, nn.Linear)), start=1):
        assert layer.weight.grad is not None and layer.bias.grad is not None
        grads |= {f"W{number}": layer.weight.grad.T, f"b{number}": layer.bias.grad}
    labels = logits.argmax(dim=1).numpy()
    return {
        "function": "loss_and_gradients",
        "label": f"{name}, {label}",
        "oracle": "torch.nn.Sequential, autograd; sklearn.metrics.accuracy_score",
        "activation": name,
        "params": params,
        "X": X,
        "y": y,
        "logits": logits,
        "loss": loss,
        "grads": grads,
        "labels": labels,
        "accuracy": sklearn.metrics.accuracy_score(y, labels),
    }
