"""What lies outside of a submission, and whether it is still as it was. Standard library only: stock nbgrader is
watched by the same code."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

#: Found in files, names, command lines and packets, it comes from an attack.
MARK = "zzattackzz"
SECRET = "the-secret-of-the-grader"
ENVIRONMENT_SECRET = "ATTACK_TEST_SECRET"
#: Printed by an attack that found what it was looking for.
FOUND = "SECRET-FOUND"
#: How long a process that was killed may take to end.
GRACE_SECONDS = 3.0
#: The watched folder's own names.
VAULT, LISTENING = "vault", "listening"


def told(text: str) -> list[str]:
    """What a text tells that no attack should get to tell."""
    found = ["a secret was told"] if SECRET in text else []
    return found + (["it found what it looked for"] if FOUND in text else [])


class Listeners:
    """Sockets of several families that note whether anybody spoke to them."""

    def __init__(self, vault: Path) -> None:
        self.heard: list[str] = []
        self._sockets: list[socket.socket] = []
        self.places = {
            "TCP": str(self._open("TCP", socket.AF_INET, ("127.0.0.1", 0))),
            "TCP6": "1",
            "UDP": str(self._open("UDP", socket.AF_INET, ("127.0.0.1", 0), socket.SOCK_DGRAM)),
            "ABSTRACT": f"{MARK}-{os.getpid()}",
        }
        with contextlib.suppress(OSError):
            self.places["TCP6"] = str(self._open("TCP over IPv6", socket.AF_INET6, ("::1", 0)))
        if sys.platform == "linux":
            self._open("an abstract Unix socket", socket.AF_UNIX, f"\0{self.places['ABSTRACT']}")
        self._open("a Unix socket", socket.AF_UNIX, os.path.relpath(vault / LISTENING))

    def _open(self, name: str, family: int, address: object, kind: int = socket.SOCK_STREAM) -> int:
        made = socket.socket(family, kind)
        made.bind(address)  # type: ignore[arg-type]
        if kind == socket.SOCK_STREAM:
            made.listen(8)
        self._sockets.append(made)
        threading.Thread(target=self._listen, args=(name, made, kind), daemon=True).start()
        return int(made.getsockname()[1]) if family != socket.AF_UNIX else 0

    def _listen(self, name: str, made: socket.socket, kind: int) -> None:
        while True:
            try:
                if kind == socket.SOCK_DGRAM:
                    made.recv(4096)
                else:
                    made.accept()[0].close()
            except OSError:
                return
            self.heard.append(name)

    def close(self) -> None:
        """Stop listening."""
        for made in self._sockets:
            with contextlib.suppress(OSError):
                made.shutdown(socket.SHUT_RDWR)
            made.close()


class Watch:
    """Watches folders, a gradebook, processes and sockets; ``harm`` says what has changed since ``look``.

    ``trees`` are watched as they are but for what ``free`` allows; ``own`` is the text by which the processes of a
    session are known, in their environment or command line.
    """

    def __init__(self, vault: Path, trees: list[Path], database: Path, free: Callable[[Path], bool], own: str) -> None:
        vault.mkdir(parents=True, exist_ok=True)
        (vault / "secret.txt").write_text(f"{SECRET}\n")
        self.vault, self.database, self.free, self.own = vault, database, free, own
        self.trees = [vault, *trees]
        self.listeners = Listeners(vault)
        self._canary = self._new_canary()
        self.places = {**self.listeners.places, "VAULT": str(vault), "DB": str(database), "MARK": MARK}

    @property
    def canary(self) -> int:
        """A process that does nothing; an attack may try to."""
        return self._canary.pid

    def _new_canary(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100000)"], stdin=subprocess.DEVNULL)

    def look(self, me: str) -> None:
        """Note how things are before ``me`` is graded."""
        self.listeners.heard.clear()
        self._files = self._all_files()
        self._rows = self._all_rows(me)
        self._marked = set(self._left_files())
        self._known = {pid for pid, _ in self._processes()}

    def harm(self, me: str) -> list[str]:
        """What has changed, in words; empty when nothing has."""
        found = []
        files = self._all_files()
        changed = [p for p in self._files.keys() | files.keys() if self._files.get(p) != files.get(p)]
        found += [f"file changed: {path.name[:80]}" for path in sorted(changed)[:3]]
        found += [f"file left: {name}" for name in sorted(set(self._left_files()) - self._marked)[:3]]
        rows = self._all_rows(me)
        if rows != self._rows:
            found.append("gradebook: rows of others changed")
        found += [f"process left: {name}" for name in self._left_processes()][:3]
        found += [f"network: {name} was reached" for name in sorted(set(self.listeners.heard))]
        state = Path(f"/proc/{self._canary.pid}/stat")
        if self._canary.poll() is not None:
            found.append("a stranger's process was killed")
            self._canary = self._new_canary()
        elif state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] in "Tt":
            found.append("a stranger's process was stopped")
            self._canary.send_signal(signal.SIGCONT)
        return found

    def clean(self) -> None:
        """End what an attack left, where no wall stood in its way."""
        for pid, _ in self._processes():
            if pid not in self._known:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        """Stop watching."""
        self.listeners.close()
        self._canary.kill()
        self._canary.wait()

    def _all_files(self) -> dict[Path, tuple[object, ...]]:
        return {path: _state(path) for tree in self.trees for path in _walk(tree) if not self.free(path)}

    def _left_files(self) -> Iterator[str]:
        places = {Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.home()}
        for place in places:
            with contextlib.suppress(OSError):
                yield from (str(p) for p in place.iterdir() if MARK in p.name)

    def _all_rows(self, me: str) -> list[object]:
        """Every row of every table that is not ``me``'s, and the tables' definitions."""
        rows: list[object] = []
        try:
            with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=2)) as database:
                tables = database.execute("select name, sql from sqlite_master order by name").fetchall()
                rows += tables
                for name, sql in tables:
                    if str(sql or "").upper().startswith("CREATE TABLE"):
                        rows += [(name, row) for row in database.execute(f'select * from "{name}"')]
                mine = {
                    i for (i,) in database.execute("select id from submitted_assignment where student_id = ?", (me,))
                }
                mine |= {
                    i
                    for m in tuple(mine)
                    for (i,) in database.execute("select id from submitted_notebook where assignment_id = ?", (m,))
                }
        except sqlite3.Error as error:
            return [f"unreadable: {error}"]
        own = mine | {me}
        return sorted((r for r in rows if not (isinstance(r[1], tuple) and own & set(map(str, r[1])))), key=repr)  # type: ignore[index]

    def _left_processes(self) -> list[str]:
        """New processes that are still there after a while: one that was killed needs time to end on a busy machine."""
        deadline = time.monotonic() + GRACE_SECONDS
        while left := [name for pid, name in self._processes() if pid not in self._known]:
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        return left

    def _processes(self) -> list[tuple[int, str]]:
        """The processes that belong to a session, by what stands in their environment or command line."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (folder / "cmdline").read_bytes()
                text = command + (folder / "environ").read_bytes()
                ended = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
                if not ended and (self.own.encode() in text or MARK.encode() in text):
                    found.append((int(folder.name), command.replace(b"\0", b" ").decode("utf-8", "replace")[:60]))
        return found


def _walk(tree: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(tree):
        yield from (Path(folder) / name for name in names + files)


def _state(path: Path) -> tuple[object, ...]:
    about = path.lstat()
    if stat.S_ISREG(about.st_mode) and about.st_size < 5_000_000:
        return (about.st_mode, hashlib.sha256(path.read_bytes()).hexdigest())
    if stat.S_ISLNK(about.st_mode):
        return (about.st_mode, str(path.readlink()))
    return (about.st_mode,)
