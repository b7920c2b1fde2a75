"""The audit itself has teeth: what it looks for, it finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograde.authoring import audit
from autograde.judge.course import Course
from autograde.sandbox.worker import Worker

from .tiny import LESSON

Edit = Callable[[Path, str, str], None]


def problems(course: Course) -> str:
    with Worker() as worker:
        [found] = audit.audit_lesson(course.root, LESSON, worker)
    assert found.wrappers > 100
    return "\n".join(found.problems)


def test_a_lesson_with_too_little_is_told_so(course: Course) -> None:
    found = problems(course)
    assert "1 alternatives, at least 3 are wanted" in found
    assert "1 misconceptions, at least 6 are wanted" in found
    assert "right answer" not in found
    assert "survives" not in found


def test_weak_cases_and_a_refused_alternative_are_found(course: Course, edit: Edit) -> None:
    exercises = course.root / "lessons" / LESSON / "exercises.py"
    edit(exercises, "np.array([98.5, -7.25])", "np.array([2.0, 0.0])")
    edit(exercises, "np.array([1.0, 0.1, 3.0])", "np.array([2.0, 2.0])")
    edit(exercises, "another_unmistakable_name = z + z", "another_unmistakable_name = z + z + 1")
    found = problems(course)
    assert "the misconception 'squares it' passes" in found
    assert "the alternative 'by adding' is refused" in found


def test_a_public_function_that_answers_an_exercise_is_found(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    functions = [*audit._public_functions(), ("numpy", "add"), ("math", "floor")]
    monkeypatch.setattr(audit, "_public_functions", lambda: iter(functions))
    lesson = course.root / "lessons" / LESSON
    for name in ("lesson.py", "exercises.py"):
        text = (lesson / name).read_text(encoding="utf-8")
        text = text.replace("def double(z):", "def double(z, w=None):").replace("2.0 * np.asarray(z)", "z + w")
        text = text.replace("3.0]),)", "3.0]), 1.0)").replace("-7.25]),)", "-7.25]), 2.0)")
        (lesson / name).write_text(text, encoding="utf-8")
    found = problems(course)
    assert "numpy.add(*args, **kwargs) is a right answer" in found
    assert found.count("right answer") == 1
