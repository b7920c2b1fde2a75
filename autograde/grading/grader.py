"""Grades one submission of one lesson: rebuild, run in the sandbox, judge, write the verdicts into the notebook."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograde.check.render import to_html, to_text
from autograde.judge.catalogue import Exercise
from autograde.judge.lesson import Lesson
from autograde.judge.verdict import Judge, PreparedCases, Verdict, leans_on, with_notes
from autograde.sandbox.limits import Limits
from autograde.sandbox.reasons import output_cut
from autograde.sandbox.worker import CellOutcome, Worker

from .rebuild import (
    Rebuilt,
    cells_to_run,
    defines,
    find_experiments,
    grade_id,
    is_answer,
    names_bound,
    names_used,
    rebuild,
    sources_of,
    strip_leftover_raise,
)
from .student_run import StudentRun, cell_problem

#: How many failing cases the feedback shows in full.
SHOWN_CASES = 2
TRIED_AGAIN = "It was run a second time, because the first one took too long."
WITHOUT_DATA = (
    "It was run where there are no data sets: a cell that loads one stops there, and what it would define further on "
    "is missing. Put what {} needs into cells that load nothing."
)


RUN_AS_WELL = "The answers use {}, which cells of the lesson make: those cells were run as well."
RUN_WHOLE = "The answers need {}, which cells of the lesson make: the whole notebook was run."


@dataclass(frozen=True)
class _Tried:
    """What running some cells of a notebook led to; ``lost`` are the names that were looked up and not there."""

    verdicts: tuple[Verdict, ...]
    outcomes: Mapping[int, CellOutcome]
    stripped: set[str]
    lost: frozenset[str]
    seconds: float


@dataclass(frozen=True)
class Graded:
    """A graded submission: our notebook with the verdicts in its test cells, and the verdicts themselves."""

    notebook: NotebookNode
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...]
    #: Wall time spent in the student's own code.
    student_seconds: float = 0.0

    @property
    def points(self) -> float:
        """The sum of the points that the judge gave."""
        return sum(v.points for v in self.verdicts)


class Grader:
    """Grades submissions of one lesson, all with the same hidden cases.

    ``release`` is the notebook as students got it, ``files`` what lies beside it (``checks.json``), ``limits`` what a
    submission may use; the worker's, if they are None. ``prepared`` are the judge's cases, if they were made before.
    """

    def __init__(
        self,
        lesson: Lesson,
        release: NotebookNode,
        seed: int,
        worker: Worker,
        files: Mapping[str, bytes],
        limits: Limits | None = None,
        *,
        prepared: PreparedCases | None = None,
    ) -> None:
        self.lesson = lesson
        self.release = release
        self.judge = Judge(lesson, seed, prepared=prepared)
        self.worker = worker
        self.files = dict(files)
        self.limits = limits or worker.limits

    def grade(self, submitted: NotebookNode) -> Graded:
        """Grade a submitted notebook. It never raises on account of what is in the notebook."""
        return self.grade_rebuilt(rebuild(submitted, self.release))

    def grade_rebuilt(self, rebuilt: Rebuilt) -> Graded:
        """Grade a notebook that ``rebuild`` made."""
        notebook, chosen, notes = rebuilt.notebook, cells_to_run(rebuilt.notebook, self.release), []
        experiments = find_experiments(notebook)
        tried = self._try(notebook, chosen)
        lost = tried.lost & {n for i in experiments if i not in chosen for n in names_bound(notebook.cells[i].source)}
        if lost:
            chosen = cells_to_run(notebook, self.release, whole=True)
            tried = self._try(notebook, chosen, seconds=tried.seconds)
            notes.append(RUN_WHOLE.format(", ".join(sorted(lost))))
        elif set(chosen) & set(experiments):
            used = {n for i in chosen for n in names_used(notebook.cells[i].source)}
            bound = {n for i in experiments if i in chosen for n in names_bound(notebook.cells[i].source)}
            notes.append(RUN_AS_WELL.format(", ".join(sorted(used & bound))))
        explained = self._explain(notebook, list(tried.verdicts), tried.outcomes, tried.stripped)
        notes = [*rebuilt.notes, *notes]
        self._write(notebook, explained, tried.outcomes, tuple(notes))
        return Graded(notebook, tuple(explained), tuple(notes), tried.seconds)

    def _try(self, notebook: NotebookNode, chosen: Iterable[int], seconds: float = 0.0) -> _Tried:
        """Run these cells and judge all exercises; ``seconds`` of the student's were spent before."""
        names = [e.name for e in self.lesson.exercises]
        cells: dict[int, str] = {}
        stripped: set[str] = set()
        for i in chosen:
            source, name = notebook.cells[i].source, grade_id(notebook.cells[i])
            if name in names:
                source, found = strip_leftover_raise(source, name)
                stripped |= {name} if found else set()
            cells[i] = source
        run = StudentRun(self.worker, cells, self.files, self.limits)
        bare = StudentRun(self.worker, cells, self.files, self.limits, data=False, figures=False)
        try:
            verdicts = self._run_and_judge(run, [e for e in self.lesson.exercises if not e.without_data])
            run.close()
            others = [e for e in self.lesson.exercises if e.without_data]
            verdicts |= self._run_and_judge(bare, others) if others else {}
        finally:
            run.close()
            bare.close()
        judged = tuple(verdicts[n] for n in names)
        return _Tried(judged, run.outcomes, stripped, frozenset(run.lost), seconds + run.seconds + bare.seconds)

    def _run_and_judge(self, run: StudentRun, exercises: Sequence[Exercise]) -> dict[str, Verdict]:
        """Run the cells and judge these exercises; one that was held up is tried once more, at the end."""
        verdicts: dict[str, Verdict] = {}
        held_up = []
        run.run_cells()
        for exercise in exercises:
            verdicts[exercise.name] = self._judge(exercise, run)
            held_up += [exercise] if run.held_up else []
        if held_up:
            run.start_afresh()
        for exercise in held_up:
            again = self._judge(exercise, run)
            if again.report.failing and again.report.failing[0].kind == "notebook_too_slow":
                continue  # there was no time to try it
            verdicts[exercise.name] = with_notes(again, [TRIED_AGAIN])
        return verdicts

    def _judge(self, exercise: Exercise, run: StudentRun) -> Verdict:
        seconds = exercise.time_limit * self.limits.exercise_time_factor
        run.begin_exercise(seconds)
        return self.judge.judge(exercise, run.probe, seconds=seconds)

    def nothing(self, message: str) -> Graded:
        """The result for a submission that cannot be read: no points, and why."""
        verdicts = tuple(self.judge.no_verdict(e, message) for e in self.lesson.exercises)
        notebook = nbformat.from_dict(self.release)
        self._write(notebook, verdicts, {}, (message,))
        return Graded(notebook, verdicts, (message,))

    def _explain(
        self,
        notebook: NotebookNode,
        verdicts: list[Verdict],
        outcomes: Mapping[int, CellOutcome],
        stripped: set[str],
    ) -> list[Verdict]:
        """Add what only the notebook as a whole can tell: cells that failed, left-over lines, failed prerequisites."""
        sources = sources_of(notebook, [e.name for e in self.lesson.exercises])
        cells = {grade_id(notebook.cells[i]): o for i, o in outcomes.items()}
        lost = _lost_names(notebook, outcomes)
        failed = {v.report.exercise for v in verdicts if v.status in ("failed", "missing", "not_started")}
        explained = []
        for exercise, verdict in zip(self.lesson.exercises, verdicts, strict=True):
            name, notes = exercise.name, []
            if verdict.status == "missing":
                verdict = self._missing(exercise, verdict, notebook, cells.get(name))
            if name in stripped:
                notes.append("A left-over line `raise NotImplementedError()` was ignored; delete it.")
            others = [o for o in leans_on(sources.get(name, ""), failed - {name}) if o != name]
            if others and name in failed and verdict.status == "failed":
                notes.append(f"It uses {', '.join(others)}, which is not right yet: mend that first.")
            if name in failed and verdict.status == "failed":
                used = leans_on(sources.get(name, ""), [n for n in lost if n != name and n not in others])
                notes += [f"It uses {n} of another cell, but {lost[n]}." for n in used]
            if exercise.without_data and any("NameError" in case.message for case in verdict.report.failing):
                notes.append(WITHOUT_DATA.format(name))
            explained.append(with_notes(verdict, notes))
        return explained

    def _missing(
        self, exercise: Exercise, verdict: Verdict, notebook: NotebookNode, outcome: CellOutcome | None
    ) -> Verdict:
        """Tell an answer that was not started from one whose cell failed or that bears another name."""
        problem = cell_problem(outcome)
        stubs = {grade_id(c): c.source.strip() for c in self.release.cells if is_answer(c)}
        source = sources_of(notebook, [exercise.name]).get(exercise.name, "").strip()
        status, message = "missing", f"there is no function with the name {exercise.name}"
        kind = ""
        if outcome and problem:
            status, message = "failed", f"there is no function {exercise.name}, because {problem}"
            kind = outcome.stopped or (outcome.raised.limit if outcome.raised else "")
        elif source in ("", stubs[exercise.name]):
            status, message = "not_started", "not started yet"
        elif defines(source, exercise.name):
            message = f"the name {exercise.name} does not stand for a function"
        first = replace(verdict.report.cases[0], message=message, called=(), kind=kind or status)
        report = replace(verdict.report, cases=(first, *verdict.report.cases[1:]))
        return Verdict(report, status)

    def _write(
        self,
        notebook: NotebookNode,
        verdicts: tuple[Verdict, ...] | list[Verdict],
        outcomes: Mapping[int, CellOutcome],
        notes: tuple[str, ...],
    ) -> None:
        """Write outputs into the cells; in a test cell nbgrader reads the points from the one execute_result."""
        by_test = {f"test_{v.report.exercise}": v for v in verdicts}
        for i, cell in enumerate(notebook.cells):
            if cell.cell_type != "code":
                continue
            verdict = by_test.get(grade_id(cell))
            if verdict:
                cell.outputs = verdict_outputs(verdict)
                cell.execution_count = 1
            elif i in outcomes:
                cell.outputs = cell_outputs(outcomes[i], self.limits)
        written = [c.metadata.nbgrader for c in notebook.cells if is_answer(c) and c.metadata.nbgrader.get("grade")]
        by_hand = {str(about.grade_id): float(about.points) for about in written}
        notebook.cells.insert(0, _summary(verdicts, by_hand, notes))


