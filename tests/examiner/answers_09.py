"""Answers to lesson 09 that were written from the curriculum alone, and what the judge must say of each."""

from __future__ import annotations

from .examining import answers

RIGHT: dict[str, dict[str, str]] = {}
WRONG: dict[str, dict[str, str]] = {}

# --- initialize_velocity ---------------------------------------------------------------------------------------------
RIGHT["initialize_velocity"] = answers("""
#: zeros_like
def initialize_velocity(params):
    return {key: np.zeros_like(value) for key, value in params.items()}
#: float zeros by shape
def initialize_velocity(params):
    return {k: np.zeros(params[k].shape, dtype=float) for k in params}
#: a lambda
initialize_velocity = lambda params: {k: 0.0 * v for k, v in params.items()}
#: a difference
def initialize_velocity(params):
    return {k: v - v for k, v in params.items()}
#: in float32
def initialize_velocity(params):
    return {k: np.zeros(v.shape, np.float32) for k, v in params.items()}
#: integers
def initialize_velocity(params):
    return {k: np.zeros(v.shape, dtype=int) for k, v in params.items()}
#: keys sorted
def initialize_velocity(params):
    return dict((k, np.full_like(params[k], 0)) for k in sorted(params))
#: keys turned
def initialize_velocity(params):
    velocity = {}
    for k in list(params)[::-1]:
        velocity.update({k: np.zeros(np.shape(params[k]))})
    return velocity
#: an object with __call__
class _Zeros:
    def __call__(self, params):
        self.params = params
        return {k: np.zeros(v.size).reshape(v.shape) for k, v in self.params.items()}
initialize_velocity = _Zeros()
#: map and zip
def initialize_velocity(params):
    return dict(zip(params, map(np.zeros_like, params.values())))
#: functools
import functools
def initialize_velocity(params):
    return functools.reduce(lambda made, k: {**made, k: np.zeros_like(params[k])}, params, {})
#: recursion
def initialize_velocity(params):
    if not params:
        return {}
    (key, value), *rest = params.items()
    return {key: np.zeros(value.shape)} | initialize_velocity(dict(rest))
#: views of one array of zeros
def initialize_velocity(params):
    total = np.zeros(sum(v.size for v in params.values()))
    velocity, start = {}, 0
    for k, v in params.items():
        velocity[k] = total[start:start + v.size].reshape(v.shape)
        start += v.size
    return velocity
#: broadcast zeros, read-only
def initialize_velocity(params):
    return {k: np.broadcast_to(0.0, v.shape) for k, v in params.items()}
#: an ordered dict
from collections import OrderedDict
def initialize_velocity(params, fill=0.0):
    return OrderedDict((k, np.full(v.shape, fill)) for k, v in params.items())
#: copies emptied
def initialize_velocity(params):
    velocity = {k: np.array(v, copy=True) for k, v in params.items()}
    for v in velocity.values():
        v.fill(0)
    return velocity
#: negative zeros
def initialize_velocity(params):
    return {k: -np.zeros_like(v) for k, v in params.items()}
""")
WRONG["initialize_velocity"] = answers("""
#: the parameters
def initialize_velocity(params):
    return params
#: copies
def initialize_velocity(params):
    return {k: v.copy() for k, v in params.items()}
#: ones
def initialize_velocity(params):
    return {k: np.ones_like(v) for k, v in params.items()}
#: numbers
def initialize_velocity(params):
    return {k: 0.0 for k in params}
#: lists
def initialize_velocity(params):
    return {k: np.zeros_like(v).tolist() for k, v in params.items()}
#: transposed
def initialize_velocity(params):
    return {k: np.zeros_like(v.T) for k, v in params.items()}
#: flat
def initialize_velocity(params):
    return {k: np.zeros_like(v.ravel()) for k, v in params.items()}
#: at least two axes
def initialize_velocity(params):
    return {k: np.zeros_like(np.atleast_2d(v)) for k, v in params.items()}
#: one axis lost
def initialize_velocity(params):
    return {k: np.zeros_like(np.squeeze(v)) for k, v in params.items()}
#: weights and biases only
def initialize_velocity(params):
    return {k: np.zeros_like(v) for k, v in params.items() if k[0] in "Wb"}
#: dW and db
def initialize_velocity(params):
    return {"d" + k: np.zeros_like(v) for k, v in params.items()}
#: in place
def initialize_velocity(params):
    for v in params.values():
        v *= 0
    return params
#: empty arrays
def initialize_velocity(params):
    return {}
#: nothing
def initialize_velocity(params):
    velocity = {k: np.zeros_like(v) for k, v in params.items()}
#: infinities of large numbers
def initialize_velocity(params):
    return {k: v * 1e10 * 0 for k, v in params.items()}
#: small noise
def initialize_velocity(params):
    return {k: np.full(v.shape, 1e-3) for k, v in params.items()}
#: a tuple
def initialize_velocity(params):
    return {k: np.zeros_like(v) for k, v in params.items()}, 0
#: a bool array
def initialize_velocity(params):
    return {k: 0 for k in params} if len(params) == 1 else {k: np.zeros_like(v) for k, v in params.items()}
""")

