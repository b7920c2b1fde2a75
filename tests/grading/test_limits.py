"""What a submission runs into is named in the feedback and in the report, and costs no more than it must."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from nbformat import NotebookNode

from autograde.check.cases import Call, Observation
from autograde.grading import student_run
from autograde.grading.batch import LessonBatch, Result
from autograde.grading.course import GradingCourse, open_course
from autograde.grading.grader import Graded, Grader, read_release
from autograde.grading.nbgrader_plugin import JudgeSubmission
from autograde.grading.pools import SerialPool
from autograde.grading.report import summarise, write_report
from autograde.grading.store import open_store
from autograde.judge.course import Course, CourseError
from autograde.judge.lesson import load_lesson
from autograde.sandbox.limits import MIB, Limits
from autograde.sandbox.worker import CellOutcome, Session, Worker

from .conftest import LESSON, REPOSITORY, RIGHT

linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere these limits are not kept")
Answered = Callable[..., NotebookNode]
GradeWith = Callable[..., Graded]
SPINS = "    while True: pass"
SMALL: dict[str, Any] = {
    "cell_seconds": 1.0,
    "memory_bytes": 300 * MIB,
    "processes": 30,
    "open_files": 40,
    "file_bytes": 1 * MIB,
    "folder_bytes": 8 * MIB,
    "folder_files": 50,
}


@pytest.fixture
def grade_with(small_course: Path, release: NotebookNode, worker: Worker) -> GradeWith:
    """``grade_with(notebook, cell_seconds=1.0)``: the notebook graded under the defaults with these limits."""
    course = open_course(small_course)
    _, files = read_release(course.release_folder(LESSON))
    lesson = load_lesson(course.lesson_folder(LESSON))

    def grade(notebook: NotebookNode, **limits: Any) -> Graded:
        return Grader(lesson, release, 1, worker, files, Limits(**limits)).grade(notebook)

    return grade


@pytest.fixture
def a_loop_spins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop counts as spinning even when this machine gives it a tenth of a processor."""
    monkeypatch.setattr(student_run, "HELD_UP_SHARE", 0.1)


def with_cells(notebook: NotebookNode, *sources: str, at: int = 2) -> NotebookNode:
    """The notebook with cells of the student's own, before the first answer."""
    for source in reversed(sources):
        notebook.cells.insert(at, nbformat.v4.new_code_cell(source))
    return notebook


def said(graded: Graded) -> str:
    """All that the feedback says in outputs and in the summary."""
    parts = [graded.notebook.cells[0].source]
    for cell in graded.notebook.cells:
        for output in cell.get("outputs", []):
            parts += [output.get("text", ""), output.get("data", {}).get("text/plain", "")]
    return "\n".join(parts)


def kinds(graded: Graded) -> dict[str, str]:
    """The first kind of failure of each exercise."""
    return {v.report.exercise: v.report.failing[0].kind if v.report.failing else "" for v in graded.verdicts}


def small_but_for_time(what: str) -> dict[str, Any]:
    """``SMALL``, with time enough for this machine to meet any limit but that of time."""
    return SMALL if what == "time" else SMALL | {"cell_seconds": 20.0, "exercise_time_factor": 20.0}


#: What ``double`` does in place of its work, the kind of failure, and the words that name the limit.
BODIES = {
    "time": (SPINS, "too_slow", "within the time limit, 1 s for all cases of the exercise together"),
    "memory": ("    return bytearray(2**30)", "too_much_memory", "more than its 300 MiB of memory"),
    "threads": (
        "    import threading, time\n"
        "    while True: threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
        "too_many_processes",
        "more than 30 processes and threads ran at a time",
    ),
    "processes": (
        "    import os, time\n    while True:\n        if os.fork() == 0: time.sleep(9); os._exit(0)",
        "too_many_processes",
        "more than 30 processes and threads ran at a time",
    ),
    "a file": ("    open('x', 'wb').write(bytes(2**21))", "too_large_file", "a file of more than 1 MiB"),
    "all files": (
        "    for k in range(20): open(f'{k}', 'wb').write(bytes(2**20))",
        "folder_full",
        "its files together take more than 8 MiB",
    ),
    "many files": (
        "    for k in range(60): open(f'{k}', 'wb').close()",
        "too_many_files",
        "more than 50 files and folders",
    ),
    "open files": (
        "    held = [open('/dev/null') for _ in range(50)]",
        "too_many_open_files",
        "more than 40 files were open at a time",
    ),
    "a large result": ("    return np.zeros(2**21)", "too_large_result", "takes more than 16 MiB"),
    "a crash": ("    import ctypes; ctypes.string_at(0)", "crashed", "the Python process (segmentation fault)"),
    "an exit": ("    import os; os._exit(3)", "crashed", "the Python process (exit code 3)"),
}


