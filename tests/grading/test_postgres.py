"""The gradebook in PostgreSQL: several graders at once, killed graders, lost connections; nbgrader's own commands."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from nbformat import NotebookNode
from sqlalchemy.pool import NullPool

from autograde.grading import writer as writer_module
from autograde.grading.batch import GradingStoppedError, LessonBatch
from autograde.grading.course import GradingCourse, open_course
from autograde.grading.database import beginning, checked_url, shown_url
from autograde.grading.gradebook import marks
from autograde.grading.pools import SerialPool
from autograde.grading.store import open_store
from autograde.judge.course import CourseError
from autograde.sandbox.worker import Worker

from .conftest import LESSON, REPOSITORY

pytest.importorskip("psycopg", reason="the extra postgres is not installed: pip install '.[postgres]'")


def _programs() -> Path | None:
    """Where the server's programs are; Debian does not put them on the path."""
    found = shutil.which("initdb")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) + ([Path(found).resolve()] if found else [])
    return places[-1].parent if places else None


PROGRAMS = _programs()
pytestmark = [
    pytest.mark.skipif(PROGRAMS is None, reason="PostgreSQL's server is not installed: apt-get install postgresql"),
    pytest.mark.xdist_group("batch"),
]
Answered = Callable[..., NotebookNode]
Submit = Callable[..., Path]
WRONG = "def double(z):\n    return z * z"


class Server:
    """A PostgreSQL server of our own: its files and its socket lie in one folder, no network."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.user = folder, None
        if os.getuid() == 0:  # it refuses to be root
            self.user = "nobody"
            os.chown(folder, pwd.getpwnam(self.user).pw_uid, -1)
        self._run("initdb", "--auth=trust", "--username=grader", "--encoding=UTF8", "--locale=C", "--no-sync")
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        assert PROGRAMS is not None
        command = [str(PROGRAMS / program), "-D", str(self.folder / "data"), *arguments]
        done = subprocess.run(
            command, user=self.user, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c shared_buffers=16MB"
        self._run("pg_ctl", "start", "-w", "-s", "-l", str(self.folder / "log"), "-o", options)

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-w", "-s", "-m", "immediate")

    def url(self, database: str) -> str:
        return f"postgresql://grader@/{database}?host={self.folder}"

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        engine = sa.create_engine(checked_url(self.url(database)), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            result = connection.execute(sa.text(statement))
            return [tuple(row) for row in result] if result.returns_rows else []


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    # Not in the tests' own folder: that may be closed to the user whom the server runs as.
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        made = Server(Path(folder))
        try:
            yield made
        finally:
            made.stop()


@pytest.fixture
def empty(server: Server, course: GradingCourse) -> Iterator[GradingCourse]:
    """The small course with a class of its own and an empty database."""
    server.execute("CREATE DATABASE class")
    yield open_course(course.root, course.folder, server.url("class"))
    server.execute("DROP DATABASE class WITH (FORCE)")


@pytest.fixture(scope="module")
def known(server: Server, small_course: Path, worker: Worker, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database that knows the lesson; nbgrader takes seconds to make one."""
    server.execute("CREATE DATABASE known")
    folder = tmp_path_factory.mktemp("known")
    LessonBatch(open_course(small_course, folder, server.url("known")), LESSON, SerialPool(worker))
    return "known"


@pytest.fixture
def ready(server: Server, known: str, course: GradingCourse) -> Iterator[GradingCourse]:
    """The small course with a class of its own and a database that knows the lesson."""
    server.execute(f"CREATE DATABASE class TEMPLATE {known}")
    yield open_course(course.root, course.folder, server.url("class"))
    server.execute("DROP DATABASE class WITH (FORCE)")


@pytest.fixture
def class_of(answered: Answered, submit: Submit) -> Callable[[int], list[str]]:
    """So many students hand in, every second one a wrong answer, one a file that is no notebook."""

    def hand_in(count: int) -> list[str]:
        names = [f"student-{k:02}" for k in range(count)]
        for k, name in enumerate(names):
            submit(name, b"no notebook" if k == 1 else answered() if k % 2 else answered(double=WRONG))
        return names

    return hand_in


def scores(count: int) -> list[float]:
    return [0.0 if k == 1 else 5.0 if k % 2 else 1.0 for k in range(count)]


def counts(server: Server) -> dict[str, int]:
    """The rows of a graded class; three exercises each."""
    tables = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")
    tables += ("autograde_verdict", "autograde_graded", "notebook", "grade_cells", "autograde_assignment")
    return {t: int(str(server.execute(f"SELECT count(*) FROM {t}", "class")[0][0])) for t in tables}


def whole(students: int) -> dict[str, int]:
    each = dict.fromkeys(("student", "submitted_assignment", "submitted_notebook", "autograde_graded"), students)
    each |= dict.fromkeys(("grade", "comment", "autograde_verdict"), 3 * students)
    return each | {"notebook": 1, "grade_cells": 3, "autograde_assignment": 1}


