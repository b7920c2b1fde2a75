"""What lesson 07 says in prose holds: each test makes one of its experiments again, with the lesson's own references."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograde.judge.lesson import load_reference
from coursekit.datasets import load_fashion
from coursekit.explorations import mini_batch as explore
from coursekit.network import accuracy, loss_and_gradients, predict
from coursekit.training import first_parameters, fit_network

SOLUTIONS = load_reference(Path(__file__).parents[2] / "lessons" / "07-mini-batch")
train, plain, accumulate = (SOLUTIONS[name] for name in ("train", "plain", "accumulate_gradients"))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def fashion() -> Any:
    return load_fashion()


@pytest.fixture(scope="module")
def start(fashion: Any) -> Any:
    return first_parameters([64], fashion.X_train, fashion.y_train, rng())


def test_small_batches_learn_more_in_five_epochs(fashion: Any) -> None:
    runs = {}
    for size, low, high in ((16, 0.78, 0.84), (64, 0.77, 0.83), (512, 0.61, 0.69), (4000, 0.45, 0.54)):
        plan: dict[str, Any] = {"epochs": 5, "batch_size": size, "learning_rate": 0.1, "rng": rng()}
        dev = {"X_dev": fashion.X_dev, "y_dev": fashion.y_dev}
        runs[size] = fit_network([64], fashion.X_train, fashion.y_train, **plan, **dev)
        assert low < runs[size].dev_accuracy[-1] < high
    assert [len(run.losses) for run in runs.values()] == [1250, 315, 40, 5]
    accuracies = {size: float(run.dev_accuracy[-1]) for size, run in runs.items()}
    explore.plot_opening(accuracies, {size: len(run.losses) for size, run in runs.items()}).canvas.draw()


def test_noise_falls_with_the_root_of_the_batch_size(fashion: Any, start: Any) -> None:
    sizes = [1, 16, 256, 1024, 4000]
    noise = explore.relative_noise(loss_and_gradients, start, fashion.X_train, fashion.y_train, sizes, 20)
    assert 3.5 < noise[0] < 7.5
    assert 7 < noise[1] / noise[3] < 11
    assert noise[4] < 1e-9
    explore.plot_noise(sizes[:4], noise[:4], 4000).canvas.draw()


def test_far_away_rough_steps_go_downhill_and_near_the_least_cost_they_do_not() -> None:
    data = explore.cells()
    assert 0.93 < explore.downhill(data, 4, "far") < 0.98
    assert explore.downhill(data, 16, "far") > 0.99
    assert 0.55 < explore.downhill(data, 16, "near") < 0.8
    assert explore.downhill(data, 256, "near") < 0.9
    for size in (1, len(data.X)):
        for place in ("far", "near"):
            explore.plot_cloud(data, size, place).canvas.draw()
    assert explore.explore_cloud(data) is not None


def test_paths_of_three_batch_sizes() -> None:
    data = explore.cells()
    sizes = {"batch": (1009, 60), "some": (16, 256), "single": (1, 1009)}
    paths = {name: explore.descend(train, plain(0.5), data, *plan) for name, plan in sizes.items()}
    distances = [explore.distance(data, path) for path in paths.values()]
    assert 1.3 < distances[0] < 1.9
    assert distances[1] < 0.6
    assert 0.9 < distances[2] < 1.6
    explore.plot_paths(paths, data).canvas.draw()


def test_batch_size_and_learning_rate_belong_together() -> None:
    data = explore.cells()

    def end(size: int, rate: float) -> float:
        updates = min(600, 2 * -(-len(data.X) // size))
        path = explore.descend(train, plain(rate), data, size, updates)
        explore.plot_paths({"path": path}, data).canvas.draw()
        return explore.distance(data, path)

    assert end(64, 4.0) < 0.6
    assert end(1, 0.2) < 0.6
    assert end(64, 0.5) > 1.8
    assert end(1, 8.0) > 8
    assert np.isfinite([end(1, 0.05), end(1009, 8.0), end(1009, 0.05)]).all()
    assert explore.explore_paths(train, plain, data) is not None


def test_updates_and_epochs_until_the_cost_is_low(fashion: Any, start: Any) -> None:
    X, y = fashion.X_train, fashion.y_train
    runs = {
        size: explore.timed_run(train, plain(0.1), start, X, y, size, epochs)
        for size, epochs in ((4, 1), (64, 2), (512, 6), (4000, 28))
    }
    needed = {size: int(run.updates[np.argmax(run.costs < 1)]) for size, run in runs.items()}
    assert needed[4] > 4 * needed[64]
    assert needed[512] > needed[64] / 2
    assert needed[4] * 4 < 2000
    assert needed[4000] > 15
    assert all((np.diff(run.seconds) >= 0).all() for run in runs.values())
    explore.plot_pace(runs, 4000).canvas.draw()


def test_a_sorted_set_is_forgotten(fashion: Any, start: Any) -> None:
    order = np.argsort(fashion.y_train, kind="stable")
    X, y = fashion.X_train, fashion.y_train
    net, losses = explore.train_in_order(start, X[order], y[order], plain(0.1), 5, 64)
    mixed, others = train(start, X, y, loss_and_gradients, plain(0.1), rng(), 5, 64)
    assert accuracy(net, fashion.X_dev, fashion.y_dev) < 0.3
    assert accuracy(mixed, fashion.X_dev, fashion.y_dev) > 0.76
    counts = np.bincount(predict(net, fashion.X_dev), minlength=10)
    assert counts[8:].sum() > 700
    assert min(losses) < 0.01 < 0.2 < min(others)
    explore.plot_sorted({"sorted": losses, "shuffled": others}, 63).canvas.draw()


def test_one_shuffle_is_nearly_as_good_as_a_fresh_one_in_each_epoch(fashion: Any, start: Any) -> None:
    X, y = fashion.X_train, fashion.y_train
    for seed in range(3):
        fresh, _ = train(start, X, y, loss_and_gradients, plain(0.1), rng(seed), 5, 64)
        rows = SOLUTIONS["shuffle_together"](X, y, rng(seed))
        once, _ = explore.train_in_order(start, *rows, plain(0.1), 5, 64)
        assert accuracy(fresh, fashion.X_dev, fashion.y_dev) > 0.76
        assert accuracy(once, fashion.X_dev, fashion.y_dev) > 0.72


def test_labels_shuffled_apart_teach_nothing(fashion: Any) -> None:
    draw = rng()
    X, y = draw.permutation(fashion.X_train), draw.permutation(fashion.y_train)
    run = fit_network([64], X, y, epochs=5, batch_size=64, learning_rate=0.1, rng=rng())
    assert 2.2 < run.epoch_losses[-1] < 2.35
    assert accuracy(run.params, fashion.X_dev, fashion.y_dev) < 0.25


def test_small_sets_and_odd_sizes_obey_no_law(fashion: Any, start: Any) -> None:
    X, y = fashion.X_train[:1000], fashion.y_train[:1000]
    right = {}
    for size in (32, 64, 100, 1000):
        net, _ = train(start, X, y, loss_and_gradients, plain(0.1), rng(), 20, size)
        right[size] = accuracy(net, fashion.X_dev, fashion.y_dev)
    assert right[32] > right[1000] + 0.1
    assert abs(right[64] - right[100]) < 0.03


def test_a_plain_mean_of_uneven_parts_is_far_off(fashion: Any, start: Any) -> None:
    X, y = fashion.X_train, fashion.y_train
    net, _ = train(start, X, y, loss_and_gradients, plain(0.1), rng(), 5, 64)
    whole = loss_and_gradients(net, X, y)[1]
    pieces = [loss_and_gradients(net, X[i : i + 999], y[i : i + 999])[1] for i in range(0, 4000, 999)]
    mean = {key: np.mean([piece[key] for piece in pieces], axis=0) for key in whole}

    def off(grads: Any) -> float:
        total = sum(float((g**2).sum()) for g in whole.values())
        return float(np.sqrt(sum(((grads[k] - whole[k]) ** 2).sum() for k in whole) / total))

    assert off(accumulate(loss_and_gradients, net, X, y, 999)) < 1e-12
    assert off(mean) > 0.4
