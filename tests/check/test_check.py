"""``check(f)`` and ``progress()`` on the course's real visible cases."""

import functools
import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograde.check import CheckFailedError, api, begin, check, progress
from autograde.check.checks_file import ChecksFileError, find_checks, load_checks, parameter_names
from autograde.check.notebook_file import check_file, main
from autograde.check.render import Report, to_html
from autograde.check.words import CaseReport

ROOT = Path(__file__).resolve().parents[2]
LESSON = "00-start-here"


def relu(z):  # type: ignore[no-untyped-def]
    return np.maximum(z, 0)


@pytest.fixture(autouse=True)
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A student's folder with the first lesson's checks, and a fresh start of ``check``."""
    folder = tmp_path / "notebooks" / LESSON
    folder.mkdir(parents=True)
    (folder / "checks.json").write_bytes((ROOT / "notebooks" / LESSON / "checks.json").read_bytes())
    monkeypatch.chdir(folder)
    monkeypatch.setattr(api, "_state", {"lesson": None, "checks": None, "done": {}})
    yield folder


def test_a_right_answer_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    begin(LESSON)
    check(relu)
    said = capsys.readouterr().out
    assert "relu: right in" in said
    assert "The grader tries more inputs" in said


def test_a_wrong_answer_shows_call_result_expectation_and_hint(capsys: pytest.CaptureFixture[str]) -> None:
    begin(LESSON)

    def relu(z):  # type: ignore[no-untyped-def]
        return np.abs(z)

    with pytest.raises(CheckFailedError, match="relu: not right yet"):
        check(relu)
    said = capsys.readouterr().out
    for part in ("called", "relu(", "returned", "expected", "because", "Hint:", "Open the hints below"):
        assert part in said


def test_the_error_is_one_line_in_a_notebook() -> None:
    assert CheckFailedError("relu: not right yet")._render_traceback_() == ["relu: not right yet"]


def test_a_function_is_found_under_any_guise() -> None:
    begin(LESSON)
    for made in (lambda z: np.maximum(z, 0), functools.partial(np.maximum, 0), np.vectorize(lambda x: max(x, 0.0))):
        scope = {"relu": made, "check": check, "np": np}
        exec("check(relu)", scope)
    check("relu")


def test_an_untouched_answer_gives_nothing_away(capsys: pytest.CaptureFixture[str]) -> None:
    begin(LESSON)

    def relu(z):  # type: ignore[no-untyped-def]
        raise NotImplementedError()

    with pytest.raises(CheckFailedError, match="not started"):
        check(relu)
    said = capsys.readouterr().out
    assert "expected" not in said
    assert "delete the line" in said


def test_it_answers_in_fifty_milliseconds() -> None:
    begin(LESSON)
    check(relu)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        check(relu)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05


def test_what_is_no_exercise_is_named_with_the_exercises() -> None:
    begin(LESSON)
    with pytest.raises(ValueError, match=r"is not an exercise of 00-start-here\. Its exercises: relu"):
        check(print)


def test_without_the_set_up_cell_it_says_what_to_run() -> None:
    with pytest.raises(ChecksFileError, match="set-up cell"):
        check(relu)


def test_a_missing_or_damaged_file_is_named_with_the_cure(lesson: Path) -> None:
    begin("99-nowhere")
    with pytest.raises(ChecksFileError, match="99-nowhere"):
        check(relu)
    for content in ("", "{}", '{"format": 1}', '{"format": 1, "lesson": "x", "exercises": [{"name": 3}]}', "[" * 10**5):
        (lesson / "checks.json").write_text(content)
        with pytest.raises(ChecksFileError, match="Copy it again"):
            load_checks(lesson / "checks.json")


@pytest.mark.parametrize(
    ("content", "said"),
    [("[]", "another version"), ("", "cannot be read"), ('{"x": {"lesson": "00-start-here"}}', "No checks")],
)
def test_a_file_that_does_not_say_whose_it_is_belongs_to_its_folders_lesson(
    lesson: Path, content: str, said: str
) -> None:
    (lesson / "checks.json").write_text(content)
    begin(LESSON)
    with pytest.raises(ChecksFileError, match=said):
        check(relu)


def test_checks_are_found_from_the_courses_folder_too(lesson: Path) -> None:
    assert find_checks(LESSON, lesson.parent.parent) == lesson / "checks.json"
    assert find_checks(LESSON, lesson) == lesson / "checks.json"


def test_progress_counts_what_is_right_and_survives_a_restart(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(LESSON)
    check(relu)
    capsys.readouterr()
    monkeypatch.setattr(api, "_state", {"lesson": LESSON, "checks": None, "done": {}})
    progress()
    assert "1 of 9" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_to_is_no_reason_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    begin(LESSON)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "write_text", refuse)
    check(relu)


def test_html_is_escaped() -> None:
    case = CaseReport("<b>label</b>", False, True, ("f(<i>)",), "<script>", "&", "<u>", "wrong_value")
    html = to_html(Report("f", (case,), hint="<img src=x>", notes=("<s>",)))
    for tag in ("<b>", "<i>", "<script>", "<u>", "<img", "<s>"):
        assert tag not in html


@pytest.mark.parametrize(
    ("signature", "names"),
    [("(z, slope=0.01)", ("z", "slope")), ("()", ()), ("(a, *, b=None)", ("a", "b")), ("(f, /, x)", ("f", "x"))],
)
def test_the_names_in_a_signature(signature: str, names: tuple[str, ...]) -> None:
    assert parameter_names(signature) == names


def test_a_file_is_checked_as_a_whole(lesson: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = lesson / f"{LESSON}.ipynb"
    notebook = json.loads((ROOT / "notebooks" / LESSON / f"{LESSON}.ipynb").read_text())
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "relu":
            cell["source"] = "%time 1\ndef relu(z):\n    print('noise')\n    return np.maximum(z, 0)"
    path.write_text(json.dumps(notebook))
    result = check_file(path)
    assert result.lesson == LESSON
    assert [r.exercise for r in result.reports if r.ok] == ["relu"]
    assert main([str(path)]) == 1
    assert "1 of 9 exercises are right" in capsys.readouterr().out
    assert main([]) == 2
    assert main([str(lesson / "checks.json")]) == 1
    assert main([str(lesson / "none.ipynb")]) == 1


def test_the_solutions_are_right_as_files() -> None:
    for path in sorted((ROOT / "solutions").glob("*/*.ipynb")):
        assert all(r.ok for r in check_file(path).reports), path
