"""The content of a lesson's ``checks.json``: the visible cases with all that ``check()`` needs, and no code."""

from __future__ import annotations

import inspect
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograde.check.cases import Observation
from autograde.check.codec import encode
from autograde.check.judging import told_by_values
from autograde.check.serial import case_to_plain, known_to_plain, observation_to_plain

from .lesson import load_lesson
from .preparing import VISIBLE_SEED, PreparedCase, prepare_some

FORMAT = 1


def make_checks(folder: Path) -> dict[str, Any]:
    """The ``checks.json`` of the lesson in ``folder`` as JSON data, ready for ``json.dump``."""
    lesson = load_lesson(folder)
    exercises = []
    for exercise in lesson.exercises:
        cases = prepare_some(lesson, exercise, exercise.visible_cases, VISIBLE_SEED, visible=True)
        data = {
            "name": exercise.name,
            "points": exercise.points,
            "signature": str(_bare_signature(lesson.reference[exercise.name])),
            "hints": list(exercise.hints),
            "not_checked": list(exercise.not_checked),
            "cases": [_case_data(p) for p in cases],
        }
        exercises.append(data)
    return {"format": FORMAT, "lesson": lesson.name, "exercises": exercises}


def _bare_signature(function: Any) -> inspect.Signature:
    signature = inspect.signature(function)
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    return inspect.Signature(bare)


def _case_data(prepared: PreparedCase) -> Any:
    expected = None if prepared.expected is None else observation_to_plain(_timeless(prepared.expected))
    known = []
    for mistake in filter(None, map(prepared.known.get, prepared.known)):
        plain = known_to_plain(mistake)
        told = told_by_values(mistake.finding)
        plain["observation"] = observation_to_plain(_timeless(mistake.observation) if told else Observation())
        known.append(plain)
    return encode(case_to_plain(prepared.case) | {"expected": expected, "known": known}, strict=False)


def _timeless(seen: Observation) -> Observation:
    """The observation without its times, which differ from run to run."""
    return replace(seen, outcomes=tuple(replace(o, seconds=0.0) for o in seen.outcomes))
