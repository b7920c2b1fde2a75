"""Answers to lesson 06 that were written from the curriculum alone, and what the judge must say of each."""

from __future__ import annotations

from .examining import answers

RIGHT: dict[str, dict[str, str]] = {}
WRONG: dict[str, dict[str, str]] = {}

# --- one_sided_difference --------------------------------------------------------------------------------------------
RIGHT["one_sided_difference"] = answers("""
#: the quotient
def one_sided_difference(f, theta, eps):
    return (f(theta + eps) - f(theta)) / eps
#: a lambda
one_sided_difference = lambda f, theta, eps: (f(theta + eps) - f(theta)) * (1 / eps)
#: np.diff
def one_sided_difference(f, theta, eps):
    return np.diff([f(theta), f(theta + eps)])[0] / eps
#: weights
def one_sided_difference(f, theta, eps):
    return np.dot([1, -1], [f(theta + eps), f(theta)]) / eps
#: a 0-d array
def one_sided_difference(f, theta, eps):
    return np.array(np.subtract(f(theta + eps), f(theta)) / eps)
#: a generator
def one_sided_difference(f, theta, eps):
    low, high = (f(theta + step) for step in (0, eps))
    return (high - low) / eps
#: remembered values
def one_sided_difference(f, theta, eps):
    import functools
    value = functools.lru_cache(maxsize=None)(f)
    return (value(theta + eps) - value(theta)) / eps
#: an object with __call__
class _Quotient:
    def __init__(self, left, right):
        self.left, self.right = left, right
    def __call__(self, f, theta, eps):
        return (f(theta + self.right * eps) - f(theta - self.left * eps)) / ((self.left + self.right) * eps)
one_sided_difference = _Quotient(0, 1)
#: a slope by polyfit
def one_sided_difference(f, theta, eps):
    return np.linalg.solve([[1.0, 0.0], [1.0, eps]], [f(theta), f(theta + eps)])[1]
#: floats first
def one_sided_difference(f, theta, eps, **options):
    theta, eps = float(theta), float(eps)
    return float(f(theta + eps) - f(theta)) / eps
#: the other order of terms
def one_sided_difference(f, theta, eps):
    return -(f(theta) - f(theta + eps)) / eps
#: a decorator
def _per(function):
    def wrapped(f, theta, eps):
        return function(f, theta, eps) / eps
    return wrapped
@_per
def one_sided_difference(f, theta, eps):
    return f(theta + eps) - f(theta)
""")
WRONG["one_sided_difference"] = answers("""
#: backward
def one_sided_difference(f, theta, eps):
    return (f(theta) - f(theta - eps)) / eps
#: two-sided
def one_sided_difference(f, theta, eps):
    return (f(theta + eps) - f(theta - eps)) / (2 * eps)
#: half
def one_sided_difference(f, theta, eps):
    return (f(theta + eps) - f(theta)) / (2 * eps)
#: a missing parenthesis
def one_sided_difference(f, theta, eps):
    return f(theta + eps) - f(theta) / eps
#: not divided
def one_sided_difference(f, theta, eps):
    return f(theta + eps) - f(theta)
#: the sign
def one_sided_difference(f, theta, eps):
    return (f(theta) - f(theta + eps)) / eps
#: the size
def one_sided_difference(f, theta, eps):
    return abs(f(theta + eps) - f(theta)) / eps
#: eps fixed
def one_sided_difference(f, theta, eps):
    return (f(theta + 1e-6) - f(theta)) / 1e-6
#: multiplied
def one_sided_difference(f, theta, eps):
    return (f(theta + eps) - f(theta)) * eps
#: a step that is a share of theta
def one_sided_difference(f, theta, eps):
    return (f(theta * (1 + eps)) - f(theta)) / (theta * eps)
#: rounded
def one_sided_difference(f, theta, eps):
    return round((f(theta + eps) - f(theta)) / eps, 4)
#: a second-order formula
def one_sided_difference(f, theta, eps):
    return (-f(theta + 2 * eps) + 4 * f(theta + eps) - 3 * f(theta)) / (2 * eps)
#: float32 steps
def one_sided_difference(f, theta, eps):
    return float((np.float16(f(theta + eps)) - np.float16(f(theta))) / np.float16(eps))
#: a list
def one_sided_difference(f, theta, eps):
    return [(f(theta + eps) - f(theta)) / eps]
#: whole numbers
def one_sided_difference(f, theta, eps):
    return int((f(theta + eps) - f(theta)) / eps)
""")

# --- two_sided_difference --------------------------------------------------------------------------------------------
RIGHT["two_sided_difference"] = answers("""
#: the quotient
def two_sided_difference(f, theta, eps):
    return (f(theta + eps) - f(theta - eps)) / (2 * eps)
#: the mean of both sides
def two_sided_difference(f, theta, eps):
    return (one_sided_difference(f, theta, eps) + one_sided_difference(f, theta, -eps)) / 2
#: the quotient of the ends
def two_sided_difference(f, theta, eps):
    return one_sided_difference(f, theta - eps, 2 * eps)
#: halves
def two_sided_difference(f, theta, eps):
    return 0.5 * (f(theta + eps) - f(theta - eps)) / eps
#: np.gradient
def two_sided_difference(f, theta, eps):
    return np.gradient([f(theta - eps), f(theta), f(theta + eps)], eps)[1]
#: a parabola through three points
def two_sided_difference(f, theta, eps):
    steps = np.array([-1.0, 0.0, 1.0])
    return np.linalg.solve(np.vander(steps), [f(theta + s * eps) for s in steps])[1] / eps
#: weights
def two_sided_difference(f, theta, eps):
    return sum(s * f(theta + s * eps) for s in (1, -1)) / (2 * eps)
#: a 0-d array
def two_sided_difference(f, theta, eps):
    return np.asarray(f(theta + eps) - f(theta - eps)) / np.asarray(2 * eps)
#: the odd part
def two_sided_difference(f, theta, eps):
    def odd(h):
        return (f(theta + h) - f(theta - h)) / 2
    return odd(eps) / eps
#: keywords allowed
def two_sided_difference(f, theta, eps, sides=2, **unused):
    right, left = f(theta + eps), f(theta - eps)
    return (right - left) / (sides * eps)
#: a partial
import functools
def _quotient(a, b, f, theta, eps):
    return (f(theta + b * eps) - f(theta + a * eps)) / ((b - a) * eps)
two_sided_difference = functools.partial(_quotient, -1, 1)
#: math.fsum
def two_sided_difference(f, theta, eps):
    import math
    return math.fsum([f(theta + eps), -f(theta - eps)]) / eps / 2
""")
WRONG["two_sided_difference"] = answers("""
#: one-sided
def two_sided_difference(f, theta, eps):
    return (f(theta + eps) - f(theta)) / eps
#: the two is missing
def two_sided_difference(f, theta, eps):
    return (f(theta + eps) - f(theta - eps)) / eps
#: a missing parenthesis
def two_sided_difference(f, theta, eps):
    return (f(theta + eps) - f(theta - eps)) / 2 * eps
#: half steps
def two_sided_difference(f, theta, eps):
    return (f(theta + eps / 2) - f(theta - eps / 2)) / eps
#: double steps
def two_sided_difference(f, theta, eps):
    return (f(theta + 2 * eps) - f(theta - 2 * eps)) / (4 * eps)
#: five points
def two_sided_difference(f, theta, eps):
    near = f(theta + eps) - f(theta - eps)
    far = f(theta + 2 * eps) - f(theta - 2 * eps)
    return (8 * near - far) / (12 * eps)
#: extrapolated
def two_sided_difference(f, theta, eps):
    d = lambda h: (f(theta + h) - f(theta - h)) / (2 * h)
    return (4 * d(eps / 2) - d(eps)) / 3
#: the sign
def two_sided_difference(f, theta, eps):
    return (f(theta - eps) - f(theta + eps)) / (2 * eps)
#: the sum
def two_sided_difference(f, theta, eps):
    return (f(theta + eps) + f(theta - eps)) / (2 * eps)
#: eps fixed
def two_sided_difference(f, theta, eps):
    return (f(theta + 1e-5) - f(theta - 1e-5)) / 2e-5
#: minus from plus
def two_sided_difference(f, theta, eps):
    plus = theta + eps
    minus = plus - eps
    return (f(plus) - f(minus)) / (2 * eps)
#: the second derivative
def two_sided_difference(f, theta, eps):
    return (f(theta + eps) - 2 * f(theta) + f(theta - eps)) / eps**2
#: the complex step
def two_sided_difference(f, theta, eps):
    return np.imag(f(theta + 1j * eps)) / eps
#: the size
def two_sided_difference(f, theta, eps):
    return abs(f(theta + eps) - f(theta - eps)) / (2 * eps)
#: rounded
def two_sided_difference(f, theta, eps):
    return np.round((f(theta + eps) - f(theta - eps)) / (2 * eps), 4)
#: an array of one
def two_sided_difference(f, theta, eps):
    return np.atleast_1d((f(theta + eps) - f(theta - eps)) / (2 * eps))
""")

