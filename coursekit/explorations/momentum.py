"""Lesson 09: what a memory of earlier gradients does to a descent, and what it does not.

The functions take the student's own steps; nothing here computes an exercise's result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from coursekit.datasets import Fashion, load_breast_cancer
from coursekit.landscapes import Floats, Landscape, Params, Step, ravine, walk
from coursekit.network import accuracy
from coursekit.plots import COLOURS, MARKERS, draw_contours, draw_path, line, plot_walks, points
from coursekit.training import Step as Update
from coursekit.training import first_parameters, train_network
from coursekit.widgets import explore, slider

#: ``step(params, grads, velocity, learning_rate, beta)``: the new params and the new velocity.
Momentum = Callable[..., tuple[Mapping[str, Any], Any]]
#: The ravine of the lesson: 30 times as steep across as along, with room to overshoot.
RAVINE = replace(ravine(30.0), window=((-4.6, 3.4), (-1.6, 1.6)))
#: Least squares is done when its cost is so close to the least one.
GOAL = 1e-5
#: A walk has arrived when it stays closer to the minimum than this.
NEAR = 0.05


# --- least squares on the breast cancer data -------------------------------------------------------------------------


@dataclass(frozen=True)
class LeastSquares:
    """The cost ``1/(2m) ||Xw - y||²`` of weights ``{"w": (n,)}`` by its second derivatives and its slope at 0."""

    hessian: Floats
    slope: Floats

    @property
    def curvatures(self) -> Floats:
        """The eigenvalues of the Hessian, the smallest first."""
        return np.asarray(np.linalg.eigvalsh(self.hessian))

    def gradient(self, params: Mapping[str, Any]) -> Params:
        """The gradient at ``params``."""
        return {"w": self.hessian @ params["w"] - self.slope}

    def descend(self, step: Step, state: Any, updates: int = 20_000) -> Floats:
        """From zero weights: how far the cost is above the least one, before and after every update."""
        params: Mapping[str, Any] = {"w": np.zeros(len(self.slope))}
        best = np.linalg.solve(self.hessian, self.slope)
        off = [params["w"] - best]
        for _ in range(updates):
            params, state = step(dict(params), self.gradient(params), state)
            off.append(params["w"] - best)
        errors = np.array(off)
        above: Floats = 0.5 * ((errors @ self.hessian) * errors).sum(axis=1)
        return above


def cancer() -> LeastSquares:
    """Least squares on the breast cancer data: features standardised, labels less their mean."""
    table = load_breast_cancer()
    X = (table.X - table.X.mean(axis=0)) / table.X.std(axis=0)
    y = table.y - table.y.mean()
    return LeastSquares(X.T @ X / len(X), X.T @ y / len(X))


def first_below(above: Floats) -> int | None:
    """The number of updates after which the cost is below the goal for the first time; None if it never is."""
    below = np.flatnonzero(above < GOAL)
    return int(below[0]) if len(below) else None


def stays_below(above: Floats) -> int | None:
    """The number of updates after which the cost stays below the goal; None if it does not."""
    late = np.flatnonzero(above >= GOAL)
    if not len(late):
        return 0
    return int(late[-1]) + 1 if late[-1] + 1 < len(above) else None


def plot_progress(runs: Mapping[str, Floats], title: str) -> Figure:
    """How far each run's cost is above the least one against updates, both logarithmic; the dotted line is the goal.

    The thick line is the lowest value so far, up to the first one below the goal; the pale one is each value.
    """
    fig, ax = plt.subplots(figsize=(7.6, 4.4))
    for i, (name, above) in enumerate(runs.items()):
        first, last = first_below(above) or len(above) - 1, stays_below(above) or len(above) - 1
        ax.loglog(np.arange(1, last + 1), above[1 : last + 1], color=COLOURS[i], linewidth=0.5, alpha=0.3)
        lowest = np.minimum.accumulate(above[1 : first + 1])
        ax.loglog(np.arange(1, first + 1), lowest, **line(i), linewidth=2, label=name)
        ax.plot(first, lowest[-1], **points(i), markersize=8)
    ax.axhline(GOAL, color="#444444", linewidth=1.2, linestyle=":")
    ax.annotate("the goal", (1.1, GOAL), xytext=(0, -11), textcoords="offset points", fontsize=9)
    ax.set_ylim(bottom=GOAL / 4)
    ax.set(xlabel="update", ylabel="cost above the least cost")
    if len(runs) > 1:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 0.16))
    ax.set_title(title)
    return fig


# --- the ravine ------------------------------------------------------------------------------------------------------


def zeros() -> Params:
    """A velocity of zero for places of two parameters."""
    return {"theta": np.zeros(2)}


def arrival(landscape: Landscape, path: Floats, near: float = NEAR) -> int | None:
    """The step from which on a path stays closer than ``near`` to a minimum; None if it ends further away."""
    away = np.flatnonzero(landscape.distance(path) >= near)
    if len(away) and away[-1] == len(path) - 1:
        return None
    return int(away[-1]) + 1 if len(away) else 0


def plot_zigzag(path: Floats) -> Figure:
    """A path through the ravine, and both entries of the gradient along it."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(10.4, 4.2), width_ratios=(1.35, 1))
    draw_contours(left, RAVINE.height, RAVINE.window)
    draw_path(left, path, 0, marks=len(path))
    left.plot(*path[0], "s", color="black", markersize=7, zorder=5)
    left.plot(*RAVINE.minima[0], "*", color="black", markersize=14, zorder=5)
    left.set(xlabel=r"$\theta_1$, along the ravine", ylabel=r"$\theta_2$, across it", title="places")
    along, across = np.array(RAVINE.slopes(*path.T))
    for i, (name, values) in enumerate({"along": along, "across": across}.items()):
        right.plot(values, **line(i), marker=MARKERS[i], markersize=5, label=name)
    right.axhline(0, color="#888888", linewidth=0.8)
    right.set(xlabel="step", ylabel="entry of the gradient", title="gradient")
    right.legend(loc="upper right")
    fig.suptitle("Across the ravine the gradient changes its sign in every step, along it never", x=0.01, ha="left")
    return fig


