"""The oracle values that are stored beside this file, and how a result is compared with one of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

HERE = Path(__file__).parent
LESSONS = HERE.parent.parent / "lessons"
#: Which lesson's references each file of oracle values is for.
LESSON_OF = {
    "start_here": "00-start-here",
    "initialization": "01-initialization",
    "bias_variance": "02-bias-variance",
    "regularization": "03-regularization",
    "dropout": "04-dropout",
    "input_normalization": "05-input-normalization",
    "gradient_checking": "06-gradient-checking",
    "mini_batch": "07-mini-batch",
    "exponentially_weighted_averages": "08-exponentially-weighted-averages",
    "momentum": "09-momentum",
    "adam": "10-adam",
    "batch_normalization": "11-batch-normalization",
    "training_diagnostics": "12-training-diagnostics",
    "tuning": "13-tuning",
    "smarter_search": "14-smarter-search",
    "capstone": "15-capstone",
}
FILES = (*LESSON_OF, "network")


def decoded(value: Any) -> Any:
    """What a value in a file stands for: an array is stored as its dtype and nested lists.

    Arrays are read-only: a reference that writes to its inputs raises an error.
    """
    if isinstance(value, dict) and value.keys() == {"dtype", "array"}:
        array = np.array(value["array"], dtype=value["dtype"])
        array.flags.writeable = False
        return array
    if isinstance(value, dict):
        return {key: decoded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [decoded(item) for item in value]
    return value


STORED = {name: json.loads((HERE / f"{name}.json").read_text(encoding="utf-8")) for name in FILES}
CASES = [(name, decoded(case)) for name in FILES for case in STORED[name]["cases"]]


def of_kind(*kinds: str) -> Any:
    """Parametrize over the stored cases of these kinds, each with the name of its file."""
    found = [(name, case) for name, case in CASES if case.get("kind", "call" if "inputs" in case else name) in kinds]
    assert found, f"no stored case is of the kind {kinds}"
    return pytest.mark.parametrize(
        ("file", "case"), found, ids=[f"{case['function']}-{case['label']}" for _, case in found]
    )


def assert_same(found: Any, expected: Any, rtol: float = 1e-12, atol: float = 0.0) -> None:
    """The same structure, the same shapes and, up to rounding, the same numbers."""
    if isinstance(expected, dict):
        assert set(found) == set(expected)
        for key in expected:
            assert_same(found[key], expected[key], rtol, atol)
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_same(one, other, rtol, atol)
    else:
        assert np.shape(found) == np.shape(expected)
        assert (np.asarray(found).dtype == bool) == (np.asarray(expected).dtype == bool)
        if np.asarray(expected).dtype.kind in "iu":  # counts, indices and labels
            assert np.asarray(found).dtype.kind in "iu"
            np.testing.assert_array_equal(found, expected)
        np.testing.assert_allclose(found, expected, rtol=rtol, atol=atol)
