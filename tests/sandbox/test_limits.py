"""Loops without end, bombs and sudden deaths cost their own limit, and the next session works."""

from __future__ import annotations

import sys
import time

import pytest

from autograde.check.cases import Call
from autograde.sandbox.limits import MIB, Limits
from autograde.sandbox.worker import Session, Worker

linux = pytest.mark.skipif(sys.platform != "linux", reason="macOS does not limit a process's memory")


def test_a_cell_without_end_is_stopped_in_time(worker: Worker) -> None:
    with worker.session() as session:
        start = time.monotonic()
        outcome = session.run_cell("while True: pass", seconds=1.0)
        assert 1.0 <= time.monotonic() - start < 2.0
        assert outcome.stopped == "too_slow"
        assert not session.alive
        assert session.run_cell("1").stopped == "too_slow"
        assert session.run_calls((Call("f"),), 5.0).stopped == "too_slow"


def test_the_limits_give_the_default_time(session: Session) -> None:
    limits = Limits(cell_seconds=0.2)
    with Worker(limits) as worker, worker.session() as session:
        assert session.run_cell("import time; time.sleep(30)").stopped == "too_slow"


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "import time; time.sleep(100)",
        "import numpy as np; a = np.ones((6000, 6000)); return a @ a @ a @ a",
        "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
        "import signal\n    for s in (1, 2, 3, 15): signal.signal(s, lambda *a: None)\n    while True: pass",
        "\n    try:\n        while True: pass\n    except BaseException: return f()",
    ],
)
def test_a_call_without_end_is_stopped_in_time(session: Session, body: str) -> None:
    assert session.run_cell(f"def f():\n    {body}").ok
    start = time.monotonic()
    assert session.run_calls((Call("f"),), 0.3).stopped == "too_slow"
    assert time.monotonic() - start < 1.5
    assert not session.alive


@linux
def test_a_large_array_is_a_memory_error(session: Session) -> None:
    outcome = session.run_cell("import numpy as np\nbig = np.ones(3 * 2**27)")
    assert outcome.raised is not None
    assert "MemoryError" in outcome.raised.bases
    assert session.run_cell("1").ok


@linux
def test_memory_that_grows_bit_by_bit_is_a_memory_error_too(session: Session) -> None:
    source = "held = []\nwhile True: held.append(bytearray(50 * 2**20))"
    outcome = session.run_cell(source)
    assert outcome.raised is not None
    assert outcome.raised.type_name == "MemoryError"


@pytest.mark.parametrize(
    "source",
    [
        "import os; os._exit(0)",
        "import os; os.kill(os.getpid(), 9)",
        "import os; os.abort()",
        "import ctypes; ctypes.string_at(0)",
        "import os; os.execv('/bin/true', ['true'])",
        "import os; os.close(3)",
    ],
)
def test_a_sudden_death_is_a_crash(worker: Worker, source: str) -> None:
    for in_call in (False, True):
        with worker.session() as session:
            if in_call:
                assert session.run_cell(f"def f(): {source}").ok
                assert session.run_calls((Call("f"),), 5.0).stopped == "crashed"
            else:
                assert session.run_cell(source).stopped == "crashed"
            assert not session.alive
    with worker.session() as session:
        assert session.run_cell("1").ok


def test_deep_recursion_is_an_error_and_no_more(session: Session) -> None:
    assert session.run_cell("def f(n=0): return f(n + 1)").ok
    seen = session.run_calls((Call("f"),), 5.0)
    assert seen.outcomes[0].raised is not None
    assert seen.outcomes[0].raised.type_name == "RecursionError"
    start = time.monotonic()
    assert session.run_cell("f()").raised is not None
    assert time.monotonic() - start < 2
    # Without Python's own limit it may end in a memory error or a crash, but in time.
    assert session.run_cell("import sys; sys.setrecursionlimit(2**31 - 1)").ok
    seen = session.run_calls((Call("f"),), 2.0)
    assert seen.stopped in ("crashed", "too_slow") or seen.outcomes[0].raised is not None


@linux
def test_processor_time_is_limited_over_the_whole_session() -> None:
    with Worker(Limits(cpu_seconds=1)) as worker, worker.session() as session:
        start = time.monotonic()
        assert session.run_cell("while True: pass", seconds=20.0).stopped == "too_slow"
        assert time.monotonic() - start < 10


@linux
def test_files_are_limited_in_size_and_number() -> None:
    with Worker(Limits(file_bytes=1 * MIB, open_files=40)) as worker, worker.session() as session:
        outcome = session.run_cell("open('large', 'wb').write(bytes(2**21))")
        assert outcome.raised is not None
        assert outcome.raised.type_name == "OSError"
        outcome = session.run_cell("held = [open('x', 'w') for _ in range(50)]")
        assert outcome.raised is not None
        assert "Too many open files" in outcome.raised.message


def test_limits_can_be_overridden() -> None:
    limits = Limits().with_overrides({"cell_seconds": 2.5, "memory_bytes": 1e9})
    assert (limits.cell_seconds, limits.memory_bytes) == (2.5, 1_000_000_000)
    assert isinstance(limits.memory_bytes, int)
    assert Limits(**limits.to_plain()) == limits  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"memory": 3}, "no limit is called 'memory'"),
        ({"open_files": 0}, "above 0"),
        ({"open_files": True}, "above 0"),
        ({"open_files": float("nan")}, "above 0"),
        ({"open_files": 2.5}, "whole number"),
        ({"cell_seconds": "20"}, "above 0"),
    ],
)
def test_wrong_limits_are_refused(overrides: dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Limits().with_overrides(overrides)
