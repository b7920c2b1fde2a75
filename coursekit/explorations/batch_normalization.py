"""Lesson 11: what batch normalization does to one unit, to twenty layers and to training.

The functions take the student's own layer, forwards and backwards; nothing here normalises anything by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from coursekit.datasets import Fashion
from coursekit.network import Array, Params
from coursekit.plots import COLOURS, MARKERS, line
from coursekit.widgets import explore, slider

#: ``forward(Z, gamma, beta, running_mean, running_var, ...)``: output, cache and the running statistics.
Forward = Callable[..., tuple[Array, Any, Array, Array]]
#: ``backward(dout, cache)``: the gradients of Z, gamma and beta.
Backward = Callable[[Array, Any], tuple[Array, Array, Array]]
#: The student's layer, forwards and backwards; None leaves a network as it is.
Norm = tuple[Forward, Backward] | None


# --- training --------------------------------------------------------------------------------------------------------


@dataclass
class Run:
    """What training a network on the Fashion pictures did.

    ``params`` holds ``W1, b1`` … and, where layers are normalised, ``gamma1, beta1`` …; ``running`` has ``mean1,
    var1`` …. ``losses`` has one entry per update; ``spreads`` ``(updates, hidden layers)`` are the standard deviations
    of the pre-activations. ``dev_accuracy`` is nan where the loss overflowed: the run stopped there.
    """

    params: Params
    running: Params
    losses: list[float] = field(default_factory=list)
    spreads: list[list[float]] = field(default_factory=list)
    dev_accuracy: float = float("nan")


def train(
    hidden: Sequence[int],
    data: Fashion,
    norm: Norm = None,
    *,
    learning_rate: float,
    epochs: int = 5,
    batch_size: int = 64,
    scale: float | None = None,
    momentum: float = 0.9,
    seed: int = 0,
    examples: int | None = None,
) -> Run:
    """Train a ReLU network by plain gradient descent on mini-batches; ``norm`` normalises its hidden layers.

    Weights are normal with He's standard deviation, or with ``scale``. Only the first ``examples`` pictures are used
    if that is given. With and without ``norm`` the start and the order of the batches are the same.
    """
    rng = np.random.default_rng(seed)
    X, y = data.X_train[:examples], data.y_train[:examples]
    run = _start([X.shape[1], *hidden, int(y.max()) + 1], rng, scale, norm is not None)
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            order = rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                batch = order[start : start + batch_size]
                loss, grads = _gradients(run, X[batch], y[batch], norm, momentum)
                run.losses.append(loss)
                if not np.isfinite(loss):
                    return run
                run.params = {key: value - learning_rate * grads[key] for key, value in run.params.items()}
        run.dev_accuracy = accuracy(run, data.X_dev, data.y_dev, norm)
    return run


def accuracy(run: Run, X: Array, y: Array, norm: Norm, *, together: int | None = None) -> float:
    """The share of pictures that a trained network labels rightly.

    At test time as it should be; with ``together`` in groups of so many, each normalised by its own statistics.
    """
    if together is None:
        return float((logits(run, X, norm).argmax(axis=1) == y).mean())
    groups = [slice(start, start + together) for start in range(0, len(X), together)]
    labels = [logits(run, X[group], norm, training=True).argmax(axis=1) for group in groups]
    return float((np.concatenate(labels) == y).mean())


def logits(run: Run, X: Array, norm: Norm, *, training: bool = False) -> Array:
    """What a trained network says of the rows of ``X``: ``(m, classes)``. The running statistics stay as they are."""
    return _forward(Run(run.params, dict(run.running)), X, norm, training)[0]


def recompute(run: Run, X: Array, norm: Norm) -> Run:
    """The same network with running statistics taken from one pass over the rows of ``X``, all in one batch."""
    fresh = Run(run.params, dict(run.running))
    _forward(fresh, X, norm, True, momentum=0.0)
    return fresh


def _start(sizes: Sequence[int], rng: np.random.Generator, scale: float | None, normed: bool) -> Run:
    run, last = Run({}, {}), len(sizes) - 1
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        std = np.sqrt(2 / n_in) if scale is None else scale
        run.params[f"W{layer}"] = std * rng.standard_normal((n_in, n_out))
        run.params[f"b{layer}"] = np.zeros(n_out)
        if normed and layer < last:
            run.params |= {f"gamma{layer}": np.ones(n_out), f"beta{layer}": np.zeros(n_out)}
            run.running |= {f"mean{layer}": np.zeros(n_out), f"var{layer}": np.ones(n_out)}
    return run


def _forward(
    run: Run, X: Array, norm: Norm, training: bool, momentum: float = 0.9
) -> tuple[Array, list[tuple[Array, Array, Any]]]:
    """The logits, and for every hidden layer its input, the ReLU's input and the cache of its normalisation."""
    p, r = run.params, run.running
    A, layers, spreads = X, [], []
    last = sum(key.startswith("W") for key in p)
    for i in range(1, last):
        Z, cache = A @ p[f"W{i}"] + p[f"b{i}"], None
        spreads.append(float(Z.std()))
        if norm:
            Z, cache, r[f"mean{i}"], r[f"var{i}"] = norm[0](
                Z, p[f"gamma{i}"], p[f"beta{i}"], r[f"mean{i}"], r[f"var{i}"], momentum=momentum, training=training
            )
        layers.append((A, Z, cache))
        A = np.maximum(Z, 0)
    if training:
        run.spreads.append(spreads)
    return A @ p[f"W{last}"] + p[f"b{last}"], layers


