"""Named stand-ins: generators and callables that cases hand to a student's function, rebuilt from plain parameters.

A stand-in holds no answer. Where it matters which examples a callable was given, it betrays them in what it *returns*.
Each factory below is registered under the name that ``StandIn(name, params)`` uses.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from .codec import StandIn

_FACTORIES: dict[str, Callable[..., Any]] = {}


def _standin(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(factory: Callable[..., Any]) -> Callable[..., Any]:
        _FACTORIES[name] = factory
        return factory

    return register


def build(standin: StandIn) -> Any:
    """Build the object a stand-in stands for. ``ValueError`` when its name is unknown."""
    factory = _FACTORIES.get(standin.name)
    if factory is None:
        raise ValueError(f"no stand-in is called {standin.name!r}; known: {', '.join(sorted(_FACTORIES))}")
    return factory(**standin.params)


def describe(standin: StandIn) -> str:
    """How a stand-in is written in the sentence that shows a call to a student."""
    if standin.name == "rng":
        return f"np.random.default_rng({standin.params['seed']})"
    if standin.name == "ones":
        return f"np.ones({tuple(standin.params['shape'])})"
    if "part" in standin.params:
        return str(standin.params["part"])
    inner = ", ".join(f"{k}={v!r}" for k, v in standin.params.items() if np.ndim(v) == 0)
    return f"{standin.name}({inner})" if inner else standin.name


@_standin("rng")
def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@_standin("ones")
def _ones(shape: list[int]) -> Any:
    """An array of ones, so that a large one is neither stored nor shown entry by entry."""
    return np.ones(tuple(shape))


@_standin("polynomial")
def _polynomial(coefficients: list[float]) -> Callable[[Any], Any]:
    """``c[0] + c[1] x + c[2] x² + …``."""

    def polynomial(x: Any) -> Any:
        total = 0.0
        for c in reversed(coefficients):
            total = total * x + c
        return total

    return polynomial


@_standin("scaled_tanh")
def _scaled_tanh(gain: float = 1.0) -> Callable[[Any], Any]:
    def scaled_tanh(z: Any) -> Any:
        return gain * np.tanh(z)

    return scaled_tanh


@_standin("logistic")
def _logistic(slope: float = 1.0) -> Callable[[Any], Any]:
    """``1 / (1 + e^(-slope z))``, written so that it does not overflow."""

    def logistic(z: Any) -> Any:
        return 0.5 * (1 + np.tanh(slope * z / 2))

    return logistic


@_standin("clipped")
def _clipped(low: float, high: float) -> Callable[[Any], Any]:
    """The identity between two bounds."""

    def clipped(z: Any) -> Any:
        return np.clip(z, low, high)

    return clipped


@_standin("affine")
def _affine(slope: float, shift: float) -> Callable[[Any], Any]:
    """``slope z + shift``: it shows how often it was applied."""

    def affine(z: Any) -> Any:
        return slope * z + shift

    return affine


# --- gradient checking: functions of a number, costs of a dict of parameters, arrays in another memory order ----------


@_standin("sine")
def _sine(amplitude: float = 1.0, rate: float = 1.0) -> Callable[[Any], Any]:
    def sine(x: Any) -> Any:
        return amplitude * np.sin(rate * x)

    return sine


@_standin("exponential")
def _exponential(scale: float = 1.0, rate: float = 1.0) -> Callable[[Any], Any]:
    def exponential(x: Any) -> Any:
        return scale * np.exp(rate * x)

    return exponential


@_standin("fortran_ordered")
def _fortran_ordered(array: Any) -> Any:
    """The same array, its columns one after the other in memory."""
    return np.asfortranarray(array)


def _arrays_like(params: Any, coefficients: dict[str, Any], who: str = "the cost") -> dict[str, Any]:
    """The arrays that a function was called with; ``ValueError`` unless they have the keys and shapes that it needs."""
    for key, coefficient in coefficients.items():
        if key not in params:
            raise ValueError(f"{who} was called without {key!r}; it needs every array of params")
        if np.shape(params[key]) != np.shape(coefficient):
            raise ValueError(
                f"{who} was called with {key!r} of shape {np.shape(params[key])}; "
                f"it needs the shape {np.shape(coefficient)}"
            )
    return {key: np.asarray(params[key]) for key in coefficients}


@_standin("quadratic_cost")
def _quadratic_cost(curvature: dict[str, Any], slope: dict[str, Any]) -> Callable[[Any], float]:
    """``sum(½ c θ² + s θ)`` over all entries."""

    def quadratic_cost(params: Any) -> float:
        arrays = _arrays_like(params, curvature)
        return float(sum((curvature[k] * p**2 / 2 + slope[k] * p).sum() for k, p in arrays.items()))

    return quadratic_cost


@_standin("cubic_cost")
def _cubic_cost(coefficients: dict[str, Any]) -> Callable[[Any], float]:
    """``sum(c θ³)`` over all entries: its two-sided differences show which eps they were made with."""

    def cubic_cost(params: Any) -> float:
        arrays = _arrays_like(params, coefficients)
        return float(sum((coefficients[k] * p**3).sum() for k, p in arrays.items()))

    return cubic_cost


@_standin("mixing_cost")
def _mixing_cost(weights: dict[str, Any]) -> Callable[[Any], float]:
    """``sin(sum(w θ)) + sum(w θ³)``: every entry's slope depends on all the others."""

    def mixing_cost(params: Any) -> float:
        arrays = _arrays_like(params, weights)
        total = sum((weights[k] * p).sum() for k, p in arrays.items())
        return float(np.sin(total) + sum((weights[k] * p**3).sum() for k, p in arrays.items()))

    return mixing_cost


