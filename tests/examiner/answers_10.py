"""Answers to lesson 10 that were written from the curriculum alone, and what the judge must say of each."""

from __future__ import annotations

from .examining import answers

RIGHT: dict[str, dict[str, str]] = {}
WRONG: dict[str, dict[str, str]] = {}

ADAGRAD = "def adagrad_step(params, grads, cache, learning_rate, eps=1e-8):"
RMSPROP = "def rmsprop_step(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):"
ADAM = "def adam_step(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):"
ADAMW = "def adamw_step(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):"


def written(text: str) -> dict[str, str]:
    """Answers in which the long signatures are abbreviated."""
    for short, signature in (("ADAGRAD", ADAGRAD), ("RMSPROP", RMSPROP), ("ADAMW", ADAMW), ("ADAM", ADAM)):
        text = text.replace(f"\n{short}\n", f"\n{signature}\n")
    return answers(text)


# --- initialize_cache ------------------------------------------------------------------------------------------------
RIGHT["initialize_cache"] = written("""
#: zeros_like
def initialize_cache(params):
    return {name: np.zeros_like(array) for name, array in params.items()}
#: zeros of a shape
def initialize_cache(params):
    return {name: np.zeros(params[name].shape) for name in params}
#: a loop
def initialize_cache(params):
    cache = {}
    for name in params:
        cache[name] = np.zeros(np.shape(params[name]), dtype=np.float64)
    return cache
#: full
def initialize_cache(params):
    return {name: np.full_like(array, 0.0) for name, array in params.items()}
#: empty and filled
def initialize_cache(params):
    cache = {name: np.empty_like(array) for name, array in params.items()}
    for array in cache.values():
        array.fill(0)
    return cache
#: a lambda
initialize_cache = lambda params: dict((k, np.zeros(v.shape)) for k, v in params.items())
#: broadcast views
def initialize_cache(params):
    return {name: np.broadcast_to(0.0, array.shape) for name, array in params.items()}
#: an ordered dict
def initialize_cache(params):
    from collections import OrderedDict
    return OrderedDict((name, np.zeros(array.shape)) for name, array in sorted(params.items()))
#: a default dict
def initialize_cache(params):
    from collections import defaultdict
    cache = defaultdict(float)
    cache.update({name: np.zeros_like(array) for name, array in params.items()})
    return cache
#: float32
def initialize_cache(params):
    return {name: np.zeros(array.shape, np.float32) for name, array in params.items()}
#: integers
def initialize_cache(params):
    return {name: np.zeros(array.shape, int) for name, array in params.items()}
#: fortran order
def initialize_cache(params):
    return {name: np.zeros(array.shape, order="F") for name, array in params.items()}
#: deep copy and clear
def initialize_cache(params):
    import copy
    cache = copy.deepcopy(params)
    for name in cache:
        cache[name][...] = 0
    return cache
#: map and zip
def initialize_cache(params):
    return dict(zip(params.keys(), map(np.zeros_like, params.values())))
#: a class
class _Start:
    def __call__(self, params):
        return {name: np.zeros_like(array) for name, array in params.items()}
initialize_cache = _Start()
""")
WRONG["initialize_cache"] = written("""
#: ones
def initialize_cache(params):
    return {name: np.ones_like(array) for name, array in params.items()}
#: the parameters
def initialize_cache(params):
    return params
#: copies
def initialize_cache(params):
    return {name: array.copy() for name, array in params.items()}
#: numbers
def initialize_cache(params):
    return dict.fromkeys(params, 0)
#: nothing
def initialize_cache(params):
    return {}
#: weights only
def initialize_cache(params):
    return {name: np.zeros_like(array) for name, array in params.items() if array.ndim > 1}
#: one shape for all
def initialize_cache(params):
    first = next(iter(params.values()))
    return dict.fromkeys(params, np.zeros_like(first))
#: flattened
def initialize_cache(params):
    return {name: np.zeros(array.size) for name, array in params.items()}
#: lists
def initialize_cache(params):
    return {name: np.zeros_like(array).tolist() for name, array in params.items()}
#: transposed
def initialize_cache(params):
    return {name: np.zeros_like(array.T) for name, array in params.items()}
#: renamed keys
def initialize_cache(params):
    return {"d" + name: np.zeros_like(array) for name, array in params.items()}
#: times zero
def initialize_cache(params):
    return {name: array * 0 for name, array in params.items()}
#: a list of arrays
def initialize_cache(params):
    return [np.zeros_like(array) for array in params.values()]
#: cleared in place
def initialize_cache(params):
    for array in params.values():
        array *= 0
    return params
#: by layer number
def initialize_cache(params):
    layers = len(params) // 2
    return {f"{k}{i}": np.zeros_like(params[f"{k}{i}"]) for i in range(1, layers + 1) for k in "Wb"}
#: a small number
def initialize_cache(params):
    return {name: np.full(array.shape, 1e-6) for name, array in params.items()}
#: printed
def initialize_cache(params):
    print({name: np.zeros_like(array) for name, array in params.items()})
""")

