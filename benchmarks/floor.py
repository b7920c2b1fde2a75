"""The floor: what grading costs when nothing is done but the student's own work.

A warm process that has everything imported forks a child for each submission; the child runs the cells that the grader
runs in an IPython shell, figures drawn as PNG, calls the functions as the judge does, and ends. There are no walls, no
messages, no comparing, no gradebook. The clock runs in the child, from the first cell to the last call.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograde.authoring.sample_class import SEED
from autograde.check.cases import Call
from autograde.grading.course import GradingCourse
from autograde.grading.grader import read_release
from autograde.grading.rebuild import cells_to_run, grade_id, read_submission, rebuild, strip_leftover_raise
from autograde.judge.lesson import Lesson, load_lesson
from autograde.judge.preparing import VISIBLE_SEED, prepare_some
from autograde.sandbox.limits import Limits
from autograde.sandbox.probe import run_calls
from autograde.sandbox.shell import Shell, make_shell
from autograde.sandbox.threads import ONE_THREAD

from .common import ROOT, BenchmarkError

#: How long a child may take.
MOST_SECONDS = 300.0
_FIRST_CELL = "import matplotlib.pyplot as plt\nplt.plot([1, 2], [1, 4])\nplt.title('$x^2$')\nplt.show()"
#: One thread each, as in the sandbox.
_ENVIRONMENT = {
    **ONE_THREAD,
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}


def measure_floor(course: GradingCourse, lesson: str) -> dict[str, float]:
    """Seconds of each submission of a lesson. ``BenchmarkError`` when one hangs or ends its process."""
    command = [sys.executable, "-m", "benchmarks.floor", str(course.root), str(course.submitted), lesson]
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    environment = {**os.environ, **_ENVIRONMENT, "PYTHONPATH": paths}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError(f"The floor of {lesson} was not measured: {done.stderr.strip()[-300:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Print the seconds by student as JSON."""
    root, submitted, name = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    lesson = load_lesson(root / "lessons" / name)
    release, files = read_release(root / "notebooks" / name)
    calls = [_calls(lesson, i) for i in range(len(lesson.exercises))]
    work = {}
    for path in sorted(submitted.glob(f"*/{name}/{name}.ipynb")):
        notebook = rebuild(read_submission(path), release).notebook
        cells = []
        for i in cells_to_run(notebook, release):
            source, of = notebook.cells[i].source, grade_id(notebook.cells[i])
            cells.append(strip_leftover_raise(source, of)[0] if of in lesson.reference else source)
        work[path.parents[1].name] = cells
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for file, content in files.items():
            Path(file).write_bytes(content)
        shell = _get_warm()
        seconds = {student: _in_child(lambda c=cells: _run(shell, c, calls)) for student, cells in work.items()}  # type: ignore[misc]
    assert sys.__stdout__ is not None
    json.dump(seconds, sys.__stdout__)
    sys.__stdout__.flush()


def _calls(lesson: Lesson, number: int) -> list[tuple[Call, ...]]:
    """The calls of an exercise's cases, those that several cases share once, as the judge asks for them."""
    exercise = lesson.exercises[number]
    visible = prepare_some(lesson, exercise, exercise.visible_cases, VISIBLE_SEED, visible=True)
    hidden = prepare_some(lesson, exercise, exercise.hidden_cases, SEED, visible=False)
    return list({id(p.case.calls): p.case.calls for p in visible + hidden}.values())


def _get_warm() -> Shell:
    package = importlib.import_module("coursekit")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"coursekit.{module.name}")
    shell: Any = make_shell()
    shell.transcript.start(2**20, 100)
    for source in (_FIRST_CELL, "1 / 0"):
        shell.run_cell(source)
    shell.transcript.finish()
    shell.reset(new_session=True)
    gc.collect()
    gc.freeze()
    assert isinstance(shell, Shell)
    return shell


def _run(shell: Any, cells: list[str], exercises: list[list[tuple[Call, ...]]]) -> None:
    limits = Limits()
    for source in cells:
        shell.transcript.start(limits.cell_output_bytes, limits.cell_outputs)
        shell.run_cell(source, store_history=True)
        shell.transcript.finish()
    for exercise in exercises:
        for calls in exercise:
            if run_calls(calls, shell.user_ns).stopped == "missing":
                break  # the judge asks no further


def _in_child(work: Callable[[], None]) -> float:
    """The seconds that ``work`` takes in a child forked for it."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            start = time.perf_counter()
            work()
            os.write(theirs, repr(time.perf_counter() - start).encode())
        os._exit(0)
    os.close(theirs)
    try:
        ready, _, _ = select.select([ours], [], [], MOST_SECONDS)
        said = os.read(ours, 64) if ready else b""
    finally:
        os.close(ours)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    if not said:
        raise BenchmarkError("a submission hangs or ended its process")
    return float(said)


if __name__ == "__main__":
    try:
        main()
    except Exception as problem:
        # sys.stderr is the shell's by now.
        print(f"{type(problem).__name__}: {problem}", file=sys.__stderr__)
        sys.exit(1)