def start_grading(course: GradingCourse, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "autograde", "grade", LESSON, "--folder", str(course.folder), "--json"]
    command += ["--db", course.db_url, "--jobs", "1", "--no-feedback", *more]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    return subprocess.Popen(
        command, cwd=course.root, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_two_graders_at_once_share_the_work_from_the_first_table_on(
    server: Server, empty: GradingCourse, class_of: Callable[[int], list[str]], worker: Worker
) -> None:
    class_of(16)
    both = [start_grading(empty), start_grading(empty)]
    said = [process.communicate(timeout=120) for process in both]
    assert [p.returncode for p in both] == [0, 0], said
    graded = [{g["student"] for g in json.loads(out)[LESSON]["graded"]} for out, _ in said]
    assert len(graded[0] | graded[1]) == 16
    assert sum(map(len, graded)) < 2 * 16
    together = marks(empty.db_url, LESSON)
    assert [m.score for m in together] == scores(16)
    assert counts(server) == whole(16)
    alone = LessonBatch(empty, LESSON, SerialPool(worker))
    assert alone.todo() == []
    books = {p: p.read_bytes() for p in empty.autograded.rglob("*.ipynb")}
    list(alone.run(alone.todo(force=True)))
    assert marks(empty.db_url, LESSON) == together
    assert {p: p.read_bytes() for p in empty.autograded.rglob("*.ipynb")} == books


def test_a_grader_that_is_killed_leaves_nothing_half(
    server: Server, ready: GradingCourse, class_of: Callable[[int], list[str]], worker: Worker
) -> None:
    class_of(12)
    batch = LessonBatch(ready, LESSON, SerialPool(worker))
    with start_grading(ready) as process:
        until = time.monotonic() + 60
        while not counts(server)["autograde_graded"] and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = len(marks(ready.db_url, LESSON))
    assert 0 < done < 12
    assert counts(server) == whole(done)
    todo = batch.todo()
    assert len(todo) == 12 - done
    assert not [r for r in batch.run(todo) if r.problem]
    assert [m.score for m in marks(ready.db_url, LESSON)] == scores(12)
    assert counts(server) == whole(12)


def test_a_connection_that_is_cut_is_made_again(
    server: Server, ready: GradingCourse, class_of: Callable[[int], list[str]], worker: Worker
) -> None:
    class_of(8)
    batch = LessonBatch(ready, LESSON, SerialPool(worker))
    cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = 'class'"
    ended = 0
    for _ in batch.run(batch.todo(), share=True):
        ended += int(str(server.execute(cut)[0][0]))
    assert ended >= 8
    assert [m.score for m in marks(ready.db_url, LESSON)] == scores(8)
    assert counts(server) == whole(8)


def test_a_server_that_stops_stops_the_batch_and_loses_nothing(
    server: Server,
    ready: GradingCourse,
    class_of: Callable[[int], list[str]],
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writer_module, "PAUSE", 0.01)
    class_of(6)
    batch = LessonBatch(ready, LESSON, SerialPool(worker))
    run = batch.run(batch.todo())
    next(run)
    server.stop()
    try:
        with pytest.raises(GradingStoppedError, match=r"could not be written.*goes on where it stopped"):
            list(run)
        with pytest.raises(CourseError, match=r"does not answer"):
            open_course(ready.root, ready.folder, server.url("class"))
    finally:
        server.start()
    assert 1 <= len(marks(ready.db_url, LESSON)) < 6
    list(batch.run(batch.todo()))
    assert counts(server) == whole(6)


def test_a_grader_that_hangs_in_the_middle_of_its_writing_does_not_hang_others(
    server: Server,
    ready: GradingCourse,
    class_of: Callable[[int], list[str]],
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writer_module, "LOCK_SECONDS", 1)
    monkeypatch.setattr(writer_module, "TRIES", 2)
    class_of(2)
    batch = LessonBatch(ready, LESSON, SerialPool(worker))
    list(batch.run(batch.todo()))
    engine = sa.create_engine(ready.db_url, poolclass=NullPool)
    with engine.begin() as hanging:
        hanging.execute(sa.text("UPDATE autograde_verdict SET points = 0"))
        start = time.monotonic()
        with pytest.raises(GradingStoppedError, match="lock timeout"):
            list(batch.run(batch.todo(force=True)))
        assert time.monotonic() - start < 15
        hanging.rollback()
    assert [m.score for m in marks(ready.db_url, LESSON)] == scores(2)
    assert not [r for r in batch.run(batch.todo(force=True)) if r.problem]


def test_two_that_write_the_same_students_in_other_orders_do_not_block(
    server: Server, ready: GradingCourse, class_of: Callable[[int], list[str]], worker: Worker
) -> None:
    class_of(6)
    batch = LessonBatch(ready, LESSON, SerialPool(worker))
    judged = [j for group in batch.judge(batch.todo()) for j in group]
    rows = [batch._put(j, j.done) for j in judged if j.done]
    failed: list[BaseException] = []

    def write(mine: list[writer_module.Row]) -> None:
        try:
            with writer_module.GradebookWriter(ready.db_url, LESSON, batch.config) as writer:
                for _ in range(5):
                    writer.write(mine)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(order,)) for order in (rows, rows[::-1], rows[::2] + rows[1::2])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert counts(server) == whole(6)


