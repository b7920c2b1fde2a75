"""What a grading process does: judge one submission, and say all that the gradebook has to hold of it.

A grading process has a warm sandbox of its own and keeps the judge of the lesson that it was asked for last. What goes
in and what comes out is plain enough to be sent to another machine.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from autograde.judge.lesson import load_lesson
from autograde.judge.verdict import PreparedCases, Verdict
from autograde.sandbox.limits import Limits
from autograde.sandbox.worker import Worker

from .grader import Graded, Grader, read_release
from .handed_in import HARD_LINK, SubmissionError, is_link_to_another, read_plain_file
from .rebuild import MAX_FILE_BYTES, parse_submission
from .safety import Safety, require_safe


class UnknownTaskError(Exception):
    """A grading process was not given this task yet; ask again with the task."""


@dataclass(frozen=True)
class Task:
    """How the submissions of a lesson are graded: all that a grading process needs to know.

    ``name`` tells it from others, ``root`` is the checkout, ``folder`` where the class lies. ``prepared`` are the
    judge's cases, made once: they are sent to each process once and never written to a file.
    """

    name: str
    root: Path
    folder: Path
    lesson: str
    seed: int
    limits: Limits
    prepared: PreparedCases = field(repr=False)


@dataclass(frozen=True)
class Done:
    """A graded submission as the disk gets it, and its ``cells`` that have a place in nbgrader's gradebook."""

    notebook: str
    cells: tuple[NotebookNode, ...]
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...]
    student_seconds: float

    @property
    def points(self) -> float:
        """The points that the judge gave."""
        return sum(v.points for v in self.verdicts)


class GradingProcess:
    """Grades submissions, one at a time, by the task that it was given last."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self._task: Task | None = None
        self._grader: Grader | None = None

    def safety(self, *, allow_unsafe: bool, how: str, task: Task | None = None) -> Safety:
        """The walls around student code here; see ``require_safe``. The sandbox gets warm while ``task`` is learnt."""
        if task is not None:
            self._learn(task)
        return require_safe(self.worker, allow_unsafe=allow_unsafe, how=how)

    def grade(self, name: str, task: Task | None, submitted: Path | bytes | None, note: str) -> Done:
        """Grade a notebook, a file or its bytes, by the task of this name; it is remembered where ``task`` is None.

        Without a notebook, or when it cannot be read, the submission earns nothing, and the reason is said. Raises
        ``UnknownTaskError``.
        """
        if task is not None:
            self._learn(task)
        if self._task is None or self._grader is None or self._task.name != name:
            raise UnknownTaskError(name)
        if submitted is None:
            return done(self._grader.nothing(note))
        try:
            raw = submitted if isinstance(submitted, bytes) else read_handed_in(submitted, self._task)
            notebook = parse_submission(raw)
        except SubmissionError as error:
            return done(self._grader.nothing(str(error)))
        return done(self._grader.grade(notebook))

    def _learn(self, task: Task) -> None:
        if self._task is None or self._task.name != task.name:
            self._task, self._grader = task, _grader_for(task, self.worker)


def read_handed_in(path: Path, task: Task) -> bytes:
    """A student's file, unless it is a link to somebody else's. Raises ``SubmissionError``."""
    try:
        if is_link_to_another(path, [task.root, task.folder], task.lesson):
            raise SubmissionError(HARD_LINK)
        return read_plain_file(path, MAX_FILE_BYTES)
    except OSError as error:
        raise SubmissionError(str(error)) from None


def _grader_for(task: Task, worker: Worker) -> Grader:
    lesson = load_lesson(task.root / "lessons" / task.lesson)
    release, files = read_release(task.root / "notebooks" / task.lesson)
    return Grader(lesson, release, task.seed, worker, files, task.limits, prepared=task.prepared)


def done(graded: Graded) -> Done:
    """A graded notebook as it leaves the grading process."""
    about = [(c, c.metadata.get("nbgrader", {})) for c in graded.notebook.cells]
    cells = tuple(c for c, flags in about if flags.get("grade") or flags.get("solution"))
    return Done(
        # nbformat's own writer copies the notebook and indents it, which takes twice as long.
        json.dumps(graded.notebook, ensure_ascii=False, sort_keys=True) + "\n",
        tuple(_without_pictures(c) for c in cells),
        graded.verdicts,
        graded.notes,
        graded.student_seconds,
    )


def _without_pictures(cell: NotebookNode) -> NotebookNode:
    """The cell with no outputs but results, which nbgrader reads the points from."""
    results = [o for o in cell.get("outputs", []) if o.output_type == "execute_result"]
    return NotebookNode(cell | {"outputs": results} if cell.cell_type == "code" else cell)