# --- momentum_step ---------------------------------------------------------------------------------------------------
RIGHT["momentum_step"] = answers("""
#: two comprehensions
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] + (1 - beta) * grads[k] for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v
#: one loop
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    new_params, new_velocity = {}, {}
    for k in velocity:
        new_velocity[k] = (1 - beta) * grads[k] + beta * velocity[k]
        new_params[k] = params[k] - new_velocity[k] * learning_rate
    return new_params, new_velocity
#: a correction of the old velocity
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: g + beta * (velocity[k] - g) for k, g in grads.items()}
    return {k: p - learning_rate * v[k] for k, p in params.items()}, v
#: deep copies
import copy
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    params, velocity = copy.deepcopy(params), copy.deepcopy(velocity)
    for k in params:
        velocity[k] *= beta
        velocity[k] += (1 - beta) * grads[k]
        params[k] -= learning_rate * velocity[k]
    return params, velocity
#: out arguments of new arrays
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    new, v = {}, {}
    for k in params:
        v[k] = np.multiply(velocity[k], beta, out=np.empty_like(velocity[k]))
        np.add(v[k], (1 - beta) * grads[k], out=v[k])
        new[k] = np.subtract(params[k], learning_rate * v[k])
    return new, v
#: all in one vector
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    keys = sorted(params)
    flat = lambda d: np.concatenate([d[k].ravel() for k in keys])
    v = beta * flat(velocity) + (1 - beta) * flat(grads)
    p = flat(params) - learning_rate * v
    ends = np.cumsum([params[k].size for k in keys])[:-1]
    back = lambda a: {k: part.reshape(params[k].shape) for k, part in zip(keys, np.split(a, ends))}
    return back(p), back(v)
#: an object with __call__
class _Momentum:
    def __call__(self, params, grads, velocity, learning_rate, beta=0.9):
        self.v = {k: beta * velocity[k] + (1 - beta) * grads[k] for k in grads}
        return {k: params[k] - learning_rate * self.v[k] for k in grads}, self.v
momentum_step = _Momentum()
#: recursion over the keys
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    def go(keys):
        if not keys:
            return {}, {}
        p, v = go(keys[1:])
        k = keys[0]
        v[k] = beta * velocity[k] + (1 - beta) * grads[k]
        p[k] = params[k] - learning_rate * v[k]
        return p, v
    return go(list(params))
#: pairs unzipped
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    def pair(k):
        v = beta * velocity[k] + grads[k] - beta * grads[k]
        return (k, params[k] - learning_rate * v), (k, v)
    new, v = zip(*map(pair, params))
    return dict(new), dict(v)
#: extra keyword arguments
def momentum_step(params, grads, velocity, learning_rate, beta=0.9, nesterov=False, weight_decay=0.0):
    v = {k: beta * velocity[k] + (1 - beta) * (grads[k] + weight_decay * params[k]) for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v
#: a dot product
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    w = np.array([beta, 1 - beta])
    v = {k: np.tensordot(w, np.stack([velocity[k], grads[k]]), axes=1) for k in params}
    return {k: np.tensordot([1, -learning_rate], np.stack([params[k], v[k]]), axes=1) for k in params}, v
#: the two terms scaled first
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    moves = {k: learning_rate * beta * velocity[k] + learning_rate * (1 - beta) * grads[k] for k in params}
    v = {k: beta * velocity[k] + (1 - beta) * grads[k] for k in params}
    return {k: params[k] + -moves[k] for k in params}, v
#: dicts updated
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = dict(velocity)
    for k, g in grads.items():
        v[k] = beta * v[k] + (1 - beta) * g
    new = params.copy()
    new.update({k: new[k] - learning_rate * v[k] for k in new})
    return new, v
#: in float64 whatever comes
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    f = lambda a: np.asarray(a, dtype=np.float64)
    v = {k: beta * f(velocity[k]) + (1 - beta) * f(grads[k]) for k in params}
    return {k: f(params[k]) - learning_rate * v[k] for k in params}, v
#: entry by entry
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    new, v = {}, {}
    for k, p in params.items():
        new[k], v[k] = np.empty_like(p), np.empty_like(p)
        for i in np.ndindex(p.shape):
            v[k][i] = beta * velocity[k][i] + (1 - beta) * grads[k][i]
            new[k][i] = p[i] - learning_rate * v[k][i]
    return new, v
#: a named tuple
from typing import NamedTuple
class _Moved(NamedTuple):
    params: dict
    velocity: dict
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] + (1 - beta) * grads[k] for k in params}
    return _Moved({k: params[k] - learning_rate * v[k] for k in params}, v)
""")
WRONG["momentum_step"] = answers("""
#: no 1 - beta
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] + grads[k] for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v
#: no 1 - beta, rescaled rate
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] + grads[k] for k in params}
    return {k: params[k] - learning_rate * (1 - beta) * v[k] for k in params}, v
#: swapped
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * grads[k] + (1 - beta) * velocity[k] for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v
#: the old velocity moves
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] + (1 - beta) * grads[k] for k in params}
    return {k: params[k] - learning_rate * velocity[k] for k in params}, v
#: plus
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] + (1 - beta) * grads[k] for k in params}
    return {k: params[k] + learning_rate * v[k] for k in params}, v
#: a velocity with a minus
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] - (1 - beta) * grads[k] for k in params}
    return {k: params[k] + learning_rate * v[k] for k in params}, v
#: the rate in the velocity
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] + learning_rate * (1 - beta) * grads[k] for k in params}
    return {k: params[k] - v[k] for k in params}, v
#: corrected
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] + (1 - beta) * grads[k] for k in params}
    return {k: params[k] - learning_rate * v[k] / (1 - beta) for k in params}, v
#: starts with the first gradient
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] + (1 - beta) * grads[k] if velocity[k].any() else grads[k] for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v
#: updates the dict of the caller
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    for k in params:
        velocity[k] = beta * velocity[k] + (1 - beta) * grads[k]
    return {k: params[k] - learning_rate * velocity[k] for k in params}, velocity
#: parameters in place
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] + (1 - beta) * grads[k] for k in params}
    for k in params:
        params[k] -= learning_rate * v[k]
    return params, v
#: a shallow copy
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    params, velocity = dict(params), dict(velocity)
    for k in params:
        velocity[k] = beta * velocity[k] + (1 - beta) * grads[k]
        params[k] -= learning_rate * velocity[k]
    return params, velocity
#: gradients scaled in place
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    for k in grads:
        grads[k] *= 1 - beta
    v = {k: beta * velocity[k] + grads[k] for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v
#: a memory of its own
_memory = {}
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    for k in params:
        old = _memory.get(k, velocity[k])
        _memory[k] = beta * (old if old.shape == params[k].shape else velocity[k]) + (1 - beta) * grads[k]
    v = {k: _memory[k] for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v
#: only weights have a velocity
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] + (1 - beta) * grads[k] if k.startswith("W") else grads[k] for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v
#: another default
def momentum_step(params, grads, velocity, learning_rate, beta=0.99):
    v = {k: beta * velocity[k] + (1 - beta) * grads[k] for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v
#: zipped values
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] + (1 - beta) * g for k, g in zip(params, grads.values())}
    return {k: params[k] - learning_rate * v[k] for k in params}, v
#: velocities zipped
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * old + (1 - beta) * grads[k] for k, old in zip(params, velocity.values())}
    return {k: params[k] - learning_rate * v[k] for k in params}, v
#: velocity first
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] + (1 - beta) * grads[k] for k in params}
    return v, {k: params[k] - learning_rate * v[k] for k in params}
#: a list of two
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] + (1 - beta) * grads[k] for k in params}
    return [{k: params[k] - learning_rate * v[k] for k in params}, v]
#: the average of the step before the gradient (Nesterov's style)
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] + (1 - beta) * grads[k] for k in params}
    return {k: params[k] - learning_rate * (beta * v[k] + (1 - beta) * grads[k]) for k in params}, v
#: beta squared
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta**2 * velocity[k] + (1 - beta**2) * grads[k] for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v
#: first axis only
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: beta * velocity[k] + (1 - beta) * grads[k] for k in params}
    return {k: params[k] - learning_rate * v[k] if params[k].ndim < 3 else params[k] for k in params}, v
#: a clipped velocity
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    v = {k: np.clip(beta * velocity[k] + (1 - beta) * grads[k], -1, 1) for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v
#: beta 0 taken for the default
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    beta = beta or 0.9
    v = {k: beta * velocity[k] + (1 - beta) * grads[k] for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v
""")

