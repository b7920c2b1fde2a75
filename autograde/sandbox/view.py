"""Which files a session sees, and the mounts that make it so.

The course's five packages with what they depend on, their Python, the system's programs and libraries, ``coursekit``,
``autograde.check`` and ``data``: whatever else the grader's machine holds is not there.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path

from . import kernel

COURSE_PACKAGES = ("numpy", "jupyterlab", "nbgrader", "matplotlib", "ipywidgets")
#: Where a session's one writable folder lies once it has a view of its own.
SCRATCH = Path("/session")
#: Not ``zero``: what is mapped from it counts nowhere as memory of a process.
DEVICES = ("null", "full", "random", "urandom")

#: Names the folder with the data sets where it does not lie beside the packages; ``coursekit.datasets`` heeds it too.
DATA_VARIABLE = "COURSEKIT_DATA"
_BESIDE = Path(__file__).resolve().parents[2] / "data"
#: The course's data sets, which a session may be started without.
DATA = Path(os.environ.get(DATA_VARIABLE) or _BESIDE)
#: Where a view has them when the variable names them. Not where they are: that may lie in a folder for temporary files.
SHOWN_DATA = Path("/course-data")

_OURS = ("autograde/__init__.py", "autograde/py.typed", "autograde/check", "autograde/sandbox", "coursekit")
_SYSTEM = ("usr/bin", "usr/lib", "usr/lib32", "usr/lib64", "usr/libexec", "usr/share", "bin", "lib", "lib32", "lib64")
_SETTINGS = (
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "alternatives",
    "fonts",
    "localtime",
    "timezone",
    "mime.types",
)
_SITES = ("python3*/site-packages", "python3*/dist-packages")


def course_distributions(names: Iterable[str] = COURSE_PACKAGES) -> dict[str, Distribution]:
    """The packages with all that they depend on here, by normalised name; what is not installed is left out."""
    from packaging.requirements import InvalidRequirement, Requirement

    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    wanted = [(_normal(n), "") for n in names]
    while wanted:
        name, extra = wanted.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        if name not in found:
            try:
                found[name] = importlib.metadata.distribution(name)
            except PackageNotFoundError:
                continue
        for line in found[name].requires or ():
            try:
                requirement = Requirement(line)
            except InvalidRequirement:
                continue
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                wanted += [(_normal(requirement.name), e) for e in ("", *requirement.extras)]
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def files_of(distribution: Distribution) -> set[Path]:
    """The files and folders at the top of a ``site-packages`` folder that a distribution put there."""
    folder = Path(str(distribution.locate_file("")))
    text = distribution.read_text("RECORD")
    if text is not None:
        tops = {line.lstrip('"').replace("\\", "/").split("/")[0].split(",")[0] for line in text.splitlines()}
    else:  # made by the system's package manager: its own list, or the names that it imports
        name = distribution.metadata["Name"]
        tops = set((distribution.read_text("top_level.txt") or name.replace("-", "_")).split())
        tops |= {f"{top}.py" for top in tops}
        about = folder.glob(f"{name.replace('-', '[-_.]')}-*")
        tops |= {p.name for p in about if p.suffix in (".dist-info", ".egg-info")}
    return {folder / top for top in tops if top not in ("", "..", ".", "__pycache__") and (folder / top).exists()}


@dataclass(frozen=True)
class View:
    """What to show: ``shown`` as it is, ``masked`` folders only as far as something in them is shown.

    ``data`` is a folder to show as ``SHOWN_DATA``, or None.
    """

    shown: tuple[Path, ...]
    masked: tuple[Path, ...] = ()
    links: dict[Path, str] = field(default_factory=dict)
    data: Path | None = None

    def _owner(self, path: Path) -> Path | None:
        """The shown folder that ``path`` lies in; None where it lies in none, or in a masked part of one."""
        for parent in path.parents:
            if parent in self.masked:
                return None
            if parent in self.shown:
                return parent
        return None

    def unmasked(self) -> tuple[list[Path], list[Path]]:
        """What to show as paths that hold nothing masked, and the folders of which only the names are to be seen.

        A folder that holds something masked is given by what is in it. Python finds packages by the names in a folder.
        """
        hidden = set(self.masked)
        around = {parent for path in self.masked for parent in path.parents}
        found, listed, todo = [], [p for p in self.masked if p.name.endswith("-packages")], list(self.shown)
        while todo:
            path = todo.pop()
            if path in around:
                listed.append(path)
                with contextlib.suppress(OSError):
                    todo += [p for p in path.iterdir() if p not in hidden]
            else:
                found.append(path)
        return found, listed

    def enter(self, place: Path) -> None:
        """Make this view the file system's root, in a mount namespace of one's own; ``place`` is an empty folder.

        It has an empty folder ``SCRATCH`` for a session, few devices, and the process file system that was there.
        """
        # What happens to mounts from here on stays here.
        kernel.make_mounts_private()
        kernel.mount_memory(place, "mode=755,size=4m,nr_inodes=16k")
        root = place.resolve()
        mounted = []
        for path, shown in self._in_order():
            target, owner = root / path.relative_to("/"), self._owner(path)
            # Nothing is ever made in a folder of the machine's own: what has an owner is there, or is left out.
            if shown and owner is None:
                _make_room(path, target)
                kernel.bind(path, target)
            elif not shown and owner is None:
                target.mkdir(parents=True, exist_ok=True)
                continue
            elif not shown and target.is_dir():
                kernel.mount_memory(target, "mode=755,size=1m,nr_inodes=4k")
            else:
                continue
            mounted.append(target)
        if self.data is not None:
            target = root / SHOWN_DATA.relative_to("/")
            target.mkdir()
            kernel.bind(self.data, target)
            mounted.append(target)
        for path, to in self.links.items():
            target = root / path.relative_to("/")
            if self._owner(path) is None and not target.is_symlink():
                target.parent.mkdir(parents=True, exist_ok=True)
                target.symlink_to(to)
        self._furnish(root)
        kernel.make_read_only(root, mounted)
        for name in DEVICES:
            kernel.bind(Path("/dev", name), root / "dev" / name)
        kernel.bind(Path("/proc"), root / "proc")
        kernel.mount_memory(root / SCRATCH.relative_to("/"), "mode=755,size=16m,nr_inodes=1k")
        kernel.change_root(root)

    def _in_order(self) -> Iterator[tuple[Path, bool]]:
        """Outer places before inner ones: (path, is shown)."""
        places = [(p, True) for p in self.shown] + [(p, False) for p in self.masked]
        return iter(sorted(places, key=lambda place: (len(place[0].parts), place[0])))

    def _furnish(self, root: Path) -> None:
        """The folders and files that every system has, with nothing of this one in them."""
        for name in ("proc", "dev", "etc", SCRATCH.name):
            (root / name).mkdir(exist_ok=True)
        for name in DEVICES:
            (root / "dev" / name).touch()
        for name, to in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
            (root / "dev" / name).symlink_to(f"/proc/self/fd{to}")
        # Semaphores and shared memory, and what is written to /tmp by name, go to the session's own folder.
        (root / "dev/shm").symlink_to(SCRATCH)
        if not (root / "tmp").exists():
            (root / "tmp").symlink_to(SCRATCH)
        (root / "etc/passwd").write_text(f"student:x:{os.getuid()}:{os.getgid()}::{SCRATCH}:/bin/sh\n")
        (root / "etc/group").write_text(f"student:x:{os.getgid()}:\n")
        (root / "etc/hosts").write_text("127.0.0.1 localhost\n")
        (root / "etc/nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files\n")


def _make_room(path: Path, target: Path) -> None:
    """Make the empty file or folder that ``path`` is mounted on."""
    if path.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()


def find_view() -> View:
    """The view for the Python that runs now."""
    made = _Finder()
    for name in _SYSTEM:
        made.show(Path("/", name))
    for name in _SETTINGS:
        made.show(Path("/etc", name))
    checkout = Path(__file__).resolve().parents[2]
    made.mask(checkout)
    made.python()
    for folder in map(Path, sys.path):
        if folder.is_dir() and folder.name in ("site-packages", "dist-packages"):
            made.mask(folder)
    for distribution in course_distributions().values():
        for path in files_of(distribution):
            made.show(path)
    for path in _ways_to_us():
        made.show(path)
    for name in _OURS:
        made.show(checkout / name)
    named = DATA != _BESIDE
    if not named:
        made.show(DATA)
    return View(tuple(made.shown), tuple(made.masked), made.links, DATA.resolve() if named else None)


def _ways_to_us() -> Iterator[Path]:
    """What an editable installation of this package put into ``site-packages``."""
    with contextlib.suppress(PackageNotFoundError):
        ours = importlib.metadata.distribution("improving-deep-networks")
        yield from (p for p in files_of(ours) if p.suffix == ".pth" or p.name.startswith("__editable__"))


class _Finder:
    """Gathers real paths, and the symbolic links on the way to them."""

    def __init__(self) -> None:
        self.shown: dict[Path, None] = {}
        self.masked: dict[Path, None] = {}
        self.links: dict[Path, str] = {}

    def show(self, path: Path) -> None:
        real = self._follow(path)
        if real is not None and real != Path("/"):
            self.shown[real] = None

    def mask(self, path: Path) -> None:
        real = self._follow(path)
        if real is not None and real != Path("/"):
            self.masked[real] = None

    def python(self) -> None:
        """The interpreter, its library and the libraries of both, and the environment's own settings."""
        for prefix in {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}:
            for program in Path(prefix, "bin").glob("python*"):
                self.show(program)
            self.show(Path(prefix, "pyvenv.cfg"))
        for prefix in {sys.base_prefix, sys.base_exec_prefix}:
            for name in ("lib", "lib32", "lib64"):
                self.show(Path(prefix, name))
        self.show(Path(os.__file__).parent)
        self.show(Path(sys.executable))
        for folder in filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)):
            # The libraries only: somebody may have put any folder into this variable.
            for library in Path(folder).glob("*.so*"):
                self.show(library)
        libraries = {Path(p, "lib") for p in (sys.base_prefix, sys.base_exec_prefix, "/usr", "/usr/local")}
        for library in libraries:
            for pattern in _SITES:
                for found in library.glob(pattern):
                    self.mask(found)

    def _follow(self, path: Path) -> Path | None:
        """The real path, with the links on the way noted; None where there is nothing."""
        if not path.exists():
            return None
        real = Path("/")
        parts = list(Path(os.path.abspath(path)).parts[1:])  # noqa: PTH100 - resolve() would follow the links
        while parts:
            step = real / parts.pop(0)
            if step.is_symlink():
                to = os.fspath(step.readlink())
                self.links[step] = to
                target = Path(os.path.normpath(real / to))
                real, parts = Path("/"), [*target.parts[1:], *parts]
            else:
                real = step
        return real
