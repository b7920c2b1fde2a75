"""Lesson 10: learning rates of their own for every parameter, and learning rates that change with time.

The functions take the student's own steps and schedules; nothing here computes an exercise's result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coursekit.datasets import Fashion
from coursekit.landscapes import Landscape, beale, ravine, saddle, walk
from coursekit.network import Params
from coursekit.plots import COLOURS, MARKERS, line, plot_walks
from coursekit.training import History, first_parameters, train_network
from coursekit.widgets import explore, menu, slider

Floats = NDArray[np.float64]
#: One update ``step(params, grads, state, learning_rate=...)`` to ``(params, state)``.
Step = Callable[..., tuple[Params, Any]]
#: What an optimizer starts with, made from the parameters.
Start = Callable[[Params], Any]
#: The step and the start of each optimizer, by its name.
Zoo = Mapping[str, tuple[Step, Start]]
#: The learning rate of update number t, from 0.
Schedule = Callable[[int], Any]

#: The race on pictures: 2,000 of them, two hidden layers of 32, batches of 50, so 40 updates an epoch.
PICTURES, HIDDEN, BATCH, PER_EPOCH = 2000, (32, 32), 50, 40
#: A walk has arrived when it stays this close to a minimum; races on landscapes end after so many steps.
CLOSE, PATIENCE = 0.01, 1000
#: The explorations' goals: with this peak, a dev accuracy of at least so much.
PEAK, AT_LEAST = 0.3, 0.79


def landscapes() -> dict[str, Landscape]:
    """The grounds of the zoo, by a short name."""
    return {
        "ravine": ravine(100.0),
        "turned ravine": ravine(100.0, 45.0),
        "saddle": saddle(),
        "Beale": beale(),
    }


def _plain(params: Params, grads: Params, state: Any, learning_rate: float) -> tuple[Params, Any]:
    return {key: params[key] - learning_rate * grads[key] for key in params}, state


def _momentum(params: Params, grads: Params, state: Any, learning_rate: float) -> tuple[Params, Any]:
    state = {key: 0.9 * state[key] + 0.1 * grads[key] for key in params}
    return {key: params[key] - learning_rate * state[key] for key in params}, state


def zoo(**methods: tuple[Step, Start]) -> dict[str, tuple[Step, Start]]:
    """Plain descent and momentum 0.9 (the average form of lesson 09), and then ``methods``: step and start of each."""
    at_rest: Start = lambda params: {key: np.zeros(np.shape(value)) for key, value in params.items()}  # noqa: E731
    return {"plain": (_plain, lambda params: None), "momentum": (_momentum, at_rest), **methods}


# --- a network on pictures -------------------------------------------------------------------------------------------


def run(fashion: Fashion, step: Step, start: Start, rate: float | Schedule, seed: int = 0, epochs: int = 5) -> History:
    """Train the network of the race. ``rate`` is a learning rate, or one for every update."""
    X, y, rng = fashion.X_train[:PICTURES], fashion.y_train[:PICTURES], np.random.default_rng(100 + seed)
    params = first_parameters(HIDDEN, X, y, np.random.default_rng(seed))
    state, made = start(params), 0
    schedule: Schedule = rate if callable(rate) else lambda t: rate

    def update(now: Params, grads: Params) -> Params:
        nonlocal state, made
        now, state = step(now, grads, state, learning_rate=float(schedule(made)))
        made += 1
        return now

    plan: dict[str, Any] = {"epochs": epochs, "batch_size": BATCH, "rng": rng, "step": update}
    return train_network(params, X, y, X_dev=fashion.X_dev, y_dev=fashion.y_dev, **plan)


def gradient_sizes(fashion: Fashion, epochs: int = 2) -> Floats:
    """The root mean square gradient of each pixel's weights while plain descent trains: ``(28, 28)``."""
    total = np.zeros(fashion.X_train.shape[1])

    def watching(params: Params, grads: Params, state: Any, learning_rate: float) -> tuple[Params, Any]:
        nonlocal total
        total = total + (grads["W1"] ** 2).mean(axis=1)
        return _plain(params, grads, state, learning_rate)

    run(fashion, watching, lambda params: None, 0.03, epochs=epochs)
    sizes: Floats = np.sqrt(total / (epochs * PER_EPOCH)).reshape(28, 28)
    return sizes


