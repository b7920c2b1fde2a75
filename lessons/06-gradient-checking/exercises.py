"""How the exercises of lesson 06 are judged."""

# Wrong and right solutions are written the way students write them.
# ruff: noqa: B007, B905, C414, SIM108

from __future__ import annotations

from typing import Any

import numpy as np

from autograde.check.cases import Call, Case, Property
from autograde.check.codec import StandIn
from autograde.judge.catalogue import Equivalent, Exercise

Params = dict[str, Any]
Rng = np.random.Generator

# --- what the cases are made of --------------------------------------------------------------------------------------


def polynomial(*coefficients: float) -> StandIn:
    """``c[0] + c[1] x + c[2] x² + …``."""
    return StandIn("polynomial", {"coefficients": list(coefficients)})


def arrays(rng: Rng, **shapes: tuple[int, ...]) -> Params:
    """Normal numbers in arrays of these shapes, in this order of keys."""
    return {key: rng.standard_normal(shape) for key, shape in shapes.items()}


def away_from_zero(rng: Rng, **shapes: tuple[int, ...]) -> Params:
    """Numbers between 0.7 and 1.5 of either sign."""
    return {k: rng.uniform(0.7, 1.5, s) * rng.choice([-1.0, 1.0], s) for k, s in shapes.items()}


def scaled(params: Params, factor: float) -> Params:
    """Every array times a number."""
    return {key: factor * value for key, value in params.items()}


def reordered(params: Params) -> Params:
    """The same entries with the keys in the opposite order."""
    return {key: params[key] for key in reversed(params)}


def quadratic(curvature: Params, slope: Params) -> StandIn:
    """The cost ``sum(½ c θ² + s θ)``; its gradient is ``c θ + s``."""
    return StandIn("quadratic_cost", {"curvature": curvature, "slope": slope})


def cubic(coefficients: Params) -> StandIn:
    """The cost ``sum(c θ³)``; its two-sided differences are ``c (3 θ² + eps²)``."""
    return StandIn("cubic_cost", {"coefficients": coefficients})


def cubic_gradient(coefficients: Params, params: Params) -> Params:
    """The true gradient of ``cubic``."""
    return {k: 3 * coefficients[k] * p**2 for k, p in params.items()}


def mixing(weights: Params) -> StandIn:
    """The cost ``sin(sum(w θ)) + sum(w θ³)``."""
    return StandIn("mixing_cost", {"weights": weights})


def mixing_gradient(weights: Params, params: Params) -> Params:
    """The true gradient of ``mixing``."""
    total = sum((weights[k] * p).sum() for k, p in params.items())
    return {k: weights[k] * (np.cos(total) + 3 * p**2) for k, p in params.items()}


def linear(slopes: Params) -> StandIn:
    """The cost ``sum(s θ)``."""
    return StandIn("linear_cost", {"slopes": slopes})


def constant(value: float) -> StandIn:
    """A cost that does not depend on the parameters."""
    return StandIn("constant_cost", {"value": value})


def components(differences: Params) -> list[tuple[str, tuple[int, ...], float]]:
    """Every entry as ``(key, index, |difference|)``, in any order."""
    return [(key, index, abs(float(d))) for key in differences for index, d in np.ndenumerate(differences[key])]


def fortran(array: Any) -> StandIn:
    """The same array in the other memory order."""
    return StandIn("fortran_ordered", {"array": array})


# --- one_sided_difference --------------------------------------------------------------------------------------------

one_sided_difference = Exercise(
    "one_sided_difference",
    points=1,
    hints=(
        "A slope is a rise over a run. How far to the right do you go?",
        "The run is `eps`. The rise is what `f` gains on the way from `theta` to `theta + eps`.",
        "Call `f` twice, once at `theta + eps` and once at `theta`. Subtract, in brackets, and divide by `eps`.",
    ),
    not_checked=("negative theta", "other functions"),
)


@one_sided_difference.visible
def _(rng: Rng) -> Any:
    yield Case("θ³ at θ = 1 with ε = 0.01", (Call("one_sided_difference", (polynomial(0, 0, 0, 1), 1.0, 0.01)),))
    yield Case("θ² + θ at θ = 3 with ε = 0.5", (Call("one_sided_difference", (polynomial(0, 1, 1), 3.0, 0.5)),))


@one_sided_difference.hidden
def _(rng: Rng) -> Any:
    name = "one_sided_difference"
    theta = float(rng.uniform(0.4, 0.9))
    curve = polynomial(*rng.uniform(0.5, 2, 5).tolist())
    yield Case("a sine and a small eps", (Call(name, (StandIn("sine", {"rate": 2.0}), theta, 1e-4)),))
    yield Case("an exponential at a negative theta", (Call(name, (StandIn("exponential", {}), -theta, 0.1)),))
    yield Case("a polynomial of degree 4", (Call(name, (curve, -1.5 - theta, 0.02)),))
    yield Case("theta = 0", (Call(name, (StandIn("exponential", {"rate": 3.0}), 0.0, 0.05)),))
    yield Case("an integer theta", (Call(name, (curve, 2, 0.25)),))
    yield Case("a constant function", (Call(name, (polynomial(float(rng.uniform(1, 9))), theta, 0.1)),))
    yield Case("the kink of a ReLU", (Call(name, (StandIn("clipped", {"low": 0.0, "high": 1e9}), 0.0, 0.1)),))
    yield Case("arguments given by name", (Call(name, (curve,), {"eps": 0.03, "theta": theta}),))


@one_sided_difference.misconception(
    "This steps to the left. The one-sided difference of this lesson steps to the right."
)
def steps_to_the_left(f, theta, eps):
    return (f(theta) - f(theta - eps)) / eps


@one_sided_difference.misconception(
    "This is the two-sided difference, which is the next exercise. Here one of the two points is theta itself."
)
def goes_to_both_sides(f, theta, eps):
    return (f(theta + eps) - f(theta - eps)) / (2 * eps)


@one_sided_difference.misconception("This is how much f rises, not how steeply: the rise still has to be divided.")
def forgets_to_divide(f, theta, eps):
    return f(theta + eps) - f(theta)


@one_sided_difference.misconception("Your result is half of the expected one: the two points are eps apart, not 2 eps.")
def divides_by_two_eps(f, theta, eps):
    return (f(theta + eps) - f(theta)) / (2 * eps)


@one_sided_difference.misconception(
    "The sign is the wrong way round: subtract the value on the left from the right one."
)
def subtracts_the_wrong_way_round(f, theta, eps):
    return (f(theta) - f(theta + eps)) / eps


@one_sided_difference.misconception(
    "Division binds more tightly than subtraction: only the last value is divided by eps. Put brackets round the rise."
)
def lacks_brackets(f, theta, eps):
    return f(theta + eps) - f(theta) / eps


@one_sided_difference.misconception("Your result does not depend on the eps you are given. Use the argument.")
def uses_an_eps_of_its_own(f, theta, eps):
    eps = 1e-6
    return (f(theta + eps) - f(theta)) / eps


@one_sided_difference.alternative
def in_steps(f, theta, eps):
    here, right = f(theta), f(theta + eps)
    rise = right - here
    return rise / eps


@one_sided_difference.alternative
def by_diff(f, theta, eps):
    values = np.array([f(theta), f(theta + eps)])
    return np.diff(values)[0] / eps


@one_sided_difference.alternative
def with_the_step_that_was_really_made(f, theta, eps):
    there = theta + eps
    return np.asarray((f(there) - f(theta)) / (there - theta))


# --- two_sided_difference --------------------------------------------------------------------------------------------

two_sided_difference = Exercise(
    "two_sided_difference",
    points=2,
    hints=(
        "Draw the two points, one to the left and one to the right of theta. How far apart are they?",
        "The rise is `f(theta + eps) - f(theta - eps)`. The run is not `eps`.",
        "The points lie `2 * eps` apart. Put brackets round the rise and round `2 * eps`: `/ 2 * eps` multiplies "
        "by eps.",
    ),
    not_checked=("negative theta", "other functions"),
)


@two_sided_difference.visible
def _(rng: Rng) -> Any:
    yield Case("θ³ at θ = 1 with ε = 0.01", (Call("two_sided_difference", (polynomial(0, 0, 0, 1), 1.0, 0.01)),))
    yield Case("θ² + θ at θ = 3 with ε = 0.5", (Call("two_sided_difference", (polynomial(0, 1, 1), 3.0, 0.5)),))
    yield Case("exp(θ) at θ = 0 with ε = 0.1", (Call("two_sided_difference", (StandIn("exponential", {}), 0.0, 0.1)),))


@two_sided_difference.hidden
def _(rng: Rng) -> Any:
    name = "two_sided_difference"
    theta = float(rng.uniform(0.4, 0.9))
    curve = polynomial(*rng.uniform(0.5, 2, 5).tolist())
    yield Case("a sine and a small eps", (Call(name, (StandIn("sine", {"rate": 2.0}), theta, 1e-4)),))
    yield Case("an exponential at a negative theta", (Call(name, (StandIn("exponential", {}), -theta, 0.2)),))
    yield Case("a polynomial of degree 4", (Call(name, (curve, -1.5 - theta, 0.3)),))
    yield Case("an integer theta", (Call(name, (curve, 2, 0.25)),))
    yield Case("a straight line", (Call(name, (polynomial(1.0, float(rng.uniform(1, 9))), theta, 0.1)),))
    yield Case("the kink of a ReLU", (Call(name, (StandIn("clipped", {"low": 0.0, "high": 1e9}), 0.0, 0.1)),))
    yield Case("arguments given by name", (Call(name, (curve,), {"eps": 0.4, "theta": theta}),))


@two_sided_difference.misconception(
    "This is the one-sided difference. Step to the left of theta as well: it costs one call and the error falls from "
    "about eps to about eps squared."
)
def goes_to_one_side_only(f, theta, eps):
    return (f(theta + eps) - f(theta)) / eps


@two_sided_difference.misconception("Your result is twice the expected one: the two points lie 2 eps apart, not eps.")
def forgets_the_two(f, theta, eps):
    return (f(theta + eps) - f(theta - eps)) / eps


