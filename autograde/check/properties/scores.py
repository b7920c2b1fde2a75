"""Properties of a trained model's labels: their form, that each row is judged by itself, and how many are right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compare import kind_of
from .evidence import Evidence, Failed, argument, failure, register


@register
def integer_labels(evidence: Evidence, calls: Sequence[int]) -> Failed | None:
    """Each of these calls returned one integer for every row of its argument, in an array or a list."""
    for call in calls:
        rows = len(argument(evidence.calls[call], 0, "X"))
        found = _wrong_form(evidence.value(call), rows)
        if found:
            return Failed(found.message, found.measure, kind=found.kind, call=call, told=True)
    return None


def _wrong_form(value: Any, rows: int) -> Failed | None:
    if isinstance(value, list) and all(type(v) is int for v in value):
        value = np.array(value, dtype=np.int64)
    what = f"one integer label for each of the {rows} rows, an array of shape ({rows},)"
    if not isinstance(value, np.ndarray):
        return failure("wrong_type", f"it returned {kind_of(value)}, expected {what}")
    if value.dtype.kind == "f" and value.size and np.isnan(value).any():
        return failure("nan", f"it returned {kind_of(value)} with nan in it, expected {what}")
    if value.dtype.kind not in "iu":
        plain = {"f": "floating point numbers", "b": "bools"}.get(value.dtype.kind, "no integers")
        return failure("wrong_type", f"it returned {plain} in the shape {value.shape}, expected {what}")
    if value.shape != (rows,):
        return failure("wrong_shape", f"it returned integers in the shape {value.shape}, expected {what}")
    return None


@register
def same_labels(
    evidence: Evidence, whole: int, parts: Sequence[int], rows: Sequence[int], share: float = 0.01, among: str = ""
) -> Failed | None:
    """Rows get the labels that they get in the call ``whole``: put together, the labels of ``parts`` are its ``rows``.

    At most ``share`` of them may differ, for where two classes are nearly tied rounding decides. ``among`` says in
    words what company the rows are in.
    """
    wanted = _labels(evidence, whole)[np.asarray(rows, dtype=np.int64)]
    got = np.concatenate([_labels(evidence, part) for part in parts])
    if len(got) != len(wanted):
        return failure("wrong_shape", f"it returned {len(got)} labels for {len(wanted)} rows")
    differ = float(np.mean(got != wanted))
    if differ <= share:
        return None
    return Failed(
        f"{differ:.0%} of the rows get another label {among or 'in other company'} than among all: a label has to "
        "depend on its own row and on the training data alone, and asking again has to give it again",
        differ,
        0.1,
        call=parts[0],
        told=True,
    )


@register
def accuracy_at_least(evidence: Evidence, labels: Sequence[int], bar: float, call: int) -> Failed | None:
    """At least the share ``bar`` of the labels that the call returned is right."""
    right = accuracy(labels, _labels(evidence, call))
    if right >= bar:
        return None
    message = f"{right:.3f} of the labels are right, the bar is {bar:.3f}"
    return Failed(message, right, 0.02, call=call, told=True)


def accuracy(labels: Sequence[int], found: Sequence[int] | NDArray[Any]) -> float:
    """The share of labels that are right, 0 to 1; ``ValueError`` when they are not as many."""
    wanted, got = np.asarray(labels), np.asarray(found)
    if wanted.shape != got.shape:
        raise ValueError(f"{got.shape} labels for {wanted.shape} rows")
    return float(np.mean(wanted == got))


def _labels(evidence: Evidence, call: int) -> NDArray[Any]:
    return np.asarray(evidence.value(call)).ravel()
