"""A semester of 10,000 submissions, simulated from measured costs: on one machine, on ten, and what breaks first.

    python -m benchmarks.semester [--submissions 10000] [--write]

It reads costs.json (``python -m benchmarks.costs --write``) and prints the page SEMESTER.md; ``--write`` replaces it.
The same costs give the same page.
"""

from __future__ import annotations

import argparse
import heapq
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .common import ROOT, BenchmarkError, markdown_table
from .costs import Costs, LessonCosts, read_costs

PAGE = ROOT / "benchmarks" / "SEMESTER.md"
SUBMISSIONS = 10_000
SEED = 7
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
WEEK = 7 * DAY
#: When submissions come: shares of those in the last hour, the last day, the week before, and after the deadline,
#: with the mean of an exponential distribution from the deadline, or the week evenly.
LAST_HOUR, LAST_DAY, LATE = 0.10, 0.40, 0.05
MEAN_LAST_HOUR, MEAN_LAST_DAY, MEAN_LATE = 20 * MINUTE, 8 * HOUR, 12 * HOUR
#: One submission in a hundred never returns.
HANGING = 0.01
#: Jobs on one machine, one for each of two cores.
JOBS = 2
#: What counts as broken: seconds that 95 of 100 in the last hour wait, the share of the busiest hour in which the one
#: writer works, GiB of the gradebook, and GiB on the disk of the class.
MOST_WAIT, MOST_WRITING, MOST_GRADEBOOK, MOST_DISK = 60.0, 0.8, 1.0, 50.0
#: How many times the class is made larger, until all is broken.
GROWTH = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000)

Times = NDArray[np.float64]


@dataclass(frozen=True)
class Load:
    """Submissions in the order of their arrival: when (seconds), how long a job works, how long the writer."""

    arrival: Times
    grading: Times
    writing: Times

    def __post_init__(self) -> None:
        if not (len(self.arrival) == len(self.grading) == len(self.writing)) or (np.diff(self.arrival) < 0).any():
            raise ValueError("a load needs arrivals in order, and a grading and a writing time for each")


def simulate(load: Load, jobs: int) -> Times:
    """When each submission's marks and feedback are there, in seconds: ``jobs`` graders in front of one writer.

    First come, first served; whatever is graded waits for the writer in the order in which it was graded.
    """
    free = [0.0] * jobs
    graded: list[tuple[float, int]] = []
    for i, arrival in enumerate(load.arrival):
        done = max(float(arrival), heapq.heappop(free)) + float(load.grading[i])
        heapq.heappush(free, done)
        heapq.heappush(graded, (done, i))
    ready, writer = np.empty(len(load.arrival)), 0.0
    while graded:
        done, i = heapq.heappop(graded)
        writer = max(done, writer) + float(load.writing[i])
        ready[i] = writer
    return ready


def deadline_times(count: int, rng: np.random.Generator) -> Times:
    """When ``count`` submissions of one lesson come, in seconds from its deadline (before it: negative), in order."""
    kind = rng.random(count)
    times = rng.uniform(-WEEK, 0.0, count)
    for low, high, mean, sign, most in (
        (0.0, LAST_HOUR, MEAN_LAST_HOUR, -1, HOUR),
        (LAST_HOUR, LAST_HOUR + LAST_DAY, MEAN_LAST_DAY, -1, DAY),
        (1 - LATE, 1.0, MEAN_LATE, 1, WEEK),
    ):
        chosen = (kind >= low) & (kind < high)
        times[chosen] = sign * np.minimum(rng.exponential(mean, int(chosen.sum())), most)
    return np.sort(times)


def make_load(costs: Costs, lessons: Sequence[LessonCosts], counts: Sequence[int], seed: int = SEED) -> Load:
    """A deadline a week, one lesson after the other; each submission costs what one of the sample class does."""
    rng = np.random.default_rng(seed)
    arrival, grading, writing = [], [], []
    for week, (lesson, count) in enumerate(zip(lessons, counts, strict=True), start=1):
        arrival.append(week * WEEK + deadline_times(count, rng))
        seconds = rng.choice(np.array(list(lesson.seconds.values())), count)
        seconds[rng.random(count) < HANGING] = lesson.hanging
        grading.append(costs.slowdown * seconds)
        writing.append(np.full(count, lesson.serial + lesson.page))
    times = np.concatenate(arrival)
    order = np.argsort(times, kind="stable")
    return Load(times[order], np.concatenate(grading)[order], np.concatenate(writing)[order])