# --- adagrad_step ----------------------------------------------------------------------------------------------------
RIGHT["adagrad_step"] = written("""
#: two comprehensions
ADAGRAD
    total = {k: cache[k] + grads[k] ** 2 for k in cache}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(total[k]) + eps) for k in params}, total
#: a loop over params
ADAGRAD
    p, c = {}, {}
    for k in params:
        c[k] = cache[k] + np.square(grads[k])
        p[k] = params[k] - learning_rate * (grads[k] / (eps + c[k] ** 0.5))
    return p, c
#: the gradients' order
ADAGRAD
    c = {k: g * g + cache[k] for k, g in grads.items()}
    return {k: params[k] - np.multiply(learning_rate, g) / (np.sqrt(c[k]) + eps) for k, g in grads.items()}, c
#: copies in place
ADAGRAD
    p = {k: v.copy() for k, v in params.items()}
    c = {k: v.copy() for k, v in cache.items()}
    for k in p:
        c[k] += grads[k] ** 2
        p[k] -= learning_rate * grads[k] / (np.sqrt(c[k]) + eps)
    return p, c
#: out arguments
ADAGRAD
    p, c = {}, {}
    for k, g in grads.items():
        c[k] = np.add(cache[k], g * g)
        root = np.sqrt(c[k], out=np.empty_like(c[k]))
        root += eps
        p[k] = params[k] - learning_rate * g / root
    return p, c
#: a negative rate added
ADAGRAD
    c = {k: cache[k] + abs(grads[k]) ** 2 for k in params}
    return {k: params[k] + -learning_rate / (np.sqrt(c[k]) + eps) * grads[k] for k in params}, c
#: hypot
ADAGRAD
    root = {k: np.hypot(np.sqrt(cache[k]), grads[k]) for k in params}
    return {k: params[k] - learning_rate * grads[k] / (root[k] + eps) for k in params}, {k: r**2 for k, r in root.items()}
#: one long vector
ADAGRAD
    keys = sorted(params)
    flat = lambda d: np.concatenate([d[k].ravel() for k in keys])
    cut = np.cumsum([params[k].size for k in keys])[:-1]
    back = lambda v: {k: part.reshape(params[k].shape) for k, part in zip(keys, np.split(v, cut))}
    g = flat(grads)
    c = flat(cache) + g**2
    return back(flat(params) - learning_rate * g / (np.sqrt(c) + eps)), back(c)
#: a nested function
ADAGRAD
    def update(p, g, c):
        c = c + g * g
        return p - learning_rate * g / (np.sqrt(c) + eps), c
    new = {k: update(params[k], grads[k], cache[k]) for k in params}
    return {k: v[0] for k, v in new.items()}, {k: v[1] for k, v in new.items()}
#: a named tuple
ADAGRAD
    from collections import namedtuple
    c = {k: cache[k] + grads[k] ** 2 for k in params}
    p = {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}
    return namedtuple("Step", "params cache")(p, c)
#: entry by entry
ADAGRAD
    p, c = {k: v.copy() for k, v in params.items()}, {k: v.copy() for k, v in cache.items()}
    for k in p:
        for i in np.ndindex(p[k].shape):
            c[k][i] = c[k][i] + grads[k][i] ** 2
            p[k][i] = p[k][i] - learning_rate * grads[k][i] / (c[k][i] ** 0.5 + eps)
    return p, c
#: einsum
ADAGRAD
    c = {k: cache[k] + np.einsum("...,...->...", grads[k], grads[k]) for k in params}
    return {k: np.subtract(params[k], np.divide(learning_rate * grads[k], np.sqrt(c[k]) + eps)) for k in params}, c
#: dict merging
ADAGRAD
    p, c = dict(params), dict(cache)
    for k in list(p):
        c |= {k: c[k] + grads[k] ** 2}
        p |= {k: p[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps)}
    return p, c
#: untouched where nothing is to do
ADAGRAD
    p, c = {}, {}
    for k in params:
        if not grads[k].any():
            p[k], c[k] = params[k], cache[k]
            continue
        c[k] = cache[k] + grads[k] ** 2
        p[k] = params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps)
    return p, c
#: other keyword names behind
def adagrad_step(params, grads, cache, learning_rate, eps=1e-8, **kwargs):
    c = {k: cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
""")
WRONG["adagrad_step"] = written("""
#: eps inside
ADAGRAD
    c = {k: cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / np.sqrt(c[k] + eps) for k in params}, c
#: eps squared inside
ADAGRAD
    c = {k: cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / np.sqrt(c[k] + eps**2) for k in params}, c
#: no eps
ADAGRAD
    c = {k: cache[k] + grads[k] ** 2 for k in params}
    with np.errstate(all="ignore"):
        return {k: params[k] - np.nan_to_num(learning_rate * grads[k] / np.sqrt(c[k])) for k in params}, c
#: eps as a floor
ADAGRAD
    c = {k: cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / np.maximum(np.sqrt(c[k]), eps) for k in params}, c
#: eps in the cache
ADAGRAD
    c = {k: cache[k] + grads[k] ** 2 + eps for k in params}
    return {k: params[k] - learning_rate * grads[k] / np.sqrt(c[k]) for k in params}, c
#: another default eps
def adagrad_step(params, grads, cache, learning_rate, eps=1e-7):
    c = {k: cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: no root
ADAGRAD
    c = {k: cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (c[k] + eps) for k in params}, c
#: sum then square
ADAGRAD
    c = {k: cache[k] + grads[k] for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.abs(c[k]) + eps) for k in params}, c
#: the absolute values summed
ADAGRAD
    c = {k: cache[k] + np.abs(grads[k]) for k in params}
    return {k: params[k] - learning_rate * grads[k] / (c[k] + eps) for k in params}, c
#: the old cache in the step
ADAGRAD
    c = {k: cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}, c
#: the old cache returned
ADAGRAD
    c = {k: cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, cache
#: a norm for each array
ADAGRAD
    c = {k: cache[k] + np.linalg.norm(grads[k]) ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: a mean of squares
ADAGRAD
    c = {k: (cache[k] + grads[k] ** 2) / 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: weights only
ADAGRAD
    p, c = dict(params), dict(cache)
    for k in params:
        if k.startswith("W"):
            c[k] = cache[k] + grads[k] ** 2
            p[k] = params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps)
    return p, c
#: matched by place
ADAGRAD
    p, c = {}, {}
    for (k, v), g in zip(params.items(), grads.values()):
        g = g if g.shape == v.shape else grads[k][::-1]
        c[k] = cache[k] + g**2
        p[k] = v - learning_rate * g / (np.sqrt(c[k]) + eps)
    return p, c
#: the caller's cache
ADAGRAD
    for k in params:
        cache[k] = cache[k] + grads[k] ** 2
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}, cache
#: the caller's gradients
ADAGRAD
    c = {k: cache[k] + grads[k] ** 2 for k in params}
    for k in grads:
        grads[k] /= (np.sqrt(c[k]) + eps).astype(grads[k].dtype)
    return {k: params[k] - learning_rate * grads[k] for k in params}, c
#: a list of two
ADAGRAD
    c = {k: cache[k] + grads[k] ** 2 for k in params}
    return [{k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c]
#: swapped results
ADAGRAD
    c = {k: cache[k] + grads[k] ** 2 for k in params}
    return c, {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}
#: the sign alone
ADAGRAD
    c = {k: cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * np.sign(grads[k]) for k in params}, c
#: three results
ADAGRAD
    c = {k: cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c, eps
""")

# --- rmsprop_step ----------------------------------------------------------------------------------------------------
RIGHT["rmsprop_step"] = written("""
#: two comprehensions
RMSPROP
    c = {k: beta * cache[k] + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: a step towards the square
RMSPROP
    c = {k: cache[k] + (1 - beta) * (grads[k] ** 2 - cache[k]) for k in params}
    return {k: params[k] - learning_rate * grads[k] / (c[k] ** 0.5 + eps) for k in params}, c
#: a loop
RMSPROP
    p, c = {}, {}
    for k, g in grads.items():
        c[k] = beta * cache[k] + (1.0 - beta) * np.square(g)
        p[k] = params[k] - (learning_rate / (np.sqrt(c[k]) + eps)) * g
    return p, c
#: copies in place
RMSPROP
    p = {k: np.copy(v) for k, v in params.items()}
    c = {k: np.copy(v) for k, v in cache.items()}
    for k in p:
        c[k] *= beta
        c[k] += (1 - beta) * grads[k] ** 2
        p[k] -= learning_rate * grads[k] / (np.sqrt(c[k]) + eps)
    return p, c
#: average
RMSPROP
    c = {k: np.average(np.stack([cache[k], grads[k] ** 2]), axis=0, weights=[beta, 1 - beta]) for k in cache}
    return {k: params[k] - learning_rate * grads[k] / (eps + np.sqrt(c[k])) for k in params}, c
#: two dot products
RMSPROP
    c = {k: np.tensordot([beta, 1 - beta], np.array([cache[k], grads[k] ** 2]), 1) for k in cache}
    return {k: np.subtract(params[k], learning_rate * np.divide(grads[k], np.sqrt(c[k]) + eps)) for k in params}, c
#: a nested function
RMSPROP
    def update(p, g, c):
        c = beta * c + (1 - beta) * g * g
        return p - learning_rate * g / (np.sqrt(c) + eps), c
    new = {k: update(params[k], grads[k], cache[k]) for k in params}
    return tuple({k: v[i] for k, v in new.items()} for i in (0, 1))
#: entry by entry
RMSPROP
    p, c = {}, {}
    for k in params:
        p[k], c[k] = np.zeros(params[k].shape), np.zeros(params[k].shape)
        for i in np.ndindex(params[k].shape):
            c[k][i] = beta * cache[k][i] + (1 - beta) * float(grads[k][i]) ** 2
            p[k][i] = params[k][i] - learning_rate * grads[k][i] / (np.sqrt(c[k][i]) + eps)
    return p, c
#: the positive root by exponent
RMSPROP
    c = {k: beta * cache[k] + (1 - beta) * np.abs(grads[k]) ** 2 for k in grads}
    return {k: params[k] - learning_rate * grads[k] / (np.power(c[k], 0.5) + eps) for k in grads}, c
#: gradients in units of their size
RMSPROP
    c = {k: cache[k] * beta + np.multiply(1 - beta, grads[k] ** 2) for k in params}
    unit = {k: grads[k] / (np.sqrt(c[k]) + eps) for k in params}
    return {k: params[k] - learning_rate * unit[k] for k in params}, c
#: an ordered dict
RMSPROP
    from collections import OrderedDict
    c = OrderedDict((k, beta * cache[k] + (1 - beta) * grads[k] ** 2) for k in sorted(params))
    return OrderedDict((k, params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps)) for k in sorted(params)), c
#: a class
class _Step:
    def __call__(self, params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
        c = {k: beta * cache[k] + (1 - beta) * grads[k] ** 2 for k in params}
        return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
rmsprop_step = _Step()
#: a deep copy
RMSPROP
    import copy
    params, cache = copy.deepcopy(params), copy.deepcopy(cache)
    for k in params:
        cache[k] = beta * cache[k] + (1 - beta) * grads[k] ** 2
        params[k] = params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps)
    return params, cache
#: one minus beta named
RMSPROP
    forget, c = 1 - beta, {}
    for k in cache:
        c[k] = cache[k] - forget * cache[k] + forget * grads[k] ** 2
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
""")
WRONG["rmsprop_step"] = written("""
#: the weights swapped
RMSPROP
    c = {k: (1 - beta) * cache[k] + beta * grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: no one minus beta
RMSPROP
    c = {k: beta * cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: adagrad
RMSPROP
    c = {k: cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: eps inside
RMSPROP
    c = {k: beta * cache[k] + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / np.sqrt(c[k] + eps) for k in params}, c
#: no root
RMSPROP
    c = {k: beta * cache[k] + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (c[k] + eps) for k in params}, c
#: not squared
RMSPROP
    c = {k: beta * cache[k] + (1 - beta) * np.abs(grads[k]) for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: squared twice
RMSPROP
    c = {k: beta * cache[k] + ((1 - beta) * grads[k]) ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: the old cache in the step
RMSPROP
    c = {k: beta * cache[k] + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}, c
#: a beta of its own
RMSPROP
    c = {k: 0.9 * cache[k] + 0.1 * grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: torch's default
def rmsprop_step(params, grads, cache, learning_rate, beta=0.99, eps=1e-8):
    c = {k: beta * cache[k] + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: keras's default eps
def rmsprop_step(params, grads, cache, learning_rate, beta=0.9, eps=1e-7):
    c = {k: beta * cache[k] + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: arguments in another order
def rmsprop_step(params, grads, cache, learning_rate, eps=1e-8, beta=0.9):
    c = {k: beta * cache[k] + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: corrected for an empty cache
RMSPROP
    p, c = {}, {}
    for k in params:
        c[k] = beta * cache[k] + (1 - beta) * grads[k] ** 2
        size = np.where(cache[k] == 0, grads[k] ** 2, c[k])
        p[k] = params[k] - learning_rate * grads[k] / (np.sqrt(size) + eps)
    return p, c
#: centred
RMSPROP
    c = {k: beta * cache[k] + (1 - beta) * (grads[k] - grads[k].mean()) ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: a mean over each array
RMSPROP
    c = {k: beta * cache[k] + (1 - beta) * (grads[k] ** 2).mean() for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: the caller's cache in place
RMSPROP
    for k in params:
        cache[k] *= beta
        cache[k] += ((1 - beta) * grads[k] ** 2).astype(cache[k].dtype)
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}, cache
#: it climbs
RMSPROP
    c = {k: beta * cache[k] + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: params[k] + learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: the root is kept
RMSPROP
    c = {k: np.sqrt(beta * cache[k] + (1 - beta) * grads[k] ** 2) for k in params}
    return {k: params[k] - learning_rate * grads[k] / (c[k] + eps) for k in params}, c
#: an infinity norm
RMSPROP
    c = {k: np.maximum(beta * cache[k], grads[k] ** 2) for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
#: matrices only
RMSPROP
    c = {k: beta * cache[k] + (1 - beta) * grads[k] ** 2 if grads[k].ndim == 2 else cache[k] for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(c[k]) + eps) for k in params}, c
""")

