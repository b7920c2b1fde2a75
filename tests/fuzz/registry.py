"""What a fuzz target is, the list of all of them, and how one is run."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st


@dataclass(frozen=True)
class Target:
    """A property that must hold of whatever ``inputs`` draws. ``check`` raises when it does not."""

    name: str
    inputs: st.SearchStrategy[Any]
    check: Callable[[Any], None]
    #: Examples in the test suite; a long run draws as many as its time allows.
    in_suite: int
    #: Inputs that once broke the property, and others that chance would hardly find.
    examples: tuple[Any, ...]


TARGETS: dict[str, Target] = {}


def target(
    name: str, inputs: st.SearchStrategy[Any], *, in_suite: int, examples: tuple[Any, ...] = ()
) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Register the decorated function as the property ``name``."""

    def register(check: Callable[[Any], None]) -> Callable[[Any], None]:
        TARGETS[name] = Target(name, inputs, check, in_suite, examples)
        return check

    return register


def run(chosen: Target, examples: int, seed: int | None = None, *, shrink: bool = False) -> int:
    """Try a target on so many drawn inputs and return how many it saw; without a seed, always on the same ones.

    What ``check`` raises comes out, with the input that raises it in a note; with ``shrink``, which may take minutes,
    the smallest such input.
    """
    seen = 0

    def tried(value: Any) -> None:
        nonlocal seen
        seen += 1
        chosen.check(value)

    options = settings(
        max_examples=examples,
        derandomize=seed is None,
        deadline=None,
        database=None,
        print_blob=False,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    drawn = options(given(chosen.inputs)(tried))
    if seed is not None:
        drawn = hypothesis.seed(seed)(drawn)
    drawn()
    return seen


@contextmanager
def bounded(*, seconds: float, memory: float | None = None) -> Iterator[None]:
    """Fail when the block takes more processor time than ``seconds`` or, at its peak, more bytes than ``memory``."""
    if memory is not None:
        tracemalloc.start()
    start = time.thread_time()
    try:
        yield
    finally:
        took = time.thread_time() - start
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert took <= seconds, f"{took:.2f} s of processor time, more than {seconds:.2f}"
    assert memory is None or peak <= memory, f"{peak} bytes of memory, more than {memory:.0f}"
