"""What is shown of a submission is harmless and bounded, and the names on the formgrader's page are text."""

from __future__ import annotations

import nbformat
import pytest
from nbformat import NotebookNode

from autograde.grading.pages import (
    MOST_CODE,
    MOST_CODES,
    MOST_OUTPUTS,
    MOST_PUT_OUT,
    MOST_TEXTS,
    MOST_WRITTEN,
    StudentsRenderer,
    TamePage,
    harmless,
    is_plain,
    students_html,
)


def _tamed(*cells: NotebookNode) -> NotebookNode:
    for number, cell in enumerate(cells):
        cell["id"] = f"added-{number}"
    notebook, _ = TamePage().preprocess(nbformat.v4.new_notebook(cells=list(cells)), {})
    return notebook


def test_a_short_notebook_is_shown_as_it_is() -> None:
    output = nbformat.v4.new_output("stream", text="\x1b[31mred\x1b[0m")
    notebook = _tamed(nbformat.v4.new_markdown_cell("*text*"), nbformat.v4.new_code_cell("x", outputs=[output]))
    assert [c.source for c in notebook.cells] == ["*text*", "x"]
    assert not notebook.cells[0].metadata["autograde_as_written"]
    assert notebook.cells[1].outputs[0].text == "\x1b[31mred\x1b[0m"


def test_texts_beyond_the_total_are_shown_as_they_were_written() -> None:
    notebook = _tamed(*(nbformat.v4.new_markdown_cell("x" * (MOST_TEXTS // 8)) for _ in range(10)))
    assert [c.metadata["autograde_as_written"] for c in notebook.cells] == [False] * 8 + [True] * 2


def test_sources_beyond_the_total_are_not_shown() -> None:
    notebook = _tamed(*(nbformat.v4.new_code_cell("x" * (MOST_WRITTEN // 2)) for _ in range(3)))
    assert len(notebook.cells[1].source) == MOST_WRITTEN // 2
    assert notebook.cells[2].source.startswith("(not shown")


def test_outputs_beyond_the_total_are_cut_and_then_not_shown() -> None:
    def cell(*texts: str) -> NotebookNode:
        return nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("stream", text=t) for t in texts])

    notebook = _tamed(cell("a" * MOST_PUT_OUT, "b"), cell(*["c"] * MOST_OUTPUTS))
    first, second = notebook.cells[0].outputs
    assert first.text == "a" * MOST_PUT_OUT
    assert second.text.startswith("\n(not shown")
    assert notebook.cells[1].outputs == []


def test_too_many_colours_are_taken_away() -> None:
    output = nbformat.v4.new_output("display_data", data={"text/plain": "\x1b[31mx\x1b[0m" * 10_000})
    notebook = _tamed(nbformat.v4.new_code_cell("x", outputs=[output]))
    assert notebook.cells[0].outputs[0].data["text/plain"] == "x" * 10_000


@pytest.mark.parametrize("text", ["\x1b[38mx", "\x1b[1;48mx\x1b[0m", "\x1b[31;038mx"])
def test_a_colour_that_ends_too_early_is_taken_away(text: str) -> None:
    """nbconvert raises an error for it, and no student of the class gets a page."""
    output = nbformat.v4.new_output("stream", text=text)
    notebook = _tamed(nbformat.v4.new_code_cell("x", outputs=[output]))
    assert notebook.cells[0].outputs[0].text == "x"


def test_a_colour_of_256_that_looks_like_it_stays() -> None:
    output = nbformat.v4.new_output("stream", text="\x1b[38;5;38mx")
    notebook = _tamed(nbformat.v4.new_code_cell("x", outputs=[output]))
    assert notebook.cells[0].outputs[0].text == "\x1b[38;5;38mx"


@pytest.mark.parametrize(
    ("code", "plain"),
    [
        ("x = 1\n" * 100, False),
        ("# " + "=" * 90 + "\n" + "-" * 79, False),
        ("ab " * (MOST_CODE // 3 + 1), True),
        ("x\n" + " \n" * 60 + "y", True),
        ("'%" + "0" * 100 + "'", True),
    ],
)
def test_code_that_is_slow_to_colour_is_shown_plain(code: str, plain: bool) -> None:
    """nbconvert takes the language of a cell from its metadata, so nbgrader's pages are spared as well."""
    notebook = _tamed(nbformat.v4.new_code_cell(code))
    assert is_plain(notebook.cells[0]) == plain
    assert (notebook.cells[0].metadata.get("magics_language") == "text") == plain


def test_code_beyond_the_total_is_shown_plain() -> None:
    source = "ab = 1\n" * (MOST_CODE // 7)
    notebook = _tamed(*(nbformat.v4.new_code_cell(source) for _ in range(10)))
    plain = [is_plain(c) for c in notebook.cells]
    assert plain == sorted(plain) and plain.count(False) == MOST_CODES // len(source)


def test_code_in_a_text_is_coloured_for_python_alone() -> None:
    def shown(language: str, code: str) -> str:
        return students_html(f"```{language}\n{code}\n```", StudentsRenderer(escape=False))

    assert '<span class="k">def</span>' in shown("python", "def f(): pass")
    assert "<span" not in shown("perl6", "def f(): pass")
    assert "<span" not in shown("mermaid", "def <b>f(): pass") and "&lt;b&gt;" in shown("mermaid", "def <b>f(): pass")
    assert "<span" not in shown("python", "x\n" + " \n" * 100 + "y")


@pytest.mark.parametrize("name", ["student", "first_name", "last_name", "notebook_path"])
def test_names_are_text(name: str) -> None:
    _, resources = TamePage().preprocess(nbformat.v4.new_notebook(), {name: '"><script>x</script>', "total": 1})
    assert resources == {name: "&quot;&gt;&lt;script&gt;x&lt;/script&gt;", "total": 1}


def test_html_is_cut_down_to_what_is_known_to_be_harmless() -> None:
    page = harmless('<p onclick="x">a <a href="javascript:x">b</a> <script>c</script></p>')
    assert page == "<p>a <a>b</a> &lt;script&gt;c&lt;/script&gt;</p>"
