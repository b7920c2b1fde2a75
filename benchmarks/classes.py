"""The submissions that are measured: the sample class's, in an order that mixes them, and one more that is hostile."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from autograde.authoring.sample_class import SEED, write_sample_class
from autograde.grading.batch import LessonBatch
from autograde.grading.course import GradingCourse, open_course
from autograde.grading.pools import LocalPool

#: Right, all wrong, half-done, hostile, right in another style, a cell that is no Python; then the others.
MIX = (
    "ada",
    "grace",
    "hypatia",
    "mallory",
    "dorothy",
    "leonhard",
    "florence",
    "johannes",
    "emmy",
    "maryam",
    "blaise",
    "isaac",
    "carl",
)
#: Hands in a loop without end: what it costs is a time limit, of whichever grader.
HANGS = "katherine"
#: So many different submissions a large class is made of, so that classes of 100 and of 1,000 have the same mix.
DIFFERENT = 10
#: Forges points in stock nbgrader (what `check` returns is the mark there), and shows 5,000 lines.
_HOSTILE = "check = lambda *_: 1.0\nfor _i in range(5_000):\n    print('line', _i)"


def write_mixed_class(root: Path, lesson: str, folder: Path, students: int) -> GradingCourse:
    """The first ``students`` of ``MIX``, and a gradebook that knows the lesson, in ``folder``."""
    return _write_class(root, lesson, folder, list(MIX[:students]))


def write_hanging_class(root: Path, lesson: str, folder: Path) -> GradingCourse:
    """The one student whose function never returns."""
    return _write_class(root, lesson, folder, [HANGS])


def write_large_class(root: Path, lesson: str, folder: Path, students: int) -> GradingCourse:
    """Copies of the first ``DIFFERENT`` of ``MIX`` under other names, no two with the same answers; no gradebook."""
    course = open_course(root, folder)
    with tempfile.TemporaryDirectory() as place:
        templates = _templates(root, lesson, Path(place), list(MIX[:DIFFERENT]))
        for i in range(students):
            name = MIX[i % DIFFERENT]
            _submit(course, lesson, f"{name}-{i:05}", _varied(json.loads(templates[name]), i))
    return course


def _write_class(root: Path, lesson: str, folder: Path, students: list[str]) -> GradingCourse:
    course = open_course(root, folder)
    with tempfile.TemporaryDirectory() as place:
        for name, raw in _templates(root, lesson, Path(place), students).items():
            _submit(course, lesson, name, json.loads(raw))
    with LocalPool(1) as pool:
        LessonBatch(course, lesson, pool, seed=SEED)  # makes the gradebook
    # nbgrader goes to the class's folder, and our preprocessors look for the course from there.
    for name in ("lessons", "notebooks"):
        (folder / name).symlink_to(root / name)
    return course


def _templates(root: Path, lesson: str, place: Path, students: list[str]) -> dict[str, bytes]:
    """The files that these students hand in."""
    write_sample_class(root, lesson, place)
    found = {s: (place / s / lesson / f"{lesson}.ipynb") for s in students if s != "mallory"}
    files = {s: path.read_bytes() for s, path in found.items()}
    if "mallory" in students:
        notebook = json.loads((place / "ada" / lesson / f"{lesson}.ipynb").read_bytes())
        setup = next(i for i, c in enumerate(notebook["cells"]) if _grade_id(c) == "setup")
        cell: dict[str, Any] = {
            "cell_type": "code",
            "execution_count": None,
            "id": "mallory",
            "metadata": {},
            "outputs": [],
        }
        notebook["cells"].insert(setup + 1, {**cell, "source": _HOSTILE})
        files["mallory"] = json.dumps(notebook).encode()
    shutil.rmtree(place)
    place.mkdir()
    return {s: files[s] for s in students}


def _varied(notebook: dict[str, Any], number: int) -> dict[str, Any]:
    """The notebook with every answer a little different, so that nothing can be remembered of another one."""
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and "def " in source:
            cell["source"] = f"{source}\n\n_variant = {number}\n"
    return notebook


def _grade_id(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _submit(course: GradingCourse, lesson: str, student: str, notebook: dict[str, Any]) -> None:
    path = course.submitted / student / lesson / f"{lesson}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