@two_sided_difference.misconception(
    "`/ 2 * eps` divides by 2 and then multiplies by eps. Python works from left to right; put brackets round 2 * eps."
)
def lacks_brackets_below(f, theta, eps):
    return (f(theta + eps) - f(theta - eps)) / 2 * eps


@two_sided_difference.misconception(
    "Your result is half of the expected one. The left point must be theta - eps, not theta plus eps minus eps, which "
    "is theta itself."
)
def makes_minus_from_plus(f, theta, eps):
    plus = theta + eps
    minus = plus - eps
    return (f(plus) - f(minus)) / (2 * eps)


@two_sided_difference.misconception(
    "The sign is the wrong way round: subtract the value on the left from the right one."
)
def subtracts_the_wrong_way(f, theta, eps):
    return (f(theta - eps) - f(theta + eps)) / (2 * eps)


@two_sided_difference.misconception(
    "You go half of eps to each side. Some books do, but here eps is the step to one side, and the points are 2 "
    "eps apart."
)
def goes_half_as_far(f, theta, eps):
    return (f(theta + eps / 2) - f(theta - eps / 2)) / eps


@two_sided_difference.misconception("A difference needs a minus between the two values; you add them.")
def adds_the_values(f, theta, eps):
    return (f(theta + eps) + f(theta - eps)) / (2 * eps)


@two_sided_difference.misconception("Your result does not depend on the eps you are given. Use the argument.")
def uses_its_own_eps(f, theta, eps):
    eps = 1e-5
    return (f(theta + eps) - f(theta - eps)) / (2 * eps)


@two_sided_difference.alternative
def mean_of_both_sides(f, theta, eps):
    return 0.5 * (one_sided_difference(f, theta, eps) + one_sided_difference(f, theta, -eps))


@two_sided_difference.alternative
def sum_over_signs(f, theta, eps):
    total = 0.0
    for sign in (1, -1):
        total += sign * f(theta + sign * eps)
    return total / eps / 2


@two_sided_difference.alternative
def on_an_array_of_points(f, theta, eps):
    left, right = f(np.array([theta - eps, theta + eps], dtype=float)) * np.ones(2)
    return np.array((right - left) / (2 * eps))


# --- params_to_vector ------------------------------------------------------------------------------------------------

params_to_vector = Exercise(
    "params_to_vector",
    points=2,
    hints=(
        "Two things have to be fixed once and for all: the order of the keys and the order within each array.",
        "`sorted(params)` gives the keys in Python's string order. An array's `ravel()` lists its rows one after "
        "another.",
        "Make a list of the flattened arrays in the order of `sorted(params)` and join them with `np.concatenate`.",
    ),
    not_checked=("arrays with three axes", "transposed arrays"),
)


@params_to_vector.visible
def _(rng: Rng) -> Any:
    yield Case(
        "a weight matrix and a bias",
        (Call("params_to_vector", ({"W": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), "b": np.array([7.0, 8.0])},)),),
    )
    jumbled = {"W2": np.array([[3.0]]), "b1": np.array([4.0]), "W1": np.array([[1.0, 2.0]]), "b2": np.array([5.0])}
    yield Case("keys in a jumbled order", (Call("params_to_vector", (jumbled,)),))
    deep = {"W10": np.array([[2.0]]), "W2": np.array([[3.0]]), "W1": np.array([[1.0]])}
    yield Case("W10, which comes before W2", (Call("params_to_vector", (deep,)),))
    named = {"gamma": np.array([1.0, 2.0]), "beta": np.array([3.0, 4.0])}
    yield Case("other names", (Call("params_to_vector", (named,)),))


@params_to_vector.hidden
def _(rng: Rng) -> Any:
    name = "params_to_vector"
    yield Case("other names", (Call(name, (arrays(rng, gamma=(3,), beta=(3,), kernel=(2, 4), Zeta=(1, 2)),)),))
    yield Case("an array with three axes", (Call(name, (arrays(rng, filters=(2, 3, 4), b=(4,)),)),))
    yield Case("a single array", (Call(name, (arrays(rng, theta=(5,)),)),))
    yield Case("arrays of one entry", (Call(name, (arrays(rng, b=(1,), W=(1, 1)),)),))
    many = {f"{kind}{i}": rng.standard_normal((2, 3) if kind == "W" else 3) for i in range(1, 13) for kind in "bW"}
    yield Case("a network of twelve layers", (Call(name, (many,)),))
    columns = {"W": fortran(rng.standard_normal((3, 4))), "K": fortran(rng.standard_normal((2, 3, 2)))}
    yield Case("arrays that lie column by column in memory", (Call(name, (columns,)),))
    single = {k: v.astype(np.float32) for k, v in arrays(rng, b=(2,), W=(4, 2)).items()}
    yield Case("float32 parameters", (Call(name, (single,)),))


@params_to_vector.misconception(
    "The arrays follow each other as they were put into the dict. The next dict may have been filled in another order, "
    "and then two vectors no longer match: go through the sorted keys."
)
def keeps_the_order_of_the_dict(params):
    return np.concatenate([value.ravel() for value in params.values()])


@params_to_vector.misconception(
    "You sort W2 before W10, by number. That is a fine order too, but here keys are sorted as plain strings."
)
def sorts_by_number(params):
    def key_of(name):
        letters = name.rstrip("0123456789")
        return letters, int(name[len(letters) :] or 0)

    return np.concatenate([params[k].ravel() for k in sorted(params, key=key_of)])


@params_to_vector.misconception(
    "Capital and small letters are treated alike. In Python's string order all capitals come first: W before b."
)
def ignores_case(params):
    return np.concatenate([params[k].ravel() for k in sorted(params, key=str.lower)])


@params_to_vector.misconception(
    "Your vector goes layer by layer: W1, b1, W2, b2. The sorted keys put all of W before all of b."
)
def goes_layer_by_layer(params):
    def layer_of(name):
        return name.lstrip("Wb"), name

    return np.concatenate([params[k].ravel() for k in sorted(params, key=layer_of)])


@params_to_vector.misconception("The keys are sorted the wrong way round: W comes before b.")
def sorts_backwards(params):
    return np.concatenate([params[k].ravel() for k in sorted(params, reverse=True)])


@params_to_vector.misconception(
    "`order='K'` or 'A' follows the memory: a transposed matrix comes out column by column. Ask for C order."
)
def follows_the_memory(params):
    return np.concatenate([params[k].ravel(order="K") for k in sorted(params)])


@params_to_vector.misconception(
    "Each matrix comes out column by column. NumPy's own order, C order, goes row by row: the last index runs fastest."
)
def flattens_column_by_column(params):
    return np.concatenate([params[k].ravel(order="F") for k in sorted(params)])


@params_to_vector.misconception("The result has two axes. A vector has one: its shape is (n,), not (n, 1).")
def makes_a_column(params):
    return np.concatenate([params[k].reshape(-1, 1) for k in sorted(params)])


@params_to_vector.misconception("The result is a Python list. Join the pieces with np.concatenate.")
def makes_a_list(params):
    return [x for k in sorted(params) for x in params[k].ravel().tolist()]


@params_to_vector.misconception(
    "Only keys that start with W and b are taken. Parameters may have any name: go through the keys that are there."
)
def knows_only_w_and_b(params):
    names = sorted(k for k in params if k[0] in "Wb" and (k[1:].isdigit() or not k[1:]))
    return np.concatenate([params[k].ravel() for k in names] or [np.zeros(0)])


@params_to_vector.alternative
def by_filling(params):
    vector = np.empty(sum(value.size for value in params.values()))
    start = 0
    for key, value in sorted(params.items(), key=lambda item: item[0]):
        vector[start : start + value.size] = value.flatten()
        start += value.size
    return vector


@params_to_vector.alternative
def entry_by_entry(params):
    entries = []
    for key in sorted(params.keys()):
        for x in params[key].flat:
            entries.append(x)
    return np.array(entries)


@params_to_vector.alternative
def by_hstack(params):
    return np.hstack([np.reshape(params[key], -1) for key in sorted(list(params))])


# --- vector_to_params ------------------------------------------------------------------------------------------------

vector_to_params = Exercise(
    "vector_to_params",
    points=2,
    hints=(
        "It is the way back: cut the vector into pieces, in the same order in which they were joined.",
        "`like` tells the keys, and for each key how long its piece is (`.size`) and what shape it gets (`.shape`).",
        "Keep the place where the next piece starts. For each key of `sorted(like)`: slice, reshape, store, move "
        "on by the size.",
    ),
    not_checked=("arrays with three axes", "other names"),
)


@vector_to_params.visible
def _(rng: Rng) -> Any:
    like = {"W1": np.zeros((2, 3)), "W2": np.zeros((3, 1)), "b1": np.zeros(3), "b2": np.zeros(1)}
    yield Case("a small network", (Call("vector_to_params", (np.arange(1.0, 14.0), like)),))
    jumbled = {"b": np.zeros(2), "W": np.zeros((2, 2)), "a": np.zeros(1)}
    yield Case("keys in a jumbled order", (Call("vector_to_params", (np.arange(1.0, 8.0), jumbled)),))
    deep = {"W2": np.zeros((1, 2)), "W10": np.zeros((2, 1)), "W1": np.zeros((1, 1))}
    yield Case("W10, which comes before W2", (Call("vector_to_params", (np.arange(1.0, 6.0), deep)),))


@vector_to_params.hidden
def _(rng: Rng) -> Any:
    def case(label: str, like: Params) -> Case:
        vector = rng.standard_normal(sum(v.size for v in like.values()))
        return Case(label, (Call("vector_to_params", (vector, like)),))

    yield case("other names", arrays(rng, gamma=(3,), beta=(3,), kernel=(2, 4), Zeta=(1, 2)))
    yield case("an array with three axes", arrays(rng, filters=(2, 3, 4), b=(4,)))
    yield case("a single array", arrays(rng, theta=(5,)))
    yield case("arrays of one entry", arrays(rng, b=(1,), W=(1, 1)))
    yield case(
        "a network of twelve layers",
        {f"{kind}{i}": rng.standard_normal((2, 3) if kind == "W" else 3) for i in range(1, 13) for kind in "bW"},
    )
    yield case("four arrays in the opposite order", reordered(arrays(rng, W1=(2, 3), W2=(3, 2), b1=(3,), b2=(2,))))
    columns = {"W": fortran(np.zeros((3, 4))), "K": fortran(np.zeros((2, 3, 2))), "b": np.zeros(2)}
    call = Call("vector_to_params", (rng.standard_normal(26), columns))
    yield Case("a like whose arrays lie column by column in memory", (call,))


