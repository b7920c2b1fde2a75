"""The tiny course, built."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograde.authoring.build import build
from autograde.judge.course import Course

from .tiny import EXERCISES, LESSON, REPOSITORY, SOURCE


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny course, built and executed; copies of it are what the tests work on."""
    root = tmp_path_factory.mktemp("tiny") / "course"
    folder = root / "lessons" / LESSON
    folder.mkdir(parents=True)
    (root / "notebooks").mkdir()
    (folder / "lesson.py").write_text(SOURCE, encoding="utf-8")
    (folder / "exercises.py").write_text(EXERCISES, encoding="utf-8")
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    build(Course(root))
    return root


@pytest.fixture
def course(built_once: Path, tmp_path: Path) -> Course:
    """A built copy of the tiny course that a test may change."""
    shutil.copytree(built_once, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace a piece of text that must be in a file."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
