"""Answers to lesson 00 that were written from the curriculum alone, and what the judge must say of each."""

from __future__ import annotations

from .examining import answers

RIGHT: dict[str, dict[str, str]] = {}
WRONG: dict[str, dict[str, str]] = {}

# --- relu ------------------------------------------------------------------------------------------------------------
RIGHT["relu"] = answers("""
#: loop over the flat entries
def relu(z):
    out = np.empty_like(z)
    for i, value in enumerate(z.flat):
        out.flat[i] = value if value > 0 else 0
    return out
#: clip
def relu(z):
    return np.clip(z, 0, None)
#: times its own sign
def relu(z):
    return z * (z > 0)
#: half of z plus its size
def relu(z):
    return (z + np.abs(z)) / 2
#: select
def relu(z):
    return np.select([z > 0, z <= 0], [z, 0])
#: piecewise
def relu(z):
    return np.piecewise(z, [z > 0], [lambda v: v, 0])
#: heaviside
def relu(z):
    return z * np.heaviside(z, 0.0)
#: recursion over the axes
def relu(z):
    if np.ndim(z) == 0:
        return max(z, 0)
    return np.array([relu(part) for part in z])
#: an object with __call__
class _Relu:
    def __call__(self, z):
        return np.fmax(z, 0)
relu = _Relu()
#: a partial of an own function
import functools
def _above(floor, z):
    return np.where(z > floor, z, floor)
relu = functools.partial(_above, 0.0)
#: a lambda over a stack
relu = lambda z: np.stack([z, np.zeros_like(z)]).max(axis=0)
#: out on a copy
def relu(z, *, inplace=False):
    result = z if inplace else z.copy()
    return np.maximum(result, 0, out=result)
#: a mask on a copy
def relu(z):
    result = np.array(z)
    result[result < 0] = 0
    return result
#: float32
def relu(z):
    return np.maximum(z, 0).astype(np.float32)
#: Fortran order
def relu(z):
    return np.asfortranarray(np.maximum(z, 0))
#: vectorize with a decorator
@np.vectorize(otypes=[float])
def relu(z):
    return z if z >= 0 else 0.0
#: the input itself where nothing changes
def relu(z):
    return z if np.all(z >= 0) else np.maximum(z, 0)
#: an array of Python numbers
def relu(z):
    return np.frompyfunc(lambda v: max(v, 0.0), 1, 1)(z)
#: minus the smaller part
def relu(z, *args, **kwargs):
    return z - np.minimum(z, 0)
#: ufunc.at
def relu(z):
    out = z.copy()
    np.multiply.at(out, np.nonzero(z < 0), 0)
    return out
""")
WRONG["relu"] = answers("""
#: the size
def relu(z):
    return np.abs(z)
#: the derivative
def relu(z):
    return (z > 0) * 1.0
#: in place
def relu(z):
    z[z < 0] = 0
    return z
#: in place through out
def relu(z):
    return np.maximum(z, 0, out=z)
#: leaky
def relu(z):
    return np.where(z > 0, z, 0.01 * z)
#: capped at six
def relu(z):
    return np.clip(z, 0, 6)
#: a small floor
def relu(z):
    return np.maximum(z, 1e-7)
#: a list
def relu(z):
    return np.maximum(z, 0).tolist()
#: two axes only
def relu(z):
    out = np.zeros_like(z)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            out[i, j] = max(z[i, j], 0)
    return out
#: whole numbers only
def relu(z):
    return np.maximum(z, 0).astype(int)
#: axes of length one lost
def relu(z):
    return np.squeeze(np.maximum(z, 0))
#: flattened
def relu(z):
    return np.maximum(z, 0).ravel()
#: softplus
def relu(z):
    return np.log1p(np.exp(z))
#: the larger of the whole array
def relu(z):
    return max(z.max(), 0)
#: the last column is left
def relu(z):
    out = z.copy()
    out[..., :-1] = np.maximum(out[..., :-1], 0)
    return out
#: the smaller
def relu(z):
    return np.minimum(z, 0)
#: small ones die too
def relu(z):
    return np.where(z > 0.1, z, 0.0)
#: nothing is returned
def relu(z):
    np.maximum(z, 0)
#: transposed
def relu(z):
    return np.maximum(z, 0).T
""")

