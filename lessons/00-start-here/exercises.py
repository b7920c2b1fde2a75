"""How the exercises of lesson 00 are judged."""

# Wrong and right solutions are written the way students write them.

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from autograde.check.cases import Call, Case
from autograde.judge.catalogue import Equivalent, Exercise

Floats = NDArray[np.float64]


def signed(rng: np.random.Generator, *shape: int) -> Floats:
    """Numbers of both signs, none of them near 0 (0.05 to 3)."""
    return rng.uniform(0.05, 3.0, shape) * rng.choice([-1.0, 1.0], shape)


def probabilities(rng: np.random.Generator, m: int, k: int) -> Floats:
    """Rows of ordinary probabilities that sum to 1."""
    p = rng.uniform(0.2, 1.0, (m, k))
    return p / p.sum(axis=1, keepdims=True)


def one(label: str, name: str, *args: object, group: str = "values", **kwargs: object) -> Case:
    """A case of a single call."""
    return Case(label, (Call(name, args, kwargs),), group=group)


# --------------------------------------------------------------------------------------------------------------- relu

relu = Exercise(
    "relu",
    points=2,
    hints=(
        "For each entry there are two cases: above 0 it stays, otherwise the result is 0.",
        "NumPy has a function that compares an array with a number, entry by entry, and keeps the larger of the two.",
        "`np.maximum(z, 0)` does it. `np.max(z, 0)` is another function: it looks for the largest entry along axis 0.",
    ),
    not_checked=("arrays with three axes", "float32", "very large entries"),
    equivalent=(Equivalent("return np.maximum(0, z)", "the larger of two does not depend on their order"),),
)


@relu.visible
def _(rng: np.random.Generator) -> Iterator[Case]:
    yield one("a vector with both signs", "relu", np.array([-1.5, 0.0, 2.0, 7.5, 0.5]))
    yield one("a matrix", "relu", np.array([[1.0, -2.0, 3.0], [-4.0, 5.0, -0.25]]))


@relu.hidden
def _(rng: np.random.Generator) -> Iterator[Case]:
    yield one("a larger matrix", "relu", signed(rng, 7, 5) * 4)
    yield one("a vector", "relu", signed(rng, 9))
    yield one("an array with three axes", "relu", signed(rng, 2, 3, 4))
    yield one("entries below 0 only", "relu", -np.abs(signed(rng, 3, 4)))
    yield one("entries above 0 only", "relu", np.abs(signed(rng, 3, 4)))
    yield one("a single row", "relu", signed(rng, 1, 6))
    yield one("a single column", "relu", signed(rng, 6, 1))
    yield one("float32", "relu", signed(rng, 4, 3).astype(np.float32))
    yield one("very small and very large entries", "relu", np.array([[1e-6, -1e-6, 1e6], [-1e6, 1e12, -1e300]]))
    yield one("zeros", "relu", np.zeros((2, 3)))


@relu.misconception(hint="Entries below 0 became positive: that is the absolute value. ReLU sets them to 0.")
def takes_the_absolute_value(z):
    return np.abs(z)


@relu.misconception(
    hint="The entries above 0 are gone and those below 0 are left: smaller and larger are the wrong way round."
)
def keeps_the_smaller_one(z):
    return np.minimum(z, 0)


@relu.misconception(
    hint="You return where z is above 0, as 0 and 1: that is the slope of ReLU. The activation keeps the entry itself."
)
def returns_the_slope(z):
    return (z > 0).astype(float)


@relu.misconception(
    hint="`np.max(z, 0)` returns the largest entry along axis 0. Compare with the number 0 entry by entry instead: "
    "look for the NumPy function whose name is longer."
)
def np_max_along_an_axis(z):
    return np.max(z, 0)


@relu.misconception(
    hint="The entries are right, but the caller's array was changed on the way: `z[z < 0] = 0` writes into it. "
    "Compute a "
    "new array, or work on a copy."
)
def writes_into_its_input(z):
    z[z < 0] = 0
    return z


@relu.misconception(hint="Entries above 1 were cut off. ReLU has no upper limit.")
def clips_to_one(z):
    return np.clip(z, 0, 1)


@relu.misconception(hint="Entries above 6 were cut off: that is ReLU6, a relative. ReLU has no upper limit.")
def clips_to_six(z):
    return np.clip(z, 0, 6)


@relu.misconception(
    hint="Entries below 0 come back a little below 0. ReLU returns exactly 0 there; the leaky one comes later."
)
def leaks(z):
    return np.where(z > 0, z, 0.01 * z)


@relu.misconception(hint="The entries below 0 were left out, so the shape changed. They stay in their places, as 0.")
def drops_the_negative_entries(z):
    return z[z > 0]


@relu.alternative
def by_where(z):
    return np.where(z > 0, z, 0.0)


@relu.alternative
def by_a_mask(z):
    return z * (z > 0)


@relu.alternative
def on_a_copy(z):
    out = z.copy()
    out[out < 0] = 0
    return out


@relu.alternative
def with_the_absolute_value(z):
    return (z + np.abs(z)) / 2


@relu.alternative
def entry_by_entry(z):
    return np.array([max(float(value), 0.0) for value in z.ravel()]).reshape(z.shape)


@relu.alternative
def by_clipping(z):
    return z.clip(min=0)


# ------------------------------------------------------------------------------------------------------------ softmax

softmax = Exercise(
    "softmax",
    points=3,
    hints=(
        "Subtract something from every row before you take exponentials, so that none of them can overflow.",
        "Subtract each row's own largest logit. `logits.max(axis=1)` has the shape `(m,)`; with `keepdims=True` it has "
        "`(m, 1)`, which can be subtracted from `(m, k)`. The sum needs the same.",
        "`e = np.exp(logits - logits.max(axis=1, keepdims=True))`, then divide `e` by its sum along the same axis, "
        "again with `keepdims=True`.",
    ),
    groups={"values": 2, "large logits": 1},
    not_checked=("as many rows as classes", "float32"),
)


@softmax.visible
def _(rng: np.random.Generator) -> Iterator[Case]:
    yield one("two ordinary rows", "softmax", np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 0.0]]))
    yield one("a single row", "softmax", np.array([[0.0, 1.0, -2.0, 0.5]]))
    rows = np.array([[1000.0, 1001.0, 999.0], [-1000.0, -1001.0, -1002.0]])
    yield one("a row near 1000 and a row near -1000", "softmax", rows, group="large logits")
    yield one("1000 and -1000 in one row", "softmax", np.array([[1000.0, -1000.0, -999.0]]), group="large logits")


