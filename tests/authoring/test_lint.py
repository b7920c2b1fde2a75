"""Each rule of the linter, broken once; and a lesson that breaks none."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from autograde.authoring.contract import CONTRACT, LONG_ANSWERS
from autograde.authoring.lint import Problem, count_words, lint, read_lesson
from autograde.judge.course import Course

from .tiny import LESSON

Edit = Callable[[Path, str, str], None]
ANSWER = '{"grade": false, "grade_id": "relu", "locked": false, "schema_version": 3, "solution": true, "task": false}'
TEST = '{"grade": true, "grade_id": "test_relu", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}'
PLAIN = '{"grade": false, "grade_id": "%s", "locked": true, "schema_version": 3, "solution": false, "task": false}'
BODY = "return np.maximum(z, 0)"

GOOD = f'''\
# %% [markdown]
# # Keep what is positive
#
# What you will do.

# %% nbgrader={PLAIN % "setup"}
import numpy as np

from autograde.check import begin, check, progress
from coursekit.plots import show, use_course_style

begin("20-good")
use_course_style()

# %% [markdown]
# ## ReLU
#
# ### Exercise 20.1 · relu (2 points)
#
# Keep it; 3! is `x!` or $n!$ ways.

# %% nbgrader={ANSWER}
def relu(z):
    """Positive part, same shape: relu(-1) is 0."""
    # BEGIN SOLUTION
    {BODY}
    # END SOLUTION

# %% nbgrader={TEST}
check(relu)

# %% nbgrader={PLAIN % "picture"}
show(plot_relu(relu), alt="The line bends at zero.")

# %% [markdown]
# ## Summary
#
# {"word " * 1500}

# %% [markdown]
# ## On your own

# %% [markdown]
# ## Further reading
''' + "".join(f"\n# %% [markdown]\n# Idea {n}.\n" for n in range(24))

EXERCISES = (
    """\
from autograde.check.cases import Call, Case
from autograde.judge.catalogue import Exercise

relu = Exercise("relu", points=2, hints=("Look at zero.", "Compare with zero.", "Take the larger of z and 0."))


@relu.visible
def _(rng):
    yield Case("one number", (Call("relu", (1.0,)),))


@relu.hidden
def _(rng):
    yield Case("another number", (Call("relu", (-2.0,)),))