# --- leaky_relu ------------------------------------------------------------------------------------------------------
RIGHT["leaky_relu"] = answers("""
#: the larger of both lines
def leaky_relu(z, slope=0.01):
    return np.maximum(z, slope * z)
#: two halves
def leaky_relu(z, slope=0.01):
    return np.maximum(z, 0) + slope * np.minimum(z, 0)
#: both halves from the size
def leaky_relu(z, slope=0.01):
    return ((1 + slope) * z + (1 - slope) * np.abs(z)) / 2
#: from relu
def leaky_relu(z, slope=0.01):
    return relu(z) - slope * relu(-z)
#: where, the other way round
def leaky_relu(z, slope=0.01):
    return np.where(z < 0, np.multiply(z, slope), z)
#: a mask of factors
def leaky_relu(z, slope=0.01):
    factors = np.ones(z.shape)
    factors[z <= 0] = slope
    return factors * z
#: piecewise on floats
def leaky_relu(z, slope=0.01):
    z = np.asarray(z, dtype=float)
    return np.piecewise(z, [z > 0, z <= 0], [lambda v: v, lambda v, s: s * v][:1] + [lambda v: slope * v])
#: loop
def leaky_relu(z, slope=0.01):
    out = np.empty(z.shape)
    for index in np.ndindex(*z.shape):
        out[index] = z[index] if z[index] > 0 else slope * z[index]
    return out
#: list and reshape
def leaky_relu(z, slope=0.01, *, dtype=float):
    return np.array([v if v > 0 else slope * v for v in z.ravel()], dtype=dtype).reshape(z.shape)
#: fromiter over a generator
def leaky_relu(z, slope=0.01):
    return np.fromiter((max(v, slope * v) for v in z.flat), float, z.size).reshape(z.shape)
#: an object with __call__
class _Leaky:
    default = 0.01
    def __call__(self, z, slope=default):
        return np.where(z > 0, 1.0, slope) * z
leaky_relu = _Leaky()
#: multiply with where and out
def leaky_relu(z, slope=0.01):
    out = z.astype(float)
    np.multiply(out, slope, out=out, where=z <= 0)
    return out
#: select with a default
def leaky_relu(z, slope=0.01):
    return np.select([z >= 0], [z], slope * z)
#: float32
def leaky_relu(z, slope=0.01):
    return np.maximum(z, slope * z).astype(np.float32)
#: einsum of parts
def leaky_relu(z, slope=0.01):
    parts = np.stack([np.clip(z, 0, None), np.clip(z, None, 0)])
    return np.einsum("p,p...->...", np.array([1.0, slope]), parts)
#: the dtype of the input, which is float64
def leaky_relu(z, slope=0.01):
    out = np.empty_like(z)
    for i, v in enumerate(z.flat):
        out.flat[i] = v if v > 0 else slope * v
    return out
#: piecewise in the dtype of the input
def leaky_relu(z, slope=0.01):
    return np.piecewise(z, [z > 0], [lambda v: v, lambda v: slope * v])
""")
WRONG["leaky_relu"] = answers("""
#: another default
def leaky_relu(z, slope=0.1):
    return np.where(z > 0, z, slope * z)
#: the slope is fixed
def leaky_relu(z, slope=0.01):
    return np.where(z > 0, z, 0.01 * z)
#: slope zero taken for missing
def leaky_relu(z, slope=0.01):
    slope = slope or 0.01
    return np.where(z > 0, z, slope * z)
#: the sign turns
def leaky_relu(z, slope=0.01):
    return np.where(z > 0, z, -slope * z)
#: a floor at the slope
def leaky_relu(z, slope=0.01):
    return np.maximum(z, slope)
#: added, not multiplied
def leaky_relu(z, slope=0.01):
    return np.where(z > 0, z, z + slope)
#: the other half is scaled
def leaky_relu(z, slope=0.01):
    return np.where(z > 0, slope * z, z)
#: in place
def leaky_relu(z, slope=0.01):
    z *= np.where(z > 0, 1, slope)
    return z
#: the parameter has another name
def leaky_relu(z, alpha=0.01):
    return np.where(z > 0, z, alpha * z)
#: slope by keyword alone
def leaky_relu(z, *, slope=0.01):
    return np.where(z > 0, z, slope * z)
#: no default
def leaky_relu(z, slope):
    return np.where(z > 0, z, slope * z)
#: zero below
def leaky_relu(z, slope=0.01):
    return np.maximum(z, 0)
#: capped below
def leaky_relu(z, slope=0.01):
    return np.maximum(np.where(z > 0, z, slope * z), -1.0)
#: a list
def leaky_relu(z, slope=0.01):
    return [v for v in np.maximum(z, slope * z)]
#: first axis only
def leaky_relu(z, slope=0.01):
    return np.maximum(z, slope * z)[0]
#: slope squared
def leaky_relu(z, slope=0.01):
    return np.where(z > 0, z, slope**2 * z)
""")

