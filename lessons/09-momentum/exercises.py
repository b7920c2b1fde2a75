"""How the exercises of lesson 09 are judged."""

# Wrong and right solutions are written the way students write them.
# ruff: noqa: B905, C417, C420

from __future__ import annotations

from typing import Any

import numpy as np

from autograde.check.cases import Call, Case
from autograde.check.codec import Ref, StandIn
from autograde.judge.catalogue import Exercise

Params = dict[str, Any]
Rng = np.random.Generator

# --- what the cases are made of --------------------------------------------------------------------------------------

NET = {"W1": (5, 7), "b1": (7,), "W2": (7, 3), "b2": (3,)}
OTHERS = {"kernel": (2, 2, 3), "gamma": (4,), "Wx": (3, 4), "offset": (1,)}
DEEP = {"W10": (2, 3), "b10": (3,), "W2": (3, 2), "b2": (2,), "W1": (4, 3), "b1": (3,)}
#: All of one shape, so that what is matched by place is not betrayed by a shape.
ALIKE = {"b": (3,), "a": (3,), "W": (3,), "c": (3,)}


def arrays(rng: Rng, shapes: dict[str, tuple[int, ...]]) -> Params:
    """Normal numbers in arrays of these shapes, in this order of keys."""
    return {key: rng.standard_normal(shape) for key, shape in shapes.items()}


def three(rng: Rng, shapes: dict[str, tuple[int, ...]]) -> tuple[Params, Params, Params]:
    """Parameters, gradients (or weights of a cost) and a velocity that has not been zero for long."""
    return arrays(rng, shapes), arrays(rng, shapes), arrays(rng, shapes)


def turned(values: Params) -> Params:
    """The same arrays, listed from the last key to the first."""
    return {key: values[key] for key in reversed(values)}


def sorted_by_key(values: Params) -> Params:
    """The same arrays, listed in string order."""
    return {key: values[key] for key in sorted(values)}


def single(*dicts: Params) -> tuple[Params, ...]:
    """The same arrays in float32."""
    return tuple({key: value.astype(np.float32) for key, value in values.items()} for values in dicts)


def none_of(values: Params) -> Params:
    """Zeros in the same shapes."""
    return {key: np.zeros(value.shape) for key, value in values.items()}


def two_arrays() -> tuple[Params, Params, Params]:
    """Few numbers that can be followed by hand."""
    params = {"W1": np.array([[1.0, -2.0], [3.0, 0.5]]), "b1": np.array([0.5, -1.0])}
    grads = {"W1": np.array([[0.5, 1.0], [-2.0, 0.0]]), "b1": np.array([1.0, -4.0])}
    velocity = {"W1": np.array([[1.0, 0.0], [2.0, -1.0]]), "b1": np.array([-0.5, 0.25])}
    return params, grads, velocity


def three_others() -> tuple[Params, Params, Params]:
    """The same for other names."""
    numbers = ((1.0, 2.0, 3.0), (-1.0, 0.5, 4.0), (2.0, 0.0, 1.0))
    params, grads, velocity = ({"gamma": np.array([a, b]), "kernel": np.array([[c]])} for a, b, c in numbers)
    return params, grads, velocity


# --- initialize_velocity ---------------------------------------------------------------------------------------------

initialize_velocity = Exercise(
    "initialize_velocity",
    points=1,
    hints=(
        "What is remembered before the first step?",
        "For every key of `params` an array of zeros, as large as the parameter under that key.",
        "`np.zeros_like(value)` makes one; a dict comprehension over `params.items()` makes them all.",
    ),
    not_checked=("arrays with three axes", "float32"),
)


@initialize_velocity.visible
def _(rng: Rng) -> Any:
    yield Case("one layer", (Call("initialize_velocity", (two_arrays()[0],)),))
    other = {"gamma": np.array([1.0, 2.0, 3.0]), "kernel": np.array([[4.0]])}
    yield Case("other names", (Call("initialize_velocity", (other,)),))


@initialize_velocity.hidden
def _(rng: Rng) -> Any:
    name = "initialize_velocity"
    yield Case("two layers", (Call(name, (arrays(rng, NET),)),))
    yield Case("other names and shapes", (Call(name, (arrays(rng, OTHERS),)),))
    yield Case("ten layers in no order", (Call(name, (arrays(rng, DEEP),)),))
    yield Case("float32", (Call(name, single(arrays(rng, NET))),))
    yield Case("a single number", (Call(name, ({"w": np.array([2.5])},)),))
    yield Case("arrays with one row or one column", (Call(name, (arrays(rng, {"u": (1, 4), "v": (4, 1)}),)),))
    yield Case("parameters that are zero already", (Call(name, (none_of(arrays(rng, NET)),)),))
    yield Case("very large parameters", (Call(name, ({"W1": np.full((2, 3), 1e300), "b1": np.full(3, -1e300)},)),))
    yield Case("an argument given by name", (Call(name, (), {"params": arrays(rng, NET)}),))


@initialize_velocity.misconception("The velocity starts at 0: before the first step nothing is remembered.")
def a_copy_of_the_parameters(params):
    return {key: value.copy() for key, value in params.items()}


@initialize_velocity.misconception("These are single numbers. Each parameter array needs a velocity of its own shape.")
def one_number_for_each_key(params):
    return {key: 0.0 for key in params}


@initialize_velocity.misconception("The biases have no velocity in your dict. Every array of `params` needs one.")
def only_weights(params):
    return {key: np.zeros_like(value) for key, value in params.items() if key.startswith("W")}


