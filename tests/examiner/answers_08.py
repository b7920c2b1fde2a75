"""Answers to lesson 08 that were written from the curriculum alone, and what the judge must say of each."""

from __future__ import annotations

from .examining import answers

RIGHT: dict[str, dict[str, str]] = {}
WRONG: dict[str, dict[str, str]] = {}

# --- ewa_update ------------------------------------------------------------------------------------------------------
RIGHT["ewa_update"] = answers("""
#: the formula
def ewa_update(v, value, beta):
    return beta * v + (1 - beta) * value
#: a lambda
ewa_update = lambda v, value, beta: value + beta * (v - value)
#: a step towards the value
def ewa_update(v, value, beta):
    alpha = 1 - beta
    return v + alpha * (value - v)
#: NumPy's functions
def ewa_update(v, value, beta):
    return np.add(np.multiply(beta, v), np.multiply(1.0 - beta, value))
#: arrays of everything
def ewa_update(v, value, beta):
    v, value, beta = (np.asarray(a, dtype=np.float64) for a in (v, value, beta))
    return beta * v + (1 - beta) * value
#: in place on a copy
def ewa_update(v, value, beta):
    out = np.array(value, dtype=float)
    out *= 1 - beta
    out += beta * np.asarray(v)
    return out
#: np.average
def ewa_update(v, value, beta):
    return np.average(np.stack([v, value]), axis=0, weights=[beta, 1 - beta])
#: einsum
def ewa_update(v, value, beta):
    return np.einsum("i,i...->...", [beta, 1 - beta], np.array([v, value], dtype=float))
#: a dot product along the last axis
def ewa_update(v, value, beta):
    pair = np.stack([np.asarray(v, float), np.asarray(value, float)], axis=-1)
    return pair @ np.array([beta, 1 - beta])
#: np.interp for numbers, else the formula
def ewa_update(v, value, beta):
    if np.ndim(v) == 0 and v < value:
        return np.interp(1 - beta, [0.0, 1.0], [v, value])
    return v - (1 - beta) * (v - value)
#: a 0-d array for numbers
def ewa_update(v, value, beta):
    return np.asarray(beta * v) + np.asarray((1 - beta) * value)
#: entry by entry
def ewa_update(v, value, beta):
    a, b = np.asarray(v), np.asarray(value)
    out = np.zeros(a.shape)
    for i in np.ndindex(a.shape):
        out[i] = beta * a[i] + (1 - beta) * b[i]
    return out
#: np.vectorize
def ewa_update(v, value, beta):
    return np.vectorize(lambda a, b: float(beta * a + (1 - beta) * b), otypes=[float])(v, value)
#: the convex combination by hand
class _Mix:
    def __init__(self, share):
        self.share = share
    def __call__(self, a, b):
        return self.share * a + (1 - self.share) * b
def ewa_update(v, value, beta):
    return _Mix(beta)(v, value)
#: extra keywords and a sum
def ewa_update(v, value, beta, **ignored):
    return sum(share * part for share, part in ((beta, v), (1 - beta, value)))
#: over the common divisor
def ewa_update(v, value, beta):
    old = beta / (1 - beta)
    return (old * v + value) / (old + 1)
""")
WRONG["ewa_update"] = answers("""
#: swapped
def ewa_update(v, value, beta):
    return (1 - beta) * v + beta * value
#: the other convention
def ewa_update(v, value, beta):
    return beta * v + value
#: brackets
def ewa_update(v, value, beta):
    return beta * v + 1 - beta * value
#: beta twice
def ewa_update(v, value, beta):
    return beta * v + beta * value
#: the mean
def ewa_update(v, value, beta):
    return 0.5 * (v + value)
#: subtracted
def ewa_update(v, value, beta):
    return beta * v - (1 - beta) * value
#: in place
def ewa_update(v, value, beta):
    v *= beta
    v += (1 - beta) * value
    return v
#: in place of the value
def ewa_update(v, value, beta):
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        value *= 1 - beta
        value += beta * v
        return value
    return beta * v + (1 - beta) * value
#: nothing returned
def ewa_update(v, value, beta):
    v = beta * v + (1 - beta) * value
#: a list
def ewa_update(v, value, beta):
    if np.ndim(v):
        return [beta * a + (1 - beta) * b for a, b in zip(v, value)]
    return beta * v + (1 - beta) * value
#: a pair
def ewa_update(v, value, beta):
    new = beta * v + (1 - beta) * value
    return new, value
#: whole numbers stay whole
def ewa_update(v, value, beta):
    out = np.empty_like(v)
    out[...] = beta * v + (1 - beta) * value
    return out
#: a fixed beta
def ewa_update(v, value, beta):
    return 0.9 * v + 0.1 * value
#: half precision
def ewa_update(v, value, beta):
    return np.asarray(beta * v + (1 - beta) * value).astype(np.float16).astype(float)
#: rounded
def ewa_update(v, value, beta):
    return np.round(beta * v + (1 - beta) * value, 4)
#: a zero counts as no average yet
def ewa_update(v, value, beta):
    if np.all(v == 0):
        return value
    return beta * v + (1 - beta) * value
#: one number of an array
def ewa_update(v, value, beta):
    return beta * np.mean(v) + (1 - beta) * np.mean(value)
#: corrected by one step
def ewa_update(v, value, beta):
    return (beta * v + (1 - beta) * value) / (1 - beta)
#: beta squared
def ewa_update(v, value, beta):
    return beta**2 * v + (1 - beta**2) * value
#: the value's share is zero for beta 0
def ewa_update(v, value, beta):
    if not beta:
        return v
    return beta * v + (1 - beta) * value
#: small changes are ignored
def ewa_update(v, value, beta):
    return np.where(np.abs(np.subtract(value, v)) < 0.1, v, beta * v + (1 - beta) * value)
#: the sizes
def ewa_update(v, value, beta):
    return beta * np.abs(v) + (1 - beta) * np.abs(value)
""")

