"""What a worker of a Dask cluster does for a grader elsewhere: it keeps grading processes and what they need.

The grader's course comes along as packed files, which are laid into a private folder of the worker's; nothing else of
the course has to be there. Everything goes when the grader says so, when it was not heard of for a while, or with the
worker's process.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import multiprocessing
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from distributed import get_worker

import autograde
import coursekit
from autograde.judge.files import sha256

from .jobs import Task, UnknownTaskError
from .pools import LocalPool

#: After how many seconds without a job the grader is taken for dead.
FORGOTTEN = 900.0
#: Packages of which another version could give another mark.
_SAME = ("numpy", "nbgrader")


@dataclass(frozen=True)
class Pack:
    """Files by their paths in a folder, and the SHA-256 of all of them, by which they are known."""

    files: Mapping[str, bytes] = field(repr=False)
    digest: str

    @classmethod
    def of(cls, root: Path, *folders: str) -> Pack:
        """The plain files at the top of these folders of ``root``."""
        paths = sorted(p for f in folders for p in (root / f).glob("*") if p.is_file() and not p.is_symlink())
        files = {p.relative_to(root).as_posix(): p.read_bytes() for p in paths}
        sums = "".join(f"{name} {sha256(raw)}\n" for name, raw in files.items())
        return cls(files, sha256(sums.encode()))

    def unpack(self, folder: Path) -> Path:
        """Lay the files into a folder of this name in ``folder``, unless they are there."""
        place = folder / self.digest
        if not place.is_dir():
            with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as half:
                partial = Path(half, "files")
                partial.mkdir()
                for name, raw in self.files.items():
                    path = partial / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(raw)
                for path in (partial, *partial.rglob("*")):
                    path.chmod(0o755 if path.is_dir() else 0o644)
                with contextlib.suppress(OSError):  # another thread was faster
                    partial.rename(place)
        return place


@cache
def versions() -> dict[str, str]:
    """What has to be the same on all machines for the marks to be the same."""
    found = {"Python": ".".join(map(str, sys.version_info[:2]))}
    found |= {name: importlib.metadata.version(name) for name in _SAME}
    content = hashlib.sha256()
    for package in (autograde, coursekit):
        folder = Path(str(package.__file__)).parent
        for path in sorted(folder.rglob("*.py")):
            content.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    found["improving-deep-networks"] = f"{autograde.__version__} (files {content.hexdigest()[:8]})"
    return found


class _Place:
    """The grading processes of one grader on this worker, as many as the worker has threads."""

    def __init__(self, jobs: int, data: Pack, scratch: Path) -> None:
        # A session that becomes another user passes through these folders; it does not look into them.
        scratch.chmod(0o711)
        self.folder = Path(tempfile.mkdtemp(prefix="autograde-", dir=scratch))
        self.folder.chmod(0o711)
        # Dask makes its workers daemons, which may have no children. Ours end with the worker by themselves.
        multiprocessing.current_process().daemon = False
        self.pool = LocalPool(jobs, data=data.unpack(self.folder), folder=self.folder)
        self.tasks: dict[str, Task] = {}
        self.lock = threading.Lock()
        self.running = 0

    def learn(self, task: Task, lesson: Pack) -> None:
        root = lesson.unpack(self.folder)
        root.chmod(0o700)
        self.tasks[task.name] = replace(task, root=root, folder=self.folder)

    def call(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        with self.lock:  # it may have to replace a dead process
            future: Future[Any] = self.pool.submit(function, *args, **kwargs)
        return future.result()

    def close(self) -> None:
        self.pool.close(at_once=self.running > 0)
        shutil.rmtree(self.folder, ignore_errors=True)


_places: dict[str, _Place] = {}
_timers: dict[str, threading.Timer] = {}
_lock = threading.Lock()


def begin(grader: str, data: Pack, dask_worker: Any) -> None:
    """Make room for a grader; Dask gives the worker itself as ``dask_worker``."""
    with _lock:
        if grader not in _places:
            jobs = dask_worker.state.nthreads
            _places[grader] = _Place(jobs, data, Path(dask_worker.local_directory))
        _expect(grader)


def known(grader: str) -> set[str] | None:
    """The names of the tasks that the worker knows of a grader; None when there is no room for it here yet."""
    place = _places.get(grader)
    return None if place is None else set(place.tasks)


def learn(grader: str, task: Task, lesson: Pack) -> None:
    """Remember how a lesson is graded. ``UnknownTaskError`` when there is no room for the grader here."""
    _place(grader).learn(task, lesson)


def call(grader: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """Have a function called in a grading process, which is told the task that it asks for.

    ``UnknownTaskError``, with the worker's address, when the worker does not know it either.
    """
    try:
        return _call(_place(grader), grader, function, args, kwargs)
    except UnknownTaskError as error:
        raise UnknownTaskError(*error.args, get_worker().address) from None


def _call(
    place: _Place, grader: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Any:
    with _lock:
        place.running += 1
    try:
        try:
            return place.call(function, args, kwargs)
        except UnknownTaskError:
            name, _, *rest = args
            if name not in place.tasks:
                raise
            return place.call(function, (name, place.tasks[name], *rest), kwargs)
    finally:
        with _lock:
            place.running -= 1
            _expect(grader)


def end(grader: str) -> None:
    """Let go of all that was made for a grader."""
    with _lock:
        place, timer = _places.pop(grader, None), _timers.pop(grader, None)
    if timer:
        timer.cancel()
    if place:  # not in the thread that answers the scheduler
        threading.Thread(target=place.close).start()


def _place(grader: str) -> _Place:
    try:
        return _places[grader]
    except KeyError:
        raise UnknownTaskError(f"no grader {grader}") from None


def _expect(grader: str) -> None:
    """Wait for the grader's next job from now on; after ``FORGOTTEN`` seconds it is over."""
    if grader in _timers:
        _timers.pop(grader).cancel()
    if grader in _places:
        _timers[grader] = timer = threading.Timer(FORGOTTEN, _end_if_idle, (grader,))
        timer.daemon = True
        timer.start()


def _end_if_idle(grader: str) -> None:
    with _lock:
        place = _places.get(grader)
        if place and place.running:
            return _expect(grader)
    end(grader)
    return None
