"""The notebook reader: any file is refused in words, or becomes our own notebook with sources of the student's in it."""

from __future__ import annotations

import json
import tempfile
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from hypothesis import strategies as st
from nbformat import NotebookNode

from autograde.grading import rebuild as reading
from autograde.grading.handed_in import SubmissionError
from autograde.grading.rebuild import ADDED, cells_to_run, is_answer, read_submission, rebuild

from .mutate import damage, damaged, edited, edits, written
from .registry import bounded, target

ROOT = Path(__file__).resolve().parents[2]
#: Memory and processor time that reading and rebuilding may take: for a byte of input, and besides (the syntax tree of
#: a cell as long as is parsed takes most of it).
BYTES_PER_BYTE, BYTES_BESIDES = 120, 64 * 2**20
SECONDS_PER_BYTE, SECONDS_BESIDES = 3e-5, 4.0
STUB = 'def {0}(z):\n    """Doc."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'


@cache
def small_release() -> NotebookNode:
    """A released notebook of a few cells."""

    def cell(name: str, source: str, **flags: object) -> NotebookNode:
        base = {"grade": False, "grade_id": name, "locked": True, "schema_version": 3, "solution": False, "task": False}
        return nbformat.v4.new_code_cell(source, id=name, metadata={"nbgrader": base | flags})

    cells = [nbformat.v4.new_markdown_cell("# Do something", id="title"), cell("setup", "import numpy as np")]
    for name in ("f", "g"):
        cells.append(cell(name, STUB.format(name), locked=False, solution=True))
        cells.append(cell(f"test_{name}", f"check({name})", grade=True, points=2))
    cells += [cell("experiment", "base = 3\nprint(base)"), nbformat.v4.new_code_cell("scratch = 1", id="playground")]
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python"}})


@cache
def real_release() -> NotebookNode:
    """The released notebook of the first lesson."""
    return nbformat.read(ROOT / "notebooks" / "00-start-here" / "00-start-here.ipynb", as_version=4)


@cache
def forms(real: bool) -> list[Any]:
    """A release with answers in it, as JSON of the formats that students' tools write."""
    release = real_release() if real else small_release()
    answered = deepcopy(release)
    for cell in answered.cells:
        if is_answer(cell):
            cell.source = cell.source.replace("raise NotImplementedError()", "return z + base")
    answered.cells.insert(3, nbformat.v4.new_code_cell("helper = 5", id="mine", outputs=[]))
    answered.cells[3].outputs = [nbformat.v4.new_output("stream", text="hello\n")]
    bare = deepcopy(answered)
    for cell in bare.cells:
        cell.metadata = NotebookNode()
    lines = json.loads(nbformat.writes(answered))
    return [json.loads(json.dumps(n)) for n in (answered, lines, bare, nbformat.convert(deepcopy(answered), 3))]