# --- params_to_vector ------------------------------------------------------------------------------------------------
RIGHT["params_to_vector"] = answers("""
#: concatenate
def params_to_vector(params):
    return np.concatenate([params[key].ravel() for key in sorted(params)])
#: sorted items
def params_to_vector(params):
    return np.hstack([value.flatten() for _, value in sorted(params.items(), key=lambda item: item[0])])
#: fromiter
def params_to_vector(params):
    return np.fromiter((v for key in sorted(params) for v in params[key].flat), dtype=float)
#: fill a vector
def params_to_vector(params):
    out, at = np.empty(sum(p.size for p in params.values())), 0
    for key in sorted(params.keys()):
        n = params[key].size
        out[at:at + n] = np.reshape(params[key], n)
        at += n
    return out
#: append
def params_to_vector(params):
    vector = np.array([])
    for key in sorted(params):
        vector = np.append(vector, params[key])
    return vector
#: r_
def params_to_vector(params):
    return np.r_[tuple(params[key].reshape(-1) for key in sorted(params))]
#: lists
def params_to_vector(params):
    values = []
    for key in sorted(list(params)):
        values.extend(np.ascontiguousarray(params[key]).ravel().tolist())
    return np.array(values)
#: recursion
def params_to_vector(params):
    if len(params) == 1:
        (only,) = params.values()
        return only.ravel()
    first = min(params)
    rest = {k: v for k, v in params.items() if k != first}
    return np.concatenate([params[first].ravel(), params_to_vector(rest)])
#: a heap
def params_to_vector(params):
    import heapq
    keys = list(params)
    heapq.heapify(keys)
    return np.concatenate([np.ravel(params[heapq.heappop(keys)], order="C") for _ in range(len(params))])
#: insertion by bisect
def params_to_vector(params):
    import bisect
    keys = []
    for key in params:
        bisect.insort(keys, key)
    return np.concatenate([params[k] for k in keys], axis=None)
#: numpy sorts the keys
def params_to_vector(params):
    return np.block([params[str(key)].ravel() for key in np.sort(list(params))])
#: itertools and float32
def params_to_vector(params):
    import itertools
    return np.array(list(itertools.chain.from_iterable(params[k].flat for k in sorted(params))), dtype=np.float32)
#: ndindex
def params_to_vector(params, *, keys=None):
    return np.array([params[k][i] for k in sorted(keys or params) for i in np.ndindex(params[k].shape)])
""")
WRONG["params_to_vector"] = answers("""
#: in the dict's order
def params_to_vector(params):
    return np.concatenate([p.ravel() for p in params.values()])
#: by number
def params_to_vector(params):
    import re
    keys = sorted(params, key=lambda k: [int(s) if s.isdigit() else s for s in re.split(r"(\\d+)", k)])
    return np.concatenate([params[k].ravel() for k in keys])
#: layer by layer
def params_to_vector(params):
    keys = sorted(params, key=lambda k: (k[1:], k[0]))
    return np.concatenate([params[k].ravel() for k in keys])
#: without case
def params_to_vector(params):
    return np.concatenate([params[k].ravel() for k in sorted(params, key=str.lower)])
#: biases first
def params_to_vector(params):
    return np.concatenate([params[k].ravel() for k in sorted(params, reverse=True)])
#: by columns
def params_to_vector(params):
    return np.concatenate([params[k].ravel(order="F") for k in sorted(params)])
#: as it lies in memory
def params_to_vector(params):
    return np.concatenate([params[k].ravel(order="K") for k in sorted(params)])
#: by columns where the array is so
def params_to_vector(params):
    return np.concatenate([params[k].flatten("A") for k in sorted(params)])
#: a column
def params_to_vector(params):
    return np.concatenate([params[k].reshape(-1, 1) for k in sorted(params)])
#: a row
def params_to_vector(params):
    return np.concatenate([params[k].ravel() for k in sorted(params)])[None, :]
#: a list
def params_to_vector(params):
    return [float(v) for k in sorted(params) for v in params[k].flat]
#: weights alone
def params_to_vector(params):
    return np.concatenate([params[k].ravel() for k in sorted(params) if k.startswith("W")])
#: two layers
def params_to_vector(params):
    return np.concatenate([params[k].ravel() for k in ("W1", "W2", "b1", "b2")])
#: by size
def params_to_vector(params):
    return np.concatenate([params[k].ravel() for k in sorted(params, key=lambda k: (-params[k].size, k))])
#: transposed matrices
def params_to_vector(params):
    return np.concatenate([params[k].T.ravel() for k in sorted(params)])
#: with the keys
def params_to_vector(params):
    keys = sorted(params)
    return np.concatenate([params[k].ravel() for k in keys]), keys
#: shapes are changed
def params_to_vector(params):
    for k in params:
        params[k] = params[k].ravel()
    return np.concatenate([params[k] for k in sorted(params)])
#: sorted values
def params_to_vector(params):
    return np.sort(np.concatenate([params[k].ravel() for k in sorted(params)]))
""")

