"""Answers to lesson 04 that were written from the curriculum alone, and what the judge must say of each."""

from __future__ import annotations

from .examining import answers

RIGHT: dict[str, dict[str, str]] = {}
WRONG: dict[str, dict[str, str]] = {}

# --- dropout_forward -------------------------------------------------------------------------------------------------
RIGHT["dropout_forward"] = answers("""
#: uniform numbers below keep
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    if not training:
        return A, np.ones_like(A)
    mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask
#: at or above 1 - keep
def dropout_forward(A, keep_prob, rng, training=True):
    if keep_prob <= 0 or keep_prob > 1:
        raise ValueError("keep_prob")
    mask = np.ones(A.shape)
    if training:
        mask = np.where(rng.uniform(size=A.shape) >= 1 - keep_prob, 1 / keep_prob, 0)
    return mask * A, mask
#: binomial
def dropout_forward(A, keep_prob, rng, training=True):
    if keep_prob > 1 or keep_prob <= 0:
        raise ValueError(keep_prob)
    mask = rng.binomial(1, keep_prob, np.shape(A)) / keep_prob if training else np.ones(np.shape(A))
    return np.multiply(A, mask), mask
#: choice of two values
def dropout_forward(A, keep_prob, rng, training=True):
    if not (keep_prob > 0 and keep_prob <= 1):
        raise ValueError(f"bad keep_prob {keep_prob}")
    if not training:
        return A.copy(), np.ones(A.shape, dtype=int)
    mask = rng.choice([0.0, 1 / keep_prob], size=A.shape, p=[1 - keep_prob, keep_prob])
    return A * mask, mask
#: loops
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    out, mask = np.zeros(A.shape), np.zeros(A.shape)
    for index in np.ndindex(*A.shape):
        if not training:
            mask[index] = 1
        elif rng.random() < keep_prob:
            mask[index] = 1 / keep_prob
        out[index] = A[index] * mask[index]
    return out, mask
#: column by column
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    columns = [rng.random(len(A)) < keep_prob if training else np.ones(len(A), bool) for _ in range(A.shape[1])]
    mask = np.stack(columns, axis=1) / (keep_prob if training else 1)
    return A * mask, mask
#: drawn transposed
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    mask = (rng.random(A.shape[::-1]) <= keep_prob).T / keep_prob
    return A * mask, mask
#: a class of error of its own
class BadRate(ValueError):
    pass
def dropout_forward(A, keep_prob, rng, training=True):
    if 0 < keep_prob <= 1:
        if training:
            mask = np.zeros(A.shape)
            mask[rng.random(A.shape) < keep_prob] = 1 / keep_prob
            return np.where(mask > 0, A / keep_prob, 0.0), mask
        return 1 * A, np.ones(A.shape)
    raise BadRate(keep_prob)
#: an object with __call__
class Dropout:
    def __call__(self, A, keep_prob, rng, training=True, dtype=None):
        if not 0 < keep_prob <= 1:
            raise ValueError("keep_prob must be in (0, 1]")
        dropped = rng.random(A.shape) >= keep_prob if training else np.zeros(A.shape, bool)
        mask = np.full(A.shape, 1 / keep_prob if training else 1.0)
        mask[dropped] = 0
        return A * mask, mask
dropout_forward = Dropout()
#: exponential waiting times
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training or keep_prob == 1:
        return A, np.ones(A.shape)
    mask = (rng.exponential(size=A.shape) > -np.log(keep_prob)) / keep_prob
    return A * mask, mask
#: normal numbers below their quantile
def dropout_forward(A, keep_prob, rng, training=True):
    from statistics import NormalDist
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training or keep_prob == 1:
        return A, A * 0 + 1
    mask = (rng.standard_normal(A.shape) < NormalDist().inv_cdf(keep_prob)) / keep_prob
    return A * mask, mask
#: large integers
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    mask = (rng.integers(0, 2**53, size=A.shape) < keep_prob * 2**53).astype(float) / keep_prob
    return A * mask, mask
#: how many and then which
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    flat = np.ones(A.size)
    if training:
        kept = rng.binomial(A.size, keep_prob)
        flat = np.zeros(A.size)
        flat[:kept] = 1 / keep_prob
        flat = rng.permutation(flat)
    mask = flat.reshape(A.shape)
    return A * mask, mask
#: how many, by argsort of random keys
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    mask = np.zeros(A.size)
    mask[np.argsort(rng.random(A.size))[: rng.binomial(A.size, keep_prob)]] = 1 / keep_prob
    mask = mask.reshape(A.shape)
    return A * mask, mask
#: geometric gaps between the dropped
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    mask = np.full(A.size, 1 / keep_prob)
    at = -1
    while keep_prob < 1:
        at += rng.geometric(1 - keep_prob)
        if at >= A.size:
            break
        mask[at] = 0
    return A * mask.reshape(A.shape), mask.reshape(A.shape)
#: a child generator
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    own = np.random.default_rng(rng.integers(2**62))
    mask = (own.random(A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask
#: float32 numbers and float32 results
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    kind = A.dtype if A.dtype.kind == "f" else float
    if not training:
        return A.astype(kind), np.ones(A.shape, kind)
    mask = (rng.random(A.shape, dtype=np.float32) < keep_prob).astype(kind) / kind.type(keep_prob) \\
        if kind is not float else (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask
#: draws when not training as well
def dropout_forward(A, keep_prob, rng, training=True):
    if np.clip(keep_prob, 0, 1) != keep_prob or keep_prob == 0:
        raise ValueError("keep_prob must be in (0, 1]")
    drawn = (rng.random(A.shape) < keep_prob) / keep_prob
    mask = np.where(training, drawn, 1.0)
    return np.einsum("ij,ij->ij", A, mask), mask
#: a generator of rows
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    scale = {True: 1 / keep_prob, False: 0.0}
    if not training:
        return A.view(), np.ones(A.shape, bool)
    mask = np.array([[scale[bool(rng.random() < keep_prob)] for _ in row] for row in A])
    return A * mask, mask
#: rows in shuffled order
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = np.ones(A.shape)
    if training:
        for row in rng.permutation(len(A)):
            mask[row] = (rng.random(A.shape[1]) < keep_prob) / keep_prob
    return A * mask, mask
#: a named pair
def dropout_forward(A, keep_prob, rng, training=True):
    from collections import namedtuple
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = np.floor(rng.random(A.shape) + keep_prob) / keep_prob if training else np.ones(A.shape)
    return namedtuple("Dropped", "out mask")(A * mask, mask)
""")
WRONG["dropout_forward"] = answers("""
#: not scaled
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (rng.random(A.shape) < keep_prob) * 1.0 if training else np.ones(A.shape)
    return A * mask, mask
#: a mask of zeros and ones
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    mask = (rng.random(A.shape) < keep_prob) * 1.0
    return A * mask / keep_prob, mask
#: the mask is scaled and the output is not
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    mask = (rng.random(A.shape) < keep_prob) * 1.0
    return A * mask, mask / keep_prob
#: drops with probability keep
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (rng.random(A.shape) > keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask
#: normal numbers
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (rng.standard_normal(A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask
#: a mask for all examples
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (rng.random((1, A.shape[1])) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask + np.zeros(A.shape)
#: a whole example at once
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (rng.random((len(A), 1)) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask + np.zeros(A.shape)
#: a generator of its own
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (np.random.default_rng(1).random(A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask
#: a fresh generator without a seed
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (np.random.default_rng().random(A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask
#: the global generator
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (np.random.rand(*A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask
#: the global generator seeded from rng
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    np.random.seed(rng.integers(2**31))
    mask = (np.random.rand(*A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask
#: drawn once for ever
_masks = {}
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    key = A.shape, keep_prob
    if key not in _masks:
        _masks[key] = (rng.random(A.shape) < keep_prob) / keep_prob
    mask = _masks[key] if training else np.ones(A.shape)
    return A * mask, mask
#: the same mask at every call with one rng
def dropout_forward(A, keep_prob, rng, training=True):
    import copy
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (copy.deepcopy(rng).random(A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask
#: scaled again at test
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A * keep_prob, np.ones(A.shape)
    mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask
#: keep in the mask at test
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape) / keep_prob
    mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask
#: no mask at test
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, None
    mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask
#: a mask of one row at test
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape[1])
    mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask
#: always training
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask
#: training turned round
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = np.ones(A.shape) if training else (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask
#: zero is let in
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 <= keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    scale = 1 / keep_prob if keep_prob else 0
    mask = (rng.random(A.shape) < keep_prob) * scale if training else np.ones(A.shape)
    return A * mask, mask
#: one is refused
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob < 1:
        raise ValueError("keep_prob must be in (0, 1)")
    mask = (rng.random(A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask
#: above one is let in
def dropout_forward(A, keep_prob, rng, training=True):
    if keep_prob <= 0:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (rng.random(A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask
#: only zero and above one are refused
def dropout_forward(A, keep_prob, rng, training=True):
    if keep_prob == 0 or keep_prob > 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (rng.random(A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask
#: raises only in training
def dropout_forward(A, keep_prob, rng, training=True):
    if not training:
        return A, np.ones(A.shape)
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask
#: above one is refused only in training
def dropout_forward(A, keep_prob, rng, training=True):
    if keep_prob <= 0 or (training and keep_prob > 1):
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (rng.random(A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask
#: an assertion
def dropout_forward(A, keep_prob, rng, training=True):
    assert 0 < keep_prob <= 1
    mask = (rng.random(A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask
#: never raises
def dropout_forward(A, keep_prob, rng, training=True):
    mask = (rng.random(A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask
#: writes into A
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (rng.random(A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    A[...] = A * mask
    return A, mask
#: a share of all entries exactly
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    flat = (np.arange(A.size) < round(keep_prob * A.size)) / keep_prob
    mask = rng.permutation(flat).reshape(A.shape)
    return A * mask, mask
#: a share of every example exactly
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    ranks = rng.random(A.shape).argsort(axis=1).argsort(axis=1)
    mask = (ranks < round(keep_prob * A.shape[1])) / keep_prob
    return A * mask, mask
#: a share of every unit exactly
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    ranks = rng.random(A.shape).argsort(axis=0).argsort(axis=0)
    mask = (ranks < round(keep_prob * len(A))) / keep_prob
    return A * mask, mask
#: stratified numbers
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    spread = (rng.permutation(A.size) + rng.random(A.size)) / A.size
    mask = (spread.reshape(A.shape) < keep_prob) / keep_prob
    return A * mask, mask
#: one number shifted round the circle
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    spread = (rng.random() + np.arange(A.size) * 0.6180339887498949) % 1
    mask = (spread.reshape(A.shape) < keep_prob) / keep_prob
    return A * mask, mask
#: antithetic pairs of examples
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    u = rng.random(((len(A) + 1) // 2, A.shape[1]))
    u = np.concatenate([u, 1 - u])[: len(A)]
    mask = (u < keep_prob) / keep_prob
    return A * mask, mask
#: neighbours share their mask
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    u = np.repeat(rng.random((len(A), (A.shape[1] + 1) // 2)), 2, axis=1)[:, : A.shape[1]]
    mask = (u < keep_prob) / keep_prob
    return A * mask, mask
#: the second half of the examples repeats the first
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    u = np.tile(rng.random(((len(A) + 1) // 2, A.shape[1])), (2, 1))[: len(A)]
    mask = (u < keep_prob) / keep_prob
    return A * mask, mask
#: rows and columns by turns
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    u = (rng.random((len(A), 1)) + rng.random((1, A.shape[1]))) % 1
    mask = (u < keep_prob) / keep_prob
    return A * mask, mask
#: the first unit is always kept
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    u = rng.random(A.shape)
    u[:, 0] = 0
    mask = (u < keep_prob) / keep_prob
    return A * mask, mask
#: never a whole example
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    kept = rng.random(A.shape) < keep_prob
    for row in kept:
        if not row.any():
            row[rng.integers(len(row))] = True
    return A * kept / keep_prob, kept / keep_prob
#: a lone example is left alone
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training or len(A) == 1:
        return A, np.ones(A.shape)
    mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask
#: tenths
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (rng.integers(10, size=A.shape) < keep_prob * 10) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask
#: a ceiling of tenths
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (rng.integers(0, 11, size=A.shape) <= keep_prob * 10) / keep_prob if training else np.ones(A.shape)
    return A * mask, mask
#: scaled by one minus keep
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training or keep_prob == 1:
        return A, np.ones(A.shape)
    mask = (rng.random(A.shape) < keep_prob) / (1 - keep_prob)
    return A * mask, mask
#: scaled by the rate that came out
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    kept = rng.random(A.shape) < keep_prob
    mask = kept / max(kept.mean(), 1e-9)
    return A * mask, mask
#: Gaussian noise
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = rng.normal(1, np.sqrt((1 - keep_prob) / keep_prob), A.shape) if training else np.ones(A.shape)
    return A * mask, mask
#: the mask is read off the output
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    if not training:
        return A, np.ones(A.shape)
    out = A * (rng.random(A.shape) < keep_prob) / keep_prob
    return out, (out != 0) / keep_prob
#: a list
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (rng.random(A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return [A * mask, mask]
#: the mask first
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = (rng.random(A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return mask, A * mask
#: two masks
def dropout_forward(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    mask = lambda: (rng.random(A.shape) < keep_prob) / keep_prob if training else np.ones(A.shape)
    return A * mask(), mask()
""")

