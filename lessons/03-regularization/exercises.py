"""How the exercises of lesson 03 are judged."""

# Wrong and right solutions are written the way students write them.
# ruff: noqa: B007, C402, C408, RUF059

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograde.check.cases import Call, Case, Expectation, Property
from autograde.check.codec import StandIn
from autograde.judge.catalogue import Equivalent, Exercise

Params = dict[str, Any]
Rng = np.random.Generator

# --- what the cases are made of --------------------------------------------------------------------------------------


def draws(rng: Rng) -> StandIn:
    """A generator for a student's function, with a seed of its own."""
    return StandIn("rng", {"seed": int(rng.integers(2**31))})


def arrays(rng: Rng, **shapes: tuple[int, ...]) -> Params:
    """Normal numbers in arrays of these shapes, in this order of keys."""
    return {key: rng.standard_normal(shape) for key, shape in shapes.items()}


def like(rng: Rng, params: Params) -> Params:
    """Gradients for these parameters: other numbers in the same shapes."""
    return {key: rng.standard_normal(np.shape(value)).astype(np.float64) for key, value in params.items()}


def single(params: Params) -> Params:
    """The same arrays in float32."""
    return {key: value.astype(np.float32) for key, value in params.items()}


#: A small network that can be read: two weight matrices, two biases.
SMALL: Params = {
    "W1": np.array([[1.0, -2.0, 0.0], [3.0, 0.5, -1.0]]),
    "b1": np.array([0.5, -0.5, 2.0]),
    "W2": np.array([[2.0], [-1.0], [4.0]]),
    "b2": np.array([3.0]),
}
SMALL_GRADS: Params = {
    "W1": np.array([[0.1, 0.2, -0.3], [0.0, -0.5, 0.4]]),
    "b1": np.array([1.0, 0.2, -0.4]),
    "W2": np.array([[-0.2], [0.3], [0.6]]),
    "b2": np.array([-0.1]),
}


def networks(rng: Rng) -> Iterator[tuple[str, Params]]:
    """Parameters that a penalty on weights must sort out by their keys and shapes."""
    yield "three layers of different sizes", arrays(
        rng, W1=(5, 7), b1=(7,), W2=(7, 3), b2=(3,), W3=(3, 2), b3=(2,)
    )  # fmt: skip
    yield "keys without numbers", arrays(rng, W=(4, 3), b=(3,))
    yield "other arrays beside weights and biases", arrays(
        rng, gamma=(6,), Wx=(3, 6), Wh=(6, 6), beta=(6,), bias=(6,), W_out=(6, 2), scale=(3, 2)
    )  # fmt: skip
    yield "keys that hold a W further on, or a small w", arrays(rng, bW=(3,), w=(4, 2), W1=(4, 3), gammaW2=(2, 2))
    yield "more than ten layers, in no order", arrays(
        rng, b10=(2,), W10=(3, 2), W2=(2, 3), b2=(3,), W1=(4, 2), W11=(2, 5), b1=(2,), b11=(5,)
    )  # fmt: skip
    yield "weights with one axis, with three and with four", arrays(
        rng, W1=(6,), b1=(1,), W2=(2, 3, 4), b2=(4,), W3=(3, 3, 2, 5), b3=(5,)
    )  # fmt: skip
    yield "float32", single(arrays(rng, W1=(8, 5), b1=(5,), W2=(5, 3), b2=(3,)))
    yield (
        "whole numbers as weights",
        {
            "W1": rng.integers(-4, 5, (3, 4)),
            "b1": rng.integers(1, 5, 4),
            "W2": rng.integers(-9, 10, (4, 2)),
            "b2": rng.integers(1, 5, 2),
        },
    )
    yield "a single weight", {"W1": np.array([[-1.5]]), "b1": np.array([2.5])}


def cost_cases(name: str, rng: Rng) -> Iterator[Case]:
    """Hidden cases of a penalty ``name(params, lam, m)``."""
    for label, params in networks(rng):
        lam, m = float(rng.uniform(0.3, 4)), int(rng.integers(7, 90))
        yield Case(label, (Call(name, (params, lam, m)),))
    params = arrays(rng, W1=(3, 4), b1=(4,), W2=(4, 2), b2=(2,))
    yield Case("lambda = 0", (Call(name, (params, 0.0, 12)),))
    yield Case("lambda and m whole numbers, lambda the smaller", (Call(name, (params, 2, 7)),))
    yield Case("a single example", (Call(name, (params, 0.7, 1)),))
    yield Case("a large lambda", (Call(name, (params, 5000.0, 40)),))
    yield Case("arguments given by name", (Call(name, (), {"m": 31, "lam": 1.3, "params": params}),))


def gradient_cases(name: str, rng: Rng) -> Iterator[Case]:
    """Hidden cases of ``name(params, grads, lam, m)``."""
    for label, params in networks(rng):
        lam, m, grads = float(rng.uniform(0.3, 4)), int(rng.integers(3, 30)), like(rng, params)
        if label == "float32":
            grads = single(grads)
        yield Case(label, (Call(name, (params, grads, lam, m)),))
    params = arrays(rng, W1=(3, 4), b1=(4,), W2=(4, 2), b2=(2,))
    grads = like(rng, params)
    yield Case("lambda = 0", (Call(name, (params, grads, 0.0, 12)),))
    yield Case("lambda and m whole numbers, lambda the smaller", (Call(name, (params, grads, 2, 7)),))
    yield Case("a single example", (Call(name, (params, grads, 0.7, 1)),))
    jumbled = {key: grads[key] for key in ("b2", "W2", "b1", "W1")}
    yield Case("gradients listed in another order", (Call(name, (params, jumbled, 1.5, 9)),))
    nothing = {key: np.zeros_like(value) for key, value in grads.items()}
    yield Case("gradients of zero", (Call(name, (params, nothing, 1.5, 9)),))
    named = {"m": 31, "grads": grads, "lam": 1.3, "params": params}
    yield Case("arguments given by name", (Call(name, (), named),))


# --- l2_cost ---------------------------------------------------------------------------------------------------------

l2_cost = Exercise(
    "l2_cost",
    points=2,
    hints=(
        "Which entries of `params` count, and which do not? Look at the first letter of the key.",
        'Go through `params.items()`, keep the keys with `key.startswith("W")`, and add up all squared entries.',
        "`total += np.sum(W ** 2)` for each weight array, then `lam / (2 * m) * total`, with the brackets.",
    ),
    not_checked=("other names than W1, b1, …", "weights with one axis or with three", "lambda = 0"),
)


@l2_cost.visible
def _(rng: Rng) -> Any:
    one = {"W1": np.array([[3.0, -4.0]]), "b1": np.array([10.0, 10.0])}
    yield Case("one layer", (Call("l2_cost", (one, 2.0, 5)),))
    yield Case("two layers", (Call("l2_cost", (SMALL, 0.8, 3)),))
    named = {"gamma": np.array([2.0, 3.0]), "Wx": np.array([[1.0], [-2.0]]), "bW": np.array([4.0])}
    yield Case("other names", (Call("l2_cost", (named, 3.0, 4)),))


@l2_cost.hidden
def _(rng: Rng) -> Any:
    yield from cost_cases("l2_cost", rng)


@l2_cost.misconception("The norms are not squared. The penalty adds up the squared entries; no root is taken.")
def the_norm_is_not_squared(params, lam, m):
    total = 0.0
    for key, W in params.items():
        if key.startswith("W"):
            total += np.sqrt(np.sum(W**2))
    return lam / (2 * m) * total


@l2_cost.misconception(
    'The biases are in your sum, and so is every other array. Only keys that start with "W" are weights.'
)
def all_arrays_are_penalised(params, lam, m):
    return lam / (2 * m) * sum(np.sum(p**2) for p in params.values())


@l2_cost.misconception("Your result is twice the expected one: the penalty is lambda over 2m.")
def the_half_is_forgotten(params, lam, m):
    return lam / m * sum(np.sum(W**2) for key, W in params.items() if key.startswith("W"))


@l2_cost.misconception(
    "Your result is m times too large. The cost is a mean over the examples, and the penalty is divided by m with it."
)
def the_m_is_forgotten(params, lam, m):
    return lam / 2 * sum(np.sum(W**2) for key, W in params.items() if key.startswith("W"))


@l2_cost.misconception(
    "`lam / 2 * m` divides by 2 and then multiplies by m. Python works from left to right; put brackets round 2 * m."
)
def lacks_brackets_below(params, lam, m):
    return lam / 2 * m * sum(np.sum(W**2) for key, W in params.items() if key.startswith("W"))


@l2_cost.misconception(
    "You average the squares of each array, so that large layers pay as little as small ones. Sum them."
)
def means_of_the_squares(params, lam, m):
    return lam / (2 * m) * sum(np.mean(W**2) for key, W in params.items() if key.startswith("W"))


@l2_cost.misconception("You sum first and square then; weights of different signs cancel. Square every entry first.")
def sums_before_squaring(params, lam, m):
    return lam / (2 * m) * sum(np.sum(W) ** 2 for key, W in params.items() if key.startswith("W"))


@l2_cost.misconception("This is the root of the sum of all squares. The penalty takes no root.")
def a_root_over_all_layers(params, lam, m):
    return lam / (2 * m) * np.sqrt(sum(np.sum(W**2) for key, W in params.items() if key.startswith("W")))


@l2_cost.misconception("These are absolute values: that is the L1 penalty, which comes later. L2 squares the entries.")
def absolute_values(params, lam, m):
    return lam / (2 * m) * sum(np.sum(np.abs(W)) for key, W in params.items() if key.startswith("W"))


@l2_cost.misconception("Only the last weight array counts in your result: add to a total, do not overwrite it.")
def only_the_last_layer(params, lam, m):
    total = 0.0
    for key, W in params.items():
        if key.startswith("W"):
            total = np.sum(W**2)
    return lam / (2 * m) * total


