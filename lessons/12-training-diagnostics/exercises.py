"""How the exercises of lesson 12 are judged."""

# Wrong and right solutions are written the way students write them.
# ruff: noqa: B905, C402, RUF007, SIM103

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograde.check.cases import Call, Case
from autograde.check.codec import StandIn
from autograde.judge.catalogue import Equivalent, Exercise

Params = dict[str, Any]
Rng = np.random.Generator
NAN, INF = math.nan, math.inf

# --- what the cases are made of --------------------------------------------------------------------------------------


def arrays(rng: Rng, **shapes: tuple[int, ...]) -> Params:
    """Normal numbers in arrays of these shapes, in this order of keys."""
    return {key: rng.standard_normal(shape) for key, shape in shapes.items()}


def moved(rng: Rng, params: Params, size: float) -> Params:
    """The parameters after an update: every entry goes on by up to ``size``, each array by its own share of it."""
    return {k: v + size * rng.uniform(0.2, 1) * rng.uniform(-1, 1, v.shape) for k, v in params.items()}


def reordered(params: Params) -> Params:
    """The same entries with the keys in the opposite order."""
    return {key: params[key] for key in reversed(params)}


def single(params: Params) -> Params:
    """The same in float32."""
    return {key: value.astype(np.float32) for key, value in params.items()}


def of_norm(rng: Rng, norm: float, **shapes: tuple[int, ...]) -> Params:
    """Normal numbers in arrays of these shapes, scaled so that the norm over all of them together is ``norm``."""
    found = arrays(rng, **shapes)
    now = math.sqrt(sum(float((v**2).sum()) for v in found.values()))
    return {key: value * (norm / now) for key, value in found.items()}


#: The network of most cases.
NET = {"W1": (4, 3), "b1": (3,), "W2": (3, 2), "b2": (2,)}

# --- chance_loss -----------------------------------------------------------------------------------------------------

chance_loss = Exercise(
    "chance_loss",
    points=1,
    hints=(
        "A network that knows nothing gives every class the same probability. Which one, with k classes?",
        "The loss of an example is minus the natural logarithm of the probability of its class, here 1 / k.",
        "`np.log(classes)`: minus the logarithm of 1 / k is the logarithm of k.",
    ),
    not_checked=("many classes",),
)


@chance_loss.visible
def _(rng: Rng) -> Any:
    yield Case("10 classes", (Call("chance_loss", (10,)),))
    yield Case("2 classes", (Call("chance_loss", (2,)),))


@chance_loss.hidden
def _(rng: Rng) -> Any:
    name = "chance_loss"
    yield Case("three classes", (Call(name, (3,)),))
    yield Case("a number of classes by chance", (Call(name, (int(rng.integers(11, 90)),)),))
    yield Case("100 classes", (Call(name, (100,)),))
    yield Case("the 1,000 classes of ImageNet", (Call(name, (1000,)),))
    yield Case("as many classes as words", (Call(name, (50_257,)),))
    yield Case("the argument given by name", (Call(name, (), {"classes": 26}),))


@chance_loss.misconception("This is the logarithm to base 10. The loss is made of natural logarithms: `np.log`.")
def logarithm_to_base_10(classes):
    return np.log10(classes)


@chance_loss.misconception(
    "This is the logarithm to base 2, which counts bits. The loss is made of natural logarithms."
)
def logarithm_to_base_2(classes):
    return np.log2(classes)


@chance_loss.misconception("Your result is negative. A loss is minus the logarithm of a probability, never below 0.")
def has_the_wrong_sign(classes):
    return np.log(1 / classes)


@chance_loss.misconception("This is the probability of each class, 1 / k. The loss is minus its logarithm.")
def the_probability_itself(classes):
    return 1 / classes


@chance_loss.misconception(
    "This is the share of wrong guesses, 1 - 1 / k. The loss is no error rate: it is minus log(1 / k)."
)
def the_error_rate_of_guessing(classes):
    return 1 - 1 / classes


@chance_loss.misconception("You take the logarithm of the probability of being wrong. It is that of the right class.")
def probability_of_the_wrong_classes(classes):
    return -np.log(1 - 1 / classes)


@chance_loss.misconception(
    "This is 1 / k times log k, one term of the mean. Every example has the loss log k, so the mean has it too."
)
def one_term_of_the_mean(classes):
    return np.log(classes) / classes


@chance_loss.misconception("You sum over the classes. Only the class of the example counts in its loss.")
def summed_over_the_classes(classes):
    return classes * np.log(classes)


@chance_loss.misconception("The loss for two classes only, 0.693. With k classes it is log k.")
def always_two_classes(classes):
    return np.log(2)


@chance_loss.alternative
def minus_the_logarithm_of_a_share(classes):
    return -math.log(1 / classes)


@chance_loss.alternative
def mean_over_one_example_of_each_class(classes):
    probs = np.full(classes, 1.0 / classes)
    return -np.mean(np.log(probs))


@chance_loss.alternative
def entropy_of_equal_shares(classes):
    p = np.ones(classes) / classes
    return np.array(-(p * np.log(p)).sum())


@chance_loss.alternative
def of_equal_logits(classes):
    return np.logaddexp.reduce(np.zeros(classes))


# --- initial_loss_is_sane --------------------------------------------------------------------------------------------

initial_loss_is_sane = Exercise(
    "initial_loss_is_sane",
    points=2,
    hints=(
        "How far may the loss be from log k, on either side, in units of the loss itself?",
        "Compare the absolute difference with `tolerance` times log k. A comparison with nan is False by itself, if "
        "you ask for what must hold and not for what must not.",
        "`abs(loss - chance) <= tolerance * chance`, with `chance = chance_loss(classes)`.",
    ),
    not_checked=("losses below zero", "a loss of minus infinity"),
    equivalent=(
        Equivalent(
            "return bool(abs(chance_loss(classes) - loss) <= tolerance * chance_loss(classes))",
            "the absolute difference is the same in both orders",
        ),
    ),
)


@initial_loss_is_sane.visible
def _(rng: Rng) -> Any:
    name = "initial_loss_is_sane"
    yield Case("2.41 with 10 classes", (Call(name, (2.41, 10)),))
    yield Case("2.6 with 10 classes", (Call(name, (2.6, 10)),))
    yield Case("1.9 with 10 classes", (Call(name, (1.9, 10)),))
    yield Case("0.78 with 2 classes", (Call(name, (0.78, 2)),))
    yield Case("nan", (Call(name, (NAN, 10)),))
    yield Case("2.9 with a tolerance of 0.3", (Call(name, (2.9, 10), {"tolerance": 0.3}),))


@initial_loss_is_sane.hidden
def _(rng: Rng) -> Any:
    name = "initial_loss_is_sane"

    def case(label: str, *args: Any, **kwargs: Any) -> Case:
        return Case(label, (Call(name, args, kwargs),))

    yield case("exactly the loss of chance", math.log(10), 10)
    yield case("a loss 9 % above", 1.09 * math.log(7), 7)
    yield case("a loss 9 % below", 0.91 * math.log(7), 7)
    yield case("a loss 11 % above", 1.11 * math.log(7), 7)
    yield case("a loss 11 % below", 0.89 * math.log(7), 7)
    yield case("1,000 classes, within the tolerance", 7.5, 1000)
    yield case("1,000 classes, above the tolerance", 7.65, 1000)
    yield case("1,000 classes, below the tolerance", 6.1, 1000)
    yield case("two classes, above the tolerance", 0.78, 2)
    yield case("two classes, within the tolerance", 0.75, 2)
    yield case("three classes, near the logarithm to base 2", 1.585, 3)
    yield case("plus infinity", INF, 10)
    yield case("minus infinity", -INF, 10)
    yield case("nan and a wide tolerance", NAN, 3, 5.0)
    yield case("infinity and a wide tolerance", INF, 10, 5.0)
    yield case("the loss with the wrong sign", -math.log(10), 10)
    yield case("a tiny tolerance, just outside", 1.002 * math.log(10), 10, 0.001)
    yield case("a tiny tolerance, just within", 1.0005 * math.log(10), 10, 0.001)
    yield case("a wide tolerance, above", 4.4, 10, tolerance=0.9)
    yield case("a wide tolerance, above by more than the loss of chance", 4.9, 10, tolerance=0.9)
    yield case("a wide tolerance, below", 0.3, 10, tolerance=0.9)
    yield case("no loss at all, and a tolerance that just allows it", 0.0, 10, 1.0)
    yield case("the tolerance by its place", 2.8, 10, 0.25)
    yield case("a whole number", 2, 8)
    yield case("a NumPy number", np.float64(2.2), 10)
    yield case("a loss in float32", np.float32(2.45), 10)
    yield Case("arguments given by name", (Call(name, (), {"tolerance": 0.2, "classes": 5, "loss": 1.9}),))


@initial_loss_is_sane.misconception(
    "nan counts as sane: you ask whether the difference is *not too large*, and every comparison with nan is False. "
    "Ask for what must hold."
)
def lets_nan_through(loss, classes, tolerance=0.1):
    return not abs(loss - np.log(classes)) > tolerance * np.log(classes)


@initial_loss_is_sane.misconception(
    "You compare the difference with the tolerance itself. It is relative: times log k, so that 1,000 classes may be "
    "off by more than two."
)
def tolerance_is_absolute(loss, classes, tolerance=0.1):
    return bool(abs(loss - np.log(classes)) <= tolerance)


@initial_loss_is_sane.misconception(
    "The difference is taken relative to the measured loss. It is relative to log k, the number that is known; an "
    "infinite loss must not become its own excuse."
)
def relative_to_the_loss(loss, classes, tolerance=0.1):
    return bool(abs(loss - np.log(classes)) <= tolerance * abs(loss))


@initial_loss_is_sane.misconception(
    "Only losses that are too high are refused. One that is far below chance before any training is as suspicious: "
    "take the absolute difference."
)
def only_too_high_is_wrong(loss, classes, tolerance=0.1):
    return bool(loss - np.log(classes) <= tolerance * np.log(classes))


@initial_loss_is_sane.misconception(
    "Only losses that are too low are refused. A start far above chance is the usual case: take the absolute "
    "difference."
)
def only_too_low_is_wrong(loss, classes, tolerance=0.1):
    return bool(np.log(classes) - loss <= tolerance * np.log(classes))


