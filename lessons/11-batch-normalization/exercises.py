"""How the exercises of lesson 11 are judged."""

# Wrong and right solutions are written the way students write them.
# ruff: noqa: RUF059

from __future__ import annotations

from typing import Any

import numpy as np

from autograde.check.cases import Call, Case, Property
from autograde.check.codec import Ref, StandIn
from autograde.judge.catalogue import Exercise

Rng = np.random.Generator

# --- what the cases are made of --------------------------------------------------------------------------------------


def batch(rng: Rng, m: int, n: int, spread: float = 1.0) -> Any:
    """``m`` examples of ``n`` units; every unit has a mean and a spread of its own."""
    mean, std = rng.uniform(-3, 3, n), rng.uniform(0.7, 2.5, n)
    return spread * (mean + std * rng.standard_normal((m, n)))


def scales(rng: Rng, n: int) -> Any:
    """Values of gamma or beta: none of them 0 or 1, either sign."""
    return rng.uniform(0.4, 0.9, n) * rng.choice([-1.0, 1.0], n) + rng.choice([0.0, 2.0], n)


def variances(rng: Rng, n: int) -> Any:
    """Numbers between 0.3 and 4."""
    return rng.uniform(0.3, 4.0, n)


def layer(rng: Rng, Z: Any) -> tuple[Any, ...]:
    """The first five arguments of ``batchnorm_forward`` for the pre-activations ``Z``."""
    n = Z.shape[1]
    return Z, scales(rng, n), scales(rng, n), rng.uniform(-2, 2, n), variances(rng, n)


