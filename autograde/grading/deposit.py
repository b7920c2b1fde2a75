"""Puts notebooks into nbgrader's ``submitted/``: each at once or not at all, and nothing that lay there is lost.

What is replaced is kept at ``collected/replaced/<lesson>/<student>/<number>/``, outside of ``submitted/``, where
nbgrader neither grades nor copies it. ``collected/<lesson>.json`` remembers which of Canvas's files each notebook came
from, so that a later download is known to be newer.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from autograde.judge.files import sha256

from .course import GradingCourse
from .handed_in import SubmissionError, parse_timestamp, read_plain_file
from .rebuild import MAX_FILE_BYTES

STAMP = "timestamp.txt"
What = Literal["new", "unchanged", "replaced", "older", "differs"]


class DepositError(Exception):
    """A notebook cannot be put where it belongs; the message says why."""


@dataclass(frozen=True)
class Arrival:
    """A notebook to put in its place. ``upload`` is Canvas's number of the file (0: unknown), ``stamp`` what nbgrader's
    ``timestamp.txt`` said beside it, if it did.
    """

    student: str
    content: bytes
    upload: int = 0
    stamp: bytes = b""

    @property
    def handed_in(self) -> datetime.datetime | None:
        """When it was handed in (UTC), if that is known for sure."""
        return parse_timestamp(self.stamp) if self.stamp else None


class Depository:
    """The places of one lesson's notebooks. Use ``open_depository``."""

    def __init__(self, course: GradingCourse, lesson: str) -> None:
        self._submitted = course.submitted
        self._kept = course.folder / "collected" / "replaced" / lesson
        self._lesson = lesson
        self._record_path = course.folder / "collected" / f"{lesson}.json"
        self._uploads = _read_record(self._record_path)
        self._changed = False

    def place(self, student: str) -> Path:
        """Where a student's notebook lies."""
        return self._submitted / student / self._lesson / f"{self._lesson}.ipynb"

    def look(self, arrival: Arrival, *, force: bool = False) -> What:
        """What ``put`` will do; ``DepositError`` when what is there cannot be replaced.

        ``older``: what is there is known to be newer. ``differs``: nobody knows which is newer. Both are left alone,
        unless ``force``.
        """
        old = self._read(self.place(arrival.student), MAX_FILE_BYTES)
        if old is None:
            return "new"
        if old == arrival.content:
            return "unchanged"
        newer = self._is_newer(arrival, old)
        if newer or force:
            return "replaced"
        return "differs" if newer is None else "older"

    def put(self, arrival: Arrival, *, force: bool = False) -> What:
        """Put the notebook in its place and say what that was. Raises ``DepositError``."""
        what = self.look(arrival, force=force)
        if what in ("older", "differs"):
            return what
        try:
            self._write(arrival, what)
        except OSError as error:
            raise DepositError(f"could not be written ({error.strerror or error})") from None
        if arrival.upload:
            content = sha256(arrival.content)
            known, upload = self._uploads.get(arrival.student, ("", 0))
            latest = max(upload, arrival.upload) if known == content else arrival.upload
            self._uploads[arrival.student] = (content, latest)
            self._changed = True
        return what

    def write_record(self) -> None:
        """Remember which of Canvas's files the notebooks came from."""
        if self._changed:
            lines = {student: {"sha256": s, "upload": u} for student, (s, u) in sorted(self._uploads.items())}
            self._record_path.parent.mkdir(parents=True, exist_ok=True)
            write_at_once(self._record_path, json.dumps(lines, indent=1, ensure_ascii=False).encode())

    def _write(self, arrival: Arrival, what: What) -> None:
        path = self.place(arrival.student)
        stamp = path.with_name(STAMP)
        if what == "replaced":
            self._keep(path, stamp)
            stamp.unlink(missing_ok=True)  # it is the old notebook's; were it last, a crash could give it to the new
        if what != "unchanged":
            path.parent.mkdir(parents=True, exist_ok=True)
            write_at_once(path, arrival.content)
        if arrival.handed_in and self._stamp(stamp) is None:
            write_at_once(stamp, arrival.stamp)

    def _keep(self, *paths: Path) -> None:
        """Copy what is there to a folder of its own."""
        for number in range(1, 100_000):
            folder = self._kept / paths[0].parts[-3] / str(number)
            if not folder.exists():
                break
        folder.mkdir(parents=True)
        for path in paths:
            content = self._read(path, MAX_FILE_BYTES)
            if content is not None:
                write_at_once(folder / path.name, content)

    def _is_newer(self, arrival: Arrival, old: bytes) -> bool | None:
        """Whether the arrival is newer than what is there; None when nobody knows."""
        known, upload = self._uploads.get(arrival.student, ("", 0))
        if arrival.upload and known == sha256(old) and upload != arrival.upload:
            return arrival.upload > upload
        before = self._stamp(self.place(arrival.student).with_name(STAMP))
        if before and arrival.handed_in and before != arrival.handed_in:
            return arrival.handed_in > before
        return None

    def _stamp(self, path: Path) -> datetime.datetime | None:
        raw = self._read(path, MAX_FILE_BYTES)
        return parse_timestamp(raw) if raw else None

    def _read(self, path: Path, most: int) -> bytes | None:
        """A file below ``submitted/``; None when it is not there, ``DepositError`` when it is no plain file."""
        try:
            for folder in (path.parents[1], path.parent):
                if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
                    raise DepositError(f"{folder} is not a folder of its own; move it away")
            return read_plain_file(path, most) if path.is_symlink() or path.exists() else None
        except (SubmissionError, OSError):
            raise DepositError(f"what lies at {path} is no plain file that can be read; move it away") from None


@contextmanager
def open_depository(course: GradingCourse, lesson: str) -> Iterator[Depository]:
    """The places of a lesson's notebooks; what was put there is remembered at the end, whatever happens."""
    depository = Depository(course, lesson)
    try:
        yield depository
    finally:
        # On a full disk the notebooks that arrived still count; without the record nobody knows which come later.
        with suppress(OSError):
            depository.write_record()


def write_at_once(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, even when the machine stops."""
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)  # of a run that was killed
    try:
        with partial.open("xb") as file:  # never through a link that somebody put there
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _read_record(path: Path) -> dict[str, tuple[str, int]]:
    """What was remembered, by student. A damaged record only makes newer files unknown as such."""
    try:
        data: Any = json.loads(path.read_bytes())
        return {str(s): (str(line["sha256"]), int(line["upload"])) for s, line in data.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
