"""Grades all submissions of a lesson into nbgrader's gradebook, one after another, and loses none."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades, SaveCells
from traitlets import TraitError

from autograde.judge.course import Course, CourseError
from autograde.judge.lesson import load_lesson
from autograde.sandbox.worker import Worker

from .course import GradingCourse
from .grader import Graded, Grader, read_release, tame
from .handed_in import HARD_LINK, SubmissionError, is_link_to_another, read_timestamp
from .nbgrader_plugin import JudgeSubmission
from .rebuild import read_submission
from .safety import require_safe
from .store import open_store


@dataclass(frozen=True)
class Submission:
    """One student's file for one lesson; ``path`` is None when the folder holds no notebook."""

    student: str
    lesson: str
    folder: Path
    path: Path | None
    note: str = ""

    @property
    def handed_in(self) -> datetime.datetime | None:
        """When it was handed in; None when nobody says, or when the folder is a link."""
        return None if _is_link(self.folder) else read_timestamp(self.folder / "timestamp.txt")


@dataclass(frozen=True)
class Result:
    """What became of one submission."""

    submission: Submission
    points: float
    max_points: float
    notes: tuple[str, ...]
    student_seconds: float


def find_submissions(course: GradingCourse, lesson: str, student: str = "*") -> list[Submission]:
    """The submissions of a lesson, by student. A notebook under another name is taken when it is the only one."""
    found = []
    for folder in sorted(course.submitted.glob(f"{student}/{lesson}")):
        if not folder.is_dir():
            continue
        name = folder.parent.name
        if _is_link(folder):
            note = "The folder is a link to another one; hand in a folder with the notebook in it."
            found.append(Submission(name, lesson, folder, None, note))
            continue
        right = folder / f"{lesson}.ipynb"
        others = sorted(p for p in folder.glob("*.ipynb") if p.is_file() and not p.is_symlink())
        if right.is_file() and not right.is_symlink():
            found.append(Submission(name, lesson, folder, right))
        elif len(others) == 1:
            note = f"The file should be called {right.name}, not {tame(others[0].name)}."
            found.append(Submission(name, lesson, folder, others[0], note))
        else:
            note = f"The folder holds no notebook called {right.name}."
            found.append(Submission(name, lesson, folder, None, note))
    return found


def _is_link(folder: Path) -> bool:
    return folder.is_symlink() or folder.parent.is_symlink()


class LessonBatch:
    """All that grading the submissions of one lesson shares: the judge's cases, the release, the gradebook.

    ``seed`` replaces the secret seed when the assignment has none yet (a sample class that must be the same always).
    ``UnsafeMachineError`` where student code cannot be locked in, unless ``allow_unsafe`` here or
    in ``nbgrader_config.py`` says otherwise.
    """

    def __init__(
        self,
        course: GradingCourse,
        lesson: str,
        worker: Worker,
        *,
        seed: int | None = None,
        allow_unsafe: bool = False,
    ) -> None:
        self.course = course
        self.lesson = lesson
        config = course.nbgrader_config()
        try:
            settings = JudgeSubmission(config=config)
        except TraitError as error:
            raise CourseError(f"nbgrader_config.py: {error} (c.JudgeSubmission)") from None
        limits = settings.limits_for(lesson, Course(course.root).lesson_names())
        allowed = settings.allow_unsafe or allow_unsafe
        self.safety = require_safe(worker, allow_unsafe=allowed, how="add --allow-unsafe")
        release, files = read_release(course.release_folder(lesson))
        self._record_assignment(release)
        with open_store(course.db_url) as store:
            if seed is not None:
                store.set_seed(lesson, seed)
            self._seed = store.seed(lesson)
            store.set_level(lesson, self.safety.level.words())
        self.grader = Grader(load_lesson(course.lesson_folder(lesson)), release, self._seed, worker, files, limits)
        self._save = SaveAutoGrades(config=config)
        self._late = AssignLatePenalties(config=config)

    def todo(self, *, student: str = "*", force: bool = False) -> list[Submission]:
        """The submissions to grade: all that match, without those graded already unless ``force``."""
        found = find_submissions(self.course, self.lesson, student)
        if not found:
            where = self.course.submitted / student / self.lesson
            raise CourseError(
                f"There are no submissions at {where}; put each one at submitted/<student>/{self.lesson}/."
            )
        return [s for s in found if force or self._is_new(s)]

    def _graded_path(self, submission: Submission) -> Path:
        return self.course.autograded / submission.student / self.lesson / f"{self.lesson}.ipynb"

    def _is_new(self, submission: Submission) -> bool:
        graded = self._graded_path(submission)
        if not graded.exists():
            return True
        return submission.path is not None and submission.path.stat().st_mtime > graded.stat().st_mtime

    def grade(self, submission: Submission) -> Result:
        """Grade one submission and write its marks; a submission that cannot be read earns nothing, with the reason."""
        graded = self._judge(submission)
        self._write_notebook(submission, graded.notebook)
        self._write_grades(submission, graded)
        maximum = sum(v.report.max_points for v in graded.verdicts)
        return Result(submission, graded.points, maximum, graded.notes, graded.student_seconds)

    def _judge(self, submission: Submission) -> Graded:
        if submission.path is None:
            return self.grader.nothing(submission.note)
        try:
            if is_link_to_another(submission.path, [self.course.root, self.course.folder], self.lesson):
                return self.grader.nothing(HARD_LINK)
            notebook = read_submission(submission.path)
        except (SubmissionError, OSError) as error:
            return self.grader.nothing(str(error))
        return self.grader.grade(notebook)

    def _write_notebook(self, submission: Submission, notebook: NotebookNode) -> None:
        path = self._graded_path(submission)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.write_text(nbformat.writes(notebook), encoding="utf-8")
        partial.replace(path)
        stamp = submission.handed_in
        if stamp:
            (path.parent / "timestamp.txt").write_text(f"{stamp} UTC\n", encoding="utf-8")

    def _write_grades(self, submission: Submission, graded: Graded) -> None:
        timestamp = submission.handed_in
        with Gradebook(self.course.db_url) as gradebook:
            gradebook.update_or_create_student(submission.student)
            more = {"timestamp": timestamp} if timestamp else {}
            gradebook.update_or_create_submission(self.lesson, submission.student, **more)
        resources = self._resources(submission.student)
        self._save.preprocess(graded.notebook, resources)
        self._late.preprocess(graded.notebook, resources)
        with open_store(self.course.db_url) as store:
            store.save(self.lesson, submission.student, graded.verdicts)

    def _record_assignment(self, release: NotebookNode) -> None:
        """Make the assignment known to nbgrader, as ``nbgrader generate_assignment`` does."""
        with Gradebook(self.course.db_url) as gradebook:
            gradebook.update_or_create_assignment(self.lesson)
        try:
            SaveCells().preprocess(release, self._resources(""))
        except RuntimeError as error:
            raise CourseError(
                f"{self.lesson}: {error}. The lesson's cells changed after grading began; "
                f"remove it with: nbgrader db assignment remove {self.lesson}"
            ) from None

    def _resources(self, student: str) -> dict[str, Any]:
        about = {
            "notebook": self.lesson,
            "assignment": self.lesson,
            "student": student,
            "db_url": self.course.db_url,
        }
        return {"nbgrader": about}
