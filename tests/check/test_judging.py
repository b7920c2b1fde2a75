"""What a run of a case hands over, and which of several known mistakes is told."""

import numpy as np
import pytest

from autograde.check.cases import Call, Case, run_case
from autograde.check.judging import KnownMistake, judge_case, likely_mistake


def value_of(function):
    (outcome,) = run_case((Call("f"),), {"f": function}).outcomes
    return outcome.value


def test_strings_of_numpy_are_strings():
    value = value_of(lambda: {np.str_("W1"): [np.str_("W2")]})
    assert value == {"W1": ["W2"]}
    assert [type(v) for v in (next(iter(value)), value["W1"][0])] == [str, str]


def test_an_array_of_python_numbers_is_an_array_of_numbers():
    value = value_of(lambda: np.array([[1, 2.5], [np.float32(3), True]], dtype=object))
    assert value.dtype == np.float64
    assert value.tolist() == [[1.0, 2.5], [3.0, 1.0]]


@pytest.mark.parametrize("entry", ["1", None, [1.0], 2**200])
def test_an_array_of_other_things_stays_one(entry):
    array = np.empty(1, dtype=object)
    array[0] = entry
    assert value_of(lambda: array).dtype == object


def told(mistakes, student):
    """The name of the mistake that is told of a student's function, where the identity is right."""

    def entry(z):
        case = Case(str(z), (Call("f", (z,)),))

        def seen(function):
            return run_case(case.calls, {"f": function})

        expected, observed = seen(lambda z: z), seen(student)
        doings = [(name, judge_case(case, seen(f), expected), seen(f)) for name, f in mistakes.items()]
        known = {name: KnownMistake(name, "", finding, o) for name, finding, o in doings if finding}
        return case, judge_case(case, observed, expected), observed, known

    return likely_mistake([entry(z) for z in (0.0, 1.0, 2.0)]).name


def from_two_on(z):
    return z if z < 2 else 2 * z


def test_a_mistake_that_fails_in_no_other_case_is_told_first():
    assert told({"doubles": lambda z: 2 * z, "doubles from two on": from_two_on}, from_two_on) == "doubles from two on"


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_of_two_mistakes_that_explain_the_same_the_one_declared_first_is_told(names):
    assert told(dict.fromkeys(names, from_two_on), from_two_on) == names[0]


@pytest.mark.parametrize(
    ("given", "change"),
    [
        ({"m": np.zeros(2), "t": 3}, lambda state: state.update(t=4)),
        ({"t": 3}, lambda state: state.update(t=3.0)),
        ({"t": 0}, lambda state: state.update(t=None)),
        ([1.5, 2.5], lambda values: values.reverse()),
        ({"name": "a"}, lambda config: config.update(name="b")),
        ({"deep": {"t": np.int64(1)}}, lambda state: state["deep"].update(t=np.int64(2))),
    ],
)
def test_a_number_or_text_replaced_inside_an_argument_is_a_changed_argument(given, change):
    (outcome,) = run_case((Call("f", (given,)),), {"f": change}).outcomes
    assert outcome.changed == ("argument 1",)


@pytest.mark.parametrize("given", [{"t": 3, "nan": float("nan")}, [True, None, 1j], {"name": np.str_("a")}, 2, "text"])
def test_an_argument_that_is_only_looked_at_is_not_changed(given):
    (outcome,) = run_case((Call("f", (given,)),), {"f": repr}).outcomes
    assert outcome.changed == ()
