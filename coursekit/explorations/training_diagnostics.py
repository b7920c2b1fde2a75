"""Lesson 12: networks that are sick on purpose, and what their losses, updates and gradients look like.

The functions take the student's own checks; nothing here computes an exercise's result.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coursekit.datasets import Fashion, load_digits
from coursekit.network import Params, accuracy, forward, loss_and_gradients, mean_loss
from coursekit.plots import COLOURS, MARKERS, line
from coursekit.training import fit_network
from coursekit.widgets import explore, menu, slider

Floats = NDArray[np.float64]
Array = NDArray[Any]
#: (params, X, y) to the loss and the gradients.
Gradients = Callable[[Params, Array, Array], tuple[float, Params]]
#: The student's verdict on two loss curves.
Diagnose = Callable[[Floats, Floats], str]

#: The loss of chance with the ten classes of Fashion-MNIST, and how low two softmaxes can go.
CHANCE, FLOOR = float(np.log(10)), float(np.log(math.e + 9) - 1)


# --- the network with two softmaxes ----------------------------------------------------------------------------------


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Array = powers / powers.sum(axis=1, keepdims=True)
    return result


def softmax_twice(params: Params, X: Array, y: Array) -> tuple[float, Params]:
    """Loss and gradients of the faulty network: its probabilities are taken for logits. The gradients fit the loss."""
    logits, cache = forward(params, X)
    rows = np.arange(len(y))
    probs = _softmax(logits)
    again = _softmax(probs)
    slope = again.copy()
    slope[rows, y] -= 1
    slope /= len(y)
    dZ = probs * (slope - (slope * probs).sum(axis=1, keepdims=True))
    return -float(np.log(again[rows, y]).mean()), _gradients(params, cache, dZ)


def _gradients(params: Params, cache: Any, dZ: Array) -> Params:
    """The gradients of a ReLU network, from those of its logits."""
    grads: Params = {}
    for layer in range(len(cache["A"]), 0, -1):
        grads[f"W{layer}"] = cache["A"][layer - 1].T @ dZ
        grads[f"b{layer}"] = dZ.sum(axis=0)
        if layer > 1:
            dZ = (dZ @ params[f"W{layer}"].T) * (cache["Z"][layer - 2] > 0)
    return grads


def with_loss(mean_cross_entropy: Callable[[Array, Array], Any]) -> Gradients:
    """The loss that the student mended, with the gradients that belong to the right one."""

    def gradients(params: Params, X: Array, y: Array) -> tuple[float, Params]:
        logits, cache = forward(params, X)
        dZ = _softmax(logits)
        dZ[np.arange(len(y)), y] -= 1
        return float(mean_cross_entropy(logits, y)), _gradients(params, cache, dZ / len(y))

    return gradients


# --- patients: trainings that are sick on purpose --------------------------------------------------------------------


@dataclass(frozen=True)
class Patient:
    """A training of a ReLU network on Fashion-MNIST, and what is wrong with it.

    ``std`` is the standard deviation of all weights, None for He's; ``gain`` multiplies them. ``bright`` multiplies the
    pixels, ``sign`` is -1 for descent, ``wrong_labels`` the share of the training labels that are drawn at random.
    """

    cause: str = "none"
    hidden: tuple[int, ...] = (64,)
    rows: int = 1000
    rate: float = 0.1
    epochs: int = 20
    batch: int = 50
    dev_rows: int = 1000
    std: float | None = None
    gain: float = 1.0
    bright: float = 1.0
    sign: int = -1
    shuffled: bool = True
    wrong_labels: float = 0.0
    gradients: Gradients = loss_and_gradients


@dataclass
class Curves:
    """What came of it: losses of every epoch and of every update, the last parameters, accuracy on all dev pictures."""

    train: Floats
    dev: Floats
    updates: Floats
    params: Params = field(repr=False)
    dev_accuracy: float = 0.0


def start(patient: Patient, seed: int = 0) -> Params:
    """The parameters before the first update."""
    rng, params = np.random.default_rng(seed), {}
    sizes = [784, *patient.hidden, 10]
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        std = np.sqrt(2 / n_in) if patient.std is None else patient.std
        params[f"W{layer}"] = patient.gain * std * rng.standard_normal((n_in, n_out))
        params[f"b{layer}"] = np.zeros(n_out)
    return params


def pictures(fashion: Fashion, patient: Patient) -> tuple[Array, Array]:
    """The training pictures of a patient, and their labels."""
    X, y = patient.bright * fashion.X_train[: patient.rows], fashion.y_train[: patient.rows]
    if patient.wrong_labels:
        rng = np.random.default_rng(3)
        y = np.where(rng.random(len(y)) < patient.wrong_labels, rng.permutation(y), y)
    if not patient.shuffled:
        order = np.argsort(y, kind="stable")
        X, y = X[order], y[order]
    return X, y


def train(
    fashion: Fashion,
    patient: Patient,
    *,
    watch: Callable[[Params, Params], None] | None = None,
    change: Callable[[Params], Params] | None = None,
    seed: int = 0,
) -> Curves:
    """Train a patient. ``watch(before, after)`` sees every update, ``change(grads)`` gives the gradients to be used."""
    params, (X, y) = start(patient, seed), pictures(fashion, patient)
    X_dev, y_dev = patient.bright * fashion.X_dev, fashion.y_dev
    few = X_dev[: patient.dev_rows], y_dev[: patient.dev_rows]
    rng = np.random.default_rng(seed + 1)
    losses, train_losses, dev_losses = [], [], []
    with np.errstate(all="ignore"):
        for _ in range(patient.epochs):
            order, total = rng.permutation(len(X)) if patient.shuffled else np.arange(len(X)), 0.0
            for i in range(0, len(X), patient.batch):
                batch = order[i : i + patient.batch]
                loss, grads = patient.gradients(params, X[batch], y[batch])
                grads = change(grads) if change else grads
                after = {key: value + patient.sign * patient.rate * grads[key] for key, value in params.items()}
                if watch:
                    watch(params, after)
                params = after
                losses.append(loss)
                total += loss * len(batch)
            train_losses.append(total / len(X))
            dev_losses.append(mean_loss(params, *few))
        right = accuracy(params, X_dev, y_dev)
    return Curves(np.array(train_losses), np.array(dev_losses), np.array(losses), params, right)


def opening(fashion: Fashion) -> dict[str, Curves]:
    """Two networks that differ in one line of their code."""
    healthy = Patient(rows=2000)
    return {"A": train(fashion, healthy), "B": train(fashion, replace(healthy, gradients=softmax_twice))}


def plot_opening(runs: Mapping[str, Curves], floor: bool = False) -> Figure:
    """The training losses of both, and on request the floor under a loss with two softmaxes."""
    fig, ax = plt.subplots(figsize=(7.4, 3.8))
    for i, (name, curves) in enumerate(runs.items()):
        epochs = np.arange(1, len(curves.train) + 1)
        style = {**line(i), "linewidth": 5 if floor and i == 0 else 2, "alpha": 0.55 if floor and i == 0 else 1}
        ax.plot(epochs, curves.train, **style, marker=MARKERS[i], markevery=(i, 4), label=f"network {name}")
    if floor:
        ax.axhline(FLOOR, color="black", linewidth=1.2, linestyle=(0, (1, 2)))
        ax.text(20, FLOOR + 0.03, f"no lower with two softmaxes: {FLOOR:.3f}", ha="right", va="bottom", fontsize=9)
    ax.set(xlabel="epoch", ylabel="training loss", ylim=(0, 2.45), xticks=[1, 5, 10, 15, 20])
    ax.legend(loc="lower left")
    ax.set_title("Mended, B is A" if floor else "Both losses fall. One of the two networks has a bug")
    return fig


# --- the initial loss ------------------------------------------------------------------------------------------------


def initial_loss(fashion: Fashion, patient: Patient, lam: float = 0.0) -> tuple[float, float]:
    """The loss on the training pictures before any update, and the penalty ``lam / (2 m) sum W²`` on top of it."""
    params, (X, y) = start(patient), pictures(fashion, patient)
    loss, _ = patient.gradients(params, X, y)
    squares = sum(float((value**2).sum()) for key, value in params.items() if key.startswith("W"))
    return float(loss), lam / (2 * len(X)) * squares


def plot_initial_losses(found: Mapping[float, tuple[float, float]], sane: Callable[[float, int], Any]) -> Figure:
    """Data loss and penalty, one on the other, for each lambda; the word above says whether the sum passes."""
    fig, ax = plt.subplots(figsize=(7.4, 3.8))
    places = np.arange(len(found))
    data, penalty = np.array(list(found.values())).T
    ax.bar(places, data, 0.6, color=COLOURS[0], label="cross-entropy")
    ax.bar(places, penalty, 0.6, bottom=data, color=COLOURS[1], hatch="//", edgecolor="white", label="penalty")
    for place, total in zip(places, data + penalty, strict=True):
        ax.text(
            float(place),
            float(total) + 0.12,
            "sane" if sane(float(total), 10) else "not sane",
            ha="center",
            fontsize=10,
        )
    ax.axhline(CHANCE, color="black", linewidth=1.3, linestyle="--")
    ax.text(len(found) - 0.62, CHANCE + 0.08, "ln 10", va="bottom", fontsize=10)
    ax.set_xticks(places, [f"{lam:g}" for lam in found])
    ax.set_xlim(-0.5, len(found) - 0.2)
    ax.set(xlabel="lambda", ylabel="loss before training", ylim=(0, 1.16 * (data + penalty).max()))
    ax.legend(loc="upper left")
    ax.set_title("Stronger regularization raises the initial loss")
    return fig


# --- the tiny subset -------------------------------------------------------------------------------------------------

#: What may go wrong in the code of a training.
BUGS: dict[str, Patient] = {
    "no bug": Patient(),
    "network B": Patient("two softmaxes", gradients=softmax_twice),
    "plus for minus": Patient("plus for minus", sign=1),
    "pixels 0 to 255": Patient("pixels 0 to 255", bright=255.0),
    "all weights zero": Patient("all weights zero", std=0.0),
    "weights 10 times too large": Patient("weights 10 times too large", gain=10.0),
    "rate 1,000 times too small": Patient("rate 1,000 times too small", rate=1e-4),
    "labels shuffled alone": Patient("labels shuffled alone", wrong_labels=1.0),
}


def tiny_run(fashion: Fashion, patient: Patient, rows: int = 20) -> tuple[Callable[[], Any], Callable[[], float]]:
    """``train_step`` and ``evaluate`` of a training on ``rows`` pictures; each step uses all of them."""
    X, y = (part[:rows] for part in pictures(fashion, patient))
    params = start(patient)

    def train_step() -> None:
        nonlocal params
        with np.errstate(all="ignore"):
            _, grads = patient.gradients(params, X, y)
            params = {key: value + patient.sign * patient.rate * grads[key] for key, value in params.items()}

    def evaluate() -> float:
        with np.errstate(all="ignore"):
            return float(patient.gradients(params, X, y)[0])

    return train_step, evaluate


def tiny_losses(fashion: Fashion, patient: Patient, steps: int = 300) -> Floats:
    """The losses of ``tiny_run`` before the first step and after each."""
    train_step, evaluate = tiny_run(fashion, patient)
    losses = [evaluate()]
    for _ in range(steps):
        train_step()
        losses.append(evaluate())
    return np.array(losses)


def plot_tiny(curves: Mapping[str, Floats], target: float = 0.01) -> Figure:
    """Losses on twenty pictures, on a log scale."""
    fig, ax = plt.subplots(figsize=(8.6, 4.0))
    for i, (name, losses) in enumerate(curves.items()):
        ax.plot(np.clip(losses, None, 1e6), **line(i), marker=MARKERS[i], markevery=(10 * i, 60), label=name)
    ax.axhline(target, color="black", linewidth=1.2, linestyle=(0, (1, 2)))
    ax.text(0, target * 1.15, "target", va="bottom", fontsize=9)
    ax.set(yscale="log", xlabel="update", ylabel="loss on 20 pictures (log scale)", ylim=(0.002, 30))
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    ax.set_title("Who cannot learn twenty pictures by heart has a bug")
    return fig


# --- the ratio of updates to weights ---------------------------------------------------------------------------------

RATIO_PATIENT = Patient(hidden=(64, 64), rows=2000, epochs=5)


def ratio_run(
    fashion: Fashion, update_ratios: Callable[[Params, Params], Mapping[str, float]], rate: float, epochs: int = 5
) -> tuple[dict[str, Floats], Curves]:
    """The ratios of every layer in every update, and the run itself."""
    found: list[Mapping[str, float]] = []
    curves = train(
        fashion,
        replace(RATIO_PATIENT, rate=rate, epochs=epochs),
        watch=lambda before, after: found.append(update_ratios(before, after)),
    )
    return {key: np.array([float(row[key]) for row in found]) for key in found[0]}, curves


def _draw_ratios(ax: Axes, ratios: Mapping[str, Floats]) -> None:
    for i, (key, values) in enumerate(ratios.items()):
        smooth = np.maximum(np.convolve(values, np.ones(10) / 10, mode="valid"), 1e-8)
        ax.plot(np.arange(1, len(smooth) + 1), smooth, **line(i), linewidth=1.7, label=key)
    ax.axhspan(10**-3.5, 10**-2.5, color=COLOURS[2], alpha=0.14)
    ax.axhline(1e-3, color="black", linewidth=1.2, linestyle=(0, (1, 2)))
    ax.set(yscale="log", xlabel="update", ylim=(3e-7, 3))


def plot_update_ratios(runs: Mapping[float, tuple[Mapping[str, Floats], Curves]]) -> Figure:
    """The ratios of each layer over the updates (mean of ten), a panel for each learning rate."""
    fig, axes = plt.subplots(
        1, len(runs), figsize=(2.4 * len(runs) + 0.8 if len(runs) > 1 else 6.4, 3.7), sharey=True, squeeze=False
    )
    for ax, (rate, (ratios, curves)) in zip(axes[0], runs.items(), strict=True):
        _draw_ratios(ax, ratios)
        ax.set_title(f"rate {rate:.3g}: dev {curves.dev_accuracy:.2f}")
    axes[0, 0].set_ylabel("update / weights (log scale)")
    axes[0, 0].text(2, 1.15e-3, "1e-3", fontsize=9)
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    fig.suptitle("How long the updates are, in units of the weights", x=0.01, ha="left")
    return fig


def explore_update_ratios(
    fashion: Fashion, update_ratios: Callable[[Params, Params], Mapping[str, float]]
) -> widgets.Widget:
    """A slider for the learning rate."""

    @lru_cache(maxsize=1)
    def made(exponent: float) -> tuple[dict[str, Floats], Curves]:
        return ratio_run(fashion, update_ratios, 10**exponent)

    def plot(exponent: float) -> Figure:
        return plot_update_ratios({10**exponent: made(exponent)})

    def alt(exponent: float) -> str:
        ratios, curves = made(exponent)
        middle = ", ".join(f"{key} {np.median(values):.1e}" for key, values in ratios.items())
        return f"Rate {10**exponent:.3g}: median ratios {middle}; dev accuracy {curves.dev_accuracy:.3f}."

    return explore(plot, alt, exponent=slider("log10 of the rate", -2.0, -4.0, 0.5, 0.5))


# --- histograms ------------------------------------------------------------------------------------------------------

#: Networks of five tanh layers, by what is done to their weights or pixels: the gain of Xavier's weights, brightness.
HISTOGRAMS = {
    "healthy": (1.0, 1.0),
    "small weights": (0.3, 1.0),
    "large weights": (4.0, 1.0),
    "pixels 0 to 255": (1.0, 255.0),
}


def signals(fashion: Fashion, gain: float, bright: float = 1.0, depth: int = 5) -> tuple[list[Array], list[Array]]:
    """Activations of the hidden tanh layers, and the gradients of the weights of all layers, before training."""
    rng, params = np.random.default_rng(0), {}
    sizes = [784, *[64] * depth, 10]
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        params[f"W{layer}"] = gain * rng.standard_normal((n_in, n_out)) / np.sqrt(n_in)
        params[f"b{layer}"] = np.zeros(n_out)
    X, y = bright * fashion.X_train[:500], fashion.y_train[:500]
    _, cache = forward(params, X, "tanh")
    _, grads = loss_and_gradients(params, X, y, "tanh")
    return cache["A"][1:], [grads[f"W{layer}"] for layer in range(1, depth + 1)]


def signals_in_words(fashion: Fashion, gain: float, bright: float = 1.0) -> str:
    """Saturated activations, activation and gradient sizes of the first and the last hidden layer."""
    activations, grads = signals(fashion, gain, bright)
    full = [float((np.abs(A) > 0.97).mean()) for A in (activations[0], activations[-1])]
    stds = [float(A.std()) for A in (activations[0], activations[-1])]
    sizes = [float(g.std()) for g in (grads[0], grads[-1])]
    return (
        f"saturated {full[0]:4.0%} and {full[1]:4.0%}, activations {stds[0]:.3f} and {stds[1]:.3f}, "
        f"gradients {sizes[0]:.1e} and {sizes[1]:.1e}"
    )


def plot_histograms(fashion: Fashion, patients: Mapping[str, tuple[float, float]]) -> Figure:
    """A column for each patient: the activations of layers 1, 3 and 5, and the sizes of their weights' gradients."""
    fig, axes = plt.subplots(2, len(patients), figsize=(2.55 * len(patients) + 0.6, 5.2), squeeze=False, sharey="row")
    for (above, below), (patient, (gain, bright)) in zip(axes.T, patients.items(), strict=True):
        activations, grads = signals(fashion, gain, bright)
        for i, layer in enumerate((0, 2, 4)):
            counts, edges = np.histogram(activations[layer], bins=41, range=(-1, 1))
            share, name = np.maximum(counts / activations[layer].size, 1e-5), f"layer {layer + 1}"
            above.step((edges[1:] + edges[:-1]) / 2, share, where="mid", **line(i), linewidth=1.6, label=name)
            sizes = np.log10(np.maximum(np.abs(grads[layer]), 1e-12))
            counts, edges = np.histogram(sizes, bins=50, range=(-9, 2))
            below.step((edges[1:] + edges[:-1]) / 2, counts / sizes.size, where="mid", **line(i), linewidth=1.6)
        above.set_title(patient)
        above.set(xlabel="activation", yscale="log", ylim=(1e-4, 1.5))
        below.set(xlabel="log10 of gradient size", xticks=[-8, -4, 0])
    axes[0, 0].set_ylabel("share (log scale)")
    axes[1, 0].set_ylabel("share")
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return fig


