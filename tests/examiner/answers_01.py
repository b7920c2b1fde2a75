"""Answers to lesson 01 that were written from the curriculum alone, and what the judge must say of each."""

from __future__ import annotations

from .examining import answers

RIGHT: dict[str, dict[str, str]] = {}
WRONG: dict[str, dict[str, str]] = {}

# --- initialize_zeros ------------------------------------------------------------------------------------------------
RIGHT["initialize_zeros"] = answers("""
#: pairs of sizes
def initialize_zeros(layer_sizes):
    params = {}
    for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        params[f"W{l}"] = np.zeros((n_in, n_out))
        params[f"b{l}"] = np.zeros(n_out)
    return params
#: ordered dict, biases first
def initialize_zeros(layer_sizes):
    import collections
    params = collections.OrderedDict()
    for l in range(1, len(layer_sizes)):
        params["b" + str(l)] = np.zeros((layer_sizes[l],))
        params["W" + str(l)] = np.zeros((layer_sizes[l - 1], layer_sizes[l]))
    return params
#: weights first, then biases
def initialize_zeros(layer_sizes):
    L = range(1, len(layer_sizes))
    return {f"W{l}": np.zeros(layer_sizes[l - 1:l + 1]) for l in L} | {f"b{l}": np.zeros(layer_sizes[l]) for l in L}
#: from the last layer to the first
def initialize_zeros(layer_sizes):
    params = {}
    for l in range(len(layer_sizes) - 1, 0, -1):
        params["W%d" % l] = np.full((layer_sizes[l - 1], layer_sizes[l]), 0.0)
        params["b%d" % l] = np.full(layer_sizes[l], 0.0)
    return params
#: recursion
def initialize_zeros(layer_sizes, layer=1):
    if len(layer_sizes) < 2:
        return {}
    n_in, n_out, *rest = layer_sizes
    here = {f"W{layer}": np.zeros([n_in, n_out]), f"b{layer}": np.zeros([n_out])}
    return {**here, **initialize_zeros([n_out, *rest], layer + 1)}
#: a dict of pairs from a generator
def initialize_zeros(layer_sizes):
    def pairs():
        for l, n in enumerate(layer_sizes):
            if l:
                yield f"W{l}", np.zeros((layer_sizes[l - 1], n))
                yield f"b{l}", np.zeros(n)
    return dict(pairs())
#: whole numbers are zeros too
def initialize_zeros(layer_sizes):
    return {k: np.zeros(s, dtype=int) for l in range(1, len(layer_sizes))
            for k, s in [(f"W{l}", (layer_sizes[l - 1], layer_sizes[l])), (f"b{l}", layer_sizes[l])]}
#: float32 in Fortran order
def initialize_zeros(layer_sizes):
    params = dict()
    for l in range(len(layer_sizes) - 1):
        params[f"W{l + 1}"] = np.zeros((layer_sizes[l], layer_sizes[l + 1]), dtype=np.float32, order="F")
        params[f"b{l + 1}"] = np.zeros(layer_sizes[l + 1], dtype=np.float32)
    return params
#: defaultdict
def initialize_zeros(layer_sizes):
    from collections import defaultdict
    params = defaultdict(list)
    for l in range(1, len(layer_sizes)):
        params[f"W{l}"] = np.zeros((layer_sizes[l - 1], layer_sizes[l]))
        params[f"b{l}"] = params[f"W{l}"][0].copy()
    return params
#: outer products
def initialize_zeros(layer_sizes):
    zeros = [np.zeros(n) for n in layer_sizes]
    params = {}
    for l in range(1, len(zeros)):
        params[f"W{l}"], params[f"b{l}"] = np.outer(zeros[l - 1], zeros[l]), zeros[l]
    return params
#: broadcast from one zero
def initialize_zeros(layer_sizes):
    params = {}
    for l, shape in enumerate(zip(layer_sizes[:-1], layer_sizes[1:])):
        params[f"W{l + 1}"] = np.broadcast_to(0.0, shape)
        params[f"b{l + 1}"] = np.broadcast_to(0.0, shape[1:])
    return params
#: pops from a copy
def initialize_zeros(layer_sizes):
    left, params, l = list(layer_sizes), {}, 0
    n_in = left.pop(0)
    while left:
        l, n_out = l + 1, left.pop(0)
        params.update({f"W{l}": np.zeros((n_in, n_out)), f"b{l}": np.zeros((n_out,))})
        n_in = n_out
    return params
#: a dict of its own kind
class _Params(dict):
    def add(self, l, n_in, n_out):
        self[f"W{l}"] = np.zeros((n_in, n_out))
        self[f"b{l}"] = np.zeros(n_out)
def initialize_zeros(layer_sizes, **options):
    params = _Params()
    for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:])):
        params.add(l + 1, n_in, n_out)
    return params
#: cut from one vector
def initialize_zeros(layer_sizes):
    flat = np.zeros(sum(a * b + b for a, b in zip(layer_sizes, layer_sizes[1:])))
    params, at = {}, 0
    for l, (a, b) in enumerate(zip(layer_sizes, layer_sizes[1:]), start=1):
        params[f"W{l}"] = flat[at:at + a * b].reshape(a, b)
        params[f"b{l}"] = flat[at + a * b:at + a * b + b]
        at += a * b + b
    return params
""")
WRONG["initialize_zeros"] = answers("""
#: biases as rows
def initialize_zeros(layer_sizes):
    params = {}
    for l in range(1, len(layer_sizes)):
        params[f"W{l}"] = np.zeros((layer_sizes[l - 1], layer_sizes[l]))
        params[f"b{l}"] = np.zeros((1, layer_sizes[l]))
    return params
#: biases as columns
def initialize_zeros(layer_sizes):
    params = {}
    for l in range(1, len(layer_sizes)):
        params[f"W{l}"] = np.zeros((layer_sizes[l - 1], layer_sizes[l]))
        params[f"b{l}"] = np.zeros((layer_sizes[l], 1))
    return params
#: transposed
def initialize_zeros(layer_sizes):
    params = {}
    for l in range(1, len(layer_sizes)):
        params[f"W{l}"] = np.zeros((layer_sizes[l], layer_sizes[l - 1]))
        params[f"b{l}"] = np.zeros(layer_sizes[l])
    return params
#: counted from zero
def initialize_zeros(layer_sizes):
    params = {}
    for l in range(len(layer_sizes) - 1):
        params[f"W{l}"] = np.zeros((layer_sizes[l], layer_sizes[l + 1]))
        params[f"b{l}"] = np.zeros(layer_sizes[l + 1])
    return params
#: the last layer is lost
def initialize_zeros(layer_sizes):
    params = {}
    for l in range(1, len(layer_sizes) - 1):
        params[f"W{l}"] = np.zeros((layer_sizes[l - 1], layer_sizes[l]))
        params[f"b{l}"] = np.zeros(layer_sizes[l])
    return params
#: ones
def initialize_zeros(layer_sizes):
    params = {}
    for l in range(1, len(layer_sizes)):
        params[f"W{l}"] = np.ones((layer_sizes[l - 1], layer_sizes[l]))
        params[f"b{l}"] = np.zeros(layer_sizes[l])
    return params
#: biases of the size of the input
def initialize_zeros(layer_sizes):
    params = {}
    for l in range(1, len(layer_sizes)):
        params[f"W{l}"] = np.zeros((layer_sizes[l - 1], layer_sizes[l]))
        params[f"b{l}"] = np.zeros(layer_sizes[l - 1])
    return params
#: lists
def initialize_zeros(layer_sizes):
    params = {}
    for l in range(1, len(layer_sizes)):
        params[f"W{l}"] = np.zeros((layer_sizes[l - 1], layer_sizes[l])).tolist()
        params[f"b{l}"] = [0.0] * layer_sizes[l]
    return params
#: the sizes are used up
def initialize_zeros(layer_sizes):
    params, l = {}, 1
    while len(layer_sizes) > 1:
        n_in = layer_sizes.pop(0)
        params[f"W{l}"] = np.zeros((n_in, layer_sizes[0]))
        params[f"b{l}"] = np.zeros(layer_sizes[0])
        l += 1
    return params
#: no biases
def initialize_zeros(layer_sizes):
    return {f"W{l}": np.zeros((layer_sizes[l - 1], layer_sizes[l])) for l in range(1, len(layer_sizes))}
#: one bias each
def initialize_zeros(layer_sizes):
    params = {}
    for l in range(1, len(layer_sizes)):
        params[f"W{l}"] = np.zeros((layer_sizes[l - 1], layer_sizes[l]))
        params[f"b{l}"] = 0.0
    return params
#: a list of pairs
def initialize_zeros(layer_sizes):
    return [(np.zeros((a, b)), np.zeros(b)) for a, b in zip(layer_sizes, layer_sizes[1:])]
#: pairs by layer
def initialize_zeros(layer_sizes):
    return {l + 1: {"W": np.zeros((a, b)), "b": np.zeros(b)} for l, (a, b) in
            enumerate(zip(layer_sizes, layer_sizes[1:]))}
#: small letters
def initialize_zeros(layer_sizes):
    params = {}
    for l in range(1, len(layer_sizes)):
        params[f"w{l}"] = np.zeros((layer_sizes[l - 1], layer_sizes[l]))
        params[f"b{l}"] = np.zeros(layer_sizes[l])
    return params
#: always two layers
def initialize_zeros(layer_sizes):
    a, b, c = layer_sizes[:3]
    return {"W1": np.zeros((a, b)), "b1": np.zeros(b), "W2": np.zeros((b, c)), "b2": np.zeros(c)}
#: small random weights
def initialize_zeros(layer_sizes):
    rng = np.random.default_rng(0)
    params = {}
    for l in range(1, len(layer_sizes)):
        params[f"W{l}"] = 1e-3 * rng.standard_normal((layer_sizes[l - 1], layer_sizes[l]))
        params[f"b{l}"] = np.zeros(layer_sizes[l])
    return params
#: a note beside the parameters
def initialize_zeros(layer_sizes):
    params = {"L": len(layer_sizes) - 1}
    for l in range(1, len(layer_sizes)):
        params[f"W{l}"] = np.zeros((layer_sizes[l - 1], layer_sizes[l]))
        params[f"b{l}"] = np.zeros(layer_sizes[l])
    return params
#: axes of length one lost
def initialize_zeros(layer_sizes):
    params = {}
    for l in range(1, len(layer_sizes)):
        params[f"W{l}"] = np.zeros((layer_sizes[l - 1], layer_sizes[l])).squeeze()
        params[f"b{l}"] = np.zeros(layer_sizes[l]).reshape(-1)
    return params
""")


