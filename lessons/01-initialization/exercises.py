"""How the exercises of lesson 01 are judged."""

# Wrong and right solutions are written the way students write them.
# ruff: noqa: C408, RUF007, UP032

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograde.check.cases import Call, Case, Property
from autograde.check.codec import StandIn
from autograde.judge.catalogue import Equivalent, Exercise

Sizes = Sequence[int]
Rule = Callable[[int, int], float]


def draws(rng: np.random.Generator) -> StandIn:
    """A generator for a student's function, with a seed of its own."""
    return StandIn("rng", {"seed": int(rng.integers(2**31))})


def layers(sizes: Sizes) -> list[tuple[int, int, int]]:
    """``(number, n_in, n_out)`` of each layer."""
    return [(i + 1, sizes[i], sizes[i + 1]) for i in range(len(sizes) - 1)]


def shapes(sizes: Sizes) -> Property:
    """The keys and shapes of a network's parameters."""
    found: dict[str, tuple[int, ...]] = {}
    for i, n_in, n_out in layers(sizes):
        found[f"W{i}"], found[f"b{i}"] = (n_in, n_out), (n_out,)
    return Property("has_shapes", {"shapes": found})


def zero_biases(sizes: Sizes) -> Property:
    """Every bias is zero."""
    return Property("zeros", {"keys": [f"b{i}" for i, _, _ in layers(sizes)]})


def per_layer(sizes: Sizes, rule: Rule) -> dict[str, float]:
    """A number for each weight matrix, from its fan-in and fan-out."""
    return {f"W{i}": float(rule(n_in, n_out)) for i, n_in, n_out in layers(sizes)}


def normal_weights(sizes: Sizes, std: Rule) -> tuple[Property, ...]:
    """All that must hold of parameters with independent normal weights of this standard deviation."""
    stds = per_layer(sizes, std)
    return (
        shapes(sizes),
        zero_biases(sizes),
        Property("centred", {"keys": list(stds)}),
        Property("spread_is", {"stds": stds}),
        Property("independent_entries", {"stds": stds}),
        Property("normal_shape", {"stds": stds}),
    )


def uniform_weights(sizes: Sizes, limit: Rule) -> tuple[Property, ...]:
    """All that must hold of parameters with independent weights, uniform on ± this limit."""
    limits = per_layer(sizes, limit)
    return (
        shapes(sizes),
        zero_biases(sizes),
        Property("centred", {"keys": list(limits)}),
        Property("uniform_shape", {"limits": limits}),
        Property("independent_entries", {"stds": {k: v / np.sqrt(3) for k, v in limits.items()}}),
    )


def seeds(name: str, args: tuple[Any, ...], rng: np.random.Generator, keys: Sequence[str] = ()) -> Case:
    """Twice the same seed, then another one; ``args`` come before the generator."""
    one, other = draws(rng), draws(rng)
    return Case(
        "generators with equal and with different seeds",
        tuple(Call(name, (*args, generator)) for generator in (one, one, other)),
        (
            Property("same_results", {"first": 0, "second": 1}),
            Property("different_results", {"first": 0, "second": 2, "keys": list(keys)}),
        ),
    )


def visible_network(name: str, expect: Callable[[Sizes], tuple[Property, ...]], rng: np.random.Generator) -> list[Case]:
    """The two cases that every random initialiser shows."""
    sizes = [250, 80, 10]
    return [
        Case(
            "a network with 250 inputs, 80 hidden units and 10 outputs",
            (Call(name, (sizes, draws(rng))),),
            expect(sizes),
        ),
        seeds(name, ([6, 5, 4],), rng, ["W1", "W2"]),
    ]


def hidden_networks(name: str, expect: Callable[[Sizes], tuple[Property, ...]], rng: np.random.Generator) -> list[Case]:
    """Networks that show a wrong formula, a lost layer and weights that hang together."""
    networks: list[tuple[str, Sizes]] = [
        ("two large layers of different shapes", [150, 200, 90]),
        ("layers with few inputs and many outputs", [2, 2000, 3]),
        ("a network of more than ten layers of one width", [20] * 13),
        ("layer sizes in a tuple, narrowing", (60, 12, 40, 1)),
        ("a single layer", [90, 30]),
        ("layers of one unit", [1, 1, 1]),
    ]
    cases = [Case(label, (Call(name, (sizes, draws(rng))),), expect(sizes)) for label, sizes in networks]
    return [*cases, seeds(name, ((30, 20, 8, 4),), rng, ["W1", "W2", "W3"])]


# --- initialize_zeros ------------------------------------------------------------------------------------------------

initialize_zeros = Exercise(
    "initialize_zeros",
    points=2,
    hints=(
        "A network with `L + 1` layer sizes has `L` layers. Which sizes does layer 1 join? Which ones does the last?",
        "Loop over `l = 1 … L`. The weights `W` of layer `l` go from `layer_sizes[l - 1]` units to `layer_sizes[l]` "
        "units.",
        'In the loop, store `np.zeros((layer_sizes[l - 1], layer_sizes[l]))` under `f"W{l}"` and a vector of '
        '`layer_sizes[l]` zeros under `f"b{l}"`.',
    ),
    not_checked=("networks of more than ten layers", "layers of one unit"),
)


@initialize_zeros.visible
def _(rng):
    yield Case("a network with one hidden layer", (Call("initialize_zeros", ([4, 3, 2],)),))
    yield Case("a single layer", (Call("initialize_zeros", ([2, 5],)),))


@initialize_zeros.hidden
def _(rng):
    yield Case("a deeper network", (Call("initialize_zeros", ([5, 7, 3, 2],)),))
    yield Case("more than ten layers", (Call("initialize_zeros", ([int(n) for n in rng.integers(1, 9, 13)],)),))
    yield Case("layer sizes in a tuple", (Call("initialize_zeros", ((3, 8, 1),)),))
    yield Case("layers of one unit", (Call("initialize_zeros", ([1, 1, 1],)),))
    yield Case("layers of equal width", (Call("initialize_zeros", ([6, 6, 6],)),))
    yield Case("layer sizes given by name", (Call("initialize_zeros", (), {"layer_sizes": [30, 20]}),))


