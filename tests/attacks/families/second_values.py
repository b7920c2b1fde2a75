"""Attacks on the judge by what is returned: values that take it hours to compare, or megabytes to talk about."""

from ..registry import code


def _every(name: str, value: str, before: str = "import numpy as np", *, slow: bool = False) -> None:
    """Every exercise returns the same value."""
    code(
        name,
        "second values",
        before,
        double=f"def double(z):\n    return {value}",
        total=f"def total(z):\n    return {value}",
        apply=f"def apply(f, z, rng):\n    return {value}",
        slow=slow,
    )


_every("keys of two megabytes each", "{letter * 2 * 10**6: 1 for letter in 'abcdef'}")
_every("two hundred thousand numbers in a dict", "{i: i for i in range(200_000)}")
_every("sixty thousand arrays of one number", "[np.array(1.0) for _ in range(60_000)]")
_every("an array of nine short axes, which is written without leaving anything out", "np.zeros((6,) * 9, dtype=bool)")
_every("whole numbers of four thousand bits", "[[2**4000] * 50, np.array([1.0]), {'W1': [[2**4000]]}]")
_every("sizes of which there is no mean, and arrays of 32 axes", "[np.zeros((0, 5, 0)), np.zeros((1,) * 32)]")
_every("twelve megabytes of nan", "np.full((1500, 1000), np.nan)")
