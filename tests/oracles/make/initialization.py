"""Lesson 01: initialization."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import scipy.stats
import torch
from torch import nn

from .common import Case, Tensors, agree, case, network_module, network_params, normal

#: A right answer fails any one statistical bound less than this often; there are about 60 of them, so 1e-9 in all.
FAILURE = 1e-12
#: Where the quantiles of a distribution are stored.
PROBABILITIES = np.linspace(0.005, 0.995, 199)


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


def _activation_stds() -> list[Case]:
    cases = []
    modules = {"relu": nn.ReLU(), "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid(), "linear": nn.Identity()}
    for name, module in modules.items():
        for sizes in ([5, 7, 3, 4], [3, 1]):
            params, X = network_params(sizes, 100), normal(200, 8, sizes[0])
            A, stds = torch.as_tensor(X), []
            for step in [*network_module(params, module), module]:
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
    module = network_module(params, nn.ReLU())
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
            "params": network_params(sizes, 400),
            "X": normal(401, 9, sizes[0]),
            "variances": np.array(_preactivation_variances(network_params(sizes, 400), normal(401, 9, sizes[0]))),
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
