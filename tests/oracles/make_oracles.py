"""Compute the values that the lessons' references are held against, with software that shares no code with them.

The tests need NumPy only: they read what this script stored beside itself, in ``*.json``. Run it again when a case is
added or an oracle gets a new version, in an environment of its own (none of this is a dependency of the course):

    python -m venv oracle-env
    oracle-env/bin/pip install torch==2.13.0 scipy==1.17.1 scikit-learn==1.9.1 mpmath==1.3.0 numpy==2.4.6
    oracle-env/bin/python tests/oracles/make_oracles.py            # writes the files
    oracle-env/bin/python tests/oracles/make_oracles.py --check    # computes and compares with them, writes nothing

Every file names the versions that made it. The inputs come from fixed seeds, rounded to three decimals, and everything
runs in float64 on one thread. The same versions on the same machine write the same bytes; another processor may round
the last digit differently, which ``--check`` allows for. Nothing here imports the course: the functions under test
are not known to this script.

Where two oracles know a value, both are stored, or the script stops when they disagree.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import scipy
import scipy.differentiate
import scipy.optimize
import scipy.special
import scipy.stats
import sklearn
import sklearn.metrics
import torch
from torch import nn
from torch.nn import functional

HERE = Path(__file__).parent
Case = dict[str, Any]
Tensors = dict[str, torch.Tensor]

#: A right answer fails any one statistical bound less than this often; there are about 60 of them, so 1e-9 in all.
FAILURE = 1e-12
#: Where the quantiles of a distribution are stored.
PROBABILITIES = np.linspace(0.005, 0.995, 199)

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
mpmath.mp.dps = 50


# Helpers


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
    """Stop the script when two oracles disagree."""
    if not np.allclose(np.asarray(one, dtype=float), np.asarray(other, dtype=float), rtol=tolerance, atol=tolerance):
        raise SystemExit(f"two oracles disagree on {what}: {one} and {other}")


def exact(values: np.ndarray) -> list[list[mpmath.mpf]]:
    """The rows of an array as numbers of 50 digits."""
    return [[mpmath.mpf(float(value)) for value in row] for row in np.atleast_2d(values)]


# Lesson 00: activations, softmax, cross-entropy


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


# Lesson 01: initialization


def initialization() -> list[Case]:
    """Standard deviations and limits from torch.nn.init, bounds from SciPy, signals from torch modules."""
    return [*_gains(), *_zeros(), *_draws(), *_orthogonal(), *_activation_stds(), *_variances(), *_lsuv()]


def _gains() -> list[Case]:
    cases = []
    for weight, depth in [
        (1.5, 50),
        (0.5, 50),
        (1.0, 100),
        (3.0, 2),
        (-1.2, 7),
        (-0.9, 4),
        (0.99, 1000),
        (2.5, 1),
        (0.7, 0),
    ]:
        layers = nn.Sequential(*(nn.Linear(1, 1, bias=False) for _ in range(depth)))
        with torch.no_grad():
            for layer in layers:
                nn.init.eye_(layer.weight).mul_(weight)
            signal = layers(torch.ones(1, 1)).item()
        power = float(mpmath.mpf(weight) ** depth)
        cases.append(
            case("linear_gain", f"{weight} over {depth}", [weight, depth], {"torch.nn.Linear": signal, "mpmath": power})
        )
    return cases


def _zeros() -> list[Case]:
    cases = []
    for sizes in ([3, 5, 2], [4, 1]):
        params: Tensors = {}
        for layer, (n_in, n_out) in enumerate(itertools.pairwise(sizes), start=1):
            linear = nn.Linear(n_in, n_out)
            params |= {f"W{layer}": nn.init.zeros_(linear.weight).T, f"b{layer}": nn.init.zeros_(linear.bias)}
        cases.append(
            {
                "function": "initialize_zeros",
                "label": str(sizes),
                "kind": "zeros",
                "oracle": "torch.nn.Linear, torch.nn.init.zeros_",
                "layer_sizes": sizes,
                "params": params,
            }
        )
    return cases


def _factor(initialize: Callable[..., Any], n_in: int, n_out: int, plain: Callable[..., Any], **options: Any) -> float:
    """By which factor ``initialize`` multiplies the draws of ``plain``: torch's own std or limit, measured."""
    weights, draws = torch.empty(n_out, n_in), torch.empty(n_out, n_in)  # torch keeps weights as (n_out, n_in)
    initialize(weights, generator=torch.Generator().manual_seed(1), **options)
    plain(draws, generator=torch.Generator().manual_seed(1))
    ratios = (weights / draws).numpy()
    factor = float(np.median(ratios))
    agree(ratios, np.full_like(ratios, factor), 1e-9, f"the factor of {initialize.__name__}")
    return factor


