"""Commands for those who write lessons: build, adopt, lint, audit, release."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from .output import NOT_RIGHT, Steps, say, say_json, steps, table

Lessons = Annotated[list[str] | None, typer.Argument(help="Lessons, as 01-initialization or 1; all by default.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (build, adopt, lint, audit, release):
        app.command()(command)


def build(
    lessons: Lessons = None,
    check: Annotated[bool, typer.Option("--check", help="Only say what is stale; exit 1 if anything is.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Also replace built files that somebody edited.")] = False,
    as_json: AsJson = False,
) -> None:
    """Build solutions/, notebooks/ and checks.json from lessons/."""
    from autograde.authoring import build as building
    from autograde.judge.course import find_course

    course = find_course()
    if check:
        stale = building.check_build(course, lessons)
        if as_json:
            say_json([asdict(s) for s in stale])
        else:
            for s in stale:
                say(str(s))
            say("Everything built is up to date." if not stale else f"{len(stale)} stale.")
        if stale:
            raise typer.Exit(NOT_RIGHT)
        return
    chosen = course.choose_lessons(lessons or None)
    built = []
    with steps("building", len(chosen)) as bar:
        for name in chosen:
            bar.start(f"building {name}", len(chosen))
            built += building.build(course, [name], force=force)
            bar.step()
    if as_json:
        say_json([asdict(b) for b in built])
    else:
        for b in built:
            say(str(b))


def adopt(
    lesson: Annotated[str, typer.Argument(help="The lesson whose solutions notebook was edited.")],
    force: Annotated[bool, typer.Option("--force", help="Even if lesson.py changed as well.")] = False,
) -> None:
    """Bring an edited solutions notebook back into its lesson.py."""
    from autograde.authoring.adopt import adopt as bring_home
    from autograde.judge.course import find_course

    course = find_course()
    name = course.find_lesson(lesson)
    if bring_home(course, name, force=force):
        say(f"lessons/{name}/lesson.py has changed. Next: autograde build {name}")
    else:
        say(f"lessons/{name}/lesson.py says the same already.")


def lint(lessons: Lessons = None, as_json: AsJson = False) -> None:
    """Hold lessons against the course's rules. Exit 1 if one breaks any."""
    from autograde.authoring.lint import lint as lint_lesson
    from autograde.judge.course import find_course

    course = find_course()
    problems = {name: lint_lesson(course, name) for name in course.choose_lessons(lessons or None)}
    if as_json:
        say_json({name: [asdict(p) for p in found] for name, found in problems.items()})
    else:
        for name, found in problems.items():
            for problem in found:
                say(f"lessons/{name}/{problem}")
        count = sum(map(len, problems.values()))
        say("No rule is broken." if not count else f"{count} to mend.")
    if any(problems.values()):
        raise typer.Exit(NOT_RIGHT)


def audit(lessons: Lessons = None, as_json: AsJson = False) -> None:
    """Prove that the tests have teeth. Tries references, misconceptions, alternatives, mutants; exit 1 if any slips."""
    from autograde.authoring.audit import audit_lesson
    from autograde.judge.course import find_course
    from autograde.sandbox.worker import Worker

    course = find_course()
    results = {}
    with Worker() as worker, steps("auditing") as bar:
        for name in course.choose_lessons(lessons or None):
            results[name] = audit_lesson(course.root, name, worker, partial(_tell, bar, name))
    if as_json:
        say_json({name: [asdict(a) for a in audits] for name, audits in results.items()})
    else:
        for name, audits in results.items():
            rows = [
                (
                    a.exercise,
                    f"{a.refused}/{a.misconceptions}",
                    f"{a.hinted}/{a.misconceptions}",
                    f"{a.passed}/{a.alternatives}",
                    f"{a.killed}/{a.mutants}",
                    str(a.equivalent),
                    str(a.wrappers),
                    "holds" if not a.problems else f"{len(a.problems)} to mend",
                )
                for a in audits
            ]
            columns = ["exercise", "refused", "own hint", "alternatives", "mutants", "equivalent", "wrappers", ""]
            table(name, columns, rows, range(1, 7))
            for a in audits:
                for problem in a.problems:
                    say(f"{a.exercise}: {problem}")
    if any(a.problems for audits in results.values() for a in audits):
        raise typer.Exit(NOT_RIGHT)


def _tell(bar: Steps, lesson: str, text: str) -> None:
    bar.start(f"{lesson}: {text}")


def release(
    out: Annotated[Path, typer.Argument(help="The folder to write; OUT.zip is written beside it.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the folder if it is there.")] = False,
) -> None:
    """Write what students get, as a folder and a zip file."""
    from autograde.authoring.release import release as write_release
    from autograde.judge.course import find_course

    write_release(find_course(), out, force=force)
    say(f"{out} and {out}.zip are ready to hand out.")
