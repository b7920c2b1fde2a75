"""Properties of splits and samples: which examples a random choice took."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compare import kind_of
from .chance import LOG_ODDS, improbability
from .evidence import Evidence, Failed, Floats, argument, failure, register


@register
def is_split(
    evidence: Evidence,
    sizes: Sequence[int],
    calls: Sequence[int] = (0,),
    names: Sequence[str] = ("train", "dev", "test"),
) -> Failed | None:
    """Each call returned ``(X_1, y_1, X_2, y_2, …)``: its examples in disjoint parts of these sizes, labels with rows.

    The order within a part is free. ``X`` and ``y`` are the call's first two arguments; ``X`` may have any axes.
    """
    for call in calls:
        found = _split(evidence, call, sizes, names)
        if isinstance(found, Failed):
            return found
    return None


@register
def no_blocks(
    evidence: Evidence,
    sizes: Sequence[int],
    calls: Sequence[int] = (0,),
    names: Sequence[str] = ("train", "dev", "test"),
) -> Failed | None:
    """No part of a split is a block of neighbours in the order that X came in.

    Only for sizes of which chance makes blocks less than once in 10⁹. The rows of ``X`` must differ from each other.
    """
    for call in calls:
        parts = _split(evidence, call, sizes, names)
        if isinstance(parts, Failed):
            return parts
        blocks = [i for i, part in enumerate(parts) if part.size > 1 and np.ptp(part) == part.size - 1]
        if blocks:
            found = " and ".join(names[i] for i in blocks)
            return Failed(
                f"neighbours in X stay together: {found} is a block of X as it came; let a random permutation decide",
                float(sum(2**i for i in blocks)),
            )
    return None


@register
def random_split(evidence: Evidence, sizes: Sequence[int], calls: Sequence[int]) -> Failed | None:
    """Over many generators, each example is in each part as often as the parts' sizes say, and so is each pair.

    The rows of ``X`` must differ from each other, and the calls must hold what ``is_split`` asks for.
    """
    names = [str(i) for i in range(len(sizes))]
    splits = [_split(evidence, call, sizes, names) for call in calls]
    for i, size in enumerate(sizes):
        chosen = np.zeros((len(splits), sum(sizes)), dtype=bool)
        for row, parts in zip(chosen, splits, strict=True):
            if isinstance(parts, Failed):
                return parts
            row[parts[i]] = True
        group = np.zeros(sum(sizes), dtype=np.intp)
        found = _not_random(chosen, group, np.array([size]), "which part an example goes to", i)
        if found:
            return found
    return None


def _split(evidence: Evidence, call: int, sizes: Sequence[int], names: Sequence[str]) -> list[Any] | Failed:
    """For each part the numbers of its examples, or what is wrong with the split."""
    value, given = evidence.value(call), evidence.calls[call]
    X, y = np.asarray(argument(given, 0, "X")), np.asarray(argument(given, 1, "y"))
    if not isinstance(value, tuple) or len(value) != 2 * len(sizes):
        return failure("wrong_type", f"the result is {kind_of(value)}, expected a tuple of {2 * len(sizes)} arrays")
    found = _wrong_parts(value, X, y, sizes, names)
    if found:
        return found
    parts = [(value[2 * i], value[2 * i + 1]) for i, size in enumerate(sizes) if size]
    rows = np.concatenate([p.reshape(len(p), -1).astype(np.float64) for p, _ in parts])
    labels = np.concatenate([q.astype(np.float64) for _, q in parts])[:, np.newaxis]
    all_rows, all_labels = X.reshape(len(X), -1).astype(np.float64), y.astype(np.float64)[:, np.newaxis]
    of_row = _numbers_of(rows, all_rows)
    number = _numbers_of(np.hstack([rows, labels]), np.hstack([all_rows, all_labels]))
    if (of_row < 0).any():
        return failure("wrong_value", "the result holds rows that are not rows of X")
    if (number < 0).any():
        share = float((number < 0).mean())
        if np.array_equal(labels, all_labels):
            return Failed("the rows of X moved and the labels kept their order: they no longer belong together", 1.0)
        if np.array_equal(rows, all_rows):
            return Failed("the labels moved and the rows of X kept their order: they no longer belong together", 2.0)
        return Failed("the labels no longer belong to the rows: X and y were shuffled apart", 3.0 + share, 1.0)
    expected = np.bincount(
        _numbers_of(np.hstack([all_rows, all_labels]), np.hstack([all_rows, all_labels])), minlength=len(X)
    )
    cuts = np.cumsum(sizes)[:-1]
    split = np.split(number, cuts)
    for i, name in enumerate(names):
        if (np.bincount(split[i], minlength=len(X)) > expected).any():
            return failure("wrong_value", f"an example is in the {name} part more than once")
        for j in range(i):
            both = np.bincount(np.concatenate([split[j], split[i]]), minlength=len(X))
            if (both > expected).any():
                return failure("wrong_value", f"an example is in the {names[j]} part and in the {name} part")
    if (np.bincount(number, minlength=len(X)) != expected).any():
        return failure("wrong_value", "an example is in none of the parts")
    return split


def _wrong_parts(value: Any, X: Any, y: Any, sizes: Sequence[int], names: Sequence[str]) -> Failed | None:
    """What is wrong with the kinds and shapes of a split's parts."""
    for i, (part, name) in enumerate(zip(value, [f"{a}_{n}" for n in names for a in "Xy"], strict=True)):
        whole = X if i % 2 == 0 else y
        if not isinstance(part, np.ndarray) or not part.ndim or part.dtype.kind not in "biuf":
            return failure("wrong_type", f"{name} is {kind_of(part)}, expected an array")
        if part.size and part.shape[1:] != whole.shape[1:]:
            expected = (len(part), *whole.shape[1:])
            return failure("wrong_shape", f"{name} has the shape {part.shape}, expected {expected}")
        if part.size and i % 2 and whole.dtype.kind in "biu" and part.dtype.kind not in "biu":
            return failure("wrong_type", f"{name} holds floating-point numbers, expected the labels as integers")
    for first, what in ((0, "rows"), (1, "labels")):
        got = [len(part) for part in value[first::2]]
        if got != list(sizes):
            counts = ", ".join(f"{g} in {n}" for g, n in zip(got, names, strict=True))
            wanted = ", ".join(map(str, sizes))
            return failure("wrong_shape", f"the numbers of {what} are {counts}; expected {wanted}")
    return None


