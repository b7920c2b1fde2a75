"""How the exercises of lesson 08 are judged."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograde.check.cases import Call, Case, Raises
from autograde.check.codec import Ref, StandIn
from autograde.judge.catalogue import Exercise

Rng = np.random.Generator

# --- what the cases are made of --------------------------------------------------------------------------------------


def series(rng: Rng, *shape: int) -> Any:
    """Numbers like temperatures, of both signs, time along axis 0."""
    return 5 + 8 * rng.standard_normal(shape)


def fortran(array: Any) -> StandIn:
    """The same array in the other memory order."""
    return StandIn("fortran_ordered", {"array": array})


def of_many_kinds(rng: Rng, name: str) -> Any:
    """Series of every shape and kind that the contract's line speaks of."""
    beta = float(rng.uniform(0.6, 0.95))
    yield Case("a series of 90 values", (Call(name, (series(rng, 90), 0.98)),))
    yield Case("beta = 0.5", (Call(name, (series(rng, 12), 0.5)),))
    yield Case("a small beta", (Call(name, (series(rng, 9), 0.1)),))
    yield Case("beta = 0", (Call(name, (series(rng, 6), 0.0)),))
    yield Case("a beta close to 1", (Call(name, (1e3 * series(rng, 20), 0.9995)),))
    yield Case("a single value", (Call(name, (series(rng, 1), beta)),))
    yield Case("a table with more rows than columns", (Call(name, (series(rng, 9, 3), beta)),))
    yield Case("a table with more columns than rows", (Call(name, (series(rng, 3, 7), beta)),))
    yield Case("a table with as many rows as columns", (Call(name, (series(rng, 4, 4), beta)),))
    yield Case("a table with one column", (Call(name, (series(rng, 6, 1), beta)),))
    yield Case("a table with one row", (Call(name, (series(rng, 1, 5), beta)),))
    yield Case("an array with three axes", (Call(name, (series(rng, 5, 2, 3), beta)),))
    yield Case("an array with three axes of one length", (Call(name, (series(rng, 3, 3, 3), beta)),))
    yield Case("whole numbers", (Call(name, (rng.integers(-20, 30, 8), beta)),))
    yield Case("a table of whole numbers", (Call(name, (rng.integers(-20, 30, (5, 2)), beta)),))
    yield Case("float32 values", (Call(name, (series(rng, 15, 2).astype(np.float32), 0.9)),))
    yield Case("an array that lies column by column in memory", (Call(name, (fortran(series(rng, 5, 4)), beta)),))
    yield Case("a constant series", (Call(name, (np.full(7, float(rng.uniform(2, 9))), beta)),))
    yield Case("arguments given by name", (Call(name, (), {"beta": beta, "values": series(rng, 10)}),))
    # Here 0.1**t is too small for a float.
    yield Case("a long series with a small beta", (Call(name, (series(rng, 400), 0.1)),))


# --- ewa_update ------------------------------------------------------------------------------------------------------

ewa_update = Exercise(
    "ewa_update",
    points=1,
    hints=(
        "The new average is made of two shares that add up to 1. Which one belongs to the past?",
        "The share `beta` goes to `v`, what is left of 1 goes to `value`. Numbers and arrays need no different code.",
        "Multiply `v` by `beta`, multiply `value` by `(1 - beta)`, brackets included, and return the sum.",
    ),
    not_checked=("arrays with two axes", "other values of beta"),
)


@ewa_update.visible
def _(rng: Rng) -> Any:
    yield Case("v = 10, a new value of 20, β = 0.9", (Call("ewa_update", (10.0, 20.0, 0.9)),))
    yield Case("the first day in Seattle", (Call("ewa_update", (0.0, 8.9, 0.9)),))
    arrays = np.array([1.0, -2.0, 4.0]), np.array([5.0, 6.0, -7.0])
    yield Case("two arrays, β = 0.75", (Call("ewa_update", (*arrays, 0.75)),))


@ewa_update.hidden
def _(rng: Rng) -> Any:
    name = "ewa_update"
    beta = float(rng.uniform(0.55, 0.95))
    v, value = (float(x) for x in series(rng, 2))
    yield Case("two numbers", (Call(name, (v, value, beta)),))
    yield Case("a small beta", (Call(name, (v, value, 0.1)),))
    yield Case("a beta close to 1", (Call(name, (1e3 * v, 1e6 * value, 0.9995)),))
    yield Case("beta = 0", (Call(name, (v, value, 0.0)),))
    yield Case("whole numbers", (Call(name, (7, -4, beta)),))
    yield Case("small numbers", (Call(name, (1e-3 * v, 1e-3 * value, beta)),))
    yield Case("a vector", (Call(name, (series(rng, 5), series(rng, 5), beta)),))
    yield Case("a matrix", (Call(name, (series(rng, 3, 4), series(rng, 3, 4), beta)),))
    yield Case("a square matrix", (Call(name, (series(rng, 3, 3), series(rng, 3, 3), 0.98)),))
    yield Case("arrays with three axes", (Call(name, (series(rng, 2, 3, 4), series(rng, 2, 3, 4), beta)),))
    yield Case("an array of one entry", (Call(name, (series(rng, 1), series(rng, 1), beta)),))
    whole = rng.integers(-9, 9, (2, 3)), rng.integers(-9, 9, (2, 3))
    yield Case("arrays of whole numbers", (Call(name, (*whole, beta)),))
    single = series(rng, 4).astype(np.float32), series(rng, 4).astype(np.float32)
    yield Case("float32 arrays", (Call(name, (*single, beta)),))
    yield Case("arguments given by name", (Call(name, (), {"beta": beta, "value": value, "v": v}),))
    steps = (Call(name, (0.0, v, beta)), Call(name, (Ref(0), value, beta)), Call(name, (Ref(1), v, beta)))
    yield Case("three updates in a row", steps)
    a, b = series(rng, 2, 2), series(rng, 2, 2)
    yield Case("two updates of an array", (Call(name, (np.zeros((2, 2)), a, beta)), Call(name, (Ref(0), b, beta))))


