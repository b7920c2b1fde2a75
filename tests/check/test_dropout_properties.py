"""Properties of masks, of passes with fresh masks and of gradients: right answers hold, slightly wrong ones do not."""

from __future__ import annotations

import numpy as np
import pytest

from autograde.check.cases import Call, Outcome
from autograde.check.codec import StandIn
from autograde.check.properties import Evidence, Failed, evaluate

SHAPE = (150, 130)


def returned(*values, args=()):
    """Evidence of calls that returned these values."""
    return Evidence(tuple(Call("f", args) for _ in values), tuple(Outcome(v) for v in values))


def mask(keep, seed=0, shape=SHAPE):
    return (np.random.default_rng(seed).random(shape) < keep) / keep


def failure(name, params, evidence):
    failed = evaluate(name, params, evidence)
    assert isinstance(failed, Failed)
    return failed.message


# --- kept_or_dropped -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keep", [0.05, 0.3, 0.5, 0.9, 1.0])
def test_masks_hold_with_every_seed(keep):
    for seed in range(100):
        assert evaluate("kept_or_dropped", {"keep": keep}, returned(mask(keep, seed))) is None
    thin = returned(*(mask(keep, s, (1, 3000)) for s in range(20)))
    assert evaluate("kept_or_dropped", {"keep": keep, "calls": list(range(20))}, thin) is None
    single = returned(mask(keep).astype(np.float32), args=(np.ones(3, np.float32),))
    assert evaluate("kept_or_dropped", {"keep": keep}, single) is None


@pytest.mark.parametrize("keep", [0.3, 0.5, 0.9])
def test_wrong_masks_are_noticed(keep):
    rng = np.random.default_rng(1)
    good, params = mask(keep), {"keep": keep}
    assert "times what they should be" in failure("kept_or_dropped", params, returned(good > 0))
    assert "times what they should be" in failure("kept_or_dropped", params, returned(good * (1 + 1e-4)))
    assert "same factor" in failure("kept_or_dropped", params, returned(good * rng.uniform(0.9, 1.1, SHAPE)))
    assert "of the units are kept" in failure(
        "kept_or_dropped", params, returned(mask(keep + 0.06) * (keep + 0.06) / keep)
    )
    normal = (rng.standard_normal(SHAPE) < keep) / keep
    assert "of the units are kept" in failure("kept_or_dropped", params, returned(normal))
    assert "for every example" in failure("kept_or_dropped", params, returned(np.tile(good[:1], (150, 1))))
    assert "as a whole" in failure("kept_or_dropped", params, returned(np.tile(good[:, :1], (1, 130))))
    assert "nan" in failure("kept_or_dropped", params, returned(np.where(good > 0, np.nan, 0)))
    assert "expected" not in failure("kept_or_dropped", params, returned([1.0]))


def test_masks_that_depend_on_each_other_are_noticed():
    rng, params = np.random.default_rng(2), {"keep": 0.5}
    even = (rng.permuted(np.tile(np.arange(130), (150, 1)), axis=1) < 65) * 2.0
    assert "too evenly" in failure("kept_or_dropped", params, returned(even))
    assert "too evenly" in failure("kept_or_dropped", {"keep": 0.5}, returned(even.T))
    uneven = (rng.random(SHAPE) < rng.choice([0.3, 0.7], (150, 1))) * 2.0
    assert "too unevenly" in failure("kept_or_dropped", params, returned(uneven))
    few = np.vstack([mask(0.5, 3, (40, 90)), mask(0.5, 4, (1, 90)), mask(0.5, 3, (40, 90))[:1]])
    assert "two examples have the same mask" in failure("kept_or_dropped", params, returned(few))
    assert "two units have the same mask" in failure("kept_or_dropped", params, returned(few.T))


def test_calls_have_masks_of_their_own():
    both = {"keep": 0.5, "calls": [0, 1]}
    assert evaluate("kept_or_dropped", both, returned(mask(0.5, 1), mask(0.5, 2))) is None
    assert "two calls" in failure("kept_or_dropped", both, returned(mask(0.5, 1), mask(0.5, 1)))
    exact = [np.random.default_rng(s).permutation(np.repeat([0.0, 2.0], 400)).reshape(20, 40) for s in range(12)]
    assert "exactly the same number" in failure(
        "kept_or_dropped", {"keep": 0.5, "calls": list(range(12))}, returned(*exact)
    )


