"""Each wall of the sandbox is proven by cells that try to break it; each is left out once, and the rest still stands.

The superuser runs all of it a second time as a user with no rights.
"""

from __future__ import annotations

import ast
import importlib.metadata
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from autograde.sandbox.limits import MIB, Limits
from autograde.sandbox.lockdown import Level
from autograde.sandbox.view import View, course_distributions, files_of, find_view
from autograde.sandbox.worker import CellOutcome, Session, Worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these walls")
REPOSITORY = Path(__file__).resolve().parents[2]
WALLS = [wall for wall in Level if wall]


def shown(outcome: CellOutcome) -> str:
    assert outcome.stopped is None, outcome
    assert outcome.raised is None, outcome.raised
    return "".join(o.data for o in outcome.outputs if isinstance(o.data, str))


def run(session: Session, source: str) -> str:
    return shown(session.run_cell(source)).strip()


def error_of(session: Session, source: str) -> str:
    outcome = session.run_cell(source)
    assert outcome.stopped is None, outcome
    return outcome.raised.type_name if outcome.raised else "nothing"


def need(session: Session, *walls: Level) -> None:
    for wall in walls:
        if wall not in session.level:
            pytest.skip(f"this machine refuses the wall {wall.name}: {session.missing}")


def test_the_walls_that_this_machine_allows_all_stand(session: Session) -> None:
    assert set(session.missing) <= {w.name.lower() for w in WALLS if w.name}
    for wall in WALLS:
        assert (wall in session.level) != ((wall.name or "").lower() in session.missing)


# The files


@pytest.mark.parametrize(
    "path",
    [
        "/etc/shadow",
        str(REPOSITORY / "lessons"),
        str(REPOSITORY / "solutions"),
        str(REPOSITORY / "notebooks"),
        str(REPOSITORY / "tests"),
        str(REPOSITORY / "gradebook.db"),
        str(REPOSITORY / ".git"),
        str(REPOSITORY / "autograde" / "judge"),
        str(REPOSITORY / "autograde" / "grading"),
        str(REPOSITORY / "nbgrader_config.py"),
        str(Path(pytest.__file__).parent),
        "/var",
        "/srv",
        "/boot",
        "/sys",
        "/run",
        "/proc/1/root",
    ],
)
def test_what_is_not_the_courses_is_not_there(session: Session, path: str) -> None:
    need(session, Level.FILES)
    source = f"import os\npath = {path!r}\nfound = os.listdir(path) if os.path.isdir(path) else open(path).read()\n"
    assert session.run_cell(source).raised is not None


def test_of_the_home_folder_there_is_no_more_than_the_way_to_python(session: Session) -> None:
    need(session, Level.FILES)
    home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    needed = {p for end in (sys.prefix, sys.base_prefix, str(REPOSITORY)) for p in [Path(end), *Path(end).parents]}
    source = f"import os\nprint(os.listdir({str(home)!r}) if os.path.isdir({str(home)!r}) else [])"
    assert {home / name for name in ast.literal_eval(run(session, source))} <= needed
    for name in (".bashrc", ".ssh", ".jupyter", ".ipython", ".config", ".cache"):
        assert error_of(session, f"os.stat({str(home / name)!r})") == "FileNotFoundError"


def test_a_gradebook_and_submissions_beside_the_course_are_not_there(session: Session, tmp_path: Path) -> None:
    need(session, Level.FILES)
    (tmp_path / "gradebook.db").write_bytes(b"SQLite format 3\0")
    assert error_of(session, f"open({str(tmp_path / 'gradebook.db')!r})") == "FileNotFoundError"
    source = "import os\nprint([os.path.join(d, f) for d, _, files in os.walk('/') if not d.startswith('/proc') for f in files if f.endswith(('.db', '.ipynb'))])"
    found = ast.literal_eval(run(session, source))
    assert [f for f in found if "-packages" not in f and not f.startswith("/usr/")] == []


def test_of_the_course_only_the_students_part_is_there(session: Session) -> None:
    need(session, Level.FILES)
    assert set(run(session, f"import os\nprint(*os.listdir({str(REPOSITORY)!r}))").split()) <= {
        "autograde",
        "coursekit",
        "data",
        ".venv",  # the part of it that the course's packages are
    }
    found = run(session, f"print(*os.listdir({str(REPOSITORY / 'autograde')!r}))")
    assert set(found.split()) == {"__init__.py", "check", "py.typed", "sandbox"} - ({"py.typed"} - set(found.split()))