@l2_cost.misconception(
    "You ask for W1, W2, … by number. Parameters may have other names: go through the keys that there are."
)
def layers_by_number(params, lam, m):
    total = 0.0
    for i in range(1, len(params) // 2 + 1):
        total += np.sum(params[f"W{i}"] ** 2)
    return lam / (2 * m) * total


@l2_cost.misconception(
    'You take every key with a W somewhere in it. A weight is a key that starts with a capital "W": `key.startswith`.'
)
def a_w_anywhere_in_the_key(params, lam, m):
    return lam / (2 * m) * sum(np.sum(W**2) for key, W in params.items() if "W" in key)


@l2_cost.misconception('A small "w" counts as a weight in your sum. Weights are keys with a capital "W" in front.')
def small_letters_count_too(params, lam, m):
    return lam / (2 * m) * sum(np.sum(W**2) for key, W in params.items() if key.lower().startswith("w"))


@l2_cost.alternative
def by_one_long_vector(params, lam, m):
    weights = np.concatenate([value.ravel() for key, value in params.items() if key[0] == "W"])
    return lam * (weights @ weights) / (2 * m)


@l2_cost.alternative
def by_norms(params, lam, m):
    total = 0
    for name in sorted(params):
        if name[:1] == "W":
            total += np.linalg.norm(params[name]) ** 2
    return 0.5 * lam * total / m


@l2_cost.alternative
def by_einsum(params, lam, m):
    squares = [np.einsum("i,i->", W.ravel(), W.ravel()) for key, W in params.items() if key.startswith("W")]
    return np.array(np.sum(squares) * (lam / m / 2))


@l2_cost.alternative
def entry_by_entry(params, lam, m):
    total = 0.0
    for key in params:
        if not key.startswith("W"):
            continue
        for w in np.asarray(params[key]).flat:
            total += float(w) ** 2
    return lam * total / 2 / m


# --- l2_gradients ----------------------------------------------------------------------------------------------------

l2_gradients = Exercise(
    "l2_gradients",
    points=3,
    hints=(
        "What is the derivative of `w ** 2`? And what does it do to the 2 below the fraction?",
        "For a weight array the new gradient is `grads[key] + lam / m * params[key]`. What becomes of the others?",
        'Build a new dict over the keys of `grads`: with `key.startswith("W")` the sum above, else `grads[key]` as '
        "it is.",
    ),
    not_checked=("other names than W1, b1, …", "weights with one axis or with three", "lambda = 0"),
)


@l2_gradients.visible
def _(rng: Rng) -> Any:
    one = {"W1": np.array([[3.0, -4.0]]), "b1": np.array([10.0, 10.0])}
    grads = {"W1": np.array([[0.5, 0.25]]), "b1": np.array([1.0, -1.0])}
    yield Case("one layer", (Call("l2_gradients", (one, grads, 2.0, 5)),))
    yield Case("two layers", (Call("l2_gradients", (SMALL, SMALL_GRADS, 0.6, 3)),))
    named = {"gamma": np.array([2.0, 3.0]), "Wx": np.array([[1.0], [-2.0]]), "bW": np.array([4.0])}
    grads = {"gamma": np.array([0.1, 0.2]), "Wx": np.array([[0.3], [0.4]]), "bW": np.array([0.5])}
    yield Case("other names", (Call("l2_gradients", (named, grads, 3.0, 4)),))


@l2_gradients.hidden
def _(rng: Rng) -> Any:
    yield from gradient_cases("l2_gradients", rng)


@l2_gradients.misconception('You add the penalty\'s gradient to every array. Only keys that start with "W" have one.')
def all_arrays_decay(params, grads, lam, m):
    return {key: grads[key] + lam / m * params[key] for key in grads}


@l2_gradients.misconception("Only the penalty's gradient is left of your weights' gradients. Add it to what was there.")
def the_penalty_alone(params, grads, lam, m):
    return {key: lam / m * params[key] if key.startswith("W") else grads[key] for key in grads}


@l2_gradients.misconception(
    "The penalty's part is m times too large: cost and gradient are both divided by m, or they do not belong together."
)
def the_m_is_forgotten(params, grads, lam, m):
    return {key: grads[key] + lam * params[key] if key.startswith("W") else grads[key] for key in grads}


@l2_gradients.misconception(
    "The half is still there. The derivative of `w ** 2` is `2 * w`, and that 2 cancels the one in the cost."
)
def the_half_is_kept(params, grads, lam, m):
    return {key: grads[key] + lam / (2 * m) * params[key] if key.startswith("W") else grads[key] for key in grads}


@l2_gradients.misconception(
    "The penalty's part is twice too large. It belongs to a cost without the half; here the cost is lambda over 2m."
)
def a_two_too_many(params, grads, lam, m):
    return {key: grads[key] + 2 * lam / m * params[key] if key.startswith("W") else grads[key] for key in grads}


@l2_gradients.misconception(
    "The penalty's part has the wrong sign: weights would grow. The step that is subtracted later makes them shrink."
)
def the_sign_is_turned(params, grads, lam, m):
    return {key: grads[key] - lam / m * params[key] if key.startswith("W") else grads[key] for key in grads}


@l2_gradients.misconception("You add a share of the gradient itself. What is added is a share of the weights.")
def a_share_of_the_gradient(params, grads, lam, m):
    return {key: grads[key] + lam / m * grads[key] if key.startswith("W") else grads[key] for key in grads}


@l2_gradients.misconception(
    "You add squares. The squares are in the cost; its derivative holds the weights themselves."
)
def squares_are_added(params, grads, lam, m):
    return {key: grads[key] + lam / m * params[key] ** 2 if key.startswith("W") else grads[key] for key in grads}


@l2_gradients.misconception("You add the sign of the weights: that is the L1 penalty. For L2 add the weights.")
def signs_are_added(params, grads, lam, m):
    return {key: grads[key] + lam / m * np.sign(params[key]) if key.startswith("W") else grads[key] for key in grads}


@l2_gradients.misconception(
    "The gradients of the biases are missing from your result. Every key of `grads` comes back."
)
def the_biases_are_dropped(params, grads, lam, m):
    return {key: grads[key] + lam / m * params[key] for key in grads if key.startswith("W")}


@l2_gradients.misconception(
    "You ask for W1, W2, … by number. Parameters may have other names: go through the keys that there are."
)
def layers_by_number(params, grads, lam, m):
    new = dict(grads)
    for i in range(1, len(params) // 2 + 1):
        new[f"W{i}"] = grads[f"W{i}"] + lam / m * params[f"W{i}"]
    return new


@l2_gradients.misconception(
    "Your function changes the arrays in `grads`: `+=` works in place. Write `grads[key] + …` into a new dict."
)
def changes_grads_in_place(params, grads, lam, m):
    for key in grads:
        if key.startswith("W"):
            grads[key] += lam / m * params[key]
    return grads


@l2_gradients.misconception(
    'You take every key with a W somewhere in it. A weight is a key that starts with a capital "W": `key.startswith`.'
)
def a_w_anywhere_in_the_key(params, grads, lam, m):
    return {key: grads[key] + lam / m * params[key] if "W" in key else grads[key] for key in grads}


@l2_gradients.alternative
def on_copies_in_place(params, grads, lam, m):
    new = {key: grad.copy() for key, grad in grads.items()}
    for key in new:
        if key[0] == "W":
            new[key] += (lam / m) * params[key]
    return new


@l2_gradients.alternative
def in_two_dicts(params, grads, lam, m):
    weights = {k: np.add(grads[k], np.multiply(params[k], lam / m)) for k in params if k.startswith("W")}
    return grads | weights


@l2_gradients.alternative
def with_a_rate_per_key(params, grads, lam, m):
    def rate(key):
        return lam / m if key[:1] == "W" else 0.0

    new = dict()
    for key in sorted(grads, reverse=True):
        new[key] = grads[key] + rate(key) * params[key]
    return new


@l2_gradients.alternative
def array_by_array(params, grads, lam, m):
    new = {}
    for key, grad in grads.items():
        new[key] = np.array(grad, dtype=float)
        if not key.startswith("W"):
            continue
        for index in np.ndindex(new[key].shape):
            new[key][index] += lam * params[key][index] / m
    return new


# --- weight_decay_step -----------------------------------------------------------------------------------------------

weight_decay_step = Exercise(
    "weight_decay_step",
    points=3,
    hints=(
        "There are two kinds of arrays. Write the update of each on paper before you write the loop.",
        "Weights: first shrink by the factor `1 - learning_rate * lam / m`, then subtract `learning_rate * grad`. "
        "The gradient is not shrunk.",
        'For every key: `decay = 1 - learning_rate * lam / m if key.startswith("W") else 1`, then '
        "`decay * params[key] - learning_rate * grads[key]` into a new dict.",
    ),
    not_checked=("other names than W1, b1, …", "weights with one axis or with three", "lambda = 0"),
)


@weight_decay_step.visible
def _(rng: Rng) -> Any:
    name = "weight_decay_step"
    one = {"W1": np.array([[3.0, -4.0]]), "b1": np.array([10.0, 10.0])}
    grads = {"W1": np.array([[0.5, 0.25]]), "b1": np.array([1.0, -1.0])}
    yield Case("one layer", (Call(name, (one, grads, 0.5, 2.0, 5)),))
    yield Case("two layers", (Call(name, (SMALL, SMALL_GRADS, 0.1, 6.0, 4)),))
    named = {"gamma": np.array([2.0, 3.0]), "Wx": np.array([[1.0], [-2.0]]), "bW": np.array([4.0])}
    grads = {"gamma": np.array([0.1, 0.2]), "Wx": np.array([[0.3], [0.4]]), "bW": np.array([0.5])}
    yield Case("other names", (Call(name, (named, grads, 0.2, 3.0, 4)),))


@weight_decay_step.hidden
def _(rng: Rng) -> Any:
    name = "weight_decay_step"
    for label, params in networks(rng):
        rate, lam, m = float(rng.uniform(0.1, 0.9)), float(rng.uniform(0.5, 4)), int(rng.integers(3, 30))
        grads = like(rng, params)
        if label == "float32":
            grads = single(grads)
        if label != "whole numbers as weights":
            yield Case(label, (Call(name, (params, grads, rate, lam, m)),))
    params = arrays(rng, W1=(3, 4), b1=(4,), W2=(4, 2), b2=(2,))
    grads = like(rng, params)
    yield Case("lambda = 0", (Call(name, (params, grads, 0.3, 0.0, 12)),))
    yield Case("a learning rate of 0", (Call(name, (params, grads, 0.0, 2.0, 12)),))
    yield Case("lambda and m whole numbers, lambda the smaller", (Call(name, (params, grads, 0.7, 2, 7)),))
    yield Case("a learning rate that is a whole number", (Call(name, (params, grads, 1, 2, 7)),))
    yield Case("a single example", (Call(name, (params, grads, 0.4, 0.7, 1)),))
    yield Case("a decay so strong that weights change sign", (Call(name, (params, grads, 0.9, 40.0, 20)),))
    nothing = {key: np.zeros_like(value) for key, value in grads.items()}
    yield Case("gradients of zero", (Call(name, (params, nothing, 0.3, 5.0, 9)),))
    jumbled = {key: grads[key] for key in ("b2", "W2", "b1", "W1")}
    yield Case("gradients listed in another order", (Call(name, (params, jumbled, 0.3, 1.5, 9)),))
    named = {"m": 31, "grads": grads, "lam": 9.0, "params": params, "learning_rate": 0.5}
    yield Case("arguments given by name", (Call(name, (), named),))


@weight_decay_step.misconception('Your biases shrink too. Only keys that start with "W" decay; the rest steps plainly.')
def all_arrays_decay(params, grads, learning_rate, lam, m):
    return {k: params[k] * (1 - learning_rate * lam / m) - learning_rate * grads[k] for k in params}


@weight_decay_step.misconception("Nothing decays: this is the plain step for all arrays. `lam` and `m` go unused.")
def a_plain_step(params, grads, learning_rate, lam, m):
    return {k: params[k] - learning_rate * grads[k] for k in params}


@weight_decay_step.misconception(
    "The learning rate is missing from the decay factor. It came from a step of this size, so the factor holds it."
)
def a_decay_without_learning_rate(params, grads, learning_rate, lam, m):
    return {
        k: p * (1 - lam / m) - learning_rate * grads[k] if k.startswith("W") else p - learning_rate * grads[k]
        for k, p in params.items()
    }


@weight_decay_step.misconception(
    "You shrink the result of the step, and with it the gradient's part. Only the weights from before are shrunk."
)
def decays_after_the_step(params, grads, learning_rate, lam, m):
    new = {}
    for k, p in params.items():
        new[k] = p - learning_rate * grads[k]
        if k.startswith("W"):
            new[k] = new[k] * (1 - learning_rate * lam / m)
    return new


@weight_decay_step.misconception("The decay is m times too strong: the factor is 1 - learning_rate * lam / m.")
def the_m_is_forgotten(params, grads, learning_rate, lam, m):
    return {
        k: p * (1 - learning_rate * lam) - learning_rate * grads[k]
        if k.startswith("W")
        else p - learning_rate * grads[k]
        for k, p in params.items()
    }


@weight_decay_step.misconception("The decay is half as strong as it should be: the 2 of the cost is not in the factor.")
def the_half_is_kept(params, grads, learning_rate, lam, m):
    decay = 1 - learning_rate * lam / (2 * m)
    return {
        k: p * decay - learning_rate * grads[k] if k[0] == "W" else p - learning_rate * grads[k]
        for k, p in params.items()
    }


@weight_decay_step.misconception("Your weights grow: the factor is above 1. Decay subtracts a share of them.")
def weights_grow(params, grads, learning_rate, lam, m):
    decay = 1 + learning_rate * lam / m
    return {
        k: p * decay - learning_rate * grads[k] if k[0] == "W" else p - learning_rate * grads[k]
        for k, p in params.items()
    }


@weight_decay_step.misconception("Your biases do not move at all. They do not decay, but they do take the plain step.")
def biases_stay_where_they_are(params, grads, learning_rate, lam, m):
    decay = 1 - learning_rate * lam / m
    return {k: p * decay - learning_rate * grads[k] if k.startswith("W") else p for k, p in params.items()}


@weight_decay_step.misconception(
    "The weights decay twice: once by the factor and once by the penalty's gradient. The two are the same thing."
)
def decays_twice(params, grads, learning_rate, lam, m):
    new = {}
    for k, p in params.items():
        if k.startswith("W"):
            new[k] = p * (1 - learning_rate * lam / m) - learning_rate * (grads[k] + lam / m * p)
        else:
            new[k] = p - learning_rate * grads[k]
    return new


@weight_decay_step.misconception("The gradient is added. A descent step subtracts it.")
def climbs(params, grads, learning_rate, lam, m):
    decay = 1 - learning_rate * lam / m
    return {
        k: p * decay + learning_rate * grads[k] if k[0] == "W" else p + learning_rate * grads[k]
        for k, p in params.items()
    }


@weight_decay_step.misconception("The gradient's part lacks the learning rate.")
def a_step_without_learning_rate(params, grads, learning_rate, lam, m):
    decay = 1 - learning_rate * lam / m
    return {k: p * decay - grads[k] if k[0] == "W" else p - grads[k] for k, p in params.items()}


@weight_decay_step.misconception("Only the weights come back. The new biases and other arrays belong to the result.")
def only_weights_come_back(params, grads, learning_rate, lam, m):
    decay = 1 - learning_rate * lam / m
    return {k: p * decay - learning_rate * grads[k] for k, p in params.items() if k[0] == "W"}


@weight_decay_step.misconception(
    "Your function changes the arrays in `params`: `-=` and `*=` work in place. Put new arrays into a new dict."
)
def changes_params_in_place(params, grads, learning_rate, lam, m):
    for k in params:
        if k.startswith("W"):
            params[k] *= 1 - learning_rate * lam / m
        params[k] -= learning_rate * grads[k]
    return params


@weight_decay_step.alternative
def by_the_penalised_gradient(params, grads, learning_rate, lam, m):
    regularized = l2_gradients(params, grads, lam, m)
    return {k: params[k] - learning_rate * regularized[k] for k in params}


@weight_decay_step.alternative
def on_copies(params, grads, learning_rate, lam, m):
    new = {k: v.copy() for k, v in params.items()}
    for k, v in new.items():
        if k.startswith("W"):
            v *= 1 - learning_rate * lam / m
        v -= learning_rate * grads[k]
    return new


@weight_decay_step.alternative
def shrink_first_then_step(params, grads, learning_rate, lam, m):
    shrunk = {k: v - learning_rate * (lam / m) * v if k[:1] == "W" else v for k, v in params.items()}
    return dict((k, np.subtract(shrunk[k], np.multiply(grads[k], learning_rate))) for k in reversed(list(shrunk)))


@weight_decay_step.alternative
def both_kinds_apart(params, grads, learning_rate, lam, m):
    weights = [k for k in params if k.startswith("W")]
    others = [k for k in params if k not in weights]
    new = {}
    for k in weights:
        new[k] = params[k] * (m - learning_rate * lam) / m - learning_rate * grads[k]
    for k in others:
        new[k] = params[k] - learning_rate * grads[k]
    return new


# --- l1_cost ---------------------------------------------------------------------------------------------------------

l1_cost = Exercise(
    "l1_cost",
    points=1,
    hints=(
        "Keep the loop of `l2_cost`. What takes the place of the square, and what becomes of the 2?",
        "`np.abs(W)` gives the absolute values of all entries. There is no half in this penalty.",
        "`lam / m` times the sum of `np.sum(np.abs(W))` over the weight arrays.",
    ),
    not_checked=("other names than W1, b1, …", "weights with one axis or with three", "lambda = 0"),
)


@l1_cost.visible
def _(rng: Rng) -> Any:
    one = {"W1": np.array([[3.0, -4.0]]), "b1": np.array([10.0, 10.0])}
    yield Case("one layer", (Call("l1_cost", (one, 2.0, 5)),))
    yield Case("two layers", (Call("l1_cost", (SMALL, 0.8, 3)),))
    named = {"gamma": np.array([2.0, 3.0]), "Wx": np.array([[1.0], [-2.0]]), "bW": np.array([4.0])}
    yield Case("other names", (Call("l1_cost", (named, 3.0, 4)),))


@l1_cost.hidden
def _(rng: Rng) -> Any:
    yield from cost_cases("l1_cost", rng)


@l1_cost.misconception("Your result is half of the expected one: L1 has no 2 below the fraction. Only L2 has.")
def a_half_too_many(params, lam, m):
    return lam / (2 * m) * sum(np.sum(np.abs(W)) for key, W in params.items() if key.startswith("W"))


@l1_cost.misconception("The signs are still there: positive and negative weights cancel. Take absolute values.")
def the_signs_are_kept(params, lam, m):
    return lam / m * sum(np.sum(W) for key, W in params.items() if key.startswith("W"))


@l1_cost.misconception("You take the absolute value of the sum. Take it of every entry, then sum.")
def the_absolute_value_of_the_sum(params, lam, m):
    return lam / m * sum(abs(np.sum(W)) for key, W in params.items() if key.startswith("W"))


@l1_cost.misconception("These are squares: that is the L2 penalty.")
def squares(params, lam, m):
    return lam / m * sum(np.sum(W**2) for key, W in params.items() if key.startswith("W"))


@l1_cost.misconception("This is the L2 penalty, with its squares and its half. L1 sums absolute values.")
def the_penalty_of_l2(params, lam, m):
    return l2_cost(params, lam, m)


@l1_cost.misconception('The biases are in your sum. Only keys that start with "W" are weights.')
def all_arrays_are_penalised(params, lam, m):
    return lam / m * sum(np.sum(np.abs(p)) for p in params.values())


@l1_cost.misconception("Your result is m times too large: divide by m.")
def the_m_is_forgotten(params, lam, m):
    return lam * sum(np.sum(np.abs(W)) for key, W in params.items() if key.startswith("W"))


@l1_cost.misconception("You average over the entries of each array. Sum them.")
def means_of_the_sizes(params, lam, m):
    return lam / m * sum(np.mean(np.abs(W)) for key, W in params.items() if key.startswith("W"))


@l1_cost.misconception(
    "`np.linalg.norm(W, 1)` of a matrix is its largest column sum, not the sum over all entries: use `np.abs(W).sum()`."
)
def the_matrix_norm(params, lam, m):
    return lam / m * sum(np.abs(W).sum(axis=0).max() for key, W in params.items() if key.startswith("W"))


@l1_cost.misconception(
    "You ask for W1, W2, … by number. Parameters may have other names: go through the keys that there are."
)
def layers_by_number(params, lam, m):
    return lam / m * sum(np.abs(params[f"W{i + 1}"]).sum() for i in range(len(params) // 2))


@l1_cost.alternative
def by_norms_of_vectors(params, lam, m):
    return lam / m * sum(np.linalg.norm(W.ravel(), 1) for key, W in params.items() if key[0] == "W")


@l1_cost.alternative
def by_signs(params, lam, m):
    total = 0.0
    for key, W in params.items():
        if key.startswith("W"):
            total = total + (np.sign(W) * W).sum()
    return np.float64(total) * lam / m


@l1_cost.alternative
def entry_by_entry(params, lam, m):
    return lam * sum(abs(float(w)) for key in params if key[:1] == "W" for w in params[key].flatten()) / m


# --- l1_gradients ----------------------------------------------------------------------------------------------------

l1_gradients = Exercise(
    "l1_gradients",
    points=2,
    hints=(
        "Draw |w|. What is its slope to the right of zero, to the left, and which number will you take at zero?",
        "`np.sign(W)` is 1, -1 or 0. It stands where `l2_gradients` has the weights.",
        'For keys with `key.startswith("W")`: `grads[key] + lam / m * np.sign(params[key])`; the others as they are.',
    ),
    not_checked=("other names than W1, b1, …", "weights with one axis or with three", "lambda = 0"),
)


@l1_gradients.visible
def _(rng: Rng) -> Any:
    one = {"W1": np.array([[3.0, -4.0]]), "b1": np.array([10.0, 10.0])}
    grads = {"W1": np.array([[0.5, 0.25]]), "b1": np.array([1.0, -1.0])}
    yield Case("one layer", (Call("l1_gradients", (one, grads, 2.0, 5)),))
    yield Case("two layers, a weight of zero", (Call("l1_gradients", (SMALL, SMALL_GRADS, 0.6, 3)),))
    named = {"gamma": np.array([2.0, 3.0]), "Wx": np.array([[1.0], [-2.0]]), "bW": np.array([4.0])}
    grads = {"gamma": np.array([0.1, 0.2]), "Wx": np.array([[0.3], [0.4]]), "bW": np.array([0.5])}
    yield Case("other names", (Call("l1_gradients", (named, grads, 3.0, 4)),))


@l1_gradients.hidden
def _(rng: Rng) -> Any:
    name = "l1_gradients"
    yield from gradient_cases(name, rng)
    sparse = {"W1": rng.standard_normal((4, 5)) * (rng.random((4, 5)) < 0.5), "b1": np.zeros(5), "W2": np.zeros((5, 2))}
    yield Case("many weights of exactly zero", (Call(name, (sparse, like(rng, sparse), 3.0, 8)),))
    tiny = {"W1": 1e-9 * rng.standard_normal((3, 4)), "b1": rng.standard_normal(4)}
    yield Case("very small weights", (Call(name, (tiny, like(rng, tiny), 3.0, 8)),))


@l1_gradients.misconception(
    "You add the weights themselves: that is L2. The slope of |w| is 1 or -1, however large w is."
)
def the_weights_are_added(params, grads, lam, m):
    return l2_gradients(params, grads, lam, m)


@l1_gradients.misconception('You add the sign to every array. Only keys that start with "W" are penalised.')
def all_arrays_shrink(params, grads, lam, m):
    return {key: grads[key] + lam / m * np.sign(params[key]) for key in grads}


@l1_gradients.misconception("A weight of zero is pushed away from zero: in this course sign(0) = 0, as in `np.sign`.")
def zero_counts_as_positive(params, grads, lam, m):
    return {
        key: grads[key] + lam / m * np.where(params[key] >= 0, 1.0, -1.0) if key.startswith("W") else grads[key]
        for key in grads
    }


@l1_gradients.misconception(
    "A weight of zero is pushed down: a `w > 0` that is false does not mean that w is negative."
)
def zero_counts_as_negative(params, grads, lam, m):
    return {
        key: grads[key] + lam / m * np.where(params[key] > 0, 1.0, -1.0) if key.startswith("W") else grads[key]
        for key in grads
    }


@l1_gradients.misconception("`W / np.abs(W)` is 0 / 0 where a weight is zero. `np.sign` gives 0 there.")
def divides_by_the_size(params, grads, lam, m):
    return {
        key: grads[key] + lam / m * params[key] / np.abs(params[key]) if key.startswith("W") else grads[key]
        for key in grads
    }


@l1_gradients.misconception("You add absolute values. They are in the cost; the gradient holds their slope, the sign.")
def absolute_values_are_added(params, grads, lam, m):
    return {key: grads[key] + lam / m * np.abs(params[key]) if key.startswith("W") else grads[key] for key in grads}


@l1_gradients.misconception("You took the sign of the gradient. It is the sign of the weight that counts.")
def the_sign_of_the_gradient(params, grads, lam, m):
    return {key: grads[key] + lam / m * np.sign(grads[key]) if key.startswith("W") else grads[key] for key in grads}


@l1_gradients.misconception("The penalty's part is m times too large: divide lambda by m.")
def the_m_is_forgotten(params, grads, lam, m):
    return {key: grads[key] + lam * np.sign(params[key]) if key.startswith("W") else grads[key] for key in grads}


@l1_gradients.misconception("The penalty's part is half of what it should be: L1 has no 2 below the fraction.")
def a_half_too_many(params, grads, lam, m):
    return {
        key: grads[key] + lam / (2 * m) * np.sign(params[key]) if key.startswith("W") else grads[key] for key in grads
    }


@l1_gradients.misconception("The penalty's part has the wrong sign: it pushes weights away from zero.")
def pushes_away_from_zero(params, grads, lam, m):
    return {key: grads[key] - lam / m * np.sign(params[key]) if key.startswith("W") else grads[key] for key in grads}


@l1_gradients.misconception(
    "Your function changes the arrays in `grads`: `+=` works in place. Write the sum into a new dict."
)
def changes_grads_in_place(params, grads, lam, m):
    for key in grads:
        if key.startswith("W"):
            grads[key] += lam / m * np.sign(params[key])
    return grads


@l1_gradients.alternative
def by_comparing(params, grads, lam, m):
    new = dict(grads)
    for key in params:
        if key[0] == "W":
            W = params[key]
            new[key] = grads[key] + (lam / m) * ((W > 0).astype(float) - (W < 0))
    return new


@l1_gradients.alternative
def by_masks_on_a_copy(params, grads, lam, m):
    new = {key: np.copy(grad) for key, grad in grads.items()}
    for key in filter(lambda k: k.startswith("W"), new):
        new[key][params[key] > 0] += lam / m
        new[key][params[key] < 0] -= lam / m
    return new


@l1_gradients.alternative
def by_a_safe_division(params, grads, lam, m):
    def slope(W):
        return W / np.where(W == 0, 1.0, np.abs(W))

    return {k: g + lam * slope(params[k]) / m if k[:1] == "W" else g.copy() for k, g in grads.items()}


# --- sparsity --------------------------------------------------------------------------------------------------------

sparsity = Exercise(
    "sparsity",
    points=2,
    hints=(
        "A share is a number of weights over another number of weights. Which two?",
        "Count the entries with `np.abs(W) < threshold` in all weight arrays together, and all entries (`W.size`).",
        "Sum both counts over the weight arrays, and divide once, at the end.",
    ),
    not_checked=("other names than W1, b1, …", "weights with one axis or with three", "other thresholds"),
)


@sparsity.visible
def _(rng: Rng) -> Any:
    params = {
        "W1": np.array([[0.0, -0.5, 0.0004], [2.0, -0.0002, 0.3]]),
        "b1": np.array([0.0, 0.0, 1.0]),
        "W2": np.array([[-1.0], [0.0], [0.0]]),
        "b2": np.array([0.0]),
    }
    yield Case("two layers of different sizes", (Call("sparsity", (params,)),))
    yield Case("another threshold", (Call("sparsity", (params,), {"threshold": 0.4}),))
    named = {"gamma": np.array([0.0, 0.0]), "Wx": np.array([[1.0, -2.0, 0.0]]), "b": np.array([0.0])}
    yield Case("other names", (Call("sparsity", (named,)),))


@sparsity.hidden
def _(rng: Rng) -> Any:
    name = "sparsity"
    for label, params in networks(rng):
        yield Case(label, (Call(name, (params, float(rng.uniform(0.5, 1.5)))),))
    params = {
        "W1": rng.standard_normal((20, 30)) * (rng.random((20, 30)) < 0.1),
        "b1": np.zeros(30),
        "W2": 10.0 ** rng.uniform(-6, 0, (30, 4)) * rng.choice([-1, 1], (30, 4)),
        "b2": rng.standard_normal(4),
    }
    yield Case("a large sparse layer beside a small one, the threshold left at its default", (Call(name, (params,)),))
    yield Case("a tiny threshold", (Call(name, (params, 1e-5)),))
    yield Case("a threshold of zero", (Call(name, (params, 0.0)),))
    tied = {"W1": np.array([[0.5, -0.5, 0.25], [1.0, -0.125, 0.5]]), "b1": np.array([0.25, 0.25, 0.25])}
    yield Case("weights that are exactly as large as the threshold", (Call(name, (tied, 0.5)),))
    yield Case("no weight below the threshold", (Call(name, ({"W1": np.full((3, 2), -2.0), "b1": np.zeros(2)},)),))
    yield Case("all weights zero", (Call(name, ({"W1": np.zeros((3, 2)), "b1": np.ones(2)},)),))
    yield Case("arguments given by name", (Call(name, (), {"threshold": 0.02, "params": params}),))


@sparsity.misconception(
    "You average the shares of the layers. A layer of six weights then counts as much as one of six thousand: count "
    "over all weights together and divide once."
)
def the_mean_of_the_shares(params, threshold=1e-3):
    return np.mean([np.mean(np.abs(W) < threshold) for key, W in params.items() if key.startswith("W")])


@sparsity.misconception('Biases are counted too. Only keys that start with "W" are weights.')
def all_arrays_are_counted(params, threshold=1e-3):
    small = sum((np.abs(p) < threshold).sum() for p in params.values())
    return small / sum(p.size for p in params.values())


@sparsity.misconception(
    "Biases are left out of the small ones but counted in the total: both counts are over the weights alone."
)
def biases_in_the_total(params, threshold=1e-3):
    small = sum((np.abs(W) < threshold).sum() for key, W in params.items() if key.startswith("W"))
    return small / sum(p.size for p in params.values())


@sparsity.misconception("Every negative weight counts as small: compare the absolute value with the threshold.")
def without_absolute_values(params, threshold=1e-3):
    weights = np.concatenate([W.ravel() for key, W in params.items() if key.startswith("W")])
    return np.mean(weights < threshold)


@sparsity.misconception("This is the share of the weights that are left. Sparsity is the share of the small ones.")
def the_share_that_is_left(params, threshold=1e-3):
    weights = np.concatenate([W.ravel() for key, W in params.items() if key.startswith("W")])
    return np.mean(np.abs(weights) >= threshold)


@sparsity.misconception("This is a number of weights, not a share: divide by the number of all weights.")
def a_number_and_no_share(params, threshold=1e-3):
    return float(sum((np.abs(W) < threshold).sum() for key, W in params.items() if key.startswith("W")))


@sparsity.misconception(
    "Only exact zeros are counted. A gradient step hardly ever hits zero exactly; that is what the threshold is for."
)
def only_exact_zeros(params, threshold=1e-3):
    weights = np.concatenate([W.ravel() for key, W in params.items() if key.startswith("W")])
    return np.mean(weights == 0)


@sparsity.misconception("Your result does not depend on `threshold`. Use the argument.")
def a_threshold_of_its_own(params, threshold=1e-3):
    weights = np.concatenate([W.ravel() for key, W in params.items() if key.startswith("W")])
    return np.mean(np.abs(weights) < 1e-3)


@sparsity.misconception("A weight exactly as large as the threshold is counted. The comparison is strict: `<`.")
def the_threshold_itself_is_counted(params, threshold=1e-3):
    weights = np.concatenate([W.ravel() for key, W in params.items() if key.startswith("W")])
    return np.mean(np.abs(weights) <= threshold)


@sparsity.misconception("This is a percentage. A share lies between 0 and 1.")
def a_percentage(params, threshold=1e-3):
    weights = np.concatenate([W.ravel() for key, W in params.items() if key.startswith("W")])
    return 100 * np.mean(np.abs(weights) < threshold)


@sparsity.misconception("Your result is the share of the last weight array alone. Count over all of them.")
def only_the_last_layer(params, threshold=1e-3):
    for key, W in params.items():
        if key.startswith("W"):
            share = (np.abs(W) < threshold).mean()
    return share


@sparsity.alternative
def by_one_long_vector(params, threshold=1e-3):
    weights = np.hstack([params[key].flatten() for key in sorted(params) if key[0] == "W"])
    return np.count_nonzero((weights > -threshold) & (weights < threshold)) / len(weights)


@sparsity.alternative
def by_a_weighted_mean(params, threshold=1e-3):
    Ws = [W for key, W in params.items() if key.startswith("W")]
    return np.average([np.mean(np.absolute(W) < threshold) for W in Ws], weights=[W.size for W in Ws])


@sparsity.alternative
def entry_by_entry(params, threshold=1e-3):
    small = total = 0
    for key in params:
        if key.startswith("W"):
            for w in params[key].ravel():
                total += 1
                if abs(w) < threshold:
                    small += 1
    return small / total


@sparsity.alternative
def one_minus_the_large_ones(params, threshold=1e-3):
    large = [np.sum(abs(value) >= threshold) for key, value in params.items() if key[:1] == "W"]
    every = [np.prod(value.shape) for key, value in params.items() if key[:1] == "W"]
    return np.array(1 - np.sum(large) / np.sum(every))


# --- max_norm --------------------------------------------------------------------------------------------------------

max_norm = Exercise(
    "max_norm",
    points=3,
    hints=(
        "One column holds one unit's incoming weights. How long is each column, and which ones are too long?",
        "`np.linalg.norm(W, axis=0)` has one length per column. A column that is too long is multiplied by "
        "`limit / norm`, the others by 1. What would a column of zeros do to a division?",
        "The factor of every column is `limit / max(norm, limit)`: with `norms.clip(limit)` below the fraction it "
        "is 1 for short columns, and nothing is divided by zero.",
    ),
    not_checked=("float32", "a single row or column", "columns that are all too long"),
)


@max_norm.visible
def _(rng: Rng) -> Any:
    W = np.array([[3.0, 0.3], [4.0, 0.4]])
    yield Case("one column too long, one short", (Call("max_norm", (W, 1.0)),))
    W = np.array([[1.0, 0.0, -2.0], [2.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [4.0, 0.0, 0.0]])
    yield Case("a column of zeros", (Call("max_norm", (W, 4.0)),))
    yield Case("no column too long", (Call("max_norm", (W, 9.0)),))


@max_norm.hidden
def _(rng: Rng) -> Any:
    name = "max_norm"

    def columns(rows: int, lengths: list[float]) -> Any:
        W = rng.standard_normal((rows, len(lengths)))
        return W / np.linalg.norm(W, axis=0) * np.array(lengths)

    yield Case(
        "many columns, some too long", (Call(name, (columns(6, [0.5, 3.0, 1.9, 2.2, 7.0, 1.2, 2.6, 0.9]), 2.0)),)
    )
    yield Case("more rows than columns", (Call(name, (columns(40, [5.0, 1.0, 3.5]), 3.0)),))
    yield Case("a square matrix", (Call(name, (columns(4, [5.0, 1.0, 3.5, 0.4]), 1.5)),))
    yield Case("columns that are all too long", (Call(name, (columns(3, [5.0, 4.0, 9.5, 30.0]), 0.7)),))
    yield Case("columns that are all short", (Call(name, (columns(5, [0.5, 0.4, 0.9]), 2.5)),))
    yield Case("a limit below 1", (Call(name, (columns(5, [0.4, 0.9, 0.3, 2.0]), 0.6)),))
    yield Case("a large limit", (Call(name, (columns(5, [400.0, 0.9, 90.0, 150.0]), 100)),))
    W = columns(5, [3.0, 1.0, 2.0, 0.5])
    W[:, 2] = 0
    yield Case("a column of zeros among long and short ones", (Call(name, (W, 1.5)),))
    yield Case("nothing but zeros", (Call(name, (np.zeros((3, 4)), 1.5)),))
    yield Case("a single row", (Call(name, (np.array([[-3.0, 0.5, 2.0, -0.75, 0.0]]), 1.0)),))
    yield Case("a single column", (Call(name, (columns(7, [4.0]), 1.0)),))
    yield Case("a single weight", (Call(name, (np.array([[-4.0]]), 2.5)),))
    yield Case("float32", (Call(name, (columns(6, [0.5, 3.0, 1.5]).astype(np.float32), 2.0)),))
    # Short by their Euclidean length and long by another one.
    yield Case("flat columns", (Call(name, (np.full((9, 2), [0.6, 0.9]), 2.0)),))
    yield Case("arguments given by name", (Call(name, (), {"limit": 1.1, "W": columns(3, [2.0, 1.0])}),))


@max_norm.misconception(
    "You limit the rows. With examples in rows, `W` has one column per unit: the norm goes along axis 0."
)
def rows_are_limited(W, limit):
    norms = np.linalg.norm(W, axis=1, keepdims=True)
    return W * np.minimum(1, limit / np.maximum(norms, 1e-12))


@max_norm.misconception("You take one norm of the whole matrix. Every column has a length and a factor of its own.")
def one_norm_for_the_matrix(W, limit):
    norm = np.linalg.norm(W)
    return W * min(1, limit / max(norm, 1e-12))


@max_norm.misconception("Short columns are stretched to the limit. They stay as they are; only long ones are scaled.")
def short_columns_are_stretched(W, limit):
    norms = np.linalg.norm(W, axis=0)
    return W * limit / np.where(norms > 0, norms, 1)


@max_norm.misconception("You clip single weights. That bends a column; scale the whole column by one factor instead.")
def single_weights_are_clipped(W, limit):
    return np.clip(W, -limit, limit)


@max_norm.misconception("The root is missing: you compare squared lengths with the limit, and divide by them.")
def squared_lengths(W, limit):
    squares = (W**2).sum(axis=0)
    return W * (limit / np.maximum(squares, limit))


@max_norm.misconception(
    "A column of zeros becomes nan: it is divided by its length, 0. Its factor should be 1, without that division."
)
def zero_columns_become_nan(W, limit):
    norms = np.linalg.norm(W, axis=0)
    return W / norms * np.minimum(norms, limit)


@max_norm.misconception("Long columns are set to zero instead of being shortened.")
def long_columns_are_dropped(W, limit):
    return np.where(np.linalg.norm(W, axis=0) > limit, 0.0, W)


@max_norm.misconception("You add up absolute values. The length of a column is the root of the sum of its squares.")
def sums_of_absolute_values(W, limit):
    norms = np.abs(W).sum(axis=0)
    return W * (limit / np.maximum(norms, limit))


@max_norm.misconception("Long columns get the length 1. They are to get the length `limit`.")
def long_columns_get_length_one(W, limit):
    norms = np.linalg.norm(W, axis=0)
    return np.where(norms > limit, W / np.where(norms > 0, norms, 1), W)


@max_norm.misconception("The root is taken of the mean of the squares. A length takes it of their sum.")
def the_root_mean_square(W, limit):
    norms = np.sqrt((W**2).mean(axis=0))
    return W * (limit / np.maximum(norms, limit))


@max_norm.misconception(
    "As soon as one column is too long, all of them are scaled by the same factor. Each has a factor of its own."
)
def the_longest_decides_for_all(W, limit):
    longest = np.linalg.norm(W, axis=0).max()
    return W * min(1, limit / max(longest, 1e-12))


@max_norm.misconception("Your function changes `W` itself. Scale the columns of a copy.")
def changes_its_input(W, limit):
    for j in range(W.shape[1]):
        norm = np.linalg.norm(W[:, j])
        if norm > limit:
            W[:, j] *= limit / norm
    return W


@max_norm.alternative
def column_by_column(W, limit):
    out = W.copy()
    for j in range(W.shape[1]):
        norm = np.sqrt(np.sum(W[:, j] ** 2))
        if norm > limit:
            out[:, j] = W[:, j] / norm * limit
    return out


@max_norm.alternative
def with_a_small_number_below(W, limit):
    norms = np.sqrt(np.einsum("ij,ij->j", W, W))
    return W * np.clip(norms, 0, limit) / (norms + 1e-12)


@max_norm.alternative
def only_the_long_columns(W, limit):
    norms = np.linalg.norm(W, axis=0)
    long = norms > limit
    out = np.array(W)
    out[:, long] *= limit / norms[long]
    return out


@max_norm.alternative
def on_the_transpose(W, limit):
    units = []
    for w in W.T:
        length = float(np.hypot.reduce(w))
        units.append(w if length <= limit else w * (limit / length))
    return np.stack(units, axis=1)


@max_norm.alternative
def by_a_diagonal_matrix(W, limit):
    with np.errstate(divide="ignore"):
        return W @ np.diag(np.minimum(1.0, limit / np.linalg.norm(W, axis=0)))


# --- early_stopping --------------------------------------------------------------------------------------------------

early_stopping = Exercise(
    "early_stopping",
    points=5,
    hints=(
        "Walk through the losses by hand, with three notes: the best loss so far, its epoch, and how many epochs have "
        "passed since.",
        "An epoch counts if it is below the best *that counted* by more than `min_delta`. Then it becomes the best, "
        "and the waiting starts anew. When `patience` epochs in a row have not counted, stop there.",
        "`for epoch, loss in enumerate(dev_losses)`: if there is no best yet and loss is not nan, or if "
        "`best - loss > min_delta`: note loss and epoch. Otherwise, if `epoch - best_epoch == patience`: return. After "
        "the loop return the last epoch.",
    ),
    not_checked=("arrays instead of lists", "nan among the losses", "a slow drift in steps below min_delta"),
)


@early_stopping.visible
def _(rng: Rng) -> Any:
    name = "early_stopping"
    yield Case("a curve with a minimum", (Call(name, ([0.9, 0.7, 0.5, 0.6, 0.55, 0.8, 0.4], 3)),))
    yield Case("a bump on the way down", (Call(name, ([0.9, 0.95, 0.7, 0.75, 0.72, 0.6, 0.65], 3)),))
    yield Case("a plateau", (Call(name, ([1.0, 0.5, 0.5, 0.5, 0.5], 3)),))
    yield Case("gains of 0.125, a min_delta of 0.25", (Call(name, ([2.0, 1.5, 1.375, 1.25, 1.3, 1.35], 3, 0.25)),))


@early_stopping.hidden
def _(rng: Rng) -> Any:
    name = "early_stopping"

    def case(label: str, losses: Any, patience: int, *rest: float) -> Case:
        return Case(label, (Call(name, (losses, patience, *rest)),))

    falling = np.round(np.linspace(2, 0.5, 9) + 0.01 * rng.random(9), 3)
    rising = np.round(np.linspace(0.5, 2, 9) + 0.01 * rng.random(9), 3)
    noise = np.round(1 + 0.3 * rng.random(40), 3)
    yield case("losses that only fall", falling.tolist(), 2)
    yield case("losses that only rise", rising.tolist(), 3)
    yield case("patience 1", [0.9, 0.8, 0.7, 0.72, 0.1, 0.2], 1)
    yield case("patience 1 and a rise at once", [0.9, 1.8, 0.7], 1)
    yield case("more patience than epochs", rising.tolist(), 30)
    yield case("as much patience as there are epochs after the best", [3.0, 1.0, 2.0, 2.0, 2.0], 3)
    yield case("one epoch too few to stop", [3.0, 1.0, 2.0, 2.5, 2.25], 4)
    yield case("a single epoch", [0.7], 1)
    yield case("a lower loss after the stop", [1.0, 0.9, 0.95, 0.96, 0.1, 0.05], 2)
    yield case("several bumps on the way down", [5.0, 6.0, 6.5, 4.0, 4.5, 4.6, 3.0, 3.1, 3.2, 3.3, 2.0], 3)
    yield case("a plateau after a rise", [1.0, 2.0, 0.5, 0.5, 0.5, 0.5], 3)
    yield case("a plateau before a fall", [1.0, 0.5, 0.5, 0.5, 0.25, 0.5, 0.5], 3)
    # Each fall is seen from the epoch before; seen from the best it is none.
    yield case("falls that do not reach the best", [1.0, 3.0, 2.5, 2.0, 1.5, 1.25], 4)
    yield case("a drift in steps below min_delta", [8.0, 7.75, 7.5, 7.25, 7.0, 6.75, 6.5, 6.25, 6.0], 6, 0.625)
    yield case("a drift so slow that it stops", [8.0, 7.875, 7.75, 7.625, 7.5, 7.375, 5.0], 4, 0.625)
    yield case("improvements by exactly min_delta", [2.0, 1.5, 1.5, 1.0, 0.5], 2, 0.5)
    # The lowest loss is not the last one that counted.
    yield case("a small gain after the best that counted", [4.0, 2.0, 1.875, 2.5, 2.5, 2.5], 4, 0.25)
    yield case("a min_delta and bumps", [4.0, 3.0, 3.5, 2.9, 2.0, 2.5, 2.4, 1.95, 1.5, 1.0], 3, 0.3)
    yield case("min_delta larger than all gains", [4.0, 3.5, 3.0, 2.5, 2.0], 3, 10.0)
    nan = float("nan")
    yield case("a nan on the way down", [3.0, 2.0, nan, 1.0, 1.5, 1.6, 1.7], 3)
    yield case("nan from some epoch on", [3.0, 2.0, nan, nan, nan, nan, nan], 3)
    yield case("nan in the first epochs", [nan, nan, 3.0, 2.0, 4.0, 5.0, 2.5, 2.5], 4)
    yield case("nan in the first epoch and a min_delta", [nan, 3.0, 2.875, 2.0, 2.125, 1.875, 3.0], 3, 0.5)
    yield case("nan at the end", [3.0, 2.0, 2.5, nan], 5)
    yield case("nan between bumps", [3.0, nan, 3.5, 2.0, nan, 2.5, nan, 1.0], 3)
    yield case("a random curve", noise, 6)
    yield case("a random curve and a min_delta", np.cumsum(noise - 1.2) + 30, 5, 0.0705)
    yield case("losses above a million", (1e7 * noise).tolist(), 5)
    yield case("very small losses", (1e-6 * noise).tolist(), 4)
    yield case("negative losses", (noise - 20 + np.linspace(0, -1, 40)).tolist(), 4)
    yield case("a float32 array", np.array([3.0, 2.0, 1.0, 1.5, 1.25, 1.75, 0.5], dtype=np.float32), 3)
    yield case("whole numbers in an array", np.array([9, 7, 8, 7, 5, 6, 6, 6]), 3, 1)
    named = {"min_delta": 0.25, "patience": 2, "dev_losses": [2.0, 1.0, 0.875, 0.625, 0.5, 0.5]}
    yield Case("arguments given by name", (Call(name, (), named),))


@early_stopping.misconception(
    "Your counter is never reset: `patience` epochs in a row are meant. Set it to 0 whenever an epoch counts."
)
def the_counter_is_never_reset(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = np.inf, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best, best_epoch = loss, epoch
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, epoch


@early_stopping.misconception(
    "You compare each epoch with the one before. A fall after a bump is no improvement unless it beats the best so far."
)
def compares_with_the_epoch_before(dev_losses, patience, min_delta=0.0):
    best_epoch, waited = 0, 0
    for epoch in range(1, len(dev_losses)):
        if dev_losses[epoch] < dev_losses[epoch - 1] - min_delta:
            best_epoch, waited = epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@early_stopping.misconception(
    "You wait one epoch too long: stop at the epoch that makes it `patience` in a row, not at the next one."
)
def waits_one_epoch_too_long(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = np.inf, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited > patience:
                return best_epoch, epoch
    return best_epoch, epoch


@early_stopping.misconception("You stop one epoch too early: there must be `patience` epochs after the best one.")
def stops_one_epoch_too_early(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = np.inf, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
        if waited >= patience - 1 and epoch > best_epoch:
            return best_epoch, epoch
    return best_epoch, epoch


@early_stopping.misconception("`min_delta` is not used: a gain of less than that does not count.")
def min_delta_is_ignored(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = np.inf, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, epoch


@early_stopping.misconception(
    "A gain below `min_delta` still becomes your new best loss, so that a slow drift never counts. Compare with the "
    "best that counted, and leave it alone otherwise."
)
def small_gains_move_the_best(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = np.inf, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best_epoch, waited = epoch, 0
        else:
            waited += 1
        best = min(best, loss)
        if waited >= patience:
            return best_epoch, epoch
    return best_epoch, epoch


@early_stopping.misconception(
    "You return the epoch with the lowest loss until the stop. `best_epoch` is the last one that counted, that is, "
    "gained more than `min_delta`."
)
def the_lowest_until_the_stop(dev_losses, patience, min_delta=0.0):
    best, waited = np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                break
    return int(np.nanargmin(dev_losses[: epoch + 1])), epoch


@early_stopping.misconception(
    "You look for the lowest loss of the whole curve. Training stopped before: what comes later never happens."
)
def the_lowest_of_the_whole_curve(dev_losses, patience, min_delta=0.0):
    best, waited = np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                break
    return int(np.nanargmin(dev_losses)), epoch


@early_stopping.misconception("An equal loss counts as an improvement. It has to be lower, by more than `min_delta`.")
def ties_count(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = np.inf, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss <= best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, epoch


@early_stopping.misconception("Your epochs are counted from 1. The first one is epoch 0.")
def epochs_from_one(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = np.inf, 0, 0
    for epoch, loss in enumerate(dev_losses, start=1):
        if loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, epoch


@early_stopping.misconception(
    "A nan counts as an improvement, because every comparison with nan is false. Ask for what you want to see, "
    "`loss < best - min_delta`, and not for its opposite."
)
def nan_counts_as_improvement(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = np.inf, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss >= best - min_delta:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
        else:
            best, best_epoch, waited = loss, epoch, 0
    return best_epoch, epoch


@early_stopping.misconception(
    "If the first loss is nan, nothing is ever below it. The first epoch that is not nan is always an improvement."
)
def a_first_nan_stays_the_best(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = dev_losses[0], 0, 0
    for epoch in range(1, len(dev_losses)):
        if best - dev_losses[epoch] > min_delta:
            best, best_epoch, waited = dev_losses[epoch], epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@early_stopping.misconception("You look for the largest value. These are losses: lower is better.")
def higher_is_better(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = -np.inf, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss > best + min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, epoch


@early_stopping.misconception("The pair is the wrong way round: first the best epoch, then the one where you stopped.")
def the_pair_is_turned_round(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = np.inf, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, best_epoch
    return epoch, best_epoch


@early_stopping.misconception(
    "You always stop `patience` epochs after the best, even where the training ended before. Then it is the last epoch."
)
def stops_beyond_the_end(dev_losses, patience, min_delta=0.0):
    best, best_epoch = np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            break
    return best_epoch, best_epoch + patience


@early_stopping.misconception("You return a loss where an epoch is asked for: note the epoch together with the loss.")
def returns_the_loss(dev_losses, patience, min_delta=0.0):
    best, waited = np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                return float(best), epoch
    return float(best), epoch


@early_stopping.alternative
def with_a_counter(dev_losses, patience, min_delta=0.0):
    best, best_epoch, waited = float("inf"), 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best = loss
            best_epoch = epoch
            waited = 0
        else:
            waited += 1
        if waited >= patience:
            return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@early_stopping.alternative
def by_a_while_loop_over_an_array(dev_losses, patience, min_delta=0.0):
    losses = np.where(np.isnan(dev_losses), np.inf, dev_losses)
    best_epoch = epoch = int(np.argmax(np.isfinite(losses)))
    while epoch < len(losses) - 1 and epoch - best_epoch < patience:
        epoch += 1
        if losses[best_epoch] - losses[epoch] > min_delta:
            best_epoch = epoch
    return np.int64(best_epoch), np.int64(epoch)


@early_stopping.alternative
def with_a_class(dev_losses, patience, min_delta=0.0):
    class Watch:
        def __init__(self):
            self.best, self.epoch = None, None

        def improves(self, epoch, loss):
            if loss != loss or (self.best is not None and not loss + min_delta < self.best):
                return False
            self.best, self.epoch = loss, epoch
            return True

    watch, stop, bad = Watch(), 0, 0
    for stop, loss in enumerate(dev_losses):
        bad = 0 if watch.improves(stop, loss) else bad + 1
        if bad == patience:
            break
    return watch.epoch, stop


@early_stopping.alternative
def from_improvement_to_improvement(dev_losses, patience, min_delta=0.0):
    losses = list(dev_losses)
    last = len(losses) - 1
    best = next(i for i, loss in enumerate(losses) if not np.isnan(loss))
    while True:
        window = range(best + 1, min(best + patience, last) + 1)
        better = next((i for i in window if losses[best] - losses[i] > min_delta), None)
        if better is None:
            return best, min(best + patience, last)
        best = better


# --- random_horizontal_flip ------------------------------------------------------------------------------------------


def pictures(rng: Rng, m: int, h: int, w: int, dtype: Any = np.float64) -> Any:
    """Images that differ, each with the pixels 1 … h·w in an order of its own."""
    return (1 + rng.random((m, h * w)).argsort(axis=1)).reshape(m, h, w).astype(dtype)


def repeated(
    name: str, images: Any, rng: Rng, times: int, more: dict[str, Any], expect: Expectation, label: str
) -> Case:
    """The same images so many times, each time with another generator."""
    calls = tuple(Call(name, (images, draws(rng)), more) for _ in range(times))
    return Case(label, calls, (expect,))


def seeds(name: str, images: Any, rng: Rng, more: dict[str, Any]) -> Case:
    """Twice the same seed, then another one."""
    one, other = draws(rng), draws(rng)
    return Case(
        "generators with equal and with different seeds",
        tuple(Call(name, (images, generator), more) for generator in (one, one, other)),
        (Property("same_results", {"first": 0, "second": 1}), Property("different_results", {"first": 0, "second": 2})),
    )


random_horizontal_flip = Exercise(
    "random_horizontal_flip",
    points=3,
    hints=(
        "Every image decides for itself. How many random numbers do you need for a batch of m images?",
        "`rng.random(m) < p` is a boolean array, true with probability p for each image. `images[:, :, ::-1]` are all "
        "images mirrored.",
        "Copy the images, then `out[chosen] = images[chosen][:, :, ::-1]` with `chosen = rng.random(len(images)) < p`.",
    ),
    not_checked=("other values of p", "larger images and larger batches", "uint8 and float32"),
    equivalent=(
        Equivalent(
            "mirrored = rng.random(len(images)) <= p",
            "a draw from [0, 1) equals p with a probability of 1e-16",
        ),
    ),
)


@random_horizontal_flip.visible
def _(rng: Rng) -> Any:
    name = "random_horizontal_flip"
    two = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[6.0, 1.0, 5.0], [2.0, 4.0, 3.0]]])
    yield Case("p = 1: every image", (Call(name, (two, draws(rng)), {"p": 1.0}),))
    yield Case("p = 0: no image", (Call(name, (two, draws(rng)), {"p": 0.0}),))
    images = pictures(rng, 10, 2, 2)
    yield repeated(name, images, rng, 24, {}, Property("mirrors_some", {"p": 0.5}), "ten images, 24 times")
    yield repeated(name, images, rng, 24, {"p": 0.2}, Property("mirrors_some", {"p": 0.2}), "the same with p = 0.2")
    yield seeds(name, pictures(rng, 40, 1, 2), rng, {})


@random_horizontal_flip.hidden
def _(rng: Rng) -> Any:
    name = "random_horizontal_flip"

    def case(label: str, images: Any, p: float, times: int = 1) -> Case:
        return repeated(name, images, rng, times, {"p": p}, Property("mirrors_some", {"p": p}), label)

    yield case("many images of more columns than rows", pictures(rng, 1500, 2, 3), 0.5)
    yield case("many images of more rows than columns", pictures(rng, 1500, 4, 2), 0.3)
    yield case("a large p", pictures(rng, 1500, 3, 3), 0.85)
    yield case("two images at a time", pictures(rng, 2, 3, 4), 0.5, 60)
    yield case("five images at a time", pictures(rng, 5, 3, 4), 0.4, 60)
    yield case("a single image at a time", pictures(rng, 1, 2, 5), 0.5, 80)
    yield case("uint8", pictures(rng, 400, 4, 5, np.uint8), 0.5)
    yield case("float32", pictures(rng, 400, 4, 5, np.float32), 0.5)
    half = Property("mirrors_some", {"p": 0.5})
    # So many that a default of 0.4 shows.
    yield Case("p left at its default", (Call(name, (pictures(rng, 5000, 1, 2), draws(rng))),), (half,))
    images = pictures(rng, 300, 3, 4)
    named = Call(name, (), {"p": 0.5, "rng": draws(rng), "images": images})
    yield Case("arguments given by name", (named,), (half,))
    yield Case("p = 1", (Call(name, (rng.random((7, 5, 3)), draws(rng), 1.0)),))
    yield Case("p = 1 and whole numbers", (Call(name, (rng.integers(0, 256, (6, 4, 7)), draws(rng), 1)),))
    yield Case("p = 0", (Call(name, (rng.random((7, 5, 3)), draws(rng), 0.0)),))
    yield Case("a single image, p = 1", (Call(name, (rng.random((1, 6, 2)), draws(rng), 1.0)),))
    yield Case("images of one row, p = 1", (Call(name, (rng.random((4, 1, 5)), draws(rng), 1.0)),))
    yield Case("images of one column, p = 1", (Call(name, (rng.random((4, 5, 1)), draws(rng), 1.0)),))
    yield seeds(name, pictures(rng, 60, 3, 2), rng, {"p": 0.5})


@random_horizontal_flip.misconception(
    "Your images stand on their heads. Axis 1 runs down the rows; left and right lie along the last axis."
)
def upside_down(images, rng, p=0.5):
    out = images.copy()
    chosen = rng.random(len(images)) < p
    out[chosen] = images[chosen][:, ::-1]
    return out


@random_horizontal_flip.misconception(
    "One draw decides for the whole batch. Each image needs a random number of its own: `rng.random(len(images))`."
)
def one_draw_for_all(images, rng, p=0.5):
    return images[:, :, ::-1].copy() if rng.random() < p else images.copy()


@random_horizontal_flip.misconception(
    "You mirror with probability 1 - p. `rng.random()` is below p with probability p, so the comparison is `< p`."
)
def the_complement_of_p(images, rng, p=0.5):
    chosen = rng.random(len(images)) >= p
    return np.where(chosen[:, None, None], images[:, :, ::-1], images)


@random_horizontal_flip.misconception("Half of the images are mirrored whatever `p` is. Use the argument.")
def p_is_ignored(images, rng, p=0.5):
    chosen = rng.integers(0, 2, len(images)) == 1
    return np.where(chosen[:, None, None], images[:, :, ::-1], images)


@random_horizontal_flip.misconception("All images are mirrored: the random decision is missing.")
def every_image_is_mirrored(images, rng, p=0.5):
    return images[:, :, ::-1].copy()


@random_horizontal_flip.misconception(
    "You mirror a fixed number of images, p times m. Decide for each image by itself; the number then varies."
)
def a_fixed_number_of_images(images, rng, p=0.5):
    out = images.copy()
    chosen = rng.permutation(len(images))[: round(p * len(images))]
    out[chosen] = images[chosen][:, :, ::-1]
    return out


@random_horizontal_flip.misconception(
    "`rng.standard_normal` is below p more often than with probability p: its values are not spread over 0 … 1. "
    "Use `rng.random`."
)
def normal_draws(images, rng, p=0.5):
    chosen = rng.standard_normal(len(images)) < p
    return np.where(chosen[:, None, None], images[:, :, ::-1], images)


@random_horizontal_flip.misconception(
    "Each row of pixels decides for itself, which tears the image. One decision per image: shape (m, 1, 1)."
)
def row_by_row(images, rng, p=0.5):
    chosen = rng.random(images.shape[:2]) < p
    return np.where(chosen[:, :, None], images[:, :, ::-1], images)


@random_horizontal_flip.misconception(
    "You turn images by half a circle: `[::-1, ::-1]` mirrors both axes. Mirror the last one only."
)
def half_a_turn(images, rng, p=0.5):
    out = images.copy()
    for i in range(len(images)):
        if rng.random() < p:
            out[i] = images[i, ::-1, ::-1]
    return out


@random_horizontal_flip.misconception(
    "The order of the batch changes: `images[::-1]` runs backwards through the images. Labels would no longer fit."
)
def the_batch_is_reversed(images, rng, p=0.5):
    chosen = rng.random(len(images)) < p
    return np.where(chosen[:, None, None], images[::-1], images)


@random_horizontal_flip.misconception(
    "Your function changes `images`: next epoch it would mirror the mirrored ones. Work on a copy."
)
def changes_its_input(images, rng, p=0.5):
    for i in range(len(images)):
        if rng.random() < p:
            images[i] = images[i, :, ::-1].copy()
    return images


@random_horizontal_flip.misconception(
    "You draw from NumPy's global generator. Use the `rng` that is handed in, or no run can be repeated."
)
def the_global_generator(images, rng, p=0.5):
    chosen = np.random.rand(len(images)) < p
    return np.where(chosen[:, None, None], images[:, :, ::-1], images)


@random_horizontal_flip.misconception(
    "Your function makes a generator of its own, so that every epoch mirrors the same images. Draw from `rng`."
)
def a_seed_inside_the_function(images, rng, p=0.5):
    rng = np.random.default_rng(0)
    chosen = rng.random(len(images)) < p
    return np.where(chosen[:, None, None], images[:, :, ::-1], images)


@random_horizontal_flip.alternative
def image_by_image(images, rng, p=0.5):
    out = []
    for image in images:
        out.append(np.fliplr(image) if rng.random() < p else image)
    return np.array(out)


@random_horizontal_flip.alternative
def by_binomial_draws(images, rng, p=0.5):
    out = images.copy()
    chosen = np.flatnonzero(rng.binomial(1, p, size=images.shape[0]))
    out[chosen] = np.flip(out[chosen], axis=-1)
    return out


@random_horizontal_flip.alternative
def by_columns_of_indices(images, rng, p=0.5):
    m, h, w = images.shape
    columns = np.arange(w)
    mirrored = rng.choice([True, False], size=(m, 1), p=[p, 1 - p])
    order = np.where(mirrored, w - 1 - columns, columns)
    return np.take_along_axis(images, order[:, None, :], axis=2)


@random_horizontal_flip.alternative
def from_the_last_image_to_the_first(images, rng, p=0.5):
    out = np.empty(images.shape, dtype=np.float32)
    for i in reversed(range(len(images))):
        out[i] = images[i][:, :: -1 if rng.uniform() > 1 - p else 1]
    return out


@random_horizontal_flip.alternative
def by_a_sum_of_both(images, rng, p=0.5):
    mirrored = (rng.random((len(images), 1, 1)) < p).astype(float)
    return mirrored * np.flip(images, 2) + (1 - mirrored) * images


# --- random_shift ----------------------------------------------------------------------------------------------------

random_shift = Exercise(
    "random_shift",
    points=4,
    hints=(
        "Think of a frame of zeros, `max_shift` wide, around the image, and of a window of the old size that may lie "
        "anywhere in it.",
        "`np.pad(image, max_shift)` is the image in its frame. In it the window's upper left corner may be at any of "
        "`2 * max_shift + 1` rows and as many columns.",
        "`top, left = rng.integers(0, 2 * max_shift + 1, 2)` for each image, then "
        "`padded[top:top + h, left:left + w]` into a new array. The upper end of `rng.integers` is left out.",
    ),
    not_checked=("other values of max_shift", "larger images and larger batches", "uint8 and float32"),
)


@random_shift.visible
def _(rng: Rng) -> Any:
    name = "random_shift"
    two = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[6.0, 1.0, 5.0], [2.0, 4.0, 3.0]]])
    yield Case("max_shift = 0", (Call(name, (two, draws(rng), 0)),))
    images = pictures(rng, 8, 3, 3)
    shifts = Property("shifts_each", {"max_shift": 2})
    yield repeated(name, images, rng, 20, {"max_shift": 2}, shifts, "eight images, 20 times")
    yield seeds(name, pictures(rng, 20, 3, 4), rng, {"max_shift": 2})


@random_shift.hidden
def _(rng: Rng) -> Any:
    name = "random_shift"

    def case(label: str, images: Any, max_shift: int, times: int = 1) -> Case:
        expect = Property("shifts_each", {"max_shift": max_shift})
        return repeated(name, images, rng, times, {"max_shift": max_shift}, expect, label)

    yield case("many images and a max_shift of 1", pictures(rng, 1500, 2, 3), 1)
    yield case("many images and a max_shift of 2", pictures(rng, 2400, 4, 3), 2)
    yield case("a max_shift of 3", pictures(rng, 900, 4, 5), 3)
    yield case("two images at a time", pictures(rng, 2, 3, 4), 2, 80)
    yield case("a single image at a time", pictures(rng, 1, 4, 3), 1, 80)
    yield case("uint8", pictures(rng, 300, 5, 4, np.uint8), 2)
    yield case("float32", pictures(rng, 300, 4, 5, np.float32), 2)
    images = pictures(rng, 300, 3, 4)
    named = Call(name, (), {"max_shift": 2, "rng": draws(rng), "images": images})
    yield Case("arguments given by name", (named,), (Property("shifts_each", {"max_shift": 2}),))
    yield Case("max_shift = 0", (Call(name, (rng.random((5, 4, 3)), draws(rng), 0)),))
    yield Case("a single image, max_shift = 0", (Call(name, (rng.random((1, 2, 6)), draws(rng), 0)),))
    yield seeds(name, pictures(rng, 30, 4, 4), rng, {"max_shift": 3})


@random_shift.misconception(
    "`np.roll` lets what leaves on one side come back on the other. The room that is left has to be filled with zeros."
)
def pixels_come_back(images, rng, max_shift):
    out = np.empty_like(images)
    for i, image in enumerate(images):
        out[i] = np.roll(image, rng.integers(-max_shift, max_shift + 1, 2), axis=(0, 1))
    return out


@random_shift.misconception(
    "All images of a batch move alike. Draw a pair of numbers for each image, inside the loop or with size (m, 2)."
)
def one_shift_for_all(images, rng, max_shift):
    _, h, w = images.shape
    top, left = rng.integers(0, 2 * max_shift + 1, 2)
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)))
    return padded[:, top : top + h, left : left + w]


@random_shift.misconception(
    "Both axes get the same number, so that images move along the diagonal only. Draw one number for each axis."
)
def one_number_for_both_axes(images, rng, max_shift):
    m, h, w = images.shape
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)))
    return np.stack([padded[i, s : s + h, s : s + w] for i, s in enumerate(rng.integers(0, 2 * max_shift + 1, m))])


@random_shift.misconception(
    "One end of the range never comes up: `rng.integers(low, high)` leaves `high` out. Ask for one more."
)
def the_upper_end_is_left_out(images, rng, max_shift):
    if max_shift == 0:
        return images.copy()
    m, h, w = images.shape
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)))
    corners = rng.integers(0, 2 * max_shift, (m, 2))
    return np.stack([padded[i, r : r + h, c : c + w] for i, (r, c) in enumerate(corners)])


@random_shift.misconception(
    "Images move in one direction only along each axis. The shifts run from -max_shift to max_shift."
)
def one_direction_only(images, rng, max_shift):
    m, h, w = images.shape
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)))
    corners = rng.integers(0, max_shift + 1, (m, 2))
    return np.stack([padded[i, r : r + h, c : c + w] for i, (r, c) in enumerate(corners)])