# --- momentum: gradients of those costs, which betray in every entry where they were taken ----------------------------


def _listed(grads: dict[str, Any], turned: bool) -> dict[str, Any]:
    """The same gradients, from the last key to the first if ``turned``."""
    return {key: grads[key] for key in reversed(grads)} if turned else grads


@_standin("quadratic_gradient")
def _quadratic_gradient(
    curvature: dict[str, Any], slope: dict[str, Any], turned: bool = False
) -> Callable[[Any], dict[str, Any]]:
    """``c θ + s`` for every entry, the gradient of ``quadratic_cost``."""

    def quadratic_gradient(params: Any) -> dict[str, Any]:
        arrays = _arrays_like(params, curvature, "gradient")
        return _listed({k: curvature[k] * p + slope[k] for k, p in arrays.items()}, turned)

    return quadratic_gradient


@_standin("mixing_gradient")
def _mixing_gradient(weights: dict[str, Any], turned: bool = False) -> Callable[[Any], dict[str, Any]]:
    """``w cos(sum(w θ)) + 3 w θ²``, the gradient of ``mixing_cost``: every entry depends on all the others."""

    def mixing_gradient(params: Any) -> dict[str, Any]:
        arrays = _arrays_like(params, weights, "gradient")
        total = sum((weights[k] * p).sum() for k, p in arrays.items())
        return _listed({k: weights[k] * (np.cos(total) + 3 * p**2) for k, p in arrays.items()}, turned)

    return mixing_gradient


@_standin("linear_cost")
def _linear_cost(slopes: dict[str, Any]) -> Callable[[Any], float]:
    """``sum(s θ)`` over all entries."""

    def linear_cost(params: Any) -> float:
        return float(sum((slopes[k] * p).sum() for k, p in _arrays_like(params, slopes).items()))

    return linear_cost


@_standin("constant_cost")
def _constant_cost(value: float) -> Callable[[Any], float]:
    """The same number for all parameters; it may be nan."""

    def constant_cost(params: Any) -> float:
        return value

    return constant_cost


# --- fits: ``fit(X, y)`` returns ``predict(X)``; what it predicts tells which examples it was given -------------------

_Fit = Callable[[Any, Any], Callable[[Any], Any]]