def test_another_sessions_folder_is_not_there(worker: Worker, session: Session) -> None:
    need(session, Level.FILES)
    session.put("mine.txt", b"secret")
    place = run(session, "import os\nos.getcwd()").strip("'")
    with worker.session() as other:
        source = f"print(open({place + '/mine.txt'!r}).read())"
        assert error_of(other, source) == "FileNotFoundError"
        assert error_of(other, f"open({str(session.folder)!r} + '/mine.txt')") == "FileNotFoundError"
        assert len(run(other, "import os\nprint(*os.listdir('/session'))").split()) == 1
    assert run(session, "print(open('mine.txt').read())") == "secret"


def test_nothing_outside_of_the_own_folder_can_be_written(session: Session) -> None:
    need(session, Level.FILES)
    source = """
import os
bad = []
for folder, _, files in os.walk('/'):
    if folder.startswith(('/proc', '/session')):
        continue
    for attempt in (os.path.join(folder, 'mine'), *(os.path.join(folder, f) for f in files[:2])):
        try:
            os.close(os.open(attempt, os.O_WRONLY | (os.O_CREAT if attempt.endswith('/mine') else 0)))
            bad.append(attempt)
        except OSError:
            pass
print(bad)
"""
    written = set(ast.literal_eval(run(session, source)))
    assert written <= {
        f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom", "stdin", "stdout", "stderr")
    }
    for attempt in (
        "os.remove(os.__file__)",
        "os.chmod(os.__file__, 0o777)",
        "os.rename('/usr', '/mine')",
        "os.mkdir('/mine')",
        "os.symlink('/', '/usr/mine')",
        "os.utime(os.__file__)",
        "open('/proc/sys/kernel/hostname', 'w').write('x')",
    ):
        assert error_of(session, "import os\n" + attempt) in ("OSError", "PermissionError", "FileNotFoundError"), (
            attempt
        )


def test_no_device_can_be_made(session: Session) -> None:
    need(session, Level.FILES)
    assert (
        error_of(session, "import os, stat\nos.mknod('disk', 0o600 | stat.S_IFBLK, os.makedev(8, 0))")
        == "PermissionError"
    )
    assert error_of(session, "os.mkfifo('pipe')") == "nothing"


def test_the_courses_packages_can_be_imported_and_no_other(session: Session) -> None:
    need(session, Level.FILES)
    there = (
        "numpy",
        "matplotlib.pyplot",
        "ipywidgets",
        "jupyterlab",
        "nbgrader",
        "IPython",
        "coursekit.plots",
        "sqlite3",
        "PIL",
    )
    for name in (*there, "autograde.check"):
        assert error_of(session, f"import {name}") == "nothing", name
    others = (
        "pytest",
        "hypothesis",
        "mypy",
        "xdist",
        "playwright",
        "ruff",
        "autograde.judge",
        "autograde.grading",
        "autograde.cli",
    )
    for name in others:
        assert error_of(session, f"import {name}") == "ModuleNotFoundError", name
    source = "import subprocess, sys\nfor name in {!r}:\n    print(subprocess.run([sys.executable, '-c', 'import ' + name], capture_output=True).returncode)"
    assert run(
        session, source.format(("numpy", "coursekit", "autograde.check", "pytest", "autograde.judge"))
    ).split() == ["0", "0", "0", "1", "1"]


def test_the_packages_are_computed_from_what_is_installed() -> None:
    found = course_distributions()
    assert {"numpy", "jupyterlab", "nbgrader", "matplotlib", "ipywidgets", "ipython", "pillow", "traitlets"} <= set(
        found
    )
    assert not {"pytest", "mypy", "ruff", "hypothesis", "improving-deep-networks"} & set(found)
    assert {p.name for p in files_of(found["numpy"])} >= {
        "numpy",
        f"numpy-{importlib.metadata.version('numpy')}.dist-info",
    }
    assert set(course_distributions(["packaging"])) == {"packaging"}
    assert course_distributions(["no-such-package"]) == {}


