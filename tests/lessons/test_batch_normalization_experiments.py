"""What lesson 11 says in prose holds: each test makes one of its experiments again, with the lesson's own references."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograde.judge.lesson import load_reference
from coursekit.datasets import load_fashion
from coursekit.explorations import batch_normalization as explore
from coursekit.network import accuracy, forward, loss_and_gradients

SOLUTIONS = load_reference(Path(__file__).parents[2] / "lessons" / "11-batch-normalization")
layer, layer_back, fold = (SOLUTIONS[n] for n in ("batchnorm_forward", "batchnorm_backward", "fold_batchnorm"))
NORM = (layer, layer_back)
FIVE = [64] * 5


@pytest.fixture(scope="module")
def fashion() -> Any:
    return load_fashion()


@pytest.fixture(scope="module")
def deep(fashion: Any) -> dict[str, explore.Run]:
    return {
        f"{name} {rate}": explore.train([64] * 20, fashion, norm, learning_rate=rate)
        for name, norm in (("plain", None), ("normalised", NORM))
        for rate in (0.1, 0.01)
    }


@pytest.fixture(scope="module")
def runs(fashion: Any) -> dict[tuple[str, float], explore.Run]:
    return {
        (name, rate): explore.train(FIVE, fashion, norm, learning_rate=rate, epochs=3)
        for name, norm in (("plain", None), ("normalised", NORM))
        for rate in (0.01, 0.1, 1.0, 3.0)
    }


def test_the_trainers_gradients_are_those_of_the_shared_network(fashion: Any) -> None:
    X, y = fashion.X_train[:20], fashion.y_train[:20]
    run = explore._start([784, 7, 6, 10], np.random.default_rng(0), None, False)
    loss, grads = explore._gradients(run, X, y, None, 0.9)
    wanted_loss, wanted = loss_and_gradients(run.params, X, y)
    assert loss == pytest.approx(wanted_loss)
    assert all(np.allclose(grads[key], wanted[key]) for key in wanted)


def test_the_trainers_gradients_are_right_with_the_layer(fashion: Any) -> None:
    X, y = fashion.X_train[:12], fashion.y_train[:12]
    run = explore._start([784, 5, 4, 10], np.random.default_rng(0), None, True)
    grads = explore._gradients(run, X, y, NORM, 0.9)[1]

    def cost() -> float:
        return explore._gradients(run, X, y, NORM, 0.9)[0]

    for key, place in (("W1", (300, 2)), ("W2", (1, 3)), ("gamma1", (4,)), ("beta2", (0,)), ("W3", (2, 9))):
        costs = []
        for sign in (1, -1):
            run.params[key][place] += sign * 1e-6
            costs.append(cost())
            run.params[key][place] -= sign * 1e-6
        assert grads[key][place] == pytest.approx((costs[0] - costs[1]) / 2e-6, rel=1e-4, abs=1e-8)


def test_a_good_start_does_not_last(deep: dict[str, explore.Run]) -> None:
    plain = deep["plain 0.1"]
    last = np.array(plain.spreads)[:, 19]
    assert plain.dev_accuracy < 0.5
    assert 0.3 < last[0] < 0.7
    assert last.min() < 0.1
    assert last.max() > 1.5
    explore.plot_wandering(plain).canvas.draw()


def test_twenty_layers_learn_when_normalised_and_with_large_steps(deep: dict[str, explore.Run]) -> None:
    assert 0.68 < deep["normalised 0.1"].dev_accuracy < 0.78
    assert 0.55 < deep["plain 0.01"].dev_accuracy < 0.70
    assert 0.42 < deep["normalised 0.01"].dev_accuracy < 0.64
    explore.plot_depth(deep).canvas.draw()


def test_the_layer_forgives_weights_of_a_hundredth(fashion: Any) -> None:
    plain, normalised = (
        explore.train(FIVE, fashion, norm, learning_rate=0.1, epochs=3, scale=0.01) for norm in (None, NORM)
    )
    assert plain.dev_accuracy == pytest.approx(0.1, abs=0.005)
    assert normalised.dev_accuracy > 0.6


def test_learning_rates_a_hundred_times_apart(runs: dict[tuple[str, float], explore.Run]) -> None:
    for rate in (0.01, 0.1, 1.0):
        assert 0.68 < runs["normalised", rate].dev_accuracy < 0.78
    assert 0.4 < runs["normalised", 3.0].dev_accuracy < 0.6
    assert 0.6 < runs["plain", 0.01].dev_accuracy < 0.72
    assert np.isnan(runs["plain", 1.0].dev_accuracy)
    assert len(runs["plain", 1.0].losses) < 20
    # At 3 the other plain network has overflown into units that are dead for all pictures, and guesses.
    assert runs["plain", 3.0].dev_accuracy == pytest.approx(0.1)
    rates = (0.01, 0.1, 1.0, 3.0)
    explore.plot_rates(
        rates, {n: [[runs[n, r].dev_accuracy] for r in rates] for n in ("plain", "normalised")}
    ).canvas.draw()


def test_ten_times_the_weights_have_a_tenth_of_the_gradient(runs: dict[tuple[str, float], explore.Run]) -> None:
    rng = np.random.default_rng(0)
    A, W, dout = rng.standard_normal((32, 8)), rng.standard_normal((8, 4)), rng.standard_normal((32, 4))
    one, zero = np.ones(4), np.zeros(4)
    outs, sizes = [], []
    for factor in (1, 10):
        out, cache, _, _ = layer(factor * A @ W, one, zero, zero, one)
        outs.append(out)
        sizes.append(np.linalg.norm(A.T @ layer_back(dout, cache)[0]))
    assert np.allclose(*outs, atol=1e-4)
    assert sizes[0] / sizes[1] == pytest.approx(10, rel=1e-3)
    norms = [np.linalg.norm(runs["normalised", rate].params["W1"]) for rate in (0.01, 1.0, 3.0)]
    assert 11 < norms[0] < 11.6
    assert 14 < norms[1] < 17
    assert 22 < norms[2] < 29


def test_with_time_and_a_good_rate_the_plain_network_is_as_good(fashion: Any) -> None:
    found = [
        [
            explore.train(FIVE, fashion, norm, learning_rate=0.03, epochs=10, seed=seed).dev_accuracy
            for norm in (None, NORM)
        ]
        for seed in (0, 1)
    ]
    assert all(0.75 < value < 0.84 for row in found for value in row)
    plain, normalised = np.mean(found, axis=0)
    assert abs(plain - normalised) < 0.03


def test_the_bias_before_the_layer_is_useless(deep: dict[str, explore.Run]) -> None:
    rng = np.random.default_rng(0)
    Z, dout, one, zero = rng.standard_normal((32, 4)), rng.standard_normal((32, 4)), np.ones(4), np.zeros(4)
    assert np.allclose(layer(Z, one, zero, zero, one)[0], layer(Z + 100, one, zero, zero, one)[0], atol=1e-12)
    gradient = layer_back(dout, layer(Z, one, zero, zero, one)[1])[0].sum(axis=0)
    assert np.abs(gradient).max() < 1e-14

    def cost(b: Any) -> float:
        return float((layer(Z + b, one, zero, zero, one)[0] * dout).sum())

    slopes = np.array([(cost(step) - cost(-step)) / 2e-6 for step in 1e-6 * np.eye(4)])
    difference = np.linalg.norm(gradient - slopes) / (np.linalg.norm(gradient) + np.linalg.norm(slopes))
    assert difference > 0.9
    params = deep["normalised 0.1"].params
    assert max(np.abs(params[f"b{i}"]).max() for i in range(1, 21)) < 1e-13


def test_a_cost_of_ones_does_not_see_the_third_way() -> None:
    rng = np.random.default_rng(0)
    Z, gamma = rng.normal(2, 3, (6, 1)), np.array([1.5])
    cache = layer(Z, gamma, np.array([0.5]), np.zeros(1), np.ones(1))[1]
    for dout, blind in ((np.ones((6, 1)), True), (rng.standard_normal((6, 1)), False)):
        right = layer_back(dout, cache)[0]
        hasty = gamma / np.sqrt(Z.var() + 1e-5) * (dout - dout.mean())
        assert (np.abs(right - hasty).max() < 1e-12) == blind
        assert (np.abs(right).max() < 1e-12) == blind
        assert blind or np.abs(right - hasty).max() > 0.1


def test_batches_of_one_and_two_say_next_to_nothing() -> None:
    Z, one, zero = np.array([[3.0, -50.0, 0.1], [4.0, 20.0, 0.9]]), np.ones(3), np.zeros(3)
    assert not layer(Z[:1], one, zero, zero, one)[0].any()
    out, cache, _, _ = layer(Z, one, zero, zero, one)
    assert np.allclose(out, [[-1] * 3, [1] * 3], atol=1e-4)
    assert np.abs(layer_back(np.array([[1.0, 2.0, 3.0], [-1.0, 0.5, 0.0]]), cache)[0]).max() < 1e-3


def test_small_batches_ruin_the_normalised_network(fashion: Any) -> None:
    plan: dict[str, Any] = {"learning_rate": 0.01, "epochs": 1, "examples": 2000}
    found = {
        name: [explore.train(FIVE, fashion, norm, batch_size=size, **plan).dev_accuracy for size in (2, 4, 8, 64)]
        for name, norm in (("plain", None), ("normalised", NORM))
    }
    assert 0.57 < found["plain"][0] < 0.72
    assert found["normalised"][0] < 0.3
    assert found["normalised"][1] < found["plain"][1] - 0.05
    assert abs(found["normalised"][2] - found["plain"][2]) < 0.06
    assert found["plain"][3] < 0.45
    explore.plot_batch_sizes([2, 4, 8, 64], found).canvas.draw()


def test_with_batch_statistics_the_answer_depends_on_the_company(
    fashion: Any, runs: dict[tuple[str, float], explore.Run]
) -> None:
    run, X, y = runs["normalised", 0.1], fashion.X_dev, fashion.y_dev
    order = np.argsort(y, kind="stable")
    mixed = [explore.accuracy(run, X, y, NORM, together=size) for size in (1, 10, 100, 1000)]
    alike = [explore.accuracy(run, X[order], y[order], NORM, together=size) for size in (1, 10, 100, 1000)]
    assert mixed[0] == alike[0] == pytest.approx(0.1)
    assert 0.6 < mixed[1] < 0.72
    assert 0.75 < mixed[2] < 0.82
    assert max(alike[:3]) < 0.2
    assert mixed[3] == alike[3] > run.dev_accuracy + 0.03
    assert explore.accuracy(run, X, y, NORM) == run.dev_accuracy
    explore.plot_companions([1, 10, 100, 1000], {"mixed": mixed, "alike": alike}, run.dev_accuracy).canvas.draw()


def test_running_statistics_lag_where_the_steps_are_large(
    fashion: Any, runs: dict[tuple[str, float], explore.Run]
) -> None:
    gains = []
    for rate in (0.01, 0.1):
        run = runs["normalised", rate]
        before = {key: value.copy() for key, value in run.running.items()}
        whole = explore.recompute(run, fashion.X_train, NORM)
        assert all(np.array_equal(run.running[key], before[key]) for key in before)
        gains.append(explore.accuracy(whole, fashion.X_dev, fashion.y_dev, NORM) - run.dev_accuracy)
    assert abs(gains[0]) < 0.015
    assert 0.03 < gains[1] < 0.08


def test_the_folded_network_is_the_same(fashion: Any, runs: dict[tuple[str, float], explore.Run]) -> None:
    run = runs["normalised", 0.1]
    p, r, folded = run.params, run.running, {"W6": run.params["W6"], "b6": run.params["b6"]}
    for i in range(1, 6):
        args = (p[f"W{i}"], p[f"b{i}"], p[f"gamma{i}"], p[f"beta{i}"], r[f"mean{i}"], r[f"var{i}"])
        folded[f"W{i}"], folded[f"b{i}"] = fold(*args)
    assert len(p) + len(r) == 32
    assert len(folded) == 12
    assert np.allclose(forward(folded, fashion.X_dev)[0], explore.logits(run, fashion.X_dev, NORM), atol=1e-10)
    assert accuracy(folded, fashion.X_dev, fashion.y_dev) == run.dev_accuracy


def test_the_goal_of_the_unit_can_be_reached() -> None:
    Z = explore.skewed_unit()
    assert Z.mean() == pytest.approx(3)
    assert Z.std() == pytest.approx(2)
    assert "gives back its input" in explore._unit_words(layer, 2.0, 3.0)
    for gamma, beta in ((2.1, 3.0), (2.0, 2.9), (-2.0, 3.0)):
        assert "gives back" not in explore._unit_words(layer, gamma, beta)
    out = explore.normalised_unit(layer, 1.0, 0.0)
    assert 0.22 < (np.abs(out) > 1).mean() < 0.32
    assert out.max() > 4


def test_the_goal_of_the_signals_can_be_reached() -> None:
    def ends(exponent: float) -> list[bool]:
        return [0.1 <= values[-1] <= 10 for values in explore.signals(layer, 10.0**exponent, 20)]

    assert ends(-0.7)[0]
    assert ends(-0.75)[0]
    assert not ends(-0.65)[0]
    assert not ends(-0.8)[0]
    assert all(ends(exponent)[1] for exponent in (1.0, 0.0, -1.0, -2.0, -3.0, -3.15))
    assert not any(ends(exponent)[1] for exponent in (-3.25, -4.0, -5.0))


def test_the_goal_of_the_running_statistics_can_be_reached() -> None:
    def error(momentum: float, size: int) -> float:
        return explore.largest_error(explore.running_statistics(layer, momentum, size)[1])

    assert error(0.96, 8) < 0.2
    assert error(0.975, 8) < 0.2
    assert error(0.9, 8) > 0.25
    assert error(0.99, 8) > 0.3
    assert min(error(momentum, 4) for momentum in np.arange(0, 1, 0.005)) > 0.2


@pytest.mark.parametrize("gamma", [-1.0, 0.0, 3.0])
@pytest.mark.parametrize("beta", [-4.0, 4.0])
def test_the_unit_sliders_at_their_ends(gamma: float, beta: float) -> None:
    fig = explore.plot_unit(layer, gamma, beta)
    fig.canvas.draw()
    low, high = fig.axes[1].get_xlim()
    out = explore.normalised_unit(layer, gamma, beta)
    assert low < out.min()
    assert out.max() < high


@pytest.mark.parametrize("exponent", [-5.0, 1.0])
@pytest.mark.parametrize("depth", [1, 30])
def test_the_signal_sliders_at_their_ends(exponent: float, depth: int) -> None:
    fig = explore.plot_signals(layer, 10.0**exponent, depth)
    fig.canvas.draw()
    low, high = fig.axes[0].get_ylim()
    assert 0 < low < high < np.inf
    assert len(fig.axes[0].lines[0].get_xdata()) == depth


@pytest.mark.parametrize("momentum", [0.0, 0.995])
@pytest.mark.parametrize("size", [2, 128])
def test_the_running_sliders_at_their_ends(momentum: float, size: int) -> None:
    explore.plot_running(layer, momentum, size).canvas.draw()


def test_the_widgets_are_built() -> None:
    boxes = (explore.explore_unit(layer), explore.explore_signals(layer), explore.explore_running(layer))
    names = (["gamma", "beta"], ["log10(std)", "layers"], ["momentum", "batch size"])
    for box, expected in zip(boxes, names, strict=True):
        assert [control.description for control in box.children[0].children] == expected
