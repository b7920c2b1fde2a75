"""What counts as equal, by the rules of the course's contract."""

import numpy as np
import pytest

from autograde.check.codec import Opaque
from autograde.check.compare import compare

ARRAY = np.array([[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (1.5, np.float64(1.5)),
        (1.5, np.array(1.5)),
        (2.0, 2),
        (3, np.int64(3)),
        (3, np.array(3)),
        (True, np.bool_(True)),
        (ARRAY, ARRAY.astype(int)),
        (ARRAY, ARRAY.astype(np.float32)),
        (np.array([True, False]), np.array([1, 0])),
        (np.array([np.inf, np.nan]), np.array([np.inf, np.nan])),
        ({"W1": ARRAY, "b1": ARRAY[0]}, {"b1": ARRAY[0], "W1": ARRAY}),
        ((ARRAY, 1.0), (ARRAY, np.float32(1.0))),
        ("correct", "correct"),
        (None, None),
        (1.0, 1.0 + 5e-7),
        (0.0, 5e-9),
    ],
)
def test_accepts_what_the_contract_calls_the_same(expected: object, actual: object) -> None:
    assert compare(expected, actual) is None


@pytest.mark.parametrize(
    ("expected", "actual", "kind"),
    [
        (ARRAY, ARRAY.tolist(), "wrong_type"),
        (ARRAY, None, "wrong_type"),
        (ARRAY, ARRAY.astype(complex), "wrong_type"),
        (ARRAY, ARRAY.ravel(), "wrong_shape"),
        (ARRAY, np.float64(1.0), "wrong_type"),
        (ARRAY, Opaque("DataFrame"), "wrong_type"),
        (ARRAY, np.add(ARRAY, [[0, 0], [0, 1e-4]]), "wrong_value"),
        (ARRAY, np.full((2, 2), np.nan), "nan"),
        (np.array([np.inf]), np.array([1e308]), "wrong_value"),
        (np.array([np.inf]), np.array([-np.inf]), "wrong_value"),
        (1.5, np.array([1.5]), "wrong_shape"),
        (1.5, "1.5", "wrong_type"),
        (1.5, True, "wrong_type"),
        (3, 3.0, "wrong_type"),
        (True, 1, "wrong_type"),
        ((1.0, 2.0), [1.0, 2.0], "wrong_type"),
        ((1.0, 2.0), (1.0,), "wrong_shape"),
        ({"W1": ARRAY}, {}, "wrong_shape"),
        ({"W1": ARRAY}, {"W1": ARRAY, "W2": ARRAY}, "wrong_shape"),
        ({"W1": ARRAY}, ARRAY, "wrong_type"),
        ("correct", "wrong", "wrong_value"),
        ("correct", None, "wrong_type"),
        (1.0, 1.0 + 5e-6, "wrong_value"),
        (0.0, 5e-8, "wrong_value"),
    ],
)
def test_refuses_the_rest_and_says_how(expected: object, actual: object, kind: str) -> None:
    difference = compare(expected, actual)
    assert difference is not None
    assert difference.kind == kind


def test_names_the_first_place() -> None:
    difference = compare({"W1": ARRAY}, {"W1": np.add(ARRAY, [[0, 0], [1, 0]])})
    assert difference is not None
    assert difference.path == "['W1'][1, 0]"
    assert "result['W1'][1, 0] is 4, expected 3 (1 of 4 entries differ)" in difference.message


def test_takes_a_list_for_an_array_only_where_the_contract_says_so() -> None:
    losses = np.array([1.0, 0.5])
    assert compare(losses, [1.0, 0.5], sequences=("",)) is None
    assert compare([1.0, 0.5], losses, sequences=("",)) is None
    assert compare((ARRAY, losses), (ARRAY, [1.0, 0.5]), sequences=("[1]",)) is None
    assert compare((ARRAY, losses), (ARRAY.tolist(), [1.0, 0.5]), sequences=("[1]",)) is not None
    assert compare(losses, [1.0, 0.6], sequences=("",)) is not None


def test_half_precision_earns_no_slack() -> None:
    """The contract is lenient with float32, not with every small type."""
    assert compare(np.full(3, 1 / 3), np.full(3, 1 / 3, dtype=np.float32)) is None
    assert compare(np.full(3, 1 / 3), np.full(3, 1 / 3, dtype=np.float16)) is not None
