"""Making a student's notebook from a solved one, by nbgrader's own GenerateAssignment."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from autograde.judge.course import CourseError


class _Collected(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def make_students_version(workshop: Path, lesson: str, config_folder: Path) -> Path:
    """Turn ``workshop/solutions/LESSON`` into ``workshop/notebooks/LESSON`` and return that folder.

    Uses the ``nbgrader_config.py`` in ``config_folder``, if there is one, and no gradebook, so the result is what
    ``nbgrader generate_assignment`` writes. Raises ``CourseError`` with nbgrader's words when it fails.
    """
    from nbgrader.converters import GenerateAssignment, NbGraderException
    from nbgrader.coursedir import CourseDirectory

    config = _configuration(config_folder)
    config.CourseDirectory.root = str(workshop)
    config.CourseDirectory.source_directory = "solutions"
    config.CourseDirectory.release_directory = "notebooks"
    config.CourseDirectory.assignment_id = lesson
    config.SaveCells.enabled = False
    config.GenerateAssignment.no_database = True
    log = logging.Logger("autograde.build", logging.ERROR)
    collected = _Collected()
    log.addHandler(collected)
    course_folder = CourseDirectory(config=config, log=log)
    try:
        GenerateAssignment(coursedir=course_folder, config=config, log=log).start()
    except (NbGraderException, SystemExit) as error:
        reasons = " ".join(collected.messages[:1]) or str(error)
        raise CourseError(f"{lesson}: nbgrader cannot make the students' notebook: {reasons}") from error
    return workshop / "notebooks" / lesson


def _configuration(folder: Path) -> Any:
    from traitlets.config.loader import Config, PyFileConfigLoader

    if not (folder / "nbgrader_config.py").is_file():
        return Config()
    return PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
