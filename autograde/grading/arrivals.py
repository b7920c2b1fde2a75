"""What lies in the folder of submissions, seen by looking again and again, and when a file there is whole.

Looking is portable, also to folders of other machines, and cheap: the names and sizes of 2,000 students' files take a
small part of a second.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from autograde.check.codec import MAX_MARKS, weight_of_json

from .handed_in import SubmissionError, read_plain_file
from .rebuild import MAX_FILE_BYTES

#: A student and a lesson.
Key = tuple[str, str]
#: What tells a submission's files from those of another time: of each the name, size, time and number on the disk.
Signature = tuple[tuple[str, int, int, int], ...]
#: So many seconds a file stays as it is before it is graded: when it is whole, and when it never becomes so.
STILL, BROKEN = 1.0, 10.0
#: How many files of one folder are looked at.
FILES = 200


@dataclass(frozen=True)
class Seen:
    """One look at the folder: the signature of each submission, folders of no lesson, and what could not be read."""

    files: dict[Key, Signature]
    strange: set[str] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)


def look(submitted: Path, lessons: Collection[str], known: Collection[str]) -> Seen:
    """Look for submissions of ``lessons``; ``known`` are all lessons of the course.

    A folder without a notebook is no submission yet. What vanishes meanwhile is not seen.
    """
    seen = Seen({})
    for student in _folders(submitted, seen):
        for lesson in _folders(Path(student.path), seen):
            if lesson.name in lessons:
                try:
                    signature = signature_of(Path(lesson.path), student.is_symlink() or lesson.is_symlink())
                except OSError as error:
                    seen.unreadable.add(f"{lesson.path} ({error.strerror})")
                    continue
                if signature:
                    seen.files[student.name, lesson.name] = signature
            elif lesson.name not in known:
                seen.strange.add(lesson.name)
    return seen


def signature_of(folder: Path, is_link: bool) -> Signature:
    """The signature of a submission's files; empty when there is no notebook. ``OSError`` when it cannot be read.

    A link is not followed: it is graded as one.
    """
    if is_link:
        return (("link", 0, 0, 0),)
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in islice(entries, FILES):
                if entry.name.endswith(".ipynb") or entry.name == "timestamp.txt":
                    about = entry.stat(follow_symlinks=False)
                    found.append((entry.name, about.st_size, about.st_mtime_ns, about.st_ino))
    except FileNotFoundError:
        return ()
    return tuple(sorted(found)) if any(name.endswith(".ipynb") for name, *_ in found) else ()


def is_whole(folder: Path, lesson: str) -> bool:
    """Whether the notebooks in a submission's folder are whole JSON files, as far as that can be seen."""
    names = [p for p in islice(folder.glob("*.ipynb"), FILES) if p.is_file() and not p.is_symlink()]
    right = folder / f"{lesson}.ipynb"
    return all(_is_json(p) for p in ([right] if right in names else names[:1]))


def _is_json(path: Path) -> bool:
    try:
        raw = read_plain_file(path, MAX_FILE_BYTES)
    except SubmissionError:
        return False
    if weight_of_json(raw) > MAX_MARKS:
        return True  # nobody reads it, so it need not be read here
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return True


def _folders(path: Path, seen: Seen) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            yield from [e for e in entries if not e.name.startswith(".") and e.is_dir()]
    except FileNotFoundError:
        return
    except OSError as error:
        seen.unreadable.add(f"{path} ({error.strerror})")
