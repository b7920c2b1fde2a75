"""Grading on arrival: within seconds, at a bounded rate, and whatever happens to files, lessons or the process."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode

from autograde.grading import watch as watch_module
from autograde.grading.arrivals import look
from autograde.grading.course import GradingCourse, open_course
from autograde.grading.gradebook import marks
from autograde.grading.jobs import GradingProcess
from autograde.grading.pools import SerialPool
from autograde.grading.watch import HOUR, Event, Graded, Notice, Watch, only_one
from autograde.judge.course import CourseError
from autograde.sandbox.worker import Worker

from .conftest import LESSON

pytestmark = pytest.mark.xdist_group("batch")
Answered = Callable[..., NotebookNode]
Submit = Callable[..., Path]
WRONG = "def double(z):\n    return z * z"


class Clock:
    """A clock that goes on only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr(watch_module, "TICK", 0.005)  # what the real clock waits for
    return Clock()


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Whose feedback was written, in order; the pages themselves are tested elsewhere."""
    written: list[tuple[str, str]] = []

    def write(course: GradingCourse, lesson: str, student: str = "*") -> list[Path]:
        written.append((student, lesson))
        return []

    monkeypatch.setattr(watch_module, "write_feedback", write)
    return written


@pytest.fixture
def watch(course: GradingCourse, worker: Worker, clock: Clock, pages: object) -> Watch:
    return new_watch(course, SerialPool(worker), clock)


def new_watch(course: GradingCourse, pool: Any, clock: Clock, **options: Any) -> Watch:
    return Watch(course, [LESSON], pool, clock=clock, sleep=clock.sleep, **options)


def go_on(watch: Watch, clock: Clock, seconds: float) -> list[Event]:
    """What happens within so many seconds of the clock."""
    end, events = clock.now + seconds, list[Event]()
    while clock.now < end:
        before = clock.now
        events += watch.turn()
        clock.now = max(clock.now, before + 0.2)
    return events


def gradings(events: list[Event]) -> list[tuple[str, float]]:
    return [(e.result.submission.student, e.result.points) for e in events if isinstance(e, Graded)]


def notices(events: list[Event]) -> list[str]:
    return [e.text for e in events if isinstance(e, Notice)]


def scores(course: GradingCourse) -> dict[str, float]:
    return {m.student: m.score for m in marks(course.db_url, LESSON)}


def test_what_arrives_is_graded_within_seconds(
    watch: Watch, course: GradingCourse, clock: Clock, answered: Answered, submit: Submit, pages: list[object]
) -> None:
    submit("ada", answered())
    first = go_on(watch, clock, 3)
    assert gradings(first) == [("ada", 5.0)]
    assert go_on(watch, clock, 10) == []
    assert watch.idle()
    submit("ben", answered(double=WRONG))
    submit("ada", answered(double=WRONG))
    then = go_on(watch, clock, 4)
    assert sorted(gradings(then)) == [("ada", 1.0), ("ben", 1.0)]
    assert all(1.0 <= e.seconds <= 3.0 for e in first + then if isinstance(e, Graded))
    assert scores(course) == {"ada": 1.0, "ben": 1.0}
    assert sorted(pages) == [("ada", LESSON), ("ada", LESSON), ("ben", LESSON)]
    assert notices(first + then) == []


def test_the_feedback_page_is_there_when_it_is_told(
    course: GradingCourse, worker: Worker, clock: Clock, answered: Answered, submit: Submit
) -> None:
    submit("ada", answered())
    assert gradings(go_on(new_watch(course, SerialPool(worker), clock), clock, 3)) == [("ada", 5.0)]
    page = course.feedback / "ada" / LESSON / f"{LESSON}.html"
    assert "double" in page.read_text()
    assert [p.name for p in course.folder.iterdir() if p.suffix == ".html"] == []


def test_a_second_start_grades_nothing_twice(
    watch: Watch, course: GradingCourse, worker: Worker, clock: Clock, answered: Answered, submit: Submit
) -> None:
    submit("ada", answered())
    assert len(gradings(go_on(watch, clock, 3))) == 1
    again = new_watch(course, SerialPool(worker), clock)
    assert not again.idle()
    submit("ben", answered())
    assert gradings(go_on(again, clock, 5)) == [("ben", 5.0)]
    assert again.idle()


def test_a_file_that_is_being_written_is_waited_for(
    watch: Watch, clock: Clock, answered: Answered, submit: Submit
) -> None:
    whole = json.dumps(answered()).encode()
    size = len(whole)
    for part in range(1, 8):  # it grows every second
        submit("ada", whole[: size * part // 8])
        assert go_on(watch, clock, 1) == []
    assert go_on(watch, clock, 5) == []  # and stops for a while
    submit("ada", whole)
    assert gradings(go_on(watch, clock, 3)) == [("ada", 5.0)]


def test_a_broken_file_is_graded_when_it_never_becomes_whole(
    watch: Watch, course: GradingCourse, clock: Clock, submit: Submit
) -> None:
    submit("ada", b'{"cells": [')
    submit("ben", b"no notebook at all")
    assert go_on(watch, clock, 9) == []
    assert sorted(gradings(go_on(watch, clock, 3))) == [("ada", 0.0), ("ben", 0.0)]
    assert go_on(watch, clock, 30) == []


def test_a_flood_is_graded_at_a_bounded_rate_and_nothing_is_lost(
    watch: Watch, course: GradingCourse, clock: Clock, answered: Answered, submit: Submit, worker: Worker
) -> None:
    """One student saves a thousand times, one every three seconds; the last save is the only right one."""
    wrong = json.dumps(answered(double=WRONG)).encode()
    events: list[Event] = []
    for number in range(1000):
        submit("ada", wrong + b" " * number if number < 999 else answered())
        events += go_on(watch, clock, 3)
        if number == 100:
            submit("ben", answered())
    assert gradings(events) == [("ada", 1.0)] * 4 + [("ada", 1.0)] * 2 + [("ben", 5.0)]
    (told,) = notices(events)
    assert told.startswith("ada, 00-small: graded 6 times within the hour; the newest file is graded at ")
    assert watch.idle()
    # Another process knows as well how often she was graded.
    clock.now -= 1
    restarted = new_watch(course, SerialPool(worker), clock)
    assert gradings(go_on(restarted, clock, 100)) == []
    clock.now += HOUR - 3000 - 200
    assert gradings(go_on(restarted, clock, 10)) == []
    assert gradings(go_on(restarted, clock, 200)) == [("ada", 5.0)]
    assert scores(course)["ada"] == 5.0


def test_the_rate_is_what_was_asked_for(
    course: GradingCourse, worker: Worker, clock: Clock, answered: Answered, submit: Submit, pages: object
) -> None:
    watch = new_watch(course, SerialPool(worker), clock, rate=1)
    submit("ada", answered(double=WRONG))
    assert len(gradings(go_on(watch, clock, 3))) == 1
    submit("ada", answered())
    assert gradings(go_on(watch, clock, 60)) == []
    clock.now += HOUR
    assert gradings(go_on(watch, clock, 3)) == [("ada", 5.0)]
    with pytest.raises(ValueError, match="at least 1"):
        new_watch(course, SerialPool(worker), clock, rate=0)


class SlowPool(SerialPool):
    """A pool whose gradings end when the test says so."""

    def __init__(self, worker: Worker) -> None:
        super().__init__(worker)
        self.begun: list[tuple[Future[Any], Future[Any]]] = []
        self.slow = False

    def submit(self, function: Any, *args: Any, **kwargs: Any) -> Future[Any]:
        done = super().submit(function, *args, **kwargs)
        if not self.slow or function is not GradingProcess.grade or done.exception():
            return done
        later: Future[Any] = Future()
        self.begun.append((later, done))
        return later

    def end_all(self) -> None:
        for later, done in self.begun:
            later.set_result(done.result())
        self.begun.clear()


@pytest.fixture
def slow(worker: Worker) -> SlowPool:
    return SlowPool(worker)


def test_one_at_a_time_and_the_newest_next(
    course: GradingCourse, slow: SlowPool, clock: Clock, answered: Answered, submit: Submit, pages: object
) -> None:
    watch = new_watch(course, slow, clock)
    slow.slow = True
    submit("ada", answered(double=WRONG))
    assert go_on(watch, clock, 3) == []
    assert watch.running == 1 and not watch.idle()
    for wrong in ("apply", "total"):
        submit("ada", answered(**{wrong: f"def {wrong}(*_):\n    return None"}))
        assert go_on(watch, clock, 3) == []
        assert len(slow.begun) == 1
    submit("ada", answered())
    go_on(watch, clock, 3)
    slow.end_all()
    assert gradings(go_on(watch, clock, 0.2)) == [("ada", 1.0)]
    go_on(watch, clock, 3)
    slow.end_all()
    assert gradings(go_on(watch, clock, 3)) == [("ada", 5.0)]
    assert watch.idle()


def test_what_appears_and_vanishes_leaves_nothing(
    course: GradingCourse, slow: SlowPool, clock: Clock, answered: Answered, submit: Submit, pages: object
) -> None:
    watch = new_watch(course, slow, clock)
    submit("eve", answered())
    go_on(watch, clock, 0.2)
    shutil.rmtree(course.submitted / "eve")
    assert go_on(watch, clock, 5) == []
    assert watch.idle()
    slow.slow = True
    for student in ("ada", "ben"):
        submit(student, answered())
    go_on(watch, clock, 3)
    assert len(slow.begun) == 2
    shutil.rmtree(course.submitted / "ada")
    go_on(watch, clock, 2)
    slow.end_all()
    events = go_on(watch, clock, 3)
    assert gradings(events) == [("ben", 5.0)]
    assert notices(events) == [f"ada, {LESSON}: vanished while it was graded; nothing is written"]
    assert scores(course) == {"ben": 5.0}
    slow.slow = False
    submit("ada", answered())
    assert gradings(go_on(watch, clock, 3)) == [("ada", 5.0)]


def test_what_is_no_submission_is_left_alone_and_told_once(
    watch: Watch, course: GradingCourse, clock: Clock, answered: Answered, submit: Submit
) -> None:
    for place in ("ada/99-unknown", "ben/99-unknown", f"ada/{LESSON}", "ben/.ipynb_checkpoints", ".git/objects"):
        (course.submitted / place).mkdir(parents=True)
    (course.submitted / "ben" / "99-unknown" / "99-unknown.ipynb").write_text("{}")
    (course.submitted / "notes.txt").write_text("a file")
    (course.submitted / "ada" / LESSON / "timestamp.txt").write_text("2026-01-01 12:00:00 UTC")
    events = go_on(watch, clock, 15)
    assert gradings(events) == []
    assert notices(events) == ["99-unknown is no lesson of this course; such folders in submitted/ are left alone"]
    submit("ada", answered())
    assert gradings(go_on(watch, clock, 3)) == [("ada", 5.0)]


def test_a_link_is_not_followed(
    watch: Watch, course: GradingCourse, clock: Clock, answered: Answered, submit: Submit
) -> None:
    submit("ada", answered())
    (course.submitted / "mallory").mkdir()
    (course.submitted / "mallory" / LESSON).symlink_to(course.submitted / "ada" / LESSON)
    (course.submitted / "eve" / LESSON).mkdir(parents=True)
    (course.submitted / "eve" / LESSON / f"{LESSON}.ipynb").symlink_to(
        course.submitted / "ada" / LESSON / f"{LESSON}.ipynb"
    )
    events = go_on(watch, clock, 15)
    assert dict(gradings(events)) == {"ada": 5.0, "mallory": 0.0, "eve": 0.0}


def test_a_broken_lesson_is_told_once_and_graded_when_it_is_mended(
    small_course: Path,
    course: GradingCourse,
    worker: Worker,
    clock: Clock,
    answered: Answered,
    submit: Submit,
    pages: object,
    tmp_path: Path,
) -> None:
    shutil.copytree(small_course, tmp_path / "course")
    own = open_course(tmp_path / "course", course.folder)
    exercises = own.lesson_folder(LESSON) / "exercises.py"
    right = exercises.read_text()
    exercises.write_text("EXERCISES = (")
    watch = new_watch(own, SerialPool(worker), clock)
    submit("ada", answered())
    events = go_on(watch, clock, 10)
    assert gradings(events) == []
    (told,) = notices(events)
    assert told.startswith(f"{LESSON} cannot be graded: ") and "SyntaxError" in told
    assert watch.idle()
    exercises.write_text(right)
    assert gradings(go_on(watch, clock, 3)) == [("ada", 5.0)]


def test_a_new_gradebook_is_made_as_nbgrader_makes_it(
    small_course: Path, tmp_path: Path, worker: Worker, clock: Clock, answered: Answered, pages: object
) -> None:
    fresh = open_course(small_course, tmp_path / "fresh")
    watch = new_watch(fresh, SerialPool(worker), clock)
    assert go_on(watch, clock, 2) == []
    assert not (fresh.folder / "gradebook.db").exists()
    path = fresh.submitted / "ada" / LESSON / f"{LESSON}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(answered()))
    assert gradings(go_on(watch, clock, 3)) == [("ada", 5.0)]
    assert scores(fresh) == {"ada": 5.0}
    with sqlite3.connect(fresh.folder / "gradebook.db") as connection:
        assert connection.execute("SELECT COUNT(*) FROM alembic_version").fetchone() == (1,)


def test_nobody_else_may_watch_the_same_class(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(CourseError, match="runs already"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_a_look_sees_every_change(course: GradingCourse, submit: Submit, answered: Answered) -> None:
    def files() -> object:
        return look(course.submitted, [LESSON], [LESSON]).files

    assert files() == {}
    path = submit("ada", answered())
    seen = files()
    assert list(look(course.submitted, [LESSON], [LESSON]).files) == [("ada", LESSON)]
    assert files() == seen
    path.write_bytes(path.read_bytes() + b" ")
    longer = files()
    assert longer != seen
    (path.parent / "timestamp.txt").write_text("2026-01-01 12:00:00 UTC")
    assert files() != longer
    path.unlink()
    assert files() == {}
