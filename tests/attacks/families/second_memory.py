"""Attacks that get memory which counts nowhere: without end, if the first piece of it can be had."""

from ..registry import code

_SHARED = """
import mmap
import os

def let_go(memory):
    for i in range(0, len(memory), 4096):
        memory[i] = 1
    memory.madvise(mmap.MADV_DONTNEED)
    if memory[0] == 1:
        print('SECRET-FOUND: memory that counts nowhere')

"""
code(
    "a file in memory that has no name",
    "second memory",
    """
import os

file = os.memfd_create('x')
if os.write(file, bytes(2**22)) == 2**22:
    print('SECRET-FOUND: memory that counts nowhere')
""",
    needs="SECCOMP",
)
code(
    "shared memory that was let go of and is still there",
    "second memory",
    _SHARED + "let_go(mmap.mmap(-1, 2**22))",
    needs="SECCOMP",
)
code(
    "shared memory mapped from a device, and let go of",
    "second memory",
    _SHARED + "let_go(mmap.mmap(os.open('/dev/zero', os.O_RDWR), 2**22))",
    needs="FILES",
)
code(
    "sockets with buffers of megabytes that nobody reads",
    "second memory",
    """
import socket

one, other = socket.socketpair()
usual = one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**24)
if one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) > usual:
    print('SECRET-FOUND: memory that counts nowhere')
""",
    needs="SECCOMP",
)
code(
    "walls within walls, which take the kernel's memory",
    "second memory",
    """
import ctypes

libc = ctypes.CDLL(None)
handled = (ctypes.c_uint64 * 1)(8191)
if libc.syscall(444, handled, ctypes.c_size_t(8), 0) >= 0:  # landlock_create_ruleset
    print('SECRET-FOUND: memory that counts nowhere')
""",
    needs="SECCOMP",
)
code(
    "the first process of the namespace is limited, slowed down and signalled",
    "second memory",
    """
import os
import resource
import signal

for attempt in (
    lambda: resource.prlimit(1, resource.RLIMIT_NOFILE, (3, 3)),
    lambda: os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0)),
    lambda: os.sched_setaffinity(1, {0}),
    lambda: os.setpriority(os.PRIO_PROCESS, 1, 19),
    lambda: os.setpriority(os.PRIO_USER, 0, 19),
):
    try:
        attempt()
        print('SECRET-FOUND: the first process can be steered')
    except OSError:
        pass
for number in range(1, 65):
    try:
        os.kill(1, number)
    except OSError:
        pass
""",
    needs="PIDS SECCOMP",
)
