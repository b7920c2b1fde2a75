"""From a student's functions, reached through the sandbox alone, to points and words."""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from autograde.check.cases import Call, Case, Observation
from autograde.check.judging import Finding, judge_case, likely_mistake
from autograde.check.render import Report
from autograde.check.words import CaseReport, report_case, report_hidden

from .catalogue import Exercise
from .lesson import Lesson
from .preparing import Mistakes, PreparedCase, prepare

#: Asks the sandbox to run a case's calls within so many seconds.
Probe = Callable[[tuple[Call, ...], float], Observation]
PreparedCases = dict[str, list[PreparedCase]]
#: How a case can end after which the exercise goes on; whatever else stopped it ended the session.
_GOES_ON = (None, "missing", "garbled", "too_large_result")


@dataclass(frozen=True)
class Verdict:
    """The judge's word on one exercise; points come from nowhere else."""

    report: Report
    status: str

    @property
    def points(self) -> float:
        """The points earned."""
        return self.report.points or 0.0


class Judge:
    """Judges the exercises of one lesson; cases and expected values are made once per batch.

    ``seed`` is the assignment's secret seed: the same seed gives the same cases and so the same marks. ``reduced``
    asks the smaller cases for ``audit``, where an exercise has them. ``prepared`` are the cases of another judge of
    the same lesson and seed, by exercise, which are then not made again.
    """

    def __init__(
        self, lesson: Lesson, seed: int, *, reduced: bool = False, prepared: PreparedCases | None = None
    ) -> None:
        self.lesson = lesson
        if prepared is None:
            prepared = {e.name: prepare(lesson, e, seed, reduced=reduced) for e in lesson.exercises}
        else:
            for exercise in lesson.exercises:
                mistakes = Mistakes(lesson, exercise)
                for case in prepared[exercise.name]:
                    case.mistakes = mistakes
        self.prepared = prepared
        names = [e.name for e in lesson.exercises]
        self._parameters = {n: _parameters(lesson, n) for n in names}

    def judge(self, exercise: Exercise, probe: Probe, *, seconds: float | None = None) -> Verdict:
        """Ask for every case of the exercise and decide; stops early when nothing more can be asked.

        ``seconds`` is the wall time for all cases together; the exercise's own limit when it is None.
        """
        results: list[tuple[PreparedCase, Finding | None, Observation]] = []
        seconds = exercise.time_limit if seconds is None else seconds
        ask = _Asked(probe, seconds, slower=seconds / exercise.time_limit)
        for prepared in self.prepared[exercise.name]:
            seen = ask(prepared.case)
            finding = judge_case(prepared.case, seen, prepared.expected)
            results.append((prepared, finding, seen))
            ended = seen.stopped not in _GOES_ON and not prepared.case.seconds
            if ended or (finding and finding.kind in ("missing", "not_started")):
                break
        return self._verdict(exercise, results)

    def refuses(self, exercise: Exercise, probe: Probe, *, seconds: float) -> bool:
        """Whether some case does not hold: as ``judge``, but no further than the first such case."""
        ask = _Asked(probe, seconds)
        for prepared in self.prepared[exercise.name]:
            if judge_case(prepared.case, ask(prepared.case), prepared.expected):
                return True
        return False

    def no_verdict(self, exercise: Exercise, message: str) -> Verdict:
        """The verdict on an exercise that could not be asked for at all."""
        case = CaseReport("the exercise as a whole", False, False, message=message, kind="crashed")
        return Verdict(Report(exercise.name, (case,), points=0.0, max_points=exercise.points), "failed")

    def _verdict(self, exercise: Exercise, results: list[tuple[PreparedCase, Finding | None, Observation]]) -> Verdict:
        points = self._points(exercise, results)
        failed = any(finding for _, finding, _ in results)
        mistake = likely_mistake([(p.case, f, o, p.known) for p, f, o in results]) if failed else None
        reports = [
            report_case(p.case, f, o, p.expected, self._parameters) if p.visible else report_hidden(p.case, f)
            for p, f, o in results
        ]
        first = next((f for _, f, _ in results if f), None)
        status = "passed" if points == exercise.points else "partial" if points else "failed"
        if first and first.kind in ("not_started", "missing"):
            status = first.kind
            mistake = None
        report = Report(
            exercise.name,
            tuple(sorted(reports, key=lambda r: not r.visible)),
            hint=mistake.hint if mistake else "",
            mistake=mistake.name if mistake else "",
            points=points,
            max_points=exercise.points,
            notes=_remarks(exercise, results),
        )
        return Verdict(report, status)

    def _points(self, exercise: Exercise, results: list[tuple[PreparedCase, Finding | None, Observation]]) -> float:
        """The points of the groups of which every case was asked and holds; none unless the core holds."""
        asked: dict[str, list[bool]] = {}
        for prepared, finding, _ in results:
            asked.setdefault(prepared.case.group, []).append(finding is None)
        wanted: dict[str, int] = {}
        for prepared in self.prepared[exercise.name]:
            wanted[prepared.case.group] = wanted.get(prepared.case.group, 0) + 1
        holds = {g: len(asked.get(g, [])) == wanted[g] and all(asked[g]) for g in wanted}
        core = next(iter(exercise.groups))
        if not holds.get(core, False):
            return 0.0
        return float(sum(p for g, p in exercise.groups.items() if holds.get(g, False)))


class _Asked:
    """Asks the sandbox for calls for so many seconds in all; calls that several cases share are asked once.

    ``slower`` is how much more time than declared a case of its own limit has.
    """

    def __init__(self, probe: Probe, seconds: float, slower: float = 1.0) -> None:
        self.probe, self.deadline, self.slower = probe, time.monotonic() + seconds, slower
        self._seen: dict[int, Observation] = {}

    def __call__(self, case: Case) -> Observation:
        key = id(case.calls)
        if key not in self._seen:
            left = max(0.05, self.deadline - time.monotonic())
            own = case.seconds * self.slower if case.seconds else left
            seen = self.probe(case.calls, min(left, own))
            if seen.stopped == "too_slow" and own < left:
                seen = replace(seen, words=f"it was stopped after {own:g} seconds")
            self._seen[key] = seen
        return self._seen[key]


def _remarks(exercise: Exercise, results: list[tuple[PreparedCase, Finding | None, Observation]]) -> tuple[str, ...]:
    if exercise.remark_maker is None:
        return ()
    held = {p.case.label: (p.case, seen) for p, finding, seen in results if finding is None}
    return tuple(exercise.remark_maker(held))


def with_notes(verdict: Verdict, notes: Iterable[str]) -> Verdict:
    """The verdict with remarks for the student added to its report."""
    report = verdict.report
    return replace(verdict, report=replace(report, notes=(*report.notes, *notes)))


def leans_on(source: str, names: Iterable[str]) -> list[str]:
    """Which of the functions ``names`` the source of an answer mentions."""
    names = list(names)
    if not names:
        return []
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    return [n for n in names if n in used]


def _parameters(lesson: Lesson, name: str) -> tuple[str, ...]:
    function = lesson.reference[name]
    code = function.__code__
    return tuple(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
