"""The judge accepts every right answer of the examiner and refuses every wrong one."""

from __future__ import annotations

import pytest

from . import answers_00, answers_01, answers_06
from .examining import Examiner

ANSWERS = {
    "00-start-here": answers_00,
    "01-initialization": answers_01,
    "06-gradient-checking": answers_06,
}
RIGHT = [(lesson, name) for lesson, found in ANSWERS.items() for name in found.RIGHT]
WRONG = [(lesson, name) for lesson, found in ANSWERS.items() for name in found.WRONG]


@pytest.mark.parametrize(("lesson", "name"), RIGHT)
def test_right_answers_pass(examiner: Examiner, lesson: str, name: str) -> None:
    examiner.all_pass(name, ANSWERS[lesson].RIGHT[name])


@pytest.mark.parametrize(("lesson", "name"), WRONG)
def test_wrong_answers_are_refused(examiner: Examiner, lesson: str, name: str) -> None:
    examiner.all_refused(name, ANSWERS[lesson].WRONG[name])


@pytest.mark.parametrize("lesson", ANSWERS)
def test_every_exercise_is_examined(examiner: Examiner, lesson: str) -> None:
    examiner.covers(ANSWERS[lesson].RIGHT, ANSWERS[lesson].WRONG)
