"""Grades what appears in ``submitted/`` as it arrives, and writes each student's feedback page at once.

Nothing is kept in memory that a restart needs: what is graded says the gradebook, how often somebody was graded in
the last hour says a table beside it. So it may be ended in any way and at any time, and goes on when started again.
"""

from __future__ import annotations

import datetime
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

from autograde.judge.course import Course, CourseError
from autograde.judge.lesson import LessonError

from .arrivals import BROKEN, STILL, Key, Signature, is_whole, look, signature_of
from .batch import LessonBatch, Result, fingerprint_of_lesson, safety_of
from .course import GradingCourse
from .database import has_gradebook
from .feedback import write_feedback
from .grader import tame
from .judging import AHEAD, Judged, Judging
from .pools import Pool
from .store import GradedFile, open_store
from .submissions import submission_in

#: How often a student is graded in one lesson within an hour, unless somebody says otherwise.
RATE = 6
HOUR = 3600.0
#: Seconds between two looks at the folder; more where a look takes more than a tenth of that.
LOOK = 1.0
#: Seconds for which what runs is waited for before the folder is looked at again.
TICK = 0.2
#: Of how many strange folders anything is said.
STRANGE = 20


@dataclass(frozen=True)
class Graded:
    """A submission that was graded and whose feedback lies there, so many seconds after it arrived."""

    result: Result
    seconds: float


@dataclass(frozen=True)
class Notice:
    """Something that the instructor should know; said once."""

    text: str


Event = Graded | Notice


@dataclass
class _Arrival:
    """What was seen of one submission last, since when it is as it is, and what became of it."""

    signature: Signature
    since: float
    #: The signature that needs nothing any more: it is graded, or cannot be.
    settled: Signature | None = None
    #: Whether the files are whole; None when nobody looked yet.
    whole: bool | None = None
    #: What is being graded now, and since when it had been there.
    running: tuple[Signature, float] | None = None
    #: The student was told of that the next turn has to be waited for.
    held: bool = False

    @property
    def waits(self) -> bool:
        """Whether it is to be graded, as far as anybody knows."""
        return self.running is None and self.settled != self.signature