def explore_histograms(fashion: Fashion) -> widgets.Widget:
    """Sliders for the weights' gain and the brightness of the pixels."""

    def plot(gain: float, bright: int) -> Figure:
        return plot_histograms(
            fashion, {"healthy": (1.0, 1.0), f"gain {gain:g}, pixels to {bright}": (gain, float(bright))}
        )

    def alt(gain: float, bright: int) -> str:
        return f"Gain {gain:g}, pixels up to {bright}, layers 1 and 5: {signals_in_words(fashion, gain, bright)}."

    return explore(
        plot, alt, gain=slider("gain of the weights", 1.0, 0.1, 5.0, 0.1), bright=slider("pixels up to", 1, 1, 255, 1)
    )


# --- clipping --------------------------------------------------------------------------------------------------------

#: Five hidden layers, weights half again as large as He's: the first gradients have a norm of 46.
STEEP = Patient("weights too large", hidden=(64,) * 5, gain=1.5, epochs=5)


def clipped_run(fashion: Fashion, clip: Callable[[Params], Params] | None, rate: float = 0.1) -> tuple[Curves, Floats]:
    """A training of ``STEEP``, and the norm of its gradients before they are clipped."""
    norms = []

    def change(grads: Params) -> Params:
        norms.append(float(np.sqrt(sum(float((g**2).sum()) for g in grads.values()))))
        return clip(grads) if clip else grads

    with np.errstate(all="ignore"):
        curves = train(fashion, replace(STEEP, rate=rate), change=change)
    return curves, np.array(norms)


