"""What a session's process does to itself before it runs a line of student code.

Every wall is tried by itself, and what refuses to stand is told with its reason. ``prepare`` does once, in the warm
process, what all sessions share: the view of the files. ``lock_in`` does the rest in the process of a session.

With an own process namespace a session is three processes: the one that the grader knows and kills (outside of the
namespace) and that watches memory and processor time, the first of the namespace, which collects orphans, and the one
that runs the student's code. They end together.
"""

from __future__ import annotations

import contextlib
import enum
import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from . import kernel
from .imports import find_only_readable
from .limits import MIB, Limits
from .reasons import OVER_MEMORY, OVER_PROCESSES
from .view import DATA, DATA_VARIABLE, DEVICES, SCRATCH, SHOWN_DATA, View, find_view


class Level(enum.IntFlag):
    """Which walls stand around a session. With none it is a process with a folder and a scrubbed environment."""

    PROCESS = 0
    #: Limits on memory, files, processes and processor time (macOS: not on memory, and so not this wall).
    LIMITS = 1
    #: A user that owns nothing else: an unused one, or a user namespace.
    USER = 2
    #: Its own processes only.
    PIDS = 4
    #: Its own view of the files, and one writable folder in memory, limited in size and number of files.
    FILES = 8
    #: No network.
    NETWORK = 16
    #: Its own queues, semaphores and shared memory.
    IPC = 32
    #: Its own host name.
    HOST = 64
    #: The files a second time, TCP and signals.
    LANDLOCK = 128
    #: A filter of system calls.
    SECCOMP = 256

    def words(self) -> str:
        """The walls by name, as the gradebook keeps them; ``process`` with none."""
        return "+".join((wall.name or "").lower() for wall in Level if wall in self) if self else "process"


#: How often the outer process of a session looks at what the others use, in seconds.
_WATCH_SECONDS = 0.25
#: Address space that is kept back, so that an answer can be given when the student's code has used up the rest.
_RESERVE_BYTES = 64 * MIB
_FLAGS = {
    Level.USER: kernel.NEW_USER,
    Level.FILES: kernel.NEW_FILES,
    Level.PIDS: kernel.NEW_PIDS,
    Level.NETWORK: kernel.NEW_NETWORK,
    Level.IPC: kernel.NEW_IPC,
    Level.HOST: kernel.NEW_HOST,
}


@dataclass
class Ground:
    """What the warm process prepared: sessions build their walls on it."""

    #: The walls to leave out (for tests).
    without: Level = Level.PROCESS
    #: Whether namespaces are had as the superuser, and not in a user namespace.
    as_root: bool = False
    #: Whether this user can have a user namespace in which he is called as outside.
    own_user: bool = False
    #: Whether the view of the files is entered already.
    viewed: bool = False
    #: The files to show, for Landlock where there is no such view.
    view: View | None = None
    #: Why a wall does not stand, by its name.
    missing: dict[str, str] = field(default_factory=dict)
    #: Whether the system tells the children of a process.
    tells_children: bool = True
    #: The most that can lie unread in a local socket, in bytes: twice the system's buffer.
    bytes_of_socket: int = 2 * 212_992
    #: Processes and threads of the user before any session; 0 where nobody knows.
    threads_of_user: int = 0

    def wants(self, wall: Level) -> bool:
        """Whether the wall is to be tried."""
        return not wall & self.without

    @contextlib.contextmanager
    def trying(self, *walls: Level) -> Iterator[None]:
        """Note why these walls do not stand, if the block fails."""
        try:
            yield
        except (ImportError, OSError, ValueError) as error:
            for wall in walls:
                self.missing.setdefault((wall.name or "").lower(), str(error))


