"""What students get: a folder and a zip file with the notebooks and what they need, and no answers."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import tomllib
import zipfile
from pathlib import Path

import autograde
from autograde.judge.course import Course, CourseError

from .build import check_build
from .draft import CHECKS

#: What the notebooks run on. nbgrader and the instructors' tools are not among it.
STUDENT_PACKAGES = ("numpy", "jupyterlab", "matplotlib", "ipywidgets")
ENVIRONMENT = "improving-deep-networks"
#: The oldest time a zip file can hold, so that the same files make the same zip.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_TEMPLATES = Path(__file__).parent / "student_files"
#: What no release may be written into.
_COURSE_PARTS = ("lessons", "solutions", "notebooks", "coursekit", "autograde", "data", "tests", "benchmarks", ".git")
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
    if root.is_relative_to(out) or any(out.is_relative_to(root / part) for part in _COURSE_PARTS):
        raise CourseError(f"{out} belongs to the course itself. Name another folder, for example: release")
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
    """Write ``README.md``, ``pyproject.toml`` and ``environment.yml`` from their templates."""
    import jinja2

    lessons = course.lesson_names()
    project = tomllib.loads((course.root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = [r for r in project["dependencies"] if _package(r) in STUDENT_PACKAGES]
    fields = {
        "lessons": "One lesson" if len(lessons) == 1 else f"{len(lessons)} lessons",
        "first": lessons[0],
        "environment": ENVIRONMENT,
        "version": autograde.__version__,
        "python": project["requires-python"],
        "requirements": requirements,
        "requirement_list": json.dumps(requirements),
    }
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # these are no HTML pages
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for template in templates.list_templates():
        text = templates.get_template(template).render(fields)
        (folder / template.removesuffix(".j2")).write_text(text, encoding="utf-8", newline="\n")


def _package(requirement: str) -> str:
    """The package that a requirement names."""
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def _pack(folder: Path, files: list[Path], archive: Path) -> None:
    """A zip file that is the same whenever the files are: sorted, with fixed times and rights."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in files:
            info = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", _ZIP_TIME)
            info.create_system = 3  # the same on Windows
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, path.read_bytes())
