"""Bringing an edit of ``solutions/…ipynb``, made in JupyterLab, back into ``lesson.py``."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from autograde.judge.course import Course, CourseError
from autograde.judge.files import write_atomically
from autograde.judge.lesson import LessonError, load_exercises

from . import hints
from .draft import read_notebook
from .lesson_source import LessonCell, authored_metadata, read_lesson, write_lesson
from .record import LessonRecord, digest, fingerprint, load_record, save_record


def adopt(course: Course, lesson: str, force: bool = False) -> bool:
    """Take the cells of the solved notebook over into ``lesson.py``; whether that changed it.

    Cells that are the same keep their text in ``lesson.py`` word for word. Outputs, kernel, cell ids and hint
    ladders are not part of a lesson. Raises ``CourseError`` when ``lesson.py`` was changed since the build too, or
    the notebook holds what ``lesson.py`` cannot; ``force`` then lets the notebook win and drops the rest.
    """
    lesson = course.find_lesson(lesson)
    source, solved = course.lesson_file(lesson), course.solution_file(lesson)
    if not solved.is_file():
        raise CourseError(f"{course.relative(solved)} is missing. Run: autograde build {lesson}")
    old = read_lesson(source)
    record = load_record(course)
    entry = record.get(lesson, LessonRecord())
    notebook = read_notebook(solved)
    if not force:
        _refuse_losses(course, lesson, notebook)
    new = _keep_texts(old, [_authored(cell) for cell in notebook.cells if not hints.is_ladder(cell)])
    changed = [c.content for c in new] != [c.content for c in old]
    if changed:
        if not force and digest(source.read_bytes()) != entry.lesson:
            raise CourseError(
                f"lessons/{lesson}/lesson.py was changed since {course.relative(solved)} was built from it. "
                f"Put the two together by hand, or let the notebook win: autograde adopt {lesson} --force"
            )
        text = write_lesson(new)
        write_atomically(source, text)
    # What was adopted may be replaced by the next build.
    name = course.relative(solved)
    save_record(
        course,
        record
        | {lesson: LessonRecord(digest(source.read_bytes()), entry.outputs, entry.files | {name: fingerprint(solved)})},
    )
    return changed


def _authored(cell: Any) -> LessonCell:
    return LessonCell(cell.cell_type, cell.source, _plain(authored_metadata(cell.metadata)))


def _plain(value: Any) -> Any:
    """Notebook nodes as ordinary dicts and lists."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, list) else value


def _keep_texts(old: Sequence[LessonCell], new: Sequence[LessonCell]) -> list[LessonCell]:
    """The new cells, those that were there before with their old text."""
    kept = list(new)
    matcher = SequenceMatcher(None, [repr(c.content) for c in old], [repr(c.content) for c in new], autojunk=False)
    for block in matcher.get_matching_blocks():
        kept[block.b : block.b + block.size] = old[block.a : block.a + block.size]
    return kept


def _refuse_losses(course: Course, lesson: str, notebook: Any) -> None:
    """Raise ``CourseError`` for what ``lesson.py`` cannot hold: pasted images and edited hints."""
    again = f"Then run again: autograde adopt {lesson}"
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.get("attachments"):
            names = ", ".join(sorted(cell.attachments))
            raise CourseError(
                f"Cell {number} of {lesson} holds a pasted image ({names}), which lesson.py cannot keep. Draw it in a "
                f"code cell, or remove it. {again} (--force drops the image)."
            )
    try:
        exercises = load_exercises(course.lessons / lesson)
    except LessonError as error:
        raise CourseError(str(error)) from error
    written = {hints.ladder_text(e.name, e.hints) for e in exercises}
    for number, cell in enumerate(notebook.cells, start=1):
        if hints.is_ladder(cell) and cell.source not in written:
            raise CourseError(
                f"Cell {number} of {lesson} holds hints that differ from lessons/{lesson}/exercises.py, where hints "
                f"are written. Make the change there. Then run: autograde adopt {lesson} --force"
            )
