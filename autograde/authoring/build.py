"""Building ``solutions/`` and ``notebooks/`` from ``lessons/``: one way, deterministic, one lesson at a time.

A lesson is built in a temporary folder beside the others and swapped in when it is complete.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograde.judge.course import Course, CourseError

from .draft import CHECKS, Draft, make_draft, notebook_text, read_notebook
from .execute import run_notebook
from .record import LessonRecord, digest, fingerprint, load_record, save_record
from .students_version import make_students_version


@dataclass(frozen=True)
class BuiltLesson:
    """What the build did with one lesson: whether it ran the notebook, and whether any file changed."""

    name: str
    executed: bool
    changed: bool
    seconds: float

    def __str__(self) -> str:
        ran = "run and " if self.executed else ""
        return f"{self.name}: {ran}{'written' if self.changed else 'unchanged'} ({self.seconds:.1f} s)"


@dataclass(frozen=True)
class Stale:
    """A file that is not what the build would write: its path from the course's root, why, and the cure."""

    path: str
    reason: str
    cure: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}. {self.cure}"


def build(
    course: Course,
    lessons: Sequence[str] | None = None,
    force: bool = False,
    execute: bool = True,
    tell: Callable[[str], None] | None = None,
) -> list[BuiltLesson]:
    """Build lessons (all by default), and record what was written.

    Outputs are kept when nothing they depend on has changed; ``force`` runs the notebooks again and replaces files
    that were edited since. With ``execute=False`` no notebook is run: cells whose outputs are not current have none.
    ``tell`` is called with each lesson's name before its turn. Raises ``CourseError``; the lesson concerned is then
    left as it was.
    """
    built = []
    for lesson in course.choose_lessons(lessons):
        if tell:
            tell(lesson)
        built.append(_build_lesson(course, lesson, force, execute))
    return built


def check_build(course: Course, lessons: Sequence[str] | None = None) -> list[Stale]:
    """What is not as the build would write it, without running a notebook; empty when all is current.

    Sources and metadata are compared byte for byte, ``checks.json`` to the last digits that processors agree on;
    outputs and execution counts are not compared.
    """
    record = load_record(course)
    found = [] if lessons else _orphans(course)
    for lesson in course.choose_lessons(lessons):
        found += _check_lesson(course, lesson, record.get(lesson, LessonRecord()))
    return found


def _build_lesson(course: Course, lesson: str, force: bool, run: bool) -> BuiltLesson:
    start = time.perf_counter()
    draft = make_draft(course, lesson)
    record = load_record(course)
    old = record.get(lesson, LessonRecord())
    with _workshop(course) as workshop:
        new = _write_draft(workshop, lesson, draft, course.root)
        if not force:
            _refuse_edited(course, lesson, new, old)
        current = draft.outputs == old.outputs and not force
        reused = _take_over_outputs(course.solution_file(lesson), draft.notebook) if current or not run else False
        executed = run and not reused
        if executed:
            _run(draft, workshop, course, lesson)
        solved = workshop / "solutions" / lesson / f"{lesson}.ipynb"
        solved.write_text(notebook_text(draft.notebook), encoding="utf-8", newline="\n")
        rooms = ("solutions", "notebooks")
        changed = [_swap_in(workshop / room / lesson, course.root / room / lesson) for room in rooms]
    files = {course.relative(path): fingerprint(path) for path in (course.root / name for name in new)}
    source = digest(course.lesson_file(lesson).read_bytes())
    outputs = draft.outputs if executed or (reused and current) else ""
    record = load_record(course) | {lesson: LessonRecord(source, outputs, files)}
    save_record(course, record)
    return BuiltLesson(lesson, executed, any(changed), time.perf_counter() - start)


def _run(draft: Draft, workshop: Path, course: Course, lesson: str) -> None:
    """Run the notebook in a folder of its own, so that no file it leaves behind becomes part of the course."""
    folder = workshop / "run" / lesson
    folder.mkdir(parents=True)
    (folder / CHECKS).write_text(draft.checks, encoding="utf-8", newline="\n")
    run_notebook(draft.notebook, folder, course.root, lesson)


