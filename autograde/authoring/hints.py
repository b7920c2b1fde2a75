"""The folded ladder of hints that stands below each test cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: The key in a ladder's cell metadata that says whose ladder it is.
KEY = "hints_of"
_SUMMARIES = ("Hint 1: a nudge", "Hint 2: more", "Hint 3: nearly the answer")


def ladder_id(exercise: str) -> str:
    """The cell id of an exercise's ladder."""
    return f"hints-{exercise}"


def is_ladder(cell: Mapping[str, Any]) -> bool:
    """Whether a notebook's cell is a ladder that the build wrote."""
    return cell.get("cell_type") == "markdown" and (
        KEY in cell.get("metadata", {}) or str(cell.get("id", "")).startswith("hints-")
    )


def ladder_text(exercise: str, hints: tuple[str, ...]) -> str:
    """The ladder as Markdown: each step folded inside the one before, so that they open one at a time."""
    lines = [f"**Hints for `{exercise}`**: open one, try again, then open the next.", ""]
    for summary, hint in zip(_SUMMARIES, hints, strict=True):
        lines += [f"<details><summary>{summary}</summary>", "", hint.strip(), ""]
    return "\n".join([*lines, "</details>" * len(hints)])
