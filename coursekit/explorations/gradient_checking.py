"""Lesson 06: what a numerical slope gets wrong, and how a wrong gradient looks.

The functions take the student's own differences; nothing here computes an exercise's result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coursekit.plots import COLOURS, line
from coursekit.widgets import explore, slider

#: ``difference(f, theta, eps)``: a slope from values of ``f``.
Difference = Callable[..., Any]

#: The places at which the error of a slope is measured.
PLACES = np.linspace(0.5, 1.5, 25)
#: The precisions that are compared.
PRECISIONS: dict[str, type[np.floating[Any]]] = {"float64": np.float64, "float32": np.float32}


def plot_secants(eps: float = 0.4) -> Figure:
    """The curve θ³, its tangent at 1, and the two secants that the differences take for it."""
    fig, ax = plt.subplots()
    theta = np.linspace(0.2, 1.8, 200)
    ax.plot(theta, theta**3, color="#999999", linewidth=3, linestyle="-", label=r"the curve $\theta^3$")
    ax.axline((1, 1), slope=3, color="black", linewidth=1.4, linestyle="-", label="tangent at 1")
    ends = {"one-sided": (1.0, 1 + eps), "two-sided": (1 - eps, 1 + eps)}
    for i, (name, (left, right)) in enumerate(ends.items()):
        ax.axline((left, left**3), (right, right**3), **line(1 - i), label=f"{name} secant")
        ax.plot([left, right], [left**3, right**3], "o" if i else "s", color=COLOURS[1 - i], markersize=9 - 2 * i)
    ax.set(xlabel=r"$\theta$", ylabel=r"$\theta^3$", xlim=(0.2, 1.8), ylim=(-1, 4.6))
    ax.legend(loc="upper left")
    ax.set_title("The two-sided secant leans almost like the tangent, the one-sided too much")
    return fig


def plot_training(runs: Mapping[str, tuple[Sequence[float], float]]) -> Figure:
    """Loss curves of descents with different backward passes: ``runs`` maps names to (losses, final accuracy)."""
    fig, ax = plt.subplots(figsize=(7.5, 4.2))
    highest = 1.6
    for i, (name, (curve, accuracy)) in enumerate(runs.items()):
        shown = np.where(np.array(curve) <= highest, curve, np.nan)
        ax.plot(shown, **line(i), label=f"{name}: {accuracy:.0%} of the wines right")
    good = sum(accuracy > 0.95 for _, accuracy in runs.values())
    ax.set(xlabel="step", ylabel="loss", ylim=(0, highest))
    ax.legend(loc="upper right", bbox_to_anchor=(1.0, 0.64))
    ax.set_title(f"{good} of {len(runs)} backward passes train the network; only one is right")
    return fig


def slope_error(difference: Difference, eps: float, precision: str = "float64") -> float:
    """Root mean square of the relative error of ``difference`` as the slope of eˣ, over ``PLACES``.

    Everything is computed in ``precision`` (a key of ``PRECISIONS``); the error itself in float64.
    Returns ``inf`` where a slope is not a number.
    """
    number = PRECISIONS[precision]
    errors = []
    for place in PLACES:
        theta = number(place)
        slope = float(difference(lambda x: np.exp(x), theta, number(eps)))
        errors.append(slope / np.exp(float(theta)) - 1)
    error = float(np.sqrt(np.mean(np.square(errors))))
    return error if np.isfinite(error) else float("inf")


def plot_error_against_eps(one_sided: Difference, two_sided: Difference, exponent: float = -2.0) -> Figure:
    """Relative error of both differences against eps, in float64 and in float32; ``10 ** exponent`` is marked."""
    fig, axes = plt.subplots(1, 2, figsize=(9.5, 4.2), sharey=True)
    differences = {"one-sided": one_sided, "two-sided": two_sided}
    for ax, precision in zip(axes, PRECISIONS, strict=True):
        _draw_errors(ax, differences, precision, exponent)
    axes[0].set_ylabel("relative error of the slope")
    axes[0].legend(loc="lower left")
    fig.suptitle("Too large an eps bends the slope, too small an eps drowns it in rounding", x=0.01, ha="left")
    return fig


def _draw_errors(ax: Axes, differences: Mapping[str, Difference], precision: str, exponent: float) -> None:
    exponents = np.arange(-14.0, 0.01, 0.2)
    marked = []
    with np.errstate(all="ignore"):
        for i, (name, difference) in enumerate(differences.items()):
            errors = [slope_error(difference, 10.0**e, precision) for e in exponents]
            ax.plot(10.0**exponents, errors, **line(1 - i), label=name)
            here = slope_error(difference, 10.0**exponent, precision)
            marked.append(f"{name} {here:.1e}")
            if np.isfinite(here) and here > 0:
                ax.plot(10.0**exponent, here, "os"[i], color=COLOURS[1 - i], markersize=9, zorder=5)
    ax.axvline(10.0**exponent, color="#888888", linewidth=1, linestyle=":")
    ax.set(xscale="log", yscale="log", xlim=(1e-14, 2), ylim=(1e-13, 1e2), xlabel="eps")
    ax.set_title(f"{precision} at eps = {10.0**exponent:.1e}\n" + ", ".join(marked), fontsize=10.5)


def explore_error_against_eps(one_sided: Difference, two_sided: Difference) -> widgets.Widget:
    """A slider for the eps that ``plot_error_against_eps`` marks."""

    def plot(exponent: float) -> Figure:
        return plot_error_against_eps(one_sided, two_sided, exponent)

    def alt(exponent: float) -> str:
        eps = 10.0**exponent
        with np.errstate(all="ignore"):
            found = ", ".join(f"{p} {slope_error(two_sided, eps, p):.1e}" for p in PRECISIONS)
        return f"Error of the slope against eps. At eps = {eps:.1e} the two-sided difference is off by: {found}."

    return explore(plot, alt, exponent=slider("log10 of eps", -2.0, -14.0, 0.0, 0.2))


def plot_kink(two_sided: Difference, theta: float = 0.004, eps: float = 0.01) -> Figure:
    """The two-sided difference of a ReLU near its kink: the secant at ``theta``, and the slopes all around."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.8))
    places = np.linspace(-0.03, 0.03, 241)
    slope, true = two_sided(_relu, theta, eps), float(theta > 0)
    left.plot(places, [_relu(t) for t in places], color="#999999", linewidth=3, linestyle="-", label="ReLU")
    ends = np.array([theta - eps, theta + eps])
    left.plot(ends, [_relu(t) for t in ends], marker="o", **line(0), label="two-sided secant")
    left.plot(theta, _relu(theta), "s", color=COLOURS[1], label=r"$\theta$")
    left.set(xlabel="input", ylabel="output", xlim=(-0.03, 0.03))
    left.legend(loc="upper left")
    left.set_title(f"Secant {slope:.2f}, gradient {true:.0f}")
    right.plot(places, [two_sided(_relu, t, eps) for t in places], **line(0), label="two-sided difference")
    right.plot(places, places > 0, **line(1), label="gradient of backward")
    right.axvspan(max(-eps, -0.03), min(eps, 0.03), color=COLOURS[5], alpha=0.18, linewidth=0)
    right.plot(theta, slope, "o", color=COLOURS[0], markersize=9)
    right.set(xlabel=r"$\theta$", ylabel="slope", xlim=(-0.03, 0.03), ylim=(-0.1, 1.45))
    right.legend(loc="upper left")
    right.set_title(f"They differ where the kink is within eps = {eps:g}")
    return fig


