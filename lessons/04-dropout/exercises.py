"""How the exercises of lesson 04 are judged."""

# Wrong and right solutions are written the way students write them.
# ruff: noqa: E741

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from typing import Any

import numpy as np

from autograde.check.cases import Call, Case, Equals, Property, Raises
from autograde.check.codec import Ref, StandIn
from autograde.judge.catalogue import Equivalent, Exercise

Params = dict[str, Any]
Rng = np.random.Generator

# --- what the cases are made of --------------------------------------------------------------------------------------


def draws(rng: Rng, shared: bool = False) -> StandIn:
    """A generator with a seed of its own; a shared one goes on from call to call of a case."""
    params: dict[str, Any] = {"seed": int(rng.integers(2**31))}
    return StandIn("rng", params | ({"shared": "rng"} if shared else {}))


def ones(*shape: int) -> StandIn:
    """An array of ones, too large to be shown."""
    return StandIn("ones", {"shape": list(shape)})


def positive(rng: Rng, *shape: int) -> Any:
    """Numbers between 0.5 and 2."""
    return rng.uniform(0.5, 2.0, shape)


def network(rng: Rng, sizes: Sequence[int]) -> Params:
    """A network with random weights and biases, none of them zero."""
    params: Params = {}
    for i, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        params[f"W{i}"] = rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)
        params[f"b{i}"] = rng.uniform(0.1, 0.4, n_out) * rng.choice([-1, 1], n_out)
    return params


def single(params: Params) -> Params:
    """The same network in single precision."""
    return {key: value.astype(np.float32) for key, value in params.items()}


def seeds(name: str, args: Sequence[Any], rng: Rng, after: Sequence[Any] = (), private: tuple[int, ...] = ()) -> Case:
    """Twice the same seed, then another one; ``args`` come before the generator and ``after`` behind it."""
    one, other = draws(rng), draws(rng)
    return Case(
        "generators with equal and with different seeds",
        tuple(Call(name, (*args, g, *after), private=private) for g in (one, one, other)),
        (
            Property("same_results", {"first": 0, "second": 1}),
            Property("different_results", {"first": 0, "second": 2}),
        ),
    )


# --- dropout_forward -------------------------------------------------------------------------------------------------

dropout_forward = Exercise(
    "dropout_forward",
    points=5,
    hints=(
        "Three cases: a `keep_prob` that makes no sense, not training, and training. Deal with them in this order.",
        "`rng.random(A.shape)` has one number between 0 and 1 for every unit of every example. What share of them "
        "lies below `keep_prob`?",
        "`(rng.random(A.shape) < keep_prob) / keep_prob` holds 0 and `1 / keep_prob`. Multiply `A` by it, and return "
        "the product and the mask. Without training the mask is `np.ones_like(A)`.",
    ),
    not_checked=("other values of keep_prob", "whether all units and examples are drawn independently", "float32"),
    equivalent=(
        Equivalent(
            "mask = (rng.random(A.shape) <= keep_prob) / keep_prob",
            "a uniform number of 53 bits hits keep_prob itself once in 10¹⁵ draws",
        ),
    ),
)


def masked(keep: float, args: tuple[Any, ...], label: str, calls: int = 1, **kwargs: Any) -> Case:
    """A case of ``calls`` equal calls whose masks are right and whose outputs are the products."""
    numbers = list(range(calls))
    return Case(
        label,
        tuple(Call("dropout_forward", args, kwargs) for _ in numbers),
        (
            Property("product_of_argument"),
            Property("kept_or_dropped", {"keep": keep, "path": [1], "calls": numbers}),
        ),
    )


def refused(label: str, keep: Any, rng: Rng, *training: bool) -> Case:
    """A keep_prob that must raise."""
    return Case(label, (Call("dropout_forward", (positive(rng, 3, 4), keep, draws(rng), *training)),), (Raises(),))


@dropout_forward.visible
def _(rng):
    yield masked(0.5, (ones(100, 80), 0.5, draws(rng)), "100 examples of 80 units, all of them 1, keep 0.5")
    yield masked(0.9, (ones(100, 80), 0.9, draws(rng)), "the same with keep 0.9")
    A = np.array([[1.0, 2.0, -3.0], [0.5, 0.0, 4.0]])
    yield Case("not training", (Call("dropout_forward", (A, 0.5, draws(rng)), {"training": False}),))
    yield refused("keep_prob 0", 0.0, rng)
    yield seeds("dropout_forward", (ones(6, 5), 0.5), rng)


@dropout_forward.hidden
def _(rng):
    for keep in (0.3, 0.5, 0.9):
        A = rng.standard_normal((130, 150))
        yield masked(keep, (A, keep, draws(rng)), f"random activations with keep {keep}")
    yield masked(0.3, (positive(rng, 2, 5000), 0.3, draws(rng)), "few examples and many units")
    yield masked(0.6, (positive(rng, 5000, 2), 0.6, draws(rng), True), "many examples and few units")
    yield masked(0.5, (positive(rng, 1, 6000), 0.5, draws(rng)), "a single example")
    yield masked(0.7, (positive(rng, 6000, 1), 0.7, draws(rng)), "a single unit")
    yield masked(0.05, (positive(rng, 150, 130), 0.05, draws(rng)), "a keep_prob near 0")
    yield masked(0.5, (positive(rng, 60, 70), 0.5, draws(rng, True)), "calls one after the other with one rng", 15)
    A = np.maximum(rng.standard_normal((90, 80)), 0)
    yield masked(0.8, (), "arguments given by name", A=A, keep_prob=0.8, rng=draws(rng), training=True)
    yield masked(0.3, (positive(rng, 120, 110).astype(np.float32), 0.3, draws(rng)), "single precision")
    yield Case("keep_prob 1", (Call("dropout_forward", (rng.standard_normal((4, 7)), 1.0, draws(rng))),))
    yield Case("keep_prob 1 as an integer", (Call("dropout_forward", (rng.standard_normal((5, 3)), 1, draws(rng))),))
    for keep in (0.3, 1.0):
        args = (rng.standard_normal((6, 4)), keep, draws(rng), False)
        yield Case(f"not training with keep {keep}", (Call("dropout_forward", args),))
    args = (rng.standard_normal((3, 8)).astype(np.float32), 0.5, draws(rng), False)
    yield Case("not training in single precision", (Call("dropout_forward", args),))
    yield refused("keep_prob 0 as an integer", 0, rng)
    yield refused("a negative keep_prob", -0.5, rng)
    yield refused("a keep_prob just above 1", 1.001, rng)
    yield refused("a percentage", 80, rng)
    yield refused("keep_prob 0 when not training", 0.0, rng, False)
    yield refused("a negative keep_prob when not training", -1.0, rng, False)
    yield refused("a keep_prob above 1 when not training", 1.5, rng, False)
    yield seeds("dropout_forward", (positive(rng, 9, 12), 0.5), rng)


