"""Every way in which a submission comes back battered, put together again."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograde.grading.rebuild import (
    SubmissionError,
    as_notebook,
    cells_to_run,
    grade_id,
    read_submission,
    rebuild,
    strip_leftover_raise,
)

STUB = 'def {0}(z):\n    """Doc."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
RIGHT = 'def {0}(z):\n    """Doc."""\n    return abs(z)'


def _meta(name: str, **flags: object) -> NotebookNode:
    base = {"grade": False, "grade_id": name, "locked": True, "schema_version": 3, "solution": False, "task": False}
    return nbformat.from_dict({"nbgrader": base | flags})


def _cell(name: str, source: str, **flags: object) -> NotebookNode:
    return nbformat.v4.new_code_cell(source, id=name, metadata=_meta(name, **flags))


@pytest.fixture
def release() -> NotebookNode:
    cells = [
        nbformat.v4.new_markdown_cell("# Do something", id="title"),
        _cell("setup", "import numpy as np"),
        _cell("f", STUB.format("f"), locked=False, solution=True),
        _cell("test_f", "check(f)", grade=True, points=2),
        _cell("experiment", "base = 3\nprint(base)"),
        _cell("g", STUB.format("g"), locked=False, solution=True),
        _cell("test_g", "check(g)", grade=True, points=1),
        nbformat.v4.new_code_cell("scratch = 1", id="playground"),
    ]
    return nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )


def _answered(release: NotebookNode) -> NotebookNode:
    notebook = deepcopy(release)
    for cell in notebook.cells:
        if grade_id(cell) in ("f", "g"):
            cell.source = RIGHT.format(grade_id(cell))
    return notebook


def _by_id(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(c for c in notebook.cells if grade_id(c) == name)


def _sources_run(notebook: NotebookNode, release: NotebookNode) -> list[str]:
    return [notebook.cells[i].source for i in cells_to_run(notebook, release)]


def test_an_honest_submission_comes_through(release: NotebookNode) -> None:
    rebuilt = rebuild(_answered(release), release)
    assert rebuilt.notes == ()
    assert [c.source for c in rebuilt.notebook.cells] == [c.source for c in _answered(release).cells]
    assert _sources_run(rebuilt.notebook, release) == ["import numpy as np", RIGHT.format("f"), RIGHT.format("g")]


def test_an_untouched_answer_does_not_run(release: NotebookNode) -> None:
    rebuilt = rebuild(release, release)
    assert _sources_run(rebuilt.notebook, release) == ["import numpy as np"]


def _lose_nbgrader(notebook: NotebookNode) -> None:
    for i, cell in enumerate(notebook.cells):
        cell.metadata, cell.id = nbformat.from_dict({}), f"c{i}"


def _forge_points(notebook: NotebookNode) -> None:
    _by_id(notebook, "test_f").metadata.nbgrader.points = 1000
    _by_id(notebook, "test_f").source = "100.0"


def _delete_tests(notebook: NotebookNode) -> None:
    notebook.cells = [c for c in notebook.cells if not grade_id(c).startswith("test_")]


def _reverse(notebook: NotebookNode) -> None:
    notebook.cells.reverse()


def _copy_stub_below(notebook: NotebookNode) -> None:
    notebook.cells.append(_cell("f", STUB.format("f"), locked=False, solution=True))


def _metadata_of_wrong_types(notebook: NotebookNode) -> None:
    notebook.cells.append(nbformat.from_dict({"cell_type": "code", "source": 7, "metadata": [], "outputs": "x"}))
    notebook.cells.append(nbformat.from_dict({"cell_type": 3, "source": ["a", 4], "metadata": {"nbgrader": "x"}}))


@pytest.mark.parametrize(
    "batter",
    [_lose_nbgrader, _forge_points, _delete_tests, _reverse, _copy_stub_below, _metadata_of_wrong_types],
)
def test_a_battered_submission_keeps_its_answers(release: NotebookNode, batter: Callable[[NotebookNode], None]) -> None:
    notebook = _answered(release)
    batter(notebook)
    rebuilt = rebuild(notebook, release).notebook
    for name in ("f", "g"):
        assert _by_id(rebuilt, name).source == RIGHT.format(name)
    for name in ("setup", "test_f", "test_g", "experiment"):
        assert _by_id(rebuilt, name) == _by_id(release, name)
    ids = [c.id for c in rebuilt.cells]
    assert len(ids) == len(set(ids))
    nbformat.validate(rebuilt)


def test_a_deleted_answer_is_named(release: NotebookNode) -> None:
    notebook = _answered(release)
    notebook.cells = [c for c in notebook.cells if grade_id(c) != "g"]
    rebuilt = rebuild(notebook, release)
    assert "No answer cell was found for: g." in rebuilt.notes
    assert _by_id(rebuilt.notebook, "g").source == STUB.format("g")


def test_of_two_edited_copies_the_last_is_taken(release: NotebookNode) -> None:
    notebook = _answered(release)
    notebook.cells.append(_cell("f", "def f(z):\n    return 2", locked=False, solution=True))
    rebuilt = rebuild(notebook, release)
    assert _by_id(rebuilt.notebook, "f").source == "def f(z):\n    return 2"
    assert any("2 cells carry the id f" in n for n in rebuilt.notes)


def test_a_copied_cell_that_became_a_helper_is_no_answer(release: NotebookNode) -> None:
    # The copy in JupyterLab keeps the metadata of the cell.
    notebook = _answered(release)
    place = notebook.cells.index(_by_id(notebook, "f"))
    helper = "def helper(z):\n    return abs(z)"
    notebook.cells.insert(place + 1, _cell("f", helper, locked=False, solution=True))
    rebuilt = rebuild(notebook, release).notebook
    assert _by_id(rebuilt, "f").source == RIGHT.format("f")
    assert _sources_run(rebuilt, release)[1:3] == [RIGHT.format("f"), helper]
    assert rebuild(rebuilt, release).notebook == rebuilt


def test_an_answer_in_a_cell_of_its_own_is_not_undone_by_the_stub(release: NotebookNode) -> None:
    notebook = deepcopy(release)
    notebook.cells.insert(1, nbformat.v4.new_code_cell(RIGHT.format("f")))
    rebuilt = rebuild(notebook, release).notebook
    assert _sources_run(rebuilt, release) == [RIGHT.format("f"), "import numpy as np"]


def test_own_cells_stay_in_their_places(release: NotebookNode) -> None:
    notebook = _answered(release)
    notebook.cells.insert(2, nbformat.v4.new_code_cell("helper = 5"))
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("My name"))
    rebuilt = rebuild(notebook, release).notebook
    assert [c.source for c in rebuilt.cells][:4] == ["My name", "# Do something", "import numpy as np", "helper = 5"]
    assert "helper = 5" in _sources_run(rebuilt, release)