def test_a_view_names_only_what_is_there_and_gives_masked_folders_in_parts(tmp_path: Path) -> None:
    view = find_view()
    assert all(path.exists() for path in view.shown)
    assert REPOSITORY in view.masked
    for name in ("site-packages/torch", "site-packages/numpy", "os"):
        (tmp_path / "lib" / name).mkdir(parents=True)
    lib, site = tmp_path / "lib", tmp_path / "lib" / "site-packages"
    readable, listed = View((lib, site / "numpy"), (site,)).unmasked()
    assert set(readable) == {lib / "os", site / "numpy"}
    assert set(listed) == {lib, site}


# Processes and users


def test_nothing_in_proc_can_be_written(session: Session) -> None:
    """/proc/sys is in it: the superuser's number, in whatever user namespace, is enough to write there."""
    need(session, Level.FILES, Level.PIDS)
    with Worker(_without=Level.LANDLOCK) as worker, worker.session() as weaker:
        source = """
import os
open_to = []
for folder, _, files in os.walk('/proc'):
    for name in files if not folder.endswith('/fd') else []:  # these lead out of /proc
        try:
            os.close(os.open(os.path.join(folder, name), os.O_WRONLY | os.O_NONBLOCK))
            open_to.append(os.path.join(folder, name))
        except OSError:
            pass
print(open_to)
"""
        assert run(weaker, source) == "[]"


def test_only_own_processes_are_seen(session: Session) -> None:
    need(session, Level.PIDS, Level.FILES)
    seen = run(session, "import os\nprint(*[p for p in os.listdir('/proc') if p.isdigit()], os.getpid())").split()
    assert seen[:-1] == ["1", "2"]
    assert seen[-1] == "2"
    for path in ("environ", "mem", "maps", "fd", "cwd", "root"):
        assert session.run_cell(
            f"print(os.listdir('/proc/1/{path}') if os.path.isdir('/proc/1/{path}') else open('/proc/1/{path}', 'rb').read(10))"
        ).raised


def test_the_grader_and_other_sessions_cannot_be_killed(worker: Worker, session: Session) -> None:
    need(session, Level.PIDS)
    warm = psutil.Process(session.pid).ppid()
    with worker.session() as other:
        for pid in (os.getpid(), warm, other.pid, session.pid):
            assert error_of(session, f"import os\nos.kill({pid}, 9)") in ("ProcessLookupError", "PermissionError")
        session.run_cell("os.kill(-1, 9)", 2.0)
        session.run_cell("os.kill(1, 9)", 2.0)
        assert other.run_cell("1").ok
    assert psutil.Process(warm).status() != psutil.STATUS_ZOMBIE
    with worker.session() as new:
        assert new.run_cell("1").ok


def test_a_session_has_a_group_of_its_own(session: Session) -> None:
    need(session, Level.PIDS)
    assert run(session, "import os\nprint(os.getpgrp() == os.getsid(0) == os.getpid())") == "True"


@pytest.mark.alone
def test_a_session_that_says_to_have_been_stopped_ends_at_once(session: Session) -> None:
    start = time.monotonic()
    assert session.run_cell("import os, signal\nos._exit(128 + signal.SIGSTOP)").stopped == "crashed"
    assert time.monotonic() - start < 5


def test_there_is_no_way_to_a_privilege(session: Session) -> None:
    need(session, Level.USER)
    status = dict(
        line.split(":\t")
        for line in run(session, "print(open('/proc/self/status').read())").splitlines()
        if ":\t" in line
    )
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[name], 16) == 0, name
    assert status["NoNewPrivs"] == "1"
    assert status["Groups"].split() in ([], status["Gid"].split()[:1], ["65534"])
    assert run(session, "import os\nprint(os.getuid())") != "0"
    for attempt in (
        "setuid(0)",
        "setgid(0)",
        "setgroups([0])",
        "setresuid(0, 0, 0)",
        "nice(-5)",
        "sched_setscheduler(0, 1, os.sched_param(1))",
    ):
        assert error_of(session, f"os.{attempt}") in ("PermissionError", "OSError"), attempt
    assert (
        "0"
        not in run(
            session,
            "import subprocess\nprint(subprocess.run('su -c id; mount -t tmpfs x /session; id -u', shell=True, capture_output=True, text=True).stdout)",
        ).split()
    )


