"""Lesson 04: what dropout does to a layer, to a network, and to what the network is sure of.

The functions take the student's own layer, gradients and predictions; nothing here computes an exercise's result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from coursekit.datasets import make_moons
from coursekit.network import Array, Params, predict
from coursekit.plots import COLOURS, line, plot_decision_boundary, points
from coursekit.training import Gradients, History, fit_network
from coursekit.widgets import explore, slider

#: ``drop(A, keep_prob, rng)``: the output and the mask.
Drop = Callable[..., tuple[Array, Array]]
#: ``(keep_probs, rng)`` to a function that gives a batch's loss and gradients.
MakeGradients = Callable[[list[float], np.random.Generator], Gradients]

#: What the bars of the sensors look like, so that they differ by more than their colour.
_HATCHES = ("", "//", "..", "xx")


def plot_by_heart(run: History) -> Figure:
    """Training and dev loss of one network, with the epoch at which the dev loss was least."""
    fig, ax = plt.subplots()
    epochs = np.arange(1, len(run.epoch_losses) + 1)
    best = int(np.argmin(run.dev_losses))
    ax.plot(epochs, run.epoch_losses, **line(0), label="training loss")
    ax.plot(epochs, run.dev_losses, **line(1), label="dev loss")
    ax.plot(epochs[best], run.dev_losses[best], "^", color=COLOURS[1], markersize=10)
    ax.annotate(
        f"least: {run.dev_losses[best]:.2f}\nin epoch {epochs[best]}",
        (epochs[best], run.dev_losses[best]),
        xytext=(0, -34),
        textcoords="offset points",
        ha="center",
    )
    ax.set(xlabel="epoch", ylabel="mean cross-entropy", ylim=(0, None))
    ax.legend(loc="upper right")
    ax.set_title("The network goes on learning its 1,000 pictures; the dev loss turns")
    return fig


def spread_of_mean(drop: Drop, keep_prob: float, units: int, draws: int = 4000) -> tuple[Array, Array]:
    """The means of ``draws`` layers of ``units`` ones after dropout, and the masks of the first 20."""
    out, mask = drop(np.ones((draws, units)), keep_prob, np.random.default_rng(0))
    return np.asarray(out).mean(axis=1), np.asarray(mask)[:20]


def plot_mask(drop: Drop, keep_prob: float = 0.5, units: int = 50) -> Figure:
    """A mask as a picture, and how the mean of a layer of ones scatters under many of them."""
    means, mask = spread_of_mean(drop, keep_prob, units)
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.9), width_ratios=(1.1, 1))
    left.imshow(mask > 0, cmap="Blues", vmin=-0.15, vmax=1.3, aspect="auto", interpolation="nearest")
    left.grid(False)
    left.set(xlabel="unit", ylabel="example")
    left.set_title(f"Dark: kept, and multiplied by {1 / keep_prob:.3g}")
    for axis in (left.xaxis, left.yaxis):
        axis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    top = max(2.0, float(means.max()) * 1.05)
    # The mean is a multiple of this step; bars of whole steps leave no gaps. Few values have slim bars of their own.
    step = 1 / (keep_prob * units)
    step *= max(1.0, np.ceil(top / 60 / step))
    counts, edges = np.histogram(means, bins=np.arange(-step / 2, top + step, step))
    right.bar(edges[:-1] + step / 2, counts, width=min(step, top / 20), color=COLOURS[0], alpha=0.8)
    right.axvline(1, color="black", linewidth=1.4, linestyle="-", label="without dropout")
    right.axvline(float(means.mean()), **line(1), label="mean of the draws")
    name = "value of the layer's one unit" if units == 1 else f"mean of the layer's {units} units"
    right.set(xlabel=name, ylabel="draws", xlim=(-0.03 * top, 1.03 * top))
    right.legend(loc="upper right", fontsize=9, handlelength=1.4)
    right.set_ylim(top=right.get_ylim()[1] * 1.3)
    right.set_title(f"mean {means.mean():.2f}, spread {means.std():.3f}")
    finding = "right on average, and noisy" if keep_prob < 1 else "nothing is dropped, and there is no noise"
    fig.suptitle(f"keep_prob {keep_prob:.2f}: {finding}", x=0.01, ha="left")
    return fig


def explore_mask(drop: Drop) -> widgets.Widget:
    """Sliders for the keep probability and the width of ``plot_mask``."""

    def plot(keep_prob: float, units: int) -> Figure:
        return plot_mask(drop, keep_prob, units)

    def alt(keep_prob: float, units: int) -> str:
        means, _ = spread_of_mean(drop, keep_prob, units)
        return (
            f"Layers of {units} ones, keep_prob {keep_prob:.2f}: their mean is {means.mean():.2f} on average "
            f"and has a spread of {means.std():.3f}."
        )

    return explore(plot, alt, keep_prob=slider("keep_prob", 0.5, 0.05, 1.0, 0.01), units=slider("units", 50, 1, 200, 1))


def plot_gap(runs: Mapping[str, History]) -> Figure:
    """Dev losses of several networks, and their final accuracies on the training and on the dev part."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.8, 4.0), width_ratios=(1.2, 1))
    for i, (name, run) in enumerate(runs.items()):
        left.plot(np.arange(1, len(run.dev_losses) + 1), run.dev_losses, **line(i), label=name)
        train, dev = float(run.train_accuracy[-1]), float(run.dev_accuracy[-1])
        right.plot([dev, train], [i, i], color=COLOURS[i], linewidth=3, linestyle="-", zorder=1)
        right.plot(dev, i, "o", color=COLOURS[i], markersize=10)
        right.plot(train, i, "s", color=COLOURS[i], markersize=10)
        right.annotate(
            f"gap {train - dev:.3f}", ((train + dev) / 2, i), xytext=(0, 9), textcoords="offset points", ha="center"
        )
    left.set(xlabel="epoch", ylabel="dev loss")
    left.legend(loc="upper center")
    left.set_title("With dropout the dev loss stays low")
    right.set_yticks(range(len(runs)), list(runs))
    right.set(xlabel="accuracy after the last epoch", ylim=(len(runs) - 0.4, -0.9), xlim=(0.75, 1.02))
    for marker, name in (("o", "dev"), ("s", "training")):
        right.plot([], [], marker, color="#444444", markersize=8, label=name)
    right.legend(loc="upper left", ncols=2)
    right.set_title("The gap narrows")
    return fig


