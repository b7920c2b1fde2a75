"""From a submitted notebook, however battered, to our own notebook with the student's answers in their places.

Nothing of a submission but the sources of its cells is kept: not its metadata, its outputs, its ids or attachments.
"""

from __future__ import annotations

import ast
import json
import re
import symtable
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograde.check.codec import MAX_MARKS, weight_of_json

from .handed_in import SubmissionError, read_plain_file

MAX_FILE_BYTES = 100 * 2**20
#: What is taken of a notebook: cells, and characters of one cell and of all together.
MAX_CELLS = 2000
MAX_SOURCE, MAX_TEXT = 1_000_000, 1_000_000
#: Characters of a source, and of all the student's own sources, that are parsed to see which names they use. It takes
#: up to 6 µs and 900 bytes for each, outside the sandbox; what is longer runs all the same.
MAX_PARSED, MAX_PARSED_IN_ALL = 50_000, 400_000
#: Of so many cells it is remembered which names they use: the lesson's own are in each submission.
_REMEMBERED = 256
#: How the ids of the student's own cells begin in a rebuilt notebook.
ADDED = "added-"
#: The lines of a source as Python counts them, and one that holds the released stub's statement and nothing else.
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_STUB_LINE = re.compile(
    r"(?P<indent>[ \t\f]*)raise NotImplementedError[ \t]*(?:\([ \t]*\))?[ \t]*(?:#[^\r\n]*)?(?P<end>[\r\n]*)"
)


@dataclass(frozen=True)
class Rebuilt:
    """Our notebook with the student's work in it, and what had to be mended, in words for the student."""

    notebook: NotebookNode
    notes: tuple[str, ...]


def read_submission(path: Path) -> NotebookNode:
    """Read a submitted file as a notebook of format 4. Raises ``SubmissionError``."""
    return parse_submission(read_plain_file(path, MAX_FILE_BYTES))


def parse_submission(raw: bytes) -> NotebookNode:
    """The notebook that these bytes are. Raises ``SubmissionError``.

    It takes at most about 250 MB of memory besides eight times the file's size.
    """
    if weight_of_json(raw) > MAX_MARKS:
        raise SubmissionError(
            "The file has millions of parts, more than are read. "
            "Clear the outputs (Edit, Clear Outputs of All Cells), save, and submit it again."
        )
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise SubmissionError(
            "The file is not a notebook (it is not JSON). Open it in JupyterLab, save it, and submit it again."
        ) from None
    return as_notebook(data)


def as_notebook(data: Any) -> NotebookNode:
    """The cells of a notebook of any format from 2 on, and nothing else of it. Raises ``SubmissionError``.

    nbformat's converters are not asked: they believe what a file says, and a heading of level 10⁹ has as many marks.
    """
    sheets = [data]
    if isinstance(data, dict) and isinstance(data.get("worksheets"), list):  # formats 2 and 3
        sheets += data["worksheets"]
    found = [s["cells"] for s in sheets if isinstance(s, dict) and isinstance(s.get("cells"), list)]
    if not found:
        raise SubmissionError(
            "The file is not a Jupyter notebook. Open it in JupyterLab, save it, and submit it again."
        )
    notebook: NotebookNode = nbformat.v4.new_notebook()
    notebook.cells = [c for cells in found for c in cells]
    return notebook


@dataclass
class _Cell:
    kind: str
    source: str
    grade_id: str
    cell_id: str
    taken: bool = False
    anchor: int = -1


def rebuild(submitted: NotebookNode, release: NotebookNode) -> Rebuilt:
    """Put the student's answers and own cells into a copy of the released notebook.

    An answer is found by its grade id, else by its cell id, else by the name it defines. Cells that are ours are
    taken from the release; all others stay, after the cell of ours that they followed.
    """
    ours = [_read(c) for c in release.cells]
    notes: list[str] = []
    theirs = _read_all(submitted.get("cells"), notes)
    answers: dict[int, str] = {}
    wanted = [i for i, c in enumerate(release.cells) if is_answer(c)]
    by_id = {c.grade_id for c in ours if c.grade_id}
    for i in wanted:
        source = _find_answer(ours[i], theirs, by_id, notes)
        if source is not None:
            answers[i] = source
    if theirs and not any(c.grade_id in by_id for c in theirs):
        notes.append("The notebook has lost its nbgrader metadata; the answers were found by the names they define.")
    missing = [ours[i].grade_id for i in wanted if i not in answers]
    if missing:
        notes.append(f"No answer cell was found for: {', '.join(missing)}.")
    added = _added_cells(ours, theirs)
    cells: list[NotebookNode] = [_new_cell(c, n) for n, c in enumerate(added) if c.anchor == -1]
    notebook = deepcopy(release)
    for i, mine in enumerate(notebook.cells):
        if i in answers:
            mine.source = answers[i]
        if mine.cell_type == "code":
            mine.outputs, mine.execution_count = [], None
        cells.append(mine)
        cells += [_new_cell(c, n) for n, c in enumerate(added) if c.anchor == i]
    notebook.cells = cells
    return Rebuilt(notebook, tuple(notes))


