"""Lesson 10: Adagrad, RMSprop, Adam and AdamW, and the schedules of learning rates."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch

from .common import Arrays, Case, Tensors, agree, case, leaves, normal
from .keras_on_torch import keras
from .optimizers import STEPS, Run, copies, kept, runs, taken
from .schedules import schedules

State = dict[str, Any]


def adam() -> list[Case]:
    """50 steps each by torch.optim, Adam's by Keras as well. Schedules by both, and SciPy's sawtooth."""
    return [*_zeros(), *_defaults(), *_caches(), *_adams(), *schedules()]


def _runs() -> list[Run]:
    """A network and given gradients are enough: no method here asks for gradients at another place."""
    return [run for run in runs() if run.wells is None]


def _zeros() -> list[Case]:
    cases = []
    for run in _runs():
        zeros = {key: torch.zeros_like(torch.as_tensor(value)) for key, value in run.params.items()}
        cases.append(case("initialize_cache", run.label, [run.params], {"torch.zeros_like": zeros}))
        state = {"m": zeros, "v": zeros, "t": 0}
        cases.append(case("initialize_adam", run.label, [run.params], {"torch.zeros_like": state}))
    return cases


def _rates(rate: float, falling: bool) -> list[float]:
    return [rate / (1 + 0.1 * step) if falling else rate for step in range(STEPS)]


def _squares(params: Arrays, seed: int) -> Arrays:
    """A cache on its way: squares, of which none is zero."""
    return {key: np.round(normal(seed + i, *v.shape) ** 2 + 0.01, 6) for i, (key, v) in enumerate(params.items())}


def _path(
    run: Run, at: Tensors, optimizer: torch.optim.Optimizer, rates: list[float], state: Callable[[], State | Arrays]
) -> list[list[Any]]:
    path = []
    for step, rate in enumerate(rates):
        optimizer.param_groups[0]["lr"] = rate
        taken(run, at, step, optimizer)
        path.append([copies(at), state()])
    return path


def _case(function: str, run: Run, label: str, oracle: str, start: Any, rates: list[float], **more: Any) -> Case:
    return {
        "function": function,
        "label": f"{run.label}, {label}",
        "kind": "steps",
        "oracle": oracle,
        **run.stored(),
        "start": start,
        "learning_rates": rates,
        **more,
    }


# Adagrad and RMSprop. torch adds epsilon outside of the root, as the contract does (Keras: inside).


def _adagrad(run: Run, cache: Arrays, rates: list[float], eps: float) -> list[list[Any]]:
    at = leaves(run.params)
    optimizer = torch.optim.Adagrad(at.values(), lr=rates[0], eps=eps)
    for key, value in at.items():
        optimizer.state[value]["sum"].copy_(torch.as_tensor(cache[key]))
    return _path(
        run, at, optimizer, rates, lambda: copies({key: optimizer.state[value]["sum"] for key, value in at.items()})
    )


def _rmsprop(run: Run, cache: Arrays, rates: list[float], beta: float, eps: float) -> list[list[Any]]:
    at = leaves(run.params)
    optimizer = torch.optim.RMSprop(at.values(), lr=rates[0], alpha=beta, eps=eps)
    for key, value in at.items():
        optimizer.state[value].update(step=torch.tensor(0.0), square_avg=torch.tensor(cache[key]))
    return _path(
        run,
        at,
        optimizer,
        rates,
        lambda: copies({key: optimizer.state[value]["square_avg"] for key, value in at.items()}),
    )


def _caches() -> list[Case]:
    cases = []
    for run in _runs():
        empty, full = {key: np.zeros_like(v) for key, v in run.params.items()}, _squares(run.params, 10000)
        for label, cache, rates, eps in [
            ("from zero", empty, _rates(0.1, falling=False), 1e-8),
            ("a large eps, falling rates", empty, _rates(0.2, falling=True), 1e-2),
            ("already on its way", full, _rates(0.1, falling=False), 1e-3),
        ]:
            path = kept(_adagrad(run, cache, rates, eps))
            options = {"eps": eps}
            cases.append(
                _case("adagrad_step", run, label, "torch.optim.Adagrad", cache, rates, options=options, path=path)
            )
        for label, cache, rates, beta, eps in [
            ("from zero", empty, _rates(0.01, falling=False), 0.9, 1e-8),
            ("a large eps, falling rates", empty, _rates(0.05, falling=True), 0.99, 1e-2),
            ("already on its way", full, _rates(0.01, falling=False), 0.5, 1e-3),
        ]:
            path = kept(_rmsprop(run, cache, rates, beta, eps))
            options = {"beta": beta, "eps": eps}
            cases.append(
                _case("rmsprop_step", run, label, "torch.optim.RMSprop", cache, rates, options=options, path=path)
            )
    return cases


# Adam and AdamW. torch's epsilon is added to the root of the corrected average, as the contract's; its step counts from 1.


def _start(optimizer: torch.optim.Optimizer, at: Tensors, state: State) -> None:
    for key, value in at.items():
        optimizer.state[value].update(
            step=torch.tensor(float(state["t"])),
            exp_avg=torch.tensor(state["m"][key]),
            exp_avg_sq=torch.tensor(state["v"][key]),
        )


def _state(optimizer: torch.optim.Optimizer, at: Tensors) -> State:
    [t] = {int(optimizer.state[value]["step"].item()) for value in at.values()}
    return {
        "m": copies({key: optimizer.state[value]["exp_avg"] for key, value in at.items()}),
        "v": copies({key: optimizer.state[value]["exp_avg_sq"] for key, value in at.items()}),
        "t": t,
    }


def _by_torch(run: Run, state: State, rates: list[float], options: dict[str, float]) -> list[list[Any]]:
    """Adam; AdamW, with ``weight_decay`` among the options. torch shrinks the value before the step, as the contract."""
    at = leaves(run.params)
    betas = (options["beta1"], options["beta2"])
    optimizer: torch.optim.Optimizer
    if "weight_decay" in options:
        optimizer = torch.optim.AdamW(
            at.values(), lr=rates[0], betas=betas, eps=options["eps"], weight_decay=options["weight_decay"]
        )
    else:
        optimizer = torch.optim.Adam(at.values(), lr=rates[0], betas=betas, eps=options["eps"])
    _start(optimizer, at, state)
    return _path(run, at, optimizer, rates, lambda: _state(optimizer, at))


def _by_keras(run: Run, state: State, rates: list[float], options: dict[str, float]) -> list[list[Any]]:
    """The same by Keras, which adds its epsilon to the root of the *uncorrected* average.

    That root is ``sqrt(1 - beta2^t)`` times the corrected one's, so with this share of the contract's epsilon, another
    one in every step, it computes the same.
    """
    variables = {key: keras.Variable(value, dtype="float64") for key, value in run.params.items()}
    kind = keras.optimizers.AdamW if "weight_decay" in options else keras.optimizers.Adam
    decay = {"weight_decay": options["weight_decay"]} if "weight_decay" in options else {}
    optimizer = kind(rates[0], beta_1=options["beta1"], beta_2=options["beta2"], **decay)
    optimizer.build(list(variables.values()))
    optimizer.iterations.assign(state["t"])
    for i, key in enumerate(variables):
        optimizer._momentums[i].assign(state["m"][key])
        optimizer._velocities[i].assign(state["v"][key])
    path = []
    for step, rate in enumerate(rates):
        optimizer.learning_rate = rate
        optimizer.epsilon = options["eps"] * np.sqrt(1 - options["beta2"] ** (state["t"] + step + 1))
        grads = run.gradients(leaves({key: variable.numpy() for key, variable in variables.items()}), step)
        optimizer.apply([grads[key] for key in variables], list(variables.values()))
        averages: State = {
            name: {key: one.numpy().copy() for key, one in zip(variables, averages_of, strict=True)}
            for name, averages_of in (("m", optimizer._momentums), ("v", optimizer._velocities))
        }
        path.append(
            [{key: v.numpy().copy() for key, v in variables.items()}, averages | {"t": int(optimizer.iterations)}]
        )
    return path


def _agree(one: list[list[Any]], other: list[list[Any]], what: str) -> None:
    for (params, state), (params_too, state_too) in zip(one, other, strict=True):
        agree(state["t"], state_too["t"], 0, f"{what}, t")
        for key in params:
            agree(params[key], params_too[key], 1e-12, f"{what}, {key}")
            for name in "mv":
                agree(state[name][key], state_too[name][key], 1e-12, f"{what}, {name} of {key}")


def _states(params: Arrays) -> Iterable[tuple[str, State]]:
    zeros = {key: np.zeros_like(value) for key, value in params.items()}
    yield "from zero", {"m": zeros, "v": zeros, "t": 0}
    moving = {key: normal(10100 + i, *value.shape, scale=0.1) for i, (key, value) in enumerate(params.items())}
    yield "already on its way", {"m": moving, "v": _squares(params, 10110), "t": 7}


def _adams() -> list[Case]:
    cases = []
    usual = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    other = {"beta1": 0.5, "beta2": 0.9, "eps": 1e-2}
    for run in _runs():
        (at_zero, zero), (late, moving) = _states(run.params)
        for label, state, rates, options in [
            (f"{at_zero}", zero, _rates(0.01, falling=False), usual),
            (f"{at_zero}, a large eps, falling rates", zero, _rates(0.1, falling=True), other),
            (f"{late}", moving, _rates(0.01, falling=False), usual | {"beta1": 0.0}),
            (f"{at_zero}, decay", zero, _rates(0.01, falling=False), usual | {"weight_decay": 0.01}),
            (f"{late}, decay", moving, _rates(0.1, falling=True), other | {"weight_decay": 0.5}),
            (f"{at_zero}, decay of 0", zero, _rates(0.05, falling=False), usual | {"weight_decay": 0.0}),
        ]:
            function = "adamw_step" if "weight_decay" in options else "adam_step"
            path = _by_torch(run, state, rates, options)
            _agree(path, _by_keras(run, state, rates, options), f"{function}, {run.label}, {label}")
            name = function.removesuffix("_step").replace("a", "A", 1).replace("w", "W")
            oracle = f"torch.optim.{name}, keras.optimizers.{name} with epsilon converted"
            cases.append(_case(function, run, label, oracle, state, rates, options=options, path=kept(path)))
    return cases


def _defaults() -> list[Case]:
    """A single step with all that has a default left out, from the start and after many steps. torch has the same ones."""
    cases = []
    run = next(run for run in _runs() if run.given is not None)
    assert run.given is not None
    grads = {key: values[0] for key, values in run.given.items()}
    for (label, state), kind in itertools.product(_states(run.params), (torch.optim.Adam, torch.optim.AdamW)):
        for t in {state["t"], 100 * state["t"]}:
            at = leaves(run.params)
            optimizer = kind(at.values())
            _start(optimizer, at, state | {"t": t})
            taken(run, at, 0, optimizer)
            expected = {f"torch.optim.{kind.__name__}": [copies(at), _state(optimizer, at)]}
            inputs = [run.params, grads, state | {"t": t}]
            cases.append(case(f"{kind.__name__.lower()}_step", f"defaults, {label}, {t}", inputs, expected))
    return cases
