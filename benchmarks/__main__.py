"""Grades the same submissions with stock nbgrader and with ``autograde grade``, in turns, and prints what each costs.

    python -m benchmarks [--rounds 2] [--students 6] [LESSON ...]

Both run in this process, imports done, one submission after another. Stock nbgrader is as it comes: its own list of
preprocessors, its own Execute, one kernel per submission. Ours includes starting the warm worker and preparing the
judge's cases. The submissions are the sample class's, without the two that hang or are no notebook.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import logging
import platform
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograde.authoring.sample_class import SEED, write_sample_class
from autograde.grading.batch import LessonBatch
from autograde.grading.course import GradingCourse, open_course
from autograde.grading.pools import SerialPool
from autograde.judge.course import find_course
from autograde.sandbox.worker import Worker

LEFT_OUT = ("katherine", "niels")


@dataclass
class Times:
    """Seconds per submission, one entry a round, and the seconds of the students' own code."""

    stock: list[float]
    ours: list[float]
    students: list[float]


def measure(root: Path, lesson: str, rounds: int, students: int) -> tuple[int, Times]:
    """Grade the sample class of a lesson with both, in turns; returns how many submissions, and the times.

    ``students`` is how many of the class take part, spread over it: stock nbgrader runs every experiment of every one.
    """
    times = Times([], [], [])
    with tempfile.TemporaryDirectory() as folder:
        course = _class(root, lesson, Path(folder), students)
        count = len(list(course.submitted.iterdir()))
        for _ in range(rounds):
            times.stock.append(_stock(course, lesson) / count)
            seconds, own = _ours(course, lesson)
            times.ours.append(seconds / count)
            times.students.append(own / count)
    return count, times


def _class(root: Path, lesson: str, folder: Path, students: int) -> GradingCourse:
    course = open_course(root, folder)
    names = [s for s in write_sample_class(root, lesson, course.submitted) if s not in LEFT_OUT]
    chosen = {names[i * len(names) // students] for i in range(min(students, len(names)))}
    for folder in list(course.submitted.iterdir()):
        if folder.name not in chosen:
            shutil.rmtree(folder)
    with Worker() as worker:
        LessonBatch(course, lesson, SerialPool(worker), seed=SEED)  # makes the gradebook
    return course


def _stock(course: GradingCourse, lesson: str) -> float:
    config = Config()
    config.CourseDirectory.root = str(course.folder)
    config.CourseDirectory.db_url = course.db_url
    config.CourseDirectory.source_directory = str(course.root / "solutions")
    config.CourseDirectory.assignment_id = lesson
    logging.disable(logging.CRITICAL)
    try:
        converter = Autograde(coursedir=CourseDirectory(config=config), config=config)
        converter.force = True
        start = time.perf_counter()
        with contextlib.redirect_stderr(io.StringIO()):
            converter.start()
        seconds = time.perf_counter() - start
    finally:
        logging.disable(logging.NOTSET)
    with Gradebook(course.db_url) as gradebook:
        assert gradebook.find_assignment(lesson).num_submissions == len(list(course.submitted.iterdir()))
    _forget(course)
    return seconds


def _ours(course: GradingCourse, lesson: str) -> tuple[float, float]:
    start = time.perf_counter()
    with Worker() as worker:
        batch = LessonBatch(course, lesson, SerialPool(worker))
        results = [batch.grade(s) for s in batch.todo(force=True)]
    seconds = time.perf_counter() - start
    _forget(course)
    return seconds, sum(r.student_seconds for r in results)


def _forget(course: GradingCourse) -> None:
    """Remove what was graded, which nbgrader leaves read-only."""
    for path in course.autograded.rglob("*"):
        path.chmod(0o755)
    shutil.rmtree(course.autograded, ignore_errors=True)


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lessons", nargs="*")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--students", type=int, default=6)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    course = find_course()
    found = {}
    for lesson in course.choose_lessons(arguments.lessons or None):
        count, times = measure(course.root, lesson, arguments.rounds, arguments.students)
        found[lesson] = (count, times)
    if arguments.json:
        json.dump({k: {"submissions": n, **vars(t)} for k, (n, t) in found.items()}, sys.stdout, indent=1)
        return
    print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {_cores()} cores, Python {platform.python_version()}")
    print("Seconds per submission, medians; own code: the share spent in the students' own cells and functions.\n")
    print("| lesson | submissions | stock nbgrader | own code | autograde grade | own code | ratio |")
    print("| --- | --: | --: | --: | --: | --: | --: |")
    for lesson, (count, times) in found.items():
        stock, ours, own = (statistics.median(t) for t in (times.stock, times.ours, times.students))
        row = f"{stock:.2f} | {own / stock:.1%} | {ours:.3f} | {own / ours:.0%} | {stock / ours:.0f}"
        print(f"| {lesson} | {count} | {row} |")


def _cores() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    main()
