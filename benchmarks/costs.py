"""What a submission costs in every lesson, kept in costs.json for the simulation of a semester.

    python -m benchmarks.costs [--students 13] [--write] [LESSON ...]

Each lesson's mixed class is graded by ``autograde``'s own batch with one job: seconds of each submission, of the start,
of a feedback page, of the process that writes the gradebook, and the bytes that are kept. ``--write`` replaces
costs.json.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import sqlite3
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from autograde.grading.batch import LessonBatch
from autograde.grading.course import GradingCourse
from autograde.grading.feedback import write_feedback
from autograde.grading.pools import LocalPool
from autograde.judge.course import Course
from autograde.judge.files import write_atomically

from .classes import MIX, write_hanging_class, write_mixed_class
from .common import ROOT, BenchmarkError, Setting, find_setting, markdown_table, require_idle, size_of
from .tools import grade_with_ours
from .watching import MemoryWatch

COSTS = ROOT / "benchmarks" / "costs.json"
#: The lessons of a semester; what comes before and after them is not graded in all courses.
LESSONS = tuple(str(n) for n in range(1, 15))


@dataclass(frozen=True)
class LessonCosts:
    """One lesson: seconds and bytes of a submission unless a line says otherwise."""

    lesson: str
    #: Of each student's submission, with one job.
    seconds: dict[str, float]
    #: Of a function that never returns.
    hanging: float
    #: Once a batch.
    start_up: float
    #: Processor time of the one process that writes the gradebook.
    serial: float
    #: Of a feedback page.
    page: float
    submitted_bytes: float
    #: Rows and indexes, without the room that pages leave empty.
    gradebook_bytes: float
    autograded_bytes: float
    feedback_bytes: float


@dataclass(frozen=True)
class Costs:
    """All lessons, and what holds for any: how much slower a job is beside a second one, and MiB of memory."""

    setting: Setting
    lessons: tuple[LessonCosts, ...]
    slowdown: float
    #: Of all processes together with one job, and with two.
    one_job_mib: float
    two_jobs_mib: float


def read_costs(path: Path = COSTS) -> Costs:
    """What was written last. ``BenchmarkError`` when it is missing or not whole."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        lessons = tuple(LessonCosts(**lesson) for lesson in data.pop("lessons"))
        return Costs(setting=Setting(**data.pop("setting")), lessons=lessons, **data)
    except FileNotFoundError:
        raise BenchmarkError(f"{path.name} is missing; run: python -m benchmarks.costs --write") from None
    except (ValueError, KeyError, TypeError) as error:
        raise BenchmarkError(f"{path.name} is not whole ({error}); run: python -m benchmarks.costs --write") from None


def write_costs(costs: Costs, path: Path = COSTS) -> None:
    """Replace the file. ``BenchmarkError`` when the machine was busy."""
    require_idle(costs.setting)
    write_atomically(path, json.dumps(asdict(costs), indent=1) + "\n")


def measure(root: Path, lessons: list[str], students: int, setting: Setting) -> Costs:
    """Measure all lessons with one job, and the first one with two jobs as well."""
    found, memory = [], []
    for lesson in lessons:
        print(f"measuring {lesson}", file=sys.stderr)
        watch = MemoryWatch(os.getpid(), time.perf_counter())
        try:
            found.append(measure_lesson(root, lesson, students))
        finally:
            watch.stop()
        memory.append(watch.peak)
    with tempfile.TemporaryDirectory() as folder:
        # All of them: of a few, one process has more to do than the other.
        course = write_mixed_class(root, lessons[0], Path(folder), len(MIX))
        one = grade_with_ours(course, lessons[0], 1).second
        watch = MemoryWatch(os.getpid(), time.perf_counter())
        try:
            two = grade_with_ours(course, lessons[0], 2).second
        finally:
            watch.stop()
    return Costs(setting, tuple(found), max(1.0, 2 * two / one), max(memory), max(watch.peak, memory[0]))