def _draws() -> list[Case]:
    """How large samples of each scheme must be distributed: quantiles of the standard distribution, and bounds."""
    sizes = [150, 220, 90]
    pairs = list(itertools.pairwise(sizes))

    def standard_normal(weights: torch.Tensor, generator: torch.Generator) -> None:
        nn.init.normal_(weights, generator=generator)

    def standard_uniform(weights: torch.Tensor, generator: torch.Generator) -> None:
        nn.init.uniform_(weights, -1.0, 1.0, generator=generator)

    def he(n_in: int, n_out: int) -> float:
        return _factor(nn.init.kaiming_normal_, n_in, n_out, standard_normal, mode="fan_in", nonlinearity="relu")

    def lecun(n_in: int, n_out: int) -> float:
        return _factor(nn.init.kaiming_normal_, n_in, n_out, standard_normal, mode="fan_in", nonlinearity="linear")

    def glorot(n_in: int, n_out: int) -> float:
        return _factor(nn.init.xavier_uniform_, n_in, n_out, standard_uniform)

    def plain(n_in: int, n_out: int) -> float:
        return _factor(nn.init.normal_, n_in, n_out, standard_normal, std=0.2)

    schemes: list[tuple[str, str, str, Callable[[int, int], float], list[Any]]] = [
        ("initialize_random", "normal", "torch.nn.init.normal_(std=0.2)", plain, [0.2]),
        ("initialize_xavier", "normal", "torch.nn.init.kaiming_normal_(nonlinearity='linear')", lecun, []),
        ("initialize_he", "normal", "torch.nn.init.kaiming_normal_(nonlinearity='relu')", he, []),
        ("initialize_glorot_uniform", "uniform", "torch.nn.init.xavier_uniform_", glorot, []),
    ]
    quantiles = {
        "normal": scipy.stats.norm.ppf(PROBABILITIES),
        "uniform": scipy.stats.uniform(-1, 2).ppf(PROBABILITIES),
    }
    return [
        {
            "function": name,
            "label": "distribution",
            "kind": "draws",
            "oracle": f"{oracle}, scipy.stats",
            "layer_sizes": sizes,
            "options": options,
            "scales": [scale(*pair) for pair in pairs],
            "shapes": [list(nn.Linear(*pair).weight.T.shape) for pair in pairs],
            "probabilities": PROBABILITIES,
            "quantiles": quantiles[distribution],
            "bounds": [_bounds(distribution, *pair) for pair in pairs],
        }
        for name, distribution, oracle, scale, options in schemes
    ]


def _bounds(distribution: str, n_in: int, n_out: int) -> dict[str, Any]:
    """What n_in * n_out right draws, divided by their scale, keep to with probability 1 - FAILURE each."""
    count = n_in * n_out
    bounds: dict[str, Any] = {"kolmogorov_smirnov": scipy.stats.kstwo.isf(FAILURE, count)}
    if distribution == "normal":
        bounds["mean"] = scipy.stats.norm.isf(FAILURE / 2) / math.sqrt(count)
        bounds["variance"] = [
            distribution(FAILURE / 2, count) / count for distribution in (scipy.stats.chi2.ppf, scipy.stats.chi2.isf)
        ]
        # Davidson and Szarek (2001), theorem II.13: all singular values of a normal matrix lie within these.
        t = math.sqrt(2 * math.log(2 / FAILURE))
        roots = sorted((math.sqrt(n_in), math.sqrt(n_out)))
        bounds["singular_values"] = [max(0.0, roots[1] - roots[0] - t), roots[0] + roots[1] + t]
    else:
        # Hoeffding (1963) for draws in -1 ... 1; the largest of n uniform draws has the distribution u**n.
        bounds["mean"] = math.sqrt(2 * math.log(2 / FAILURE) / count)
        bounds["largest"] = [FAILURE ** (1 / count), 1.0]
    return bounds


