"""Grades all submissions of a lesson into nbgrader's gradebook, several at a time, and loses none.

Whatever is killed and whenever, the next run goes on where this one was: a submission counts as graded when its graded
notebook lies there and the gradebook's last transaction on it names that very notebook and that very submission.

What needs nbgrader is imported where it is needed: that takes a second, in which submissions can be judged.
"""

from __future__ import annotations

import contextlib
import os
import random
import secrets
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import DBAPIError

from autograde.judge.course import Course, CourseError
from autograde.judge.files import sha256, write_atomically
from autograde.judge.lesson import Lesson, load_lesson
from autograde.judge.verdict import Judge

from .course import GradingCourse
from .database import beginning, has_gradebook, is_empty
from .grader import read_release
from .jobs import Done, GradingProcess, Task
from .judging import Judged, Judging
from .pools import Pool, PoolLostError
from .rebuild import grade_id
from .safety import Safety
from .settings import settings_of
from .store import GradedFile, Row, Store, open_store
from .submissions import Submission, find_submissions

if TYPE_CHECKING:
    from .writer import GradebookWriter

T = TypeVar("T")


class GradingStoppedError(Exception):
    """Grading cannot go on; what was finished is kept. The message says what to do."""


@dataclass(frozen=True)
class Result:
    """What became of one submission. With a ``problem`` it was not graded, and nothing of it was written."""

    submission: Submission
    points: float
    max_points: float
    notes: tuple[str, ...]
    student_seconds: float
    problem: str = ""


