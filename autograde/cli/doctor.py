"""``autograde doctor``: what this machine and this checkout can do, and what to mend."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from typing import Annotated

import typer

from .output import NOT_RIGHT, say_json, table

#: The five packages of the course, with the first version that is known not to do.
WANTED = {"numpy": (2, 3), "jupyterlab": (4, 5), "nbgrader": (0, 1), "matplotlib": (3, 4), "ipywidgets": (8, 9)}


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(doctor)


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False) -> None:
    """Show what this machine can do. Versions, the course's files, and how well student code is locked in."""
    rows = [*_versions(), *_files(), *_sandbox()]
    if as_json:
        say_json([{"what": w, "ok": ok, "found": found, "cure": cure} for w, ok, found, cure in rows])
    else:
        table(
            "autograde doctor", ["", "what", "found", "cure"], [("ok" if ok else "!!", w, f, c) for w, ok, f, c in rows]
        )
    if not all(ok for _, ok, _, _ in rows):
        raise typer.Exit(NOT_RIGHT)


Row = tuple[str, bool, str, str]


def _versions() -> list[Row]:
    python = sys.version_info[:2]
    good = (3, 11) <= python < (3, 14)
    rows: list[Row] = [("Python", good, platform.python_version(), "" if good else "use Python 3.11, 3.12 or 3.13")]
    for name, (low, high) in WANTED.items():
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            rows.append((name, False, "not installed", f"pip install '{name}>={low},<{high}'"))
            continue
        fits = low <= int(found.split(".")[0]) < high
        rows.append((name, fits, found, "" if fits else f"pip install '{name}>={low},<{high}'"))
    return rows


def _files() -> list[Row]:
    from autograde.judge.course import CourseError, find_course

    try:
        course = find_course()
    except CourseError as error:
        return [("course", False, "not found", str(error))]
    rows: list[Row] = [("course", True, f"{len(course.lesson_names())} lessons", "")]
    unbuilt = [n for n in course.lesson_names() if not (course.notebooks / n / f"{n}.ipynb").is_file()]
    rows.append(
        (
            "notebooks",
            not unbuilt,
            "built" if not unbuilt else f"missing: {', '.join(unbuilt)}",
            "" if not unbuilt else "autograde build",
        )
    )
    return rows


def _sandbox() -> list[Row]:
    from autograde.grading.safety import NEEDED, PROMISES, find_safety
    from autograde.sandbox.lockdown import Level
    from autograde.sandbox.worker import SandboxError, Worker

    try:
        with Worker() as worker:
            safety = find_safety(worker)
    except SandboxError as error:
        return [("sandbox", False, str(error), "grade on Linux, macOS or WSL")]
    rows: list[Row] = []
    for promise in PROMISES:
        kept = promise.kept(safety.level)
        lacking = "; ".join(safety.walls(promise.needs))
        cure = "" if kept else "grade on Linux, where user namespaces are allowed (or as root)"
        rows.append(
            (f"{promise.number}. {promise.text}", kept, "kept" if kept else f"not kept, for want of: {lacking}", cure)
        )
    second = safety.walls(~NEEDED & ~Level(0))
    words = safety.level.words().replace("+", ", ") if safety.level else "none"
    rows.append(("sandbox", safety.safe, words, ""))
    if second:
        rows.append(("second walls", True, f"missing: {'; '.join(second)}", "a newer Linux has them all"))
    return rows
