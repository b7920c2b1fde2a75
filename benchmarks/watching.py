"""Watches the memory of a process and its children from outside."""

from __future__ import annotations

import threading
import time

import psutil

#: Seconds between two looks; each costs a few milliseconds.
INTERVAL = 0.5


class MemoryWatch:
    """Looks at the memory of a process and all that it started, until it is stopped.

    ``seen`` holds pairs: seconds from ``start`` (as ``time.perf_counter`` tells it), and MiB of all together. ``kind``
    is ``PSS``, which shares common pages out among the processes, or ``RSS``, which counts them in each.
    """

    def __init__(self, pid: int, start: float) -> None:
        self.seen: list[tuple[float, float]] = []
        self.kind = "PSS" if hasattr(psutil.Process().memory_full_info(), "pss") else "RSS"
        self._process, self._start, self._over = psutil.Process(pid), start, threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    @property
    def peak(self) -> float:
        """The most that was seen, in MiB."""
        return max((mib for _, mib in self.seen), default=float("nan"))

    def _look(self) -> None:
        while not self._over.wait(INTERVAL):
            try:
                processes = [self._process, *self._process.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            total = sum(self._memory(p) for p in processes)
            self.seen.append((time.perf_counter() - self._start, total / 2**20))

    def _memory(self, process: psutil.Process) -> int:
        """Bytes of one process; none if it has just ended. Where its shares are not told, all that it holds."""
        try:
            if self.kind == "PSS":
                return int(process.memory_full_info().pss)
        except psutil.AccessDenied:
            self.kind = "RSS for some"
        except (psutil.NoSuchProcess, OSError):
            return 0
        try:
            return int(process.memory_info().rss)
        except (psutil.Error, OSError):
            return 0
