"""Cases, observations and findings as plain values, for the wire to the sandbox and for ``checks.json``.

``from_plain`` functions trust nothing: whatever is not of the expected form raises ``CodecError``.
"""

from __future__ import annotations

from typing import Any

from .cases import Call, Case, Equals, Expectation, Observation, Outcome, Property, Raised, Raises
from .codec import CodecError
from .judging import STOPPED, Finding, KnownMistake


def calls_to_plain(calls: tuple[Call, ...]) -> list[Any]:
    """The calls of a case as plain values (with stand-ins and references inside the arguments)."""
    return [
        {"function": c.function, "args": c.args, "kwargs": c.kwargs, "keep": c.keep}
        | ({"private": c.private} if c.private else {})
        | ({"defines": c.defines} if c.defines else {})
        for c in calls
    ]


def calls_from_plain(data: Any) -> tuple[Call, ...]:
    """The inverse of ``calls_to_plain``."""
    calls = []
    for item in _list(data):
        function, args = _field(item, "function", str), _field(item, "args", tuple)
        kwargs, private = _field(item, "kwargs", dict), _field(item, "private", tuple) if "private" in item else ()
        defines = _field(item, "defines", str) if "defines" in item else ""
        calls.append(Call(function, args, kwargs, _field(item, "keep", bool), private, defines))
    return tuple(calls)


def observation_to_plain(seen: Observation) -> dict[str, Any]:
    """An observation as plain values."""
    return {
        "stopped": seen.stopped,
        "outcomes": [
            {
                "value": o.value,
                "raised": None if o.raised is None else _raised_to_plain(o.raised),
                "changed": o.changed,
                "touched_global": o.touched_global,
                "seconds": o.seconds,
            }
            for o in seen.outcomes
        ],
    }


def observation_from_plain(data: Any) -> Observation:
    """The inverse of ``observation_to_plain``."""
    stopped = _get(data, "stopped")
    if stopped is not None and (type(stopped) is not str or stopped not in STOPPED):
        raise CodecError("not a known reason to stop")
    outcomes = []
    for item in _list(_get(data, "outcomes")):
        raised = _get(item, "raised")
        changed = _field(item, "changed", tuple)
        if not all(isinstance(c, str) and len(c) < 200 for c in changed) or len(changed) > 50:
            raise CodecError("not names of arguments")
        seconds = _field(item, "seconds", float)
        outcomes.append(
            Outcome(
                _get(item, "value"),
                None if raised is None else _raised_from_plain(raised),
                changed,
                _field(item, "touched_global", bool),
                seconds,
            )
        )
    return Observation(tuple(outcomes), stopped)


def case_to_plain(case: Case) -> dict[str, Any]:
    """A case with its expectations as plain values."""
    return {
        "label": case.label,
        "group": case.group,
        "calls": calls_to_plain(case.calls),
        "expect": [_expectation_to_plain(e) for e in case.expect],
    }


def case_from_plain(data: Any) -> Case:
    """The inverse of ``case_to_plain``."""
    expect = tuple(_expectation_from_plain(e) for e in _list(_get(data, "expect")))
    return Case(_field(data, "label", str), calls_from_plain(_get(data, "calls")), expect, _field(data, "group", str))


def known_to_plain(known: KnownMistake) -> dict[str, Any]:
    """What a known mistake does on one case, as plain values; messages are left out, the hint stays."""
    f = known.finding
    return {
        "name": known.name,
        "hint": known.hint,
        "finding": {"kind": f.kind, "call": f.call, "name": f.name, "measure": f.measure, "spread": f.spread},
        "observation": observation_to_plain(known.observation),
    }


def known_from_plain(data: Any) -> KnownMistake:
    """The inverse of ``known_to_plain``."""
    f = _get(data, "finding")
    measure = None if _get(f, "measure") is None else _number(f, "measure")
    finding = Finding(
        _field(f, "kind", str), "", _field(f, "call", int), _field(f, "name", str), measure, _number(f, "spread")
    )
    return KnownMistake(
        _field(data, "name", str),
        _field(data, "hint", str),
        finding,
        observation_from_plain(_get(data, "observation")),
    )


def _raised_to_plain(raised: Raised) -> dict[str, Any]:
    return {
        "type_name": raised.type_name,
        "bases": raised.bases,
        "message": raised.message,
        "line": raised.line,
    }


def _raised_from_plain(data: Any) -> Raised:
    bases = _field(data, "bases", tuple)
    if not all(isinstance(b, str) for b in bases) or len(bases) > 50:
        raise CodecError("not names of types")
    message, line = _field(data, "message", str), _field(data, "line", str)
    return Raised(_field(data, "type_name", str)[:60], tuple(b[:60] for b in bases), message[:500], line[:200])


def _expectation_to_plain(expectation: Expectation) -> dict[str, Any]:
    if isinstance(expectation, Equals):
        return {
            "kind": "equals",
            "rtol": expectation.rtol,
            "atol": expectation.atol,
            "sequences": expectation.sequences,
        }
    if isinstance(expectation, Raises):
        return {"kind": "raises", "error": expectation.error}
    return {"kind": "property", "name": expectation.name, "params": expectation.params}


def _expectation_from_plain(data: Any) -> Expectation:
    kind = _get(data, "kind")
    if kind == "equals":
        sequences = _field(data, "sequences", tuple)
        if not all(isinstance(s, str) for s in sequences):
            raise CodecError("not paths of sequences")
        return Equals(_number(data, "rtol"), _number(data, "atol"), sequences)
    if kind == "raises":
        return Raises(_field(data, "error", str))
    if kind == "property":
        return Property(_field(data, "name", str), _field(data, "params", dict))
    raise CodecError("not a known expectation")


def _get(data: Any, key: str) -> Any:
    if not isinstance(data, dict) or key not in data:
        raise CodecError(f"the field {key!r} is missing")
    return data[key]


def _field(data: Any, key: str, kind: type) -> Any:
    value = _get(data, key)
    if type(value) is not kind:
        raise CodecError(f"the field {key!r} is not a {kind.__name__}")
    return value


def _number(data: Any, key: str) -> float:
    value = _get(data, key)
    if type(value) not in (int, float):
        raise CodecError(f"the field {key!r} is not a number")
    try:
        return float(value)
    except OverflowError:
        raise CodecError(f"the field {key!r} is too large") from None


def _list(data: Any) -> list[Any]:
    if not isinstance(data, list) or len(data) > 10_000:
        raise CodecError("not a list")
    return data