def test_an_experiment_runs_only_when_an_answer_needs_it(release: NotebookNode) -> None:
    notebook = _answered(release)
    _by_id(notebook, "g").source = "def g(z):\n    return base * z"
    rebuilt = rebuild(notebook, release).notebook
    assert "base = 3\nprint(base)" in _sources_run(rebuilt, release)


def test_a_functions_own_variable_needs_no_experiment(release: NotebookNode) -> None:
    notebook = _answered(release)
    _by_id(notebook, "g").source = "def g(z):\n    base = z\n    return [base for base in base]"
    rebuilt = rebuild(notebook, release).notebook
    assert "base = 3\nprint(base)" not in _sources_run(rebuilt, release)


def test_rebuilding_twice_changes_nothing(release: NotebookNode) -> None:
    notebook = _answered(release)
    notebook.cells.insert(2, nbformat.v4.new_code_cell("helper = 5"))
    once = rebuild(notebook, release).notebook
    assert rebuild(once, release).notebook == once


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(z):\n    y = abs(z)\n    raise NotImplementedError()\n    return y", "y = abs(z)\n    pass"),
        ("def f(z):\n    return abs(z)\nraise NotImplementedError()", "return abs(z)\npass"),
        ("def f(z):\n    return abs(z)\n    # YOUR CODE HERE\n    raise NotImplementedError()", "HERE\n    pass"),
        ("def f(z):\n    y = abs(z)\n    raise NotImplementedError\n    return y", "y = abs(z)\n    pass"),
        # For Python, none of these is the end of a line.
        ("def f(z):\n    y = '\u2028\x0c\x1c'\n    raise NotImplementedError()\n    return y", "'\n    pass"),
        ("def f(z):\r    y = abs(z)\r    raise NotImplementedError()  # later\r    return y", "y = abs(z)\r    pass"),
    ],
)
def test_a_left_over_raise_is_taken_out(source: str, expected: str) -> None:
    mended, found = strip_leftover_raise(source, "f")
    assert found
    assert expected in mended
    assert "NotImplementedError" not in mended


@pytest.mark.parametrize(
    "source",
    [
        STUB.format("f"),
        "def f(z):\n    if z is None:\n        raise NotImplementedError()\n    return z",
        "def f(z):\n    y = z\n    raise NotImplementedError('later')",
        "class A:\n    def m(self):\n        raise NotImplementedError()\n\ndef f(z):\n    return z",
        "def f(z:\n    return",
        "def f(z):\n    raise NotImplementedError(); return abs(z)",
        "def f(z): y = z; raise NotImplementedError()",
    ],
)
def test_any_other_raise_is_left_alone(source: str) -> None:
    assert strip_leftover_raise(source, "f") == (source, False)


@pytest.mark.parametrize(
    "content",
    [b"", b"This is not a notebook.", b"[1, 2]", b'{"cells": 3}', b'{"a": 1}', b"[" * 100_000, b"\xff\xfe\x00"],
)
def test_what_is_no_notebook_is_refused_with_the_cure(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.ipynb"
    path.write_bytes(content)
    with pytest.raises(SubmissionError, match="submit it again"):
        read_submission(path)


def test_an_old_notebook_is_read(release: NotebookNode, tmp_path: Path) -> None:
    old = nbformat.convert(_answered(release), 3)
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps(old))
    rebuilt = rebuild(read_submission(path), release).notebook
    assert _by_id(rebuilt, "f").source == RIGHT.format("f")
    assert as_notebook({"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}).cells == []
