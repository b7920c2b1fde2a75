"""Where lessons are, and reading and writing ``lesson.py``, the one place in which a lesson is written.

A lesson is a script in jupytext's percent format. This is the only module that imports jupytext.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: What JupyterLab, nbclient and nbgrader write into a cell's metadata, and no author does.
VOLATILE_METADATA = frozenset(
    ("trusted", "collapsed", "scrolled", "execution", "ExecuteTime", "editable", "deletable", "lines_to_next_cell")
)
#: What nbgrader computes and stores beside the six keys an author writes.
COMPUTED_NBGRADER_KEYS = frozenset(("checksum", "cell_type"))

_CELL_MARKER = re.compile(r"^\s*#\s*(?:%%(?:%*)(?:\s.*)?|<codecell>|In\[[0-9 ]*\]:?)\s*$")


class CourseError(Exception):
    """Something about the course is not as it should be. The message names it and the cure."""


@dataclass(frozen=True)
class Course:
    """The folders of a course."""

    root: Path

    @property
    def lessons(self) -> Path:
        """Where lessons are written."""
        return self.root / "lessons"

    @property
    def solutions(self) -> Path:
        """The built, executed notebooks: nbgrader's source directory."""
        return self.root / "solutions"

    @property
    def notebooks(self) -> Path:
        """The students' notebooks: nbgrader's release directory."""
        return self.root / "notebooks"

    @property
    def data(self) -> Path:
        """The data sets."""
        return self.root / "data"

    def lesson_names(self) -> list[str]:
        """The names of all lessons, in order: the folders in ``lessons/`` that hold a ``lesson.py``."""
        return sorted(path.parent.name for path in self.lessons.glob("*/lesson.py"))

    def find_lesson(self, name: str) -> str:
        """The full name for ``01-initialization``, ``01`` or ``1``. Raises ``CourseError`` for any other."""
        known = self.lesson_names()
        if name in known:
            return name
        if name.isdigit():
            matches = [n for n in known if n.split("-")[0].isdigit() and int(n.split("-")[0]) == int(name)]
            if len(matches) == 1:
                return matches[0]
        listed = ", ".join(known) if known else "none yet"
        raise CourseError(f"There is no lesson {name!r}. Lessons of this course: {listed}.")

    def choose_lessons(self, names: Sequence[str] | None) -> list[str]:
        """Full names for the given ones, in the course's order, each once; all lessons when none is given."""
        if not names:
            return self.lesson_names()
        return sorted({self.find_lesson(name) for name in names})

    def lesson_file(self, lesson: str) -> Path:
        """The ``lesson.py`` of a lesson given by its full name."""
        return self.lessons / lesson / "lesson.py"

    def solution_file(self, lesson: str) -> Path:
        """The built notebook with the solutions."""
        return self.solutions / lesson / f"{lesson}.ipynb"

    def relative(self, path: Path) -> str:
        """A path as it is named in messages: from the course's root, with forward slashes."""
        return path.relative_to(self.root).as_posix()


def find_course(start: Path | None = None) -> Course:
    """The course that ``start`` (the current folder by default) lies in. Raises ``CourseError``."""
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "lessons").is_dir() and (folder / "notebooks").is_dir():
            return Course(folder)
    raise CourseError(
        f"{start} is not in a course: neither it nor a folder above it holds lessons/ and notebooks/. "
        "Change to the course's folder and try again."
    )


@dataclass(frozen=True)
class LessonCell:
    """One cell of a lesson. ``line`` (from 1) and ``text`` are its place and its exact text in ``lesson.py``."""

    kind: str
    source: str
    metadata: dict[str, Any] = field(default_factory=dict)
    line: int = 0
    text: str = ""

    @property
    def nbgrader(self) -> dict[str, Any]:
        """The cell's nbgrader metadata; empty for text and playground cells."""
        found = self.metadata.get("nbgrader", {})
        return found if isinstance(found, dict) else {}

    @property
    def content(self) -> tuple[str, str, dict[str, Any]]:
        """What makes two cells the same cell."""
        return (self.kind, self.source, authored_metadata(self.metadata))


