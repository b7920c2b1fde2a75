"""Stand-ins for gradients: they are those of the costs, and they betray where they were taken."""

import numpy as np
import pytest

from autograde.check.codec import StandIn
from autograde.check.standins import build

RNG = np.random.default_rng(0)
SHAPES = {"W": (2, 3), "b": (3,), "c": (1,)}


def drawn():
    return {key: RNG.standard_normal(shape) for key, shape in SHAPES.items()}


PARTS = {"quadratic": {"curvature": drawn(), "slope": drawn()}, "mixing": {"weights": drawn()}}


@pytest.mark.parametrize("kind", PARTS)
def test_a_gradient_is_the_slope_of_its_cost(kind):
    cost, gradient = (build(StandIn(f"{kind}_{what}", PARTS[kind])) for what in ("cost", "gradient"))
    params = drawn()
    grads = gradient(params)
    assert list(grads) == list(SHAPES)
    for key, shape in SHAPES.items():
        for index in np.ndindex(shape):
            step = {k: np.zeros(s) for k, s in SHAPES.items()}
            step[key][index] = 1e-6
            sides = [cost({k: params[k] + sign * step[k] for k in params}) for sign in (1, -1)]
            assert grads[key][index] == pytest.approx((sides[0] - sides[1]) / 2e-6, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("kind", PARTS)
def test_keys_may_be_turned_and_none_may_be_missing(kind):
    gradient = build(StandIn(f"{kind}_gradient", {**PARTS[kind], "turned": True}))
    params = drawn()
    assert list(gradient(params)) == list(SHAPES)[::-1]
    with pytest.raises(ValueError, match="gradient was called without 'b'"):
        gradient({key: params[key] for key in ("W", "c")})
    with pytest.raises(ValueError, match="gradient was called with 'b' of shape"):
        gradient({**params, "b": np.zeros(4)})


def test_every_entry_of_the_mixing_gradient_betrays_every_array():
    gradient = build(StandIn("mixing_gradient", PARTS["mixing"]))
    params = drawn()
    moved = {**params, "c": params["c"] + 0.1}
    before, after = gradient(params), gradient(moved)
    assert all((before[key] != after[key]).all() for key in SHAPES)
