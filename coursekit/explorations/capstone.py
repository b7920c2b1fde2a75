"""Figures, trials and the sealed test part of lesson 15."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coursekit.datasets import load_churn_parts, load_fashion
from coursekit.network import Array, accuracy, mean_loss, predict
from coursekit.plots import COLOURS, MARKERS, line
from coursekit.training import History, first_parameters, fit_network
from coursekit.widgets import explore, slider

#: From rows to labels.
Predict = Callable[[Array], Any]
#: What the published notebooks on the churn table say they reached.
PUBLISHED = {"untuned": 0.781, "tuned": 0.806}


@dataclass
class Sealed:
    """A test part that can be asked for one thing only: the share of right labels of a finished model.

    The rows are loaded when it is opened, not before, and it counts.
    """

    load: Callable[[], tuple[Array, Array]]
    opened: int = 0

    def open(self, predict: Predict) -> float:
        """The accuracy on the test part. Every opening after the first one is told of."""
        self.opened += 1
        X, y = self.load()
        if self.opened > 1:
            print(f"Opened {self.opened} times. If you change anything now, this is one more dev set.")
        return float(np.mean(np.asarray(predict(X)) == y))


@dataclass(frozen=True)
class Task:
    """Raw rows to train on, a dev part to choose with, and a sealed test part."""

    name: str
    X_train: Array
    y_train: Array
    X_dev: Array
    y_dev: Array
    test: Sealed
    #: Names of the columns; none for pixels.
    features: tuple[str, ...] = ()


def churn() -> Task:
    """The customers as 40 raw numbers: 4,219 to train on, 1,406 in the dev part."""
    parts = load_churn_parts(standardized=False)
    return Task("churn", parts.X_train, parts.y_train, parts.X_dev, parts.y_dev, Sealed(_churn_test), parts.features)


def _churn_test() -> tuple[Array, Array]:
    parts = load_churn_parts(standardized=False)
    return parts.X_test, parts.y_test


def images() -> Task:
    """The pictures as rows of 784 pixels 0 … 255: 4,000 to train on, 1,000 in the dev part."""
    data = load_fashion()
    return Task(
        "images", np.rint(255 * data.X_train), data.y_train, np.rint(255 * data.X_dev), data.y_dev, Sealed(_images_test)
    )


def _images_test() -> tuple[Array, Array]:
    data = load_fashion()
    return np.rint(255 * data.X_test), data.y_test


# --- trials ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """One network of a log: what was tried, and its share of right labels in training and on the dev part."""

    name: str
    train: float
    dev: float
    rows: int
    seconds: float
    right: NDArray[np.bool_] = field(repr=False)
    history: History = field(repr=False)

    @property
    def error(self) -> float:
        """The standard error of the dev accuracy."""
        return standard_error(self.dev, self.rows)

    def __str__(self) -> str:
        return f"{self.name:34} train {self.train:.3f}   dev {self.dev:.3f} ± {self.error:.3f}"


def standard_error(accuracy: float, rows: int) -> float:
    """Of an accuracy that was measured on so many rows."""
    return float(np.sqrt(accuracy * (1 - accuracy) / rows))


def scaled(task: Task, raw: bool = False) -> tuple[Array, Array]:
    """Training and dev rows, scaled by the training rows' mean and standard deviation; or as they are."""
    if raw:
        return task.X_train, task.X_dev
    mean, std = task.X_train.mean(axis=0), task.X_train.std(axis=0)
    std = np.where(std > 0, std, 1.0)
    return (task.X_train - mean) / std, (task.X_dev - mean) / std