class LessonBatch:
    """All that grading the submissions of one lesson shares: the judge's cases, the release, the gradebook.

    ``seed`` replaces the secret seed when the assignment has none yet (a sample class that must be the same always).
    With ``record`` False nothing is written until ``write`` is called: for judging again what was graded before.
    With ``ahead`` judging may begin while a new gradebook is made: nobody else is to open it before a first result.
    ``UnsafeMachineError`` where student code cannot be locked in, unless ``allow_unsafe`` here or
    in ``nbgrader_config.py`` says otherwise; ``safety`` is what was said before, so that nobody is asked again.
    """

    def __init__(
        self,
        course: GradingCourse,
        lesson: str,
        pool: Pool,
        *,
        seed: int | None = None,
        allow_unsafe: bool = False,
        record: bool = True,
        ahead: bool = False,
        safety: Safety | None = None,
    ) -> None:
        self.course, self.lesson, self.pool = course, lesson, pool
        self.config = course.nbgrader_config()
        limits = settings_of(self.config).limits_for(lesson, Course(course.root).lesson_names())
        self._known = load_lesson(course.lesson_folder(lesson))
        self._maximum = float(sum(e.points for e in self._known.exercises))
        self._limits = limits
        self.fingerprint = fingerprint_of_lesson(course, lesson)
        self._release, _ = read_release(course.release_folder(lesson))
        if has_gradebook(course.db_url):
            from .cells import check_cells

            check_cells(course.db_url, lesson, self._release)
        #: What each graded cell is worth, in the notebook's order.
        flags = [(grade_id(c), c.metadata.get("nbgrader", {})) for c in self._release.cells]
        self.worth = {name: float(about["points"]) for name, about in flags if about.get("grade")}
        _check_points(self._known, self.worth)
        #: A new gradebook on its way: nbgrader takes seconds to make one, in which submissions can be judged.
        self._new: Future[None] | None = None
        self._recorded = record
        self._allow_unsafe, self._said = allow_unsafe, safety
        if record:
            self._begin(seed, ahead=ahead)
        else:
            self._seed = _kept_seed(course, lesson)
            self._prepare()
        self.safety = self._asked.result()
        if record and self._new is None:
            self._record_level()

    def _begin(self, seed: int | None, *, ahead: bool) -> None:
        """Tell the gradebook of the lesson, get its seed (a kept one, ``seed``, or a new one), and prepare the task."""
        with contextlib.ExitStack() as held:
            held.enter_context(beginning(self.course.db_url))
            if ahead and is_empty(self.course.db_url):
                self._seed = secrets.randbits(96) if seed is None else seed
                self._prepare()  # now: beside what makes the gradebook it would take longer
                # No other grader begins until the lock is let go of, there.
                self._new = _beside(self._make_gradebook, held.pop_all())
                return
            self._record()
            self._seed = self._settle_seed(seed)
        self._prepare()

    def _make_gradebook(self, lock: contextlib.ExitStack) -> None:
        with lock:
            if sys.platform == "linux":  # there, a thread and what it starts have a priority of their own
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
            self._record()
            if self._settle_seed(self._seed) != self._seed:
                raise CourseError(f"Somebody else began to grade {self.lesson} at the same time; run it again.")

    def _settle_seed(self, seed: int | None) -> int:
        with open_store(self.course.db_url) as store:
            if seed is not None:
                store.set_seed(self.lesson, seed)
            return store.seed(self.lesson)

    @property
    def _is_being_made(self) -> bool:
        """Whether there is no gradebook yet, and so nothing in it."""
        return self._new is not None and not (self._new.done() and self._new.exception() is None)

    def _wait_for_gradebook(self) -> None:
        """Return when the gradebook is there and knows of the lesson, or say why that cannot be."""
        if self._new is not None:
            self._new.result()
            self._new = None
            self._record_level()
        elif not self._recorded:
            self._record()
            self._recorded = True
            self._record_level()

    def _record(self) -> None:
        """Tell the gradebook of the lesson as it is now: its cells and their points."""
        from .cells import record_cells

        record_cells(self.course.db_url, self.lesson, self._release)

    def _record_level(self) -> None:
        with open_store(self.course.db_url) as store:
            store.set_level(self.lesson, self.safety.level.words())

    def _prepare(self) -> None:
        """Make the judge's cases, once for the batch, and ask the pool how safe it is; see ``safety_of``."""
        name, prepared = secrets.token_hex(8), Judge(self._known, self._seed).prepared
        course = self.course
        self._task = Task(name, course.root, course.folder, self.lesson, self._seed, self._limits, prepared)
        self._asked = (
            _known(self._said)
            if self._said
            else safety_of(course, self.pool, allow_unsafe=self._allow_unsafe, task=self._task)
        )

    def todo(self, found: Sequence[Submission] | None = None, *, force: bool = False) -> list[Submission]:
        """Which of these submissions (all, by default) are to be graded: not those graded already, unless ``force``."""
        found = find_submissions(self.course, self.lesson) if found is None else found
        if force:
            return list(found)
        graded = self.graded()
        return [s for s in found if not self.is_graded(s, graded)]

    def graded(self) -> dict[str, GradedFile | None]:
        """By student with marks in the gradebook: which file was graded, None where ``nbgrader autograde`` did it."""
        if self._is_being_made:
            return {}
        from .gradebook import students_with_marks

        with open_store(self.course.db_url, create=False) as store:
            graded = store.graded(self.lesson)
        marked = students_with_marks(self.course.db_url, self.lesson)
        return {student: file for student, file in graded.items() if student in marked}

    def graded_otherwise(self) -> list[str]:
        """The students whose submission was graded with other files of the lesson than are there now."""
        return sorted(s for s, file in self.graded().items() if file and file.lesson != self.fingerprint)

    def is_graded(self, submission: Submission, graded: Mapping[str, GradedFile | None]) -> bool:
        """Whether the submission as it is now has its mark, by what ``graded`` said."""
        path = self.course.graded_notebook(submission.student, self.lesson)
        if submission.student not in graded or not path.is_file():
            return False
        file = graded[submission.student]
        if file is None:  # by nbgrader's own command or the formgrader's button
            return submission.path is None or submission.path.stat().st_mtime <= path.stat().st_mtime
        return file.submitted == submission.fingerprint() and file.autograded == sha256(path.read_bytes())

    def grade(self, submission: Submission) -> Result:
        """Grade one submission and write its marks."""
        return next(self.run([submission]))

    def run(self, todo: Iterable[Submission], *, share: bool = False) -> Iterator[Result]:
        """Grade submissions and yield each as soon as its marks are in the gradebook, in the order of their ends.

        One that cannot be read earns nothing, with the reason. ``share``: what another grader of the same gradebook
        graded meanwhile is left out. Raises ``GradingStoppedError`` when marks cannot be written (the disk is full, the
        database is gone).
        """
        if not share:
            yield from self.write(self.judge(todo))
            return
        # In no order, so that two graders seldom meet.
        todo, opened = list(todo), list[Store]()
        with contextlib.ExitStack() as stack:

            def is_left(submission: Submission) -> bool:
                """Whether no other grader was faster with it."""
                if self._is_being_made:
                    return True
                with _told():
                    if not opened:
                        opened.append(stack.enter_context(open_store(self.course.db_url)))
                    graded = opened[0].graded(self.lesson, submission.student)
                return not self.is_graded(submission, graded)

            yield from self.write(self.judge(random.sample(todo, len(todo)), is_left))

    def write(self, groups: Iterable[list[Judged]]) -> Iterator[Result]:
        """Write what was judged, each group in one transaction, and yield what became of each, as ``run`` does."""
        writer: GradebookWriter | None = None
        with contextlib.ExitStack() as stack:
            for group in groups:
                with _told():
                    rows = [self._put(judged, judged.done) for judged in group if judged.done]
                    writer = writer or stack.enter_context(self._writer())
                    writer.write(rows)
                yield from map(self._result, group)
            if writer is None:
                with _told():
                    self._wait_for_gradebook()

    def _writer(self) -> GradebookWriter:
        self._wait_for_gradebook()
        from .writer import GradebookWriter

        return GradebookWriter(self.course.db_url, self.lesson, self.config)

    def confirm(self, students: Sequence[str]) -> None:
        """Record of graded students that the lesson's files as they are now give them the same marks."""
        with open_store(self.course.db_url) as store:
            store.confirm(self.lesson, students, self.fingerprint)

    def judge(
        self, todo: Iterable[Submission], wanted: Callable[[Submission], bool] = lambda submission: True
    ) -> Iterator[list[Judged]]:
        """Judge submissions without writing anything, as many at a time as the pool can; what is done, in groups.

        ``wanted`` is asked of each just before it is handed out.
        """
        judging = Judging(self.pool.jobs, self.submit, wanted)
        judging.add(todo)
        while judging.count:
            try:
                group = judging.collect()
            except PoolLostError as error:
                raise GradingStoppedError(str(error)) from error
            if group:
                yield group

    def submit(self, submission: Submission, with_task: bool) -> Future[Done]:
        """Hand a submission to the pool; see ``Judging``."""
        sent = self._task if with_task else None
        return self.pool.submit(GradingProcess.grade, self._task.name, sent, submission.path, submission.note)

    def _put(self, judged: Judged, done: Done) -> Row:
        """Put the graded notebook in its place; what the gradebook gets."""
        submission, raw = judged.submission, done.notebook.encode("utf-8")
        path, handed_in = self.course.graded_notebook(submission.student, self.lesson), submission.handed_in
        write_atomically(path, raw)
        if handed_in:
            write_atomically(path.parent / "timestamp.txt", f"{handed_in} UTC\n")
        file = GradedFile(judged.fingerprint, sha256(raw), self.fingerprint)
        return Row(submission.student, handed_in, done, file)

    def _result(self, judged: Judged) -> Result:
        done = judged.done
        if done is None:
            return Result(judged.submission, 0.0, self._maximum, (), 0.0, judged.problem)
        return Result(judged.submission, done.points, self._maximum, done.notes, done.student_seconds)