def spread(submissions: int, lessons: int) -> list[int]:
    """So many submissions in equal parts, the first ones larger by one where they do not divide."""
    return [submissions // lessons + (i < submissions % lessons) for i in range(lessons)]


def at_once(load: Load) -> Load:
    """The same submissions, all there at the beginning."""
    return Load(np.zeros(len(load.arrival)), load.grading, load.writing)


def before_deadline(load: Load, seconds: float) -> NDArray[np.bool_]:
    """Which submissions came in the last seconds before a deadline."""
    left: NDArray[np.bool_] = (-load.arrival % WEEK) <= seconds
    return left


def busiest_hour(load: Load) -> NDArray[np.bool_]:
    """The submissions of the hour in which most come."""
    ends = np.searchsorted(load.arrival, load.arrival + HOUR)
    start = int(np.argmax(ends - np.arange(len(ends))))
    chosen = np.zeros(len(ends), dtype=bool)
    chosen[start : int(ends[start])] = True
    return chosen


@dataclass(frozen=True)
class Semester:
    """What a semester takes on so many machines; seconds, GiB, MiB and shares."""

    machines: int
    processor_hours: float
    busy: float
    wait_median: float
    wait_95: float
    wait_most: float
    hour_busy: float
    hour_writing: float
    batch_seconds: float
    all_again_seconds: float


def live_through(costs: Costs, submissions: int, machines: int) -> Semester:
    """Simulate grading on arrival, the whole batch of the dearest lesson after its deadline, and all once more."""
    counts = spread(submissions, len(costs.lessons))
    load, jobs = make_load(costs, costs.lessons, counts), machines * JOBS
    wait = simulate(load, jobs) - load.arrival
    last = before_deadline(load, HOUR)
    hour = busiest_hour(load)
    batches = [
        lesson.start_up + float(simulate(at_once(make_load(costs, [lesson], [n])), jobs).max())
        for lesson, n in zip(costs.lessons, counts, strict=True)
        if n
    ]
    return Semester(
        machines,
        float(load.grading.sum() + load.writing.sum()) / HOUR,
        float(load.grading.sum()) / (jobs * (len(costs.lessons) + 1) * WEEK),
        float(np.median(wait[last])),
        float(np.quantile(wait[last], 0.95)),
        float(wait.max()),
        float(load.grading[hour].sum()) / (jobs * HOUR),
        float(load.writing[hour].sum()) / HOUR,
        max(batches),
        sum(batches),
    )


def bytes_kept(costs: Costs, submissions: int) -> dict[str, float]:
    """GiB at the end of the semester, by what is kept."""
    counts = spread(submissions, len(costs.lessons))
    kinds = ("submitted_bytes", "autograded_bytes", "feedback_bytes", "gradebook_bytes")
    return {
        kind.removesuffix("_bytes"): sum(n * getattr(c, kind) for n, c in zip(counts, costs.lessons, strict=True))
        / 2**30
        for kind in kinds
    }


def breaking_points(costs: Costs, submissions: int, machines: int) -> list[tuple[str, int | None]]:
    """What breaks, and at how many times the class (None: not at 1,000 times), first what breaks first.

    Waiting and writing are simulated in the week of the lesson with the dearest submissions.
    """
    dearest = max(costs.lessons, key=lambda c: sum(c.seconds.values()) / len(c.seconds))
    count = spread(submissions, len(costs.lessons))[0]
    kept = bytes_kept(costs, submissions)
    disk = sum(kept.values())

    def waits(times: int) -> bool:
        load = make_load(costs, [dearest], [times * count])
        last = before_deadline(load, HOUR)
        return bool(np.quantile((simulate(load, machines * JOBS) - load.arrival)[last], 0.95) > MOST_WAIT)

    def writes(times: int) -> bool:
        load = make_load(costs, [dearest], [times * count])
        return bool(load.writing[busiest_hour(load)].sum() > MOST_WRITING * HOUR)

    limits: dict[str, Callable[[int], bool]] = {
        f"marks are not there within {MOST_WAIT:g} s for 95 of 100 in the last hour": waits,
        f"the one writer is busy for more than {MOST_WRITING:.0%} of the busiest hour": writes,
        f"the gradebook passes {MOST_GRADEBOOK:g} GiB": partial(_passes, kept["gradebook"], MOST_GRADEBOOK),
        f"all files of the class pass {MOST_DISK:g} GiB": partial(_passes, disk, MOST_DISK),
    }
    found = [(words, next((t for t in GROWTH if broken(t)), None)) for words, broken in limits.items()]
    return sorted(found, key=lambda f: (f[1] is None, f[1] or 0))


def _passes(now: float, most: float, times: int) -> bool:
    return times * now > most


def page(costs: Costs, submissions: int = SUBMISSIONS) -> str:
    """The whole page, in Markdown."""
    one, ten = (live_through(costs, submissions, machines) for machines in (1, 10))
    kept = bytes_kept(costs, submissions)
    broken = {machines: breaking_points(costs, submissions, machines) for machines in (1, 10)}
    lessons = len(costs.lessons)
    rows = [
        ["processor hours of the semester", *(f"{s.processor_hours:.1f}" for s in (one, ten))],
        ["share of the time in which its jobs work", *(f"{s.busy:.3%}" for s in (one, ten))],
        ["from hand-in to marks, last hour: median, s", *(f"{s.wait_median:.2f}" for s in (one, ten))],
        ["the same: 95 of 100 within, s", *(f"{s.wait_95:.2f}" for s in (one, ten))],
        ["the longest of the semester, s", *(f"{s.wait_most:.0f}" for s in (one, ten))],
        ["busiest hour: share in which its jobs work", *(f"{s.hour_busy:.1%}" for s in (one, ten))],
        ["busiest hour: share in which the writer works", *(f"{s.hour_writing:.1%}" for s in (one, ten))],
        ["one lesson's class in one batch, minutes", *(f"{s.batch_seconds / MINUTE:.1f}" for s in (one, ten))],
        ["all lessons graded again, minutes", *(f"{s.all_again_seconds / MINUTE:.1f}" for s in (one, ten))],
        ["memory of a machine, MiB", *[f"{costs.two_jobs_mib:.0f}"] * 2],
        ["disk: handed in, graded, feedback, GiB", *[f"{sum(kept.values()) - kept['gradebook']:.2f}"] * 2],
        ["gradebook, GiB", *[f"{kept['gradebook']:.3f}"] * 2],
    ]
    growth = [
        [words, *("-" if t is None else f"{t}" for t in (at, dict(broken[10])[words]))] for words, at in broken[1]
    ]
    setting = costs.setting
    return (
        "\n\n".join(
            [
                "# A semester, simulated",
                f"{submissions:,} submissions of {lessons} lessons, graded as they arrive, on one machine of two "
                "cores and on ten. `python -m benchmarks.semester --write` wrote this page from `costs.json`, measured "
                f"on {setting.date} ({setting.commit}; {setting.line}).",
                "Assumed, not measured: a deadline every seven days; "
                f"{LAST_HOUR:.0%} of a class hand in during the last hour, {LAST_DAY:.0%} more during the last day, "
                f"{LATE:.0%} late, the others evenly over the week before; {HANGING:.0%} never return and cost the "
                "time limit; each other one costs what one of the sample class cost, drawn with a fixed seed. Each "
                f"machine grades {JOBS} at a time, in the order of arrival. One process writes gradebook and feedback "
                "pages for all machines. The network between machines costs nothing here.",
                "## What it takes",
                markdown_table(["", "one machine", "ten machines"], rows),
                "## What breaks first",
                "The class is made larger, 1, 2, 3, 5, 10 times and so on; the number is the first one at which it "
                "breaks (-: not at 1,000 times).",
                markdown_table(["", "one machine", "ten machines"], growth),
                f"{_conclusion(broken[1], 'one machine')} {_conclusion(broken[10], 'ten machines')} Memory does not "
                "grow with the class: each job holds one submission at a time.",
            ]
        )
        + "\n"
    )


def _conclusion(broken: list[tuple[str, int | None]], where: str) -> str:
    first = [words for words, at in broken if at == broken[0][1]]
    if broken[0][1] is None:
        return f"On {where} nothing breaks at 1,000 times the class."
    return f"On {where} this breaks first, at {broken[0][1]} times the class: {'; '.join(first)}."


def main(arguments: list[str] | None = None) -> None:
    """Print the page; with ``--write`` replace it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.semester",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--submissions", type=int, default=SUBMISSIONS)
    parser.add_argument("--costs", type=Path, help="another file of costs")
    parser.add_argument("--write", action="store_true", help="replace SEMESTER.md")
    options = parser.parse_args(arguments)
    if options.submissions < 100:
        parser.error("--submissions is at least 100")
    text = page(read_costs(options.costs) if options.costs else read_costs(), options.submissions)
    print(text, end="")
    if options.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except BenchmarkError as error:
        sys.exit(f"benchmarks: {error}")
