"""Lesson 01: how a signal fares through a deep network, and what its start makes of the training.

The functions take the student's own initialisers and measures; nothing here computes an exercise's result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from coursekit.network import Array, Params, forward, loss_and_gradients, predict
from coursekit.plots import COLOURS, MARKERS, line, plot_decision_boundary, show
from coursekit.training import History

Gain = Callable[[float, int], float]
Initialize = Callable[[list[int], np.random.Generator, float], Params]
Measure = Callable[[Params, Array, Callable[[Array], Array]], Array]

#: The activations that the widgets offer.
_ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 0.5 * (1 + np.tanh(z / 2)),
}
#: Where a signal counts as kept: neither half nor double of its size.
KEPT = (0.5, 2.0)


def plot_gain(gain: Gain, weight: float = 1.5, depth: int = 50) -> Figure:
    """The factor ``gain(weight, layers)`` for 0 … ``depth`` layers, beside those of 1.5, 1 and 0.5."""
    fig, ax = plt.subplots()
    layers = np.arange(depth + 1)
    for other in (1.5, 1.0, 0.5):
        factors = [abs(gain(other, int(n))) for n in layers]
        ax.plot(layers, factors, color="#999999", linewidth=1.2, linestyle="--")
        ax.annotate(
            f"{other:g}", (depth, factors[-1]), xytext=(5, 0), textcoords="offset points", va="center", color="#555555"
        )
    final = gain(weight, depth)
    ax.plot(layers, [abs(gain(weight, int(n))) for n in layers], **line(0), marker="o", markersize=3)
    ax.axhspan(*KEPT, color=COLOURS[2], alpha=0.15, linewidth=0)
    ax.set_yscale("log")
    ax.set_xlim(0, depth * 1.09)
    ax.set(xlabel="layers", ylabel="factor on the signal (log scale)")
    ax.set_title(f"{depth} layers of weight {weight:g} scale the signal by {final:.3g}")
    return fig


def explore_gain(gain: Gain) -> None:
    """Sliders for the weight and the depth of ``plot_gain``."""

    def draw(weight: float, depth: int) -> None:
        kept = "inside" if KEPT[0] <= abs(gain(weight, depth)) <= KEPT[1] else "outside"
        factor = gain(weight, depth)
        alt = f"{depth} layers of weight {weight:g} scale a signal by {factor:.3g}, {kept} the band 0.5 to 2."
        show(plot_gain(gain, weight, depth), alt)

    widgets.interact(
        draw,
        weight=widgets.FloatSlider(
            value=1.1, min=0.5, max=1.5, step=0.002, readout_format=".3f", continuous_update=False
        ),
        depth=widgets.IntSlider(value=50, min=1, max=100, continuous_update=False),
    )


def plot_symmetry(runs: Mapping[str, History]) -> Figure:
    """Training losses of one-hidden-layer networks, and each hidden unit's two incoming weights after training."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.8))
    for i, (name, run) in enumerate(runs.items()):
        left.plot(np.arange(1, len(run.epoch_losses) + 1), run.epoch_losses, **line(i), label=name)
        W = run.params["W1"]
        spots = len(np.unique(np.round(W, 9), axis=1).T)
        label = f"{name}: {W.shape[1]} units, {spots} point{'s' if spots > 1 else ''}"
        right.scatter(W[0], W[1], s=70, color=COLOURS[i], marker=MARKERS[i], alpha=0.85, label=label, zorder=3 - i)
    left.axhline(np.log(2), color="#999999", linewidth=1)
    left.annotate(
        "guessing: ln 2",
        (0.98, np.log(2)),
        xycoords=("axes fraction", "data"),
        xytext=(0, 4),
        textcoords="offset points",
        ha="right",
        color="#555555",
    )
    left.set(xlabel="epoch", ylabel="training loss", title="Only different units learn the rings", ylim=(0, 0.85))
    left.legend(loc="lower left")
    right.set(xlabel="weight from input 1", ylabel="weight from input 2", title="Equal units stay equal")
    right.margins(0.15)
    right.set_ylim(top=right.get_ylim()[1] + 0.45 * np.ptp(right.get_ylim()))
    right.legend(loc="upper left")
    return fig


def plot_signal(curves: Mapping[str, Sequence[float] | Array], title: str, ylabel: str) -> Figure:
    """One number per layer for each named network, on a log scale, with the band from 0.5 to 2 shaded."""
    fig, ax = plt.subplots()
    _draw_signal(ax, curves)
    ax.set(ylabel=ylabel)
    ax.set_title(title)
    return fig


