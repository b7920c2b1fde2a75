"""Answers to lesson 03 that were written from the curriculum alone, and what the judge must say of each."""

from __future__ import annotations

from .examining import answers

RIGHT: dict[str, dict[str, str]] = {}
WRONG: dict[str, dict[str, str]] = {}

# --- l2_cost ---------------------------------------------------------------------------------------------------------
RIGHT["l2_cost"] = answers("""
#: a loop
def l2_cost(params, lam, m):
    total = 0.0
    for key, value in params.items():
        if key.startswith("W"):
            total += np.sum(value**2)
    return lam / (2 * m) * total
#: a lambda
l2_cost = lambda params, lam, m: 0.5 * lam * sum(np.square(params[k]).sum() for k in params if k[0] == "W") / m
#: vdot
def l2_cost(params, lam, m):
    return sum(float(np.vdot(params[k], params[k])) for k in params if k[:1] == "W") * lam / m / 2
#: the norm, squared
def l2_cost(params, lam, m):
    return lam * sum(np.linalg.norm(v) ** 2 for k, v in params.items() if k.startswith("W")) / (2.0 * m)
#: the norm of everything
def l2_cost(params, lam, m):
    weights = [np.ravel(v) for k, v in params.items() if k.startswith("W")]
    return lam / (2 * m) * np.linalg.norm(np.concatenate(weights)) ** 2
#: einsum
def l2_cost(params, lam, m):
    flat = np.hstack([params[key].ravel() for key in sorted(params) if key.startswith(("W",))])
    return np.einsum("i,i->", flat, flat) * lam / (2 * m)
#: fsum
def l2_cost(params, lam, m):
    import math
    return math.fsum(float(w) ** 2 for k in params if k.startswith("W") for w in params[k].flat) * lam / (2 * m)
#: reduce
def l2_cost(params, lam, m):
    from functools import reduce
    def add(total, item):
        return total + (item[1] * item[1]).sum() if item[0].startswith("W") else total
    return reduce(add, params.items(), 0.0) * (lam / (2 * m))
#: recursion
def l2_cost(params, lam, m):
    if not params:
        return 0.0
    (key, value), *rest = params.items()
    own = lam / (2 * m) * np.sum(np.abs(value) ** 2) if key.startswith("W") else 0.0
    return own + l2_cost(dict(rest), lam, m)
#: an object with __call__
class _Penalty:
    def __init__(self, letter):
        self.letter = letter
    def __call__(self, params, lam, m):
        return sum(lam / (2 * m) * (v**2).sum() for k, v in params.items() if k.startswith(self.letter))
l2_cost = _Penalty("W")
#: a 0-d array
def l2_cost(params, lam, m):
    return np.array(lam / (2 * m) * sum((v**2).sum() for k, v in params.items() if k.startswith("W")))
#: another norm by keyword
def l2_cost(params, lam, m, power=2, first="W"):
    weights = filter(lambda key: key.startswith(first), params)
    return lam / (power * m) * sum(np.power(np.abs(params[key]), power).sum() for key in weights)
#: a partial
def _cost(first, power, params, lam, m):
    return lam / (2 * m) * sum(np.sum(params[k] ** power) for k in params if k.startswith(first))
import functools
l2_cost = functools.partial(_cost, "W", 2)
#: the longest floats
def l2_cost(params, lam, m):
    squares = [np.sum(np.square(v, dtype=np.longdouble)) for k, v in params.items() if k.startswith("W")]
    return float(lam * sum(squares) / (2 * m))
#: a dot product
def l2_cost(params, lam, m):
    result = 0
    for key in set(params):
        if "W" == key[0]:
            flat = params[key].reshape(-1)
            result = result + flat @ flat
    return result * lam * 0.5 / m
#: a matching statement
def l2_cost(params, lam, m):
    result = 0.0
    for key in params:
        match list(key):
            case ["W", *_]:
                result += np.sum(params[key] * params[key])
    return lam * result / m / 2
#: variance and mean
def l2_cost(params, lam, m):
    parts = (v.size * (v.var() + v.mean() ** 2) for k, v in params.items() if k.startswith("W"))
    return lam / (m + m) * sum(parts)
""")
WRONG["l2_cost"] = answers("""
#: without the half
def l2_cost(params, lam, m):
    return lam / m * sum(np.sum(v**2) for k, v in params.items() if k.startswith("W"))
#: without m
def l2_cost(params, lam, m):
    return lam / 2 * sum(np.sum(v**2) for k, v in params.items() if k.startswith("W"))
#: times m
def l2_cost(params, lam, m):
    return lam / 2 * m * sum(np.sum(v**2) for k, v in params.items() if k.startswith("W"))
#: the norm not squared
def l2_cost(params, lam, m):
    return lam / (2 * m) * sum(np.linalg.norm(v) for k, v in params.items() if k.startswith("W"))
#: biases too
def l2_cost(params, lam, m):
    return lam / (2 * m) * sum(np.sum(v**2) for v in params.values())
#: all that is no bias
def l2_cost(params, lam, m):
    return lam / (2 * m) * sum(np.sum(v**2) for k, v in params.items() if not k.startswith("b"))
#: all with two axes
def l2_cost(params, lam, m):
    return lam / (2 * m) * sum(np.sum(v**2) for k, v in params.items() if v.ndim == 2)
#: numbered layers only
def l2_cost(params, lam, m):
    return lam / (2 * m) * sum(np.sum(params[f"W{i}"] ** 2) for i in range(1, len(params) // 2 + 1))
#: keys with digits only
def l2_cost(params, lam, m):
    return lam / (2 * m) * sum(np.sum(v**2) for k, v in params.items() if k[0] == "W" and k[1:].isdigit())
#: a W anywhere
def l2_cost(params, lam, m):
    return lam / (2 * m) * sum(np.sum(v**2) for k, v in params.items() if "W" in k)
#: small letters too
def l2_cost(params, lam, m):
    return lam / (2 * m) * sum(np.sum(v**2) for k, v in params.items() if k.lower().startswith("w"))
#: the first layer only
def l2_cost(params, lam, m):
    for k, v in params.items():
        if k.startswith("W"):
            return lam / (2 * m) * np.sum(v**2)
#: the last layer only
def l2_cost(params, lam, m):
    for k, v in params.items():
        if k.startswith("W"):
            total = np.sum(v**2)
    return lam / (2 * m) * total
#: not the last layer
def l2_cost(params, lam, m):
    keys = [k for k in params if k.startswith("W")]
    return lam / (2 * m) * sum(np.sum(params[k] ** 2) for k in keys[:-1])
#: the square of the sum
def l2_cost(params, lam, m):
    return lam / (2 * m) * sum(np.sum(v) ** 2 for k, v in params.items() if k.startswith("W"))
#: the square of all norms together
def l2_cost(params, lam, m):
    return lam / (2 * m) * sum(np.linalg.norm(v) for k, v in params.items() if k.startswith("W")) ** 2
#: the spectral norm
def l2_cost(params, lam, m):
    return lam / (2 * m) * sum(np.linalg.norm(v, 2) ** 2 for k, v in params.items() if k.startswith("W"))
#: a mean of squares
def l2_cost(params, lam, m):
    return lam / (2 * m) * sum(np.mean(v**2) for k, v in params.items() if k.startswith("W"))
#: lam squared
def l2_cost(params, lam, m):
    return lam**2 / (2 * m) * sum(np.sum(v**2) for k, v in params.items() if k.startswith("W"))
#: whole lam over m
def l2_cost(params, lam, m):
    return lam // (2 * m) * sum(np.sum(v**2) for k, v in params.items() if k.startswith("W"))
#: absolute values
def l2_cost(params, lam, m):
    return lam / (2 * m) * sum(np.sum(np.abs(v)) for k, v in params.items() if k.startswith("W"))
#: squares its input
def l2_cost(params, lam, m):
    total = 0.0
    for k in params:
        if k.startswith("W"):
            params[k] **= 2
            total += params[k].sum()
    return lam / (2 * m) * total
#: takes the biases away from params
def l2_cost(params, lam, m):
    for k in [k for k in params if not k.startswith("W")]:
        params.pop(k)
    return lam / (2 * m) * sum(np.sum(v**2) for v in params.values())
#: one number a column
def l2_cost(params, lam, m):
    return lam / (2 * m) * np.array([np.sum(v**2) for k, v in params.items() if k.startswith("W")])
#: a list
def l2_cost(params, lam, m):
    return [lam / (2 * m) * sum(np.sum(v**2) for k, v in params.items() if k.startswith("W"))]
#: remembers between calls
_sum = [0.0]
def l2_cost(params, lam, m):
    _sum[0] += sum(np.sum(v**2) for k, v in params.items() if k.startswith("W"))
    return lam / (2 * m) * _sum[0]
#: m minus one
def l2_cost(params, lam, m):
    return lam / (2 * max(m - 1, 1)) * sum(np.sum(v**2) for k, v in params.items() if k.startswith("W"))
#: floating-point weights only
def l2_cost(params, lam, m):
    weights = [v for k, v in params.items() if k.startswith("W") and v.dtype.kind == "f"]
    return lam / (2 * m) * sum(np.sum(v**2) for v in weights)
#: the number of weights for m
def l2_cost(params, lam, m):
    weights = [v for k, v in params.items() if k.startswith("W")]
    return lam / 2 * sum(np.sum(v**2) for v in weights) / sum(v.size for v in weights)
""")

