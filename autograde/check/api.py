"""What students call: ``begin(lesson)``, ``check(function)`` and ``progress()``."""

from __future__ import annotations

import contextlib
import json
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .cases import run_case
from .checks_file import Checks, ChecksFileError, VisibleExercise, find_and_load_checks
from .judging import judge_case, likely_mistake
from .render import Report, to_html, to_text
from .words import report_case

_state: dict[str, Any] = {"lesson": None, "checks": None, "done": {}}


class CheckFailedError(Exception):
    """An exercise is not right yet. It is short on purpose: what is wrong stands above it."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def begin(lesson: str) -> None:
    """Say which lesson this notebook is; its set-up cell calls it. Costs nothing when the checks are missing."""
    _state.update(lesson=lesson, checks=None)
    if "IPython" in sys.modules:
        # NumPy's warnings tell more once than a hundred times.
        warnings.simplefilter("once", RuntimeWarning)


def check(function: Callable[..., Any] | str) -> None:
    """Try a function on the visible cases of its exercise, and say what is right and what is not.

    Raises ``CheckFailedError``, a single line, when a case does not hold.
    """
    caller = sys._getframe(1).f_globals
    checks = _current_checks()
    exercise = _exercise_of(function, checks, caller)
    namespace = caller if isinstance(function, str) else {**caller, exercise.name: function}
    report = check_exercise(exercise, namespace, checks.exercises)
    _show(report)
    _remember(checks, exercise.name, report.ok)
    if not report.ok:
        raise CheckFailedError(report.headline)


def check_exercise(
    exercise: VisibleExercise, namespace: Mapping[str, Any], others: Mapping[str, VisibleExercise] | None = None
) -> Report:
    """Judge the visible cases of an exercise on the functions in ``namespace``.

    A case may call other exercises first; ``others``, by name, tell what their arguments are called.
    """
    results = []
    for visible in exercise.cases:
        seen = run_case(visible.case.calls, namespace)
        results.append((visible, judge_case(visible.case, seen, visible.expected), seen))
        finding = results[-1][1]
        if finding and finding.kind in ("not_started", "missing"):
            break
    mistake = likely_mistake([(v.case, finding, seen, {k.name: k for k in v.known}) for v, finding, seen in results])
    parameters = {name: e.parameters for name, e in {**(others or {}), exercise.name: exercise}.items()}
    return Report(
        exercise.name,
        tuple(report_case(v.case, finding, seen, v.expected, parameters) for v, finding, seen in results),
        hint=mistake.hint if mistake else "",
        mistake=mistake.name if mistake else "",
        not_checked=exercise.not_checked,
        has_ladder=bool(exercise.hints),
    )


def progress() -> None:
    """Show which exercises of the course are done, as far as ``check`` has seen them."""
    checks = _current_checks()
    done = _load_progress(checks) | {n: ok for (lesson, n), ok in _state["done"].items() if lesson == checks.lesson}
    lines, rows = [], []
    for lesson, names in _lessons_beside(checks):
        known = done if lesson == checks.lesson else _load_progress(checks, lesson)
        right = [n for n in names if known.get(n)]
        bar = "".join("■" if known.get(n) else "□" for n in names)
        lines.append(f"{lesson:<36} {bar} {len(right)} of {len(names)}")
        missing = ", ".join(n for n in names if not known.get(n))
        rows.append((lesson, bar, f"{len(right)} of {len(names)}", f"next: {missing}" if missing else "all right"))
    cells = "".join(
        "<tr style='background:none'>" + "".join(f"<td style='text-align:left'>{c}</td>" for c in row) + "</tr>"
        for row in rows
    )
    _display(f"<table>{cells}</table>", "\n".join(lines))


def _current_checks() -> Checks:
    lesson = _state["lesson"]
    if lesson is None:
        raise ChecksFileError("Run the notebook's first code cell (the set-up cell), then this one again.")
    if _state["checks"] is None:
        _state["checks"] = find_and_load_checks(lesson)
    checks: Checks = _state["checks"]
    return checks


def _exercise_of(function: Any, checks: Checks, caller: Mapping[str, Any]) -> VisibleExercise:
    """Find the exercise by the function's name, or by the name under which the notebook holds it."""
    if isinstance(function, str):
        names = [function]
    else:
        names = [getattr(function, "__name__", "")]
        names += [n for n in checks.exercises if caller.get(n) is function]
    for name in names:
        if name in checks.exercises:
            return checks.exercises[name]
    known = ", ".join(checks.exercises)
    raise ValueError(f"{names[0] or function!r} is not an exercise of {checks.lesson}. Its exercises: {known}.")


def _show(report: Report) -> None:
    _display(to_html(report), to_text(report))


def _display(html: str, text: str) -> None:
    """Show HTML where there is a notebook, text elsewhere."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None and hasattr(shell, "kernel"):
        from IPython.display import display

        display({"text/html": html, "text/plain": text}, raw=True)
    else:
        print(text)


def _remember(checks: Checks, name: str, ok: bool) -> None:
    """Keep what is done for ``progress()``; a folder that cannot be written to is no reason to fail."""
    _state["done"][(checks.lesson, name)] = ok
    data = _read_progress(checks)
    data.setdefault(checks.lesson, {})[name] = ok
    with contextlib.suppress(OSError):
        _progress_path(checks).write_text(json.dumps(data, indent=1, sort_keys=True), encoding="utf-8")


def _progress_path(checks: Checks) -> Path:
    """Beside the lessons' folders; a notebook that lies elsewhere, as when it is graded, keeps to its own folder."""
    folder = checks.path.parent
    return (folder.parent if folder.name == checks.lesson else folder) / ".progress.json"


def _load_progress(checks: Checks, lesson: str | None = None) -> dict[str, bool]:
    return _read_progress(checks).get(lesson or checks.lesson, {})


def _read_progress(checks: Checks) -> dict[str, dict[str, bool]]:
    """What is done, by lesson and exercise; a file that is missing or damaged says nothing."""
    try:
        data = json.loads(_progress_path(checks).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    lessons = data.items() if isinstance(data, dict) else ()
    return {lesson: {k: bool(v) for k, v in done.items()} for lesson, done in lessons if isinstance(done, dict)}


def _lessons_beside(checks: Checks) -> list[tuple[str, list[str]]]:
    lessons = []
    for path in sorted(checks.path.parent.parent.glob("*/checks.json")):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            lessons.append((str(data["lesson"]), [str(item["name"]) for item in data["exercises"]]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
    return lessons or [(checks.lesson, list(checks.exercises))]
