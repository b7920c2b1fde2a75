"""From what was observed to what is wrong: the one place where a case is decided, for students and graders alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from .cases import Call, Case, Equals, Observation, Outcome, Property, Raised, Raises
from .compare import compare, is_single
from .properties import Evidence, evaluate

#: Words for an observation that ended without an outcome. Whoever sets a limit says it in his own words.
STOPPED = {
    "missing": "there is no function with this name; run the cell that defines it, and mind the spelling",
    "too_slow": "it did not come back within the time limit; look for a loop that never ends",
    "crashed": "it ended the Python process",
    "too_large_result": "what it returns is too large",
    "garbled": "its result could not be read: it is too large, too deeply nested, or not a plain value",
}


@dataclass(frozen=True)
class Finding:
    """What is wrong with one case. ``kind`` is one of the kinds of failure of the design; ``name`` a property's.

    ``limit`` names a limit or bar that was hit, in words without any value of the case, fit for a hidden one.
    """

    kind: str
    message: str
    call: int = 0
    name: str = ""
    measure: float | None = None
    spread: float = 0.0
    limit: str = ""


@dataclass(frozen=True)
class KnownMistake:
    """What a well-known wrong solution does on one case: it is how its author is told what went wrong."""

    name: str
    hint: str
    finding: Finding
    observation: Observation


def judge_case(case: Case, seen: Observation, expected: Observation | None) -> Finding | None:
    """Decide a case; None when all that is expected of it holds.

    ``expected`` is what the reference did on the same case; only ``Equals`` needs it.
    """
    if seen.stopped:
        words = seen.words or STOPPED.get(seen.stopped, seen.stopped)
        return Finding(seen.stopped, words, len(seen.outcomes), limit=seen.words)
    raises = next((e for e in case.expect if isinstance(e, Raises)), None)
    last = len(case.calls) - 1
    for i, outcome in enumerate(seen.outcomes):
        finding = _judge_error(outcome, raises if i == last else None, i) or _judge_manners(outcome, i)
        if finding:
            return finding
    if len(seen.outcomes) != len(case.calls):
        return Finding("garbled", STOPPED["garbled"], len(seen.outcomes))
    for expectation in case.expect:
        if isinstance(expectation, Equals):
            finding = _judge_values(case, expectation, seen, expected)
        elif isinstance(expectation, Property):
            finding = _judge_property(case, expectation, seen)
        else:
            finding = None
        if finding:
            return finding
    return None


def _judge_error(outcome: Outcome, raises: Raises | None, call: int) -> Finding | None:
    raised = outcome.raised
    if raised and raised.limit:
        words = f"{raised.words} ({raised_words(raised)})"
        return Finding(raised.limit, words, call, raised.type_name, limit=raised.words)
    if raises:
        if raised is None:
            return Finding("did_not_raise", f"it returned a value, expected a {raises.error}", call)
        if raises.error in raised.bases:
            return None
        if raised.type_name == "NotImplementedError":
            return Finding("not_started", "it still raises NotImplementedError", call)
        return Finding("raised", f"it raised {raised.type_name}, expected a {raises.error}", call, raised.type_name)
    if raised is None:
        return None
    if "NotImplementedError" in raised.bases:
        return Finding(
            "not_started",
            "not started: write your solution and delete the line `raise NotImplementedError()`",
            call,
        )
    kind = "too_much_memory" if "MemoryError" in raised.bases else "raised"
    return Finding(kind, raised_words(raised), call, raised.type_name)


def raised_words(raised: Raised, who: str = "it") -> str:
    """What was raised, and in which of the student's lines."""
    where = f", in the line `{raised.line}`" if raised.line else ""
    return f"{who} raised {raised.type_name}: {raised.message}{where}"


