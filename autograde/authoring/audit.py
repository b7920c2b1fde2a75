"""The proof that the tests have teeth, exercise by exercise, through the same sandbox and judge that grade students."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat

from autograde.check.cases import Call, Observation
from autograde.grading.grader import Grader, read_release
from autograde.judge.catalogue import Exercise
from autograde.judge.lesson import Lesson, load_lesson
from autograde.judge.verdict import Judge, Verdict
from autograde.sandbox.worker import Session, Worker

from .mutate import mutants

#: Any seed will do: right answers pass with every one. A second one guards against cases that hold by luck.
SEEDS = (20_240_601, 7)
#: A mutant that loops for ever is refused as soon as this is over.
MUTANT_SECONDS = 2.0
WRAPPER_SECONDS = 2.0
#: After the references ran, and before each source: nothing that one defined is left for the next.
REMEMBER = "_name, _first = '', dict(globals())"
FORGET = "for _name in set(globals()) - {*_first, '_first'}:\n    del globals()[_name]\nglobals().update(_first)"


@dataclass
class ExerciseAudit:
    """What was tried on one exercise; ``problems`` is empty when its tests hold."""

    exercise: str
    misconceptions: int = 0
    refused: int = 0
    hinted: int = 0
    alternatives: int = 0
    passed: int = 0
    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    wrappers: int = 0
    problems: list[str] = field(default_factory=list)


def audit_lesson(
    root: Path,
    name: str,
    worker: Worker,
    on_progress: Callable[[str], None] = lambda text: None,
    seeds: tuple[int, ...] = SEEDS,
) -> list[ExerciseAudit]:
    """Audit every exercise of the lesson ``name`` in the checkout ``root``; the lesson must have been built.

    Every answer is judged once with each of the secret ``seeds``.
    """
    lesson = load_lesson(root / "lessons" / name)
    audits = {e.name: ExerciseAudit(e.name) for e in lesson.exercises}
    on_progress("notebooks")
    _audit_notebooks(root, lesson, worker, audits)
    with _Trial(lesson, worker, seeds) as trial:
        for exercise in lesson.exercises:
            on_progress(exercise.name)
            audit = audits[exercise.name]
            _audit_alternatives(trial, exercise, audit)
            _audit_misconceptions(trial, exercise, audit)
            if not exercise.reduced_cases:  # training a mutant takes long, and many train as well as the reference
                _audit_mutants(trial, exercise, audit)
            _audit_wrappers(trial, exercise, audit)
    return list(audits.values())


class _Trial:
    """Judges a source in the place of one answer, all other answers being the references."""

    def __init__(self, lesson: Lesson, worker: Worker, seeds: tuple[int, ...]) -> None:
        self.lesson = lesson
        self.worker = worker
        self.judges = [Judge(lesson, seed, reduced=True) for seed in seeds]
        self.base, self.sources = _split(lesson.folder / "lesson.py")
        self._session: Session | None = None

    def __enter__(self) -> _Trial:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the session; the next source gets a new one."""
        if self._session:
            self._session.close()

    def session(self, source: str) -> Session:
        """A session with the references and then ``source``, and nothing of an earlier one: all of them are ours."""
        if self._session is None or not self._session.alive:
            self._session = self.worker.session()
            self._session.run_cell(f"{self.base}\n{REMEMBER}", 20)
        self._session.run_cell(f"{FORGET}\n{source}", 10)
        return self._session

    def verdict(self, exercise: Exercise, source: str, judge: Judge) -> Verdict:
        return judge.judge(exercise, self.session(source).run_calls)

    def refused(self, exercise: Exercise, source: str, seconds: float) -> bool:
        return any(judge.refuses(exercise, self.session(source).run_calls, seconds=seconds) for judge in self.judges)


