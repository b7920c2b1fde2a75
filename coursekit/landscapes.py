"""Functions of two parameters to draw: a ravine, a saddle, Beale's function; and walks of an optimizer on them.

A place is kept the way a network's parameters are, ``{"theta": (2,)}``, so that the steps of the lessons work on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Params = dict[str, Floats]
#: One update: (params, grads, state) to (params, state). The state is whatever the optimizer remembers.
Step = Callable[[Params, Params, Any], tuple[Mapping[str, Any], Any]]


@dataclass(frozen=True)
class Landscape:
    """A function of two parameters with its gradient.

    ``height(x, y)`` and ``slopes(x, y)`` (the two partial derivatives) take numbers or arrays of one shape. ``start``
    is where walks begin unless they say otherwise, ``minima`` are the lowest places, ``window`` is the part worth
    drawing: the range of x, then that of y.
    """

    name: str
    height: Callable[[Any, Any], Any]
    slopes: Callable[[Any, Any], tuple[Any, Any]]
    start: tuple[float, float]
    minima: tuple[tuple[float, float], ...]
    window: tuple[tuple[float, float], tuple[float, float]]

    def at(self, place: tuple[float, float] | None = None) -> Params:
        """A place, or the start, as parameters: ``{"theta": [x, y]}``."""
        return {"theta": np.array(self.start if place is None else place, dtype=np.float64)}

    def cost(self, params: Mapping[str, Any]) -> float:
        """The height at ``params["theta"]``."""
        return float(self.height(*params["theta"]))

    def gradient(self, params: Mapping[str, Any]) -> Params:
        """The gradient at ``params["theta"]``, under the same key."""
        return {"theta": np.array(self.slopes(*params["theta"]), dtype=np.float64)}

    def distance(self, path: Floats) -> Floats:
        """How far each place of ``path`` ``(n, 2)`` is from the nearest minimum: ``(n,)``."""
        apart = np.linalg.norm(path[:, None] - np.array(self.minima)[None], axis=2)
        nearest: Floats = apart.min(axis=1)
        return nearest


def ravine(curvature: float = 30.0, angle: float = 0.0) -> Landscape:
    """The long valley ``½ u² + ½ curvature v²``; (u, v) is (x, y) turned by ``angle`` degrees, 0 puts it along x.

    With a curvature above 1 the slopes across are steeper than those along. It is the standard picture of a badly
    conditioned quadratic; see Boyd and Vandenberghe (2004), *Convex Optimization*, section 9.3.2.
    """
    c, s = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))

    def height(x: Any, y: Any) -> Any:
        u, v = c * x + s * y, c * y - s * x
        return 0.5 * (u**2 + curvature * v**2)

    def slopes(x: Any, y: Any) -> tuple[Any, Any]:
        u, v = c * x + s * y, curvature * (c * y - s * x)
        return c * u - s * v, s * u + c * v

    u, v = -4.0, 1.0
    name = f"a ravine, {curvature:g} times as steep across" + (f", turned by {angle:g}°" if angle else "")
    window = ((-5.0, 2.0), (-1.6, 1.6)) if angle == 0 else ((-5.0, 5.0), (-5.0, 5.0))
    return Landscape(name, height, slopes, (float(c * u - s * v), float(s * u + c * v)), ((0.0, 0.0),), window)


def saddle() -> Landscape:
    """``½ x² - ½ y² + ¼ y⁴``: a saddle at (0, 0) between two minima at (0, 1) and (0, -1).

    From Nesterov (2004), *Introductory Lectures on Convex Optimization*, example 1.2.2: gradient descent that starts on
    the line y = 0 ends on the saddle. Walks start at (1.5, 0.0001), a hair beside that line.
    """

    def height(x: Any, y: Any) -> Any:
        return 0.5 * x**2 - 0.5 * y**2 + 0.25 * y**4

    def slopes(x: Any, y: Any) -> tuple[Any, Any]:
        return x, y**3 - y

    return Landscape("a saddle", height, slopes, (1.5, 1e-4), ((0.0, 1.0), (0.0, -1.0)), ((-1.6, 1.8), (-1.6, 1.6)))


def beale() -> Landscape:
    """``(1.5 - x + xy)² + (2.25 - x + xy²)² + (2.625 - x + xy³)²``, with its minimum 0 at (3, 0.5).

    A curved valley that is nearly flat below and very steep at the corners. Due to E. M. L. Beale (1958); problem 5 of
    Moré, Garbow and Hillstrom (1981), "Testing unconstrained optimization software", who start at (1, 1).
    """

    def height(x: Any, y: Any) -> Any:
        return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2

    def slopes(x: Any, y: Any) -> tuple[Any, Any]:
        rests = (1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3)
        along_x = sum(2 * rest * (y**k - 1) for k, rest in enumerate(rests, start=1))
        along_y = sum(2 * rest * k * x * y ** (k - 1) for k, rest in enumerate(rests, start=1))
        return along_x, along_y

    return Landscape("Beale's function", height, slopes, (1.0, 1.0), ((3.0, 0.5),), ((-1.0, 4.5), (-2.0, 2.0)))


def walk(
    landscape: Landscape, step: Step, state: Any, steps: int, start: tuple[float, float] | None = None, far: float = 1e6
) -> Floats:
    """The places before and after each of ``steps`` updates by ``step``, ``(steps + 1, 2)``.

    ``state`` is what the optimizer starts with. A walk that gets further than ``far`` from the origin, or to a place
    that is no number, ends one update before.
    """
    params = landscape.at(start)
    path = [params["theta"]]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            moved, state = step(params, landscape.gradient(params), state)
            params = {"theta": np.array(moved["theta"], dtype=np.float64)}
            if not np.abs(params["theta"]).max() < far:
                break
            path.append(params["theta"])
    return np.array(path)