def _judge_manners(outcome: Outcome, call: int) -> Finding | None:
    if outcome.changed:
        return Finding(
            "changed_input",
            f"it changed {' and '.join(outcome.changed)}, which belongs to the caller; work on a copy",
            call,
        )
    if outcome.touched_global:
        return Finding("global_rng", "it used NumPy's global generator; draw from the generator `rng` instead", call)
    return None


def _judge_values(case: Case, how: Equals, seen: Observation, expected: Observation | None) -> Finding | None:
    if expected is None:
        raise ValueError(f"the case {case.label!r} needs the reference's results")
    if any(is_single((call.args, call.kwargs)) for call in case.calls):
        how = replace(how, rtol=max(how.rtol, 1e-3), atol=max(how.atol, 1e-5))
    for i, (call, got, wanted) in enumerate(zip(case.calls, seen.outcomes, expected.outcomes, strict=False)):
        if call.keep:
            continue
        difference = compare(wanted.value, got.value, rtol=how.rtol, atol=how.atol, sequences=how.sequences)
        if difference:
            return Finding(difference.kind, difference.message, i)
    return None


def _judge_property(case: Case, wanted: Property, seen: Observation) -> Finding | None:
    try:
        failed = evaluate(wanted.name, wanted.params, Evidence(case.calls, seen.outcomes))
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, MemoryError, RecursionError) as error:
        return Finding("wrong_type", f"the result has not the expected form ({type(error).__name__})", name=wanted.name)
    if failed is None:
        return None
    told = failed.message if failed.told else ""
    return Finding(failed.kind, failed.message, failed.call, wanted.name, failed.measure, failed.spread, told)


def same_mistake(finding: Finding, seen: Observation, known: KnownMistake, calls: tuple[Call, ...]) -> bool:
    """Whether what was seen on a case is what the known mistake does on it."""
    other = known.finding
    if finding.kind != other.kind or finding.name != other.name or finding.call != other.call:
        return False
    if finding.measure is not None and other.measure is not None:
        return abs(finding.measure - other.measure) <= max(finding.spread, other.spread, 1e-6 * abs(other.measure))
    if told_by_values(finding):
        return all(
            call.keep or compare(b.value, a.value, rtol=1e-5, atol=1e-9) is None
            for call, a, b in zip(calls, seen.outcomes, known.observation.outcomes, strict=False)
        )
    return True


def told_by_values(finding: Finding) -> bool:
    """Whether a mistake is recognised by the values it returns, and not by the kind or measure of its failure."""
    return finding.kind in ("wrong_value", "wrong_shape", "wrong_type", "nan") and not finding.name


class Doings(Protocol):
    """What the known mistakes do on one case; a dictionary by their names is one."""

    def __iter__(self) -> Iterator[str]:
        """The names of the mistakes."""

    def get(self, name: str, /) -> KnownMistake | None:
        """What a mistake does; None when it does nothing wrong on this case."""


def likely_mistake(cases: Sequence[tuple[Case, Finding | None, Observation, Doings]]) -> KnownMistake | None:
    """The known mistake that explains every failing case; else one that explains the first; None if none does.

    Of several, one that does nothing wrong in the cases that hold goes first; then the one that is named first.

    Each entry is a case with what is wrong with it, what was seen, and what known mistakes do on it. No more of that is
    asked for than is needed, since it may have to be computed.
    """
    failing = [(c, f, o, known) for c, f, o, known in cases if f]
    if not failing:
        return None
    first, others = failing[0], failing[1:]
    matching = [name for name in first[3] if _explains(name, *first)]
    everywhere = [name for name in matching if all(_explains(name, *other) for other in others)]
    chosen = everywhere or matching
    if len(chosen) > 1:
        blameless = [n for n in chosen if not any(known.get(n) for _, f, _, known in cases if not f)]
        chosen = blameless or chosen
    return first[3].get(chosen[0]) if chosen else None


def _explains(name: str, case: Case, finding: Finding, seen: Observation, known: Doings) -> bool:
    mistake = known.get(name)
    return mistake is not None and same_mistake(finding, seen, mistake, case.calls)