# --- vector_to_params ------------------------------------------------------------------------------------------------
RIGHT["vector_to_params"] = answers("""
#: a counter
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like):
        n = like[key].size
        params[key] = vector[at:at + n].reshape(like[key].shape)
        at += n
    return params
#: np.split
def vector_to_params(vector, like):
    keys = sorted(like)
    cuts = np.cumsum([like[k].size for k in keys])[:-1]
    return {k: part.reshape(like[k].shape) for k, part in zip(keys, np.split(vector, cuts))}
#: an iterator
def vector_to_params(vector, like):
    values = iter(vector.tolist())
    return {k: np.array([next(values) for _ in range(like[k].size)], dtype=float).reshape(np.shape(like[k]))
            for k in sorted(like)}
#: keys in the order of like
def vector_to_params(vector, like):
    start, at = {}, 0
    for key in sorted(like):
        start[key], at = at, at + like[key].size
    return {k: np.array(vector[start[k]:start[k] + p.size]).reshape(p.shape) for k, p in like.items()}
#: ordered dict, Fortran order
def vector_to_params(vector, like):
    import collections
    params, rest = collections.OrderedDict(), vector
    for key in sorted(like):
        part, rest = np.split(rest, [like[key].size])
        params[key] = np.asfortranarray(part.reshape(like[key].shape))
    return params
#: from the end
def vector_to_params(vector, like):
    params, end = {}, len(vector)
    for key in sorted(like, reverse=True):
        size = int(np.prod(like[key].shape))
        params[key] = np.reshape(vector[end - size:end], like[key].shape)
        end -= size
    return params
#: recursion
def vector_to_params(vector, like):
    if not like:
        return {}
    key = min(like)
    n = like[key].size
    rest = {k: v for k, v in like.items() if k != key}
    return {key: vector[:n].reshape(like[key].shape), **vector_to_params(vector[n:], rest)}
#: positions as a vector of their own
def vector_to_params(vector, like):
    sizes = {k: like[k].size for k in like}
    return {k: vector[sum(s for o, s in sizes.items() if o < k) + np.arange(sizes[k]).reshape(like[k].shape)]
            for k in like}
#: filled in place
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like):
        params[key] = np.zeros(like[key].shape)
        for index in np.ndindex(like[key].shape):
            params[key][index] = vector[at]
            at += 1
    return params
#: islice
def vector_to_params(vector, like):
    import itertools
    stream = iter(vector)
    return {key: np.fromiter(itertools.islice(stream, like[key].size), float).reshape(like[key].shape)
            for key in sorted(like)}
#: float32
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like):
        params[key] = vector[at:at + like[key].size].astype(np.float32).reshape(like[key].shape)
        at += like[key].size
    return params
#: accumulate
def vector_to_params(vector, like, dtype=float):
    from itertools import accumulate, pairwise
    keys = sorted(like)
    ends = accumulate((like[k].size for k in keys), initial=0)
    return {k: vector[a:b].astype(dtype).reshape(like[k].shape) for k, (a, b) in zip(keys, pairwise(ends))}
#: the kind of numbers in like
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like):
        params[key] = vector[at:at + like[key].size].reshape(like[key].shape).astype(like[key].dtype)
        at += like[key].size
    return params
#: keys sorted by NumPy
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in np.sort(list(like)):
        params[key] = vector[at:at + like[key].size].reshape(like[key].shape)
        at += like[key].size
    return params
#: full_like and put
def vector_to_params(vector, like):
    params, at = {key: np.zeros_like(like[key], dtype=np.float64) for key in like}, 0
    for key in sorted(params):
        np.put(params[key], np.arange(params[key].size), vector[at:at + params[key].size])
        at += params[key].size
    return params
""")
WRONG["vector_to_params"] = answers("""
#: in the dict's order
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in like:
        params[key] = vector[at:at + like[key].size].reshape(like[key].shape)
        at += like[key].size
    return params
#: by number
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like, key=lambda k: (k[0], int("0" + "".join(filter(str.isdigit, k))))):
        params[key] = vector[at:at + like[key].size].reshape(like[key].shape)
        at += like[key].size
    return params
#: without case
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like, key=str.lower):
        params[key] = vector[at:at + like[key].size].reshape(like[key].shape)
        at += like[key].size
    return params
#: by columns
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like):
        params[key] = vector[at:at + like[key].size].reshape(like[key].shape, order="F")
        at += like[key].size
    return params
#: by columns where like is so
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like):
        params[key] = vector[at:at + like[key].size].reshape(like[key].shape, order="A" if like[key].flags.c_contiguous
                                                             else "F")
        at += like[key].size
    return params
#: flat parts
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like):
        params[key] = vector[at:at + like[key].size]
        at += like[key].size
    return params
#: transposed
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like):
        params[key] = vector[at:at + like[key].size].reshape(like[key].shape[::-1]).T
        at += like[key].size
    return params
#: written into like
def vector_to_params(vector, like):
    at = 0
    for key in sorted(like):
        like[key][...] = vector[at:at + like[key].size].reshape(like[key].shape)
        at += like[key].size
    return like
#: like itself
def vector_to_params(vector, like):
    return like
#: the vector's start for all
def vector_to_params(vector, like):
    return {key: vector[:like[key].size].reshape(like[key].shape) for key in like}
#: shape of the first axis alone
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like):
        params[key] = vector[at:at + like[key].size].reshape(len(like[key]), -1)
        at += like[key].size
    return params
#: lists
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like):
        params[key] = vector[at:at + like[key].size].reshape(like[key].shape).tolist()
        at += like[key].size
    return params
#: the last key is lost
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like)[:-1]:
        params[key] = vector[at:at + like[key].size].reshape(like[key].shape)
        at += like[key].size
    return params
#: from the end
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like, reverse=True):
        params[key] = vector[at:at + like[key].size].reshape(like[key].shape)
        at += like[key].size
    return params
#: a list of pairs
def vector_to_params(vector, like):
    params, at = [], 0
    for key in sorted(like):
        params.append((key, vector[at:at + like[key].size].reshape(like[key].shape)))
        at += like[key].size
    return params
#: as like lies in memory
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like):
        params[key] = np.empty_like(like[key])
        for entry in np.nditer(params[key], op_flags=["writeonly"], order="K"):
            entry[...] = vector[at]
            at += 1
    return params
#: the vector is changed
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like):
        params[key] = vector[at:at + like[key].size].reshape(like[key].shape).copy()
        vector[at:at + like[key].size] = 0
        at += like[key].size
    return params
#: matrices alone
def vector_to_params(vector, like):
    params, at = {}, 0
    for key in sorted(like):
        params[key] = vector[at:at + like[key].size].reshape((1,) * (2 - like[key].ndim) + like[key].shape)
        at += like[key].size
    return params
""")

# --- numerical_gradient ----------------------------------------------------------------------------------------------
RIGHT["numerical_gradient"] = answers("""
#: in place, put back
def numerical_gradient(cost, params, eps=1e-6):
    grads = {}
    for key, p in params.items():
        grads[key] = np.zeros(p.shape)
        for index in np.ndindex(p.shape):
            old = p[index]
            p[index] = old + eps
            plus = cost(params)
            p[index] = old - eps
            minus = cost(params)
            p[index] = old
            grads[key][index] = (plus - minus) / (2 * eps)
    return grads
#: by vectors
def numerical_gradient(cost, params, eps=1e-6):
    theta = params_to_vector(params)
    slopes = np.empty_like(theta)
    for i in range(theta.size):
        step = np.zeros_like(theta)
        step[i] = eps
        slopes[i] = cost(vector_to_params(theta + step, params)) - cost(vector_to_params(theta - step, params))
    return vector_to_params(slopes / (2 * eps), params)
#: deep copies
def numerical_gradient(cost, params, eps=1e-6):
    import copy
    grads = {k: np.zeros_like(v, dtype=float) for k, v in params.items()}
    for k in params:
        for i in range(params[k].size):
            plus, minus = copy.deepcopy(params), copy.deepcopy(params)
            plus[k].flat[i] += eps
            minus[k].flat[i] -= eps
            grads[k].flat[i] = (cost(plus) - cost(minus)) / 2 / eps
    return grads
#: the identity's rows
def numerical_gradient(cost, params, eps=1e-6):
    def slope(k, step):
        return (cost({**params, k: params[k] + step}) - cost({**params, k: params[k] - step})) / (2 * eps)
    return {k: np.array([slope(k, e.reshape(p.shape)) for e in eps * np.eye(p.size)]).reshape(p.shape)
            for k, p in params.items()}
#: two_sided_difference
def numerical_gradient(cost, params, eps=1e-6):
    grads = {}
    for key in sorted(params, reverse=True):
        grads[key] = np.empty(params[key].shape)
        for index, value in np.ndenumerate(params[key]):
            def along(theta):
                moved = params[key].copy()
                moved[index] = theta
                return cost(params | {key: moved})
            grads[key][index] = two_sided_difference(along, value, eps)
    return grads
#: nditer
def numerical_gradient(cost, params, eps=1e-6):
    work = {k: np.array(v, dtype=float) for k, v in params.items()}
    grads = {}
    for k, p in work.items():
        g = np.zeros_like(p)
        it = np.nditer(p, flags=["multi_index"])
        while not it.finished:
            i = it.multi_index
            keep = p[i]
            p[i] = keep + eps
            up = float(cost(work))
            p[i] = keep - eps
            g[i] = (up - float(cost(work))) / (2 * eps)
            p[i] = keep
            it.iternext()
        grads[k] = g
    return grads
#: a context that puts back
import contextlib
@contextlib.contextmanager
def _moved(array, i, step):
    old = array.flat[i]
    array.flat[i] = old + step
    try:
        yield
    finally:
        array.flat[i] = old
def numerical_gradient(cost, params, eps=1e-6):
    def at(array, i, step):
        with _moved(array, i, step):
            return cost(params)
    return {k: np.reshape([(at(p, i, eps) - at(p, i, -eps)) / (2 * eps) for i in range(p.size)], p.shape)
            for k, p in params.items()}
#: ordered dict and fromiter
def numerical_gradient(cost, params, eps=1e-6):
    import collections
    def slopes(key):
        for i in range(params[key].size):
            values = []
            for sign in (1, -1):
                flat = params[key].flatten()
                flat[i] += sign * eps
                values.append(cost({**params, key: flat.reshape(params[key].shape)}))
            yield (values[0] - values[1]) / (2 * eps)
    return collections.OrderedDict((k, np.fromiter(slopes(k), float).reshape(params[k].shape)) for k in params)
#: apply_along_axis over steps, in Fortran order
def numerical_gradient(cost, params, eps=1e-6):
    grads = {}
    for k, p in params.items():
        f = lambda row: cost(dict(params, **{k: p + row.reshape(p.shape)}))
        steps = eps * np.eye(p.size)
        g = np.apply_along_axis(f, 1, steps) - np.apply_along_axis(f, 1, -steps)
        grads[k] = np.asfortranarray((g / (2 * eps)).reshape(p.shape))
    return grads
#: np.where marks the entry
def numerical_gradient(cost, params, eps=1e-6, *, progress=None):
    grads = {}
    for k in params:
        number = np.arange(params[k].size).reshape(params[k].shape)
        grads[k] = np.zeros(number.shape)
        for n in number.flat:
            d = np.where(number == n, eps, 0.0)
            other = params.copy()
            other[k] = params[k] + d
            right = cost(other)
            other[k] = params[k] - d
            grads[k] += (right - cost(other)) / (2 * eps) * (number == n)
    return grads
#: float32 results
def numerical_gradient(cost, params, eps=1e-6):
    grads = {}
    for k, p in params.items():
        work = p.astype(float)
        others = {**params, k: work}
        g = np.zeros(p.shape, dtype=np.float32)
        for i in np.ndindex(*p.shape):
            work[i] += eps
            up = cost(others)
            work[i] = p[i] - eps
            g[i] = (up - cost(others)) / (2 * eps)
            work[i] = p[i]
        grads[k] = g
    return grads
#: an object with __call__
class _Numerical:
    def __call__(self, cost, params, eps=1e-6):
        self.cost, self.params, self.eps = cost, params, eps
        return {k: self.array(k) for k in params}
    def array(self, k):
        p = self.params[k]
        out = np.empty(p.size)
        for i in range(p.size):
            e = np.zeros(p.size)
            e[i] = self.eps
            e = e.reshape(p.shape)
            out[i] = (self.cost({**self.params, k: p + e}) - self.cost({**self.params, k: p - e})) / (2 * self.eps)
        return out.reshape(p.shape)
numerical_gradient = _Numerical()
""")
_NUMERICAL = """
def numerical_gradient(cost, params, EPS):
    grads = {}
    for k, p in KEYS:
        g = np.zeros(p.shape)
        for i in INDICES:
            up, down = p.copy(), p.copy()
            up[i] += eps
            down[i] -= eps
            g[i] = QUOTIENT
        grads[k] = RESULT
    return RETURN
"""


