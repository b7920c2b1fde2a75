"""What lesson 06 says in prose holds: each test makes one of its experiments again, with the lesson's own references."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograde.judge.lesson import load_reference
from coursekit.bug_hunt import SUSPECTS, descend
from coursekit.datasets import load_wine
from coursekit.explorations import gradient_checking as explorations
from coursekit.network import forward, loss_and_gradients

Params = dict[str, Any]
LESSON = Path(__file__).parents[2] / "lessons" / "06-gradient-checking"
reference = load_reference(LESSON)
one_sided, two_sided = reference["one_sided_difference"], reference["two_sided_difference"]
numerical_gradient, relative_difference = reference["numerical_gradient"], reference["relative_difference"]
gradient_check, faulty_gradients = reference["gradient_check"], reference["faulty_gradients"]

FAULTY = {
    "a": ["b1", "b2", "b3"],
    "b": ["W1", "W2", "b1", "b2"],
    "c": [],
    "d": ["W1", "b1"],
    "e": ["W2"],
    "f": ["W1", "W2", "W3", "b1", "b2", "b3"],
}


def network(hidden: tuple[int, int] = (8, 8)) -> Params:
    rng = np.random.default_rng(0)
    params = {}
    for layer, (n_in, n_out) in enumerate([(13, hidden[0]), hidden, (hidden[1], 3)], start=1):
        params[f"W{layer}"] = rng.standard_normal((n_in, n_out)) / np.sqrt(n_in)
        params[f"b{layer}"] = 0.1 * rng.standard_normal(n_out)
    return params


wine = load_wine()
X_ALL = (wine.X - wine.X.mean(axis=0)) / wine.X.std(axis=0)
X, y = X_ALL[::15], wine.y[::15]
PARAMS = network()
GRADS = loss_and_gradients(PARAMS, X, y)[1]


def cost(p: Params) -> float:
    return loss_and_gradients(p, X, y)[0]


def scaled(grads: Params, factor: float) -> Params:
    return {key: factor * g for key, g in grads.items()}


def test_cube_has_the_contracts_two_figures() -> None:
    def cube(theta: float) -> float:
        return theta**3

    assert f"{one_sided(cube, 1.0, 0.01):.4f}" == "3.0301"
    assert f"{two_sided(cube, 1.0, 0.01):.4f}" == "3.0001"
    for eps in (0.1, 0.01):
        assert (one_sided(cube, 1, eps) - 3) / (one_sided(cube, 1, eps / 10) - 3) == pytest.approx(10, rel=0.1)
        assert (two_sided(cube, 1, eps) - 3) / (two_sided(cube, 1, eps / 10) - 3) == pytest.approx(100, rel=0.01)


@pytest.mark.parametrize(
    ("difference", "precision", "best_eps", "best_error"),
    [
        (two_sided, "float64", (5e-7, 2e-5), (1e-12, 5e-11)),
        (two_sided, "float32", (2e-3, 2e-2), (1e-6, 5e-5)),
        (one_sided, "float64", (2e-9, 5e-8), (1e-9, 3e-8)),
        (one_sided, "float32", (5e-5, 2e-3), (5e-5, 1e-3)),
    ],
)
def test_error_against_eps_is_a_v(
    difference: Callable[..., Any], precision: str, best_eps: tuple[float, float], best_error: tuple[float, float]
) -> None:
    exponents = np.arange(-14, 0.01, 0.2)
    with np.errstate(all="ignore"):
        errors = np.array([explorations.slope_error(difference, 10.0**e, precision) for e in exponents])
    best = int(errors.argmin())
    assert best_eps[0] < 10.0 ** exponents[best] < best_eps[1]
    assert best_error[0] < errors[best] < best_error[1]
    arm = exponents > exponents[best] + 1
    slope = np.polyfit(exponents[arm], np.log10(errors[arm]), 1)[0]
    assert slope == pytest.approx(2 if difference is two_sided else 1, abs=0.15)
    if precision == "float64":
        arm = exponents < exponents[best] - 1
        assert np.polyfit(exponents[arm], np.log10(errors[arm]), 1)[0] == pytest.approx(-1, abs=0.2)
    else:
        assert errors[0] == pytest.approx(1)


def test_the_sliders_first_goal_can_be_reached_and_the_second_cannot() -> None:
    errors = {
        precision: [explorations.slope_error(two_sided, 10.0**e, precision) for e in np.arange(-7, 0.01, 0.2)]
        for precision in explorations.PRECISIONS
    }
    assert min(errors["float64"]) < 1e-10
    assert min(errors["float32"]) > 1e-6
    assert all(explorations.slope_error(two_sided, eps) < 1e-10 for eps in (1e-6, 3e-6, 1e-5))


def test_the_shared_network_passes_and_takes_422_forward_passes() -> None:
    calls = 0

    def counted(p: Params) -> float:
        nonlocal calls
        calls += 1
        return cost(p)

    difference, verdict = gradient_check(counted, PARAMS, GRADS)
    assert (verdict, calls) == ("correct", 422)
    assert 1e-11 < difference < 1e-8


def test_signatures() -> None:
    approx = numerical_gradient(cost, PARAMS)
    for factor, value in {2: 1 / 3, 0.5: 1 / 3, 12: 11 / 13, -1: 1, 0: 1}.items():
        assert relative_difference(scaled(GRADS, factor), approx) == pytest.approx(value, abs=1e-6)


def test_precision_and_the_jump_at_the_kinks() -> None:
    X32 = X.astype(np.float32)

    def cost32(p: Params) -> float:
        return loss_and_gradients({k: v.astype(np.float32) for k, v in p.items()}, X32, y)[0]

    steps = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2)
    in_64 = [gradient_check(cost, PARAMS, GRADS, eps)[0] for eps in steps]
    in_32 = [gradient_check(cost32, PARAMS, GRADS, eps) for eps in steps]
    assert max(in_64[:4]) < 1e-7 and in_64[4] > 1e4 * in_64[3]
    assert in_32[0][0] > 0.05 and all(verdict != "correct" for _, verdict in in_32)
    smallest = min(np.abs(Z).min() for Z in forward(PARAMS, X)[1]["Z"][:2])
    assert 0.001 < smallest < 0.01


def test_all_zero_example_on_the_kink() -> None:
    X_zero = np.vstack([np.zeros(13), X[1:]])
    start = {key: value * (key[0] == "W") for key, value in PARAMS.items()}
    moved = {key: value + 0.01 for key, value in start.items()}

    def difference(p: Params, activation: str, eps: float) -> float:
        slopes = loss_and_gradients(p, X_zero, y, activation)[1]
        return float(gradient_check(lambda q: loss_and_gradients(q, X_zero, y, activation)[0], p, slopes, eps)[0])

    for eps in (1e-5, 1e-6, 1e-7):
        assert difference(start, "relu", eps) == pytest.approx(0.038, abs=0.002)
        assert difference(moved, "relu", eps) < 2e-8
        assert difference(start, "tanh", eps) < 2e-8


def test_dropout_must_be_off_or_frozen() -> None:
    def dropout_cost(p: Params, rng: np.random.Generator) -> tuple[float, Params]:
        mask = (rng.random(X.shape) < 0.8) / 0.8
        return loss_and_gradients(p, X * mask, y)

    live = np.random.default_rng(1)
    grads = dropout_cost(PARAMS, np.random.default_rng(1))[1]
    fresh = gradient_check(lambda p: dropout_cost(p, live)[0], PARAMS, grads)
    frozen = gradient_check(lambda p: dropout_cost(p, np.random.default_rng(1))[0], PARAMS, grads)
    noise = reference["params_to_vector"](numerical_gradient(lambda p: dropout_cost(p, live)[0], PARAMS))
    assert fresh[0] > 0.999 and fresh[1] == "wrong"
    assert frozen[1] == "correct"
    assert np.linalg.norm(noise) > 1e5
    assert np.linalg.norm(reference["params_to_vector"](grads)) == pytest.approx(0.73, abs=0.01)


@pytest.mark.parametrize(
    ("lam", "verdict"), [(1.0, "wrong"), (0.01, "wrong"), (0.001, "suspicious"), (1e-4, "suspicious")]
)
def test_the_regularizer_must_be_on_both_sides(lam: float, verdict: str) -> None:
    def penalised(p: Params) -> float:
        return cost(p) + lam / (2 * len(y)) * sum(float((p[key] ** 2).sum()) for key in ("W1", "W2", "W3"))

    full = {k: g + lam / len(y) * PARAMS[k] * (k[0] == "W") for k, g in GRADS.items()}
    assert gradient_check(penalised, PARAMS, GRADS)[1] == verdict
    assert faulty_gradients(penalised, PARAMS, GRADS) == ["W1", "W2", "W3"]
    assert gradient_check(penalised, PARAMS, full)[1] == "correct"


def test_transposed_array_shows_in_pairs_off_the_diagonal() -> None:
    spoilt = {**GRADS, "W2": GRADS["W2"].T}
    worst = reference["worst_components"](spoilt, numerical_gradient(cost, PARAMS), k=6)
    assert {key for key, _, _ in worst} == {"W2"}
    indices = {index for _, index, _ in worst}
    assert all(i != j and (j, i) in indices for i, j in indices)
    assert faulty_gradients(cost, PARAMS, spoilt) == ["W2"]


@pytest.mark.parametrize("name", SUSPECTS)
def test_bug_hunt(name: str) -> None:
    claimed = SUSPECTS[name](PARAMS, forward(PARAMS, X)[1], y)
    assert faulty_gradients(cost, PARAMS, claimed) == FAULTY[name]
    assert gradient_check(cost, PARAMS, claimed)[1] == ("correct" if name == "c" else "wrong")
    if name == "a":
        approx = numerical_gradient(cost, PARAMS)
        for key in FAULTY["a"]:
            assert relative_difference({key: claimed[key]}, {key: approx[key]}) == pytest.approx(11 / 13, abs=1e-6)


def test_wrong_gradients_train_too() -> None:
    runs = {name: descend(backward, PARAMS, X_ALL, wine.y) for name, backward in SUSPECTS.items()}
    for name in "acde":
        assert runs[name][1] > 0.985 and runs[name][0][-1] < 0.05
    for name in "bf":
        assert runs[name][1] < 0.6
    assert runs["c"][0][-1] == min(runs[name][0][-1] for name in "acde")
    assert explorations.plot_training(runs).axes[0].get_title(loc="left").startswith("4 of 6")


def test_layers_of_different_width_give_two_suspects_away() -> None:
    params = network((8, 7))
    cache = forward(params, X)[1]
    with pytest.raises(ValueError):
        SUSPECTS["d"](params, cache, y)
    assert SUSPECTS["e"](params, cache, y)["W2"].shape != params["W2"].shape
    right = loss_and_gradients(params, X, y)[1]
    for key, g in SUSPECTS["c"](params, cache, y).items():
        np.testing.assert_allclose(g, right[key], atol=1e-12)


@pytest.mark.parametrize("exponent", [-14.0, -2.0, 0.0])
def test_eps_figure_at_its_sliders_extremes(exponent: float) -> None:
    left, right = explorations.plot_error_against_eps(one_sided, two_sided, exponent).axes
    for ax in (left, right):
        assert [len(line.get_xdata()) for line in ax.lines[:1]] == [71]
        assert np.isfinite(ax.lines[0].get_ydata()).all()


@pytest.mark.parametrize("theta", [-0.02, 0.0, 0.004, 0.02])
@pytest.mark.parametrize("eps", [0.001, 0.01, 0.02])
def test_kink_figure_at_its_sliders_extremes(theta: float, eps: float) -> None:
    fig = explorations.plot_kink(two_sided, theta, eps)
    expected = np.clip((theta + eps) / (2 * eps), 0, 1)
    assert f"Secant {expected:.2f}" in fig.axes[0].get_title(loc="left")


def test_widgets_draw_anew_when_a_slider_moves(capsys: pytest.CaptureFixture[str]) -> None:
    for widget, values, words in [
        (explorations.explore_error_against_eps(one_sided, two_sided), (-14.0, 0.0), "At eps = 1.0e"),
        (explorations.explore_kink(two_sided), (-0.02, 0.02), "the two-sided difference is"),
    ]:
        slider = widget.children[0].children[0]
        assert (slider.min, slider.max) == values
        capsys.readouterr()
        for value in values:
            slider.value = value
        assert capsys.readouterr().out.count(words) == 2


def test_the_remaining_figures_draw() -> None:
    approx = numerical_gradient(cost, PARAMS)
    cache = forward(PARAMS, X)[1]
    differences = {}
    for name, backward in SUSPECTS.items():
        claimed = backward(PARAMS, cache, y)
        differences[name] = {k: relative_difference({k: claimed[k]}, {k: approx[k]}) for k in claimed}
    assert explorations.plot_hunt(differences).axes[0].get_title(loc="left").startswith("1 of 6")
    for eps in (0.05, 0.4):
        assert len(explorations.plot_secants(eps).axes[0].lines) >= 4