# --- the random schemes: a right one is written for a law of the weights, so that each can be tried on each scheme ---
#: What stands for DRAW(shape), a draw of the scheme's law for a layer, in the answers below.
_SCHEMES = {
    "initialize_random": ("layer_sizes, rng, scale=1.0", "(scale)", "normal"),
    "initialize_xavier": ("layer_sizes, rng", "(1 / n_in) ** 0.5", "normal"),
    "initialize_he": ("layer_sizes, rng", "(2 / n_in) ** 0.5", "normal"),
    "initialize_glorot_uniform": ("layer_sizes, rng", "(6 / (n_in + n_out)) ** 0.5", "uniform"),
}
_LAYERS = """
def NAME(PARAMETERS):
    params = {}
    for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        params[f"W{l}"] = WEIGHTS
        params[f"b{l}"] = np.zeros(n_out)
    return params
"""
_WEIGHTS_RIGHT = {
    "normal": {
        "normal with a scale": "rng.normal(0, SIZE, (n_in, n_out))",
        "normal by keywords": "rng.normal(size=(n_in, n_out), scale=SIZE, loc=0.0)",
        "standard normal times": "rng.standard_normal((n_in, n_out)) * SIZE",
        "transposed": "SIZE * rng.standard_normal((n_out, n_in)).T",
        "Fortran order": "np.asfortranarray(SIZE * rng.standard_normal((n_in, n_out)))",
        "flat, then shaped": "np.reshape(SIZE * rng.standard_normal(n_in * n_out), (n_in, n_out))",
        "row by row": "np.array([SIZE * rng.standard_normal(n_out) for _ in range(n_in)])",
        "column by column": "np.stack([rng.normal(0, SIZE, n_in) for _ in range(n_out)], axis=1)",
        "number by number": "np.array([[rng.normal(0, SIZE) for j in range(n_out)] for i in range(n_in)])",
        "a generator of its own": "rng.spawn(1)[0].normal(0, SIZE, (n_in, n_out))",
        "seeded from the generator": "SIZE * np.random.default_rng(rng.integers(2**63)).standard_normal((n_in, n_out))",
        "the same bits": "np.random.Generator(rng.bit_generator).normal(0, SIZE, size=(n_in, n_out))",
        "float32": "(SIZE * rng.standard_normal((n_in, n_out), dtype=np.float32)).astype(np.float32)",
        "Box and Muller": (
            "SIZE * np.sqrt(-2 * np.log1p(-rng.random((n_in, n_out)))) * np.cos(2 * np.pi * rng.random((n_in, n_out)))"
        ),
        "minus the draw": "-SIZE * rng.standard_normal([n_in, n_out])",
        "shuffled draws": "rng.permutation(SIZE * rng.standard_normal((n_in, n_out)), axis=1)",
        "sum of two normals": (
            "SIZE * (0.6 * rng.standard_normal((n_in, n_out)) + 0.8 * rng.standard_normal((n_in, n_out)))"
        ),
    },
    "uniform": {
        "uniform between bounds": "rng.uniform(-SIZE, SIZE, (n_in, n_out))",
        "uniform by keywords": "rng.uniform(high=SIZE, low=-SIZE, size=(n_in, n_out))",
        "random, moved": "SIZE * (2 * rng.random((n_in, n_out)) - 1)",
        "transposed": "rng.uniform(-SIZE, SIZE, (n_out, n_in)).T",
        "flat, then shaped": "rng.uniform(-1, 1, n_in * n_out).reshape(n_in, n_out) * SIZE",
        "row by row": "np.vstack([rng.uniform(-SIZE, SIZE, n_out) for _ in range(n_in)])",
        "number by number": "np.array([[rng.uniform(-SIZE, SIZE) for j in range(n_out)] for i in range(n_in)])",
        "half, with a random sign": "SIZE * rng.random((n_in, n_out)) * rng.choice([-1.0, 1.0], (n_in, n_out))",
        "minus the draw": "-rng.uniform(-SIZE, SIZE, (n_in, n_out))",
        "a generator of its own": "rng.spawn(2)[1].uniform(-SIZE, SIZE, (n_in, n_out))",
        "float32": "(SIZE * (1 - 2 * rng.random((n_in, n_out)))).astype(np.float32)",
        "Fortran order": "np.asfortranarray(rng.uniform(-SIZE, SIZE, (n_in, n_out)))",
        "by the standard deviation": (
            "rng.uniform(-np.sqrt(3), np.sqrt(3), (n_in, n_out)) * np.sqrt(2 / (n_in + n_out))"
        ),
    },
}
_WEIGHTS_WRONG = {
    "normal": {
        "the global generator": "SIZE * np.random.standard_normal((n_in, n_out))",
        "a seed inside": "SIZE * np.random.default_rng(1).standard_normal((n_in, n_out))",
        "3 per cent too large": "1.03 * SIZE * rng.standard_normal((n_in, n_out))",
        "3 per cent too small": "rng.normal(0, 0.97 * SIZE, (n_in, n_out))",
        "the square root of two too large": "np.sqrt(2) * SIZE * rng.standard_normal((n_in, n_out))",
        "the square root of two too small": "SIZE / np.sqrt(2) * rng.standard_normal((n_in, n_out))",
        "the variance for the deviation": "(SIZE) ** 2 * rng.standard_normal((n_in, n_out))",
        "uniform": "SIZE * rng.uniform(-1, 1, (n_in, n_out))",
        "uniform with the right deviation": "SIZE * rng.uniform(-np.sqrt(3), np.sqrt(3), (n_in, n_out))",
        "two values": "SIZE * rng.choice([-1.0, 1.0], (n_in, n_out))",
        "positive": "SIZE * np.abs(rng.standard_normal((n_in, n_out)))",
        "truncated": "SIZE * np.clip(rng.standard_normal((n_in, n_out)), -2, 2)",
        "moved": "SIZE * (rng.standard_normal((n_in, n_out)) + 0.1)",
        "transposed shape": "SIZE * rng.standard_normal((n_out, n_in))",
        "all rows alike": "SIZE * np.tile(rng.standard_normal(n_out), (n_in, 1))",
        "all columns alike": "SIZE * np.repeat(rng.standard_normal((n_in, 1)), n_out, axis=1)",
        "an outer product": "SIZE * np.outer(rng.standard_normal(n_in), rng.standard_normal(n_out))",
        "sorted": "SIZE * np.sort(rng.standard_normal((n_in, n_out)), axis=0)",
        "a list": "(SIZE * rng.standard_normal((n_in, n_out))).tolist()",
        "Laplace": "rng.laplace(0, SIZE / np.sqrt(2), (n_in, n_out))",
        "mirrored columns": (
            "(lambda w: np.concatenate([w, -w], 1)[:, :n_out])(SIZE * rng.standard_normal((n_in, (n_out + 1) // 2)))"
        ),
        "zeros in a corner": "SIZE * rng.standard_normal((n_in, n_out)) * (np.arange(n_out) > 0)",
        "only the first layer": "(SIZE if l == 1 else 1.5 * SIZE) * rng.standard_normal((n_in, n_out))",
        "made to sum to zero": "SIZE * (lambda w: w - w.mean(axis=0))(rng.standard_normal((n_in, n_out)))",
        "one column forgotten": "SIZE * np.pad(rng.standard_normal((n_in, n_out - 1)), ((0, 0), (0, 1)))",
        "one seed drawn, used for all": "np.zeros((n_in, n_out)) + SIZE * rng.standard_normal()",
    },
    "uniform": {
        "the global generator": "np.random.uniform(-SIZE, SIZE, (n_in, n_out))",
        "a seed inside": "np.random.default_rng(0).uniform(-SIZE, SIZE, (n_in, n_out))",
        "normal": "SIZE * rng.standard_normal((n_in, n_out))",
        "normal with the right deviation": "SIZE / np.sqrt(3) * rng.standard_normal((n_in, n_out))",
        "from zero up": "rng.uniform(0, SIZE, (n_in, n_out))",
        "from zero to twice the bound": "rng.uniform(0, 2 * SIZE, (n_in, n_out))",
        "half the width": "SIZE * (rng.random((n_in, n_out)) - 0.5)",
        "the standard deviation for the bound": "rng.uniform(-SIZE / 3**0.5, SIZE / 3**0.5, (n_in, n_out))",
        "fan-in alone": "rng.uniform(-1, 1, (n_in, n_out)) * np.sqrt(6 / n_in)",
        "fan-out alone": "rng.uniform(-1, 1, (n_in, n_out)) * np.sqrt(6 / n_out)",
        "three for six": "SIZE / np.sqrt(2) * rng.uniform(-1, 1, (n_in, n_out))",
        "a misplaced parenthesis": "np.sqrt(6 / n_in + n_out) * rng.uniform(-1, 1, (n_in, n_out))",
        "no root": "SIZE**2 * rng.uniform(-1, 1, (n_in, n_out))",
        "3 per cent too wide": "rng.uniform(-1.03 * SIZE, 1.03 * SIZE, (n_in, n_out))",
        "3 per cent too narrow": "0.97 * rng.uniform(-SIZE, SIZE, (n_in, n_out))",
        "transposed shape": "rng.uniform(-SIZE, SIZE, (n_out, n_in))",
        "all rows alike": "np.tile(rng.uniform(-SIZE, SIZE, n_out), (n_in, 1))",
        "evenly spaced": "np.linspace(-SIZE, SIZE, n_in * n_out).reshape(n_in, n_out)",
        "evenly spaced, shuffled": "rng.permutation(np.linspace(-SIZE, SIZE, n_in * n_out)).reshape(n_in, n_out)",
        "triangular": "rng.triangular(-SIZE, 0, SIZE, (n_in, n_out))",
        "only the ends": "rng.choice([-SIZE, SIZE], (n_in, n_out))",
        "clipped normal": "np.clip(SIZE * rng.standard_normal((n_in, n_out)), -SIZE, SIZE)",
        "whole steps": "SIZE * np.round(4 * rng.uniform(-1, 1, (n_in, n_out))) / 4",
        "a list": "rng.uniform(-SIZE, SIZE, (n_in, n_out)).tolist()",
    },
}
_FORMS_RIGHT = """
#: an ordered dict from the last layer to the first
def NAME(PARAMETERS):
    import collections
    params = collections.OrderedDict()
    for l in range(len(layer_sizes) - 1, 0, -1):
        n_in, n_out = layer_sizes[l - 1], layer_sizes[l]
        params[f"b{l}"], params[f"W{l}"] = np.zeros(n_out), DRAW((n_in, n_out))
    return params
#: all drawn at once, then split
def NAME(PARAMETERS):
    shapes = list(zip(layer_sizes[:-1], layer_sizes[1:]))
    n_in = n_out = 0
    flat = UNIT(sum(a * b for a, b in shapes))
    cuts = np.cumsum([a * b for a, b in shapes])[:-1]
    params = {}
    for l, ((n_in, n_out), part) in enumerate(zip(shapes, np.split(flat, cuts)), 1):
        params[f"W{l}"] = part.reshape(n_in, n_out) * SIZE
        params[f"b{l}"] = np.zeros((n_out,))
    return params
#: fills the zeros of the other exercise
def NAME(PARAMETERS):
    params = initialize_zeros(layer_sizes)
    for key, value in params.items():
        if key.startswith("W"):
            n_in, n_out = value.shape
            value += DRAW(value.shape)
    return params
#: biases drawn and thrown away
def NAME(PARAMETERS, **unused):
    params = {}
    for l in range(1, len(layer_sizes)):
        n_in, n_out = layer_sizes[l - 1:l + 1]
        params[f"W{l}"] = DRAW((n_in, n_out))
        params[f"b{l}"] = 0 * rng.random(n_out)
    return params
#: an object with __call__
class _Scheme:
    def layer(self, n_in, n_out, rng, scale=1.0):
        return DRAW((n_in, n_out))
    def __call__(self, PARAMETERS):
        more = (scale,) if "scale" in locals() else ()
        return {key: value for l in range(1, len(layer_sizes)) for key, value in (
            (f"W{l}", self.layer(layer_sizes[l - 1], layer_sizes[l], rng, *more)),
            (f"b{l}", np.zeros(layer_sizes[l])))}
NAME = _Scheme()
#: recursion over the layers, whole zeros for biases
def NAME(PARAMETERS, first=1):
    if len(layer_sizes) == 1:
        return {}
    n_in, n_out = layer_sizes[0], layer_sizes[1]
    here = {f"W{first}": DRAW((n_in, n_out)), f"b{first}": np.zeros(n_out, dtype=int)}
    return here | NAME(layer_sizes[1:], ARGUMENTS, first=first + 1)
"""
_FORMS_WRONG = """
#: biases drawn too
def NAME(PARAMETERS):
    params = {}
    for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        params[f"W{l}"] = DRAW((n_in, n_out))
        params[f"b{l}"] = 0.01 * rng.standard_normal(n_out)
    return params
#: biases as rows
def NAME(PARAMETERS):
    params = {}
    for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        params[f"W{l}"] = DRAW((n_in, n_out))
        params[f"b{l}"] = np.zeros((1, n_out))
    return params
#: the last layer stays zero
def NAME(PARAMETERS):
    params = initialize_zeros(layer_sizes)
    for l in range(1, len(layer_sizes) - 1):
        n_in, n_out = layer_sizes[l - 1], layer_sizes[l]
        params[f"W{l}"] = DRAW((n_in, n_out))
    return params
#: the same numbers in every layer
def NAME(PARAMETERS):
    n_in = n_out = 1
    block = UNIT((max(layer_sizes), max(layer_sizes)))
    params = {}
    for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        params[f"W{l}"] = block[:n_in, :n_out] * SIZE
        params[f"b{l}"] = np.zeros(n_out)
    return params
#: the global generator is seeded
def NAME(PARAMETERS):
    np.random.seed(3)
    params = {}
    for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        params[f"W{l}"] = DRAW((n_in, n_out))
        params[f"b{l}"] = np.zeros(n_out)
    return params
#: layers of one shape share their weights
def NAME(PARAMETERS):
    made, params = {}, {}
    for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        if (n_in, n_out) not in made:
            made[n_in, n_out] = DRAW((n_in, n_out))
        params[f"W{l}"] = made[n_in, n_out]
        params[f"b{l}"] = np.zeros(n_out)
    return params
#: the sizes of the first layer for all
def NAME(PARAMETERS):
    n_in, n_out = layer_sizes[0], layer_sizes[1]
    size = SIZE
    params = {}
    for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        params[f"W{l}"] = UNIT((n_in, n_out)) * (size if "scale" not in locals() else 1.0)
        params[f"b{l}"] = np.zeros(n_out)
    return params
#: remembered from the first call
_made = {}
def NAME(PARAMETERS):
    key = tuple(layer_sizes)
    if key not in _made:
        params = {}
        for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
            params[f"W{l}"] = DRAW((n_in, n_out))
            params[f"b{l}"] = np.zeros(n_out)
        _made[key] = params
    return _made[key]
#: fresh entropy
def NAME(PARAMETERS):
    rng = np.random.default_rng()
    params = {}
    for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        params[f"W{l}"] = DRAW((n_in, n_out))
        params[f"b{l}"] = np.zeros(n_out)
    return params
"""


