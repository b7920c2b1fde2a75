"""Lesson 02: what dev sets can tell, boundaries that fit too little or too much, and where the error comes from.

The functions take the student's own measures; nothing here computes an exercise's result.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from coursekit.datasets import Fashion
from coursekit.network import Array, forward, predict
from coursekit.plots import COLOURS, MARKERS, line, plot_decision_boundary
from coursekit.training import History, fit_network
from coursekit.widgets import explore, slider

Floats = NDArray[np.float64]
Predict = Callable[[Array], NDArray[Any]]
Fit = Callable[[Array, Array], Predict]
StandardError = Callable[[float, int], float]
ErrorRate = Callable[[Array, Array], float]
Diagnose = Callable[..., str]
BiasVariance = Callable[[Floats, Floats], tuple[float, float]]
#: X_train, y_train, X_dev, y_dev, X_test, y_test.
Split = tuple[Array, Array, Array, Array, Array, Array]

#: The least error that anybody has reached on the cells, about; and gaps that their 200 examples can tell from luck.
CELLS_OPTIMUM, CELLS_TOLERANCE = 0.22, 0.05


def network_fit(
    hidden: Sequence[int],
    *,
    epochs: int | None = None,
    updates: int = 600,
    batch_size: int = 50,
    learning_rate: float = 0.002,
    lam: float = 0.0,
    keep_prob: float = 1.0,
    seed: int = 1,
    columns: Sequence[int] | None = None,
) -> Fit:
    """A ``fit(X, y)`` that trains a network with Adam and returns its ``predict``.

    ``epochs`` says how long; without it, as many epochs as make about ``updates`` updates. ``columns`` are the
    features that it looks at, all of them by default.
    """

    def fit(X: Array, y: Array) -> Predict:
        chosen = list(range(X.shape[1])) if columns is None else list(columns)
        run = fit_network(
            hidden,
            X[:, chosen],
            y,
            epochs=epochs or max(1, round(updates * batch_size / len(X))),
            batch_size=batch_size,
            learning_rate=learning_rate,
            rng=np.random.default_rng(seed),
            optimizer="adam",
            lam=lam,
            keep_prob=keep_prob,
        )
        return lambda rows: predict(run.params, rows[:, chosen])

    return fit


# --- how much a dev set can tell --------------------------------------------------------------------------------------


def measured_accuracies(right: NDArray[np.bool_], size: int, draws: int = 2000) -> Floats:
    """The accuracies on ``draws`` dev sets of ``size`` examples, drawn with replacement from those of ``right``."""
    rng = np.random.default_rng(0)
    result: Floats = np.array([right[rng.integers(0, len(right), size)].mean() for _ in range(draws)])
    return result


def plot_dev_sizes(
    standard_error: StandardError, right: NDArray[np.bool_], sizes: Sequence[int] = (50, 200, 1000)
) -> Figure:
    """Histograms of the accuracy that one model shows on many dev sets of each size, with ± one standard error."""
    p = float(right.mean())
    fig, axes = plt.subplots(len(sizes), 1, figsize=(7.0, 4.6), sharex=True)
    for i, (ax, size) in enumerate(zip(axes, sizes, strict=True)):
        found, se = measured_accuracies(right, size), float(standard_error(p, size))
        step = max(1 / size, 0.004)
        # Bins that hold whole multiples of 1 / size, so that none is empty by accident.
        step = math.ceil(step * size) / size
        edges = p % step + step * (np.arange(-1, 2 + int(1 / step)) - 0.5)
        ax.hist(found, edges, color=COLOURS[i], alpha=0.75)
        for side in (-1, 1):
            ax.axvline(p + side * se, color="#000000", linewidth=1.4, linestyle="--")
        inside = float(((found > p - se) & (found < p + se)).mean())
        ax.annotate(
            f"{size:,} examples\n± {se:.3f}\n{inside:.0%} inside", (0.01, 0.92), xycoords="axes fraction", va="top"
        )
        ax.set_yticks([])
        ax.grid(False)
    axes[0].set_title("One model, many dev sets: the measured accuracy is a matter of luck")
    spread = float(standard_error(p, sizes[0]))
    axes[-1].set(xlabel="measured accuracy", xlim=(p - 4.6 * spread, p + 3.2 * spread))
    return fig


def chance_of_winning(standard_error: StandardError, accuracy: float, difference: float, examples: int) -> float:
    """How often a model that is better by ``difference`` wins, each model measured on its own dev set."""
    spread = math.hypot(standard_error(accuracy, examples), standard_error(accuracy + difference, examples))
    return 1.0 if spread == 0 else 0.5 * math.erfc(-difference / spread / math.sqrt(2))


def plot_two_models(
    standard_error: StandardError, difference: float = 0.02, examples: int = 300, accuracy: float = 0.8
) -> Figure:
    """What two models show on dev sets of one size: the worse with ``accuracy``, the other better by ``difference``."""
    fig, ax = plt.subplots()
    better = accuracy + difference
    x = np.linspace(accuracy - 0.16, better + 0.16, 400)
    for i, (p, name) in enumerate(((accuracy, "the worse model"), (better, "the better model"))):
        se = float(standard_error(p, examples))
        y = np.exp(-0.5 * ((x - p) / se) ** 2) / se
        ax.plot(x, y, **line(i), label=f"{name}: {p:.3f} ± {se:.3f}")
        ax.fill_between(x, y, color=COLOURS[i], alpha=0.12, linewidth=0)
    wins = chance_of_winning(standard_error, accuracy, difference, examples)
    ax.set_title(f"{examples:,} dev examples: the better model wins in {wins:.1%} of all cases")
    ax.set(xlabel="measured accuracy", yticks=[], xlim=(x[0], min(x[-1], 1.0)))
    ax.set_ylim(0, 1.25 * max(float(np.max(one.get_ydata())) for one in ax.get_lines()))
    ax.grid(False)
    ax.legend(loc="upper left")
    return fig


def explore_two_models(standard_error: StandardError) -> None:
    """Sliders for the difference and the size of the dev set, around ``plot_two_models``."""

    def draw(difference: float, examples: int) -> Figure:
        return plot_two_models(standard_error, difference, examples)

    def alt(difference: float, examples: int) -> str:
        wins = chance_of_winning(standard_error, 0.8, difference, examples)
        return f"Accuracies 0.8 and {0.8 + difference:.3f} on {examples} dev examples: the better wins in {wins:.1%}."

    display(
        explore(
            draw,
            alt,
            difference=slider("difference", 0.02, 0.01, 0.1, 0.01),
            examples=slider("dev examples", 300, 50, 20000, 50),
        )
    )


# --- boundaries -------------------------------------------------------------------------------------------------------


def plot_boundaries(
    models: Mapping[str, Predict], X: Array, y: Array, errors: Mapping[str, tuple[float, float]], names: Sequence[str]
) -> Figure:
    """The boundary of each model over its training examples, with its training and dev error."""
    fig, axes = plt.subplots(1, len(models), figsize=(3.4 * len(models), 3.9), sharey=True)
    for ax, (name, model) in zip(np.atleast_1d(axes), models.items(), strict=True):
        plot_decision_boundary(ax, model, X, y, classes=names)
        train, dev = errors[name]
        ax.set_title(f"{name}\ntrain {train:.1%}, dev {dev:.1%}")
        ax.set(xlabel="measurement A", xticks=[], yticks=[])
    np.atleast_1d(axes)[0].set_ylabel("measurement B")
    np.atleast_1d(axes)[0].legend(loc="upper left", fontsize=9, frameon=True)
    return fig


@dataclass(frozen=True)
class Bench:
    """One run of the workbench: the model, and its two errors."""

    model: Predict
    train_error: float
    dev_error: float


def run_bench(split: Split, error_rate: ErrorRate, hidden: int, epochs: int, examples: int, lam: float) -> Bench:
    """Train a network with two hidden layers of ``hidden`` units (0: a straight line) on the first ``examples``."""
    X, y, X_dev, y_dev = split[0][:examples], split[1][:examples], split[2], split[3]
    fit = network_fit((hidden, hidden) if hidden else (), epochs=epochs, batch_size=20, learning_rate=0.01, lam=lam)
    model = fit(X, y)
    return Bench(model, float(error_rate(y, model(X))), float(error_rate(y_dev, model(X_dev))))


def plot_bench(
    split: Split,
    error_rate: ErrorRate,
    diagnose: Diagnose,
    hidden: int = 64,
    epochs: int = 300,
    examples: int = 100,
    lam: float = 0.0,
) -> Figure:
    """The boundary of one network on the cells, its two errors as bars, and the student's verdict."""
    return _draw_bench(run_bench(split, error_rate, hidden, epochs, examples, lam), split, diagnose, examples)


