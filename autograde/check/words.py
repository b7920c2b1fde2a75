"""Calls and values in the words a student would write them in."""

from __future__ import annotations

import builtins
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .cases import PRIVATE, Call, Case, Observation
from .codec import Opaque, Ref, StandIn
from .compare import kind_of, number_text
from .judging import Finding
from .standins import describe

MAX_LINES = 8
#: What is looked at of a value that is to be shown, and said of a failure: a stranger's value may be of any size.
MAX_PARTS, MAX_ENTRIES, MAX_MESSAGE = 500, 2000, 1000


@dataclass(frozen=True)
class CaseReport:
    """What one case showed. A hidden case tells neither its call nor any value."""

    label: str
    ok: bool
    visible: bool
    called: tuple[str, ...] = ()
    returned: str = ""
    expected: str = ""
    message: str = ""
    kind: str = ""


def report_case(
    case: Case,
    finding: Finding | None,
    seen: Observation,
    expected: Observation | None,
    parameters: dict[str, tuple[str, ...]],
) -> CaseReport:
    """Describe a visible case; ``parameters`` maps function names to the names of their parameters."""
    if finding is None:
        return CaseReport(case.label, True, True)
    if finding.kind in ("not_started", "missing"):
        return CaseReport(case.label, False, True, message=finding.message, kind=finding.kind)
    at = min(finding.call, len(case.calls) - 1)
    called = [line for call in case.calls[: at + 1] for line in call_lines(call, parameters.get(call.function, ()))]
    outcome = seen.outcomes[at] if at < len(seen.outcomes) else None
    returned = ""
    if outcome and outcome.raised:
        returned = f"(raised {outcome.raised.type_name})"
    elif outcome and finding.kind != "did_not_raise" and not case.calls[at].keep:
        returned = value_text(outcome.value)
    wanted = ""
    if expected and at < len(expected.outcomes) and not case.calls[at].keep and not finding.name:
        other = expected.outcomes[at]
        wanted = f"(a {other.raised.type_name})" if other.raised else value_text(other.value)
    message = _with_names(finding.message[:MAX_MESSAGE], parameters.get(case.calls[at].function, ()))
    return CaseReport(case.label, False, True, tuple(called), returned, wanted, message, finding.kind)


def _with_names(message: str, parameters: tuple[str, ...]) -> str:
    """Name positional arguments as the function's signature does."""
    for i, name in enumerate(parameters, start=1):
        message = re.sub(rf"\bargument {i}\b", f"its argument {name}", message)
    return message


#: What may be said of a hidden case: the kind of failure, without any value of it.
HIDDEN_WORDS = {
    "not_started": "it still raises NotImplementedError",
    "missing": "there is no function with this name",
    "wrong_shape": "the result has the wrong shape, length or keys",
    "wrong_type": "the result has the wrong type",
    "nan": "the result is nan where it should be a number",
    "changed_input": "it changed an argument, which belongs to the caller; work on a copy",
    "global_rng": "it used NumPy's global generator; draw from the generator it is given",
    "raised": "it raised {name}",
    "did_not_raise": "it returned a value where it should raise an error",
    "too_much_memory": "it needed more memory than there is",
    "crashed": "it ended the Python process",
    "garbled": "its result could not be read: too large, too deeply nested, or not a plain value",
    "wrong_value": "the result has wrong values",
}
#: Names of errors that come from Python and NumPy themselves.
_ERRORS = {
    *(n for n, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)),
    "AxisError",
    "LinAlgError",
}


def report_hidden(case: Case, finding: Finding | None) -> CaseReport:
    """Describe a hidden case by its label and the kind of failure alone."""
    if finding is None:
        return CaseReport(case.label, True, False)
    # A name of the student's own making could carry the hidden input out.
    name = finding.name if finding.name in _ERRORS else "an error"
    message = finding.limit or HIDDEN_WORDS.get(finding.kind, "the result is not as expected").format(name=name)
    return CaseReport(case.label, False, False, message=message, kind=finding.kind)


def call_lines(call: Call, parameters: tuple[str, ...]) -> list[str]:
    """A call as lines: the call itself with short arguments in place, then one entry per long argument."""
    inline, below = [], []
    for i, value in enumerate(call.args):
        name = parameters[i] if i < len(parameters) else f"argument{i + 1}"
        text = value_text(value)
        if len(text) <= 40 and "\n" not in text:
            inline.append(text)
        else:
            inline.append(name)
            below.append(f"{name} = {text}")
    for name, value in call.kwargs.items():
        text = value_text(value)
        if len(text) <= 40 and "\n" not in text:
            inline.append(f"{name}={text}")
        else:
            inline.append(f"{name}={name}")
            below.append(f"{name} = {text}")
    result = f"{call.defines} = " if call.defines else ""
    return [f"{result}{call.function}({', '.join(inline)})", *below]


def value_text(value: Any) -> str:
    """A value as text of a few short lines."""
    return _shorten(_Writer().write(value))


class _Writer:
    """Writes a value down, and no more than ``MAX_PARTS`` parts of it: the rest would be cut anyway."""

    def __init__(self) -> None:
        self.left = MAX_PARTS

    def write(self, value: Any) -> str:
        self.left -= 1
        if self.left < 0:
            return "..."
        if isinstance(value, StandIn):
            return describe(value)
        if isinstance(value, Ref):
            path = "".join(f"[{p!r}]" for p in value.path)
            return f"(the result of call {value.call + 1}){path}"
        if isinstance(value, Opaque):
            return "(not compared here)" if value == PRIVATE else f"({kind_of(value)})"
        if isinstance(value, np.ndarray) and value.ndim:
            return self._array(value)
        if isinstance(value, np.ndarray | np.generic | float):
            return _number(value)
        if isinstance(value, dict):
            items = (f"{self._key(key)}: {self.write(item)}" for key, item in self._some(value.items()))
            return "{" + ",\n ".join(items) + "}"
        if isinstance(value, tuple):
            comma = "," if len(value) == 1 else ""
            return "(" + ", ".join(self.write(v) for v in self._some(value)) + comma + ")"
        if isinstance(value, list):
            return "[" + ", ".join(self.write(v) for v in self._some(value)) + "]"
        return repr(value[:MAX_MESSAGE] if isinstance(value, str) else value)

    def _some(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            yield item
            if self.left < 0:
                return

    def _key(self, key: Any) -> str:
        return repr(key) if isinstance(key, str) and len(key) < MAX_MESSAGE else self.write(key)

    def _array(self, value: Any) -> str:
        if math.prod(min(n, 7) for n in value.shape) > MAX_ENTRIES:  # NumPy leaves out the middle of longer axes only
            return f"({kind_of(value)})"
        body = np.array2string(value, precision=6, separator=", ", threshold=60, max_line_width=70, prefix="array(")
        float32 = ", dtype=float32" if value.dtype == np.float32 else ""
        empty = f", shape={value.shape}" if value.size == 0 else ""
        return f"array({body}{float32}{empty})"


def _number(value: Any) -> str:
    """A number; one of floating point is seen to be one."""
    text = number_text(value)
    whole = np.asarray(value).dtype.kind == "f" and re.fullmatch(r"-?\d+", text)
    return f"{text}.0" if whole else text


def _shorten(text: str) -> str:
    lines = [line if len(line) <= 110 else line[:107] + "..." for line in text.splitlines()]
    if len(lines) > MAX_LINES:
        lines = [*lines[: MAX_LINES - 1], f"... ({len(lines) - MAX_LINES + 1} more lines)"]
    return "\n".join(lines) or text
