"""What lesson 13 says in prose holds: each test makes one of its experiments again, with the lesson's own references."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograde.judge.lesson import load_reference
from coursekit.datasets import load_churn_parts, load_digits
from coursekit.explorations import tuning as explore
from coursekit.network import accuracy

LESSON = Path(__file__).parents[2] / "lessons" / "13-tuning"
R = load_reference(LESSON)


class SealedOff:
    """Parts whose test part fails whoever reads it."""

    def __init__(self, parts: Any) -> None:
        self.parts = parts
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.endswith("_test"):
            self.asked.append(name)
            raise AssertionError(f"{name} was read")
        return getattr(self.parts, name)


@pytest.fixture(scope="module")
def churn() -> Any:
    """All experiments but the last run on these: none of them can read the test part."""
    return explore.Sealed(SealedOff(load_churn_parts()))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def done() -> explore.Trainings:
    return explore.train_all(explore.Sealed(SealedOff(explore.digit_parts(load_digits()))), lams=2)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def runs(churn: Any) -> Any:
    return explore.churn_runs(churn)


def config(rng: np.random.Generator) -> dict[str, float]:
    rate, lam = (R["sample_log_uniform"](low, high, 1, rng)[0] for low, high in ((1e-4, 10), (1e-4, 1)))
    return {"learning_rate": float(rate), "lam": float(lam)}


def test_the_published_tuned_score_is_that_of_a_logistic_regression(churn: Any, runs: Any) -> None:
    dev = {name: float(history.dev_accuracy[-1]) for name, history in runs.items()}
    error = explore.standard_error(0.8, len(churn.y_dev))
    assert error == pytest.approx(0.0107, abs=1e-4)
    assert 0.72 < dev["64-64, 60 epochs"] < 0.76
    assert runs["64-64, 60 epochs"].train_accuracy[-1] > 0.93
    assert all(0.785 < dev[name] < 0.815 for name in ("64-64, dropout", "64-64, L2", "logistic regression"))
    assert abs(dev["logistic regression"] - explore.PUBLISHED["published, tuned"]) < error
    explore.plot_churn(dev, len(churn.y_dev)).canvas.draw()


def test_a_linear_scale_misses_the_good_rates(done: explore.Trainings) -> None:
    rng = np.random.default_rng(0)
    samples = {"linear": rng.uniform(1e-4, 10, 1000), "log": R["sample_log_uniform"](1e-4, 10, 1000, rng)}
    poor = {}
    for name, values in samples.items():
        trials = rng.choice(values, (300, 10))
        best = [max(done.score({"learning_rate": v, "lam": 0.01}) for v in row) for row in trials]
        poor[name] = np.mean(np.array(best) < 0.9)
    assert (samples["linear"] > 1).mean() > 0.85
    assert 0.35 < poor["linear"] < 0.65
    assert poor["log"] < 0.17
    explore.plot_scales(done, samples).canvas.draw()


def test_half_of_the_windows_are_longer_than_a_hundred_steps() -> None:
    rng = np.random.default_rng(0)
    assert (rng.uniform(0.9, 0.999, 10_000) > 0.99).mean() < 0.11
    assert 0.47 < (R["sample_beta"](0.9, 0.999, 10_000, rng) > 0.99).mean() < 0.53


def test_the_winner_at_the_edge_is_far_from_the_best(done: explore.Trainings) -> None:
    at_edge, low, _ = R["grid_search"](done.score, {"learning_rate": [0.0001, 0.001, 0.01], "lam": [0.01]})
    inside, high, _ = R["grid_search"](done.score, {"learning_rate": [0.0001, 0.001, 0.01, 0.1, 1.0], "lam": [0.01]})
    assert at_edge["learning_rate"] == 0.01 and inside["learning_rate"] == 0.1
    assert low < 0.5 and high > 0.9


def test_random_search_fails_less_often_with_few_trials_and_ties_with_many(done: explore.Trainings) -> None:
    poor, mean = {}, {}
    for n in (2, 3, 4):
        by_grid, by_chance = [], []
        for seed in range(300):
            rng = np.random.default_rng(seed)
            rates, lams = (10 ** (-4 + w * (rng.random() + np.arange(n)) / n) for w in (5, 4))
            grid = {"learning_rate": rates.tolist(), "lam": lams.tolist()}
            by_grid.append(R["grid_search"](done.score, grid)[1])
            by_chance.append(R["random_search"](done.score, config, n * n, rng)[1])
        poor[n] = np.mean(np.array(by_grid) < 0.9), np.mean(np.array(by_chance) < 0.9)
        mean[n] = np.mean(by_grid), np.mean(by_chance)
    assert poor[2][0] > poor[2][1] + 0.05 and poor[3][0] > poor[3][1] + 0.04
    assert max(poor[4]) < 0.05
    assert abs(mean[3][0] - mean[3][1]) < 0.02


def test_the_replayed_searches_try_three_and_nine_rates(done: explore.Trainings) -> None:
    grid = {"learning_rate": [1e-4, 10**-1.5, 10.0], "lam": [1e-4, 1e-2, 1.0]}
    searches = {
        "grid": R["grid_search"](done.score, grid)[2],
        "random": R["random_search"](done.score, config, 9, np.random.default_rng(3))[2],
    }
    best = {name: np.maximum.accumulate([score for _, score in trials]) for name, trials in searches.items()}
    assert 0.8 < best["grid"][-1] < 0.87 and best["random"][-1] > 0.92
    assert (best["grid"] > 0.8).argmax() == 3 and (best["random"] > 0.8).argmax() == 1
    words = explore.search_in_words(searches, 9)
    assert "grid has tried 3 learning rates" in words and "random has tried 9 learning rates" in words
    explore.plot_search(done, searches, 9).canvas.draw()
    slider = explore.explore_search(done, searches).children[0].children[0]
    assert (slider.value, slider.min, slider.max) == (1, 1, 9)


def test_most_of_the_winners_lead_was_luck(churn: Any) -> None:
    few, many = explore.same_network_many_times(churn, 40, 300)
    best = int(few.argmax())
    assert few[best] - few.mean() > 0.035
    assert many[best] - many.mean() < 0.02
    assert 1 + (many > many[best]).sum() > 4
    explore.plot_winner(few, many, 300).canvas.draw()


def test_the_best_of_many_equal_models_looks_better() -> None:
    mean = explore.best_mean
    assert mean(1, 300) == pytest.approx(0.8, abs=1e-6)
    assert 0.83 < mean(10, 300) < 0.84 < 0.85 < mean(100, 300) < 0.86
    assert 0.82 < mean(100, 1407) < 0.83
    # The goal of the exploration.
    assert mean(65, 1400) < 0.825 < mean(75, 1400)
    assert mean(100, 4350) > 0.815 > mean(100, 4450)
    drawn = np.random.default_rng(0).binomial(300, 0.8, (20_000, 10)).max(axis=1).mean() / 300
    assert drawn == pytest.approx(mean(10, 300), abs=0.001)


@pytest.mark.parametrize("trials", [1, 500])
@pytest.mark.parametrize("m", [50, 5000])
def test_the_sliders_for_luck_reach_their_ends(trials: int, m: int) -> None:
    explore.plot_best_of(trials, m).canvas.draw()
    assert str(trials) in explore.best_of_in_words(trials, m)


def test_the_sliders_stand_between_these_ends() -> None:
    trials, m = explore.explore_best_of().children[0].children
    assert (trials.min, trials.max, m.min, m.max) == (1, 500, 50, 5000)


def test_folds_are_drawn() -> None:
    folds = R["k_fold_indices"](23, 5, np.random.default_rng(0))
    assert sorted(len(v) for _, v in folds) == [4, 4, 5, 5, 5]
    explore.plot_folds(folds).canvas.draw()


def test_other_folds_have_another_winner(churn: Any) -> None:
    scores: dict[float, list[float]] = {}
    for lam in (0.0, 3.0, 10.0, 30.0, 100.0):
        scores[lam] = []
        for repeat in range(6):
            rng = np.random.default_rng(repeat)
            fit = explore.penalised_fit(lam, rng)
            found = R["cross_validate"](fit, churn.X_train[:1500], churn.y_train[:1500], 5, rng)
            scores[lam].append(found.mean())
    table = np.array(list(scores.values()))
    assert np.ptp(table.mean(axis=1)) < 0.006 < np.ptp(table, axis=1).min()
    assert len(set(table.argmax(axis=0))) >= 2
    explore.plot_noise(scores).canvas.draw()


def test_columns_chosen_before_the_split_make_skill_of_coins() -> None:
    def choose(X: Any, y: Any) -> Any:
        return explore.strongest_columns(X, y, 10)

    before, within = [], []
    for seed in range(10):
        X, y = explore.coins(seed, 60, 1000)
        rngs = [np.random.default_rng(0) for _ in range(2)]
        kept = X[:, choose(X, y)]
        before.append(R["cross_validate"](explore.nearest_mean_fit(), kept, y, 5, rngs[0]).mean())
        within.append(R["cross_validate"](explore.nearest_mean_fit(choose), X, y, 5, rngs[1]).mean())
    assert np.mean(before) > 0.75
    assert 0.4 < np.mean(within) < 0.56


def test_the_nested_score_finds_no_skill_in_coins() -> None:
    configs, fit_with = explore.neighbour_configs(), explore.neighbours_fit_with
    winners, nested = [], []
    for seed in range(10):
        X, y = explore.coins(seed)
        rng = np.random.default_rng(seed)
        winners.append(max(R["cross_validate"](fit_with(c), X, y, 5, rng).mean() for c in configs))
        nested.append(R["nested_cross_validate"](fit_with, configs, X, y, 5, 5, rng)[0].mean())
    assert len(configs) == 24
    assert 0.6 < np.mean(winners) < 0.68
    assert 0.46 < np.mean(nested) < 0.56
    assert np.abs(np.array(nested) - 0.5).max() < 0.1
    explore.plot_nested(winners, nested).canvas.draw()


def test_no_trial_of_a_search_reads_the_test_part_and_it_is_opened_once(runs: Any) -> None:
    parts = SealedOff(load_churn_parts())
    churn = explore.Sealed(parts)  # type: ignore[arg-type]

    def sampler(rng: np.random.Generator) -> dict[str, Any]:
        rate, lam = (R["sample_log_uniform"](low, high, 1, rng)[0] for low, high in ((1e-4, 1e-1), (1, 300)))
        keep_prob, units = float(rng.choice([1.0, 0.8, 0.5])), int(rng.choice([16, 32, 64]))
        return {"learning_rate": float(rate), "lam": float(lam), "keep_prob": keep_prob, "units": units}

    train = explore.churn_trainer(churn)
    best, score, history = R["random_search"](
        lambda c: accuracy(train(c).params, churn.X_dev, churn.y_dev), sampler, 12, np.random.default_rng(1)
    )
    assert len(history) == 12 and parts.asked == [] and not churn.opened
    models = {"the winner": train(best), "logistic regression": runs["logistic regression"]}
    with pytest.raises(AssertionError, match="was read"):
        churn.open(models)
    opened = explore.Sealed(load_churn_parts())
    final = opened.open(models)
    error = explore.standard_error(0.8, 1407)
    assert abs(score - 0.806) < 0.005
    assert all(abs(right - 0.803) < error for right in final.values())
    with pytest.raises(RuntimeError, match="opened before"):
        opened.open(models)


def test_the_lesson_itself_opens_the_test_part_in_its_last_experiment_only() -> None:
    source = (LESSON / "lesson.py").read_text(encoding="utf-8")
    assert source.count(".open(") == 1
    assert source.index(".open(") > source.rindex("random_search(")
    assert "X_test" not in source and "y_test" not in source and "_parts." not in source
    assert source.count("load_churn_parts(") == source.count("Sealed(load_churn_parts(") == 1
    assert source.count("load_digits(") == source.count("Sealed(explore.digit_parts(load_digits(") == 1
