"""Whether nbgrader knows an assignment as it stands now."""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry


def is_recorded(gradebook: Gradebook, lesson: str, release: NotebookNode) -> bool:
    """Whether the gradebook holds exactly the cells of the released notebook, with their points and sources.

    Then nothing has to be written, which would be in the way of a grader that is at work already.
    """
    try:
        notebook = gradebook.find_notebook(lesson, lesson)
    except MissingEntry:
        return False
    graded, solved, tasks, sources = {}, set(), {}, {}
    for cell in release.cells:
        about = cell.metadata.get("nbgrader", {})
        name = about.get("grade_id")
        if utils.is_grade(cell):
            graded[name] = (float(about["points"]), cell.cell_type)
        if utils.is_solution(cell):
            solved.add(name)
        if utils.is_task(cell):
            tasks[name] = (float(about["points"]), cell.cell_type)
        if utils.is_grade(cell) or utils.is_solution(cell) or utils.is_locked(cell) or utils.is_task(cell):
            sources[name] = (cell.cell_type, utils.is_locked(cell), cell.source, about.get("checksum"))
    return (
        {c.name: (c.max_score, c.cell_type) for c in notebook.grade_cells} == graded
        and {c.name for c in notebook.solution_cells} == solved
        and {c.name: (c.max_score, c.cell_type) for c in notebook.task_cells} == tasks
        and {c.name: (c.cell_type, c.locked, c.source, c.checksum) for c in notebook.source_cells} == sources
    )
