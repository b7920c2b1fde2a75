"""The grader's end of the sandbox: warm processes, sessions forked from them, and what comes back.

    from autograde.check.cases import Call
    from autograde.sandbox.worker import Worker

    with Worker() as worker:                               # one warm process, used for many submissions
        with worker.session() as session:                  # a fresh child: one submission, or what is left of it
            outcome = session.run_cell("def double(x):\\n    return 2 * x")
            outcome.ok, outcome.raised, outcome.outputs    # True, None, ()
            seen = session.run_calls((Call("double", (3,)),), seconds=5.0)
            seen.outcomes[0].value                         # 6

Nothing that comes back is trusted: every reply is capped in size, decoded by the codec into plain values, checked for
its form, and waited for no longer than its deadline by the grader's own clock. A session that breaks a rule is killed
with all that it started; ``session.alive`` is then False, ``session.stopped`` says why, and the caller starts another.
"""

from __future__ import annotations

import base64
import contextlib
import math
import os
import secrets
import select
import shutil
import signal
import site
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from autograde.check import codec
from autograde.check.cases import Call, Observation, Outcome, Raised, without_private
from autograde.check.codec import CodecError
from autograde.check.serial import calls_to_plain, observation_from_plain

from . import kernel, reasons
from .limits import Limits
from .lockdown import Level
from .messages import Channel, ChannelClosedError, ChannelError, DeadlineError
from .threads import ONE_THREAD
from .view import DATA_VARIABLE

#: How long the warm process may take to import everything, to start a session, and to end one.
WARM_SECONDS, START_SECONDS, END_SECONDS = 120.0, 20.0, 10.0
#: How long a session that closed its socket may take to end; many processes with much memory take their time.
_LAST_SECONDS = 2.0
_KINDS = ("stdout", "stderr", "text", "error", "png")
_CONTROL_BYTES = 2**16
#: Of so many cases it is remembered how their calls are sent; a lesson has fewer.
_REMEMBERED = 1000
#: The largest picture, in pixels, that is passed on; a small file can unpack to far more.
_MAX_PIXELS = 40_000_000
_PNG_HEAD = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


class SandboxError(Exception):
    """The sandbox itself does not work here; the message says what to do."""


@dataclass(frozen=True)
class Output:
    """One output of a cell: ``kind`` is ``stdout``, ``stderr``, ``text`` (a displayed object), ``error`` (a
    traceback) or ``png``; ``data`` is text, or the bytes of the picture. The text is a stranger's: escape it.
    """

    kind: str
    data: str | bytes


@dataclass(frozen=True)
class CellOutcome:
    """What running a cell did. ``stopped`` is None, or why the session ended: a kind of failure; ``words`` say it.

    ``cut`` says which limit kept back some of what the cell showed: that on one cell's bytes (``cell``), on the number
    of its outputs (``count``), on what all cells show (``session``), or none.
    """

    raised: Raised | None = None
    stopped: str | None = None
    outputs: tuple[Output, ...] = ()
    cut: str = ""
    words: str = ""

    @property
    def ok(self) -> bool:
        """Whether the cell ran to its end."""
        return self.raised is None and self.stopped is None