def _numbers_of(rows: Floats, whole: Floats) -> NDArray[np.intp]:
    """For each of ``rows`` the number of the first row of ``whole`` that equals it (within rounding), or -1."""
    close = np.ones((len(rows), len(whole)), dtype=bool)
    for a, b in zip(rows.T, whole.T, strict=True):
        close &= np.abs(a[:, np.newaxis] - b) <= 1e-8 + 1e-6 * np.abs(b)
    return np.where(close.any(axis=1), close.argmax(axis=1), -1)


@register
def is_stratified(evidence: Evidence, counts: Sequence[Sequence[int]], calls: Sequence[int] = (0,)) -> Failed | None:
    """Each call returned different indices of its first argument ``y``: ``(label, so many of it)`` for every label."""
    for call in calls:
        found = _sample(evidence, call, counts)
        if isinstance(found, Failed):
            return found
    return None


@register
def no_runs(evidence: Evidence, counts: Sequence[Sequence[int]], calls: Sequence[int] = (0,)) -> Failed | None:
    """No class of a stratified sample is a run of its neighbouring members, such as the first ones.

    Only for counts of which chance makes runs less than once in 10⁹.
    """
    for call in calls:
        sample, y = _sample(evidence, call, counts), np.asarray(argument(evidence.calls[call], 0, "y"))
        if isinstance(sample, Failed):
            return sample
        for label, n in counts:
            taken = np.flatnonzero(np.isin(np.flatnonzero(y == label), sample))
            if n > 1 and np.ptp(taken) == n - 1:
                where = "first" if taken[0] == 0 else "neighbouring"
                return failure(
                    "wrong_value", f"the sample holds the {where} examples of class {label}, not random ones"
                )
    return None


