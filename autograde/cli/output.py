"""How commands speak: tables and lines for people, JSON for machines, and one line for an error with its cure."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import typer

#: Exit codes: all well, something is not right with the work, wrong use.
OK, NOT_RIGHT, WRONG_USE = 0, 1, 2


def say(text: str = "") -> None:
    """Print a line for people."""
    typer.echo(text)


def say_json(data: Any) -> None:
    """Print data for machines: one JSON document."""
    typer.echo(json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False))


def warn(message: str) -> None:
    """Print on standard error what the user should know, and go on."""
    typer.echo(f"autograde: warning: {message}", err=True)


def fail(message: str, code: int = NOT_RIGHT) -> NoReturn:
    """Print what happened and what to do, and leave."""
    typer.echo(f"autograde: {message}", err=True)
    raise typer.Exit(code)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], numeric: Iterable[int] = ()) -> None:
    """Print a table; the columns whose numbers are in ``numeric`` are aligned to the right."""
    from rich.console import Console
    from rich.table import Table

    right = set(numeric)
    made = Table(title=title, title_justify="left", header_style="bold")
    for i, name in enumerate(columns):
        made.add_column(name, justify="right" if i in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*[_escape(cell) for cell in row])
    width = None if sys.stdout.isatty() else 140
    Console(width=width).print(made)


def _escape(text: str) -> str:
    from rich.markup import escape

    return escape("".join(c if c.isprintable() else "?" for c in text))


class Steps:
    """Counts the steps of a long task, with a bar on a terminal."""

    def __init__(self, bar: Any, task: Any) -> None:
        self._bar = bar
        self._task = task

    def start(self, text: str, total: int | None = None) -> None:
        """Begin a part of the task."""
        self._bar.update(self._task, description=text, total=total, completed=0)

    def step(self, text: str | None = None) -> None:
        """One step is done."""
        more = {} if text is None else {"description": text}
        self._bar.update(self._task, advance=1, **more)


@contextmanager
def steps(text: str, total: int | None = None) -> Iterator[Steps]:
    """Show a progress bar on standard error while the block runs; nothing where that is no terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield Steps(bar, bar.add_task(text, total=total))
