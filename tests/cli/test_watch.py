"""The command that grades on arrival, as a real process: killed and started again, and ended cleanly."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from nbformat import NotebookNode

from autograde.grading.course import GradingCourse, open_course
from autograde.grading.gradebook import marks
from tests.grading.conftest import (  # noqa: F401 - fixtures
    LESSON,
    answered,
    course,
    empty_class,
    release,
    small_course,
    worker,
)

from .test_cli import autograde

pytestmark = pytest.mark.xdist_group("batch")
SECONDS = 120.0


@pytest.fixture
def checkout(course: GradingCourse, tmp_path: Path) -> Path:  # noqa: F811
    """A copy of the small course with an empty class in it."""
    root = tmp_path / "checkout"
    shutil.copytree(course.root, root)
    shutil.copytree(course.folder, root, dirs_exist_ok=True)
    return root


def hand_in(root: Path, students: list[str], notebook: NotebookNode) -> None:
    for student in students:
        path = root / "submitted" / student / LESSON / f"{LESSON}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook))


def started(root: Path, log: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "autograde", "watch", LESSON, "--jobs", "1"]
    with log.open("w") as file:
        return subprocess.Popen(command, cwd=root, stdout=file, stderr=file, text=True)


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_it_is_killed_started_again_and_ended(
    checkout: Path,
    answered: Callable[..., NotebookNode],  # noqa: F811
    tmp_path: Path,
) -> None:
    names = [f"student-{k:02}" for k in range(12)]
    hand_in(checkout, names, answered())
    log = tmp_path / "log"
    killed = started(checkout, log)
    wait_until(lambda: "student-0" in log.read_text())
    processes = psutil.Process(killed.pid).children(recursive=True)
    assert processes
    killed.kill()
    killed.wait()
    course = open_course(checkout)  # noqa: F811
    before = [m.student for m in marks(course.db_url, LESSON)]
    assert 0 < len(before) < 12
    wait_until(lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in processes))

    again = started(checkout, log)
    page = checkout / "feedback" / "late" / LESSON / f"{LESSON}.html"
    wait_until(lambda: names[-1] in log.read_text())
    refused = autograde("watch", "--once", cwd=checkout)
    assert refused.returncode == 1
    assert "runs already" in refused.stderr
    hand_in(checkout, ["late"], answered())
    wait_until(lambda: "late" in log.read_text())
    assert page.is_file()
    processes = psutil.Process(again.pid).children(recursive=True)
    os.kill(again.pid, signal.SIGTERM)
    assert again.wait(SECONDS) == 0
    wait_until(lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in processes))
    text = log.read_text()
    assert "Traceback" not in text
    assert [line.split("  ")[1:4] for line in text.splitlines() if "late" in line] == [["late", LESSON, "5 of 5"]]
    assert {m.student: m.score for m in marks(course.db_url, LESSON)} == dict.fromkeys([*names, "late"], 5.0)
    # Whoever was graded before the kill was not graded a second time.
    again_graded = [line.split("  ")[1] for line in text.splitlines() if LESSON in line and " of " in line]
    assert sorted(again_graded) == sorted({*names, "late"} - set(before))
