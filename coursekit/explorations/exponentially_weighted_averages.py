"""Lesson 08: what an exponentially weighted average remembers, how it starts, and how late it is.

The functions take the student's own averages; nothing here computes an exercise's result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coursekit.datasets import load_digits, load_fashion, load_weather
from coursekit.network import loss_and_gradients
from coursekit.plots import COLOURS, LINE_STYLES, MARKERS, line
from coursekit.training import first_parameters, fit_network
from coursekit.widgets import explore, slider

Floats = NDArray[np.float64]
#: ``average(values, beta)``: the averages along axis 0.
Average = Callable[[Any, float], Any]
#: ``number(beta)``.
Number = Callable[[float], Any]

DAYS_A_YEAR = 365.25
#: An average with less lag (days) and less change (°C a day) than these is asked for; there is none.
GOAL_LAG, GOAL_CHANGE = 7.0, 0.15
#: The weights that the trade-off between lag and smoothness is drawn for.
BETAS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99)


# --- the loss of a network --------------------------------------------------------------------------------------------


@lru_cache
def _training_losses() -> Floats:
    data = load_fashion()
    plan: dict[str, Any] = {"epochs": 1, "batch_size": 16, "learning_rate": 0.05, "rng": np.random.default_rng(0)}
    return fit_network([64], data.X_train, data.y_train, **plan).losses


def training_losses() -> Floats:
    """The loss of each of the 250 updates of one epoch: a network with 64 hidden units on Fashion, batches of 16."""
    return _training_losses().copy()


def plot_dashboard() -> Figure:
    """The training losses, and what a dashboard draws through them: an average that starts from zero, β = 0.98."""
    losses, shown = _training_losses(), 0.0
    smoothed = []
    for loss in losses:
        shown = 0.98 * shown + 0.02 * loss
        smoothed.append(shown)
    fig = plot_losses(losses, {"the dashboard's smoothed loss": np.array(smoothed)})
    top = int(np.argmax(smoothed))
    fig.axes[0].set_title(f"The loss falls from the first update on; smoothed, it seems to rise for {top} updates")
    return fig


def plot_losses(losses: Floats, curves: Mapping[str, Floats]) -> Figure:
    """The loss of every update in grey, and smoothed curves through them by name."""
    fig, ax = plt.subplots(figsize=(7.5, 3.8))
    updates = np.arange(1, len(losses) + 1)
    ax.plot(updates, losses, color="#A0A0A0", linewidth=0.9, linestyle="-", label="loss of each batch")
    for i, (name, curve) in enumerate(curves.items()):
        ax.plot(updates, curve, **line(1 - i if i < 2 else i), linewidth=2.4, label=name)
    ax.set(xlabel="update", ylabel="loss", xlim=(0, len(losses) + 1), ylim=(0, None))
    ax.legend(loc="upper right")
    return fig


# --- daily temperatures -----------------------------------------------------------------------------------------------


def plot_temperatures(
    dates: NDArray[np.datetime64], values: Floats, curves: Mapping[str, Floats], title: str
) -> Figure:
    """Daily temperatures as dots, and averages of them as lines by name."""
    fig, ax = plt.subplots(figsize=(8.0, 4.0))
    ax.plot(dates, values, "o", color="#A0A0A0", markersize=2.4, label="daily mean")
    for i, (name, curve) in enumerate(curves.items()):
        ax.plot(dates, curve, **line(i), label=name)
    ax.set(ylabel="temperature (°C)", xlim=(dates[0], dates[-1]))
    # Beside the summer's height, where no line passes.
    ax.legend(loc="upper left")
    ax.set_title(title)
    return fig


def plot_start(average: Average, corrected: Average, beta: float = 0.98, days: int = 200) -> Figure:
    """The first days of Seattle's temperatures under three starts: zero, zero with correction, the first value."""
    values = load_weather("seattle").mean_temperature[:days]
    first = values[0]
    curves = {
        "from zero": average(values, beta),
        "from zero, corrected": corrected(values, beta),
        "from the first value": first + average(values - first, beta),
    }
    day = np.arange(1, days + 1)
    fig, ax = plt.subplots(figsize=(8.0, 4.0))
    ax.plot(day, values, "o", color="#A0A0A0", markersize=2.6, label="daily mean")
    for i, (name, curve) in enumerate(curves.items()):
        ax.plot(day, curve, **line((1, 0, 2)[i]), label=name)
    ax.set(xlabel="day of 2012", ylabel="temperature (°C)", xlim=(0, days), ylim=(-2.5, 21))
    ax.legend(loc="upper left")
    ax.set_title(
        f"β = {beta:.2f}, from zero: {curves['from zero'][0]:.2f} °C on day 1, "
        f"more than 0.5 °C off on {_days_off(curves['from zero'], curves['from zero, corrected'])} of {days} days"
    )
    return fig


def _days_off(start: Floats, corrected: Floats) -> int:
    return int(np.sum(np.abs(np.asarray(start) - corrected) > 0.5))