# --- elu -------------------------------------------------------------------------------------------------------------
RIGHT["elu"] = answers("""
#: expm1 of the lower part
def elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))
#: sum of both parts
def elu(z, alpha=1.0):
    return np.maximum(z, 0) + alpha * (np.exp(np.minimum(z, 0)) - 1)
#: exp everywhere, unused where too large
def elu(z, alpha=1.0):
    return np.where(z <= 0, alpha * (np.exp(z) - 1), z)
#: loop with math
def elu(z, alpha=1.0):
    import math
    return np.array([v if v > 0 else alpha * math.expm1(v) for v in z.flat], dtype=float).reshape(z.shape)
#: masks on a float copy
def elu(z, alpha=1.0):
    out = np.array(z, dtype=float)
    low = out <= 0
    out[low] = alpha * (np.e ** out[low] - 1)
    return out
#: ufunc with where
def elu(z, alpha=1.0):
    out = z.astype(float)
    np.expm1(out, out=out, where=z <= 0)
    np.multiply(out, alpha, out=out, where=z <= 0)
    return out
#: piecewise on floats
def elu(z, alpha=1.0):
    return np.piecewise(z.astype(float), [z > 0], [lambda v: v, lambda v: alpha * np.expm1(v)])
#: select
def elu(z, alpha=1.0):
    return np.select([z > 0], [z], default=alpha * np.exp(z) - alpha)
#: tanh identity
def elu(z, alpha=1.0):
    low = np.minimum(z, 0) / 2
    t = np.tanh(low)
    return np.maximum(z, 0) + alpha * 2 * t / (1 - t)
#: relu of both signs
def elu(z, alpha=1.0):
    return relu(z) + alpha * np.expm1(-relu(-z))
#: vectorize
def elu(z, alpha=1.0):
    return np.vectorize(lambda v: float(v) if v > 0 else alpha * (np.exp(v) - 1), otypes=[float])(z)
#: a closure
def _make():
    def elu(z, alpha=1.0, **unused):
        lower = np.expm1(np.clip(z, None, 0.0))
        lower *= alpha
        return lower + np.clip(z, 0.0, None)
    return elu
elu = _make()
#: float32
def elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0))).astype("float32")
#: putmask
def elu(z, alpha=1.0):
    out = alpha * np.expm1(np.minimum(z, 0))
    np.putmask(out, z > 0, z)
    return out
#: the dtype of the input, which is float64
def elu(z, alpha=1.0):
    out = z.copy()
    out[z <= 0] = alpha * np.expm1(z[z <= 0])
    return out
""")
WRONG["elu"] = answers("""
#: alpha is forgotten
def elu(z, alpha=1.0):
    return np.where(z > 0, z, np.exp(z) - 1)
#: alpha in the exponent
def elu(z, alpha=1.0):
    return np.where(z > 0, z, np.exp(alpha * z) - 1)
#: alpha in both places
def elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * (np.exp(alpha * z) - 1))
#: minus one outside alpha
def elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.exp(z) - 1)
#: no minus one
def elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.exp(z))
#: one minus
def elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * (1 - np.exp(z)))
#: alpha scales the upper part too
def elu(z, alpha=1.0):
    return alpha * np.where(z > 0, z, np.exp(z) - 1)
#: the selu scale
def elu(z, alpha=1.0):
    return 1.0507 * np.where(z > 0, z, alpha * (np.exp(z) - 1))
#: another default
def elu(z, alpha=1.6733):
    return np.where(z > 0, z, alpha * (np.exp(z) - 1))
#: zero times infinity
def elu(z, alpha=1.0):
    return (z > 0) * z + (z <= 0) * alpha * (np.exp(z) - 1)
#: in place
def elu(z, alpha=1.0):
    z[z <= 0] = alpha * (np.exp(z[z <= 0]) - 1)
    return z
#: base two
def elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * (2.0 ** np.minimum(z, 0) - 1))
#: linear below minus one
def elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.maximum(z, -1))
#: named slope
def elu(z, slope=1.0):
    return np.where(z > 0, z, slope * (np.exp(np.minimum(z, 0)) - 1))
#: the larger of both
def elu(z, alpha=1.0):
    return np.maximum(z, alpha * (np.exp(np.minimum(z, 0)) - 1))
#: axes of length one lost
def elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0))).squeeze()
""")

# --- prelu_backward --------------------------------------------------------------------------------------------------
RIGHT["prelu_backward"] = answers("""
#: where twice
def prelu_backward(da, z, slope):
    return np.where(z > 0, da, slope * da), float(np.where(z > 0, 0, da * z).sum())
#: masks
def prelu_backward(da, z, slope):
    off = z <= 0
    dz = da.astype(float)
    dz[off] *= slope
    return dz, np.sum(da[off] * z[off])
#: dot of the lower part
def prelu_backward(da, z, slope):
    factors = (z > 0) + slope * (z <= 0)
    return factors * da, np.dot(da.ravel(), np.minimum(z, 0).ravel())
#: einsum to a 0-d array
def prelu_backward(da, z, slope):
    dslope = np.asarray(np.einsum("i,i->", da.reshape(-1), np.clip(z, None, 0).reshape(-1)))
    return da * np.where(z <= 0, slope, 1.0), dslope
#: loop
def prelu_backward(da, z, slope):
    dz, dslope = np.empty(z.shape), 0.0
    for i in np.ndindex(z.shape):
        if z[i] > 0:
            dz[i] = da[i]
        else:
            dz[i] = slope * da[i]
            dslope += da[i] * z[i]
    return dz, dslope
#: named tuple
import collections
Gradients = collections.namedtuple("Gradients", "dz dslope")
def prelu_backward(da, z, slope):
    return Gradients(np.where(z > 0, da, da * slope), np.vdot(da, z * (z <= 0)))
#: fsum
def prelu_backward(da, z, slope):
    import math
    dslope = math.fsum(d * v for d, v in zip(da.flat, z.flat) if v <= 0)
    return np.select([z > 0, z <= 0], [da, slope * da]), dslope
#: tensordot
def prelu_backward(da, z, slope):
    lower = np.minimum(z, 0)
    return da - (1 - slope) * da * (z <= 0), np.tensordot(da, lower, axes=da.ndim)
#: a numpy scalar from relu
def prelu_backward(da, z, slope):
    return np.multiply(da, np.piecewise(z.astype(float), [z > 0], [1.0, slope])), -(da * relu(-z)).sum()
#: float32
def prelu_backward(da, z, slope):
    dz = np.where(z > 0, da, slope * da).astype(np.float32)
    return dz, np.float32(np.where(z <= 0, da * z, 0).sum())
#: sums over one axis after the other
def prelu_backward(da, z, slope, axis=None):
    total = da * np.minimum(z, 0.0)
    while np.ndim(total):
        total = total.sum(axis=-1)
    return np.where(z > 0, 1, slope) * da, total
#: tuple of a generator
def prelu_backward(da, z, slope):
    def parts():
        on = z > 0
        yield da * on + slope * da * ~on
        yield (da * z * ~on).sum()
    return tuple(parts())
""")
WRONG["prelu_backward"] = answers("""
#: zero belongs above
def prelu_backward(da, z, slope):
    return np.where(z < 0, slope * da, da), np.where(z < 0, da * z, 0).sum()
#: one for each column
def prelu_backward(da, z, slope):
    return np.where(z > 0, da, slope * da), np.where(z > 0, 0, da * z).sum(axis=0)
#: the mean
def prelu_backward(da, z, slope):
    return np.where(z > 0, da, slope * da), np.where(z > 0, 0, da * z).mean()
#: divided by the examples
def prelu_backward(da, z, slope):
    return np.where(z > 0, da, slope * da), np.where(z > 0, 0, da * z).sum() / len(z)
#: without da
def prelu_backward(da, z, slope):
    return np.where(z > 0, da, slope * da), np.minimum(z, 0).sum()
#: without z
def prelu_backward(da, z, slope):
    return np.where(z > 0, da, slope * da), da[z <= 0].sum()
#: over all of z
def prelu_backward(da, z, slope):
    return np.where(z > 0, da, slope * da), (da * z).sum()
#: times slope again
def prelu_backward(da, z, slope):
    return np.where(z > 0, da, slope * da), slope * np.where(z > 0, 0, da * z).sum()
#: a list
def prelu_backward(da, z, slope):
    return [np.where(z > 0, da, slope * da), np.where(z > 0, 0, da * z).sum()]
#: the other order
def prelu_backward(da, z, slope):
    return np.where(z > 0, 0, da * z).sum(), np.where(z > 0, da, slope * da)
#: an array of one
def prelu_backward(da, z, slope):
    return np.where(z > 0, da, slope * da), np.array([np.where(z > 0, 0, da * z).sum()])
#: dz without da
def prelu_backward(da, z, slope):
    return np.where(z > 0, 1.0, slope), np.where(z > 0, 0, da * z).sum()
#: decided by da
def prelu_backward(da, z, slope):
    return np.where(da > 0, da, slope * da), np.where(da > 0, 0, da * z).sum()
#: zero below, as relu
def prelu_backward(da, z, slope):
    return np.where(z > 0, da, 0), np.where(z > 0, 0, da * z).sum()
#: da is changed
def prelu_backward(da, z, slope):
    dslope = (da * np.minimum(z, 0)).sum()
    da[z <= 0] *= slope
    return da, dslope
#: the sign
def prelu_backward(da, z, slope):
    return np.where(z > 0, da, slope * da), np.abs(np.where(z > 0, 0, da * z)).sum()
#: dz alone
def prelu_backward(da, z, slope):
    return np.where(z > 0, da, slope * da)
#: z only is changed in a corner
def prelu_backward(da, z, slope):
    np.minimum(z, 0, out=z, where=z > 2)
    return np.where(z > 0, da, slope * da), np.where(z > 0, 0, da * z).sum()
""")

