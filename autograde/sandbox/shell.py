"""An IPython shell without terminal, sockets or history database, whose outputs go to a transcript with caps."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from .limits import Limits

#: The kinds of output a transcript knows; ``error`` is a traceback, ``png`` carries base64.
KINDS = ("stdout", "stderr", "text", "error", "png")


class Transcript:
    """What the running cell printed and showed, cut to the limits. While it is off, everything is dropped."""

    def __init__(self) -> None:
        self.on = False
        self.start(0, 0)
        self.on = False

    def start(self, budget: int, most: int) -> None:
        """Begin an empty transcript of at most ``budget`` bytes in ``most`` entries."""
        self._budget, self._most = budget, most
        self._parts: list[tuple[str, list[str]]] = []
        self._by_id: dict[str, int] = {}
        self.used = 0
        self.cut = ""
        self.on = True

    def finish(self) -> list[tuple[str, str]]:
        """Stop, and give what there is as (kind, data)."""
        self.on = False
        return [(kind, "".join(parts)) for kind, parts in self._parts]

    def write(self, kind: str, text: str) -> None:
        """Add text; text of one stream in a row is one output."""
        if not self.on or not text:
            return
        left = self._budget - self.used
        # Cut before encoding: a line of 30 MB costs no more than what is kept of it.
        raw = text[: left + 1].encode("utf-8", "replace")
        if len(raw) > left:
            self.cut = "bytes"
            raw = raw[:left].decode("utf-8", "ignore").encode("utf-8")  # whole characters only
            self._budget = self.used + len(raw)  # what follows a cut is not shown either
        kept = raw.decode("utf-8")
        if not kept:
            return
        if kind in ("stdout", "stderr") and self._parts and self._parts[-1][0] == kind:
            self._parts[-1][1].append(kept)
        elif not self._has_room():
            return
        else:
            self._parts.append((kind, [kept]))
        self.used += len(raw)

    def display(self, data: Mapping[str, Any], display_id: str | None = None, update: bool = False) -> None:
        """Add a displayed object: its picture if it has one, else its text."""
        if not self.on:
            return
        if update:
            place = self._by_id.get(str(display_id))
            if place is None:
                return
            rest, self._parts = self._parts[place + 1 :], self._parts[:place]
            self._show(data)
            if len(self._parts) == place:  # it did not fit: its place stays taken
                self._parts.append(("text", []))
            self._parts += rest
            return
        before = len(self._parts)
        self._show(data)
        if display_id is not None and len(self._parts) > before:
            self._by_id[str(display_id)] = before

    def clear(self) -> None:
        """Forget what was shown so far, as ``clear_output`` asks."""
        if self.on:
            self.start(self._budget, self._most)

    def _show(self, data: Mapping[str, Any]) -> None:
        picture = data.get("image/png")
        if isinstance(picture, bytes):
            picture = base64.b64encode(picture).decode("ascii")
        if isinstance(picture, str):
            picture = picture.replace("\n", "")
            size = len(picture) * 3 // 4
            if size > self._budget - self.used:
                self.cut = "bytes"
            elif self._has_room():
                self._parts.append(("png", [picture]))
                self.used += size
        elif isinstance(data.get("text/plain"), str):
            self.write("text", data["text/plain"])

    def _has_room(self) -> bool:
        if len(self._parts) < self._most:
            return True
        self.cut = "count"
        return False


class Stream(io.TextIOBase):
    """Stands in for ``sys.stdout`` and ``sys.stderr``."""

    def __init__(self, transcript: Transcript, kind: str) -> None:
        super().__init__()
        self._transcript, self._kind = transcript, kind

    encoding = "utf-8"
    errors = "replace"

    @property
    def name(self) -> str:
        return f"<{self._kind}>"

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1 if self._kind == "stdout" else 2

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._transcript.write(self._kind, text)
        return len(text)

    def close(self) -> None:
        """A stream that others print to as well is not closed."""


class _Publisher(DisplayPublisher):  # type: ignore[misc,unused-ignore]
    shell: Any

    def publish(  # type: ignore[no-untyped-def,override,unused-ignore]
        self, data, metadata=None, *, transient=None, update=False, **_
    ) -> None:
        transcript: Transcript = self.shell.transcript
        transcript.display(data, (transient or {}).get("display_id"), update)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.transcript.clear()


class _DisplayHook(DisplayHook):  # type: ignore[misc,unused-ignore]
    shell: Any

    def write_output_prompt(self) -> None:
        """Results have no prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.shell.transcript.display(format_dict)


class Shell(InteractiveShell):  # type: ignore[misc,unused-ignore]
    """The shell in which cells run."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_DisplayHook)
    transcript = Transcript()

    def system(self, cmd: str) -> None:
        """Run ``!command``; the stock version asks for a pseudo-terminal, which a sandbox has not."""
        with subprocess.Popen(
            self.var_expand(cmd, depth=1),  # type: ignore[no-untyped-call,unused-ignore]
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            assert process.stdout is not None
            while chunk := process.stdout.read1(65536):  # type: ignore[attr-defined,unused-ignore]
                sys.stdout.write(chunk.decode("utf-8", "replace"))
        self.user_ns["_exit_code"] = process.returncode

    system_piped = system_raw = system

    def enable_gui(self, gui: Any = None) -> None:
        """There is no window system."""

    def ask_exit(self) -> None:
        """``exit`` ends nothing here."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.transcript.write("error", self.InteractiveTB.stb2text(stb))


def make_shell() -> Shell:
    """The process's one shell, with figures as PNG; ``sys.stdout`` and ``sys.stderr`` go to its transcript."""
    for kind in ("stdout", "stderr"):
        setattr(sys, kind, Stream(Shell.transcript, kind))
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Plain"
    config.InteractiveShell.banner1 = ""
    shell: Any = Shell.instance(config=config)
    shell.enable_matplotlib("inline")
    assert isinstance(shell, Shell)
    return shell


def set_figures(shell: Shell, wanted: bool) -> None:
    """Render figures as PNG, or show only their names, which costs next to nothing."""
    from matplotlib_inline.config import InlineBackend

    InlineBackend.instance(parent=shell).figure_formats = {"png"} if wanted else set()


def cell_budget(limits: Limits, used: int) -> int:
    """Bytes the next cell may show when the session has shown ``used`` so far."""
    return max(0, min(limits.cell_output_bytes, limits.session_output_bytes - used))
