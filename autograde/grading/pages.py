"""Student text on the pages that people read: feedback, and the formgrader.

nbconvert shows Markdown with the HTML in it as it stands, so a student's text could run code in the grader's browser.
``nbgrader_config.py`` puts ``markdown2html`` in the place of nbconvert's filter of that name, which serves nbgrader's
feedback and its formgrader alike.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from .rebuild import is_students

#: What Markdown itself makes, and what students write to the same end. No pictures: one fetched from elsewhere tells
#: its owner who reads the page and when.
_TAGS = {"a", "b", "blockquote", "br", "code", "del", "details", "div", "em", "hr", "i", "li", "ol", "p", "pre", "s"}
_TAGS |= {"h1", "h2", "h3", "h4", "h5", "h6", "table", "tbody", "td", "th", "thead", "tr"}
_TAGS |= {"span", "strong", "sub", "summary", "sup", "u", "ul"}
#: Longer text of a student is shown as it was written: some Markdown takes time in the square of its length.
MOST_TEXT = 10_000
#: The classes of highlighted code; others could dress a text up as a part of the page.
_CODE_CLASS = re.compile(r"highlight|hll|[a-z]{1,2}\d?")
_STYLES = CSSSanitizer(allowed_css_properties=["text-align"])


class _StudentsRenderer(IPythonRenderer):
    """Shows the description of a picture in the place of the picture: attachments do not survive the rebuilding."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return escape(f"({text or 'a picture'})")

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre>{escape(code)}</pre>"


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """Render a cell's Markdown as nbconvert does; what a student wrote is then cut down to harmless HTML."""
    cell = context.get("cell", {})
    if is_students(cell) and len(source) > MOST_TEXT:
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