def plot_clipping(runs: Mapping[str, tuple[Curves, Floats]]) -> Figure:
    """Losses and gradient norms of every update."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.6, 4.0))
    for i, (name, (curves, norms)) in enumerate(runs.items()):
        steps = np.arange(1, len(norms) + 1)
        style = {**line(i), "linewidth": 1.6, "marker": MARKERS[i], "markevery": (4 * i, 16), "markersize": 5}
        left.plot(steps, np.clip(curves.updates, 1e-2, 1e12), **style, label=name)
        right.plot(steps, np.clip(norms, 1e-3, 1e12), **style)
    left.set(yscale="log", xlabel="update", ylabel="loss (log scale)", ylim=(0.3, 1e9))
    right.set(yscale="log", xlabel="update", ylabel="gradient norm before clipping (log scale)", ylim=(1e-2, 1e9))
    left.set_title("Unclipped, the loss explodes and dies")
    right.set_title("The norms that caused it")
    fig.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=len(runs))
    return fig


# --- the gallery -----------------------------------------------------------------------------------------------------

GALLERY: tuple[Patient, ...] = (
    Patient("none"),
    Patient("the gradient's sign is wrong", sign=1, rate=0.0003),
    Patient("weights of size 1", hidden=(64,) * 5, std=1.0),
    Patient("all weights are zero", std=0.0),
    Patient("the rate is far too small", rate=0.0005),
    Patient("weights of 0.02 in four layers", hidden=(64, 64, 64), std=0.02, epochs=30),
    Patient("a dev set of 10 pictures", dev_rows=10, rate=0.2),
    Patient("100 pictures, wrong labels", hidden=(64, 64), rows=100, wrong_labels=0.3, batch=10, epochs=80, rate=0.05),
    Patient("sorted, never shuffled", shuffled=False),
)


def gallery(fashion: Fashion) -> dict[str, Curves]:
    """The curves of all patients, by what is wrong with them."""
    return {patient.cause: train(fashion, patient) for patient in GALLERY}


def plot_gallery(curves: Mapping[str, Curves], diagnose: Diagnose | None = None) -> Figure:
    """Training and dev loss of each patient; with ``diagnose`` its verdict and the cause, else a letter."""
    columns = 3
    rows = -(-len(curves) // columns)
    fig, axes = plt.subplots(rows, columns, figsize=(9.8, 2.75 * rows), squeeze=False)
    for i, (ax, (cause, found)) in enumerate(zip(axes.flat, curves.items(), strict=False)):
        _draw_curves(ax, found)
        title = "ABCDEFGHIJKL"[i]
        if diagnose:
            title = f"{title}: {diagnose(found.train, found.dev)}\ncause: {cause}"
        ax.set_title(title, fontsize=11)
        ax.set(xlabel="epoch" if i >= len(curves) - columns else "", ylabel="" if i % columns else "loss")
    for ax in axes.flat[len(curves) :]:
        ax.set_axis_off()
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return fig


def _draw_curves(ax: Axes, found: Curves) -> None:
    epochs = np.arange(1, len(found.train) + 1)
    ax.plot(
        epochs,
        found.train,
        **line(0),
        linewidth=1.7,
        marker=MARKERS[0],
        markersize=4,
        markevery=5,
        label="training loss",
    )
    ax.plot(epochs, found.dev, **line(1), linewidth=1.7, marker=MARKERS[1], markersize=4, markevery=5, label="dev loss")
    finite = np.concatenate([found.train[np.isfinite(found.train)], found.dev[np.isfinite(found.dev)]])
    if finite.size:
        ax.set_ylim(0, max(2.6, 1.05 * float(finite.max())))
    else:
        ax.set(xlim=(0, len(epochs)), ylim=(0, 2.6))
        ax.text(0.5, 0.5, "nan in every epoch", ha="center", va="center", transform=ax.transAxes, fontsize=10)


def plot_patient(curves: Curves, verdict: str, title: str) -> Figure:
    """One patient and the verdict."""
    fig, ax = plt.subplots(figsize=(7.0, 3.6))
    _draw_curves(ax, curves)
    ax.axhline(CHANCE, color="black", linewidth=1.1, linestyle=(0, (1, 2)))
    ax.text(1, CHANCE * 1.02, "ln 10", va="bottom", fontsize=9)
    if ax.get_ylim()[1] > 20:
        ax.set(yscale="log", ylim=(0.1, None))
    ax.set(xlabel="epoch", ylabel="loss", xticks=range(0, len(curves.train) + 1, max(1, len(curves.train) // 4)))
    ax.legend(loc="upper right")
    ax.set_title(f"{verdict} ({title})", fontsize=11)
    return fig


def explore_patient(fashion: Fashion, diagnose: Diagnose) -> widgets.Widget:
    """Learning rate, weights, size of the dev set and shuffling of a small network, and the student's verdict."""

    @lru_cache(maxsize=1)
    def made(exponent: float, std: str, dev_rows: str, order: str) -> tuple[Curves, str, str]:
        patient = Patient(
            hidden=(64, 64),
            rate=10**exponent,
            std=None if std == "He" else float(std),
            dev_rows=int(dev_rows),
            shuffled=order == "shuffled",
        )
        curves = train(fashion, patient)
        return (
            curves,
            diagnose(curves.train, curves.dev),
            f"rate {patient.rate:.3g}, weights {std}, {order}, dev {dev_rows}",
        )

    def plot(exponent: float, std: str, dev_rows: str, order: str) -> Figure:
        return plot_patient(*made(exponent, std, dev_rows, order))

    def alt(exponent: float, std: str, dev_rows: str, order: str) -> str:
        curves, verdict, title = made(exponent, std, dev_rows, order)
        losses = f"training loss {curves.train[0]:.3g} to {curves.train[-1]:.3g}"
        return f"{title}: {verdict}, {losses}, dev accuracy {curves.dev_accuracy:.3f}."

    return explore(
        plot,
        alt,
        exponent=slider("log10 of the rate", -1.0, -4.0, 1.0, 0.5),
        std=menu("weights", ["He", "0", "0.01", "0.03", "1"]),
        dev_rows=menu("dev pictures", ["1000", "100", "10"]),
        order=menu("order", ["shuffled", "sorted by class"]),
    )