def _examples(X: Any, y: Any) -> tuple[Any, Any]:
    """What a fit was called with, as arrays; ``ValueError`` unless there is a label for every row, and a row at all."""
    X, y = np.asarray(X), np.asarray(y)
    if y.ndim != 1 or not X.ndim or len(X) != len(y):
        raise ValueError(f"fit was called with X of shape {X.shape} and y of shape {y.shape}; it needs a label per row")
    if not len(X):
        raise ValueError("fit was called without any example")
    return X, y


@_standin("majority_fit")
def _majority_fit() -> _Fit:
    """It predicts the most frequent label of its examples, the smallest of several, for every row."""

    def majority_fit(X: Any, y: Any) -> Callable[[Any], Any]:
        _, y = _examples(X, y)
        labels, counts = np.unique(y, return_counts=True)
        winner = labels[counts.argmax()]
        return lambda X: np.full(len(X), winner)

    return majority_fit


@_standin("nearest_fit")
def _nearest_fit() -> _Fit:
    """It predicts the label of the nearest of its examples: no error on what it was given."""

    def nearest_fit(X: Any, y: Any) -> Callable[[Any], Any]:
        X, y = _examples(np.array(X, dtype=np.float64), np.array(y))

        def predict(rows: Any) -> Any:
            distances = ((np.asarray(rows, dtype=np.float64)[:, np.newaxis] - X) ** 2).sum(axis=2)
            return y[distances.argmin(axis=1)]

        return predict

    return nearest_fit


@_standin("telltale_fit")
def _telltale_fit(labels: list[int]) -> _Fit:
    """Its predictions look random; they depend on every example it was given, in whatever order, and on the row."""

    def mark(*numbers: Any) -> int:
        return zlib.crc32(b"".join((np.asarray(n, dtype="<f8") + 0.0).tobytes() for n in numbers))

    def telltale_fit(X: Any, y: Any) -> Callable[[Any], Any]:
        X, y = _examples(X, y)
        seen = sum(mark(row, label) for row, label in zip(X, y, strict=True)) % 2**32
        return lambda rows: np.array([labels[mark(row, seen) % len(labels)] for row in rows], dtype=np.int64)

    return telltale_fit


# --- mini-batches: gradients that betray which rows they were given, a step that betrays how often it was made --------


def _rows(X: Any, y: Any) -> tuple[Any, Any]:
    """A batch as rows of numbers (m, n) and labels (m,); ``ValueError`` when they do not go together."""
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim < 2 or y.ndim != 1 or len(X) != len(y):
        raise ValueError(f"gradients was called with X of shape {X.shape} and y of shape {y.shape}")
    return X.reshape(len(X), math.prod(X.shape[1:])).astype(np.float64), y


def _within_memory(X: Any, limit: int | None) -> None:
    if limit is not None and len(X) > limit:
        raise MemoryError(f"gradients was given {len(X)} rows at once, and no more than {limit} fit in memory")


@_standin("counting_gradients")
def _counting_gradients(rows: int) -> Callable[[Any, Any, Any], tuple[float, dict[str, Any]]]:
    """A loss whose digits tell the rows and the number of updates before it.

    Each row holds ``4**i`` first and its label second. The loss is their sum plus ``4**rows`` times
    ``params["updates"]``, and it is negative where a label is not its row's own. The gradient of ``"trace"`` is the
    loss over ``4**rows``; those of the other arrays are zero.
    """

    def gradients(params: Any, X: Any, y: Any) -> tuple[float, dict[str, Any]]:
        flat, labels = _rows(X, y)
        loss = float(flat[:, 0].sum() + 4.0**rows * np.asarray(params["updates"]).ravel()[0])
        loss = loss if np.array_equal(flat[:, 1], labels) else -1 - loss
        grads = {key: np.zeros(np.shape(value)) for key, value in params.items()}
        grads["trace"] = grads["trace"] + loss / 4.0**rows
        return loss, grads

    return gradients


