"""What the build last wrote, so that it never replaces what somebody edited since."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograde.judge.course import Course
from autograde.judge.files import write_atomically

from .lesson_source import authored_metadata

FORMAT = 1


@dataclass
class LessonRecord:
    """One lesson's entry: the lesson's text, what its outputs depend on, and the files that were written.

    All are SHA-256 in hexadecimal; ``files`` maps paths from the course's root to fingerprints.
    """

    lesson: str = ""
    outputs: str = ""
    files: dict[str, str] = field(default_factory=dict)


def record_path(course: Course) -> Path:
    """The record's file: at the top of ``solutions/``, where nbgrader copies nothing."""
    return course.solutions / ".build.json"


def load_record(course: Course) -> dict[str, LessonRecord]:
    """Read the record; empty when there is none or it is damaged, which makes the build careful."""
    try:
        data = json.loads(record_path(course).read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            return {}
        return {str(name): LessonRecord(**entry) for name, entry in data["lessons"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def save_record(course: Course, record: dict[str, LessonRecord]) -> None:
    """Write the record in one step."""
    data = {"format": FORMAT, "lessons": {name: asdict(entry) for name, entry in record.items()}}
    write_atomically(record_path(course), json.dumps(data, indent=1, sort_keys=True) + "\n")


def digest(raw: bytes) -> str:
    """SHA-256 of text bytes; line endings do not count, since Git may have changed them."""
    return hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest()


def fingerprint(path: Path) -> str:
    """What a person could have edited in a file, as a SHA-256.

    Of a notebook these are its cells' kinds, sources, authored metadata and attachments: opening and running it
    changes outputs, counts and versions, and is no edit.
    """
    raw = path.read_bytes()
    if path.suffix == ".ipynb":
        try:
            cells = [_authored(cell) for cell in json.loads(raw)["cells"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            return digest(raw)
        return digest(json.dumps(cells, sort_keys=True).encode())
    return digest(raw)


def _authored(cell: dict[str, Any]) -> list[Any]:
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source)
    return [cell["cell_type"], text, authored_metadata(cell["metadata"]), cell.get("attachments") or {}]
