"""Lesson 07: how the size of a batch changes the path, the pace and the noise of gradient descent.

The functions take the student's own ``train`` and steps; nothing here computes an exercise's result.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coursekit.datasets import load_cells
from coursekit.network import Array, Params, loss_and_gradients
from coursekit.plots import COLOURS, LINE_STYLES, MARKERS, line
from coursekit.training import Gradients, Step
from coursekit.widgets import explore, slider

#: ``train(params, X, y, gradients, step, rng, epochs, batch_size)``: the last parameters and the losses.
Train = Callable[..., tuple[Params, Any]]
#: ``shuffle(X, y, rng)``: rows and labels in another order.
Shuffle = Callable[[Array, Array, np.random.Generator], tuple[Array, Array]]


@dataclass(frozen=True)
class Cells:
    """Both measurements of the training cells, standardised, and their class: ``X`` ``(m, 2)``, ``y`` 0 or 1."""

    X: Array
    y: Array


def cells() -> Cells:
    """The 1,009 training cells."""
    parts = load_cells()
    return Cells((parts.X_train - parts.X_train.mean(axis=0)) / parts.X_train.std(axis=0), parts.y_train)


def logistic_gradients(params: Params, X: Array, y: Array) -> tuple[float, Params]:
    """Mean loss of logistic regression with two weights ``w`` and no bias, and its gradient."""
    z = X @ params["w"]
    loss = float(np.mean(np.logaddexp(0, z) - y * z))
    return loss, {"w": X.T @ (0.5 * (1 + np.tanh(z / 2)) - y) / len(X)}


def recorded(step: Step, path: list[Array]) -> Step:
    """The same step; the weights it gives are added to ``path``."""

    def recording(params: Params, grads: Params) -> Mapping[str, Array]:
        new = step(params, grads)
        path.append(np.array(new["w"]))
        return new

    return recording


def descend(
    train: Train, step: Step, data: Cells, batch_size: int, updates: int, start: Sequence[float] = (2.5, 2.5)
) -> Array:
    """The weights before and after each of ``updates`` updates, ``(updates + 1, 2)``."""
    path = [np.array(start, dtype=np.float64)]
    epochs = -(-updates // -(-len(data.X) // batch_size))
    rng = np.random.default_rng(0)
    train({"w": path[0]}, data.X, data.y, logistic_gradients, recorded(step, path), rng, epochs, batch_size)
    return np.array(path[: updates + 1])


def least(data: Cells) -> Array:
    """The weights with the least cost, by Newton's method."""
    w = np.zeros(2)
    for _ in range(30):
        p = 0.5 * (1 + np.tanh(data.X @ w / 2))
        w = w - np.linalg.solve((data.X * (p * (1 - p))[:, None]).T @ data.X, data.X.T @ (p - data.y))
    return np.asarray(w)


