"""Named stand-ins: generators and callables that cases hand to a student's function, rebuilt from plain parameters.

A stand-in holds no answer. Where it matters which examples a callable was given, it betrays them in what it *returns*.
"""

from . import batches, costs, examples, fits, functions, searches, training, tuning
from .registry import build, describe
from .searches import is_marked, mark_of

__all__ = [
    "batches",
    "build",
    "costs",
    "describe",
    "examples",
    "fits",
    "functions",
    "is_marked",
    "mark_of",
    "searches",
    "training",
    "tuning",
]
