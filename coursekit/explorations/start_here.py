"""Lesson 00: pictures, activation curves, the price of a wrong answer, and the death of ReLU units.

The functions of the student come in as arguments; the experiments compute with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ..datasets import Fashion, make_spirals
from ..network import loss_and_gradients
from ..plots import line
from ..widgets import explore, slider

Floats = NDArray[np.float64]

#: The small network of the experiments: 2 inputs, one hidden layer, 3 arms of a spiral.
EXAMPLES, UNITS, ARMS = 240, 16, 3
#: Slope of the leaky units, first slope of the learning ones, pieces of a maxout unit.
LEAK, FIRST_SLOPE, PIECES = 0.1, 0.25, 2
#: The learned slope is one number for all units, and its gradient a sum over all of them: it takes smaller steps.
SLOPE_RATE = 0.1

RELU, LEAKY, PRELU, ELU, MAXOUT = KINDS = ("ReLU", f"leaky ReLU {LEAK}", "PReLU", "ELU", "maxout")


#: The student's functions by their names in the contract of the course.
Functions = Mapping[str, Callable[..., Any]]
Function = Callable[..., Any]


@dataclass
class SmallRun:
    """A training run of the small network, one entry per update, taken before it.

    ``silent`` is the share of hidden units whose pre-activation is at or below 0 for every example (nan for
    maxout, which has no flat side). A loss that is not finite ends the run; the rest is nan.
    """

    losses: Floats
    accuracies: Floats
    silent: Floats
    #: Which units were silent, ``(updates, units)``.
    silent_units: NDArray[np.bool_]
    slope: float = 0.0
    params: dict[str, Floats] = field(default_factory=dict)


def spirals() -> tuple[Floats, NDArray[np.int64]]:
    """The data of the experiments: ``(240, 2)`` points on three spiral arms, and their labels."""
    return make_spirals(EXAMPLES, ARMS, np.random.default_rng(1))


def train_small(
    mine: Functions, kind: str, *, learning_rate: float, updates: int, seed: int, start_bias: float = 0.0
) -> SmallRun:
    """Train one hidden layer of 16 units of one ``kind`` (see ``KINDS``) on the spirals, all examples in each update.

    All kinds start from the same weights, with every hidden bias at ``start_bias``; maxout has two weight vectors
    per unit and so twice the weights in that layer. ``mine`` holds the student's ``dead_units`` and the functions of
    the kind: ``relu``, ``leaky_relu`` and ``prelu_backward``, ``elu`` or ``maxout``.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    X, y = spirals()
    pieces = PIECES if kind == MAXOUT else 1
    params, slope = _start(seed, pieces, start_bias), FIRST_SLOPE if kind == PRELU else LEAK
    empty = np.full(updates, np.nan)
    run = SmallRun(empty, empty.copy(), empty.copy(), np.zeros((updates, UNITS), dtype=bool))
    with np.errstate(all="ignore"):
        for t in range(updates):
            Z = X @ params["W1"] + params["b1"]
            A = _forward(mine, kind, Z, slope)
            loss, head, dA, right = _head(params, A, y)
            if not np.isfinite(loss):
                break
            run.losses[t], run.accuracies[t] = loss, right
            if kind != MAXOUT:
                run.silent_units[t] = mine["dead_units"](Z)
                run.silent[t] = run.silent_units[t].mean()
            dZ, dslope = _backward(mine, kind, dA, Z, A, slope)
            grads = {"W1": X.T @ dZ, "b1": dZ.sum(axis=0), **head}
            params = {key: value - learning_rate * grads[key] for key, value in params.items()}
            if kind == PRELU:
                slope = slope - SLOPE_RATE * learning_rate * float(dslope)
    run.slope, run.params = slope, params
    return run


def _start(seed: int, pieces: int, start_bias: float) -> dict[str, Floats]:
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.standard_normal((2, UNITS, PIECES))[:, :, :pieces].reshape(2, -1),
        "b1": np.full(UNITS * pieces, float(start_bias)),
        "W2": rng.standard_normal((UNITS, ARMS)) / np.sqrt(UNITS),
        "b2": np.zeros(ARMS),
    }


def _forward(mine: Functions, kind: str, Z: Floats, slope: float) -> Floats:
    results: dict[str, Callable[[], Any]] = {
        RELU: lambda: mine["relu"](Z),
        LEAKY: lambda: mine["leaky_relu"](Z, slope),
        PRELU: lambda: mine["leaky_relu"](Z, slope),
        ELU: lambda: mine["elu"](Z),
        MAXOUT: lambda: mine["maxout"](Z, PIECES),
    }
    return np.asarray(results[kind]())


