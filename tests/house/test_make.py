"""``make`` sets everything up by itself: tried with the real Makefile on a project of one file, without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .checkout import ROOT

#: A build backend that needs nothing: it writes the wheel of an editable install by hand.
BACKEND = """\
import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "tiny-1.0-py3-none-any.whl"
    info = "tiny-1.0.dist-info"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.writestr("tiny_marker.py", "")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: tiny\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""
PROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tiny"
version = "1.0"
"""

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="There is no make here; README has another way.")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "course"
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    (folder / "backend.py").write_text(BACKEND, encoding="utf-8")
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (folder / "requirements.lock").write_text("--no-index\n", encoding="utf-8")
    return folder


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    variables = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "PIP_", "PYTHON"))}
    command = ["make", f"PYTHONS={sys.executable}", *arguments]
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, timeout=300)


def is_installed(folder: Path) -> bool:
    return (
        subprocess.run([folder / ".venv/bin/python", "-c", "import tiny_marker"], capture_output=True).returncode == 0
    )


def touch_later(path: Path) -> None:
    later = max(p.stat().st_mtime for p in (path, path.parent / ".venv/.ready")) + 2
    os.utime(path, (later, later))


def test_the_life_of_a_set_up(folder):
    first = make(folder, "setup")
    assert first.returncode == 0, first.stderr
    assert "Setting up .venv" in first.stdout
    assert is_installed(folder)

    second = make(folder, "setup")
    assert second.returncode == 0
    assert "Nothing to be done" in second.stdout

    # Another lock: installed again, in the same .venv. It cannot be satisfied; the cure is one line.
    (folder / ".venv/kept").touch()
    (folder / "requirements.lock").write_text("--no-index\nthere-is-no-such-package==1.0\n", encoding="utf-8")
    touch_later(folder / "requirements.lock")
    failed = make(folder, "setup")
    assert failed.returncode != 0
    assert "The packages could not be installed" in failed.stderr
    assert make(folder, "setup").returncode != 0, "a failed set-up passes for a finished one"

    (folder / "requirements.lock").write_text("--no-index\n", encoding="utf-8")
    mended = make(folder, "setup")
    assert mended.returncode == 0, mended.stderr
    assert (folder / ".venv/kept").exists()

    # Interrupted in the middle: nothing of it is believed.
    (folder / ".venv/.half-made").touch()
    (folder / ".venv/.ready").unlink()
    recovered = make(folder, "setup")
    assert recovered.returncode == 0, recovered.stderr
    assert "Setting up .venv" in recovered.stdout
    assert not (folder / ".venv/kept").exists()
    assert is_installed(folder)

    # Moved: a .venv holds its own path.
    moved = folder.rename(folder.with_name("elsewhere"))
    again = make(moved, "setup")
    assert "Setting up .venv" in again.stdout
    assert "Nothing to be done" in make(moved, "setup").stdout
    script = (moved / ".venv/bin/pip").read_text(encoding="utf-8")
    assert str(folder) not in script


def test_a_working_environment_that_is_there_is_used(folder):
    subprocess.run([sys.executable, "-m", "venv", folder / ".venv"], check=True)
    (folder / ".venv/kept").touch()
    done = make(folder, "setup")
    assert done.returncode == 0, done.stderr
    assert (folder / ".venv/kept").exists()
    assert is_installed(folder)


def test_without_a_python_one_line_says_so(folder):
    done = make(folder, "setup", "PYTHONS=no-such-python false")
    assert done.returncode != 0
    (line,) = [x for x in done.stderr.splitlines() if not x.startswith("make")]
    assert line.startswith("No Python 3.11, 3.12 or 3.13")
    assert "make PYTHON=" in line
    assert not (folder / ".venv").exists()


def test_every_target_sets_up_first_and_is_explained():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    told = make(ROOT, "help").stdout
    for target in (
        "lab",
        "grade",
        "test",
        "attack",
        "fuzz",
        "build",
        "check",
        "audit",
        "exam",
        "bench",
        "bench-thousand",
    ):
        assert f"\n{target}: $(READY)\n" in text
        assert f"make {target} " in told


def test_ci_runs_make_test_and_nothing_else():
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    lines = script.read_text(encoding="utf-8").splitlines()
    assert [x for x in lines if x.startswith("make ")] == ["make test"]
    assert lines[-1] == "make test"