def _fill(template: str, name: str, weights: str = "") -> str:
    parameters, size, law = _SCHEMES[name]
    unit = "rng.standard_normal" if law == "normal" else "(lambda shape: rng.uniform(-1, 1, shape))"
    arguments = parameters.removeprefix("layer_sizes, ").replace("=1.0", "")
    replacements = {
        "WEIGHTS": weights,
        "PARAMETERS": parameters,
        "ARGUMENTS": arguments,
        "NAME": name,
        "DRAW": f"(lambda shape: SIZE * {unit}(shape))",
        "UNIT": unit,
        "SIZE": f"({size})",
    }
    for mark, text in replacements.items():
        template = template.replace(mark, text)
    return template


for _name, (_parameters, _size, _law) in _SCHEMES.items():
    RIGHT[_name] = {label: _fill(_LAYERS, _name, weights) for label, weights in _WEIGHTS_RIGHT[_law].items()}
    RIGHT[_name] |= {label: _fill(source, _name) for label, source in answers(_FORMS_RIGHT).items()}
    WRONG[_name] = {label: _fill(_LAYERS, _name, weights) for label, weights in _WEIGHTS_WRONG[_law].items()}
    WRONG[_name] |= {label: _fill(source, _name) for label, source in answers(_FORMS_WRONG).items()}