@initial_loss_is_sane.misconception("The tolerance is fixed at 0.1. Use the argument `tolerance`.")
def ignores_the_tolerance(loss, classes, tolerance=0.1):
    return bool(abs(loss - np.log(classes)) <= 0.1 * np.log(classes))


@initial_loss_is_sane.misconception(
    "You compare with the logarithm to base 10, or with 1 / k. The loss of chance is the natural logarithm of k."
)
def logarithm_to_base_10(loss, classes, tolerance=0.1):
    return bool(abs(loss - np.log10(classes)) <= tolerance * np.log10(classes))


@initial_loss_is_sane.misconception("The answer is turned round: True means that the loss is sane.")
def says_when_it_is_not_sane(loss, classes, tolerance=0.1):
    return bool(not abs(loss - np.log(classes)) <= tolerance * np.log(classes))


@initial_loss_is_sane.misconception(
    "A loss whose difference is exactly the tolerance counts as sane: compare with `<=`, not with `<`."
)
def is_strict(loss, classes, tolerance=0.1):
    return bool(abs(loss - np.log(classes)) < tolerance * np.log(classes))


@initial_loss_is_sane.misconception(
    "The sign of the loss is lost: you take the absolute value of the loss, and minus 2.3 looks sane. A negative "
    "cross-entropy is a bug."
)
def takes_the_size_of_the_loss(loss, classes, tolerance=0.1):
    return bool(abs(abs(loss) - np.log(classes)) <= tolerance * np.log(classes))


@initial_loss_is_sane.misconception(
    "You return the relative difference. The question is whether it is small enough: return a bool."
)
def returns_the_difference(loss, classes, tolerance=0.1):
    return abs(loss - np.log(classes)) / np.log(classes)


@initial_loss_is_sane.alternative
def between_two_bounds(loss, classes, tolerance=0.1):
    chance = math.log(classes)
    return chance - tolerance * chance <= loss <= chance + tolerance * chance


@initial_loss_is_sane.alternative
def checks_for_numbers_first(loss, classes, tolerance=0.1):
    if not np.isfinite(loss):
        return False
    if abs(1 - loss / np.log(classes)) > tolerance:
        return False
    return True


@initial_loss_is_sane.alternative
def by_isclose(loss, classes, tolerance=0.1):
    return np.isclose(loss, chance_loss(classes), rtol=tolerance, atol=0.0)  # type: ignore[operator]


@initial_loss_is_sane.alternative
def with_squares(loss, classes, tolerance=0.1):
    expected = -np.log(1.0 / classes)
    return np.square(loss - expected) <= (tolerance * expected) ** 2


# --- overfits_tiny_subset --------------------------------------------------------------------------------------------

overfits_tiny_subset = Exercise(
    "overfits_tiny_subset",
    points=4,
    hints=(
        "Ask before you train: a network may be there already. How often may `train_step` run, and how often must "
        "`evaluate` be asked then?",
        "For 3 steps there are 4 questions: after 0, 1, 2 and 3 updates. Ask first, return the number of updates made "
        "so far if the answer is at most the target, and train only then.",
        "`for steps in range(max_steps + 1)`: return `steps` when `evaluate() <= target`; otherwise train, but not "
        "after the last question. After the loop return None.",
    ),
    not_checked=("no steps at all", "losses that rise again", "infinite losses"),
)


def run(label: str, losses: list[float], max_steps: int, *rest: float, boxed: bool = False, **settings: Any) -> Case:
    """A case with a training run of these losses that refuses to train more than ``max_steps`` times."""
    params = {"losses": losses, "limit": max_steps, "shared": "run", "boxed": boxed}
    pair = (StandIn("training_run", {**params, "part": part}) for part in ("train_step", "evaluate"))
    return Case(label, (Call("overfits_tiny_subset", (*pair, max_steps, *rest), settings),))


@overfits_tiny_subset.visible
def _(rng: Rng) -> Any:
    yield run("losses 2, 0.5, 0.1, 0.008 after 0, 1, 2, 3 updates; at most 10", [2.0, 0.5, 0.1, 0.008], 10)
    yield run("the same losses and at most 3 updates", [2.0, 0.5, 0.1, 0.008], 3)
    yield run("the same losses and at most 2 updates", [2.0, 0.5, 0.1, 0.008], 2)
    yield run("a loss of 0.004 before any update", [0.004, 0.003, 0.002], 5)
    yield run("losses 2, nan, nan, 0.001", [2.0, NAN, NAN, 0.001], 6)
    yield run("losses 1, 0.75, 0.5 and a target of 0.5", [1.0, 0.75, 0.5, 0.25], 8, 0.5)


@overfits_tiny_subset.hidden
def _(rng: Rng) -> Any:
    slow = (2.3 * 0.8 ** np.arange(60)).tolist()
    yield run("a loss that falls slowly", slow, 60)
    yield run("a loss that falls slowly, and too few steps", slow, 20)
    yield run("a loss that is there in the last step", slow, 25)
    yield run("a loss that is there one step too late", slow, 24)
    yield run("a target of 1.5", slow, 40, 1.5)
    yield run("a target by name", slow, 40, target=0.2)
    yield run("a target above the first loss", slow, 10, 4.0)
    yield run("a loss that is exactly the target", [1.0, 0.5, 0.25, 0.125], 7, 0.25)
    yield run("a loss that is exactly the target before any step", [0.25, 0.125], 7, 0.25)
    yield run("a loss that is exactly the target in the last step", [1.0, 0.5, 0.25], 2, 0.25)
    yield run("a start below the target, and a rise after it", [0.005, 0.6, 0.7, 0.8], 9)
    yield run("a loss that dips below the target and rises again", [2.0, 0.4, 0.006, 0.9, 0.8], 9)
    yield run("bumps on the way down", [2.0, 0.9, 1.4, 0.5, 0.7, 0.02, 0.3, 0.004], 20)
    yield run("a plateau", [1.0, 0.4, 0.4, 0.4, 0.4, 0.003], 20)
    yield run("a floor above the target", [2.3, 1.8, 1.5, 1.47, 1.4612], 30)
    yield run("a loss that rises", (2.0 * 1.2 ** np.arange(15)).tolist(), 12)
    yield run("nan from the first step on", [2.3, NAN], 10)
    yield run("nan before any step", [NAN, 0.5, 0.001], 10)
    yield run("nan throughout", [NAN], 4)
    yield run("nan on the way down", [1.0, NAN, 0.5, NAN, 0.008], 10)
    yield run("infinity on the way down", [INF, 3.0, INF, 0.009], 10)
    yield run("no steps, and a loss that is small already", [0.002, 5.0], 0)
    yield run("no steps, and a loss that is not small", [0.5, 0.001], 0)
    yield run("a single step that is enough", [0.5, 0.001], 1)
    yield run("a single step that is not", [0.5, 0.02, 0.001], 1)
    yield run("losses in 0-d arrays", slow, 40, 0.3, boxed=True)
    yield run("a loss of zero and a target of zero", [3.0, 1.0, 0.0], 5, 0.0)
    steps = int(rng.integers(60, 90))
    yield run("many steps", [*np.linspace(3, 0.5, steps).tolist(), 0.0099, 0.0], 100)
    pair = [
        StandIn("training_run", {"losses": [2.0, 1.0, 0.1], "shared": "run", "part": p})
        for p in ("train_step", "evaluate")
    ]
    named = {"target": 0.2, "max_steps": 5, "evaluate": pair[1], "train_step": pair[0]}
    yield Case("arguments given by name", (Call("overfits_tiny_subset", (), named),))


@overfits_tiny_subset.misconception(
    "Your count is one too small: the first update has number 0 in your loop. Count the updates that were made before "
    "the loss was looked at."
)
def numbers_the_updates_from_zero(train_step, evaluate, max_steps, target=0.01):
    if evaluate() <= target:
        return 0
    for step in range(max_steps):
        train_step()
        if evaluate() <= target:
            return step
    return None


@overfits_tiny_subset.misconception(
    "You train before you look for the first time. Where the loss is small already, the answer is 0."
)
def never_looks_before_the_first_step(train_step, evaluate, max_steps, target=0.01):
    for step in range(1, max_steps + 1):
        train_step()
        if evaluate() <= target:
            return step
    return None


@overfits_tiny_subset.misconception(
    "The loss after the last update is never looked at. With `max_steps` updates there are `max_steps` + 1 losses."
)
def forgets_the_last_step(train_step, evaluate, max_steps, target=0.01):
    for step in range(max_steps):
        if evaluate() <= target:
            return step
        train_step()
    return None


@overfits_tiny_subset.misconception("A loss that is exactly the target is good enough: compare with `<=`.")
def is_strict(train_step, evaluate, max_steps, target=0.01):
    for step in range(max_steps + 1):
        if evaluate() < target:
            return step
        if step < max_steps:
            train_step()
    return None


@overfits_tiny_subset.misconception(
    "nan ends your loop as if the target were reached: `while loss > target` is False for nan. Ask for `<=`."
)
def nan_counts_as_reached(train_step, evaluate, max_steps, target=0.01):
    steps = 0
    while evaluate() > target:
        if steps == max_steps:
            return None
        train_step()
        steps += 1
    return steps


@overfits_tiny_subset.misconception(
    "You give up at the first nan. It never counts as reached, but the run goes on until the steps are used up."
)
def gives_up_at_nan(train_step, evaluate, max_steps, target=0.01):
    for step in range(max_steps + 1):
        loss = evaluate()
        if np.isnan(loss):
            return None
        if loss <= target:
            return step
        if step < max_steps:
            train_step()
    return None


@overfits_tiny_subset.misconception(
    "You look only once, after all the updates. The answer is the number of updates after which it was first reached."
)
def looks_only_at_the_end(train_step, evaluate, max_steps, target=0.01):
    for _ in range(max_steps):
        train_step()
    return max_steps if evaluate() <= target else None


@overfits_tiny_subset.misconception("You return True or False. Return the number of updates, 0 included, or None.")
def says_only_whether(train_step, evaluate, max_steps, target=0.01):
    for step in range(max_steps + 1):
        if evaluate() <= target:
            return True
        if step < max_steps:
            train_step()
    return False


@overfits_tiny_subset.misconception(
    "Where the target is never reached you return `max_steps`. That says it was reached in the last step: return None."
)
def returns_max_steps_for_never(train_step, evaluate, max_steps, target=0.01):
    for step in range(max_steps + 1):
        if evaluate() <= target:
            return step
        if step < max_steps:
            train_step()
    return max_steps


