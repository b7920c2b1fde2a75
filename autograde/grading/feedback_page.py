"""The page that a student reads: a graded notebook with its marks, as one HTML file that needs nothing else.

Of the lesson's own cells it shows no more than the headings of the exercises and what ran and put something out. What a
student wrote or put out is cut by ``pages`` as it is for nbgrader's pages; the page's own policy forbids all scripts
and everything from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any

import jinja2
from markupsafe import Markup
from nbconvert.filters.ansi import ansi2html
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers.python import PythonLexer

from autograde.check.render import with_code

from .grader import tame
from .pages import StudentsRenderer, is_as_written, is_plain, students_html, tame_cells
from .rebuild import grade_id, is_answer, is_students

_EXERCISE = re.compile(r"^#{2,4} ((?:Exercise|Question) \d[^\n]*)$", re.M)
_TITLE = re.compile(r"^# ([^\n]+)$", re.M)
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
#: What nbgrader itself notes on an answer that nobody touched.
_NO_RESPONSE = "No response."


@dataclass(frozen=True)
class CellMark:
    """What the gradebook holds of one cell: the points that count (None: not given yet), and a person's comment."""

    score: float | None
    max_score: float
    comment: str
    needs_manual_grade: bool


@dataclass(frozen=True)
class PageMarks:
    """What the gradebook holds of one submission. ``score`` counts: ``late_penalty`` is taken off already.

    ``cells`` has an entry for each graded cell and each answer, by grade id.
    """

    student: str
    lesson: str
    score: float
    max_score: float
    late_penalty: float
    cells: Mapping[str, CellMark]


@dataclass
class _Part:
    """A piece of a section: ``kind`` says how the template shows it, ``html`` is safe to be shown."""

    kind: str
    label: str = ""
    html: Markup = field(default_factory=Markup)
    outputs: list[tuple[str, str | Markup]] = field(default_factory=list)


@dataclass
class _Section:
    """A part of the page under a heading of its own; an exercise has an anchor and marks."""

    heading: str
    anchor: str = ""
    parts: list[_Part] = field(default_factory=list)
    points: str = ""
    #: right, partly, wrong or waiting
    state: str = ""
    said: str = ""


def render_page(notebook: NotebookNode, marks: PageMarks) -> str:
    """The page of a notebook that the grader wrote, with the marks as they stand now. The same input, the same bytes.

    The notebook is left as it is.
    """
    cells = [c if _is_prose(c) or _is_verdict(c) else deepcopy(c) for c in notebook.cells]
    tame_cells(c for c in cells if not _is_prose(c) and not _is_verdict(c))
    summary: Mapping[str, Any] = next(
        (c.metadata.get("autograde", {}) for c in cells if c.get("id") == "your-result"), {}
    )
    sections = _sections([c for c in cells if c.get("id") != "your-result"], marks, summary.get("said", {}))
    waiting = sum(m.max_score for m in marks.cells.values() if m.needs_manual_grade and m.score is None)
    return _template().render(
        title=_title(cells),
        student=_readable(marks.student),
        lesson=_readable(marks.lesson),
        marks=marks,
        sections=sections,
        exercises=[s for s in sections if s.anchor],
        notes=summary.get("notes", []),
        waiting=waiting,
    )


@cache
def _template() -> jinja2.Template:
    """The template, prepared once in a process."""
    loader = jinja2.PackageLoader("autograde.grading", "templates")
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["with_code"] = lambda text: Markup(with_code(_readable(text)))
    return environment.get_template("feedback.html.j2")


def _is_prose(cell: NotebookNode) -> bool:
    """Whether it is a text of the lesson."""
    return bool(cell.cell_type == "markdown" and not is_students(cell))


def _is_verdict(cell: NotebookNode) -> bool:
    """Whether it is a test cell, which holds the judge's verdict."""
    about = cell.metadata.get("nbgrader", {})
    return bool(about.get("grade") and not about.get("solution"))


def _title(cells: Iterable[NotebookNode]) -> str:
    """The lesson's own title; empty when it has none."""
    found = (_TITLE.search(c.source) for c in cells if _is_prose(c))
    return next((m[1].strip() for m in found if m), "")


def _sections(cells: list[NotebookNode], marks: PageMarks, said: Mapping[str, str]) -> list[_Section]:
    """The page's sections in the notebook's order; what stands between two exercises comes under one heading."""
    sections: list[_Section] = []
    headings: list[str] = []  # those that have no answer under them yet
    is_open = False  # whether the last section is an exercise that waits for its verdict
    for cell in cells:
        name = grade_id(cell)
        if _is_prose(cell):
            headings += _EXERCISE.findall(cell.source)
        elif is_answer(cell):
            made = _Section(_take_heading(headings, name), anchor=f"exercise-{name}")
            made.parts = _answer(cell, marks.cells.get(name))
            is_open = not cell.metadata.nbgrader.get("grade")
            if not is_open:
                _mark_by_hand(made, cell, marks.cells.get(name))
            sections.append(made)
        elif _is_verdict(cell):
            name = name.removeprefix("test_")
            if not is_open or sections[-1].anchor != f"exercise-{name}":
                sections.append(_Section(name, anchor=f"exercise-{name}"))
            _mark_by_judge(sections[-1], cell, marks.cells.get(grade_id(cell)), said.get(name, ""))
            is_open = False
        elif is_students(cell) or cell.get("outputs"):
            own = is_students(cell)
            group = "Your own cells" if own else "Cells of the lesson that your code made run"
            if not is_open and (not sections or sections[-1].heading != group):
                sections.append(_Section(group))
            label = ("Your own cell" if own else f"The lesson's cell {name}") if is_open else ""
            sections[-1].parts.append(_cell(cell, label))
    return sections