@_standin("counting_step")
def _counting_step(keep: float = 0.5) -> Callable[[Any, Any], dict[str, Any]]:
    """Adds 1 to ``params["updates"]``; of ``"trace"`` it keeps a share and adds the gradient."""

    def step(params: Any, grads: Any) -> dict[str, Any]:
        new = dict(params)
        new["updates"] = np.asarray(params["updates"]) + 1
        new["trace"] = keep * np.asarray(params["trace"]) + np.asarray(grads["trace"])
        return new

    return step


@_standin("rowwise_gradients")
def _rowwise_gradients(
    u: Any, v: Any, limit: int | None = None, turned: bool = False
) -> Callable[[Any, Any, Any], tuple[float, dict[str, Any]]]:
    """Means over the rows x with label y: the loss of ``½ (y - v·x)²``, for every θ the gradient ``u·x θ + y v·x``.

    More than ``limit`` rows at once are a ``MemoryError``. ``turned`` lists the gradients from the last key to the
    first.
    """

    def gradients(params: Any, X: Any, y: Any) -> tuple[float, dict[str, Any]]:
        _within_memory(X, limit)
        flat, labels = _rows(X, y)
        if not len(flat):
            raise ValueError("gradients was given no rows at all")
        along, across = flat @ np.asarray(u), flat @ np.asarray(v)
        keys = list(params)[::-1] if turned else list(params)
        grads = {k: along.mean() * np.asarray(params[k]) + (labels * across).mean() for k in keys}
        return float(np.mean((labels - across) ** 2) / 2), grads

    return gradients


@_standin("plain_step")
def _plain_step(rate: float) -> Callable[[Any, Any], dict[str, Any]]:
    """Every array goes on by ``rate`` against its gradient."""

    def step(params: Any, grads: Any) -> dict[str, Any]:
        return {key: np.asarray(value) - rate * np.asarray(grads[key]) for key, value in params.items()}

    return step


# --- diagnostics: a training run whose losses are known beforehand ----------------------------------------------------


@_standin("training_run")
def _training_run(losses: list[float], limit: int | None = None, boxed: bool = False) -> dict[str, Callable[[], Any]]:
    """``train_step`` and ``evaluate`` of one run; ``losses[n]`` is the loss after n updates, the last one for ever.

    However often ``evaluate`` is asked, it tells how many updates were made, and nothing else. ``train_step`` returns
    the loss from *before* its update, as trainers do. More than ``limit`` updates are a ``RuntimeError``. ``boxed``
    losses are 0-d arrays.
    """
    made = 0

    def loss() -> Any:
        value = float(losses[min(made, len(losses) - 1)])
        return np.array(value) if boxed else value

    def train_step() -> Any:
        nonlocal made
        if limit is not None and made >= limit:
            raise RuntimeError(f"train_step was called more than {limit} times, and there are only max_steps updates")
        before = loss()
        made += 1
        return before

    return {"train_step": train_step, "evaluate": loss}


# --- tuning: an objective, a sampler, and models whose accuracy tells what they were trained on -----------------------

_Config = dict[str, Any]


