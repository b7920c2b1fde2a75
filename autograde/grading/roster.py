"""Who takes the course: a CSV file as Canvas, Moodle or nbgrader write it, and whom a file of a download belongs to.

What becomes the student's id, and so the name of the folder in ``submitted/``, is the first of these columns that the
roster has and that is not empty throughout; of an address, what stands before the @:

========== ============================================================================
Canvas     ``SIS Login ID``, ``SIS User ID``, ``ID`` (the gradebook's export)
Moodle     ``Username``, ``Email address``, ``ID number``, ``Identifier`` (grading worksheet, participants)
nbgrader   ``id`` (as for ``nbgrader db student import``; ``lms_user_id`` is the platform's number, where it is given)
========== ============================================================================
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from .platform_names import Platform, Sender, name_key

_FULL = ("student", "full name")
_FIRST, _LAST = ("first name", "firstname"), ("last name", "lastname", "surname")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(10))}
_FORMS = "Student,ID,SIS Login ID (Canvas), Identifier,Full name,Email address (Moodle) or id,first_name,last_name"


class RosterError(Exception):
    """A roster cannot be used; the message says why and what to do."""


class NobodyError(Exception):
    """A file belongs to nobody for sure; the message says why."""


@dataclass(frozen=True)
class Person:
    """One row. ``number`` is what ``platform`` calls the student, "" if unknown; ``problem`` says why nothing of theirs
    can be collected.
    """

    student: str
    name: str
    keys: frozenset[str]
    number: str
    platform: Platform | Literal["any"]
    problem: str = ""


def folder_key(student: str) -> str:
    """Equal for two ids that some file system takes for one folder."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", student).casefold())


def unsafe(student: str) -> str:
    """Why an id cannot be a folder's name, in words; empty when it can."""
    if not student:
        return "is empty"
    if any(not (unicodedata.category(c)[0] in "LMN" or c in "._-@+") for c in student):
        return "has other characters than letters, digits and . _ - @ +"
    if unicodedata.category(student[0])[0] not in "LN" or student.endswith("."):
        return "must begin with a letter or a digit, and not end with a dot"
    if len(student) > 100 or len(student.encode()) > 200:
        return "is longer than 100 characters"
    return "is a name that Windows keeps for itself" if student.split(".")[0].casefold() in _RESERVED else ""


def folder_of_name(name: str) -> str:
    """A folder's name made of a full name: ``Ada_Lovelace``. It can still be ``unsafe``."""
    whole = "_".join(unicodedata.normalize("NFC", name).split())
    return "".join(c for c in whole if unicodedata.category(c)[0] in "LMN" or c in "._-")


class Roster:
    """The people of a course. No two files' owners are ever told apart by guessing."""

    def __init__(self, people: Iterable[Person]) -> None:
        distinct = list(dict.fromkeys(people))
        shared = Counter(folder_key(p.student) for p in distinct if p.student)
        clash = "shares the id {} with another one in the roster; give each an own id"
        self.people = tuple(
            replace(p, problem=clash.format(p.student)) if shared[folder_key(p.student)] > 1 else p for p in distinct
        )

    def find(self, senders: Sequence[Sender]) -> tuple[Person, Sender, str]:
        """Whose file it is, by which reading of its name, and what is odd about that in words.

        By the platform's number first, else by the name, letter for letter (see ``name_key``). ``NobodyError`` when
        that is not sure.
        """
        sender = senders[0]
        if sender.platform == "nbgrader":
            found = [p for p in self.people if folder_key(p.student) == folder_key(sender.number)]
            return _only(found, f"nobody in the roster has the id {sender.number}", ""), sender, ""
        by_number = {p: s for s in senders for p in self.people if s.number and p.number == s.number and _counts(p, s)}
        if by_number:
            person = _only(list(by_number), "", "it can be that of several in the roster")
            sender = by_number[person]
            return person, sender, _oddity(person, sender, self._called(sender.name))
        person = _only(
            self._called(sender.name),
            f"nobody in the roster is {_described(sender)}",
            f"several in the roster are called {sender.name}; give a roster with {sender.platform}'s numbers",
        )
        if sender.platform == person.platform == "Canvas":
            # Canvas's numbers are the same everywhere, so this is a namesake (Moodle's change with the assignment).
            raise NobodyError(f"{person.name} of the roster has the number {person.number}, not {sender.number}")
        return person, sender, ""

    def _called(self, name: str) -> list[Person]:
        return [p for p in self.people if name and name_key(name) in p.keys]


def _counts(person: Person, sender: Sender) -> bool:
    return person.platform in (sender.platform, "any")