# --- l2_gradients ----------------------------------------------------------------------------------------------------
RIGHT["l2_gradients"] = answers("""
#: a comprehension
def l2_gradients(params, grads, lam, m):
    return {k: g + lam / m * params[k] if k.startswith("W") else g for k, g in grads.items()}
#: a copy of the dict, entry by entry
def l2_gradients(params, grads, lam, m):
    result = dict(grads)
    for key in params:
        if key.startswith("W"):
            result[key] = result[key] + params[key] * lam / m
    return result
#: a deep copy, in place
def l2_gradients(params, grads, lam, m):
    import copy
    result = copy.deepcopy(grads)
    for key in result:
        if key[0] == "W":
            result[key] += (lam / m) * params[key]
    return result
#: copies of all, in the order of params
def l2_gradients(params, grads, lam, m):
    result = {}
    for key, value in params.items():
        result[key] = np.array(grads[key], copy=True)
        if key.startswith("W"):
            result[key] = result[key] + np.multiply(lam / m, value)
    return result
#: a rate for each key
def l2_gradients(params, grads, lam, m):
    rate = lambda key: (lam / m) * key.startswith("W")
    return {key: grads[key] + rate(key) * params[key] for key in sorted(grads)}
#: a lambda
l2_gradients = lambda params, grads, lam, m: grads | {
    k: (m * grads[k] + lam * params[k]) / m for k in params if k.startswith("W")}
#: unpacking
def l2_gradients(params, grads, lam, m):
    return {**grads, **{k: np.add(g, params[k] / (m / lam)) for k, g in grads.items() if lam and k.startswith("W")}}
#: the early way out
def l2_gradients(params, grads, lam, m):
    if lam == 0:
        return grads
    return {k: g + lam / m * params[k] if k.startswith("W") else g for k, g in grads.items()}
#: an object with __call__
class _Adds:
    def __init__(self, slope):
        self.slope = slope
    def __call__(self, params, grads, lam, m):
        return {k: g + lam / m * self.slope(params[k]) if k.startswith("W") else g for k, g in grads.items()}
l2_gradients = _Adds(lambda W: W)
#: half the slope of the square
def l2_gradients(params, grads, lam, m, *, power=2):
    out = grads.copy()
    for key in filter(lambda key: key.startswith("W"), grads):
        out[key] = grads[key] + lam / (power * m) * power * params[key] ** (power - 1)
    return out
#: a generator of pairs
def l2_gradients(params, grads, lam, m):
    def pairs():
        for key, g in grads.items():
            yield (key, g + params[key] * (lam / m)) if key.startswith("W") else (key, g)
    return dict(pairs())
#: recursion
def l2_gradients(params, grads, lam, m):
    if not grads:
        return {}
    (key, g), *rest = grads.items()
    own = g + lam * params[key] / m if key.startswith("W") else g
    return {key: own} | l2_gradients(params, dict(rest), lam, m)
#: einsum
def l2_gradients(params, grads, lam, m):
    def both(key):
        pair = np.stack([grads[key], params[key]])
        return np.einsum("i,i...->...", [1.0, lam / m if key.startswith("W") else 0.0], pair)
    return {key: both(key) for key in grads}
#: dtype kept
def l2_gradients(params, grads, lam, m):
    return {k: (g + lam / m * params[k] if k.startswith("W") else g.copy()).astype(g.dtype) for k, g in grads.items()}
#: weights and others apart
def l2_gradients(params, grads, lam, m):
    weights = {k for k in grads if k.startswith("W")}
    result = {k: grads[k] for k in grads.keys() - weights}
    result.update((k, grads[k] - (-lam / m) * params[k]) for k in weights)
    return result
#: an ordered dict
def l2_gradients(params, grads, lam, m):
    from collections import OrderedDict
    return OrderedDict((k, g + lam / m * params[k] if k.startswith("W") else g) for k, g in grads.items())
""")
WRONG["l2_gradients"] = answers("""
#: without m
def l2_gradients(params, grads, lam, m):
    return {k: g + lam * params[k] if k.startswith("W") else g for k, g in grads.items()}
#: twice
def l2_gradients(params, grads, lam, m):
    return {k: g + 2 * lam / m * params[k] if k.startswith("W") else g for k, g in grads.items()}
#: half
def l2_gradients(params, grads, lam, m):
    return {k: g + lam / (2 * m) * params[k] if k.startswith("W") else g for k, g in grads.items()}
#: the sign
def l2_gradients(params, grads, lam, m):
    return {k: g - lam / m * params[k] if k.startswith("W") else g for k, g in grads.items()}
#: biases too
def l2_gradients(params, grads, lam, m):
    return {k: g + lam / m * params[k] for k, g in grads.items()}
#: biases dropped
def l2_gradients(params, grads, lam, m):
    return {k: g + lam / m * params[k] for k, g in grads.items() if k.startswith("W")}
#: biases zero
def l2_gradients(params, grads, lam, m):
    return {k: g + lam / m * params[k] if k.startswith("W") else 0 * g for k, g in grads.items()}
#: W and b only
def l2_gradients(params, grads, lam, m):
    return {k: g + lam / m * params[k] if k[0] == "W" else g for k, g in grads.items() if k[0] in "Wb"}
#: all that is no bias
def l2_gradients(params, grads, lam, m):
    return {k: g if k.startswith("b") else g + lam / m * params[k] for k, g in grads.items()}
#: all with two axes
def l2_gradients(params, grads, lam, m):
    return {k: g + lam / m * params[k] if g.ndim > 1 else g for k, g in grads.items()}
#: a W anywhere
def l2_gradients(params, grads, lam, m):
    return {k: g + lam / m * params[k] if "W" in k else g for k, g in grads.items()}
#: small letters too
def l2_gradients(params, grads, lam, m):
    return {k: g + lam / m * params[k] if k.upper().startswith("W") else g for k, g in grads.items()}
#: numbered layers only
def l2_gradients(params, grads, lam, m):
    result = dict(grads)
    for i in range(1, len(params) // 2 + 1):
        result[f"W{i}"] = grads[f"W{i}"] + lam / m * params[f"W{i}"]
    return result
#: keys with digits only
def l2_gradients(params, grads, lam, m):
    return {k: g + lam / m * params[k] if k[0] == "W" and k[1:].isdigit() else g for k, g in grads.items()}
#: pairs by their order
def l2_gradients(params, grads, lam, m):
    return {k: g + lam / m * v if k.startswith("W") else g for (k, v), g in zip(params.items(), grads.values())}
#: adds in place
def l2_gradients(params, grads, lam, m):
    for k in grads:
        if k.startswith("W"):
            grads[k] += lam / m * params[k]
    return grads
#: a shallow copy, in place
def l2_gradients(params, grads, lam, m):
    result = dict(grads)
    for k in result:
        if k.startswith("W"):
            result[k] += lam / m * params[k]
    return result
#: new entries in the dict given
def l2_gradients(params, grads, lam, m):
    for k in params:
        if k.startswith("W"):
            grads[k] = grads[k] + lam / m * params[k]
    return grads
#: scales params in place
def l2_gradients(params, grads, lam, m):
    result = {}
    for k, g in grads.items():
        if k.startswith("W"):
            params[k] *= lam / m
            g = g + params[k]
        result[k] = g
    return result
#: the penalty alone
def l2_gradients(params, grads, lam, m):
    return {k: lam / m * params[k] if k.startswith("W") else g for k, g in grads.items()}
#: the first layer only
def l2_gradients(params, grads, lam, m):
    first = min(k for k in params if k.startswith("W"))
    return {k: g + lam / m * params[k] if k == first else g for k, g in grads.items()}
#: not the last layer
def l2_gradients(params, grads, lam, m):
    last = max(k for k in params if k.startswith("W"))
    return {k: g + lam / m * params[k] if k.startswith("W") and k != last else g for k, g in grads.items()}
#: whole lam over m
def l2_gradients(params, grads, lam, m):
    return {k: g + lam // m * params[k] if k.startswith("W") else g for k, g in grads.items()}
#: the rows of W for m
def l2_gradients(params, grads, lam, m):
    return {k: g + lam / len(params[k]) * params[k] if k.startswith("W") else g for k, g in grads.items()}
#: shrinks the gradient
def l2_gradients(params, grads, lam, m):
    return {k: g * (1 + lam / m) if k.startswith("W") else g for k, g in grads.items()}
#: the slope of the norm
def l2_gradients(params, grads, lam, m):
    return {k: g + lam / m * params[k] / np.linalg.norm(params[k]) if k.startswith("W") else g
            for k, g in grads.items()}
#: the slope of L1
def l2_gradients(params, grads, lam, m):
    return {k: g + lam / m * np.sign(params[k]) if k.startswith("W") else g for k, g in grads.items()}
#: a list
def l2_gradients(params, grads, lam, m):
    return [g + lam / m * params[k] if k.startswith("W") else g for k, g in grads.items()]
#: whole weights give whole gradients
def l2_gradients(params, grads, lam, m):
    result = {k: np.zeros_like(v) for k, v in params.items()}
    for k, g in grads.items():
        result[k][...] = g + lam / m * params[k] if k.startswith("W") else g
    return result
#: the bias of the same layer pays
def l2_gradients(params, grads, lam, m):
    result = {k: g + lam / m * params[k] if k.startswith("W") else g for k, g in grads.items()}
    for k in result:
        if k.startswith("b") and "W" + k[1:] in params:
            result[k] = result[k] + lam / m * params[k]
    return result
#: a single example is not penalised
def l2_gradients(params, grads, lam, m):
    return {k: g + lam / m * params[k] if k.startswith("W") and m > 1 else g for k, g in grads.items()}
""")

# --- weight_decay_step -----------------------------------------------------------------------------------------------
RIGHT["weight_decay_step"] = answers("""
#: the formula
def weight_decay_step(params, grads, learning_rate, lam, m):
    result = {}
    for key, value in params.items():
        if key.startswith("W"):
            result[key] = value * (1 - learning_rate * lam / m) - learning_rate * grads[key]
        else:
            result[key] = value - learning_rate * grads[key]
    return result
#: a comprehension
def weight_decay_step(params, grads, learning_rate, lam, m):
    keep = 1 - learning_rate * lam / m
    return {k: (keep if k.startswith("W") else 1) * v - learning_rate * grads[k] for k, v in params.items()}
#: by the gradients of L2
def weight_decay_step(params, grads, learning_rate, lam, m):
    grads = l2_gradients(params, grads, lam, m)
    return {k: params[k] - learning_rate * grads[k] for k in grads}
#: a deep copy, in place
def weight_decay_step(params, grads, learning_rate, lam, m):
    import copy
    new = copy.deepcopy(params)
    for key in new:
        if key[0] == "W":
            new[key] *= 1 - learning_rate * lam / m
        new[key] -= learning_rate * grads[key]
    return new
#: in the order of grads
def weight_decay_step(params, grads, learning_rate, lam, m):
    new = {}
    for key, g in grads.items():
        decay = lam / m * params[key] if key.startswith("W") else np.zeros_like(params[key])
        new[key] = params[key] - learning_rate * (g + decay)
    return new
#: a lambda
weight_decay_step = lambda params, grads, learning_rate, lam, m: {
    k: params[k] - learning_rate * (grads[k] + k.startswith("W") * lam / m * params[k]) for k in sorted(params)}
#: a plain step, then what decays
def weight_decay_step(params, grads, learning_rate, lam, m):
    plain = {key: np.subtract(value, learning_rate * grads[key]) for key, value in params.items()}
    return plain | {k: plain[k] - learning_rate * lam / m * v for k, v in params.items() if k.startswith("W")}
#: an object with __call__
class _Step:
    def __call__(self, params, grads, learning_rate, lam, m, first="W"):
        rates = {True: learning_rate * lam / m, False: 0.0}
        return {k: v - rates[k.startswith(first)] * v - learning_rate * grads[k] for k, v in params.items()}
weight_decay_step = _Step()
#: a closure
def _stepper():
    def step(params, grads, learning_rate, lam, m):
        def of(key):
            shrunk = params[key] * (m - learning_rate * lam) / m if key.startswith("W") else params[key]
            return shrunk - learning_rate * grads[key]
        return dict(zip(params, map(of, params)))
    return step
weight_decay_step = _stepper()
#: recursion
def weight_decay_step(params, grads, learning_rate, lam, m):
    if not params:
        return {}
    rest = dict(params)
    key, value = rest.popitem()
    keep = 1.0 - learning_rate * lam / m if key.startswith("W") else 1.0
    return weight_decay_step(rest, grads, learning_rate, lam, m) | {key: keep * value - learning_rate * grads[key]}
#: reduce
def weight_decay_step(params, grads, learning_rate, lam, m):
    from functools import reduce
    def one(new, key):
        step = grads[key] + (lam / m) * params[key] if key.startswith("W") else grads[key]
        return {**new, key: params[key] + -learning_rate * step}
    return reduce(one, params, {})
#: dot products
def weight_decay_step(params, grads, learning_rate, lam, m):
    def mixed(key):
        factors = np.array([1 - key.startswith("W") * learning_rate * lam / m, -learning_rate])
        return np.tensordot(factors, np.array([params[key], grads[key]]), axes=1)
    return {key: mixed(key) for key in params}
#: dtype kept
def weight_decay_step(params, grads, learning_rate, lam, m):
    new = {}
    for k, v in params.items():
        v = np.asarray(v)
        kept = v * v.dtype.type(1 - learning_rate * lam / m) if k.startswith("W") and v.dtype.kind == "f" else (
            v * (1 - learning_rate * lam / m) if k.startswith("W") else v)
        new[k] = kept - learning_rate * grads[k]
    return new
#: the list of weights first
def weight_decay_step(params, grads, learning_rate, lam, m):
    weights = [k for k in params if k.startswith("W")]
    new = {k: params[k] - learning_rate * grads[k] for k in params if k not in weights}
    for k in weights:
        new[k] = (1 - learning_rate * lam / m) * params[k] - learning_rate * grads[k]
    return new
#: a generator
def weight_decay_step(params, grads, learning_rate, lam, m):
    def moves():
        for key in params:
            yield key, -learning_rate * grads[key] - (learning_rate * lam / m * params[key] if key[0] == "W" else 0)
    return {key: params[key] + move for key, move in moves()}
""")
WRONG["weight_decay_step"] = answers("""
#: decays after the step
def weight_decay_step(params, grads, learning_rate, lam, m):
    keep = 1 - learning_rate * lam / m
    return {k: keep * (v - learning_rate * grads[k]) if k[0] == "W" else v - learning_rate * grads[k]
            for k, v in params.items()}
#: biases too
def weight_decay_step(params, grads, learning_rate, lam, m):
    return {k: v * (1 - learning_rate * lam / m) - learning_rate * grads[k] for k, v in params.items()}
#: all that is no bias
def weight_decay_step(params, grads, learning_rate, lam, m):
    keep = lambda k: 1 if k[0] == "b" else 1 - learning_rate * lam / m
    return {k: v * keep(k) - learning_rate * grads[k] for k, v in params.items()}
#: all with two axes
def weight_decay_step(params, grads, learning_rate, lam, m):
    keep = lambda v: 1 if v.ndim == 1 else 1 - learning_rate * lam / m
    return {k: v * keep(v) - learning_rate * grads[k] for k, v in params.items()}
#: a W anywhere
def weight_decay_step(params, grads, learning_rate, lam, m):
    keep = lambda k: 1 - learning_rate * lam / m if "W" in k else 1
    return {k: v * keep(k) - learning_rate * grads[k] for k, v in params.items()}
#: small letters too
def weight_decay_step(params, grads, learning_rate, lam, m):
    keep = lambda k: 1 - learning_rate * lam / m if k[0] in "Ww" else 1
    return {k: v * keep(k) - learning_rate * grads[k] for k, v in params.items()}
#: keys with digits only
def weight_decay_step(params, grads, learning_rate, lam, m):
    keep = lambda k: 1 - learning_rate * lam / m if k[0] == "W" and k[1:].isdigit() else 1
    return {k: v * keep(k) - learning_rate * grads[k] for k, v in params.items()}
#: without the learning rate
def weight_decay_step(params, grads, learning_rate, lam, m):
    keep = lambda k: 1 - lam / m if k[0] == "W" else 1
    return {k: v * keep(k) - learning_rate * grads[k] for k, v in params.items()}
#: without m
def weight_decay_step(params, grads, learning_rate, lam, m):
    keep = lambda k: 1 - learning_rate * lam if k[0] == "W" else 1
    return {k: v * keep(k) - learning_rate * grads[k] for k, v in params.items()}
#: twice
def weight_decay_step(params, grads, learning_rate, lam, m):
    keep = lambda k: 1 - 2 * learning_rate * lam / m if k[0] == "W" else 1
    return {k: v * keep(k) - learning_rate * grads[k] for k, v in params.items()}
#: half
def weight_decay_step(params, grads, learning_rate, lam, m):
    keep = lambda k: 1 - learning_rate * lam / (2 * m) if k[0] == "W" else 1
    return {k: v * keep(k) - learning_rate * grads[k] for k, v in params.items()}
#: grows
def weight_decay_step(params, grads, learning_rate, lam, m):
    keep = lambda k: 1 + learning_rate * lam / m if k[0] == "W" else 1
    return {k: v * keep(k) - learning_rate * grads[k] for k, v in params.items()}
#: ascent
def weight_decay_step(params, grads, learning_rate, lam, m):
    keep = lambda k: 1 - learning_rate * lam / m if k[0] == "W" else 1
    return {k: v * keep(k) + learning_rate * grads[k] for k, v in params.items()}
#: an exponential
def weight_decay_step(params, grads, learning_rate, lam, m):
    keep = lambda k: np.exp(-learning_rate * lam / m) if k[0] == "W" else 1
    return {k: v * keep(k) - learning_rate * grads[k] for k, v in params.items()}
#: never below zero
def weight_decay_step(params, grads, learning_rate, lam, m):
    keep = lambda k: max(0.0, 1 - learning_rate * lam / m) if k[0] == "W" else 1
    return {k: v * keep(k) - learning_rate * grads[k] for k, v in params.items()}
#: biases do not move
def weight_decay_step(params, grads, learning_rate, lam, m):
    return {k: v * (1 - learning_rate * lam / m) - learning_rate * grads[k] if k[0] == "W" else v
            for k, v in params.items()}
#: biases dropped
def weight_decay_step(params, grads, learning_rate, lam, m):
    return {k: v * (1 - learning_rate * lam / m) - learning_rate * grads[k] for k, v in params.items() if k[0] == "W"}
#: other parameters do not move
def weight_decay_step(params, grads, learning_rate, lam, m):
    new = dict(params)
    for k in params:
        if k[0] == "W":
            new[k] = params[k] * (1 - learning_rate * lam / m) - learning_rate * grads[k]
        elif k[0] == "b":
            new[k] = params[k] - learning_rate * grads[k]
    return new
#: decays alone
def weight_decay_step(params, grads, learning_rate, lam, m):
    return {k: v * (1 - learning_rate * lam / m) if k[0] == "W" else v - learning_rate * grads[k]
            for k, v in params.items()}
#: no decay
def weight_decay_step(params, grads, learning_rate, lam, m):
    return {k: v - learning_rate * grads[k] for k, v in params.items()}
#: pairs by their order
def weight_decay_step(params, grads, learning_rate, lam, m):
    return {k: v * (1 - (k[0] == "W") * learning_rate * lam / m) - learning_rate * g
            for (k, v), g in zip(params.items(), grads.values())}
#: in place
def weight_decay_step(params, grads, learning_rate, lam, m):
    for k in params:
        if k[0] == "W":
            params[k] *= 1 - learning_rate * lam / m
        params[k] -= learning_rate * grads[k]
    return params
#: a shallow copy, in place
def weight_decay_step(params, grads, learning_rate, lam, m):
    new = params.copy()
    for k in new:
        if k[0] == "W":
            new[k] *= 1 - learning_rate * lam / m
        new[k] = new[k] - learning_rate * grads[k]
    return new
#: changes the gradients
def weight_decay_step(params, grads, learning_rate, lam, m):
    for k in grads:
        if k[0] == "W":
            grads[k] += lam / m * params[k]
    return {k: v - learning_rate * grads[k] for k, v in params.items()}
#: the gradient averaged again
def weight_decay_step(params, grads, learning_rate, lam, m):
    return {k: v * (1 - (k[0] == "W") * learning_rate * lam / m) - learning_rate / m * grads[k]
            for k, v in params.items()}
#: lam and learning rate exchanged
def weight_decay_step(params, grads, learning_rate, lam, m):
    return {k: v * (1 - (k[0] == "W") * learning_rate * lam / m) - lam * grads[k] for k, v in params.items()}
#: a pair
def weight_decay_step(params, grads, learning_rate, lam, m):
    return {k: v * (1 - (k[0] == "W") * learning_rate * lam / m) - learning_rate * grads[k]
            for k, v in params.items()}, grads
#: no step without a penalty
def weight_decay_step(params, grads, learning_rate, lam, m):
    if not lam:
        return {k: v.copy() for k, v in params.items()}
    return {k: v * (1 - (k[0] == "W") * learning_rate * lam / m) - learning_rate * grads[k]
            for k, v in params.items()}
""")

