"""Hostile submissions by the road of stock nbgrader: its real commands, with the course's nbgrader_config.py."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograde.grading.course import GradingCourse, open_course
from autograde.grading.gradebook import marks
from tests.grading.conftest import LESSON, RIGHT, empty_class, small_course, worker  # noqa: F401 - fixtures
from tests.grading.test_nbgrader import _nbgrader

from .registry import WRONG, cells
from .watch import SECRET

Place = Callable[[Path], None]
pytestmark = pytest.mark.xdist_group("attacks")


def _answered(release: NotebookNode, answers: dict[str, str]) -> NotebookNode:
    return cells(release, answers=answers)


def _hostile(release: NotebookNode, vault: Path, submitted: Path) -> dict[str, Place]:
    """Submissions by student; the names sort them between the two honest ones."""
    notebook = json.dumps(_answered(release, WRONG))
    other = submitted / "ada" / LESSON / f"{LESSON}.ipynb"
    solution = submitted.parent / "solutions" / LESSON / f"{LESSON}.ipynb"

    def with_notebook(place: Place) -> Place:
        def both(folder: Path) -> None:
            (folder / f"{LESSON}.ipynb").write_text(notebook)
            place(folder)

        return both

    def is_file(place: Callable[[Path], object]) -> Place:
        return lambda folder: (place(folder / f"{LESSON}.ipynb"), None)[1]

    def linked_folder(folder: Path) -> None:
        folder.rmdir()
        folder.symlink_to(other.parent, target_is_directory=True)

    def hard_link(folder: Path) -> None:
        if os.getuid() == 0:
            (folder / f"{LESSON}.ipynb").hardlink_to(other)
            os.chown(folder, 64_000, 64_000)
        else:  # files of several users are the superuser's to make
            (folder / f"{LESSON}.ipynb").hardlink_to(solution)

    def beside(folder: Path) -> None:
        for name in ("secret.txt", "checks.json", "figure.png"):
            (folder / name).symlink_to(vault / "secret.txt")
        (folder / "all").symlink_to(vault, target_is_directory=True)
        (folder / "endless.txt").symlink_to("/dev/zero")
        (folder / "deep").mkdir()
        (folder / "deep" / "evil.html").write_text("<script>window.top.attackHit=1</script>")
        os.mkfifo(folder / "deep" / "pipe")
        (folder / "numpy.py").write_text("raise SystemExit")
        (folder / "nbgrader_config.py").write_text("raise SystemExit")

    def sparse(path: Path) -> None:
        with path.open("wb") as file:
            file.truncate(2**30)

    def greedy() -> str:
        made = _answered(release, WRONG)
        for cell in made.cells:
            about = cell.metadata.get("nbgrader", {})
            if about.get("grade"):
                about["points"] = 100
                cell.source = "100.0"
                cell.outputs = [
                    nbformat.v4.new_output("execute_result", data={"text/plain": "100.0"}, execution_count=1)
                ]
        return json.dumps(made)

    def socket_at(path: Path) -> None:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(os.path.relpath(path))

    return {
        "b-link": is_file(lambda path: path.symlink_to(other)),
        "b-link-endless": is_file(lambda path: path.symlink_to("/dev/zero")),
        "b-hard-link": hard_link,
        "b-pipe": is_file(os.mkfifo),
        "b-socket": is_file(socket_at),
        "b-folder-link": linked_folder,
        "b-beside": with_notebook(beside),
        "b-stamp-link": with_notebook(lambda f: (f / "timestamp.txt").symlink_to(vault / "secret.txt")),
        "b-stamp-pipe": with_notebook(lambda f: os.mkfifo(f / "timestamp.txt")),
        "b-stamp-large": with_notebook(lambda f: sparse(f / "timestamp.txt")),
        "b-stamp-folder": with_notebook(lambda f: (f / "timestamp.txt").mkdir()),
        "b-greedy": is_file(lambda path: path.write_text(greedy())),
        "b-broken": is_file(lambda path: path.write_text('{"cells": [')),
        "b-binary": is_file(lambda path: path.write_bytes(bytes(range(256)))),
        "b-old": is_file(lambda path: path.write_text('{"nbformat": 3, "worksheets": [{"cells": [7]}]}')),
    }


@pytest.fixture(scope="module")
def graded(
    small_course: Path,  # noqa: F811
    empty_class: Path,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> GradingCourse:
    """The class after ``nbgrader autograde`` and ``nbgrader generate_feedback``."""
    root = tmp_path_factory.mktemp("hostile") / "course"
    shutil.copytree(small_course, root)
    shutil.copy(empty_class / "gradebook.db", root)
    with (root / "nbgrader_config.py").open("a") as config:
        # A sparse file of a gigabyte is longer than any file that these commands may write.
        config.write("\nimport resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (2**28, 2**28))\n")
    vault = tmp_path_factory.mktemp("vault")
    (vault / "secret.txt").write_text(SECRET)
    course = open_course(root)
    release = nbformat.read(course.release_folder(LESSON) / f"{LESSON}.ipynb", as_version=4)
    honest = json.dumps(_answered(release, RIGHT))
    everybody: dict[str, Place] = {
        name: lambda folder: (folder / f"{LESSON}.ipynb").write_text(honest) and None for name in ("ada", "zoe")
    }
    for student, place in (everybody | _hostile(release, vault, course.submitted)).items():
        folder = course.submitted / student / LESSON
        folder.mkdir(parents=True)
        place(folder)
    _nbgrader(course, "autograde", LESSON, check=False)
    _nbgrader(course, "generate_feedback", LESSON, check=False)
    return course


def test_the_hostile_earn_nothing_and_the_honest_all(graded: GradingCourse) -> None:
    found = {m.student: m.score for m in marks(graded.db_url, LESSON)}
    assert found.pop("ada") == found.pop("zoe") == 5.0
    assert set(found.values()) == {0.0}


def test_only_what_nbgrader_itself_cannot_read_is_left_ungraded(graded: GradingCourse) -> None:
    there = {p.parent.parent.name for p in graded.autograded.glob(f"*/{LESSON}/{LESSON}.ipynb")}
    everybody = {p.parent.name for p in graded.submitted.glob(f"*/{LESSON}")}
    assert everybody - there == {"b-broken", "b-binary", "b-old", "b-stamp-folder"}


@pytest.mark.parametrize("room", ["autograded", "feedback"])
def test_nothing_but_the_graded_notebook_comes_through(graded: GradingCourse, room: str) -> None:
    files = [p for p in (graded.root / room).rglob("*") if not p.is_dir() or p.is_symlink()]
    assert len(files) > 10
    assert {p.name for p in files} <= {f"{LESSON}.ipynb", f"{LESSON}.html", "checks.json"}
    for path in files:
        assert path.lstat().st_nlink == 1 and not path.is_symlink()
        text = path.read_text()
        assert SECRET not in text
        assert "attackHit" not in text


def test_another_students_work_is_not_shown(graded: GradingCourse) -> None:
    for student in ("b-link", "b-hard-link", "b-folder-link"):
        text = (graded.autograded / student / LESSON / f"{LESSON}.ipynb").read_text()
        assert "2.0 * z" not in text
        assert "link" in text


def test_the_maximum_is_what_the_course_says(graded: GradingCourse) -> None:
    assert {m.max_score for m in marks(graded.db_url, LESSON)} == {5.0}
