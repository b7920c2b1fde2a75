"""The files in a download: a folder or a zip, with the zips inside it, read with suspicion and never unpacked to disk.

What cannot be trusted or read (a link, a path that leads out, an encrypted or broken zip, a zip bomb) comes out as an
entry with a ``problem`` in words; it stops nothing else.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .handed_in import SubmissionError, read_plain_file
from .rebuild import MAX_FILE_BYTES

#: Zips inside one another, the download itself included.
MOST_DEPTH = 3
#: The largest zip inside a download.
MOST_ZIP_BYTES = 256 * 2**20
#: How many times its packed size an entry may have; smaller entries than ``RATIO_FROM`` bytes may have any.
MOST_RATIO, RATIO_FROM = 200, 20 * 2**20
#: Left lying about by systems and editors; nobody handed them in.
LITTER = {"__macosx", ".ds_store", ".ipynb_checkpoints", "thumbs.db", "desktop.ini", "__pycache__"}

#: Other methods unpack without a bound; no learning platform and no common zip program uses them by default.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800
_CENTRAL_ENTRY = b"PK\x01\x02"
#: What ``zipfile`` raises on bytes that are no zip, or a damaged one.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError, struct.error),
)


class SourceError(Exception):
    """A download cannot be read at all; the message says what to do."""


class UnreadableError(Exception):
    """One file of a download cannot be read; the message completes "the file …"."""


@dataclass
class Budget:
    """What may still be taken out of zips: entries, and unpacked bytes of the zips among them."""

    entries: int
    size: int

    def take(self, *, entries: int = 0, size: int = 0) -> None:
        """Count these. ``UnreadableError`` once there are too many."""
        self.entries -= entries
        self.size -= size
        if self.entries < 0:
            raise UnreadableError("holds too many files")
        if self.size < 0:
            raise UnreadableError("unpacks to too much (a zip bomb?)")


def budget_of_download() -> Budget:
    """For a whole download."""
    return Budget(100_000, 16 * 2**30)


def budget_of_student() -> Budget:
    """For the zips that one student handed in."""
    return Budget(2_000, MOST_ZIP_BYTES)


@dataclass(frozen=True)
class Entry:
    """One file. ``parts`` is its path in the folder or zip it lies in; ``within`` the zips around that, outermost
    first. ``read(most)`` gives its bytes; it raises ``UnreadableError``.
    """

    parts: tuple[str, ...]
    read: Callable[[int], bytes] = field(repr=False)
    problem: str = ""
    within: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.parts[-1] if self.parts else ""

    @property
    def path(self) -> str:
        """Where it lies, for people."""
        return " > ".join((*self.within, "/".join(self.parts)))

    @property
    def is_zip(self) -> bool:
        """Whether it is a zip, by its name."""
        return self.name.lower().endswith(".zip")


@contextmanager
def open_source(path: Path, budget: Budget) -> Iterator[Iterator[Entry]]:
    """The files in a folder or a zip, in the order of their names. ``SourceError`` when it is neither."""
    if path.is_dir():
        inner = path / "submitted"
        yield _in_folder(inner if inner.is_dir() else path)
        return
    if not path.is_file():
        what = "is neither a file nor a folder" if path.exists() else "does not exist"
        raise SourceError(f"{path} {what}; give the zip that Canvas or Moodle made, or a folder.")
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise SourceError(f"{path} cannot be read as a zip ({_in_words(error)}); download it again.") from None
    with archive:
        yield _in_zip(archive, lambda info: lambda most: _inflate(archive, info, most), (), budget)


def unpack(entry: Entry, budget: Budget) -> Iterator[Entry]:
    """The files in a zip that lies in a download. ``UnreadableError`` when it is broken, too deep or too large."""
    if len(entry.within) + 2 > MOST_DEPTH:
        raise UnreadableError(f"lies more than {MOST_DEPTH} zips deep")
    packed = entry.read(min(MOST_ZIP_BYTES, budget.size))
    budget.take(size=len(packed))
    if packed.count(_CENTRAL_ENTRY) > budget.entries:  # each becomes an object as soon as the zip is opened
        raise UnreadableError("holds too many files")

    try:
        archive = zipfile.ZipFile(io.BytesIO(packed))
    except _BROKEN as error:
        raise UnreadableError(f"cannot be read as a zip ({_in_words(error)})") from None
    opened = [archive]

    def reader(info: zipfile.ZipInfo) -> Callable[[int], bytes]:
        # Afterwards the zip is read once more for a file that is wanted: a thousand zips do not fit into memory.
        return lambda most: _inflate(opened[0], info, most) if opened else _reopen(entry, info, most)

    with archive:
        try:
            yield from _in_zip(archive, reader, (*entry.within, "/".join(entry.parts)), budget)
        finally:
            opened.clear()


def _reopen(entry: Entry, info: zipfile.ZipInfo, most: int) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(entry.read(MOST_ZIP_BYTES))) as archive:
            return _inflate(archive, info, most)
    except _BROKEN as error:
        raise UnreadableError(f"cannot be read ({_in_words(error)})") from None


def _inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    size, packed = info.file_size, max(info.compress_size, 1)
    if size > most:
        raise UnreadableError(f"has {size / 2**20:.1f} MB, more than the {most / 2**20:.1f} MB that may be read")
    if size > RATIO_FROM and size > MOST_RATIO * packed:
        raise UnreadableError(f"unpacks to {size / packed:.0f} times its size (a zip bomb?)")
    try:
        with archive.open(info) as file:
            return file.read(most)
    except _BROKEN as error:
        raise UnreadableError(f"cannot be read ({_in_words(error)})") from None


def _in_zip(
    archive: zipfile.ZipFile,
    reader: Callable[[zipfile.ZipInfo], Callable[[int], bytes]],
    within: tuple[str, ...],
    budget: Budget,
) -> Iterator[Entry]:
    entries = archive.infolist()
    budget.take(entries=len(entries))
    for info in sorted(entries, key=lambda i: i.filename):
        name, sure = _decoded(info)
        parts, problem = _split(name)
        # Below a student's zip, names decide nothing; above, an unsure one could be another student's.
        if not sure and not within:
            problem = "has a name that is not in UTF-8; unpack the zip and give the folder"
        is_folder = name.endswith(("/", "\\"))  # ZipInfo.is_dir cannot take an empty name
        if not parts or (is_folder and not problem) or _is_litter(parts):
            continue
        yield Entry(parts, reader(info), problem or _distrust(info), within)


def _decoded(info: zipfile.ZipInfo) -> tuple[str, bool]:
    """An entry's name, and whether its characters are known for sure."""
    name = info.orig_filename
    if info.flag_bits & _UTF8_NAME or name.isascii():
        return name, True
    try:  # macOS writes UTF-8 without saying so
        return name.encode("cp437").decode("utf-8"), True
    except UnicodeError:
        return name, False


