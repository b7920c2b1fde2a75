"""``autograde collect``: puts what Canvas or Moodle gave for download into ``submitted/``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .instructor import AsJson, Folder
from .output import NOT_RIGHT, say, say_json, table

if TYPE_CHECKING:
    from autograde.grading.collect import Collection

#: What became of a notebook, in words for the table.
_WORDS = {"older": "kept: what is there is newer"}


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(collect)


def collect(
    source: Annotated[Path, typer.Argument(help="The zip that Canvas or Moodle made, or a folder of its files.")],
    lesson: Annotated[str, typer.Argument(help="A lesson, as 01-initialization or 1.")],
    roster: Annotated[
        Path | None, typer.Option("--roster", help="Who takes the course: CSV of Canvas, Moodle or nbgrader.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would happen; write nothing.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace other notebooks that are there (they are kept aside).")
    ] = False,
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Collect a download from Canvas or Moodle into submitted/. Exit 1 if anything was left out."""
    from autograde.grading.collect import collect as collect_from
    from autograde.grading.course import open_course
    from autograde.grading.roster import read_roster
    from autograde.judge.course import find_course

    checkout = find_course()
    name = checkout.find_lesson(lesson)
    course = open_course(checkout.root, folder)
    people = read_roster(roster) if roster else None
    found = collect_from(course, name, source, people, force=force, dry_run=dry_run)
    if as_json:
        say_json({"lesson": name, "dry_run": dry_run, **asdict(found)})
    else:
        _show(name, found, dry_run)
    if found.left_out:
        raise typer.Exit(NOT_RIGHT)


def _show(lesson: str, found: Collection, dry_run: bool) -> None:
    if found.collected:
        rows = [
            (c.student, c.file, _WORDS.get(c.what, c.what) + (", late" if c.late else ""), c.note)
            for c in found.collected
        ]
        table(f"{lesson}: {'would be collected' if dry_run else 'collected'}", ["student", "file", "", "note"], rows)
    for title, files in (("Further files of the same students", found.set_aside), ("Left out", found.left_out)):
        if files:
            table(title, ["student", "file", "why"], [(f.student or "?", f.file, f.reason) for f in files])
    if found.missing:
        say(f"In the roster, but not in the download: {', '.join(found.missing)}")
    counts = [
        (n, w) for w in ("new", "replaced", "unchanged", "older") if (n := sum(c.what == w for c in found.collected))
    ]
    late = sum(c.late for c in found.collected)
    parts = [f"{n} {_WORDS.get(w, w)}" for n, w in counts]
    parts += [f"{len(found.left_out)} left out"] if found.left_out else []
    parts += [f"{len(found.missing)} missing"] if found.missing else []
    say(f"{', '.join(parts)}.")
    if late:
        say(f"{late} late, by Canvas's mark. It gives no time, so nbgrader's late penalty does not see it.")
    if dry_run:
        say("Nothing was written (--dry-run).")
