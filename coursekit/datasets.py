"""The course's data sets. They lie in the folder ``data``; its README says where each one comes from."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FASHION_NAMES = (
    "T-shirt",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)


@dataclass(frozen=True)
class Fashion:
    """Fashion-MNIST, balanced: pictures as rows of 784 pixels in [0, 1], labels 0 ... 9."""

    X_train: Floats
    y_train: Ints
    X_dev: Floats
    y_dev: Ints
    X_test: Floats
    y_test: Ints
    names: tuple[str, ...] = FASHION_NAMES


@dataclass(frozen=True)
class Table:
    """One table of numbers: ``X`` is ``(m, n)``, ``y`` is ``(m,)``, with the names of columns and classes."""

    X: Floats
    y: Ints
    features: tuple[str, ...]
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Parts:
    """A table in three parts, ``X`` ``(m, n)`` and ``y`` ``(m,)``, with the names of columns and classes."""

    X_train: Floats
    y_train: Ints
    X_dev: Floats
    y_dev: Ints
    X_test: Floats
    y_test: Ints
    features: tuple[str, ...]
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Weather:
    """Daily weather 2012 to 2015, 1,461 days without gaps; temperatures in °C, rain in mm, wind in m/s."""

    dates: NDArray[np.datetime64]
    mean_temperature: Floats
    max_temperature: Floats
    min_temperature: Floats
    precipitation: Floats
    wind: Floats


def load_fashion() -> Fashion:
    """4,000 training, 1,000 dev and 1,000 test pictures of clothes (Zalando, MIT licence)."""
    train, rest = np.load(_find("fashion_train.npz")), np.load(_find("fashion_eval.npz"))
    return Fashion(
        _pixels(train["X"]),
        train["y"].astype(np.int64),
        _pixels(rest["X_dev"]),
        rest["y_dev"].astype(np.int64),
        _pixels(rest["X_test"]),
        rest["y_test"].astype(np.int64),
    )


def load_wine() -> Table:
    """178 Italian wines of three grapes, 13 measurements of very different scale (UCI 109)."""
    return _table("wine.csv", ("Barolo", "Grignolino", "Barbera"))


def load_breast_cancer() -> Table:
    """569 tumours, 30 measurements, malignant (0) or benign (1) (UCI 17)."""
    return _table("breast_cancer.csv", ("malignant", "benign"))


def load_cells() -> Parts:
    """Two measurements of cells from a microscope, two overlapping classes, in its published split.

    1,009 to train, 300 dev, 710 test.
    """
    train, dev, test = (_table(f"cells2d_{part}.csv", ("class 0", "class 1")) for part in ("train", "val", "test"))
    return Parts(train.X, train.y, dev.X, dev.y, test.X, test.y, ("A", "B"), train.classes)


def load_digits() -> Table:
    """1,797 handwritten digits of 8 × 8 pixels as rows of 64 raw values 0 ... 16 (UCI 80)."""
    data = np.load(_find("digits8x8.npz"))
    features = tuple(f"row {i}, column {j}" for i in range(8) for j in range(8))
    X = data["X"].reshape(len(data["X"]), -1).astype(np.float64)
    return Table(X, data["y"].astype(np.int64), features, tuple("0123456789"))


def load_weather(city: str) -> Weather:
    """The weather of ``"seattle"`` or ``"new_york"``. The mean temperature is (max + min) / 2."""
    if city not in ("seattle", "new_york"):
        raise ValueError(f"city must be 'seattle' or 'new_york', got {city!r}")
    columns = _columns(f"weather_{city}.csv")
    rain, high, low, wind = (
        np.array(columns[name], dtype=np.float64)
        for name in ("precipitation_mm", "temp_max_c", "temp_min_c", "wind_ms")
    )
    return Weather(np.array(columns["date"], dtype="datetime64[D]"), (high + low) / 2, high, low, rain, wind)


def load_churn() -> dict[str, NDArray[Any]]:
    """The raw columns of a fictional telephone company's 7,043 customers, by name.

    Numbers are float64 (``TotalCharges`` is nan for the 11 customers where the table is blank), everything else is
    text; ``Churn`` is ``"Yes"`` or ``"No"``.
    """
    numeric = ("SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges")
    return {
        name: np.array([float(v) if v.strip() else np.nan for v in values]) if name in numeric else np.array(values)
        for name, values in _columns("telco_churn.csv").items()
    }


def load_churn_parts(*, standardized: bool = True) -> Parts:
    """The churn table as numbers, in three parts of 60, 20 and 20 % with the same share of leavers; always the same.

    7,032 customers (11 without total charges are left out); ``y`` is 1 for those who left. Columns with two values
    become one column of 0 and 1, those with more become one per value. ``standardized``: every column has mean 0 and
    standard deviation 1 on the training part.
    """
    raw = load_churn()
    kept = np.isfinite(raw["TotalCharges"])
    columns: dict[str, NDArray[Any]] = {}
    for name, values in raw.items():
        options = np.unique(values[kept])
        if values.dtype.kind == "f":
            columns[name] = values[kept]
        elif len(options) == 2:
            columns[f"{name}: {options[1]}"] = values[kept] == options[1]
        else:
            columns |= {f"{name}: {option}": values[kept] == option for option in options}
    y = columns.pop("Churn: Yes").astype(np.int64)
    X = np.column_stack(list(columns.values())).astype(np.float64)
    rng = np.random.default_rng(0)
    parts: list[list[Ints]] = [[], [], []]
    for label in (0, 1):
        rows = rng.permutation(np.flatnonzero(y == label))
        cuts = [round(0.6 * len(rows)), round(0.8 * len(rows))]
        for part, chosen in zip(parts, np.split(rows, cuts), strict=True):
            part.append(chosen)
    train, dev, test = (rng.permutation(np.concatenate(part)) for part in parts)
    if standardized:
        X = (X - X[train].mean(axis=0)) / X[train].std(axis=0)
    return Parts(X[train], y[train], X[dev], y[dev], X[test], y[test], tuple(columns), ("stays", "leaves"))


def make_circles(m: int, rng: np.random.Generator, noise: float = 0.1) -> tuple[Floats, Ints]:
    """Two rings around the origin, radii 1 (class 0) and 1/2 (class 1); ``noise`` is a standard deviation."""
    y = _alternating(m, 2)
    angle = rng.uniform(0, 2 * np.pi, m)
    radius = np.where(y == 0, 1.0, 0.5)
    X = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return X + rng.normal(0, noise, (m, 2)), y


def make_moons(m: int, rng: np.random.Generator, noise: float = 0.2) -> tuple[Floats, Ints]:
    """Two half circles that reach into each other; ``noise`` is a standard deviation."""
    y = _alternating(m, 2)
    t = rng.uniform(0, np.pi, m)
    upper, lower = np.column_stack([np.cos(t), np.sin(t)]), np.column_stack([1 - np.cos(t), 0.5 - np.sin(t)])
    X = np.where((y == 0)[:, np.newaxis], upper, lower)
    return X + rng.normal(0, noise, (m, 2)), y


def make_spirals(m: int, arms: int, rng: np.random.Generator, noise: float = 0.2) -> tuple[Floats, Ints]:
    """``arms`` spirals that wind around the origin; ``noise`` is a standard deviation of the angle, in radians."""
    y = _alternating(m, arms)
    r = rng.uniform(0.05, 1, m)
    t = 4 * r + 2 * np.pi * y / arms + rng.normal(0, noise, m)
    return np.column_stack([r * np.sin(t), r * np.cos(t)]), y


def _alternating(m: int, classes: int) -> Ints:
    """Labels 0, 1, ..., 0, 1, ...: as balanced as m allows, in any leading part too."""
    if m < 1 or classes < 1:
        raise ValueError(f"there must be at least one example and one class, got {m} and {classes}")
    return np.arange(m, dtype=np.int64) % classes


def _pixels(images: NDArray[np.uint8]) -> Floats:
    return images.reshape(len(images), -1) / np.float64(255)


def _table(name: str, classes: tuple[str, ...]) -> Table:
    columns = _columns(name)
    features = tuple(c for c in columns if c != "class")
    X = np.column_stack([np.array(columns[c], dtype=np.float64) for c in features])
    return Table(X, np.array(columns["class"], dtype=np.int64), features, classes)


def _columns(name: str) -> dict[str, list[str]]:
    with _find(name).open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return {title: [row[i] for row in rows[1:]] for i, title in enumerate(rows[0])}


def _find(name: str) -> Path:
    """The file in the folder that ``COURSEKIT_DATA`` names, if it names one; else in ``data`` beside the package, or
    in a ``data`` folder at or above the current folder.
    """
    here, named = Path.cwd(), os.environ.get("COURSEKIT_DATA")
    beside = [Path(__file__).resolve().parent.parent / "data", *(folder / "data" for folder in (here, *here.parents))]
    folders = [Path(named)] if named else beside
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(
        f"the data file {name} was not found. Start Jupyter inside the course's folder, where the folder data lies, "
        f"or copy data/{name} from the course into {here / 'data'}."
    )