def _summary(verdicts: Iterable[Verdict], by_hand: Mapping[str, float], notes: Iterable[str]) -> NotebookNode:
    """A cell at the top of the feedback: what was earned, and for what not is right yet the first thing to mend."""
    lines = ["**Your result**", "", "| exercise | points | |", "| --- | --: | --- |"]
    told: dict[str, str] = {}
    for verdict in verdicts:
        report = verdict.report
        first = report.failing[0] if report.failing else None
        said = report.hint or (f"{first.label}: {first.message}" if first else "right")
        if verdict.status in ("not_started", "missing") and first:
            said = first.message
        told[report.exercise] = tame(" ".join(said.split()))
        row = (report.exercise, f"{verdict.points:g} of {report.max_points:g}", said)
        lines.append("| " + " | ".join(_markdown_safe(" ".join(part.split())) for part in row) + " |")
    for name, points in by_hand.items():
        lines.append(f"| {_markdown_safe(name)} | up to {points:g} | read by a person |")
    notes = [tame(n) for n in notes]
    lines += ["", *(f"- {_markdown_safe(n)}" for n in notes)]
    cell: NotebookNode = nbformat.v4.new_markdown_cell("\n".join(lines), id="your-result")
    cell.metadata["autograde"] = {"said": told, "notes": notes}  # the same as data, for the page of our own
    return cell