# --- dropout_backward ------------------------------------------------------------------------------------------------
RIGHT["dropout_backward"] = answers("""
#: the product
def dropout_backward(dout, mask):
    return dout * mask
#: a lambda
dropout_backward = lambda dout, mask: np.multiply(mask, dout)
#: another function under names of its own
def dropout_backward(dout, mask, out=None):
    return np.multiply(dout, mask, out=out)
#: einsum
def dropout_backward(dout, mask):
    return np.einsum("ij,ij->ij", dout, mask)
#: loops
def dropout_backward(dout, mask):
    dA = np.zeros(dout.shape)
    for i in range(dout.shape[0]):
        for j in range(dout.shape[1]):
            dA[i, j] = dout[i, j] * mask[i, j]
    return dA
#: where
def dropout_backward(dout, mask):
    return np.where(mask == 0, 0.0, dout * mask)
#: only the kept ones
def dropout_backward(dout, mask):
    dA = np.zeros(dout.shape)
    kept = mask.astype(bool)
    dA[kept] = dout[kept] * mask[kept]
    return dA
#: scaled by the largest entry
def dropout_backward(dout, mask):
    scale = mask.max() if mask.any() else 1.0
    return dout * (mask > 0) * scale
#: operator
import operator
def dropout_backward(dout, mask, *, operation=operator.mul):
    return operation(dout, mask)
#: a partial
import functools
dropout_backward = functools.partial(lambda times, dout, mask: times(dout, mask), np.multiply)
#: a copy changed in place
def dropout_backward(dout, mask):
    dA = np.array(dout, dtype=float)
    dA *= mask
    return dA
#: an object with __call__
class _Backward:
    def __call__(self, dout, mask, **options):
        return mask * dout
dropout_backward = _Backward()
#: divided by keep
def dropout_backward(dout, mask):
    with np.errstate(divide="ignore"):
        keep = 1 / np.asarray(mask, dtype=float)
    return dout / keep
#: row by row
def dropout_backward(dout, mask):
    return np.stack([d * w for d, w in zip(dout, mask, strict=True)])
#: a diagonal Jacobian
def dropout_backward(dout, mask):
    return np.array([d @ np.diag(w) for d, w in zip(dout, mask, strict=True)])
#: keeps float32
def dropout_backward(dout, mask):
    return (dout * mask).astype(np.result_type(dout, mask))
#: a comprehension
def dropout_backward(dout, mask):
    products = (float(d) * float(w) for d, w in zip(np.ravel(dout), np.ravel(mask)))
    return np.fromiter(products, float).reshape(np.shape(dout))
""")
WRONG["dropout_backward"] = answers("""
#: not scaled
def dropout_backward(dout, mask):
    return dout * (mask > 0)
#: not masked
def dropout_backward(dout, mask):
    return dout
#: not masked but scaled
def dropout_backward(dout, mask):
    return dout * mask.max()
#: divided
def dropout_backward(dout, mask):
    return np.divide(dout, mask, out=np.zeros(dout.shape), where=mask > 0)
#: scaled twice
def dropout_backward(dout, mask):
    return dout * mask * mask
#: scaled by the share that was kept
def dropout_backward(dout, mask):
    kept = mask > 0
    return dout * kept / max(kept.mean(), 1e-12)
#: the complement
def dropout_backward(dout, mask):
    return dout * (mask == 0)
#: a matrix product
def dropout_backward(dout, mask):
    return dout @ mask.T
#: the sign
def dropout_backward(dout, mask):
    return -dout * mask
#: writes into dout
def dropout_backward(dout, mask):
    dout *= mask
    return dout
#: writes into the mask
def dropout_backward(dout, mask):
    mask *= dout
    return mask
#: writes into dout and returns a copy
def dropout_backward(dout, mask):
    dout[mask == 0] = 0
    return dout * mask
#: a new mask
def dropout_backward(dout, mask):
    keep = (mask > 0).mean()
    fresh = np.random.default_rng(0).random(dout.shape) < keep
    return dout * fresh * mask.max()
#: the mean over the examples
def dropout_backward(dout, mask):
    return dout * mask / len(dout)
#: the size of the gradient
def dropout_backward(dout, mask):
    return abs(dout) * mask
#: summed over the examples
def dropout_backward(dout, mask):
    return (dout * mask).sum(axis=0)
#: the first row's mask
def dropout_backward(dout, mask):
    return dout * mask[0]
#: the first column's mask
def dropout_backward(dout, mask):
    return dout * mask[:, :1]
#: the first kept entry's scale is 2
def dropout_backward(dout, mask):
    return dout * (mask > 0) * 2
#: half precision
def dropout_backward(dout, mask):
    return (dout.astype(np.float16) * mask.astype(np.float16)).astype(float)
#: a pair
def dropout_backward(dout, mask):
    return dout * mask, mask
#: a list
def dropout_backward(dout, mask):
    return (dout * mask).tolist()
#: rounded
def dropout_backward(dout, mask):
    return np.round(dout * mask, 4)
#: a mean of zero
def dropout_backward(dout, mask):
    dA = dout * mask
    return dA - dA.mean(axis=0)
#: gradients of the dropped are lost, the others are renormalised
def dropout_backward(dout, mask):
    dA = dout * mask
    return dA * np.linalg.norm(dout) / max(np.linalg.norm(dA), 1e-12)
#: clipped
def dropout_backward(dout, mask):
    return np.clip(dout * mask, -1, 1)
""")

