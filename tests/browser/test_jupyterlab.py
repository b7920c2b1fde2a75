"""Lesson 01 in a real JupyterLab, used as a student uses it; pictures of it are kept in test-artefacts/."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import nbformat
import pytest
from playwright.sync_api import expect

from autograde.judge.lesson import load_lesson

from .lab import ARTEFACTS, ROOT, SECONDS, OpenNotebook, browser_page, copy_course, running_lab

LESSON = "01-initialization"
EXERCISE = "linear_gain"
EXPLORATION = "explore_gain"

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def notebook(chromium, tmp_path_factory) -> Iterator[OpenNotebook]:
    shutil.rmtree(ARTEFACTS, ignore_errors=True)
    course = copy_course(tmp_path_factory.mktemp("course"))
    private = tmp_path_factory.mktemp("jupyter")
    with running_lab(course, private) as address, browser_page(chromium) as (page, outside):
        yield OpenNotebook(page, address, course / "notebooks" / LESSON / f"{LESSON}.ipynb")
        assert not outside, f"The page asked for something beyond this machine: {outside}"


@pytest.fixture(scope="module")
def reference() -> str:
    solutions = nbformat.read(ROOT / "solutions" / LESSON / f"{LESSON}.ipynb", as_version=4)
    (cell,) = [c for c in solutions.cells if c.metadata.get("nbgrader", {}).get("grade_id") == EXERCISE]
    return cell.source


def test_the_setup_cell_runs(notebook):
    output = notebook.run("setup")
    assert "Error" not in output.inner_text()
    notebook.screenshot("1-opened")


def test_nothing_is_asked_before_the_work_begins(notebook):
    expect(notebook.page.get_by_role("dialog")).to_have_count(0)
    expect(notebook.page.get_by_text("official Jupyter news")).to_have_count(0)


def test_an_untouched_exercise_is_not_started_yet(notebook):
    notebook.run(EXERCISE)
    output = notebook.run(f"test_{EXERCISE}")
    expect(output).to_contain_text(f"{EXERCISE}: not started yet")
    notebook.screenshot("2-not-started", f"test_{EXERCISE}")


def test_a_known_mistake_earns_its_hint(notebook):
    exercise = next(e for e in load_lesson(ROOT / "lessons" / LESSON).exercises if e.name == EXERCISE)
    misconception = exercise.misconceptions[0]
    notebook.write(EXERCISE, misconception.source)
    notebook.run(EXERCISE)
    output = notebook.run(f"test_{EXERCISE}")
    expect(output).to_contain_text(misconception.hint)
    expect(output).to_contain_text(f"{EXERCISE}: not right yet")
    shown = output.inner_text()
    assert "expected" in shown
    assert "Traceback" not in shown and "CheckFailedError" not in shown
    notebook.screenshot("3-hint", f"test_{EXERCISE}")


def test_a_right_answer_passes(notebook, reference):
    notebook.write(EXERCISE, reference)
    notebook.run(EXERCISE)
    output = notebook.run(f"test_{EXERCISE}")
    expect(output).to_contain_text(f"{EXERCISE}: right in")
    assert "not right" not in output.inner_text()
    notebook.screenshot("4-right", f"test_{EXERCISE}")


def test_a_figure_is_drawn(notebook):
    picture = notebook.run("gain_after_fifty_layers").locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 300")
    assert len(picture.get_attribute("alt")) > 20
    notebook.screenshot("5-figure", "gain_after_fifty_layers")


def test_a_slider_moves_the_figure(notebook):
    output = notebook.run(EXPLORATION)
    handle = output.locator(".noUi-handle").first
    picture = output.locator("img")
    expect(picture).to_be_visible()
    before, alt = picture.get_attribute("src"), picture.get_attribute("alt")
    notebook.screenshot("6-before-the-slider", EXPLORATION)
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = notebook.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x - 60, y, steps=6)
    mouse.up()
    expect(picture).not_to_have_attribute("src", before, timeout=SECONDS * 1000)
    assert picture.get_attribute("alt") != alt
    notebook.screenshot("7-after-the-slider", EXPLORATION)


def test_the_work_is_saved(notebook, reference):
    notebook.page.keyboard.press("Escape")
    notebook.page.keyboard.press("ControlOrMeta+s")
    expect(notebook.page.locator(".jp-mod-dirty")).to_have_count(0, timeout=SECONDS * 1000)
    saved = nbformat.read(notebook.path, as_version=4)
    (cell,) = [c for c in saved.cells if c.metadata.get("nbgrader", {}).get("grade_id") == EXERCISE]
    assert cell.source == reference


def test_what_was_tried_is_kept_as_pictures(notebook):
    pictures = sorted(ARTEFACTS.glob("*.png"))
    assert len(pictures) == 7
    assert all(p.stat().st_size > 5_000 for p in pictures)