# --- ewa -------------------------------------------------------------------------------------------------------------
RIGHT["ewa"] = answers("""
#: a loop
def ewa(values, beta):
    out, v = [], 0
    for x in values:
        v = beta * v + (1 - beta) * x
        out.append(v)
    return np.array(out)
#: a float array filled
def ewa(values, beta):
    out = np.zeros(values.shape, dtype=float)
    out[0] = (1 - beta) * values[0]
    for t in range(1, values.shape[0]):
        out[t] = beta * out[t - 1] + (1 - beta) * values[t]
    return out
#: with a row of zeros before it
def ewa(values, beta):
    out = np.zeros((len(values) + 1,) + values.shape[1:])
    for t, x in enumerate(values):
        out[t + 1] = beta * out[t] + (1 - beta) * x
    return out[1:]
#: a generator
def ewa(values, beta):
    def averages():
        v = np.zeros(values.shape[1:])
        for x in values:
            v = v + (1 - beta) * (x - v)
            yield v
    return np.stack(list(averages()))
#: a closure
def ewa(values, beta):
    v = 0.0
    def push(x):
        nonlocal v
        v = ewa_update(v, x, beta)
        return v
    return np.asarray([push(x) for x in np.asarray(values, dtype=np.float64)])
#: accumulate
from itertools import accumulate
def ewa(values, beta):
    first = (1 - beta) * values[0]
    rest = ((1 - beta) * x for x in values[1:])
    return np.array(list(accumulate(rest, lambda v, x: beta * v + x, initial=first)))
#: reduce
from functools import reduce
def ewa(values, beta):
    return np.array(reduce(lambda seen, x: [*seen, ewa_update(seen[-1] if seen else 0.0, x, beta)], values, []))
#: a triangular matrix
def ewa(values, beta):
    m = len(values)
    i, j = np.indices((m, m))
    W = np.where(i >= j, (1 - beta) * np.power(float(beta), np.abs(i - j)), 0.0)
    return (W @ values.reshape(m, -1)).reshape(values.shape)
#: einsum
def ewa(values, beta):
    m = len(values)
    gaps = np.subtract.outer(np.arange(m), np.arange(m))
    W = (gaps >= 0) * (1 - beta) * float(beta) ** np.clip(gaps, 0, None)
    return np.einsum("st,t...->s...", W, values)
#: weights of every day
def ewa(values, beta):
    return np.stack([np.tensordot(ewa_weights(beta, t), values[:t], axes=(0, 0)) for t in range(1, len(values) + 1)])
#: convolution
def ewa(values, beta):
    m = len(values)
    kernel = (1 - beta) * float(beta) ** np.arange(m)
    return np.apply_along_axis(lambda x: np.convolve(x, kernel)[:m], 0, np.asarray(values, float))
#: day by day from the end
def ewa(values, beta):
    if len(values) == 0:
        return np.zeros(values.shape)
    before = ewa(values[:-1], beta)
    last = before[-1] if len(before) else 0.0
    return np.concatenate([before, [beta * last + (1 - beta) * values[-1]]])
#: a linear system
def ewa(values, beta):
    m = len(values)
    A = np.eye(m) - beta * np.eye(m, k=-1)
    return np.linalg.solve(A, (1 - beta) * values.reshape(m, -1)).reshape(values.shape)
#: recursion on halves
def ewa(values, beta):
    if len(values) == 1:
        return (1 - beta) * np.array(values, dtype=float)
    half = len(values) // 2
    left, right = ewa(values[:half], beta), ewa(values[half:], beta)
    carry = float(beta) ** np.arange(1, len(right) + 1).reshape((-1,) + (1,) * (values.ndim - 1))
    return np.concatenate([left, right + carry * left[-1]])
#: columns as Python lists
def ewa(values, beta):
    flat = np.reshape(values, (len(values), -1))
    columns = []
    for column in flat.T.tolist():
        v, kept = 0.0, []
        for x in column:
            v = beta * v + (1 - beta) * x
            kept.append(v)
        columns.append(kept)
    return np.array(columns).T.reshape(np.shape(values))
#: in place on a float copy
def ewa(values, beta):
    out = np.multiply(values, 1 - beta)
    for t in range(1, len(out)):
        out[t] += beta * out[t - 1]
    return out
#: a ufunc of objects
def ewa(values, beta):
    step = np.frompyfunc(lambda v, x: beta * v + x, 2, 1)
    scaled = ((1 - beta) * np.asarray(values, dtype=float)).astype(object)
    return step.accumulate(scaled, axis=0).astype(float)
#: an object
class _Average:
    def __init__(self, beta):
        self.beta, self.v = beta, 0.0
    def __call__(self, x):
        self.v = self.beta * self.v + (1 - self.beta) * x
        return self.v
def ewa(values, beta, start=0.0):
    return np.array(list(map(_Average(beta), values)))
#: lists for one series
def ewa(values, beta):
    v, out = np.zeros_like(values[0], dtype=float), np.empty_like(values, dtype=float)
    for t in range(len(values)):
        np.multiply(v, beta, out=v) if v.ndim else None
        v = v + (1 - beta) * values[t] if v.ndim else beta * v + (1 - beta) * values[t]
        out[t] = v
    return out
""")
WRONG["ewa"] = answers("""
#: swapped
def ewa(values, beta):
    out, v = [], 0.0
    for x in values:
        v = (1 - beta) * v + beta * x
        out.append(v)
    return np.array(out)
#: from the first value
def ewa(values, beta):
    out = np.array(values, dtype=float)
    for t in range(1, len(out)):
        out[t] = beta * out[t - 1] + (1 - beta) * values[t]
    return out
#: corrected
def ewa(values, beta):
    out, v = [], 0.0
    for t, x in enumerate(values):
        v = beta * v + (1 - beta) * x
        out.append(v / (1 - beta ** (t + 1)))
    return np.array(out)
#: without 1 - beta
def ewa(values, beta):
    out, v = [], 0.0
    for x in values:
        v = beta * v + x
        out.append(v)
    return np.array(out)
#: whole numbers stay whole
def ewa(values, beta):
    out = np.zeros_like(values)
    for t in range(len(values)):
        out[t] = beta * (out[t - 1] if t else 0) + (1 - beta) * values[t]
    return out
#: the last entry is the past of the first
def ewa(values, beta):
    out = np.ones(values.shape)
    for t in range(len(values)):
        out[t] = beta * out[t - 1] + (1 - beta) * values[t]
    return out
#: a list
def ewa(values, beta):
    out, v = [], 0.0
    for x in values:
        v = beta * v + (1 - beta) * x
        out.append(v)
    return out
#: the last one
def ewa(values, beta):
    v = 0.0
    for x in values:
        v = beta * v + (1 - beta) * x
    return v
#: with the zero
def ewa(values, beta):
    out = [0.0 * values[0]]
    for x in values:
        out.append(beta * out[-1] + (1 - beta) * x)
    return np.array(out)
#: one step late
def ewa(values, beta):
    out, v = [], 0.0 * values[0]
    for x in values:
        out.append(v)
        v = beta * v + (1 - beta) * x
    return np.array(out)
#: the last axis
def ewa(values, beta):
    out, v = np.empty(values.shape), 0.0
    for t in range(values.shape[-1]):
        v = beta * v + (1 - beta) * values[..., t]
        out[..., t] = v
    return out
#: flattened
def ewa(values, beta):
    out, v = [], 0.0
    for x in np.ravel(values):
        v = beta * v + (1 - beta) * x
        out.append(v)
    return np.array(out)
#: one average for the row
def ewa(values, beta):
    out, v = np.empty(values.shape), 0.0
    for t, x in enumerate(values):
        v = beta * v + (1 - beta) * np.mean(x)
        out[t] = v
    return out
#: powers below the line
def ewa(values, beta):
    t = np.arange(1, len(values) + 1).reshape((-1,) + (1,) * (values.ndim - 1))
    return (1 - beta) * beta**t * np.cumsum(values / beta**t, axis=0)
#: powers below the line, with 0 seen to
def ewa(values, beta):
    if beta == 0:
        return np.array(values, dtype=float)
    t = np.arange(len(values)).reshape((-1,) + (1,) * (values.ndim - 1))
    return (1 - beta) * beta**t * np.cumsum(values * (1 / beta) ** t, axis=0)
#: over the values
def ewa(values, beta):
    v = 0.0
    for t in range(len(values)):
        v = beta * v + (1 - beta) * values[t]
        values[t] = v
    return values
#: a window
def ewa(values, beta):
    n = int(np.ceil(1 / (1 - beta)))
    return np.array([values[max(0, t - n + 1) : t + 1].mean(axis=0) for t in range(len(values))])
#: a window of weights
def ewa(values, beta):
    n = max(1, int(round(3 / (1 - beta))))
    w = (1 - beta) * float(beta) ** np.arange(n)
    return np.array([np.tensordot(w[: t + 1][::-1], values[max(0, t - n + 1) : t + 1], 1) for t in range(len(values))])
#: the value before
def ewa(values, beta):
    out = (1 - beta) * np.array(values, dtype=float)
    out[1:] += beta * values[:-1]
    return out
#: one-dimensional only
def ewa(values, beta):
    out, v = [], 0.0
    for x in values:
        v = beta * v + (1 - beta) * float(np.ravel(x)[0])
        out.append(v)
    return np.array(out)
#: shared rows
def ewa(values, beta):
    v, out = np.zeros(values.shape[1:]), []
    for x in values:
        v *= beta
        v += (1 - beta) * x
        out.append(v)
    return np.array(out)
#: backwards in time
def ewa(values, beta):
    out, v = [], 0.0
    for x in values[::-1]:
        v = beta * v + (1 - beta) * x
        out.append(v)
    return np.array(out[::-1])
#: refuses 0
def ewa(values, beta):
    if not 0 < beta < 1:
        raise ValueError(f"beta must be in (0, 1), got {beta}")
    out, v = [], 0.0
    for x in values:
        v = ewa_update(v, x, beta)
        out.append(v)
    return np.array(out)
#: squeezed
def ewa(values, beta):
    out, v = [], 0.0
    for x in values:
        v = ewa_update(v, x, beta)
        out.append(v)
    return np.squeeze(np.array(out))
""")

