"""Lesson 14: searches that decide where the budget goes, replayed on networks that were trained once.

The functions take the student's own searches; nothing here computes an exercise's result.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coursekit.datasets import Parts, load_digits
from coursekit.network import accuracy
from coursekit.plots import COLOURS, MARKERS, line
from coursekit.training import fit_network
from coursekit.widgets import explore, menu, slider

Floats = NDArray[np.float64]
Config = dict[str, Any]
#: (config, budget, score) in the order in which they were run.
History = Sequence[tuple[Any, float, float]]

#: A full run has so many epochs; so many configurations were trained.
EPOCHS, CONFIGS = 27, 150
#: What each hyperparameter ranges over; all are drawn on a log scale.
RANGES = {"learning_rate": (0.001, 10.0), "hidden": (4, 64), "lam": (0.01, 100.0)}
#: A goal of the race, near the best that any of the configurations reaches.
GOOD = 0.95


# --- a table of trials -----------------------------------------------------------------------------------------------


def digit_parts() -> Parts:
    """Handwritten digits, 64 pixels from 0 to 1: 600 to train, 600 dev, 597 test; always the same split."""
    digits = load_digits()
    order = np.random.default_rng(0).permutation(len(digits.X))
    train, dev, test = np.split(order, [600, 1200])
    X, y = digits.X / 16, digits.y
    return Parts(X[train], y[train], X[dev], y[dev], X[test], y[test], digits.features, digits.classes)


@dataclass(frozen=True)
class Trials:
    """Configurations that were trained for 27 epochs, and their dev accuracy after every epoch, (configs, epochs).

    ``points`` are their places on a log scale from 0 to 1. No example of the test part was used to make this table.
    """

    configs: list[Config]
    points: Floats
    curves: Floats
    networks: list[Any] = field(repr=False)

    def evaluate(self, config: Config, budget: float) -> float:
        """The dev accuracy of a configuration after so many epochs; a budget is rounded to whole epochs, at least 1."""
        return float(self.curves[config["number"], max(1, min(EPOCHS, round(budget))) - 1])

    def objective(self, point: Floats) -> float:
        """The dev accuracy after a full run of the configuration at a place."""
        return float(self.curves[int(np.argmin(((self.points - point) ** 2).sum(axis=1))), -1])

    def sampler(self, rng: np.random.Generator) -> Config:
        """One of the configurations, drawn at random."""
        return self.configs[int(rng.integers(len(self.configs)))]


def train_trials(parts: Parts, count: int = CONFIGS, seed: int = 0) -> Trials:
    """Train random configurations on the training part and score each of their epochs on the dev part."""
    rng = np.random.default_rng(seed)
    points = rng.random((count, len(RANGES)))
    configs, curves, networks = [], [], []
    for number, point in enumerate(points):
        values = {
            name: math.exp(math.log(low) + u * math.log(high / low))
            for u, (name, (low, high)) in zip(point, RANGES.items(), strict=True)
        }
        hidden = round(values["hidden"])
        run = fit_network(
            (hidden,),
            parts.X_train,
            parts.y_train,
            epochs=EPOCHS,
            batch_size=50,
            learning_rate=values["learning_rate"],
            lam=values["lam"],
            rng=np.random.default_rng([seed, number]),
            X_dev=parts.X_dev,
            y_dev=parts.y_dev,
        )
        configs.append({"number": number, **values, "hidden": hidden})
        curves.append(np.nan_to_num(run.dev_accuracy, nan=0.1))
        networks.append(run.params)
    return Trials(configs, points, np.array(curves), networks)


def test_accuracy(trials: Trials, parts: Parts, config: Config) -> float:
    """Open the test part: the accuracy of a fully trained configuration. For after a search, once."""
    return accuracy(trials.networks[config["number"]], parts.X_test, parts.y_test)


test_accuracy.__test__ = False  # type: ignore[attr-defined]  # no test of pytest's


def plot_curves(trials: Trials, count: int = 27) -> Figure:
    """Dev accuracy epoch by epoch of the first so many configurations; what each full run cost is the same."""
    fig, ax = plt.subplots(figsize=(7.6, 4.2))
    curves = trials.curves[:count]
    good = curves[:, -1] >= np.sort(curves[:, -1])[-3]
    epochs = np.arange(1, EPOCHS + 1)
    for curve, is_good in zip(curves, good, strict=True):
        style: dict[str, Any] = (
            {"color": COLOURS[0], "linewidth": 2.2} if is_good else {"color": "#888888", "linewidth": 0.9}
        )
        ax.plot(epochs, curve, linestyle="-" if is_good else "--", **style)
    ax.axvline(3, color="black", linewidth=1, linestyle=":")
    ax.annotate("after 3 epochs", (3, 0.02), xytext=(4, 0), textcoords="offset points", backgroundcolor="white")
    ax.plot([], [], color=COLOURS[0], linewidth=2.2, label="the best three at the end")
    ax.plot([], [], color="#888888", linewidth=0.9, linestyle="--", label=f"the other {count - 3}")
    ax.set(xlabel="epoch", ylabel="dev accuracy", ylim=(0, 1), xlim=(1, EPOCHS))
    fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    ax.set_title("Most of the losers show early; not all of the winners do")
    return fig


# --- successive halving ----------------------------------------------------------------------------------------------


def rounds_of(history: History) -> list[tuple[float, list[tuple[Any, float]]]]:
    """A history cut into rounds: ``(budget, [(config, score), …])`` whenever the budget changes."""
    rounds: list[tuple[float, list[tuple[Any, float]]]] = []
    for config, budget, score in history:
        if not rounds or rounds[-1][0] != budget:
            rounds.append((budget, []))
        rounds[-1][1].append((config, score))
    return rounds


def cost_of(history: History) -> float:
    """The budget that a history spent, every run paid from its start."""
    return float(sum(budget for _, budget, _ in history))


def plot_halving(trials: Trials, history: History, step: int) -> Figure:
    """Successive halving up to round ``step``: the curves of the survivors go on, those of the others end."""
    rounds = rounds_of(history)[:step]
    fig, ax = plt.subplots(figsize=(7.6, 4.2))
    final: dict[int, float] = {}
    for reached, entries in rounds:
        final.update(dict.fromkeys((config["number"] for config, _ in entries), reached))
    last = rounds[-1][0]
    for number, budget in final.items():
        epochs = np.arange(1, round(budget) + 1)
        alive = budget == last
        curve = trials.curves[number, : len(epochs)]
        ax.plot(
            epochs,
            curve,
            color=COLOURS[0] if alive else "#999999",
            linewidth=2 if alive else 0.8,
            linestyle="-" if alive else "--",
            marker="o" if alive else "x",
            markevery=[-1],
            markersize=5,
        )
    ax.set(xlabel="epochs (log scale)", ylabel="dev accuracy", xscale="log", xlim=(0.9, 1.15 * EPOCHS), ylim=(0, 1))
    ax.set_xticks([1, 3, 9, 27], ["1", "3", "9", "27"])
    ax.minorticks_off()
    spent = sum(b * len(entries) for b, entries in rounds)
    full = EPOCHS * len(rounds[0][1])
    ax.set_title(f"Round {len(rounds)}: {len(rounds[-1][1])} run for {last:g} epochs; {spent:g} of {full} epochs spent")
    return fig


def halving_in_words(history: History, step: int) -> str:
    """What ``plot_halving`` shows."""
    budget, entries = rounds_of(history)[:step][-1]
    best = max(score for _, score in entries)
    return (
        f"Round {step}: {len(entries)} configurations at {budget:g} epochs, the best at {best:.3f}; others have ended."
    )


def explore_halving(trials: Trials, history: History) -> widgets.Widget:
    """A slider for the round of a search that was made already."""
    return explore(
        lambda step: plot_halving(trials, history, step),
        lambda step: halving_in_words(history, step),
        step=slider("round", 1, 1, len(rounds_of(history)), 1),
    )


# --- hyperband -------------------------------------------------------------------------------------------------------


def brackets_of(history: History) -> list[list[tuple[int, float]]]:
    """A history of Hyperband as brackets of rounds ``(configs, budget)``: new configs begin a bracket."""
    brackets: list[list[tuple[int, float]]] = []
    seen: set[Any] = set()
    last: tuple[bool, float] | None = None
    for config, budget, _ in history:
        now = (config not in seen, budget)
        seen.add(config)
        if now != last:
            if now[0]:
                brackets.append([])
            brackets[-1].append((0, budget))
        brackets[-1][-1] = (brackets[-1][-1][0] + 1, budget)
        last = now
    return brackets


def rehearse(hyperband: Callable[..., Any], max_budget: float, factor: int = 3) -> list[list[tuple[int, float]]]:
    """The brackets of a Hyperband whose runs cost nothing: scores are random."""
    noise = np.random.default_rng(0)
    _, history = hyperband(
        lambda config, budget: float(noise.random()),
        lambda rng: rng.random(),
        max_budget,
        np.random.default_rng(0),
        factor,
    )
    return brackets_of(history)


def plot_brackets(hyperband: Callable[..., Any], max_budget: float, factor: int = 3) -> Figure:
    """Each bracket as a row of bars, one for each round: how many configs, at which budget, and their cost."""
    brackets = rehearse(hyperband, max_budget, factor)
    fig, ax = plt.subplots(figsize=(9.0, 1.5 + 0.62 * len(brackets)))
    total = 0.0
    for row, bracket in enumerate(brackets):
        start = 0.0
        for i, (n, budget) in enumerate(bracket):
            cost = n * budget
            ax.barh(row, cost, left=start, height=0.72, color=COLOURS[i % len(COLOURS)], alpha=0.35, edgecolor="black")
            if cost > 0.35 * max_budget:
                ax.text(start + cost / 2, row, f"{n} at\n{budget:.3g}", ha="center", va="center", fontsize=9)
            start += cost
        total += start
    names = [f"s = {len(brackets) - 1 - row}" for row in range(len(brackets))]
    ax.set_yticks(range(len(brackets)), names)
    ax.invert_yaxis()
    ax.grid(False)
    ax.set_xlabel(f"budget spent; in the boxes: configs at their budget (max_budget {max_budget:g})")
    starts = ", ".join(str(bracket[0][0]) for bracket in brackets)
    ax.set_title(f"Brackets start {starts} configs and cost {total / max_budget:.1f} full runs in all")
    return fig


def brackets_in_words(hyperband: Callable[..., Any], max_budget: float, factor: int = 3) -> str:
    """What ``plot_brackets`` shows."""
    rows = [", ".join(f"{n} at {b:.3g}" for n, b in bracket) for bracket in rehearse(hyperband, max_budget, factor)]
    return "Brackets from above: " + "; ".join(rows) + "."


def explore_brackets(hyperband: Callable[..., Any]) -> widgets.Widget:
    """Sliders for the largest budget and the factor."""
    return explore(
        lambda max_budget, factor: plot_brackets(hyperband, max_budget, factor),
        lambda max_budget, factor: brackets_in_words(hyperband, max_budget, factor),
        max_budget=slider("max_budget", 81, 1, 243, 1),
        factor=slider("factor", 3, 2, 5, 1),
    )


# --- a curve, and what a search knows of it --------------------------------------------------------------------------


def places(count: int = 61) -> Floats:
    """Candidates from 0 to 1 as rows."""
    return np.linspace(0, 1, count)[:, np.newaxis]


def hilly(point: Any) -> float:
    """A curve with two hills; the lower one is the wider."""
    x = float(np.asarray(point)[0])
    return float(0.75 * np.exp(-((x - 0.25) ** 2) / 0.03) + np.exp(-((x - 0.8) ** 2) / 0.004) - 0.2)


def plot_posterior(gp_posterior: Callable[..., Any], length_scale: float, known: int = 5) -> Figure:
    """Mean and two standard deviations after so many scores of the curve, and the curve."""
    X, new = places(known) * 0.9 + 0.03, places(201)
    y = np.array([hilly(x) for x in X])
    mean, std = gp_posterior(X, y, new, length_scale)
    truth = np.array([hilly(x) for x in new])
    inside = float(np.mean(np.abs(truth - mean) <= 2 * std + 1e-3))
    fig, ax = plt.subplots(figsize=(7.6, 4.0))
    _draw_posterior(ax, new[:, 0], mean, std, truth)
    ax.plot(X[:, 0], y, "o", color="black", markersize=7, label="known scores", zorder=5)
    ax.set(xlabel="hyperparameter", ylabel="score", ylim=(-2.2, 2.4))
    fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=4)
    ax.set_title(f"length_scale {length_scale:g}: {inside:.0%} of the curve lies within two std")
    return fig


def _draw_posterior(ax: Any, x: Floats, mean: Floats, std: Floats, truth: Floats) -> None:
    ax.fill_between(x, mean - 2 * std, mean + 2 * std, color=COLOURS[0], alpha=0.18, label="two std", linewidth=0)
    ax.plot(x, mean, **line(0), label="mean")
    ax.plot(x, truth, **line(1), label="the curve")


def explore_posterior(gp_posterior: Callable[..., Any]) -> widgets.Widget:
    """Sliders for the length_scale and the number of known scores."""

    def alt(length_scale: float, known: int) -> str:
        return f"A process with length_scale {length_scale:g} that knows {known} scores of a curve with two hills."

    return explore(
        lambda length_scale, known: plot_posterior(gp_posterior, length_scale, known),
        alt,
        length_scale=slider("length_scale", 0.1, 0.02, 1.0, 0.02),
        known=slider("known scores", 5, 1, 20, 1),
    )


def plot_step(
    gp_posterior: Callable[..., Any],
    expected_improvement: Callable[..., Any],
    history: Any,
    step: int,
    length_scale: float,
) -> Figure:
    """What a search on the curve knew after ``step`` trials, and what the next trial was expected to gain."""
    x = places()
    X, y = np.stack([row for row, _ in history[:step]]), np.array([score for _, score in history[:step]])
    mean, std = gp_posterior(X, y, x, length_scale)
    gain = expected_improvement(mean, std, y.max())
    fig, (upper, lower) = plt.subplots(2, 1, figsize=(7.6, 5.4), sharex=True, height_ratios=(2.2, 1))
    _draw_posterior(upper, x[:, 0], mean, std, np.array([hilly(p) for p in x]))
    upper.plot(X[:, 0], y, "o", color="black", markersize=7, label="tried", zorder=5)
    lower.fill_between(x[:, 0], gain, color=COLOURS[2], alpha=0.4, linewidth=0)
    lower.plot(x[:, 0], gain, **line(2))
    if step < len(history):
        for ax in (upper, lower):
            ax.axvline(float(history[step][0][0]), color="black", linewidth=1.2, linestyle=":")
    upper.plot([], [], color="black", linewidth=1.2, linestyle=":", label="next")
    upper.set(ylabel="score", ylim=(-1.6, 1.9))
    top = 1.1 * max(float(gain.max()), 0.001)
    lower.set(xlabel="hyperparameter", ylabel="expected\nimprovement", ylim=(0, top))
    fig.legend(*upper.get_legend_handles_labels(), loc="outside lower center", ncols=5)
    upper.set_title(f"After {step} trials: the best is {y.max():.3f}, the next is expected to gain {gain.max():.4f}")
    return fig


def step_in_words(history: Any, step: int) -> str:
    """What ``plot_step`` shows."""
    tried = ", ".join(f"{float(row[0]):.2f}" for row, _ in history[:step])
    after = f"; next {float(history[step][0][0]):.2f}" if step < len(history) else ""
    return f"Tried {tried}{after}. The best score so far is {max(s for _, s in history[:step]):.3f}."


def explore_steps(
    gp_posterior: Callable[..., Any], expected_improvement: Callable[..., Any], bayesian_search: Callable[..., Any]
) -> widgets.Widget:
    """Sliders for the step and the length_scale of a search on the curve; a menu for the seed."""
    runs: dict[tuple[float, int], Any] = {}

    def history(length_scale: float, seed: str) -> Any:
        key = (length_scale, int(seed))
        if key not in runs:
            runs[key] = bayesian_search(hilly, places(), 3, 15, np.random.default_rng(key[1]), length_scale)[2]
        return runs[key]

    def plot(step: int, length_scale: float, seed: str) -> Figure:
        return plot_step(gp_posterior, expected_improvement, history(length_scale, seed), step, length_scale)

    return explore(
        plot,
        lambda step, length_scale, seed: step_in_words(history(length_scale, seed), step),
        step=slider("trials made", 3, 3, 15, 1),
        length_scale=slider("length_scale", 0.1, 0.02, 0.5, 0.02),
        seed=menu("seed", [str(i) for i in range(6)]),
    )


def integrated_improvement(mean: float, std: float, best: float, xi: float, cells: int = 200_000) -> float:
    """The same by adding up: what exceeds best + xi, weighted by the normal density, on a fine grid of scores."""
    score = np.linspace(mean - 12 * std, mean + 12 * std, cells)
    density = np.exp(-(((score - mean) / std) ** 2) / 2) / (std * math.sqrt(2 * math.pi))
    return float((np.maximum(score - best - xi, 0) * density).sum() * (score[1] - score[0]))


# --- the race --------------------------------------------------------------------------------------------------------

#: Epochs that every search may spend: what one Hyperband with max_budget 27 costs.
BUDGET = 423


def random_winner(trials: Trials, runs: int, rng: np.random.Generator) -> Config:
    """Random search: so many full runs of different configurations."""
    numbers = rng.choice(len(trials.configs), runs, replace=False)
    return trials.configs[int(max(numbers, key=lambda i: trials.curves[i, -1]))]


def race(
    trials: Trials,
    successive_halving: Callable[..., Any],
    hyperband: Callable[..., Any],
    bayesian_search: Callable[..., Any],
    seeds: int = 40,
    length_scale: float = 0.3,
) -> dict[str, list[Config]]:
    """The winners of every search within the same budget, one for each seed."""
    winners: dict[str, list[Config]] = {
        name: [] for name in ("random search", "successive halving", "Hyperband", "Bayesian search")
    }
    runs = BUDGET // EPOCHS
    for seed in range(seeds):
        winners["random search"].append(random_winner(trials, runs, np.random.default_rng(seed)))
        rng = np.random.default_rng(seed)
        chosen = [trials.configs[int(i)] for i in rng.choice(len(trials.configs), 100, replace=False)]
        winners["successive halving"].append(successive_halving(trials.evaluate, chosen, 1)[0])
        winners["Hyperband"].append(hyperband(trials.evaluate, trials.sampler, EPOCHS, np.random.default_rng(seed))[0])
        winners["Bayesian search"].append(bayes_winner(trials, bayesian_search, runs, seed, length_scale))
    return winners


def bayes_winner(
    trials: Trials, bayesian_search: Callable[..., Any], runs: int, seed: int, length_scale: float = 0.3
) -> Config:
    """The winner of a Bayesian search with so many full runs, a third of them at random."""
    initial = max(1, runs // 3)
    rng = np.random.default_rng(seed)
    best, _, _ = bayesian_search(trials.objective, trials.points, initial, runs, rng, length_scale)
    return trials.configs[int(np.argmin(((trials.points - best) ** 2).sum(axis=1)))]


def final_scores(trials: Trials, winners: Sequence[Config]) -> Floats:
    """The dev accuracy after a full run of each winner."""
    return np.array([trials.curves[config["number"], -1] for config in winners])


def plot_race(trials: Trials, winners: Mapping[str, Sequence[Config]]) -> Figure:
    """Each search's winners, a mark for each seed, and their mean."""
    fig, ax = plt.subplots(figsize=(8.4, 3.6))
    jitter = np.random.default_rng(0)
    for row, (_, found) in enumerate(winners.items()):
        scores = final_scores(trials, found)
        ax.scatter(
            scores,
            row + jitter.uniform(-0.18, 0.18, len(scores)),
            s=22,
            alpha=0.6,
            color=COLOURS[row],
            marker=MARKERS[row],
        )
        ax.plot([scores.mean()] * 2, [row - 0.4, row + 0.4], color="black", linewidth=3, linestyle="-")
    ax.axvline(trials.curves[:, -1].max(), color="#666666", linewidth=1, linestyle=":")
    ax.set_yticks(range(len(winners)), list(winners))
    ax.invert_yaxis()
    ax.set(xlabel="dev accuracy of the winner (bars: means; dotted: the best of all)")
    ax.set_title(f"{BUDGET} epochs each, {len(found)} seeds: close means, different worst cases")
    return fig


