"""Grading stops where student code cannot be locked in, with an explanation, unless that is allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from nbformat import NotebookNode

from autograde.cli import instructor
from autograde.grading import nbgrader_plugin
from autograde.grading.batch import LessonBatch
from autograde.grading.course import GradingCourse
from autograde.grading.pools import SerialPool
from autograde.grading.safety import NEEDED, PROMISES, Safety, UnsafeMachineError, find_safety
from autograde.sandbox.lockdown import Level
from autograde.sandbox.worker import Worker

from .conftest import LESSON


@pytest.fixture(scope="module")
def unsafe() -> Iterator[Worker]:
    """A worker on a machine that refuses the view of the files and the network's wall."""
    with Worker(_without=Level.FILES | Level.NETWORK) as worker:
        yield worker


def level_in(course: GradingCourse) -> str:
    engine = sa.create_engine(course.db_url)
    with engine.connect() as connection:
        found = connection.execute(
            sa.text("select level from autograde_assignment where assignment = :a"), {"a": LESSON}
        ).scalar_one()
    engine.dispose()
    return str(found)


@pytest.mark.parametrize(
    ("lost", "broken"),
    [
        (Level.PROCESS, set()),
        (Level.LANDLOCK | Level.SECCOMP | Level.IPC | Level.HOST, set()),
        (Level.LIMITS, {4}),
        (Level.NETWORK, {1, 4, 5}),
        (Level.FILES, {1, 3, 4, 5}),
        (Level.PIDS, {1, 2, 3, 4}),
        (Level.USER, {1, 2, 3, 4, 5}),
        (NEEDED, {1, 2, 3, 4, 5}),
    ],
)
def test_promises_follow_from_walls(lost: Level, broken: set[int]) -> None:
    level = Level(sum(Level)) & ~lost
    assert {p.number for p in PROMISES if not p.kept(level)} == broken
    assert Safety(level, {}).safe == (not broken & {1, 2, 3, 4})


def test_this_machine_keeps_its_promises(worker: Worker, course: GradingCourse) -> None:
    safety = find_safety(worker)
    assert safety.safe, safety.explanation()
    assert LessonBatch(course, LESSON, SerialPool(worker)).safety == safety
    assert level_in(course).split("+")[:4] == ["limits", "user", "pids", "files"]


def test_a_batch_stops_on_an_unsafe_machine_and_says_why(unsafe: Worker, course: GradingCourse) -> None:
    before = level_in(course)
    with pytest.raises(UnsafeMachineError) as caught:
        LessonBatch(course, LESSON, SerialPool(unsafe))
    words = str(caught.value)
    assert "1. no answer is where student code runs" in words
    assert "own view of the files (left out)" in words
    assert "no network (left out)" in words
    assert "--allow-unsafe" in words
    assert level_in(course) == before


def test_a_batch_goes_on_when_it_is_allowed_and_the_level_is_kept(
    unsafe: Worker,
    course: GradingCourse,
    answered: Callable[..., NotebookNode],
    submit: Callable[[str, NotebookNode], Path],
) -> None:
    submit("ada", answered())
    batch = LessonBatch(course, LESSON, SerialPool(unsafe), allow_unsafe=True)
    assert not batch.safety.safe
    assert [batch.grade(s).points for s in batch.todo()] == [5.0]
    kept = level_in(course).split("+")
    assert "pids" in kept
    assert not {"files", "network"} & set(kept)


def test_nbgrader_stops_too_unless_its_configuration_allows_it(
    unsafe: Worker, course: GradingCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course.root)
    monkeypatch.setattr(nbgrader_plugin, "_workers", [unsafe])
    monkeypatch.setattr(nbgrader_plugin, "_graders", {})
    with pytest.raises(UnsafeMachineError, match=r"c\.JudgeSubmission\.allow_unsafe = True"):
        nbgrader_plugin.JudgeSubmission()._grader(LESSON, course.db_url)
    grader = nbgrader_plugin.JudgeSubmission(allow_unsafe=True)._grader(LESSON, course.db_url)
    assert grader.worker is unsafe
    assert "files" not in level_in(course).split("+")


@pytest.mark.parametrize(("allowed", "sample"), [(False, False), (True, False), (False, True)])
def test_the_command_stops_or_warns(
    allowed: bool,
    sample: bool,
    unsafe: Worker,
    course: GradingCourse,
    answered: Callable[..., NotebookNode],
    submit: Callable[[str, NotebookNode], Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    submit("ada", answered())
    monkeypatch.setattr("autograde.authoring.sample_class.write_sample_class", lambda *_: None)

    def grade() -> dict[str, object]:
        pool = SerialPool(unsafe)
        with instructor.steps("grading") as bar:
            return instructor._grade_lesson(course, LESSON, pool, "*", True, False, sample, allowed, bar)

    if not (allowed or sample):
        with pytest.raises(UnsafeMachineError):
            grade()
        return
    graded = grade()["graded"]
    assert isinstance(graded, list)
    assert [g["points"] for g in graded] == [5.0]
    assert "warning: This machine cannot lock student code in" in capsys.readouterr().err
