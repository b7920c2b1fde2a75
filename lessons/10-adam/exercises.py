"""How the exercises of lesson 10 are judged."""

# Wrong and right solutions are written the way students write them.
# ruff: noqa: B905, C402, C408, C420

from __future__ import annotations

from typing import Any

import numpy as np

from autograde.check.cases import Call, Case
from autograde.check.codec import Ref
from autograde.judge.catalogue import Equivalent, Exercise

Params = dict[str, Any]
Rng = np.random.Generator

# --- what the cases are made of --------------------------------------------------------------------------------------


def arrays(rng: Rng, **shapes: tuple[int, ...]) -> Params:
    """Normal numbers in arrays of these shapes, in this order of keys."""
    return {key: rng.standard_normal(shape) for key, shape in shapes.items()}


def gradients(rng: Rng, params: Params, size: float = 1.0) -> Params:
    """Numbers of either sign in the same shapes, their sizes between 0.3 and 3 times ``size``."""
    return {k: size * rng.choice([-1.0, 1.0], v.shape) * rng.uniform(0.3, 3, v.shape) for k, v in params.items()}


def positive(rng: Rng, params: Params, size: float = 1.0) -> Params:
    """Numbers between 0.5 and 2 times ``size`` in the same shapes: a cache that is not new."""
    return {key: size * rng.uniform(0.5, 2, value.shape) for key, value in params.items()}


def zeros(params: Params) -> Params:
    """A new cache."""
    return {key: np.zeros_like(value) for key, value in params.items()}


def reordered(params: Params) -> Params:
    """The same entries with the keys in the opposite order."""
    return {key: params[key] for key in reversed(params)}


def single(params: Params) -> Params:
    """The same in float32; what is no array stays as it is."""
    turned: Params = {}
    for key, value in params.items():
        turned[key] = single(value) if isinstance(value, dict) else value
        if isinstance(value, np.ndarray):
            turned[key] = value.astype(np.float32)
    return turned


def adam_state(rng: Rng, params: Params, t: int, size: float = 1.0) -> Params:
    """Adam's state after ``t`` steps with gradients of about this size; m and v are still on their way up."""
    m = {k: size * (1 - 0.9**t) * rng.uniform(-1, 1, v.shape) for k, v in params.items()}
    v = {k: size**2 * (1 - 0.999**t) * rng.uniform(0.5, 2, v.shape) for k, v in params.items()}
    return {"m": m, "v": v, "t": t}


def new_state(params: Params) -> Params:
    """Adam's state before any step."""
    return {"m": zeros(params), "v": zeros(params), "t": 0}


def steps(
    name: str, params: Params, grads: list[Params], state: Params, *args: Any, **settings: Any
) -> tuple[Call, ...]:
    """One step after the other: each starts from what the last one returned."""
    calls = [Call(name, (params, grads[0], state, *args), settings)]
    for i, more in enumerate(grads[1:]):
        calls.append(Call(name, (Ref(i, (0,)), more, Ref(i, (1,)), *args), settings))
    return tuple(calls)


#: The network of most cases, and arrays with names and shapes of another kind.
NET = {"W1": (4, 3), "b1": (3,), "W2": (3, 2), "b2": (2,)}
OTHER = {"v": (3,), "m": (2, 4), "t": (1,), "kernel": (2, 2, 3), "bias": (5,)}


def first_look() -> tuple[Params, Params]:
    """Small parameters and gradients that can be read."""
    params = {"W1": np.array([[1.0, -2.0], [0.5, 3.0]]), "b1": np.array([0.0, 1.0])}
    grads = {"W1": np.array([[2.0, -4.0], [0.5, 10.0]]), "b1": np.array([-1.0, 0.0])}
    return params, grads


def shared_cases(rng: Rng, name: str, start: Any, filled: Any) -> Any:
    """Cases for every kind of step. ``start(params)`` is a new state, ``filled(params, size)`` one in use."""
    net = arrays(rng, **NET)
    grads = gradients(rng, net)
    yield Case("the first step of two layers", (Call(name, (net, grads, start(net), 0.3)),))
    yield Case("a step with a state in use", (Call(name, (net, grads, filled(net, 1.0), 0.3)),))
    yield Case("five steps", steps(name, net, [gradients(rng, net) for _ in range(5)], start(net), 0.2))
    turned = reordered(grads)
    yield Case("gradients listed in another order", (Call(name, (net, turned, filled(net, 1.0), 0.3)),))
    other = arrays(rng, **OTHER)
    yield Case("other names and shapes", (Call(name, (other, gradients(rng, other), filled(other, 1.0), 0.7)),))
    deep = arrays(rng, W10=(2, 3), b10=(3,), W2=(3, 2), b2=(2,), W1=(4, 3), b1=(3,))
    yield Case("layers in no order", steps(name, deep, [gradients(rng, deep) for _ in range(2)], start(deep), 0.05))
    still = {key: value * (rng.random(value.shape) < 0.5) for key, value in grads.items()}
    yield Case("gradients that are zero here and there", (Call(name, (net, still, start(net), 0.3)),))
    nothing = zeros(net)
    yield Case("a start without any gradient", steps(name, net, [nothing, grads], start(net), 0.3))
    faint = gradients(rng, net, 1e-8)
    yield Case("gradients about as small as eps", (Call(name, (net, faint, start(net), 1.0)),))
    small = gradients(rng, net, 1e-2)
    yield Case("a large eps", steps(name, net, [small, gradients(rng, net, 1e-2)], start(net), 0.5, eps=1e-2))
    yield Case("a large eps and a state in use", (Call(name, (net, small, filled(net, 1e-2), 0.5), {"eps": 0.03}),))
    huge = gradients(rng, net, 1e6)
    yield Case("very large gradients", steps(name, net, [huge, grads], start(net), 0.4))
    yield Case("a learning rate of 1", (Call(name, (net, grads, filled(net, 1.0), 1)),))
    one = {"w": np.array([2.5])}
    yield Case("a single number", steps(name, one, [{"w": np.array([g])} for g in (3.0, -1.0, 0.25)], start(one), 0.1))
    parts = (single(net), single(grads), single(filled(net, 1.0)))
    yield Case("float32", (Call(name, (*parts, 0.1)),))


# --- initialize_cache ------------------------------------------------------------------------------------------------

initialize_cache = Exercise(
    "initialize_cache",
    points=1,
    hints=(
        "Nothing has been seen yet. Which number says so, and in which shapes?",
        "One array of zeros for every key, in the shape of that parameter.",
        "A dict comprehension over `params.items()` with `np.zeros_like(value)`.",
    ),
    not_checked=("other names", "arrays with three axes"),
)


@initialize_cache.visible
def _(rng: Rng) -> Any:
    params, _ = first_look()
    yield Case("one layer", (Call("initialize_cache", (params,)),))
    named = {"gamma": np.array([1.0, 2.0]), "kernel": np.array([[3.0, 4.0, 5.0]])}
    yield Case("other names", (Call("initialize_cache", (named,)),))


@initialize_cache.hidden
def _(rng: Rng) -> Any:
    name = "initialize_cache"
    yield Case("two layers", (Call(name, (arrays(rng, **NET),)),))
    yield Case("other names and shapes", (Call(name, (arrays(rng, **OTHER),)),))
    yield Case("a single array", (Call(name, (arrays(rng, theta=(6,)),)),))
    yield Case("layers in no order", (Call(name, (arrays(rng, W2=(3, 2), b1=(3,), b2=(2,), W1=(4, 3)),)),))
    yield Case("arrays of one entry", (Call(name, (arrays(rng, b=(1,), W=(1, 1)),)),))
    yield Case("float32 parameters", (Call(name, (single(arrays(rng, **NET)),)),))
    lost = {"W": np.array([[np.inf, 1.0], [np.nan, 2.0]]), "b": np.array([-np.inf, 0.0])}
    yield Case("parameters that have overflowed", (Call(name, (lost,)),))
    yield Case("the argument given by name", (Call(name, (), {"params": arrays(rng, **NET)}),))


@initialize_cache.misconception("The cache starts at 1 in your answer. Nothing has been seen yet: start at 0.")
def starts_at_one(params):
    return {key: np.ones_like(value) for key, value in params.items()}


@initialize_cache.misconception("This is a copy of the parameters. The cache has their shapes, not their values.")
def copies_the_parameters(params):
    return {key: value.copy() for key, value in params.items()}


@initialize_cache.misconception("The cache holds plain numbers. Each entry of a parameter needs its own: use arrays.")
def a_number_for_each_key(params):
    return {key: 0.0 for key in params}


@initialize_cache.misconception("Only the weights have a cache. Biases and all other arrays need one too.")
def only_weights(params):
    return {key: np.zeros_like(value) for key, value in params.items() if key.startswith("W")}


@initialize_cache.misconception("The arrays are too short: take the whole shape, not the number of rows.")
def as_long_as_the_rows(params):
    return {key: np.zeros(len(value)) for key, value in params.items()}


@initialize_cache.misconception("The shapes are turned round: a parameter of shape (4, 3) needs a cache of (4, 3).")
def turned_shapes(params):
    return {key: np.zeros(value.shape[::-1]) for key, value in params.items()}


@initialize_cache.misconception("You set the parameters themselves to zero. Make new arrays with `np.zeros_like`.")
def clears_the_parameters(params):
    for key in params:
        params[key][...] = 0
    return params


