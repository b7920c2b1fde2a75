"""Attacks on what the grader's machine shares among all: processors, files that others open, the grader's own hours."""

from ..registry import code

code(
    "files of the course are leased, so that nobody else can open them",
    "second steering",
    """
import fcntl
import glob
import os

import coursekit

taken = 0
for path in [*glob.glob(os.path.dirname(coursekit.__file__) + '/*.py'), *glob.glob(os.path.dirname(os.__file__) + '/*.py')]:
    try:
        fcntl.fcntl(os.open(path, os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_WRLCK)
        taken += 1
    except OSError:
        pass
if taken:
    print('SECRET-FOUND: leases', taken)
""",
    needs="SECCOMP",
)
code(
    "everything that has the same user or group is stopped and slowed down",
    "second steering",
    """
import os
import signal

for attempt in (
    lambda: os.setpriority(os.PRIO_USER, 0, 19),
    lambda: os.setpriority(os.PRIO_PGRP, 0, 19),
    lambda: os.killpg(0, signal.SIGCONT),
    lambda: os.kill(-1, signal.SIGSTOP),
    lambda: os.kill(0, signal.SIGSTOP),
):
    try:
        attempt()
    except OSError as error:
        print(error)
""",
    needs="PIDS",
)
code(
    "the right to go before all others is asked for",
    "second steering",
    """
import os
import resource

for what in (resource.RLIMIT_RTPRIO, resource.RLIMIT_NICE):
    try:
        resource.setrlimit(what, (40, 40))
        print('SECRET-FOUND: a limit was raised')
    except (OSError, ValueError):
        pass
for policy in (os.SCHED_FIFO, os.SCHED_RR):
    try:
        os.sched_setscheduler(0, policy, os.sched_param(1))
        print('SECRET-FOUND: this goes before all others')
    except OSError:
        pass
""",
    needs="LIMITS",
)
code(
    "the session ends with a code that tells the grader's process to stop itself",
    "second steering",
    "import os, signal\nos._exit(128 + signal.SIGSTOP)",
)
code(
    "children for whom nobody waits, and every limit that a user has",
    "second steering",
    """
import ctypes
import os

libc = ctypes.CDLL(None)
watches = [libc.inotify_init() for _ in range(200)]
pipes = []
try:
    while True:
        pipes.append(os.pipe())
except OSError:
    pass
for _ in range(150):
    try:
        if os.fork() == 0:
            os._exit(0)
    except OSError:
        break
for name in ('a', 'b'):
    open(name, 'w').write('x')
""",
    needs="PIDS LIMITS",
)
