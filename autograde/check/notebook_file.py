"""Checks all exercises of a notebook file: what ``check(f)`` does in JupyterLab, for the file as a whole."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .api import check_exercise
from .cases import describe_error
from .checks_file import ChecksFileError, find_and_load_checks, load_checks
from .render import Report, to_text


@dataclass(frozen=True)
class FileResult:
    """What was found in a notebook file: a report for each exercise, and the cells that failed."""

    lesson: str
    reports: tuple[Report, ...]
    problems: tuple[str, ...]


def check_file(path: Path) -> FileResult:
    """Run the notebook's set-up, answers and own cells, then check every exercise of its lesson.

    Raises ``ChecksFileError`` when the file is not a notebook of the course or its ``checks.json`` is not found.
    """
    cells = _read_cells(path)
    lesson = _lesson_of(path, cells)
    checks = find_and_load_checks(lesson, path.resolve().parent)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    problems = []
    os.environ.setdefault("MPLBACKEND", "agg")
    with _in_folder(path.resolve().parent):
        for number, source in cells:
            problem = _run(source, namespace)
            if problem:
                problems.append(f"Cell {number}: {problem}")
    reports = tuple(check_exercise(e, namespace, checks.exercises) for e in checks.exercises.values())
    return FileResult(lesson, reports, tuple(problems))


def _read_cells(path: Path) -> list[tuple[int, str]]:
    """The sources of the cells to run, with their numbers from 1: not the tests, not the locked experiments."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        cells = data["cells"]
        found = []
        for number, cell in enumerate(cells, start=1):
            about = cell.get("metadata", {}).get("nbgrader", {})
            ours = about.get("grade") or (about.get("locked") and about.get("grade_id") != "setup")
            if cell.get("cell_type") == "code" and not ours:
                source = cell.get("source", "")
                found.append((number, source if isinstance(source, str) else "".join(source)))
        return found
    except FileNotFoundError:
        raise ChecksFileError(f"{path} does not exist.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ChecksFileError(f"{path} is not a Jupyter notebook; open it in JupyterLab and save it again.") from None


def _lesson_of(path: Path, cells: list[tuple[int, str]]) -> str:
    for _, source in cells:
        match = re.search(r"""^\s*begin\(\s*["']([\w-]+)["']\s*\)""", source, re.M)
        if match:
            return match.group(1)
    if (path.resolve().parent / "checks.json").is_file():
        return load_checks(path.resolve().parent / "checks.json").lesson
    raise ChecksFileError(f"{path} does not say which lesson it is: its set-up cell with begin(...) is missing.")


def _run(source: str, namespace: dict[str, Any]) -> str:
    """Run one cell, its output discarded; returns what went wrong, in a sentence, or nothing."""
    quiet = io.StringIO()
    try:
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
            exec(compile(_transform(source), "<cell>", "exec"), namespace)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if type(error).__name__ == "CheckFailedError":
            return ""
        raised = describe_error(error)
        return f"{raised.type_name}: {raised.message}"
    return ""


def _transform(source: str) -> str:
    """Turn magics and shell lines into Python where IPython is there."""
    try:
        from IPython.core.inputtransformer2 import TransformerManager
    except ImportError:
        return source
    text: str = TransformerManager().transform_cell(source)
    return re.sub(r"^(\s*)get_ipython\(\)\..*$", r"\1pass", text, flags=re.M)


@contextlib.contextmanager
def _in_folder(folder: Path) -> Any:
    before = Path.cwd()
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        os.chdir(before)
        sys.path.remove(str(folder))


def main(arguments: list[str] | None = None, write: Callable[[str], Any] = print) -> int:
    """``python -m autograde.check FILE``: for students, without the rest of the autograder."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if len(arguments) != 1 or arguments[0].startswith("-"):
        write("Use: python -m autograde.check NOTEBOOK.ipynb")
        return 2
    try:
        result = check_file(Path(arguments[0]))
    except ChecksFileError as error:
        write(f"autograde: {error}")
        return 1
    for problem in result.problems:
        write(problem)
    for report in result.reports:
        write(to_text(report))
    right = sum(r.ok for r in result.reports)
    write(f"{result.lesson}: {right} of {len(result.reports)} exercises are right.")
    return 0 if right == len(result.reports) else 1