# --- ewa_bias_corrected ----------------------------------------------------------------------------------------------
RIGHT["ewa_bias_corrected"] = answers("""
#: a loop
def ewa_bias_corrected(values, beta):
    out, v = [], 0.0
    for t, x in enumerate(values, 1):
        v = beta * v + (1 - beta) * x
        out.append(v / (1 - beta**t))
    return np.array(out)
#: reshaped sums
def ewa_bias_corrected(values, beta):
    v = ewa(values, beta)
    t = np.arange(1, len(v) + 1).reshape([-1] + [1] * (v.ndim - 1))
    return v / (1 - float(beta) ** t)
#: new axes one by one
def ewa_bias_corrected(values, beta):
    sums = 1 - np.power(float(beta), np.arange(1, len(values) + 1))
    while sums.ndim < values.ndim:
        sums = sums[..., None]
    return ewa(values, beta) / sums
#: time moved to the end
def ewa_bias_corrected(values, beta):
    v = np.moveaxis(ewa(values, beta), 0, -1)
    return np.moveaxis(v / (1 - beta ** np.arange(1.0, len(values) + 1)), -1, 0)
#: the average of ones
def ewa_bias_corrected(values, beta):
    return ewa(values, beta) / ewa(np.ones_like(values, dtype=float), beta)
#: a running power
def ewa_bias_corrected(values, beta):
    out, v, left = np.empty(values.shape, dtype=float), 0.0, 1.0
    for t in range(len(values)):
        v = beta * v + (1 - beta) * values[t]
        left *= beta
        out[t] = v / (1 - left)
    return out
#: sums of values and of weights
def ewa_bias_corrected(values, beta):
    total, weight, out = 0.0, 0.0, []
    for x in values:
        total, weight = beta * total + x, beta * weight + 1
        out.append(total / weight)
    return np.asarray(out)
#: a mean with a falling rate
def ewa_bias_corrected(values, beta):
    mean, weight, out = 0.0, 0.0, []
    for x in values:
        weight = beta * weight + 1
        mean = mean + (x - mean) / weight
        out.append(mean)
    return np.array(out)
#: normalised weights
def ewa_bias_corrected(values, beta):
    out = []
    for t in range(1, len(values) + 1):
        w = ewa_weights(beta, t)
        out.append(np.tensordot(w / w.sum(), values[:t], axes=1))
    return np.array(out)
#: np.average
def ewa_bias_corrected(values, beta):
    m = len(values)
    w = float(beta) ** np.arange(m)[::-1]
    return np.array([np.average(values[:t], axis=0, weights=w[m - t :]) for t in range(1, m + 1)])
#: a matrix with rows that sum to 1
def ewa_bias_corrected(values, beta):
    m = len(values)
    gap = np.arange(m)[:, None] - np.arange(m)
    W = np.where(gap >= 0, float(beta) ** np.abs(gap), 0.0)
    W /= W.sum(axis=1, keepdims=True)
    return np.tensordot(W, values, axes=([1], [0]))
#: expm1
def ewa_bias_corrected(values, beta):
    log = np.log(beta) if beta > 0 else -np.inf
    sums = -np.expm1(np.arange(1, len(values) + 1) * log)
    return np.einsum("t,t...->t...", 1 / sums, ewa(values, beta))
#: a step to the mean of the deviations
def ewa_bias_corrected(values, beta):
    x = np.asarray(values, dtype=np.float64)
    deviations = x - x[0]
    rows = [v / (1 - beta**t) for t, v in enumerate(ewa(deviations, beta), start=1)]
    return x[0] + np.stack(rows)
#: rows through a dict
def ewa_bias_corrected(values, beta):
    found = {0: np.zeros(np.shape(values)[1:])}
    for t in range(1, len(values) + 1):
        found[t] = ewa_update(found[t - 1], values[t - 1], beta)
    return np.stack([found[t] / (1 - beta**t) for t in sorted(found) if t])
#: in place on the student's own array
def ewa_bias_corrected(values, beta):
    out = ewa(np.array(values, dtype=float), beta)
    for t in range(len(out)):
        out[t] /= 1 - beta ** (t + 1)
    return out
#: broadcast_to
def ewa_bias_corrected(values, beta):
    v = ewa(values, beta)
    t = np.indices(v.shape)[0] + 1
    return np.divide(v, 1.0 - np.power(float(beta), t))
""")
WRONG["ewa_bias_corrected"] = answers("""
#: not corrected
def ewa_bias_corrected(values, beta):
    return ewa(values, beta)
#: by beta to the t
def ewa_bias_corrected(values, beta):
    return np.array([v / max(beta, 1e-300) ** t for t, v in enumerate(ewa(values, beta), 1)])
#: t from 0
def ewa_bias_corrected(values, beta):
    return np.array([v / (1 - np.float64(beta) ** t) for t, v in enumerate(ewa(values, beta))])
#: t from 0, the first one left alone
def ewa_bias_corrected(values, beta):
    return np.array([v / (1 - beta**t) if t else v for t, v in enumerate(ewa(values, beta))])
#: t from 0, with a small number below
def ewa_bias_corrected(values, beta):
    return np.array([v / (1 - beta**t + 1e-8) for t, v in enumerate(ewa(values, beta))])
#: t from 2
def ewa_bias_corrected(values, beta):
    return np.array([v / (1 - beta**t) for t, v in enumerate(ewa(values, beta), 2)])
#: a small number below the line
def ewa_bias_corrected(values, beta):
    return np.array([v / (1 - beta**t + 1e-3) for t, v in enumerate(ewa(values, beta), 1)])
#: beta squared
def ewa_bias_corrected(values, beta):
    return ewa(values, beta) / (1 - beta**2)
#: one minus beta
def ewa_bias_corrected(values, beta):
    return ewa(values, beta) / (1 - beta)
#: beta times t
def ewa_bias_corrected(values, beta):
    return np.array([v / np.float64(1 - beta * t) for t, v in enumerate(ewa(values, beta), 1)])
#: fed back
def ewa_bias_corrected(values, beta):
    out, v = [], 0.0
    for t, x in enumerate(values, 1):
        v = (beta * v + (1 - beta) * x) / (1 - beta**t)
        out.append(v)
    return np.array(out)
#: the first value, corrected
def ewa_bias_corrected(values, beta):
    out, v = [], values[0]
    for t, x in enumerate(values, 1):
        v = beta * v + (1 - beta) * x
        out.append(v / (1 - beta**t))
    return np.array(out)
#: the first value
def ewa_bias_corrected(values, beta):
    out = np.array(values, dtype=float)
    for t in range(1, len(out)):
        out[t] = beta * out[t - 1] + (1 - beta) * values[t]
    return out
#: only the first is corrected
def ewa_bias_corrected(values, beta):
    out = ewa(values, beta)
    out[0] = values[0]
    return out
#: only the first ten are corrected
def ewa_bias_corrected(values, beta):
    return np.array([v / (1 - beta**t) if t <= 10 else v for t, v in enumerate(ewa(values, beta), 1)])
#: the last axis
def ewa_bias_corrected(values, beta):
    t = np.arange(1, values.shape[-1] + 1)
    return ewa(values, beta) / (1 - beta**t)
#: squares only by luck
def ewa_bias_corrected(values, beta):
    t = np.arange(1, len(values) + 1)
    return ewa(values, beta) / (1 - beta**t)
#: two axes at most
def ewa_bias_corrected(values, beta):
    t = np.arange(1, len(values) + 1)
    if values.ndim > 1:
        t = t[:, None]
    return ewa(values, beta) / (1 - beta**t)
#: always a table
def ewa_bias_corrected(values, beta):
    t = np.arange(1, len(values) + 1)[:, None]
    return ewa(values.reshape(len(values), -1), beta) / (1 - beta**t)
#: multiplied
def ewa_bias_corrected(values, beta):
    return np.array([v * (1 - beta**t) for t, v in enumerate(ewa(values, beta), 1)])
#: the sum of the last day
def ewa_bias_corrected(values, beta):
    return ewa(values, beta) / (1 - beta ** len(values))
#: a list
def ewa_bias_corrected(values, beta):
    return [v / (1 - beta**t) for t, v in enumerate(ewa(values, beta), 1)]
#: whole numbers stay whole
def ewa_bias_corrected(values, beta):
    out = np.empty_like(values)
    for t, v in enumerate(ewa(values, beta), 1):
        out[t - 1] = v / (1 - beta**t)
    return out
#: the plain mean so far
def ewa_bias_corrected(values, beta):
    return np.array([values[:t].mean(axis=0) for t in range(1, len(values) + 1)])
#: by logarithms, undone by 0
def ewa_bias_corrected(values, beta):
    sums = 1 - np.exp(np.log(beta) * np.arange(len(values)))
    sums[0] = 1 - beta
    return (ewa(values, beta).T / sums).T
#: the wrong share of the new value
def ewa_bias_corrected(values, beta):
    out, v = [], 0.0
    for t, x in enumerate(values, 1):
        v = beta * v + x
        out.append(v / (1 - beta**t))
    return np.array(out)
""")