# --- l1_cost ---------------------------------------------------------------------------------------------------------
RIGHT["l1_cost"] = answers("""
#: a loop
def l1_cost(params, lam, m):
    total = 0.0
    for key in params:
        if key.startswith("W"):
            total += np.abs(params[key]).sum()
    return lam / m * total
#: a lambda
l1_cost = lambda params, lam, m: lam * sum(np.abs(v).sum() for k, v in params.items() if k[0] == "W") / m
#: the vector norm
def l1_cost(params, lam, m):
    return lam / m * sum(np.linalg.norm(v.ravel(), 1) for k, v in params.items() if k.startswith("W"))
#: values times signs
def l1_cost(params, lam, m):
    return lam / m * sum(np.vdot(v, np.sign(v)) for k, v in params.items() if k.startswith("W"))
#: roots of squares
def l1_cost(params, lam, m):
    return sum((lam / m) * np.sqrt(np.square(v)).sum() for k, v in params.items() if k.startswith("W"))
#: fsum
def l1_cost(params, lam, m):
    import math
    return lam * math.fsum(abs(float(w)) for k, v in params.items() if k.startswith("W") for w in v.flat) / m
#: positive and negative apart
def l1_cost(params, lam, m):
    weights = np.concatenate([v.reshape(-1) for k, v in params.items() if k.startswith("W")])
    return lam / m * (weights[weights > 0].sum() - weights[weights < 0].sum())
#: maximum
def l1_cost(params, lam, m):
    return np.sum([np.maximum(v, -v).sum() * lam for k, v in params.items() if k.startswith("W")]) / m
#: where
def l1_cost(params, lam, m):
    return sum(np.where(v < 0, -v, v).sum() for k, v in params.items() if k.startswith("W")) / (m / lam) if lam else 0.0
#: recursion
def l1_cost(params, lam, m):
    if not params:
        return 0
    rest = dict(params)
    key, value = rest.popitem()
    return l1_cost(rest, lam, m) + (lam / m * np.fabs(value).sum() if key.startswith("W") else 0)
#: reduce
def l1_cost(params, lam, m):
    from functools import reduce
    return lam / m * reduce(lambda t, k: t + np.abs(params[k]).sum() if k.startswith("W") else t, params, 0.0)
#: an object with __call__
class _Absolute:
    def __call__(self, params, lam, m, *, first="W"):
        return lam / m * sum(abs(params[k]).sum() for k in params if k.startswith(first))
l1_cost = _Absolute()
#: a 0-d array
def l1_cost(params, lam, m):
    return np.asarray(lam / m * sum(abs(v).sum() for k, v in params.items() if k.startswith("W")))
#: the mean times the count
def l1_cost(params, lam, m):
    return lam / m * sum(abs(v).mean() * v.size for k, v in params.items() if k.startswith("W"))
#: a decorator
def _per(function):
    return lambda params, lam, m: lam * function({k: v for k, v in params.items() if k.startswith("W")}) / m
@_per
def l1_cost(weights):
    return sum(np.linalg.norm(np.ravel(v), ord=1) for v in weights.values())
""")
WRONG["l1_cost"] = answers("""
#: half
def l1_cost(params, lam, m):
    return lam / (2 * m) * sum(np.abs(v).sum() for k, v in params.items() if k.startswith("W"))
#: without m
def l1_cost(params, lam, m):
    return lam * sum(np.abs(v).sum() for k, v in params.items() if k.startswith("W"))
#: without lam
def l1_cost(params, lam, m):
    return sum(np.abs(v).sum() for k, v in params.items() if k.startswith("W")) / m
#: times m
def l1_cost(params, lam, m):
    return lam * m * sum(np.abs(v).sum() for k, v in params.items() if k.startswith("W"))
#: with signs
def l1_cost(params, lam, m):
    return lam / m * sum(v.sum() for k, v in params.items() if k.startswith("W"))
#: the size of each sum
def l1_cost(params, lam, m):
    return lam / m * sum(abs(v.sum()) for k, v in params.items() if k.startswith("W"))
#: the matrix norm
def l1_cost(params, lam, m):
    return lam / m * sum(np.linalg.norm(v, 1) for k, v in params.items() if k.startswith("W"))
#: the Frobenius norm
def l1_cost(params, lam, m):
    return lam / m * sum(np.linalg.norm(v) for k, v in params.items() if k.startswith("W"))
#: squares
def l1_cost(params, lam, m):
    return lam / m * sum((v**2).sum() for k, v in params.items() if k.startswith("W"))
#: means
def l1_cost(params, lam, m):
    return lam / m * sum(np.abs(v).mean() for k, v in params.items() if k.startswith("W"))
#: the largest
def l1_cost(params, lam, m):
    return lam / m * sum(np.abs(v).max() for k, v in params.items() if k.startswith("W"))
#: biases too
def l1_cost(params, lam, m):
    return lam / m * sum(np.abs(v).sum() for v in params.values())
#: all that is no bias
def l1_cost(params, lam, m):
    return lam / m * sum(np.abs(v).sum() for k, v in params.items() if k[0] != "b")
#: all with two axes
def l1_cost(params, lam, m):
    return lam / m * sum(np.abs(v).sum() for v in params.values() if v.ndim > 1)
#: a W anywhere
def l1_cost(params, lam, m):
    return lam / m * sum(np.abs(v).sum() for k, v in params.items() if "W" in k)
#: small letters too
def l1_cost(params, lam, m):
    return lam / m * sum(np.abs(v).sum() for k, v in params.items() if k.lower()[0] == "w")
#: numbered layers only
def l1_cost(params, lam, m):
    return lam / m * sum(np.abs(params[f"W{i + 1}"]).sum() for i in range(len(params) // 2))
#: keys with digits only
def l1_cost(params, lam, m):
    return lam / m * sum(np.abs(v).sum() for k, v in params.items() if k[0] == "W" and k[1:].isdigit())
#: one layer
def l1_cost(params, lam, m):
    for k, v in params.items():
        if k.startswith("W"):
            return lam / m * np.abs(v).sum()
#: not the last layer
def l1_cost(params, lam, m):
    return lam / m * sum(np.abs(v).sum() for v in [v for k, v in params.items() if k.startswith("W")][:-1])
#: whole lam over m
def l1_cost(params, lam, m):
    return lam // m * sum(np.abs(v).sum() for k, v in params.items() if k.startswith("W"))
#: absolute in place
def l1_cost(params, lam, m):
    for k in params:
        if k.startswith("W"):
            np.abs(params[k], out=params[k])
    return lam / m * sum(v.sum() for k, v in params.items() if k.startswith("W"))
#: takes the biases away from params
def l1_cost(params, lam, m):
    for k in list(params):
        if not k.startswith("W"):
            del params[k]
    return lam / m * sum(np.abs(v).sum() for v in params.values())
#: Python's sum over rows
def l1_cost(params, lam, m):
    return lam / m * sum(sum(np.abs(v)) [0] for k, v in params.items() if k.startswith("W"))
#: positive weights only
def l1_cost(params, lam, m):
    return lam / m * sum(np.maximum(v, 0).sum() for k, v in params.items() if k.startswith("W"))
#: a list
def l1_cost(params, lam, m):
    return [lam / m * sum(np.abs(v).sum() for k, v in params.items() if k.startswith("W"))]
""")