# Slow, and nothing new under other scales.
for _name in ("initialize_xavier", "initialize_he"):
    for _label in ("number by number", "row by row", "seeded from the generator", "the same bits"):
        del RIGHT[_name][_label]

# With one scale for all layers this is no mistake.
del WRONG["initialize_random"]["the sizes of the first layer for all"]
RIGHT["initialize_random"] |= answers("""
#: a scale of zero is a scale
def initialize_random(layer_sizes, rng, scale=1.0):
    return {k: (scale * rng.standard_normal(v.shape) if v.ndim == 2 else v)
            for k, v in initialize_zeros(layer_sizes).items()}
""")
WRONG["initialize_random"] |= answers("""
#: the scale is ignored
def initialize_random(layer_sizes, rng, scale=1.0):
    return {k: (rng.standard_normal(v.shape) if v.ndim == 2 else v) for k, v in initialize_zeros(layer_sizes).items()}
#: the default is a hundredth
def initialize_random(layer_sizes, rng, scale=0.01):
    return {k: (scale * rng.standard_normal(v.shape) if v.ndim == 2 else v)
            for k, v in initialize_zeros(layer_sizes).items()}
#: divided by the scale
def initialize_random(layer_sizes, rng, scale=1.0):
    return {k: (rng.standard_normal(v.shape) / scale if v.ndim == 2 else v)
            for k, v in initialize_zeros(layer_sizes).items()}
#: the root of the scale
def initialize_random(layer_sizes, rng, scale=1.0):
    return {k: (rng.normal(0, scale**0.5, v.shape) if v.ndim == 2 else v)
            for k, v in initialize_zeros(layer_sizes).items()}
#: the scale moves the mean
def initialize_random(layer_sizes, rng, scale=1.0):
    return {k: (rng.normal(scale, 1, v.shape) if v.ndim == 2 else v) for k, v in initialize_zeros(layer_sizes).items()}
#: the scale is spelled otherwise
def initialize_random(layer_sizes, rng, std=1.0):
    return {k: (std * rng.standard_normal(v.shape) if v.ndim == 2 else v)
            for k, v in initialize_zeros(layer_sizes).items()}
""")
for _name, _factor in (("initialize_xavier", "1"), ("initialize_he", "2")):
    for _label, _std in {
        "fan-out": f"np.sqrt({_factor} / n_out)",
        "both fans": f"np.sqrt(2 * {_factor} / (n_in + n_out))",
        "a misplaced parenthesis": f"np.sqrt({_factor} / n_in + n_out)",
        "no root of the numerator": f"2 * {_factor} / np.sqrt(n_in)",
        "a hundredth": "0.01",
    }.items():
        WRONG[_name][_label] = _fill(_LAYERS, _name, f"{_std} * rng.standard_normal((n_in, n_out))")

