"""Loops without end, bombs and sudden deaths cost their own limit, and the next session works."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograde.check.cases import Call
from autograde.sandbox.limits import MIB, Limits
from autograde.sandbox.lockdown import Level
from autograde.sandbox.worker import Session, Worker

linux = pytest.mark.skipif(sys.platform != "linux", reason="macOS does not limit a process's memory")


@pytest.mark.alone
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
@pytest.mark.alone
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


@pytest.mark.alone
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
        outcome = session.run_cell("while True: pass", seconds=20.0)
        assert outcome.stopped == "too_much_cpu"
        assert "used its 1 s of processor time" in outcome.words
        assert time.monotonic() - start < 10


@linux
@pytest.mark.parametrize(
    "source",
    [
        "import signal; signal.signal(signal.SIGXCPU, lambda *a: None)\nwhile True: pass",
        "import os; os.fork(); os.fork()\nwhile True: pass",
        "import os, time\nfor _ in range(2):\n    if os.fork() == 0:\n        while True: pass\ntime.sleep(60)",
    ],
)
def test_processor_time_is_that_of_all_processes_and_cannot_be_waved_off(source: str) -> None:
    with Worker(Limits(cpu_seconds=1)) as worker, worker.session() as session:
        if Level.PIDS not in session.level:
            pytest.skip("without own processes nobody adds up their time")
        assert session.run_cell(source, seconds=20.0).stopped == "too_much_cpu"


#: A warm process in which whoever waits for a session comes late: the session has long had a /proc of its own.
LATE = """
import os, runpy, time
close = os.closerange
def late(first, end):
    close(first, end)
    time.sleep(0.5)