@softmax.hidden
def _(rng: np.random.Generator) -> Iterator[Case]:
    large = "large logits"
    yield one("more rows than columns", "softmax", rng.normal(0, 2, (7, 3)))
    yield one("more columns than rows", "softmax", rng.normal(0, 2, (2, 9)))
    yield one("as many rows as columns", "softmax", rng.normal(0, 2, (4, 4)))
    yield one("a single row", "softmax", rng.normal(0, 2, (1, 5)))
    yield one("a single class", "softmax", rng.normal(0, 2, (4, 1)))
    yield one("equal logits", "softmax", np.full((3, 5), float(rng.normal())))
    yield one("float32", "softmax", rng.normal(0, 2, (5, 4)).astype(np.float32))
    yield one("large positive logits", "softmax", 1000.0 + rng.normal(0, 1, (3, 4)), group=large)
    yield one("large negative logits", "softmax", -1000.0 + rng.normal(0, 1, (3, 4)), group=large)
    rows = np.array([[1000.0], [-1000.0], [0.0]]) + rng.normal(0, 1, (3, 4))
    yield one("large and small logits in different rows", "softmax", rows, group=large)
    mixed = np.array([[1000.0, -1000.0, 999.5], [-1000.0, 1000.0, 0.0]])
    yield one("large and small logits in one row", "softmax", mixed, group=large)
    wide = np.array([[0.0, -800.0, -1.0, 0.5], [-1000.0, -1.0, -999.0, -2.0]])
    yield one("rows that reach far down", "softmax", wide, group=large)
    yield one("large logits in float32", "softmax", rows.round(1).astype(np.float32), group=large)


@softmax.misconception(
    hint="Small logits come out right, and large ones give nan: the exponential overflows. Subtract each row's largest "
    "logit first; the result does not change."
)
def overflows(logits):
    e = np.exp(logits)
    return e / e.sum(axis=1, keepdims=True)


@softmax.misconception(
    hint="Your columns sum to 1. Examples are rows here: take the largest entry and the sum along axis 1."
)
def normalises_the_columns(logits):
    e = np.exp(logits - logits.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


@softmax.misconception(
    hint="All entries together sum to 1. Every row is an example of its own and sums to 1: sum along axis 1."
)
def normalises_the_whole_array(logits):
    e = np.exp(logits - logits.max())
    return e / e.sum()


@softmax.misconception(
    hint="You subtract one largest logit of the whole array. A row far below it becomes all zeros, and 0/0 is nan: "
    "subtract each row's own largest logit."
)
def shifts_all_rows_alike(logits):
    e = np.exp(logits - logits.max())
    return e / e.sum(axis=1, keepdims=True)


@softmax.misconception(
    hint="The row sums have the shape (m,), and NumPy lines them up with the columns. Keep them as (m, 1): "
    "keepdims=True."
)
def forgets_keepdims(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1)


@softmax.misconception(hint="You return the exponentials without dividing by the row's sum: the rows do not sum to 1.")
def does_not_normalise(logits):
    return np.exp(logits - logits.max(axis=1, keepdims=True))


@softmax.misconception(
    hint="Every entry is squeezed by itself: that is the sigmoid. Softmax divides by the sum over the whole row."
)
def takes_the_sigmoid(logits):
    return 0.5 * (1 + np.tanh(logits / 2))


@softmax.misconception(
    hint="Clipping makes large logits equal, so their differences are lost: 1000 and 1001 get the same probability. "
    "Shift every row by its largest logit instead."
)
def clips_the_logits(logits):
    e = np.exp(np.clip(logits, -500, 500))
    return e / e.sum(axis=1, keepdims=True)


@softmax.misconception(
    hint="You divide by the row's largest logit, which changes the differences between the logits. Subtract it."
)
def divides_by_the_largest(logits):
    e = np.exp(logits / np.abs(logits).max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@softmax.misconception(hint="The smallest logit got the largest probability: the sign in the exponent is turned round.")
def turns_the_sign_round(logits):
    e = np.exp(logits.min(axis=1, keepdims=True) - logits)
    return e / e.sum(axis=1, keepdims=True)


@softmax.misconception(
    hint="Subtracting the row's mean is not enough: with 1000 and -1000 in one row the largest exponent is still 1000. "
    "Subtract the row's largest logit."
)
def subtracts_the_mean(logits):
    e = np.exp(logits - logits.mean(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@softmax.misconception(
    hint="The values are right, but `logits -= ...` changed the caller's array. Write `logits = logits - ...`."
)
def changes_the_logits(logits):
    logits -= logits.max(axis=1, keepdims=True)
    e = np.exp(logits)
    return e / e.sum(axis=1, keepdims=True)


@softmax.alternative
def through_the_logarithm(logits):
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))


@softmax.alternative
def row_by_row(logits):
    out = np.zeros_like(logits)
    for i, row in enumerate(logits):
        e = np.exp(row - max(row))
        out[i] = e / sum(e)
    return out


@softmax.alternative
def transposed(logits):
    columns = logits.T
    e = np.exp(columns - columns.max(axis=0))
    return (e / e.sum(axis=0)).T


@softmax.alternative
def by_differences(logits):
    with np.errstate(over="ignore"):
        return 1 / np.exp(logits[:, None, :] - logits[:, :, None]).sum(axis=2)


@softmax.alternative
def with_a_helper_and_einsum(logits):
    def shift(row):
        return row - np.amax(row)

    e = np.exp(np.apply_along_axis(shift, 1, logits))
    return np.einsum("ij,i->ij", e, 1 / np.einsum("ij->i", e))


# -------------------------------------------------------------------------------------------------------- log_softmax

log_softmax = Exercise(
    "log_softmax",
    points=3,
    hints=(
        "Do not take the logarithm of a probability. Take the logarithm of the formula on paper first.",
        "The logarithm of a quotient is a difference: the shifted logit, minus the logarithm of the row's sum of "
        "exponentials. The sum is at least 1, so its logarithm is harmless.",
        "`shifted = logits - (each row's largest logit)`; then "
        "`shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))`.",
    ),
    groups={"values": 2, "large logits": 1},
    not_checked=("as many rows as classes", "float32"),
)


@log_softmax.visible
def _(rng: np.random.Generator) -> Iterator[Case]:
    yield one("two ordinary rows", "log_softmax", np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 0.0]]))
    yield one("a single row", "log_softmax", np.array([[0.0, 1.0, -2.0, 0.5]]))
    yield one("a logit far below the other", "log_softmax", np.array([[0.0, -1000.0]]), group="large logits")
    rows = np.array([[1000.0, 1001.0, 999.0], [-1000.0, -1001.0, -1002.0]])
    yield one("a row near 1000 and a row near -1000", "log_softmax", rows, group="large logits")


@log_softmax.hidden
def _(rng: np.random.Generator) -> Iterator[Case]:
    large = "large logits"
    yield one("more rows than columns", "log_softmax", rng.normal(0, 2, (7, 3)))
    yield one("more columns than rows", "log_softmax", rng.normal(0, 2, (2, 9)))
    yield one("as many rows as columns", "log_softmax", rng.normal(0, 2, (4, 4)))
    yield one("a single row", "log_softmax", rng.normal(0, 2, (1, 5)))
    yield one("a single class", "log_softmax", rng.normal(0, 2, (4, 1)))
    yield one("equal logits", "log_softmax", np.full((3, 5), float(rng.normal())))
    yield one("float32", "log_softmax", rng.normal(0, 2, (5, 4)).astype(np.float32))
    yield one("large positive logits", "log_softmax", 1000.0 + rng.normal(0, 1, (3, 4)), group=large)
    yield one("large negative logits", "log_softmax", -1000.0 + rng.normal(0, 1, (3, 4)), group=large)
    rows = np.array([[1000.0], [-1000.0], [0.0]]) + rng.normal(0, 1, (3, 4))
    yield one("large and small logits in different rows", "log_softmax", rows, group=large)
    mixed = np.array([[1000.0, -1000.0, 999.5], [-1000.0, 1000.0, 0.0]])
    yield one("large and small logits in one row", "log_softmax", mixed, group=large)
    low = np.array([[0.0, -30.0, -50.0, -100.0], [-400.0, 2.0, -745.0, -800.0]])
    yield one("probabilities that are tiny", "log_softmax", low, group=large)
    yield one("large logits in float32", "log_softmax", mixed.astype(np.float32), group=large)


