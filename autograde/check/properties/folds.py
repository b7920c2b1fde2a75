"""Properties of k-fold splits, and of what is measured with them; which example goes to which fold is free."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compare import compare, kind_of
from .chance import LOG_ODDS, improbability
from .evidence import Evidence, Failed, argument, failure, register

Ints = NDArray[np.int64]


@register
def is_k_fold(evidence: Evidence, calls: Sequence[int] = (0,)) -> Failed | None:
    """Each call ``(m, k, rng)`` returned a list of k pairs ``(train, validation)`` of index arrays.

    Each of 0 … m-1 is in one validation part, all others are in the training part beside it, and the validation parts
    differ by at most one in size. Any order within a part is right.
    """
    for call in calls:
        found = _folds(evidence, call)
        if isinstance(found, Failed):
            return replace(found, call=call)
    return None


@register
def random_folds(evidence: Evidence, calls: Sequence[int]) -> Failed | None:
    """Over many generators, each two examples share a validation part as often as chance would have it.

    All calls have the same m and k, and hold what ``is_k_fold`` asks for.
    """
    together: Any = 0.0
    sizes = np.empty(0, dtype=np.int64)
    for call in calls:
        found = _folds(evidence, call)
        if isinstance(found, Failed):
            return replace(found, call=call)
        fold = np.empty(sum(map(len, found)), dtype=np.intp)
        for i, part in enumerate(found):
            fold[part] = i
        together = together + (fold[:, np.newaxis] == fold)
        sizes = np.array([len(part) for part in found])
    m = int(sizes.sum())
    share = float((sizes * (sizes - 1)).sum()) / (m * (m - 1))
    odds = np.triu(improbability(together, len(calls), share), 1)
    if odds.max() <= LOG_ODDS + math.log(m * m):
        return None
    rows, columns = np.nonzero(np.triu(together == len(calls), 1))
    if len(rows):
        if np.gcd.reduce(columns - rows) > 1:
            return Failed("the folds are not random: they are dealt like cards, in the given order", 1.0)
        if (columns - rows < sizes.max()).all():
            return Failed("the folds are not random: neighbours stay together", 2.0)
        return Failed("the folds are not random: the same examples always go together", 4.0)
    return Failed("the folds are not random: some examples go together too often or too seldom", 3.0)


def _folds(evidence: Evidence, call: int) -> list[Ints] | Failed:
    """The validation parts, or what is wrong with the folds."""
    value, made = evidence.value(call), evidence.calls[call]
    m, k = int(argument(made, 0, "m")), int(argument(made, 1, "k"))
    if not isinstance(value, list):
        return failure("wrong_type", f"the result is {kind_of(value)}, expected a list of tuples (train, validation)")
    parts: list[tuple[Ints, Ints]] = []
    for i, pair in enumerate(value):
        if not isinstance(pair, tuple) or len(pair) != 2:
            return failure(
                "wrong_type", f"result[{i}] is {kind_of(pair)}, expected a tuple of two arrays (train, validation)"
            )
        for name, part in zip(("train", "validation"), pair, strict=True):
            if not isinstance(part, np.ndarray) or part.ndim != 1 or (part.size and part.dtype.kind not in "iu"):
                mask = isinstance(part, np.ndarray) and part.dtype.kind == "b"
                found = "an array of bools" if mask else kind_of(part)
                return failure("wrong_type", f"{name} of result[{i}] is {found}, expected a 1-d array of indices")
            if part.size and (part.min() < 0 or part.max() >= m):
                return failure("wrong_value", f"{name} of result[{i}] holds indices outside 0 … {m - 1}")
        parts.append((pair[0].astype(np.int64), pair[1].astype(np.int64)))
    if len(parts) != k:
        return Failed(f"the result has {len(parts)} folds, expected k", 2.0, kind="wrong_shape")
    return _wrong_parts(parts, m, k) or [validation for _, validation in parts]


def _wrong_parts(parts: list[tuple[Ints, Ints]], m: int, k: int) -> Failed | None:
    sizes = [len(validation) for _, validation in parts]
    if sum(sizes) == (k - 1) * m and sum(len(train) for train, _ in parts) == m and k > 2:
        return Failed("train and validation have changed places: the larger part is for training", 3.0)
    counts = np.bincount(np.concatenate([v for _, v in parts]), minlength=m)
    for i, (train, validation) in enumerate(parts):
        both = len(np.intersect1d(train, validation))
        if both:
            share = both / max(1, len(validation))
            return Failed(f"in result[{i}] {both} examples are in train and in validation, too", 4 + share)
    if (counts == 0).any():
        lost = int((counts == 0).sum())
        again = bool((counts > 1).any())
        words = ", and others several times" if again else ""
        return Failed(f"{lost} examples are in no validation part{words}", 6.0 + again)
    if (counts > 1).any():
        return Failed("some examples are in more than one validation part", 8.0)
    if max(sizes) - min(sizes) > 1:
        return Failed(f"the validation parts have the sizes {sizes}; they may differ by one", 9 + max(sizes) / m)
    for i, (train, validation) in enumerate(parts):
        if len(np.unique(train)) != m - len(validation) or len(train) != m - len(validation):
            return Failed(f"train of result[{i}] is not all the examples that are not in its validation", 11.0)
    return None


@register
def exam_scores(evidence: Evidence, easy: Sequence[int], calls: Sequence[int] = (0,)) -> Failed | None:
    """Each call ``(fit, X, y, k, rng)`` returned k accuracies of the stand-in ``exam_fit`` with these easy rows.

    Whatever the folds are: all right answers together are as many as there are easy rows, if each row was asked once,
    by a model that saw all the other folds and not this one.
    """
    for call in calls:
        k = int(argument(evidence.calls[call], 3, "k"))
        scores = _accuracies(evidence.value(call), k, "the result")
        failed = scores if isinstance(scores, Failed) else _wrong_total(scores, easy)
        if failed:
            return replace(failed, call=call)
    return None


@register
def scores_vary(evidence: Evidence, calls: Sequence[int]) -> Failed | None:
    """Accuracies of sorted examples, half of them easy: the folds were shuffled, and in another way for every call."""
    found = [np.sort(np.asarray(evidence.value(call), dtype=np.float64)) for call in calls]
    if all(np.isin(scores, (0, 1)).sum() >= len(scores) - 1 for scores in found):
        return Failed("the folds are blocks of neighbours: shuffle before you cut", 1.0)
    if all(np.array_equal(scores, found[0]) for scores in found):
        return Failed("the folds are the same for every generator: let rng shuffle the examples", 2.0)
    return None


def _accuracies(value: Any, count: int, where: str) -> list[float] | Failed:
    if isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype.kind in "biuf":
        value = list(value)
    if not isinstance(value, list):
        return failure("wrong_type", f"{where} is {kind_of(value)}, expected a list or a 1-d array of accuracies")
    if len(value) != count:
        return failure("wrong_shape", f"{where} has {len(value)} entries, expected one per fold")
    numbers = []
    for item in value:
        array = np.asarray(item)
        if array.ndim or array.dtype.kind not in "biuf":
            return failure("wrong_type", f"{where} holds {kind_of(item)}, expected numbers")
        numbers.append(float(array))
    if any(math.isnan(n) for n in numbers):
        return failure("nan", f"{where} holds nan")
    return numbers


def _wrong_total(scores: list[float], easy: Sequence[int]) -> Failed | None:
    """Whether no sizes of the folds make the right answers as many as there are easy rows."""
    m, k, wanted = len(easy), len(scores), sum(easy)
    small, larger = divmod(m, k)
    whole = [[abs(s * n - round(s * n)) < 1e-3 for n in (small, small + 1)] for s in scores]
    counts = [[round(s * n) for n in (small, small + 1)] for s in scores]
    for chosen in itertools.combinations(range(k), larger):
        of = [int(i in chosen) for i in range(k)]
        if all(whole[i][j] for i, j in enumerate(of)) and sum(counts[i][j] for i, j in enumerate(of)) == wanted:
            return None
    mean = float(np.mean(scores))
    words = "the folds' right answers together are not as many as they should be"
    rule = "each example is asked once, by a model that was trained on all the other folds and not on its own"
    return Failed(f"{words} (mean accuracy {mean:.3g}): {rule}", mean, 0.04)


def _nested(value: Any, outer: int) -> tuple[list[float], list[Any]] | Failed:
    if not isinstance(value, tuple) or len(value) != 2:
        return failure("wrong_type", f"the result is {kind_of(value)}, expected a tuple (scores, chosen)")
    if not isinstance(value[1], list | tuple):
        return failure("wrong_type", f"chosen is {kind_of(value[1])}, expected a list of configs")
    if len(value[1]) != outer:
        return failure("wrong_shape", f"chosen has {len(value[1])} items, expected one per outer fold")
    scores = _accuracies(value[0], outer, "scores")
    return scores if isinstance(scores, Failed) else (scores, list(value[1]))


def _number_of(config: Any, configs: Sequence[dict[str, Any]]) -> int:
    """The first of ``configs`` that equals it, or -1."""
    return next((i for i, known in enumerate(configs) if compare(known, config) is None), -1)


@register
def nested_winner(evidence: Evidence, winner: int, easy: Sequence[int], calls: Sequence[int] = (0,)) -> Failed | None:
    """Each call ``(fit_with, configs, X, y, outer, …)`` chose config number ``winner`` in every outer fold.

    ``easy`` are the rows that this config's refitted model of ``exam_fit_with`` gets right unseen.
    """
    for call in calls:
        made = evidence.calls[call]
        configs, outer = argument(made, 1, "configs"), int(argument(made, 4, "outer"))
        found = _nested(evidence.value(call), outer)
        if isinstance(found, Failed):
            return replace(found, call=call)
        scores, chosen = found
        numbers = [_number_of(config, configs) for config in chosen]
        if -1 in numbers:
            return replace(failure("wrong_type", "chosen holds something that is none of the configs"), call=call)
        # The scores are to the point, too: they tell how the wrong one was found.
        mean = float(np.mean(scores))
        if any(compare(configs[winner], config) for config in chosen):
            words = "chosen is not the config with the best mean inner accuracy in every outer fold"
            return Failed(words, 10.0 + 10 * float(np.mean(numbers)) + mean, 0.3, call=call)
        failed = _wrong_total(scores, easy)
        if failed:
            words = (
                "the chosen configs are right, and their scores are not: refit on the whole outer training part, and "
                f"score on the outer validation part (mean score {mean:.3g})"
            )
            return replace(failed, message=words, call=call)
    return None


@register
def nested_pairs(evidence: Evidence, pairs: Sequence[tuple[int, float]], calls: Sequence[int] = (0,)) -> Failed | None:
    """Each call, with as many outer folds as rows, returned these ``(number of the config, score)``, in any order."""
    for call in calls:
        made = evidence.calls[call]
        configs, outer = argument(made, 1, "configs"), int(argument(made, 4, "outer"))
        found = _nested(evidence.value(call), outer)
        if isinstance(found, Failed):
            return replace(found, call=call)
        scores, chosen = found
        got = sorted((_number_of(c, configs), round(s, 6)) for c, s in zip(chosen, scores, strict=True))
        if got != sorted((int(n), round(float(s), 6)) for n, s in pairs):
            one = float(np.mean([n for n, _ in got]))
            words = "the chosen configs and their scores are not those of their outer folds, each chosen for itself"
            return Failed(words, 10 * one + float(np.mean(scores)), 0.01, call=call)
    return None
