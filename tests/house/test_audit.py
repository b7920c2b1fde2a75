"""The exercises' tests have teeth: ``autograde audit``, a lesson at a time, with one of its seeds."""

from __future__ import annotations

import pytest

from autograde.authoring.audit import SEEDS, audit_lesson
from autograde.judge.lesson import load_exercises
from autograde.sandbox.worker import Worker

from .checkout import LESSONS, ROOT


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_tests_have_teeth(lesson):
    with Worker() as worker:
        audits = audit_lesson(ROOT, lesson, worker, seeds=SEEDS[:1])
    assert audits, f"{lesson} has no exercises"
    problems = [f"{audit.exercise}: {problem}" for audit in audits for problem in audit.problems]
    assert not problems, "\n".join(problems)
    # An audit that tried nothing proves nothing.
    assert all(a.misconceptions and a.alternatives and a.wrappers for a in audits)
    without_mutants = all(e.reduced_cases for e in load_exercises(ROOT / "lessons" / lesson))
    assert sum(a.killed for a in audits) > 0 or without_mutants