@vector_to_params.misconception(
    "The pieces are cut in the order of the dict `like`, but the vector was joined in the order of the sorted keys."
)
def follows_the_order_of_like(vector, like):
    params, start = {}, 0
    for key, value in like.items():
        params[key] = vector[start : start + value.size].reshape(value.shape)
        start += value.size
    return params


@vector_to_params.misconception(
    "You take W2 before W10, by number. The vector was joined in the order of plain strings: W1, W10, W2."
)
def cuts_by_number(vector, like):
    def key_of(name):
        letters = name.rstrip("0123456789")
        return letters, int(name[len(letters) :] or 0)

    params, start = {}, 0
    for key in sorted(like, key=key_of):
        params[key] = vector[start : start + like[key].size].reshape(like[key].shape)
        start += like[key].size
    return params


@vector_to_params.misconception(
    "Capital and small letters are treated alike. In Python's string order all capitals come first: W before a."
)
def cuts_ignoring_case(vector, like):
    params, start = {}, 0
    for key in sorted(like, key=str.lower):
        params[key] = vector[start : start + like[key].size].reshape(like[key].shape)
        start += like[key].size
    return params


@vector_to_params.misconception(
    "The matrices are filled column by column. `reshape` without an order fills them row by row, as they were "
    "flattened."
)
def fills_column_by_column(vector, like):
    params, start = {}, 0
    for key in sorted(like):
        params[key] = vector[start : start + like[key].size].reshape(like[key].shape, order="F")
        start += like[key].size
    return params


@vector_to_params.misconception(
    "Every array is cut from the beginning of the vector. Remember where the last piece ended."
)
def never_moves_on(vector, like):
    return {key: vector[: like[key].size].reshape(like[key].shape) for key in sorted(like)}


@vector_to_params.misconception(
    "Two pieces come out right and the third does not: the start has to grow by each size, `+=`, not to become it."
)
def forgets_all_but_the_last_size(vector, like):
    params, start = {}, 0
    for key in sorted(like):
        params[key] = np.resize(vector[start : start + like[key].size], like[key].shape)
        start = like[key].size
    return params


@vector_to_params.misconception("The pieces are still flat. Give each one the shape of its array in `like`.")
def leaves_them_flat(vector, like):
    params, start = {}, 0
    for key in sorted(like):
        params[key] = vector[start : start + like[key].size]
        start += like[key].size
    return params


@vector_to_params.misconception(
    "You write into the arrays of `like`, which belong to the caller: in a gradient check they are the parameters "
    "themselves. Put new arrays into a new dict."
)
def writes_into_like(vector, like):
    start = 0
    for key in sorted(like):
        like[key][...] = vector[start : start + like[key].size].reshape(like[key].shape)
        start += like[key].size
    return like


@vector_to_params.misconception(
    "The numbers never arrive: the result holds the arrays of `like`, not the vector's entries."
)
def returns_like(vector, like):
    return {key: value.copy() for key, value in like.items()}


@vector_to_params.alternative
def by_split(vector, like):
    keys = sorted(like)
    ends = np.cumsum([like[k].size for k in keys])[:-1]
    return {k: piece.reshape(like[k].shape) for k, piece in zip(keys, np.split(vector, ends))}


@vector_to_params.alternative
def by_eating_an_iterator(vector, like):
    numbers = iter(vector.tolist())
    result = {}
    for key in sorted(like):
        result[key] = np.zeros(like[key].shape)
        for index in np.ndindex(like[key].shape):
            result[key][index] = next(numbers)
    return result


@vector_to_params.alternative
def into_fresh_copies(vector, like):
    import copy

    result, rest = copy.deepcopy(like), np.array(vector)
    for key in sorted(result):
        size = result[key].size
        result[key].flat = rest[:size]
        rest = rest[size:]
    return result


# --- numerical_gradient ----------------------------------------------------------------------------------------------

numerical_gradient = Exercise(
    "numerical_gradient",
    points=4,
    hints=(
        "One entry at a time: how does the cost change when this entry alone moves, and all the others stay?",
        "With `params_to_vector` the entries are numbered 0 … n-1. A step is a vector of zeros with `eps` in one "
        "place.",
        "For each i: the cost at `vector_to_params(theta + step, params)` minus the cost at `theta - step`, over "
        "`2 * eps`. "
        "Collect the n slopes in a vector and turn it into a dict.",
    ),
    not_checked=("costs that mix many arrays", "arrays with three axes", "other names"),
    equivalent=(Equivalent("slopes = np.ones(theta.size)", "every entry is written over"),),
)


@numerical_gradient.visible
def _(rng: Rng) -> Any:
    params = {"W": np.array([[1.0, -2.0], [0.5, 3.0]]), "b": np.array([2.0, -1.0])}
    ones = {k: np.ones_like(v) for k, v in params.items()}
    zeros = {k: np.zeros_like(v) for k, v in params.items()}
    yield Case(
        "the cost sum(½ θ²), whose gradient is θ, with ε = 0.25",
        (Call("numerical_gradient", (quadratic(ones, zeros), params, 0.25)),),
    )
    theta = np.array([1.0, 2.0, -1.0])
    yield Case(
        "the cost sum(θ³) with ε = 0.1: 3 θ² + 0.01",
        (Call("numerical_gradient", (cubic({"theta": np.ones(3)}), {"theta": theta}, 0.1)),),
    )
    small = {"b": np.array([0.3, -0.2]), "W": np.array([[0.5], [0.1]])}
    weights = {"b": np.array([0.4, 0.7]), "W": np.array([[0.9], [-0.6]])}
    yield Case(
        "a cost sin(sum(w θ)) + sum(w θ³) that mixes both arrays, with ε = 0.1",
        (Call("numerical_gradient", (mixing(weights), small, 0.1)),),
    )
    yield Case("the same cost with the eps that you set", (Call("numerical_gradient", (mixing(weights), small)),))


@numerical_gradient.hidden
def _(rng: Rng) -> Any:
    name = "numerical_gradient"

    def weights_of(params: Params) -> Params:
        return {k: rng.uniform(0.1, 0.5, np.shape(v)) * rng.choice([-1.0, 1.0], np.shape(v)) for k, v in params.items()}

    network = arrays(rng, b2=(2,), W1=(3, 4), b1=(4,), W2=(4, 2))
    yield Case("a cost that mixes four arrays", (Call(name, (mixing(weights_of(network)), network)),))
    yield Case("a large eps", (Call(name, (mixing(weights_of(network)), network, 0.3)),))
    other = arrays(rng, gamma=(3,), kernel=(2, 5), Beta=(1,))
    yield Case("other names", (Call(name, (mixing(weights_of(other)), other), {"eps": 0.05}),))
    filters = arrays(rng, filters=(2, 3, 2))
    yield Case("an array with three axes", (Call(name, (mixing(weights_of(filters)), filters, 0.2)),))
    single = arrays(rng, w=(1, 1))
    yield Case("a single parameter", (Call(name, (cubic({"w": np.array([[2.0]])}), single, 0.5)),))
    deep = arrays(rng, W10=(2, 2), W2=(2, 3), W1=(3, 2), b10=(2,), b2=(1,))
    yield Case("more than nine layers", (Call(name, (mixing(weights_of(deep)), deep, 0.1)),))
    yield Case("a cost that does not depend on the parameters", (Call(name, (constant(2.5), network, 0.1)),))
    part = {"W": rng.standard_normal((2, 3)), "unused": rng.standard_normal(3)}
    slopes = {"W": rng.uniform(1, 2, (2, 3)), "unused": np.zeros(3)}
    yield Case("a cost that leaves out one array", (Call(name, (linear(slopes), part)),))
    zeros = {"b": np.zeros(3), "W": np.zeros((3, 2))}
    yield Case("parameters that are all zero", (Call(name, (mixing(weights_of(zeros)), zeros, 0.2)),))
    flat, steep = {"w": np.zeros((2, 1))}, {"w": np.array([[1e7], [-3e7]])}
    yield Case("a very curved cost and the eps of the signature", (Call(name, (cubic(steep), flat)),))
    yield Case(
        "a quadratic cost and the eps of the signature",
        (Call(name, (quadratic(weights_of(other), weights_of(other)), other)),),
    )


@numerical_gradient.misconception(
    "The values are those of the one-sided difference: the error shows when eps is large. Step to both sides."
)
def steps_to_one_side(cost, params, eps=1e-6):
    theta = params_to_vector(params)
    slopes = np.zeros(theta.size)
    for i in range(theta.size):
        plus = theta.copy()
        plus[i] += eps
        slopes[i] = (cost(vector_to_params(plus, params)) - cost(params)) / eps
    return vector_to_params(slopes, params)


@numerical_gradient.misconception("Every entry is twice what it should be: the two points lie 2 eps apart.")
def divides_by_eps(cost, params, eps=1e-6):
    theta = params_to_vector(params)
    slopes = np.zeros(theta.size)
    for i in range(theta.size):
        step = np.zeros(theta.size)
        step[i] = eps
        rise = cost(vector_to_params(theta + step, params)) - cost(vector_to_params(theta - step, params))
        slopes[i] = rise / eps
    return vector_to_params(slopes, params)


@numerical_gradient.misconception(
    "`/ 2 * eps` divides by 2 and multiplies by eps: your entries are eps squared times too large. Put brackets "
    "round 2 * eps."
)
def divides_without_brackets(cost, params, eps=1e-6):
    theta = params_to_vector(params)
    slopes = np.zeros(theta.size)
    for i in range(theta.size):
        step = np.zeros(theta.size)
        step[i] = eps
        rise = cost(vector_to_params(theta + step, params)) - cost(vector_to_params(theta - step, params))
        slopes[i] = rise / 2 * eps
    return vector_to_params(slopes, params)


