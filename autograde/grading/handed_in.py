"""Files as students hand them in: read with suspicion, because a link or a pipe can stand in a file's place."""

from __future__ import annotations

import contextlib
import datetime
import os
import stat
import warnings
from collections.abc import Iterable
from pathlib import Path

#: The longest time stamp that is looked at.
STAMP_BYTES = 100
_EMPTY_NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
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
        return file.read(about.st_size)  # a larger number would be set aside as memory at once


def make_plain(*, notebooks: Iterable[str], **_: object) -> None:
    """Take links, pipes and devices out of the folders of these submissions, before nbgrader reads and copies them.

    nbgrader copies what lies beside a notebook, links followed, and reads ``timestamp.txt`` whatever it is: a link to
    an endless device fills the disk, a pipe keeps it waiting. In the place of a notebook an empty one is put; a link to
    a notebook stays, and is refused with a word to the student. This is nbgrader's hook before a conversion.
    """
    for folder in {Path(name).parent for name in notebooks}:
        if folder.is_symlink() or folder.parent.is_symlink():
            continue
        for parent, folders, files in os.walk(folder):
            for path in (Path(parent, name) for name in (*folders, *files)):
                with contextlib.suppress(OSError):
                    if not _may_stay(path):
                        path.unlink()
                        if path.suffix == ".ipynb" and path.parent == folder:
                            path.write_text(_EMPTY_NOTEBOOK, encoding="utf-8")


def _may_stay(path: Path) -> bool:
    about = path.lstat()
    if path.suffix == ".ipynb" and stat.S_ISLNK(about.st_mode):
        return path.is_file()
    if path.name == "timestamp.txt" and about.st_size > STAMP_BYTES:
        return False
    return stat.S_ISREG(about.st_mode) or stat.S_ISDIR(about.st_mode)


def read_timestamp(path: Path) -> datetime.datetime | None:
    """When something was handed in, by nbgrader's ``timestamp.txt``; None when that cannot be read."""
    try:
        raw = read_plain_file(path, STAMP_BYTES)
    except (SubmissionError, OSError):
        return None
    return parse_timestamp(raw)


def parse_timestamp(raw: bytes) -> datetime.datetime | None:
    """The time (UTC) that the content of a ``timestamp.txt`` names; None when it names none."""
    from nbgrader.utils import parse_utc  # a grading process does without, and starts in half the time

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they would show the instructor the student's words
            stamp = parse_utc(raw.decode("utf-8").strip())
    except Exception:  # the file may be the student's; nbgrader's parser raises what it likes
        return None
    return stamp if isinstance(stamp, datetime.datetime) else None


def is_link_to_another(path: Path, folders: Iterable[Path], lesson: str) -> bool:
    """Whether ``path`` is a hard link to another notebook of the lesson that lies in one of the course's folders.

    Of two submissions that are one file, that one is the link whose folder is not its owner's. Where one user owns all,
    as after collecting, both count as copies: nobody can tell which is whose, and a link must cost no other student.
    """
    about = path.lstat()
    if about.st_nlink == 1:
        return False
    others = {p for folder in folders for deep in ("*", "*/*") for p in folder.glob(f"{deep}/{lesson}/*.ipynb")}
    mine, submitted = path.parent.resolve(), path.parents[2].resolve()
    same = [p for p in others if p.parent.resolve() != mine and os.path.samestat(p.lstat(), about)]
    if any(not p.resolve().is_relative_to(submitted) for p in same):
        return True
    return bool(same) and about.st_uid != path.parent.stat().st_uid
