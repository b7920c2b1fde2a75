"""Grades all submissions of a lesson into nbgrader's gradebook, several at a time, and loses none.

Whatever is killed and whenever, the next run goes on where this one was: a submission counts as graded when its graded
notebook lies there and the gradebook's last transaction on it names that very notebook and that very submission.
"""

from __future__ import annotations

import contextlib
import hashlib
import random
import secrets
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.preprocessors import SaveCells
from sqlalchemy.exc import DBAPIError
from traitlets import TraitError

from autograde.judge.course import Course, CourseError
from autograde.judge.files import write_atomically
from autograde.judge.lesson import load_lesson
from autograde.judge.verdict import Judge

from .assignment import is_recorded
from .course import GradingCourse
from .database import beginning
from .grader import read_release
from .jobs import Done, GradingProcess, Task, UnknownTaskError
from .nbgrader_plugin import JudgeSubmission
from .pools import Pool, PoolLostError
from .safety import Safety
from .store import GradedFile, Store, open_store
from .submissions import Submission, find_submissions
from .writer import GradebookWriter, Row

#: How many submissions are handed out for each job: one is graded, the next is there when it is done.
AHEAD = 2
#: How often a submission is tried again that was being graded when its process died.
TRIES = 2
#: The longest name of a student that nbgrader's tables hold.
MOST_NAME = 128
KILLED = "the process that graded it was killed each time; is there enough memory?"


class GradingStoppedError(Exception):
    """Grading cannot go on; what was finished is kept. The message says what to do."""


