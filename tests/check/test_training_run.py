"""A training run of known losses: two callables that know of each other, and what they betray."""

import math

import numpy as np
import pytest

from autograde.check.cases import Call, run_case
from autograde.check.codec import StandIn
from autograde.check.standins import build, describe


def pair(**params):
    run = build(StandIn("training_run", params))
    return run["train_step"], run["evaluate"]


def test_evaluate_counts_updates_and_not_questions():
    train_step, evaluate = pair(losses=[2.0, 1.0, 0.5])
    assert [evaluate(), evaluate()] == [2.0, 2.0]
    assert train_step() == 2.0, "the loss from before the update"
    assert [evaluate(), evaluate()] == [1.0, 1.0]
    for _ in range(3):
        train_step()
    assert evaluate() == 0.5


def test_more_updates_than_allowed_are_an_error():
    train_step, evaluate = pair(losses=[2.0, math.nan], limit=1)
    train_step()
    assert math.isnan(evaluate())
    with pytest.raises(RuntimeError, match="more than 1 times"):
        train_step()


def test_losses_may_come_in_arrays():
    _, evaluate = pair(losses=[2.0], boxed=True)
    assert isinstance(evaluate(), np.ndarray) and evaluate().shape == ()


def test_parts_of_one_stand_in_belong_together_within_a_case_and_are_new_in_the_next():
    def both(train_step, evaluate):
        before = evaluate()
        train_step()
        return before, evaluate()

    parts = [
        StandIn("training_run", {"losses": [3.0, 2.0], "shared": "run", "part": p}) for p in ("train_step", "evaluate")
    ]
    calls = (Call("both", tuple(parts)),)
    for _ in range(2):
        assert run_case(calls, {"both": both}).outcomes[0].value == (3.0, 2.0)
    assert run_case(calls * 2, {"both": both}).outcomes[1].value == (2.0, 2.0)
    assert [describe(part) for part in parts] == ["train_step", "evaluate"]


def test_parts_of_two_runs_know_nothing_of_each_other():
    def both(train_step, evaluate):
        train_step()
        return evaluate()

    parts = [StandIn("training_run", {"losses": [3.0, 2.0], "part": p}) for p in ("train_step", "evaluate")]
    assert run_case((Call("both", tuple(parts)),), {"both": both}).outcomes[0].value == 3.0