def is_answer(cell: NotebookNode) -> bool:
    """Whether a released cell is one that the student fills in."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution", False))


def is_students(cell: Mapping[str, Any]) -> bool:
    """Whether a cell of a rebuilt notebook holds what the student wrote."""
    about = cell.get("metadata", {}).get("nbgrader", {})
    return bool(about.get("solution", False)) or str(cell.get("id", "")).startswith(ADDED)


def grade_id(cell: NotebookNode) -> str:
    """The cell's nbgrader id; empty when it has none."""
    found = cell.metadata.get("nbgrader", {})
    return str(found.get("grade_id", "")) if isinstance(found, dict) else ""


def _read_all(cells: Any, notes: list[str]) -> list[_Cell]:
    """The cells that have the form of one, up to the limits on their number and their text."""
    found: list[_Cell] = []
    room = MAX_TEXT
    for cell in cells if isinstance(cells, list) else []:
        if not isinstance(cell, dict):
            continue
        if len(found) == MAX_CELLS or room <= 0:
            notes.append(f"The notebook is very long: its first {len(found)} cells were read, the others were not.")
            break
        found.append(_read(cell))
        room -= len(found[-1].source)
    return found


def _read(cell: Mapping[str, Any]) -> _Cell:
    kind, source = _text(cell.get("cell_type")), cell.get("source", cell.get("input"))
    if isinstance(source, list):
        source = "".join(s for s in source if isinstance(s, str))
    source = _text(source)[:MAX_SOURCE]
    if kind == "heading":  # of format 3
        level = cell.get("level", 1)
        kind, source = "markdown", f"{'#' * level if level in range(1, 7) else '#'} {source}"
    metadata = cell.get("metadata", {})
    nbgrader = metadata.get("nbgrader", {}) if isinstance(metadata, dict) else {}
    found = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else ""
    return _Cell(kind, source, _text(found), _text(cell.get("id")))


def _text(value: Any) -> str:
    """Text that can be written to a file: lone surrogates cannot. Empty for what is no text."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _find_answer(ours: _Cell, theirs: list[_Cell], by_id: set[str], notes: list[str]) -> str | None:
    named = [c for c in theirs if c.grade_id == ours.grade_id]
    if not named:
        named = [c for c in theirs if c.grade_id not in by_id and c.cell_id == ours.cell_id and c.cell_id]
    same_kind = [c for c in named if c.kind == ours.kind] or named
    for c in named:
        c.taken = True
    edited = [c for c in same_kind if c.source.strip() and c.source.strip() != ours.source.strip()]
    if not named and ours.kind == "code":
        free = [c for c in theirs if c.kind == "code" and not c.taken and c.grade_id not in by_id]
        edited = [c for c in free if defines(c.source, ours.grade_id)][-1:]
        for c in edited:
            c.taken = True
    defining = [c for c in edited if defines(c.source, ours.grade_id)]
    if defining and ours.kind == "code":
        for c in edited:
            if c not in defining:  # a copy of the answer's cell, made into something else
                c.taken, c.grade_id = False, ""
        edited = defining
    if len(edited) > 1:
        notes.append(f"{len(edited)} cells carry the id {ours.grade_id}; the last one was graded.")
    chosen = edited or same_kind
    return chosen[-1].source if chosen else None


def defines(source: str, name: str) -> bool:
    """Whether a cell's source defines a function or a variable of this name at its top level."""
    return re.search(rf"^(?:async\s+)?(?:def|class)\s+{name}\b|^{name}\s*(?::[^=\n]+)?=[^=]", source, re.M) is not None


def _added_cells(ours: list[_Cell], theirs: list[_Cell]) -> list[_Cell]:
    """The student's own cells, each with the index of our cell that it follows (-1: before all of them)."""
    by_grade_id = {c.grade_id: i for i, c in enumerate(ours) if c.grade_id}
    by_source = {c.source.strip(): i for i, c in reversed(list(enumerate(ours)))}
    by_name = [(c.grade_id, i) for i, c in enumerate(ours) if c.grade_id and c.kind == "code"]
    anchor, added = -1, []
    for c in theirs:
        if c.grade_id in by_grade_id:
            anchor = max(anchor, by_grade_id[c.grade_id])
            continue
        at = by_source.get(c.source.strip())
        if at is not None:
            anchor = max(anchor, at)
            continue
        if c.taken:
            places = [i for name, i in by_name if defines(c.source, name)] or [anchor]
            anchor = max(anchor, places[0])
            continue
        if c.kind in ("code", "markdown") and c.source.strip():
            c.anchor = anchor
            added.append(c)
    return added


