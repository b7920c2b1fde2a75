"""The look of the course's figures, and how they are shown: with a text for those who cannot see them."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

#: The colours of the course in the order of the style's cycle (Okabe and Ito's palette without the yellow).
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9")
#: Line styles in the same order: no two lines differ by colour alone.
LINE_STYLES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 3)), (0, (1, 1)))
#: Markers in the same order, for points.
MARKERS = ("o", "^", "s", "D", "v", "P", "X")

_STYLE = Path(__file__).with_name("course.mplstyle")
_CSS_PIXELS_PER_INCH = 96
_DPI = 144


def use_course_style() -> None:
    """Give all figures made from now on the look of the course."""
    plt.style.use(str(_STYLE))


def line(i: int) -> dict[str, Any]:
    """Colour and line style number ``i`` as keyword arguments of ``ax.plot``."""
    return {"color": COLOURS[i % len(COLOURS)], "linestyle": LINE_STYLES[i % len(LINE_STYLES)]}


def points(i: int) -> dict[str, Any]:
    """Colour and marker number ``i`` as keyword arguments of ``ax.scatter``."""
    return {"color": COLOURS[i % len(COLOURS)], "marker": MARKERS[i % len(MARKERS)]}


def show(fig: Figure, alt: str) -> None:
    """Display a figure as a picture with the alternative text ``alt``, then close it.

    Where there is no notebook, the text is printed. Raises ``ValueError`` when the text is empty: a figure without
    one says nothing to a reader who cannot see it.
    """
    if not alt.strip():
        raise ValueError("alt must say in words what the figure shows, got an empty text")
    page = figure_html(fig, alt)
    plt.close(fig)
    if _in_notebook():
        from IPython.display import display

        display({"text/html": page, "text/plain": alt}, raw=True)
    else:
        print(alt)


def figure_html(fig: Figure, alt: str) -> str:
    """The figure as an HTML ``<img>`` with the PNG inside it and the alternative text ``alt``."""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=_DPI, metadata={"Software": None})
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    width = round(fig.get_size_inches()[0] * _CSS_PIXELS_PER_INCH)
    return (
        f'<img src="data:image/png;base64,{data}" alt="{html.escape(alt, quote=True)}" '
        f'style="width:{width}px;max-width:100%;height:auto">'
    )


def plot_decision_boundary(
    ax: Axes,
    predict: Callable[[NDArray[np.float64]], NDArray[Any]],
    X: NDArray[Any],
    y: NDArray[Any],
    *,
    classes: Sequence[str] | None = None,
    margin: float = 0.1,
    resolution: int = 200,
) -> None:
    """Draw the examples (one colour and marker per class) over the regions that ``predict`` assigns to each class.

    ``X`` is ``(m, 2)``, ``y`` is ``(m,)`` integers from 0; ``predict`` maps ``(p, 2)`` to ``(p,)`` labels.
    ``margin`` is the share of the data's range that is added on each side.
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != 2:
        raise ValueError(f"X must have the shape (m, 2) to be drawn, got {X.shape}")
    low, high = X.min(axis=0), X.max(axis=0)
    pad = margin * np.where(high > low, high - low, 1.0)
    axes = [np.linspace(a, b, resolution) for a, b in zip(low - pad, high + pad, strict=True)]
    u, v = np.meshgrid(*axes)
    regions = np.asarray(predict(np.column_stack([u.ravel(), v.ravel()]))).reshape(u.shape)
    count = int(max(y.max(), regions.max())) + 1
    palette = ListedColormap([COLOURS[i % len(COLOURS)] for i in range(count)])
    levels = np.arange(count + 1) - 0.5
    ax.contourf(u, v, regions, levels=levels, cmap=palette, alpha=0.18)
    for label in range(count):
        if 0 < (regions == label).sum() < regions.size:
            ax.contour(u, v, regions == label, levels=[0.5], colors="#444444", linewidths=0.9, linestyles="solid")
        here = y == label
        name = classes[label] if classes is not None else f"class {label}"
        ax.scatter(
            X[here, 0], X[here, 1], s=18, alpha=0.85, linewidths=0.4, edgecolors="white", label=name, **points(label)
        )
    ax.grid(False)


