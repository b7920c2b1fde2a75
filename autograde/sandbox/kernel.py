"""The system calls of Linux that the sandbox needs and Python has no function for; nothing here decides anything.

Each function makes one call, or the few that belong together, and raises ``OSError`` when the kernel refuses. Where it
is not Linux, every one raises ``OSError`` (ENOSYS). Numbers and structures are those of the kernel's own headers,
<linux/sched.h>, <linux/mount.h>, <linux/prctl.h>, <linux/capability.h>, <linux/landlock.h> and <linux/seccomp.h>.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

# Namespaces, for unshare(2).
NEW_FILES, NEW_HOST, NEW_IPC = 0x00020000, 0x04000000, 0x08000000
NEW_USER, NEW_PIDS, NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000

# Flags of mount(2) and umount2(2).
READ_ONLY, NO_SUID, NO_DEVICES, NO_EXEC = 1, 2, 4, 8
_REMOUNT, _NO_ATIME, _NO_DIR_ATIME, _BIND, _RECURSIVE = 32, 1024, 2048, 4096, 16384
_PRIVATE, _RELATIVE_ATIME, _DETACH = 1 << 18, 1 << 21, 2

# Options of prctl(2).
_SET_PDEATHSIG, _SET_DUMPABLE, _DROP_FROM_BOUNDS, _SET_SECCOMP = 1, 4, 24, 22
_SET_SUBREAPER, _SET_NO_NEW_PRIVS, _AMBIENT, _AMBIENT_CLEAR_ALL = 36, 38, 47, 4

#: Numbers of the calls that the C library has no function for: (x86-64, 64-bit ARM). From 424 on they are the same.
_NUMBERS = {"pivot_root": (155, 41), "capset": (126, 91)}
_MOUNT_SETATTR, _LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 442, 444, 445, 446

#: The machines whose system calls are known here: the column of a table of numbers, and the name that seccomp uses.
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def _libc() -> ctypes.CDLL:
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, "only Linux has this")
    return _library()


@cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _machine() -> tuple[int, int]:
    """The column of this machine in a table of numbers, and seccomp's name of it."""
    name = platform.machine() if sys.platform == "linux" and sys.maxsize > 2**32 else ""
    if name not in _MACHINES:
        raise OSError(errno.ENOSYS, "the system calls of this kind of machine are not known here")
    return _MACHINES[name]


def _made(result: int, what: str) -> int:
    """The result of a call, or ``OSError`` with the reason that the C library keeps in ``errno``."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _call(number: int, what: str, *arguments: object) -> int:
    """Make a call by its number."""
    wide = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return _made(_libc().syscall(ctypes.c_long(number), *wide), what)


def _prctl(option: int, first: int = 0, second: object = None, what: str = "prctl") -> None:
    nothing = ctypes.c_ulong(0)
    _made(_libc().prctl(option, ctypes.c_ulong(first), second or nothing, nothing, nothing), what)


def unshare(namespaces: int) -> None:
    """Leave the namespaces that the flags name for new ones; for ``NEW_PIDS`` that holds for the next child."""
    _made(_libc().unshare(ctypes.c_int(namespaces)), "unshare")


def keep_own_ids(uid: int, gid: int) -> None:
    """Call the user and group in a new user namespace as they were called outside; there are no others in it."""
    # The kernel wants setgroups(2) forbidden before an ordinary user may name a group.
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def _mount(source: str | None, target: Path, kind: str | None, flags: int, options: str | None = None) -> None:
    names = [None if s is None else os.fsencode(s) for s in (source, os.fspath(target), kind, options)]
    done = _libc().mount(names[0], names[1], names[2], ctypes.c_ulong(flags), names[3])
    _made(done, f"mount {kind or source} on {target}")


def make_mounts_private() -> None:
    """Stop mounts from spreading from this mount namespace to others and back."""
    _mount(None, Path("/"), None, _RECURSIVE | _PRIVATE)


def mount_memory(target: Path, options: str, flags: int = NO_SUID | NO_DEVICES) -> None:
    """Mount a file system in memory; ``options`` are those of tmpfs(5)."""
    _mount("tmpfs", target, "tmpfs", flags, options)


def mount_proc(target: Path) -> None:
    """Mount the process file system of the current process namespace, for reading only: /proc/sys is in it."""
    _mount("proc", target, "proc", READ_ONLY | NO_SUID | NO_DEVICES | NO_EXEC)


def bind(source: Path, target: Path) -> None:
    """Show a file, or a folder with all that is mounted in it, in a second place."""
    _mount(os.fspath(source), target, None, _BIND | _RECURSIVE)


def make_read_only(root: Path, targets: Iterable[Path]) -> None:
    """Forbid writing, set-user-id programs and devices in ``root`` and in the mounts ``targets`` in it."""
    # struct mount_attr: attributes to set, to clear, propagation, user namespace.
    attributes = struct.pack("QQQQ", READ_ONLY | NO_SUID | NO_DEVICES, 0, 0, 0)
    here, recursive = -100, 0x8000
    try:
        size = ctypes.c_size_t(len(attributes))
        _call(_MOUNT_SETATTR, "mount_setattr", here, os.fsencode(root), recursive, attributes, size)
    except OSError as error:
        if error.errno not in (errno.ENOSYS, errno.EPERM):
            raise
        # Before Linux 5.12: one by one, and with the flags they have, which a user namespace may not take away.
        for target in (root, *targets):
            had = os.statvfs(target).f_flag & (NO_EXEC | _NO_ATIME | _NO_DIR_ATIME)
            relative = _RELATIVE_ATIME if os.statvfs(target).f_flag & os.ST_RELATIME else 0
            flags = _REMOUNT | _BIND | READ_ONLY | NO_SUID | NO_DEVICES | had | relative
            _mount(None, target, None, flags)


def change_root(root: Path) -> None:
    """Make the mount ``root`` the file system's root, and let go of the old one for good."""
    os.chdir(root)
    # With both names the same, the old root ends up on top of the new one, and can be unmounted from there.
    _call(_NUMBERS["pivot_root"][_machine()[0]], "pivot_root", b".", b".")
    _made(_libc().umount2(b".", _DETACH), "umount2")
    os.chdir("/")