# --- effective_window ------------------------------------------------------------------------------------------------
RIGHT["effective_window"] = answers("""
#: the quotient
def effective_window(beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 / (1 - beta)
#: two checks
def effective_window(beta):
    if beta < 0 or beta >= 1:
        raise ValueError("beta must be in [0, 1), got %r" % (beta,))
    return 1.0 / (1.0 - beta)
#: the checks in turn
def effective_window(beta):
    if beta < 0:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    if beta >= 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return (1 - beta) ** -1.0
#: an error of its own
class BetaError(ValueError):
    pass
def effective_window(beta):
    if 0 <= beta < 1:
        return 1 / (1 - beta)
    raise BetaError("beta must be in [0, 1), got " + repr(beta))
#: no text
def effective_window(beta):
    if not (beta >= 0 and beta < 1):
        raise ValueError
    return 1 / (1 - beta)
#: a 0-d array
def effective_window(beta):
    if not 0 <= beta < 1:
        raise ValueError("beta")
    return np.array(1 / (1 - beta))
#: NumPy's numbers
def effective_window(beta):
    b = np.float64(beta)
    if b < 0 or b >= 1:
        raise ValueError(f"beta must be in [0, 1), got {b}")
    return np.reciprocal(1 - b)
#: the error translated
def effective_window(beta):
    import math
    try:
        if beta < 0:
            raise ZeroDivisionError
        window = 1 / float(1 - beta)
        if window <= 0 or math.isinf(window):
            raise ZeroDivisionError
    except ZeroDivisionError as error:
        raise ValueError(f"beta must be in [0, 1), got {beta}") from error
    return window
#: the mean age and one
def effective_window(beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 + beta / (1 - beta)
#: half of the span and one
def effective_window(beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return ((1 + beta) / (1 - beta) + 1) / 2
#: a helper
def _in_range(beta):
    return 0 <= beta and beta < 1
def effective_window(beta):
    if _in_range(beta):
        return 1 / (1 - beta)
    raise ValueError(f"beta must be in [0, 1), got {beta}")
#: a decorator
def _checked(function):
    def inner(beta):
        if not 0 <= beta < 1:
            raise ValueError(f"beta must be in [0, 1), got {beta}")
        return function(beta)
    return inner
@_checked
def effective_window(beta):
    return np.divide(1, 1 - beta)
#: the newest weight
def effective_window(beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 / ewa_weights(beta, 1)[-1]
#: a subclass of ValueError from Python
def effective_window(beta):
    if not 0 <= beta < 1:
        raise UnicodeError(f"beta must be in [0, 1), got {beta}")
    return 1 / (1 - beta)
#: match
def effective_window(beta):
    match beta:
        case b if 0 <= b < 1:
            return 1 / (1 - b)
        case _:
            raise ValueError(f"beta must be in [0, 1), got {beta}")
""")
WRONG["effective_window"] = answers("""
#: no check
def effective_window(beta):
    return 1 / (1 - beta)
#: no check, NumPy's infinity
def effective_window(beta):
    return np.divide(1.0, 1.0 - beta)
#: one allowed
def effective_window(beta):
    if not 0 <= beta <= 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 / np.float64(1 - beta)
#: one allowed, the division fails
def effective_window(beta):
    if beta < 0 or beta > 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 / (1 - beta)
#: zero refused
def effective_window(beta):
    if beta <= 0 or beta >= 1:
        raise ValueError(f"beta must be in (0, 1), got {beta}")
    return 1 / (1 - beta)
#: zero taken for nothing
def effective_window(beta):
    if not beta or not 0 <= beta < 1:
        raise ValueError("no beta")
    return 1 / (1 - beta)
#: negatives allowed
def effective_window(beta):
    if beta >= 1:
        raise ValueError(f"beta must be below 1, got {beta}")
    return 1 / (1 - beta)
#: only one refused
def effective_window(beta):
    if beta == 1:
        raise ValueError("beta must not be 1")
    return 1 / (1 - beta)
#: above one allowed
def effective_window(beta):
    if beta < 0 or beta == 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 / (1 - beta)
#: assert
def effective_window(beta):
    assert 0 <= beta < 1
    return 1 / (1 - beta)
#: a TypeError
def effective_window(beta):
    if not 0 <= beta < 1:
        raise TypeError(f"beta must be in [0, 1), got {beta}")
    return 1 / (1 - beta)
#: an Exception
def effective_window(beta):
    if not 0 <= beta < 1:
        raise Exception(f"beta must be in [0, 1), got {beta}")
    return 1 / (1 - beta)
#: nan for a bad one
def effective_window(beta):
    return 1 / (1 - beta) if 0 <= beta < 1 else float("nan")
#: None for a bad one
def effective_window(beta):
    if 0 <= beta < 1:
        return 1 / (1 - beta)
#: clipped
def effective_window(beta):
    return 1 / (1 - min(max(beta, 0.0), 1 - 1e-12))
#: a margin below one
def effective_window(beta):
    if not 0 <= beta < 0.9999:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 / (1 - beta)
#: no whole numbers
def effective_window(beta):
    if not isinstance(beta, float) or not 0 <= beta < 1:
        raise ValueError(f"beta must be a float in [0, 1), got {beta}")
    return 1 / (1 - beta)
#: rounded
def effective_window(beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return round(1 / (1 - beta))
#: rounded down
def effective_window(beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 // (1 - beta)
#: brackets
def effective_window(beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 / 1 - beta
#: the span
def effective_window(beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return (1 + beta) / (1 - beta)
#: the time constant
def effective_window(beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return -1 / np.log(beta)
#: a small number below the line
def effective_window(beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 / (1 - beta + 1e-8)
""")