@ewa_update.misconception(
    "The two shares have changed places: your average takes the share beta from the new value. Here beta belongs to "
    "the past, so with 0.9 the average moves slowly."
)
def swaps_the_shares(v, value, beta):
    return (1 - beta) * v + beta * value


@ewa_update.misconception(
    "The new value comes in whole. That form is in use, too, but it grows to 1 / (1 - beta) times the values; here the "
    "new value gets the share 1 - beta."
)
def lets_the_new_value_in_whole(v, value, beta):
    return beta * v + value


@ewa_update.misconception(
    "Both terms have the share beta. The two shares have to add up to 1, or the average drifts off the scale."
)
def gives_both_the_same_share(v, value, beta):
    return beta * v + beta * value


@ewa_update.misconception(
    "`1 - beta * value` multiplies before it subtracts. Put brackets round 1 - beta, the share of the new value."
)
def lacks_brackets(v, value, beta):
    return beta * v + 1 - beta * value


@ewa_update.misconception(
    "The two terms are subtracted. An average adds its shares; between 10 and 20 it lies between 10 and 20."
)
def subtracts(v, value, beta):
    return beta * v - (1 - beta) * value


@ewa_update.misconception(
    "Your result is the correction of the first day, at every step. One update does not divide by anything."
)
def corrects_at_once(v, value, beta):
    return (beta * v + (1 - beta) * value) / (1 - beta)


@ewa_update.misconception("Your result is halfway between both, whatever beta is. Use the shares beta and 1 - beta.")
def takes_the_middle(v, value, beta):
    return (v + value) / 2


@ewa_update.misconception(
    "The old average is kept whole, so the result only grows. What the new value brings in, the old one has to give up."
)
def keeps_the_old_average_whole(v, value, beta):
    return v + (1 - beta) * value


@ewa_update.misconception(
    "`*=` writes into the array that you were given, so the caller's old average is gone. Compute a new array."
)
def updates_in_place(v, value, beta):
    v *= beta
    v += (1 - beta) * value
    return v


@ewa_update.misconception("Your result does not depend on the beta you are given. Use the argument, not a fixed 0.9.")
def has_its_own_beta(v, value, beta):
    return 0.9 * v + 0.1 * value


@ewa_update.misconception("The result is rounded. Rounding errors stay in an average for as long as its memory lasts.")
def rounds(v, value, beta):
    return np.round(beta * v + (1 - beta) * value, 2)


@ewa_update.alternative
def a_step_towards_the_value(v, value, beta):
    return v + (1 - beta) * (value - v)


@ewa_update.alternative
def by_a_dot_product(v, value, beta):
    shares = np.array([beta, 1 - beta])
    return np.tensordot(shares, np.stack([np.asarray(v), np.asarray(value)]), axes=1)


@ewa_update.alternative
def in_place_on_a_copy(v, value, beta):
    new = np.array(v, dtype=float)
    new *= beta
    new += np.multiply(value, 1 - beta)
    return new


@ewa_update.alternative
def by_average(v, value, beta):
    return np.average([v, value], axis=0, weights=[beta, 1 - beta])


# --- ewa -------------------------------------------------------------------------------------------------------------

ewa = Exercise(
    "ewa",
    points=3,
    hints=(
        "You have one step already. What has to be carried from one value to the next, and what has to be kept?",
        "Start with `v = 0.0`. A loop `for value in values` goes along axis 0 and gives numbers or rows. Append every "
        "`v` to a list.",
        "In the loop: `v = ewa_update(v, value, beta)`, then append it. At the end `np.array(...)` makes one array of "
        "the list; arrays in it become its rows.",
    ),
    not_checked=("arrays with three axes", "beta = 0", "long series"),
)


@ewa.visible
def _(rng: Rng) -> Any:
    yield Case("10, 20, 30 with β = 0.9", (Call("ewa", (np.array([10.0, 20.0, 30.0]), 0.9)),))
    yield Case("whole numbers with β = 0.8", (Call("ewa", (np.array([5, 0, -3, 7]), 0.8)),))
    table = np.array([[10.0, -4.0, 0.0], [20.0, 8.0, 1.0], [30.0, 6.0, 0.0]])
    yield Case("three series side by side with β = 0.75", (Call("ewa", (table, 0.75)),))