@random_shift.misconception(
    "The room that is left is filled with the pixels at the edge. Fill it with zeros: that is np.pad's default mode."
)
def edges_are_repeated(images, rng, max_shift):
    m, h, w = images.shape
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)), mode="edge")
    corners = rng.integers(0, 2 * max_shift + 1, (m, 2))
    return np.stack([padded[i, r : r + h, c : c + w] for i, (r, c) in enumerate(corners)])


@random_shift.misconception("Images move to the left and right only. Draw a second number for up and down.")
def left_and_right_only(images, rng, max_shift):
    m, h, w = images.shape
    padded = np.pad(images, ((0, 0), (0, 0), (max_shift, max_shift)))
    return np.stack([padded[i, :, c : c + w] for i, c in enumerate(rng.integers(0, 2 * max_shift + 1, m))])


@random_shift.misconception("Images move up and down only. Draw a second number for left and right.")
def up_and_down_only(images, rng, max_shift):
    m, h, w = images.shape
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (0, 0)))
    return np.stack([padded[i, r : r + h] for i, r in enumerate(rng.integers(0, 2 * max_shift + 1, m))])


@random_shift.misconception(
    "The two ends come up half as often as the rest: rounding a uniform number gives them half an interval. Draw whole "
    "numbers with `rng.integers`."
)
def rounded_uniform_draws(images, rng, max_shift):
    m, h, w = images.shape
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)))
    corners = max_shift + np.rint(rng.uniform(-max_shift, max_shift, (m, 2))).astype(int)
    return np.stack([padded[i, r : r + h, c : c + w] for i, (r, c) in enumerate(corners)])


