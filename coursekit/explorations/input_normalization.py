"""Lesson 05: what the scale of the inputs does to the cost, to the path of descent and to new data.

The functions take the student's own measures and scalers; nothing here computes an exercise's result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coursekit.datasets import Table, load_churn_parts
from coursekit.plots import COLOURS, MARKERS, line, points
from coursekit.training import History, fit_network
from coursekit.widgets import explore, slider

Floats = NDArray[np.float64]
#: ``count(X, y, learning_rate, tol=..., max_iter=...)``: updates of gradient descent until it arrives.
Count = Callable[..., Any]
#: ``fit(X, eps=...)`` to ``(mean, P)``, and ``whiten(X, mean, P)``.
Fit = Callable[..., tuple[Any, Any]]
Whiten = Callable[[Any, Any, Any], Any]

#: Where a descent that a figure counts counts as arrived, and where it is given up.
TOLERANCE, PATIENCE = 1e-3, 2000
#: What the explorations ask for: fewer updates than these on features 5 and 1 wide, and a flat direction that comes out
#: with a variance about this large at the correlation 0.95.
FEWER_THAN, ABOUT = 90, 0.5
#: The shares of the largest stable learning rate at which ``plot_descent`` counts.
SHARES = np.array([0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98])


def split_accuracies(table: Table, learning_rate: float, splits: int, scaled: bool) -> Floats:
    """Dev accuracies of softmax regression on random splits (80 and 20 %), trained by plain SGD for 50 epochs.

    ``scaled``: every feature has mean 0 and standard deviation 1 on the training part.
    """
    found, y = [], table.y
    for seed in range(splits):
        order = np.random.default_rng(seed).permutation(len(y))
        train, dev = np.split(order, [int(0.8 * len(y))])
        X = _scaled(table.X, train) if scaled else table.X
        plan: dict[str, Any] = {"epochs": 50, "batch_size": 32, "learning_rate": learning_rate}
        rng = np.random.default_rng(seed)
        run = fit_network((), X[train], y[train], rng=rng, X_dev=X[dev], y_dev=y[dev], **plan)
        found.append(run.dev_accuracy[-1])
    return np.array(found)


def _scaled(X: Floats, train: Any) -> Floats:
    """Mean 0 and standard deviation 1 on the rows ``train``."""
    spread = X[train].std(axis=0)
    result: Floats = (X - X[train].mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return result


def _logistic_accuracy(X: Floats, y: Any, X_new: Floats, y_new: Any) -> float:
    """Accuracy on new examples of a softmax regression trained on ``(X, y)`` by plain SGD for 20 epochs."""
    plan: dict[str, Any] = {"epochs": 20, "batch_size": 32, "learning_rate": 0.05}
    run = fit_network((), X, y, rng=np.random.default_rng(0), X_dev=X_new, y_dev=y_new, **plan)
    return float(run.dev_accuracy[-1])


def largest_stable_rate(X: Floats, updates: int = 400) -> float:
    """The largest learning rate for which least squares on ``X`` does not blow up, found by trying (to about 0.5 %).

    A rate has blown up when the error of the weights grows from one update to the next in the end.
    """
    start: Floats = np.random.default_rng(0).standard_normal((X.shape[1],))

    def stable(rate: float) -> bool:
        error: Any = start
        last: Any = start
        for _ in range(updates):
            last = error
            error = error - rate * X.T @ (X @ error) / len(X)
            if not np.abs(error).max() < 1e100:
                return False
        return bool(np.linalg.norm(X @ error) < np.linalg.norm(X @ last))

    low, high = 1e-12, 1e3
    while high > 1.001 * low:
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if stable(middle) else (low, middle)
    return low


def churn_accuracies(
    fit: Callable[[Any], tuple[Any, Any]], scale: Callable[[Any, Any, Any], Any], column: str = "TotalCharges"
) -> dict[str, float]:
    """Held-out accuracies on the churn table, with scaler and encoder fitted on all rows or on the training part.

    ``fit(X)`` gives what ``scale(X, mean, std)`` takes. The encoder adds a copy of ``column`` in which each value is
    replaced by the mean label of its customers.
    """
    churn = load_churn_parts(standardized=False)
    place = churn.features.index(column)
    X, X_new, y = churn.X_train, churn.X_dev, churn.y_train
    both, y_both = np.vstack([X, X_new]), np.concatenate([y, churn.y_dev])

    def accuracy(fit_on: Floats, train: Floats, new: Floats) -> float:
        scaler = fit(fit_on)
        return _logistic_accuracy(scale(train, *scaler), y, scale(new, *scaler), churn.y_dev)

    def encoded(table: Floats, fit_on: Floats, labels: Any) -> Floats:
        return np.column_stack([table, _mean_label(table[:, place], fit_on[:, place], labels)])

    early = encoded(X, both, y_both), encoded(X_new, both, y_both)
    late = encoded(X, X, y), encoded(X_new, X, y)
    return {
        "scaler fitted on the training set": accuracy(X, X, X_new),
        "scaler fitted before the split": accuracy(both, X, X_new),
        "scaler and encoder fitted before the split": accuracy(np.vstack(early), *early),
        "scaler and encoder fitted on the training set": accuracy(late[0], *late),
    }


def _mean_label(column: Any, fit_on: Any, y: Any) -> Floats:
    """Each entry of ``column`` replaced by the mean label of the examples of ``fit_on`` that hold the same entry.

    ``fit_on`` and ``y`` are ``(p,)``; entries that do not occur there get the mean of ``y``.
    """
    values, place = np.unique(fit_on, return_inverse=True)
    means = np.bincount(place, weights=y) / np.bincount(place)
    known = dict(zip(values.tolist(), means.tolist(), strict=True))
    return np.array([known.get(entry, float(np.mean(y))) for entry in np.asarray(column).tolist()])


def plot_rates(rates: Sequence[float], accuracies: Mapping[str, Sequence[float]], majority: float) -> Figure:
    """Dev accuracy against the learning rate, one curve for each way to feed the network."""
    fig, ax = plt.subplots()
    for i, (name, values) in enumerate(accuracies.items()):
        style = {**line(1 - i), "marker": MARKERS[1 - i]}
        ax.plot(rates, values, **style, label=f"{name}: best {max(values):.2f}")
    ax.axhline(majority, color="#999999", linewidth=1, linestyle="-")
    ax.annotate(
        f"guessing: {majority:.2f}", (rates[0], majority), xytext=(0, 4), textcoords="offset points", color="#555555"
    )
    ax.set(xscale="log", xlabel="learning rate", ylabel="dev accuracy", ylim=(0.2, 1.03))
    ax.legend(loc="upper left", bbox_to_anchor=(0.0, 0.95))
    ax.set_title("No learning rate saves the raw inputs")
    return fig


def plot_features(table: Table) -> Figure:
    """Every feature's values as a row of dashes: raw on a log scale, and standardised."""
    X, Z = table.X, _scaled(table.X, np.arange(len(table.X)))
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4.4), sharey=True)
    rows = np.arange(X.shape[1])
    for ax, values in ((left, X), (right, Z)):
        for row in rows:
            ax.plot(values[:, row], np.full(len(values), row), "|", color=COLOURS[row % 2], markersize=9, alpha=0.6)
    left.set_yticks(rows, table.features, fontsize=9)
    left.set(xscale="log", xlabel="raw value (log scale)")
    left.set_title("Raw: from tenths to more than a thousand")
    right.axvspan(-1, 1, color=COLOURS[2], alpha=0.15, linewidth=0)
    right.set(xlabel="standardised value")
    outside = float((np.abs(Z) > 1).mean())
    right.set_title(f"Standardised: {Z.min():.1f} to {Z.max():.1f}, {outside:.0%} beyond ±1")
    left.invert_yaxis()
    return fig