@initialize_velocity.misconception(
    "You ask for W1, b1, W2, … by number. Parameters may have other names: go through the keys that there are."
)
def layers_by_number(params):
    velocity = {}
    for i in range(1, len(params) // 2 + 1):
        velocity[f"W{i}"] = np.zeros_like(params[f"W{i}"])
        velocity[f"b{i}"] = np.zeros_like(params[f"b{i}"])
    return velocity


@initialize_velocity.misconception(
    'The keys of the velocity are those of the parameters: "W1", without a "d" before it.'
)
def keys_with_a_d(params):
    return {"d" + key: np.zeros_like(value) for key, value in params.items()}


@initialize_velocity.misconception("`np.ones_like` fills with ones. The velocity starts at 0.")
def ones(params):
    return {key: np.ones_like(value) for key, value in params.items()}


@initialize_velocity.misconception("A dict is asked for: one array of zeros under every key of `params`, not a list.")
def a_list(params):
    return [np.zeros_like(value) for value in params.values()]


@initialize_velocity.misconception(
    "Your function sets the caller's own arrays to zero. Make new ones, and leave `params` as they are."
)
def the_parameters_are_zeroed(params):
    for key in params:
        params[key] = np.zeros_like(params[key])
    return params


@initialize_velocity.misconception(
    "Your arrays are flat: the numbers of entries are right, the shapes are not. `np.zeros` takes a shape, and "
    "`np.zeros_like` takes it from an array."
)
def flat(params):
    return {key: np.zeros(value.size) for key, value in params.items()}


@initialize_velocity.alternative
def by_shape(params):
    return {key: np.zeros(params[key].shape) for key in params}


@initialize_velocity.alternative
def from_keys_and_full(params):
    velocity = dict.fromkeys(params)
    for key in velocity:
        velocity[key] = np.full(np.shape(params[key]), 0.0)
    return velocity


@initialize_velocity.alternative
def on_copies(params):
    velocity = {}
    for key, value in sorted(params.items()):
        velocity[key] = value.copy()
        velocity[key][...] = 0
    return velocity


@initialize_velocity.alternative
def by_multiplying(params):
    return dict(map(lambda item: (item[0], 0 * item[1]), params.items()))


# --- momentum_step ---------------------------------------------------------------------------------------------------

momentum_step = Exercise(
    "momentum_step",
    points=4,
    hints=(
        "Two lines of formula, one after the other. Which velocity does the parameter move with?",
        "First the new velocity of every key, `beta * velocity[key] + (1 - beta) * grads[key]`; then the parameters, "
        "with this new velocity.",
        "Build two new dicts. The second is `params[key] - learning_rate * new_velocity[key]` for every key. Return "
        "both as a tuple.",
    ),
    not_checked=("dicts listed in another order", "several steps in a row", "arrays with three axes", "float32"),
)


@momentum_step.visible
def _(rng: Rng) -> Any:
    name = "momentum_step"
    params, grads, velocity = two_arrays()
    yield Case("one layer, already moving", (Call(name, (params, grads, velocity, 0.1), {"beta": 0.75}),))
    yield Case("the first step, from rest", (Call(name, (params, grads, none_of(params), 0.1)),))
    other = three_others()
    yield Case("other names", (Call(name, (*other, 0.25, 0.5)),))


@momentum_step.hidden
def _(rng: Rng) -> Any:
    name = "momentum_step"
    params, grads, velocity = three(rng, NET)
    yield Case("two layers", (Call(name, (params, grads, velocity, 0.3, 0.8)),))
    yield Case("the usual beta", (Call(name, (params, grads, velocity, 0.7)),))
    yield Case("gradients listed in another order", (Call(name, (params, turned(grads), velocity, 0.3, 0.6)),))
    yield Case("a velocity listed in another order", (Call(name, (params, grads, turned(velocity), 0.3, 0.6)),))
    alike = three(rng, ALIKE)
    listed = (alike[0], sorted_by_key(alike[1]), turned(alike[2]))
    yield Case("three orders of keys, one shape", (Call(name, (*listed, 0.4, 0.7)),))
    yield Case("other names and shapes", (Call(name, (*three(rng, OTHERS), 0.2, 0.95)),))
    yield Case("ten layers in no order", (Call(name, (*three(rng, DEEP), 0.05, 0.3)),))
    yield Case("a beta of 0", (Call(name, (params, grads, velocity, 0.3, 0.0)),))
    yield Case("a beta near 1", (Call(name, (params, grads, velocity, 2.5, 0.999)),))
    yield Case("a tiny learning rate", (Call(name, (params, grads, velocity, 1e-3, 0.8)),))
    yield Case("a learning rate of 1", (Call(name, (params, grads, velocity, 1, 0.8)),))
    yield Case("a gradient of zero: coasting", (Call(name, (params, none_of(grads), velocity, 0.5, 0.6)),))
    yield Case("the first step, from rest", (Call(name, (params, grads, none_of(params), 0.5, 0.7)),))
    yield Case("float32", (Call(name, (*single(params, grads, velocity), 0.3, 0.8)),))
    number = tuple({"w": np.array([value])} for value in (2.5, -3.0, 0.75))
    yield Case("a single number", (Call(name, (*number, 0.2)),))
    named = {"learning_rate": 0.6, "beta": 0.55, "velocity": velocity, "grads": grads, "params": params}
    yield Case("arguments given by name", (Call(name, (), named),))
    steps = [Call(name, (params, grads, none_of(params), 0.3, 0.8))]
    for i, beta in ((0, 0.8), (1, 0.5), (2, 0.9)):
        steps.append(Call(name, (Ref(i, (0,)), arrays(rng, NET), Ref(i, (1,)), 0.3 / (i + 2), beta)))
    yield Case("four steps in a row", tuple(steps))


@momentum_step.misconception(
    "The factor (1 - beta) is missing before the gradient: the velocity grows to 1 / (1 - beta) times the gradient. "
    "That is another convention, which the lesson names later. Here an average is asked for."
)
def without_one_minus_beta(params, grads, velocity, learning_rate, beta=0.9):
    velocity = {key: beta * velocity[key] + grads[key] for key in params}
    return {key: params[key] - learning_rate * velocity[key] for key in params}, velocity


@momentum_step.misconception(
    "beta and 1 - beta have changed places: the memory is weighed with beta, the new gradient with 1 - beta."
)
def beta_and_its_rest_swapped(params, grads, velocity, learning_rate, beta=0.9):
    velocity = {key: (1 - beta) * velocity[key] + beta * grads[key] for key in params}
    return {key: params[key] - learning_rate * velocity[key] for key in params}, velocity


@momentum_step.misconception(
    "The sign is wrong: plus climbs the cost. The velocity is an average of gradients, so the step subtracts it."
)
def it_climbs(params, grads, velocity, learning_rate, beta=0.9):
    velocity = {key: beta * velocity[key] + (1 - beta) * grads[key] for key in params}
    return {key: params[key] + learning_rate * velocity[key] for key in params}, velocity


@momentum_step.misconception(
    "The parameters move with the plain gradient, and the velocity is never used. Subtract the velocity instead."
)
def the_parameters_follow_the_gradient(params, grads, velocity, learning_rate, beta=0.9):
    velocity = {key: beta * velocity[key] + (1 - beta) * grads[key] for key in params}
    return {key: params[key] - learning_rate * grads[key] for key in params}, velocity


@momentum_step.misconception(
    "The parameters move with the velocity of the step before. Compute the new velocity first, then move with it."
)
def moves_with_the_old_velocity(params, grads, velocity, learning_rate, beta=0.9):
    new = {key: params[key] - learning_rate * velocity[key] for key in params}
    return new, {key: beta * velocity[key] + (1 - beta) * grads[key] for key in params}


@momentum_step.misconception(
    "Every step starts from rest: the velocity that is handed in is not used, so nothing is remembered."
)
def the_velocity_is_made_anew(params, grads, velocity, learning_rate, beta=0.9):
    velocity = {key: np.zeros_like(value) for key, value in params.items()}
    velocity = {key: beta * velocity[key] + (1 - beta) * grads[key] for key in params}
    return {key: params[key] - learning_rate * velocity[key] for key in params}, velocity


@momentum_step.misconception(
    "The learning rate is inside the velocity. Here the velocity is an average of gradients alone; the learning rate "
    "comes in when the parameters move."
)
def the_learning_rate_in_the_velocity(params, grads, velocity, learning_rate, beta=0.9):
    velocity = {key: beta * velocity[key] + (1 - beta) * learning_rate * grads[key] for key in params}
    return {key: params[key] - velocity[key] for key in params}, velocity


@momentum_step.misconception(
    "This is the classical form, with its own sign and the learning rate inside the velocity. Here the average form is "
    "asked for."
)
def the_classical_form(params, grads, velocity, learning_rate, beta=0.9):
    velocity = {key: beta * velocity[key] - learning_rate * grads[key] for key in params}
    return {key: params[key] + velocity[key] for key in params}, velocity


@momentum_step.misconception(
    "You divide by 1 - beta, as the bias correction does at its first step. Momentum is not corrected: it starts "
    "slowly."
)
def corrected_as_in_the_first_step(params, grads, velocity, learning_rate, beta=0.9):
    velocity = {key: beta * velocity[key] + (1 - beta) * grads[key] for key in params}
    return {key: params[key] - learning_rate * velocity[key] / (1 - beta) for key in params}, velocity


@momentum_step.misconception("The learning rate is missing: you subtract the whole velocity.")
def the_learning_rate_is_forgotten(params, grads, velocity, learning_rate, beta=0.9):
    velocity = {key: beta * velocity[key] + (1 - beta) * grads[key] for key in params}
    return {key: params[key] - velocity[key] for key in params}, velocity


@momentum_step.misconception(
    "Only the parameters come back. Return the tuple (params, velocity): both are needed next."
)
def only_the_parameters(params, grads, velocity, learning_rate, beta=0.9):
    velocity = {key: beta * velocity[key] + (1 - beta) * grads[key] for key in params}
    return {key: params[key] - learning_rate * velocity[key] for key in params}


@momentum_step.misconception("The results come back the wrong way round: first the parameters, then the velocity.")
def the_wrong_way_round(params, grads, velocity, learning_rate, beta=0.9):
    velocity = {key: beta * velocity[key] + (1 - beta) * grads[key] for key in params}
    return velocity, {key: params[key] - learning_rate * velocity[key] for key in params}


@momentum_step.misconception(
    "The velocity that you return is the old one, so the next step remembers nothing of this gradient."
)
def the_old_velocity_is_returned(params, grads, velocity, learning_rate, beta=0.9):
    new = {key: beta * velocity[key] + (1 - beta) * grads[key] for key in params}
    return {key: params[key] - learning_rate * new[key] for key in params}, velocity


@momentum_step.misconception(
    "Your function changes the dicts of its caller. Put the new arrays into new dicts; mind that `-=` and `*=` also "
    "change an array in place."
)
def changes_its_arguments(params, grads, velocity, learning_rate, beta=0.9):
    for key in params:
        velocity[key] = beta * velocity[key] + (1 - beta) * grads[key]
        params[key] = params[key] - learning_rate * velocity[key]
    return params, velocity


@momentum_step.misconception(
    "Biases get a plain step in your function, without a velocity. Every array has a velocity and moves with it."
)
def biases_without_velocity(params, grads, velocity, learning_rate, beta=0.9):
    weight = {key: beta if key.startswith("W") else 0.0 for key in params}
    velocity = {key: weight[key] * velocity[key] + (1 - weight[key]) * grads[key] for key in params}
    return {key: params[key] - learning_rate * velocity[key] for key in params}, velocity


@momentum_step.misconception(
    "You ask for W1, b1, W2, … by number. Parameters may have other names: go through the keys that there are."
)
def layers_by_number(params, grads, velocity, learning_rate, beta=0.9):
    new, speed = {}, {}
    for i in range(1, len(params) // 2 + 1):
        for key in (f"W{i}", f"b{i}"):
            speed[key] = beta * velocity[key] + (1 - beta) * grads[key]
            new[key] = params[key] - learning_rate * speed[key]
    return new, speed


@momentum_step.misconception(
    "Arrays are matched by their place in the dicts. Each dict may list its keys in another order: match them by key."
)
def matched_by_place(params, grads, velocity, learning_rate, beta=0.9):
    new, speed = {}, {}
    for (key, value), grad, old in zip(params.items(), grads.values(), velocity.values()):
        grad = grad if grad.shape == value.shape else grads[key] * 0
        old = old if old.shape == value.shape else velocity[key] * 0
        speed[key] = beta * old + (1 - beta) * grad
        new[key] = value - learning_rate * speed[key]
    return new, speed


@momentum_step.misconception(
    "The velocity is carried over from one array to the next within a step. It comes from the same array, one step ago."
)
def the_velocity_of_the_array_before(params, grads, velocity, learning_rate, beta=0.9):
    new, speed, before = {}, {}, 0.0
    for key in params:
        speed[key] = beta * np.mean(before) + (1 - beta) * grads[key]
        before = speed[key]
        new[key] = params[key] - learning_rate * speed[key]
    return new, speed


@momentum_step.misconception("beta is fixed at 0.9 inside your function. Use the argument that is handed in.")
def beta_is_ignored(params, grads, velocity, learning_rate, beta=0.9):
    velocity = {key: 0.9 * velocity[key] + 0.1 * grads[key] for key in params}
    return {key: params[key] - learning_rate * velocity[key] for key in params}, velocity


@momentum_step.alternative
def towards_the_gradient(params, grads, velocity, learning_rate, beta=0.9):
    new, speed = {}, {}
    for key, grad in grads.items():
        speed[key] = velocity[key] + (1 - beta) * (grad - velocity[key])
        new[key] = np.subtract(params[key], np.multiply(learning_rate, speed[key]))
    return new, speed


@momentum_step.alternative
def in_place_on_copies(params, grads, velocity, learning_rate, beta=0.9):
    params = {key: value.copy() for key, value in params.items()}
    velocity = {key: value.copy() for key, value in velocity.items()}
    for key in params:
        velocity[key] *= beta
        velocity[key] += (1 - beta) * grads[key]
        params[key] -= learning_rate * velocity[key]
    return params, velocity


@momentum_step.alternative
def with_an_inner_function(params, grads, velocity, learning_rate, beta=0.9):
    def move(value, grad, speed):
        speed = np.average([speed, grad], axis=0, weights=[beta, 1 - beta])
        return value - learning_rate * speed, speed

    moved = {key: move(params[key], grads[key], velocity[key]) for key in sorted(params)}
    return {key: pair[0] for key, pair in moved.items()}, {key: pair[1] for key, pair in moved.items()}


@momentum_step.alternative
def both_terms_apart(params, grads, velocity, learning_rate, beta=0.9):
    kept = {key: np.einsum("...,->...", value, float(beta)) for key, value in velocity.items()}
    fresh = dict(zip(grads, map(lambda grad: grad - beta * grad, grads.values())))
    speed = {key: np.add(kept[key], fresh[key]) for key in kept}
    return {key: params[key] + (-learning_rate) * speed[key] for key in params}, speed


# --- largest_stable_learning_rate ------------------------------------------------------------------------------------

largest_stable_learning_rate = Exercise(
    "largest_stable_learning_rate",
    points=2,
    hints=(
        "Without memory, beta = 0, the limit is 2 / curvature. By which factor does the memory raise it?",
        "The factor is (1 + beta) / (1 - beta): 19 for beta = 0.9. Mind what stands below the line of the fraction.",
        "`2 * (1 + beta)` divided by the product of `curvature` and `1 - beta`, the product in parentheses.",
    ),
    not_checked=("a beta close to 1", "small curvatures"),
)


@largest_stable_learning_rate.visible
def _(rng: Rng) -> Any:
    name = "largest_stable_learning_rate"
    yield Case("no memory", (Call(name, (4.0, 0.0)),))
    yield Case("curvature 2 and beta 0.9", (Call(name, (2.0, 0.9)),))
    yield Case("curvature 30 and beta 0.5", (Call(name, (30.0, 0.5)),))


@largest_stable_learning_rate.hidden
def _(rng: Rng) -> Any:
    name = "largest_stable_learning_rate"
    for label, curvature, beta in (
        ("a steep direction", 80 + 40 * rng.random(), 0.7 + 0.1 * rng.random()),
        ("a flat direction", 1e-4 * (1 + rng.random()), 0.8 + 0.1 * rng.random()),
        ("a little memory", 3 + rng.random(), 0.05 + 0.1 * rng.random()),
        ("a long memory", 0.5 + rng.random(), 0.99),
        ("a very long memory", 7 + rng.random(), 0.999),
        ("no memory at all", 5 + rng.random(), 0.0),
        ("no memory, whole numbers", 4, 0),
        ("a whole number as curvature", 3, 0.75),
        ("a curvature of 1", 1.0, 0.9),
    ):
        yield Case(label, (Call(name, (curvature, beta)),))
    yield Case("arguments given by name", (Call(name, (), {"beta": 0.6, "curvature": 2.5}),))


@largest_stable_learning_rate.misconception(
    "This is the limit of plain descent, 2 / curvature. With memory it is larger: beta belongs into it."
)
def the_limit_without_memory(curvature, beta):
    return 2 / curvature


@largest_stable_learning_rate.misconception(
    "This is the limit of the classical form, 2 (1 + mu) / c. In the average form the gradient comes in with the "
    "factor 1 - beta, so the learning rate may be larger by 1 / (1 - beta)."
)
def the_limit_of_the_classical_form(curvature, beta):
    return 2 * (1 + beta) / curvature


@largest_stable_learning_rate.misconception(
    "Parentheses: `a / b * c` divides by b and multiplies by c. Put the whole product below the line in parentheses."
)
def the_product_is_not_in_parentheses(curvature, beta):
    return 2 * (1 + beta) / curvature * (1 - beta)


@largest_stable_learning_rate.misconception("The fraction of the betas is upside down: memory raises the limit.")
def the_betas_upside_down(curvature, beta):
    return 2 * (1 - beta) / (curvature * (1 + beta))


@largest_stable_learning_rate.misconception(
    "The curvature belongs below the line: the steeper the walls, the smaller the step has to be."
)
def the_curvature_above_the_line(curvature, beta):
    return 2 * curvature * (1 + beta) / (1 - beta)


@largest_stable_learning_rate.misconception(
    "The 2 is missing. At 1 / curvature plain descent arrives in one step; it is stable up to twice as much."
)
def without_the_two(curvature, beta):
    return (1 + beta) / (curvature * (1 - beta))


@largest_stable_learning_rate.misconception(
    "The factor 1 + beta is missing above the line: it comes from the root at -1, where the sides change in every step."
)
def without_one_plus_beta(curvature, beta):
    return 2 / (curvature * (1 - beta))


@largest_stable_learning_rate.misconception(
    "There is a square in your formula: (1 - beta) to the first power is right, as the derivation shows."
)
def the_square_of_one_minus_beta(curvature, beta):
    return 2 * (1 + beta) / (curvature * (1 - beta) ** 2)


@largest_stable_learning_rate.misconception(
    "There is no square root here: it belongs to the best learning rate of classical momentum, not to the largest one."
)
def the_best_rate_of_classical_momentum(curvature, beta):
    return (1 + np.sqrt(beta)) ** 2 / curvature


@largest_stable_learning_rate.misconception(
    "`/` binds before `-`: yours divides by the curvature and subtracts beta afterwards. Use parentheses."
)
def subtracts_beta_at_the_end(curvature, beta):
    return 2 * (1 + beta) / curvature - beta


@largest_stable_learning_rate.alternative
def as_a_factor_of_the_plain_limit(curvature, beta):
    plain = 2 / curvature
    return plain * ((1 + beta) / (1 - beta))


@largest_stable_learning_rate.alternative
def in_two_parts(curvature, beta):
    return np.asarray((4 / (1 - beta) - 2) / curvature)


@largest_stable_learning_rate.alternative
def the_root_at_minus_one(curvature, beta):
    # z² - (1 + beta - (1 - beta) a c) z + beta is zero at z = -1
    return np.linalg.solve(np.array([[(1 - beta) * curvature]]), np.array([2 + 2 * beta]))[0]


@largest_stable_learning_rate.alternative
def by_bisection(curvature, beta):
    def settles(rate):
        return abs(1 + beta - (1 - beta) * rate * curvature) < 1 + beta

    low, high = 0.0, 1.0
    while settles(high):
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if settles(middle) else (low, middle)
    return float(low)


# --- classical_momentum_step -----------------------------------------------------------------------------------------

classical_momentum_step = Exercise(
    "classical_momentum_step",
    points=3,
    hints=(
        "Which way does this velocity point: along the gradient, or along the step?",
        "The new velocity is `mu * velocity[key] - learning_rate * grads[key]`; the parameter is itself plus that.",
        "Two new dicts: first the velocities, then `params[key] + new_velocity[key]`. Return the tuple of both.",
    ),
    not_checked=("dicts listed in another order", "several steps in a row", "float32"),
)


@classical_momentum_step.visible
def _(rng: Rng) -> Any:
    name = "classical_momentum_step"
    params, grads, velocity = two_arrays()
    yield Case("one layer, already moving", (Call(name, (params, grads, velocity, 0.1), {"mu": 0.75}),))
    yield Case("the first step, from rest", (Call(name, (params, grads, none_of(params), 0.1)),))
    other = three_others()
    yield Case("other names", (Call(name, (*other, 0.25, 0.5)),))


@classical_momentum_step.hidden
def _(rng: Rng) -> Any:
    name = "classical_momentum_step"
    params, grads, velocity = three(rng, NET)
    yield Case("two layers", (Call(name, (params, grads, velocity, 0.3, 0.8)),))
    yield Case("the usual mu", (Call(name, (params, grads, velocity, 0.7)),))
    yield Case("gradients listed in another order", (Call(name, (params, turned(grads), velocity, 0.3, 0.6)),))
    yield Case("a velocity listed in another order", (Call(name, (params, grads, turned(velocity), 0.3, 0.6)),))
    alike = three(rng, ALIKE)
    listed = (alike[0], sorted_by_key(alike[1]), turned(alike[2]))
    yield Case("three orders of keys, one shape", (Call(name, (*listed, 0.4, 0.7)),))
    yield Case("other names and shapes", (Call(name, (*three(rng, OTHERS), 0.2, 0.95)),))
    yield Case("ten layers in no order", (Call(name, (*three(rng, DEEP), 0.05, 0.3)),))
    yield Case("a mu of 0", (Call(name, (params, grads, velocity, 0.3, 0.0)),))
    yield Case("a mu near 1", (Call(name, (params, grads, velocity, 2.5, 0.999)),))
    yield Case("a tiny learning rate", (Call(name, (params, grads, velocity, 1e-3, 0.8)),))
    yield Case("a learning rate of 1", (Call(name, (params, grads, velocity, 1, 0.8)),))
    yield Case("a gradient of zero: coasting", (Call(name, (params, none_of(grads), velocity, 0.5, 0.6)),))
    yield Case("the first step, from rest", (Call(name, (params, grads, none_of(params), 0.5, 0.7)),))
    yield Case("float32", (Call(name, (*single(params, grads, velocity), 0.3, 0.8)),))
    number = tuple({"w": np.array([value])} for value in (2.5, -3.0, 0.75))
    yield Case("a single number", (Call(name, (*number, 0.2)),))
    named = {"learning_rate": 0.6, "mu": 0.55, "velocity": velocity, "grads": grads, "params": params}
    yield Case("arguments given by name", (Call(name, (), named),))
    steps = [Call(name, (params, grads, none_of(params), 0.3, 0.8))]
    for i, mu in ((0, 0.8), (1, 0.5), (2, 0.9)):
        steps.append(Call(name, (Ref(i, (0,)), arrays(rng, NET), Ref(i, (1,)), 0.3 / (i + 2), mu)))
    yield Case("four steps in a row", tuple(steps))


@classical_momentum_step.misconception(
    "This is the average form. The classical one adds no factor 1 - mu, and the learning rate is inside the velocity."
)
def the_average_form(params, grads, velocity, learning_rate, mu=0.9):
    velocity = {key: mu * velocity[key] + (1 - mu) * grads[key] for key in params}
    return {key: params[key] - learning_rate * velocity[key] for key in params}, velocity


@classical_momentum_step.misconception(
    "The learning rate stands outside the velocity, as in PyTorch. Here it is inside: the velocity is the step itself."
)
def the_learning_rate_outside(params, grads, velocity, learning_rate, mu=0.9):
    velocity = {key: mu * velocity[key] + grads[key] for key in params}
    return {key: params[key] - learning_rate * velocity[key] for key in params}, velocity


@classical_momentum_step.misconception(
    "The velocity has the other sign: it points up the slope and is subtracted. Here it is the step, and is added."
)
def a_velocity_that_points_uphill(params, grads, velocity, learning_rate, mu=0.9):
    velocity = {key: mu * velocity[key] + learning_rate * grads[key] for key in params}
    return {key: params[key] - velocity[key] for key in params}, velocity


@classical_momentum_step.misconception(
    "It climbs: the gradient comes in with plus and the velocity is added. Subtract the gradient in the velocity."
)
def it_climbs(params, grads, velocity, learning_rate, mu=0.9):
    velocity = {key: mu * velocity[key] + learning_rate * grads[key] for key in params}
    return {key: params[key] + velocity[key] for key in params}, velocity


@classical_momentum_step.misconception(
    "The velocity is right, and then it is subtracted: the minus is already in it. Add it to the parameters."
)
def the_step_is_subtracted(params, grads, velocity, learning_rate, mu=0.9):
    velocity = {key: mu * velocity[key] - learning_rate * grads[key] for key in params}
    return {key: params[key] - velocity[key] for key in params}, velocity


@classical_momentum_step.misconception(
    "The gradient comes in with a factor 1 - mu. The classical form has none: its steps grow to 1 / (1 - mu) times "
    "those of plain descent."
)
def with_one_minus_mu(params, grads, velocity, learning_rate, mu=0.9):
    velocity = {key: mu * velocity[key] - (1 - mu) * learning_rate * grads[key] for key in params}
    return {key: params[key] + velocity[key] for key in params}, velocity


@classical_momentum_step.misconception(
    "The learning rate comes in twice: it is in the velocity already when the parameters move."
)
def the_learning_rate_twice(params, grads, velocity, learning_rate, mu=0.9):
    velocity = {key: mu * velocity[key] - learning_rate * grads[key] for key in params}
    return {key: params[key] + learning_rate * velocity[key] for key in params}, velocity


@classical_momentum_step.misconception(
    "The parameters move with the velocity of the step before. Compute the new velocity first, then move with it."
)
def moves_with_the_old_velocity(params, grads, velocity, learning_rate, mu=0.9):
    new = {key: params[key] + velocity[key] for key in params}
    return new, {key: mu * velocity[key] - learning_rate * grads[key] for key in params}


@classical_momentum_step.misconception(
    "Every step starts from rest: the velocity that is handed in is not used, so nothing is remembered."
)
def the_velocity_is_made_anew(params, grads, velocity, learning_rate, mu=0.9):
    velocity = {key: -learning_rate * grads[key] for key in params}
    return {key: params[key] + velocity[key] for key in params}, velocity


@classical_momentum_step.misconception(
    "This is a form of Nesterov's method: it adds mu times the new velocity and a gradient step. Here the step is the "
    "new velocity itself."
)
def nesterov_for_classical(params, grads, velocity, learning_rate, mu=0.9):
    velocity = {key: mu * velocity[key] - learning_rate * grads[key] for key in params}
    return {key: params[key] + mu * velocity[key] - learning_rate * grads[key] for key in params}, velocity


@classical_momentum_step.misconception(
    "Your function changes the dicts of its caller. Put the new arrays into new dicts; mind that `+=` and `*=` also "
    "change an array in place."
)
def changes_its_arguments(params, grads, velocity, learning_rate, mu=0.9):
    for key in params:
        velocity[key] = mu * velocity[key] - learning_rate * grads[key]
        params[key] = params[key] + velocity[key]
    return params, velocity


@classical_momentum_step.misconception(
    "Only the parameters come back. Return the tuple (params, velocity): both are needed next."
)
def only_the_parameters(params, grads, velocity, learning_rate, mu=0.9):
    velocity = {key: mu * velocity[key] - learning_rate * grads[key] for key in params}
    return {key: params[key] + velocity[key] for key in params}


@classical_momentum_step.misconception(
    "Arrays are matched by their place in the dicts. Each dict may list its keys in another order: match them by key."
)
def matched_by_place(params, grads, velocity, learning_rate, mu=0.9):
    new, speed = {}, {}
    for (key, value), grad, old in zip(params.items(), grads.values(), velocity.values()):
        grad = grad if grad.shape == value.shape else grads[key] * 0
        old = old if old.shape == value.shape else velocity[key] * 0
        speed[key] = mu * old - learning_rate * grad
        new[key] = value + speed[key]
    return new, speed


@classical_momentum_step.misconception("mu is fixed at 0.9 inside your function. Use the argument that is handed in.")
def mu_is_ignored(params, grads, velocity, learning_rate, mu=0.9):
    velocity = {key: 0.9 * velocity[key] - learning_rate * grads[key] for key in params}
    return {key: params[key] + velocity[key] for key in params}, velocity


@classical_momentum_step.alternative
def in_a_loop(params, grads, velocity, learning_rate, mu=0.9):
    new, speed = {}, {}
    for name, grad in grads.items():
        speed[name] = np.subtract(np.multiply(mu, velocity[name]), np.multiply(learning_rate, grad))
        new[name] = np.add(params[name], speed[name])
    return new, speed


@classical_momentum_step.alternative
def in_place_on_copies(params, grads, velocity, learning_rate, mu=0.9):
    velocity = {key: value.copy() for key, value in velocity.items()}
    params = {key: value.copy() for key, value in params.items()}
    for key in velocity:
        velocity[key] *= mu
        velocity[key] -= learning_rate * grads[key]
        params[key] += velocity[key]
    return params, velocity


@classical_momentum_step.alternative
def by_the_negative_velocity(params, grads, velocity, learning_rate, mu=0.9):
    uphill = {key: learning_rate * grads[key] - mu * velocity[key] for key in sorted(velocity)}
    return {key: params[key] - uphill[key] for key in params}, {key: -value for key, value in uphill.items()}


@classical_momentum_step.alternative
def from_the_places(params, grads, velocity, learning_rate, mu=0.9):
    def ahead(key):
        return params[key] + (mu * velocity[key] - learning_rate * grads[key])

    new = {key: ahead(key) for key in params}
    return new, {key: mu * velocity[key] + -learning_rate * grads[key] for key in new}


# --- nesterov_step ---------------------------------------------------------------------------------------------------

nesterov_step = Exercise(
    "nesterov_step",
    points=4,
    hints=(
        "Where will the memory alone carry the parameters? Ask for the gradient there.",
        "Make a dict of the places `params[key] + mu * velocity[key]` for all keys, then call `gradient` once with it.",
        "With those gradients: `mu * velocity[key] - learning_rate * grads[key]` is the new velocity, and it is added "
        "to `params`, not to the places ahead.",
    ),
    not_checked=("several steps in a row", "arrays with three axes", "float32", "gradients listed in another order"),
)


def quadratic(curvature: Params, slope: Params | None = None, turned: bool = False) -> StandIn:
    """The gradient ``c θ + s``."""
    how = {"curvature": curvature, "slope": slope or none_of(curvature)}
    return StandIn("quadratic_gradient", {**how, "turned": True} if turned else how)


def mixing(rng: Rng, shapes: dict[str, tuple[int, ...]], turned: bool = False) -> StandIn:
    """A gradient whose every entry depends on all parameters."""
    how = {"weights": arrays(rng, shapes)}
    return StandIn("mixing_gradient", {**how, "turned": True} if turned else how)


@nesterov_step.visible
def _(rng: Rng) -> Any:
    name = "nesterov_step"
    bowl = quadratic({"w": np.array([1.0, 4.0])})
    moving = ({"w": np.array([2.0, 1.0])}, bowl, {"w": np.array([-1.0, 0.5])})
    yield Case("the gradient (w0, 4 w1), already moving", (Call(name, (*moving, 0.1), {"mu": 0.5}),))
    rest = ({"w": np.array([2.0, 1.0])}, bowl, {"w": np.zeros(2)})
    yield Case("the gradient (w0, 4 w1), from rest", (Call(name, (*rest, 0.1)),))
    params, slope, velocity = two_arrays()
    curved = {"W1": np.array([[1.0, 2.0], [3.0, 4.0]]), "b1": np.array([2.0, 5.0])}
    yield Case("one layer, a slope in every entry", (Call(name, (params, quadratic(curved, slope), velocity, 0.1)),))


@nesterov_step.hidden
def _(rng: Rng) -> Any:
    name = "nesterov_step"
    params, _, velocity = three(rng, NET)
    costs = mixing(rng, NET)
    yield Case("two layers", (Call(name, (params, costs, velocity, 0.3, 0.8)),))
    yield Case("the usual mu", (Call(name, (params, costs, velocity, 0.7)),))
    yield Case("a mu of 0", (Call(name, (params, costs, velocity, 0.3, 0.0)),))
    yield Case("a mu near 1", (Call(name, (params, costs, velocity, 0.5, 0.999)),))
    yield Case("a tiny learning rate", (Call(name, (params, costs, velocity, 1e-3, 0.8)),))
    yield Case("a learning rate of 1", (Call(name, (params, costs, velocity, 1, 0.8)),))
    yield Case("from rest", (Call(name, (params, costs, none_of(params), 0.4, 0.7)),))
    yield Case("gradients listed in another order", (Call(name, (params, mixing(rng, NET, True), velocity, 0.3, 0.6)),))
    yield Case("a velocity listed in another order", (Call(name, (params, costs, turned(velocity), 0.3, 0.6)),))
    start, _, speed = three(rng, ALIKE)
    listed = (start, mixing(rng, ALIKE, True), sorted_by_key(speed))
    yield Case("three orders of keys, one shape", (Call(name, (*listed, 0.4, 0.7)),))
    start, _, speed = three(rng, OTHERS)
    yield Case("other names and shapes", (Call(name, (start, mixing(rng, OTHERS), speed, 0.2, 0.95)),))
    start, _, speed = three(rng, DEEP)
    yield Case("ten layers in no order", (Call(name, (start, mixing(rng, DEEP), speed, 0.05, 0.3)),))
    yield Case("float32", (Call(name, (*single(params), costs, *single(velocity), 0.3, 0.8)),))
    flat = quadratic(none_of(params), arrays(rng, NET))
    yield Case("a slope that is the same everywhere", (Call(name, (params, flat, velocity, 0.3, 0.8)),))
    one = {"w": np.array([2.5])}, mixing(rng, {"w": (1,)}), {"w": np.array([-1.5])}
    yield Case("a single number", (Call(name, (*one, 0.2)),))
    named = {"learning_rate": 0.6, "mu": 0.55, "velocity": velocity, "gradient": costs, "params": params}
    yield Case("arguments given by name", (Call(name, (), named),))
    bowl = quadratic({key: 0.2 + value**2 for key, value in arrays(rng, NET).items()}, arrays(rng, NET))
    steps = [Call(name, (params, bowl, none_of(params), 0.3, 0.8))]
    for i, mu in ((0, 0.8), (1, 0.5), (2, 0.9)):
        steps.append(Call(name, (Ref(i, (0,)), bowl, Ref(i, (1,)), 0.3 / (i + 2), mu)))
    yield Case("four steps in a row", tuple(steps))


@nesterov_step.misconception(
    "This is classical momentum: you take the gradient where the parameters are. Take it at `params + mu * velocity`."
)
def classical_momentum(params, gradient, velocity, learning_rate, mu=0.9):
    grads = gradient(params)
    velocity = {key: mu * velocity[key] - learning_rate * grads[key] for key in params}
    return {key: params[key] + velocity[key] for key in params}, velocity


@nesterov_step.misconception(
    "You look ahead by the whole velocity. Only mu times the velocity is carried over into the next step."
)
def looks_ahead_by_the_whole_velocity(params, gradient, velocity, learning_rate, mu=0.9):
    grads = gradient({key: params[key] + velocity[key] for key in params})
    velocity = {key: mu * velocity[key] - learning_rate * grads[key] for key in params}
    return {key: params[key] + velocity[key] for key in params}, velocity


@nesterov_step.misconception("You look back, not ahead: the velocity points along the step, so it is added.")
def looks_back(params, gradient, velocity, learning_rate, mu=0.9):
    grads = gradient({key: params[key] - mu * velocity[key] for key in params})
    velocity = {key: mu * velocity[key] - learning_rate * grads[key] for key in params}
    return {key: params[key] + velocity[key] for key in params}, velocity


@nesterov_step.misconception(
    "The step starts from the place ahead, so mu times the velocity is walked twice. The gradient is taken there, but "
    "the new velocity is added to `params`."
)
def steps_from_the_place_ahead(params, gradient, velocity, learning_rate, mu=0.9):
    ahead = {key: params[key] + mu * velocity[key] for key in params}
    grads = gradient(ahead)
    velocity = {key: mu * velocity[key] - learning_rate * grads[key] for key in params}
    return {key: ahead[key] + velocity[key] for key in params}, velocity


@nesterov_step.misconception(
    "You return the place ahead of the new parameters, as libraries do that keep only that place. Here `params` are "
    "the parameters themselves: θ + v."
)
def the_place_that_libraries_keep(params, gradient, velocity, learning_rate, mu=0.9):
    grads = gradient(params)
    velocity = {key: mu * velocity[key] - learning_rate * grads[key] for key in params}
    return {key: params[key] + mu * velocity[key] - learning_rate * grads[key] for key in params}, velocity


@nesterov_step.misconception(
    "The new velocity lacks the old one: you look ahead with it, but then only the gradient step is left."
)
def the_velocity_forgets(params, gradient, velocity, learning_rate, mu=0.9):
    grads = gradient({key: params[key] + mu * velocity[key] for key in params})
    velocity = {key: -learning_rate * grads[key] for key in params}
    return {key: params[key] + velocity[key] for key in params}, velocity


@nesterov_step.misconception(
    "It climbs: the gradient comes in with plus. The velocity is mu v minus the learning rate times the gradient."
)
def it_climbs(params, gradient, velocity, learning_rate, mu=0.9):
    grads = gradient({key: params[key] + mu * velocity[key] for key in params})
    velocity = {key: mu * velocity[key] + learning_rate * grads[key] for key in params}
    return {key: params[key] + velocity[key] for key in params}, velocity


@nesterov_step.misconception(
    "The gradient is taken ahead, but the parameters move with the velocity of the step before. Move with the new one."
)
def moves_with_the_old_velocity(params, gradient, velocity, learning_rate, mu=0.9):
    grads = gradient({key: params[key] + mu * velocity[key] for key in params})
    new = {key: params[key] + velocity[key] for key in params}
    return new, {key: mu * velocity[key] - learning_rate * grads[key] for key in params}


@nesterov_step.misconception(
    "The gradient comes in with a factor 1 - mu, as in the average form. This step is in the classical form."
)
def with_one_minus_mu(params, gradient, velocity, learning_rate, mu=0.9):
    grads = gradient({key: params[key] + mu * velocity[key] for key in params})
    velocity = {key: mu * velocity[key] - (1 - mu) * learning_rate * grads[key] for key in params}
    return {key: params[key] + velocity[key] for key in params}, velocity


@nesterov_step.misconception(
    "You look ahead with one array at a time while the others stay behind. All of them go ahead together, then the "
    "gradient is taken once."
)
def one_array_looks_ahead_at_a_time(params, gradient, velocity, learning_rate, mu=0.9):
    new, speed = {}, {}
    for key in params:
        grad = gradient({**params, key: params[key] + mu * velocity[key]})[key]
        speed[key] = mu * velocity[key] - learning_rate * grad
        new[key] = params[key] + speed[key]
    return new, speed


@nesterov_step.misconception(
    "Your function changes the dicts of its caller: also an array that you move ahead and back again is the caller's. "
    "Put the places ahead into a new dict."
)
def changes_its_arguments(params, gradient, velocity, learning_rate, mu=0.9):
    grads = gradient({key: params[key] + mu * velocity[key] for key in params})
    for key in params:
        velocity[key] = mu * velocity[key] - learning_rate * grads[key]
        params[key] = params[key] + velocity[key]
    return params, velocity


@nesterov_step.misconception(
    "Only the parameters come back. Return the tuple (params, velocity): both are needed next."
)
def only_the_parameters(params, gradient, velocity, learning_rate, mu=0.9):
    grads = gradient({key: params[key] + mu * velocity[key] for key in params})
    return {key: params[key] + mu * velocity[key] - learning_rate * grads[key] for key in params}


@nesterov_step.misconception(
    "`gradient` is called with an array. It takes a dict like `params`, with all the keys, and returns such a dict."
)
def the_gradient_of_an_array(params, gradient, velocity, learning_rate, mu=0.9):
    new, speed = {}, {}
    for key in params:
        speed[key] = mu * velocity[key] - learning_rate * gradient(params[key] + mu * velocity[key])
        new[key] = params[key] + speed[key]
    return new, speed


@nesterov_step.misconception("mu is fixed at 0.9 inside your function. Use the argument that is handed in.")
def mu_is_ignored(params, gradient, velocity, learning_rate, mu=0.9):
    grads = gradient({key: params[key] + 0.9 * velocity[key] for key in params})
    velocity = {key: 0.9 * velocity[key] - learning_rate * grads[key] for key in params}
    return {key: params[key] + velocity[key] for key in params}, velocity


@nesterov_step.alternative
def by_classical_momentum(params, gradient, velocity, learning_rate, mu=0.9):
    ahead = {key: np.add(params[key], np.multiply(mu, velocity[key])) for key in velocity}
    return classical_momentum_step(params, gradient(ahead), velocity, learning_rate, mu)


@nesterov_step.alternative
def a_gradient_step_from_ahead(params, gradient, velocity, learning_rate, mu=0.9):
    ahead = {key: params[key] + mu * velocity[key] for key in sorted(params)}
    new = {key: ahead[key] - learning_rate * grad for key, grad in gradient(ahead).items()}
    return new, {key: new[key] - params[key] for key in new}


@nesterov_step.alternative
def in_place_on_copies(params, gradient, velocity, learning_rate, mu=0.9):
    new = {key: value.copy() for key, value in params.items()}
    speed = {key: mu * value for key, value in velocity.items()}
    for key in new:
        new[key] += speed[key]
    grads = gradient(new)
    for key in new:
        new[key] -= learning_rate * grads[key]
        speed[key] -= learning_rate * grads[key]
    return new, speed


@nesterov_step.alternative
def in_a_loop_with_many_gradients(params, gradient, velocity, learning_rate, mu=0.9):
    gradient(params)
    new, speed = {}, {}
    for key in params:
        ahead = {name: params[name] + mu * velocity[name] for name in params}
        speed[key] = mu * velocity[key] - learning_rate * gradient(ahead)[key]
        new[key] = params[key] + speed[key]
    return new, speed


EXERCISES: tuple[Exercise, ...] = (
    initialize_velocity,
    momentum_step,
    largest_stable_learning_rate,
    classical_momentum_step,
    nesterov_step,
)
