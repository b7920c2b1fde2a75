"""Lesson 09: momentum in both forms, Nesterov's, and the largest learning rate that settles."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import mpmath
import numpy as np
import torch

from .common import Arrays, Case, agree, case, leaves, normal
from .keras_on_torch import keras
from .optimizers import STEPS, Run, copies, kept, runs, taken


def momentum() -> list[Case]:
    """50 steps each by torch.optim.SGD and, in the classical form, Keras; limits by the eigenvalues of a step."""
    return [*_velocities(), *_single_steps(), *_averages(), *_classical(), *_limits()]


def _velocities() -> list[Case]:
    cases = []
    for run in runs():
        zeros = {key: torch.zeros_like(torch.as_tensor(value)) for key, value in run.params.items()}
        cases.append(case("initialize_velocity", run.label, [run.params], {"torch.zeros_like": zeros}))
    return cases


def _velocity(params: Arrays, seed: int) -> Arrays:
    return {key: normal(seed + i, *value.shape, scale=0.1) for i, (key, value) in enumerate(params.items())}


def _zeros(params: Arrays) -> Arrays:
    return {key: np.zeros_like(value) for key, value in params.items()}


def _set_velocity(optimizer: torch.optim.Optimizer, at: dict[str, torch.Tensor], velocity: Arrays, by: float) -> None:
    """Start torch's buffer at this velocity times ``by``. Left alone, it starts at the first gradient, undampened."""
    for key, value in at.items():
        optimizer.state[value]["momentum_buffer"] = torch.as_tensor(velocity[key]) * by