def _draw_signal(ax: Axes, curves: Mapping[str, Sequence[float] | Array]) -> None:
    ax.axhspan(*KEPT, color=COLOURS[2], alpha=0.15, linewidth=0)
    for i, (name, values) in enumerate(curves.items()):
        shown = np.asarray(values, dtype=float)
        shown = np.where((shown > 0) & np.isfinite(shown), shown, np.nan)
        ax.plot(
            np.arange(1, len(shown) + 1), shown, **line(i), marker=MARKERS[i % len(MARKERS)], markersize=4, label=name
        )
    ax.set_yscale("log")
    ax.set(xlabel="layer")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))


def stds_at_scale(initialize: Initialize, measure: Measure, scale: float, activation: str, layers: int = 10) -> Array:
    """The activations' standard deviations in a network of width 256, measured on 200 standard normal examples."""
    X = np.random.default_rng(0).standard_normal((200, 256))
    params = initialize([256] * (layers + 1), np.random.default_rng(1), scale)
    with np.errstate(all="ignore"):
        return np.asarray(measure(params, X, _ACTIVATIONS[activation]))


def plot_scale(
    initialize: Initialize, measure: Measure, scale: float = 0.05, activation: str = "relu", layers: int = 10
) -> Figure:
    """How the activations' standard deviation changes from layer to layer, for weights of one ``scale``."""
    stds = stds_at_scale(initialize, measure, scale, activation, layers)
    fig, ax = plt.subplots()
    ax.axhspan(*KEPT, color=COLOURS[2], alpha=0.15, linewidth=0)
    good = (stds >= KEPT[0]) & (stds <= KEPT[1])
    shown = np.where((stds > 0) & np.isfinite(stds), stds, np.nan)
    numbers = np.arange(1, layers + 1)
    ax.plot(numbers, shown, **line(0))
    ax.scatter(numbers[good], shown[good], s=50, color=COLOURS[2], marker="o", zorder=3, label="kept")
    ax.scatter(numbers[~good], shown[~good], s=50, color=COLOURS[1], marker="X", zorder=3, label="lost or too loud")
    ax.set_yscale("log")
    ax.set_ylim(min(1e-2, np.nanmin(shown, initial=1) / 3), max(1e1, np.nanmax(shown, initial=1) * 3))
    ax.set(xlabel="layer", ylabel="std of the activations", xticks=numbers[:: max(1, layers // 10)])
    ax.set_title(f"{activation}, weights {scale:.3g} × normal: {int(good.sum())} of {layers} layers keep the signal")
    ax.legend(loc="upper left", ncols=2)
    return fig


def explore_scale(initialize: Initialize, measure: Measure) -> None:
    """A slider for the weights' scale and a choice of the activation, around ``plot_scale``."""

    def draw(scale: float, activation: str) -> None:
        stds = stds_at_scale(initialize, measure, scale, activation)
        course = f"the standard deviation goes from {stds[0]:.2g} to {stds[-1]:.2g}"
        alt = f"{activation}, weights scaled by {scale:.3g}: {course}."
        show(plot_scale(initialize, measure, scale, activation), alt)

    widgets.interact(
        draw,
        scale=widgets.FloatLogSlider(
            value=0.05, base=10, min=-2, max=0, step=0.01, readout_format=".3f", continuous_update=False
        ),
        activation=list(_ACTIVATIONS),
    )


def plot_histograms(
    networks: Mapping[str, Params], X: Array, y: Array, activation: str = "tanh", title: str = ""
) -> Figure:
    """Histograms per hidden layer: activations above, gradients of the weights below; one column per network.

    Each layer's histogram is scaled to the same height, the bars by the root of their counts, so that tails show
    beside a spike; the layer's standard deviation stands beside it.
    """
    fig, axes = plt.subplots(2, len(networks), figsize=(2.2 * len(networks), 6.2), squeeze=False)
    fig.suptitle(title or activation, x=0.01, ha="left")
    for column, (name, params) in enumerate(networks.items()):
        with np.errstate(all="ignore"):
            _, cache = forward(params, X, activation)
            _, grads = loss_and_gradients(params, X, y, activation)
        activations = [a.ravel() for a in cache["A"][1:]]
        gradients = [grads[f"W{i + 1}"].ravel() for i in range(len(activations))]
        axes[0, column].set_title(name)
        for ax, values in ((axes[0, column], activations), (axes[1, column], gradients)):
            _draw_ridges(ax, values, label=column == 0)
    axes[0, 0].set_ylabel("activations of layer")
    axes[1, 0].set_ylabel("weight gradients of layer")
    for ax in axes[1]:
        ax.set_xlabel("value")
    return fig


def _draw_ridges(ax: Axes, values: Sequence[NDArray[np.float64]], label: bool) -> None:
    """One histogram above the other, the first layer on top, each with its standard deviation."""
    finite = [v for v in values if np.isfinite(v).all()]
    low = min((float(v.min()) for v in finite), default=0.0)
    high = max((float(v.max()) for v in finite), default=1.0)
    if high <= low:
        low, high = low - 1, high + 1
    edges = np.linspace(low, high, 62)
    for i, v in enumerate(values):
        base = len(values) - 1 - i
        colour = COLOURS[i % len(COLOURS)]
        text = "overflow"
        if np.isfinite(v).all():
            counts = np.histogram(v, edges)[0]
            heights = base + 0.8 * np.sqrt(counts / max(counts.max(), 1))
            ax.fill_between(edges, base, np.append(heights, base), step="post", color=colour, alpha=0.75, linewidth=0)
            with np.errstate(over="ignore"):
                std = float(v.std())
            text = f"{std:.2f}" if 0.01 <= std < 100 else f"{std:.1e}"
        ax.axhline(base, color=colour, linewidth=0.8, linestyle="-")
        ax.annotate(text, (1.0, base + 0.35), xycoords=("axes fraction", "data"), ha="right", fontsize=8.5)
    # Room on the right for the standard deviations.
    ax.set_xlim(low - 0.03 * (high - low), high + 0.5 * (high - low))
    ax.set_yticks(np.arange(len(values)), [str(len(values) - i) for i in range(len(values))] if label else [])
    ax.set_ylim(-0.1, len(values))
    ax.ticklabel_format(axis="x", style="sci", scilimits=(-2, 3))
    ax.locator_params(axis="x", nbins=3)
    ax.grid(False)


def plot_training(runs: Mapping[str, Sequence[History]], classes: int = 10) -> Figure:
    """Loss per epoch (mean over the seeds) and final dev accuracy (one mark a seed) for each scheme.

    A run that overflowed stands at the accuracy of guessing, with a cross.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(10.0, 4.2), width_ratios=(1.25, 1))
    names = list(runs)
    for i, (name, histories) in enumerate(runs.items()):
        losses = np.mean([h.epoch_losses for h in histories], axis=0)
        marker = MARKERS[i % len(MARKERS)]
        epochs = np.arange(1, len(losses) + 1)
        if np.isfinite(losses).all():
            left.plot(epochs, losses, **line(i), marker=marker, markersize=4, label=name)
        for h in histories:
            overflow = not np.isfinite(h.dev_accuracy[-1])
            x = 1 / classes if overflow else h.dev_accuracy[-1]
            right.scatter(x, i, s=45, color=COLOURS[i % len(COLOURS)], marker="x" if overflow else marker, alpha=0.85)
        if any(not np.isfinite(h.dev_accuracy[-1]) for h in histories):
            right.annotate(
                "overflow", (1 / classes, i), xytext=(8, 0), textcoords="offset points", va="center", fontsize=9
            )
    left.axhline(np.log(classes), color="#999999", linewidth=1)
    left.annotate(
        f"guessing: ln {classes} = {np.log(classes):.3f}",
        (0.98, np.log(classes)),
        xycoords=("axes fraction", "data"),
        xytext=(0, 4),
        textcoords="offset points",
        ha="right",
        color="#555555",
    )
    left.set(
        xlabel="epoch",
        ylabel="training loss",
        ylim=(0, np.log(classes) * 1.15),
        title="The start decides whether the loss moves",
    )
    left.legend(loc="lower left", ncols=2, fontsize=9)
    left.set_xticks(range(1, len(next(iter(runs.values()))[0].epoch_losses) + 1))
    right.axvline(1 / classes, color="#999999", linewidth=1)
    right.set_yticks(range(len(names)), names)
    right.invert_yaxis()
    right.set(xlim=(0, 1), xlabel="dev accuracy after the last epoch", title="One mark a seed")
    return fig


def plot_seeds(runs: Sequence[History], X: Array, y: Array) -> Figure:
    """Final training accuracies of runs that differ in nothing but the seed, and the worst and the best boundary."""
    final = np.array([run.train_accuracy[-1] for run in runs])
    order = np.argsort(final, kind="stable")
    fig, (first, *others) = plt.subplots(1, 3, figsize=(10.0, 3.5))
    first.scatter(final[order], np.arange(len(runs)), color=COLOURS[0], s=40)
    first.set(xlabel="training accuracy", ylabel="seeds, sorted", yticks=[], xlim=(0.5, 1.02))
    first.set_title(f"One network, {len(runs)} seeds")
    for ax, which, name in zip(others, (order[0], order[-1]), ("Worst", "Best"), strict=True):
        params = runs[which].params
        plot_decision_boundary(ax, lambda points, params=params: predict(params, points), X, y)  # type: ignore[misc]
        ax.set_title(f"{name} seed: accuracy {final[which]:.2f}")
        ax.set(xticks=[], yticks=[])
    return fig
