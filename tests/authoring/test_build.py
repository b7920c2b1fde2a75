"""The build: deterministic, one way, careful with what people wrote."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from autograde.authoring import build as building
from autograde.authoring.build import build, check_build
from autograde.authoring.draft import draft_notebook, same_checks
from autograde.authoring.execute import LessonFailedError, run_notebook
from autograde.authoring.lesson_source import parse_lesson
from autograde.authoring.record import fingerprint
from autograde.judge.course import Course, CourseError
from autograde.judge.lesson import load_exercises

from .tiny import LESSON, SOURCE

Edit = Callable[[Path, str, str], None]


def snapshot(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def built(course: Course) -> dict[str, bytes]:
    return {f"{room.name}/{n}": b for room in (course.solutions, course.notebooks) for n, b in snapshot(room).items()}


def students_notebook(course: Course) -> Path:
    return course.notebooks / LESSON / f"{LESSON}.ipynb"


def test_the_built_files_are_these_and_no_others(course: Course) -> None:
    assert set(built(course)) == {
        "solutions/.build.json",
        f"solutions/{LESSON}/{LESSON}.ipynb",
        f"solutions/{LESSON}/checks.json",
        f"notebooks/{LESSON}/{LESSON}.ipynb",
        f"notebooks/{LESSON}/checks.json",
    }
    assert not list(course.root.glob(".build-*"))


def test_the_solution_is_executed_and_has_fixed_metadata(course: Course) -> None:
    notebook = nbformat.read(course.solution_file(LESSON), as_version=4)
    nbformat.validate(notebook)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec == {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    }
    assert "version" not in notebook.metadata.language_info
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert code[-1].outputs[0].data["text/plain"] == "array([2., 5.])"
    checked = next(cell for cell in code if cell.id == "test_double")
    assert checked.outputs[0].data["text/plain"].startswith("double: ")
    assert not any("execution" in cell.metadata for cell in notebook.cells)


def test_cell_ids_are_grade_ids_or_depend_on_the_text_alone(course: Course) -> None:
    cells = parse_lesson(SOURCE)
    exercises = load_exercises(course.lessons / LESSON)
    ids = [cell.id for cell in draft_notebook(cells, exercises).cells]
    assert ids[1] == "setup"
    assert ids[3:6] == ["double", "test_double", "hints-double"]
    assert len(set(ids)) == len(ids)
    # The two equal playground cells differ by their number only.
    assert ids[-1] == f"{ids[6]}-2"
    # A cell added at the top leaves every other cell's id as it was.
    more = parse_lesson("# %% [markdown]\n# # New\n\n" + SOURCE)
    assert [cell.id for cell in draft_notebook(more, exercises).cells][1:] == ids


@pytest.mark.parametrize("bad", ["set up", "double", "hints-double", "x" * 65])
def test_bad_ids_are_refused(course: Course, edit: Edit, bad: str) -> None:
    edit(course.lesson_file(LESSON), '"setup"', f'"{bad}"')
    with pytest.raises(CourseError, match=rf"lessons/{LESSON}/lesson\.py: the grade_id '{bad}'"):
        build(course, execute=False)


def test_the_ladder_of_hints_stands_folded_below_its_test(course: Course) -> None:
    for path in (course.solution_file(LESSON), students_notebook(course)):
        cells = nbformat.read(path, as_version=4).cells
        at = [cell.id for cell in cells].index("hints-double")
        assert cells[at - 1].id == "test_double"
        text = cells[at].source
        assert cells[at].cell_type == "markdown"
        assert text.count("<details>") == text.count("</details>") == 3
        steps = [text.index(h) for h in ("What is twice 3?", "Multiply.", "Multiply by 2 and return that.")]
        assert steps == sorted(steps)


def test_the_students_notebook_has_no_answers_and_no_outputs(course: Course) -> None:
    text = students_notebook(course).read_text(encoding="utf-8")
    assert "2.0 * np.asarray" not in text
    assert "2x = x + x" not in text
    notebook = nbformat.read(students_notebook(course), as_version=4)
    nbformat.validate(notebook)
    assert "jupytext" not in notebook.metadata
    assert all(not c.outputs and c.execution_count is None for c in notebook.cells if c.cell_type == "code")
    answer = next(cell for cell in notebook.cells if cell.id == "double")
    assert answer.source.endswith("# YOUR CODE HERE\n    raise NotImplementedError()")
    assert next(c for c in notebook.cells if c.id == "test_double").metadata.editable is False


def test_the_same_input_gives_the_same_bytes(course: Course, tmp_path: Path) -> None:
    """Another folder, another run, everything executed again."""
    twin = Course(tmp_path / "elsewhere")
    (twin.root / "notebooks").mkdir(parents=True)
    shutil.copytree(course.lessons, twin.lessons)
    shutil.copy(course.root / "nbgrader_config.py", twin.root)
    assert [b.executed for b in build(twin)] == [True]
    assert built(twin) == built(course)


def test_a_second_build_runs_and_writes_nothing(course: Course) -> None:
    before = {p: p.stat().st_mtime_ns for p in course.solution_file(LESSON).parent.iterdir()}
    (again,) = build(course)
    assert (again.executed, again.changed) == (False, False)
    assert {p: p.stat().st_mtime_ns for p in course.solution_file(LESSON).parent.iterdir()} == before


def test_prose_is_rebuilt_without_running_code(course: Course, edit: Edit) -> None:
    edit(course.lesson_file(LESSON), "Say why.", "Say why it holds.")
    (again,) = build(course)
    assert (again.executed, again.changed) == (False, True)
    for path in (course.solution_file(LESSON), students_notebook(course)):
        assert "Say why it holds." in path.read_text(encoding="utf-8")
    assert '"text/plain"' in course.solution_file(LESSON).read_text(encoding="utf-8")
    assert check_build(course) == []


def test_changed_code_and_changed_coursekit_are_run(course: Course, edit: Edit) -> None:
    edit(course.lesson_file(LESSON), "double(np.array([1.0, 2.5]))", "double(np.array([1.0, 3.5]))")
    assert build(course)[0].executed
    assert "array([2., 7.])" in course.solution_file(LESSON).read_text(encoding="utf-8")
    (course.root / "coursekit").mkdir()
    (course.root / "coursekit" / "plots.py").write_text("x = 1\n", encoding="utf-8")
    assert build(course)[0].executed
    assert not build(course)[0].executed


def test_without_running_outputs_are_left_out_and_made_up_for_later(course: Course, edit: Edit) -> None:
    edit(course.lesson_file(LESSON), "double(np.array([1.0, 2.5]))", "double(np.array([1.0, 3.5]))")
    assert not build(course, execute=False)[0].executed
    assert '"text/plain"' not in course.solution_file(LESSON).read_text(encoding="utf-8")
    assert build(course)[0].executed


def test_a_lesson_that_fails_says_where_and_leaves_all_as_it_was(course: Course, edit: Edit) -> None:
    before = built(course)
    edit(course.lesson_file(LESSON), "double(np.array([1.0, 2.5]))", "print('so far')\nnp.linalg.inv(np.zeros((2, 2)))")
    with pytest.raises(LessonFailedError) as failure:
        build(course)
    said = str(failure.value)
    assert "np.linalg.inv(np.zeros((2, 2)))" in said
    assert "LinAlgError: Singular matrix" in said
    assert "so far" in said
    assert built(course) == before
    assert not list(course.root.glob(".build-*"))


def test_a_reference_that_fails_its_check_is_no_solution(course: Course, edit: Edit) -> None:
    """The judge's reference is the lesson's function; what the notebook then does to it is seen when it runs."""
    edit(course.lesson_file(LESSON), 'begin("07-tiny")', 'begin("07-tiny")\nnp.asarray = lambda z: z + 1')
    with pytest.raises(LessonFailedError, match="CheckFailedError"):
        build(course)


def test_a_broken_exercises_file_is_one_clear_error(course: Course) -> None:
    (course.lessons / LESSON / "exercises.py").write_text("EXERCISES = 1 / 0\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"exercises\.py cannot be imported: ZeroDivisionError"):
        build(course)


def test_nbgraders_refusal_is_told_in_its_words(course: Course, edit: Edit) -> None:
    edit(course.lesson_file(LESSON), "    # END SOLUTION\n", "")
    with pytest.raises(CourseError, match="no end solution statement|No end solution statement"):
        build(course, execute=False)


def test_edited_files_are_not_replaced_without_force(course: Course, edit: Edit) -> None:
    edit(course.lesson_file(LESSON), "Say why.", "Say why it holds.")
    edit(course.solution_file(LESSON), "Say why.", "An instructor's edit.")
    before = built(course)
    with pytest.raises(CourseError) as refusal:
        build(course)
    assert f"solutions/{LESSON}/{LESSON}.ipynb was edited" in str(refusal.value)
    assert f"autograde adopt {LESSON}" in str(refusal.value)
    assert "--force" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert built(course) == before
    build(course, force=True)
    assert "Say why it holds." in course.solution_file(LESSON).read_text(encoding="utf-8")
    assert check_build(course) == []


def test_a_students_work_in_the_checkout_is_not_replaced_without_force(course: Course, edit: Edit) -> None:
    edit(students_notebook(course), "raise NotImplementedError()", "return 2 * z")
    edit(course.lesson_file(LESSON), "Say why.", "Say why it holds.")
    with pytest.raises(CourseError, match=rf"notebooks/{LESSON}/{LESSON}\.ipynb was edited.*--force"):
        build(course)
    assert "return 2 * z" in students_notebook(course).read_text(encoding="utf-8")


def test_running_a_notebook_is_no_edit(course: Course, edit: Edit) -> None:
    """JupyterLab adds outputs, counts and versions when somebody runs a notebook and saves it."""
    for path in (course.solution_file(LESSON), students_notebook(course)):
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata.language_info.version = "3.12.1"
        for cell in notebook.cells:
            cell.metadata["trusted"] = True
            if cell.cell_type == "code":
                cell.execution_count = 77
                cell.outputs = [nbformat.v4.new_output("stream", text="something else\n")]
        before = fingerprint(path)
        nbformat.write(notebook, path)
        assert fingerprint(path) == before
    build(course, force=False)
    edit(course.lesson_file(LESSON), "Say why.", "Say why it holds.")
    build(course)
    assert check_build(course) == []


def test_other_peoples_files_beside_the_notebook_survive(course: Course, edit: Edit) -> None:
    notes = course.notebooks / LESSON / "my" / "notes.txt"
    notes.parent.mkdir()
    notes.write_text("mine", encoding="utf-8")
    edit(course.lesson_file(LESSON), "Say why.", "Say why it holds.")
    assert build(course)[0].changed
    assert notes.read_text(encoding="utf-8") == "mine"


def test_a_lost_record_makes_the_build_careful_and_no_more(course: Course, edit: Edit) -> None:
    (course.solutions / ".build.json").write_text("{broken", encoding="utf-8")
    build(course, execute=False)  # what is there is what would be written
    (course.solutions / ".build.json").unlink()
    edit(course.lesson_file(LESSON), "Say why.", "Say why it holds.")
    with pytest.raises(CourseError, match="was edited"):
        build(course)


def test_a_wrong_lesson_name_lists_the_lessons(course: Course) -> None:
    with pytest.raises(CourseError, match=LESSON):
        build(course, ["99"])


def test_check_finds_nothing_in_a_fresh_build(course: Course) -> None:
    assert check_build(course) == []
    assert check_build(course, ["7"]) == []


def test_check_runs_no_notebook(course: Course, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "run_notebook", lambda *_: pytest.fail("a notebook was run"))
    edit(course.lesson_file(LESSON), "double(np.array([1.0, 2.5]))", "1 / 0")
    assert len(check_build(course)) == 2


def test_check_names_a_stale_file_and_the_command(course: Course, edit: Edit) -> None:
    edit(course.lesson_file(LESSON), "Say why.", "Say why it holds.")
    stale = check_build(course)
    assert [s.path for s in stale] == [f"notebooks/{LESSON}/{LESSON}.ipynb", f"solutions/{LESSON}/{LESSON}.ipynb"]
    assert all(f"autograde build {LESSON}" in s.cure and "--force" not in s.cure for s in stale)


def test_check_sees_changed_cases_hints_and_metadata(course: Course, edit: Edit) -> None:
    edit(course.lessons / LESSON / "exercises.py", "0.1, 3.0", "0.1, 4.0")
    assert {s.path for s in check_build(course)} == {f"{r}/{LESSON}/checks.json" for r in ("solutions", "notebooks")}
    build(course)
    edit(students_notebook(course), '"editable": false', '"editable": true')
    (stale,) = check_build(course)
    assert stale.path == f"notebooks/{LESSON}/{LESSON}.ipynb"


def test_check_tells_an_edit_from_an_old_build(course: Course, edit: Edit) -> None:
    edit(course.solution_file(LESSON), "Say why.", "An instructor's edit.")
    (stale,) = check_build(course)
    assert "was edited" in stale.reason
    assert f"autograde adopt {LESSON}" in stale.cure
    build(course, force=True)
    edit(students_notebook(course), "raise NotImplementedError()", "return 2 * z")
    (stale,) = check_build(course)
    assert "was edited" in stale.reason
    assert "--force" in stale.cure
    assert "adopt" not in stale.cure


def test_check_finds_missing_foreign_and_orphaned_files(course: Course) -> None:
    (course.notebooks / LESSON / "checks.json").unlink()
    (course.solutions / LESSON / "helpers.py").write_text("answer = 42\n", encoding="utf-8")
    (course.notebooks / "03-gone").mkdir()
    assert {s.path: s.reason.split()[0] for s in check_build(course)} == {
        f"notebooks/{LESSON}/checks.json": "is",
        f"solutions/{LESSON}/helpers.py": "is",
        "notebooks/03-gone": "there",
    }


def test_line_endings_do_not_count_as_edits(course: Course) -> None:
    """Git on Windows may change them."""
    path = course.notebooks / LESSON / "checks.json"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert check_build(course) == []


def test_the_last_digit_of_another_processor_is_no_change(course: Course, edit: Edit) -> None:
    text = (course.solutions / LESSON / "checks.json").read_text(encoding="utf-8")
    assert "0.2" in text
    other = text.replace("0.2", "0.20000000000000004")
    for room in (course.solutions, course.notebooks):
        (room / LESSON / "checks.json").write_text(other, encoding="utf-8")
    assert check_build(course) == []
    (again,) = build(course)
    assert (again.executed, again.changed) == (True, False)
    (course.solutions / LESSON / "checks.json").write_text(text.replace("0.2", "0.2000001"), encoding="utf-8")
    assert [s.path for s in check_build(course)] != []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1.0 + 1e-7, False),
        (0.0, 1e-16, True),
        (1, 1.0, False),
        (True, 1, False),
        ([1.0], [1.0, 2.0], False),
        ({"a": "x"}, {"a": "y"}, False),
        ({"a": 1.0}, {"b": 1.0}, False),
        (
            array := {"~": "array", "dtype": "f8", "shape": [2], "data": [1.0, 2.0]},
            {**array, "data": [1.0, 2.0 + 1e-12]},
            True,
        ),
        (array, {**array, "data": [1.0, 2.1]}, False),
        (array, {**array, "shape": [2, 1]}, False),
        (single := {**array, "dtype": "f4"}, {**single, "data": [1.0, 2.0000002]}, True),
        (
            {"~": "array", "dtype": "f8", "shape": [1], "base64": "AAAAAAAA8D8="},
            {"~": "array", "dtype": "f8", "shape": [1], "base64": "AQAAAAAA8D8="},
            True,
        ),
        (nan := {**array, "data": [{"~": "float", "value": "nan"}, 1.0]}, nan, True),
    ],
)
def test_checks_are_compared_by_value(one: object, other: object, same: bool) -> None:
    assert same_checks(one, other) is same
    assert same_checks(other, one) is same


def test_nbgraders_own_command_writes_the_same_bytes(course: Course, tmp_path: Path) -> None:
    before = snapshot(course.notebooks)
    # A new gradebook runs alembic from the PATH; personal settings of Jupyter must not matter.
    scripts = str(Path(sys.executable).parent)
    env = os.environ | {"PATH": scripts + os.pathsep + os.environ["PATH"], "JUPYTER_CONFIG_DIR": str(tmp_path / "none")}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", LESSON, "--force"],
        cwd=course.root,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "Removing existing assignment" in done.stderr
    assert snapshot(course.notebooks) == before


def test_the_record_holds_what_was_written(course: Course) -> None:
    data = json.loads((course.solutions / ".build.json").read_text(encoding="utf-8"))
    entry = data["lessons"][LESSON]
    assert {name: fingerprint(course.root / name) for name in entry["files"]} == entry["files"]
    assert set(entry["files"]) == {n for n in built(course) if not n.endswith(".build.json")}


def test_a_lessons_kernel_needs_no_port(tmp_path: Path) -> None:
    """Of two builds at a time one would now and then find its port taken, and wait for a minute."""
    source = "from ipykernel.kernelapp import IPKernelApp\nprint(IPKernelApp.instance().transport)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    run_notebook(notebook, tmp_path, tmp_path, "00-any")
    assert notebook.cells[0].outputs[0].text == ("ipc\n" if os.name == "posix" else "tcp\n")