def plot_gradient_sizes(sizes: Floats, fashion: Fashion) -> Figure:
    """The mean picture, and the size of the gradients of each pixel's weights on a log scale."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.6, 3.9), width_ratios=(1, 1.22))
    left.imshow(fashion.X_train[:PICTURES].mean(axis=0).reshape(28, 28), cmap="gray_r")
    left.set_title("The mean picture")
    norm = LogNorm(vmin=max(float(sizes.min()), 1e-6), vmax=float(sizes.max()))
    shown = right.imshow(np.maximum(sizes, 1e-6), cmap="viridis", norm=norm)
    fig.colorbar(shown, ax=right, label="root mean square gradient")
    right.set_title("Gradients of the weights of each pixel")
    for ax in (left, right):
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
    fig.suptitle("One layer, one learning rate, gradients of very different size", x=0.01, ha="left")
    return fig


# --- steps that shrink -----------------------------------------------------------------------------------------------


def constant_gradient(step: Step, state: Any, learning_rate: float, steps: int) -> Floats:
    """How far each of ``steps`` updates moves one parameter whose gradient is always 1: ``(steps,)``."""
    params, moves = {"theta": np.zeros(1)}, []
    for _ in range(steps):
        moved, state = step(params, {"theta": np.ones(1)}, state, learning_rate=learning_rate)
        moves.append(float(params["theta"][0] - moved["theta"][0]))
        params = moved
    return np.array(moves)


def plot_stall(
    methods: Mapping[str, tuple[Step, Start, float]], steps: int = 1000, start: tuple[float, float] = (4.0, -1.0)
) -> Figure:
    """Walks on Beale's function from a steep place, each with its learning rate; beside them how long each step is."""
    land = beale()
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.6, 4.2))
    for i, (name, (step, begin, rate)) in enumerate(methods.items()):
        path = stalling_walk(step, begin, rate, steps, start)
        left.plot(land.distance(path), **line(i), label=name)
        lengths = np.linalg.norm(np.diff(path, axis=0), axis=1)
        right.plot(np.arange(1, len(lengths) + 1), np.maximum(lengths, 1e-8), **line(i), label=name, linewidth=1.5)
    left.set(yscale="log", xlabel="step", ylabel="distance from the minimum")
    fig.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=len(methods))
    left.set_title("Adagrad does not forget the steep start")
    right.set(xscale="log", yscale="log", xlabel="step (log scale)", ylabel="length of the step")
    right.set_title("Its steps are short ever after")
    return fig


def stalling_walk(
    step: Step, begin: Start, rate: float, steps: int = 1000, start: tuple[float, float] = (4.0, -1.0)
) -> Floats:
    """A walk on Beale's function from a steep place."""
    land = beale()
    return walk(land, _with_rate(step, rate), begin(land.at()), steps, start)


def stall_distances(step: Step, begin: Start, rate: float) -> str:
    """How far the walk of ``plot_stall`` is from the minimum after 100, 999 and 1,000 steps."""
    far = beale().distance(stalling_walk(step, begin, rate))
    return ", ".join(f"{far[n]:.3f}" for n in (100, 999, 1000))


def _with_rate(step: Step, rate: float) -> Callable[[Params, Params, Any], tuple[Params, Any]]:
    return lambda params, grads, state: step(params, grads, state, learning_rate=rate)


# --- the correction --------------------------------------------------------------------------------------------------


