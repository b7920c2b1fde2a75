"""Lesson 08's averages from zero are those of pandas that start at the first value, seen from there."""

from __future__ import annotations

import pytest

from .stored import assert_same, of_kind


@of_kind("from_the_first")
def test_averages_from_the_first_value_are_pandas(file, case, references):
    values, first = case["values"], case["values"][0]
    found = first + references[file]["ewa"](values - first, case["beta"])
    assert_same(found, case["averages"], atol=1e-13)


@of_kind("no_average")
def test_refuses_the_betas_that_pandas_refuses(file, case, references):
    with pytest.raises(ValueError):
        references[file]["effective_window"](case["beta"])