@register
def random_stratified(evidence: Evidence, counts: Sequence[Sequence[int]], calls: Sequence[int]) -> Failed | None:
    """Over many generators, all examples of a class are taken equally often, and so are all pairs.

    All calls have the same ``y`` and hold what ``is_stratified`` asks for.
    """
    y = np.asarray(argument(evidence.calls[calls[0]], 0, "y"))
    group = np.searchsorted([label for label, _ in counts], y)
    chosen = np.zeros((len(calls), len(y)), dtype=bool)
    for row, call in zip(chosen, calls, strict=True):
        sample = _sample(evidence, call, counts)
        if isinstance(sample, Failed):
            return sample
        row[sample] = True
    return _not_random(chosen, group, np.array([n for _, n in counts]), "which examples of a class are taken", 0)


def _sample(evidence: Evidence, call: int, counts: Sequence[Sequence[int]]) -> Any:
    """The indices of a stratified sample, or what is wrong with it."""
    value, y = evidence.value(call), np.asarray(argument(evidence.calls[call], 0, "y"))
    total = sum(n for _, n in counts)
    if not isinstance(value, np.ndarray) or value.ndim != 1 or (value.size and value.dtype.kind not in "iu"):
        found = "an array of bools" if isinstance(value, np.ndarray) and value.dtype.kind == "b" else kind_of(value)
        floats = " of floating-point numbers" if isinstance(value, np.ndarray) and value.dtype.kind == "f" else ""
        return failure("wrong_type", f"the result is {found}{floats}, expected a 1-d array of integers, the indices")
    index = value.astype(np.int64)
    if index.size and (index.min() < 0 or index.max() >= len(y)):
        return failure("wrong_value", f"the result holds indices outside 0 … {len(y) - 1}")
    taken = [int((y[index] == label).sum()) for label, _ in counts]
    if taken != [n for _, n in counts]:
        each = ", ".join(f"{t} of class {label} (expected {n})" for t, (label, n) in zip(taken, counts, strict=True))
        if sum(taken) == total:
            return Failed(f"the sample has the right size, but {each}", 1.0)
        return failure("wrong_value", f"the sample holds {each}")
    if len(np.unique(index)) < len(index):
        return Failed("an index comes more than once: no example may be taken twice", 5.0)
    return index


def _not_random(
    chosen: NDArray[np.bool_], group: NDArray[np.intp], counts: NDArray[np.intp], what: str, index: int
) -> Failed | None:
    """Whether examples, or pairs of them, were chosen oddly often or seldom.

    ``chosen`` has a row per generator and a column per example. ``counts[g]`` of the examples with ``group == g`` are
    chosen each time. Bounds the binomial tails by exp(-n KL) (Chernoff 1952).
    """
    trials, m = chosen.shape
    members = np.bincount(group, minlength=len(counts))
    single = counts[group] / members[group]
    together = np.outer(single, single)
    within = counts * (counts - 1) / np.maximum(members * (members - 1), 1)
    same = group[:, np.newaxis] == group
    together[same] = np.broadcast_to(within[group][:, np.newaxis], (m, m))[same]
    hits = chosen.astype(np.float64)
    bound = LOG_ODDS + math.log(m + m * (m - 1) / 2)
    if (improbability(hits.sum(axis=0), trials, single) > bound).any():
        return Failed(f"{what} is not left to chance: some examples go there too often or too seldom", index + 0.25)
    if (np.triu(improbability(hits.T @ hits, trials, together), 1) > bound).any():
        return Failed(f"{what} is not independent: some examples go together too often or too seldom", index + 0.75)
    return None