def measure_lesson(root: Path, lesson: str, students: int) -> LessonCosts:
    """Grade the mixed class of a lesson twice, the second time with the clock on each submission."""
    with tempfile.TemporaryDirectory() as folder:
        course = write_mixed_class(root, lesson, Path(folder), students)
        empty = _gradebook_bytes(course)
        seconds: dict[str, float] = {}
        with LocalPool(1) as pool:
            start = time.perf_counter()
            batch = LessonBatch(course, lesson, pool)
            list(batch.run(batch.todo(force=True)))
            first = time.perf_counter() - start
            todo = batch.todo(force=True)
            used, last = _own_processor_seconds(), time.perf_counter()
            for result in batch.run(todo):
                now = time.perf_counter()
                seconds[result.submission.student], last = now - last, now
            serial = (_own_processor_seconds() - used) / len(todo)
        start = time.perf_counter()
        pages = write_feedback(course, lesson)
        page = (time.perf_counter() - start) / len(pages)
        count = len(seconds)
        return LessonCosts(
            lesson,
            seconds,
            _measure_hanging(root, lesson),
            max(0.0, first - sum(seconds.values())),
            serial,
            page,
            size_of(course.submitted) / count,
            max(0, _gradebook_bytes(course) - empty) / count,
            size_of(course.autograded) / count,
            size_of(course.feedback) / count,
        )


def _measure_hanging(root: Path, lesson: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        return grade_with_ours(write_hanging_class(root, lesson, Path(folder)), lesson, 1).second


def _own_processor_seconds() -> float:
    """Processor time of this process, which writes the gradebook, without its children."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _gradebook_bytes(course: GradingCourse) -> int:
    """Bytes of the gradebook's rows and indexes. A file of few rows is mostly pages that wait to be filled."""
    with contextlib.closing(sqlite3.connect(course.folder / "gradebook.db")) as gradebook:
        return int(gradebook.execute("SELECT SUM(payload) FROM dbstat").fetchone()[0])


def report(costs: Costs) -> str:
    """A line for each lesson."""
    columns = ["lesson", "s per submission", "endless loop, s", "start-up, s", "writing, ms", "feedback page, ms"]
    columns += ["kB handed in", "kB gradebook", "kB graded", "kB feedback"]
    rows = []
    for c in costs.lessons:
        mean = sum(c.seconds.values()) / len(c.seconds)
        row = [c.lesson, f"{mean:.3f}", f"{c.hanging:.1f}", f"{c.start_up:.2f}", f"{1000 * c.serial:.1f}"]
        sizes = (c.submitted_bytes, c.gradebook_bytes, c.autograded_bytes, c.feedback_bytes)
        rows.append([*row, f"{1000 * c.page:.1f}", *(f"{n / 1000:.1f}" for n in sizes)])
    beside = f"A job is {costs.slowdown:.2f} times slower beside a second one."
    memory = f"Memory of all processes: {costs.one_job_mib:.0f} MiB with one job, {costs.two_jobs_mib:.0f} with two."
    return f"{markdown_table(columns, rows)}\n\n{beside} {memory}"


def main(arguments: list[str] | None = None) -> None:
    """Measure, print and, when asked to, write."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.costs", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("lessons", nargs="*", help="as 01 or 01-initialization; 01 to 14 by default")
    parser.add_argument("--students", type=int, default=len(MIX))
    parser.add_argument("--write", action="store_true", help="replace costs.json")
    options = parser.parse_args(arguments)
    if not 1 <= options.students <= len(MIX):
        parser.error(f"--students is 1 to {len(MIX)}")
    setting = find_setting(to_be_kept=options.write)
    lessons = Course(ROOT).choose_lessons(options.lessons or LESSONS)
    costs = measure(ROOT, lessons, options.students, setting)
    print(f"{setting.title} ({setting.line})\n\n{report(costs)}")
    if options.write:
        write_costs(costs)


if __name__ == "__main__":
    try:
        main()
    except BenchmarkError as error:
        sys.exit(f"benchmarks: {error}")
