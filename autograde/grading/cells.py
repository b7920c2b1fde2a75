"""The lesson's cells in nbgrader's gradebook, and which changes of them the gradebook can take once there are marks.

nbgrader keeps each mark with its cell, by name. Text, points and tests may change at any time, and locked cells
without points may come and go. A cell that carries marks or comments may not, as long as somebody has some.
"""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import SaveCells

from autograde.judge.course import CourseError

from .assignment import is_recorded
from .rebuild import grade_id


def check_cells(db_url: str, lesson: str, release: NotebookNode) -> None:
    """``CourseError`` when somebody has marks of the lesson and its cells that carry marks are others than then."""
    with Gradebook(db_url) as gradebook:
        try:
            known = gradebook.find_notebook(lesson, lesson)
        except MissingEntry:
            return
        old = {
            (kind, str(cell.name))
            for kind, cells in (
                ("test", known.grade_cells),
                ("answer", known.solution_cells),
                ("task", known.task_cells),
            )
            for cell in cells
        }
        marked = len(known.submissions) > 0
    new = {(kind, grade_id(c)) for c in release.cells for kind in _kinds(c)}
    if marked and new != old:
        changes = [f"new: {_listed(new - old)}"] if new - old else []
        changes += [f"gone: {_listed(old - new)}"] if old - new else []
        raise CourseError(
            f"{lesson}: its exercises are not those that it was graded with ({'; '.join(changes)}). nbgrader keeps "
            "marks by cell and takes no other cells while there are marks. Either give the lesson these cells back "
            "(their text, points and tests may change), or put the new ones into a lesson of their own, or give up the "
            f"lesson's marks, those given by hand too: autograde export old-marks.csv --lesson {lesson}, then "
            f"nbgrader db assignment remove {lesson} --force, then autograde grade {lesson}"
        )


def record_cells(db_url: str, lesson: str, release: NotebookNode) -> None:
    """Make the assignment known to nbgrader, as ``nbgrader generate_assignment`` does."""
    with Gradebook(db_url) as gradebook:
        gradebook.update_or_create_assignment(lesson)
        _take_plain_cells(gradebook, lesson, release)
        if is_recorded(gradebook, lesson, release):
            return
    SaveCells().preprocess(
        release, {"nbgrader": {"notebook": lesson, "assignment": lesson, "student": "", "db_url": db_url}}
    )


def _take_plain_cells(gradebook: Gradebook, lesson: str, release: NotebookNode) -> None:
    """Add and remove locked cells that carry nothing of a student's, which ``SaveCells`` would refuse."""
    try:
        known = gradebook.find_notebook(lesson, lesson)
    except MissingEntry:
        return
    marked = {str(c.name) for c in (*known.grade_cells, *known.solution_cells, *known.task_cells)}
    old = {str(c.name): c for c in known.source_cells if str(c.name) not in marked}
    new = {grade_id(c): c for c in release.cells if utils.is_locked(c) and not _kinds(c)}
    for name in old.keys() - new.keys():
        gradebook.db.delete(old[name])
    gradebook.db.commit()
    for name in sorted(new.keys() - old.keys()):
        gradebook.add_source_cell(name, lesson, lesson, cell_type=new[name].cell_type, source=new[name].source)


def _kinds(cell: NotebookNode) -> list[str]:
    """What a cell is to nbgrader, of those kinds for which it keeps something of each student."""
    kinds = {"test": utils.is_grade, "answer": utils.is_solution, "task": utils.is_task}
    return [kind for kind, holds in kinds.items() if holds(cell)]


def _listed(cells: set[tuple[str, str]]) -> str:
    return ", ".join(sorted({name for _, name in cells}))
