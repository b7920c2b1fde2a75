"""Files as students hand them in: read with suspicion, because a link or a pipe can stand in a file's place."""

from __future__ import annotations

import datetime
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from nbgrader.utils import parse_utc

#: The longest time stamp that is looked at.
STAMP_BYTES = 100
HARD_LINK = "The file is a hard link to a file that is not the student's own; hand in a copy."


class SubmissionError(Exception):
    """A submission cannot be read at all; the message tells the student what to do."""


def read_plain_file(path: Path, most: int) -> bytes:
    """Read a file that a stranger put there: no link, no pipe, no device, no more than ``most`` bytes.

    Raises ``SubmissionError``. A pipe would keep the grader waiting, and a link could lead to the grader's own files.
    """
    try:
        # Without O_NONBLOCK, opening a pipe waits for somebody to write to it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise SubmissionError(f"The file cannot be read ({error.strerror}); submit it again.") from None
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise SubmissionError("What was handed in is not a file; submit the notebook itself.")
        if about.st_size > most:
            raise SubmissionError(
                f"The file has {about.st_size / 2**20:.0f} MB, more than the {most / 2**20:.0f} MB allowed. "
                "Clear the outputs (Edit, Clear Outputs of All Cells), save, and submit again."
            )
        return file.read(most)


def read_timestamp(path: Path) -> datetime.datetime | None:
    """When something was handed in, by nbgrader's ``timestamp.txt``; None when that cannot be read."""
    try:
        stamp = parse_utc(read_plain_file(path, STAMP_BYTES).decode("utf-8").strip())
    except Exception:  # the file may be the student's; nbgrader's parser raises what it likes
        return None
    return stamp if isinstance(stamp, datetime.datetime) else None


def is_link_to_another(path: Path, folders: Iterable[Path], lesson: str) -> bool:
    """Whether ``path`` is a hard link to another notebook of the lesson that lies in one of the course's folders."""
    about = path.lstat()
    if about.st_nlink == 1:
        return False
    others = {p for folder in folders for deep in ("*", "*/*") for p in folder.glob(f"{deep}/{lesson}/*.ipynb")}
    mine = path.parent.resolve()
    return any(os.path.samestat(p.lstat(), about) for p in others if p.parent.resolve() != mine)
