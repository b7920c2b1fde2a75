"""The command that grades submissions as they arrive."""

from __future__ import annotations

import datetime
import signal
import threading
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .instructor import AllowUnsafe, Database, Folder, Jobs
from .output import say, warn

if TYPE_CHECKING:
    from autograde.grading.watch import Graded


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(watch)


def watch(
    lessons: Annotated[
        list[str] | None, typer.Argument(help="Lessons, as 01-initialization or 1.", show_default="all")
    ] = None,
    rate: Annotated[
        int, typer.Option(min=1, help="How often a student is graded in a lesson, at most, within an hour.")
    ] = 6,
    jobs: Jobs = None,
    once: Annotated[bool, typer.Option("--once", help="Grade what is there now, and end.")] = False,
    allow_unsafe: AllowUnsafe = False,
    folder: Folder = None,
    db: Database = None,
) -> None:
    """Grade what appears in submitted/ within seconds. Each student's feedback page is written at once.

    It runs until Ctrl-C or SIGTERM. It may be ended at any time: started again, it goes on where it was.
    """
    from autograde.grading.course import open_course
    from autograde.grading.pools import LocalPool
    from autograde.grading.watch import Graded, Watch, only_one
    from autograde.judge.course import find_course

    checkout = find_course()
    chosen = checkout.choose_lessons(lessons or None)
    course = open_course(checkout.root, folder, db)
    ended = _asked_to_end()
    with only_one(course.folder), LocalPool(jobs) as pool:
        watching = Watch(course, chosen, pool, rate=rate, allow_unsafe=allow_unsafe, sleep=ended.wait)
        if not watching.safety.safe:
            warn(watching.safety.explanation())
        if not once:
            say(
                f"watching {course.submitted} for {', '.join(chosen) if lessons else 'all lessons'}; end it with Ctrl-C"
            )
        while not ended.is_set() and not (once and watching.idle()):
            for event in watching.turn():
                if isinstance(event, Graded):
                    say(_line(event))
                else:
                    warn(event.text)
        if watching.running:
            pool.close(at_once=True)
            say(f"ended; {watching.running} on their way are graded when it is started again")


def _asked_to_end() -> threading.Event:
    """Set by the first Ctrl-C or SIGTERM; the second Ctrl-C interrupts as ever."""
    ended = threading.Event()

    def end(number: int, frame: Any) -> None:
        ended.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return ended


def _line(event: Graded) -> str:
    from autograde.grading.grader import tame

    result = event.result
    now = datetime.datetime.now().strftime("%H:%M:%S")
    got = f"not graded: {result.problem}" if result.problem else f"{result.points:g} of {result.max_points:g}"
    about = (now, tame(result.submission.student), result.submission.lesson, got, f"{event.seconds:.1f} s")
    return "  ".join(about)
