"""What all measurements share: where they ran, medians, tables, and the history that README.md keeps."""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from autograde.grading.pools import usable_cores
from autograde.judge.files import write_atomically

ROOT = Path(__file__).resolve().parents[1]
HISTORY = ROOT / "benchmarks" / "README.md"
#: With a larger share of the processors at work for somebody else, what is measured is not written down.
MOST_BUSY = 0.2


class BenchmarkError(Exception):
    """Something cannot be measured or written down; the message says why and what to do."""


@dataclass(frozen=True)
class Setting:
    """Where and when something was measured; ``busy`` is the share of the processors that were busy just before."""

    date: str
    commit: str
    machine: str
    cores: int
    python: str
    busy: float

    @property
    def title(self) -> str:
        """The heading of an entry in the history."""
        return f"{self.date}, {self.commit}"

    @property
    def line(self) -> str:
        """The machine in one line."""
        return f"{self.machine}, {self.cores} cores, Python {self.python}, {self.busy:.0%} busy before"


def find_setting(*, to_be_kept: bool = False) -> Setting:
    """Look around; it takes two seconds, in which nothing of ours should run.

    ``BenchmarkError`` when what is measured is to be kept and the machine is busy.
    """
    setting = Setting(
        f"{datetime.now(UTC):%Y-%m-%d}",
        _commit(),
        platform.machine(),
        usable_cores(),
        platform.python_version(),
        psutil.cpu_percent(interval=2.0) / 100,
    )
    if to_be_kept:
        require_idle(setting)
    return setting


def require_idle(setting: Setting) -> None:
    """``BenchmarkError`` when other work was running: such numbers are not kept."""
    if setting.busy > MOST_BUSY:
        raise BenchmarkError(
            f"{setting.busy:.0%} of the processors are busy with other work, so the result would not be kept. "
            "Measure when the machine is idle, or without --record and --write."
        )


def environment() -> dict[str, str]:
    """The environment for a command as its user has it: what Python compiled once is kept for the next time."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def _commit() -> str:
    def git(*arguments: str) -> str:
        command = ["git", "-c", f"safe.directory={ROOT}", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    try:
        changed = git("status", "--porcelain", "--untracked-files=no")
        return f"commit {git('rev-parse', '--short', 'HEAD')}{' with changes' if changed else ''}"
    except (OSError, subprocess.CalledProcessError):
        return "no commit known"


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder; none where it is not there."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())


def middle(values: Sequence[float]) -> float:
    """The median; nan of nothing."""
    return statistics.median(values) if values else float("nan")


def markdown_table(columns: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """A table in Markdown; the first ``left`` columns are texts, the others numbers."""
    rule = ["---" if i < left else "--:" for i in range(len(columns))]
    return "\n".join("| " + " | ".join(row) + " |" for row in (columns, rule, *rows))


def holds(found: float, goal: float, *, at_least: bool = False) -> str:
    """Whether a goal is met, in a word; a number that is missing meets none."""
    return "yes" if (found >= goal if at_least else found <= goal) else "no"


def finish(section: str, setting: Setting, text: str, *, record: bool, history: Path = HISTORY) -> None:
    """Print what was found; with ``record`` write it down as well. ``BenchmarkError`` on a busy machine."""
    print(f"{setting.title} ({setting.line})\n\n{text}")
    if record:
        write_down(section, setting, text, history)


def write_down(section: str, setting: Setting, text: str, history: Path = HISTORY) -> None:
    """Add a dated entry at the end of a section (``## section``) of the history. ``BenchmarkError`` if it cannot."""
    require_idle(setting)
    old = history.read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(section)}\n.*?(?=^## |\Z)", old, re.MULTILINE | re.DOTALL)
    if found is None:
        raise BenchmarkError(f"{history.name} has no section '## {section}'; put one in and measure again.")
    entry = f"### {setting.title}\n\n{setting.line}.\n\n{text.strip()}\n"
    before, after = old[: found.end()].rstrip("\n"), old[found.end() :]
    new = f"{before}\n\n{entry}" + (f"\n{after}" if after else "")
    write_atomically(history, new)