def set_host_name(name: str) -> None:
    """Name the machine in this UTS namespace."""
    _made(_libc().sethostname(name.encode(), ctypes.c_size_t(len(name))), "sethostname")


def die_with_parent(signal: int) -> None:
    """Send this process ``signal`` when its parent ends. A change of user undoes it."""
    _prctl(_SET_PDEATHSIG, signal)


def adopt_orphans() -> None:
    """Become the parent of grandchildren that lose theirs."""
    _prctl(_SET_SUBREAPER, 1)


def set_dumpable(may: bool) -> None:
    """Say whether processes of the same user may look into this one, by way of ptrace(2) or /proc."""
    _prctl(_SET_DUMPABLE, int(may))


def processor_clock(pid: int) -> int:
    """The clock of the processor time that a process has used, for ``time.clock_gettime``."""
    clock = ctypes.c_int()
    number = _libc().clock_getcpuclockid(ctypes.c_int(pid), ctypes.byref(clock))
    if number:
        raise OSError(number, f"clock_getcpuclockid: {os.strerror(number)}")
    return clock.value


def drop_bounds() -> None:
    """Have no program run from here gain a privilege, not even one that belongs to the superuser."""
    for capability in range(64):
        try:
            _prctl(_DROP_FROM_BOUNDS, capability)
        except OSError:
            break  # there are no more, or there is no right to drop them, and so nothing to drop


def drop_capabilities() -> None:
    """Give up every privilege of this process."""
    try:
        _prctl(_AMBIENT, _AMBIENT_CLEAR_ALL)
    except OSError as error:
        if error.errno != errno.EINVAL:  # before Linux 4.3
            raise
    # Version 3 of the structures: 64 bits each of effective, permitted and inheritable, in two halves.
    header, data = struct.pack("Ii", 0x20080522, 0), struct.pack("6I", *[0] * 6)
    _call(_NUMBERS["capset"][_machine()[0]], "capset", header, data)


def no_new_privileges() -> None:
    """Have no program run from here gain any right; Landlock and seccomp ask for it."""
    _prctl(_SET_NO_NEW_PRIVS, 1)


# Landlock: which rights on files there are since which version, as bits.
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE, _IOCTL = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14, 1 << 15
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
#: The rights that make sense for a file; a rule on a file with others is refused.
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL


def restrict_files(readable: Iterable[Path], writable: Iterable[Path], listable: Iterable[Path]) -> int:
    """Landlock: read and run what is in ``readable``, everything in ``writable``, names of files in ``listable``, and
    no other file; no TCP; no signals and no abstract sockets to the outside. Paths that are not there are left out.
    Gives the version of Landlock.
    """
    version = _call(_LANDLOCK_CREATE, "Landlock", None, 0, 1)
    rights = _RIGHTS[max(v for v in _RIGHTS if v <= version)]
    # struct landlock_ruleset_attr: files; from version 4 on TCP (bind, connect); from 6 on scopes (sockets, signals).
    attributes = struct.pack("QQQ", rights, 3, 3)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = _call(_LANDLOCK_CREATE, "Landlock", attributes, len(attributes), 0)
    try:
        reading = _EXECUTE | _READ_FILE | _READ_DIR
        for paths, granted in ((readable, reading), (writable, rights), (listable, _READ_DIR)):
            for path in paths:
                _allow(rules, path, granted & rights)
        _call(_LANDLOCK_RESTRICT, "Landlock", rules, 0)
    finally:
        os.close(rules)
    return version


def _allow(rules: int, path: Path, granted: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        folder = path.is_dir()
        # struct landlock_path_beneath_attr, packed: the rights, and the open file or folder.
        rule = struct.pack("=Qi", granted if folder else granted & _FILE_RIGHTS, opened)
        _call(_LANDLOCK_ADD, "Landlock", rules, 1, rule, 0)
    finally:
        os.close(opened)


#: Calls that no notebook needs and that reach for other processes, the machine or the walls themselves: their numbers
#: on x86-64 and 64-bit ARM (-1: it has none).
_REFUSED = {
    # other processes' memory and descriptors
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "process_mrelease": (448, 448),
    "move_pages": (279, 239), "migrate_pages": (256, 238), "ioprio_set": (251, 30),
    # the view of files, and namespaces
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263), "quotactl": (179, 60), "quotactl_fd": (443, 443), "swapon": (167, 224),
    "swapoff": (168, 225), "acct": (163, 89), "sysfs": (139, -1), "ustat": (136, -1), "nfsservctl": (180, 42),
    # parts of the kernel in which holes were found again and again
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "lookup_dcookie": (212, 18), "remap_file_pages": (216, 234), "uselib": (134, -1),
    "modify_ldt": (154, -1), "personality": (135, 92), "_sysctl": (156, -1), "memfd_secret": (447, 447),
    # the machine
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "create_module": (174, -1), "get_kernel_syms": (177, -1), "query_module": (178, -1),
    "reboot": (169, 142), "syslog": (103, 116), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "adjtimex": (159, 171), "clock_adjtime": (305, 266), "sethostname": (170, 161), "setdomainname": (171, 162),
    "iopl": (172, -1), "ioperm": (173, -1), "vhangup": (153, 58),
    # more walls: each takes the kernel's memory, which is no process's
    "landlock_create_ruleset": (444, 444), "landlock_add_rule": (445, 445), "landlock_restrict_self": (446, 446),
    # memory that counts as no process's, and memory, queues and semaphores that outlive their processes
    "memfd_create": (319, 279),
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "msgget": (68, 186), "msgsnd": (69, 189),
    "msgrcv": (70, 188), "msgctl": (71, 187), "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191),
    "semtimedop": (220, 192), "mq_open": (240, 180), "mq_unlink": (241, 181),
}  # fmt: skip
_CLONE3 = (435, 435)
#: The last call that was looked at (fchmodat2); what a later kernel adds does not exist here.
_LAST = 452
#: All flags of clone(2) that make a namespace; the last is that of control groups.
_NAMESPACES = NEW_FILES | NEW_HOST | NEW_IPC | NEW_USER | NEW_PIDS | NEW_NETWORK | 0x02000000
#: Calls that are refused for some arguments only: their numbers, and conditions (argument from 0, test, number), all of
#: which hold then.
_REFUSED_FOR: tuple[tuple[tuple[int, int], tuple[tuple[int, str, int], ...]], ...] = (
    # clone: a new process or thread, but in no new namespace
    ((56, 220), ((0, "has a bit of", _NAMESPACES),)),
    # socket, socketpair: between processes of the session (AF_UNIX is 1), and no other
    ((41, 198), ((0, "differs", 1),)),
    ((53, 199), ((0, "differs", 1),)),
    # setsockopt: no larger buffers (level SOL_SOCKET; SO_SNDBUF, SO_SNDBUFFORCE); what lies in them counts nowhere
    ((54, 208), ((1, "equals", 1), (2, "equals", 7))),
    ((54, 208), ((1, "equals", 1), (2, "equals", 32))),
    # mmap: no memory that is shared and of no file (MAP_SHARED, MAP_ANONYMOUS); let go of, it still counts nowhere
    ((9, 222), ((3, "has a bit of", 32), (3, "has a bit of", 1))),
    # fcntl: no lease (F_SETLEASE) on a file of the grader's, which would keep others from opening it
    ((72, 25), ((1, "equals", 1024),)),
    # Nothing that limits or slows down the first process of the namespace, which has to end the others in time:
    # sched_setparam, sched_setscheduler, sched_setaffinity, sched_setattr, prlimit64, and setpriority of it or of all
    # of a user's processes.
    ((142, 118), ((0, "equals", 1),)),
    ((144, 119), ((0, "equals", 1),)),
    ((203, 122), ((0, "equals", 1),)),
    ((314, 274), ((0, "equals", 1),)),
    ((302, 261), ((0, "equals", 1),)),
    ((141, 140), ((0, "equals", 2),)),
    ((141, 140), ((1, "equals", 1),)),
    # ioctl: no typing into somebody's terminal (TIOCSTI, TIOCLINUX)
    ((16, 29), ((1, "equals", 0x5412),)),
    ((16, 29), ((1, "equals", 0x541C),)),
)


