"""What a session's process does to itself before it runs a line of student code.

This is the one place for system calls of the sandbox: resource limits now, and the walls that follow (namespaces,
Landlock, a system-call filter) belong behind ``lock_in`` as well. A later ``lock_in`` may fork, as a process namespace
asks for: the caller goes on in whichever process returns, and the process it was forked as must then live exactly as
long as that one, because it is the one the grader knows and kills.
"""

from __future__ import annotations

import ctypes
import enum
import os
import signal
import sys
from pathlib import Path

from .limits import Limits

# From <linux/prctl.h>.
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


class Level(enum.IntEnum):
    """How much a session is locked in; a higher level keeps all that a lower one does."""

    #: An own process, an own folder and a scrubbed environment; no limit on memory (macOS).
    PROCESS = 0
    #: Limits on memory, files, processes and processor time as well.
    LIMITS = 1


def lock_in(limits: Limits, folder: Path, *, threads_of_user: int) -> Level:
    """Take away from this process what student code shall not have, for good; say how far that went.

    ``folder`` is the one folder that stays writable once there is a file view. ``threads_of_user`` is how many
    processes and threads the user had before, because the system counts them by user and not by session; with 0, where
    nobody knows, they stay unlimited.
    """
    import resource

    def cap(what: int, soft: int, hard: int | None = None) -> None:
        _, top = resource.getrlimit(what)
        wanted = soft if hard is None else hard
        ceiling = wanted if top == resource.RLIM_INFINITY else min(wanted, top)
        resource.setrlimit(what, (min(soft, ceiling), ceiling))

    cap(resource.RLIMIT_CORE, 0)
    cap(resource.RLIMIT_FSIZE, limits.file_bytes)
    cap(resource.RLIMIT_NOFILE, limits.open_files)
    cap(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 5)
    if threads_of_user:
        cap(resource.RLIMIT_NPROC, threads_of_user + limits.processes)
    held = _address_space()
    if held is None:
        return Level.PROCESS
    cap(resource.RLIMIT_AS, held + limits.memory_bytes)
    return Level.LIMITS


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent, ``parent``, ends (Linux; elsewhere nothing)."""
    if _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL) and os.getppid() != parent:
        os._exit(1)  # it ended before the call


def adopt_orphans() -> bool:
    """Become the parent of grandchildren that lose theirs, so that daemons can be found (Linux); whether it worked."""
    return _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def children() -> list[int]:
    """The process ids of this process's children, zombies included; empty where the system does not tell."""
    me = os.getpid()
    try:
        return [int(p) for p in Path(f"/proc/{me}/task/{me}/children").read_text().split()]
    except OSError:
        return []


def count_threads_of_user() -> int:
    """How many processes and threads this user runs now (Linux; elsewhere 0)."""
    count, me = 0, os.getuid()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid == me:
                count += len(list((process / "task").iterdir()))
        except OSError:
            continue  # it ended meanwhile
    return count


def _address_space() -> int | None:
    """Bytes of address space this process holds; None where the system does not tell (and so cannot limit it)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def _prctl(option: int, value: int) -> bool:
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    nothing = ctypes.c_ulong(0)
    return bool(libc.prctl(option, ctypes.c_ulong(value), nothing, nothing, nothing) == 0)
