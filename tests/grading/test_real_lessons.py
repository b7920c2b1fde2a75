"""The finished lessons, graded for real: the same marks from ``autograde`` and from stock nbgrader."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograde.authoring.sample_class import SEED, write_sample_class
from autograde.grading.batch import LessonBatch
from autograde.grading.course import open_course
from autograde.grading.gradebook import marks
from autograde.grading.pools import SerialPool
from autograde.sandbox.worker import Worker

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted(p.parent.name for p in ROOT.glob("lessons/*/lesson.py"))
#: One waits for its time limit, one is not a notebook, which stock nbgrader leaves out.
LEFT_OUT = ("katherine", "niels")


@pytest.mark.parametrize("lesson", LESSONS)
def test_stock_nbgrader_gives_the_same_marks(
    lesson: str, tmp_path: Path, worker: Worker, request: pytest.FixtureRequest
) -> None:
    root = tmp_path / "course"
    for room in ("lessons", "solutions", "notebooks"):
        shutil.copytree(ROOT / room / lesson, root / room / lesson)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    course = open_course(root)
    write_sample_class(root, lesson, course.submitted)
    # Stock nbgrader takes long: unless thorough, a third of the class in each lesson, another third in the next one.
    students = sorted(p.name for p in course.submitted.iterdir() if p.name not in LEFT_OUT)
    chosen = set(students if request.config.getoption("--thorough") else students[LESSONS.index(lesson) % 3 :: 3])
    for folder in course.submitted.iterdir():
        if folder.name not in chosen:
            shutil.rmtree(folder)
    batch = LessonBatch(course, lesson, SerialPool(worker), seed=SEED)
    for submission in batch.todo():
        batch.grade(submission)
    ours = {m.student: m.cells for m in marks(course.db_url, lesson)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, "-m", "nbgrader", "autograde", lesson, "--force"]
    done = subprocess.run(
        command, cwd=root, env=os.environ | {"PATH": path}, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr
    assert {m.student: m.cells for m in marks(course.db_url, lesson)} == ours
    assert ours.keys() == chosen
    assert len(chosen) >= 4
    for student in chosen:
        graded = nbformat.read(course.graded_notebook(student, lesson), as_version=4)
        assert graded.cells[0].source.startswith("**Your result**")


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_hidden_input_and_no_reference_stands_in_the_feedback(lesson: str, tmp_path: Path, worker: Worker) -> None:
    """A student whose functions fail in every way gets no number of a hidden case to read."""
    from autograde.grading.grader import Grader, read_release
    from autograde.judge.lesson import load_lesson
    from autograde.judge.verdict import Judge

    release, files = read_release(ROOT / "notebooks" / lesson)
    known = load_lesson(ROOT / "lessons" / lesson)
    notebook = nbformat.from_dict(release)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in known.reference and name != "setup":
            cell.source = (
                f"def {name}(*args, **kwargs):\n    print(args, kwargs)\n    raise KeyError(str((args, kwargs)))"
            )
    shown = str(Grader(known, release, SEED, worker, files).grade(notebook).notebook.cells)
    published = files["checks.json"].decode()
    judge = Judge(known, SEED)
    for exercise in known.exercises:
        for prepared in judge.prepared[exercise.name]:
            if prepared.visible:
                continue
            for number in _numbers(prepared.case.calls):
                assert number in published or number not in shown, (exercise.name, number)


def _numbers(value: object) -> list[str]:
    """The first digits of every float that is long enough to be told apart from chance."""
    import dataclasses

    import numpy as np

    if dataclasses.is_dataclass(value):
        value = [getattr(value, f.name) for f in dataclasses.fields(value)]
    if isinstance(value, np.ndarray):
        value = value.ravel()[:20].tolist()
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [n for v in value for n in _numbers(v)]
    digits = f"{value:.10g}"[:9] if isinstance(value, float) else ""
    return [digits] if len(digits.lstrip("-0.")) >= 6 else []
