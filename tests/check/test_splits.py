"""Splits, samples and fits: right answers hold in any style, slightly wrong ones do not; stand-ins betray their data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograde.check.cases import Call, Outcome
from autograde.check.codec import StandIn
from autograde.check.properties import Evidence, evaluate
from autograde.check.standins import build

SIZES = (6, 3, 3)
CALLS = list(range(150))


def cut(X, y, order, sizes):
    parts = np.split(order, np.cumsum(sizes)[:-1])
    return tuple(array[part] for part in parts for array in (X, y))


def evidence(X, y, results):
    return Evidence(tuple(Call("f", (X, y)) for _ in results), tuple(Outcome(r) for r in results))


def judged(X, y, result, sizes):
    return evaluate("is_split", {"sizes": list(sizes)}, evidence(X, y, [result]))


def many(choose):
    """150 splits of twelve examples, each in the order that ``choose(rng)`` gives."""
    X, y = np.arange(12.0)[:, np.newaxis], np.arange(12) % 2
    return evidence(X, y, [cut(X, y, choose(np.random.default_rng(i)), SIZES) for i in CALLS])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([(), (3,), (2, 4)]), st.sampled_from([np.float64, np.float32, np.uint8]))
def test_every_permutation_is_a_split_whatever_the_axes_and_types(seed, axes, dtype):
    rng = np.random.default_rng(seed)
    X, y = (100 * rng.random((12, *axes))).astype(dtype), rng.integers(-3, 3, 12)
    assert judged(X, y, cut(X, y, rng.permutation(12), SIZES), SIZES) is None
    if axes and dtype == np.float64:
        apart = cut(X, y, rng.permutation(12), SIZES)[0::2], cut(X, np.arange(12), np.arange(12), SIZES)[1::2]
        mixed = tuple(part for pair in zip(*apart, strict=True) for part in pair)
        assert judged(X, np.arange(12) + 100, mixed, SIZES) is not None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_random_splits_hold_for_every_seed(seed):
    base = np.random.default_rng(seed)
    X, y = np.arange(12.0)[:, np.newaxis], np.arange(12) % 2
    seen = evidence(X, y, [cut(X, y, base.permutation(12), SIZES) for _ in CALLS])
    assert evaluate("random_split", {"sizes": list(SIZES), "calls": CALLS}, seen) is None


@pytest.mark.parametrize(
    "choose",
    [
        lambda rng: np.roll(np.arange(12), rng.integers(12)),
        lambda rng: np.arange(12)[:: rng.choice([-1, 1])],
        lambda rng: np.append(rng.permutation(9), rng.permutation([9, 10, 11])),
        lambda rng: np.append(0, 1 + rng.permutation(11)),
        lambda rng: (2 * rng.permutation(6)[:, np.newaxis] + [0, 1]).ravel(),
        lambda rng: np.random.default_rng(rng.integers(2)).permutation(12),
    ],
)
def test_splits_that_are_not_quite_random_are_seen(choose):
    assert evaluate("random_split", {"sizes": list(SIZES), "calls": CALLS}, many(choose)) is not None


@pytest.mark.filterwarnings("error")
def test_parts_of_one_example_are_judged_too():
    def stays(rng):
        """A shuffle of which the draw leaves out one number: no example keeps its place."""
        order = np.arange(3)
        for i in (2, 1):
            j = rng.integers(i)
            order[[i, j]] = order[[j, i]]
        return order

    X, y, calls = np.arange(3.0)[:, np.newaxis], np.array([1, 0, 1]), list(range(70))
    options = {"sizes": [1, 1, 1], "calls": calls}
    for choose, holds in ((lambda rng: rng.permutation(3), True), (stays, False)):
        for start in range(0, 7000, 70):
            results = [cut(X, y, choose(np.random.default_rng(start + i)), (1, 1, 1)) for i in calls]
            assert (evaluate("random_split", options, evidence(X, y, results)) is None) == holds


def test_each_way_to_break_a_split_has_its_own_words():
    X, y = np.arange(24.0).reshape(12, 2), np.arange(12) % 3
    order = np.random.default_rng(0).permutation(12)
    good = cut(X, y, order, SIZES)
    labels = cut(X, y, np.arange(12), SIZES)[1::2]
    words = {
        "a tuple of 6": list(good),
        "y_train has the shape (3, 2), expected (3,)": (good[0], good[2], good[4], *good[1::2]),
        "the numbers of rows are 5 in train": cut(X, y, order, (5, 4, 3)),
        "the labels kept their order": tuple(p for pair in zip(good[::2], labels, strict=True) for p in pair),
        "X and y were shuffled apart": (good[0], good[1][::-1], *good[2:]),
        "in the dev part and in the test part": (*good[:4], *good[2:4]),
        "in the train part more than once": cut(X, y, np.append(order[:1], order[:11]), SIZES),
        "not rows of X": (good[0] + 1, *good[1:]),
        "expected the labels as integers": (good[0], good[1] * 1.0, *good[2:]),
    }
    for text, result in words.items():
        failed = judged(X, y, result, SIZES)
        assert failed is not None
        assert text in failed.message, failed.message


def test_rows_that_come_twice_may_go_anywhere_but_not_vanish():
    X, y = np.repeat(np.arange(6.0), 2)[:, np.newaxis], np.arange(12) % 2
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(12)
        assert judged(X, y, cut(X, y, order, SIZES), SIZES) is None
        assert judged(X, y, cut(X, y, np.append(order[:11], order[:1]), SIZES), SIZES) is not None


def test_an_empty_part_may_have_any_shape():
    X, y = np.arange(8.0).reshape(4, 2), np.arange(4)
    assert judged(X, y, (X, y, X[:0], y[:0], np.array([]), np.array([])), (4, 0, 0)) is None


def test_blocks_are_seen():
    X, y = np.arange(60.0)[:, np.newaxis], np.arange(60) % 2
    sizes = {"sizes": [36, 12, 12]}
    rng = np.random.default_rng(0)
    assert evaluate("no_blocks", sizes, evidence(X, y, [cut(X, y, rng.permutation(60), (36, 12, 12))])) is None
    partly = np.append(rng.permutation(48), np.arange(48, 60))
    failed = evaluate("no_blocks", sizes, evidence(X, y, [cut(X, y, partly, (36, 12, 12))]))
    assert failed is not None
    assert failed.measure == 4


Y = np.array([1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1])
COUNTS = [[0, 3], [1, 3]]


def sampled(choose, count=250, seed=0):
    rng = np.random.default_rng(seed)
    groups = [np.flatnonzero(label == Y) for label in (0, 1)]
    results = [choose(rng, groups) for _ in range(count)]
    return Evidence(tuple(Call("f", (Y,)) for _ in results), tuple(Outcome(r) for r in results))


def apart(rng, groups):
    return np.concatenate([rng.permutation(group)[:3] for group in groups])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_stratified_samples_hold_for_every_seed(seed):
    options = {"counts": COUNTS, "calls": list(range(250))}
    seen = sampled(apart, seed=seed)
    assert evaluate("is_stratified", options, seen) is None
    assert evaluate("random_stratified", options, seen) is None


@pytest.mark.parametrize(
    "choose",
    [
        lambda rng, groups: np.concatenate([group[:3] for group in groups]),
        lambda rng, groups: np.concatenate([np.roll(group, rng.integers(6))[:3] for group in groups]),
        lambda rng, groups: np.stack(groups)[:, rng.permutation(6)[:3]].ravel(),
        lambda rng, groups: np.concatenate([group[rng.permutation(5)[:3]] for group in groups]),
    ],
)
def test_samples_that_are_not_quite_random_are_seen(choose):
    options = {"counts": COUNTS, "calls": list(range(250))}
    assert evaluate("is_stratified", options, sampled(choose)) is None
    assert evaluate("random_stratified", options, sampled(choose)) is not None


def test_runs_within_a_class_are_seen():
    y, counts, rng = np.arange(100) % 2, [[0, 25], [1, 25]], np.random.default_rng(0)
    groups = [np.flatnonzero(y == label) for label in (0, 1)]

    def judge(*picked):
        return evaluate("no_runs", {"counts": counts}, Evidence((Call("f", (y,)),), (Outcome(np.concatenate(picked)),)))

    assert judge(*(rng.permutation(group)[:25] for group in groups)) is None
    assert "first" in judge(groups[0][:25], rng.permutation(groups[1])[:25]).message
    assert "neighbouring" in judge(rng.permutation(groups[0])[:25], rng.permutation(groups[1][10:35])).message


def test_each_way_to_break_a_sample_has_its_own_words():
    words = {
        "an array of bools": Y == 1,
        "floating-point numbers": np.array([0.0, 1.0]),
        "a list of 2 items": [0, 1],
        "outside 0 … 11": np.array([0, 12]),
        "the right size, but 2 of class 0": np.array([0, 1, 2, 3, 5, 7]),
        "holds 2 of class 0": np.array([1, 2, 0, 3, 5]),
        "more than once": np.array([1, 2, 2, 0, 3, 5]),
    }
    for text, result in words.items():
        failed = evaluate("is_stratified", {"counts": COUNTS}, Evidence((Call("f", (Y,)),), (Outcome(result),)))
        assert failed is not None
        assert text in failed.message, failed.message


def test_the_telltale_fit_betrays_every_example_and_no_order():
    rng = np.random.default_rng(0)
    X, y, rows = rng.standard_normal((20, 3)), rng.integers(0, 3, 20), rng.standard_normal((200, 3))
    fit = build(StandIn("telltale_fit", {"labels": [0, 1, 2]}))
    said, order = fit(X, y)(rows), rng.permutation(20)
    assert set(said) == {0, 1, 2}
    assert np.array_equal(said, fit(X[order], y[order])(rows))
    assert np.array_equal(said, np.concatenate([fit(X, y)(row[np.newaxis]) for row in rows]))
    assert np.array_equal(fit(X.astype(np.float32), y)(rows), fit(X.astype(np.float32).astype(float), y)(rows))
    others = (X[:19], y[:19]), (X[1:], y[1:]), (X, (y + 1) % 3), (X, np.append(y[:19], (y[19] + 1) % 3))
    for other in others:
        assert 0.5 < (fit(*other)(rows) != said).mean() < 0.8


def test_the_plain_fits_do_what_their_names_say():
    X, y = np.array([[0.0], [1.0], [5.0]]), np.array([2, 1, 1])
    assert build(StandIn("majority_fit", {}))(X, y)(np.zeros((2, 1))).tolist() == [1, 1]
    assert build(StandIn("nearest_fit", {}))(X, y)(np.array([[0.2], [4.0]])).tolist() == [2, 1]


@pytest.mark.parametrize("name", ["majority_fit", "nearest_fit", "telltale_fit"])
def test_fits_need_a_label_for_every_row_and_a_row(name):
    fit = build(StandIn(name, {"labels": [0, 1]} if name == "telltale_fit" else {}))
    with pytest.raises(ValueError, match="label per row"):
        fit(np.zeros((3, 2)), np.zeros(4, dtype=int))
    with pytest.raises(ValueError, match="without any example"):
        fit(np.zeros((0, 2)), np.zeros(0, dtype=int))