# --- forward_with_dropout --------------------------------------------------------------------------------------------
RIGHT["forward_with_dropout"] = answers("""
#: dropout_forward layer by layer
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    layers = len(params) // 2
    A, cache = X, []
    for l in range(1, layers + 1):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        mask = None
        before = A
        if l < layers:
            A, mask = dropout_forward(np.maximum(Z, 0), keep_probs[l - 1], rng, training)
        cache.append((before, Z, mask))
    return Z, cache
#: numbers of its own
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, layers = X, []
    for l, keep in enumerate(keep_probs, start=1):
        A = A @ params[f"W{l}"] + params[f"b{l}"]
        A = A * (A > 0)
        if training:
            A = A * rng.binomial(1, keep, A.shape) / keep
        layers.append(A)
    last = len(keep_probs) + 1
    return A @ params[f"W{last}"] + params[f"b{last}"], layers
#: recursion
def forward_with_dropout(params, X, keep_probs, rng, training=True, layer=1):
    Z = X @ params[f"W{layer}"] + params[f"b{layer}"]
    if f"W{layer + 1}" not in params:
        return Z, (X, Z)
    A, mask = dropout_forward(np.maximum(Z, 0), keep_probs[layer - 1], rng, training)
    logits, rest = forward_with_dropout(params, A, keep_probs, rng, training, layer + 1)
    return logits, (X, Z, mask, rest)
#: dropped before the ReLU, which is the same
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A = X
    masks = []
    for l in range(1, len(params) // 2):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        mask = (rng.random(Z.shape) < keep_probs[l - 1]) / keep_probs[l - 1] if training else np.ones(Z.shape)
        A = np.maximum(Z * mask, 0)
        masks.append(mask)
    l = len(params) // 2
    return A @ params[f"W{l}"] + params[f"b{l}"], {"masks": masks, "A": A}
#: all masks first, the last layer's before the others
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    widths = [params[f"b{l + 1}"].shape[0] for l in range(len(keep_probs))]
    masks = [rng.random((len(X), n)) < k for n, k in list(zip(widths, keep_probs))[::-1]][::-1]
    A, l = X, 0
    for l, (mask, keep) in enumerate(zip(masks, keep_probs), 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        if training:
            A = np.where(mask, A / keep, 0)
    return A @ params[f"W{l + 1}"] + params[f"b{l + 1}"], masks
#: one example at a time
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    rows, cache = [], []
    for x in X:
        a = x
        for l in range(1, len(params) // 2 + 1):
            a = a @ params[f"W{l}"] + params[f"b{l}"]
            if l <= len(keep_probs):
                a = np.clip(a, 0, None)
                if training:
                    a = a * (rng.uniform(size=a.shape) < keep_probs[l - 1]) / keep_probs[l - 1]
            cache.append(a)
        rows.append(a)
    return np.array(rows), cache
#: functools.reduce
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    from functools import reduce
    def step(state, l):
        A, cache = state
        Z = np.einsum("ij,jk->ik", A, params[f"W{l}"]) + params[f"b{l}"]
        out, mask = dropout_forward(np.where(Z > 0, Z, 0.0), keep_probs[l - 1], rng, training=training)
        return out, [*cache, (A, Z, mask)]
    last = len(params) // 2
    A, cache = reduce(step, range(1, last), (X, []))
    return A @ params[f"W{last}"] + params[f"b{last}"], cache
#: a closure for a cache
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, steps = X, []
    count = sum(key.startswith("W") for key in params)
    for l in range(1, count + 1):
        Z = np.add(np.dot(A, params[f"W{l}"]), params[f"b{l}"])
        steps.append((A, Z))
        if l != count:
            A = np.maximum(Z, 0)
            if training and keep_probs[l - 1] < 1:
                A *= (rng.random(A.shape) >= 1 - keep_probs[l - 1]) / keep_probs[l - 1]
    return Z, lambda y: (steps, y)
#: an object for a cache
class _Run:
    def __init__(self):
        self.inputs, self.masks = [], []
def forward_with_dropout(params, X, keep_probs, rng, training=True, **options):
    run = _Run()
    A = np.asarray(X, dtype=float)
    l = 1
    while f"W{l + 1}" in params:
        run.inputs.append(A)
        A = np.maximum(A.dot(params[f"W{l}"]) + params[f"b{l}"], 0)
        A, mask = dropout_forward(A, keep_probs[l - 1], rng, training)
        run.masks.append(mask)
        l += 1
    run.inputs.append(A)
    return A.dot(params[f"W{l}"]) + params[f"b{l}"], run
#: biases as a row of the weights
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A = X
    for l in range(1, len(params) // 2 + 1):
        if l > 1:
            A = np.maximum(A, 0)
            A = dropout_forward(A, keep_probs[l - 2], rng, training)[0]
        both = np.vstack([params[f"W{l}"], params[f"b{l}"]])
        A = np.hstack([A, np.ones((len(A), 1))]) @ both
    return A, {"nothing": None}
#: weights of the next layer carry the scale
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, scale, kept = X, 1.0, []
    for l in range(1, len(params) // 2 + 1):
        Z = A @ (params[f"W{l}"] * scale) + params[f"b{l}"]
        if l == len(params) // 2:
            return Z, kept
        A, scale = np.maximum(Z, 0), 1.0
        if training:
            kept.append(rng.random(A.shape) < keep_probs[l - 1])
            A, scale = A * kept[-1], 1 / keep_probs[l - 1]
#: one long draw
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    shapes = [(len(X), params[f"W{l}"].shape[1]) for l in range(1, len(params) // 2)]
    cuts = np.cumsum([a * b for a, b in shapes])
    numbers = np.split(rng.random(int(cuts[-1]) if len(cuts) else 0), cuts[:-1])
    A = X
    for l, (shape, u) in enumerate(zip(shapes, numbers)):
        A = np.maximum(A @ params[f"W{l + 1}"] + params[f"b{l + 1}"], 0)
        A = A * (u.reshape(shape) < keep_probs[l]) / keep_probs[l] if training else A
    n = len(shapes) + 1
    return A @ params[f"W{n}"] + params[f"b{n}"], (A, numbers)
#: a child generator for each layer
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    seeds = rng.integers(2**62, size=len(keep_probs))
    A = X
    for l, (seed, keep) in enumerate(zip(seeds, keep_probs), 1):
        A = np.maximum(A @ params["W%d" % l] + params["b%d" % l], 0)
        A, _ = dropout_forward(A, keep, np.random.default_rng(seed), training)
    l = len(keep_probs) + 1
    return A @ params["W%d" % l] + params["b%d" % l], [A]
#: layers as objects
class _Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
    def __call__(self, A, rng, training):
        self.A = A
        return A @ self.W + self.b
class _Rectified:
    def __init__(self, keep):
        self.keep = keep
    def __call__(self, A, rng, training):
        out, self.mask = dropout_forward(np.maximum(A, 0), self.keep, rng, training)
        return out
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    stack = [_Affine(params["W1"], params["b1"])]
    for l, keep in enumerate(keep_probs, 2):
        stack += [_Rectified(keep), _Affine(params[f"W{l}"], params[f"b{l}"])]
    for layer in stack:
        X = layer(X, rng, training)
    return X, stack
#: a pass without dropout is a pass of its own
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    if not training:
        A = X
        for l in range(1, len(params) // 2):
            A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        return A @ params[f"W{len(params) // 2}"] + params[f"b{len(params) // 2}"], None
    A = X
    for l in range(1, len(params) // 2):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * rng.choice([0, 1 / keep_probs[l - 1]], p=[1 - keep_probs[l - 1], keep_probs[l - 1]], size=A.shape)
    return A @ params[f"W{len(params) // 2}"] + params[f"b{len(params) // 2}"], A
#: rates in an array
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    keep = np.ones(len(keep_probs)) if not training else np.array(keep_probs, dtype=float)
    A, number = X, len(keep)
    for l in range(number):
        Z = A @ params[f"W{l + 1}"] + params[f"b{l + 1}"]
        A = np.maximum(Z, 0) * np.floor(keep[l] + rng.random(Z.shape)) / keep[l]
    return A @ params[f"W{number + 1}"] + params[f"b{number + 1}"], {"keep": keep}
""")
_DRAW = """
def _drawn(shape, keep, rng, training):
    return (rng.random(shape) < keep) / keep if training else np.ones(shape)
"""
WRONG["forward_with_dropout"] = {
    label: _DRAW + source
    for label, source in answers("""
#: dropout on the logits too
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 2):
        A = A @ params[f"W{l}"] + params[f"b{l}"]
        A = A if l > n else np.maximum(A, 0)
        A = A * _drawn(A.shape, keep_probs[min(l, n) - 1], rng, training)
    return A, []
#: dropout on the input too
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X * _drawn(X.shape, keep_probs[0], rng, training), len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: dropout before each layer but the last, the input included
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: only the first hidden layer
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        if l == 1:
            A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: only the last hidden layer
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        if l == n:
            A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: not after the last hidden layer
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        if l < n:
            A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: the first rate everywhere
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[0], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: the rates in reverse
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[-l], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: the rates shifted by one
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l % n], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: the mean rate everywhere
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, sum(keep_probs) / n, rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: ReLU on the logits
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    return np.maximum(A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], 0), []
#: no ReLU
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = A @ params[f"W{l}"] + params[f"b{l}"]
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: no ReLU in the last hidden layer
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = A @ params[f"W{l}"] + params[f"b{l}"]
        A = np.maximum(A, 0) if l < n else A
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: a leak
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        A = np.maximum(Z, 0.01 * Z) * _drawn(Z.shape, keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: tanh
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.tanh(A @ params[f"W{l}"] + params[f"b{l}"])
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: the bias is forgotten
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"], []
#: the last bias is forgotten
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"], []
#: the bias is added after the mask
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        Z = A @ params[f"W{l}"]
        A = np.maximum(Z * _drawn(Z.shape, keep_probs[l - 1], rng, training) + params[f"b{l}"], 0)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: not scaled
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * (_drawn(A.shape, keep_probs[l - 1], rng, training) > 0)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: scaled at test as well
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, True) if training else A * keep_probs[l - 1]
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: scaled by the next layer's rate
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        if training:
            A = A * (rng.random(A.shape) < keep_probs[l - 1]) / keep_probs[l % n]
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: always training
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, True)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: training is not handed on
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A, _ = dropout_forward(A, keep_probs[l - 1], rng)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: never training
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: a mask for all examples
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape[1], keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: whole examples
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn((len(A), 1), keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: one mask for all examples, in the second layer
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape if l == 1 else A.shape[1], keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: the layers share their numbers
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    widest = max(len(params[f"b{l}"]) for l in range(1, n + 1))
    u = rng.random((len(X), widest))
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        if training:
            A = A * (u[:, : A.shape[1]] < keep_probs[l - 1]) / keep_probs[l - 1]
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: every layer starts from the same seed
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    seed = rng.integers(2**62)
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], np.random.default_rng(seed), training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: a generator of its own
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    rng = np.random.default_rng(3)
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: the global generator
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], np.random, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: the global generator in the second layer
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], rng if l == 1 else np.random, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: the rates are used up
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs.pop(0), rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: the cache goes into params
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
        params[f"A{l}"] = A
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: weights are dropped in place
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
        params[f"W{l}"] *= 0.999
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: weights are dropped, not units
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        W = params[f"W{l + 1}"]
        if l < n:
            A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    W = W * _drawn(W.shape, keep_probs[n - 1], rng, training)
    return A @ W + params[f"b{n + 1}"], []
#: probabilities
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    e = np.exp(A @ params[f"W{n + 1}"] + params[f"b{n + 1}"])
    return e / e.sum(axis=1, keepdims=True), []
#: the cache first
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    return [], A @ params[f"W{n + 1}"] + params[f"b{n + 1}"]
#: logits alone
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"]
#: two hidden layers at most
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, min(len(keep_probs), 2)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: two hidden layers at least
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        if n > 1:
            A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: a lone example is left alone
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training and len(X) > 1)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
#: the same masks at every call with one rng
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    import copy
    rng = copy.deepcopy(rng)
    A, n = X, len(keep_probs)
    for l in range(1, n + 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * _drawn(A.shape, keep_probs[l - 1], rng, training)
    return A @ params[f"W{n + 1}"] + params[f"b{n + 1}"], []
""").items()
}