@initialize_cache.misconception(
    "You ask for W1, b1, W2, … by number. Parameters may have other names: go through the keys that there are."
)
def layers_by_number(params):
    cache = {}
    for i in range(1, len(params) // 2 + 1):
        cache[f"W{i}"] = np.zeros_like(params[f"W{i}"])
        cache[f"b{i}"] = np.zeros_like(params[f"b{i}"])
    return cache


@initialize_cache.misconception("This is Adam's state, with m, v and t. The cache is one dict of zeros.")
def the_state_of_adam(params):
    return {
        "m": {k: np.zeros_like(p) for k, p in params.items()},
        "v": {k: np.zeros_like(p) for k, p in params.items()},
        "t": 0,
    }


@initialize_cache.misconception(
    "Times zero is not zero for infinity and nan. `np.zeros_like` does not look at the values."
)
def times_zero(params):
    return {key: 0 * value for key, value in params.items()}


@initialize_cache.alternative
def in_a_loop(params):
    cache = {}
    for name in params:
        cache[name] = np.zeros(np.shape(params[name]))
    return cache


@initialize_cache.alternative
def by_map(params):
    return dict(zip(params, map(np.zeros_like, params.values())))


@initialize_cache.alternative
def whole_zeros_in_another_order(params):
    from collections import OrderedDict

    return OrderedDict((key, np.full(params[key].shape, 0)) for key in sorted(params))


# --- adagrad_step ----------------------------------------------------------------------------------------------------

adagrad_step = Exercise(
    "adagrad_step",
    points=3,
    hints=(
        "Two lines: what does the new cache hold, and what is the gradient divided by?",
        "First `cache[key] + grads[key] ** 2` in a new dict, then the step with the new cache. Adding eps comes "
        "after the root.",
        "`params[key] - learning_rate * grads[key] / (np.sqrt(cache[key]) + eps)` for every key, with the cache that "
        "holds the new square; return `(params, cache)`.",
    ),
    not_checked=("keys in another order", "arrays with three axes", "entries without any gradient", "float32"),
)


@adagrad_step.visible
def _(rng: Rng) -> Any:
    name = "adagrad_step"
    one = {"w": np.array([10.0])}
    pair = [{"w": np.array([3.0])}, {"w": np.array([4.0])}]
    yield Case("the gradients 3, then 4", steps(name, one, pair, zeros(one), 1.0))
    params, grads = first_look()
    yield Case("a first step", (Call(name, (params, grads, zeros(params), 0.1)),))
    named = {"gamma": np.array([1.0, 2.0]), "kernel": np.array([[3.0]])}
    slopes = {"kernel": np.array([[-0.02]]), "gamma": np.array([0.03, 0.0])}
    cache = {"gamma": np.array([0.0007, 0.0009]), "kernel": np.array([[0.0012]])}
    yield Case("eps = 0.01, other names", (Call(name, (named, slopes, cache, 0.5), {"eps": 0.01}),))


@adagrad_step.hidden
def _(rng: Rng) -> Any:
    name = "adagrad_step"
    yield from shared_cases(rng, name, zeros, lambda params, size: positive(rng, params, size**2))
    net = arrays(rng, **NET)
    grads, cache = gradients(rng, net), positive(rng, net)
    yield Case("a cache listed in another order", (Call(name, (net, grads, reordered(cache), 0.3)),))
    yield Case("eps given by its place", (Call(name, (net, grads, cache, 0.3, 0.5)),))
    named = {"cache": cache, "learning_rate": 0.6, "grads": grads, "params": net}
    yield Case("arguments given by name", (Call(name, (), named),))
    swinging = [{key: sign * value for key, value in grads.items()} for sign in (1, -1, 1)]
    yield Case("gradients that swing", steps(name, net, swinging, zeros(net), 0.3))


@adagrad_step.misconception(
    "You sum the gradients and square the sum. Gradients of both signs cancel in a sum: square each one first, then "
    "sum."
)
def sums_then_squares(params, grads, cache, learning_rate, eps=1e-8):
    cache = {k: cache[k] + grads[k] for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k] ** 2) + eps) for k in params}, cache


@adagrad_step.misconception(
    "eps stands inside the root. With small gradients and a large eps the step comes out too short: it belongs behind "
    "the root, `np.sqrt(cache) + eps`."
)
def eps_inside_the_root(params, grads, cache, learning_rate, eps=1e-8):
    cache = {k: cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / np.sqrt(cache[k] + eps) for k in params}, cache


@adagrad_step.misconception("The root is missing: you divide by the sum of squares itself.")
def forgets_the_root(params, grads, cache, learning_rate, eps=1e-8):
    cache = {k: cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (cache[k] + eps) for k in params}, cache


@adagrad_step.misconception(
    "You divide by the cache from before this step. In the first step that is 0, and the step is as long as 1 / "
    "eps: add "
    "the new square first."
)
def divides_by_the_old_cache(params, grads, cache, learning_rate, eps=1e-8):
    new = {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}
    return new, {k: cache[k] + grads[k] ** 2 for k in params}


@adagrad_step.misconception("This forgets: it is RMSprop. Adagrad's cache is the plain sum of all squares.")
def is_rmsprop(params, grads, cache, learning_rate, eps=1e-8):
    cache = {k: 0.9 * cache[k] + 0.1 * grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}, cache


@adagrad_step.misconception("The gradients are added without being squared; roots of negative sums are nan.")
def forgets_to_square(params, grads, cache, learning_rate, eps=1e-8):
    cache = {k: cache[k] + grads[k] for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}, cache


@adagrad_step.misconception("The sign is wrong: plus climbs the cost. Descent subtracts the step.")
def it_climbs(params, grads, cache, learning_rate, eps=1e-8):
    cache = {k: cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] + learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}, cache


@adagrad_step.misconception("Only the last square is kept. The cache is a sum: add the new square to the old cache.")
def keeps_the_last_square_only(params, grads, cache, learning_rate, eps=1e-8):
    cache = {k: grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}, cache


@adagrad_step.misconception(
    "The cache is returned as it came. What the step has added is lost, and the next step knows nothing of it."
)
def returns_the_old_cache(params, grads, cache, learning_rate, eps=1e-8):
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k] + grads[k] ** 2) + eps) for k in params}, cache


@adagrad_step.misconception(
    "Your function writes into the caller's arrays: `+=` and `-=` work in place. Make new dicts of new arrays."
)
def changes_the_cache(params, grads, cache, learning_rate, eps=1e-8):
    new = {}
    for k in params:
        cache[k] += grads[k] ** 2
        new[k] = params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps)
    return new, cache


@adagrad_step.misconception(
    "One cache for a whole array: you sum the squares over its entries. Each entry has its own sum."
)
def one_sum_for_an_array(params, grads, cache, learning_rate, eps=1e-8):
    cache = {k: cache[k] + np.sum(grads[k] ** 2) for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}, cache


@adagrad_step.misconception(
    "Only the parameters come back. Return the pair `(params, cache)`: the next step needs both."
)
def returns_params_only(params, grads, cache, learning_rate, eps=1e-8):
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k] + grads[k] ** 2) + eps) for k in params}