# --- initialize_adam -------------------------------------------------------------------------------------------------
RIGHT["initialize_adam"] = written("""
#: written out
def initialize_adam(params):
    return {
        "m": {k: np.zeros_like(v) for k, v in params.items()},
        "v": {k: np.zeros_like(v) for k, v in params.items()},
        "t": 0,
    }
#: by the cache
def initialize_adam(params):
    return {"m": initialize_cache(params), "v": initialize_cache(params), "t": 0}
#: by dict
def initialize_adam(params):
    return dict(t=0, m=initialize_cache(params), v=initialize_cache(params))
#: a loop
def initialize_adam(params):
    state = {"t": 0}
    for moment in ("m", "v"):
        state[moment] = {}
        for k in params:
            state[moment][k] = np.zeros(params[k].shape)
    return state
#: a numpy integer
def initialize_adam(params):
    return {"m": initialize_cache(params), "v": initialize_cache(params), "t": np.int32(0)}
#: the same arrays twice
def initialize_adam(params):
    zeros = {k: np.zeros(np.shape(p)) for k, p in params.items()}
    return {"m": zeros, "v": dict(zeros), "t": 0}
#: deep copies
def initialize_adam(params):
    import copy
    m = initialize_cache(params)
    return {"m": m, "v": copy.deepcopy(m), "t": 0}
#: a lambda
initialize_adam = lambda params: {"m": {k: 0.0 * np.ones(v.shape) for k, v in params.items()}, "v": initialize_cache(params), "t": 0}
#: float32 zeros
def initialize_adam(params):
    zeros = lambda: {k: np.zeros(p.shape, np.float32) for k, p in params.items()}
    return {"m": zeros(), "v": zeros(), "t": int(0)}
#: an ordered dict
def initialize_adam(params):
    from collections import OrderedDict
    return OrderedDict(v=initialize_cache(params), m=initialize_cache(params), t=0)
#: full
def initialize_adam(params):
    state = dict.fromkeys(("m", "v"))
    for name in state:
        state[name] = {k: np.full(p.shape, 0.0) for k, p in params.items()}
    return {**state, "t": 0}
#: integers
def initialize_adam(params):
    return {name: {k: np.zeros(p.shape, dtype=int) for k, p in params.items()} for name in "mv"} | {"t": 0}
#: sorted keys
def initialize_adam(params):
    zeros = [(k, np.zeros_like(params[k])) for k in sorted(params)]
    return {"m": dict(zeros), "v": dict(zeros), "t": 0}
#: a 0-d integer array
def initialize_adam(params):
    return {"m": initialize_cache(params), "v": initialize_cache(params), "t": np.array(0)}
""")
WRONG["initialize_adam"] = written("""
#: t is 1
def initialize_adam(params):
    return {"m": initialize_cache(params), "v": initialize_cache(params), "t": 1}
#: no t
def initialize_adam(params):
    return {"m": initialize_cache(params), "v": initialize_cache(params)}
#: t is a float
def initialize_adam(params):
    return {"m": initialize_cache(params), "v": initialize_cache(params), "t": 0.0}
#: t is None
def initialize_adam(params):
    return {"m": initialize_cache(params), "v": initialize_cache(params), "t": None}
#: t is an array of one
def initialize_adam(params):
    return {"m": initialize_cache(params), "v": initialize_cache(params), "t": np.array([0])}
#: a tuple
def initialize_adam(params):
    return initialize_cache(params), initialize_cache(params), 0
#: empty moments
def initialize_adam(params):
    return {"m": {}, "v": {}, "t": 0}
#: numbers
def initialize_adam(params):
    return {"m": dict.fromkeys(params, 0.0), "v": dict.fromkeys(params, 0.0), "t": 0}
#: v is 1
def initialize_adam(params):
    return {"m": initialize_cache(params), "v": {k: np.ones_like(p) for k, p in params.items()}, "t": 0}
#: m holds the parameters
def initialize_adam(params):
    return {"m": dict(params), "v": initialize_cache(params), "t": 0}
#: s for v
def initialize_adam(params):
    return {"m": initialize_cache(params), "s": initialize_cache(params), "t": 0}
#: inside out
def initialize_adam(params):
    return {k: {"m": np.zeros_like(p), "v": np.zeros_like(p), "t": 0} for k, p in params.items()}
#: flat
def initialize_adam(params):
    return {"t": 0, **{f"m{k}": np.zeros_like(p) for k, p in params.items()}, **{f"v{k}": np.zeros_like(p) for k, p in params.items()}}
#: one more entry
def initialize_adam(params):
    return {"m": initialize_cache(params), "v": initialize_cache(params), "t": 0, "beta1": 0.9}
#: transposed
def initialize_adam(params):
    return {"m": {k: np.zeros(p.T.shape) for k, p in params.items()}, "v": initialize_cache(params), "t": 0}
#: weights only
def initialize_adam(params):
    weights = {k: np.zeros_like(p) for k, p in params.items() if p.ndim == 2}
    return {"m": weights, "v": weights, "t": 0}
#: t for each parameter
def initialize_adam(params):
    return {"m": initialize_cache(params), "v": initialize_cache(params), "t": dict.fromkeys(params, 0)}
""")

# --- adam_step -------------------------------------------------------------------------------------------------------
MOMENTS = """    t = state["t"] + 1
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2 for k in params}
"""
STATE = '{"m": m, "v": v, "t": t}'


def moments(text: str) -> dict[str, str]:
    """Answers in which the usual averages, the usual move and the usual state are abbreviated."""
    move = "params[k] - learning_rate * (m[k] / (1 - beta1**t)) / (np.sqrt(v[k] / (1 - beta2**t)) + eps)"
    text = text.replace("    MOMENTS\n", MOMENTS).replace("MOVED", f"{{k: {move} for k in params}}")
    return written(text.replace("STATE", STATE))