@random_shift.misconception("The images come back where they were: nothing is moved.")
def nothing_moves(images, rng, max_shift):
    return images.copy()


@random_shift.misconception(
    "Your function changes `images`: next epoch it would move images that have lost pixels already. Work on a copy."
)
def changes_its_input(images, rng, max_shift):
    h, w = images.shape[1:]
    for i in range(len(images)):
        r, c = rng.integers(0, 2 * max_shift + 1, 2)
        images[i] = np.pad(images[i], max_shift)[r : r + h, c : c + w]
    return images


@random_shift.misconception(
    "You draw from NumPy's global generator. Use the `rng` that is handed in, or no run can be repeated."
)
def the_global_generator(images, rng, max_shift):
    m, h, w = images.shape
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)))
    corners = np.random.randint(0, 2 * max_shift + 1, (m, 2))
    return np.stack([padded[i, r : r + h, c : c + w] for i, (r, c) in enumerate(corners)])


@random_shift.misconception(
    "Your function makes a generator of its own, so that every epoch moves the images alike. Draw from `rng`."
)
def a_seed_inside_the_function(images, rng, max_shift):
    rng = np.random.default_rng(0)
    m, h, w = images.shape
    padded = np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)))
    corners = rng.integers(0, 2 * max_shift + 1, (m, 2))
    return np.stack([padded[i, r : r + h, c : c + w] for i, (r, c) in enumerate(corners)])