@overfits_tiny_subset.misconception(
    "You use what `train_step()` returns. That is the loss from before its update: ask `evaluate()`, and ask it before "
    "the first update too."
)
def trusts_the_return_of_train_step(train_step, evaluate, max_steps, target=0.01):
    if evaluate() <= target:
        return 0
    for step in range(1, max_steps + 1):
        if train_step() <= target:
            return step
    return None


@overfits_tiny_subset.misconception(
    "You stop as soon as the loss does not fall any more. Losses have bumps and plateaus: go on until the steps are "
    "used up."
)
def stops_when_the_loss_does_not_fall(train_step, evaluate, max_steps, target=0.01):
    before = np.inf
    for step in range(max_steps + 1):
        loss = evaluate()
        if loss <= target:
            return step
        if loss >= before:
            return None
        before = loss
        if step < max_steps:
            train_step()
    return None


@overfits_tiny_subset.misconception("The target is fixed at 0.01. Use the argument `target`.")
def ignores_the_target(train_step, evaluate, max_steps, target=0.01):
    for step in range(max_steps + 1):
        if evaluate() <= 0.01:
            return step
        if step < max_steps:
            train_step()
    return None


@overfits_tiny_subset.misconception(
    "A run that is there at once is taken for one that never is: 0 counts as False. Compare with None."
)
def takes_zero_for_false(train_step, evaluate, max_steps, target=0.01):
    found = None
    for step in range(max_steps + 1):
        if evaluate() <= target:
            found = step
            break
        if step < max_steps:
            train_step()
    return found or None


@overfits_tiny_subset.misconception(
    "You train one time too often: `max_steps` is the number of updates that are allowed."
)
def trains_once_too_often(train_step, evaluate, max_steps, target=0.01):
    for step in range(max_steps + 1):
        if evaluate() <= target:
            return step
        train_step()
    return None


@overfits_tiny_subset.alternative
def asks_before_the_loop(train_step, evaluate, max_steps, target=0.01):
    if evaluate() <= target:
        return 0
    for step in range(1, max_steps + 1):
        train_step()
        if evaluate() <= target:
            return step


@overfits_tiny_subset.alternative
def in_a_while_loop(train_step, evaluate, max_steps, target=0.01):
    done, loss = 0, evaluate()
    while not loss <= target and done < max_steps:
        train_step()
        done += 1
        loss = evaluate()
    return done if loss <= target else None


@overfits_tiny_subset.alternative
def by_recursion(train_step, evaluate, max_steps, target=0.01):
    def rest(made):
        if evaluate() <= target:
            return made
        if made == max_steps:
            return None
        train_step()
        return rest(made + 1)

    return rest(0)


@overfits_tiny_subset.alternative
def keeps_all_the_losses(train_step, evaluate, max_steps, target=0.01):
    losses = [float(evaluate())]
    for _ in range(max_steps):
        train_step()
        losses.append(float(evaluate()))
    reached = np.flatnonzero(np.array(losses) <= target)
    return reached[0] if reached.size else None


@overfits_tiny_subset.alternative
def with_a_generator(train_step, evaluate, max_steps, target=0.01):
    def losses():
        yield evaluate()
        for _ in range(max_steps):
            train_step()
            yield evaluate()

    return next((step for step, loss in enumerate(losses()) if loss <= target), None)


@overfits_tiny_subset.alternative
def asks_twice(train_step, evaluate, max_steps, target=0.01):
    for step in range(max_steps + 1):
        if step > 0:
            train_step()
        if np.isnan(evaluate()):
            continue
        if evaluate() <= target:
            return np.int64(step)


# --- update_ratios ---------------------------------------------------------------------------------------------------

update_ratios = Exercise(
    "update_ratios",
    points=3,
    hints=(
        "For one weight matrix: how long is the change, as a vector of all its entries, and how long was the matrix?",
        "Go through the keys of `params_before`, keep those with `key.startswith('W')`; use `np.linalg.norm` twice.",
        "`np.linalg.norm(params_after[key] - params_before[key]) / np.linalg.norm(params_before[key])` for each of "
        "these keys, in a dict.",
    ),
    not_checked=("other names that start with W", "matrices under other names", "float32"),
    equivalent=(
        Equivalent(
            "ratios[key] = np.linalg.norm(before - params_after[key]) / np.linalg.norm(before)",
            "a change and its opposite have the same norm",
        ),
    ),
)


@update_ratios.visible
def _(rng: Rng) -> Any:
    before = {"W1": np.array([[3.0, 0.0], [0.0, 4.0]]), "b1": np.array([1.0, 1.0])}
    after = {"W1": np.array([[3.0, 0.3], [0.4, 4.0]]), "b1": np.array([1.5, 0.5])}
    yield Case("a change of norm 0.5 in a matrix of norm 5", (Call("update_ratios", (before, after)),))
    two = {"W1": np.array([[1.0, -2.0, 2.0]]), "b1": np.zeros(3), "W2": np.array([[6.0], [0.0], [8.0]])}
    then = {"W1": np.array([[1.0, -2.0, 1.0]]), "b1": np.ones(3), "W2": np.array([[9.0], [0.0], [12.0]])}
    yield Case("two layers", (Call("update_ratios", (two, then)),))
    yield Case("nothing has changed", (Call("update_ratios", (two, two)),))


@update_ratios.hidden
def _(rng: Rng) -> Any:
    name = "update_ratios"
    net = arrays(rng, **NET)
    yield Case("two layers of a network", (Call(name, (net, moved(rng, net, 0.01))),))
    yield Case("a large step", (Call(name, (net, moved(rng, net, 3.0))),))
    yield Case("a tiny step", (Call(name, (net, moved(rng, net, 1e-6))),))
    yield Case("weights that shrink", (Call(name, (net, {k: 0.75 * v for k, v in net.items()})),))
    yield Case("weights that double", (Call(name, (net, {k: 2 * v for k, v in net.items()})),))
    yield Case("weights that change their sign", (Call(name, (net, {k: -v for k, v in net.items()})),))
    turned = {k: v[::-1] for k, v in net.items()}
    yield Case("weights whose norm stays", (Call(name, (net, turned)),))
    yield Case("keys in another order", (Call(name, (net, reordered(moved(rng, net, 0.1)))),))
    deep = arrays(rng, W10=(2, 3), b10=(3,), W2=(3, 2), b2=(2,), W1=(5, 3), b1=(3,))
    yield Case("layers in no order", (Call(name, (deep, moved(rng, deep, 0.1))),))
    named = arrays(rng, Wout=(2, 4), W=(3, 3), W_embed=(6, 2), gamma=(4,), beta=(4,))
    yield Case("other names that start with W", (Call(name, (named, moved(rng, named, 0.1))),))
    others = arrays(rng, W1=(3, 4), w2=(4, 2), bW=(2, 2), embedding=(3, 3), V=(4, 4), dW1=(3, 4))
    yield Case("matrices whose names do not start with W", (Call(name, (others, moved(rng, others, 0.1))),))
    some = moved(rng, net, 0.1) | {"W1": net["W1"].copy()}
    yield Case("one layer that stands still", (Call(name, (net, some)),))
    fresh = net | {"b1": np.zeros(3), "b2": np.zeros(2)}
    yield Case("biases of zero", (Call(name, (fresh, moved(rng, fresh, 0.1))),))
    lone = arrays(rng, W1=(1, 6), b1=(6,), W2=(6, 1), b2=(1,))
    yield Case("matrices of one row and of one column", (Call(name, (lone, moved(rng, lone, 0.2))),))
    big = {k: 1e4 * v for k, v in net.items()}
    yield Case("large weights", (Call(name, (big, moved(rng, big, 5.0))),))
    wide = arrays(rng, W1=(30, 40), b1=(40,))
    yield Case("a wide layer", (Call(name, (wide, moved(rng, wide, 0.01))),))
    sparse = {"W1": np.eye(4) * 2.0, "b1": np.zeros(4)}
    yield Case("weights that are mostly zero", (Call(name, (sparse, moved(rng, sparse, 0.1))),))
    yield Case("float32", (Call(name, (single(net), single(moved(rng, net, 0.5)))),))
    both = {"params_after": moved(rng, net, 0.1), "params_before": net}
    yield Case("arguments given by name", (Call(name, (), both),))


@update_ratios.misconception("Biases and other arrays are in it too. Only keys that start with W count.")
def all_the_keys(params_before, params_after):
    return {
        k: np.linalg.norm(params_after[k] - params_before[k]) / np.linalg.norm(params_before[k]) for k in params_before
    }


@update_ratios.misconception(
    "You divide by the norm of the weights *after* the update. The ratio is to the weights before it."
)
def divides_by_the_new_weights(params_before, params_after):
    return {
        k: np.linalg.norm(params_after[k] - params_before[k]) / np.linalg.norm(params_after[k])
        for k in params_before
        if k.startswith("W")
    }


@update_ratios.misconception(
    "You subtract the two norms. Weights can turn without growing: take the norm of the difference."
)
def difference_of_the_norms(params_before, params_after):
    return {
        k: abs(np.linalg.norm(params_after[k]) - np.linalg.norm(params_before[k])) / np.linalg.norm(params_before[k])
        for k in params_before
        if k.startswith("W")
    }


@update_ratios.misconception("These are the norms of the updates. Divide each by the norm of its weights.")
def forgets_to_divide(params_before, params_after):
    return {k: np.linalg.norm(params_after[k] - params_before[k]) for k in params_before if k.startswith("W")}


@update_ratios.misconception("The roots are missing: these are ratios of sums of squares, so 1e-3 becomes 1e-6.")
def forgets_the_roots(params_before, params_after):
    return {
        k: np.sum((params_after[k] - params_before[k]) ** 2) / np.sum(params_before[k] ** 2)
        for k in params_before
        if k.startswith("W")
    }


@update_ratios.misconception(
    "You divide entry by entry and average. A single weight near 0 then decides alone: divide the two norms."
)
def mean_of_the_entries_ratios(params_before, params_after):
    return {
        k: np.mean(np.abs((params_after[k] - params_before[k]) / params_before[k]))
        for k in params_before
        if k.startswith("W")
    }


