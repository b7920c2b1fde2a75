"""Imports run one way, downwards: cli > authoring > grading > judge > sandbox > check; coursekit stands alone."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .checkout import ROOT

#: From the top down: a room may import itself and those that come after it.
ROOMS = ("cli", "authoring", "grading", "judge", "sandbox", "check")
STANDARD = set(sys.stdlib_module_names)


@dataclass(frozen=True)
class Import:
    """One imported module and where it is named; ``lazy`` is inside a function."""

    module: str
    where: str
    lazy: bool


def sources(folder: str) -> list[Path]:
    found = sorted((ROOT / folder).rglob("*.py"))
    assert found, f"{folder} holds no module"
    return found


def imports_of(path: Path) -> Iterator[Import]:
    """Every module that a file imports, by its absolute name; of ``from a import b`` both ``a`` and ``a.b``."""
    package = path.relative_to(ROOT).parent.parts
    yield from _imports(ast.parse(path.read_text(encoding="utf-8")), package, str(path.relative_to(ROOT)), False)


def _imports(node: ast.AST, package: tuple[str, ...], file: str, lazy: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, f"{file}:{child.lineno}", lazy)
        elif isinstance(child, ast.ImportFrom):
            base = list(package[: len(package) + 1 - child.level]) if child.level else []
            base += [child.module] if child.module else []
            for name in [".".join(base), *(".".join([*base, alias.name]) for alias in child.names)]:
                yield Import(name, f"{file}:{child.lineno}", lazy)
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from _imports(child, package, file, lazy or inside)


def imports(folder: str) -> list[Import]:
    return [found for path in sources(folder) for found in imports_of(path)]


def is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def test_the_reader_of_imports_sees_every_form(tmp_path, monkeypatch):
    source = "import a.b\nfrom . import c\nfrom ..d import e\ndef f():\n    from g import h\nif x:\n    import i\n"
    (tmp_path / "autograde" / "check").mkdir(parents=True)
    path = tmp_path / "autograde" / "check" / "m.py"
    path.write_text(source, encoding="utf-8")
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    found = {(i.module, i.lazy) for i in imports_of(path)}
    assert ("a.b", False) in found
    assert ("autograde.check.c", False) in found
    assert ("autograde.d.e", False) in found
    assert ("g.h", True) in found
    assert ("i", False) in found


def test_every_folder_of_autograde_is_a_known_room():
    folders = {p.name for p in (ROOT / "autograde").iterdir() if p.is_dir() and any(p.glob("*.py"))}
    assert folders == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_downwards(room):
    above = ROOMS[: ROOMS.index(room)]
    wrong = [
        f"{found.where} imports {found.module}"
        for found in imports(f"autograde/{room}")
        if any(is_within(found.module, f"autograde.{higher}") for higher in above)
    ]
    assert not wrong


@pytest.mark.parametrize("room", ["sandbox", "check"])
def test_a_room_does_not_name_a_higher_one_in_a_string(room):
    """An import by name, or a command line, would go past the rule."""
    above = [f"autograde.{higher}" for higher in ROOMS[: ROOMS.index(room)]]
    wrong = []
    for path in sources(f"autograde/{room}"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                wrong += [f"{path}:{node.lineno} names {name}" for name in above if name in node.value]
    assert not wrong


def test_check_imports_numpy_and_the_standard_library_only():
    wrong = []
    for found in imports("autograde/check"):
        top = found.module.partition(".")[0]
        allowed = top in STANDARD or top == "numpy" or is_within(found.module, "autograde.check")
        if not (allowed or (top == "IPython" and found.lazy)):
            wrong.append(f"{found.where} imports {found.module}")
    assert not wrong


def test_coursekit_imports_nothing_of_autograde():
    assert not [f"{i.where} imports {i.module}" for i in imports("coursekit") if is_within(i.module, "autograde")]


@pytest.mark.parametrize("folder", [*(f"autograde/{r}" for r in ROOMS if r != "authoring"), "coursekit"])
def test_jupytext_is_only_for_building(folder):
    assert not [f"{i.where} imports {i.module}" for i in imports(folder) if is_within(i.module, "jupytext")]


@pytest.mark.parametrize("folder", ["autograde", "coursekit"])
def test_nothing_relies_on_a_package_that_is_not_declared(folder):
    """Only what pyproject.toml names, and what nbgrader and JupyterLab cannot be without."""
    declared = {"numpy", "jupyterlab", "nbgrader", "matplotlib", "ipywidgets", "typer", "rich", "jupytext"}
    declared |= {"bleach", "packaging", "distributed"}
    brought_along = {"IPython", "nbformat", "nbclient", "nbconvert", "traitlets", "sqlalchemy", "jinja2"}
    brought_along |= {"ipykernel", "matplotlib_inline", "jupyter_client", "markupsafe", "pygments"}
    known = STANDARD | declared | brought_along | {"autograde", "coursekit"}
    assert not [f"{i.where} imports {i.module}" for i in imports(folder) if i.module.partition(".")[0] not in known]


def fresh(code: str) -> str:
    """What ``code`` prints in a new Python, started in the checkout."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def loaded_by(*modules: str) -> set[str]:
    """The modules that a new Python holds after importing these."""
    return set(fresh(f"import sys, {', '.join(modules)}\nprint('\\n'.join(sys.modules))").split())


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_check_loads_nothing_but_itself_numpy_and_the_standard_library():
    more = loaded_by("autograde.check") - loaded_by("numpy")
    strange = {m for m in more if m.partition(".")[0] not in STANDARD | {"numpy", "autograde"}}
    assert not strange
    assert {m for m in more if is_within(m, "autograde")} <= {"autograde", *map(dotted, sources("autograde/check"))}


def test_the_sandbox_loads_no_judge():
    modules = [dotted(p) for p in sources("autograde/sandbox") if p.name != "__main__.py"]
    above = [f"autograde.{room}" for room in ROOMS[: ROOMS.index("sandbox")]]
    held = loaded_by(*modules)
    assert not [m for m in held if any(is_within(m, room) for room in above)]
    assert not [m for m in held if is_within(m, "nbgrader")]


@pytest.mark.alone
def test_check_is_imported_in_no_time():
    code = "import numpy, time\nstart = time.perf_counter()\nimport autograde.check\nprint(time.perf_counter() - start)"
    fastest = min(float(fresh(code)) for _ in range(5))
    # Measured: 0.035 s on two cores of 2026; ten times that would be felt in every set-up cell.
    assert fastest < 0.35


@pytest.mark.parametrize("module", ["autograde.grading.batch", "autograde.grading.jobs", "autograde.grading.judging"])
def test_what_judges_does_not_wait_for_nbgrader(module):
    """It takes a second to import, and the first result of ``autograde grade`` would be that much later."""
    held = loaded_by(module)
    assert module in held
    assert not [m for m in held if is_within(m, "nbgrader")]