@linux
@pytest.mark.parametrize("what", BODIES)
@pytest.mark.usefixtures("a_loop_spins")
def test_an_exercise_that_meets_a_limit_says_which(what: str, answered: Answered, grade_with: GradeWith) -> None:
    body, kind, words = BODIES[what]
    notebook = answered(double=f"def double(z):\n{body}", total="def total(z): return float(2*z.sum())")
    graded = grade_with(notebook, **small_but_for_time(what))
    assert kinds(graded) == {"double": kind, "total": "", "apply": ""}
    assert graded.points == 3.0
    # The visible case tells it, and the summary too.
    assert words in graded.verdicts[0].report.failing[0].message
    assert words in graded.notebook.cells[0].source.replace("\\", "")


@linux
@pytest.mark.parametrize("what", BODIES)
@pytest.mark.usefixtures("a_loop_spins")
def test_a_hidden_case_that_meets_a_limit_says_which_and_nothing_more(
    what: str, answered: Answered, grade_with: GradeWith
) -> None:
    body, kind, words = BODIES[what]
    source = f"def double(z):\n    if len(z) == 2: return 2.0 * z\n    print('SECRET')\n{body}"
    notebook = answered(double=source, total="def total(z): return float(2*z.sum())")
    graded = grade_with(notebook, **small_but_for_time(what))
    (failing,) = graded.verdicts[0].report.failing
    assert (failing.visible, failing.kind) == (False, kind)
    assert words in failing.message
    assert "raised" not in failing.message


CELLS = {
    "time": (SPINS[4:], "The cell was stopped: it did not end within 1 s"),
    "memory": ("held = bytearray(2**30)", "more than its 300 MiB of memory"),
    "open files": ("held = [open('/dev/null') for _ in range(50)]", "More than 40 files were open at a time"),
    "a file": ("open('x', 'wb').write(bytes(2**21))", "a file of more than 1 MiB"),
    "output": ("print('x' * 3_000_000)", "was left out: one cell may show 2 MiB. It costs no points."),
    "outputs": ("for k in range(300): display(k)", "was left out: one cell may show 200 outputs. It costs no points."),
}


@linux
@pytest.mark.parametrize("what", CELLS)
@pytest.mark.usefixtures("a_loop_spins")
def test_a_cell_that_meets_a_limit_says_which_and_costs_nothing(
    what: str, answered: Answered, grade_with: GradeWith
) -> None:
    source, words = CELLS[what]
    graded = grade_with(with_cells(answered(), source, "held = None"), **small_but_for_time(what))
    assert words in said(graded)
    assert graded.points == 5.0


def test_what_all_cells_show_is_cut_and_costs_nothing(answered: Answered, grade_with: GradeWith) -> None:
    graded = grade_with(with_cells(answered(), *["print('y' * 900)"] * 3), session_output_bytes=2000)
    assert said(graded).count("was left out: all cells together may show 1.953 KiB. It costs no points.") == 1
    assert graded.points == 5.0


