"""A made-up class, the same every time, to see the whole way from submissions to report.

Its students hand in what real ones do: right answers in several styles, known misconceptions, half-done and untouched
notebooks, and files that something happened to.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograde.grading.grader import read_release
from autograde.grading.rebuild import grade_id, is_answer
from autograde.judge.lesson import Lesson, load_lesson

#: The sample class's seed is no secret: its marks are the same everywhere.
SEED = 1

Answers = dict[str, str]


def write_sample_class(root: Path, name: str, submitted: Path) -> list[str]:
    """Write the class's submissions of the lesson ``name`` under ``submitted/<student>/<lesson>/``.

    ``root`` is the checkout with the built lesson. Files that are the same already are left alone.
    Returns the students.
    """
    lesson = load_lesson(root / "lessons" / name)
    release, _ = read_release(root / "notebooks" / name)
    solutions = nbformat.read(root / "solutions" / name / f"{name}.ipynb", as_version=4)
    references = {grade_id(c): c.source for c in solutions.cells if is_answer(c)}
    makers: dict[str, Callable[[], bytes]] = {
        "ada": lambda: _file(_with(release, references)),
        "blaise": lambda: _file(_with(release, references | _alternatives(lesson, 0))),
        "carl": lambda: _file(_with(release, references | _alternatives(lesson, 1))),
        "dorothy": lambda: _file(_with(release, references | _alternatives(lesson, 2))),
        "emmy": lambda: _file(_with(release, references | _misconceptions(lesson, 0, every=3))),
        "florence": lambda: _file(_with(release, references | _misconceptions(lesson, 1, every=2))),
        "grace": lambda: _file(_with(release, _misconceptions(lesson, 2, every=1))),
        "hypatia": lambda: _file(_with(release, _first_half(lesson, references))),
        "isaac": lambda: _file(deepcopy(release)),
        "johannes": lambda: _file(_without_metadata(_with(release, references))),
        "katherine": lambda: _file(_with(release, references | _spinning(lesson))),
        "leonhard": lambda: _file(_with(release, references | _broken(lesson))),
        "maryam": lambda: _file(_with(release, _with_leftover(references))),
        "niels": lambda: b"This is not a notebook.\n",
    }
    for student, make in makers.items():
        path = submitted / student / lesson.name / f"{lesson.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        content = make()
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)
    return list(makers)


def _file(notebook: NotebookNode) -> bytes:
    return (json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _with(release: NotebookNode, answers: Answers) -> NotebookNode:
    notebook = deepcopy(release)
    for cell in notebook.cells:
        if is_answer(cell) and grade_id(cell) in answers:
            cell.source = answers[grade_id(cell)]
    return notebook


def _alternatives(lesson: Lesson, which: int) -> Answers:
    return {e.name: e.alternatives[which % len(e.alternatives)].source for e in lesson.exercises if e.alternatives}


def _misconceptions(lesson: Lesson, which: int, *, every: int) -> Answers:
    chosen = [e for i, e in enumerate(lesson.exercises) if i % every == 0 and e.misconceptions]
    return {e.name: e.misconceptions[which % len(e.misconceptions)].source for e in chosen}


def _first_half(lesson: Lesson, references: Answers) -> Answers:
    names = [e.name for e in lesson.exercises]
    return {n: references[n] for n in names[: (len(names) + 1) // 2]}


def _without_metadata(notebook: NotebookNode) -> NotebookNode:
    """What some editors leave of a notebook: no cell metadata and new ids."""
    notebook.metadata = nbformat.from_dict({})
    for i, cell in enumerate(notebook.cells):
        cell.metadata = nbformat.from_dict({})
        cell.id = f"cell-{i}"
    return notebook


def _spinning(lesson: Lesson) -> Answers:
    first = lesson.exercises[0].name
    return {first: f"def {first}(*args, **kwargs):\n    while True:\n        pass\n"}


def _broken(lesson: Lesson) -> Answers:
    last = lesson.exercises[-1].name
    return {last: f"def {last}(x:\n    return x\n"}


def _with_leftover(references: Answers) -> Answers:
    """Right answers under which the stub's last line was left."""
    return {
        name: source.rstrip() + "\n    # YOUR CODE HERE\n    raise NotImplementedError()\n"
        for name, source in references.items()
    }
