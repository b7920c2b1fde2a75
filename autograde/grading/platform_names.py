"""Who handed a file in, by the name that a learning platform gave it on download.

The forms were read in the platforms' own sources:

Canvas (``lib/content_zipper.rb``): ``<name>_[LATE_]<user id>_<file id>_<file name>``. The name is the sortable one
("Lovelace, Ada") in small letters, without anything but letters, digits and underscores; for a group it is the group's,
and the user is one of its members. Anonymous: ``[LATE_]anon_<letters>_<file id>_<file name>``. File ids grow; a file
whose name the student had used before gets ``-1``, ``-2``, … before its ending. Text that was typed in ends in
``_text.html``, a link in ``_link.html``, without a file id.

Moodle (``mod/assign``): a folder ``<full name>_<participant number>_assignsubmission_file_/`` (newer versions: without
the last underscore), or, without folders, files that begin so. Underscores in a name become spaces, and ``&<>"'|:/\\``
are dropped. The participant number is the assignment's own. A group's has the group's name and number, or no number.
``assignsubmission_onlinetext`` is text that was typed in.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Platform = Literal["Canvas", "Moodle", "nbgrader"]
#: Folders that may lie around what a platform named.
MOST_WRAPPING = 1
#: Longer names are of no file system; the time to read all ways of one grows with its square.
MOST_NAME = 1000

_MOODLE = re.compile(r"([^_]+)_(?:([0-9]+)_)?assignsubmission_([a-z]+)(?:_(.*))?")
#: Every place where the two numbers can stand is found, not only the first.
_CANVAS = re.compile(r"(?=_(LATE_)?([0-9]+)_([0-9]+)_(.+)$)", re.DOTALL)
_CANVAS_ANONYMOUS = re.compile(r"(LATE_)?(anon_[A-Za-z0-9]+)_([0-9]+)_(.+)", re.DOTALL)
_CANVAS_TEXT = re.compile(r"(?:(\w+)_)??(LATE_)?([0-9]+|anon_[A-Za-z0-9]+)_(?:text|link)\.html")


@dataclass(frozen=True)
class Sender:
    """What a file's name says about who handed it in.

    ``number`` is the platform's (for nbgrader, the student's id), ``upload`` grows with each file that Canvas took
    (0: unknown), ``file`` is the name that the student gave ("" when that follows in the path), ``typed`` means text
    that was typed into a form.
    """

    platform: Platform
    number: str
    name: str
    file: str = ""
    upload: int = 0
    late: bool = False
    typed: bool = False


def name_key(name: str) -> str:
    """A name as names are compared: its letters, marks and digits, in small letters, composed (NFC)."""
    small = unicodedata.normalize("NFC", name).casefold()
    return "".join(c for c in unicodedata.normalize("NFC", small) if unicodedata.category(c)[0] in "LMN")


def find_senders(parts: tuple[str, ...], lesson: str) -> tuple[Sender, ...]:
    """Who may have sent the file at this path in a download: nobody (empty), or one; several when the name can be read
    in several ways.

    One folder may lie around the whole. The outermost part that names a sender counts, and none further in: there,
    students choose the names, and one could give another's.
    """
    at = parts.index("submitted") + 1 if "submitted" in parts[: MOST_WRAPPING + 1] else 0
    in_tree = len(parts) > at + 2 and parts[at + 1] == lesson
    if in_tree and not any(read_moodle(part) for part in parts[: at + 1]):
        return (Sender("nbgrader", parts[at], "", parts[-1]),)
    for part in parts[: MOST_WRAPPING + 1]:
        moodle = read_moodle(part)
        if moodle:
            return (moodle,)
    return read_canvas(parts[-1]) if 0 < len(parts) <= MOST_WRAPPING + 1 else ()


def read_moodle(part: str) -> Sender | None:
    """What a folder's or file's name says, if Moodle gave it."""
    found = _MOODLE.fullmatch(part)
    if not found:
        return None
    name, number, kind, file = found.groups()
    return Sender("Moodle", number or "", name.strip(), file or "", typed=kind != "file")


def read_canvas(name: str) -> tuple[Sender, ...]:
    """What a file's name says, if Canvas gave it: all readings, the likeliest first.

    ``a_1_2_b_3_4_c.ipynb`` can be a's file ``b_3_4_c.ipynb`` or that of a student with the name ``a_1_2_b``.
    """
    if len(name) > MOST_NAME:
        return ()
    anonymous = _CANVAS_ANONYMOUS.fullmatch(name)
    if anonymous:
        late, number, upload, file = anonymous.groups()
        return (Sender("Canvas", number, "", file, int(upload), bool(late)),)
    typed = _CANVAS_TEXT.fullmatch(name)
    if typed:
        who, late, number = typed.groups()
        return (Sender("Canvas", number, who or "", late=bool(late), typed=True),)
    readings: dict[tuple[str, str], Sender] = {}
    for found in _CANVAS.finditer(name):
        who = name[: found.start()]
        late, number, upload, file = found.groups()
        if who and all(c == "_" or unicodedata.category(c)[0] in "LMN" for c in who) and len(number + upload) < 50:
            readings.setdefault((number, upload), Sender("Canvas", number, who, file, int(upload), bool(late)))
    return tuple(readings.values())


def is_named_after(name: str, lesson: str) -> bool:
    """Whether a file has the lesson's name, or what becomes of that: ``01-a-2.ipynb`` when it is handed in to Canvas
    again, ``01-a (2).ipynb`` when a browser loads it down again.
    """
    return bool(re.fullmatch(re.escape(lesson) + r"(-\d+|\s?\(\d+\))?\.ipynb", name, re.IGNORECASE))