def test_a_fork_bomb_stops_at_its_limit(worker: Worker) -> None:
    with Worker(Limits(processes=40)) as small, small.session() as session:
        need(session, Level.LIMITS, Level.USER)
        source = """
import os, time
count = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(60); os._exit(0)
        count += 1
except OSError as error:
    print(count, type(error).__name__)
"""
        count, name = run(session, source).split()
        assert name == "BlockingIOError"
        assert int(count) <= 40
        with small.session() as other:
            assert (
                run(
                    other,
                    "import subprocess\nprint(subprocess.run('echo fine', shell=True, capture_output=True, text=True).stdout)",
                )
                == "fine"
            )
        mine = psutil.Process(session.pid).children(recursive=True)
        assert len(mine) >= int(count)
        session.close()
        assert not any(p.is_running() for p in mine)


def test_a_bomb_of_forks_that_fork_ends_with_the_session() -> None:
    with Worker(Limits(processes=60)) as small, small.session() as session:
        need(session, Level.LIMITS, Level.USER, Level.PIDS)
        source = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
        start = time.monotonic()
        assert session.run_cell(source, 1.0).stopped in ("too_slow", "too_much_memory", "garbled")
        assert time.monotonic() - start < 10
        with small.session() as other:
            assert other.run_cell("import subprocess; subprocess.run(['true'], check=True)").ok


def test_threads_are_limited() -> None:
    with Worker(Limits(processes=30)) as small, small.session() as session:
        need(session, Level.LIMITS, Level.USER)
        source = (
            "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(30,), daemon=True).start()"
        )
        assert error_of(session, source) == "RuntimeError"


def test_memory_is_limited_over_all_processes() -> None:
    with Worker(Limits(memory_bytes=300 * MIB)) as small, small.session() as session:
        need(session, Level.LIMITS, Level.PIDS, Level.FILES)
        source = """
import os, time
for _ in range(12):
    if os.fork() == 0:
        held = bytearray(b'x') * (150 * 2**20)
        time.sleep(60); os._exit(0)
time.sleep(60)
"""
        outcome = session.run_cell(source, 15.0)
        assert outcome.stopped == "too_much_memory"
        assert "more than its 300 MiB of memory" in outcome.words


def test_memory_in_sockets_is_limited_too() -> None:
    with Worker(Limits(memory_bytes=300 * MIB)) as small, small.session() as session:
        need(session, Level.LIMITS, Level.PIDS, Level.NETWORK)
        source = """
import os, socket, time
for _ in range(12):
    if os.fork() == 0:
        held = [end for _ in range(100) for end in socket.socketpair()]
        time.sleep(60); os._exit(0)
time.sleep(60)
"""
        assert session.run_cell(source, 15.0).stopped == "too_much_memory"


def test_memory_that_children_share_counts_once() -> None:
    """A pool of processes works on one large array: each has all of it, and together they have it once."""
    with Worker(Limits(memory_bytes=400 * MIB)) as small, small.session() as session:
        source = """
import os, time
import numpy as np
large = np.ones(10_000_000)
for _ in range(20):
    if os.fork() == 0:
        large.sum(); time.sleep(1.2); os._exit(0)
print(sum(os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(20)))
"""
        assert run(session, source) == "0"


def test_no_right_to_lock_memory_or_to_go_before_others_is_inherited(session: Session) -> None:
    need(session, Level.LIMITS)
    names = ("RLIMIT_MEMLOCK", "RLIMIT_RTPRIO", "RLIMIT_NICE")
    limits = run(session, f"import resource\nprint([resource.getrlimit(getattr(resource, n)) for n in {names}])")
    locked, *others = ast.literal_eval(limits)
    assert max(locked) <= 2**16
    assert others == [(0, 0), (0, 0)]


# Disk


def test_the_folder_cannot_be_filled() -> None:
    with Worker(Limits(folder_bytes=20 * MIB, file_bytes=8 * MIB)) as small, small.session() as session:
        need(session, Level.FILES)
        source = """
import os
total = 0
try:
    for i in range(100):
        for place in ('.', '/tmp', '/dev/shm'):
            if os.access(place, os.W_OK):
                with open(f'{place}/{i}{place[-1]}', 'wb') as f:
                    total += f.write(bytes(5 * 2**20))
except OSError as error:
    print(error.errno, total)
"""
        number, total = map(int, run(session, source).split())
        assert number == 28  # no space left
        assert total <= 20 * MIB


