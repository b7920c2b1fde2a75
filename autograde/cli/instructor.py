"""Commands for those who grade: grade, report, export, sample."""

from __future__ import annotations

from itertools import chain, islice
from pathlib import Path
from typing import Annotated, Any

import typer

from .output import NOT_RIGHT, Steps, fail, say, say_json, steps, table, warn

Folder = Annotated[
    Path | None, typer.Option("--folder", help="Where submitted/ and gradebook.db are (the course's folder).")
]
Database = Annotated[str | None, typer.Option("--db", help="Address of the gradebook, as nbgrader's db_url.")]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, help="How many submissions at a time.", show_default="one for each core"),
]
AllowUnsafe = Annotated[
    bool, typer.Option("--allow-unsafe", help="Grade even where student code cannot be locked in (see doctor).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
SAMPLE_FOLDER = "sample"


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(grade)
    app.command()(report)
    app.command()(export)


def grade(
    lessons: Annotated[list[str] | None, typer.Argument(help="Lessons, as 01-initialization or 1.")] = None,
    student: Annotated[str, typer.Option(help="Only this student.")] = "*",
    force: Annotated[bool, typer.Option("--force", help="Grade again what is graded already.")] = False,
    jobs: Jobs = None,
    feedback: Annotated[bool, typer.Option(help="Write the feedback pages.")] = True,
    sample: Annotated[bool, typer.Option("--sample", help="Grade a made-up class, in the folder sample/.")] = False,
    allow_unsafe: AllowUnsafe = False,
    dask: Annotated[
        str | None, typer.Option("--dask", metavar="ADDRESS", help="Grade on this Dask cluster, as tcp://host:8786.")
    ] = None,
    folder: Folder = None,
    db: Database = None,
    as_json: AsJson = False,
) -> None:
    """Grade submissions into nbgrader's gradebook. Feedback, a CSV file and a class report are written, too."""
    from autograde.judge.course import find_course

    checkout = find_course()
    if not lessons and not sample:
        fail("which lesson? For example: autograde grade 01-initialization", 2)
    chosen = checkout.choose_lessons(lessons or None)
    results: dict[str, Any] = {}
    with _pool(jobs, dask, checkout.root) as pool, steps("starting") as bar:
        from autograde.grading.course import open_course  # takes a while, in which the pool gets ready

        course = open_course(checkout.root, (checkout.root / SAMPLE_FOLDER) if sample else folder, db)
        for lesson in chosen:
            results[lesson] = _grade_lesson(course, lesson, pool, student, force, feedback, sample, allow_unsafe, bar)
    if as_json:
        say_json(results)
    else:
        _print_results(course, chosen, results, feedback)
    if any(r["not graded"] for r in results.values()):
        raise typer.Exit(NOT_RIGHT)


def _pool(jobs: int | None, dask: str | None, root: Path) -> Any:
    """The grading processes: on this machine, or on a cluster."""
    import logging

    import autograde
    from autograde.grading.pools import LocalPool

    if dask is None:
        # Installed from a wheel, the package has no data beside it.
        beside = Path(autograde.__file__).parents[1] / "data"
        return LocalPool(jobs, data=None if beside.is_dir() else root / "data")
    if jobs is not None:
        fail("--jobs is for this machine; a cluster's workers say how much they do (dask worker --nthreads)", 2)
    try:
        from autograde.grading.dask_pool import DaskPool
    except ImportError as error:
        fail(f"--dask needs a package that is not installed ({error.name}); run: pip install '.[cluster]'")
    # What goes wrong is said by us, in a line; Dask would add its own tracebacks.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    return DaskPool(dask, root)


def _print_results(course: Any, lessons: list[str], results: dict[str, Any], feedback: bool) -> None:
    for lesson in lessons:
        _print_gradebook(course, lesson)
        graded = results[lesson]["graded"]
        say(f"{len(graded)} graded now, {results[lesson]['skipped']} already up to date (--force grades them again).")
        if results[lesson]["not graded"]:
            say(
                f"{len(results[lesson]['not graded'])} could not be graded (see above); run it again to try them again."
            )
        if otherwise := len(results[lesson]["graded otherwise"]):
            say(
                f"{otherwise} were graded with other files of the lesson than are there now; what would change: "
                f"autograde regrade {lesson} --dry-run"
            )
    say()
    for what, where in _places(course, lessons, feedback):
        say(f"{what:<14} {where}")


def _grade_lesson(
    course: Any,
    lesson: str,
    pool: Any,
    student: str,
    force: bool,
    feedback: bool,
    sample: bool,
    allow_unsafe: bool,
    bar: Steps,
) -> dict[str, Any]:
    from autograde.grading.batch import LessonBatch
    from autograde.grading.submissions import find_submissions

    seed = None
    if sample:
        from autograde.authoring.sample_class import SEED, write_sample_class

        seed = SEED
        bar.start(f"{lesson}: writing the sample class")
        write_sample_class(course.root, lesson, course.submitted)
    bar.start(f"{lesson}: getting ready")
    everything = find_submissions(course, lesson, student)
    # The sample class is our own work: it is graded anywhere.
    batch = LessonBatch(course, lesson, pool, seed=seed, allow_unsafe=allow_unsafe or sample, ahead=True)
    if not batch.safety.safe:
        warn(batch.safety.explanation())
    todo = batch.todo(everything, force=force)
    bar.start(f"{lesson}: grading", len(todo))
    graded, problems = [], []
    results = batch.run(todo, share=not force)
    first = list(islice(results, 1))

    from autograde.grading.feedback import FeedbackWriter  # takes a while: not before the first result is there

    with FeedbackWriter(course, lesson) as pages:
        for result in chain(first, results):
            about = {"student": result.submission.student, "points": result.points, "max_points": result.max_points}
            if result.problem:
                warn(f"{lesson}, {result.submission.student}: not graded: {result.problem}")
                problems.append(about | {"problem": result.problem})
            else:
                graded.append(about | {"notes": list(result.notes)})
                if feedback:
                    pages.write(result.submission.student)
            bar.step()
        for name in pages.stale(student) if feedback else ():
            pages.write(name)
    write_class_report(course, lesson)
    write_marks(course, [lesson], course.folder / "reports" / f"{lesson}.csv")
    graded.sort(key=lambda g: str(g["student"]))
    return {
        "graded": graded,
        "not graded": problems,
        "skipped": len(everything) - len(graded) - len(problems),
        "graded otherwise": batch.graded_otherwise(),
    }


def _places(course: Any, lessons: list[str], feedback: bool) -> list[tuple[str, str]]:
    from autograde.grading.database import shown_url

    places = [("gradebook", shown_url(course.db_url))]
    if feedback:
        places.append(("feedback", str(course.feedback / "<student>" / "<lesson>" / "<lesson>.html")))
    for lesson in lessons:
        places.append(("class report", str(course.folder / "reports" / f"{lesson}.html")))
        places.append(("marks as CSV", str(course.folder / "reports" / f"{lesson}.csv")))
    return places


def _print_gradebook(course: Any, lesson: str) -> None:
    from autograde.grading.gradebook import marks

    rows = marks(course.db_url, lesson)
    names = list(rows[0].cells) if rows else []
    cells = [[m.student, *[f"{m.cells.get(n, 0):g}" for n in names], f"{m.score:g}", f"{m.max_score:g}"] for m in rows]
    numbered = [f"{i + 1}" for i in range(len(names))]
    table(lesson, ["student", *numbered, "points", "of"], cells, range(1, len(names) + 3))
    say("  ".join(f"{i + 1} {n}" for i, n in enumerate(names)))


def report(
    lesson: Annotated[str, typer.Argument(help="A lesson, as 01-initialization or 1.")],
    folder: Folder = None,
    db: Database = None,
    as_json: AsJson = False,
) -> None:
    """Write a lesson's class report. It says what was misunderstood, and how often."""
    from autograde.grading.course import open_course
    from autograde.judge.course import find_course

    checkout = find_course()
    course = open_course(checkout.root, folder, db)
    name = checkout.find_lesson(lesson)
    summary, path = write_class_report(course, name)
    if as_json:
        from dataclasses import asdict

        say_json(asdict(summary))
        return
    for exercise, mistake in summary.findings:
        say(f"{mistake.share:4.0%}  {exercise}: {mistake.name}")
    say(f"class report: {path}")


def write_class_report(course: Any, lesson: str) -> tuple[Any, Path]:
    from autograde.grading.report import summarise, write_report
    from autograde.grading.store import open_store
    from autograde.judge.lesson import load_lesson

    with open_store(course.db_url) as store:
        rows = store.verdicts(lesson)
    if not rows:
        fail(f"{lesson} has no marks yet; run: autograde grade {lesson}", NOT_RIGHT)
    summary = summarise(load_lesson(course.lesson_folder(lesson)), rows)
    path = course.folder / "reports" / f"{lesson}.html"
    write_report(summary, path)
    return summary, path


def export(
    out: Annotated[Path, typer.Argument(help="The CSV file to write.")] = Path("marks.csv"),
    lessons: Annotated[list[str] | None, typer.Option("--lesson", help="Only this lesson (again for more).")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    folder: Folder = None,
    db: Database = None,
    as_json: AsJson = False,
) -> None:
    """Write all marks as a CSV file. It has a row for each student and lesson, a column for each exercise."""
    from autograde.grading.course import open_course
    from autograde.judge.course import find_course

    checkout = find_course()
    course = open_course(checkout.root, folder, db)
    chosen = checkout.choose_lessons(lessons or None)
    if out.exists() and not force:
        fail(f"{out} is already there; choose another name, or say --force to replace it.", NOT_RIGHT)
    count = write_marks(course, chosen, out)
    if not count:
        fail("there are no marks yet; run: autograde grade LESSON", NOT_RIGHT)
    if as_json:
        say_json({"file": str(out), "rows": count})
    else:
        say(f"{count} rows: {out}")


def write_marks(course: Any, lessons: list[str], path: Path) -> int:
    from autograde.grading.gradebook import marks, write_csv

    found = [m for lesson in lessons for m in marks(course.db_url, lesson)]
    if found:
        write_csv(found, path)
    return len(found)
