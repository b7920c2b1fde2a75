"""Results of which a part stays where the code runs, generators that go on, and parts that are not there."""

from __future__ import annotations

import numpy as np

from autograde.check.cases import PRIVATE, Call, Case, run_case, without_private
from autograde.check.codec import Ref, StandIn, dumps, loads
from autograde.check.compare import compare
from autograde.check.judging import judge_case
from autograde.check.serial import calls_from_plain, calls_to_plain
from autograde.check.standins import describe
from autograde.check.words import report_case, value_text


def forward(x):
    return x + 1, lambda y: x * y


def backward(cache, y):
    return cache(y)


CALLS = (Call("forward", (3,), private=(1,)), Call("backward", (Ref(0, (1,)), 5)))


def test_a_private_item_stays_and_can_be_referred_to():
    seen = run_case(CALLS, {"forward": forward, "backward": backward})
    assert [o.value for o in seen.outcomes] == [(4, PRIVATE), 15]


def test_private_items_of_any_kind_are_equal():
    others = {"forward": lambda x: (x + 1, {"x": np.zeros(3)}), "backward": lambda cache, y: 15}
    case = Case("any", CALLS)
    expected = run_case(CALLS, {"forward": forward, "backward": backward})
    assert judge_case(case, run_case(CALLS, others), expected) is None
    wrong = run_case(CALLS, {**others, "forward": lambda x: (x, None)})
    finding = judge_case(case, wrong, expected)
    assert finding is not None
    assert finding.message == "result[0] is 3, expected 4"
    report = report_case(case, finding, wrong, expected, {})
    assert report.returned == "(3, (not compared here))"


def test_what_is_no_pair_is_seen_as_it_is():
    assert without_private(CALLS[0], 7) == 7
    assert without_private(CALLS[0], (1,)) == (1,)
    assert without_private(CALLS[0], [1, 2]) == [1, PRIVATE]
    assert without_private(Call("f"), (1, 2)) == (1, 2)
    assert compare((4, PRIVATE), [4, PRIVATE])


def test_a_part_that_is_not_there_is_an_error_of_the_call_that_needs_it():
    for result in (7, None, (1,), {"cache": 2}):
        seen = run_case(CALLS, {"forward": lambda x, result=result: result, "backward": backward})
        assert len(seen.outcomes) == 2
        finding = judge_case(Case("any", CALLS), seen, None)
        assert finding is not None
        assert (finding.kind, finding.call) == ("raised", 1)
        assert "lacks the part that backward is to be called with" in finding.message


def test_private_travels():
    again = calls_from_plain(loads(dumps(calls_to_plain(CALLS))))
    assert again == CALLS
    assert "private" not in calls_to_plain(CALLS)[1]


def test_shared_stand_ins_go_on_from_call_to_call():
    def draw(rng):
        return float(rng.random())

    fresh, shared = StandIn("rng", {"seed": 3}), StandIn("rng", {"seed": 3, "shared": "rng"})
    calls = tuple(Call("draw", (g,)) for g in (fresh, shared, fresh, shared))
    values = [o.value for o in run_case(calls, {"draw": draw}).outcomes]
    rng = np.random.default_rng(3)
    first, second = rng.random(), rng.random()
    assert values == [first, first, first, second]
    assert [o.value for o in run_case(calls[1:2], {"draw": draw}).outcomes] == [first]


def test_an_array_of_ones_is_shown_as_such():
    ones = StandIn("ones", {"shape": [100, 40]})
    assert describe(ones) == value_text(ones) == "np.ones((100, 40))"
    (outcome,) = run_case((Call("f", (ones,)),), {"f": lambda A: A.shape}).outcomes
    assert outcome.value == (100, 40)
