"""Properties of searches: which configs were run at which budget, and why the next one was chosen."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from ..cases import Call
from ..codec import StandIn
from ..compare import compare, kind_of
from ..standins import build, is_marked, mark_of
from .evidence import Evidence, Failed, argument, failure, register
from .splits import _not_random

Rounds = Sequence[Sequence[tuple[int, float]]]


@register
def halves_in_rounds(evidence: Evidence, brackets: Rounds, given: bool = False, call: int = 0) -> Failed | None:
    """The result is ``(best_config, history)`` of successive halving, one bracket after the other.

    ``brackets`` holds, for each, ``(number of configs, budget)`` of its rounds; ``history`` lists ``(config, budget,
    score)`` round by round, in any order within one. Every round has the best of the round before, and the best of all
    last rounds is the result; nan is worse than any number. With ``given`` the configs are those of the call's second
    argument, and of equal scores the earlier wins; otherwise they come from the stand-in ``marked_sampler``, none of
    them twice, and of equal scores any may win.
    """
    made, value = evidence.calls[call], evidence.value(call)
    entries = _entries(value, ("config", "budget", "score"), ("best_config", "history"))
    if isinstance(entries, Failed):
        return entries
    planned = [(len(bracket), i, n, b) for bracket in brackets for i, (n, b) in enumerate(bracket)]
    failed = _wrong_budgets(entries, [b for _, _, n, b in planned for _ in range(n)], planned)
    if failed:
        return failed
    evaluate = _without_limit(made, 0, "evaluate")
    for config, budget, score in entries:
        if compare(evaluate(config, budget), score):
            return Failed("history holds a score that evaluate does not return for its config at its budget", 10.0)
    known = list(argument(made, 1, "configs")) if given else None
    start = 0
    seen: list[int] = []
    finals: list[Any] = []
    pool: list[Any] = []
    for rounds, i, count, _ in planned:
        block = entries[start : start + count]
        start += count
        failed = _wrong_start(block, known, seen) if i == 0 else _wrong_survivors(block, pool, i, given)
        if failed:
            return failed
        pool = block if known is None else _in_order(block, known)
        finals += pool if i == rounds - 1 else []
    return _wrong_best(value[0], _ranked(finals), given)


def _entries(value: Any, names: Sequence[str], parts: Sequence[str]) -> list[Any] | Failed:
    """The history at the end of a result, or what is wrong with its form."""
    if not isinstance(value, tuple) or len(value) != len(parts):
        return failure("wrong_type", f"the result is {kind_of(value)}, expected a tuple ({', '.join(parts)})")
    history = value[-1]
    if not isinstance(history, list):
        return failure("wrong_type", f"history is {kind_of(history)}, expected a list")
    for entry in history:
        if not isinstance(entry, tuple) or len(entry) != len(names):
            return failure(
                "wrong_type", f"an entry of history is {kind_of(entry)}, expected a tuple ({', '.join(names)})"
            )
        if any(np.ndim(x) or np.asarray(x).dtype.kind not in "iuf" for x in entry[1:]):
            return failure("wrong_type", f"in history, {' and '.join(names[1:])} must be numbers")
    return history


def _wrong_budgets(entries: list[Any], wanted: Sequence[float], planned: Sequence[Any]) -> Failed | None:
    """Whether the rounds have other sizes or budgets than planned."""
    budgets = [float(entry[1]) for entry in entries]
    if len(budgets) == len(wanted) and np.allclose(budgets, wanted, rtol=1e-6, atol=1e-12):
        return None
    found = [(len(list(run)), budget) for budget, run in groupby(budgets)]
    there, plan = (
        ", ".join(f"{n} at {b:.6g}" for n, b in rounds[:12]) or "nothing"
        for rounds in (found, [(n, b) for _, _, n, b in planned])
    )
    return failure("wrong_value", f"history says that evaluate was asked for {there}; expected {plan}")


def _places(configs: Sequence[Any], known: Sequence[Any]) -> list[int]:
    """The position of each config among the known ones, -1 where it is none of them."""
    numbers = {mark_of(other): i for i, other in reversed(list(enumerate(known)))}
    found = [numbers.get(mark_of(config), -1) for config in configs]
    return [
        i if i < 0 or compare(known[i], c, rtol=0.0, atol=0.0) is None else -1
        for i, c in zip(found, configs, strict=True)
    ]


def _wrong_start(block: list[Any], known: list[Any] | None, seen: list[int]) -> Failed | None:
    """Whether a bracket starts with other configs than it should."""
    configs = [entry[0] for entry in block]
    if known is not None:
        if sorted(_places(configs, known)) != list(range(len(known))):
            return Failed("the first round does not evaluate each of the given configs once", 11.0)
        return None
    if not all(map(is_marked, configs)):
        return Failed("history holds a config that sampler did not return", 12.0)
    seen += map(mark_of, configs)
    if len(set(seen)) < len(seen):
        return Failed("a config starts twice: sampler(rng) draws a new one for every place", 13.0)
    return None


def _in_order(block: list[Any], known: list[Any]) -> list[Any]:
    """Entries in the order of their configs among the known ones."""
    places = _places([entry[0] for entry in block], known)
    return [entry for _, entry in sorted(zip(places, block, strict=True), key=lambda pair: pair[0])]


def _ranked(block: list[Any]) -> list[Any]:
    """Entries from the best score to the worst, nan last."""
    return sorted(block, key=lambda e: math.inf if np.isnan(float(e[-1])) else -float(e[-1]))


def _same(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))


def _wrong_survivors(block: list[Any], before: list[Any], number: int, exact: bool) -> Failed | None:
    """Whether a round has others than the best of the round ``before``."""
    ranked = _ranked(before)
    places = _places([entry[0] for entry in block], [other[0] for other in ranked])
    if min(places) < 0 or len(set(places)) < len(places):
        return Failed(f"round {number} of a bracket has a config that was not in the round before, or one twice", 14.0)
    good = sorted(places) == list(range(len(block)))
    if not exact:
        scores, best = (
            sorted(str(float(e[-1])) for e in part) for part in ([ranked[p] for p in places], ranked[: len(block)])
        )
        good = scores == best
    if good:
        return None
    pattern = zlib.crc32(repr((number, len(before), sorted(places))).encode()) / 2**32
    worst = max(places) + 1
    return Failed(
        f"round {number} of a bracket has the config that was number {worst} of {len(before)} in the round before; "
        f"expected the best {len(block)}",
        20 + pattern,
    )


def _wrong_best(best: Any, ranked: list[Any], exact: bool) -> Failed | None:
    """Whether the returned config is not the best of the last rounds."""
    place = _places([best], [entry[0] for entry in ranked])[0]
    if place == 0 or (place > 0 and not exact and _same(float(ranked[place][-1]), float(ranked[0][-1]))):
        return None
    if place < 0:
        return Failed(f"best_config is {kind_of(best)}, and no config of a last round", 30.0)
    words = f"best_config is number {place + 1} among the last rounds"
    return Failed(words, 31 + place / 1000 + len(ranked) / 1e6)


def _without_limit(made: Call, position: int, name: str) -> Any:
    """The callable that a call was made with, which answers as often as it is asked."""
    value = made.args[position] if len(made.args) > position else made.kwargs[name]
    return build(StandIn(value.name, {key: v for key, v in value.params.items() if key not in ("calls", "shared")}))


@register
def tries_rows(
    evidence: Evidence,
    initial: int,
    trials: int,
    steps: Mapping[str, Sequence[int]],
    slips: Sequence[tuple[str, Mapping[str, Sequence[int]]]] = (),
    call: int = 0,
) -> Failed | None:
    """The result is ``(best_config, best_score, history)`` of a search through the rows of ``candidates``.

    ``history`` lists ``(row, score)``: first ``initial`` different rows, then rows that ``steps`` allows. Its keys are
    the numbers of the rows that were tried before, ascending, with commas between; its values are numbers of rows.
    ``slips`` are rules that are well known and wrong, each with its words and its steps: they say what went wrong.
    """
    made, value = evidence.calls[call], evidence.value(call)
    entries = _entries(value, ("config", "score"), ("best_config", "best_score", "history"))
    if isinstance(entries, Failed):
        return entries
    rows = list(np.asarray(argument(made, 1, "candidates")))
    objective = _without_limit(made, 0, "objective")
    if len(entries) != trials:
        return Failed(f"history has {len(entries)} entries, expected {trials}", 10 + len(entries) / 1000)
    tried: list[int] = []
    for number, (config, score) in zip(_places([entry[0] for entry in entries], rows), entries, strict=True):
        if number < 0:
            return failure("wrong_value", f"history holds {kind_of(config)} as a config, which is no row of candidates")
        if compare(objective(rows[number]), score):
            return Failed("history holds a score that objective does not return for its row", 11.0)
        if number in tried:
            early = len(tried) < initial
            words = "the initial rows are not different ones" if early else "a row is tried for the second time"
            return Failed(words, 12.0 if early else 13.0)
        tried.append(number)
    failed = _wrong_step(tried, initial, steps, slips)
    if failed:
        return failed
    ranked = _ranked([(rows[number], entry[1]) for number, entry in zip(tried, entries, strict=True)])
    if found := compare(float(ranked[0][1]), value[1], path="[1]"):
        return Failed(f"{found.message}: best_score is the largest of all scores", 14.0, kind=found.kind)
    return _wrong_best(value[0], ranked, False)


def _wrong_step(
    tried: list[int], initial: int, steps: Mapping[str, Sequence[int]], slips: Sequence[Any]
) -> Failed | None:
    """Whether a row was chosen that ``steps`` does not allow, and by which of the known slips."""

    def follows(rule: Mapping[str, Sequence[int]]) -> int:
        """The number of the first trial that a rule does not explain."""
        for t in range(initial, len(tried)):
            if tried[t] not in rule.get(",".join(map(str, sorted(tried[:t]))), ()):
                return t
        return len(tried)

    first = follows(steps)
    if first == len(tried):
        return None
    words = f"trial {first + 1} is not an untried row of the largest expected improvement"
    for i, (name, rule) in enumerate(slips):
        if follows(rule) == len(tried):
            return Failed(f"{words}; {name}", 20.0 + i)
    return Failed(words, 19.0)


@register
def starts_anywhere(evidence: Evidence, initial: int) -> Failed | None:
    """Over all calls, with other generators, every row of ``candidates`` is as often among the first ones."""
    rows = [np.asarray(row) for row in argument(evidence.calls[0], 1, "candidates")]
    chosen = np.zeros((len(evidence.calls), len(rows)), dtype=bool)
    for i in range(len(evidence.calls)):
        entries = _entries(evidence.value(i), ("config", "score"), ("best_config", "best_score", "history"))
        if isinstance(entries, Failed):
            return entries
        numbers = _places([entry[0] for entry in entries[:initial]], rows)
        if min(numbers, default=-1) < 0 or len(Counter(numbers)) != initial:
            return Failed("the initial rows are not different rows of candidates", 12.0)
        chosen[i, numbers] = True
    if len(chosen) > 20 and (chosen == chosen[0]).all() and initial < len(rows):
        front = bool(chosen[0, :initial].all())
        words = "the first ones of candidates" if front else "the same rows, whatever the generator"
        return Failed(f"every search starts with {words}; draw them with rng", 41.0 if front else 42.0)
    group = np.zeros(len(rows), dtype=np.intp)
    return _not_random(chosen, group, np.array([initial]), "which rows a search starts with", 40)


@register
def small_spread(evidence: Evidence, most: float, call: int = 0) -> Failed | None:
    """The second item of the result, standard deviations, holds numbers from 0 to ``most`` only."""
    value = evidence.value(call)
    if not isinstance(value, tuple) or len(value) != 2 or not isinstance(value[1], np.ndarray):
        return failure("wrong_type", f"the result is {kind_of(value)}, expected the pair of arrays (mean, std)")
    spread = value[1]
    if np.isnan(spread).any():
        return failure("nan", "the standard deviation is nan at some points: a variance came out below 0")
    if (spread < 0).any():
        return failure("wrong_value", "the standard deviation is negative at some points")
    if (spread > most).any():
        return Failed(
            f"the standard deviation is {spread.max():.3g} where it is at most {most:g}", float(spread.max()), 0.1
        )
    return None