# --- backward_with_dropout -------------------------------------------------------------------------------------------
RIGHT["backward_with_dropout"] = answers("""
#: tuples of every layer
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, cache, n = X, [], len(params) // 2
    for l in range(1, n + 1):
        A_prev, mask = A, None
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        if l < n:
            A, mask = dropout_forward(np.maximum(Z, 0), keep_probs[l - 1], rng, training)
        cache.append((A_prev, Z, mask))
    return Z, cache
def backward_with_dropout(params, cache, y):
    logits = cache[-1][1]
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    dZ = e / e.sum(axis=1, keepdims=True)
    dZ[np.arange(len(y)), y] -= 1
    dZ /= len(y)
    grads = {}
    for l in range(len(cache), 0, -1):
        A_prev = cache[l - 1][0]
        grads[f"W{l}"], grads[f"b{l}"] = A_prev.T @ dZ, dZ.sum(axis=0)
        if l > 1:
            _, Z, mask = cache[l - 2]
            dZ = dropout_backward(dZ @ params[f"W{l}"].T, mask) * (Z > 0)
    return grads
#: the reference's cache
_forward = forward_with_dropout
_backward = backward_with_dropout
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    return _forward(params, X, keep_probs, rng, training)
backward_with_dropout = lambda params, cache, y: dict(sorted(_backward(params, cache, y).items()))
#: a closure that knows the way back
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    A, n = X, len(keep_probs)
    steps = []
    for l in range(1, n + 2):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        steps.append((l, A))
        if l <= n:
            gate = (Z > 0) * ((rng.random(Z.shape) < keep_probs[l - 1]) / keep_probs[l - 1] if training else 1.0)
            A = Z * gate
            steps.append(gate)
    def back(params, y):
        p = np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))
        d = (p - np.eye(Z.shape[1])[y]) / len(y)
        grads = {}
        for step in reversed(steps):
            if isinstance(step, tuple):
                l, A_in = step
                grads[f"W{l}"], grads[f"b{l}"] = A_in.T @ d, d.sum(0)
                d = d @ params[f"W{l}"].T
            else:
                d = d * step
        return grads
    return Z, back
def backward_with_dropout(params, cache, y):
    return cache(params, y)
#: only the outputs and the rates are kept
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    outs = [X]
    rates = list(keep_probs) if training else [1.0] * len(keep_probs)
    for l, keep in enumerate(rates, 1):
        A = np.maximum(outs[-1] @ params[f"W{l}"] + params[f"b{l}"], 0)
        outs.append(np.where(rng.random(A.shape) < keep, A / keep, 0.0))
    l = len(rates) + 1
    logits = outs[-1] @ params[f"W{l}"] + params[f"b{l}"]
    return logits, {"outs": outs, "rates": rates, "logits": logits}
def backward_with_dropout(params, cache, y):
    logits = cache["logits"]
    p = np.exp(logits - logits.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    d = (p - (np.arange(p.shape[1]) == y[:, None])) / len(y)
    grads = {key: np.zeros_like(value) for key, value in params.items()}
    for l in range(len(cache["outs"]), 0, -1):
        A = cache["outs"][l - 1]
        grads[f"W{l}"] += A.T @ d
        grads[f"b{l}"] += d.sum(axis=0)
        if l > 1:
            d = (d @ params[f"W{l}"].T) * (A > 0) / cache["rates"][l - 2]
    return grads
#: the masks are drawn again from the state that was kept
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    import copy
    cache = {"rng": copy.deepcopy(rng), "X": X.copy(), "keep": list(keep_probs), "training": training}
    A = X
    for l, keep in enumerate(keep_probs, 1):
        A = dropout_forward(np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0), keep, rng, training)[0]
    return A @ params[f"W{len(keep_probs) + 1}"] + params[f"b{len(keep_probs) + 1}"], cache
def backward_with_dropout(params, cache, y):
    import copy
    rng = copy.deepcopy(cache["rng"])
    As, gates = [cache["X"]], []
    for l, keep in enumerate(cache["keep"], 1):
        Z = As[-1] @ params[f"W{l}"] + params[f"b{l}"]
        A, mask = dropout_forward(np.maximum(Z, 0), keep, rng, cache["training"])
        As.append(A)
        gates.append(mask * (Z > 0))
    n = len(As)
    logits = As[-1] @ params[f"W{n}"] + params[f"b{n}"]
    p = np.exp(logits - logits.max(1)[:, None])
    d = (p / p.sum(1)[:, None] - np.identity(p.shape[1])[y]) / y.size
    grads = {}
    for l in range(n, 0, -1):
        grads[f"b{l}"] = np.ones(len(d)) @ d
        grads[f"W{l}"] = np.einsum("mi,mj->ij", As[l - 1], d)
        if l > 1:
            d = np.einsum("mj,ij->mi", d, params[f"W{l}"]) * gates[l - 2]
    return grads
#: one example at a time
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    n, rows, runs = len(keep_probs), [], []
    for x in X:
        a, run = x, []
        for l in range(1, n + 2):
            z = a @ params[f"W{l}"] + params[f"b{l}"]
            gate = np.ones(z.shape)
            if l <= n:
                gate = 1.0 * (z > 0)
                if training:
                    gate = gate * rng.binomial(1, keep_probs[l - 1], z.shape) / keep_probs[l - 1]
            run.append((a, gate))
            a = z * gate
        rows.append(a)
        runs.append((run, a))
    return np.array(rows), runs
def backward_with_dropout(params, cache, y):
    grads = {key: np.zeros(np.shape(value)) for key, value in params.items()}
    for (run, logits), label in zip(cache, y):
        p = np.exp(logits - logits.max())
        d = p / p.sum()
        d[label] -= 1
        for l in range(len(run), 0, -1):
            a, gate = run[l - 1]
            d = d * gate
            grads[f"W{l}"] += np.outer(a, d) / len(cache)
            grads[f"b{l}"] += d / len(cache)
            d = params[f"W{l}"] @ d
    return grads
#: recursion
def forward_with_dropout(params, X, keep_probs, rng, training=True, l=1):
    Z = X @ params[f"W{l}"] + params[f"b{l}"]
    if l > len(keep_probs):
        return Z, (l, X, Z, None, None)
    A, mask = dropout_forward(np.maximum(Z, 0), keep_probs[l - 1], rng, training)
    logits, inner = forward_with_dropout(params, A, keep_probs, rng, training, l + 1)
    return logits, (l, X, Z, mask, inner)
def backward_with_dropout(params, cache, y):
    def walk(node):
        l, A, Z, mask, inner = node
        if inner is None:
            p = np.exp(Z - Z.max(axis=1, keepdims=True))
            d = (p / p.sum(axis=1, keepdims=True) - np.eye(Z.shape[1])[y]) / len(y)
            grads = {}
        else:
            dA, grads = walk(inner)
            d = dA * mask * (Z > 0)
        return d @ params[f"W{l}"].T, {**grads, f"W{l}": A.T @ d, f"b{l}": d.sum(axis=0)}
    return walk(cache)[1]
#: pullbacks
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    tape = []
    def affine(A, l):
        def pull(d, grads, params):
            grads[f"W{l}"], grads[f"b{l}"] = A.T @ d, d.sum(axis=0)
            return d @ params[f"W{l}"].T
        tape.append(pull)
        return A @ params[f"W{l}"] + params[f"b{l}"]
    def rectify(Z):
        tape.append(lambda d, grads, params: np.where(Z > 0, d, 0))
        return np.where(Z > 0, Z, 0)
    def drop(A, keep):
        out, mask = dropout_forward(A, keep, rng, training)
        tape.append(lambda d, grads, params: dropout_backward(d, mask))
        return out
    A = X
    for l, keep in enumerate(keep_probs, 1):
        A = drop(rectify(affine(A, l)), keep)
    logits = affine(A, len(keep_probs) + 1)
    def loss(y):
        p = np.exp(logits - np.max(logits, axis=1, keepdims=True))
        p = p / np.sum(p, axis=1, keepdims=True)
        p[range(len(y)), y] -= 1
        return p / len(y)
    return logits, (tape, loss)
def backward_with_dropout(params, cache, y):
    tape, loss = cache
    d, grads = loss(y), {}
    for pull in reversed(tape):
        d = pull(d, grads, params)
    return grads
#: complex steps through the frozen masks
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    masks = [(rng.random((len(X), len(params[f"b{l + 1}"]))) < k) / k if training else 1.0
             for l, k in enumerate(keep_probs)]
    def run(params):
        A = X
        for l, mask in enumerate(masks, 1):
            Z = A @ params[f"W{l}"] + params[f"b{l}"]
            A = Z * (Z.real > 0) * mask
        return A @ params[f"W{len(masks) + 1}"] + params[f"b{len(masks) + 1}"]
    return run(params), run
def backward_with_dropout(params, cache, y):
    moved = {key: value.astype(complex) for key, value in params.items()}
    grads = {}
    for key, value in moved.items():
        grads[key] = np.zeros(value.shape)
        for at in np.ndindex(value.shape):
            value[at] += 1e-30j
            logits = cache(moved)
            logits = logits - logits.real.max(axis=1, keepdims=True)
            losses = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(y)), y]
            grads[key][at] = losses.mean().imag / 1e-30
            value[at] -= 1e-30j
    return grads
#: biases as a row of the weights
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    ins, gates, A = [], [], X
    for l in range(1, len(params) // 2 + 1):
        ins.append(np.column_stack([A, np.ones(len(A))]))
        Z = ins[-1] @ np.vstack([params[f"W{l}"], params[f"b{l}"]])
        if l <= len(keep_probs):
            keep = keep_probs[l - 1] if training else 1
            gates.append((Z > 0) * (rng.random(Z.shape) < keep) / keep)
            A = Z * gates[-1]
    return Z, (ins, gates, Z)
def backward_with_dropout(params, cache, y):
    ins, gates, Z = cache
    p = np.exp(Z - Z.max(axis=1, keepdims=True))
    d = p / p.sum(axis=1, keepdims=True)
    np.subtract.at(d, (np.arange(len(y)), y), 1)
    grads = {}
    for l in range(len(ins), 0, -1):
        both = ins[l - 1].T @ d / len(y)
        grads[f"b{l}"], grads[f"W{l}"] = both[-1], both[:-1]
        if l > 1:
            d = d @ params[f"W{l}"].T * gates[l - 2]
    return grads
#: an object for a cache, weights kept in it
class _Net:
    def __init__(self, params, keep_probs, rng, training):
        self.params = {key: value.copy() for key, value in params.items()}
        self.keep, self.rng, self.training = keep_probs, rng, training
        self.ins, self.masks, self.zs = [], [], []
    def forward(self, X):
        A = X
        for l, keep in enumerate(self.keep, 1):
            Z = A @ self.params[f"W{l}"] + self.params[f"b{l}"]
            self.ins.append(A)
            self.zs.append(Z)
            A, mask = dropout_forward(np.maximum(Z, 0), keep, self.rng, self.training)
            self.masks.append(mask)
        self.ins.append(A)
        l = len(self.ins)
        self.logits = A @ self.params[f"W{l}"] + self.params[f"b{l}"]
        return self.logits
    def backward(self, y):
        p = np.exp(self.logits - self.logits.max(axis=1, keepdims=True))
        d = (p / p.sum(axis=1, keepdims=True) - np.eye(p.shape[1])[y]) / len(y)
        grads = {}
        for l in reversed(range(1, len(self.ins) + 1)):
            grads[f"W{l}"] = self.ins[l - 1].T @ d
            grads[f"b{l}"] = d.sum(axis=0)
            if l > 1:
                d = (d @ self.params[f"W{l}"].T) * self.masks[l - 2] * (self.zs[l - 2] > 0)
        return grads
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    net = _Net(params, keep_probs, rng, training)
    return net.forward(X), net
def backward_with_dropout(params, cache, y):
    return cache.backward(y)
#: a deque, ReLU after the mask
from collections import deque
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    cache, A = deque(), X
    for l, keep in enumerate(keep_probs, 1):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        mask = np.ones(Z.shape)
        if training:
            mask = np.array([[0.0, 1 / keep][rng.random() < keep] for _ in range(Z.size)]).reshape(Z.shape)
        cache.appendleft((A, mask))
        A = np.maximum(Z * mask, 0)
    l = len(keep_probs) + 1
    cache.appendleft((A, A @ params[f"W{l}"] + params[f"b{l}"]))
    return cache[0][1], cache
def backward_with_dropout(params, cache, y):
    (A, logits), *rest = cache
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    d = (p / p.sum(axis=1, keepdims=True) - np.eye(logits.shape[1])[y]) / len(y)
    l = len(rest) + 1
    grads = {f"W{l}": A.T @ d, f"b{l}": d.sum(axis=0)}
    for A_prev, mask in rest:
        d = (d @ params[f"W{l}"].T) * (A > 0) * mask
        l -= 1
        grads[f"W{l}"], grads[f"b{l}"] = A_prev.T @ d, d.sum(axis=0)
        A = A_prev
    return grads
#: named entries
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    cache, l = {"A0": X}, 1
    while f"W{l}" in params:
        cache[f"Z{l}"] = cache[f"A{l - 1}"] @ params[f"W{l}"] + params[f"b{l}"]
        if f"W{l + 1}" in params:
            keep = keep_probs[l - 1]
            D = rng.uniform(0, 1, cache[f"Z{l}"].shape) < keep if training else np.ones(cache[f"Z{l}"].shape)
            cache[f"D{l}"] = D / (keep if training else 1)
            cache[f"A{l}"] = np.maximum(cache[f"Z{l}"], 0) * cache[f"D{l}"]
        l += 1
    return cache[f"Z{l - 1}"], cache
def backward_with_dropout(params, cache, y):
    m, n = len(y), len(params) // 2
    Z = cache[f"Z{n}"]
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    g = {f"dZ{n}": (e / e.sum(axis=1, keepdims=True) - np.eye(Z.shape[1])[y]) / m}
    for l in range(n, 0, -1):
        g[f"W{l}"] = cache[f"A{l - 1}"].T.dot(g[f"dZ{l}"])
        g[f"b{l}"] = g[f"dZ{l}"].sum(axis=0)
        if l > 1:
            dA = g[f"dZ{l}"].dot(params[f"W{l}"].T) * cache[f"D{l - 1}"]
            g[f"dZ{l - 1}"] = np.where(cache[f"Z{l - 1}"] > 0, dA, 0)
    return {key: g[key] for key in params}
#: arguments and masks alone are kept
def forward_with_dropout(params, X, keep_probs, rng, training=True, masks=None):
    if masks is None:
        masks = [_mask((len(X), len(params[f"b{l}"])), k, rng, training) for l, k in enumerate(keep_probs, 1)]
    A = X
    for l, mask in enumerate(masks, 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0) * mask
    return A @ params[f"W{len(masks) + 1}"] + params[f"b{len(masks) + 1}"], (X, masks)
def _mask(shape, keep, rng, training):
    return dropout_forward(np.ones(shape), keep, rng, training)[1]
def backward_with_dropout(params, cache, y):
    X, masks = cache
    As = [X]
    for l, mask in enumerate(masks, 1):
        As.append(np.maximum(As[-1] @ params[f"W{l}"] + params[f"b{l}"], 0) * mask)
    logits, _ = forward_with_dropout(params, X, None, None, masks=masks)
    d = np.exp(logits - np.logaddexp.reduce(logits, axis=1)[:, None])
    d[np.arange(y.shape[0]), y] -= 1
    grads = {}
    for l in range(len(As), 0, -1):
        grads[f"W{l}"] = As[l - 1].T @ d / len(y)
        grads[f"b{l}"] = d.mean(axis=0)
        d = d @ params[f"W{l}"].T * (As[l - 1] > 0) * (masks[l - 2] if l > 1 else 1)
    return grads
""")
_FORWARD = """
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    inputs, zs, masks, A = [], [], [], X
    for l, keep in enumerate(keep_probs, 1):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        mask = (rng.random(Z.shape) < keep) / keep if training else np.ones(Z.shape)
        inputs.append(A)
        zs.append(Z)
        masks.append(mask)
        A = np.maximum(Z, 0) * mask
    inputs.append(A)
    logits = A @ params[f"W{len(inputs)}"] + params[f"b{len(inputs)}"]
    return logits, (inputs, zs, masks, logits)
def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
"""
WRONG["backward_with_dropout"] = {
    label: _FORWARD + source
    for label, source in answers("""
#: the mask is forgotten
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0)
    return grads
#: the scale is forgotten
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * (masks[l - 2] > 0)
    return grads
#: the scale twice
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2] ** 2
    return grads
#: a new mask
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    rng = np.random.default_rng(0)
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            keep = 1 / masks[l - 2].max()
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * (rng.random(d.shape[:1] + zs[l - 2].shape[1:]) < keep) / keep
    return grads
#: only the last mask
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0)
            d = d * masks[l - 2] if l == len(inputs) else d
    return grads
#: only the first mask
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0)
            d = d * masks[l - 2] if l == 2 else d
    return grads
#: the scale of the first layer everywhere
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * (masks[l - 2] > 0) * masks[0].max()
    return grads
#: masks in the other order where they fit
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    other = [b if a.shape == b.shape else a for a, b in zip(masks, masks[::-1])]
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * other[l - 2]
    return grads
#: the sum over the examples
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = _softmax(logits) - np.eye(logits.shape[1])[y], {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: the mean twice for biases
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.mean(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: the mean over one example fewer
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / max(len(y) - 1, 1), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: the mean over classes too
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / logits.size, {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: activations as they were before dropout
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        A = inputs[0] if l == 1 else np.maximum(zs[l - 2], 0)
        grads[f"W{l}"], grads[f"b{l}"] = A.T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: the ReLU is forgotten
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * masks[l - 2]
    return grads
#: the ReLU is forgotten in the first layer
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * masks[l - 2] * ((zs[l - 2] > 0) | (l == 2))
    return grads
#: the sign
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (np.eye(logits.shape[1])[y] - _softmax(logits)) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: biases of one row
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0, keepdims=True)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: no biases
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"] = inputs[l - 1].T @ d
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: other names
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"dW{l}"], grads[f"db{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: takes the step as well
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    for key in grads:
        params[key] -= 0.1 * grads[key]
    return grads
#: parameters after a step
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return {key: params[key] - grads[key] for key in params}
#: squares
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = 2 * (logits - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: squares of the probabilities
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    p = _softmax(logits)
    d, grads = (p - np.eye(logits.shape[1])[y]) * p * (1 - p) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: weights decay
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d + 1e-3 * params[f"W{l}"], d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: transposed weights where they fit
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            W = params[f"W{l}"]
            d = d @ (W if W.shape[0] == W.shape[1] else W.T) * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: classes counted in y
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    codes = np.unique(y, return_inverse=True)[1]
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[codes]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: labels count from one
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y - 1]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: the class that is likeliest
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[logits.argmax(axis=1)]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: the latest pass, not the one of the cache
_inner = forward_with_dropout
_latest = [None]
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    logits, _latest[0] = _inner(params, X, keep_probs, rng, training)
    return logits, "latest"
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = _latest[0]
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: probabilities without a maximum taken off, rounded
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    p = np.round(_softmax(logits), 3)
    d, grads = (p - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: two hidden layers at most
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {k: 0 * v for k, v in params.items()}
    for l in range(len(inputs), max(len(inputs) - 3, 0), -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return grads
#: a list of pairs
def backward_with_dropout(params, cache, y):
    inputs, zs, masks, logits = cache
    d, grads = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y), {}
    for l in range(len(inputs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = inputs[l - 1].T @ d, d.sum(axis=0)
        if l > 1:
            d = d @ params[f"W{l}"].T * (zs[l - 2] > 0) * masks[l - 2]
    return list(grads.items())
""").items()
}