# --- the first layer as pictures -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """The first layer's weights as pictures, one for each unit, and how good the network is."""

    pictures: Array
    train_accuracy: float
    dev_accuracy: float
    #: The units that are 0 for every training picture.
    dead: Array


def first_layer(data: Fashion | None = None, lam: float = 0.0, epochs: int = 40, units: int = 12) -> Seen:
    """Train one hidden layer on the digits (without ``data``) or on clothes; with ``epochs`` 0 nothing is trained."""
    if data is None:
        table = load_digits()
        X, y, X_dev, y_dev = table.X[:1200] / 16, table.y[:1200], table.X[1200:] / 16, table.y[1200:]
    else:
        X, y, X_dev, y_dev = data.X_train[:2000], data.y_train[:2000], data.X_dev, data.y_dev
    side = round(np.sqrt(X.shape[1]))
    # No training at all is training at a rate that moves nothing.
    rate = (0.3 if data is None else 0.1) if epochs else 1e-12
    history = fit_network(
        (units,), X, y, epochs=max(1, epochs), batch_size=50, learning_rate=rate, lam=lam, rng=np.random.default_rng(0)
    )
    W = history.params["W1"]
    seen = W.T.reshape(units, side, side)
    dead: Array = (X @ W + history.params["b1"] <= 0).min(axis=0)
    return Seen(seen, accuracy(history.params, X, y), accuracy(history.params, X_dev, y_dev), dead)


