"""Where the checkout is, what belongs to it, and its lessons."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted(path.parent.name for path in ROOT.glob("lessons/*/lesson.py"))

#: What no commit holds, for a checkout without git.
_LEFT_OUT = {".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
_LEFT_OUT |= {
    ".ipynb_checkpoints",
    "sample",
    "release",
    "submitted",
    "collected",
    "autograded",
    "feedback",
    "test-artefacts",
}


def project() -> dict[str, Any]:
    """``pyproject.toml``."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def files_of_the_project() -> list[Path]:
    """Every file that is, or would be, committed."""
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
        found = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        found = [p for p in ROOT.rglob("*") if not _is_left_out(p.relative_to(ROOT))]
    return sorted(path for path in found if path.is_file())


def _is_left_out(path: Path) -> bool:
    return any(part in _LEFT_OUT or part.endswith(".egg-info") for part in path.parts)
