"""Cases made ready to judge by: what the reference does on each, and what every known mistake does."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograde.check.cases import Case, Equals, Observation, Property, run_case
from autograde.check.judging import KnownMistake, judge_case

from .catalogue import CaseMaker, Exercise
from .lesson import Lesson, LessonError

#: The visible cases are the same in every copy of the course.
VISIBLE_SEED = 0


@dataclass(frozen=True)
class PreparedCase:
    """A case with the reference's observation (None where no value is compared) and the known mistakes' doings."""

    case: Case
    visible: bool
    expected: Observation | None
    known: list[KnownMistake]


def prepare(lesson: Lesson, exercise: Exercise, seed: int, *, reduced: bool = False) -> list[PreparedCase]:
    """Draw an exercise's cases, visible ones first within each group, the core group first of all.

    ``seed`` is the assignment's secret one. ``reduced`` takes the smaller cases for ``audit`` in the place of hidden
    ones, where there are any. ``LessonError`` when the reference fails one of its own cases.
    """
    maker = (reduced and exercise.reduced_cases) or exercise.hidden_cases
    visible = prepare_some(lesson, exercise, exercise.visible_cases, VISIBLE_SEED, visible=True)
    hidden = prepare_some(lesson, exercise, maker, seed, visible=False)
    order = list(exercise.groups)
    return sorted(visible + hidden, key=lambda p: order.index(p.case.group))


def prepare_some(
    lesson: Lesson, exercise: Exercise, maker: CaseMaker | None, seed: int, *, visible: bool, known: bool = True
) -> list[PreparedCase]:
    """Draw the cases of one maker and run the reference and the known mistakes on them."""
    assert maker is not None
    rng = np.random.default_rng([seed, zlib.crc32(exercise.name.encode())])
    mistakes = [(m, _namespace_with(lesson.reference, m.source)) for m in exercise.misconceptions] if known else []
    prepared = []
    for case in maker(rng):
        if case.group not in exercise.groups:
            raise LessonError(f"{lesson.name}, {exercise.name}: the case {case.label!r} has an unknown group")
        if case.costly:
            if not all(isinstance(e, Property) for e in case.expect):
                raise LessonError(f"{lesson.name}, {exercise.name}: the costly case {case.label!r} needs the reference")
            prepared.append(PreparedCase(case, visible, None, []))
            continue
        seen = quietly(case, lesson.reference)
        finding = judge_case(case, seen, seen)
        if finding:
            raise LessonError(
                f"{lesson.name}, {exercise.name}: the reference fails its own case {case.label!r}: {finding.message}"
            )
        expected = seen if any(isinstance(e, Equals) for e in case.expect) else None
        doings = []
        for mistake, namespace in mistakes:
            wrong = quietly(case, namespace)
            found = judge_case(case, wrong, expected)
            if found:
                doings.append(KnownMistake(mistake.name, mistake.hint, found, wrong))
        prepared.append(PreparedCase(case, visible, expected, doings))
    return prepared


def quietly(case: Case, namespace: Mapping[str, Any]) -> Observation:
    """Run a case on functions of ours, warnings silenced."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return run_case(case.calls, namespace)


def _namespace_with(reference: Mapping[str, Any], source: str) -> dict[str, Any]:
    namespace = dict(reference)
    exec(compile(source, "<misconception>", "exec"), namespace)
    return namespace
