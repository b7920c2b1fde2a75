"""Collects what a learning platform's download holds for a lesson into nbgrader's ``submitted/``.

Each file is matched to its student by the name that the platform gave it (``platform_names``), and to the roster where
there is one; what is not sure is listed and left out. Of a student's notebooks one named after the lesson wins, then
Canvas's latest upload; where that does not decide, none is taken. What is in a notebook is left to the grader.

A time of handing in is believed only from nbgrader's ``timestamp.txt``. The times of files, in a zip or on disk, are
those of the download or of somebody's editor, and Canvas's LATE mark gives none: it is listed, and that is all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograde.judge.course import Course

from .course import GradingCourse
from .deposit import STAMP, Arrival, DepositError, Depository, What, open_depository
from .handed_in import STAMP_BYTES
from .platform_names import MOST_WRAPPING, Sender, find_senders, is_named_after, name_key
from .roster import NobodyError, Roster, folder_key, folder_of_name, unsafe
from .sources import (
    Budget,
    Entry,
    SourceError,
    UnreadableError,
    budget_of_download,
    budget_of_student,
    open_source,
    read_notebook,
    unpack,
)

#: So many of a student's files are named when none can be taken, and compared with each other.
_MOST_NAMED = 5


@dataclass(frozen=True)
class Collected:
    """A student's notebook that is in its place now, or was before."""

    student: str
    file: str
    what: What
    late: bool = False
    note: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A file that was not collected, and why. ``student`` is "" where nobody knows."""

    file: str
    student: str
    reason: str


@dataclass(frozen=True)
class Collection:
    """What became of a download. ``set_aside`` are students' further files, ``left_out`` what somebody has to look at,
    ``missing`` those of the roster of whom nothing was found.
    """

    collected: tuple[Collected, ...]
    set_aside: tuple[LeftOut, ...]
    left_out: tuple[LeftOut, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class _Notebook:
    """A notebook file, what its name says, and the name that the student gave it."""

    entry: Entry
    sender: Sender
    given: str


@dataclass
class _Pile:
    """What one student handed in."""

    student: str
    budget: Budget
    notebooks: list[_Notebook] = field(default_factory=list)
    #: What cannot be read although it may be the notebook, and what is none; with the reason.
    troubles: list[tuple[Entry, str]] = field(default_factory=list)
    others: list[tuple[Entry, str]] = field(default_factory=list)
    stamp: Entry | None = None
    note: str = ""
    #: What the platform calls the student: more than one when the files of several students would get one folder.
    owners: set[str] = field(default_factory=set)


def collect(
    course: GradingCourse,
    lesson: str,
    source: Path,
    roster: Roster | None = None,
    *,
    force: bool = False,
    dry_run: bool = False,
) -> Collection:
    """Collect a lesson's notebooks from a zip or folder. ``SourceError`` when it holds nothing of the lesson.

    ``force`` replaces other notebooks that are there, whichever is newer; ``dry_run`` writes nothing.
    """
    budget = budget_of_download()
    with open_source(source, budget) as entries:
        sorter = _Sorter(lesson, Course(course.root).lesson_names(), roster, budget)
        try:
            for entry in entries:
                sorter.sort(entry)
        except UnreadableError as error:
            raise SourceError(f"{source} {error}.") from None
        left_out = sorter.nobodys()
        if not sorter.piles and not left_out:
            raise SourceError(f"{source} holds nothing for {lesson}. Is it the right download, and the right lesson?")
        collected: list[Collected] = []
        set_aside: list[LeftOut] = []
        with open_depository(course, lesson) as depository:
            for pile in sorted(sorter.piles.values(), key=lambda p: p.student):
                left_out += _named(pile.troubles, pile.student)
                try:
                    notebook, content = _choose(pile, lesson)
                    found = _deposit(depository, pile, notebook, content, force, dry_run)
                except (UnreadableError, DepositError, NobodyError) as error:
                    left_out += _named([(e, str(error)) for e in _meant(pile)], pile.student)
                    continue
                collected.append(found)
                others = [n.entry for n in pile.notebooks if n is not notebook]
                set_aside += [LeftOut(e.path, pile.student, f"{notebook.entry.name} was taken") for e in others]
    return Collection(tuple(collected), tuple(set_aside), tuple(left_out), sorter.missing())


def _meant(pile: _Pile) -> list[Entry]:
    """The files to name when a student's notebook could not be collected; none when that was said already."""
    if pile.notebooks:
        return [n.entry for n in pile.notebooks]
    return [] if pile.troubles else [e for e, _ in pile.others]