@pytest.mark.usefixtures("a_loop_spins")
def test_the_time_of_the_whole_notebook_has_its_own_words(answered: Answered, grade_with: GradeWith) -> None:
    cells = ["while True: pass", "while True: pass", "x = 1"]
    graded = grade_with(with_cells(answered(), *cells), cell_seconds=1.0, notebook_seconds=1.5)
    text = said(graded)
    assert "The cell was stopped: it did not end within 1 s" in text
    assert "The cell was stopped: your notebook as a whole used its 1.5 s" in text
    assert "The cell was not run: your notebook as a whole had used its 1.5 s before it" in text
    assert graded.points == 0.0
    assert kinds(graded) == dict.fromkeys(RIGHT, "not_run")
    assert "there is no function double, because the cell was not run" in text


@linux
def test_processor_time_has_its_own_words(answered: Answered, grade_with: GradeWith) -> None:
    graded = grade_with(answered(double=f"def double(z):\n{SPINS}"), cpu_seconds=1, exercise_time_factor=20.0)
    assert kinds(graded)["double"] == "too_much_cpu"
    assert "your notebook used its 1 s of processor time" in said(graded)
    assert graded.points == 1.0


@pytest.mark.usefixtures("a_loop_spins")
def test_an_answer_that_needs_a_helper_whose_cell_was_stopped_is_told_so(
    answered: Answered, grade_with: GradeWith
) -> None:
    helper = "def helper(z): return 2.0 * z\nwhile True: pass"
    graded = grade_with(with_cells(answered(double="def double(z):\n    return helper(z)"), helper), cell_seconds=0.5)
    assert graded.verdicts[0].report.notes == (
        "It uses helper of another cell, but the cell was stopped: it did not end within 0.5 s; look for a loop that "
        "never ends.",
    )
    assert graded.points == 1.0


