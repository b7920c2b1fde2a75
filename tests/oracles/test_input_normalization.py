"""Lesson 05's condition numbers and whiteners are those of mpmath, SciPy and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest

from .stored import assert_same, of_kind


@of_kind("condition")
def test_condition_number_is_mpmaths_up_to_rounding(file, case, references):
    found = references[file]["hessian_condition_number"](case["X"])
    assert found == pytest.approx(case["value"], rel=case["tolerance"], abs=0)


@of_kind("singular")
def test_singular_matrices_have_an_infinite_condition_number(file, case, references):
    # The contract takes anything above 1e12 for infinite.
    assert references[file]["hessian_condition_number"](case["X"]) > 1e12


def aligned(P: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """The columns of ``P`` in the order of the largest eigenvalue first, each with the sign that it has in ``expected``."""
    P = P[:, np.argsort(np.linalg.norm(P, axis=0))]
    return P * np.where(np.sum(P * expected, axis=0) < 0, -1.0, 1.0)


@of_kind("whitener")
def test_whitener_is_scipys_up_to_order_and_signs(file, case, references):
    mean, P = references[file]["fit_whitener"](case["X"], case["eps"])
    assert_same(mean, case["mean"], atol=1e-14)
    largest = np.abs(case["inverse"]).max()
    assert_same(P @ P.T, case["inverse"], rtol=1e-9, atol=1e-9 * largest)
    if case["distinct"]:
        P = aligned(P, case["P"])
        assert_same(P, case["P"], rtol=1e-8, atol=1e-8)
    # ZCA turns what PCA whitening gives back: V is P without the lengths of its columns.
    whitened = references[file]["whiten"](case["new"], mean, P)
    turned = whitened @ (P / np.linalg.norm(P, axis=0)).T
    assert_same(turned, case["zca"], rtol=1e-7, atol=1e-9 * np.sqrt(largest))


def test_some_whiteners_are_compared_column_by_column():
    [cases] = [mark.args[1] for mark in [of_kind("whitener")]]
    assert sum(case["distinct"] for _, case in cases) >= 3


@of_kind("pca")
def test_whitening_is_scikit_learns_pca(file, case, references):
    mean, P = references[file]["fit_whitener"](case["X"], 0.0)
    assert_same(mean, case["mean"], atol=1e-14)
    P = P[:, np.argsort(np.linalg.norm(P, axis=0))]
    found = references[file]["whiten"](case["new"], mean, P)
    assert found.shape == case["whitened"].shape
    signs = np.sign(np.sum(found * case["whitened"], axis=0))
    assert_same(found * signs, case["whitened"], rtol=1e-9, atol=1e-11)