# --- maxout ----------------------------------------------------------------------------------------------------------
RIGHT["maxout"] = answers("""
#: three axes
def maxout(z, pieces):
    m, n = z.shape
    return z.reshape(m, n // pieces, pieces).max(axis=2)
#: reduceat
def maxout(z, pieces):
    return np.maximum.reduceat(z, np.arange(0, z.shape[1], pieces), axis=1)
#: loop over units
def maxout(z, pieces):
    k = z.shape[1] // pieces
    out = np.empty((z.shape[0], k))
    for j in range(k):
        out[:, j] = z[:, j * pieces:(j + 1) * pieces].max(axis=1)
    return out
#: loop over pieces
def maxout(z, pieces):
    import functools
    return functools.reduce(np.maximum, (z[:, p::pieces] for p in range(pieces)))
#: split and stack
def maxout(z, pieces):
    return np.stack([part.max(axis=1) for part in np.hsplit(z, z.shape[1] // pieces)], axis=1)
#: sliding windows
def maxout(z, pieces):
    return np.lib.stride_tricks.sliding_window_view(z, pieces, axis=1)[:, ::pieces].max(axis=-1)
#: three loops
def maxout(z, pieces):
    rows = []
    for row in z:
        rows.append([max(row[s:s + pieces]) for s in range(0, len(row), pieces)])
    return np.array(rows)
#: sort and take the last
def maxout(z, pieces):
    return np.sort(z.reshape(len(z), -1, pieces), axis=-1)[..., -1]
#: argmax and take
def maxout(z, pieces):
    parts = z.reshape(z.shape[0], -1, pieces)
    best = parts.argmax(axis=2, keepdims=True)
    return np.take_along_axis(parts, best, axis=2)[:, :, 0]
#: columns through a transpose
def maxout(z, pieces):
    return z.T.reshape(-1, pieces, len(z)).max(axis=1).T
#: all rows at once
def maxout(z, pieces, axis=1):
    return np.reshape(np.ascontiguousarray(z), (-1, pieces)).max(axis=1).reshape(len(z), -1)
#: Fortran order and float32
def maxout(z, pieces):
    return np.asfortranarray(z.reshape(len(z), -1, pieces).max(2)).astype(np.float32)
#: the smallest of minus z
def maxout(z, pieces):
    return -np.amin((-z).reshape(len(z), -1, pieces), axis=2)
#: partition
def maxout(z, pieces):
    return np.partition(z.reshape(len(z), -1, pieces), pieces - 1, axis=2)[:, :, pieces - 1]
#: maximum.at
def maxout(z, pieces):
    out = np.full((z.shape[1] // pieces, len(z)), -np.inf)
    np.maximum.at(out, np.arange(z.shape[1]) // pieces, z.T)
    return out.T
""")
WRONG["maxout"] = answers("""
#: interleaved
def maxout(z, pieces):
    return z.reshape(len(z), pieces, -1).max(axis=1)
#: the number of units for pieces
def maxout(z, pieces):
    return z.reshape(len(z), pieces, -1).max(axis=2)
#: the mean
def maxout(z, pieces):
    return z.reshape(len(z), -1, pieces).mean(axis=2)
#: always two
def maxout(z, pieces):
    return z.reshape(len(z), -1, 2).max(axis=2)
#: the first two of each
def maxout(z, pieces):
    return z.reshape(len(z), -1, pieces)[:, :, :2].max(axis=2)
#: starts from zero
def maxout(z, pieces):
    out = np.zeros((len(z), z.shape[1] // pieces))
    for j in range(z.shape[1]):
        out[:, j // pieces] = np.maximum(out[:, j // pieces], z[:, j])
    return out
#: an axis too many
def maxout(z, pieces):
    return z.reshape(len(z), -1, pieces).max(axis=2, keepdims=True)
#: axes of length one lost
def maxout(z, pieces):
    return np.squeeze(z.reshape(len(z), -1, pieces).max(axis=2))
#: the largest size
def maxout(z, pieces):
    parts = z.reshape(len(z), -1, pieces)
    best = np.abs(parts).argmax(axis=2)[..., None]
    return np.take_along_axis(parts, best, 2)[..., 0]
#: positions
def maxout(z, pieces):
    return z.reshape(len(z), -1, pieces).argmax(axis=2)
#: transposed
def maxout(z, pieces):
    return z.reshape(len(z), -1, pieces).max(axis=2).T
#: the last unit is lost
def maxout(z, pieces):
    k = z.shape[1] // pieces
    return np.stack([z[:, j * pieces:(j + 1) * pieces].max(1) for j in range(max(k - 1, 1))], axis=1)
#: the last piece is lost
def maxout(z, pieces):
    return z.reshape(len(z), -1, pieces)[:, :, :max(pieces - 1, 1)].max(axis=2)
#: over the examples
def maxout(z, pieces):
    return z.reshape(-1, pieces, z.shape[1]).max(axis=1)
#: overlapping windows
def maxout(z, pieces):
    return np.lib.stride_tricks.sliding_window_view(z, pieces, axis=1).max(axis=2)
#: a list
def maxout(z, pieces):
    return z.reshape(len(z), -1, pieces).max(axis=2).tolist()
#: sorts the input
def maxout(z, pieces):
    parts = z.reshape(len(z), -1, pieces)
    parts.sort(axis=2)
    return parts[:, :, -1]
#: whole numbers
def maxout(z, pieces):
    return z.reshape(len(z), -1, pieces).max(axis=2).astype(int)
""")

