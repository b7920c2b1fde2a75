"""Lesson 11's batch normalization is torch's and Keras's: forward, backward, over many batches, and in training."""

from __future__ import annotations

import numpy as np

from .stored import assert_same, of_kind

#: Where variances are differences of large numbers, or slopes come near zero by cancelling.
RTOL, ATOL = 1e-10, 1e-11


def arguments(case):
    return [case["at"][key] for key in ("gamma", "beta", "running_mean", "running_var")]


@of_kind("batchnorm")
def test_a_layer_is_torchs_forward_and_backward(file, case, references):
    forward, backward = references[file]["batchnorm_forward"], references[file]["batchnorm_backward"]
    out, cache, *running = forward(case["Z"], *arguments(case), case["momentum"], case["eps"])
    assert_same(out, case["out"], RTOL, ATOL)
    assert_same(running, case["running"], RTOL)
    gradients = backward(case["dout"], cache)
    assert isinstance(gradients, tuple)
    for found, expected in zip(gradients, case["gradients"], strict=True):
        assert_same(found, expected, RTOL, ATOL * (1 + np.abs(case["gradients"][0]).max()))
    assert_same(list(backward(case["dout"], cache)), list(gradients), rtol=0)


@of_kind("batchnorm")
def test_defaults_are_a_momentum_of_nine_tenths_and_an_eps_of_1e_5(file, case, references):
    forward = references[file]["batchnorm_forward"]
    given = forward(case["Z"], *arguments(case), 0.9, 1e-5, True)
    left_out = forward(case["Z"], *arguments(case))
    assert_same([left_out[0], *left_out[2:]], [given[0], *given[2:]], rtol=0)


@of_kind("batchnorm_of_one")
def test_a_batch_of_one_is_kerass(file, case, references):
    out, _, *running = references[file]["batchnorm_forward"](case["Z"], *arguments(case))
    assert_same(out, case["out"], rtol=1e-6)  # Keras computes it in float32
    assert_same(running, case["running"], rtol=1e-6)


@of_kind("running")
def test_running_statistics_are_torchs_over_many_batches(file, case, references):
    forward = references[file]["batchnorm_forward"]
    gamma, beta, mean, var = arguments(case)
    for number, Z in enumerate(case["batches"], start=1):
        out, _, mean, var = forward(Z, gamma, beta, mean, var, case["momentum"], case["eps"])
        if str(number) in case["running"]:
            assert_same([mean, var], case["running"][str(number)])
    assert_same(out, case["last_out"], RTOL, ATOL)
    found = forward(case["new"], gamma, beta, mean, var, case["momentum"], case["eps"], training=False)
    assert_same(found[0], case["new_out"], RTOL)


@of_kind("batchnorm_at_test_time")
def test_a_layer_at_test_time_is_torchs(file, case, references):
    out, _, *running = references[file]["batchnorm_forward"](
        case["Z"], *arguments(case), eps=case["eps"], training=False
    )
    assert_same(out, case["out"], atol=1e-14)
    assert_same(running, case["running"], rtol=0)


def logits_and_caches(forward, case, params, running, X, training):
    """Linear, normalised, ReLU, for every gamma, and a linear layer at the end; the running statistics afterwards."""
    A, caches, after = X, [], {}
    hidden = sum(key.startswith("gamma") for key in params)
    for layer in range(1, hidden + 1):
        W, b, gamma, beta = (params[f"{name}{layer}"] for name in ("W", "b", "gamma", "beta"))
        statistics = running[f"mean{layer}"], running[f"var{layer}"]
        out, cache, after[f"mean{layer}"], after[f"var{layer}"] = forward(
            A @ W + b, gamma, beta, *statistics, case["momentum"], case["eps"], training
        )
        caches.append((A, cache, out))
        A = np.maximum(out, 0)
    return A @ params[f"W{hidden + 1}"] + params[f"b{hidden + 1}"], A, caches, after


def loss_and_gradients(backward, params, logits, A, caches, y):
    probs = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs /= probs.sum(axis=1, keepdims=True)
    right = np.arange(len(y)), y
    loss = -np.log(probs[right]).mean()
    probs[right] -= 1
    dZ, last = probs / len(y), len(caches) + 1
    grads = {f"W{last}": A.T @ dZ, f"b{last}": dZ.sum(axis=0)}
    for layer in range(last - 1, 0, -1):
        A, cache, out = caches[layer - 1]
        dout = (dZ @ params[f"W{layer + 1}"].T) * (out > 0)
        dZ, grads[f"gamma{layer}"], grads[f"beta{layer}"] = backward(dout, cache)
        grads |= {f"W{layer}": A.T @ dZ, f"b{layer}": dZ.sum(axis=0)}
    return loss, grads


@of_kind("batchnorm_network")
def test_a_network_learns_as_torchs_does(file, case, references):
    forward, backward = references[file]["batchnorm_forward"], references[file]["batchnorm_backward"]
    params, running, losses = case["params"], case["running"], []
    for step in range(len(case["losses"])):
        rows = case["parts"][step % len(case["parts"])]
        logits, A, caches, running = logits_and_caches(forward, case, params, running, case["X"][rows], True)
        loss, grads = loss_and_gradients(backward, params, logits, A, caches, case["y"][rows])
        params = {key: value - case["learning_rate"] * grads[key] for key, value in params.items()}
        losses.append(loss)
    assert len(losses) == 50
    np.testing.assert_allclose(losses, case["losses"], rtol=1e-9)
    assert_same(params, case["last"], rtol=1e-8, atol=1e-10)
    assert_same(running, case["last_running"], rtol=1e-8, atol=1e-10)
    logits, _, _, unchanged = logits_and_caches(forward, case, params, running, case["X"], False)
    assert_same(logits, case["logits_at_test_time"], rtol=1e-8, atol=1e-10)
    assert_same(unchanged, running, rtol=0)


@of_kind("batchnorm_network")
def test_the_folded_network_is_torchs_at_test_time(file, case, references):
    last, running, A = case["last"], case["last_running"], case["X"]
    for layer in (1, 2):
        statistics = running[f"mean{layer}"], running[f"var{layer}"]
        W, b = references[file]["fold_batchnorm"](
            *(last[f"{name}{layer}"] for name in ("W", "b", "gamma", "beta")), *statistics, case["eps"]
        )
        A = np.maximum(A @ W + b, 0)
    assert_same(A @ last["W3"] + last["b3"], case["logits_at_test_time"], rtol=1e-11, atol=1e-12)
