"""Commands for those who work through the course: lab, check, reset."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from .output import NOT_RIGHT, fail, say, say_json


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(lab)
    app.command()(check)
    app.command()(reset)


def lab(
    arguments: Annotated[list[str] | None, typer.Argument(help="More arguments for JupyterLab.")] = None,
) -> None:
    """Open JupyterLab on the course's notebooks."""
    from autograde.judge.course import find_course

    notebooks = find_course().notebooks
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={notebooks}"]
    command += ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    # The course works offline: nobody is asked whether to fetch news.
    paths = [str(Path(__file__).parent / "jupyter"), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # in a container there is often nobody else
    os.execv(sys.executable, command + (arguments or []))


def check(
    file: Annotated[Path, typer.Argument(help="A lesson's notebook, as you work on it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Check a notebook file, as check(f) does in JupyterLab."""
    from autograde.check.notebook_file import check_file
    from autograde.check.render import to_text

    result = check_file(file)
    if as_json:
        exercises = [
            {"exercise": r.exercise, "ok": r.ok, "mistake": r.mistake, "text": to_text(r)} for r in result.reports
        ]
        say_json({"lesson": result.lesson, "exercises": exercises, "problems": list(result.problems)})
    else:
        for problem in result.problems:
            say(problem)
        for report in result.reports:
            say(to_text(report))
        right = sum(r.ok for r in result.reports)
        say(f"{result.lesson}: {right} of {len(result.reports)} exercises are right.")
    if not all(r.ok for r in result.reports):
        raise typer.Exit(NOT_RIGHT)


def reset(
    file: Annotated[Path, typer.Argument(help="The notebook to start afresh.")],
) -> None:
    """Give a lesson's notebook back as it was handed out. The old file is kept beside it."""
    from autograde.authoring.reset import reset_notebook
    from autograde.judge.course import find_course

    if not file.is_file():
        fail(f"{file} does not exist.", 2)
    kept = reset_notebook(find_course(file), file)
    say(f"{file} is as it was handed out. Your version is kept as {kept.name}.")