os.closerange = late
runpy.run_module("autograde.sandbox.warm", run_name="__main__", alter_sys=True)
"""


@linux
def test_use_is_seen_however_late_the_watching_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    start = subprocess.Popen

    def start_late(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        assert command[1:4] == ["-P", "-m", "autograde.sandbox.warm"]
        return start([command[0], "-P", "-c", LATE, *command[4:]], **options)

    monkeypatch.setattr("autograde.sandbox.worker.subprocess.Popen", start_late)
    with Worker(Limits(cpu_seconds=1)) as worker, worker.session() as session:
        if Level.PIDS not in session.level:
            pytest.skip("without own processes nobody watches")
        source = "import signal; signal.signal(signal.SIGXCPU, lambda *a: None)\nwhile True: pass"
        assert session.run_cell(source, seconds=20.0).stopped == "too_much_cpu"


#: Code that runs into one limit of ``SMALL``, the kind of failure, and what the words must name.
SMALL = Limits(
    memory_bytes=200 * MIB, processes=30, open_files=40, file_bytes=1 * MIB, folder_bytes=8 * MIB, folder_files=50
)
EXCEPTIONS = {
    "an array": ("import numpy as np; np.ones(2**28)", "too_much_memory", "200 MiB"),
    "memory bit by bit": ("held = []\nwhile True: held.append(bytearray(1000))", "too_much_memory", "200 MiB"),
    "memory that is never let go": (
        "import builtins; builtins.held = []\nwhile True: builtins.held.append(bytearray(100))",
        "too_much_memory",
        "200 MiB",
    ),
    "threads": (
        "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(30,), daemon=True).start()",
        "too_many_processes",
        "30 processes and threads",
    ),
    "forks": (
        "import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(30); os._exit(0)",
        "too_many_processes",
        "30 processes and threads",
    ),
    "programs": (
        "import subprocess\nheld = [subprocess.Popen(['sleep', '30']) for _ in range(40)]",
        "too_many_processes",
        "30 processes and threads",
    ),
    "a large file": ("open('large', 'wb').write(bytes(2**21))", "too_large_file", "1 MiB"),
    "a large array saved": ("import numpy as np; np.save('x.npy', np.ones(2**18))", "too_large_file", "1 MiB"),
    "many bytes": (
        "for k in range(20): open(f'f{k}', 'wb').write(bytes(2**20))",
        "folder_full",
        "8 MiB",
    ),
    "many arrays saved": (
        "import numpy as np\nfor k in range(20): np.save(f'f{k}.npy', np.ones(120_000))",
        "folder_full",
        "8 MiB",
    ),
    "many files": ("for k in range(60): open(f'f{k}', 'w').close()", "too_many_files", "50 files and folders"),
    "open files": ("held = [open('/dev/null') for _ in range(50)]", "too_many_open_files", "40 files"),
}


@pytest.fixture(scope="module")
def small() -> Iterator[Worker]:
    with Worker(SMALL) as worker:
        yield worker


@linux
@pytest.mark.parametrize("in_call", [False, True], ids=["cell", "call"])
@pytest.mark.parametrize("what", EXCEPTIONS)
def test_an_exception_tells_which_limit_it_met(small: Worker, what: str, in_call: bool) -> None:
    source, kind, named = EXCEPTIONS[what]
    with small.session() as session:
        if kind in ("folder_full", "too_many_files") and Level.FILES not in session.level:
            pytest.skip("only an own view of the files has an own folder")
        if kind == "too_many_processes" and Level.LIMITS not in session.level:
            pytest.skip("the superuser's processes are not counted here")
        if in_call:
            body = "\n".join(f"    {line}" for line in source.splitlines())
            assert session.run_cell(f"def f():\n{body}").ok
            seen = session.run_calls((Call("f"),), 20.0)
            assert seen.stopped is None
            raised = seen.outcomes[0].raised
        else:
            outcome = session.run_cell(source, 20.0)
            assert outcome.stopped is None
            raised = outcome.raised
        assert raised is not None
        assert raised.limit == kind
        assert named in raised.words


@linux
def test_after_all_memory_was_used_the_session_still_answers(small: Worker) -> None:
    with small.session() as session:
        assert session.run_cell("def f():\n    import builtins\n    builtins.held = held = []").ok
        assert session.run_cell("def g():\n    f()\n    while True: held.append(bytearray(100))").ok
        for _ in range(2):
            raised = session.run_calls((Call("g"),), 20.0).outcomes[0].raised
            assert raised is not None
            assert raised.limit == "too_much_memory"
        raised = session.run_cell("more = bytearray(2**20)").raised
        assert raised is not None
        assert raised.limit == "too_much_memory"
        assert session.alive


@linux
def test_an_ordinary_exception_tells_of_no_limit(small: Worker) -> None:
    with small.session() as session:
        for source in ("1 / 0", "open('nowhere')", "raise RuntimeError('no')", "raise OSError('[Errno 28')"):
            raised = session.run_cell(source).raised
            assert raised is not None
            assert (raised.limit, raised.words) == ("", "")


ENDS = {
    "import os; os._exit(3)": ("crashed", "it ended the Python process (exit code 3)"),
    "import os; os._exit(77)": ("crashed", "it ended the Python process (exit code 1)"),
    "import os; os.kill(os.getpid(), 9)": ("crashed", "it ended the Python process (killed)"),
    "import os; os.abort()": ("crashed", "it ended the Python process (aborted)"),
    "import ctypes; ctypes.string_at(0)": ("crashed", "it ended the Python process (segmentation fault)"),
    "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL); open('x', 'wb').write(bytes(2**21))": (
        "too_large_file",
        "it wrote a file of more than 1 MiB; write less into one file",
    ),
    "import time; time.sleep(60)": ("too_slow", "it did not end within 0.5 s; look for a loop that never ends"),
}


@linux
@pytest.mark.parametrize("source", ENDS)
def test_each_end_has_its_own_words(small: Worker, source: str) -> None:
    with small.session() as session:
        if Level.PIDS not in session.level and "77" in source:
            pytest.skip("no process of ours is in between")
        outcome = session.run_cell(source, 0.5)
        assert (outcome.stopped, outcome.words) == ENDS[source]
        # Whoever asks again gets the same answer.
        seen = session.run_calls((Call("f"),), 5.0)
        assert (seen.stopped, seen.words) == ENDS[source]


@pytest.fixture
def memory_group() -> Iterator[Path]:
    """A control group with little memory; only root can make one, and only where they are mounted for writing."""
    name = f"autograde-test-{secrets.token_hex(4)}"
    for root, limit in (("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")):
        group = Path(root, name)
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            (group / limit).write_text(str(400 * MIB))
            yield group
            return
        except OSError:
            continue
        finally:
            time.sleep(0.2)
            group.rmdir()
    pytest.skip("no control group can be made here")


@linux
def test_a_machine_without_memory_is_no_crash(memory_group: Path) -> None:
    with Worker() as worker:
        worker.session().close()
        assert worker._warm is not None
        (memory_group / "cgroup.procs").write_text(str(worker._warm.process.pid))
        with worker.session() as session:
            assert session.run_cell("def f(): held = bytearray(b'x') * (800 * 2**20)").ok
            seen = session.run_calls((Call("f"),), 30.0)
            assert seen.stopped == "too_much_memory"
            assert seen.words.startswith("the machine that grades had no memory left")
        with worker.session() as session:
            assert session.run_cell("import os; os.kill(os.getpid(), 9)").stopped == "crashed"


@linux
def test_processor_time_is_told_until_the_end(worker: Worker) -> None:
    with worker.session() as session:
        before = session.processor_seconds()
        assert before is not None
        session.run_cell("import time; time.sleep(0.4)")
        asleep = session.processor_seconds()
        assert asleep is not None
        assert asleep - before < 0.2
        session.run_cell("import time\nend = time.process_time() + 0.4\nwhile time.process_time() < end: pass")
        busy = session.processor_seconds()
        assert busy is not None
        assert busy - asleep >= 0.4
        assert session.run_cell("while True: pass", 0.5).stopped == "too_slow"
        end = session.processor_seconds()
        assert end is not None
        assert end > busy


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
        ({"cell_seconds": float("inf")}, "above 0"),
        ({"notebook_seconds": -1.0}, "above 0"),
        ({"exercise_time_factor": None}, "above 0"),
    ],
)
def test_wrong_limits_are_refused(overrides: dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Limits().with_overrides(overrides)
