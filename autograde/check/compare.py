"""Where an actual value first differs from the expected one, by the rules of the course's contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .codec import Opaque

FLOAT32_RTOL = 1e-3
FLOAT32_ATOL = 1e-5


@dataclass(frozen=True)
class Difference:
    """The first difference: its kind (``wrong_type``, ``wrong_shape``, ``nan``, ``wrong_value``), place and words."""

    kind: str
    path: str
    message: str


def compare(
    expected: Any,
    actual: Any,
    *,
    rtol: float = 1e-6,
    atol: float = 1e-8,
    sequences: tuple[str, ...] = (),
    path: str = "",
) -> Difference | None:
    """Compare two plain values; None when they agree.

    Numbers, NumPy scalars and 0-d arrays are interchangeable; dtypes of arrays are not compared; an expected int
    needs an integer and an expected bool a bool; a list stands for an array only at the paths in ``sequences``.
    """
    options: dict[str, Any] = {"rtol": rtol, "atol": atol, "sequences": sequences}
    if isinstance(expected, dict):
        return _compare_dicts(expected, actual, path, options)
    if path in sequences:
        return _compare_sequences(expected, actual, path, options)
    if isinstance(expected, list | tuple):
        return _compare_items(expected, actual, path, options)
    if isinstance(expected, np.ndarray) and expected.ndim:
        return _compare_arrays(expected, actual, path, rtol, atol)
    # Two of a student's own values are compared too, and they may be long lists: agreement has to be told fast.
    if type(expected) is int and type(actual) is int and expected == actual:
        return None
    if type(expected) is float and type(actual) is float and abs(expected - actual) <= atol + rtol * abs(expected):
        return None
    if isinstance(expected, np.ndarray | np.generic | bool | int | float | complex):
        return _compare_numbers(np.asarray(expected)[()], actual, path, rtol, atol)
    if type(expected) is not type(actual):
        return _wrong_type(path, "None" if expected is None else f"a {type(expected).__name__}", actual)
    if expected != actual:
        return Difference("wrong_value", path, f"{_it(path)} is {actual!r:.60}, expected {expected!r:.60}")
    return None


def is_single(value: Any) -> bool:
    """Whether a value holds float32 numbers, which are compared to 1e-3."""
    if isinstance(value, np.ndarray | np.generic):
        return bool(value.dtype == np.float32)
    if isinstance(value, dict):
        return any(map(is_single, value.values()))
    return isinstance(value, list | tuple) and any(map(is_single, value))


def kind_of(value: Any) -> str:
    """A value's kind in the student's words: ``a list``, ``an array of shape (3, 2)``, ``None``."""
    if value is None:
        return "None"
    if isinstance(value, Opaque):
        return f"an object of type {value.type_name}"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    if isinstance(value, bool | np.bool_) or (isinstance(value, np.ndarray) and value.dtype.kind == "b"):
        return "a bool"
    if isinstance(value, int | np.integer) or (isinstance(value, np.ndarray) and value.dtype.kind in "iu"):
        return "an integer"
    if isinstance(value, float | np.floating) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        return "a number"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)} items"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, dict):
        return f"a dict with the keys {', '.join(f'{key!r:.40}' for key in list(value)[:6]) or '(none)'}"
    return f"a {type(value).__name__}"


def _it(path: str) -> str:
    return f"result{path}" if path else "the result"


def _wrong_type(path: str, wanted: str, actual: Any) -> Difference:
    cure = ""
    if isinstance(actual, list) and "array" in wanted:
        cure = "; np.array(...) makes one of a list"
    if actual is None:
        cure = "; is a return statement missing?"
    return Difference("wrong_type", path, f"{_it(path)} is {kind_of(actual)}, expected {wanted}{cure}")


def _compare_dicts(expected: dict[Any, Any], actual: Any, path: str, options: dict[str, Any]) -> Difference | None:
    if not isinstance(actual, dict):
        return _wrong_type(path, f"a dict with the keys {', '.join(map(repr, expected))}", actual)
    for key in expected:
        if key not in actual:
            return Difference("wrong_shape", f"{path}[{key!r}]", f"the key {key!r} is missing from {_it(path)}")
    for key in actual:
        if key not in expected:
            return Difference("wrong_shape", path, f"{_it(path)} has the key {key!r:.40}, which does not belong there")
    for key, value in expected.items():
        found = compare(value, actual[key], path=f"{path}[{key!r}]", **options)
        if found:
            return found
    return None


def _compare_sequences(expected: Any, actual: Any, path: str, options: dict[str, Any]) -> Difference | None:
    def as_list(value: Any) -> list[Any] | None:
        if isinstance(value, np.ndarray) and value.ndim == 1:
            return list(value)
        return value if isinstance(value, list) else None

    wanted, got = as_list(expected), as_list(actual)
    assert wanted is not None, "a reference returned neither a list nor a 1-d array"
    if got is None:
        return _wrong_type(path, "a list or a 1-d array", actual)
    return _compare_items(wanted, got, path, options)


def _compare_items(expected: Any, actual: Any, path: str, options: dict[str, Any]) -> Difference | None:
    if type(actual) is not type(expected):
        return _wrong_type(path, f"a {type(expected).__name__} of {len(expected)} items", actual)
    if len(actual) != len(expected):
        return Difference("wrong_shape", path, f"{_it(path)} has {len(actual)} items, expected {len(expected)}")
    for i, (e, a) in enumerate(zip(expected, actual, strict=True)):
        found = compare(e, a, path=f"{path}[{i}]", **options)
        if found:
            return found
    return None


def _compare_arrays(expected: Any, actual: Any, path: str, rtol: float, atol: float) -> Difference | None:
    if not isinstance(actual, np.ndarray) or not actual.ndim or actual.dtype.kind not in "biufc":
        return _wrong_type(path, f"an array of shape {expected.shape}", actual)
    if actual.shape != expected.shape:
        return Difference(
            "wrong_shape", path, f"{_it(path)} has the shape {actual.shape}, expected the shape {expected.shape}"
        )
    return _compare_entries(expected, actual, path, rtol, atol)


def _compare_numbers(expected: Any, actual: Any, path: str, rtol: float, atol: float) -> Difference | None:
    numeric = isinstance(actual, np.ndarray | np.generic | bool | int | float | complex)
    number = np.asarray(actual)[()] if numeric else None
    if number is None or not isinstance(number, np.generic) or number.dtype.kind not in "biufc":
        if isinstance(actual, np.ndarray):
            return Difference("wrong_shape", path, f"{_it(path)} is {kind_of(actual)}, expected a single number")
        return _wrong_type(path, kind_of(expected), actual)
    if isinstance(expected, np.bool_) and not isinstance(number, np.bool_):
        return _wrong_type(path, "a bool", actual)
    if isinstance(expected, np.integer) and not isinstance(number, np.integer):
        return _wrong_type(path, "an integer", actual)
    if isinstance(number, np.bool_) and not isinstance(expected, np.bool_):
        return _wrong_type(path, "a number", actual)
    return _compare_entries(np.asarray(expected), np.asarray(number), path, rtol, atol)


def _compare_entries(expected: Any, actual: Any, path: str, rtol: float, atol: float) -> Difference | None:
    if actual.dtype.kind == "c" and expected.dtype.kind != "c":
        return Difference("wrong_type", path, f"{_it(path)} holds complex numbers")
    if is_single((actual, expected)):
        rtol, atol = max(rtol, FLOAT32_RTOL), max(atol, FLOAT32_ATOL)
    with np.errstate(all="ignore"):
        wide = np.complex128 if expected.dtype.kind == "c" else np.float64
        e, a = expected.astype(wide), actual.astype(wide)
        close = (e == a) | (np.abs(e - a) <= atol + rtol * np.abs(e)) | (np.isnan(e) & np.isnan(a))
        close &= ~(np.isinf(e) & (e != a))
    if close.all():
        return None
    index = tuple(int(i) for i in np.argwhere(~close)[0])
    place = f"{path}[{', '.join(map(str, index))}]" if index else path
    got, wanted = actual[index], expected[index]
    if np.isnan(got) and not np.isnan(wanted):
        count = int(np.isnan(actual).sum())
        more = f" ({count} entries of {actual.size} are nan)" if actual.size > 1 else ""
        return Difference("nan", place, f"{_it(place)} is nan, expected {number_text(wanted)}{more}")
    wrong = int((~close).sum())
    more = f" ({wrong} of {actual.size} entries differ)" if actual.size > 1 else ""
    return Difference("wrong_value", place, f"{_it(place)} is {number_text(got)}, expected {number_text(wanted)}{more}")


def number_text(value: Any) -> str:
    """A number as a student would write it: six digits, integers and bools plain."""
    item = value.item() if isinstance(value, np.generic | np.ndarray) else value
    return f"{item:.6g}" if isinstance(item, float) else repr(item)