@numerical_gradient.misconception(
    "You go to the right by eps and then to the left by eps, which is where you began. The left point is theta - eps."
)
def makes_the_left_point_from_the_right_one(cost, params, eps=1e-6):
    theta = params_to_vector(params)
    slopes = np.zeros(theta.size)
    for i in range(theta.size):
        step = np.zeros(theta.size)
        step[i] = eps
        plus = theta + step
        minus = plus - step
        slopes[i] = (cost(vector_to_params(plus, params)) - cost(vector_to_params(minus, params))) / (2 * eps)
    return vector_to_params(slopes, params)


@numerical_gradient.misconception(
    "All entries of an array get the same number, the sum of its slopes: they all moved at once. Move one entry "
    "at a time."
)
def moves_a_whole_array_at_once(cost, params, eps=1e-6):
    grads = {}
    for key, value in params.items():
        rise = cost({**params, key: value + eps}) - cost({**params, key: value - eps})
        grads[key] = np.full(value.shape, rise / (2 * eps))
    return grads


@numerical_gradient.misconception(
    "All entries of a row get the same number: `for i in range(len(W))` goes through rows. Use every entry's "
    "full index."
)
def moves_a_row_at_once(cost, params, eps=1e-6):
    grads = {}
    for key in params:
        grads[key] = np.zeros(params[key].shape)
        for i in range(len(params[key])):
            plus = {k: v.copy() for k, v in params.items()}
            minus = {k: v.copy() for k, v in params.items()}
            plus[key][i] += eps
            minus[key][i] -= eps
            grads[key][i] = (cost(plus) - cost(minus)) / (2 * eps)
    return grads


@numerical_gradient.misconception(
    "The gradient is zero everywhere: `plus = theta` is a second name for the same array, not a copy, so that both "
    "costs are taken at the same place. Make copies."
)
def takes_a_second_name_for_a_copy(cost, params, eps=1e-6):
    theta = params_to_vector(params)
    slopes = np.zeros(theta.size)
    for i in range(theta.size):
        plus = theta
        plus[i] = plus[i] + eps
        minus = theta
        minus[i] = minus[i] - eps
        slopes[i] = (cost(vector_to_params(plus, params)) - cost(vector_to_params(minus, params))) / (2 * eps)
    return vector_to_params(slopes, params)


@numerical_gradient.misconception(
    "The later entries are wrong although each alone is right: an entry that has been moved must be put back before "
    "the next one moves."
)
def never_puts_an_entry_back(cost, params, eps=1e-6):
    moved = {k: v.copy() for k, v in params.items()}
    grads = {}
    for key in moved:
        grads[key] = np.zeros(moved[key].shape)
        for i in np.ndindex(moved[key].shape):
            moved[key][i] += eps
            plus = cost(moved)
            moved[key][i] -= 2 * eps
            grads[key][i] = (plus - cost(moved)) / (2 * eps)
    return grads


@numerical_gradient.misconception(
    "You are nearly there: you put each entry back by arithmetic, + eps, - 2 eps, + eps. Rounding leaves the last bit "
    "different, and the caller's parameters are changed a little. Keep the old value and write it back, or work "
    "on a copy."
)
def puts_entries_back_by_arithmetic(cost, params, eps=1e-6):
    grads = {}
    for key in params:
        grads[key] = np.zeros(params[key].shape)
        for i in np.ndindex(params[key].shape):
            params[key][i] += eps
            plus = cost(params)
            params[key][i] -= 2 * eps
            minus = cost(params)
            params[key][i] += eps
            grads[key][i] = (plus - minus) / (2 * eps)
    return grads


@numerical_gradient.misconception(
    "The caller's parameters are moved and stay moved. A check must leave the network as it was: work on a copy, or "
    "write every old value back."
)
def leaves_the_callers_parameters_moved(cost, params, eps=1e-6):
    grads = {}
    for key in params:
        grads[key] = np.zeros(params[key].shape)
        for i in np.ndindex(params[key].shape):
            params[key][i] += eps
            plus = cost(params)
            params[key][i] -= 2 * eps
            grads[key][i] = (plus - cost(params)) / (2 * eps)
    return grads


@numerical_gradient.misconception(
    "Your result does not change with eps: use the argument, not a fixed number. A check with eps = 0.1 must see 0.1."
)
def has_its_own_eps(cost, params, eps=1e-6):
    eps = 1e-6
    theta = params_to_vector(params)
    slopes = np.zeros(theta.size)
    for i in range(theta.size):
        step = np.zeros(theta.size)
        step[i] = eps
        rise = cost(vector_to_params(theta + step, params)) - cost(vector_to_params(theta - step, params))
        slopes[i] = rise / (2 * eps)
    return vector_to_params(slopes, params)


@numerical_gradient.misconception(
    "The cost is called with one array only. It needs the whole dict: the moved array and all the others as they are."
)
def gives_the_cost_one_array(cost, params, eps=1e-6):
    grads = {}
    for key in params:
        grads[key] = np.zeros(params[key].shape)
        for i in np.ndindex(params[key].shape):
            plus, minus = params[key].copy(), params[key].copy()
            plus[i] += eps
            minus[i] -= eps
            grads[key][i] = (cost({key: plus}) - cost({key: minus})) / (2 * eps)
    return grads


@numerical_gradient.misconception("The cost is called with a vector. Turn each moved vector back into a dict first.")
def gives_the_cost_a_vector(cost, params, eps=1e-6):
    theta = params_to_vector(params)
    slopes = np.zeros(theta.size)
    for i in range(theta.size):
        step = np.zeros(theta.size)
        step[i] = eps
        slopes[i] = (cost(theta + step) - cost(theta - step)) / (2 * eps)
    return vector_to_params(slopes, params)


@numerical_gradient.misconception("The slopes are right but come as one vector. Turn it into a dict like params.")
def returns_a_vector(cost, params, eps=1e-6):
    theta = params_to_vector(params)
    slopes = np.zeros(theta.size)
    for i in range(theta.size):
        step = np.zeros(theta.size)
        step[i] = eps
        rise = cost(vector_to_params(theta + step, params)) - cost(vector_to_params(theta - step, params))
        slopes[i] = rise / (2 * eps)
    return slopes


@numerical_gradient.misconception(
    "The sign is the wrong way round: take the cost on the left from the one on the right."
)
def has_the_wrong_sign(cost, params, eps=1e-6):
    theta = params_to_vector(params)
    slopes = np.zeros(theta.size)
    for i in range(theta.size):
        step = np.zeros(theta.size)
        step[i] = eps
        rise = cost(vector_to_params(theta - step, params)) - cost(vector_to_params(theta + step, params))
        slopes[i] = rise / (2 * eps)
    return vector_to_params(slopes, params)


@numerical_gradient.alternative
def index_by_index_on_copies(cost, params, eps=1e-6):
    grads = {}
    for key, value in params.items():
        grads[key] = np.zeros(value.shape)
        for index in np.ndindex(*value.shape):
            plus, minus = value.copy(), value.copy()
            plus[index] += eps
            minus[index] -= eps
            grads[key][index] = (cost(dict(params, **{key: plus})) - cost(dict(params, **{key: minus}))) / (2 * eps)
    return grads


@numerical_gradient.alternative
def in_place_with_the_old_value_written_back(cost, params, eps=1e-6):
    grads = {key: np.empty_like(value, dtype=float) for key, value in params.items()}
    for key in params:
        walk = np.nditer(params[key], flags=["multi_index"])
        for _ in walk:
            at = walk.multi_index
            old = params[key][at].copy()
            params[key][at] = old + eps
            plus = cost(params)
            params[key][at] = old - eps
            minus = cost(params)
            params[key][at] = old
            grads[key][at] = (plus - minus) / (2 * eps)
    return grads


@numerical_gradient.alternative
def by_the_rows_of_an_identity(cost, params, eps=1e-6):
    theta = params_to_vector(params)
    steps = eps * np.eye(theta.size)
    slopes = [
        (cost(vector_to_params(theta + s, params)) - cost(vector_to_params(theta - s, params))) / (2 * eps)
        for s in steps
    ]
    return vector_to_params(np.array(slopes), params)


@numerical_gradient.alternative
def through_functions_of_one_number(cost, params, eps=1e-6):
    theta = params_to_vector(params)

    def along(i):
        def f(x):
            moved = theta.copy()
            moved[i] = x
            return cost(vector_to_params(moved, params))

        return f

    return vector_to_params(np.array([two_sided_difference(along(i), t, eps) for i, t in enumerate(theta)]), params)


@numerical_gradient.alternative
def on_flat_views_of_a_deep_copy(cost, params, eps=1e-6):
    import copy

    work, grads = copy.deepcopy(params), {}
    for key in work:
        flat = work[key].reshape(-1)
        slopes = []
        for i in range(flat.size):
            old = flat[i]
            flat[i] += eps
            up = cost(work)
            flat[i] -= 2 * eps
            slopes.append((up - cost(work)) / 2 / eps)
            flat[i] = old
        grads[key] = np.array(slopes).reshape(work[key].shape)
    return grads


# --- relative_difference ---------------------------------------------------------------------------------------------

relative_difference = Exercise(
    "relative_difference",
    points=3,
    hints=(
        "Put all arrays of a dict into one long vector first. Which of your functions does that?",
        "Three norms: of the difference, of one vector, of the other. `np.linalg.norm` of a vector is the root of the "
        "sum of its squares.",
        "Divide the norm of the difference by the sum of the two norms. When that sum is exactly 0, return 0.0.",
    ),
    not_checked=("very small and very large gradients", "other names"),
    equivalent=(Equivalent("return np.linalg.norm(a - g) / total", "a norm does not mind the sign"),),
)


@relative_difference.visible
def _(rng: Rng) -> Any:
    name = "relative_difference"
    yield Case("3, 4 against 4, 3", (Call(name, ({"w": np.array([3.0, 4.0])}, {"w": np.array([4.0, 3.0])})),))
    grads = {"W": np.array([[3.0, 0.0], [1.0, -2.0]]), "b": np.array([0.1, 0.2, 0.0, 0.1])}
    approx = {"W": np.array([[3.0, 1.0], [1.0, -2.0]]), "b": np.array([0.1, 0.4, 0.1, 0.1])}
    yield Case("two arrays", (Call(name, (grads, approx)),))
    same = {"W1": np.array([1.0, 2.0]), "W2": np.array([5.0, 6.0])}
    yield Case("keys in another order", (Call(name, (same, {"W2": same["W2"] * 1.1, "W1": same["W1"]})),))
    yield Case("two zero gradients", (Call(name, ({"w": np.zeros(3)}, {"w": np.zeros(3)})),))


