"""Lesson 13: how hyperparameters are searched, and how much of a winner's score is luck.

Searches, samplers and cross-validation are the student's own and handed in; nothing here computes an exercise's result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coursekit.datasets import Parts, Table
from coursekit.network import accuracy
from coursekit.plots import COLOURS, MARKERS, line, points
from coursekit.training import History, fit_network
from coursekit.widgets import explore, slider

Floats = NDArray[np.float64]
Config = dict[str, Any]
Trials = Sequence[tuple[Config, float]]
#: ``fit(X, y)`` returns ``predict(X)``.
Fit = Callable[[Any, Any], Callable[[Any], Any]]

#: The published accuracies on the churn table, before and after "tuning".
PUBLISHED = {"published, untuned": 0.781, "published, tuned": 0.806}


class Sealed:
    """A training and a dev part for everyday use, and a test part that can be asked once."""

    def __init__(self, parts: Parts) -> None:
        self.X_train, self.y_train, self.X_dev, self.y_dev = parts.X_train, parts.y_train, parts.X_dev, parts.y_dev
        self._parts = parts
        self.opened = False

    def open(self, models: Mapping[str, History]) -> dict[str, float]:
        """The models' accuracies on the test part. ``RuntimeError`` when it was opened before."""
        if self.opened:
            raise RuntimeError("the test part has been opened before: what it says now is no test any more")
        self.opened = True
        X, y = self._parts.X_test, self._parts.y_test
        return {name: accuracy(model.params, X, y) for name, model in models.items()}


def standard_error(share: float, m: int) -> float:
    """How far an accuracy measured on ``m`` examples strays, one standard deviation."""
    return float(np.sqrt(share * (1 - share) / m))


# --- churn: what the settings are worth ------------------------------------------------------------------------------


def churn_runs(churn: Sealed) -> dict[str, History]:
    """The network of two layers of 64 trained long, with dropout, with L2, and logistic regression."""
    plans: dict[str, tuple[tuple[int, ...], dict[str, Any]]] = {
        "64-64, 60 epochs": ((64, 64), {"epochs": 60, "learning_rate": 0.003, "batch_size": 64}),
        "64-64, dropout": ((64, 64), {"epochs": 12, "learning_rate": 0.002, "batch_size": 64, "keep_prob": 0.5}),
        "64-64, L2": ((64, 64), {"epochs": 12, "learning_rate": 0.002, "batch_size": 64, "lam": 50.0}),
        "logistic regression": ((), {"epochs": 20, "learning_rate": 0.01, "batch_size": 512}),
    }
    dev: dict[str, Any] = {"X_dev": churn.X_dev, "y_dev": churn.y_dev}
    return {
        name: fit_network(
            hidden, churn.X_train, churn.y_train, rng=np.random.default_rng(0), optimizer="adam", **plan, **dev
        )
        for name, (hidden, plan) in plans.items()
    }


def plot_churn(scores: Mapping[str, float], m: int) -> Figure:
    """Accuracies as points with their standard errors, the published ones beside them."""
    fig, ax = plt.subplots(figsize=(8.2, 3.4))
    everything = {**scores, **PUBLISHED}
    for row, (name, share) in enumerate(everything.items()):
        kind = 1 if name in PUBLISHED else 0
        ax.errorbar(
            share, row, xerr=standard_error(share, m), fmt=MARKERS[kind], color=COLOURS[kind], markersize=8, capsize=4
        )
        ax.text(share, row - 0.27, f"{share:.3f}", ha="center", fontsize=9)
    ax.set_yticks(range(len(everything)), list(everything))
    ax.set_ylim(len(everything) - 0.5, -0.7)
    ax.set(xlabel="accuracy, with its standard error")
    ax.set_title("The published tuned score is that of a logistic regression", loc="left")
    return fig


def churn_trainer(churn: Sealed) -> Callable[[Config], History]:
    """Trains the network that a config describes, on the training part; the dev part is not used."""

    def train(config: Config) -> History:
        return fit_network(
            (config["units"], config["units"]),
            churn.X_train,
            churn.y_train,
            epochs=10,
            batch_size=128,
            learning_rate=config["learning_rate"],
            lam=config["lam"],
            keep_prob=config["keep_prob"],
            optimizer="adam",
            rng=np.random.default_rng(0),
        )

    return train