# --- initialize_orthogonal -------------------------------------------------------------------------------------------
RIGHT["initialize_orthogonal"] = answers("""
#: QR, transposed when wide
def initialize_orthogonal(n_in, n_out, rng):
    a = rng.standard_normal((max(n_in, n_out), min(n_in, n_out)))
    q, _ = np.linalg.qr(a)
    return q if n_in >= n_out else q.T
#: QR with signs
def initialize_orthogonal(n_in, n_out, rng):
    if n_in < n_out:
        return initialize_orthogonal(n_out, n_in, rng).T
    q, r = np.linalg.qr(rng.standard_normal((n_in, n_out)))
    return q * np.sign(np.diag(r))
#: the polar factor by SVD
def initialize_orthogonal(n_in, n_out, rng):
    u, _, vt = np.linalg.svd(rng.normal(size=(n_in, n_out)), full_matrices=False)
    return u @ vt
#: whichever factor has the shape
def initialize_orthogonal(n_in, n_out, rng):
    u, _, vt = np.linalg.svd(rng.random((n_in, n_out)) - 0.5, full_matrices=False)
    return u if u.shape == (n_in, n_out) else vt
#: a corner of a full square
def initialize_orthogonal(n_in, n_out, rng):
    n = max(n_in, n_out)
    return np.linalg.qr(rng.standard_normal((n, n)))[0][:n_in, :n_out]
#: Gram and Schmidt, twice
def initialize_orthogonal(n_in, n_out, rng):
    n, k = max(n_in, n_out), min(n_in, n_out)
    rows = []
    for _ in range(k):
        v = rng.standard_normal(n)
        for _ in range(2):
            for r in rows:
                v = v - (v @ r) * r
        rows.append(v / np.sqrt(v @ v))
    q = np.array(rows)
    return q.T if n_in >= n_out else q
#: Householder reflections
def initialize_orthogonal(n_in, n_out, rng):
    n = max(n_in, n_out)
    q = np.eye(n)
    for _ in range(n):
        v = rng.standard_normal(n)
        q -= 2 * np.outer(v, v @ q) / (v @ v)
    return q[:n_in, :n_out]
#: Givens rotations
def initialize_orthogonal(n_in, n_out, rng):
    n = max(n_in, n_out)
    q = np.diag(rng.choice([-1.0, 1.0], n))
    for i in range(n):
        for j in range(i + 1, n):
            t = rng.uniform(0, 2 * np.pi)
            rot = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
            q[[i, j]] = rot @ q[[i, j]]
    return q[:n_in, :n_out]
#: eigenvectors of a random symmetric matrix
def initialize_orthogonal(n_in, n_out, rng):
    n = max(n_in, n_out)
    a = rng.standard_normal((n, n))
    return np.linalg.eigh(a + a.T)[1][:n_in, :n_out]
#: Cayley's transform
def initialize_orthogonal(n_in, n_out, rng):
    n = max(n_in, n_out)
    a = rng.standard_normal((n, n))
    a = a - a.T
    return np.linalg.solve(np.eye(n) + a, np.eye(n) - a)[:n_in, :n_out] * rng.choice([-1.0, 1.0], n_out)
#: a permutation with signs
def initialize_orthogonal(n_in, n_out, rng):
    n = max(n_in, n_out)
    q = np.eye(n)[rng.permutation(n)] * rng.choice([-1.0, 1.0], size=n)
    return q[:n_in, :n_out]
#: Cholesky of the Gram matrix
def initialize_orthogonal(n_in, n_out, rng):
    tall = n_in >= n_out
    a = rng.standard_normal((n_in, n_out) if tall else (n_out, n_in))
    for _ in range(3):
        a = np.linalg.solve(np.linalg.cholesky(a.T @ a), a.T).T
    return a if tall else a.T
#: QR of uniform numbers in Fortran order
def initialize_orthogonal(n_in, n_out, rng):
    q = np.linalg.qr(rng.uniform(-1, 1, (max(n_in, n_out), min(n_in, n_out)))).Q
    return np.asfortranarray(q if n_in >= n_out else q.T)
#: float32
def initialize_orthogonal(n_in, n_out, rng):
    u, _, vt = np.linalg.svd(rng.standard_normal((n_in, n_out)), full_matrices=False)
    return (u @ vt).astype(np.float32)
#: a generator of its own
def initialize_orthogonal(n_in, n_out, rng, *, gain=1.0):
    child, = rng.spawn(1)
    u, s, vt = np.linalg.svd(child.standard_normal((n_in, n_out)), full_matrices=False)
    return gain * np.einsum("ij,jk->ik", u, vt)
#: sums of columns from the pseudoinverse
def initialize_orthogonal(n_in, n_out, rng):
    a = rng.standard_normal((n_in, n_out))
    gram = a.T @ a if n_in >= n_out else a @ a.T
    w, v = np.linalg.eigh(gram)
    root = v / np.sqrt(w) @ v.T
    q = a @ root if n_in >= n_out else root @ a
    u, _, vt = np.linalg.svd(q, full_matrices=False)
    return u @ vt
""")
WRONG["initialize_orthogonal"] = answers("""
#: unit columns alone
def initialize_orthogonal(n_in, n_out, rng):
    a = rng.standard_normal((n_in, n_out))
    return a / np.linalg.norm(a, axis=0 if n_in >= n_out else 1, keepdims=True)
#: QR of the wide matrix as it is
def initialize_orthogonal(n_in, n_out, rng):
    return np.linalg.qr(rng.standard_normal((n_in, n_out)))[0]
#: the identity
def initialize_orthogonal(n_in, n_out, rng):
    return np.eye(n_in, n_out)
#: the global generator
def initialize_orthogonal(n_in, n_out, rng):
    u, _, vt = np.linalg.svd(np.random.standard_normal((n_in, n_out)), full_matrices=False)
    return u @ vt
#: a seed inside
def initialize_orthogonal(n_in, n_out, rng):
    u, _, vt = np.linalg.svd(np.random.default_rng(5).standard_normal((n_in, n_out)), full_matrices=False)
    return u @ vt
#: too large by the root of two
def initialize_orthogonal(n_in, n_out, rng):
    u, _, vt = np.linalg.svd(rng.standard_normal((n_in, n_out)), full_matrices=False)
    return np.sqrt(2) * u @ vt
#: transposed
def initialize_orthogonal(n_in, n_out, rng):
    u, _, vt = np.linalg.svd(rng.standard_normal((n_in, n_out)), full_matrices=False)
    return (u @ vt).T
#: always tall
def initialize_orthogonal(n_in, n_out, rng):
    q = np.linalg.qr(rng.standard_normal((max(n_in, n_out), min(n_in, n_out))))[0]
    return q
#: the square
def initialize_orthogonal(n_in, n_out, rng):
    return np.linalg.qr(rng.standard_normal((n_in, n_in)))[0]
#: a corner of too large a square
def initialize_orthogonal(n_in, n_out, rng):
    n = n_in + n_out
    return np.linalg.qr(rng.standard_normal((n, n)))[0][:n_in, :n_out]
#: zeros fill the wide one
def initialize_orthogonal(n_in, n_out, rng):
    q = np.linalg.qr(rng.standard_normal((n_in, n_out)))[0]
    out = np.zeros((n_in, n_out))
    out[:, :q.shape[1] - (n_in < n_out)] = q[:, :q.shape[1] - (n_in < n_out)]
    return out
#: Gaussian with the size of an orthogonal one
def initialize_orthogonal(n_in, n_out, rng):
    return rng.standard_normal((n_in, n_out)) / np.sqrt(max(n_in, n_out))
#: half precision
def initialize_orthogonal(n_in, n_out, rng):
    u, _, vt = np.linalg.svd(rng.standard_normal((n_in, n_out)), full_matrices=False)
    return np.round(u @ vt, 2)
#: all factors
def initialize_orthogonal(n_in, n_out, rng):
    return np.linalg.qr(rng.standard_normal((max(n_in, n_out), min(n_in, n_out))))
#: a list
def initialize_orthogonal(n_in, n_out, rng):
    u, _, vt = np.linalg.svd(rng.standard_normal((n_in, n_out)), full_matrices=False)
    return (u @ vt).tolist()
#: triangular
def initialize_orthogonal(n_in, n_out, rng):
    return np.linalg.qr(rng.standard_normal((n_in, n_out)))[1]
#: made from all but one column
def initialize_orthogonal(n_in, n_out, rng):
    u, _, vt = np.linalg.svd(rng.standard_normal((n_in, n_out)), full_matrices=False)
    q = u @ vt
    if n_in >= n_out:
        q[:, -1] = q[:, 0]
    else:
        q[-1] = q[0]
    return q
#: the scaling of He on top
def initialize_orthogonal(n_in, n_out, rng):
    u, _, vt = np.linalg.svd(rng.standard_normal((n_in, n_out)), full_matrices=False)
    return u @ vt * np.sqrt(2 / n_in)
#: fresh entropy
def initialize_orthogonal(n_in, n_out, rng):
    u, _, vt = np.linalg.svd(np.random.default_rng().standard_normal((n_in, n_out)), full_matrices=False)
    return u @ vt
#: the eye, first column signed
def initialize_orthogonal(n_in, n_out, rng):
    a = np.arange(n_in * n_out, dtype=float).reshape(n_in, n_out) ** 0.5 + np.eye(n_in, n_out)
    u, _, vt = np.linalg.svd(a, full_matrices=False)
    return u @ vt
""")