def raw_averages(
    adam_step: Step, initialize_adam: Start, steps: int, beta1: float = 0.9, beta2: float = 0.999
) -> tuple[Floats, Floats, Floats]:
    """What Adam moves, and its averages m and v, when the gradient is always 1; the learning rate is 1."""
    params = {"theta": np.zeros(1)}
    state, found = initialize_adam(params), []
    for _ in range(steps):
        moved, state = adam_step(
            params, {"theta": np.ones(1)}, state, learning_rate=1.0, beta1=beta1, beta2=beta2, eps=0.0
        )
        move = float(params["theta"][0] - moved["theta"][0])
        found.append((move, float(state["m"]["theta"][0]), float(state["v"]["theta"][0])))
        params = moved
    moves, m, v = np.array(found).T
    return moves, m, v


def plot_correction(
    adam_step: Step, initialize_adam: Start, beta1: float = 0.9, beta2: float = 0.999, steps: int = 3000
) -> Figure:
    """Adam's averages of a gradient that is always 1, and the length of its steps with and without the correction."""
    moves, m, v = raw_averages(adam_step, initialize_adam, steps, beta1, beta2)
    t = np.arange(1, steps + 1)
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.8, 4.0))
    left.plot(t, m, **line(0), label=f"m, β1 = {beta1:g}")
    left.plot(t, v, **line(1), label=f"v, β2 = {beta2:g}")
    left.set(xscale="log", xlabel="step (log scale)", ylabel="average", ylim=(-0.03, 1.08))
    left.legend(loc="upper left")
    left.set_title("Both averages should be 1, and start near 0")
    right.plot(t, moves, **line(0), label="corrected")
    right.plot(t, m / np.sqrt(v), **line(1), label="nothing corrected")
    right.plot(t, moves / np.sqrt(v), **line(2), label="only m corrected")
    right.plot(t, m, **line(3), label="only v corrected")
    right.set(xscale="log", yscale="log", xlabel="step (log scale)", ylabel="step, in learning rates")
    right.legend(loc="upper right", fontsize=9)
    first = m[0] / np.sqrt(v[0])
    tenth = m[9] / np.sqrt(v[9])
    right.set_title(f"Uncorrected: {first:.3g} in step 1, {tenth:.3g} in step 10")
    return fig


def explore_correction(adam_step: Step, initialize_adam: Start) -> widgets.Widget:
    """Sliders for both betas of ``plot_correction``."""

    def plot(beta1: float, beta2: float) -> Figure:
        return plot_correction(adam_step, initialize_adam, beta1, beta2, 1000)

    def alt(beta1: float, beta2: float) -> str:
        _, m, v = raw_averages(adam_step, initialize_adam, 10, beta1, beta2)
        first, tenth = m[0] / np.sqrt(v[0]), m[9] / np.sqrt(v[9])
        return f"β1 {beta1:g}, β2 {beta2:g}: uncorrected, step 1 is {first:.2f} and step 10 {tenth:.2f} learning rates."

    return explore(
        plot,
        alt,
        beta1=slider("β1", 0.9, 0.0, 0.99, 0.01),
        beta2=slider("β2", 0.999, 0.5, 0.999, 0.001),
    )


def without_correction(adam_step: Step, missing: str) -> Step:
    """Adam whose moves lack the correction of ``missing``: ``"m"``, ``"v"`` or ``"m and v"``. Standard betas."""

    def step(params: Params, grads: Params, state: Any, learning_rate: float) -> tuple[Params, Any]:
        moved, state = adam_step(params, grads, state, learning_rate=learning_rate)
        share = 1 - 0.9 ** state["t"] if "m" in missing else 1.0
        share = share / np.sqrt(1 - 0.999 ** state["t"]) if "v" in missing else share
        return {key: params[key] + share * (moved[key] - params[key]) for key in params}, state

    return step


# --- weight decay ----------------------------------------------------------------------------------------------------