@ewa.hidden
def _(rng: Rng) -> Any:
    yield from of_many_kinds(rng, "ewa")
    values = series(rng, 8, 2)
    yield Case("an average of an average", (Call("ewa", (values, 0.7)), Call("ewa", (Ref(0), 0.6))))


@ewa.misconception(
    "Beta and 1 - beta have changed places: your curve follows the values far too closely. The past has the share beta."
)
def swaps_beta_and_the_rest(values, beta):
    v, averages = 0.0, []
    for value in values:
        v = (1 - beta) * v + beta * value
        averages.append(v)
    return np.array(averages)


@ewa.misconception(
    "Your average starts at the first value. That is another convention; here it starts from v = 0, so the first "
    "entry is (1 - beta) times the first value."
)
def starts_at_the_first_value(values, beta):
    v = 1.0 * values[0]
    averages = [v]
    for value in values[1:]:
        v = beta * v + (1 - beta) * value
        averages.append(v)
    return np.array(averages)


@ewa.misconception(
    "The factor 1 - beta at the new value is missing: your averages are 1 / (1 - beta) times too large, ten times "
    "for beta = 0.9."
)
def leaves_one_minus_beta_out(values, beta):
    v, averages = 0.0, []
    for value in values:
        v = beta * v + value
        averages.append(v)
    return np.array(averages)


@ewa.misconception("This is the corrected average, a later exercise. Here v stays as the recursion gives it.")
def corrects_already(values, beta):
    v, averages = 0.0, []
    for t, value in enumerate(values, start=1):
        v = beta * v + (1 - beta) * value
        averages.append(v / (1 - beta**t))
    return np.array(averages)


@ewa.misconception(
    "Whole numbers give whole averages in your function: `zeros_like` takes over their type, and what you store in "
    "it is cut off. Ask for floats."
)
def stores_in_an_array_of_the_same_type(values, beta):
    averages = np.zeros_like(values)
    v = 0.0
    for t, value in enumerate(values):
        v = beta * v + (1 - beta) * value
        averages[t] = v
    return averages


@ewa.misconception("Only the last average comes back. Keep all of them, one for each value.")
def returns_the_last_one_only(values, beta):
    v = 0.0
    for value in values:
        v = beta * v + (1 - beta) * value
    return v


@ewa.misconception(
    "The starting value 0 is in your result, which has one entry more than there are values. Leave it out."
)
def keeps_the_starting_zero(values, beta):
    averages = [np.zeros(np.shape(values)[1:])]
    for value in values:
        averages.append(beta * averages[-1] + (1 - beta) * value)
    return np.array(averages)


@ewa.misconception(
    "Your averages come one step late: an entry has to hold the value of its own day, so update first and store then."
)
def stores_before_the_update(values, beta):
    v, averages = 0.0 * values[0], []
    for value in values:
        averages.append(v)
        v = beta * v + (1 - beta) * value
    return np.array(averages)


@ewa.misconception(
    "In a table you average along the last axis, from column to column. Time runs along axis 0, from row to row."
)
def goes_along_the_last_axis(values, beta):
    v, averages = 0.0, []
    for value in np.moveaxis(values, -1, 0):
        v = beta * v + (1 - beta) * value
        averages.append(v)
    return np.moveaxis(np.array(averages), 0, -1)


@ewa.misconception(
    "All series share one average: v runs on from the end of one row to the next. Each column needs a v of its own; "
    "let v be a whole row."
)
def has_one_average_for_all_series(values, beta):
    v, averages = 0.0, []
    for value in values.ravel():
        v = beta * v + (1 - beta) * value
        averages.append(v)
    return np.array(averages).reshape(values.shape)


@ewa.misconception("The result is a list. np.array(...) makes an array of it.")
def returns_a_list(values, beta):
    v, averages = 0.0, []
    for value in values:
        v = beta * v + (1 - beta) * value
        averages.append(v)
    return averages


@ewa.misconception(
    "You divide by beta**t. In a long series beta**t becomes zero, and the result inf or nan; for beta = 0 at once. Go "
    "through the series step by step."
)
def divides_by_powers(values, beta):
    t = np.arange(1, len(values) + 1).reshape(-1, *[1] * (values.ndim - 1))
    with np.errstate(all="ignore"):
        return (1 - beta) * np.cumsum(values / beta**t, axis=0) * beta**t


@ewa.misconception(
    "This is the plain mean of the last values, with a sharp edge. An exponentially weighted average carries v along "
    "and forgets nothing at once."
)
def takes_the_mean_of_a_window(values, beta):
    length = max(1, round(1 / (1 - beta)))
    return np.array([values[max(0, t + 1 - length) : t + 1].mean(axis=0) for t in range(len(values))])


@ewa.misconception(
    "The averages are written into the array that you were given, so the caller's values are gone. Store them in a "
    "new one."
)
def writes_over_the_values(values, beta):
    v = 0.0
    for t in range(len(values)):
        v = beta * v + (1 - beta) * values[t]
        values[t] = v
    return values


@ewa.misconception(
    "Each entry mixes the value with the *value* before it. Mix it with the *average* before it, or the memory is one "
    "step long."
)
def mixes_with_the_value_before(values, beta):
    before = np.concatenate([np.zeros_like(values[:1]), values[:-1]])
    return beta * before + (1 - beta) * values