# --- a table of trainings, on which searches are replayed ------------------------------------------------------------


@dataclass(frozen=True)
class Trainings:
    """Dev accuracies ``(rates, lams)`` of networks that were trained once; nan where the loss overflowed."""

    rates: Floats
    lams: Floats
    scores: Floats

    def score(self, config: Mapping[str, float]) -> float:
        """The accuracy of the training that lies nearest to ``learning_rate`` and ``lam``, on log scales."""
        place = []
        for name, values in (("learning_rate", self.rates), ("lam", self.lams)):
            place.append(int(np.abs(np.log(values) - np.log(config[name])).argmin()))
        return float(self.scores[tuple(place)])


def digit_parts(digits: Table) -> Parts:
    """600 digits to train, 400 for dev, 797 for a test that this lesson never makes."""
    order = np.random.default_rng(0).permutation(len(digits.X))
    X, y = digits.X[order] / 16, digits.y[order]
    return Parts(X[:600], y[:600], X[600:1000], y[600:1000], X[1000:], y[1000:], digits.features, digits.classes)


def train_all(digits: Sealed, rates: int = 31, lams: int = 5) -> Trainings:
    """Digit networks of 32 units for learning rates from 0.0001 to 10 and penalties from 0.0001 to 1."""
    grid = np.geomspace(1e-4, 10, rates), np.geomspace(1e-4, 1, lams)
    scores = np.empty((rates, lams))
    for i, rate in enumerate(grid[0]):
        for j, lam in enumerate(grid[1]):
            history = fit_network(
                (32,),
                digits.X_train,
                digits.y_train,
                epochs=8,
                batch_size=32,
                learning_rate=float(rate),
                lam=float(lam),
                rng=np.random.default_rng(lams * i + j),
            )
            finite = all(np.isfinite(p).all() for p in history.params.values()) and not history.diverged
            scores[i, j] = accuracy(history.params, digits.X_dev, digits.y_dev) if finite else np.nan
    return Trainings(*grid, scores)


def plot_scales(done: Trainings, samples: Mapping[str, Any]) -> Figure:
    """Where samples of the learning rate lie, above the accuracies that they would find."""
    fig, axes = plt.subplots(
        len(samples) + 1, 1, figsize=(8.2, 4.9), sharex=True, height_ratios=[2.2] + [1] * len(samples)
    )
    mean = np.nanmean(done.scores, axis=1)
    axes[0].plot(done.rates, mean, **line(0), marker="o", markersize=4)
    axes[0].set(ylabel="dev accuracy", xscale="log", ylim=(0, 1))
    edges = np.geomspace(done.rates[0], done.rates[-1], 26)
    for i, (name, values) in enumerate(samples.items(), start=1):
        axes[i].hist(np.asarray(values), bins=edges, color=COLOURS[i], edgecolor="white")
        axes[i].set_ylabel("draws")
        axes[i].text(0.01, 0.93, name, transform=axes[i].transAxes, va="top", fontsize=10)
    axes[-1].set_xlabel("learning rate (log scale)")
    axes[0].set_title("A linear scale draws nearly everything from the last decade, where training fails", loc="left")
    return fig


