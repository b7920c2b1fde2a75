"""Lesson 03: what a penalty does to weights and boundaries, when to stop, and what augmented images look like.

The functions take the student's own penalties and rules; nothing here computes an exercise's result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coursekit.datasets import make_moons
from coursekit.network import Array, Params, accuracy, predict
from coursekit.plots import COLOURS, MARKERS, line, plot_decision_boundary
from coursekit.training import History, first_parameters, train_network
from coursekit.widgets import explore, slider

#: ``regularize(params, grads, lam, m)``: gradients with a penalty's part in them.
Regularize = Callable[[Params, Params, float, int], Params]
#: ``stop(dev_losses, patience, min_delta)``: the best epoch and the one where training stops.
Stop = Callable[[Array, int, float], tuple[int, int]]

#: The two moons of the lesson: few examples to learn from, many to measure on.
MOONS = 80
_NOISE = 0.35
#: The dev error on the moons that the student looks for.
GOAL = 0.12


def plot_fits(runs: Mapping[str, History], majority: float) -> Figure:
    """Accuracy on the training and the dev part after each epoch, and the loss on the dev part, of each run."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.9))
    for i, (name, run) in enumerate(runs.items()):
        epochs = np.arange(1, len(run.epoch_losses) + 1)
        for values, part, shown in ((run.train_accuracy, "train", 2 * i + 1), (run.dev_accuracy, "dev", 2 * i)):
            left.plot(epochs, values, **line(shown), label=f"{name}, {part}")
        right.plot(epochs, run.dev_losses, **line(2 * i), label=f"{name}, dev")
    left.axhline(majority, color="#999999", linewidth=1, linestyle="-")
    left.annotate(
        "nobody leaves",
        (0.45, majority),
        xycoords=("axes fraction", "data"),
        xytext=(0, -13),
        textcoords="offset points",
        ha="center",
        color="#555555",
    )
    left.set(xlabel="epoch", ylabel="accuracy", title="The network wins on the training part only")
    left.set_ylim(majority - 0.03, 1.0)
    left.legend(loc="upper left", fontsize=9)
    right.set(xlabel="epoch", ylabel="loss on the dev part", title="Its dev loss climbs after a few epochs")
    right.legend(loc="upper center", fontsize=9)
    return fig


def moons() -> tuple[Array, Array, Array, Array]:
    """The examples of the two moons: ``X, y`` to train on and ``X_dev, y_dev`` to measure on."""
    return (
        *make_moons(MOONS, np.random.default_rng(0), _NOISE),
        *make_moons(1000, np.random.default_rng(1), _NOISE),
    )


@lru_cache(maxsize=32)
def fit_moons(regularize: Regularize, lam: float) -> tuple[Params, float, float]:
    """Train a network with two hidden layers of 50 on the moons: its parameters, training error and dev error."""
    X, y, X_dev, y_dev = moons()
    params = first_parameters((50, 50), X, y, np.random.default_rng(0))

    def step(now: Params, grads: Params) -> Params:
        steered = regularize(now, grads, lam, MOONS)
        return {key: now[key] - 0.3 * steered[key] for key in now}

    plan = {"epochs": 300, "batch_size": 20}
    found = train_network(params, X, y, step=step, rng=np.random.default_rng(0), **plan).params  # type: ignore[arg-type]
    return found, 1 - accuracy(found, X, y), 1 - accuracy(found, X_dev, y_dev)


def plot_boundaries(regularize: Regularize, lams: Sequence[float] = (0.0, 1.0, 10.0, 30.0)) -> Figure:
    """The decision boundary on the moons for each lambda, with its errors."""
    fig, axes = plt.subplots(1, len(lams), figsize=(2.7 * len(lams), 3.5), squeeze=False)
    for ax, lam in zip(axes[0], lams, strict=True):
        params, train_error, dev_error = fit_moons(regularize, lam)
        _draw_moons(ax, params)
        ax.set_title(f"$\\lambda$ = {lam:g}\ntrain error {train_error:.3f}\ndev error {dev_error:.3f}", fontsize=11)
    fig.suptitle("The larger lambda, the smoother the boundary, until nothing is left of it", x=0.01, ha="left")
    return fig


def _draw_moons(ax: Axes, params: Params) -> None:
    X, y, _, _ = moons()
    plot_decision_boundary(ax, lambda points: predict(params, points), X, y)
    ax.set(xticks=[], yticks=[])


def plot_lambda(regularize: Regularize, exponent: float = -1.0) -> Figure:
    """The decision boundary for lambda = 10 ** exponent, and the sizes of the network's weights."""
    lam = 10.0**exponent
    params, train_error, dev_error = fit_moons(regularize, lam)
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.8))
    _draw_moons(left, params)
    left.set_title(f"train error {train_error:.3f}, dev error {dev_error:.3f}")
    weights = np.concatenate([value.ravel() for key, value in params.items() if key.startswith("W")])
    right.hist(weights, bins=np.linspace(-2, 2, 81).tolist(), color=COLOURS[0])
    right.set(xlabel="weight", ylabel="how many (log scale)", yscale="log", ylim=(0.8, 4000), xlim=(-2, 2))
    right.set_title(f"sum of squares {np.sum(weights**2):.3g}")
    fig.suptitle(f"lambda = {lam:.3g}{_reached(dev_error)}", x=0.01, ha="left")
    return fig