def prepare(home: Path, without: Level = Level.PROCESS) -> Ground:
    """Enter the view of the files, where the system allows it; the process has one thread, and ``home`` to itself."""
    ground = Ground(without)
    # Loaded and made here, so that no session spends time on it.
    import resource  # noqa: F401

    with contextlib.suppress(OSError):
        kernel.call_filter()
    # The superuser's namespaces need no user namespace, and his sessions become another user.
    # A superuser of a container that has no other users, or forbids them to him, goes the way of an ordinary one.
    ground.tells_children = sys.platform != "linux" or Path("/proc/thread-self/children").exists()
    with contextlib.suppress(OSError, ValueError):
        ground.bytes_of_socket = 2 * int(Path("/proc/sys/net/core/wmem_default").read_text())
    ground.as_root = sys.platform == "linux" and os.getuid() == 0 and _highest_id() >= 65_536 and _rules_mounts()
    if not ground.as_root and ground.wants(Level.USER):
        with ground.trying(Level.USER):
            _try_in_a_child(_enter_own_user)
            ground.own_user = True
    with ground.trying(Level.FILES, Level.LANDLOCK):
        if sys.platform == "linux":
            ground.view = find_view()
    if not ground.view or not ground.wants(Level.FILES):
        ground.missing.setdefault("files", "left out" if ground.view else "only Linux has it")
        return ground
    with ground.trying(Level.FILES):
        if ground.as_root:
            kernel.unshare(kernel.NEW_FILES)
        elif ground.own_user:
            # Some systems give a user namespace without its rights; a process does not get out of that again.
            _try_in_a_child(lambda: _become_own_superuser(home))
            _become_own_superuser(None)
        else:
            raise OSError(errno.EPERM, "an ordinary user needs a user namespace for it")
        ground.view.enter(home)
        ground.viewed = True
        _settle(SCRATCH)
        if ground.view.data is not None:
            os.environ[DATA_VARIABLE] = str(SHOWN_DATA)
    return ground


def _enter_own_user(more: int = 0) -> None:
    """Enter a user namespace, and with it those that the flags ``more`` name."""
    ids = os.getuid(), os.getgid()
    kernel.unshare(kernel.NEW_USER | more)
    kernel.keep_own_ids(*ids)


def _become_own_superuser(place: Path | None) -> None:
    """Enter a user namespace, and one of mounts that it rules; prove it by a mount on ``place``."""
    _enter_own_user(kernel.NEW_FILES)
    if place:
        kernel.make_mounts_private()
        kernel.mount_memory(place, "size=4k")


def _rules_mounts() -> bool:
    """Whether this process has a superuser's right to namespaces of its own."""
    try:
        _try_in_a_child(lambda: kernel.unshare(kernel.NEW_FILES))
    except OSError:
        return False
    return True


def _try_in_a_child(action: Callable[[], None]) -> None:
    """Do it in a child that ends; ``OSError`` if it failed there."""
    child = os.fork()
    if child == 0:
        code = 255
        try:
            action()
            code = 0
        except OSError as error:
            code = error.errno or 255
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code:
        raise OSError(code, f"no user namespace: {os.strerror(code)}")


def _settle(folder: Path) -> None:
    """Make ``folder`` the one for all that programs want to write."""
    os.chdir(folder)
    for name in ("HOME", "TMPDIR", "MPLCONFIGDIR", "IPYTHONDIR"):
        os.environ[name] = str(folder)
    # Its number may be nobody's, and some programs ask for a name.
    os.environ["LOGNAME"] = "student"


