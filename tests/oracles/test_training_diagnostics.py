"""Lesson 12 clips gradients as torch does, up to the tiny number that torch adds, and finds the same losses sane."""

from __future__ import annotations

import numpy as np
import pytest

from .stored import assert_same, of_kind


@of_kind("sane")
def test_a_loss_is_sane_where_it_is_close_to_chance(file, case, references):
    sane = references[file]["initial_loss_is_sane"](float(case["loss"]), case["classes"], case["tolerance"])
    assert sane is case["expected"]


@of_kind("clipped")
def test_clips_as_torch(file, case, references):
    found = references[file]["clip_gradients"](case["grads"], case["max_norm"])
    # torch divides by the norm plus 1e-6.
    assert_same(found, case["clipped"], rtol=2e-6)
    norm = np.sqrt(sum((value**2).sum() for value in found.values()))
    assert norm == pytest.approx(min(case["norm"], case["max_norm"]), rel=1e-12)
    if case["max_norm"] >= case["norm"]:
        assert_same(found, case["grads"], rtol=0)
