"""Where a course's folders and lessons are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class CourseError(Exception):
    """Something about the course is not as it should be. The message names it and the cure."""


@dataclass(frozen=True)
class Course:
    """The folders of a course."""

    root: Path

    @property
    def lessons(self) -> Path:
        """Where lessons are written."""
        return self.root / "lessons"

    @property
    def solutions(self) -> Path:
        """The built, executed notebooks: nbgrader's source directory."""
        return self.root / "solutions"

    @property
    def notebooks(self) -> Path:
        """The students' notebooks: nbgrader's release directory."""
        return self.root / "notebooks"

    @property
    def data(self) -> Path:
        """The data sets."""
        return self.root / "data"

    def lesson_names(self) -> list[str]:
        """The names of all lessons, in order: the folders in ``lessons/`` that hold a ``lesson.py``."""
        return sorted(path.parent.name for path in self.lessons.glob("*/lesson.py"))

    def find_lesson(self, name: str) -> str:
        """The full name for ``01-initialization``, ``01`` or ``1``. Raises ``CourseError`` for any other."""
        known = self.lesson_names()
        if name in known:
            return name
        if name.isdigit():
            matches = [n for n in known if n.split("-")[0].isdigit() and int(n.split("-")[0]) == int(name)]
            if len(matches) == 1:
                return matches[0]
        listed = ", ".join(known) if known else "none yet"
        raise CourseError(f"There is no lesson {name!r}. Lessons of this course: {listed}.")

    def choose_lessons(self, names: Sequence[str] | None) -> list[str]:
        """Full names for the given ones, in the course's order, each once; all lessons when none is given."""
        if not names:
            return self.lesson_names()
        return sorted({self.find_lesson(name) for name in names})

    def lesson_file(self, lesson: str) -> Path:
        """The ``lesson.py`` of a lesson given by its full name."""
        return self.lessons / lesson / "lesson.py"

    def solution_file(self, lesson: str) -> Path:
        """The built notebook with the solutions."""
        return self.solutions / lesson / f"{lesson}.ipynb"

    def relative(self, path: Path) -> str:
        """A path as it is named in messages: from the course's root, with forward slashes."""
        return path.relative_to(self.root).as_posix()


def find_course(start: Path | None = None) -> Course:
    """The course that ``start`` (the current folder by default) lies in. Raises ``CourseError``."""
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "lessons").is_dir() and (folder / "notebooks").is_dir():
            return Course(folder)
    raise CourseError(
        f"{start} is not in a course: neither it nor a folder above it holds lessons/ and notebooks/. "
        "Change to the course's folder and try again."
    )