def _new_cell(cell: _Cell, number: int) -> NotebookNode:
    about: dict[str, Any] = {"id": f"{ADDED}{number}", "metadata": {}, "source": cell.source, "cell_type": "markdown"}
    if cell.kind == "code":
        about |= {"cell_type": "code", "execution_count": None, "outputs": []}
    made: NotebookNode = nbformat.from_dict(about)
    return made


def strip_leftover_raise(source: str, name: str) -> tuple[str, bool]:
    """Take out a left-over ``raise NotImplementedError()`` from under the code of an answer.

    Only the statement that the released stub holds is taken, only in the body of the function ``name`` or at the
    top level, and only when the function holds other code. Returns the source and whether something was taken.
    """
    tree = _parsed(source)
    if tree is None:
        return source, False
    bodies: list[list[ast.stmt]] = [tree.body]
    bodies += [n.body for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name]
    found = []
    for body in bodies:
        real = [s for s in body if not _is_stub_raise(s) and not _is_docstring(s) and not isinstance(s, ast.Pass)]
        if real:
            found += [s for s in body if _is_stub_raise(s)]
    lines = _LINES.findall(source)
    taken = False
    for statement in found:
        row = statement.lineno - 1
        match = _STUB_LINE.fullmatch(lines[row])
        if match:
            lines[row] = f"{match['indent']}pass  # a left-over line was here{match['end']}"
            taken = True
    return "".join(lines), taken


def _parsed(source: str) -> ast.Module | None:
    """The source as a syntax tree; None when it has no syntax or is too long."""
    try:
        return ast.parse(source) if len(source) <= MAX_PARSED else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_stub_raise(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Raise):
        return False
    error = statement.exc
    if isinstance(error, ast.Call) and not error.args and not error.keywords:
        error = error.func
    return isinstance(error, ast.Name) and error.id == "NotImplementedError"


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


@lru_cache(_REMEMBERED)
def names_used(source: str) -> frozenset[str]:
    """The names a cell looks up outside its functions' own variables; empty when it cannot be parsed."""
    if len(source) > MAX_PARSED:
        return frozenset()
    try:
        scopes = [symtable.symtable(source, "<cell>", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    used: set[str] = set()
    while scopes:
        scope = scopes.pop()
        scopes += scope.get_children()
        top = scope.get_type() == "module"
        used |= {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (top or s.is_global())}
    return frozenset(used)


@lru_cache(_REMEMBERED)
def names_bound(source: str) -> frozenset[str]:
    """The names a cell binds at its top level, imports, functions and classes included."""
    tree = _parsed(source)
    if tree is None:
        return frozenset()
    bound: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {(a.asname or a.name).split(".")[0] for a in node.names}
        else:
            bound |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return frozenset(bound)


def cells_to_run(notebook: NotebookNode, release: NotebookNode, *, whole: bool = False) -> list[int]:
    """Which cells of a rebuilt notebook run: the set-up, answers, the student's own, and what those need of ours.

    An empty or untouched answer cell does not run: it would only raise, or undo an answer that stands elsewhere.
    A locked experiment runs when a cell that runs uses a name that no other such cell binds but the experiment does;
    all of them run with ``whole``.
    """
    stubs = {grade_id(c): c.source.strip() for c in release.cells if is_answer(c)}
    run: set[int] = set()
    for i, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        gid = grade_id(cell)
        if is_answer(cell):
            if cell.source.strip() not in ("", stubs.get(gid)):
                run.add(i)
        elif gid == "setup" or str(cell.get("id", "")).startswith(ADDED):
            run.add(i)
    experiments = [i for i in find_experiments(notebook) if i not in run]
    if whole:
        return sorted(run.union(experiments))
    room = MAX_PARSED_IN_ALL
    used_by: dict[int, frozenset[str]] = {}
    bound: dict[int, frozenset[str]] = {}
    for i in (*experiments, *sorted(run)):
        source = notebook.cells[i].source
        room -= len(source)
        used_by[i], bound[i] = (names_used(source), names_bound(source)) if room > 0 else (frozenset(), frozenset())
    while True:
        used = frozenset().union(*(used_by[i] for i in run))
        have = frozenset().union(*(bound[i] for i in run))
        needed = [i for i in experiments if i not in run and bound[i] & (used - have)]
        if not needed:
            return sorted(run)
        run.update(needed)


def find_experiments(notebook: NotebookNode) -> list[int]:
    """The lesson's own code cells, set-up and tests aside."""
    return [
        i
        for i, c in enumerate(notebook.cells)
        if c.cell_type == "code" and not (is_students(c) or _is_test(c) or grade_id(c) == "setup")
    ]


def _is_test(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("grade", False))


def sources_of(notebook: NotebookNode, names: Iterable[str]) -> dict[str, str]:
    """The source of the answer cell of each exercise."""
    wanted = set(names)
    return {grade_id(c): c.source for c in notebook.cells if is_answer(c) and grade_id(c) in wanted}