@dataclass(frozen=True)
class Judged:
    """A submission that was judged: its fingerprint before that, and what came out.

    None when it could not be judged; then ``problem`` says why: a process that was killed, or a mistake of ours.
    """

    submission: Submission
    fingerprint: str
    done: Done | None
    problem: str = ""


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
    ``UnsafeMachineError`` where student code cannot be locked in, unless ``allow_unsafe`` here or
    in ``nbgrader_config.py`` says otherwise.
    """

    def __init__(
        self,
        course: GradingCourse,
        lesson: str,
        pool: Pool,
        *,
        seed: int | None = None,
        allow_unsafe: bool = False,
    ) -> None:
        self.course, self.lesson, self.pool = course, lesson, pool
        self.config = course.nbgrader_config()
        try:
            settings = JudgeSubmission(config=self.config)
        except TraitError as error:
            raise CourseError(f"nbgrader_config.py: {error} (c.JudgeSubmission)") from None
        limits = settings.limits_for(lesson, Course(course.root).lesson_names())
        allowed = settings.allow_unsafe or allow_unsafe
        with ThreadPoolExecutor(1) as beside:  # the first process of a pool takes a second to get ready
            safety = beside.submit(lambda: pool.submit(_safety, allowed).result())
            self._known = load_lesson(course.lesson_folder(lesson))
            with beginning(course.db_url):
                _record_assignment(course, lesson)
                with open_store(course.db_url) as store:
                    if seed is not None:
                        store.set_seed(lesson, seed)
                    self._seed = store.seed(lesson)
            self.safety = safety.result()
        self._maximum = float(sum(e.points for e in self._known.exercises))
        self._limits = limits
        self._fingerprint = _fingerprint_of_lesson(course, lesson)
        with open_store(course.db_url) as store:
            store.set_level(lesson, self.safety.level.words())

    @cached_property
    def _task(self) -> Task:
        """What the grading processes need to know; here the judge's cases are made, once for the batch."""
        name, prepared = secrets.token_hex(8), Judge(self._known, self._seed).prepared
        return Task(name, self.course.root, self.course.folder, self.lesson, self._seed, self._limits, prepared)

    def todo(self, *, student: str = "*", force: bool = False) -> list[Submission]:
        """The submissions to grade: all that match, without those graded already unless ``force``."""
        found = find_submissions(self.course, self.lesson, student)
        with open_store(self.course.db_url) as store:
            graded = store.graded(self.lesson)
        return [s for s in found if force or not self._is_graded(s, graded)]

    def _is_graded(self, submission: Submission, graded: dict[str, GradedFile | None]) -> bool:
        path = self._graded_path(submission)
        if submission.student not in graded or not path.is_file():
            return False
        file = graded[submission.student]
        if file is None:  # by nbgrader's own command or the formgrader's button
            return submission.path is None or submission.path.stat().st_mtime <= path.stat().st_mtime
        return file.submitted == submission.fingerprint() and file.autograded == sha256(path.read_bytes())

    def _graded_path(self, submission: Submission) -> Path:
        return self.course.autograded / submission.student / self.lesson / f"{self.lesson}.ipynb"

    def grade(self, submission: Submission) -> Result:
        """Grade one submission and write its marks."""
        return next(self.run([submission]))

    def run(self, todo: Iterable[Submission], *, share: bool = False) -> Iterator[Result]:
        """Grade submissions and yield each as soon as its marks are in the gradebook, in the order of their ends.

        One that cannot be read earns nothing, with the reason. ``share``: what another grader of the same gradebook
        graded meanwhile is left out. Raises ``GradingStoppedError`` when marks cannot be written (the disk is full, the
        database is gone).
        """
        with contextlib.ExitStack() as stack:
            with _told():
                writer = stack.enter_context(GradebookWriter(self.course.db_url, self.lesson, self.config))
            todo = (
                self._not_yet_graded(list(todo), stack.enter_context(open_store(self.course.db_url))) if share else todo
            )
            for group in self.judge(todo):
                with _told():
                    writer.write([self._put(judged, judged.done) for judged in group if judged.done])
                yield from map(self._result, group)

    def _not_yet_graded(self, todo: list[Submission], store: Store) -> Iterator[Submission]:
        """Those that no other grader was faster with, asked one by one; in no order, so that two meet seldom."""
        for submission in random.sample(todo, len(todo)):
            with _told():
                graded = store.graded(self.lesson, submission.student)
            if not self._is_graded(submission, graded):
                yield submission

    def judge(self, todo: Iterable[Submission]) -> Iterator[list[Judged]]:
        """Judge submissions without writing anything, as many at a time as the pool can; what is done, in groups."""
        waiting, suspects = iter(todo), deque[Submission]()
        more = True
        running: dict[Future[Done], Submission] = {}
        tries: dict[Submission, int] = {}
        # From before it is read, so that a file that is replaced meanwhile is graded again.
        fingerprints: dict[Submission, str] = {}
        while more or suspects or running:
            # Of those that were being graded when a process died one may be the reason: they are tried one by one.
            room = 1 if suspects else AHEAD * self.pool.jobs
            group: list[Judged] = []
            while len(running) < room and (suspects or more):
                submission = suspects.popleft() if suspects else next(waiting, None)
                if submission is None:
                    more = False
                elif problem := _misnamed(submission.student):
                    group.append(Judged(submission, "", None, problem))
                else:
                    fingerprints[submission] = submission.fingerprint()
                    running[self._submit(submission)] = submission
            finished, _ = wait(running, return_when=FIRST_COMPLETED) if running else (set(), None)
            for future in [f for f in running if f in finished]:
                submission = running.pop(future)
                error = future.exception()
                if error is None:
                    group.append(Judged(submission, fingerprints.pop(submission), future.result()))
                elif isinstance(error, UnknownTaskError):
                    running[self._submit(submission, self._task)] = submission
                elif isinstance(error, BrokenExecutor):
                    tries[submission] = tries.get(submission, 0) + 1
                    if tries[submission] <= TRIES:
                        suspects.append(submission)
                    else:
                        group.append(Judged(submission, "", None, KILLED))
                elif isinstance(error, PoolLostError):
                    raise GradingStoppedError(str(error)) from error
                elif isinstance(error, Exception):
                    said = f"the grader failed on it ({type(error).__name__}: {error}); please report that"
                    group.append(Judged(submission, "", None, said))
                else:
                    raise error
            if group:
                yield group

    def _submit(self, submission: Submission, task: Task | None = None) -> Future[Done]:
        return self.pool.submit(GradingProcess.grade, self._task.name, task, submission.path, submission.note)

    def _put(self, judged: Judged, done: Done) -> Row:
        """Put the graded notebook in its place; what the gradebook gets."""
        submission, raw = judged.submission, done.notebook.encode("utf-8")
        path, handed_in = self._graded_path(submission), submission.handed_in
        write_atomically(path, raw)
        if handed_in:
            write_atomically(path.parent / "timestamp.txt", f"{handed_in} UTC\n")
        file = GradedFile(judged.fingerprint, sha256(raw), self._fingerprint)
        return Row(submission.student, handed_in, done, file)

    def _result(self, judged: Judged) -> Result:
        done = judged.done
        if done is None:
            return Result(judged.submission, 0.0, self._maximum, (), 0.0, judged.problem)
        return Result(judged.submission, done.points, self._maximum, done.notes, done.student_seconds)


def _safety(process: GradingProcess, allow_unsafe: bool) -> Safety:
    return process.safety(allow_unsafe=allow_unsafe, how="add --allow-unsafe")


def _record_assignment(course: GradingCourse, lesson: str) -> None:
    """Make the assignment known to nbgrader, as ``nbgrader generate_assignment`` does."""
    release, _ = read_release(course.release_folder(lesson))
    with Gradebook(course.db_url) as gradebook:
        gradebook.update_or_create_assignment(lesson)
        if is_recorded(gradebook, lesson, release):
            return
    about = {"notebook": lesson, "assignment": lesson, "student": "", "db_url": course.db_url}
    try:
        SaveCells().preprocess(release, {"nbgrader": about})
    except RuntimeError as error:
        raise CourseError(
            f"{lesson}: {error}. The lesson's cells changed after grading began; "
            f"remove it with: nbgrader db assignment remove {lesson}"
        ) from None


def _misnamed(student: str) -> str:
    """Why nbgrader's gradebook has no room for a student of this name; nothing when it has."""
    if len(student) > MOST_NAME:
        return f"the name of the student's folder is longer than {MOST_NAME} characters; rename it"
    if not student.isprintable():
        return "the name of the student's folder holds characters that are not text; rename it"
    return ""


def _fingerprint_of_lesson(course: GradingCourse, lesson: str) -> str:
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


def sha256(raw: bytes) -> str:
    """The hash by which a file is recognised."""
    return hashlib.sha256(raw).hexdigest()
