"""Cases that call what an earlier call returned."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograde.check.cases import Call, Case, Observation, run_case
from autograde.check.judging import judge_case
from autograde.check.serial import calls_from_plain, calls_to_plain
from autograde.check.words import report_case

CALLS = (Call("fit", (np.array([1.0, 3.0]),), keep=True, defines="predict"), Call("predict", (4.0,)))
CASE = Case("a fitted function", CALLS)


def fit(x: Any) -> Any:
    return lambda z: z + x.mean()


def _seen(**functions: Any) -> Observation:
    return run_case(CALLS, functions)


def test_a_returned_function_is_called_by_its_name() -> None:
    # One that the notebook holds under the same name is not meant.
    assert _seen(fit=fit, predict=lambda z: 0.0).outcomes[1].value == 6.0


def test_an_object_that_can_be_called_is_as_good_even_if_it_counts_as_empty() -> None:
    class Model:
        def __call__(self, z: float) -> float:
            return z + 2.0

        def __len__(self) -> int:
            return 0

    assert _seen(fit=lambda x: Model()).outcomes[1].value == 6.0


def test_what_cannot_be_called_is_told() -> None:
    finding = judge_case(CASE, _seen(fit=lambda x: x.mean()), _seen(fit=fit))
    assert finding is not None
    assert finding.call == 0
    assert "fit returned a value of type float64, not a function" in finding.message


def test_the_name_goes_over_the_wire_and_into_the_report() -> None:
    assert calls_from_plain(calls_to_plain(CALLS))[0].defines == "predict"
    seen, expected = _seen(fit=lambda x: lambda z: z), _seen(fit=fit)
    report = report_case(CASE, judge_case(CASE, seen, expected), seen, expected, {"fit": ("x",)})
    assert report.called == ("predict = fit(array([1., 3.]))", "predict(4.0)")
    assert (report.returned, report.expected) == ("4.0", "6.0")


def test_functions_that_were_returned_are_contained_too() -> None:
    contained = []

    def contain(function: Any) -> Any:
        contained.append(function)
        return function

    run_case(CALLS, {"fit": fit}, contain)
    assert len(contained) == 2