def _named(files: Sequence[tuple[Entry, str]], student: str) -> list[LeftOut]:
    """One student's files; of very many the first, and how many there are more."""
    lines = [LeftOut(e.path, student, why) for e, why in files[:_MOST_NAMED]]
    more = len(files) - len(lines)
    return [*lines[:-1], replace(lines[-1], reason=f"{lines[-1].reason} (and {more} more)")] if more else lines


def _choose(pile: _Pile, lesson: str) -> tuple[_Notebook, bytes]:
    """The notebook that counts, and its bytes. ``NobodyError`` when there is none, or when several may be meant."""
    if len(pile.owners) > 1:
        called = ", ".join(sorted(pile.owners))
        raise NobodyError(f"several students' files would get this folder ({called}); give a roster with these numbers")
    if not pile.notebooks:
        raise NobodyError(pile.others[0][1] if pile.others else "no notebook")

    def rank(notebook: _Notebook) -> tuple[bool, int, int]:
        sender = notebook.sender
        # In submitted/, the grader takes the right name only.
        exact = notebook.given == f"{lesson}.ipynb"
        named = exact if sender.platform == "nbgrader" else is_named_after(notebook.given, lesson)
        return named, sender.upload, -len(notebook.entry.within) - len(notebook.entry.parts)

    best = max(map(rank, pile.notebooks))
    equal = [n for n in pile.notebooks if rank(n) == best]
    several = f"one of {len(equal)} notebooks that may be meant; keep one, and call it {lesson}.ipynb"
    if len(equal) > _MOST_NAMED:
        raise NobodyError(several)
    contents = [read_notebook(n.entry) for n in equal]
    if any(content != contents[0] for content in contents):
        raise NobodyError(several)
    return equal[0], contents[0]


def _deposit(
    depository: Depository, pile: _Pile, notebook: _Notebook, content: bytes, force: bool, dry_run: bool
) -> Collected:
    arrival = Arrival(pile.student, content, notebook.sender.upload, _stamp(pile))
    what = (depository.look if dry_run else depository.put)(arrival, force=force)
    if what == "differs":
        raise DepositError("another notebook is there, and nobody knows which is newer (--force replaces it)")
    return Collected(pile.student, notebook.entry.path, what, notebook.sender.late, pile.note)


def _stamp(pile: _Pile) -> bytes:
    try:
        return pile.stamp.read(STAMP_BYTES) if pile.stamp else b""
    except UnreadableError:  # then nobody knows the time
        return b""


