"""Puts answers before the real sandbox and judge, with several secret seeds."""

from __future__ import annotations

import ast
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from autograde.authoring.audit import FORGET, REMEMBER
from autograde.check.cases import Property
from autograde.judge.lesson import Lesson, load_lesson
from autograde.judge.preparing import prepare
from autograde.judge.verdict import Judge
from autograde.sandbox.worker import Session, Worker

REPOSITORY = Path(__file__).resolve().parents[2]
#: Right answers pass with the first; if examined thoroughly, with the second, too, and where results are random with all.
SEEDS = (1, 90_210, 2**61 - 1)
SECONDS = 30.0


def answers(text: str) -> dict[str, str]:
    """Cut a text into answers: a line ``#: label`` opens each of them."""
    parts: dict[str, str] = {}
    for part in text.split("#: ")[1:]:
        label, source = part.split("\n", 1)
        if label in parts:
            raise ValueError(f"two answers are called {label!r}")
        parts[label] = source
    return parts


@lru_cache
def _judges(name: str, seeds: tuple[int, ...]) -> tuple[Lesson, str, dict[int, Judge]]:
    """The lesson, its references as a source, and a judge for each seed; hints are not examined here."""
    found = load_lesson(REPOSITORY / "lessons" / name)
    lesson = replace(found, exercises=tuple(replace(e, misconceptions=[]) for e in found.exercises))
    kept = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    tree = ast.parse((found.folder / "lesson.py").read_text(encoding="utf-8"))
    base = "\n".join(ast.unparse(node) for node in tree.body if isinstance(node, kept))
    return lesson, base, {seed: Judge(lesson, seed, reduced=True) for seed in seeds}


class Examiner:
    """Judges answers to one lesson's exercises; the other exercises are answered by the references."""

    def __init__(self, lesson: str, worker: Worker, *, thorough: bool) -> None:
        self.lesson, self.base, self.judges = _judges(lesson, SEEDS if thorough else SEEDS[:1])
        self.worker = worker

    def all_pass(self, name: str, sources: dict[str, str]) -> None:
        """Assert that every answer earns full points with every seed; tell of all that do not."""
        exercise = self.lesson.exercise(name)
        cases = (p.case for p in prepare(self.lesson, exercise, SEEDS[0], reduced=True))
        random = any(isinstance(e, Property) for case in cases for e in case.expect)
        seeds = list(self.judges) if random else list(self.judges)[:2]

        def examine(label: str, session: Session) -> str | None:
            for seed in seeds:
                verdict = self.judges[seed].judge(exercise, session.run_calls)
                if verdict.status != "passed":
                    first = verdict.report.failing[0]
                    return f"{label} (seed {seed}): {first.label}: {first.message}"
            return None

        refused = self._each(examine, sources)
        assert len(sources) >= 12
        assert not refused, f"{len(refused)} of {len(sources)} right answers are refused:\n" + "\n".join(refused)

    def all_refused(self, name: str, sources: dict[str, str]) -> None:
        """Assert that every answer loses points; tell of all that do not."""
        exercise = self.lesson.exercise(name)

        def examine(label: str, session: Session) -> str | None:
            return None if self.judges[SEEDS[0]].refuses(exercise, session.run_calls, seconds=SECONDS) else label

        passed = self._each(examine, sources)
        assert len(sources) >= 12
        assert not passed, f"{len(passed)} of {len(sources)} wrong answers pass:\n" + "\n".join(passed)

    def _each(self, examine: Callable[[str, Session], str | None], sources: dict[str, str]) -> list[str]:
        """What ``examine`` has to say of the answers. Half of the work is in the sandbox, so there are two of them."""
        labels = list(sources)

        def share(start: int) -> list[str | None]:
            with self.worker.session() as session:
                session.run_cell(REMEMBER)
                words = []
                for label in labels[start::2]:
                    session.run_cell(FORGET)
                    session.run_cell(self.base)
                    ran = session.run_cell(sources[label], SECONDS)
                    assert ran.ok, f"the answer {label!r} cannot be run: {ran.raised or ran.stopped}"
                    words.append(examine(label, session))
                return words

        with ThreadPoolExecutor(2) as pool:
            return [words for part in pool.map(share, (0, 1)) for words in part if words]

    def covers(self, right: dict[str, dict[str, str]], wrong: dict[str, dict[str, str]]) -> None:
        """Assert that every exercise of the lesson has its answers here."""
        names = {e.name for e in self.lesson.exercises}
        assert names == set(right) == set(wrong)