@relative_difference.hidden
def _(rng: Rng) -> Any:
    name = "relative_difference"
    grads = arrays(rng, W1=(3, 4), b1=(4,), W2=(4, 4), b2=(4,))
    noise = arrays(rng, W1=(3, 4), b1=(4,), W2=(4, 4), b2=(4,))
    near = {k: v + 0.01 * noise[k] for k, v in grads.items()}
    yield Case("nearly equal gradients", (Call(name, (grads, near)),))
    yield Case("one gradient three times the other", (Call(name, (grads, scaled(grads, 3.0))),))
    yield Case("opposite signs", (Call(name, (grads, scaled(grads, -1.0))),))
    yield Case("one gradient zero", (Call(name, (grads, scaled(grads, 0.0))),))
    tiny = arrays(rng, W=(2, 3), b=(3,))
    yield Case("very small gradients", (Call(name, (scaled(tiny, 1e-10), scaled(reordered(tiny), 2.5e-10))),))
    yield Case("very large gradients", (Call(name, (scaled(near, 1e9), scaled(grads, 1e9))),))
    unequal = {"W": 100 * grads["W1"], "b": grads["b1"]}
    yield Case(
        "arrays of very different size", (Call(name, (unequal, {"b": 2 * grads["b1"], "W": 101 * grads["W1"]})),)
    )
    yield Case("keys in the opposite order", (Call(name, (grads, reordered(near))),))
    filters, square = arrays(rng, filters=(2, 3, 2), gamma=(1,)), rng.standard_normal((4, 4))
    yield Case("three axes and other names", (Call(name, (filters, scaled(filters, 1.5))),))
    yield Case(
        "an array that lies column by column in memory",
        (Call(name, ({"W": fortran(square)}, {"W": square + 0.3 * noise["W2"]})),),
    )
    yield Case("zeros in several arrays", (Call(name, (scaled(grads, 0.0), scaled(reordered(grads), 0.0))),))
    single = {k: v.astype(np.float32) for k, v in grads.items()}
    yield Case("float32 gradients", (Call(name, (single, {k: v.astype(np.float32) for k, v in near.items()})),))


@relative_difference.misconception(
    "This is the absolute difference. Whether 0.001 is much depends on the gradients: divide by the sum of their norms."
)
def is_absolute(grads, approx):
    return np.linalg.norm(params_to_vector(grads) - params_to_vector(approx))


@relative_difference.misconception(
    "You average one difference for each array, so that a small bias counts as much as a large matrix. Put all arrays "
    "into one vector and take one norm over everything."
)
def averages_over_the_keys(grads, approx):
    each = []
    for k in grads:
        total = np.linalg.norm(grads[k]) + np.linalg.norm(approx[k])
        each.append(np.linalg.norm(grads[k] - approx[k]) / total if total else 0.0)
    return np.mean(each)


@relative_difference.misconception(
    "The norms of the separate arrays are added up. The norm of everything is the root of all squares together, and "
    "that is less than the sum of the norms."
)
def adds_up_the_norms_of_the_arrays(grads, approx):
    top = sum(np.linalg.norm(grads[k] - approx[k]) for k in grads)
    total = sum(np.linalg.norm(grads[k]) + np.linalg.norm(approx[k]) for k in grads)
    return top / total if total else 0.0