def _contours(ax: Any, data: Cells, low: Array, high: Array) -> None:
    u, v = (np.linspace(low[i], high[i], 90) for i in (0, 1))
    grid = np.stack(np.meshgrid(u, v), axis=-1)
    z = grid @ data.X.T
    cost = (np.logaddexp(0, z) - data.y * z).mean(axis=-1)
    levels = cost.min() + (cost.max() - cost.min()) * np.linspace(0.02, 1, 12) ** 2
    ax.contour(u, v, cost, levels=levels, colors="#999999", linewidths=0.8)
    best = least(data)
    ax.plot(*best, "*", color="black", markersize=13, zorder=5)
    ax.set(xlabel="weight of A", xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    ax.grid(False)


def plot_paths(paths: Mapping[str, Array], data: Cells) -> Figure:
    """Paths over the contours of the cost, one panel each; the star is the least cost."""
    fig, axes = plt.subplots(1, len(paths), figsize=(3.9 * len(paths), 4.1), sharey=True, squeeze=False)
    every = np.concatenate([*paths.values(), least(data)[None]])
    low, high = every.min(axis=0) - 0.6, every.max(axis=0) + 0.6
    for i, (ax, (name, path)) in enumerate(zip(axes[0], paths.items(), strict=True)):
        _contours(ax, data, low, high)
        mark = MARKERS[i] if len(path) < 60 else "."
        ax.plot(*path.T, color=COLOURS[i], linewidth=0.9, marker=mark, markersize=3.5)
        ax.plot(*path[0], "s", color="black", markersize=7)
        ax.set_title(name)
    axes[0, 0].set_ylabel("weight of B")
    fig.suptitle("The smaller the batch, the more the path wanders, and the sooner it is there", x=0.01, ha="left")
    return fig


def distance(data: Cells, path: Array) -> float:
    """The mean distance of the last fifth of a path to the least cost."""
    tail = path[-max(1, len(path) // 5) :]
    return float(np.linalg.norm(tail - least(data), axis=1).mean())


def explore_paths(train: Train, make_step: Callable[[float], Step], data: Cells) -> widgets.Widget:
    """Sliders for batch size and learning rate: a path of two epochs, at most 600 updates."""

    def path(batch_size: int, learning_rate: float) -> Array:
        updates = min(600, 2 * -(-len(data.X) // batch_size))
        with np.errstate(over="ignore"):
            return descend(train, make_step(learning_rate), data, batch_size, updates)

    def plot(batch_size: int, learning_rate: float) -> Figure:
        walked = path(batch_size, learning_rate)
        fig = plot_paths({f"{len(walked) - 1} updates": walked}, data)
        fig.set_size_inches(5.6, 4.6)
        away = distance(data, walked)
        fig.suptitle(f"batch size {batch_size}, learning rate {learning_rate:g}: {away:.2f} away at the end")
        return fig

    def alt(batch_size: int, learning_rate: float) -> str:
        away = distance(data, path(batch_size, learning_rate))
        return f"With batches of {batch_size} and a rate of {learning_rate:g} the path ends {away:.2f} from the star."

    return explore(
        plot,
        alt,
        batch_size=slider("batch size", 64, 1, len(data.X), 1),
        learning_rate=slider("learning rate", 0.5, 0.05, 8.0, 0.05),
    )


# --- noise -----------------------------------------------------------------------------------------------------------


def batch_gradients(gradients: Gradients, params: Params, X: Array, y: Array, batch_size: int, count: int) -> Array:
    """Gradients of ``count`` batches drawn without replacement, each flattened: ``(count, parameters)``."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(count):
        rows = rng.choice(len(X), batch_size, replace=False)
        grads = gradients(params, X[rows], y[rows])[1]
        found.append(np.concatenate([np.ravel(grads[key]) for key in params]))
    return np.array(found)


def relative_noise(
    gradients: Gradients, params: Params, X: Array, y: Array, sizes: Sequence[int], count: int = 40
) -> Array:
    """For each batch size, the root mean square distance to the full gradient over the latter's length."""
    whole = np.concatenate([np.ravel(g) for g in (gradients(params, X, y)[1][key] for key in params)])
    noise = []
    for size in sizes:
        found = batch_gradients(gradients, params, X, y, size, count)
        noise.append(np.sqrt(((found - whole) ** 2).sum(axis=1).mean() / (whole**2).sum()))
    return np.array(noise)


def plot_noise(sizes: Sequence[int], noise: Array, m: int) -> Figure:
    """Noise against batch size with both axes logarithmic, and the law of sampling beside it."""
    fig, ax = plt.subplots()
    law = np.array([np.sqrt((m - b) / (b * (m - 1))) for b in sizes])
    law = law * np.exp(np.mean(np.log(noise / law)))
    ax.loglog(sizes, noise, "o", color=COLOURS[0], markersize=8, label="measured")
    ax.loglog(sizes, law, **line(1), label=r"$\propto 1/\sqrt{b}$, less what a full set leaves")
    ax.axhline(1, color="#888888", linewidth=1, linestyle=":")
    ax.annotate(
        "as long as the gradient itself", (sizes[0], 1), xytext=(0, -13), textcoords="offset points", fontsize=9
    )
    ax.set(xlabel="batch size b", ylabel="noise over length of the gradient")
    ax.legend(loc="lower left")
    ax.set_title("A hundred times the work, a tenth of the noise")
    return fig


#: Places of ``plot_cloud`` in words.
_WHERE = {"far": "far from the least cost", "near": "near the least cost"}


def plot_cloud(data: Cells, batch_size: int = 16, at: str = "far") -> Figure:
    """The steps (gradients with a minus) of 300 batches at a place far from the least cost, or near it."""
    w = np.array([2.5, 2.5]) if at == "far" else least(data) + 0.1
    found = batch_gradients(logistic_gradients, {"w": w}, data.X, data.y, batch_size, 300)
    whole = logistic_gradients({"w": w}, data.X, data.y)[1]["w"]
    reach = 1.15 * float(max(np.abs(found).max(), np.abs(whole).max()))
    fig, ax = plt.subplots(figsize=(5.6, 4.6))
    ax.axhline(0, color="#bbbbbb", linewidth=0.8)
    ax.axvline(0, color="#bbbbbb", linewidth=0.8)
    ax.scatter(-found[:, 0], -found[:, 1], s=14, alpha=0.5, color=COLOURS[0], label="300 batches")
    arrow = {"arrowstyle": "->", "color": COLOURS[1], "linewidth": 2.5, "shrinkA": 0, "shrinkB": 0}
    down = -whole / np.linalg.norm(whole)
    level = np.array([-down[1], down[0]]) * (-1 if down[0] > 0 else 1)
    ax.axline((0, 0), tuple(level), color="#444444", linewidth=1.2, linestyle="--")
    x, y = reach * (0.3 * down + 0.7 * level)
    ax.text(x, y, "downhill", ha="center")
    ax.annotate("", (-whole[0], -whole[1]), (0, 0), arrowprops=arrow, zorder=5)
    ax.plot([], [], color=COLOURS[1], label="all examples (arrow)")
    ax.set(xlabel="step in weight A", ylabel="step in weight B", xlim=(-reach, reach), ylim=(-reach, reach))
    ax.legend(loc="upper left", frameon=True, framealpha=1, edgecolor="none")
    ax.set_title(f"batches of {batch_size}, {_WHERE[at]}: {downhill(data, batch_size, at):.0%} downhill")
    return fig


def downhill(data: Cells, batch_size: int, at: str) -> float:
    """The share of 300 batches whose step goes downhill on the whole cost."""
    w = np.array([2.5, 2.5]) if at == "far" else least(data) + 0.1
    found = batch_gradients(logistic_gradients, {"w": w}, data.X, data.y, batch_size, 300)
    return float((found @ logistic_gradients({"w": w}, data.X, data.y)[1]["w"] > 0).mean())


def explore_cloud(data: Cells) -> widgets.Widget:
    """A slider for the batch size and a menu for the place of ``plot_cloud``."""

    def alt(batch_size: int, at: str) -> str:
        share = downhill(data, batch_size, at)
        return f"{share:.0%} of the batches of {batch_size} point downhill, {_WHERE[at]}."

    place = widgets.Dropdown(options=["far", "near"], value="far", description="place")
    return explore(lambda batch_size, at: plot_cloud(data, batch_size, at), alt,
                   batch_size=slider("batch size", 16, 1, len(data.X), 1), at=place)  # fmt: skip


# --- a network on pictures -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """Cost on a fixed sample against updates, seconds and examples seen."""

    updates: NDArray[np.int64]
    seconds: Array
    costs: Array


def timed_run(
    train: Train, step: Step, params: Params, X: Array, y: Array, batch_size: int, epochs: int, marks: int = 25
) -> Run:
    """Train and take the cost of the first 1,000 examples at ``marks`` times; the watch stands still meanwhile."""
    total = epochs * -(-len(X) // batch_size)
    wanted = {round(v) for v in np.geomspace(1, total, min(marks, total))}
    taken: list[tuple[int, float, float]] = []
    made, spent, since = 0, 0.0, time.perf_counter()

    def stepping(now: Params, grads: Params) -> Mapping[str, Array]:
        nonlocal made, spent, since
        new = step(now, grads)
        made += 1
        if made in wanted:
            spent += time.perf_counter() - since
            taken.append((made, spent, loss_and_gradients(new, X[:1000], y[:1000])[0]))
            since = time.perf_counter()
        return new

    train(params, X, y, loss_and_gradients, stepping, np.random.default_rng(0), epochs, batch_size)
    updates, seconds, costs = zip(*taken, strict=True)
    return Run(np.array(updates), np.array(seconds), np.array(costs))


def plot_pace(runs: Mapping[int, Run], m: int) -> Figure:
    """The cost against updates, against examples and against seconds, for several batch sizes."""
    fig, axes = plt.subplots(1, 3, figsize=(12, 4.1), sharey=True)
    for i, (size, run) in enumerate(runs.items()):
        for ax, x in zip(axes, (run.updates, run.updates * size / m, run.seconds), strict=True):
            ax.semilogx(x, run.costs, color=COLOURS[i], linestyle=LINE_STYLES[i], marker=MARKERS[i], markersize=4,
                        label=f"batch {size:,}")  # fmt: skip
    for ax, label, title in zip(
        axes,
        ("updates", "epochs", "seconds on this machine"),
        ("Per update large batches win,", "per epoch small ones do,", "and per second those in between"),
        strict=True,
    ):
        ax.set(xlabel=label)
        ax.set_title(title)
    axes[0].set_ylabel("cost of 1,000 training pictures")
    axes[0].set_ylim(0, 2.6)
    axes[0].legend(loc="upper right", fontsize=9)
    return fig


def plot_sorted(losses: Mapping[str, Any], per_epoch: int) -> Figure:
    """Losses of the updates of two epochs, with and without a shuffle; the second starts at the dotted line."""
    fig, ax = plt.subplots(figsize=(8, 4.2))
    for i, (name, values) in enumerate(losses.items()):
        shown = list(values)[: 2 * per_epoch]
        ax.plot(np.arange(1, len(shown) + 1), shown, **line(i), linewidth=1.4, label=name)
    ax.axvline(per_epoch + 0.5, color="#444444", linewidth=1.2, linestyle=":")
    ax.set(xlabel="update", ylabel="loss of the batch before the update", yscale="log")
    ax.legend(loc="lower right")
    ax.set_title("Sorted by class, each batch looks easy, until the class changes")
    return fig


def train_in_order(
    params: Params, X: Array, y: Array, step: Step, epochs: int, batch_size: int
) -> tuple[Params, list[float]]:
    """Train on the rows in their own order, the same in every epoch."""
    losses = []
    for _ in range(epochs):
        for start in range(0, len(X), batch_size):
            loss, grads = loss_and_gradients(params, X[start : start + batch_size], y[start : start + batch_size])
            losses.append(loss)
            params = dict(step(params, grads))
    return params, losses


def plot_opening(accuracies: Mapping[int, float], updates: Mapping[int, int]) -> Figure:
    """Dev accuracy after five epochs for each batch size, with the number of updates."""
    fig, ax = plt.subplots(figsize=(6.4, 3.4))
    names = [f"{size:,}" for size in accuracies]
    ax.barh(names, list(accuracies.values()), color=COLOURS[0], height=0.6)
    for i, (size, accuracy) in enumerate(accuracies.items()):
        ax.annotate(f"{accuracy:.2f}  ({updates[size]:,} updates)", (accuracy, i), xytext=(5, 0),
                    textcoords="offset points", va="center")  # fmt: skip
    ax.invert_yaxis()
    ax.set(xlabel="dev accuracy after 5 epochs", ylabel="batch size", xlim=(0, 1.25), xticks=np.arange(6) / 5)
    ax.set_title("The same pictures, seen as often: small batches learn more")
    return fig
