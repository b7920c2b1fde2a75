"""The judge accepts every right answer of the examiner and refuses every wrong one.

The answers to lesson NN are in ``answers_NN.py``; what they are and how they are judged says ``examining.py``.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from .examining import Examiner

LESSONS = sorted(p.parent.name for p in (Path(__file__).parents[2] / "lessons").glob("*/lesson.py"))
EXAMINED = [n for n in LESSONS if (Path(__file__).parent / f"answers_{n[:2]}.py").is_file()]
ANSWERS = {name: import_module(f".answers_{name[:2]}", __package__) for name in EXAMINED}
RIGHT = [(lesson, name) for lesson, found in ANSWERS.items() for name in found.RIGHT]
WRONG = [(lesson, name) for lesson, found in ANSWERS.items() for name in found.WRONG]


@pytest.mark.parametrize(("lesson", "name"), RIGHT)
def test_right_answers_pass(examiner: Examiner, lesson: str, name: str) -> None:
    examiner.all_pass(name, ANSWERS[lesson].RIGHT[name])


@pytest.mark.parametrize(("lesson", "name"), WRONG)
def test_wrong_answers_are_refused(examiner: Examiner, lesson: str, name: str) -> None:
    examiner.all_refused(name, ANSWERS[lesson].WRONG[name])


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_exercise_is_examined(examiner: Examiner, lesson: str) -> None:
    assert lesson in ANSWERS, f"tests/examiner/answers_{lesson[:2]}.py is missing"
    examiner.covers(ANSWERS[lesson].RIGHT, ANSWERS[lesson].WRONG)