def ravine(stretch: float) -> tuple[Floats, Floats]:
    """Four examples of two independent features, the first ``stretch`` times as wide; least squares ends at (1, 1)."""
    X = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]) * np.array([stretch, 1.0])
    return X, X @ np.ones(2)


def descend(X: Floats, y: Floats, learning_rate: float, updates: int) -> Floats:
    """The weights of least squares from zero, ``(updates + 1, n)``; stops one step after they have left the picture."""
    path = [np.zeros(X.shape[1])]
    for _ in range(updates):
        w = path[-1] - learning_rate * X.T @ (X @ path[-1] - y) / len(y)
        path.append(w)
        if not np.abs(w).max() < 5:
            break
    return np.array(path)


def _draw_descent(ax: Axes, X: Floats, y: Floats, learning_rate: float, style: int, updates: int = 60) -> None:
    """Contours of the cost around its minimum (1, 1), and the path of descent over them."""
    grid = np.linspace(-0.7, 2.7, 161)
    u, v = np.meshgrid(grid, grid)
    errors = np.column_stack([u.ravel(), v.ravel()]) @ X.T - y
    cost = (errors**2).mean(axis=1).reshape(u.shape) / 2
    start = float((y**2).mean() / 2)
    levels = start * np.array([0.01, 0.05, 0.15, 0.35, 0.65, 1.0, 1.6, 2.6])
    ax.contour(u, v, cost, levels=levels, colors="#9A9A9A", linewidths=0.9, linestyles="solid")
    path = descend(X, y, learning_rate, updates)
    ax.plot(*path.T, **{**line(style), "linestyle": "-"}, marker=MARKERS[style], markersize=4, linewidth=1.3)
    ax.plot(0, 0, "s", color="black", markersize=7)
    ax.plot(1, 1, "*", color="black", markersize=13)
    ax.set(xlim=(grid[0], grid[-1]), ylim=(grid[0], grid[-1]), aspect="equal", xlabel="$w_1$", ylabel="$w_2$")
    ax.grid(False)