def plot_search(done: Trainings, searches: Mapping[str, Trials], upto: int | None = None) -> Figure:
    """Each search's trials on the map of all trainings, and the best score so far; ``upto`` shows so many trials."""
    fig, axes = plt.subplots(1, len(searches) + 1, figsize=(11.2, 3.9))
    most = max(len(trials) for trials in searches.values())
    count = most if upto is None else min(upto, most)
    for i, (name, trials) in enumerate(searches.items()):
        ax = axes[i]
        ax.contourf(done.rates, done.lams, np.nan_to_num(done.scores.T), levels=8, cmap="Greys_r", alpha=0.75)
        x, y = (np.array([config[key] for config, _ in trials[:count]]) for key in ("learning_rate", "lam"))
        ax.scatter(x, y, s=46, edgecolors="white", zorder=4, **points(i))
        ax.plot(x, np.full(len(x), done.lams[0] * 0.45), "|", color=COLOURS[i], markersize=12, markeredgewidth=1.8)
        ax.set(xscale="log", yscale="log", xlabel="learning rate", xlim=(7e-5, 14), ylim=(2.5e-5, 2))
        ax.set_title(f"{name}: {len({round(float(np.log(v)), 6) for v in x})} different rates", fontsize=11)
        ax.grid(False)
        best = np.fmax.accumulate([score for _, score in trials])
        axes[-1].plot(np.arange(1, len(best) + 1), best, **line(i), alpha=0.35, drawstyle="steps-post")
        shown = best[:count]
        axes[-1].plot(
            np.arange(1, len(shown) + 1),
            shown,
            **line(i),
            marker=MARKERS[i],
            markersize=5,
            drawstyle="steps-post",
            label=name,
        )
    axes[0].set_ylabel("lam")
    axes[-1].set(xlabel="trial", ylabel="best dev accuracy so far", ylim=(0, 1.02), xlim=(0.5, most + 0.5))
    axes[-1].legend(loc="lower right")
    fig.suptitle(
        "The same number of trials (the brighter, the better; ticks: the learning rates that were tried)",
        x=0.01,
        ha="left",
    )
    return fig


def search_in_words(searches: Mapping[str, Trials], upto: int) -> str:
    """What ``plot_search`` shows."""
    words = []
    for name, trials in searches.items():
        tried = [config["learning_rate"] for config, _ in trials[:upto]]
        best = np.fmax.accumulate([score for _, score in trials[:upto]])[-1]
        words.append(f"{name} has tried {len(set(tried))} learning rates, its best score is {best:.3f}")
    return f"After {upto} trials: " + "; ".join(words) + "."


def explore_search(done: Trainings, searches: Mapping[str, Trials]) -> widgets.Widget:
    """A slider that replays searches trial by trial."""
    most = max(len(trials) for trials in searches.values())
    return explore(
        lambda trial: plot_search(done, searches, trial),
        lambda trial: search_in_words(searches, trial),
        trial=slider("trial", 1, 1, most, 1),
    )


# --- the best of many ------------------------------------------------------------------------------------------------


def same_network_many_times(churn: Sealed, times: int, small: int) -> tuple[Floats, Floats]:
    """Networks of one config that differ in their seed: accuracies on the first ``small`` dev customers, and the rest.

    Each is trained for 3 epochs on 1,000 customers.
    """
    found = []
    for seed in range(times):
        history = fit_network(
            (8,),
            churn.X_train[:1000],
            churn.y_train[:1000],
            epochs=3,
            batch_size=50,
            learning_rate=0.2,
            rng=np.random.default_rng(seed),
        )
        found.append(
            [
                accuracy(history.params, churn.X_dev[part], churn.y_dev[part])
                for part in (slice(small), slice(small, None))
            ]
        )
    few, many = np.array(found).T
    return few, many


def plot_winner(few: Floats, many: Floats, small: int) -> Figure:
    """Each network's score on few customers against that on many others; the winner is marked."""
    fig, ax = plt.subplots(figsize=(6.4, 4.3))
    best = int(few.argmax())
    ax.scatter(few, many, s=36, label="40 networks, one config", edgecolors="white", **points(0))
    ax.scatter(few[best], many[best], s=150, label="the winner", edgecolors="white", zorder=4, **points(1))
    ends = [min(few.min(), many.min()) - 0.01, max(few.max(), many.max()) + 0.01]
    ax.plot(ends, ends, **line(4), linewidth=1, label="same score")
    ax.set(xlabel=f"accuracy on {small} dev customers", ylabel="accuracy on all other dev customers")
    ax.set_title("Who wins on few customers is ordinary on many", loc="left")
    ax.legend(loc="lower right", fontsize=9)
    return fig


