"""Attacks on the notebook itself: test cells, metadata, ids."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy

import nbformat
from nbformat import NotebookNode

from ..registry import Submission, Target, attack, cells


def _about(cell: NotebookNode) -> dict[str, object]:
    return cell.metadata.get("nbgrader", {})  # type: ignore[no-any-return]


def _each(name: str, change: Callable[[NotebookNode], NotebookNode | None]) -> None:
    """An attack that changes every test cell; None takes it away."""

    def make(target: Target) -> Submission:
        notebook = cells(target.release)
        changed = [(c, change(deepcopy(c)) if _about(c).get("grade") else c) for c in notebook.cells]
        notebook.cells = [new for _, new in changed if new is not None]
        return notebook

    attack(name, "forged notebooks")(make)


def _with(**fields: object) -> Callable[[NotebookNode], NotebookNode]:
    def change(cell: NotebookNode) -> NotebookNode:
        cell.update(nbformat.from_dict(fields))
        return cell

    return change


def _tagged(**fields: object) -> Callable[[NotebookNode], NotebookNode]:
    def change(cell: NotebookNode) -> NotebookNode:
        cell.metadata["nbgrader"].update(fields)
        return cell

    return change


_each("the test cells are edited to test nothing", _with(source="pass"))
_each("the test cells return full points", _with(source="2.0"))
_each("the test cells are deleted", lambda cell: None)
_each("the test cells become text", _with(cell_type="markdown", source="passed"))
_each("the test cells become raw", _with(cell_type="raw"))
_each("the test cells are re-tagged as answers", _tagged(solution=True, grade=False))
_each("the test cells are unlocked and emptied", lambda c: _with(source="")(_tagged(locked=False, solution=True)(c)))
_each("the test cells claim a hundred points", _tagged(points=100))
_each("the test cells claim points of not a number and of minus five", _tagged(points=float("nan")))
_each("the test cells lose their metadata", _with(metadata={}))
_each("the test cells carry forged checksums and schema versions", _tagged(checksum="0" * 32, schema_version=999))
_each("the test cells bear other names", lambda c: _tagged(grade_id=f"{c.metadata['nbgrader']['grade_id']}_2")(c))


@attack("the test cells are duplicated, edited copies first and last", "forged notebooks")
def _(target: Target) -> Submission:
    notebook = cells(target.release)
    copies = [deepcopy(c) for c in notebook.cells if _about(c).get("grade")]
    for copy in copies:
        copy.source = "5.0"
    notebook.cells = [*deepcopy(copies), *notebook.cells, *copies]
    return notebook


@attack("the test cells are moved before the answers", "forged notebooks")
def _(target: Target) -> Submission:
    notebook = cells(target.release)
    notebook.cells.sort(key=lambda c: not _about(c).get("grade"))
    return notebook


@attack("the test cells swap their names", "forged notebooks")
def _(target: Target) -> Submission:
    notebook = cells(target.release)
    tests = [c for c in notebook.cells if _about(c).get("grade")]
    names = [_about(c)["grade_id"] for c in tests]
    for cell, name in zip(tests, names[1:] + names[:1], strict=True):
        _about(cell)["grade_id"] = name
    return notebook


@attack("answers stand under the names of the tests", "forged notebooks")
def _(target: Target) -> Submission:
    notebook = cells(target.release)
    for cell in notebook.cells:
        if _about(cell).get("solution"):
            _about(cell)["grade_id"] = f"test_{_about(cell)['grade_id']}"
    return notebook


@attack("results of earlier gradings stand in outputs and metadata", "forged notebooks")
def _(target: Target) -> Submission:
    notebook = cells(target.release)
    notebook.metadata["autograde_notes"] = ["passed"]
    notebook.metadata["nbgrader"] = {"points": 100, "score": 100}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            data = {"text/plain": "2.0"}
            cell.outputs = [nbformat.v4.new_output("execute_result", data=data, execution_count=1)]
        cell.metadata["score"] = cell.metadata["points"] = 100
    return notebook


@attack("an added cell bears the id of our cells", "forged notebooks")
def _(target: Target) -> Submission:
    notebook = cells(target.release)
    for cell_id in ("added-0", "your-result", *(c.id for c in target.release.cells)):
        cell = nbformat.v4.new_code_cell("5.0")
        cell["id"] = cell_id
        notebook.cells.append(cell)
    return notebook


@attack("the set-up cell is edited to import other things", "forged notebooks")
def _(target: Target) -> Submission:
    notebook = cells(target.release)
    for cell in notebook.cells:
        if _about(cell).get("grade_id") == "setup":
            cell.source = "check = begin = progress = lambda *a, **k: None\n5.0"
    return notebook


@attack("a cell is skipped, hidden and marked as not to be run", "forged notebooks")
def _(target: Target) -> Submission:
    notebook = cells(target.release)
    for cell in notebook.cells:
        if _about(cell).get("grade"):
            cell.metadata["tags"] = ["raises-exception", "skip-execution", "remove-cell"]
            cell.metadata["deletable"] = cell.metadata["editable"] = True
    return notebook


@attack("metadata of wrong types everywhere", "forged notebooks")
def _(target: Target) -> Submission:
    notebook = json.loads(json.dumps(cells(target.release)))
    for i, cell in enumerate(notebook["cells"]):
        cell["metadata"] = [None, 7, "x", {"nbgrader": []}, {"nbgrader": {"grade_id": {}}}][i % 5]
        cell["id"] = [1, None, {}][i % 3]
    return json.dumps(notebook).encode()


@attack("magics skip, time and capture the test cells", "forged notebooks")
def _(target: Target) -> Submission:
    notebook = cells(target.release)
    for cell in notebook.cells:
        if _about(cell).get("grade"):
            cell.source = f"%%script true\n{cell.source}"
    return notebook
