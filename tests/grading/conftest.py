"""A small built course and a class to grade, for tests that must not wait for a real lesson."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograde.authoring.build import build
from autograde.grading.batch import LessonBatch, Result
from autograde.grading.course import GradingCourse, open_course
from autograde.grading.pools import SerialPool
from autograde.grading.rebuild import grade_id
from autograde.judge.course import Course
from autograde.sandbox.worker import Worker

REPOSITORY = Path(__file__).resolve().parents[2]
LESSON = "00-small"
_FLAGS = '"locked": {locked}, "schema_version": 3, "solution": {solution}, "task": false'

RIGHT = {
    "double": "def double(z):\n    return 2.0 * z",
    "total": "def total(z):\n    return float(double(z).sum())",
    "apply": "def apply(f, z, rng):\n    return f(z) + 0.0 * rng.random()",
}

EXERCISES = """\
import numpy as np

from autograde.check.cases import Call, Case, Property, Raises
from autograde.check.codec import StandIn
from autograde.judge.catalogue import Exercise

HINTS = ("one", "two", "three")
double = Exercise("double", 2, HINTS, time_limit=1.0)
total = Exercise("total", 2, HINTS, time_limit=1.0)
apply = Exercise("apply", 1, HINTS, time_limit=1.0)


@double.visible
def _(rng):
    yield Case("a small row", (Call("double", (np.array([1.0, 3.0]),)),))


@double.hidden
def _(rng):
    yield Case("a longer row", (Call("double", (rng.standard_normal(5),)),))


@double.misconception(hint="That is the square of each entry; double adds an entry to itself.")
def squares(z):
    return z * z


@total.visible
def _(rng):
    yield Case("a small row", (Call("total", (np.array([1.0, 3.0]),)),))


@total.hidden
def _(rng):
    yield Case("a longer row", (Call("total", (rng.standard_normal(5),)),))


@apply.visible
def _(rng):
    call = Call("apply", (StandIn("scaled_tanh", {"gain": 2.0}), np.array([1.0, 3.0]), StandIn("rng", {"seed": 1})))
    yield Case("a callable", (call,))


@apply.hidden
def _(rng):
    f = StandIn("scaled_tanh", {"gain": float(rng.random())})
    yield Case("another callable", (Call("apply", (f, rng.standard_normal(4), StandIn("rng", {"seed": 1}))),))


EXERCISES = (double, total, apply)
"""


def _lesson_source() -> str:
    def cell(name: str, source: str, *, solution: bool = False, points: int | None = None) -> str:
        flags = _FLAGS.format(locked=str(not solution).lower(), solution=str(solution).lower())
        grade = f'"grade": {str(points is not None).lower()}, "grade_id": "{name}"'
        more = f', "points": {points}' if points is not None else ""
        return f"# %% nbgrader={{{grade}{more}, {flags}}}\n{source}\n\n"

    parts = ["# %% [markdown]\n# # Do small things\n\n"]
    setup = 'import numpy as np\nfrom autograde.check import begin, check, progress\nbegin("00-small")'
    parts.append(cell("setup", setup))
    for (name, source), points in zip(RIGHT.items(), (2, 2, 1), strict=True):
        head, body = source.split("\n", 1)
        solved = f"{head}\n    # BEGIN SOLUTION\n{body}\n    # END SOLUTION"
        parts.append(cell(name, solved, solution=True))
        parts.append(cell(f"test_{name}", f"check({name})", points=points))
    return "".join(parts)


@pytest.fixture(scope="session")
def small_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course, built."""
    root = tmp_path_factory.mktemp("small") / "course"
    folder = root / "lessons" / LESSON
    folder.mkdir(parents=True)
    (root / "notebooks").mkdir()
    (folder / "lesson.py").write_text(_lesson_source(), encoding="utf-8")
    (folder / "exercises.py").write_text(EXERCISES, encoding="utf-8")
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    build(Course(root), execute=False)
    return root


@pytest.fixture(scope="session")
def worker() -> Iterator[Worker]:
    """One warm process for all tests."""
    with Worker() as made:
        yield made


@pytest.fixture(scope="session")
def empty_class(small_course: Path, tmp_path_factory: pytest.TempPathFactory, worker: Worker) -> Path:
    """A folder with a new gradebook that knows the lesson; nbgrader takes a second to make one."""
    folder = tmp_path_factory.mktemp("class")
    LessonBatch(open_course(small_course, folder), LESSON, SerialPool(worker), seed=20_240_601)
    return folder


@pytest.fixture
def course(small_course: Path, empty_class: Path, tmp_path: Path) -> GradingCourse:
    """The small course with an empty class of its own."""
    shutil.copytree(empty_class, tmp_path / "class")
    return open_course(small_course, tmp_path / "class")


@pytest.fixture
def release(small_course: Path) -> NotebookNode:
    """The notebook as students get it."""
    return nbformat.read(small_course / "notebooks" / LESSON / f"{LESSON}.ipynb", as_version=4)


@pytest.fixture
def answered(release: NotebookNode) -> Callable[..., NotebookNode]:
    """``answered(double="…")``: the release with right answers but for the sources given."""

    def fill(**sources: str) -> NotebookNode:
        notebook = deepcopy(release)
        for cell in notebook.cells:
            if grade_id(cell) in RIGHT:
                cell.source = (RIGHT | sources)[grade_id(cell)]
        return notebook

    return fill


@pytest.fixture
def submit(course: GradingCourse) -> Callable[[str, NotebookNode | bytes], Path]:
    """``submit("ada", notebook)``: put a file where nbgrader collects it."""

    def put(student: str, content: NotebookNode | bytes, name: str = f"{LESSON}.ipynb") -> Path:
        path = course.submitted / student / LESSON / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return put


@pytest.fixture
def grade_all(course: GradingCourse, worker: Worker) -> Callable[..., dict[str, Result]]:
    """``grade_all()``: grade the class; results by student."""

    def run(**options: bool) -> dict[str, Result]:
        batch = LessonBatch(course, LESSON, SerialPool(worker))
        return {s.student: batch.grade(s) for s in batch.todo(**options)}

    return run
