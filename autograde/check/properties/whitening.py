"""A whitening matrix."""

from __future__ import annotations

import math

import numpy as np

from ..cases import Outcome
from ..compare import compare, is_single, kind_of
from .evidence import Evidence, Failed, Floats, argument, failure, register
from .general import has_shape


@register
def pca_whitener(evidence: Evidence, eps: float = 0.0, X: int = 0, call: int = 0) -> Failed | None:
    """The result is ``(mean, P)`` of the rows of an input ``X``, P as PCA whitening has it.

    P is ``(n, n)``; its columns are eigenvectors of the covariance of the inputs (over m), each divided by
    ``sqrt(eigenvalue + eps)``, in any order, with any signs, and in any basis where eigenvalues are equal.
    ``X`` is the position of the inputs among the call's arguments.
    """
    value, given = evidence.value(call), evidence.calls[call]
    inputs = argument(given, X, "X")
    if not isinstance(value, tuple) or len(value) != 2:
        return failure("wrong_type", f"the result is {kind_of(value)}, expected the pair (mean, P)")
    mean, P = value
    single = is_single((inputs, mean, P))
    tolerance = 1e-3 if single else 1e-6
    rows = np.asarray(inputs, dtype=np.float64)
    centred = rows - rows.mean(axis=0)
    n = rows.shape[1]
    if found := compare(rows.mean(axis=0), mean, rtol=tolerance, atol=1e-5 if single else 1e-8, path="[0]"):
        return failure(found.kind, found.message)
    if found_shape := has_shape(Evidence(evidence.calls, (Outcome(P),)), (n, n), name="result[1]"):
        return found_shape
    return _not_whitening(np.asarray(P, dtype=np.float64), centred.T @ centred / len(rows), eps, tolerance)


def _not_whitening(P: Floats, covariance: Floats, eps: float, tolerance: float) -> Failed | None:
    """What keeps P from being ``V / sqrt(eigenvalue + eps)`` of this covariance; measures ignore order and signs."""
    lengths = np.linalg.norm(P, axis=0)
    if not lengths.all():
        return Failed("a column of result[1] is zero", float((lengths == 0).sum()))
    V = P / lengths
    largest = max(float(np.linalg.eigvalsh(covariance)[-1]), 1e-300)
    along = np.einsum("ij,ik,kj->j", V, covariance, V)  # the variance of the data along each column
    astray = np.linalg.norm(covariance @ V - V * along, axis=0) / largest
    if float(astray.max()) > tolerance:
        message = "the columns of result[1] are not eigenvectors of the covariance, but for a factor"
        return Failed(message, 10 + float(astray.sum()) + float((P**2).sum()))
    if float(np.linalg.svd(V, compute_uv=False)[-1]) < 1e-3:
        return Failed("the columns of result[1] do not span all directions: an eigenvector is there twice", 1.0)
    rounding = 1e-13 * largest / (along + eps)
    relative = lengths * np.sqrt(along + eps) - 1
    if (np.abs(relative) > tolerance + rounding).any():
        share = float(np.mean(lengths * np.sqrt(along + eps)))
        message = f"the columns of result[1] have the wrong lengths, on average {share:.4g} times what they should be"
        return Failed(message, 20 + math.log(share) + float(np.std(relative)))
    within = P.T @ covariance @ P
    across = np.abs(within - np.diag(np.diag(within))).max() if len(within) > 1 else 0.0
    if float(across) > 10 * tolerance:
        return Failed("features of the whitened data still go together: their covariance is not 0", 30 + float(across))
    return None