@ewa.alternative
def into_a_new_array(values, beta):
    averages = np.empty(np.shape(values), dtype=np.float64)
    v = np.zeros(np.shape(values)[1:])
    for t in range(len(values)):
        v *= beta
        v += (1 - beta) * values[t]
        averages[t] = v
    return averages


@ewa.alternative
def by_accumulate(values, beta):
    from itertools import accumulate

    steps = accumulate(values, lambda v, x: beta * v + (1 - beta) * x, initial=np.zeros(values.shape[1:]))
    return np.stack(list(steps)[1:])


@ewa.alternative
def by_a_matrix_of_weights(values, beta):
    m = len(values)
    age = np.arange(m)[:, None] - np.arange(m)
    weights = np.where(age >= 0, (1 - beta) * float(beta) ** np.maximum(age, 0), 0)
    return np.tensordot(weights, values, axes=1)


@ewa.alternative
def by_convolution_of_every_column(values, beta):
    m = len(values)
    kernel = (1 - beta) * np.power(float(beta), np.arange(m))
    columns = values.reshape(m, -1).T
    return np.array([np.convolve(column, kernel)[:m] for column in columns]).T.reshape(values.shape)


@ewa.alternative
def by_doubling(values, beta):
    averages, step = (1 - beta) * np.array(values, dtype=float), 1
    while step < len(averages):
        averages[step:] = averages[step:] + beta**step * averages[:-step].copy()
        step *= 2
    return averages


# --- ewa_weights -----------------------------------------------------------------------------------------------------

ewa_weights = Exercise(
    "ewa_weights",
    points=3,
    hints=(
        "How old is the newest value, and how old the oldest of `n`? A value of age k has the weight (1 - β) βᵏ.",
        "The ages are n - 1, …, 1, 0 from the first entry to the last. `np.arange` counts upwards: turn it round.",
        "`np.arange(n)[::-1]` holds the ages. Raise `beta` to them and multiply by `1 - beta`.",
    ),
    not_checked=("beta = 0", "many weights"),
)


@ewa_weights.visible
def _(rng: Rng) -> Any:
    yield Case("β = 0.9, the last 3 values", (Call("ewa_weights", (0.9, 3)),))
    yield Case("β = 0.5, the last 4 values", (Call("ewa_weights", (0.5, 4)),))
    yield Case("β = 0.98, the last 2 values", (Call("ewa_weights", (0.98, 2)),))


@ewa_weights.hidden
def _(rng: Rng) -> Any:
    name = "ewa_weights"
    beta = float(rng.uniform(0.55, 0.95))
    yield Case("some beta", (Call(name, (beta, 7)),))
    yield Case("a single weight", (Call(name, (beta, 1)),))
    yield Case("beta = 0", (Call(name, (0.0, 5)),))
    yield Case("beta = 0 and a single weight", (Call(name, (0.0, 1)),))
    yield Case("a small beta", (Call(name, (0.07, 6)),))
    yield Case("a beta close to 1", (Call(name, (0.9995, 12)),))
    yield Case("fifty weights", (Call(name, (0.98, 50)),))
    # The oldest of them are smaller than any float.
    yield Case("many weights of a small beta", (Call(name, (0.1, 400)),))
    yield Case("arguments given by name", (Call(name, (), {"n": 4, "beta": beta}),))


@ewa_weights.misconception(
    "The newest weight comes first in your array. It belongs at the end, as in the series itself."
)
def puts_the_newest_first(beta, n):
    return (1 - beta) * beta ** np.arange(n)


@ewa_weights.misconception(
    "The factor 1 - beta is missing: your newest weight is 1. The newest value enters the average with the share 1 - "
    "beta."
)
def leaves_the_factor_out(beta, n):
    return beta ** np.arange(n)[::-1]


@ewa_weights.misconception(
    "Your weights add up to 1. Those that ewa applies do not: the start at zero keeps the share beta**n. Do not "
    "normalise."
)
def normalises(beta, n):
    weights = beta ** np.arange(n)[::-1]
    return weights / weights.sum()


@ewa_weights.misconception(
    "All your weights have one factor beta too many: the newest value is 0 steps old, not 1, so the exponents end at 0."
)
def counts_ages_from_one(beta, n):
    return (1 - beta) * beta ** np.arange(n, 0, -1)


@ewa_weights.misconception(
    "Beta and 1 - beta have changed places. From one day to the day before, a weight shrinks by the factor beta."
)
def swaps_beta_and_the_rest_in_the_weights(beta, n):
    return beta * (1 - beta) ** np.arange(n)[::-1]


@ewa_weights.misconception("All your weights are equal, as in a plain mean. In this average they fade with age.")
def weighs_all_alike(beta, n):
    return np.full(n, 1 / n)


@ewa_weights.misconception(
    "Your oldest weight is too large: that is the average that starts at the first value. Started from zero, the "
    "oldest value has the factor 1 - beta like all others."
)
def starts_at_the_oldest(beta, n):
    weights = (1 - beta) * beta ** np.arange(n)[::-1]
    weights[0] = beta ** (n - 1)
    return weights


