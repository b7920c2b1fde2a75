"""What lesson 02 says in prose, measured: each statement as a band."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
import pytest

from autograde.judge.lesson import load_reference
from coursekit.datasets import load_cells, load_fashion
from coursekit.explorations import bias_variance as explore
from coursekit.network import mean_loss
from coursekit.training import fit_network

matplotlib.use("Agg")

SOLUTIONS = load_reference(Path(__file__).parents[2] / "lessons" / "02-bias-variance")
error_rate, diagnose, bias_variance = (SOLUTIONS[n] for n in ("error_rate", "diagnose", "bias_variance"))
standard_error = SOLUTIONS["accuracy_standard_error"]


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def fashion():
    return load_fashion()


@pytest.fixture(scope="module")
def predict_all(fashion):
    return explore.network_fit((64,), epochs=20)(fashion.X_train, fashion.y_train)


@pytest.fixture(scope="module")
def all_cells():
    cells = load_cells()
    X = np.log(np.vstack([cells.X_train, cells.X_dev, cells.X_test]))
    return X, np.concatenate([cells.y_train, cells.y_dev, cells.y_test])


@pytest.fixture(scope="module")
def split(all_cells):
    parts = list(SOLUTIONS["train_dev_test_split"](*all_cells, rng(0), dev_fraction=0.45, test_fraction=0.5))
    mean, std = parts[0].mean(axis=0), parts[0].std(axis=0)
    parts[0::2] = [(part - mean) / std for part in parts[0::2]]
    return parts


def errors_of(model, X, y, X_dev, y_dev):
    return float(error_rate(y, model(X))), float(error_rate(y_dev, model(X_dev)))


def on_fashion(fashion, count, fit):
    X, y = fashion.X_train[:count], fashion.y_train[:count]
    return errors_of(fit(X, y), X, y, fashion.X_dev, fashion.y_dev)


def test_a_network_learns_nonsense_by_heart(fashion):
    X, nonsense = fashion.X_train[:500], rng(0).permutation(fashion.y_train[:500])
    train, dev = errors_of(
        explore.network_fit((128,), epochs=80)(X, nonsense), X, nonsense, fashion.X_dev, fashion.y_dev
    )
    assert train < 0.01
    assert 0.85 < dev < 0.95


def test_a_sorted_file_cut_in_order_gives_parts_of_one_class(all_cells):
    X, y = all_cells
    order = np.argsort(y, kind="stable")
    assert len(y) == 2019
    assert y[order][1211:].mean() == 1
    parts = SOLUTIONS["train_dev_test_split"](X[order], y[order], rng(0))[1::2]
    assert [len(part) for part in parts] == [1211, 404, 404]
    assert max(part.mean() for part in parts) - min(part.mean() for part in parts) < 0.1


def test_a_plain_sample_may_miss_a_rare_class(fashion):
    rare = np.delete(fashion.y_train, np.flatnonzero(fashion.y_train == 9)[40:])
    draws = rng(0)
    plain = np.array([(rare[draws.permutation(len(rare))[:182]] == 9).sum() for _ in range(1000)])
    assert 0.09 < (plain == 0).mean() < 0.17
    for _ in range(20):
        sample = SOLUTIONS["stratified_indices"](rare, 0.05, draws)
        assert (rare[sample] == 9).sum() == 2
        assert len(sample) == 182


def test_the_spread_over_dev_sets_is_the_standard_error(fashion):
    predict = explore.network_fit((64,), epochs=10)(fashion.X_train[:1000], fashion.y_train[:1000])
    right = predict(fashion.X_dev) == fashion.y_dev
    assert 0.75 < right.mean() < 0.80
    for size in (50, 200, 1000):
        spread = explore.measured_accuracies(right, size).std()
        assert 0.93 < spread / standard_error(right.mean(), size) < 1.07
    explore.plot_dev_sizes(standard_error, right).canvas.draw()


def test_half_the_difference_takes_four_times_the_examples():
    def wins(difference, examples):
        return explore.chance_of_winning(standard_error, 0.8, difference, examples)

    assert wins(0.02, 2000) < 0.95 < wins(0.02, 2200)
    assert wins(0.01, 8000) < 0.95 < wins(0.01, 9000)
    assert 0.72 < wins(0.02, 300) < 0.75
    assert explore.chance_of_winning(lambda p, m: 0.0, 0.8, 0.02, 10) == 1


@pytest.mark.parametrize("difference", [0.01, 0.1])
@pytest.mark.parametrize("examples", [50, 20000])
def test_the_sliders_of_two_models_at_their_ends(difference, examples):
    explore.plot_two_models(standard_error, difference, examples).canvas.draw()


def test_the_best_of_forty_is_lucky(split):
    X, y, X_dev, y_dev = split[:4]
    few, others = [], []
    for seed in range(40):
        predict = explore.network_fit((8,), epochs=30, batch_size=20, learning_rate=0.01, seed=seed)(X, y)
        few.append(error_rate(y_dev[:60], predict(X_dev[:60])))
        others.append(error_rate(y_dev[60:], predict(X_dev[60:])))
    best = int(np.argmin(few))
    assert 0.16 < few[best] < 0.20
    assert 0.22 < others[best] < 0.28
    assert others[best] - few[best] > 0.04


def test_three_boundaries_have_the_three_verdicts(split):
    X, y, X_dev, y_dev = split[:4]
    assert (len(X), len(X_dev), len(split[4])) == (100, 909, 1010)
    fits = {
        "high bias": explore.network_fit((), columns=[1], epochs=100, batch_size=20, learning_rate=0.01),
        "just right": explore.network_fit((4,), epochs=100, batch_size=20, learning_rate=0.01),
        "high variance": explore.network_fit((64, 64), epochs=300, batch_size=20, learning_rate=0.01),
    }
    models = {name: fit(X, y) for name, fit in fits.items()}
    errors = {name: errors_of(model, X, y, X_dev, y_dev) for name, model in models.items()}
    for verdict, pair in errors.items():
        assert diagnose(*pair, optimal_error=0.22, tolerance=0.05) == verdict
    assert diagnose(*errors["just right"], tolerance=0.05) == "high bias"
    assert errors["high variance"][0] < 0.12
    assert errors["high variance"][1] > errors["just right"][1] + 0.04
    assert standard_error(0.76, 100) == pytest.approx(0.04, abs=0.005)
    explore.plot_boundaries(models, X, y, errors, ("class 0", "class 1")).canvas.draw()


def test_with_600_cells_both_errors_meet_near_the_optimum(split):
    X, y = split[2:4]
    predict = explore.network_fit((16,), epochs=40, learning_rate=0.005)(X[:600], y[:600])
    assert 0.20 < error_rate(y[:600], predict(X[:600])) < 0.25
    assert 0.21 < error_rate(y[600:], predict(X[600:])) < 0.27


def test_the_workbench_reaches_its_goals(split):
    def run(hidden=64, epochs=300, examples=100, lam=0.0):
        found = explore.run_bench(split, error_rate, hidden, epochs, examples, lam)
        return found, diagnose(found.train_error, found.dev_error, optimal_error=0.22, tolerance=0.05)

    start, verdict = run()
    assert verdict == "high variance"
    assert start.dev_error > 0.29
    for change in ({"hidden": 0}, {"epochs": 5}, {"lam": 5.0}):
        assert run(**change)[0].dev_error < 0.25
    assert run(lam=10.0)[1] == "high bias"


@pytest.mark.parametrize(
    ("hidden", "epochs", "examples", "lam"),
    [(0, 1, 20, 0.0), (64, 1, 100, 10.0), (0, 300, 20, 10.0), (64, 300, 20, 0.0)],
)
def test_the_workbench_at_its_ends(split, hidden, epochs, examples, lam):
    explore.plot_bench(split, error_rate, diagnose, hidden, epochs, examples, lam).canvas.draw()


def test_the_recipe_mends_bias_then_variance(fashion, predict_all):
    linear = on_fashion(fashion, 1000, explore.network_fit((), epochs=3))
    bigger = on_fashion(fashion, 1000, explore.network_fit((64,), epochs=3))
    longer = on_fashion(fashion, 1000, explore.network_fit((64,), epochs=30))
    more = on_fashion(fashion, 4000, lambda X, y: predict_all)
    dropout = on_fashion(fashion, 4000, explore.network_fit((64,), epochs=20, keep_prob=0.8))
    assert linear[0] > bigger[0] > 0.2
    assert longer[0] < 0.03
    assert linear[1] > bigger[1] > longer[1] > more[1]
    assert more[1] < 0.17
    assert longer[0] < more[0] < dropout[0]
    assert dropout[1] - dropout[0] < more[1] - more[0] - 0.01
    assert abs(dropout[1] - more[1]) < 2 * standard_error(1 - more[1], 1000)
    both = "high bias and high variance"
    verdicts = [diagnose(*pair, optimal_error=0.04, tolerance=0.03) for pair in (linear, bigger, longer, more)]
    assert verdicts == [both, both, "high variance", "high variance"]
    steps, models = explore.train_steps({"one": (1000, explore.network_fit((), epochs=3))}, error_rate, fashion)
    assert steps == {"one": linear}
    assert error_rate(fashion.y_dev, models["one"](fashion.X_dev)) == linear[1]
    explore.plot_steps({"one": linear, "two": dropout}, 0.04, "steps").canvas.draw()


def test_more_data_help_against_variance_and_not_against_bias(fashion):
    def quarters(X):
        return X.reshape(-1, 2, 14, 2, 14).mean(axis=(2, 4)).reshape(-1, 4)

    curve, sizes = SOLUTIONS["learning_curve"], [500, 4000]
    stiff, clever = explore.network_fit((), updates=1500, learning_rate=0.02), explore.network_fit((64,), updates=1000)
    y, y_dev = fashion.y_train, fashion.y_dev
    train, dev = curve(stiff, quarters(fashion.X_train), y, quarters(fashion.X_dev), y_dev, sizes)
    assert 0.5 < dev.min() < dev.max() < 0.58
    assert dev[0] - dev[1] < 0.02
    assert (dev - train < 0.04).all()
    explore.plot_learning_curves({"stiff": (train, dev), "again": (train, dev)}, sizes, 0.04).canvas.draw()
    train, dev = curve(clever, fashion.X_train, y, fashion.X_dev, y_dev, sizes)
    assert train[0] < 0.01 < 0.05 < train[1]
    assert dev[0] - dev[1] > 0.03
    assert dev[0] - train[0] > 2 * (dev[1] - train[1])


def test_bias_variance_and_noise_add_up_to_the_error():
    noise = rng(1).normal(0, 0.3, (200, 101))
    parts = {}
    for degree in (1, 5, 13):
        found = explore.fit_polynomials(degree, points=20, noise=0.3)
        truth = explore.curve(found.x)
        parts[degree] = bias_variance(found.predictions, truth)
        assert np.mean((found.predictions - (truth + noise)) ** 2) == pytest.approx(
            sum(parts[degree]) + 0.09, abs=0.004
        )
    assert parts[1][0] > 0.15 > 100 * parts[5][0]
    assert parts[1][1] < parts[5][1] < parts[13][1]
    explore.plot_polynomials(bias_variance).canvas.draw()


def test_what_the_degree_sliders_find():
    totals = {points: explore.parts_by_degree(bias_variance, points, 0.3) for points in (20, 110, 140, 200)}
    assert totals[20].sum(axis=1).argmin() == 3
    assert totals[200].sum(axis=1).argmin() == 5
    assert totals[110].sum(axis=1)[5] > 0.0045
    assert totals[140].sum(axis=1)[5] < 0.005
    assert 5 < totals[20][9, 1] / totals[200][9, 1] < 15
    assert 0.3 < totals[20][3, 0] / totals[200][3, 0] < 3


@pytest.mark.parametrize("degree", [0, 13])
@pytest.mark.parametrize("points", [14, 200])
@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_the_degree_sliders_at_their_ends(degree, points, noise):
    explore.plot_degree(bias_variance, degree, points, noise).canvas.draw()


def test_wider_networks_lose_bias_and_gain_no_variance(fashion):
    truth, parts = np.eye(10)[fashion.y_dev].ravel(), []
    for width in (4, 16, 64):
        chunks = [slice(500 * i, 500 * (i + 1)) for i in range(5)]
        X, y = fashion.X_train, fashion.y_train
        rows = [explore.class_probabilities((width,), X[c], y[c], fashion.X_dev, i) for i, c in enumerate(chunks)]
        parts.append(bias_variance(np.array(rows), truth))
    (bias_4, variance_4), (bias_16, variance_16), (bias_64, variance_64) = parts
    assert bias_4 > 1.3 * bias_16 > 1.3 * bias_64
    assert variance_4 > 1.2 * variance_16
    assert variance_64 < variance_4
    assert bias_64 + variance_64 < 1.02 * (bias_16 + variance_16)
    explore.plot_widths((4, 16, 64), parts).canvas.draw()


def test_the_two_puzzling_losses(fashion):
    plan = {
        "batch_size": 50,
        "learning_rate": 0.002,
        "optimizer": "adam",
        "X_dev": fashion.X_dev,
        "y_dev": fashion.y_dev,
    }
    X, y = fashion.X_train[:1000], fashion.y_train[:1000]
    thinned = fit_network((64,), X, y, epochs=10, keep_prob=0.5, rng=rng(1), **plan)
    assert (thinned.dev_losses < thinned.epoch_losses).all()
    whole = mean_loss(thinned.params, X, y)
    assert whole < thinned.dev_losses[-1] - 0.1
    long = fit_network((64,), X, y, epochs=60, rng=rng(1), **plan)
    assert long.dev_losses[59] > 1.25 * long.dev_losses[19]
    assert abs(long.dev_accuracy[59] - long.dev_accuracy[19]) < 0.015
    explore.plot_puzzles(thinned, long, whole).canvas.draw()


def test_a_gap_may_be_another_distribution(fashion, predict_all):
    mirrored = fashion.X_dev.reshape(-1, 28, 28)[:, :, ::-1].reshape(-1, 784)
    same = error_rate(fashion.y_dev[:500], predict_all(fashion.X_dev[:500]))
    other = error_rate(fashion.y_dev[500:], predict_all(mirrored[500:]))
    assert 0.12 < same < 0.19
    assert 0.33 < other < 0.48


def test_the_widgets_are_built(split, capsys):
    explore.explore_two_models(standard_error)
    explore.explore_bench(split, error_rate, diagnose)
    explore.explore_degree(bias_variance)
    assert capsys.readouterr().out