@update_ratios.misconception(
    "These are ratios of standard deviations. That is another convention, close to this one where means are 0; here "
    "it is the ratio of norms."
)
def ratio_of_standard_deviations(params_before, params_after):
    return {
        k: np.std(params_after[k] - params_before[k]) / np.std(params_before[k])
        for k in params_before
        if k.startswith("W")
    }


@update_ratios.misconception(
    "`ord=2` of a matrix is its largest singular value. The Frobenius norm, the root of the sum of all squares, is "
    "what `np.linalg.norm` gives without `ord`."
)
def spectral_norm(params_before, params_after):
    return {
        k: np.linalg.norm(params_after[k] - params_before[k], 2) / np.linalg.norm(params_before[k], 2)
        for k in params_before
        if k.startswith("W")
    }


@update_ratios.misconception("You add absolute values. The Frobenius norm is the root of the sum of squares.")
def sums_of_absolute_values(params_before, params_after):
    return {
        k: np.abs(params_after[k] - params_before[k]).sum() / np.abs(params_before[k]).sum()
        for k in params_before
        if k.startswith("W")
    }


@update_ratios.misconception(
    "You return logarithms. They are for the axis of a plot; the ratio itself is wanted, 0.001 and not -3."
)
def logarithm_of_the_ratio(params_before, params_after):
    return {
        k: np.log10(np.linalg.norm(params_after[k] - params_before[k]) / np.linalg.norm(params_before[k]))
        for k in params_before
        if k.startswith("W")
    }


@update_ratios.misconception(
    "This is one number for the whole network. A layer that stands still hides in it: return a dict with a ratio for "
    "every weight."
)
def one_number_for_all(params_before, params_after):
    weights = [k for k in params_before if k.startswith("W")]
    change = sum(np.sum((params_after[k] - params_before[k]) ** 2) for k in weights)
    return np.sqrt(change / sum(np.sum(params_before[k] ** 2) for k in weights))


@update_ratios.misconception("You take every matrix for a weight. The key decides: only those that start with W count.")
def every_matrix(params_before, params_after):
    return {
        k: np.linalg.norm(params_after[k] - params_before[k]) / np.linalg.norm(params_before[k])
        for k in params_before
        if params_before[k].ndim == 2
    }


@update_ratios.misconception("Every key with a W in it counts in your answer. It must *start* with W.")
def a_w_anywhere(params_before, params_after):
    return {
        k: np.linalg.norm(params_after[k] - params_before[k]) / np.linalg.norm(params_before[k])
        for k in params_before
        if "W" in k
    }


@update_ratios.misconception(
    "You ask for W1, W2, … by number. Go through the keys that there are and keep those that start with W."
)
def layers_by_number(params_before, params_after):
    ratios, i = {}, 1
    while f"W{i}" in params_before:
        k = f"W{i}"
        ratios[k] = np.linalg.norm(params_after[k] - params_before[k]) / np.linalg.norm(params_before[k])
        i += 1
    return ratios


@update_ratios.alternative
def in_a_loop(params_before, params_after):
    ratios = {}
    for key, before in params_before.items():
        if key[0] == "W":
            step = params_after[key] - before
            ratios[key] = math.sqrt(float((step * step).sum())) / math.sqrt(float((before * before).sum()))
    return ratios


@update_ratios.alternative
def frobenius_by_name(params_before, params_after):
    def size(matrix):
        return np.linalg.norm(matrix, "fro")

    return {k: size(v - params_before[k]) / size(params_before[k]) for k, v in params_after.items() if k[:1] == "W"}


@update_ratios.alternative
def by_traces_and_einsum(params_before, params_after):
    found = {}
    for key in filter(lambda k: k.startswith("W"), params_before):
        before, step = params_before[key], np.subtract(params_before[key], params_after[key])
        found[key] = np.array((np.einsum("ij,ij->", step, step) / np.trace(before.T @ before)) ** 0.5)
    return found


@update_ratios.alternative
def flattened(params_before, params_after):
    from functools import reduce

    weights = sorted(key for key in params_before if key.startswith("W"))
    flat = [(params_before[key].ravel(), params_after[key].ravel()) for key in weights]
    hypot = [(reduce(np.hypot, after - before), reduce(np.hypot, before)) for before, after in flat]
    return {key: float(abs(up) / abs(down)) for key, (up, down) in zip(weights, hypot)}


# --- clip_gradients --------------------------------------------------------------------------------------------------

clip_gradients = Exercise(
    "clip_gradients",
    points=3,
    hints=(
        "All arrays together are one long vector. How long is it, and by which factor must it shrink?",
        "Sum the squares over all keys before taking the root. The factor is `max_norm / norm`, but only where the "
        "norm is above `max_norm`.",
        "`norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))`; if it is at most `max_norm`, return the "
        "gradients as they are, else each times `max_norm / norm`, in a new dict.",
    ),
    not_checked=("other names and shapes", "gradients that are all zero", "float32"),
    equivalent=(
        Equivalent(
            "if norm < max_norm:",
            "where norm and max_norm are equal the factor is 1, so either branch returns the same numbers",
        ),
    ),
)


@clip_gradients.visible
def _(rng: Rng) -> Any:
    name = "clip_gradients"
    grads = {"W1": np.array([[6.0, 0.0]]), "b1": np.array([8.0])}
    yield Case("a norm of 10, at most 5", (Call(name, (grads, 5.0)),))
    yield Case("a norm of 10, at most 20", (Call(name, (grads, 20.0)),))
    yield Case("each array within the limit, both together not", (Call(name, (grads, 9.0)),))
    more = {"W1": np.array([[1.0, -2.0], [2.0, 4.0]]), "b1": np.array([-4.0, 2.0]), "gamma": np.array([0.0, 2.0])}
    yield Case("a norm of 7, at most 3.5", (Call(name, (more, 3.5)),))


@clip_gradients.hidden
def _(rng: Rng) -> Any:
    name = "clip_gradients"
    net = of_norm(rng, 12.0, **NET)
    yield Case("two layers above the limit", (Call(name, (net, 5.0)),))
    yield Case("two layers below the limit", (Call(name, (net, 13.0)),))
    yield Case("two layers far below the limit", (Call(name, (net, 1000.0)),))
    yield Case("a norm just above the limit", (Call(name, (net, 11.5)),))
    yield Case("a limit that is a whole number", (Call(name, (net, 3)),))
    even = {key: np.full(shape, 2.0) for key, shape in NET.items()}
    yield Case("arrays that are each within the limit", (Call(name, (even, 8.5)),))
    yield Case("entries that are each within the limit", (Call(name, (even, 2.5)),))
    other = of_norm(rng, 40.0, kernel=(2, 2, 3), gamma=(5,), beta=(1,), Wout=(3, 4), embedding=(2, 6))
    yield Case("other names and shapes", (Call(name, (other, 4.0)),))
    yield Case("other names and shapes, within the limit", (Call(name, (other, 60.0)),))
    biased = of_norm(rng, 3.0, W1=(3, 2), W2=(2, 2)) | of_norm(rng, 30.0, b1=(2,), b2=(2,))
    yield Case("biases that are much larger than the weights", (Call(name, (biased, 10.0)),))
    weights = of_norm(rng, 30.0, W1=(3, 2), W2=(2, 2)) | of_norm(rng, 3.0, b1=(2,), b2=(2,))
    yield Case("one array that is much larger than the others", (Call(name, (weights, 10.0)),))
    huge = of_norm(rng, 1e8, **NET)
    yield Case("gradients that have exploded", (Call(name, (huge, 1.0)),))
    zeros = {key: np.zeros(shape) for key, shape in NET.items()}
    yield Case("gradients that are all zero", (Call(name, (zeros, 2.0)),))
    some = net | {"W2": np.zeros((3, 2)), "b2": np.zeros(2)}
    yield Case("one layer without any gradient", (Call(name, (some, 2.0)),))
    negative = {key: -np.abs(value) for key, value in net.items()}
    yield Case("gradients that are all negative", (Call(name, (negative, 4.0)),))
    lone = {"theta": np.array([-50.0])}
    yield Case("a single number", (Call(name, (lone, 2.0)),))
    yield Case("a single number within the limit", (Call(name, (lone, 80.0)),))
    many = of_norm(rng, 25.0, **{f"W{i}": (2, 2) for i in range(1, 13)})
    yield Case("many layers", (Call(name, (many, 5.0)),))
    yield Case("a limit below 1", (Call(name, (net, 0.25)),))
    yield Case("float32", (Call(name, (single(net), 2.0)),))
    yield Case("float32, within the limit", (Call(name, (single(net), 20.0)),))
    yield Case("arguments given by name", (Call(name, (), {"max_norm": 6.0, "grads": net}),))


@clip_gradients.misconception(
    "Each array is clipped by itself. That changes the direction of the step: take one norm over all keys together, "
    "and one factor."
)
def clips_each_array(grads, max_norm):
    return {k: g * min(1.0, max_norm / (np.linalg.norm(g) + 1e-12)) for k, g in grads.items()}


@clip_gradients.misconception(
    "You cut off every entry at `max_norm`. That changes the direction of the step: scale all of them by one factor."
)
def clips_each_entry(grads, max_norm):
    return {k: np.clip(g, -max_norm, max_norm) for k, g in grads.items()}


@clip_gradients.misconception(
    "Small gradients are blown up to the limit. Where the norm is at most `max_norm` nothing changes."
)
def always_scales(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {k: g * (max_norm / max(norm, 1e-300)) for k, g in grads.items()}


@clip_gradients.misconception(
    "The root is missing: you compare the sum of squares with `max_norm`. A norm is the root of it."
)
def forgets_the_root(grads, max_norm):
    norm = sum(np.sum(g**2) for g in grads.values())
    return {k: g * min(1.0, max_norm / max(norm, 1e-300)) for k, g in grads.items()}


@clip_gradients.misconception(
    "You add the norms of the arrays. Norms do not add: sum the squares over all keys, then take one root."
)
def adds_the_norms(grads, max_norm):
    norm = sum(np.linalg.norm(g) for g in grads.values())
    return {k: g * min(1.0, max_norm / max(norm, 1e-300)) for k, g in grads.items()}


@clip_gradients.misconception(
    "You take the largest norm of all the arrays. Together they are longer: sum the squares over all keys."
)
def largest_of_the_norms(grads, max_norm):
    norm = max(np.linalg.norm(g) for g in grads.values())
    return {k: g * min(1.0, max_norm / max(norm, 1e-300)) for k, g in grads.items()}


@clip_gradients.misconception(
    "The norm is that of the weights alone. Biases and all other arrays belong to it, and are scaled with it."
)
def norm_of_the_weights(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for k, g in grads.items() if k.startswith("W")))
    return {k: g * min(1.0, max_norm / max(norm, 1e-300)) for k, g in grads.items()}