RIGHT["adam_step"] = moments("""
#: the usual way
ADAM
    MOMENTS
    return MOVED, STATE
#: corrected dicts
ADAM
    MOMENTS
    m_hat = {k: m[k] / (1 - beta1**t) for k in params}
    v_hat = {k: v[k] / (1 - beta2**t) for k in params}
    return {k: params[k] - learning_rate * m_hat[k] / (np.sqrt(v_hat[k]) + eps) for k in params}, STATE
#: the efficient form with its eps scaled
ADAM
    MOMENTS
    c1, c2 = 1 - beta1**t, np.sqrt(1 - beta2**t)
    return {k: params[k] - learning_rate * c2 / c1 * m[k] / (np.sqrt(v[k]) + eps * c2) for k in params}, STATE
#: torch's way
ADAM
    MOMENTS
    size, root = learning_rate / (1 - beta1**t), (1 - beta2**t) ** 0.5
    return {k: params[k] - size * (m[k] / (np.sqrt(v[k]) / root + eps)) for k in params}, STATE
#: copies in place
ADAM
    import copy
    new, state = copy.deepcopy(params), copy.deepcopy(state)
    state["t"] += 1
    for k in new:
        state["m"][k] *= beta1
        state["m"][k] += (1 - beta1) * grads[k]
        state["v"][k] *= beta2
        state["v"][k] += (1 - beta2) * grads[k] ** 2
        m_hat = state["m"][k] / (1 - beta1 ** state["t"])
        v_hat = state["v"][k] / (1 - beta2 ** state["t"])
        new[k] -= learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, state
#: lerp
ADAM
    t = state["t"] + 1
    m = {k: old + (grads[k] - old) * (1 - beta1) for k, old in state["m"].items()}
    v = {k: old + (grads[k] ** 2 - old) * (1 - beta2) for k, old in state["v"].items()}
    return MOVED, STATE
#: a loop over the gradients
ADAM
    t, m, v, new = state["t"] + 1, {}, {}, {}
    for k, g in grads.items():
        m[k] = beta1 * state["m"][k] + (1 - beta1) * g
        v[k] = beta2 * state["v"][k] + (1 - beta2) * g * g
        new[k] = params[k] - learning_rate * np.divide(m[k] / (1 - beta1**t), np.sqrt(v[k] / (1 - beta2**t)) + eps)
    return new, dict(t=t, v=v, m=m)
#: a nested function
ADAM
    t = 1 + state["t"]
    def one(p, g, m, v):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * np.square(g)
        return p - learning_rate * m / (1 - pow(beta1, t)) / (np.sqrt(v / (1 - pow(beta2, t))) + eps), m, v
    done = {k: one(params[k], grads[k], state["m"][k], state["v"][k]) for k in params}
    p, m, v = ({k: triple[i] for k, triple in done.items()} for i in range(3))
    return p, STATE
#: sums of powers
ADAM
    MOMENTS
    share = lambda beta: (1 - beta) * sum(beta**i for i in range(t))
    return {k: params[k] - learning_rate * m[k] / share(beta1) / (np.sqrt(v[k] / share(beta2)) + eps) for k in params}, STATE
#: a numpy count
ADAM
    MOMENTS
    t = np.int64(t)
    return MOVED, {**state, "m": m, "v": v, "t": t}
#: a state with a shallow copy
ADAM
    new_state = dict(state)
    new_state["t"] = t = state["t"] + 1
    new_state["m"], new_state["v"], new = dict(state["m"]), dict(state["v"]), dict(params)
    for k in params:
        new_state["m"][k] = beta1 * state["m"][k] + (1 - beta1) * grads[k]
        new_state["v"][k] = beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2
        m_hat, v_hat = new_state["m"][k] / (1 - beta1**t), new_state["v"][k] / (1 - beta2**t)
        new[k] = params[k] - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, new_state
#: one long vector
ADAM
    keys = list(params)
    flat = lambda d: np.concatenate([np.ravel(d[k]) for k in keys])
    cut = np.cumsum([params[k].size for k in keys])[:-1]
    back = lambda x: {k: part.reshape(params[k].shape) for k, part in zip(keys, np.split(x, cut))}
    t, g = state["t"] + 1, flat(grads)
    m = beta1 * flat(state["m"]) + (1 - beta1) * g
    v = beta2 * flat(state["v"]) + (1 - beta2) * g**2
    p = flat(params) - learning_rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return back(p), {"m": back(m), "v": back(v), "t": t}
#: entry by entry
ADAM
    t = state["t"] + 1
    new, m, v = ({k: np.zeros(p.shape) for k, p in params.items()} for _ in range(3))
    for k in params:
        for i in np.ndindex(params[k].shape):
            g = float(grads[k][i])
            m[k][i] = beta1 * state["m"][k][i] + (1 - beta1) * g
            v[k][i] = beta2 * state["v"][k][i] + (1 - beta2) * g * g
            new[k][i] = params[k][i] - learning_rate * (m[k][i] / (1 - beta1**t)) / ((v[k][i] / (1 - beta2**t)) ** 0.5 + eps)
    return new, STATE
#: an ordered dict and a named tuple
ADAM
    from collections import OrderedDict, namedtuple
    MOMENTS
    return namedtuple("Result", ["params", "state"])(OrderedDict(MOVED), OrderedDict(STATE))
#: the move by itself
ADAM
    MOMENTS
    move = {k: -learning_rate * (m[k] / (1 - beta1**t)) / (eps + np.sqrt(v[k] / (1 - beta2**t))) for k in sorted(params)}
    return {k: params[k] + move[k] for k in move}, STATE
""")
WRONG["adam_step"] = moments("""
#: nothing corrected
ADAM
    MOMENTS
    return {k: params[k] - learning_rate * m[k] / (np.sqrt(v[k]) + eps) for k in params}, STATE
#: v not corrected
ADAM
    MOMENTS
    return {k: params[k] - learning_rate * m[k] / (1 - beta1**t) / (np.sqrt(v[k]) + eps) for k in params}, STATE
#: m not corrected
ADAM
    MOMENTS
    return {k: params[k] - learning_rate * m[k] / (np.sqrt(v[k] / (1 - beta2**t)) + eps) for k in params}, STATE
#: corrected with t + 1
ADAM
    MOMENTS
    return {k: params[k] - learning_rate * m[k] / (1 - beta1 ** (t + 1)) / (np.sqrt(v[k] / (1 - beta2 ** (t + 1))) + eps) for k in params}, STATE
#: corrected with the old t, at least 1
ADAM
    MOMENTS
    u = max(state["t"], 1)
    return {k: params[k] - learning_rate * m[k] / (1 - beta1**u) / (np.sqrt(v[k] / (1 - beta2**u)) + eps) for k in params}, STATE
#: corrected by 1 - beta
ADAM
    MOMENTS
    return {k: params[k] - learning_rate * m[k] / (1 - beta1) / (np.sqrt(v[k] / (1 - beta2)) + eps) for k in params}, STATE
#: corrected by beta times t
ADAM
    MOMENTS
    with np.errstate(all="ignore"):
        return {k: params[k] - learning_rate * m[k] / np.float64(1 - beta1 * t) / (np.sqrt(np.abs(v[k] / np.float64(1 - beta2 * t))) + eps) for k in params}, STATE
#: eps inside
ADAM
    MOMENTS
    return {k: params[k] - learning_rate * m[k] / (1 - beta1**t) / np.sqrt(v[k] / (1 - beta2**t) + eps) for k in params}, STATE
#: eps hat
ADAM
    MOMENTS
    rate = learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return {k: params[k] - rate * m[k] / (np.sqrt(v[k]) + eps) for k in params}, STATE
#: no eps
ADAM
    MOMENTS
    with np.errstate(all="ignore"):
        return {k: params[k] - np.nan_to_num(learning_rate * m[k] / (1 - beta1**t) / np.sqrt(v[k] / (1 - beta2**t))) for k in params}, STATE
#: amsgrad
ADAM
    MOMENTS
    v = {k: np.maximum(v[k], state["v"][k]) for k in params}
    return MOVED, STATE
#: nadam
ADAM
    MOMENTS
    look = {k: beta1 * m[k] / (1 - beta1 ** (t + 1)) + (1 - beta1) * grads[k] / (1 - beta1**t) for k in params}
    return {k: params[k] - learning_rate * look[k] / (np.sqrt(v[k] / (1 - beta2**t)) + eps) for k in params}, STATE
#: corrected moments in the state
ADAM
    MOMENTS
    m, v = {k: m[k] / (1 - beta1**t) for k in m}, {k: v[k] / (1 - beta2**t) for k in v}
    return {k: params[k] - learning_rate * m[k] / (np.sqrt(v[k]) + eps) for k in params}, STATE
#: only v corrected in the state
ADAM
    MOMENTS
    new = MOVED
    v = {k: v[k] / (1 - beta2**t) for k in v}
    return new, STATE
#: the old t returned
ADAM
    MOMENTS
    return MOVED, {"m": m, "v": v, "t": state["t"]}
#: t as a float
ADAM
    MOMENTS
    return MOVED, {"m": m, "v": v, "t": float(t)}
#: the old averages returned
ADAM
    MOMENTS
    return MOVED, {"m": state["m"], "v": state["v"], "t": t}
#: t counted in the caller's state
ADAM
    state["t"] += 1
    t = state["t"]
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2 for k in params}
    return MOVED, STATE
#: the caller's averages in place
ADAM
    t, m, v = state["t"] + 1, dict(state["m"]), dict(state["v"])
    for k in params:
        m[k] *= beta1
        m[k] += ((1 - beta1) * grads[k]).astype(m[k].dtype)
        v[k] = beta2 * v[k] + (1 - beta2) * grads[k] ** 2
    return MOVED, STATE
#: betas swapped
ADAM
    beta1, beta2 = beta2, beta1
    MOMENTS
    return MOVED, STATE
#: v of the averaged gradient
ADAM
    t = state["t"] + 1
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * m[k] ** 2 for k in params}
    return MOVED, STATE
#: biases by plain descent
ADAM
    MOMENTS
    new = MOVED
    return {k: new[k] if params[k].ndim > 1 else params[k] - learning_rate * grads[k] for k in params}, STATE
#: t once for every parameter
ADAM
    t, m, v, new = state["t"], {}, {}, {}
    for k in params:
        t = t + 1
        m[k] = beta1 * state["m"][k] + (1 - beta1) * grads[k]
        v[k] = beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2
        new[k] = params[k] - learning_rate * m[k] / (1 - beta1**t) / (np.sqrt(v[k] / (1 - beta2**t)) + eps)
    return new, STATE
#: another default rate
def adam_step(params, grads, state, learning_rate=1e-2, beta1=0.9, beta2=0.999, eps=1e-8):
    MOMENTS
    return MOVED, STATE
#: keras's default eps
def adam_step(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-7):
    MOMENTS
    return MOVED, STATE
#: beta2 of 0.99 by default
def adam_step(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.99, eps=1e-8):
    MOMENTS
    return MOVED, STATE
#: correction for the first hundred steps only
ADAM
    MOMENTS
    if t > 100:
        return MOVED, STATE
    return {k: params[k] - learning_rate * m[k] / (np.sqrt(v[k]) + eps) for k in params}, STATE
#: the correction stops after ten steps
ADAM
    MOMENTS
    if t > 10:
        return {k: params[k] - learning_rate * m[k] / (np.sqrt(v[k]) + eps) for k in params}, STATE
    return MOVED, STATE
#: a list
ADAM
    MOMENTS
    return [MOVED, STATE]
""")