@ewa_weights.misconception(
    "Your weights fall in a straight line. Each one is beta times the next newer one, so they fall exponentially."
)
def falls_in_a_straight_line(beta, n):
    return (1 - beta) * np.linspace(1 / n, 1, n)


@ewa_weights.misconception(
    "With beta = 0 your result is nan: ln 0 is -inf, and 0 times that is nan. A power of beta needs no logarithm."
)
def goes_by_logarithms(beta, n):
    with np.errstate(all="ignore"):
        return (1 - beta) * np.exp(np.arange(n)[::-1] * np.log(beta))


@ewa_weights.misconception("The result is a list. np.array(...) makes an array of it.")
def makes_a_list(beta, n):
    return [(1 - beta) * beta**k for k in range(n - 1, -1, -1)]


@ewa_weights.misconception(
    "The exponential of the age is taken with base e. The base of these weights is beta: it is what one step "
    "multiplies by."
)
def takes_base_e(beta, n):
    return (1 - beta) * np.exp(-(1 - beta) * np.arange(n)[::-1])


@ewa_weights.alternative
def from_the_newest_backwards(beta, n):
    weights = np.empty(n)
    weights[-1] = 1 - beta
    for i in range(n - 2, -1, -1):
        weights[i] = beta * weights[i + 1]
    return weights


@ewa_weights.alternative
def from_a_list_turned_round(beta, n):
    weights = [(1 - beta) * beta**k for k in range(n)]
    weights.reverse()
    return np.array(weights)


@ewa_weights.alternative
def as_what_ewa_makes_of_single_ones(beta, n):
    return ewa(np.eye(n), beta)[-1]


@ewa_weights.alternative
def by_cumprod(beta, n):
    factors = np.full(n, beta, dtype=np.float64)
    factors[0] = 1 - beta
    return np.flip(np.cumprod(factors))


@ewa_weights.alternative
def as_differences_of_powers(beta, n):
    ends = np.power(float(beta), np.arange(n, -1, -1))
    return np.diff(ends)


# --- ewa_bias_corrected ----------------------------------------------------------------------------------------------

ewa_bias_corrected = Exercise(
    "ewa_bias_corrected",
    points=4,
    hints=(
        "What do the weights of the first t values add up to? Dividing by that makes a mean of them.",
        "Run `ewa` as it is. Then divide entry t, counted from 1, by `1 - beta**t`, in a table a whole row at a time.",
        "`t = np.arange(1, len(values) + 1)` and `1 - beta**t` belong to axis 0. NumPy matches the *last* axes: "
        "transpose before the division and back after it, or loop over the rows.",
    ),
    not_checked=("arrays with three axes", "beta = 0", "long series"),
)


@ewa_bias_corrected.visible
def _(rng: Rng) -> Any:
    name = "ewa_bias_corrected"
    yield Case("10, 20, 30 with β = 0.9", (Call(name, (np.array([10.0, 20.0, 30.0]), 0.9)),))
    yield Case("a constant series with β = 0.98", (Call(name, (np.array([7.0, 7.0, 7.0, 7.0]), 0.98)),))
    table = np.array([[10.0, -4.0, 0.0], [20.0, 8.0, 1.0], [30.0, 6.0, 0.0]])
    yield Case("three series side by side with β = 0.75", (Call(name, (table, 0.75)),))
    yield Case("whole numbers with β = 0.8", (Call(name, (np.array([5, 0, -3, 7]), 0.8)),))


@ewa_bias_corrected.hidden
def _(rng: Rng) -> Any:
    name = "ewa_bias_corrected"
    yield from of_many_kinds(rng, name)
    yield Case("the first ten days of a slow average", (Call(name, (series(rng, 10), 0.999)),))
    yield Case("late days", (Call(name, (series(rng, 60), 0.97)),))


@ewa_bias_corrected.misconception(
    "Nothing is corrected: the first entry is still (1 - beta) times the first value. Divide entry t by 1 - beta**t."
)
def does_not_correct(values, beta):
    return ewa(values, beta)


@ewa_bias_corrected.misconception(
    "You divide by beta**t, so the result grows without end. The sum of the weights is 1 - beta**t."
)
def divides_by_beta_to_the_t(values, beta):
    with np.errstate(all="ignore"):
        return np.array([v / np.float64(beta) ** t for t, v in enumerate(ewa(values, beta), start=1)])


@ewa_bias_corrected.misconception(
    "t starts at 0 in your function: 1 - beta**0 is 0, and the first entry nan or inf. The first value has t = 1."
)
def counts_t_from_zero(values, beta):
    with np.errstate(all="ignore"):
        return np.array([v / np.float64(1 - beta**t) for t, v in enumerate(ewa(values, beta))])


@ewa_bias_corrected.misconception(
    "t starts at 2 in your function, so the first entry is too small: (1 - beta) / (1 - beta**2) of the first value. "
    "The first value has t = 1."
)
def counts_t_from_two(values, beta):
    return np.array([v / (1 - beta**t) for t, v in enumerate(ewa(values, beta), start=2)])


@ewa_bias_corrected.misconception(
    "You divide by 1 - beta**2 throughout. The 2 of the second day has to be t, which counts on."
)
def squares_beta_for_ever(values, beta):
    return ewa(values, beta) / (1 - beta**2)


