"""The command that grades again after a lesson's tests changed: first what would change, then the change."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .instructor import AllowUnsafe, AsJson, Database, Folder, Jobs, write_class_report, write_marks
from .output import NOT_RIGHT, WRONG_USE, fail, say, say_json, steps, table, warn

if TYPE_CHECKING:
    from autograde.grading.course import GradingCourse
    from autograde.grading.regrade import Outcome, Regrading


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(regrade)


def regrade(
    lesson: Annotated[str, typer.Argument(help="A lesson, as 01-initialization or 1.")],
    student: Annotated[list[str] | None, typer.Option(help="Only this student (again for more).")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change; write nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Change the marks without asking.")] = False,
    jobs: Jobs = None,
    feedback: Annotated[bool, typer.Option(help="Write the feedback pages again.")] = True,
    allow_unsafe: AllowUnsafe = False,
    folder: Folder = None,
    db: Database = None,
    as_json: AsJson = False,
) -> None:
    """Grade again after a lesson's tests or points changed. What marks would change is said before.

    The newest file of each student is judged, with the same hidden seed. Points given by hand are kept.
    """
    from autograde.grading.course import open_course
    from autograde.grading.pools import LocalPool
    from autograde.judge.course import find_course

    if not (dry_run or yes) and (as_json or not sys.stdin.isatty()):
        fail("nobody can be asked here whether to change marks; add --yes, or --dry-run to only see them.", WRONG_USE)
    checkout = find_course()
    name = checkout.find_lesson(lesson)
    course = open_course(checkout.root, folder, db)
    with (
        LocalPool(jobs) as pool,
        _judged_again(course, name, pool, student or (), allow_unsafe) as (regrading, outcomes),
    ):
        about = _in_json(name, regrading, outcomes, dry_run)
        if not as_json:
            _print_report(regrading, outcomes)
        if not dry_run and (yes or not _anything(outcomes) or typer.confirm("Change the marks?", err=True)):
            about |= _change(course, regrading, outcomes, feedback)
    if as_json:
        say_json(about)
    else:
        _print_end(about)
    if about["not judged"] or about["overtaken"]:
        raise typer.Exit(NOT_RIGHT)


@contextmanager
def _judged_again(
    course: GradingCourse, lesson: str, pool: Any, students: Sequence[str], allow_unsafe: bool
) -> Iterator[tuple[Regrading, list[Outcome]]]:
    from autograde.grading.regrade import Regrading

    with steps(f"{lesson}: getting ready") as bar:
        regrading = Regrading(course, lesson, pool, students=students, allow_unsafe=allow_unsafe)
        if not regrading.batch.safety.safe:
            warn(regrading.batch.safety.explanation())
        bar.start(f"{lesson}: judging again", len(regrading.todo))
        outcomes = []
        for outcome in regrading.judge():
            outcomes.append(outcome)
            bar.step()
    with regrading:
        yield regrading, sorted(outcomes, key=lambda o: o.student)


def _anything(outcomes: list[Outcome]) -> bool:
    return any(o.written for o in outcomes)


def _change(course: GradingCourse, regrading: Regrading, outcomes: list[Outcome], feedback: bool) -> dict[str, Any]:
    from autograde.grading.feedback import FeedbackWriter
    from autograde.grading.regrade import write_changes

    lesson, reports = regrading.lesson, course.folder / "reports"
    changed = [o for o in outcomes if o.written and (o.differs or o.changes)]
    # Before any mark changes: whatever stops the writing, each change that was made is in a file.
    kept = write_changes(changed, reports, lesson) if changed else None
    written = []
    with steps(f"{lesson}: changing marks", sum(o.written for o in outcomes)) as bar:
        for result in regrading.write():
            written.append(result.submission.student)
            bar.step()
        pages = regrading.stale_pages() if feedback else []
        bar.start(f"{lesson}: writing feedback", len(pages))
        with FeedbackWriter(course, lesson) as writer:
            for who in pages:
                writer.write(who)
                bar.step()
    if regrading.todo:
        write_class_report(course, lesson)
        write_marks(course, [lesson], reports / f"{lesson}.csv")
    return {
        "written": sorted(written),
        "overtaken": sorted(regrading.overtaken),
        "feedback": pages,
        "report": str(kept) if kept else None,
        "done": True,
    }


def _in_json(lesson: str, regrading: Regrading, outcomes: list[Outcome], dry_run: bool) -> dict[str, Any]:
    judged = [o for o in outcomes if not o.problem]
    return {
        "lesson": lesson,
        "dry run": dry_run,
        "students": [asdict(o) for o in judged if o.differs or o.changes or o.newer],
        "unchanged": [o.student for o in judged if not o.differs],
        "not judged": {o.student: o.problem for o in outcomes if o.problem},
        "never graded": regrading.never_graded,
        "without a submission": regrading.without_file,
        "written": [],
        "overtaken": [],
        "feedback": [],
        "report": None,
        "done": False,
    }


def _print_report(regrading: Regrading, outcomes: list[Outcome]) -> None:
    from autograde.grading.regrade import points_in_words

    rows = []
    for o in outcomes:
        for c in o.changes:
            by_hand = "" if c.by_hand is None else f"{c.by_hand:g}, kept"
            before, after = points_in_words(c.before), points_in_words(c.after)
            rows.append(
                [o.student, c.exercise, f"{before} of {c.worth_before:g}", f"{after} of {c.worth_after:g}", by_hand]
            )
        if o.penalty_before or o.penalty_after:
            rows.append([o.student, "late penalty", f"{o.penalty_before:g}", f"{o.penalty_after:g}", ""])
        if o.differs or o.changes:
            remark = "newer file" if o.newer else ""
            rows.append([o.student, "total", f"{o.before:g}", f"{o.after:g}", remark])
    if rows:
        table(f"{regrading.lesson}: what changes", ["student", "exercise", "before", "after", "by hand"], rows, (2, 3))
    for line in _summary(regrading, outcomes):
        say(line)


def _summary(regrading: Regrading, outcomes: list[Outcome]) -> list[str]:
    judged = [o for o in outcomes if not o.problem]
    totals = [round(o.after - o.before, 9) for o in judged]
    up, down = sum(t > 0 for t in totals), sum(t < 0 for t in totals)
    lines = [f"{len(judged)} judged again: {up} totals rise, {down} fall, {len(judged) - up - down} stay."]
    newer = [o.student for o in judged if o.newer]
    if newer:
        lines.append(f"{len(newer)} handed in another file since; the newest was judged: {_names(newer)}")
    looked_at = [o.student for o in judged if any(c.by_hand is not None for c in o.changes)]
    if looked_at:
        lines.append(
            f"{len(looked_at)} have points given by hand; these are kept, and marked to be looked at: "
            f"{_names(looked_at)}"
        )
    too_many = [
        f"{o.student} ({c.exercise})" for o in judged for c in o.changes if c.by_hand and c.by_hand > c.worth_after
    ]
    if too_many:
        lines.append(f"more points by hand than the exercise is worth now: {_names(too_many)}")
    for o in outcomes:
        if o.problem:
            lines.append(f"{o.student} could not be judged, the mark stays: {o.problem}")
    if regrading.never_graded:
        lines.append(
            f"{len(regrading.never_graded)} were never graded (autograde grade {regrading.lesson} does that): "
            f"{_names(regrading.never_graded)}"
        )
    if regrading.without_file:
        lines.append(
            f"{len(regrading.without_file)} have marks but no submission any more; their marks stay: "
            f"{_names(regrading.without_file)}"
        )
    return lines


def _names(names: list[str], most: int = 10) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _print_end(about: dict[str, Any]) -> None:
    if not about["done"]:
        say("Nothing was written.")
        return
    say(f"{len(about['written'])} written, {len(about['feedback'])} feedback pages.")
    if about["overtaken"]:
        say(
            f"{len(about['overtaken'])} changed while this ran and were left alone; run it again: "
            f"{_names(about['overtaken'])}"
        )
    if about["report"]:
        say(f"what changed: {Path(about['report'])}")
