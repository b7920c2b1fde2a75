"""What lesson 08 says in prose holds: each test makes one of its experiments again, with the lesson's own references."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograde.judge.lesson import load_reference
from coursekit.datasets import load_weather
from coursekit.explorations import exponentially_weighted_averages as explorations

LESSON = Path(__file__).parents[2] / "lessons" / "08-exponentially-weighted-averages"
reference = load_reference(LESSON)
ewa_update, ewa, corrected = reference["ewa_update"], reference["ewa"], reference["ewa_bias_corrected"]
ewa_weights, effective_window = reference["ewa_weights"], reference["effective_window"]
half_life = reference["half_life"]

weather = load_weather("seattle")
T = weather.mean_temperature
BROKEN_DAY = 547


def title(ax: Any) -> str:
    return str(ax.get_title(loc="left"))


def test_the_dashboard_rises_while_the_loss_falls() -> None:
    losses = explorations.training_losses()
    smoothed = ewa(losses, 0.98)
    assert len(losses) == 250
    assert losses[0] == pytest.approx(2.56, abs=0.01) and losses[-25:].mean() == pytest.approx(0.72, abs=0.02)
    blocks = losses.reshape(-1, 25).mean(axis=1)
    assert all(blocks[:4] > blocks[1:5]) and blocks[0] > 2 * blocks[-1]
    assert smoothed[0] == pytest.approx(0.05, abs=0.005)
    assert 80 < smoothed.argmax() < 120 and 0.9 < smoothed.max() < 1.05
    fig = explorations.plot_dashboard()
    np.testing.assert_allclose(fig.axes[0].lines[1].get_ydata(), smoothed)
    assert f"rise for {smoothed.argmax()} updates" in title(fig.axes[0])


def test_the_dashboard_mended() -> None:
    losses = explorations.training_losses()
    curve = corrected(losses, 0.98)
    assert curve[0] == pytest.approx(losses[0])
    assert all(curve[:-40:20] > curve[20:-20:20])
    assert curve[98] == pytest.approx(1.12, abs=0.02) and losses[89:108].mean() == pytest.approx(1.0, abs=0.02)
    assert abs(curve - ewa(losses, 0.98))[200:].max() < 0.03
    assert len(explorations.plot_losses(losses, {"a": curve, "b": curve}).axes[0].lines) == 3


def test_the_loss_handed_out_is_a_copy() -> None:
    explorations.training_losses()[:] = 0
    assert explorations.training_losses().min() > 0


def test_day_one_has_the_contracts_figures() -> None:
    assert len(T) == 1461 and T[0] == pytest.approx(8.9)
    assert f"{ewa(T, 0.9)[0]:.2f} {corrected(T, 0.9)[0]:.1f}" == "0.89 8.9"
    v, days = 0.0, []
    for value in T[:4]:
        v = ewa_update(v, value, 0.9)
        days.append(round(float(v), 2))
    assert days == [0.89, 1.47, 2.27, 2.93]


def test_a_larger_beta_is_smoother_later_and_flatter() -> None:
    year = slice(366, 731)
    highest = {beta: ewa(T, beta)[year] for beta in (0.5, 0.9, 0.98)}
    assert T[year].max() == pytest.approx(25.55, abs=0.05)
    assert highest[0.98].max() == pytest.approx(19.3, abs=0.1)
    assert str(weather.dates[year][highest[0.98].argmax()]) == "2013-09-12"
    assert highest[0.5].max() > highest[0.9].max() > highest[0.98].max()
    curves = {f"{beta}": curve for beta, curve in highest.items()}
    fig = explorations.plot_temperatures(weather.dates[year], T[year], curves, "a title")
    assert len(fig.axes[0].lines) == 4 and title(fig.axes[0]) == "a title"


def test_two_series_are_averaged_side_by_side() -> None:
    both = np.column_stack([weather.max_temperature, weather.min_temperature])
    averages = ewa(both, 0.9)
    assert averages.shape == (1461, 2)
    np.testing.assert_allclose(averages[:, 1], ewa(weather.min_temperature, 0.9))
    assert str(weather.dates[181]) == "2012-06-30"


@pytest.mark.parametrize("n", [1, 3, 30, 1461])
def test_weights_times_values_is_the_average(n: int) -> None:
    weights = ewa_weights(0.9, n)
    assert weights @ T[:n] == pytest.approx(ewa(T, 0.9)[n - 1], rel=1e-12)
    assert weights.sum() == pytest.approx(1 - 0.9**n)


@pytest.mark.parametrize(("beta", "day"), [(0.9, 44), (0.98, 228), (0.999, 4603)])
def test_the_correction_fades(beta: float, day: int) -> None:
    gap = np.abs(ewa(np.ones(9000), beta) - 1)
    assert int(np.argmax(gap <= 0.01)) + 1 == day


def test_three_starts() -> None:
    first = T[0] + ewa(T - T[0], 0.98)
    assert first[0] == pytest.approx(T[0])
    assert first[19] == pytest.approx(7.0, abs=0.1) and corrected(T, 0.98)[19] == pytest.approx(3.3, abs=0.1)
    assert T[:20].mean() == pytest.approx(3.7, abs=0.1)
    off = {beta: np.sum(np.abs(ewa(T[:200], beta) - corrected(T[:200], beta)) > 0.5) for beta in (0.95, 0.96, 0.98)}
    assert off[0.95] < 50 <= off[0.96] and off[0.98] == 150
    # At 0.98 the start from the first value counts day 1 fifty times as much as the start from zero does.
    assert 0.98**99 / ewa_weights(0.98, 100)[0] == pytest.approx(50)


def test_the_corrected_value_must_not_be_fed_back() -> None:
    v, averages = 0.0, []
    for t in range(1, 6):
        v = (0.9 * v + 0.1 * 10) / (1 - 0.9**t)
        averages.append(v)
    assert averages[:2] == pytest.approx([10, 52.6], abs=0.05) and averages[4] > 1000
    np.testing.assert_allclose(corrected(np.full(5, 10.0), 0.9), 10)


@pytest.mark.parametrize(
    ("beta", "days", "inside", "edge"),
    [(0.5, 2, 0.75, 0.25), (0.9, 10, 0.65, 0.35), (0.98, 50, 0.64, 0.36), (0.999, 1000, 0.63, 0.37)],
)
def test_the_window_is_not_sharp(beta: float, days: int, inside: float, edge: float) -> None:
    assert effective_window(beta) == pytest.approx(days)
    assert ewa_weights(beta, days).sum() == pytest.approx(inside, abs=0.006)
    assert beta**days == pytest.approx(edge, abs=0.006)


def test_numbers_for_the_length_of_the_memory() -> None:
    age = np.arange(3000)
    weights = ewa_weights(0.9, 3000)[::-1]
    assert (age * weights).sum() == pytest.approx(9)
    assert -1 / np.log(0.9) == pytest.approx(9.5, abs=0.05)
    assert half_life(0.9) == pytest.approx(6.579, abs=0.001)
    for_a_week = 2 ** (-1 / 7)
    assert half_life(for_a_week) == pytest.approx(7) and for_a_week == pytest.approx(0.906, abs=5e-4)
    assert 1 - 0.9 ** half_life(0.9) == pytest.approx(0.5)
    span = (1 + 0.9) / (1 - 0.9)
    # pandas: alpha = 2 / (span + 1).
    assert span == pytest.approx(19) and 2 / (span + 1) == pytest.approx(1 - 0.9)


@pytest.mark.parametrize(("beta", "on_line", "on_year"), [(0.5, 1, 1.0), (0.9, 9, 8.9), (0.98, 49, 40.5)])
def test_lag(beta: float, on_line: float, on_year: float) -> None:
    line = np.arange(5000.0)
    assert line[-1] - corrected(line, beta)[-1] == pytest.approx(on_line)
    assert explorations.lag_and_change(corrected, T, beta)[0] == pytest.approx(on_year, abs=0.2)


def test_lag_of_a_shifted_wave_is_the_shift() -> None:
    day = np.arange(1200)
    wave = np.sin(2 * np.pi * day / explorations.DAYS_A_YEAR)
    later = np.sin(2 * np.pi * (day - 17) / explorations.DAYS_A_YEAR)
    assert explorations.yearly_lag(later, wave) == pytest.approx(17)


def test_no_beta_is_smooth_and_early() -> None:
    assert explorations.daily_change(T[365:]) == pytest.approx(1.49, abs=0.01)
    found = {b: explorations.lag_and_change(corrected, T, b) for b in np.round(np.arange(0, 1, 0.01), 2)}
    assert (explorations.GOAL_LAG, explorations.GOAL_CHANGE) == (7, 0.15)
    assert not any(lag < 7 and change < 0.15 for lag, change in found.values())
    assert found[0.87][0] < 7 < found[0.88][0] and found[0.87][1] == pytest.approx(0.26, abs=0.005)
    assert found[0.94][1] < 0.15 < found[0.93][1] and found[0.94][0] == pytest.approx(15, abs=0.5)
    assert found[0.9][1] == pytest.approx(0.21, abs=0.005) and found[0.98][1] == pytest.approx(0.07, abs=0.005)


def test_it_helps_to_forecast_rain_and_wind_but_not_temperature() -> None:
    def error(x: Any, beta: float) -> float:
        return float(np.sqrt(np.mean((x[1:] - corrected(x, beta)[:-1]) ** 2)))

    assert error(T, 0) == pytest.approx(1.92, abs=0.01) and error(T, 0.9) == pytest.approx(2.63, abs=0.01)
    assert all(error(T, 0) < error(T, b) for b in (0.1, 0.5, 0.9, 0.98))
    assert error(weather.precipitation, 0) == pytest.approx(7.85, abs=0.02)
    assert error(weather.precipitation, 0.9) == pytest.approx(6.49, abs=0.02)
    assert error(weather.wind, 0.9) < 0.95 * error(weather.wind, 0)


def test_a_broken_reading() -> None:
    assert str(weather.dates[BROKEN_DAY]) == "2013-07-01"
    broken = T.copy()
    broken[BROKEN_DAY] *= 10
    errors = {beta: corrected(broken, beta) - corrected(T, beta) for beta in (0.5, 0.9, 0.98)}
    for beta, most, days in ((0.5, 112.5, 8), (0.9, 22.5, 37), (0.98, 4.5, 109)):
        assert errors[beta].max() == pytest.approx(most, abs=0.1)
        assert np.sum(errors[beta] > 0.5) == days
        assert errors[beta].sum() == pytest.approx(9 * T[BROKEN_DAY], rel=1e-3)
    later = [errors[beta][BROKEN_DAY + 21] for beta in (0.5, 0.9, 0.98)]
    assert later == sorted(later)
    median = explorations.running_median(broken, 9) - explorations.running_median(T, 9)
    assert np.abs(median).max() < 1.5
    fig = explorations.plot_outlier({"average": errors[0.9], "unmoved": 0 * T}, BROKEN_DAY)
    assert [text.get_text() for text in fig.axes[0].get_legend().get_texts()] == ["average", "unmoved: none"]


@pytest.mark.parametrize("beta", [0.5, 0.98])
def test_one_nan_ends_the_average(beta: float) -> None:
    hole = T.copy()
    hole[BROKEN_DAY] = np.nan
    assert np.array_equal(np.isnan(ewa(hole, beta)), np.arange(len(T)) >= BROKEN_DAY)


def test_an_average_of_gradients_is_worth_nineteen() -> None:
    gradients, exact = explorations.batch_gradients()

    def noise(estimates: Any) -> float:
        return float(np.sqrt(np.mean(np.sum((estimates - exact) ** 2, axis=1))) / np.linalg.norm(exact))

    single, average = noise(gradients), noise(corrected(gradients, 0.9)[50:])
    of_19 = noise(gradients[:399].reshape(21, 19, -1).mean(axis=1))
    of_10 = noise(gradients.reshape(40, 10, -1).mean(axis=1))
    assert average / single == pytest.approx(np.sqrt(1 / 19), rel=0.1)
    assert average == pytest.approx(of_19, rel=0.1) and of_10 > 1.25 * average


@pytest.mark.parametrize("beta", [0.5, 0.9, 0.98, 0.99])
def test_start_figure_at_its_sliders_extremes(beta: float) -> None:
    ax = explorations.plot_start(ewa, corrected, beta).axes[0]
    assert f"{(1 - beta) * T[0]:.2f} °C on day 1" in title(ax)
    assert [len(line.get_ydata()) for line in ax.lines] == [200] * 4


@pytest.mark.parametrize(("beta", "older"), [(0.5, "25%"), (0.9, "35%"), (0.98, "36%")])
def test_memory_figure_at_its_sliders_extremes(beta: float, older: str) -> None:
    left, right = explorations.plot_memory(ewa_weights, effective_window, half_life, beta).axes
    assert len(left.patches) == 61
    assert title(right).startswith(older)


@pytest.mark.parametrize("beta", [0.0, 0.9, 0.99])
def test_trade_figure_at_its_sliders_extremes(beta: float) -> None:
    fig = explorations.plot_trade(corrected, beta)
    left, right = fig.axes
    assert fig.get_suptitle().startswith(f"β = {beta:.2f}") and "goal reached" not in fig.get_suptitle()
    lag, change = (float(v[0]) for v in right.lines[1].get_data())
    assert right.get_xlim()[0] <= lag <= right.get_xlim()[1] and 0 < change < right.get_ylim()[1]
    assert len(left.lines[1].get_ydata()) == 365
    if beta == 0:
        assert (lag, change) == (0, pytest.approx(1.49, abs=0.01))


def test_weights_figure() -> None:
    lines = explorations.plot_weights(ewa_weights).axes[0].lines
    assert [line.get_ydata()[0] for line in lines] == pytest.approx([0.5, 0.1, 0.02])


def test_widgets_draw_anew_when_a_slider_moves(capsys: pytest.CaptureFixture[str]) -> None:
    for widget, ends, words in [
        (explorations.explore_start(ewa, corrected), (0.5, 0.99), "over 0.5 degrees off"),
        (explorations.explore_memory(ewa_weights, effective_window, half_life), (0.5, 0.98), "the half-life is"),
        (explorations.explore_trade(corrected), (0.0, 0.99), "days late"),
    ]:
        slider = widget.children[0].children[0]
        assert (slider.min, slider.max) == ends
        capsys.readouterr()
        for value in ends:
            slider.value = value
        assert capsys.readouterr().out.count(words) == 2