@ewa_bias_corrected.misconception(
    "You divide by 1 - beta throughout: right on day 1, too large ever after, in the end 1 / (1 - beta) times. The "
    "power t of beta is missing."
)
def divides_by_one_minus_beta(values, beta):
    return ewa(values, beta) / (1 - beta)


@ewa_bias_corrected.misconception(
    "The corrected value goes back into the recursion and is corrected again and again: right on day 1, far too large "
    "from day 2 on. Keep v as it is and divide a copy of it."
)
def feeds_the_corrected_value_back(values, beta):
    v, averages = 0.0, []
    for t, value in enumerate(values, start=1):
        v = (beta * v + (1 - beta) * value) / (1 - beta**t)
        averages.append(v)
    return np.array(averages)


@ewa_bias_corrected.misconception(
    "You start at the first value and correct as well, so day 1 is 1 / (1 - beta) times too large. The correction is "
    "for the start from zero."
)
def starts_at_the_first_value_and_corrects(values, beta):
    v, averages = 1.0 * values[0], []
    for t, value in enumerate(values, start=1):
        v = beta * v + (1 - beta) * value
        averages.append(v / (1 - beta**t))
    return np.array(averages)


@ewa_bias_corrected.misconception(
    "You start at the first value. That is another convention: day 1 then keeps far too large a weight. Start from "
    "zero, and divide by 1 - beta**t."
)
def starts_at_the_first_value_only(values, beta):
    v, averages = 1.0 * values[0], []
    for value in values:
        v = beta * v + (1 - beta) * value
        averages.append(v)
    return np.array(averages)


@ewa_bias_corrected.misconception(
    "In a table each *column* is divided by its own 1 - beta**t: NumPy matches last axes. Time runs along axis 0, so "
    "each *row* has its t."
)
def divides_along_the_last_axis(values, beta):
    t = np.arange(1, np.shape(values)[-1] + 1)
    return ewa(values, beta) / (1 - beta**t)


@ewa_bias_corrected.misconception(
    "All entries are divided by the same number, the sum of the weights on the last day. Each day has a sum of its own."
)
def divides_by_the_last_sum(values, beta):
    return ewa(values, beta) / (1 - beta ** len(values))


@ewa_bias_corrected.misconception("You multiply beta by t; for the sum of the weights beta is raised to the power t.")
def multiplies_by_t(values, beta):
    with np.errstate(all="ignore"):
        return np.array([v / np.float64(1 - beta * t) for t, v in enumerate(ewa(values, beta), start=1)])


@ewa_bias_corrected.misconception("You multiply by 1 - beta**t. The average is too small, so divide.")
def multiplies_instead(values, beta):
    return np.array([v * (1 - beta**t) for t, v in enumerate(ewa(values, beta), start=1)])


@ewa_bias_corrected.misconception(
    "The correction stops after 1 / (1 - beta) steps, while it still matters. It fades by itself: apply it at every "
    "step."
)
def stops_correcting(values, beta):
    window = 1 / (1 - beta)
    return np.array([v / (1 - beta**t) if t <= window else v for t, v in enumerate(ewa(values, beta), start=1)])


@ewa_bias_corrected.misconception("The result is a list. np.array(...) makes an array of it.")
def returns_a_list_of_corrected_ones(values, beta):
    return [v / (1 - beta**t) for t, v in enumerate(ewa(values, beta), start=1)]


@ewa_bias_corrected.alternative
def by_the_average_of_ones(values, beta):
    return ewa(values, beta) / ewa(np.ones(np.shape(values)), beta)


@ewa_bias_corrected.alternative
def sum_of_values_over_sum_of_weights(values, beta):
    above, below, averages = 0.0, 0.0, []
    for value in values:
        above = beta * above + value
        below = beta * below + 1
        averages.append(above / below)
    return np.array(averages)


@ewa_bias_corrected.alternative
def by_a_rate_that_falls(values, beta):
    mean = np.zeros(np.shape(values)[1:])
    averages = np.empty(np.shape(values), dtype=float)
    for t, value in enumerate(values, start=1):
        mean = mean + (1 - beta) / (1 - beta**t) * (value - mean)
        averages[t - 1] = mean
    return averages


@ewa_bias_corrected.alternative
def by_np_average(values, beta):
    def at(t):
        return np.average(values[:t], axis=0, weights=float(beta) ** np.arange(t)[::-1])

    return np.stack([at(t) for t in range(1, len(values) + 1)])


@ewa_bias_corrected.alternative
def by_reshaping_the_sums(values, beta):
    sums = -np.expm1(np.arange(1, len(values) + 1) * np.log(beta)) if beta else np.ones(len(values))
    return ewa(values, beta) / sums.reshape((-1,) + (1,) * (np.ndim(values) - 1))


# --- effective_window ------------------------------------------------------------------------------------------------

effective_window = Exercise(
    "effective_window",
    points=2,
    groups={"values": 1, "errors": 1},
    hints=(
        "Which betas make an average? 0 does, 1 does not.",
        "Check the argument first. Python compares twice in one go: `0 <= beta < 1`. Mind the brackets round `1 - "
        "beta`.",
        "`if not 0 <= beta < 1:` raise a `ValueError` with a text that names beta and its value; else return one over "
        "`(1 - beta)`.",
    ),
    not_checked=("beta = 0", "other betas that must raise"),
)