"""
    + "".join(f'\n@relu.misconception(hint="Mistake {n}.")\ndef wrong_{n}(z):\n    return {n}\n' for n in range(6))
    + "".join(f"\n@relu.alternative\ndef right_{n}(z):\n    return z * (z > 0) + {n} * 0\n" for n in range(3))
    + "\nEXERCISES = (relu,)\n"
)


@pytest.fixture
def good(tmp_path: Path) -> Course:
    """A course with a lesson that breaks no rule."""
    folder = tmp_path / "lessons" / "20-good"
    folder.mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (folder / "lesson.py").write_text(GOOD, encoding="utf-8")
    (folder / "exercises.py").write_text(EXERCISES, encoding="utf-8")
    return Course(tmp_path)


def found(course: Course) -> list[Problem]:
    return lint(course, "20-good")


def test_a_good_lesson_breaks_no_rule(good: Course) -> None:
    assert found(good) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"grade_id": "picture", "locked": true, "schema_version": 3, ', '"grade_id": "picture", "locked": true, ', "lacks schema_version"),
        ('"points": 2, ', "", "lacks points"),
        ('"grade_id": "picture"', '"checksum": "0", "grade_id": "picture"', "has checksum"),
        ('"grade_id": "picture"', '"grade_id": "picture", "points": 1', "has points"),
        ('"grade_id": "picture", "locked": true, "schema_version": 3', '"grade_id": "picture", "locked": true, "schema_version": 2', "write 3"),
        ('"grade_id": "picture", "locked": true', '"grade_id": "picture", "locked": false', "no kind of code cell"),
        ('"grade_id": "picture"', '"grade_id": "a picture"', "'a picture' is not valid"),
        ('"grade_id": "picture"', '"grade_id": "relu"', "'relu' is taken by line"),
        ("    # BEGIN SOLUTION", "    # %% BEGIN SOLUTION", "is not Python by itself"),
        ("import numpy as np", "import numpy as np\n" + "x = 1\n" * 12, "17 lines of code: show at most 12"),
        ('"grade_id": "setup"', '"grade_id": "begin"', "is the set-up cell"),
        ('begin("20-good")', 'begin("01-good")', 'must call begin("20-good")'),
        ("use_course_style()", "", "must call use_course_style()"),
        ("import begin, check, progress", "import begin, check", "must import progress"),
        ("check(relu)", "check(relu)\nprint(1)", "holds the one line check(relu)"),
        ("check(relu)", "check('relu')", "holds the one line check(relu)"),
        ('"grade_id": "test_relu"', '"grade_id": "test_elu"', '"test_relu" must follow at once'),
        ('"points": 2', '"points": 3', "worth 3, exercises.py says 2"),
        ("(2 points)", "(3 points)", "heading says 3 points, its test 2"),
        ("Exercise 20.1 · relu", "Exercise 20.1 · elu", "no heading announces it"),
        ("def relu(z):", "limit = 0\ndef relu(z):", "holds imports and function definitions only"),
        ("def relu(z):", "def relou(z):", "does not define relu"),
        ('"""Positive part, same shape: relu(-1) is 0."""', "pass", "has no docstring"),
        ("    # END SOLUTION\n", "", "mark the solution of relu"),
        ("    # END SOLUTION\n", "    # BEGIN SOLUTION\n    # END SOLUTION\n", "mark the solution of relu"),
        (BODY, "x = z\n    " * 8 + BODY, "has 9 lines: at most 8"),
        (', alt="The line bends at zero."', "", "show() has no alt text"),
        ('alt="The line bends at zero."', 'alt=" "', "show() has no alt text"),
        ("show(plot_relu(relu), alt=", "plt.show(); show(plot_relu(relu), alt=", "plt.show() gives no alt text"),
        ("Idea 3.", "![](figure.png)", "an image has no alt text"),
        ("Idea 3.", '<img src="figure.png">', "an image has no alt text"),
        ("Idea 3.", "Well done!", "exclamation mark"),
        ("Idea 3.", "**Well done!** Go on.", "exclamation mark"),
        ("Idea 3.", "Well done 🎉", "emoji"),
        ("# # Keep", "# ## Keep", "starts with the title"),
        ("Idea 3.", "# Another title", "is a second title"),
        ("Idea 3.", "#### Deep", "nested too deeply"),
        ("## Summary", "## In short", "'## Summary' is missing"),
        ("## On your own", "## Further reading", "'## On your own' is missing"),
        ("# Idea 3.\n", "# Idea 3.\n" + "\n# %%\nx = 1\n" * 30, "cells: a lesson has 30 to 55"),
        ("\n# %% [markdown]\n# Idea 3.\n\n# %% [markdown]\n# Idea 4.\n\n# %% [markdown]\n# Idea 5.\n\n# %% [markdown]\n# Idea 6.\n", "", "29 cells"),
        ("word word word", "word", "words of text: a lesson has 1500 to 2800"),
        ("Idea 3.", "word " * 1300, "words of text: a lesson has 1500 to 2800"),
    ],
)  # fmt: skip
def test_every_rule_of_the_lesson_is_held(good: Course, edit: Edit, old: str, new: str, message: str) -> None:
    edit(good.lesson_file("20-good"), old, new)
    problems = found(good)
    assert any(message in p.message for p in problems), problems
    assert all(p.file == "lesson.py" for p in problems)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"Compare with zero."', '"Look at zero."', "three different hints"),
        ('"Compare with zero."', '" "', "three different hints"),
        ('@relu.misconception(hint="Mistake 5.")', "@relu.alternative", "5 misconceptions"),
        ("Mistake 5.", "Mistake 4.", "the same hint"),
        ("Mistake 5.", "Oh no!", "exclamation mark"),
        ("@relu.alternative\ndef right_2", '@relu.misconception(hint="7.")\ndef right_2', "2 alternatives"),
        ("EXERCISES = (relu,)", "EXERCISES = [relu]", "must define EXERCISES"),
    ],
)
def test_every_rule_of_the_exercises_is_held(good: Course, edit: Edit, old: str, new: str, message: str) -> None:
    edit(good.lessons / "20-good" / "exercises.py", old, new)
    (problem,) = found(good)
    assert message in problem.message
    assert str(problem).startswith("exercises.py: ")


def test_problems_name_their_line(good: Course, edit: Edit) -> None:
    edit(good.lesson_file("20-good"), "Idea 3.", "Well done!")
    (problem,) = found(good)
    lines = good.lesson_file("20-good").read_text(encoding="utf-8").splitlines()
    assert lines[problem.line - 1] == "# Well done!"
    assert str(problem).startswith(f"lesson.py:{problem.line}: ")


def test_exercises_and_answers_must_be_the_same(good: Course, edit: Edit) -> None:
    edit(good.lessons / "20-good" / "exercises.py", 'Exercise("relu"', 'Exercise("elu"')
    assert {p.message.split(":")[0] for p in found(good)} == {
        "relu has an answer cell and is not in exercises.py",
        "elu is in exercises.py and has no answer cell",
    }


def test_an_unreadable_lesson_is_one_problem(good: Course) -> None:
    good.lesson_file("20-good").write_text("x = 1\n", encoding="utf-8")
    (problem,) = found(good)
    assert "begins with its first cell" in problem.message


@pytest.fixture
def promised(good: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The good lesson with a contract of its own."""
    monkeypatch.setitem(CONTRACT, "20-good", ("relu(z, slope=0.01)",))
    return good


