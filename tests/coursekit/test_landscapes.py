"""Test functions for optimizers: gradients, minima, walks."""

import numpy as np
import pytest

from coursekit import landscapes

ALL = [
    landscapes.ravine(),
    landscapes.ravine(7.0, 30.0),
    landscapes.saddle(),
    landscapes.beale(),
]


def plain(rate):
    return lambda params, grads, state: ({k: params[k] - rate * grads[k] for k in params}, state)


@pytest.mark.parametrize("land", ALL, ids=lambda land: land.name)
def test_gradients_are_the_slopes_of_the_height(land):
    rng = np.random.default_rng(0)
    for _ in range(20):
        place = rng.uniform(-2, 2, 2)
        found = land.gradient(land.at(tuple(place)))["theta"]
        for axis, e in enumerate(1e-6 * np.eye(2)):
            slope = (land.height(*(place + e)) - land.height(*(place - e))) / 2e-6
            assert found[axis] == pytest.approx(slope, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("land", ALL, ids=lambda land: land.name)
def test_minima_are_flat_and_the_lowest_in_the_window(land):
    x, y = (np.linspace(*side, 201) for side in land.window)
    lowest = land.height(*np.meshgrid(x, y)).min()
    for place in land.minima:
        assert np.allclose(land.gradient(land.at(place))["theta"], 0, atol=1e-12)
        assert land.cost(land.at(place)) <= lowest + 1e-12
    assert land.distance(np.array(land.minima)) == pytest.approx(0)


def test_values_known_from_the_literature():
    assert landscapes.beale().cost(landscapes.beale().at((1.0, 1.0))) == pytest.approx(14.203125)
    assert landscapes.saddle().gradient({"theta": np.zeros(2)})["theta"].tolist() == [0, 0]


def test_turning_the_ravine_changes_the_direction_only():
    straight, turned = landscapes.ravine(20.0), landscapes.ravine(20.0, 45.0)
    assert straight.cost(straight.at()) == pytest.approx(turned.cost(turned.at()))
    paths = [landscapes.walk(land, plain(0.02), None, 30) for land in (straight, turned)]
    assert straight.distance(paths[0]) == pytest.approx(turned.distance(paths[1]))


def test_a_walk_starts_at_the_start_and_ends_before_it_is_lost():
    land = landscapes.ravine(20.0)
    path = landscapes.walk(land, plain(0.02), None, 15)
    assert path.shape == (16, 2)
    assert tuple(path[0]) == land.start
    assert len(landscapes.walk(land, plain(1.0), None, 1000)) < 30
    assert landscapes.walk(land, plain(0.0), None, 2, start=(3.0, 1.0)).tolist() == [[3.0, 1.0]] * 3


def test_a_walk_hands_the_state_on():
    def counting(params, grads, count):
        return {"theta": params["theta"] + count}, count + 1

    assert landscapes.walk(landscapes.saddle(), counting, 0, 3, start=(0.0, 0.0))[:, 0].tolist() == [0, 0, 1, 3]
