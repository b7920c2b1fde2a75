"""Code that lies, floods or breaks its own process gets no more than a reason why it was stopped."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from autograde.check.cases import Call
from autograde.sandbox import worker as worker_module
from autograde.sandbox.lockdown import Level
from autograde.sandbox.worker import Session, Worker

#: Finds the number of the request that is being answered, and answers it with ``body`` instead.
FORGE = """
import os, struct, sys
from autograde.check import codec
def forge(body, more=b''):
    frame = sys._getframe()
    while not isinstance(frame.f_locals.get('request'), dict):
        frame = frame.f_back
    raw = codec.dumps({'number': frame.f_locals['request']['number'], **body})
    os.write(3, struct.pack('!I', len(raw)) + raw + more)
"""
OUTCOME: dict[str, Any] = {"value": 7, "raised": None, "changed": (), "touched_global": False, "seconds": 0.5}
RAISED: dict[str, Any] = {"type_name": "E", "bases": ("Exception",), "message": "", "line": ""}


def seen(*outcomes: dict[str, Any], stopped: Any = None) -> dict[str, Any]:
    return {"seen": {"stopped": stopped, "outcomes": list(outcomes)}}


@pytest.mark.parametrize(
    "source",
    [
        "os.write(3, b'garbage and more garbage')",
        "os.write(3, struct.pack('!I', 2**32 - 1))",
        "os.write(3, struct.pack('!I', 2) + b'{}')",
        "os.write(3, struct.pack('!I', 0))",
        "os.write(3, struct.pack('!I', 4) + b'null')",
        "os.write(3, struct.pack('!I', 4) + bytes([255] * 4))",
        "os.write(3, struct.pack('!I', 50_000) + b'[' * 50_000)",
        "raw = codec.dumps({'number': 1, 'outputs': [], 'cut': '', 'raised': None})\n"
        "os.write(3, struct.pack('!I', len(raw)) + raw)",
        "while True: os.write(3, b'flood' * 1000)",
        "[os.write(3, struct.pack('!I', 4) + b'null') for _ in range(1000)]",
        "__import__('threading').Thread(target=os.write, args=(3, b'later')).start()\nimport time; time.sleep(.1)",
    ],
)
@pytest.mark.alone
def test_garbage_on_the_socket_ends_the_session(session: Session, source: str) -> None:
    assert session.run_cell("import os, struct\nfrom autograde.check import codec").ok
    start = time.monotonic()
    first = session.run_cell(source, seconds=5.0)
    second = session.run_calls((Call("f"),), 5.0)
    assert "garbled" in (first.stopped, second.stopped)
    assert not session.alive
    assert time.monotonic() - start < 4


@pytest.mark.parametrize(
    "source",
    [
        "os.write(3, b'ab'); time.sleep(60)",
        "os.write(3, struct.pack('!I', 1000)); time.sleep(60)",
        "os.write(3, struct.pack('!I', 10**6))\nwhile True:\n    os.write(3, b'x'); time.sleep(0.001)",
        "os.write(3, struct.pack('!I', 1000)); os.kill(os.getpid(), signal.SIGSTOP)",
    ],
)
@pytest.mark.alone
def test_half_a_message_is_waited_for_no_longer_than_its_time(session: Session, source: str) -> None:
    start = time.monotonic()
    outcome = session.run_cell("import os, signal, struct, time\n" + source, seconds=0.5)
    assert outcome.stopped == "too_slow"
    assert time.monotonic() - start < 1.5


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"seen": None},
        {"seen": {"outcomes": []}},
        seen(stopped="too_slow"),
        seen(stopped="crashed"),
        seen(stopped="passed"),
        seen(OUTCOME, OUTCOME),
        seen({**OUTCOME, "raised": RAISED}, OUTCOME),
        seen({**OUTCOME, "seconds": float("nan")}),
        seen({**OUTCOME, "seconds": -1.0}),
        seen({**OUTCOME, "seconds": 1}),
        seen({**OUTCOME, "changed": ["x"]}),
        seen({**OUTCOME, "changed": ("x" * 10**5,)}),
        seen({**OUTCOME, "changed": ("x",) * 100}),
        seen({**OUTCOME, "touched_global": 0}),
        seen({**OUTCOME, "raised": {**RAISED, "bases": "Exception"}}),
        seen({**OUTCOME, "raised": {**RAISED, "bases": ("E",) * 1000}}),
        seen({**OUTCOME, "raised": {**RAISED, "message": 3}}),
        seen({**OUTCOME, "raised": []}),
        {"seen": {"stopped": None, "outcomes": [OUTCOME["value"]]}},
        {"seen": {"stopped": [], "outcomes": []}},
    ],
)
def test_malformed_observations_are_garbled(session: Session, body: dict[str, Any]) -> None:
    source = f"nan = float('nan')\ndef f():\n    forge({body!r}); os._exit(0)"
    assert session.run_cell(FORGE + source).ok
    assert session.run_calls((Call("f"),), 5.0).stopped == "garbled"
    assert not session.alive


@pytest.mark.parametrize("value", ["codec.StandIn('rng', {})", "codec.Ref(-1)", "[(codec.Ref(0),)]"])
def test_stand_ins_and_references_never_come_back(session: Session, value: str) -> None:
    source = f"def f():\n    forge({{'seen': {{'stopped': None, 'outcomes': [dict({OUTCOME!r}, value={value})]}}}})"
    assert session.run_cell(FORGE + source).ok
    assert session.run_calls((Call("f"),), 5.0).stopped == "garbled"


def test_a_forged_reply_is_worth_the_value_in_it_and_ends_the_session_when_the_true_one_follows(
    session: Session,
) -> None:
    body = seen({**OUTCOME, "raised": {**RAISED, "message": "m" * 10_000}})
    assert session.run_cell(FORGE + f"def f(): forge({body!r})\ndef g(): forge({seen(OUTCOME)!r})").ok
    observed = session.run_calls((Call("g", keep=True),), 5.0)
    assert observed.outcomes[0].value is None  # what is kept stays there
    time.sleep(0.1)
    assert session.run_calls((Call("g"),), 5.0).stopped == "garbled"


def test_long_words_of_a_forged_exception_are_cut(session: Session) -> None:
    body = seen(
        {**OUTCOME, "raised": {**RAISED, "message": "m" * 10_000, "line": "l" * 10_000, "type_name": "T" * 999}}
    )
    assert session.run_cell(FORGE + f"def f(): forge({body!r})").ok
    outcome = session.run_calls((Call("f"),), 5.0).outcomes[0]
    assert outcome.value is None
    assert outcome.raised is not None
    assert (len(outcome.raised.message), len(outcome.raised.line), len(outcome.raised.type_name)) == (500, 200, 60)


@pytest.mark.parametrize(
    "body",
    [
        {"outputs": [], "cut": ""},
        {"outputs": (), "cut": "", "raised": None},
        {"outputs": [], "cut": 0, "raised": None},
        {"outputs": [], "cut": "", "raised": "E"},
        {"outputs": ["stdout"], "cut": "", "raised": None},
        {"outputs": [3], "cut": "", "raised": None},
        {"outputs": [("stdout", 3)], "cut": "", "raised": None},
        {"outputs": [("html", "<script>")], "cut": "", "raised": None},
        {"outputs": [([], "x")], "cut": "", "raised": None},
        {"outputs": [("text", "")] * 201, "cut": "", "raised": None},
        {"outputs": [("text", "x" * 2**20)] * 3, "cut": "", "raised": None},
    ],
)
def test_malformed_cell_outcomes_are_garbled(session: Session, body: dict[str, Any]) -> None:
    # Written to a file first: the parts of a cell that repeat are larger than a socket's buffer.
    source = FORGE.replace("os.write(3, ", "send(") + (
        "def send(raw):\n    while raw: raw = raw[os.write(3, raw):]\n" + f"forge({body!r})\nos._exit(0)"
    )
    session.limits = session.limits.with_overrides({"source_bytes": 2**23})
    outcome = session.run_cell(source)
    assert outcome.stopped == "garbled"
    assert outcome.outputs == ()


@pytest.mark.parametrize(
    "patch",
    [
        "import json; json.dumps = json.loads = None",
        "import json; json.dumps = lambda *a, **k: '[' * 10**6",
        "from autograde.check import codec; codec.dumps = codec.loads = codec.encode = lambda *a, **k: 1 / 0",
        "from autograde.check import codec; codec._Encoder = None",
        "import numpy as np; np.array = np.ndarray = np.generic = np.copy = np.random = None",
        "import builtins; builtins.isinstance = lambda *a: True",
        "import builtins; builtins.type = builtins.len = builtins.dict = None",
        "import sys; sys.modules.clear()",
        "import sys; sys.stdout = sys.stderr = None",
        "import socket; socket.socket.sendall = socket.socket.recv = None",
        "import struct, time; struct.Struct = None; time.monotonic = time.perf_counter = lambda: 0",
        "import os; os.getpid = lambda: 1; os._exit = lambda code: None",
        "get_ipython().run_cell = None; get_ipython().__class__.run_cell = lambda *a, **k: None",
        "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])",
        "get_ipython().user_ns = None",
        "get_ipython().transcript = None",
        "from autograde.sandbox import shell; shell.Transcript.finish = lambda self: [('png', '!' * 10**6)]",
        "from autograde.check import cases; cases.run_case = cases._snapshot = cases._run = None",
        "import signal; signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01); signal.signal(14, lambda *a: 1 / 0)",
        "import threading\ndef noise():\n    while True: print('noise')\nthreading.Thread(target=noise).start()",
        "import atexit, time; atexit.register(time.sleep, 60)",
        "import gc; [o.close() for o in gc.get_objects() if type(o).__name__ == 'socket']",
        "import gc, socket; [socket.socket.detach(o) for o in gc.get_objects() if isinstance(o, socket.socket)]",
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))",
    ],
)
def test_a_process_that_broke_itself_hangs_nobody(worker: Worker, patch: str) -> None:
    start = time.monotonic()
    with worker.session() as session:
        session.run_cell("def f(x): return x")
        session.run_cell(patch, seconds=1.0)
        session.run_cell("y = 1", seconds=1.0)
        session.run_calls((Call("f", (1,)),), 1.0)
    assert time.monotonic() - start < 5
    with worker.session() as session:
        assert session.run_cell("def f(x): return x").ok
        assert session.run_calls((Call("f", (1,)),), 5.0).outcomes[0].value == 1


def test_two_sessions_do_not_influence_each_other(worker: Worker) -> None:
    draw = "import numpy as np, random\nprint(np.random.rand(), random.random())"
    with worker.session() as one, worker.session() as two:
        assert one.run_cell("import numpy as np, sys\nnp.sqrt = None\nsys.path.insert(0, '.')\nname = 1").ok
        assert one.run_cell("open('numpy.py', 'w').write('raise SystemExit')").ok
        outcome = two.run_cell(
            "import numpy as np\nprint(np.sqrt(4.0), 'name' in globals(), __import__('os').listdir())"
        )
        assert outcome.outputs[0].data == "2.0 False []\n"
        assert one.run_cell(draw).outputs == two.run_cell(draw).outputs
    with worker.session(seed=1) as three:
        assert three.run_cell(draw).outputs != two.run_cell(draw).outputs


def test_the_environment_holds_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_TOKEN", "secret")
    monkeypatch.setenv("PYTHONSTARTUP", "secret")
    monkeypatch.setenv("PYTHONPATH", "secret")
    with Worker() as worker, worker.session() as session:
        outcome = session.run_cell("import os\nprint('\\n'.join(f'{k}={v}' for k, v in os.environ.items()))")
        lines = str(outcome.outputs[0].data).splitlines()
        names = {line.partition("=")[0] for line in lines}
        threads = {f"{n}_NUM_THREADS" for n in ("OPENBLAS", "OMP", "MKL", "BLIS", "NUMEXPR")}
        known = {"HOME", "TMPDIR", "MPLCONFIGDIR", "IPYTHONDIR", "PATH", "LANG", "LC_ALL", "TZ", "MPLBACKEND"}
        known |= {"PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "PYTHONUTF8", "VECLIB_MAXIMUM_THREADS"} | threads
        known |= {"OBJC_DISABLE_INITIALIZE_FORK_SAFETY", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONUSERBASE"}
        known |= {"LINES", "COLUMNS", "LOGNAME", "_", "PWD", "SHLVL", "KMP_INIT_AT_FORK", "KMP_DUPLICATE_LIB_OK"}
        assert names <= known
        assert "secret" not in "".join(lines)
        if sys.platform == "linux":
            outcome = session.run_cell("print(open('/proc/self/environ').read())")
            assert outcome.ok
            assert "secret" not in str(outcome.outputs[0].data)
            assert not session.run_cell("print(open(f'/proc/{os.getppid()}/environ').read())").ok


def test_nothing_of_the_judge_is_there(session: Session) -> None:
    outcome = session.run_cell("import sys\nprint(*[n for n in sys.modules if n.startswith('autograde')])")
    names = set(str(outcome.outputs[0].data).split())
    assert "autograde.check.cases" in names
    parts = {n for n in names if not n.startswith("autograde.check.")}
    sandbox = {
        f"autograde.sandbox.{n}"
        for n in ("imports", "kernel", "limits", "lockdown", "messages", "probe", "reasons", "shell", "view")
    }
    assert parts == {"autograde", "autograde.check", "autograde.sandbox"} | sandbox


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_session_holds_one_socket_and_the_warm_process_one_thread(session: Session) -> None:
    source = (
        "import os\nfor fd in os.listdir('/proc/self/fd'):\n    try: print(fd, os.readlink(f'/proc/self/fd/{fd}'))\n"
    )
    outcome = session.run_cell(source + "    except OSError: pass")
    held = dict(line.split() for line in str(outcome.outputs[0].data).splitlines())
    assert {held[n] for n in "012"} == {"/dev/null"}
    assert held["3"].startswith("socket:")
    assert set(held) == {"0", "1", "2", "3"}
    assert psutil.Process(psutil.Process(session.pid).ppid()).num_threads() == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives orphans to the warm process")
def test_daemons_die_with_the_session(session: Session) -> None:
    source = """