@random_shift.misconception(
    "Your result has the padding still on it, and so another shape. Cut a window of the old size out of it."
)
def the_padding_stays(images, rng, max_shift):
    return np.pad(images, ((0, 0), (max_shift, max_shift), (max_shift, max_shift)))


@random_shift.alternative
def by_slices(images, rng, max_shift):
    m, h, w = images.shape
    out = np.zeros_like(images)
    for i in range(m):
        dy, dx = rng.integers(-max_shift, max_shift, size=2, endpoint=True)
        out[i, max(dy, 0) : h + min(dy, 0), max(dx, 0) : w + min(dx, 0)] = images[
            i, max(-dy, 0) : h + min(-dy, 0), max(-dx, 0) : w + min(-dx, 0)
        ]
    return out


@random_shift.alternative
def by_rolling_and_clearing(images, rng, max_shift):
    out = images.copy()
    for i in range(len(out)):
        for axis in (0, 1):
            s = int(rng.integers(-max_shift, max_shift + 1))
            out[i] = np.roll(out[i], s, axis=axis)
            gap = slice(0, s) if s > 0 else slice(out.shape[axis + 1] + s, None)
            out[(i, gap) if axis == 0 else (i, slice(None), gap)] = 0
    return out


@random_shift.alternative
def by_indices_in_the_padded_images(images, rng, max_shift):
    m, h, w = images.shape
    padded = np.pad(images, [(0, 0)] + 2 * [(max_shift, max_shift)])
    rows = rng.integers(2 * max_shift + 1, size=(m, 1, 1)) + np.arange(h)[:, None]
    columns = rng.choice(2 * max_shift + 1, size=m)[:, None, None] + np.arange(w)
    return padded[np.arange(m)[:, None, None], rows, columns]


