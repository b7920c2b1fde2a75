"""Judges again what was graded before, says which marks would change, and only then changes them.

What was handed in last is judged, with the same secret seed. Judging happens once: what the changes were told from is
what is written. Whatever is killed and whenever, the next run finishes: it finds fewer changes left.
"""

from __future__ import annotations

import csv
import io
import os
import pickle
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType

from autograde.judge.course import CourseError
from autograde.judge.files import sha256

from .batch import LessonBatch, Result
from .course import GradingCourse
from .feedback import page_is_stale
from .gradebook import Points, Standing, maximum_points, plain, standings
from .jobs import Done
from .judging import Judged
from .pools import Pool
from .store import GradedFile
from .submissions import find_submissions
from .writer import LatePenalties, auto_scores

#: How many submissions are written in one transaction.
GROUP = 50
#: How much points may differ and still be the same.
SAME = 1e-9


@dataclass(frozen=True)
class Change:
    """What becomes of one exercise: the judge's points before and after, what it is worth, and points by hand.

    None where nobody gave any. Points given by hand are kept: they go before the judge's.
    """

    exercise: str
    before: float | None
    after: float | None
    worth_before: float
    worth_after: float
    by_hand: float | None = None

    @property
    def differs(self) -> bool:
        """Whether the judge's points or the exercise's worth change."""
        return _differ(self.before, self.after) or _differ(self.worth_before, self.worth_after)


@dataclass(frozen=True)
class Outcome:
    """What judging one student again came to: totals count points by hand, extra credit and the late penalty.

    ``changes`` are the exercises that change and, where anything is written, those with points by hand, which are
    marked to be looked at. ``newer``: what was judged is not the file that was graded before. ``written``: something
    is written, be it only other words in the feedback.
    """

    student: str
    changes: tuple[Change, ...]
    before: float
    after: float
    penalty_before: float
    penalty_after: float
    newer: bool
    written: bool
    problem: str = ""

    @property
    def differs(self) -> bool:
        """Whether anything of the mark changes, the judge's points below points by hand included."""
        totals = _differ(self.before, self.after) or _differ(self.penalty_before, self.penalty_after)
        return totals or any(c.differs for c in self.changes)


class Regrading:
    """One re-grading of a lesson, of all students or of those named. Use it as a context manager.

    ``never_graded`` were handed in but have no marks: they are left to ``autograde grade``. ``without_file`` have
    marks and no submission any more: their marks stay. ``CourseError`` for students of whom nothing is known.
    """

    def __init__(
        self,
        course: GradingCourse,
        lesson: str,
        pool: Pool,
        *,
        students: Collection[str] = (),
        allow_unsafe: bool = False,
    ) -> None:
        self.batch = LessonBatch(course, lesson, pool, allow_unsafe=allow_unsafe, record=False)
        self.course, self.lesson = course, lesson
        handed_in = {s.student: s for s in find_submissions(course, lesson)}
        self._standings = standings(course.db_url, lesson)
        self._graded = self.batch.graded()
        self._worth_before = maximum_points(course.db_url, lesson)
        self._worth_after = self.batch.worth
        self._penalties = LatePenalties(self.batch.config)
        marked = self._standings.keys() & self._graded.keys()
        unknown = sorted(set(students) - handed_in.keys() - marked)
        if unknown:
            raise CourseError(f"{lesson}: nothing was handed in or graded of {', '.join(unknown)}; check the names.")
        chosen = set(students) or (handed_in.keys() | marked)
        self.todo = [s for name, s in sorted(handed_in.items()) if name in chosen & marked]
        self.never_graded = sorted(chosen - marked)
        self.without_file = sorted(chosen & marked - handed_in.keys())
        #: Whose submission or marks changed after they were judged again, so that nothing was written.
        self.overtaken: list[str] = []
        self._same: list[str] = []
        self._spool = _Spool()

    def __enter__(self) -> Regrading:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._spool.close()

    def judge(self) -> Iterator[Outcome]:
        """Judge all again and yield what would become of each; nothing is written."""
        for group in self.batch.judge(self.todo):
            for judged in group:
                outcome = self._outcome(judged)
                if outcome.written:
                    self._spool.put(judged)
                elif not outcome.problem:
                    self._same.append(outcome.student)
                yield outcome

    def write(self) -> Iterator[Result]:
        """Write what ``judge`` found, and yield each when its marks are in the gradebook.

        Raises ``GradingStoppedError`` when marks cannot be written; what was written is kept.
        """
        graded = self.batch.graded()
        yield from self.batch.write(self._groups(graded))
        same = [s for s in self._same if graded.get(s) == self._graded.get(s)]
        self.batch.confirm(same)

    def stale_pages(self) -> list[str]:
        """The students among all these whose feedback page is older than their graded notebook, or missing."""
        return [s.student for s in self.todo if page_is_stale(self.course, self.lesson, s.student)]

    def _groups(self, graded: Mapping[str, GradedFile | None]) -> Iterator[list[Judged]]:
        everything = iter(self._spool)
        while group := list(islice(everything, GROUP)):
            current = []
            for judged in group:
                student = judged.submission.student
                known = graded.get(student) == self._graded.get(student)
                if known and judged.submission.fingerprint() == judged.fingerprint:
                    current.append(judged)
                else:
                    self.overtaken.append(student)
            yield current

    def _outcome(self, judged: Judged) -> Outcome:
        student, done = judged.submission.student, judged.done
        standing = self._standings[student]
        before = max(0.0, _sum(standing.cells) - standing.penalty)
        if done is None:
            same = (before, before, standing.penalty, standing.penalty)
            return Outcome(student, (), *same, newer=False, written=False, problem=judged.problem)
        scores = auto_scores(done)
        cells = {name: Points(scores.get(name), p.by_hand, p.extra) for name, p in standing.cells.items()}
        earned = _sum(cells)
        penalty = self._penalties.of(student, earned, _seconds_late(judged, standing)) or 0.0
        changes = tuple(self._change(name, standing.cells[name], cells[name]) for name in self._in_order(cells))
        file = self._graded[student]
        newer = file is not None and file.submitted != judged.fingerprint
        marks_differ = any(c.differs for c in changes) or _differ(standing.penalty, penalty)
        written = marks_differ or newer or not self._same_notebook(judged, done)
        shown = tuple(c for c in changes if c.differs or (written and c.by_hand is not None))
        after = max(0.0, earned - penalty)
        return Outcome(student, shown, before, after, standing.penalty, penalty, newer, written)

    def _in_order(self, cells: dict[str, Points]) -> list[str]:
        order = list(self._worth_after)
        return sorted(cells, key=lambda name: order.index(name))

    def _change(self, cell: str, before: Points, after: Points) -> Change:
        name, worth = cell.removeprefix("test_"), (self._worth_before[cell], self._worth_after[cell])
        return Change(name, before.auto, after.auto, *worth, after.by_hand)

    def _same_notebook(self, judged: Judged, done: Done) -> bool:
        student = judged.submission.student
        file, path = self._graded[student], self.course.graded_notebook(student, self.lesson)
        new = sha256(done.notebook.encode("utf-8"))
        return file is not None and file.autograded == new and path.is_file() and sha256(path.read_bytes()) == new