def test_the_number_of_files_is_limited() -> None:
    with Worker(Limits(folder_files=200)) as small, small.session() as session:
        need(session, Level.FILES)
        source = "count = 0\ntry:\n    for count in range(10**6): open(f'f{count}', 'w').close()\nexcept OSError as error: print(error.errno, count)"
        number, count = map(int, run(session, source).split())
        assert number == 28
        assert count < 200


def test_files_are_put_before_the_first_cell(session: Session) -> None:
    session.put("checks.json", b"\x00\xffdata")
    assert run(session, "print(open('checks.json', 'rb').read())") == repr(b"\x00\xffdata")
    for name in ("", "..", "../x", "a/b", "/etc/passwd"):
        with pytest.raises(ValueError, match="not the name of a file"):
            session.put(name, b"")


# Network and calls to the kernel


# Internet, IPX, Internet 6, netlink, packets, the virtual machine's host, Bluetooth, ciphers, CAN, TIPC, XDP.
@pytest.mark.parametrize("family", [2, 4, 10, 16, 17, 40, 31, 38, 29, 30, 44])
def test_there_are_no_sockets_but_local_ones(session: Session, family: int) -> None:
    need(session, Level.SECCOMP)
    for kind in ("SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW", "SOCK_SEQPACKET"):
        assert error_of(session, f"import socket\nsocket.socket({family}, socket.{kind})") == "PermissionError"
    assert error_of(session, "a, b = socket.socketpair()\na.send(b'x')\nassert b.recv(1) == b'x'") == "nothing"


@pytest.mark.parametrize("without", [Level.PROCESS, Level.SECCOMP, Level.NETWORK, Level.LANDLOCK | Level.SECCOMP])
def test_nobody_outside_can_be_reached(without: Level) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as local,
        Worker(_without=without) as worker,
    ):
        local.bind(f"\0autograde-test-{os.getpid()}")
        local.listen()
        server.settimeout(0.1)
        local.settimeout(0.1)
        with worker.session() as session:
            need(session, *[w for w in (Level.NETWORK, Level.SECCOMP, Level.LANDLOCK) if w not in without])
            port = server.getsockname()[1]
            assert error_of(session, f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 1)") in (
                "OSError",
                "PermissionError",
                "ConnectionRefusedError",
            )
            assert error_of(
                session, f"s = socket.socket(socket.AF_UNIX)\ns.connect('\\0autograde-test-{os.getpid()}')"
            ) in ("PermissionError", "ConnectionRefusedError")
            assert error_of(session, "socket.getaddrinfo('example.org', 80)") == "gaierror"
            assert error_of(session, "socket.gethostbyname('example.org')") == "gaierror"
            assert (
                error_of(session, "import urllib.request\nurllib.request.urlopen('http://example.org', timeout=2)")
                == "URLError"
            )
        for listening in (server, local):
            with pytest.raises(TimeoutError):
                listening.accept()


@pytest.mark.parametrize(
    "call",
    [
        "syscall(101, 16, 1, 0, 0)",  # ptrace
        "ptrace(0, 0, 0, 0)",
        "syscall(310, 1, 0, 0, 0, 0, 0)",  # process_vm_readv
        "mount(b'x', b'/session', b'tmpfs', 0, None)",
        "umount2(b'/proc', 2)",
        "syscall(155, b'/', b'/')",  # pivot_root
        "chroot(b'/session')",
        "unshare(0x10000000)",
        "unshare(0x00020000)",
        "setns(0, 0)",
        "syscall(428, -100, b'/', 1)",  # open_tree
        "syscall(56, 0x10000000 | 17, 0, 0, 0, 0)",  # clone with a user namespace
        "syscall(321, 0, 0, 0)",  # bpf
        "syscall(298, 0, 0, -1, -1, 0)",  # perf_event_open
        "syscall(323, 0)",  # userfaultfd
        "syscall(425, 1, 0)",  # io_uring_setup
        "syscall(250, 0, 0, 0)",  # keyctl
        "syscall(304, 0, 0, 0)",  # open_by_handle_at
        "syscall(246, 0, 0, 0, 0)",  # kexec_load
        "reboot(0)",
        "sethostname(b'mine', 4)",
        "syscall(164, 0, 0)",  # settimeofday
        "shmget(1, 4096, 0o1600)",
        "msgget(1, 0o1600)",
        "semget(1, 1, 0o1600)",
        "ioctl(0, 0x5412, b'x')",  # TIOCSTI
        "memfd_create(b'x', 0)",
        "mmap(None, 4096, 3, 0x21, -1, 0)",  # MAP_SHARED | MAP_ANONYMOUS
        "fcntl(0, 1024, 0)",  # F_SETLEASE
        "setsockopt(3, 1, 7, b'long', 4)",  # SO_SNDBUF
        "syscall(302, 1, 7, 0, 0)",  # prlimit64 on the namespace's first process
        "syscall(144, 1, 0, b'    ')",  # sched_setscheduler
        "syscall(203, 1, 8, b'        ')",  # sched_setaffinity
        "setpriority(0, 1, 19)",
        "setpriority(2, 0, 19)",
        "syscall(251, 1, 1, 0)",  # ioprio_set
        "syscall(444, 0, 0, 1)",  # landlock_create_ruleset
    ],
)
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are those of x86-64")
def test_calls_that_no_notebook_needs_are_refused(session: Session, call: str) -> None:
    need(session, Level.SECCOMP)
    source = f"import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nprint(libc.{call}, ctypes.get_errno())"
    assert run(session, source) == "-1 1"


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are those of x86-64")
@pytest.mark.parametrize("number", ["435", "0x40000000 + 41", "453", "1000"])  # clone3, a 32-bit socket, unknown ones
def test_calls_that_the_filter_cannot_judge_do_not_exist(session: Session, number: str) -> None:
    need(session, Level.SECCOMP)
    assert (
        run(
            session,
            f"import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nprint(libc.syscall({number}, 0, 0), ctypes.get_errno())",
        )
        == "-1 38"
    )


