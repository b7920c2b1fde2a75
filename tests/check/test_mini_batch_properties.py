"""Properties of shuffled pairs, of batches and of training runs: right answers hold, slightly wrong ones do not."""

from __future__ import annotations

import numpy as np
import pytest

from autograde.check.cases import Call, Outcome
from autograde.check.codec import StandIn
from autograde.check.properties import Evidence, Failed, evaluate
from autograde.check.standins import build


def shuffled(order_of, m, calls, y=None, **params):
    """Evidence of calls that put m examples in the orders ``order_of(rng, m)``."""
    X, y = np.arange(2 * m).reshape(m, 2)[::-1].copy(), np.arange(m) % 5 if y is None else y
    orders = [order_of(np.random.default_rng(seed), m) for seed in range(calls)]
    made = Evidence(tuple(Call("f", (X, y)) for _ in orders), tuple(Outcome((X[o], y[o])) for o in orders))
    return evaluate("shuffles_pairs", params, made)


def swapped_with_any(rng, m):
    order = np.arange(m)
    for i, j in enumerate(rng.integers(m, size=m)):
        order[i], order[j] = order[j], order[i]
    return order


def never_at_home(rng, m):
    order = np.arange(m)
    for i in range(m - 1, 0, -1):
        j = rng.integers(i)
        order[i], order[j] = order[j], order[i]
    return order


@pytest.mark.parametrize(("m", "calls"), [(1, 3), (2, 150), (3, 500), (4, 600), (7, 40), (60, 20), (2500, 26)])
def test_permutations_hold(m, calls):
    assert shuffled(lambda rng, m: rng.permutation(m), m, calls) is None


@pytest.mark.parametrize(
    ("order_of", "m", "calls"),
    [
        (swapped_with_any, 2500, 26),
        (never_at_home, 3, 500),
        (never_at_home, 2, 150),
        (lambda rng, m: np.roll(np.arange(m), rng.integers(m)), 60, 20),
        (lambda rng, m: np.argsort(rng.integers(0, m, m), kind="stable"), 3, 500),
        (lambda rng, m: rng.integers(0, m, m), 60, 1),
        (lambda rng, m: np.arange(m), 60, 2),
        (lambda rng, m: np.random.default_rng(0).permutation(m), 60, 2),
    ],
)
def test_orders_that_are_not_equally_likely_are_noticed(order_of, m, calls):
    assert isinstance(shuffled(order_of, m, calls), Failed)


def in_batches(batches, dtypes=True):
    X, y = np.arange(14.0).reshape(7, 2), np.arange(7)
    made = Evidence((Call("f", (X, y)),), (Outcome(batches(X[::-1], y[::-1])),))
    return evaluate("shuffles_pairs", {"batch_size": 3, "dtypes": dtypes}, made)


def test_batches_are_full_but_the_last():
    assert in_batches(lambda X, y: [(X[:3], y[:3]), (X[3:6], y[3:6]), (X[6:], y[6:])]) is None
    for wrong, words in (
        (lambda X, y: [(X[:3], y[:3]), (X[3:6], y[3:6])], "fewer"),
        (lambda X, y: [(X[:3], y[:3]), (X[3:6], y[3:6]), (X[6:], y[6:]), (X[7:], y[7:])], "empty"),
        (lambda X, y: [(X[:3], y[:3]), (X[3:5], y[3:5]), (X[5:], y[5:])], "sizes"),
        (lambda X, y: [[X[:3], y[:3]], [X[3:6], y[3:6]], [X[6:], y[6:]]], "tuple"),
        (lambda X, y: ((X[:3], y[:3]), (X[3:6], y[3:6]), (X[6:], y[6:])), "list"),
        (lambda X, y: [(X[:3].astype(int), y[:3]), (X[3:6], y[3:6]), (X[6:], y[6:])], "dtype"),
        (lambda X, y: [(X[:3], y[3:6]), (X[3:6], y[:3]), (X[6:], y[6:])], "beside"),
    ):
        failed = in_batches(wrong)
        assert isinstance(failed, Failed)
        assert words in failed.message


M, SIZE, EPOCHS = 7, 3, 6


def trained(run, calls=5):
    X, y = np.zeros((M, 2)), np.arange(M)
    X[:, 0], X[:, 1] = 4.0 ** np.arange(M), y
    params = {"updates": np.array([0.0]), "trace": np.array([1.0])}
    gradients, step = build(StandIn("counting_gradients", {"rows": M})), build(StandIn("counting_step", {}))
    made = tuple(Call("train", (params, X, y)) for _ in range(calls))
    done = tuple(Outcome(run(params, X, y, gradients, step, np.random.default_rng(i))) for i in range(calls))
    return evaluate("trains_on_all", {"batch_size": SIZE, "epochs": EPOCHS}, Evidence(made, done))


def training(order_of, pair=True, late=False):
    def run(params, X, y, gradients, step, rng):
        losses, fixed = [], rng.permutation(M)
        for epoch in range(EPOCHS):
            order = order_of(rng, epoch, fixed)
            for i in range(0, M, SIZE):
                rows = order[i : i + SIZE]
                labels = y[rows] if pair else y[i : i + SIZE]
                loss, grads = gradients(params, X[rows], labels)
                params = step(params, grads)
                losses.append(gradients(params, X[rows], labels)[0] if late else loss)
        return params, losses

    return run


def test_a_fresh_order_in_every_epoch():
    assert trained(training(lambda rng, epoch, fixed: rng.permutation(M))) is None
    for wrong, words in (
        (training(lambda rng, epoch, fixed: np.arange(M)), "never shuffled"),
        (training(lambda rng, epoch, fixed: fixed), "afresh"),
        (training(lambda rng, epoch, fixed: rng.permutation(M), pair=False), "labels"),
        (training(lambda rng, epoch, fixed: rng.permutation(M), late=True), "after its update"),
        (training(lambda rng, epoch, fixed: rng.integers(0, M, M)), "more than once"),
    ):
        failed = trained(wrong)
        assert isinstance(failed, Failed)
        assert words in failed.message
    first_as_given = training(lambda rng, epoch, fixed: rng.permutation(M) if epoch else np.arange(M))
    failed = trained(first_as_given, 12)
    assert isinstance(failed, Failed)
    assert "in which they were given" in failed.message


def test_micro_batches_have_to_fit():
    gradients = build(StandIn("rowwise_gradients", {"u": np.ones(2), "v": np.ones(2), "limit": 2}))
    params = {"w": np.ones(2)}
    assert gradients(params, np.ones((2, 2)), np.ones(2))[0] == 0.5
    with pytest.raises(MemoryError, match="3 rows"):
        gradients(params, np.ones((3, 2)), np.ones(3))
    assert list(build(StandIn("plain_step", {"rate": 0.5}))(params, {"w": np.ones(2)})["w"]) == [0.5, 0.5]
