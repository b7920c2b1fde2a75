"""Lesson 00: activations, softmax, cross-entropy."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import numpy as np
import scipy.special
import sklearn.metrics
import torch
from torch.nn import functional

from .common import Case, case, exact, normal, tensor


def start_here() -> list[Case]:
    """Activations through torch, softmax through torch, SciPy and mpmath, the cost through torch and scikit-learn."""
    return [*_activations(), *_prelu(), *_maxout(), *_softmaxes(), *_cross_entropies(), *_dead_units()]


def _activations() -> list[Case]:
    edges = np.array([[-1000.0, -30.0, -1.0, -1e-9, 0.0], [1e-9, 0.5, 1.0, 30.0, 1000.0]])
    inputs = {"both signs": normal(0, 4, 3), "zero and the extremes": edges, "one axis": normal(1, 5)}
    functions: list[tuple[str, str, list[float], Callable[..., torch.Tensor]]] = [
        ("relu", "torch.nn.functional.relu", [], functional.relu),
        *(
            ("leaky_relu", "torch.nn.functional.leaky_relu", [s], functional.leaky_relu)
            for s in (0.0, 0.01, 0.3, 0.999)
        ),
        *(("elu", "torch.nn.functional.elu", [a], functional.elu) for a in (0.1, 1.0, 1.7)),
    ]
    defaults = [
        ("leaky_relu", "torch.nn.functional.leaky_relu", [], functional.leaky_relu),
        ("elu", "torch.nn.functional.elu", [], functional.elu),
    ]
    return [
        case(name, f"{label} {options}", [z, *options], {oracle: function(tensor(z), *options)})
        for name, oracle, options, function in [*functions, *defaults]
        for label, z in inputs.items()
    ]


def _prelu() -> list[Case]:
    cases = []
    for slope in (0.0, 0.25, 0.9):
        for label, z in (("a batch", normal(2, 5, 3)), ("with exact zeros", np.array([[0.0, -2.0], [3.0, 0.0]]))):
            da = normal(3, *z.shape)
            at, weight = tensor(z), tensor([slope])
            out = functional.prelu(at, weight)
            out.backward(torch.tensor(da))
            assert at.grad is not None and weight.grad is not None
            oracle = "torch.nn.functional.prelu, autograd"
            cases.append(
                case("prelu_backward", f"{label} [{slope}]", [da, z, slope], {oracle: [at.grad, weight.grad[0]]})
            )
            cases.append(
                case("leaky_relu", f"as PReLU, {label} [{slope}]", [z, slope], {"torch.nn.functional.prelu": out})
            )
    return cases


def _maxout() -> list[Case]:
    cases = []
    for seed, (m, k, pieces) in enumerate([(4, 3, 2), (3, 2, 4), (5, 4, 1), (2, 1, 5), (1, 3, 3)]):
        z = normal(10 + seed, m, k * pieces)
        pooled = functional.max_pool1d(tensor(z).unsqueeze(1), kernel_size=pieces).squeeze(1)
        cases.append(
            case("maxout", f"{k} units of {pieces} pieces", [z, pieces], {"torch.nn.functional.max_pool1d": pooled})
        )
    return cases


_LOGITS = {
    "moderate": normal(20, 5, 4),
    "one row": normal(21, 1, 3),
    "plus and minus 1000": np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1000.0, -1000.0], [1000.0, 1000.0, 999.0]]),
    "large and near each other": np.array([[800.25, 800.0, 799.5], [-750.0, -751.5, -749.0]]),
    "one class nearly certain": np.array([[0.0, -40.0], [-30.0, 5.0]]),
}


def _softmaxes() -> list[Case]:
    cases = []
    for label, logits in _LOGITS.items():
        rows = [[mpmath.exp(v - max(row)) for v in row] for row in exact(logits)]
        probs = [[v / mpmath.fsum(row) for v in row] for row in rows]
        logs = [
            [v - max(row) - mpmath.log(mpmath.fsum(powers)) for v in row]
            for row, powers in zip(exact(logits), rows, strict=True)
        ]
        at = tensor(logits)
        cases.append(
            case(
                "softmax",
                label,
                [logits],
                {
                    "torch.nn.functional.softmax": functional.softmax(at, dim=1),
                    "scipy.special.softmax": scipy.special.softmax(logits, axis=1),
                    "mpmath": np.array(probs, dtype=float),
                },
            )
        )
        cases.append(
            case(
                "log_softmax",
                label,
                [logits],
                {
                    "torch.nn.functional.log_softmax": functional.log_softmax(at, dim=1),
                    "scipy.special.log_softmax": scipy.special.log_softmax(logits, axis=1),
                    "mpmath": np.array(logs, dtype=float),
                },
            )
        )
    return cases


def _cross_entropies() -> list[Case]:
    y = np.array([2, 0, 3, 3, 1])
    probs = scipy.special.softmax(_LOGITS["moderate"], axis=1)
    zeros = np.array([[0.0, 0.75, 0.25], [1.0, 0.0, 0.0], [0.5, 0.0, 0.5]])
    y_zeros = np.array([1, 0, 2])
    tiny = np.array([[1e-300, 1.0], [0.25, 0.75]])
    y_tiny = np.array([0, 1])
    by_hand = -(mpmath.log(mpmath.mpf(1e-300)) + mpmath.log(mpmath.mpf(0.75))) / 2
    return [
        case(
            "cross_entropy",
            "moderate",
            [probs, y],
            {
                "torch.nn.functional.cross_entropy": functional.cross_entropy(
                    tensor(_LOGITS["moderate"]), torch.tensor(y)
                ),
                "sklearn.metrics.log_loss": sklearn.metrics.log_loss(y, probs, labels=range(4)),
            },
        ),
        case(
            "cross_entropy",
            "zeros among the other classes",
            [zeros, y_zeros],
            {
                "torch.nn.functional.nll_loss": functional.nll_loss(
                    torch.log(torch.tensor(zeros)), torch.tensor(y_zeros)
                ),
                "sklearn.metrics.log_loss": sklearn.metrics.log_loss(y_zeros, zeros, labels=range(3)),
            },
        ),
        case("cross_entropy", "a probability of 1e-300", [tiny, y_tiny], {"mpmath": float(by_hand)}),
    ]


def _dead_units() -> list[Case]:
    Z = normal(30, 6, 5)
    Z[:, 1] = -np.abs(Z[:, 1])
    Z[:, 3] = [-1.0, 0.0, -2.0, 0.0, -0.5, -1e-9]
    Z[:, 4] = [-1.0, -2.0, 1e-9, -3.0, -1.0, -2.0]
    cases = []
    for label, values in (("zeros and tiny values", Z), ("one example", Z[:1]), ("one unit", Z[:, 1:2])):
        at = tensor(values)
        functional.relu(at).sum().backward()
        assert at.grad is not None
        # A unit is dead when no example sends a gradient through it.
        cases.append(
            case("dead_units", label, [values], {"torch.nn.functional.relu, autograd": (at.grad == 0).all(dim=0)})
        )
    return cases