def _draw_bench(run: Bench, split: Split, diagnose: Diagnose, examples: int) -> Figure:
    verdict = diagnose(run.train_error, run.dev_error, optimal_error=CELLS_OPTIMUM, tolerance=CELLS_TOLERANCE)
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.6, 3.8), width_ratios=(1.2, 1))
    plot_decision_boundary(left, run.model, split[0][:examples], split[1][:examples])
    left.set(xlabel="measurement A", ylabel="measurement B", xticks=[], yticks=[])
    left.set_title(f"{examples} training cells")
    for i, (name, error) in enumerate((("train", run.train_error), ("dev", run.dev_error))):
        bar = right.bar(name, error, color=COLOURS[i], hatch=("", "//")[i], edgecolor="white", width=0.6)
        right.bar_label(bar, [f"{error:.1%}"], padding=3)
    optimal = right.axhline(CELLS_OPTIMUM, color="#000000", linewidth=1.4, linestyle=":")
    right.legend([optimal], [f"optimal, about {CELLS_OPTIMUM:.0%}"], loc="upper left", fontsize=9)
    right.set(ylim=(0, max(0.5, 1.2 * max(run.train_error, run.dev_error))), xlim=(-0.5, 1.5), ylabel="error rate")
    right.grid(False, axis="x")
    right.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    right.set_title(verdict)
    return fig


