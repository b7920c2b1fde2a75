"""A tiny course with one lesson, for tests that must not wait for a real one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograde.authoring.build import build
from autograde.authoring.lesson_source import Course

REPOSITORY = Path(__file__).resolve().parents[2]
LESSON = "07-tiny"

SOURCE = '''\
# %% [markdown]
# # Double a number
#
# A lesson for the tests. It costs $x$ euros.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from autograde.check import begin, check, progress

begin("07-tiny")

# %% [markdown]
# ### Exercise 7.1 · double (2 points)
#
# `double(z)` returns twice `z`.

# %% nbgrader={"grade": false, "grade_id": "double", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(z):
    """Twice z, same shape."""
    # BEGIN SOLUTION
    return 2.0 * np.asarray(z)
    # END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_double", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(double)

# %%
double(np.array([1.0, 2.5]))

# %% [markdown]
# Say why.

# %% [markdown] nbgrader={"grade": true, "grade_id": "why", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# Because $2x = x + x$:
#
# - a list item
#
#     indented text

# %%
double(np.array([1.0, 2.5]))
'''

EXERCISES = '''\
import numpy as np

from autograde.check.cases import Call, Case
from autograde.judge.catalogue import Exercise

double = Exercise("double", points=2, hints=("What is twice 3?", "Multiply.", "Multiply by 2 and return that."))


@double.visible
def _(rng):
    yield Case("a small row", (Call("double", (np.array([1.0, 0.1, 3.0]),)),))


@double.hidden
def _(rng):
    yield Case("a hidden row", (Call("double", (np.array([98.5, -7.25]),)),))


@double.misconception(hint="Your result is the square.")
def squares_it(z):
    unmistakable_name = z * z
    return unmistakable_name


@double.alternative
def by_adding(z):
    another_unmistakable_name = z + z
    return another_unmistakable_name


EXERCISES = (double,)
'''


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny course, built and executed; copies of it are what the tests work on."""
    root = tmp_path_factory.mktemp("tiny") / "course"
    folder = root / "lessons" / LESSON
    folder.mkdir(parents=True)
    (root / "notebooks").mkdir()
    (folder / "lesson.py").write_text(SOURCE, encoding="utf-8")
    (folder / "exercises.py").write_text(EXERCISES, encoding="utf-8")
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    build(Course(root))
    return root


@pytest.fixture
def course(built_once: Path, tmp_path: Path) -> Course:
    """A built copy of the tiny course that a test may change."""
    shutil.copytree(built_once, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace a piece of text that must be in a file."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