def lock_in(limits: Limits, folder: Path, ground: Ground, *, data: bool = True) -> tuple[Level, Path]:
    """Take away from this process what student code shall not have, for good; without ``data``, the data sets too.

    It goes on in a child, where there are namespaces: only file descriptors 0 to 3 are its. Gives the walls that stand,
    and the folder that is now the working one: ``folder``, or one of its name in the view. ``ground.missing`` says why
    walls do not stand.
    """
    import resource

    held = _address_space()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    parted = _part(ground)
    unused = _unused_id(os.getpid()) if _may_change_user(ground, folder) else None
    if Level.PIDS in parted:
        # Without a network of its own, the sockets of others would count.
        _fork_and_wait_outside(limits, held, ground.bytes_of_socket if Level.NETWORK in parted else 0)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # the first to go when the machine has no memory left
    made = _furnish(parted, limits, folder, ground, unused)
    shown_data = SHOWN_DATA if ground.view and ground.view.data else DATA
    if Level.FILES in made and not data and shown_data.is_dir():
        kernel.mount_memory(shown_data, "mode=555,size=4k,nr_inodes=2")
    made |= _leave_privileges(unused, ground)
    _die_with_any_parent()
    if Level.PIDS in made:
        _fork_and_collect_inside()
        _die_with_any_parent()
    place = Path(SCRATCH, folder.name) if Level.FILES in made else folder
    made |= _limit(limits, held, ground, own_count=Level.USER in made)
    with contextlib.suppress(OSError):
        kernel.no_new_privileges()
    if ground.wants(Level.LANDLOCK):
        with ground.trying(Level.LANDLOCK):
            kernel.restrict_files(*_landlocked(ground, made, place, data))
            made |= Level.LANDLOCK
            if Level.FILES not in made:
                find_only_readable()
    if ground.wants(Level.SECCOMP):
        with ground.trying(Level.SECCOMP):
            kernel.filter_calls()
            made |= Level.SECCOMP
    for wall in Level:
        if wall & ground.without:
            ground.missing.setdefault((wall.name or "").lower(), "left out")
    return made, place


def _part(ground: Ground) -> Level:
    """Leave for new namespaces: all at once, or one by one where that is refused."""
    ids = os.getuid(), os.getgid()
    walls = [w for w in _FLAGS if ground.wants(w) and (w is not Level.USER or ground.own_user)]
    if Level.FILES in walls and not ground.viewed:
        walls.remove(Level.FILES)
    flags = 0
    for wall in walls:
        flags |= _FLAGS[wall]
    parted = Level(0)
    try:
        kernel.unshare(flags)
        for wall in walls:
            parted |= wall
    except OSError:
        for wall in walls:
            with ground.trying(wall):
                kernel.unshare(_FLAGS[wall])
                parted |= wall
                if wall is Level.USER:
                    kernel.keep_own_ids(*ids)
    else:
        if Level.USER in parted:
            kernel.keep_own_ids(*ids)
    return parted


def _furnish(parted: Level, limits: Limits, folder: Path, ground: Ground, unused: int | None) -> Level:
    """Give the new namespaces their own /proc, writable folder and host name; the walls that then stand."""
    made = parted & ~Level.FILES
    if Level.FILES in parted:
        with ground.trying(Level.FILES):
            who = f",uid={unused},gid={unused}" if unused else ""
            room = f"mode=700,size={limits.folder_bytes},nr_inodes={limits.folder_files}{who}"
            kernel.mount_memory(SCRATCH, room)
            _show_processes(parted, ground)
            made |= Level.FILES
    if Level.FILES in made:
        place = SCRATCH / folder.name
        place.mkdir(mode=0o700)
        if unused:
            os.chown(place, unused, unused)
        _settle(place)
    elif ground.viewed:
        # The warm process's view has no folder of the grader's: without this mount there is no place to work in.
        raise OSError(errno.EPERM, f"no folder to work in ({ground.missing.get('files', 'refused')})")
    else:
        _settle(folder)
        if unused:
            os.chown(folder, unused, unused)
    if Level.HOST in made:
        kernel.set_host_name("localhost")
    return made


def _show_processes(parted: Level, ground: Ground) -> None:
    """Put the session's own /proc over the machine's; none at all where the system forbids that."""
    if Level.PIDS in parted:
        try:
            kernel.mount_proc(Path("/proc"))
            return
        except OSError as error:
            ground.missing["proc"] = str(error)
    kernel.mount_memory(Path("/proc"), "mode=555,size=4k,nr_inodes=2")