def explore_bench(split: Split, error_rate: ErrorRate, diagnose: Diagnose) -> None:
    """Sliders for the network, the training and the data, around ``plot_bench``."""
    last: dict[tuple[float, ...], Bench] = {}

    def run(hidden: int, epochs: int, examples: int, lam: float) -> Bench:
        key = (hidden, epochs, examples, lam)
        if key not in last:
            last.clear()
            last[key] = run_bench(split, error_rate, hidden, epochs, examples, lam)
        return last[key]

    def draw(hidden: int, epochs: int, examples: int, lam: float) -> Figure:
        return _draw_bench(run(hidden, epochs, examples, lam), split, diagnose, examples)

    def alt(hidden: int, epochs: int, examples: int, lam: float) -> str:
        found = run(hidden, epochs, examples, lam)
        return (
            f"{hidden} hidden units, {epochs} epochs, {examples} cells, lambda {lam:g}: "
            f"training error {found.train_error:.1%}, dev error {found.dev_error:.1%}."
        )

    display(
        explore(
            draw,
            alt,
            hidden=slider("hidden", 64, 0, 64, 4),
            epochs=slider("epochs", 300, 1, 300, 1),
            examples=slider("cells", len(split[0]), 20, len(split[0]), 1),
            lam=slider("lambda", 0.0, 0.0, 10.0, 0.25),
        )
    )


# --- the recipe, learning curves --------------------------------------------------------------------------------------


