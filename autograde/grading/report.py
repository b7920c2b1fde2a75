"""What the class understood and what it did not: one page for each lesson, from the verdicts."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from autograde.judge.lesson import Lesson
from autograde.sandbox.reasons import LIMITS

from .store import VerdictRow

#: How a status is named on the page, best first.
STATUSES = {
    "passed": "right",
    "partial": "partly right",
    "failed": "wrong",
    "missing": "not found",
    "not_started": "not started",
}
#: What ends an exercise before it can be judged, as it is named on the page.
STOPS = {kind: f"limit: {name}" for kind, name in LIMITS.items()} | {"crashed": "ended the Python process"}


@dataclass(frozen=True)
class MistakeCount:
    """A misconception seen in the class: how many had it, out of those who tried."""

    name: str
    hint: str
    count: int
    share: float


@dataclass(frozen=True)
class ExerciseSummary:
    """How the class did on one exercise."""

    name: str
    points: float
    mean: float
    counts: dict[str, int]
    mistakes: tuple[MistakeCount, ...]
    unexplained: int
    #: How many ran into which limit, most frequent first, by the limit's name.
    stopped: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class ClassSummary:
    """How the class did on one lesson."""

    lesson: str
    students: tuple[tuple[str, float], ...]
    maximum: float
    mean: float
    median: float
    exercises: tuple[ExerciseSummary, ...]

    @property
    def stops(self) -> list[tuple[str, str, int]]:
        """Which exercises ran into which limits, or ended their process, and how often."""
        return [(e.name, what, count) for e in self.exercises for what, count in e.stopped]

    @property
    def findings(self) -> list[tuple[str, MistakeCount]]:
        """The most frequent misconceptions of the whole lesson, with their exercises."""
        found = [(e.name, m) for e in self.exercises for m in e.mistakes]
        return sorted(found, key=lambda pair: (-pair[1].count, pair[0], pair[1].name))[:8]


def summarise(lesson: Lesson, rows: list[VerdictRow]) -> ClassSummary:
    """Count what the verdicts on a lesson say. ``ValueError`` when there are none."""
    if not rows:
        raise ValueError(f"{lesson.name} has no verdicts yet; run: autograde grade {lesson.name}")
    totals: dict[str, float] = {}
    for row in rows:
        totals[row.student] = totals.get(row.student, 0.0) + row.points
    exercises = tuple(_summarise_exercise(lesson, e.name, rows) for e in lesson.exercises)
    return ClassSummary(
        lesson.name,
        tuple(sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))),
        float(sum(e.points for e in lesson.exercises)),
        statistics.fmean(totals.values()),
        statistics.median(totals.values()),
        exercises,
    )


def _summarise_exercise(lesson: Lesson, name: str, rows: list[VerdictRow]) -> ExerciseSummary:
    mine = [r for r in rows if r.exercise == name]
    exercise = lesson.exercise(name)
    hints = {m.name: m.hint for m in exercise.misconceptions}
    counts = Counter(r.status for r in mine)
    tried = sum(counts[s] for s in ("passed", "partial", "failed")) or 1
    seen = Counter(r.mistake for r in mine if r.mistake)
    mistakes = tuple(MistakeCount(m, hints.get(m, ""), n, n / tried) for m, n in seen.most_common())
    stopped = Counter(STOPS[r.kind] for r in mine if r.kind in STOPS)
    wrong = [r for r in mine if r.status in ("partial", "failed")]
    unexplained = sum(1 for r in wrong if not r.mistake and r.kind not in STOPS)
    return ExerciseSummary(
        name,
        float(exercise.points),
        statistics.fmean(r.points for r in mine) if mine else 0.0,
        {status: counts[status] for status in STATUSES},
        mistakes,
        unexplained,
        tuple(stopped.most_common()),
    )


def write_report(summary: ClassSummary, path: Path) -> None:
    """Write the page; every name on it is escaped."""
    loader = jinja2.PackageLoader("autograde.grading", "templates")
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    page = environment.get_template("report.html.j2")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page.render(summary=summary, statuses=STATUSES, bins=_bins(summary)), encoding="utf-8")


def _bins(summary: ClassSummary, count: int = 10) -> list[dict[str, Any]]:
    """The distribution of points in ten equal steps; the full marks fall into the last."""
    heights = [0] * count
    for _, points in summary.students:
        heights[min(count - 1, int(points / summary.maximum * count))] += 1
    step = summary.maximum / count
    top = max(heights) or 1
    return [{"low": i * step, "high": (i + 1) * step, "count": n, "share": n / top} for i, n in enumerate(heights)]