def test_a_name_that_the_gradebook_has_no_room_for_stops_nobody_else(
    server: Server, ready: GradingCourse, class_of: Callable[[int], list[str]], submit: Submit, worker: Worker
) -> None:
    names = class_of(2)
    for bad in ("x" * 129, "caf\udce9"):
        submit(bad, b"no notebook")
    batch = LessonBatch(ready, LESSON, SerialPool(worker))
    problems = {r.submission.student: r.problem for r in batch.run(batch.todo())}
    assert problems.pop("x" * 129) == "the name of the student's folder is longer than 128 characters; rename it"
    assert "not text" in problems.pop("caf\udce9")
    assert problems == dict.fromkeys(names, "")
    assert counts(server) == whole(2)


def test_nbgraders_own_commands_and_interface_work_on_it(
    server: Server, ready: GradingCourse, class_of: Callable[[int], list[str]], worker: Worker, tmp_path: Path
) -> None:
    names = class_of(3)
    batch = LessonBatch(ready, LESSON, SerialPool(worker))
    list(batch.run(batch.todo()))
    before = marks(ready.db_url, LESSON)
    api = ready.api()
    found = api.get_submissions(LESSON)
    assert [(s["student"], s["autograded"], s["score"]) for s in found] == [
        (n, True, s) for n, s in zip(names, scores(3), strict=True)
    ]
    whole_course = tmp_path / "whole"
    shutil.copytree(ready.root, whole_course)
    shutil.copytree(ready.submitted, whole_course / "submitted")
    stock(whole_course, "autograde", LESSON, "--student", names[0], "--force", "--db", ready.db_url)
    assert marks(ready.db_url, LESSON) == before
    assert counts(server) == whole(3) | {"autograde_graded": 2}
    out = tmp_path / "marks.csv"
    stock(whole_course, "export", f"--to={out}", f"--CourseDirectory.db_url={ready.db_url}")
    assert all(name in out.read_text() for name in names)


def stock(folder: Path, *arguments: str) -> None:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_beginning_is_one_graders_at_a_time(
    server: Server, ready: GradingCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograde.grading.database.PATIENCE", 1)
    with (
        beginning(ready.db_url),
        pytest.raises(CourseError, match="Another grader has been beginning"),
        beginning(ready.db_url),
    ):
        pass
    with beginning(ready.db_url):
        pass


def test_what_is_recorded_already_is_not_written_again(
    server: Server, ready: GradingCourse, worker: Worker, small_course: Path, tmp_path: Path
) -> None:
    """nbgrader removes a notebook's cells and writes them anew, in the way of a grader that is at work."""

    def written() -> object:
        return server.execute("SELECT xmin, id FROM grade_cells ORDER BY id", "class")

    LessonBatch(ready, LESSON, SerialPool(worker))
    first = written()
    LessonBatch(ready, LESSON, SerialPool(worker))
    assert written() == first
    shutil.copytree(small_course, tmp_path / "changed")
    path = tmp_path / "changed" / "notebooks" / LESSON / f"{LESSON}.ipynb"
    path.write_text(path.read_text().replace('"points": 1', '"points": 3'))
    exercises = tmp_path / "changed" / "lessons" / LESSON / "exercises.py"
    exercises.write_text(exercises.read_text().replace('Exercise("apply", 1,', 'Exercise("apply", 3,'))
    LessonBatch(replace(ready, root=tmp_path / "changed"), LESSON, SerialPool(worker))
    assert written() != first
    assert server.execute("SELECT max_score FROM grade_cells ORDER BY max_score", "class")[-1] == (3.0,)


def test_addresses_are_told_plainly_and_without_the_password() -> None:
    with pytest.raises(CourseError, match="not one that nbgrader understands") as wrong:
        checked_url("postgresql:secret")
    assert "secret" not in str(wrong.value)
    with pytest.raises(CourseError, match=r"does not answer") as absent:
        checked_url("postgresql://ada:secret@127.0.0.1:1/x")
    assert "secret" not in str(absent.value)
    assert "secret" not in shown_url("postgresql://ada:secret@host/x")
    assert checked_url("sqlite:///x.db") == "sqlite:///x.db"


def test_the_secret_seed_is_one(server: Server, ready: GradingCourse) -> None:
    seeds: set[int] = set()

    def draw() -> None:
        with open_store(ready.db_url) as store:
            seeds.add(store.seed(LESSON))

    threads = [threading.Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seeds) == 1
