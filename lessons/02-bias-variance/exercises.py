"""How the exercises of lesson 02 are judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograde.check.cases import Call, Case, Equals, Property, Raises
from autograde.check.codec import StandIn
from autograde.judge.catalogue import Equivalent, Exercise


def draws(rng: np.random.Generator) -> StandIn:
    """A generator for a student's function, with a seed of its own."""
    return StandIn("rng", {"seed": int(rng.integers(2**31))})


# --- error_rate ------------------------------------------------------------------------------------------------------

error_rate = Exercise(
    "error_rate",
    points=1,
    hints=(
        "An example counts as an error when the two labels differ, by however much they differ.",
        "`y_true != y_pred` is an array of bools, True where the labels differ.",
        "The mean of bools is the share of True: take `np.mean` of that comparison.",
    ),
    not_checked=("labels of other integer types", "labels below zero"),
)


@error_rate.visible
def _(rng):
    yield Case(
        "four examples, one of them wrong",
        (Call("error_rate", (np.array([0, 1, 2, 2]), np.array([0, 1, 0, 2]))),),
    )
    yield Case(
        "two classes, three errors among eight examples",
        (Call("error_rate", (np.array([1, 1, 1, 0, 0, 0, 0, 0]), np.array([1, 0, 1, 1, 1, 0, 0, 0]))),),
    )
    yield Case("no error at all", (Call("error_rate", (np.array([3, 1, 3]), np.array([3, 1, 3]))),))


@error_rate.hidden
def _(rng):
    y = rng.integers(0, 10, 137)
    guess = np.where(rng.random(137) < 0.3, rng.integers(0, 10, 137), y)
    yield Case("ten classes", (Call("error_rate", (y, guess)),))
    yield Case("every label wrong", (Call("error_rate", (y, (y + 3) % 10)),))
    yield Case("one example, wrong", (Call("error_rate", (np.array([4]), np.array([1]))),))
    yield Case("one example, right", (Call("error_rate", (np.array([4]), np.array([4]))),))
    signs = rng.choice([-1, 1], 41)
    flipped = np.where(np.arange(41) % 4 == 0, -signs, signs)
    yield Case("labels below zero", (Call("error_rate", (signs, flipped)),))
    small = rng.integers(0, 200, 60).astype(np.uint8)
    other = np.where(np.arange(60) % 3 == 0, small + np.uint8(1), small).astype(np.uint8)
    yield Case("labels without a sign", (Call("error_rate", (small, other)),))
    yield Case("two types of integers", (Call("error_rate", (small.astype(np.int16), other.astype(np.int64))),))
    yield Case("labels given by name", (Call("error_rate", (), {"y_pred": guess, "y_true": y}),))
    swapped = np.array([0, 1] * 15)
    yield Case("as many errors of one kind as of the other", (Call("error_rate", (swapped, 1 - swapped)),))


@error_rate.misconception(
    hint="This is the accuracy, the share of labels that are right. The error rate counts those that differ."
)
def the_accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)


@error_rate.misconception(hint="This is the number of errors. Divide by the number of examples to get a rate.")
def the_number_of_errors(y_true, y_pred):
    return np.sum(y_true != y_pred)


@error_rate.misconception(
    hint="This is the mean distance between labels. Labels are names: class 3 taken for class 1 is one error, not two."
)
def the_mean_distance_of_labels(y_true, y_pred):
    return np.mean(np.abs(y_true.astype(int) - y_pred.astype(int)))


@error_rate.misconception(
    hint="This is the mean squared difference of the labels. Labels are names: an error counts one, whichever it is."
)
def the_mean_squared_difference(y_true, y_pred):
    return np.mean((y_true.astype(float) - y_pred.astype(float)) ** 2)


@error_rate.misconception(
    hint="Errors of one kind cancel those of the other: you take the mean of signed differences. Compare with `!=`."
)
def errors_that_cancel(y_true, y_pred):
    return abs(np.mean(y_true.astype(float)) - np.mean(y_pred.astype(float)))


@error_rate.misconception(hint="This is a percentage. A rate lies between 0 and 1: leave out the factor 100.")
def a_percentage(y_true, y_pred):
    return 100 * np.mean(y_true != y_pred)


@error_rate.misconception(
    hint="Only errors in which the prediction is larger than the label are counted. Both kinds of error count."
)
def one_kind_of_error_only(y_true, y_pred):
    return np.mean(y_pred > y_true)


@error_rate.misconception(
    hint="Your result is 1 as soon as one label is wrong: the arrays are compared as wholes. Compare entry by entry."
)
def the_arrays_as_wholes(y_true, y_pred):
    return float(not np.array_equal(y_true, y_pred))


@error_rate.misconception(
    hint="You divide by the number of errors or of classes, not of examples. The rate is errors / len(y_true)."
)
def divides_by_the_number_of_classes(y_true, y_pred):
    return np.sum(y_true != y_pred) / len(np.unique(y_true))


@error_rate.alternative
def by_a_loop(y_true, y_pred):
    errors = 0
    for t, p in zip(y_true, y_pred, strict=True):
        if t != p:
            errors += 1
    return errors / len(y_true)


@error_rate.alternative
def one_minus_the_accuracy(y_true, y_pred):
    return 1 - float((y_true == y_pred).sum()) / y_true.size


@error_rate.alternative
def by_counting_nonzero_differences(y_true, y_pred):
    return np.array(np.count_nonzero(np.subtract(y_true, y_pred)) / y_true.shape[0])


@error_rate.alternative
def in_single_precision(y_true, y_pred):
    return np.not_equal(y_true, y_pred).astype(np.float32).mean()


# --- train_dev_test_split --------------------------------------------------------------------------------------------

split = Exercise(
    "train_dev_test_split",
    points=5,
    groups={"values": 4, "errors": 1},
    hints=(
        "Do not shuffle `X` and `y`. Shuffle the numbers 0 … m-1 of the examples, and use them to index both.",
        "`order = rng.permutation(m)`. The first `round(dev_fraction * m)` of them are the dev part's, the next "
        "`round(test_fraction * m)` the test part's, and the rest is for training.",
        "`np.split(order, [n_dev, n_dev + n_test])` gives three arrays of indices; `X[dev]` and `y[dev]` belong "
        "together. Before that, raise a ValueError if `m - n_dev - n_test < 1`.",
    ),
    not_checked=("fractions of 0", "fractions that leave one training example, or less than none", "other label types"),
)


def numbered(m: int, columns: int = 2) -> np.ndarray:
    """Rows that tell their number: example i holds 10 i, 10 i + 1, …"""
    return 10.0 * np.arange(m)[:, np.newaxis] + np.arange(columns)


def split_call(X: Any, y: Any, generator: StandIn, *fractions: float) -> Call:
    """A call with the fractions by position."""
    return Call("train_dev_test_split", (X, y, generator, *fractions))


def split_case(label: str, call: Call, sizes: Sequence[int]) -> Case:
    """The call's result must be a split into parts of these sizes."""
    return Case(label, (call,), (Property("is_split", {"sizes": list(sizes)}),))


def split_seeds(rng: np.random.Generator, m: int, sizes: Sequence[int]) -> Case:
    """Twice the same seed, then another one; no part may be a block."""
    one, other = draws(rng), draws(rng)
    X, y = numbered(m), np.arange(m) % 3
    return Case(
        "generators with equal and with different seeds",
        tuple(split_call(X, y, generator) for generator in (one, one, other)),
        (
            Property("is_split", {"sizes": list(sizes), "calls": [0, 1, 2]}),
            Property("same_results", {"first": 0, "second": 1}),
            Property("no_blocks", {"sizes": list(sizes), "calls": [0, 1, 2]}),
            Property("different_results", {"first": 0, "second": 2}),
        ),
    )


def no_training_example(label: str, m: int, dev: float, test: float, rng: np.random.Generator) -> Case:
    """Fractions that leave nothing to train on must raise."""
    call = split_call(numbered(m), np.arange(m) % 2, draws(rng), dev, test)
    return Case(label, (call,), (Raises("ValueError"),), group="errors")


@split.visible
def _(rng):
    y = np.array([0, 1, 1, 0, 2, 1, 0, 2, 2, 0, 1, 1, 2])
    yield split_case("13 examples, the fractions left at 0.2", split_call(numbered(13), y, draws(rng)), (7, 3, 3))
    call = Call("train_dev_test_split", (numbered(11), y[:11], draws(rng)), {"dev_fraction": 0.3, "test_fraction": 0.1})
    yield split_case("11 examples, 0.3 for dev and 0.1 for test", call, (7, 3, 1))
    call = split_call(numbered(10), y[:10], draws(rng), 0.25, 0.25)
    yield split_case("10 examples, 0.25 each: Python's round(2.5) is 2", call, (6, 2, 2))
    call = split_call(numbered(5), y[:5], draws(rng), 0.5, 0.5)
    yield split_case("5 examples, 0.5 each: rounding leaves one to train on", call, (1, 2, 2))
    yield split_seeds(rng, 60, (36, 12, 12))
    yield no_training_example("4 examples, 0.5 for dev and 0.5 for test: none is left", 4, 0.5, 0.5, rng)