@adagrad_step.misconception(
    "You ask for W1, b1, W2, … by number. Parameters may have other names: go through the keys that there are."
)
def layers_by_number(params, grads, cache, learning_rate, eps=1e-8):
    new, kept = {}, {}
    for i in range(1, len(params) // 2 + 1):
        for k in (f"W{i}", f"b{i}"):
            kept[k] = cache[k] + grads[k] ** 2
            new[k] = params[k] - learning_rate * grads[k] / (np.sqrt(kept[k]) + eps)
    return new, kept


@adagrad_step.alternative
def in_a_loop(params, grads, cache, learning_rate, eps=1e-8):
    new_params, new_cache = {}, {}
    for name, grad in grads.items():
        new_cache[name] = np.add(cache[name], np.square(grad))
        rates = learning_rate / (np.sqrt(new_cache[name]) + eps)
        new_params[name] = params[name] - rates * grad
    return new_params, new_cache


@adagrad_step.alternative
def on_deep_copies(params, grads, cache, learning_rate, eps=1e-8):
    import copy

    params, cache = copy.deepcopy(params), copy.deepcopy(cache)
    for key in params:
        cache[key] += grads[key] * grads[key]
        params[key] -= learning_rate * grads[key] / (cache[key] ** 0.5 + eps)
    return params, cache


@adagrad_step.alternative
def one_entry_at_a_time(params, grads, cache, learning_rate, eps=1e-8):
    new, kept = {}, {}
    for key, value in params.items():
        new[key], kept[key] = np.empty(value.shape), np.empty(value.shape)
        for index in np.ndindex(value.shape):
            g = float(grads[key][index])
            kept[key][index] = float(cache[key][index]) + g * g
            new[key][index] = value[index] - learning_rate * g / (kept[key][index] ** 0.5 + eps)
    return new, kept


@adagrad_step.alternative
def with_a_helper(params, grads, cache, learning_rate, eps=1e-8):
    def one(p, g, c):
        c = c + np.abs(g) ** 2
        return p + (-learning_rate) * np.divide(g, np.power(c, 0.5) + eps), c

    pairs = {key: one(params[key], grads[key], cache[key]) for key in sorted(params)}
    return {key: pair[0] for key, pair in pairs.items()}, {key: pair[1] for key, pair in pairs.items()}


# --- rmsprop_step ----------------------------------------------------------------------------------------------------

rmsprop_step = Exercise(
    "rmsprop_step",
    points=3,
    hints=(
        "One line differs from Adagrad. Which one, and how does an average forget?",
        "The new cache is `beta` times the old one plus `1 - beta` times the new square. The step is Adagrad's.",
        "`cache = {key: beta * cache[key] + (1 - beta) * grads[key] ** 2 for key in params}`, then the step with "
        "the new "
        "cache and `eps` behind the root.",
    ),
    not_checked=("keys in another order", "arrays with three axes", "entries without any gradient", "float32"),
)


@rmsprop_step.visible
def _(rng: Rng) -> Any:
    name = "rmsprop_step"
    one = {"w": np.array([10.0])}
    pair = [{"w": np.array([2.0])}, {"w": np.array([-1.0])}]
    yield Case("the gradients 2, then -1", steps(name, one, pair, zeros(one), 1.0))
    params, grads = first_look()
    yield Case("a first step with beta = 0.75", (Call(name, (params, grads, zeros(params), 0.1, 0.75)),))
    named = {"gamma": np.array([1.0, 2.0]), "kernel": np.array([[3.0]])}
    slopes = {"kernel": np.array([[-0.02]]), "gamma": np.array([0.03, 0.0])}
    cache = {"gamma": np.array([0.0007, 0.0009]), "kernel": np.array([[0.0012]])}
    yield Case("eps = 0.01, other names", (Call(name, (named, slopes, cache, 0.5), {"eps": 0.01}),))


@rmsprop_step.hidden
def _(rng: Rng) -> Any:
    name = "rmsprop_step"
    yield from shared_cases(rng, name, zeros, lambda params, size: positive(rng, params, size**2))
    net = arrays(rng, **NET)
    grads, cache = gradients(rng, net), positive(rng, net)
    yield Case("a cache listed in another order", (Call(name, (net, grads, reordered(cache), 0.3)),))
    yield Case("beta and eps given by their places", (Call(name, (net, grads, cache, 0.3, 0.7, 0.5)),))
    yield Case("a beta near 1", (Call(name, (net, grads, cache, 0.3), {"beta": 0.999}),))
    yield Case("a beta of 0.3", steps(name, net, [grads, gradients(rng, net)], cache, 0.3, beta=0.3))
    yield Case("a beta of 0", (Call(name, (net, grads, cache, 0.3), {"beta": 0.0}),))
    named = {"beta": 0.6, "cache": cache, "learning_rate": 0.6, "grads": grads, "params": net}
    yield Case("arguments given by name", (Call(name, (), named),))


@rmsprop_step.misconception(
    "beta and 1 - beta have changed places: your average keeps a tenth of the past and takes nine tenths of the new "
    "square."
)
def beta_the_wrong_way_round(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    cache = {k: (1 - beta) * cache[k] + beta * grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}, cache


@rmsprop_step.misconception("This is Adagrad: the squares are summed and nothing is forgotten.")
def is_adagrad(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    cache = {k: cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}, cache


@rmsprop_step.misconception(
    "The factor 1 - beta is missing: the cache grows to ten times the mean square, and the steps are 3.16 times too "
    "short."
)
def lacks_one_minus_beta(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    cache = {k: beta * cache[k] + grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}, cache


@rmsprop_step.misconception(
    "eps stands inside the root. With small gradients and a large eps the step comes out too short: it belongs behind "
    "the root, `np.sqrt(cache) + eps`."
)
def eps_inside_the_root(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    cache = {k: beta * cache[k] + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / np.sqrt(cache[k] + eps) for k in params}, cache


@rmsprop_step.misconception("The root is missing: you divide by the mean square itself.")
def forgets_the_root(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    cache = {k: beta * cache[k] + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (cache[k] + eps) for k in params}, cache


@rmsprop_step.misconception(
    "You divide by the cache from before this step. In the first step that is 0, and the step is as long as 1 / eps: "
    "update the cache first."
)
def divides_by_the_old_cache(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    new = {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}
    return new, {k: beta * cache[k] + (1 - beta) * grads[k] ** 2 for k in params}


@rmsprop_step.misconception("The gradients are averaged without being squared; roots of negative numbers are nan.")
def forgets_to_square(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    cache = {k: beta * cache[k] + (1 - beta) * grads[k] for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}, cache


@rmsprop_step.misconception(
    "You correct the start of the average, as Adam does. RMSprop does not: its first step is 3.16 learning rates long."
)
def corrects_the_first_step(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    new = {}
    first = all(not np.any(c) for c in cache.values())
    cache = {k: beta * cache[k] + (1 - beta) * grads[k] ** 2 for k in params}
    for k in params:
        size = cache[k] / (1 - beta) if first else cache[k]
        new[k] = params[k] - learning_rate * grads[k] / (np.sqrt(size) + eps)
    return new, cache


@rmsprop_step.misconception("The sign is wrong: plus climbs the cost. Descent subtracts the step.")
def it_climbs(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    cache = {k: beta * cache[k] + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: params[k] + learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}, cache


@rmsprop_step.misconception("Your result does not depend on the beta you are given. Use the argument.")
def a_beta_of_its_own(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    cache = {k: 0.9 * cache[k] + 0.1 * grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}, cache


@rmsprop_step.misconception(
    "The cache is returned as it came. What the step has learned is lost, and the next step knows nothing of it."
)
def returns_the_old_cache(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    new = {k: beta * cache[k] + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(new[k]) + eps) for k in params}, cache


@rmsprop_step.misconception(
    "Your function writes into the caller's dicts or arrays. Put new arrays into new dicts, for params and cache."
)
def changes_the_cache(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    new = {}
    for k in params:
        cache[k] = beta * cache[k] + (1 - beta) * grads[k] ** 2
        new[k] = params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps)
    return new, cache


@rmsprop_step.misconception(
    "One mean square for a whole array. Each entry has its own average; there is no sum or mean over entries."
)
def one_mean_for_an_array(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    cache = {k: beta * cache[k] + (1 - beta) * np.mean(grads[k] ** 2) for k in params}
    return {k: params[k] - learning_rate * grads[k] / (np.sqrt(cache[k]) + eps) for k in params}, cache


@rmsprop_step.alternative
def in_a_loop(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    new_params, new_cache = {}, {}
    for name, grad in grads.items():
        new_cache[name] = cache[name] + (1 - beta) * (grad * grad - cache[name])
        new_params[name] = params[name] - learning_rate / (np.sqrt(new_cache[name]) + eps) * grad
    return new_params, new_cache


@rmsprop_step.alternative
def on_deep_copies(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    import copy

    params, cache = copy.deepcopy((params, cache))
    for key in params:
        cache[key] *= beta
        cache[key] += (1 - beta) * np.square(grads[key])
        params[key] -= learning_rate * grads[key] / (np.sqrt(cache[key]) + eps)
    return params, cache


@rmsprop_step.alternative
def by_np_average(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    def averaged(key):
        return np.average([cache[key], grads[key] ** 2], axis=0, weights=[beta, 1 - beta])

    kept = dict((key, averaged(key)) for key in reversed(list(params)))
    return {
        k: np.subtract(p, np.divide(learning_rate * grads[k], kept[k] ** 0.5 + eps)) for k, p in params.items()
    }, kept


# --- initialize_adam -------------------------------------------------------------------------------------------------

initialize_adam = Exercise(
    "initialize_adam",
    points=1,
    hints=(
        "Three things have to be remembered from step to step. Which?",
        'A dict with the keys `"m"`, `"v"` and `"t"`. The first two hold what `initialize_cache` gives.',
        '`{"m": initialize_cache(params), "v": initialize_cache(params), "t": 0}`.',
    ),
    not_checked=("other names", "arrays with three axes"),
)


@initialize_adam.visible
def _(rng: Rng) -> Any:
    params, _ = first_look()
    yield Case("one layer", (Call("initialize_adam", (params,)),))
    named = {"gamma": np.array([1.0, 2.0]), "kernel": np.array([[3.0, 4.0, 5.0]])}
    yield Case("other names", (Call("initialize_adam", (named,)),))


@initialize_adam.hidden
def _(rng: Rng) -> Any:
    name = "initialize_adam"
    yield Case("two layers", (Call(name, (arrays(rng, **NET),)),))
    yield Case("parameters called m, v and t", (Call(name, (arrays(rng, **OTHER),)),))
    yield Case("a single array", (Call(name, (arrays(rng, theta=(6,)),)),))
    yield Case("layers in no order", (Call(name, (arrays(rng, W2=(3, 2), b1=(3,), b2=(2,), W1=(4, 3)),)),))
    yield Case("arrays of one entry", (Call(name, (arrays(rng, b=(1,), W=(1, 1)),)),))
    yield Case("float32 parameters", (Call(name, (single(arrays(rng, **NET)),)),))
    yield Case("the argument given by name", (Call(name, (), {"params": arrays(rng, **NET)}),))


@initialize_adam.misconception(
    "`t` starts at 1 in your answer. No step has been made yet: here `t` counts finished steps."
)
def t_starts_at_one(params):
    return {"m": initialize_cache(params), "v": initialize_cache(params), "t": 1}


@initialize_adam.misconception("`t` is missing. Without the number of steps nothing can be corrected.")
def forgets_t(params):
    return {"m": initialize_cache(params), "v": initialize_cache(params)}


@initialize_adam.misconception("`t` is a count and has to be an integer, 0 and not 0.0.")
def t_is_a_float(params):
    return {"m": initialize_cache(params), "v": initialize_cache(params), "t": 0.0}


@initialize_adam.misconception("Each parameter has a `t` of its own. All parameters share one count of steps.")
def t_for_each_parameter(params):
    return {"m": initialize_cache(params), "v": initialize_cache(params), "t": {key: 0 for key in params}}


@initialize_adam.misconception("`m` starts with the parameters. Both averages start at zero.")
def m_starts_with_the_parameters(params):
    return {"m": {k: p.copy() for k, p in params.items()}, "v": initialize_cache(params), "t": 0}


@initialize_adam.misconception("`v` starts at 1. Both averages start at zero; the correction takes care of the rest.")
def v_starts_at_one(params):
    return {"m": initialize_cache(params), "v": {k: np.ones_like(p) for k, p in params.items()}, "t": 0}


@initialize_adam.misconception('The state is turned inside out: `state["m"]["W1"]` is wanted, not `state["W1"]["m"]`.')
def turned_inside_out(params):
    return {k: {"m": np.zeros_like(p), "v": np.zeros_like(p), "t": 0} for k, p in params.items()}


@initialize_adam.misconception("`m` and `v` are plain numbers. Each is a dict of arrays in the shapes of `params`.")
def numbers_for_arrays(params):
    return {"m": 0.0, "v": 0.0, "t": 0}


@initialize_adam.misconception('This is a tuple. Return a dict with the keys "m", "v" and "t".')
def a_tuple(params):
    return initialize_cache(params), initialize_cache(params), 0


@initialize_adam.misconception(
    'All arrays lie in one dict under longer names. `"m"` and `"v"` are two dicts of their own.'
)
def one_flat_dict(params):
    state = {f"{name}_{k}": np.zeros_like(p) for k, p in params.items() for name in "mv"}
    return {**state, "t": 0}


@initialize_adam.alternative
def zeros_written_out(params):
    m = {k: np.zeros(p.shape) for k, p in params.items()}
    v = {k: np.zeros(p.shape) for k, p in params.items()}
    return dict(t=0, v=v, m=m)


@initialize_adam.alternative
def both_at_once(params):
    state = {name: {k: np.zeros_like(p) for k, p in params.items()} for name in ("m", "v")}
    state["t"] = 0
    return state


@initialize_adam.alternative
def one_dict_twice(params):
    zeros = initialize_cache(params)
    return {"m": zeros, "v": zeros, "t": np.int64(0)}


# --- adam_step -------------------------------------------------------------------------------------------------------

adam_step = Exercise(
    "adam_step",
    points=5,
    hints=(
        "In which order: count, average, correct, move. Which of these go into the new state?",
        "`t = state['t'] + 1` first. m averages the gradients, v their squares. Divide each by `1 - beta ** t` for "
        "the move "
        "only, and add `eps` behind the root.",
        "With `m_hat = m / (1 - beta1 ** t)` and `v_hat = v / (1 - beta2 ** t)`: `params[key] - learning_rate * "
        "m_hat / "
        "(np.sqrt(v_hat) + eps)`. Return the new params and `{'m': m, 'v': v, 't': t}` with the uncorrected averages.",
    ),
    not_checked=("keys in another order", "parameters called m or t", "entries without any gradient", "float32"),
)


@adam_step.visible
def _(rng: Rng) -> Any:
    name = "adam_step"
    one = {"w": np.array([10.0])}
    three = [{"w": np.array([g])} for g in (2.0, 2.0, -1.0)]
    yield Case("the gradients 2, 2 and -1", steps(name, one, three, new_state(one), 0.1))
    params, grads = first_look()
    yield Case("a first step", (Call(name, (params, grads, new_state(params)), {"learning_rate": 1.0}),))
    named = {"gamma": np.array([1.0, 2.0]), "kernel": np.array([[3.0]])}
    slopes = {"kernel": np.array([[-0.02]]), "gamma": np.array([0.03, 0.0])}
    m = {"gamma": np.array([0.004, -0.003]), "kernel": np.array([[0.005]])}
    v = {"gamma": np.array([0.000003, 0.000002]), "kernel": np.array([[0.000004]])}
    used = {"m": m, "v": v, "t": 4}
    yield Case("the fifth step, eps = 0.01", (Call(name, (named, slopes, used, 0.5), {"eps": 0.01}),))


@adam_step.hidden
def _(rng: Rng) -> Any:
    name = "adam_step"
    yield from adam_cases(rng, name)


def adam_cases(rng: Rng, name: str) -> Any:
    """Cases for both kinds of Adam."""

    def filled(params: Params, size: float) -> Params:
        return adam_state(rng, params, 3, size)

    yield from shared_cases(rng, name, new_state, filled)
    net = arrays(rng, **NET)
    grads, used = gradients(rng, net), adam_state(rng, net, 6)
    turned = {"t": 6, "v": reordered(used["v"]), "m": used["m"]}
    yield Case("a state listed in another order", (Call(name, (net, grads, turned, 0.3)),))
    yield Case("the settings given by their places", (Call(name, (net, grads, used, 0.3, 0.6, 0.8, 0.5)),))
    betas = {"beta1": 0.5, "beta2": 0.7}
    yield Case("small betas", steps(name, net, [gradients(rng, net) for _ in range(4)], new_state(net), 0.3, **betas))
    yield Case("a beta1 of 0", steps(name, net, [grads, gradients(rng, net)], new_state(net), 0.3, beta1=0.0))
    yield Case("a beta2 of 0", steps(name, net, [grads, gradients(rng, net)], new_state(net), 0.3, beta2=0.0))
    late = {"m": gradients(rng, net), "v": positive(rng, net), "t": 12_345}
    yield Case("a step after many", (Call(name, (net, grads, late, 0.3)),))
    middle = adam_state(rng, net, 40)
    yield Case("a step after forty", (Call(name, (net, grads, middle, 0.3)),))
    named = {"state": used, "learning_rate": 0.6, "grads": grads, "params": net}
    yield Case("arguments given by name", (Call(name, (), named),))
    large = {key: 1000.0 * value for key, value in net.items()}
    yield Case("the settings left out", (Call(name, (large, grads, used)),))


@adam_step.misconception(
    "Your first step is 3.162 learning rates long, and the tenth 6.5: nothing is corrected. Divide m by 1 - beta1 ** t "
    "and v by 1 - beta2 ** t."
)
def corrects_nothing(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state["t"] + 1
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2 for k in params}
    return {k: params[k] - learning_rate * m[k] / (np.sqrt(v[k]) + eps) for k in params}, {"m": m, "v": v, "t": t}


@adam_step.misconception(
    "Your first step is 31.6 learning rates long: m is corrected and v is not. Divide v by 1 - beta2 ** t, too."
)
def corrects_m_only(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state["t"] + 1
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2 for k in params}
    new = {k: params[k] - learning_rate * m[k] / (1 - beta1**t) / (np.sqrt(v[k]) + eps) for k in params}
    return new, {"m": m, "v": v, "t": t}


@adam_step.misconception(
    "Your first step is a tenth of a learning rate long: v is corrected and m is not. Divide m by 1 - beta1 ** t, too."
)
def corrects_v_only(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state["t"] + 1
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2 for k in params}
    new = {k: params[k] - learning_rate * m[k] / (np.sqrt(v[k] / (1 - beta2**t)) + eps) for k in params}
    return new, {"m": m, "v": v, "t": t}


@adam_step.misconception(
    "The first step divides 0 by 0: its t is 0, and 1 - beta ** 0 is 0. Count the step first, then correct with the "
    "new t."
)
def counts_after_the_step(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t, new = np.float64(state["t"]), {}
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2 for k in params}
    with np.errstate(all="ignore"):
        for k in params:
            m_hat, v_hat = m[k] / (1 - beta1**t), v[k] / (1 - beta2**t)
            new[k] = params[k] - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, {"m": m, "v": v, "t": state["t"] + 1}


@adam_step.misconception(
    "Your first step is 0.744 learning rates long: it is corrected with t = 2. Add 1 to t once, not twice."
)
def counts_twice(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t, new = state["t"] + 1, {}
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2 for k in params}
    for k in params:
        m_hat, v_hat = m[k] / (1 - beta1 ** (t + 1)), v[k] / (1 - beta2 ** (t + 1))
        new[k] = params[k] - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, {"m": m, "v": v, "t": t}


@adam_step.misconception(
    "The first step is right, the second is 1.34 times too long, and late ones are a third of what they should be: the "
    "correction is 1 - beta ** t, with the power."
)
def corrects_without_the_power(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t, new = state["t"] + 1, {}
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2 for k in params}
    for k in params:
        new[k] = params[k] - learning_rate * m[k] / (1 - beta1) / (np.sqrt(v[k] / (1 - beta2)) + eps)
    return new, {"m": m, "v": v, "t": t}


@adam_step.misconception(
    "Your first step is 3.51 learning rates long, and they grow: you divide by beta ** t. What the average has seen "
    "so far "
    "is 1 - beta ** t."
)
def divides_by_beta_to_the_t(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t, new = state["t"] + 1, {}
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2 for k in params}
    for k in params:
        one, two = max(beta1**t, 1e-300), max(beta2**t, 1e-300)
        new[k] = params[k] - learning_rate * m[k] / one / (np.sqrt(v[k] / two) + eps)
    return new, {"m": m, "v": v, "t": t}


@adam_step.misconception(
    "Your first step is 0.285 learning rates long: beta and 1 - beta have changed places in both averages."
)
def betas_the_wrong_way_round(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t, new = state["t"] + 1, {}
    m = {k: (1 - beta1) * state["m"][k] + beta1 * grads[k] for k in params}
    v = {k: (1 - beta2) * state["v"][k] + beta2 * grads[k] ** 2 for k in params}
    for k in params:
        m_hat, v_hat = m[k] / (1 - beta1**t), v[k] / (1 - beta2**t)
        new[k] = params[k] - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, {"m": m, "v": v, "t": t}


@adam_step.misconception("beta1 and beta2 have changed places: beta1 belongs to m, the mean of the gradients.")
def the_betas_are_exchanged(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t, new = state["t"] + 1, {}
    m = {k: beta2 * state["m"][k] + (1 - beta2) * grads[k] for k in params}
    v = {k: beta1 * state["v"][k] + (1 - beta1) * grads[k] ** 2 for k in params}
    for k in params:
        m_hat, v_hat = m[k] / (1 - beta2**t), v[k] / (1 - beta1**t)
        new[k] = params[k] - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, {"m": m, "v": v, "t": t}


@adam_step.misconception(
    "eps stands inside the root. With small gradients the step comes out too short; it belongs behind the root, "
    "`np.sqrt(v_hat) + eps`."
)
def eps_inside_the_root(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t, new = state["t"] + 1, {}
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2 for k in params}
    for k in params:
        m_hat, v_hat = m[k] / (1 - beta1**t), v[k] / (1 - beta2**t)
        new[k] = params[k] - learning_rate * m_hat / np.sqrt(v_hat + eps)
    return new, {"m": m, "v": v, "t": t}


@adam_step.misconception(
    "eps is added to the root of the raw v. That is the paper's shorter form, in which eps counts for more in the "
    "first "
    "steps; here it is added to the root of the corrected v."
)
def eps_beside_the_raw_v(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state["t"] + 1
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2 for k in params}
    rate = learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return {k: params[k] - rate * m[k] / (np.sqrt(v[k]) + eps) for k in params}, {"m": m, "v": v, "t": t}


@adam_step.misconception(
    "The corrected averages are kept in the state, and the next step corrects them again. Keep m and v as they are; "
    "m_hat "
    "and v_hat are for this step only."
)
def keeps_the_corrected_averages(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state["t"] + 1
    m = {k: (beta1 * state["m"][k] + (1 - beta1) * grads[k]) / (1 - beta1**t) for k in params}
    v = {k: (beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2) / (1 - beta2**t) for k in params}
    return {k: params[k] - learning_rate * m[k] / (np.sqrt(v[k]) + eps) for k in params}, {"m": m, "v": v, "t": t}


@adam_step.misconception(
    "v averages the gradients themselves, so roots of negative numbers are nan. Square them first."
)
def forgets_to_square(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t, new = state["t"] + 1, {}
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] for k in params}
    for k in params:
        m_hat, v_hat = m[k] / (1 - beta1**t), v[k] / (1 - beta2**t)
        new[k] = params[k] - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, {"m": m, "v": v, "t": t}


@adam_step.misconception("The root is missing: you divide by the mean square itself.")
def forgets_the_root(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t, new = state["t"] + 1, {}
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2 for k in params}
    for k in params:
        m_hat, v_hat = m[k] / (1 - beta1**t), v[k] / (1 - beta2**t)
        new[k] = params[k] - learning_rate * m_hat / (v_hat + eps)
    return new, {"m": m, "v": v, "t": t}


@adam_step.misconception(
    "t goes up with every parameter, so the second array is corrected as if a step more had been made. Count once "
    "for each "
    "call, before the loop."
)
def counts_every_parameter(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t, new, m, v = state["t"], {}, {}, {}
    for k in params:
        t += 1
        m[k] = beta1 * state["m"][k] + (1 - beta1) * grads[k]
        v[k] = beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2
        m_hat, v_hat = m[k] / (1 - beta1**t), v[k] / (1 - beta2**t)
        new[k] = params[k] - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, {"m": m, "v": v, "t": t}


@adam_step.misconception("The sign is wrong: plus climbs the cost. Descent subtracts the step.")
def it_climbs(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t, new = state["t"] + 1, {}
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2 for k in params}
    for k in params:
        m_hat, v_hat = m[k] / (1 - beta1**t), v[k] / (1 - beta2**t)
        new[k] = params[k] + learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, {"m": m, "v": v, "t": t}


@adam_step.misconception("The step follows the gradient of this batch. It should follow m_hat, the averaged one.")
def follows_the_last_gradient(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state["t"] + 1
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2 for k in params}
    new = {k: params[k] - learning_rate * grads[k] / (np.sqrt(v[k] / (1 - beta2**t)) + eps) for k in params}
    return new, {"m": m, "v": v, "t": t}


@adam_step.misconception("The move is right, and the state comes back with the old t. Return the t of this step.")
def the_count_stands_still(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t, new = state["t"] + 1, {}
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2 for k in params}
    for k in params:
        m_hat, v_hat = m[k] / (1 - beta1**t), v[k] / (1 - beta2**t)
        new[k] = params[k] - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, {"m": m, "v": v, "t": state["t"]}


@adam_step.misconception(
    "The move is right, and the caller's state is changed on the way. Make a new dict for the state."
)
def changes_the_state(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    state["t"] += 1
    t, new, m, v = state["t"], {}, state["m"], state["v"]
    for k in params:
        m[k] = beta1 * m[k] + (1 - beta1) * grads[k]
        v[k] = beta2 * v[k] + (1 - beta2) * grads[k] ** 2
        m_hat, v_hat = m[k] / (1 - beta1**t), v[k] / (1 - beta2**t)
        new[k] = params[k] - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, state


@adam_step.misconception("You multiply by 1 - beta ** t. The averages are too small at first, so divide.")
def multiplies_by_the_correction(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t, new = state["t"] + 1, {}
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2 for k in params}
    for k in params:
        m_hat, v_hat = m[k] * (1 - beta1**t), v[k] * (1 - beta2**t)
        new[k] = params[k] - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, {"m": m, "v": v, "t": t}


@adam_step.misconception(
    "One v for a whole array: you average its squares over the entries. Each entry has an average of its own."
)
def one_v_for_an_array(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t, new = state["t"] + 1, {}
    m = {k: beta1 * state["m"][k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state["v"][k] + (1 - beta2) * np.mean(grads[k] ** 2) for k in params}
    for k in params:
        m_hat, v_hat = m[k] / (1 - beta1**t), v[k] / (1 - beta2**t)
        new[k] = params[k] - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, {"m": m, "v": v, "t": t}


@adam_step.alternative
def by_the_paper_s_shorter_form(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state["t"] + 1
    root = np.sqrt(1 - beta2**t)
    rate = learning_rate * root / (1 - beta1**t)
    new, m, v = {}, {}, {}
    for name, g in grads.items():
        m[name] = state["m"][name] + (1 - beta1) * (g - state["m"][name])
        v[name] = state["v"][name] + (1 - beta2) * (g * g - state["v"][name])
        new[name] = params[name] - rate * m[name] / (np.sqrt(v[name]) + eps * root)
    return new, dict(m=m, v=v, t=t)


@adam_step.alternative
def on_deep_copies(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    import copy

    params, state = copy.deepcopy(params), copy.deepcopy(state)
    state["t"] += 1
    for key in params:
        m, v = state["m"][key], state["v"][key]
        m *= beta1
        m += (1 - beta1) * grads[key]
        v *= beta2
        v += (1 - beta2) * np.square(grads[key])
        params[key] -= learning_rate * (m / (1 - beta1 ** state["t"])) / (np.sqrt(v / (1 - beta2 ** state["t"])) + eps)
    return params, state


@adam_step.alternative
def with_small_functions(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t = np.int64(state["t"] + 1)

    def average(old, new, beta):
        return {key: beta * old[key] + (1 - beta) * new[key] for key in sorted(old)}

    def corrected(values, beta):
        return {key: value / -np.expm1(t * np.log(beta)) if beta else value for key, value in values.items()}

    m = average(state["m"], grads, beta1)
    v = average(state["v"], {key: g**2 for key, g in grads.items()}, beta2)
    m_hat, v_hat = corrected(m, beta1), corrected(v, beta2)
    return {k: p - learning_rate * m_hat[k] / (v_hat[k] ** 0.5 + eps) for k, p in params.items()}, {
        "t": t,
        "m": m,
        "v": v,
    }


@adam_step.alternative
def in_one_long_vector(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    keys = list(params)
    ends = np.cumsum([params[k].size for k in keys])[:-1]

    def flat(arrays):
        return np.concatenate([np.asarray(arrays[k], dtype=float).ravel() for k in keys])

    def shaped(vector):
        return {k: part.reshape(params[k].shape) for k, part in zip(keys, np.split(vector, ends))}

    t, g = state["t"] + 1, flat(grads)
    m = beta1 * flat(state["m"]) + (1 - beta1) * g
    v = beta2 * flat(state["v"]) + (1 - beta2) * g * g
    moved = flat(params) - learning_rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return shaped(moved), {"m": shaped(m), "v": shaped(v), "t": t}


# --- adamw_step ------------------------------------------------------------------------------------------------------

adamw_step = Exercise(
    "adamw_step",
    points=3,
    hints=(
        "The move of Adam stays as it is. What else does the parameter lose?",
        "Let `adam_step` do its work on the plain gradients. Then take away `learning_rate * weight_decay` times the "
        "parameter as it was before the step.",
        "`moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)`; then `moved[key] - "
        "learning_rate "
        "* weight_decay * params[key]` for every key.",
    ),
    not_checked=("keys in another order", "parameters called m or t", "a decay of 0", "float32"),
)


@adamw_step.visible
def _(rng: Rng) -> Any:
    name = "adamw_step"
    one = {"w": np.array([10.0])}
    pair = [{"w": np.array([g])} for g in (2.0, -1.0)]
    calls = steps(name, one, pair, new_state(one), 0.1, weight_decay=0.5)
    yield Case("the gradients 2, then -1, decay 0.5", calls)
    params, grads = first_look()
    settings = {"learning_rate": 0.5, "weight_decay": 0.2}
    yield Case("a first step, with a bias", (Call(name, (params, grads, new_state(params)), settings),))
    plain = {"W": np.array([[100.0]]), "b": np.array([-200.0])}
    slopes = {"W": np.array([[3.0]]), "b": np.array([3.0])}
    yield Case("the decay left out", (Call(name, (plain, slopes, new_state(plain), 0.1)),))


@adamw_step.hidden
def _(rng: Rng) -> Any:
    name = "adamw_step"
    yield from adam_cases(rng, name)
    net = {key: 10 * value for key, value in arrays(rng, **NET).items()}
    grads, used = gradients(rng, net), adam_state(rng, net, 6)
    yield Case("a large decay", (Call(name, (net, grads, used, 0.3), {"weight_decay": 0.7}),))
    more = [gradients(rng, net) for _ in range(4)]
    yield Case("a large decay, four steps", steps(name, net, more, new_state(net), 0.2, weight_decay=0.4))
    yield Case("no decay", (Call(name, (net, grads, used, 0.3), {"weight_decay": 0.0}),))
    yield Case("all settings given by their places", (Call(name, (net, grads, used, 0.3, 0.6, 0.8, 0.5, 0.25)),))
    other = {key: 10 * value for key, value in arrays(rng, **OTHER).items()}
    state = adam_state(rng, other, 2)
    yield Case(
        "other names and a decay", (Call(name, (other, gradients(rng, other), state, 0.3), {"weight_decay": 0.3}),)
    )
    quiet = zeros(net)
    yield Case("a decay without any gradient", (Call(name, (net, quiet, new_state(net), 0.3), {"weight_decay": 0.6}),))
    yield Case("a decay and a large eps", (Call(name, (net, grads, used, 0.3), {"weight_decay": 0.6, "eps": 0.5}),))
    betas = {"beta1": 0.3, "beta2": 0.6, "weight_decay": 0.6}
    yield Case("a decay and small betas", (Call(name, (net, grads, used, 0.3), betas),))


@adamw_step.misconception(
    "The decay is added to the gradient, as in L2 regularization, and then divided by the root of v like the rest. "
    "Shrink "
    "the parameter itself and leave the gradient alone."
)
def adds_the_decay_to_the_gradient(
    params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2
):
    decayed = {k: grads[k] + weight_decay * params[k] for k in params}
    return adam_step(params, decayed, state, learning_rate, beta1, beta2, eps)


@adamw_step.misconception(
    "The decay is not multiplied by the learning rate. That is how the paper writes it; here, as in PyTorch, it is "
    "`learning_rate * weight_decay`."
)
def leaves_out_the_learning_rate(
    params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2
):
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - weight_decay * params[k] for k in params}, state


@adamw_step.misconception(
    "The parameter is shrunk after its step. The decay is taken from the value before the step: the difference is "
    "small, but "
    "it is there."
)
def shrinks_after_the_step(
    params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2
):
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] * (1 - learning_rate * weight_decay) for k in params}, state


@adamw_step.misconception("Only the weights decay. Here every parameter does, biases too.")
def only_weights_decay(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - learning_rate * weight_decay * params[k] * k.startswith("W") for k in params}, state


@adamw_step.misconception("Nothing decays: this is Adam alone.")
def forgets_the_decay(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    return adam_step(params, grads, state, learning_rate, beta1, beta2, eps)


@adamw_step.misconception("The parameters grow: the decay has the wrong sign.")
def decay_with_the_wrong_sign(
    params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2
):
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] + learning_rate * weight_decay * params[k] for k in params}, state


@adamw_step.misconception("Only the decay happens: Adam's step is missing.")
def only_decays(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    _, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: params[k] * (1 - learning_rate * weight_decay) for k in params}, state


@adamw_step.misconception("beta1, beta2 and eps are not handed on: your result does not depend on them.")
def keeps_the_standard_settings(
    params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2
):
    moved, state = adam_step(params, grads, state, learning_rate)
    return {k: moved[k] - learning_rate * weight_decay * params[k] for k in params}, state


@adamw_step.misconception("The new state is lost: the second step starts from the old averages. Return the new state.")
def returns_the_old_state(
    params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2
):
    moved, _ = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - learning_rate * weight_decay * params[k] for k in params}, state


@adamw_step.misconception(
    "The decay pulls by a fixed length towards zero, by the sign of the parameter. Weight decay takes a share of "
    "its value."
)
def decays_by_the_sign(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {k: moved[k] - learning_rate * weight_decay * np.sign(params[k]) for k in params}, state


@adamw_step.misconception("The caller's parameters are changed on the way. Make new arrays.")
def shrinks_the_caller_s_parameters(
    params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2
):
    for k in params:
        params[k] *= 1 - learning_rate * weight_decay
    return adam_step(params, grads, state, learning_rate, beta1, beta2, eps)


@adamw_step.alternative
def shrinks_first(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    smaller = {key: value * (1 - learning_rate * weight_decay) for key, value in params.items()}
    return adam_step(smaller, grads, state, learning_rate, beta1, beta2, eps)


@adamw_step.alternative
def all_written_out(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    t, m, v, new = 1 + state["t"], {}, {}, {}
    for key, theta in params.items():
        g = grads[key]
        m[key] = beta1 * state["m"][key] + (1 - beta1) * g
        v[key] = beta2 * state["v"][key] + (1 - beta2) * g**2
        direction = m[key] / (1 - beta1**t) / (np.sqrt(v[key] / (1 - beta2**t)) + eps)
        new[key] = theta - learning_rate * (direction + weight_decay * theta)
    return new, {"m": m, "v": v, "t": t}


@adamw_step.alternative
def through_the_move(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    settings = dict(learning_rate=learning_rate, beta1=beta1, beta2=beta2, eps=eps)
    moved, after = adam_step(params, grads, state, **settings)
    for key in moved:
        moved[key] = np.subtract(moved[key], np.multiply(params[key], learning_rate * weight_decay))
    return moved, after


# --- step_decay ------------------------------------------------------------------------------------------------------

step_decay = Exercise(
    "step_decay",
    points=2,
    hints=(
        "How many drops have there been before this epoch?",
        "The number of drops is `epoch` divided by `every`, rounded down. Each drop multiplies by `drop`.",
        "`learning_rate * drop ** (epoch // every)`.",
    ),
    not_checked=("other values of every", "late epochs"),
)


def at(name: str, *epochs: int, **settings: Any) -> tuple[Call, ...]:
    """One call for each epoch, the learning rate first."""
    rate = settings.pop("rate")
    return tuple(Call(name, (rate, epoch), settings) for epoch in epochs)


@step_decay.visible
def _(rng: Rng) -> Any:
    yield Case("0.1 at the epochs 0, 9, 10 and 25", at("step_decay", 0, 9, 10, 25, rate=0.1))
    yield Case("drop 0.3 every 4 epochs", at("step_decay", 3, 4, 7, 8, rate=2.0, drop=0.3, every=4))


@step_decay.hidden
def _(rng: Rng) -> Any:
    name = "step_decay"
    rate = float(rng.uniform(20, 60))
    yield Case("the first drops", at(name, 0, 9, 10, 11, 19, 20, 21, 29, 30, rate=rate))
    yield Case("a drop of 0.9 every 3 epochs", at(name, 0, 1, 2, 3, 5, 6, 8, 9, rate=rate, drop=0.9, every=3))
    yield Case("a drop of 0.2 every 7 epochs", at(name, 6, 7, 13, 14, 20, 21, rate=rate, drop=0.2, every=7))
    yield Case("a drop every epoch", at(name, 0, 1, 2, 5, rate=rate, drop=0.7, every=1))
    yield Case("a late epoch", at(name, 119, 120, rate=rate, drop=0.95, every=2))
    yield Case("the drop left out", at(name, 5, 6, 12, rate=rate, every=6))
    yield Case("every left out", at(name, 9, 10, 20, rate=rate, drop=0.4))
    yield Case("a whole number as the rate", at(name, 0, 10, 20, rate=8))
    yield Case("the settings given by their places", (Call(name, (rate, 11, 0.3, 5)), Call(name, (rate, 4, 0.3, 5))))
    named = {"every": 5, "drop": 0.6, "epoch": 12, "learning_rate": rate}
    yield Case("arguments given by name", (Call(name, (), named),))
    yield Case("a long wait", at(name, 999, 1000, rate=rate, every=1000))


@step_decay.misconception(
    "The rate falls a little in every epoch. It should stay the same between drops: round the exponent down with `//`."
)
def falls_in_every_epoch(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** (epoch / every)


@step_decay.misconception("The drop comes one epoch early: epochs count from 0, so do not add 1 before dividing.")
def drops_an_epoch_early(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** ((epoch + 1) // every)


@step_decay.misconception("The drop comes one epoch late: epoch `every` itself is the first with the smaller rate.")
def drops_an_epoch_late(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** (max(epoch - 1, 0) // every)


@step_decay.misconception(
    "The exponent is rounded to the nearest number, so the drop comes half-way. Round down: `//`."
)
def rounds_the_exponent(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** int(epoch / every + 0.5)


@step_decay.misconception("There is one drop and no more. Count the drops: epoch // every.")
def drops_once(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop if epoch >= every else learning_rate


@step_decay.misconception(
    "`drop` is what remains, not what is taken away. At 0.5 nobody sees the difference; at 0.3 one does."
)
def drop_is_taken_away(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * (1 - drop) ** (epoch // every)


@step_decay.misconception("The rate is multiplied by the number of drops. Each drop multiplies by `drop`: use a power.")
def multiplies_by_the_count(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop * (epoch // every) if epoch >= every else learning_rate


@step_decay.misconception(
    "The rate drops only in the epochs that `every` divides, and jumps back after. The drop stays."
)
def drops_for_one_epoch(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** (epoch // every) if epoch % every == 0 else learning_rate


@step_decay.misconception("The remainder `%` tells how far into the period you are. The number of drops is `//`.")
def takes_the_remainder(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * drop ** (epoch % every)


@step_decay.misconception("You divide by `drop`, so the rate grows. Multiply.")
def divides_by_drop(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate / drop ** (epoch // every)


@step_decay.misconception("The settings are your own: your result does not depend on `drop` and `every`.")
def settings_of_its_own(learning_rate, epoch, drop=0.5, every=10):
    return learning_rate * 0.5 ** (epoch // 10)


@step_decay.alternative
def in_a_loop(learning_rate, epoch, drop=0.5, every=10):
    rate = learning_rate
    for e in range(1, epoch + 1):
        if e % every == 0:
            rate = rate * drop
    return rate


@step_decay.alternative
def with_floor(learning_rate, epoch, drop=0.5, every=10):
    return np.asarray(learning_rate * np.power(float(drop), np.floor(epoch / every)))


@step_decay.alternative
def calls_itself(learning_rate, epoch, drop=0.5, every=10):
    if epoch < every:
        return learning_rate
    return drop * calls_itself(learning_rate, epoch - every, drop, every)


@step_decay.alternative
def by_logarithms(learning_rate, epoch, drop=0.5, every=10):
    return float(np.exp(np.log(learning_rate) + divmod(epoch, every)[0] * np.log(drop)))


# --- exponential_decay -----------------------------------------------------------------------------------------------

exponential_decay = Exercise(
    "exponential_decay",
    points=1,
    hints=(
        "Which function falls by the same factor in every epoch?",
        "The exponent is minus `k` times `epoch`.",
        "`learning_rate * np.exp(-k * epoch)`.",
    ),
    not_checked=("late epochs", "other values of k"),
)


def over(name: str, rate: Any, k: float, *epochs: int) -> tuple[Call, ...]:
    """One call for each epoch with the same rate and k."""
    return tuple(Call(name, (rate, epoch, k)) for epoch in epochs)


def decays(rng: Rng, name: str) -> Any:
    """Hidden cases for a decay with k."""
    rate = float(rng.uniform(20, 60))
    yield Case("the first epochs", over(name, rate, 0.3, 0, 1, 2, 3, 4))
    yield Case("a small k", over(name, rate, 0.01, 1, 50, 100, 333))
    yield Case("a large k", over(name, rate, 2.5, 0, 1, 2))
    yield Case("a k of 1", over(name, rate, 1, 1, 2, 6))
    yield Case("a whole number as the rate", over(name, 3, 0.2, 0, 5, 8))
    yield Case("a small rate", over(name, 0.02, 0.1, 1, 10))
    yield Case("arguments given by name", (Call(name, (), {"k": 0.15, "epoch": 4, "learning_rate": rate}),))


@exponential_decay.visible
def _(rng: Rng) -> Any:
    yield Case("0.1 at the epochs 0, 1, 2 and 20", over("exponential_decay", 0.1, 0.5, 0, 1, 2, 20))
    yield Case("4 with k = 0.1", over("exponential_decay", 4.0, 0.1, 3, 10))


@exponential_decay.hidden
def _(rng: Rng) -> Any:
    yield from decays(rng, "exponential_decay")


@exponential_decay.misconception(
    "This is lr / (1 + k epoch). Courses that go round call it exponential decay; it is inverse time decay, the next "
    "exercise. Here e takes the power -k epoch."
)
def is_inverse_time(learning_rate, epoch, k):
    return learning_rate / (1 + k * epoch)


@exponential_decay.misconception("The rate grows: the exponent needs a minus.")
def it_grows(learning_rate, epoch, k):
    return learning_rate * np.exp(k * epoch)


@exponential_decay.misconception(
    "You take `k` to the power of the epoch. Here it is e to the power of minus k times epoch."
)
def k_to_the_power_of_epoch(learning_rate, epoch, k):
    return learning_rate * float(k) ** epoch


@exponential_decay.misconception("The epoch is missing from the exponent: every epoch has the same rate.")
def forgets_the_epoch(learning_rate, epoch, k):
    return learning_rate * np.exp(-k) if epoch else learning_rate


@exponential_decay.misconception(
    "The factor is (1 - k) in each epoch. It is close for small k; e to the power of -k is meant."
)
def one_minus_k_in_each_epoch(learning_rate, epoch, k):
    return learning_rate * (1 - k) ** epoch


@exponential_decay.misconception("The epochs count from 1 in your answer. Epoch 0 has the full rate.")
def counts_from_one(learning_rate, epoch, k):
    return learning_rate * np.exp(-k * (epoch + 1))


@exponential_decay.misconception("You divide the epoch by k. The product belongs into the exponent.")
def divides_by_k(learning_rate, epoch, k):
    return learning_rate * np.exp(-epoch / k) if k else learning_rate


@exponential_decay.misconception("The power is one of 2 or 10. The exponential function is `np.exp`, with e = 2.718.")
def a_power_of_two(learning_rate, epoch, k):
    return learning_rate * 2.0 ** (-k * epoch)


@exponential_decay.misconception("This falls in a straight line. An exponential falls by the same factor each time.")
def in_a_straight_line(learning_rate, epoch, k):
    return learning_rate * max(1 - k * epoch, 0)


@exponential_decay.misconception("This is the factor alone. Multiply it by the learning rate.")
def the_factor_alone(learning_rate, epoch, k):
    return np.exp(-k * epoch)


@exponential_decay.alternative
def with_math(learning_rate, epoch, k):
    import math

    return learning_rate / math.exp(k * epoch)


@exponential_decay.alternative
def epoch_by_epoch(learning_rate, epoch, k):
    rate = learning_rate
    for _ in range(epoch):
        rate *= np.exp(-k)
    return rate


@exponential_decay.alternative
def as_a_power_of_e(learning_rate, epoch, k):
    return np.array(learning_rate) * np.e ** -(k * epoch)


# --- inverse_time_decay ----------------------------------------------------------------------------------------------

inverse_time_decay = Exercise(
    "inverse_time_decay",
    points=1,
    hints=(
        "What does the rate have to be divided by in epoch 0 for it to be the full one?",
        "Divide by 1 plus `k` times `epoch`.",
        "`learning_rate / (1 + k * epoch)`; mind the brackets.",
    ),
    not_checked=("late epochs", "other values of k"),
)


@inverse_time_decay.visible
def _(rng: Rng) -> Any:
    yield Case("0.1 at the epochs 0, 1, 2 and 20", over("inverse_time_decay", 0.1, 0.5, 0, 1, 2, 20))
    yield Case("4 with k = 0.1", over("inverse_time_decay", 4.0, 0.1, 3, 10))


@inverse_time_decay.hidden
def _(rng: Rng) -> Any:
    yield from decays(rng, "inverse_time_decay")


@inverse_time_decay.misconception(
    "This is exponential decay. Inverse time decay divides by 1 + k epoch and falls far more slowly in the end."
)
def is_exponential(learning_rate, epoch, k):
    return learning_rate * np.exp(-k * epoch)


@inverse_time_decay.misconception("Division binds more tightly than plus: put brackets round `1 + k * epoch`.")
def lacks_brackets(learning_rate, epoch, k):
    return learning_rate / 1 + k * epoch


@inverse_time_decay.misconception("The 1 is missing, so epoch 0 divides by zero. Divide by 1 + k epoch.")
def lacks_the_one(learning_rate, epoch, k):
    with np.errstate(all="ignore"):
        return learning_rate / np.float64(k * epoch)


@inverse_time_decay.misconception("The rate grows: divide by 1 + k epoch, do not multiply.")
def it_multiplies(learning_rate, epoch, k):
    return learning_rate * (1 + k * epoch)


@inverse_time_decay.misconception("The epochs count from 1 in your answer. Epoch 0 has the full rate.")
def counts_from_one(learning_rate, epoch, k):
    return learning_rate / (1 + k * (epoch + 1))


@inverse_time_decay.misconception(
    "The decay compounds: each epoch divides the rate of the epoch before. Divide the first rate, once."
)
def it_compounds(learning_rate, epoch, k):
    for e in range(1, epoch + 1):
        learning_rate = learning_rate / (1 + k * e)
    return learning_rate


@inverse_time_decay.misconception("This divides by (1 + k) to the power of epoch. The epoch is a factor of k here.")
def to_the_power_of_epoch(learning_rate, epoch, k):
    return learning_rate / (1 + k) ** epoch


@inverse_time_decay.misconception("There is a root in your formula. Inverse time has none.")
def takes_a_root(learning_rate, epoch, k):
    return learning_rate / np.sqrt(1 + k * epoch)


@inverse_time_decay.misconception("`k` does not count in your answer. Multiply the epoch by it.")
def forgets_k(learning_rate, epoch, k):
    return learning_rate / (1 + epoch)


@inverse_time_decay.misconception("You subtract. Inverse time decay divides.")
def it_subtracts(learning_rate, epoch, k):
    return learning_rate * (1 - k * epoch)


@inverse_time_decay.alternative
def as_a_power(learning_rate, epoch, k):
    return learning_rate * (k * epoch + 1.0) ** -1


@inverse_time_decay.alternative
def as_an_array(learning_rate, epoch, k):
    return np.divide(learning_rate, np.add(1, np.multiply(k, epoch)))


@inverse_time_decay.alternative
def by_adding_up(learning_rate, epoch, k):
    divisor = 1
    for _ in range(epoch):
        divisor = divisor + k
    return np.array(learning_rate / divisor)


# --- cyclical_learning_rate ------------------------------------------------------------------------------------------

cyclical_learning_rate = Exercise(
    "cyclical_learning_rate",
    points=3,
    hints=(
        "Where in the current cycle is this step? A whole cycle has up and down.",
        "`place = step % (2 * half_cycle)`. On the way up the share is `place / half_cycle`; what is it on the way "
        "down?",
        "The share is the smaller of `place` and `2 * half_cycle - place`, divided by `half_cycle`. The rate is "
        "`low + (high - low) * share`.",
    ),
    not_checked=("later cycles", "a half cycle of 1"),
    equivalent=(
        Equivalent(
            "return low + (high - low) * min(2 * half_cycle - place, place) / half_cycle",
            "the smaller of two numbers is the same in either order",
        ),
    ),
)


def along(low: float, high: float, half: int, *numbers: int) -> tuple[Call, ...]:
    """One call for each step of a triangle."""
    return tuple(Call("cyclical_learning_rate", (n, low, high, half)) for n in numbers)


@cyclical_learning_rate.visible
def _(rng: Rng) -> Any:
    yield Case("0.1 to 0.5 in 4 steps, the first cycle", along(0.1, 0.5, 4, 0, 1, 4, 6, 8))
    yield Case("the next cycles", along(0.1, 0.5, 4, 9, 12, 15, 18))


@cyclical_learning_rate.hidden
def _(rng: Rng) -> Any:
    low, high = float(rng.uniform(1, 2)), float(rng.uniform(5, 9))
    yield Case("the first cycle", along(low, high, 5, *range(11)))
    yield Case("later cycles", along(low, high, 6, 13, 17, 18, 19, 24, 25, 30, 31, 36, 42))
    yield Case("an odd half cycle", along(low, high, 7, 3, 7, 11, 14, 20, 21, 22, 28))
    yield Case("a half cycle of 1", along(low, high, 1, 0, 1, 2, 3, 4, 7))
    yield Case("a half cycle of 2", along(low, high, 2, 0, 1, 2, 3, 4, 5))
    yield Case("many steps", along(low, high, 100, 990, 1000, 1010, 1111, 12_345))
    yield Case("whole numbers", along(1, 5, 4, 0, 1, 2, 5, 8))
    named = {"half_cycle": 5, "high": high, "low": low, "step": 8}
    yield Case("arguments given by name", (Call("cyclical_learning_rate", (), named),))


@cyclical_learning_rate.misconception(
    "The rate jumps from high back to low. A triangle also comes down in a straight line, in as many steps as it "
    "went up."
)
def a_saw(step, low, high, half_cycle):
    return low + (high - low) * (step % half_cycle) / half_cycle


@cyclical_learning_rate.misconception(
    "Up and down together take `half_cycle` steps in your answer. That many steps belong to the way up alone."
)
def twice_as_fast(step, low, high, half_cycle):
    share = step / half_cycle % 1
    return low + (high - low) * 2 * min(share, 1 - share)


@cyclical_learning_rate.misconception("It starts at `high`. Step 0 has `low`.")
def starts_at_the_top(step, low, high, half_cycle):
    place = step % (2 * half_cycle)
    return high - (high - low) * min(place, 2 * half_cycle - place) / half_cycle


@cyclical_learning_rate.misconception("The corners are rounded: this is a cosine. A triangle has straight sides.")
def a_wave(step, low, high, half_cycle):
    return low + (high - low) * (1 - np.cos(np.pi * step / half_cycle)) / 2


@cyclical_learning_rate.misconception("It goes up and down once and then stays at `low`. The cycle repeats for ever.")
def one_cycle_only(step, low, high, half_cycle):
    return low + (high - low) * max(0, 1 - abs(step / half_cycle - 1))


@cyclical_learning_rate.misconception(
    "It goes up and then stays at `high`. After `half_cycle` steps it comes down again."
)
def stays_at_the_top(step, low, high, half_cycle):
    return low + (high - low) * min(step / half_cycle, 1)


@cyclical_learning_rate.misconception("`low` is not added: the rate falls to 0. The triangle stands on `low`.")
def stands_on_zero(step, low, high, half_cycle):
    place = step % (2 * half_cycle)
    return high * min(place, 2 * half_cycle - place) / half_cycle


@cyclical_learning_rate.misconception(
    "The top is `low + high`. The height of the triangle is the difference `high - low`."
)
def too_high(step, low, high, half_cycle):
    place = step % (2 * half_cycle)
    return low + high * min(place, 2 * half_cycle - place) / half_cycle


@cyclical_learning_rate.misconception("The steps count from 1 in your answer. Step 0 has `low`.")
def a_step_ahead(step, low, high, half_cycle):
    place = (step + 1) % (2 * half_cycle)
    return low + (high - low) * min(place, 2 * half_cycle - place) / half_cycle


@cyclical_learning_rate.misconception(
    "The triangle is only half as high in each new cycle. Smith has such a variant; here all cycles are alike."
)
def shrinks_with_each_cycle(step, low, high, half_cycle):
    cycle, place = divmod(step, 2 * half_cycle)
    return low + (high - low) * min(place, 2 * half_cycle - place) / half_cycle / 2**cycle


@cyclical_learning_rate.misconception(
    "There is nothing between `low` and `high`: the share is rounded to a whole number."
)
def jumps_between_both(step, low, high, half_cycle):
    place = step % (2 * half_cycle)
    return low + (high - low) * (min(place, 2 * half_cycle - place) // half_cycle)


@cyclical_learning_rate.alternative
def by_smith_s_formula(step, low, high, half_cycle):
    cycle = np.floor(1 + step / (2 * half_cycle))
    x = np.abs(step / half_cycle - 2 * cycle + 1)
    return low + (high - low) * np.maximum(0, 1 - x)


@cyclical_learning_rate.alternative
def by_interpolation(step, low, high, half_cycle):
    return np.interp(step % (2 * half_cycle), [0, half_cycle, 2 * half_cycle], [low, high, low])


@cyclical_learning_rate.alternative
def walked_step_by_step(step, low, high, half_cycle):
    place, direction = 0, 1
    for _ in range(step):
        place += direction
        if place in (0, half_cycle):
            direction = -direction
    return np.array(low + (high - low) * place / half_cycle)


@cyclical_learning_rate.alternative
def by_parity(step, low, high, half_cycle):
    halves, rest = divmod(step, half_cycle)
    share = rest / half_cycle
    return low * (1 - share) + high * share if halves % 2 == 0 else high * (1 - share) + low * share


# --- warmup_cosine ---------------------------------------------------------------------------------------------------

warmup_cosine = Exercise(
    "warmup_cosine",
    points=3,
    hints=(
        "Three stretches: before `warmup`, up to `total`, and after. Which formula holds in each?",
        "The cosine starts at `warmup`, so its angle is pi times `(step - warmup) / (total - warmup)`. With no "
        "warm-up the "
        "first stretch is empty: nothing is divided by 0 then.",
        "`peak * step / warmup` if `step < warmup`; 0 if `step >= total`; else `peak / 2 * (1 + np.cos(angle))`.",
    ),
    not_checked=("a warm-up of one step", "steps far after the end", "a warm-up that ends just before the end"),
    equivalent=(
        Equivalent("if step > total:", "at the end itself the cosine is 0 as well"),
        Equivalent(
            "return peak / 2 * (1 + math.cos(math.pi * (step - warmup) / (warmup - total)))",
            "the cosine of an angle is that of its negative",
        ),
        Equivalent(
            "return peak / 2 * (1 + math.cos(math.pi * (warmup - step) / (total - warmup)))",
            "the cosine of an angle is that of its negative",
        ),
    ),
)


def rising(total: int, peak: float, warmup: int, *numbers: int) -> tuple[Call, ...]:
    """One call for each step of a schedule."""
    return tuple(Call("warmup_cosine", (n, total, peak, warmup)) for n in numbers)


@warmup_cosine.visible
def _(rng: Rng) -> Any:
    yield Case("total 100, peak 1, warm-up 20", rising(100, 1.0, 20, 0, 5, 20, 60, 90))
    yield Case("the end, and after it", rising(100, 1.0, 20, 100, 101, 150))
    yield Case("no warm-up", rising(8, 0.5, 0, 0, 2, 4))


@warmup_cosine.hidden
def _(rng: Rng) -> Any:
    peak = float(rng.uniform(20, 60))
    yield Case("the warm-up", rising(50, peak, 10, *range(11)))
    yield Case("the cosine", rising(50, peak, 10, 11, 15, 20, 30, 33, 40, 49))
    yield Case("the end", rising(50, peak, 10, 49, 50, 51))
    yield Case("steps far after the end", rising(50, peak, 10, 90, 100, 130, 1000))
    yield Case("no warm-up", rising(30, peak, 0, 0, 1, 10, 15, 29, 30, 45))
    yield Case("a warm-up of one step", rising(30, peak, 1, 0, 1, 2, 15))
    yield Case("a warm-up that ends just before the end", rising(12, peak, 11, 3, 10, 11, 12, 13))
    yield Case("a single step", rising(1, peak, 0, 0, 1, 2))
    yield Case("odd numbers", rising(37, peak, 7, 3, 6, 7, 8, 20, 36))
    yield Case("whole numbers", rising(20, 3, 4, 0, 1, 3, 4, 12))
    yield Case("a long run", rising(100_000, peak, 2000, 1, 1999, 2000, 40_000, 99_000))
    named = {"warmup": 6, "peak": peak, "total": 40, "step": 21}
    yield Case("arguments given by name", (Call("warmup_cosine", (), named),))


@warmup_cosine.misconception(
    "The cosine starts at step 0, so there is a jump at the end of the warm-up. Count its angle from `warmup` on: "
    "`(step - warmup) / (total - warmup)`."
)
def the_cosine_ignores_the_warmup(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return peak / 2 * (1 + np.cos(np.pi * step / total)) if step < total else 0.0


@warmup_cosine.misconception("After `total` the cosine comes up again. The schedule is over then: the rate stays 0.")
def comes_up_again(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return peak / 2 * (1 + np.cos(np.pi * (step - warmup) / (total - warmup)))


@warmup_cosine.misconception(
    "The cosine takes `total` steps after the warm-up and ends too late: it has `total - warmup`."
)
def ends_too_late(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return peak / 2 * (1 + np.cos(np.pi * min((step - warmup) / total, 1)))


@warmup_cosine.misconception(
    "With no warm-up your formula divides by 0. Use the straight line only while step < warmup."
)
def divides_by_no_warmup(step, total, peak, warmup):
    if step <= warmup:
        return peak * step / warmup
    return peak / 2 * (1 + np.cos(np.pi * (step - warmup) / (total - warmup))) if step < total else 0.0


@warmup_cosine.misconception(
    "The first step already has a rate: (step + 1) / warmup. Here the line starts at 0 in step 0."
)
def starts_above_zero(step, total, peak, warmup):
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak / 2 * (1 + np.cos(np.pi * (step - warmup) / (total - warmup))) if step < total else 0.0


@warmup_cosine.misconception("The way down is a straight line. It should be half a cosine wave.")
def down_in_a_straight_line(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return peak * max(0, (total - step) / (total - warmup))


@warmup_cosine.misconception(
    "A quarter of the wave: the cosine of angles up to pi / 2. Half a wave goes to pi, with 1 added and the whole "
    "halved."
)
def a_quarter_of_the_wave(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return peak * np.cos(np.pi / 2 * (step - warmup) / (total - warmup)) if step < total else 0.0


@warmup_cosine.misconception("A whole wave: down to 0 in the middle and up again. The angle goes to pi, not to 2 pi.")
def a_whole_wave(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return peak / 2 * (1 + np.cos(2 * np.pi * (step - warmup) / (total - warmup))) if step < total else 0.0


@warmup_cosine.misconception("There is no warm-up in your answer: the first steps have the peak.")
def no_warmup(step, total, peak, warmup):
    if step < warmup:
        return peak
    return peak / 2 * (1 + np.cos(np.pi * (step - warmup) / (total - warmup))) if step < total else 0.0


@warmup_cosine.misconception("The half is missing: 1 + cos goes from 2 to 0, so your rates are twice too large.")
def forgets_the_half(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return peak * (1 + np.cos(np.pi * (step - warmup) / (total - warmup))) if step < total else 0.0


@warmup_cosine.misconception("The angle is in degrees. NumPy's cosine takes radians: pi is half a turn.")
def degrees(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return peak / 2 * (1 + np.cos(180 * (step - warmup) / (total - warmup))) if step < total else 0.0


@warmup_cosine.misconception(
    "The rate is negative after the warm-up: the cosine alone goes down to -1. Add 1 and halve."
)
def the_cosine_alone(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return peak * np.cos(np.pi * (step - warmup) / (total - warmup)) if step < total else 0.0


@warmup_cosine.alternative
def as_a_squared_cosine(step, total, peak, warmup):
    import math

    if warmup and step <= warmup:
        return peak * (step / warmup)
    share = min(1.0, (step - warmup) / (total - warmup))
    return peak * math.cos(math.pi * share / 2) ** 2


@warmup_cosine.alternative
def by_clipping(step, total, peak, warmup):
    up = np.clip(step / max(warmup, 1), 0, 1) if warmup > 0 else 1.0
    down = (1 + np.cos(np.pi * np.clip((step - warmup) / (total - warmup), 0, 1))) / 2
    return np.asarray(peak * up * down)


@warmup_cosine.alternative
def by_pieces(step, total, peak, warmup):
    pieces = (
        (range(warmup), lambda t: peak * t / warmup),
        (range(warmup, total), lambda t: peak * (0.5 + 0.5 * np.cos((t - warmup) / (total - warmup) * np.pi))),
    )
    for stretch, rate in pieces:
        if step in stretch:
            return rate(step)
    return 0


@warmup_cosine.alternative
def by_a_sine(step, total, peak, warmup):
    if step > total:
        return 0.0
    if step < warmup:
        return np.interp(step, [0, warmup], [0, peak])
    return peak * (1 - np.sin(np.pi / 2 * (step - warmup) / (total - warmup)) ** 2)


EXERCISES = (
    initialize_cache,
    adagrad_step,
    rmsprop_step,
    initialize_adam,
    adam_step,
    adamw_step,
    step_decay,
    exponential_decay,
    inverse_time_decay,
    cyclical_learning_rate,
    warmup_cosine,
)