def single(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same arrays in single precision."""
    return tuple(v.astype(np.float32) for v in values)


def fortran(array: Any) -> StandIn:
    """The same array in the other memory order."""
    return StandIn("fortran_ordered", {"array": array})


def constant_columns(Z: Any, *columns: int) -> Any:
    """``Z`` with the first value of these columns in all of their rows."""
    Z = Z.copy()
    Z[:, columns] = Z[0, columns]
    return Z


# --- batchnorm_forward -----------------------------------------------------------------------------------------------

batchnorm_forward = Exercise(
    "batchnorm_forward",
    points=8,
    groups={"training": 4, "running": 2, "test": 2},
    hints=(
        "Three pieces: which mean and variance to use (the batch's or the running ones), what to do with them (the "
        "same in both cases), and the running ones to return.",
        "One mean and one variance for every unit: `Z.mean(axis=0)` and `Z.var(axis=0)`, both of shape (n,). The root "
        "goes over the sum `var + eps`. NumPy's broadcasting does the rows.",
        "`Z_hat = (Z - mean) / np.sqrt(var + eps)`, and `gamma * Z_hat + beta` is the output. In training each "
        "running statistic becomes `momentum * old + (1 - momentum) * batch`, as a new array. Put `Z_hat`, the root "
        "and `gamma` into the cache.",
    ),
    not_checked=("batches of one example", "a unit that is constant", "test time with another eps", "single precision"),
)


def out_of_training(label: str, args: tuple[Any, ...], **kwargs: Any) -> Case:
    """A case of the output in training alone."""
    return Case(label, (Call("batchnorm_forward", args, kwargs, private=(1, 2, 3)),), group="training")


def running(label: str, args: tuple[Any, ...], **kwargs: Any) -> Case:
    """A case of all that training returns, the cache aside."""
    return Case(label, (Call("batchnorm_forward", args, kwargs, private=(1,)),), group="running")


def at_test_time(label: str, args: tuple[Any, ...], **kwargs: Any) -> Case:
    """A case of all that a call without training returns, the cache aside."""
    call = Call("batchnorm_forward", args, {"training": False} | kwargs, private=(1,))
    return Case(label, (call,), group="test")


def in_a_row(rng: Rng, batches: int, group: str, momentum: float) -> Case:
    """Several batches that hand their running statistics on, and a call at test time with the last ones."""
    gamma, beta, n = scales(rng, 3), scales(rng, 3), 3
    calls: list[Call] = []
    statistics: tuple[Any, ...] = (np.zeros(n), np.ones(n))
    for i in range(batches):
        args = (batch(rng, 6, n), gamma, beta, *statistics, momentum)
        calls.append(Call("batchnorm_forward", args, private=(1,)))
        statistics = (Ref(i, (2,)), Ref(i, (3,)))
    more = {"training": False} if group == "test" else {}
    calls.append(Call("batchnorm_forward", (batch(rng, 4, n), gamma, beta, *statistics, momentum), more, private=(1,)))
    words = "a call at test time after batches of training" if group == "test" else "several batches one after another"
    return Case(words, tuple(calls), group=group)


@batchnorm_forward.visible
def _(rng):
    Z = np.array([[0.0, 10.0], [0.0, 20.0], [2.0, 30.0], [2.0, 40.0]])
    one = (Z, np.array([3.0, 1.0]), np.array([5.0, 0.0]), np.zeros(2), np.ones(2))
    yield out_of_training("four examples of two units, the output in training", one)
    small = (0.01 * Z, np.array([3.0, 1.0]), np.array([5.0, 0.0]), np.zeros(2), np.ones(2))
    yield out_of_training("the same with values a hundred times smaller and eps = 0.01", small, eps=0.01)
    yield running("the running statistics after the first of these batches", one)
    statistics = (np.array([1.0, -2.0]), np.array([4.0, 0.25]))
    yield running("other running statistics, momentum 0.75, eps = 0.5", (*one[:3], *statistics), momentum=0.75, eps=0.5)
    alone = (np.array([[5.0, -1.0], [1.0, -2.0], [-3.0, 0.0]]), *one[1:3], *statistics)
    yield at_test_time("three examples at test time", alone)


@batchnorm_forward.hidden
def _(rng):
    yield out_of_training("random pre-activations in training", layer(rng, batch(rng, 9, 4)))
    yield out_of_training("more units than examples", layer(rng, batch(rng, 4, 11)))
    yield out_of_training("as many examples as units", layer(rng, batch(rng, 5, 5)))
    yield out_of_training("a larger eps", layer(rng, batch(rng, 8, 3)), eps=0.3)
    yield out_of_training("eps 1e-2, and a training that is asked for", layer(rng, batch(rng, 7, 4)), eps=1e-2)
    yield out_of_training("variances no larger than eps", layer(rng, batch(rng, 8, 3, spread=2e-3)))
    yield out_of_training("a single unit", layer(rng, batch(rng, 9, 1)))
    yield out_of_training("a batch of one example", layer(rng, batch(rng, 1, 6)))
    yield out_of_training("a batch of two examples", layer(rng, batch(rng, 2, 6)))
    yield out_of_training("units that are constant", layer(rng, constant_columns(batch(rng, 7, 5), 1, 4)))
    yield out_of_training("units far away from zero", layer(rng, 100.0 + batch(rng, 10, 3)))
    yield out_of_training("single precision in training", single(layer(rng, batch(rng, 12, 4))))
    Z, gamma, beta, mean, var = layer(rng, batch(rng, 6, 6))
    yield out_of_training("columns one after the other in memory", (fortran(Z), gamma, beta, mean, var))
    yield out_of_training("another momentum, all arguments in place", (*layer(rng, batch(rng, 6, 4)), 0.3, 0.05, True))
    names = ("running_var", "beta", "Z", "running_mean", "gamma")
    Z, gamma, beta, mean, var = layer(rng, batch(rng, 7, 3))
    named = dict(zip(names, (var, beta, Z, mean, gamma), strict=True))
    yield out_of_training("arguments given by name", (), **named, eps=1e-3)
    Z, gamma, beta, mean, var = layer(rng, batch(rng, 8, 5))
    gamma[2] = 0.0
    yield out_of_training("a gamma of 0", (Z, gamma, beta, mean, var))

    yield running("the running statistics with the momentum of the signature", layer(rng, batch(rng, 9, 4)))
    for momentum in (0.99, 0.35, 0.0):
        words = f"the running statistics with momentum {momentum}"
        yield running(words, layer(rng, batch(rng, 5, 4)), momentum=momentum)
    yield running("the running statistics of a batch of two", layer(rng, batch(rng, 2, 5)))
    yield running("the running statistics of a batch of one", layer(rng, batch(rng, 1, 5)), momentum=0.5)
    yield running("the running statistics with a larger eps", layer(rng, batch(rng, 6, 3)), eps=0.5)
    yield running("the running statistics of as many examples as units", layer(rng, batch(rng, 4, 4)))
    yield running(
        "the running statistics of units that are constant", layer(rng, constant_columns(batch(rng, 6, 3), 0))
    )
    yield running("the running statistics in single precision", single(layer(rng, batch(rng, 8, 3))))
    yield in_a_row(rng, 4, "running", 0.6)

    yield at_test_time("random pre-activations at test time", layer(rng, batch(rng, 9, 4)))
    yield at_test_time("a single example at test time", layer(rng, batch(rng, 1, 5)))
    yield at_test_time("as many examples as units at test time", layer(rng, batch(rng, 4, 4)))
    yield at_test_time("a larger eps at test time", layer(rng, batch(rng, 6, 3)), eps=0.2)
    yield at_test_time("another momentum at test time", layer(rng, batch(rng, 6, 3)), momentum=0.2)
    Z, gamma, beta, mean, _ = layer(rng, batch(rng, 6, 4))
    tiny = np.array([0.0, 1e-6, 1e-5, 3e-5])
    yield at_test_time("running variances no larger than eps", (mean + 1e-3 * Z, gamma, beta, mean, tiny))
    yield at_test_time("single precision at test time", single(layer(rng, batch(rng, 7, 4))))
    args = (*layer(rng, batch(rng, 5, 3)), 0.7, 1e-3, False)
    yield Case("all arguments in place", (Call("batchnorm_forward", args, private=(1,)),), group="test")
    yield in_a_row(rng, 3, "test", 0.8)


@batchnorm_forward.misconception(
    hint="Mean and variance are taken over the units of an example (`axis=1`). That is layer normalization. Batch "
    "normalization has one mean and one variance per unit, over the examples: `axis=0`."
)
def over_the_units(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta, None, running_mean, running_var
    mean, var = Z.mean(axis=1, keepdims=True), Z.var(axis=1, keepdims=True)
    Z_hat = (Z - mean) / np.sqrt(var + eps)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return gamma * Z_hat + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="One mean and one variance are taken over all entries, so units that are large stay large. Every unit is "
    "normalised by itself: `axis=0`."
)
def over_all_entries(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta, None, running_mean, running_var
    mean, var = Z.mean(), Z.var()
    Z_hat = (Z - mean) / np.sqrt(var + eps)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return gamma * Z_hat + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="`eps` is added to the standard deviation. Here it is added to the variance, inside the root: "
    "`sqrt(var + eps)`. The difference is large where the variance is small."
)
def eps_outside_the_root(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / (np.sqrt(running_var) + eps) + beta, None, running_mean, running_var
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    Z_hat = (Z - mean) / (np.sqrt(var) + eps)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return gamma * Z_hat + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="Your normalised values have the standard deviation 1/σ: you divide by the variance. Divide by its root."
)
def divided_by_the_variance(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / (running_var + eps) + beta, None, running_mean, running_var
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    Z_hat = (Z - mean) / (var + eps)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return gamma * Z_hat + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="Your output is too small by the factor √((m − 1)/m): the variance was divided by m − 1. Within the batch it "
    "is the plain mean of the squares (`ddof=0`, which is NumPy's own choice)."
)
def unbiased_variance(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta, None, running_mean, running_var
    mean, var = Z.mean(axis=0), Z.var(axis=0, ddof=1)
    Z_hat = (Z - mean) / np.sqrt(var + eps)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return gamma * Z_hat + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="The output is right. The running variance takes in m / (m − 1) times the batch's variance, as PyTorch does. "
    "Here it takes in the batch's variance itself, the one you normalised with."
)
def unbiased_running_variance(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta, None, running_mean, running_var
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    Z_hat = (Z - mean) / np.sqrt(var + eps)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * Z.var(axis=0, ddof=1)
    return gamma * Z_hat + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="`momentum` and `1 - momentum` have changed places: with 0.9 your running statistics forget nearly all of the "
    "past in one step. That is PyTorch's convention (its 0.1 is our 0.9). Here `momentum` is the share of the old "
    "value."
)
def momentum_of_the_new_value(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta, None, running_mean, running_var
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    Z_hat = (Z - mean) / np.sqrt(var + eps)
    running_mean = (1 - momentum) * running_mean + momentum * mean
    running_var = (1 - momentum) * running_var + momentum * var
    return gamma * Z_hat + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="The factor `1 - momentum` is missing: the running statistics grow to ten times their size. The two weights "
    "of an average add up to 1."
)
def without_one_minus_momentum(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta, None, running_mean, running_var
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    Z_hat = (Z - mean) / np.sqrt(var + eps)
    running_mean = momentum * running_mean + mean
    running_var = momentum * running_var + var
    return gamma * Z_hat + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="`eps` got into the running variance. It only keeps the division from failing; at test time it would be added "
    "a second time. Average the batch's variance without it."
)
def eps_in_the_running_variance(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta, None, running_mean, running_var
    mean, var = Z.mean(axis=0), Z.var(axis=0) + eps
    Z_hat = (Z - mean) / np.sqrt(var)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return gamma * Z_hat + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="`training=False` still normalises with the batch's own mean and variance, so the answer for one example "
    "depends on the others, and a single example always gives `beta`. At test time use the running ones."
)
def batch_statistics_at_test_time(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    Z_hat = (Z - mean) / np.sqrt(var + eps)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return gamma * Z_hat + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="The output at test time is right, but the running statistics change. Test examples must not leave a trace: "
    "return the running ones as they came."
)
def updated_at_test_time(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    new_mean = momentum * running_mean + (1 - momentum) * mean
    new_var = momentum * running_var + (1 - momentum) * var
    if not training:
        mean, var = running_mean, running_var
    return gamma * (Z - mean) / np.sqrt(var + eps) + beta, None, new_mean, new_var


@batchnorm_forward.misconception(
    hint="`running_var` takes in the standard deviation of the batch. It averages variances, and the root is taken "
    "when they are used."
)
def running_standard_deviation(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta, None, running_mean, running_var
    mean, std = Z.mean(axis=0), np.sqrt(Z.var(axis=0) + eps)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * std
    return gamma * (Z - mean) / std + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="At test time you divide by `running_var`, or by `running_var + eps`, without a root. It is a variance there, "
    "too."
)
def no_root_at_test_time(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / (running_var + eps) + beta, None, running_mean, running_var
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return gamma * (Z - mean) / np.sqrt(var + eps) + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="Your output has mean 0 and variance 1 whatever `gamma` and `beta` are: multiply by `gamma` and add `beta`."
)
def without_gamma_and_beta(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return (Z - running_mean) / np.sqrt(running_var + eps), None, running_mean, running_var
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return (Z - mean) / np.sqrt(var + eps), None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="At test time `gamma` and `beta` are missing. They belong to the layer in both modes; only mean and variance "
    "change."
)
def gamma_and_beta_in_training_only(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return (Z - running_mean) / np.sqrt(running_var + eps), None, running_mean, running_var
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return gamma * (Z - mean) / np.sqrt(var + eps) + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="`beta` is multiplied by `gamma`: the brackets are round `Z_hat + beta`. First scale, then shift."
)
def shifted_before_scaled(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        Z_hat = (Z - running_mean) / np.sqrt(running_var + eps)
        return gamma * (Z_hat + beta), None, running_mean, running_var
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return gamma * ((Z - mean) / np.sqrt(var + eps) + beta), None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="`running_mean *= momentum` and `running_mean[:] = ...` write into the arrays of the caller. Make new ones "
    "and return them."
)
def running_statistics_in_place(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta, None, running_mean, running_var
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    running_mean *= momentum
    running_mean += (1 - momentum) * mean
    running_var *= momentum
    running_var += (1 - momentum) * var
    return gamma * (Z - mean) / np.sqrt(var + eps) + beta, None, running_mean, running_var


@batchnorm_forward.misconception(hint="`Z -= mean` writes into the array of the caller. `Z - mean` makes a new one.")
def pre_activations_in_place(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    Z -= mean
    Z /= np.sqrt(var + eps)
    return gamma * Z + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="In training your output is normalised with the running statistics, so it does not have mean 0 and variance 1 "
    "in this batch. Use the batch's own; the running ones are for test time."
)
def running_statistics_in_training(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    out = gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * Z.mean(axis=0)
        running_var = momentum * running_var + (1 - momentum) * Z.var(axis=0)
    return out, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="You update the running statistics first and normalise the batch with them. In training the batch's own mean "
    "and variance are used; the running ones are only kept for later."
)
def normalised_with_the_updated_ones(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * Z.mean(axis=0)
        running_var = momentum * running_var + (1 - momentum) * Z.var(axis=0)
    out = gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta
    return out, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="Each unit is brought into the range −1 … 1 by its smallest and largest value. Batch normalization gives mean "
    "0 and variance 1; about a third of the values lie outside of −1 … 1, and none is cut off."
)
def brought_into_minus_one_to_one(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta, None, running_mean, running_var
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    low, high = Z.min(axis=0), Z.max(axis=0)
    Z_hat = 2 * (Z - low) / (high - low + eps) - 1
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return gamma * Z_hat + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="The mean is not subtracted: your output is the input over its standard deviation. `(Z - mean)` comes first."
)
def without_centring(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return gamma * Z / np.sqrt(var + eps) + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="The `eps` you are given has no effect: a fixed 1e-5 stands in its place. Use the argument, in training and "
    "at test time."
)
def an_eps_of_its_own(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return gamma * (Z - mean) / np.sqrt(var + 1e-5) + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="At test time `eps` is missing. The layer must compute the same in both modes: the root is over "
    "`running_var + eps`."
)
def no_eps_at_test_time(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / np.sqrt(running_var) + beta, None, running_mean, running_var
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return gamma * (Z - mean) / np.sqrt(var + eps) + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="The `momentum` you are given has no effect: 0.9 stands in its place. Use the argument."
)
def a_momentum_of_its_own(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    if training:
        running_mean = 0.9 * running_mean + 0.1 * mean
        running_var = 0.9 * running_var + 0.1 * var
    return gamma * (Z - mean) / np.sqrt(var + eps) + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="The running variance is taken around the running mean. It averages the batches' own variances, each around "
    "its own mean."
)
def variance_around_the_running_mean(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * ((Z - running_mean) ** 2).mean(axis=0)
    return gamma * (Z - mean) / np.sqrt(var + eps) + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="The running statistics come back as they came, after training, too. Return the updated ones."
)
def running_statistics_never_updated(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    return gamma * (Z - mean) / np.sqrt(var + eps) + beta, None, running_mean, running_var


@batchnorm_forward.misconception(
    hint="The cache is missing: four things come back, `(out, cache, running_mean, running_var)`. What the cache holds "
    "is up to you."
)
def no_cache(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return gamma * (Z - mean) / np.sqrt(var + eps) + beta, running_mean, running_var


@batchnorm_forward.misconception(
    hint="The running statistics have the shape (1, n), or the output a third axis: without `keepdims=True` the mean "
    "over `axis=0` has the shape (n,), and broadcasting works as well."
)
def with_keepdims(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = Z.mean(axis=0, keepdims=True), Z.var(axis=0, keepdims=True)
    if not training:
        mean, var = running_mean, running_var
    else:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return gamma * (Z - mean) / np.sqrt(var + eps) + beta, None, running_mean, running_var


@batchnorm_forward.alternative
def in_two_branches(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if training:
        m = Z.shape[0]
        mu = 1 / m * np.sum(Z, axis=0)
        centred = Z - mu
        var = 1 / m * np.sum(centred**2, axis=0)
        inverse = 1.0 / np.sqrt(var + eps)
        out = gamma * (centred * inverse) + beta
        cache = {"centred": centred, "inverse": inverse, "gamma": gamma}
        new_mean = running_mean + (1 - momentum) * (mu - running_mean)
        new_var = running_var - (1 - momentum) * (running_var - var)
    else:
        out = (Z - running_mean) * (gamma / np.sqrt(running_var + eps)) + beta
        cache, new_mean, new_var = None, running_mean.copy(), running_var.copy()
    return out, cache, new_mean, new_var


@batchnorm_forward.alternative
def unit_by_unit(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    out = np.zeros(Z.shape)
    mean, var = np.array(running_mean), np.array(running_var)
    for j in range(Z.shape[1]):
        center, square = running_mean[j], running_var[j]
        if training:
            center = sum(Z[:, j]) / len(Z)
            square = sum((z - center) ** 2 for z in Z[:, j]) / len(Z)
            mean[j] = momentum * running_mean[j] + (1 - momentum) * center
            var[j] = momentum * running_var[j] + (1 - momentum) * square
        for i in range(Z.shape[0]):
            out[i, j] = gamma[j] * (Z[i, j] - center) / (square + eps) ** 0.5 + beta[j]
    return out, (Z, eps), mean, var


@batchnorm_forward.alternative
def folded_into_one_line_for_each_unit(
    Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    mean, var = running_mean, running_var
    if training:
        mean, var = np.average(Z, axis=0), np.einsum("ij,ij->j", Z - Z.mean(axis=0), Z - Z.mean(axis=0)) / len(Z)
        running_mean = np.average([running_mean, mean], axis=0, weights=[momentum, 1 - momentum])
        running_var = np.average([running_var, var], axis=0, weights=[momentum, 1 - momentum])
    slope = gamma * (var + eps) ** -0.5
    return Z * slope + (beta - mean * slope), lambda: (Z, mean, var), running_mean, running_var


@batchnorm_forward.alternative
def with_the_mean_of_squares(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    statistics = np.stack([running_mean, running_var])
    used = statistics
    if training:
        used = np.stack([Z.mean(0), (Z * Z).mean(0) - Z.mean(0) ** 2])
        statistics = statistics * momentum + used * (1 - momentum)
    standard = np.divide(np.subtract(Z, used[0]), np.sqrt(np.add(used[1], eps)))
    return np.add(np.multiply(standard, gamma), beta), [standard], statistics[0], statistics[1]


# --- batchnorm_backward ----------------------------------------------------------------------------------------------

batchnorm_backward = Exercise(
    "batchnorm_backward",
    points=7,
    groups={"gamma and beta": 2, "Z": 5},
    hints=(
        "Do the two easy ones first: `out = gamma * Z_hat + beta`, and gamma and beta serve all examples, so their "
        "gradients are sums over the examples.",
        "An entry of `Z` acts on the output directly, through the mean and through the variance. The derivation above "
        "ends with three terms in a bracket: `dout`, minus its mean over the batch, minus `Z_hat` times a mean.",
        "With `m = len(dout)`: `dgamma = (dout * Z_hat).sum(axis=0)`, `dbeta = dout.sum(axis=0)`, and `dZ` is "
        "`gamma / root` times `(dout - dbeta / m - Z_hat * dgamma / m)`.",
    ),
    not_checked=("batches of two examples", "a gamma of 0", "variances no larger than eps", "single precision"),
)


def backward(label: str, args: tuple[Any, ...], dout: Any, group: str = "Z", **kwargs: Any) -> Case:
    """A forward pass in training and the gradients from its cache; all of them, or those of gamma and beta alone."""
    calls = (
        Call("batchnorm_forward", args, kwargs, keep=True),
        Call("batchnorm_backward", (dout, Ref(0, (1,))), private=() if group == "Z" else (0,)),
    )
    return Case(label, calls, group=group)


def slopes(
    label: str, args: tuple[Any, ...], dout: Any, rng: Rng, eps: float, each: int = 4, step: float = 1e-6
) -> Case:
    """The gradients, and the same forward pass with Z, gamma and beta moved along ``each`` directions."""
    calls = [
        Call("batchnorm_forward", args, {"eps": eps}, private=(1,)),
        Call("batchnorm_backward", (dout, Ref(0, (1,)))),
    ]
    pairs = []
    for position in (0, 1, 2):
        for _ in range(each):
            direction = step * rng.standard_normal(args[position].shape)
            pairs.append((len(calls), len(calls) + 1))
            for sign in (1, -1):
                moved = list(args)
                moved[position] = args[position] + sign * direction
                calls.append(Call("batchnorm_forward", tuple(moved), {"eps": eps}, private=(1,)))
    options = {
        "backward": 1,
        "pairs": pairs,
        "gradients": [(0, [0]), (1, [1]), (2, [2])],
        "weights": dout,
    }
    return Case(label, tuple(calls), (Property("slopes_match", options),), group="Z")


def two_caches(rng: Rng) -> Case:
    """Two forward passes and one at test time, and the gradients of the first one after those of the second."""
    batches = [layer(rng, batch(rng, 6, 4)) for _ in range(3)]
    calls = [Call("batchnorm_forward", args, keep=True) for args in batches[:2]]
    calls.append(Call("batchnorm_forward", batches[2], {"training": False}, keep=True))
    for i in (1, 0, 1):
        calls.append(Call("batchnorm_backward", (rng.standard_normal((6, 4)), Ref(i, (1,)))))
    return Case("the caches of two batches, the second one's first", tuple(calls), group="Z")


@batchnorm_backward.visible
def _(rng):
    # Both variances are 2.25, so that the root over 2.25 + 1.75 is 2.
    Z = np.array([[0.0, 10.0], [0.0, 13.0], [3.0, 10.0], [3.0, 13.0]])
    args = (Z, np.array([4.0, 1.0]), np.array([5.0, 1.0]), np.zeros(2), np.ones(2))
    dout = np.array([[1.0, 0.0], [0.0, 2.0], [0.0, 0.0], [0.0, -1.0]])
    yield backward("gamma and beta of two units, eps = 1.75", args, dout, "gamma and beta", eps=1.75)
    yield backward("the same, and the gradient of Z", args, dout, eps=1.75)
    square = (rng.standard_normal((3, 3)).round(2), np.array([1.5, -2.0, 0.5]), np.zeros(3), np.zeros(3), np.ones(3))
    slope = rng.standard_normal((3, 3)).round(2)
    yield backward("three examples of three units", square, slope)
    yield slopes("against slopes of your own batchnorm_forward, with eps = 0.1", square, slope, rng, eps=0.1, each=2)


@batchnorm_backward.hidden
def _(rng):
    for group in ("gamma and beta", "Z"):
        for m, n in ((7, 4), (5, 5), (3, 8), (40, 3)):
            args, dout = layer(rng, batch(rng, m, n)), rng.standard_normal((m, n))
            yield backward(f"{m} examples of {n} units ({group})", args, dout, group)
        yield backward(f"a single unit ({group})", layer(rng, batch(rng, 6, 1)), rng.standard_normal((6, 1)), group)
        args = single(layer(rng, batch(rng, 9, 4)))
        yield backward(f"single precision ({group})", args, rng.standard_normal((9, 4)).astype(np.float32), group)
    yield backward("a batch of two examples", layer(rng, batch(rng, 2, 5)), rng.standard_normal((2, 5)))
    yield backward("two examples and a large eps", layer(rng, batch(rng, 2, 4)), rng.standard_normal((2, 4)), eps=0.5)
    yield backward("a larger eps", layer(rng, batch(rng, 8, 3)), rng.standard_normal((8, 3)), eps=0.3)
    small = layer(rng, batch(rng, 8, 3, spread=2e-3))
    yield backward("variances no larger than eps", small, rng.standard_normal((8, 3)))
    constant = layer(rng, constant_columns(batch(rng, 7, 4), 0, 2))
    yield backward("units that are constant", constant, rng.standard_normal((7, 4)), eps=1e-3)
    Z, gamma, beta, mean, var = layer(rng, batch(rng, 8, 4))
    gamma[1], gamma[3] = 0.0, -1.5
    yield backward("a gamma of 0 and a negative one", (Z, gamma, beta, mean, var), rng.standard_normal((8, 4)))
    yield backward("a dout of ones", layer(rng, batch(rng, 6, 4)), np.ones((6, 4)))
    yield backward("a dout of zeros", layer(rng, batch(rng, 6, 4)), np.zeros((6, 4)))
    yield backward("a dout that grows with Z", layer(rng, Z), 0.3 * Z - 1.0, momentum=0.2)
    far = layer(rng, 100.0 + batch(rng, 9, 3))
    yield backward("units far away from zero", far, rng.standard_normal((9, 3)))
    large = (Z, gamma, 1e3 * beta, mean, var)
    yield backward("a large beta", large, rng.standard_normal((8, 4)), training=True)
    args = layer(rng, batch(rng, 6, 3))
    named = {"cache": Ref(0, (1,)), "dout": rng.standard_normal((6, 3))}
    calls = (Call("batchnorm_forward", args, keep=True), Call("batchnorm_backward", (), named))
    yield Case("arguments given by name", calls, group="Z")
    dout = rng.standard_normal((6, 6))
    turned = (Call("batchnorm_forward", layer(rng, batch(rng, 6, 6)), keep=True),)
    turned += (Call("batchnorm_backward", (fortran(dout), Ref(0, (1,)))),)
    yield Case("columns of dout one after the other in memory", turned, group="Z")
    yield two_caches(rng)
    for m, n, eps in ((6, 3, 1e-5), (4, 4, 1e-2), (15, 2, 0.5)):
        args = layer(rng, batch(rng, m, n))
        words = f"slopes of your own batchnorm_forward for {m} examples of {n} units"
        yield slopes(words, args, rng.standard_normal((m, n)), rng, eps)


@batchnorm_backward.misconception(
    hint="You treat the mean and the variance as constants. They come from the same `Z`: move one entry, and both "
    "move, for all examples of the batch. Two terms are missing."
)
def mean_and_variance_are_constants(dout, cache):
    Z_hat, root, gamma = cache
    return gamma / root * dout, (dout * Z_hat).sum(axis=0), dout.sum(axis=0)


@batchnorm_backward.misconception(
    hint="The path through the variance is missing, the term with `Z_hat`. With a `dout` of ones nobody would notice; "
    "check with random numbers."
)
def variance_is_a_constant(dout, cache):
    Z_hat, root, gamma = cache
    return gamma / root * (dout - dout.mean(axis=0)), (dout * Z_hat).sum(axis=0), dout.sum(axis=0)


@batchnorm_backward.misconception(
    hint="The path through the mean is missing: subtract the mean of `dout` over the batch, too. The entries of each "
    "column of `dZ` add up to 0."
)
def mean_is_a_constant(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / root * (dout - Z_hat * dgamma / len(dout)), dgamma, dbeta


@batchnorm_backward.misconception(
    hint="`dgamma` and `dbeta` are m times too small: you take the mean over the examples. The 1/m of the cost is in "
    "`dout` already; here it is the sum."
)
def mean_for_sum(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).mean(axis=0), dout.mean(axis=0)
    return gamma / root * (dout - dbeta - Z_hat * dgamma), dgamma, dbeta


@batchnorm_backward.misconception(
    hint="In `dZ` the two sums are not divided by m. Subtract the *mean* of `dout`, and `Z_hat` times the *mean* of "
    "`dout * Z_hat`."
)
def sums_are_not_divided_by_m(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / root * (dout - dbeta - Z_hat * dgamma), dgamma, dbeta


@batchnorm_backward.misconception(
    hint="In `dZ` the sums are divided by m − 1. The forward pass divides by m, so the backward pass does, too."
)
def divided_by_m_minus_one(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    m = max(len(dout) - 1, 1)
    return gamma / root * (dout - dbeta / m - Z_hat * dgamma / m), dgamma, dbeta


@batchnorm_backward.misconception(
    hint="`dZ` lacks the factor `gamma`. On the way back `dout` meets it first: the gradient of `Z_hat` is "
    "`dout * gamma`."
)
def without_gamma(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return (dout - dbeta / len(dout) - Z_hat * dgamma / len(dout)) / root, dgamma, dbeta


@batchnorm_backward.misconception(
    hint="`dZ` is off by the factor 1/σ: you divide by the variance. The output grows by 1/σ for each step of `Z`: "
    "divide by the root of `var + eps`, once."
)
def divided_by_the_variance(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / root**2 * (dout - dbeta / len(dout) - Z_hat * dgamma / len(dout)), dgamma, dbeta


@batchnorm_backward.misconception(
    hint="`dZ` is multiplied by σ where it should be divided: stretch the input by 2 and the output does not change, "
    "so its slope must halve."
)
def multiplied_by_the_deviation(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma * root * (dout - dbeta / len(dout) - Z_hat * dgamma / len(dout)), dgamma, dbeta


@batchnorm_backward.misconception(
    hint="The division by σ is missing in `dZ`. The forward pass divides by it, so the slope carries 1/σ."
)
def without_the_deviation(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma * (dout - dbeta / len(dout) - Z_hat * dgamma / len(dout)), dgamma, dbeta


@batchnorm_backward.misconception(
    hint="`dgamma` holds `gamma` itself: you multiply `dout` by the scaled output. In `out = gamma * Z_hat + beta` the "
    "factor of gamma is `Z_hat`."
)
def dgamma_from_the_scaled_values(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    dZ = gamma / root * (dout - dbeta / len(dout) - Z_hat * dgamma / len(dout))
    return dZ, (dout * gamma * Z_hat).sum(axis=0), dbeta


@batchnorm_backward.misconception(
    hint="`dgamma` is taken from values that are centred but not divided by σ. Its factor in the forward pass is "
    "`Z_hat`, the normalised value."
)
def dgamma_from_the_centred_values(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    dZ = gamma / root * (dout - dbeta / len(dout) - Z_hat * dgamma / len(dout))
    return dZ, (dout * root * Z_hat).sum(axis=0), dbeta


@batchnorm_backward.misconception(
    hint="`dgamma` and `dbeta` have one entry for each example: the sum goes over `axis=1`. They belong to the units: "
    "sum over the examples, `axis=0`."
)
def summed_over_the_units(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    dZ = gamma / root * (dout - dbeta / len(dout) - Z_hat * dgamma / len(dout))
    return dZ, (dout * Z_hat).sum(axis=1), dout.sum(axis=1)


@batchnorm_backward.misconception(
    hint="`dgamma` and `dbeta` have not been summed over the examples. One gamma serves them all, and its gradient is "
    "the sum of theirs."
)
def not_summed_at_all(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    dZ = gamma / root * (dout - dbeta / len(dout) - Z_hat * dgamma / len(dout))
    return dZ, dout * Z_hat, dout


@batchnorm_backward.misconception(
    hint="`dgamma` and `dbeta` have the shape (1, n). They need the shapes of gamma and beta, (n,): sum without "
    "`keepdims`."
)
def with_keepdims(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0, keepdims=True), dout.sum(axis=0, keepdims=True)
    return gamma / root * (dout - dbeta / len(dout) - Z_hat * dgamma / len(dout)), dgamma, dbeta


@batchnorm_backward.misconception(hint="The three come back in another order than `(dZ, dgamma, dbeta)`.")
def in_another_order(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return dgamma, dbeta, gamma / root * (dout - dbeta / len(dout) - Z_hat * dgamma / len(dout))


@batchnorm_backward.misconception(hint="`dbeta` and `dgamma` have changed places: gamma comes before beta.")
def beta_before_gamma(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / root * (dout - dbeta / len(dout) - Z_hat * dgamma / len(dout)), dbeta, dgamma


@batchnorm_backward.misconception(
    hint="`dout -= ...` writes into the array of the caller, `Z_hat *= ...` into the cache. Both stay as they are: "
    "make new arrays."
)
def in_place(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    dout -= dbeta / len(dout) + Z_hat * dgamma / len(dout)
    dout *= gamma / root
    return dout, dgamma, dbeta


@batchnorm_backward.misconception(
    hint="The term through the variance has the wrong sign. A larger variance makes the outputs smaller: it is "
    "subtracted."
)
def a_plus_before_the_last_term(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / root * (dout - dbeta / len(dout) + Z_hat * dgamma / len(dout)), dgamma, dbeta


@batchnorm_backward.misconception(
    hint="The term through the variance has the factor 2 from the square, but not the ½ from the root. They cancel."
)
def the_two_of_the_square(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / root * (dout - dbeta / len(dout) - 2 * Z_hat * dgamma / len(dout)), dgamma, dbeta


@batchnorm_backward.alternative
def step_by_step(dout, cache):
    Z_hat, root, gamma = cache
    m = dout.shape[0]
    centred = Z_hat * root
    d_hat = dout * gamma
    dvar = np.sum(d_hat * centred * -0.5 * root**-3, axis=0)
    dmean = np.sum(-d_hat / root, axis=0) + dvar * np.mean(-2 * centred, axis=0)
    dZ = d_hat / root + dvar * 2 * centred / m + dmean / m
    return dZ, np.einsum("ij,ij->j", dout, Z_hat), np.ones(m) @ dout


@batchnorm_backward.alternative
def by_the_jacobian_of_each_unit(dout, cache):
    Z_hat, root, gamma = cache
    m, n = dout.shape
    dZ = np.empty((m, n))
    for j in range(n):
        jacobian = (np.eye(m) - 1 / m - np.outer(Z_hat[:, j], Z_hat[:, j]) / m) / root[j]
        dZ[:, j] = jacobian @ (gamma[j] * dout[:, j])
    return dZ, np.diag(dout.T @ Z_hat), np.add.reduce(dout)


@batchnorm_backward.alternative
def entry_by_entry(dout, cache):
    Z_hat, root, gamma = cache
    m, n = dout.shape
    dZ, dgamma, dbeta = np.zeros((m, n)), np.zeros(n), np.zeros(n)
    for j in range(n):
        for i in range(m):
            dgamma[j] += dout[i, j] * Z_hat[i, j]
            dbeta[j] += dout[i, j]
        for i in range(m):
            dZ[i, j] = gamma[j] * (m * dout[i, j] - dbeta[j] - Z_hat[i, j] * dgamma[j]) / (m * root[j])
    return dZ, dgamma, dbeta


@batchnorm_backward.alternative
def as_two_projections(dout, cache):
    Z_hat, root, gamma = cache
    d_hat = np.multiply(dout, gamma)
    for direction in (np.ones_like(Z_hat), Z_hat):
        d_hat = d_hat - direction * (d_hat * direction).mean(axis=0)
    return d_hat / root, np.sum(Z_hat * dout, 0), np.sum(dout, 0)


# --- fold_batchnorm --------------------------------------------------------------------------------------------------

fold_batchnorm = Exercise(
    "fold_batchnorm",
    points=3,
    hints=(
        "At test time the layer computes `gamma * (X @ W + b - running_mean) / root + beta`. Multiply out: what stands "
        "with `X`, and what is left over?",
        "Every unit has one factor, `gamma / sqrt(running_var + eps)`, of shape (n_out,). A unit's weights are a "
        "column of `W`.",
        "With that factor as `scale`: the new weights are `W * scale`, the new bias is "
        "`(b - running_mean) * scale + beta`.",
    ),
    not_checked=("non-square weights of other sizes", "negative gammas", "small variances", "single precision"),
)


def linear(rng: Rng, n_in: int, n_out: int) -> tuple[Any, ...]:
    """The first six arguments of ``fold_batchnorm``."""
    W, b = rng.standard_normal((n_in, n_out)), rng.uniform(0.5, 2, n_out)
    return W, b, scales(rng, n_out), scales(rng, n_out), rng.uniform(-2, 2, n_out), variances(rng, n_out)


@fold_batchnorm.visible
def _(rng):
    W, b = np.array([[1.0, 2.0, 0.0], [-1.0, 0.5, 3.0]]), np.array([1.0, 0.0, -2.0])
    gamma, beta = np.array([2.0, -1.0, 3.0]), np.array([0.5, 1.0, 0.0])
    mean, var = np.array([3.0, -1.0, 2.0]), np.array([0.25, 4.0, 1.0])
    yield Case("two inputs and three units", (Call("fold_batchnorm", (W, b, gamma, beta, mean, var)),))
    square = (W[:, :2], b[:2], gamma[:2], beta[:2], mean[:2], var[:2])
    yield Case("two inputs and two units, eps = 0.5", (Call("fold_batchnorm", square, {"eps": 0.5}),))


@fold_batchnorm.hidden
def _(rng):
    name = "fold_batchnorm"
    for n_in, n_out in ((4, 3), (3, 6), (5, 5)):
        yield Case(f"{n_in} inputs and {n_out} units", (Call(name, linear(rng, n_in, n_out)),))
    yield Case("a single unit", (Call(name, linear(rng, 5, 1)),))
    yield Case("a single input", (Call(name, linear(rng, 1, 4)),))
    yield Case("a larger eps", (Call(name, linear(rng, 3, 4), {"eps": 0.3}),))
    yield Case("all arguments in place", (Call(name, (*linear(rng, 4, 2), 1e-2)),))
    W, b, gamma, beta, mean, _ = linear(rng, 3, 4)
    tiny = np.array([0.0, 1e-6, 1e-5, 1e-4])
    yield Case("running variances no larger than eps", (Call(name, (W, b, gamma, beta, mean, tiny)),))
    W, b, gamma, beta, mean, var = linear(rng, 4, 3)
    gamma[0], gamma[1] = 0.0, -2.0
    yield Case("a gamma of 0 and a negative one", (Call(name, (W, b, gamma, beta, mean, var)),))
    W, _, gamma, beta, mean, var = linear(rng, 4, 3)
    yield Case("a bias of zeros", (Call(name, (W, np.zeros(3), gamma, beta, mean, var)),))
    yield Case("single precision", (Call(name, single(linear(rng, 6, 4))),))
    W, b, gamma, beta, mean, var = linear(rng, 4, 4)
    yield Case("columns one after the other in memory", (Call(name, (fortran(W), b, gamma, beta, mean, var)),))
    names = ("W", "b", "gamma", "beta", "running_mean", "running_var")
    named = dict(reversed(list(zip(names, linear(rng, 2, 3), strict=True))))
    yield Case("arguments given by name", (Call(name, (), named),))


@fold_batchnorm.misconception(
    hint="The factors are applied to the rows of `W`, which belong to the inputs. A unit's weights are a column: "
    "`W * scale`."
)
def rows_for_columns(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale[:, None], (b - running_mean) * scale + beta


@fold_batchnorm.misconception(
    hint="The running mean is missing in the bias: the normalisation takes it away before it scales."
)
def without_the_mean(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale, b * scale + beta


@fold_batchnorm.misconception(
    hint="The old bias keeps its size. It stands in front of the normalisation, together with the mean, and is scaled "
    "like it: `(b - running_mean) * scale`."
)
def the_bias_is_not_scaled(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale, b - running_mean * scale + beta


@fold_batchnorm.misconception(
    hint="The old bias is dropped. In training it made no difference, because the batch's mean held it too; the "
    "running mean holds it still. Take the mean away without it, and the layer is off by it."
)
def the_bias_is_dropped(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale, beta - running_mean * scale


@fold_batchnorm.misconception(hint="`beta` is scaled, too. It is added after the scaling: outside of the bracket.")
def beta_is_scaled(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale, (b - running_mean + beta) * scale


@fold_batchnorm.misconception(
    hint="Neither mean nor old bias is scaled: `b - running_mean + beta`. Only `beta` stays as it is."
)
def nothing_but_the_weights_is_scaled(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale, b - running_mean + beta


@fold_batchnorm.misconception(
    hint="`gamma` is divided by the variance. It is the root of `running_var + eps` that batch normalization divides "
    "by."
)
def divided_by_the_variance(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / (running_var + eps)
    return W * scale, (b - running_mean) * scale + beta


@fold_batchnorm.misconception(
    hint="`eps` is added to the root. It belongs inside, as in `batchnorm_forward`, or the two layers differ."
)
def eps_outside_the_root(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / (np.sqrt(running_var) + eps)
    return W * scale, (b - running_mean) * scale + beta


@fold_batchnorm.misconception(
    hint="`eps` is missing or has a fixed value. The folded layer needs the `eps` of the layer it replaces."
)
def an_eps_of_its_own(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + 1e-5)
    return W * scale, (b - running_mean) * scale + beta


@fold_batchnorm.misconception(
    hint="Without any `eps` the folded layer is not quite the one it replaces: the root is over `running_var + eps`."
)
def no_eps_at_all(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var)
    return W * scale, (b - running_mean) * scale + beta


@fold_batchnorm.misconception(hint="The mean is added. The normalisation takes it away.")
def the_mean_is_added(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale, (b + running_mean) * scale + beta


@fold_batchnorm.misconception(hint="`gamma` is missing: the factor of each unit is `gamma` over the root.")
def without_gamma(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = 1 / np.sqrt(running_var + eps)
    return W * scale, (b - running_mean) * scale + beta


@fold_batchnorm.misconception(hint="`gamma` is multiplied by the root where it should be divided.")
def multiplied_by_the_root(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma * np.sqrt(running_var + eps)
    return W * scale, (b - running_mean) * scale + beta


@fold_batchnorm.misconception(
    hint="`W *= scale` writes into the array of the caller: the network that is still training would be spoilt. Make "
    "new arrays."
)
def in_place(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    W *= scale
    return W, (b - running_mean) * scale + beta


@fold_batchnorm.misconception(
    hint="The weights are right and the bias is only `beta`: what the mean and the old bias leave behind is missing."
)
def the_bias_is_beta(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    return W * gamma / np.sqrt(running_var + eps), beta.copy()


@fold_batchnorm.alternative
def column_by_column(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    W_new, b_new = np.zeros(W.shape), np.zeros(b.shape)
    for j in range(W.shape[1]):
        root = (running_var[j] + eps) ** 0.5
        for i in range(W.shape[0]):
            W_new[i, j] = W[i, j] * gamma[j] / root
        b_new[j] = gamma[j] * (b[j] - running_mean[j]) / root + beta[j]
    return W_new, b_new


@fold_batchnorm.alternative
def by_a_diagonal_matrix(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    D = np.diag(gamma * (running_var + eps) ** -0.5)
    return W @ D, beta + (b - running_mean) @ D


@fold_batchnorm.alternative
def by_asking_the_layer(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    probes = np.vstack([np.zeros(W.shape[0]), np.eye(W.shape[0])]) @ W + b
    out = batchnorm_forward(probes, gamma, beta, running_mean, running_var, eps=eps, training=False)[0]
    return out[1:] - out[0], out[0]


@fold_batchnorm.alternative
def with_einsum_and_a_copy(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    factor = np.divide(gamma, np.sqrt(np.add(running_var, eps)))
    shifted = b.copy()
    shifted -= running_mean
    shifted *= factor
    shifted += beta
    return np.einsum("ij,j->ij", W, factor), shifted


EXERCISES = (batchnorm_forward, batchnorm_backward, fold_batchnorm)
