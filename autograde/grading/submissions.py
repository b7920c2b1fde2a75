"""What students handed in for a lesson, as it lies in nbgrader's folder of submissions."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from autograde.judge.course import CourseError
from autograde.judge.files import sha256

from .course import GradingCourse
from .grader import tame
from .handed_in import SubmissionError, read_plain_file, read_timestamp
from .rebuild import MAX_FILE_BYTES

#: The longest name of a student that nbgrader's tables hold.
MOST_NAME = 128


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

    def fingerprint(self) -> str:
        """SHA-256 of all that a mark depends on: the file, when it was handed in, and what is amiss with the folder."""
        content = b""
        if self.path is not None:
            try:
                content = read_plain_file(self.path, MAX_FILE_BYTES)
            except SubmissionError as error:
                content = str(error).encode()
        about = f"{self.handed_in}\n{self.note}\n{sha256(content)}"
        return sha256(about.encode("utf-8", "replace"))


def find_submissions(course: GradingCourse, lesson: str, student: str = "*") -> list[Submission]:
    """The submissions of a lesson, by student. A notebook under another name is taken when it is the only one.

    ``CourseError`` when there are none.
    """
    folders = sorted(f for f in course.submitted.glob(f"{student}/{lesson}") if f.is_dir())
    found = [submission_in(folder) for folder in folders]
    if not found:
        where = course.submitted / student / lesson
        raise CourseError(f"There are no submissions at {where}; put each one at submitted/<student>/{lesson}/.")
    return found


def submission_in(folder: Path) -> Submission:
    """The submission that lies in ``submitted/<student>/<lesson>``."""
    student, lesson = folder.parent.name, folder.name
    if _is_link(folder):
        note = "The folder is a link to another one; hand in a folder with the notebook in it."
        return Submission(student, lesson, folder, None, note)
    right = folder / f"{lesson}.ipynb"
    others = sorted(p for p in folder.glob("*.ipynb") if p.is_file() and not p.is_symlink())
    if right.is_file() and not right.is_symlink():
        return Submission(student, lesson, folder, right)
    if len(others) == 1:
        note = f"The file should be called {right.name}, not {tame(others[0].name)}."
        return Submission(student, lesson, folder, others[0], note)
    return Submission(student, lesson, folder, None, f"The folder holds no notebook called {right.name}.")


def _is_link(folder: Path) -> bool:
    return folder.is_symlink() or folder.parent.is_symlink()


def misnamed(student: str) -> str:
    """Why nbgrader's gradebook has no room for a student of this name; nothing when it has."""
    if len(student) > MOST_NAME:
        return f"the name of the student's folder is longer than {MOST_NAME} characters; rename it"
    if not student.isprintable():
        return "the name of the student's folder holds characters that are not text; rename it"
    return ""