def _reached(dev_error: float) -> str:
    return f": goal reached, a dev error below {GOAL:g}" if dev_error < GOAL else ""


def explore_lambda(regularize: Regularize) -> widgets.Widget:
    """A slider for the lambda of ``plot_lambda``."""

    def plot(exponent: float) -> Figure:
        return plot_lambda(regularize, exponent)

    def alt(exponent: float) -> str:
        _, train_error, dev_error = fit_moons(regularize, 10.0**exponent)
        lam, errors = 10.0**exponent, f"train error {train_error:.3f}, dev error {dev_error:.3f}"
        return f"Boundary for lambda {lam:.3g}: {errors}{_reached(dev_error)}."

    return explore(plot, alt, exponent=slider("log10 of lambda", -1.0, -2.0, 1.5, 0.25))


def plot_strengths(runs: Mapping[float, History], sizes: Mapping[float, float], line_at: float) -> Figure:
    """Accuracy on both parts and the sum of the squared weights, for each lambda; ``line_at`` is another model's."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.8))
    places, names = np.arange(len(runs)), [f"{lam:g}" for lam in runs]
    for i, part in enumerate(("dev", "train")):
        values = [getattr(run, f"{part}_accuracy")[-1] for run in runs.values()]
        left.plot(places, values, **line(i), marker=MARKERS[i], label=part)
    left.axhline(line_at, color="#777777", linewidth=1, linestyle="-")
    left.annotate(
        "logistic regression, dev", (0.2, line_at), xytext=(0, 4), textcoords="offset points", color="#555555"
    )
    left.set(xlabel=r"$\lambda$", ylabel="accuracy", title="Less fit, better predictions", xticks=places)
    left.set_xticklabels(names)
    left.legend(loc="upper right")
    right.plot(places, [sizes[lam] for lam in runs], **line(2), marker=MARKERS[2])
    right.set(xlabel=r"$\lambda$", ylabel="sum of squared weights (log scale)", yscale="log", xticks=places)
    right.set_xticklabels(names)
    right.set_title("The weights shrink")
    return fig


def plot_adam_decay(steps: int = 400, rate: float = 0.01, decay: float = 0.1) -> Figure:
    """Two weights whose gradients only jump from plus to minus, one by 0.1 and one by 3, under three updates.

    Gradient descent with an L2 penalty, Adam with one, and Adam with weight decay: which weights shrink?
    """
    fig, axes = plt.subplots(1, 3, figsize=(10.0, 3.6), sharey=True)
    titles = (
        "Gradient descent, L2:\nboth shrink alike",
        "Adam, L2:\nthe loud one is let off",
        "Adam, weight decay:\nalike",
    )
    for ax, title, rule in zip(axes, titles, ("descent", "adam", "adamw"), strict=True):
        for i, size in enumerate((0.1, 3.0)):
            path = _jumping_weight(rule, size, steps, rate, decay)
            # The mean of two steps, so that the jumps cancel.
            ax.plot((path[1:] + path[:-1]) / 2, **line(i), label=f"gradients of ±{size:g}")
        ax.set(xlabel="step", title=title, ylim=(-0.05, 1.08))
    axes[0].set_ylabel("weight")
    axes[0].legend(loc="lower left")
    return fig


def _jumping_weight(rule: str, size: float, steps: int, rate: float, decay: float) -> NDArray[np.float64]:
    w, first, second, path = 1.0, 0.0, 0.0, [1.0]
    for t in range(1, steps + 1):
        grad = size * (-1) ** t + (decay * w if rule != "adamw" else 0.0)
        move = rate * grad
        if rule != "descent":
            first, second = 0.9 * first + 0.1 * grad, 0.999 * second + 0.001 * grad**2
            move = rate * (first / (1 - 0.9**t)) / (np.sqrt(second / (1 - 0.999**t)) + 1e-8)
        w = w - move - (rate * decay * w if rule == "adamw" else 0.0)
        path.append(w)
    return np.array(path)


def plot_weights(networks: Mapping[str, Params], threshold: float) -> Figure:
    """For each network a histogram of the weights' sizes on a log scale, with the share below ``threshold``."""
    fig, axes = plt.subplots(len(networks), 1, figsize=(7.5, 1.7 * len(networks) + 0.7), sharex=True, squeeze=False)
    edges = 10.0 ** np.linspace(-6, 0.5, 66)
    for i, (ax, (name, params)) in enumerate(zip(axes[:, 0], networks.items(), strict=True)):
        weights = np.concatenate([np.abs(value).ravel() for key, value in params.items() if key.startswith("W")])
        ax.hist(np.clip(weights, edges[0], None), bins=edges.tolist(), color=COLOURS[i])
        ax.axvline(threshold, color="black", linewidth=1.2, linestyle="--")
        share = (weights < threshold).mean()
        ax.annotate(f"{share:.1%} below {threshold:g}", (0.02, 0.75), xycoords="axes fraction")
        ax.set(xscale="log", ylabel="weights")
        ax.set_title(name, fontsize=11)
    axes[-1, 0].set_xlabel("size of a weight (log scale)")
    fig.suptitle("L2 makes weights small, L1 makes most of them vanish", x=0.01, ha="left")
    return fig