def _orthogonal() -> list[Case]:
    cases = []
    for n_in, n_out in [(7, 4), (4, 7), (6, 6), (1, 5), (5, 1), (1, 1), (40, 12)]:
        W = nn.init.orthogonal_(torch.empty(n_out, n_in), generator=torch.Generator().manual_seed(2)).T
        gram = W.T @ W if n_in >= n_out else W @ W.T
        agree(gram, np.eye(min(n_in, n_out)), 1e-12, "orthonormality")
        cases.append(
            {
                "function": "initialize_orthogonal",
                "label": f"{n_in} to {n_out}",
                "kind": "orthogonal",
                "oracle": "torch.nn.init.orthogonal_, torch.linalg.svdvals",
                "shape": [n_in, n_out],
                "singular_values": torch.linalg.svdvals(W),
            }
        )
    return cases


def _network(sizes: list[int], seed: int, scale: float = 0.6) -> dict[str, np.ndarray]:
    params = {}
    for layer, (n_in, n_out) in enumerate(itertools.pairwise(sizes), start=1):
        params[f"W{layer}"] = normal(1000 * seed + layer, n_in, n_out, scale=scale)
        params[f"b{layer}"] = normal(1000 * seed + 500 + layer, n_out, scale=0.3)
    return params


def _module(params: dict[str, np.ndarray] | Tensors, activation: nn.Module) -> nn.Sequential:
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