@split.hidden
def _(rng):
    X, y = numbered(12, 1), np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2])
    many = tuple(split_call(X, y, draws(rng), 0.25, 0.25) for _ in range(150))
    calls = list(range(len(many)))
    yield Case(
        "many generators: every example must be able to go to every part, and alone",
        many,
        (
            Property("is_split", {"sizes": [6, 3, 3], "calls": calls}),
            Property("random_split", {"sizes": [6, 3, 3], "calls": calls}),
        ),
    )
    few = tuple(split_call(numbered(3), np.array([1, 0, 1]), draws(rng), 1 / 3, 1 / 3) for _ in range(70))
    options = {"sizes": [1, 1, 1], "calls": list(range(len(few)))}
    yield Case(
        "three examples and many generators: each must be able to go to every part, and to stay in its place",
        few,
        (Property("is_split", options), Property("random_split", options)),
    )
    yield split_seeds(rng, 100, (60, 20, 20))
    X = rng.standard_normal((203, 3)).astype(np.float32)
    call = split_call(X, rng.integers(0, 5, 203).astype(np.int8), draws(rng), 0.1, 0.35)
    yield split_case("single precision and small integers", call, (112, 20, 71))
    call = split_call(rng.standard_normal((9, 40)), np.arange(9), draws(rng), 0.4, 0.2)
    yield split_case("more columns than rows, every label different", call, (3, 4, 2))
    call = split_call(rng.integers(0, 256, (30, 4), dtype=np.uint8), rng.choice([-1, 1], 30), draws(rng))
    yield split_case("whole numbers as inputs, labels below zero", call, (18, 6, 6))
    call = split_call(numbered(17, 1), np.arange(17) % 2 == 0, draws(rng), 0.15, 0.2)
    yield split_case("one column, labels that are bools", call, (11, 3, 3))
    twins = np.repeat(rng.standard_normal((8, 2)), 3, axis=0)
    call = split_call(twins, np.arange(24) % 2, draws(rng), 0.3, 0.3)
    yield split_case("rows that come more than once", call, (10, 7, 7))
    call = Call(
        "train_dev_test_split",
        (),
        {"X": numbered(21), "y": np.arange(21) % 4, "rng": draws(rng), "test_fraction": 0.4, "dev_fraction": 0.1},
    )
    yield split_case("all arguments by name", call, (11, 2, 8))
    call = split_call(numbered(8), np.arange(8) % 2, draws(rng), 0.25, 0.0)
    yield split_case("no test part", call, (6, 2, 0))
    call = split_call(numbered(8), np.arange(8) % 2, draws(rng), 0.0, 0.375)
    yield split_case("no dev part", call, (5, 0, 3))
    yield split_case("a single example", split_call(numbered(1), np.array([1]), draws(rng)), (1, 0, 0))
    call = split_call(numbered(21), np.arange(21) % 2, draws(rng), 0.5, 0.5)
    yield split_case("fractions of which rounding leaves one training example", call, (1, 10, 10))
    yield no_training_example("fractions that add up to one", 14, 0.25, 0.75, rng)
    yield no_training_example("fractions below one of which rounding leaves no training example", 2, 0.45, 0.45, rng)
    yield no_training_example("fractions that ask for more than there is", 3, 0.5, 0.5, rng)
    yield no_training_example("a dev part of everything", 6, 1.0, 0.0, rng)
    yield no_training_example("a test part of everything", 6, 0.0, 1.0, rng)
    yield no_training_example("fractions far above one", 10, 0.8, 0.7, rng)


