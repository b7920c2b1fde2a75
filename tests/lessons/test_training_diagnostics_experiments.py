"""What lesson 12 says in prose holds: each test makes one of its experiments again, with the lesson's own references."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograde.judge.lesson import load_reference
from coursekit.datasets import load_fashion
from coursekit.explorations import training_diagnostics as explore
from coursekit.network import forward

R = load_reference(Path(__file__).parents[2] / "lessons" / "12-training-diagnostics")


@pytest.fixture(scope="module")
def fashion() -> Any:
    return load_fashion()


@pytest.fixture(scope="module")
def runs(fashion: Any) -> Any:
    return explore.opening(fashion)


@pytest.fixture(scope="module")
def sick(fashion: Any) -> Any:
    return explore.gallery(fashion)


def test_two_networks_learn_and_one_has_a_bug(runs: Any) -> None:
    right, wrong = runs["A"], runs["B"]
    assert right.dev_accuracy > wrong.dev_accuracy + 0.05 > 0.7
    assert right.train[-1] < 0.5
    assert (np.diff(wrong.train) < 0.05).all()
    assert explore.FLOOR < wrong.train[-1] < 2
    for curves in (right, wrong):
        assert R["initial_loss_is_sane"](curves.updates[0], 10)
    for floor in (False, True):
        explore.plot_opening(runs, floor).canvas.draw()


def test_the_gradients_of_the_faulty_loss_are_its_own(fashion: Any) -> None:
    params = explore.start(explore.Patient(hidden=(5,)))
    X, y = fashion.X_train[:6], fashion.y_train[:6]
    loss, grads = explore.softmax_twice(params, X, y)
    assert loss == pytest.approx(R["found_loss"](forward(params, X)[0], y))
    for key, index in (("W1", (300, 2)), ("W2", (3, 4)), ("b2", (1,))):
        sides = []
        for sign in (1, -1):
            moved = {k: v.copy() for k, v in params.items()}
            moved[key][index] += sign * 1e-5
            sides.append(explore.softmax_twice(moved, X, y)[0])
        assert grads[key][index] == pytest.approx((sides[0] - sides[1]) / 2e-5, abs=1e-8)


def test_stronger_regularization_raises_the_initial_loss(fashion: Any) -> None:
    found = {lam: explore.initial_loss(fashion, explore.Patient(), lam) for lam in (0, 1, 10, 30, 100)}
    totals = [sum(both) for both in found.values()]
    assert totals == sorted(totals)
    assert 2.4 < totals[0] < 2.53 and totals[-1] > 9
    assert [R["initial_loss_is_sane"](total, 10) for total in totals] == [True, False, False, False, False]
    explore.plot_initial_losses(found, R["initial_loss_is_sane"]).canvas.draw()
    assert -sum(p * math.log(p) for p in (0.734, 0.266)) == pytest.approx(0.58, abs=0.005)


def test_who_learns_twenty_pictures_by_heart(fashion: Any) -> None:
    steps = {}
    for name in ("no bug", "network B", "plus for minus", "rate 1,000 times too small", "labels shuffled alone"):
        train_step, evaluate = explore.tiny_run(fashion, explore.BUGS[name])
        steps[name] = R["overfits_tiny_subset"](train_step, evaluate, 400)
        if name == "network B":
            assert explore.FLOOR < evaluate() < 1.6
    assert 100 < steps["no bug"] < 250 < steps["labels shuffled alone"] < 400
    assert [name for name, needed in steps.items() if needed is None] == [
        "network B",
        "plus for minus",
        "rate 1,000 times too small",
    ]
    curves = {name: explore.tiny_losses(fashion, explore.BUGS[name], 20) for name in steps}
    explore.plot_tiny(curves).canvas.draw()


def test_the_rule_of_one_in_a_thousand_is_not_the_best_rate(fashion: Any) -> None:
    watched = {rate: explore.ratio_run(fashion, R["update_ratios"], rate) for rate in (0.0001, 0.01, 0.1, 1.0)}
    middle = {rate: [float(np.median(v)) for v in ratios.values()] for rate, (ratios, _) in watched.items()}
    right = {rate: curves.dev_accuracy for rate, (_, curves) in watched.items()}
    assert max(middle[0.0001]) < 5e-5
    assert 4e-4 < min(middle[0.01]) < max(middle[0.01]) < 3e-3
    assert 4e-3 < min(middle[0.1]) < max(middle[0.1]) < 4e-2
    assert max(middle[1.0]) < 1e-4
    assert max(float(values[:15].max()) for values in watched[1.0][0].values()) > 1
    assert watched[1.0][0]["W1"][0] == pytest.approx(0.21, abs=0.02)
    assert right[0.1] > right[0.01] + 0.02 and right[0.01] > 0.6
    assert right[1.0] == pytest.approx(0.1)
    explore.plot_update_ratios(watched).canvas.draw()


@pytest.mark.parametrize("exponent", [-4.0, 0.5])
def test_ratios_at_the_ends_of_the_slider(fashion: Any, exponent: float) -> None:
    rate = 10**exponent
    explore.plot_update_ratios({rate: explore.ratio_run(fashion, R["update_ratios"], rate, 1)}).canvas.draw()


def test_histograms_tell_vanishing_from_saturation(fashion: Any) -> None:
    sizes = {name: explore.signals(fashion, *patient) for name, patient in explore.HISTOGRAMS.items()}
    full = {name: [float((np.abs(A) > 0.97).mean()) for A in found[0]] for name, found in sizes.items()}
    assert max(full["healthy"]) < 0.01
    assert full["large weights"][-1] > 0.5
    assert full["pixels 0 to 255"][0] > 0.95 and max(full["pixels 0 to 255"][1:]) < 0.3
    assert sizes["small weights"][0][0].std() > 50 * sizes["small weights"][0][-1].std()
    for gradients in (sizes[name][1] for name in ("healthy", "small weights")):
        assert gradients[0].std() == pytest.approx(gradients[-1].std(), rel=0.2)
    assert 200 < sizes["healthy"][1][0].std() / sizes["small weights"][1][0].std() < 300
    stds = {gain: [A.std() for A in explore.signals(fashion, gain)[0]] for gain in (1.1, 1.2)}
    assert stds[1.1][0] > stds[1.1][-1] and stds[1.2][0] < stds[1.2][-1]
    assert (np.abs(explore.signals(fashion, 1.0, 5.0)[0][0]) > 0.97).mean() > 0.25
    explore.plot_histograms(fashion, explore.HISTOGRAMS).canvas.draw()


@pytest.mark.parametrize(("gain", "bright"), [(0.1, 1.0), (5.0, 255.0)])
def test_histograms_at_the_ends_of_their_sliders(fashion: Any, gain: float, bright: float) -> None:
    explore.plot_histograms(fashion, {"healthy": (1.0, 1.0), "chosen": (gain, bright)}).canvas.draw()
    assert "saturated" in explore.signals_in_words(fashion, gain, bright)


def test_clipping_saves_what_a_smaller_rate_saves_too(fashion: Any) -> None:
    clipped = {
        "not clipped": explore.clipped_run(fashion, None),
        "clipped": explore.clipped_run(fashion, lambda grads: R["clip_gradients"](grads, 1.0)),
        "smaller rate": explore.clipped_run(fashion, None, rate=0.03),
    }
    right = {name: curves.dev_accuracy for name, (curves, _) in clipped.items()}
    assert right["not clipped"] == pytest.approx(0.1)
    assert min(right["clipped"], right["smaller rate"]) > 0.6
    assert abs(right["clipped"] - right["smaller rate"]) < 0.06
    assert clipped["clipped"][1][0] == pytest.approx(46, abs=1)
    assert clipped["not clipped"][1].max() > 1e9
    explore.plot_clipping(clipped).canvas.draw()


def test_every_diagnosis_hangs_in_the_gallery(sick: Any) -> None:
    verdicts = [R["diagnose_loss_curve"](curves.train, curves.dev) for curves in sick.values()]
    assert verdicts == [
        "healthy",
        "diverging",
        "numerical overflow",
        "not learning",
        "too slow",
        "slow start",
        "noisy dev set",
        "overfitting",
        "noisy dev set",
    ]
    causes = list(sick)
    assert sick[causes[6]].dev_accuracy > 0.7 > sick[causes[8]].dev_accuracy
    explore.plot_gallery(sick, R["diagnose_loss_curve"]).canvas.draw()


def test_what_the_controls_of_the_patient_bring(fashion: Any) -> None:
    def verdict(**settings: Any) -> tuple[str, float]:
        curves = explore.train(fashion, explore.Patient(hidden=(64, 64), **settings))
        return R["diagnose_loss_curve"](curves.train, curves.dev), curves.dev_accuracy

    assert verdict(rate=1e-3)[0] == "too slow"
    assert verdict(std=0.0)[0] == "not learning"
    assert verdict(std=0.01)[0] == "slow start"
    # The lie: a dead network whose first losses were huge.
    assert verdict(rate=1.0) == ("healthy", pytest.approx(0.1))
    verdict(rate=10.0, std=1.0, dev_rows=10, shuffled=False, epochs=2)
    worst = explore.train(fashion, explore.Patient(rate=10.0, std=1.0, dev_rows=10, shuffled=False, epochs=2))
    for verdict_is, curves in (("healthy", explore.train(fashion, explore.Patient(epochs=2))), ("overflow", worst)):
        explore.plot_patient(curves, verdict_is, "settings").canvas.draw()


def test_first_layers_become_smooth_and_dead_units_stay_noise(fashion: Any) -> None:
    rows = {
        "before": explore.first_layer(epochs=0),
        "trained": explore.first_layer(),
        "lambda 20": explore.first_layer(lam=20.0),
        "lambda 40": explore.first_layer(lam=40.0),
    }
    rough = [explore.roughness(seen) for seen in rows.values()]
    assert rough == sorted(rough, reverse=True)
    assert 0.9 < rough[0] < 1.1 and 0.8 < rough[1] < 0.9 and rough[3] < 0.7 < rough[2]
    assert rows["trained"].dev_accuracy > rows["lambda 40"].dev_accuracy + 0.01
    clothes = explore.first_layer(fashion, epochs=20)
    noise = [explore.roughness(explore.Seen(clothes.pictures[clothes.dead == d], 0, 0, clothes.dead)) for d in (0, 1)]
    assert 3 <= clothes.dead.sum() <= 5
    assert noise[1] > 0.9 > noise[0]
    explore.plot_first_layer({**rows, "clothes": clothes}).canvas.draw()


@pytest.mark.parametrize(("data", "lam", "epochs"), [("digits", 60.0, 60), ("digits", 60.0, 0), ("clothes", 60.0, 1)])
def test_first_layers_at_the_ends_of_their_sliders(fashion: Any, data: str, lam: float, epochs: int) -> None:
    seen = explore.first_layer(fashion if data == "clothes" else None, lam, epochs)
    explore.plot_first_layer({data: seen}).canvas.draw()


def test_the_mended_network_is_the_healthy_one(fashion: Any, runs: Any) -> None:
    sure = np.array([[1000.0] + [0.0] * 9])
    assert R["mend_softmax_loss"](sure, np.array([0])) == pytest.approx(0)
    assert R["mend_softmax_loss"](sure, np.array([1])) == pytest.approx(1000)
    assert R["found_loss"](sure, np.array([0])) == pytest.approx(explore.FLOOR)
    mended = explore.Patient(rows=2000, gradients=explore.with_loss(R["mend_softmax_loss"]))
    again = explore.train(fashion, mended)
    assert np.allclose(again.train, runs["A"].train)
    assert again.dev_accuracy == pytest.approx(runs["A"].dev_accuracy)


def test_a_second_sigmoid_puts_a_floor_under_the_loss() -> None:
    best = [explore.from_logits_floor(label, float(label)) for label in (0, 1)]
    assert best == pytest.approx([0.693, 0.313], abs=1e-3)


def test_which_check_finds_which_bug(fashion: Any) -> None:
    names = ("initial_loss_is_sane", "overfits_tiny_subset", "update_ratios", "diagnose_loss_curve")
    bugs = ("pixels 0 to 255", "weights 10 times too large", "labels shuffled alone")
    table = explore.examine(fashion, *(R[name] for name in names), bugs=bugs)
    assert [row[0] == "sane" for row in table.values()] == [False, False, True]
    assert [row[1] == "None" for row in table.values()] == [True, True, False]
    assert [row[3] for row in table.values()] == ["healthy", "healthy", "too slow"]
    assert max(row[4] for row in table.values()) < 0.6
    assert table["labels shuffled alone"][4] < 0.13
    twice = R["initial_loss_is_sane"](explore.initial_loss(fashion, explore.BUGS["network B"])[0], 10)
    assert twice and set(bugs) < set(explore.BUGS)
