"""Which limit a session ran into, by how it ended or by what its code raised, and the words for it.

The grader finds the reason from what the session tells and from how its process ended. The words hold the limits in
force and nothing of the session's, so they may be shown anywhere. Points never depend on a reason: one that student
code has faked is only wrong advice to its author.
"""

from __future__ import annotations

import errno
import os
import re
import signal
from dataclasses import dataclass

from autograde.check.cases import Raised

from .limits import MIB, Limits

#: The kinds of failure that are limits, by name.
LIMITS = {
    "too_slow": "time",
    "notebook_too_slow": "time of the notebook",
    "not_run": "time of the notebook, before this cell",
    "too_much_cpu": "processor time",
    "too_much_memory": "memory",
    "too_many_processes": "processes and threads",
    "too_large_file": "size of a file",
    "folder_full": "size of all files",
    "too_many_files": "number of files",
    "too_many_open_files": "open files",
    "too_large_result": "size of a result",
}
#: The codes with which a session's process ends when its processes together held too much memory, or were too many.
OVER_MEMORY, OVER_PROCESSES = 77, 78
#: What a folder has no room for, and what a cell's outputs had none for, as the session tells it.
FULL, CUT = ("", "bytes", "files"), ("", "bytes", "count")

_ERRNO, _WRITTEN = re.compile(r"\[Errno (\d+)\]"), re.compile(r"\d+ requested and \d+ written")


@dataclass(frozen=True)
class Reason:
    """A kind of failure, and a clause that says what happened and what to do."""

    kind: str
    words: str


def too_slow(seconds: float) -> Reason:
    """A cell or a call was stopped by the clock."""
    return Reason("too_slow", f"it did not end within {seconds:g} s; look for a loop that never ends")


def exercise_too_slow(seconds: float) -> Reason:
    """The calls of an exercise were stopped by the clock."""
    return Reason(
        "too_slow",
        f"it did not come back within the time limit, {seconds:g} s for all cases of the exercise together; look for "
        "a loop that never ends, or for one that NumPy can do at once",
    )


def notebook_too_slow(limits: Limits) -> Reason:
    """A cell was stopped because the time of the whole notebook was over."""
    return Reason("notebook_too_slow", f"{_whole_notebook('used', limits)}; make the cells shorter that take long")


def not_run(limits: Limits) -> Reason:
    """A cell did not run, because the time of the whole notebook was over."""
    return Reason("not_run", f"{_whole_notebook('had used', limits)} before it; make the cells shorter that take long")


def no_time_to_run_again(limits: Limits) -> Reason:
    """The notebook could not be run again after something had ended its process."""
    return Reason(
        "notebook_too_slow",
        "your notebook had to be run again after an exercise that ended its process, and the time for that, "
        f"{limits.notebook_seconds:g} s, was over; mend that exercise first",
    )


def _whole_notebook(verb: str, limits: Limits) -> str:
    return f"your notebook as a whole {verb} its {limits.notebook_seconds:g} s"


def too_large_result(limits: Limits) -> Reason:
    """The values of a call are more than a reply may hold."""
    words = f"what it returns takes more than {_size(limits.reply_bytes)}; return what is asked for, and no more"
    return Reason("too_large_result", words)


def _too_much_memory(limits: Limits) -> Reason:
    words = (
        f"your notebook needed more than its {_size(limits.memory_bytes)} of memory; use smaller arrays, and do not "
        "keep what is no longer needed"
    )
    return Reason("too_much_memory", words)


def _too_large_file(limits: Limits) -> Reason:
    return Reason(
        "too_large_file", f"it wrote a file of more than {_size(limits.file_bytes)}; write less into one file"
    )


def of_end(status: int | None, limits: Limits, *, machine_out_of_memory: bool = False) -> Reason:
    """Why a session ended by itself: ``status`` is that of its process as wait(2) gives it, None when nobody knows.

    ``machine_out_of_memory`` says that the system killed a process meanwhile for want of memory.
    """
    if status is None:
        return Reason("crashed", "it ended the Python process")
    code = os.waitstatus_to_exitcode(status)
    if code == OVER_MEMORY:
        return _too_much_memory(limits)
    if code == OVER_PROCESSES:
        return _too_many_processes(limits)
    if code == -signal.SIGKILL and machine_out_of_memory:
        words = "the machine that grades had no memory left for your notebook; use smaller arrays"
        return Reason("too_much_memory", words)
    if code == -signal.SIGXCPU:
        words = (
            f"your notebook used its {limits.cpu_seconds} s of processor time, all processes and threads together; "
            "look for a loop that never ends"
        )
        return Reason("too_much_cpu", words)
    if code == -signal.SIGXFSZ:
        return _too_large_file(limits)
    how = f"exit code {code}" if code >= 0 else (signal.strsignal(-code) or f"signal {-code}").lower()
    return Reason("crashed", f"it ended the Python process ({how})")


def of_error(raised: Raised, limits: Limits, full: str = "") -> Reason | None:
    """The limit that an exception tells of; None if it tells of none.

    ``full`` is one of ``FULL``: what the session's folder had no room for when the exception was told.
    """
    if "MemoryError" in raised.bases:
        return _too_much_memory(limits)
    if "RuntimeError" in raised.bases and "can't start new thread" in raised.message:
        return _too_many_processes(limits)
    return _of_system_error(raised.message, limits, full) if "OSError" in raised.bases else None


def _of_system_error(message: str, limits: Limits, full: str) -> Reason | None:
    found = _ERRNO.match(message)
    number = int(found[1]) if found else 0
    if not found and _WRITTEN.search(message):  # NumPy tells how much it could write, and not why no more
        number = errno.ENOSPC if full == "bytes" else errno.EFBIG
    if number == errno.EAGAIN:
        return _too_many_processes(limits)
    if number == errno.EMFILE:
        words = (
            f"more than {limits.open_files} files were open at a time; close each after use, best of all by "
            "`with open(...)`"
        )
        return Reason("too_many_open_files", words)
    if number == errno.EFBIG:
        return _too_large_file(limits)
    return _folder_full(limits, full) if number == errno.ENOSPC else None


def _too_many_processes(limits: Limits) -> Reason:
    words = f"more than {limits.processes} processes and threads ran at a time; start fewer, and wait until they end"
    return Reason("too_many_processes", words)


def _folder_full(limits: Limits, full: str) -> Reason:
    count, size = f"{limits.folder_files} files and folders", _size(limits.folder_bytes)
    cure = "write less, and delete what is no longer needed"
    if full == "files":
        return Reason("too_many_files", f"it made more than {count}; {cure}")
    if full == "bytes":
        return Reason("folder_full", f"its files together take more than {size}; {cure}")
    return Reason("folder_full", f"its files together take more than {size}, or are more than {count}; {cure}")


def output_cut(what: str, limits: Limits) -> str:
    """A sentence for a cell of which not everything is shown; ``what`` says which limit it met."""
    if not what:
        return ""
    most = {
        "cell": f"one cell may show {_size(limits.cell_output_bytes)}",
        "count": f"one cell may show {limits.cell_outputs} outputs",
        "session": f"all cells together may show {_size(limits.session_output_bytes)}",
    }[what]
    return f"Some of what this cell showed was left out: {most}. It costs no points."


def _size(count: int) -> str:
    """A number of bytes in the largest unit in which it is at least one."""
    for unit, name in ((2**30, "GiB"), (MIB, "MiB"), (2**10, "KiB")):
        if count >= unit:
            return f"{count / unit:.4g} {name}"
    return f"{count} bytes"