def _activation_stds() -> list[Case]:
    cases = []
    modules = {"relu": nn.ReLU(), "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid(), "linear": nn.Identity()}
    for name, module in modules.items():
        for sizes in ([5, 7, 3, 4], [3, 1]):
            params, X = _network(sizes, 100), normal(200, 8, sizes[0])
            A, stds = torch.as_tensor(X), []
            for step in [*_module(params, module), module]:
                A = step(A)
                if step is module:
                    stds.append(A.std(correction=0).item())
            cases.append(
                {
                    "function": "activation_stds",
                    "label": f"{name}, {sizes}",
                    "kind": "activation_stds",
                    "oracle": "torch.nn.Sequential, torch.std",
                    "activation": name,
                    "params": params,
                    "X": X,
                    "stds": np.array(stds),
                }
            )
    return cases


def _preactivation_variances(params: dict[str, np.ndarray] | Tensors, X: np.ndarray) -> list[float]:
    """The variance of every linear layer's output in a ReLU network, caught by forward hooks."""
    variances: list[float] = []
    module = _module(params, nn.ReLU())
    for layer in module:
        if isinstance(layer, nn.Linear):
            layer.register_forward_hook(lambda _module, _inputs, out: variances.append(out.var(correction=0).item()))
    with torch.no_grad():
        module(torch.as_tensor(X))
    return variances


def _inputs_for_lsuv(n: int) -> dict[str, np.ndarray]:
    return {
        "standard normal": normal(300, 30, n),
        "pixels, not centred": np.round(np.random.default_rng(301).uniform(0, 255, (30, n)), 1),
        "tiny": np.round(1e-3 * np.random.default_rng(302).standard_normal((30, n)), 6),
    }


def _variances() -> list[Case]:
    """Networks on which the test's own measure of variance is held against torch before it judges lsuv."""
    return [
        {
            "function": "lsuv",
            "label": f"variances {sizes}",
            "kind": "variances",
            "oracle": "torch.nn.Sequential, torch.var",
            "params": _network(sizes, 400),
            "X": normal(401, 9, sizes[0]),
            "variances": np.array(_preactivation_variances(_network(sizes, 400), normal(401, 9, sizes[0]))),
        }
        for sizes in ([6, 9, 5, 3], [4, 2], [3, 8, 8, 8, 2])
    ]


def _lsuv() -> list[Case]:
    """Mishkin and Matas (2015), algorithm 1, in torch, from given orthonormal weights: the scales are then unique."""
    sizes = [6, 9, 5, 3]
    cases = []
    for label, X in _inputs_for_lsuv(sizes[0]).items():
        params: Tensors = {}
        for layer, (n_in, n_out) in enumerate(itertools.pairwise(sizes), start=1):
            drawn = nn.init.orthogonal_(torch.empty(n_out, n_in), generator=torch.Generator().manual_seed(layer))
            params |= {f"W{layer}": drawn.T.contiguous(), f"b{layer}": torch.zeros(n_out)}
        start = {key: value.clone() for key, value in params.items()}
        for layer in range(1, len(sizes)):
            for _ in range(20):
                variance = _preactivation_variances(params, X)[layer - 1]
                if abs(variance - 1) < 1e-13:
                    break
                params[f"W{layer}"] /= math.sqrt(variance)
        agree(_preactivation_variances(params, X), np.ones(len(sizes) - 1), 1e-12, "unit variance")
        cases.append(
            {
                "function": "lsuv",
                "label": label,
                "kind": "lsuv",
                "oracle": "LSUV written with torch.nn.init.orthogonal_ and forward hooks",
                "layer_sizes": sizes,
                "X": X,
                "orthonormal": [start[f"W{layer}"] for layer in range(1, len(sizes))],
                "weights": [params[f"W{layer}"] for layer in range(1, len(sizes))],
            }
        )
    return cases


# Lesson 06: gradient checking


def gradient_checking() -> list[Case]:
    """Difference quotients from mpmath, gradients from autograd, norms from mpmath, vectors from torch.nn.utils."""
    return [*_quotients(), *_vectors(), *_relative(), *_gradients(), *_worst()]


def _quotients() -> list[Case]:
    functions: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
        "cube": (lambda t: t**3, lambda t: t**3),
        "exp": (mpmath.exp, np.exp),
        "sin": (mpmath.sin, np.sin),
        "tanh": (mpmath.tanh, np.tanh),
        "reciprocal": (lambda t: 1 / t, lambda t: 1 / t),
        "abs": (abs, np.abs),
    }
    points = {
        "cube": [(1.0, 0.01), (1.0, 1e-5), (-2.5, 0.1)],
        "exp": [(0.0, 0.5), (3.0, 1e-4)],
        "sin": [(2.0, 0.01), (-0.7, 1e-6)],
        "tanh": [(0.3, 0.2), (-1.5, 1e-3)],
        "reciprocal": [(0.25, 0.01), (-4.0, 1e-3)],
        "abs": [(0.0, 0.01), (-0.004, 0.01)],
    }
    cases = []
    for name, (f, with_numpy) in functions.items():
        for theta, eps in points[name]:
            at, step = mpmath.mpf(theta), mpmath.mpf(eps)
            one, two = (f(at + step) - f(at)) / step, (f(at + step) - f(at - step)) / (2 * step)
            slope = 1.0 if name == "abs" else float(mpmath.diff(f, at))
            # What rounding of f and of theta +- eps can do to a quotient in double precision.
            tolerance = 4 * 2.0**-52 * (abs(float(f(at))) + eps * abs(slope) + abs(theta * slope)) / eps
            from_scipy = scipy.optimize.approx_fprime(np.array([theta]), lambda t, g=with_numpy: g(t[0]), eps)[0]
            agree(from_scipy, float(one), 1e-9 + tolerance, f"one-sided {name}")
            if name != "abs":
                limit = scipy.differentiate.derivative(with_numpy, theta, initial_step=0.1).df
                agree(limit, slope, 1e-8, f"the slope of {name}")
            for function, value in (("one_sided_difference", one), ("two_sided_difference", two)):
                cases.append(
                    {
                        "function": function,
                        "label": f"{name} at {theta}, eps {eps}",
                        "kind": "quotient",
                        "oracle": "mpmath; scipy.optimize.approx_fprime",
                        "of": name,
                        "theta": theta,
                        "eps": eps,
                        "value": float(value),
                        "tolerance": tolerance,
                    }
                )
    return cases