def test_masks_are_seen_through_a_base_a_path_and_columns():
    base = np.random.default_rng(5).uniform(0.5, 2, SHAPE)
    value = {"out": np.hstack([base * mask(0.3), np.ones((150, 2))])}
    params = {"keep": 0.3, "base": base, "path": ["out"], "columns": list(range(130))}
    assert evaluate("kept_or_dropped", params, returned(value)) is None
    assert evaluate("kept_or_dropped", params | {"keep": 0.4}, returned(value))


# --- product_of_argument ---------------------------------------------------------------------------------------------


def test_the_output_is_the_argument_times_the_mask():
    A, m = np.random.default_rng(0).standard_normal((6, 5)), mask(0.5, shape=(6, 5))
    assert evaluate("product_of_argument", {}, returned((A * m, m), args=(A,))) is None
    named = Evidence((Call("f", (), {"A": A}),), (Outcome((A * m, m)),))
    assert evaluate("product_of_argument", {}, named) is None
    made = returned((m, m), args=(StandIn("ones", {"shape": [6, 5]}),))
    assert evaluate("product_of_argument", {}, made) is None
    for wrong in ((A * m + 1e-3, m), (A, m), (A * m, m[:1]), (A * m, None), [A * m, m], A * m):
        assert evaluate("product_of_argument", {}, returned(wrong, args=(A,)))


# --- counts_of_passes ------------------------------------------------------------------------------------------------


def passes(samples, keep, seed=0, m=200):
    rng = np.random.default_rng(seed)
    kept = np.tile([0.7, 0.2, 0.1], (m, 1)) + np.linspace(0, 0.05, m)[:, None] * [1, -1, 0]
    dropped = np.full((m, 3), 1 / 3)
    took = rng.random((samples, m, 1)) < keep
    return kept, dropped, np.where(took, kept, dropped)


@pytest.mark.parametrize("samples", [1, 2, 7])
@pytest.mark.parametrize("keep", [0.3, 0.8, 1.0])
def test_counts_of_passes_hold(samples, keep):
    for seed in range(50):
        kept, dropped, p = passes(samples, keep, seed)
        params = {"kept": kept, "dropped": dropped, "keep": keep, "samples": samples}
        assert evaluate("counts_of_passes", params, returned((p.mean(0), p.std(0)))) is None


def test_passes_that_come_in_pairs_are_noticed():
    kept, dropped, p = passes(5, 0.5, m=400)
    params = {"kept": kept, "dropped": dropped, "keep": 0.5, "samples": 10}
    twice = np.concatenate([p, p])
    assert "go together" in failure("counts_of_passes", params, returned((twice.mean(0), twice.std(0))))


def test_wrong_passes_are_noticed():
    kept, dropped, p = passes(6, 0.5)
    params = {"kept": kept, "dropped": dropped, "keep": 0.5, "samples": 6}
    mean, std = p.mean(0), p.std(0)
    wrong = {
        "no mean of": (p[:5].mean(0), p[:5].std(0)),
        "standard deviation": (mean, p.std(0, ddof=1)),
        "same mask": (p[0], 0 * std),
        "add up to 1": (mean * 1.1, std),
        "their probability": tuple(f(passes(6, 0.8)[2], axis=0) for f in (np.mean, np.std)),
        "share their masks": tuple(np.tile(f(p, axis=0)[:1], (200, 1)) for f in (np.mean, np.std)),
    }
    flat = {**params, "kept": np.tile(kept[:1], (200, 1))}
    for words, value in wrong.items():
        assert words in failure("counts_of_passes", flat if "share" in words else params, returned(value))
    for value in ((mean, std**2), (mean, std / 2), (mean, None), mean, (mean[:1], std[:1]), (mean, np.nan * std)):
        assert evaluate("counts_of_passes", params, returned(value))


# --- slopes_match ----------------------------------------------------------------------------------------------------


def cross_entropy(logits, y):
    return np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(y)), y])


def linear_evidence(spoil=lambda g: g, eps=1e-6):
    """A softmax regression with a mask of its own, its gradients (spoilt), and moved passes."""
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((8, 4)) * mask(0.6, 1, (8, 4)), np.arange(8) % 3
    params = {"W1": rng.standard_normal((4, 3)), "b1": rng.standard_normal(3)}

    def forward(p):
        return X @ p["W1"] + p["b1"]

    P = np.exp(forward(params))
    P /= P.sum(axis=1, keepdims=True)
    P[np.arange(8), y] -= 1
    grads = spoil({"W1": X.T @ P / 8, "b1": P.mean(axis=0)})
    calls, outcomes, pairs = (
        [Call("f", (params,)), Call("b", ())],
        [Outcome((forward(params), None)), Outcome(grads)],
        [],
    )
    for key in params:
        for _ in range(3):
            step = eps * rng.standard_normal(params[key].shape)
            pairs.append((len(calls), len(calls) + 1))
            for sign in (1, -1):
                moved = {**params, key: params[key] + sign * step}
                calls.append(Call("f", (moved,)))
                outcomes.append(Outcome((forward(moved), None)))
    return Evidence(tuple(calls), tuple(outcomes)), {"backward": 1, "pairs": pairs, "gradients": [(0, [])], "y": y}


