"""Seconds per submission: stock nbgrader, nbgrader with our preprocessors, ``autograde grade``, and the floor.

    python -m benchmarks [--rounds 3] [--students 6] [--json] [--record] [LESSON ...]

All grade the same submissions, in turns. README.md beside this file says what is counted.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograde.judge.course import Course

from .classes import MIX, write_hanging_class, write_mixed_class
from .common import ROOT, BenchmarkError, Setting, find_setting, finish, holds, markdown_table, middle
from .floor import measure_floor
from .tools import grade_with_ours, grade_with_plugin, grade_with_stock, write_pages

SECTION = "Seconds per submission"
LESSONS = ("01", "06", "09", "13")
#: The goals: times stock nbgrader's throughput, times the floor, or seconds more than the floor.
TIMES_STOCK, TIMES_FLOOR, MORE_THAN_FLOOR = 25.0, 1.5, 0.06


@dataclass
class Measured:
    """One lesson: seconds per submission, of a start and of a feedback page, an entry a round."""

    lesson: str
    students: tuple[str, ...]
    stock: list[float] = field(default_factory=list)
    plugin: list[float] = field(default_factory=list)
    one_job: list[float] = field(default_factory=list)
    two_jobs: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    start_one: list[float] = field(default_factory=list)
    start_two: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    #: Seconds that each grader spends on a function that never returns.
    hanging: dict[str, float] = field(default_factory=dict)

    @property
    def times_stock(self) -> float:
        """How many times stock nbgrader's throughput two jobs reach."""
        return middle(self.stock) / middle(self.two_jobs)

    @property
    def times_floor(self) -> float:
        """How many times the floor one job takes."""
        return middle(self.one_job) / middle(self.floor)

    @property
    def near_floor(self) -> str:
        """Whether one job is near enough to the floor."""
        floor = middle(self.floor)
        return holds(middle(self.one_job), max(TIMES_FLOOR * floor, floor + MORE_THAN_FLOOR))


def measure(root: Path, lesson: str, rounds: int, students: int, *, hanging: bool = True) -> Measured:
    """Grade the same submissions of a lesson with all graders, in turns, the order turned around every other round."""
    found = Measured(lesson, MIX[:students])
    with tempfile.TemporaryDirectory() as folder:
        course = write_mixed_class(root, lesson, Path(folder), students)
        count = len(found.students)

        def ours(jobs: int, per_submission: list[float], start_up: list[float]) -> None:
            passes = grade_with_ours(course, lesson, jobs)
            per_submission.append(passes.second / count)
            start_up.append(passes.start_up)

        turns: list[Callable[[], None]] = [
            lambda: found.stock.append(grade_with_stock(course, lesson) / count),
            lambda: found.plugin.append(grade_with_plugin(course, lesson) / count),
            lambda: ours(1, found.one_job, found.start_one),
            lambda: ours(2, found.two_jobs, found.start_two),
            lambda: found.floor.append(sum(measure_floor(course, lesson).values()) / count),
            lambda: found.page.append(write_pages(course, lesson)),
        ]
        # Once without the clock: what is imported late, and our warm process inside nbgrader.
        grade_with_plugin(course, lesson)
        write_pages(course, lesson)
        for number in range(rounds):
            for turn in turns if number % 2 == 0 else reversed(turns):
                turn()
    if hanging:
        found.hanging = _measure_hanging(root, lesson)
    return found


def _measure_hanging(root: Path, lesson: str) -> dict[str, float]:
    """Once only: it takes as long as each grader's time limits say."""
    with tempfile.TemporaryDirectory() as folder:
        course = write_hanging_class(root, lesson, Path(folder))
        return {
            "stock": grade_with_stock(course, lesson),
            "plugin": grade_with_plugin(course, lesson),
            "ours": grade_with_ours(course, lesson, 1).second,
        }


def report(all_found: list[Measured]) -> str:
    """The tables, in Markdown."""
    columns = ["lesson", "submissions", "stock nbgrader", "nbgrader, our preprocessors", "`--jobs 1`", "`--jobs 2`"]
    columns += ["floor", "stock / 2 jobs", f"at least {TIMES_STOCK:g}", "1 job / floor", "1 job - floor, ms"]
    columns += ["near the floor", "2 jobs / floor"]
    rows, others = [], []
    for m in all_found:
        stock, plugin, one, two, floor = map(middle, (m.stock, m.plugin, m.one_job, m.two_jobs, m.floor))
        rows.append([m.lesson, f"{len(m.students)}", f"{stock:.2f}", f"{plugin:.3f}", f"{one:.3f}", f"{two:.3f}"])
        rows[-1] += [f"{floor:.3f}", f"{m.times_stock:.0f}", holds(m.times_stock, TIMES_STOCK, at_least=True)]
        rows[-1] += [f"{m.times_floor:.2f}", f"{1000 * (one - floor):.0f}", m.near_floor, f"{two / floor:.2f}"]
        hanging = [f"{m.hanging[k]:.0f}" if k in m.hanging else "" for k in ("stock", "plugin", "ours")]
        starts = [f"{middle(m.start_one):.2f}", f"{middle(m.start_two):.2f}"]
        others.append([m.lesson, *starts, f"{1000 * middle(m.page):.0f}", *hanging])
    rounds = len(all_found[0].stock) if all_found else 0
    more = ["lesson", "start-up, 1 job", "start-up, 2 jobs", "feedback page, ms"]
    more += [f"endless loop: {what}" for what in ("stock nbgrader", "nbgrader, our preprocessors", "`--jobs 1`")]
    return "\n\n".join(
        [
            f"Seconds per submission, medians of {rounds} rounds in turns. Near the floor: at most "
            f"{TIMES_FLOOR:g} times the floor, or {1000 * MORE_THAN_FLOOR:g} ms more.",
            markdown_table(columns, rows),
            "Apart from these: seconds that a batch needs once, before and besides its submissions; milliseconds for "
            "a feedback page; seconds for one submission whose function never returns.",
            markdown_table(more, others),
        ]
    )


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("lessons", nargs="*", help=f"as 01 or 01-initialization; {' '.join(LESSONS)} by default")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--students", type=int, default=6, help=f"submissions of each lesson, up to {len(MIX)}")
    parser.add_argument("--no-hanging", action="store_true", help="leave out the function that never returns")
    parser.add_argument("--json", action="store_true", help="print every round as JSON")
    parser.add_argument("--record", action="store_true", help="add the tables to README.md")
    options = parser.parse_args(arguments)
    if options.rounds < 1 or not 1 <= options.students <= len(MIX):
        parser.error(f"--rounds is at least 1, --students 1 to {len(MIX)}")
    setting: Setting = find_setting(to_be_kept=options.record)
    found = []
    for lesson in Course(ROOT).choose_lessons(options.lessons or LESSONS):
        print(f"measuring {lesson}", file=sys.stderr)
        found.append(measure(ROOT, lesson, options.rounds, options.students, hanging=not options.no_hanging))
    if options.json:
        json.dump({"setting": asdict(setting), "lessons": [asdict(m) for m in found]}, sys.stdout, indent=1)
        return
    finish(SECTION, setting, report(found), record=options.record)


if __name__ == "__main__":
    try:
        main()
    except BenchmarkError as error:
        sys.exit(f"benchmarks: {error}")