@relative_difference.misconception(
    "You divide by the larger of the two norms. Other courses do; here it is their sum, which gives about half as much."
)
def divides_by_the_larger_norm(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    total = max(np.linalg.norm(g), np.linalg.norm(a))
    return np.linalg.norm(g - a) / total if total else 0.0


@relative_difference.misconception(
    "You divide by the norm of one gradient only. Use the sum of both norms: then it does not matter which comes first."
)
def divides_by_one_norm(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    return np.linalg.norm(g - a) / np.linalg.norm(g) if g.any() else 0.0


@relative_difference.misconception("The norms below the line are multiplied. They have to be added.")
def multiplies_the_norms(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    total = np.linalg.norm(g) * np.linalg.norm(a)
    return np.linalg.norm(g - a) / total if total else 0.0


@relative_difference.misconception("These are sums of squares. A norm is the square root of one.")
def forgets_the_root(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    total = np.sum(g**2) + np.sum(a**2)
    return np.sum((g - a) ** 2) / total if total else 0.0


@relative_difference.misconception(
    "This adds up absolute values (the 1-norm). Here || || is the Euclidean norm: the root of the sum of squares."
)
def takes_the_one_norm(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    total = np.abs(g).sum() + np.abs(a).sum()
    return np.abs(g - a).sum() / total if total else 0.0


@relative_difference.misconception(
    "This takes the largest entry instead of the norm. One norm over all entries is asked for."
)
def takes_the_largest_entry(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    total = np.abs(g).max() + np.abs(a).max()
    return np.abs(g - a).max() / total if total else 0.0


@relative_difference.misconception(
    "This compares the two lengths. Gradients that point elsewhere may be equally long: take the norm of the "
    "difference."
)
def subtracts_the_norms(grads, approx):
    g, a = np.linalg.norm(params_to_vector(grads)), np.linalg.norm(params_to_vector(approx))
    return abs(g - a) / (g + a) if g + a else 0.0


@relative_difference.misconception(
    "The arrays are matched by their place in the dict. Two dicts may list their keys in different orders: match "
    "by key."
)
def matches_by_position(grads, approx):
    g = np.concatenate([np.ravel(v) for v in grads.values()])
    a = np.concatenate([np.ravel(v) for v in approx.values()])
    total = np.linalg.norm(g) + np.linalg.norm(a)
    return np.linalg.norm(g - a) / total if total else 0.0


@relative_difference.misconception(
    "Two zero gradients agree, so the difference is 0; yours is 0 / 0, nan. Look whether the sum of the norms is zero."
)
def divides_zero_by_zero(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    return np.linalg.norm(g - a) / (np.linalg.norm(g) + np.linalg.norm(a))


@relative_difference.misconception(
    "The small number you add below the line spoils the result when the gradients are small themselves. Treat the one "
    "case 0 / 0 apart instead."
)
def adds_a_small_number_below(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    return np.linalg.norm(g - a) / (np.linalg.norm(g) + np.linalg.norm(a) + 1e-8)


@relative_difference.alternative
def squares_summed_key_by_key(grads, approx):
    top = gg = aa = 0.0
    for key in grads:
        top += np.sum((grads[key] - approx[key]) ** 2)
        gg += np.sum(grads[key] ** 2)
        aa += np.sum(approx[key] ** 2)
    if gg + aa == 0:
        return 0
    return np.sqrt(top) / (np.sqrt(gg) + np.sqrt(aa))


@relative_difference.alternative
def norm_of_norms(grads, approx):
    def norm(d):
        return np.linalg.norm([np.linalg.norm(v) for v in d.values()])

    top = norm({k: grads[k] - approx[k] for k in approx})
    bottom = norm(grads) + norm(approx)
    return np.float64(0.0) if bottom == 0 else top / bottom


@relative_difference.alternative
def dividing_where_it_can(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    top = np.sqrt((g - a) @ (g - a))
    bottom = np.sqrt(g @ g) + np.sqrt(a @ a)
    return np.divide(top, bottom, out=np.zeros(()), where=bottom != 0)


@relative_difference.alternative
def with_a_guard_far_below_all_numbers(grads, approx):
    import math

    pairs = [(x, y) for k in sorted(grads) for x, y in zip(grads[k].ravel().tolist(), approx[k].ravel().tolist())]
    top = math.hypot(*[x - y for x, y in pairs])
    bottom = math.hypot(*[x for x, _ in pairs]) + math.hypot(*[y for _, y in pairs])
    return top / max(bottom, 1e-300)


# --- gradient_check --------------------------------------------------------------------------------------------------

gradient_check = Exercise(
    "gradient_check",
    points=2,
    hints=(
        "Everything is there: a numerical gradient, and a number for how far two gradients are apart.",
        "Three verdicts, two thresholds, both strict: below 1e-7, below 1e-3, and all the rest. Pass `eps` on.",
        'Write the comparisons so that "wrong" is what is left over: nan is below nothing. Return the pair '
        "`(difference, verdict)`.",
    ),
    not_checked=("differences exactly at a threshold", "nan", "other values of eps"),
    equivalent=(
        Equivalent(
            "difference = relative_difference(numerical_gradient(cost, params, eps), grads)",
            "the relative difference is symmetric",
        ),
    ),
)


@gradient_check.visible
def _(rng: Rng) -> Any:
    name = "gradient_check"
    params = {"W": np.array([[1.0, -2.0], [0.5, 3.0]]), "b": np.array([2.0, -1.0])}
    ones = {k: np.ones_like(v) for k, v in params.items()}
    zeros = {k: np.zeros_like(v) for k, v in params.items()}
    cost = quadratic(ones, zeros)
    yield Case("the cost sum(½ θ²) and the gradient θ", (Call(name, (cost, params, params)),))
    yield Case("the same cost and the gradient 2 θ", (Call(name, (cost, params, scaled(params, 2.0))),))
    off = {"W": params["W"] + np.array([[0.0, 0.001], [0.0, 0.0]]), "b": params["b"]}
    yield Case("the same cost and a gradient that is a little off", (Call(name, (cost, params, off)),))
    yield Case(
        "the cost sum(θ³), its true gradient 3 θ², and ε = 0.1",
        (Call(name, (cubic(ones), params, cubic_gradient(ones, params), 0.1)),),
    )


@gradient_check.hidden
def _(rng: Rng) -> Any:
    name = "gradient_check"
    params = away_from_zero(rng, b2=(2,), W1=(3, 4), b1=(4,), W2=(4, 2))
    weights = scaled(away_from_zero(rng, W1=(3, 4), b1=(4,), W2=(4, 2), b2=(2,)), 0.3)
    cost, grads = mixing(weights), mixing_gradient(weights, params)
    yield Case("right gradients of a cost that mixes four arrays", (Call(name, (cost, params, reordered(grads))),))
    yield Case("gradients with the wrong sign", (Call(name, (cost, params, scaled(grads, -1.0))),))
    yield Case("gradients that are a little too large", (Call(name, (cost, params, scaled(grads, 1.0004))),))
    yield Case("gradients that are zero", (Call(name, (cost, params, scaled(grads, 0.0))),))
    wrong_bias = {**grads, "b1": 1.5 * grads["b1"]}
    yield Case("one wrong array", (Call(name, (cost, params, wrong_bias)),))
    yield Case("another eps, given by name", (Call(name, (cost, params, grads), {"eps": 0.02}),))
    cubes = {"theta": rng.uniform(0.5, 1.5, 6)}
    yield Case(
        "a large eps",
        (Call(name, (cubic({"theta": np.ones(6)}), cubes, cubic_gradient({"theta": np.ones(6)}, cubes), 0.3)),),
    )
    flat, steep = {"w": np.zeros(2)}, {"w": np.array([1e7, -3e7])}
    yield Case(
        "a very curved cost and the eps of the signature", (Call(name, (cubic(steep), flat, scaled(steep, 1e-12))),)
    )
    yield Case("a cost and gradients that are zero", (Call(name, (constant(1.5), params, scaled(grads, 0.0))),))
    # θ = 0 and eps = ½ make these two exact in floating point: 2 / 2000 and 2 / 20000000.
    for label, slope in (("the upper threshold", 999.0), ("the lower threshold", 9_999_999.0)):
        yield Case(
            f"a difference exactly at {label}",
            (Call(name, (linear({"w": np.array([slope])}), {"w": np.zeros(1)}, {"w": np.array([slope + 2])}, 0.5)),),
        )
    # Exact as well: 4e-8, 2e-6 and 4e-4.
    for label, slope in (
        ("below the lower threshold", 24_999_999.0),
        ("above it", 499_999.0),
        ("below the upper", 2499.0),
    ):
        yield Case(
            f"a difference {label}",
            (Call(name, (linear({"w": np.array([slope])}), {"w": np.zeros(1)}, {"w": np.array([slope + 2])}, 0.5)),),
        )
    broken = {**grads, "W2": np.where(np.arange(8).reshape(4, 2) == 5, np.nan, grads["W2"])}
    yield Case("gradients with a nan", (Call(name, (cost, params, broken)),))
    yield Case("a cost that is nan", (Call(name, (constant(float("nan")), params, grads)),))


@gradient_check.misconception("The eps you are given has no effect on your result: hand it on to numerical_gradient.")
def does_not_pass_eps_on(cost, params, grads, eps=1e-6):
    difference = relative_difference(grads, numerical_gradient(cost, params))
    verdict = "correct" if difference < 1e-7 else "suspicious" if difference < 1e-3 else "wrong"
    return difference, verdict


@gradient_check.misconception(
    "A difference that is nan must be called wrong. All comparisons with nan are false, so it falls through to your "
    'last branch: make that one `"wrong"`.'
)
def lets_nan_pass(cost, params, grads, eps=1e-6):
    difference = relative_difference(grads, numerical_gradient(cost, params, eps))
    if difference >= 1e-3:
        return difference, "wrong"
    if difference >= 1e-7:
        return difference, "suspicious"
    return difference, "correct"


@gradient_check.misconception("The thresholds are strict: a difference of exactly 1e-7 or 1e-3 gets the worse verdict.")
def includes_the_thresholds(cost, params, grads, eps=1e-6):
    difference = relative_difference(grads, numerical_gradient(cost, params, eps))
    verdict = "correct" if difference <= 1e-7 else "suspicious" if difference <= 1e-3 else "wrong"
    return difference, verdict


@gradient_check.misconception("The pair is the wrong way round: first the difference, then the verdict.")
def returns_the_verdict_first(cost, params, grads, eps=1e-6):
    difference = relative_difference(grads, numerical_gradient(cost, params, eps))
    verdict = "correct" if difference < 1e-7 else "suspicious" if difference < 1e-3 else "wrong"
    return verdict, difference


@gradient_check.misconception("Only the verdict comes back. Return the pair (difference, verdict).")
def returns_the_verdict_alone(cost, params, grads, eps=1e-6):
    difference = relative_difference(grads, numerical_gradient(cost, params, eps))
    return "correct" if difference < 1e-7 else "suspicious" if difference < 1e-3 else "wrong"


@gradient_check.misconception("The pair is a list. Return a tuple: `return difference, verdict`.")
def returns_a_list(cost, params, grads, eps=1e-6):
    difference = relative_difference(grads, numerical_gradient(cost, params, eps))
    verdict = "correct" if difference < 1e-7 else "suspicious" if difference < 1e-3 else "wrong"
    return [difference, verdict]


@gradient_check.misconception(
    "There are three verdicts. A difference between the two thresholds is neither correct nor wrong but suspicious."
)
def knows_two_verdicts(cost, params, grads, eps=1e-6):
    difference = relative_difference(grads, numerical_gradient(cost, params, eps))
    return difference, "correct" if difference < 1e-7 else "wrong"


@gradient_check.misconception("The lower threshold is 1e-7; yours lets larger differences pass as correct.")
def is_too_lenient(cost, params, grads, eps=1e-6):
    difference = relative_difference(grads, numerical_gradient(cost, params, eps))
    verdict = "correct" if difference < 1e-3 else "suspicious" if difference < 1e-1 else "wrong"
    return difference, verdict


@gradient_check.misconception(
    "The gradients you are given play no part: every difference is 0 and everything is correct. Compare `grads` with "
    "the numerical gradient."
)
def compares_a_gradient_with_itself(cost, params, grads, eps=1e-6):
    approx = numerical_gradient(cost, params, eps)
    difference = relative_difference(approx, approx)
    verdict = "correct" if difference < 1e-7 else "suspicious" if difference < 1e-3 else "wrong"
    return difference, verdict


@gradient_check.misconception("This is the absolute difference: it grows with the gradients. Use relative_difference.")
def measures_absolutely(cost, params, grads, eps=1e-6):
    difference = np.linalg.norm(params_to_vector(grads) - params_to_vector(numerical_gradient(cost, params, eps)))
    verdict = "correct" if difference < 1e-7 else "suspicious" if difference < 1e-3 else "wrong"
    return difference, verdict


@gradient_check.alternative
def with_early_returns(cost, params, grads, eps=1e-6):
    approx = numerical_gradient(cost, params, eps)
    d = relative_difference(approx, grads)
    if d < 1e-7:
        return d, "correct"
    elif d < 1e-3:
        return d, "suspicious"
    return d, "wrong"


@gradient_check.alternative
def with_nan_first(cost, params, grads, eps=1e-6):
    import math

    d = float(relative_difference(grads, numerical_gradient(cost, params, eps=eps)))
    if math.isnan(d) or d >= 1e-3:
        verdict = "wrong"
    else:
        verdict = "suspicious" if d >= 1e-7 else "correct"
    return (d, verdict)


@gradient_check.alternative
def by_a_table_and_own_norms(cost, params, grads, eps=1e-6):
    approx = numerical_gradient(cost, params, eps)
    square = {"d": 0.0, "g": 0.0, "a": 0.0}
    for k in grads:
        square["d"] += ((grads[k] - approx[k]) ** 2).sum()
        square["g"] += (grads[k] ** 2).sum()
        square["a"] += (approx[k] ** 2).sum()
    total = np.sqrt(square["g"]) + np.sqrt(square["a"])
    d = 0.0 if total == 0 else np.sqrt(square["d"]) / total
    return d, next((word for limit, word in ((1e-7, "correct"), (1e-3, "suspicious")) if d < limit), "wrong")


# --- worst_components ------------------------------------------------------------------------------------------------

worst_components = Exercise(
    "worst_components",
    points=2,
    hints=(
        "Make a list of all entries first, then put it in order, then cut it off.",
        "`np.ndindex(array.shape)` walks through all indices of an array as tuples, whatever its number of axes.",
        "Collect `(key, index, abs(g - a))` for every key and index, sort by the third part with `reverse=True`, and "
        "take the first k: a slice does not mind if there are fewer.",
    ),
    not_checked=("arrays with three axes", "keys in another order"),
    equivalent=(
        Equivalent(
            "components = [(key, index, abs(approx[key][index] - grads[key][index])) "
            "for key in grads for index in np.ndindex(grads[key].shape)]",
            "an absolute value does not mind the sign",
        ),
    ),
)


@worst_components.visible
def _(rng: Rng) -> Any:
    name = "worst_components"
    grads = {"W": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), "b": np.array([0.5, -0.5])}
    approx = {"W": np.array([[1.0, 2.1, 3.0], [7.0, 5.0, 6.2]]), "b": np.array([0.1, -0.5])}
    yield Case("a matrix and a bias, k = 2", (Call(name, (grads, approx, 2)),))
    yield Case("the same without k", (Call(name, (grads, approx)),))
    short = {"b": np.array([3.0, -1.0])}
    yield Case("k larger than the number of entries", (Call(name, (short, {"b": np.array([2.0, 1.0])}, 5)),))


@worst_components.hidden
def _(rng: Rng) -> Any:
    name = "worst_components"
    grads = arrays(rng, W1=(3, 4), b1=(4,), W2=(4, 4), b2=(4,))
    approx = arrays(rng, W1=(3, 4), b1=(4,), W2=(4, 4), b2=(4,))
    yield Case("four arrays", (Call(name, (grads, approx, 6)),))
    yield Case("four arrays without k", (Call(name, (grads, approx)),))
    yield Case("k = 1", (Call(name, (grads, approx, 1)),))
    yield Case("keys in another order", (Call(name, (grads, reordered(approx)), {"k": 4}),))
    filters = arrays(rng, filters=(2, 3, 2), Gamma=(2,))
    yield Case("an array with three axes", (Call(name, (filters, arrays(rng, filters=(2, 3, 2), Gamma=(2,)), 5)),))
    yield Case(
        "as many as there are", (Call(name, (filters, scaled(arrays(rng, filters=(2, 3, 2), Gamma=(2,)), 1e3), 14)),)
    )
    yield Case(
        "many more than there are",
        (Call(name, (arrays(rng, W10=(1, 2), W2=(1,)), {"W2": np.zeros(1), "W10": np.zeros((1, 2))}, 100)),),
    )
    sizes = np.array([[900.0, 5.0], [40.0, 2.0]])
    yield Case(
        "large entries with small differences and small ones with large differences",
        (
            Call(
                name,
                (
                    {"W": sizes, "b": np.array([0.02, 7.0])},
                    {"W": sizes + np.array([[0.5, 0.25], [0.125, -4.0]]), "b": np.array([1.5, 7.1])},
                ),
            ),
        ),
    )
    square = rng.standard_normal((3, 3))
    yield Case(
        "an array that lies column by column in memory",
        (Call(name, ({"W": fortran(square)}, {"W": rng.standard_normal((3, 3))}, 4)),),
    )
    # Halves and quarters, so that equal differences are equal in floating point too.
    equal = {"W": np.array([[0.5, 0.25, 2.0], [-0.5, 0.25, 0.5]]), "b": np.array([-0.25, 0.5, 0.0])}
    approx = {"b": rng.integers(-9, 9, 3) / 4, "W": rng.integers(-9, 9, (2, 3)) / 4}
    grads = {key: approx[key] + equal[key] for key in equal}
    for label, k in (
        ("some differences that are equal", 5),
        ("k that cuts through equal differences", 3),
        ("equal differences and k larger than the number of entries", 20),
    ):
        yield Case(
            label,
            (Call(name, (grads, approx, k)),),
            (Property("components_sorted", {"components": components(equal), "k": k}),),
        )
    same = {key: approx[key] - 1.5 for key in approx}
    ones = {key: np.full_like(value, 1.5) for key, value in approx.items()}
    yield Case(
        "differences that are all equal",
        (Call(name, (same, approx), {"k": 4}),),
        (Property("components_sorted", {"components": components(ones), "k": 4}),),
    )


@worst_components.misconception(
    "The sign counts in your order: a large negative difference comes last. Take absolute values first."
)
def keeps_the_sign(grads, approx, k=3):
    found = [(key, i, grads[key][i] - approx[key][i]) for key in grads for i in np.ndindex(grads[key].shape)]
    return sorted(found, key=lambda c: c[2], reverse=True)[:k]


@worst_components.misconception("These are the best components: the list has to begin with the largest difference.")
def begins_with_the_smallest(grads, approx, k=3):
    found = [(key, i, abs(grads[key][i] - approx[key][i])) for key in grads for i in np.ndindex(grads[key].shape)]
    return sorted(found, key=lambda c: c[2])[:k]


@worst_components.misconception("All components come back, or always the same number. Cut the list off after k.")
def ignores_k(grads, approx, k=3):
    found = [(key, i, abs(grads[key][i] - approx[key][i])) for key in grads for i in np.ndindex(grads[key].shape)]
    return sorted(found, key=lambda c: c[2], reverse=True)


@worst_components.misconception(
    "The index is the position in the flattened array. `np.unravel_index` or `np.ndindex` give the index as a tuple."
)
def counts_positions(grads, approx, k=3):
    found = [(key, i, abs(d)) for key in grads for i, d in enumerate((grads[key] - approx[key]).ravel().tolist())]
    return sorted(found, key=lambda c: c[2], reverse=True)[:k]


@worst_components.misconception(
    "The index into an array with one axis is a plain number in your list. It has to be a tuple there too: (0,), not 0."
)
def unpacks_the_index_of_a_vector(grads, approx, k=3):
    found = [
        (key, i[0] if len(i) == 1 else i, abs(grads[key][i] - approx[key][i]))
        for key in grads
        for i in np.ndindex(grads[key].shape)
    ]
    return sorted(found, key=lambda c: c[2], reverse=True)[:k]


@worst_components.misconception(
    "Your list holds at most one component of each array. The k worst of all may well lie in one array."
)
def takes_one_of_each_array(grads, approx, k=3):
    found = []
    for key in grads:
        d = np.abs(grads[key] - approx[key])
        i = np.unravel_index(d.argmax(), d.shape)
        found.append((key, i, d[i]))
    return sorted(found, key=lambda c: c[2], reverse=True)[:k]


@worst_components.misconception(
    "The k worst of every array come back. Sort the components of all arrays together and keep k in all."
)
def takes_k_of_each_array(grads, approx, k=3):
    found = []
    for key in grads:
        each = [(key, i, abs(grads[key][i] - approx[key][i])) for i in np.ndindex(grads[key].shape)]
        found += sorted(each, key=lambda c: c[2], reverse=True)[:k]
    return sorted(found, key=lambda c: c[2], reverse=True)


@worst_components.misconception("Each difference is divided by the size of the entry. Here the plain |g - a| counts.")
def measures_relatively(grads, approx, k=3):
    found = []
    for key in grads:
        d = np.abs(grads[key] - approx[key]) / (np.abs(grads[key]) + np.abs(approx[key]))
        found += [(key, i, d[i]) for i in np.ndindex(d.shape)]
    return sorted(found, key=lambda c: c[2], reverse=True)[:k]


@worst_components.misconception("The parts are in another order: first the key, then the index, then the difference.")
def puts_the_difference_first(grads, approx, k=3):
    found = [(abs(grads[key][i] - approx[key][i]), key, i) for key in grads for i in np.ndindex(grads[key].shape)]
    return sorted(found, reverse=True)[:k]


@worst_components.misconception(
    "When k is larger than the number of entries, all of them are wanted; your code asks for entries that are "
    "not there."
)
def runs_out_of_entries(grads, approx, k=3):
    found = [(key, i, abs(grads[key][i] - approx[key][i])) for key in grads for i in np.ndindex(grads[key].shape)]
    found.sort(key=lambda c: c[2], reverse=True)
    return [found[j] for j in range(k)]


@worst_components.misconception("The difference itself is missing: each item is (key, index, |difference|).")
def leaves_the_difference_out(grads, approx, k=3):
    found = [(abs(grads[key][i] - approx[key][i]), key, i) for key in grads for i in np.ndindex(grads[key].shape)]
    return [(key, i) for _, key, i in sorted(found, reverse=True)[:k]]


@worst_components.misconception(
    "Of components with equal differences only one is left: a dict with the difference as its key keeps one entry for "
    "each. Collect them in a list; equal differences may come in any order, but none may be lost."
)
def counts_equal_differences_once(grads, approx, k=3):
    found = {abs(grads[key][i] - approx[key][i]): (key, i) for key in grads for i in np.ndindex(grads[key].shape)}
    return [(*found[d], d) for d in sorted(found, reverse=True)[:k]]


@worst_components.misconception(
    "A component comes twice and another one is missing: searching for the value of a difference finds the first of "
    "two equal ones both times. Sort the components together with their places."
)
def finds_the_first_of_equal_ones_again(grads, approx, k=3):
    d = {key: np.abs(grads[key] - approx[key]) for key in grads}
    largest = np.sort(np.concatenate([array.ravel() for array in d.values()]))[::-1][:k]
    found = []
    for value in largest:
        key = next(name for name in d if (d[name] == value).any())
        found.append((key, tuple(np.argwhere(d[key] == value)[0]), value))
    return found


@worst_components.alternative
def with_ties_the_other_way_round(grads, approx, k=3):
    found = [(abs(g - approx[key][i]), key, i) for key in grads for i, g in np.ndenumerate(grads[key])]
    return [(key, i, d) for d, key, i in sorted(found)[::-1][:k]]


@worst_components.alternative
def by_heap(grads, approx, k=3):
    import heapq

    everything = ((key, i, abs(d)) for key in approx for i, d in np.ndenumerate(grads[key] - approx[key]))
    return heapq.nlargest(k, everything, key=lambda item: item[2])


@worst_components.alternative
def by_argsort_of_one_vector(grads, approx, k=3):
    keys = sorted(grads)
    where = [(key, j) for key in keys for j in range(grads[key].size)]
    d = np.abs(np.concatenate([(grads[key] - approx[key]).ravel() for key in keys]))
    chosen = np.argsort(-d)[:k]
    return [(where[j][0], np.unravel_index(where[j][1], grads[where[j][0]].shape), d[j]) for j in chosen]


@worst_components.alternative
def by_taking_the_largest_again_and_again(grads, approx, k=3):
    left = {key: np.abs(grads[key] - approx[key]) for key in grads}
    found = []
    for _ in range(min(k, sum(v.size for v in left.values()))):
        key = max(left, key=lambda name: left[name].max())
        index = np.unravel_index(np.argmax(left[key]), left[key].shape)
        found.append((key, tuple(int(i) for i in index), float(left[key][index])))
        left[key][index] = -1.0
    return found


# --- faulty_gradients ------------------------------------------------------------------------------------------------

faulty_gradients = Exercise(
    "faulty_gradients",
    points=2,
    hints=(
        "The numerical gradient is needed once. What changes from key to key is which arrays you compare.",
        "`relative_difference` takes dicts: give it dicts with a single key.",
        "Keep the keys of `sorted(params)` whose difference exceeds `tol` or is nan. `not difference <= tol` "
        "says both.",
    ),
    not_checked=("nan", "other values of eps and tol"),
    equivalent=(
        Equivalent(
            "own = {key: relative_difference({key: approx[key]}, {key: grads[key]}) for key in sorted(params)}",
            "the relative difference is symmetric",
        ),
    ),
)


@faulty_gradients.visible
def _(rng: Rng) -> Any:
    name = "faulty_gradients"
    params = {"b": np.array([0.1, -0.2]), "W": np.array([[10.0, -20.0], [5.0, 30.0]]), "a": np.array([1.0])}
    ones = {k: np.ones_like(v) for k, v in params.items()}
    zeros = {k: np.zeros_like(v) for k, v in params.items()}
    cost = quadratic(ones, zeros)
    yield Case("the cost sum(½ θ²) and the gradient θ", (Call(name, (cost, params, params)),))
    small = {**params, "b": params["b"] + np.array([0.0, 2e-5])}
    yield Case("a gradient whose small bias is a little off", (Call(name, (cost, params, small)),))
    two = {**params, "b": 2 * params["b"], "W": params["W"].T}
    yield Case("two wrong arrays", (Call(name, (cost, params, two)),))
    slight = {**params, "W": 1.002 * params["W"], "b": params["b"] + np.array([0.006, 0.0])}
    yield Case("the same cost and tol = 0.01", (Call(name, (cost, params, slight), {"tol": 0.01}),))
    cubes = {"u": np.array([1.0, -1.0]), "v": np.array([20.0, 30.0])}
    units = {"u": np.ones(2), "v": np.ones(2)}
    yield Case(
        "the cost sum(θ³), its true gradient 3 θ², and ε = 0.1",
        (Call(name, (cubic(units), cubes, cubic_gradient(units, cubes)), {"eps": 0.1}),),
    )


@faulty_gradients.hidden
def _(rng: Rng) -> Any:
    name = "faulty_gradients"
    shapes: dict[str, tuple[int, ...]] = {"b2": (2,), "W2": (4, 2), "b1": (4,), "W1": (3, 4)}
    params = away_from_zero(rng, **shapes)
    weights = scaled(away_from_zero(rng, **reordered(shapes)), 0.3)
    cost, grads = mixing(weights), mixing_gradient(weights, params)
    yield Case("right gradients", (Call(name, (cost, params, grads)),))
    yield Case("one wrong array", (Call(name, (cost, params, {**grads, "b1": -grads["b1"]})),))
    one_entry = grads["W1"].copy()
    one_entry[1, 2] *= 1.01
    yield Case("one wrong entry", (Call(name, (cost, params, reordered({**grads, "W1": one_entry}))),))
    yield Case("everything wrong", (Call(name, (cost, params, scaled(grads, 1.5))),))
    yield Case(
        "a small tolerance", (Call(name, (cost, params, {**grads, "W2": grads["W2"] * (1 + 4e-6)}), {"tol": 1e-7}),)
    )
    yield Case(
        "a large tolerance",
        (Call(name, (cost, params, {**scaled(grads, 1.02), "b2": 3 * grads["b2"]}), {"tol": 0.1}),),
    )
    deep = {"b": rng.uniform(0.2, 0.4, 2), "W2": rng.uniform(40, 60, (2, 2)), "W10": rng.uniform(0.2, 0.4, 3)}
    ones = {k: np.ones_like(v) for k, v in deep.items()}
    # With eps = ½ the two-sided difference of θ³ is off by a quarter: much for the small arrays, little for W2.
    yield Case("a large eps", (Call(name, (cubic(ones), deep, cubic_gradient(ones, deep)), {"eps": 0.5, "tol": 1e-3}),))
    close = {**grads, "W1": grads["W1"] * (1 + 3e-5), "b2": grads["b2"] * (1 + 1.2e-5)}
    yield Case("the tolerance of the signature", (Call(name, (cost, params, close)),))
    flat = {"w": np.zeros(1), "v": np.zeros(2)}
    steep = {"w": np.array([1e7]), "v": np.array([1e7, -2e7])}
    at_zero = {key: 1e-12 * value for key, value in steep.items()}
    yield Case("the eps of the signature", (Call(name, (cubic(steep), flat, at_zero)),))
    # θ = 0 and eps = ½ make this one exact in floating point: 2 / 2000.
    exact = (linear({"w": np.array([999.0])}), {"w": np.zeros(1)}, {"w": np.array([1001.0])})
    yield Case("a difference exactly at the tolerance", (Call(name, exact, {"eps": 0.5, "tol": 1e-3}),))
    part = {"used": rng.standard_normal((2, 3)), "unused": rng.standard_normal(3)}
    slopes = {"used": rng.uniform(1, 2, (2, 3)), "unused": np.zeros(3)}
    yield Case("an array that the cost does not depend on", (Call(name, (linear(slopes), part, slopes)),))
    yield Case(
        "an array that the cost does not depend on and that has a gradient",
        (Call(name, (linear(slopes), part, {"used": slopes["used"], "unused": np.full(3, 1e-4)})),),
    )
    uneven = {"W": np.array([[800.0, -600.0], [1e-3, 900.0]]), "b": np.array([3.0, 4.0])}
    nearly = {**uneven, "W": uneven["W"] + np.array([[0.0, 0.0], [5e-4, 0.0]])}
    nought = {"W": np.zeros((2, 2)), "b": np.zeros(2)}
    yield Case("a small entry that is off among large ones", (Call(name, (linear(uneven), nought, nearly)),))
    faint = {"W": np.array([[1e-12, -3e-12]]), "b": np.array([2e-12])}
    faint_off = {**faint, "b": 1.001 * faint["b"]}
    at_rest = {"W": np.zeros((1, 2)), "b": np.zeros(1)}
    yield Case("tiny gradients, one of them wrong", (Call(name, (linear(faint), at_rest, faint_off)),))
    broken = {**grads, "W2": np.where(np.arange(8).reshape(4, 2) == 5, np.nan, grads["W2"])}
    yield Case("gradients with a nan", (Call(name, (cost, params, broken)),))
    yield Case("a cost that is nan", (Call(name, (constant(float("nan")), params, grads)),))


@faulty_gradients.misconception("The eps you are given has no effect: hand it on to numerical_gradient.")
def forgets_to_pass_eps_on(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params)
    return [k for k in sorted(params) if not relative_difference({k: grads[k]}, {k: approx[k]}) <= tol]


@faulty_gradients.misconception(
    "A wrong bias hides behind large weights: you divide its difference by the norms of everything. Divide by the "
    "norms of that key's arrays alone."
)
def divides_by_the_norms_of_everything(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    total = np.linalg.norm(params_to_vector(grads)) + np.linalg.norm(params_to_vector(approx))
    return [k for k in sorted(params) if not np.linalg.norm(grads[k] - approx[k]) <= tol * total]


@faulty_gradients.misconception(
    "One number for all keys makes all of them faulty, or none. Compare each key's arrays by themselves."
)
def judges_all_keys_together(cost, params, grads, eps=1e-6, tol=1e-5):
    difference = relative_difference(grads, numerical_gradient(cost, params, eps))
    return sorted(params) if not difference <= tol else []


@faulty_gradients.misconception(
    "The absolute difference is compared with tol. A tolerance for all sizes of gradients has to be relative."
)
def compares_absolutely(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    return [k for k in sorted(params) if not np.linalg.norm(grads[k] - approx[k]) <= tol]


@faulty_gradients.misconception(
    "A gradient with nan in it is not in your list: `difference > tol` is false for nan. Turn the comparison round."
)
def lets_nan_slip_through(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    return [k for k in sorted(params) if relative_difference({k: grads[k]}, {k: approx[k]}) > tol]


@faulty_gradients.misconception("The keys come in the order of the dict. Sort them.")
def does_not_sort(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    return [k for k in params if not relative_difference({k: grads[k]}, {k: approx[k]}) <= tol]


@faulty_gradients.misconception("These are the keys that are right. The faulty ones are asked for.")
def lists_the_right_ones(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    return [k for k in sorted(params) if relative_difference({k: grads[k]}, {k: approx[k]}) <= tol]


@faulty_gradients.misconception(
    "The tolerance you are given has no effect: compare with `tol`, not with a fixed number."
)
def has_its_own_tolerance(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    return [k for k in sorted(params) if not relative_difference({k: grads[k]}, {k: approx[k]}) <= 1e-5]


@faulty_gradients.misconception(
    "An array whose gradient is zero on both sides is in your list: 0 / 0 is nan. Two zero gradients agree."
)
def calls_zero_faulty(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    faulty = []
    for k in sorted(params):
        ratio = np.linalg.norm(grads[k] - approx[k]) / (np.linalg.norm(grads[k]) + np.linalg.norm(approx[k]))
        if not ratio <= tol:
            faulty.append(k)
    return faulty


@faulty_gradients.misconception("The list ends at the first faulty key. There may be several: look at all of them.")
def stops_at_the_first(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    for k in sorted(params):
        if not relative_difference({k: grads[k]}, {k: approx[k]}) <= tol:
            return [k]
    return []


@faulty_gradients.misconception("The result is a set, which has no order. Return a sorted list.")
def returns_a_set(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    return {k for k in params if not relative_difference({k: grads[k]}, {k: approx[k]}) <= tol}


@faulty_gradients.misconception(
    "You compare entry by entry: a small entry that is a little off makes a right array faulty. Compare the norms of "
    "the key's arrays."
)
def compares_entry_by_entry(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    faulty = []
    for k in sorted(params):
        below = np.abs(grads[k]) + np.abs(approx[k])
        if not np.max(np.abs(grads[k] - approx[k]) / np.where(below == 0, 1, below)) <= tol:
            faulty.append(k)
    return faulty


@faulty_gradients.misconception(
    "A small number is added below the line, so wrong gradients that are smaller than it slip through. Divide by the "
    "two norms alone, and treat two zeros apart."
)
def adds_a_small_number_below(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    faulty = []
    for k in sorted(params):
        below = np.linalg.norm(grads[k]) + np.linalg.norm(approx[k]) + 1e-8
        if not np.linalg.norm(grads[k] - approx[k]) / below <= tol:
            faulty.append(k)
    return faulty


@faulty_gradients.alternative
def in_a_loop(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    found = []
    for key in params:
        difference = relative_difference({key: grads[key]}, {key: approx[key]})
        if np.isnan(difference) or difference > tol:
            found.append(key)
    found.sort()
    return found


@faulty_gradients.alternative
def through_a_dict_of_differences(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps=eps)
    own = {k: relative_difference({k: g}, {k: approx[k]}) for k, g in grads.items()}
    return sorted({k for k in own if not own[k] <= tol})


@faulty_gradients.alternative
def without_division(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)

    def length(array):
        return float(np.sqrt(np.einsum("i,i->", array.ravel(), array.ravel())))

    right = [k for k in grads if length(grads[k] - approx[k]) <= tol * (length(grads[k]) + length(approx[k]))]
    return [k for k in sorted(grads) if k not in right]


EXERCISES = (
    one_sided_difference,
    two_sided_difference,
    params_to_vector,
    vector_to_params,
    numerical_gradient,
    relative_difference,
    gradient_check,
    worst_components,
    faulty_gradients,
)