@log_softmax.misconception(
    hint="That is the logarithm of the softmax, taken in two steps. A probability such as e^-1000 becomes 0 on "
    "the way, "
    "and its logarithm -inf. Write the logarithm of the quotient as a difference, so that no exponential of a small "
    "number is left to take the logarithm of."
)
def takes_the_log_of_softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.log(e / e.sum(axis=1, keepdims=True))


@log_softmax.misconception(
    hint="A small number inside the logarithm hides the infinity and gives a wrong value: the results do not go "
    "below a "
    "floor. Write the logarithm of the quotient as a difference instead."
)
def adds_a_small_number(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.log(e / e.sum(axis=1, keepdims=True) + 1e-12)


@log_softmax.misconception(
    hint="Small logits come out right, large ones overflow in the sum of exponentials. Subtract each row's "
    "largest logit "
    "first."
)
def overflows(logits):
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


@log_softmax.misconception(
    hint="Your columns are normalised. Examples are rows here: take the largest entry and the sum along axis 1."
)
def normalises_the_columns(logits):
    shifted = logits - logits.max(axis=0, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))


@log_softmax.misconception(
    hint="The sum runs over the whole array. Every row is an example of its own: sum along axis 1."
)
def normalises_the_whole_array(logits):
    shifted = logits - logits.max()
    return shifted - np.log(np.exp(shifted).sum())


@log_softmax.misconception(hint="These are the probabilities. The logarithm is still missing.")
def returns_the_probabilities(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@log_softmax.misconception(
    hint="All signs are turned round: -log p is the loss. The logarithm of a probability is at most 0."
)
def returns_minus_the_logarithm(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=1, keepdims=True)) - shifted


@log_softmax.misconception(
    hint="The shift was subtracted from the logits inside the sum only. Both parts need it, or neither: the "
    "first part of "
    "the difference is the shifted logit."
)
def shifts_one_part_only(logits):
    c = logits.max(axis=1, keepdims=True)
    return logits - np.log(np.exp(logits - c).sum(axis=1, keepdims=True))


@log_softmax.misconception(hint="You subtract the sum of the exponentials itself. The formula subtracts its logarithm.")
def forgets_the_logarithm_of_the_sum(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.exp(shifted).sum(axis=1, keepdims=True)


@log_softmax.misconception(
    hint="You subtract one largest logit of the whole array. In a row far below it every exponential becomes 0, "
    "and the "
    "logarithm of that sum is -inf. Subtract each row's own largest logit."
)
def shifts_all_rows_alike(logits):
    shifted = logits - logits.max()
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


@log_softmax.alternative
def by_logaddexp(logits):
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)


@log_softmax.alternative
def row_by_row(logits):
    rows = []
    for row in logits:
        c = row.max()
        rows.append(row - c - np.log(np.sum(np.exp(row - c))))
    return np.array(rows)


@log_softmax.alternative
def in_columns(logits):
    s = (logits - np.amax(logits, axis=1)[:, np.newaxis]).T
    return (s - np.log(np.exp(s).sum(0))).T


@log_softmax.alternative
def with_the_tail_of_the_sum(logits):
    order = np.sort(logits, axis=1)
    top, rest = order[:, -1:], order[:, :-1]
    return logits - top - np.log1p(np.exp(rest - top).sum(axis=1, keepdims=True))


# ------------------------------------------------------------------------------------------------------ cross_entropy

cross_entropy = Exercise(
    "cross_entropy",
    points=3,
    hints=(
        "From every row you need one probability only: that of the right class.",
        "Two arrays of integers pick one entry of each row: the row numbers 0 … m-1, and the labels.",
        "`probs[np.arange(len(y)), y]` holds the m probabilities. Take their logarithms, then the mean, then "
        "turn the sign.",
    ),
    groups={"values": 2, "tiny probabilities": 1},
    not_checked=("very small probabilities", "float32"),
)


@cross_entropy.visible
def _(rng: np.random.Generator) -> Iterator[Case]:
    three = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]])
    yield one("two examples of three classes", "cross_entropy", three, np.array([0, 2]))
    yield one("a single example", "cross_entropy", np.array([[0.25, 0.75]]), np.array([0]))
    zeros = np.array([[0.5, 0.5, 0.0], [0.0, 0.9, 0.1]])
    yield one("probabilities of 0 for other classes", "cross_entropy", zeros, np.array([0, 1]))
    tiny = np.array([[1e-20, 1.0], [0.5, 0.5]])
    yield one(
        "a right class with the probability 1e-20", "cross_entropy", tiny, np.array([0, 1]), group="tiny probabilities"
    )


@cross_entropy.hidden
def _(rng: np.random.Generator) -> Iterator[Case]:
    tiny = "tiny probabilities"
    yield one("more examples than classes", "cross_entropy", probabilities(rng, 9, 4), rng.integers(0, 4, 9))
    yield one("more classes than examples", "cross_entropy", probabilities(rng, 3, 7), np.array([6, 0, 3]))
    square = probabilities(rng, 4, 4)
    yield one("as many examples as classes", "cross_entropy", square, np.array([1, 1, 3, 0]))
    yield one("a single example", "cross_entropy", probabilities(rng, 1, 5), np.array([3]))
    sure = np.zeros((3, 4))
    sure[[0, 1, 2], [2, 0, 3]] = 1.0
    yield one("examples that are right for sure", "cross_entropy", sure, np.array([2, 0, 3]))
    zeros = np.array([[0.25, 0.0, 0.75], [0.0, 1.0, 0.0], [0.625, 0.0, 0.375]])
    yield one("zeros among the other classes", "cross_entropy", zeros, np.array([2, 1, 0]))
    yield one("a single class", "cross_entropy", np.ones((4, 1)), np.zeros(4, dtype=int))
    small = rng.integers(0, 4, 6).astype(np.int32)
    yield one("labels of another integer type", "cross_entropy", probabilities(rng, 6, 4), small)
    single = probabilities(rng, 6, 3).astype(np.float32)
    yield one("float32", "cross_entropy", single, np.array([0, 2, 1, 1, 0, 2]))
    for label, power in (
        ("a right class with a tiny probability", rng.uniform(-13, -11.5)),
        ("a right class with a probability that is hardly there", rng.uniform(-110, -90)),
        ("a right class with nearly the smallest probability there is", rng.uniform(-305, -295)),
    ):
        p = 10.0**power
        probs = np.array([[p, 0.4, 0.6 - p], [0.3, 0.5, 0.2]])
        yield one(label, "cross_entropy", probs, np.array([0, 1]), group=tiny)