@split.misconception(
    hint="Nothing is shuffled: the parts are blocks of `X` in the order it came, and a file sorted by class would put "
    "whole classes into one part. Let `rng.permutation(m)` decide."
)
def cuts_without_shuffling(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    n_dev, n_test = round(dev_fraction * m), round(test_fraction * m)
    n = m - n_dev - n_test
    if n < 1:
        raise ValueError("no training example is left")
    return X[:n], y[:n], X[n : n + n_dev], y[n : n + n_dev], X[n + n_dev :], y[n + n_dev :]


@split.misconception(
    hint="The test part is always the end of `X`: only the rest is shuffled. All examples must have the same chance to "
    "get into each part."
)
def the_test_part_is_the_end(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    n_dev, n_test = round(dev_fraction * m), round(test_fraction * m)
    if m - n_dev - n_test < 1:
        raise ValueError("no training example is left")
    order = rng.permutation(m - n_test)
    dev, train, test = order[:n_dev], order[n_dev:], np.arange(m - n_test, m)
    return X[train], y[train], X[dev], y[dev], X[test], y[test]


@split.misconception(
    hint="The rows of `X` are shuffled and the labels are not: every row now carries a stranger's label. Shuffle "
    "indices, and use them for both."
)
def the_labels_stay_where_they_were(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    n_dev, n_test = round(dev_fraction * m), round(test_fraction * m)
    n = m - n_dev - n_test
    if n < 1:
        raise ValueError("no training example is left")
    X = rng.permutation(X)
    return X[:n], y[:n], X[n : n + n_dev], y[n : n + n_dev], X[n + n_dev :], y[n + n_dev :]


@split.misconception(
    hint="`X` and `y` are shuffled one after the other, each in an order of its own. Draw one permutation and index "
    "both with it."
)
def shuffles_rows_and_labels_apart(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    n_dev, n_test = round(dev_fraction * m), round(test_fraction * m)
    n = m - n_dev - n_test
    if n < 1:
        raise ValueError("no training example is left")
    X, y = rng.permutation(X), rng.permutation(y)
    return X[:n], y[:n], X[n : n + n_dev], y[n : n + n_dev], X[n + n_dev :], y[n + n_dev :]


@split.misconception(
    hint="Your sizes are cut off, not rounded: `int(2.6)` is 2 and `round(2.6)` is 3. `//` cuts off, too."
)
def sizes_are_cut_off(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    n_dev, n_test = int(dev_fraction * m), int(test_fraction * m)
    if m - n_dev - n_test < 1:
        raise ValueError("no training example is left")
    dev, test, train = np.split(rng.permutation(m), [n_dev, n_dev + n_test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]


@split.misconception(hint="Your sizes are rounded up. Asked for is `round(fraction * m)`, which goes to the nearest.")
def sizes_are_rounded_up(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    import math

    m = len(X)
    n_dev, n_test = math.ceil(dev_fraction * m), math.ceil(test_fraction * m)
    if m - n_dev - n_test < 1:
        raise ValueError("no training example is left")
    dev, test, train = np.split(rng.permutation(m), [n_dev, n_dev + n_test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]


@split.misconception(
    hint="You round halves up. Python's `round` takes a half to the even neighbour: `round(2.5)` is 2. Use it as it is."
)
def halves_are_rounded_up(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    n_dev, n_test = int(dev_fraction * m + 0.5), int(test_fraction * m + 0.5)
    if m - n_dev - n_test < 1:
        raise ValueError("no training example is left")
    dev, test, train = np.split(rng.permutation(m), [n_dev, n_dev + n_test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]


@split.misconception(
    hint="You round the training part's size and give the test part what is left. Round the dev and the test part; the "
    "training part gets the rest."
)
def the_training_size_is_rounded(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    n, n_dev = round((1 - dev_fraction - test_fraction) * m), round(dev_fraction * m)
    if n < 1:
        raise ValueError("no training example is left")
    train, dev, test = np.split(rng.permutation(m), [n, n + n_dev])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]


@split.misconception(
    hint="The dev part is a fraction of what the test part left over. Both fractions are of all `m` examples."
)
def a_fraction_of_the_rest(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    n_test = round(test_fraction * m)
    n_dev = round(dev_fraction * (m - n_test))
    if m - n_dev - n_test < 1:
        raise ValueError("no training example is left")
    dev, test, train = np.split(rng.permutation(m), [n_dev, n_dev + n_test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]


@split.misconception(
    hint="Dev and test have changed places: the second pair returned has the test part's size. The order is train, "
    "dev, test."
)
def dev_and_test_are_swapped(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    n_dev, n_test = round(dev_fraction * m), round(test_fraction * m)
    if m - n_dev - n_test < 1:
        raise ValueError("no training example is left")
    dev, test, train = np.split(rng.permutation(m), [n_dev, n_dev + n_test])
    return X[train], y[train], X[test], y[test], X[dev], y[dev]


@split.misconception(
    hint="You return the three X and then the three y. The order asked for is in pairs: X_train, y_train, X_dev, "
    "y_dev, X_test, y_test."
)
def all_inputs_first(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    n_dev, n_test = round(dev_fraction * m), round(test_fraction * m)
    if m - n_dev - n_test < 1:
        raise ValueError("no training example is left")
    dev, test, train = np.split(rng.permutation(m), [n_dev, n_dev + n_test])
    return X[train], X[dev], X[test], y[train], y[dev], y[test]


@split.misconception(
    hint="The parts overlap: an example is in dev and in test, because both are cut from the same end. The second cut "
    "starts where the first one ends."
)
def dev_and_test_overlap(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    n_dev, n_test = round(dev_fraction * m), round(test_fraction * m)
    n = m - n_dev - n_test
    if n < 1:
        raise ValueError("no training example is left")
    order = rng.permutation(m)
    train, dev, test = order[:n], order[m - n_dev :], order[m - n_test :]
    return X[train], y[train], X[dev], y[dev], X[test], y[test]


@split.misconception(
    hint="The same example is drawn more than once, and others never: `rng.choice(m, m)` and `rng.integers` draw with "
    "replacement. A permutation has every number once."
)
def draws_with_replacement(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    n_dev, n_test = round(dev_fraction * m), round(test_fraction * m)
    n = m - n_dev - n_test
    if n < 1:
        raise ValueError("no training example is left")
    train, dev, test = np.split(rng.choice(m, m), [n, n + n_dev])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]


@split.misconception(
    hint="Each example draws its part by itself, so that the sizes are a matter of luck. Cut one permutation at fixed "
    "places."
)
def every_example_draws_its_own_part(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    if m - round(dev_fraction * m) - round(test_fraction * m) < 1:
        raise ValueError("no training example is left")
    u = rng.random(m)
    dev, test = u < dev_fraction, (u >= dev_fraction) & (u < dev_fraction + test_fraction)
    train = ~dev & ~test
    return X[train], y[train], X[dev], y[dev], X[test], y[test]


@split.misconception(
    hint="`rng` is not used: `np.random` draws from a generator that the whole program shares. Use `rng.permutation`."
)
def the_global_generator(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    n_dev, n_test = round(dev_fraction * m), round(test_fraction * m)
    if m - n_dev - n_test < 1:
        raise ValueError("no training example is left")
    dev, test, train = np.split(np.random.permutation(m), [n_dev, n_dev + n_test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]


@split.misconception(
    hint="Your split is the same for every generator: it makes one of its own, with a fixed seed. Draw from `rng`."
)
def a_seed_of_its_own(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    rng = np.random.default_rng(42)
    m = len(X)
    n_dev, n_test = round(dev_fraction * m), round(test_fraction * m)
    if m - n_dev - n_test < 1:
        raise ValueError("no training example is left")
    dev, test, train = np.split(rng.permutation(m), [n_dev, n_dev + n_test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]


@split.misconception(
    hint="`rng.shuffle` works in place and shuffles the caller's own data. Shuffle indices instead, or a copy."
)
def shuffles_the_callers_data(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    n_dev, n_test = round(dev_fraction * m), round(test_fraction * m)
    n = m - n_dev - n_test
    if n < 1:
        raise ValueError("no training example is left")
    for i in range(m - 1, 0, -1):
        j = int(rng.integers(0, i + 1))
        X[[i, j]], y[[i, j]] = X[[j, i]], y[[j, i]]
    return X[:n], y[:n], X[n : n + n_dev], y[n : n + n_dev], X[n + n_dev :], y[n + n_dev :]


@split.misconception(
    hint="The split is right. When the fractions leave no training example, it must raise a ValueError: check "
    "m - n_dev - n_test before you cut."
)
def never_raises(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    n_dev, n_test = round(dev_fraction * m), round(test_fraction * m)
    dev, test, train = np.split(rng.permutation(m), [n_dev, n_dev + n_test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]


@split.misconception(
    hint="You check the sum of the fractions. Rounding decides, too: count the training examples that are left, and "
    "raise only if there is none."
)
def checks_the_sum_of_the_fractions(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    if dev_fraction + test_fraction >= 1:
        raise ValueError("the fractions add up to 1 or more")
    m = len(X)
    n_dev, n_test = round(dev_fraction * m), round(test_fraction * m)
    dev, test, train = np.split(rng.permutation(m), [n_dev, n_dev + n_test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]


@split.alternative
def by_sorting_random_numbers_and_slices(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = X.shape[0]
    sizes = [round(m * f) for f in (dev_fraction, test_fraction)]
    n = m - sum(sizes)
    if n <= 0:
        raise ValueError(f"nothing is left to train on: {m} examples, fractions {dev_fraction} and {test_fraction}")
    order = np.argsort(rng.random(m))
    a, b, c = order[:n], order[n : n + sizes[0]], order[n + sizes[0] :]
    return X[a], y[a], X[b], y[b], X[c], y[c]


@split.alternative
def by_choice_without_replacement_and_masks(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    n_dev, n_test = int(np.round(dev_fraction * m)), int(np.round(test_fraction * m))
    if n_dev + n_test >= m:
        raise ValueError("test_fraction and dev_fraction leave no training example")
    part = np.zeros(m, dtype=int)
    part[rng.choice(m, n_test, replace=False)] = 2
    part[rng.choice(np.flatnonzero(part == 0), n_dev, replace=False)] = 1
    masks = [part == k for k in range(3)]
    return tuple(array[mask] for mask in masks for array in (X, y))


@split.alternative
def by_a_loop_that_deals_out_numbers(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    left = list(range(len(X)))
    dev, test = [], []
    for part, fraction in ((test, test_fraction), (dev, dev_fraction)):
        for _ in range(round(fraction * len(X))):
            if len(left) <= 1:
                raise ValueError("no example is left for training")
            part.append(left.pop(int(rng.integers(len(left)))))
    picked = [np.array(sorted(p), dtype=int) for p in (left, dev, test)]
    return tuple(a.take(p, axis=0) for p in picked for a in (X, y))


@split.alternative
def by_shuffling_a_table_of_both(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    n_dev, n_test = round(dev_fraction * m), round(test_fraction * m)
    n_train = m - n_dev - n_test
    if not n_train > 0:
        raise ValueError("dev_fraction is too large")
    table = np.column_stack([X, y]).astype(np.float64)
    rng.shuffle(table, axis=0)
    parts = np.vsplit(table, [n_train, n_train + n_dev])
    return tuple(p for part in parts for p in (part[:, :-1], part[:, -1].astype(int)))


# --- stratified_indices ----------------------------------------------------------------------------------------------

stratified = Exercise(
    "stratified_indices",
    points=4,
    hints=(
        "Go through the classes one by one: `np.unique(y)` lists them. For each, which positions of `y` hold it?",
        "`members = np.flatnonzero(y == label)`. Shuffle the members and keep the first `round(fraction * "
        "len(members))`.",
        "`rng.permutation(members)[:n]` for every class, collected in a list; `np.concatenate` joins them at the end.",
    ),
    not_checked=("labels with gaps or below zero", "classes that get no place in the sample", "a fraction of 1"),
)


def shares(y: np.ndarray, fraction: float) -> list[list[int]]:
    """``[label, round(fraction * count)]`` for every label, in order."""
    return [[label, round(fraction * n)] for label, n in sorted(Counter(y.tolist()).items())]


def stratified_case(label: str, y: np.ndarray, fraction: float, rng: np.random.Generator) -> Case:
    """The call's result must be a stratified sample."""
    call = Call("stratified_indices", (y, fraction, draws(rng)))
    return Case(label, (call,), (Property("is_stratified", {"counts": shares(y, fraction)}),))


def stratified_seeds(y: np.ndarray, fraction: float, rng: np.random.Generator) -> Case:
    """Twice the same seed, then another one."""
    one, other = draws(rng), draws(rng)
    return Case(
        "generators with equal and with different seeds",
        tuple(Call("stratified_indices", (y, fraction, generator)) for generator in (one, one, other)),
        (
            Property("is_stratified", {"counts": shares(y, fraction), "calls": [0, 1, 2]}),
            Property("same_results", {"first": 0, "second": 1}),
            Property("no_runs", {"counts": shares(y, fraction), "calls": [0, 1, 2]}),
            Property("different_results", {"first": 0, "second": 2}),
        ),
    )


def mixed(counts: dict[int, int], rng: np.random.Generator) -> np.ndarray:
    """So many of each label, shuffled."""
    return rng.permutation(np.repeat(list(counts), list(counts.values())))


@stratified.visible
def _(rng):
    y = np.array([2, 5, 2, 9, 2, 5, 5, 2, 2, 9, 5, 2, 2, 9, 2, 5, 2, 5, 9, 2])
    yield stratified_case("half of 10, 6 and 4 examples", y, 0.5, rng)
    y = np.array([2, 0, 0, 1, 0, 1, 0, 2, 0, 1, 0, 3, 0, 2, 1, 0, 0, 1, 0])
    yield stratified_case("a quarter of 10, 5, 3 and 1: 2.5, 1.25, 0.75 and 0.25, rounded", y, 0.25, rng)
    yield stratified_seeds(np.arange(100) % 2, 0.5, rng)


@stratified.hidden
def _(rng):
    y = np.array([1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1])
    many = tuple(Call("stratified_indices", (y, 0.5, draws(rng))) for _ in range(250))
    options = {"counts": shares(y, 0.5), "calls": list(range(len(many)))}
    yield Case(
        "many generators: all members of a class must have the same chance, independently",
        many,
        (Property("is_stratified", options), Property("random_stratified", options)),
    )
    yield stratified_seeds(mixed({0: 50, 3: 60}, rng), 0.4, rng)
    yield stratified_case("labels with gaps", mixed({2: 13, 5: 9, 40: 30}, rng), 0.3, rng)
    yield stratified_case("labels below zero", mixed({-1: 25, 1: 14}, rng), 0.4, rng)
    yield stratified_case("a rare class that gets no place", mixed({0: 90, 1: 2, 2: 31}, rng), 0.1, rng)
    yield stratified_case("a rare class that gets one place", mixed({0: 90, 1: 3, 2: 31}, rng), 0.2, rng)
    yield stratified_case("sorted labels", np.repeat([0, 1, 2, 3], [11, 7, 23, 4]), 0.6, rng)
    yield stratified_case(
        "small integers without a sign", mixed({0: 21, 7: 33, 255: 17}, rng).astype(np.uint8), 0.7, rng
    )
    yield stratified_case("a fraction of one", mixed({0: 7, 1: 5}, rng), 1.0, rng)
    yield stratified_case("halves to round, in both directions", mixed({0: 5, 1: 7, 2: 9, 3: 11}, rng), 0.5, rng)
    yield stratified_case("a single class", np.full(19, 4), 0.25, rng)
    yield stratified_case("ten classes of unequal size", mixed({k: 12 + 3 * k for k in range(10)}, rng), 0.35, rng)
    y = mixed({0: 40, 1: 8}, rng)
    call = Call("stratified_indices", (), {"rng": draws(rng), "fraction": 0.2, "y": y})
    yield Case("arguments by name", (call,), (Property("is_stratified", {"counts": shares(y, 0.2)}),))


@stratified.misconception(
    hint="The sample has the right size, but the classes share it as luck has it: you draw from all examples at once. "
    "Draw from each class by itself."
)
def ignores_the_classes(y, fraction, rng):
    return rng.permutation(len(y))[: round(fraction * len(y))]


@stratified.misconception(
    hint="Every class gets the same number of examples. Stratified means the same share: a class that is twice as "
    "large gets twice as many."
)
def the_same_number_of_every_class(y, fraction, rng):
    labels = np.unique(y)
    n = round(fraction * len(y) / len(labels))
    return np.concatenate([rng.permutation(np.flatnonzero(y == label))[:n] for label in labels])


@stratified.misconception(
    hint="Some indices come twice: `rng.choice` draws with replacement unless you say `replace=False`."
)
def draws_with_replacement(y, fraction, rng):
    chosen = []
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        chosen.append(rng.choice(members, round(fraction * len(members))))
    return np.concatenate(chosen)


@stratified.misconception(
    hint="The numbers per class are cut off, not rounded: `int(0.75)` is 0, `round(0.75)` is 1. A small class vanishes."
)
def numbers_are_cut_off(y, fraction, rng):
    chosen = []
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        chosen.append(rng.permutation(members)[: int(fraction * len(members))])
    return np.concatenate(chosen)


@stratified.misconception(hint="The numbers per class are rounded up. Asked for is `round(fraction * count)`.")
def numbers_are_rounded_up(y, fraction, rng):
    import math

    chosen = []
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        chosen.append(rng.permutation(members)[: math.ceil(fraction * len(members))])
    return np.concatenate(chosen)


@stratified.misconception(
    hint="You round halves up. Python's `round` takes a half to the even neighbour: `round(2.5)` is 2. Use it as it is."
)
def halves_are_rounded_up(y, fraction, rng):
    chosen = []
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        chosen.append(rng.permutation(members)[: int(fraction * len(members) + 0.5)])
    return np.concatenate(chosen)


@stratified.misconception(
    hint="At least one of every class is taken. That is a sensible wish, but the rule here is `round(fraction * "
    "count)`, which can be 0."
)
def at_least_one_of_every_class(y, fraction, rng):
    chosen = []
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        chosen.append(rng.permutation(members)[: max(1, round(fraction * len(members)))])
    return np.concatenate(chosen)


@stratified.misconception(
    hint="These are positions within each class, not in `y`: you shuffled 0 … count-1. Use them to index the members, "
    "`members[...]`."
)
def positions_within_the_class(y, fraction, rng):
    chosen = []
    for label in np.unique(y):
        count = int((y == label).sum())
        chosen.append(rng.permutation(count)[: round(fraction * count)])
    return np.concatenate(chosen)


@stratified.misconception(
    hint="You always take the first members of each class: nothing is random. Shuffle the members before you cut."
)
def the_first_of_every_class(y, fraction, rng):
    chosen = []
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        chosen.append(members[: round(fraction * len(members))])
    return np.sort(np.concatenate(chosen))


@stratified.misconception(
    hint="The sample is the same for every generator: a generator is made inside the function. Draw from `rng`."
)
def a_seed_of_its_own(y, fraction, rng):
    rng = np.random.default_rng(0)
    chosen = []
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        chosen.append(rng.permutation(members)[: round(fraction * len(members))])
    return np.concatenate(chosen)


@stratified.misconception(
    hint="`rng` is not used: `np.random` draws from a generator that the whole program shares. Use `rng.permutation`."
)
def the_global_generator(y, fraction, rng):
    chosen = []
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        chosen.append(np.random.permutation(members)[: round(fraction * len(members))])
    return np.concatenate(chosen)


@stratified.misconception(
    hint="This is a mask of bools. Asked for are the indices: `np.flatnonzero(mask)` turns one into the other."
)
def a_mask_for_the_indices(y, fraction, rng):
    mask = np.zeros(len(y), dtype=bool)
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        mask[rng.permutation(members)[: round(fraction * len(members))]] = True
    return mask


@stratified.misconception(hint="This is a list. Indices come as one array: `np.concatenate` joins the classes' arrays.")
def a_list(y, fraction, rng):
    chosen = []
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        chosen += list(rng.permutation(members)[: round(fraction * len(members))])
    return chosen


@stratified.misconception(
    hint="You count on labels 0 … k-1. Other labels are never found: go through `np.unique(y)` itself."
)
def labels_are_taken_for_zero_to_k(y, fraction, rng):
    chosen = []
    for label in range(len(np.unique(y))):
        members = np.flatnonzero(y == label)
        chosen.append(rng.permutation(members)[: round(fraction * len(members))])
    return np.concatenate(chosen)


@stratified.alternative
def by_choice_without_replacement(y, fraction, rng):
    parts = [np.where(y == c)[0] for c in set(y.tolist())]
    picked = [rng.choice(p, size=round(fraction * p.size), replace=False) for p in parts]
    return rng.permutation(np.hstack(picked))


@stratified.alternative
def by_one_pass_through_a_shuffled_set(y, fraction, rng):
    from collections import Counter

    quota = {label: round(fraction * n) for label, n in Counter(y.tolist()).items()}
    chosen = []
    for i in rng.permutation(len(y)):
        if quota[int(y[i])] > 0:
            quota[int(y[i])] -= 1
            chosen.append(int(i))
    return np.array(chosen)


@stratified.alternative
def by_sorting_random_keys_within_classes(y, fraction, rng):
    order = np.lexsort((rng.random(len(y)), y))
    _, starts, counts = np.unique(y[order], return_index=True, return_counts=True)
    keep = [order[s : s + round(fraction * int(n))] for s, n in zip(starts, counts, strict=True)]
    return np.sort(np.concatenate(keep)).astype(np.int32)


# --- accuracy_standard_error -----------------------------------------------------------------------------------------

standard_error = Exercise(
    "accuracy_standard_error",
    points=1,
    hints=(
        "One example is right with probability p: a coin. What is the variance of a coin that shows 0 or 1?",
        "The variance of one coin is `p * (1 - p)`. The mean of m coins has that variance divided by m.",
        "The standard error is the root of the whole: `np.sqrt(accuracy * (1 - accuracy) / m)`.",
    ),
    not_checked=("accuracies of 0 and 1", "a single example"),
)


@standard_error.visible
def _(rng):
    yield Case("an accuracy of 0.8 on 100 examples", (Call("accuracy_standard_error", (0.8, 100)),))
    yield Case("an accuracy of 0.5 on 64 examples", (Call("accuracy_standard_error", (0.5, 64)),))
    yield Case("an accuracy of 0.99 on 10,000 examples", (Call("accuracy_standard_error", (0.99, 10_000)),))


@standard_error.hidden
def _(rng):
    for label, p in (("a low accuracy", 0.07), ("a high accuracy", 0.931), ("one near a half", 0.45)):
        yield Case(label, (Call("accuracy_standard_error", (p, int(rng.integers(50, 5000)))),))
    yield Case("an accuracy of one", (Call("accuracy_standard_error", (1.0, 40)),))
    yield Case("an accuracy of zero", (Call("accuracy_standard_error", (0.0, 40)),))
    yield Case("a single example", (Call("accuracy_standard_error", (0.6, 1)),))
    yield Case("two examples", (Call("accuracy_standard_error", (0.25, 2)),))
    yield Case("a million examples", (Call("accuracy_standard_error", (0.7, 1_000_000)),))
    yield Case("arguments by name", (Call("accuracy_standard_error", (), {"m": 300, "accuracy": 0.83}),))
    yield Case("whole numbers", (Call("accuracy_standard_error", (1, 12)),))
    yield Case("NumPy's numbers", (Call("accuracy_standard_error", (np.float64(0.615), np.int64(1407))),))


@standard_error.misconception(hint="This is the variance of the accuracy. Its root is the standard error.")
def the_variance(accuracy, m):
    return accuracy * (1 - accuracy) / m


@standard_error.misconception(
    hint="The root ends too early: the number of examples belongs under it. The error falls with sqrt(m), not with m."
)
def the_root_ends_too_early(accuracy, m):
    return np.sqrt(accuracy * (1 - accuracy)) / m


@standard_error.misconception(
    hint="This is the standard deviation of one example. The mean of m examples varies less: divide by m under the "
    "root."
)
def the_spread_of_one_example(accuracy, m):
    return np.sqrt(accuracy * (1 - accuracy))


@standard_error.misconception(
    hint="You divide by m - 1. The formula here has m; with one example yours is not even a number."
)
def divides_by_one_less(accuracy, m):
    return np.sqrt(accuracy * (1 - accuracy) / (m - 1))


@standard_error.misconception(
    hint="This is 1.96 standard errors, half the width of a 95 % interval. Asked for is one standard error."
)
def half_of_a_95_percent_interval(accuracy, m):
    return 1.96 * np.sqrt(accuracy * (1 - accuracy) / m)


@standard_error.misconception(
    hint="The factor 1 - p is missing. A classifier that is always right has no spread: at p = 1 the result must be 0."
)
def forgets_the_failures(accuracy, m):
    return np.sqrt(accuracy / m)


@standard_error.misconception(
    hint="This is sqrt(m p (1-p)), the spread of the number of right answers. For their share, divide by m."
)
def the_spread_of_the_count(accuracy, m):
    return np.sqrt(m * accuracy * (1 - accuracy))


@standard_error.misconception(
    hint="1 / (2 sqrt(m)) is the largest it can be, at p = 0.5. The accuracy matters: put p (1 - p) under the root."
)
def the_worst_case(accuracy, m):
    return 0.5 / np.sqrt(m)


@standard_error.alternative
def by_a_power(accuracy, m):
    return ((accuracy - accuracy**2) / m) ** 0.5


@standard_error.alternative
def by_the_standard_library(accuracy, m):
    import math

    return math.sqrt(accuracy) * math.sqrt(1 - accuracy) / math.sqrt(m)


@standard_error.alternative
def by_the_spread_of_two_values(accuracy, m):
    values, weights = np.array([0.0, 1.0]), np.array([1 - accuracy, accuracy])
    mean = weights @ values
    return np.asarray(np.sqrt(weights @ (values - mean) ** 2 / m))


# --- diagnose --------------------------------------------------------------------------------------------------------

diagnose = Exercise(
    "diagnose",
    points=3,
    hints=(
        "Two differences decide. Which of the three errors does each of them take?",
        "`bias = train_error - optimal_error` and `variance = dev_error - train_error`; each is high if it is larger "
        "than `tolerance`. Both can be.",
        'Look at the case that both are high first, then at each alone, and return "just right" at the end.',
    ),
    not_checked=("a dev error below the training error", "errors exactly at the tolerance", "a tolerance of 0"),
)


@diagnose.visible
def _(rng):
    yield Case("1 % and 11 %", (Call("diagnose", (0.01, 0.11)),))
    yield Case("15 % and 16 %", (Call("diagnose", (0.15, 0.16)),))
    yield Case("15 % and 30 %", (Call("diagnose", (0.15, 0.30)),))
    yield Case("0.5 % and 1 %", (Call("diagnose", (0.005, 0.01)),))
    yield Case(
        "15 % and 16 %, where the best possible is 14 %", (Call("diagnose", (0.15, 0.16), {"optimal_error": 0.14}),)
    )
    yield Case("12 % and 5 %, where the best possible is 11 %", (Call("diagnose", (0.12, 0.05, 0.11)),))
    call = Call("diagnose", (0.06, 0.10), {"optimal_error": 0.03, "tolerance": 0.05})
    yield Case("6 % and 10 %, 3 % optimal, a tolerance of 5 %", (call,))


@diagnose.hidden
def _(rng):
    name = "diagnose"
    yield Case("a difficult task, both gaps large", (Call(name, (0.35, 0.55, 0.25)),))
    yield Case("a difficult task, training close to the best possible", (Call(name, (0.26, 0.36, 0.25)),))
    yield Case("a difficult task, both gaps small", (Call(name, (0.26, 0.27, 0.25)),))
    yield Case("a difficult task, bias alone", (Call(name, (0.32, 0.33), {"optimal_error": 0.25}),))
    yield Case("a dev error below the training error", (Call(name, (0.10, 0.03, 0.09)),))
    yield Case("a dev error below a high training error", (Call(name, (0.20, 0.12)),))
    yield Case("a training error below the best possible", (Call(name, (0.02, 0.03, 0.10)),))
    yield Case("a training error below the best possible, and a large gap", (Call(name, (0.02, 0.09, 0.10)),))
    yield Case("a dev error near the best possible", (Call(name, (0.00, 0.11, 0.10)),))
    yield Case("a wide tolerance, by position", (Call(name, (0.09, 0.17, 0.0, 0.1)),))
    yield Case("a narrow tolerance", (Call(name, (0.010, 0.019), {"tolerance": 0.005}),))
    yield Case("a tolerance of zero, bias alone", (Call(name, (0.125, 0.125), {"tolerance": 0}),))
    yield Case("a tolerance of zero, variance alone", (Call(name, (0.25, 0.5, 0.25, 0.0)),))
    yield Case("a tolerance of zero, small gaps", (Call(name, (0.2578125, 0.265625, 0.25), {"tolerance": 0}),))
    yield Case("no error at all and a tolerance of zero", (Call(name, (0.0, 0.0), {"tolerance": 0.0}),))
    yield Case("a bias of exactly the tolerance", (Call(name, (0.375, 0.5, 0.25), {"tolerance": 0.125}),))
    yield Case("a variance of exactly the tolerance", (Call(name, (0.5, 0.75, 0.125), {"tolerance": 0.25}),))
    yield Case("just above the default tolerance", (Call(name, (0.021, 0.0421)),))
    yield Case("just below the default tolerance", (Call(name, (0.019, 0.0379)),))
    arguments = {"tolerance": 0.03, "optimal_error": 0.04, "dev_error": 0.16, "train_error": 0.05}
    yield Case("all arguments by name", (Call(name, (), arguments),))
    yield Case("NumPy's numbers", (Call(name, (np.float64(0.08), np.float64(0.21), np.float64(0.01))),))
    yield Case("gaps of many tolerances", (Call(name, (0.5, 1.0), {"optimal_error": 0.0}),))


@diagnose.misconception(
    hint="You never return both: an `elif` (or an early return) makes high bias hide high variance. Both at once is "
    "possible, and common."
)
def both_at_once_is_thought_impossible(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    if train_error - optimal_error > tolerance:
        return "high bias"
    elif dev_error - train_error > tolerance:
        return "high variance"
    return "just right"


@diagnose.misconception(
    hint="The optimal error is ignored. 15 % is no bias where nobody can do better than 14 %: bias is train - optimal."
)
def ignores_the_optimal_error(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    bias, variance = train_error > tolerance, dev_error - train_error > tolerance
    if bias and variance:
        return "high bias and high variance"
    return "high bias" if bias else "high variance" if variance else "just right"


@diagnose.misconception(
    hint="Bias and variance have changed places. Bias shows in the training error; variance in the gap from training "
    "to dev."
)
def bias_and_variance_are_swapped(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    variance, bias = train_error - optimal_error > tolerance, dev_error - train_error > tolerance
    if bias and variance:
        return "high bias and high variance"
    return "high bias" if bias else "high variance" if variance else "just right"


@diagnose.misconception(
    hint="You measure variance from the optimal error to dev. That gap holds the bias, too: variance is dev - train."
)
def variance_from_the_optimum(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    bias, variance = train_error - optimal_error > tolerance, dev_error - optimal_error > tolerance
    if bias and variance:
        return "high bias and high variance"
    return "high bias" if bias else "high variance" if variance else "just right"


@diagnose.misconception(hint="You measure bias by the dev error. It holds the variance, too: bias is train - optimal.")
def bias_from_the_dev_error(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    bias, variance = dev_error - optimal_error > tolerance, dev_error - train_error > tolerance
    if bias and variance:
        return "high bias and high variance"
    return "high bias" if bias else "high variance" if variance else "just right"


@diagnose.misconception(
    hint="The tolerance is fixed at 0.02. Use the argument: how much is high depends on the task and on the noise."
)
def a_fixed_tolerance(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    bias, variance = train_error - optimal_error > 0.02, dev_error - train_error > 0.02
    if bias and variance:
        return "high bias and high variance"
    return "high bias" if bias else "high variance" if variance else "just right"


@diagnose.misconception(
    hint="You take absolute values. A dev error below the training error is no variance, and a training error below "
    "the optimal one no bias."
)
def gaps_without_a_sign(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    bias, variance = abs(train_error - optimal_error) > tolerance, abs(dev_error - train_error) > tolerance
    if bias and variance:
        return "high bias and high variance"
    return "high bias" if bias else "high variance" if variance else "just right"


@diagnose.misconception(hint="A gap of exactly the tolerance is not high yet: high is `>`, not `>=`.")
def the_tolerance_itself_is_high(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    bias, variance = train_error - optimal_error >= tolerance, dev_error - train_error >= tolerance
    if bias and variance:
        return "high bias and high variance"
    return "high bias" if bias else "high variance" if variance else "just right"


@diagnose.misconception(
    hint="Only the larger of the two gaps is named. Each is held against the tolerance by itself; both can be high."
)
def only_the_larger_gap(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    bias, variance = train_error - optimal_error, dev_error - train_error
    if max(bias, variance) <= tolerance:
        return "just right"
    return "high bias" if bias > variance else "high variance"


@diagnose.misconception(hint='The words for both are "high bias and high variance", bias first, exactly so.')
def the_words_in_another_order(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    bias, variance = train_error - optimal_error > tolerance, dev_error - train_error > tolerance
    if bias and variance:
        return "high variance and high bias"
    return "high bias" if bias else "high variance" if variance else "just right"


@diagnose.misconception(
    hint="You add the tolerance on the wrong side of the training error: the dev error is compared with optimal + "
    "tolerance, so that variance is forgiven where bias is low."
)
def variance_only_beyond_both(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    bias = train_error > optimal_error + tolerance
    variance = dev_error > max(train_error, optimal_error) + tolerance
    if bias and variance:
        return "high bias and high variance"
    return "high bias" if bias else "high variance" if variance else "just right"


@diagnose.alternative
def by_joining_words(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    gaps = {"high bias": train_error - optimal_error, "high variance": dev_error - train_error}
    return " and ".join(name for name, gap in gaps.items() if gap > tolerance) or "just right"


@diagnose.alternative
def by_a_table(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    table = [["just right", "high variance"], ["high bias", "high bias and high variance"]]
    gaps = np.diff([optimal_error, train_error, dev_error])
    row, column = (gaps > tolerance).astype(int)
    return table[row][column]


@diagnose.alternative
def by_match(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    match (not train_error - optimal_error <= tolerance, not dev_error - train_error <= tolerance):
        case (True, True):
            return "high bias and high variance"
        case (True, False):
            return "high bias"
        case (False, True):
            return "high variance"
        case _:
            return "just right"


@diagnose.alternative
def by_numpy_strings(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    high_bias, high_variance = tolerance < train_error - optimal_error, tolerance < dev_error - train_error
    if not (high_bias or high_variance):
        return np.str_("just right")
    return np.array(["high variance", "high bias", "high bias and high variance"])[2 * high_bias + high_variance - 1]


# --- learning_curve --------------------------------------------------------------------------------------------------

learning_curve = Exercise(
    "learning_curve",
    points=4,
    hints=(
        "For one size: which examples does `fit` get, and on which two sets is the result measured?",
        "`predict = fit(X_train[:size], y_train[:size])`. Measure it on these same examples, and on all of dev.",
        "In a loop over `sizes`, append `error_rate(y_train[:size], predict(X_train[:size]))` to one list and "
        "`error_rate(y_dev, predict(X_dev))` to another; return both as arrays.",
    ),
    not_checked=("sizes in any order, or twice", "other fits", "single precision"),
    equivalent=(
        Equivalent(
            "train_errors.append(error_rate(predict(X_train[:size]), y_train[:size]))",
            "labels that differ do so in both directions",
        ),
        Equivalent(
            "dev_errors.append(error_rate(predict(X_dev), y_dev))",
            "labels that differ do so in both directions",
        ),
    ),
)

#: Losses, errors and accuracies may be lists or 1-d arrays.
CURVES = Equals(sequences=("[0]", "[1]"))


def curve_case(label: str, fit: StandIn, data: tuple[Any, ...], sizes: Any) -> Case:
    """The two curves must be the reference's."""
    return Case(label, (Call("learning_curve", (fit, *data, sizes)),), (CURVES,))


def drawn_data(rng: np.random.Generator, m: int, p: int, columns: int = 2, labels: Any = (0, 1, 2)) -> tuple[Any, ...]:
    """X_train, y_train, X_dev, y_dev that mean nothing."""
    X, y = rng.standard_normal((m + p, columns)), rng.choice(labels, m + p)
    return X[:m], y[:m], X[m:], y[m:]


@learning_curve.visible
def _(rng):
    X, X_dev = np.arange(8.0)[:, np.newaxis], np.arange(5.0)[:, np.newaxis]
    y, y_dev = np.array([0, 0, 1, 1, 1, 1, 0, 1]), np.array([1, 0, 1, 1, 0])
    yield curve_case(
        "a fit that learns the most frequent label", StandIn("majority_fit", {}), (X, y, X_dev, y_dev), [1, 3, 6, 8]
    )
    X = np.array([[0.0], [10.0], [4.0], [7.0], [2.0], [5.0]])
    X_dev = np.array([[1.2], [3.3], [6.4], [9.1], [4.2], [5.2], [7.1], [2.1]])
    y, y_dev = np.array([0, 1, 0, 1, 1, 0]), np.array([0, 1, 0, 1, 0, 1, 1, 1])
    yield curve_case(
        "a fit that looks for the nearest example", StandIn("nearest_fit", {}), (X, y, X_dev, y_dev), [2, 4, 6]
    )
    tell = StandIn("telltale_fit", {"labels": [0, 1, 2]})
    yield curve_case(
        "a fit whose predictions tell which examples it was given", tell, drawn_data(rng, 30, 24), [5, 12, 30]
    )


@learning_curve.hidden
def _(rng):
    tell = StandIn("telltale_fit", {"labels": [0, 1, 2]})
    yield curve_case("a telltale fit and many sizes", tell, drawn_data(rng, 90, 70), [10, 20, 35, 60, 90])
    yield curve_case("sizes that fall and come twice", tell, drawn_data(rng, 60, 50), [60, 7, 33, 7])
    yield curve_case("sizes in an array", tell, drawn_data(rng, 50, 61), np.array([1, 2, 25, 49]))
    yield curve_case("a single size below all", tell, drawn_data(rng, 80, 55), [31])
    yield curve_case("sizes in a tuple, no more than one example", tell, drawn_data(rng, 20, 40), (1,))
    yield curve_case("a dev set larger than the training set", tell, drawn_data(rng, 25, 200), [5, 15, 25])
    yield curve_case("a dev set smaller than the sizes", tell, drawn_data(rng, 120, 11), [40, 80, 120])
    wide = drawn_data(rng, 40, 40, columns=30)
    yield curve_case("many columns", tell, wide, [8, 16, 40])
    X, y, X_dev, y_dev = drawn_data(rng, 48, 36, labels=(-1, 4))
    two = StandIn("telltale_fit", {"labels": [-1, 4]})
    yield curve_case("two classes with other names", two, (X, y, X_dev, y_dev), [6, 24, 48])
    single = (X.astype(np.float32), y.astype(np.int8), X_dev.astype(np.float32), y_dev.astype(np.int8))
    yield curve_case("single precision", two, single, [9, 30])
    yield curve_case("the nearest example", StandIn("nearest_fit", {}), drawn_data(rng, 40, 45), [3, 10, 40])
    yield curve_case(
        "training sorted by class", StandIn("majority_fit", {}), (X, np.sort(y), X_dev, y_dev), [12, 36, 48]
    )
    X, y, X_dev, y_dev = drawn_data(rng, 33, 44)
    arguments = {"sizes": [11, 22], "y_dev": y_dev, "X_dev": X_dev, "y_train": y, "X_train": X, "fit": tell}
    yield Case("all arguments by name", (Call("learning_curve", (), arguments),), (CURVES,))


@learning_curve.misconception(
    hint="The training error is measured on all training examples. Each entry measures on the first `size` only, those "
    "that it trained on."
)
def measures_on_all_training_examples(fit, X_train, y_train, X_dev, y_dev, sizes):
    train_errors, dev_errors = [], []
    for size in sizes:
        predict = fit(X_train[:size], y_train[:size])
        train_errors.append(np.mean(predict(X_train) != y_train))
        dev_errors.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train_errors), np.array(dev_errors)


@learning_curve.misconception(
    hint="The model is trained once, on everything, and only measured on fewer examples. Fit anew for every size."
)
def trains_once_on_everything(fit, X_train, y_train, X_dev, y_dev, sizes):
    predict = fit(X_train, y_train)
    train_errors = [np.mean(predict(X_train[:size]) != y_train[:size]) for size in sizes]
    return np.array(train_errors), np.array([np.mean(predict(X_dev) != y_dev) for _ in sizes])


@learning_curve.misconception(
    hint="The dev error is measured on the first `size` dev examples. The yardstick stays the same: all of dev, always."
)
def cuts_the_dev_set_too(fit, X_train, y_train, X_dev, y_dev, sizes):
    train_errors, dev_errors = [], []
    for size in sizes:
        predict = fit(X_train[:size], y_train[:size])
        train_errors.append(np.mean(predict(X_train[:size]) != y_train[:size]))
        dev_errors.append(np.mean(predict(X_dev[:size]) != y_dev[:size]))
    return np.array(train_errors), np.array(dev_errors)


@learning_curve.misconception(hint="These are accuracies. The curves are of error rates: 1 minus yours.")
def accuracies_for_errors(fit, X_train, y_train, X_dev, y_dev, sizes):
    train_errors, dev_errors = [], []
    for size in sizes:
        predict = fit(X_train[:size], y_train[:size])
        train_errors.append(np.mean(predict(X_train[:size]) == y_train[:size]))
        dev_errors.append(np.mean(predict(X_dev) == y_dev))
    return np.array(train_errors), np.array(dev_errors)


@learning_curve.misconception(hint="The two curves have changed places: the training errors come first.")
def dev_errors_first(fit, X_train, y_train, X_dev, y_dev, sizes):
    train_errors, dev_errors = [], []
    for size in sizes:
        predict = fit(X_train[:size], y_train[:size])
        train_errors.append(np.mean(predict(X_train[:size]) != y_train[:size]))
        dev_errors.append(np.mean(predict(X_dev) != y_dev))
    return np.array(dev_errors), np.array(train_errors)


@learning_curve.misconception(
    hint="You fit a second model on the dev set. Nothing is ever trained on dev: the model that was trained on the "
    "first `size` examples predicts it."
)
def trains_on_the_dev_set(fit, X_train, y_train, X_dev, y_dev, sizes):
    train_errors, dev_errors = [], []
    for size in sizes:
        predict = fit(X_train[:size], y_train[:size])
        train_errors.append(np.mean(predict(X_train[:size]) != y_train[:size]))
        dev_errors.append(np.mean(fit(X_dev, y_dev)(X_dev) != y_dev))
    return np.array(train_errors), np.array(dev_errors)


@learning_curve.misconception(hint="The last `size` examples are taken: `X[-size:]`. The first ones are `X[:size]`.")
def takes_the_last_examples(fit, X_train, y_train, X_dev, y_dev, sizes):
    train_errors, dev_errors = [], []
    for size in sizes:
        predict = fit(X_train[-size:], y_train[-size:])
        train_errors.append(np.mean(predict(X_train[-size:]) != y_train[-size:]))
        dev_errors.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train_errors), np.array(dev_errors)


@learning_curve.misconception(
    hint="Each model sees only the examples that are new since the size before. A size counts from the first example."
)
def only_what_is_new(fit, X_train, y_train, X_dev, y_dev, sizes):
    train_errors, dev_errors, start = [], [], 0
    for size in sizes:
        start = 0 if start >= size else start
        predict = fit(X_train[start:size], y_train[start:size])
        train_errors.append(np.mean(predict(X_train[start:size]) != y_train[start:size]))
        dev_errors.append(np.mean(predict(X_dev) != y_dev))
        start = size
    return np.array(train_errors), np.array(dev_errors)


@learning_curve.misconception(
    hint="You keep the labels whole and cut the inputs only: fit needs as many labels as rows. Cut both with [:size]."
)
def cuts_the_inputs_only(fit, X_train, y_train, X_dev, y_dev, sizes):
    train_errors, dev_errors = [], []
    for size in sizes:
        predict = fit(X_train[:size], y_train)
        train_errors.append(np.mean(predict(X_train[:size]) != y_train[:size]))
        dev_errors.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train_errors), np.array(dev_errors)


@learning_curve.misconception(
    hint="`fit` returns the predict function itself, which has no method of that name. Call it: `predict = fit(...)`, "
    "then `predict(X_dev)`."
)
def a_model_with_methods(fit, X_train, y_train, X_dev, y_dev, sizes):
    train_errors, dev_errors = [], []
    for size in sizes:
        model = fit(X_train[:size], y_train[:size])
        train_errors.append(np.mean(model.predict(X_train[:size]) != y_train[:size]))
        dev_errors.append(np.mean(model.predict(X_dev) != y_dev))
    return np.array(train_errors), np.array(dev_errors)


@learning_curve.misconception(
    hint="You return one table. Asked for is a pair: the training errors, and the dev errors."
)
def one_table(fit, X_train, y_train, X_dev, y_dev, sizes):
    rows = []
    for size in sizes:
        predict = fit(X_train[:size], y_train[:size])
        rows.append((np.mean(predict(X_train[:size]) != y_train[:size]), np.mean(predict(X_dev) != y_dev)))
    return np.array(rows)


@learning_curve.misconception(hint="These are numbers of errors. The curves are of rates: divide by the examples.")
def numbers_of_errors(fit, X_train, y_train, X_dev, y_dev, sizes):
    train_errors, dev_errors = [], []
    for size in sizes:
        predict = fit(X_train[:size], y_train[:size])
        train_errors.append(np.sum(predict(X_train[:size]) != y_train[:size]))
        dev_errors.append(np.sum(predict(X_dev) != y_dev))
    return np.array(train_errors), np.array(dev_errors)


@learning_curve.alternative
def by_comprehensions(fit, X_train, y_train, X_dev, y_dev, sizes):
    models = [fit(X_train[:n], y_train[:n]) for n in sizes]
    train = [float(np.mean(f(X_train[:n]) != y_train[:n])) for f, n in zip(models, sizes, strict=True)]
    return train, [1 - float(np.mean(f(X_dev) == y_dev)) for f in models]


@learning_curve.alternative
def by_filling_arrays_with_indices(fit, X_train, y_train, X_dev, y_dev, sizes):
    errors = np.empty((2, len(sizes)), dtype=np.float32)
    for i in range(len(sizes)):
        chosen = np.arange(int(sizes[i]))
        model = fit(X_train.take(chosen, axis=0), y_train.take(chosen))
        for j, (X, y) in enumerate(((X_train[chosen], y_train[chosen]), (X_dev, y_dev))):
            errors[j, i] = np.count_nonzero(model(X) - y) / y.size
    return errors[0], errors[1]


@learning_curve.alternative
def row_by_row_and_zipped(fit, X_train, y_train, X_dev, y_dev, sizes):
    def rate(predict, X, y):
        wrong = [int(predict(X[i : i + 1])[0]) != int(y[i]) for i in range(len(y))]
        return sum(wrong) / len(wrong)

    def point(size):
        X, y = X_train[0:size].copy(), y_train[0:size].copy()
        predict = fit(X, y)
        return rate(predict, X, y), rate(predict, X_dev, y_dev)

    train_errors, dev_errors = zip(*map(point, sizes), strict=True)
    return list(train_errors), np.asarray(dev_errors)


@learning_curve.alternative
def by_error_rate_and_a_helper(fit, X_train, y_train, X_dev, y_dev, sizes):
    train_errors, dev_errors = np.zeros(len(sizes)), np.zeros(len(sizes))
    for i, size in enumerate(sizes):
        order = np.arange(size)[::-1]
        predict = fit(X_train[order], y_train[order])
        train_errors[i] = error_rate(y_train[:size], predict(X_train[:size]))  # type: ignore[operator]
        dev_errors[i] = error_rate(y_dev, predict(X_dev))  # type: ignore[operator]
    return train_errors, dev_errors


# --- bias_variance ---------------------------------------------------------------------------------------------------

bias_variance = Exercise(
    "bias_variance",
    points=3,
    hints=(
        "`predictions` has one row per model. The mean prediction at each point is a mean over which axis?",
        "The bias at a point is the mean prediction minus the truth; square it there, then average over the points. "
        "The variance at a point is that of the models around their mean.",
        "With `mean = predictions.mean(axis=0)`: `np.mean((mean - y_true) ** 2)` and "
        "`np.mean(predictions.var(axis=0))`.",
    ),
    not_checked=("a single model", "single precision", "whole numbers"),
    equivalent=(
        Equivalent(
            "return (np.mean((y_true - mean) ** 2), np.mean(predictions.var(axis=0)))",
            "a square has no sign",
        ),
    ),
)


@bias_variance.visible
def _(rng):
    name = "bias_variance"
    predictions = np.array([[1.0, 4.0, 2.0], [3.0, 4.0, 3.0]])
    yield Case("two models, three points", (Call(name, (predictions, np.array([2.0, 3.0, 0.0]))),))
    predictions = np.array([[0.0, 1.0], [2.0, -1.0], [1.0, 3.0], [5.0, 5.0]])
    yield Case(
        "four models, two points with errors of opposite sign", (Call(name, (predictions, np.array([0.0, 6.0]))),)
    )
    same = np.array([[1.0, 2.0, 3.0]] * 3)
    yield Case("three models that agree, and are wrong", (Call(name, (same, np.array([2.0, 2.5, 3.0]))),))


@bias_variance.hidden
def _(rng):
    name = "bias_variance"
    y = rng.standard_normal(17)
    yield Case("many models", (Call(name, (y + 0.5 + rng.standard_normal((60, 17)), y)),))
    yield Case("a single model", (Call(name, (rng.standard_normal((1, 9)), rng.standard_normal(9))),))
    yield Case("a single point", (Call(name, (rng.standard_normal((8, 1)), rng.standard_normal(1))),))
    yield Case("as many models as points", (Call(name, (rng.standard_normal((6, 6)), rng.standard_normal(6))),))
    yield Case("more points than models", (Call(name, (rng.standard_normal((3, 40)) * 5, rng.standard_normal(40))),))
    spread = rng.standard_normal((10, 12)) * np.linspace(0.1, 4, 12)
    yield Case("a spread that differs from point to point", (Call(name, (spread, np.sin(np.arange(12.0)))),))
    yield Case("right on average", (Call(name, (np.array([[1.0, -2.0], [-1.0, 2.0]]), np.zeros(2))),))
    yield Case("perfect models", (Call(name, (np.tile(y, (4, 1)), y)),))
    low = (y + rng.standard_normal((7, 17))).astype(np.float32)
    yield Case("single precision", (Call(name, (low, y.astype(np.float32))),))
    whole = rng.integers(0, 6, (5, 8))
    yield Case("whole numbers", (Call(name, (whole, rng.integers(0, 6, 8))),))
    noisy = np.sin(np.linspace(0, 3, 25)) + rng.standard_normal(25)
    yield Case("measurements with noise", (Call(name, (rng.standard_normal((4, 25)), noisy)),))
    arguments = {"y_true": y, "predictions": y * 0.5 + rng.standard_normal((5, 17))}
    yield Case("arguments by name", (Call(name, (), arguments),))


@bias_variance.misconception(
    hint="Your first number is the mean bias, not its square, and biases of opposite sign cancel in it. Square at each "
    "point, then average."
)
def the_bias_not_squared(predictions, y_true):
    mean = predictions.mean(axis=0)
    return np.mean(mean - y_true), np.mean(predictions.var(axis=0))


@bias_variance.misconception(
    hint="Your first number is the mean absolute bias. Asked for is the squared one: only squares add up to the error."
)
def the_absolute_bias(predictions, y_true):
    mean = predictions.mean(axis=0)
    return np.mean(np.abs(mean - y_true)), np.mean(predictions.var(axis=0))


@bias_variance.misconception(
    hint="You average the bias over the points first and square it then: biases of opposite sign cancel. Square at "
    "each point."
)
def squares_after_averaging(predictions, y_true):
    mean = predictions.mean(axis=0)
    return np.mean(mean - y_true) ** 2, np.mean(predictions.var(axis=0))


@bias_variance.misconception(
    hint="Your first number is the mean squared error of the single models. It holds bias and variance: take the "
    "models' mean before you compare with the truth."
)
def the_whole_error_as_bias(predictions, y_true):
    return np.mean((predictions - y_true) ** 2), np.mean(predictions.var(axis=0))


@bias_variance.misconception(
    hint="The variance is taken along the points. It is a variance over models (training sets), at each point: axis 0."
)
def the_variance_over_the_points(predictions, y_true):
    mean = predictions.mean(axis=0)
    return np.mean((mean - y_true) ** 2), np.mean(predictions.var(axis=1))


@bias_variance.misconception(
    hint="The variance is that of all predictions together. That mixes in how the points differ: take it over the "
    "models at each point, then average."
)
def the_variance_of_everything(predictions, y_true):
    mean = predictions.mean(axis=0)
    return np.mean((mean - y_true) ** 2), predictions.var()


@bias_variance.misconception(
    hint="You divide by models - 1 (ddof=1). In this course variances have ddof=0; only so the parts add up to the "
    "error of these models."
)
def divides_by_one_model_less(predictions, y_true):
    mean = predictions.mean(axis=0)
    return np.mean((mean - y_true) ** 2), np.mean(predictions.var(axis=0, ddof=1))


@bias_variance.misconception(
    hint="Your second number is a standard deviation. Asked for is the variance, its square at each point."
)
def the_standard_deviation(predictions, y_true):
    mean = predictions.mean(axis=0)
    return np.mean((mean - y_true) ** 2), np.mean(predictions.std(axis=0))


@bias_variance.misconception(hint="You sum over the points. Both numbers are means over the points.")
def sums_over_the_points(predictions, y_true):
    mean = predictions.mean(axis=0)
    return np.sum((mean - y_true) ** 2), np.sum(predictions.var(axis=0))


@bias_variance.misconception(hint="The two numbers have changed places: the squared bias comes first.")
def variance_first(predictions, y_true):
    mean = predictions.mean(axis=0)
    return np.mean(predictions.var(axis=0)), np.mean((mean - y_true) ** 2)


@bias_variance.misconception(
    hint="One number for each point comes back. Average over the points at the end: both results are single numbers."
)
def one_number_for_each_point(predictions, y_true):
    return (predictions.mean(axis=0) - y_true) ** 2, predictions.var(axis=0)


@bias_variance.misconception(
    hint="Your variance measures the models' distance from the truth, so it holds the bias, too. Measure it from the "
    "models' own mean."
)
def the_variance_around_the_truth(predictions, y_true):
    mean = predictions.mean(axis=0)
    return np.mean((mean - y_true) ** 2), np.mean((predictions - y_true) ** 2)


@bias_variance.alternative
def by_loops(predictions, y_true):
    models, m = predictions.shape
    bias_squared = variance = 0.0
    for j in range(m):
        centre = sum(float(predictions[i, j]) for i in range(models)) / models
        bias_squared += (centre - float(y_true[j])) ** 2
        variance += sum((float(predictions[i, j]) - centre) ** 2 for i in range(models)) / models
    return bias_squared / m, variance / m


@bias_variance.alternative
def by_einsum(predictions, y_true):
    centre = np.average(predictions, axis=0)
    off, spread = centre - y_true, predictions - centre
    return np.einsum("j,j->", off, off) / off.size, np.einsum("ij,ij->", spread, spread) / spread.size


@bias_variance.alternative
def by_what_the_bias_leaves(predictions, y_true):
    error = np.asarray(((predictions - y_true[np.newaxis, :]) ** 2).mean())
    bias_squared = np.asarray(np.square(predictions.mean(0) - y_true).mean())
    return bias_squared, np.array(error - bias_squared)


@bias_variance.alternative
def by_covariance(predictions, y_true):
    spread = np.atleast_2d(np.cov(predictions, rowvar=False, bias=True))
    off = np.linalg.norm(predictions.sum(axis=0) / len(predictions) - y_true)
    return off**2 / len(y_true), np.trace(spread) / len(y_true)


EXERCISES = (error_rate, split, stratified, standard_error, diagnose, learning_curve, bias_variance)