def _numerical(
    eps: str = "eps=1e-6",
    keys: str = "params.items()",
    indices: str = "np.ndindex(p.shape)",
    quotient: str = "(cost({**params, k: up}) - cost({**params, k: down})) / (2 * eps)",
    result: str = "g",
    returned: str = "grads",
) -> str:
    pairs = (("EPS", eps), ("KEYS", keys), ("INDICES", indices), ("QUOTIENT", quotient), ("RESULT", result))
    source = _NUMERICAL
    for mark, text in (*pairs, ("RETURN", returned)):
        source = source.replace(mark, text)
    return source


WRONG["numerical_gradient"] = {
    "one-sided": _numerical(quotient="(cost({**params, k: up}) - cost(params)) / eps"),
    "the two is missing": _numerical(quotient="(cost({**params, k: up}) - cost({**params, k: down})) / eps"),
    "a missing parenthesis": _numerical(quotient="(cost({**params, k: up}) - cost({**params, k: down})) / 2 * eps"),
    "the sign": _numerical(quotient="(cost({**params, k: down}) - cost({**params, k: up})) / (2 * eps)"),
    "another default": _numerical(eps="eps=1e-2"),
    "eps ignored": _numerical(
        quotient="(cost({**params, k: p + (up - p) / eps * 1e-6}) - cost({**params, k: p - (up - p) / eps * 1e-6})) / 2e-6"
    ),
    "weights alone": _numerical(keys="[(k, p) for k, p in params.items() if k.startswith('W')]"),
    "two layers": _numerical(keys="[(k, params[k]) for k in ('W1', 'b1', 'W2', 'b2')]"),
    "all entries at once": _numerical(indices="[...]"),
    "whole rows at once": _numerical(indices="range(len(p))"),
    "the last entry is left": _numerical(indices="list(np.ndindex(p.shape))[:-1]"),
    "flat arrays": _numerical(result="g.ravel()"),
    "lists": _numerical(result="g.tolist()"),
    "a vector": _numerical(returned="np.concatenate([grads[k].ravel() for k in sorted(grads)])"),
    "sizes": _numerical(result="np.abs(g)"),
    "rounded": _numerical(result="np.round(g, 3)"),
    "only the first axis of matrices": _numerical(result="g.reshape(len(p), -1)"),
} | answers("""
#: a walk there and back
def numerical_gradient(cost, params, eps=1e-6):
    grads = {}
    for k, p in params.items():
        grads[k] = np.zeros(p.shape)
        for i in np.ndindex(p.shape):
            p[i] += eps
            up = cost(params)
            p[i] -= 2 * eps
            grads[k][i] = (up - cost(params)) / (2 * eps)
            p[i] += eps
    return grads
#: not put back
def numerical_gradient(cost, params, eps=1e-6):
    grads = {}
    for k, p in params.items():
        grads[k] = np.zeros(p.shape)
        for i in np.ndindex(p.shape):
            p[i] += eps
            up = cost(params)
            p[i] -= 2 * eps
            grads[k][i] = (up - cost(params)) / (2 * eps)
    return grads
#: a shallow copy
def numerical_gradient(cost, params, eps=1e-6):
    grads = {}
    for k in params:
        grads[k] = np.zeros(params[k].shape)
        for i in np.ndindex(params[k].shape):
            plus, minus = dict(params), dict(params)
            plus[k][i] += eps
            minus[k][i] -= eps
            grads[k][i] = (cost(plus) - cost(minus)) / (2 * eps)
    return grads
#: steps in proportion
def numerical_gradient(cost, params, eps=1e-6):
    grads = {}
    for k, p in params.items():
        grads[k] = np.zeros(p.shape)
        for i in np.ndindex(p.shape):
            h = eps * max(1.0, abs(p[i]))
            up, down = p.copy(), p.copy()
            up[i] += h
            down[i] -= h
            grads[k][i] = (cost({**params, k: up}) - cost({**params, k: down})) / (2 * h)
    return grads
#: the steps stay on
def numerical_gradient(cost, params, eps=1e-6):
    work = {k: p.copy() for k, p in params.items()}
    grads = {}
    for k, p in work.items():
        grads[k] = np.zeros(p.shape)
        for i in np.ndindex(p.shape):
            p[i] += eps
            up = cost(work)
            p[i] -= 2 * eps
            grads[k][i] = (up - cost(work)) / (2 * eps)
    return grads
""")

