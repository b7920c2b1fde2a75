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
    more = {"description": text, "style": {"description_width": "initial"}}
    if isinstance(value, int) and isinstance(step, int):
        return ipywidgets.IntSlider(value=value, min=low, max=high, step=step, **more)
    # As many decimals as there are: 0.999 is not to be read as 1.00.
    digits = max(len(f"{number:.9g}".partition(".")[2]) for number in (value, low, high, step))
    return ipywidgets.FloatSlider(value=value, min=low, max=high, step=step, readout_format=f".{digits}f", **more)


def menu(text: str, options: list[str], value: str | None = None) -> ipywidgets.Widget:
    """A menu of names."""
    return ipywidgets.Dropdown(
        options=options, value=value or options[0], description=text, style={"description_width": "initial"}
    )