# --- softmax ---------------------------------------------------------------------------------------------------------
RIGHT["softmax"] = answers("""
#: shifted by the row's largest
def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
#: logaddexp
def softmax(logits):
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
#: loop with math
def softmax(logits):
    import math
    rows = []
    for row in logits:
        top = max(row)
        weights = [math.exp(v - top) for v in row]
        rows.append([w / math.fsum(weights) for w in weights])
    return np.array(rows)
#: apply_along_axis
def softmax(logits):
    def one(row):
        e = np.exp(row - np.max(row))
        return e / np.sum(e)
    return np.apply_along_axis(one, 1, logits)
#: one class against each other
def softmax(logits):
    with np.errstate(over="ignore"):
        return 1 / np.exp(logits[:, None, :] - logits[:, :, None]).sum(axis=2)
#: transposed
def softmax(logits):
    e = np.exp(logits.T - logits.T.max(axis=0))
    return (e / e.sum(axis=0)).T
#: einsum
def softmax(logits):
    e = np.exp(logits - np.amax(logits, axis=-1)[:, np.newaxis])
    return np.einsum("ij,i->ij", e, 1 / np.einsum("ij->i", e))
#: out on a copy
def softmax(logits, axis=1):
    out = logits.astype(np.float64)
    np.subtract(out, out.max(axis=axis, keepdims=True), out=out)
    np.exp(out, out=out)
    out /= out.sum(axis=axis, keepdims=True)
    return out
#: through a log-softmax of its own
def softmax(logits):
    top = np.max(logits, axis=1, keepdims=True)
    return np.exp(logits - top - np.log(np.exp(logits - top).sum(1, keepdims=True)))
#: long double
def softmax(logits):
    e = np.exp(logits.astype(np.longdouble) - np.max(logits, axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).astype(float)
#: a matrix product for the sum
def softmax(logits):
    e = np.exp(logits - np.sort(logits, axis=1)[:, -1:])
    return e / (e @ np.ones((logits.shape[1], 1)))
#: long double results
def softmax(logits):
    e = np.exp(logits.astype(np.longdouble) - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
#: float32
def softmax(logits):
    e = np.exp(logits - logits.max(1)[:, None])
    return np.divide(e, e.sum(1)[:, None]).astype(np.float32)
#: two passes over the shift
def softmax(logits):
    shifted = logits - np.maximum.reduce(logits, axis=1).reshape(-1, 1)
    e = np.where(shifted < -740, 0.0, np.exp(shifted))
    return e / np.add.reduce(e, axis=1).reshape(-1, 1)
#: an online sum
def softmax(logits):
    top = np.full(len(logits), -np.inf)
    total = np.zeros(len(logits))
    for column in logits.T:
        new = np.maximum(top, column)
        total = total * np.exp(top - new) + np.exp(column - new)
        top = new
    return np.asfortranarray(np.exp(logits - top[:, None]) / total[:, None])
""")
WRONG["softmax"] = answers("""
#: overflows
def softmax(logits):
    e = np.exp(logits)
    return e / e.sum(axis=1, keepdims=True)
#: over the examples
def softmax(logits):
    e = np.exp(logits - logits.max(axis=0))
    return e / e.sum(axis=0)
#: over everything
def softmax(logits):
    e = np.exp(logits - logits.max())
    return e / e.sum()
#: one shift for all rows
def softmax(logits):
    e = np.exp(logits - logits.max())
    return e / e.sum(axis=1, keepdims=True)
#: eps below the line
def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / (e.sum(axis=1, keepdims=True) + 1e-4)
#: clipped probabilities
def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.clip(e / e.sum(axis=1, keepdims=True), 1e-7, 1 - 1e-7)
#: clipped logits
def softmax(logits):
    e = np.exp(np.clip(logits, -500, 500))
    return e / e.sum(axis=1, keepdims=True)
#: shifted by the mean
def softmax(logits):
    e = np.exp(logits - logits.mean(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
#: shifted by the smallest
def softmax(logits):
    e = np.exp(logits - logits.min(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
#: base two
def softmax(logits):
    e = 2.0 ** (logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
#: in place
def softmax(logits):
    logits -= logits.max(axis=1, keepdims=True)
    e = np.exp(logits)
    return e / e.sum(axis=1, keepdims=True)
#: sigmoids
def softmax(logits):
    return 0.5 * (1 + np.tanh(logits / 2))
#: without exp
def softmax(logits):
    e = logits - logits.min(axis=1, keepdims=True) + 1
    return e / e.sum(axis=1, keepdims=True)
#: logarithms
def softmax(logits):
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
#: NaN made zero
def softmax(logits):
    with np.errstate(all="ignore"):
        e = np.exp(logits)
        return np.nan_to_num(e / e.sum(axis=1, keepdims=True))
#: one-hot
def softmax(logits):
    return (logits == logits.max(axis=1, keepdims=True)).astype(float)
#: standardised first
def softmax(logits):
    z = (logits - logits.mean(1, keepdims=True)) / (logits.std(1, keepdims=True) + 1e-9)
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)
#: rounded
def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.round(e / e.sum(axis=1, keepdims=True), 4)
""")

