"""What is said of a value is short and soon said, whatever the value; what is said of a hidden case carries no value."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from autograde.check.cases import Call, Case, Observation, Outcome
from autograde.check.compare import compare
from autograde.check.judging import Finding, judge_case
from autograde.check.render import Report, to_html
from autograde.check.words import MAX_LINES, CaseReport, report_case, report_hidden, value_text

LARGE = {
    "long keys": {letter * 10**6: 1 for letter in "abcdef"},
    "many keys": {i: i for i in range(50_000)},
    "nested tuples": tuple((1, (2, (3, [4]))) for _ in range(15_000)),
    "arrays of one number": [np.array([1.0]) for _ in range(20_000)],
    "a long text": "x" * 10**7,
    "nine short axes": np.zeros((6,) * 9, dtype=bool),
    "many axes": np.zeros((1,) * 32),
    "a large array": np.full((1500, 1000), np.nan),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_value_of_any_size_is_described_in_a_few_lines_and_at_once(name: str) -> None:
    start = time.monotonic()
    text = value_text(LARGE[name])
    assert time.monotonic() - start < 2.0
    assert text
    assert len(text.splitlines()) <= MAX_LINES
    assert len(text) <= 110 * MAX_LINES


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("expected", [np.ones(3), {"W1": np.ones(2)}, 1.0, [1.0], None], ids=repr)
def test_what_is_wrong_with_it_is_said_in_a_few_words(name: str, expected: Any) -> None:
    case = Case("small", (Call("f", (1.0,)),))
    seen = Observation((Outcome(LARGE[name]),))
    start = time.monotonic()
    finding = judge_case(case, seen, Observation((Outcome(expected),)))
    assert finding is not None
    report = report_case(case, finding, seen, Observation((Outcome(expected),)), {"f": ("x",)})
    assert time.monotonic() - start < 2.0
    assert len(report.message) <= 1000


def test_two_long_lists_of_a_students_own_are_compared_at_once() -> None:
    numbers = [float(i) for i in range(100_000)]
    start = time.monotonic()
    assert compare(numbers, [n * (1 + 1e-12) for n in numbers], rtol=1e-9) is None
    assert time.monotonic() - start < 2.0
    assert compare([2**4000, 1.5], [2**4000, 1.5], rtol=1e-9) is None


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ValueError", "ValueError"),
        ("LinAlgError", "LinAlgError"),
        ("SystemExit", "SystemExit"),
        ("X0_125_m3_5_Error", "an error"),
        ("It_was_0_125Exit", "an error"),
    ],
)
def test_a_name_made_by_the_student_does_not_carry_a_hidden_input_out(name: str, told: str) -> None:
    report = report_hidden(Case("large", ()), Finding("raised", "", name=name))
    assert report.message == f"it raised {told}"


def test_code_in_a_hint_is_shown_as_code_and_nothing_else_is_html() -> None:
    case = CaseReport("a case", False, True, message="`x` <b>")
    shown = to_html(Report("f", (case,), hint="Use `a < b`, not <i>."))
    assert "Use <code>a &lt; b</code>, not &lt;i&gt;." in shown
    assert "`x` &lt;b&gt;" in shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1.0"),
        (np.float64(-3), "-3.0"),
        (np.array(2.0), "2.0"),
        (1, "1"),
        (np.int64(1), "1"),
        (0.5, "0.5"),
        (1e300, "1e+300"),
    ],
)
def test_a_whole_number_of_floating_point_is_told_from_an_integer(value: Any, text: str) -> None:
    assert value_text(value) == text
