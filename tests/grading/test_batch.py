"""A batch that several processes grade loses nothing, whatever is killed, and gives the marks of one process."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlalchemy as sa
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograde.grading import batch as batch_module
from autograde.grading import cells as cells_module
from autograde.grading import judging
from autograde.grading.batch import GradingStoppedError, LessonBatch, Result
from autograde.grading.course import GradingCourse
from autograde.grading.gradebook import Mark, marks
from autograde.grading.jobs import Done, GradingProcess, Task
from autograde.grading.pools import LocalPool, SerialPool
from autograde.grading.store import open_store
from autograde.grading.writer import GradebookWriter
from autograde.sandbox.worker import Worker

from .conftest import LESSON, REPOSITORY

pytestmark = pytest.mark.xdist_group("batch")
Answered = Callable[..., NotebookNode]
Submit = Callable[..., Path]
WRONG = "def double(z):\n    return z * z"


@pytest.fixture(scope="module")
def pool() -> Iterator[LocalPool]:
    with LocalPool(2) as made:
        yield made


@pytest.fixture
def class_of(answered: Answered, submit: Submit) -> Callable[[int], list[str]]:
    """``class_of(8)``: so many students hand in, every second one a wrong answer, one a file that is no notebook."""

    def hand_in(count: int) -> list[str]:
        names = [f"student-{k:02}" for k in range(count)]
        for k, name in enumerate(names):
            submit(name, b"no notebook" if k == 1 else answered() if k % 2 else answered(double=WRONG))
        return names

    return hand_in


def in_the_gradebook(course: GradingCourse) -> list[Mark]:
    return marks(course.db_url, LESSON)


def notebooks(course: GradingCourse) -> dict[str, bytes]:
    return {p.parent.parent.name: p.read_bytes() for p in sorted(course.autograded.glob(f"*/{LESSON}/*.ipynb"))}


def rows(course: GradingCourse, table: str) -> int:
    engine = sa.create_engine(course.db_url)
    with engine.begin() as connection:
        count: int = connection.execute(sa.text(f"SELECT COUNT(*) FROM {table}")).scalar_one()
    engine.dispose()
    return count


def test_two_processes_give_the_marks_of_one(
    course: GradingCourse, class_of: Callable[[int], list[str]], pool: LocalPool, worker: Worker
) -> None:
    names = class_of(8)
    one = LessonBatch(course, LESSON, SerialPool(worker))
    results = list(one.run(one.todo()))
    assert [r.submission.student for r in results] == names
    expected, books = in_the_gradebook(course), notebooks(course)
    assert [m.score for m in expected] == [1.0, 0.0, 1.0, 5.0, 1.0, 5.0, 1.0, 5.0]
    assert one.todo() == []
    two = LessonBatch(course, LESSON, pool)
    again = list(two.run(two.todo(force=True)))
    assert sorted(r.submission.student for r in again) == names
    assert in_the_gradebook(course) == expected
    assert notebooks(course) == books


def test_each_result_is_in_the_gradebook_when_it_is_told(
    course: GradingCourse, class_of: Callable[[int], list[str]], pool: LocalPool
) -> None:
    class_of(6)
    batch = LessonBatch(course, LESSON, pool)
    for count, result in enumerate(batch.run(batch.todo()), 1):
        found = {m.student: m.score for m in in_the_gradebook(course)}
        assert found[result.submission.student] == result.points
        assert len(found) >= count


def test_a_grading_process_that_is_killed_is_replaced(
    course: GradingCourse, class_of: Callable[[int], list[str]], pool: LocalPool
) -> None:
    names = class_of(12)
    batch = LessonBatch(course, LESSON, pool)
    results: list[Result] = []
    killed = set()
    for result in batch.run(batch.todo()):
        results.append(result)
        if len(results) in (2, 5):
            victim = grading_processes()[0]
            killed.add(victim)
            os.kill(victim, signal.SIGKILL)
    assert sorted(r.submission.student for r in results) == names
    assert not any(r.problem for r in results)
    assert len(killed) == 2
    assert len(in_the_gradebook(course)) == rows(course, "submitted_assignment") == 12


def grading_processes() -> list[int]:
    """The processes of the pool: the grandchildren by way of the fork server that have a warm sandbox as their child."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # One may end while it is looked at.
            if "autograde.sandbox.warm" in " ".join(process.cmdline()):
                found.add(process.ppid())
    found.discard(os.getpid())
    assert found
    return sorted(found)