# --- log_softmax -----------------------------------------------------------------------------------------------------
RIGHT["log_softmax"] = answers("""
#: shift, then the log of the sum
def log_softmax(logits):
    z = logits - logits.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))
#: logaddexp
def log_softmax(logits):
    return logits - np.logaddexp.reduce(logits, axis=1)[:, None]
#: loop with math
def log_softmax(logits):
    import math
    out = np.empty(logits.shape)
    for i, row in enumerate(logits):
        top = float(max(row))
        total = top + math.log(sum(math.exp(float(v) - top) for v in row))
        for j, v in enumerate(row):
            out[i, j] = v - total
    return out
#: minus the log of ratios
def log_softmax(logits):
    return -np.logaddexp.reduce(logits[:, None, :] - logits[:, :, None], axis=2)
#: log1p of the others
def log_softmax(logits):
    order = np.sort(logits, axis=1)[:, ::-1]
    top = order[:, :1]
    return logits - top - np.log1p(np.exp(order[:, 1:] - top).sum(axis=1, keepdims=True))
#: transposed
def log_softmax(logits):
    z = logits.T - logits.T.max(axis=0)
    return (z - np.log(np.exp(z).sum(axis=0))).T
#: recursion over rows
def log_softmax(logits):
    if logits.ndim == 1:
        z = logits - logits.max()
        return z - np.log(np.exp(z).sum())
    return np.stack([log_softmax(row) for row in logits])
#: einsum
def log_softmax(logits):
    z = np.subtract(logits, np.max(logits, axis=-1, keepdims=True))
    return z - np.log(np.einsum("ij->i", np.exp(z)))[:, np.newaxis]
#: from softmax of the largest
def log_softmax(logits):
    top = logits.argmax(axis=1)
    rows = np.arange(len(logits))
    return logits - logits[rows, top][:, None] + np.log(softmax(logits)[rows, top])[:, None]
#: reduce over columns
def log_softmax(logits):
    import functools
    return logits - functools.reduce(np.logaddexp, logits.T).reshape(-1, 1)
#: apply_along_axis
def log_softmax(logits):
    return np.apply_along_axis(lambda v: v - v.max() - np.log(np.exp(v - v.max()).sum()), 1, logits)
#: float32
def log_softmax(logits):
    z = logits - logits.max(axis=1, keepdims=True)
    return (z - np.log(np.exp(z).sum(axis=1, keepdims=True))).astype(np.float32)
#: an object with __call__
class _LogSoftmax:
    def __init__(self, axis):
        self.axis = axis
    def __call__(self, logits):
        top = logits.max(self.axis, keepdims=True)
        return logits - (top + np.log(np.sum(np.exp(logits - top), self.axis, keepdims=True)))
log_softmax = _LogSoftmax(1)
""")
WRONG["log_softmax"] = answers("""
#: the log of softmax
def log_softmax(logits):
    return np.log(softmax(logits))
#: something small in the log
def log_softmax(logits):
    return np.log(softmax(logits) + 1e-12)
#: the smallest positive number in the log
def log_softmax(logits):
    return np.log(np.maximum(softmax(logits), 1e-300))
#: infinities made numbers
def log_softmax(logits):
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.log(softmax(logits)))
#: no shift
def log_softmax(logits):
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
#: the shift is forgotten outside
def log_softmax(logits):
    z = logits - logits.max(axis=1, keepdims=True)
    return logits - np.log(np.exp(z).sum(axis=1, keepdims=True))
#: over the examples
def log_softmax(logits):
    return logits - np.logaddexp.reduce(logits, axis=0)
#: over everything
def log_softmax(logits):
    return logits - np.logaddexp.reduce(logits.ravel())
#: one shift for all rows
def log_softmax(logits):
    z = logits - logits.max()
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))
#: base two
def log_softmax(logits):
    z = logits - logits.max(axis=1, keepdims=True)
    return (z - np.log(np.exp(z).sum(axis=1, keepdims=True))) / np.log(2)
#: base ten
def log_softmax(logits):
    z = logits - logits.max(axis=1, keepdims=True)
    return z - np.log10(np.exp(z).sum(axis=1, keepdims=True))
#: the sign
def log_softmax(logits):
    return np.logaddexp.reduce(logits, axis=1, keepdims=True) - logits
#: probabilities
def log_softmax(logits):
    return softmax(logits)
#: cut off at minus 100
def log_softmax(logits):
    return np.maximum(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True), -100)
#: only the largest is taken off
def log_softmax(logits):
    return logits - logits.max(axis=1, keepdims=True)
#: the mean of the exponentials
def log_softmax(logits):
    z = logits - logits.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).mean(axis=1, keepdims=True))
#: in place
def log_softmax(logits):
    logits -= np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return logits
#: clipped logits
def log_softmax(logits):
    z = np.clip(logits, -700, 700)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))
""")