@initialize_zeros.misconception(
    hint="The last layer is missing. `range(1, L)` stops at `L - 1`; the number of layers is `len(layer_sizes) - 1`, "
    "and the last one counts."
)
def the_last_layer_is_lost(layer_sizes):
    params = {}
    for i in range(1, len(layer_sizes) - 1):
        params[f"W{i}"] = np.zeros((layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_zeros.misconception(
    hint="Your weights have the shape (n_out, n_in). In this course examples are rows and `Z = A @ W + b`, so `W` has "
    "one row per input and one column per unit."
)
def weights_are_transposed(layer_sizes):
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = np.zeros((layer_sizes[i], layer_sizes[i - 1]))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_zeros.misconception(
    hint="Your biases have the shape (1, n). Here a bias is a plain vector of shape (n,); NumPy adds it to every row."
)
def biases_are_rows(layer_sizes):
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = np.zeros((layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros((1, layer_sizes[i]))
    return params


@initialize_zeros.misconception(
    hint="Your biases have the shape (n, 1), as in courses that keep examples in columns. Here it is (n,)."
)
def biases_are_columns(layer_sizes):
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = np.zeros((layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros((layer_sizes[i], 1))
    return params


@initialize_zeros.misconception(hint="Your layers are numbered from 0. The first layer is layer 1: `W1` and `b1`.")
def layers_are_numbered_from_zero(layer_sizes):
    params = {}
    for i in range(len(layer_sizes) - 1):
        params[f"W{i}"] = np.zeros((layer_sizes[i], layer_sizes[i + 1]))
        params[f"b{i}"] = np.zeros(layer_sizes[i + 1])
    return params


@initialize_zeros.misconception(
    hint="The bias has one entry per input of the layer. It is added to the layer's outputs, so it needs one per unit."
)
def biases_have_the_size_of_the_inputs(layer_sizes):
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = np.zeros((layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros(layer_sizes[i - 1])
    return params


@initialize_zeros.misconception(hint="The parameters are one dict with the keys W1, b1, W2, …, not a list of pairs.")
def a_list_of_pairs(layer_sizes):
    return [
        (np.zeros((n_in, n_out)), np.zeros(n_out))
        for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:], strict=True)
    ]


@initialize_zeros.misconception(
    hint="Your weights are all ones. Equal weights of any size leave the units alike; here the value asked for is zero."
)
def ones_instead_of_zeros(layer_sizes):
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = np.ones((layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_zeros.alternative
def by_a_dict_comprehension(layer_sizes):
    pairs = list(zip(layer_sizes[:-1], layer_sizes[1:], strict=True))
    weights = {f"W{i}": np.zeros(shape) for i, shape in enumerate(pairs, 1)}
    return weights | {f"b{i}": np.zeros(shape[1]) for i, shape in enumerate(pairs, 1)}


@initialize_zeros.alternative
def by_filling_single_precision(layer_sizes):
    params = dict()
    n_in, *rest = layer_sizes
    for i, n_out in enumerate(rest):
        params["W" + str(i + 1)] = np.full((n_in, n_out), 0.0, dtype=np.float32)
        params["b" + str(i + 1)] = np.zeros((n_out,), dtype=np.float32)
        n_in = n_out
    return params


@initialize_zeros.alternative
def from_the_last_layer_backwards(layer_sizes):
    params = {}
    for i in reversed(range(1, len(layer_sizes))):
        block = np.zeros((layer_sizes[i - 1] + 1, layer_sizes[i]))
        params[f"b{i}"], params[f"W{i}"] = block[-1], block[:-1]
    return params


# --- initialize_random -----------------------------------------------------------------------------------------------

initialize_random = Exercise(
    "initialize_random",
    points=3,
    hints=(
        "Keep the loop of `initialize_zeros`. Only the weights change; the biases stay zero.",
        "`rng.standard_normal((n_in, n_out))` draws a whole matrix with mean 0 and standard deviation 1.",
        "Multiply that matrix by `scale`. Draw every layer from the one `rng` that was handed in.",
    ),
    not_checked=("other layer sizes and other scales, 0 among them", "networks of more than ten layers"),
)


def constant(scale: float) -> Callable[[Sizes], tuple[Property, ...]]:
    """What holds of weights with the same standard deviation in every layer."""
    return lambda sizes: normal_weights(sizes, lambda n_in, n_out: scale)


@initialize_random.visible
def _(rng):
    sizes = [250, 80, 10]
    yield Case("scale left at 1", (Call("initialize_random", (sizes, draws(rng))),), constant(1.0)(sizes))
    sizes = [120, 40, 3]
    call = Call("initialize_random", (sizes, draws(rng)), {"scale": 0.2})
    yield Case("a scale of 0.2", (call,), constant(0.2)(sizes))
    yield seeds("initialize_random", ([6, 5, 4],), rng, ["W1", "W2"])


@initialize_random.hidden
def _(rng):
    yield from hidden_networks("initialize_random", constant(1.0), rng)
    for label, scale in (("a small scale", 0.01), ("a large scale", 10.0)):
        sizes = [70, 90, 5]
        yield Case(label, (Call("initialize_random", (sizes, draws(rng), scale)),), constant(scale)(sizes))
    yield Case("a scale of zero", (Call("initialize_random", ([4, 6, 3], draws(rng)), {"scale": 0.0}),))


@initialize_random.misconception(
    hint="All your weights are positive. `rng.random` is uniform between 0 and 1; a standard normal has both signs."
)
def uniform_and_positive(layer_sizes, rng, scale=1.0):
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = rng.random((layer_sizes[i - 1], layer_sizes[i])) * scale
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_random.misconception(
    hint="Your weights are spread evenly between -scale and scale. Asked for is a normal distribution whose standard "
    "deviation is `scale`."
)
def uniform_between_minus_and_plus_scale(layer_sizes, rng, scale=1.0):
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = rng.uniform(-scale, scale, (layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_random.misconception(hint="Your weights are the same whatever `scale` is. Multiply the draws by it.")
def scale_is_ignored(layer_sizes, rng, scale=1.0):
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = rng.standard_normal((layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_random.misconception(
    hint="Your weights are 100 times too small: a factor 0.01 stands in the code. It belongs to the caller's `scale`."
)
def a_fixed_factor_of_a_hundredth(layer_sizes, rng, scale=1.0):
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = rng.standard_normal((layer_sizes[i - 1], layer_sizes[i])) * 0.01 * scale
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_random.misconception(
    hint="`scale` comes out as the variance. It is meant as the standard deviation: no square root of it is needed."
)
def scale_is_taken_for_the_variance(layer_sizes, rng, scale=1.0):
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = np.sqrt(scale) * rng.standard_normal((layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_random.misconception(
    hint="The standard deviation is `scale` squared. `rng.normal(0, s)` wants the standard deviation `s`, not the "
    "variance."
)
def scale_is_squared(layer_sizes, rng, scale=1.0):
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = rng.normal(0, scale**2, (layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_random.misconception(
    hint="Your biases are random. Weights that differ already break the symmetry; biases start at zero."
)
def random_biases(layer_sizes, rng, scale=1.0):
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = rng.standard_normal((layer_sizes[i - 1], layer_sizes[i])) * scale
        params[f"b{i}"] = rng.standard_normal(layer_sizes[i]) * scale
    return params


@initialize_random.misconception(
    hint="Your function draws the same numbers on every call: it makes a generator of its own. Draw from `rng`."
)
def a_seed_inside_the_function(layer_sizes, rng, scale=1.0):
    rng = np.random.default_rng(3)
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = rng.standard_normal((layer_sizes[i - 1], layer_sizes[i])) * scale
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_random.misconception(
    hint="Every layer starts with the same numbers: a generator is made anew inside the loop. Use the one `rng` "
    "throughout."
)
def a_seed_inside_the_loop(layer_sizes, rng, scale=1.0):
    params = {}
    for i in range(1, len(layer_sizes)):
        again = np.random.default_rng(3)
        params[f"W{i}"] = again.standard_normal((layer_sizes[i - 1], layer_sizes[i])) * scale
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_random.misconception(
    hint="`np.random.randn` draws from a generator that the whole program shares. Use `rng.standard_normal(...)`."
)
def the_global_generator(layer_sizes, rng, scale=1.0):
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = np.random.randn(layer_sizes[i - 1], layer_sizes[i]) * scale
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_random.misconception(
    hint="All rows of a weight matrix are the same: one row was drawn and repeated. Draw the whole matrix."
)
def one_row_for_all_inputs(layer_sizes, rng, scale=1.0):
    params = {}
    for i in range(1, len(layer_sizes)):
        row = rng.standard_normal(layer_sizes[i]) * scale
        params[f"W{i}"] = np.tile(row, (layer_sizes[i - 1], 1))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_random.alternative
def by_normal_with_a_scale(layer_sizes, rng, scale=1.0):
    params = {}
    for i, shape in enumerate(zip(layer_sizes[:-1], layer_sizes[1:], strict=True), 1):
        params[f"W{i}"] = rng.normal(0.0, scale, size=shape)
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_random.alternative
def unit_by_unit_in_single_precision(layer_sizes, rng, scale=1.0):
    params = {}
    for i in range(len(layer_sizes) - 1, 0, -1):
        units = [
            rng.standard_normal(layer_sizes[i - 1], dtype=np.float32) * np.float32(scale) for _ in range(layer_sizes[i])
        ]
        params[f"b{i}"] = np.zeros(layer_sizes[i], dtype=np.float32)
        params[f"W{i}"] = np.stack(units, axis=1)
    return params


@initialize_random.alternative
def all_numbers_at_once(layer_sizes, rng, scale=1.0):
    pairs = list(zip(layer_sizes[:-1], layer_sizes[1:], strict=True))
    numbers = scale * rng.standard_normal(sum(a * b for a, b in pairs))
    params, start = {}, 0
    for i, (a, b) in enumerate(pairs, 1):
        params[f"W{i}"], params[f"b{i}"] = numbers[start : start + a * b].reshape(b, a).T, np.zeros(b)
        start += a * b
    return params


@initialize_random.alternative
def one_generator_for_each_layer(layer_sizes, rng, scale=1.0):
    params = {}
    for i, child in enumerate(rng.spawn(len(layer_sizes) - 1), 1):
        params[f"W{i}"] = child.standard_normal((layer_sizes[i - 1], layer_sizes[i])) * scale
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


# --- initialize_xavier -----------------------------------------------------------------------------------------------

initialize_xavier = Exercise(
    "initialize_xavier",
    points=3,
    hints=(
        "Only the factor differs from `initialize_random`: it is no longer one number, it depends on the layer.",
        "`n_in` is the number of inputs of the layer, the first size of its weight matrix. The variance is `1 / n_in`.",
        "Multiply the standard normal draws by `np.sqrt(1 / n_in)`, with `n_in = layer_sizes[l - 1]`.",
    ),
    not_checked=("layers with few inputs and many outputs", "networks of more than ten layers"),
)


def xavier(sizes: Sizes) -> tuple[Property, ...]:
    """What holds of this lesson's Xavier weights."""
    return normal_weights(sizes, lambda n_in, n_out: (1 / n_in) ** 0.5)


@initialize_xavier.visible
def _(rng):
    yield from visible_network("initialize_xavier", xavier, rng)


@initialize_xavier.hidden
def _(rng):
    yield from hidden_networks("initialize_xavier", xavier, rng)


@initialize_xavier.misconception(
    hint="The standard deviation uses the number of units, n_out. The signal a unit receives is a sum over its "
    "inputs: n_in."
)
def fan_out_for_fan_in(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = rng.standard_normal(shape) * np.sqrt(1 / shape[1])
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_xavier.misconception(
    hint="Your weights are far too small: 1 / n_in is the variance. The draws are multiplied by its square root."
)
def the_variance_as_standard_deviation(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = rng.standard_normal(shape) / shape[0]
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_xavier.misconception(
    hint="Your weights are 1.41 times too large: the 2 in the numerator belongs to He, for ReLU. Xavier has a 1."
)
def he_for_xavier(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = rng.standard_normal(shape) * np.sqrt(2 / shape[0])
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_xavier.misconception(
    hint="This is Glorot's variance, 2 / (n_in + n_out). The convention box names the one graded here: 1 / n_in."
)
def glorot_for_xavier(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = rng.normal(0, np.sqrt(2 / (shape[0] + shape[1])), shape)
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_xavier.misconception(
    hint="Your weights are uniform on ±sqrt(1 / n_in), so their standard deviation is 1.73 times too small. Draw "
    "from a "
    "normal distribution."
)
def uniform_with_the_standard_deviation_as_limit(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        limit = np.sqrt(1 / layer_sizes[i - 1])
        params[f"W{i}"] = rng.uniform(-limit, limit, (layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_xavier.misconception(
    hint="The standard deviation is right, the distribution is not: your weights are uniform, asked for is normal."
)
def uniform_with_the_right_spread(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        limit = np.sqrt(3 / layer_sizes[i - 1])
        params[f"W{i}"] = rng.uniform(-limit, limit, (layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_xavier.misconception(
    hint="The first layer is right; the later ones use the network's number of inputs instead of their own."
)
def the_network_inputs_for_every_layer(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = rng.standard_normal(shape) / np.sqrt(layer_sizes[0])
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_xavier.misconception(
    hint="All your weights are positive: `rng.random` is uniform between 0 and 1. Use `rng.standard_normal`."
)
def rand_for_randn(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = rng.random((layer_sizes[i - 1], layer_sizes[i])) / np.sqrt(layer_sizes[i - 1])
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_xavier.misconception(
    hint="`rng` is not used: `np.random` draws from a generator that the whole program shares."
)
def the_global_generator(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = np.random.randn(layer_sizes[i - 1], layer_sizes[i]) / np.sqrt(layer_sizes[i - 1])
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_xavier.misconception(hint="Your biases are random. The weights break the symmetry; biases start at zero.")
def random_biases_too(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        factor = np.sqrt(1 / layer_sizes[i - 1])
        params[f"W{i}"] = rng.standard_normal((layer_sizes[i - 1], layer_sizes[i])) * factor
        params[f"b{i}"] = rng.standard_normal(layer_sizes[i]) * factor
    return params


@initialize_xavier.misconception(hint="The last layer is missing. It is a layer like the others: weights and biases.")
def the_last_layer_is_lost(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes) - 1):
        params[f"W{i}"] = rng.standard_normal((layer_sizes[i - 1], layer_sizes[i])) / np.sqrt(layer_sizes[i - 1])
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_xavier.alternative
def by_normal(layer_sizes, rng):
    params = {}
    for i, (n_in, n_out) in enumerate(zip(layer_sizes[:-1], layer_sizes[1:], strict=True), start=1):
        params["W{}".format(i)] = rng.normal(scale=n_in**-0.5, size=(n_in, n_out))
        params["b{}".format(i)] = np.zeros(n_out)
    return params


@initialize_xavier.alternative
def row_by_row(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        n_in, n_out = layer_sizes[i - 1], layer_sizes[i]
        W = np.empty((n_in, n_out))
        for row in W:
            row[:] = rng.standard_normal(n_out) / np.sqrt(n_in)
        params[f"W{i}"], params[f"b{i}"] = W, np.zeros(n_out)
    return params


@initialize_xavier.alternative
def transposed_draws_from_the_last_layer(layer_sizes, rng):
    params = {}
    for i in reversed(range(1, len(layer_sizes))):
        n_out, n_in = layer_sizes[i], layer_sizes[i - 1]
        params[f"W{i}"] = (rng.standard_normal((n_out, n_in)) / n_in**0.5).T
        params[f"b{i}"] = np.zeros(n_out)
    return params


@initialize_xavier.alternative
def scaled_from_the_earlier_exercise(layer_sizes, rng):
    params = initialize_random(layer_sizes, rng)
    return {k: v / np.sqrt(v.shape[0]) if k.startswith("W") else v for k, v in params.items()}


@initialize_xavier.alternative
def by_two_uniform_numbers(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        radius = np.sqrt(-2 * np.log(1 - rng.random(shape)))
        params[f"W{i}"] = radius * np.cos(2 * np.pi * rng.random(shape)) / np.sqrt(shape[0])
        params[f"b{i}"] = np.zeros(shape[1])
    return params


# --- initialize_glorot_uniform ---------------------------------------------------------------------------------------

initialize_glorot_uniform = Exercise(
    "initialize_glorot_uniform",
    points=3,
    hints=(
        "Two things change against Xavier: the distribution, and that both fans enter.",
        "A uniform distribution on ±limit has the standard deviation limit / sqrt(3). That is where the 6 comes from.",
        "`limit = np.sqrt(6 / (n_in + n_out))`, then `rng.uniform(-limit, limit, size=(n_in, n_out))`.",
    ),
    not_checked=("layers with few inputs and many outputs", "networks of more than ten layers"),
)


def glorot_uniform(sizes: Sizes) -> tuple[Property, ...]:
    """What holds of Glorot's uniform weights."""
    return uniform_weights(sizes, lambda n_in, n_out: (6 / (n_in + n_out)) ** 0.5)


@initialize_glorot_uniform.visible
def _(rng):
    yield from visible_network("initialize_glorot_uniform", glorot_uniform, rng)


@initialize_glorot_uniform.hidden
def _(rng):
    yield from hidden_networks("initialize_glorot_uniform", glorot_uniform, rng)


@initialize_glorot_uniform.misconception(
    hint="Only the fan-in enters your limit. Glorot's compromise between the two directions has n_in + n_out."
)
def only_the_fan_in(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        limit = np.sqrt(6 / layer_sizes[i - 1])
        params[f"W{i}"] = rng.uniform(-limit, limit, (layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_glorot_uniform.misconception(
    hint="You used the standard deviation sqrt(2 / (n_in + n_out)) as the limit. The limit of a uniform "
    "distribution is "
    "sqrt(3) times its standard deviation."
)
def the_standard_deviation_as_limit(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        limit = np.sqrt(2 / (layer_sizes[i - 1] + layer_sizes[i]))
        params[f"W{i}"] = rng.uniform(-limit, limit, (layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_glorot_uniform.misconception(hint="The square root is missing: your limit is 6 / (n_in + n_out) itself.")
def no_square_root(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        limit = 6 / (layer_sizes[i - 1] + layer_sizes[i])
        params[f"W{i}"] = rng.uniform(-limit, limit, (layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_glorot_uniform.misconception(
    hint="The root covers the 6 alone: `sqrt(6) / (n_in + n_out)`. It covers the whole fraction."
)
def the_root_of_the_six_alone(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        limit = np.sqrt(6) / (layer_sizes[i - 1] + layer_sizes[i])
        params[f"W{i}"] = rng.uniform(-limit, limit, (layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_glorot_uniform.misconception(
    hint="A pair of parentheses is missing: `6 / n_in + n_out` divides first and then adds n_out."
)
def parentheses_forgotten(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        limit = np.sqrt(6 / layer_sizes[i - 1] + layer_sizes[i])
        params[f"W{i}"] = rng.uniform(-limit, limit, (layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_glorot_uniform.misconception(
    hint="The standard deviation is right, but your weights are normal: some lie far beyond the limit. Use "
    "`rng.uniform`."
)
def normal_instead_of_uniform(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = rng.normal(0, np.sqrt(2 / sum(shape)), shape)
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_glorot_uniform.misconception(
    hint="Your weights are normal with the limit as standard deviation. The limit is where a uniform distribution ends."
)
def normal_with_the_limit_as_standard_deviation(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = rng.standard_normal(shape) * np.sqrt(6 / sum(shape))
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_glorot_uniform.misconception(
    hint="Your weights lie between 0 and the limit. `rng.uniform(-limit, limit, …)` has both signs."
)
def positive_weights_only(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = rng.random(shape) * np.sqrt(6 / sum(shape))
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_glorot_uniform.misconception(hint="The weights are right, the biases are drawn too. Biases start at zero.")
def uniform_biases(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        limit = np.sqrt(6 / (layer_sizes[i - 1] + layer_sizes[i]))
        params[f"W{i}"] = rng.uniform(-limit, limit, (layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = rng.uniform(-limit, limit, layer_sizes[i])
    return params


@initialize_glorot_uniform.misconception(
    hint="Your function makes a generator of its own and so draws the same numbers on every call. Draw from `rng`."
)
def a_seed_of_its_own(layer_sizes, rng):
    rng = np.random.default_rng(42)
    params = {}
    for i in range(1, len(layer_sizes)):
        limit = np.sqrt(6 / (layer_sizes[i - 1] + layer_sizes[i]))
        params[f"W{i}"] = rng.uniform(-limit, limit, (layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_glorot_uniform.alternative
def stretched_random_numbers(layer_sizes, rng):
    params = {}
    for i, (n_in, n_out) in enumerate(zip(layer_sizes[:-1], layer_sizes[1:], strict=True), 1):
        params[f"W{i}"] = (2 * rng.random((n_in, n_out)) - 1) * (6 / (n_in + n_out)) ** 0.5
        params[f"b{i}"] = np.zeros(n_out)
    return params


@initialize_glorot_uniform.alternative
def single_precision_and_transposed(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        n_in, n_out = layer_sizes[i - 1], layer_sizes[i]
        limit = np.float32(np.sqrt(6.0 / (n_in + n_out)))
        params[f"W{i}"] = ((rng.random((n_out, n_in), dtype=np.float32) - np.float32(0.5)) * 2 * limit).T
        params[f"b{i}"] = np.zeros(n_out, dtype=np.float32)
    return params


@initialize_glorot_uniform.alternative
def by_the_standard_deviation(layer_sizes, rng):
    params = {}
    for i in range(len(layer_sizes) - 1):
        n_in, n_out = layer_sizes[i : i + 2]
        std = np.sqrt(2.0 / (n_in + n_out))
        columns = [rng.uniform(-1, 1, n_in) * np.sqrt(3) * std for _ in range(n_out)]
        params[f"W{i + 1}"], params[f"b{i + 1}"] = np.array(columns).T, np.zeros(n_out)
    return params


@initialize_glorot_uniform.alternative
def a_sign_and_a_size(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = layer_sizes[i - 1], layer_sizes[i]
        params[f"W{i}"] = rng.choice([-1.0, 1.0], shape) * rng.random(shape) * np.sqrt(6 / sum(shape))
        params[f"b{i}"] = np.zeros(shape[1])
    return params


# --- initialize_he ---------------------------------------------------------------------------------------------------

initialize_he = Exercise(
    "initialize_he",
    points=3,
    hints=(
        "ReLU throws half of the signal's mean square away. By which factor must the weights' variance make up for it?",
        "The variance is `2 / n_in`. What multiplies a standard normal draw is a standard deviation, not a variance.",
        "`rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)`, with zeros for the biases.",
    ),
    not_checked=("layers with few inputs and many outputs", "networks of more than ten layers"),
)


def he(sizes: Sizes) -> tuple[Property, ...]:
    """What holds of He's normal weights."""
    return normal_weights(sizes, lambda n_in, n_out: (2 / n_in) ** 0.5)


@initialize_he.visible
def _(rng):
    yield from visible_network("initialize_he", he, rng)


@initialize_he.hidden
def _(rng):
    yield from hidden_networks("initialize_he", he, rng)


@initialize_he.misconception(
    hint="The standard deviation uses n_out. The sum that a unit forms runs over its inputs: n_in, the first size of W."
)
def fan_out_for_fan_in(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = rng.standard_normal(shape) * np.sqrt(2 / shape[1])
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_he.misconception(
    hint="Your weights are far too small: 2 / n_in is the variance. Multiply by its square root, or the signal dies."
)
def the_variance_as_standard_deviation(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = rng.standard_normal(shape) * (2 / shape[0])
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_he.misconception(
    hint="Your weights are 1.41 times too large: `2 / sqrt(n_in)` circulates, but the 2 stands under the root. Ten "
    "layers "
    "make a factor of 32 of it."
)
def two_over_the_root(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = rng.standard_normal(shape) * 2 / np.sqrt(shape[0])
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_he.misconception(
    hint="The root covers the 2 alone: `sqrt(2) / n_in`. It covers the whole fraction 2 / n_in."
)
def the_root_of_the_two_alone(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = rng.standard_normal(shape) * np.sqrt(2) / shape[0]
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_he.misconception(
    hint="Your weights are 1.41 times too small: this is Xavier, 1 / n_in. He has a 2, because ReLU drops half the "
    "signal."
)
def xavier_for_he(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = rng.standard_normal(shape) / np.sqrt(shape[0])
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_he.misconception(hint="This is Glorot's variance 2 / (n_in + n_out). He's has n_in alone under the 2.")
def glorot_for_he(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = rng.standard_normal(shape) * np.sqrt(2 / sum(shape))
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_he.misconception(
    hint="Your weights are 0.01 times a normal draw whatever the layer. The factor must follow the fan-in."
)
def always_a_hundredth(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = rng.standard_normal(shape) * 0.01
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_he.misconception(
    hint="All your weights are positive: `rng.random` is uniform between 0 and 1. Use `rng.standard_normal`."
)
def rand_for_randn(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = rng.random(shape) * np.sqrt(2 / shape[0])
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_he.misconception(
    hint="The standard deviation is right, but the weights are uniform on ±sqrt(6 / n_in). Asked for is the normal "
    "version."
)
def he_uniform(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        limit = np.sqrt(6 / layer_sizes[i - 1])
        params[f"W{i}"] = rng.uniform(-limit, limit, (layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@initialize_he.misconception(hint="Your biases are random. Only the weights need to differ; biases start at zero.")
def random_biases_as_well(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        factor = np.sqrt(2 / layer_sizes[i - 1])
        params[f"W{i}"] = rng.standard_normal((layer_sizes[i - 1], layer_sizes[i])) * factor
        params[f"b{i}"] = rng.standard_normal(layer_sizes[i]) * factor
    return params


@initialize_he.misconception(
    hint="The output layer has another standard deviation than the others. The exercise treats all layers alike."
)
def xavier_for_the_output_layer(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        gain = 1 if i == len(layer_sizes) - 1 else 2
        params[f"W{i}"] = rng.standard_normal(shape) * np.sqrt(gain / shape[0])
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_he.misconception(
    hint="Your function draws the same numbers on every call: it makes a generator of its own. Draw from `rng`."
)
def a_seed_inside_the_function(layer_sizes, rng):
    own = np.random.default_rng(7)
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = own.standard_normal(shape) * np.sqrt(2 / shape[0])
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_he.misconception(
    hint="Two layers of the same shape get the same numbers: the generator is made anew for each. Use the one `rng`."
)
def a_seed_for_each_layer(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        shape = (layer_sizes[i - 1], layer_sizes[i])
        params[f"W{i}"] = np.random.default_rng(1).standard_normal(shape) * np.sqrt(2 / shape[0])
        params[f"b{i}"] = np.zeros(shape[1])
    return params


@initialize_he.alternative
def by_normal_with_a_variance(layer_sizes, rng):
    params = {}
    for i, (n_in, n_out) in enumerate(zip(layer_sizes[:-1], layer_sizes[1:], strict=True), start=1):
        params |= {f"W{i}": rng.normal(0, (2 / n_in) ** 0.5, (n_in, n_out)), f"b{i}": np.zeros(n_out)}
    return params


@initialize_he.alternative
def scaled_xavier(layer_sizes, rng):
    return {name: np.sqrt(2) * array for name, array in initialize_xavier(layer_sizes, rng).items()}


@initialize_he.alternative
def entry_by_entry(layer_sizes, rng):
    params = {}
    for i in range(1, len(layer_sizes)):
        n_in, n_out = layer_sizes[i - 1], layer_sizes[i]
        std = (2.0 / n_in) ** 0.5
        params[f"W{i}"] = np.array([[std * rng.standard_normal() for _ in range(n_out)] for _ in range(n_in)])
        params[f"b{i}"] = np.zeros(n_out)
    return params


@initialize_he.alternative
def by_recursion_in_single_precision(layer_sizes, rng):
    def add(layer, params):
        if layer == len(layer_sizes):
            return params
        n_in, n_out = layer_sizes[layer - 1 : layer + 1]
        W = np.sqrt(2 / n_in).astype(np.float32) * rng.standard_normal((n_in, n_out), dtype=np.float32)
        return add(layer + 1, {**params, f"W{layer}": W, f"b{layer}": np.zeros(n_out)})

    return add(1, {})


# --- initialize_orthogonal -------------------------------------------------------------------------------------------

initialize_orthogonal = Exercise(
    "initialize_orthogonal",
    points=4,
    hints=(
        "NumPy has a function that turns the columns of a tall random matrix into orthonormal ones.",
        "`np.linalg.qr(M)` of a matrix with more rows than columns returns `Q` of the same shape with orthonormal "
        "columns. "
        "A wide matrix is a tall one, transposed.",
        "Draw a normal matrix of shape `(max(n_in, n_out), min(n_in, n_out))`, take `Q` of its QR decomposition and "
        "return "
        "`Q`, or `Q.T` when `n_in < n_out`.",
    ),
    groups={"values": 2, "wide": 2},
    equivalent=(
        Equivalent("return Q if n_in > n_out else Q.T", "the transpose of a square orthonormal matrix is orthonormal"),
        Equivalent(
            "tall = rng.standard_normal((max(n_out, n_in), min(n_in, n_out)))", "max does not care about the order"
        ),
        Equivalent(
            "tall = rng.standard_normal((max(n_in, n_out), min(n_out, n_in)))", "min does not care about the order"
        ),
    ),
    not_checked=("large matrices", "a single row or column"),
)


def orthonormal_case(label: str, n_in: int, n_out: int, rng: np.random.Generator) -> Case:
    """A matrix of one shape."""
    expect = (Property("has_shape", {"shape": (n_in, n_out)}), Property("orthonormal", {}))
    call = Call("initialize_orthogonal", (n_in, n_out, draws(rng)))
    return Case(label, (call,), expect, "wide" if n_in < n_out else "values")


@initialize_orthogonal.visible
def _(rng):
    yield orthonormal_case("a square matrix", 3, 3, rng)
    yield orthonormal_case("more inputs than outputs: orthonormal columns", 5, 3, rng)
    yield orthonormal_case("fewer inputs than outputs: orthonormal rows", 2, 6, rng)
    yield seeds("initialize_orthogonal", (8, 8), rng)


@initialize_orthogonal.hidden
def _(rng):
    yield orthonormal_case("a large square matrix", 90, 90, rng)
    yield orthonormal_case("many more inputs than outputs", 120, 7, rng)
    yield orthonormal_case("a few more inputs than outputs", 41, 40, rng)
    yield orthonormal_case("a single output", 9, 1, rng)
    yield orthonormal_case("a single entry", 1, 1, rng)
    yield orthonormal_case("many more outputs than inputs", 7, 120, rng)
    yield orthonormal_case("a few more outputs than inputs", 40, 41, rng)
    yield orthonormal_case("a single input", 1, 9, rng)
    yield orthonormal_case("twice as many outputs as inputs", 8, 16, rng)
    yield seeds("initialize_orthogonal", (20, 20), rng)
    yield seeds("initialize_orthogonal", (30, 12), rng)


@initialize_orthogonal.misconception(
    hint="Your matrix has n_in columns when there are fewer inputs than outputs: the QR decomposition of a wide "
    "matrix gives "
    "a square `Q`. Decompose a tall matrix and transpose."
)
def qr_of_a_wide_matrix(n_in, n_out, rng):
    return np.linalg.qr(rng.standard_normal((n_in, n_out)))[0]


@initialize_orthogonal.misconception(
    hint="For a wide matrix you reshaped Q. Reshaping puts the numbers into other places; transposing keeps the "
    "vectors."
)
def reshaped_instead_of_transposed(n_in, n_out, rng):
    Q = np.linalg.qr(rng.standard_normal((max(n_in, n_out), min(n_in, n_out))))[0]
    return Q.reshape(n_in, n_out)


@initialize_orthogonal.misconception(
    hint="The matrix is random, but its columns are not orthogonal: two random vectors never are quite."
)
def plain_normal_draws(n_in, n_out, rng):
    return rng.standard_normal((n_in, n_out))


@initialize_orthogonal.misconception(
    hint="Every column has length 1, but different columns are not orthogonal. Normalising them is half the work."
)
def columns_only_normalised(n_in, n_out, rng):
    W = rng.standard_normal((n_in, n_out))
    return W / np.linalg.norm(W, axis=0)


@initialize_orthogonal.misconception(
    hint="Your matrix is orthonormal, but always the same: the identity. Orthogonalise a random matrix."
)
def always_the_identity(n_in, n_out, rng):
    return np.eye(n_in, n_out)


@initialize_orthogonal.misconception(
    hint="Your result has the shape (n_out, n_in). Asked for is (n_in, n_out): one row per input."
)
def inputs_and_outputs_swapped(n_in, n_out, rng):
    Q = np.linalg.qr(rng.standard_normal((max(n_in, n_out), min(n_in, n_out))))[0]
    return Q.T if n_in >= n_out else Q


@initialize_orthogonal.misconception(
    hint="You returned the triangular factor. `np.linalg.qr` gives two matrices; the first, Q, is the orthonormal one."
)
def the_triangular_factor(n_in, n_out, rng):
    return np.linalg.qr(rng.standard_normal((n_in, n_out)))[1]


@initialize_orthogonal.misconception(
    hint="Your columns have the length 1.41: a gain of sqrt(2) for ReLU is in there. Here the length is 1."
)
def with_the_gain_of_relu(n_in, n_out, rng):
    Q = np.linalg.qr(rng.standard_normal((max(n_in, n_out), min(n_in, n_out))))[0]
    return np.sqrt(2) * (Q if n_in >= n_out else Q.T)


@initialize_orthogonal.misconception(
    hint="Your function makes a generator of its own, so every layer of this shape gets the same matrix. Draw from "
    "`rng`."
)
def a_seed_of_its_own(n_in, n_out, rng):
    own = np.random.default_rng(0)
    Q = np.linalg.qr(own.standard_normal((max(n_in, n_out), min(n_in, n_out))))[0]
    return Q if n_in >= n_out else Q.T


@initialize_orthogonal.alternative
def by_singular_vectors(n_in, n_out, rng):
    U, _, V = np.linalg.svd(rng.standard_normal((n_in, n_out)), full_matrices=False)
    return U @ V


@initialize_orthogonal.alternative
def a_corner_of_a_large_one(n_in, n_out, rng):
    n = max(n_in, n_out)
    Q, R = np.linalg.qr(rng.normal(size=(n, n)))
    return (Q * np.sign(np.diag(R)))[:n_in, :n_out]


@initialize_orthogonal.alternative
def by_gram_and_schmidt_twice(n_in, n_out, rng):
    vectors = []
    while len(vectors) < min(n_in, n_out):
        v = rng.standard_normal(max(n_in, n_out))
        for _ in range(2):
            for u in vectors:
                v = v - (u @ v) * u
        vectors.append(v / np.sqrt(v @ v))
    return np.array(vectors) if n_in < n_out else np.array(vectors).T


@initialize_orthogonal.alternative
def by_a_symmetric_eigenproblem(n_in, n_out, rng):
    A = rng.random((n := max(n_in, n_out), n)) - 0.5
    return np.linalg.eigh(A + A.T)[1][:n_in, :n_out]


@initialize_orthogonal.alternative
def in_single_precision(n_in, n_out, rng):
    W = rng.standard_normal((n_in, n_out), dtype=np.float32)
    return np.linalg.qr(W)[0] if n_in >= n_out else np.linalg.qr(W.T)[0].T


# --- lsuv ------------------------------------------------------------------------------------------------------------

lsuv = Exercise(
    "lsuv",
    points=6,
    hints=(
        "Work through the layers once, from the first to the last. Keep the activations `A` that enter the layer at "
        "hand.",
        "Per layer: an orthonormal `W`; then measure the variance of `A @ W` over all entries, and as long as it is "
        "not within "
        "`tol` of 1 divide `W` by its square root. Then `A` becomes the ReLU of `A @ W`.",
        "Start with `A = X`. In the loop over layers: `W = initialize_orthogonal(n_in, n_out, rng)`; at most "
        "`max_iter` times: "
        "`v = (A @ W).var()`, stop if `abs(v - 1) <= tol`, else `W = W / np.sqrt(v)`; store `W` and zeros; then "
        "`A = np.maximum(A @ W, 0)`. The last layer is no exception.",
    ),
    groups={"values": 4, "options": 2},
    equivalent=(
        Equivalent("def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=11):", "one round is always enough"),
        Equivalent("def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=9):", "one round is always enough"),
        Equivalent("A = np.maximum(0, A @ W)", "the maximum does not care about the order"),
        Equivalent("if abs(1 - variance) <= tol:", "the absolute value does not care about the sign"),
        Equivalent("if abs(variance - 1) < tol:", "it differs only exactly at the boundary"),
        Equivalent("if abs(variance + 1) <= tol:", "it never stops early, and further rounds divide by 1"),
    ),
    not_checked=("deep networks", "float32 and integer inputs", "`tol` and `max_iter` other than the defaults"),
)


def unit_variance(sizes: Sizes, tol: float = 0.05) -> tuple[Property, ...]:
    """What holds of parameters made by layer-sequential unit-variance initialisation."""
    keys = [f"W{i}" for i, _, _ in layers(sizes)]
    return (
        shapes(sizes),
        zero_biases(sizes),
        Property("orthonormal", {"keys": keys, "up_to_scale": True}),
        Property("unit_preactivations", {"tol": tol}),
    )


def lsuv_case(label: str, sizes: Sizes, X: Any, rng: np.random.Generator, **options: Any) -> Case:
    """A network on some inputs."""
    call = Call("lsuv", (sizes, X, draws(rng)), options)
    return Case(label, (call,), unit_variance(sizes, options.get("tol", 0.05)), "options" if options else "values")


@lsuv.visible
def _(rng):
    X = np.round(1.0 + 4.0 * rng.standard_normal((12, 20)), 2)
    yield lsuv_case("a network with two hidden layers", [20, 48, 32, 4], X, rng)
    yield lsuv_case("a single layer", [20, 5], X, rng)
    one, other = draws(rng), draws(rng)
    yield Case(
        "generators with equal and with different seeds",
        tuple(Call("lsuv", ([20, 32, 6], X, generator)) for generator in (one, one, other)),
        (
            Property("same_results", {"first": 0, "second": 1}),
            Property("different_results", {"first": 0, "second": 2, "keys": ["W1", "W2"]}),
        ),
    )


@lsuv.hidden
def _(rng):
    normal = rng.standard_normal
    yield lsuv_case("inputs of large spread", [30, 60, 40, 10], 7 * normal((80, 30)) + 3, rng)
    yield lsuv_case("inputs of small spread", [25, 60, 50, 8], 0.02 * normal((60, 25)), rng)
    yield lsuv_case("inputs far from zero", [16, 64, 48, 3], 20 + normal((50, 16)), rng)
    yield lsuv_case("a deep network of equal layers", [48] * 11, normal((40, 48)), rng)
    yield lsuv_case("three examples and few outputs, sizes in a tuple", (40, 50, 2), normal((3, 40)), rng)
    yield lsuv_case("a single output", [10, 40, 1], normal((30, 10)), rng)
    yield lsuv_case("float32 inputs", [20, 50, 6], (3 * normal((40, 20)) + 1).astype(np.float32), rng)
    yield lsuv_case("whole numbers as inputs", [20, 50, 6], rng.integers(0, 256, (40, 20)), rng)
    X = normal((60, 40))
    X /= np.sqrt((X**2).mean())  # a square orthonormal matrix leaves the variance at 1, but for the mean
    yield lsuv_case("a variance a little above 1 + tol at the start", [40, 40, 5], np.sqrt(1.07) * X, rng)
    yield lsuv_case("a variance of 2 at the start", [40, 40, 5], np.sqrt(2) * X, rng)
    X = np.sqrt(1.03) * X
    yield lsuv_case("a strict tol", [40, 40, 50, 5], X, rng, tol=0.005)
    yield lsuv_case(
        "a very strict tol and many iterations", [30, 40, 12], 4 * normal((20, 30)), rng, tol=1e-7, max_iter=50
    )
    yield lsuv_case("a single iteration", [30, 48, 12], 1 + 5 * normal((20, 30)), rng, max_iter=1)


@lsuv.misconception(
    hint="The output layer is left as it was drawn. It is scaled like the others, only no ReLU follows it."
)
def the_output_layer_is_left_out(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A, last = {}, X, len(layer_sizes) - 1
    for i in range(1, last + 1):
        W = initialize_orthogonal(layer_sizes[i - 1], layer_sizes[i], rng)
        for _ in range(max_iter if i < last else 0):
            v = (A @ W).var()
            if abs(v - 1) <= tol:
                break
            W = W / np.sqrt(v)
        params[f"W{i}"], params[f"b{i}"] = W, np.zeros(layer_sizes[i])
        A = np.maximum(A @ W, 0)
    return params


@lsuv.misconception(hint="You measure the variance after the ReLU. Scaled to 1 are the pre-activations `A @ W`.")
def the_variance_after_relu(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for i in range(1, len(layer_sizes)):
        W = initialize_orthogonal(layer_sizes[i - 1], layer_sizes[i], rng)
        for _ in range(max_iter):
            v = np.maximum(A @ W, 0).var()
            if abs(v - 1) <= tol:
                break
            W = W / np.sqrt(v)
        params[f"W{i}"], params[f"b{i}"] = W, np.zeros(layer_sizes[i])
        A = np.maximum(A @ W, 0)
    return params


@lsuv.misconception(hint="The first layer is right, the later ones are not: there is no ReLU between your layers.")
def no_relu_between_layers(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for i in range(1, len(layer_sizes)):
        W = initialize_orthogonal(layer_sizes[i - 1], layer_sizes[i], rng)
        for _ in range(max_iter):
            v = (A @ W).var()
            if abs(v - 1) <= tol:
                break
            W = W / np.sqrt(v)
        params[f"W{i}"], params[f"b{i}"] = W, np.zeros(layer_sizes[i])
        A = A @ W
    return params


@lsuv.misconception(
    hint="You divide the weights by the variance. If W is divided by s, the variance falls by s squared: divide by "
    "its root."
)
def divided_by_the_variance(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for i in range(1, len(layer_sizes)):
        W = initialize_orthogonal(layer_sizes[i - 1], layer_sizes[i], rng)
        W = W / (A @ W).var()
        params[f"W{i}"], params[f"b{i}"] = W, np.zeros(layer_sizes[i])
        A = np.maximum(A @ W, 0)
    return params


@lsuv.misconception(
    hint="The weights are still as they were drawn. After the orthonormal start, each layer is scaled by what it "
    "does to `X`."
)
def orthonormal_and_no_more(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = initialize_orthogonal(layer_sizes[i - 1], layer_sizes[i], rng)
        params[f"b{i}"] = np.zeros(layer_sizes[i])
    return params


@lsuv.misconception(
    hint="You scale by the mean square. The variance is taken around the mean of all the layer's entries: `.var()`."
)
def the_mean_square_for_the_variance(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for i in range(1, len(layer_sizes)):
        W = initialize_orthogonal(layer_sizes[i - 1], layer_sizes[i], rng)
        W = W / np.sqrt(((A @ W) ** 2).mean())
        params[f"W{i}"], params[f"b{i}"] = W, np.zeros(layer_sizes[i])
        A = np.maximum(A @ W, 0)
    return params


@lsuv.misconception(
    hint="You average the variances of the single units. The variance is taken over all entries at once, units and "
    "examples."
)
def the_mean_of_the_units_variances(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for i in range(1, len(layer_sizes)):
        W = initialize_orthogonal(layer_sizes[i - 1], layer_sizes[i], rng)
        W = W / np.sqrt((A @ W).var(axis=0).mean())
        params[f"W{i}"], params[f"b{i}"] = W, np.zeros(layer_sizes[i])
        A = np.maximum(A @ W, 0)
    return params


@lsuv.misconception(
    hint="Every unit was scaled by itself, so the columns have different lengths. One factor for the whole layer "
    "keeps the "
    "directions orthonormal."
)
def every_unit_by_itself(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for i in range(1, len(layer_sizes)):
        W = initialize_orthogonal(layer_sizes[i - 1], layer_sizes[i], rng)
        W = W / (A @ W).std(axis=0)
        params[f"W{i}"], params[f"b{i}"] = W, np.zeros(layer_sizes[i])
        A = np.maximum(A @ W, 0)
    return params


@lsuv.misconception(
    hint="The variances are right, but the start is not orthonormal. Draw each matrix with `initialize_orthogonal`."
)
def normal_weights_at_the_start(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for i in range(1, len(layer_sizes)):
        W = rng.standard_normal((layer_sizes[i - 1], layer_sizes[i])) * np.sqrt(2 / layer_sizes[i - 1])
        W = W / (A @ W).std()
        params[f"W{i}"], params[f"b{i}"] = W, np.zeros(layer_sizes[i])
        A = np.maximum(A @ W, 0)
    return params


@lsuv.misconception(
    hint="The first layer is right, the later ones were measured before the earlier ones were scaled. Finish a "
    "layer, then "
    "send the signal through the scaled weights."
)
def measured_before_scaling(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for i in range(1, len(layer_sizes)):
        W = initialize_orthogonal(layer_sizes[i - 1], layer_sizes[i], rng)
        Z = A @ W
        params[f"W{i}"], params[f"b{i}"] = W / Z.std(), np.zeros(layer_sizes[i])
        A = np.maximum(Z, 0)
    return params


@lsuv.alternative
def one_division_is_enough(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, np.asarray(X, dtype=float)
    for i, (n_in, n_out) in enumerate(zip(layer_sizes[:-1], layer_sizes[1:], strict=True), 1):
        W = initialize_orthogonal(n_in, n_out, rng)
        Z = A @ W
        params[f"W{i}"], params[f"b{i}"] = W / Z.std(), np.zeros(n_out)
        A = np.maximum(Z / Z.std(), 0)
    return params


@lsuv.alternative
def all_matrices_first(layer_sizes, X, rng, tol=0.05, max_iter=10):
    n = len(layer_sizes) - 1
    params = {f"b{i + 1}": np.zeros(layer_sizes[i + 1]) for i in range(n)}
    for i in range(n, 0, -1):
        U, _, V = np.linalg.svd(rng.standard_normal((layer_sizes[i - 1], layer_sizes[i])), full_matrices=False)
        params[f"W{i}"] = U @ V

    def preactivation(layer):
        A = X
        for j in range(1, layer):
            A = np.clip(A @ params[f"W{j}"] + params[f"b{j}"], 0, None)
        return A @ params[f"W{layer}"]

    for i in range(1, n + 1):
        rounds = 0
        while abs((v := np.var(preactivation(i))) - 1) > tol and rounds < max_iter:
            params[f"W{i}"] /= v**0.5
            rounds += 1
    return params


@lsuv.alternative
def always_the_full_number_of_rounds(layer_sizes, X, rng, tol=0.05, max_iter=10):
    params, A = {}, X
    for i in range(1, len(layer_sizes)):
        n_in, n_out = layer_sizes[i - 1], layer_sizes[i]
        Q = np.linalg.qr(rng.standard_normal((max(n_in, n_out), min(n_in, n_out))))[0]
        W = Q if n_in >= n_out else Q.T
        for _ in range(max_iter):
            Z = np.einsum("ij,jk->ik", A, W)
            W = W * np.sqrt(Z.size / ((Z - Z.mean()) ** 2).sum())
        params.update({f"W{i}": W, f"b{i}": np.zeros(n_out)})
        A = A @ W
        A = A * (A > 0)
    return params


# --- activation_stds -------------------------------------------------------------------------------------------------

activation_stds = Exercise(
    "activation_stds",
    points=3,
    hints=(
        "A forward pass that keeps one number per layer. Where does the output of layer 1 go?",
        "Per layer: `A = activation(A @ W + b)`, then note `A.std()`. Start from `A = X`.",
        'Loop `for l in range(1, L + 1)` with `L = len(params) // 2`, take `params[f"W{l}"]` by number (sorted by '
        "name, "
        "`W10` would come before `W2`), and return `np.array(stds)`.",
    ),
    not_checked=("networks of ten layers and more", "other activations", "parameters listed in another order"),
)


def network(rng: np.random.Generator, sizes: Sizes, gain: float = 1.0, dtype: Any = np.float64) -> dict[str, Any]:
    """Parameters with biases that are not zero."""
    params = {}
    for i, n_in, n_out in layers(sizes):
        params[f"W{i}"] = (gain * rng.standard_normal((n_in, n_out)) / np.sqrt(n_in)).astype(dtype)
        params[f"b{i}"] = (0.5 * rng.standard_normal(n_out)).astype(dtype)
    return params


@activation_stds.visible
def _(rng):
    params = {
        "W1": np.array([[1.0, -1.0], [0.0, 2.0]]),
        "b1": np.array([0.0, 0.5]),
        "W2": np.array([[2.0], [1.0]]),
        "b2": np.array([-1.0]),
    }
    X = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]])
    doubled = StandIn("affine", {"slope": 2.0, "shift": 0.0})
    yield Case("two layers and an activation that doubles", (Call("activation_stds", (params, X, doubled)),))
    tanh = StandIn("scaled_tanh", {"gain": 1.0})
    yield Case("two layers and tanh", (Call("activation_stds", (params, X, tanh)),))
    params = {k: np.round(v, 2) for k, v in network(rng, [3, 4, 2, 3], 1.5).items()}
    X = np.round(rng.standard_normal((4, 3)), 2)
    yield Case("three layers and tanh", (Call("activation_stds", (params, X, tanh)),))


@activation_stds.hidden
def _(rng):
    tanh = StandIn("scaled_tanh", {"gain": 1.7})
    logistic = StandIn("logistic", {"slope": 2.0})
    cut = StandIn("clipped", {"low": -0.3, "high": 0.9})
    affine = StandIn("affine", {"slope": 0.8, "shift": 0.4})

    def case(label: str, sizes: Sizes, rows: int, activation: StandIn, dtype: Any = np.float64) -> Case:
        X = rng.standard_normal((rows, sizes[0])).astype(dtype)
        return Case(label, (Call("activation_stds", (network(rng, sizes, 1.3, dtype), X, activation)),))

    yield case("a scaled tanh", [6, 9, 4, 3], 12, tanh)
    yield case("an activation that is nowhere negative", [5, 8, 3], 7, logistic)
    yield case("an activation with a floor and a ceiling", [5, 8, 6, 2], 9, cut)
    yield case("an activation that moves zero", [4, 6, 5], 8, affine)
    yield case("twelve layers", [5, 4, 6, 5, 4, 6, 5, 4, 6, 5, 4, 6, 3], 10, tanh)
    yield case("eleven layers of equal width", [5] * 12, 10, tanh)
    yield case("a single layer", [4, 7], 5, tanh)
    yield case("a single example", [4, 7, 5], 1, tanh)
    yield case("two examples and one output", [4, 3, 1], 2, logistic)
    yield case("float32 parameters and inputs", [6, 8, 4], 9, tanh, np.float32)
    params = network(rng, [3, 5, 4, 2])
    shuffled = {k: params[k] for k in ("b2", "W3", "b1", "W2", "b3", "W1")}
    X = rng.standard_normal((6, 3))
    yield Case("parameters listed in another order", (Call("activation_stds", (shuffled, X, tanh)),))


@activation_stds.misconception(
    hint="The last entry is that of the logits: the activation is missing there. It is applied to every layer, the "
    "last "
    "included."
)
def no_activation_on_the_last_layer(params, X, activation):
    A, stds, last = X, [], len(params) // 2
    for i in range(1, last + 1):
        Z = A @ params[f"W{i}"] + params[f"b{i}"]
        A = activation(Z) if i < last else Z
        stds.append(A.std())
    return np.array(stds)


@activation_stds.misconception(
    hint="These are the standard deviations of the pre-activations. Apply `activation` first, then measure."
)
def measured_before_the_activation(params, X, activation):
    A, stds = X, []
    for i in range(1, len(params) // 2 + 1):
        Z = A @ params[f"W{i}"] + params[f"b{i}"]
        stds.append(Z.std())
        A = activation(Z)
    return np.array(stds)


@activation_stds.misconception(hint="The biases are missing: a layer computes `A @ W + b`.")
def biases_forgotten(params, X, activation):
    A, stds = X, []
    for i in range(1, len(params) // 2 + 1):
        A = activation(A @ params[f"W{i}"])
        stds.append(A.std())
    return np.array(stds)


@activation_stds.misconception(
    hint="Your first entry is the standard deviation of the inputs. Asked for is one number per layer, starting "
    "with layer 1."
)
def the_inputs_are_counted(params, X, activation):
    A, stds = X, [X.std()]
    for i in range(1, len(params) // 2 + 1):
        A = activation(A @ params[f"W{i}"] + params[f"b{i}"])
        stds.append(A.std())
    return np.array(stds)


@activation_stds.misconception(hint="These are variances. The standard deviation is their square root: `.std()`.")
def variances(params, X, activation):
    A, stds = X, []
    for i in range(1, len(params) // 2 + 1):
        A = activation(A @ params[f"W{i}"] + params[f"b{i}"])
        stds.append(A.var())
    return np.array(stds)


@activation_stds.misconception(
    hint="You average the standard deviations of the single units. Take one over all entries of the layer: `A.std()`."
)
def averaged_over_the_units(params, X, activation):
    A, stds = X, []
    for i in range(1, len(params) // 2 + 1):
        A = activation(A @ params[f"W{i}"] + params[f"b{i}"])
        stds.append(A.std(axis=0).mean())
    return np.array(stds)


@activation_stds.misconception(
    hint="Your standard deviation divides by the number of entries less one (`ddof=1`). The course divides by all "
    "of them."
)
def one_less_in_the_denominator(params, X, activation):
    A, stds = X, []
    for i in range(1, len(params) // 2 + 1):
        A = activation(A @ params[f"W{i}"] + params[f"b{i}"])
        stds.append(A.std(ddof=1))
    return np.array(stds)


@activation_stds.misconception(hint="Each layer was given `X`, not the activations of the layer before.")
def every_layer_sees_the_inputs(params, X, activation):
    stds = []
    for i in range(1, len(params) // 2 + 1):
        A = activation(X @ params[f"W{i}"] + params[f"b{i}"])
        stds.append(A.std())
    return np.array(stds)


@activation_stds.misconception(
    hint="The numbers are right, but they come as a list. Return an array: `np.array(stds)`."
)
def a_list(params, X, activation):
    A, stds = X, []
    for i in range(1, len(params) // 2 + 1):
        A = activation(A @ params[f"W{i}"] + params[f"b{i}"])
        stds.append(float(A.std()))
    return stds


@activation_stds.misconception(hint="tanh is applied whatever `activation` is. Call the function that was handed in.")
def tanh_whatever_is_given(params, X, activation):
    A, stds = X, []
    for i in range(1, len(params) // 2 + 1):
        A = np.tanh(A @ params[f"W{i}"] + params[f"b{i}"])
        stds.append(A.std())
    return np.array(stds)


@activation_stds.misconception(
    hint="Your layers come in the order of their names, where `W10` stands before `W2`. Take them by number."
)
def layers_sorted_by_name(params, X, activation):
    A, stds = X, []
    for name in sorted(k for k in params if k.startswith("W")):
        A = activation(A @ params[name] + params["b" + name[1:]])
        stds.append(A.std())
    return np.array(stds)


@activation_stds.alternative
def sorted_by_number(params, X, activation):
    numbers = sorted(int(k[1:]) for k in params if k[0] == "W")
    A, out = X, np.empty(len(numbers))
    for slot, number in enumerate(numbers):
        A = activation(np.dot(A, params["W" + str(number)]) + params["b" + str(number)])
        out[slot] = np.sqrt(((A - A.mean()) ** 2).mean())
    return out


@activation_stds.alternative
def while_there_is_a_layer(params, X, activation):
    stds, i, A = np.array([]), 1, X.copy()
    while f"W{i}" in params:
        A = activation(np.einsum("mi,io->mo", A, params[f"W{i}"]) + params[f"b{i}"][None, :])
        stds = np.append(stds, np.std(A))
        i += 1
    return stds


@activation_stds.alternative
def by_a_generator_of_activations(params, X, activation):
    def activations():
        A = X
        for i in range(len(params) // 2):
            A = activation(A @ params[f"W{i + 1}"] + params[f"b{i + 1}"])
            yield A

    return np.fromiter((A.var() ** 0.5 for A in activations()), dtype=float)


@activation_stds.alternative
def number_by_number(params, X, activation):
    A, stds = X, []
    for i in range(1, len(params) // 2 + 1):
        Z = A @ params[f"W{i}"] + params[f"b{i}"]
        A = np.array([[float(activation(z)) for z in row] for row in Z])
        stds.append(np.std(A.ravel()))
    return np.asarray(stds, dtype=np.float64)


# --- linear_gain -----------------------------------------------------------------------------------------------------

linear_gain = Exercise(
    "linear_gain",
    points=1,
    hints=(
        "What does one layer do to a signal? And a second one to the result?",
        "Every layer multiplies by `weight`, and there are `depth` of them.",
        "`weight ** depth`.",
    ),
    not_checked=("other weights and depths",),
)


@linear_gain.visible
def _(rng):
    for weight, depth in ((-2.0, 3), (1.5, 50), (0.5, 50)):
        yield Case(f"{depth} layers of weight {weight}", (Call("linear_gain", (weight, depth)),))


@linear_gain.hidden
def _(rng):
    weight = float(rng.uniform(1.05, 1.3))
    for label, w, depth in (
        ("a weight a little above one", weight, int(rng.integers(20, 60))),
        ("a weight a little below one", 2 - weight, int(rng.integers(20, 60))),
        ("no layer at all", weight, 0),
        ("a single layer", weight, 1),
        ("a negative weight and an odd depth", -weight, 7),
        ("a negative weight and an even depth", -weight, 6),
        ("a weight of one", 1.0, 1000),
        ("a weight of zero", 0.0, 4),
        ("a whole number as weight", 3, 5),
    ):
        yield Case(label, (Call("linear_gain", (w, depth)),))
    yield Case("arguments given by name", (Call("linear_gain", (), {"depth": 9, "weight": weight}),))


@linear_gain.misconception(
    hint="You multiply the weight by the depth. The layers follow one another: their factors multiply."
)
def weight_times_depth(weight, depth):
    return weight * depth


@linear_gain.misconception(hint="One layer is missing: your result is `weight` to the power of depth - 1.")
def one_layer_too_few(weight, depth):
    return float(weight) ** (depth - 1)


@linear_gain.misconception(hint="There is one factor too many: your result is `weight` to the power of depth + 1.")
def one_layer_too_many(weight, depth):
    gain = weight
    for _ in range(depth):
        gain = gain * weight
    return gain


@linear_gain.misconception(hint="Base and exponent are swapped: the weight is multiplied by itself, depth times.")
def base_and_exponent_swapped(weight, depth):
    return float(depth) ** weight


@linear_gain.misconception(hint="This is the logarithm of the factor. Take its exponential, or multiply directly.")
def the_logarithm(weight, depth):
    return depth * np.log(abs(weight))


@linear_gain.misconception(hint="The sign is lost: an odd number of negative layers turns the signal round.")
def the_sign_is_lost(weight, depth):
    return abs(float(weight)) ** depth


@linear_gain.misconception(hint="`^` is not a power in Python, and e^x is not asked for: `weight ** depth`.")
def an_exponential(weight, depth):
    return np.exp(weight * depth)


@linear_gain.alternative
def by_a_loop(weight, depth):
    gain = 1.0
    for _ in range(depth):
        gain *= weight
    return gain


@linear_gain.alternative
def by_numpy_power(weight, depth):
    return np.power(np.float64(weight), depth)


@linear_gain.alternative
def by_a_signal_through_matrices(weight, depth):
    signal = np.ones(1)
    for _ in range(depth):
        signal = signal @ (weight * np.eye(1))
    return signal[0]


@linear_gain.alternative
def by_a_product(weight, depth):
    return np.array(np.prod(np.full(depth, weight, dtype=float)))


EXERCISES = (
    linear_gain,
    initialize_zeros,
    initialize_random,
    activation_stds,
    initialize_xavier,
    initialize_glorot_uniform,
    initialize_he,
    initialize_orthogonal,
    lsuv,
)