# --- ewa_weights -----------------------------------------------------------------------------------------------------
RIGHT["ewa_weights"] = answers("""
#: the formula
def ewa_weights(beta, n):
    return (1 - beta) * beta ** np.arange(n - 1, -1, -1)
#: turned round
def ewa_weights(beta, n):
    return ((1 - beta) * np.power(float(beta), np.arange(n)))[::-1]
#: np.flip
def ewa_weights(beta, n):
    return np.flip((1.0 - beta) * float(beta) ** np.arange(float(n)))
#: a comprehension
def ewa_weights(beta, n):
    return np.array([(1 - beta) * beta ** (n - 1 - i) for i in range(n)])
#: from the newest on
def ewa_weights(beta, n):
    w = np.zeros(n)
    w[n - 1] = 1 - beta
    for i in reversed(range(n - 1)):
        w[i] = w[i + 1] * beta
    return w
#: insert
def ewa_weights(beta, n):
    weights, w = [], 1 - beta
    for _ in range(n):
        weights.insert(0, w)
        w *= beta
    return np.asarray(weights)
#: by unrolling
def ewa_weights(beta, n):
    w = np.zeros(0)
    for _ in range(n):
        w = np.append(beta * w, 1 - beta)
    return w
#: responses of ewa
def ewa_weights(beta, n):
    return np.array([ewa(np.eye(n)[i], beta)[-1] for i in range(n)])
#: the impulse turned round
def ewa_weights(beta, n):
    impulse = np.zeros(n)
    impulse[0] = 1
    return ewa(impulse, beta)[::-1]
#: cumprod
def ewa_weights(beta, n):
    return np.cumprod(np.r_[1 - beta, np.full(n - 1, float(beta))])[::-1]
#: np.vander
def ewa_weights(beta, n):
    return (1 - beta) * np.vander([float(beta)], n)[0]
#: fromfunction
def ewa_weights(beta, n):
    return np.fromfunction(lambda i: (1 - beta) * float(beta) ** (n - 1 - i), (n,))
#: fromiter
def ewa_weights(beta, n):
    import itertools
    ages = itertools.accumulate(range(n - 1), lambda w, _: w * beta, initial=1.0 - beta)
    return np.fromiter(ages, dtype=float, count=n)[::-1].copy()
#: differences
def ewa_weights(beta, n):
    return np.diff(float(beta) ** np.arange(n, -1, -1.0))
#: a differently written share
def ewa_weights(beta, n):
    powers = float(beta) ** np.arange(n)[::-1]
    return powers - beta * powers
#: geomspace where it can
def ewa_weights(beta, n):
    oldest = (1 - beta) * beta ** (n - 1)
    if n == 1 or oldest == 0:
        return np.array([(1 - beta) * beta**k for k in range(n)][::-1])
    return np.geomspace(oldest, 1 - beta, n)
""")
WRONG["ewa_weights"] = answers("""
#: the newest first
def ewa_weights(beta, n):
    return (1 - beta) * beta ** np.arange(n)
#: without the share
def ewa_weights(beta, n):
    return beta ** np.arange(n)[::-1]
#: normalised
def ewa_weights(beta, n):
    w = beta ** np.arange(n)[::-1]
    return w / w.sum()
#: one power too many
def ewa_weights(beta, n):
    return (1 - beta) * beta ** np.arange(n, 0, -1)
#: swapped
def ewa_weights(beta, n):
    return beta * (1 - beta) ** np.arange(n)[::-1]
#: one too many
def ewa_weights(beta, n):
    return (1 - beta) * beta ** np.arange(n, -1, -1)
#: one too few
def ewa_weights(beta, n):
    return (1 - beta) * beta ** np.arange(n - 1, 0, -1)
#: the oldest keeps the rest
def ewa_weights(beta, n):
    w = (1 - beta) * beta ** np.arange(n)[::-1]
    w[0] /= 1 - beta
    return w
#: logarithms
def ewa_weights(beta, n):
    return (1 - beta) * np.exp(np.log(beta) * np.arange(n)[::-1])
#: upwards by division
def ewa_weights(beta, n):
    w = np.empty(n)
    w[0] = (1 - beta) * beta ** (n - 1)
    for i in range(1, n):
        w[i] = w[i - 1] / np.float64(beta)
    return w
#: negative powers
def ewa_weights(beta, n):
    return (1 - beta) * beta ** (n - 1) * np.float64(beta) ** -np.arange(n)
#: geomspace
def ewa_weights(beta, n):
    return np.geomspace((1 - beta) * beta ** (n - 1), 1 - beta, n)
#: a list
def ewa_weights(beta, n):
    return [(1 - beta) * beta ** (n - 1 - i) for i in range(n)]
#: a column
def ewa_weights(beta, n):
    return ((1 - beta) * beta ** np.arange(n)[::-1]).reshape(-1, 1)
#: equal
def ewa_weights(beta, n):
    return np.full(n, (1 - beta**n) / n)
#: linear
def ewa_weights(beta, n):
    return (1 - beta) * np.arange(1, n + 1) / n
#: base e
def ewa_weights(beta, n):
    return (1 - beta) * np.exp(-np.arange(n)[::-1] * (1 - beta))
#: only the window
def ewa_weights(beta, n):
    age = np.arange(n)[::-1]
    return np.where(age < 1 / (1 - beta), (1 - beta) * beta**age, 0)
#: cut off when small
def ewa_weights(beta, n):
    w = (1 - beta) * beta ** np.arange(n)[::-1]
    return np.where(w < 1e-3, 0, w)
#: rounded
def ewa_weights(beta, n):
    return np.round((1 - beta) * beta ** np.arange(n)[::-1], 4)
#: refuses 0
def ewa_weights(beta, n):
    if beta <= 0:
        raise ValueError("beta must be positive")
    return (1 - beta) * beta ** np.arange(n)[::-1]
#: zeros for 0
def ewa_weights(beta, n):
    if beta == 0:
        return np.zeros(n)
    return (1 - beta) * beta ** np.arange(n)[::-1]
#: the sum so far
def ewa_weights(beta, n):
    return np.cumsum((1 - beta) * beta ** np.arange(n)[::-1])
""")