@cross_entropy.misconception(
    hint="Ordinary probabilities come out nearly right, small ones do not: about 1e-8 is added inside the "
    "logarithm. It "
    "hides how wrong the network is. Take the logarithm of the probability as it is."
)
def adds_a_small_number(probs, y):
    return -np.log(probs[np.arange(len(y)), y] + 1e-8).mean()


@cross_entropy.misconception(
    hint="Something like 1e-12 is added inside the logarithm: below that size the loss no longer grows. Nothing "
    "needs to "
    "be added, for zeros of other classes are never looked at."
)
def adds_a_smaller_number(probs, y):
    return -np.log(probs[np.arange(len(y)), y] + 1e-12).mean()


@cross_entropy.misconception(
    hint="The probabilities were cut off at about 1e-7 from below. A network that is surer and wrong must cost "
    "more: take "
    "the logarithm of the probability as it is."
)
def clips_the_probabilities(probs, y):
    return -np.log(np.clip(probs[np.arange(len(y)), y], 1e-7, 1.0)).mean()


@cross_entropy.misconception(
    hint="The probabilities were cut off at about 1e-15 from below. Smaller ones exist, and their logarithm is an "
    "ordinary number: leave them as they are."
)
def clips_very_small_probabilities(probs, y):
    return -np.log(np.maximum(probs[np.arange(len(y)), y], 1e-15)).mean()


@cross_entropy.misconception(hint="You return the sum over the examples. The cost is their mean.")
def sums_over_the_examples(probs, y):
    return -np.log(probs[np.arange(len(y)), y]).sum()


@cross_entropy.misconception(
    hint="The sign is missing: the logarithm of a probability is below 0, and a loss is above."
)
def forgets_the_minus(probs, y):
    return np.log(probs[np.arange(len(y)), y]).mean()


@cross_entropy.misconception(
    hint="`probs[:, y]` picks a column for every label, in every row: m × m numbers. Pick one entry from each "
    "row: give "
    "the row numbers as well."
)
def picks_whole_columns(probs, y):
    return -np.log(probs[:, y]).mean()


@cross_entropy.misconception(
    hint="One-hot labels times logarithms: where another class has the probability 0, the product is 0 times "
    "-inf, which is "
    "nan. Pick the right class's probability before you take the logarithm."
)
def multiplies_with_one_hot_labels(probs, y):
    one_hot = np.eye(probs.shape[1])[y]
    return -(one_hot * np.log(probs)).sum(axis=1).mean()


