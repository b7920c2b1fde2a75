"""Grading again after a lesson's tests changed: told before it is done, done as it was told, and nothing else touched."""

from __future__ import annotations

import csv
import datetime
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograde.authoring.build import build
from autograde.grading import regrade as regrade_module
from autograde.grading.batch import GradingStoppedError, LessonBatch
from autograde.grading.course import GradingCourse, open_course
from autograde.grading.feedback import write_feedback
from autograde.grading.gradebook import Mark, marks
from autograde.grading.pools import LocalPool, SerialPool
from autograde.grading.regrade import Change, Outcome, Regrading, write_changes
from autograde.grading.writer import GradebookWriter
from autograde.judge.course import Course, CourseError
from autograde.sandbox.worker import Worker

from .conftest import LESSON

pytestmark = pytest.mark.xdist_group("batch")
Answered = Callable[..., NotebookNode]
Submit = Callable[..., Path]
#: Right on the cases of the small course, wrong on numbers below -10.
NEARLY = "def double(z):\n    return np.where(z < -10, 0.0, 2.0 * z)"
WRONG = "def double(z):\n    return z * z"
NEARLY_RIGHT = {"ben", "cleo"}


@pytest.fixture
def own_course(small_course: Path, course: GradingCourse, tmp_path: Path) -> GradingCourse:
    """The class with a copy of the small course, whose lesson a test may change."""
    shutil.copytree(small_course, tmp_path / "course")
    return open_course(tmp_path / "course", course.folder)


@pytest.fixture
def stricter(own_course: GradingCourse) -> Callable[[], None]:
    """``stricter()``: the lesson gets a hidden case with numbers below -10."""

    def change() -> None:
        path = own_course.lesson_folder(LESSON) / "exercises.py"
        old = '    yield Case("a longer row", (Call("double", (rng.standard_normal(5),)),))\n'
        new = old + '    yield Case("large numbers", (Call("double", (rng.standard_normal(5) - 20.0,)),))\n'
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return change


def new_points(course: GradingCourse, points: int) -> None:
    """``double`` is worth so many points, in both places; built."""
    folder = course.lesson_folder(LESSON)
    exercises, lesson = folder / "exercises.py", folder / "lesson.py"
    exercises.write_text(exercises.read_text().replace('Exercise("double", 2,', f'Exercise("double", {points},'))
    old, new = '"grade_id": "test_double", "points": 2', f'"grade_id": "test_double", "points": {points}'
    assert old in lesson.read_text()
    lesson.write_text(lesson.read_text().replace(old, new))
    build(Course(course.root), execute=False)


def edit_lesson(course: GradingCourse, old: str, new: str) -> None:
    path = course.lesson_folder(LESSON) / "lesson.py"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    build(Course(course.root), execute=False)


@pytest.fixture
def graded(own_course: GradingCourse, answered: Answered, submit: Submit, worker: Worker) -> GradingCourse:
    """Ada is right, Ben and Cleo nearly, Dora wrong; all graded."""
    submit("ada", answered())
    submit("ben", answered(double=NEARLY))
    submit("cleo", answered(double=NEARLY))
    submit("dora", answered(double=WRONG))
    grade(own_course, worker)
    return own_course


def grade(course: GradingCourse, worker: Worker) -> LessonBatch:
    batch = LessonBatch(course, LESSON, SerialPool(worker))
    assert not [r.problem for r in batch.run(batch.todo()) if r.problem]
    return batch


@pytest.fixture
def again(worker: Worker) -> Callable[..., dict[str, Outcome]]:
    """``again(course, write=True)``: judge again and, if wanted, write; what was told, by student."""

    def run(course: GradingCourse, *students: str, write: bool = True) -> dict[str, Outcome]:
        with Regrading(course, LESSON, SerialPool(worker), students=students) as regrading:
            told = {o.student: o for o in regrading.judge()}
            if write:
                list(regrading.write())
                assert regrading.overtaken == []
        return told

    return run


Again = Callable[..., dict[str, Outcome]]


def scores(course: GradingCourse) -> dict[str, float]:
    return {m.student: m.score for m in marks(course.db_url, LESSON)}


def by_student(course: GradingCourse) -> dict[str, Mark]:
    return {m.student: m for m in marks(course.db_url, LESSON)}


def by_hand(course: GradingCourse, student: str, points: float, cell: str = "test_double") -> None:
    with Gradebook(course.db_url) as gradebook:
        found = gradebook.find_grade(cell, LESSON, LESSON, student)
        found.manual_score, found.needs_manual_grade = points, False
        gradebook.db.commit()


def everything(course: GradingCourse) -> dict[str, tuple[bytes, int]]:
    """Bytes and time of every file of the class and of the course."""
    found = {}
    for root in (course.folder, course.root):
        for path in sorted(p for p in root.rglob("*") if p.is_file()):
            found[str(path)] = (path.read_bytes(), path.stat().st_mtime_ns)
    return found


