"""Lesson 03's runs with weight decay end where torch's do; its pictures are flipped and shifted as by torch and SciPy."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from coursekit import network

from .given import Given
from .stored import assert_same, of_kind


@of_kind("decay_steps")
def test_many_steps_of_weight_decay_are_torchs(file, case, references):
    params = case["params"]
    for grads in case["grads"]:
        params = references[file]["weight_decay_step"](params, grads, *case["settings"])
    assert_same(params, case["last"], rtol=1e-11, atol=1e-13)


@of_kind("decay_run")
@pytest.mark.parametrize("form", ["decay", "penalty"])
def test_a_network_trained_with_weight_decay_is_torchs(file, case, references, form):
    params, (learning_rate, lam, m) = case["params"], case["settings"]
    losses = []
    for _ in case["losses"]:
        loss, grads = network.loss_and_gradients(params, case["X"], case["y"])
        losses.append(loss)
        if form == "decay":
            params = references[file]["weight_decay_step"](params, grads, learning_rate, lam, m)
        else:
            grads = references[file]["l2_gradients"](params, grads, lam, m)
            params = {key: value - learning_rate * grads[key] for key, value in params.items()}
    np.testing.assert_allclose(losses, case["losses"], rtol=1e-10)
    assert_same(params, case["last"], rtol=1e-9, atol=1e-11)


@of_kind("flip")
def test_mirrors_the_pictures_that_torch_flips(file, case, references):
    rng = Given(random=[case["draws"]])
    found = references[file]["random_horizontal_flip"](case["images"], rng, case["p"])
    assert_same(found, case["flipped"], rtol=0)
    assert rng.is_used_up()


@of_kind("shift")
def test_all_draws_together_give_all_of_scipys_shifts_once(file, case, references):
    ways = np.array(list(itertools.product(range(2 * case["max_shift"] + 1), repeat=2)))
    for image, shifts in zip(case["images"], case["shifts"], strict=True):
        copies = np.tile(image, (len(ways), 1, 1))
        found = references[file]["random_shift"](copies, Given(integers=[ways]), case["max_shift"])
        assert found.shape == shifts.shape
        assert sorted(f.tolist() for f in found) == sorted(s.tolist() for s in shifts)


@of_kind("shift")
def test_a_real_generator_gives_every_picture_one_of_its_shifts(file, case, references):
    images = np.concatenate([case["images"]] * 30)
    found = references[file]["random_shift"](images, np.random.default_rng(0), case["max_shift"])
    for shifted, shifts in zip(found, itertools.cycle(case["shifts"])):
        assert any(np.array_equal(shifted, shift) for shift in shifts)