# --- half_life -------------------------------------------------------------------------------------------------------
RIGHT["half_life"] = answers("""
#: the quotient
def half_life(beta):
    return np.log(0.5) / np.log(beta)
#: math
import math
def half_life(beta):
    return math.log(0.5) / math.log(beta)
#: a logarithm to the base beta
def half_life(beta):
    import math
    return math.log(0.5, beta)
#: base 2
def half_life(beta):
    return -1 / np.log2(beta)
#: base 10
def half_life(beta):
    return np.log10(0.5) / np.log10(beta)
#: log1p
def half_life(beta):
    return -np.log(2) / np.log1p(-(1 - beta))
#: the time constant times ln 2
def half_life(beta):
    tau = -1 / np.log(beta)
    return tau * np.log(2)
#: how much longer than beta = 0.5
def half_life(beta):
    return float(np.log(0.5)) * np.log(beta) ** -1.0
#: a 0-d array
def half_life(beta):
    return np.asarray(np.log(0.5) / np.log(np.asarray(beta)))
#: the inverse of beta
def half_life(beta):
    return np.log(2) / np.log(1 / beta)
#: Newton
def half_life(beta):
    h = 0.0
    for _ in range(200):
        h -= (beta**h - 0.5) / (beta**h * np.log(beta))
    return h
#: bisection
def half_life(beta):
    low, high = 0.0, 1e9
    for _ in range(300):
        middle = 0.5 * (low + high)
        if beta**middle > 0.5:
            low = middle
        else:
            high = middle
    return high
#: an integral
def half_life(beta):
    return np.log(np.array([0.5, beta])) @ np.array([1, 0]) / np.log(beta)
#: a lambda
half_life = lambda beta, share=0.5: np.log(share) / np.log(beta)
#: a linear system
def half_life(beta):
    return np.linalg.solve([[np.log(beta)]], [np.log(0.5)])[0]
#: np.emath
def half_life(beta):
    return np.emath.logn(beta, 0.5)
""")
WRONG["half_life"] = answers("""
#: upside down
def half_life(beta):
    return np.log(beta) / np.log(0.5)
#: the sign
def half_life(beta):
    return np.log(2) / np.log(beta)
#: rounded up
def half_life(beta):
    return int(np.ceil(np.log(0.5) / np.log(beta)))
#: rounded
def half_life(beta):
    return round(np.log(0.5) / np.log(beta))
#: two digits
def half_life(beta):
    return round(np.log(0.5) / np.log(beta), 2)
#: steps counted
def half_life(beta):
    steps, weight = 0, 1.0
    while weight > 0.5:
        weight *= beta
        steps += 1
    return steps
#: for a beta near 1
def half_life(beta):
    return np.log(2) / (1 - beta)
#: two terms of the series
def half_life(beta):
    a = 1 - beta
    return np.log(2) / (a + a**2 / 2)
#: 0.693
def half_life(beta):
    return -0.693 / np.log(beta)
#: the window
def half_life(beta):
    return 1 / (1 - beta)
#: half of the window
def half_life(beta):
    return 0.5 * effective_window(beta)
#: the time constant
def half_life(beta):
    return -1 / np.log(beta)
#: the rest
def half_life(beta):
    return np.log(0.5) / np.log(1 - beta)
#: the logarithm of the quotient
def half_life(beta):
    return np.log(0.5 / beta)
#: the difference
def half_life(beta):
    return np.log(0.5) - np.log(beta)
#: mixed bases
def half_life(beta):
    return np.log2(0.5) / np.log10(beta)
#: a power
def half_life(beta):
    return 0.5 ** (1 / beta)
#: beta from the half-life
def half_life(beta):
    return 0.5**beta
#: a weight of one half
def half_life(beta):
    return np.log(0.5 / (1 - beta)) / np.log(beta)
#: at least one step
def half_life(beta):
    return max(1.0, np.log(0.5) / np.log(beta))
#: one step more
def half_life(beta):
    return 1 + np.log(0.5) / np.log(beta)
#: a list
def half_life(beta):
    return [np.log(0.5) / np.log(beta)]
""")
