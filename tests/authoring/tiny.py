"""The text of a tiny course with one lesson, for tests that must not wait for a real one."""

from pathlib import Path

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

EXERCISES = """\
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
"""