# --- relative_difference ---------------------------------------------------------------------------------------------
RIGHT["relative_difference"] = answers("""
#: norms of vectors
def relative_difference(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    total = np.linalg.norm(g) + np.linalg.norm(a)
    return np.linalg.norm(g - a) / total if total else 0.0
#: norms of norms
def relative_difference(grads, approx):
    def norm(arrays):
        return np.linalg.norm([np.linalg.norm(x) for x in arrays])
    below = norm(grads.values()) + norm(approx.values())
    return 0 if below == 0 else norm([grads[k] - approx[k] for k in grads]) / below
#: sums of squares
def relative_difference(grads, approx):
    d = g = a = 0.0
    for k in approx:
        d += np.sum((grads[k] - approx[k]) ** 2)
        g += np.sum(grads[k] ** 2)
        a += np.sum(approx[k] ** 2)
    if g == 0 and a == 0:
        return 0.0
    return np.sqrt(d) / (np.sqrt(g) + np.sqrt(a))
#: math.dist and math.hypot
def relative_difference(grads, approx):
    import math
    g = [float(v) for k in sorted(grads) for v in grads[k].flat]
    a = [float(v) for k in sorted(grads) for v in approx[k].flat]
    below = math.hypot(*g) + math.hypot(*a)
    return math.dist(g, a) / below if below > 0 else 0.0
#: divide with where
def relative_difference(grads, approx):
    keys = list(grads)
    g = np.concatenate([np.ravel(grads[k]) for k in keys])
    a = np.concatenate([np.ravel(approx[k]) for k in keys])
    below = np.sqrt(g @ g) + np.sqrt(a @ a)
    return np.divide(np.sqrt((g - a) @ (g - a)), below, out=np.zeros(()), where=below != 0)
#: try
def relative_difference(grads, approx):
    norm = lambda parts: float(sum((p * p).sum() for p in parts)) ** 0.5
    try:
        return norm(grads[k] - approx[k] for k in grads) / (norm(grads.values()) + norm(approx.values()))
    except ZeroDivisionError:
        return 0.0
#: einsum to a 0-d array
def relative_difference(grads, approx):
    stack = np.stack([np.concatenate([d[k].ravel() for k in sorted(d)]) for d in (grads, approx)])
    stack = np.vstack([stack, stack[0] - stack[1]])
    n = np.sqrt(np.einsum("ij,ij->i", stack, stack))
    return np.array(n[2] / (n[0] + n[1] or 1.0))
#: the smallest number under zero
def relative_difference(grads, approx):
    g, a = params_to_vector(grads), params_to_vector({k: approx[k] for k in grads})
    below = np.linalg.norm(g) + np.linalg.norm(a)
    return np.linalg.norm(g - a) / max(below, np.finfo(float).tiny)
#: equal first
def relative_difference(grads, approx):
    if not any(np.any(v) for d in (grads, approx) for v in d.values()):
        return 0.0
    norm = lambda d: np.sqrt(sum(np.vdot(v, v) for v in d.values()))
    return norm({k: v - approx[k] for k, v in grads.items()}) / (norm(grads) + norm(approx))
#: recursion over keys
def relative_difference(grads, approx):
    def squares(keys):
        if not keys:
            return np.zeros(3)
        g, a = grads[keys[0]], approx[keys[0]]
        return np.array([((g - a) ** 2).sum(), (g**2).sum(), (a**2).sum()]) + squares(keys[1:])
    d, g, a = np.sqrt(squares(list(approx)))
    return d / (g + a) if g + a != 0 else 0
#: float32
def relative_difference(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    below = np.linalg.norm(g) + np.linalg.norm(a)
    return np.float32(np.linalg.norm(g - a) / below) if below else np.float32(0)
#: scaled by the largest
def relative_difference(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    top = max(np.abs(g).max(), np.abs(a).max())
    if top == 0:
        return 0.0
    g, a = g / top, a / top
    return np.linalg.norm(g - a, ord=2) / (np.linalg.norm(g, ord=2) + np.linalg.norm(a, ord=2))
""")
WRONG["relative_difference"] = answers("""
#: the absolute difference
def relative_difference(grads, approx):
    return np.linalg.norm(params_to_vector(grads) - params_to_vector(approx))
#: the mean over keys
def relative_difference(grads, approx):
    n = np.linalg.norm
    return np.mean([n(grads[k] - approx[k]) / ((n(grads[k]) + n(approx[k])) or 1.0) for k in grads])
#: the largest over keys
def relative_difference(grads, approx):
    n = np.linalg.norm
    return max(n(grads[k] - approx[k]) / ((n(grads[k]) + n(approx[k])) or 1.0) for k in grads)
#: in the dicts' order
def relative_difference(grads, approx):
    g = np.concatenate([v.ravel() for v in grads.values()])
    a = np.concatenate([v.ravel() for v in approx.values()])
    n = np.linalg.norm
    return n(g - a) / ((n(g) + n(a)) or 1.0)
#: the larger norm below
def relative_difference(grads, approx):
    g, a, n = params_to_vector(grads), params_to_vector(approx), np.linalg.norm
    return n(g - a) / (max(n(g), n(a)) or 1.0)
#: the norm of the sum below
def relative_difference(grads, approx):
    g, a, n = params_to_vector(grads), params_to_vector(approx), np.linalg.norm
    return n(g - a) / (n(g + a) or 1.0)
#: squares
def relative_difference(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    return np.sum((g - a) ** 2) / ((np.sum(g**2) + np.sum(a**2)) or 1.0)
#: something small below
def relative_difference(grads, approx):
    g, a, n = params_to_vector(grads), params_to_vector(approx), np.linalg.norm
    return n(g - a) / (n(g) + n(a) + 1e-8)
#: something tiny below
def relative_difference(grads, approx):
    g, a, n = params_to_vector(grads), params_to_vector(approx), np.linalg.norm
    return n(g - a) / max(n(g) + n(a), 1e-7)
#: nothing for zeros
def relative_difference(grads, approx):
    g, a, n = params_to_vector(grads), params_to_vector(approx), np.linalg.norm
    with np.errstate(all="ignore"):
        return n(g - a) / (n(g) + n(a))
#: zero when either is
def relative_difference(grads, approx):
    g, a, n = params_to_vector(grads), params_to_vector(approx), np.linalg.norm
    return n(g - a) / (n(g) + n(a)) if n(g) and n(a) else 0.0
#: sums of sizes
def relative_difference(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    return np.abs(g - a).sum() / ((np.abs(g).sum() + np.abs(a).sum()) or 1.0)
#: the largest entries
def relative_difference(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    return np.abs(g - a).max() / ((np.abs(g).max() + np.abs(a).max()) or 1.0)
#: entry by entry
def relative_difference(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    below = np.abs(g) + np.abs(a)
    return np.max(np.abs(g - a) / np.where(below, below, 1))
#: weights alone
def relative_difference(grads, approx):
    keep = [k for k in sorted(grads) if k[0] == "W"] or sorted(grads)[:1]
    g = np.concatenate([grads[k].ravel() for k in keep])
    a = np.concatenate([approx[k].ravel() for k in keep])
    return np.linalg.norm(g - a) / ((np.linalg.norm(g) + np.linalg.norm(a)) or 1.0)
#: a sum of norms
def relative_difference(grads, approx):
    n = np.linalg.norm
    below = sum(n(grads[k]) + n(approx[k]) for k in grads)
    return sum(n(grads[k] - approx[k]) for k in grads) / (below or 1.0)
#: the difference of the norms
def relative_difference(grads, approx):
    g, a, n = params_to_vector(grads), params_to_vector(approx), np.linalg.norm
    return abs(n(g) - n(a)) / ((n(g) + n(a)) or 1.0)
#: approx alone below
def relative_difference(grads, approx):
    g, a, n = params_to_vector(grads), params_to_vector(approx), np.linalg.norm
    return n(g - a) / (n(a) or 1.0)
#: twice as large
def relative_difference(grads, approx):
    g, a, n = params_to_vector(grads), params_to_vector(approx), np.linalg.norm
    return n(g - a) / (((n(g) + n(a)) / 2) or 1.0)
#: grads are changed
def relative_difference(grads, approx):
    g, a, n = params_to_vector(grads), params_to_vector(approx), np.linalg.norm
    for k in grads:
        grads[k] -= approx[k]
    return n(params_to_vector(grads)) / ((n(g) + n(a)) or 1.0)
""")

