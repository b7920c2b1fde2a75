"""What an attack is, and the list of all of them."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

#: Answers that are there and wrong: honest work of this kind earns nothing.
WRONG = {
    "double": "def double(z):\n    return z - 1.0",
    "total": "def total(z):\n    return -123.0",
    "apply": "def apply(f, z, rng):\n    return None",
}


@dataclass(frozen=True)
class Target:
    """What an attacker may know of the machine: he is assumed to know all of it."""

    release: NotebookNode
    #: Stands in the source of an attack as ``@NAME@``: paths, ports and process ids.
    places: dict[str, str]

    def fill(self, source: str) -> str:
        """Put the places into a source."""
        for name, value in self.places.items():
            source = source.replace(f"@{name}@", value)
        return source


#: A notebook, the bytes of a file, or a function that puts what it likes into the student's folder.
Submission = NotebookNode | bytes | Callable[[Path], None]


@dataclass(frozen=True)
class Attack:
    """One submission that wants points it has not earned, or harm."""

    name: str
    family: str
    make: Callable[[Target], Submission]
    #: The walls it fails at, by the names of ``sandbox.lockdown.Level``; without them it is not run here. ``ROOT`` stands
    #: for what only the superuser can set up: files of several users.
    needs: tuple[str, ...] = ()
    #: Left to ``make attack``: it costs many seconds.
    slow: bool = False
    #: Under which name it is handed in.
    student: str = "mallory"
    #: Whether the pages that people read are looked at, too.
    pages: bool = False
    #: The sources it runs, for the test that they are Python.
    sources: tuple[str, ...] = field(default=(), compare=False)


ATTACKS: list[Attack] = []


def cells(
    release: NotebookNode, before: str = "", answers: dict[str, str] | None = None, after: str = ""
) -> NotebookNode:
    """The release with own cells after the set-up and at the end, and wrong answers unless others are given."""
    notebook = deepcopy(release)
    chosen = WRONG | (answers or {})
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in chosen:
            cell.source = chosen[name]
    names = [c.metadata.get("nbgrader", {}).get("grade_id") for c in notebook.cells]
    if after:
        notebook.cells.append(nbformat.v4.new_code_cell(after))
    if before:
        notebook.cells.insert(names.index("setup") + 1, nbformat.v4.new_code_cell(before))
    return notebook


def code(
    name: str,
    family: str,
    before: str = "",
    *,
    after: str = "",
    needs: str = "",
    slow: bool = False,
    **answers: str,
) -> None:
    """An attack by code: a cell after the set-up, a cell at the end, answers."""

    def make(target: Target) -> NotebookNode:
        return cells(
            target.release, target.fill(before), {n: target.fill(s) for n, s in answers.items()}, target.fill(after)
        )

    sources = tuple(s for s in (before, after, *answers.values()) if s)
    ATTACKS.append(Attack(name, family, make, tuple(needs.split()), slow, sources=sources))


def attack(
    name: str, family: str, *, needs: str = "", slow: bool = False, student: str = "mallory", pages: bool = False
) -> Callable[[Callable[[Target], Submission]], Callable[[Target], Submission]]:
    """An attack by a function that makes the submission."""

    def register(make: Callable[[Target], Submission]) -> Callable[[Target], Submission]:
        ATTACKS.append(Attack(name, family, make, tuple(needs.split()), slow, student, pages))
        return make

    return register