def authored_metadata(metadata: Any) -> dict[str, Any]:
    """The part of a notebook cell's metadata that its author wrote, keys sorted."""
    kept = {k: v for k, v in sorted(metadata.items()) if k not in VOLATILE_METADATA}
    nbgrader = kept.get("nbgrader")
    if isinstance(nbgrader, dict):
        flags = [nbgrader.get(flag, False) for flag in ("grade", "locked", "solution", "task")]
        if any(flags):
            kept["nbgrader"] = {k: v for k, v in sorted(nbgrader.items()) if k not in COMPUTED_NBGRADER_KEYS}
        else:
            # nbgrader's panel leaves such a shell behind when a cell is set back to an ordinary one.
            del kept["nbgrader"]
    return kept


def read_lesson(path: Path) -> list[LessonCell]:
    """Read a ``lesson.py``. Raises ``CourseError`` when it is missing or not in the percent format."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CourseError(f"{path} is missing; CONTRIBUTING.md says how a lesson is written.") from None
    except UnicodeDecodeError as error:
        raise CourseError(f"{path} is not UTF-8 text ({error.reason}); save it as UTF-8.") from None
    return parse_lesson(text, str(path))


def parse_lesson(text: str, name: str = "lesson.py") -> list[LessonCell]:
    """The cells of a lesson's text. ``name`` is what messages call it."""
    import jupytext

    lines = text.splitlines(keepends=True)
    starts = [i for i, line in enumerate(lines) if _CELL_MARKER.match(line)]
    if not starts or "".join(lines[: starts[0]]).strip():
        raise CourseError(f"{name}, line 1: a lesson begins with its first cell, a line '# %% [markdown]'.")
    try:
        cells = jupytext.reads(text, fmt="py:percent").cells
    except Exception as error:
        raise CourseError(f"{name} cannot be read as a notebook: {type(error).__name__}: {error}") from error
    if len(cells) != len(starts):
        raise CourseError(
            f"{name} has {len(starts)} cell lines but reads as {len(cells)} cells; mend its '# %%' lines."
        )
    ends = [*starts[1:], len(lines)]
    return [
        LessonCell(c.cell_type, c.source, _without_layout(c.metadata), start + 1, "".join(lines[start:end]))
        for c, start, end in zip(cells, starts, ends, strict=True)
    ]


def _without_layout(metadata: Any) -> dict[str, Any]:
    """A cell's metadata as its author wrote them, without jupytext's note on empty lines."""
    return {k: v for k, v in metadata.items() if k != "lines_to_next_cell"}


def write_lesson(cells: Sequence[LessonCell]) -> str:
    """The text of a lesson: cells that have a ``text`` word for word, new ones as jupytext writes them.

    Raises ``CourseError`` when a cell would not be the same when read again.
    """
    parts = []
    for cell in cells:
        part = cell.text or _render(cell)
        parts.append(part.rstrip("\n") + "\n" if cell is cells[-1] else _ended(part))
    text = "".join(parts)
    for number, (cell, again) in enumerate(zip(cells, parse_lesson(text), strict=False), start=1):
        if cell.content != again.content:
            first = cell.source.split("\n", 1)[0]
            raise CourseError(
                f"Cell {number} ({first!r}) cannot be kept as it is in lesson.py. "
                "Most often a line in it starts with '# %%'; change that line and try again."
            )
    return text


def _ended(part: str) -> str:
    """The text of a cell with at least one empty line after it, unless its author wrote it without."""
    return part if part.endswith("\n\n") else part.rstrip("\n") + "\n\n"


def _render(cell: LessonCell) -> str:
    import jupytext
    from nbformat import v4

    makers: dict[str, Any] = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell, "raw": v4.new_raw_cell}
    settings = {"main_language": "python", "notebook_metadata_filter": "-all", "cell_metadata_filter": "all"}
    made = makers[cell.kind](cell.source, metadata=cell.metadata)
    notebook = v4.new_notebook(cells=[made], metadata={"jupytext": settings})
    text: str = jupytext.writes(notebook, fmt="py:percent")
    return text
