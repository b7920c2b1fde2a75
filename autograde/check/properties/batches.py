"""Properties of shuffled pairs, of mini-batches, and of a training run."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cases import Call
from ..compare import compare, kind_of
from .chance import is_likely
from .evidence import Evidence, Failed, argument, failure, register

#: What counts as chance for one of the many statistics of an order: once in 10¹³.
_ORDER_ODDS = 30.0


@register
def shuffles_pairs(
    evidence: Evidence, key: int = 0, batch_size: int | None = None, dtypes: bool = False, seeds_differ: bool = True
) -> Failed | None:
    """Every call returns its X and y in another order, each y beside its own x, all orders equally likely.

    With ``batch_size`` the result is a list of such pairs, all of this size but the last. The first numbers of the
    rows of X (``key`` 0) or of y (``key`` 1) tell the examples apart: they differ by more than rounding. All calls have
    as many examples, and generators of different seeds if ``seeds_differ``.
    """
    orders: list[NDArray[np.intp]] = []
    for call, made in enumerate(evidence.calls):
        given = (np.asarray(argument(made, 0, "X")), np.asarray(argument(made, 1, "y")))
        value, m = evidence.value(call), len(given[0])
        if batch_size is None:
            failed = _pair(value, given, m, "the result", dtypes)
        else:
            failed = _wrong_batches(value, given, batch_size, dtypes)
        if failed:
            return replace(failed, call=call)
        if batch_size is not None:
            value = tuple(np.concatenate([batch[i] for batch in value]) for i in (0, 1))
        order = _order_of(given, value, key)
        if isinstance(order, Failed):
            return replace(order, call=call)
        orders.append(order)
    return _uneven_orders(np.array(orders)) if seeds_differ else None


def _wrong_batches(value: Any, given: tuple[Any, Any], batch_size: int, dtypes: bool) -> Failed | None:
    """What is wrong with the form of a list of batches."""
    if not isinstance(value, list):
        return failure("wrong_type", f"the result is {kind_of(value)}, expected a list of tuples")
    m = len(given[0])
    sizes = [min(batch_size, m - start) for start in range(0, m, batch_size)]
    for i, batch in enumerate(value):
        failed = _pair(batch, given, None, f"result[{i}]", dtypes)
        if failed:
            return failed
    got = [len(batch[1]) for batch in value]
    if got == sizes:
        return None
    if 0 in got:
        return Failed("there is an empty batch", 10.0, kind="wrong_shape")
    kept = sum(got)
    if kept != m:
        words = "more" if kept > m else "fewer"
        measure = 11 + kept / (kept + m)
        return Failed(f"the batches hold {kept} examples, {words} than the {m} given", measure, 1e-9, "wrong_shape")
    return Failed(f"the batches have the sizes {got}, expected {sizes}", 12 + got[0] / (2 * m), 1e-9, "wrong_shape")


def _pair(value: Any, given: tuple[Any, Any], count: int | None, where: str, dtypes: bool) -> Failed | None:
    """Whether a value is a pair of arrays with rows like those of ``given``, ``count`` of them."""
    if not isinstance(value, tuple) or len(value) != 2:
        return failure("wrong_type", f"{where} is {kind_of(value)}, expected a tuple (X, y)")
    for name, part, whole in zip("Xy", value, given, strict=True):
        if not isinstance(part, np.ndarray) or not part.ndim or part.dtype.kind not in "biufc":
            return failure("wrong_type", f"{name} of {where} is {kind_of(part)}, expected an array")
        shape = (len(value[1]) if count is None else count, *whole.shape[1:])
        if part.shape != shape:
            return failure("wrong_shape", f"{name} of {where} has the shape {part.shape}, expected the shape {shape}")
        if dtypes and part.dtype != whole.dtype:
            return failure(
                "wrong_type", f"{name} of {where} has the dtype {part.dtype}, expected {whole.dtype}, as given"
            )
        if whole.dtype.kind in "iu" and part.dtype.kind not in "iu":
            return failure("wrong_type", f"{name} of {where} does not hold integers any more")
    return None


def _order_of(given: tuple[Any, Any], got: tuple[Any, Any], key: int) -> NDArray[np.intp] | Failed:
    """Which given example stands in each place. The first numbers of item ``key`` tell the examples apart."""
    names = given[key].reshape(len(given[key]), -1)[:, 0].astype(np.float64)
    found = got[key].reshape(len(got[key]), -1)[:, 0].astype(np.float64)
    ranks = np.argsort(names)
    middles = (names[ranks][1:] + names[ranks][:-1]) / 2
    order: NDArray[np.intp] = ranks[np.searchsorted(middles, found)]
    for name, whole, part in zip("Xy", given, got, strict=True):
        if compare(whole[order], part) is None:
            continue
        # Each array for itself may still hold the given rows, in another order.
        alone = compare(np.sort(whole.ravel()), np.sort(part.ravel())) is None
        if alone and (name == "Xy"[key] or part.ndim > 1 or len(np.unique(whole)) > 1):
            which = 2.0 if name == "Xy"[key] else 1.0
            words = "the rows themselves were mixed" if which == 2 else "labels do not stand beside their own rows"
            # Whether one of the two was left as it was.
            kept = 0.2 * bool((order == np.arange(len(order))).all()) + 0.4 * bool(np.array_equal(got[1], given[1]))
            return Failed(f"X and y do not go together any more: {words}", which + kept)
        return Failed(f"{name} does not hold the given rows, each of them once", 3.0)
    if len(set(order.tolist())) < len(names):
        return Failed("some examples come up more than once, and others not at all", 4.0)
    return order


def _uneven_orders(orders: NDArray[np.intp]) -> Failed | None:
    """Whether some orders of m examples come up more often than chance allows; ``orders`` is (calls, m)."""
    calls, m = orders.shape
    if m < 2:
        return None
    log_ways = math.lgamma(m + 1)
    still = int((orders == np.arange(m)).all(axis=1).sum())
    if still == calls and calls * log_ways > _ORDER_ODDS:
        return Failed("the examples come back in the order in which they were given", 20.0)
    repeated = int((orders[1:] == orders[0]).all(axis=1).sum())
    if calls > 1 and repeated == calls - 1 and repeated * log_ways > _ORDER_ODDS:
        return Failed("generators with different seeds gave the same order; draw it from rng", 21.0)
    if m >= 8:
        steps = np.diff(orders, axis=1) % m
        # About one neighbour in each call stays one; 25 more than twice as many are no chance (Poisson's tail).
        if any(int((steps == way).sum()) > 2 * calls + 25 for way in (1, m - 1)) and m > 40:
            return Failed("neighbours stay neighbours: the examples are turned or cut as a whole, not shuffled", 22.0)
        return _uneven_flow(orders, min(4, m // 2))
    if m <= 4:
        names, counts = np.unique(orders, axis=0, return_counts=True)
        ways = math.factorial(m)
        rarest = 0 if len(names) < ways else int(counts.min())
        for hits in (rarest, int(counts.max())):
            if not is_likely(hits, calls, 1 / ways, _ORDER_ODDS):
                missing = ways - len(names)
                words = (
                    f"{missing} of the {ways} orders of {m} examples never came up" if missing else "some do so often"
                )
                same = float((orders == np.arange(m)).all(axis=1).mean())
                return Failed(f"not every order is equally likely: {words}", 30 + missing + same / 2, 0.12)
    return None


def _uneven_flow(orders: NDArray[np.intp], bins: int) -> Failed | None:
    """Whether examples from one part of the set end up in some part of the result too often or too seldom."""
    calls, m = orders.shape
    part = np.arange(m) * bins // m
    size = np.bincount(part)
    counts = np.zeros((bins, bins))
    np.add.at(counts, (part[orders], np.broadcast_to(part, orders.shape)), 1)
    for a in range(bins):
        for b in range(bins):
            trials = calls * int(size[a])
            if not is_likely(int(counts[a, b]), trials, size[b] / m, _ORDER_ODDS):
                stay = float(np.trace(counts) / counts.sum())
                words = "not every order is equally likely: some examples tend to end up in one part of the result"
                return Failed(words, 40 + stay / 2, 0.02)
    return None


@register
def trains_on_all(evidence: Evidence, batch_size: int, epochs: int, keep: float = 0.5) -> Failed | None:
    """The calls train with ``counting_gradients`` and ``counting_step``: what the losses tell of rows and order holds.

    Every epoch goes through all rows once, in full batches but the last, in a fresh order; each loss was taken just
    before its update; the parameters are those after the last update. Arguments 0 and 1 of each call are params and X;
    X has as many rows in all calls and holds ``4**i`` first in row i.
    """
    epochs_of_calls = []
    for call, made in enumerate(evidence.calls):
        found = _batches_told(evidence, call, made, batch_size, epochs, keep)
        if isinstance(found, Failed):
            return replace(found, call=call)
        epochs_of_calls.append(found)
    return _stale_orders(np.array(epochs_of_calls))


def _batches_told(
    evidence: Evidence, call: int, made: Call, batch_size: int, epochs: int, keep: float
) -> NDArray[np.intp] | Failed:
    """The batch of each row in each epoch, (epochs, m), as the losses tell; or what is wrong with the run."""
    params, m = argument(made, 0, "params"), len(argument(made, 1, "X"))
    sizes = [min(batch_size, m - start) for start in range(0, m, batch_size)]
    value = evidence.value(call)
    if not isinstance(value, tuple) or len(value) != 2:
        return failure("wrong_type", f"the result is {kind_of(value)}, expected a tuple (params, losses)")
    wanted = np.zeros(epochs * len(sizes))
    if not isinstance(value[1], list | np.ndarray):
        return failure("wrong_type", f"result[1] is {kind_of(value[1])}, expected a list or a 1-d array")
    losses = np.array(value[1], dtype=np.float64)
    if losses.ndim != 1:
        return failure("wrong_shape", "result[1] is no plain list of numbers")
    if len(losses) != len(wanted):
        words = f"there are {len(losses)} losses, expected {epochs} epochs times {len(sizes)} updates"
        steps = _updates_made(value[0])
        share = 0.9 * len(losses) / (len(losses) + len(wanted)) + 0.05 * steps / (abs(steps) + len(wanted))
        return Failed(words, 1 + share, 1e-6, "wrong_shape")
    # How often which row was in a batch, and how many updates had been made before.
    whole = np.isfinite(losses).all() and (losses == np.round(losses)).all() and (np.abs(losses) < 2.0**53).all()
    if not whole:
        return Failed("these are not the losses that `gradients` returned", 3.0)
    if (losses < 0).any():
        return Failed("`gradients` was given rows with labels of other rows", 4.0)
    told = losses.astype(np.int64)
    rows = told[:, np.newaxis] // 4 ** np.arange(m, dtype=np.int64) % 4
    updates = told // 4**m
    ahead = updates - np.arange(len(updates)) - int(np.ravel(params["updates"])[0])
    if (ahead == 1).all():
        return Failed("each loss was taken after its update, expected the one just before it", 5.0)
    if ahead.any():
        words = "`gradients` was not given the parameters that the last `step` returned"
        return Failed(words, 6.0 + 0.5 * float((updates == updates[0]).all()))
    which = np.full((epochs, m), -1, dtype=np.intp)
    for i, seen in enumerate(rows):
        epoch, batch = divmod(i, len(sizes))
        if seen.max() > 1 or (which[epoch, seen == 1] >= 0).any():
            return Failed("some rows come up more than once in an epoch", 7.0 + float(seen.sum()) / (2 * m), 1e-6)
        if seen.sum() != sizes[batch]:
            return Failed(
                f"a batch has {seen.sum()} rows, expected {sizes[batch]}", 8.0 + float(seen.sum()) / (2 * m), 1e-6
            )
        which[epoch, seen == 1] = batch
    final = {key: np.asarray(array, dtype=np.float64) for key, array in params.items()}
    for loss in losses:
        final["trace"] = keep * final["trace"] + loss / 4.0**m
    final["updates"] = final["updates"] + len(losses)
    difference = compare(final, value[0])
    if difference:
        words = f"result[0] does not hold the parameters after the last update: {difference.message}"
        return Failed(words, 9.0 + _updates_made(value[0]) / (2 * len(losses) + 2), 1e-6, difference.kind)
    return which


def _updates_made(params: Any) -> float:
    """How many updates parameters of ``counting_step`` have seen; -1 where that cannot be told."""
    count = np.ravel(params["updates"]) if isinstance(params, dict) and "updates" in params else np.empty(0)
    return float(count[0]) if len(count) and count.dtype.kind in "iuf" and np.isfinite(count[0]) else -1.0


def _stale_orders(which: NDArray[np.intp]) -> Failed | None:
    """Whether epochs are not shuffled, or not afresh; ``which`` is the batch of each row: (calls, epochs, m)."""
    calls, epochs, m = which.shape
    sizes = np.bincount(which[0, 0])
    if len(sizes) < 2:
        return None
    log_ways = math.lgamma(m + 1) - sum(math.lgamma(int(n) + 1) for n in sizes)
    given = np.repeat(np.arange(len(sizes)), sizes)

    def too_often(hits: int, count: int, logs: float) -> bool:
        return count > 0 and not is_likely(hits, count, math.exp(-logs), _ORDER_ODDS)

    in_order = (which == given).all(axis=2)
    if in_order.all() and too_often(in_order.size, in_order.size, log_ways):
        return Failed("the rows are never shuffled", 20.0)
    again = (which[:, 1:] == which[:, :-1]).all(axis=2)
    if too_often(int(again.sum()), again.size, log_ways):
        return Failed("an epoch has the same batches as the one before: shuffle afresh in every epoch", 21.0)
    # Batches of one row are always the same but for their order.
    log_sets = log_ways - math.lgamma(len(sizes) + 1)
    together = which[:, :, :, np.newaxis] == which[:, :, np.newaxis, :]
    alike = (together[:, 1:] == together[:, :-1]).all(axis=(2, 3))
    if log_sets > 3 and too_often(int(alike.sum()), alike.size, log_sets):
        return Failed("the same rows are together in every epoch: only the order of the batches changes", 22.0)
    for epoch in range(epochs):
        if too_often(int(in_order[:, epoch].sum()), calls, log_ways):
            return Failed("one of the epochs goes through the rows in the order in which they were given", 23.0)
        same = int((which[1:, epoch] == which[0, epoch]).all(axis=1).sum())
        if too_often(same, calls - 1, log_ways):
            return Failed("generators with different seeds gave the same batches; shuffle with rng", 24.0)
    for row in range(m):
        for batch, size in enumerate(sizes):
            hits = int((which[:, :, row] == batch).sum())
            if not is_likely(hits, calls * epochs, size / m, _ORDER_ODDS):
                return Failed(
                    "some rows tend to come early in an epoch, others late: every order is equally likely", 25.0
                )
    return None
