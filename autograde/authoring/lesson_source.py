"""Reading and writing ``lesson.py``, the one place in which a lesson is written.

A lesson is a script in jupytext's percent format. This is the only module that imports jupytext.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograde.judge.course import CourseError

#: What JupyterLab, nbclient and nbgrader write into a cell's metadata, and no author does.
VOLATILE_METADATA = frozenset(
    ("trusted", "collapsed", "scrolled", "execution", "ExecuteTime", "editable", "deletable", "lines_to_next_cell")
)
#: What nbgrader computes and stores beside the six keys an author writes.
COMPUTED_NBGRADER_KEYS = frozenset(("checksum", "cell_type"))

_CELL_MARKER = re.compile(r"^\s*#\s*(?:%%(?:%*)(?:\s.*)?|<codecell>|In\[[0-9 ]*\]:?)\s*$")


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