def _vectors() -> list[Case]:
    sets = {
        "W10 before W2": {
            f"{k}{i}": normal(500 + 2 * i + (k == "b"), *((i % 3 + 1, 2) if k == "W" else (2,)))
            for i in (2, 1, 10)
            for k in "bW"
        },
        "any keys and axes": {
            "gamma": normal(530, 2),
            "a": normal(531, 2, 1, 3),
            "Z": normal(532, 1, 1),
            "W": normal(533, 2, 3),
        },
    }
    cases = []
    for label, params in sets.items():
        ordered = [torch.as_tensor(params[key]) for key in sorted(params)]
        vector = nn.utils.parameters_to_vector(ordered)
        other = normal(540, vector.numel())
        filled = [nn.Parameter(torch.zeros_like(value)) for value in ordered]
        nn.utils.vector_to_parameters(torch.as_tensor(other), filled)
        back = {key: value.detach() for key, value in zip(sorted(params), filled, strict=True)}
        cases.append(case("params_to_vector", label, [params], {"torch.nn.utils.parameters_to_vector": vector}))
        cases.append(case("vector_to_params", label, [other, params], {"torch.nn.utils.vector_to_parameters": back}))
    return cases


def _norm(arrays: list[np.ndarray]) -> mpmath.mpf:
    return mpmath.sqrt(mpmath.fsum(mpmath.mpf(float(v)) ** 2 for array in arrays for v in np.ravel(array)))


def _relative_difference(grads: dict[str, np.ndarray], approx: dict[str, np.ndarray]) -> float:
    """||g - a|| / (||g|| + ||a||) over all keys, to 50 digits."""
    apart = [
        mpmath.mpf(float(g)) - mpmath.mpf(float(a))
        for key in grads
        for g, a in zip(np.ravel(grads[key]), np.ravel(approx[key]), strict=True)
    ]
    total = _norm(list(grads.values())) + _norm(list(approx.values()))
    return float(mpmath.sqrt(mpmath.fsum(v**2 for v in apart)) / total) if total else 0.0


def _relative() -> list[Case]:
    g = {"W": normal(600, 3, 2), "b": normal(601, 2), "s": normal(602, 1, 2, 2)}
    reordered = {key: g[key] + 1e-3 * normal(603, *g[key].shape) for key in ("s", "W", "b")}
    zero = {key: np.zeros_like(value) for key, value in g.items()}
    pairs = {
        "the same": (g, g),
        "keys in another order": (g, reordered),
        "twice as large": (g, {key: 2 * value for key, value in g.items()}),
        "m = 30 times as large": ({key: 30 * value for key, value in g.items()}, g),
        "the other sign": (g, {key: -value for key, value in g.items()}),
        "one is zero": (zero, g),
        "both are zero": (zero, zero),
        "one key wrong": (g, g | {"b": g["b"] + 1.0}),
        "very small": tuple({key: 1e-100 * value for key, value in d.items()} for d in (g, reordered)),
        "very large": tuple({key: 1e100 * value for key, value in d.items()} for d in (g, reordered)),
        "nearly equal": (g, {key: value * (1 + 1e-9) for key, value in g.items()}),
    }
    return [
        case("relative_difference", label, [one, other], {"mpmath": _relative_difference(one, other)})
        for label, (one, other) in pairs.items()
    ]


def _costs() -> dict[str, tuple[dict[str, np.ndarray], dict[str, np.ndarray], Callable[[Tensors], torch.Tensor]]]:
    """Name -> parameters, constants, and the cost in torch. The tests write the same costs in NumPy."""
    quadratic = {"W": normal(700, 3, 2), "b": normal(701, 4), "a10": normal(702, 1), "a2": normal(703, 2, 1, 2)}
    A, c = normal(704, 15, 15), normal(705, 15)

    def of_quadratic(p: Tensors) -> torch.Tensor:
        theta = nn.utils.parameters_to_vector([p[key] for key in sorted(p)])
        return 0.5 * theta @ torch.as_tensor(A) @ theta + torch.as_tensor(c) @ theta

    mixed = {"u": normal(710, 3, 4), "v": normal(711, 4), "w10": normal(712, 2, 2), "w2": normal(713, 1)}

    def of_mixed(p: Tensors) -> torch.Tensor:
        return torch.logsumexp(p["u"] * p["v"], dim=1).sum() + torch.sin(p["w10"]).prod() * p["w2"].sum() ** 3

    network = _network([4, 5, 3], 720)
    data = {"X": normal(725, 7, 4), "y": np.array([0, 2, 1, 1, 0, 2, 2])}

    def of_network(p: Tensors) -> torch.Tensor:
        hidden = torch.tanh(functional.linear(torch.as_tensor(data["X"]), p["W1"].T, p["b1"]))
        return functional.cross_entropy(functional.linear(hidden, p["W2"].T, p["b2"]), torch.as_tensor(data["y"]))

    return {
        "quadratic": (quadratic, {"A": A, "c": c}, of_quadratic),
        "log-sum-exp and sines": (mixed, {}, of_mixed),
        "cross-entropy of a network": (network, data, of_network),
    }