def roughness(seen: Seen) -> float:
    """Mean squared step between neighbouring pixels over twice the variance: near 1 for noise, small for a smooth
    picture, and the mean of all units."""
    steps = [np.diff(seen.pictures, axis=axis) ** 2 for axis in (1, 2)]
    per_unit = np.mean([step.mean(axis=(1, 2)) for step in steps], axis=0)
    return float((per_unit / (2 * seen.pictures.var(axis=(1, 2)))).mean())


def plot_first_layer(rows: Mapping[str, Seen]) -> Figure:
    """A row of pictures for each network: red where a unit wants ink, blue where it wants none, crossed out if dead."""
    fig = plt.figure(figsize=(9.8, 1.28 * len(rows)))
    parts = fig.subfigures(len(rows), 1, squeeze=False)[:, 0]
    for part, (name, seen) in zip(parts, rows.items(), strict=True):
        trained = f": dev accuracy {seen.dev_accuracy:.2f}" if seen.train_accuracy > 0.3 else ""
        part.suptitle(name + trained, x=0.01, ha="left", fontsize=11)
        for ax, picture, dead in zip(part.subplots(1, len(seen.pictures)), seen.pictures, seen.dead, strict=True):
            bound = float(np.abs(picture).max()) or 1.0
            ax.imshow(picture, cmap="RdBu_r", vmin=-bound, vmax=bound)
            if dead:
                ax.plot([0, 1], [0, 1], color="black", linewidth=1.5, transform=ax.transAxes)
            ax.set_axis_off()
    return fig