def _relu(x: float) -> float:
    return max(float(x), 0.0)


def explore_kink(two_sided: Difference) -> widgets.Widget:
    """Sliders for the place and for eps of ``plot_kink``."""

    def plot(theta: float, eps: float) -> Figure:
        return plot_kink(two_sided, theta, eps)

    def alt(theta: float, eps: float) -> str:
        slope = two_sided(_relu, theta, eps)
        return f"A ReLU at {theta:g}, eps {eps:g}: the two-sided difference is {slope:.2f}, the gradient {theta > 0:d}."

    # the steps are finer than a slider's default two digits
    controls = {"theta": slider("theta", 0.004, -0.02, 0.02, 0.001), "eps": slider("eps", 0.01, 0.001, 0.02, 0.001)}
    for control in controls.values():
        control.readout_format = ".3f"
    return explore(plot, alt, **controls)


def plot_hunt(differences: Mapping[str, Mapping[str, float]], tol: float = 1e-5) -> Figure:
    """A table of colours: each suspect's own relative difference for each key; dark where it exceeds ``tol``."""
    names, keys = list(differences), sorted(next(iter(differences.values())))
    table = np.array([[differences[name][key] for key in keys] for name in names])
    fig, ax = plt.subplots(figsize=(7.5, 3.8))
    ax.imshow(table > tol, cmap="cividis", vmin=-0.15, vmax=1.35, aspect="auto")
    for i, row in enumerate(table):
        for j, value in enumerate(row):
            text = f"{value:.2f}" if value > tol else f"{value:.0e}"
            ax.text(j, i, text, ha="center", va="center", color="black" if value > tol else "white")
    ax.set_xticks(range(len(keys)), keys)
    ax.set_yticks(range(len(names)), names)
    ax.grid(False)
    ax.set(xlabel="key", ylabel="suspect")
    faultless = sum(bool((row <= tol).all()) for row in table)
    ax.set_title(f"{faultless} of {len(names)} agrees everywhere; the others each have a pattern of their own")
    return fig