@pytest.mark.parametrize(
    ("signature", "message"),
    [
        ("relu(z, slope=0.01)", None),
        ("relu(z: object, slope: float = 1e-2) -> object", None),
        ("relu(z, slope=0.01, extra=None)", None),
        ("relu(z, slope=0.01, *, extra=None)", None),
        ("relu(z)", "the parameters are (z)"),
        ("relu(slope=0.01, z=0)", "the parameters are (slope, z)"),
        ("relu(z, slope)", "the default of slope is missing"),
        ("relu(z, slope=0.1)", "the default of slope is 0.1"),
        ("relu(z=0, slope=0.01)", "the default of z is 0"),
        ("relu(z, slope=0.01, *, extra)", "an extra keyword argument has no default"),
        ("relu(z, **options)", "only plain parameters"),
        ("relu(z, /, slope=0.01)", "only plain parameters"),
    ],
)
def test_the_contracts_signature_is_held(promised: Course, edit: Edit, signature: str, message: str | None) -> None:
    edit(promised.lesson_file("20-good"), "def relu(z):", f"def {signature}:")
    said = [p.message for p in found(promised)]
    if message is None:
        assert said == []
    else:
        assert len(said) == 1
        assert said[0].startswith(message)
        assert said[0].endswith("the contract says relu(z, slope=0.01)")


def test_a_missing_exercise_of_the_contract_is_named(good: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CONTRACT, "20-good", ("relu(z)", "elu(z, alpha=1.0)"))
    assert [p.message for p in found(good)] == [
        "the contract's exercise elu(z, alpha=1.0) has no answer cell: write one"
    ]


def test_the_contract_is_well_formed() -> None:
    assert [name[:2] for name in CONTRACT] == [f"{n:02}" for n in range(16)]
    names = []
    for signatures in CONTRACT.values():
        for signature in signatures:
            (function,) = ast.parse(f"def {signature}: ...").body
            assert isinstance(function, ast.FunctionDef)
            names.append(function.name)
    assert len(names) == len(set(names)) == 110
    assert set(names) >= LONG_ANSWERS


def test_words_are_counted_as_a_reader_counts(course: Course) -> None:
    cells = read_lesson(course.lesson_file(LESSON))
    text = "Double a number A lesson for the tests. It costs $x$ euros."
    assert count_words(cells[:2]) == len(re.findall(r"\S+", text))
