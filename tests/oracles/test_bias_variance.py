"""Lesson 02's splits and learning curves are those of torch, pandas and scikit-learn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from .given import Given
from .stored import assert_same, of_kind


def coded(m: int) -> tuple[np.ndarray, np.ndarray]:
    """Examples and labels that tell which of them they are."""
    return np.arange(m)[:, None] * np.array([1.0, -10.0]), 7 * np.arange(m)


@of_kind("split")
def test_the_parts_are_torchs_for_the_same_permutation(file, case, references):
    X, y = coded(case["m"])
    rng = Given(permutation=[case["order"]])
    found = references[file]["train_dev_test_split"](X, y, rng, *case["fractions"])
    assert rng.is_used_up()
    for i, name in enumerate(("train", "dev", "test")):
        who = np.argsort(found[2 * i + 1], kind="stable")
        assert_same(found[2 * i][who], X[case["parts"][name]])
        assert_same(found[2 * i + 1][who], y[case["parts"][name]])


@of_kind("split")
def test_the_parts_are_complete_and_as_large_as_torchs(file, case, references):
    X, y = coded(case["m"])
    for seed in range(3):
        found = references[file]["train_dev_test_split"](X, y, np.random.default_rng(seed), *case["fractions"])
        assert [len(labels) for labels in found[1::2]] == [
            len(case["parts"][part]) for part in ("train", "dev", "test")
        ]
        assert sorted(np.concatenate(found[1::2])) == list(y)
        for examples, labels in zip(found[::2], found[1::2], strict=True):
            assert_same(examples, X[labels // 7])


@of_kind("no_split")
def test_refuses_to_split_what_leaves_no_training_example(file, case, references):
    with pytest.raises(ValueError):
        references[file]["train_dev_test_split"](*coded(case["m"]), np.random.default_rng(0), *case["fractions"])


@of_kind("stratified")
@pytest.mark.parametrize("seed", [0, 1])
def test_as_many_of_every_class_as_pandas_takes(file, case, references, seed):
    y = case["y"]
    found = references[file]["stratified_indices"](y, case["fraction"], np.random.default_rng(seed))
    assert np.issubdtype(found.dtype, np.integer)
    assert len(np.unique(found)) == len(found) and set(found) <= set(range(len(y)))
    assert [int((y[found] == k).sum()) for k in case["classes"]] == case["counts"].tolist()


def nearest_centroid(X: np.ndarray, y: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    labels = np.unique(y)
    centroids = np.array([X[y == label].mean(axis=0) for label in labels])
    return lambda new: labels[((new[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)]


def nearest_neighbour(X: np.ndarray, y: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    return lambda new: y[((new[:, None] - X) ** 2).sum(axis=2).argmin(axis=1)]


@of_kind("stratified")
def test_another_seed_takes_others(file, case, references):
    taken = {
        tuple(sorted(references[file]["stratified_indices"](case["y"], case["fraction"], np.random.default_rng(seed))))
        for seed in range(30)
    }
    assert (len(taken) > 1) == (0 < case["counts"].sum() < len(case["y"]))


FITS = {"nearest centroid": nearest_centroid, "nearest neighbour": nearest_neighbour}


@of_kind("curve")
@pytest.mark.parametrize("order", [1, -1], ids=["sizes up", "sizes down"])
def test_learning_curve_is_scikit_learns(file, case, references, order):
    found = references[file]["learning_curve"](FITS[case["label"]], *case["parts"], case["sizes"][::order])
    assert isinstance(found, tuple)
    assert_same(list(found), [case["train_errors"][::order], case["dev_errors"][::order]], atol=1e-15)