def test_right_gradients_match_the_slopes():
    evidence, params = linear_evidence()
    assert evaluate("slopes_match", params, evidence) is None


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda g: {**g, "W1": g["W1"] * 0.5}, "result['W1'] is not the slope of the cost that your own forward pass"),
        (lambda g: {**g, "b1": g["b1"] * 8}, "it is 8 times that slope"),
        (lambda g: {**g, "W1": g["W1"][::-1]}, "result['W1']"),
        (lambda g: {**g, "W1": g["W1"] + 1e-3}, "result['W1']"),
        (lambda g: {**g, "b1": np.full(3, np.nan)}, "result['b1']"),
        (lambda g: {**g, "b1": g["b1"][None]}, "has the shape (1, 3), expected the shape (3,)"),
        (lambda g: {**g, "b1": [1.0, 2.0, 3.0]}, "expected an array"),
    ],
)
def test_wrong_gradients_do_not(spoil, words):
    evidence, params = linear_evidence(spoil)
    failed = evaluate("slopes_match", params, evidence)
    assert isinstance(failed, Failed)
    assert words in failed.message
    assert failed.call == 1


def test_a_seed_is_spoken_of_where_there_is_one():
    evidence, params = linear_evidence(lambda g: {**g, "W1": 2 * g["W1"]})
    assert "seed" not in evaluate("slopes_match", params, evidence).message
    seeded = Call("f", (*evidence.calls[0].args, StandIn("rng", {"seed": 1})))
    evidence = Evidence((seeded, *evidence.calls[1:]), evidence.outcomes)
    assert "forward pass gives with the same seed" in evaluate("slopes_match", params, evidence).message


def test_the_factor_is_the_measure_whatever_the_mask():
    first = evaluate("slopes_match", *reversed(linear_evidence(lambda g: {**g, "W1": 2 * g["W1"]})))
    other = evaluate("slopes_match", *reversed(linear_evidence(lambda g: {**g, "W1": 2 * g["W1"]}, eps=3e-6)))
    half = evaluate("slopes_match", *reversed(linear_evidence(lambda g: {**g, "W1": g["W1"] / 2})))
    assert abs(first.measure - other.measure) < first.spread
    assert abs(first.measure - half.measure) > first.spread


def relu_evidence(gradient, theta=0.0, eps=1e-6):
    """The weighted sum of ReLUs of two arrays, one of them moved; the other comes back at ``[1]``."""
    z, weights = np.array([[theta, 2.0]]), np.array([[3.0, -1.0]])
    gain = np.array([2.0])
    calls, outcomes, pairs = [Call("f", (z, gain)), Call("b", ())], [], []

    def forward(z, gain):
        return Outcome((np.maximum(z, 0) * gain, None))

    outcomes = [forward(z, gain), Outcome(gradient)]
    for position, size in ((0, 2), (1, 1)):
        for i in range(size):
            pairs.append((len(calls), len(calls) + 1))
            for sign in (1, -1):
                args = [z.copy(), gain.copy()]
                args[position].flat[i] += sign * eps
                calls.append(Call("f", tuple(args)))
                outcomes.append(forward(*args))
    options = {"backward": 1, "pairs": pairs, "gradients": [(0, [0]), (1, [1])], "weights": weights}
    return options, Evidence(tuple(calls), tuple(outcomes))


@pytest.mark.parametrize("slope", [0.0, 6.0, 3.0])
def test_every_slope_at_a_kink_is_right(slope):
    dz = np.array([[slope, -2.0]])
    assert evaluate("slopes_match", *relu_evidence((dz, np.array([-2.0])))) is None


def test_other_slopes_and_other_arguments_are_judged_too():
    assert evaluate("slopes_match", *relu_evidence((np.array([[6.1, -2.0]]), np.array([-2.0]))))
    assert evaluate("slopes_match", *relu_evidence((np.array([[0.0, -2.0]]), np.array([2.0]))))
    assert evaluate("slopes_match", *relu_evidence((np.array([[3.0, -2.0]]), np.array([1.0])), theta=1.0))