# --- cross_entropy ---------------------------------------------------------------------------------------------------
RIGHT["cross_entropy"] = answers("""
#: pairs of indices
def cross_entropy(probs, y):
    return -np.log(probs[np.arange(len(y)), y]).mean()
#: take_along_axis
def cross_entropy(probs, y):
    return float(np.mean(-np.log(np.take_along_axis(probs, y[:, None].astype(int), axis=1))))
#: loop with math
def cross_entropy(probs, y):
    import math
    total = 0.0
    for row, label in zip(probs, y):
        total -= math.log(row[label])
    return total / len(y)
#: one-hot and where
def cross_entropy(probs, y):
    chosen = np.where(np.eye(probs.shape[1])[y] == 1, probs, 1.0)
    return np.log(chosen).sum() / -len(y)
#: the boolean mask
def cross_entropy(probs, y):
    return -np.log(probs[np.arange(probs.shape[1]) == y[:, None]]).sum() / probs.shape[0]
#: one-hot product before the log
def cross_entropy(probs, y):
    onehot = np.zeros(probs.shape)
    onehot[range(len(y)), y] = 1
    return np.asarray(-np.log(np.einsum("ij,ij->i", probs, onehot)).mean())
#: statistics
def cross_entropy(probs, y):
    import math
    import statistics
    return statistics.fmean(-math.log(probs[i, label]) for i, label in enumerate(y))
#: choose
def cross_entropy(probs, y):
    return np.log(1 / np.choose(y, probs.T)).mean()
#: flat positions
def cross_entropy(probs, y):
    m, k = probs.shape
    return np.average(-np.log(probs.ravel()[np.arange(m) * k + y]))
#: class by class
def cross_entropy(probs, y):
    return -sum(np.log(probs[y == c, c]).sum() for c in range(probs.shape[1])) / y.size
#: log2 and back
def cross_entropy(probs, y):
    return -np.log2(probs[np.arange(len(y)), y]).mean() * np.log(2)
#: float32
def cross_entropy(probs, y):
    return np.float32(-np.log(probs[np.arange(len(y)), y]).mean())
#: where in the log
def cross_entropy(probs, y, reduction="mean"):
    hot = np.arange(probs.shape[1])[None, :] == y.reshape(-1, 1)
    logs = np.log(probs, out=np.zeros(probs.shape), where=hot)
    return -logs.sum(axis=1).mean()
#: log of everything, zeros ignored
def cross_entropy(probs, y):
    with np.errstate(divide="ignore"):
        logs = np.log(probs)
    return -np.diag(logs[:, y]).mean()
""")
WRONG["cross_entropy"] = answers("""
#: something small in the log
def cross_entropy(probs, y):
    return -np.log(probs[np.arange(len(y)), y] + 1e-8).mean()
#: something very small in the log
def cross_entropy(probs, y):
    return -np.log(probs[np.arange(len(y)), y] + 1e-15).mean()
#: clipped
def cross_entropy(probs, y):
    return -np.log(np.clip(probs[np.arange(len(y)), y], 1e-12, 1)).mean()
#: the sum
def cross_entropy(probs, y):
    return -np.log(probs[np.arange(len(y)), y]).sum()
#: zero times infinity
def cross_entropy(probs, y):
    with np.errstate(all="ignore"):
        return -(np.eye(probs.shape[1])[y] * np.log(probs)).sum(axis=1).mean()
#: the mean over classes too
def cross_entropy(probs, y):
    hot = np.eye(probs.shape[1])[y] == 1
    return -np.where(hot, np.log(np.where(hot, probs, 1)), 0).mean()
#: base two
def cross_entropy(probs, y):
    return -np.log2(probs[np.arange(len(y)), y]).mean()
#: no minus
def cross_entropy(probs, y):
    return np.log(probs[np.arange(len(y)), y]).mean()
#: all pairs
def cross_entropy(probs, y):
    with np.errstate(all="ignore"):
        return -np.log(probs[:, y]).mean()
#: the log of the mean
def cross_entropy(probs, y):
    return -np.log(probs[np.arange(len(y)), y].mean())
#: each example's
def cross_entropy(probs, y):
    return -np.log(probs[np.arange(len(y)), y])
#: binary terms too
def cross_entropy(probs, y):
    p = probs[np.arange(len(y)), y]
    rest = np.delete(probs, 0, axis=1)
    return -np.log(p).mean() - np.log1p(-np.minimum(rest, 0.9)).mean()
#: the last example is lost
def cross_entropy(probs, y):
    return -np.log(probs[np.arange(len(y) - 1), y[:-1]]).mean() if len(y) > 1 else -np.log(probs[0, y[0]])
#: divided by the classes
def cross_entropy(probs, y):
    return -np.log(probs[np.arange(len(y)), y]).sum() / probs.shape[1]
#: the likeliest class
def cross_entropy(probs, y):
    return -np.log(probs.max(axis=1)).mean()
#: labels counted from one
def cross_entropy(probs, y):
    return -np.log(probs[np.arange(len(y)), y - 1]).mean()
#: rows made to sum to one
def cross_entropy(probs, y):
    p = np.maximum(probs, 1e-9)
    p = p / p.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y]).mean()
#: an array of one
def cross_entropy(probs, y):
    return -np.log(probs[np.arange(len(y)), y]).mean(keepdims=True)
""")