def _only(found: list[Person], none: str, several: str) -> Person:
    if len(found) != 1:
        raise NobodyError(several if found else none)
    if found[0].problem:
        raise NobodyError(f"{found[0].name or found[0].number} {found[0].problem}")
    return found[0]


def _described(sender: Sender) -> str:
    number = f"number {sender.number}" if sender.number else ""
    known = f"{sender.name} ({number})" if sender.name and number else sender.name or number
    return f"{known}; a group's, or of another course?"


def _oddity(person: Person, sender: Sender, called: list[Person]) -> str:
    """What is odd when the number's owner has another name; ``NobodyError`` when the number alone is not enough."""
    if not sender.name or not person.keys or person in called:
        return ""
    if person.platform == "Canvas":
        return f"Canvas says {sender.name}: a group's? Only {person.student} gets it"
    if sender.platform == "Moodle" and name_key(sender.name) == "participant":  # blind marking
        return ""
    raise NobodyError(
        f"the number {sender.number} is {person.name}'s in the roster, but the file says {sender.name} "
        "(a group's, or the roster of another assignment?)"
    )


def read_roster(path: Path) -> Roster:
    """The people in a CSV file. ``RosterError`` when its columns are not known."""
    rows = _rows(path)
    columns: dict[str, int] = {}
    for i, title in enumerate(rows[0] if rows else []):
        columns.setdefault(_title(title), i)
    table = [{name: row[i].strip() for name, i in columns.items() if i < len(row)} for row in rows[1:]]
    table = [row for row in table if any(row.values()) and not _is_about_points(row)]
    if "id" in columns and any(c in columns for c in ("student", "lastname", "sis login id")):
        people = _canvas(table)
    elif "id" in columns:
        people = _nbgrader(table)
    elif "identifier" in columns or "email address" in columns or "username" in columns:
        people = _moodle(table)
    else:
        seen = ", ".join(t for t in columns if t) or "none"
        raise RosterError(
            f"{path} has no columns that are known (found: {seen}). The first row must be as in {_FORMS}."
        )
    if not people:
        raise RosterError(f"{path} names nobody.")
    return Roster(people)


def _rows(path: Path) -> list[list[str]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise RosterError(f"{path} cannot be read ({error.strerror}).") from None
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise RosterError(f"{path} is not in UTF-8; save it as CSV UTF-8.") from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise RosterError(f"{path} is not a CSV file ({error}); save it again as CSV UTF-8.") from None


def _title(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())


def _is_about_points(row: dict[str, str]) -> bool:
    return any(row.get(c, "").casefold() == "points possible" for c in ("student", "lastname"))


def _canvas(table: list[dict[str, str]]) -> list[Person]:
    # A row without a number is about the assignments (points, "Manual Posting"), not about a student.
    table = [row for row in table if row.get("id")]
    column = _id_column(table, ("sis login id", "sis user id", "id"))
    return [_person(row, column, row["id"], "Canvas") for row in table]


def _moodle(table: list[dict[str, str]]) -> list[Person]:
    for row in table:
        number = re.search(r"\d+$", row.get("identifier", ""))  # "Participant 12", in any language
        row["identifier"] = number[0] if number else ""
    column = _id_column(table, ("username", "email address", "id number", "identifier"))
    return [_person(row, column, row["identifier"], "Moodle") for row in table]


def _nbgrader(table: list[dict[str, str]]) -> list[Person]:
    numbers = "lms user id" if any(row.get("lms user id") for row in table) else "id"
    return [_person(row, "id", row.get(numbers, ""), "any") for row in table]


def _id_column(table: list[dict[str, str]], columns: Sequence[str]) -> str:
    return next((c for c in columns if any(row.get(c) for row in table)), columns[-1])


def _person(row: dict[str, str], column: str, number: str, platform: Platform | Literal["any"]) -> Person:
    student = unicodedata.normalize("NFC", row.get(column, ""))
    if column != "id":
        student = student.partition("@")[0]
    first, last = (next((row[c] for c in names if row.get(c)), "") for names in (_FIRST, _LAST))
    full = next((row[c] for c in _FULL if row.get(c)), "")
    if not (first or last) and full.count(",") == 1:  # "Lovelace, Ada"
        last, first = (part.strip() for part in full.split(","))
    keys = frozenset(filter(None, (name_key(full), name_key(first + last), name_key(last + first))))
    why = unsafe(student)
    problem = f"cannot be collected: the roster's {column} {student!r} {why}" if why else ""
    return Person(student, full or f"{first} {last}".strip(), keys, number, platform, problem)
