"""Every target on a few hundred inputs, the same at every run; ``make fuzz`` takes longer and draws others."""

from __future__ import annotations

import pytest

from . import targets
from .registry import run

TARGETS = targets.TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_fuzz(name: str) -> None:
    target = TARGETS[name]
    for value in target.examples:
        target.check(value)
    assert run(target, target.in_suite) >= target.in_suite // 2
