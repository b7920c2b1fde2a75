"""What lesson 05 says in prose holds: each test makes one of its experiments again, with the lesson's own references."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograde.judge.lesson import load_reference
from coursekit.datasets import load_breast_cancer, load_cells, load_churn_parts, load_fashion, load_wine
from coursekit.explorations import input_normalization as explorations
from coursekit.network import accuracy
from coursekit.training import fit_network

reference = load_reference(Path(__file__).parents[2] / "lessons" / "05-input-normalization")
fit_standardizer, standardize = reference["fit_standardizer"], reference["standardize"]
condition, gd_iterations = reference["hessian_condition_number"], reference["gd_iterations"]
fit_whitener, whiten = reference["fit_whitener"], reference["whiten"]
wine, breast, cells = load_wine(), load_breast_cancer(), load_cells()


def standardised(X: Any) -> Any:
    return standardize(X, *fit_standardizer(X))


def with_ones(X: Any) -> Any:
    return np.column_stack([np.ones(len(X)), X])


def top(X: Any) -> float:
    return float(np.linalg.eigvalsh(X.T @ X / len(X))[-1])


def test_raw_wine_is_near_guessing_and_standardised_wine_is_nearly_solved() -> None:
    raw, scaled = (explorations.split_accuracies(wine, 0.1, 15, scaled).mean() for scaled in (False, True))
    assert 0.40 < raw < 0.58
    assert scaled > 0.96
    raw, scaled = (explorations.split_accuracies(breast, 0.1, 4, scaled).mean() for scaled in (False, True))
    assert 0.75 < raw < 0.93 and scaled > 0.95


def test_no_learning_rate_saves_raw_wine() -> None:
    rates = 10.0 ** np.arange(-7, 1)
    raw = [explorations.split_accuracies(wine, rate, 3, False).mean() for rate in rates]
    assert max(raw) < 0.75
    assert explorations.split_accuracies(wine, 1.0, 3, True).mean() > 0.95


def test_crumbs_of_rounding() -> None:
    assert 0 < np.full(3, 0.1).std() < 1e-16
    assert fit_standardizer(np.full((3, 1), 0.1))[1] == 1
    billionths = np.array([[3e-9], [5e-9], [-2e-9]])
    assert 2.9e-9 < fit_standardizer(billionths)[1][0] < 3e-9


def test_standardised_values_do_not_stay_within_one() -> None:
    Z = standardised(wine.X)
    assert 0.25 < (abs(Z) > 1).mean() < 0.4
    assert Z.max() > 4 and Z.min() < -3


@pytest.mark.parametrize(
    ("X", "before", "after"),
    [(wine.X, (4e8, 5e8), (44, 47)), (breast.X, (2e12, 3e12), (0.9e5, 1.1e5)), (cells.X_train, (1e7, 2e7), (11, 14))],
)
def test_condition_numbers(X: Any, before: tuple[float, float], after: tuple[float, float]) -> None:
    assert before[0] < condition(with_ones(X)) < before[1]
    assert after[0] < condition(with_ones(standardised(X))) < after[1]


def test_the_largest_stable_learning_rate_is_two_over_the_largest_eigenvalue() -> None:
    for X in (wine.X, standardised(wine.X), cells.X_train):
        A = with_ones(X)
        assert explorations.largest_stable_rate(A) == pytest.approx(2 / top(A), rel=0.01)
    assert 2 / top(with_ones(standardised(wine.X))) > 1e5 * 2 / top(with_ones(wine.X))


def test_wine_arrives_and_breast_cancer_does_not_until_it_is_whitened() -> None:
    A = with_ones(standardised(wine.X))
    assert 350 < gd_iterations(A, (wine.y == 0).astype(float), 1 / top(A)) < 500
    Z = standardised(breast.X)
    A = with_ones(Z)
    assert gd_iterations(A, breast.y, 1 / top(A), max_iter=20000) == 20000
    A = with_ones(whiten(Z, *fit_whitener(Z)))
    assert condition(A) < 1.2
    assert gd_iterations(A, breast.y, 1.0) < 10
    together = Z.T @ Z / len(Z)
    assert together[0, 2] > 0.99 and together[0, 3] > 0.98


def test_cells_go_from_stripes_to_circles() -> None:
    X = cells.X_train
    raw, scaled, white = condition(X), condition(standardised(X)), condition(whiten(X, *fit_whitener(X)))
    assert raw > 2000 and 10 < scaled < 15 and white < 1.01
    figures = explorations.plot_cost({"raw": X, "whitened": whiten(X, *fit_whitener(X))}, cells.y_train, condition)
    assert "2,626" in figures.axes[0].get_title(loc="left")


def test_zigzag_and_the_first_slider() -> None:
    def best(stretch: float) -> int:
        X, y = explorations.ravine(stretch)
        shares = np.arange(0.02, 1, 0.02)
        limit = 2 / stretch**2
        return min(int(gd_iterations(X, y, s * limit, tol=1e-3, max_iter=2000)) for s in shares)

    assert best(1.0) == 1
    assert 80 < best(5.0) < 90
    assert 3.5 < best(10.0) / best(5.0) < 4.5
    X, y = explorations.ravine(5.0)
    assert gd_iterations(X, y, 1.02 * 2 / 25, tol=1e-3, max_iter=2000) == 2000
    titles = [ax.get_title(loc="left") for ax in explorations.plot_zigzag(gd_iterations).axes]
    assert titles == ["Features 5 and 1 wide: 122 updates", "Features 1 and 1 wide: 3 updates"]


@pytest.mark.parametrize("stretch", [1.0, 12.0])
@pytest.mark.parametrize("share", [0.02, 1.0, 1.1])
def test_descent_figure_at_its_sliders_extremes(stretch: float, share: float) -> None:
    left, right = explorations.plot_descent(gd_iterations, stretch, share).axes
    path = left.lines[0].get_xydata()
    assert np.isfinite(path).all() and len(path) >= 2
    assert ("never arrives" in left.get_title(loc="left")) == (share >= 1 or (share < 0.1 and stretch > 1))
    assert all(np.isfinite(line.get_ydata()).all() for line in right.lines)


@pytest.mark.parametrize("correlation", [-0.99, 0.0, 0.99])
@pytest.mark.parametrize("exponent", [-8.0, 1.0])
def test_whitening_figure_at_its_sliders_extremes(correlation: float, exponent: float) -> None:
    fig = explorations.plot_whitening(fit_whitener, whiten, correlation, 10.0**exponent)
    assert ("1.00 and 1.00" in fig.axes[1].get_title(loc="left")) == (exponent < 0)


def test_the_second_sliders_goal_lies_where_eps_is_the_variance() -> None:
    X = explorations.correlated(0.95)
    small = np.linalg.eigvalsh(np.cov(X.T, ddof=0))[0]
    assert 0.045 < small < 0.055
    kept = np.sort(whiten(X, *fit_whitener(X, eps=10.0**-1.25)).var(axis=0))
    assert 0.4 < kept[0] < 0.6 and kept[1] > 0.95


def test_widgets_draw_anew_when_a_slider_moves(capsys: pytest.CaptureFixture[str]) -> None:
    for widget, ends, words in [
        (explorations.explore_descent(gd_iterations), (1.0, 12.0), "Contours stretched"),
        (explorations.explore_whitening(fit_whitener, whiten), (-0.99, 0.99), "whitened components have the variances"),
    ]:
        slider = widget.children[0].children[0]
        assert (slider.min, slider.max) == ends
        capsys.readouterr()
        for value in ends:
            slider.value = value
        assert capsys.readouterr().out.count(words) == 2


def test_the_explorations_tell_when_their_goals_are_reached() -> None:
    def said(figure: Any) -> list[str]:
        return [text.get_text() for ax in figure.axes for text in ax.texts if "Goal" in text.get_text()]

    assert said(explorations.plot_descent(gd_iterations, 5.0, 0.94)) == ["Goal reached: below 90"]
    assert said(explorations.plot_descent(gd_iterations, 5.0, 0.96)) == []
    assert said(explorations.plot_descent(gd_iterations, 1.0, 0.5)) == []
    assert said(explorations.plot_whitening(fit_whitener, whiten, eps=10**-1.25)) == ["Goal reached: about 0.5"]
    assert said(explorations.plot_whitening(fit_whitener, whiten)) == []
    assert said(explorations.plot_whitening(fit_whitener, whiten, eps=10.0)) == []


def test_pixels() -> None:
    fashion = load_fashion()
    train = fashion.X_train
    centred = reference["subtract_channel_means"](
        train.reshape(-1, 28, 28, 1), reference["channel_means"](train.reshape(-1, 28, 28, 1))
    ).reshape(-1, 784)
    alone = standardised(train)
    assert 2.5 < top(train) / top(centred) < 3.5
    assert top(alone) > top(train) and 60 < abs(alone).max() < 65
    assert (train[:, abs(alone).max(axis=0).argmax()] > 0).sum() == 1
    # What lowers the limit is that pixels go together: without the rare ones the largest eigenvalue is the same.
    frequent = alone[:, abs(alone).max(axis=0) < 10]
    assert frequent.shape[1] < 784 and abs(top(frequent) / top(alone) - 1) < 0.01
    runs = {}
    for name, X in (("bytes", 255 * train), ("scaled", train), ("centred", centred), ("alone", alone)):
        plan: dict[str, Any] = {"epochs": 2, "batch_size": 50, "learning_rate": 0.1}
        rng = np.random.default_rng(0)
        runs[name] = fit_network([64], X, fashion.y_train, rng=rng, X_dev=X[:500], y_dev=fashion.y_train[:500], **plan)
    last = {name: run.epoch_losses[-1] for name, run in runs.items()}
    assert last["bytes"] > 2.2
    assert last["alone"] < last["centred"] < last["scaled"] < 1
    explorations.plot_losses(runs, 10, "title")


def test_a_test_set_scaled_by_its_own_statistics() -> None:
    train, test = np.split(np.random.default_rng(0).permutation(len(breast.y)), [341])
    scaler = fit_standardizer(breast.X[train])
    plan: dict[str, Any] = {"epochs": 50, "batch_size": 20, "learning_rate": 0.1, "rng": np.random.default_rng(0)}
    params = fit_network([16], standardize(breast.X[train], *scaler), breast.y[train], **plan).params

    def share_right(rows: Any, size: int) -> float:
        batches = np.split(rows, range(size, len(rows), size))
        hits = [accuracy(params, standardised(breast.X[b]), breast.y[b]) * len(b) for b in batches]
        return float(sum(hits) / len(rows))

    right = accuracy(params, standardize(breast.X[test], *scaler), breast.y[test])
    by_class = test[np.argsort(breast.y[test], kind="stable")]
    assert right > 0.96
    assert abs(share_right(test, 228) - right) < 0.02
    assert share_right(test, 1) < 0.7
    assert 0.8 < share_right(test, 5) < 0.9
    assert share_right(by_class, 100) < 0.6
    explorations.plot_own_statistics([1, 228], {"a": [0.6, 0.9]}, right)


def test_scaler_and_encoder_fitted_before_the_split() -> None:
    scaler, early_scaler, early, late = explorations.churn_accuracies(fit_standardizer, standardize).values()
    assert 0.78 < scaler < 0.81
    assert abs(scaler - early_scaler) < 0.003
    assert early > 0.97
    assert late < scaler - 0.03
    charges = load_churn_parts(standardized=False)
    column = charges.X_train[:, charges.features.index("TotalCharges")]
    _, counts = np.unique(column, return_counts=True)
    assert (counts == 1).sum() > 0.8 * len(column)


def test_the_remaining_figures_draw() -> None:
    explorations.plot_rates([0.1, 1.0], {"raw": [0.4, 0.5], "standardised": [0.9, 0.95]}, 0.4)
    assert "33%" in explorations.plot_features(wine).axes[1].get_title(loc="left")