# --- lsuv ------------------------------------------------------------------------------------------------------------
_LSUV = """
def _orthonormal(n_in, n_out, rng):
    u, _, vt = np.linalg.svd(rng.standard_normal((n_in, n_out)), full_matrices=False)
    return u @ vt
"""
RIGHT["lsuv"] = answers("""
#: one division for each layer
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        W = _orthonormal(n_in, n_out, rng)
        W = W / np.std(A @ W)
        params[f"W{l}"], params[f"b{l}"] = W, np.zeros(n_out)
        A = np.maximum(A @ W, 0)
    return params
#: the paper's loop
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params = {}
    for l in range(1, len(layer_sizes)):
        params[f"W{l}"] = initialize_orthogonal(layer_sizes[l - 1], layer_sizes[l], rng)
        params[f"b{l}"] = np.zeros(layer_sizes[l])
    A = X
    for l in range(1, len(layer_sizes)):
        W = params[f"W{l}"]
        for _ in range(max_iter):
            variance = np.var(A @ W)
            if abs(variance - 1) <= tol:
                break
            W = W / np.sqrt(variance)
        params[f"W{l}"] = W
        A = np.maximum(A @ W + params[f"b{l}"], 0)
    return params
#: from the last layer's draw to the first
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params = {}
    for l in reversed(range(1, len(layer_sizes))):
        params[f"b{l}"] = np.zeros(layer_sizes[l])
        params[f"W{l}"] = _orthonormal(layer_sizes[l - 1], layer_sizes[l], rng)
    A = X.copy()
    for l in range(1, len(layer_sizes)):
        params[f"W{l}"] *= 1 / np.sqrt(np.mean((A @ params[f"W{l}"] - (A @ params[f"W{l}"]).mean()) ** 2))
        A = relu(A @ params[f"W{l}"]) if "relu" in globals() else np.clip(A @ params[f"W{l}"], 0, None)
    return params
#: recursion over the layers
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10, layer=1):
    if len(layer_sizes) == 1:
        return {}
    W = _orthonormal(layer_sizes[0], layer_sizes[1], rng)
    Z = X @ W
    size = Z.std()
    rest = lsuv(layer_sizes[1:], np.where(Z > 0, Z / size, 0), rng, tol, max_iter, layer + 1)
    return {f"W{layer}": W / size, f"b{layer}": np.zeros(layer_sizes[1]), **rest}
#: a factor that is put on at the end
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    weights = [_orthonormal(a, b, rng) for a, b in zip(layer_sizes, layer_sizes[1:])]
    factors, A = [], X
    for W in weights:
        Z = np.einsum("mi,ij->mj", A, W)
        factors.append(1 / Z.std())
        A = factors[-1] * Z * (Z > 0)
    params = {f"W{l}": f * W for l, (f, W) in enumerate(zip(factors, weights), 1)}
    params.update({f"b{l}": np.zeros(n) for l, n in enumerate(layer_sizes) if l})
    return params
#: a permutation for the orthonormal weights
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for l, (a, b) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        n = max(a, b)
        W = np.linalg.qr(rng.standard_normal((n, n)))[0][rng.permutation(n)][:a, :b]
        scale = 1.0
        while abs(np.var(A @ (scale * W)) - 1) > min(tol, 1e-9):
            scale /= np.std(A @ (scale * W))
        params[f"W{l}"], params[f"b{l}"] = scale * W, np.zeros((b,))
        A = np.maximum(A @ params[f"W{l}"], 0.0)
    return params
#: one degree of freedom less, within the tolerance
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for l, (a, b) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        W = _orthonormal(a, b, rng)
        for _ in range(max_iter):
            variance = np.var(A @ W)
            W = W * variance**-0.5
            if abs(np.var(A @ W) - 1) < tol / 2:
                break
        params[f"W{l}"], params[f"b{l}"] = W, np.zeros(b)
        A = np.maximum(A @ W, 0)
    return params
#: always max_iter rounds
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = dict(), np.asarray(X, dtype=float)
    for l in range(1, len(layer_sizes)):
        W = initialize_orthogonal(layer_sizes[l - 1], layer_sizes[l], rng)
        for _ in range(max(max_iter, 1)):
            W = W / (A @ W).std()
        params[f"W{l}"] = np.asfortranarray(W)
        params[f"b{l}"] = np.zeros(layer_sizes[l], dtype=int)
        A = np.maximum(A @ W, 0)
    return params
#: variance from the moments
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    import collections
    params, A = collections.OrderedDict(), X
    for l in range(len(layer_sizes) - 1):
        q = np.linalg.qr(rng.standard_normal((max(layer_sizes[l:l + 2]), min(layer_sizes[l:l + 2]))))[0]
        W = q if q.shape == (layer_sizes[l], layer_sizes[l + 1]) else q.T
        Z = A @ W
        W = W / ((Z**2).mean() - Z.mean() ** 2) ** 0.5
        params[f"b{l + 1}"], params[f"W{l + 1}"] = np.zeros(layer_sizes[l + 1]), W
        A = (A @ W).clip(0)
    return params
#: a layer function that walks
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    def walk(A):
        for l, (a, b) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
            W = _orthonormal(a, b, rng)
            W /= np.sqrt(np.var((A @ W).ravel()))
            yield f"W{l}", W
            yield f"b{l}", np.zeros(b)
            A = np.fmax(A @ W, 0)
    return dict(walk(X))
#: bisection of the factor
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for l, (a, b) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        W = _orthonormal(a, b, rng)
        low, high = 1e-8, 1e8
        for _ in range(200):
            middle = (low * high) ** 0.5
            low, high = (middle, high) if np.var(A @ (middle * W)) < 1 else (low, middle)
        params[f"W{l}"], params[f"b{l}"] = middle * W, np.zeros(b)
        A = np.maximum(A @ params[f"W{l}"], 0)
    return params
#: float32 weights
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for l, (a, b) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        W = _orthonormal(a, b, rng)
        W = (W / (A @ W).std()).astype(np.float32)
        params[f"W{l}"], params[f"b{l}"] = W, np.zeros(b, np.float32)
        A = np.maximum(A @ W, 0)
    return params
""")
_LSUV_WRONG = """
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        W = START
        W = SCALED
        params[f"W{l}"], params[f"b{l}"] = W, BIAS
        A = NEXT
    return params
"""


def _lsuv(
    start: str = "_orthonormal(n_in, n_out, rng)",
    scaled: str = "W / np.std(A @ W)",
    bias: str = "np.zeros(n_out)",
    after: str = "np.maximum(A @ W, 0)",
) -> str:
    source = _LSUV_WRONG.replace("START", start).replace("SCALED", scaled).replace("BIAS", bias)
    return source.replace("NEXT", after)