def train_steps(
    plan: Mapping[str, tuple[int, Fit]], error_rate: ErrorRate, data: Fashion
) -> tuple[dict[str, tuple[float, float]], dict[str, Predict]]:
    """For each step's number of training examples and ``fit``: the training and dev error, and the model."""
    errors, models = {}, {}
    for name, (examples, fit) in plan.items():
        X, y = data.X_train[:examples], data.y_train[:examples]
        models[name] = model = fit(X, y)
        errors[name] = float(error_rate(y, model(X))), float(error_rate(data.y_dev, model(data.X_dev)))
    return errors, models


def plot_steps(steps: Mapping[str, tuple[float, float]], optimal: float, title: str) -> Figure:
    """Training and dev error of each step as bars; the optimal error as a line."""
    fig, ax = plt.subplots(figsize=(8.4, 3.9))
    places = np.arange(len(steps))
    for i, name in enumerate(("training error", "dev error")):
        values = [pair[i] for pair in steps.values()]
        bars = ax.bar(
            places + 0.38 * (i - 0.5),
            values,
            0.36,
            color=COLOURS[i],
            hatch=("", "//")[i],
            edgecolor="white",
            label=name,
        )
        ax.bar_label(bars, [f"{v:.1%}" for v in values], padding=2, fontsize=9)
    ax.axhline(optimal, color="#000000", linewidth=1.2, linestyle=":", label=f"optimal, about {optimal:.0%}")
    ax.set_xticks(places, list(steps))
    ax.grid(False, axis="x")
    ax.set(ylabel="error rate", title=title, ylim=(0, 1.2 * max(max(pair) for pair in steps.values())))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.legend(loc="upper right")
    return fig


def plot_learning_curves(
    curves: Mapping[str, tuple[Sequence[float] | Floats, Sequence[float] | Floats]],
    sizes: Sequence[int],
    optimal: float,
) -> Figure:
    """One panel per model: training and dev error against the number of training examples."""
    fig, axes = plt.subplots(1, len(curves), figsize=(4.4 * len(curves), 3.8), sharey=True)
    for ax, (name, pair) in zip(np.atleast_1d(axes), curves.items(), strict=True):
        for i, (label, values) in enumerate(zip(("training error", "dev error"), pair, strict=True)):
            ax.plot(sizes, values, **line(i), marker=MARKERS[i], label=label)
        ax.fill_between(sizes, pair[0], pair[1], color="#999999", alpha=0.18, linewidth=0)
        ax.axhline(optimal, color="#000000", linewidth=1.2, linestyle=":", label=f"optimal, about {optimal:.0%}")
        ax.set_title(name)
        ax.set(xlabel="training examples", xticks=list(sizes), ylim=(-0.02, None))
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    first = np.atleast_1d(axes)[0]
    first.set_ylabel("error rate")
    first.set_ylim(top=1.12 * max(float(np.max(one)) for pair in curves.values() for one in pair))
    np.atleast_1d(axes)[-1].legend(loc="upper right", fontsize=9.5)
    return fig


# --- bias and variance as numbers -------------------------------------------------------------------------------------


def curve(x: Floats) -> Floats:
    """The truth behind the noisy points."""
    result: Floats = np.sin(2 * np.pi * x)
    return result


@dataclass(frozen=True)
class Polynomials:
    """Polynomials of one degree, each fitted to its own training set."""

    x: Floats
    predictions: Floats
    places: Floats
    measured: Floats


def fit_polynomials(degree: int, points: int = 20, noise: float = 0.3, models: int = 200) -> Polynomials:
    """Fit ``models`` polynomials: the same places, fresh noise for each; predictions ``(models, 101)``."""
    rng = np.random.default_rng(0)
    places, x = np.linspace(0, 1, points), np.linspace(0, 1, 101)
    measured = curve(places) + noise * rng.standard_normal((models, points))
    basis, wide = (np.polynomial.chebyshev.chebvander(2 * t - 1, degree) for t in (places, x))
    return Polynomials(x, measured @ (wide @ np.linalg.pinv(basis)).T, places, measured)