@dropout_forward.misconception(
    hint="The kept units keep their size, so the layer's mean shrinks to `keep_prob` of what it was. Inverted "
    "dropout makes up for it at once: the mask holds `1 / keep_prob`, not 1."
)
def not_scaled(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    mask = np.ones_like(A)
    if training:
        mask = (rng.random(A.shape) < keep_prob).astype(float)
    return A * mask, mask


@dropout_forward.misconception(
    hint="69.1 % are kept with `keep_prob` 0.5 and 81.6 % with 0.9: those are the shares of a *normal* "
    "distribution below 0.5 and 0.9. Draw with `rng.random`, which is uniform between 0 and 1."
)
def normal_for_uniform(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    mask = np.ones_like(A)
    if training:
        mask = (rng.standard_normal(A.shape) < keep_prob) / keep_prob
    return A * mask, mask


@dropout_forward.misconception(
    hint="The share kept is `1 - keep_prob`: the comparison points the wrong way. A uniform number lies *below* "
    "`keep_prob` with probability `keep_prob`. With 0.5 nobody would notice."
)
def greater_for_less(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    mask = np.ones_like(A)
    if training:
        mask = (rng.random(A.shape) > keep_prob) / keep_prob
    return A * mask, mask


@dropout_forward.misconception(
    hint="You drop with probability `keep_prob` and scale by `1 / (1 - keep_prob)`. That is the convention in "
    "which the number says how many are *dropped*. Here it says how many are kept."
)
def keep_is_read_as_drop(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    mask = np.ones_like(A)
    if training and keep_prob < 1:
        mask = (rng.random(A.shape) >= keep_prob) / (1 - keep_prob)
    return A * mask, mask


@dropout_forward.misconception(
    hint="The right share is kept, but scaled by `1 / (1 - keep_prob)`. The mean is off by a factor that is 1 only "
    "for `keep_prob` 0.5. Divide by the share that is kept."
)
def scaled_by_the_share_dropped(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    mask = np.ones_like(A)
    if training and keep_prob < 1:
        mask = (rng.random(A.shape) < keep_prob) / (1 - keep_prob)
    return A * mask, mask


@dropout_forward.misconception(
    hint="All entries are scaled and none is dropped. Compare the random numbers with `keep_prob` and let the "
    "comparison decide which entries stay."
)
def nothing_is_dropped(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    mask = np.ones_like(A)
    if training:
        mask = np.ones(A.shape) / keep_prob
    return A * mask, mask


@dropout_forward.misconception(
    hint="Without training your output is scaled by `keep_prob`. Inverted dropout has scaled in training already; "
    "at test time the layer does nothing at all."
)
def scaled_again_at_test_time(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    if not training:
        return A * keep_prob, np.ones_like(A)
    mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask


@dropout_forward.misconception(
    hint="Your function drops units even if `training` is False. Then the output must be `A` and the mask all ones."
)
def training_is_ignored(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask


@dropout_forward.misconception(
    hint="The same units are dropped for every example: one row of the mask was drawn and used for all. Draw a "
    "mask of the shape of `A`."
)
def one_mask_for_all_examples(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    mask = np.ones_like(A)
    if training:
        mask = mask * (rng.random(A.shape[1]) < keep_prob) / keep_prob
    return A * mask, mask


@dropout_forward.misconception(
    hint="Whole examples are dropped: one number was drawn for each row. Every unit of every example needs its own."
)
def whole_examples_are_dropped(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    mask = np.ones_like(A)
    if training:
        mask = mask * (rng.random((A.shape[0], 1)) < keep_prob) / keep_prob
    return A * mask, mask


@dropout_forward.misconception(
    hint="Every call draws the same mask: a generator with a fixed seed is made inside the function, so the same "
    "units are dropped for ever. Draw from the `rng` that was handed in."
)
def a_seed_inside_the_function(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    mask = np.ones_like(A)
    if training:
        mask = (np.random.default_rng(1).random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask


@dropout_forward.misconception(
    hint="`np.random.rand` draws from a generator that the whole program shares. Use `rng.random(A.shape)`."
)
def the_global_generator(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    mask = np.ones_like(A)
    if training:
        mask = (np.random.rand(*A.shape) < keep_prob) / keep_prob
    return A * mask, mask


@dropout_forward.misconception(
    hint="Values outside (0, 1] pass. With `keep_prob` 0 the mask would divide by zero: raise a `ValueError`."
)
def no_bounds(A, keep_prob, rng, training=True):
    mask = np.ones_like(A)
    if training:
        mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask


@dropout_forward.misconception(
    hint="`assert` raises an AssertionError, and not even that under `python -O`. A bad argument earns a "
    "`ValueError` that names it."
)
def bounds_by_assert(A, keep_prob, rng, training=True):
    assert 0 < keep_prob <= 1, "keep_prob must be in (0, 1]"
    mask = np.ones_like(A)
    if training:
        mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask


@dropout_forward.misconception(
    hint="A bad `keep_prob` slips through when `training` is False. It is a mistake of the caller's either way: "
    "check it before anything else."
)
def bounds_in_training_only(A, keep_prob, rng, training=True):
    if not training:
        return A, np.ones_like(A)
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask


@dropout_forward.misconception(
    hint="`keep_prob` 1 is refused. It is a fair value: everything is kept. The interval is (0, 1], with the 1."
)
def one_is_refused(A, keep_prob, rng, training=True):
    if not 0 < keep_prob < 1:
        raise ValueError(f"keep_prob must be in (0, 1), got {keep_prob}")
    mask = np.ones_like(A)
    if training:
        mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask


@dropout_forward.misconception(hint="`A *= mask` writes into the array of the caller. `A * mask` makes a new one.")
def in_place(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    mask = np.ones_like(A)
    if training:
        mask = (rng.random(A.shape) < keep_prob) / keep_prob
    A *= mask
    return A, mask


@dropout_forward.misconception(
    hint="Exactly the same number of units is dropped every time. Dropout throws a coin for every unit of every "
    "example: the number of kept ones varies."
)
def a_fixed_number_is_kept(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    mask = np.ones_like(A)
    if training:
        n = A.shape[1]
        order = rng.permuted(np.tile(np.arange(n), (A.shape[0], 1)), axis=1)
        mask = (order < round(keep_prob * n)) / keep_prob
    return A * mask, mask


@dropout_forward.misconception(hint="The pair comes back the wrong way round: first the output, then the mask.")
def the_mask_comes_first(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    mask = np.ones_like(A)
    if training:
        mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return mask, A * mask


@dropout_forward.misconception(
    hint="Your mask says only which units stay (0 and 1, or True and False); the scale is in the output alone. "
    "`mask` must hold 0 and `1 / keep_prob`: the backward pass will need the scale too."
)
def the_scale_is_not_in_the_mask(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    if not training:
        return A, np.ones_like(A)
    mask = rng.random(A.shape) < keep_prob
    return A * mask / keep_prob, mask


@dropout_forward.alternative
def by_binomial(A, keep_prob, rng, training=True):
    if keep_prob <= 0 or keep_prob > 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    if not training:
        return A, np.ones(A.shape)
    mask = rng.binomial(1, keep_prob, size=A.shape) / keep_prob
    return np.multiply(A, mask), mask


@dropout_forward.alternative
def entry_by_entry(A, keep_prob, rng, training=True):
    if not (keep_prob > 0 and keep_prob <= 1):
        raise ValueError("keep_prob")
    mask = np.zeros(A.shape)
    out = np.zeros(A.shape)
    for j in range(A.shape[1]):
        for i in range(A.shape[0]):
            if not training:
                mask[i, j] = 1
            elif rng.uniform() < keep_prob:
                mask[i, j] = 1 / keep_prob
            out[i, j] = A[i, j] * mask[i, j]
    return out, mask


@dropout_forward.alternative
def by_where_with_greater(A, keep_prob, rng, training=True):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    drop = 1 - keep_prob if training else 0.0
    noise = rng.random(size=A.shape, dtype=np.float32)
    mask = np.where(noise >= drop, 1 / (1 - drop), 0).astype(A.dtype)
    return np.where(mask > 0, A * mask, 0), mask


@dropout_forward.alternative
def by_choice_and_fortran_order(A, keep_prob, rng, training=True):
    if min(keep_prob, 1 - keep_prob) < 0 or keep_prob == 0:
        raise ValueError("keep_prob must be in (0, 1], got " + str(keep_prob))
    if training is False:
        return A[:], np.full_like(A, 1)
    mask = rng.choice([0.0, 1 / keep_prob], p=[1 - keep_prob, keep_prob], size=A.shape[::-1]).T
    out = A.copy()
    out *= mask
    return out, mask


# --- dropout_backward ------------------------------------------------------------------------------------------------

dropout_backward = Exercise(
    "dropout_backward",
    points=1,
    hints=(
        "The forward pass is `out = A * mask`, entry by entry. What is the derivative of one entry of `out` by its "
        "entry of `A`?",
        "The derivative is the mask's entry itself: 0 for a dropped unit, `1 / keep_prob` for a kept one.",
        "By the chain rule, multiply `dout` by `mask`.",
    ),
    not_checked=("larger arrays", "single precision"),
)


def mask_of(rng: Rng, keep: float, *shape: int) -> Any:
    """A mask of zeros and ``1 / keep``, with some of both."""
    mask = (rng.random(shape) < keep) / keep
    mask.flat[:2] = 0.0, 1 / keep
    return mask


@dropout_backward.visible
def _(rng):
    dout = np.array([[1.0, 2.0, -3.0], [4.0, 0.5, 6.0]])
    mask = np.array([[2.0, 0.0, 2.0], [0.0, 0.0, 2.0]])
    yield Case("two examples of three units, keep 0.5", (Call("dropout_backward", (dout, mask)),))
    yield Case("a mask of ones, as it is without training", (Call("dropout_backward", (dout, np.ones((2, 3)))),))


@dropout_backward.hidden
def _(rng):
    for keep in (0.3, 0.8):
        args = (rng.standard_normal((7, 5)), mask_of(rng, keep, 7, 5))
        yield Case(f"a mask made with keep {keep}", (Call("dropout_backward", args),))
    yield Case("a single example", (Call("dropout_backward", (rng.standard_normal((1, 9)), mask_of(rng, 0.5, 1, 9))),))
    yield Case("a single unit", (Call("dropout_backward", (rng.standard_normal((9, 1)), mask_of(rng, 0.5, 9, 1))),))
    named = {"mask": mask_of(rng, 0.25, 4, 6), "dout": rng.standard_normal((4, 6))}
    yield Case("arguments given by name", (Call("dropout_backward", (), named),))
    args = (rng.standard_normal((6, 8)).astype(np.float32), mask_of(rng, 0.7, 6, 8).astype(np.float32))
    yield Case("single precision", (Call("dropout_backward", args),))
    args = (rng.standard_normal((5, 5)), np.zeros((5, 5)))
    yield Case("a mask that drops everything", (Call("dropout_backward", args),))
    mask = np.asfortranarray(mask_of(rng, 0.4, 5, 5))
    yield Case("as many examples as units", (Call("dropout_backward", (rng.standard_normal((5, 5)), mask)),))


@dropout_backward.misconception(
    hint="The dropped units are right, the kept ones lack the factor `1 / keep_prob`. It is in the mask: multiply "
    "by the mask itself, not by `mask > 0`."
)
def without_the_scale(dout, mask):
    return dout * (mask > 0)


@dropout_backward.misconception(
    hint="The gradient comes back unchanged. A dropped unit had no part in the output: its gradient is 0."
)
def the_mask_is_ignored(dout, mask):
    return dout.copy()


@dropout_backward.misconception(hint="The scale is applied twice: it is in the mask already.")
def scaled_twice(dout, mask):
    return dout * mask * mask.max()


@dropout_backward.misconception(
    hint="You divide by the mask. The forward pass multiplied by it, and so does the chain rule: the derivative of "
    "`A * mask` by `A` is `mask`."
)
def divided_by_the_mask(dout, mask):
    return np.where(mask > 0, dout / np.where(mask > 0, mask, 1), 0.0)


@dropout_backward.misconception(
    hint="A new mask is drawn in the backward pass. The gradient has to pass through the same units as the signal "
    "did: use the mask of the forward pass."
)
def a_new_mask(dout, mask):
    keep = 1 / max(mask.max(), 1.0)
    return dout * (np.random.default_rng(0).random(dout.shape) < keep) / keep


@dropout_backward.misconception(
    hint="`dout[mask == 0] = 0` and `dout *= mask` write into the array of the caller. Return a new one."
)
def in_place(dout, mask):
    dout *= mask
    return dout


@dropout_backward.misconception(
    hint="The dropped units have a gradient and the kept ones none: the mask is the wrong way round."
)
def the_mask_is_inverted(dout, mask):
    return dout * (mask == 0)


@dropout_backward.misconception(
    hint="That is a matrix product or a sum over it. Each entry has its own factor: `*`, entry by entry, and the "
    "shape stays."
)
def a_sum_over_the_examples(dout, mask):
    return (dout * mask).sum(axis=0)


@dropout_backward.alternative
def by_multiply(dout, mask):
    return np.multiply(mask, dout)


@dropout_backward.alternative
def by_loops(dout, mask):
    dA = np.zeros(dout.shape)
    for i, row in enumerate(dout):
        for j, value in enumerate(row):
            dA[i][j] = value * mask[i][j]
    return dA


@dropout_backward.alternative
def by_einsum(dout, mask):
    return np.einsum("ij,ij->ij", dout, mask)


@dropout_backward.alternative
def by_a_copy(dout, mask):
    dA = dout.copy()
    dA[mask == 0] = 0
    dA[mask != 0] *= mask[mask != 0]
    return dA


# --- forward_with_dropout --------------------------------------------------------------------------------------------

forward_with_dropout = Exercise(
    "forward_with_dropout",
    points=5,
    hints=(
        "Write the plain network first: a loop over the hidden layers with `np.maximum(Z, 0)`, then the last layer "
        "without it. Where in the loop does dropout belong?",
        "After the ReLU of hidden layer `l`, call `dropout_forward(A, keep_probs[l - 1], rng, training)`. What it "
        "returns is the input of the next layer.",
        "Per hidden layer, put the layer's input, its `Z` and its mask in a list; for the last layer its input and "
        "the logits. Return `(logits, that list)`: it is all that the backward pass needs.",
    ),
    not_checked=("networks with two and three hidden layers and dropout", "more than ten layers", "no hidden layer"),
    equivalent=(
        Equivalent(
            "out, mask = dropout_forward(np.maximum(0, Z), keep_probs[l - 1], rng, training)",
            "the maximum of two is the same in either order",
        ),
    ),
)


def plain(params: Params, X: Any) -> Any:
    """The logits of a ReLU network without dropout."""
    A, last = X, len(params) // 2
    for i in range(1, last):
        A = np.maximum(A @ params[f"W{i}"] + params[f"b{i}"], 0)
    return A @ params[f"W{last}"] + params[f"b{last}"]


def revealing(rng: Rng, n: int, depth: int, widening: bool) -> Params:
    """A network whose logits show its masks: positive for positive inputs, each logit fed by one unit of a layer.

    With ``widening`` every layer but the first has ``n`` units more, which only have a bias, so that the first ``n``
    logits show the product of all masks, the next ``n`` those from layer 2 on, and so forth.
    """
    params: Params = {}
    width = n
    for i in range(1, depth + 2):
        more = n if widening and 1 < i <= depth else 0
        params[f"W{i}"] = np.hstack([np.diag(positive(rng, width)), np.zeros((width, more))])
        bias = positive(rng, n) if i == 1 else np.zeros(width)
        params[f"b{i}"] = np.concatenate([bias, positive(rng, more)])
        width += more
    return params


def thinned(
    label: str, rng: Rng, keeps: list[float], m: int, n: int, widening: bool = False, calls: int = 1, one: bool = False
) -> Case:
    """A case that looks through the logits of a revealing network at its masks."""
    params, X = revealing(rng, n, len(keeps), widening), positive(rng, m, n)
    base, numbers = plain(params, X), list(range(calls))
    expect = []
    for block in range(base.shape[1] // n):
        columns = list(range(block * n, (block + 1) * n))
        options = {"keep": float(np.prod(keeps[block:])), "path": [0], "calls": numbers, "base": base[:, columns]}
        expect.append(Property("kept_or_dropped", options | {"columns": columns}))
    call = Call("forward_with_dropout", (params, X, keeps, draws(rng, one)), private=(1,))
    return Case(label, (call,) * calls, tuple(expect))


def forward_case(label: str, params: Params, X: Any, keeps: list[float], rng: Rng, *training: bool) -> Case:
    """A forward pass in which nothing is random."""
    return Case(label, (Call("forward_with_dropout", (params, X, keeps, draws(rng), *training), private=(1,)),))


@forward_with_dropout.visible
def _(rng):
    params = {
        "W1": np.array([[1.0, -1.0], [0.5, 2.0]]),
        "b1": np.array([0.5, 0.0]),
        "W2": np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.5]]),
        "b2": np.array([0.0, 0.1, 0.2]),
    }
    X = np.array([[1.0, 2.0], [-1.0, 1.5]])
    yield forward_case("keep 1: nothing is dropped", params, X, [1.0], rng)
    yield forward_case("not training", params, X, [0.5], rng, False)
    reveal = {"W1": np.eye(40), "b1": np.zeros(40), "W2": np.eye(40), "b2": np.zeros(40)}
    yield Case(
        "100 examples of 40 ones through two identity layers, keep 0.8, so that the logits are the mask",
        (Call("forward_with_dropout", (reveal, ones(100, 40), [0.8], draws(rng)), private=(1,)),),
        (Property("kept_or_dropped", {"keep": 0.8, "path": [0]}),),
    )
    yield seeds("forward_with_dropout", (params, np.tile(X, (10, 1)), [0.5]), rng, private=(1,))


@forward_with_dropout.hidden
def _(rng):
    for hidden in ([6], [7, 4], [5, 8, 3]):
        params, X = network(rng, [4, *hidden, 3]), rng.standard_normal((9, 4))
        words = f"{len(hidden)} hidden layer{'s' * (len(hidden) > 1)}"
        yield forward_case(f"{words}, keep 1", params, X, [1.0] * len(hidden), rng)
        yield forward_case(f"{words}, not training", params, X, [0.3] * len(hidden), rng, False)
    yield forward_case("no hidden layer", network(rng, [5, 3]), rng.standard_normal((4, 5)), [], rng)
    yield forward_case(
        "no hidden layer, not training", network(rng, [2, 6]), rng.standard_normal((3, 2)), [], rng, False
    )
    deep = network(rng, [3, *rng.integers(3, 7, 11).tolist(), 2])
    yield forward_case("more than ten layers", deep, rng.standard_normal((5, 3)), [1.0] * 11, rng)
    yield forward_case("a single example", network(rng, [3, 5, 2]), rng.standard_normal((1, 3)), [1.0], rng)
    params, X = single(network(rng, [4, 6, 5, 3])), rng.standard_normal((8, 4)).astype(np.float32)
    yield forward_case("single precision", params, X, [1.0, 1.0], rng)
    yield forward_case("single precision, not training", params, X, [0.5, 0.9], rng, False)
    named = {
        "rng": draws(rng),
        "X": rng.standard_normal((6, 3)),
        "params": network(rng, [3, 4, 2]),
        "keep_probs": [1.0],
    }
    yield Case("arguments given by name", (Call("forward_with_dropout", (), named, private=(1,)),))
    for keep in (0.3, 0.5, 0.9):
        yield thinned(f"one hidden layer with keep {keep}", rng, [keep], 120, 110)
    yield thinned("two hidden layers of one width", rng, [0.6, 0.5], 120, 110)
    yield thinned("two hidden layers with different keep_probs", rng, [0.9, 0.3], 130, 40, widening=True)
    yield thinned("dropout in the first of two hidden layers only", rng, [0.5, 1.0], 120, 40, widening=True)
    yield thinned("dropout in the second of two hidden layers only", rng, [1.0, 0.4], 120, 40, widening=True)
    yield thinned("three hidden layers with different keep_probs", rng, [0.5, 0.9, 0.7], 150, 40, widening=True)
    yield thinned("passes one after the other with one rng", rng, [0.7, 0.8], 60, 50, calls=12, one=True)
    yield thinned("a single example of many units", rng, [0.5], 1, 400)
    yield seeds(
        "forward_with_dropout", (network(rng, [3, 9, 8, 2]), positive(rng, 12, 3), [0.5, 0.6]), rng, private=(1,)
    )


@forward_with_dropout.misconception(
    hint="Units of the *inputs* are dropped as well. Here dropout follows the hidden layers and only them: "
    "`keep_probs[0]` belongs to hidden layer 1."
)
def dropout_on_the_inputs(params, X, keep_probs, rng, training=True):
    A, cache, last = X, [], len(params) // 2
    for l in range(1, last):
        A, mask = dropout_forward(A, keep_probs[l - 1], rng, training)
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        cache.append((A, Z, mask))
        A = np.maximum(Z, 0)
    logits = A @ params[f"W{last}"] + params[f"b{last}"]
    return logits, [*cache, (A, logits, None)]


@forward_with_dropout.misconception(
    hint="Some logits are zero or scaled: dropout follows the *output* layer, too. Logits are never dropped; stop "
    "after the last hidden layer."
)
def dropout_on_the_logits(params, X, keep_probs, rng, training=True):
    A, cache, last = X, [], len(params) // 2
    for l in range(1, last):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        H, mask = dropout_forward(np.maximum(Z, 0), keep_probs[l - 1], rng, training)
        cache.append((A, Z, mask))
        A = H
    logits = A @ params[f"W{last}"] + params[f"b{last}"]
    cache.append((A, logits, None))
    if keep_probs:
        logits, _ = dropout_forward(logits, keep_probs[-1], rng, training)
    return logits, cache


@forward_with_dropout.misconception(
    hint="`training` does not reach `dropout_forward`: units are dropped although `training` is False. Hand it on."
)
def training_is_not_handed_on(params, X, keep_probs, rng, training=True):
    A, cache, last = X, [], len(params) // 2
    for l in range(1, last):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        H, mask = dropout_forward(np.maximum(Z, 0), keep_probs[l - 1], rng)
        cache.append((A, Z, mask))
        A = H
    logits = A @ params[f"W{last}"] + params[f"b{last}"]
    return logits, [*cache, (A, logits, None)]


@forward_with_dropout.misconception(
    hint="The activations are multiplied by `keep_prob` when not training. That belongs to the older form, without "
    "the scale in training. Inverted dropout has scaled already; a test pass is the plain network."
)
def rescaled_at_test_time(params, X, keep_probs, rng, training=True):
    A, cache, last = X, [], len(params) // 2
    for l in range(1, last):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        H, mask = dropout_forward(np.maximum(Z, 0), keep_probs[l - 1], rng, training)
        cache.append((A, Z, mask))
        A = H if training else H * keep_probs[l - 1]
    logits = A @ params[f"W{last}"] + params[f"b{last}"]
    return logits, [*cache, (A, logits, None)]


@forward_with_dropout.misconception(
    hint="Every hidden layer uses the first keep probability. Hidden layer `l + 1` has its own: `keep_probs[l]`."
)
def one_keep_prob_for_all(params, X, keep_probs, rng, training=True):
    A, cache, last = X, [], len(params) // 2
    for l in range(1, last):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        H, mask = dropout_forward(np.maximum(Z, 0), keep_probs[0], rng, training)
        cache.append((A, Z, mask))
        A = H
    logits = A @ params[f"W{last}"] + params[f"b{last}"]
    return logits, [*cache, (A, logits, None)]


@forward_with_dropout.misconception(
    hint="The keep probabilities are off by one layer. `keep_probs` counts the hidden layers from 0, the "
    "parameters count from 1: `keep_probs[l - 1]` goes with `W{l}`."
)
def keep_probs_are_shifted(params, X, keep_probs, rng, training=True):
    A, cache, last = X, [], len(params) // 2
    for l in range(1, last):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        H, mask = dropout_forward(np.maximum(Z, 0), keep_probs[l % len(keep_probs)], rng, training)
        cache.append((A, Z, mask))
        A = H
    logits = A @ params[f"W{last}"] + params[f"b{last}"]
    return logits, [*cache, (A, logits, None)]


@forward_with_dropout.misconception(
    hint="The masks are computed, but the next layer gets the activations without dropout. Pass the *output* of "
    "`dropout_forward` on."
)
def the_dropped_output_is_not_passed_on(params, X, keep_probs, rng, training=True):
    A, cache, last = X, [], len(params) // 2
    for l in range(1, last):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        H = np.maximum(Z, 0)
        _, mask = dropout_forward(H, keep_probs[l - 1], rng, training)
        cache.append((A, Z, mask))
        A = H
    logits = A @ params[f"W{last}"] + params[f"b{last}"]
    return logits, [*cache, (A, logits, None)]


@forward_with_dropout.misconception(
    hint="All layers of one width have the same mask: a generator is made anew for each layer. Draw every mask "
    "from the one `rng`."
)
def the_same_mask_in_every_layer(params, X, keep_probs, rng, training=True):
    A, cache, last = X, [], len(params) // 2
    seed = rng.integers(2**31)
    for l in range(1, last):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        H, mask = dropout_forward(np.maximum(Z, 0), keep_probs[l - 1], np.random.default_rng(seed), training)
        cache.append((A, Z, mask))
        A = H
    logits = A @ params[f"W{last}"] + params[f"b{last}"]
    return logits, [*cache, (A, logits, None)]


@forward_with_dropout.misconception(
    hint="Negative logits have become 0: the output layer has a ReLU. The last layer stays linear."
)
def a_relu_on_the_logits(params, X, keep_probs, rng, training=True):
    A, cache, last = X, [], len(params) // 2
    for l in range(1, last):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        H, mask = dropout_forward(np.maximum(Z, 0), keep_probs[l - 1], rng, training)
        cache.append((A, Z, mask))
        A = H
    logits = np.maximum(A @ params[f"W{last}"] + params[f"b{last}"], 0)
    return logits, [*cache, (A, logits, None)]


@forward_with_dropout.misconception(
    hint="The result is probabilities. Leave the softmax out: the function returns logits, which may be negative "
    "and do not add up to 1."
)
def probabilities_for_logits(params, X, keep_probs, rng, training=True):
    A, cache, last = X, [], len(params) // 2
    for l in range(1, last):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        H, mask = dropout_forward(np.maximum(Z, 0), keep_probs[l - 1], rng, training)
        cache.append((A, Z, mask))
        A = H
    logits = A @ params[f"W{last}"] + params[f"b{last}"]
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True), [*cache, (A, logits, None)]


@forward_with_dropout.misconception(hint="The hidden layers have no ReLU. `np.maximum(Z, 0)` comes before the dropout.")
def no_relu(params, X, keep_probs, rng, training=True):
    A, cache, last = X, [], len(params) // 2
    for l in range(1, last):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        H, mask = dropout_forward(Z, keep_probs[l - 1], rng, training)
        cache.append((A, Z, mask))
        A = H
    logits = A @ params[f"W{last}"] + params[f"b{last}"]
    return logits, [*cache, (A, logits, None)]


@forward_with_dropout.misconception(
    hint="Only the logits come back. The backward pass needs the masks: return the pair `(logits, cache)`."
)
def logits_alone(params, X, keep_probs, rng, training=True):
    A, last = X, len(params) // 2
    for l in range(1, last):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        A, _ = dropout_forward(np.maximum(Z, 0), keep_probs[l - 1], rng, training)
    return A @ params[f"W{last}"] + params[f"b{last}"]


@forward_with_dropout.misconception(
    hint="The *weights* are dropped, and so the same ones for all examples. Dropout drops activations: every "
    "example has a mask of its own."
)
def weights_are_dropped(params, X, keep_probs, rng, training=True):
    A, cache, last = X, [], len(params) // 2
    for l in range(1, last):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        cache.append((A, Z, np.ones_like(Z)))
        A = np.maximum(Z, 0)
        row, _ = dropout_forward(np.ones((1, A.shape[1])), keep_probs[l - 1], rng, training)
        A = A * row
    logits = A @ params[f"W{last}"] + params[f"b{last}"]
    return logits, [*cache, (A, logits, None)]


@forward_with_dropout.alternative
def with_masks_of_its_own_and_a_dict(params, X, keep_probs, rng, training=True):
    cache = {"A0": X}
    n = sum(1 for key in params if key.startswith("W"))
    for i in range(1, n):
        z = np.dot(cache[f"A{i - 1}"], params["W" + str(i)]) + params["b" + str(i)]
        keep = keep_probs[i - 1] if training else 1.0
        cache[f"D{i}"] = rng.uniform(size=z.shape) < keep
        cache[f"A{i}"] = np.where(cache[f"D{i}"], np.clip(z, 0, None) / keep, 0)
        cache[f"Z{i}"] = z
    cache["logits"] = cache[f"A{n - 1}"].dot(params[f"W{n}"]) + params[f"b{n}"]
    return cache["logits"], [(cache[f"A{i - 1}"], cache.get(f"Z{i}"), cache.get(f"D{i}")) for i in range(1, n + 1)]


@forward_with_dropout.alternative
def all_masks_first_and_a_closure(params, X, keep_probs, rng, training=True):
    widths = [params[f"b{i + 1}"].shape[0] for i in range(len(keep_probs))]
    masks = [np.ones((len(X), w)) for w in widths]
    if training:
        masks = [(k > rng.random((w, len(X))).T) / k for w, k in zip(widths, keep_probs, strict=True)]
    inputs = [X]
    for i, mask in enumerate(masks, start=1):
        z = inputs[-1] @ params[f"W{i}"] + params[f"b{i}"]
        inputs.append(mask * (z > 0) * z)
    i = len(inputs)
    return inputs[-1] @ params[f"W{i}"] + params[f"b{i}"], lambda: (inputs, masks)


@forward_with_dropout.alternative
def recursively(params, X, keep_probs, rng, training=True):
    def layer(i, A):
        Z = np.einsum("ij,jk->ik", A, params[f"W{i}"]) + params[f"b{i}"]
        if f"W{i + 1}" not in params:
            return Z, None
        H = Z.copy()
        H[H < 0] = 0
        if training:
            H *= rng.binomial(1, keep_probs[i - 1], H.shape) / keep_probs[i - 1]
        return layer(i + 1, H)

    return layer(1, X)


# --- backward_with_dropout -------------------------------------------------------------------------------------------

backward_with_dropout = Exercise(
    "backward_with_dropout",
    points=6,
    hints=(
        "At the last layer nothing is new: `dZ` is the probabilities minus 1 at the right class, divided by m. "
        "Which two functions does the signal meet on its way into a hidden layer, and in which order?",
        "Backwards: through `W` into the hidden layer's output, then through the mask (`dropout_backward`), then "
        "through the ReLU (`Z > 0`). The gradient of `W` needs the layer's input as it was, with dropped units as "
        "zeros.",
        "For `l` from the last layer down to 1: `dW = A_prev.T @ dZ`, `db = dZ.sum(axis=0)`, and for `l > 1` "
        "`dZ = dropout_backward(dZ @ W.T, mask) * (Z > 0)` with `Z` and the mask of layer `l - 1`.",
    ),
    not_checked=("two and three hidden layers", "caches made without training", "single precision"),
    equivalent=(
        Equivalent(
            "dZ = dropout_backward(mask, dZ @ params[f'W{l}'].T) * (Z > 0)",
            "a product is the same in either order",
        ),
        Equivalent(
            "dZ = dropout_backward(dZ @ params[f'W{l}'].T, mask) * (Z >= 0)",
            "Z is 0 for no unit of random numbers; both slopes are right there",
        ),
    ),
)


def labels(rng: Rng, m: int, classes: int) -> Any:
    """Labels of which every class has one if there is room."""
    return rng.permutation(np.arange(m) % classes)


def backward_case(label: str, params: Params, X: Any, y: Any, keeps: list[float], rng: Rng, *training: bool) -> Case:
    """A forward pass in which nothing is random, and the gradients."""
    args = (params, X, keeps, draws(rng), *training)
    calls = (
        Call("forward_with_dropout", args, keep=True),
        Call("backward_with_dropout", (params, Ref(0, (1,)), y)),
    )
    return Case(label, calls)


def slopes_case(
    label: str, params: Params, X: Any, y: Any, keeps: list[float], rng: Rng, each: int = 3, eps: float = 1e-6
) -> Case:
    """A random forward pass, its gradients, and the same pass with each array moved along ``each`` directions."""
    generator = draws(rng)
    calls = [
        Call("forward_with_dropout", (params, X, keeps, generator), private=(1,)),
        Call("backward_with_dropout", (params, Ref(0, (1,)), y)),
    ]
    pairs = []
    for key, _ in product(params, range(each)):
        step = eps * rng.standard_normal(params[key].shape)
        pairs.append((len(calls), len(calls) + 1))
        for sign in (1, -1):
            moved = {**params, key: params[key] + sign * step}
            calls.append(Call("forward_with_dropout", (moved, X, keeps, generator), private=(1,)))
    options = {"backward": 1, "pairs": pairs, "gradients": [(0, [])], "y": y}
    shapes = {key: value.shape for key, value in params.items()}
    return Case(
        label, tuple(calls), (Property("has_shapes", {"shapes": shapes, "call": 1}), Property("slopes_match", options))
    )


def two_passes(rng: Rng) -> Case:
    """Two forward passes, and the gradients of the first one after those of the second."""
    params, keeps = network(rng, [4, 6, 5, 3]), [1.0, 1.0]
    ys = [labels(rng, 7, 3), labels(rng, 7, 3)]
    Xs = [rng.standard_normal((7, 4)) for _ in ys]
    forward = [Call("forward_with_dropout", (params, X, keeps, draws(rng)), keep=True) for X in Xs]
    backward = [Call("backward_with_dropout", (params, Ref(i, (1,)), ys[i])) for i in (1, 0)]
    return Case("the caches of two passes, the second one's first", (*forward, *backward))


@backward_with_dropout.visible
def _(rng):
    params, X, y = network(rng, [2, 3, 2]), rng.standard_normal((3, 2)).round(2), np.array([0, 1, 1])
    params = {key: value.round(2) for key, value in params.items()}
    yield backward_case("keep 1: nothing is dropped", params, X, y, [1.0], rng)
    X, y = np.tile(X, (3, 1)) + rng.standard_normal((9, 2)).round(2), np.tile(y, 3)
    yield slopes_case("keep 0.6, against slopes of your own forward_with_dropout", params, X, y, [0.6], rng)


@backward_with_dropout.hidden
def _(rng):
    for hidden in ([6], [7, 4], [5, 8, 3]):
        params, X, y = network(rng, [4, *hidden, 3]), rng.standard_normal((11, 4)), labels(rng, 11, 3)
        words = f"{len(hidden)} hidden layer{'s' * (len(hidden) > 1)}"
        yield backward_case(f"{words}, keep 1", params, X, y, [1.0] * len(hidden), rng)
        yield backward_case(f"{words}, a cache without training", params, X, y, [0.4] * len(hidden), rng, False)
    params, X, y = network(rng, [5, 3]), rng.standard_normal((6, 5)), labels(rng, 6, 3)
    yield backward_case("no hidden layer", params, X, y, [], rng)
    yield two_passes(rng)
    params, X = single(network(rng, [4, 6, 5, 3])), rng.standard_normal((8, 4)).astype(np.float32)
    yield backward_case("single precision", params, X, labels(rng, 8, 3), [1.0, 1.0], rng)
    params, X = network(rng, [3, 4, 5]), rng.standard_normal((1, 3))
    yield backward_case("a single example", params, X, np.array([2]), [1.0], rng)
    deep = network(rng, [3, *rng.integers(4, 7, 11).tolist(), 2])
    yield backward_case("more than ten layers", deep, rng.standard_normal((5, 3)), labels(rng, 5, 2), [1.0] * 11, rng)
    for keep in (0.3, 0.5, 0.9):
        params, X, y = network(rng, [4, 9, 3]), rng.standard_normal((30, 4)), labels(rng, 30, 3)
        yield slopes_case(f"one hidden layer with keep {keep}", params, X, y, [keep], rng)
    params, X, y = network(rng, [3, 8, 7, 4]), rng.standard_normal((30, 3)), labels(rng, 30, 4)
    yield slopes_case("two hidden layers with different keep_probs", params, X, y, [0.8, 0.5], rng)
    yield slopes_case("dropout in the second of two hidden layers only", params, X, y, [1.0, 0.6], rng)
    params, X, y = network(rng, [5, 9, 7, 8, 3]), rng.standard_normal((40, 5)), labels(rng, 40, 3)
    yield slopes_case("three hidden layers with different keep_probs", params, X, y, [0.9, 0.6, 0.7], rng)
    params, X, y = network(rng, [3, 6, 6, 6]), rng.standard_normal((6, 3)), np.array([0, 0, 5, 5, 5, 2])
    yield slopes_case("layers as wide as there are examples and classes", params, X, y, [0.7, 0.7], rng)


@backward_with_dropout.misconception(
    hint="`W` and `b` of the last layer are right, those below are not: the gradient flows back through other "
    "units than the signal did. Multiply it by the layer's mask (`dropout_backward`), the one from the cache, not "
    "a new one."
)
def the_mask_is_forgotten(params, cache, y):
    m, grads = len(y), {}
    dZ = softmax(cache[-1][1])
    dZ[np.arange(m), y] -= 1
    dZ /= m
    for l in range(len(cache), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = cache[l - 1][0].T @ dZ, dZ.sum(axis=0)
        if l > 1:
            _, Z, _ = cache[l - 2]
            dZ = (dZ @ params[f"W{l}"].T) * (Z > 0)
    return grads


@backward_with_dropout.misconception(
    hint="Below the last layer your gradients are `keep_prob` times the right ones (once for every mask on the "
    "way): the dropped units are zero, but the kept ones lack `1 / keep_prob`. It is in the mask; do not turn the "
    "mask into 0 and 1."
)
def the_scale_is_forgotten(params, cache, y):
    m, grads = len(y), {}
    dZ = softmax(cache[-1][1])
    dZ[np.arange(m), y] -= 1
    dZ /= m
    for l in range(len(cache), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = cache[l - 1][0].T @ dZ, dZ.sum(axis=0)
        if l > 1:
            _, Z, mask = cache[l - 2]
            dZ = (dZ @ params[f"W{l}"].T) * (mask > 0) * (Z > 0)
    return grads


@backward_with_dropout.misconception(
    hint="Below the last layer your gradients are too large by `1 / keep_prob`: the scale is in the mask already."
)
def scaled_twice(params, cache, y):
    m, grads = len(y), {}
    dZ = softmax(cache[-1][1])
    dZ[np.arange(m), y] -= 1
    dZ /= m
    for l in range(len(cache), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = cache[l - 1][0].T @ dZ, dZ.sum(axis=0)
        if l > 1:
            _, Z, mask = cache[l - 2]
            dZ = (dZ @ params[f"W{l}"].T) * mask * max(mask.max(), 1) * (Z > 0)
    return grads


@backward_with_dropout.misconception(
    hint="Your gradients of the biases are right and some of the weights are not: `A.T @ dZ` uses the activations "
    "from before the dropout. The layer saw the dropped ones, zeros and all."
)
def activations_from_before_the_dropout(params, cache, y):
    m, grads = len(y), {}
    dZ = softmax(cache[-1][1])
    dZ[np.arange(m), y] -= 1
    dZ /= m
    for l in range(len(cache), 0, -1):
        A = np.maximum(cache[l - 2][1], 0) if l > 1 else cache[0][0]
        grads[f"W{l}"], grads[f"b{l}"] = A.T @ dZ, dZ.sum(axis=0)
        if l > 1:
            _, Z, mask = cache[l - 2]
            dZ = dropout_backward(dZ @ params[f"W{l}"].T, mask) * (Z > 0)
    return grads


@backward_with_dropout.misconception(
    hint="The ReLU is missing on the way back. Where `Z` was not positive, no gradient passes: multiply by `Z > 0` "
    "as well as by the mask."
)
def the_relu_is_forgotten(params, cache, y):
    m, grads = len(y), {}
    dZ = softmax(cache[-1][1])
    dZ[np.arange(m), y] -= 1
    dZ /= m
    for l in range(len(cache), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = cache[l - 1][0].T @ dZ, dZ.sum(axis=0)
        if l > 1:
            dZ = dropout_backward(dZ @ params[f"W{l}"].T, cache[l - 2][2])
    return grads


@backward_with_dropout.misconception(
    hint="All your gradients are m times too large: the cost is the mean over the examples. Divide `dZ` of the "
    "last layer by m."
)
def the_mean_is_forgotten(params, cache, y):
    m, grads = len(y), {}
    dZ = softmax(cache[-1][1])
    dZ[np.arange(m), y] -= 1
    for l in range(len(cache), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = cache[l - 1][0].T @ dZ, dZ.sum(axis=0)
        if l > 1:
            _, Z, mask = cache[l - 2]
            dZ = dropout_backward(dZ @ params[f"W{l}"].T, mask) * (Z > 0)
    return grads


@backward_with_dropout.misconception(
    hint="The biases are m times too small: `dZ` was divided by m already, so their gradient is its sum over the "
    "examples, not its mean."
)
def the_mean_is_taken_twice_for_biases(params, cache, y):
    m, grads = len(y), {}
    dZ = softmax(cache[-1][1])
    dZ[np.arange(m), y] -= 1
    dZ /= m
    for l in range(len(cache), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = cache[l - 1][0].T @ dZ, dZ.mean(axis=0)
        if l > 1:
            _, Z, mask = cache[l - 2]
            dZ = dropout_backward(dZ @ params[f"W{l}"].T, mask) * (Z > 0)
    return grads


@backward_with_dropout.misconception(
    hint="Every gradient has the wrong sign: probabilities minus one-hot labels, not the other way round. Descent "
    "would climb."
)
def the_sign_is_wrong(params, cache, y):
    m, grads = len(y), {}
    dZ = -softmax(cache[-1][1])
    dZ[np.arange(m), y] += 1
    dZ /= m
    for l in range(len(cache), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = cache[l - 1][0].T @ dZ, dZ.sum(axis=0)
        if l > 1:
            _, Z, mask = cache[l - 2]
            dZ = dropout_backward(dZ @ params[f"W{l}"].T, mask) * (Z > 0)
    return grads


@backward_with_dropout.misconception(
    hint="The labels have no part in your gradients: subtract 1 from the probability of each example's right class."
)
def the_labels_are_not_subtracted(params, cache, y):
    m, grads = len(y), {}
    dZ = softmax(cache[-1][1]) / m
    for l in range(len(cache), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = cache[l - 1][0].T @ dZ, dZ.sum(axis=0)
        if l > 1:
            _, Z, mask = cache[l - 2]
            dZ = dropout_backward(dZ @ params[f"W{l}"].T, mask) * (Z > 0)
    return grads


@backward_with_dropout.misconception(
    hint="`dZ[:, y] -= 1` takes 1 away from every class that occurs in `y`, for all examples. `dZ[np.arange(m), y] "
    "-= 1` was meant."
)
def the_labels_pick_whole_columns(params, cache, y):
    m, grads = len(y), {}
    dZ = softmax(cache[-1][1])
    dZ[:, y] -= 1
    dZ /= m
    for l in range(len(cache), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = cache[l - 1][0].T @ dZ, dZ.sum(axis=0)
        if l > 1:
            _, Z, mask = cache[l - 2]
            dZ = dropout_backward(dZ @ params[f"W{l}"].T, mask) * (Z > 0)
    return grads


@backward_with_dropout.misconception(
    hint="The first layer's gradients are missing: the loop stops too early. Layer 1 counts."
)
def the_first_layer_is_lost(params, cache, y):
    m, grads = len(y), {}
    dZ = softmax(cache[-1][1])
    dZ[np.arange(m), y] -= 1
    dZ /= m
    for l in range(len(cache), 1, -1):
        grads[f"W{l}"], grads[f"b{l}"] = cache[l - 1][0].T @ dZ, dZ.sum(axis=0)
        _, Z, mask = cache[l - 2]
        dZ = dropout_backward(dZ @ params[f"W{l}"].T, mask) * (Z > 0)
    return grads


@backward_with_dropout.misconception(
    hint="The logits in the cache have changed: softmax and `-= 1` write into the cached array. Work on a copy, or "
    "the second backward pass on this cache is wrong."
)
def the_cache_is_overwritten(params, cache, y):
    m, grads = len(y), {}
    dZ = cache[-1][1]
    dZ[...] = softmax(dZ)
    dZ[np.arange(m), y] -= 1
    dZ /= m
    for l in range(len(cache), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = cache[l - 1][0].T @ dZ, dZ.sum(axis=0)
        if l > 1:
            _, Z, mask = cache[l - 2]
            dZ = dropout_backward(dZ @ params[f"W{l}"].T, mask) * (Z > 0)
    return grads


@backward_with_dropout.alternative
def with_one_hot_labels_and_signs_of_the_output(params, cache, y):
    inputs = [a for a, _, _ in cache]
    P = softmax(cache[-1][1])
    delta = (P - np.eye(P.shape[1])[y]) / y.shape[0]
    grads = {}
    for i in reversed(range(len(inputs))):
        grads[f"b{i + 1}"] = np.ones(len(y)) @ delta
        grads[f"W{i + 1}"] = np.einsum("mi,mj->ij", inputs[i], delta)
        if i:
            mask = cache[i - 1][2]
            delta = np.where(inputs[i] > 0, (delta @ params[f"W{i + 1}"].T) * mask, 0)
    return grads


@backward_with_dropout.alternative
def example_by_example(params, cache, y):
    m = len(y)
    grads = {key: np.zeros(value.shape) for key, value in params.items()}
    for i in range(m):
        logits = cache[-1][1][i]
        d = np.exp(logits - logits.max())
        d = d / d.sum()
        d[y[i]] -= 1
        for l in range(len(cache), 0, -1):
            grads[f"W{l}"] += np.outer(cache[l - 1][0][i], d) / m
            grads[f"b{l}"] += d / m
            if l > 1:
                d = (params[f"W{l}"] @ d) * cache[l - 2][2][i] * (cache[l - 2][1][i] >= 0)
    return grads


@backward_with_dropout.alternative
def recursively_and_divided_at_the_end(params, cache, y):
    grads = {}

    def back(l, d):
        A, Z, mask = cache[l - 1]
        if mask is not None:
            d = np.multiply(d, mask)
            d[Z <= 0] = 0
        grads[f"W{l}"] = np.dot(A.T, d) / y.size
        grads[f"b{l}"] = d.mean(axis=0)
        if l > 1:
            back(l - 1, np.dot(d, params[f"W{l}"].T))

    Z = cache[-1][1]
    log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    onehot = np.equal.outer(y, np.arange(Z.shape[1]))
    back(len(cache), np.exp(log_p) - onehot)
    return grads


# --- mc_dropout_predict ----------------------------------------------------------------------------------------------

mc_dropout_predict = Exercise(
    "mc_dropout_predict",
    points=3,
    hints=(
        "One pass is `forward_with_dropout` in training mode, then the softmax. You need `samples` of them, each "
        "with fresh masks. What do you average: the logits or the probabilities?",
        "Collect the probabilities of all passes in an array of shape `(samples, m, k)`. The rng goes on by itself "
        "from pass to pass.",
        "Return `passes.mean(axis=0)` and `passes.std(axis=0)`, where `passes` stacks `softmax(logits)` of every pass.",
    ),
    not_checked=("networks with two hidden layers", "a single pass", "larger numbers of passes"),
)


def softmax_of(logits: Any) -> Any:
    """Probabilities of the rows."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def coin(label: str, rng: Rng, keeps: list[float], m: int, samples: int, classes: int = 3, f32: bool = False) -> Case:
    """One unit per hidden layer: each pass has one of two results, and the mean counts how often it was which.

    The layers have biases as long as all before them keep everything, so that a keep_prob in a wrong place tells.
    """
    sizes = [2, *[1] * len(keeps), classes]
    params = {k: np.abs(v) for k, v in network(rng, sizes).items()}
    params |= {f"b{i}": np.zeros(1) for i in range(2, len(keeps) + 1) if min(keeps[: i - 1]) < 1}
    last = len(sizes) - 1
    params[f"W{last}"] = rng.permuted(np.linspace(-1.5, 1.5, classes))[np.newaxis]
    X = positive(rng, m, 2)
    if f32:
        params, X = single(params), X.astype(np.float32)
    A = X
    for i, keep in enumerate(keeps, start=1):
        A = np.maximum(A @ params[f"W{i}"] + params[f"b{i}"], 0) / keep
    off = softmax_of(np.tile(params[f"b{last}"], (m, 1)))
    options = {"kept": softmax_of(A @ params[f"W{last}"] + params[f"b{last}"]), "dropped": off, "samples": samples}
    call = Call("mc_dropout_predict", (params, X, keeps, draws(rng), samples))
    return Case(label, (call,), (Property("counts_of_passes", options | {"keep": float(np.prod(keeps))}),))


def certain(label: str, params: Params, X: Any, keeps: list[float], rng: Rng, samples: int) -> Case:
    """Nothing is dropped: the mean is that of one pass, the standard deviation 0."""
    # Moments by way of E[p²] leave a standard deviation of 1e-8 where 0 is right.
    call = Call("mc_dropout_predict", (params, X, keeps, draws(rng), samples))
    return Case(label, (call,), (Equals(atol=1e-6),))


@mc_dropout_predict.visible
def _(rng):
    params = {k: v.round(1) for k, v in network(rng, [2, 3, 3]).items()}
    X = np.array([[1.0, 2.0], [-0.5, 1.0]])
    yield certain("keep 1: every pass is the same", params, X, [1.0], rng, 4)
    yield coin("a single hidden unit with keep 0.5, 5 passes", rng, [0.5], 40, 5)
    yield seeds("mc_dropout_predict", (params, X, [0.5]), rng, (10,))


@mc_dropout_predict.hidden
def _(rng):
    params, X = network(rng, [4, 7, 5, 3]), 2 * rng.standard_normal((8, 4))
    yield certain("two hidden layers with keep 1", params, X, [1.0, 1.0], rng, 3)
    yield certain("a single example and a single pass with keep 1", params, X[:1], [1.0, 1.0], rng, 1)
    yield certain("no hidden layer", network(rng, [3, 4]), rng.standard_normal((5, 3)), [], rng, 6)
    for keep in (0.3, 0.5, 0.9):
        yield coin(f"a single hidden unit with keep {keep}", rng, [keep], 300, 10)
    yield coin("two hidden layers", rng, [0.8, 0.6], 300, 8, classes=4)
    yield coin("dropout in the second layer only", rng, [1.0, 0.5], 200, 8)
    yield coin("two passes", rng, [0.5], 400, 2, classes=2)
    yield coin("a single pass", rng, [0.6], 300, 1)
    yield coin("many passes for a single example", rng, [0.5], 1, 500)
    yield coin("single precision", rng, [0.7], 200, 6, f32=True)
    yield seeds("mc_dropout_predict", (network(rng, [3, 8, 4]), positive(rng, 6, 3), [0.5]), rng, (7,))


@mc_dropout_predict.misconception(
    hint="Every pass is the same and the standard deviation is 0: dropout is off. Here it must stay on, "
    "`training=True`, though nobody is training."
)
def dropout_is_off(params, X, keep_probs, rng, samples):
    passes = [softmax(forward_with_dropout(params, X, keep_probs, rng, training=False)[0]) for _ in range(samples)]
    return np.mean(passes, axis=0), np.std(passes, axis=0)


@mc_dropout_predict.misconception(
    hint="The logits are averaged and the softmax is taken of the average. That is not the mean of the "
    "probabilities: take the softmax of every pass first."
)
def softmax_of_the_mean_logits(params, X, keep_probs, rng, samples):
    passes = np.array([forward_with_dropout(params, X, keep_probs, rng)[0] for _ in range(samples)])
    return softmax(passes.mean(axis=0)), np.std([softmax(p) for p in passes], axis=0)


@mc_dropout_predict.misconception(
    hint="The rows of the mean do not add up to 1: those are logits. Take the softmax of every pass."
)
def logits_for_probabilities(params, X, keep_probs, rng, samples):
    passes = [forward_with_dropout(params, X, keep_probs, rng)[0] for _ in range(samples)]
    return np.mean(passes, axis=0), np.std(passes, axis=0)


@mc_dropout_predict.misconception(
    hint="The standard deviation has `ddof=1`. This course divides by the number of passes (`ddof=0`), so that one "
    "pass gives 0 and not nan."
)
def ddof_of_one(params, X, keep_probs, rng, samples):
    passes = [softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    return np.mean(passes, axis=0), np.std(passes, axis=0, ddof=1)


@mc_dropout_predict.misconception(hint="The second result is the variance. Take its root.")
def variance_for_standard_deviation(params, X, keep_probs, rng, samples):
    passes = [softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    return np.mean(passes, axis=0), np.var(passes, axis=0)


@mc_dropout_predict.misconception(
    hint="The second result is divided by the root of `samples`: the standard error of the mean. It falls to 0 "
    "with more passes; what is asked for is how much single passes differ."
)
def standard_error_for_standard_deviation(params, X, keep_probs, rng, samples):
    passes = [softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    return np.mean(passes, axis=0), np.std(passes, axis=0) / np.sqrt(samples)


@mc_dropout_predict.misconception(
    hint="All passes have the same masks: a generator is made anew in the loop. Use the one `rng`, which goes on "
    "from pass to pass."
)
def the_same_masks_in_every_pass(params, X, keep_probs, rng, samples):
    seed = rng.integers(2**31)
    passes = [
        softmax(forward_with_dropout(params, X, keep_probs, np.random.default_rng(seed))[0]) for _ in range(samples)
    ]
    return np.mean(passes, axis=0), np.std(passes, axis=0)


@mc_dropout_predict.misconception(
    hint="There is one pass too few. `range(1, samples)` counts `samples - 1`; so does a first pass that is thrown "
    "away."
)
def one_pass_too_few(params, X, keep_probs, rng, samples):
    passes = [softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(1, max(samples, 2))]
    total = sum(passes)
    return total / samples, np.std(passes, axis=0)


@mc_dropout_predict.misconception(
    hint="The results have lost their rows: the average was taken over the examples, or over everything. Average "
    "over the passes: `axis=0` of an array `(samples, m, k)`."
)
def averaged_over_the_examples(params, X, keep_probs, rng, samples):
    passes = np.array([softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)])
    return passes.mean(axis=1), passes.std(axis=1)


@mc_dropout_predict.misconception(
    hint="Only the mean comes back. Return the pair `(mean, std)`: how far the passes differ is the point of the "
    "exercise."
)
def the_mean_alone(params, X, keep_probs, rng, samples):
    passes = [softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    return np.mean(passes, axis=0)


@mc_dropout_predict.alternative
def by_running_sums(params, X, keep_probs, rng, samples):
    total, squares = 0.0, 0.0
    for _ in range(samples):
        P = softmax(forward_with_dropout(params, X, keep_probs, rng, True)[0])
        total, squares = total + P, squares + P**2
    mean = total / samples
    return mean, np.sqrt(np.maximum(squares / samples - mean**2, 0))


@mc_dropout_predict.alternative
def by_one_pass_over_copies(params, X, keep_probs, rng, samples):
    logits, _ = forward_with_dropout(params, np.tile(X, (samples, 1)), keep_probs, rng)
    e = np.exp(logits - logits.max(axis=1)[:, None])
    P = (e / e.sum(axis=1)[:, None]).reshape(samples, X.shape[0], -1)
    return P.mean(0), P.std(0)


@mc_dropout_predict.alternative
def welford_backwards(params, X, keep_probs, rng, samples):
    mean = spread = np.zeros((len(X), params[f"b{len(params) // 2}"].size))
    for n in range(1, samples + 1):
        P = softmax(forward_with_dropout(params, X, keep_probs, rng)[0])
        step = P - mean
        mean = mean + step / n
        spread = spread + step * (P - mean)
    return mean, (spread / samples) ** 0.5


EXERCISES = (
    dropout_forward,
    dropout_backward,
    forward_with_dropout,
    backward_with_dropout,
    mc_dropout_predict,
)
