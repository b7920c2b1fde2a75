"""The command line: exit codes, one line for an error with its cure, JSON where a machine reads."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LESSON = "00-start-here"


def autograde(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograde", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=240)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the course with its first lesson only."""
    root = tmp_path_factory.mktemp("cli") / "course"
    for room in ("lessons", "solutions", "notebooks"):
        shutil.copytree(ROOT / room / LESSON, root / room / LESSON)
    shutil.copy(ROOT / "solutions" / ".build.json", root / "solutions")
    for folder in ("coursekit", "data"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return root


WRONG = {
    "no such command": (["nonsense"], 2, "No such command"),
    "no such option": (["doctor", "--nonsense"], 2, "No such option"),
    "no lesson": (["grade"], 2, "which lesson"),
    "a wrong lesson": (["grade", "99"], 1, "Lessons of this course: 00-start-here"),
    "no submissions": (["grade", LESSON], 1, "submitted/<student>/00-start-here/"),
    "no marks": (["report", LESSON], 1, f"autograde grade {LESSON}"),
    "nothing to export": (["export", "m.csv"], 1, "no marks yet"),
    "no such file": (["check", "none.ipynb"], 1, "does not exist"),
    "not a notebook": (["check", "nbgrader_config.py"], 1, "not a Jupyter notebook"),
    "nothing to reset": (["reset", "none.ipynb"], 2, "does not exist"),
    "not a lesson's": (["reset", "nbgrader_config.py"], 1, "not a lesson's notebook"),
    "an occupied folder": (["release", "data"], 1, "data"),
}


@pytest.mark.parametrize("what", WRONG)
def test_an_error_is_a_line_with_its_cure(what: str, course: Path) -> None:
    arguments, code, words = WRONG[what]
    done = autograde(*arguments, cwd=course)
    assert done.returncode == code, done.stdout + done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_outside_a_course_it_says_where_to_go(tmp_path: Path) -> None:
    done = autograde("build", "--check", cwd=tmp_path)
    assert done.returncode == 1
    assert "Change to the course's folder" in done.stderr


def test_a_sample_class_goes_all_the_way(course: Path) -> None:
    done = autograde("grade", "--sample", LESSON, "--json", cwd=course)
    assert done.returncode == 0, done.stderr
    graded = {g["student"]: g for g in json.loads(done.stdout)[LESSON]["graded"]}
    assert len(graded) >= 12
    full = graded["ada"]["max_points"]
    for student in ("ada", "blaise", "carl", "dorothy", "johannes", "maryam"):
        assert graded[student]["points"] == full, student
    for student in ("isaac", "niels"):
        assert graded[student]["points"] == 0
    assert 0 < graded["hypatia"]["points"] < full
    sample = course / "sample"
    assert (sample / "feedback" / "emmy" / LESSON / f"{LESSON}.html").is_file()
    assert (sample / "reports" / f"{LESSON}.html").is_file()
    assert len((sample / "reports" / f"{LESSON}.csv").read_text().splitlines()) == len(graded) + 1

    again = autograde("grade", "--sample", LESSON, cwd=course)
    assert again.returncode == 0, again.stderr
    assert "0 graded now, 14 already up to date" in again.stdout
    assert "gradebook" in again.stdout

    report = autograde("report", LESSON, "--folder", "sample", "--json", cwd=course)
    assert json.loads(report.stdout)["lesson"] == LESSON
    out = course / "marks.csv"
    assert autograde("export", str(out), "--folder", "sample", cwd=course).returncode == 0
    assert autograde("export", str(out), "--folder", "sample", cwd=course).returncode == 1
    assert autograde("export", str(out), "--folder", "sample", "--force", cwd=course).returncode == 0


def test_reset_gives_the_notebook_back_and_keeps_the_old(course: Path) -> None:
    path = course / "notebooks" / LESSON / f"{LESSON}.ipynb"
    handed_out = path.read_bytes()
    path.write_text(path.read_text().replace("raise NotImplementedError()", "return 7"))
    mine = path.read_bytes()
    done = autograde("reset", str(path), cwd=course)
    assert done.returncode == 0, done.stderr
    assert path.read_bytes() == handed_out
    kept = path.with_name(f"{LESSON}.kept-1.ipynb")
    assert kept.read_bytes() == mine
    kept.unlink()


def test_build_check_names_what_is_stale_and_the_cure(course: Path) -> None:
    assert autograde("build", "--check", LESSON, cwd=course).returncode == 0
    path = course / "notebooks" / LESSON / f"{LESSON}.ipynb"
    before = path.read_text()
    path.write_text(before.replace("Start here", "Stop here"))
    done = autograde("build", "--check", cwd=course)
    assert done.returncode == 1
    assert f"notebooks/{LESSON}/{LESSON}.ipynb" in done.stdout
    assert "autograde build" in done.stdout
    path.write_text(before)


def test_doctor_is_well_here() -> None:
    done = autograde("doctor", "--json")
    rows = json.loads(done.stdout)
    assert {"Python", "numpy", "sandbox"} <= {r["what"] for r in rows}
    assert done.returncode == (0 if all(r["ok"] for r in rows) else 1)


@pytest.mark.alone
def test_help_comes_at_once() -> None:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        assert autograde("--help").returncode == 0
        times.append(time.perf_counter() - start)
    assert min(times) < 0.3