def _gradients(run: Run, X: Array, y: Array, norm: Norm, momentum: float) -> tuple[float, Params]:
    """Mean cross-entropy of a batch and its gradients; the running statistics of ``run`` move on."""
    out, layers = _forward(run, X, norm, True, momentum)
    shifted = out - out.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows, grads = np.arange(len(y)), {}
    d = np.exp(log_p)
    d[rows, y] -= 1
    d /= len(y)
    last = len(layers) + 1
    for i in range(last, 0, -1):
        A = np.maximum(layers[i - 2][1], 0) if i == last else layers[i - 1][0]
        if i < last:
            _, Z, cache = layers[i - 1]
            d = d * (Z > 0)
            if norm:
                d, grads[f"gamma{i}"], grads[f"beta{i}"] = norm[1](d, cache)
        grads[f"W{i}"], grads[f"b{i}"] = A.T @ d, d.sum(axis=0)
        d = d @ run.params[f"W{i}"].T
    return -float(log_p[rows, y].mean()), grads


# --- figures of training ---------------------------------------------------------------------------------------------


def _smooth(losses: Sequence[float], width: int = 20) -> tuple[Array, Array]:
    """Means over ``width`` updates, and the updates they belong to."""
    count = max(len(losses) // width, 1)
    means = np.array([np.mean(part) for part in np.array_split(np.asarray(losses), count)])
    return (np.arange(count) + 0.5) * len(losses) / count, means


def plot_wandering(run: Run) -> Figure:
    """The loss of a plain deep network, and how the spread of its layers wanders while it trains."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.8, 3.9))
    left.plot(*_smooth(run.losses), **line(0))
    left.axhline(np.log(10), color="#888888", linewidth=1.4, linestyle=":")
    left.annotate(
        "guessing: ln 10", (len(run.losses), np.log(10)), xytext=(0, 5), textcoords="offset points", ha="right"
    )
    left.set(xlabel="update", ylabel="training loss", ylim=(0, 2.6))
    left.set_title(f"Five epochs: dev accuracy {run.dev_accuracy:.2f}")
    spreads = np.array(run.spreads)
    for i, layer in enumerate((1, spreads.shape[1])):
        right.plot(spreads[:, layer - 1], **line(i), linewidth=1.2, label=f"layer {layer}")
    right.set(xlabel="update", ylabel="std of the pre-activations", ylim=(0, None))
    right.legend(loc="upper left")
    right.set_title("What each layer hears never settles")
    return fig


def plot_depth(runs: Mapping[str, Run]) -> Figure:
    """Training losses of networks side by side, with their dev accuracies."""
    fig, ax = plt.subplots(figsize=(7.6, 4.6))
    for i, (name, run) in enumerate(runs.items()):
        ax.plot(*_smooth(run.losses), **line(i), label=f"{name}: dev accuracy {run.dev_accuracy:.2f}")
    ax.set(xlabel="update", ylabel="training loss", ylim=(0, 2.6))
    ax.legend(loc="lower left")
    ax.set_title("Normalised and with large steps the twenty layers learn at once")
    return fig


def plot_rates(rates: Sequence[float], accuracies: Mapping[str, Sequence[Sequence[float]]]) -> Figure:
    """Dev accuracy against the learning rate; several seeds each, nan where the loss overflowed."""
    fig, ax = plt.subplots(figsize=(7.6, 4.3))
    for i, (name, rows) in enumerate(accuracies.items()):
        values = np.array(rows, dtype=float)
        shown = np.where(np.isnan(values), 0.0, values)
        ax.plot(rates, shown.mean(axis=1), **line(i), linewidth=2, label=name)
        for column in shown.T:
            ax.plot(rates, column, MARKERS[i], color=COLOURS[i], markersize=6, alpha=0.7)
        for rate, row in zip(rates, values, strict=True):
            if np.isnan(row).any():
                ax.annotate("overflow", (rate, -0.065), ha="center", color=COLOURS[i], fontsize=9)
    ax.set_xscale("log")
    ax.set_xticks(rates, [f"{rate:g}" for rate in rates])
    ax.minorticks_off()
    ax.set(xlabel="learning rate", ylabel="dev accuracy", ylim=(-0.09, 0.9))
    ax.legend(loc="lower left")
    ax.set_title("Normalised layers bear learning rates a hundred times apart")
    return fig


def plot_batch_sizes(sizes: Sequence[int], accuracies: Mapping[str, Sequence[float]]) -> Figure:
    """Dev accuracy against the size of the batches."""
    fig, ax = plt.subplots()
    for i, (name, values) in enumerate(accuracies.items()):
        ax.plot(sizes, values, **line(i), marker=MARKERS[i], label=name)
    ax.set_xscale("log", base=2)
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.set(xlabel="examples in a batch", ylabel="dev accuracy", ylim=(0, 0.9))
    ax.legend(loc="lower right")
    ax.set_title("Small batches help the plain network and ruin the normalised one")
    return fig


def plot_companions(sizes: Sequence[int], curves: Mapping[str, Sequence[float]], running: float) -> Figure:
    """Accuracy of one network whose test pictures are normalised in groups, and with the running statistics."""
    fig, ax = plt.subplots()
    for i, (name, values) in enumerate(curves.items()):
        ax.plot(sizes, values, **line(i), marker=MARKERS[i], label=name)
    ax.axhline(running, color="black", linewidth=1.6, linestyle="-")
    ax.annotate("running statistics", (sizes[0], running), xytext=(0, 5), textcoords="offset points")
    ax.set_xscale("log")
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.minorticks_off()
    ax.set(xlabel="pictures that are normalised together", ylabel="dev accuracy", ylim=(0, 0.9))
    ax.legend(loc="lower right")
    ax.set_title("With batch statistics the answer depends on the company")
    return fig


# --- one unit --------------------------------------------------------------------------------------------------------

_MEAN, _STD = 3.0, 2.0


def skewed_unit(m: int = 2000) -> Array:
    """Pre-activations ``(m, 1)`` of one unit, skewed, with a mean of 3 and a standard deviation of 2."""
    draws = np.random.default_rng(0).gamma(2.0, size=(m, 1))
    result: Array = _MEAN + _STD * (draws - draws.mean()) / draws.std()
    return result


def normalised_unit(forward: Forward, gamma: float, beta: float) -> Array:
    """The output ``(m, 1)`` of the layer for ``skewed_unit``."""
    out = forward(skewed_unit(), np.array([gamma]), np.array([beta]), np.zeros(1), np.ones(1))[0]
    return np.asarray(out)


def _unit_words(forward: Forward, gamma: float, beta: float) -> str:
    Z, out = skewed_unit(), normalised_unit(forward, gamma, beta)
    if np.abs(out - Z).max() < 0.02:
        return "the layer gives back its input"
    return f"mean {out.mean():.2f}, std {out.std():.2f}, {(np.abs(out) > 1).mean():.0%} outside of −1 … 1"


def plot_unit(forward: Forward, gamma: float = 1.0, beta: float = 0.0) -> Figure:
    """A unit's values before and after the layer, as histograms over one axis."""
    Z, out = skewed_unit(), normalised_unit(forward, gamma, beta)
    fig, (top, bottom) = plt.subplots(2, 1, figsize=(8.0, 4.8), sharex=True)
    for i, (ax, values, name) in enumerate(((top, Z, "pre-activations"), (bottom, out, "output"))):
        # A bar every 0.25 for a spread of 2; a unit squeezed to a point gets one slim bar.
        width = max(float(values.std()) / 8, 0.02)
        bins = np.arange(values.min() - width / 2, values.max() + width, width)
        ax.hist(values.ravel(), bins=bins, color=COLOURS[i], hatch=("", "//")[i], edgecolor="white", linewidth=0.3)
        ax.axvline(0, color="black", linewidth=1)
        ax.set_ylabel("examples")
        ax.set_title(f"{name}: mean {values.mean():.2f}, std {values.std():.2f}")
    bottom.axvspan(-1, 1, color="#888888", alpha=0.2, zorder=0)
    bottom.set(xlabel="value (grey: −1 … 1)", xlim=(-11, 19))
    words = _unit_words(forward, gamma, beta)
    fig.suptitle(f"gamma {gamma:.1f}, beta {beta:.1f}: {words}", x=0.01, ha="left")
    return fig


def explore_unit(forward: Forward) -> widgets.Widget:
    """Sliders for gamma and beta of ``plot_unit``."""

    def plot(gamma: float, beta: float) -> Figure:
        return plot_unit(forward, gamma, beta)

    def alt(gamma: float, beta: float) -> str:
        return f"Histograms of a unit before and after the layer: {_unit_words(forward, gamma, beta)}."

    return explore(plot, alt, gamma=slider("gamma", 1.0, -1.0, 3.0, 0.1), beta=slider("beta", 0.0, -4.0, 4.0, 0.1))


# --- twenty layers ---------------------------------------------------------------------------------------------------


def signals(forward: Forward, scale: float, depth: int, width: int = 64) -> tuple[Array, Array]:
    """Standard deviations of the activations of ``depth`` ReLU layers, plain and normalised."""
    rng = np.random.default_rng(0)
    plain = normed = rng.standard_normal((128, width))
    ones, zeros = np.ones(width), np.zeros(width)
    found = []
    for _ in range(depth):
        W = scale * rng.standard_normal((width, width))
        plain = np.maximum(plain @ W, 0)
        normed = np.maximum(np.asarray(forward(normed @ W, ones, zeros, zeros, ones)[0]), 0)
        found.append((plain.std(), normed.std()))
    table = np.array(found)
    return table[:, 0], table[:, 1]


def plot_signals(forward: Forward, scale: float = 0.01, depth: int = 20) -> Figure:
    """The signal through many layers, plain and normalised."""
    plain, normed = signals(forward, scale, depth)
    fig, ax = plt.subplots(figsize=(7.6, 4.6))
    layers = np.arange(1, depth + 1)
    floor = 1e-40
    ax.axhspan(0.1, 10, color="#009E73", alpha=0.12, label="a healthy signal: 0.1 to 10")
    for i, (name, values) in enumerate((("plain", plain), ("with batch normalization", normed))):
        ax.plot(layers, np.maximum(values, floor), **line(i), marker=MARKERS[i], label=f"{name}: {values[-1]:.2g}")
    ax.set_yscale("log")
    low, high = min(plain.min(), normed.min(), 1e-2), max(plain.max(), normed.max(), 1e2)
    ax.set(xlabel="layer", ylabel="std of the activations", ylim=(max(low, floor) / 30, high * 30))
    ax.set_xlim(0.5, max(depth, 2) + 0.5)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    fig.legend(loc="outside lower center", ncols=3)
    words = ["healthy" if 0.1 <= values[-1] <= 10 else "lost" for values in (plain, normed)]
    ax.set_title(f"Weights of std {scale:.2g}: plain {words[0]}, normalised {words[1]}")
    return fig


def explore_signals(forward: Forward) -> widgets.Widget:
    """Sliders for the weights' scale and the depth of ``plot_signals``."""

    def plot(exponent: float, depth: int) -> Figure:
        return plot_signals(forward, 10.0**exponent, depth)

    def alt(exponent: float, depth: int) -> str:
        plain, normed = signals(forward, 10.0**exponent, depth)
        return (
            f"Standard deviation of the activations in layer {depth} for weights of standard deviation "
            f"{10.0**exponent:.2g}: {plain[-1]:.2g} plain, {normed[-1]:.2g} normalised."
        )

    return explore(
        plot,
        alt,
        exponent=slider("log10(std)", -2.0, -5.0, 1.0, 0.05),
        depth=slider("layers", 20, 1, 30, 1),
    )


# --- running statistics ----------------------------------------------------------------------------------------------

_TRUE_MEAN, _TRUE_VAR, _UPDATES = 2.0, 9.0, 200


def running_statistics(forward: Forward, momentum: float, batch_size: int) -> tuple[Array, Array]:
    """The running mean and variance after each of 200 batches of one unit, from 0 and 1; the truth is 2 and 9."""
    rng = np.random.default_rng(1)
    mean, var, one = np.zeros(1), np.ones(1), np.ones(1)
    found = []
    for _ in range(_UPDATES):
        Z = _TRUE_MEAN + np.sqrt(_TRUE_VAR) * rng.standard_normal((batch_size, 1))
        _, _, mean, var = forward(Z, one, 0 * one, mean, var, momentum=momentum)
        found.append((float(np.squeeze(mean)), float(np.squeeze(var))))
    table = np.array(found)
    return table[:, 0], table[:, 1]


def largest_error(var: Array) -> float:
    """How far a running variance is off in the second half of the updates, at worst, as a share of the truth."""
    return float(np.abs(np.asarray(var)[_UPDATES // 2 :] / _TRUE_VAR - 1).max())


def plot_running(forward: Forward, momentum: float = 0.9, batch_size: int = 16) -> Figure:
    """Running mean and variance of one unit over the updates, with the truth."""
    mean, var = running_statistics(forward, momentum, batch_size)
    fig, axes = plt.subplots(1, 2, figsize=(9.8, 3.9))
    for i, (ax, values, truth, name) in enumerate(
        ((axes[0], mean, _TRUE_MEAN, "running mean"), (axes[1], var, _TRUE_VAR, "running variance"))
    ):
        ax.plot(np.arange(1, _UPDATES + 1), values, **line(i), label=name)
        ax.axhline(truth, color="black", linewidth=1.2, linestyle="-", label=f"truth: {truth:g}")
        ax.set(xlabel="update", ylim=(min(0.0, 1.1 * float(values.min())), max(1.8 * truth, 1.1 * float(values.max()))))
        ax.legend(loc="upper right")
        ax.set_title(name)
    axes[1].fill_between([100, 200], 0.8 * _TRUE_VAR, 1.2 * _TRUE_VAR, color="#009E73", alpha=0.15)
    error = largest_error(var)
    words = "good enough" if error < 0.2 else "not good enough"
    fig.suptitle(
        f"momentum {momentum:.3f}, batches of {batch_size}: from update 100 on off by up to {error:.0%}, {words}",
        x=0.01,
        ha="left",
    )
    return fig


def explore_running(forward: Forward) -> widgets.Widget:
    """Sliders for the momentum and the batch size of ``plot_running``."""

    def plot(momentum: float, batch_size: int) -> Figure:
        return plot_running(forward, momentum, batch_size)

    def alt(momentum: float, batch_size: int) -> str:
        error = largest_error(running_statistics(forward, momentum, batch_size)[1])
        return (
            f"Running mean and variance over 200 updates, momentum {momentum:.3f}, batches of {batch_size}: from "
            f"update 100 on the variance is off by up to {error:.0%}."
        )

    return explore(
        plot,
        alt,
        momentum=slider("momentum", 0.9, 0.0, 0.999, 0.005),
        batch_size=slider("batch size", 16, 2, 128, 2),
    )