def plot_ravine(momentum_step: Momentum, beta: float, learning_rate: float, step: int) -> Figure:
    """The student's momentum on the ravine for 100 steps, shown up to ``step``."""
    path = _ravine_path(momentum_step, beta, learning_rate)
    fig = plot_walks({"momentum": path}, RAVINE.height, RAVINE.window, minima=RAVINE.minima, upto=step)
    fig.suptitle(_ravine_words(path, beta, learning_rate), x=0.01, ha="left")
    return fig


def _ravine_path(momentum_step: Momentum, beta: float, learning_rate: float) -> Floats:
    return walk(RAVINE, lambda p, g, v: momentum_step(p, g, v, learning_rate, beta), zeros(), 100)


def _ravine_words(path: Floats, beta: float, learning_rate: float) -> str:
    arrived = arrival(RAVINE, path)
    words = f"β {beta:g}, learning rate {learning_rate:g}: "
    if len(path) < 101:
        return words + f"it runs away and leaves the map after {len(path) - 1} steps"
    if arrived is None:
        return words + f"after 100 steps {RAVINE.distance(path)[-1]:.2f} away"
    reached = ". Goal reached" if arrived <= 15 else ""
    return words + f"within {NEAR:g} from step {arrived} on{reached}"


def explore_ravine(momentum_step: Momentum) -> widgets.Widget:
    """Sliders for beta, the learning rate, and the step up to which the path is shown."""

    def alt(beta: float, learning_rate: float, step: int) -> str:
        return _ravine_words(_ravine_path(momentum_step, beta, learning_rate), beta, learning_rate) + "."

    return explore(
        lambda beta, learning_rate, step: plot_ravine(momentum_step, beta, learning_rate, step),
        alt,
        beta=slider("β", 0.9, 0.0, 0.99, 0.01),
        learning_rate=slider("learning rate", 0.1, 0.01, 1.3, 0.01),
        step=slider("step", 100, 0, 100, 1),
    )


