"""Lesson 13's samples are SciPy's, its grid, folds, cross-validated and nested scores are scikit-learn's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .given import Given
from .stored import assert_same, of_kind


@of_kind("distribution")
def test_as_many_values_below_each_point_as_scipy_says(file, case, references):
    count = 40_000
    drawn = references[file][case["function"]](*case["ends"], count, np.random.default_rng(5))
    below = (drawn[:, None] <= case["points"]).mean(axis=0)
    error = np.sqrt(case["below"] * (1 - case["below"]) / count)
    assert (np.abs(below - case["below"]) < 5 * error).all()


@of_kind("grid")
def test_a_grid_is_tried_in_scikit_learns_order(file, case, references):
    _, _, history = references[file]["grid_search"](lambda config: 0.0, case["grid"])
    assert [config for config, _ in history] == case["configs"]


@of_kind("folds")
def test_folds_are_scikit_learns_for_the_same_permutation(file, case, references):
    rng = Given(permutation=[case["order"]])
    found = references[file]["k_fold_indices"](case["m"], case["k"], rng)
    assert rng.is_used_up()
    assert len(found) == len(case["folds"])
    for parts, expected in zip(found, case["folds"], strict=True):
        for part, wanted in zip(parts, expected, strict=True):
            assert_same(np.sort(part), np.sort(wanted))


def nearest_centroid(X: np.ndarray, y: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    labels = np.unique(y)
    centroids = np.array([X[y == label].mean(axis=0) for label in labels])
    return lambda new: labels[((new[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)]


def neighbours_fit(count: int) -> Callable[..., Callable[[np.ndarray], np.ndarray]]:
    """The majority of an odd number of neighbours; for more than two classes there is one neighbour."""

    def fit(X, y):
        def predict(new):
            nearest = y[((new[:, None] - X) ** 2).sum(axis=2).argsort(axis=1, kind="stable")[:, :count]]
            return nearest[:, 0] if count == 1 else (nearest.mean(axis=1) > 0.5).astype(int)

        return predict

    return fit


LEARNERS = {"nearest centroid": nearest_centroid, "nearest neighbour": neighbours_fit(1)}


@of_kind("cross_validation")
def test_cross_validated_scores_are_scikit_learns_on_the_same_folds(file, case, references):
    rng = Given(permutation=[case["order"]])
    found = references[file]["cross_validate"](LEARNERS[case["learner"]], case["X"], case["y"], case["k"], rng)
    assert rng.is_used_up()
    assert_same(found, case["scores"])


@of_kind("nested")
def test_nested_scores_and_choices_are_those_of_a_grid_search_in_every_fold(file, case, references):
    # The reference draws inner folds for every config; here they are the same ones, as scikit-learn's are.
    inner = [order for order in case["inner_orders"] for _ in case["neighbours"]]
    rng = Given(permutation=[case["order"], *inner])
    configs = [{"neighbours": count} for count in case["neighbours"]]
    scores, chosen = references[file]["nested_cross_validate"](
        lambda config: neighbours_fit(config["neighbours"]),
        configs,
        case["X"],
        case["y"],
        case["outer"],
        case["inner"],
        rng,
    )
    assert rng.is_used_up()
    assert_same(scores, case["scores"])
    assert [config["neighbours"] for config in chosen] == case["chosen"]