def explore_first_layer(fashion: Fashion) -> widgets.Widget:
    """A menu for the pictures, sliders for lambda and the epochs."""

    @lru_cache(maxsize=1)
    def made(data: str, lam: int, epochs: int) -> Seen:
        return first_layer(fashion if data == "clothes" else None, float(lam), epochs)

    def plot(data: str, lam: int, epochs: int) -> Figure:
        return plot_first_layer({f"{data}, lambda {lam}, {epochs} epochs": made(data, lam, epochs)})

    def alt(data: str, lam: int, epochs: int) -> str:
        seen = made(data, lam, epochs)
        found = f"roughness {roughness(seen):.2f}, dev accuracy {seen.dev_accuracy:.3f}"
        return f"{data}, lambda {lam}, {epochs} epochs: {found}."

    return explore(
        plot,
        alt,
        data=menu("pictures", ["digits", "clothes"]),
        lam=slider("lambda", 0, 0, 60, 5),
        epochs=slider("epochs", 40, 0, 60, 10),
    )


# --- which check finds which bug -------------------------------------------------------------------------------------


def examine(
    fashion: Fashion,
    sane: Callable[[float, int], Any],
    overfits: Callable[..., int | None],
    update_ratios: Callable[[Params, Params], Mapping[str, float]],
    diagnose: Diagnose,
    bugs: Sequence[str] = tuple(BUGS),
) -> dict[str, tuple[str, str, str, str, float]]:
    """What the student's four checks say of each bug, and the dev accuracy that it costs."""
    found = {}
    for name in bugs:
        patient = BUGS[name]
        loss, _ = initial_loss(fashion, patient)
        steps = overfits(*tiny_run(fashion, patient), 400)
        ratios: list[float] = []

        def watch(old: Params, new: Params, seen: list[float] = ratios) -> None:
            seen.extend(float(ratio) for ratio in update_ratios(old, new).values())

        with np.errstate(all="ignore"):
            curves = train(fashion, patient, watch=watch)
        verdict = diagnose(curves.train, curves.dev)
        usual = float(np.median(ratios))
        found[name] = (
            "sane" if sane(loss, 10) else f"{loss:.3g}",
            str(steps),
            f"{usual:.0e}",
            verdict,
            curves.dev_accuracy,
        )
    return found


def from_logits_floor(target: int, probability: float) -> float:
    """Binary cross-entropy of one example when a ``probability`` (after a sigmoid) is taken for a logit."""
    again = 1 / (1 + np.exp(-probability))
    return float(-np.log(again if target else 1 - again))
