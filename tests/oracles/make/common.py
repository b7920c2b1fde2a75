"""What all lessons' oracles share: cases, drawn inputs, tensors, and the network as a torch module."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import mpmath
import numpy as np
import torch
from torch import nn
from torch.nn import functional

Case = dict[str, Any]
Tensors = dict[str, torch.Tensor]
Arrays = dict[str, np.ndarray]

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
mpmath.mp.dps = 50


def case(function: str, label: str, inputs: list[Any], expected: dict[str, Any], **more: Any) -> Case:
    """One call of ``function`` with positional ``inputs``, and what each oracle says that it returns."""
    return {"function": function, "label": label, "inputs": inputs, "expected": expected, **more}


def normal(seed: int, *shape: int, scale: float = 1.0) -> np.ndarray:
    """Normal draws of this shape, rounded to three decimals; none of them is exactly zero."""
    drawn = np.round(scale * np.random.default_rng(seed).standard_normal(shape), 3)
    return np.where(drawn == 0, 0.001, drawn)


def tensor(values: Any) -> torch.Tensor:
    """A copy as a float64 tensor that autograd follows."""
    return torch.tensor(np.asarray(values), dtype=torch.float64, requires_grad=True)


def agree(one: Any, other: Any, tolerance: float, what: str) -> None:
    """Stop the program when two oracles disagree."""
    if not np.allclose(np.asarray(one, dtype=float), np.asarray(other, dtype=float), rtol=tolerance, atol=tolerance):
        raise SystemExit(f"two oracles disagree on {what}: {one} and {other}")


def exact(values: np.ndarray) -> list[list[mpmath.mpf]]:
    """The rows of an array as numbers of 50 digits."""
    return [[mpmath.mpf(float(value)) for value in row] for row in np.atleast_2d(values)]


def network_params(sizes: list[int], seed: int, scale: float = 0.6) -> dict[str, np.ndarray]:
    params = {}
    for layer, (n_in, n_out) in enumerate(itertools.pairwise(sizes), start=1):
        params[f"W{layer}"] = normal(1000 * seed + layer, n_in, n_out, scale=scale)
        params[f"b{layer}"] = normal(1000 * seed + 500 + layer, n_out, scale=0.3)
    return params


def network_module(params: dict[str, np.ndarray] | Tensors, activation: nn.Module) -> nn.Sequential:
    """The same network as a torch module, a copy of ``activation`` after every layer but the last."""
    layers: list[nn.Module] = []
    for layer in range(1, len(params) // 2 + 1):
        W = torch.as_tensor(params[f"W{layer}"])
        linear = nn.Linear(*W.shape)
        with torch.no_grad():
            linear.weight.copy_(W.T)
            linear.bias.copy_(torch.as_tensor(params[f"b{layer}"]))
        layers += [linear, activation]
    return nn.Sequential(*layers[:-1])


def leaves(params: Arrays) -> Tensors:
    """Copies of the parameters that autograd follows."""
    return {key: tensor(value) for key, value in params.items()}


def relu_network(at: Tensors, X: np.ndarray, masks: list[torch.Tensor] | None = None) -> torch.Tensor:
    """The logits of the ReLU network; with ``masks``, each hidden layer is multiplied by its own."""
    A, layers = torch.as_tensor(X), len(at) // 2
    for layer in range(1, layers + 1):
        A = functional.linear(A, at[f"W{layer}"].T, at[f"b{layer}"])
        if layer < layers:
            A = functional.relu(A) if masks is None else functional.relu(A) * masks[layer - 1]
    return A


def sgd_run(at: Tensors, optimizer: torch.optim.Optimizer, batches: Iterable[tuple[Any, Any]]) -> list[float]:
    """Train the ReLU network ``at`` in place, one step a batch; the loss before every step."""
    losses = []
    for X, y in batches:
        optimizer.zero_grad()
        loss = functional.cross_entropy(relu_network(at, X), torch.as_tensor(y))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
