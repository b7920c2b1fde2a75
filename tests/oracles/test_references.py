"""The references of lessons 00, 01 and 06 and the shared network agree with software that shares no code with them.

The expected values come from PyTorch, SciPy, scikit-learn and mpmath; ``make`` made them and stored them
in ``*.json`` beside this file. Nothing but NumPy is needed here.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from autograde.judge.lesson import load_reference
from coursekit import network
from coursekit.bug_hunt import SUSPECTS

from .stored import CASES, LESSON_OF, LESSONS, STORED, assert_same, of_kind

#: Where a result may be off by rounding although it is (nearly) zero.
ATOL = {
    "elu": 1e-15,
    "log_softmax": 1e-15,
    "relative_difference": 1e-15,
    "prelu_backward": 1e-14,
    "ewa_update": 1e-15,
    "ewa": 1e-14,
    "ewa_bias_corrected": 1e-12,
    "cyclical_learning_rate": 1e-15,
    "warmup_cosine": 1e-15,
    "fold_batchnorm": 1e-15,
}
ACTIVATIONS = {
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "linear": lambda z: z,
}


def weights_of(params: dict[str, np.ndarray]) -> list[np.ndarray]:
    return [params[f"W{layer}"] for layer in range(1, len(params) // 2 + 1)]


def preactivation_variances(params: dict[str, np.ndarray], X: np.ndarray) -> list[float]:
    """The variance over all entries of ``A @ W + b`` for every layer of a ReLU network."""
    A, variances = X, []
    for layer, W in enumerate(weights_of(params), start=1):
        Z = A @ W + params[f"b{layer}"]
        variances.append(float(np.mean((Z - np.mean(Z)) ** 2)))
        A = np.where(Z > 0, Z, 0.0)
    return variances


def cost_in_numpy(label: str, constants: dict[str, np.ndarray], params: dict[str, np.ndarray]) -> float:
    """The costs of ``make.gradient_checking``, written again in NumPy."""
    if label == "quadratic":
        theta = np.concatenate([params[key].ravel() for key in ("W", "a10", "a2", "b")])
        return float(theta @ constants["A"] @ theta / 2 + constants["c"] @ theta)
    if label == "log-sum-exp and sines":
        rows = np.log(np.exp(params["u"] * params["v"]).sum(axis=1))
        return float(rows.sum() + np.prod(np.sin(params["w10"])) * params["w2"].sum() ** 3)
    if label == "cross-entropy of a network":
        logits = np.tanh(constants["X"] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
        right = logits[np.arange(len(logits)), constants["y"]]
        return float(np.mean(np.log(np.exp(logits).sum(axis=1)) - right))
    raise ValueError(f"no cost is called {label!r}; add it here when make has a new one")


# What is stored


def test_every_file_names_the_versions_that_made_it():
    for stored in STORED.values():
        made_with = dict(stored["made_with"])
        common = {name: made_with.pop(name) for name in ("python", "torch", "scipy", "sklearn", "mpmath", "numpy")}
        assert made_with.keys() <= {"mlxtend", "pandas", "keras", "pytorch_lightning"}
        assert common == STORED["network"]["made_with"], "make writes all files in one run"


def test_every_exercise_has_an_oracle():
    answers = {
        "start_here": "relu leaky_relu elu prelu_backward maxout softmax log_softmax cross_entropy dead_units",
        "initialization": "initialize_random initialize_xavier initialize_glorot_uniform initialize_he"
        " initialize_orthogonal lsuv activation_stds linear_gain initialize_zeros",
        "bias_variance": "error_rate accuracy_standard_error train_dev_test_split stratified_indices learning_curve"
        " bias_variance",
        "regularization": "l2_cost l2_gradients weight_decay_step l1_cost l1_gradients sparsity max_norm early_stopping"
        " random_horizontal_flip random_shift",
        "dropout": "dropout_forward dropout_backward forward_with_dropout mc_dropout_predict",
        "input_normalization": "fit_standardizer standardize scale_pixels channel_means subtract_channel_means"
        " hessian_condition_number gd_iterations fit_whitener whiten",
        "mini_batch": "updates_per_epoch shuffle_together mini_batches gradient_descent_step train accumulate_gradients",
        "exponentially_weighted_averages": "ewa_update ewa ewa_bias_corrected ewa_weights effective_window half_life",
        "momentum": "initialize_velocity momentum_step classical_momentum_step nesterov_step"
        " largest_stable_learning_rate",
        "adam": "initialize_cache adagrad_step rmsprop_step initialize_adam adam_step adamw_step step_decay"
        " exponential_decay inverse_time_decay cyclical_learning_rate warmup_cosine",
        "batch_normalization": "batchnorm_forward batchnorm_backward fold_batchnorm",
        "tuning": "sample_log_uniform sample_beta grid_search k_fold_indices cross_validate nested_cross_validate",
        "smarter_search": "successive_halving hyperband rbf_kernel gp_posterior expected_improvement bayesian_search",
        "capstone": "train_model",
        "gradient_checking": "one_sided_difference two_sided_difference params_to_vector vector_to_params"
        " numerical_gradient relative_difference worst_components",
    }
    for name, functions in answers.items():
        assert {case["function"] for file, case in CASES if file == name} == set(functions.split())
    # gradient_check and faulty_gradients are judged on the claims that go with each numerical gradient.
    assert all(case["claims"] for _, case in CASES if case["function"] == "numerical_gradient")


# Functions of arrays and numbers


@of_kind("call")
def test_returns_what_each_oracle_returns(file, case, references):
    inputs = [dict(value) if isinstance(value, dict) else value for value in case["inputs"]]
    found = references[file][case["function"]](*inputs)
    assert_same(inputs, case["inputs"], rtol=0)
    assert case["expected"]
    for expected in case["expected"].values():
        assert isinstance(found, tuple) == isinstance(expected, list), "pairs are tuples"
        assert_same(found, expected, atol=ATOL.get(case["function"], 0.0))


# Lesson 01


@of_kind("draws")
@pytest.mark.parametrize("seed", [0, 1])
def test_draws_follow_the_distribution(file, case, references, seed):
    initialize = references[file][case["function"]]
    params = initialize(case["layer_sizes"], np.random.default_rng(seed), *case["options"])
    assert set(params) == {f"{k}{layer + 1}" for k in "Wb" for layer in range(len(case["scales"]))}
    for layer, (scale, shape, bounds) in enumerate(
        zip(case["scales"], case["shapes"], case["bounds"], strict=True), start=1
    ):
        W, b = params[f"W{layer}"], params[f"b{layer}"]
        assert list(W.shape) == shape and b.shape == (shape[1],) and not b.any()
        standard = W / scale
        share = np.searchsorted(np.sort(standard, axis=None), case["quantiles"], side="right") / standard.size
        assert np.abs(share - case["probabilities"]).max() <= bounds["kolmogorov_smirnov"]
        assert abs(standard.mean()) <= bounds["mean"]
        if "variance" in bounds:
            low, high = bounds["variance"]
            assert low <= np.mean(standard**2) <= high
            singular = np.linalg.svd(standard, compute_uv=False)
            low, high = bounds["singular_values"]
            assert low <= singular.min() and singular.max() <= high
        else:
            low, high = bounds["largest"]
            assert low <= np.abs(standard).max() <= high * (1 + 1e-12)


@of_kind("zeros")
def test_zeros_are_zero(file, case, references):
    assert_same(references[file][case["function"]](case["layer_sizes"]), case["params"])


@of_kind("orthogonal")
def test_orthogonal_has_torchs_singular_values(file, case, references):
    initialize = references[file][case["function"]]
    drawn = [initialize(*case["shape"], np.random.default_rng(seed)) for seed in range(5)]
    for W in drawn:
        assert list(W.shape) == case["shape"]
        np.testing.assert_allclose(np.linalg.svd(W, compute_uv=False), case["singular_values"], rtol=1e-12)
    if W.size > 1:
        assert len({W.tobytes() for W in drawn}) == len(drawn)


@of_kind("activation_stds")
def test_activation_stds_are_torchs(file, case, references):
    found = references[file]["activation_stds"](case["params"], case["X"], ACTIVATIONS[case["activation"]])
    assert_same(found, case["stds"])


@of_kind("variances")
def test_the_measure_of_variance_is_torchs(file, case):
    np.testing.assert_allclose(preactivation_variances(case["params"], case["X"]), case["variances"], rtol=1e-12)


@of_kind("lsuv")
@pytest.mark.parametrize("tol", [0.05, 1e-3])
@pytest.mark.parametrize("sizes", [[6, 9, 5, 3], [6, 4], [6, 12, 12, 12, 2]], ids=str)
def test_lsuv_reaches_unit_variance_with_scaled_orthonormal_weights(file, case, references, sizes, tol):
    for seed in range(3):
        params = references[file]["lsuv"](sizes, case["X"], np.random.default_rng(seed), tol=tol)
        assert set(params) == {f"{k}{layer}" for k in "Wb" for layer in range(1, len(sizes))}
        variances = preactivation_variances(params, case["X"])
        assert max(abs(variance - 1) for variance in variances) <= tol * (1 + 1e-9)
        for W, shape in zip(weights_of(params), itertools.pairwise(sizes), strict=True):
            assert W.shape == shape
            singular = np.linalg.svd(W, compute_uv=False)
            np.testing.assert_allclose(singular, singular[0], rtol=1e-9)


@of_kind("lsuv")
def test_lsuv_from_given_weights_finds_torchs_scales(file, case):
    reference = load_reference(LESSONS / LESSON_OF[file])
    given = iter(case["orthonormal"])
    reference["initialize_orthogonal"] = lambda n_in, n_out, rng: next(given)
    params = reference["lsuv"](case["layer_sizes"], case["X"], np.random.default_rng(0), tol=1e-12, max_iter=20)
    for found, expected in zip(weights_of(params), case["weights"], strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-9)


# Lesson 06


FUNCTIONS = {
    "cube": lambda t: t**3,
    "exp": np.exp,
    "sin": np.sin,
    "tanh": np.tanh,
    "reciprocal": lambda t: 1 / t,
    "abs": abs,
}


@of_kind("quotient")
def test_difference_quotients_are_exact_up_to_rounding(file, case, references):
    found = references[file][case["function"]](FUNCTIONS[case["of"]], case["theta"], case["eps"])
    assert abs(found - case["value"]) <= case["tolerance"]


@of_kind("gradient")
def test_numerical_gradient_is_autograds(file, case, references):
    def cost(params):
        return cost_in_numpy(case["label"], case["constants"], params)

    assert cost(case["params"]) == pytest.approx(case["cost"], rel=1e-11), "the two costs are not the same function"
    found = references[file]["numerical_gradient"](cost, case["params"])
    # Two-sided differences with eps 1e-6 are good to about 1e-9 here; one-sided ones miss by 1e-6 and more.
    assert_same(found, case["grads"], rtol=1e-7, atol=2e-8)


@of_kind("gradient")
def test_checks_of_right_and_wrong_gradients(file, case, references):
    def cost(params):
        return cost_in_numpy(case["label"], case["constants"], params)

    assert {claim["verdict"] for claim in case["claims"]} == {"correct", "suspicious", "wrong"}
    for claim in case["claims"]:
        difference, verdict = references[file]["gradient_check"](cost, case["params"], claim["grads"])
        assert verdict == claim["verdict"], claim["mistake"]
        assert difference == pytest.approx(claim["difference"], rel=1e-6, abs=1e-8), claim["mistake"]
        found = references[file]["faulty_gradients"](cost, case["params"], claim["grads"])
        assert found == claim["faulty"], claim["mistake"]


@of_kind("worst")
def test_worst_components_are_torchs_top_k(file, case, references):
    found = references[file]["worst_components"](case["grads"], case["approx"], case["k"])
    assert [(key, tuple(index)) for key, index, _ in found] == [
        (key, tuple(index)) for key, index, _ in case["expected"]
    ]
    np.testing.assert_allclose([size for *_, size in found], [size for *_, size in case["expected"]], rtol=1e-12)


# The shared network


@of_kind("network")
def test_network_agrees_with_torch(file, case):
    params, X, y, activation = case["params"], case["X"], case["y"], case["activation"]
    logits, _ = network.forward(params, X, activation)
    loss, grads = network.loss_and_gradients(params, X, y, activation)
    np.testing.assert_allclose(logits, case["logits"], rtol=1e-11, atol=1e-12)
    assert loss == pytest.approx(case["loss"], rel=1e-11)
    assert_same(grads, case["grads"], rtol=1e-10, atol=1e-13)
    assert list(grads) == list(params)
    assert_same(network.predict(params, X, activation), case["labels"])
    assert network.accuracy(params, X, y, activation) == pytest.approx(case["accuracy"])


@of_kind("network")
def test_network_in_float32_agrees_with_torch(file, case):
    params = {key: value.astype(np.float32) for key, value in case["params"].items()}
    loss, grads = network.loss_and_gradients(params, case["X"].astype(np.float32), case["y"], case["activation"])
    assert loss == pytest.approx(case["loss"], rel=1e-4)
    for key, expected in case["grads"].items():
        assert grads[key].dtype == np.float32
        np.testing.assert_allclose(grads[key], expected, rtol=1e-3, atol=1e-5 * np.abs(expected).max())


def test_the_networks_oracles_cover_all_activations():
    assert {case["activation"] for name, case in CASES if name == "network"} == set(network.ACTIVATIONS)


def test_one_suspect_of_the_bug_hunt_is_right_and_the_others_are_faulty_where_the_lesson_says(references):
    [case] = [case for _, case in CASES if case["label"] == "relu, three layers"]
    params, X, y, grads = case["params"], case["X"], case["y"], case["grads"]

    def cost(p):
        return network.loss_and_gradients(p, X, y)[0]

    wrong = {}
    for name, backward in SUSPECTS.items():
        claimed = backward(params, network.forward(params, X)[1], y)
        wrong[name] = sorted(key for key in grads if not np.allclose(claimed[key], grads[key], rtol=1e-5, atol=1e-9))
        assert references["gradient_checking"]["faulty_gradients"](cost, params, claimed) == wrong[name]
    assert wrong == {
        "a": ["b1", "b2", "b3"],
        "b": ["W1", "W2", "b1", "b2"],
        "c": [],
        "d": ["W1", "b1"],
        "e": ["W2"],
        "f": ["W1", "W2", "W3", "b1", "b2", "b3"],
    }