def best_of(trials: int, m: int, share: float = 0.8) -> tuple[Floats, Floats, Floats]:
    """All accuracies on ``m`` examples; their chances for one model, and for the best of ``trials``.

    The models are independent, and each is truly right in this ``share`` of the cases.
    """
    counts = np.arange(m + 1)
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, m + 1)))])
    one = np.exp(logs[m] - logs - logs[::-1] + counts * np.log(share) + (m - counts) * np.log(1 - share))
    below = np.minimum(np.cumsum(one), 1.0)
    below[-1] = 1.0
    best = np.diff(below**trials, prepend=0.0)
    return counts / m, one, best


def best_mean(trials: int, m: int) -> float:
    """The mean accuracy of the best of so many models that are all right in 80 % of the cases."""
    accuracies, _, best = best_of(trials, m)
    return float((accuracies * best).sum())


def plot_best_of(trials: int, m: int) -> Figure:
    """What a dev set of ``m`` says of one model, and of the best of ``trials`` that are just as good."""
    accuracies, one, best = best_of(trials, m)
    fig, ax = plt.subplots(figsize=(8.2, 3.6))
    shown = accuracies[(one > 1e-5) | (best > 1e-5)]
    # Bars as wide as a whole number of examples: each holds as many possible accuracies as the others.
    width = np.ceil(np.ptp(shown) / 45 * m) / m
    edges = np.arange(shown.min() - 0.5 / m, shown.max() + width, width).tolist()
    for i, (name, chances) in enumerate((("one model", one), (f"the best of {trials}", best))):
        mean = float((accuracies * chances).sum())
        weights = 100 * chances
        ax.hist(accuracies, bins=edges, weights=weights, histtype="step", label=f"{name}, mean {mean:.3f}", **line(i))
    ax.axvline(0.8, color="black", linewidth=1)
    ax.text(0.8, ax.get_ylim()[1] * 0.6, "truth: 0.8 ", va="top", ha="right", fontsize=10)
    ax.set(xlabel=f"accuracy measured on {m} examples", ylabel="% of searches")
    gain = max(0.0, best_mean(trials, m) - 0.8)
    ax.set_title(f"The best of {trials} equal models looks {gain:.3f} better than it is", loc="left")
    ax.legend(loc="upper left")
    return fig


def best_of_in_words(trials: int, m: int) -> str:
    """What ``plot_best_of`` shows."""
    mean = best_mean(trials, m)
    return f"Two humps; the best of {trials} models on {m} examples scores {mean:.3f} on average, not 0.8."


def explore_best_of() -> widgets.Widget:
    """Sliders for the number of trials and the size of the dev set."""
    return explore(
        plot_best_of,
        best_of_in_words,
        trials=slider("trials", 10, 1, 500, 1),
        m=slider("dev set", 200, 50, 5000, 50),
    )


# --- noise -----------------------------------------------------------------------------------------------------------


def penalised_fit(lam: float, rng: np.random.Generator) -> Fit:
    """A ``fit`` for a small churn network with the penalty ``lam``."""

    def fit(X: Any, y: Any) -> Callable[[Any], Any]:
        history = fit_network((16,), X, y, epochs=4, batch_size=100, learning_rate=0.3, lam=lam, rng=rng)

        def predict(rows: Any) -> Any:
            hidden = np.maximum(rows @ history.params["W1"] + history.params["b1"], 0)
            return (hidden @ history.params["W2"] + history.params["b2"]).argmax(axis=1)

        return predict

    return fit


def plot_noise(scores: Mapping[float, Any]) -> Figure:
    """Mean accuracies ``(repeats,)`` for every lam: one line a repeat, its winner marked."""
    fig, ax = plt.subplots(figsize=(8.2, 3.8))
    names = list(scores)
    table = np.array([scores[name] for name in names])
    for i in range(table.shape[1]):
        ax.plot(range(len(names)), table[:, i], **line(i), linewidth=1.2, alpha=0.8)
        best = int(table[:, i].argmax())
        ax.plot(best, table[best, i], **points(i), markersize=9, linestyle="none", label=f"repeat {i + 1}")
    ax.set_xticks(range(len(names)), [f"{name:g}" for name in names])
    ax.set(xlabel="lam", ylabel="mean accuracy of 5 folds")
    ax.set_title("Other folds and seeds, another winner (the marked points)", loc="left")
    ax.legend(ncols=3, fontsize=9)
    return fig