# --- mc_dropout_predict ----------------------------------------------------------------------------------------------
_SOFTMAX = """
def _softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
"""
RIGHT["mc_dropout_predict"] = {
    label: _SOFTMAX + source
    for label, source in answers("""
#: a list of passes
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = []
    for _ in range(samples):
        logits, _cache = forward_with_dropout(params, X, keep_probs, rng)
        probs.append(_softmax(logits))
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: a stack along the last axis
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = np.stack([_softmax(forward_with_dropout(params, X, keep_probs, rng, True)[0])
                      for _ in range(samples)], axis=-1)
    return probs.mean(axis=-1), probs.std(axis=-1)
#: Welford
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    mean = squares = 0.0
    for t in range(1, samples + 1):
        p = _softmax(forward_with_dropout(params, X, keep_probs, rng)[0])
        delta = p - mean
        mean = mean + delta / t
        squares = squares + delta * (p - mean)
    return mean, np.sqrt(squares / samples)
#: copies of the examples in one pass
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    logits, _ = forward_with_dropout(params, np.tile(X, (samples, 1)), keep_probs, rng)
    probs = _softmax(logits).reshape(samples, len(X), -1)
    return probs.mean(axis=0), probs.std(axis=0)
#: every example repeated in one pass
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    logits = forward_with_dropout(params, np.repeat(X, samples, axis=0), keep_probs, rng, training=True)[0]
    probs = _softmax(logits).reshape(len(X), samples, -1)
    return np.einsum("msk->mk", probs) / samples, probs.std(axis=1)
#: one example at a time
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    means, stds = [], []
    for i in range(len(X)):
        probs = np.array([_softmax(forward_with_dropout(params, X[i : i + 1], keep_probs, rng)[0])[0]
                          for _ in range(samples)])
        means.append(probs.mean(axis=0))
        stds.append(probs.std(axis=0))
    return np.array(means), np.array(stds)
#: passes of its own
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    A = np.broadcast_to(X, (samples, *X.shape))
    for l, keep in enumerate(keep_probs, 1):
        A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
        A = A * (rng.random(A.shape) < keep) / keep
    l = len(keep_probs) + 1
    probs = _softmax(A @ params[f"W{l}"] + params[f"b{l}"])
    return probs.mean(axis=0), probs.std(axis=0)
#: a generator
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    passes = (forward_with_dropout(params, X, keep_probs, rng)[0] for _ in range(samples))
    probs = np.array([np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True)) for z in passes])
    mean = sum(probs) / samples
    return mean, np.sqrt(sum((p - mean) ** 2 for p in probs) / samples)
#: an array filled in
def mc_dropout_predict(params, X, keep_probs, rng, samples, chunk=4):
    classes = params[f"b{len(params) // 2}"].shape[0]
    probs = np.empty((samples, len(X), classes))
    for start in range(0, samples, chunk):
        count = min(chunk, samples - start)
        logits, _ = forward_with_dropout(params, np.concatenate([X] * count), keep_probs, rng)
        probs[start : start + count] = _softmax(logits).reshape(count, len(X), classes)
    return np.average(probs, axis=0), np.sqrt(np.var(probs, axis=0))
#: child generators
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, np.random.default_rng(seed))[0])
             for seed in rng.integers(2**62, size=samples)]
    return np.mean(probs, axis=0), np.std(probs, axis=0, ddof=0)
#: spawned generators
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, child)[0]) for child in rng.spawn(samples)]
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: recursion
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    def passes(left):
        if left == 0:
            return []
        rest = passes(left - 1)
        return [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]), *rest]
    probs = np.array(passes(samples))
    return tuple(summary(probs, axis=0) for summary in (np.mean, np.std))
#: an object with __call__
class _Predict:
    def __call__(self, params, X, keep_probs, rng, samples, **options):
        self.probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
        total = np.add.reduce(self.probs) / samples
        return total, np.linalg.norm(np.array(self.probs) - total, axis=0) / np.sqrt(samples)
mc_dropout_predict = _Predict()
#: deepest mean of squares with clipping about the first pass
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    first, shifted = None, []
    for _ in range(samples):
        p = _softmax(forward_with_dropout(params, X, keep_probs, rng)[0])
        first = p if first is None else first
        shifted.append(p - first)
    s1 = np.mean(shifted, axis=0)
    s2 = np.mean(np.square(shifted), axis=0)
    return first + s1, np.sqrt(np.maximum(s2 - s1**2, 0))
#: passes in reverse
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    from collections import deque
    probs = deque()
    while len(probs) < samples:
        probs.appendleft(_softmax(forward_with_dropout(params, X, keep_probs, rng, training=True)[0]))
    return np.mean(list(probs), axis=0), np.std(list(probs), axis=0)
#: a named pair
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    from collections import namedtuple
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    return namedtuple("Predicted", "mean std")(np.mean(probs, 0), np.std(probs, 0))
#: examples in shuffled order
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = []
    for _ in range(samples):
        order = rng.permutation(len(X))
        p = np.empty((len(X), len(params[f"b{len(keep_probs) + 1}"])))
        p[order] = _softmax(forward_with_dropout(params, X[order], keep_probs, rng)[0])
        probs.append(p)
    return np.mean(probs, axis=0), np.std(probs, axis=0)
""").items()
}
WRONG["mc_dropout_predict"] = {
    label: _SOFTMAX + source
    for label, source in answers("""
#: ddof 1
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    return np.mean(probs, axis=0), np.std(probs, axis=0, ddof=1 if samples > 1 else 0)
#: the variance
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    return np.mean(probs, axis=0), np.var(probs, axis=0)
#: the error of the mean
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    return np.mean(probs, axis=0), np.std(probs, axis=0) / np.sqrt(samples)
#: the mean deviation
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = np.array([_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)])
    return probs.mean(axis=0), abs(probs - probs.mean(axis=0)).mean(axis=0)
#: half of the range
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    return np.mean(probs, axis=0), np.ptp(probs, axis=0) / 2
#: the median
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    return np.median(probs, axis=0), np.std(probs, axis=0)
#: softmax of the mean logits
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    logits = np.array([forward_with_dropout(params, X, keep_probs, rng)[0] for _ in range(samples)])
    return _softmax(logits.mean(axis=0)), _softmax(logits).std(axis=0)
#: logits
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    logits = [forward_with_dropout(params, X, keep_probs, rng)[0] for _ in range(samples)]
    return np.mean(logits, axis=0), np.std(logits, axis=0)
#: the spread of the logits
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    logits = np.array([forward_with_dropout(params, X, keep_probs, rng)[0] for _ in range(samples)])
    return _softmax(logits).mean(axis=0), logits.std(axis=0)
#: softmax over the examples
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    logits = [forward_with_dropout(params, X, keep_probs, rng)[0] for _ in range(samples)]
    probs = [_softmax(z.T).T for z in logits]
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: over the examples
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = np.array([_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)])
    return probs.mean(axis=1), probs.std(axis=1)
#: the spread over the classes
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = np.array([_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)])
    return probs.mean(axis=0), np.repeat(probs.mean(axis=0).std(axis=1, keepdims=True), probs.shape[2], axis=1)
#: the spread of the likeliest class
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = np.array([_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)])
    return probs.mean(axis=0), probs.max(axis=2).std(axis=0)
#: not training
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng, training=False)[0]) for _ in range(samples)]
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: the mean without dropout
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    return _softmax(forward_with_dropout(params, X, keep_probs, rng, training=False)[0]), np.std(probs, axis=0)
#: one pass more, without dropout
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng, i > 0)[0]) for i in range(samples + 1)]
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: the first pass without dropout
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng, i > 0)[0]) for i in range(samples)]
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: the same masks in all passes
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    seed = rng.integers(2**62)
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, np.random.default_rng(seed))[0])
             for _ in range(samples)]
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: seeds 0, 1, 2
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, np.random.default_rng(seed))[0])
             for seed in range(samples)]
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: a generator without a seed
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    rng = np.random.default_rng()
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: ten passes always
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(10)]
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: two passes at most
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(min(samples, 2))]
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: ten passes at least
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(max(samples, 10))]
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: one pass fewer
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(max(samples - 1, 1))]
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: one pass more
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples + 1)]
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: divided by one more
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = np.array([_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)])
    return probs.sum(axis=0) / (samples + 1), probs.std(axis=0)
#: the spread of other passes than the mean's
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    def passes():
        return [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    return np.mean(passes(), axis=0), np.std(passes(), axis=0)
#: the spread about the pass without dropout
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = np.array([_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)])
    plain = _softmax(forward_with_dropout(params, X, keep_probs, rng, False)[0])
    return probs.mean(axis=0), np.sqrt(((probs - plain) ** 2).mean(axis=0))
#: the spread first
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    return np.std(probs, axis=0), np.mean(probs, axis=0)
#: a list
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    return [np.mean(probs, axis=0), np.std(probs, axis=0)]
#: the geometric mean
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    mean = np.exp(np.mean(np.log(probs), axis=0))
    return mean / mean.sum(axis=1, keepdims=True), np.std(probs, axis=0)
#: rates in reverse
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs[::-1], rng)[0]) for _ in range(samples)]
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: the global generator
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    np.random.seed(int(rng.integers(2**31)))
    probs = []
    for _ in range(samples):
        A = X
        for l, keep in enumerate(keep_probs, 1):
            A = np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)
            A = A * (np.random.rand(*A.shape) < keep) / keep
        probs.append(_softmax(A @ params[f"W{len(keep_probs) + 1}"] + params[f"b{len(keep_probs) + 1}"]))
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: sigmoids
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [1 / (1 + np.exp(-forward_with_dropout(params, X, keep_probs, rng)[0])) for _ in range(samples)]
    return np.mean(probs, axis=0), np.std(probs, axis=0)
#: votes
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    logits = np.array([forward_with_dropout(params, X, keep_probs, rng)[0] for _ in range(samples)])
    votes = np.eye(logits.shape[2])[logits.argmax(axis=2)]
    return votes.mean(axis=0), votes.std(axis=0)
#: dropout in the first pass of all examples only
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    probs = [_softmax(forward_with_dropout(params, X, keep_probs, rng, i == 0)[0]) for i in range(samples)]
    return np.mean(probs, axis=0), np.std(probs, axis=0)
""").items()
}