def safety_of(course: GradingCourse, pool: Pool, *, allow_unsafe: bool, task: Task | None = None) -> Future[Safety]:
    """Have the pool say which walls it can put around student code; see ``GradingProcess.safety``."""
    allowed = settings_of(course.nbgrader_config()).allow_unsafe or allow_unsafe
    how = "add --allow-unsafe"
    # The first process of a pool takes a second to get ready.
    return _beside(lambda: pool.submit(GradingProcess.safety, allow_unsafe=allowed, how=how, task=task).result())


def _beside(function: Callable[..., T], *arguments: object) -> Future[T]:
    """Have a function called in a thread of its own."""
    thread = ThreadPoolExecutor(1)
    future = thread.submit(function, *arguments)
    thread.shutdown(wait=False)
    return future


def _known(safety: Safety) -> Future[Safety]:
    future: Future[Safety] = Future()
    future.set_result(safety)
    return future


def _check_points(lesson: Lesson, worth: Mapping[str, float]) -> None:
    """Refuse a built notebook that gives other points than ``exercises.py``."""
    for exercise in lesson.exercises:
        built = worth.get(f"test_{exercise.name}")
        if built != exercise.points:
            here = "nothing" if built is None else f"{built:g}"
            raise CourseError(
                f"{lesson.name}: {exercise.name} is worth {exercise.points:g} in exercises.py and {here} in the built "
                "notebook. Make the points of its test cell in lesson.py the same, then run: autograde build"
            )


def _kept_seed(course: GradingCourse, lesson: str) -> int:
    """The secret seed with which the lesson was graded before; ``CourseError`` when it never was."""
    if has_gradebook(course.db_url):
        with open_store(course.db_url, create=False) as store:
            kept = store.kept_seed(lesson)
        if kept is not None:
            return kept
    raise CourseError(f"{lesson} was never graded here; run: autograde grade {lesson}")


def fingerprint_of_lesson(course: GradingCourse, lesson: str) -> str:
    """SHA-256 of the files that say how the lesson is graded."""
    folders = (course.lesson_folder(lesson), course.release_folder(lesson))
    files = sorted(p for folder in folders for p in folder.iterdir() if p.suffix in (".py", ".ipynb", ".json"))
    return sha256("".join(f"{p.name} {sha256(p.read_bytes())}\n" for p in files).encode())


@contextmanager
def _told() -> Iterator[None]:
    """What stops the writing of marks, in words."""
    try:
        yield
    except (OSError, DBAPIError) as error:
        reason = " ".join(str(getattr(error, "orig", error)).split())
        raise GradingStoppedError(
            f"Marks could not be written ({reason}). What was finished is kept. Mend that (a full disk, a database "
            "that is locked or gone), then run the same command again: it goes on where it stopped."
        ) from error