@contextmanager
def _workshop(course: Course) -> Iterator[Path]:
    """A temporary folder on the course's own disk, so that finished folders can be renamed into place."""
    folder = Path(tempfile.mkdtemp(prefix=".build-", dir=course.root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_draft(workshop: Path, lesson: str, draft: Draft, config_folder: Path) -> dict[str, Path]:
    """Write the lesson's new files, the solved notebook without outputs; their names from the root, and paths."""
    folder = workshop / "solutions" / lesson
    folder.mkdir(parents=True)
    # nbgrader starts with what the notebook says, so outputs make no difference to the students' version.
    (folder / f"{lesson}.ipynb").write_text(notebook_text(draft.notebook), encoding="utf-8", newline="\n")
    (folder / CHECKS).write_text(draft.checks, encoding="utf-8", newline="\n")
    students = make_students_version(workshop, lesson, config_folder)
    paths = sorted(p for f in (folder, students) for p in f.rglob("*") if p.is_file())
    return {path.relative_to(workshop).as_posix(): path for path in paths}


def _refuse_edited(course: Course, lesson: str, new: dict[str, Path], old: LessonRecord) -> None:
    """Raise ``CourseError`` if a file to be replaced holds what neither the record nor the new build holds."""
    for name, path in new.items():
        there = course.root / name
        if there.is_file() and fingerprint(there) not in (old.files.get(name), fingerprint(path)):
            raise CourseError(f"{name} was edited since it was built. {_cure_of_edit(lesson, name)}")


def _cure_of_edit(lesson: str, name: str) -> str:
    throw_away = f"autograde build {lesson} --force throws the edit away."
    if name.startswith("solutions/") and name.endswith(".ipynb"):
        return f"Bring the edit into the lesson with: autograde adopt {lesson} ({throw_away})"
    return f"It is built from lessons/{lesson}: keep a copy elsewhere if you need it; then {throw_away}"


def _take_over_outputs(path: Path, notebook: Any) -> bool:
    """Copy outputs from the notebook at ``path``; False when its code is not that of ``notebook``."""
    if not path.is_file():
        return False
    try:
        old = [cell for cell in read_notebook(path).cells if cell.cell_type == "code"]
    except CourseError:
        return False
    new = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if [cell.source for cell in old] != [cell.source for cell in new]:
        return False
    for target, source in zip(new, old, strict=True):
        target.outputs, target.execution_count = source.outputs, source.execution_count
    return True


def _swap_in(new: Path, target: Path) -> bool:
    """Put the folder ``new`` in the place of ``target``; False when it holds nothing new.

    Files of others in ``target`` are carried over.
    """
    names = {p.relative_to(new) for p in new.rglob("*") if p.is_file()}
    if all((target / n).is_file() and (target / n).read_bytes() == (new / n).read_bytes() for n in names):
        return False
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        new.rename(target)
        return True
    for path in target.rglob("*"):
        carried = new / path.relative_to(target)
        if path.is_file() and not carried.exists():
            carried.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, carried)
    aside = new.with_name(f"{new.name}.old")
    target.rename(aside)
    try:
        new.rename(target)
    except OSError:
        aside.rename(target)
        raise
    return True


def _check_lesson(course: Course, lesson: str, old: LessonRecord) -> list[Stale]:
    draft = make_draft(course, lesson)
    rebuild = f"Run: autograde build {lesson}"
    found = []
    with _workshop(course) as workshop:
        for name, path in _write_draft(workshop, lesson, draft, course.root).items():
            there = course.root / name
            if not there.is_file():
                found.append(Stale(name, "is missing", rebuild))
            elif not _same_content(there, path):
                edited = old.files.get(name) not in (None, fingerprint(there))
                reason = "was edited since it was built" if edited else f"is not what lessons/{lesson} says"
                found.append(Stale(name, reason, _cure_of_edit(lesson, name) if edited else rebuild))
        allowed = {path.name for path in (workshop / "solutions" / lesson).iterdir()}
    for path in sorted((course.solutions / lesson).glob("*")):
        if path.name not in allowed and not path.name.startswith("."):
            reason = "is not part of the build, and nbgrader would hand it to students"
            found.append(Stale(course.relative(path), reason, "Move it elsewhere."))
    return found


def _same_content(there: Path, new: Path) -> bool:
    if new.suffix == ".ipynb":
        try:
            notebook = read_notebook(there)
        except CourseError:
            return False
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        return notebook_text(notebook) == new.read_text(encoding="utf-8")
    return digest(there.read_bytes()) == digest(new.read_bytes())


def _orphans(course: Course) -> list[Stale]:
    """Built folders whose lesson is gone."""
    known = set(course.lesson_names())
    folders = [f for room in (course.solutions, course.notebooks) for f in sorted(room.glob("*-*")) if f.is_dir()]
    cure = "Delete the folder, or restore the lesson."
    return [
        Stale(course.relative(f), f"there is no lessons/{f.name}/lesson.py", cure)
        for f in folders
        if f.name not in known
    ]