# --- gradient_check --------------------------------------------------------------------------------------------------
RIGHT["gradient_check"] = answers("""
#: from the other two
def gradient_check(cost, params, grads, eps=1e-6):
    difference = relative_difference(grads, numerical_gradient(cost, params, eps))
    if difference < 1e-7:
        return difference, "correct"
    return difference, "suspicious" if difference < 1e-3 else "wrong"
#: a table
def gradient_check(cost, params, grads, eps=1e-6):
    d = relative_difference(grads, numerical_gradient(cost, params, eps))
    for limit, word in ((1e-7, "correct"), (1e-3, "suspicious")):
        if d < limit:
            return (d, word)
    return (d, "wrong")
#: searchsorted
def gradient_check(cost, params, grads, eps=1e-6):
    d = relative_difference(numerical_gradient(cost, params, eps=eps), grads)
    return float(d), ["correct", "suspicious", "wrong"][int(np.searchsorted([1e-7, 1e-3], d, side="right"))]
#: bisect with NaN apart
def gradient_check(cost, params, grads, eps=1e-6):
    import bisect
    import math
    d = float(relative_difference(grads, numerical_gradient(cost, params, eps)))
    n = 2 if math.isnan(d) else bisect.bisect([1e-7, 1e-3], d)
    return d, ("correct", "suspicious", "wrong")[n]
#: all by itself
def gradient_check(cost, params, grads, eps=1e-6):
    theta = params_to_vector(params)
    approx = np.array([(cost(vector_to_params(theta + e, params)) - cost(vector_to_params(theta - e, params)))
                       for e in eps * np.eye(theta.size)]) / (2 * eps)
    g = params_to_vector(grads)
    below = np.linalg.norm(g) + np.linalg.norm(approx)
    d = np.linalg.norm(g - approx) / below if below != 0 else 0.0
    return d, "correct" if d < 1e-7 else "suspicious" if d < 1e-3 else "wrong"
#: a named tuple
from collections import namedtuple
Check = namedtuple("Check", ["difference", "verdict"])
def gradient_check(cost, params, grads, eps=1e-6):
    d = relative_difference(grads, numerical_gradient(cost, params, eps))
    return Check(d, "correct" if d < 1e-7 else "wrong" if not d < 1e-3 else "suspicious")
#: a 0-d array
def gradient_check(cost, params, grads, eps=1e-6):
    d = np.asarray(relative_difference(grads, numerical_gradient(cost, params, eps)))
    return d, str(np.select([d < 1e-7, d < 1e-3], ["correct", "suspicious"], "wrong"))
#: NumPy's choice of a word
def gradient_check(cost, params, grads, eps=1e-6):
    d = relative_difference(grads, numerical_gradient(cost, params, eps))
    return d, np.array(["wrong", "suspicious", "correct"])[int(d < 1e-3) + int(d < 1e-7)]
#: match
def gradient_check(cost, params, grads, eps=1e-6):
    d = relative_difference(grads, numerical_gradient(cost, params, eps))
    match (bool(d < 1e-7), bool(d < 1e-3)):
        case (True, _):
            word = "correct"
        case (_, True):
            word = "suspicious"
        case _:
            word = "wrong"
    return d, word
#: counted limits
def gradient_check(cost, params, grads, eps=1e-6):
    d = relative_difference(grads, numerical_gradient(cost, params, eps))
    return d, {2: "correct", 1: "suspicious", 0: "wrong"}[sum(d < limit for limit in (1e-7, 1e-3))]
#: a numpy string
def gradient_check(cost, params, grads, eps=1e-6):
    d = relative_difference(grads, numerical_gradient(cost, params, eps))
    words = ("correct", "suspicious", "wrong")
    return d, next((w for w, limit in zip(words, (1e-7, 1e-3, np.inf)) if d < limit), words[-1])
#: float32
def gradient_check(cost, params, grads, eps=1e-6):
    d = relative_difference(grads, numerical_gradient(cost, params, eps))
    return np.float32(d), "correct" if d < 1e-7 else "suspicious" if d < 1e-3 else "wrong"
#: tuple of a list
def gradient_check(cost, params, grads, eps=1e-6, *, limits=(1e-7, 1e-3)):
    out = [relative_difference(grads, numerical_gradient(cost, params, eps))]
    out.append("wrong" if np.isnan(out[0]) or out[0] >= limits[1] else
               "suspicious" if out[0] >= limits[0] else "correct")
    return tuple(out)
""")
_CHECK = """
def gradient_check(cost, params, grads, eps=1e-6):
    d = DIFFERENCE
    verdict = VERDICT
    return RESULT
"""


def _check(
    difference: str = "relative_difference(grads, numerical_gradient(cost, params, eps))",
    verdict: str = '"correct" if d < 1e-7 else "suspicious" if d < 1e-3 else "wrong"',
    result: str = "d, verdict",
) -> str:
    return _CHECK.replace("DIFFERENCE", difference).replace("VERDICT", verdict).replace("RESULT", result)


WRONG["gradient_check"] = {
    "limits 1e-5 and 1e-3": _check(verdict='"correct" if d < 1e-5 else "suspicious" if d < 1e-3 else "wrong"'),
    "limits 1e-7 and 1e-5": _check(verdict='"correct" if d < 1e-7 else "suspicious" if d < 1e-5 else "wrong"'),
    "limits 1e-7 and 1e-2": _check(verdict='"correct" if d < 1e-7 else "suspicious" if d < 1e-2 else "wrong"'),
    "limits 1e-8 and 1e-3": _check(verdict='"correct" if d < 1e-8 else "suspicious" if d < 1e-3 else "wrong"'),
    "limits 1e-6 and 1e-3": _check(verdict='"correct" if d < 1e-6 else "suspicious" if d < 1e-3 else "wrong"'),
    "limits 1e-7 and 1e-4": _check(verdict='"correct" if d < 1e-7 else "suspicious" if d < 1e-4 else "wrong"'),
    "a list": _check(result="[d, verdict]"),
    "the other order": _check(result="verdict, d"),
    "capitals": _check(result="d, verdict.capitalize()"),
    "whether it is right": _check(result="d, verdict == 'correct'"),
    "the verdict alone": _check(result="verdict"),
    "NaN is suspicious": _check(verdict='"correct" if d < 1e-7 else "wrong" if d >= 1e-3 else "suspicious"'),
    "NaN is correct": _check(verdict='"wrong" if d >= 1e-3 else "suspicious" if d >= 1e-7 else "correct"'),
    "eps ignored": _check(difference="relative_difference(grads, numerical_gradient(cost, params))"),
    "the absolute difference": _check(
        difference="np.linalg.norm(params_to_vector(grads) - params_to_vector(numerical_gradient(cost, params, eps)))"
    ),
    "the largest difference": _check(
        difference="max(relative_difference({k: grads[k]}, {k: v}) for k, v in numerical_gradient(cost, params, eps).items())"
    ),
    "two words": _check(verdict='"correct" if d < 1e-7 else "wrong"'),
    "rounded": _check(result="round(d, 6), verdict"),
    "weights alone": _check(
        difference="relative_difference(*({k: v for k, v in d.items() if k[0] in 'Wwk'} for d in "
        "(grads, numerical_gradient(cost, params, eps))))"
    ),
    "NaN made zero": _check(
        difference="np.nan_to_num(relative_difference(grads, numerical_gradient(cost, params, eps)))"
    ),
    "against itself": _check(difference="relative_difference(grads, grads)"),
    "words swapped": _check(verdict='"suspicious" if d < 1e-7 else "correct" if d < 1e-3 else "wrong"'),
}

