"""The pages of hostile students in a real Chromium: no script of theirs runs, nothing beyond this machine is asked for."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

from autograde.grading.batch import LessonBatch
from autograde.grading.course import GradingCourse, open_course
from autograde.grading.feedback import write_feedback
from autograde.grading.pools import SerialPool
from autograde.grading.report import summarise, write_report
from autograde.grading.store import open_store
from autograde.judge.lesson import load_lesson
from autograde.sandbox.worker import Worker
from tests.attacks.families.pages import _MARKDOWN, _TAGS, HIT
from tests.attacks.page import stock_feedback
from tests.attacks.registry import cells
from tests.grading.conftest import LESSON, small_course  # noqa: F401 - a fixture

from .lab import SECONDS, browser_page, running_server

pytestmark = pytest.mark.alone
#: What is clicked on: in nbgrader's pages what comes from the notebook, in ours all.
CLICKED = ", ".join(f"{part} {tag}" for part in ("#notebook", "main") for tag in ("a", "summary", "details"))
#: Where nbgrader's own feedback lies, beside ours.
STOCK = "feedback-of-nbgrader"
#: One by the text, one by the name; a slash is all that a folder's name cannot hold.
STUDENTS = ("mallory", f"<img src=x onerror={HIT}>", '"><svg onload=window.top.attackHit=1 x="')


@pytest.fixture(scope="module")
def course(small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> GradingCourse:  # noqa: F811
    """A class of hostile students, graded, with feedback and report."""
    root = tmp_path_factory.mktemp("pages") / "course"
    shutil.copytree(small_course, root)
    made = open_course(root)
    notebook = nbformat.read(made.release_folder(LESSON) / f"{LESSON}.ipynb", as_version=4)
    evil = f"raise type('''{_TAGS}''', (Exception,), {{}})('''{_TAGS}''')"
    answers = {"double": f"def double(z):\n    {evil}", "total": f"def total(z):\n    return '''{_TAGS}'''"}
    show = f"from IPython.display import HTML, SVG, display\nprint('''{_TAGS}''')\ndisplay(HTML('''{_TAGS}'''))\n{evil}"
    notebook = cells(notebook, show, answers)
    notebook.cells += [nbformat.v4.new_markdown_cell(text) for text in _MARKDOWN.values() if len(text) < 10_000]
    for student in STUDENTS:
        path = made.submitted / student / LESSON / f"{LESSON}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
    with Worker() as worker:
        batch = LessonBatch(made, LESSON, SerialPool(worker), allow_unsafe=True)
        for submission in batch.todo():
            batch.grade(submission)
    stock_feedback(made, LESSON)
    made.feedback.rename(root / STOCK)
    write_feedback(made, LESSON)
    with open_store(made.db_url) as store:
        lesson = load_lesson(made.lesson_folder(LESSON))
        write_report(summarise(lesson, store.verdicts(LESSON)), root / "report.html")
    return made


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    with browser_page(chromium) as (made, _):
        made.on("dialog", lambda dialog: (_fail(made, "a dialog"), dialog.dismiss()))
        made.unroute("**/*")
        made.route("**/*", lambda route: route.continue_() if _is_here(route.request.url) else route.abort())
        yield made


def _is_here(url: str) -> bool:
    return url.startswith(("file:", "data:", "blob:", "http://127.0.0.1:"))


def _fail(page: Page, what: str) -> None:
    page.evaluate("what => { window.top.attackHit = what }", what)


def _open(page: Page, address: str) -> list[str]:
    """Open a page, click on what can be clicked on in it, and say what it asked for beyond this machine."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="load")
    for link in page.locator(CLICKED).all()[:60]:
        with contextlib.suppress(Exception):  # some are hidden, some lead nowhere
            link.dispatch_event("click")
    page.wait_for_timeout(500)
    return [url for url in asked if not _is_here(url) and "mathjax" not in url.lower() and "cdnjs" not in url]


def _hit(page: Page) -> object:
    return page.evaluate("window.top.attackHit ?? null")


def test_the_test_notices_a_script_that_runs(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "evil.html"
    path.write_text(f"<div id=notebook><img src=x onerror={HIT}><img src='https://example.org/x.png'></div>")
    assert _open(page, path.as_uri()) == ["https://example.org/x.png"]
    assert _hit(page) == 1


@pytest.mark.parametrize("folder", ["feedback", STOCK])
def test_no_script_runs_in_the_feedback(page: Page, course: GradingCourse, folder: str) -> None:
    pages = sorted((course.root / folder).glob(f"*/{LESSON}/{LESSON}.html"))
    assert len(pages) == len(STUDENTS)
    for path in pages:
        assert _open(page, path.as_uri()) == []
        assert _hit(page) is None
        assert "Your result" in page.inner_text("body")


def test_no_script_runs_in_the_class_report(page: Page, course: GradingCourse) -> None:
    assert _open(page, (course.root / "report.html").as_uri()) == []
    assert _hit(page) is None
    assert STUDENTS[1] in page.inner_text("body")


@pytest.fixture(scope="module")
def formgrader(course: GradingCourse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A Jupyter server with the formgrader on the class: its address and token."""
    program = ["jupyter", "server", "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"]
    with running_server(program, course.root, tmp_path_factory.mktemp("jupyter")) as found:
        yield found


def test_no_script_runs_in_the_formgrader(page: Page, course: GradingCourse, formgrader: tuple[str, str]) -> None:
    address, token = formgrader
    with course.api().gradebook as gradebook:
        ids = [n.id for s in gradebook.find_assignment(LESSON).submissions for n in s.notebooks]
    assert len(ids) == len(STUDENTS)
    page.set_extra_http_headers({"Authorization": f"token {token}"})
    for number in ids:
        assert _open(page, f"{address}/formgrader/submissions/{number}/") == []
        assert _hit(page) is None
        assert "Submission" in page.inner_text("h4") and "Your result" in page.inner_text("body")
    for place in (f"manage_submissions/{LESSON}", f"gradebook/{LESSON}/{LESSON}", "manage_students"):
        assert _open(page, f"{address}/formgrader/{place}") == []
        expect(page.locator("table tbody tr")).to_have_count(len(STUDENTS), timeout=SECONDS * 1000)
        assert _hit(page) is None, place