def shrinking(
    step: Step, state: Any, scale: Mapping[str, float], penalty: float = 0.0, steps: int = 1000, **settings: float
) -> Params:
    """A thousand weights of each kind, all 1, under gradients that are pure noise of size ``scale``: their means.

    ``penalty`` times the weight is added to its gradient; ``settings`` go to ``step``, with the learning rate 0.005.
    The result is ``{kind: mean after every step}``.
    """
    rng = np.random.default_rng(0)
    params = {key: np.ones(1000) for key in scale}
    means: dict[str, list[float]] = {key: [1.0] for key in scale}
    for _ in range(steps):
        grads = {key: size * rng.standard_normal(1000) + penalty * params[key] for key, size in scale.items()}
        params, state = step(params, grads, state, learning_rate=0.005, **settings)
        for key in scale:
            means[key].append(float(params[key].mean()))
    return {key: np.array(values) for key, values in means.items()}


def plot_shrinking(means: Mapping[str, Params], wanted: Floats) -> Figure:
    """The mean of each kind of weight, one panel for each way of decay; ``wanted`` is what decay alone would do."""
    fig, axes = plt.subplots(1, len(means), figsize=(9.4, 3.8), sharey=True)
    for ax, (name, kinds) in zip(axes, means.items(), strict=True):
        for i, (kind, values) in enumerate(kinds.items()):
            ax.plot(values, **line(i), label=kind)
        ax.plot(wanted, color="#777777", linewidth=1, linestyle=":", label="decay alone")
        ax.set(xlabel="step", ylim=(-0.08, 1.08))
        ax.set_title(name)
    axes[0].set_ylabel("mean of 1,000 weights")
    axes[-1].legend(loc="upper right", fontsize=9)
    return fig


# --- the zoo ---------------------------------------------------------------------------------------------------------

#: The rate at which each member of the zoo is shown on each ground: of 1, 2, 5 times a power of ten, the one that
#: arrives first, as the lesson's table finds again. (Adagrad is as fast at 5 in the straight ravine, but leaves the
#: picture on its way.)
GOOD_RATES: dict[str, dict[str, float]] = {
    "ravine": {"plain": 0.01, "momentum": 0.05, "Adagrad": 2.0, "RMSprop": 0.01, "Adam": 0.2},
    "turned ravine": {"plain": 0.01, "momentum": 0.05, "Adagrad": 2.0, "RMSprop": 0.01, "Adam": 1.0},
    "saddle": {"plain": 0.5, "momentum": 2.0, "Adagrad": 1.0, "RMSprop": 0.01, "Adam": 0.2},
    "Beale": {"plain": 0.02, "momentum": 0.2, "Adagrad": 0.5, "RMSprop": 0.01, "Adam": 0.2},
}
RATES = tuple(float(f"{digit}e{power}") for power in range(-3, 2) for digit in (1, 2, 5))[2:-1]


def walks(members: Zoo, land: Landscape, rates: Mapping[str, float], steps: int = PATIENCE) -> dict[str, Floats]:
    """A walk of each member of the zoo with its rate."""
    return {
        name: walk(land, _with_rate(step, rates[name]), start(land.at()), steps)
        for name, (step, start) in members.items()
    }


def arrival(land: Landscape, path: Floats, steps: int = PATIENCE) -> int | None:
    """The step from which on a walk stays within ``CLOSE`` of a minimum; None if it does not."""
    outside = np.nonzero(~(land.distance(path) < CLOSE))[0]
    first = int(outside[-1]) + 1 if len(outside) else 0
    return first if len(path) == steps + 1 and first <= steps else None


def arrivals(members: Zoo, land: Landscape, rates: Sequence[float] = RATES) -> dict[str, list[int | None]]:
    """For each member of the zoo, the step at which it arrives with each rate."""
    return {
        name: [arrival(land, walks({name: member}, land, {name: rate})[name]) for rate in rates]
        for name, member in members.items()
    }