def _split(path: Path) -> tuple[str, dict[str, str]]:
    """The imports and functions of ``lesson.py`` as one source, and each function's source by name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kept = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)]
    sources = {n.name: ast.unparse(n) for n in kept if isinstance(n, ast.FunctionDef)}
    return "\n".join(ast.unparse(n) for n in kept), sources


def _audit_notebooks(root: Path, lesson: Lesson, worker: Worker, audits: dict[str, ExerciseAudit]) -> None:
    """The solutions earn full points and the untouched notebook none, by the way a submission goes."""
    release, files = read_release(root / "notebooks" / lesson.name)
    solutions = nbformat.read(root / "solutions" / lesson.name / f"{lesson.name}.ipynb", as_version=4)
    grader = Grader(lesson, release, SEEDS[0], worker, files)
    for verdict in grader.grade(solutions).verdicts:
        if verdict.status != "passed":
            why = "; ".join(c.message for c in verdict.report.failing)
            audits[verdict.report.exercise].problems.append(f"the reference earns {verdict.points:g}: {why}")
    for verdict in grader.grade(release).verdicts:
        if verdict.points:
            audits[verdict.report.exercise].problems.append(f"the untouched notebook earns {verdict.points:g}")


def _audit_alternatives(trial: _Trial, exercise: Exercise, audit: ExerciseAudit) -> None:
    audit.alternatives = len(exercise.alternatives)
    if audit.alternatives < 3:
        audit.problems.append(f"{audit.alternatives} alternatives, at least 3 are wanted")
    for alternative in exercise.alternatives:
        for judge in trial.judges:
            verdict = trial.verdict(exercise, alternative.source, judge)
            if verdict.status != "passed":
                first = verdict.report.failing[0]
                audit.problems.append(
                    f"the alternative {alternative.name!r} is refused: {first.label}: {first.message}"
                )
                break
        else:
            audit.passed += 1


def _audit_misconceptions(trial: _Trial, exercise: Exercise, audit: ExerciseAudit) -> None:
    audit.misconceptions = len(exercise.misconceptions)
    if audit.misconceptions < 6:
        audit.problems.append(f"{audit.misconceptions} misconceptions, at least 6 are wanted")
    for misconception in exercise.misconceptions:
        verdicts = [trial.verdict(exercise, misconception.source, judge) for judge in trial.judges]
        if any(v.status == "passed" for v in verdicts):
            audit.problems.append(f"the misconception {misconception.name!r} passes")
            continue
        audit.refused += 1
        got = {v.report.mistake for v in verdicts}
        if got == {misconception.name}:
            audit.hinted += 1
        else:
            shown = ", ".join(sorted(repr(g) if g else "no hint" for g in got))
            audit.problems.append(f"the misconception {misconception.name!r} earns the hint of {shown}")


def _audit_mutants(trial: _Trial, exercise: Exercise, audit: ExerciseAudit) -> None:
    excused = {e.mutant: e.because for e in exercise.equivalent}
    survivors = set()
    for mutant in mutants(trial.sources[exercise.name], exercise.name):
        audit.mutants += 1
        if trial.refused(exercise, mutant.source, MUTANT_SECONDS):
            audit.killed += 1
        elif mutant.statement in excused:
            audit.equivalent += 1
            survivors.add(mutant.statement)
        else:
            audit.problems.append(f"a mutant survives: {mutant.statement}")
    for statement in excused.keys() - survivors:
        audit.problems.append(f"listed as equivalent, but refused or gone: {statement}")


def _audit_wrappers(trial: _Trial, exercise: Exercise, audit: ExerciseAudit) -> None:
    """No public function of coursekit, called with the exercise's arguments, is a right answer."""
    functions, parts = list(_public_functions()), ("", "[0]", "[1]")
    lines = [f"import {module}" for module in sorted({module for module, _ in functions})]
    for i, (module, function) in enumerate(functions):
        for k, part in enumerate(parts):
            lines.append(f"_wrapper_{i}_{k} = lambda *args, **kwargs: {module}.{function}(*args, **kwargs){part}")
    source = "\n".join(lines)
    session = trial.session(source)
    for i, (module, function) in enumerate(functions):
        for k, part in enumerate(parts):
            if not session.alive:
                session = trial.session(source)
            audit.wrappers += 1
            probe = _Renamed(session, exercise.name, f"_wrapper_{i}_{k}")
            if not trial.judges[0].refuses(exercise, probe, seconds=WRAPPER_SECONDS):
                audit.problems.append(f"{module}.{function}(*args, **kwargs){part} is a right answer")
            if probe.raised:
                break  # what raises has no parts
    # Some of them drew figures, which every later cell would show.
    trial.close()


class _Renamed:
    """Asks for the function ``new`` in the place of ``old``; ``raised`` says whether that raised the last time."""

    def __init__(self, session: Session, old: str, new: str) -> None:
        self.session, self.old, self.new = session, old, new
        self.raised = False

    def __call__(self, calls: tuple[Call, ...], seconds: float) -> Observation:
        renamed = tuple(replace(c, function=self.new) if c.function == self.old else c for c in calls)
        seen = self.session.run_calls(renamed, seconds)
        self.raised = any(o.raised for o in seen.outcomes)
        return seen


def _public_functions() -> Iterator[tuple[str, str]]:
    package = importlib.import_module("coursekit")
    names = [package.__name__]
    names += [m.name for m in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    for name in names:
        module = importlib.import_module(name)
        for attribute, value in sorted(vars(module).items()):
            if not attribute.startswith("_") and inspect.isfunction(value) and value.__module__ == name:
                yield name, attribute