# --- largest_stable_learning_rate ------------------------------------------------------------------------------------
RIGHT["largest_stable_learning_rate"] = answers("""
#: the formula
def largest_stable_learning_rate(curvature, beta):
    return 2 * (1 + beta) / (curvature * (1 - beta))
#: two divisions
def largest_stable_learning_rate(curvature, beta):
    return 2 / curvature * (1 + beta) / (1 - beta)
#: powers
largest_stable_learning_rate = lambda curvature, beta: 2 * (1 + beta) * curvature**-1.0 * (1 - beta)**-1.0
#: np.divide
def largest_stable_learning_rate(curvature, beta):
    return np.divide(2 + 2 * beta, curvature - curvature * beta)
#: a 0-d array
def largest_stable_learning_rate(curvature, beta):
    return np.array(2 * (1 + beta) / (curvature * (1 - beta)))
#: a series
def largest_stable_learning_rate(curvature, beta):
    window = 1 / (1 - beta)
    return 2 / curvature * (2 * window - 1)
#: fractions
from fractions import Fraction
def largest_stable_learning_rate(curvature, beta):
    c, b = Fraction(curvature), Fraction(beta)
    return float(2 * (1 + b) / (c * (1 - b)))
#: logarithms
import math
def largest_stable_learning_rate(curvature, beta):
    return math.exp(math.log(2) + math.log1p(beta) - math.log(curvature) - math.log1p(-beta))
#: the inverse hyperbolic tangent
def largest_stable_learning_rate(curvature, beta):
    return 2 * math.exp(2 * math.atanh(beta)) / curvature
import math
#: bisection on the larger root
def largest_stable_learning_rate(curvature, beta):
    def radius(rate):
        b = 1 + beta - rate * (1 - beta) * curvature
        return max(abs(np.roots([1.0, -b, beta])))
    low, high = 0.0, 8 / (curvature * (1 - beta))
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if radius(middle) < 1 else (low, middle)
    return low
#: an object with __call__
class _Limit:
    def __call__(self, curvature, beta):
        self.plain = 2.0 / curvature
        return self.plain * (1 + beta) / (1 - beta)
largest_stable_learning_rate = _Limit()
#: checks first
def largest_stable_learning_rate(curvature, beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    if curvature <= 0:
        raise ValueError(f"curvature must be positive, got {curvature}")
    return 2 * (1 + beta) / (curvature * (1 - beta))
#: the classical limit, scaled
def largest_stable_learning_rate(curvature, beta, *, form="average"):
    classical = 2 * (1 + beta) / curvature
    return classical / (1 - beta)
#: one minus a share
def largest_stable_learning_rate(curvature, beta):
    return -2 * (1 + beta) / ((beta - 1) * curvature)
#: float32 inside a longer double
def largest_stable_learning_rate(curvature, beta):
    return np.float64(4) / (np.float64(curvature) * (1 - beta)) - np.float64(2) / curvature
""")
WRONG["largest_stable_learning_rate"] = answers("""
#: plain
def largest_stable_learning_rate(curvature, beta):
    return 2 / curvature
#: classical
def largest_stable_learning_rate(curvature, beta):
    return 2 * (1 + beta) / curvature
#: upside down
def largest_stable_learning_rate(curvature, beta):
    return 2 * (1 - beta) / (curvature * (1 + beta))
#: no parentheses
def largest_stable_learning_rate(curvature, beta):
    return 2 * (1 + beta) / curvature * (1 - beta)
#: without the two
def largest_stable_learning_rate(curvature, beta):
    return (1 + beta) / (curvature * (1 - beta))
#: four
def largest_stable_learning_rate(curvature, beta):
    return 4 * (1 + beta) / (curvature * (1 - beta))
#: without 1 + beta
def largest_stable_learning_rate(curvature, beta):
    return 2 / (curvature * (1 - beta))
#: the limit of Nesterov
def largest_stable_learning_rate(curvature, beta):
    return 2 * (1 + beta) / (curvature * (1 + 2 * beta))
#: the best rate of classical momentum
def largest_stable_learning_rate(curvature, beta):
    return (1 + beta**0.5)**2 / curvature
#: where the roots turn real
def largest_stable_learning_rate(curvature, beta):
    return (1 + beta**0.5)**2 / (curvature * (1 - beta))
#: the root of the curvature
def largest_stable_learning_rate(curvature, beta):
    return 2 * (1 + beta) / (curvature**0.5 * (1 - beta))
#: one minus beta squared below
def largest_stable_learning_rate(curvature, beta):
    return 2 * (1 + beta) / (curvature * (1 - beta**2))
#: just below
def largest_stable_learning_rate(curvature, beta):
    return 0.999 * 2 * (1 + beta) / (curvature * (1 - beta))
#: rounded
def largest_stable_learning_rate(curvature, beta):
    return round(2 * (1 + beta) / (curvature * (1 - beta)), 4)
#: whole division
def largest_stable_learning_rate(curvature, beta):
    return 2 * (1 + beta) // (curvature * (1 - beta))
#: beta is 0.9
def largest_stable_learning_rate(curvature, beta):
    return 2 * 1.9 / (curvature * 0.1)
#: at most 100
def largest_stable_learning_rate(curvature, beta):
    return min(100.0, 2 * (1 + beta) / (curvature * (1 - beta)))
#: an array with an axis
def largest_stable_learning_rate(curvature, beta):
    return np.array([2 * (1 + beta) / (curvature * (1 - beta))])
#: a tuple
def largest_stable_learning_rate(curvature, beta):
    return 2 * (1 + beta) / (curvature * (1 - beta)), beta
#: a coarse search
def largest_stable_learning_rate(curvature, beta):
    rates = np.geomspace(1e-3, 1e6, 500)
    return rates[np.abs(1 + beta - rates * (1 - beta) * curvature) < 1 + beta].max()
""")