def _leave_privileges(unused: int | None, ground: Ground) -> Level:
    """Become a user with no rights; ``Level.USER`` if this process was the superuser's and is no longer."""
    became = Level(0)
    with contextlib.suppress(OSError):
        kernel.drop_bounds()
    if unused:
        with ground.trying(Level.USER):
            os.setgroups([])
            os.setresgid(unused, unused, unused)
            os.setresuid(unused, unused, unused)
            became = Level.USER
    with contextlib.suppress(OSError):
        kernel.drop_capabilities()
    # A change of user closes /proc/self to the process itself.
    with contextlib.suppress(OSError):
        kernel.set_dumpable(True)
    return became


def _may_change_user(ground: Ground, folder: Path) -> bool:
    """Whether the superuser's session can become another user: a stranger has to get to the folder and to Python."""
    if not ground.as_root or not ground.wants(Level.USER):
        return False
    ways = {p for end in (folder, Path(os.__file__), Path(__file__)) for p in end.resolve().parents}
    if not ground.viewed and not all(p.stat().st_mode & 0o001 for p in ways):
        ground.missing["user"] = "other users may not read the course's Python or folder"
        return False
    return True


def _unused_id(pid: int) -> int:
    """A user id for a session alone: by its process's number, in a range that no system gives to users."""
    return 2_000_000_000 + pid if _highest_id() > 2_010_000_000 else 61_184 + pid % 4_000


def _highest_id() -> int:
    """One more than the highest number that a user can have here; a container may have few."""
    try:
        ranges = [tuple(map(int, line.split())) for line in Path("/proc/self/uid_map").read_text().splitlines()]
        return max(inside + count for inside, _, count in ranges)
    except (OSError, ValueError):
        return 2**32


def _fork_and_wait_outside(limits: Limits, held: int | None, of_socket: int) -> None:
    """Go on in a child; this process ends it when it uses too much, and ends as it ended.

    Nothing in the namespace can name this process: neither stop it, nor limit it, nor have it wait for a processor.
    """
    # Before the fork: the session puts another /proc over this one, in which the child has another number.
    processes = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    child = os.fork()
    if child == 0:
        os.close(processes)
        return
    processes = os.dup2(processes, 3)
    os.closerange(4, 64)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    most = limits.memory_bytes + (held or 0)
    while True:
        signal.sigtimedwait([signal.SIGCHLD], _WATCH_SECONDS)
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            _end_as(status)
        used = _use_below(processes, child)
        left = most - of_socket * _count_sockets(processes, child)
        # Of the superuser's processes in a user namespace, the system itself limits no number.
        if used.threads > limits.processes:
            _end(child)
            os._exit(OVER_PROCESSES)
        # The exact sum takes long, and is needed only where pages that are shared count too often in the quick one.
        if used.memory > left and _use_below(processes, child, exact=True).memory > left:
            _end(child)
            os._exit(OVER_MEMORY)
        if used.cpu_seconds > limits.cpu_seconds:
            _end(child)
            _end_as(signal.SIGXCPU)


def _fork_and_collect_inside() -> None:
    """Go on in a child; this process, the first of the namespace, collects orphans and ends when the child does.

    With it the kernel ends all that is left in the namespace.
    """
    child = os.fork()
    if child == 0:
        # Signals and priorities for one's own group shall reach neither of the two waiting processes.
        os.setsid()
        return
    os.closerange(3, 64)
    with contextlib.suppress(OSError):
        kernel.set_dumpable(False)
    # The first process of a namespace gets no signal from inside that it has no handler for.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == child:
            code = os.waitstatus_to_exitcode(status)
            os._exit(128 - code if code < 0 else 1 if code in (OVER_MEMORY, OVER_PROCESSES) else code)