class _Sorter:
    """Sorts the files of a download by student."""

    def __init__(self, lesson: str, lessons: Sequence[str], roster: Roster | None, budget: Budget) -> None:
        self._lesson = lesson
        self._lessons = lessons
        self._roster = roster
        self._budget = budget
        self._nobodys: dict[tuple[str, str], tuple[Entry, int]] = {}
        #: By ``folder_key``.
        self.piles: dict[str, _Pile] = {}

    def sort(self, entry: Entry) -> None:
        """Put a file on its student's pile; a zip that is nobody's is opened."""
        senders = find_senders(entry.parts, self._lesson)
        if senders:
            self._sort_to(entry, senders)
        elif self._is_of_another_lesson(entry):
            return
        elif entry.problem:
            self._reject(entry, entry.path, entry.problem)
        elif entry.is_zip and len(entry.parts) <= MOST_WRAPPING + 1:
            try:
                for inner in unpack(entry, self._budget):
                    self.sort(inner)
            except UnreadableError as error:
                self._reject(entry, entry.path, str(error))
        else:
            where = entry.path if len(entry.parts) <= MOST_WRAPPING + 1 else entry.parts[0]
            self._reject(entry, where, "is not named as Canvas or Moodle name what a student hands in")

    def nobodys(self) -> list[LeftOut]:
        """The files without a student: of each sender, and each deep folder, the first, and how many there are more."""
        return [
            LeftOut(entry.path, "", reason + (f" (and {count - 1} more)" if count > 1 else ""))
            for (_, reason), (entry, count) in self._nobodys.items()
        ]

    def missing(self) -> tuple[str, ...]:
        """Those of the roster of whom nothing was found."""
        people = self._roster.people if self._roster else ()
        return tuple(sorted(p.student for p in people if not p.problem and folder_key(p.student) not in self.piles))

    def _reject(self, entry: Entry, group: str, reason: str) -> None:
        first, count = self._nobodys.get((group, reason), (entry, 0))
        self._nobodys[group, reason] = (first, count + 1)

    def _is_of_another_lesson(self, entry: Entry) -> bool:
        others = (find_senders(entry.parts, lesson) for lesson in self._lessons if lesson in entry.parts)
        return any(senders and senders[0].platform == "nbgrader" for senders in others)

    def _sort_to(self, entry: Entry, senders: Sequence[Sender]) -> None:
        try:
            student, sender, note = self._owner(senders)
        except NobodyError as error:
            self._reject(entry, f"{senders[0].platform} {senders[0].number} {senders[0].name}", str(error))
            return
        pile = self.piles.setdefault(folder_key(student), _Pile(student, budget_of_student()))
        pile.note = note or pile.note
        pile.owners.add(sender.number or sender.name)
        if sender.platform == "nbgrader" and entry.name == STAMP and not entry.problem:
            pile.stamp = entry
            return
        _add(pile, entry, sender, sender.file or entry.name)

    def _owner(self, senders: Sequence[Sender]) -> tuple[str, Sender, str]:
        if self._roster:
            person, sender, note = self._roster.find(senders)
            return person.student, sender, note
        sender = senders[0]
        student = sender.number
        if sender.platform == "Moodle":  # the numbers change with the assignment, the names do not
            student = folder_of_name(sender.name)
            if name_key(sender.name) == "participant":
                student = f"{student}_{sender.number}"
        why = unsafe(student)
        if why:
            raise NobodyError(f"{student!r} cannot be a folder's name, because it {why}; give a roster")
        return student, sender, ""


def _add(pile: _Pile, entry: Entry, sender: Sender, given: str) -> None:
    """Put a file, or what is in a zip, on a student's pile."""
    name = given.lower()
    wanted = name.endswith((".ipynb", ".zip"))
    if sender.typed:
        pile.others.append((entry, "is text typed into a form; no file was handed in"))
    elif entry.problem:
        (pile.troubles if wanted else pile.others).append((entry, entry.problem))
    elif name.endswith(".ipynb"):
        pile.notebooks.append(_Notebook(entry, sender, given))
    elif entry.is_zip:
        found, others = len(pile.notebooks) + len(pile.troubles), len(pile.others)
        try:
            for inner in unpack(entry, pile.budget):
                _add(pile, inner, sender, inner.name)
        except UnreadableError as error:
            pile.troubles.append((entry, str(error)))
        del pile.others[others:]
        if len(pile.notebooks) + len(pile.troubles) == found:
            pile.others.append((entry, "is a zip without a notebook (.ipynb)"))
    else:
        pile.others.append((entry, "is not a notebook (.ipynb)"))