def test_the_machine_has_no_name(session: Session) -> None:
    need(session, Level.HOST)
    assert run(session, "import socket\nprint(socket.gethostname())") == "localhost"


# What honest notebooks do


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import getpass; print(getpass.getuser())", "student"),
        ("import os; print(os.path.expanduser('~') == os.getcwd())", "True"),
        ("from pathlib import Path; Path('a/b').mkdir(parents=True); print(*Path('a').iterdir())", "a/b"),
        ("from concurrent.futures import ThreadPoolExecutor as T\nprint(sum(T(8).map(abs, [-1, -2])))", "3"),
        (
            "import subprocess, sys; print(subprocess.run([sys.executable, '-c', 'print(6 * 7)'], capture_output=True, text=True).stdout)",
            "42",
        ),
        ("import multiprocessing as mp\nwith mp.get_context('fork').Pool(2) as p: print(p.map(abs, [-4]))", "[4]"),
        ("import multiprocessing as mp\nm = mp.get_context('fork').Manager(); d = m.dict(a=1); print(d['a'])", "1"),
        ("import tempfile; print(tempfile.gettempdir() == __import__('os').getcwd())", "True"),
        ("import time; print(time.tzname[0])", "UTC"),
        ("import zoneinfo; print(zoneinfo.ZoneInfo('Europe/Berlin'))", "Europe/Berlin"),
        (
            "import locale, uuid, ssl, sqlite3; sqlite3.connect('x.db').execute('create table t (a)'); print('done')",
            "done",
        ),
        ("!ls / | head -1", "bin"),
        ("!pwd && echo $HOME | wc -l", "1"),
        ("import psutil; print(psutil.Process().pid == __import__('os').getpid())", "True"),
        ("import os; os.nice(1); os.sched_setaffinity(0, os.sched_getaffinity(0)); print('nice')", "nice"),
        ("import multiprocessing as mp; a = mp.get_context('fork').Array('d', 5); a[2] = 3; print(a[2])", "3.0"),
        (
            "from multiprocessing import shared_memory as s; m = s.SharedMemory(create=True, size=9); m.unlink(); print(m.size)",
            "9",
        ),
        ("import mmap; m = mmap.mmap(-1, 99, flags=mmap.MAP_PRIVATE); m[0] = 7; print(m[0])", "7"),
        ("import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (99, 99)); print('limited')", "limited"),
        ("import asyncio; print(await asyncio.sleep(0, 5))", "5"),
        ("from matplotlib import font_manager as f; print(f.findfont('DejaVu Sans')[-14:])", "DejaVuSans.ttf"),
        ("import numpy as np; np.save('a', np.eye(2)); print(np.load('a.npy').sum())", "2.0"),
        ("from coursekit import datasets; print(datasets.load_fashion().X_train.shape[1])", "784"),
    ],
)
def test_honest_code_works(session: Session, source: str, expected: str) -> None:
    assert expected in run(session, source)