# --- one parameter: overshooting, and two dips -----------------------------------------------------------------------


def roll(momentum_step: Momentum, slope: Callable[[Any], Any], start: Any, learning_rate: float, beta: float,
         steps: int) -> Floats:  # fmt: skip
    """The places of one parameter, or of many at once that do not know of each other: ``(steps + 1, count)``."""
    params: Mapping[str, Any] = {"w": np.atleast_1d(np.asarray(start, dtype=np.float64))}
    velocity: Any = {"w": np.zeros_like(params["w"])}
    path = [params["w"]]
    for _ in range(steps):
        params, velocity = momentum_step(params, {"w": slope(params["w"])}, velocity, learning_rate, beta)
        path.append(params["w"])
    return np.array(path)


def plot_overshoot(paths: Mapping[str, Floats]) -> Figure:
    """One parameter against the step, for several betas; its minimum is at 0."""
    fig, ax = plt.subplots(figsize=(7.6, 4.0))
    for i, (name, path) in enumerate(paths.items()):
        every = max(1, len(path) // 15)
        ax.plot(path[:, 0], **line(i), marker=MARKERS[i], markersize=4, markevery=every, label=name)
    ax.axhline(0, color="#444444", linewidth=1)
    ax.set(xlabel="step", ylabel=r"$\theta$ (the minimum is at 0)")
    ax.legend(loc="upper right", ncols=2)
    ax.set_title("The longer the memory, the further and the longer it swings")
    return fig


#: The cost with two dips: its slope, the deep dip on the left, the hump, the shallow dip on the right.
_TILT = 0.2


def dips_height(w: Any) -> Any:
    """``w⁴/4 - w²/2 + w/5``."""
    return w**4 / 4 - w**2 / 2 + _TILT * w


def dips_slope(w: Any) -> Any:
    """The derivative of ``dips_height``."""
    return w**3 - w + _TILT


def dips() -> tuple[float, float, float]:
    """Where the deep dip, the hump and the shallow dip are."""
    deep, hump, shallow = np.sort(np.roots([1, 0, -1, _TILT]).real)
    return float(deep), float(hump), float(shallow)


def plot_dips(momentum_step: Momentum, start: float = 1.8, beta: float = 0.9, learning_rate: float = 0.3) -> Figure:
    """One walk on the cost with two dips: where it is on the curve, and its place against the step."""
    path = roll(momentum_step, dips_slope, start, learning_rate, beta, 600)[:, 0]
    fig, (left, right) = plt.subplots(1, 2, figsize=(10.4, 4.0))
    grid = np.linspace(-2.1, 2.1, 300)
    left.plot(grid, dips_height(grid), color="#444444", linewidth=1.4)
    left.plot(path[:80], dips_height(path[:80]), **points(0), linestyle="none", markersize=5, alpha=0.6)
    left.plot(path[0], dips_height(path[0]), "s", color="black", markersize=8)
    left.plot(path[-1], dips_height(path[-1]), **points(1), markersize=11)
    left.set(xlabel=r"$\theta$", ylabel="cost", ylim=(-0.7, 2.6), title="square: start, large triangle: end")
    right.plot(path, **line(0), linewidth=1.3)
    for name, place in zip(("deep dip", "hump", "shallow dip"), dips(), strict=True):
        right.axhline(place, color="#888888", linewidth=0.9, linestyle=":")
        right.annotate(name, (600, place), xytext=(0, 3), textcoords="offset points", ha="right", fontsize=9)
    right.set(xlabel="step", ylabel=r"$\theta$", ylim=(-2.2, 2.2), title="place")
    fig.suptitle(_dips_words(start, beta, path), x=0.01, ha="left")
    return fig


def _dips_words(start: float, beta: float, path: Floats) -> str:
    hump = dips()[1]
    began, ended = ("the deep dip" if place < hump else "the shallow dip" for place in (path[0], path[-1]))
    words = f"from {start:g} with β {beta:g}: begins on the side of {began}, "
    if np.abs(dips_slope(path[-20:])).max() > 0.05:
        return words + f"still swings after {len(path) - 1} steps"
    fates = {("the deep dip", "the shallow dip"): ": lost", ("the shallow dip", "the deep dip"): ": rescued"}
    fate = fates.get((began, ended), ": not rescued" if ended == "the shallow dip" else "")
    return words + f"ends in {ended}{fate}"


def explore_dips(momentum_step: Momentum) -> widgets.Widget:
    """Sliders for the start and beta on the cost with two dips."""

    def alt(start: float, beta: float) -> str:
        path = roll(momentum_step, dips_slope, start, 0.3, beta, 600)[:, 0]
        return f"A walk {_dips_words(start, beta, path)}."

    return explore(
        lambda start, beta: plot_dips(momentum_step, start, beta),
        alt,
        start=slider("start", 1.8, -2.0, 2.0, 0.05),
        beta=slider("β", 0.9, 0.0, 0.98, 0.01),
    )


# --- Nesterov's step -------------------------------------------------------------------------------------------------


def plot_look_ahead() -> Figure:
    """Where classical momentum and Nesterov's method take the gradient, in the middle of a swing across the ravine."""
    place, carried, rate = np.array([-2.0, 0.35]), np.array([0.75, -0.95]), 0.028
    ahead = place + carried
    fig, axes = plt.subplots(1, 2, figsize=(10.4, 4.3), sharey=True)
    titles = ("Classical: the gradient from here", "Nesterov: the gradient from there")
    for ax, asked, title in zip(axes, (place, ahead), titles, strict=True):
        draw_contours(ax, RAVINE.height, ((-2.6, 0.2), (-1.5, 0.9)), levels=10)
        pull = -rate * np.array(RAVINE.slopes(*asked))
        _arrow(ax, place, ahead, COLOURS[0], "-")
        _arrow(ax, ahead, ahead + pull, COLOURS[1], "--")
        ax.plot(*place, "s", color="black", markersize=8, zorder=6)
        ax.plot(*asked, "o", markerfacecolor="none", markeredgecolor=COLOURS[1], markersize=17, markeredgewidth=2)
        ax.plot(*(ahead + pull), **points(2), markersize=9, zorder=6)
        ax.annotate(r"$\theta$", place, xytext=(-20, 6), textcoords="offset points")
        ax.annotate(r"$\mu v$", (place + ahead) / 2, xytext=(9, 4), textcoords="offset points", color=COLOURS[0])
        ax.annotate("new place", ahead + pull, xytext=(11, -4), textcoords="offset points")
        ax.set(xlabel=r"$\theta_1$, along the ravine", title=title)
    axes[0].set_ylabel(r"$\theta_2$, across it")
    fig.suptitle("The ring shows where the gradient is taken: only ahead does it brake the swing", x=0.01, ha="left")
    return fig


def _arrow(ax: Any, start: Floats, end: Floats, colour: str, style: str) -> None:
    arrow = {"arrowstyle": "->", "color": colour, "linewidth": 2.2, "linestyle": style, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=arrow, zorder=5)


def look_ahead_paths(classical: Momentum, nesterov: Momentum, mu: float, learning_rate: float) -> dict[str, Floats]:
    """Both methods on the ravine for 100 steps."""
    return {
        "classical": walk(RAVINE, lambda p, g, v: classical(p, g, v, learning_rate, mu), zeros(), 100),
        "Nesterov": walk(RAVINE, lambda p, g, v: nesterov(p, RAVINE.gradient, v, learning_rate, mu), zeros(), 100),
    }


def _race_words(paths: Mapping[str, Floats], mu: float) -> str:
    words, ahead = [], paths["Nesterov"]
    still = np.abs(ahead[1:, 1]).max() < 0.015
    away = len(ahead) < 101 or RAVINE.distance(ahead)[-1] > RAVINE.distance(ahead)[0]
    arrives = len(paths["classical"]) == 101 and arrival(RAVINE, paths["classical"]) is not None
    goal = ". First goal reached" if still else ". Second goal reached" if away and arrives else ""
    goal = goal if round(mu, 2) == 0.9 else ""
    for name, path in paths.items():
        arrived = arrival(RAVINE, path) if len(path) == 101 else None
        if len(path) < 101:
            words.append(f"{name} runs away")
        elif arrived is None:
            words.append(f"{name} is {RAVINE.distance(path)[-1]:.2f} away after 100 steps")
        else:
            words.append(f"{name} arrives at step {arrived}")
    return ", ".join(words) + goal


def plot_race(classical: Momentum, nesterov: Momentum, mu: float, learning_rate: float, step: int | None) -> Figure:
    """Classical momentum against Nesterov's method on the ravine, shown up to ``step``."""
    paths = look_ahead_paths(classical, nesterov, mu, learning_rate)
    fig = plot_walks(paths, RAVINE.height, RAVINE.window, minima=RAVINE.minima, upto=step)
    fig.suptitle(f"μ {mu:g}, learning rate {learning_rate:g}: {_race_words(paths, mu)}", x=0.01, ha="left")
    return fig


def explore_race(classical: Momentum, nesterov: Momentum) -> widgets.Widget:
    """Sliders for mu, the learning rate, and the step up to which both paths are shown."""

    def alt(mu: float, learning_rate: float, step: int) -> str:
        words = _race_words(look_ahead_paths(classical, nesterov, mu, learning_rate), mu)
        return f"With μ {mu:g} and the learning rate {learning_rate:g}, {words}."

    rate = slider("learning rate", 0.02, 0.001, 0.13, 0.001)
    rate.readout_format = ".3f"
    return explore(
        lambda mu, learning_rate, step: plot_race(classical, nesterov, mu, learning_rate, step),
        alt,
        mu=slider("μ", 0.9, 0.0, 0.99, 0.01),
        learning_rate=rate,
        step=slider("step", 100, 0, 100, 1),
    )


# --- a network on mini-batches ---------------------------------------------------------------------------------------


def sweep(
    make_step: Callable[[Params, float, float], Update],
    data: Fashion,
    betas: Sequence[float],
    rates: Sequence[float],
    seeds: int = 3,
    epochs: int = 3,
) -> dict[float, Floats]:
    """Dev accuracy of a network with 64 hidden units for each beta: ``(rates, seeds)``.

    ``make_step(params, learning_rate, beta)`` gives the update of a run that starts from ``params``.
    """
    found = {}
    for beta in betas:
        table = np.empty((len(rates), seeds))
        for i, rate in enumerate(rates):
            for seed in range(seeds):
                start = first_parameters((64,), data.X_train, data.y_train, np.random.default_rng(seed))
                run = train_network(start, data.X_train, data.y_train, epochs=epochs, batch_size=64,
                                    rng=np.random.default_rng(seed), step=make_step(start, rate, beta))  # fmt: skip
                table[i, seed] = accuracy(run.params, data.X_dev, data.y_dev)
        found[beta] = table
    return found


def plot_sweep(rates: Sequence[float], found: Mapping[float, Floats]) -> Figure:
    """Mean dev accuracy against the learning rate for each beta, with every seed as a small mark."""
    fig, ax = plt.subplots(figsize=(7.6, 4.2))
    for i, (beta, table) in enumerate(found.items()):
        ax.semilogx(rates, table.mean(axis=1), **line(i), marker=MARKERS[i], markersize=7, label=f"β = {beta:g}")
        ax.plot(np.repeat(rates, table.shape[1]), table.ravel(), linestyle="none", **points(i), markersize=3, alpha=0.5)
    ax.set(xlabel="learning rate", ylabel="dev accuracy after 3 epochs", ylim=(0, 0.9), xticks=list(rates))
    ax.set_xticklabels([f"{rate:g}" for rate in rates])
    ax.minorticks_off()
    ax.legend(loc="lower left")
    ax.set_title("Small steps: no gain. Large steps: memory keeps them steady")
    return fig
