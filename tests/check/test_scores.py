"""What is said of a trained model's labels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograde.check.cases import Call, Outcome
from autograde.check.codec import StandIn
from autograde.check.properties import Evidence, Failed, evaluate
from autograde.check.properties.scores import accuracy
from autograde.check.standins import build


def found(name: str, params: dict[str, Any], *values: Any) -> Failed | None:
    calls = tuple(Call("predict", (np.zeros((len(np.atleast_1d(v)), 2)),)) for v in values)
    return evaluate(name, params, Evidence(calls, tuple(Outcome(v) for v in values)))


@pytest.mark.parametrize("labels", [np.array([0, 2, 1]), np.array([0, 1, 1], np.uint8), [0, 1, 1]])
def test_integer_labels(labels: Any) -> None:
    assert found("integer_labels", {"calls": [0]}, labels) is None


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (np.array([0.0, 1.0]), "wrong_type"),
        (np.array([0.0, np.nan]), "nan"),
        (np.array([True, False]), "wrong_type"),
        (np.eye(3, dtype=int), "wrong_shape"),
        (np.array([[1], [0]]), "wrong_shape"),
        ([0.0, 1.0], "wrong_type"),
        ((0, 1), "wrong_type"),
        (None, "wrong_type"),
    ],
)
def test_other_forms_are_told_apart(labels: Any, kind: str) -> None:
    failed = found("integer_labels", {"calls": [0]}, labels)
    assert failed is not None
    assert failed.kind == kind
    assert failed.told


def test_the_same_labels_in_other_company() -> None:
    whole = np.arange(10)
    params = {"whole": 0, "parts": [1, 2], "rows": [3, 4, 9], "share": 0.0}
    assert found("same_labels", params, whole, np.array([3, 4]), [9]) is None
    failed = found("same_labels", params, whole, np.array([3, 5]), [9])
    assert failed is not None
    assert failed.measure == pytest.approx(1 / 3)
    assert found("same_labels", params | {"share": 0.4}, whole, np.array([3, 5]), [9]) is None


def test_accuracy_and_its_bar() -> None:
    labels, got = [0, 1, 1, 0], np.array([0, 1, 0, 0])
    assert accuracy(labels, got) == 0.75
    assert found("accuracy_at_least", {"labels": labels, "bar": 0.75, "call": 0}, got) is None
    failed = found("accuracy_at_least", {"labels": labels, "bar": 0.8, "call": 0}, got)
    assert failed is not None
    assert "0.750" in failed.message
    with pytest.raises(ValueError, match="labels"):
        accuracy(labels, [0])


@pytest.mark.parametrize("kind", ["table", "pictures"])
def test_made_up_rows(kind: str) -> None:
    def part(**more: Any) -> Any:
        return build(StandIn("raw_examples", {"kind": kind, "seed": 1, "m": 200} | more))

    X, y = part(order="label"), part(order="label", labels=True)
    assert X.shape == (200, 8 if kind == "table" else 64)
    assert (np.diff(y) >= 0).all()
    assert np.bincount(y).max() < 140
    size = part(order="size")
    by = size[:, 0] if kind == "table" else size.sum(axis=1)
    assert (np.diff(by) >= 0).all()
    np.testing.assert_array_equal(part(order="size", start=3, stop=5), size[3:5])
