"""How the exercises of lesson 07 are judged."""

# Wrong and right solutions are written the way students write them.
# ruff: noqa: B007, B905, C417, RUF005, RUF059

from __future__ import annotations

from typing import Any

import numpy as np

from autograde.check.cases import Call, Case, Equals, Property, Raises
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
    """Other numbers in the same shapes."""
    return {key: rng.standard_normal(np.shape(value)) for key, value in params.items()}


def examples(rng: Rng, m: int, n: int, dtype: Any = np.float64) -> tuple[Any, Any]:
    """m examples that differ in their first number, in no order, with quarters where they fit; labels 0 … 4."""
    X = rng.integers(0, 100, (m, n))
    X[:, 0] = rng.permutation(m)
    quarters = rng.integers(1, 4, (m, n)) / 4 if np.dtype(dtype).kind == "f" else 0
    return (X + quarters).astype(dtype), rng.integers(0, 5, m)


def small(m: int) -> tuple[Any, Any]:
    """A few examples that can be read: row i holds 10 i and 10 i + 1, its label is i."""
    return np.array([[10.0 * i, 10.0 * i + 1] for i in range(m)]), np.arange(m)


def shuffling(name: str, X: Any, y: Any, rng: Rng, times: int, label: str, *more: Any, **params: Any) -> Case:
    """The same examples, shuffled so many times with other seeds."""
    calls = tuple(Call(name, (X, y, *more, draws(rng))) for _ in range(times))
    return Case(label, calls, (Property("shuffles_pairs", params),))


def seeds(name: str, X: Any, y: Any, rng: Rng, *more: Any) -> Case:
    """Twice one seed, once another."""
    one, other = (StandIn("rng", {"seed": int(s)}) for s in rng.choice(2**31, 2, replace=False))
    calls = tuple(Call(name, (X, y, *more, generator)) for generator in (one, one, other))
    same = Property("same_results", {"first": 0, "second": 1})
    return Case(
        "the same seed again, and another seed", calls, (same, Property("different_results", {"first": 0, "second": 2}))
    )


def goes_on(name: str, X: Any, y: Any, rng: Rng, *more: Any) -> Case:
    """Twice one generator, which goes on."""
    shared = StandIn("rng", {"seed": int(rng.integers(2**31)), "shared": "rng"})
    calls = tuple(Call(name, (X, y, *more, shared)) for _ in range(2))
    label = "the same generator twice: a fresh shuffle"
    return Case(label, calls, (Property("different_results", {"first": 0, "second": 1}),))


# --- updates_per_epoch -----------------------------------------------------------------------------------------------

EXACT = (Equals(rtol=0.0, atol=0.0),)

updates_per_epoch = Exercise(
    "updates_per_epoch",
    points=1,
    hints=(
        "Ten examples in batches of four: 4, 4 and 2. How many batches are that?",
        "It is m / batch_size, rounded up, and an integer. `//` divides whole numbers too, but rounds down.",
        "Rounding down after adding `batch_size - 1` to m rounds up; so does `-(-m // batch_size)`.",
    ),
    not_checked=("batches larger than the set", "single examples", "large sets with a last batch of one"),
)


@updates_per_epoch.visible
def _(rng: Rng) -> Any:
    name = "updates_per_epoch"
    yield Case("ten examples in batches of four", (Call(name, (10, 4)),), EXACT)
    yield Case("batches that divide the set", (Call(name, (12, 4)),), EXACT)
    yield Case("five million in batches of a thousand", (Call(name, (5_000_000, 1000)),), EXACT)
    yield Case("eleven examples in batches of nine", (Call(name, (11, 9)),), EXACT)


@updates_per_epoch.hidden
def _(rng: Rng) -> Any:
    name = "updates_per_epoch"
    odd = int(rng.integers(3, 9))
    for label, m, batch_size in (
        ("one more than batches hold", 5_000_001, 1000),
        ("one fewer than batches hold", 4_999_999, 1000),
        ("a batch as large as the set", 569, 569),
        ("a batch larger than the set", 40, 64 + odd),
        ("a batch far larger than the set", 3, 10**6),
        ("single examples", 17 + odd, 1),
        ("a set of one", 1, 1),
        ("a set of one and a larger batch", 1, odd),
        ("a last batch of one", 64 * odd + 1, 64),
        ("a last batch that lacks one", 64 * odd - 1, 64),
        ("a last batch of half the size", 10 * odd + 5, 10),
    ):
        yield Case(label, (Call(name, (m, batch_size)),), EXACT)
    yield Case("arguments given by name", (Call(name, (), {"batch_size": 7, "m": 50}),), EXACT)


@updates_per_epoch.misconception("The last, smaller batch is an update too: `//` rounds down; round up.")
def the_last_batch_is_lost(m, batch_size):
    return m // batch_size


@updates_per_epoch.misconception("When the batches divide the set, nothing is left over: then there is no batch more.")
def always_one_more(m, batch_size):
    return m // batch_size + 1


@updates_per_epoch.misconception("A number of updates is a whole number. Round m / batch_size up.")
def not_rounded(m, batch_size):
    return m / batch_size


@updates_per_epoch.misconception("`round` goes to the nearest: a small last batch is lost. Round up.")
def rounded_to_the_nearest(m, batch_size):
    return round(m / batch_size)


@updates_per_epoch.misconception("The number is right, but it is a float: `np.ceil` returns one. Make it an int.")
def a_float(m, batch_size):
    return np.ceil(m / batch_size)


@updates_per_epoch.misconception("This is the size of the last batch, not the number of batches.")
def what_is_left_over(m, batch_size):
    return m % batch_size


@updates_per_epoch.misconception("An epoch is one pass over all examples; an update uses one batch of them.")
def an_epoch_is_one_update(m, batch_size):
    return 1