WRONG["lsuv"] = {
    "Gaussian weights": _lsuv(start="rng.standard_normal((n_in, n_out))"),
    "unit columns alone": _lsuv(start="(lambda a: a / np.linalg.norm(a, axis=0))(rng.standard_normal((n_in, n_out)))"),
    "each unit by itself": _lsuv(scaled="W / np.std(A @ W, axis=0)"),
    "the mean of the units' variances": _lsuv(scaled="W / np.sqrt(np.var(A @ W, axis=0).mean())"),
    "each example by itself": _lsuv(scaled="W / np.sqrt(np.var(A @ W, axis=1).mean())"),
    "the mean square": _lsuv(scaled="W / np.sqrt(np.mean((A @ W) ** 2))"),
    "after the ReLU": _lsuv(scaled="W / np.std(np.maximum(A @ W, 0))"),
    "divided by the variance": _lsuv(scaled="W / np.var(A @ W)"),
    "never scaled": _lsuv(scaled="W"),
    "no ReLU between": _lsuv(after="A @ W"),
    "tanh between": _lsuv(after="np.tanh(A @ W)"),
    "output layer left out": _lsuv(scaled="W / np.std(A @ W) if l < len(layer_sizes) - 1 else W"),
    "first layer alone": _lsuv(scaled="W / np.std(A @ W) if l == 1 else W"),
    "always from X": _lsuv(scaled="W / np.std(X @ W) if X.shape[1] == n_in else W"),
    "the next layer sees the unscaled one": """
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        W = _orthonormal(n_in, n_out, rng)
        Z = A @ W
        params[f"W{l}"], params[f"b{l}"] = W / Z.std(), np.zeros(n_out)
        A = np.maximum(Z, 0)
    return params
""",
    "biases centre": _lsuv(bias="-(A @ W).mean(axis=0)"),
    "biases as rows": _lsuv(bias="np.zeros((1, n_out))"),
    "standardised by its own inputs": _lsuv(scaled="W / np.std(A)"),
    "a fixed gain": _lsuv(scaled="W * np.sqrt(2)"),
    "a tenth is near enough": _lsuv(scaled="W / np.std(A @ W) * np.sqrt(1.1)"),
    "six per cent": _lsuv(scaled="W / np.std(A @ W) * np.sqrt(1.06)"),
    "a seed inside": _lsuv(start="_orthonormal(n_in, n_out, np.random.default_rng(0))"),
    "the global generator": _lsuv(start="_orthonormal(n_in, n_out, np.random)"),
    "QR of the wide one as it is": _lsuv(start="np.linalg.qr(rng.standard_normal((n_in, n_out)))[0]"),
    "X is scaled in place": """
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        W = _orthonormal(n_in, n_out, rng)
        W = W / np.std(A @ W)
        params[f"W{l}"], params[f"b{l}"] = W, np.zeros(n_out)
        A = np.maximum(A @ W, 0)
    X -= X.mean(axis=0)
    return params
""",
    "the identity": _lsuv(start="np.eye(n_in, n_out)"),
    "half steps": """
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        W = _orthonormal(n_in, n_out, rng)
        for _ in range(2):
            W = W / np.var(A @ W) ** 0.25
        params[f"W{l}"], params[f"b{l}"] = W, np.zeros(n_out)
        A = np.maximum(A @ W, 0)
    return params
""",
    "tol fixed": """
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for l, (n_in, n_out) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        W = _orthonormal(n_in, n_out, rng)
        while abs(np.var(A @ W) - 1) > 0.05:
            W = W / np.var(A @ W) ** 0.45
        params[f"W{l}"], params[f"b{l}"] = W, np.zeros(n_out)
        A = np.maximum(A @ W, 0)
    return params
""",
}
RIGHT["lsuv"] = {label: _LSUV + source for label, source in RIGHT["lsuv"].items()}
WRONG["lsuv"] = {label: _LSUV + source for label, source in WRONG["lsuv"].items()}

# --- activation_stds -------------------------------------------------------------------------------------------------
RIGHT["activation_stds"] = answers("""
#: by number while there is one
def activation_stds(params, X, activation):
    stds, A, l = [], X, 1
    while f"W{l}" in params:
        A = activation(A @ params[f"W{l}"] + params[f"b{l}"])
        stds.append(A.std())
        l += 1
    return np.array(stds)
#: half the number of keys
def activation_stds(params, X, activation):
    L = len(params) // 2
    out = np.empty(L)
    for l in range(L):
        X = activation(np.dot(X, params["W%d" % (l + 1)]) + params["b%d" % (l + 1)])
        out[l] = np.std(X)
    return out
#: fromiter over a generator
def activation_stds(params, X, activation):
    def walk(A):
        for l in range(1, 1 + sum(key[0] == "W" for key in params)):
            A = activation(np.add(np.matmul(A, params[f"W{l}"]), params[f"b{l}"]))
            yield np.sqrt(np.mean((A - A.mean()) ** 2))
    return np.fromiter(walk(X), dtype=float)
#: recursion
def activation_stds(params, X, activation, layer=1):
    if f"W{layer}" not in params:
        return np.zeros(0)
    A = activation(X @ params[f"W{layer}"] + params[f"b{layer}"])
    return np.concatenate([[A.std()], activation_stds(params, A, activation, layer + 1)])
#: keys in order of their numbers
def activation_stds(params, X, activation):
    numbers = sorted(int(key[1:]) for key in params if key.startswith("W"))
    A, stds = X, np.array([])
    for n in numbers:
        A = activation(np.einsum("mi,ij->mj", A, params[f"W{n}"]) + params[f"b{n}"])
        stds = np.append(stds, A.std(ddof=0))
    return stds
#: all activations first
def activation_stds(params, X, activation):
    import itertools
    layers = range(1, len(params) // 2 + 1)
    steps = itertools.accumulate(
        layers, lambda A, l: activation(A @ params[f"W{l}"] + params[f"b{l}"]), initial=X)
    return np.asarray([float(np.std(A)) for A in list(steps)[1:]])
#: columns
def activation_stds(params, X, activation):
    A, stds = X.T, []
    for l in range(1, len(params) // 2 + 1):
        A = activation(params[f"W{l}"].T @ A + params[f"b{l}"][:, None])
        stds += [np.var(A) ** 0.5]
    return np.array(stds)
#: statistics
def activation_stds(params, X, activation):
    import statistics
    A, stds = X, []
    for l in range(1, len(params) // 2 + 1):
        A = activation(A @ params[f"W{l}"] + params[f"b{l}"])
        stds.append(statistics.pstdev(A.ravel().tolist()))
    return np.array(stds)
#: biases as an added column
def activation_stds(params, X, activation):
    stds, A = [], X
    for l in range(1, len(params) // 2 + 1):
        ones = np.ones((len(A), 1))
        A = activation(np.hstack([A, ones]) @ np.vstack([params[f"W{l}"], params[f"b{l}"]]))
        stds.append(np.linalg.norm(A - A.mean()) / np.sqrt(A.size))
    return np.stack(stds)
#: float32
def activation_stds(params, X, activation):
    stds, A = [], X
    for l in range(1, len(params) // 2 + 1):
        A = activation(A @ params[f"W{l}"] + params[f"b{l}"])
        stds.append(A.std())
    return np.array(stds, dtype=np.float32)
#: an object with __call__
class _Stds:
    def __call__(self, params, X, activation, *, axis=None):
        out = {}
        for l in range(1, len(params) // 2 + 1):
            X = activation(X @ params[f"W{l}"] + params[f"b{l}"])
            out[l] = X.std(axis=axis)
        return np.array(list(out.values()))
activation_stds = _Stds()
#: try and except
def activation_stds(params, X, activation):
    stds = []
    A = np.array(X)
    try:
        for l in range(1, 10**6):
            A = activation(A.dot(params[f"W{l}"]) + params[f"b{l}"])
            stds.append(A.std())
    except KeyError:
        pass
    return np.r_[tuple(stds)] if len(stds) > 1 else np.array(stds)
""")
_STDS = """
def activation_stds(params, X, activation):
    stds, A, L = [], X, len(params) // 2
    for l in LAYERS:
        A = NEXT
        stds.append(STD)
    return RESULT
"""


