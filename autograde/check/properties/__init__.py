"""Named properties of results that no single value stands for. Each looks at a case's calls and what they returned.

A property that fails measures *how* wrong the result is; two answers with the same mistake have about the same
measure, and that is how a known mistake is recognised. Those of random results have bounds that a right answer
breaks less than once in 10⁹ (``chance``).
"""

from . import batches, folds, general, images, masks, samples, scores, searches, slopes, splits, weights, whitening
from .evidence import Evidence, Failed, evaluate

__all__ = [
    "Evidence",
    "Failed",
    "batches",
    "evaluate",
    "folds",
    "general",
    "images",
    "masks",
    "samples",
    "scores",
    "searches",
    "slopes",
    "splits",
    "weights",
    "whitening",
]
