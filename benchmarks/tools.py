"""The graders that are compared, each on the same submissions, in seconds of wall time for all of them."""

from __future__ import annotations

import contextlib
import io
import logging
import shutil
import time
import warnings
from dataclasses import dataclass

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograde.grading.batch import LessonBatch
from autograde.grading.course import GradingCourse
from autograde.grading.feedback import write_feedback
from autograde.grading.pools import LocalPool

from .common import BenchmarkError

# nbgrader's own use of SQLAlchemy warns about nothing that anybody here could mend.
warnings.filterwarnings("ignore", module=r"nbgrader\.")


@dataclass(frozen=True)
class Passes:
    """Two passes over the same submissions: with all that starts once for a batch, and without."""

    first: float
    second: float

    @property
    def start_up(self) -> float:
        """What the first pass cost more."""
        return self.first - self.second


def grade_with_stock(course: GradingCourse, lesson: str) -> float:
    """Stock nbgrader as it comes: its own preprocessors and its own Execute, a kernel for each submission."""
    config = Config()
    config.CourseDirectory.root = str(course.folder)
    config.CourseDirectory.db_url = course.db_url
    config.CourseDirectory.source_directory = str(course.root / "solutions")
    return _autograde(course, lesson, config)


def grade_with_plugin(course: GradingCourse, lesson: str) -> float:
    """nbgrader with the repository's ``nbgrader_config.py``."""
    return _autograde(course, lesson, course.nbgrader_config())


def grade_with_ours(course: GradingCourse, lesson: str, jobs: int) -> Passes:
    """What ``autograde grade --jobs`` does until all marks are in the gradebook, twice with the same processes."""
    start = time.perf_counter()
    with LocalPool(jobs) as pool:
        batch = LessonBatch(course, lesson, pool)
        seconds = []
        for _ in range(2):
            results = list(batch.run(batch.todo(force=True)))
            seconds.append(time.perf_counter() - start)
            start = time.perf_counter()
            if len(results) != _count(course):
                raise BenchmarkError(f"{lesson}: {_count(course)} submissions gave {len(results)} results")
    forget(course)
    return Passes(*seconds)


def write_pages(course: GradingCourse, lesson: str) -> float:
    """Seconds for one feedback page, of all pages of a graded class."""
    with LocalPool(1) as pool:
        batch = LessonBatch(course, lesson, pool)
        list(batch.run(batch.todo(force=True)))
    start = time.perf_counter()
    pages = write_feedback(course, lesson)
    seconds = time.perf_counter() - start
    if len(pages) != _count(course):
        raise BenchmarkError(f"{lesson}: {_count(course)} submissions gave {len(pages)} pages")
    forget(course)
    return seconds / len(pages)


def _autograde(course: GradingCourse, lesson: str, config: Config) -> float:
    config.CourseDirectory.assignment_id = lesson
    logging.disable(logging.CRITICAL)
    try:
        converter = Autograde(coursedir=CourseDirectory(config=config), config=config)
        converter.force = True
        with contextlib.redirect_stderr(io.StringIO()):
            start = time.perf_counter()
            converter.start()
            seconds = time.perf_counter() - start
    finally:
        logging.disable(logging.NOTSET)
    with Gradebook(course.db_url) as gradebook:
        found = gradebook.find_assignment(lesson).num_submissions
    if found != _count(course):
        raise BenchmarkError(f"{lesson}: {_count(course)} submissions, {found} in nbgrader's gradebook")
    forget(course)
    return seconds


def _count(course: GradingCourse) -> int:
    return sum(1 for _ in course.submitted.iterdir())


def forget(course: GradingCourse) -> None:
    """Remove what was graded, which nbgrader leaves read-only."""
    for folder in (course.autograded, course.feedback):
        for path in (folder, *folder.rglob("*")) if folder.exists() else ():
            path.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