def test_a_stricter_case_is_told_and_then_done(
    graded: GradingCourse, stricter: Callable[[], None], again: Again, worker: Worker
) -> None:
    assert scores(graded) == {"ada": 5.0, "ben": 5.0, "cleo": 5.0, "dora": 1.0}
    stricter()
    told = again(graded)
    assert {s for s, o in told.items() if o.differs} == NEARLY_RIGHT
    assert told["ben"].changes == (Change("double", 2.0, 0.0, 2.0, 2.0),)
    assert (told["ben"].before, told["ben"].after) == (5.0, 3.0)
    assert scores(graded) == {s: o.after for s, o in told.items()} == {"ada": 5, "ben": 3, "cleo": 3, "dora": 1}
    batch = LessonBatch(graded, LESSON, SerialPool(worker))
    assert batch.todo() == []
    assert batch.graded_otherwise() == []
    assert not any(o.written for o in again(graded).values())


def test_a_dry_run_writes_nothing_at_all(
    graded: GradingCourse, stricter: Callable[[], None], again: Again, answered: Answered, submit: Submit
) -> None:
    by_hand(graded, "cleo", 1.5)
    stricter()
    submit("eve", answered())
    before = everything(graded)
    told = again(graded, write=False)
    assert {s for s, o in told.items() if o.differs} == NEARLY_RIGHT
    assert everything(graded) == before


def test_other_points_are_told_and_then_done(graded: GradingCourse, again: Again) -> None:
    new_points(graded, 4)
    before = everything(graded)
    told = again(graded, write=False)
    assert everything(graded) == before
    assert told["ada"].changes == (Change("double", 2.0, 4.0, 2.0, 4.0),)
    assert told["dora"].changes == (Change("double", 0.0, 0.0, 2.0, 4.0),)
    assert again(graded) == told
    found = by_student(graded)
    assert {s: m.score for s, m in found.items()} == {"ada": 7.0, "ben": 7.0, "cleo": 7.0, "dora": 1.0}
    assert {m.max_score for m in found.values()} == {7.0}


def test_points_in_one_place_only_are_refused(graded: GradingCourse, again: Again) -> None:
    path = graded.lesson_folder(LESSON) / "exercises.py"
    path.write_text(path.read_text().replace('Exercise("double", 2,', 'Exercise("double", 3,'))
    with pytest.raises(CourseError, match=r"double is worth 3 in exercises\.py and 2 in the built.*autograde build"):
        again(graded)


def test_points_by_hand_are_kept_and_looked_at_where_something_is_written(
    graded: GradingCourse, stricter: Callable[[], None], again: Again
) -> None:
    by_hand(graded, "ada", 0.5)
    by_hand(graded, "cleo", 1.5)
    stricter()
    told = again(graded)
    assert told["cleo"].changes[0] == Change("double", 2.0, 0.0, 2.0, 2.0, by_hand=1.5)
    assert (told["cleo"].before, told["cleo"].after) == (4.5, 4.5)
    found = by_student(graded)
    assert found["cleo"].cells == {"double": 1.5, "total": 2.0, "apply": 1.0}
    assert found["cleo"].needs_manual_grade
    # Nothing of Ada's changed: what a person decided there is not asked again.
    assert not told["ada"].written and told["ada"].changes == ()
    assert found["ada"].score == 3.5
    assert not found["ada"].needs_manual_grade


def test_penalties_for_being_late_are_foretold(
    graded: GradingCourse, stricter: Callable[[], None], again: Again, worker: Worker
) -> None:
    config = graded.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    due = datetime.datetime(2026, 1, 1)
    with Gradebook(graded.db_url) as gradebook:
        gradebook.find_assignment(LESSON).duedate = due
        gradebook.find_grade("test_apply", LESSON, LESSON, "ben").extra_credit = 0.25
        gradebook.grant_extension(LESSON, "cleo", days=2)
    for student in ("ada", "ben", "cleo"):
        (graded.submitted / student / LESSON / "timestamp.txt").write_text("2026-01-02 12:00:00 UTC")
    stricter()
    told = again(graded)
    assert {s: (o.before, o.penalty_before, o.penalty_after, o.after) for s, o in told.items()} == {
        "ada": (5.0, 0.0, 5.0, 0.0),
        "ben": (5.25, 0.0, 3.25, 0.0),
        "cleo": (5.0, 0.0, 0.0, 3.0),
        "dora": (1.0, 0.0, 0.0, 1.0),
    }
    assert scores(graded) == {s: o.after for s, o in told.items()}
    with Gradebook(graded.db_url) as gradebook:
        penalties = {s: gradebook.find_submission(LESSON, s).late_submission_penalty for s in told}
    assert penalties == {s: o.penalty_after for s, o in told.items()}