# --- worst_components ------------------------------------------------------------------------------------------------
RIGHT["worst_components"] = answers("""
#: sorted
def worst_components(grads, approx, k=3):
    entries = [(key, index, abs(g - approx[key][index])) for key in grads for index, g in np.ndenumerate(grads[key])]
    return sorted(entries, key=lambda entry: entry[2], reverse=True)[:k]
#: sorted by minus the difference
def worst_components(grads, approx, k=3):
    entries = []
    for key in reversed(list(grads)):
        difference = np.abs(grads[key] - approx[key])
        entries += [(key, index, -difference[index]) for index in np.ndindex(difference.shape)]
    entries.sort(key=lambda e: e[2])
    return [(key, index, -d) for key, index, d in entries[:k]]
#: a heap
def worst_components(grads, approx, k=3):
    import heapq
    def entries():
        for key in grads:
            for index in np.ndindex(grads[key].shape):
                yield float(abs(grads[key][index] - approx[key][index])), key, index
    return [(key, index, d) for d, key, index in heapq.nlargest(k, entries())]
#: argsort of the vector
def worst_components(grads, approx, k=3):
    keys = list(grads)
    d = np.concatenate([np.abs(grads[key] - approx[key]).ravel() for key in keys])
    owner = np.concatenate([[n] * grads[key].size for n, key in enumerate(keys)]).astype(int)
    place = np.concatenate([np.arange(grads[key].size) for key in keys])
    return [(keys[owner[i]], np.unravel_index(place[i], grads[keys[owner[i]]].shape), d[i])
            for i in np.argsort(-d)[:k]]
#: ties the other way round
def worst_components(grads, approx, k=3):
    entries = [(abs(g - approx[key][index]), key, index)
               for key in grads for index, g in np.ndenumerate(grads[key])]
    return [(key, index, d) for d, key, index in sorted(entries)[::-1][:k]]
#: picked one after the other
def worst_components(grads, approx, k=3):
    left = {key: np.abs(grads[key] - approx[key]) for key in grads}
    total = sum(v.size for v in left.values())
    worst = []
    for _ in range(min(k, total)):
        key = max(left, key=lambda name: left[name].max())
        index = np.unravel_index(left[key].argmax(), left[key].shape)
        worst.append((key, tuple(int(i) for i in index), float(left[key][index])))
        left[key][index] = -1
    return worst
#: a named tuple
import collections
Component = collections.namedtuple("Component", "key index difference")
def worst_components(grads, approx, k=3):
    found = (Component(key, index, np.abs(value - approx[key][index]))
             for key, array in grads.items() for index, value in np.ndenumerate(array))
    return list(sorted(found, key=lambda c: -c.difference))[:k]
#: the worst of each array first
def worst_components(grads, approx, k=3):
    candidates = []
    for key in grads:
        d = np.abs(grads[key] - approx[key])
        for flat in d.ravel().argsort()[::-1][:k]:
            index = np.unravel_index(int(flat), d.shape)
            candidates.append((key, index, d[index]))
    candidates.sort(key=lambda c: c[-1], reverse=True)
    return candidates[:k]
#: insertion by bisect
def worst_components(grads, approx, k=3):
    import bisect
    worst = []
    for key in sorted(grads, reverse=True):
        for index in np.ndindex(*grads[key].shape):
            d = abs(float(grads[key][index]) - float(approx[key][index]))
            bisect.insort(worst, (key, index, d), key=lambda c: -c[2])
            del worst[k:]
    return worst
#: argpartition where there are enough
def worst_components(grads, approx, k=3):
    entries = [(key, index) for key in grads for index in np.ndindex(grads[key].shape)]
    d = np.array([abs(grads[key][index] - approx[key][index]) for key, index in entries])
    top = np.argpartition(d, len(d) - k)[len(d) - k:] if k < len(d) else np.arange(len(d))
    return [(*entries[i], d[i]) for i in top[np.argsort(d[top])][::-1]]
#: keys from an array
def worst_components(grads, approx, k=3):
    keys = np.array([key for key in grads for _ in range(grads[key].size)])
    spots = [index for key in grads for index in np.ndindex(grads[key].shape)]
    sizes = np.array([abs(grads[key][i] - approx[key][i]) for key, i in zip(keys, spots)])
    return [(keys[n], spots[n], sizes[n]) for n in np.argsort(sizes, kind="stable")[::-1][:k]]
#: random choice among ties
def worst_components(grads, approx, k=3):
    import random
    entries = [(key, i, abs(grads[key][i] - approx[key][i])) for key in grads for i in np.ndindex(grads[key].shape)]
    random.shuffle(entries)
    return sorted(entries, key=lambda entry: -entry[2])[:k]
#: 0-d arrays and NumPy integers
def worst_components(grads, approx, k=3):
    rows = [(key, tuple(np.array(index)), np.asarray(abs(v - approx[key][index])))
            for key in grads for index, v in np.ndenumerate(grads[key])]
    return sorted(rows, key=lambda row: float(row[2]), reverse=True)[:k]
#: lexsort
def worst_components(grads, approx, k=3, **options):
    rows = [(key, i, abs(grads[key][i] - approx[key][i])) for key in sorted(grads) for i in np.ndindex(grads[key].shape)]
    order = np.lexsort((np.arange(len(rows)), [-row[2] for row in rows]))
    return [rows[n] for n in order[:k]]
#: float32
def worst_components(grads, approx, k=3):
    entries = [(key, index, np.float32(abs(g - approx[key][index])))
               for key in grads for index, g in np.ndenumerate(grads[key])]
    return sorted(entries, key=lambda entry: entry[2], reverse=True)[:k]
""")
_WORST = """
def worst_components(grads, approx, K):
    entries = [(key, index, DIFFERENCE) for key in KEYS for index, g in np.ndenumerate(grads[key])]
    entries = SORTED
    return RESULT
"""


def _worst(
    k: str = "k=3",
    difference: str = "abs(g - approx[key][index])",
    keys: str = "grads",
    by: str = "sorted(entries, key=lambda e: -e[2])",
    result: str = "entries[:k]",
) -> str:
    source = _WORST.replace("K)", k + ")").replace("KEYS", keys).replace("DIFFERENCE", difference)
    return source.replace("SORTED", by).replace("RESULT", result)


WRONG["worst_components"] = {
    "smallest first": _worst(by="sorted(entries, key=lambda e: e[2])"),
    "the k worst, smallest first": _worst(result="entries[:k][::-1]"),
    "with the sign": _worst(difference="g - approx[key][index]"),
    "ordered with the sign, shown without": _worst(
        difference="g - approx[key][index]", result="[(a, b, abs(c)) for a, b, c in entries[:k]]"
    ),
    "relative": _worst(
        difference="abs(g - approx[key][index]) / (abs(g) + abs(approx[key][index]) + 1e-300)",
    ),
    "squares": _worst(difference="(g - approx[key][index]) ** 2"),
    "another default": _worst(k="k=5"),
    "always three": _worst(result="entries[:3]"),
    "one too many": _worst(result="entries[:k + 1]"),
    "one too few": _worst(result="entries[:max(k - 1, 1)]"),
    "indices as lists": _worst(result="[(a, list(b), c) for a, b, c in entries[:k]]"),
    "indices of vectors as numbers": _worst(result="[(a, b[0] if len(b) == 1 else b, c) for a, b, c in entries[:k]]"),
    "flat indices": _worst(
        result="[(a, (int(np.ravel_multi_index(b, grads[a].shape)),), c) for a, b, c in entries[:k]]"
    ),
    "indices as arrays": _worst(result="[(a, np.array(b), c) for a, b, c in entries[:k]]"),
    "lists for entries": _worst(result="[list(e) for e in entries[:k]]"),
    "a tuple of entries": _worst(result="tuple(entries[:k])"),
    "another order in the entries": _worst(result="[(c, a, b) for a, b, c in entries[:k]]"),
    "weights alone": _worst(keys="[key for key in grads if key[0] == 'W']"),
    "one for each key": _worst(result="list({e[0]: e for e in entries[::-1]}.values())[::-1][:k]"),
    "equal ones counted once": _worst(result="sorted({e[2]: e for e in entries}.values(), key=lambda e: -e[2])[:k]"),
    "in the order of the keys": _worst(by="entries"),
    "the differences lost": _worst(result="[(a, b) for a, b, c in entries[:k]]"),
    "nothing when k is larger": _worst(result="entries[:k] if k <= len(entries) else []"),
    "an error when k is larger": _worst(result="[entries[n] for n in range(k)]"),
    "None fills up": _worst(result="entries[:k] + [None] * (k - len(entries))"),
    "rounded": _worst(difference="round(abs(g - approx[key][index]), 2)"),
    "the gradient's size": _worst(difference="abs(g)"),
    "k of each key": """
def worst_components(grads, approx, k=3):
    entries = []
    for key in grads:
        some = [(key, i, abs(g - approx[key][i])) for i, g in np.ndenumerate(grads[key])]
        entries += sorted(some, key=lambda e: -e[2])[:k]
    return sorted(entries, key=lambda e: -e[2])
""",
    "transposed indices": _worst(result="[(a, b[::-1], c) for a, b, c in entries[:k]]"),
    "a smaller one before a tie is used up": _worst(
        by="sorted(entries, key=lambda e: -e[2])",
        result="entries[:k] if len(entries) <= k or entries[k - 1][2] != entries[k][2] "
        "else entries[:k - 1] + [e for e in entries if e[2] < entries[k][2]][:1]",
    ),
    "the same index for all ties": """
def worst_components(grads, approx, k=3):
    d = {key: np.abs(grads[key] - approx[key]) for key in grads}
    top = sorted((v for a in d.values() for v in a.flat), reverse=True)[:k]
    worst = []
    for v in top:
        key = next(key for key in d if np.any(d[key] == v))
        worst.append((key, tuple(np.argwhere(d[key] == v)[0]), v))
    return worst
""",
}