def _take_heading(headings: list[str], name: str) -> str:
    """Take the heading that names the exercise, else the last one; the name itself where there is none.

    One text may announce several exercises.
    """
    if not headings:
        return name
    named = (heading for heading in headings if name in re.findall(r"\w+", heading))
    taken = next(named, headings[-1])
    headings.remove(taken)
    return _IN_BRACKETS.sub("", taken)


def _answer(cell: NotebookNode, mark: CellMark | None) -> list[_Part]:
    """The student's answer, what it put out, and a person's comment on it."""
    parts = []
    if not cell.source.strip() or cell.metadata.nbgrader.get("checksum") == compute_checksum(cell):
        parts.append(_Part("remark", html=Markup("There is no answer here.")))
    else:
        parts.append(_cell(cell, "Your answer"))
    comment = mark.comment.strip() if mark else ""
    if comment and comment != _NO_RESPONSE:
        text = students_html(_readable(comment), _Renderer(escape=False))
        parts.append(_Part("comment", "Comment", Markup(text)))
    return parts


def _cell(cell: NotebookNode, label: str) -> _Part:
    """A cell of the student's, or one of the lesson's that ran, with what it put out."""
    source = _readable(cell.source)
    if cell.cell_type == "code":
        part = _Part("code", label, Markup(escape(source) if is_plain(cell) else _coloured(source)))
    else:
        renderer = _Renderer(escape=False)
        part = _Part("text", label, Markup(students_html(source, renderer, as_written=is_as_written(cell))))
    for output in cell.get("outputs", []):
        part.outputs += _output(output)
    return part


def _output(output: NotebookNode) -> list[tuple[str, str | Markup]]:
    """Pictures and texts that a cell put out; of the grader's own words, which alone have HTML, the text."""
    data = output.get("data", {})
    if "image/png" in data:
        return [("picture", str(data["image/png"]).replace("\n", ""))]
    text = str(output.get("text", data.get("text/plain", "")))
    if not text.strip():
        return []
    if "text/html" in data:
        return [("problem", text)]
    kind = "error" if output.get("name") == "stderr" else "out"
    return [(kind, Markup(ansi2html(text.rstrip("\n"))))]  # type: ignore[no-untyped-call]


def _mark_by_hand(section: _Section, cell: NotebookNode, mark: CellMark | None) -> None:
    """Marks of an answer that only a person reads."""
    mark = mark or CellMark(None, float(cell.metadata.nbgrader.get("points", 0)), "", True)
    if mark.score is None or mark.needs_manual_grade:
        section.said = "waits to be read by a person"
    else:
        section.said = "read by a person"
    _set_points(section, mark)
    section.parts.append(_Part("remark", html=Markup(escape(f"{section.said[0].upper()}{section.said[1:]}."))))


def _mark_by_judge(section: _Section, cell: NotebookNode, mark: CellMark | None, said: str) -> None:
    """The judge's verdict, and what a person made of it."""
    automatic, verdict = None, Markup()
    for output in cell.outputs:
        data = output.get("data", {})
        if "text/html" in data:
            verdict = Markup(_readable(data["text/html"]))  # made by check.render, which escapes what is not its own
        elif output.output_type == "execute_result":
            automatic = _number(data.get("text/plain"))
    mark = mark or CellMark(automatic, float(cell.metadata.nbgrader.get("points", 0)), "", False)
    section.said = said
    _set_points(section, mark)
    section.parts.append(_Part("verdict", "Verdict", verdict))
    if mark.score is not None and automatic is not None and mark.score != automatic:
        section.said += f"{'; ' if said else ''}points given by a person"
        words = f"A person gave {mark.score:g} of {mark.max_score:g} points; they count, not those of the verdict."
        section.parts.append(_Part("remark", html=Markup(words)))
    if mark.needs_manual_grade:
        section.parts.append(_Part("remark", html=Markup("A person will look at these points again.")))


def _set_points(section: _Section, mark: CellMark) -> None:
    if mark.score is None:
        section.points, section.state = f"up to {mark.max_score:g}", "waiting"
        return
    section.points = f"{mark.score:g} of {mark.max_score:g}"
    section.state = "right" if mark.score >= mark.max_score else "partly" if mark.score > 0 else "wrong"


def _number(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


class _Renderer(StudentsRenderer):
    """Puts the headings of a text below those of the page, and shows formulas as they were written: no script runs."""

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return f"<h{min(6, level + 3)}>{text}</h{min(6, level + 3)}>\n"

    def task_list_item(self, text: str, checked: bool = False) -> str:
        return f"<li>{'☑' if checked else '☐'} {text}</li>\n"

    def inline_math(self, body: str) -> str:
        return f"<code>${escape(body)}$</code>"

    def block_math(self, body: str) -> str:
        return f"<pre>$${escape(body)}$$</pre>"


def _readable(text: str) -> str:
    """The text without what steers a terminal or turns text around."""
    return tame(text).replace("\x1b", "\ufffd")


@cache
def _colouring() -> tuple[PythonLexer, HtmlFormatter]:
    """Pygments' parts, prepared once in a process."""
    return PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True)


def _coloured(code: str) -> str:
    """Python code with its parts marked by the classes of Pygments."""
    return str(highlight(code, *_colouring()))