def test_the_newest_file_is_judged_and_that_is_said(
    graded: GradingCourse, stricter: Callable[[], None], again: Again, answered: Answered, submit: Submit
) -> None:
    stricter()
    submit("ben", answered())
    told = again(graded)
    assert {s for s, o in told.items() if o.newer} == {"ben"}
    assert (told["ben"].before, told["ben"].after) == (5.0, 5.0)
    assert scores(graded)["ben"] == 5.0


def test_only_those_named_are_graded_again(graded: GradingCourse, stricter: Callable[[], None], again: Again) -> None:
    stricter()
    assert set(again(graded, "ben", "ada")) == {"ada", "ben"}
    assert scores(graded) == {"ada": 5.0, "ben": 3.0, "cleo": 5.0, "dora": 1.0}
    with pytest.raises(CourseError, match="nothing was handed in or graded of b\\*n, nobody"):
        again(graded, "ben", "nobody", "b*n")


def test_who_cannot_be_graded_again_is_listed(
    graded: GradingCourse, stricter: Callable[[], None], answered: Answered, submit: Submit, worker: Worker
) -> None:
    stricter()
    submit("eve", answered())
    shutil.rmtree(graded.submitted / "ben")
    with Regrading(graded, LESSON, SerialPool(worker)) as regrading:
        assert [s.student for s in regrading.todo] == ["ada", "cleo", "dora"]
        assert (regrading.never_graded, regrading.without_file) == (["eve"], ["ben"])
        list(regrading.judge())
        list(regrading.write())
    assert scores(graded) == {"ada": 5.0, "ben": 5.0, "cleo": 3.0, "dora": 1.0}


def test_a_lesson_that_was_never_graded_is_left_to_grade(own_course: GradingCourse, worker: Worker) -> None:
    empty = open_course(own_course.root, own_course.folder.parent / "empty")
    with pytest.raises(CourseError, match=f"never graded here; run: autograde grade {LESSON}"):
        Regrading(empty, LESSON, SerialPool(worker))
    assert list(empty.folder.iterdir()) == []


def test_grade_knows_who_was_graded_with_other_files(
    graded: GradingCourse, stricter: Callable[[], None], worker: Worker, answered: Answered, submit: Submit
) -> None:
    assert LessonBatch(graded, LESSON, SerialPool(worker)).graded_otherwise() == []
    stricter()
    submit("dora", answered())
    assert grade(graded, worker).graded_otherwise() == ["ada", "ben", "cleo"]


def test_what_is_overtaken_is_left_alone(
    graded: GradingCourse, stricter: Callable[[], None], worker: Worker, answered: Answered, submit: Submit
) -> None:
    """Between the report and the answer to it an hour may pass."""
    stricter()
    with Regrading(graded, LESSON, SerialPool(worker)) as regrading:
        list(regrading.judge())
        submit("ben", answered())
        grade(graded, worker)
        submit("cleo", answered(double=WRONG))
        list(regrading.write())
        assert sorted(regrading.overtaken) == ["ben", "cleo"]
    assert scores(graded) == {"ada": 5.0, "ben": 5.0, "cleo": 5.0, "dora": 1.0}