# --- adamw_step ------------------------------------------------------------------------------------------------------
RIGHT["adamw_step"] = moments("""
#: after adam
ADAMW
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - learning_rate * weight_decay * params[k] for k in params}, state
#: before adam
ADAMW
    small = {k: (1 - learning_rate * weight_decay) * p for k, p in params.items()}
    return adam_step(small, grads, state, learning_rate, beta1, beta2, eps)
#: written out
ADAMW
    MOMENTS
    new = MOVED
    return {k: new[k] - learning_rate * weight_decay * params[k] for k in params}, STATE
#: keywords
ADAMW
    moved, after = adam_step(params, grads, state, learning_rate=learning_rate, beta1=beta1, beta2=beta2, eps=eps)
    return {k: np.subtract(moved[k], weight_decay * learning_rate * params[k]) for k in moved}, after
#: in one bracket
ADAMW
    MOMENTS
    direction = {k: (m[k] / (1 - beta1**t)) / (np.sqrt(v[k] / (1 - beta2**t)) + eps) for k in params}
    return {k: params[k] - learning_rate * (direction[k] + weight_decay * params[k]) for k in params}, STATE
#: in place on copies
ADAMW
    new = {k: p.copy() for k, p in params.items()}
    for k in new:
        new[k] *= 1 - learning_rate * weight_decay
    return adam_step(new, grads, state, learning_rate, beta1, beta2, eps)
#: the move taken from adam
ADAMW
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    move = {k: moved[k] - params[k] for k in params}
    return {k: params[k] * (1 - learning_rate * weight_decay) + move[k] for k in params}, state
#: a step from zero
ADAMW
    nothing = {k: np.zeros_like(p) for k, p in params.items()}
    move, state = adam_step(nothing, grads, state, learning_rate, beta1, beta2, eps)
    return {k: params[k] - learning_rate * weight_decay * params[k] + move[k] for k in params}, state
#: arguments collected
def adamw_step(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    common = (learning_rate, beta1, beta2, eps)
    shrink = 1.0 - weight_decay * learning_rate
    return adam_step({k: shrink * p for k, p in params.items()}, grads, state, *common)
#: with map
ADAMW
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return dict(map(lambda k: (k, moved[k] - learning_rate * weight_decay * params[k]), params)), state
#: a loop
ADAMW
    result = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    for k in params:
        result[0][k] = result[0][k] - learning_rate * weight_decay * params[k]
    return result
#: a fixed order of keys
ADAMW
    moved, after = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - params[k] * (learning_rate * weight_decay) for k in sorted(params)}, dict(after)
#: nothing where nothing decays
ADAMW
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    if weight_decay == 0:
        return moved, state
    return {k: moved[k] - learning_rate * weight_decay * params[k] for k in moved}, state
#: the efficient form
ADAMW
    MOMENTS
    c1, c2 = 1 - beta1**t, np.sqrt(1 - beta2**t)
    new = {k: p * (1 - learning_rate * weight_decay) for k, p in params.items()}
    return {k: new[k] - learning_rate * c2 / c1 * m[k] / (np.sqrt(v[k]) + eps * c2) for k in new}, STATE
""")
WRONG["adamw_step"] = moments("""
#: l2 in the gradient
ADAMW
    return adam_step(params, {k: grads[k] + weight_decay * params[k] for k in params}, state, learning_rate, beta1, beta2, eps)
#: no learning rate in the decay
ADAMW
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - weight_decay * params[k] for k in params}, state
#: decay of the moved value
ADAMW
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - learning_rate * weight_decay * moved[k] for k in params}, state
#: matrices only
ADAMW
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - learning_rate * weight_decay * params[k] * (params[k].ndim > 1) for k in params}, state
#: not biases
ADAMW
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - (0 if k.startswith("b") else learning_rate * weight_decay * params[k]) for k in params}, state
#: no decay
ADAMW
    return adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
#: the wrong sign
ADAMW
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] + learning_rate * weight_decay * params[k] for k in params}, state
#: half a decay
ADAMW
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - 0.5 * learning_rate * weight_decay * params[k] for k in params}, state
#: the decay divided like the rest
ADAMW
    MOMENTS
    new = MOVED
    return {k: new[k] - learning_rate * weight_decay * params[k] / (np.sqrt(v[k] / (1 - beta2**t)) + eps) for k in params}, STATE
#: default settings inside
ADAMW
    moved, state = adam_step(params, grads, state, learning_rate)
    return {k: moved[k] - learning_rate * weight_decay * params[k] for k in params}, state
#: eps is not passed on
ADAMW
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2)
    return {k: moved[k] - learning_rate * weight_decay * params[k] for k in params}, state
#: the old state
ADAMW
    moved, _ = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - learning_rate * weight_decay * params[k] for k in params}, state
#: another default
def adamw_step(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - learning_rate * weight_decay * params[k] for k in params}, state
#: tensorflow's default
def adamw_step(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=4e-3):
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - learning_rate * weight_decay * params[k] for k in params}, state
#: the decay in front
def adamw_step(params, grads, state, learning_rate=1e-3, weight_decay=1e-2, beta1=0.9, beta2=0.999, eps=1e-8):
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - learning_rate * weight_decay * params[k] for k in params}, state
#: the caller's parameters
ADAMW
    for p in params.values():
        p *= 1 - learning_rate * weight_decay
    return adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
#: the decay in the moments and outside
ADAMW
    decayed = {k: grads[k] + weight_decay * params[k] for k in params}
    moved, state = adam_step(params, decayed, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - learning_rate * weight_decay * params[k] for k in params}, state
#: params only
ADAMW
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - learning_rate * weight_decay * params[k] for k in params}
#: a decay of the sign
ADAMW
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - learning_rate * weight_decay * np.sign(params[k]) for k in params}, state
#: decays in later steps only
ADAMW
    moved, new = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - learning_rate * weight_decay * params[k] * (state["t"] > 0) for k in params}, new
""")

