"""The widget around a pure plot function: sliders and menus that draw the figure anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets
from matplotlib.figure import Figure

from .plots import show


def explore(plot: Callable[..., Figure], alt: Callable[..., str], **controls: ipywidgets.Widget) -> ipywidgets.Widget:
    """Controls above the figure ``plot(**values)``, drawn anew whenever one of them is let go.

    ``alt(**values)`` says in words what the figure shows for these values. A value that ``plot`` refuses is
    answered by the error's text below the controls.
    """

    def draw(**values: Any) -> None:
        show(plot(**values), alt=alt(**values))

    for control in controls.values():
        if hasattr(control, "continuous_update"):
            control.continuous_update = False
    return ipywidgets.VBox([ipywidgets.HBox(list(controls.values())), ipywidgets.interactive_output(draw, controls)])


def slider(text: str, value: float, low: float, high: float, step: float) -> ipywidgets.Widget:
    """A slider with room for its name; whole numbers when value and step are integers."""
    whole = isinstance(value, int) and isinstance(step, int)
    kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    return kind(value=value, min=low, max=high, step=step, description=text, style={"description_width": "initial"})


def menu(text: str, options: list[str], value: str | None = None) -> ipywidgets.Widget:
    """A menu of names."""
    return ipywidgets.Dropdown(
        options=options, value=value or options[0], description=text, style={"description_width": "initial"}
    )