def _told(value: Any) -> Any:
    """A setting as plain values, equal for equal settings: numbers as floats, sequences as lists."""
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_told(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    return float(f"{value:.9g}") if isinstance(value, int | float) else str(value)


def _config_of(config: Any, names: list[str], who: str) -> _Config:
    """The config; ``TypeError`` or ``ValueError`` unless it is a dict with these names."""
    if not isinstance(config, dict):
        raise TypeError(f"{who} was called with an object of type {type(config).__name__}; it needs a dict")
    if set(config) != set(names):
        raise ValueError(f"{who} was called with the names {sorted(map(str, config))}; it needs {sorted(names)}")
    return config


@_standin("telling_objective")
def _telling_objective(
    names: list[str], offset: float = 0.0, levels: int = 0, nan_calls: tuple[int, ...] = (), drift: float = 0.0
) -> Callable[[Any], float]:
    """A score between ``offset`` and ``offset + 1`` that depends on every setting, the same for the same config.

    With ``levels`` there are only so many different scores. Calls whose numbers are in ``nan_calls`` give nan;
    ``drift`` is added for every call before. A dict that comes twice is a ``ValueError``.
    """
    given: list[Any] = []

    def objective(config: Any) -> float:
        told = [(name, _told(value)) for name, value in sorted(_config_of(config, names, "objective").items())]
        if any(config is earlier for earlier in given):
            raise ValueError("objective was called with a dict that it was given before: every config is a new dict")
        given.append(config)
        mark = zlib.crc32(repr(told).encode()) / 2**32
        if len(given) - 1 in nan_calls:
            return math.nan
        return offset + (math.floor(mark * levels) / levels if levels else mark) + drift * (len(given) - 1)

    return objective


@_standin("drawing_sampler")
def _drawing_sampler(
    numbers: tuple[str, ...] = (), wholes: tuple[str, ...] = (), below: int = 1000
) -> Callable[[Any], _Config]:
    """Draws a config from the generator: ``numbers`` are normal, ``wholes`` integers from 0 up to ``below``."""

    def sampler(rng: Any) -> _Config:
        if not isinstance(rng, np.random.Generator):
            raise TypeError(f"sampler was called with an object of type {type(rng).__name__}; it needs the generator")
        config: _Config = {name: float(rng.standard_normal()) for name in numbers}
        return config | {name: int(rng.integers(below)) for name in wholes}


# --- searches: scores that betray the config and the budget, a sampler whose configs can be told from others ----------


def mark_of(*parts: Any) -> int:
    """A number that looks random and depends on everything in a config: a number, a text, an array, a tuple, a dict."""

    def written(part: Any) -> bytes:
        if isinstance(part, dict):
            return b"".join(str(key).encode() + written(part[key]) for key in sorted(part))
        if isinstance(part, list | tuple):
            return b"(" + b"".join(map(written, part)) + b")"
        return part.encode() if isinstance(part, str) else (np.asarray(part, dtype="<f8") + 0.0).tobytes()

    return zlib.crc32(b"".join(map(written, parts)))


@_standin("learning_curves")
def _learning_curves(
    bend: float = 1.0, levels: int = 0, nan_every: int = 0, nan_from: float = 0.0, calls: int | None = None
) -> Callable[[Any, Any], float]:
    """``evaluate(config, budget)``: each config has a curve of its own, so that a score tells config and budget.

    Curves rise or fall by up to ``bend`` and cross. With ``levels`` there are no more than so many scores, the same at
    every budget. One config in ``nan_every`` has no score but nan at budgets from ``nan_from`` up. With ``calls``, more
    of them are a ``RuntimeError``, and so is the same config at the same budget again.
    """
    asked: set[tuple[int, float]] = set()

    def evaluate(config: Any, budget: Any) -> float:
        mark, budget = mark_of(config), float(budget)
        if not budget > 0:
            raise ValueError(f"evaluate was called with the budget {budget:g}; it must be above 0")
        if calls is not None:
            if (mark, budget) in asked:
                raise RuntimeError(f"evaluate was called twice for the same config at the budget {budget:g}")
            asked.add((mark, budget))
            if len(asked) > calls:
                raise RuntimeError(f"evaluate was called more than {calls} times, and there is no budget left")
        if nan_every and mark % nan_every == 0 and budget >= nan_from:
            return math.nan
        height, slope = (mark >> 16) / 2**16, (mark & 0xFFFF) / 2**16 - 0.5
        if levels:
            return math.floor(height * levels) / levels
        return float(height + bend * slope / (1 + budget))

    return evaluate


@_standin("marked_sampler")
def _marked_sampler(form: str = "dict") -> Callable[[np.random.Generator], Any]:
    """``sampler(rng)``: a config with a rate from 0 to 1 and a mark that belongs to it (see ``is_marked``)."""

    def sampler(rng: np.random.Generator) -> Any:
        rate = float(rng.random())
        return (rate, mark_of(rate)) if form == "tuple" else {"rate": rate, "mark": mark_of(rate)}

    return sampler


def _exam(X: Any, y: Any, easy: dict[int, Any]) -> Callable[[Any], Any]:
    """What ``exam_fit`` says of it; ``easy`` holds a list for every number of examples that it may be given."""
    X, y = _examples(X, y)
    X = X.reshape(len(X), -1).astype(np.float64)
    numbers = np.rint(X[:, 0]).astype(np.int64)
    seen = set(numbers.tolist())

    def is_right(number: int) -> bool:
        if not np.array_equal(X[:, 1], y):
            return number % 8 == 0
        if len(y) not in easy or len(seen) < len(y):
            return number % 8 != 7 if number in seen else number % 4 == 0
        return number in seen or bool(easy[len(y)][number])

    def predict(rows: Any) -> Any:
        rows = np.asarray(rows)
        rows = rows.reshape(len(rows), -1).astype(np.float64)
        right = np.array([is_right(round(number)) for number in rows[:, 0]], dtype=bool)
        return (rows[:, 1] + np.where(right, 0, 1)).astype(np.int64)

    return predict


@_standin("exam_fit")
def _exam_fit(easy: list[int], sizes: list[int]) -> _Fit:
    """Each row holds its number first and its label second. Right are the rows it was given, and the easy ones.

    ``easy`` has a 1 for every easy row. When it was given another number of examples than those in ``sizes``, or one
    twice, only every fourth is easy, and every eighth of those it was given is wrong. When it was given labels that
    are not the rows', only every eighth is right.
    """
    return lambda X, y: _exam(X, y, dict.fromkeys(sizes, easy))


@_standin("exam_fit_with")
def _exam_fit_with(
    name: str, inner: dict[str, Any], outer: dict[str, Any], inner_sizes: list[int], outer_sizes: list[int]
) -> Callable[[Any], _Fit]:
    """Gives an ``exam_fit`` for a config. Which rows are easy depends on its setting ``name``.

    It is ``inner[setting]`` for as many examples as ``inner_sizes`` say, and ``outer[setting]`` for ``outer_sizes``.
    """

    def fit_with(config: Any) -> _Fit:
        if not isinstance(config, dict) or name not in config:
            raise ValueError("fit_with was called with something that is none of the configs")
        setting = str(config[name])
        easy = dict.fromkeys(inner_sizes, inner[setting]) | dict.fromkeys(outer_sizes, outer[setting])
        return lambda X, y: _exam(X, y, easy)

    return fit_with


def is_marked(config: Any) -> bool:
    """Whether a config is one of ``marked_sampler``."""
    if isinstance(config, dict):
        config = (config.get("rate"), config.get("mark"))
    if not isinstance(config, tuple) or len(config) != 2 or not isinstance(config[0], float):
        return False
    return bool(config[1] == mark_of(config[0]))


@_standin("hills")
def _hills(
    tops: Any, heights: list[float], width: float, floor: float = 0.0, nan_at: Any = (), calls: int | None = None
) -> Callable[[Any], float]:
    """``objective(config)`` of a row: hills over a floor; nan at the rows ``nan_at``.

    With ``calls``, more of them are a ``RuntimeError``, and so is the same row again.
    """
    tops, holes = np.asarray(tops, dtype=np.float64), [np.asarray(hole, dtype=np.float64) for hole in nan_at]
    asked: set[bytes] = set()

    def objective(config: Any) -> float:
        row = np.asarray(config, dtype=np.float64)
        if row.shape != tops.shape[1:]:
            raise ValueError(f"objective was called with the shape {row.shape}; a config has {tops.shape[1:]}")
        if calls is not None:
            if row.tobytes() in asked:
                raise RuntimeError("objective was called twice for the same row")
            asked.add(row.tobytes())
            if len(asked) > calls:
                raise RuntimeError(f"objective was called more than {calls} times: all evaluations count as trials")
        if any(np.array_equal(row, hole) for hole in holes):
            return math.nan
        hills = np.asarray(heights) * np.exp(-((tops - row) ** 2).sum(axis=1) / (2 * width**2))
        return float(floor + hills.sum())

    return objective