import os, subprocess, sys, time
sleeper = "import os, time; os.setsid(); time.sleep(600)"
child = subprocess.Popen([sys.executable, '-c', sleeper])
read, write = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(write, str(os.getpid()).encode())
        time.sleep(600)
    os._exit(0)
print(child.pid, os.read(read, 20).decode())
"""
    assert session.run_cell(source).ok
    pids = [p.pid for p in psutil.Process(session.pid).children(recursive=True)]
    assert len(pids) == (5 if Level.PIDS in session.level else 2)  # some wait to be collected
    assert all(map(psutil.pid_exists, pids))
    session.close()
    assert not any(map(psutil.pid_exists, pids))


def test_nothing_leaks_over_many_sessions(worker: Worker) -> None:
    worker.session().close()
    warm = psutil.Process(worker._warm.process.pid)  # type: ignore[union-attr]
    descriptors, folders = psutil.Process().num_fds(), sorted(worker.root.iterdir())
    warm_descriptors, memory = warm.num_fds(), warm.memory_info().rss
    for i in range(40):
        session = worker.session(figures=False)
        assert session.run_cell("open('left.txt', 'w').write('x')").ok
        if i % 4 == 0:
            assert session.run_cell("import os; os._exit(1)").stopped == "crashed"
        elif i % 4 == 1:
            assert session.run_cell("while True: pass", seconds=0.02).stopped == "too_slow"
        elif i % 4 == 2:
            session.run_cell("import subprocess; subprocess.Popen(['sleep', '600'])")
        session.close()
        session.close()
    assert psutil.Process().num_fds() == descriptors
    assert sorted(worker.root.iterdir()) == folders
    assert warm.children() == []
    assert warm.num_fds() == warm_descriptors
    assert warm.memory_info().rss < memory + 10 * 2**20


def test_a_folder_is_removed_whatever_is_in_it(session: Session, tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("kept")
    source = f"""
