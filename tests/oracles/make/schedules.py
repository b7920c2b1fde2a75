"""Lesson 10's schedules: what torch's schedulers and Keras's say of every epoch or step."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import scipy.signal
import torch
from torch.optim import lr_scheduler

from .common import Case, agree, case
from .keras_on_torch import keras


def schedules() -> list[Case]:
    """Each schedule over its epochs or steps, and one call of it whose arguments have no names."""
    return [*_steps(), *_exponentials(), *_inverses(), *_cycles(), *_warmups()]


def _by_torch(rate: float, count: int, scheduler: Callable[[torch.optim.Optimizer], Any]) -> np.ndarray:
    """The learning rates of epoch or step 0, 1, ..., ``count - 1`` as a scheduler of torch sets them."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    schedule, rates = scheduler(optimizer), []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no step is taken between two rates
        for _ in range(count):
            rates.append(float(optimizer.param_groups[0]["lr"]))
            schedule.step()
    return np.array(rates)


def _by_keras(schedule: Any, count: int) -> np.ndarray:
    return np.array([float(schedule(step)) for step in range(count)])


def _case(function: str, counter: str, label: str, oracle: str, options: dict[str, float], rates: np.ndarray) -> Case:
    return {
        "function": function,
        "label": label,
        "kind": "schedule",
        "oracle": oracle,
        "counter": counter,
        "options": options,
        "rates": rates,
    }


def _steps() -> list[Case]:
    cases = []
    for rate, drop, every in [(0.1, 0.5, 10), (3.0, 0.1, 7), (1e-3, 0.97, 1), (0.2, 1.0, 3)]:
        rates = _by_torch(rate, 45, partial(lr_scheduler.StepLR, step_size=every, gamma=drop))
        staircase = keras.optimizers.schedules.ExponentialDecay(rate, every, drop, staircase=True)
        agree(rates, _by_keras(staircase, 45), 1e-13, "step decay")
        oracle = "torch StepLR, keras ExponentialDecay(staircase=True)"
        options = {"learning_rate": rate, "drop": drop, "every": every}
        cases.append(_case("step_decay", "epoch", f"{rate}, {drop}, {every}", oracle, options, rates))
        cases.append(case("step_decay", f"{drop}, {every} in order", [rate, 23, drop, every], {oracle: rates[23]}))
        if (drop, every) == (0.5, 10):
            cases.append(case("step_decay", "defaults", [rate, 23], {oracle: rates[23]}))
    return cases


def _exponentials() -> list[Case]:
    cases = []
    for rate, k in [(0.1, 0.05), (1.0, 2.0), (0.3, 0.0), (1e-3, 0.5)]:
        rates = _by_torch(rate, 45, partial(lr_scheduler.ExponentialLR, gamma=math.exp(-k)))
        agree(
            np.log(rates),
            np.log(_by_keras(keras.optimizers.schedules.ExponentialDecay(rate, 1, math.exp(-k)), 45)),
            1e-13,
            "exponential decay",
        )
        oracle = "torch ExponentialLR, keras ExponentialDecay"
        options = {"learning_rate": rate, "k": k}
        cases.append(_case("exponential_decay", "epoch", f"{rate}, {k}", oracle, options, rates))
        cases.append(case("exponential_decay", f"{rate}, {k} in order", [rate, 3, k], {oracle: rates[3]}))
    return cases


def _adagrads_decay(rate: float, k: float, count: int) -> np.ndarray:
    """torch's Adagrad divides by ``1 + k step``; its cache emptied, the gradient 1 moves a parameter by just that rate."""
    rates, p = [], torch.zeros((), requires_grad=True)
    optimizer = torch.optim.Adagrad([p], lr=rate, lr_decay=k, eps=0.0)
    for _ in range(count):
        optimizer.state[p]["sum"].zero_()
        with torch.no_grad():
            p.zero_()
        p.grad = torch.ones(())
        optimizer.step()
        rates.append(-p.item())
    return np.array(rates)


def _inverses() -> list[Case]:
    cases = []
    for rate, k in [(0.1, 0.5), (1.0, 3.0), (0.3, 0.0), (2e-3, 0.01)]:
        rates = _by_keras(keras.optimizers.schedules.InverseTimeDecay(rate, 1, k), 45)
        agree(rates, _adagrads_decay(rate, k, 45), 1e-14, "inverse time decay")
        oracle = "keras InverseTimeDecay, torch.optim.Adagrad(lr_decay=)"
        options = {"learning_rate": rate, "k": k}
        cases.append(_case("inverse_time_decay", "epoch", f"{rate}, {k}", oracle, options, rates))
        cases.append(case("inverse_time_decay", f"{rate}, {k} in order", [rate, 7, k], {oracle: rates[7]}))
    return cases


def _cycles() -> list[Case]:
    cases = []
    for low, high, half in [(0.1, 0.5, 4), (0.0, 1.0, 7), (1e-4, 3e-2, 50), (0.2, 0.9, 1)]:
        count = 5 * half + 12
        cyclic = partial(
            lr_scheduler.CyclicLR, base_lr=low, max_lr=high, step_size_up=half, mode="triangular", cycle_momentum=False
        )
        rates = _by_torch(low, count, cyclic)
        sawtooth = scipy.signal.sawtooth(np.pi * np.arange(count) / half, 0.5)  # a period of 2 pi, from -1 to 1
        agree(rates, low + (high - low) * (sawtooth + 1) / 2, 1e-12, "the triangle")
        oracle = "torch CyclicLR, scipy.signal.sawtooth"
        options = {"low": low, "high": high, "half_cycle": half}
        cases.append(_case("cyclical_learning_rate", "step", f"{low}, {high}, {half}", oracle, options, rates))
        step = 3 * half + 2
        cases.append(
            case(
                "cyclical_learning_rate",
                f"{low}, {high}, {half} in order",
                [step, low, high, half],
                {oracle: rates[step]},
            )
        )
    return cases


def _warmups() -> list[Case]:
    """Keras knows the whole schedule. torch's cosine rises again after its end, and its line cannot start at 0."""
    cases = []
    for total, peak, warmup in [(100, 1.0, 20), (30, 0.3, 0), (40, 1e-3, 1), (12, 2.0, 11), (25, 0.5, 2)]:
        count = total + 15
        cosine: dict[str, Any] = {"warmup_target": peak, "warmup_steps": warmup} if warmup else {}
        start = 0.0 if warmup else peak
        rates = _by_keras(keras.optimizers.schedules.CosineDecay(start, total - warmup, **cosine), count)

        if warmup > 1:
            line = partial(lr_scheduler.LinearLR, start_factor=1 / warmup, total_iters=warmup - 1)
            agree(rates[1:warmup], _by_torch(peak, warmup - 1, line), 1e-13, "the line from step 1 on")
        wave = partial(lr_scheduler.CosineAnnealingLR, T_max=total - warmup)
        agree(rates[warmup : total + 1], _by_torch(peak, total - warmup + 1, wave), 1e-13, "the cosine")
        oracle = "keras CosineDecay, torch LinearLR and CosineAnnealingLR"
        options = {"total": total, "peak": peak, "warmup": warmup}
        cases.append(_case("warmup_cosine", "step", f"{total}, {peak}, {warmup}", oracle, options, rates))
        for step in (warmup // 2, (total + warmup) // 2, total + 3):
            label = f"step {step} of {total}, {peak}, {warmup} in order"
            cases.append(case("warmup_cosine", label, [step, total, peak, warmup], {oracle: rates[step]}))
    return cases