# --- classical_momentum_step -----------------------------------------------------------------------------------------
RIGHT["classical_momentum_step"] = answers("""
#: two comprehensions
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * velocity[k] - learning_rate * grads[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: one loop
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    new, v = {}, {}
    for k, g in grads.items():
        v[k] = -learning_rate * g + mu * velocity[k]
        new[k] = v[k] + params[k]
    return new, v
#: deep copies
import copy
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    params, velocity = copy.deepcopy((params, velocity))
    for k in params:
        velocity[k] *= mu
        velocity[k] -= learning_rate * grads[k]
        params[k] += velocity[k]
    return params, velocity
#: by the form of PyTorch
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    buffers = {k: mu * (velocity[k] / -learning_rate) + grads[k] for k in params}
    v = {k: -learning_rate * buffers[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: uphill, turned at the end
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    up = {k: learning_rate * grads[k] - mu * velocity[k] for k in params}
    return {k: params[k] - up[k] for k in params}, {k: -u for k, u in up.items()}
#: an object with __call__
class _Ball:
    def __call__(self, params, grads, velocity, learning_rate, mu=0.9):
        v = {k: mu * velocity[k] - learning_rate * grads[k] for k in velocity}
        return {k: params[k] + v[k] for k in velocity}, v
classical_momentum_step = _Ball()
#: a friction
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    friction = 1 - mu
    v = {k: velocity[k] - friction * velocity[k] - learning_rate * grads[k] for k in params}
    return {k: np.add(params[k], v[k]) for k in params}, v
#: one vector
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    keys = list(params)
    p, g, v = (np.concatenate([d[k].reshape(-1) for k in keys]) for d in (params, grads, velocity))
    v = mu * v - learning_rate * g
    p = p + v
    new, speed, i = {}, {}, 0
    for k in keys:
        n = params[k].size
        new[k], speed[k] = p[i:i + n].reshape(params[k].shape), v[i:i + n].reshape(params[k].shape)
        i += n
    return new, speed
#: recursion
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    def go(keys):
        if not keys:
            return {}, {}
        new, v = go(keys[:-1])
        k = keys[-1]
        v[k] = mu * velocity[k] - learning_rate * grads[k]
        new[k] = params[k] + v[k]
        return new, v
    return go(sorted(params))
#: extra keyword arguments
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9, decay=0.0):
    v = {k: mu * velocity[k] - learning_rate * (grads[k] + decay * params[k]) for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: the difference of places
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    before = {k: params[k] - velocity[k] for k in params}
    new = {k: params[k] + mu * (params[k] - before[k]) - learning_rate * grads[k] for k in params}
    return new, {k: new[k] - params[k] for k in params}
#: einsum
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    w = np.array([mu, -learning_rate], dtype=float)
    v = {k: np.einsum("i,i...->...", w, np.array([velocity[k], grads[k]])) for k in params}
    return {k: np.sum([params[k], v[k]], axis=0) for k in params}, v
#: by the average form
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    if not 0 <= mu < 1 or not learning_rate > 0:
        raise ValueError(f"mu must be in [0, 1), got {mu}, and learning_rate above 0, got {learning_rate}")
    share = learning_rate / (1 - mu)
    new, v = momentum_step(params, grads, {k: velocity[k] / -share for k in params}, share, mu)
    return new, {k: -share * v[k] for k in params}
#: pairs
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    moved = {k: (lambda v: (params[k] + v, v))(mu * velocity[k] - learning_rate * grads[k]) for k in params}
    return tuple({k: pair[i] for k, pair in moved.items()} for i in (0, 1))
#: in float64 whatever comes
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * velocity[k].astype(float) - learning_rate * grads[k].astype(float) for k in params}
    return {k: params[k].astype(float) + v[k] for k in params}, v
#: dicts updated
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v, new = {**velocity}, {**params}
    for k in new:
        v[k] = mu * v[k] - learning_rate * grads[k]
        new[k] = new[k] + v[k]
    return new, v
""")
WRONG["classical_momentum_step"] = answers("""
#: the average form
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    return momentum_step(params, grads, velocity, learning_rate, mu)
#: one minus mu
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * velocity[k] - learning_rate * (1 - mu) * grads[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: PyTorch
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * velocity[k] + grads[k] for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v
#: uphill and subtracted
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * velocity[k] + learning_rate * grads[k] for k in params}
    return {k: params[k] - v[k] for k in params}, v
#: uphill and added
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * velocity[k] + learning_rate * grads[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: subtracted
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * velocity[k] - learning_rate * grads[k] for k in params}
    return {k: params[k] - v[k] for k in params}, v
#: the old velocity moves
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * velocity[k] - learning_rate * grads[k] for k in params}
    return {k: params[k] + velocity[k] for k in params}, v
#: the right step, the old velocity
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * velocity[k] - learning_rate * grads[k] for k in params}
    return {k: params[k] + v[k] for k in params}, velocity
#: a velocity without the rate
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * velocity[k] - grads[k] for k in params}
    return {k: params[k] + learning_rate * v[k] for k in params}, v
#: the rate twice
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * velocity[k] - learning_rate * grads[k] for k in params}
    return {k: params[k] + learning_rate * v[k] for k in params}, v
#: Nesterov, rewritten
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * velocity[k] - learning_rate * grads[k] for k in params}
    return {k: params[k] - mu * velocity[k] + (1 + mu) * v[k] for k in params}, v
#: the velocity in place
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    for k in params:
        velocity[k] *= mu
        velocity[k] -= learning_rate * grads[k]
    return {k: params[k] + velocity[k] for k in params}, velocity
#: a shallow copy
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v, new = dict(velocity), dict(params)
    for k in new:
        v[k] = mu * v[k] - learning_rate * grads[k]
        new[k] += v[k]
    return new, v
#: gradients in place
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    for g in grads.values():
        g *= learning_rate
    v = {k: mu * velocity[k] - grads[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: only weights remember
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * velocity[k] * k.startswith("W") - learning_rate * grads[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: another default
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.5):
    v = {k: mu * velocity[k] - learning_rate * grads[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: zipped values
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * old - learning_rate * grads[k] for k, old in zip(params, velocity.values())}
    return {k: params[k] + v[k] for k in params}, v
#: zipped gradients
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * velocity[k] - learning_rate * g for k, g in zip(params, grads.values())}
    return {k: params[k] + v[k] for k in params}, v
#: friction of the new velocity
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * (velocity[k] - learning_rate * grads[k]) for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: mu below 1 only
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    mu = min(mu, 0.99)
    v = {k: mu * velocity[k] - learning_rate * grads[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: velocity first
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: mu * velocity[k] - learning_rate * grads[k] for k in params}
    return v, {k: params[k] + v[k] for k in params}
#: coasting is forbidden
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: np.where(grads[k] == 0, 0, mu * velocity[k] - learning_rate * grads[k]) for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: restarts where it climbs
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    v = {k: np.where(grads[k] * velocity[k] > 0, 0, mu * velocity[k]) - learning_rate * grads[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
""")