# --- labels that are coins -------------------------------------------------------------------------------------------


def coins(seed: int, m: int = 60, n: int = 40) -> tuple[Floats, NDArray[np.int64]]:
    """Numbers that mean nothing, and labels from a fair coin, half of each: nobody can be right more than half."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((m, n)), rng.permutation(np.arange(m) % 2)


def neighbours_fit_with(config: Config) -> Fit:
    """The majority among the ``neighbours`` nearest examples, judged by the columns ``first`` and the nine after it."""

    def fit(X: Any, y: Any) -> Callable[[Any], Any]:
        columns = slice(config["first"], config["first"] + 10)

        def predict(rows: Any) -> Any:
            apart = ((rows[:, None, columns] - X[None, :, columns]) ** 2).sum(axis=2)
            nearest = np.argsort(apart, axis=1)[:, : config["neighbours"]]
            return (y[nearest].mean(axis=1) > 0.5).astype(int)

        return predict

    return fit


def neighbour_configs() -> list[Config]:
    """24 configs for ``neighbours_fit_with``."""
    return [{"neighbours": k, "first": first} for k in (1, 3, 5) for first in range(0, 32, 4)]


def strongest_columns(X: Any, y: Any, count: int) -> Any:
    """The numbers of the columns that differ most between the two classes."""
    gap = np.abs(X[y == 1].mean(axis=0) - X[y == 0].mean(axis=0))
    return np.argsort(-gap)[:count]


def nearest_mean_fit(choose: Callable[[Any, Any], Any] | None = None) -> Fit:
    """Predicts the class whose mean is nearer; ``choose(X, y)``, called in the fit, gives the columns to look at."""

    def fit(X: Any, y: Any) -> Callable[[Any], Any]:
        columns = np.arange(X.shape[1]) if choose is None else choose(X, y)
        means = np.array([X[y == label][:, columns].mean(axis=0) for label in (0, 1)])
        return lambda rows: ((rows[:, None, columns] - means) ** 2).sum(axis=2).argmin(axis=1)

    return fit


def plot_nested(inner: Sequence[float], nested: Sequence[float]) -> Figure:
    """For every data set the winner's own score and the nested one, joined by a line."""
    fig, ax = plt.subplots(figsize=(8.2, 3.6))
    for i, (a, b) in enumerate(zip(inner, nested, strict=True)):
        ax.plot([i, i], [a, b], color="#999999", linestyle="-", linewidth=1)
    ax.scatter(range(len(inner)), inner, s=50, label="best of 24 cross-validations", **points(1))
    ax.scatter(range(len(nested)), nested, s=50, label="nested cross-validation", **points(0))
    ax.axhline(0.5, **line(4), linewidth=1, label="a coin")
    ax.set(xlabel="data set", ylabel="accuracy", xticks=range(len(inner)), ylim=(0.2, 0.95))
    ax.set_title("On labels from a coin the best of many finds skill; the nested score does not", loc="left")
    ax.legend(ncols=3, fontsize=9, loc="upper center")
    return fig


def plot_folds(folds: Sequence[tuple[Any, Any]]) -> Figure:
    """Which examples are held out in each fold."""
    m = sum(len(validation) for _, validation in folds)
    fig, ax = plt.subplots(figsize=(8.2, 0.34 * len(folds) + 1.5))
    for row, (train, validation) in enumerate(folds):
        ax.plot(train, np.full(len(train), row), linestyle="none", **points(0), markersize=6, alpha=0.45)
        ax.plot(validation, np.full(len(validation), row), linestyle="none", **points(1), markersize=9)
    ax.set(xlabel="example", xlim=(-1, m), ylim=(len(folds) - 0.5, -0.5))
    ax.set_yticks(range(len(folds)), [f"fold {i}" for i in range(len(folds))])
    ax.set_title("Every example is held out once (triangles)", loc="left")
    ax.grid(False)
    return fig
