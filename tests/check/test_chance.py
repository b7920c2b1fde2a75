"""The bounds that properties of random results rely on do bound, and are not idle."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograde.check.properties.chance import LOG_ODDS, chi_square_band, improbability, is_likely, unlike_chi_square


def tail(hits: int, trials: int, p: float) -> float:
    """The chance of ``hits`` or of numbers further out on the same side, summed."""
    beyond = range(hits, trials + 1) if hits >= trials * p else range(hits + 1)
    return sum(math.comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in beyond)


@pytest.mark.parametrize("trials", [1, 7, 60])
@pytest.mark.parametrize("p", [0.02, 0.3, 0.5, 0.97])
def test_chance_is_never_less_likely_than_the_bound_says(trials, p):
    bounds = improbability(np.arange(trials + 1), trials, p)
    for hits, bound in enumerate(bounds):
        exact = tail(hits, trials, p)
        assert exact <= math.exp(-bound) * (1 + 1e-9)
        # Within a factor of the size of the sum, so that it does not let everything pass.
        assert bound <= -math.log(exact) + 1e-9
        assert bound >= -math.log(exact) - math.log(trials + 1) - 2


def test_what_cannot_be_is_infinitely_improbable_and_what_must_be_is_not():
    assert improbability(1, 10, 0.0) == math.inf
    assert improbability(9, 10, 1.0) == math.inf
    assert improbability(0, 10, 0.0) == improbability(10, 10, 1.0) == 0
    assert improbability(0, 0, 0.5) == 0
    assert improbability(np.array([[0, 5]]), 10, np.array([[0.5, 0.5]])).shape == (1, 2)


def test_likely_is_up_to_the_bound():
    trials = math.ceil(LOG_ODDS / math.log(2))
    assert is_likely(trials - 1, trials - 1, 0.5)
    assert not is_likely(trials, trials, 0.5)
    assert is_likely(trials, trials, 0.5, log_odds=2 * LOG_ODDS)


@pytest.mark.parametrize("count", [40, 1_000, 100_000])
def test_mean_squares_of_standard_normals_are_within_the_bounds(count):
    low, high = chi_square_band(count)
    assert 0 <= low < 1 < high
    for seed in range(50):
        mean_square = float(np.mean(np.random.default_rng(seed).standard_normal(count) ** 2))
        assert low <= mean_square <= high
        assert not unlike_chi_square(mean_square, count)
    assert unlike_chi_square(1 + 25 / math.sqrt(count), count)
    assert unlike_chi_square(0.0, count)
