"""The ways to install the course agree: pyproject.toml, requirements.lock, environment.yml; and the version is one."""

from __future__ import annotations

import importlib.metadata
import re
from itertools import product

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import autograde

from .checkout import ROOT, project

#: The five packages of the course.
COURSE = ("numpy", "jupyterlab", "nbgrader", "matplotlib", "ipywidgets")
PYTHONS = ("3.11", "3.12", "3.13")
SYSTEMS = {
    "linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "macOS": {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
    "Windows": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
}
MACHINES = [
    pytest.param({**SYSTEMS[s], "python_version": p, "python_full_version": f"{p}.1", "extra": ""}, id=f"{s}-{p}")
    for s, p in product(SYSTEMS, PYTHONS)
]


def declared(*extras: str) -> dict[str, SpecifierSet]:
    table = project()["project"]
    lines = table["dependencies"] + [line for extra in extras for line in table["optional-dependencies"][extra]]
    return {canonicalize_name(r.name): r.specifier for r in map(Requirement, lines)}


def locked(machine: dict[str, str] | None = None) -> dict[str, list[Version]]:
    """The pinned versions by package; on ``machine``, those that its markers choose."""
    pins: dict[str, list[Version]] = {}
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        requirement = Requirement(line)
        (pin,) = requirement.specifier
        assert pin.operator == "==", f"{line} is not pinned"
        if machine is None or requirement.marker is None or requirement.marker.evaluate(machine):
            pins.setdefault(canonicalize_name(requirement.name), []).append(Version(pin.version))
    return pins


def environment() -> dict:
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def conda_packages() -> dict[str, SpecifierSet]:
    found = {}
    for line in environment()["dependencies"]:
        if isinstance(line, str):
            name, bounds = re.fullmatch(r"([\w-]+)(.*)", line).groups()
            # conda's single = is a version to the last digit named
            found[name] = SpecifierSet(re.sub(r"^=(?!=)", "==", bounds))
    return found


@pytest.mark.parametrize("machine", MACHINES)
def test_the_lock_holds_one_version_of_all_that_is_declared(machine):
    pins = locked(machine)
    for name, bounds in declared("dev", "cluster", "postgres").items():
        assert len(pins.get(name, [])) == 1, f"{name} is locked {len(pins.get(name, []))} times"
        assert pins[name][0] in bounds, f"{name} is locked at {pins[name][0]}, declared {bounds}. Write the lock anew."


def test_no_package_has_two_versions_anywhere():
    assert not {name: versions for name, versions in locked().items() if len(versions) > 1}


def test_the_lock_names_no_index_and_no_path():
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert not [x for x in lines if not x.startswith("#") and (x.startswith("-") or "://" in x or " @ " in x)]


def test_what_is_installed_is_what_is_declared():
    """The versions may be newer than the locked ones (conda's are), within the declared bounds."""
    installed = {name: Version(importlib.metadata.version(name)) for name in declared()}
    assert not {name: str(v) for name, v in installed.items() if v not in declared()[name]}


def test_the_course_runs_on_five_packages():
    versions = {name: locked()[name][0] for name in COURSE}
    assert str(versions["nbgrader"]) == "0.9.6"
    assert {name: versions[name].major for name in ("numpy", "jupyterlab", "ipywidgets")} == {
        "numpy": 2,
        "jupyterlab": 4,
        "ipywidgets": 8,
    }
    assert versions["matplotlib"] in SpecifierSet(">=3.9")


def test_conda_gets_the_same_packages_with_the_same_bounds():
    packages = conda_packages()
    assert set(packages) == {*COURSE, "python", "pip"}
    assert packages["python"] == SpecifierSet(project()["project"]["requires-python"])
    assert {name: packages[name] for name in COURSE} == {name: declared()[name] for name in COURSE}


def test_conda_gets_the_project_itself():
    (pip,) = [part["pip"] for part in environment()["dependencies"] if isinstance(part, dict)]
    assert pip == ["-e ."]
    assert environment()["channels"][0] == "conda-forge"
    assert environment()["name"] == project()["project"]["name"]


def test_there_is_one_version():
    version = project()["project"]["version"]
    assert autograde.__version__ == version
    assert importlib.metadata.version("improving-deep-networks") == version
    assert version in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    named = [p for p in ROOT.glob("autograde/**/*.py") if "__version__ =" in p.read_text(encoding="utf-8")]
    assert named == [ROOT / "autograde" / "__init__.py"]


def test_the_packages_say_that_they_are_typed():
    assert (ROOT / "autograde" / "py.typed").is_file()
    assert (ROOT / "coursekit" / "py.typed").is_file()
