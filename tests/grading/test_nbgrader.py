"""Stock nbgrader's commands on the course as it lies there: the same marks, and every command works."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograde.grading.batch import LessonBatch
from autograde.grading.course import GradingCourse, open_course
from autograde.grading.feedback import write_feedback
from autograde.grading.gradebook import marks, write_csv
from autograde.grading.pools import SerialPool
from autograde.grading.report import summarise, write_report
from autograde.grading.store import open_store
from autograde.judge.lesson import load_lesson
from autograde.sandbox.worker import Worker
from tests.attacks.page import stock_feedback

from .conftest import LESSON, RIGHT

Answered = Callable[..., NotebookNode]


@pytest.fixture(scope="module")
def whole_course(small_course: Path, empty_class: Path, tmp_path_factory: pytest.TempPathFactory) -> GradingCourse:
    """A copy of the small course in which submissions and gradebook lie beside the lessons, as nbgrader has it."""
    root = tmp_path_factory.mktemp("whole") / "course"
    shutil.copytree(small_course, root)
    shutil.copy(empty_class / "gradebook.db", root)
    return open_course(root)


def _nbgrader(course: GradingCourse, *arguments: str, check: bool = True) -> str:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=course.root, env=environment, capture_output=True, text=True, timeout=120)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def _class(answered: Answered, release: NotebookNode) -> dict[str, NotebookNode]:
    def without_metadata(notebook: NotebookNode) -> NotebookNode:
        for i, cell in enumerate(notebook.cells):
            cell.metadata, cell.id = nbformat.from_dict({}), f"x{i}"
        return notebook

    def with_copies(notebook: NotebookNode) -> NotebookNode:
        notebook.cells += [nbformat.from_dict(c) for c in notebook.cells[1:4]]
        return notebook

    def shuffled(notebook: NotebookNode) -> NotebookNode:
        notebook.cells.reverse()
        return notebook

    def own_cell(source: str) -> NotebookNode:
        notebook = answered()
        notebook.cells.insert(2, nbformat.v4.new_code_cell(source))
        return notebook

    return {
        "ada": answered(),
        "blaise": answered(double="def double(z):\n    return z * z"),
        "carl": release,
        "dorothy": without_metadata(answered()),
        "emmy": with_copies(answered()),
        "florence": shuffled(answered()),
        "grace": answered(double="def double(z:\n    return"),
        "hypatia": answered(double="def double(z):\n    while True: pass", total=RIGHT["total"]),
        "isaac": own_cell("import sys; print('noise', file=sys.stderr); 3.5"),
        "johannes": own_cell("raise ValueError('mine')"),
        "katherine": answered(apply="def apply(f, z, rng):\n    return f(z)[:1]"),
        "leonhard": own_cell("import os; os._exit(1)"),
        "maryam": answered(
            total="def total(z):\n    y = float(2 * z.sum())\n    raise NotImplementedError()\n    return y"
        ),
    }


@pytest.fixture(scope="module")
def graded(
    whole_course: GradingCourse, worker: Worker, small_course: Path
) -> tuple[GradingCourse, dict[str, dict[str, float]], dict[str, dict[str, float]]]:
    """The class graded by ``autograde``, then again by stock nbgrader: the marks of each."""
    release = nbformat.read(small_course / "notebooks" / LESSON / f"{LESSON}.ipynb", as_version=4)

    def answered(**sources: str) -> NotebookNode:
        notebook = nbformat.from_dict(release)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in RIGHT:
                cell.source = (RIGHT | sources)[name]
        return notebook

    for student, notebook in _class(answered, release).items():
        path = whole_course.submitted / student / LESSON / f"{LESSON}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook))
    batch = LessonBatch(whole_course, LESSON, SerialPool(worker))
    for submission in batch.todo():
        batch.grade(submission)
    ours = {m.student: m.cells for m in marks(whole_course.db_url, LESSON)}
    _nbgrader(whole_course, "autograde", LESSON, "--force")
    theirs = {m.student: m.cells for m in marks(whole_course.db_url, LESSON)}
    return whole_course, ours, theirs


Graded = tuple[GradingCourse, dict[str, dict[str, float]], dict[str, dict[str, float]]]


def test_autograde_and_stock_nbgrader_give_the_same_marks(graded: Graded) -> None:
    _, ours, theirs = graded
    assert ours == theirs
    assert len(ours) == 13


def test_the_marks_are_those_that_the_work_deserves(graded: Graded) -> None:
    _, ours, _ = graded
    totals = {student: sum(cells.values()) for student, cells in ours.items()}
    full = ("ada", "dorothy", "emmy", "florence", "isaac", "johannes", "leonhard", "maryam")
    assert totals == dict.fromkeys(full, 5.0) | {
        "blaise": 1.0,
        "carl": 0.0,
        "grace": 1.0,
        "hypatia": 1.0,
        "katherine": 4.0,
    }


def test_the_same_seed_serves_every_grading(graded: Graded, worker: Worker) -> None:
    course, ours, _ = graded
    with open_store(course.db_url) as store:
        seed = store.seed(LESSON)
    batch = LessonBatch(course, LESSON, SerialPool(worker), seed=seed + 1)
    for submission in batch.todo(force=True):
        batch.grade(submission)
    assert {m.student: m.cells for m in marks(course.db_url, LESSON)} == ours
    with open_store(course.db_url) as store:
        assert store.seed(LESSON) == seed


def test_nothing_is_graded_twice_unless_asked(graded: Graded, worker: Worker) -> None:
    course, _, _ = graded
    batch = LessonBatch(course, LESSON, SerialPool(worker))
    assert batch.todo() == []
    assert len(batch.todo(force=True)) == 13


def test_nbgraders_own_feedback_works_and_tells_no_hidden_input(graded: Graded) -> None:
    course, _, _ = graded
    _nbgrader(course, "generate_feedback", LESSON, "--force")
    pages = sorted(course.feedback.glob(f"*/{LESSON}/{LESSON}.html"))
    assert len(pages) == 13
    page = (course.feedback / "blaise" / LESSON / f"{LESSON}.html").read_text()
    assert "That is the square of each entry" in page
    assert _no_hidden_input(course, page)


def test_our_own_feedback_after_nbgraders_tells_the_same_and_no_hidden_input(graded: Graded) -> None:
    course, ours, _ = graded
    stock_feedback(course, LESSON, "blaise")
    pages = {p.parent.parent.name: p.read_text(encoding="utf-8") for p in write_feedback(course, LESSON)}
    assert pages.keys() == ours.keys()
    assert "That is the square of each entry" in pages["blaise"]
    for student, cells in ours.items():
        assert f"<strong>{sum(cells.values()):g}</strong> of 5 points" in pages[student]
        assert _no_hidden_input(course, pages[student])


def _no_hidden_input(course: GradingCourse, page: str) -> bool:
    with open_store(course.db_url) as store:
        seed = store.seed(LESSON)
    from autograde.judge.verdict import Judge

    hidden = [p for p in Judge(load_lesson(course.lesson_folder(LESSON)), seed).prepared["double"] if not p.visible]
    numbers = [f"{number:.4f}"[:-1] for p in hidden for number in p.case.calls[0].args[0]]
    return len(numbers) >= 5 and not [n for n in numbers if n in page]


def test_validate_and_generate_assignment_and_the_list_of_assignments_work(graded: Graded) -> None:
    course, _, _ = graded
    before = (course.release_folder(LESSON) / f"{LESSON}.ipynb").read_bytes()
    _nbgrader(course, "generate_assignment", LESSON, "--force")
    assert (course.release_folder(LESSON) / f"{LESSON}.ipynb").read_bytes() == before
    said = _nbgrader(course, "validate", str(course.submitted / "blaise" / LESSON / f"{LESSON}.ipynb"), check=False)
    assert "double: not right yet" in said
    said = _nbgrader(course, "validate", str(course.submitted / "ada" / LESSON / f"{LESSON}.ipynb"), check=False)
    assert "Success" in said
    config = Config()
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.source_directory = "solutions"
    config.CourseDirectory.release_directory = "notebooks"
    listed = NbGraderAPI(CourseDirectory(config=config), config=config).get_assignments()
    assert [(a["name"], a["status"], a["num_submissions"]) for a in listed] == [(LESSON, "draft", 13)]


def test_the_class_report_counts_the_misconceptions(graded: Graded, tmp_path: Path) -> None:
    course, _, _ = graded
    with open_store(course.db_url) as store:
        rows = store.verdicts(LESSON)
    summary = summarise(load_lesson(course.lesson_folder(LESSON)), rows)
    assert [(e, m.name, m.count) for e, m in summary.findings] == [("double", "squares", 1)]
    assert summary.maximum == 5.0
    assert len(summary.students) == 13
    write_report(summary, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    assert "That is the square of each entry" in page


def test_names_are_escaped_in_the_report_and_tame_in_the_csv(graded: Graded, tmp_path: Path) -> None:
    course, _, _ = graded
    lesson = load_lesson(course.lesson_folder(LESSON))
    with open_store(course.db_url) as store:
        rows = store.verdicts(LESSON)
    from dataclasses import replace

    evil = "=<script>alert(1)</script>,x"
    write_report(summarise(lesson, [replace(r, student=evil) for r in rows]), tmp_path / "report.html")
    assert "<script>" not in (tmp_path / "report.html").read_text()
    write_csv([replace(marks(course.db_url, LESSON)[0], student=evil)], tmp_path / "marks.csv")
    assert (tmp_path / "marks.csv").read_text().splitlines()[1].startswith("\"'=<script>")