@cache
def call_filter() -> bytes:
    """The program that ``filter_calls`` installs; it takes longer to write than to install."""
    return b"".join(_filter(*_machine()))


def filter_calls() -> None:
    """Seccomp: refuse the calls above (EPERM), sockets of every family but the local one and their larger buffers, new
    namespaces, shared memory of no file, leases, and what steers the namespace's first process."""
    program = call_filter()
    # struct sock_fprog: the number of instructions, and where they are.
    held = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("HP", len(program) // 8, ctypes.addressof(held))
    mode_filter = 2
    _prctl(_SET_SECCOMP, mode_filter, ctypes.c_char_p(described), "seccomp")


def _filter(column: int, machine: int) -> Iterable[bytes]:
    """The filter as instructions of the Berkeley packet filter; each is a code, two jumps and a number."""

    def instruction(code: int, number: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("HBBI", code, if_true, if_false, number)

    # Load a word of struct seccomp_data: the call's number, the machine; the lower half of argument n is at 16 + 8 n.
    load_number, load_machine = instruction(0x20, 0), instruction(0x20, 4)
    jump_if_equal, jump_if_greater, jump_if_bits = 0x15, 0x25, 0x45
    allow, kill = instruction(0x06, 0x7FFF0000), instruction(0x06, 0x80000000)
    refuse, unknown = instruction(0x06, 0x50000 | errno.EPERM), instruction(0x06, 0x50000 | errno.ENOSYS)

    # Calls of another kind of machine (32-bit ones on a 64-bit kernel) have other numbers.
    yield load_machine
    yield instruction(jump_if_equal, machine, 1, 0)
    yield kill
    yield load_number
    yield instruction(jump_if_greater, _LAST, 0, 1)
    yield unknown
    # clone3 hides its flags from a filter; the C library then uses clone.
    yield instruction(jump_if_equal, _CLONE3[column], 0, 1)
    yield unknown
    for numbers in _REFUSED.values():
        if numbers[column] >= 0:
            yield instruction(jump_if_equal, numbers[column], 0, 1)
            yield refuse
    for numbers, conditions in _REFUSED_FOR:
        # All conditions hold: refuse. One does not: go on with the next rule, which wants the call's number.
        yield instruction(jump_if_equal, numbers[column], 0, 2 * len(conditions) + 2)
        for left, (argument, test, number) in zip(range(len(conditions), 0, -1), conditions, strict=True):
            otherwise = 2 * left - 1
            yield instruction(0x20, 16 + 8 * argument)
            if test == "differs":
                yield instruction(jump_if_equal, number, otherwise, 0)
            else:
                yield instruction(jump_if_equal if test == "equals" else jump_if_bits, number, 0, otherwise)
        yield refuse
        yield load_number
    yield allow
