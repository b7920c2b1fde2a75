"""What lesson 14 says in prose holds: each test makes one of its experiments again, with the lesson's own references."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograde.judge.lesson import load_reference
from coursekit.explorations import smarter_search as explore

R = load_reference(Path(__file__).parents[2] / "lessons" / "14-smarter-search")
SEARCHES = (R["successive_halving"], R["hyperband"], R["bayesian_search"])


class Untouchable:
    """Stands for a part of the data that must not be looked at: whatever is done with it fails."""

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(f"the test part was touched: {name}")

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("the test part was touched: it was made an array")

    def __len__(self) -> int:
        raise AssertionError("the test part was touched: its length was asked for")

    def __getitem__(self, _: Any) -> Any:
        raise AssertionError("the test part was touched: a part of it was taken")

    def __iter__(self) -> Any:
        raise AssertionError("the test part was touched: it was gone through")


@pytest.fixture(scope="module")
def parts() -> Any:
    return explore.digit_parts()


@pytest.fixture(scope="module")
def trials(parts: Any) -> Any:
    """The table of the lesson, made without a test part: whoever touched it would fail here."""
    return explore.train_trials(replace(parts, X_test=Untouchable(), y_test=Untouchable()))


def test_no_trial_of_a_search_touches_the_test_part(trials: Any, parts: Any) -> None:
    hidden = replace(parts, X_test=Untouchable(), y_test=Untouchable())
    with pytest.raises(AssertionError, match="touched"):
        explore.test_accuracy(trials, hidden, trials.configs[0])
    assert not {"X_test", "y_test"} & set(vars(trials))
    # The searches see the table alone, and other digits in the test part change nothing in it.
    other = replace(parts, X_test=parts.X_test[::-1] * 0, y_test=parts.y_test * 0)
    small, same = (explore.train_trials(p, count=3) for p in (hidden, other))
    assert np.array_equal(small.curves, same.curves)
    winners = explore.race(trials, *SEARCHES, seeds=2)
    assert all(len(found) == 2 for found in winners.values())


def test_parts_are_disjoint(parts: Any) -> None:
    assert [len(X) for X in (parts.X_train, parts.X_dev, parts.X_test)] == [600, 600, 597]
    rows = {X.tobytes() for part in (parts.X_train, parts.X_dev, parts.X_test) for X in part}
    assert len(rows) > 1790
    assert parts.X_train.max() == 1


def test_most_of_the_budget_goes_to_the_hopeless(trials: Any) -> None:
    curves = trials.curves[:27]
    early, final = curves[:, 2], curves[:, -1]
    assert 4 <= np.sum(final >= 0.9) <= 8
    assert 12 <= np.sum(final < 0.5) <= 16
    assert 17 <= np.sum(early < 0.5) <= 21
    assert not np.any((early < 0.5) & (final > 0.9))
    ranks = [1 + int(np.sum(curves[:, 0] > curves[i, 0])) for i in np.argsort(-final)[:3]]
    assert min(ranks) <= 3 < 8 <= max(ranks)
    explore.plot_curves(trials).canvas.draw()


def test_halving_finds_the_best_at_a_ninth_of_the_cost(trials: Any) -> None:
    best, history = R["successive_halving"](trials.evaluate, trials.configs[:27], 1)
    assert explore.cost_of(history) == 81
    assert [(b, len(e)) for b, e in explore.rounds_of(history)] == [(1, 27), (3, 9), (9, 3)]
    assert trials.curves[best["number"], -1] == trials.curves[:27, -1].max()
    assert sum(score >= 0.8 for _, score in explore.rounds_of(history)[1][1]) == 1
    for step in (1, 2, 3):
        explore.plot_halving(trials, history, step).canvas.draw()
        assert str(step) in explore.halving_in_words(history, step)
    assert explore.explore_halving(trials, history) is not None


def test_a_slow_starter_is_thrown_out_at_once(trials: Any) -> None:
    curve = trials.curves[62]
    assert curve[0] < 0.2
    assert curve[-1] > 0.88
    assert np.sum(trials.curves[:, 0] > curve[0]) > 80
    assert np.sum(trials.curves[:, -1] > curve[-1]) < 45
    _, history = R["successive_halving"](trials.evaluate, trials.configs, 1)
    assert sum(config["number"] == 62 for config, _, _ in history) == 1


def test_the_brackets_of_the_lesson() -> None:
    brackets = explore.rehearse(R["hyperband"], 81)
    assert [b[0][0] for b in brackets] == [81, 34, 15, 8, 5]
    assert [b[-1] for b in brackets] == [(1, 81), (1, 81), (1, 81), (2, 81), (5, 81)]
    bill = {
        f: sum(n * b for bracket in explore.rehearse(R["hyperband"], 81, f) for n, b in bracket) / 81
        for f in (2, 3, 4, 5)
    }
    assert bill[3] == pytest.approx(23.5, abs=0.05)
    assert bill[2] == pytest.approx(46.1, abs=0.05)
    assert min(bill, key=bill.__getitem__) == 5
    assert bill[5] == pytest.approx(8.6)
    assert (
        sum(n for bracket in explore.rehearse(R["hyperband"], 27) for n, b in bracket for _ in range(round(b)))
        == explore.BUDGET
    )


def test_the_logarithm_is_cut() -> None:
    assert int(math.log(243, 3)) == 4
    assert len(explore.rehearse(R["hyperband"], 243)) == 6
    assert len(explore.rehearse(R["hyperband"], 1000, 10)) == 4


@pytest.mark.parametrize(("max_budget", "factor"), [(1, 2), (1, 5), (243, 2), (243, 5), (81, 3)])
def test_brackets_at_the_ends_of_their_sliders(max_budget: int, factor: int) -> None:
    explore.plot_brackets(R["hyperband"], max_budget, factor).canvas.draw()
    assert "at" in explore.brackets_in_words(R["hyperband"], max_budget, factor)


@pytest.mark.parametrize(("length_scale", "known"), [(0.02, 1), (0.02, 20), (1.0, 1), (1.0, 20), (0.1, 5)])
def test_posteriors_at_the_ends_of_their_sliders(length_scale: float, known: int) -> None:
    explore.plot_posterior(R["gp_posterior"], length_scale, known).canvas.draw()


def test_a_long_length_scale_is_sure_and_wrong() -> None:
    top = np.array([[0.8]])
    apart = {}
    for length_scale in (0.1, 0.5):
        X = explore.places(5) * 0.9 + 0.03
        mean, std = R["gp_posterior"](X, np.array([explore.hilly(x) for x in X]), top, length_scale)
        apart[length_scale] = float((explore.hilly(top[0]) - mean[0]) / std[0])
    assert apart[0.1] < 2
    assert apart[0.5] > 5


@pytest.mark.parametrize(("known", "hills"), [(5, 1), (6, 2)])
def test_six_scores_show_two_hills(known: int, hills: int) -> None:
    X = explore.places(known) * 0.9 + 0.03
    mean, _ = R["gp_posterior"](X, np.array([explore.hilly(x) for x in X]), explore.places(201), 0.5)
    inner = mean[1:-1]
    assert np.sum((inner > mean[:-2]) & (inner > mean[2:]) & (inner > 0.1)) == hills


@pytest.mark.parametrize(("mean", "std"), [(1.2, 0.1), (0.5, 1.0), (0.0, 0.5), (0.8, 0.05)])
def test_the_formula_is_the_integral(mean: float, std: float) -> None:
    formula = R["expected_improvement"](np.array([mean]), np.array([std]), 1.0)[0]
    assert explore.integrated_improvement(mean, std, 1.0, 0.01) == pytest.approx(formula, rel=1e-4)


def test_the_search_on_the_curve() -> None:
    runs = [
        R["bayesian_search"](explore.hilly, explore.places(), 3, 15, np.random.default_rng(s), 0.1) for s in range(15)
    ]
    assert np.mean([score > 0.78 for _, score, _ in runs]) > 0.9
    blind = R["bayesian_search"](explore.hilly, explore.places(), 3, 15, np.random.default_rng(0), 0.5)
    assert blind[1] < 0.6
    parts = (R["gp_posterior"], R["expected_improvement"])
    for history, length_scale in ((runs[0][2], 0.1), (blind[2], 0.5)):
        for step in (3, 15):
            explore.plot_step(*parts, history, step, length_scale).canvas.draw()
            assert "best" in explore.step_in_words(history, step)
    assert R["bayesian_search"](explore.hilly, explore.places(), 3, 15, np.random.default_rng(0), 0.02)[1] > 0.5
    assert explore.explore_steps(*parts, R["bayesian_search"]) is not None


def test_the_race_is_won_by_less_than_the_noise(trials: Any, parts: Any) -> None:
    winners = explore.race(trials, *SEARCHES, seeds=60)
    scores = {name: explore.final_scores(trials, found) for name, found in winners.items()}
    means = {name: float(values.mean()) for name, values in scores.items()}
    noise = math.sqrt(0.96 * 0.04 / 600)
    assert max(means, key=means.__getitem__) == "successive halving"
    assert min(means, key=means.__getitem__) == "random search"
    assert max(means.values()) - min(means.values()) < 1.3 * noise
    assert 0.1 < np.mean(scores["random search"] < 0.95) < 0.4
    assert np.mean(scores["successive halving"] < 0.95) < 0.06
    opened = [explore.test_accuracy(trials, parts, found[0]) for found in winners.values()]
    assert max(opened) - min(opened) < 0.02
    explore.plot_race(trials, winners).canvas.draw()


def test_nobody_spends_more_than_the_others(trials: Any) -> None:
    spent: dict[str, float] = {}

    def counted(name: str, search: Any) -> Any:
        def run(evaluate: Any, *args: Any, **kwargs: Any) -> Any:
            def paid(config: Any, budget: float = explore.EPOCHS) -> float:
                spent[name] = spent.get(name, 0.0) + budget
                return float(evaluate(config) if name == "bayes" else evaluate(config, budget))

            return search(paid, *args, **kwargs)

        return run

    names = ("halving", "hyperband", "bayes")
    explore.race(trials, *(counted(n, s) for n, s in zip(names, SEARCHES, strict=True)), seeds=1)
    assert spent["hyperband"] == explore.BUDGET
    assert all(0.85 * explore.BUDGET < spent[name] <= explore.BUDGET for name in names)


def test_with_many_runs_random_search_is_enough(trials: Any) -> None:
    budgets = (6, 12, 48)
    means = explore.by_budget(trials, R["bayesian_search"], budgets, seeds=25)
    gaps = means["Bayesian search"] - means["random search"]
    assert gaps[1] > 0.004
    assert abs(gaps[2]) < 0.005
    good = np.mean(trials.curves[:, -1] >= 0.95)
    assert 1 / 20 < good < 1 / 10
    assert 1 - (1 - good) ** 48 > 0.9
    explore.plot_by_budget(budgets, means, 0.008).canvas.draw()


def test_widgets_are_made() -> None:
    assert explore.explore_brackets(R["hyperband"]) is not None
    assert explore.explore_posterior(R["gp_posterior"]) is not None
