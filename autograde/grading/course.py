"""Where an instructor's course lies: the checkout with the lessons, and the folder with submissions and gradebook."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograde.judge.course import CourseError

from .database import checked_url

if TYPE_CHECKING:
    from nbgrader.apps.api import NbGraderAPI


@dataclass(frozen=True)
class GradingCourse:
    """The checkout (``root``) and the folder in which a class is graded (``folder``, often the same).

    ``folder`` holds nbgrader's ``submitted/``, ``autograded/``, ``feedback/`` and, unless ``db_url`` says otherwise,
    ``gradebook.db``.
    """

    root: Path
    folder: Path
    db_url: str

    @property
    def submitted(self) -> Path:
        """nbgrader's folder of submissions: ``submitted/<student>/<lesson>/<lesson>.ipynb``."""
        return self.folder / "submitted"

    @property
    def autograded(self) -> Path:
        """nbgrader's folder of graded notebooks."""
        return self.folder / "autograded"

    @property
    def feedback(self) -> Path:
        """nbgrader's folder of feedback pages."""
        return self.folder / "feedback"

    def graded_notebook(self, student: str, lesson: str) -> Path:
        """``autograded/<student>/<lesson>/<lesson>.ipynb``."""
        return self.autograded / student / lesson / f"{lesson}.ipynb"

    def feedback_page(self, student: str, lesson: str) -> Path:
        """``feedback/<student>/<lesson>/<lesson>.html``."""
        return self.feedback / student / lesson / f"{lesson}.html"

    def lesson_folder(self, lesson: str) -> Path:
        """``lessons/NN-slug`` of the checkout."""
        return self.root / "lessons" / lesson

    def release_folder(self, lesson: str) -> Path:
        """``notebooks/NN-slug`` of the checkout."""
        return self.root / "notebooks" / lesson

    def nbgrader_config(self) -> Config:
        """The repository's ``nbgrader_config.py``, pointed at this course's folder and database."""
        config = _load_config(self.root / "nbgrader_config.py")
        config.CourseDirectory.root = str(self.folder)
        config.CourseDirectory.db_url = self.db_url
        config.CourseDirectory.source_directory = str(self.root / "solutions")
        config.CourseDirectory.release_directory = str(self.root / "notebooks")
        return config

    def api(self) -> NbGraderAPI:
        """nbgrader's own interface to this course."""
        from nbgrader.apps.api import NbGraderAPI  # it takes a while
        from nbgrader.coursedir import CourseDirectory

        config = self.nbgrader_config()
        coursedir = CourseDirectory(config=config)
        return NbGraderAPI(coursedir, config=config)


def open_course(root: Path, folder: Path | None = None, db_url: str | None = None) -> GradingCourse:
    """A course for grading. ``CourseError`` when ``root`` is not a checkout of it, or the database does not answer."""
    if not (root / "lessons").is_dir() or not (root / "notebooks").is_dir():
        raise CourseError(f"{root} is not the course's folder (it has no lessons/ and notebooks/); go there first.")
    place = (folder or root).resolve()
    place.mkdir(parents=True, exist_ok=True)
    _put_alembic_on_path()
    own = f"sqlite:///{(place / 'gradebook.db').as_posix()}"
    return GradingCourse(root.resolve(), place, checked_url(db_url) if db_url else own)


def _put_alembic_on_path() -> None:
    """nbgrader runs the command ``alembic`` for a new gradebook, which lies beside this interpreter."""
    if shutil.which("alembic") is None:
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def _load_config(path: Path) -> Config:
    if not path.is_file():
        raise CourseError(f"{path} is missing; copy it again from the course's repository.")
    config: Config = PyFileConfigLoader(path.name, path=str(path.parent)).load_config()
    return config
