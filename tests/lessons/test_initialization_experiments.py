"""What lesson 01 says in prose, measured: each statement as a band."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from autograde.judge.lesson import load_reference
from coursekit.datasets import load_fashion, make_circles
from coursekit.explorations import initialization as explore
from coursekit.network import forward, loss_and_gradients
from coursekit.training import train_network

matplotlib.use("Agg")

SOLUTIONS = load_reference(Path(__file__).parents[2] / "lessons" / "01-initialization")
SIZES = [784] + [64] * 5 + [10]


def rng(seed=0):
    return np.random.default_rng(seed)


def start(name, sizes, seed=1, **options):
    return SOLUTIONS[f"initialize_{name}"](sizes, rng(seed), **options)


def relu(z):
    return np.maximum(z, 0)


@pytest.fixture(scope="module")
def fashion():
    return load_fashion()


@pytest.fixture(scope="module")
def rings():
    return make_circles(200, rng(0))


def stds_after_ten_layers(params, activation=relu):
    X = rng(0).standard_normal((200, 256))
    return SOLUTIONS["activation_stds"](params, X, activation)


def test_fifty_layers_multiply():
    gain = SOLUTIONS["linear_gain"]
    assert 6.3e8 < gain(1.5, 50) < 6.4e8
    assert 8.8e-16 < gain(0.5, 50) < 8.9e-16
    assert gain(0.985, 50) < 0.5 < gain(0.987, 50)
    assert gain(1.013, 50) < 2 < gain(1.0145, 50)


def test_equal_units_stay_equal_and_random_ones_learn_the_rings(rings):
    zeros = SOLUTIONS["initialize_zeros"]([2, 8, 2])
    half = {k: np.full(v.shape, 0.5) if k.startswith("W") else v for k, v in zeros.items()}
    random = start("random", [2, 8, 2], scale=0.5)
    plan = {"epochs": 60, "batch_size": 20, "learning_rate": 0.3}
    runs = [train_network(p, *rings, rng=rng(1), **plan) for p in (zeros, half, random)]
    assert runs[0].train_accuracy[-1] == 0.5
    assert abs(runs[0].epoch_losses[-1] - np.log(2)) < 0.02
    assert not runs[0].params["W1"].any()
    assert not runs[0].params["W2"].any()
    assert np.ptp(runs[1].params["W1"], axis=1).max() < 1e-9
    assert 0.55 < runs[1].train_accuracy[-1] < 0.75
    assert runs[2].train_accuracy[-1] > 0.95
    explore.plot_symmetry({"zero": runs[0], "half": runs[1], "random": runs[2]})


def test_small_weights_fade_and_large_ones_explode_or_saturate():
    sizes = [256] * 11
    assert stds_after_ten_layers(start("random", sizes, scale=0.01))[-1] < 1e-8
    assert stds_after_ten_layers(start("random", sizes, scale=0.01), np.tanh)[-1] < 1e-6
    assert stds_after_ten_layers(start("random", sizes, scale=1.0))[-1] > 1e9
    assert stds_after_ten_layers(start("random", sizes, scale=1.0), np.tanh)[-1] > 0.9


def test_what_the_sliders_find():
    random, measure = SOLUTIONS["initialize_random"], SOLUTIONS["activation_stds"]
    kept = explore.stds_at_scale(random, measure, np.sqrt(2 / 256), "relu")
    assert ((kept > 0.5) & (kept < 2)).all()
    assert 0.5 < explore.stds_at_scale(random, measure, 0.0884, "tanh")[-1] < 0.6
    assert explore.stds_at_scale(random, measure, 0.0884, "sigmoid").max() < 0.3


def test_circulating_versions_of_he_are_off_by_thirty_two_and_by_eleven_orders():
    sizes = [256] * 11
    he = stds_after_ten_layers(start("he", sizes))[-1]
    assert 0.5 < he < 1.2
    assert 31 < stds_after_ten_layers(start("random", sizes, scale=2 / np.sqrt(256)))[-1] / he < 33
    assert 1e-11 < stds_after_ten_layers(start("random", sizes, scale=2 / 256))[-1] < 4e-11
    assert 0.030 < stds_after_ten_layers(start("xavier", sizes))[-1] / he < 0.032


def hidden_stds(params, fashion, activation):
    X, y = fashion.X_train[:500], fashion.y_train[:500]
    _, cache = forward(params, X, activation)
    _, grads = loss_and_gradients(params, X, y, activation)
    return [a.std() for a in cache["A"][1:]], [grads[f"W{i}"].std() for i in range(1, 6)]


def test_histograms_show_what_the_lesson_says(fashion):
    activations, gradients = hidden_stds(start("he", SIZES, 2), fashion, "relu")
    assert max(activations) / min(activations) < 2
    assert max(gradients) / min(gradients) < 2
    activations, _ = hidden_stds(start("xavier", SIZES, 2), fashion, "relu")
    assert 3 < activations[0] / activations[-1] < 7
    activations, gradients = hidden_stds(start("random", SIZES, 2, scale=0.01), fashion, "relu")
    assert max(gradients) < 1e-7
    activations, _ = hidden_stds(start("random", SIZES, 2, scale=0.01), fashion, "tanh")
    assert all(10 < a / b < 15 for a, b in pairwise(activations))
    activations, _ = hidden_stds(start("random", SIZES, 2), fashion, "tanh")
    assert min(activations) > 0.9
    for name in ("random", "xavier", "glorot_uniform", "he"):
        _, gradients = hidden_stds(start(name, SIZES, 2), fashion, "sigmoid")
        assert gradients[-1] > 5 * gradients[0]
    _, gradients = hidden_stds(start("xavier", SIZES, 2), fashion, "sigmoid")
    assert 100 < gradients[-1] / gradients[0] < 500


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_histograms_can_be_drawn_for_every_start(fashion, activation):
    networks = {
        "zeros": SOLUTIONS["initialize_zeros"](SIZES),
        "huge": start("random", SIZES, scale=1e200),
        "He": start("he", SIZES),
    }
    fig = explore.plot_histograms(networks, fashion.X_train[:50], fashion.y_train[:50], activation)
    fig.canvas.draw()


def test_orthogonal_products_keep_every_direction():
    orthogonal, normal, draws = np.eye(64), np.eye(64), rng(2)
    for _ in range(50):
        orthogonal = orthogonal @ SOLUTIONS["initialize_orthogonal"](64, 64, draws)
        normal = normal @ SOLUTIONS["initialize_xavier"]([64, 64], draws)["W1"]
    assert np.allclose(np.linalg.svd(orthogonal, compute_uv=False), 1)
    stretch = np.linalg.svd(normal, compute_uv=False)
    assert stretch[0] > 0.5
    assert stretch[32] < 1e-5
    assert stretch[-1] < 1e-12


def test_lsuv_holds_the_variance_on_images_it_has_not_seen(fashion):
    deep = [784] + [64] * 20 + [10]
    params = SOLUTIONS["lsuv"](deep, fashion.X_train[:500], rng(1))
    variances = [Z.var() for Z in forward(params, fashion.X_dev)[1]["Z"]]
    assert all(0.9 < v < 1.1 for v in variances)
    he = [Z.var() for Z in forward(start("he", deep), fashion.X_dev)[1]["Z"]]
    assert min(he) > 0.05
    assert max(he) < 0.9
    orthonormal, draws = SOLUTIONS["initialize_zeros"](deep), rng(2)
    for layer in range(1, 22):
        orthonormal[f"W{layer}"] = SOLUTIONS["initialize_orthogonal"](deep[layer - 1], deep[layer], draws)
    fading = [Z.var() for Z in forward(orthonormal, fashion.X_dev)[1]["Z"]]
    assert 2**-24 / 4 < fading[-1] < 2**-20
    explore.plot_signal({"LSUV": variances, "none": [0.0] * 3}, "title", "variance").canvas.draw()


def test_the_race_of_the_starts(fashion):
    plan = {"epochs": 5, "batch_size": 100, "learning_rate": 0.1, "X_dev": fashion.X_dev, "y_dev": fashion.y_dev}

    def race(initialize, seeds):
        return [
            train_network(initialize(rng(s)), fashion.X_train, fashion.y_train, rng=rng(100 + s), **plan)
            for s in range(seeds)
        ]

    def final(runs):
        return float(np.mean([run.dev_accuracy[-1] for run in runs]))

    runs = {
        "zeros": race(lambda r: SOLUTIONS["initialize_zeros"](SIZES), 1),
        "0.01": race(lambda r: SOLUTIONS["initialize_random"](SIZES, r, 0.01), 1),
        "1": race(lambda r: SOLUTIONS["initialize_random"](SIZES, r), 3),
        "Xavier": race(lambda r: SOLUTIONS["initialize_xavier"](SIZES, r), 3),
        "Glorot": race(lambda r: SOLUTIONS["initialize_glorot_uniform"](SIZES, r), 1),
        "He": race(lambda r: SOLUTIONS["initialize_he"](SIZES, r), 3),
        "LSUV": race(lambda r: SOLUTIONS["lsuv"](SIZES, fashion.X_train[:500], r), 1),
    }
    for name in ("zeros", "0.01"):
        assert final(runs[name]) == pytest.approx(0.1)
        assert np.allclose(runs[name][0].epoch_losses, np.log(10), atol=0.01)
    assert all(run.diverged and np.isnan(run.epoch_losses[0]) for run in runs["1"])
    assert 0.62 < final(runs["Xavier"]) < 0.74
    assert 0.69 < final(runs["He"]) < 0.78
    assert final(runs["He"]) > final(runs["Xavier"])
    assert final(runs["LSUV"]) > 0.65
    assert final(runs["Glorot"]) > 0.6
    explore.plot_training(runs).canvas.draw()


def test_one_seed_is_an_anecdote(rings):
    plan = {"epochs": 60, "batch_size": 20, "learning_rate": 0.1}
    runs = [train_network(start("he", [2, 4, 2], s), *rings, rng=rng(1), **plan) for s in range(12)]
    final = [run.train_accuracy[-1] for run in runs]
    assert min(final) < 0.85
    assert max(final) > 0.97
    assert train_network(start("he", [2, 16, 2], 0), *rings, rng=rng(1), **plan).train_accuracy[-1] > 0.95
    explore.plot_seeds(runs, *rings).canvas.draw()


@pytest.mark.parametrize("weight", [0.5, 1.0, 1.5])
@pytest.mark.parametrize("depth", [1, 100])
def test_the_gain_sliders_at_their_ends(weight, depth):
    explore.plot_gain(SOLUTIONS["linear_gain"], weight, depth).canvas.draw()


@pytest.mark.parametrize("scale", [0.01, 1.0])
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_the_scale_slider_at_its_ends(scale, activation):
    fig = explore.plot_scale(SOLUTIONS["initialize_random"], SOLUTIONS["activation_stds"], scale, activation)
    fig.canvas.draw()
    assert activation in fig.axes[0].title.get_text() + fig.axes[0].get_title(loc="left")


def test_the_widgets_are_built(capsys):
    explore.explore_gain(SOLUTIONS["linear_gain"])
    explore.explore_scale(SOLUTIONS["initialize_random"], SOLUTIONS["activation_stds"])
    assert "50 layers of weight 1.1" in capsys.readouterr().out