class _Spool:
    """Judged submissions in a file without a name: those of a large class would fill the memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the re-grading
        self._count = 0

    def put(self, judged: Judged) -> None:
        pickle.dump(judged, self._file)
        self._count += 1

    def __iter__(self) -> Iterator[Judged]:
        self._file.seek(0)
        for _ in range(self._count):
            yield pickle.load(self._file)  # our own, from a file that nobody else can open

    def close(self) -> None:
        self._file.close()


def write_changes(outcomes: Sequence[Outcome], folder: Path, lesson: str) -> Path:
    """Write ``regrade-<lesson>-<n>.csv``, so that everybody can be told why a mark changed; earlier ones stay.

    For each student: the exercises that change, then the late penalty where it changes, and the total.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["student", "exercise", "before", "after", "worth before", "worth after", "by hand", "remark"])
    for outcome in outcomes:
        who, remark = plain(outcome.student), "another file than before" if outcome.newer else ""
        for c in outcome.changes:
            numbers = (c.before, c.after, c.worth_before, c.worth_after, c.by_hand)
            writer.writerow([who, c.exercise, *map(points_in_words, numbers), remark])
        sums = [("(total)", outcome.before, outcome.after)]
        if _differ(outcome.penalty_before, outcome.penalty_after):
            sums.insert(0, ("(late penalty)", outcome.penalty_before, outcome.penalty_after))
        for what, before, after in sums:
            writer.writerow([who, what, points_in_words(before), points_in_words(after), "", "", "", remark])
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        path = folder / f"regrade-{lesson}-{number}.csv"
        try:
            with path.open("x", encoding="utf-8", newline="") as file:
                file.write(text.getvalue())
                file.flush()
                os.fsync(file.fileno())
            return path
        except FileExistsError:
            number += 1


def points_in_words(number: float | None) -> str:
    """Points as people write them; empty where there are none."""
    return "" if number is None else f"{number:g}"


def _sum(cells: dict[str, Points]) -> float:
    return sum(p.counts for p in cells.values())


def _seconds_late(judged: Judged, standing: Standing) -> float:
    """By nbgrader's rule, once this submission is in the gradebook."""
    handed_in = judged.submission.handed_in or standing.handed_in
    if handed_in is None or standing.due is None:
        return 0.0
    return max(0.0, (handed_in - standing.due).total_seconds())


def _differ(a: float | None, b: float | None) -> bool:
    return a != b if a is None or b is None else abs(a - b) > SAME
