"""Grades on a Dask cluster: the same jobs as on one machine, on workers that have this package and nothing else.

What a lesson is graded by travels to each worker once, submissions as their bytes. Jobs of a worker that is lost are
given to others by Dask.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Future
from functools import reduce
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, NoReturn, ParamSpec, TypeVar

import distributed
from distributed.scheduler import KilledWorker

from autograde.sandbox.view import DATA

from . import dask_worker
from .dask_worker import Pack
from .handed_in import SubmissionError
from .jobs import GradingProcess, Task, UnknownTaskError, read_handed_in
from .pools import PoolLostError
from .safety import Safety, UnsafeMachineError

P = ParamSpec("P")
T = TypeVar("T")

#: Seconds to wait for the scheduler and for its first worker; how long a cluster may be without any worker later on.
CONNECT, FIRST_WORKER, NO_WORKER = 5.0, 5.0, 60.0
#: Seconds in which a worker has to show how it locks student code in; it starts a sandbox for that.
SAFETY = 180.0
#: Seconds between two looks at the cluster.
LOOK = 2.0


class ClusterError(Exception):
    """The cluster cannot grade; the message says why and what to do."""


class DaskPool:
    """The workers of the cluster at ``address``, as a pool; ``root`` is the checkout. Use it as a context manager.

    Raises ``ClusterError`` within seconds when there is no scheduler, no worker, or a worker with other versions.
    """

    def __init__(self, address: str, root: Path) -> None:
        self.address, self._root = address, root
        self._name = secrets.token_hex(8)
        self._data = Pack.of(root / "data" if (root / "data").is_dir() else DATA, ".")
        self._tasks: dict[str, Task] = {}
        self._packs: dict[str, Pack] = {}
        #: The workers that were looked at, and for each the tasks that it was told.
        self._workers: dict[str, set[str]] = {}
        self._question: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]] | None = None
        self._pending: dict[Future[Any], distributed.Future[Any]] = {}
        self._closed = threading.Event()
        try:
            self._client = distributed.Client(address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise ClusterError(
                f"There is no Dask scheduler at {address} ({_first_line(error)}). Start one with `dask scheduler`, and "
                f"on each machine a worker with `dask worker {address}`; the address is in the scheduler's output."
            ) from None
        try:
            self._wait_for_workers()
            self._welcome(list(self._threads()))
        except BaseException:
            self.close()
            raise
        self.jobs = max(1, sum(self._threads().values()))
        threading.Thread(target=self._watch, daemon=True).start()

    def _wait_for_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=FIRST_WORKER)
        except TimeoutError:
            raise ClusterError(
                f"The Dask cluster at {self.address} has no workers. Start one on each machine, in an environment that "
                f"has this package: dask worker {self.address}"
            ) from None

    def submit(
        self, function: Callable[Concatenate[GradingProcess, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Have a submission graded by a process of some worker. Any other function, which tells how safe it is there,
        is called on every worker, on those that come later too.

        Raises ``ClusterError`` or ``UnsafeMachineError`` when a worker that came later does not fit.
        """
        future: Future[Any] = Future()
        try:
            if function == GradingProcess.grade:
                self._send(future, function, args)
            else:
                self._question = None
                present = self._present()
                # A task comes later: what a lesson is graded by is sent with its first submission.
                self._question = (function, args, {name: value for name, value in kwargs.items() if name != "task"})
                future.set_result(self._find_safety(present) or self._raise_lost())
        except (ClusterError, UnsafeMachineError, PoolLostError):
            raise
        except Exception as error:
            future.set_exception(error)
        return future

    def _send(self, future: Future[Any], function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        """Send a job that grades: its arguments are those of ``GradingProcess.grade``."""
        name, task, submitted, note = args
        if task is not None:
            self._teach(task)
        if name not in self._tasks:
            raise UnknownTaskError(name)
        if isinstance(submitted, Path):
            try:
                submitted = read_handed_in(submitted, self._tasks[name])
            except SubmissionError as error:
                submitted, note = None, str(error)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that a submission is large
            job = self._client.submit(
                dask_worker.call, self._name, function, (name, None, submitted, note), {}, pure=False
            )
        self._pending[future] = job
        job.add_done_callback(lambda done: self._settle(future, done, name))

    def _settle(self, future: Future[Any], job: distributed.Future[Any], name: str) -> None:
        """Hand on what became of a job."""
        if self._pending.pop(future, None) is None:
            return
        try:
            result = job.result()
        except KilledWorker as error:
            future.set_exception(BrokenExecutor(f"workers died of it: {error}"))
        except (CancelledError, asyncio.CancelledError):
            future.set_exception(self._lost())
        except UnknownTaskError as error:
            # That worker came later, or came again under its old address.
            self._workers.pop(str(error.args[-1]), None)
            future.set_exception(error)
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)
        with contextlib.suppress(Exception):
            job.release()

    def _teach(self, task: Task) -> None:
        """Tell every worker the task that was not told it."""
        if task.name not in self._tasks:
            self._tasks[task.name] = task
            self._packs[task.name] = Pack.of(task.root, f"lessons/{task.lesson}", f"notebooks/{task.lesson}")
        pupils = [w for w in self._present() if task.name not in self._workers[w]]
        for worker in self._run(dask_worker.learn, self._name, task, self._packs[task.name], workers=pupils):
            if worker in self._workers:
                self._workers[worker].add(task.name)

    def _present(self) -> list[str]:
        """The workers that are there now, each of them looked at."""
        present = self._threads()
        for gone in set(self._workers) - set(present):
            self._workers.pop(gone, None)
        self._welcome([w for w in present if w not in self._workers])
        return [w for w in present if w in self._workers]

    def _welcome(self, workers: list[str]) -> None:
        """Look at workers that may be new, and send the data to those that are."""
        ours = dask_worker.versions()
        for worker, theirs in self._run(dask_worker.versions, workers=workers).items():
            other = [
                f"{name} {theirs.get(name)} (here {ours[name]})" for name in ours if theirs.get(name) != ours[name]
            ]
            if other:
                raise ClusterError(
                    f"The worker {worker} has {', '.join(other)}. Marks must not depend on the machine: install there "
                    "what is installed here (requirements.lock and this package), and start the worker again."
                )
        known = self._run(dask_worker.known, self._name, workers=workers)
        self._workers.update({w: tasks for w, tasks in known.items() if tasks is not None})
        new = list(self._run(dask_worker.begin, self._name, self._data, workers=[w for w in known if known[w] is None]))
        self._workers.update({w: set() for w in new})
        if self._question is not None:
            self._find_safety(new)

    def _run(self, function: Callable[..., Any], *args: Any, workers: list[str]) -> dict[str, Any]:
        """Call a function on these workers; those that are gone meanwhile are left out."""
        if not workers:
            return {}
        answers = self._client.run(function, *args, workers=workers, on_error="return")
        for worker, answer in answers.items():
            if isinstance(answer, ImportError | AttributeError):
                raise ClusterError(
                    f"The worker {worker} cannot grade ({type(answer).__name__}: {_first_line(answer)}). Install this "
                    "package there, in the version that is installed here, and start the worker again."
                )
            if isinstance(answer, Exception) and not isinstance(answer, OSError | UnknownTaskError):
                raise ClusterError(f"The worker {worker} failed ({type(answer).__name__}: {_first_line(answer)}).")
        return {w: a for w, a in answers.items() if not isinstance(a, Exception)}

    def _find_safety(self, workers: list[str]) -> Safety | None:
        """The walls that stand on all of these workers. ``UnsafeMachineError`` when those are too few on any."""
        assert self._question is not None
        how = (dask_worker.call, self._name, *self._question)
        jobs = {w: self._client.submit(*how, pure=False, workers=[w], allow_other_workers=False) for w in workers}
        found = []
        for worker, job in jobs.items():
            try:
                found.append(self._answer(worker, job))
            except UnsafeMachineError as error:
                raise UnsafeMachineError(f"The worker {worker}: {error}") from None
            except (TimeoutError, KilledWorker, BrokenExecutor) as error:
                if worker in self._threads():
                    raise ClusterError(f"The worker {worker} starts no sandbox ({_first_line(error)}).") from None
                self._workers.pop(worker, None)
        return reduce(_weaker, found) if found else None

    def _answer(self, worker: str, job: distributed.Future[Any]) -> Any:
        """What became of a job of this worker's own. ``TimeoutError`` when it is gone, or too slow."""
        end = time.monotonic() + SAFETY
        while True:
            try:
                return job.result(timeout=LOOK)
            except TimeoutError:
                if time.monotonic() > end or worker not in self._threads():
                    raise

    def _threads(self) -> dict[str, int]:
        """The number of threads of each worker that is there now."""
        return dict(self._client.nthreads())

    def _watch(self) -> None:
        """Keep ``jobs`` up to date, and give up when nobody is left to work."""
        seen = time.monotonic()
        while not self._closed.wait(LOOK):
            try:
                threads = sum(self._threads().values())
            except Exception:  # the scheduler does not answer
                threads = 0
            if threads:
                self.jobs, seen = threads, time.monotonic()
            elif time.monotonic() - seen > NO_WORKER or self._client.status == "closed":
                for future in list(self._pending):
                    if self._pending.pop(future, None) is not None:
                        future.set_exception(self._lost())

    def _raise_lost(self) -> NoReturn:
        raise self._lost()

    def _lost(self) -> PoolLostError:
        return PoolLostError(
            f"The Dask cluster at {self.address} is gone or has no workers left. What was finished is kept. Start it "
            "again, then run the same command: it goes on where it stopped."
        )

    def __enter__(self) -> DaskPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Have the workers forget this grader, and leave the cluster."""
        self._closed.set()
        self._pending.clear()
        with contextlib.suppress(Exception):
            if self._workers:
                self._client.run(dask_worker.end, self._name, on_error="ignore")
        self._client.close(timeout=CONNECT)


def _weaker(one: Safety, other: Safety) -> Safety:
    return Safety(one.level & other.level, {**one.missing, **other.missing})


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
