"""The exercises' tests have teeth: ``autograde audit``, a lesson at a time."""

from __future__ import annotations

import pytest

from autograde.authoring.audit import audit_lesson
from autograde.sandbox.worker import Worker

from .checkout import LESSONS, ROOT


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_tests_have_teeth(lesson):
    with Worker() as worker:
        audits = audit_lesson(ROOT, lesson, worker)
    assert audits, f"{lesson} has no exercises"
    problems = [f"{audit.exercise}: {problem}" for audit in audits for problem in audit.problems]
    assert not problems, "\n".join(problems)
    # An audit that tried nothing proves nothing.
    assert all(a.misconceptions and a.alternatives and a.wrappers for a in audits)
    assert sum(a.killed for a in audits) > 0