# --- l1_gradients ----------------------------------------------------------------------------------------------------
RIGHT["l1_gradients"] = answers("""
#: a comprehension
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * np.sign(params[k]) if k.startswith("W") else g for k, g in grads.items()}
#: comparisons
def l1_gradients(params, grads, lam, m):
    new = dict(grads)
    for k, v in params.items():
        if k.startswith("W"):
            new[k] = grads[k] + lam / m * ((v > 0).astype(float) - (v < 0))
    return new
#: where
def l1_gradients(params, grads, lam, m):
    sign = lambda v: np.where(v > 0, 1.0, np.where(v < 0, -1.0, 0.0))
    return {k: grads[k] + sign(params[k]) * lam / m if k[0] == "W" else grads[k].copy() for k in params}
#: a quotient that minds zero
def l1_gradients(params, grads, lam, m):
    def sign(v):
        size = np.abs(v)
        return v / np.where(size == 0, 1, size)
    return {k: g + lam * sign(params[k]) / m if k.startswith("W") else g for k, g in grads.items()}
#: masks on a copy
def l1_gradients(params, grads, lam, m):
    new = {k: np.array(g, dtype=float) for k, g in grads.items()}
    for k in new:
        if k.startswith("W"):
            new[k][params[k] > 0] += lam / m
            new[k][params[k] < 0] -= lam / m
    return new
#: select
def l1_gradients(params, grads, lam, m):
    step = lambda v: np.select([v > 0, v < 0], [lam / m, -lam / m], default=0.0)
    return grads | {k: grads[k] + step(params[k]) for k in grads if k.startswith("W")}
#: a lambda
l1_gradients = lambda params, grads, lam, m: {
    k: g + (k[:1] == "W") * (lam / m) * np.sign(params[k]) for k, g in grads.items()}
#: number by number
def l1_gradients(params, grads, lam, m):
    new = {}
    for k, g in grads.items():
        if not k.startswith("W"):
            new[k] = g
            continue
        out = np.empty(g.shape)
        for at in np.ndindex(g.shape):
            w = params[k][at]
            out[at] = g[at] + (lam / m if w > 0 else -lam / m if w < 0 else 0)
        new[k] = out
    return new
#: vectorize
def l1_gradients(params, grads, lam, m):
    move = np.vectorize(lambda g, w: g + lam / m * ((w > 0) - (w < 0)), otypes=[float])
    return {k: move(g, params[k]) if k.startswith("W") else g for k, g in grads.items()}
#: an object with __call__
class _Adds:
    def __init__(self, slope):
        self.slope = slope
    def __call__(self, params, grads, lam, m, first="W"):
        weights = {k for k in params if k.startswith(first)}
        return {k: grads[k] + lam / m * self.slope(params[k]) if k in weights else grads[k] for k in grads}
l1_gradients = _Adds(np.sign)
#: a clipped multiple
def l1_gradients(params, grads, lam, m):
    sign = lambda v: np.clip(np.ceil(np.clip(v, -1, 1)) + np.floor(np.clip(v, -1, 1)), -1, 1)
    return {**grads, **{k: grads[k] + sign(v) * (lam / m) for k, v in params.items() if k.startswith("W")}}
#: heaviside
def l1_gradients(params, grads, lam, m):
    sign = lambda v: 2 * np.heaviside(v, 0.5) - 1
    return {k: g - (-lam / m) * sign(params[k]) if k.startswith("W") else g for k, g in grads.items()}
#: recursion
def l1_gradients(params, grads, lam, m):
    if not grads:
        return {}
    rest = dict(grads)
    key, g = rest.popitem()
    if key.startswith("W"):
        g = g + lam / m * np.sign(params[key])
    return {key: g, **l1_gradients(params, rest, lam, m)}
#: a deep copy, in place
def l1_gradients(params, grads, lam, m):
    from copy import deepcopy
    new = deepcopy(grads)
    for k in new:
        if k.startswith("W"):
            new[k] = new[k].astype(float)
            np.add(new[k], np.sign(params[k]) * (lam / m), out=new[k])
    return new
#: signs by digitize
def l1_gradients(params, grads, lam, m):
    def sign(v):
        return np.greater(v, 0) * 1 + np.less(v, 0) * -1
    return {k: grads[k] + sign(params[k]) / m * lam if k.startswith("W") else grads[k] for k in reversed(params)}
""")
WRONG["l1_gradients"] = answers("""
#: the sign of zero is 1
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * np.where(params[k] >= 0, 1, -1) if k[0] == "W" else g for k, g in grads.items()}
#: the sign of zero is -1
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * np.where(params[k] > 0, 1, -1) if k[0] == "W" else g for k, g in grads.items()}
#: the sign bit
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * np.copysign(1, params[k]) if k[0] == "W" else g for k, g in grads.items()}
#: zero over zero
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * params[k] / np.abs(params[k]) if k[0] == "W" else g for k, g in grads.items()}
#: a soft sign
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * params[k] / (np.abs(params[k]) + 1e-3) if k[0] == "W" else g for k, g in grads.items()}
#: tanh
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * np.tanh(20 * params[k]) if k[0] == "W" else g for k, g in grads.items()}
#: small weights count as zero
def l1_gradients(params, grads, lam, m):
    sign = lambda v: np.sign(np.where(np.abs(v) < 1e-3, 0, v))
    return {k: g + lam / m * sign(params[k]) if k[0] == "W" else g for k, g in grads.items()}
#: whole weights first
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * np.sign(params[k].astype(int)) if k[0] == "W" else g for k, g in grads.items()}
#: half
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / (2 * m) * np.sign(params[k]) if k[0] == "W" else g for k, g in grads.items()}
#: without m
def l1_gradients(params, grads, lam, m):
    return {k: g + lam * np.sign(params[k]) if k[0] == "W" else g for k, g in grads.items()}
#: the other direction
def l1_gradients(params, grads, lam, m):
    return {k: g - lam / m * np.sign(params[k]) if k[0] == "W" else g for k, g in grads.items()}
#: the sign of the gradient
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * np.sign(g) if k[0] == "W" else g for k, g in grads.items()}
#: absolute values
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * np.abs(params[k]) if k[0] == "W" else g for k, g in grads.items()}
#: the slope of L2
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * params[k] if k[0] == "W" else g for k, g in grads.items()}
#: ones
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m if k[0] == "W" else g for k, g in grads.items()}
#: biases too
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * np.sign(params[k]) for k, g in grads.items()}
#: biases dropped
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * np.sign(params[k]) for k, g in grads.items() if k[0] == "W"}
#: all that is no bias
def l1_gradients(params, grads, lam, m):
    return {k: g if k[0] == "b" else g + lam / m * np.sign(params[k]) for k, g in grads.items()}
#: all with two axes
def l1_gradients(params, grads, lam, m):
    return {k: g if g.ndim == 1 else g + lam / m * np.sign(params[k]) for k, g in grads.items()}
#: a W anywhere
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * np.sign(params[k]) if "W" in k else g for k, g in grads.items()}
#: small letters too
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * np.sign(params[k]) if k[0] in "wW" else g for k, g in grads.items()}
#: keys with digits only
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * np.sign(params[k]) if k[0] == "W" and k[1:].isdigit() else g for k, g in grads.items()}
#: pairs by their order
def l1_gradients(params, grads, lam, m):
    return {k: g + lam / m * np.sign(v) if k[0] == "W" else g for (k, v), g in zip(params.items(), grads.values())}
#: in place
def l1_gradients(params, grads, lam, m):
    new = dict(grads)
    for k in new:
        if k[0] == "W":
            new[k] += lam / m * np.sign(params[k])
    return new
#: new entries in the dict given
def l1_gradients(params, grads, lam, m):
    for k in grads:
        if k[0] == "W":
            grads[k] = grads[k] + lam / m * np.sign(params[k])
    return grads
#: signs in params
def l1_gradients(params, grads, lam, m):
    for k in params:
        if k[0] == "W":
            params[k] = np.sign(params[k])
    return {k: g + lam / m * params[k] if k[0] == "W" else g for k, g in grads.items()}
#: the penalty alone
def l1_gradients(params, grads, lam, m):
    return {k: lam / m * np.sign(params[k]) if k[0] == "W" else g for k, g in grads.items()}
#: whole lam over m
def l1_gradients(params, grads, lam, m):
    return {k: g + lam // m * np.sign(params[k]) if k[0] == "W" else g for k, g in grads.items()}
#: whole weights give whole gradients
def l1_gradients(params, grads, lam, m):
    result = {k: np.zeros_like(v) for k, v in params.items()}
    for k, g in grads.items():
        result[k][...] = g + lam / m * np.sign(params[k]) if k.startswith("W") else g
    return result
#: never past zero
def l1_gradients(params, grads, lam, m):
    step = lambda v: np.clip(v, -lam / m, lam / m)
    return {k: g + step(params[k]) if k.startswith("W") else g for k, g in grads.items()}
""")

# --- sparsity --------------------------------------------------------------------------------------------------------
RIGHT["sparsity"] = answers("""
#: all in one vector
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k.startswith("W")])
    return np.mean(np.abs(weights) < threshold)
#: two counts
def sparsity(params, threshold=1e-3):
    small = total = 0
    for key, value in params.items():
        if key.startswith("W"):
            small += np.count_nonzero(np.abs(value) < threshold)
            total += value.size
    return small / total
#: a lambda
sparsity = lambda params, threshold=1e-3: sum(
    (abs(v) < threshold).sum() for k, v in params.items() if k[0] == "W") / sum(
    v.size for k, v in params.items() if k[0] == "W")
#: one minus the others
def sparsity(params, threshold=1e-3):
    weights = [params[k] for k in params if k.startswith("W")]
    return 1 - sum(np.sum(np.abs(w) >= threshold) for w in weights) / sum(np.size(w) for w in weights)
#: number by number
def sparsity(params, threshold=1e-3):
    found = [abs(w) < threshold for k, v in params.items() if k.startswith("W") for w in v.flat]
    return sum(found) / len(found)
#: a weighted average of the layers
def sparsity(params, threshold=1e-3):
    weights = [v for k, v in params.items() if k.startswith("W")]
    return np.average([np.mean(np.abs(w) < threshold) for w in weights], weights=[w.size for w in weights])
#: between two bounds
def sparsity(params, threshold=1e-3):
    weights = np.hstack([np.reshape(v, -1) for k, v in params.items() if k.startswith("W")])
    return float(np.logical_and(-threshold < weights, weights < threshold).mean())
#: sorted and searched
def sparsity(params, threshold=1e-3):
    sizes = np.sort(np.abs(np.concatenate([v.flatten() for k, v in params.items() if k.startswith("W")])))
    return np.searchsorted(sizes, threshold, side="left") / len(sizes)
#: bisect
def sparsity(params, threshold=1e-3):
    import bisect
    sizes = sorted(abs(float(w)) for k in params if k.startswith("W") for w in params[k].ravel())
    return bisect.bisect_left(sizes, threshold) / len(sizes)
#: a mask selects
def sparsity(params, threshold=1e-3, first="W"):
    weights = np.concatenate([np.abs(params[k]).ravel() for k in sorted(params) if k.startswith(first)])
    return len(weights[weights < threshold]) / len(weights)
#: a 0-d array
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k.startswith("W")])
    return np.array((np.abs(weights) < threshold).mean())
#: an object with __call__
class _Share:
    def __call__(self, params, threshold=1e-3):
        masks = [np.abs(v) < threshold for k, v in params.items() if k.startswith("W")]
        return np.true_divide(sum(mask.sum() for mask in masks), sum(mask.size for mask in masks))
sparsity = _Share()
#: reduce
def sparsity(params, threshold=1e-3):
    from functools import reduce
    def add(pair, key):
        return pair + np.array([(np.abs(params[key]) < threshold).sum(), params[key].size]) if key[0] == "W" else pair
    small, total = reduce(add, params, np.zeros(2))
    return small / total
#: a Counter
def sparsity(params, threshold=1e-3):
    from collections import Counter
    counts = Counter(bool(abs(w) < threshold) for k, v in params.items() if k.startswith("W") for w in np.ravel(v))
    return counts[True] / (counts[True] + counts[False])
#: argwhere
def sparsity(params, threshold=1e-3):
    weights = [v for k, v in params.items() if k.startswith("W")]
    return sum(len(np.argwhere(np.abs(w) < threshold)) for w in weights) / sum(map(np.size, weights))
#: a fraction
def sparsity(params, threshold=1e-3):
    from fractions import Fraction
    weights = [v for k, v in params.items() if k.startswith("W")]
    small = sum(int((np.abs(w) < threshold).sum()) for w in weights)
    return float(Fraction(small, sum(w.size for w in weights)))
""")
WRONG["sparsity"] = answers("""
#: at the threshold too
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k.startswith("W")])
    return np.mean(np.abs(weights) <= threshold)
#: a mean of means
def sparsity(params, threshold=1e-3):
    return np.mean([np.mean(np.abs(v) < threshold) for k, v in params.items() if k.startswith("W")])
#: negative weights all count
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k.startswith("W")])
    return np.mean(weights < threshold)
#: exact zeros
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k.startswith("W")])
    return np.mean(weights == 0)
#: the threshold ignored
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k.startswith("W")])
    return np.mean(np.abs(weights) < 1e-3)
#: another default
def sparsity(params, threshold=1e-2):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k.startswith("W")])
    return np.mean(np.abs(weights) < threshold)
#: a smaller default
def sparsity(params, threshold=1e-4):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k.startswith("W")])
    return np.mean(np.abs(weights) < threshold)
#: no default
def sparsity(params, threshold):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k.startswith("W")])
    return np.mean(np.abs(weights) < threshold)
#: the dense share
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k.startswith("W")])
    return np.mean(np.abs(weights) >= threshold)
#: biases too
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for v in params.values()])
    return np.mean(np.abs(weights) < threshold)
#: biases in the count
def sparsity(params, threshold=1e-3):
    small = sum((np.abs(v) < threshold).sum() for k, v in params.items() if k.startswith("W"))
    return small / sum(v.size for v in params.values())
#: all that is no bias
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k[0] != "b"])
    return np.mean(np.abs(weights) < threshold)
#: all with two axes
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if v.ndim > 1])
    return np.mean(np.abs(weights) < threshold)
#: a W anywhere
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if "W" in k])
    return np.mean(np.abs(weights) < threshold)
#: small letters too
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k[0] in "wW"])
    return np.mean(np.abs(weights) < threshold)
#: keys with digits only
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k[0] == "W" and k[1:].isdigit()])
    return np.mean(np.abs(weights) < threshold)
#: the first layer only
def sparsity(params, threshold=1e-3):
    first = next(v for k, v in params.items() if k.startswith("W"))
    return np.mean(np.abs(first) < threshold)
#: a count
def sparsity(params, threshold=1e-3):
    return sum(int((np.abs(v) < threshold).sum()) for k, v in params.items() if k.startswith("W"))
#: percent
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k.startswith("W")])
    return 100 * np.mean(np.abs(weights) < threshold)
#: squares
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k.startswith("W")])
    return np.mean(weights**2 < threshold)
#: a share of the largest
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k.startswith("W")])
    return np.mean(np.abs(weights) < threshold * np.abs(weights).max())
#: a share a layer
def sparsity(params, threshold=1e-3):
    return {k: np.mean(np.abs(v) < threshold) for k, v in params.items() if k.startswith("W")}
#: sets them to zero
def sparsity(params, threshold=1e-3):
    small = total = 0
    for k, v in params.items():
        if k.startswith("W"):
            v[np.abs(v) < threshold] = 0
            small, total = small + (v == 0).sum(), total + v.size
    return small / total
#: the length for the size
def sparsity(params, threshold=1e-3):
    weights = [v for k, v in params.items() if k.startswith("W")]
    return sum((np.abs(w) < threshold).sum() for w in weights) / sum(len(w) for w in weights)
#: rounded
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k.startswith("W")])
    return round(float(np.mean(np.abs(weights) < threshold)), 2)
#: isclose
def sparsity(params, threshold=1e-3):
    weights = np.concatenate([v.ravel() for k, v in params.items() if k.startswith("W")])
    return np.mean(np.isclose(weights, 0, atol=threshold))
""")