# --- step_decay ------------------------------------------------------------------------------------------------------
RIGHT["step_decay"] = answers("""
#: a power
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** (epoch // every)
#: floor
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * np.power(drop, np.floor(epoch / every))
#: int
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** int(epoch / every)
#: divmod
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    drops, _ = divmod(epoch, every)
    return np.float64(learning_rate) * drop**drops
#: a loop over the epochs
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    for passed in range(1, epoch + 1):
        learning_rate = learning_rate * drop if passed % every == 0 else learning_rate
    return learning_rate
#: while
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    while epoch >= every:
        learning_rate, epoch = learning_rate * drop, epoch - every
    return learning_rate
#: recursion
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate if epoch < every else step_decay(learning_rate * drop, epoch - every, drop, every)
#: a product
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * np.prod([drop] * (epoch // every))
#: a 0-d array
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return np.array(learning_rate * drop ** np.floor_divide(epoch, every))
#: exp of a log
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * np.exp((epoch // every) * np.log(drop))
#: count the multiples
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** len(range(every, epoch + 1, every))
#: a lambda
step_decay = lambda learning_rate, epoch, drop=0.5, every=10: learning_rate * pow(drop, epoch // every)
#: the remainder taken off
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** ((epoch - epoch % every) / every)
#: math.prod of repeats
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    import itertools, math
    return math.prod(itertools.repeat(drop, epoch // every), start=learning_rate)
""")
WRONG["step_decay"] = answers("""
#: a fraction in the exponent
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** (epoch / every)
#: a day early
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** ((1 + epoch) // every)
#: a day late
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** (max(epoch - 1, 0) // every)
#: ceil
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** np.ceil(epoch / every)
#: round
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** round(epoch / every)
#: one minus
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * (1 - drop) ** (epoch // every)
#: subtracts
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * max(1 - drop * (epoch // every), 0)
#: once
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * (drop if epoch >= every else 1)
#: twice at most
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** min(epoch // every, 2)
#: only at the multiples
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop if epoch and epoch % every == 0 else learning_rate
#: every epoch
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop**epoch
#: halves whatever drop says
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * 0.5 ** (epoch // every)
#: every ten whatever every says
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** (epoch // 10)
#: another default drop
def step_decay(learning_rate, epoch, drop=0.1, every=10):
    return learning_rate * drop ** (epoch // every)
#: another default every
def step_decay(learning_rate, epoch, drop=0.5, every=20):
    return learning_rate * drop ** (epoch // every)
#: exchanged settings
def step_decay(learning_rate, epoch, every=10, drop=0.5):
    return learning_rate * drop ** (epoch // every)
#: strictly later
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** (epoch // every) if epoch > every else learning_rate
#: the factor alone
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return drop ** (epoch // every)
#: a floor for the rate
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    return max(learning_rate * drop ** (epoch // every), 0.2 * learning_rate)
""")

# --- exponential_decay -----------------------------------------------------------------------------------------------
RIGHT["exponential_decay"] = answers("""
#: numpy
def exponential_decay(learning_rate, epoch, k):
    return learning_rate * np.exp(-k * epoch)
#: math
def exponential_decay(learning_rate, epoch, k):
    import math
    return learning_rate * math.exp(-k * epoch)
#: divided
def exponential_decay(learning_rate, epoch, k):
    return learning_rate / np.exp(k * epoch)
#: a power of e
def exponential_decay(learning_rate, epoch, k):
    return learning_rate * np.e ** (-k * epoch)
#: a loop
def exponential_decay(learning_rate, epoch, k):
    factor = np.exp(-k)
    for _ in range(epoch):
        learning_rate = learning_rate * factor
    return learning_rate
#: a power of the factor
def exponential_decay(learning_rate, epoch, k):
    return learning_rate * np.exp(-k) ** epoch
#: log space
def exponential_decay(learning_rate, epoch, k):
    return np.exp(np.log(learning_rate) - k * epoch)
#: exp2
def exponential_decay(learning_rate, epoch, k):
    return learning_rate * np.exp2(-k * epoch / np.log(2))
#: expm1
def exponential_decay(learning_rate, epoch, k):
    return learning_rate + learning_rate * np.expm1(-k * epoch)
#: a 0-d array
def exponential_decay(learning_rate, epoch, k):
    return np.asarray(learning_rate) * np.exp(np.negative(np.multiply(k, epoch)))
#: a lambda
exponential_decay = lambda learning_rate, epoch, k: float(learning_rate * np.exp(-epoch * k))
#: reciprocal
def exponential_decay(learning_rate, epoch, k):
    return learning_rate * np.reciprocal(np.exp(float(k * epoch)))
#: hyperbolic
def exponential_decay(learning_rate, epoch, k):
    x = k * epoch / 2
    return learning_rate * (1 - np.tanh(x)) / (1 + np.tanh(x)) if x < 5 else learning_rate * np.exp(-2 * x)
#: recursion
def exponential_decay(learning_rate, epoch, k):
    return learning_rate if epoch == 0 else np.exp(-k) * exponential_decay(learning_rate, epoch - 1, k)
""")
WRONG["exponential_decay"] = answers("""
#: inverse time
def exponential_decay(learning_rate, epoch, k):
    return learning_rate / (1 + k * epoch)
#: growth
def exponential_decay(learning_rate, epoch, k):
    return learning_rate * np.exp(k * epoch)
#: k to the epoch
def exponential_decay(learning_rate, epoch, k):
    return learning_rate * k**epoch
#: one minus k
def exponential_decay(learning_rate, epoch, k):
    return learning_rate * (1 - k) ** epoch
#: no epoch
def exponential_decay(learning_rate, epoch, k):
    return learning_rate * np.exp(-k)
#: base two
def exponential_decay(learning_rate, epoch, k):
    return learning_rate * 2 ** (-k * epoch)
#: base ten
def exponential_decay(learning_rate, epoch, k):
    return learning_rate * 10 ** (-k * epoch)
#: one ahead
def exponential_decay(learning_rate, epoch, k):
    return learning_rate * np.exp(-k * (epoch + 1))
#: squared
def exponential_decay(learning_rate, epoch, k):
    return learning_rate * np.exp(-k * epoch**2)
#: a root
def exponential_decay(learning_rate, epoch, k):
    return learning_rate * np.exp(-np.sqrt(k * epoch))
#: the factor
def exponential_decay(learning_rate, epoch, k):
    return np.exp(-k * epoch)
#: the rate in the exponent
def exponential_decay(learning_rate, epoch, k):
    return np.exp(-k * epoch * learning_rate)
#: the expansion
def exponential_decay(learning_rate, epoch, k):
    x = k * epoch
    return learning_rate * (1 - x + x**2 / 2 - x**3 / 6)
#: a fixed k
def exponential_decay(learning_rate, epoch, k):
    return learning_rate * np.exp(-0.5 * epoch)
#: brackets
def exponential_decay(learning_rate, epoch, k):
    return learning_rate * np.exp(-k) * max(epoch, 1)
#: a floor
def exponential_decay(learning_rate, epoch, k):
    return max(learning_rate * np.exp(-k * epoch), 0.5)
#: exchanged arguments
def exponential_decay(learning_rate, k, epoch):
    return learning_rate * np.exp(-k * epoch) + 0 * k if k != epoch else learning_rate
""")