class Worker:
    """One warm process and the sessions forked from it. Use it as a context manager; it may serve many threads.

    ``data`` is the folder with the course's data sets, where it does not lie beside the packages.
    """

    def __init__(
        self, limits: Limits | None = None, *, data: Path | None = None, _without: Level = Level.PROCESS
    ) -> None:
        if os.name != "posix":
            raise SandboxError(
                "Grading needs Linux, WSL or macOS: Windows cannot fork the processes that student code runs in. "
                "Install WSL (wsl --install) and grade from there."
            )
        self.limits = limits or Limits()
        self._data, self._without = data, _without
        self.root = Path(tempfile.mkdtemp(prefix="autograde-"))
        # Others may pass, not look: a session that becomes another user has a folder of its own in it.
        self.root.chmod(0o711)
        self._lock = threading.RLock()
        self._warm: _Warm | None = None
        #: The walls around the first session; no later one is used that has fewer.
        self._level: Level | None = None
        self._cleanup = weakref.finalize(self, _remove, self.root)

    def __enter__(self) -> Worker:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        """Get the warm process going in the background, unless it is; the first session waits for it."""
        with self._lock:
            if not self._cleanup.alive:
                raise SandboxError("The worker is closed; make a new one.")
            if self._warm is None or not self._warm.running():
                self._warm = _Warm(self.root, self._data, self._without)

    def session(
        self, *, limits: Limits | None = None, figures: bool = True, data: bool = True, seed: int = 0
    ) -> Session:
        """Fork a child for one submission, with these limits or else the worker's.

        ``figures=False`` skips the rendering of figures, which is most of a lesson's time. ``data=False`` hides the
        course's data sets, where there is a wall around files. ``seed`` seeds NumPy's legacy generator and ``random``,
        so that the same notebook does the same at every grading.
        """
        with self._lock:
            for attempt in (1, 2, 3):
                self.start()
                assert self._warm is not None
                try:
                    session = self._warm.new_session(limits or self.limits, figures=figures, data=data, seed=seed)
                    return self._refuse_weaker(session)
                except ChannelError as error:
                    # An earlier submission may have killed the warm process: start another.
                    reason = f"{error}{self._warm.last_words()}"
                    self._warm.end()
                    if attempt == 3:
                        raise SandboxError(f"No session could be started: {reason}. Try: autograde doctor") from None
        raise AssertionError

    def _refuse_weaker(self, session: Session) -> Session:
        """The session, if it has all the walls that the first one had: what was promised once is kept."""
        if self._level is None:
            self._level = session.level
        lost = self._level & ~session.level
        if lost:
            session.close()
            raise ChannelClosedError(f"a session without the walls {lost.words()}: {session.missing}")
        return session

    def close(self) -> None:
        """End the warm process, every session, and remove their folder."""
        with self._lock:
            if self._warm is not None:
                self._warm.end()
                self._warm = None
            self._cleanup()


class _Warm:
    """The warm process as its parent sees it."""

    def __init__(self, root: Path, data: Path | None, without: Level) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="warm-", dir=root))
        self.root = root
        self.lock = threading.RLock()
        ours, theirs = socket.socketpair()
        self._errors = self.home / "errors.txt"
        with theirs, self._errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "autograde.sandbox.warm", str(theirs.fileno()), str(int(without))],
                cwd=self.home,
                env=_environment(self.home, data),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        self.channel = Channel(ours)
        self.ready = False

    def running(self) -> bool:
        return self.process.poll() is None

    def new_session(self, limits: Limits, *, figures: bool, data: bool, seed: int) -> Session:
        with self.lock:
            if not self.ready:
                self._receive(WARM_SECONDS)
                self.ready = True
            number = secrets.randbits(62)
            folder = Path(tempfile.mkdtemp(prefix="session-", dir=self.root))
            ours, theirs = socket.socketpair()
            request = {
                "do": "start",
                "folder": str(folder),
                "limits": limits.to_plain(),
                "figures": figures,
                "data": data,
                "seed": seed,
                "number": number,
            }
            channel, pid = Channel(ours), None
            try:
                with theirs:
                    deadline = time.monotonic() + START_SECONDS
                    self.channel.send_with_descriptor(codec.dumps(request), theirs.fileno(), deadline)
                answer = self._receive(START_SECONDS)
                _refuse_failed(answer)
                pid = answer.get("pid")
                if type(pid) is not int or pid <= 1:
                    raise ChannelClosedError("the warm process named no process")
                hello = _plain_dict(channel.receive(_CONTROL_BYTES, deadline))
                _refuse_failed(hello)
                if hello.get("number") != number or type(hello.get("level")) is not int:
                    raise ChannelClosedError("the session did not introduce itself")
                missing = hello.get("missing")
                session = Session(self, channel, pid, folder, limits, Level(hello["level"]))
                session.missing = {str(k): str(v) for k, v in missing.items()} if isinstance(missing, dict) else {}
                return session
            except BaseException as error:
                channel.close()
                _remove(folder)
                if isinstance(error, SandboxError) and type(pid) is int:
                    self.end_session(pid)
                    raise
                if not isinstance(error, Exception):
                    self.end(0.0)  # interrupted in the middle of an exchange: the next one would be out of step
                    raise
                raise ChannelClosedError(str(error)) from None

    def end_session(self, pid: int) -> int | None:
        """Have a session killed with all that it started; its wait status, None when nobody can tell."""
        with self.lock:
            try:
                self.channel.send(codec.dumps({"do": "end", "pid": pid}), deadline=time.monotonic() + END_SECONDS)
                status = self._receive(END_SECONDS).get("status")
            except (ChannelError, CodecError):
                self.end(0.0)
                return None
            except BaseException:
                self.end(0.0)
                raise
            return status if type(status) is int else None

    def end(self, grace: float = END_SECONDS) -> None:
        """Close the channel, at which the warm process kills its sessions and ends; kill it if it does not."""
        with self.lock:
            self.channel.close()
            try:
                self.process.wait(grace if self.ready else 0.0)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            _remove(self.home)

    def last_words(self) -> str:
        """The end of what the warm process complained about, for a message."""
        with contextlib.suppress(OSError):
            lines = self._errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            return f" ({lines[-1][:300]})" if lines else ""
        return ""

    def _receive(self, seconds: float) -> dict[str, Any]:
        return _plain_dict(self.channel.receive(_CONTROL_BYTES, time.monotonic() + seconds))