def dies(process: GradingProcess, *arguments: Any) -> Done:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


class Poisoned(LocalPool):
    """A pool in which the submission of one student kills the process that grades it."""

    victim: Path | None = None

    def submit(self, function: Any, *args: Any, **kwargs: Any) -> Future[Any]:
        if function is GradingProcess.grade and args[2] == self.victim:
            function = dies
        return super().submit(function, *args, **kwargs)


def test_one_submission_that_kills_its_process_stops_no_other(
    course: GradingCourse, class_of: Callable[[int], list[str]]
) -> None:
    class_of(7)
    with Poisoned(2) as pool:
        batch = LessonBatch(course, LESSON, pool)
        todo = batch.todo()
        pool.victim = todo[3].path
        results = {r.submission.student: r for r in batch.run(todo)}
        assert {s: bool(r.problem) for s, r in results.items()} == {f"student-{k:02}": k == 3 for k in range(7)}
        assert "killed" in results["student-03"].problem
        assert {m.student for m in in_the_gradebook(course)} == set(results) - {"student-03"}
        assert [s.student for s in batch.todo()] == ["student-03"]
        pool.victim = None
        assert [r.points for r in batch.run(batch.todo())] == [5.0]
    assert batch.todo() == []


def fails(process: GradingProcess, *arguments: Any) -> Done:
    raise ZeroDivisionError("a mistake of ours")