def _backward(mine: Functions, kind: str, dA: Floats, Z: Floats, A: Floats, slope: float) -> tuple[Floats, float]:
    if kind == ELU:
        return dA * np.where(Z > 0, 1.0, A + 1), 0.0
    if kind == MAXOUT:
        # the gradient goes to the piece that won; the first one where two are equal
        groups = Z.reshape(len(Z), -1, PIECES)
        won = np.arange(PIECES) == groups.argmax(axis=2)[:, :, np.newaxis]
        return (dA[:, :, np.newaxis] * won).reshape(Z.shape), 0.0
    if kind == RELU:
        return dA * (Z > 0), 0.0
    dZ, dslope = mine["prelu_backward"](dA, Z, slope)
    return np.asarray(dZ), float(dslope)


def _head(params: dict[str, Floats], A: Floats, y: NDArray[np.int64]) -> tuple[float, dict[str, Floats], Floats, float]:
    """Loss, gradients of the output layer, gradient of the hidden activations and accuracy."""
    layer = {"W1": params["W2"], "b1": params["b2"]}
    loss, grads = loss_and_gradients(layer, A, y)
    logits = A @ params["W2"] + params["b2"]
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    right = float((logits.argmax(axis=1) == y).mean())
    return loss, {"W2": grads["W1"], "b2": grads["b1"]}, (p / len(y)) @ params["W2"].T, right


def plot_examples(data: Fashion) -> Figure:
    """One picture of each class: each is one row of ``X_train``."""
    fig, axes = plt.subplots(2, 5, figsize=(7.0, 3.3))
    for label, ax in enumerate(axes.flat):
        row = int(np.flatnonzero(data.y_train == label)[0])
        ax.imshow(data.X_train[row].reshape(28, 28), cmap="gray_r", vmin=0, vmax=1)
        ax.set_title(f"{label} {data.names[label]}", fontsize=9, loc="center")
        ax.set_axis_off()
    fig.suptitle("Each picture is one row of X: 784 numbers from 0 to 1", x=0.01, ha="left")
    return fig


def plot_activations(
    relu: Function,
    leaky_relu: Function,
    elu: Function,
    slope: float = LEAK,
    alpha: float = 1.0,
) -> Figure:
    """The curves of ReLU, leaky ReLU and ELU, and their slopes, measured by differences."""
    z = np.linspace(-4, 3, 701)
    h = 1e-5
    curves: list[tuple[str, Callable[[Floats], Any]]] = [
        ("ReLU", relu),
        (f"leaky ReLU, slope {slope:g}", lambda z: leaky_relu(z, slope)),
        (f"ELU, alpha {alpha:g}", lambda z: elu(z, alpha)),
    ]
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.5))
    # half a step aside, so that no difference straddles the kink at 0
    aside = z[z != 0]
    for i, (name, f) in enumerate(curves):
        left.plot(z, f(z), label=name, **line(i))
        right.plot(aside, (f(aside + h) - f(aside - h)) / (2 * h), **line(i))
    left.axhline(-alpha, color="#888888", linewidth=1, linestyle=(0, (2, 3)))
    left.annotate(f"ELU's floor: {-alpha:g}", (3, -alpha), ha="right", va="top", fontsize=9, color="#555555",
                  xytext=(0, -2), textcoords="offset points")  # fmt: skip
    left.set(xlabel="pre-activation z", ylabel="activation", ylim=(min(-4 * slope, -alpha) - 0.5, 3.1))
    right.set(xlabel="pre-activation z", ylabel="slope", ylim=(-0.08, max(1.0, alpha) + 0.12))
    silent = "only ReLU" if slope > 0 else "ReLU and slope 0"
    left.set_title(f"Below 0 {silent} {'is' if slope > 0 else 'are'} silent")
    right.set_title(f"Below 0 {silent} {'passes' if slope > 0 else 'pass'} no gradient")
    left.legend(loc="upper left")
    return fig


def plot_price(epsilons: Sequence[float] = (1e-8, 1e-12)) -> Figure:
    """``-log(p)`` against ``-log(p + eps)``: what something added inside the logarithm hides."""
    p = np.logspace(-20, 0, 400)
    fig, ax = plt.subplots(figsize=(7.0, 3.6))
    ax.plot(p, -np.log(p), label="-log(p)", **line(0))
    for i, eps in enumerate(epsilons, start=1):
        ax.plot(p, -np.log(p + eps), label=f"-log(p + {eps:g})".replace("e-0", "e-"), **line(i))
    ax.set_xscale("log")
    ax.set(xlabel="probability p given to the right class", ylabel="loss of the example")
    ax.set_title("With eps inside the log, being surer and wrong costs no more")
    ax.legend()
    return fig


