"""What lesson 00 says in prose, as bands that its experiments stay within."""

from pathlib import Path

import matplotlib
import numpy as np
import pytest

from autograde.judge.lesson import load_reference
from coursekit.datasets import load_fashion
from coursekit.explorations import start_here as sh
from coursekit.network import forward, loss_and_gradients
from coursekit.training import train_network

matplotlib.use("Agg")

MINE = load_reference(Path(__file__).parents[2] / "lessons" / "00-start-here")


@pytest.fixture(scope="module")
def data():
    return load_fashion()


@pytest.fixture(scope="module")
def race():
    return sh.race(MINE, start_bias=-2.0)


def first_params():
    rng = np.random.default_rng(0)
    return {
        "W1": rng.standard_normal((784, 64)) * 0.05,
        "b1": np.zeros(64),
        "W2": rng.standard_normal((64, 10)) * 0.05,
        "b2": np.zeros(10),
    }


def test_the_given_line_by_line_network_is_coursekits(data):
    params, X, y = first_params(), data.X_train[:200], data.y_train[:200]
    Z1 = X @ params["W1"] + params["b1"]
    logits = MINE["relu"](Z1) @ params["W2"] + params["b2"]
    assert np.allclose(logits, forward(params, X)[0])
    loss = MINE["cross_entropy"](MINE["softmax"](logits), y)
    assert loss == pytest.approx(loss_and_gradients(params, X, y)[0])
    assert loss == pytest.approx(2.303, abs=0.05)
    assert MINE["cross_entropy"](np.full((200, 10), 0.1), y) == pytest.approx(2.303, abs=5e-4)


@pytest.mark.parametrize("row", [[1001.0, 1002.0, 1003.0], [-1001.0, -1002.0, -1003.0]])
def test_plain_softmax_fails_and_the_shifted_one_does_not(row):
    with np.errstate(all="ignore"):
        e = np.exp(np.array(row))
        assert np.isnan(e / e.sum()).all()
    assert np.isfinite(MINE["softmax"](np.array([row]))).all()


def test_log_of_softmax_breaks_between_700_and_1000():
    with np.errstate(divide="ignore"):
        for low, finite in ((-700.0, True), (-1000.0, False)):
            pair = np.array([[0.0, low]])
            assert np.isfinite(np.log(MINE["softmax"](pair))[0, 1]) == finite
            assert MINE["log_softmax"](pair)[0, 1] == pytest.approx(low)


def test_an_epsilon_hides_a_third_of_the_price():
    assert -np.log(1e-12) == pytest.approx(27.6, abs=0.05)
    assert -np.log(1e-12 + 1e-8) == pytest.approx(18.4, abs=0.05)


def test_the_larger_learning_rate_kills_units_of_the_fashion_network(data):
    found = {}
    for learning_rate in (0.1, 1.0):
        run = train_network(
            first_params(),
            data.X_train,
            data.y_train,
            epochs=5,
            batch_size=64,
            learning_rate=learning_rate,
            rng=np.random.default_rng(1),
            X_dev=data.X_dev,
            y_dev=data.y_dev,
        )
        assert not run.diverged
        dead = MINE["dead_units"](forward(run.params, data.X_train)[1]["Z"][0])
        gradient = loss_and_gradients(run.params, data.X_train, data.y_train)[1]["W1"]
        assert not gradient[:, dead].any()
        found[learning_rate] = run.dev_accuracy[-1], int(dead.sum()), run.epoch_losses[-1]
    accuracy, dead, _ = found[0.1]
    assert accuracy > 0.75
    assert dead == 0
    accuracy, dead, loss = found[1.0]
    assert accuracy < 0.4
    assert 40 <= dead <= 63
    assert loss == pytest.approx(2.3, abs=0.3)


@pytest.mark.parametrize("learning_rate", [1.0, 4.0, 6.0, 8.0])
def test_no_dead_unit_comes_back(learning_rate):
    run = sh.train_small(MINE, sh.RELU, learning_rate=learning_rate, updates=400, seed=0)
    assert (np.diff(run.silent_units.astype(int), axis=0) >= 0).all()


def test_more_units_die_the_larger_the_learning_rate():
    shares = [
        sh.train_small(MINE, sh.RELU, learning_rate=rate, updates=400, seed=0).silent[-1] for rate in (1.0, 4.0, 6.0)
    ]
    assert shares[0] < 0.2 < shares[1] < 0.6 < shares[2]


