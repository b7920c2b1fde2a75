"""The shared network: values against a slow computation, gradients against differences, precision, errors."""

from itertools import pairwise

import numpy as np
import pytest

from coursekit.network import ACTIVATIONS, accuracy, forward, loss_and_gradients, predict


def make_params(sizes, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    params = {}
    for i, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        params[f"W{i}"] = (rng.standard_normal((n_in, n_out)) / np.sqrt(n_in)).astype(dtype)
        params[f"b{i}"] = (0.1 * rng.standard_normal(n_out)).astype(dtype)
    return params


def make_batch(m, n, k, seed=1):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((m, n)), rng.integers(0, k, m)


SLOW = {
    "relu": lambda z: max(z, 0.0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "elu": lambda z: z if z > 0 else np.exp(z) - 1,
    "linear": lambda z: z,
}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_forward_is_what_the_formulas_say(activation):
    params, (X, _) = make_params([3, 5, 4, 2]), make_batch(6, 3, 2)
    logits, cache = forward(params, X, activation)
    for row, x in enumerate(X):
        a = list(x)
        for layer in (1, 2, 3):
            W, b = params[f"W{layer}"], params[f"b{layer}"]
            z = [sum(a[i] * W[i, j] for i in range(len(a))) + b[j] for j in range(W.shape[1])]
            assert np.allclose(cache["Z"][layer - 1][row], z)
            a = [SLOW[activation](value) for value in z] if layer < 3 else z
        assert np.allclose(logits[row], a)
    assert [A.shape for A in cache["A"]] == [(6, 3), (6, 5), (6, 4)]
    assert cache["Z"][-1] is logits


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [[4, 3], [4, 6, 3], [4, 5, 2, 3]])
def test_gradients_agree_with_differences(activation, sizes):
    params, (X, y) = make_params(sizes), make_batch(7, 4, 3)
    _, grads = loss_and_gradients(params, X, y, activation)
    assert list(grads) == list(params)
    for key in params:
        for index in np.ndindex(params[key].shape):
            moved = [{k: v.copy() for k, v in params.items()} for _ in range(2)]
            moved[0][key][index] += 1e-6
            moved[1][key][index] -= 1e-6
            up, down = (loss_and_gradients(p, X, y, activation)[0] for p in moved)
            assert grads[key][index] == pytest.approx((up - down) / 2e-6, abs=1e-7)


def test_the_loss_of_equal_logits_is_ln_k():
    params = {"W1": np.zeros((4, 10)), "b1": np.zeros(10)}
    X, y = make_batch(5, 4, 10)
    assert loss_and_gradients(params, X, y)[0] == pytest.approx(2.302585, abs=1e-6)


def test_large_logits_give_a_finite_loss():
    params = {"W1": 1000 * np.eye(3), "b1": np.zeros(3)}
    loss, grads = loss_and_gradients(params, np.eye(3), np.array([1, 2, 0]))
    assert loss == pytest.approx(1000)
    assert all(np.isfinite(g).all() for g in grads.values())


def test_sigmoid_and_elu_do_not_overflow():
    params = {"W1": np.eye(2), "b1": np.zeros(2), "W2": np.eye(2), "b2": np.zeros(2)}
    X = np.array([[-1e4, 1e4]])
    with np.errstate(all="raise", under="ignore"):
        assert np.allclose(forward(params, X, "sigmoid")[0], [[0, 1]])
        assert np.allclose(forward(params, X, "elu")[0], [[-1, 1e4]])


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_float32_stays_float32(activation):
    params, (X, y) = make_params([4, 6, 3], dtype=np.float32), make_batch(7, 4, 3)
    logits, cache = forward(params, X.astype(np.float32), activation)
    _, grads = loss_and_gradients(params, X.astype(np.float32), y, activation)
    assert {a.dtype for a in (logits, *cache["A"], *cache["Z"], *grads.values())} == {np.dtype(np.float32)}


def test_inputs_are_left_alone():
    params, (X, y) = make_params([4, 6, 3]), make_batch(7, 4, 3)
    before = [a.copy() for a in (*params.values(), X, y)]
    loss_and_gradients(params, X, y)
    forward(params, X, "linear")
    assert all(np.array_equal(a, b) for a, b in zip(before, (*params.values(), X, y), strict=True))


def test_predict_and_accuracy():
    params = {"W1": np.eye(3), "b1": np.zeros(3)}
    X = np.array([[0.0, 1.0, 0.5], [2.0, 1.0, 0.0]])
    assert predict(params, X).tolist() == [1, 0]
    assert accuracy(params, X, np.array([1, 2])) == 0.5


def test_errors_name_the_argument_and_the_value():
    params, (X, y) = make_params([4, 6, 3]), make_batch(7, 4, 3)
    with pytest.raises(ValueError, match=r"activation must be one of relu, .* got 'swish'"):
        forward(params, X, "swish")
    with pytest.raises(ValueError, match=r"X must have the shape \(m, 4\)"):
        forward(params, X[:, :3])
    with pytest.raises(ValueError, match=r"y must lie in 0 ... 2 for 3 logits"):
        loss_and_gradients(params, X, y + 1)
    with pytest.raises(ValueError, match=r"y must be 7 integers"):
        loss_and_gradients(params, X, y[:, np.newaxis])
    with pytest.raises(ValueError, match=r"missing \['b1', 'W2'\]"):
        forward({"W1": params["W1"], "W3": params["W2"], "b2": params["b2"]}, X)