# Walls that a machine refuses


@pytest.mark.parametrize("left_out", WALLS, ids=lambda w: w.name)
def test_without_one_wall_the_others_stand_and_notebooks_run(session: Session, left_out: Level) -> None:
    with Worker(_without=left_out) as worker, worker.session() as weaker:
        lost = left_out
        if left_out is Level.USER and os.getuid() != 0:
            # An ordinary user has namespaces only in a user namespace.
            lost |= Level.FILES | Level.PIDS | Level.NETWORK | Level.IPC | Level.HOST
        if left_out in (Level.USER, Level.FILES) and os.getuid() == 0:
            # The superuser's processes are not counted; and who may not enter root's home cannot be another user.
            lost |= Level.LIMITS | Level.USER
        assert weaker.level | lost == session.level | lost
        assert not weaker.level & left_out
        assert weaker.missing[(left_out.name or "").lower()]
        weaker.put("checks.json", b"here")
        source = "import matplotlib.pyplot as plt, os\nplt.plot([1, 2]); plt.show()\nprint(open('checks.json').read())"
        outcome = weaker.run_cell(source)
        assert outcome.ok
        assert [o.kind for o in outcome.outputs] == ["png", "stdout"]
        assert run(weaker, "!echo shell") == "shell"
        assert run(weaker, "open('mine', 'w').write('x')\nprint(os.path.exists('mine'))") == "True"
        folder = weaker.folder
    assert not folder.exists()


def test_with_no_wall_at_all_notebooks_run() -> None:
    everything = Level(sum(WALLS))
    with Worker(_without=everything) as worker, worker.session() as session:
        assert session.level == Level.PROCESS
        assert session.level.words() == "process"
        assert run(session, "print(1)") == "1"
        assert (
            run(
                session,
                "import subprocess\nprint(subprocess.run(['echo', 'sub'], capture_output=True, text=True).stdout)",
            )
            == "sub"
        )


@pytest.fixture(scope="module")
def second_walls_only() -> Iterator[Worker]:
    with Worker(_without=Level(sum(WALLS)) & ~Level.LANDLOCK & ~Level.SECCOMP) as worker:
        yield worker


def test_landlock_alone_keeps_the_files(second_walls_only: Worker, tmp_path: Path) -> None:
    (tmp_path / "open.txt").write_text("open")
    (tmp_path / "open.txt").chmod(0o666)
    with second_walls_only.session() as session, second_walls_only.session() as other:
        need(session, Level.LANDLOCK)
        place = run(other, "import os\nopen('mine', 'w').write('x')\nos.getcwd()").split("\n")[-1].strip("'")
        lessons = str(REPOSITORY / "lessons" / "01-initialization" / "lesson.py")
        config = str(REPOSITORY / "nbgrader_config.py")
        for path in (
            "/etc/shadow",
            lessons,
            config,
            str(tmp_path / "open.txt"),
            f"{place}/mine",
            f"/proc/{os.getpid()}/cmdline",
            f"/proc/{session.pid + 1}/environ",
        ):
            assert error_of(session, f"open({path!r}).read()") in ("PermissionError", "FileNotFoundError"), path
        assert error_of(session, f"open({str(tmp_path / 'open.txt')!r}, 'a')") == "PermissionError"
        assert error_of(session, f"import os; os.kill({os.getpid()}, 0)") == "PermissionError"
        assert error_of(session, f"os.kill({os.getppid()}, 9)") == "PermissionError"
        # Whatever is installed beside the course is not there: a library that would use it goes without.
        for name in ("pytest", "mypy.api"):
            assert error_of(session, f"import {name}") == "ModuleNotFoundError"
        assert error_of(session, "import autograde.judge") != "nothing"
        for name in ("jupyterlab", "coursekit.training", "xml.dom.minidom"):
            assert error_of(session, f"import {name}") == "nothing"
        assert (
            run(
                session,
                "import subprocess, sys\nprint(subprocess.run([sys.executable, '-c', 'import numpy; print(7)'], capture_output=True, text=True).stdout)",
            )
            == "7"
        )
    assert (tmp_path / "open.txt").read_text() == "open"