def attempt(
    task: Task,
    name: str,
    hidden: Sequence[int] = (),
    *,
    epochs: int = 10,
    keep_prob: float = 1.0,
    lam: float = 0.0,
    learning_rate: float = 1e-3,
    optimizer: str = "adam",
    raw: bool = False,
    seed: int = 0,
) -> Trial:
    """Train the course's network on the training part and measure it on the dev part. The test part stays closed."""
    X, X_dev = scaled(task, raw)
    start = time.perf_counter()
    history = fit_network(
        hidden,
        X,
        task.y_train,
        epochs=epochs,
        batch_size=64,
        learning_rate=learning_rate,
        optimizer=optimizer,
        lam=lam,
        keep_prob=keep_prob,
        rng=np.random.default_rng(seed),
    )
    seconds = time.perf_counter() - start
    with np.errstate(all="ignore"):
        right = predict(history.params, X_dev) == task.y_dev
        train = accuracy(history.params, X, task.y_train)
    return Trial(name, train, float(right.mean()), len(right), seconds, right, history)


def sanity(task: Task) -> str:
    """Three checks of a network with 64 units, in words; the test part stays closed."""
    (X, X_dev), y = scaled(task), task.y_train
    rng = np.random.default_rng(0)
    params = first_parameters([64], X, y, rng)
    start = mean_loss(params | {"W2": params["W2"] / 100}, X, y)
    plan: dict[str, Any] = {"batch_size": 20, "optimizer": "adam", "learning_rate": 1e-2}
    few = np.concatenate([np.flatnonzero(y == k)[: 20 // (int(y.max()) + 1)] for k in range(int(y.max()) + 1)])
    small = fit_network([64], X[few], y[few], epochs=60, rng=rng, **plan)
    mixed = rng.permutation(y)
    lost = fit_network([64], X, mixed, epochs=2, rng=rng, batch_size=64, optimizer="adam", learning_rate=1e-3)
    learned = accuracy(small.params, X[few], y[few])
    return (
        f"{task.name:7} loss before training {start:.2f}; twenty rows: {learned:.2f} right; "
        f"labels shuffled: dev {accuracy(lost.params, X_dev, task.y_dev):.3f}"
    )


def plot_trials(trials: Sequence[Trial], title: str) -> Figure:
    """Dev accuracies with a bar of one standard error to each side; the band is that of the first, the baseline."""
    fig, ax = plt.subplots(figsize=(8.2, 0.55 * len(trials) + 1.5))
    places = np.arange(len(trials))
    first = trials[0]
    ax.axvspan(first.dev - first.error, first.dev + first.error, color="#dddddd", label="baseline ± one standard error")
    ax.errorbar([t.dev for t in trials], places, xerr=[t.error for t in trials], fmt="o", color=COLOURS[0],
                capsize=4, label="dev")  # fmt: skip
    ax.plot([t.train for t in trials], places, MARKERS[1], color=COLOURS[1], label="training", linestyle="none")
    ax.set_yticks(places, [t.name for t in trials])
    ax.invert_yaxis()
    ax.set(xlabel="share of right labels")
    ax.legend(loc="upper center", bbox_to_anchor=(0.4, -0.9 / (0.55 * len(trials) + 1.5)), ncols=3, fontsize=9)
    ax.set_title(title, loc="right")
    return fig


def settings(rng: np.random.Generator) -> dict[str, Any]:
    """Settings of a churn network, drawn as a tuner would: all of them sensible."""
    return {
        "hidden": [int(rng.choice([16, 32, 64]))],
        "epochs": int(rng.integers(3, 9)),
        "keep_prob": float(rng.choice([0.5, 0.7, 0.9])),
        "learning_rate": float(10 ** rng.uniform(-3, -2.3)),
        "lam": float(10 ** rng.uniform(0, 2)),
    }


def many_trials(task: Task, trials: int, seed: int = 0) -> list[Trial]:
    """So many networks with settings drawn at random."""
    rng = np.random.default_rng(seed)
    return [attempt(task, f"trial {i}", **settings(rng), seed=i) for i in range(trials)]


# --- the optimism of the best of many --------------------------------------------------------------------------------


def best_on_one_half(trials: Sequence[Trial], splits: int = 2000, seed: int = 0) -> tuple[Array, Array]:
    """For so many splits of the rows in two halves: the best score on the first, and the same model's on the second."""
    right = np.array([t.right for t in trials], dtype=np.float64)
    rng = np.random.default_rng(seed)
    half = right.shape[1] // 2
    chosen, fresh = np.empty(splits), np.empty(splits)
    total = right.sum(axis=1)
    for i in range(splits):
        rows = rng.permutation(right.shape[1])[:half]
        scores = right[:, rows].sum(axis=1)
        best = int(scores.argmax())
        chosen[i], fresh[i] = scores[best] / half, (total - scores)[best] / (right.shape[1] - half)
    return chosen, fresh


#: Two customers of a half: scores come in steps of 1/703, and each bin holds as many steps.
BIN = 2 / 703


def plot_halves(chosen: Array, fresh: Array) -> Figure:
    """Histograms of the winner's score where it was chosen, and on the other half."""
    fig, ax = plt.subplots(figsize=(7.4, 3.8))
    bins = np.arange(min(fresh.min(), chosen.min()), max(fresh.max(), chosen.max()), BIN).tolist()
    for i, (values, name) in enumerate(((chosen, "on the half that chose it"), (fresh, "on the other half"))):
        ax.hist(values, bins=bins, histtype="step", linewidth=2, **line(i), label=name)
        ax.axvline(float(values.mean()), **line(i), linewidth=1)
    ax.set(xlabel="accuracy of the winner", ylabel="splits")
    ax.legend(loc="upper left")
    ax.set_title("The winner looks better where it won")
    return fig


def best_of(trials: int, rows: int, true: float = 0.79, repeats: int = 4000, seed: int = 0) -> Array:
    """The best of so many measured accuracies, many times over; every model is right with probability ``true``."""
    rng = np.random.default_rng(seed)
    return np.asarray(rng.binomial(rows, true, (repeats, trials)).max(axis=1) / rows)


def plot_best_of(trials: int = 50, rows: int = 1407, true: float = 0.79) -> Figure:
    """How the best of many measured accuracies is spread, all models being equally good."""
    best = best_of(trials, rows, true)
    fig, ax = plt.subplots(figsize=(7.4, 3.8))
    low, high = true - 4 / np.sqrt(rows) * 0.41, true + 5 / np.sqrt(rows) * 0.41
    width = max(1, int((high - low) * rows / 60)) / rows
    ax.hist(
        best, bins=np.arange(low, high + width, width).tolist(), color=COLOURS[0], alpha=0.6, label="the best score"
    )
    ax.axvline(true, color="black", linewidth=2, label=f"the truth: {true:.3f}")
    ax.axvline(float(best.mean()), **line(1), linewidth=2, label=f"the best, on average: {best.mean():.3f}")
    ax.set(xlabel="accuracy", ylabel="times out of 4,000", xlim=(low, high))
    ax.legend(loc="upper left", fontsize=9)
    what = "one try is honest" if trials == 1 else f"the best of {trials} is {best.mean() - true:.3f} too good"
    ax.set_title(f"{rows:,} rows: {what}")
    return fig


def explore_best_of() -> widgets.Widget:
    """Sliders for the number of trials and the rows they are measured on."""

    def alt(trials: int, rows: int) -> str:
        return (
            f"The best of {trials} on {rows} rows: {best_of(trials, rows).mean():.3f} on average, the truth is 0.790."
        )

    return explore(plot_best_of, alt, trials=slider("trials", 50, 1, 200, 1), rows=slider("rows", 1407, 100, 5600, 1))


def plot_knobs(task: Task, hidden: int = 64, keep_prob: float = 1.0, lam: float = 0.0, epochs: int = 20) -> Figure:
    """One churn network's training and dev accuracy after every epoch, with a band of one standard error."""
    X, X_dev = scaled(task)
    history = fit_network(
        [hidden] if hidden else [],
        X,
        task.y_train,
        epochs=epochs,
        batch_size=64,
        learning_rate=1e-3,
        optimizer="adam",
        lam=lam,
        keep_prob=keep_prob,
        rng=np.random.default_rng(0),
        X_dev=X_dev,
        y_dev=task.y_dev,
    )
    fig, ax = plt.subplots(figsize=(7.4, 3.8))
    at = np.arange(1, epochs + 1)
    last = float(history.dev_accuracy[-1])
    error = standard_error(last, len(task.y_dev))
    ax.plot(at, history.train_accuracy, **line(1), label="training")
    ax.plot(at, history.dev_accuracy, **line(0), label="dev")
    ax.axhspan(last - error, last + error, color=COLOURS[0], alpha=0.12, label="last dev ± one standard error")
    ax.axhline(float(max(task.y_dev.mean(), 1 - task.y_dev.mean())), color="#666666", linewidth=1, linestyle=":")
    ax.set(xlabel="epoch", ylabel="share of right labels", ylim=(0.7, 0.95))
    ax.legend(loc="upper left", fontsize=9)
    ax.set_title(f"dev {last:.3f} ± {error:.3f}, training {history.train_accuracy[-1]:.3f}")
    return fig


def explore_knobs(task: Task) -> widgets.Widget:
    """Sliders for a churn network."""

    def alt(hidden: int, keep_prob: float, lam: float, epochs: int) -> str:
        return f"{hidden} units, keep {keep_prob:g}, lambda {lam:g}: accuracy after each of {epochs} epochs."

    return explore(
        lambda hidden, keep_prob, lam, epochs: plot_knobs(task, hidden, keep_prob, lam, epochs),
        alt,
        hidden=slider("hidden units", 64, 0, 128, 16),
        keep_prob=slider("keep", 1.0, 0.3, 1.0, 0.1),
        lam=slider("lambda", 0.0, 0.0, 300.0, 25.0),
        epochs=slider("epochs", 20, 1, 30, 1),
    )


# --- before handing in ----------------------------------------------------------------------------------------------


def rehearse(train_model: Callable[..., Predict], task: Task, seed: int = 0) -> tuple[Predict, dict[str, float]]:
    """Train on a task and measure what the grader measures, on the dev part: accuracy, seconds, rows that waver."""
    start = time.perf_counter()
    found = train_model(task.X_train.copy(), task.y_train.copy(), np.random.default_rng(seed))
    seconds = time.perf_counter() - start
    whole = np.asarray(found(task.X_dev))
    by = task.X_dev[:, 4] if task.features else task.X_dev.sum(axis=1)
    skewed = np.argsort(by, kind="stable")[-len(by) // 8 :]
    alone = np.array([np.asarray(found(task.X_dev[[i]]))[0] for i in range(32)])
    return found, {
        "dev accuracy": float(np.mean(whole == task.y_dev)),
        "seconds": seconds,
        "single rows that change": float(np.mean(alone != whole[:32])),
        "rows that change in a skewed batch": float(np.mean(np.asarray(found(task.X_dev[skewed])) != whole[skewed])),
    }


def plot_board(rows: Mapping[str, Mapping[str, float]], sizes: Mapping[str, int]) -> Figure:
    """A leaderboard for each task: a dot for every accuracy, with one standard error to each side."""
    fig, axes = plt.subplots(len(rows), 1, figsize=(8.2, 2.7 * len(rows)))
    for ax, (task, scores) in zip(np.atleast_1d(axes), rows.items(), strict=True):
        names = sorted(scores, key=lambda name: scores[name])
        for i, name in enumerate(names):
            yours = name.startswith("yours")
            ax.errorbar(scores[name], i, xerr=standard_error(scores[name], sizes[task]), capsize=4,
                        fmt=MARKERS[2 if yours else 0], color=COLOURS[1 if yours else 0])  # fmt: skip
        ax.set_yticks(range(len(names)), [f"{name}: {scores[name]:.3f}" for name in names])
        ax.set_title(f"{task}, {sizes[task]:,} test rows")
        ax.margins(y=0.15)
    axes = np.atleast_1d(axes)
    axes[-1].set_xlabel("test accuracy, with one standard error to each side")
    return fig