@clip_gradients.misconception(
    "Only the weights are scaled. One common factor for all keys keeps the direction of the step."
)
def scales_the_weights_only(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    factor = min(1.0, max_norm / max(norm, 1e-300))
    return {k: g * factor if k.startswith("W") else g for k, g in grads.items()}


@clip_gradients.misconception(
    "Your factor is upside down: gradients that are too long become longer. It is `max_norm / norm`."
)
def factor_upside_down(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {k: g * (norm / max_norm) if norm > max_norm else g for k, g in grads.items()}


@clip_gradients.misconception("You divide by the norm only: the result has norm 1. Multiply by `max_norm` too.")
def scales_to_norm_one(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {k: g / norm if norm > max_norm else g for k, g in grads.items()}


@clip_gradients.misconception(
    "You changed the given arrays. They belong to the caller: return a new dict with new arrays."
)
def works_in_place(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    if norm > max_norm:
        for g in grads.values():
            g *= max_norm / norm
    return grads


@clip_gradients.misconception("You divide the gradients by the limit they exceed. The factor is `max_norm / norm`.")
def divides_by_the_limit(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {k: g / max_norm if norm > max_norm else g for k, g in grads.items()}


@clip_gradients.misconception(
    "You take the mean of the squares, a root mean square. A norm is the root of their *sum*."
)
def root_mean_square(grads, max_norm):
    size = np.sqrt(np.mean(np.concatenate([g.ravel() for g in grads.values()]) ** 2))
    return {k: g * min(1.0, max_norm / max(size, 1e-300)) for k, g in grads.items()}


@clip_gradients.misconception("You return the norm as well. Return the dict of gradients alone.")
def returns_the_norm_too(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {k: g * min(1.0, max_norm / max(norm, 1e-300)) for k, g in grads.items()}, norm


@clip_gradients.alternative
def one_long_vector(grads, max_norm):
    length = np.linalg.norm(np.concatenate([np.ravel(g) for g in grads.values()]))
    if length > max_norm:
        return {key: np.asarray(g) / length * max_norm for key, g in grads.items()}
    return grads


@clip_gradients.alternative
def with_a_minimum(grads, max_norm):
    norm = math.sqrt(sum(float(np.vdot(g, g)) for g in grads.values()))
    factor = min(1.0, max_norm / norm) if norm else 1.0
    return dict((key, factor * grads[key]) for key in sorted(grads))


@clip_gradients.alternative
def norm_of_the_norms(grads, max_norm):
    clipped = {name: array.copy() for name, array in grads.items()}
    norm = np.linalg.norm([np.linalg.norm(array) for array in clipped.values()])
    for array in clipped.values():
        array *= max_norm / max(norm, max_norm)
    return clipped


@clip_gradients.alternative
def with_a_tiny_number_as_torch(grads, max_norm):
    total = np.sqrt(sum((g.astype(float) ** 2).sum() for g in grads.values()))
    factor = np.minimum(max_norm / (total + 1e-9), 1)
    return {key: np.multiply(g, factor) for key, g in grads.items()}


# --- diagnose_loss_curve ---------------------------------------------------------------------------------------------

#: Why a comparison may be strict or not.
TIES = "it differs at an exact tie only, and rounding decides that one: 1.1 * 1.5 is not 1.65, so no case is a tie"

diagnose_loss_curve = Exercise(
    "diagnose_loss_curve",
    points=5,
    hints=(
        "Eight answers, seven questions. In which order are they asked, and what does each compare with?",
        "Turn both into arrays first. Ask in the order of the table with `if` and `return`: `np.isfinite`, the last "
        "against the first loss, `np.abs(train - train[0])`, and so on; the answer `healthy` is what is left.",
        "The first 30 % of n epochs are `train[: int(0.3 * n)]`; the mean change of the dev loss is "
        "`np.abs(np.diff(dev)).mean()`, to be divided by `dev.mean()`; the least dev loss is `dev.min()`.",
    ),
    not_checked=("curves to which several answers would fit", "infinity", "curves that rise in between"),
    equivalent=(
        Equivalent("if last > 1.5 * first:", TIES),
        Equivalent("if (np.abs(train - first) < 0.035 * first).all():", TIES),
        Equivalent("if last >= 0.7 * first:", TIES),
        Equivalent("if (train[:int(0.3 * len(train))] > 0.95 * first).all():", TIES),
        Equivalent("if np.abs(np.diff(dev)).mean() / dev.mean() >= 0.12:", TIES),
        Equivalent("return 'overfitting' if dev[-1] >= 1.3 * dev.min() else 'healthy'", TIES),
        Equivalent(
            "if (np.abs(first - train) <= 0.035 * first).all():", "the absolute difference is the same in both orders"
        ),
    ),
)


def through(n: int, *points: tuple[float, float]) -> np.ndarray:
    """A curve of ``n`` epochs in straight lines through points (share of the epochs, loss)."""
    at, values = zip(*points)
    return np.interp(np.linspace(0, 1, n), at, values)


def falling(n: int, first: float, last: float, speed: float = 6.0) -> np.ndarray:
    """A curve that falls fast, then slowly, from ``first`` to ``last``."""
    t = np.linspace(0, 1, n)
    return last + (first - last) * (np.exp(-speed * t) - np.exp(-speed)) / (1 - np.exp(-speed))


def zigzag(n: int, middle: float, size: float) -> np.ndarray:
    """A curve that jumps by ``2 * size`` from each epoch to the next, around a loss."""
    return middle + size * (-1.0) ** np.arange(n)


@diagnose_loss_curve.visible
def _(rng: Rng) -> Any:
    name = "diagnose_loss_curve"
    good = np.round(falling(20, 2.3, 0.4), 2).tolist()
    dev = np.round(falling(20, 1.5, 0.6), 2).tolist()

    def case(label: str, train: Any, dev: Any = dev) -> Case:
        return Case(label, (Call(name, (train, dev)),))

    yield case("both losses fall", good)
    yield case("nan from some epoch on", [*good[:12], *[NAN] * 8])
    yield case("a loss that rises", np.round(through(20, (0, 2.3), (1, 9.0)), 2).tolist())
    yield case("a loss that stays at 2.3", np.round(2.3 + 0.02 * np.cos(np.arange(20.0)), 3).tolist())
    yield case("a loss that falls from 2.3 to 2", np.round(through(20, (0, 2.3), (1, 2.0)), 2).tolist())
    late = np.round(through(20, (0, 2.3), (0.35, 2.28), (0.6, 0.7), (1, 0.4)), 2).tolist()
    yield case("a loss that falls only after a third of the epochs", late)
    yield case("a dev loss that jumps", good, np.round(zigzag(20, 0.9, 0.2), 2).tolist())
    rising = np.round(through(20, (0, 1.5), (0.3, 0.6), (1, 1.2)), 2).tolist()
    yield case("a dev loss that falls and rises again", good, rising)


@diagnose_loss_curve.hidden
def _(rng: Rng) -> Any:
    name = "diagnose_loss_curve"

    def case(label: str, train: Any, dev: Any) -> Case:
        return Case(label, (Call(name, (train, dev)),))

    size = float(rng.uniform(0.8, 4))
    good, calm = size * falling(30, 1.0, 0.2), size * falling(30, 0.9, 0.3, 3)
    jumpy, rising = size * zigzag(30, 0.6, 0.25), size * through(30, (0, 0.9), (0.4, 0.4), (1, 0.9))
    noise = 1 + 0.004 * rng.uniform(-1, 1, 30)
    yield case("both losses fall", good * noise, calm)
    yield case("both losses fall, in lists", good.tolist(), calm.tolist())
    yield case("a constant dev loss", good, np.full(30, size))
    yield case("the least number of epochs", size * falling(20, 1, 0.3), size * falling(20, 1, 0.5, 2))
    yield case("many epochs", size * falling(200, 1, 0.01), size * falling(200, 1, 0.2))
    yield case("a training loss that falls to zero", falling(40, 2.3, 0.0), falling(40, 1.0, 0.8))
    # numerical overflow
    for label, place, value in (
        ("nan in the last epoch", 29, NAN),
        ("nan in one epoch in the middle", 14, NAN),
        ("infinity in one epoch in the middle", 17, INF),
        ("infinity in the last epoch", 29, INF),
        ("minus infinity in one epoch", 20, -INF),
        ("nan in the first epoch", 0, NAN),
        ("infinity in the first epoch", 0, INF),
    ):
        train = good.copy()
        train[place] = value
        yield case(label, train, calm)
    burst = size * through(30, (0, 1), (1, 20))
    yield case("a loss that rises and ends in nan", np.where(np.arange(30) < 25, burst, NAN), calm)
    yield case("a loss that rises and ends in infinity", np.where(np.arange(30) < 25, burst, INF), calm)
    flat = size * (1 + 0.01 * np.sin(np.arange(30.0)))
    yield case("a flat loss with nan in it", np.where(np.arange(30) == 20, NAN, flat), calm)
    yield case("nan and a dev loss that jumps", np.where(np.arange(30) > 9, NAN, good), jumpy)
    # diverging
    yield case("a loss that rises far", burst, calm)
    yield case("a loss that falls, then rises above its start", size * through(30, (0, 1), (0.5, 0.4), (1, 1.7)), calm)
    yield case("a loss that ends a bit above 1.5 times its first", size * through(30, (0, 1), (1, 1.56)), calm)
    yield case("a loss that ends a bit below 1.5 times its first", size * through(30, (0, 1), (1, 1.44)), calm)
    yield case("a loss that rises, and a dev loss that jumps", burst, jumpy)
    yield case("a loss that rises, and a dev loss that rises", burst, 3 * rising)
    late_rise = size * through(30, (0, 1), (0.5, 1.0), (1, 2.5))
    yield case("a flat start, then a rise", late_rise, calm)
    peak = size * through(30, (0, 1), (0.2, 0.5), (0.4, 3.0), (0.7, 0.3), (1, 0.2))
    yield case("a high peak in between", peak, calm)
    leap = good.copy()
    leap[-1] = 2 * size
    yield case("a loss that leaps above its start in the last epoch", leap.copy(), calm)
    leap[-2:] = 2 * size, 0.2 * size
    yield case("a loss that leaps above its start in the last epoch but one", leap, calm)
    # not learning
    yield case("a flat loss", flat, calm)
    wave = size * (1 + 0.03 * np.sin(np.arange(30.0)))
    yield case("a flat loss that wavers by 3 % on both sides", wave, calm)
    yield case("a loss that never changes", np.full(30, size), np.full(30, size))
    yield case("a flat loss that creeps up", size * through(30, (0, 1), (1, 1.03)), calm)
    yield case("a flat loss that creeps down", size * through(30, (0, 1), (1, 0.97)), calm)
    yield case("a flat loss, and a dev loss that jumps", flat, jumpy)
    yield case("a flat loss, and a dev loss that rises", flat, rising)
    yield case("a loss 5 % lower in the end", size * through(30, (0, 1), (1, 0.95)), calm)
    yield case("a loss 5 % higher in the end", size * through(30, (0, 1), (1, 1.05)), calm)
    dip = size * through(30, (0, 1), (0.5, 0.6), (1, 1.0))
    yield case("a loss that ends where it began, with a valley between", dip, calm)
    hill = size * through(30, (0, 1), (0.5, 1.3), (1, 1.0))
    yield case("a loss that ends where it began, with a hill between", hill, calm)
    # too slow
    yield case("a loss that falls by a fifth", size * through(30, (0, 1), (1, 0.8)), calm)
    yield case("a loss that falls by a fifth after a flat start", size * through(30, (0, 1), (0.5, 1), (1, 0.8)), calm)
    yield case("a loss that ends just above 0.7 times its first", size * falling(30, 1.0, 0.72), calm)
    yield case("a loss that ends just below 0.7 times its first", size * falling(30, 1.0, 0.68), calm)
    yield case("a slow loss, and a dev loss that jumps", size * through(30, (0, 1), (1, 0.8)), jumpy)
    yield case("a slow loss, and a dev loss that rises", size * through(30, (0, 1), (1, 0.8)), rising)
    back = size * through(30, (0, 1), (0.4, 0.3), (1, 0.9))
    yield case("a loss that falls and comes back", back, calm)
    over = size * through(30, (0, 1), (0.2, 2.0), (1, 0.8))
    yield case("a loss that ends far below its peak, not below its first", over, calm)
    # slow start
    for n in (20, 30, 40, 50, 60, 100):
        held = 3 * n // 10
        start = np.concatenate([np.full(held, 0.98), np.full(n - held, 0.3)]) * size
        start[0] = size
        yield case(f"a flat start of exactly 30 % of {n} epochs", start.copy(), size * falling(n, 0.9, 0.4, 3))
        start[held - 1] = 0.8 * size
        yield case(f"a flat start one epoch short of 30 % of {n}", start, size * falling(n, 0.9, 0.4, 3))
    late = size * through(30, (0, 1), (0.4, 0.97), (0.6, 0.3), (1, 0.2))
    yield case("a slow start, and a dev loss that jumps", late, jumpy)
    yield case("a slow start, and a dev loss that rises", late, rising)
    bumpy = late.copy()
    bumpy[4] = 0.9 * size
    yield case("a flat start with one low epoch in it", bumpy, calm)
    early = size * through(30, (0, 1), (0.15, 0.8), (0.3, 0.97), (0.6, 0.3), (1, 0.2))
    yield case("a flat start with a valley in it", early, calm)
    hump = size * through(30, (0, 1), (0.2, 1.4), (0.4, 1.0), (0.6, 0.3), (1, 0.2))
    yield case("a start that rises first", hump, calm)
    # noisy dev set
    yield case("a dev loss that jumps", good, jumpy)
    yield case("a dev loss that jumps a little", good, size * zigzag(30, 0.6, 0.03))
    yield case("a dev loss that jumps just too much", good, size * zigzag(30, 0.6, 0.04))
    yield case("a dev loss that jumps and is large", good, 100 * size * zigzag(30, 0.6, 0.03))
    yield case("a dev loss that jumps and rises", good, jumpy + size * np.linspace(0, 1, 30))
    single_jump = calm.copy()
    single_jump[15] = 1.4 * calm[15]
    yield case("a dev loss with a single jump", good, single_jump)
    spike = np.full(30, 0.5 * size)
    spike[12] = 1.3 * size
    yield case("a calm dev loss with a single spike", good, spike)
    yield case("a dev loss that falls far", good, size * falling(30, 0.9, 0.1, 4))
    small = 0.01 * jumpy
    yield case("a small dev loss that jumps", good, small)
    # overfitting
    yield case("a dev loss that rises again", good, rising)
    last_rise = np.append(calm[:-1], 1.5 * calm.min())
    yield case("a dev loss that rises in the last epoch only", good, last_rise)
    yield case(
        "a dev loss that is high in the last epoch but one", good, np.append(calm[:-2], [1.5 * calm.min(), calm.min()])
    )
    yield case("a dev loss that rises again, in lists", good.tolist(), rising.tolist())
    yield case(
        "a dev loss that rises just above 1.3 times its least",
        good,
        size * through(30, (0, 0.9), (0.4, 0.5), (1, 0.68)),
    )
    yield case(
        "a dev loss that rises just below 1.3 times its least",
        good,
        size * through(30, (0, 0.9), (0.4, 0.5), (1, 0.62)),
    )
    yield case("a dev loss that rises from the start", good, size * through(30, (0, 0.5), (1, 1.0)))
    yield case("a dev loss that rises and comes down", good, size * through(30, (0, 0.4), (0.5, 0.9), (1, 0.42)))
    yield case("a dev loss that ends far above the training loss", good, size * falling(30, 2.0, 1.2, 3))
    yield case(
        "a dev loss that ends below its first, above its least",
        good,
        size * through(30, (0, 1.5), (0.5, 0.6), (1, 1.0)),
    )
    yield Case("arguments given by name", (Call(name, (), {"dev_losses": rising, "train_losses": good}),))


@diagnose_loss_curve.misconception(
    "Infinity passes as a number. It is not nan, but it is no loss either: `np.isfinite` refuses both."
)
def only_nan_is_an_overflow(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if np.isnan(t).any():
        return "numerical overflow"
    if t[-1] >= 1.5 * t[0]:
        return "diverging"
    if np.all(np.abs(t - t[0]) <= 0.035 * t[0]):
        return "not learning"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    if np.all(t[: int(0.3 * len(t))] >= 0.95 * t[0]):
        return "slow start"
    if np.abs(np.diff(d)).mean() / d.mean() > 0.12:
        return "noisy dev set"
    return "overfitting" if d[-1] > 1.3 * d.min() else "healthy"


@diagnose_loss_curve.misconception("You look for nan and infinity in the last epoch only. Any epoch counts.")
def overflow_at_the_end_only(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if not np.isfinite(t[-1]):
        return "numerical overflow"
    if t[-1] >= 1.5 * t[0]:
        return "diverging"
    if np.all(np.abs(t - t[0]) <= 0.035 * t[0]):
        return "not learning"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    if np.all(t[: int(0.3 * len(t))] >= 0.95 * t[0]):
        return "slow start"
    if np.abs(np.diff(d)).mean() / d.mean() > 0.12:
        return "noisy dev set"
    return "overfitting" if d[-1] > 1.3 * d.min() else "healthy"


@diagnose_loss_curve.misconception(
    "A peak in between counts as diverging in your answer. The *last* loss decides, against the first."
)
def diverging_by_its_peak(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if not np.all(np.isfinite(t)):
        return "numerical overflow"
    if t.max() >= 1.5 * t[0]:
        return "diverging"
    if np.all(np.abs(t - t[0]) <= 0.035 * t[0]):
        return "not learning"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    if np.all(t[: int(0.3 * len(t))] >= 0.95 * t[0]):
        return "slow start"
    if np.abs(np.diff(d)).mean() / d.mean() > 0.12:
        return "noisy dev set"
    return "overfitting" if d[-1] > 1.3 * d.min() else "healthy"


@diagnose_loss_curve.misconception(
    "Not learning is asked of the last loss only. *All* losses have to stay within 3.5 % of the first: a curve with a "
    "valley has learned something."
)
def not_learning_by_the_last_loss(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if not np.all(np.isfinite(t)):
        return "numerical overflow"
    if t[-1] >= 1.5 * t[0]:
        return "diverging"
    if abs(t[-1] - t[0]) <= 0.035 * t[0]:
        return "not learning"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    if np.all(t[: int(0.3 * len(t))] >= 0.95 * t[0]):
        return "slow start"
    if np.abs(np.diff(d)).mean() / d.mean() > 0.12:
        return "noisy dev set"
    return "overfitting" if d[-1] > 1.3 * d.min() else "healthy"


@diagnose_loss_curve.misconception(
    "A loss that rises by more than 3.5 % counts as not learning in your answer. Within 3.5 % means on both sides: "
    "take the absolute difference."
)
def not_learning_on_one_side(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if not np.all(np.isfinite(t)):
        return "numerical overflow"
    if t[-1] >= 1.5 * t[0]:
        return "diverging"
    if np.all(t >= 0.965 * t[0]):
        return "not learning"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    if np.all(t[: int(0.3 * len(t))] >= 0.95 * t[0]):
        return "slow start"
    if np.abs(np.diff(d)).mean() / d.mean() > 0.12:
        return "noisy dev set"
    return "overfitting" if d[-1] > 1.3 * d.min() else "healthy"


@diagnose_loss_curve.misconception(
    "You ask for too slow before not learning. A flat curve is slow as well, so that answer never comes: keep the "
    "order of the table."
)
def too_slow_before_not_learning(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if not np.all(np.isfinite(t)):
        return "numerical overflow"
    if t[-1] >= 1.5 * t[0]:
        return "diverging"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    if np.all(np.abs(t - t[0]) <= 0.035 * t[0]):
        return "not learning"
    if np.all(t[: int(0.3 * len(t))] >= 0.95 * t[0]):
        return "slow start"
    if np.abs(np.diff(d)).mean() / d.mean() > 0.12:
        return "noisy dev set"
    return "overfitting" if d[-1] > 1.3 * d.min() else "healthy"


@diagnose_loss_curve.misconception(
    "You ask for the slow start before the end is looked at. A curve that is too slow altogether often starts flat "
    "too: keep the order of the table."
)
def slow_start_before_too_slow(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if not np.all(np.isfinite(t)):
        return "numerical overflow"
    if t[-1] >= 1.5 * t[0]:
        return "diverging"
    if np.all(np.abs(t - t[0]) <= 0.035 * t[0]):
        return "not learning"
    if np.all(t[: int(0.3 * len(t))] >= 0.95 * t[0]):
        return "slow start"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    if np.abs(np.diff(d)).mean() / d.mean() > 0.12:
        return "noisy dev set"
    return "overfitting" if d[-1] > 1.3 * d.min() else "healthy"


@diagnose_loss_curve.misconception(
    "You look at the dev set before the training curve. A network that does not learn may have a noisy dev set, too; "
    "the answers about training come first."
)
def dev_set_first(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if not np.all(np.isfinite(t)):
        return "numerical overflow"
    if np.abs(np.diff(d)).mean() / d.mean() > 0.12:
        return "noisy dev set"
    if d[-1] > 1.3 * d.min():
        return "overfitting"
    if t[-1] >= 1.5 * t[0]:
        return "diverging"
    if np.all(np.abs(t - t[0]) <= 0.035 * t[0]):
        return "not learning"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    return "slow start" if np.all(t[: int(0.3 * len(t))] >= 0.95 * t[0]) else "healthy"


@diagnose_loss_curve.misconception(
    "You ask for overfitting before noise. A dev loss that jumps ends above its least one by luck: ask for the noise "
    "first."
)
def overfitting_before_noise(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if not np.all(np.isfinite(t)):
        return "numerical overflow"
    if t[-1] >= 1.5 * t[0]:
        return "diverging"
    if np.all(np.abs(t - t[0]) <= 0.035 * t[0]):
        return "not learning"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    if np.all(t[: int(0.3 * len(t))] >= 0.95 * t[0]):
        return "slow start"
    if d[-1] > 1.3 * d.min():
        return "overfitting"
    return "noisy dev set" if np.abs(np.diff(d)).mean() / d.mean() > 0.12 else "healthy"


@diagnose_loss_curve.misconception(
    "A third of the epochs is more than 30 %. With 30 epochs it is the first 9, not the first 10."
)
def slow_start_in_a_third(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if not np.all(np.isfinite(t)):
        return "numerical overflow"
    if t[-1] >= 1.5 * t[0]:
        return "diverging"
    if np.all(np.abs(t - t[0]) <= 0.035 * t[0]):
        return "not learning"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    if np.all(t[: int(0.3 * len(t)) + 1] >= 0.95 * t[0]):
        return "slow start"
    if np.abs(np.diff(d)).mean() / d.mean() > 0.12:
        return "noisy dev set"
    return "overfitting" if d[-1] > 1.3 * d.min() else "healthy"


@diagnose_loss_curve.misconception(
    "For the slow start you look at one epoch only. *All* of the first 30 % have to stay at 0.95 of the first or above."
)
def slow_start_at_one_epoch(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if not np.all(np.isfinite(t)):
        return "numerical overflow"
    if t[-1] >= 1.5 * t[0]:
        return "diverging"
    if np.all(np.abs(t - t[0]) <= 0.035 * t[0]):
        return "not learning"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    if t[int(0.3 * len(t)) - 1] >= 0.95 * t[0]:
        return "slow start"
    if np.abs(np.diff(d)).mean() / d.mean() > 0.12:
        return "noisy dev set"
    return "overfitting" if d[-1] > 1.3 * d.min() else "healthy"


@diagnose_loss_curve.misconception(
    "A standard deviation does not tell jumps from a steady fall. Take the mean absolute change from epoch to epoch."
)
def noise_as_a_standard_deviation(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if not np.all(np.isfinite(t)):
        return "numerical overflow"
    if t[-1] >= 1.5 * t[0]:
        return "diverging"
    if np.all(np.abs(t - t[0]) <= 0.035 * t[0]):
        return "not learning"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    if np.all(t[: int(0.3 * len(t))] >= 0.95 * t[0]):
        return "slow start"
    if d.std() / d.mean() > 0.12:
        return "noisy dev set"
    return "overfitting" if d[-1] > 1.3 * d.min() else "healthy"


@diagnose_loss_curve.misconception(
    "Jumps up and down cancel in your mean. Take the absolute value of each change before the mean."
)
def noise_without_absolute_values(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if not np.all(np.isfinite(t)):
        return "numerical overflow"
    if t[-1] >= 1.5 * t[0]:
        return "diverging"
    if np.all(np.abs(t - t[0]) <= 0.035 * t[0]):
        return "not learning"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    if np.all(t[: int(0.3 * len(t))] >= 0.95 * t[0]):
        return "slow start"
    if abs(np.diff(d).mean()) / d.mean() > 0.12:
        return "noisy dev set"
    return "overfitting" if d[-1] > 1.3 * d.min() else "healthy"


@diagnose_loss_curve.misconception(
    "The jumps are not taken relative to the mean dev loss. A loss of 100 may jump by more than 0.12."
)
def noise_not_relative(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if not np.all(np.isfinite(t)):
        return "numerical overflow"
    if t[-1] >= 1.5 * t[0]:
        return "diverging"
    if np.all(np.abs(t - t[0]) <= 0.035 * t[0]):
        return "not learning"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    if np.all(t[: int(0.3 * len(t))] >= 0.95 * t[0]):
        return "slow start"
    if np.abs(np.diff(d)).mean() > 0.12:
        return "noisy dev set"
    return "overfitting" if d[-1] > 1.3 * d.min() else "healthy"


@diagnose_loss_curve.misconception(
    "You compare the dev loss with the training loss. A gap alone is not the sign here: the last dev loss is compared "
    "with the least dev loss."
)
def overfitting_by_the_gap(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if not np.all(np.isfinite(t)):
        return "numerical overflow"
    if t[-1] >= 1.5 * t[0]:
        return "diverging"
    if np.all(np.abs(t - t[0]) <= 0.035 * t[0]):
        return "not learning"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    if np.all(t[: int(0.3 * len(t))] >= 0.95 * t[0]):
        return "slow start"
    if np.abs(np.diff(d)).mean() / d.mean() > 0.12:
        return "noisy dev set"
    return "overfitting" if d[-1] > 1.3 * t[-1] else "healthy"


@diagnose_loss_curve.misconception(
    "You compare the last dev loss with the first. Overfitting is a rise from the *least* dev loss, wherever it was."
)
def overfitting_since_the_first(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if not np.all(np.isfinite(t)):
        return "numerical overflow"
    if t[-1] >= 1.5 * t[0]:
        return "diverging"
    if np.all(np.abs(t - t[0]) <= 0.035 * t[0]):
        return "not learning"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    if np.all(t[: int(0.3 * len(t))] >= 0.95 * t[0]):
        return "slow start"
    if np.abs(np.diff(d)).mean() / d.mean() > 0.12:
        return "noisy dev set"
    return "overfitting" if d[-1] > 1.3 * d[0] else "healthy"


@diagnose_loss_curve.misconception("The words are not those of the table: they are written in small letters.")
def capital_letters(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    if not np.all(np.isfinite(t)):
        return "Numerical overflow"
    if t[-1] >= 1.5 * t[0]:
        return "Diverging"
    if np.all(np.abs(t - t[0]) <= 0.035 * t[0]):
        return "Not learning"
    if t[-1] > 0.7 * t[0]:
        return "Too slow"
    if np.all(t[: int(0.3 * len(t))] >= 0.95 * t[0]):
        return "Slow start"
    if np.abs(np.diff(d)).mean() / d.mean() > 0.12:
        return "Noisy dev set"
    return "Overfitting" if d[-1] > 1.3 * d.min() else "Healthy"


@diagnose_loss_curve.misconception(
    "You collect all the answers that fit. Return one: the first of the table that holds."
)
def all_that_hold(train_losses, dev_losses):
    t, d = np.asarray(train_losses, float), np.asarray(dev_losses, float)
    with np.errstate(all="ignore"):
        rules = {
            "numerical overflow": not np.all(np.isfinite(t)),
            "diverging": t[-1] >= 1.5 * t[0],
            "not learning": np.all(np.abs(t - t[0]) <= 0.035 * t[0]),
            "too slow": t[-1] > 0.7 * t[0],
            "slow start": np.all(t[: int(0.3 * len(t))] >= 0.95 * t[0]),
            "noisy dev set": np.abs(np.diff(d)).mean() / d.mean() > 0.12,
            "overfitting": d[-1] > 1.3 * d.min(),
        }
    return [name for name, holds in rules.items() if holds] or ["healthy"]


@diagnose_loss_curve.alternative
def as_a_table_of_rules(train_losses, dev_losses):
    t, d = np.array(train_losses, dtype=float), np.array(dev_losses, dtype=float)
    early = t[: round(0.3 * t.size)]
    rules = (
        ("numerical overflow", lambda: np.any(~np.isfinite(t))),
        ("diverging", lambda: t[-1] / t[0] >= 1.5),
        ("not learning", lambda: np.max(np.abs(t / t[0] - 1)) <= 0.035),
        ("too slow", lambda: t[-1] / t[0] > 0.7),
        ("slow start", lambda: np.min(early) >= 0.95 * t[0]),
        ("noisy dev set", lambda: np.mean(np.abs(d[1:] - d[:-1])) > 0.12 * np.mean(d)),
        ("overfitting", lambda: d[-1] / np.min(d) > 1.3),
    )
    for verdict, holds in rules:
        if holds():
            return verdict
    return "healthy"


@diagnose_loss_curve.alternative
def with_plain_python(train_losses, dev_losses):
    train, dev = [float(x) for x in train_losses], [float(x) for x in dev_losses]
    first, last = train[0], train[-1]
    if any(math.isnan(x) or math.isinf(x) for x in train):
        return "numerical overflow"
    if last >= first * 1.5:
        return "diverging"
    if all(first * 0.965 <= x <= first * 1.035 for x in train):
        return "not learning"
    if last > first * 0.7:
        return "too slow"
    if all(x >= first * 0.95 for i, x in enumerate(train) if i < len(train) * 0.3):
        return "slow start"
    jumps = [abs(b - a) for a, b in zip(dev, dev[1:])]
    if (sum(jumps) / len(jumps)) / (sum(dev) / len(dev)) > 0.12:
        return "noisy dev set"
    if last == last and dev[-1] > 1.3 * min(dev):
        return "overfitting"
    return "healthy"


@diagnose_loss_curve.alternative
def with_select(train_losses, dev_losses):
    train, dev = np.asarray(train_losses), np.asarray(dev_losses)
    with np.errstate(all="ignore"):
        relative = train / train[0]
        holds = [
            not np.isfinite(train.sum()) or not np.isfinite(train).all(),
            relative[-1] >= 1.5,
            not (np.abs(relative - 1) > 0.035).any(),
            relative[-1] > 0.7,
            bool((relative[: math.ceil(0.3 * len(train) - 1e-9)] >= 0.95).all()),
            np.abs(np.ediff1d(dev)).mean() / dev.mean() > 0.12,
            dev[-1] / dev.min() > 1.3,
            True,
        ]
    names = "numerical overflow|diverging|not learning|too slow|slow start|noisy dev set|overfitting|healthy"
    return names.split("|")[holds.index(True)]


# --- mend_softmax_loss -----------------------------------------------------------------------------------------------

mend_softmax_loss = Exercise(
    "mend_softmax_loss",
    points=4,
    groups={"values": 3, "large logits": 1},
    hints=(
        "Follow one row through the given code by hand. What goes into the second line, logits or probabilities?",
        "One softmax is enough. Then try logits of 1,000 and -1,000: which probability becomes exactly 0, and what is "
        "its logarithm? Never form the probability at all.",
        "Subtract each row's largest logit; the log-probability is the shifted logit minus the logarithm of the row's "
        "sum of exponentials. Return minus the mean of those of the right classes.",
    ),
    not_checked=("float32", "a single row", "many classes"),
)


@mend_softmax_loss.visible
def _(rng: Rng) -> Any:
    name = "mend_softmax_loss"
    yield Case("equal logits", (Call(name, (np.zeros((2, 4)), np.array([0, 3]))),))
    clear = np.array([[6.0, 0.0, 0.0], [0.0, 0.0, 6.0]])
    yield Case("clear and right", (Call(name, (clear, np.array([0, 2]))),))
    yield Case("clear, and one of the two wrong", (Call(name, (clear, np.array([0, 1]))),))
    large = np.array([[1000.0, -1000.0], [-1000.0, 1000.0]])
    yield Case("logits of 1,000 and -1,000", (Call(name, (large, np.array([0, 0]))),), group="large logits")


@mend_softmax_loss.hidden
def _(rng: Rng) -> Any:
    name = "mend_softmax_loss"

    def case(label: str, logits: Any, y: Any, group: str = "values") -> Case:
        return Case(label, (Call(name, (logits, y)),), group=group)

    def labels(m: int, k: int) -> Any:
        y = rng.integers(0, k, m)
        y[: min(m, k)] = np.arange(min(m, k))
        return y

    logits = 2 * rng.standard_normal((7, 4))
    yield case("seven rows of four classes", logits, labels(7, 4))
    yield case("as many rows as classes", 2 * rng.standard_normal((5, 5)), labels(5, 5)[::-1].copy())
    yield case("a single row", 2 * rng.standard_normal((1, 6)), np.array([4]))
    yield case("two classes", 3 * rng.standard_normal((9, 2)), labels(9, 2))
    yield case("many classes", rng.standard_normal((4, 50)), np.array([49, 0, 7, 7]))
    yield case("equal logits", np.full((6, 10), 1.5), labels(6, 10))
    best = rng.standard_normal((8, 5)).round(2)
    best[np.arange(8), labels(8, 5)] += 12
    yield case("a network that is almost always right", best, labels(8, 5))
    yield case("a network that is almost always wrong", -best, labels(8, 5))
    shifted = logits + rng.uniform(-5, 5, (7, 1))
    yield case("rows at different heights", shifted, labels(7, 4))
    yield case("logits that are whole numbers", rng.integers(-4, 5, (6, 3)), labels(6, 3))
    yield case("small labels", logits, labels(7, 4).astype(np.uint8))
    yield case("one class only", logits, np.full(7, 2))
    yield case("float32", logits.astype(np.float32), labels(7, 4))
    yield Case("arguments given by name", (Call(name, (), {"y": labels(7, 4), "logits": logits}),))
    signs = np.where(rng.random((6, 4)) < 0.5, -1000.0, 1000.0)
    signs[:, 0], signs[:, 1] = 1000.0, -1000.0
    large = "large logits"
    yield case("logits of 1,000 and -1,000, all wrong", signs, np.ones(6, dtype=int), large)
    yield case("logits of 1,000 and -1,000, some right", signs, np.array([0, 1, 0, 1, 0, 1]), large)
    heights = np.array([[1000.0, 999.0, 998.0], [-1000.0, -999.0, -1001.0], [0.0, 1.0, -1.0]])
    yield case("rows near 1,000, near -1,000 and near 0", heights, np.array([2, 0, 1]), large)
    yield case(
        "rows of large logits that are all equal", np.array([[1000.0] * 3, [-1000.0] * 3]), np.array([0, 2]), large
    )
    wild = 300 * rng.standard_normal((10, 6))
    yield case("logits of several hundred", np.clip(wild, -1000, 1000), labels(10, 6), large)
    yield case("a probability that is too small for a float", np.array([[0.0, -800.0, 1.0]]), np.array([1]), large)


@mend_softmax_loss.misconception(
    "This is still the given code: it takes the softmax of probabilities. Even when the network is sure and right, "
    "the loss stays above 1.46 with ten classes. One softmax is one too many."
)
def the_given_code(logits, y):
    def softmax(scores):
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    probs = softmax(logits)
    picked = softmax(probs)[np.arange(len(y)), y]
    return -np.log(picked).mean()


@mend_softmax_loss.misconception(
    "The second softmax is gone, well done. But a probability of e^-2000 is stored as 0, and its logarithm is minus "
    "infinity: compute the log-probability from the logits, without the probability."
)
def takes_the_logarithm_of_zero(logits, y):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = powers / powers.sum(axis=1, keepdims=True)
    return -np.log(probs[np.arange(len(y)), y]).mean()


@mend_softmax_loss.misconception(
    "e^1000 overflows. Subtract each row's largest logit first; the probabilities do not change."
)
def overflows(logits, y):
    log_probs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return -log_probs[np.arange(len(y)), y].mean()


@mend_softmax_loss.misconception(
    "You add a small number inside the logarithm. The loss is then finite, and wrong: it cannot tell 50 from 2,000, "
    "and its gradient is lost."
)
def adds_eps_in_the_logarithm(logits, y):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = powers / powers.sum(axis=1, keepdims=True)
    return -np.log(probs[np.arange(len(y)), y] + 1e-12).mean()


@mend_softmax_loss.misconception(
    "You clip the probabilities. The loss is then finite, and wrong: very wrong answers all cost the same."
)
def clips_the_probabilities(logits, y):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = powers / powers.sum(axis=1, keepdims=True)
    return -np.log(np.clip(probs, 1e-7, 1 - 1e-7)[np.arange(len(y)), y]).mean()


@mend_softmax_loss.misconception(
    "You subtract the largest logit of the whole batch. Rows far below it underflow: each row needs its own."
)
def one_shift_for_all_rows(logits, y):
    shifted = logits - logits.max()
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_probs[np.arange(len(y)), y].mean()


@mend_softmax_loss.misconception("This is the sum over the examples. The loss is their mean.")
def sums_over_the_examples(logits, y):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_probs[np.arange(len(y)), y].sum()


@mend_softmax_loss.misconception(
    "You divide by the number of entries. The mean is over the examples: divide by the number of rows."
)
def mean_over_all_entries(logits, y):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(np.eye(logits.shape[1])[y] * log_probs).mean()


@mend_softmax_loss.misconception("The sign is lost: the loss is *minus* the mean log-probability.")
def forgets_the_sign(logits, y):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return log_probs[np.arange(len(y)), y].mean()


@mend_softmax_loss.misconception("You normalise down the columns. The classes of one example stand in a row: axis 1.")
def normalises_the_columns(logits, y):
    shifted = logits - logits.max(axis=0, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))
    return -log_probs[np.arange(len(y)), y].mean()


@mend_softmax_loss.misconception(
    "You pick whole columns: `[:, y]` takes every label for every row. Pair each row with its own label."
)
def picks_whole_columns(logits, y):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_probs[:, y].mean()


@mend_softmax_loss.misconception(
    "You took out both: the logits themselves are used as log-probabilities. One softmax must stay."
)
def no_softmax_at_all(logits, y):
    return -np.mean(logits[np.arange(len(y)), y])


@mend_softmax_loss.misconception("There is still a softmax too many: log-softmax of probabilities. Give it the logits.")
def log_softmax_of_probabilities(logits, y):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = powers / powers.sum(axis=1, keepdims=True)
    log_probs = probs - np.log(np.exp(probs).sum())
    return -log_probs[np.arange(len(y)), y].mean()


@mend_softmax_loss.misconception("You return one loss for each example. Return their mean, a single number.")
def one_loss_for_each_example(logits, y):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_probs[np.arange(len(y)), y]


@mend_softmax_loss.alternative
def by_logaddexp(logits, y):
    return np.mean(np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(y)), y])


@mend_softmax_loss.alternative
def row_by_row(logits, y):
    total = 0.0
    for row, label in zip(logits.astype(float), y):
        top = max(row)
        total += top + math.log(sum(math.exp(z - top) for z in row)) - row[label]
    return total / len(y)


@mend_softmax_loss.alternative
def with_one_hot_labels(logits, y):
    margins = logits - np.sum(logits * np.eye(logits.shape[1])[y], axis=1, keepdims=True)
    top = np.max(margins, axis=1)
    return np.array((top + np.log(np.exp(margins - top[:, None]).sum(1))).sum() / y.size)


@mend_softmax_loss.alternative
def mends_the_given_helper(logits, y):
    def log_softmax(scores):
        scores = scores - np.amax(scores, axis=-1, keepdims=True)
        return scores - np.log(np.sum(np.exp(scores), axis=-1, keepdims=True))

    log_probs = log_softmax(np.asarray(logits, dtype=np.float64))
    return float(-np.take_along_axis(log_probs, np.asarray(y).astype(int)[:, np.newaxis], axis=1).mean())


EXERCISES = (
    chance_loss,
    initial_loss_is_sane,
    overfits_tiny_subset,
    update_ratios,
    clip_gradients,
    diagnose_loss_curve,
    mend_softmax_loss,
)
