"""The channel: any stream of bytes, cut anywhere, gives the message that is in it or the right error, in time."""

from __future__ import annotations

import socket
import struct
import threading
import time
from typing import Any

from hypothesis import strategies as st

from autograde.sandbox.messages import Channel, ChannelClosedError, ChannelError, DeadlineError, TooLongError

from .registry import target

LIMIT = 5000
#: How long a message is waited for that never comes and one that does, and how much later than that an answer may
#: come on a busy machine.
SECONDS, ENOUGH, SLACK = 0.05, 30.0, 5.0

lengths = st.integers(0, 40) | st.integers(0, LIMIT + 3) | st.sampled_from([2**31 - 1, 2**31, 2**32 - 1])
#: A head that need not be true, a body, how both are cut into pieces, whether the other side hangs up.
streams = st.tuples(
    lengths, st.binary(max_size=60), st.integers(1, 200), st.lists(st.integers(1, 9), max_size=6), st.booleans()
)


def expected(stream: bytes, closed: bool) -> bytes | type[ChannelError]:
    """What the channel must make of a stream."""
    if len(stream) >= 4:
        (length,) = struct.unpack("!I", stream[:4])
        if length > LIMIT:
            return TooLongError
        if len(stream) >= 4 + length:
            return stream[4 : 4 + length]
    return ChannelClosedError if closed else DeadlineError


@target(
    "channel: any stream",
    streams,
    in_suite=200,
    examples=((0, b"", 1, [], True), (3, b"ab", 1, [1, 1], False), (2**32 - 1, b"", 1, [2], False)),
)
def any_stream(drawn: tuple[int, bytes, int, list[int], bool]) -> None:
    length, body, times, cuts, closed = drawn
    stream = (struct.pack("!I", length) + body * times)[: max(sum(cuts), 0) * 40 or None]
    wanted = expected(stream, closed)
    patience = SECONDS if wanted is DeadlineError else ENOUGH
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sender = threading.Thread(target=_send, args=(theirs, stream, cuts, closed))
        sender.start()
        start = time.monotonic()
        seen: Any
        try:
            seen = Channel(ours).receive(LIMIT, start + patience)
        except ChannelError as error:
            seen = type(error)
            assert str(error)
        took = time.monotonic() - start
        sender.join(10)
    assert seen == wanted
    assert took < patience + SLACK
    if seen is DeadlineError:
        assert took >= SECONDS * 0.9


def _send(end: socket.socket, stream: bytes, cuts: list[int], closed: bool) -> None:
    for cut in cuts:
        end.sendall(stream[:cut])
        stream = stream[cut:]
        time.sleep(0)
    end.sendall(stream)
    if closed:
        end.shutdown(socket.SHUT_WR)


@target("channel: a trickle", st.tuples(st.integers(1, 30), st.integers(1, 4)), in_suite=15)
def a_trickle(drawn: tuple[int, int]) -> None:
    """A byte now and then keeps nobody waiting past the deadline."""
    size, step = drawn
    ours, theirs = socket.socketpair()
    stop = threading.Event()

    def trickle() -> None:
        rest = struct.pack("!I", LIMIT) + b"x" * size * 20
        while rest and not stop.wait(0.001 * step):
            theirs.sendall(rest[:step])
            rest = rest[step:]

    with ours, theirs:
        sender = threading.Thread(target=trickle)
        sender.start()
        start = time.monotonic()
        try:
            Channel(ours).receive(LIMIT, start + SECONDS)
            raise AssertionError("a message that never came was received")
        except DeadlineError:
            assert SECONDS * 0.9 <= time.monotonic() - start < SECONDS + SLACK
        finally:
            stop.set()
            sender.join(10)
