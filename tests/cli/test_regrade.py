"""The command that grades again: it refuses, tells, asks and does, in the words of the command line."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode

from autograde.grading.batch import LessonBatch
from autograde.grading.course import GradingCourse, open_course
from autograde.grading.pools import SerialPool
from autograde.sandbox.worker import Worker
from tests.grading.conftest import (  # noqa: F401 - fixtures
    LESSON,
    answered,
    course,
    empty_class,
    release,
    small_course,
    submit,
    worker,
)

from .test_cli import autograde

pytestmark = pytest.mark.xdist_group("batch")
NEARLY = "def double(z):\n    return np.where(z < -10, 0.0, 2.0 * z)"


@pytest.fixture
def checkout(
    course: GradingCourse,  # noqa: F811
    answered: Callable[..., NotebookNode],  # noqa: F811
    submit: Callable[..., Path],  # noqa: F811
    worker: Worker,  # noqa: F811
    tmp_path: Path,
) -> Path:
    """A copy of the small course with a class in it, graded; then a test became stricter."""
    root = tmp_path / "checkout"
    shutil.copytree(course.root, root)
    submit("ada", answered())
    submit("ben", answered(double=NEARLY))
    shutil.copytree(course.folder, root, dirs_exist_ok=True)
    batch = LessonBatch(open_course(root), LESSON, SerialPool(worker))
    assert [r.points for r in batch.run(batch.todo())] == [5.0, 5.0]
    path = root / "lessons" / LESSON / "exercises.py"
    case = '    yield Case("a longer row", (Call("double", (rng.standard_normal(5),)),))\n'
    assert case in path.read_text()
    path.write_text(
        path.read_text().replace(case, case + case.replace("a longer", "a low").replace("(5)", "(5) - 20.0"))
    )
    return root


def test_it_refuses_tells_asks_and_does(checkout: Path) -> None:
    refused = autograde("regrade", LESSON, cwd=checkout)
    assert refused.returncode == 2
    assert "add --yes, or --dry-run" in refused.stderr

    graded = autograde("grade", LESSON, "--jobs", "1", cwd=checkout)
    assert "2 were graded with other files of the lesson" in graded.stdout
    assert f"autograde regrade {LESSON} --dry-run" in graded.stdout

    before = (checkout / "gradebook.db").read_bytes()
    dry = autograde("regrade", LESSON, "--dry-run", "--json", "--jobs", "1", cwd=checkout)
    assert dry.returncode == 0, dry.stderr
    told = json.loads(dry.stdout)
    (ben,) = told["students"]
    assert (ben["student"], ben["before"], ben["after"]) == ("ben", 5.0, 3.0)
    assert told["unchanged"] == ["ada"] and not told["done"]
    assert (checkout / "gradebook.db").read_bytes() == before
    assert "Change the marks? [y/N]" in asked_on_a_terminal(checkout, "n")
    assert (checkout / "gradebook.db").read_bytes() == before
    assert not list((checkout / "reports").glob("regrade-*"))

    done = autograde("regrade", LESSON, "--yes", "--jobs", "1", cwd=checkout)
    assert done.returncode == 0, done.stderr
    assert "2 judged again: 0 totals rise, 1 fall, 1 stay." in done.stdout
    assert "1 written, 1 feedback pages." in done.stdout
    assert "ben,double,2,0,2,2,,\n" in (checkout / "reports" / f"regrade-{LESSON}-1.csv").read_text()
    assert "ben,00-small,3,5" in (checkout / "reports" / f"{LESSON}.csv").read_text()


def asked_on_a_terminal(checkout: Path, answer: str) -> str:
    """What the command says on standard error when somebody gives this answer."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "autograde", "regrade", LESSON, "--jobs", "1"]
    with subprocess.Popen(command, cwd=checkout, stdin=slave, stdout=-1, stderr=-1, text=True) as process:
        os.write(master, answer.encode() + b"\n")
        out, err = process.communicate(timeout=120)
    os.close(master)
    os.close(slave)
    assert process.returncode == 0, err
    assert "Nothing was written." in out
    return str(err)