#: Long sources, by a name that stands for them in the inputs of an example.
LONG = {
    "(too long)": "x" * (reading.MAX_PARSED + 1),
    "(statements)": "a;" * (reading.MAX_PARSED // 2),
    "(functions)": "def f(z):\n    pass\n" * 2000,
    "(words)": "async\t" * 20_000,
    "(blanks)": "f" + " " * 50_000 + "+",
    "(brackets)": "(" * 3000,
    "(signs)": "-" * 40_000 + "1",
    "(dots)": "a" + ".b" * 20_000,
    "(sums)": "a+" * 20_000 + "a",
}
#: Sources that a reader may stumble over.
sources = st.sampled_from(
    [
        *(
            "",
            "\0",
            "\ud800",
            "x = 1\x0cy = 2",
            "def f(z):\r    raise NotImplementedError()\r    return z",
            "\u2028" * 5,
        ),
        *("%%bash\nls", "!ls", "f = g = lambda z: z", "def f(z:\n", "f" + "\n" * 99),
        *("class f: pass", "async def f(z): pass", "def f(z):\n raise NotImplementedError(); return 1", "f: int = 3"),
        *("base = 7", "from x import *", "check(f)", "import numpy as np", "# Do something", "scratch = 1", "del base"),
        *LONG,
    ]
)
own_cells = st.lists(
    st.tuples(
        st.integers(0, 2**10),
        sources | st.text(max_size=30),
        st.sampled_from(["code", "code", "markdown", "raw", "heading", "", 3, None]),
        st.sampled_from(["", "f", "test_f", "setup", "experiment", f"{ADDED}0", "\ud800", 7, None, ["f"]]),
    ),
    max_size=4,
)
#: Which release, in which form; cells added; edits; the number of the format; damage.
submissions = st.tuples(
    st.booleans(),
    st.integers(0, 3),
    own_cells,
    edits | st.just([]),
    st.sampled_from([None] * 6 + [2, 3, 4, 4.0, 5, "4", 10**9]),
    damage | st.just({}),
)


def submitted(drawn: tuple[Any, ...]) -> tuple[bytes, NotebookNode]:
    """The bytes that are handed in, and the release that they are an answer to."""
    real, form, added, changes, number, how = drawn
    data = deepcopy(forms(real)[form])
    cells = data["cells"] if "cells" in data else data["worksheets"][0]["cells"]
    for place, source, kind, name in added:
        cell = {
            "cell_type": kind,
            "source": LONG.get(source, source),
            "metadata": {"nbgrader": {"grade_id": name}},
            "id": name,
        }
        cells.insert(place % (len(cells) + 1), cell)
    if number is not None:
        data["nbformat"] = number
    if changes:
        data = edited(data, changes)
    return damaged(written(data), how), real_release() if real else small_release()


def read_and_rebuild(raw: bytes, release: NotebookNode) -> NotebookNode | None:
    """What becomes of a file: a sound notebook, or None when it is refused in words."""
    with tempfile.NamedTemporaryFile(suffix=".ipynb") as file:
        path = Path(file.name)
        path.write_bytes(raw)
        memory, seconds = BYTES_PER_BYTE * len(raw) + BYTES_BESIDES, SECONDS_PER_BYTE * len(raw) + SECONDS_BESIDES
        with bounded(seconds=seconds, memory=memory):
            try:
                notebook = read_submission(path)
            except SubmissionError as error:
                assert "submit it again" in str(error)
                return None
            made = rebuild(notebook, release)
            run = cells_to_run(made.notebook, release)
    sound(made.notebook, release, run)
    assert all(type(n) is str and n.endswith(".") for n in made.notes)
    return made.notebook


def sound(notebook: NotebookNode, release: NotebookNode, run: list[int]) -> None:
    """Fails when a rebuilt notebook is not ours in all but the sources of answers and added cells."""
    nbformat.validate(notebook)
    text = nbformat.writes(notebook).encode("utf-8")
    assert nbformat.reads(text.decode("utf-8"), as_version=4) == notebook
    ours = [c for c in notebook.cells if not c.id.startswith(ADDED)]
    assert len(ours) == len(release.cells)
    for mine, released in zip(ours, release.cells, strict=True):
        # Byte for byte: the source but of answers, the metadata with the points of all.
        left_out = {"source"} if is_answer(released) else set()
        assert _bytes(mine, left_out) == _bytes(released, left_out)
    assert {k: v for k, v in notebook.items() if k != "cells"} == {k: v for k, v in release.items() if k != "cells"}
    for cell in notebook.cells:
        assert len(cell.source) <= reading.MAX_SOURCE
        if cell.id.startswith(ADDED):
            assert cell.cell_type in ("code", "markdown")
            assert dict(cell.metadata) == {}
            assert not cell.get("outputs")
    ids = [c.id for c in notebook.cells]
    assert len(ids) == len(set(ids)) <= len(release.cells) + reading.MAX_CELLS
    for i in run:
        cell = notebook.cells[i]
        assert cell.cell_type == "code"
        assert not cell.metadata.get("nbgrader", {}).get("grade"), "a test cell would run"
        assert cell.source.strip()
    # Grading it again, as the formgrader may, sees the same notebook.
    assert rebuild(notebook, release).notebook == notebook


def _bytes(cell: NotebookNode, without: set[str]) -> bytes:
    kept = {k: v for k, v in cell.items() if k not in {"outputs", "execution_count"} | without}
    return json.dumps(kept, sort_keys=True).encode()


@target("notebook: a submission, edited and damaged", submissions, in_suite=150)
def a_submission(drawn: tuple[Any, ...]) -> None:
    raw, release = submitted(drawn)
    read_and_rebuild(raw, release)


@target(
    "notebook: any bytes",
    st.binary(max_size=100) | st.text('[]{}",: cellsworkshtn0123', max_size=60).map(str.encode),
    in_suite=100,
    examples=(
        b'{"worksheets": []}',  # a notebook of format 4 without cells: AttributeError, and the batch ended
        b'{"cells": [{"cell_type": "code", "source": "\\ud800"}]}',  # could not be written as UTF-8
        # nbformat's converter made a heading of 300 MB of it.
        b'{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "heading", "level": 300000000, "source": "x"}]}]}',
        b"[" * 10**6,
        b'{"cells":' * 10**5,
        b'{"cells":[' + b"[]," * 10**6 + b"[]]}",
        b'{"cells":[' + b"{}," * 10**6 + b"{}]}",
    ),
)
def any_bytes(raw: bytes) -> None:
    read_and_rebuild(raw, small_release())