# --- max_norm --------------------------------------------------------------------------------------------------------
RIGHT["max_norm"] = answers("""
#: minimum of one and the quotient
def max_norm(W, limit):
    norms = np.linalg.norm(W, axis=0)
    return W * np.minimum(1.0, limit / np.where(norms == 0, 1, norms))
#: maximum of one and the quotient
def max_norm(W, limit):
    return W / np.maximum(1.0, np.sqrt(np.sum(np.square(W), axis=0)) / limit)
#: column by column
def max_norm(W, limit):
    out = np.array(W, dtype=float)
    for j in range(W.shape[1]):
        norm = np.linalg.norm(W[:, j])
        if norm > limit:
            out[:, j] = W[:, j] * limit / norm
    return out
#: a stack of columns
def max_norm(W, limit):
    def short(column):
        norm = np.sqrt(column @ column)
        return column if norm <= limit else column / norm * limit
    return np.column_stack([short(column) for column in W.T])
#: a mask
def max_norm(W, limit):
    norms = np.sqrt((W**2).sum(axis=0, keepdims=True))
    return np.where(norms > limit, W * (limit / np.maximum(norms, limit)), W)
#: only the long ones are divided
def max_norm(W, limit):
    out = W.astype(float)
    norms = np.linalg.norm(out, axis=0)
    long = norms > limit
    out[:, long] *= limit / norms[long]
    return out
#: a lambda
max_norm = lambda W, limit: W * (limit / np.maximum(np.linalg.norm(W, axis=0, keepdims=True), limit))
#: einsum
def max_norm(W, limit):
    squares = np.einsum("ij,ij->j", W, W)
    return np.einsum("ij,j->ij", W, limit / np.sqrt(np.maximum(squares, limit**2)))
#: a diagonal matrix
def max_norm(W, limit):
    norms = np.linalg.norm(W, axis=0)
    return W @ np.diag([1.0 if n <= limit else limit / n for n in norms])
#: apply_along_axis
def max_norm(W, limit):
    return np.apply_along_axis(lambda c: c / max(1.0, np.linalg.norm(c) / limit), 0, W)
#: transposed
def max_norm(W, limit):
    rows = np.array(W.T, dtype=float, copy=True)
    for row in rows:
        row /= max(1.0, float(np.sqrt(np.sum(row * row))) / limit)
    return rows.T
#: the same array where nothing is long
def max_norm(W, limit):
    norms = np.linalg.norm(W, axis=0)
    if np.all(norms <= limit):
        return W
    return W / np.clip(norms / limit, 1, None)
#: recursion
def max_norm(W, limit):
    if W.shape[1] == 1:
        return W / max(1.0, np.linalg.norm(W) / limit)
    middle = W.shape[1] // 2
    return np.hstack([max_norm(W[:, :middle], limit), max_norm(W[:, middle:], limit)])
#: an object with __call__
class _Limits:
    def __init__(self, axis):
        self.axis = axis
    def __call__(self, W, limit, eps=0.0):
        norms = np.linalg.norm(W, axis=self.axis, keepdims=True)
        return np.divide(W * limit, norms, out=np.array(W, dtype=float), where=norms > limit + eps)
max_norm = _Limits(axis=0)
#: hypot
def max_norm(W, limit):
    norms = np.hypot.reduce(W, axis=0, initial=0.0)
    return np.multiply(W, np.where(norms > limit, limit / np.fmax(norms, limit), 1))
#: dtype kept
def max_norm(W, limit):
    dtype = W.dtype if W.dtype.kind == "f" else float
    norms = np.linalg.norm(W.astype(dtype), axis=0)
    return (W / np.maximum(norms / limit, 1)).astype(dtype)
#: the other order in memory
def max_norm(W, limit):
    return np.asfortranarray(W / np.maximum(1, np.linalg.norm(W, 2, axis=0) / limit))
""")
WRONG["max_norm"] = answers("""
#: rows
def max_norm(W, limit):
    return W / np.maximum(1, np.linalg.norm(W, axis=1, keepdims=True) / limit)
#: rows, if the shape says so
def max_norm(W, limit):
    axis = 0 if W.shape[0] >= W.shape[1] else 1
    return W / np.maximum(1, np.linalg.norm(W, axis=axis, keepdims=True) / limit)
#: the whole matrix
def max_norm(W, limit):
    return W / max(1, np.linalg.norm(W) / limit)
#: the longest column decides
def max_norm(W, limit):
    return W / max(1, np.linalg.norm(W, axis=0).max() / limit)
#: short ones grow
def max_norm(W, limit):
    norms = np.linalg.norm(W, axis=0)
    return W * limit / np.where(norms == 0, 1, norms)
#: only short ones grow
def max_norm(W, limit):
    norms = np.linalg.norm(W, axis=0)
    return np.where((norms < limit) & (norms > 0), W * limit / np.where(norms == 0, 1, norms), W)
#: a zero column is NaN
def max_norm(W, limit):
    norms = np.linalg.norm(W, axis=0)
    return W / norms * np.minimum(norms, limit)
#: entries clipped
def max_norm(W, limit):
    return np.clip(W, -limit, limit)
#: the squared norm
def max_norm(W, limit):
    return W / np.maximum(1, np.sum(W**2, axis=0) / limit)
#: the squared norm decides
def max_norm(W, limit):
    squares = np.sum(W**2, axis=0)
    return np.where(squares > limit, W * limit / np.sqrt(np.maximum(squares, 1e-300)), W)
#: the sum of sizes
def max_norm(W, limit):
    return W / np.maximum(1, np.abs(W).sum(axis=0) / limit)
#: the largest entry
def max_norm(W, limit):
    return W / np.maximum(1, np.abs(W).max(axis=0) / limit)
#: unit vectors
def max_norm(W, limit):
    norms = np.linalg.norm(W, axis=0)
    return np.where(norms > limit, W / np.maximum(norms, limit), W)
#: not times the limit
def max_norm(W, limit):
    return W / np.maximum(1, np.linalg.norm(W, axis=0))
#: the root of the factor
def max_norm(W, limit):
    return W / np.sqrt(np.maximum(1, np.linalg.norm(W, axis=0) / limit))
#: upside down
def max_norm(W, limit):
    return W * np.maximum(1, np.linalg.norm(W, axis=0) / limit)
#: in place
def max_norm(W, limit):
    W /= np.maximum(1, np.linalg.norm(W, axis=0) / limit)
    return W
#: a view, in place
def max_norm(W, limit):
    out = W[:]
    for j in range(W.shape[1]):
        norm = np.linalg.norm(out[:, j])
        if norm > limit:
            out[:, j] = out[:, j] * limit / norm
    return out
#: not the last column
def max_norm(W, limit):
    out = W.copy()
    for j in range(W.shape[1] - 1):
        out[:, j] = out[:, j] / max(1, np.linalg.norm(out[:, j]) / limit)
    return out
#: the first long column only
def max_norm(W, limit):
    out = np.array(W, dtype=float)
    j = int(np.argmax(np.linalg.norm(W, axis=0) > limit))
    out[:, j] /= max(1, np.linalg.norm(out[:, j]) / limit)
    return out
#: as many columns as rows
def max_norm(W, limit):
    out = np.array(W, dtype=float)
    for j in range(min(W.shape)):
        out[:, j] /= max(1, np.linalg.norm(out[:, j]) / limit)
    return out
#: centred first
def max_norm(W, limit):
    return W / np.maximum(1, np.std(W, axis=0) * np.sqrt(len(W)) / limit)
#: a root of a mean
def max_norm(W, limit):
    return W / np.maximum(1, np.sqrt(np.mean(W**2, axis=0)) / limit)
#: transposed
def max_norm(W, limit):
    return (W / np.maximum(1, np.linalg.norm(W, axis=0) / limit)).T
#: long ones are dropped
def max_norm(W, limit):
    return W * (np.linalg.norm(W, axis=0) <= limit)
#: a limit of one
def max_norm(W, limit):
    return W / np.maximum(1, np.linalg.norm(W, axis=0) / 1.0)
#: with the norms
def max_norm(W, limit):
    norms = np.linalg.norm(W, axis=0)
    return W / np.maximum(1, norms / limit), norms
#: a column of zeros becomes an even one
def max_norm(W, limit):
    out = W / np.maximum(1, np.linalg.norm(W, axis=0) / limit)
    out[:, np.all(W == 0, axis=0)] = limit / np.sqrt(len(W))
    return out
#: one column as a vector
def max_norm(W, limit):
    return np.squeeze(W / np.maximum(1, np.linalg.norm(W, axis=0) / limit))
""")

