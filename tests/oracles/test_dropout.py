"""Lesson 04's dropout is torch's, forward and backward, where both have the same masks."""

from __future__ import annotations

import numpy as np
import pytest

from .given import Given
from .stored import assert_same, of_kind


@of_kind("dropout")
def test_a_layer_is_torchs(file, case, references):
    rng = Given(random=[case["draws"]])
    out, mask = references[file]["dropout_forward"](case["A"], case["keep_prob"], rng)
    assert rng.is_used_up()
    assert_same(mask, case["mask"])
    assert_same(out, case["out"])
    assert_same(references[file]["dropout_backward"](case["dout"], mask), case["dA"])


@of_kind("no_dropout")
def test_a_layer_out_of_training_is_torchs(file, case, references):
    found = references[file]["dropout_forward"](case["A"], case["keep_prob"], np.random.default_rng(0), training=False)
    assert_same(list(found), [case["out"], case["mask"]], rtol=0)


@of_kind("refused")
@pytest.mark.parametrize("training", [True, False])
def test_refuses_the_rates_that_torch_refuses(file, case, references, training):
    with pytest.raises(ValueError):
        references[file]["dropout_forward"](np.ones((2, 3)), case["keep_prob"], np.random.default_rng(0), training)


@of_kind("dropout_network")
def test_a_network_is_torchs_forward_and_backward(file, case, references):
    rng = Given(random=case["draws"])
    logits, cache = references[file]["forward_with_dropout"](case["params"], case["X"], case["keep_probs"], rng)
    assert rng.is_used_up()
    assert_same(logits, case["logits"], atol=1e-14)
    grads = references[file]["backward_with_dropout"](case["params"], cache, case["y"])
    assert_same(grads, case["grads"], rtol=1e-11, atol=1e-14)
    again = references[file]["backward_with_dropout"](case["params"], cache, case["y"])
    assert_same(again, grads, rtol=0)


@of_kind("dropout_network")
def test_a_network_out_of_training_is_torchs(file, case, references):
    logits, _ = references[file]["forward_with_dropout"](
        case["params"], case["X"], case["keep_probs"], np.random.default_rng(0), training=False
    )
    assert_same(logits, case["logits_not_training"], atol=1e-14)


@of_kind("mc_dropout")
def test_mean_and_std_of_the_passes_are_torchs(file, case, references):
    rng = Given(random=case["draws"])
    found = references[file]["mc_dropout_predict"](case["params"], case["X"], case["keep_probs"], rng, case["samples"])
    assert rng.is_used_up()
    assert_same(list(found), [case["mean"], case["std"]], atol=1e-14)
