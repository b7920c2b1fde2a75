"""A check's report as text and as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from .words import CaseReport


@dataclass(frozen=True)
class Report:
    """What ``check()`` or the grader says of one exercise."""

    exercise: str
    cases: tuple[CaseReport, ...]
    hint: str = ""
    mistake: str = ""
    not_checked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    points: float | None = None
    max_points: float = 0.0
    has_ladder: bool = False

    @property
    def ok(self) -> bool:
        """Whether every case holds."""
        return all(c.ok for c in self.cases)

    @property
    def failing(self) -> tuple[CaseReport, ...]:
        """The cases that do not hold."""
        return tuple(c for c in self.cases if not c.ok)

    @property
    def headline(self) -> str:
        """One line that says how it went."""
        total = len(self.cases)
        if self.points is not None:
            return f"{self.exercise}: {self.points:g} of {self.max_points:g} points"
        if self.failing and self.failing[0].kind == "not_started":
            return f"{self.exercise}: not started yet"
        if self.ok:
            return f"{self.exercise}: right in {_count(total, 'case')}"
        return f"{self.exercise}: not right yet in {len(self.failing)} of {_count(total, 'case')}"


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _rows(case: CaseReport) -> list[tuple[str, str]]:
    rows = [("called", "\n".join(case.called)), ("returned", case.returned), ("expected", case.expected)]
    return [(name, text) for name, text in [*rows, ("because", case.message)] if text]


def _closing(report: Report) -> list[str]:
    lines = list(report.notes)
    if report.ok and report.not_checked:
        lines.append("Not checked here: " + "; ".join(report.not_checked) + ". The grader tries more inputs.")
    elif report.ok and report.points is None:
        lines.append("The grader tries more inputs than these.")
    if not report.ok and report.has_ladder:
        lines.append("Stuck? Open the hints below this cell, one step at a time.")
    return lines


#: How many failing cases are named; a student mends one thing at a time.
NAMED_CASES = 4


def _told(report: Report, details: int) -> list[tuple[CaseReport, bool]]:
    """The failing cases to show, and whether each is shown in full."""
    shown = report.failing[: max(NAMED_CASES, details)]
    return [(case, case.visible and i < details) for i, case in enumerate(shown)]


def _more(report: Report, details: int) -> str:
    left = len(report.failing) - len(_told(report, details))
    return f"and in {_count(left, 'more case')}" if left else ""


def _line(case: CaseReport, full: bool) -> str:
    return case.label if full else f"{case.label}: {case.message}"


def to_text(report: Report, *, details: int = 1) -> str:
    """The report as plain text; ``details`` failing cases are shown in full, a few more by name."""
    lines = [report.headline]
    if report.hint:
        lines.append(f"  Hint: {report.hint}")
    for case, full in _told(report, details):
        lines.append(f"  ✗ {_line(case, full)}")
        for name, text in _rows(case) if full else []:
            lines += [f"      {name if j == 0 else '':<9} {line}" for j, line in enumerate(text.splitlines())]
    more = _more(report, details)
    lines += [f"  ✗ {more}"] if more else []
    lines += [f"  {line}" for line in _closing(report)]
    return "\n".join(lines)


_STYLE = {
    "box": "border:1px solid var(--jp-border-color2,#bbb);border-left:4px solid {edge};padding:.5em .8em;"
    "border-radius:3px;max-width:60em;color:var(--jp-content-font-color1,#111)",
    "name": "text-align:left;vertical-align:top;padding:.15em 1em .15em 0;font-weight:normal;"
    "color:var(--jp-content-font-color2,#555);background:none",
    "cell": "text-align:left;vertical-align:top;padding:.15em 0;background:none",
    "pre": "margin:0;padding:0;border:none;white-space:pre-wrap;background:none;color:inherit;"
    "font-family:var(--jp-code-font-family,monospace);font-size:var(--jp-code-font-size,13px)",
}


def with_code(text: str) -> str:
    """Text as HTML, what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def to_html(report: Report, *, details: int = 1) -> str:
    """The report as one HTML element; every text from elsewhere is escaped."""
    good = report.ok and (report.points is None or report.points == report.max_points)
    edge = "#0a7d5a" if good else "#b3541e"
    mark = "✓" if good else "✗"
    parts = [f"<div><strong>{mark} {escape(report.headline)}</strong></div>"]
    if report.hint:
        parts.append(f"<div style='margin-top:.4em'><strong>Hint.</strong> {with_code(report.hint)}</div>")
    for case, full in _told(report, details):
        parts.append(f"<div style='margin-top:.4em'>✗ {escape(_line(case, full))}</div>")
        if full:
            rows = "".join(
                f"<tr style='background:none'><th style='{_STYLE['name']}'>{escape(name)}</th>"
                f"<td style='{_STYLE['cell']}'><pre style='{_STYLE['pre']}'>{escape(text)}</pre></td></tr>"
                for name, text in _rows(case)
            )
            parts.append(f"<table style='margin:.2em 0;border:none'>{rows}</table>")
    more = _more(report, details)
    parts += [f"<div style='margin-top:.4em'>✗ {escape(more)}</div>"] if more else []
    parts += [f"<div style='margin-top:.4em'>{escape(line)}</div>" for line in _closing(report)]
    return f"<div style='{_STYLE['box'].format(edge=edge)}'>{''.join(parts)}</div>"
