"""The warm process and its messages: quick, in step, and plain about what does not work."""

from __future__ import annotations

import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from autograde.check.cases import Call
from autograde.sandbox.limits import Limits
from autograde.sandbox.lockdown import Level
from autograde.sandbox.messages import Channel, ChannelClosedError, DeadlineError, TooLongError
from autograde.sandbox.warm import _Forker
from autograde.sandbox.worker import SandboxError, Worker, _refuse_failed


@pytest.fixture
def pair() -> Iterator[tuple[Channel, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours), theirs


def soon() -> float:
    return time.monotonic() + 0.1


def test_messages_arrive_whole(pair: tuple[Channel, socket.socket]) -> None:
    channel, other = pair
    large = bytes(range(256)) * 20_000
    sender = threading.Thread(target=lambda: [channel.send(m) for m in (b"", b"one", large)])
    sender.start()
    there = Channel(other)
    assert [there.receive(2**23, time.monotonic() + 5) for _ in range(3)] == [b"", b"one", large]
    sender.join()
    assert not there.has_unread()
    channel.send(b"x")
    assert there.has_unread()


@pytest.mark.parametrize(
    ("sent", "closed", "error"),
    [
        (b"", False, DeadlineError),
        (b"\0\0", False, DeadlineError),
        (b"\0\0\0\5four", False, DeadlineError),
        (b"", True, ChannelClosedError),
        (b"\0\0\0\5four", True, ChannelClosedError),
        (b"\0\0\1\0", False, TooLongError),
    ],
)
@pytest.mark.alone
def test_incomplete_messages(
    pair: tuple[Channel, socket.socket], sent: bytes, closed: bool, error: type[Exception]
) -> None:
    channel, other = pair
    other.sendall(sent)
    if closed:
        other.close()
    start = time.monotonic()
    with pytest.raises(error):
        channel.receive(100, soon())
    assert time.monotonic() - start < 1


def test_a_message_that_nobody_takes_has_a_deadline_too(pair: tuple[Channel, socket.socket]) -> None:
    channel, other = pair
    with pytest.raises(DeadlineError):
        channel.send(bytes(2**24), deadline=soon())
    with pytest.raises(DeadlineError):
        channel.send(b"late", deadline=time.monotonic() - 1)
    other.close()
    with pytest.raises(ChannelClosedError):
        channel.send(b"x", deadline=soon())


def median(action: Callable[[], object], times: int = 15) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


@pytest.mark.alone
def test_it_is_quick(worker: Worker) -> None:
    """Bounds of about ten times what a free machine takes: 5 ms a session, 0.5 ms a cell, 0.5 ms a case."""
    assert median(lambda: worker.session().close()) < 0.1
    with worker.session() as session:
        assert session.run_cell("def f(x): return 2 * x").ok
        assert median(lambda: session.run_cell("x = 1")) < 0.01
        calls = (Call("f", (np.ones((3, 4)),)),)
        assert median(lambda: session.run_calls(calls, 5.0)) < 0.01


def test_many_threads_may_use_one_worker(worker: Worker) -> None:
    results = []

    def run(i: int) -> None:
        with worker.session(figures=False) as session:
            session.run_cell(f"def f(): return {i}")
            results.append(session.run_calls((Call("f"),), 10.0).outcomes[0].value)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == list(range(12))


def test_a_session_says_how_it_is_locked_in(worker: Worker) -> None:
    with worker.session() as session:
        assert session.level >= (Level.LIMITS if sys.platform == "linux" else Level.PROCESS)


def test_a_machine_that_starts_no_process_is_told(
    monkeypatch: pytest.MonkeyPatch, pair: tuple[Channel, socket.socket]
) -> None:
    def no_fork() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("autograde.sandbox.warm.os.fork", no_fork)
    ours, other = pair
    answer = _Forker(ours.socket, None, 0)._start({}, other.detach())  # type: ignore[arg-type]
    with pytest.raises(SandboxError, match=r"no process could be started.*temporarily unavailable"):
        _refuse_failed(answer)
    with pytest.raises(ChannelClosedError):  # the session's end of the socket was closed
        ours.receive(1, soon())


def test_impossible_limits_are_told_at_once() -> None:
    with Worker(Limits(file_bytes=2**70)) as worker, pytest.raises(SandboxError, match="Check its limits"):
        worker.session()


def test_no_later_session_has_fewer_walls_than_the_first() -> None:
    """A system that refuses a namespace for once does not have the next submission run without it."""
    with Worker(_without=Level.SECCOMP) as worker:
        worker.session().close()
        assert worker._level is not None
        worker._level |= Level.SECCOMP
        with pytest.raises(SandboxError, match="without the walls"):
            worker.session()
        assert not list(worker.root.glob("session-*"))