def plot_polynomials(
    bias_variance: BiasVariance, degrees: Sequence[int] = (1, 4, 13), points: int = 20, noise: float = 0.3
) -> Figure:
    """Twenty of the fitted polynomials of each degree, their mean over all, and the truth."""
    fig, axes = plt.subplots(1, len(degrees), figsize=(3.4 * len(degrees), 3.7), sharey=True)
    for ax, degree in zip(np.atleast_1d(axes), degrees, strict=True):
        found = fit_polynomials(degree, points, noise)
        ax.plot(found.x, found.predictions[:20].T, color="#999999", linewidth=0.7, linestyle="-", alpha=0.8)
        ax.plot(found.x, curve(found.x), **line(0), label="truth")
        ax.plot(found.x, found.predictions.mean(axis=0), **line(1), label="mean of 200 models")
        bias_squared, variance = bias_variance(found.predictions, curve(found.x))
        ax.set_title(f"degree {degree}\nbias² {bias_squared:.3f}, variance {variance:.3f}")
        ax.set(xlabel="x", ylim=(-2.0, 2.0))
    np.atleast_1d(axes)[-1].legend(loc="upper right", fontsize=9)
    return fig


def parts_by_degree(bias_variance: BiasVariance, points: int, noise: float, highest: int = 13) -> Floats:
    """bias² and variance for each degree 0 … ``highest``: ``(highest + 1, 2)``."""
    pairs = []
    for degree in range(highest + 1):
        found = fit_polynomials(degree, points, noise)
        pairs.append([float(part) for part in bias_variance(found.predictions, curve(found.x))])
    return np.array(pairs)


def plot_degree(bias_variance: BiasVariance, degree: int = 9, points: int = 20, noise: float = 0.3) -> Figure:
    """Left, polynomials of one degree and one training set; right, bias² and variance of every degree."""
    highest = min(13, points - 1)
    degree = min(degree, highest)
    found, parts = fit_polynomials(degree, points, noise), parts_by_degree(bias_variance, points, noise, highest)
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.2, 3.9))
    left.plot(found.x, found.predictions[:20].T, color="#999999", linewidth=0.7, linestyle="-", alpha=0.8)
    left.plot(found.x, curve(found.x), **line(0), label="truth")
    left.scatter(found.places, found.measured[0], s=18, color=COLOURS[1], marker=MARKERS[1], label="one training set")
    left.set(xlabel="x", ylim=(-2.2, 2.2), title=f"degree {degree}, {points} points, noise {noise:g}")
    left.legend(loc="lower left", fontsize=9)
    numbers = np.arange(highest + 1)
    for i, (values, label) in enumerate(
        ((parts[:, 0], "bias²"), (parts[:, 1], "variance"), (parts.sum(axis=1), "bias² + variance"))
    ):
        right.plot(numbers, values, **line(i), marker=MARKERS[i], markersize=5, label=label)
    total = float(parts.sum(axis=1)[degree])
    right.scatter([degree], [total], s=150, facecolors="none", edgecolors="#000000", linewidths=1.6, zorder=4)
    right.set_yscale("log")
    right.set(xlabel="degree", ylim=(1e-5, max(2.0, 3 * float(parts.max()))), xticks=numbers[::2])
    right.set_title(f"bias² + variance = {total:.4f} (least: degree {int(parts.sum(axis=1).argmin())})")
    right.legend(loc="lower left", fontsize=9)
    return fig


