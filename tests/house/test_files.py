"""Licences, data, and what no file may say."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess

import pytest

from .checkout import ROOT, files_of_the_project

DATA = sorted(p for p in (ROOT / "data").iterdir() if p.is_file() and p.name != "README.md")


def test_code_and_text_have_their_licences():
    code = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "BSD 3-Clause License" in code
    assert "Redistributions in binary form must reproduce" in code
    text = (ROOT / "LICENSE-TEXT").read_text(encoding="utf-8")
    assert "Attribution 4.0 International" in text
    assert "Section 8 -- Interpretation." in text


def test_the_data_readme_has_every_file_with_its_sum():
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    listed = {name: total for total, name in re.findall(r"^([0-9a-f]{64})  (\S+)$", readme, re.MULTILINE)}
    assert listed == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in DATA}


@pytest.mark.parametrize("path", DATA, ids=lambda p: p.name)
def test_the_data_readme_says_what_a_file_is(path):
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert f"`{path.name}`" in readme


def test_every_licence_of_data_is_named_and_every_named_one_is_there():
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`LICENSES/([^`]+)`", readme))
    assert named == {path.name for path in (ROOT / "data" / "LICENSES").iterdir()}


def test_no_file_names_a_machine_or_a_registry():
    # Written in parts, so that this file does not name them.
    hosts = ["pypi" + ".org", "python" + "hosted", "registry.npm" + "js", "anaconda" + ".org"]
    machines = ["/wo" + "rk/", "/opt/" + "pypi", ".py" + "env/", "/tmp/" + "ipykernel"]
    found = []
    for path in files_of_the_project():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)} names {word}" for word in hosts + machines if word in text]
    assert not found


def test_no_file_of_the_project_is_huge():
    huge = [
        f"{p.relative_to(ROOT)}: {p.stat().st_size >> 20} MB"
        for p in files_of_the_project()
        if p.stat().st_size > 5 << 20
    ]
    assert not huge


@pytest.fixture(scope="module")
def ignores(tmp_path_factory):
    """Whether git would leave a path out, in a repository with this .gitignore."""
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    shutil.copy(ROOT / ".gitignore", folder)

    def ignored(path: str) -> bool:
        return subprocess.run(["git", "check-ignore", "-q", path], cwd=folder).returncode == 0

    return ignored


@pytest.mark.parametrize(
    "path",
    [
        ".venv/bin/python",
        "autograde/__pycache__/x.pyc",
        "improving_deep_networks.egg-info/PKG-INFO",
        "notebooks/01-initialization/.ipynb_checkpoints/01-initialization-checkpoint.ipynb",
        "notebooks/.progress.json",
        "gradebook.db",
        "gradebook.db-journal",
        "sample/feedback/ada/01-initialization/01-initialization.html",
        "submitted/ada/01-initialization/01-initialization.ipynb",
        "collected/replaced/01-initialization/ada/1/01-initialization.ipynb",
        "autograded/ada/01-initialization/01-initialization.ipynb",
        "feedback/ada/01-initialization/01-initialization.html",
        "release/README.md",
        "test-artefacts/01-opened.png",
        ".mypy_cache/x",
        ".ruff_cache/x",
        ".pytest_cache/x",
        ".hypothesis/x",
    ],
)
def test_what_is_made_here_is_not_committed(ignores, path):
    assert ignores(path)


@pytest.mark.parametrize(
    "path",
    [
        "lessons/01-initialization/lesson.py",
        "solutions/01-initialization/01-initialization.ipynb",
        "notebooks/01-initialization/checks.json",
        "autograde/authoring/release.py",
        "autograde/grading/feedback.py",
        "autograde/authoring/build.py",
        "data/wine.csv",
        "requirements.lock",
        "tests/sandbox/test_cells.py",
    ],
)
def test_what_is_written_here_is_committed(ignores, path):
    assert not ignores(path)
