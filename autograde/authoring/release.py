"""What students get: a folder and a zip file with the notebooks and all they need, and nothing that gives answers away."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import tomllib
import zipfile
from pathlib import Path

import autograde

from .build import check_build
from .draft import CHECKS
from .lesson_source import Course, CourseError

#: What the notebooks run on. nbgrader and the instructors' tools are not among it.
STUDENT_PACKAGES = ("numpy", "jupyterlab", "matplotlib", "ipywidgets")
ENVIRONMENT = "improving-deep-networks"
#: The oldest time a zip file can hold, so that the same files make the same zip.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_TEMPLATES = Path(__file__).parent / "student_files"
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")


def release(course: Course, out: Path, force: bool = False) -> list[Path]:
    """Write the folder ``out`` and ``out.zip``; the paths of the released files, from ``out``, in order.

    Raises ``CourseError`` when ``out`` or its zip file is there already (``force`` replaces them), when a licence is
    missing, or when the built notebooks are not current: a notebook with somebody's answers in it must not go out.
    """
    out = out.absolute()
    archive = out.with_name(f"{out.name}.zip")
    _require_free(course, out, archive, force)
    if not course.lesson_names():
        raise CourseError(f"{course.lessons} holds no lesson yet, so there is nothing to release.")
    if stale := check_build(course):
        raise CourseError(f"Not released, because of {len(stale)} file(s) that are not current. {stale[0]}")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".release-", dir=out.parent) as name:
        folder, packed = Path(name) / out.name, Path(name) / archive.name
        _fill(course, folder)
        files = sorted((p for p in folder.rglob("*") if p.is_file()), key=lambda p: p.relative_to(folder).as_posix())
        _pack(folder, files, packed)
        if out.exists():
            out.rename(Path(name) / "replaced")
        folder.rename(out)
        packed.replace(archive)
    return [path.relative_to(folder) for path in files]


def _require_free(course: Course, out: Path, archive: Path, force: bool) -> None:
    root = course.root.absolute()
    if out in (root, *root.parents) or (out.is_relative_to(root) and out.parent != root):
        raise CourseError(f"{out} is part of the course itself. Name another folder, for example: release")
    inside = {path.name for path in root.iterdir()} - {"release"}
    if out.parent == root and out.name in inside and not (out / "autograde" / "check").is_dir():
        raise CourseError(f"{out} is part of the course itself. Name another folder, for example: release")
    for path in (out, archive):
        if path.exists() and not force:
            raise CourseError(f"{path} is there already. Name another folder, or replace it with --force.")


def _fill(course: Course, folder: Path) -> None:
    """Write the released files. What goes out is named here; everything else stays."""
    for lesson in course.lesson_names():
        (folder / "notebooks" / lesson).mkdir(parents=True)
        for name in (f"{lesson}.ipynb", CHECKS):
            shutil.copyfile(course.notebooks / lesson / name, folder / "notebooks" / lesson / name)
    for part in ("data", "coursekit", "autograde/check"):
        if not (course.root / part).is_dir():
            raise CourseError(f"{course.root / part} is missing; students need it. Restore it and try again.")
        shutil.copytree(course.root / part, folder / part, ignore=_LEFT_OUT, copy_function=shutil.copyfile)
    for name in ("__init__.py", "py.typed"):
        shutil.copyfile(course.root / "autograde" / name, folder / "autograde" / name)
    licences = sorted(path for path in course.root.glob("LICENSE*") if path.is_file())
    if not licences:
        raise CourseError(f"{course.root / 'LICENSE'} is missing; what is handed out needs a licence.")
    for path in licences:
        shutil.copyfile(path, folder / path.name)
    _write_project_files(course, folder)


def _write_project_files(course: Course, folder: Path) -> None:
    lessons = course.lesson_names()
    project = _project(course)
    requirements = [r for r in project["dependencies"] if _package(r) in STUDENT_PACKAGES]
    count = "One lesson" if len(lessons) == 1 else f"{len(lessons)} lessons"
    fields = {
        "lessons": count,
        "first": lessons[0],
        "environment": ENVIRONMENT,
        "version": autograde.__version__,
        "python": project["requires-python"],
        "dependencies": json.dumps(requirements),
        "packages": "\n".join(f"  - {r}" for r in requirements),
    }
    for template in sorted(_TEMPLATES.iterdir()):
        text = template.read_text(encoding="utf-8")
        for name, value in fields.items():
            text = text.replace("{" + name + "}", value)
        (folder / template.name).write_text(text, encoding="utf-8", newline="\n")


def _project(course: Course) -> dict[str, object]: ...


def _package(requirement: str) -> str:
    return requirement.split(">")[0].split("<")[0].split("=")[0].strip()


def _pack(folder: Path, files: list[Path], archive: Path) -> None:
    """A zip file that is the same whenever the files are: sorted, with fixed times and rights."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in files:
            info = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", _ZIP_TIME)
            info.create_system = 3  # the same on Windows
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, path.read_bytes())
