"""Student text on the pages that people read: feedback, and the formgrader.

nbconvert shows Markdown with the HTML in it as it stands, so a student's text could run code in the grader's browser.
``nbgrader_config.py`` puts ``markdown2html`` in the place of nbconvert's filter of that name, and ``TamePage`` before
the templates; both serve nbgrader's feedback and its formgrader alike. The page of ``feedback_page`` keeps to the same
bounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Any

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from nbconvert.filters.ansi import ansi2html, strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from .rebuild import is_students

#: What Markdown itself makes, and what students write to the same end. No pictures: one fetched from elsewhere tells
#: its owner who reads the page and when.
_TAGS = {"a", "b", "blockquote", "br", "code", "del", "details", "div", "em", "hr", "i", "li", "ol", "p", "pre", "s"}
_TAGS |= {"h1", "h2", "h3", "h4", "h5", "h6", "table", "tbody", "td", "th", "thead", "tr"}
_TAGS |= {"span", "strong", "sub", "summary", "sup", "u", "ul"}
#: Longer text of a student is shown as it was written: some Markdown takes time in the square of its length.
MOST_TEXT = 10_000
#: What is rendered of all of a student's texts together, in characters; the rest is shown as it was written.
MOST_TEXTS = 50_000
#: What is shown of all that a student wrote, in characters: nbconvert makes some twelve of each, and parses them again.
MOST_WRITTEN = 200_000
#: What is shown of all that was put out: characters, outputs, and changes of colour.
MOST_PUT_OUT, MOST_OUTPUTS, MOST_COLOURS = 1_000_000, 2_000, 5_000
#: What is coloured of one cell's code and of all, in characters. Pygments takes time in the square of its length for
#: some code, above all where one character or a blank comes again and again.
MOST_CODE, MOST_CODES = 10_000, 50_000
_LONG_RUN = re.compile(r"\s{100}|(.)\1{99}")
#: The languages that code in a student's text may claim; the grammars of some others take minutes for a few lines.
_PYTHON = {"py", "python", "python3", "ipython", "ipython3"}
_AS_WRITTEN = "autograde_as_written"
#: nbconvert's own key for the language of a cell, and the one that has no grammar.
_LANGUAGE, _PLAIN = "magics_language", "text"
#: The classes of highlighted code; others could dress a text up as a part of the page.
_CODE_CLASS = re.compile(r"highlight|hll|[a-z]{1,2}\d?")
_STYLES = CSSSanitizer(allowed_css_properties=["text-align"])


class StudentsRenderer(IPythonRenderer):
    """Shows the description of a picture in the place of the picture: attachments do not survive the rebuilding."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """The description alone."""
        return escape(f"({text or 'a picture'})")

    def block_code(self, code: str, info: str | None = None) -> str:
        """Colour Python, if that is quick; leave all else as it is."""
        language = next(iter((info or "").split()), "")
        return str(super().block_code(code, "python" if language in _PYTHON and is_quick_to_colour(code) else None))


class TamePage(Preprocessor):
    """Bounds what a page costs to make and to read, and makes the names on it harmless.

    nbgrader's formgrader writes the names of students and their folders into its page as they are.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Escape the names, mark the texts that are not to be rendered, and cut what is shown."""
        for name in ("student", "first_name", "last_name", "notebook_path"):
            if isinstance(resources.get(name), str):
                resources[name] = escape(resources[name])
        tame_cells(nb.cells)
        return nb, resources


def tame_cells(cells: Iterable[NotebookNode]) -> None:
    """Cut in place what is shown of these cells, and mark the texts and the code that are shown as they were written.

    ``is_plain`` tells which code that is, ``students_html`` shows the texts.
    """
    cells = list(cells)
    _tame_sources(cells)
    _tame_outputs(cells)


def is_plain(cell: NotebookNode) -> bool:
    """Whether the code of a cell is shown without colours."""
    return bool(cell.metadata.get(_LANGUAGE) == _PLAIN)


def is_quick_to_colour(code: str) -> bool:
    """Whether Pygments colours this Python code in a time that can be waited for."""
    return len(code) <= MOST_CODE and not _LONG_RUN.search(code)


def _tame_sources(cells: list[NotebookNode]) -> None:
    written = rendered = coloured = 0
    for cell in filter(is_students, cells):
        written += len(cell.source)
        if written > MOST_WRITTEN:
            cell.source = "(not shown: the notebook holds too much text)"
        elif cell.cell_type == "markdown":
            rendered += len(cell.source)
            cell.metadata[_AS_WRITTEN] = len(cell.source) > MOST_TEXT or rendered > MOST_TEXTS
        else:
            coloured += len(cell.source)
            if coloured > MOST_CODES or not is_quick_to_colour(cell.source):
                cell.metadata[_LANGUAGE] = _PLAIN


def _tame_outputs(cells: list[NotebookNode]) -> None:
    number = put_out = colours = 0
    for cell in cells:
        outputs = cell.get("outputs", [])
        number += len(outputs)
        if number > MOST_OUTPUTS:
            outputs = cell.outputs = []
        for output in outputs:
            holder, kind = (output, "text") if "text" in output else (output.get("data", {}), "text/plain")
            text = holder.get(kind, "")
            left = max(0, MOST_PUT_OUT - put_out)
            put_out += len(text)
            colours += text.count("\x1b")
            if len(text) > left:
                holder[kind] = text = f"{text[:left]}\n(not shown: the notebook puts out too much)"
            # nbconvert takes time in the square of their number
            if colours > MOST_COLOURS or _has_broken_colour(text):
                holder[kind] = strip_ansi(text)  # type: ignore[no-untyped-call]


def _has_broken_colour(text: str) -> bool:
    """Whether a colour's code ends before it says which: nbconvert raises an error for such."""
    if not re.search(r"[34]8m", text):
        return False
    try:
        ansi2html(text)  # type: ignore[no-untyped-call]
    except IndexError:
        return True
    return False


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """Render a cell's Markdown as nbconvert does; what a student wrote is then cut down to harmless HTML."""
    cell = context.get("cell", {})
    if is_students(cell):
        as_written = bool(cell.get("metadata", {}).get(_AS_WRITTEN))
        return students_html(source, StudentsRenderer(escape=False), as_written=as_written)
    renderer = IPythonRenderer(escape=False, attachments=cell.get("attachments", {}))
    return str(MarkdownWithMath(renderer=renderer).render(source))


def is_as_written(cell: NotebookNode) -> bool:
    """Whether a student's text is shown as it was written, by ``tame_cells``."""
    return bool(cell.metadata.get(_AS_WRITTEN))


def students_html(source: str, renderer: StudentsRenderer, *, as_written: bool = False) -> str:
    """A student's Markdown as harmless HTML; as it was written where it is too long, or where that is asked for."""
    if as_written or len(source) > MOST_TEXT:
        return f"<pre>{escape(source)}</pre>"
    return harmless(str(MarkdownWithMath(renderer=renderer).render(source)))


def harmless(html: str) -> str:
    """The HTML without attributes and links that are not known to be harmless, and such tags shown as text."""
    protocols = ["http", "https", "mailto"]
    clean: str = bleach.clean(html, _TAGS, _attribute, protocols, css_sanitizer=_STYLES)
    return clean


def _attribute(tag: str, name: str, value: str) -> bool:
    if name == "class":
        return tag in ("div", "span", "code", "pre") and all(_CODE_CLASS.fullmatch(c) for c in value.split())
    return (tag, name) in {("a", "href"), ("a", "title"), ("td", "style"), ("th", "style"), ("ol", "start")}