def verdict_outputs(verdict: Verdict) -> list[NotebookNode]:
    """A test cell's outputs: the judge's words, and the points as nbgrader reads them."""
    report = verdict.report
    html, text = to_html(report, details=SHOWN_CASES), to_text(report, details=SHOWN_CASES)
    shown = {"text/html": tame(html), "text/plain": tame(text)}
    points = {"text/plain": repr(float(verdict.points))}
    return [
        _output("display_data", data=shown),
        _output("execute_result", data=points, execution_count=1),
    ]


def _output(kind: str, **fields: Any) -> NotebookNode:
    """An output in the form of nbformat 4, whose own function checks each against the schema, which takes longer."""
    more: dict[str, Any] = {} if kind == "stream" else {"metadata": {}}
    made: NotebookNode = nbformat.from_dict({"output_type": kind, **more, **fields})
    return made


def _lost_names(notebook: NotebookNode, outcomes: Mapping[int, CellOutcome]) -> dict[str, str]:
    """The names that only stopped cells would have defined, each with what happened to its cell."""
    lost: dict[str, str] = {}
    for i, outcome in outcomes.items():
        if outcome.stopped:
            lost |= dict.fromkeys(sorted(names_bound(notebook.cells[i].source)), cell_problem(outcome))
    for i, outcome in outcomes.items() if lost else ():
        if not outcome.stopped:
            for name in names_bound(notebook.cells[i].source):
                lost.pop(name, None)
    return lost


def cell_outputs(outcome: CellOutcome, limits: Limits) -> list[NotebookNode]:
    """What a student's cell showed: escaped text and pictures, nothing that a browser would run."""
    outputs = []
    for output in outcome.outputs:
        if isinstance(output.data, bytes):
            data = {"image/png": base64.b64encode(output.data).decode("ascii")}
            outputs.append(_output("display_data", data=data))
        elif output.kind in ("stdout", "stderr"):
            # nbgrader takes any stderr in a graded cell for a failure; these cells are not graded
            outputs.append(_output("stream", name=output.kind, text=tame(output.data)))
        elif output.kind == "text":
            outputs.append(_output("display_data", data={"text/plain": tame(output.data)}))
    problem = tame(cell_problem(outcome))
    for said in (output_cut(outcome.cut, limits), problem[:1].upper() + problem[1:]):
        if said:
            html = f"<div><strong>{escape(said)}</strong></div>"
            outputs.append(_output("display_data", data={"text/html": html, "text/plain": said}))
    return outputs


#: Control characters that steer a terminal or turn text around; colours, tabs and the ends of lines stay.
_CONTROL = re.compile(r"\x1b(?!\[[0-9;]*m)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def tame(text: str) -> str:
    """The text with control characters shown as a replacement character."""
    return _CONTROL.sub("\ufffd", text)


def _markdown_safe(text: str) -> str:
    text = tame(text)
    return "".join("\\" + c if c in "\\`*_{}[]<>#|!$" else c for c in text)


def read_release(folder: Path) -> tuple[NotebookNode, dict[str, bytes]]:
    """The released notebook of a lesson (``notebooks/NN-slug``) and the small files beside it.

    ``FileNotFoundError`` when it was not built.
    """
    path = folder / f"{folder.name}.ipynb"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing; run: autograde build {folder.name}")
    files = {p.name: p.read_bytes() for p in sorted(folder.glob("*.json")) if p.is_file()}
    return nbformat.read(path, as_version=4), files