@cross_entropy.misconception(
    hint="The mean runs over all m * k entries of the one-hot product; it must be divided by the number of "
    "examples only."
)
def divides_by_the_classes_too(probs, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.where(np.eye(probs.shape[1])[y] > 0, np.log(probs), 0.0).mean()


@cross_entropy.misconception(hint="The logarithm has the base 2. Losses are in natural logarithms: `np.log`.")
def takes_the_logarithm_to_base_two(probs, y):
    return -np.log2(probs[np.arange(len(y)), y]).mean()


@cross_entropy.misconception(
    hint="You take the largest probability of each row, right or wrong. The loss looks at the probability of "
    "the class in "
    "`y`."
)
def looks_at_the_largest_probability(probs, y):
    return -np.log(probs.max(axis=1)).mean()


@cross_entropy.misconception(
    hint="That is the logarithm of the mean probability. Take the logarithm of each first, then the mean."
)
def takes_the_mean_first(probs, y):
    return -np.log(probs[np.arange(len(y)), y].mean())


@cross_entropy.misconception(hint="You return one loss per example. The cost is one number: their mean.")
def returns_every_loss(probs, y):
    return -np.log(probs[np.arange(len(y)), y])


@cross_entropy.alternative
def example_by_example(probs, y):
    total = 0.0
    for row, label in zip(probs, y):  # noqa: B905
        total -= np.log(row[label])
    return total / len(y)


@cross_entropy.alternative
def by_take_along_axis(probs, y):
    picked = np.take_along_axis(probs, y[:, None], axis=1)
    return np.mean(-np.log(picked))


@cross_entropy.alternative
def by_a_mask(probs, y):
    right = y[:, None] == np.arange(probs.shape[1])
    return -np.average(np.log(probs[right]))


@cross_entropy.alternative
def with_one_hot_inside_the_logarithm(probs, y):
    one_hot = np.eye(probs.shape[1])[y]
    return np.array(-np.log(np.einsum("ij,ij->i", one_hot, probs)).sum() / probs.shape[0])


@cross_entropy.alternative
def with_the_logarithm_where_it_counts(probs, y):
    one_hot = np.eye(probs.shape[1], dtype=bool)[y]
    with np.errstate(divide="ignore"):
        return float(-np.where(one_hot, np.log(probs), 0.0).sum() / len(probs))


# --------------------------------------------------------------------------------------------------------- dead_units

dead_units = Exercise(
    "dead_units",
    points=2,
    hints=(
        "Ask of every entry whether it is at or below 0, then ask of every column whether that holds throughout.",
        "A comparison gives an array of booleans; it has a method that says whether all of them are true along "
        "an axis.",
        "`(Z <= 0).all(axis=0)`: axis 0 runs over the examples.",
    ),
    not_checked=("a single example", "very small positive entries"),
)


@dead_units.visible
def _(rng: np.random.Generator) -> Iterator[Case]:
    yield one("two examples and three units", "dead_units", np.array([[-1.0, 2.0, 0.0], [-3.0, -1.0, 0.0]]))
    five = np.array([[-2.0, 0.0, -5.0, 3.0, -0.2], [-1.0, -1.0, 0.1, -1.0, -0.3], [-0.5, -2.0, -4.0, 0.5, 5.0]])
    yield one("three examples and five units", "dead_units", five)


@dead_units.hidden
def _(rng: np.random.Generator) -> Iterator[Case]:
    Z = signed(rng, 6, 5)
    Z[:, [1, 4]] = -np.abs(Z[:, [1, 4]])
    Z[2, 0], Z[3, 0] = -1.0, 1.5
    yield one("a mixture", "dead_units", Z)
    rare = -np.abs(signed(rng, 8, 4))
    rare[7, 0], rare[0, 2] = 0.5, 0.01
    yield one("units that one example only switches on", "dead_units", rare)
    many = -np.abs(signed(rng, 300, 4))
    many[int(rng.integers(1, 299)), [0, 2]] = 0.7
    yield one("units that one example of hundreds switches on", "dead_units", many)
    zeros = -np.abs(signed(rng, 4, 3))
    zeros[1], zeros[:, 2] = 0.0, 0.0
    yield one("pre-activations of exactly 0", "dead_units", zeros)
    square = signed(rng, 4, 4)
    square[:, 3], square[1] = -1.0, -2.0
    yield one("as many examples as units", "dead_units", square)
    yield one("a single example", "dead_units", np.array([[-1.0, 0.0, 2.0, -0.5]]))
    yield one("a single unit that is dead", "dead_units", -np.abs(signed(rng, 5, 1)))
    yield one("a single unit that lives", "dead_units", np.abs(signed(rng, 5, 1)))
    yield one("no dead unit", "dead_units", np.abs(signed(rng, 3, 6)))
    yield one("dead units only", "dead_units", -np.abs(signed(rng, 3, 6)))
    faint = np.array([[-1.0, -2.0, -1.0], [-3.0, 1e-12, -4.0], [-1.0, -1.0, -1e-12]])
    yield one("an entry hardly above 0", "dead_units", faint)
    yield one("float32", "dead_units", Z.astype(np.float32))


@dead_units.misconception(hint="Exact zeros count as silent too: ReLU returns 0 there. Compare with `<=`.")
def zeros_count_as_alive(Z):
    return (Z < 0).all(axis=0)


@dead_units.misconception(
    hint="A unit that is silent for some examples is not dead. It must be silent for all of them."
)
def silent_once_is_enough(Z):
    return (Z <= 0).any(axis=0)


@dead_units.misconception(
    hint="A unit that is silent for nearly all examples still learns from the others. Dead means silent for every one."
)
def silent_for_nearly_all_is_enough(Z):
    return np.mean(Z <= 0, axis=0) > 0.9


@dead_units.misconception(
    hint="You look along the rows: which examples switch on no unit. Units are columns; the examples run along axis 0."
)
def looks_along_the_wrong_axis(Z):
    return (Z <= 0).all(axis=1)


@dead_units.misconception(hint="True and False are the wrong way round: this marks the units that are alive.")
def marks_the_living(Z):
    return (Z > 0).any(axis=0)


@dead_units.misconception(
    hint="A sum or a mean at or below 0 says that the unit is negative on balance. A single example above 0 "
    "keeps it alive."
)
def looks_at_the_mean(Z):
    return Z.mean(axis=0) <= 0


@dead_units.misconception(hint="You return how many units are dead. Say it of each unit: an array of booleans, `(n,)`.")
def returns_their_number(Z):
    return (Z <= 0).all(axis=0).sum()


@dead_units.misconception(
    hint="You return the numbers of the dead units. Return an array of booleans, one for each unit, `(n,)`."
)
def returns_their_numbers(Z):
    return np.flatnonzero((Z <= 0).all(axis=0))


@dead_units.misconception(
    hint="You return a boolean for every entry. A unit is a column: its entries must be joined along axis 0."
)
def says_it_of_every_entry(Z):
    return Z <= 0


@dead_units.misconception(
    hint="A unit that is 0 or below for half of the examples is not dead yet: it must be so for every one."
)
def silent_for_half_the_examples(Z):
    return (Z <= 0).mean(axis=0) >= 0.5


@dead_units.alternative
def by_the_largest_entry(Z):
    return Z.max(axis=0) <= 0


@dead_units.alternative
def by_the_activations(Z):
    return relu(Z).sum(axis=0) == 0


@dead_units.alternative
def unit_by_unit(Z):
    return np.array([all(value <= 0 for value in column) for column in Z.T])


@dead_units.alternative
def none_is_above(Z):
    return ~np.any(Z > 0, axis=0)


@dead_units.alternative
def by_counting(Z):
    return np.count_nonzero(Z <= 0, axis=0) == Z.shape[0]


# --------------------------------------------------------------------------------------------------------- leaky_relu

leaky_relu = Exercise(
    "leaky_relu",
    points=2,
    hints=(
        "Above 0 nothing changes; at and below 0 the entry is multiplied by a number that the caller gives.",
        "`np.where(condition, a, b)` takes its entries from a where the condition holds and from b elsewhere.",
        "The condition is `z > 0`; the two branches are `z` and `slope * z`.",
    ),
    not_checked=("arrays with three axes", "the slope 0", "float32"),
    equivalent=(Equivalent("return np.where(z >= 0, z, slope * z)", "at 0 both branches give 0"),),
)


@leaky_relu.visible
def _(rng: np.random.Generator) -> Iterator[Case]:
    yield one("a vector, slope 0.1", "leaky_relu", np.array([-2.0, 3.0, -0.5, 0.0]), 0.1)
    yield one("a matrix, slope left out", "leaky_relu", np.array([[1.0, -2.0, 4.0], [-3.0, 0.5, -1.0]]))
    yield one("a slope given by name", "leaky_relu", np.array([[-4.0, 2.0]]), slope=0.5)


@leaky_relu.hidden
def _(rng: np.random.Generator) -> Iterator[Case]:
    yield one("a matrix, slope left out", "leaky_relu", signed(rng, 6, 5))
    yield one("a slope given by name", "leaky_relu", signed(rng, 3, 7), slope=float(rng.uniform(0.2, 0.4)))
    yield one("a slope near 1", "leaky_relu", signed(rng, 4, 4), float(rng.uniform(0.9, 0.99)))
    yield one("the slope 0", "leaky_relu", signed(rng, 4, 3), 0.0)
    yield one("a vector", "leaky_relu", signed(rng, 9), float(rng.uniform(0.05, 0.3)))
    yield one("an array with three axes", "leaky_relu", signed(rng, 2, 3, 4), float(rng.uniform(0.05, 0.3)))
    yield one("entries below 0 only", "leaky_relu", -np.abs(signed(rng, 3, 4)), 0.25)
    yield one("entries above 0 only", "leaky_relu", np.abs(signed(rng, 3, 4)), 0.25)
    yield one("a single row", "leaky_relu", signed(rng, 1, 6), 0.2)
    yield one("float32", "leaky_relu", signed(rng, 4, 3).astype(np.float32), 0.3)
    yield one("large entries and zeros", "leaky_relu", np.array([[1e6, -1e6, 0.0], [-1e9, 0.0, 1e9]]), 0.125)


@leaky_relu.misconception(
    hint="The slope is fixed at 0.01 in your code. Use the parameter `slope`: the caller chooses it."
)
def ignores_the_slope(z, slope=0.01):
    return np.where(z > 0, z, 0.01 * z)


@leaky_relu.misconception(hint="Entries below 0 become 0: that is the plain ReLU. Multiply them by the slope.")
def stays_a_relu(z, slope=0.01):
    return np.maximum(z, 0)


@leaky_relu.misconception(hint="Entries below 0 came back above 0: the sign got lost. slope * z is below 0 where z is.")
def loses_the_sign(z, slope=0.01):
    return np.where(z > 0, z, slope * np.abs(z))


@leaky_relu.misconception(hint="The branches are the wrong way round: the slope belongs to the entries at or below 0.")
def swaps_the_branches(z, slope=0.01):
    return np.where(z > 0, slope * z, z)


@leaky_relu.misconception(
    hint="You return the slopes, 1 and `slope`. They are the derivative; the activation is the slope times the entry."
)
def returns_the_derivative(z, slope=0.01):
    return np.where(z > 0, 1.0, slope)


@leaky_relu.misconception(hint="Entries at or below 0 all became the same number. Multiply the slope by the entry.")
def returns_the_slope_below_zero(z, slope=0.01):
    return np.where(z > 0, z, slope)


@leaky_relu.misconception(
    hint="The entries above 0 were raised as well: `slope * z` was added to every entry, not to those below 0 only."
)
def adds_the_leak_everywhere(z, slope=0.01):
    return np.maximum(z, 0) + slope * z


@leaky_relu.misconception(
    hint="The values are right, but the caller's array was changed: `z[z < 0] *= slope` writes into it. Work on a copy."
)
def writes_into_its_input(z, slope=0.01):
    z[z < 0] *= slope
    return z


@leaky_relu.alternative
def by_the_larger_one(z, slope=0.01):
    return np.maximum(z, slope * z)


@leaky_relu.alternative
def by_two_parts(z, slope=0.01):
    return np.maximum(z, 0) + slope * np.minimum(z, 0)


@leaky_relu.alternative
def on_a_copy(z, slope=0.01):
    out = np.array(z)
    out[out < 0] *= slope
    return out


@leaky_relu.alternative
def by_a_factor(z, slope=0.01):
    return z * ((z > 0) + slope * (z <= 0))


@leaky_relu.alternative
def entry_by_entry(z, slope=0.01):
    def one_entry(value):
        return value if value > 0 else slope * value

    return np.array([one_entry(v) for v in z.flat]).reshape(z.shape)


# ---------------------------------------------------------------------------------------------------------------- elu

elu = Exercise(
    "elu",
    points=3,
    hints=(
        "Two branches again. Write the lower one first and try it by itself.",
        "`np.where` computes both branches for all entries and then chooses. The exponential of a large entry "
        "overflows "
        "with a warning; the result is still right. To be quiet, let the exponential see `np.minimum(z, 0)` only.",
        "`np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1))`. `np.expm1(x)` is `exp(x) - 1`, more "
        "exact near 0.",
    ),
    groups={"values": 2, "large entries": 1},
    not_checked=("arrays with three axes", "float32"),
    equivalent=(
        Equivalent("below = np.minimum(0, z)", "the smaller of two does not depend on their order"),
        Equivalent("below = np.minimum(z, 1)", "entries above 0 are taken from the other branch"),
        Equivalent("return np.where(z >= 0, z, alpha * np.expm1(below))", "at 0 both branches give 0"),
    ),
)


@elu.visible
def _(rng: np.random.Generator) -> Iterator[Case]:
    yield one("a vector, alpha left out", "elu", np.array([-1.0, 2.0, 0.0, -3.0]))
    yield one("a matrix, alpha 0.5", "elu", np.array([[1.5, -2.0, 4.0], [-0.5, 0.25, -1.0]]), 0.5)
    yield one("alpha given by name", "elu", np.array([[-1.0, 3.0]]), alpha=2.0)
    yield one("entries of ±1000", "elu", np.array([1000.0, -1000.0]), group="large entries")


@elu.hidden
def _(rng: np.random.Generator) -> Iterator[Case]:
    large = "large entries"
    yield one("a matrix, alpha left out", "elu", signed(rng, 6, 5))
    yield one("alpha given by name", "elu", signed(rng, 3, 7), alpha=float(rng.uniform(0.2, 0.8)))
    yield one("alpha above 1", "elu", signed(rng, 4, 4), float(rng.uniform(1.5, 3.0)))
    yield one("a vector", "elu", signed(rng, 9), float(rng.uniform(0.3, 0.8)))
    yield one("an array with three axes", "elu", signed(rng, 2, 3, 4), float(rng.uniform(0.3, 0.8)))
    yield one("entries below 0 only", "elu", -np.abs(signed(rng, 3, 4)), 0.7)
    yield one("entries above 0 only", "elu", np.abs(signed(rng, 3, 4)), 0.7)
    yield one("a single row", "elu", signed(rng, 1, 6), 1.4)
    yield one("float32", "elu", signed(rng, 4, 3).astype(np.float32), 0.6)
    yield one("zeros", "elu", np.zeros((2, 3)), 0.6)
    yield one("very large positive entries", "elu", np.array([[800.0, -0.5, 1e4], [1.0, 2e5, -2.0]]), 1.5, group=large)
    yield one("very large negative entries", "elu", np.array([[-800.0, 0.5], [-1e4, -3e5]]), 1.5, group=large)
    both = np.array([[1000.0, -1000.0, 0.5, -0.5]], dtype=np.float32)
    yield one("large entries in float32", "elu", both, 0.6, group=large)


@elu.misconception(
    hint="Entries below 0 come back above 0, and there is a jump at 0: the -1 is missing. The lower branch is e^z - 1."
)
def forgets_minus_one(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.exp(np.minimum(z, 0)))


@elu.misconception(hint="With alpha = 1 it is right, with others not: alpha is not used.")
def ignores_alpha(z, alpha=1.0):
    return np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)


