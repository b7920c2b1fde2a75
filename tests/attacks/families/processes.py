"""Attacks with processes: what survives, what kills, what cannot be killed."""

from ..registry import code

_DAEMON = """
import os
import subprocess
import sys
import time

def daemon(seconds=20):
    if os.fork():
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    os.execv(sys.executable, [sys.executable, '-c', f'import time; time.sleep({seconds})', '@MARK@'])
"""

code("a daemon by a double fork", "processes", _DAEMON + "daemon()\ntime.sleep(0.2)")
code(
    "a daemon that ignores every signal and changes its group",
    "processes",
    """
import os
import signal
import time

if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    end = time.monotonic() + 20
    while time.monotonic() < end:
        time.sleep(1)
    os._exit(0)
""",
)
code(
    "a daemon that forks faster than it can be found",
    "processes",
    """
import os
import time

if os.fork() == 0:
    os.setsid()
    end = time.monotonic() + 3
    while time.monotonic() < end:
        if os.fork():
            os._exit(0)
        os.setsid()
    os._exit(0)
""",
    needs="PIDS",
)
code(
    "a child that the system's own programs start",
    "processes",
    """
import subprocess

subprocess.Popen(['sh', '-c', 'trap "" HUP TERM; exec sleep 20', '@MARK@'], start_new_session=True)
""",
)
code(
    "threads that never end, atexit and finalisers",
    "processes",
    """
import atexit
import threading
import time
import weakref

class Thing:
    pass

thing = Thing()
weakref.finalize(thing, lambda: time.sleep(20))
atexit.register(lambda: time.sleep(20))
for _ in range(20):
    threading.Thread(target=time.sleep, args=(20,), daemon=False).start()
""",
)
code(
    "signal handlers that ignore termination, and a loop",
    "processes",
    """
import signal

for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGXCPU, signal.SIGHUP, signal.SIGPROF):
    signal.signal(number, lambda *a: None)
""",
    double="def double(z):\n    while True:\n        pass",
)
code(
    "an alarm that raises in the middle of the probe",
    "processes",
    """
import signal

def raise_it(*_):
    raise KeyboardInterrupt

signal.signal(signal.SIGALRM, raise_it)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
""",
)
code("os._exit in a function", "processes", "import os", double="def double(z):\n    os._exit(0)")
code(
    "sys.exit and SystemExit everywhere",
    "processes",
    "import sys",
    double="def double(z):\n    sys.exit(0)",
    total="raise SystemExit(0)",
)
code("os._exit in a cell", "processes", "import os\nos._exit(0)")
code(
    "a segmentation fault",
    "processes",
    "import ctypes",
    double="def double(z):\n    ctypes.string_at(0)",
)
code(
    "an illegal instruction, an abort and a bus error",
    "processes",
    "import os, signal",
    double="def double(z):\n    os.kill(os.getpid(), signal.SIGILL)",
    total="def total(z):\n    os.abort()",
    apply="def apply(f, z, rng):\n    os.kill(os.getpid(), signal.SIGBUS)",
)
code(
    "the session stops itself",
    "processes",
    "import os, signal",
    double="def double(z):\n    os.kill(os.getpid(), signal.SIGSTOP)",
)
code(
    "a child of the session is stopped and holds its descriptors",
    "processes",
    """
import os
import signal

if os.fork() == 0:
    os.kill(os.getpid(), signal.SIGSTOP)
    os._exit(0)
""",
)
code(
    "a child goes on where its parent was, and both answer",
    "processes",
    double="def double(z):\n    import os\n    os.fork()\n    return z - 1.0",
    total="def total(z):\n    import os\n    os.fork()\n    return -1.0",
)
code(
    "a stranger's process is killed",
    "processes",
    "import os\nos.kill(int('@CANARY@'), 9)",
    needs="PIDS",
)
code(
    "the parent is stopped",
    "processes",
    """
import os
import signal

if os.getppid() > 1 and 'python' in open(f'/proc/{os.getppid()}/cmdline').read():
    os.kill(os.getppid(), signal.SIGSTOP)
""",
    needs="PIDS",
)
code(
    "the parent is killed",
    "processes",
    """
import os
import signal

if os.getppid() > 1 and 'python' in open(f'/proc/{os.getppid()}/cmdline').read():
    os.kill(os.getppid(), signal.SIGKILL)
""",
    needs="PIDS",
)
code(
    "limits, priorities and the death signal are changed",
    "processes",
    """
import ctypes
import os
import resource

for what in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
    try:
        resource.setrlimit(what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print('SECRET-FOUND: a limit was lifted')
    except (OSError, ValueError):
        pass
ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
""",
    needs="USER",
)
code(
    "shared memory, queues and semaphores are left behind",
    "processes",
    """
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
key = 0x41747463
memory = libc.shmget(key, 4096, 0o1666)
queue = libc.msgget(key, 0o1666)
semaphore = libc.semget(key, 1, 0o1666)
""",
    needs="IPC",
)