def plot_dying(
    relu: Function,
    dead_units: Function,
    learning_rate: float = 6.0,
    start_bias: float = 0.0,
    updates: int = 400,
) -> Figure:
    """ReLU units of the small network over a training run: which are dead, and what the loss does."""
    mine = {"relu": relu, "dead_units": dead_units}
    run = train_small(mine, RELU, learning_rate=learning_rate, updates=updates, seed=0, start_bias=start_bias)
    steps = np.arange(updates)
    reached = int(np.isfinite(run.losses).sum())
    order = np.argsort(-run.silent_units.sum(axis=0), kind="stable")
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.5))
    left.imshow(
        np.where(run.silent_units[:reached, order].T, 1.0, 0.0),
        aspect="auto",
        cmap="gray_r",
        vmin=0,
        vmax=1.35,
        interpolation="nearest",
        extent=(0, max(reached, 1), UNITS, 0),
    )
    left.set(xlabel="update", ylabel="hidden unit (most often silent on top)", xlim=(0, updates), yticks=[])
    left.grid(False)
    dead = int(run.silent_units[max(reached - 1, 0)].sum())
    left.set_title(f"{dead} of {UNITS} units are dead at the end (dark)")
    right.plot(steps, run.losses, **line(0))
    right.axhline(np.log(ARMS), color="#555555", linewidth=1, linestyle=(0, (2, 3)))
    right.annotate(f"chance: ln {ARMS} = {np.log(ARMS):.2f}", (updates, np.log(ARMS)), ha="right", va="bottom",
                   fontsize=9, color="#333333")  # fmt: skip
    right.set(xlabel="update", ylabel="training loss", ylim=(0, max(2.0, float(np.nanmin(run.losses)) * 2)))
    right.set_title(f"Learning rate {learning_rate:g}: accuracy {_last(run.accuracies):.2f}")
    return fig


def race(mine: Functions, *, seeds: int = 4, updates: int = 1000, start_bias: float = -2.0) -> dict[str, SmallRun]:
    """Train the small network with each kind of unit from the same bad start; curves are means over the seeds."""
    results = {}
    for kind in KINDS:
        runs = [
            train_small(mine, kind, learning_rate=0.5, updates=updates, seed=seed, start_bias=start_bias)
            for seed in range(seeds)
        ]
        results[kind] = SmallRun(
            np.mean([r.losses for r in runs], axis=0),
            np.mean([r.accuracies for r in runs], axis=0),
            np.mean([r.silent for r in runs], axis=0),
            np.all([r.silent_units for r in runs], axis=0),
            float(np.mean([r.slope for r in runs])),
        )
    return results


def plot_race(results: dict[str, SmallRun]) -> Figure:
    """The share of silent units and the accuracy over training, one line per kind of unit."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.6, 3.9), sharex=True)
    for i, (kind, run) in enumerate(results.items()):
        if kind != MAXOUT:
            # leaky units near 0 flicker from update to update: show the mean of the last 20
            left.plot(np.arange(19, len(run.silent)), np.convolve(run.silent, np.ones(20) / 20, "valid"), **line(i))
        right.plot(run.accuracies, label=kind, **line(i))
    left.set(xlabel="update", ylabel="silent units (mean of 20 updates)", ylim=(-0.03, 1.03))
    right.set(xlabel="update", ylabel="training accuracy", ylim=(0.28, 1.03))
    left.set_title("Only ReLU's silent units stay silent")
    right.set_title("A slope below 0 brings the network back")
    fig.legend(loc="outside lower center", ncols=len(results), fontsize=9, handlelength=2.4)
    return fig


def explore_activations(relu: Function, leaky_relu: Function, elu: Function) -> ipywidgets.Widget:
    """``plot_activations`` with sliders for the leaky slope and ELU's alpha."""

    def alt(slope: float, alpha: float) -> str:
        return f"ReLU, leaky ReLU with slope {slope:g} and ELU with alpha {alpha:g}, and the slope of each curve."

    def plot(slope: float, alpha: float) -> Figure:
        return plot_activations(relu, leaky_relu, elu, slope, alpha)

    return explore(plot, alt, slope=slider("slope", LEAK, 0.0, 0.95, 0.05), alpha=slider("alpha", 1.0, 0.1, 3.0, 0.1))


def explore_dying(relu: Function, dead_units: Function) -> ipywidgets.Widget:
    """``plot_dying`` with sliders for the learning rate and the hidden biases' start."""

    def alt(learning_rate: float, start_bias: float) -> str:
        mine = {"relu": relu, "dead_units": dead_units}
        run = train_small(mine, RELU, learning_rate=learning_rate, updates=400, seed=0, start_bias=start_bias)
        return (
            f"ReLU units at learning rate {learning_rate:g} from bias {start_bias:g}: "
            f"{_last(run.silent):.0%} are dead at the end, and the accuracy is {_last(run.accuracies):.2f}."
        )

    def plot(learning_rate: float, start_bias: float) -> Figure:
        return plot_dying(relu, dead_units, learning_rate, start_bias)

    return explore(
        plot,
        alt,
        learning_rate=slider("learning rate", 1.0, 0.1, 10.0, 0.1),
        start_bias=slider("start bias", 0.0, -4.0, 1.0, 0.5),
    )


def _last(values: Floats) -> float:
    """The last entry that is a number; nan when there is none."""
    finite = values[np.isfinite(values)]
    return float(finite[-1]) if finite.size else float("nan")