@elu.misconception(
    hint="With alpha = 1 it is right, with others not: alpha multiplies the whole bracket (e^z - 1), not e^z alone."
)
def leaves_out_the_brackets(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.exp(np.minimum(z, 0)) - 1)


@elu.misconception(
    hint="With alpha = 1 it is right, with others not: alpha stands in the exponent. It belongs in front of the "
    "bracket."
)
def puts_alpha_in_the_exponent(z, alpha=1.0):
    return np.where(z > 0, z, np.exp(alpha * np.minimum(z, 0)) - 1)


@elu.misconception(
    hint="Multiplying the branches by 0 and 1 fails for large entries: e^1000 is infinite, and infinity times 0 "
    "is nan. "
    "Choose with np.where, or keep large entries away from the exponential."
)
def multiplies_by_zero_and_one(z, alpha=1.0):
    return (z > 0) * z + (z <= 0) * alpha * (np.exp(z) - 1)


@elu.misconception(
    hint="Below 0 your function falls along a line and never levels off: that is a leaky ReLU. ELU goes to -alpha."
)
def falls_along_a_line(z, alpha=1.0):
    return np.where(z > 0, z, alpha * z)


@elu.misconception(hint="The sign in the exponent is turned round: below 0, e^-z grows without limit.")
def turns_the_exponent_round(z, alpha=1.0):
    return np.where(z > 0, z, alpha * (np.exp(-np.minimum(z, 0)) - 1))


@elu.misconception(
    hint="The lower branch is above 0: the difference is turned round. It is e^z - 1, which lies between -1 and 0."
)
def turns_the_difference_round(z, alpha=1.0):
    return np.where(z > 0, z, alpha * (1 - np.exp(np.minimum(z, 0))))


@elu.misconception(
    hint="The branches are the wrong way round: the entries above 0 stay as they are, the others get the exponential."
)
def swaps_the_branches(z, alpha=1.0):
    return np.where(z > 0, alpha * (np.exp(np.minimum(z, 50)) - 1), z)


@elu.misconception(
    hint="The exponential is cut off at the wrong place: entries far below 0 must come close to -alpha, and yours stop "
    "earlier."
)
def clips_the_entries(z, alpha=1.0):
    return np.where(z > 0, z, alpha * (np.exp(np.clip(z, -1, 0)) - 1))