# --- inverse_time_decay ----------------------------------------------------------------------------------------------
RIGHT["inverse_time_decay"] = answers("""
#: a quotient
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate / (1 + k * epoch)
#: a power
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate * (1 + k * epoch) ** -1.0
#: a product with the reciprocal
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate * (1 / (1 + epoch * k))
#: numpy's functions
def inverse_time_decay(learning_rate, epoch, k):
    return np.true_divide(learning_rate, np.add(1.0, np.multiply(k, epoch)))
#: a 0-d array
def inverse_time_decay(learning_rate, epoch, k):
    return np.array(learning_rate / (k * epoch + 1))
#: a float
def inverse_time_decay(learning_rate, epoch, k):
    return float(learning_rate) / float(1 + k * epoch)
#: a loop
def inverse_time_decay(learning_rate, epoch, k):
    divisor = 1.0
    for _ in range(epoch):
        divisor += k
    return learning_rate / divisor
#: a sum
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate / sum([1] + [k] * epoch)
#: solved
def inverse_time_decay(learning_rate, epoch, k):
    return np.linalg.solve([[1.0 + k * epoch]], [float(learning_rate)])[0]
#: a lambda
inverse_time_decay = lambda learning_rate, epoch, k: learning_rate / (1.0 + epoch * k)
#: in logs
def inverse_time_decay(learning_rate, epoch, k):
    return np.exp(np.log(learning_rate) - np.log1p(k * epoch))
#: the reciprocals added
def inverse_time_decay(learning_rate, epoch, k):
    return 1 / (1 / learning_rate + k * epoch / learning_rate)
#: step by step from the last rate
def inverse_time_decay(learning_rate, epoch, k):
    rate = learning_rate
    for e in range(1, epoch + 1):
        rate = rate * (1 + k * (e - 1)) / (1 + k * e)
    return rate
#: reciprocal
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate * np.reciprocal(1.0 + k * epoch)
""")
WRONG["inverse_time_decay"] = answers("""
#: exponential
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate * np.exp(-k * epoch)
#: brackets
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate / 1 + k * epoch
#: multiplied
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate * (1 + k * epoch)
#: one ahead
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate / (1 + k * (epoch + 1))
#: no k
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate / (1 + epoch)
#: no epoch
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate / (1 + k)
#: compounded
def inverse_time_decay(learning_rate, epoch, k):
    for e in range(epoch + 1):
        learning_rate /= 1 + k * e
    return learning_rate
#: a power of the epoch
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate / (1 + k) ** epoch
#: a root
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate / np.sqrt(1 + k * epoch)
#: a square
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate / (1 + k * epoch) ** 2
#: without the one
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate / max(k * epoch, 1)
#: a straight line
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate - k * epoch
#: divided by k
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate / (1 + epoch / k) if k else learning_rate
#: whole numbers
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate // (1 + k * epoch)
#: the factor
def inverse_time_decay(learning_rate, epoch, k):
    return 1 / (1 + k * epoch)
#: k over root of the epoch
def inverse_time_decay(learning_rate, epoch, k):
    return k * learning_rate / np.sqrt(epoch) if epoch else learning_rate
#: a minus
def inverse_time_decay(learning_rate, epoch, k):
    return learning_rate / abs(1 - k * epoch) if k * epoch != 1 else learning_rate
""")

# --- cyclical_learning_rate ------------------------------------------------------------------------------------------
RIGHT["cyclical_learning_rate"] = answers("""
#: the remainder
def cyclical_learning_rate(step, low, high, half_cycle):
    x = step % (2 * half_cycle)
    return low + (high - low) * (1 - abs(x / half_cycle - 1))
#: smith's formula
def cyclical_learning_rate(step, low, high, half_cycle):
    cycle = np.floor(1 + step / (2 * half_cycle))
    x = abs(step / half_cycle - 2 * cycle + 1)
    return low + (high - low) * max(0, 1 - x)
#: two branches
def cyclical_learning_rate(step, low, high, half_cycle):
    place = step % (2 * half_cycle)
    if place <= half_cycle:
        return low + (high - low) * place / half_cycle
    return high - (high - low) * (place - half_cycle) / half_cycle
#: even and odd halves
def cyclical_learning_rate(step, low, high, half_cycle):
    half, rest = divmod(step, half_cycle)
    share = rest / half_cycle if half % 2 == 0 else 1 - rest / half_cycle
    return (1 - share) * low + share * high
#: interp with a period
def cyclical_learning_rate(step, low, high, half_cycle):
    return np.interp(step, [0, half_cycle], [low, high], period=2 * half_cycle)
#: interp of the remainder
def cyclical_learning_rate(step, low, high, half_cycle):
    return float(np.interp(step % (2 * half_cycle), [0, half_cycle, 2 * half_cycle], [low, high, low]))
#: a linspace
def cyclical_learning_rate(step, low, high, half_cycle):
    up = np.linspace(low, high, half_cycle + 1)
    cycle = np.concatenate([up, up[-2:0:-1]])
    return cycle[step % len(cycle)]
#: the arcsine of the sine
def cyclical_learning_rate(step, low, high, half_cycle):
    place = step % (2 * half_cycle)
    return low + (high - low) * np.arccos(np.cos(np.pi * place / half_cycle)) / np.pi
#: a walk
def cyclical_learning_rate(step, low, high, half_cycle):
    rate, move = low, (high - low) / half_cycle
    for done in range(step):
        rate += move if done // half_cycle % 2 == 0 else -move
    return rate
#: minimum
def cyclical_learning_rate(step, low, high, half_cycle):
    place = np.mod(step, 2 * half_cycle)
    return low + (high - low) / half_cycle * np.minimum(place, 2 * half_cycle - place)
#: a 0-d array
def cyclical_learning_rate(step, low, high, half_cycle):
    return np.array(high - (high - low) * abs(step % (2 * half_cycle) - half_cycle) / half_cycle)
#: recursion
def cyclical_learning_rate(step, low, high, half_cycle):
    if step > 2 * half_cycle:
        return cyclical_learning_rate(step % (2 * half_cycle), low, high, half_cycle)
    return low + (high - low) * min(step, 2 * half_cycle - step) / half_cycle
#: itertools
def cyclical_learning_rate(step, low, high, half_cycle):
    import itertools
    places = itertools.chain(range(half_cycle), range(half_cycle, 0, -1))
    place = next(itertools.islice(itertools.cycle(list(places)), step, None))
    return low + (high - low) * place / half_cycle
#: a negative remainder
def cyclical_learning_rate(step, low, high, half_cycle):
    return low + (high - low) * min(step % (2 * half_cycle), -step % (2 * half_cycle)) / half_cycle
""")
WRONG["cyclical_learning_rate"] = answers("""
#: a saw
def cyclical_learning_rate(step, low, high, half_cycle):
    return low + (high - low) * (step % half_cycle) / half_cycle
#: a longer saw
def cyclical_learning_rate(step, low, high, half_cycle):
    return low + (high - low) * (step % (half_cycle + 1)) / half_cycle
#: the cycle in half the time
def cyclical_learning_rate(step, low, high, half_cycle):
    x = step % half_cycle / half_cycle
    return low + (high - low) * (1 - abs(2 * x - 1))
#: from the top
def cyclical_learning_rate(step, low, high, half_cycle):
    return low + (high - low) * abs(step % (2 * half_cycle) / half_cycle - 1)
#: a cosine
def cyclical_learning_rate(step, low, high, half_cycle):
    return low + (high - low) * (1 - np.cos(np.pi * step / half_cycle)) / 2
#: a sine
def cyclical_learning_rate(step, low, high, half_cycle):
    return low + (high - low) * abs(np.sin(np.pi * step / (2 * half_cycle)))
#: one cycle
def cyclical_learning_rate(step, low, high, half_cycle):
    return low + (high - low) * max(0, 1 - abs(step / half_cycle - 1))
#: up and stay
def cyclical_learning_rate(step, low, high, half_cycle):
    return min(low + (high - low) * step / half_cycle, high)
#: ever up
def cyclical_learning_rate(step, low, high, half_cycle):
    return low + (high - low) * step / half_cycle
#: from zero
def cyclical_learning_rate(step, low, high, half_cycle):
    x = step % (2 * half_cycle)
    return high * (1 - abs(x / half_cycle - 1))
#: low added to high
def cyclical_learning_rate(step, low, high, half_cycle):
    x = step % (2 * half_cycle)
    return low + high * (1 - abs(x / half_cycle - 1))
#: a step ahead
def cyclical_learning_rate(step, low, high, half_cycle):
    x = (step + 1) % (2 * half_cycle)
    return low + (high - low) * (1 - abs(x / half_cycle - 1))
#: half as high each time
def cyclical_learning_rate(step, low, high, half_cycle):
    cycle, x = divmod(step, 2 * half_cycle)
    return low + (high - low) * (1 - abs(x / half_cycle - 1)) * 0.5**cycle
#: whole division
def cyclical_learning_rate(step, low, high, half_cycle):
    x = step % (2 * half_cycle)
    return low + (high - low) * (1 - abs(x // half_cycle - 1))
#: two steps at the top
def cyclical_learning_rate(step, low, high, half_cycle):
    x = step % (2 * half_cycle + 1)
    return low + (high - low) * min(x, 2 * half_cycle + 1 - x, half_cycle) / half_cycle
#: geometric
def cyclical_learning_rate(step, low, high, half_cycle):
    x = 1 - abs(step % (2 * half_cycle) / half_cycle - 1)
    return low * (high / low) ** x if low else high * x**2
#: rounded
def cyclical_learning_rate(step, low, high, half_cycle):
    x = step % (2 * half_cycle)
    return round(low + (high - low) * (1 - abs(x / half_cycle - 1)), 2)
#: full cycles only up to two
def cyclical_learning_rate(step, low, high, half_cycle):
    x = step % (2 * half_cycle) if step < 4 * half_cycle else 0
    return low + (high - low) * (1 - abs(x / half_cycle - 1))
""")

