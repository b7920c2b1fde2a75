"""What lesson 03 says in prose, measured: each statement as a band."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from autograde.judge.lesson import load_reference
from coursekit.datasets import load_churn_parts, load_digits, load_fashion
from coursekit.explorations import regularization as explore
from coursekit.network import accuracy, forward, loss_and_gradients, mean_loss
from coursekit.training import fit_network, train_network

matplotlib.use("Agg")

SOLUTIONS = load_reference(Path(__file__).parents[2] / "lessons" / "03-regularization")
RATE = 0.2
L2, L1 = SOLUTIONS["l2_gradients"], SOLUTIONS["l1_gradients"]


def rng(seed=0):
    return np.random.default_rng(seed)


def start(sizes, draws):
    params = {}
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        params[f"W{layer}"] = draws.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)
        params[f"b{layer}"] = np.zeros(n_out)
    return params


@pytest.fixture(scope="module")
def churn():
    return load_churn_parts()


@pytest.fixture(scope="module")
def train(churn):
    """Training as the lesson does it; ``change(params, grads, m)`` gives the gradients to go by."""

    def run(change=None, then=None, seed=3, epochs=50):
        def step(params, grads):
            grads = change(params, grads, len(churn.X_train)) if change else grads
            moved = {k: params[k] - RATE * grads[k] for k in params}
            return then(moved) if then else moved

        draws = rng(seed)
        params = start([40, 64, 64, 2], draws)
        plan = {"epochs": epochs, "batch_size": 128, "X_dev": churn.X_dev, "y_dev": churn.y_dev}
        return train_network(params, churn.X_train, churn.y_train, step=step, rng=draws, **plan)

    return run


@pytest.fixture(scope="module")
def plain(train):
    return train()


@pytest.fixture(scope="module")
def with_l2(train):
    return train(lambda p, g, m: L2(p, g, 50, m))


@pytest.fixture(scope="module")
def with_l1(train):
    return train(lambda p, g, m: L1(p, g, 5, m))


def test_a_network_trained_long_is_beaten_by_a_straight_line(churn):
    plan = {"epochs": 60, "batch_size": 64, "learning_rate": 1e-3, "optimizer": "adam"}
    dev = {"X_dev": churn.X_dev, "y_dev": churn.y_dev}
    fits = {
        name: fit_network(hidden, churn.X_train, churn.y_train, rng=rng(0), **plan, **dev)
        for name, hidden in (("logistic", ()), ("64-64", (64, 64)))
    }
    majority = (churn.y_dev == 0).mean()
    assert 0.73 < majority < 0.74
    assert 0.80 < fits["logistic"].dev_accuracy[-1] < 0.82
    assert fits["64-64"].train_accuracy[-1] > 0.91
    assert 0.72 < fits["64-64"].dev_accuracy[-1] < 0.78
    assert fits["64-64"].dev_losses[-1] > 1.3 * fits["64-64"].dev_losses.min()
    assert fits["64-64"].dev_losses.argmin() < 12
    sizes = {k: v.size for k, v in fits["64-64"].params.items()}
    assert sum(sizes.values()) == 6914
    assert sum(n for k, n in sizes.items() if k.startswith("W")) == 6784
    explore.plot_fits(fits, majority).canvas.draw()


def test_the_boundary_gets_smoother_until_nothing_is_left():
    errors = {lam: explore.fit_moons(L2, lam)[1:] for lam in (0.0, 1.0, 10.0**0.25, 10.0, 30.0)}
    assert errors[0.0][0] < 0.04
    assert 0.14 < errors[0.0][1] < 0.18
    assert errors[1.0][0] > errors[0.0][0]
    assert errors[1.0][1] < errors[0.0][1] - 0.02
    assert errors[10.0**0.25][1] < 0.12
    assert 0.17 < errors[10.0][1] < 0.21
    assert errors[30.0] == (0.5, 0.5)
    nothing, _, _ = explore.fit_moons(L2, 30.0)
    assert SOLUTIONS["l2_cost"](nothing, 2, 1) < 1e-6
    small, large = (SOLUTIONS["l2_cost"](explore.fit_moons(L2, lam)[0], 2, 1) for lam in (10.0**0.25, 0.01))
    assert 10 < small < 16
    assert 200 < large < 270
    explore.plot_boundaries(L2).canvas.draw()


def test_the_penalty_and_its_gradient_belong_together():
    params, X, y = start([3, 4, 2], rng(1)), rng(2).standard_normal((7, 3)), rng(3).integers(0, 2, 7)
    for cost, change in ((SOLUTIONS["l2_cost"], L2), (SOLUTIONS["l1_cost"], L1)):
        grads = change(params, loss_and_gradients(params, X, y)[1], 3.0, 7)
        for key, value in params.items():
            for index in np.ndindex(value.shape):
                sides = []
                for eps in (1e-6, -1e-6):
                    moved = {k: v.copy() for k, v in params.items()}
                    moved[key][index] += eps
                    sides.append(mean_loss(moved, X, y) + cost(moved, 3.0, 7))
                assert grads[key][index] == pytest.approx((sides[0] - sides[1]) / 2e-6, abs=1e-7)


def test_l2_trades_training_accuracy_for_dev_accuracy(plain, with_l2):
    assert plain.train_accuracy[-1] - with_l2.train_accuracy[-1] > 0.05
    assert with_l2.dev_accuracy[-1] - plain.dev_accuracy[-1] > 0.02
    assert 0.785 < with_l2.dev_accuracy[-1] < 0.815
    squares = [SOLUTIONS["l2_cost"](run.params, 2, 1) for run in (plain, with_l2)]
    assert squares[0] > 250
    assert squares[1] < 7
    explore.plot_strengths({0: plain, 50: with_l2}, dict(zip((0, 50), squares, strict=True)), 0.8).canvas.draw()


def test_weight_decay_is_l2_for_descent_and_not_for_adam(churn, train):
    step, m = SOLUTIONS["weight_decay_step"], len(churn.X_train)
    penalised = train(lambda p, g, m: L2(p, g, 50, m), epochs=2)
    draws = rng(3)
    decayed = train_network(
        start([40, 64, 64, 2], draws),
        churn.X_train,
        churn.y_train,
        epochs=2,
        batch_size=128,
        rng=draws,
        step=lambda p, g: step(p, g, RATE, 50, m),
    )
    for key, value in penalised.params.items():
        assert np.abs(value - decayed.params[key]).max() < 1e-12
    quiet, loud = (explore._jumping_weight("descent", size, 400, 0.01, 0.1)[-1] for size in (0.1, 3.0))
    assert 0.64 < quiet < 0.7
    assert abs(loud - quiet) < 0.04
    quiet, loud = (explore._jumping_weight("adam", size, 400, 0.01, 0.1)[-1] for size in (0.1, 3.0))
    assert quiet < 0.05
    assert 0.85 < loud < 0.92
    quiet, loud = (explore._jumping_weight("adamw", size, 400, 0.01, 0.1)[-1] for size in (0.1, 3.0))
    assert 0.64 < quiet < 0.7
    assert abs(loud - quiet) < 0.02
    explore.plot_adam_decay().canvas.draw()


def test_an_activity_penalty_can_be_paid_without_smaller_weights(churn, with_l2):
    before = with_l2.params
    after = {**before, "W1": before["W1"] / 10, "b1": before["b1"] / 10, "W2": before["W2"] * 10}
    assert accuracy(before, churn.X_dev, churn.y_dev) == accuracy(after, churn.X_dev, churn.y_dev)
    activity = [(forward(p, churn.X_dev)[1]["A"][1] ** 2).sum() for p in (before, after)]
    assert activity[1] == pytest.approx(activity[0] / 100)
    assert SOLUTIONS["l2_cost"](after, 2, 1) > 10 * SOLUTIONS["l2_cost"](before, 2, 1)


def test_l2_shrinks_weights_and_l1_removes_them(plain, with_l2, with_l1):
    sparsity = SOLUTIONS["sparsity"]
    shares = [sparsity(run.params) for run in (plain, with_l2, with_l1)]
    assert shares[0] < 0.01
    assert 0.04 < shares[1] < 0.15
    assert shares[2] > 0.75
    assert np.abs(with_l1.params["W1"]).max() > 1.5 * np.abs(with_l2.params["W1"]).max()
    assert sparsity(with_l1.params, 2.4e-4) > 0.5, "most are within one step's reach of zero"
    assert 0.785 < with_l1.dev_accuracy[-1] < 0.815
    networks = {"plain": plain.params, "L1": with_l1.params, "zero": {"W1": np.zeros((2, 2))}}
    explore.plot_weights(networks, 1e-3).canvas.draw()


def test_a_ceiling_holds_every_unit_and_regularizes(train):
    cap = SOLUTIONS["max_norm"]

    def capped(params):
        return {k: cap(v, 0.3) if k.startswith("W") else v for k, v in params.items()}

    run = train(then=capped)
    assert all(np.linalg.norm(run.params[f"W{i}"], axis=0).max() < 0.3 + 1e-9 for i in (1, 2, 3))
    assert 0.785 < run.dev_accuracy[-1] < 0.82


def test_stopping_in_time(plain):
    stop = SOLUTIONS["early_stopping"]
    epochs = {patience: stop(plain.dev_losses, patience) for patience in (1, 2, 3, 4, 8)}
    best = int(plain.dev_losses.argmin())
    assert epochs[1][0] < best, "patience 1 falls for the first bump"
    assert epochs[8] == (best, best + 8)
    assert 3 < best < 14
    assert stop(plain.dev_losses, 4, 0.005)[0] < best
    assert plain.dev_losses[epochs[8][1]] > plain.dev_losses[best]
    assert stop(plain.epoch_losses, 4)[1] > 40, "the training loss falls to the end"
    assert plain.dev_accuracy[best] - plain.dev_accuracy[-1] > 0.02
    for patience in (1, 20):
        for min_delta in (0.0, 0.02):
            explore.plot_early_stopping(stop, plain, patience, min_delta).canvas.draw()


def test_no_method_leaves_the_straight_line_behind():
    fig = explore.plot_comparison({"one": [0.7, 0.8], "two": [0.8]}, 0.8, 0.01)
    fig.canvas.draw()
    assert [text.get_text() for text in fig.axes[0].get_yticklabels()] == ["one", "two"]


def test_augmentation_helps_where_new_images_vary_in_that_way():
    fashion = load_fashion()
    flip, shift = SOLUTIONS["random_horizontal_flip"], SOLUTIONS["random_shift"]
    pictures, names = fashion.X_train[:1000].reshape(-1, 28, 28), fashion.y_train[:1000]
    dev = fashion.X_dev.reshape(-1, 28, 28)
    views = {"train": pictures, "dev": dev, "shifted": shift(dev, rng(9), 3), "mirrored": dev[:, :, ::-1]}
    labels = {"train": names}

    def scores(augment):
        draws = rng(1)
        params = start([784, 128, 10], draws)
        for _ in range(25):
            fresh = augment(pictures, draws).reshape(1000, -1)
            plan = {"epochs": 1, "batch_size": 25, "learning_rate": 0.05}
            params = train_network(params, fresh, names, rng=draws, **plan).params
        return {
            view: accuracy(params, images.reshape(1000, -1), labels.get(view, fashion.y_dev))
            for view, images in views.items()
        }

    nothing, flips = scores(lambda images, draws: images), scores(flip)
    shifts = scores(lambda images, draws: shift(images, draws, 3))
    assert nothing["train"] - nothing["dev"] > 0.12
    assert 0.06 < flips["train"] - flips["dev"] < 0.12
    assert shifts["train"] - shifts["dev"] < 0.07
    assert abs(flips["dev"] - nothing["dev"]) < 0.03
    assert 0.01 < nothing["dev"] - shifts["dev"] < 0.07
    assert nothing["shifted"] < 0.52
    assert shifts["shifted"] > 0.67
    assert flips["mirrored"] - nothing["mirrored"] > 0.2
    rows = {"clothes": dev[:4], "digits": load_digits().X[:4].reshape(4, 8, 8), "nothing": np.zeros((4, 3, 3))}
    explore.plot_pictures(rows, "title").canvas.draw()


@pytest.mark.parametrize("exponent", [-2.0, 1.5])
def test_the_slider_of_lambda_at_its_ends(exponent):
    explore.plot_lambda(L2, exponent).canvas.draw()


def test_the_widgets_draw_what_their_static_figures_show(plain):
    for widget in (explore.explore_lambda(L2), explore.explore_early_stopping(SOLUTIONS["early_stopping"], plain)):
        controls, _ = widget.children
        assert all(control.min < control.max for control in controls.children)


def test_the_titles_tell_when_a_goal_is_reached(plain):
    said = [explore.plot_lambda(L2, exponent).get_suptitle() for exponent in (-1.0, 0.25)]
    assert ["reached" in title for title in said] == [False, True]
    stop, best = SOLUTIONS["early_stopping"], int(plain.dev_losses.argmin())
    said = [explore.plot_early_stopping(stop, plain, patience).axes[0].get_title("left") for patience in (1, 3, 4)]
    found = [stop(plain.dev_losses, patience)[0] == best for patience in (1, 3, 4)]
    assert found == [False, False, True]
    assert ["no epoch has a lower dev loss" in title for title in said] == found


def test_every_step_of_min_delta_can_be_read(plain):
    controls, _ = explore.explore_early_stopping(SOLUTIONS["early_stopping"], plain).children
    gain = controls.children[1]
    assert gain.step == 0.001
    assert gain.readout_format == ".3f"
