"""Lesson 06: gradient checking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import scipy.differentiate
import scipy.optimize
import torch
from torch import nn
from torch.nn import functional

from .common import Case, Tensors, agree, case, network_params, normal, tensor


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

    network = network_params([4, 5, 3], 720)
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