# --- faulty_gradients ------------------------------------------------------------------------------------------------
RIGHT["faulty_gradients"] = answers("""
#: key by key
def faulty_gradients(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    faulty = []
    for key in sorted(params):
        difference = relative_difference({key: grads[key]}, {key: approx[key]})
        if not difference <= tol:
            faulty.append(key)
    return faulty
#: sorted at the end
def faulty_gradients(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps=eps)
    bad = set()
    for key, a in approx.items():
        d = relative_difference({"x": grads[key]}, {"x": a})
        if np.isnan(d) or d > tol:
            bad.add(key)
    return sorted(bad)
#: filter
def faulty_gradients(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    fine = lambda key: relative_difference({key: approx[key]}, {key: grads[key]}) <= tol
    return sorted(filter(lambda key: not fine(key), grads))
#: norms by itself
def faulty_gradients(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    def difference(g, a):
        below = np.linalg.norm(g) + np.linalg.norm(a)
        return np.linalg.norm(g - a) / below if below != 0 else 0.0
    return sorted(key for key in grads if not (difference(grads[key], approx[key]) <= tol))
#: without division
def faulty_gradients(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    n = np.linalg.norm
    return sorted(k for k in params if not n(grads[k] - approx[k]) <= tol * (n(grads[k]) + n(approx[k])))
#: one array at a time
def faulty_gradients(cost, params, grads, eps=1e-6, tol=1e-5):
    faulty = []
    for key in params:
        alone = lambda part: cost({**params, **part})
        approx = numerical_gradient(alone, {key: params[key].copy()}, eps)
        d = relative_difference({key: grads[key]}, approx)
        if d > tol or d != d:
            faulty += [key]
    faulty.sort()
    return faulty
#: gradient_check of one array
def faulty_gradients(cost, params, grads, eps=1e-6, tol=1e-5):
    bad = []
    for key in sorted(grads, reverse=True):
        d, _ = gradient_check(lambda p: cost(params | p), {key: params[key]}, {key: grads[key]}, eps)
        if not d <= tol:
            bad.insert(0, key)
    return bad
#: all at once in a vector
def faulty_gradients(cost, params, grads, eps=1e-6, tol=1e-5):
    keys = sorted(params)
    approx = numerical_gradient(cost, params, eps)
    owner = np.repeat(np.arange(len(keys)), [params[k].size for k in keys])
    g = np.concatenate([grads[k].ravel() for k in keys])
    a = np.concatenate([approx[k].ravel() for k in keys])
    total = lambda v: np.sqrt(np.bincount(owner, v * v, minlength=len(keys)))
    below = total(g) + total(a)
    with np.errstate(invalid="ignore"):
        d = np.where(below == 0, 0.0, total(g - a) / np.where(below == 0, 1.0, below))
    return [key for key, value in zip(keys, d) if np.isnan(value) or value > tol]
#: heap
def faulty_gradients(cost, params, grads, eps=1e-6, tol=1e-5):
    import heapq
    approx, found = numerical_gradient(cost, params, eps), []
    for key in grads:
        if not relative_difference({key: grads[key]}, {key: approx[key]}) <= tol:
            heapq.heappush(found, key)
    return [heapq.heappop(found) for _ in range(len(found))]
#: numpy's sort
def faulty_gradients(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    bad = [k for k in params if not relative_difference({k: grads[k]}, {k: approx[k]}) <= tol]
    return np.sort(bad).tolist()
#: strings of NumPy
def faulty_gradients(cost, params, grads, eps=1e-6, tol=1e-5):
    approx, keys = numerical_gradient(cost, params, eps), np.sort(list(params))
    bad = [not relative_difference({k: grads[k]}, {k: approx[k]}) <= tol for k in keys]
    return list(keys[bad])
#: a generator
def faulty_gradients(cost, params, grads, eps=1e-6, tol=1e-5):
    def bad():
        approx = numerical_gradient(cost, params, eps)
        for key in sorted(approx):
            d = relative_difference({key: approx[key]}, {key: grads[key]})
            if not np.isfinite(d) or d > tol:
                yield key
    return list(bad())
#: an object with __call__
class _Hunt:
    def difference(self, g, a):
        parts = [np.sqrt(np.square(x).sum()) for x in (g - a, g, a)]
        return 0.0 if parts[1] == parts[2] == 0 else parts[0] / (parts[1] + parts[2])
    def __call__(self, cost, params, grads, eps=1e-6, tol=1e-5, *, verbose=False):
        approx = numerical_gradient(cost, params, eps)
        good = {k for k in params if self.difference(grads[k], approx[k]) <= tol}
        return sorted(set(params) - good)
faulty_gradients = _Hunt()
""")
_FAULTY = """
def faulty_gradients(cost, params, grads, eps=1e-6, TOL):
    approx = APPROX
    n = np.linalg.norm
    faulty = []
    for key in ORDER:
        below = n(grads[key]) + n(approx[key])
        d = DIFFERENCE
        if TEST:
            faulty.append(key)
    return RESULT
"""


def _faulty(
    tol: str = "tol=1e-5",
    approx: str = "numerical_gradient(cost, params, eps)",
    order: str = "sorted(params)",
    difference: str = "n(grads[key] - approx[key]) / below if below != 0 else 0.0",
    test: str = "not d <= tol",
    result: str = "faulty",
) -> str:
    source = _FAULTY
    for mark, text in (("TOL", tol), ("APPROX", approx), ("ORDER", order), ("DIFFERENCE", difference)):
        source = source.replace(mark, text)
    return source.replace("TEST", test).replace("RESULT", result)


WRONG["faulty_gradients"] = {
    "NaN is fine": _faulty(test="d > tol"),
    "in the dict's order": _faulty(order="params"),
    "by number": _faulty(order="sorted(params, key=lambda k: (int('0' + ''.join(filter(str.isdigit, k))), k))"),
    "without case": _faulty(order="sorted(params, key=str.lower)"),
    "the right ones": _faulty(test="d <= tol"),
    "a tuple": _faulty(result="tuple(faulty)"),
    "a set": _faulty(result="set(faulty)"),
    "an array": _faulty(result="np.array(faulty)"),
    "with the differences": _faulty(result="[(key, 1.0) for key in faulty]"),
    "the absolute difference": _faulty(difference="n(grads[key] - approx[key])"),
    "compared with the whole gradient": _faulty(
        difference="n(grads[key] - approx[key]) / sum(n(v) for v in grads.values())"
    ),
    "all or none": _faulty(difference="relative_difference(grads, approx)"),
    "zeros are faulty": _faulty(difference="n(grads[key] - approx[key]) / below if below != 0 else 1.0"),
    "zero over zero": _faulty(difference="np.float64(n(grads[key] - approx[key])) / below"),
    "zero when one is": _faulty(
        difference="n(grads[key] - approx[key]) / below if n(grads[key]) != 0 and n(approx[key]) != 0 else 0.0"
    ),
    "tol ignored": _faulty(test="not d <= 1e-5"),
    "another tol": _faulty(tol="tol=1e-7"),
    "a loose tol": _faulty(tol="tol=1e-3"),
    "eps ignored": _faulty(approx="numerical_gradient(cost, params)"),
    "weights alone": _faulty(order="sorted(key for key in params if key.startswith('W'))"),
    "by the largest entry": _faulty(
        difference="np.max(np.abs(grads[key] - approx[key]) / np.maximum(np.abs(grads[key]) + np.abs(approx[key]), 1e-300))"
    ),
    "the worst alone": _faulty(result="faulty[:1]"),
    "something small below": _faulty(difference="n(grads[key] - approx[key]) / (below + 1e-2)"),
    "None when all is well": _faulty(result="faulty or None"),
    "NaN alone": _faulty(test="np.isnan(d)"),
    "a string": _faulty(result="', '.join(faulty)"),
    "sums of sizes": _faulty(
        difference="abs(grads[key].sum() - approx[key].sum()) / (abs(grads[key].sum()) + abs(approx[key].sum()) + 1e-300)"
    ),
}