@effective_window.visible
def _(rng: Rng) -> Any:
    name, refused = "effective_window", (Raises(),)
    yield Case("β = 0.9", (Call(name, (0.9,)),))
    yield Case("β = 0.98", (Call(name, (0.98,)),))
    yield Case("β = 0.5", (Call(name, (0.5,)),))
    yield Case("β = 1, which must raise", (Call(name, (1.0,)),), refused, "errors")
    yield Case("β = -0.2, which must raise", (Call(name, (-0.2,)),), refused, "errors")


@effective_window.hidden
def _(rng: Rng) -> Any:
    name, refused = "effective_window", (Raises(),)
    yield Case("some beta", (Call(name, (float(rng.uniform(0.6, 0.97)),)),))
    yield Case("a small beta", (Call(name, (float(rng.uniform(0.05, 0.3)),)),))
    yield Case("beta = 0", (Call(name, (0.0,)),))
    yield Case("beta = 0 as a whole number", (Call(name, (0,)),))
    yield Case("a beta close to 1", (Call(name, (0.9995,)),))
    yield Case("a beta very close to 1", (Call(name, (1 - 2.0**-20,)),))
    yield Case("the argument given by name", (Call(name, (), {"beta": float(rng.uniform(0.4, 0.9))}),))
    yield Case("beta = 1 as a whole number", (Call(name, (1,)),), refused, "errors")
    yield Case("beta = 1 as NumPy's number", (Call(name, (np.float64(1.0),)),), refused, "errors")
    yield Case("a beta a little above 1", (Call(name, (1.001,)),), refused, "errors")
    yield Case("a beta far above 1", (Call(name, (float(rng.uniform(2, 90)),)),), refused, "errors")
    yield Case("a beta a little below 0", (Call(name, (-0.001,)),), refused, "errors")
    yield Case("beta = -1", (Call(name, (-1,)),), refused, "errors")
    yield Case("a beta far below 0", (Call(name, (-float(rng.uniform(2, 90)),)),), refused, "errors")
    yield Case("an infinite beta", (Call(name, (float("inf"),)),), refused, "errors")


@effective_window.misconception(
    "Nothing is refused: beta = 1 ends in a ZeroDivisionError, and beyond that come windows of negative or tiny "
    "length. Check the argument first and raise a ValueError."
)
def refuses_nothing(beta):
    return 1 / (1 - beta)


@effective_window.misconception("A negative beta gets through. [0, 1) has two ends: check the lower one, too.")
def lets_negative_betas_through(beta):
    if beta >= 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 / (1 - beta)


@effective_window.misconception(
    "beta = 1 gets past your check: the round bracket of [0, 1) leaves 1 out, because it would be divided by 0."
)
def lets_one_through(beta):
    if beta < 0 or beta > 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 / (1 - beta)


@effective_window.misconception(
    "beta = 1 gives inf in your function. That may look sensible, but such an average never takes in a value: raise."
)
def answers_infinity_for_one(beta):
    if not 0 <= beta <= 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return np.inf if beta == 1 else 1 / (1 - beta)


@effective_window.misconception(
    "beta = 0 is refused. The square bracket of [0, 1) lets 0 in: the window is then 1 value long."
)
def refuses_zero(beta):
    if not 0 < beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 / (1 - beta)


@effective_window.misconception(
    "`assert` raises an AssertionError, and none at all under `python -O`. Raise a ValueError."
)
def asserts(beta):
    assert 0 <= beta < 1, f"beta must be in [0, 1), got {beta}"
    return 1 / (1 - beta)