def explore_degree(bias_variance: BiasVariance) -> None:
    """Sliders for the degree, the points and the noise, around ``plot_degree``."""

    def draw(degree: int, points: int, noise: float) -> Figure:
        return plot_degree(bias_variance, degree, points, noise)

    def alt(degree: int, points: int, noise: float) -> str:
        found = fit_polynomials(min(degree, points - 1), points, noise)
        bias_squared, variance = bias_variance(found.predictions, curve(found.x))
        return f"Degree {degree}, {points} points: squared bias {bias_squared:.4f}, variance {variance:.4f}."

    display(
        explore(
            draw,
            alt,
            degree=slider("degree", 9, 0, 13, 1),
            points=slider("points", 20, 14, 200, 1),
            noise=slider("noise", 0.3, 0.0, 1.0, 0.05),
        )
    )


def class_probabilities(hidden: Sequence[int], X: Array, y: Array, X_dev: Array, seed: int) -> Floats:
    """The probabilities that a network trained on (X, y) gives each class of each dev example, in one row."""
    run = fit_network(
        hidden,
        X,
        y,
        epochs=20,
        batch_size=25,
        learning_rate=0.002,
        rng=np.random.default_rng(seed),
        optimizer="adam",
    )
    logits, _ = forward(run.params, X_dev)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = (powers / powers.sum(axis=1, keepdims=True)).ravel()
    return result


def plot_widths(widths: Sequence[int], parts: Sequence[tuple[float, float]]) -> Figure:
    """bias² and variance of networks of growing width, stacked, on a scale from 0."""
    fig, ax = plt.subplots()
    values, places = np.array(parts, dtype=float), np.arange(len(widths))
    ax.bar(places, values[:, 0], 0.6, color=COLOURS[0], edgecolor="white", label="bias²")
    ax.bar(
        places,
        values[:, 1],
        0.6,
        bottom=values[:, 0],
        color=COLOURS[1],
        hatch="//",
        edgecolor="white",
        label="variance",
    )
    for place, (bias_squared, variance) in zip(places, values, strict=True):
        style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9}
        box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
        ax.annotate(f"{bias_squared:.3f}", (place, bias_squared / 2), bbox=box, **style)
        ax.annotate(f"{variance:.3f}", (place, bias_squared + variance / 2), bbox=box, **style)
    ax.set_xticks(places, [f"{w} units" for w in widths])
    ax.grid(False, axis="x")
    ax.set(
        ylabel="squared error of the probabilities",
        title="Sixteen units instead of four: less bias, and less variance too",
    )
    ax.legend(loc="upper right")
    return fig


# --- a dev loss that puzzles ------------------------------------------------------------------------------------------


def plot_puzzles(thinned: History, long: History, whole_loss: float) -> Figure:
    """Left, a training loss with dropout above the dev loss; right, a dev loss that rises and a level accuracy.

    ``whole_loss`` is the training loss of the first run's whole network at the end.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.8))
    epochs = np.arange(1, len(thinned.dev_losses) + 1)
    left.plot(epochs, thinned.epoch_losses, **line(0), label="training loss as reported, dropout on")
    left.plot(epochs, thinned.dev_losses, **line(1), label="dev loss, dropout off")
    left.scatter(
        epochs[-1], whole_loss, s=60, color=COLOURS[2], marker=MARKERS[2], zorder=4, label="training loss, dropout off"
    )
    left.set(xlabel="epoch", ylabel="cross-entropy", title="The dev loss lies below, and no bug", ylim=(0, None))
    left.legend(loc="lower left", fontsize=9)
    epochs = np.arange(1, len(long.dev_losses) + 1)
    right.plot(epochs, long.dev_losses, **line(1), label="dev loss (left axis)")
    right.set(xlabel="epoch", title="The loss rises, the accuracy stays", ylabel="cross-entropy", ylim=(0.3, None))
    other = right.twinx()
    other.plot(epochs, long.dev_accuracy, **line(2), label="dev accuracy (right axis)")
    other.set(ylabel="accuracy", ylim=(0.5, 1.0))
    other.grid(False)
    other.spines["right"].set_visible(True)
    lines = [*right.get_lines(), *other.get_lines()]
    right.legend(lines, [str(one.get_label()) for one in lines], loc="lower right", fontsize=9)
    return fig