def explore_start(average: Average, corrected: Average) -> widgets.Widget:
    """A slider for the β of ``plot_start``."""

    def plot(beta: float) -> Figure:
        return plot_start(average, corrected, beta)

    def alt(beta: float) -> str:
        values = load_weather("seattle").mean_temperature[:200]
        off = _days_off(average(values, beta), corrected(values, beta))
        return f"The first 200 days with beta {beta:.2f}: the start from zero is over 0.5 degrees off on {off} days."

    return explore(plot, alt, beta=slider("beta", 0.98, 0.5, 0.99, 0.01))


# --- what is remembered -----------------------------------------------------------------------------------------------


def plot_weights(
    weights: Callable[[float, int], Any], betas: Sequence[float] = (0.5, 0.9, 0.98), n: int = 60
) -> Figure:
    """The weight of each of the last ``n`` values against its age, for several β."""
    fig, ax = plt.subplots(figsize=(7.5, 3.8))
    age = np.arange(n)
    for i, beta in enumerate(betas):
        # The newest comes last.
        style: dict[str, Any] = {"color": COLOURS[i], "linestyle": LINE_STYLES[i], "marker": MARKERS[i]}
        ax.plot(age, np.asarray(weights(beta, n))[::-1], **style, markersize=4, linewidth=1.2, label=f"β = {beta:g}")
    ax.set(xlabel="age of the value (days)", ylabel="weight", xlim=(-0.7, n), ylim=(0, None))
    ax.legend(loc="upper right")
    ax.set_title("A small β trusts the last days; a large one spreads its weight far back")
    return fig


def plot_memory(
    weights: Callable[[float, int], Any], window: Number, half_life: Number, beta: float = 0.9, n: int = 60
) -> Figure:
    """Weights by age with the effective window shaded, and the share of all weight that lies in the last days."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.9))
    length, half = float(window(beta)), float(half_life(beta))
    newest_first = np.asarray(weights(beta, n))[::-1]
    left.bar(np.arange(n) + 0.5, newest_first, width=0.85, color=COLOURS[0])
    left.axvspan(0, length, color=COLOURS[5], alpha=0.25, linewidth=0)
    side = "right" if length > n / 2 else "left"
    left.text(length, newest_first[0], f" window: {length:.1f} days ", ha=side, va="top")
    left.set(xlabel="days back", ylabel="weight", xlim=(0, n))
    left.set_title(f"No edge: a day weighs {beta:.3f} of the day after it")
    shares = np.concatenate([[0.0], np.cumsum(newest_first)])
    share = 1 - beta**length
    right.plot(np.arange(n + 1), shares, **line(0))
    right.axvspan(0, length, color=COLOURS[5], alpha=0.25, linewidth=0)
    right.plot([half, half, 0], [0, 0.5, 0.5], color="black", linewidth=1.2, linestyle=":")
    right.plot([half], [0.5], "o", color="black", markersize=8)
    right.plot([length], [share], "s", color=COLOURS[1], markersize=8)
    right.set(xlabel="days back", ylabel="share of all weight", xlim=(0, n), ylim=(0, 1.02))
    right.set_title(f"{1 - share:.0%} of the weight is older than the window")
    fig.suptitle(
        f"β = {beta:.3f}: half of the weight lies in {half:.1f} days (dot), "
        f"{share:.0%} in the window of {length:.1f} days (square)",
        x=0.01,
        ha="left",
    )
    return fig


def explore_memory(weights: Callable[[float, int], Any], window: Number, half_life: Number) -> widgets.Widget:
    """A slider for the β of ``plot_memory``."""

    def plot(beta: float) -> Figure:
        return plot_memory(weights, window, half_life, beta)

    def alt(beta: float) -> str:
        return (
            f"Weights by age for beta {beta:.3f}: the half-life is {half_life(beta):.1f} days, "
            f"the effective window {window(beta):.1f} days."
        )

    control = slider("beta", 0.9, 0.5, 0.98, 0.002)
    control.readout_format = ".3f"
    return explore(plot, alt, beta=control)


# --- lag against smoothness -------------------------------------------------------------------------------------------


def yearly_lag(smoothed: Floats, values: Floats) -> float:
    """By how many days the yearly wave in ``smoothed`` comes after the one in ``values``; both hold a value a day."""
    day = 2 * np.pi * np.arange(len(values)) / DAYS_A_YEAR
    waves = np.column_stack([np.ones(len(values)), np.cos(day), np.sin(day)])
    phases = [np.arctan2(c[2], c[1]) for c in (np.linalg.lstsq(waves, np.asarray(y))[0] for y in (smoothed, values))]
    return float((phases[0] - phases[1]) % (2 * np.pi) * DAYS_A_YEAR / (2 * np.pi))


def daily_change(values: Floats) -> float:
    """How much the values change from one day to the next, in the mean."""
    return float(np.abs(np.diff(values)).mean())


def lag_and_change(average: Average, values: Floats, beta: float, skip: int = 365) -> tuple[float, float]:
    """Lag in days and mean daily change of the average of ``values``; the first ``skip`` days are left out."""
    smoothed = np.asarray(average(values, beta))
    # A lag of nearly a whole year is a rounding error of the lag 0.
    lag = yearly_lag(smoothed[skip:], values[skip:])
    return (0.0 if lag > DAYS_A_YEAR - 1 else lag), daily_change(smoothed[skip:])


def plot_trade(average: Average, beta: float = 0.9) -> Figure:
    """Seattle's year 2013 with its average; and lag against daily change for many β, this one marked."""
    weather = load_weather("seattle")
    values = weather.mean_temperature
    shown = slice(366, 366 + 365)
    fig, (left, right) = plt.subplots(1, 2, figsize=(10.0, 4.0), gridspec_kw={"width_ratios": [3, 2], "wspace": 0.08})
    left.plot(np.arange(1, 366), values[shown], "o", color="#A0A0A0", markersize=2.4, label="daily mean")
    left.plot(np.arange(1, 366), average(values, beta)[shown], **line(0), label=f"average, β = {beta:.2f}")
    left.set(xlabel="day of 2013", ylabel="temperature (°C)", xlim=(1, 365), ylim=(-4, 31))
    left.legend(loc="upper left")
    _draw_trade(right, average, values, beta)
    lag, change = lag_and_change(average, values, beta)
    reached = lag < GOAL_LAG and change < GOAL_CHANGE
    fig.suptitle(
        f"β = {beta:.2f}: changes by {change:.2f} °C a day (the days: {daily_change(values[365:]):.2f}), "
        f"{lag:.1f} days late{'; goal reached' if reached else ''}",
        x=0.01,
        ha="left",
    )
    return fig


