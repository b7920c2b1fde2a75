"""Every kind of bad input is graded as far as it goes, says what happened, and hurts nobody else."""

import re
import time
from collections.abc import Callable
from html import unescape

import nbformat
import pytest
from nbformat import NotebookNode

from autograde.grading.batch import Result
from autograde.grading.course import GradingCourse

from .conftest import LESSON, RIGHT

FULL = 5.0
Answered = Callable[..., NotebookNode]
Submit = Callable[..., object]
GradeAll = Callable[..., dict[str, Result]]


def _feedback(course: GradingCourse, student: str) -> str:
    """All that a student gets to read, as text."""
    notebook = nbformat.read(course.autograded / student / LESSON / f"{LESSON}.ipynb", as_version=4)
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            parts.append(unescape(re.sub(r"<[^>]+>", " ", data.get("text/html", data.get("text/plain", "")))))
            parts.append(output.get("text", ""))
    return "\n".join(parts)


BAD_ANSWERS = {
    "a syntax error": ("def double(z:\n    return z", "SyntaxError"),
    "an endless loop in the function": ("def double(z):\n    while True: pass", "time limit"),
    "a 3 GB array": (
        "def double(z):\n    return np.ones(3 * 2**30 // 8) * 2.0",
        r"memory|could not be read|too large|wrong shape|\(2,\)",
    ),
    "the end of the process": ("import os\ndef double(z):\n    os._exit(0)", "ended the Python process"),
    "sys.exit": ("import sys\ndef double(z):\n    sys.exit(0)", "SystemExit|ended the Python process"),
    "nan everywhere": ("def double(z):\n    return z * np.nan", "nan"),
    "a list": ("def double(z):\n    return [2 * x for x in z]", r"np\.array\(\.\.\.\)"),
    "None": ("def double(z):\n    z = 2 * z", "return statement missing"),
    "a string": ("def double(z):\n    return 'twice'", "a string"),
    "an object": ("class A: pass\ndef double(z):\n    return A()", "object of type A"),
    "its input changed": ("def double(z):\n    z *= 2.0\n    return z", "its argument z"),
    "the global generator": ("def double(z):\n    np.random.rand()\n    return 2.0 * z", "global generator"),
    "an error": ("def double(z):\n    return z.no_such_thing", "AttributeError"),
    "another name": ("def doubled(z):\n    return 2.0 * z", "no function with the name double"),
    "not a function": ("double = 7", "does not stand for a function"),
    "an unfinished cell": ("", "not started"),
    "deep recursion": ("def double(z):\n    return double(z)", "RecursionError|ended the Python process"),
}


@pytest.mark.parametrize("what", BAD_ANSWERS)
def test_a_bad_answer_costs_its_own_points_and_says_why(
    what: str, answered: Answered, submit: Submit, grade_all: GradeAll, course: GradingCourse
) -> None:
    source, words = BAD_ANSWERS[what]
    independent = "def total(z):\n    return float(2.0 * z.sum())"
    submit("ada", answered(double=source, total=independent))
    assert grade_all()["ada"].points == FULL - 2
    assert re.search(words, _feedback(course, "ada"))


def test_what_leans_on_a_wrong_answer_says_so(
    answered: Answered, submit: Submit, grade_all: GradeAll, course: GradingCourse
) -> None:
    submit("ada", answered(double="def double(z):\n    return z * z"))
    assert grade_all()["ada"].points == 1.0
    feedback = _feedback(course, "ada")
    assert "That is the square of each entry" in feedback
    assert "It uses double, which is not right yet" in feedback


def test_a_left_over_raise_under_right_code_is_pointed_out_and_not_punished(
    answered: Answered, submit: Submit, grade_all: GradeAll, course: GradingCourse
) -> None:
    source = "def double(z):\n    y = 2.0 * z\n    # YOUR CODE HERE\n    raise NotImplementedError()\n    return y"
    submit("ada", answered(double=source))
    assert grade_all()["ada"].points == FULL
    assert "left-over line" in _feedback(course, "ada")