def _counted(count: Count, X: Floats, y: Floats, learning_rate: float) -> int:
    with np.errstate(all="ignore"):
        return int(count(X, y, learning_rate, tol=TOLERANCE, max_iter=PATIENCE))


def _updates(count: int) -> str:
    return f"{count} update{'s' * (count != 1)}" if count < PATIENCE else "never arrives"


def _say(ax: Axes, words: str) -> None:
    """Write in the panel's lower left corner that the exploration's goal is reached."""
    box = {"boxstyle": "round", "facecolor": "white", "edgecolor": "#555555"}
    ax.text(0.03, 0.04, words, transform=ax.transAxes, bbox=box, zorder=6)


def plot_zigzag(count: Count, stretch: float = 5.0, share: float = 0.96) -> Figure:
    """The path of descent on features of unequal and of equal width.

    The square is the start, the star the minimum; ``count`` says how many updates it takes. The left path runs at
    ``share`` of its largest stable learning rate, the right one at half of that share.
    """
    fig, axes = plt.subplots(1, 2, figsize=(9.0, 4.8))
    for i, (ax, wide) in enumerate(zip(axes, (stretch, 1.0), strict=True)):
        X, y = ravine(wide)
        rate = share / (1 + i) * 2 / max(wide**2, 1.0)
        _draw_descent(ax, X, y, rate, 1 - i)
        taken = _counted(count, X, y, rate)
        ax.set_title(f"Features {wide:g} and 1 wide: {_updates(taken)}")
    return fig


