"""The same marks from a Dask cluster, whatever becomes of its workers."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from nbformat import NotebookNode

from autograde.grading.batch import GradingStoppedError, LessonBatch, Result
from autograde.grading.course import GradingCourse
from autograde.grading.gradebook import marks
from autograde.grading.jobs import GradingProcess
from autograde.grading.judging import KILLED
from autograde.grading.pools import SerialPool
from autograde.grading.safety import Safety, UnsafeMachineError
from autograde.sandbox.lockdown import Level
from autograde.sandbox.worker import Worker

from .conftest import LESSON, REPOSITORY, RIGHT

distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed: pip install '.[cluster]'")

from autograde.grading import dask_worker  # noqa: E402
from autograde.grading.dask_pool import ClusterError, DaskPool  # noqa: E402

pytestmark = pytest.mark.xdist_group("batch")
Answered = Callable[..., NotebookNode]
Submit = Callable[..., Path]
WRONG = "def double(z):\n    return z * z"
LOADS = "from coursekit.datasets import load_wine\ndef double(z):\n    return 2.0 * z * (len(load_wine().y) == 178)"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers, processes of their own, and their nannies."""
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0", "scheduler_port": 0}
    with distributed.LocalCluster(**options, silence_logs=50) as made:
        yield made


@pytest.fixture(scope="module")
def pool(cluster: Any, small_course: Path) -> Iterator[DaskPool]:
    with DaskPool(cluster.scheduler_address, small_course) as made:
        yield made


@pytest.fixture
def class_of(answered: Answered, submit: Submit) -> Callable[[int], list[str]]:
    """So many students: wrong and right ones in turns, one file that is no notebook, one that reads data."""

    def hand_in(count: int) -> list[str]:
        names = [f"student-{k:02}" for k in range(count)]
        for k, name in enumerate(names):
            submit(name, b"no notebook" if k == 1 else answered(double=(LOADS, RIGHT["double"], WRONG)[k % 3]))
        return names

    return hand_in


def notebooks(course: GradingCourse) -> dict[str, bytes]:
    return {p.parent.parent.name: p.read_bytes() for p in sorted(course.autograded.glob(f"*/{LESSON}/*.ipynb"))}


def dask_workers(cluster: Any) -> dict[str, int]:
    """The process of each worker by its address."""
    return {str(w.worker_address): w.process.process.pid for w in cluster.workers.values()}


def test_a_cluster_gives_the_marks_of_one_process(
    course: GradingCourse, class_of: Callable[[int], list[str]], pool: DaskPool, worker: Worker
) -> None:
    names = class_of(6)
    target = course.submitted / "student-05" / LESSON / f"{LESSON}.ipynb"
    (course.submitted / "student-06" / LESSON).mkdir(parents=True)
    os.link(course.release_folder(LESSON) / f"{LESSON}.ipynb", course.submitted / "student-06" / LESSON / target.name)
    one = LessonBatch(course, LESSON, SerialPool(worker))
    list(one.run(one.todo()))
    expected, books = marks(course.db_url, LESSON), notebooks(course)
    assert [m.score for m in expected] == [5.0, 0.0, 1.0, 5.0, 5.0, 1.0, 0.0]
    assert b"hard link" in books["student-06"]
    assert pool.jobs == 2
    two = LessonBatch(course, LESSON, pool)
    results = list(two.run(two.todo(force=True)))
    assert sorted(r.submission.student for r in results) == [*names, "student-06"]
    assert marks(course.db_url, LESSON) == expected
    assert notebooks(course) == books


def test_the_jobs_of_a_worker_that_is_killed_are_done_elsewhere(
    course: GradingCourse, class_of: Callable[[int], list[str]], pool: DaskPool, cluster: Any, worker: Worker
) -> None:
    names = class_of(14)
    batch = LessonBatch(course, LESSON, pool)
    results: list[Result] = []
    for result in batch.run(batch.todo()):
        results.append(result)
        if len(results) == 3:
            victim = next(iter(dask_workers(cluster).values()))
            children = psutil.Process(victim).children(recursive=True)
            assert any("autograde.sandbox.warm" in p.cmdline() for p in children)
            os.kill(victim, signal.SIGKILL)
    assert sorted(r.submission.student for r in results) == names
    assert not [r for r in results if r.problem]
    wait_until(lambda: not [p for p in children if p.is_running() and p.status() != psutil.STATUS_ZOMBIE])
    after = marks(course.db_url, LESSON), notebooks(course)
    one = LessonBatch(course, LESSON, SerialPool(worker))
    assert one.todo() == []
    list(one.run(one.todo(force=True)))
    assert (marks(course.db_url, LESSON), notebooks(course)) == after