# --- warmup_cosine ---------------------------------------------------------------------------------------------------
RIGHT["warmup_cosine"] = answers("""
#: three branches
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    if step > total:
        return 0.0
    return 0.5 * peak * (1 + np.cos(np.pi * (step - warmup) / (total - warmup)))
#: math
def warmup_cosine(step, total, peak, warmup):
    import math
    if step < warmup:
        return peak * (step / warmup)
    progress = min((step - warmup) / (total - warmup), 1.0)
    return peak * 0.5 * (1.0 + math.cos(math.pi * progress))
#: a squared cosine
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return step / warmup * peak
    return peak * np.cos(np.pi / 2 * min(1, (step - warmup) / (total - warmup))) ** 2
#: a squared sine
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return step * peak / warmup
    return peak * np.sin(np.pi / 2 * max(0, (total - step) / (total - warmup))) ** 2
#: a 0-d array
def warmup_cosine(step, total, peak, warmup):
    if step >= total:
        return np.array(0)
    if step < warmup:
        return np.array(peak * step / warmup)
    return np.array(peak / 2 + peak / 2 * np.cos(np.pi * (step - warmup) / (total - warmup)))
#: clip
def warmup_cosine(step, total, peak, warmup):
    if step <= warmup and warmup > 0:
        return np.interp(step, (0, warmup), (0, peak))
    angle = np.clip((step - warmup) / (total - warmup), 0, 1) * np.pi
    return peak * (1 + np.cos(angle)) / 2
#: a product of two shares
def warmup_cosine(step, total, peak, warmup):
    up = 1 if warmup == 0 else min(1, step / warmup)
    down = (1 + np.cos(np.pi * min(max(step - warmup, 0) / (total - warmup), 1))) / 2
    return peak * up * down
#: a table
def warmup_cosine(step, total, peak, warmup):
    line = np.linspace(0, peak, warmup, endpoint=False)
    wave = peak * (1 + np.cos(np.linspace(0, np.pi, total - warmup + 1))) / 2
    rates = np.concatenate([line, wave])
    return rates[step] if step < len(rates) else 0.0
#: where
def warmup_cosine(step, total, peak, warmup):
    line = peak * step / max(warmup, 1)
    wave = peak / 2 * (1 + np.cos(np.pi * (step - warmup) / (total - warmup)))
    return np.where(step < warmup, line, np.where(step < total, wave, 0.0))
#: select
def warmup_cosine(step, total, peak, warmup):
    with np.errstate(all="ignore"):
        line = np.divide(peak * step, np.float64(warmup))
    wave = peak / 2 * (1 + np.cos(np.pi * (step - warmup) / (total - warmup)))
    return np.select([step < warmup, step <= total], [line, wave], 0.0)
#: the complex exponential
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return peak / warmup * step
    if step >= total:
        return 0
    return peak * (1 + np.exp(1j * np.pi * (step - warmup) / (total - warmup)).real) / 2
#: a nested function
def warmup_cosine(step, total, peak, warmup):
    def cosine(share):
        return 0.5 * (1 + np.cos(np.pi * share))
    if step < warmup:
        return peak * step / warmup
    return peak * cosine((step - warmup) / (total - warmup)) * (step <= total)
#: a clamped step
def warmup_cosine(step, total, peak, warmup):
    step = min(step, total)
    return peak * step / warmup if step < warmup else peak * (1 + np.cos(np.pi * (step - warmup) / (total - warmup))) / 2
#: degrees
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return float(peak * (1 + np.cos(np.deg2rad(180 * (min(step, total) - warmup) / (total - warmup)))) / 2)
""")
WRONG["warmup_cosine"] = answers("""
#: the cosine from step 0
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return 0.5 * peak * (1 + np.cos(np.pi * min(step, total) / total))
#: it comes up again
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return 0.5 * peak * (1 + np.cos(np.pi * (step - warmup) / (total - warmup)))
#: it starts anew
def warmup_cosine(step, total, peak, warmup):
    step = step % total
    if step < warmup:
        return peak * step / warmup
    return 0.5 * peak * (1 + np.cos(np.pi * (step - warmup) / (total - warmup)))
#: it fails without warm-up
def warmup_cosine(step, total, peak, warmup):
    line = peak * step / warmup
    wave = 0.5 * peak * (1 + np.cos(np.pi * (min(step, total) - warmup) / (total - warmup)))
    return line if step < warmup else wave
#: it fails at step 0 without warm-up
def warmup_cosine(step, total, peak, warmup):
    if step <= warmup:
        return peak * step / warmup
    return 0.5 * peak * (1 + np.cos(np.pi * (min(step, total) - warmup) / (total - warmup)))
#: zero at step 0 without warm-up
def warmup_cosine(step, total, peak, warmup):
    if step == 0:
        return 0.0
    if step < warmup:
        return peak * step / warmup
    return 0.5 * peak * (1 + np.cos(np.pi * (min(step, total) - warmup) / (total - warmup)))
#: one ahead
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return peak * (step + 1) / warmup
    return 0.5 * peak * (1 + np.cos(np.pi * (min(step, total) - warmup) / (total - warmup)))
#: one behind at the peak
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return peak * step / (warmup + 1)
    return 0.5 * peak * (1 + np.cos(np.pi * (min(step, total) - warmup) / (total - warmup)))
#: a late end
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return 0.5 * peak * (1 + np.cos(np.pi * min((step - warmup) / total, 1)))
#: an end one step early
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return 0.5 * peak * (1 + np.cos(np.pi * min((step - warmup) / max(total - warmup - 1, 1), 1)))
#: a straight line down
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return peak * max(0, 1 - (step - warmup) / (total - warmup))
#: a quarter wave
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return peak * np.cos(np.pi / 2 * min((step - warmup) / (total - warmup), 1))
#: a whole wave
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return 0.5 * peak * (1 + np.cos(2 * np.pi * (step - warmup) / (total - warmup))) * (step < total)
#: no half
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return peak * (1 + np.cos(np.pi * (min(step, total) - warmup) / (total - warmup)))
#: degrees for radians
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return 0.5 * peak * (1 + np.cos(180 * (min(step, total) - warmup) / (total - warmup)))
#: a warm-up in a cosine
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return 0.5 * peak * (1 - np.cos(np.pi * step / warmup))
    return 0.5 * peak * (1 + np.cos(np.pi * (min(step, total) - warmup) / (total - warmup)))
#: no warm-up
def warmup_cosine(step, total, peak, warmup):
    return 0.5 * peak * (1 + np.cos(np.pi * min(step, total) / total))
#: a small rate at the end
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return max(0.5 * peak * (1 + np.cos(np.pi * (min(step, total) - warmup) / (total - warmup))), 0.01 * peak)
#: nothing after the end is returned
def warmup_cosine(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    if step <= total:
        return 0.5 * peak * (1 + np.cos(np.pi * (step - warmup) / (total - warmup)))
""")