def plot_descent(count: Count, stretch: float = 5.0, share: float = 0.96) -> Figure:
    """Contours and path for one ``stretch``, and the updates against the learning rate, raw and standardised.

    ``share`` is the learning rate as a share of the largest stable one, ``2 / largest eigenvalue``.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.8, 4.7), width_ratios=(1, 1.15))
    X, y = ravine(stretch)
    limit = 2 / max(stretch**2, 1.0)
    _draw_descent(left, X, y, share * limit, 1)
    here = _counted(count, X, y, share * limit)
    left.set_title(f"Condition number {max(stretch, 1 / stretch) ** 2:.3g}: {_updates(here)}")
    if stretch == 5 and here < FEWER_THAN:
        _say(left, f"Goal reached: below {FEWER_THAN}")
    counts = [_counted(count, X, y, s * limit) for s in SHARES]
    equal = [_counted(count, *ravine(1.0), 2 * s) for s in SHARES]
    right.plot(SHARES, counts, **line(1), marker=MARKERS[1], markersize=4, label=f"widths {stretch:g} and 1")
    right.plot(SHARES, equal, **line(0), marker=MARKERS[0], markersize=4, label="widths 1 and 1")
    right.plot(share, here, "X", color="black", markersize=10, label="the path on the left", zorder=5)
    right.axvline(1, color="#888888", linewidth=1, linestyle=":")
    right.annotate("limit", (1, 1.25), xytext=(-4, 0), textcoords="offset points", ha="right", color="#555555")
    right.axhline(PATIENCE, color="#888888", linewidth=1, linestyle=":")
    right.annotate("given up", (0.01, PATIENCE), xytext=(0, 3), textcoords="offset points", color="#555555")
    right.set(yscale="log", ylim=(0.8, 1e5), xlim=(0, 1.13))
    right.set(xlabel="share of the largest stable learning rate", ylabel="updates (log scale)")
    right.legend(loc="upper center", fontsize=9.5)
    right.set_title("The wide feature sets the limit, the narrow one pays")
    return fig


def explore_descent(count: Count) -> widgets.Widget:
    """Sliders for the stretch and for the learning rate of ``plot_descent``."""

    def plot(stretch: float, share: float) -> Figure:
        return plot_descent(count, stretch, share)

    def alt(stretch: float, share: float) -> str:
        X, y = ravine(stretch)
        taken = _updates(_counted(count, X, y, share * 2 / max(stretch**2, 1.0)))
        return f"Contours stretched {stretch:g} to 1, learning rate {share:.2f} of the limit: {taken}."

    return explore(
        plot,
        alt,
        stretch=slider("stretch", 5.0, 1.0, 12.0, 0.5),
        share=slider("share of the limit", 0.96, 0.02, 1.1, 0.02),
    )


def plot_cost(tables: Mapping[str, Floats], y: Floats, condition: Callable[[Any], Any]) -> Figure:
    """Contours of the least-squares cost around its minimum, for two features prepared in different ways.

    Each panel has equal units on both axes and shows the same rise of the cost in its steepest direction.
    """
    fig, axes = plt.subplots(1, len(tables), figsize=(3.2 * len(tables), 3.9), squeeze=False)
    for ax, (name, X) in zip(axes[0], tables.items(), strict=True):
        H = X.T @ X / len(X)
        best = np.linalg.lstsq(X, y, rcond=None)[0]
        reach = 2.2 / np.sqrt(np.linalg.eigvalsh(H)[-1])
        grid = np.linspace(-reach, reach, 141)
        u, v = np.meshgrid(grid, grid)
        steps = np.column_stack([u.ravel(), v.ravel()])
        rise = np.einsum("pi,ij,pj->p", steps, H, steps).reshape(u.shape) / 2
        ax.contourf(best[0] + u, best[1] + v, rise, levels=12, cmap="cividis_r")
        ax.plot(*best, "*", color="black", markersize=13)
        ax.set(aspect="equal", xticks=[], yticks=[], xlabel=f"first weight (panel {2 * reach:.2g} wide)")
        ax.set_title(f"{name}\ncondition number {float(condition(X)):,.0f}", fontsize=11)
        ax.grid(False)
    axes[0, 0].set_ylabel("second weight")
    return fig


def plot_own_statistics(sizes: Sequence[int], accuracies: Mapping[str, Sequence[float]], right: float) -> Figure:
    """Accuracy when each batch of new examples is scaled by its own statistics, against the size of the batch."""
    fig, ax = plt.subplots()
    for i, (name, values) in enumerate(accuracies.items()):
        ax.plot(sizes, values, **line(i + 1), marker=MARKERS[i + 1], label=name)
    ax.axhline(right, **line(0), label="scaled by the training set's statistics")
    ax.set(xscale="log", xlabel="examples scaled together", ylabel="accuracy", ylim=(0.4, 1.02))
    ax.set_xticks(sizes, [str(s) for s in sizes])
    ax.minorticks_off()
    ax.legend(loc="center", bbox_to_anchor=(0.57, 0.5))
    ax.set_title("Own statistics work for large mixed batches only")
    return fig


def plot_losses(runs: Mapping[str, History], classes: int, title: str) -> Figure:
    """Training loss by update (averaged over 20) and final dev accuracy of each run."""
    fig, ax = plt.subplots()
    for i, (name, run) in enumerate(runs.items()):
        blocks = run.losses[: len(run.losses) // 20 * 20].reshape(-1, 20).mean(axis=1)
        label = f"{name}: dev accuracy {run.dev_accuracy[-1]:.2f}"
        ax.plot(20 * (np.arange(len(blocks)) + 0.5), blocks, **line(i), label=label)
    ax.axhline(np.log(classes), color="#999999", linewidth=1, linestyle="-")
    ax.annotate(
        f"guessing: ln {classes}", (0, np.log(classes)), xytext=(0, -13), textcoords="offset points", color="#555555"
    )
    ax.set(xlabel="update", ylabel="training loss", ylim=(0.2, np.log(classes) + 0.35))
    ax.legend(loc="upper right", bbox_to_anchor=(1.0, 0.86))
    ax.set_title(title)
    return fig


def correlated(correlation: float, m: int = 200) -> Floats:
    """Two features of standard deviation 1 (up to chance) with this correlation, around (3, 1)."""
    z = np.random.default_rng(0).standard_normal((m, 2))
    second = correlation * z[:, 0] + np.sqrt(1 - correlation**2) * z[:, 1]
    return np.column_stack([3 + z[:, 0], 1 + second])


def plot_whitening(
    fit: Fit, whiten: Whiten, correlation: float = 0.95, eps: float = 1e-5, X: Floats | None = None
) -> Figure:
    """Centred data with their principal components, and the same data whitened with ``eps``."""
    X = correlated(correlation) if X is None else X
    mean, P = fit(X, eps=eps)
    Z = whiten(X, mean, P)
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.0, 4.7))
    left.scatter(*(X - mean).T, s=14, alpha=0.6, **points(0))
    spreads = []
    for direction in np.asarray(P / np.linalg.norm(P, axis=0)).T:
        spreads.append(float(((X - mean) @ direction).std()))
        arrow = {"arrowstyle": "-|>", "color": "black", "linewidth": 2.2, "shrinkA": 0, "shrinkB": 0}
        left.annotate("", 3 * spreads[-1] * direction, (0, 0), arrowprops=arrow, zorder=5)
    before = " and ".join(f"{v**2:.2f}" for v in sorted(spreads, reverse=True))
    right.scatter(*Z.T, s=14, alpha=0.6, **points(1))
    for ax in (left, right):
        ax.axhline(0, color="#BBBBBB", linewidth=0.8, linestyle="-")
        ax.axvline(0, color="#BBBBBB", linewidth=0.8, linestyle="-")
        ax.set(xlim=(-4.2, 4.2), ylim=(-4.2, 4.2), aspect="equal")
    kept = " and ".join(f"{v:.2f}" for v in sorted(Z.var(axis=0), reverse=True))
    left.set(xlabel="feature 1, centred", ylabel="feature 2, centred")
    left.set_title(f"Correlation {float(np.corrcoef(*X.T)[0, 1]):.2f}: variances {before}")
    right.set(xlabel="component", ylabel="other component")
    right.set_title(f"Whitened, eps {eps:.1g}: variances {kept}")
    if np.isclose(correlation, 0.95) and abs(float(Z.var(axis=0).min()) - ABOUT) < 0.1:
        _say(right, f"Goal reached: about {ABOUT}")
    return fig


def explore_whitening(fit: Fit, whiten: Whiten) -> widgets.Widget:
    """Sliders for the correlation and for eps of ``plot_whitening``."""

    def plot(correlation: float, exponent: float) -> Figure:
        return plot_whitening(fit, whiten, correlation, 10.0**exponent)

    def alt(correlation: float, exponent: float) -> str:
        X = correlated(correlation)
        kept = np.sort(whiten(X, *fit(X, eps=10.0**exponent)).var(axis=0))[::-1]
        return (
            f"Correlation {correlation:g}, eps {10.0**exponent:.1g}: the whitened components have the variances "
            f"{kept[0]:.2f} and {kept[1]:.2f}."
        )

    return explore(
        plot,
        alt,
        correlation=slider("correlation", 0.95, -0.99, 0.99, 0.01),
        exponent=slider("log10 of eps", -5.0, -8.0, 1.0, 0.25),
    )
