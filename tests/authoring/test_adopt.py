"""An instructor's edit in JupyterLab comes home, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4

from autograde.authoring.adopt import adopt
from autograde.authoring.build import build, check_build
from autograde.authoring.lesson_source import read_lesson
from autograde.judge.course import Course, CourseError

from .tiny import LESSON, SOURCE

Edit = Callable[[Path, str, str], None]
PLAYGROUND = "double(np.array([1.0, 2.5]))"


@contextmanager
def edited(course: Course) -> Iterator[Any]:
    notebook = nbformat.read(course.solution_file(LESSON), as_version=4)
    yield notebook
    nbformat.write(notebook, course.solution_file(LESSON))


def source(course: Course) -> str:
    return course.lesson_file(LESSON).read_text(encoding="utf-8")


def with_id(notebook: Any, name: str) -> Any:
    return next(cell for cell in notebook.cells if cell.id == name)


def test_nothing_changed_is_byte_identical(course: Course) -> None:
    assert adopt(course, "7") is False
    assert source(course) == SOURCE


def test_what_jupyterlab_and_nbgrader_do_by_themselves_is_no_change(course: Course) -> None:
    with edited(course) as notebook:
        notebook.metadata.kernelspec = {"name": "other", "display_name": "Other"}
        notebook.metadata.language_info = {"name": "python", "version": "3.12.1"}
        notebook.metadata["widgets"] = {"state": {}}
        notebook.cells = [cell for cell in notebook.cells if cell.id != "hints-double"]
        for number, cell in enumerate(notebook.cells):
            cell.id = f"new-{number}"
            cell.metadata.update(trusted=True, editable=True, deletable=False, scrolled=True)
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], 99
            if "nbgrader" in cell.metadata:
                # the panel's own order of keys, and what generate_assignment adds
                cell.metadata.nbgrader = dict(reversed(cell.metadata.nbgrader.items()))
                cell.metadata.nbgrader.update(checksum="0" * 32, cell_type=cell.cell_type)
            else:
                # what the panel leaves in a cell that was set back to an ordinary one
                shell = {"grade": False, "locked": False, "solution": False, "task": False}
                cell.metadata.nbgrader = {**shell, "grade_id": "cell-0123", "schema_version": 3}
    assert adopt(course, LESSON) is False
    assert source(course) == SOURCE
    build(course, execute=False)
    assert check_build(course) == []


def test_an_edit_changes_its_own_cell_and_no_other_byte(course: Course) -> None:
    with edited(course) as notebook:
        cell = with_id(notebook, "double")
        cell.source = cell.source.replace("2.0 * np.asarray(z)", "np.asarray(z) * 2.0")
    assert adopt(course, LESSON) is True
    assert source(course) == SOURCE.replace("2.0 * np.asarray(z)", "np.asarray(z) * 2.0").replace(
        "# END SOLUTION\n\n\n", "# END SOLUTION\n\n"
    )
    build(course)
    assert check_build(course) == []
    assert adopt(course, LESSON) is False


def test_new_moved_and_deleted_cells_come_home(course: Course) -> None:
    with edited(course) as notebook:
        last = notebook.cells.pop()
        notebook.cells.insert(1, last)
        notebook.cells.insert(2, v4.new_markdown_cell("New text with $x^2$ and `# %% [markdown]`\n\n    # %% code"))
        why = with_id(notebook, "why")
        why.metadata.nbgrader.points = 5
        notebook.cells.append(v4.new_code_cell("%timeit double(1.0)\n\n\nx = 1", metadata={"tags": ["slow"]}))
    assert adopt(course, LESSON) is True
    cells = read_lesson(course.lesson_file(LESSON))
    assert [c.source for c in cells[1:3]] == [
        PLAYGROUND,
        "New text with $x^2$ and `# %% [markdown]`\n\n    # %% code",
    ]
    assert cells[-1].source == "%timeit double(1.0)\n\n\nx = 1"
    assert cells[-1].metadata == {"tags": ["slow"]}
    (answer,) = [c for c in cells if c.nbgrader.get("grade_id") == "why"]
    assert answer.nbgrader["points"] == 5
    assert answer.source == "Because $2x = x + x$:\n\n- a list item\n\n    indented text"
    build(course, execute=False)
    assert check_build(course) == []


def test_a_new_exercise_of_the_panel_comes_home_whole(course: Course) -> None:
    """Metadata as nbgrader's Create Assignment panel writes it."""
    data = {"grade": True, "grade_id": "test_more", "locked": True, "points": 4, "schema_version": 3}
    with edited(course) as notebook:
        cell = v4.new_code_cell("check(more)", metadata={"nbgrader": {**data, "solution": False, "task": False}})
        notebook.cells.append(cell)
    assert adopt(course, LESSON) is True
    assert source(course).endswith(
        '# %% nbgrader={"grade": true, "grade_id": "test_more", "locked": true, "points": 4, "schema_version": 3, '
        '"solution": false, "task": false}\ncheck(more)\n'
    )


def test_both_sides_changed_is_refused(course: Course, edit: Edit) -> None:
    edit(course.lesson_file(LESSON), "Say why.", "Say why it holds.")
    edit(course.solution_file(LESSON), "returns twice", "gives twice")
    with pytest.raises(CourseError, match=r"lesson\.py was changed since.*--force"):
        adopt(course, LESSON)
    assert "Say why it holds." in source(course)
    assert adopt(course, LESSON, force=True) is True
    assert source(course) == SOURCE.replace("returns twice", "gives twice")


def test_an_unchanged_notebook_does_not_undo_a_changed_lesson(course: Course, edit: Edit) -> None:
    edit(course.lesson_file(LESSON), "Say why.", "Say why it holds.")
    with pytest.raises(CourseError, match="was changed since"):
        adopt(course, LESSON)
    assert "Say why it holds." in source(course)


def test_a_pasted_image_is_named_and_not_lost_in_silence(course: Course) -> None:
    with edited(course) as notebook:
        notebook.cells[0].attachments = {"sketch.png": {"image/png": "AAAA"}}
        notebook.cells[0].source += "\n\n![a sketch](attachment:sketch.png)"
    with pytest.raises(CourseError, match=r"Cell 1 .*sketch\.png"):
        adopt(course, LESSON)
    assert source(course) == SOURCE


def test_edited_hints_are_sent_to_where_hints_are_written(course: Course) -> None:
    with edited(course) as notebook:
        with_id(notebook, "hints-double").source += "\n\nMore."
    with pytest.raises(CourseError, match=r"exercises\.py"):
        adopt(course, LESSON)
    with pytest.raises(CourseError, match="was edited"):
        build(course)


def test_a_cell_that_would_split_is_refused_and_nothing_is_written(course: Course) -> None:
    with edited(course) as notebook:
        notebook.cells.append(v4.new_code_cell('text = """\n# %% not a cell\n"""'))
    with pytest.raises(CourseError, match="# %%"):
        adopt(course, LESSON)
    assert source(course) == SOURCE


@pytest.mark.parametrize("content", ["", "{not json", '{"cells": 3}'])
def test_a_damaged_notebook_is_one_clear_error(course: Course, content: str) -> None:
    course.solution_file(LESSON).write_text(content, encoding="utf-8")
    with pytest.raises(CourseError, match="not a notebook that can be read"):
        adopt(course, LESSON)


def test_a_missing_notebook_says_build(course: Course) -> None:
    course.solution_file(LESSON).unlink()
    with pytest.raises(CourseError, match=f"is missing. Run: autograde build {LESSON}"):
        adopt(course, LESSON)