def draw_contours(
    ax: Axes,
    height: Callable[[NDArray[np.float64], NDArray[np.float64]], Any],
    window: tuple[tuple[float, float], tuple[float, float]],
    *,
    levels: int = 14,
    resolution: int = 160,
) -> None:
    """Contours of ``height(x, y)`` over ``window`` (the range of x, then that of y); the lower, the darker.

    ``height`` takes two arrays of one shape. The levels bound equal shares of the window, so that flat parts and steep
    ones both show lines: their distance says nothing about the slope between two different pictures.
    """
    x, y = (np.linspace(low, high, resolution) for low, high in window)
    u, v = np.meshgrid(x, y)
    z = np.asarray(height(u, v), dtype=np.float64)
    cuts = np.unique(np.quantile(z, np.linspace(0, 1, levels + 1)))
    if len(cuts) > 1:
        shades = np.linspace(0.62, 0.97, len(cuts) - 1)
        ax.contourf(u, v, z, levels=cuts, colors=[str(shade) for shade in shades])
        ax.contour(u, v, z, levels=cuts[1:-1], colors="#8C8C8C", linewidths=0.6, linestyles="solid")
    ax.set(xlim=window[0], ylim=window[1])
    ax.grid(False)


def draw_path(
    ax: Axes, path: NDArray[Any], i: int = 0, *, label: str | None = None, upto: int | None = None, marks: int = 12
) -> None:
    """A path ``(n, 2)`` with colour, line style and marker number ``i``; a large marker shows where it stands.

    ``upto`` ends it after so many steps (a path that is shorter stands at its end); ``marks`` markers are spread
    evenly over the steps of the whole path, so that wide gaps mean a fast part.
    """
    walked = np.asarray(path)[: None if upto is None else upto + 1]
    every = max(1, (len(path) - 1) // marks)
    style = {**line(i), "marker": MARKERS[i % len(MARKERS)], "markeredgecolor": "white", "markeredgewidth": 0.5}
    ax.plot(*walked.T, **style, linewidth=1.6, markersize=5, markevery=every, label=label, zorder=4)
    ax.plot(*walked[-1], **{**points(i), "markeredgecolor": "white"}, markersize=10, zorder=6)


def plot_walks(
    paths: Mapping[str, NDArray[Any]],
    height: Callable[[NDArray[np.float64], NDArray[np.float64]], Any],
    window: tuple[tuple[float, float], tuple[float, float]],
    *,
    minima: Sequence[tuple[float, float]] = (),
    title: str = "",
    upto: int | None = None,
    levels: int = 14,
) -> Figure:
    """Walks of optimizers over the contours of ``height``, beside them the height after every step.

    Stars mark ``minima``, the square the first path's start. ``upto`` shows so many steps of each path: give it to a
    slider to watch them run.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(10.4, 4.4), width_ratios=(1.35, 1))
    draw_contours(left, height, window, levels=levels)
    lowest = min((float(height(*map(np.asarray, place))) for place in minima), default=0.0)
    for i, (name, path) in enumerate(paths.items()):
        draw_path(left, path, i, label=name, upto=upto)
        with np.errstate(all="ignore"):
            above = np.asarray(height(*np.asarray(path).T), dtype=np.float64) - lowest
        right.plot(np.where(above > 0, above, np.nan), **line(i), linewidth=1.6, alpha=1 if upto is None else 0.35)
        if upto is not None:
            here = min(upto, len(path) - 1)
            right.plot(here, above[here] if above[here] > 0 else np.nan, **points(i), markersize=8, zorder=5)
    for place in minima:
        left.plot(*place, "*", color="black", markersize=14, zorder=5)
    if paths:
        left.plot(*next(iter(paths.values()))[0], "s", color="black", markersize=7, zorder=5)
    if minima:
        right.set_yscale("log")
        first = float(height(*np.asarray(next(iter(paths.values())))[0])) - lowest if paths else 1.0
        bottom, top = right.get_ylim()
        right.set_ylim(max(bottom, 1e-12), min(top, 1e2 * max(first, 1e-9)))
    right.set(xlabel="step", ylabel="height above the minimum" if minima else "height")
    left.set(xlabel=r"$\theta_1$", ylabel=r"$\theta_2$")
    left.set_title("places" if upto is None else f"places up to step {upto}")
    right.set_title("heights")
    fig.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=min(5, max(1, len(paths))))
    if title:
        fig.suptitle(title, x=0.01, ha="left")
    return fig


def _in_notebook() -> bool:
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return hasattr(get_ipython(), "kernel")