def test_seccomp_alone_refuses_sockets_and_ptrace(second_walls_only: Worker) -> None:
    with second_walls_only.session() as session:
        need(session, Level.SECCOMP)
        assert error_of(session, "import socket; socket.socket()") == "PermissionError"
        source = f"import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nprint(libc.ptrace(16, {os.getpid()}, 0, 0), ctypes.get_errno())"
        assert run(session, source) == "-1 1"


@pytest.mark.alone
def test_locking_in_takes_milliseconds(worker: Worker) -> None:
    """About 8 ms on a free machine, of which 3 are two forks."""
    everything = Level(sum(WALLS))
    times = []
    for chosen in (Worker(), Worker(_without=everything)):
        with chosen:
            taken = []
            for _ in range(15):
                start = time.perf_counter()
                session = chosen.session()
                taken.append(time.perf_counter() - start)
                session.close()
            times.append(min(taken))  # a busy machine only adds
    assert times[0] - times[1] < 0.03


@pytest.mark.skipif(os.getuid() != 0, reason="only the superuser can become another user")
def test_all_of_this_holds_for_an_ordinary_user() -> None:
    here = Path(__file__).parent
    paths = [sys.base_prefix, sys.prefix, str(REPOSITORY)]
    tests = [str(here / name) for name in ("test_lockdown.py", "test_cells.py")]
    command = [
        sys.executable,
        str(here / "as_nobody.py"),
        *paths,
        "--",
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "-m",
        "not alone",
        *tests,
    ]
    scrubbed = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    done = subprocess.run(command, cwd=REPOSITORY, env=scrubbed, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


#: The superuser without the rights that a container may take from him.
LESS = {
    "the right to namespaces": "-sys_admin",
    "the rights to namespaces and to name users in them": "-sys_admin,-setfcap",
}


def as_less(rights: str, program: str) -> str:
    command = ["setpriv", f"--bounding-set={rights}", "--inh-caps=-sys_admin", sys.executable, "-c", program]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("setpriv"), reason="only the superuser can give rights away")
def test_a_superuser_who_has_user_namespaces_only_gets_all_walls() -> None:
    program = """
from autograde.sandbox.limits import Limits
from autograde.sandbox.worker import Worker
with Worker(Limits(processes=30)) as worker:
    with worker.session() as session:
        print(session.level.words() if session.level != 511 else "all")
        print(session.run_cell("open('/proc/sys/kernel/core_pattern', 'r+')").raised.type_name)
        bomb = "import os, time\\nfor _ in range(300):\\n    if os.fork() == 0: time.sleep(60)\\ntime.sleep(60)"
        print(session.run_cell(bomb, 60.0).stopped)
"""
    found = as_less(LESS["the right to namespaces"], program).split()
    if found[0] != "all":
        pytest.skip(f"this machine refuses user namespaces: {found[0]}")
    # Nobody's processes are counted here, so that the session ends where others are told that there are no more.
    assert found[1:] == ["OSError", "too_many_processes"]


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("setpriv"), reason="only the superuser can give rights away")
def test_a_system_that_really_refuses_namespaces_is_told_apart() -> None:
    """As in a container: the superuser without the right to make namespaces of any kind."""
    program = """
from autograde.sandbox.worker import Worker
with Worker() as worker, worker.session() as session:
    print(session.run_cell("1 + 1").ok, session.level.words(), sorted(session.missing), session.missing["user"])
"""
    found = as_less(LESS["the rights to namespaces and to name users in them"], program)
    assert found.startswith("True ")
    assert "files" not in found.split()[1].split("+")
    assert "'files', 'host', 'ipc'" in found
    assert "no user namespace: Operation not permitted" in found


@pytest.mark.parametrize("without", [Level.PROCESS, Level.FILES])
def test_a_session_without_data_finds_no_data_set(without: Level) -> None:
    """In its own view the folder is empty; where there is no view, Landlock does not open it."""
    look = f"""
import os
from coursekit.datasets import load_wine
try:
    print(len(load_wine().y))
except OSError as error:
    print("no data")
try:
    print(len(os.listdir({str(REPOSITORY / "data")!r})) > 3)
except OSError:
    print(False)
"""
    with Worker(_without=without) as worker:
        with worker.session() as session:
            assert run(session, look).split("\n") == ["178", "True"]
        with worker.session(data=False) as session:
            if session.level & (Level.FILES | Level.LANDLOCK):
                assert run(session, look).split("\n") == ["no data", "False"]
