"""Cases made ready to judge by: what the reference does on each, and on demand what every known mistake does."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from autograde.check.cases import Case, Equals, Observation, Property, run_case
from autograde.check.judging import KnownMistake, judge_case

from .catalogue import CaseMaker, Exercise, Misconception
from .lesson import Lesson, LessonError

#: The visible cases are the same in every copy of the course.
VISIBLE_SEED = 0


@dataclass
class Mistakes:
    """The known mistakes of one exercise as functions, made when first needed."""

    lesson: Lesson
    exercise: Exercise

    @cached_property
    def functions(self) -> dict[str, tuple[Misconception, dict[str, Any]]]:
        """Each mistake by its name, with the reference's names and its own function in their midst."""
        return {m.name: (m, _namespace_with(self.lesson.reference, m.source)) for m in self.exercise.misconceptions}


class KnownDoings:
    """What the known mistakes do on one case, run when it is first asked for."""

    def __init__(self, mistakes: Mistakes, case: Case, expected: Observation | None) -> None:
        self._mistakes, self._case, self._expected = mistakes, case, expected
        self._found: dict[str, KnownMistake | None] = {}

    def __iter__(self) -> Iterator[str]:
        return iter([] if self._case.costly else self._mistakes.functions)

    def get(self, name: str, /) -> KnownMistake | None:
        """What this mistake does; None when it does nothing wrong here."""
        if name not in self._found:
            mistake, namespace = self._mistakes.functions[name]
            wrong = quietly(self._case, namespace)
            finding = judge_case(self._case, wrong, self._expected)
            self._found[name] = KnownMistake(mistake.name, mistake.hint, finding, wrong) if finding else None
        return self._found[name]


@dataclass
class PreparedCase:
    """A case with the reference's observation (None where no value is compared)."""

    case: Case
    visible: bool
    expected: Observation | None
    #: None on its way to another process, which has functions of its own.
    mistakes: Mistakes | None = field(default=None, repr=False)

    @cached_property
    def known(self) -> KnownDoings:
        """What the known mistakes do on it; only an answer that fails something needs to be compared with them."""
        assert self.mistakes is not None
        return KnownDoings(self.mistakes, self.case, self.expected)

    def __reduce__(self) -> tuple[type[PreparedCase], tuple[Case, bool, Observation | None]]:
        return PreparedCase, (self.case, self.visible, self.expected)


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
    lesson: Lesson, exercise: Exercise, maker: CaseMaker | None, seed: int, *, visible: bool
) -> list[PreparedCase]:
    """Draw the cases of one maker and run the reference on them."""
    assert maker is not None
    rng = np.random.default_rng([seed, zlib.crc32(exercise.name.encode())])
    mistakes = Mistakes(lesson, exercise)
    prepared = []
    for case in maker(rng):
        if case.group not in exercise.groups:
            raise LessonError(f"{lesson.name}, {exercise.name}: the case {case.label!r} has an unknown group")
        if case.costly:
            if not all(isinstance(e, Property) for e in case.expect):
                raise LessonError(f"{lesson.name}, {exercise.name}: the costly case {case.label!r} needs the reference")
            prepared.append(PreparedCase(case, visible, None, mistakes))
            continue
        seen = quietly(case, lesson.reference)
        finding = judge_case(case, seen, seen)
        if finding:
            raise LessonError(
                f"{lesson.name}, {exercise.name}: the reference fails its own case {case.label!r}: {finding.message}"
            )
        expected = seen if any(isinstance(e, Equals) for e in case.expect) else None
        prepared.append(PreparedCase(case, visible, expected, mistakes))
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