class Session:
    """A child in which one submission runs. Nothing of it is left after ``close``."""

    def __init__(self, warm: _Warm, channel: Channel, pid: int, folder: Path, limits: Limits, level: Level) -> None:
        self._warm, self._channel = warm, channel
        self.pid, self.folder, self.limits, self.level = pid, folder, limits, level
        #: Why the session ended, None while it has not: a kind of ``Observation.stopped``, or "closed"; and in words.
        self.stopped: str | None = None
        self.words = ""
        #: Why walls of the sandbox do not stand, by their names.
        self.missing: dict[str, str] = {}
        self._shown = 0
        self._clock: int | None = None
        self._used: float | None = None
        self._killed_before = _killed_for_memory()
        # A handle on the process itself, where there is one: its number may be another's after the warm one's death.
        self._handle: int | None = None
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                self._handle = os.pidfd_open(pid)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the session can still be asked for anything."""
        return self.stopped is None

    def run_cell(self, source: str, seconds: float | None = None) -> CellOutcome:
        """Run a code cell; by default it has ``limits.cell_seconds``."""
        if self.stopped:
            return CellOutcome(stopped=self.stopped, words=self.words)
        if len(source.encode("utf-8", "replace")) > self.limits.source_bytes:
            message = f"the cell is longer than {self.limits.source_bytes} bytes and was not run"
            return CellOutcome(raised=Raised("ValueError", ("ValueError", "Exception"), message))
        # A lone surrogate has no UTF-8; Python would refuse the cell as well.
        request = {"do": "cell", "source": source.encode("utf-8", "replace").decode("utf-8")}
        most = 6 * self.limits.cell_output_bytes + 2**16  # JSON writes a character in six bytes at most
        seconds = self.limits.cell_seconds if seconds is None else seconds
        try:
            return self._cell_outcome(self._ask(request, most, seconds))
        except _Stopped as stop:
            return CellOutcome(stopped=stop.reason, words=self.words)

    def run_calls(self, calls: tuple[Call, ...], seconds: float) -> Observation:
        """Run the calls of a case on the functions that the cells defined."""
        if self.stopped:
            return Observation(stopped=self.stopped, words=self.words)
        most, parts = self.limits.reply_bytes, codec.MAX_RESULT_NODES
        try:
            reply = self._ask({"do": "calls"}, most, seconds, parts, more=(_messages.of(calls),))
            return self._observation(calls, reply)
        except _Stopped as stop:
            return Observation(stopped=stop.reason, words=self.words)

    def processor_seconds(self) -> float | None:
        """What the process that runs the student's code has used, until it was stopped; None where nobody can tell."""
        if self.stopped is None:
            with contextlib.suppress(OSError):
                if self._clock is None:
                    self._clock = kernel.processor_clock(_innermost(self.pid, self.level))
                self._used = time.clock_gettime(self._clock)
        return self._used

    def put(self, name: str, content: bytes) -> None:
        """Write a file into the session's folder, before its first cell: later the student's code is in the way."""
        if Path(name).name != name or name in ("", ".", ".."):
            raise ValueError(f"not the name of a file: {name!r}")
        if not self.stopped:
            with contextlib.suppress(_Stopped):
                self._ask({"do": "put", "name": name}, _CONTROL_BYTES, START_SECONDS, more=(content,))

    def close(self) -> None:
        """Kill the session with all that it started, and remove its folder."""
        if self.stopped is None:
            self._end("closed")

    def _ask(
        self,
        request: dict[str, Any],
        most: int,
        seconds: float,
        parts: int = codec.MAX_NODES,
        *,
        more: tuple[bytes, ...] = (),
    ) -> dict[str, Any]:
        """Send a request and give the reply of so many bytes and parts at most to it, or end the session.

        ``more`` are messages that follow the request and belong to it.
        """
        number = secrets.randbits(62)
        deadline = time.monotonic() + seconds
        raw = codec.dumps({"number": number, **request})
        # Between requests a session has nothing to say.
        if self._channel.has_unread():
            self._stop("garbled")
        try:
            self._channel.send(raw, *more, deadline=deadline)
            reply = self._channel.receive(most, deadline)
        except DeadlineError:
            self.processor_seconds()
            self._stop("too_slow", reasons.too_slow(seconds).words)
        except ChannelClosedError:
            self._stop("crashed")
        except ChannelError:
            self._stop("garbled")
        with self._refusing():
            fields = _plain_dict(reply, parts)
            if type(fields.get("number")) is not int or fields["number"] != number:
                raise CodecError("a reply to another request")
            return fields
        raise AssertionError

    def _cell_outcome(self, fields: dict[str, Any]) -> CellOutcome:
        with self._refusing():
            items, cut = fields["outputs"], fields["cut"]
            raised = None if fields["raised"] is None else self._explained(_raised(fields["raised"]), fields)
            if not isinstance(items, list) or cut not in reasons.CUT or len(items) > self.limits.cell_outputs:
                raise CodecError("not the outputs of a cell")
            room = self.limits.session_output_bytes - self._shown
            outputs = tuple(_output(item) for item in items)
            size = sum(len(o.data if isinstance(o.data, bytes) else o.data.encode("utf-8")) for o in outputs)
            self._shown += size
            # The child keeps its own account; a dishonest one is the only way to get here.
            if size > self.limits.cell_output_bytes or self._shown > self.limits.session_output_bytes:
                raise CodecError("more output than is allowed")
            if cut == "bytes":
                cut = "cell" if room >= self.limits.cell_output_bytes else "session"
            return CellOutcome(raised, None, outputs, cut)
        raise AssertionError

    def _observation(self, calls: tuple[Call, ...], fields: dict[str, Any]) -> Observation:
        with self._refusing():
            seen = observation_from_plain(fields["seen"])
            if seen.stopped not in (None, "missing", "garbled", "too_large_result") or len(seen.outcomes) > len(calls):
                raise CodecError("not what these calls can lead to")
            words = reasons.too_large_result(self.limits).words if seen.stopped == "too_large_result" else ""
            if any(o.raised for o in seen.outcomes[:-1]):
                raise CodecError("a call after one that raised")
            outcomes = [_sober(c, o) for c, o in zip(calls, seen.outcomes, strict=False)]
            if outcomes and outcomes[-1].raised:
                outcomes[-1] = replace(outcomes[-1], raised=self._explained(outcomes[-1].raised, fields))
            return Observation(tuple(outcomes), seen.stopped, words)
        raise AssertionError

    def _explained(self, raised: Raised, fields: dict[str, Any]) -> Raised:
        """The exception with the limit that it tells of, if it does."""
        full = fields.get("full", "")
        if full not in reasons.FULL:
            raise CodecError("not what a folder is full of")
        reason = reasons.of_error(raised, self.limits, full)
        # Without an own folder in memory it is the machine's disk that is full.
        if reason is None or (reason.kind in ("folder_full", "too_many_files") and Level.FILES not in self.level):
            return raised
        return replace(raised, limit=reason.kind, words=reason.words)

    @contextlib.contextmanager
    def _refusing(self) -> Iterator[None]:
        """Whatever is malformed ends the session."""
        try:
            yield
        except (CodecError, KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
            self._stop("garbled")

    def _stop(self, kind: str, words: str = "") -> None:
        status = self._end(kind)
        if kind == "crashed":  # how it ended tells why
            out_of_memory = _killed_for_memory() > self._killed_before
            reason = reasons.of_end(status, self.limits, machine_out_of_memory=out_of_memory)
            kind, words = reason.kind, reason.words
        self.stopped, self.words = kind, words
        raise _Stopped(kind)

    def _end(self, reason: str) -> int | None:
        self.stopped = reason
        self._channel.close()
        with contextlib.suppress(OSError):
            if sys.platform == "linux" and self._handle is not None:
                if reason == "crashed":  # it is about to end by itself
                    select.select([self._handle], [], [], _LAST_SECONDS)
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
                os.close(self._handle)
                self._handle = None
            elif self._warm.running():
                os.kill(self.pid, signal.SIGKILL)
        try:
            return self._warm.end_session(self.pid)
        finally:
            _remove(self.folder)


class _Messages:
    """Calls as they are sent, remembered: the same ones are asked of every submission."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[tuple[Call, ...], bytes]] = {}

    def of(self, calls: tuple[Call, ...]) -> bytes:
        # By identity, which is safe as long as the calls are kept.
        found = self._known.get(id(calls))
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[id(calls)] = calls, codec.dumps(calls_to_plain(calls))
        return found[1]


_messages = _Messages()


class _Stopped(Exception):  # noqa: N818 - a way out, not an error
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _refuse_failed(answer: dict[str, Any]) -> None:
    if isinstance(answer.get("failed"), str):
        raise SandboxError(
            f"No session could be started: {answer['failed'][:300]}. Check its limits and the machine's."
        )


def _plain_dict(raw: bytes, parts: int = codec.MAX_NODES) -> dict[str, Any]:
    value = codec.loads(raw, values_only=True, most=parts)
    if not isinstance(value, dict):
        raise CodecError("not a message")
    return value


def _output(item: Any) -> Output:
    kind, data = item
    if kind not in _KINDS or not isinstance(data, str):
        raise CodecError("not an output")
    return _picture(data) if kind == "png" else Output(kind, data)


def _picture(data: str) -> Output:
    """The picture, if it is one and small enough to unpack; it may also be a student's honest mistake."""
    try:
        raw = base64.b64decode(data, validate=True)
        width, height = struct.unpack_from("!II", raw, len(_PNG_HEAD))
    except (ValueError, struct.error):
        return Output("text", "(a picture that cannot be read)")
    if not raw.startswith(_PNG_HEAD) or width * height > _MAX_PIXELS:
        return Output("text", f"(a picture that is not a PNG of at most {_MAX_PIXELS} pixels)")
    return Output("png", raw)


def _raised(data: Any) -> Raised:
    """An exception as the child tells it, by way of an observation, whose checks hold for it as well."""
    outcome = {"value": None, "raised": data, "changed": (), "touched_global": False, "seconds": 0.0}
    raised = observation_from_plain({"stopped": None, "outcomes": [outcome]}).outcomes[0].raised
    assert raised is not None
    return raised


def _sober(call: Call, outcome: Outcome) -> Outcome:
    """The outcome without what it has no right to say."""
    if not math.isfinite(outcome.seconds) or outcome.seconds < 0:
        raise CodecError("not a duration")
    return replace(outcome, value=None if call.keep or outcome.raised else without_private(call, outcome.value))


def _killed_for_memory() -> int:
    """How many processes this machine has killed so far because it had no memory left; 0 where it does not tell."""
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/proc/vmstat").read_text().splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0


def _innermost(pid: int, level: Level) -> int:
    """The process that runs a session's code: with own processes the only child of the session's only child.

    ``OSError`` where the system does not tell.
    """
    for _ in range(2 if Level.PIDS in level else 0):
        pid = int((Path(f"/proc/{pid}/task/{pid}/children").read_text().split() or ["0"])[0])
    return pid


def _environment(home: Path, data: Path | None) -> dict[str, str]:
    """What the warm process finds in its environment, and student code with it; nothing else of the grader's."""
    folder = str(home)
    made = {
        "HOME": folder,
        "TMPDIR": folder,
        "MPLCONFIGDIR": folder,
        "IPYTHONDIR": folder,
        "PATH": os.pathsep.join(
            dict.fromkeys([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"])
        ),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        # The order of a set of strings must not change a grade.
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        # Without it, macOS ends a forked child that touches its frameworks.
        "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",
    }
    # One thread each: a forked child has no use for threads that did not come along.
    made |= ONE_THREAD
    # Where the packages and their libraries are, if that is not where Python looks by itself.
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
        if name in os.environ:
            made[name] = os.environ[name]
    if data is not None:
        made[DATA_VARIABLE] = str(data.resolve())
    if site.ENABLE_USER_SITE:
        made["PYTHONUSERBASE"] = site.getuserbase()
    return made


def _remove(folder: Path) -> None:
    """Remove a folder, whatever is in it: unreadable or very deep folders are left to the system's ``rm``."""
    with contextlib.suppress(OSError, RecursionError):
        shutil.rmtree(folder)
    if not folder.exists():
        return
    for command in (["chmod", "-R", "u+rwX", "--", str(folder)], ["rm", "-rf", "--", str(folder)]):
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(command, timeout=60, capture_output=True, check=False)