def test_what_a_lesson_needs_is_sent_once_to_each_worker(
    course: GradingCourse, class_of: Callable[[int], list[str]], pool: DaskPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class_of(8)
    wait_until(lambda: pool.jobs == 2)
    taught: list[str] = []
    run = DaskPool._run

    def count(self: DaskPool, function: Any, *args: Any, workers: list[str]) -> Any:
        taught.extend(workers if function is dask_worker.learn else [])
        return run(self, function, *args, workers=workers)

    monkeypatch.setattr(DaskPool, "_run", count)
    batch = LessonBatch(course, LESSON, pool)
    assert len(list(batch.run(batch.todo()))) == 8
    assert sorted(taught) == sorted(pool._threads())


def dies(process: GradingProcess, *arguments: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


class Poisoned(DaskPool):
    """One submission kills the process that grades it."""

    victim = b"poison"

    def _send(self, future: Any, function: Any, args: Any) -> None:
        poison = args[2].read_bytes() == self.victim
        super()._send(future, dies if poison else function, args)


def test_one_submission_that_kills_its_process_stops_no_other(
    course: GradingCourse,
    class_of: Callable[[int], list[str]],
    submit: Submit,
    cluster: Any,
) -> None:
    names = class_of(4)
    submit("student-02", Poisoned.victim)
    with Poisoned(cluster.scheduler_address, course.root) as pool:
        batch = LessonBatch(course, LESSON, pool)
        results = {r.submission.student: r.problem for r in batch.run(batch.todo())}
    assert results == {name: KILLED if name == "student-02" else "" for name in names}


def test_a_scheduler_that_is_not_there_is_told_within_seconds(
    small_course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograde.grading.dask_pool.CONNECT", 1.0)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{unused.getsockname()[1]}"
    start = time.monotonic()
    with pytest.raises(ClusterError, match=r"no Dask scheduler at .*dask worker"):
        DaskPool(address, small_course)
    assert time.monotonic() - start < 10


def test_a_cluster_without_workers_is_told(small_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograde.grading.dask_pool.FIRST_WORKER", 0.5)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=":0", scheduler_port=0, silence_logs=50) as empty,
        pytest.raises(ClusterError, match="has no workers"),
    ):
        DaskPool(empty.scheduler_address, small_course)


def test_a_worker_with_another_version_is_refused(
    cluster: Any, small_course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = dask_worker.versions()
    monkeypatch.setattr(dask_worker, "versions", Other(ours | {"numpy": "1.26.0"}))
    with pytest.raises(ClusterError, match=rf"has numpy {ours['numpy']} \(here 1\.26\.0\)"):
        DaskPool(cluster.scheduler_address, small_course)


class Other:
    """Other versions here; a worker that is asked tells its own."""

    def __init__(self, versions: dict[str, str]) -> None:
        self.found = versions

    def __call__(self) -> dict[str, str]:
        return self.found

    def __reduce__(self) -> Any:
        return _theirs, ()


def _theirs() -> Any:
    return dask_worker.versions


def weak(process: GradingProcess, *, allow_unsafe: bool, how: str) -> Safety:
    if not allow_unsafe:
        raise UnsafeMachineError("no wall around files")
    return Safety(Level.LIMITS, {"files": "none"})


def test_a_worker_that_cannot_lock_student_code_in_stops_it(
    pool: DaskPool, course: GradingCourse, class_of: Callable[[int], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    class_of(1)
    monkeypatch.setattr(GradingProcess, "safety", weak)
    with pytest.raises(UnsafeMachineError, match=r"The worker tcp://.*no wall around files"):
        LessonBatch(course, LESSON, pool)
    assert LessonBatch(course, LESSON, pool, allow_unsafe=True).safety.level == Level.LIMITS


def test_the_command_sends_its_jobs_to_the_cluster(
    cluster: Any, course: GradingCourse, class_of: Callable[[int], list[str]]
) -> None:
    class_of(3)
    command = [sys.executable, "-m", "autograde", "grade", LESSON, "--folder", str(course.folder)]
    command += ["--dask", cluster.scheduler_address, "--no-feedback", "--json"]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, cwd=course.root, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert [m.score for m in marks(course.db_url, LESSON)] == [5.0, 0.0, 1.0]


def test_workers_keep_nothing_of_a_grader_that_has_gone(cluster: Any, small_course: Path) -> None:
    with DaskPool(cluster.scheduler_address, small_course) as made:
        made.submit(GradingProcess.safety, allow_unsafe=True, how="").result()
        with distributed.Client(cluster, set_as_default=False) as client:
            assert all(made._name in places for places in client.run(known_graders).values())
    with distributed.Client(cluster, set_as_default=False) as client:
        assert not any(made._name in places for places in client.run(known_graders).values())


def known_graders() -> list[str]:

    return list(dask_worker._places)


def test_an_installed_package_finds_the_data_that_came_along(tmp_path: Path) -> None:
    """As on a worker: installed from a wheel, no checkout at hand, the data in a folder for temporary files."""
    python = install_without_a_checkout(tmp_path)
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(REPOSITORY / "data" / "wine.csv", data)
    code = (
        "import sys\nfrom pathlib import Path\n"
        "import autograde\nfrom autograde.sandbox.worker import Worker\n"
        "assert Path(autograde.__file__).is_relative_to(sys.prefix)\n"
        "cell = 'from coursekit.datasets import load_wine\\n'\n"
        "cell += 'assert load_wine().X.shape == (178, 13)'\n"
        "with Worker(data=Path(sys.argv[1])) as worker:\n"
        "    for data in (True, False):\n"
        "        with worker.session(data=data) as session:\n"
        "            seen = session.run_cell(cell)\n"
        "            print(seen.stopped or (seen.raised.type_name if seen.raised else 'found'))\n"
        "with Worker() as worker, worker.session() as session:\n"
        "    print(session.run_cell(cell).raised.type_name)\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [python, "-c", code, str(data)], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    hidden = "FileNotFoundError" if sys.platform == "linux" else "found"
    assert done.stdout.split() == ["found", hidden, "FileNotFoundError"]


def test_data_in_a_temporary_folder_leave_the_session_its_own(tmp_path: Path, worker: Worker) -> None:
    shutil.copy(REPOSITORY / "data" / "wine.csv", tmp_path)
    cell = "open('/tmp/mine', 'w').close()"
    with worker.session() as plain, Worker(data=tmp_path) as other, other.session() as session:
        assert session.run_cell(cell).raised == plain.run_cell(cell).raised
        assert session.level == plain.level


def install_without_a_checkout(folder: Path) -> Path:
    """An environment with this package from a wheel, and what it needs from the environment of the tests."""
    source, environment = folder / "source", folder / "environment"
    source.mkdir()
    for name in ("autograde", "coursekit"):
        shutil.copytree(REPOSITORY / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, source)
    venv.create(environment, with_pip=False)
    (site,) = environment.glob("lib/python3*/site-packages")
    (site / "the_others.pth").write_text("\n".join(p for p in sys.path if p.endswith("-packages")))
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--target", str(site), str(source)], check=True, capture_output=True, timeout=300)
    shutil.rmtree(source)
    return environment / "bin" / "python"


def test_at_last_a_cluster_that_goes_away_stops_the_batch(
    cluster: Any, course: GradingCourse, class_of: Callable[[int], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograde.grading.dask_pool.NO_WORKER", 1.0)
    monkeypatch.setattr("autograde.grading.dask_pool.LOOK", 0.2)
    class_of(6)
    with DaskPool(cluster.scheduler_address, course.root) as pool:
        batch = LessonBatch(course, LESSON, pool)
        done = batch.run(batch.todo())
        next(done)
        cluster.scale(0)
        with pytest.raises(GradingStoppedError, match=r"goes on where it stopped"):
            list(done)
    assert len(batch.todo()) + len(marks(course.db_url, LESSON)) == 6


def wait_until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)