def _split(name: str) -> tuple[tuple[str, ...], str]:
    """The parts of an entry's path, and what is wrong with it."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/"))
    parts = tuple(p for p in plain.split("/") if p not in ("", "."))
    if plain.startswith("/") or ".." in parts or (parts and parts[0][1:2] == ":"):
        return parts, "has a path that leads out of the download"
    if "\0" in name:
        return parts, "has a NUL character in its name"
    return parts, ""


def _distrust(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "is a link, not a file"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted; ask for it without a password"
    if info.compress_type not in _METHODS:
        return "is packed in a way that is not read here; ask for it as it is, or in an ordinary zip"
    return ""


def _in_folder(top: Path) -> Iterator[Entry]:
    unreadable: list[OSError] = []
    for parent, folders, files in os.walk(top, onerror=unreadable.append):
        folders.sort()
        links = [name for name in folders if Path(parent, name).is_symlink()]
        for name in sorted([*files, *links]):
            yield from _on_disk(top, Path(parent, name))
    for error in unreadable:
        where = Path(os.fsdecode(error.filename or top))
        yield Entry(_parts_of(where, top)[0], _nothing, f"cannot be opened ({error.strerror})")


def _on_disk(top: Path, path: Path) -> Iterator[Entry]:
    parts, sure = _parts_of(path, top)
    if _is_litter(parts):
        return
    problem = ""
    if not sure:
        problem = "has a name that is not in UTF-8; rename it"
    elif path.is_symlink():
        problem = "is a link, not a file"
    yield Entry(parts, _nothing if problem else lambda most: _read_file(path, most), problem)


def _parts_of(path: Path, top: Path) -> tuple[tuple[str, ...], bool]:
    """A path below ``top`` in characters that can be shown, and whether nothing had to be replaced for that."""
    whole = "/".join(path.relative_to(top).parts)
    shown = os.fsencode(whole).decode("utf-8", "replace")
    return tuple(unicodedata.normalize("NFC", shown or ".").split("/")), shown == whole


def _read_file(path: Path, most: int) -> bytes:
    try:
        return read_plain_file(path, most)
    except SubmissionError as error:
        raise UnreadableError(f"cannot be read ({error})") from None


def _nothing(most: int) -> bytes:
    raise UnreadableError("cannot be read")


def _is_litter(parts: tuple[str, ...]) -> bool:
    return any(p.lower() in LITTER for p in parts) or bool(parts and parts[-1].startswith("._"))


def _in_words(error: BaseException) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__


def read_notebook(entry: Entry) -> bytes:
    """The bytes of a notebook file, as large as the grader takes them."""
    return entry.read(MAX_FILE_BYTES)
