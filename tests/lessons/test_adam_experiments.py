"""What lesson 10 says in prose holds: each test makes one of its experiments again, with the lesson's own references."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograde.judge.lesson import load_reference
from coursekit.datasets import load_fashion
from coursekit.explorations import adam as explore

R = load_reference(Path(__file__).parents[2] / "lessons" / "10-adam")
ZOO = explore.zoo(
    Adagrad=(R["adagrad_step"], R["initialize_cache"]),
    RMSprop=(R["rmsprop_step"], R["initialize_cache"]),
    Adam=(R["adam_step"], R["initialize_adam"]),
)
SCHEDULES = (
    "step_decay",
    "exponential_decay",
    "inverse_time_decay",
    "cyclical_learning_rate",
    "warmup_cosine",
)


@pytest.fixture(scope="module")
def fashion() -> Any:
    return load_fashion()


@pytest.fixture(scope="module")
def found() -> Any:
    """Arrivals of the zoo on every ground."""
    return {ground: explore.arrivals(ZOO, land) for ground, land in explore.landscapes().items()}


def test_most_gradients_are_alike_and_a_few_are_far_smaller(fashion: Any) -> None:
    sizes = explore.gradient_sizes(fashion)
    assert sizes.shape == (28, 28)
    assert 0.9 < sizes.max() / 0.017 < 1.1
    assert np.median(sizes) > 0.6 * sizes.max()
    assert np.percentile(sizes, 5) < 0.001
    assert 1000 < sizes.max() / sizes.min() < 3000
    explore.plot_gradient_sizes(sizes, fashion).canvas.draw()


def test_a_sum_that_is_squared_cancels_and_a_sum_of_squares_does_not() -> None:
    start = {"theta": np.zeros(1)}
    cache, total, steps = R["initialize_cache"](start), 0.0, []
    for g in (1.0, -1.0, 1.0, -1.0):
        total += g
        moved, cache = R["adagrad_step"](start, {"theta": np.array([g])}, cache, 1.0)
        steps.append(abs(float(moved["theta"][0])))
    assert steps == pytest.approx([1, 0.707, 0.577, 0.5], abs=1e-3)
    assert 1 / (abs(total) + 1e-8) > 1e7


def test_adagrad_stalls_and_rmsprop_never_rests() -> None:
    start = {"theta": np.zeros(1)}
    far = {}
    for name in ("adagrad_step", "rmsprop_step"):
        moves = explore.constant_gradient(R[name], R["initialize_cache"](start), 0.01, 1000)
        far[name] = moves.sum()
    assert 0.6 < far["adagrad_step"] < 0.64
    assert 10 < far["rmsprop_step"] < 10.2
    rivals = {
        "Adagrad 0.1": (R["adagrad_step"], R["initialize_cache"], 0.1),
        "RMSprop 0.01": (R["rmsprop_step"], R["initialize_cache"], 0.01),
    }
    land = explore.landscapes()["Beale"]
    assert np.linalg.norm(land.gradient(land.at((4.0, -1.0)))["theta"]) == pytest.approx(222, abs=0.5)
    adagrad, rmsprop = (land.distance(explore.stalling_walk(*rival)) for rival in rivals.values())
    assert 0.55 < adagrad[1000] < adagrad[100] < 0.8
    assert 0.005 < rmsprop[500:].min() < rmsprop[500:].max() < 0.01
    assert explore.stall_distances(*rivals["Adagrad 0.1"]).startswith("0.7")
    explore.plot_stall(rivals).canvas.draw()


def test_signatures_of_a_missing_correction() -> None:
    moves, m, v = explore.raw_averages(R["adam_step"], R["initialize_adam"], 1000)
    assert np.allclose(moves, 1)
    raw = m / np.sqrt(v)
    assert raw[[0, 9, 999]] == pytest.approx([3.162, 6.528, 1.258], abs=1e-3)
    assert 1 / np.sqrt(v[0]) == pytest.approx(31.62, abs=0.01)
    assert m[0] == pytest.approx(0.1)
    assert 6 < raw.max() < 7
    _, m, v = explore.raw_averages(R["adam_step"], R["initialize_adam"], 10, 0.8, 0.96)
    assert (m / np.sqrt(v))[[0, 9]] == pytest.approx([1, 1.54], abs=0.01)


@pytest.mark.parametrize(("beta1", "beta2"), [(0.9, 0.999), (0.0, 0.5), (0.99, 0.5), (0.0, 0.999), (0.99, 0.999)])
def test_correction_at_the_ends_of_its_sliders(beta1: float, beta2: float) -> None:
    explore.plot_correction(R["adam_step"], R["initialize_adam"], beta1, beta2, 100).canvas.draw()


def test_the_correction_matters_at_a_large_rate_only(fashion: Any) -> None:
    def run(missing: str, rate: float) -> Any:
        step = explore.without_correction(R["adam_step"], missing)
        return explore.run(fashion, step, R["initialize_adam"], rate)

    plain = explore.run(fashion, R["adam_step"], R["initialize_adam"], 0.01)
    same = explore.run(fashion, explore.without_correction(R["adam_step"], ""), R["initialize_adam"], 0.01)
    assert np.allclose(plain.losses, same.losses)
    assert plain.dev_accuracy[-1] > 0.72
    assert run("m and v", 0.001).dev_accuracy[-1] > 0.72
    assert run("m and v", 0.01).dev_accuracy[-1] < 0.72
    disaster = run("v", 0.01)
    assert disaster.losses[:40].max() > 100
    assert disaster.dev_accuracy[-1] < 0.4


def test_a_penalty_in_the_gradient_depends_on_the_gradients_size() -> None:
    kinds = {"large": 10.0, "small": 0.1}
    state = R["initialize_adam"]({kind: np.ones(1000) for kind in kinds})
    means = {
        "L2": explore.shrinking(R["adam_step"], state, kinds, penalty=0.2),
        "AdamW": explore.shrinking(R["adamw_step"], state, kinds, weight_decay=0.2),
    }
    assert 0.85 < means["L2"]["large"][-1] < 0.95
    assert abs(means["L2"]["small"][-1]) < 0.03
    for kind in kinds:
        assert 0.34 < means["AdamW"][kind][-1] < 0.40
    explore.plot_shrinking(means, 0.999 ** np.arange(1001)).canvas.draw()


def test_adam_is_nowhere_the_fastest_and_has_the_most_rates(found: Any) -> None:
    best = {ground: {n: explore.fastest(steps) for n, steps in members.items()} for ground, members in found.items()}
    works = {ground: {n: sum(s is not None for s in m[n]) for n in ZOO} for ground, m in found.items()}
    for ground in found:
        assert min(best[ground][n][0] for n in ZOO if n != "Adam") <= best[ground]["Adam"][0]
        assert works[ground]["Adam"] == max(works[ground].values())
    assert best["ravine"]["Adagrad"][0] < 10 < 90 < best["ravine"]["Adam"][0] < 115
    for name, (steps, _) in best["Beale"].items():
        assert 90 < steps < 110 or name not in ("momentum", "Adam")
    assert [works[g]["plain"] for g in ("ravine", "turned ravine", "Beale")] == [1, 1, 1]
    explore.plot_arrivals(found).canvas.draw()


def test_turning_the_ravine_robs_adagrad_and_not_momentum(found: Any) -> None:
    for name in ("plain", "momentum"):
        assert found["ravine"][name] == found["turned ravine"][name]
    straight, turned = (explore.fastest(found[g]["Adagrad"])[0] for g in ("ravine", "turned ravine"))
    assert turned > 50 * straight


def test_the_rates_of_the_pictures_are_those_of_the_table(found: Any) -> None:
    for ground, rates in explore.GOOD_RATES.items():
        for name, rate in rates.items():
            steps = found[ground][name][explore.RATES.index(rate)]
            assert steps is not None
            if (ground, name) != ("ravine", "Adagrad"):
                assert steps == explore.fastest(found[ground][name])[0]


def test_with_tenfold_rates_only_adam_and_adagrad_arrive_in_time() -> None:
    there = {}
    for ground, land in explore.landscapes().items():
        rates = {name: 10 * rate for name, rate in explore.GOOD_RATES[ground].items()}
        paths = explore.walks(ZOO, land, rates, 200)
        there[ground] = [name for name, path in paths.items() if explore.arrival(land, path, 200) is not None]
    assert there == {"ravine": ["Adagrad", "Adam"], "turned ravine": ["Adam"], "saddle": ["Adam"], "Beale": []}


@pytest.mark.parametrize("ground", list(explore.GOOD_RATES))
@pytest.mark.parametrize(("upto", "factor"), [(0, 0.1), (200, 10**1.5)])
def test_the_zoo_at_the_ends_of_its_sliders(ground: str, upto: int, factor: float) -> None:
    explore.plot_zoo(ZOO, ground, upto, factor).canvas.draw()
    assert "plain" in explore.zoo_in_words(ZOO, ground, upto, factor)


def test_the_best_rate_of_plain_descent_is_useless_for_adam(fashion: Any) -> None:
    def last(name: str, rate: float) -> float:
        return float(explore.run(fashion, *ZOO[name], rate).dev_accuracy[-1])

    good = {"plain": 0.1, "momentum": 0.1, "Adagrad": 0.03, "RMSprop": 0.001, "Adam": 0.001}
    reached = {name: last(name, rate) for name, rate in good.items()}
    assert all(0.7 < value < 0.82 for value in reached.values())
    assert last("Adam", 0.1) < 0.35
    assert last("plain", 0.001) < 0.4
    assert last("momentum", 1.0) > 0.65
    explore.plot_rates([0.1, 1.0], {name: [value, value] for name, value in reached.items()}).canvas.draw()


def test_schedules_that_begin_small_bear_the_high_peak(fashion: Any) -> None:
    plans = explore.plans(*(R[name] for name in SCHEDULES))
    explore.plot_schedules(plans, 600).canvas.draw()
    names = ("constant 0.3", "cosine", "warm-up and cosine")
    runs = {name: [explore.run(fashion, *ZOO["plain"], plans[name], seed, 15) for seed in (0, 1)] for name in names}
    right = {name: float(np.mean([h.dev_accuracy[-1] for h in found])) for name, found in runs.items()}
    assert right["warm-up and cosine"] > 0.77
    assert right["warm-up and cosine"] > right["cosine"] + 0.01
    assert right["constant 0.3"] < 0.76
    losses = {name: np.mean([h.epoch_losses[-1] for h in found]) for name, found in runs.items()}
    assert losses["warm-up and cosine"] == min(losses.values()) < 0.42
    explore.plot_runs(runs).canvas.draw()


@pytest.mark.parametrize(
    ("peak", "warmup", "low", "high"), [(0.3, 60, 0.77, 0.82), (0.1, 0, 0.78, 0.83), (1.0, 0, 0, 0.3)]
)
def test_warm_up_slider(fashion: Any, peak: float, warmup: int, low: float, high: float) -> None:
    def schedule(t: int) -> Any:
        return R["warmup_cosine"](t, 600, peak, warmup)

    last = explore.run(fashion, *ZOO["plain"], schedule, 0, 15).dev_accuracy[-1]
    assert low <= last <= high or (peak == 1.0 and np.isnan(last))


@pytest.mark.parametrize(("peak", "warmup"), [(0.02, 0), (1.0, 50), (1.0, 0), (0.02, 50)])
def test_the_picture_of_a_schedule_at_the_ends_of_its_sliders(fashion: Any, peak: float, warmup: int) -> None:
    fig = explore.plot_one_schedule(fashion, lambda t: R["warmup_cosine"](t, 80, peak, warmup), "a title", 2, True)
    fig.canvas.draw()


def test_a_cycle_leaves_the_saddle_with_its_mean_rate() -> None:
    plans = {
        "low": lambda t: 0.02,
        "mean": lambda t: 0.2,
        "cycle": lambda t: R["cyclical_learning_rate"](t, 0.02, 0.38, 10),
    }
    paths = {name: explore.escape(plan) for name, plan in plans.items()}
    left = {name: explore.left_after(path) for name, path in paths.items()}
    assert abs(left["cycle"] - left["mean"]) <= 5
    assert left["low"] > 8 * left["cycle"]
    for name, plan in plans.items():
        assert 8 < sum(float(plan(t)) for t in range(left[name])) < 10.5
    explore.plot_escape(paths).canvas.draw()


def test_widgets_are_made(fashion: Any) -> None:
    assert explore.explore_correction(R["adam_step"], R["initialize_adam"]) is not None
    assert explore.explore_zoo(ZOO) is not None
    assert explore.explore_warmup(fashion, R["warmup_cosine"], epochs=1) is not None