def fastest(found: Sequence[int | None], rates: Sequence[float] = RATES) -> tuple[int, float] | None:
    """The first arrival and its rate; None where no rate arrives."""
    return min(((n, rate) for n, rate in zip(found, rates, strict=True) if n is not None), default=None)


def plot_zoo(members: Zoo, ground: str = "ravine", upto: int | None = None, factor: float = 1.0) -> Figure:
    """Walks of the whole zoo up to step ``upto``, each with ``factor`` times a rate that suits it there."""
    land, steps = landscapes()[ground], 200
    rates = {name: factor * rate for name, rate in GOOD_RATES[ground].items()}
    paths = walks(members, land, rates, steps)
    times = "good rates" if factor == 1 else f"{factor:g} times the good rates"
    there = [name for name, path in paths.items() if arrival(land, path, steps) is not None]
    title = f"{land.name[0].upper()}{land.name[1:]}, {times}. In {steps} steps there: {', '.join(there) or 'none'}"
    return plot_walks(paths, land.height, land.window, minima=land.minima, title=title, upto=upto)


def zoo_in_words(members: Zoo, ground: str, upto: int = 200, factor: float = 1.0) -> str:
    """What ``plot_zoo`` shows: how far from a minimum each walk is."""
    land = landscapes()[ground]
    paths = walks(members, land, {name: factor * rate for name, rate in GOOD_RATES[ground].items()}, 200)
    left = {name: land.distance(path)[min(upto, len(path) - 1)] for name, path in paths.items()}
    away = ", ".join(f"{name} {d:.2g}" if d > 1e-6 else f"{name} under 1e-6" for name, d in left.items())
    return f"Walks on {land.name}; distances from the minimum after {upto} steps: {away}."


def explore_zoo(members: Zoo) -> widgets.Widget:
    """A menu for the ground, sliders for the step and for a factor on all learning rates."""

    def plot(ground: str, step: int, power: float) -> Figure:
        return plot_zoo(members, ground, step, float(f"{10**power:.3g}"))

    def alt(ground: str, step: int, power: float) -> str:
        return zoo_in_words(members, ground, step, float(f"{10**power:.3g}"))

    return explore(
        plot,
        alt,
        ground=menu("ground", list(GOOD_RATES)),
        step=slider("step", 10, 0, 200, 1),
        power=slider("log10 of the factor on all rates", 0.0, -1.0, 1.5, 0.25),
    )


def plot_arrivals(found: Mapping[str, Mapping[str, Sequence[int | None]]]) -> Figure:
    """The step of arrival against the learning rate, one panel for each ground."""
    fig, axes = plt.subplots(1, len(found), figsize=(12.4, 4.2), sharey=True)
    for ax, (ground, members) in zip(axes, found.items(), strict=True):
        for i, (name, steps) in enumerate(members.items()):
            values = [np.nan if n is None else max(n, 1) for n in steps]
            ax.plot(RATES, values, **line(i), marker=MARKERS[i], markersize=5, linewidth=1.4, label=name)
        ax.set(xscale="log", yscale="log", xlabel="learning rate", xlim=(3.5e-3, 29))
        ax.set_title(ground)
    axes[0].set_ylabel(f"steps to stay within {CLOSE:g}")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=5)
    fig.suptitle("Adam is nowhere the fastest; it arrives with the widest range of rates", x=0.01, ha="left")
    return fig


