"""What answers the grader from inside a session: runs cells and calls, and reports plain values.

Student code shares this process, so nothing said here is trusted; an answer only has to be honest for honest code.
It runs after ``lockdown.lock_in`` and ends with the socket.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograde.check import codec
from autograde.check.cases import Call, Observation, Outcome, Raised, describe_error, run_case
from autograde.check.serial import calls_from_plain, observation_to_plain

from .limits import Limits
from .lockdown import Reserve
from .messages import Channel, ChannelError
from .shell import Shell, Transcript, cell_budget

#: The grader's requests are trusted; only their own caps (``source_bytes``, the cases) bound them.
REQUEST_BYTES = 2 * codec.MAX_BYTES


def serve(channel: Channel, shell: Shell, limits: Limits, folder: Path) -> None:
    """Answer requests until the grader closes its end; ``folder`` is where files are put."""
    # Taken now, before any student code can put others in their place.
    getpid, end, dumps, loads = os.getpid, os._exit, codec.dumps, codec.loads
    me = getpid()
    # A child that student code forks must not keep the channel open after the session is dead.
    os.register_at_fork(after_in_child=channel.close)
    reserve = Reserve()
    cells = _Cells(shell, limits, reserve, folder)
    while True:
        try:
            request = loads(channel.receive(REQUEST_BYTES))
            more = b"" if request["do"] == "cell" else channel.receive(REQUEST_BYTES)
        except ChannelError:
            return
        reserve.keep()
        try:
            if request["do"] == "cell":
                body = cells.run(request["source"])
            elif request["do"] == "put":
                (folder / request["name"]).write_bytes(more)
                body = {}
            else:
                seen = run_calls(calls_from_plain(loads(more)), shell.user_ns)
                full = _full(folder, seen.outcomes[-1].raised) if seen.outcomes else ""
                body = {"seen": observation_to_plain(seen), "full": full}
            reserve.use()
            reply = dumps({"number": request["number"], **body}, strict=False)
            if request["do"] == "calls" and len(reply) > limits.reply_bytes:
                raise TooLargeError
        except BaseException as error:
            reserve.use()
            reply = dumps({"number": request["number"], **_no_answer(error)})
        if getpid() != me:
            end(0)
        channel.send(reply)


def run_calls(calls: tuple[Call, ...], namespace: dict[str, Any]) -> Observation:
    """Run a case in the user's namespace. ``sys.exit`` and its like count as errors of the call that made them."""
    seen = run_case(calls, namespace, _contained)
    return replace(seen, outcomes=tuple(replace(o, raised=_printable(o.raised)) for o in seen.outcomes))


def _contained(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with exceptions that ``except Exception`` lets through turned into ones that it catches."""

    def contained(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except Exception:
            raise
        except BaseException as error:
            # The same name, so that the feedback says "it raised SystemExit".
            substitute = type(type(error).__name__, (Exception,), {})
            raise substitute(*error.args[:1]).with_traceback(error.__traceback__) from None

    return contained


class TooLargeError(Exception):
    """The values of a call do not fit into a reply."""


def _no_answer(error: BaseException) -> dict[str, Any]:
    """What to report, of a cell or of calls, when the outcome itself could not be put into a reply."""
    if isinstance(error, MemoryError):
        raised = Raised("MemoryError", ("MemoryError", "Exception", "BaseException", "object"), "")
        seen = observation_to_plain(Observation((Outcome(raised=raised),)))
        return {"seen": seen, "full": "", "outputs": [], "cut": "", "raised": _to_plain(raised)}
    stopped = "too_large_result" if isinstance(error, TooLargeError) else "garbled"
    return {"seen": observation_to_plain(Observation(stopped=stopped)), "full": ""}


def _full(folder: Path, raised: Raised | None) -> str:
    """What the folder has no room for, when that may be what was raised; there may be room again."""
    if raised is None or "OSError" not in raised.bases:
        return ""
    try:
        room = os.statvfs(folder)
    except OSError:
        return ""
    return "files" if room.f_files and not room.f_ffree else "bytes" if not room.f_bavail else ""


class _Cells:
    """Runs cells and keeps the account of what the session has shown."""

    def __init__(self, shell: Shell, limits: Limits, reserve: Reserve, folder: Path) -> None:
        self.shell, self.limits, self.reserve, self.folder = shell, limits, reserve, folder
        self.run_cell: Callable[..., Any] = shell.run_cell
        self.transcript: Transcript = shell.transcript
        self.shown = 0

    def run(self, source: str) -> dict[str, Any]:
        """The reply to a request to run one cell."""
        self.transcript.start(cell_budget(self.limits, self.shown), self.limits.cell_outputs)
        try:
            result = self.run_cell(source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
        except BaseException as unexpected:
            error = unexpected
        self.reserve.use()
        self.shown += self.transcript.used
        outputs = self.transcript.finish()
        raised = None if error is None else _raised(error)
        full = _full(self.folder, raised)
        plain = None if raised is None else _to_plain(raised)
        return {"outputs": outputs, "cut": self.transcript.cut, "raised": plain, "full": full}


def _printable(raised: Raised | None) -> Raised | None:
    """The exception with lone surrogates replaced, which the codec refuses and file names may bring along."""
    if raised is None:
        return None
    clean = [t.encode("utf-8", "replace").decode("utf-8") for t in (raised.type_name, raised.message, raised.line)]
    return Raised(clean[0], raised.bases, clean[1], clean[2])


def _raised(error: BaseException) -> Raised:
    raised = describe_error(error)
    if isinstance(error, SyntaxError):
        line = str(error.text or "").strip()
        raised = replace(raised, message=f"{error.msg} (line {error.lineno})"[:500], line=line[:200])
    printable = _printable(raised)
    assert printable is not None
    return printable


def _to_plain(raised: Raised) -> dict[str, Any]:
    return {"type_name": raised.type_name, "bases": raised.bases, "message": raised.message, "line": raised.line}