def _draw_trade(ax: Axes, average: Average, values: Floats, beta: float) -> None:
    found = np.array([lag_and_change(average, values, b) for b in BETAS])
    ax.plot(found[:, 0], found[:, 1], color="#666666", linewidth=1.4, linestyle="-", marker=".", label="other β")
    for name, place in zip(BETAS, found, strict=True):
        if name in (0.0, 0.5, 0.7, 0.9, 0.95, 0.98):
            ax.annotate(f"{name:g}", place, xytext=(5, 4), textcoords="offset points", fontsize=9)
    ax.fill_between([-2, GOAL_LAG], GOAL_CHANGE, color=COLOURS[2], alpha=0.35, linewidth=0, label="goal")
    lag, change = lag_and_change(average, values, beta)
    ax.plot([lag], [change], "s", color=COLOURS[1], markersize=9, label=f"β = {beta:.2f}")
    ax.set(xlabel="lag (days)", ylabel="mean change a day (°C)", xlim=(-2, 70), ylim=(0, 1.65))
    ax.legend(loc="upper right")


def explore_trade(average: Average) -> widgets.Widget:
    """A slider for the β of ``plot_trade``."""

    def plot(beta: float) -> Figure:
        return plot_trade(average, beta)

    def alt(beta: float) -> str:
        lag, change = lag_and_change(average, load_weather("seattle").mean_temperature, beta)
        return f"Beta {beta:.2f}: the average changes by {change:.2f} degrees a day and is {lag:.1f} days late."

    return explore(plot, alt, beta=slider("beta", 0.9, 0.0, 0.99, 0.01))


# --- outliers ---------------------------------------------------------------------------------------------------------


def running_median(values: Floats, days: int) -> Floats:
    """The median of the last ``days`` values, of all so far at the start."""
    return np.array([np.median(values[max(0, i + 1 - days) : i + 1]) for i in range(len(values))])


def plot_outlier(curves: Mapping[str, Floats], day: int, days: int = 60) -> Figure:
    """By how much one broken reading moves averages: ``curves`` are differences, with it minus without it."""
    fig, ax = plt.subplots(figsize=(7.5, 3.8))
    for i, (name, curve) in enumerate(curves.items()):
        error = np.asarray(curve)[day : day + days + 1]
        unmoved = not np.any(error)
        # A logarithmic axis has no zero; the line is in the legend alone.
        ax.plot(np.where(error > 0, error, np.nan), **line(i), label=f"{name}: none" if unmoved else name)
    ax.axhline(0.5, color="#888888", linewidth=1, linestyle="-")
    ax.text(days, 0.5, "0.5 °C", ha="right", va="bottom", color="#555555")
    ax.set(xlabel="days after the broken reading", ylabel="error (°C)", xlim=(0, days), yscale="log", ylim=(0.05, 300))
    ax.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    ax.legend(loc="upper right", ncols=2)
    ax.set_title("A large β is shaken less, and longer")
    return fig


# --- gradients --------------------------------------------------------------------------------------------------------


def batch_gradients(batches: int = 400, batch_size: int = 16) -> tuple[Floats, Floats]:
    """Gradients of random batches at one place, ``(batches, n)``, and the gradient of all examples, ``(n,)``.

    The network has 16 hidden units, the data are the 1,797 digits.
    """
    digits = load_digits()
    X, rng = digits.X / 16, np.random.default_rng(0)
    params = first_parameters((16,), X, digits.y, rng)

    def flat(rows: Any) -> Floats:
        grads = loss_and_gradients(params, X[rows], digits.y[rows])[1]
        return np.concatenate([grads[key].ravel() for key in sorted(grads)])

    return np.array([flat(rng.integers(0, len(X), batch_size)) for _ in range(batches)]), flat(slice(None))