def test_an_untouched_notebook_earns_nothing(
    release: NotebookNode, submit: Submit, grade_all: GradeAll, course: GradingCourse
) -> None:
    submit("ada", release)
    assert grade_all()["ada"].points == 0.0
    assert _feedback(course, "ada").count("not started") >= 3


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"hello", b"{}", b"[[[[", b'{"cells": [1, 2, {"cell_type": 7}]}', b'{"worksheets": []}'),
        b'{"cells": [{"cell_type": "code", "source": "\\ud800"}, {"cell_type": "markdown", "source": "\\udc80"}]}',
    ],
)
def test_what_is_no_notebook_earns_nothing_and_stops_nobody(
    content: bytes, answered: Answered, submit: Submit, grade_all: GradeAll, course: GradingCourse
) -> None:
    submit("ada", content)
    submit("blaise", answered())
    results = grade_all()
    assert results["ada"].points == 0.0
    assert results["blaise"].points == FULL
    assert _feedback(course, "ada")


@pytest.mark.alone
def test_a_cell_that_loops_for_ever_costs_its_limit_once(
    course: GradingCourse, answered: Answered, release: NotebookNode, small_course: object, worker: object
) -> None:
    from autograde.grading.grader import Grader, read_release
    from autograde.judge.lesson import load_lesson
    from autograde.sandbox.limits import Limits

    notebook = answered()
    notebook.cells.insert(2, nbformat.v4.new_code_cell("while True: pass"))
    _, files = read_release(course.release_folder(LESSON))
    grader = Grader(load_lesson(course.lesson_folder(LESSON)), release, 1, worker, files, Limits(cell_seconds=1.0))  # type: ignore[arg-type]
    start = time.monotonic()
    graded = grader.grade(notebook)
    assert graded.points == FULL
    assert time.monotonic() - start < 3.0


@pytest.mark.alone
def test_a_function_that_loops_for_ever_costs_its_limit_once(
    answered: Answered, submit: Submit, grade_all: GradeAll
) -> None:
    submit("ada", answered(double="def double(z):\n    while True: pass"))
    start = time.monotonic()
    # total leans on double, so it meets the loop as well; apply does not
    assert grade_all()["ada"].points == 1.0
    assert time.monotonic() - start < 4.0


def test_thirty_megabytes_on_one_line_do_no_harm(
    answered: Answered, submit: Submit, grade_all: GradeAll, course: GradingCourse
) -> None:
    submit("ada", answered(double="print('x' * 30_000_000)\n" + RIGHT["double"]))
    assert grade_all()["ada"].points == FULL
    assert (course.autograded / "ada" / LESSON / f"{LESSON}.ipynb").stat().st_size < 4_000_000


HONEST = {
    "a lambda": "double = lambda z: 2.0 * z",
    "a class": "class Double:\n    def __call__(self, z):\n        return 2.0 * z\ndouble = Double()",
    "a partial": "import functools\ndouble = functools.partial(np.multiply, 2.0)",
    "a NumPy function's method": "double = (2.0 * np.eye(1)).item().__mul__\ndouble = lambda z, m=double: z + z",
    "prints and warnings": (
        "import warnings\ndef double(z):\n    print('hello')\n    warnings.warn('careful')\n    return 2.0 * z"
    ),
    "stderr": "import sys\ndef double(z):\n    print('oops', file=sys.stderr)\n    return 2.0 * z",
    "type hints": "def double(z: np.ndarray) -> np.ndarray:\n    return np.add(z, z)",
    "a cache": (
        "import functools\n@functools.lru_cache\ndef _two():\n    return 2.0\ndef double(z):\n    return _two() * z"
    ),
    "float32": "def double(z):\n    return (2.0 * z).astype(np.float32)",
    "a magic": "%time x = 1\n" + RIGHT["double"],
    "a plot": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n" + RIGHT["double"],
    "a seed": "np.random.seed(3)\n" + RIGHT["double"],
    "input()": "try:\n    input('name?')\nexcept EOFError:\n    pass\n" + RIGHT["double"],
    "a main guard": RIGHT["double"] + "\nif __name__ == '__main__':\n    print(double(np.ones(2)))",
    "an array subclass": "def double(z):\n    return np.asarray(2.0 * z).view(np.ndarray)",
    "Fortran order": "def double(z):\n    return np.asfortranarray(2.0 * z)",
    "unicode": "def double(z):\n    größe = 2.0 * z\n    return größe",
    "checks called by hand": RIGHT["double"] + "\ncheck(double)\nprogress()",
}


@pytest.mark.parametrize("what", HONEST)
def test_an_honest_oddity_costs_nothing(what: str, answered: Answered, submit: Submit, grade_all: GradeAll) -> None:
    submit("ada", answered(double=HONEST[what]))
    assert grade_all()["ada"].points == FULL
