"""What a person waits for: ``autograde --help``, ``import autograde.check``, ``check(f)``.

    python -m benchmarks.startup [--rounds 15] [--json] [--record] [LESSON ...]

The first two are timed in fresh interpreters, the third in this one, on a right and a wrong answer of every exercise.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import io
import json
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograde.check import begin
from autograde.check.api import CheckFailedError
from autograde.judge.course import Course
from autograde.judge.lesson import load_lesson

from .common import ROOT, BenchmarkError, environment, find_setting, finish, holds, markdown_table, middle

SECTION = "What a person waits for"
#: The goals, in seconds.
HELP_SECONDS, IMPORT_SECONDS, CHECK_SECONDS = 0.3, 0.06, 0.05
_IMPORT = "import numpy, time; start = time.perf_counter(); import autograde.check; print(time.perf_counter() - start)"


@dataclass(frozen=True)
class Check:
    """One ``check(f)``: seconds in all, and of them in the student's own function."""

    lesson: str
    exercise: str
    right: bool
    #: Whether it is the first in its notebook, which reads ``checks.json``.
    first: bool
    seconds: float
    own: float

    @property
    def beyond(self) -> float:
        """Seconds beyond the student's code."""
        return self.seconds - self.own


def time_help(rounds: int) -> list[float]:
    """Seconds of wall time of ``autograde --help``, each in a fresh interpreter."""
    return [_timed(lambda: _fresh("-m", "autograde", "--help")) for _ in range(rounds)]


def time_bare_python(rounds: int) -> list[float]:
    """Seconds that the interpreter itself takes."""
    return [_timed(lambda: _fresh("-c", "pass")) for _ in range(rounds)]


def time_import(rounds: int) -> list[float]:
    """Seconds of ``import autograde.check`` after ``import numpy``, each in a fresh interpreter."""
    return [float(_fresh("-c", _IMPORT)) for _ in range(rounds)]


def time_checks(root: Path, lesson: str, rounds: int) -> list[Check]:
    """``check(f)`` on a right and a wrong answer of every exercise of a lesson, each the median of the rounds.

    The first of all is timed as it is in a notebook, where ``checks.json`` has to be read for it.
    """
    judged = load_lesson(root / "lessons" / lesson)
    found: list[Check] = []
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what wrong answers overflow
        shutil.copy(root / "notebooks" / lesson / "checks.json", folder)
        for exercise in judged.exercises:
            wrong = dict(judged.reference)
            exec(exercise.misconceptions[0].source, wrong)
            for namespace in (judged.reference, wrong):
                right = namespace is judged.reference
                if not found:
                    firsts = [_check(namespace, exercise.name, afresh=lesson) for _ in range(rounds)]
                    found.append(_middle(lesson, exercise.name, right, True, firsts))
                begin(lesson)
                _check(namespace, exercise.name)
                later = [_check(namespace, exercise.name) for _ in range(rounds)]
                found.append(_middle(lesson, exercise.name, right, False, later))
    return found


def _middle(lesson: str, exercise: str, right: bool, first: bool, times: list[tuple[float, float]]) -> Check:
    """The round in the middle, by what it took beyond the student's code."""
    seconds, own = sorted(times, key=lambda t: t[0] - t[1])[len(times) // 2]
    return Check(lesson, exercise, right, first, seconds, own)


def _check(namespace: dict[str, Any], name: str, afresh: str = "") -> tuple[float, float]:
    """Seconds of one ``check(f)`` in all and in the function itself; ``afresh`` is a lesson to begin before it."""
    own = 0.0
    function: Callable[..., Any] = namespace[name]

    @functools.wraps(function)
    def timed(*args: Any, **kwargs: Any) -> Any:
        nonlocal own
        start = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            own += time.perf_counter() - start

    # ``check`` reads the names around it from the frame that calls it, as in a notebook.
    scope = {**namespace, name: timed}
    exec("from autograde.check import begin, check, progress", scope)
    if afresh:
        begin(afresh)
    with contextlib.redirect_stdout(io.StringIO()):
        start = time.perf_counter()
        with contextlib.suppress(CheckFailedError):
            exec(f"check({name})", scope)
        return time.perf_counter() - start, own


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _fresh(*arguments: str) -> str:
    command, variables = [sys.executable, *arguments], environment()
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError(f"python {' '.join(arguments)} failed: {done.stderr.strip()[-300:]}")
    return done.stdout


def report(bare: list[float], helps: list[float], imports: list[float], checks: list[Check]) -> str:
    """The goals and what was found, side by side, in milliseconds."""
    firsts = [c for c in checks if c.first]
    later = [c for c in checks if not c.first]
    rows = []
    for words, goal, values in (
        ("a bare interpreter", None, bare),
        ("`autograde --help`", HELP_SECONDS, helps),
        ("`import autograde.check` after `import numpy`", IMPORT_SECONDS, imports),
        ("`check(f)`, the first in a notebook, beyond f", CHECK_SECONDS, [c.beyond for c in firsts]),
        ("`check(f)`, a right answer, beyond f", CHECK_SECONDS, [c.beyond for c in later if c.right]),
        ("`check(f)`, a wrong answer, beyond f", CHECK_SECONDS, [c.beyond for c in later if not c.right]),
    ):
        numbers = [f"{1000 * middle(values):.1f}", f"{1000 * max(values):.1f}"]
        told = ["", ""] if goal is None else [f"{1000 * goal:g}", holds(middle(values), goal)]
        rows.append([words, told[0], *numbers, told[1], "" if goal is None else holds(max(values), goal)])
    worst = sorted(checks, key=lambda c: -c.beyond)[:5]
    slow = [
        [c.lesson, c.exercise, "right" if c.right else "wrong", "yes" if c.first else "", f"{1000 * c.beyond:.1f}"]
        for c in worst
    ]
    lessons = len({c.lesson for c in checks})
    return "\n\n".join(
        [
            f"Milliseconds; `check(f)` over {len(later) // 2} exercises of {lessons} lessons.",
            markdown_table(["", "goal", "median", "worst", "median meets it", "worst meets it"], rows),
            "The slowest `check(f)`:",
            markdown_table(["lesson", "exercise", "answer", "first in its notebook", "ms beyond f"], slow, left=4),
        ]
    )


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.startup",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lessons", nargs="*", help="as 01 or 01-initialization; all by default")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true", help="print every number as JSON")
    parser.add_argument("--record", action="store_true", help="add the table to README.md")
    options = parser.parse_args(arguments)
    if options.rounds < 1:
        parser.error("--rounds is at least 1")
    setting = find_setting(to_be_kept=options.record)
    # Once without the clock: what is not compiled or not in memory yet.
    _fresh("-m", "autograde", "--help")
    _fresh("-c", "import autograde.check")
    bare, helps = time_bare_python(options.rounds), time_help(options.rounds)
    imports = time_import(options.rounds)
    lessons = Course(ROOT).choose_lessons(options.lessons)
    checks = [c for lesson in lessons for c in time_checks(ROOT, lesson, min(options.rounds, 5))]
    if options.json:
        every = [asdict(c) | {"beyond": c.beyond} for c in checks]
        found = {"python": bare, "help": helps, "import": imports, "check": every}
        json.dump({"setting": asdict(setting), **found}, sys.stdout, indent=1)
        return
    finish(SECTION, setting, report(bare, helps, imports, checks), record=options.record)


if __name__ == "__main__":
    try:
        main()
    except BenchmarkError as error:
        sys.exit(f"benchmarks: {error}")