class Watch:
    """Grades arrivals of ``lessons``, at most ``rate`` times an hour for each student and lesson, one at a time.

    When the next turn comes, the newest file is graded. ``clock`` gives seconds since 1970, ``sleep`` waits.
    ``UnsafeMachineError`` as ``LessonBatch`` raises it.
    """

    def __init__(
        self,
        course: GradingCourse,
        lessons: Collection[str],
        pool: Pool,
        *,
        rate: int = RATE,
        allow_unsafe: bool = False,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        if rate < 1:
            raise ValueError(f"the rate must be at least 1 an hour, got {rate}")
        self.course, self.lessons, self.pool, self.rate = course, set(lessons), pool, rate
        self._clock, self._sleep = clock, sleep
        self.safety = safety_of(course, pool, allow_unsafe=allow_unsafe).result()
        self._known = set(Course(course.root).lesson_names())
        self._batches: dict[str, LessonBatch] = {}
        #: Lessons that cannot be graded, with the fingerprint of the files for which that holds.
        self._refused: dict[str, str] = {}
        self._judging = Judging(pool.jobs, lambda s, with_task: self._batches[s.lesson].submit(s, with_task))
        self._arrivals: dict[Key, _Arrival] = {}
        self._times = self._last_hour()
        self._events: list[Event] = []
        self._told: set[str] = set()
        self._looked = self._next_look = 0.0

    @property
    def running(self) -> int:
        """How many submissions are being graded."""
        return self._judging.count

    def idle(self) -> bool:
        """Whether nothing can be done now: what waits, waits for its student's next turn or for a mended lesson."""
        now = self._clock()
        waiting = [key for key, a in self._arrivals.items() if a.waits]
        blocked = all(key[1] in self._refused or self._next_turn(key, now) > now for key in waiting)
        return bool(self._next_look) and not self.running and blocked

    def turn(self) -> Iterator[Event]:
        """Look, hand out what is ready, and write what is done; yields what happened, and waits a moment.

        Raises ``GradingStoppedError`` when marks cannot be written.
        """
        now = self._clock()
        if now >= self._next_look:
            began = time.perf_counter()
            self._look(now)
            self._looked = now
            self._next_look = now + max(LOOK, 9 * (time.perf_counter() - began))
        self._hand_out(now)
        yield from self._happened()
        if not self.running:
            self._sleep(TICK)
            return
        for judged in self._judging.collect(TICK):
            self._write(judged)
            yield from self._happened()

    def _happened(self) -> Iterator[Event]:
        events, self._events = self._events, []
        yield from events

    def _look(self, now: float) -> None:
        seen = look(self.course.submitted, self.lessons, self._known)
        for key, signature in seen.files.items():
            arrival = self._arrivals.setdefault(key, _Arrival(signature, now))
            if arrival.signature != signature:
                arrival.signature, arrival.since, arrival.whole = signature, now, None
        for key in [k for k, a in self._arrivals.items() if k not in seen.files and a.running is None]:
            del self._arrivals[key]
        for name in sorted(seen.strange)[:STRANGE]:
            self._say_once(f"{tame(name)} is no lesson of this course; such folders in submitted/ are left alone")
        for what in sorted(seen.unreadable)[:STRANGE]:
            self._say_once(f"cannot be read: {tame(what)}")

    def _hand_out(self, now: float) -> None:
        ready = [(a.since, key) for key, a in self._arrivals.items() if a.waits and self._may_go(key, a, now)]
        for lesson in sorted({key[1] for _, key in ready}):
            batch = self._batch(lesson)
            if batch is not None:
                graded = batch.graded()
                for since, key in sorted(r for r in ready if r[1][1] == lesson):
                    if self.running < AHEAD * self.pool.jobs:
                        self._start(key, since, now, batch, graded)

    def _may_go(self, key: Key, arrival: _Arrival, now: float) -> bool:
        """Whether there is a reason to read the files: it is cheap to ask, again and again."""
        still = round(self._looked - arrival.since, 3)  # of large numbers: their difference is not exact
        if still < STILL or (arrival.whole is False and still < BROKEN):
            return False
        return not (arrival.held and self._next_turn(key, now) > now)

    def _start(
        self, key: Key, since: float, now: float, batch: LessonBatch, graded: dict[str, GradedFile | None]
    ) -> None:
        (student, lesson), arrival = key, self._arrivals[key]
        folder = self.course.submitted / student / lesson
        try:
            submission = submission_in(folder)
            if self._now_in(folder) != arrival.signature:
                return  # it changed or vanished; the next look says what is there
            if batch.is_graded(submission, graded):
                arrival.settled, arrival.held = arrival.signature, False
                return
            if self._looked - since < BROKEN and not arrival.whole:
                arrival.whole = is_whole(folder, lesson)
                if not arrival.whole:
                    return
        except OSError:
            return
        turn = self._next_turn(key, now)
        if turn > now:
            arrival.held = True
            at = datetime.datetime.fromtimestamp(turn).strftime("%H:%M:%S")
            often = f"graded {self.rate} times within the hour; the newest file is graded at {at}"
            self._events.append(Notice(f"{tame(student)}, {lesson}: {often}"))
            return
        arrival.running = (arrival.signature, since)
        self._judging.add([submission])

    def _write(self, judged: Judged) -> None:
        submission = judged.submission
        student, lesson = submission.student, submission.lesson
        arrival = self._arrivals[student, lesson]
        assert arrival.running is not None
        (signature, since), arrival.running = arrival.running, None
        if not self._now_in(submission.folder):
            arrival.since = self._clock()
            self._say_once(f"{tame(student)}, {lesson}: vanished while it was graded; nothing is written")
            return
        (result,) = self._batches[lesson].write([[judged]])
        now = self._clock()
        with open_store(self.course.db_url) as store:
            store.note_grading(lesson, student, now, forget_before=now - HOUR)
        self._times.setdefault((student, lesson), deque()).append(now)
        arrival.settled, arrival.held = signature, False
        if not result.problem:
            try:
                write_feedback(self.course, lesson, student)
            except (CourseError, OSError) as error:
                self._events.append(Notice(f"{tame(student)}, {lesson}: graded, but without a page: {error}"))
        self._events.append(Graded(result, self._clock() - since))

    def _now_in(self, folder: Path) -> Signature:
        try:
            return signature_of(folder, folder.is_symlink() or folder.parent.is_symlink())
        except OSError:
            return ()

    def _batch(self, lesson: str) -> LessonBatch | None:
        """The lesson as its files are now; None as long as it cannot be graded, which is said."""
        try:
            now = fingerprint_of_lesson(self.course, lesson)
        except OSError as error:
            self._say_once(f"{lesson} cannot be graded: {error}")
            self._refused[lesson] = ""
            return None
        known = self._batches.get(lesson)
        if known is not None and known.fingerprint == now:
            return known
        if self._refused.get(lesson) == now:
            return None
        if any(a.running for (_, of), a in self._arrivals.items() if of == lesson):
            return None  # what is on its way is graded with the files with which it began
        try:
            self._batches[lesson] = LessonBatch(self.course, lesson, self.pool, safety=self.safety)
        except (CourseError, LessonError, OSError) as error:
            self._say_once(f"{lesson} cannot be graded: {error}")
            self._refused[lesson] = now
            return None
        self._refused.pop(lesson, None)
        return self._batches[lesson]

    def _last_hour(self) -> dict[Key, deque[float]]:
        """When whom was graded, as it was kept; a gradebook that is not there yet is not made."""
        times: dict[Key, deque[float]] = {}
        if has_gradebook(self.course.db_url):
            with open_store(self.course.db_url) as store:
                for lesson, student, at in store.gradings(since=self._clock() - HOUR):
                    times.setdefault((student, lesson), deque()).append(at)
        return times

    def _next_turn(self, key: Key, now: float) -> float:
        """When this student may be graded next in this lesson; ``now`` when that is at once."""
        times = self._times.get(key, deque())
        while times and times[0] <= now - HOUR:
            times.popleft()
        return now if len(times) < self.rate else times[-self.rate] + HOUR

    def _say_once(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._events.append(Notice(text))


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Keep a second ``autograde watch`` out of the same class. ``CourseError`` when there is one already.

    The lock ends with the process, however that ends. Where the system has no such locks, none is kept.
    """
    if fcntl is None:
        yield
        return
    with (folder / ".autograde-watch").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError(f"autograde watch runs already for {folder}; end that one first.") from None
        except OSError:  # some shared folders have no locks
            pass
        yield