@elu.misconception(hint="You return the slope of ELU, 1 above 0 and alpha * e^z below. The activation is asked for.")
def returns_the_slope(z, alpha=1.0):
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


@elu.alternative
def both_branches_and_where(z, alpha=1.0):
    return np.where(z > 0, z, alpha * (np.exp(z) - 1))


@elu.alternative
def as_a_sum_of_parts(z, alpha=1.0):
    return np.maximum(z, 0) + alpha * np.expm1(np.minimum(z, 0))


@elu.alternative
def on_a_copy_with_a_mask(z, alpha=1.0):
    out = z.copy()
    low = z < 0
    out[low] = alpha * (np.exp(z[low]) - 1)
    return out


@elu.alternative
def by_select_with_quiet_overflow(z, alpha=1.0):
    with np.errstate(over="ignore"):
        return np.select([z > 0], [z], default=alpha * np.expm1(z))


@elu.alternative
def entry_by_entry(z, alpha=1.0):
    import math

    flat = [v if v > 0 else alpha * (math.exp(v) - 1) for v in map(float, z.ravel())]
    return np.array(flat).reshape(z.shape)


# ----------------------------------------------------------------------------------------------------- prelu_backward

prelu_backward = Exercise(
    "prelu_backward",
    points=4,
    hints=(
        "Write down the output for an entry at or below 0, and take its derivative twice: once for z, once for "
        "the slope.",
        "`dz` is `da` times 1 or times the slope. For `dslope` every entry at or below 0 gives `da * z`, every "
        "other one 0; "
        "add them all up, whatever the shape.",
        "`below = z <= 0`; `dz = np.where(below, slope * da, da)`; `dslope = (da * z)[below].sum()`; return both.",
    ),
    not_checked=("arrays with three axes", "the slope 0", "float32"),
)


@prelu_backward.visible
def _(rng: np.random.Generator) -> Iterator[Case]:
    yield one("a vector", "prelu_backward", np.array([1.0, 2.0, 3.0]), np.array([-1.0, 0.5, -2.0]), 0.1)
    da, z = np.array([[1.0, -2.0, 0.5], [4.0, 1.5, 3.0]]), np.array([[-3.0, -0.5, 2.0], [1.0, 0.0, -1.0]])
    yield one("a matrix with an entry of exactly 0", "prelu_backward", da, z, 0.25)


@prelu_backward.hidden
def _(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, z: Floats, slope: float) -> Case:
        da = signed(rng, *z.shape)
        return one(label, "prelu_backward", da.astype(z.dtype), z, slope)

    yield case("a matrix", signed(rng, 6, 4), float(rng.uniform(0.05, 0.4)))
    yield case("as many rows as columns", signed(rng, 5, 5), float(rng.uniform(0.05, 0.4)))
    yield case("a vector", signed(rng, 9), float(rng.uniform(0.05, 0.4)))
    yield case("an array with three axes", signed(rng, 2, 3, 4), float(rng.uniform(0.05, 0.4)))
    yield case("the slope 0", signed(rng, 4, 3), 0.0)
    yield case("a slope near 1", signed(rng, 4, 3), float(rng.uniform(0.9, 0.99)))
    yield case("entries below 0 only", -np.abs(signed(rng, 3, 4)), 0.3)
    yield case("entries above 0 only", np.abs(signed(rng, 3, 4)), 0.3)
    some = signed(rng, 4, 4)
    some[0, 1] = some[2, 2] = some[3, 0] = 0.0
    yield case("entries of exactly 0", some, 0.2)
    yield case("a single row", signed(rng, 1, 7), 0.15)
    yield case("a single entry", -np.abs(signed(rng, 1, 1)), 0.15)
    single = signed(rng, 5, 3).astype(np.float32)
    positive = np.abs(signed(rng, 5, 3)).astype(np.float32)
    yield one("float32", "prelu_backward", positive, single, 0.25)


@prelu_backward.misconception(
    hint="dz is right. dslope is a derivative with respect to the slope: each entry at or below 0 gives da "
    "times z, not da "
    "alone."
)
def forgets_z_in_dslope(da, z, slope):
    return np.where(z > 0, da, slope * da), da[z <= 0].sum()


@prelu_backward.misconception(
    hint="dz is right. dslope is the mean where the sum is asked for: all entries share the slope, so all their "
    "parts add up."
)
def averages_dslope(da, z, slope):
    return np.where(z > 0, da, slope * da), np.where(z > 0, 0, da * z).mean()


@prelu_backward.misconception(
    hint="dz is right. The sum for dslope runs over all entries; where z is above 0 the slope plays no part."
)
def sums_over_all_entries(da, z, slope):
    return np.where(z > 0, da, slope * da), (da * z).sum()


@prelu_backward.misconception(
    hint="dz is right. dslope has one number per unit; here one slope is shared by all entries, so sum over all "
    "of them."
)
def one_slope_per_unit(da, z, slope):
    return np.where(z > 0, da, slope * da), np.where(z > 0, 0, da * z).sum(axis=0, keepdims=True)


@prelu_backward.misconception(
    hint="dz is right. dslope still holds the factor slope: the derivative of slope * z with respect to the "
    "slope is z alone."
)
def keeps_the_slope_in_dslope(da, z, slope):
    return np.where(z > 0, da, slope * da), (slope * da * z)[z <= 0].sum()


@prelu_backward.misconception(
    hint="dz holds the slopes, 1 and `slope`, without da. The chain rule multiplies them by the gradient that comes in."
)
def leaves_out_da(da, z, slope):
    return np.where(z > 0, 1.0, slope), (da * z)[z <= 0].sum()


@prelu_backward.misconception(
    hint="dz is 0 where z is at or below 0, as for a plain ReLU. There the gradient is slope * da."
)
def stops_the_gradient_below_zero(da, z, slope):
    return np.where(z > 0, da, 0.0), (da * z)[z <= 0].sum()


@prelu_backward.misconception(hint="The two results are in the wrong order: return (dz, dslope).")
def returns_them_in_the_wrong_order(da, z, slope):
    return (da * z)[z <= 0].sum(), np.where(z > 0, da, slope * da)


@prelu_backward.misconception(hint="You return dz alone. Return the pair (dz, dslope).")
def returns_dz_alone(da, z, slope):
    return np.where(z > 0, da, slope * da)


@prelu_backward.misconception(
    hint="The two sides are the wrong way round: the slope and the sum belong to the entries at or below 0."
)
def takes_the_wrong_side(da, z, slope):
    return np.where(z > 0, slope * da, da), (da * z)[z > 0].sum()


@prelu_backward.misconception(
    hint="An entry of exactly 0 belongs to the lower branch: its gradient is slope * da. Compare with `<=`."
)
def zero_belongs_above(da, z, slope):
    return np.where(z >= 0, da, slope * da), (da * z)[z < 0].sum()


@prelu_backward.misconception(hint="You choose by the sign of da. The branch of the forward pass was chosen by z.")
def chooses_by_the_gradient(da, z, slope):
    return np.where(da > 0, da, slope * da), (da * z)[da <= 0].sum()


