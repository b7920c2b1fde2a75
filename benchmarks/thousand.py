"""A class of a thousand against one of a hundred: cost per submission, memory over time, time to the first result.

    python -m benchmarks.thousand [--small 100] [--large 1000] [--jobs 2] [--json] [--record] [LESSON]

It runs the real command, ``autograde grade LESSON --folder F --jobs 2``, and watches its processes from outside.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from autograde.grading.course import GradingCourse
from autograde.judge.course import Course

from .classes import write_large_class
from .common import ROOT, BenchmarkError, environment, find_setting, finish, holds, markdown_table, size_of
from .watching import MemoryWatch

SECTION = "A class of a thousand"
LESSON = "01"
#: The goals: how much more a submission may cost in the large class, MiB of all processes, MiB more per 1,000
#: submissions that still count as flat, seconds to the first result.
MORE_PER_SUBMISSION, MOST_MIB, FLAT_MIB, FIRST_SECONDS = 0.10, 1536.0, 50.0, 2.0


@dataclass(frozen=True)
class Run:
    """One run of the command. Memory is of all its processes together, in MiB, at so many seconds from the start."""

    submissions: int
    seconds: float
    first_result: float
    last_result: float
    #: Seconds of each graded notebook, counted from the command's start, in order.
    results: tuple[float, ...]
    memory: tuple[tuple[float, float], ...]
    #: ``PSS`` shares common pages out among the processes; ``RSS`` counts them in each.
    memory_kind: str
    gradebook_bytes: int
    autograded_bytes: int
    feedback_bytes: int

    @property
    def per_submission(self) -> float:
        """Seconds per submission while it grades: from the first result to the last."""
        return (self.last_result - self.first_result) / (self.submissions - 1)

    @property
    def whole_per_submission(self) -> float:
        """Seconds per submission of the whole command, its start, feedback pages and reports included."""
        return self.seconds / self.submissions

    @property
    def peak_mib(self) -> float:
        """The most memory that was seen."""
        return max((mib for _, mib in self.memory), default=float("nan"))

    @property
    def growth_mib(self) -> float:
        """MiB more for each 1,000 submissions: the slope of a line through what was seen while it graded.

        The first tenth is left out, in which the processes start.
        """
        start = self.first_result + 0.1 * (self.last_result - self.first_result)
        seen = np.array([(t, mib) for t, mib in self.memory if start <= t <= self.last_result])
        if len(seen) < 3:
            return float("nan")
        done = np.searchsorted(np.array(self.results), seen[:, 0])
        return float(1000 * np.polyfit(done, seen[:, 1], 1)[0]) if np.ptp(done) else float("nan")

    @property
    def last_against_first(self) -> float:
        """The pace of the last tenth of the submissions against that of the first, in seconds per submission."""
        tenth = max(2, self.submissions // 10)
        first, last = self.results[:tenth], self.results[-tenth:]
        return (last[-1] - last[0]) / (first[-1] - first[0]) if first[-1] > first[0] else float("nan")


def run_command(course: GradingCourse, lesson: str, jobs: int, submissions: int) -> Run:
    """Run ``autograde grade`` on the class and watch it. ``BenchmarkError`` when it fails or loses a submission."""
    command = [sys.executable, "-m", "autograde", "grade", lesson, "--folder", str(course.folder), "--jobs", str(jobs)]
    with tempfile.TemporaryFile() as said:
        began, start = time.time(), time.perf_counter()
        process = subprocess.Popen(command, cwd=course.root, env=environment(), stdout=said, stderr=subprocess.STDOUT)
        watch = MemoryWatch(process.pid, start)
        status = process.wait()
        seconds = time.perf_counter() - start
        watch.stop()
        said.seek(0)
        words = said.read().decode("utf-8", "replace").strip()
    if status:
        raise BenchmarkError(f"autograde grade ended with {status}: {words[-500:]}")
    graded = sorted(course.autograded.glob(f"*/{lesson}/{lesson}.ipynb"))
    if len(graded) != submissions:
        raise BenchmarkError(f"{submissions} submissions gave {len(graded)} graded notebooks")
    # A graded notebook is put in its place whole, so its time is when it was there.
    results = tuple(sorted(path.stat().st_mtime - began for path in graded))
    return Run(
        submissions,
        seconds,
        results[0],
        results[-1],
        results,
        tuple(watch.seen),
        watch.kind,
        sum(p.stat().st_size for p in course.folder.glob("gradebook.db*")),
        size_of(course.autograded),
        size_of(course.feedback),
    )


def measure(root: Path, lesson: str, sizes: tuple[int, int], jobs: int) -> tuple[Run, Run]:
    """The small class, then the large one, each in a folder and a gradebook of its own.

    A class of two goes first and is not looked at: what is not compiled or not in memory yet.
    """
    runs = []
    for submissions in (2, *sizes):
        with tempfile.TemporaryDirectory() as folder:
            course = write_large_class(root, lesson, Path(folder), submissions)
            print(f"grading {submissions} submissions of {lesson}", file=sys.stderr)
            runs.append(run_command(course, lesson, jobs, submissions))
    return runs[1], runs[2]


def report(lesson: str, jobs: int, small: Run, large: Run) -> str:
    """The goals and what was found, side by side, and both runs in numbers."""
    more = large.per_submission / small.per_submission - 1
    whole = large.whole_per_submission / small.whole_per_submission - 1
    first = max(small.first_result, large.first_result)
    peak, growth = max(small.peak_mib, large.peak_mib), large.growth_mib
    goals = [
        ["cost per submission against the small class", f"within {MORE_PER_SUBMISSION:.0%}", f"{more:+.1%}"],
        ["the same of the whole command", f"within {MORE_PER_SUBMISSION:.0%}", f"{whole:+.1%}"],
        ["memory of all processes, peak", f"under {MOST_MIB:g} MiB", f"{peak:.0f} MiB"],
        ["memory, growth per 1,000 submissions", f"flat (under {FLAT_MIB:g} MiB)", f"{growth:+.1f} MiB"],
        ["first result after the command's start", f"within {FIRST_SECONDS:g} s", f"{first:.2f} s"],
    ]
    met = [
        holds(more, MORE_PER_SUBMISSION),
        holds(whole, MORE_PER_SUBMISSION),
        holds(peak, MOST_MIB),
        holds(growth, FLAT_MIB),
        holds(first, FIRST_SECONDS),
    ]
    columns = ["submissions", "s per submission", "whole command, s", "per submission", "first result, s"]
    columns += ["after the last result, s", "last tenth / first", "peak MiB", "MiB per 1,000", "gradebook kB each"]
    columns += ["graded notebook kB each", "feedback kB each"]
    rows = []
    for run in (small, large):
        sizes = [n / run.submissions / 1000 for n in (run.gradebook_bytes, run.autograded_bytes, run.feedback_bytes)]
        row = [f"{run.submissions}", f"{run.per_submission:.4f}", f"{run.seconds:.1f}"]
        row += [f"{run.whole_per_submission:.4f}", f"{run.first_result:.2f}", f"{run.seconds - run.last_result:.1f}"]
        row += [f"{run.last_against_first:.2f}", f"{run.peak_mib:.0f}", f"{run.growth_mib:+.1f}"]
        rows.append([*row, *(f"{kb:.1f}" for kb in sizes)])
    return "\n\n".join(
        [
            f"{lesson}, `autograde grade --jobs {jobs}`; memory as {large.memory_kind}.",
            markdown_table(["", "goal", "found", "met"], [[*g, m] for g, m in zip(goals, met, strict=True)]),
            markdown_table(columns, rows, left=0),
        ]
    )


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.thousand",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lesson", nargs="?", default=LESSON, help=f"as 01 or 01-initialization; {LESSON} by default")
    parser.add_argument("--small", type=int, default=100)
    parser.add_argument("--large", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="print both runs as JSON, memory over time included")
    parser.add_argument("--record", action="store_true", help="add the tables to README.md")
    options = parser.parse_args(arguments)
    if not 2 <= options.small <= options.large:
        parser.error("--small is at least 2 and at most --large")
    setting = find_setting(to_be_kept=options.record)
    lesson = Course(ROOT).find_lesson(options.lesson)
    small, large = measure(ROOT, lesson, (options.small, options.large), options.jobs)
    if options.json:
        json.dump({"setting": asdict(setting), "small": asdict(small), "large": asdict(large)}, sys.stdout)
        return
    finish(SECTION, setting, report(lesson, options.jobs, small, large), record=options.record)


if __name__ == "__main__":
    try:
        main()
    except BenchmarkError as error:
        sys.exit(f"benchmarks: {error}")
