"""The warm process: imports once what lessons need, then forks a child for every session that the grader asks for.

Run as ``python -P -m autograde.sandbox.warm FD WITHOUT`` with a scrubbed environment; ``FD`` is one end of a socket
pair, ``WITHOUT`` the walls to leave out, as a number (0: none). It sees no more files than its children will.
It holds no reference, no hidden case and no expected value: what a child inherits, the student may read.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pkgutil
import random
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from autograde.check import codec

from .limits import Limits
from .lockdown import Ground, Level, adopt_orphans, children, count_threads_of_user, die_with_parent, lock_in, prepare
from .messages import Channel, ChannelError
from .probe import serve
from .shell import Shell, make_shell, set_figures

_REQUEST_BYTES = 2**16
#: Imported so that no session pays for it.
_PRELOAD = (
    "autograde.check",
    "autograde.check.checks_file",
    "autograde.check.render",
    "csv",
    "ipywidgets",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "numpy.fft",
    "numpy.linalg",
    "numpy.polynomial",
    "numpy.random",
    "sqlite3",
    "traceback",
)
_FIRST_CELL = """
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot([1, 2], [1, 4], label="$x^2$")
axes.set(title="a title", xlabel="$x_1$", ylabel="y")
axes.legend()
plt.show()
"""


def main() -> None:
    """Get warm, tell the grader, and serve its requests until it closes the socket."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    without = Level(int(sys.argv[2]))
    sys.argv = [""]
    # A Ctrl-C is the grader's to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    adopt_orphans()
    # First of all: it asks for a process of one thread, and what is imported later comes from the view.
    ground = prepare(Path(os.environ["HOME"]), without)
    shell = _get_warm()
    ground.threads_of_user = count_threads_of_user()
    gc.collect()
    gc.freeze()
    Channel(control).send(codec.dumps({"ready": True, "threads": threading.active_count()}))
    _Forker(control, shell, ground).loop()


def _get_warm() -> Shell:
    """Import everything, and run what is slow the first time: a traceback and a figure."""
    for name in _PRELOAD:
        importlib.import_module(name)
    # A broken coursekit is told by the cells that import it, to the one who can mend it.
    with contextlib.suppress(Exception):
        package = importlib.import_module("coursekit")
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"coursekit.{module.name}")
    shell: Any = make_shell()
    for wanted in (False, True):
        set_figures(shell, wanted)
    shell.transcript.start(2**20, 100)
    for source in (_FIRST_CELL, "1 / 0", "x ="):
        shell.run_cell(source)
    shell.transcript.finish()
    # IPython's advice on sys.exit is for people at a terminal.
    warnings.filterwarnings("ignore", message="To exit: use")
    shell.reset(new_session=True)
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        if hasattr(sys, name):
            delattr(sys, name)
    assert isinstance(shell, Shell)
    return shell


class _Forker:
    """Starts and ends sessions; each answer to the grader follows its request, one at a time."""

    def __init__(self, control: socket.socket, shell: Shell, ground: Ground) -> None:
        self.control, self.channel = control, Channel(control)
        self.shell, self.ground = shell, ground
        self.sessions: set[int] = set()

    def loop(self) -> None:
        """Serve until the grader is gone; then nothing of any session stays behind."""
        try:
            while True:
                request, descriptor = self._receive()
                if request["do"] == "start" and descriptor is not None:
                    answer = self._start(request, descriptor)
                else:
                    answer = self._end(request["pid"])
                self.channel.send(codec.dumps(answer))
        except ChannelError:
            pass
        finally:
            for pid in tuple(self.sessions):
                self._end(pid)
            os._exit(0)

    def _receive(self) -> tuple[dict[str, Any], int | None]:
        """The next request and the descriptor that came with it, if any."""
        raw, descriptor = self.channel.receive_with_descriptor(_REQUEST_BYTES)
        return codec.loads(raw), descriptor

    def _start(self, request: dict[str, Any], descriptor: int) -> dict[str, Any]:
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            os.close(descriptor)
            return {"failed": f"no process could be started ({error})"}
        if pid == 0:
            try:
                self._become_session(request, descriptor, parent)
            finally:
                os._exit(1)
        os.close(descriptor)
        self.sessions.add(pid)
        return {"pid": pid}

    def _become_session(self, request: dict[str, Any], descriptor: int, parent: int) -> None:
        os.setsid()
        die_with_parent(parent)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        channel = Channel(_only_descriptor(self.control, descriptor))
        folder, limits = Path(request["folder"]), Limits(**request["limits"])
        tempfile.tempdir = None
        set_figures(self.shell, request["figures"])
        try:
            level, folder = lock_in(limits, folder, self.ground, data=request["data"])
        except (OSError, OverflowError, ValueError) as error:
            channel.send(codec.dumps({"failed": f"{type(error).__name__}: {error}"}))
            return
        # The same notebook draws the same numbers at every grading. Not before: a fork seeds ``random`` afresh.
        np.random.seed(request["seed"])
        random.seed(request["seed"])
        channel.send(codec.dumps({"number": request["number"], "level": int(level), "missing": self.ground.missing}))
        serve(channel, self.shell, limits, folder)

    def _end(self, pid: int) -> dict[str, Any]:
        """Kill a session with all that it started, and tell how its first process ended."""
        if pid not in self.sessions:
            return {"status": 0}
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(pid, signal.SIGKILL)
        # Until here nobody has waited for it, so its number cannot belong to anybody else.
        _, status = os.waitpid(pid, 0)
        self.sessions.discard(pid)
        _end_orphans(self.sessions)
        return {"status": status}


def _only_descriptor(control: socket.socket, descriptor: int) -> socket.socket:
    """Close everything but the session's socket; what C code prints to the terminal goes nowhere."""
    nothing = os.open(os.devnull, os.O_RDWR)
    control.detach()
    os.dup2(descriptor, 3)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    for inherited in [int(name) for name in os.listdir("/dev/fd")]:  # noqa: PTH208 - it lists itself, closed by now
        if inherited > 3:
            with contextlib.suppress(OSError):
                os.close(inherited)
    os.set_inheritable(3, False)
    return socket.socket(fileno=3)


def _end_orphans(sessions: set[int]) -> None:
    """Kill what sessions left behind: daemons become children of this process when their parents die."""
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        orphans = [p for p in children() if p not in sessions]
        if not orphans:
            return
        for pid in orphans:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        for pid in orphans:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        # sys.stderr is the transcript's by now.
        traceback.print_exc(file=sys.__stderr__)
        raise SystemExit(1) from None