def test_the_goals_of_the_sliders_can_be_reached():
    half = [sh.train_small(MINE, sh.RELU, learning_rate=r, updates=400, seed=0) for r in (4.0, 4.1, 4.2)]
    assert any(0.3 <= run.silent[-1] <= 0.7 for run in half)
    chance = sh.train_small(MINE, sh.RELU, learning_rate=7.0, updates=400, seed=0)
    assert chance.losses[-1] == pytest.approx(np.log(3), abs=0.06)
    low = sh.train_small(MINE, sh.RELU, learning_rate=1.0, updates=1, seed=0, start_bias=-1.5)
    assert low.silent[0] > 0.5


def test_the_race_starts_from_the_same_damage(race):
    for kind in (sh.RELU, sh.LEAKY, sh.PRELU, sh.ELU):
        assert 0.8 <= race[kind].silent[0] <= 0.97
    assert np.isnan(race[sh.MAXOUT].silent).all()


def test_relu_does_not_recover_and_the_others_do(race):
    assert race[sh.RELU].silent[-1] >= race[sh.RELU].silent[0]
    for kind in (sh.LEAKY, sh.PRELU, sh.ELU):
        assert race[kind].silent[-1] <= race[kind].silent[0] - 0.1
    accuracy = {kind: run.accuracies[-1] for kind, run in race.items()}
    assert 0.45 <= accuracy[sh.RELU] <= 0.65
    assert 0.75 <= accuracy[sh.LEAKY] <= 0.9
    assert 0.64 <= accuracy[sh.PRELU] <= 0.78
    assert accuracy[sh.ELU] >= 0.95
    assert accuracy[sh.MAXOUT] >= 0.95
    assert 0.5 <= race[sh.ELU].silent[-1] <= 0.7
    assert 0.2 <= race[sh.PRELU].slope <= 0.3


def test_from_a_good_start_all_kinds_learn():
    for kind, run in sh.race(MINE, seeds=2, start_bias=0.0).items():
        assert run.accuracies[-1] >= 0.93, kind


def test_elu_levels_off_and_leaky_relu_does_not():
    z = np.array([-10.0, -100.0, -1000.0])
    assert MINE["elu"](z, 2.0) == pytest.approx([-2, -2, -2], abs=1e-3)
    assert (np.diff(MINE["leaky_relu"](z)) < 0).all()
    assert MINE["leaky_relu"](z)[-1] == pytest.approx(-10)


def test_only_alpha_one_joins_the_slopes_of_elu():
    def jump(alpha):
        below, at, above = MINE["elu"](np.array([-1e-6, 0.0, 1e-6]), alpha)
        return abs((above - at) - (at - below)) / 1e-6

    assert jump(1.0) < 1e-4
    assert jump(0.5) > 0.4
    assert jump(2.0) > 0.9


@pytest.mark.parametrize("slope", [0.0, 0.95])
@pytest.mark.parametrize("alpha", [0.1, 3.0])
def test_activation_curves_at_the_sliders_extremes(slope, alpha):
    fig = sh.plot_activations(MINE["relu"], MINE["leaky_relu"], MINE["elu"], slope, alpha)
    fig.canvas.draw()
    titles = [ax.get_title(loc="left") for ax in fig.axes]
    assert titles[0].startswith("Below 0 only ReLU" if slope else "Below 0 ReLU and slope 0")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("learning_rate", [0.1, 10.0])
@pytest.mark.parametrize("start_bias", [-4.0, 1.0])
def test_dying_units_at_the_sliders_extremes(learning_rate, start_bias):
    sh.plot_dying(MINE["relu"], MINE["dead_units"], learning_rate, start_bias).canvas.draw()


def test_the_other_figures_draw(data, race):
    for fig in (sh.plot_examples(data), sh.plot_price(), sh.plot_race(race)):
        fig.canvas.draw()


@pytest.mark.parametrize(
    "make",
    [
        lambda: sh.explore_activations(MINE["relu"], MINE["leaky_relu"], MINE["elu"]),
        lambda: sh.explore_dying(MINE["relu"], MINE["dead_units"]),
    ],
)
def test_widgets_draw_at_every_sliders_ends(make, capsys):
    box = make()
    sliders = box.children[0].children
    assert len(sliders) == 2
    for control in sliders:
        for value in (control.min, control.max):
            control.value = value
    assert "Traceback" not in capsys.readouterr().out


def test_an_unknown_kind_is_named():
    with pytest.raises(ValueError, match="kind must be one of ReLU, .*got 'swish'"):
        sh.train_small(MINE, "swish", learning_rate=0.1, updates=1, seed=0)