@effective_window.misconception(
    "Your result is 1 / beta, which is nearly 1 for the usual betas. Divide by what the newest value gets, 1 - beta."
)
def divides_by_beta(beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 / np.float64(beta) if beta else np.inf


@effective_window.misconception("`1 / 1 - beta` divides before it subtracts. Put brackets round 1 - beta.")
def lacks_brackets_below_the_line(beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 / 1 - beta


@effective_window.misconception(
    "This is the span (1 + beta) / (1 - beta), nearly twice the window: 19 for 0.9. The window of this course is "
    "1 / (1 - beta)."
)
def gives_the_span(beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return (1 + beta) / (1 - beta)


@effective_window.misconception(
    "This is the mean age beta / (1 - beta) of what is in the average, one less than the window: 9 for 0.9."
)
def gives_the_mean_age(beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return beta / (1 - beta)


@effective_window.misconception(
    "This is the number of steps to 1/e, -1 / ln beta, 9.49 for 0.9. It is close to the window, but 1 / (1 - beta) "
    "is asked."
)
def gives_the_time_constant(beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return -1 / np.log(beta) if beta else 0.0


@effective_window.misconception("The window is rounded to a whole number. Return it as it is.")
def rounds_the_window(beta):
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return round(1 / (1 - beta))


@effective_window.misconception(
    "The error is returned, not raised: `return ValueError(...)` hands it over like any result. Write `raise`."
)
def returns_the_error(beta):
    if not 0 <= beta < 1:
        return ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 / (1 - beta)


@effective_window.alternative
def two_checks(beta):
    if beta < 0:
        raise ValueError("beta must not be negative, got " + str(beta))
    if beta >= 1:
        raise ValueError("beta must be below 1, got " + str(beta))
    return (1 - beta) ** -1.0


@effective_window.alternative
def by_a_function_inside(beta):
    def checked(value):
        if 0 <= value < 1:
            return np.float64(value)
        raise ValueError(f"beta must be in [0, 1), got {value!r}")

    return np.reciprocal(1 - checked(beta))


@effective_window.alternative
def with_an_error_of_its_own(beta):
    class BetaError(ValueError):
        pass

    if not (beta >= 0 and beta < 1):
        raise BetaError(f"beta must be in [0, 1), got {beta}")
    return np.array(1.0) / (1 - beta)


@effective_window.alternative
def one_plus_the_mean_age(beta):
    b = float(beta)
    if b != b or b < 0.0 or b >= 1.0:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 + b / (1 - b)


# --- half_life -------------------------------------------------------------------------------------------------------

half_life = Exercise(
    "half_life",
    points=2,
    hints=(
        "How often must you multiply by β until ½ is left? Take the logarithm of both sides.",
        "From h · ln β = ln ½ follows h. Both logarithms are negative, so h is positive.",
        "Divide `np.log(0.5)` by `np.log(beta)`, and do not round.",
    ),
    not_checked=("other values of beta",),
)


@half_life.visible
def _(rng: Rng) -> Any:
    yield Case("β = 0.9", (Call("half_life", (0.9,)),))
    yield Case("β = 0.5", (Call("half_life", (0.5,)),))
    yield Case("β = 0.98", (Call("half_life", (0.98,)),))


@half_life.hidden
def _(rng: Rng) -> Any:
    name = "half_life"
    yield Case("some beta", (Call(name, (float(rng.uniform(0.6, 0.97)),)),))
    yield Case("beta = 0.25", (Call(name, (0.25,)),))
    yield Case("a small beta, whose weights halve in less than a step", (Call(name, (float(rng.uniform(0.05, 0.3)),)),))
    yield Case("beta = 0.999", (Call(name, (0.999,)),))
    yield Case("a beta very close to 1", (Call(name, (1 - 2.0**-20,)),))
    yield Case("the argument given by name", (Call(name, (), {"beta": float(rng.uniform(0.4, 0.9))}),))


@half_life.misconception(
    "The fraction is upside down: your result shrinks as beta grows. ln ½ stands above, ln beta below."
)
def turns_the_fraction_round(beta):
    return np.log(beta) / np.log(0.5)


@half_life.misconception(
    "Your result is negative: the logarithm above is that of 2. Take that of ½, or change the sign."
)
def has_the_wrong_sign(beta):
    return np.log(2) / np.log(beta)


@half_life.misconception("You count whole steps. The half-life is not rounded: it may lie between two steps.")
def rounds_up(beta):
    return int(np.ceil(np.log(0.5) / np.log(beta)))


@half_life.misconception("The result is rounded. Return the quotient as it is.")
def rounds_it(beta):
    return round(np.log(0.5) / np.log(beta), 2)


@half_life.misconception(
    "This is ln 2 / (1 - beta), which comes close for a beta near 1 only. Take the logarithm of beta itself."
)
def approximates(beta):
    return np.log(2) / (1 - beta)


@half_life.misconception(
    "This is the effective window, 1 / (1 - beta). After that many steps about 37 % is left, not half."
)
def gives_the_window(beta):
    return 1 / (1 - beta)


@half_life.misconception(
    "This is the number of steps until 1/e is left, 9.49 for 0.9. Half is left earlier: ln ½ stands above the line."
)
def gives_the_time_until_one_e_th(beta):
    return -1 / np.log(beta)


@half_life.misconception("Beta and 1 - beta have changed places: one step multiplies a weight by beta.")
def takes_the_logarithm_of_the_rest(beta):
    return np.log(0.5) / np.log(1 - beta)


@half_life.misconception("ln(½ / beta) is a difference of logarithms. What is asked is the quotient of two logarithms.")
def takes_the_logarithm_of_the_quotient(beta):
    return np.log(0.5 / beta)


@half_life.misconception(
    "You look for a weight of ½. Asked is half of what the weight was at first, and that was 1 - beta."
)
def waits_for_a_weight_of_one_half(beta):
    return np.log(0.5 / (1 - beta)) / np.log(beta)


@half_life.misconception(
    "This is half of the effective window. Weights do not fall in a straight line; take logarithms."
)
def halves_the_window(beta):
    return 0.5 / (1 - beta)


@half_life.alternative
def by_math(beta):
    import math

    return math.log(0.5, beta)


@half_life.alternative
def by_log2(beta):
    return -1.0 / np.log2(beta)


@half_life.alternative
def by_log1p(beta):
    return np.asarray(-np.log(2) / np.log1p(beta - 1))


@half_life.alternative
def by_bisection(beta):
    low, high = 0.0, 1.0
    while beta**high > 0.5:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if beta**middle > 0.5 else (low, middle)
    return low


EXERCISES = (ewa_update, ewa, ewa_weights, ewa_bias_corrected, effective_window, half_life)