import os
os.symlink({str(tmp_path)!r}, 'link')
os.symlink({str(mine)!r}, 'file')
os.makedirs('closed/inner'); open('closed/inner/x', 'w').close(); os.chmod('closed/inner', 0); os.chmod('closed', 0)
os.mkfifo('pipe')
for _ in range(3000):
    os.mkdir('deep'); os.chdir('deep')
"""
    assert session.run_cell(source).ok
    session.close()
    assert not session.folder.exists()
    assert mine.read_text() == "kept"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the session may outlive its parent")
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSTOP])
def test_a_warm_process_that_was_killed_is_replaced(monkeypatch: pytest.MonkeyPatch, sent: signal.Signals) -> None:
    monkeypatch.setattr(worker_module, "END_SECONDS", 0.5)
    monkeypatch.setattr(worker_module, "START_SECONDS", 2.0)
    with Worker() as worker:
        with worker.session() as session, worker.session() as other:
            assert worker._warm is not None
            worker._warm.process.send_signal(sent)
            outcome = session.run_cell("import time\ntime.sleep(60)", seconds=1.0)
            assert outcome.stopped in ("crashed", "too_slow")
            assert not psutil.pid_exists(session.pid) or psutil.Process(session.pid).status() == "zombie"
            other.run_cell("1", seconds=1.0)
        with worker.session() as session:
            assert session.run_cell("print('as new')").outputs[0].data == "as new\n"
        assert len(list(worker.root.iterdir())) == 1


def test_a_closed_worker_leaves_nothing() -> None:
    with Worker() as worker:
        session = worker.session()
        assert worker._warm is not None
        pids = [session.pid, worker._warm.process.pid]
        assert session.run_cell("open('x', 'w').close()").ok
    assert not any(map(psutil.pid_exists, pids))
    assert not worker.root.exists()
    assert session.run_cell("1").stopped == "crashed"
    with pytest.raises(worker_module.SandboxError, match="closed"):
        worker.session()


def test_a_sandbox_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Worker() as worker, pytest.raises(worker_module.SandboxError, match="autograde doctor"):
        worker.session()


def test_windows_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module.os, "name", "nt")
    with pytest.raises(worker_module.SandboxError, match="Linux, WSL or macOS"):
        Worker()
