"""The grader's end of a session: whatever the child answers, the session goes on with plain values or ends in words."""

from __future__ import annotations

import socket
import struct
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from autograde.check.cases import Call, Observation, Outcome, Raised
from autograde.check.codec import CodecError, dumps, loads
from autograde.check.judging import STOPPED
from autograde.check.serial import (
    calls_from_plain,
    calls_to_plain,
    case_from_plain,
    known_from_plain,
    observation_from_plain,
    observation_to_plain,
)
from autograde.sandbox.limits import Limits
from autograde.sandbox.lockdown import Level
from autograde.sandbox.messages import Channel, ChannelError
from autograde.sandbox.worker import CellOutcome, Output, Session

from .mutate import damage, damaged, edited, edited_message, edits
from .registry import target
from .values import is_plain

CALLS = (Call("f", (1,)), Call("g", (np.ones(2),), {"k": None}, keep=True))
RAISED = Raised("ValueError", ("ValueError", "Exception", "BaseException", "object"), "no", "raise ValueError")
SEEN = Observation((Outcome(np.arange(3.0), None, ("argument 1",), False, 0.1), Outcome(None, RAISED, (), True, 0.2)))
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=="
CELL = {
    "outputs": [("stdout", "hello"), ("png", PNG), ("text", "3")],
    "cut": "bytes",
    "full": "",
    "raised": {"type_name": "E", "bases": ("Exception",), "message": "m", "line": "l"},
}
LIMITS = Limits(cell_output_bytes=4000, session_output_bytes=6000, cell_outputs=5, reply_bytes=20_000)
#: How long a reply is waited for, and how much later the session may say so on a busy machine.
SECONDS, SLACK = 0.05, 5.0

framing = st.sampled_from(
    ["whole"] * 12 + ["other number", "longer", "shorter", "close", "hang", "twice", "half, close", "flood"]
)
requests = st.lists(
    st.tuples(st.booleans(), edits | st.just([]), damage | st.just({}), framing), min_size=1, max_size=3
)


class _NoProcess:
    """Stands where the warm process stands: there is no process behind these sessions that could be ended."""

    def running(self) -> bool:
        return False

    def end_session(self, pid: int) -> int | None:
        return None


def _answer(channel: Channel, plans: list[Any], enough: threading.Event) -> None:
    """The child: answers each request by the plan for it."""
    for is_cell, changes, how, frame in plans:
        try:
            request = loads(channel.receive(2**20))
            if not is_cell:
                channel.receive(2**20)  # the calls
            number = request["number"] + (frame == "other number")
            body = CELL if is_cell else {"seen": observation_to_plain(SEEN), "full": ""}
            raw = damaged(edited_message(dumps({"number": number, **body}), changes), how)
            length = len(raw) + {"longer": 7, "shorter": -3}.get(frame, 0)
            if frame == "close":
                break
            if frame == "hang":
                continue
            message = struct.pack("!I", max(length, 0)) + raw
            channel.socket.settimeout(5)
            channel.socket.sendall(message[: len(message) // 2] if frame == "half, close" else message)
            if frame == "half, close":
                break
            if frame == "twice":
                channel.socket.sendall(message)
            while frame == "flood" and not enough.is_set():
                channel.socket.sendall(b"flood" * 1000)
        except (ChannelError, OSError):
            return
    if plans[-1][3] in ("close", "half, close"):
        channel.close()


@target("session: any reply", requests, in_suite=150)
def any_reply(plans: list[Any]) -> None:
    ours, theirs = socket.socketpair()
    enough = threading.Event()
    child = threading.Thread(target=_answer, args=(Channel(theirs), plans, enough))
    child.start()
    # No process has this number: the largest one that Linux gives is 2**22.
    session = Session(_NoProcess(), Channel(ours), 2**22 + 7, Path("there is no such folder"), LIMITS, Level(0))  # type: ignore[arg-type]
    try:
        for is_cell, *_ in plans:
            before, start = session.stopped, time.monotonic()
            seen = session.run_cell("1", SECONDS) if is_cell else session.run_calls(CALLS, SECONDS)
            assert time.monotonic() - start < SECONDS + SLACK
            _sound_cell(seen) if isinstance(seen, CellOutcome) else _sound_calls(seen)
            if before:
                assert seen.stopped == before
            assert session.stopped in (None, *STOPPED)
            assert session.alive or seen.stopped == session.stopped
    finally:
        enough.set()
        session.close()
        theirs.close()
        child.join(10)
    assert not child.is_alive()


def _sound_cell(seen: CellOutcome) -> None:
    assert seen.stopped in (None, *STOPPED)
    assert type(seen.cut) is str
    assert seen.cut in ("", "cell", "count", "session")
    assert len(seen.outputs) <= LIMITS.cell_outputs
    for output in seen.outputs:
        assert type(output) is Output
        assert type(output.data) is (bytes if output.kind == "png" else str)
    if seen.raised:
        _sound_error(seen.raised)


def _sound_calls(seen: Observation) -> None:
    assert seen.stopped in (None, *STOPPED)
    assert len(seen.outcomes) <= len(CALLS)
    for outcome in seen.outcomes:
        _sound_outcome(outcome)


def _sound_outcome(outcome: Outcome) -> None:
    assert is_plain(outcome.value)
    assert type(outcome.touched_global) is bool
    assert type(outcome.seconds) is float
    assert all(type(c) is str and len(c) < 200 for c in outcome.changed)
    if outcome.raised:
        _sound_error(outcome.raised)


def _sound_error(raised: Raised) -> None:
    for text, most in ((raised.type_name, 60), (raised.message, 500), (raised.line, 200)):
        assert type(text) is str
        assert len(text) <= most
    assert all(type(b) is str and len(b) <= 60 for b in raised.bases)


KNOWN = {
    "name": "forgets",
    "hint": "do not",
    "finding": {"kind": "nan", "call": 0, "name": "", "measure": 0.5, "spread": 0.0},
    "observation": observation_to_plain(SEEN),
}
CASE = {
    "label": "a case",
    "group": "values",
    "calls": calls_to_plain(CALLS),
    "expect": [
        {"kind": "equals", "rtol": 1e-6, "atol": 0.0, "sequences": ("",)},
        {"kind": "raises", "error": "ValueError"},
        {"kind": "property", "name": "has_shapes", "params": {"shapes": {"W": (2, 3)}}},
    ],
}
READERS = {
    "observation": (observation_from_plain, observation_to_plain(SEEN)),
    "calls": (calls_from_plain, calls_to_plain(CALLS)),
    "case": (case_from_plain, CASE),
    "known mistake": (known_from_plain, KNOWN),
}


@target(
    "readers: observations, calls, cases, known mistakes",
    st.tuples(st.sampled_from(list(READERS)), edits),
    in_suite=400,
    examples=(
        ("observation", []),
        ("calls", []),
        ("case", []),
        ("known mistake", []),
    ),
)
def readers(drawn: tuple[str, list[Any]]) -> None:
    name, changes = drawn
    reader, plain = READERS[name]
    try:
        value = loads(dumps(edited(plain, changes)))
    except CodecError:
        return
    try:
        read = reader(value)
    except CodecError as error:
        assert changes, str(error)
        return
    if isinstance(read, Observation):
        for outcome in read.outcomes:
            assert is_plain(outcome.value, values_only=False)