def _end(child: int) -> None:
    """Kill a child and wait until it is gone: it is the first of its namespace, and takes the others along."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


class _Use(NamedTuple):
    """What a process and its descendants use: the bytes that they hold, processes and threads, and processor seconds,
    with those of the children that they waited for.
    """

    memory: int
    threads: int
    cpu_seconds: float


def _use_below(processes: int, first: int, *, exact: bool = False) -> _Use:
    """What a process and its descendants use; ``processes`` is /proc, open.

    With ``exact``, a page counts once, however many of them share it.
    """
    memory, tasks, ticks, todo = 0, 0, 0, [first]
    while todo:
        pid = todo.pop()
        with contextlib.suppress(OSError):
            sizes, wanted = _read(processes, f"{pid}/status"), {"RssAnon:", "RssShmem:", "VmSwap:"}
            if exact:
                with contextlib.suppress(OSError):
                    sizes, wanted = _read(processes, f"{pid}/smaps_rollup"), {"Pss:", "SwapPss:"}
            lines = [line.split() for line in sizes.splitlines()]
            memory += 1024 * sum(int(f[1]) for f in lines if len(f) == 3 and f[0] in wanted)
            # See proc_pid_stat(5); the second field is a name, in parentheses, that may hold anything.
            ticks += sum(map(int, _read(processes, f"{pid}/stat").rpartition(")")[2].split()[11:15]))
            opened = os.open(f"{pid}/task", os.O_RDONLY | os.O_DIRECTORY, dir_fd=processes)
            try:
                threads = os.listdir(opened)  # noqa: PTH208 - a folder that is open has no path
            finally:
                os.close(opened)
            tasks += len(threads)
            for thread in threads:
                with contextlib.suppress(OSError):
                    todo += map(int, _read(processes, f"{pid}/task/{thread}/children").split())
    return _Use(memory, tasks, ticks / os.sysconf("SC_CLK_TCK"))


def _count_sockets(processes: int, pid: int) -> int:
    """How many local sockets the network namespace of a process holds; what lies in them counts as nobody's memory."""
    try:
        return _read(processes, f"{pid}/net/unix").count("\n") - 1
    except OSError:
        return 0


def _read(folder: int, path: str) -> str:
    """The text of a file of /proc, by its path in an open folder."""
    # A process can give itself a name that is no text.
    with open(path, errors="replace", opener=lambda name, flags: os.open(name, flags, dir_fd=folder)) as file:
        return file.read()


def _end_as(status: int) -> None:
    """End as a child with this wait status ended: its signal is the grader's to see."""
    code = os.waitstatus_to_exitcode(status)
    number = -code if code < 0 else code - 128
    # The code may be of the student's choosing, and is not to stop this process.
    if number > 0 and number not in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_DFL)
        with contextlib.suppress(OSError):
            os.kill(os.getpid(), number)
    os._exit(max(code, 0))


def _limit(limits: Limits, held: int | None, ground: Ground, *, own_count: bool) -> Level:
    """Set the limits on resources; ``own_count`` says that the system counts this user's processes from nought."""
    if not ground.wants(Level.LIMITS):
        return Level(0)
    import resource

    def cap(what: int, soft: int, hard: int | None = None) -> None:
        _, top = resource.getrlimit(what)
        wanted = soft if hard is None else hard
        ceiling = wanted if top == resource.RLIM_INFINITY else min(wanted, top)
        resource.setrlimit(what, (min(soft, ceiling), ceiling))

    cap(resource.RLIMIT_CORE, 0)
    cap(resource.RLIMIT_FSIZE, limits.file_bytes)
    cap(resource.RLIMIT_NOFILE, limits.open_files)
    # A second more than the sum over all processes may reach, which is watched: that one tells why it ended.
    cap(resource.RLIMIT_CPU, limits.cpu_seconds + 1, limits.cpu_seconds + 5)
    cap(resource.RLIMIT_MEMLOCK, 2**16)
    # A user who works with sound may have the right to take the processors from everybody else.
    for name in ("RLIMIT_NICE", "RLIMIT_RTPRIO"):  # Linux has them
        if hasattr(resource, name):
            cap(getattr(resource, name), 0)
    if own_count and (os.getuid() >= 61_184 or _counts_by_namespace()):
        cap(resource.RLIMIT_NPROC, limits.processes)
    elif ground.threads_of_user:
        cap(resource.RLIMIT_NPROC, ground.threads_of_user + limits.processes)
    if held is None:
        ground.missing["limits"] = "the system does not limit the memory of a process"
        return Level(0)
    cap(resource.RLIMIT_AS, held + limits.memory_bytes, held + limits.memory_bytes + _RESERVE_BYTES)
    if not ground.tells_children:
        ground.missing["limits"] = "the system does not tell what a session's processes use together"
        return Level(0)
    if os.getuid() == 0 and not own_count:
        ground.missing["limits"] = "the number of processes of the superuser is not limited"
        return Level(0)
    return Level.LIMITS


