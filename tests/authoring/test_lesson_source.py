"""Reading and writing lessons, and finding them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograde.authoring.lesson_source import LessonCell, parse_lesson, read_lesson, write_lesson
from autograde.judge.course import Course, CourseError, find_course

from .tiny import LESSON, SOURCE


def test_the_course_is_found_from_any_folder_in_it(course: Course) -> None:
    assert find_course(course.lessons / LESSON).root == course.root.resolve()


def test_no_course_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"is not in a course.*lessons/ and notebooks/"):
        find_course(tmp_path)


@pytest.mark.parametrize("name", [LESSON, "07", "7"])
def test_a_lesson_goes_by_name_and_number(course: Course, name: str) -> None:
    assert course.find_lesson(name) == LESSON


@pytest.mark.parametrize("name", ["8", "tiny", "", "07-tin", "70"])
def test_a_wrong_name_lists_the_lessons(course: Course, name: str) -> None:
    with pytest.raises(CourseError, match=LESSON):
        course.find_lesson(name)


def test_two_lessons_with_one_number_need_the_full_name(course: Course) -> None:
    twin = course.lessons / "07-twin"
    twin.mkdir()
    (twin / "lesson.py").write_text(SOURCE, encoding="utf-8")
    with pytest.raises(CourseError, match="07-tiny, 07-twin"):
        course.find_lesson("7")
    assert course.find_lesson("07-twin") == "07-twin"


def test_cells_know_their_lines_and_texts() -> None:
    cells = parse_lesson(SOURCE)
    assert "".join(cell.text for cell in cells) == SOURCE
    for cell in cells:
        assert SOURCE.splitlines()[cell.line - 1].startswith("# %%")
    answer = next(cell for cell in cells if cell.nbgrader.get("grade_id") == "double")
    assert (answer.kind, answer.nbgrader["solution"]) == ("code", True)
    assert answer.source.startswith("def double(z):")
    assert answer.source.endswith("# END SOLUTION")


def test_rendered_anew_every_cell_is_read_as_it_was() -> None:
    cells = parse_lesson(SOURCE)
    bare = [LessonCell(cell.kind, cell.source, cell.metadata) for cell in cells]
    assert [cell.content for cell in parse_lesson(write_lesson(bare))] == [cell.content for cell in cells]


def test_jupytext_writes_this_very_format() -> None:
    """So adopted cells look like the others, whoever wrote them."""
    bare = [LessonCell(cell.kind, cell.source, cell.metadata) for cell in parse_lesson(SOURCE)]
    text = write_lesson(bare)
    assert text.replace("\n\n\n", "\n\n") == SOURCE.replace("\n\n\n", "\n\n")


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("code", 'text = """\n# %% not a cell\n"""'),
        ("code", "# %%\nx = 1"),
        ("code", "def f():\n    # %% indented\n    return 1"),
    ],
)
def test_a_cell_that_would_split_is_refused(kind: str, source: str) -> None:
    with pytest.raises(CourseError, match="# %%"):
        write_lesson([LessonCell("markdown", "# Title"), LessonCell(kind, source)])


def test_text_with_a_cell_line_in_it_is_kept() -> None:
    cells = [LessonCell("markdown", "# Title\n\n# %% [markdown]\nstarts a text cell"), LessonCell("raw", "raw")]
    assert [c.content for c in parse_lesson(write_lesson(cells))] == [c.content for c in cells]


@pytest.mark.parametrize("text", ["", "import numpy\n", "# ---\n# jupyter:\n# ---\n\n# %%\nx = 1\n"])
def test_what_does_not_begin_with_a_cell_is_refused(course: Course, text: str) -> None:
    course.lesson_file(LESSON).write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match="line 1"):
        read_lesson(course.lesson_file(LESSON))


def test_other_encodings_are_refused(course: Course) -> None:
    course.lesson_file(LESSON).write_bytes("# %% [markdown]\n# é\n".encode("latin-1"))
    with pytest.raises(CourseError, match="UTF-8"):
        read_lesson(course.lesson_file(LESSON))


def test_a_missing_lesson_is_named(course: Course, edit: Callable[[Path, str, str], None]) -> None:
    with pytest.raises(CourseError, match=r"lesson\.py is missing"):
        read_lesson(course.lessons / "09-none" / "lesson.py")