def by_budget(
    trials: Trials, bayesian_search: Callable[..., Any], budgets: Sequence[int], seeds: int = 15
) -> dict[str, Floats]:
    """Mean dev accuracy of the winner against the number of full runs."""
    found: dict[str, list[float]] = {"random search": [], "Bayesian search": []}
    for runs in budgets:
        random = [random_winner(trials, runs, np.random.default_rng(seed)) for seed in range(seeds)]
        chosen = [bayes_winner(trials, bayesian_search, runs, seed) for seed in range(seeds)]
        found["random search"].append(float(final_scores(trials, random).mean()))
        found["Bayesian search"].append(float(final_scores(trials, chosen).mean()))
    return {name: np.array(values) for name, values in found.items()}


def plot_by_budget(budgets: Sequence[int], found: Mapping[str, Floats], noise: float) -> Figure:
    """The mean winner of each search against the number of full runs; the band is the noise of the dev set."""
    fig, ax = plt.subplots(figsize=(7.6, 3.8))
    for i, (name, values) in enumerate(found.items()):
        ax.plot(budgets, values, **line(i), marker=MARKERS[i], label=name)
    top = max(values[-1] for values in found.values())
    ax.axhspan(top - noise, top, color="#AAAAAA", alpha=0.3, label="one standard error of the dev set", linewidth=0)
    ax.set(xscale="log", xlabel="full runs (log scale)", ylabel="dev accuracy of the winner")
    ax.set_xticks(list(budgets), [str(b) for b in budgets])
    ax.minorticks_off()
    ax.legend(loc="lower right")
    ax.set_title("With more runs the gap goes down into the noise")
    return fig
