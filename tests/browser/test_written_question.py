"""A written question: answered in the notebook, marked by a person in nbgrader's formgrader, and kept ever after."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

from autograde.authoring.build import build
from autograde.grading.batch import LessonBatch
from autograde.grading.course import GradingCourse, open_course
from autograde.grading.feedback import write_feedback
from autograde.grading.gradebook import Mark, marks, write_csv
from autograde.grading.pools import SerialPool
from autograde.judge.course import Course
from autograde.sandbox.worker import Worker
from tests.attacks.page import stock_feedback
from tests.grading.conftest import EXERCISES, LESSON, REPOSITORY, RIGHT, _lesson_source

from .lab import SECONDS, browser_page, running_server

pytestmark = pytest.mark.alone
QUESTION = """\
# %% [markdown] nbgrader={"grade": true, "grade_id": "written_answer", "locked": false, "points": 4, "schema_version": 3, \
"solution": true, "task": false}
# By doubling.

"""
ANSWER = "I added the row to itself."


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> GradingCourse:
    """The small course with a written question after its exercises, and one student's answers."""
    root = tmp_path_factory.mktemp("written") / "course"
    folder = root / "lessons" / LESSON
    folder.mkdir(parents=True)
    (root / "notebooks").mkdir()
    (folder / "lesson.py").write_text(_lesson_source() + QUESTION, encoding="utf-8")
    (folder / "exercises.py").write_text(EXERCISES, encoding="utf-8")
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    build(Course(root), execute=False)
    made = open_course(root)
    notebook = nbformat.read(made.release_folder(LESSON) / f"{LESSON}.ipynb", as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        cell.source = ANSWER if name == "written_answer" else RIGHT.get(name, cell.source)
    path = made.submitted / "ada" / LESSON / f"{LESSON}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return made


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    with browser_page(chromium) as (made, _):
        made.unroute("**/*")
        yield made


def _grade(course: GradingCourse) -> Mark:
    with Worker() as worker:
        batch = LessonBatch(course, LESSON, SerialPool(worker), allow_unsafe=True)
        for submission in batch.todo(force=True):
            batch.grade(submission)
    return marks(course.db_url, LESSON)[0]


def test_the_release_does_not_hold_the_answer(course: GradingCourse) -> None:
    text = (course.release_folder(LESSON) / f"{LESSON}.ipynb").read_text(encoding="utf-8")
    assert "written_answer" in text
    assert "By doubling" not in text


def test_points_given_by_hand_reach_gradebook_export_and_feedback(
    page: Page, course: GradingCourse, tmp_path: Path
) -> None:
    before = _grade(course)
    assert (before.score, before.max_score, before.needs_manual_grade) == (5.0, 9.0, True)
    with course.api().gradebook as gradebook:
        number = gradebook.find_submission_notebook(LESSON, LESSON, "ada").id
    program = ["jupyter", "server", "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"]
    with running_server(program, course.root, tmp_path) as (address, token):
        page.set_extra_http_headers({"Authorization": f"token {token}"})
        page.goto(f"{address}/formgrader/submissions/{number}/", wait_until="load")
        assert ANSWER in page.inner_text("body")
        field = page.locator("input.score").last
        expect(field).to_be_visible(timeout=SECONDS * 1000)
        with page.expect_response(lambda r: "/api/grade" in r.url and r.request.method in ("PUT", "POST")):
            field.fill("3")
            field.dispatch_event("change")
    after = marks(course.db_url, LESSON)[0]
    assert (after.score, after.cells["written_answer"], after.needs_manual_grade) == (8.0, 3.0, False)
    # Graded again, they are still there.
    again = _grade(course)
    assert (again.score, again.cells["written_answer"]) == (8.0, 3.0)
    write_csv([again], tmp_path / "marks.csv")
    with (tmp_path / "marks.csv").open(encoding="utf-8") as file:
        row = next(csv.DictReader(file))
    assert (row["score"], row["max_score"], row["written_answer"]) == ("8", "9", "3")
    (path,) = stock_feedback(course, LESSON)
    told = path.read_text(encoding="utf-8")
    assert "(Score: 8.0 / 9.0)" in told
    assert "read by a person" in told
    (path,) = write_feedback(course, LESSON)
    page.unroute("**/*")
    page.goto(path.as_uri())
    assert "8 of 9 points" in page.inner_text("body > header")
    row = page.get_by_role("row").filter(has_text="written_answer")
    assert "3 of 4" in row.inner_text() and "read by a person" in row.inner_text()
    assert ANSWER in page.inner_text("#exercise-written_answer")