def _autograd(
    params: dict[str, np.ndarray], cost: Callable[[Tensors], torch.Tensor]
) -> tuple[float, dict[str, np.ndarray]]:
    """The cost and its gradients by autograd, held against torch's own gradcheck and SciPy's differences."""
    leaves = {key: tensor(value) for key, value in params.items()}
    value = cost(leaves)
    value.backward()
    grads = {}
    for key, leaf in leaves.items():
        assert leaf.grad is not None
        grads[key] = leaf.grad.numpy()
    keys = list(params)
    if not torch.autograd.gradcheck(
        lambda *t: cost(dict(zip(keys, t, strict=True))), tuple(tensor(params[k]) for k in keys)
    ):
        raise SystemExit("torch.autograd.gradcheck refuses the gradients")

    def of_vector(vector: np.ndarray) -> float:
        filled = [torch.zeros(params[key].shape) for key in keys]
        nn.utils.vector_to_parameters(torch.as_tensor(vector), filled)
        return cost(dict(zip(keys, filled, strict=True))).item()

    at = np.concatenate([params[key].ravel() for key in keys])
    agree(
        scipy.optimize.approx_fprime(at, of_vector),
        np.concatenate([grads[key].ravel() for key in keys]),
        1e-5,
        "a gradient",
    )
    return value.item(), grads


def _spoilt(grads: dict[str, np.ndarray]) -> dict[str, dict[str, np.ndarray]]:
    """Gradients with a mistake each, under the name of the mistake."""
    first, last = sorted(grads)[0], sorted(grads)[-1]
    bent = {key: value.copy() for key, value in grads.items()}
    bent[last].flat[0] += 1e-4 * float(np.linalg.norm(grads[last]))
    return {
        "right": dict(grads),
        "twice as large": {key: 2 * value for key, value in grads.items()},
        "the other sign": {key: -value for key, value in grads.items()},
        "one key zero": grads | {first: np.zeros_like(grads[first])},
        "two keys off": grads | {first: 1.5 * grads[first], last: grads[last] * (1 + 1e-3)},
        "one entry off a little": bent,
        "keys in another order": {key: grads[key] for key in reversed(grads)},
    }


def _gradients() -> list[Case]:
    cases = []
    for label, (params, constants, cost) in _costs().items():
        value, grads = _autograd(params, cost)
        claims = []
        for mistake, claimed in _spoilt(grads).items():
            difference = _relative_difference(claimed, grads)
            own = {key: _relative_difference({key: claimed[key]}, {key: grads[key]}) for key in grads}
            claims.append(
                {
                    "mistake": mistake,
                    "grads": claimed,
                    "difference": difference,
                    "verdict": "correct" if difference < 1e-7 else "suspicious" if difference < 1e-3 else "wrong",
                    "faulty": sorted(key for key in own if own[key] > 1e-5),
                }
            )
        cases.append(
            {
                "function": "numerical_gradient",
                "label": label,
                "kind": "gradient",
                "oracle": "torch.autograd, torch.autograd.gradcheck, mpmath",
                "params": params,
                "constants": constants,
                "cost": value,
                "grads": grads,
                "claims": claims,
            }
        )
    return cases


def _worst() -> list[Case]:
    g = {"W": normal(800, 3, 4), "b": normal(801, 4), "s": normal(802, 2, 1, 3)}
    rng = np.random.default_rng(803)  # not rounded: rounding makes ties
    a = {key: value + 0.1 * rng.standard_normal(value.shape) for key, value in g.items()}
    keys = sorted(g)
    apart = [(torch.as_tensor(g[key]) - torch.as_tensor(a[key])).abs() for key in keys]
    flat = nn.utils.parameters_to_vector(apart)
    assert len(torch.unique(flat)) == len(flat), "ties would leave the order open"
    cases = []
    for k in (1, 3, 7, len(flat), 100):
        values, places = torch.topk(flat, min(k, len(flat)))
        expected = []
        for value, place in zip(values.tolist(), places.tolist(), strict=True):
            which = 0
            while place >= apart[which].numel():
                place -= apart[which].numel()
                which += 1
            index = [int(i) for i in torch.unravel_index(torch.tensor(place), apart[which].shape)]
            expected.append([keys[which], index, value])
        cases.append(
            {
                "function": "worst_components",
                "label": f"k = {k}",
                "kind": "worst",
                "oracle": "torch.topk, torch.unravel_index",
                "grads": g,
                "approx": a,
                "k": k,
                "expected": expected,
            }
        )
    return cases