# --- early_stopping --------------------------------------------------------------------------------------------------
RIGHT["early_stopping"] = answers("""
#: a counter
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
#: the distance to the best epoch
def early_stopping(dev_losses, patience, min_delta=0.0):
    last, best = -1, np.nan
    for epoch in range(len(dev_losses)):
        loss = dev_losses[epoch]
        if best - loss > min_delta or (np.isnan(best) and not np.isnan(loss)):
            last, best = epoch, loss
        if epoch - last >= patience:
            break
    return max(last, 0), epoch
#: a while loop
def early_stopping(dev_losses, patience, min_delta=0.0):
    epoch = best_epoch = waited = 0
    seen = False
    while True:
        loss = dev_losses[epoch]
        better = loss == loss and (not seen or dev_losses[best_epoch] - loss > min_delta)
        if better:
            seen, best_epoch, waited = True, epoch, 0
        else:
            waited += 1
        if waited == patience or epoch == len(dev_losses) - 1:
            return (best_epoch, epoch)
        epoch += 1
#: jumps from improvement to improvement
def early_stopping(dev_losses, patience, min_delta=0.0):
    losses = np.asarray(dev_losses, dtype=float)
    last = len(losses) - 1
    real = np.flatnonzero(~np.isnan(losses))
    if len(real) == 0 or real[0] >= patience:
        return 0, min(patience - 1, last)
    best = real[0]
    while True:
        better = np.flatnonzero(losses[best + 1 : best + 1 + patience] < losses[best] - min_delta)
        if len(better) == 0:
            return int(best), int(min(best + patience, last))
        best = best + 1 + better[0]
#: all improvements, then the first long gap
def early_stopping(dev_losses, patience, min_delta=0.0):
    improvements, best = [], None
    for epoch, loss in enumerate(dev_losses):
        if np.isfinite(loss) or np.isinf(loss):
            if best is None or loss + min_delta < best:
                improvements.append(epoch)
                best = loss
    before = -1
    for epoch in improvements:
        if epoch - before > patience:
            return max(before, 0), before + patience
        before = epoch
    return max(before, 0), min(before + patience, len(dev_losses) - 1)
#: recursion
def early_stopping(dev_losses, patience, min_delta=0.0):
    losses = list(dev_losses)
    def go(epoch, best_epoch, left):
        if epoch == len(losses):
            return max(best_epoch, 0), epoch - 1
        loss = losses[epoch]
        if loss == loss and (best_epoch < 0 or losses[best_epoch] - loss > min_delta):
            return go(epoch + 1, epoch, patience)
        if left == 1:
            return max(best_epoch, 0), epoch
        return go(epoch + 1, best_epoch, left - 1)
    return go(0, -1, patience)
#: an object with __call__
class _Stopping:
    def __call__(self, dev_losses, patience, min_delta=0.0):
        self.best, self.best_epoch, self.bad = None, 0, 0
        for epoch, loss in enumerate(dev_losses):
            self.bad = 0 if self.improves(float(loss), min_delta, epoch) else self.bad + 1
            if self.bad >= patience:
                return self.best_epoch, epoch
        return self.best_epoch, epoch
    def improves(self, loss, min_delta, epoch):
        if loss != loss or (self.best is not None and not loss < self.best - min_delta):
            return False
        self.best, self.best_epoch = loss, epoch
        return True
early_stopping = _Stopping()
#: an iterator with an end
def early_stopping(dev_losses, patience, min_delta=0.0):
    def runs():
        best, best_epoch, waited = float("inf"), -1, 0
        for epoch, loss in enumerate(dev_losses):
            improved = (best_epoch < 0 and not np.isnan(loss)) or loss < best - min_delta
            if improved:
                best, best_epoch = loss, epoch
            waited = 0 if improved else waited + 1
            yield max(best_epoch, 0), epoch, waited == patience
    for best_epoch, epoch, over in runs():
        if over:
            break
    return best_epoch, epoch
#: NumPy integers
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited, started = np.inf, np.int64(0), np.int64(0), False
    for epoch in np.arange(len(dev_losses)):
        loss = dev_losses[epoch]
        if np.less(loss, best - min_delta) or (not started and not np.isnan(loss)):
            best, best_epoch, waited, started = loss, epoch, np.int64(0), True
        else:
            waited = waited + 1
        if waited == patience:
            return best_epoch, epoch
    return best_epoch, epoch
#: a copy that is eaten up
def early_stopping(dev_losses, patience, min_delta=0.0):
    from collections import deque
    left = deque(float(loss) for loss in dev_losses)
    epoch, best_epoch, best, lives = -1, 0, None, patience
    while left and lives:
        epoch, loss = epoch + 1, left.popleft()
        if loss == loss and (best is None or best - min_delta > loss):
            best_epoch, best, lives = epoch, loss, patience
        else:
            lives -= 1
    return best_epoch, epoch
#: reduce
def early_stopping(dev_losses, patience, min_delta=0.0):
    from functools import reduce
    def one(state, item):
        best, best_epoch, stop = state
        epoch, loss = item
        if stop is not None:
            return state
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            return loss, epoch, None
        start = -1 if best is None else best_epoch
        return best, best_epoch, epoch if epoch - start >= patience else None
    best, best_epoch, stop = reduce(one, enumerate(dev_losses), (None, 0, None))
    return best_epoch, len(dev_losses) - 1 if stop is None else stop
#: a closure
def early_stopping(dev_losses, patience, min_delta=0.0):
    best_epoch, best = -1, None
    def better(epoch):
        nonlocal best_epoch, best
        loss = float(dev_losses[epoch])
        if loss == loss and (best is None or loss - best < -min_delta):
            best_epoch, best = epoch, loss
            return True
        return False
    stop = next((e for e in range(len(dev_losses)) if not better(e) and e - best_epoch == patience), None)
    return max(best_epoch, 0), len(dev_losses) - 1 if stop is None else stop
#: a for with an else, and a check of the patience
def early_stopping(dev_losses, patience, min_delta=0.0, verbose=False):
    if patience < 1:
        raise ValueError(f"patience must be at least 1, got {patience}")
    best_epoch, waited, target = 0, 0, None
    for stop_epoch, loss in enumerate(dev_losses):
        if np.isnan(loss) or (target is not None and loss >= target):
            waited += 1
            if waited == patience:
                break
        else:
            best_epoch, waited, target = stop_epoch, 0, loss - min_delta
    else:
        stop_epoch = len(dev_losses) - 1
    return best_epoch, stop_epoch
#: NaN as infinity
def early_stopping(dev_losses, patience, min_delta=0.0):
    losses = np.asarray(dev_losses, dtype=float)
    first = int(np.argmax(~np.isnan(losses)))
    best_epoch, waited = first, first
    if first >= patience:
        return 0, patience - 1
    for epoch in range(first + 1, len(losses)):
        waited = waited if epoch > first + 1 else 0
        if np.nan_to_num(losses[epoch], nan=np.inf, posinf=np.inf) < losses[best_epoch] - min_delta:
            best_epoch, waited = epoch, 0
        else:
            waited += 1
        if waited >= patience:
            return best_epoch, epoch
    return best_epoch, len(losses) - 1
#: infinity as the best of nothing
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = np.inf, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
""")
WRONG["early_stopping"] = answers("""
#: an equal loss improves
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss <= best - min_delta):
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
#: one epoch too late
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited > patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
#: one epoch too soon
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 1
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            best, best_epoch, waited = loss, epoch, 1
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
#: counted from one
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 1, 0
    for epoch, loss in enumerate(dev_losses, start=1):
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses)
#: the number of epochs at the end
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses)
#: None at the end
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, None
#: the counter is never set back
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            best, best_epoch = loss, epoch
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
#: against the epoch before
def early_stopping(dev_losses, patience, min_delta=0.0):
    before, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (before is None or loss < before - min_delta):
            best_epoch, waited = epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
        before = loss if not np.isnan(loss) else before
    return best_epoch, len(dev_losses) - 1
#: min_delta ignored
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best):
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
#: min_delta the other way
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best + min_delta):
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
#: min_delta as a share
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best * (1 - min_delta)):
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
#: the best epoch by its value alone
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, waited = None, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            best, waited = loss, 0
        else:
            waited += 1
        if waited >= patience:
            break
    return int(np.nanargmin(dev_losses[: epoch + 1])), epoch
#: the best of all epochs
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, waited = None, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            best, waited = loss, 0
        else:
            waited += 1
        if waited >= patience:
            break
    return int(np.nanargmin(dev_losses)), epoch
#: looks at the whole curve first
def early_stopping(dev_losses, patience, min_delta=0.0):
    best = int(np.nanargmin(dev_losses))
    return best, min(best + patience, len(dev_losses) - 1)
#: higher is better
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss > best + min_delta):
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
#: stops at the first rise
def early_stopping(dev_losses, patience, min_delta=0.0):
    for epoch in range(1, len(dev_losses)):
        if not dev_losses[epoch] < dev_losses[epoch - 1] - min_delta:
            return epoch - 1, epoch
    return len(dev_losses) - 1, len(dev_losses) - 1
#: NaN improves
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = np.inf, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss >= best - min_delta and epoch:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
        else:
            best, best_epoch, waited = loss, epoch, 0
    return best_epoch, len(dev_losses) - 1
#: NaN first is the best for ever
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = dev_losses[0], 0, 0
    for epoch, loss in enumerate(dev_losses[1:], start=1):
        if loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
#: NaN sets the counter back
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if np.isnan(loss):
            waited = 0
        elif best is None or loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
#: NaN is passed over
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if np.isnan(loss):
            continue
        if best is None or loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
#: NaN stops at once
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if np.isnan(loss):
            return best_epoch, epoch
        if best is None or loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
#: NaN dropped before counting
def early_stopping(dev_losses, patience, min_delta=0.0):
    losses = np.asarray(dev_losses, dtype=float)
    losses = losses[~np.isnan(losses)]
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(losses):
        if best is None or loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(losses) - 1
#: a loss above 1 is no start
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = 1.0, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
#: the stop is where the best was
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, best_epoch
    return best_epoch, len(dev_losses) - 1
#: best + patience, beyond the end too
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch = None, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            best, best_epoch = loss, epoch
        elif best is not None and epoch - best_epoch >= patience:
            break
    return best_epoch, best_epoch + patience
#: the other order
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, best_epoch
    return len(dev_losses) - 1, best_epoch
#: the best loss for its epoch
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best, epoch
    return best, len(dev_losses) - 1
#: a list
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return [best_epoch, epoch]
    return [best_epoch, len(dev_losses) - 1]
#: does not stop
def early_stopping(dev_losses, patience, min_delta=0.0):
    best, best_epoch = None, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            best, best_epoch = loss, epoch
    return best_epoch, len(dev_losses) - 1
#: no default
def early_stopping(dev_losses, patience, min_delta):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if not np.isnan(loss) and (best is None or loss < best - min_delta):
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
""")