def plot_early_stopping(stop: Stop, run: History, patience: int = 2, min_delta: float = 0.0) -> Figure:
    """The dev loss of a run, where the student's rule stops, and which epoch it calls the best."""
    best_epoch, stop_epoch = stop(run.dev_losses, patience, min_delta)
    fig, ax = plt.subplots(figsize=(8.0, 4.0))
    epochs = np.arange(len(run.dev_losses))
    ax.plot(epochs, run.dev_losses, **line(0), label="dev loss")
    ax.plot(epochs, run.epoch_losses, **line(1), label="training loss")
    ax.axvspan(stop_epoch, epochs[-1] + 0.5, color="#BBBBBB", alpha=0.35, linewidth=0, label="never trained")
    ax.plot(best_epoch, run.dev_losses[best_epoch], "o", color=COLOURS[2], markersize=11, label="best epoch")
    ax.plot(stop_epoch, run.dev_losses[stop_epoch], "X", color="black", markersize=11, label="stop")
    low, high = float(min(run.epoch_losses.min(), run.dev_losses.min())), float(run.dev_losses.max())
    ax.set(
        xlabel="epoch, from 0",
        ylabel="loss",
        ylim=(low - 0.02, high + 0.3 * (high - low)),
        xlim=(-0.5, epochs[-1] + 0.5),
    )
    ax.legend(loc="upper center", ncols=3)
    ax.set_title(
        f"patience {patience}, min_delta {min_delta:g}: best epoch {best_epoch}, stop at {stop_epoch}, "
        f"dev accuracy {run.dev_accuracy[best_epoch]:.3f}\n{_compared(best_epoch, run)}"
    )
    return fig


def _compared(best_epoch: int, run: History) -> str:
    lowest = int(np.nanargmin(run.dev_losses))
    if best_epoch == lowest:
        return "no epoch has a lower dev loss"
    return f"the lowest dev loss of all is that of epoch {lowest}"


def explore_early_stopping(stop: Stop, run: History) -> widgets.Widget:
    """Sliders for the patience and the min_delta of ``plot_early_stopping``."""

    def plot(patience: int, min_delta: float) -> Figure:
        return plot_early_stopping(stop, run, patience, min_delta)

    def alt(patience: int, min_delta: float) -> str:
        best_epoch, stop_epoch = stop(run.dev_losses, patience, min_delta)
        found = f"the best epoch is {best_epoch}, the stop at {stop_epoch}; {_compared(best_epoch, run)}"
        return f"Dev loss by epoch with patience {patience} and min_delta {min_delta:g}: {found}."

    gain = slider("min_delta", 0.0, 0.0, 0.02, 0.001)
    gain.readout_format = ".3f"
    return explore(plot, alt, patience=slider("patience", 1, 1, 20, 1), min_delta=gain)


def plot_comparison(accuracies: Mapping[str, Sequence[float]], line_at: float, error: float) -> Figure:
    """Dev accuracies of each method, one mark a seed, beside another model's with its standard error."""
    fig, ax = plt.subplots(figsize=(8.0, 0.55 * len(accuracies) + 1.4))
    ax.axvspan(line_at - error, line_at + error, color="#BBBBBB", alpha=0.35, linewidth=0)
    ax.axvline(line_at, color="#555555", linewidth=1.2, linestyle="-")
    for i, (name, values) in enumerate(accuracies.items()):
        ax.scatter(values, [i] * len(values), s=55, alpha=0.85, color=COLOURS[i % 7], marker=MARKERS[i % 7], label=name)
    ax.set_yticks(range(len(accuracies)), list(accuracies))
    ax.invert_yaxis()
    ax.set(xlabel="dev accuracy, one mark a seed (grey: logistic regression ± one standard error)")
    ax.set_title("Regularized networks come close to the straight line, none passes it")
    return fig


def plot_pictures(rows: Mapping[str, Array], title: str) -> Figure:
    """Rows of grey pictures: ``(m, h, w)`` for each name, the same m throughout."""
    m = min(len(pictures) for pictures in rows.values())
    fig, axes = plt.subplots(len(rows), m, figsize=(1.05 * m + 0.9, 1.15 * len(rows) + 0.4), squeeze=False)
    for i, (name, pictures) in enumerate(rows.items()):
        for ax, picture in zip(axes[i], pictures, strict=False):
            ax.imshow(picture, cmap="gray_r", vmin=0, vmax=max(float(pictures.max()), 1e-9))
            ax.set(xticks=[], yticks=[])
            ax.grid(False)
            ax.spines[:].set_visible(True)
        axes[i, 0].set_ylabel(name, rotation=0, ha="right", va="center")
    fig.suptitle(title, x=0.01, ha="left")
    return fig