def _buffer(optimizer: torch.optim.Optimizer, at: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {key: optimizer.state[value]["momentum_buffer"] for key, value in at.items()}


def _averaged(run: Run, velocity: Arrays, rates: list[float], beta: float) -> list[list[Arrays]]:
    """The average form: torch takes ``1 - dampening`` of the gradient into its buffer, so the dampening is beta.

    With the learning rate as it is: ``v`` is torch's buffer, from its given start.
    """
    at = leaves(run.params)
    optimizer = torch.optim.SGD(at.values(), lr=rates[0], momentum=beta, dampening=beta)
    _set_velocity(optimizer, at, velocity, 1.0)
    path = []
    for step, rate in enumerate(rates):
        optimizer.param_groups[0]["lr"] = rate
        taken(run, at, step, optimizer)
        path.append([copies(at), copies(_buffer(optimizer, at))])
    return path


def _undampened(run: Run, velocity: Arrays, rates: list[float], beta: float) -> list[list[Arrays]]:
    """The same path without dampening: a buffer of ``v / (1 - beta)`` and the share ``1 - beta`` of the rate."""
    at = leaves(run.params)
    optimizer = torch.optim.SGD(at.values(), lr=rates[0], momentum=beta)
    _set_velocity(optimizer, at, velocity, 1 / (1 - beta))
    path = []
    for step, rate in enumerate(rates):
        optimizer.param_groups[0]["lr"] = (1 - beta) * rate
        taken(run, at, step, optimizer)
        path.append([copies(at), {key: (1 - beta) * v for key, v in copies(_buffer(optimizer, at)).items()}])
    return path


def _torch_classical(run: Run, velocity: Arrays, rates: list[float], mu: float, nesterov: bool) -> list[list[Arrays]]:
    """The classical form and Nesterov's.

    torch's buffer has neither sign nor learning rate: ``v = -rate * buffer``, so a new rate rescales the buffer.
    Nesterov's torch keeps the place ahead, ``p + mu v``, in the place of the parameters ``p``: it starts there, and
    ``p`` is what is left when ``mu v`` is taken off.
    """
    ahead = mu if nesterov else 0.0
    at = leaves({key: value + ahead * velocity[key] for key, value in run.params.items()})
    optimizer = torch.optim.SGD(at.values(), lr=rates[0], momentum=mu, nesterov=nesterov)
    _set_velocity(optimizer, at, velocity, -1 / rates[0])
    path, before = [], rates[0]
    for step, rate in enumerate(rates):
        for buffer in _buffer(optimizer, at).values():
            buffer.mul_(before / rate)
        optimizer.param_groups[0]["lr"] = before = rate
        taken(run, at, step, optimizer)
        v = {key: -rate * buffer for key, buffer in copies(_buffer(optimizer, at)).items()}
        path.append([{key: value - ahead * v[key] for key, value in copies(at).items()}, v])
    return path


def _keras_classical(run: Run, velocity: Arrays, rates: list[float], mu: float, nesterov: bool) -> list[list[Arrays]]:
    """The same by Keras, whose velocity is that of the contract, learning rate and sign inside."""
    ahead = mu if nesterov else 0.0
    variables = {
        key: keras.Variable(value + ahead * velocity[key], dtype="float64") for key, value in run.params.items()
    }
    optimizer = keras.optimizers.SGD(rates[0], momentum=mu, nesterov=nesterov)
    optimizer.build(list(variables.values()))
    for momentum_of, start in zip(optimizer.momentums, velocity.values(), strict=True):
        momentum_of.assign(start)
    path = []
    for step, rate in enumerate(rates):
        optimizer.learning_rate = rate
        at = leaves({key: variable.numpy() for key, variable in variables.items()})
        grads = run.gradients(at, step)
        optimizer.apply([grads[key] for key in variables], list(variables.values()))
        v = {key: m.numpy().copy() for key, m in zip(variables, optimizer.momentums, strict=True)}
        path.append([{key: variable.numpy() - ahead * v[key] for key, variable in variables.items()}, v])
    return path


def _autograd_nesterov(run: Run, velocity: Arrays, rates: list[float], mu: float) -> list[list[Arrays]]:
    """Nesterov's method word by word, the gradient by autograd at the place ahead."""
    p, v, path = leaves(run.params), leaves(velocity), []
    for step, rate in enumerate(rates):
        grads = run.gradients(leaves({key: (p[key] + mu * v[key]).detach().numpy() for key in p}), step)
        v = {key: mu * v[key] - rate * grads[key] for key in p}
        p = {key: p[key] + v[key] for key in p}
        path.append([copies(p), copies(v)])
    return path


def _agree(one: list[list[Arrays]], other: list[list[Arrays]], what: str) -> None:
    for (params, velocity), (params_too, velocity_too) in zip(one, other, strict=True):
        for key in params:
            agree(params[key], params_too[key], 1e-12, f"{what}, {key}")
            agree(velocity[key], velocity_too[key], 1e-12, f"{what}, velocity of {key}")


def _single_steps() -> list[Case]:
    """One step from a velocity on its way, that of Keras for the classical form, where it needs no conversion."""
    cases = []
    run = next(run for run in runs() if run.given is not None)
    assert run.given is not None
    velocity, grads = _velocity(run.params, 9200), {key: values[0] for key, values in run.given.items()}
    for rate, share in itertools.product((0.1, 2.0), (0.3, 0.9, 0.99)):
        inputs, label = [run.params, grads, velocity, rate, share], f"one step, {rate}, {share}"
        [average] = _averaged(run, velocity, [rate], share)
        cases.append(case("momentum_step", label, inputs, {"torch.optim.SGD(dampening=)": average}))
        [classical] = _keras_classical(run, velocity, [rate], share, nesterov=False)
        cases.append(case("classical_momentum_step", label, inputs, {"keras.optimizers.SGD": classical}))
    return cases


def _settings() -> Iterator[tuple[str, list[float], float, bool]]:
    """Learning rates, the share that is kept, and whether the velocity starts at zero."""
    yield "0.9", [0.05] * STEPS, 0.9, True
    yield "0.5, already moving", [0.1] * STEPS, 0.5, False
    yield "0.99, falling rates", [0.05 / (1 + 0.1 * step) for step in range(STEPS)], 0.99, False


def _case(function: str, run: Run, label: str, oracle: str, start: Arrays, rates: list[float], **more: Any) -> Case:
    return {
        "function": function,
        "label": f"{run.label}, {label}",
        "oracle": oracle,
        **run.stored(),
        "start": start,
        "learning_rates": rates,
        **more,
    }


def _averages() -> list[Case]:
    cases = []
    for run, (label, rates, beta, at_rest) in itertools.product(runs(), _settings()):
        velocity = _zeros(run.params) if at_rest else _velocity(run.params, 9210)
        path = _averaged(run, velocity, rates, beta)
        _agree(path, _undampened(run, velocity, rates, beta), "dampened and undampened momentum")
        more = {"kind": "steps", "options": {"beta": beta}, "path": kept(path)}
        cases.append(_case("momentum_step", run, label, "torch.optim.SGD(dampening=)", velocity, rates, **more))
    return cases


def _classical() -> list[Case]:
    cases = []
    for run, (label, rates, mu, at_rest) in itertools.product(runs(), _settings()):
        if run.given is None:
            rates = [rate / 2 for rate in rates]
        velocity = _zeros(run.params) if at_rest else _velocity(run.params, 9220)
        path = _torch_classical(run, velocity, rates, mu, nesterov=False)
        _agree(path, _keras_classical(run, velocity, rates, mu, False), "classical momentum")
        more: dict[str, Any] = {"kind": "steps", "options": {"mu": mu}, "path": kept(path)}
        oracle = "torch.optim.SGD, keras.optimizers.SGD"
        cases.append(_case("classical_momentum_step", run, label, oracle, velocity, rates, **more))
        if run.given is not None:
            continue  # the place ahead would make no difference
        path = _torch_classical(run, velocity, rates, mu, nesterov=True)
        _agree(path, _keras_classical(run, velocity, rates, mu, True), "Nesterov's momentum")
        _agree(path, _autograd_nesterov(run, velocity, rates, mu), "Nesterov's momentum, word by word")
        more = {"kind": "nesterov", "options": {"mu": mu}, "path": kept(path)}
        oracle = "torch.optim.SGD(nesterov=True), keras.optimizers.SGD(nesterov=True), autograd"
        cases.append(_case("nesterov_step", run, label, oracle, velocity, rates, **more))
    return cases


def _grows(curvature: float, beta: float, rate: mpmath.mpf) -> bool:
    """Whether a step on ``curvature / 2 * p^2`` has an eigenvalue larger than 1.

    ``v`` becomes ``beta v + (1 - beta) curvature p`` and ``p`` becomes ``p - rate`` times that.
    """
    c, kept_share = mpmath.mpf(curvature), mpmath.mpf(beta)
    step = mpmath.matrix(
        [[1 - rate * (1 - kept_share) * c, -rate * kept_share], [(1 - kept_share) * c, kept_share]],
    )
    values, _ = mpmath.eig(step)
    return bool(max(abs(value) for value in values) > 1)


def _limit(curvature: float, beta: float) -> float:
    low, high = mpmath.mpf(1) / curvature, mpmath.mpf(10) ** 6 / curvature
    assert not _grows(curvature, beta, low) and _grows(curvature, beta, high)
    for _ in range(90):
        middle = (low + high) / 2
        low, high = (low, middle) if _grows(curvature, beta, middle) else (middle, high)
    return float(low)


def _rolled(curvature: float, beta: float, rate: float) -> float:
    """How far from the minimum 3,000 of torch's steps end, from 1."""
    p = torch.ones((), requires_grad=True)
    optimizer = torch.optim.SGD([p], lr=rate, momentum=beta, dampening=beta)
    optimizer.state[p]["momentum_buffer"] = torch.zeros(())
    for _ in range(3000):
        p.grad = curvature * p.detach()
        optimizer.step()
    return abs(p.item())


def _limits() -> list[Case]:
    cases = []
    for curvature, beta in itertools.product((0.01, 1.0, 4.0, 250.0), (0.0, 0.3, 0.5, 0.9, 0.99)):
        limit = _limit(curvature, beta)
        if not _rolled(curvature, beta, 0.99 * limit) < 1 < _rolled(curvature, beta, 1.01 * limit):
            raise SystemExit(f"torch's steps do not settle below {limit} and diverge above it: {curvature}, {beta}")
        expected = {"mpmath.eig, torch.optim.SGD": limit}
        cases.append(case("largest_stable_learning_rate", f"{curvature}, {beta}", [curvature, beta], expected))
    return cases