# --- random_horizontal_flip ------------------------------------------------------------------------------------------
RIGHT["random_horizontal_flip"] = answers("""
#: a mask
def random_horizontal_flip(images, rng, p=0.5):
    out = images.copy()
    flip = rng.random(len(images)) < p
    out[flip] = out[flip, :, ::-1]
    return out
#: where
def random_horizontal_flip(images, rng, p=0.5):
    flip = rng.random((len(images), 1, 1)) < p
    return np.where(flip, images[:, :, ::-1], images)
#: image by image
def random_horizontal_flip(images, rng, p=0.5):
    out = np.empty_like(images)
    for i, image in enumerate(images):
        out[i] = image[:, ::-1] if rng.uniform() < p else image
    return out
#: binomial draws
def random_horizontal_flip(images, rng, p=0.5):
    coins = rng.binomial(1, p, size=images.shape[0]).astype(bool)
    return np.array([np.fliplr(image) if coin else image for image, coin in zip(images, coins)])
#: choice with probabilities
def random_horizontal_flip(images, rng, p=0.5):
    steps = rng.choice([-1, 1], size=len(images), p=[p, 1 - p])
    return np.stack([image[:, ::step] for image, step in zip(images, steps)])
#: an exponential draw
def random_horizontal_flip(images, rng, p=0.5):
    flip = np.exp(-rng.exponential(size=len(images))) < p
    return np.where(flip[:, None, None], np.flip(images, axis=2), images)
#: the coins drawn backwards
def random_horizontal_flip(images, rng, p=0.5):
    out = np.array(images)
    for i in reversed(range(len(out))):
        if rng.random() < p:
            out[i] = np.flip(images[i], axis=-1)
    return out
#: a take of columns
def random_horizontal_flip(images, rng, p=0.5):
    m, h, w = images.shape
    columns = np.tile(np.arange(w), (m, 1))
    flip = rng.random(m) >= 1 - p
    columns[flip] = w - 1 - columns[flip]
    return np.take_along_axis(images, columns[:, None, :], axis=2)
#: a mixture
def random_horizontal_flip(images, rng, p=0.5):
    keep = (rng.random(len(images)) >= p).astype(images.dtype).reshape(-1, 1, 1)
    return keep * images + (1 - keep) * images[..., ::-1]
#: a count of the flips, then who they are
def random_horizontal_flip(images, rng, p=0.5):
    m = len(images)
    count = rng.binomial(m, p)
    out = images.copy()
    chosen = rng.permutation(m)[:count]
    out[chosen] = images[chosen][:, :, ::-1]
    return out
#: a lambda
random_horizontal_flip = lambda images, rng, p=0.5: np.where(
    (rng.uniform(0, 1, size=images.shape[0]) < p).reshape(-1, 1, 1), images[..., ::-1], images)
#: an object with __call__
class _Flips:
    def __init__(self, axis):
        self.axis = axis
    def __call__(self, images, rng, p=0.5):
        def one(image):
            return np.flip(image, self.axis) if rng.random() < p else image.copy()
        return np.array(list(map(one, images)))
random_horizontal_flip = _Flips(axis=1)
#: a generator of its own from rng
def random_horizontal_flip(images, rng, p=0.5):
    child = np.random.default_rng(rng.integers(2**63))
    flip = np.flatnonzero(child.random(len(images)) < p)
    out = images.copy()
    out[flip] = images[flip, :, ::-1]
    return out
#: random whole numbers
def random_horizontal_flip(images, rng, p=0.5):
    keys = rng.integers(0, 10**9, size=len(images))
    return np.where((keys < p * 10**9)[:, None, None], images[:, :, ::-1], images)
#: geometric gaps
def random_horizontal_flip(images, rng, p=0.5):
    out = images.copy()
    at = -1
    while p > 0:
        at += rng.geometric(p)
        if at >= len(images):
            break
        out[at] = images[at, :, ::-1]
    return out
#: the sure cases first
def random_horizontal_flip(images, rng, p=0.5, axis=2):
    if p == 0:
        return images
    if p == 1:
        return np.flip(images, axis)
    flip = np.less(rng.random(images.shape[0]), p)
    return np.where(np.expand_dims(flip, (1, 2)), np.flip(images, axis), images)
#: einsum with a matrix that reverses
def random_horizontal_flip(images, rng, p=0.5):
    w = images.shape[2]
    both = np.stack([np.eye(w), np.eye(w)[::-1]])
    return np.einsum("mhw,mwv->mhv", images, both[(rng.random(len(images)) < p).astype(int)])
""")
WRONG["random_horizontal_flip"] = answers("""
#: upside down
def random_horizontal_flip(images, rng, p=0.5):
    flip = (rng.random(len(images)) < p)[:, None, None]
    return np.where(flip, images[:, ::-1, :], images)
#: both axes
def random_horizontal_flip(images, rng, p=0.5):
    flip = (rng.random(len(images)) < p)[:, None, None]
    return np.where(flip, images[:, ::-1, ::-1], images)
#: one coin for all
def random_horizontal_flip(images, rng, p=0.5):
    return images[:, :, ::-1].copy() if rng.random() < p else images.copy()
#: a coin for each row
def random_horizontal_flip(images, rng, p=0.5):
    flip = rng.random((len(images), images.shape[1], 1)) < p
    return np.where(flip, images[:, :, ::-1], images)
#: a coin for each pixel
def random_horizontal_flip(images, rng, p=0.5):
    return np.where(rng.random(images.shape) < p, images[:, :, ::-1], images)
#: p is the chance to stay
def random_horizontal_flip(images, rng, p=0.5):
    flip = (rng.random(len(images)) > p)[:, None, None]
    return np.where(flip, images[:, :, ::-1], images)
#: p ignored
def random_horizontal_flip(images, rng, p=0.5):
    flip = (rng.random(len(images)) < 0.5)[:, None, None]
    return np.where(flip, images[:, :, ::-1], images)
#: another default
def random_horizontal_flip(images, rng, p=0.4):
    flip = (rng.random(len(images)) < p)[:, None, None]
    return np.where(flip, images[:, :, ::-1], images)
#: normal draws
def random_horizontal_flip(images, rng, p=0.5):
    flip = (rng.standard_normal(len(images)) < p)[:, None, None]
    return np.where(flip, images[:, :, ::-1], images)
#: p squared
def random_horizontal_flip(images, rng, p=0.5):
    flip = ((rng.random(len(images)) < p) & (rng.random(len(images)) < p))[:, None, None]
    return np.where(flip, images[:, :, ::-1], images)
#: always as many
def random_horizontal_flip(images, rng, p=0.5):
    out = images.copy()
    chosen = rng.permutation(len(images))[: round(p * len(images))]
    out[chosen] = images[chosen][:, :, ::-1]
    return out
#: drawn with replacement
def random_horizontal_flip(images, rng, p=0.5):
    out = images.copy()
    chosen = rng.integers(0, len(images), size=round(p * len(images)))
    out[chosen] = images[chosen][:, :, ::-1]
    return out
#: the first ones
def random_horizontal_flip(images, rng, p=0.5):
    out = images.copy()
    count = rng.binomial(len(images), p)
    out[:count] = images[:count, :, ::-1]
    return out
#: pairs of images share a coin
def random_horizontal_flip(images, rng, p=0.5):
    coins = np.repeat(rng.random((len(images) + 1) // 2), 2)[: len(images)]
    return np.where((coins < p)[:, None, None], images[:, :, ::-1], images)
#: every other image
def random_horizontal_flip(images, rng, p=0.5):
    start = rng.random()
    coins = np.floor(start + p * np.arange(1, len(images) + 1)) > np.floor(start + p * np.arange(len(images)))
    return np.where(coins[:, None, None], images[:, :, ::-1], images)
#: the global generator
def random_horizontal_flip(images, rng, p=0.5):
    flip = (np.random.rand(len(images)) < p)[:, None, None]
    return np.where(flip, images[:, :, ::-1], images)
#: the global generator, seeded
def random_horizontal_flip(images, rng, p=0.5):
    np.random.seed(rng.integers(2**31))
    flip = (np.random.rand(len(images)) < p)[:, None, None]
    return np.where(flip, images[:, :, ::-1], images)
#: a seed of its own
def random_horizontal_flip(images, rng, p=0.5):
    flip = (np.random.default_rng(0).random(len(images)) < p)[:, None, None]
    return np.where(flip, images[:, :, ::-1], images)
#: no seed at all
def random_horizontal_flip(images, rng, p=0.5):
    flip = (np.random.default_rng().random(len(images)) < p)[:, None, None]
    return np.where(flip, images[:, :, ::-1], images)
#: in place
def random_horizontal_flip(images, rng, p=0.5):
    flip = rng.random(len(images)) < p
    images[flip] = images[flip, :, ::-1]
    return images
#: a view, in place
def random_horizontal_flip(images, rng, p=0.5):
    out = images[:]
    for image in out:
        if rng.random() < p:
            image[:] = image[:, ::-1].copy()
    return out
#: a swap that overwrites itself
def random_horizontal_flip(images, rng, p=0.5):
    out = images.copy()
    w = images.shape[2]
    for i in np.flatnonzero(rng.random(len(images)) < p):
        for c in range(w):
            out[i, :, c] = out[i, :, w - 1 - c]
    return out
#: the last column stays
def random_horizontal_flip(images, rng, p=0.5):
    flip = (rng.random(len(images)) < p)[:, None, None]
    other = np.concatenate([images[:, :, -2::-1], images[:, :, -1:]], axis=2)
    return np.where(flip, other, images)
#: the images are mixed up
def random_horizontal_flip(images, rng, p=0.5):
    flip = (rng.random(len(images)) < p)[:, None, None]
    return np.where(flip, images[::-1, :, ::-1], images)
#: flipped ones at the end
def random_horizontal_flip(images, rng, p=0.5):
    flip = rng.random(len(images)) < p
    return np.concatenate([images[~flip], images[flip][:, :, ::-1]])
#: only the flipped ones
def random_horizontal_flip(images, rng, p=0.5):
    flip = rng.random(len(images)) < p
    return images[flip][:, :, ::-1]
#: the old ones too
def random_horizontal_flip(images, rng, p=0.5):
    flip = (rng.random(len(images)) < p)[:, None, None]
    return np.concatenate([images, np.where(flip, images[:, :, ::-1], images)])
#: turned
def random_horizontal_flip(images, rng, p=0.5):
    flip = (rng.random(len(images)) < p)[:, None, None]
    return np.where(flip, np.roll(images, 1, axis=2), images)
#: always at least one
def random_horizontal_flip(images, rng, p=0.5):
    flip = rng.random(len(images)) < p
    flip[rng.integers(len(images))] = p > 0
    return np.where(flip[:, None, None], images[:, :, ::-1], images)
#: a list
def random_horizontal_flip(images, rng, p=0.5):
    return [image[:, ::-1] if rng.random() < p else image for image in images]
#: the halves change places
def random_horizontal_flip(images, rng, p=0.5):
    flip = (rng.random(len(images)) < p)[:, None, None]
    half = images.shape[2] // 2
    return np.where(flip, np.concatenate([images[:, :, half:], images[:, :, :half]], axis=2), images)
#: one image without its batch
def random_horizontal_flip(images, rng, p=0.5):
    flip = (rng.random(len(images)) < p)[:, None, None]
    result = np.where(flip, images[:, :, ::-1], images)
    return result[0] if len(result) == 1 else result
#: the pixels are the seed
def random_horizontal_flip(images, rng, p=0.5):
    own = np.random.default_rng(int(np.abs(images).sum()))
    flip = (own.random(len(images)) < p)[:, None, None]
    return np.where(flip, images[:, :, ::-1], images)
#: the sure cases left to chance
def random_horizontal_flip(images, rng, p=0.5):
    flip = (rng.random(len(images)) < np.clip(p, 0.1, 0.9))[:, None, None]
    return np.where(flip, images[:, :, ::-1], images)
""")