# The shared network


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
        _network_case(name, module, "two layers", _network([4, 5, 3], 900), normal(901, 6, 4))
        for name, module in modules.items()
    ]
    cases += [
        _network_case(name, modules[name], "four layers", _network([3, 6, 2, 5, 4], 910), normal(911, 5, 3))
        for name in ("tanh", "elu")
    ]
    cases += [_network_case("relu", modules["relu"], "one layer", _network([3, 4], 920), normal(921, 1, 3))]
    # backward_d of the bug hunt runs only where the two hidden layers are equally wide.
    cases += [_network_case("relu", modules["relu"], "three layers", _network([5, 4, 4, 3], 930), normal(931, 7, 5))]
    cases += [
        _network_case(
            "relu", modules["relu"], "logits near 1000", _network([3, 4, 3], 940, scale=20.0), normal(941, 6, 3)
        )
    ]
    at_zero = _network([3, 4, 2], 950)
    at_zero["b1"] = np.zeros(4)
    X = normal(951, 5, 3)
    X[2] = 0.0
    for name in ("relu", "leaky_relu", "elu"):
        cases.append(_network_case(name, modules[name], "an example at the kink", at_zero, X))
    return cases


def _network_case(name: str, activation: nn.Module, label: str, params: dict[str, np.ndarray], X: np.ndarray) -> Case:
    module = _module(params, activation)
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


# Writing and checking

FILES = {
    "start_here": start_here,
    "initialization": initialization,
    "gradient_checking": gradient_checking,
    "network": network,
}


def plain(value: Any) -> Any:
    """``value`` as JSON can hold it; an array becomes ``{"dtype": ..., "array": nested lists}``."""
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return value.item()
    if isinstance(value, np.ndarray):
        return {"dtype": str(value.dtype), "array": value.tolist()}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def text(cases: list[Case]) -> str:
    """The file: the versions, then one case a line, every number with all its digits."""
    versions = {
        "python": platform.python_version(),
        **{module.__name__: str(module.__version__) for module in (torch, scipy, sklearn, mpmath, np)},
    }
    lines = [json.dumps(plain(item), separators=(",", ":"), allow_nan=False) for item in cases]
    return '{"made_with": ' + json.dumps(versions) + ',\n"cases": [\n' + ",\n".join(lines) + "\n]}\n"


def same(stored: Any, computed: Any) -> bool:
    """Whether two decoded files agree: numbers up to the last digits, everything else exactly."""
    if isinstance(stored, dict) and isinstance(computed, dict):
        return stored.keys() == computed.keys() and all(same(stored[key], computed[key]) for key in stored)
    if isinstance(stored, list) and isinstance(computed, list):
        return len(stored) == len(computed) and all(map(same, stored, computed))
    if isinstance(stored, float) and isinstance(computed, float):
        return math.isclose(stored, computed, rel_tol=1e-9, abs_tol=1e-13)
    return type(stored) is type(computed) and bool(stored == computed)


def main() -> int:
    """Write the files, or with ``--check`` compare them with what this environment computes."""
    parser = argparse.ArgumentParser(description="Compute the oracle values of the lessons' references.")
    parser.add_argument("--check", action="store_true", help="compare with the stored files and write nothing")
    check = parser.parse_args().check
    stale = 0
    for name, make in FILES.items():
        path, content = HERE / f"{name}.json", text(make())
        if not check:
            path.write_text(content, encoding="utf-8", newline="\n")
            print(f"wrote {path.name}, {len(content):,} bytes")
        elif not path.is_file() or not same(
            json.loads(path.read_text(encoding="utf-8"))["cases"], json.loads(content)["cases"]
        ):
            print(f"{path.name} is not what this environment computes; run make_oracles.py without --check")
            stale += 1
        else:
            print(f"{path.name} holds")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
