"""What students get: complete, and without a single answer in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy
import pytest

from autograde.authoring.build import build
from autograde.authoring.lesson_source import LessonCell, read_lesson
from autograde.authoring.release import release
from autograde.judge.course import Course, CourseError
from autograde.judge.lesson import load_exercises

from .tiny import LESSON, REPOSITORY

Edit = Callable[[Path, str, str], None]


def complete(root: Path) -> Course:
    """Add what a release takes from the repository to a course."""
    leave = shutil.ignore_patterns("__pycache__")
    for part in ("autograde", "coursekit", "data"):
        shutil.copytree(REPOSITORY / part, root / part, ignore=leave)
    shutil.copy(REPOSITORY / "pyproject.toml", root)
    licences = sorted(REPOSITORY.glob("LICENSE*"))
    assert licences, "the repository has no LICENSE"
    for path in licences:
        shutil.copy(path, root)
    return Course(root)


@pytest.fixture
def whole(course: Course) -> Course:
    """The tiny course with all that a release needs."""
    complete(course.root)
    build(course, execute=False)
    return course


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, Path]:
    """The repository's own lessons, built without running them, and their release."""
    root = tmp_path_factory.mktemp("real") / "course"
    (root / "notebooks").mkdir(parents=True)
    shutil.copytree(REPOSITORY / "lessons", root / "lessons", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    course = complete(root)
    build(course, execute=False)
    release(course, root.parent / "out")
    return course, root.parent / "out"


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8", errors="replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_release_holds_these_files_and_no_others(whole: Course, tmp_path: Path) -> None:
    out = tmp_path / "handout"
    names = {path.as_posix() for path in release(whole, out)}
    assert names == set(texts(out))
    own = {n for n in names if not n.startswith(("data/", "coursekit/", "autograde/check/", "LICENSE"))}
    assert own == {
        "README.md",
        "pyproject.toml",
        "environment.yml",
        "autograde/__init__.py",
        "autograde/py.typed",
        f"notebooks/{LESSON}/{LESSON}.ipynb",
        f"notebooks/{LESSON}/checks.json",
    }
    for part in ("data", "coursekit", "autograde/check"):
        here = {n for n in texts(REPOSITORY / part) if "__pycache__" not in n}
        assert {n.removeprefix(f"{part}/") for n in names if n.startswith(f"{part}/")} == here
    assert any(n.startswith("LICENSE") for n in names)
    assert {n for n in names if "LICENSES/" in n} != set()


def test_the_zip_holds_the_same_and_is_the_same_every_time(whole: Course, tmp_path: Path) -> None:
    release(whole, tmp_path / "a" / "handout")
    release(whole, tmp_path / "b" / "handout")
    archive = tmp_path / "a" / "handout.zip"
    assert archive.read_bytes() == (tmp_path / "b" / "handout.zip").read_bytes()
    with zipfile.ZipFile(archive) as packed:
        assert packed.testzip() is None
        folder = tmp_path / "a" / "handout"
        held = {n.removeprefix("handout/"): packed.read(n) for n in packed.namelist()}
        assert held == {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_no_answer_and_nothing_of_the_instructors_is_in_it(whole: Course, tmp_path: Path) -> None:
    release(whole, tmp_path / "handout")
    for name, text in texts(tmp_path / "handout").items():
        for secret in ("2.0 * np.asarray", "2x = x + x", "unmistakable_name", "a hidden row", "98.5", "-7.25"):
            assert secret not in text or name.startswith("data/"), name
        assert "BEGIN SOLUTION" not in text
        assert "autograde.judge" not in text, name
        assert "nbgrader" not in text or name.endswith((".ipynb", ".py")), name
        assert not name.endswith(("exercises.py", "lesson.py"))


def answers(course: Course, lesson: str) -> dict[str, LessonCell]:
    cells = read_lesson(course.lesson_file(lesson))
    return {c.nbgrader["grade_id"]: c for c in cells if c.kind == "code" and c.nbgrader.get("solution")}


def test_no_answer_of_a_real_lesson_is_in_its_release(real: tuple[Course, Path]) -> None:
    course, out = real
    assert course.lesson_names()
    released = texts(out)
    for name, text in released.items():
        assert "BEGIN SOLUTION" not in text, name
        assert not name.endswith(("exercises.py", "lesson.py"))
    for lesson in course.lesson_names():
        # JSON escapes quotes, so the lines are looked for as JSON writes them too.
        handed_out = released[f"notebooks/{lesson}/{lesson}.ipynb"] + released[f"notebooks/{lesson}/checks.json"]
        open_text = "\n".join(
            c.source for c in read_lesson(course.lesson_file(lesson)) if not c.nbgrader.get("solution")
        )
        secrets = []
        for cell in answers(course, lesson).values():
            before, _, rest = cell.source.partition("BEGIN SOLUTION")
            secret, _, after = rest.partition("END SOLUTION")
            secrets.append(secret)
            open_text += before + after  # code to mend, for one
        for exercise in load_exercises(course.lessons / lesson):
            open_text += "".join(exercise.hints)  # the last step is nearly the answer, on purpose
            secrets += [m.source.split(":\n", 1)[1] for m in (*exercise.misconceptions, *exercise.alternatives)]
            assert exercise.name in handed_out
        lines = {line.strip() for secret in secrets for line in secret.splitlines()}
        # Short lines, and lines that the lesson or its ladders show, tell nothing.
        telling = {line for line in lines if len(line) > 30 and line not in open_text and not line.startswith("#")}
        assert telling
        for line in telling:
            assert line not in handed_out, f"{lesson}: {line}"
            assert json.dumps(line)[1:-1] not in handed_out, f"{lesson}: {line}"


WORK = """
import json, sys
import importlib.util
lesson, name, answer = sys.argv[1:]
cells = json.load(open(lesson + ".ipynb", encoding="utf-8"))["cells"]
by_id = {cell["id"]: "".join(cell["source"]) for cell in cells}
assert "NotImplementedError" in by_id[name]
space = {"__name__": "__main__"}
exec(by_id["setup"], space)
try:
    exec(by_id["test_" + name], space)
except NameError:
    print("not run yet")
exec(by_id[name], space)
try:
    exec(by_id["test_" + name], space)
except Exception as error:
    print(type(error).__name__)
exec(answer, space)
exec(by_id["test_" + name], space)
print("passed")
import autograde, coursekit
print(autograde.__file__)
print(coursekit.__file__)
for hidden in ("autograde.judge", "autograde.grading", "autograde.authoring", "autograde.sandbox"):
    assert importlib.util.find_spec(hidden) is None, hidden
"""


def work(out: Path, lesson: str, name: str, answer: str) -> list[str]:
    """Work one exercise in a new process that finds the released folder, and of this project nothing else."""
    packages = Path(numpy.__file__).parents[1]
    # -S: without it, an editable installation of this project would be found as well.
    done = subprocess.run(
        [sys.executable, "-S", "-c", WORK, lesson, name, answer],
        cwd=out / "notebooks" / lesson,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(out), str(packages)]), "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def assert_worked(out: Path, said: list[str]) -> None:
    assert "not run yet" in said
    assert "CheckFailedError" in said
    assert said[-3:] == ["passed", *(str(out / part / "__init__.py") for part in ("autograde", "coursekit"))]


def test_the_tiny_lesson_can_be_worked_from_the_release_alone(whole: Course, tmp_path: Path) -> None:
    out = tmp_path / "handout"
    release(whole, out)
    assert_worked(out, work(out, LESSON, "double", "def double(z):\n    return z + z\n"))


def test_a_real_lesson_can_be_worked_from_the_release_alone(real: tuple[Course, Path]) -> None:
    course, out = real
    for lesson in course.lesson_names():
        name, cell = next(iter(answers(course, lesson).items()))
        assert_worked(out, work(out, lesson, name, cell.source))


def test_the_students_files_name_the_same_packages(whole: Course, tmp_path: Path) -> None:
    release(whole, tmp_path / "handout")
    project = tomllib.loads((tmp_path / "handout" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ours = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = {r.split(">")[0] for r in project["dependencies"]}
    assert packages == {"numpy", "jupyterlab", "matplotlib", "ipywidgets"}
    assert set(project["dependencies"]) < set(ours["dependencies"])
    assert project["requires-python"] == ours["requires-python"]
    environment = (tmp_path / "handout" / "environment.yml").read_text(encoding="utf-8")
    assert all(f"  - {r}\n" in environment for r in project["dependencies"])
    assert f"python{ours['requires-python']}" in environment.replace(" ", "")
    readme = (tmp_path / "handout" / "README.md").read_text(encoding="utf-8")
    assert f"notebooks/{LESSON}/{LESSON}.ipynb" in readme
    assert "{{" not in readme


def test_an_occupied_place_is_refused_without_force(whole: Course, tmp_path: Path) -> None:
    out = tmp_path / "handout"
    out.mkdir()
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(CourseError, match="--force"):
        release(whole, out)
    assert texts(out) == {"mine.txt": "mine"}
    release(whole, out, force=True)
    assert "README.md" in texts(out)
    assert "mine.txt" not in texts(out)
    shutil.rmtree(out)
    with pytest.raises(CourseError, match=r"handout\.zip is there already"):
        release(whole, out)
    assert not out.exists()


@pytest.mark.parametrize("place", [".", "..", "notebooks", "lessons/release", "data"])
def test_the_course_itself_is_never_written_over(whole: Course, place: str) -> None:
    with pytest.raises(CourseError, match="belongs to the course itself"):
        release(whole, (whole.root / place).resolve(), force=True)
    assert whole.lesson_file(LESSON).is_file()


def test_a_notebook_with_answers_in_it_does_not_go_out(whole: Course, edit: Edit, tmp_path: Path) -> None:
    edit(whole.notebooks / LESSON / f"{LESSON}.ipynb", "raise NotImplementedError()", "return 2 * z")
    with pytest.raises(CourseError, match=rf"not current.*notebooks/{LESSON}/{LESSON}\.ipynb was edited|was edited"):
        release(whole, tmp_path / "handout")
    assert not (tmp_path / "handout").exists()


def test_a_missing_licence_or_data_folder_is_named(whole: Course, tmp_path: Path) -> None:
    shutil.rmtree(whole.data)
    with pytest.raises(CourseError, match=r"data is missing"):
        release(whole, tmp_path / "handout")
    whole.data.mkdir()
    for path in whole.root.glob("LICENSE*"):
        path.unlink()
    with pytest.raises(CourseError, match="LICENSE is missing"):
        release(whole, tmp_path / "handout")
    assert not (tmp_path / "handout").exists()
    assert not list(tmp_path.glob(".release-*"))