def plot_rates(rates: Sequence[float], accuracies: Mapping[str, Sequence[float]]) -> Figure:
    """Dev accuracy against the learning rate, one curve for each optimizer."""
    fig, ax = plt.subplots(figsize=(7.6, 4.1))
    for i, (name, values) in enumerate(accuracies.items()):
        ax.plot(rates, values, **line(i), marker=MARKERS[i], label=name)
    ax.axhline(0.1, color="#999999", linewidth=1, linestyle="-")
    ax.annotate("guessing", (rates[len(rates) // 2], 0.1), xytext=(0, 4), textcoords="offset points", color="#555555")
    ax.set(xscale="log", xlabel="learning rate", ylabel="dev accuracy after 5 epochs", ylim=(0, 0.86))
    fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=len(accuracies))
    ax.set_title("Five hills of nearly one height; each stands somewhere else")
    return fig


# --- schedules -------------------------------------------------------------------------------------------------------


def plans(
    step_decay: Callable[..., Any],
    exponential_decay: Callable[..., Any],
    inverse_time_decay: Callable[..., Any],
    cyclical_learning_rate: Callable[..., Any],
    warmup_cosine: Callable[..., Any],
) -> dict[str, Schedule]:
    """Eight schedules of 600 updates (15 epochs): two constants, and six that reach 0.3."""
    return {
        "constant 0.3": lambda t: 0.3,
        "constant 0.03": lambda t: 0.03,
        "step decay": lambda t: step_decay(0.3, t // PER_EPOCH, 0.5, 3),
        "exponential": lambda t: exponential_decay(0.3, t // PER_EPOCH, 0.2),
        "inverse time": lambda t: inverse_time_decay(0.3, t // PER_EPOCH, 0.5),
        "cyclical": lambda t: cyclical_learning_rate(t, 0.03, 0.3, 100),
        "cosine": lambda t: warmup_cosine(t, 600, 0.3, 0),
        "warm-up and cosine": lambda t: warmup_cosine(t, 600, 0.3, 60),
    }


def _style(i: int) -> dict[str, Any]:
    """One of eight ways to draw a line: the cycle of the course has seven."""
    return line(i) if i < 7 else {"color": "#7A5C00", "linestyle": (0, (4, 1, 1, 1)), "marker": "o", "markersize": 4}


def plot_schedules(schedules: Mapping[str, Schedule], updates: int) -> Figure:
    """The learning rate of every update, one panel for each schedule, up to eight."""
    fig, axes = plt.subplots(2, 4, figsize=(11.6, 4.4), sharex=True, sharey=True)
    for i, (ax, (name, schedule)) in enumerate(zip(axes.flat, schedules.items(), strict=False)):
        style = {**_style(i), "linestyle": "-", "marker": ""}
        ax.plot([float(schedule(t)) for t in range(updates)], **style)
        ax.set_title(name, fontsize=11)
    for ax in axes[-1]:
        ax.set_xlabel("update")
    for ax in axes[:, 0]:
        ax.set_ylabel("learning rate")
    fig.suptitle("Six plans reach 0.3, and two of them begin below it", x=0.01, ha="left")
    return fig


def smoothed(values: Floats, width: int = PER_EPOCH) -> Floats:
    """Means over blocks of ``width``."""
    means: Floats = values[: len(values) // width * width].reshape(-1, width).mean(axis=1)
    return means


def plot_runs(runs: Mapping[str, Sequence[History]]) -> Figure:
    """Training loss and dev accuracy after every epoch, the mean over the seeds."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(10.8, 4.6))
    for i, (name, seeds) in enumerate(runs.items()):
        losses = np.mean([h.epoch_losses for h in seeds], axis=0)
        accuracies = np.mean([h.dev_accuracy for h in seeds], axis=0)
        epochs = np.arange(1, len(losses) + 1)
        left.plot(epochs, losses, **{**_style(i), "linewidth": 1.7})
        right.plot(epochs, accuracies, **{**_style(i), "linewidth": 1.7}, label=name)
    left.set(xlabel="epoch", ylabel="training loss", ylim=(0.3, 1.5))
    right.set(xlabel="epoch", ylabel="dev accuracy", ylim=(0.45, 0.83))
    left.set_title("Lowest in the end: a warm-up, then a cosine")
    right.set_title("The cycle goes up and down with its rate")
    fig.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return fig


def plot_one_schedule(fashion: Fashion, schedule: Schedule, title: str, epochs: int = 15, goal: bool = False) -> Figure:
    """Plain descent under one schedule: the rate and the loss of every update, and the dev accuracy at the end."""
    history = run(fashion, _plain, lambda params: None, schedule, 0, epochs)
    updates = np.arange(len(history.losses))
    fig, ax = plt.subplots(figsize=(7.6, 3.9))
    ax.plot(updates, np.minimum(history.losses, 10), color=COLOURS[0], linewidth=0.7, alpha=0.35)
    ax.plot(smoothed(updates.astype(float)), smoothed(np.minimum(history.losses, 10)), **line(0), label="loss")
    ax.set(xlabel="update", ylabel="training loss", ylim=(0, 3.2))
    other = ax.twinx()
    other.plot(updates, [float(schedule(int(t))) for t in updates], **line(1), label="learning rate")
    other.set(ylabel="learning rate", ylim=(0, None))
    other.grid(False)
    other.spines["right"].set_visible(True)
    handles = [one for a in (ax, other) for one in a.get_legend_handles_labels()[0]]
    ax.legend(handles=handles, loc="upper right")
    last = float(history.dev_accuracy[-1])
    reached = f"dev accuracy {last:.3f}" if not history.diverged else "overflow"
    ax.set_title(f"{title}: {reached}" + (", goal reached" if goal and last >= AT_LEAST else ""))
    return fig


def explore_warmup(fashion: Fashion, warmup_cosine: Callable[..., Any], epochs: int = 15) -> widgets.Widget:
    """Sliders for the peak and the warm-up of ``warmup_cosine`` with plain descent."""
    total = epochs * PER_EPOCH

    def plot(peak: float, warmup: int) -> Figure:
        title = f"peak {peak:g}, warm-up {warmup}"
        goal = bool(np.isclose(peak, PEAK))
        return plot_one_schedule(fashion, lambda t: warmup_cosine(t, total, peak, warmup), title, epochs, goal)

    def alt(peak: float, warmup: int) -> str:
        return f"The loss under a warm-up of {warmup} updates to a rate of {peak:g} and a cosine to 0 at {total}."

    return explore(
        plot, alt, peak=slider("peak", PEAK, 0.02, 1.0, 0.02), warmup=slider("warm-up", 0, 0, total - 10, 10)
    )


def escape(schedule: Schedule, steps: int = 600, start: tuple[float, float] = (1.5, 1e-4)) -> Floats:
    """Plain descent from beside the ridge of the saddle: its places, ``(steps + 1, 2)``."""
    land = saddle()

    def step(params: Params, grads: Params, t: int) -> tuple[Params, int]:
        return _plain(params, grads, None, float(schedule(t)))[0], t + 1

    return walk(land, step, 0, steps, start)


def left_after(path: Floats, far: float = 0.5) -> int | None:
    """The first step at which a walk is further than ``far`` from the ridge."""
    away = np.abs(path[:, 1]) > far
    return int(np.argmax(away)) if away.any() else None


def plot_escape(paths: Mapping[str, Floats]) -> Figure:
    """How far each walk is from the ridge of the saddle, step by step, on a log scale."""
    fig, ax = plt.subplots(figsize=(7.6, 3.9))
    for i, (name, path) in enumerate(paths.items()):
        left = left_after(path)
        ax.plot(np.abs(path[:, 1]), **line(i), label=f"{name}: " + (f"step {left}" if left else "never"))
    ax.axhline(0.5, color="#888888", linewidth=1, linestyle=":")
    ax.annotate("has left the saddle", (200, 0.5), xytext=(0, 4), textcoords="offset points", color="#555555")
    ax.set(yscale="log", xlabel="step", ylabel="distance from the ridge", ylim=(5e-5, 3))
    ax.legend(loc="lower right")
    ax.set_title("Leaving a saddle takes a sum of learning rates")
    return fig