class Reserve:
    """The address space that is kept back. Student code can take it as well, and gains no more than that.

    Nothing is allocated where it is wanted, for there may be no memory for that.
    """

    def __init__(self) -> None:
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        self._set, self._what = resource.setrlimit, resource.RLIMIT_AS
        self._without, self._with = (soft, hard), (hard, hard)

    def use(self) -> None:
        """Let this process have it."""
        try:  # noqa: SIM105
            self._set(self._what, self._with)
        except (OSError, ValueError):  # the student's code has changed the limits
            pass

    def keep(self) -> None:
        """Keep it back again."""
        with contextlib.suppress(OSError, ValueError):
            self._set(self._what, self._without)


def _counts_by_namespace() -> bool:
    """Whether processes are counted for each user namespace by itself: since Linux 5.14."""
    with contextlib.suppress(ValueError):
        return tuple(map(int, os.uname().release.split(".")[:2])) >= (5, 14)
    return False


def _landlocked(ground: Ground, made: Level, place: Path, data: bool) -> tuple[list[Path], list[Path], list[Path]]:
    """What Landlock lets the session read, what write, and of what see the names of files."""
    devices = [Path("/dev", name) for name in DEVICES]
    if Level.FILES in made:
        return [Path("/")], [SCRATCH, *devices], []
    if ground.view is None:
        raise OSError(errno.ENOENT, "the files of the course's packages were not found")
    # The machine's /proc, and this process's number in it, which need not be the one it knows itself by.
    own = Path("/proc/self").resolve()
    readable, listable = ground.view.unmasked()
    if ground.view.data is not None:
        readable.append(ground.view.data)
    if not data:
        readable = [path for path in readable if path != DATA.resolve()]
    return [*readable, own, Path("/etc/passwd"), Path("/etc/group")], [place, *devices], listable


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent, ``parent``, ends (Linux; elsewhere nothing)."""
    if _die_with_any_parent() and os.getppid() != parent:
        os._exit(1)  # it ended before the call


def _die_with_any_parent() -> bool:
    """Have the kernel kill this process when its parent ends; whether it will."""
    try:
        kernel.die_with_parent(signal.SIGKILL)
    except OSError:
        return False
    return True


def adopt_orphans() -> bool:
    """Become the parent of grandchildren that lose theirs, so that daemons can be found (Linux); whether it worked."""
    try:
        kernel.adopt_orphans()
    except OSError:
        return False
    return True


def children() -> list[int]:
    """The process ids of this process's children, zombies included; empty where the system does not tell."""
    me = os.getpid()
    try:
        return [int(p) for p in Path(f"/proc/{me}/task/{me}/children").read_text().split()]
    except OSError:
        return []


def count_threads_of_user() -> int:
    """How many processes and threads this user runs now (Linux; elsewhere 0)."""
    count, me = 0, os.getuid()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid == me:
                count += len(list((process / "task").iterdir()))
        except OSError:
            continue  # it ended meanwhile
    return count


def _address_space() -> int | None:
    """Bytes of address space this process holds; None where the system does not tell (and so cannot limit it)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