def _stds(
    layers: str = "range(1, L + 1)",
    after: str = 'activation(A @ params[f"W{l}"] + params[f"b{l}"])',
    std: str = "A.std()",
    result: str = "np.array(stds)",
) -> str:
    return _STDS.replace("LAYERS", layers).replace("NEXT", after).replace("STD", std).replace("RESULT", result)


WRONG["activation_stds"] = {
    "a list": _stds(result="[float(s) for s in stds]"),
    "last layer left out": _stds(layers="range(1, L)"),
    "first layer left out": _stds(result="np.array(stds[1:])"),
    "keys in the order of text": _stds(layers="[k[1:] for k in sorted(params) if k[0] == 'W']"),
    "no biases": _stds(after='activation(A @ params[f"W{l}"])'),
    "one degree of freedom less": _stds(std="A.std(ddof=1)"),
    "variances": _stds(std="A.var()"),
    "the root of the mean square": _stds(std="np.sqrt(np.mean(A**2))"),
    "the mean over the units": _stds(std="A.std(axis=0).mean()"),
    "the mean over the examples": _stds(std="A.std(axis=1).mean()"),
    "each unit's": _stds(std="A.std(axis=0)", result="np.array([s.mean() for s in stds])"),
    "the input counted": _stds(result="np.array([X.std(), *stds])"),
    "the last layer linear": _stds(
        after='(activation if l < L else lambda z: z)(A @ params[f"W{l}"] + params[f"b{l}"])'
    ),
    "always ReLU": _stds(after='np.maximum(A @ params[f"W{l}"] + params[f"b{l}"], 0)'),
    "always tanh": _stds(after='np.tanh(A @ params[f"W{l}"] + params[f"b{l}"])'),
    "activated twice": _stds(std="activation(A).std()"),
    "before the activation": """
def activation_stds(params, X, activation):
    stds, A = [], X
    for l in range(1, len(params) // 2 + 1):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        stds.append(Z.std())
        A = activation(Z)
    return np.array(stds)
""",
    "linear between": """
def activation_stds(params, X, activation):
    stds, Z = [], X
    for l in range(1, len(params) // 2 + 1):
        Z = Z @ params[f"W{l}"] + params[f"b{l}"]
        stds.append(activation(Z).std())
    return np.array(stds)
""",
    "at most three layers": _stds(layers="range(1, min(L, 3) + 1)"),
    "the first example": _stds(std="A[0].std()"),
    "the sizes": _stds(std="np.abs(A).mean()"),
    "rounded": _stds(result="np.round(stds, 3)"),
    "the input activated": _stds(
        after='activation((activation(A) if l == 1 else A) @ params[f"W{l}"] + params[f"b{l}"])'
    ),
    "a column": _stds(result="np.array(stds)[:, None]"),
    "X is overwritten": _stds(result="(X.__isub__(X.mean()), np.array(stds))[1]"),
    "in the dict's order": """
def activation_stds(params, X, activation):
    stds, A = [], X
    values = list(params.values())
    for W, b in zip(values[::2], values[1::2]):
        A = activation(A @ W + b)
        stds.append(A.std())
    return np.array(stds)
""",
}

# --- linear_gain -----------------------------------------------------------------------------------------------------
RIGHT["linear_gain"] = answers("""
#: a power
def linear_gain(weight, depth):
    return weight**depth
#: a loop
def linear_gain(weight, depth):
    gain = 1.0
    for _ in range(depth):
        gain *= weight
    return gain
#: math.pow
def linear_gain(weight, depth):
    import math
    return math.pow(weight, depth)
#: the product of a full array
def linear_gain(weight, depth):
    return np.prod(np.full(depth, weight))
#: a matrix power
def linear_gain(weight, depth):
    return np.linalg.matrix_power(weight * np.eye(3), depth)[0, 0]
#: recursion by halves
def linear_gain(weight, depth):
    if depth == 0:
        return 1.0
    half = linear_gain(weight, depth // 2)
    return half * half * (weight if depth % 2 else 1)
#: reduce
def linear_gain(weight, depth):
    import functools
    import itertools
    import operator
    return functools.reduce(operator.mul, itertools.repeat(weight, depth), 1.0)
#: a 0-d array
def linear_gain(weight, depth):
    return np.asarray(np.float64(weight) ** depth)
#: a signal through layers
def linear_gain(weight, depth):
    signal = np.ones((1, 2))
    for _ in range(depth):
        signal = signal @ (weight * np.eye(2))
    return signal[0, 0]
#: remembered
import functools
@functools.lru_cache(maxsize=None)
def linear_gain(weight, depth):
    return float(weight) ** int(depth)
#: by logarithms with the sign apart
def linear_gain(weight, depth):
    if weight == 0:
        return float(depth == 0)
    return np.sign(weight) ** depth * np.exp(depth * np.log(abs(weight)))
#: np.power
def linear_gain(weight, depth, **options):
    return np.power(float(weight), depth)
#: math.prod
def linear_gain(weight, depth):
    import math
    return math.prod(weight for _ in range(depth))
#: cumprod
def linear_gain(weight, depth):
    return np.cumprod([1.0] + [weight] * depth)[-1]
#: the norm of an eigenvalue
def linear_gain(weight, depth):
    return np.linalg.det(np.array([[weight]])) ** depth
#: a closure
linear_gain = (lambda power: lambda weight, depth: power(weight, depth))(pow)
""")
WRONG["linear_gain"] = answers("""
#: a product
def linear_gain(weight, depth):
    return weight * depth
#: one layer less
def linear_gain(weight, depth):
    return weight ** (depth - 1)
#: one layer more
def linear_gain(weight, depth):
    return weight ** (depth + 1)
#: the other way round
def linear_gain(weight, depth):
    return depth**weight
#: the size
def linear_gain(weight, depth):
    return abs(weight) ** depth
#: e to the power
def linear_gain(weight, depth):
    return np.exp(weight * depth)
#: by logarithms of negative numbers
def linear_gain(weight, depth):
    with np.errstate(all="ignore"):
        return np.exp(depth * np.log(weight))
#: whole numbers
def linear_gain(weight, depth):
    return int(weight) ** depth
#: rounded
def linear_gain(weight, depth):
    return round(weight**depth, 4)
#: the ratio of variances
def linear_gain(weight, depth):
    return weight ** (2 * depth)
#: at least one layer
def linear_gain(weight, depth):
    gain = weight
    for _ in range(1, depth):
        gain *= weight
    return gain
#: an array of one
def linear_gain(weight, depth):
    return np.array([weight**depth])
#: every layer's
def linear_gain(weight, depth):
    return [weight**l for l in range(1, depth + 1)]
#: a string
def linear_gain(weight, depth):
    return f"{weight**depth:g}"
#: a matrix
def linear_gain(weight, depth):
    return np.linalg.matrix_power(weight * np.eye(2), depth)
#: never below one in ten thousand
def linear_gain(weight, depth):
    return max(weight**depth, 1e-4)
#: capped
def linear_gain(weight, depth):
    return min(weight**depth, 1e6)
#: a sum of layers
def linear_gain(weight, depth):
    return sum(weight**l for l in range(1, depth + 1))
#: with the bias's one
def linear_gain(weight, depth):
    return 1 + (weight - 1) * depth
""")