@updates_per_epoch.misconception("The fraction is upside down: how many batches go into the set?")
def upside_down(m, batch_size):
    return -(-batch_size // m)


@updates_per_epoch.alternative
def by_adding_first(m, batch_size):
    return (m + batch_size - 1) // batch_size


@updates_per_epoch.alternative
def by_rounding_up(m, batch_size):
    return int(np.ceil(m / batch_size))


@updates_per_epoch.alternative
def by_divmod(m, batch_size):
    full, rest = divmod(m, batch_size)
    return full + 1 if rest else full


@updates_per_epoch.alternative
def by_counting_a_range(m, batch_size):
    return len(range(0, m, batch_size))


@updates_per_epoch.alternative
def from_the_last_example(m, batch_size):
    return np.int64((m - 1) // batch_size + 1)


@updates_per_epoch.alternative
def with_a_bool(m, batch_size):
    return np.array(m // batch_size + (m % batch_size > 0))


# --- shuffle_together ------------------------------------------------------------------------------------------------

shuffle_together = Exercise(
    "shuffle_together",
    points=3,
    hints=(
        "Two arrays, one order. How can you make the order first, and use it twice?",
        "`rng.permutation(m)` holds 0 … m-1 in random order. An array indexed by it comes back in that order.",
        "`order = rng.permutation(len(X))`, then return `X[order]` and `y[order]` as a tuple.",
    ),
    not_checked=("larger sets", "a single example", "other dtypes"),
)


@shuffle_together.visible
def _(rng: Rng) -> Any:
    name = "shuffle_together"
    yield shuffling(name, *small(6), rng, 12, "six examples, with twelve seeds")
    yield shuffling(name, *small(3), rng, 60, "three examples, with sixty seeds")
    yield seeds(name, *small(30), rng)


@shuffle_together.hidden
def _(rng: Rng) -> Any:
    name = "shuffle_together"
    yield shuffling(name, *examples(rng, 2500, 1), rng, 26, "a large set")
    yield shuffling(name, *examples(rng, 3, 2), rng, 160, "all orders of three examples")
    yield shuffling(name, *examples(rng, 2, 3), rng, 60, "both orders of two examples")
    yield shuffling(name, *examples(rng, 4, 1), rng, 600, "all orders of four examples")
    yield shuffling(name, *examples(rng, 60, 5), rng, 20, "sixty examples")
    yield shuffling(name, *examples(rng, 30, 30), rng, 5, "as many features as examples")
    yield shuffling(name, *examples(rng, 40, 12, dtype=np.uint8), rng, 3, "pixels in uint8")
    yield shuffling(name, *examples(rng, 50, 3, dtype=np.float32), rng, 3, "float32")
    X, y = examples(rng, 50, 4)
    yield shuffling(name, X, y.astype(np.int8), rng, 3, "labels in one byte")
    yield shuffling(name, rng.integers(0, 2, (40, 2)), rng.permutation(40), rng, 3, "rows that repeat", key=1)
    yield Case("a single example", (Call(name, (np.array([[3.0, 1.0]]), np.array([2]), draws(rng))),))
    named = Call(name, (), {"rng": draws(rng), "y": y, "X": X})
    yield Case("arguments given by name", (named,), (Property("shuffles_pairs"),))
    yield seeds(name, X, y, rng)
    yield goes_on(name, X, y, rng)


@shuffle_together.misconception(
    "X and y are shuffled apart: each call of `rng.permutation` is another order. Draw one order and use it for both."
)
def shuffled_apart(X, y, rng):
    return rng.permutation(X), rng.permutation(y)


@shuffle_together.misconception("Only X is in a new order. The labels have to follow their rows.")
def only_the_rows(X, y, rng):
    return X[rng.permutation(len(X))], y.copy()


@shuffle_together.misconception("Only y is in a new order. The rows have to go with their labels.")
def only_the_labels(X, y, rng):
    return X.copy(), y[rng.permutation(len(y))]


@shuffle_together.misconception(
    "Your function changes the arrays of its caller: `rng.shuffle` works in place. Index with an order, which copies."
)
def in_place(X, y, rng):
    order = rng.permutation(len(X))
    X[:] = X[order]
    y[:] = y[order]
    return X, y


@shuffle_together.misconception(
    "Some examples come up twice and others are lost: `rng.integers` draws with replacement. Draw a permutation."
)
def with_replacement(X, y, rng):
    order = rng.integers(0, len(X), len(X))
    return X[order], y[order]


@shuffle_together.misconception("You shuffle the columns: examples are the rows, the first axis.")
def the_columns_are_shuffled(X, y, rng):
    order = rng.permutation(X.shape[-1])
    return X[..., order], y.copy()


@shuffle_together.misconception(
    "You draw from NumPy's global generator. Use the `rng` that is handed in, or no run can be repeated."
)
def the_global_generator(X, y, rng):
    order = np.random.permutation(len(X))
    return X[order], y[order]


@shuffle_together.misconception(
    "Every call gives the same order: your function makes a generator of its own. Draw from `rng`."
)
def a_seed_of_its_own(X, y, rng):
    order = np.random.default_rng(0).permutation(len(X))
    return X[order], y[order]


@shuffle_together.misconception("The order is still the given one: nothing is shuffled.")
def nothing_is_shuffled(X, y, rng):
    return X.copy(), y.copy()


@shuffle_together.misconception(
    "Neighbours stay neighbours: you cut the set at a random place, or turn it. That gives only m of all the orders."
)
def turned_by_a_random_number(X, y, rng):
    k = int(rng.integers(len(X)))
    return np.roll(X, k, axis=0), np.roll(y, k, axis=0)


@shuffle_together.misconception(
    "Some orders come up more often than others: when swapping place i with a place j, j may not come from all places. "
    "`rng.permutation` does it right."
)
def swaps_with_any_place(X, y, rng):
    order = np.arange(len(X))
    for i in range(len(order)):
        j = rng.integers(len(order))
        order[i], order[j] = order[j], order[i]
    return X[order], y[order]


@shuffle_together.misconception(
    "No example ever stays in its place, so many orders never come up. A place may be swapped with itself."
)
def never_stays_in_its_place(X, y, rng):
    order = np.arange(len(X))
    for i in range(len(order) - 1, 0, -1):
        j = rng.integers(i)
        order[i], order[j] = order[j], order[i]
    return X[order], y[order]


@shuffle_together.misconception(
    "The labels changed their type on the way: joined to X in one array they become floats. Index the two arrays apart."
)
def joined_in_one_array(X, y, rng):
    both = np.concatenate([X.reshape(len(X), -1), y.reshape(len(y), -1)], axis=1)
    both = both[rng.permutation(len(both))]
    n = X[0].size
    return both[:, :n].reshape(X.shape).astype(float), both[:, n:].reshape(y.shape).astype(float)


@shuffle_together.alternative
def by_random_keys(X, y, rng):
    order = np.argsort(rng.random(len(X)))
    return np.take(X, order, axis=0), np.take(y, order, axis=0)


@shuffle_together.alternative
def by_fisher_and_yates(X, y, rng):
    new_X, new_y = np.array(X), np.array(y)
    for i in range(len(new_X) - 1, 0, -1):
        j = int(rng.integers(0, i + 1))
        new_X[[i, j]] = new_X[[j, i]]
        new_y[[i, j]] = new_y[[j, i]]
    return new_X, new_y


@shuffle_together.alternative
def a_list_of_places_shuffled_in_place(X, y, rng):
    order = list(range(X.shape[0]))
    rng.shuffle(order)
    return np.stack([X[i] for i in order]), np.array([y[i] for i in order])


@shuffle_together.alternative
def by_choice_without_replacement(X, y, rng):
    order = rng.choice(len(y), size=len(y), replace=False)
    return tuple(array[order] for array in (X, y))


@shuffle_together.alternative
def the_same_generator_twice(X, y, rng):
    seed = int(rng.integers(2**62))
    new_X, new_y = X.copy(), y.copy()
    np.random.default_rng(seed).shuffle(new_X)
    np.random.default_rng(seed).shuffle(new_y)
    return new_X, new_y


# --- mini_batches ----------------------------------------------------------------------------------------------------

mini_batches = Exercise(
    "mini_batches",
    points=4,
    hints=(
        "Shuffle first. Where does each batch start, and what happens at the end?",
        "The batches start at `range(0, m, batch_size)`. A slice that goes beyond the end stops there by itself.",
        "After the check of `batch_size` and the shuffle: `[(X[i : i + batch_size], y[i : i + batch_size]) for i in "
        "range(0, len(X), batch_size)]`.",
    ),
    not_checked=("batches larger than the set", "a last batch of one", "other dtypes", "a negative batch_size"),
    groups={"values": 3, "errors": 1},
    equivalent=(Equivalent("if batch_size < 0:", "a step of 0 makes `range` raise a ValueError of its own"),),
)


@mini_batches.visible
def _(rng: Rng) -> Any:
    name = "mini_batches"
    yield shuffling(name, *small(7), rng, 12, "seven examples in batches of three", 3, batch_size=3, dtypes=True)
    yield shuffling(name, *small(6), rng, 12, "six examples in batches of two", 2, batch_size=2, dtypes=True)
    X, y = small(5)
    X, y = X.astype(np.float32), y.astype(np.int16)
    yield shuffling(name, X, y, rng, 8, "float32 and int16 stay", 2, batch_size=2, dtypes=True)
    yield seeds(name, *small(30), rng, 8)
    yield Case("batches of zero", (Call(name, (*small(4), 0, draws(rng))),), (Raises(),), "errors")


@mini_batches.hidden
def _(rng: Rng) -> Any:
    name = "mini_batches"

    def case(label: str, data: tuple[Any, Any], batch_size: int, times: int = 3, **params: Any) -> Case:
        how = {"batch_size": batch_size, "dtypes": True, **params}
        return shuffling(name, *data, rng, times, label, batch_size, **how)

    yield case("a large set in large batches", examples(rng, 2500, 1), 900, 26)
    yield case("all orders of three examples", examples(rng, 3, 2), 2, 160)
    yield case("a last batch of one", examples(rng, 31, 4), 10, 5)
    yield case("a last batch that lacks one", examples(rng, 39, 4), 10, 5)
    yield case("batches that divide the set", examples(rng, 40, 3), 8, 5)
    yield case("single examples", examples(rng, 23, 3), 1, 5)
    yield case("one batch of all", examples(rng, 20, 3), 20, 5)
    yield case("a batch larger than the set", examples(rng, 15, 3), 64, 5)
    yield case("two batches, the last of one", examples(rng, 21, 3), 20, 5)
    yield case("pixels in uint8", examples(rng, 25, 24, dtype=np.uint8), 7)
    yield case("float32", examples(rng, 20, 6, dtype=np.float32), 6)
    X, y = examples(rng, 33, 5)
    yield case("labels in one byte", (X, y.astype(np.uint8)), 8)
    yield case("whole numbers in X", (X.astype(np.int32), y), 10)
    yield case("float16", (X.astype(np.float16), y.astype(np.int8)), 12)
    yield case("rows that repeat", (rng.integers(0, 2, (33, 2)), rng.permutation(33)), 5, key=1)
    yield case("a single example", examples(rng, 1, 4), 1, 2)
    yield case("a single example and a larger batch", examples(rng, 1, 4), 5, 2)
    named = Call(name, (), {"rng": draws(rng), "batch_size": 9, "y": y, "X": X})
    yield Case("arguments given by name", (named,), (Property("shuffles_pairs", {"batch_size": 9, "dtypes": True}),))
    yield seeds(name, X, y, rng, 6)
    yield goes_on(name, X, y, rng, 6)
    for wrong in (0, -1, -8):
        yield Case("a batch_size below 1", (Call(name, (X, y, wrong, draws(rng))),), (Raises(),), "errors")


@mini_batches.misconception("The last, smaller batch is lost: its examples are never seen in this epoch.")
def the_last_batch_is_dropped(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    order = rng.permutation(len(X))
    X, y = X[order], y[order]
    full = len(X) // batch_size
    return [(X[i * batch_size : (i + 1) * batch_size], y[i * batch_size : (i + 1) * batch_size]) for i in range(full)]


@mini_batches.misconception(
    "There is an empty batch at the end when the batches divide the set. The mean loss of no examples is nan."
)
def an_empty_batch(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    order = rng.permutation(len(X))
    X, y = X[order], y[order]
    count = len(X) // batch_size + 1
    return [(X[i * batch_size : (i + 1) * batch_size], y[i * batch_size : (i + 1) * batch_size]) for i in range(count)]


@mini_batches.misconception("The batches come in the order of the set: shuffle before you cut.")
def not_shuffled(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    return [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


@mini_batches.misconception(
    "The batches themselves never change: you cut first and then shuffle the list. Shuffle the examples."
)
def only_the_batches_are_shuffled(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    starts = range(0, len(X), batch_size)
    batches = [(X[i : i + batch_size], y[i : i + batch_size]) for i in starts]
    last = batches.pop() if len(batches[-1][0]) < batch_size else None
    batches = [batches[i] for i in rng.permutation(len(batches))]
    return batches if last is None else batches + [last]


@mini_batches.misconception("X and y are shuffled apart, so labels stand beside rows of others. One order for both.")
def shuffled_apart(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    X, y = rng.permutation(X), rng.permutation(y)
    return [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


@mini_batches.misconception("A slice ends just before its second number: `batch_size - 1` loses an example a batch.")
def slices_end_too_early(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    order = rng.permutation(len(X))
    X, y = X[order], y[order]
    return [(X[i : i + batch_size - 1], y[i : i + batch_size - 1]) for i in range(0, len(X), batch_size)]


@mini_batches.misconception(
    "The batches have nearly equal sizes: `np.array_split` evens them out. All are full but the last."
)
def evened_out(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    order = rng.permutation(len(X))
    parts = np.array_split(order, -(-len(X) // batch_size))
    return [(X[part], y[part]) for part in parts]


@mini_batches.misconception("Some examples come up more than once: every batch is drawn from the whole set again.")
def each_batch_drawn_anew(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    batches = []
    for start in range(0, len(X), batch_size):
        rows = rng.choice(len(X), min(batch_size, len(X) - start), replace=False)
        batches.append((X[rows], y[rows]))
    return batches


@mini_batches.misconception(
    "The dtype changes: everything comes back as float64. Slices of the shuffled arrays keep the dtype they have."
)
def everything_as_float(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    order = rng.permutation(len(X))
    X, y = X[order].astype(float), y[order]
    return [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


@mini_batches.misconception("A batch is a pair (X_batch, y_batch): a tuple, not a list.")
def lists_for_tuples(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    order = rng.permutation(len(X))
    X, y = X[order], y[order]
    return [[X[i : i + batch_size], y[i : i + batch_size]] for i in range(0, len(X), batch_size)]


@mini_batches.misconception("There is no error for a batch_size below 1. Check it first and raise a ValueError.")
def any_size_goes(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    size = max(int(batch_size), 1)
    return [(X[order[i : i + size]], y[order[i : i + size]]) for i in range(0, len(X), size)]


@mini_batches.misconception("The remainder stands first. All batches are full but the last.")
def the_small_batch_first(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    order = rng.permutation(len(X))
    X, y = X[order], y[order]
    starts = [0] if len(X) % batch_size else []
    starts += list(range(len(X) % batch_size, len(X), batch_size))
    ends = starts[1:] + [len(X)]
    return [(X[a:b], y[a:b]) for a, b in zip(starts, ends)]


@mini_batches.alternative
def by_shuffle_together(X, y, batch_size, rng):
    if batch_size <= 0:
        raise ValueError("batch_size must be at least 1")
    X, y = shuffle_together(X, y, rng)
    batches, start = [], 0
    while start < len(X):
        stop = min(start + batch_size, len(X))
        batches.append((X[start:stop], y[start:stop]))
        start = stop
    return batches


@mini_batches.alternative
def by_split(X, y, batch_size, rng):
    if not batch_size >= 1:
        raise ValueError(batch_size)
    order = np.argsort(rng.random(len(X)), kind="stable")
    cuts = np.arange(batch_size, len(X), batch_size)
    return list(zip(np.split(X[order], cuts), np.split(y[order], cuts)))


@mini_batches.alternative
def by_places(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    left = rng.choice(len(y), len(y), replace=False).tolist()
    batches = []
    while left:
        rows, left = left[:batch_size], left[batch_size:]
        batches.append((X[rows], y[rows]))
    return batches


@mini_batches.alternative
def by_a_generator_inside(X, y, batch_size, rng):
    def pieces():
        order = rng.permutation(np.arange(len(X)))
        full, rest = divmod(len(order), batch_size)
        for k in range(full):
            yield order[k * batch_size : (k + 1) * batch_size]
        if rest:
            yield order[-rest:]

    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    return [(X[piece], y[piece]) for piece in pieces()]


# --- gradient_descent_step -------------------------------------------------------------------------------------------

gradient_descent_step = Exercise(
    "gradient_descent_step",
    points=2,
    hints=(
        "Which way does the gradient point, and which way do you want to go?",
        "Every array, weights and biases alike, becomes itself minus the learning rate times its gradient.",
        "`{key: params[key] - learning_rate * grads[key] for key in params}` makes a new dict with new arrays.",
    ),
    not_checked=("keys in another order", "arrays with three axes", "float32"),
)


@gradient_descent_step.visible
def _(rng: Rng) -> Any:
    name = "gradient_descent_step"
    params = {"W1": np.array([[1.0, -2.0], [3.0, 0.5]]), "b1": np.array([0.5, -1.0])}
    grads = {"W1": np.array([[0.5, 1.0], [-2.0, 0.0]]), "b1": np.array([1.0, -4.0])}
    yield Case("one layer", (Call(name, (params, grads, 0.1)),))
    params = {"gamma": np.array([1.0, 2.0]), "kernel": np.array([[3.0]])}
    grads = {"gamma": np.array([-1.0, 0.5]), "kernel": np.array([[4.0]])}
    yield Case("other names", (Call(name, (params, grads, 0.25)),))


@gradient_descent_step.hidden
def _(rng: Rng) -> Any:
    name = "gradient_descent_step"
    net = arrays(rng, W1=(5, 7), b1=(7,), W2=(7, 3), b2=(3,))
    grads = like(rng, net)
    yield Case("two layers", (Call(name, (net, grads, 0.3)),))
    turned = {key: grads[key] for key in reversed(grads)}
    yield Case("gradients listed in another order", (Call(name, (net, turned, 0.3)),))
    other = arrays(rng, beta=(4,), Wx=(3, 4), scale=(2, 2, 3), offset=(1,))
    yield Case("other names and shapes", (Call(name, (other, like(rng, other), 0.7)),))
    deep = arrays(rng, W10=(2, 3), b10=(3,), W2=(3, 2), b2=(2,), W1=(4, 3), b1=(3,))
    yield Case("layers in no order", (Call(name, (deep, like(rng, deep), 0.05)),))
    yield Case("a learning rate of 1", (Call(name, (net, grads, 1)),))
    yield Case("a learning rate of 0", (Call(name, (net, grads, 0.0)),))
    yield Case("a large learning rate", (Call(name, (net, grads, 250.0)),))
    nothing = {key: np.zeros_like(value) for key, value in net.items()}
    yield Case("gradients of zero", (Call(name, (net, nothing, 0.3)),))
    single = ({k: v.astype(np.float32) for k, v in part.items()} for part in (net, grads))
    yield Case("float32", (Call(name, (*single, 0.1)),))
    yield Case("a single number", (Call(name, ({"w": np.array([2.5])}, {"w": np.array([-3.0])}, 0.2)),))
    named = {"learning_rate": 0.6, "grads": grads, "params": net}
    yield Case("arguments given by name", (Call(name, (), named),))


@gradient_descent_step.misconception("The sign is wrong: plus climbs the cost. Descent subtracts the gradient.")
def it_climbs(params, grads, learning_rate):
    return {key: params[key] + learning_rate * grads[key] for key in params}


@gradient_descent_step.misconception(
    "Your function changes the caller's `params`: `-=` works in place, also after `dict(params)`, which copies the "
    "dict and not its arrays. Put `params[key] - …` into a new dict."
)
def changes_params(params, grads, learning_rate):
    for key in params:
        params[key] = params[key] - learning_rate * grads[key]
    return params


@gradient_descent_step.misconception("The learning rate is missing: you subtract the whole gradient.")
def the_learning_rate_is_forgotten(params, grads, learning_rate):
    return {key: params[key] - grads[key] for key in params}


@gradient_descent_step.misconception("The biases stay as they were. Every array has a gradient and takes a step.")
def only_weights(params, grads, learning_rate):
    return {key: params[key] - learning_rate * grads[key] if key.startswith("W") else params[key] for key in params}


@gradient_descent_step.misconception("The weights stay as they were: only keys that start with a small letter move.")
def only_biases(params, grads, learning_rate):
    return {key: params[key] if key.startswith("W") else params[key] - learning_rate * grads[key] for key in params}


@gradient_descent_step.misconception(
    "You ask for W1, b1, W2, … by number. Parameters may have other names: go through the keys that there are."
)
def layers_by_number(params, grads, learning_rate):
    new = {}
    for i in range(1, len(params) // 2 + 1):
        new[f"W{i}"] = params[f"W{i}"] - learning_rate * grads[f"W{i}"]
        new[f"b{i}"] = params[f"b{i}"] - learning_rate * grads[f"b{i}"]
    return new


@gradient_descent_step.misconception("This is the step alone. Subtract it from the parameters.")
def the_step_alone(params, grads, learning_rate):
    return {key: -learning_rate * grads[key] for key in params}


@gradient_descent_step.misconception(
    "Arrays are matched by their place in the dicts. Gradients may be listed in another order: match them by key."
)
def matched_by_place(params, grads, learning_rate):
    new = {}
    for (key, value), grad in zip(params.items(), grads.values()):
        new[key] = value - learning_rate * (grad if grad.shape == value.shape else grads[key] * 0)
    return new


@gradient_descent_step.misconception("You shrink the parameters themselves. The step follows the gradient.")
def shrinks_the_parameters(params, grads, learning_rate):
    return {key: params[key] * (1 - learning_rate) for key in params}


@gradient_descent_step.alternative
def in_a_loop(params, grads, learning_rate):
    new = {}
    for name, grad in grads.items():
        new[name] = np.subtract(params[name], np.multiply(learning_rate, grad))
    return new


@gradient_descent_step.alternative
def on_copies(params, grads, learning_rate):
    new = {key: value.copy() for key, value in params.items()}
    for key in new:
        new[key] -= learning_rate * grads[key]
    return new


@gradient_descent_step.alternative
def by_map(params, grads, learning_rate):
    keys = sorted(params)
    return dict(zip(keys, map(lambda key: params[key] + (-learning_rate) * grads[key], keys)))


# --- train -----------------------------------------------------------------------------------------------------------


def coded(m: int, n: int = 2) -> tuple[Any, Any]:
    """Rows that `counting_gradients` knows: 4**i, then the label of row i."""
    y = (7 * np.arange(m) + 3) % 10
    X = np.zeros((m, n))
    X[:, 0], X[:, 1] = 4.0 ** np.arange(m), y
    return X, y


def counted(m: int, **extra: Any) -> tuple[StandIn, StandIn, Params]:
    """Gradients and a step that betray, and their parameters."""
    params = {"updates": np.array([0.0]), "trace": np.array([1.0, 0.25])} | extra
    return StandIn("counting_gradients", {"rows": m}), StandIn("counting_step", {}), params


def run(rng: Rng, label: str, m: int, batch_size: int, epochs: int, n: int = 2, times: int = 4, **extra: Any) -> Case:
    """So many runs of `train` that tell what it did."""
    X, y = coded(m, n)
    gradients, step, params = counted(m, **extra)
    calls = tuple(Call("train", (params, X, y, gradients, step, draws(rng), epochs, batch_size)) for _ in range(times))
    return Case(label, calls, (Property("trains_on_all", {"batch_size": batch_size, "epochs": epochs}),))


def smooth(rng: Rng, m: int, n: int, batch_size: int, epochs: int, label: str, **shapes: tuple[int, ...]) -> Case:
    """A run on one batch of all, where no order matters."""
    X, y = rng.standard_normal((m, n)), rng.integers(0, 4, m)
    gradients = StandIn("rowwise_gradients", {"u": 0.3 * rng.random(n), "v": rng.random(n), "turned": True})
    step = StandIn("plain_step", {"rate": 0.05})
    args = (arrays(rng, **shapes), X, y, gradients, step, draws(rng), epochs, batch_size)
    return Case(label, (Call("train", args),), (Equals(sequences=("[1]",)),))


train = Exercise(
    "train",
    points=5,
    hints=(
        "Two loops, one inside the other. What is done once an epoch, and what once an update?",
        "Once an epoch: new mini-batches. Once an update: loss and gradients of the batch, keep the loss, then `step`.",
        "`for _ in range(epochs): for X_batch, y_batch in mini_batches(X, y, batch_size, rng): …`; inside, call "
        "`gradients(params, X_batch, y_batch)`, append the loss, and let `params = step(params, grads)`.",
    ),
    not_checked=("other batch sizes", "more features", "parameters with other names"),
)


@train.visible
def _(rng: Rng) -> Any:
    yield run(rng, "seven examples in batches of three, six epochs", 7, 3, 6)
    yield run(rng, "six examples in batches of two", 6, 2, 8)
    yield smooth(rng, 3, 2, 3, 4, "one batch of all three examples", w=(2,), b=(1,))


@train.hidden
def _(rng: Rng) -> Any:
    yield run(rng, "many epochs and seeds", 12, 3, 12, times=12)
    yield run(rng, "a last batch of one", 13, 4, 10)
    yield run(rng, "a last batch that lacks one", 11, 6, 10)
    yield run(rng, "single examples", 9, 1, 8)
    yield run(rng, "two batches", 12, 6, 12)
    yield run(rng, "one epoch, many seeds", 12, 4, 1, times=24)
    yield run(rng, "one batch of all", 8, 8, 5)
    yield run(rng, "a batch larger than the set", 8, 50, 5)
    yield run(rng, "as many features as examples", 10, 4, 8, 10)
    yield run(rng, "other parameters beside", 10, 3, 8, W1=rng.standard_normal((3, 2)), gamma=rng.random(4))
    yield run(rng, "a single example", 1, 1, 4)
    yield smooth(rng, 9, 4, 9, 7, "a cost that depends on everything", kernel=(4, 3), gamma=(3,), offset=(2, 1, 2))
    yield smooth(rng, 6, 3, 64, 5, "the same with a batch larger than the set", W1=(3, 2), b1=(2,))
    X, y = coded(10)
    gradients, step, params = counted(10)
    named = {"params": params, "X": X, "y": y, "gradients": gradients, "step": step}
    named |= {"batch_size": 4, "epochs": 6, "rng": draws(rng)}
    how = Property("trains_on_all", {"batch_size": 4, "epochs": 6})
    yield Case("arguments given by name", (Call("train", (), named),), (how,))
    one, other = (StandIn("rng", {"seed": int(s)}) for s in rng.choice(2**31, 2, replace=False))
    calls = tuple(Call("train", (params, X, y, gradients, step, r, 5, 3)) for r in (one, one, other))
    same = Property("same_results", {"first": 0, "second": 1})
    unlike = Property("different_results", {"first": 0, "second": 2})
    yield Case("the same seed again, and another seed", calls, (same, unlike))
    shared = StandIn("rng", {"seed": int(rng.integers(2**31)), "shared": "rng"})
    calls = tuple(Call("train", (params, X, y, gradients, step, shared, 5, 3)) for _ in range(2))
    yield Case("the same generator twice", calls, (Property("different_results", {"first": 0, "second": 1}),))


@train.misconception(
    "Every epoch has the same batches: they are made once, before the loop, or each time with the same seed. Shuffle "
    "afresh in every epoch, with the `rng` that goes on."
)
def shuffled_once(params, X, y, gradients, step, rng, epochs, batch_size):
    losses, batches = [], mini_batches(X, y, batch_size, rng)
    for _ in range(epochs):
        for X_batch, y_batch in batches:
            loss, grads = gradients(params, X_batch, y_batch)
            losses.append(loss)
            params = step(params, grads)
    return params, losses


@train.misconception("The rows are never shuffled: every epoch goes through them in the order of the set.")
def never_shuffled(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for i in range(0, len(X), batch_size):
            loss, grads = gradients(params, X[i : i + batch_size], y[i : i + batch_size])
            losses.append(loss)
            params = step(params, grads)
    return params, losses


@train.misconception("The batches stay the same and only their order changes. Shuffle the examples in every epoch.")
def only_the_order_of_batches(params, X, y, gradients, step, rng, epochs, batch_size):
    losses, batches = [], mini_batches(X, y, batch_size, rng)
    full = [i for i, batch in enumerate(batches) if len(batch[0]) == len(batches[0][0])]
    for _ in range(epochs):
        for i in [*rng.permutation(full), *range(len(full), len(batches))]:
            loss, grads = gradients(params, *batches[i])
            losses.append(loss)
            params = step(params, grads)
    return params, losses


@train.misconception("Each loss is measured after its update. Keep the one that `gradients` returned before it.")
def the_loss_after_the_update(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            _, grads = gradients(params, X_batch, y_batch)
            params = step(params, grads)
            losses.append(gradients(params, X_batch, y_batch)[0])
    return params, losses


@train.misconception("There is one loss an epoch. An epoch is not an update: keep the loss of every batch.")
def one_loss_an_epoch(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, X_batch, y_batch)
            params = step(params, grads)
        losses.append(loss)
    return params, losses


@train.misconception("`epochs` counts your updates. An epoch is a pass over all batches: two loops, one in the other.")
def an_epoch_is_an_update(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        X_batch, y_batch = mini_batches(X, y, batch_size, rng)[0]
        loss, grads = gradients(params, X_batch, y_batch)
        losses.append(loss)
        params = step(params, grads)
    return params, losses


@train.misconception(
    "Every update sees the whole set: `X` and `y` are handed to `gradients` inside the loop over the batches."
)
def the_whole_set_every_time(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, X, y)
            losses.append(loss)
            params = step(params, grads)
    return params, losses


@train.misconception("What `step` returns is thrown away, so nothing is learned: `params = step(params, grads)`.")
def the_step_is_thrown_away(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, X_batch, y_batch)
            losses.append(loss)
            step(params, grads)
    return params, losses


@train.misconception("The updates start from the given parameters in every epoch: do not go back to the first ones.")
def starts_again_every_epoch(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        now = params
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(now, X_batch, y_batch)
            losses.append(loss)
            now = step(now, grads)
    return now, losses


@train.misconception("The parameters before the last update come back; return those that the last `step` gave.")
def the_last_update_is_lost(params, X, y, gradients, step, rng, epochs, batch_size):
    losses, before = [], params
    for _ in range(epochs):
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            before = params
            loss, grads = gradients(params, X_batch, y_batch)
            losses.append(loss)
            params = step(params, grads)
    return before, losses


@train.misconception("The last, smaller batch is skipped in every epoch.")
def the_last_batch_is_skipped(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            if len(X_batch) == batch_size:
                loss, grads = gradients(params, X_batch, y_batch)
                losses.append(loss)
                params = step(params, grads)
    return params, losses


@train.misconception("One gradient, taken before the epoch, is used for all its updates. Take one for every batch.")
def one_gradient_an_epoch(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        start = params
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(start, X_batch, y_batch)
            losses.append(loss)
            params = step(params, grads)
    return params, losses


@train.misconception("The labels are shuffled apart from the rows: one order for both.")
def labels_of_others(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        X, y = rng.permutation(X), rng.permutation(y)
        for i in range(0, len(X), batch_size):
            loss, grads = gradients(params, X[i : i + batch_size], y[i : i + batch_size])
            losses.append(loss)
            params = step(params, grads)
    return params, losses


@train.misconception(
    "The caller's dict is overwritten: `params[key] = …` and `params.update(…)` change it. Bind a new name instead."
)
def the_dict_is_overwritten(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, X_batch, y_batch)
            losses.append(loss)
            params.update(step(params, grads))
    return params, losses


@train.misconception("The first epoch goes through the rows as given. It needs a shuffle as much as the others.")
def shuffled_after_the_epoch(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for epoch in range(epochs):
        for i in range(0, len(X), batch_size):
            loss, grads = gradients(params, X[i : i + batch_size], y[i : i + batch_size])
            losses.append(loss)
            params = step(params, grads)
        order = rng.permutation(len(X))
        X, y = X[order], y[order]
    return params, losses


@train.misconception("The results come back the wrong way round: first the parameters, then the losses.")
def the_wrong_way_round(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, X_batch, y_batch)
            losses.append(loss)
            params = step(params, grads)
    return losses, params


@train.alternative
def without_earlier_functions(params, X, y, gradients, step, rng, epochs, batch_size):
    count = -(-len(X) // batch_size)
    losses = np.zeros(epochs * count)
    for update in range(epochs * count):
        epoch, batch = divmod(update, count)
        if batch == 0:
            order = rng.permutation(len(X))
        rows = order[batch * batch_size : (batch + 1) * batch_size]
        losses[update], grads = gradients(params, X[rows], y[rows])
        params = step(params, grads)
    return params, losses


@train.alternative
def shuffled_on_and_on(params, X, y, gradients, step, rng, epochs, batch_size):
    now, losses, X, y = {**params}, [], X.copy(), y.copy()
    order = np.arange(len(y))
    for _ in range(epochs):
        rng.shuffle(order)
        start = 0
        while start < len(y):
            rows = order[start : start + batch_size]
            loss, grads = gradients(now, X[rows], y[rows])
            losses += [np.asarray(loss)]
            now = step(now, grads)
            start += batch_size
    return now, losses


@train.alternative
def all_orders_first(params, X, y, gradients, step, rng, epochs, batch_size):
    orders = [np.argsort(rng.random(len(X))) for _ in range(epochs)]
    batches = [order[i : i + batch_size] for order in orders for i in range(0, len(X), batch_size)]
    history = []
    for rows in batches:
        gradients(params, X, y)
        history.append(gradients(params, X[rows], y[rows]))
        params = step(params, history[-1][1])
    return params, [loss for loss, _ in history]


@train.alternative
def by_recursion(params, X, y, gradients, step, rng, epochs, batch_size):
    def epoch(now, left, losses):
        if not left:
            return now, losses
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(now, X_batch, y_batch)
            now, losses = step(now, grads), losses + [float(loss)]
        return epoch(now, left - 1, losses)

    return epoch(params, epochs, [])


# --- accumulate_gradients --------------------------------------------------------------------------------------------


def accumulation(
    rng: Rng,
    label: str,
    m: int,
    micro_batch: int,
    n: int,
    turned: bool = False,
    dtype: Any = np.float64,
    **shapes: Any,
) -> Case:
    """One call with gradients that take no more rows at once than a micro-batch holds."""
    X, y = rng.normal(1, 1, (m, n)).astype(dtype), rng.integers(0, 9, m)
    how = {"u": rng.random(n), "v": rng.random(n), "limit": micro_batch, "turned": turned}
    params = {key: value.astype(dtype) for key, value in arrays(rng, **shapes).items()}
    args = (StandIn("rowwise_gradients", how), params, X, y, micro_batch)
    return Case(label, (Call("accumulate_gradients", args),))


accumulate_gradients = Exercise(
    "accumulate_gradients",
    points=4,
    hints=(
        "`gradients` returns a mean over the rows it was given. How much does it count among all rows?",
        "The full mean is a sum over all rows, divided by m. A micro-batch's sum is its mean times its rows.",
        "Start from zeros under every key. For each micro-batch add `len(X_micro) / len(X)` times its gradient.",
    ),
    not_checked=("parameters with other names", "micro-batches larger than the set"),
)


@accumulate_gradients.visible
def _(rng: Rng) -> Any:
    yield accumulation(rng, "five examples, two at a time", 5, 2, 2, w=(2,), b=(1,))
    yield accumulation(rng, "six examples, three at a time", 6, 3, 2, w=(2,), b=(1,))
    yield accumulation(rng, "four examples, one at a time", 4, 1, 1, W=(1, 2))


@accumulate_gradients.hidden
def _(rng: Rng) -> Any:
    net = {"W1": (4, 5), "b1": (5,), "W2": (5, 3), "b2": (3,)}
    yield accumulation(rng, "a last micro-batch of one", 21, 5, 4, **net)
    yield accumulation(rng, "a last micro-batch that lacks one", 19, 5, 4, **net)
    yield accumulation(rng, "micro-batches that divide the set", 20, 5, 4, **net)
    yield accumulation(rng, "one row at a time", 13, 1, 4, **net)
    yield accumulation(rng, "all rows at once", 12, 12, 4, **net)
    yield accumulation(rng, "micro-batches larger than the set", 7, 40, 4, **net)
    yield accumulation(rng, "a single row", 1, 1, 4, **net)
    yield accumulation(rng, "a single row and a larger micro-batch", 1, 8, 4, **net)
    yield accumulation(rng, "two micro-batches, the last far smaller", 11, 9, 4, **net)
    yield accumulation(rng, "gradients listed in another order", 17, 4, 4, turned=True, **net)
    yield accumulation(rng, "other names and shapes", 17, 6, 3, gamma=(3,), kernel=(2, 2, 3), offset=(1,))
    yield accumulation(rng, "as many features as rows", 14, 4, 14, W1=(15, 2), b1=(2,))
    yield accumulation(rng, "float32", 14, 4, 3, dtype=np.float32, W1=(3, 2), b1=(2,))
    n, m = 3, 10
    X, y = rng.normal(1, 1, (m, n)), rng.integers(0, 9, m)
    how = StandIn("rowwise_gradients", {"u": rng.random(n), "v": rng.random(n), "limit": 4})
    named = {"micro_batch": 4, "y": y, "X": X, "params": arrays(rng, w=(3,), b=(1,)), "gradients": how}
    yield Case("arguments given by name", (Call("accumulate_gradients", (), named),))


@accumulate_gradients.misconception(
    "All micro-batches count alike, also the last one, whose few rows then count too much. Weight each by its rows."
)
def means_of_means(gradients, params, X, y, micro_batch):
    total, count = {key: np.zeros(np.shape(value)) for key, value in params.items()}, 0
    for i in range(0, len(X), micro_batch):
        _, grads = gradients(params, X[i : i + micro_batch], y[i : i + micro_batch])
        total = {key: total[key] + grads[key] for key in total}
        count += 1
    return {key: value / count for key, value in total.items()}


@accumulate_gradients.misconception("The means are added up and not divided: your result grows with their number.")
def only_added_up(gradients, params, X, y, micro_batch):
    total = {key: np.zeros(np.shape(value)) for key, value in params.items()}
    for i in range(0, len(X), micro_batch):
        _, grads = gradients(params, X[i : i + micro_batch], y[i : i + micro_batch])
        total = {key: total[key] + grads[key] for key in total}
    return total


@accumulate_gradients.misconception("This is the sum over all rows. The mean is that divided by m.")
def the_sum_over_rows(gradients, params, X, y, micro_batch):
    total = {key: np.zeros(np.shape(value)) for key, value in params.items()}
    for i in range(0, len(X), micro_batch):
        X_micro, y_micro = X[i : i + micro_batch], y[i : i + micro_batch]
        _, grads = gradients(params, X_micro, y_micro)
        total = {key: total[key] + len(X_micro) * grads[key] for key in total}
    return total


@accumulate_gradients.misconception(
    "`gradients` returns means already, and you divide their sum by m once more: multiply each by its rows first."
)
def divided_twice(gradients, params, X, y, micro_batch):
    total = {key: np.zeros(np.shape(value)) for key, value in params.items()}
    for i in range(0, len(X), micro_batch):
        _, grads = gradients(params, X[i : i + micro_batch], y[i : i + micro_batch])
        total = {key: total[key] + grads[key] / len(X) for key in total}
    return total


@accumulate_gradients.misconception(
    "Every micro-batch is weighted as if it were full. Use the number of rows that the last one really has."
)
def the_last_one_counts_as_full(gradients, params, X, y, micro_batch):
    total = {key: np.zeros(np.shape(value)) for key, value in params.items()}
    for i in range(0, len(X), micro_batch):
        _, grads = gradients(params, X[i : i + micro_batch], y[i : i + micro_batch])
        total = {key: total[key] + micro_batch / len(X) * grads[key] for key in total}
    return total


@accumulate_gradients.misconception("The last, smaller micro-batch is left out. Its rows belong to the mean.")
def the_last_one_is_left_out(gradients, params, X, y, micro_batch):
    total, rows = {key: np.zeros(np.shape(value)) for key, value in params.items()}, 0
    for i in range(0, len(X) - micro_batch + 1, micro_batch):
        _, grads = gradients(params, X[i : i + micro_batch], y[i : i + micro_batch])
        total = {key: total[key] + micro_batch * grads[key] for key in total}
        rows += micro_batch
    return {key: value / max(rows, 1) for key, value in total.items()}


@accumulate_gradients.misconception("All rows go to `gradients` at once, and they do not fit. Hand over a few a time.")
def all_at_once(gradients, params, X, y, micro_batch):
    return gradients(params, X, y)[1]


@accumulate_gradients.misconception("Only the last micro-batch is left in your result: add to a total.")
def only_the_last_one(gradients, params, X, y, micro_batch):
    for i in range(0, len(X), micro_batch):
        _, grads = gradients(params, X[i : i + micro_batch], y[i : i + micro_batch])
    return grads


@accumulate_gradients.misconception("Only the gradients are asked for: a dict, without the loss.")
def with_the_loss(gradients, params, X, y, micro_batch):
    cost, total = 0.0, {key: np.zeros(np.shape(value)) for key, value in params.items()}
    for i in range(0, len(X), micro_batch):
        X_micro, y_micro = X[i : i + micro_batch], y[i : i + micro_batch]
        loss, grads = gradients(params, X_micro, y_micro)
        cost += len(X_micro) / len(X) * loss
        total = {key: total[key] + len(X_micro) / len(X) * grads[key] for key in total}
    return cost, total


@accumulate_gradients.misconception(
    "Parameters move between the micro-batches. Accumulating means that all gradients are taken at the same params."
)
def steps_in_between(gradients, params, X, y, micro_batch):
    total, now = {key: np.zeros(np.shape(value)) for key, value in params.items()}, params
    for i in range(0, len(X), micro_batch):
        X_micro, y_micro = X[i : i + micro_batch], y[i : i + micro_batch]
        _, grads = gradients(now, X_micro, y_micro)
        total = {key: total[key] + len(X_micro) / len(X) * grads[key] for key in total}
        now = {key: now[key] - 0.1 * grads[key] for key in now}
    return total


@accumulate_gradients.misconception("The labels always come from the start of `y`: cut it where you cut X.")
def labels_from_the_start(gradients, params, X, y, micro_batch):
    total = {key: np.zeros(np.shape(value)) for key, value in params.items()}
    for i in range(0, len(X), micro_batch):
        X_micro = X[i : i + micro_batch]
        _, grads = gradients(params, X_micro, y[: len(X_micro)])
        total = {key: total[key] + len(X_micro) / len(X) * grads[key] for key in total}
    return total


@accumulate_gradients.alternative
def sums_first(gradients, params, X, y, micro_batch):
    sums = {}
    for start in range(0, len(y), micro_batch):
        X_micro, y_micro = X[start : start + micro_batch], y[start : start + micro_batch]
        for key, grad in gradients(params, X_micro, y_micro)[1].items():
            sums[key] = sums.get(key, 0) + len(y_micro) * grad
    return {key: value / len(y) for key, value in sums.items()}


@accumulate_gradients.alternative
def even_parts_in_any_order(gradients, params, X, y, micro_batch):
    rows = np.random.default_rng(0).permutation(len(X))
    parts = np.array_split(rows, -(-len(X) // micro_batch))
    found = [gradients(params, X[part], y[part])[1] for part in parts]
    weights = [len(part) / len(X) for part in parts]
    return {key: sum(w * grads[key] for w, grads in zip(weights, found)) for key in params}


@accumulate_gradients.alternative
def a_running_mean(gradients, params, X, y, micro_batch):
    mean, seen = None, 0
    while seen < len(X):
        X_micro, y_micro = X[seen : seen + micro_batch], y[seen : seen + micro_batch]
        _, grads = gradients(params, X_micro, y_micro)
        seen += len(X_micro)
        share = len(X_micro) / seen
        mean = grads if mean is None else {k: mean[k] + share * (grads[k] - mean[k]) for k in grads}
    return mean


@accumulate_gradients.alternative
def row_by_row(gradients, params, X, y, micro_batch):
    grads = [gradients(params, X[i : i + 1], y[i : i + 1])[1] for i in range(len(X))]
    return {key: np.mean([g[key] for g in grads], axis=0) for key in grads[0]}


EXERCISES: tuple[Exercise, ...] = (
    updates_per_epoch,
    shuffle_together,
    mini_batches,
    gradient_descent_step,
    train,
    accumulate_gradients,
)