# --- random_shift ----------------------------------------------------------------------------------------------------
RIGHT["random_shift"] = answers("""
#: padded and cut
def random_shift(images, rng, max_shift):
    m, h, w = images.shape
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)))
    out = np.empty_like(images)
    for i, (dy, dx) in enumerate(rng.integers(0, 2 * max_shift + 1, size=(m, 2))):
        out[i] = padded[i, dy : dy + h, dx : dx + w]
    return out
#: slices
def random_shift(images, rng, max_shift):
    m, h, w = images.shape
    out = np.zeros_like(images)
    dy = rng.integers(-max_shift, max_shift + 1, size=m)
    dx = rng.integers(-max_shift, max_shift + 1, size=m)
    for i in range(m):
        if abs(dy[i]) < h and abs(dx[i]) < w:
            rows = slice(max(dy[i], 0), h + min(dy[i], 0))
            columns = slice(max(dx[i], 0), w + min(dx[i], 0))
            from_rows = slice(max(-dy[i], 0), h + min(-dy[i], 0))
            from_columns = slice(max(-dx[i], 0), w + min(-dx[i], 0))
            out[i, rows, columns] = images[i, from_rows, from_columns]
    return out
#: indices and a mask
def random_shift(images, rng, max_shift):
    m, h, w = images.shape
    shift = rng.integers(-max_shift, max_shift, size=(2, m, 1, 1), endpoint=True)
    rows = np.arange(h)[None, :, None] - shift[0]
    columns = np.arange(w)[None, None, :] - shift[1]
    inside = (rows >= 0) & (rows < h) & (columns >= 0) & (columns < w)
    moved = images[np.arange(m)[:, None, None], rows.clip(0, h - 1), columns.clip(0, w - 1)]
    return np.where(inside, moved, 0)
#: matrices that shift
def random_shift(images, rng, max_shift):
    m, h, w = images.shape
    d = rng.choice(np.arange(-max_shift, max_shift + 1), size=(m, 2))
    return np.array([np.eye(h, k=-dy) @ image @ np.eye(w, k=dx) for image, (dy, dx) in zip(images, d)])
#: a roll whose wrapped pixels are erased
def random_shift(images, rng, max_shift):
    out = np.empty_like(images)
    for i, image in enumerate(images):
        big = np.pad(image, max_shift)
        d = rng.integers(-max_shift, max_shift + 1, size=2)
        big = np.roll(big, tuple(d), axis=(0, 1))
        out[i] = big[max_shift : max_shift + image.shape[0], max_shift : max_shift + image.shape[1]]
    return out
#: floors of uniform draws
def random_shift(images, rng, max_shift):
    m, h, w = images.shape
    d = np.floor(rng.random((m, 2)) * (2 * max_shift + 1)).astype(int)
    canvas = np.zeros((m, h + 2 * max_shift, w + 2 * max_shift), dtype=images.dtype)
    for big, image, (a, b) in zip(canvas, images, d):
        big[a : a + h, b : b + w] = image
    return canvas[:, max_shift : max_shift + h, max_shift : max_shift + w]
#: one draw for both axes
def random_shift(images, rng, max_shift):
    m, h, w = images.shape
    n = 2 * max_shift + 1
    both = rng.integers(n * n, size=m)
    padded = np.pad(images, [(0, 0), (max_shift,) * 2, (max_shift,) * 2], constant_values=0)
    return np.stack([p[k // n : k // n + h, k % n : k % n + w] for p, k in zip(padded, both)])
#: windows
def random_shift(images, rng, max_shift):
    m, h, w = images.shape
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (h, w), axis=(1, 2))
    at = rng.integers(windows.shape[1], size=(2, m))
    return windows[np.arange(m), at[0], at[1]].copy()
#: pixel by pixel
def random_shift(images, rng, max_shift):
    out = np.zeros(images.shape, images.dtype)
    m, h, w = images.shape
    for i in range(m):
        dx = int(rng.integers(-max_shift, max_shift + 1))
        dy = int(rng.integers(-max_shift, max_shift + 1))
        for r in range(max(0, dy), min(h, h + dy)):
            for c in range(max(0, dx), min(w, w + dx)):
                out[i, r, c] = images[i, r - dy, c - dx]
    return out
#: one step at a time
def random_shift(images, rng, max_shift):
    def moved(a, d, axis):
        a = np.swapaxes(a, 0, axis)
        for _ in range(abs(d)):
            empty = np.zeros_like(a[:1])
            a = np.concatenate([empty, a[:-1]] if d > 0 else [a[1:], empty])
        return np.swapaxes(a, 0, axis)
    d = rng.integers(-max_shift, max_shift + 1, size=images.shape[:1] + (2,)).tolist()
    return np.array([moved(moved(image, a, 0), b, 1) for image, (a, b) in zip(images, d)])
#: the axes drawn one after the other
def random_shift(images, rng, max_shift):
    def along(stack):
        m, _, n = stack.shape
        d = rng.integers(-max_shift, max_shift + 1, m)
        source = np.arange(n) - d[:, None]
        taken = np.take_along_axis(stack, np.clip(source, 0, n - 1)[:, None, :], axis=2)
        return taken * ((source >= 0) & (source < n))[:, None, :]
    return along(along(images).transpose(0, 2, 1)).transpose(0, 2, 1)
#: an object with __call__
class _Shifts:
    def __call__(self, images, rng, max_shift, fill=0):
        options = range(-max_shift, max_shift + 1)
        out = np.full_like(images, fill)
        m, h, w = images.shape
        for target, image in zip(out, images):
            dy, dx = (options[rng.integers(len(options))] for _ in range(2))
            part = image[max(0, -dy) : max(0, h - dy), max(0, -dx) : max(0, w - dx)]
            top, left = max(0, dy), max(0, dx)
            target[top : top + part.shape[0], left : left + part.shape[1]] = part
        return out
random_shift = _Shifts()
#: shuffled offsets
def random_shift(images, rng, max_shift):
    m, h, w = images.shape
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)), mode="constant")
    offset = lambda: int(rng.permutation(2 * max_shift + 1)[0])
    return np.concatenate([p[None, a : a + h, b : b + w] for p, a, b in ((p, offset(), offset()) for p in padded)])
#: nothing to do for 0
def random_shift(images, rng, max_shift):
    if max_shift == 0:
        return images
    m, h, w = images.shape
    s = max_shift
    padded = np.pad(images, ((0, 0), (s, s), (s, s)))
    vertical, horizontal = rng.integers(-s, s + 1, (2, m))
    return np.array([padded[i, s - vertical[i]:, s - horizontal[i]:][:h, :w] for i in range(m)])
#: an argsort of random keys
def random_shift(images, rng, max_shift):
    m, h, w = images.shape
    at = np.argmin(rng.random((m, 2, 2 * max_shift + 1)), axis=2)
    rows = at[:, 0, None, None] + np.arange(h)[:, None]
    columns = at[:, 1, None, None] + np.arange(w)
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)))
    return padded[np.arange(m)[:, None, None], rows, columns]
""")
_SHIFTED = """
    m, h, w = images.shape
    s = int(np.max(np.abs(d), initial=0))
    padded = np.pad(images, ((0, 0), (s, s), (s, s)))
    return np.array([padded[i, s - y : s - y + h, s - x : s - x + w] for i, (y, x) in enumerate(np.asarray(d))])"""
WRONG["random_shift"] = answers(
    """
#: never the upper end
def random_shift(images, rng, max_shift):
    d = rng.integers(-max_shift, max(max_shift, 1 - max_shift), size=(len(images), 2))<shifted>
#: never the lower end
def random_shift(images, rng, max_shift):
    d = rng.integers(min(1 - max_shift, 0), max_shift + 1, size=(len(images), 2))<shifted>
#: one step too far
def random_shift(images, rng, max_shift):
    d = rng.integers(-max_shift - 1, max_shift + 2, size=(len(images), 2))<shifted>
#: to the right and down only
def random_shift(images, rng, max_shift):
    d = rng.integers(0, max_shift + 1, size=(len(images), 2))<shifted>
#: both axes alike
def random_shift(images, rng, max_shift):
    d = np.repeat(rng.integers(-max_shift, max_shift + 1, size=(len(images), 1)), 2, axis=1)<shifted>
#: opposite axes
def random_shift(images, rng, max_shift):
    d = rng.integers(-max_shift, max_shift + 1, size=(len(images), 1)) * np.array([1, -1])<shifted>
#: one shift for all
def random_shift(images, rng, max_shift):
    d = np.tile(rng.integers(-max_shift, max_shift + 1, size=2), (len(images), 1))<shifted>
#: one vertical shift for all
def random_shift(images, rng, max_shift):
    d = rng.integers(-max_shift, max_shift + 1, size=(len(images), 2))
    d[:, 0] = d[0, 0]<shifted>
#: sideways only
def random_shift(images, rng, max_shift):
    d = rng.integers(-max_shift, max_shift + 1, size=(len(images), 2)) * [0, 1]<shifted>
#: up and down only
def random_shift(images, rng, max_shift):
    d = rng.integers(-max_shift, max_shift + 1, size=(len(images), 2)) * [1, 0]<shifted>
#: one axis at a time
def random_shift(images, rng, max_shift):
    d = rng.integers(-max_shift, max_shift + 1, size=(len(images), 2))
    d[np.arange(len(images)), rng.integers(0, 2, len(images))] = 0<shifted>
#: rounded uniform draws
def random_shift(images, rng, max_shift):
    d = np.round(rng.uniform(-max_shift, max_shift, size=(len(images), 2))).astype(int)<shifted>
#: cut towards zero
def random_shift(images, rng, max_shift):
    d = rng.uniform(-max_shift - 1, max_shift + 1, size=(len(images), 2)).astype(int)<shifted>
#: normal draws
def random_shift(images, rng, max_shift):
    d = np.round(rng.normal(0, max_shift / 2 + 1e-9, size=(len(images), 2)))
    d = np.clip(d, -max_shift, max_shift).astype(int)<shifted>
#: a sum of draws
def random_shift(images, rng, max_shift):
    d = rng.integers(0, max_shift + 1, size=(2, len(images), 2))
    d = d[0] - d[1]<shifted>
#: a sign and a size
def random_shift(images, rng, max_shift):
    d = rng.choice([-1, 1], size=(len(images), 2)) * rng.integers(0, max_shift + 1, size=(len(images), 2))<shifted>
#: never zero
def random_shift(images, rng, max_shift):
    options = [k for k in range(-max_shift, max_shift + 1) if k or not max_shift]
    d = rng.choice(options, size=(len(images), 2))<shifted>
#: the ends only
def random_shift(images, rng, max_shift):
    d = rng.choice([-max_shift, 0, max_shift], size=(len(images), 2))<shifted>
#: one pixel at most
def random_shift(images, rng, max_shift):
    d = rng.integers(-1, 2, size=(len(images), 2)) * min(max_shift, 1)<shifted>
#: each offset as often
def random_shift(images, rng, max_shift):
    n = 2 * max_shift + 1
    order = np.argsort(rng.random((len(images) // n + 1, n)), axis=1).ravel()[: len(images)]
    d = np.stack([order, rng.permutation(order)], axis=1) - max_shift<shifted>
#: neighbours share a shift
def random_shift(images, rng, max_shift):
    d = rng.integers(-max_shift, max_shift + 1, size=(len(images) // 2 + 1, 2))
    d = np.repeat(d, 2, axis=0)[: len(images)]<shifted>
#: the first image stays
def random_shift(images, rng, max_shift):
    d = rng.integers(-max_shift, max_shift + 1, size=(len(images), 2))
    d[0] = 0<shifted>
#: the global generator
def random_shift(images, rng, max_shift):
    d = np.random.randint(-max_shift, max_shift + 1, size=(len(images), 2))<shifted>
#: a seed of its own
def random_shift(images, rng, max_shift):
    d = np.random.default_rng(7).integers(-max_shift, max_shift + 1, size=(len(images), 2))<shifted>
#: no seed at all
def random_shift(images, rng, max_shift):
    d = np.random.default_rng().integers(-max_shift, max_shift + 1, size=(len(images), 2))<shifted>
#: wraps around
def random_shift(images, rng, max_shift):
    d = rng.integers(-max_shift, max_shift + 1, size=(len(images), 2))
    return np.array([np.roll(image, tuple(k), axis=(0, 1)) for image, k in zip(images, d)])
#: wraps around sideways
def random_shift(images, rng, max_shift):
    d = rng.integers(-max_shift, max_shift + 1, size=(len(images), 2))
    images = np.array([np.roll(image, k, axis=1) for image, k in zip(images, d[:, 1])])
    d[:, 1] = 0<shifted>
#: the edge repeated
def random_shift(images, rng, max_shift):
    m, h, w = images.shape
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)), mode="edge")
    d = rng.integers(0, 2 * max_shift + 1, size=(m, 2))
    return np.array([padded[i, a : a + h, b : b + w] for i, (a, b) in enumerate(d)])
#: filled with the mean
def random_shift(images, rng, max_shift):
    m, h, w = images.shape
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)), constant_values=images.mean())
    d = rng.integers(0, 2 * max_shift + 1, size=(m, 2))
    return np.array([padded[i, a : a + h, b : b + w] for i, (a, b) in enumerate(d)])
#: not cut
def random_shift(images, rng, max_shift):
    m, h, w = images.shape
    out = np.zeros((m, h + 2 * max_shift, w + 2 * max_shift))
    for i, (a, b) in enumerate(rng.integers(0, 2 * max_shift + 1, size=(m, 2))):
        out[i, a : a + h, b : b + w] = images[i]
    return out
#: the padding belongs to the neighbours
def random_shift(images, rng, max_shift):
    m, h, w = images.shape
    flat = images.reshape(m, h * w)
    out = np.zeros_like(flat)
    for i, (dy, dx) in enumerate(rng.integers(-max_shift, max_shift + 1, size=(m, 2))):
        k = dy * w + dx
        if abs(k) < h * w:
            out[i, max(k, 0) : h * w + min(k, 0)] = flat[i, max(-k, 0) : h * w + min(-k, 0)]
    return out.reshape(m, h, w)
#: in place
def random_shift(images, rng, max_shift):
    m, h, w = images.shape
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)))
    for i, (a, b) in enumerate(rng.integers(0, 2 * max_shift + 1, size=(m, 2))):
        images[i] = padded[i, a : a + h, b : b + w]
    return images
#: height and width exchanged
def random_shift(images, rng, max_shift):
    m, w, h = images.shape
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)))
    d = rng.integers(0, 2 * max_shift + 1, size=(m, 2))
    return np.array([padded[i, a : a + h, b : b + w] for i, (a, b) in enumerate(d)])
#: a roll whose zeros cover one line too many
def random_shift(images, rng, max_shift):
    out = np.array(images)
    for i, (dy, dx) in enumerate(rng.integers(-max_shift, max_shift + 1, size=(len(images), 2))):
        out[i] = np.roll(images[i], (dy, dx), axis=(0, 1))
        if dy >= 0:
            out[i, :dy] = 0
        else:
            out[i, dy - 1 :] = 0
        if dx >= 0:
            out[i, :, :dx] = 0
        else:
            out[i, :, dx:] = 0
    return out
#: a list
def random_shift(images, rng, max_shift):
    m, h, w = images.shape
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)))
    d = rng.integers(0, 2 * max_shift + 1, size=(m, 2))
    return [padded[i, a : a + h, b : b + w] for i, (a, b) in enumerate(d)]
""".replace("<shifted>", _SHIFTED)
)
