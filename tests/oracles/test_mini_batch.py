"""Lesson 07's batches and training runs are those of torch's DataLoader and torch.optim.SGD in the same order."""

from __future__ import annotations

import numpy as np
import pytest

from coursekit import network

from .given import Given
from .stored import assert_same, of_kind


@of_kind("shuffle")
def test_shuffles_as_scikit_learn_in_the_same_order(file, case, references):
    found = references[file]["shuffle_together"](case["X"], case["y"], Given(permutation=[case["order"]]))
    assert_same(list(found), case["shuffled"], rtol=0)


@of_kind("batches")
def test_batches_are_the_data_loaders(file, case, references):
    found = references[file]["mini_batches"](
        case["X"], case["y"], case["batch_size"], Given(permutation=[case["order"]])
    )
    assert len(found) == references[file]["updates_per_epoch"](len(case["X"]), case["batch_size"])
    assert all(isinstance(batch, tuple) for batch in found)
    assert_same([list(batch) for batch in found], case["batches"], rtol=0)
    for batch, expected in zip(found, case["batches"], strict=True):
        assert [part.dtype for part in batch] == [part.dtype for part in expected]


@of_kind("no_batches")
def test_refuses_the_batch_sizes_that_torch_refuses(file, case, references):
    with pytest.raises(ValueError):
        references[file]["mini_batches"](np.ones((5, 2)), np.zeros(5, dtype=int), case["batch_size"], Given())


@of_kind("training")
def test_training_is_torchs(file, case, references):
    def step(params, grads):
        return references[file]["gradient_descent_step"](params, grads, case["learning_rate"])

    start = dict(case["params"])
    rng = Given(permutation=case["orders"])
    params, losses = references[file]["train"](
        start, case["X"], case["y"], network.loss_and_gradients, step, rng, case["epochs"], case["batch_size"]
    )
    assert rng.is_used_up()
    assert_same(start, case["params"], rtol=0)
    assert len(losses) == len(case["losses"])
    np.testing.assert_allclose(losses, case["losses"], rtol=1e-10)
    assert_same(params, case["last"], rtol=1e-9, atol=1e-11)


@of_kind("accumulation")
def test_accumulated_gradients_are_autograds(file, case, references):
    def gradients(params, X, y):
        assert len(X) <= case["micro_batch"]
        return network.loss_and_gradients(params, X, y)

    found = references[file]["accumulate_gradients"](
        gradients, case["params"], case["X"], case["y"], case["micro_batch"]
    )
    assert_same(found, case["grads"], rtol=1e-10, atol=1e-14)