def plot_damage(curves: Mapping[str, Sequence[float]], shares: Sequence[float], usual: float) -> Figure:
    """Accuracy of networks of which only a share of the hidden units works; ``usual`` is the share in training."""
    fig, ax = plt.subplots()
    for i, (name, values) in enumerate(curves.items()):
        ax.plot(1 - np.asarray(shares), values, **line(i), marker="os"[i % 2], label=name)
    ax.axvline(1 - usual, color="#888888", linewidth=1.2, linestyle=":")
    ax.annotate(
        "as in training\nwith dropout", (1 - usual, 0.02), xycoords=("data", "axes fraction"), xytext=(-6, 0),
        textcoords="offset points", ha="right", color="#444444",
    )  # fmt: skip
    ax.set(xlabel="share of the hidden units that is removed", ylabel="dev accuracy", ylim=(0, 0.9))
    ax.legend(loc="lower left")
    ax.set_title("The network trained with dropout can spare more units")
    return fig


def make_sensors(m: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Six readings of one quantity, the first precise, the others less so; the class is the quantity's sign, mostly.

    Returns ``X`` of shape ``(m, 6)`` and ``y`` of shape ``(m,)``.
    """
    y = rng.integers(0, 2, m)
    quantity = 2 * y - 1 + 0.7 * rng.standard_normal(m)
    noise = np.array([0.1, 0.5, 0.5, 0.5, 0.5, 0.5])
    return quantity[:, np.newaxis] + noise * rng.standard_normal((m, 6)), y


def plot_sensors(weights: Mapping[str, Array]) -> Figure:
    """The weights of one unit on its six sensors, side by side for each way it was trained."""
    fig, ax = plt.subplots()
    count = len(weights)
    for i, (name, w) in enumerate(weights.items()):
        places = np.arange(len(w)) + (i - (count - 1) / 2) * 0.8 / count
        share = abs(float(w[0])) / float(np.abs(w).sum())
        ax.bar(
            places,
            w,
            width=0.8 / count,
            color=COLOURS[i],
            hatch=_HATCHES[i % len(_HATCHES)],
            edgecolor="white",
            label=f"{name}: {share:.0%} of the weight on sensor 1",
        )
    ax.set_xticks(range(6), ["1\n(precise)", *"23456"])
    ax.set(xlabel="sensor", ylabel="weight")
    ax.legend(loc="upper right")
    ax.set_title("Dropout spreads the weight over all sensors")
    return fig


def plot_churn(runs: Mapping[str, History], ceiling: float) -> Figure:
    """Dev accuracy per epoch of networks on the churn table, with the accuracy of logistic regression."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.8, 4.0), sharex=True)
    for i, (name, run) in enumerate(runs.items()):
        epochs = np.arange(1, len(run.dev_accuracy) + 1)
        left.plot(epochs, run.dev_accuracy, **line(i), label=f"{name}: {run.dev_accuracy[-1]:.3f}")
        right.plot(epochs, run.train_accuracy, **line(i), label=f"{name}: {run.train_accuracy[-1]:.3f}")
    left.axhline(ceiling, color="#888888", linewidth=2, linestyle=":", label=f"logistic regression: {ceiling:.3f}")
    left.set(xlabel="epoch", ylabel="dev accuracy", ylim=(0.70, 0.82))
    right.set(xlabel="epoch", ylabel="training accuracy")
    for ax, place in ((left, "lower left"), (right, "upper left")):
        ax.legend(loc=place)
    left.set_title("On new customers both cures hold")
    right.set_title("Without one the table is learnt by heart")
    return fig


def train_on_moons(make_gradients: MakeGradients, keep_prob: float = 1.0, width: int = 64) -> History:
    """A network of two hidden layers on 60 noisy points of two moons; the dev part has 1,000."""
    X, y = make_moons(60, np.random.default_rng(0), 0.3)
    X_dev, y_dev = make_moons(1000, np.random.default_rng(1), 0.3)
    gradients = make_gradients([keep_prob, keep_prob], np.random.default_rng(3))
    rng = np.random.default_rng(2)
    plan: dict[str, Any] = {"epochs": 200, "batch_size": 60, "learning_rate": 5e-3, "optimizer": "adam"}
    return fit_network([width, width], X, y, rng=rng, X_dev=X_dev, y_dev=y_dev, gradients=gradients, **plan)


def plot_moons(run: History, keep_prob: float, width: int) -> Figure:
    """The decision boundary of a network that ``train_on_moons`` trained, over its 60 training points."""
    X, y = make_moons(60, np.random.default_rng(0), 0.3)
    fig, ax = plt.subplots(figsize=(6.4, 4.4))
    plot_decision_boundary(ax, lambda p: predict(run.params, p), X, y, margin=0.25)
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
    ax.legend(loc="upper right")
    train, dev = 1 - run.train_accuracy[-1], 1 - run.dev_accuracy[-1]
    ax.set_title(f"keep_prob {keep_prob:.2f}, {width} units: training error {train:.3f}, dev error {dev:.3f}")
    return fig


def explore_moons(make_gradients: MakeGradients) -> widgets.Widget:
    """Sliders for the keep probability and the width of a network on the two moons; drawn by ``plot_moons``."""
    runs: dict[tuple[float, int], History] = {}

    def run(keep_prob: float, width: int) -> History:
        if (keep_prob, width) not in runs:
            runs[keep_prob, width] = train_on_moons(make_gradients, keep_prob, width)
        return runs[keep_prob, width]

    def plot(keep_prob: float, width: int) -> Figure:
        return plot_moons(run(keep_prob, width), keep_prob, width)

    def alt(keep_prob: float, width: int) -> str:
        error = 1 - run(keep_prob, width).dev_accuracy[-1]
        return f"Decision boundary, keep_prob {keep_prob:.2f}, {width} units a layer: dev error {error:.3f}."

    return explore(
        plot, alt, keep_prob=slider("keep_prob", 1.0, 0.1, 1.0, 0.05), width=slider("units a layer", 64, 4, 128, 4)
    )


def ring(radius: float, directions: int = 120) -> Array:
    """Points on a circle of this radius around the middle of the two moons, ``(directions, 2)``."""
    angle = np.linspace(0, 2 * np.pi, directions, endpoint=False)
    result: Array = np.array([0.5, 0.25]) + radius * np.column_stack([np.cos(angle), np.sin(angle)])
    return result


def plot_uncertainty(
    sure: Callable[[Array], Array], spread: Callable[[Array], Array], X: Array, y: Array, reach: float = 6.0
) -> Figure:
    """Maps of a network's doubt (1 minus its larger probability) and of the spread over passes with dropout.

    ``sure`` (the larger probability) and ``spread`` take points ``(p, 2)`` and give a number for each, ``(p,)``.
    """
    fig, axes = plt.subplots(1, 2, figsize=(9.8, 4.2), sharey=True)

    def doubt(points: Array) -> Array:
        return 1 - np.asarray(sure(points))

    # The line of doubt is thin: a coarse grid would show it as dots. The passes are many, and their fan is wide.
    maps = (
        ("One pass without dropout: a line of doubt", "1 − larger probability", doubt, 350),
        ("Passes with dropout: a fan of doubt", "standard deviation", spread, 70),
    )
    for ax, (title, label, function, count) in zip(axes, maps, strict=True):
        axis = np.linspace(-reach, reach, count)
        u, v = np.meshgrid(axis + 0.5, axis + 0.25)
        values = np.asarray(function(np.column_stack([u.ravel(), v.ravel()])))
        shades = ax.contourf(u, v, values.reshape(u.shape), levels=np.linspace(0, 0.5, 11), cmap="Greys", alpha=0.8)
        fig.colorbar(shades, ax=ax, fraction=0.05, pad=0.02, label=label)
        for kind in (0, 1):
            ax.scatter(*X[y == kind].T, s=8, **points(kind), label=f"class {kind}")
        ax.set(xlabel="$x_1$", title=title)
        ax.grid(False)
    axes[0].set_ylabel("$x_2$")
    axes[0].legend(loc="upper left")
    return fig


def train_for_uncertainty(make_gradients: MakeGradients, keep_prob: float) -> tuple[Params, Array, Array]:
    """The parameters of a network of two hidden layers of 64 on 200 points of two moons, and the points."""
    X, y = make_moons(200, np.random.default_rng(0), 0.15)
    gradients = make_gradients([keep_prob, keep_prob], np.random.default_rng(3))
    plan: dict[str, Any] = {"epochs": 300, "batch_size": 50, "learning_rate": 3e-3, "optimizer": "adam"}
    return fit_network([64, 64], X, y, rng=np.random.default_rng(2), gradients=gradients, **plan).params, X, y