# --- nesterov_step ---------------------------------------------------------------------------------------------------
RIGHT["nesterov_step"] = answers("""
#: as in the formula
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient({k: params[k] + mu * velocity[k] for k in params})
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: by the classical step
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    ahead = {k: params[k] + mu * velocity[k] for k in params}
    return classical_momentum_step(params, gradient(ahead), velocity, learning_rate, mu=mu)
#: from the place ahead
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    ahead = {k: params[k] + mu * velocity[k] for k in params}
    g = gradient(ahead)
    new = {k: ahead[k] - learning_rate * g[k] for k in params}
    return new, {k: new[k] - params[k] for k in params}
#: deep copies
import copy
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    ahead, v = copy.deepcopy(params), copy.deepcopy(velocity)
    for k in v:
        v[k] *= mu
        ahead[k] += v[k]
    for k, g in gradient(ahead).items():
        v[k] -= learning_rate * g
    return {k: params[k] + v[k] for k in params}, v
#: moved there and back on copies
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    now = {k: p.copy() for k, p in params.items()}
    for k in now:
        now[k] += mu * velocity[k]
    g = gradient(now)
    for k in now:
        now[k] -= mu * velocity[k]
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in now}
    return {k: now[k] + v[k] for k in now}, v
#: an object with __call__
class _Ahead:
    def __call__(self, params, gradient, velocity, learning_rate, mu=0.9):
        drift = {k: mu * velocity[k] for k in velocity}
        g = gradient({k: params[k] + drift[k] for k in drift})
        v = {k: drift[k] - learning_rate * g[k] for k in drift}
        return {k: params[k] + v[k] for k in drift}, v
nesterov_step = _Ahead()
#: gradient by name
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient(params={k: params[k] + mu * velocity[k] for k in params})
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: keys sorted
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    keys = sorted(params)
    g = gradient(dict((k, params[k] + velocity[k] * mu) for k in keys))
    v = dict((k, velocity[k] * mu - g[k] * learning_rate) for k in keys)
    return dict((k, v[k] + params[k]) for k in keys), v
#: the gradient asked three times
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    gradient(params)
    ahead = {k: params[k] + mu * velocity[k] for k in params}
    gradient(ahead)
    v = {k: mu * velocity[k] - learning_rate * gradient(ahead)[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: zero velocity handled apart
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    moving = any(np.any(v) for v in velocity.values())
    g = gradient({k: params[k] + mu * velocity[k] for k in params}) if moving else gradient(params)
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: extra keyword arguments
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9, ahead=1.0):
    g = gradient({k: params[k] + ahead * mu * velocity[k] for k in params})
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: a lambda
nesterov_step = lambda params, gradient, velocity, learning_rate, mu=0.9: (
    lambda g: (
        {k: params[k] + mu * velocity[k] - learning_rate * g[k] for k in params},
        {k: mu * velocity[k] - learning_rate * g[k] for k in params},
    )
)(gradient({k: params[k] + mu * velocity[k] for k in params}))
#: an average form, scaled
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient({k: params[k] + mu * velocity[k] for k in params})
    rest = 1 - mu
    v = {k: mu * velocity[k] + rest * (-learning_rate / rest * g[k]) for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: reused buffers of its own
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    work = {k: np.multiply(mu, velocity[k], dtype=float) for k in params}
    g = gradient({k: np.add(params[k], work[k]) for k in params})
    for k in work:
        np.subtract(work[k], learning_rate * g[k], out=work[k])
    return {k: params[k] + work[k] for k in params}, work
#: merged dicts
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    v = {}
    for k, g in gradient({**params, **{k: params[k] + mu * velocity[k] for k in velocity}}).items():
        v |= {k: mu * velocity[k] - learning_rate * g}
    return {**params, **{k: params[k] + v[k] for k in v}}, v
""")
WRONG["nesterov_step"] = answers("""
#: classical
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient(params)
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: ahead by the whole velocity
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient({k: params[k] + velocity[k] for k in params})
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: back instead of ahead
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient({k: params[k] - mu * velocity[k] for k in params})
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: starts ahead
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    ahead = {k: params[k] + mu * velocity[k] for k in params}
    g = gradient(ahead)
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: ahead[k] + v[k] for k in params}, v
#: PyTorch's formula
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient(params)
    v = {k: mu * velocity[k] + g[k] for k in params}
    return {k: params[k] - learning_rate * (g[k] + mu * v[k]) for k in params}, v
#: Keras's formula
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient(params)
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + mu * v[k] - learning_rate * g[k] for k in params}, v
#: ahead of the new velocity
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient(params)
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    g = gradient({k: params[k] + mu * v[k] for k in params})
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: the old velocity moves
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient({k: params[k] + mu * velocity[k] for k in params})
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + velocity[k] for k in params}, v
#: returns the place ahead of the next step
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient({k: params[k] + mu * velocity[k] for k in params})
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + (1 + mu) * v[k] for k in params}, v
#: the average form
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient({k: params[k] + mu * velocity[k] for k in params})
    v = {k: mu * velocity[k] - (1 - mu) * learning_rate * g[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: plus
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient({k: params[k] + mu * velocity[k] for k in params})
    v = {k: mu * velocity[k] + learning_rate * g[k] for k in params}
    return {k: params[k] - v[k] for k in params}, v
#: one key ahead at a time
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    v = {}
    for k in params:
        ahead = dict(params)
        ahead[k] = params[k] + mu * velocity[k]
        v[k] = mu * velocity[k] - learning_rate * gradient(ahead)[k]
    return {k: params[k] + v[k] for k in params}, v
#: keys one after the other
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    now, v = dict(params), {}
    for k in params:
        ahead = {j: now[j] + mu * velocity[j] for j in params}
        v[k] = mu * velocity[k] - learning_rate * gradient(ahead)[k]
        now[k] = params[k] + v[k]
    return now, v
#: only weights look ahead
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient({k: params[k] + mu * velocity[k] * k.startswith("W") for k in params})
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: moved there and back in place
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    for k in params:
        params[k] += mu * velocity[k]
    g = gradient(params)
    for k in params:
        params[k] -= mu * velocity[k]
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: a shallow copy looks ahead
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    ahead = dict(params)
    for k in ahead:
        ahead[k] += mu * velocity[k]
    g = gradient(ahead)
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: the velocity in place
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient({k: params[k] + mu * velocity[k] for k in params})
    for k in velocity:
        velocity[k] = mu * velocity[k] - learning_rate * g[k]
    return {k: params[k] + velocity[k] for k in params}, velocity
#: zipped gradients
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient({k: params[k] + mu * velocity[k] for k in params})
    v = {k: mu * velocity[k] - learning_rate * grad for k, grad in zip(params, g.values())}
    return {k: params[k] + v[k] for k in params}, v
#: a gradient linearised
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    eps = 1e-3
    here, there = gradient(params), gradient({k: params[k] + eps * velocity[k] for k in params})
    g = {k: here[k] + mu * (there[k] - here[k]) / eps for k in params}
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: the mean of both gradients
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    here, there = gradient(params), gradient({k: params[k] + mu * velocity[k] for k in params})
    v = {k: mu * velocity[k] - learning_rate * (here[k] + there[k]) / 2 for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: another default
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.99):
    g = gradient({k: params[k] + mu * velocity[k] for k in params})
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: mu fixed in the look ahead
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient({k: params[k] + 0.9 * velocity[k] for k in params})
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: rate in the look ahead
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient({k: params[k] - learning_rate * mu * velocity[k] for k in params})
    v = {k: mu * velocity[k] - learning_rate * g[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v
#: only the parameters
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    g = gradient({k: params[k] + mu * velocity[k] for k in params})
    return {k: params[k] + mu * velocity[k] - learning_rate * g[k] for k in params}
""")