def test_what_is_stopped_half_way_is_finished_by_the_next_run(
    graded: GradingCourse, stricter: Callable[[], None], again: Again, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_feedback(graded, LESSON)
    pages = {s: graded.feedback / s / LESSON / f"{LESSON}.html" for s in scores(graded)}
    old = {s: p.read_bytes() for s, p in pages.items()}
    stricter()
    monkeypatch.setattr(regrade_module, "GROUP", 1)
    with Regrading(graded, LESSON, SerialPool(worker)) as regrading:
        assert len(list(regrading.judge())) == 4
        results = regrading.write()
        assert next(results).submission.student == "ben"
        results.close()
        assert regrading.stale_pages() == ["ben"]
    assert scores(graded) == {"ada": 5.0, "ben": 3.0, "cleo": 5.0, "dora": 1.0}
    with Regrading(graded, LESSON, SerialPool(worker)) as regrading:
        # Of Dora's the mark stays and the words change: she fails the new case as well.
        assert {o.student: o.differs for o in regrading.judge() if o.written} == {"cleo": True, "dora": False}
        list(regrading.write())
        assert regrading.stale_pages() == ["ben", "cleo", "dora"]
        for student in regrading.stale_pages():
            write_feedback(graded, LESSON, student)
        assert regrading.stale_pages() == []
    assert scores(graded) == {"ada": 5.0, "ben": 3.0, "cleo": 3.0, "dora": 1.0}
    assert {s for s, p in pages.items() if p.read_bytes() != old[s]} == {"ben", "cleo", "dora"}


def test_a_database_that_cannot_be_written_changes_nothing(
    graded: GradingCourse, stricter: Callable[[], None], again: Again, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    stricter()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched, Regrading(graded, LESSON, SerialPool(worker)) as regrading:
        list(regrading.judge())
        patched.setattr(GradebookWriter, "write", full)
        with pytest.raises(GradingStoppedError, match="No space left"):
            list(regrading.write())
    assert scores(graded)["ben"] == 5.0
    again(graded)
    assert scores(graded)["ben"] == 3.0


def test_several_processes_give_the_same(graded: GradingCourse, stricter: Callable[[], None], again: Again) -> None:
    stricter()
    told = again(graded, write=False)
    with LocalPool(2) as pool, Regrading(graded, LESSON, pool) as regrading:
        assert {o.student: o for o in regrading.judge()} == told
        list(regrading.write())
    assert scores(graded) == {s: o.after for s, o in told.items()}


def test_cells_without_points_may_come_and_go(graded: GradingCourse, again: Again) -> None:
    flags = (
        '{"grade": false, "grade_id": "look", "locked": true, "schema_version": 3, "solution": false, "task": false}'
    )
    end = "# %% nbgrader={"
    edit_lesson(
        graded,
        f'{end}"grade": false, "grade_id": "total"',
        f'{end}{flags[1:]}\n1 + 1\n\n{end}"grade": false, "grade_id": "total"',
    )
    again(graded)
    with Gradebook(graded.db_url) as gradebook:
        assert gradebook.find_source_cell("look", LESSON, LESSON).source == "1 + 1"
    edit_lesson(graded, f"{end}{flags[1:]}\n1 + 1\n\n", "")
    again(graded)
    with Gradebook(graded.db_url) as gradebook:
        assert "look" not in [c.name for c in gradebook.find_notebook(LESSON, LESSON).source_cells]
    assert scores(graded) == {"ada": 5.0, "ben": 5.0, "cleo": 5.0, "dora": 1.0}


def test_an_exercise_that_goes_is_refused_with_the_cure_and_the_cure_works(
    graded: GradingCourse, again: Again, worker: Worker
) -> None:
    folder = graded.lesson_folder(LESSON)
    text = (folder / "exercises.py").read_text()
    (folder / "exercises.py").write_text(
        text.replace("EXERCISES = (double, total, apply)", "EXERCISES = (double, total)")
    )
    lesson = (folder / "lesson.py").read_text()
    at = lesson.index('# %% nbgrader={"grade": false, "grade_id": "apply"')
    (folder / "lesson.py").write_text(lesson[:at])
    build(Course(graded.root), execute=False)
    with pytest.raises(CourseError, match=r"gone: apply, test_apply.*nbgrader db assignment remove 00-small --force"):
        again(graded)
    with pytest.raises(CourseError, match="nbgrader db assignment remove 00-small --force"):
        LessonBatch(graded, LESSON, SerialPool(worker))
    assert len(scores(graded)) == 4
    with Gradebook(graded.db_url) as gradebook:
        gradebook.remove_assignment(LESSON)  # what that command does
    grade(graded, worker)
    assert scores(graded) == {"ada": 4.0, "ben": 4.0, "cleo": 4.0, "dora": 0.0}


def test_the_changes_are_kept_in_a_file_of_their_own(tmp_path: Path) -> None:
    change = Change("double", 2.0, 0.0, 2.0, 2.0, by_hand=1.5)
    first = Outcome("=ben", (change,), 4.5, 2.0, 0.0, 0.5, newer=True, written=True)
    path = write_changes([first, replace(first, student="cleo", changes=(), penalty_after=0.0)], tmp_path, LESSON)
    assert path.name == f"regrade-{LESSON}-1.csv"
    with path.open(newline="") as file:
        found = list(csv.DictReader(file))
    assert [(r["student"], r["exercise"], r["before"], r["after"], r["by hand"]) for r in found] == [
        ("'=ben", "double", "2", "0", "1.5"),
        ("'=ben", "(late penalty)", "0", "0.5", ""),
        ("'=ben", "(total)", "4.5", "2", ""),
        ("cleo", "(total)", "4.5", "2", ""),
    ]
    before = path.read_bytes()
    assert write_changes([first], tmp_path, LESSON).name == f"regrade-{LESSON}-2.csv"
    assert path.read_bytes() == before


def test_what_the_formgrader_graded_is_graded_again(
    graded: GradingCourse, stricter: Callable[[], None], again: Again
) -> None:
    """nbgrader's own command leaves no word of which file it graded."""
    engine = sa.create_engine(graded.db_url)
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM autograde_graded"))
    engine.dispose()
    stricter()
    told = again(graded)
    assert {s for s, o in told.items() if o.differs} == NEARLY_RIGHT
    assert not any(o.newer for o in told.values())
    assert scores(graded)["ben"] == 3.0
