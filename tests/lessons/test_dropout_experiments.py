"""What lesson 04 says in prose holds: each test makes one of its experiments again, with the lesson's own references."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograde.judge.lesson import load_reference
from coursekit.datasets import load_churn_parts, load_fashion
from coursekit.explorations import dropout as explore
from coursekit.network import Array
from coursekit.training import History, fit_network

SOLUTIONS = load_reference(Path(__file__).parents[2] / "lessons" / "04-dropout")
drop, forward, softmax = (SOLUTIONS[name] for name in ("dropout_forward", "forward_with_dropout", "softmax"))
make_gradients, mc_predict = SOLUTIONS["gradients_with_dropout"], SOLUTIONS["mc_dropout_predict"]


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def fashion() -> Any:
    return load_fashion()


@pytest.fixture(scope="module")
def runs(fashion: Any) -> dict[str, History]:
    plan: dict[str, Any] = {"epochs": 40, "batch_size": 64, "learning_rate": 2e-3, "optimizer": "adam"}
    X, y = fashion.X_train[:1000], fashion.y_train[:1000]
    dev = {"X_dev": fashion.X_dev, "y_dev": fashion.y_dev}
    mine = make_gradients([0.3], rng(1))
    return {
        "plain": fit_network([256], X, y, rng=rng(0), **plan, **dev),
        "keep 0.3": fit_network([256], X, y, rng=rng(0), gradients=mine, **plan, **dev),
    }


def test_the_plain_network_knows_its_pictures_by_heart(runs: dict[str, History]) -> None:
    plain = runs["plain"]
    best = int(np.argmin(plain.dev_losses))
    assert plain.train_accuracy[-1] > 0.99
    assert 5 <= best + 1 <= 25
    assert plain.dev_losses[-1] > plain.dev_losses[best] + 0.08
    assert plain.dev_accuracy[-1] > plain.dev_accuracy[best] - 0.01
    explore.plot_by_heart(plain).canvas.draw()


def test_dropout_narrows_the_gap_and_lowers_the_loss_at_equal_accuracy(runs: dict[str, History]) -> None:
    plain, dropped = runs["plain"], runs["keep 0.3"]
    gaps = [run.train_accuracy[-1] - run.dev_accuracy[-1] for run in (plain, dropped)]
    assert abs(plain.dev_accuracy[-1] - dropped.dev_accuracy[-1]) < 0.025
    assert 0.17 < gaps[0] < 0.21
    assert 0.09 < gaps[1] < 0.14
    assert 0.68 < plain.dev_losses[-1] < 0.84
    assert 0.54 < dropped.dev_losses[-1] < 0.64
    assert dropped.epoch_losses[4] > dropped.dev_losses[4]
    explore.plot_gap(runs).canvas.draw()


def test_removing_units_hurts_the_plain_network_more(runs: dict[str, History], fashion: Any) -> None:
    def accuracy(run: History, share: float) -> float:
        logits, _ = forward(run.params, fashion.X_dev, [share], rng(2))
        return float((logits.argmax(axis=1) == fashion.y_dev).mean())

    shares = [1.0, 0.3, 0.2]
    curves = {name: [accuracy(run, share) for share in shares] for name, run in runs.items()}
    assert 0.60 < curves["plain"][1] < 0.71
    assert 0.71 < curves["keep 0.3"][1] < 0.79
    assert curves["keep 0.3"][2] > curves["plain"][2] + 0.1
    explore.plot_damage(curves, shares, 0.3).canvas.draw()


def test_dropout_must_be_off_at_test_time(runs: dict[str, History], fashion: Any) -> None:
    params, X, y = runs["keep 0.3"].params, fashion.X_dev, fashion.y_dev

    def measure(logits: Array) -> tuple[float, float]:
        return float((logits.argmax(axis=1) == y).mean()), -float(np.log(softmax(logits)[np.arange(1000), y]).mean())

    passes = [forward(params, X, [0.3], rng(s))[0] for s in range(10)]
    off, _ = forward(params, X, [0.3], rng(0), training=False)
    right, loss = measure(off)
    for thinned in passes:
        assert measure(thinned)[0] < right
        assert measure(thinned)[1] > loss + 0.08
    twice = measure((off - params["b2"]) * 0.3 + params["b2"])
    assert abs(twice[0] - right) < 0.02
    assert twice[1] > loss + 0.1
    labels = np.array([logits.argmax(axis=1) for logits in passes])
    assert 0.3 < (labels != labels[0]).any(axis=0).mean() < 0.55


def test_a_normal_for_a_uniform_distribution_hides_at_0_8() -> None:
    for keep, share in ((0.5, 0.691), (0.7, 0.758), (0.8, 0.788), (0.9, 0.816)):
        assert (rng(10).standard_normal(10**6) < keep).mean() == pytest.approx(share, abs=2e-3)


def test_the_goal_of_the_mask_can_be_reached() -> None:
    for keep, units, low in ((0.34, 50, True), (0.33, 50, False), (0.51, 25, True), (0.49, 25, False)):
        means, _ = explore.spread_of_mean(drop, keep, units)
        assert means.mean() == pytest.approx(1, abs=0.02)
        assert means.std() == pytest.approx(np.sqrt((1 - keep) / (keep * units)), rel=0.04)
        assert (means.std() < 0.2) == low


def test_dropout_spreads_the_weight_over_the_sensors() -> None:
    X, y = explore.make_sensors(1000, rng(0))
    X_new, y_new = explore.make_sensors(5000, rng(1))
    broken = X_new.copy()
    broken[:, 0] = 3 * rng(3).standard_normal(5000)
    shares, accuracies, weights = [], [], {}
    for keep in (1.0, 0.8, 0.5):
        w, b, draws = np.zeros(6), 0.0, rng(2)
        for _ in range(1000):
            out, _mask = drop(X, keep, draws)
            error = (1 / (1 + np.exp(-(out @ w + b))) - y) / len(y)
            w, b = w - 0.5 * out.T @ error, b - 0.5 * error.sum()
        weights[f"keep {keep}"] = w
        shares.append(abs(w[0]) / np.abs(w).sum())
        accuracies.append([((A @ w + b > 0) == y_new).mean() for A in (X_new, broken)])
    assert 0.45 < shares[0] < 0.6
    assert 0.2 < shares[2] < 0.33
    assert all(0.91 < fine < 0.93 for fine, _ in accuracies)
    assert accuracies[0][1] < 0.67
    assert accuracies[2][1] > 0.73
    explore.plot_sensors(weights).canvas.draw()


def test_the_whole_network_has_the_mean_logits_of_the_thinned_ones_with_one_hidden_layer_only() -> None:
    draws = rng(0)
    x = draws.standard_normal((1, 5))
    for hidden, exact in (([8], True), ([8, 8], False)):
        sizes, params = [5, *hidden, 2], {}
        for i in range(1, len(sizes)):
            params[f"W{i}"] = draws.standard_normal((sizes[i - 1], sizes[i]))
            params[f"b{i}"] = draws.standard_normal(sizes[i])
        keeps = [0.5] * len(hidden)
        whole, _ = forward(params, x, keeps, draws, training=False)
        thinned, _ = forward(params, np.repeat(x, 100_000, axis=0), keeps, draws)
        assert np.allclose(whole[0], thinned.mean(axis=0), atol=0.05) == exact


def test_churn_dropout_and_l2_save_what_long_training_spoils() -> None:
    churn = load_churn_parts()
    plan: dict[str, Any] = {"batch_size": 64, "learning_rate": 1e-3, "optimizer": "adam"}
    parts = {"X": churn.X_train, "y": churn.y_train, "X_dev": churn.X_dev, "y_dev": churn.y_dev}
    mine = make_gradients([0.5, 0.5], rng(1))
    plain = fit_network([64, 64], rng=rng(0), epochs=60, **plan, **parts)
    dropped = fit_network([64, 64], rng=rng(0), epochs=40, gradients=mine, **plan, **parts)
    decayed = fit_network([64, 64], rng=rng(0), epochs=30, lam=50, **plan, **parts)
    logistic = fit_network((), rng=rng(0), epochs=15, **plan, **parts)
    assert 0.73 < plain.dev_accuracy[-1] < 0.77
    assert plain.train_accuracy[-1] > 0.90
    for run in (dropped, decayed, logistic):
        assert 0.79 < run.dev_accuracy[-1] < 0.815
    explore.plot_churn({"plain": plain, "dropout": dropped, "L2": decayed}, logistic.dev_accuracy[-1]).canvas.draw()


@pytest.mark.parametrize(
    ("keep", "width", "low", "high"),
    [(1.0, 64, 0.11, 0.135), (0.75, 64, 0.08, 0.0999), (0.75, 16, 0.07, 0.0849), (1.0, 4, 0.14, 0.18)],
)
def test_the_goal_on_the_moons_can_be_reached(keep: float, width: int, low: float, high: float) -> None:
    assert low < 1 - explore.train_on_moons(make_gradients, keep, width).dev_accuracy[-1] < high


@pytest.fixture(scope="module")
def unsure() -> tuple[Any, Array, Array]:
    return explore.train_for_uncertainty(make_gradients, 0.5)


def test_passes_disagree_in_a_third_of_the_directions_far_away(unsure: tuple[Any, Array, Array]) -> None:
    net, X, y = unsure

    def sure(points: Array) -> Array:
        result: Array = softmax(forward(net, points, [0.5, 0.5], rng(0), training=False)[0]).max(axis=1)
        return result

    def spread(points: Array) -> Array:
        result: Array = mc_predict(net, points, [0.5, 0.5], rng(0), 100)[1][:, 0]
        return result

    assert 0.94 < sure(X).mean() < 0.99
    assert spread(X).mean() < 0.08
    for radius in (2, 5, 20):
        places = explore.ring(radius)
        assert sure(places).mean() > 0.99
        assert 0.25 < (spread(places) > 0.1).mean() < 0.45
        assert (spread(places) < 0.01).mean() > 0.3
    explore.plot_uncertainty(sure, lambda points: np.zeros(len(points)), X, y).canvas.draw()


@pytest.mark.parametrize("keep", [0.05, 1.0])
@pytest.mark.parametrize("units", [1, 200])
def test_the_mask_sliders_at_their_ends(keep: float, units: int) -> None:
    fig = explore.plot_mask(drop, keep, units)
    fig.canvas.draw()
    assert "mean 1.0" in fig.axes[1].get_title(loc="left") or units == 1


@pytest.mark.parametrize(("keep", "width"), [(0.1, 4), (0.1, 128), (1.0, 128)])
def test_the_moon_sliders_at_their_ends(keep: float, width: int) -> None:
    run = explore.train_on_moons(make_gradients, keep, width)
    fig = explore.plot_moons(run, keep, width)
    fig.canvas.draw()
    assert f"{width} units" in fig.axes[0].get_title(loc="left")


def test_the_widgets_are_built() -> None:
    mask = explore.explore_mask(drop)
    moons = explore.explore_moons(make_gradients)
    for box, names in ((mask, ["keep_prob", "units"]), (moons, ["keep_prob", "units a layer"])):
        assert [control.description for control in box.children[0].children] == names
