"""Student text on the pages that people read: feedback, and the formgrader.

nbconvert shows Markdown with the HTML in it as it stands, so a student's text could run code in the grader's browser.
``nbgrader_config.py`` puts ``markdown2html`` in the place of nbconvert's filter of that name, and ``TamePage`` before
the templates; both serve nbgrader's feedback and its formgrader alike.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from nbconvert.filters.ansi import strip_ansi
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
_AS_WRITTEN = "autograde_as_written"
#: The classes of highlighted code; others could dress a text up as a part of the page.
_CODE_CLASS = re.compile(r"highlight|hll|[a-z]{1,2}\d?")
_STYLES = CSSSanitizer(allowed_css_properties=["text-align"])


class _StudentsRenderer(IPythonRenderer):
    """Shows the description of a picture in the place of the picture: attachments do not survive the rebuilding."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return escape(f"({text or 'a picture'})")

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre>{escape(code)}</pre>"


class TamePage(Preprocessor):
    """Bounds what a page costs to make and to read, and makes the names on it harmless.

    nbgrader's formgrader writes the names of students and their folders into its page as they are.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Escape the names, mark the texts that are not to be rendered, and cut what is shown."""
        for name in ("student", "first_name", "last_name", "notebook_path"):
            if isinstance(resources.get(name), str):
                resources[name] = escape(resources[name])
        _tame_sources(nb)
        _tame_outputs(nb)
        return nb, resources


def _tame_sources(nb: NotebookNode) -> None:
    written = rendered = 0
    for cell in filter(is_students, nb.cells):
        written += len(cell.source)
        if written > MOST_WRITTEN:
            cell.source = "(not shown: the notebook holds too much text)"
        elif cell.cell_type == "markdown":
            rendered += len(cell.source)
            cell.metadata[_AS_WRITTEN] = len(cell.source) > MOST_TEXT or rendered > MOST_TEXTS


def _tame_outputs(nb: NotebookNode) -> None:
    number = put_out = colours = 0
    for cell in nb.cells:
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
            if colours > MOST_COLOURS:  # nbconvert takes time in the square of their number
                holder[kind] = strip_ansi(text)  # type: ignore[no-untyped-call]


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """Render a cell's Markdown as nbconvert does; what a student wrote is then cut down to harmless HTML."""
    cell = context.get("cell", {})
    if is_students(cell) and (len(source) > MOST_TEXT or cell.get("metadata", {}).get(_AS_WRITTEN)):
        return f"<pre>{escape(source)}</pre>"
    if is_students(cell):
        return harmless(str(MarkdownWithMath(renderer=_StudentsRenderer(escape=False)).render(source)))
    renderer = IPythonRenderer(escape=False, attachments=cell.get("attachments", {}))
    return str(MarkdownWithMath(renderer=renderer).render(source))


def harmless(html: str) -> str:
    """The HTML without attributes and links that are not known to be harmless, and such tags shown as text."""
    protocols = ["http", "https", "mailto"]
    clean: str = bleach.clean(html, _TAGS, _attribute, protocols, css_sanitizer=_STYLES)
    return clean


def _attribute(tag: str, name: str, value: str) -> bool:
    if name == "class":
        return tag in ("div", "span", "code", "pre") and all(_CODE_CLASS.fullmatch(c) for c in value.split())
    return (tag, name) in {("a", "href"), ("a", "title"), ("td", "style"), ("th", "style"), ("ol", "start")}
