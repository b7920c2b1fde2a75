"""What lesson 09 says in prose holds: each test makes one of its experiments again, with the lesson's own references."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ipywidgets
import numpy as np
import pytest

from autograde.judge.lesson import load_reference
from coursekit.datasets import load_fashion
from coursekit.explorations import momentum as explore
from coursekit.landscapes import walk

SOLUTIONS = load_reference(Path(__file__).parents[2] / "lessons" / "09-momentum")
momentum_step, classical, nesterov = (SOLUTIONS[f"{n}_step"] for n in ("momentum", "classical_momentum", "nesterov"))
limit, plain, with_momentum = (SOLUTIONS[name] for name in ("largest_stable_learning_rate", "plain", "with_momentum"))
remembering, steps_taken = SOLUTIONS["remembering"], SOLUTIONS["steps_taken"]


@pytest.fixture(scope="module")
def bowl() -> explore.LeastSquares:
    return explore.cancer()


def memory(bowl: explore.LeastSquares, beta: float) -> Any:
    rate = 0.9 * limit(bowl.curvatures[-1], beta)
    return bowl.descend(with_momentum(rate, beta), {"w": np.zeros(len(bowl.slope))})


def test_plain_descent_is_not_done_after_20000_updates(bowl: explore.LeastSquares) -> None:
    above = bowl.descend(plain(0.9 * 2 / bowl.curvatures[-1]), None)
    assert len(above) == 20_001
    assert explore.first_below(above) is None
    assert explore.stays_below(above) is None
    assert 3e-5 < above[-1] < 6e-5
    assert 9e4 < bowl.curvatures[-1] / bowl.curvatures[0] < 1.1e5
    assert explore.plot_progress({"plain": above}, "one run").axes[0].get_legend() is None


def test_momentum_is_done_in_a_fraction_and_too_much_of_it_is_slow(bowl: explore.LeastSquares) -> None:
    runs = {beta: memory(bowl, beta) for beta in (0.9, 0.98, 0.99, 0.999)}
    first = {beta: explore.first_below(above) or 0 for beta, above in runs.items()}
    assert 2_900 < first[0.9] < 3_200
    assert 690 < first[0.99] < 770
    assert 500 < first[0.98] < first[0.99]
    assert 6_000 < first[0.999] < 7_500
    assert (explore.stays_below(runs[0.9]) or 0) == first[0.9]
    assert 1_000 < (explore.stays_below(runs[0.99]) or 0) < 1_300
    explore.plot_progress({str(beta): above for beta, above in runs.items()}, "all").canvas.draw()


def test_below_the_goal_at_once_and_never() -> None:
    assert explore.first_below(np.array([0.0, 0.0])) == explore.stays_below(np.array([0.0, 0.0])) == 0
    swinging = np.array([1.0, 1e-6, 1.0, 1e-6])
    assert explore.first_below(swinging) == 1
    assert explore.stays_below(swinging) == 3


def test_across_the_ravine_the_gradient_alternates_and_along_it_does_not() -> None:
    path = walk(explore.RAVINE, plain(0.06), None, 25)
    slopes = np.array([explore.RAVINE.gradient({"theta": place})["theta"] for place in path])
    assert (np.sign(slopes[1:, 1]) == -np.sign(slopes[:-1, 1])).all()
    assert (slopes[:, 0] < 0).all()
    assert abs(slopes[:6, 1].mean()) < slopes[0, 1] / 10
    assert slopes[:6, 0].mean() < 0.8 * slopes[0, 0]
    explore.plot_zigzag(path).canvas.draw()


def test_at_the_same_rate_an_average_is_calmer_and_no_faster() -> None:
    paths = [walk(explore.RAVINE, with_momentum(0.06, beta), explore.zeros(), 100) for beta in (0, 0.5)]
    without, with_it = (explore.arrival(explore.RAVINE, path) or 0 for path in paths)
    assert 0.9 * without < with_it < without
    assert np.abs(paths[1][5:, 1]).max() < 0.6 * np.abs(paths[0][5:, 1]).max()


@pytest.mark.parametrize("beta", [0, 0.5, 0.9, 0.99])
def test_the_limit_holds_to_the_percent(beta: float) -> None:
    ends = [
        abs(explore.roll(momentum_step, lambda w: 30 * w, 1.0, share * limit(30, beta), beta, 500)[-1, 0])
        for share in (0.99, 1.01)
    ]
    assert ends[0] < 0.3
    assert ends[1] > 1e4


def test_the_goal_in_the_ravine_can_be_reached_and_the_habit_does_not_reach_it() -> None:
    def arrives(beta: float, rate: float) -> int:
        path = walk(explore.RAVINE, with_momentum(rate, beta), explore.zeros(), 100)
        return explore.arrival(explore.RAVINE, path) or 1000

    assert arrives(0.56, 0.2) <= 15
    assert min(arrives(0.9, 0.01 * i) for i in range(1, 120, 3)) > 60
    assert arrives(0, 0.06) < 80
    assert "Goal reached" in explore.plot_ravine(momentum_step, 0.56, 0.2, 15)._suptitle.get_text()


@pytest.mark.parametrize("beta", [0.0, 0.9, 0.99])
@pytest.mark.parametrize("rate", [0.01, 1.3])
@pytest.mark.parametrize("step", [0, 100])
def test_the_sliders_of_the_ravine_at_their_ends(beta: float, rate: float, step: int) -> None:
    explore.plot_ravine(momentum_step, beta, rate, step).canvas.draw()


@pytest.mark.parametrize("mu", [0.0, 0.99])
@pytest.mark.parametrize("rate", [0.001, 0.13])
@pytest.mark.parametrize("step", [0, 100, None])
def test_the_sliders_of_the_race_at_their_ends(mu: float, rate: float, step: int | None) -> None:
    explore.plot_race(classical, nesterov, mu, rate, step).canvas.draw()


@pytest.mark.parametrize("start", [-2.0, 0.2, 2.0])
@pytest.mark.parametrize("beta", [0.0, 0.98])
def test_the_sliders_of_the_dips_at_their_ends(start: float, beta: float) -> None:
    explore.plot_dips(momentum_step, start, beta).canvas.draw()


def test_widgets_have_a_figure_and_sliders() -> None:
    for widget, count in (
        (explore.explore_ravine(momentum_step), 3),
        (explore.explore_race(classical, nesterov), 3),
        (explore.explore_dips(momentum_step), 2),
    ):
        assert isinstance(widget, ipywidgets.VBox)
        assert len(widget.children[0].children) == count


def test_more_memory_overshoots_further_and_longer() -> None:
    paths = {str(b): explore.roll(momentum_step, lambda w: w, 1.0, 0.5, b, 120) for b in (0, 0.5, 0.9, 0.99)}
    lowest = [path.min() for path in paths.values()]
    assert lowest[0] >= 0
    assert lowest[0] > lowest[1] > lowest[2] > lowest[3]
    assert -0.55 < lowest[2] < -0.4
    assert np.abs(paths["0.9"][-20:]).max() < 0.01 < 0.2 < np.abs(paths["0.99"][-20:]).max()
    explore.plot_overshoot(paths).canvas.draw()


def test_momentum_finds_another_dip_and_not_always_the_deep_one() -> None:
    hump, starts = explore.dips()[1], np.linspace(-2, 2, 401)
    found = {
        beta: explore.roll(momentum_step, explore.dips_slope, starts, 0.3, beta, 3000)[-1] < hump
        for beta in (0, 0.9, 0.97)
    }
    assert 0.53 < found[0].mean() < 0.58
    assert 0.64 < found[0.9].mean() < 0.7
    assert 0.2 < found[0.9][starts > hump].mean() < 0.4
    assert 0.01 < (~found[0.9])[starts < hump].mean() < 0.06
    assert 0.05 < (~found[0.97])[starts < hump].mean() < 0.12
    for start, word in ((-1.9, "lost"), (1.8, "rescued")):
        assert word in explore.plot_dips(momentum_step, start, 0.95)._suptitle.get_text()


def test_both_forms_take_the_same_steps_until_the_rate_is_cut() -> None:
    def sizes(step: Any, rate: float) -> Any:
        return steps_taken(step, [rate] * 100 + [rate / 10] * 20)

    average, tenfold, scaled = sizes(momentum_step, 0.1), sizes(classical, 0.1), sizes(classical, 0.01)
    assert average[99] == pytest.approx(0.1, rel=1e-4)
    assert tenfold[99] == pytest.approx(1, rel=1e-4)
    assert average[:100] == pytest.approx(scaled[:100], rel=1e-12)
    assert average[100] == pytest.approx(0.01, rel=1e-3)
    assert scaled[100] == pytest.approx(0.091, rel=1e-3)


def test_nesterov_damps_the_swing_and_allows_smaller_steps() -> None:
    paths = explore.look_ahead_paths(classical, nesterov, 0.9, 0.03)
    assert (explore.arrival(explore.RAVINE, paths["Nesterov"]) or 0) < 70
    assert (explore.arrival(explore.RAVINE, paths["classical"]) or 0) > 75
    assert np.abs(paths["Nesterov"][5:, 1]).max() < 0.02 < 0.6 < np.abs(paths["classical"][5:, 1]).max()
    assert 0.9 < paths["Nesterov"][:, 0].max() < 1.3 < paths["classical"][:, 0].max() < 1.7
    still = explore.look_ahead_paths(classical, nesterov, 0.9, 1 / 30)["Nesterov"]
    assert np.abs(still[1:, 1]).max() < 1e-12
    too_fast = explore.look_ahead_paths(classical, nesterov, 0.9, 0.06)
    assert len(too_fast["Nesterov"]) < 101 == len(too_fast["classical"])
    explore.plot_look_ahead().canvas.draw()


@pytest.mark.parametrize(
    ("mu", "rate", "ending"),
    [
        (0.9, 0.033, ". First goal reached"),
        (0.9, 0.06, ". Second goal reached"),
        (0.9, 0.02, "Nesterov arrives at step 59"),
        (0.0, 0.033, "away after 100 steps"),
    ],
)
def test_the_race_tells_of_its_goals(mu: float, rate: float, ending: str) -> None:
    title = explore.plot_race(classical, nesterov, mu, rate, None)._suptitle.get_text()
    assert title.endswith(ending)


def test_the_post_climbs() -> None:
    path = walk(explore.RAVINE, SOLUTIONS["posted"], explore.zeros(), 20)
    heights = [explore.RAVINE.height(*place) for place in path]
    assert heights[-1] > 1e6 * heights[0]


@pytest.mark.parametrize("mu", [0.5, 0.9])
def test_the_limit_of_nesterov(mu: float) -> None:
    bound = 2 * (1 + mu) / (30 * (1 + 2 * mu))
    for share, holds in ((0.98, True), (1.02, False)):
        params, velocity = {"w": np.ones(1)}, {"w": np.zeros(1)}
        for _ in range(600):
            params, velocity = nesterov(params, lambda p: {"w": 30 * p["w"]}, velocity, share * bound, mu)
        assert (abs(params["w"][0]) < 1e-3) == holds


def test_neither_form_wins_everywhere(bowl: explore.LeastSquares) -> None:
    def first(mu: float) -> int:
        rate = 0.9 * limit(bowl.curvatures[-1], mu) * (1 - mu) / (1 + 2 * mu)
        zero = {"w": np.zeros(len(bowl.slope))}
        above = bowl.descend(lambda p, g, v: nesterov(p, bowl.gradient, v, rate, mu), zero)
        return explore.first_below(above) or 10**6

    assert first(0.9) > 2 * (explore.first_below(memory(bowl, 0.9)) or 0)
    assert first(0.995) < 0.7 * (explore.first_below(memory(bowl, 0.995)) or 0)


def test_on_a_network_memory_gains_nothing_at_small_rates_and_much_at_large_ones() -> None:
    fashion = load_fashion()
    found = explore.sweep(remembering, fashion, (0, 0.9), (0.03, 0.4, 0.8))
    without, with_it = (table.mean(axis=1) for table in found.values())
    assert abs(without[0] - with_it[0]) < 0.03
    assert with_it[1] > without[1] + 0.04
    assert with_it[2] > 0.75 > 0.4 > without[2]
    explore.plot_sweep((0.03, 0.4, 0.8), found).canvas.draw()