@prelu_backward.alternative
def with_a_factor(da, z, slope):
    low = (z <= 0).astype(float)
    return da * (1 - low + slope * low), float(np.sum(da * z * low))


@prelu_backward.alternative
def on_a_copy(da, z, slope):
    dz = da.copy()
    dz[z <= 0] *= slope
    return dz, np.vdot(da, np.minimum(z, 0))


@prelu_backward.alternative
def entry_by_entry(da, z, slope):
    dz, total = np.empty(z.shape), 0.0
    for index in np.ndindex(*z.shape):
        if z[index] > 0:
            dz[index] = da[index]
        else:
            dz[index] = slope * da[index]
            total += da[index] * z[index]
    return dz, total


@prelu_backward.alternative
def with_select_and_a_0d_array(da, z, slope):
    dz = np.select([z > 0, z <= 0], [da, da * slope])
    return dz, np.array((da * z.clip(max=0)).sum())


@prelu_backward.alternative
def as_a_named_tuple(da, z, slope):
    from collections import namedtuple

    Gradients = namedtuple("Gradients", "dz dslope")
    return Gradients(da * np.where(z > 0, 1.0, slope), np.sum(da * z, where=z < 0))


# ------------------------------------------------------------------------------------------------------------- maxout

maxout = Exercise(
    "maxout",
    points=3,
    hints=(
        "Think of every row as k groups of neighbours; each group gives its largest entry.",
        "A reshape to three axes, `(m, k, pieces)`, puts the pieces of a unit on an axis of their own. NumPy's reshape "
        "keeps neighbours together on the last axis.",
        "`z.reshape(m, z.shape[1] // pieces, pieces)`, then the largest along the last axis.",
    ),
    not_checked=("a single piece", "one unit only", "float32"),
)


@maxout.visible
def _(rng: np.random.Generator) -> Iterator[Case]:
    yield one("two units of three pieces", "maxout", np.array([[1.0, 5.0, 2.0, -3.0, -1.0, -2.0]]), 3)
    rows = np.array([[1.0, -2.0, 7.0, 0.5, 3.0, 4.0], [-1.0, -5.0, 2.0, 9.0, -8.0, -3.0]])
    yield one("three units of two pieces", "maxout", rows, 2)


@maxout.hidden
def _(rng: np.random.Generator) -> Iterator[Case]:
    yield one("four units of three pieces", "maxout", signed(rng, 5, 12), 3)
    yield one("three units of four pieces", "maxout", signed(rng, 5, 12), 4)
    yield one("as many pieces as units", "maxout", signed(rng, 4, 9), 3)
    yield one("two pieces", "maxout", signed(rng, 6, 10), 2)
    yield one("a single piece", "maxout", signed(rng, 4, 5), 1)
    yield one("one unit only", "maxout", signed(rng, 4, 5), 5)
    yield one("a single example", "maxout", signed(rng, 1, 8), 2)
    yield one("entries below 0 only", "maxout", -np.abs(signed(rng, 4, 6)), 3)
    yield one("float32", "maxout", signed(rng, 3, 8).astype(np.float32), 4)
    large = np.array([[1e9, -1e9, -1e12, -2e12], [-1e-9, -2e-9, 0.0, -1.0]])
    yield one("very large and very small entries", "maxout", large, 2)


@maxout.misconception(
    hint="You grouped columns that lie k apart. The pieces of a unit lie side by side: columns j*pieces to "
    "j*pieces + pieces - 1."
)
def groups_columns_that_lie_apart(z, pieces):
    return z.reshape(len(z), pieces, -1).max(axis=1)


@maxout.misconception(
    hint="Your groups are neighbours, but they hold k entries each and there are `pieces` of them: the two "
    "lengths of the "
    "reshape are swapped."
)
def swaps_units_and_pieces(z, pieces):
    return z.reshape(len(z), pieces, -1).max(axis=2)


@maxout.misconception(
    hint="There is one number per example. Every unit has a maximum of its own, over its pieces only."
)
def takes_the_maximum_of_the_row(z, pieces):
    return z.max(axis=1, keepdims=True)


@maxout.misconception(hint="You return which piece is the largest, not its value: argmax where max is asked for.")
def returns_the_winner_number(z, pieces):
    return z.reshape(len(z), -1, pieces).argmax(axis=2)


@maxout.misconception(hint="You return the smallest piece of each unit. Maxout takes the largest.")
def takes_the_smallest(z, pieces):
    return z.reshape(len(z), -1, pieces).min(axis=2)


@maxout.misconception(hint="You return the mean of each unit's pieces. Maxout takes the largest.")
def takes_the_mean(z, pieces):
    return z.reshape(len(z), -1, pieces).mean(axis=2)


@maxout.misconception(
    hint="Where all pieces are below 0 you return 0. Maxout has no floor at 0: it returns the largest piece, "
    "whatever its sign."
)
def adds_a_floor_at_zero(z, pieces):
    return np.maximum(z.reshape(len(z), -1, pieces).max(axis=2), 0)


@maxout.misconception(
    hint="The result has three axes, `(m, k, 1)`. Drop the last one: without keepdims the maximum removes its axis."
)
def keeps_an_axis_too_many(z, pieces):
    return z.reshape(len(z), -1, pieces).max(axis=2, keepdims=True)


@maxout.misconception(hint="Units and examples have changed places: the result is `(k, m)`. Examples stay in rows.")
def returns_the_transpose(z, pieces):
    return z.reshape(len(z), -1, pieces).max(axis=2).T


@maxout.misconception(
    hint="Only the first piece of each unit is returned. Compare it with the others and keep the largest."
)
def returns_the_first_piece(z, pieces):
    return z[:, ::pieces]


@maxout.misconception(
    hint="You return the piece of the largest absolute value. A large negative piece does not win: compare with signs."
)
def compares_absolute_values(z, pieces):
    groups = z.reshape(len(z), -1, pieces)
    return np.take_along_axis(groups, np.abs(groups).argmax(axis=2)[:, :, None], axis=2)[:, :, 0]


@maxout.alternative
def by_slices(z, pieces):
    result = z[:, 0::pieces]
    for i in range(1, pieces):
        result = np.maximum(result, z[:, i::pieces])
    return result


@maxout.alternative
def unit_by_unit(z, pieces):
    units = z.shape[1] // pieces
    out = np.empty((z.shape[0], units))
    for j in range(units):
        out[:, j] = z[:, j * pieces : (j + 1) * pieces].max(axis=1)
    return out


@maxout.alternative
def by_reduceat(z, pieces):
    return np.maximum.reduceat(z, np.arange(0, z.shape[1], pieces), axis=1)


@maxout.alternative
def by_splitting(z, pieces):
    return np.stack([part.max(axis=1) for part in np.split(z, z.shape[1] // pieces, axis=1)], axis=1)


@maxout.alternative
def with_python_lists(z, pieces):
    rows = [[max(row[i : i + pieces]) for i in range(0, len(row), pieces)] for row in z.tolist()]
    return np.array(rows)


EXERCISES = (relu, softmax, log_softmax, cross_entropy, dead_units, leaky_relu, elu, prelu_backward, maxout)