@linux
@pytest.mark.usefixtures("a_loop_spins")
def test_the_class_report_counts_the_limits(
    course: GradingCourse,
    answered: Answered,
    submit: Callable[[str, NotebookNode], Path],
    grade_all: Callable[..., dict[str, Result]],
    tmp_path: Path,
) -> None:
    for student, what in (("ada", "time"), ("blaise", "time"), ("carl", "open files"), ("dorothy", "an exit")):
        body = BODIES[what][0].replace("50", "300")
        submit(student, answered(double=f"def double(z):\n{body}", total="def total(z): return float(2*z.sum())"))
    submit("emmy", answered())
    assert {s: r.points for s, r in grade_all().items()} == dict.fromkeys(["ada", "blaise", "carl", "dorothy"], 3.0) | {
        "emmy": 5.0
    }
    with open_store(course.db_url) as store:
        summary = summarise(load_lesson(course.lesson_folder(LESSON)), store.verdicts(LESSON))
    assert set(summary.stops) == {
        ("double", "limit: time", 2),
        ("double", "limit: open files", 1),
        ("double", "ended the Python process", 1),
    }
    assert summary.exercises[0].unexplained == 0
    write_report(summary, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    assert '<td>limit: time</td><td class="n">2</td>' in page


# Tried once more


def innermost(session: Session) -> int:
    found = psutil.Process(session.pid).children(recursive=True)
    return found[-1].pid if found else session.pid


@pytest.fixture
def a_busy_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Stops the session's process, as a machine that is busy with other things does, before what the test names.

    ``times`` says how often, ``cell`` or ``function`` before what; ``done`` counts.
    """
    plan: dict[str, Any] = {"times": 1, "cell": None, "function": None, "done": 0}
    run_cell, run_calls = Session.run_cell, Session.run_calls

    def hold(session: Session) -> None:
        if plan["done"] < plan["times"]:
            plan["done"] += 1
            os.kill(innermost(session), signal.SIGSTOP)

    def slow_cell(session: Session, source: str, seconds: float | None = None) -> CellOutcome:
        if plan["cell"] and plan["cell"] in source:
            hold(session)
        return run_cell(session, source, seconds)

    def slow_calls(session: Session, calls: tuple[Call, ...], seconds: float) -> Observation:
        if any(c.function == plan["function"] for c in calls):
            hold(session)
        return run_calls(session, calls, seconds)

    monkeypatch.setattr(Session, "run_cell", slow_cell)
    monkeypatch.setattr(Session, "run_calls", slow_calls)
    yield plan


@linux
@pytest.mark.parametrize("function", ["double", "apply"])
def test_a_call_that_the_machine_held_up_is_tried_once_more(
    function: str, a_busy_machine: dict[str, Any], answered: Answered, grade_with: GradeWith
) -> None:
    a_busy_machine["function"] = function
    graded = grade_with(answered())
    assert a_busy_machine["done"] == 1
    assert graded.points == 5.0
    notes = {v.report.exercise: v.report.notes for v in graded.verdicts}
    assert notes.pop(function) == ("It was run a second time, because the first one took too long.",)
    assert set(notes.values()) == {()}


@linux
def test_a_call_is_tried_once_more_and_not_twice(
    a_busy_machine: dict[str, Any], answered: Answered, grade_with: GradeWith
) -> None:
    a_busy_machine |= {"function": "double", "times": 9}
    graded = grade_with(answered(total="def total(z): return float(2*z.sum())"))
    assert a_busy_machine["done"] == 2
    assert kinds(graded) == {"double": "too_slow", "total": "", "apply": ""}
    assert graded.points == 3.0


@linux
@pytest.mark.parametrize("cell", ["def double", "def helper"])
def test_a_cell_that_the_machine_held_up_is_tried_once_more(
    cell: str, a_busy_machine: dict[str, Any], answered: Answered, grade_with: GradeWith
) -> None:
    a_busy_machine["cell"] = cell
    notebook = with_cells(answered(total="def total(z): return float(helper(z).sum())"), "def helper(z): return 2 * z")
    graded = grade_with(notebook, cell_seconds=1.0)
    assert a_busy_machine["done"] == 1
    assert graded.points == 5.0
    assert "stopped" not in said(graded)


@linux
def test_a_cell_that_is_held_up_when_it_is_run_again_is_not_lost(
    a_busy_machine: dict[str, Any], answered: Answered, grade_with: GradeWith
) -> None:
    notebook = answered(
        double="def double(z):\n    import os; os._exit(1)", total="def total(z): return float(2*z.sum())"
    )
    # The first run of the cell is left alone, the second one, after the exit, is held up.
    original = Session.run_cell
    seen: list[str] = []

    def once_later(session: Session, source: str, seconds: float | None = None) -> CellOutcome:
        seen.append(source)
        a_busy_machine["cell"] = "def total" if seen.count(source) == 2 else None
        return original(session, source, seconds)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "run_cell", once_later)
        graded = grade_with(notebook, cell_seconds=1.0)
    assert a_busy_machine["done"] == 1
    assert kinds(graded) == {"double": "crashed", "total": "", "apply": ""}
    assert graded.points == 3.0


@pytest.mark.alone
@pytest.mark.usefixtures("a_loop_spins")
def test_what_spins_is_not_tried_again_and_costs_its_time_once(
    answered: Answered, grade_with: GradeWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    run_calls = Session.run_calls

    def counted(session: Session, calls: tuple[Call, ...], seconds: float) -> Observation:
        asked.append(calls[0].function)
        return run_calls(session, calls, seconds)

    monkeypatch.setattr(Session, "run_calls", counted)
    # The helper spins when double calls it; total does without.
    notebook = with_cells(answered(double="def double(z): return helper(z)"), f"def helper(z):\n{SPINS}")
    for cell in notebook.cells:
        if cell.source == RIGHT["total"]:
            cell.source = "def total(z): return float(2*z.sum())"
    start = time.monotonic()
    graded = grade_with(notebook)
    took = time.monotonic() - start
    assert graded.points == 3.0
    assert asked.count("double") == 1
    assert 1.0 <= took < 1.9


@pytest.mark.alone
def test_what_sleeps_is_tried_once_more(answered: Answered, grade_with: GradeWith) -> None:
    notebook = answered(
        double="import time\ndef double(z):\n    time.sleep(60)", total="def total(z): return float(2*z.sum())"
    )
    start = time.monotonic()
    graded = grade_with(notebook)
    assert 2.0 <= time.monotonic() - start < 3.5
    assert kinds(graded) == {"double": "too_slow", "total": "", "apply": ""}
    assert graded.verdicts[0].report.notes == ("It was run a second time, because the first one took too long.",)


@pytest.mark.alone
@pytest.mark.parametrize(("source", "rounds"), [("while True: pass", 1), ("__import__('time').sleep(60)", 2)])
@pytest.mark.usefixtures("a_loop_spins")
def test_twenty_cells_without_end_stay_within_the_notebooks_time(
    source: str, rounds: int, answered: Answered, grade_with: GradeWith
) -> None:
    notebook = with_cells(answered(), *[f"{source}  # {k}" for k in range(20)])
    start = time.monotonic()
    graded = grade_with(notebook, cell_seconds=0.5, notebook_seconds=2.0)
    took = time.monotonic() - start
    assert rounds * 2.0 <= took < rounds * 2.0 + 1.5
    assert graded.points == 0.0
    assert said(graded).count("The cell was stopped: it did not end within 0.5 s") == 3
    assert said(graded).count("The cell was not run: ") >= 16


@pytest.mark.usefixtures("a_loop_spins")
def test_an_exercise_after_one_that_spins_has_all_its_time(answered: Answered, grade_with: GradeWith) -> None:
    """The notebook takes longer to be run again than the exercise may take, and half of that is left for it."""
    notebook = answered(
        double=f"def double(z):\n{SPINS}",
        total="def total(z):\n    time.sleep(0.2)\n    return float(2*z.sum())",
    )
    graded = grade_with(with_cells(notebook, "import time; time.sleep(1.3)"), cell_seconds=5.0)
    assert kinds(graded) == {"double": "too_slow", "total": "", "apply": ""}


@pytest.mark.usefixtures("a_loop_spins")
def test_when_there_is_no_time_to_run_the_notebook_again_that_is_said(
    answered: Answered, grade_with: GradeWith
) -> None:
    notebook = answered(double="def double(z):\n    time.sleep(60)", total=f"def total(z):\n{SPINS}")
    graded = grade_with(with_cells(notebook, "import time; time.sleep(1.3)"), cell_seconds=2.0, notebook_seconds=2.0)
    # Nor is there time to try double once more: the first verdict stands.
    assert graded.verdicts[0].report.notes == ()
    assert kinds(graded) == {"double": "too_slow", "total": "too_slow", "apply": "notebook_too_slow"}
    text = said(graded)
    assert "had to be run again after an exercise that ended its process, and the time for that, 2 s, was over" in text
    # What the cells showed is as it was.
    assert "The cell was" not in text


# Configuration


def config_with(course: GradingCourse, lines: str) -> None:
    shipped = (REPOSITORY / "nbgrader_config.py").read_text(encoding="utf-8")
    (course.root / "nbgrader_config.py").write_text(f"{shipped}\n{lines}\n", encoding="utf-8")


@pytest.fixture
def own_course(small_course: Path, empty_class: Path, tmp_path: Path) -> GradingCourse:
    """A copy of the small course that may be changed, submissions and gradebook beside the lessons."""
    import shutil

    shutil.copytree(small_course, tmp_path / "course")
    shutil.copy(empty_class / "gradebook.db", tmp_path / "course")
    return open_course(tmp_path / "course")


def hand_in(course: GradingCourse, student: str, notebook: NotebookNode) -> None:
    folder = course.submitted / student / LESSON
    folder.mkdir(parents=True)
    (folder / f"{LESSON}.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")


def stock(course: GradingCourse, check: bool = True) -> str:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", "autograde", LESSON, "--force"]
    done = subprocess.run(command, cwd=course.root, env=environment, capture_output=True, text=True, timeout=120)
    assert (done.returncode == 0) == check, done.stdout + done.stderr
    return done.stdout + done.stderr


def feedback(course: GradingCourse, student: str) -> tuple[float, str]:
    path = course.autograded / student / LESSON / f"{LESSON}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    with open_store(course.db_url) as store:
        points = sum(r.points for r in store.verdicts(LESSON) if r.student == student)
    return points, said(Graded(notebook, (), ()))


def test_the_shipped_configuration_lists_the_defaults() -> None:
    config = open_course(REPOSITORY, REPOSITORY).nbgrader_config()
    assert dict(config.JudgeSubmission.limits) == asdict(Limits())
    names = Course(REPOSITORY).lesson_names()
    settings = JudgeSubmission(config=config)
    assert all(settings.limits_for(name, names) == Limits() for name in names)


@linux
def test_limits_of_a_lesson_hold_on_both_roads(own_course: GradingCourse, answered: Answered, worker: Worker) -> None:
    config_with(
        own_course,
        "c.JudgeSubmission.limits |= {'open_files': 90, 'file_bytes': 2 * MIB, 'exercise_time_factor': 5.0}\n"
        f"c.JudgeSubmission.lesson_limits = {{'{LESSON}': {{'open_files': 50, 'exercise_time_factor': 2.5}}}}",
    )
    slow = "import time\ndef double(z):\n    time.sleep(0.8)\n    return 2.0 * z"
    total = "def total(z): return float(2*z.sum())"
    hand_in(own_course, "ada", answered(double=slow, total=total))  # 1.6 s, which is more than 1 s and less than 2.5 s
    held = "def double(z):\n    held = [open('/dev/null') for _ in range(60)]\n    return 2.0 * z"
    hand_in(own_course, "blaise", answered(double=held, total=total))
    hand_in(own_course, "carl", with_cells(answered(), "open('x', 'wb').write(bytes(3 * 2**20))"))
    batch = LessonBatch(own_course, LESSON, SerialPool(worker))
    ours = {s.student: batch.grade(s).points for s in batch.todo()}
    assert ours == {"ada": 5.0, "blaise": 3.0, "carl": 5.0}
    for road in ("ours", "theirs"):
        if road == "theirs":
            stock(own_course)
        assert {s: feedback(own_course, s)[0] for s in ours} == ours
        assert "more than 50 files were open at a time" in feedback(own_course, "blaise")[1]
        assert "a file of more than 2 MiB" in feedback(own_course, "carl")[1]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("limits |= {'memory': 3}", "c.JudgeSubmission.limits: no limit is called 'memory'; known: cell_output_bytes"),
        ("limits |= {'cell_seconds': 0}", "c.JudgeSubmission.limits: the limit cell_seconds must be a number above 0"),
        ("limits |= {'processes': 2.5}", "the limit processes must be a whole number, got 2.5"),
        ("lesson_limits = {'00-smal': {}}", "lesson_limits: there is no lesson '00-smal'; known: 00-small."),
        ("lesson_limits = {'00-small': {'cpu': 3}}", "lesson_limits['00-small']: no limit is called 'cpu'"),
        ("lesson_limits = {'00-small': 3}", "lesson_limits['00-small']: expected a dict of limits, got 3"),
        ("cell_seconds = 3.0", "there is no c.JudgeSubmission.cell_seconds; known: allow_unsafe"),
        ("limits = 3", "c.JudgeSubmission"),
    ],
)
def test_a_wrong_configuration_stops_before_anything_is_graded(
    line: str, words: str, own_course: GradingCourse, worker: Worker
) -> None:
    config_with(own_course, f"c.JudgeSubmission.{line}")
    with pytest.raises(CourseError) as caught:
        LessonBatch(own_course, LESSON, SerialPool(worker))
    assert words in str(caught.value)
    assert "nbgrader_config.py" in str(caught.value)


def test_stock_nbgrader_stops_at_a_wrong_configuration(own_course: GradingCourse, answered: Answered) -> None:
    config_with(own_course, "c.JudgeSubmission.limits |= {'memory': 3}")
    hand_in(own_course, "ada", answered())
    assert "no limit is called 'memory'" in stock(own_course, check=False)
    assert not (own_course.autograded / "ada" / LESSON / f"{LESSON}.ipynb").exists()
    with open_store(own_course.db_url) as store:
        assert store.verdicts(LESSON) == []
