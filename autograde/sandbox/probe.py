"""What answers the grader from inside a session: runs cells and calls, and reports plain values.

Student code shares this process, so nothing said here is trusted; an answer only has to be honest for honest code.
It runs after ``lockdown.lock_in`` and ends with the socket.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograde.check import codec
from autograde.check.cases import Call, Observation, Outcome, Raised, describe_error, run_case
from autograde.check.serial import calls_from_plain, observation_to_plain

from .limits import Limits
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
    cells = _Cells(shell, limits)
    while True:
        try:
            request = loads(channel.receive(REQUEST_BYTES))
        except ChannelError:
            return
        try:
            if request["do"] == "cell":
                body = cells.run(request["source"])
            elif request["do"] == "put":
                (folder / request["name"]).write_bytes(base64.b64decode(request["data"]))
                body = {}
            else:
                body = {"seen": observation_to_plain(run_calls(calls_from_plain(request["calls"]), shell.user_ns))}
            reply = dumps({"number": request["number"], **body}, strict=False)
            if request["do"] == "calls" and len(reply) > limits.reply_bytes:
                raise codec.CodecError("the values are too large")
        except BaseException as error:
            reply = dumps({"number": request["number"], "seen": observation_to_plain(_no_answer(error))})
        if getpid() != me:
            end(0)
        channel.send(reply)


def run_calls(calls: tuple[Call, ...], namespace: dict[str, Any]) -> Observation:
    """Run a case in the user's namespace. ``sys.exit`` and its like count as errors of the call that made them."""
    wanted = {c.function for c in calls}
    functions = {n: _contained(f) if callable(f) else f for n, f in namespace.items() if n in wanted}
    seen = run_case(calls, functions)
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


def _no_answer(error: BaseException) -> Observation:
    """What to report when the outcome itself could not be put into a reply."""
    if isinstance(error, MemoryError):
        raised = Raised("MemoryError", ("MemoryError", "Exception", "BaseException", "object"), "")
        return Observation((Outcome(raised=raised),))
    return Observation(stopped="garbled")


class _Cells:
    """Runs cells and keeps the account of what the session has shown."""

    def __init__(self, shell: Shell, limits: Limits) -> None:
        self.shell, self.limits = shell, limits
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
        self.shown += self.transcript.used
        outputs = self.transcript.finish()
        raised = None if error is None else _raised(error)
        return {"outputs": outputs, "cut": self.transcript.cut, "raised": raised}


def _printable(raised: Raised | None) -> Raised | None:
    """The exception with lone surrogates replaced, which the codec refuses and file names may bring along."""
    if raised is None:
        return None
    clean = [t.encode("utf-8", "replace").decode("utf-8") for t in (raised.type_name, raised.message, raised.line)]
    return Raised(clean[0], raised.bases, clean[1], clean[2])


def _raised(error: BaseException) -> dict[str, Any]:
    raised = describe_error(error)
    if isinstance(error, SyntaxError):
        line = str(error.text or "").strip()
        raised = replace(raised, message=f"{error.msg} (line {error.lineno})"[:500], line=line[:200])
    plain = _printable(raised)
    assert plain is not None
    return {"type_name": plain.type_name, "bases": plain.bases, "message": plain.message, "line": plain.line}