# --- dead_units ------------------------------------------------------------------------------------------------------
RIGHT["dead_units"] = answers("""
#: all
def dead_units(Z):
    return np.all(Z <= 0, axis=0)
#: not any
def dead_units(Z):
    return ~(Z > 0).any(axis=0)
#: the largest
def dead_units(Z):
    return Z.max(axis=0) <= 0
#: nothing left by relu
def dead_units(Z):
    return relu(Z).sum(axis=0) == 0
#: counted
def dead_units(Z):
    return np.count_nonzero(Z > 0, axis=0) == 0
#: loop over columns
def dead_units(Z):
    return np.array([all(v <= 0 for v in column) for column in Z.T])
#: loop over rows
def dead_units(Z):
    dead = np.ones(Z.shape[1], dtype=bool)
    for row in Z:
        dead &= row <= 0
    return dead
#: reduce
def dead_units(Z):
    return np.logical_and.reduce(np.less_equal(Z, 0))
#: isin of column numbers
def dead_units(Z):
    alive = np.unique(np.nonzero(Z > 0)[1])
    return ~np.isin(np.arange(Z.shape[1]), alive)
#: fromiter
def dead_units(Z):
    return np.fromiter((not np.any(Z[:, j] > 0) for j in range(Z.shape[1])), dtype=bool)
#: a matrix product
def dead_units(Z):
    return np.ones(len(Z)) @ (Z > 0) == 0
#: an index assignment
def dead_units(Z):
    dead = np.full(Z.shape[1], True)
    dead[np.where(Z > 0)[1]] = False
    return dead
#: functools.reduce
def dead_units(Z):
    import functools
    return functools.reduce(np.logical_and, [row <= 0 for row in Z])
#: einsum
def dead_units(Z):
    return np.einsum("ij->j", (Z > 0).astype(int)) < 1
#: the gradient of relu is zero
def dead_units(Z, *, threshold=0.0):
    return np.linalg.norm(np.where(Z > threshold, 1.0, 0.0), axis=0) == 0
""")
WRONG["dead_units"] = answers("""
#: zero counts as alive
def dead_units(Z):
    return np.all(Z < 0, axis=0)
#: over the units
def dead_units(Z):
    return np.all(Z <= 0, axis=1)
#: any
def dead_units(Z):
    return np.any(Z <= 0, axis=0)
#: a list
def dead_units(Z):
    return [bool(v) for v in np.all(Z <= 0, axis=0)]
#: positions
def dead_units(Z):
    return np.flatnonzero(np.all(Z <= 0, axis=0))
#: the mean
def dead_units(Z):
    return Z.mean(axis=0) <= 0
#: an axis too many
def dead_units(Z):
    return np.all(Z <= 0, axis=0, keepdims=True)
#: the living
def dead_units(Z):
    return np.any(Z > 0, axis=0)
#: always zero exactly
def dead_units(Z):
    return np.all(Z == 0, axis=0)
#: the first example
def dead_units(Z):
    return Z[0] <= 0
#: all but the first example
def dead_units(Z):
    return np.all(Z[1:] <= 0, axis=0)
#: all but the last example
def dead_units(Z):
    return np.all(Z[:-1] <= 0, axis=0)
#: nearly dead
def dead_units(Z):
    return np.mean(Z <= 0, axis=0) >= 0.9
#: how many
def dead_units(Z):
    return int(np.all(Z <= 0, axis=0).sum())
#: one answer for all
def dead_units(Z):
    return np.all(Z <= 0)
#: a unit that one example in a hundred switches on
def dead_units(Z):
    return np.mean(Z <= 0, axis=0) >= 0.99
#: small counts as dead
def dead_units(Z):
    return np.all(Z <= 1e-2, axis=0)
#: relu in place
def dead_units(Z):
    Z[Z < 0] = 0
    return np.all(Z == 0, axis=0)
#: the share
def dead_units(Z):
    return np.mean(Z <= 0, axis=0)
""")