@random_shift.alternative
def by_shift_matrices(images, rng, max_shift):
    def move(n, s):
        return np.eye(n, k=s)

    m, h, w = images.shape
    dys = np.floor(rng.uniform(-max_shift, max_shift + 1, m)).astype(int)
    dxs = np.floor(rng.uniform(-max_shift, max_shift + 1, m)).astype(int)
    return np.array([move(h, dy) @ image @ move(w, dx) for image, dy, dx in zip(images, dys, dxs, strict=True)])


@random_shift.alternative
def pixel_by_pixel_for_each_group(images, rng, max_shift):
    m, h, w = images.shape
    ways = rng.permuted(np.tile(np.arange(-max_shift, max_shift + 1), (2 * m, 1)), axis=1)[:, 0].reshape(m, 2)
    out = np.zeros(images.shape)
    for dy, dx in {tuple(way) for way in ways.tolist()}:
        group = (ways == (dy, dx)).all(axis=1)
        for r in range(h):
            for c in range(w):
                if 0 <= r - dy < h and 0 <= c - dx < w:
                    out[group, r, c] = images[group, r - dy, c - dx]
    return out


EXERCISES = (
    l2_cost,
    l2_gradients,
    weight_decay_step,
    l1_cost,
    l1_gradients,
    sparsity,
    max_norm,
    early_stopping,
    random_horizontal_flip,
    random_shift,
)
