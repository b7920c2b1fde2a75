"""A lesson's files as the build will write them, before the notebook is run."""

from __future__ import annotations

import copy
import hashlib
import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import autograde.check
from autograde.check.codec import CodecError, decode
from autograde.judge.catalogue import Exercise
from autograde.judge.checks_file import make_checks
from autograde.judge.course import Course, CourseError
from autograde.judge.lesson import LessonError, load_exercises

from . import hints
from .lesson_source import LessonCell, read_lesson
from .record import digest

CHECKS = "checks.json"
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
#: As JupyterLab expects it, without the version, which differs from machine to machine.
_LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


@dataclass(frozen=True)
class Draft:
    """A lesson's new files before its notebook is run."""

    notebook: Any
    checks: str
    #: The hash of all that the notebook's outputs depend on.
    outputs: str


def make_draft(course: Course, lesson: str) -> Draft:
    """Read a lesson and its exercises and make its new files. Raises ``CourseError``."""
    folder = course.lessons / lesson
    cells = read_lesson(folder / "lesson.py")
    try:
        exercises = load_exercises(folder)
        checks = make_checks(folder)
    except LessonError as error:
        raise CourseError(str(error)) from error
    try:
        notebook = draft_notebook(cells, exercises)
    except CourseError as error:
        raise CourseError(f"{course.relative(folder / 'lesson.py')}: {error}") from None
    text = _current_text(course.solutions / lesson / CHECKS, checks)
    return Draft(notebook, text, _outputs_hash(course, notebook, text))


def draft_notebook(cells: Iterable[LessonCell], exercises: Iterable[Exercise]) -> Any:
    """The solved notebook, not run yet: fixed metadata, stable cell ids, hint ladders below the test cells."""
    from nbformat import v4

    ladders = {f"test_{e.name}": e for e in exercises}
    planned: list[tuple[str, LessonCell]] = []
    counts: dict[str, int] = {}
    for cell in cells:
        grade_id = cell.nbgrader.get("grade_id")
        planned.append((str(grade_id) if grade_id else _stable_id(cell, counts), cell))
        if exercise := ladders.get(str(grade_id)):
            text = hints.ladder_text(exercise.name, exercise.hints)
            ladder = LessonCell("markdown", text, {hints.KEY: exercise.name})
            planned.append((hints.ladder_id(exercise.name), ladder))
    _require_good_ids([name for name, _ in planned])
    makers: dict[str, Any] = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell, "raw": v4.new_raw_cell}
    made = [makers[c.kind](c.source, id=name, metadata=copy.deepcopy(c.metadata)) for name, c in planned]
    metadata = {"kernelspec": dict(_KERNEL), "language_info": copy.deepcopy(_LANGUAGE)}
    notebook = v4.new_notebook(cells=made, metadata=metadata)
    notebook.nbformat_minor = 5
    return notebook


def notebook_text(notebook: Any) -> str:
    """A notebook as the text of its file: one text for one notebook."""
    import nbformat

    text: str = nbformat.writes(notebook, version=nbformat.NO_CONVERT)
    return text.rstrip("\n") + "\n"


def read_notebook(path: Path) -> Any:
    """Read a notebook file. Raises ``CourseError`` when it is not one."""
    import nbformat

    try:
        return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except Exception as error:
        raise CourseError(
            f"{path} is not a notebook that can be read ({type(error).__name__}). "
            "Mend it, or build it anew: autograde build --force"
        ) from None


def same_checks(one: Any, other: Any) -> bool:
    """Whether two ``checks.json`` say the same, numbers compared to 1e-9 (single precision to 1e-5)."""
    if isinstance(one, dict) and isinstance(other, dict):
        if one.get("~") == other.get("~") == "array":
            return _same_arrays(one, other)
        return one.keys() == other.keys() and all(same_checks(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_checks, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return type(one) is type(other) and bool(one == other)


def _stable_id(cell: LessonCell, counts: dict[str, int]) -> str:
    """An id that depends on the cell's own text, and on how many equal cells stand before it."""
    short = hashlib.sha256(f"{cell.kind}\0{cell.source}".encode()).hexdigest()[:12]
    counts[short] = counts.get(short, 0) + 1
    return short if counts[short] == 1 else f"{short}-{counts[short]}"


def _require_good_ids(ids: list[str]) -> None:
    for name in ids:
        if not _CELL_ID.fullmatch(name):
            raise CourseError(f"the grade_id {name!r} is not valid; use letters, digits, '-' and '_', at most 64")
        if ids.count(name) > 1:
            raise CourseError(f"the grade_id {name!r} is there twice; give one of the cells another")


def _current_text(path: Path, checks: Any) -> str:
    """``checks`` as text; the text that is there already when it differs in no more than rounding."""
    try:
        there = path.read_text(encoding="utf-8")
        if same_checks(json.loads(there), json.loads(json.dumps(checks))):
            return there
    except (OSError, ValueError):
        pass
    return json.dumps(checks, sort_keys=True, indent=1) + "\n"


def _outputs_hash(course: Course, notebook: Any, checks: str) -> str:
    """A hash of what the notebook's outputs depend on: its code, ``checks.json``, coursekit, data and ``check``."""
    whole = hashlib.sha256()
    for part in [*(c.source for c in notebook.cells if c.cell_type == "code"), checks]:
        whole.update(digest(part.encode()).encode())
    for folder in (course.root / "coursekit", course.data, Path(autograde.check.__file__).parent):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                whole.update(f"{path.relative_to(folder).as_posix()}\0{digest(path.read_bytes())}\n".encode())
    return whole.hexdigest()


def _same_arrays(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if one["dtype"] != other["dtype"] or one["shape"] != other["shape"]:
        return False
    try:
        a, b = decode(one), decode(other)
    except CodecError:
        return one == other
    rtol = 1e-5 if one["dtype"] in ("f2", "f4", "c8") else 1e-9
    return bool(np.allclose(a, b, rtol=rtol, atol=1e-12, equal_nan=True))