def test_a_mistake_of_the_grader_costs_nobody_else(
    course: GradingCourse, class_of: Callable[[int], list[str]], pool: LocalPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class_of(4)
    batch = LessonBatch(course, LESSON, pool)
    submit = LocalPool.submit

    def sometimes(self: LocalPool, function: Any, *args: Any, **kwargs: Any) -> Future[Any]:
        return submit(self, fails if args and "student-02" in str(args[2]) else function, *args, **kwargs)

    monkeypatch.setattr(LocalPool, "submit", sometimes)
    results = {r.submission.student: r.problem for r in batch.run(batch.todo())}
    assert [s for s, problem in results.items() if problem] == ["student-02"]
    assert "ZeroDivisionError: a mistake of ours" in results["student-02"]
    assert len(in_the_gradebook(course)) == 3


def test_what_changes_after_it_was_graded_is_graded_again(
    course: GradingCourse, class_of: Callable[[int], list[str]], answered: Answered, submit: Submit, pool: LocalPool
) -> None:
    class_of(6)
    batch = LessonBatch(course, LESSON, pool)
    list(batch.run(batch.todo()))
    path = submit("student-00", answered())
    os.utime(path, (0, 0))  # an older time says nothing
    os.utime(submit("student-02", answered(double=WRONG)))  # the same bytes again are no change
    (course.submitted / "student-03" / LESSON / "timestamp.txt").write_text("2026-01-01 12:00:00 UTC")
    (course.autograded / "student-04" / LESSON / f"{LESSON}.ipynb").write_bytes(b"")  # what a power cut leaves
    (course.autograded / "student-05" / LESSON / f"{LESSON}.ipynb").unlink()
    assert [s.student for s in batch.todo()] == ["student-00", "student-03", "student-04", "student-05"]
    list(batch.run(batch.todo()))
    assert batch.todo() == []
    assert in_the_gradebook(course)[0].score == 5.0


def test_a_notebook_without_its_marks_is_graded_again(
    course: GradingCourse, class_of: Callable[[int], list[str]], pool: LocalPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the notebook and the transaction is the one place where a batch can be torn."""
    class_of(4)
    batch = LessonBatch(course, LESSON, pool)

    def torn(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(GradebookWriter, "write", torn)
        with pytest.raises(GradingStoppedError, match=r"No space left on device.*run the same command again"):
            list(batch.run(batch.todo()))
    assert notebooks(course)
    assert in_the_gradebook(course) == []
    assert len(batch.todo()) == 4
    assert [r.problem for r in batch.run(batch.todo())] == [""] * 4
    assert batch.todo() == []


def test_a_full_disk_loses_nothing(
    course: GradingCourse, class_of: Callable[[int], list[str]], pool: LocalPool
) -> None:
    """SQLite itself says that the disk is full: its file may not grow any more."""
    names = class_of(40)
    batch = LessonBatch(course, LESSON, pool)
    todo = batch.todo()
    list(batch.run(todo[:2]))
    judged = [j for group in batch.judge(todo[2:]) for j in group]
    with GradebookWriter(course.db_url, LESSON, batch.config) as writer:
        session = writer._gradebook.db
        pages = session.execute(sa.text("PRAGMA page_count")).scalar_one()
        session.execute(sa.text(f"PRAGMA max_page_count = {pages}"))
        with pytest.raises(GradingStoppedError, match="full"), batch_module._told():
            writer.write([batch._put(j, j.done) for j in judged if j.done])
    assert [m.student for m in in_the_gradebook(course)] == names[:2]
    assert [s.student for s in batch.todo()] == names[2:]
    list(batch.run(batch.todo()))
    assert [m.student for m in in_the_gradebook(course)] == names


def test_a_command_that_is_killed_at_any_moment_goes_on_where_it_was(
    course: GradingCourse, class_of: Callable[[int], list[str]], worker: Worker, tmp_path: Path
) -> None:
    """The whole command, three times, at moments drawn from a fixed seed; its processes end with it."""
    names = class_of(20)
    draw = random.Random(7)
    seed = LessonBatch(course, LESSON, SerialPool(worker))._seed
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from autograde.grading.batch import LessonBatch\nfrom autograde.grading.course import open_course\n"
        "from autograde.grading.pools import LocalPool\n"
        "if __name__ == '__main__':\n"
        "    course = open_course(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "    with LocalPool(2) as pool:\n"
        f"        batch = LessonBatch(course, {LESSON!r}, pool)\n"
        "        for result in batch.run(batch.todo()): print(result.submission.student, flush=True)\n"
    )
    file = tmp_path / "grade.py"
    file.write_text(script)
    counts = []
    for number in range(4):
        command = [sys.executable, str(file), str(course.root), str(course.folder)]
        environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            assert process.stdout is not None
            if number < 3:
                for _ in range(draw.randrange(1, 4)):
                    process.stdout.readline()
                time.sleep(draw.random() * 0.1)
                process.kill()
            process.stdout.read()
        counts.append(len(in_the_gradebook(course)))
    assert counts[-1] == 20
    assert counts == sorted(counts) and counts[0] < 20
    assert [m.student for m in in_the_gradebook(course)] == names
    assert rows(course, "submitted_assignment") == rows(course, "submitted_notebook") == 20
    assert rows(course, "grade") == 60
    with open_store(course.db_url) as store:
        assert store.seed(LESSON) == seed
        assert len(store.verdicts(LESSON)) == 60
    interrupted, books = in_the_gradebook(course), notebooks(course)
    batch = LessonBatch(course, LESSON, SerialPool(worker))
    assert batch.todo() == []
    list(batch.run(batch.todo(force=True)))
    assert in_the_gradebook(course) == interrupted
    assert notebooks(course) == books
    wait_until(lambda: not [p for p in psutil.process_iter(["cmdline"]) if str(file) in (p.info["cmdline"] or [])])


def wait_until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_two_graders_of_one_gradebook_do_not_tread_on_each_other(
    course: GradingCourse, class_of: Callable[[int], list[str]], pool: LocalPool, worker: Worker
) -> None:
    class_of(10)
    batches = [LessonBatch(course, LESSON, pool), LessonBatch(course, LESSON, SerialPool(worker))]
    failed = []

    def run(batch: LessonBatch) -> None:
        try:
            assert len(list(batch.run(batch.todo(force=True)))) == 10
        except BaseException as error:
            failed.append(error)
            raise

    threads = [threading.Thread(target=run, args=(b,)) for b in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert rows(course, "submitted_assignment") == 10
    assert rows(course, "grade") == 30
    assert batches[0].todo() == []


def test_a_new_gradebook_is_made_while_submissions_are_judged(
    course: GradingCourse, class_of: Callable[[int], list[str]], worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = class_of(4)
    Path(course.folder, "gradebook.db").unlink()
    record, may_go_on = cells_module.record_cells, threading.Event()

    def record_late(*arguments: Any) -> None:
        assert may_go_on.wait(60)
        record(*arguments)

    monkeypatch.setattr(cells_module, "record_cells", record_late)
    batch = LessonBatch(course, LESSON, SerialPool(worker), ahead=True)
    results: list[Result] = []
    grading = threading.Thread(target=lambda: results.extend(batch.run(batch.todo(), share=True)))
    grading.start()
    wait_until(lambda: bool(notebooks(course)))
    # Nothing of it counts before the gradebook says so.
    assert not results
    assert not Path(course.folder, "gradebook.db").exists()
    may_go_on.set()
    grading.join(60)
    assert sorted(r.submission.student for r in results) == names == [m.student for m in in_the_gradebook(course)]
    # nbgrader's own tables came first, with the version that its upgrades go by.
    assert rows(course, "alembic_version") == 1
    with open_store(course.db_url) as store:
        assert store.kept_seed(LESSON) == batch._seed
    again = LessonBatch(course, LESSON, SerialPool(worker), ahead=True)
    assert again._seed == batch._seed
    assert again.todo() == []


def test_a_gradebook_that_cannot_be_made_is_told(
    course: GradingCourse, class_of: Callable[[int], list[str]], worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    class_of(2)
    Path(course.folder, "gradebook.db").unlink()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cells_module, "record_cells", full)
    batch = LessonBatch(course, LESSON, SerialPool(worker), ahead=True)
    with pytest.raises(GradingStoppedError, match="No space left"):
        list(batch.run(batch.todo(), share=True))
    assert not Path(course.folder, "gradebook.db").exists()


def test_points_given_by_hand_are_kept_and_marked_to_be_looked_at(
    course: GradingCourse, class_of: Callable[[int], list[str]], pool: LocalPool
) -> None:
    class_of(1)
    batch = LessonBatch(course, LESSON, pool)
    list(batch.run(batch.todo()))
    with Gradebook(course.db_url) as gradebook:
        gradebook.find_grade("test_double", LESSON, LESSON, "student-00").manual_score = 1.5
        gradebook.db.commit()
    list(batch.run(batch.todo(force=True)))
    (mark,) = in_the_gradebook(course)
    assert mark.cells == {"double": 1.5, "total": 0.0, "apply": 1.0}
    assert mark.needs_manual_grade


def test_a_task_is_sent_once_to_each_process(
    course: GradingCourse, class_of: Callable[[int], list[str]], pool: LocalPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class_of(12)
    sent = []
    submit = LocalPool.submit

    def count(self: LocalPool, function: Any, *args: Any, **kwargs: Any) -> Future[Any]:
        sent.extend(a for a in args if isinstance(a, Task))
        return submit(self, function, *args, **kwargs)

    monkeypatch.setattr(LocalPool, "submit", count)
    batch = LessonBatch(course, LESSON, pool)
    list(batch.run(batch.todo()))
    assert 1 <= len(sent) <= judging.AHEAD * pool.jobs


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with LocalPool(1) as pool:
        assert pool.submit(GradingProcess.safety, allow_unsafe=True, how="").result().level
        assert list(tmp_path.glob("autograde-*"))
    assert list(tmp_path.glob("autograde-*")) == []


def test_no_jobs_are_too_few() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        LocalPool(0)
