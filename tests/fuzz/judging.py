"""The judge: whatever plain values come back, there is a verdict, in words of a bounded length."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from hypothesis import strategies as st

from autograde.check.cases import Call, Observation, Outcome, run_case
from autograde.check.codec import CodecError, dumps, loads
from autograde.check.serial import observation_from_plain, observation_to_plain
from autograde.grading.grader import verdict_outputs
from autograde.judge.lesson import load_lesson
from autograde.judge.verdict import Judge

from .mutate import edited_message, edits
from .notebooks import ROOT
from .registry import bounded, target
from .values import values

LESSONS = sorted(path.parent.name for path in (ROOT / "lessons").glob("*/lesson.py"))
#: The most processor time of judging an exercise, and the longest text of a verdict.
SECONDS, MOST_TEXT = 3.0, 50_000

#: Results that are none of any exercise: what has another size, kind or order of magnitude than anybody expects.
STRANGE: dict[str, Any] = {
    "a long integer": 10**1200,
    "its negative": -(10**1200),
    "a dict with long integers": {"W1": 10**1200, "b1": -(10**400)},
    "an array of a million": np.zeros(10**6),
    "an array of many axes": np.ones((1,) * 32),
    "an empty array": np.zeros((0, 3)),
    "an array of nan": np.full((3, 2), np.nan),
    "an array of infinities": np.full(4, -np.inf),
    "an array of the largest numbers": np.full((2, 3), 1.7e308),
    "an array of the smallest numbers": np.full((2, 3), 5e-324),
    "booleans": np.array([True, False]),
    "complex numbers": np.array([1j, 2.0]),
    "large unsigned numbers": np.array([2**64 - 1], dtype=np.uint64),
    "half precision": np.array([65504.0], dtype=np.float16),
    "long doubles of any bits": np.frombuffer(bytes(range(160, 192)), dtype=np.longdouble),
    "a number of any bits": np.frombuffer(b"\xff" * 16, dtype=np.longdouble)[0],
    "a long text": "x" * 10**5,
    "a text that steers a terminal": "\x1b[2J\u202e\0",
    "a dict with long keys": {"k" * 10**5: 1, ("t",) * 1000: 2},
    "a long list": [0.5] * 10**4,
    "nested lists": [[[[[[[[1.0]]]]]]]],
    "a tuple of everything": (None, True, 1, 2.0, 3j, "x", [], {}, np.ones(2)),
}


@cache
def judges() -> list[tuple[Judge, int, list[Observation]]]:
    """Every exercise of the real lessons: its judge, its place, and what its reference does on the cases."""
    found = []
    for name in LESSONS:
        lesson = load_lesson(ROOT / "lessons" / name)
        judge = Judge(lesson, 1, reduced=True)
        for place, exercise in enumerate(lesson.exercises):
            probe = _Reference(lesson.reference)
            assert judge.judge(exercise, probe).points == exercise.points
            found.append((judge, place, probe.seen))
    return found


class _Reference:
    """A probe that asks the reference and keeps what it saw."""

    def __init__(self, functions: Mapping[str, Any]) -> None:
        self.functions = functions
        self.seen: list[Observation] = []

    def __call__(self, calls: tuple[Call, ...], seconds: float) -> Observation:
        self.seen.append(run_case(calls, self.functions))
        return self.seen[-1]


def _replies(seen: list[Observation], changes: list[Any], strange: Any, where: int) -> list[Observation]:
    """The reference's observations, edited as a hostile child could, or one with a strange value put in its place."""
    replies = []
    for i, observation in enumerate(seen):
        outcomes = list(observation.outcomes)
        if outcomes and i == where % len(seen):
            at = where % len(outcomes)
            value = outcomes[at].value if strange is None else strange
            try:
                value = loads(edited_message(dumps(value, strict=False), changes), values_only=True)
            except CodecError:
                value = None
            outcomes[at] = Outcome(value)
        plain = observation_to_plain(Observation(tuple(outcomes), observation.stopped))
        replies.append(observation_from_plain(loads(dumps(plain, strict=False), values_only=True)))
    return replies


@target(
    "judge: any values",
    st.tuples(
        st.integers(0, 999),
        edits | st.just([]),
        st.none() | st.sampled_from(list(STRANGE)) | values,
        st.integers(0, 60),
    ),
    in_suite=100,
)
def any_values(drawn: tuple[int, list[Any], Any, int]) -> None:
    number, changes, strange, where = drawn
    judge, place, seen = judges()[number % len(judges())]
    exercise = judge.lesson.exercises[place]
    if isinstance(strange, str):
        strange = STRANGE.get(strange, strange)
    replies = iter(_replies(seen, changes, strange, where))
    with warnings.catch_warnings(), bounded(seconds=SECONDS):
        warnings.simplefilter("ignore")
        verdict = judge.judge(exercise, lambda calls, seconds: next(replies))
        texts = [str(output) for output in verdict_outputs(verdict)]
    assert 0 <= verdict.points <= exercise.points
    assert sum(map(len, texts)) < MOST_TEXT
    for text in texts:
        text.encode("utf-8")
