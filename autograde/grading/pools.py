"""Where submissions are graded: in this process, or in several grading processes on this machine.

A pool takes a function of a ``GradingProcess`` and its arguments and gives back a future. A process that dies takes the
futures with it that were waiting for it, and no more: they raise ``BrokenExecutor``, and the pool starts others.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.util import Finalize
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:  # a pool is there, and its processes are on their way, before all this is imported here
    from autograde.sandbox.worker import Worker

    from .jobs import GradingProcess

P = ParamSpec("P")
T = TypeVar("T")


class Pool(Protocol):
    """What a batch asks of a pool. ``jobs`` is how many submissions are graded at a time."""

    jobs: int

    def submit(
        self, function: Callable[Concatenate[GradingProcess, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Have ``function(process, *args)`` called in a grading process."""


class PoolLostError(Exception):
    """The pool cannot grade any more, with nothing to be expected of trying again; the message says what to do."""


class SerialPool:
    """Grades in this process, with the given worker, one submission at a time."""

    jobs = 1

    def __init__(self, worker: Worker) -> None:
        from .jobs import GradingProcess

        self._process = GradingProcess(worker)

    def submit(
        self, function: Callable[Concatenate[GradingProcess, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Call it now."""
        future: Future[T] = Future()
        try:
            future.set_result(function(self._process, *args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class LocalPool:
    """``jobs`` grading processes on this machine, each with a warm sandbox; as many as there are cores when None.

    Use it as a context manager. The processes are forked from a server of their own; the first is on its way at once,
    the others when they are needed. ``data`` is the folder with the course's data sets, where it does not lie beside
    the packages; ``folder`` the one for temporary files.
    """

    def __init__(self, jobs: int | None = None, *, data: Path | None = None, folder: Path | None = None) -> None:
        self.jobs = usable_cores() if jobs is None else jobs
        if self.jobs < 1:
            raise ValueError(f"the number of jobs must be at least 1, got {jobs}")
        # All that grading processes and their sandboxes put into temporary files goes when this one goes.
        self._folder = tempfile.mkdtemp(prefix="autograde-pool-", dir=folder)
        os.chmod(self._folder, 0o711)  # noqa: PTH101 - a session that becomes another user passes through it
        self._data = data
        self._context = multiprocessing.get_context("forkserver")
        # Only what a process needs to start its sandbox: the rest is imported while that gets warm.
        self._context.set_forkserver_preload([f"{__package__}.fast_start", "autograde.sandbox.worker"])
        self._executor = self._new_executor()
        # In a thread: the server has to start first.
        self._start = threading.Thread(target=self.submit, args=(_nothing,), daemon=True)
        self._start.start()

    def _new_executor(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.jobs, self._context, _begin, (self._folder, self._data))

    def submit(
        self, function: Callable[Concatenate[GradingProcess, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Have it called in one of the processes, after starting them where they are not, or not any more."""
        try:
            return self._executor.submit(_call, function, args, kwargs)
        except BrokenProcessPool:
            self._executor.shutdown(wait=True)
            self._executor = self._new_executor()
            return self._executor.submit(_call, function, args, kwargs)

    def __enter__(self) -> LocalPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close(at_once=kind is not None)

    def close(self, *, at_once: bool = False) -> None:
        """End the processes; ``at_once`` in the middle of what they are doing."""
        self._start.join()
        if at_once:
            for process in multiprocessing.active_children():
                process.terminate()
        self._executor.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(self._folder, ignore_errors=True)


def usable_cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_process: GradingProcess | None = None


def _begin(folder: str, data: Path | None) -> None:
    """Become a grading process: get a warm sandbox, and end when the parent does."""
    from autograde.sandbox.view import DATA_VARIABLE
    from autograde.sandbox.worker import Worker

    global _process
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is the parent's to handle
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    tempfile.tempdir = folder
    if data is not None:
        os.environ[DATA_VARIABLE] = str(data)
    worker = Worker(data=data)
    Finalize(worker, worker.close, exitpriority=10)
    worker.start()
    from .jobs import GradingProcess

    _process = GradingProcess(worker)


def _nothing(process: GradingProcess) -> None:
    """What has a process started before there is work."""


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _call(function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
    assert _process is not None
    return function(_process, *args, **kwargs)
