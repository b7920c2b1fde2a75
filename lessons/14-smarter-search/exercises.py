"""How the exercises of lesson 14 are judged."""

# Wrong and right solutions are written the way students write them.
# ruff: noqa: B905, RUF059

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from autograde.check.cases import Call, Case, Equals, Property
from autograde.check.codec import StandIn
from autograde.check.standins import build
from autograde.judge.catalogue import Equivalent, Exercise

Rng = np.random.Generator

# --- what the cases are made of --------------------------------------------------------------------------------------


def draws(rng: Rng) -> StandIn:
    """A generator for a student's function, with a seed of its own."""
    return StandIn("rng", {"seed": int(rng.integers(2**31))})


def seeds(name: str, before: Sequence[Any], rng: Rng, *after: Any, expect: Property | None = None) -> Case:
    """Twice one seed, once another; ``expect`` holds of the first call."""
    one, other = (StandIn("rng", {"seed": int(s)}) for s in rng.choice(2**31, 2, replace=False))
    calls = tuple(Call(name, (*before, generator, *after)) for generator in (one, one, other))
    same = Property("same_results", {"first": 0, "second": 1})
    differs = Property("different_results", {"first": 0, "second": 2})
    return Case("the same seed again, and another seed", calls, (*([expect] if expect else []), same, differs))


# --- successive_halving ----------------------------------------------------------------------------------------------


def rounds(n: int, min_budget: float, factor: int) -> list[tuple[int, float]]:
    """How many configs each round has, and its budget."""
    plan = []
    while n > 1:
        plan.append((n, min_budget * factor ** len(plan)))
        n = max(1, n // factor)
    return plan


def settings(rng: Rng, n: int) -> list[Any]:
    """Configs as lesson 13 has them, no two alike."""
    return [
        {"learning_rate": round(10 ** float(rng.uniform(-4, 0)), 6), "hidden": int(rng.integers(8, 129)), "number": i}
        for i in range(n)
    ]


def halving(
    label: str,
    configs: list[Any],
    min_budget: float,
    factor: int | None = None,
    spare: int = 50,
    named: bool = False,
    **curves: Any,
) -> Case:
    """One call; ``spare`` is how many runs more than needed ``evaluate`` bears."""
    plan = rounds(len(configs), min_budget, factor or 3)
    evaluate = StandIn("learning_curves", {**curves, "calls": sum(n for n, _ in plan) + spare})
    args: dict[str, Any] = {"evaluate": evaluate, "configs": configs, "min_budget": min_budget}
    if factor is not None:
        args["factor"] = factor
    call = Call("successive_halving", (), dict(reversed(args.items()))) if named else None
    call = call or Call("successive_halving", tuple(args.values()))
    # The property looks for configs among the arguments by position or name.
    return Case(label, (call,), (Property("halves_in_rounds", {"brackets": [plan], "given": True}),))


def with_nan(rng: Rng, n: int, holes: range, nan_every: int, first: bool = True) -> list[Any]:
    """Settings of which so many have no score but nan at large budgets, the first among them if wanted."""
    evaluate = build(StandIn("learning_curves", {"nan_every": nan_every}))
    while True:
        configs = settings(rng, n)
        missing = [math.isnan(evaluate(config, 1.0)) for config in configs]
        if sum(missing) in holes and (missing[0] or not first):
            return configs


successive_halving = Exercise(
    "successive_halving",
    points=5,
    hints=(
        "Play it by hand with nine configs: nine runs at the smallest budget, then three, then one is left.",
        "Loop while more than one survives: the round's budget, its scores, its lines of history, then the best of it. "
        "Sort positions, not scores; a stable sort keeps the earlier of equals.",
        "`order = sorted(range(len(survivors)), key=lambda i: (np.isnan(scores[i]), -scores[i]))` has the best first, "
        "nan last. Keep `order[: max(1, len(survivors) // factor)]`, and multiply the budget by `factor`.",
    ),
    not_checked=("configs that are no dicts", "other factors", "scores that turn to nan later"),
)


@successive_halving.visible
def _(rng: Rng) -> Any:
    names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
    yield halving("nine configs, one pass at first", names, 1, bend=3.0)
    yield halving("eleven configs, halved by 2", [{"number": i} for i in range(11)], 5, 2, bend=3.0)
    yield halving("equal scores: the earlier wins", [{"number": i} for i in range(8)], 0.5, 2, levels=2)
    curves = {"bend": 3.0, "nan_every": 4}
    yield halving("scores that are nan", with_nan(rng, 7, range(2, 5), 4), 1, **curves)
    yield halving("no run more than the rounds need", names[:4], 2, spare=0, bend=3.0)


@successive_halving.hidden
def _(rng: Rng) -> Any:
    yield halving("twenty-seven configs", settings(rng, 27), 1, 3, bend=3.0)
    yield halving("a number that the factor does not divide", settings(rng, 40), 1, bend=3.0)
    yield halving("one config fewer than a power of the factor", settings(rng, 26), 2, 3, bend=3.0)
    yield halving("halving by 2", settings(rng, 23), 3, 2, bend=8.0)
    yield halving("a factor of 4", settings(rng, 35), 1, 4, bend=3.0)
    yield halving("fewer configs than the factor", settings(rng, 3), 4, 5, bend=3.0)
    yield halving("two configs", settings(rng, 2), 1, bend=1.0)
    yield halving("a budget below 1", settings(rng, 13), 0.3, bend=3.0)
    yield halving("large budgets", settings(rng, 12), 1000, 2, bend=2000.0)
    yield halving("curves that hardly differ at first", settings(rng, 20), 1, 2, bend=0.01)
    yield halving("configs that are numbers", [int(i) for i in rng.choice(10**6, 14, replace=False)], 1, bend=3.0)
    pairs = [(float(a), int(b)) for a, b in zip(rng.random(15), rng.permutation(15), strict=True)]
    yield halving("configs that are tuples", pairs, 1, 2, bend=3.0)
    for levels, factor in ((2, 2), (3, 3), (1, 3)):
        yield halving("equal scores: the earlier wins", settings(rng, 24), 1, factor, levels=levels)
    curves = {"bend": 3.0, "nan_every": 3}
    yield halving("scores that are nan", with_nan(rng, 16, range(3, 9), 3), 1, **curves)
    curves = {"bend": 1.0, "nan_every": 4}
    yield halving("many scores that are nan", with_nan(rng, 12, range(3, 6), 4), 1, 2, **curves)
    late = {"bend": 3.0, "nan_every": 4, "nan_from": 2.0}
    yield halving("scores that turn to nan later", with_nan(rng, 30, range(4, 8), 4, False), 1, 2, **late)
    yield halving("no run more than the rounds need", settings(rng, 17), 1, 3, spare=0, bend=3.0)
    yield halving("arguments given by name", settings(rng, 10), 2, 3, named=True, bend=3.0)


@successive_halving.misconception("The worst survive: higher scores are better, so sort from the highest down.")
def the_worst_survive(evaluate, configs, min_budget, factor=3):
    survivors, history, budget = list(configs), [], min_budget
    while len(survivors) > 1:
        scores = [evaluate(c, budget) for c in survivors]
        history += [(c, budget, s) for c, s in zip(survivors, scores)]
        order = sorted(range(len(survivors)), key=lambda i: (np.isnan(scores[i]), scores[i]))
        survivors = [survivors[i] for i in order[: max(1, len(survivors) // factor)]]
        budget *= factor
    return survivors[0], history


@successive_halving.misconception(
    "Of equal scores the later one survives: turning a sorted order round turns the ties round too. Sort by -score."
)
def ties_keep_the_later(evaluate, configs, min_budget, factor=3):
    survivors, history, budget = list(configs), [], min_budget
    while len(survivors) > 1:
        scores = [evaluate(c, budget) for c in survivors]
        history += [(c, budget, s) for c, s in zip(survivors, scores)]
        values = [-np.inf if np.isnan(s) else s for s in scores]
        order = np.argsort(values, kind="stable")[::-1]
        survivors = [survivors[i] for i in order[: max(1, len(survivors) // factor)]]
        budget *= factor
    return survivors[0], history


@successive_halving.misconception(
    "A config whose score is nan survives: a sort cannot place nan, or puts it at the end that you take. Treat nan as "
    "worse than any number."
)
def nan_survives(evaluate, configs, min_budget, factor=3):
    survivors, history, budget = list(configs), [], min_budget
    while len(survivors) > 1:
        scores = [evaluate(c, budget) for c in survivors]
        history += [(c, budget, s) for c, s in zip(survivors, scores)]
        order = sorted(range(len(survivors)), key=lambda i: -np.inf if np.isnan(scores[i]) else -scores[i])
        survivors = [survivors[i] for i in order[: max(1, len(survivors) // factor)]]
        budget *= factor
    return survivors[0], history


@successive_halving.misconception("Every round has the same budget. Those who survive get `factor` times as much.")
def the_budget_does_not_grow(evaluate, configs, min_budget, factor=3):
    survivors, history = list(configs), []
    r = 0
    while len(survivors) > 1:
        scores = [evaluate(c, min_budget) for c in survivors]
        history += [(c, min_budget, s) for c, s in zip(survivors, scores)]
        order = sorted(range(len(survivors)), key=lambda i: (np.isnan(scores[i]), -scores[i]))
        survivors = [survivors[i] for i in order[: max(1, len(survivors) // factor)]]
        r += 1
    return survivors[0], history


@successive_halving.misconception(
    "The budget grows by the same amount in every round. It is multiplied: `min_budget * factor**r`."
)
def the_budget_is_added_to(evaluate, configs, min_budget, factor=3):
    survivors, history, r = list(configs), [], 0
    while len(survivors) > 1:
        budget = min_budget + min_budget * factor * r
        scores = [evaluate(c, budget) for c in survivors]
        history += [(c, budget, s) for c, s in zip(survivors, scores)]
        order = sorted(range(len(survivors)), key=lambda i: (np.isnan(scores[i]), -scores[i]))
        survivors = [survivors[i] for i in order[: max(1, len(survivors) // factor)]]
        r += 1
    return survivors[0], history


@successive_halving.misconception("Already the first round has `factor` times the budget: r counts from 0.")
def the_first_round_is_multiplied(evaluate, configs, min_budget, factor=3):
    survivors, history, budget = list(configs), [], min_budget
    while len(survivors) > 1:
        budget *= factor
        scores = [evaluate(c, budget) for c in survivors]
        history += [(c, budget, s) for c, s in zip(survivors, scores)]
        order = sorted(range(len(survivors)), key=lambda i: (np.isnan(scores[i]), -scores[i]))
        survivors = [survivors[i] for i in order[: max(1, len(survivors) // factor)]]
    return survivors[0], history


@successive_halving.misconception("Too many survive: n / factor is rounded down, and only then raised to at least 1.")
def rounded_up(evaluate, configs, min_budget, factor=3):
    survivors, history, budget = list(configs), [], min_budget
    while len(survivors) > 1:
        scores = [evaluate(c, budget) for c in survivors]
        history += [(c, budget, s) for c, s in zip(survivors, scores)]
        order = sorted(range(len(survivors)), key=lambda i: (np.isnan(scores[i]), -scores[i]))
        survivors = [survivors[i] for i in order[: math.ceil(len(survivors) / factor)]]
        budget *= factor
    return survivors[0], history


@successive_halving.misconception("The last one is run again, though nobody is left to beat: stop when one is left.")
def the_winner_is_run_again(evaluate, configs, min_budget, factor=3):
    survivors, history, budget = list(configs), [], min_budget
    while True:
        scores = [evaluate(c, budget) for c in survivors]
        history += [(c, budget, s) for c, s in zip(survivors, scores)]
        if len(survivors) == 1:
            return survivors[0], history
        order = sorted(range(len(survivors)), key=lambda i: (np.isnan(scores[i]), -scores[i]))
        survivors = [survivors[i] for i in order[: max(1, len(survivors) // factor)]]
        budget *= factor


@successive_halving.misconception("Nothing is sorted: the first ones survive, whatever their scores.")
def the_first_survive(evaluate, configs, min_budget, factor=3):
    survivors, history, budget = list(configs), [], min_budget
    while len(survivors) > 1:
        scores = [evaluate(c, budget) for c in survivors]
        history += [(c, budget, s) for c, s in zip(survivors, scores)]
        survivors = survivors[: max(1, len(survivors) // factor)]
        budget *= factor
    return survivors[0], history


@successive_halving.misconception(
    "The search ends with several survivors, and the last decision is not made: go on until one is left."
)
def stops_below_the_factor(evaluate, configs, min_budget, factor=3):
    survivors, history, budget = list(configs), [], min_budget
    while len(survivors) >= factor:
        scores = [evaluate(c, budget) for c in survivors]
        history += [(c, budget, s) for c, s in zip(survivors, scores)]
        order = sorted(range(len(survivors)), key=lambda i: (np.isnan(scores[i]), -scores[i]))
        survivors = [survivors[i] for i in order[: max(1, len(survivors) // factor)]]
        budget *= factor
    return survivors[0], history


@successive_halving.misconception(
    "Nobody is left when there are fewer configs than the factor: `2 // 3` is 0. Keep at least one."
)
def nobody_survives(evaluate, configs, min_budget, factor=3):
    survivors, history, budget = list(configs), [], min_budget
    while len(survivors) > 1:
        scores = [evaluate(c, budget) for c in survivors]
        history += [(c, budget, s) for c, s in zip(survivors, scores)]
        order = sorted(range(len(survivors)), key=lambda i: (np.isnan(scores[i]), -scores[i]))
        survivors = [survivors[i] for i in order[: len(survivors) // factor]]
        budget *= factor
    return survivors[0], history


@successive_halving.misconception("Every round keeps one half, whatever `factor` says.")
def always_one_half(evaluate, configs, min_budget, factor=3):
    survivors, history, budget = list(configs), [], min_budget
    while len(survivors) > 1:
        scores = [evaluate(c, budget) for c in survivors]
        history += [(c, budget, s) for c, s in zip(survivors, scores)]
        order = sorted(range(len(survivors)), key=lambda i: (np.isnan(scores[i]), -scores[i]))
        survivors = [survivors[i] for i in order[: max(1, len(survivors) // 2)]]
        budget *= factor
    return survivors[0], history


@successive_halving.misconception(
    "Your best config is the one with the largest score at any budget. Scores of different budgets do not compare: the "
    "best is the one that is left."
)
def the_largest_score_ever(evaluate, configs, min_budget, factor=3):
    survivors, history, budget = list(configs), [], min_budget
    while len(survivors) > 1:
        scores = [evaluate(c, budget) for c in survivors]
        history += [(c, budget, s) for c, s in zip(survivors, scores)]
        order = sorted(range(len(survivors)), key=lambda i: (np.isnan(scores[i]), -scores[i]))
        survivors = [survivors[i] for i in order[: max(1, len(survivors) // factor)]]
        budget *= factor
    return max(history, key=lambda h: -np.inf if np.isnan(h[2]) else h[2])[0], history


@successive_halving.misconception(
    "Every round runs all configs. Only the survivors of the round before may cost budget again."
)
def all_are_run_again(evaluate, configs, min_budget, factor=3):
    history, budget, n = [], min_budget, len(configs)
    while n > 1:
        scores = [evaluate(c, budget) for c in configs]
        history += [(c, budget, s) for c, s in zip(configs, scores)]
        n, budget = max(1, n // factor), budget * factor
    order = sorted(range(len(configs)), key=lambda i: (np.isnan(scores[i]), -scores[i]))
    return configs[order[0]], history


@successive_halving.misconception("An entry of the history is (config, budget, score), in this order.")
def score_before_budget(evaluate, configs, min_budget, factor=3):
    survivors, history, budget = list(configs), [], min_budget
    while len(survivors) > 1:
        scores = [evaluate(c, budget) for c in survivors]
        history += [(c, s, budget) for c, s in zip(survivors, scores)]
        order = sorted(range(len(survivors)), key=lambda i: (np.isnan(scores[i]), -scores[i]))
        survivors = [survivors[i] for i in order[: max(1, len(survivors) // factor)]]
        budget *= factor
    return survivors[0], history


@successive_halving.misconception(
    "Sorting pairs of score and config compares the configs where scores are equal, and dicts cannot be compared. Sort "
    "positions with a key."
)
def sorts_pairs(evaluate, configs, min_budget, factor=3):
    survivors, history, budget = list(configs), [], min_budget
    while len(survivors) > 1:
        scores = [evaluate(c, budget) for c in survivors]
        history += [(c, budget, s) for c, s in zip(survivors, scores)]
        pairs = sorted((np.isnan(s), -s, c) for s, c in zip(scores, survivors))
        survivors = [c for _, _, c in pairs[: max(1, len(survivors) // factor)]]
        budget *= factor
    return survivors[0], history


@successive_halving.misconception(
    "Your function takes configs out of its caller's list. Work on a copy: `list(configs)`."
)
def the_callers_list(evaluate, configs, min_budget, factor=3):
    history, budget = [], min_budget
    while len(configs) > 1:
        scores = [evaluate(c, budget) for c in configs]
        history += [(c, budget, s) for c, s in zip(configs, scores)]
        order = sorted(range(len(configs)), key=lambda i: (np.isnan(scores[i]), -scores[i]))
        configs[:] = [configs[i] for i in order[: max(1, len(configs) // factor)]]
        budget *= factor
    return configs[0], history


@successive_halving.misconception(
    "Each survivor is trained twice in a round: once for the history and once for the sort. Keep the scores."
)
def evaluated_twice(evaluate, configs, min_budget, factor=3):
    survivors, history, budget = list(configs), [], min_budget
    while len(survivors) > 1:
        history += [(c, budget, evaluate(c, budget)) for c in survivors]
        survivors = sorted(survivors, key=lambda c: -evaluate(c, budget))
        survivors = survivors[: max(1, len(survivors) // factor)]
        budget *= factor
    return survivors[0], history


@successive_halving.misconception("The budget is rounded to a whole number. Hand it over as it is.")
def whole_budgets(evaluate, configs, min_budget, factor=3):
    survivors, history, r = list(configs), [], 0
    while len(survivors) > 1:
        budget = max(1, int(min_budget * factor**r))
        scores = [evaluate(c, budget) for c in survivors]
        history += [(c, budget, s) for c, s in zip(survivors, scores)]
        order = sorted(range(len(survivors)), key=lambda i: (np.isnan(scores[i]), -scores[i]))
        survivors = [survivors[i] for i in order[: max(1, len(survivors) // factor)]]
        r += 1
    return survivors[0], history


@successive_halving.alternative
def by_recursion(evaluate, configs, min_budget, factor=3):
    if len(configs) == 1:
        return configs[0], []
    run = [(config, min_budget, evaluate(config, min_budget)) for config in configs]
    ranked = sorted(run, key=lambda entry: np.inf if entry[2] != entry[2] else -entry[2])
    kept = [config for config, _, _ in ranked[: max(1, len(configs) // factor)]]
    best, later = by_recursion(evaluate, kept, min_budget * factor, factor)
    return best, run + later


@successive_halving.alternative
def by_argsort(evaluate, configs, min_budget, factor=3):
    alive, history, budget = np.arange(len(configs)), [], float(min_budget)
    while alive.size > 1:
        scores = np.array([evaluate(configs[i], budget) for i in alive], dtype=float)
        history.extend((configs[i], budget, s) for i, s in zip(alive, scores))
        best = np.argsort(-scores, kind="stable")[: max(1, alive.size // factor)]
        alive, budget = np.sort(alive[best]), budget * factor
    return configs[int(alive[0])], history


@successive_halving.alternative
def one_best_after_the_other(evaluate, configs, min_budget, factor=3):
    left, history, r = list(enumerate(configs)), [], 0
    while len(left) > 1:
        budget = min_budget * factor**r
        scored = [(i, c, evaluate(c, budget)) for i, c in reversed(left)]
        for _, c, s in scored:
            history.append((c, np.float64(budget), np.float64(s)))
        keep = []
        for _ in range(max(1, len(left) // factor)):
            top = None
            for entry in sorted(scored, key=lambda e: e[0]):
                if top is None or entry[2] > top[2] or (math.isnan(top[2]) and not math.isnan(entry[2])):
                    top = entry
            scored.remove(top)
            keep.append(top[:2])
        left, r = keep, r + 1
    return left[0][1], history


@successive_halving.alternative
def by_lexsort(evaluate, configs, min_budget, factor=3):
    survivors, history, budget = tuple(configs), [], min_budget
    while len(survivors) != 1:
        scores = np.asarray([evaluate(c, budget) for c in survivors])
        history = [*history, *zip(survivors, [budget] * len(scores), scores.tolist())]
        order = np.lexsort((np.arange(len(scores)), -np.nan_to_num(scores, nan=-1e300)))
        survivors = tuple(survivors[i] for i in order[: len(scores) // factor or 1])
        budget = budget * factor
    return survivors[0], history


# --- hyperband -------------------------------------------------------------------------------------------------------


def hyperbands(max_budget: float, factor: int) -> list[list[tuple[int, float]]]:
    """How many configs the rounds of each bracket have, and their budgets."""
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    plan = []
    for s in range(s_max, -1, -1):
        n = -((-(s_max + 1) * factor**s) // (s + 1))
        plan.append([(n // factor**i, max_budget / factor ** (s - i)) for i in range(s + 1)])
    return plan


def band(
    label: str,
    rng: Rng,
    max_budget: float,
    factor: int | None = None,
    spare: int = 500,
    form: str = "dict",
    named: bool = False,
    **curves: Any,
) -> Case:
    """One call; ``spare`` is how many runs more than needed ``evaluate`` bears."""
    plan = hyperbands(max_budget, factor or 3)
    count = sum(n for bracket in plan for n, _ in bracket)
    args: dict[str, Any] = {
        "evaluate": StandIn("learning_curves", {**curves, "calls": count + spare}),
        "sampler": StandIn("marked_sampler", {"form": form} if form != "dict" else {}),
        "max_budget": max_budget,
        "rng": draws(rng),
    }
    if factor is not None:
        args["factor"] = factor
    call = Call("hyperband", (), dict(reversed(args.items()))) if named else Call("hyperband", tuple(args.values()))
    return Case(label, (call,), (Property("halves_in_rounds", {"brackets": plan}),))


def band_seeds(rng: Rng, max_budget: float) -> Case:
    """Twice one seed, once another."""
    evaluate, sampler = StandIn("learning_curves", {"bend": 3.0}), StandIn("marked_sampler", {})
    return seeds("hyperband", (evaluate, sampler, max_budget), rng)


hyperband = Exercise(
    "hyperband",
    points=6,
    hints=(
        "Two loops: one over the brackets s = s_max … 0, one over the rounds i = 0 … s of a bracket.",
        "Find s_max by multiplying, not by a logarithm. In round i of bracket s there are n // factor**i configs, and "
        "each of them gets max_budget / factor**(s - i). Sort after the round, cut before the next.",
        "`n = -(-(s_max + 1) * factor**s // (s + 1))` rounds up without any fraction. The winner has the best score "
        "among the entries of the history whose budget is max_budget, of all brackets.",
    ),
    not_checked=("larger budgets, such as 243", "scores that turn to nan later", "configs that are no dicts"),
    equivalent=(Equivalent("s_max = -1", "the loop goes up to 0 at once, since max_budget is at least 1"),),
    time_limit=15.0,
)


@hyperband.visible
def _(rng: Rng) -> Any:
    yield band("a budget of 9", rng, 9, bend=3.0)
    yield band("a budget of 6, halved by 2", rng, 6, 2, bend=3.0)
    yield band("a budget of 7", rng, 7, 3, bend=3.0)
    yield band("equal scores", rng, 4, 2, levels=2)
    yield band("scores that are nan", rng, 5, 2, bend=3.0, nan_every=3)
    yield band("no run more than the rounds need", rng, 5, 2, spare=0, bend=3.0)
    yield band_seeds(rng, 9)


@hyperband.hidden
def _(rng: Rng) -> Any:
    yield band("the budget of the paper", rng, 81, 3, bend=3.0)
    yield band("a power of the factor that a logarithm misses", rng, 243, 3, bend=3.0)
    yield band("a thousand and a factor of ten", rng, 1000, 10, bend=3.0)
    yield band("a budget just below a power of the factor", rng, 26, 3, bend=3.0)
    yield band("a budget just above a power of the factor", rng, 28, 3, bend=3.0)
    yield band("a budget that is no whole number", rng, 12.5, 2, bend=3.0)
    yield band("a factor of 4", rng, 100, 4, bend=5.0)
    yield band("a factor of 5", rng, 125, 5, bend=3.0)
    yield band("halving by 2", rng, 64, 2, bend=3.0)
    yield band("a budget below the factor", rng, 2, 3, bend=3.0)
    yield band("a budget of 1", rng, 1, bend=3.0)
    yield band("the factor that is not named", rng, 30, bend=3.0)
    yield band("equal scores", rng, 27, 3, levels=3)
    yield band("scores that are nan", rng, 27, 3, bend=3.0, nan_every=4)
    yield band("scores that turn to nan at the full budget", rng, 16, 2, bend=3.0, nan_every=3, nan_from=16.0)
    yield band("scores that fall with the budget", rng, 27, 3, bend=60.0)
    yield band("configs that are tuples", rng, 27, 3, form="tuple", bend=3.0)
    yield band("no run more than the rounds need", rng, 27, 3, spare=0, bend=3.0)
    yield band("arguments given by name", rng, 18, 3, named=True, bend=3.0)
    yield band_seeds(rng, 27)


@hyperband.misconception(
    "s_max is one too small: `math.log(243, 3)` is 4.999… and is cut to 4. Count with whole numbers: how often can you "
    "multiply by the factor without passing max_budget?"
)
def s_max_from_a_logarithm(evaluate, sampler, max_budget, rng, factor=3):
    s_max = int(math.log(max_budget, factor))
    history = []
    for s in range(s_max, -1, -1):
        n = -(-(s_max + 1) * factor**s // (s + 1))
        left = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            entries = [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
            history += entries
            left = [e[0] for e in sorted(entries, key=lambda e: (np.isnan(e[2]), -e[2]))]
    finals = [e for e in history if e[1] == max_budget]
    return min(finals, key=lambda e: (np.isnan(e[2]), -e[2]))[0], history


@hyperband.misconception(
    "s_max is rounded to the nearest whole number, so the smallest budget falls below 1. It is the largest s with "
    "factor**s <= max_budget."
)
def s_max_rounded(evaluate, sampler, max_budget, rng, factor=3):
    s_max = round(math.log(max_budget, factor))
    history = []
    for s in range(s_max, -1, -1):
        n = -(-(s_max + 1) * factor**s // (s + 1))
        left = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            entries = [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
            history += entries
            left = [e[0] for e in sorted(entries, key=lambda e: (np.isnan(e[2]), -e[2]))]
    finals = [e for e in history if e[1] == max_budget]
    return min(finals, key=lambda e: (np.isnan(e[2]), -e[2]))[0], history


@hyperband.misconception(
    "These are the numbers of the paper's table (81, 27, 9, 6, 5 for R = 81): the fraction is cut before it is "
    "multiplied. The algorithm rounds up, once, at the end."
)
def the_papers_table(evaluate, sampler, max_budget, rng, factor=3):
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    for s in range(s_max, -1, -1):
        n = (s_max + 1) // (s + 1) * factor**s
        left = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            entries = [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
            history += entries
            left = [e[0] for e in sorted(entries, key=lambda e: (np.isnan(e[2]), -e[2]))]
    finals = [e for e in history if e[1] == max_budget]
    return min(finals, key=lambda e: (np.isnan(e[2]), -e[2]))[0], history


@hyperband.misconception("The number of configs of a bracket is rounded down; it is rounded up.")
def rounded_down(evaluate, sampler, max_budget, rng, factor=3):
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    for s in range(s_max, -1, -1):
        n = (s_max + 1) * factor**s // (s + 1)
        left = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            entries = [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
            history += entries
            left = [e[0] for e in sorted(entries, key=lambda e: (np.isnan(e[2]), -e[2]))]
    finals = [e for e in history if e[1] == max_budget]
    return min(finals, key=lambda e: (np.isnan(e[2]), -e[2]))[0], history


@hyperband.misconception("Budgets are rounded to whole numbers. Hand over max_budget / factor**(s - i) as it is.")
def whole_budgets(evaluate, sampler, max_budget, rng, factor=3):
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    for s in range(s_max, -1, -1):
        n = -(-(s_max + 1) * factor**s // (s + 1))
        left = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = int(max_budget / factor ** (s - i))
            entries = [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
            history += entries
            left = [e[0] for e in sorted(entries, key=lambda e: (np.isnan(e[2]), -e[2]))]
    finals = [e for e in history if e[1] == int(max_budget)]
    return min(finals, key=lambda e: (np.isnan(e[2]), -e[2]))[0], history


@hyperband.misconception(
    "Every bracket starts at the same small budget. Bracket s starts at max_budget / factor**s: the last one runs its "
    "configs at the full budget at once."
)
def all_start_small(evaluate, sampler, max_budget, rng, factor=3):
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    for s in range(s_max, -1, -1):
        n = -(-(s_max + 1) * factor**s // (s + 1))
        left = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = max_budget / factor ** (s_max - i)
            entries = [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
            history += entries
            left = [e[0] for e in sorted(entries, key=lambda e: (np.isnan(e[2]), -e[2]))]
    top = max(e[1] for e in history)
    finals = [e for e in history if e[1] == top]
    return min(finals, key=lambda e: (np.isnan(e[2]), -e[2]))[0], history


@hyperband.misconception("All brackets run the same configs. Every bracket draws new ones from the sampler.")
def the_same_configs_again(evaluate, sampler, max_budget, rng, factor=3):
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    pool = [sampler(rng) for _ in range((s_max + 1) * factor**s_max)]
    for s in range(s_max, -1, -1):
        n = -(-(s_max + 1) * factor**s // (s + 1))
        left = pool[:n]
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            entries = [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
            history += entries
            left = [e[0] for e in sorted(entries, key=lambda e: (np.isnan(e[2]), -e[2]))]
    finals = [e for e in history if e[1] == max_budget]
    return min(finals, key=lambda e: (np.isnan(e[2]), -e[2]))[0], history


@hyperband.misconception("The configs of a bracket are all the same one: call the sampler once for every config.")
def one_config_many_times(evaluate, sampler, max_budget, rng, factor=3):
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    for s in range(s_max, -1, -1):
        n = -(-(s_max + 1) * factor**s // (s + 1))
        left = [sampler(rng)] * n
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            score = evaluate(left[0], budget)
            history += [(c, budget, score) for c in left[: n // factor**i]]
    finals = [e for e in history if e[1] == max_budget]
    return min(finals, key=lambda e: (np.isnan(e[2]), -e[2]))[0], history


@hyperband.misconception("The brackets run the wrong way round: from s_max, with many small runs, down to 0.")
def brackets_from_zero_up(evaluate, sampler, max_budget, rng, factor=3):
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    for s in range(s_max + 1):
        n = -(-(s_max + 1) * factor**s // (s + 1))
        left = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            entries = [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
            history += entries
            left = [e[0] for e in sorted(entries, key=lambda e: (np.isnan(e[2]), -e[2]))]
    finals = [e for e in history if e[1] == max_budget]
    return min(finals, key=lambda e: (np.isnan(e[2]), -e[2]))[0], history


@hyperband.misconception("The last bracket, s = 0, is missing: it is the random search among the brackets.")
def without_the_last_bracket(evaluate, sampler, max_budget, rng, factor=3):
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    for s in range(s_max, min(s_max - 1, 0), -1):
        n = -(-(s_max + 1) * factor**s // (s + 1))
        left = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            entries = [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
            history += entries
            left = [e[0] for e in sorted(entries, key=lambda e: (np.isnan(e[2]), -e[2]))]
    finals = [e for e in history if e[1] == max_budget]
    return min(finals, key=lambda e: (np.isnan(e[2]), -e[2]))[0], history


@hyperband.misconception("The last round of every bracket is missing, the one at the full budget: i goes up to s.")
def without_the_last_round(evaluate, sampler, max_budget, rng, factor=3):
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    for s in range(s_max, -1, -1):
        n = -(-(s_max + 1) * factor**s // (s + 1))
        left = [sampler(rng) for _ in range(n)]
        for i in range(max(s, 1)):
            budget = max_budget / factor ** (s - i)
            entries = [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
            history += entries
            left = [e[0] for e in sorted(entries, key=lambda e: (np.isnan(e[2]), -e[2]))]
    return min(history, key=lambda e: (np.isnan(e[2]), -e[2]))[0], history


@hyperband.misconception(
    "Your best config is the one with the largest score at any budget. Only scores at the full budget compare."
)
def the_best_at_any_budget(evaluate, sampler, max_budget, rng, factor=3):
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    for s in range(s_max, -1, -1):
        n = -(-(s_max + 1) * factor**s // (s + 1))
        left = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            entries = [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
            history += entries
            left = [e[0] for e in sorted(entries, key=lambda e: (np.isnan(e[2]), -e[2]))]
    return min(history, key=lambda e: (np.isnan(e[2]), -e[2]))[0], history


@hyperband.misconception("Only the last bracket decides on your best config. Compare the winners of all brackets.")
def the_best_of_the_last_bracket(evaluate, sampler, max_budget, rng, factor=3):
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    for s in range(s_max, -1, -1):
        n = -(-(s_max + 1) * factor**s // (s + 1))
        left = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            entries = [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
            history += entries
            left = [e[0] for e in sorted(entries, key=lambda e: (np.isnan(e[2]), -e[2]))]
    return left[0], history


@hyperband.misconception("The worst configs of a round survive: higher scores are better.")
def the_worst_survive(evaluate, sampler, max_budget, rng, factor=3):
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    for s in range(s_max, -1, -1):
        n = -(-(s_max + 1) * factor**s // (s + 1))
        left = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            entries = [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
            history += entries
            left = [e[0] for e in sorted(entries, key=lambda e: (np.isnan(e[2]), e[2]))]
    finals = [e for e in history if e[1] == max_budget]
    return min(finals, key=lambda e: (np.isnan(e[2]), e[2]))[0], history


@hyperband.misconception("Nothing is sorted: the first configs of a bracket survive, whatever their scores.")
def the_first_survive(evaluate, sampler, max_budget, rng, factor=3):
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    for s in range(s_max, -1, -1):
        n = -(-(s_max + 1) * factor**s // (s + 1))
        left = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            history += [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
    finals = [e for e in history if e[1] == max_budget]
    return min(finals, key=lambda e: (np.isnan(e[2]), -e[2]))[0], history


@hyperband.misconception("Every call tries the same configs: the sampler gets a generator of your own. Hand it `rng`.")
def a_generator_of_its_own(evaluate, sampler, max_budget, rng, factor=3):
    rng = np.random.default_rng(0)
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    for s in range(s_max, -1, -1):
        n = -(-(s_max + 1) * factor**s // (s + 1))
        left = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            entries = [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
            history += entries
            left = [e[0] for e in sorted(entries, key=lambda e: (np.isnan(e[2]), -e[2]))]
    finals = [e for e in history if e[1] == max_budget]
    return min(finals, key=lambda e: (np.isnan(e[2]), -e[2]))[0], history


@hyperband.misconception(
    "A config whose score is nan wins or survives. Treat nan as worse than any number, in the rounds and at the end."
)
def nan_wins(evaluate, sampler, max_budget, rng, factor=3):
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    for s in range(s_max, -1, -1):
        n = -(-(s_max + 1) * factor**s // (s + 1))
        left = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            entries = [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
            history += entries
            left = [e[0] for e in sorted(entries, key=lambda e: (not np.isnan(e[2]), -e[2]))]
    finals = [e for e in history if e[1] == max_budget]
    return min(finals, key=lambda e: (not np.isnan(e[2]), -e[2]))[0], history


@hyperband.misconception("All brackets have as many configs as the first. Fewer of them fit into larger budgets.")
def as_many_in_every_bracket(evaluate, sampler, max_budget, rng, factor=3):
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    for s in range(s_max, -1, -1):
        n = factor**s_max
        left = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            entries = [(c, budget, evaluate(c, budget)) for c in left[: n // factor**i]]
            history += entries
            left = [e[0] for e in sorted(entries, key=lambda e: (np.isnan(e[2]), -e[2]))]
    finals = [e for e in history if e[1] == max_budget]
    return min(finals, key=lambda e: (np.isnan(e[2]), -e[2]))[0], history


@hyperband.alternative
def all_drawn_first(evaluate, sampler, max_budget, rng, factor=3):
    powers = [1]
    while powers[-1] * factor <= max_budget:
        powers.append(powers[-1] * factor)
    s_max, history, finals = len(powers) - 1, [], []
    counts = [math.ceil((s_max + 1) * powers[s] / (s + 1) - 1e-9) for s in range(s_max + 1)]
    drawn = [[sampler(rng) for _ in range(n)] for n in counts]
    for s in reversed(range(s_max + 1)):
        left = drawn[s]
        for i in range(s + 1):
            left = left[: counts[s] // powers[i]]
            budget = max_budget / powers[s - i]
            scores = np.array([evaluate(c, budget) for c in left])
            history.extend(zip(left, [budget] * len(left), scores))
            left = [left[j] for j in np.argsort(-scores, kind="stable")]
        finals += [(np.nan_to_num(max(scores, key=lambda v: -np.inf if v != v else v), nan=-np.inf), left[0])]
    return max(finals, key=lambda pair: pair[0])[1], history


@hyperband.alternative
def with_whole_number_division(evaluate, sampler, max_budget, rng, factor=3):
    s_max = max(s for s in range(64) if factor**s <= max_budget)
    best, top, history = None, None, []
    for s in range(s_max, -1, -1):
        whole, rest = divmod((s_max + 1) * factor**s, s + 1)
        survivors = [(sampler(rng), 0.0) for _ in range(whole + (rest > 0))]
        n = len(survivors)
        for i in range(s + 1):
            budget = max_budget * factor ** float(i - s)
            survivors = [(c, evaluate(c, budget)) for c, _ in survivors[: n // factor**i]]
            history += [(c, budget, v) for c, v in survivors]
            survivors.sort(key=lambda pair: np.inf if math.isnan(pair[1]) else -pair[1])
        if best is None or math.isnan(top) or survivors[0][1] > top:
            best, top = survivors[0]
    return best, history


@hyperband.alternative
def backwards_within_rounds(evaluate, sampler, max_budget, rng, factor=3):
    s_max, reach = -1, max_budget
    while reach >= 1:
        s_max, reach = s_max + 1, max_budget / factor ** (s_max + 2)
    history = []
    for s in list(range(s_max + 1))[::-1]:
        n = int(np.ceil(round((s_max + 1) * factor**s / (s + 1), 9)))
        alive = [sampler(rng) for _ in range(n)]
        r = max_budget / factor**s
        for i in range(s + 1):
            found = [(c, r * factor**i, evaluate(c, r * factor**i)) for c in alive[::-1]]
            history += found
            found.sort(key=lambda e: float("-inf") if math.isnan(e[2]) else e[2], reverse=True)
            alive = [e[0] for e in found][: n // factor ** (i + 1)]
    finals = [e for e in history if math.isclose(e[1], max_budget)]
    scores = np.array([e[2] for e in finals])
    return finals[int(np.nanargmax(scores))][0], history


@hyperband.alternative
def with_a_helper_inside(evaluate, sampler, max_budget, rng, factor=3):
    def worth(entry):
        return (0, 0.0) if np.isnan(entry[2]) else (1, float(entry[2]))

    def bracket(s):
        n = ((s_max + 1) * factor**s + s) // (s + 1)
        configs, log = [sampler(rng) for _ in range(n)], []
        for i in range(s + 1):
            log.append(
                [(c, max_budget / factor ** (s - i), evaluate(c, max_budget / factor ** (s - i))) for c in configs]
            )
            configs = [e[0] for e in sorted(log[-1], key=worth, reverse=True)[: n // factor ** (i + 1)]]
        return log

    s_max = 0
    while max_budget >= factor ** (s_max + 1):
        s_max += 1
    logs = [bracket(s) for s in range(s_max, -1, -1)]
    best = max((entry for log in logs for entry in log[-1]), key=worth)
    return best[0], [entry for log in logs for part in log for entry in part]


# --- rbf_kernel ------------------------------------------------------------------------------------------------------

rbf_kernel = Exercise(
    "rbf_kernel",
    points=2,
    hints=(
        "One entry for every pair: row i of A with row j of B. How do two arrays make all pairs?",
        "`A[:, np.newaxis, :] - B[np.newaxis, :, :]` holds all differences, (p, q, d). Sum their squares over the last "
        "axis.",
        "`np.exp(-squared / (2 * length_scale**2))`, where `squared` is (p, q).",
    ),
    not_checked=("many features", "one point", "float32"),
    equivalent=(Equivalent("differences = B[np.newaxis, :, :] - A[:, np.newaxis, :]", "the sign is squared away"),),
)


@rbf_kernel.visible
def _(rng: Rng) -> Any:
    name = "rbf_kernel"
    yield Case("two points and three", (Call(name, (np.array([[0.0], [1.0]]), np.array([[0.0], [1.0], [3.0]]))),))
    A = np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 1.0]])
    yield Case("points of a plane", (Call(name, (A, A[:2] + 0.5)),))
    yield Case("another length_scale", (Call(name, (A, A, 3.0)),))


@rbf_kernel.hidden
def _(rng: Rng) -> Any:
    name = "rbf_kernel"

    def points(n: int, d: int) -> Any:
        return rng.normal(0, 1, (n, d))

    yield Case("more points than in the other", (Call(name, (points(7, 2), points(3, 2))),))
    yield Case("fewer points than in the other", (Call(name, (points(2, 3), points(6, 3), 0.7)),))
    yield Case("as many points as features", (Call(name, (points(4, 4), points(4, 4), 1.5)),))
    yield Case("a single point", (Call(name, (points(1, 3), points(5, 3))),))
    yield Case("two single points", (Call(name, (points(1, 2), points(1, 2), 2.0)),))
    yield Case("one feature", (Call(name, (points(6, 1), points(4, 1), 0.3)),))
    yield Case("many features", (Call(name, (points(5, 12), points(3, 12), 4.0)),))
    A = points(5, 2)
    yield Case("a set with itself", (Call(name, (A, A, 0.8)),))
    yield Case("a short length_scale", (Call(name, (A, points(4, 2), 0.05)),))
    yield Case("a long length_scale", (Call(name, (A, points(4, 2), 50.0)),))
    yield Case("whole numbers", (Call(name, (rng.integers(-3, 4, (4, 2)), rng.integers(-3, 4, (5, 2)), 2)),))
    yield Case("float32", (Call(name, (A.astype(np.float32), points(3, 2).astype(np.float32), 1.2)),))
    named = {"length_scale": 0.9, "B": points(3, 2), "A": A}
    yield Case("arguments given by name", (Call(name, (), named),))


@rbf_kernel.misconception("The 2 in the denominator is missing: it is 2 times the squared length_scale.")
def without_the_two(A, B, length_scale=1.0):
    return np.exp(-((A[:, None] - B[None]) ** 2).sum(axis=2) / length_scale**2)


@rbf_kernel.misconception("The length_scale is not squared: both distances and scale enter as squares.")
def scale_not_squared(A, B, length_scale=1.0):
    return np.exp(-((A[:, None] - B[None]) ** 2).sum(axis=2) / (2 * length_scale))


@rbf_kernel.misconception("The distance is not squared: this is another kernel, with a sharp tip.")
def distance_not_squared(A, B, length_scale=1.0):
    return np.exp(-np.sqrt(((A[:, None] - B[None]) ** 2).sum(axis=2)) / (2 * length_scale**2))


@rbf_kernel.misconception("The squares of the features are averaged; their sum is the squared distance.")
def mean_over_features(A, B, length_scale=1.0):
    return np.exp(-((A[:, None] - B[None]) ** 2).mean(axis=2) / (2 * length_scale**2))


@rbf_kernel.misconception("The result is turned round: rows belong to A, columns to B.")
def turned_round(A, B, length_scale=1.0):
    return np.exp(-((B[:, None] - A[None]) ** 2).sum(axis=2) / (2 * length_scale**2))


@rbf_kernel.misconception("The length_scale has no effect in your answer.")
def without_the_scale(A, B, length_scale=1.0):
    return np.exp(-((A[:, None] - B[None]) ** 2).sum(axis=2) / 2)


@rbf_kernel.misconception("The kernel grows with the distance: the exponent needs a minus.")
def without_the_minus(A, B, length_scale=1.0):
    return np.exp(((A[:, None] - B[None]) ** 2).sum(axis=2) / (2 * length_scale**2))


@rbf_kernel.misconception("This is a density, whose area is 1. A kernel is 1 where the points are the same.")
def a_density(A, B, length_scale=1.0):
    K = np.exp(-((A[:, None] - B[None]) ** 2).sum(axis=2) / (2 * length_scale**2))
    return K / (np.sqrt(2 * np.pi) * length_scale)


@rbf_kernel.misconception("This is one number for each feature of each pair. Sum over the features first.")
def not_summed(A, B, length_scale=1.0):
    return np.exp(-((A[:, None] - B[None]) ** 2) / (2 * length_scale**2))


@rbf_kernel.alternative
def by_two_loops(A, B, length_scale=1.0):
    K = np.zeros((A.shape[0], B.shape[0]))
    for i, a in enumerate(A):
        for j, b in enumerate(B):
            K[i, j] = math.exp(-np.sum((np.asarray(a, float) - b) ** 2) / (2 * length_scale**2))
    return K


@rbf_kernel.alternative
def by_multiplying_out(A, B, length_scale=1.0):
    A, B = np.asarray(A, dtype=float), np.asarray(B, dtype=float)
    squared = (A**2).sum(1)[:, None] + (B**2).sum(1) - 2 * A @ B.T
    return np.exp(-np.maximum(squared, 0) / (2 * length_scale**2))


@rbf_kernel.alternative
def by_norm(A, B, length_scale=1.0):
    distance = np.linalg.norm(A[:, np.newaxis] - B, axis=-1)
    return np.exp(-0.5 * (distance / length_scale) ** 2)


@rbf_kernel.alternative
def by_einsum(A, B, length_scale=1.0):
    D = (A[:, None, :] - B[None, :, :]) / length_scale
    return np.e ** (-np.einsum("pqd,pqd->pq", D, D) / 2)


@rbf_kernel.alternative
def a_product_of_features(A, B, length_scale=1.0):
    K = np.ones((len(A), len(B)))
    for a, b in zip(A.T, B.T):
        K = K * np.exp(-(np.subtract.outer(a, b) ** 2) / (2 * length_scale**2))
    return K


# --- gp_posterior ----------------------------------------------------------------------------------------------------


def spaced(rng: Rng, n: int, d: int, step: float = 1.2) -> Any:
    """Points in no order that keep apart from each other."""
    grid = np.stack(np.meshgrid(*[np.arange(math.ceil(n ** (1 / d)) + 1)] * d), axis=-1).reshape(-1, d)
    chosen = rng.choice(len(grid), n, replace=False)
    return step * grid[chosen] + rng.uniform(-0.15, 0.15, (n, d))


gp_posterior = Exercise(
    "gp_posterior",
    points=5,
    hints=(
        "You need two kernels: known points with known points, and known points with new ones. Where does noise go?",
        "`np.linalg.solve(K, K_new)` gives (m, p). With `y` it makes the mean; with `K_new`, column by column, what "
        "the data explain of the prior variance 1.",
        "`weights = np.linalg.solve(K, K_new)`, mean `weights.T @ y`, variance `1 - (K_new * weights).sum(axis=0)`. "
        "Rounding can make it slightly negative: clip at 0 before the root.",
    ),
    not_checked=("many points that nearly coincide", "points of a plane", "float32"),
)

CLOSE = (Equals(rtol=1e-4, atol=1e-5),)


@gp_posterior.visible
def _(rng: Rng) -> Any:
    name = "gp_posterior"
    X, y = np.array([[0.0], [2.0]]), np.array([1.0, -1.0])
    new = np.array([[0.0], [0.5], [1.0], [8.0]])
    yield Case("two points, four new ones", (Call(name, (X, y, new)),), (Equals(rtol=1e-5, atol=1e-7),))
    yield Case("a short length_scale and noise", (Call(name, (X, y, new, 0.5, 0.1)),))
    yield Case("scores that are not around 0", (Call(name, (X, y + 5.0, new, 1.5, 0.5)),))
    spread = Property("small_spread", {"most": 1e-3})
    known = np.arange(20)[:, np.newaxis] + rng.uniform(-0.1, 0.1, (20, 1))
    label = "no noise, new points that are the known ones"
    yield Case(label, (Call(name, (known, np.cos(known[:, 0]), known, 1.0, 0.0)),), (spread, *CLOSE))


@gp_posterior.hidden
def _(rng: Rng) -> Any:
    name = "gp_posterior"

    def case(label: str, n: int, d: int, p: int, *more: float, shift: float = 0.0) -> Case:
        X, new = spaced(rng, n, d), rng.uniform(-1, 5, (p, d))
        return Case(label, (Call(name, (X, rng.normal(shift, 1, n), new, *more)),))

    yield case("six points of a line", 6, 1, 9, 0.7, 0.01)
    yield case("points of a plane", 8, 2, 5, 0.9, 0.05)
    yield case("points of a space", 10, 3, 7, 0.8, 0.1)
    yield case("one known point", 1, 2, 4, 1.3, 0.2)
    yield case("one new point", 5, 2, 1, 0.8, 0.02)
    yield case("as many new points as known ones", 5, 2, 5, 0.8, 0.1)
    yield case("the length_scale and noise that are not named", 5, 1, 6)
    yield case("the noise that is not named", 7, 2, 6, 0.5)
    yield case("scores far above 0", 6, 1, 8, 0.8, 0.05, shift=40.0)
    yield case("scores far below 0", 6, 2, 8, 0.8, 0.05, shift=-40.0)
    yield case("much noise", 7, 1, 6, 1.0, 2.5)
    X, y = spaced(rng, 6, 1), rng.normal(0, 1, 6)
    yield Case("new points that are the known ones", (Call(name, (X, y, X, 0.6, 0.3)),))
    yield Case("no noise, other points", (Call(name, (X, y, X + 0.5, 0.4, 0.0)),))
    far = Call(name, (X, y, np.array([[100.0], [-100.0]]), 0.6, 0.1))
    yield Case("new points far from all", (far,))
    twice = np.concatenate([X, X[:3]])
    yield Case("points measured twice", (Call(name, (twice, np.concatenate([y, y[:3] + 1]), X + 0.3, 0.6, 0.4)),))
    almost = np.concatenate([X, X[:2] + 1e-9])
    yield Case("points that almost coincide", (Call(name, (almost, np.concatenate([y, y[:2]]), X + 0.3, 0.6)),), CLOSE)
    for n, scale in ((20, 1.3), (40, 1.0), (60, 0.9)):
        known = np.arange(n)[:, np.newaxis] + rng.uniform(-0.1, 0.1, (n, 1))
        certain = Call(name, (known, rng.normal(0, 1, n), known, scale, 0.0))
        found = (Property("small_spread", {"most": 1e-3}), *CLOSE)
        yield Case("no noise, new points that are the known ones", (certain,), found)
    spread = (Property("small_spread", {"most": 1e-3}), Equals(1e-3, 1e-3))
    for n in (60, 120, 160):
        near = 0.3 + np.sort(rng.uniform(0, 1e-4, n))[:, np.newaxis]
        new = np.concatenate([near, near[:-1] + np.diff(near, axis=0) / 2])
        label = "many points that nearly coincide"
        yield Case(label, (Call(name, (near, np.full(n, 2.0), new)),), spread)
    dense = np.linspace(0, 1, 80)[:, np.newaxis]
    yield Case("many points that lie close", (Call(name, (dense, np.cos(dense[:, 0]), dense, 3.0)),), spread)
    single = [v.astype(np.float32) for v in (X, y, X + 0.4)]
    yield Case("float32", (Call(name, (*single, 0.6, 0.2)),))
    ints = Call(name, (np.array([[0], [2], [5]]), np.array([1, 0, 3]), np.array([[1], [4]]), 1, 0.5))
    yield Case("whole numbers", (ints,))
    named = {"noise": 0.2, "length_scale": 0.8, "X_new": X - 0.3, "y": y, "X": X}
    yield Case("arguments given by name", (Call(name, (), named),))


@gp_posterior.misconception("The second result is the variance; its root is the standard deviation.")
def the_variance(X, y, X_new, length_scale=1.0, noise=1e-6):
    K, K_new = rbf_kernel(X, X, length_scale) + noise * np.eye(len(X)), rbf_kernel(X, X_new, length_scale)
    weights = np.linalg.solve(K, K_new)
    return weights.T @ y, np.maximum(1 - (K_new * weights).sum(axis=0), 0)


@gp_posterior.misconception(
    "Noise is added to the new points, too: this is the spread of a new *measurement*. The std of the function has the "
    "prior variance 1 without noise."
)
def spread_of_a_measurement(X, y, X_new, length_scale=1.0, noise=1e-6):
    K, K_new = rbf_kernel(X, X, length_scale) + noise * np.eye(len(X)), rbf_kernel(X, X_new, length_scale)
    weights = np.linalg.solve(K, K_new)
    return weights.T @ y, np.sqrt(np.maximum(1 + noise - (K_new * weights).sum(axis=0), 0))


@gp_posterior.misconception("`noise` is a variance already: put it on the diagonal as it is, not squared.")
def noise_squared(X, y, X_new, length_scale=1.0, noise=1e-6):
    K, K_new = rbf_kernel(X, X, length_scale) + noise**2 * np.eye(len(X)), rbf_kernel(X, X_new, length_scale)
    weights = np.linalg.lstsq(K, K_new, rcond=None)[0]
    return weights.T @ y, np.sqrt(np.maximum(1 - (K_new * weights).sum(axis=0), 0))


@gp_posterior.misconception("The noise is missing: add it on the diagonal of the kernel of the known points.")
def without_noise(X, y, X_new, length_scale=1.0, noise=1e-6):
    K, K_new = rbf_kernel(X, X, length_scale), rbf_kernel(X, X_new, length_scale)
    weights = np.linalg.lstsq(K, K_new, rcond=None)[0]
    return weights.T @ y, np.sqrt(np.maximum(1 - (K_new * weights).sum(axis=0), 0))


@gp_posterior.misconception(
    "The standard deviation is nan where points nearly coincide: rounding made the variance slightly negative. Clip it "
    "at 0 before the root."
)
def not_clipped(X, y, X_new, length_scale=1.0, noise=1e-6):
    K, K_new = rbf_kernel(X, X, length_scale) + noise * np.eye(len(X)), rbf_kernel(X, X_new, length_scale)
    weights = np.linalg.inv(K) @ K_new
    with np.errstate(invalid="ignore"):
        return weights.T @ y, np.sqrt(1 - (K_new * weights).sum(axis=0))


@gp_posterior.misconception("You centre the scores first. The prior mean is 0: use `y` as it is.")
def centred_scores(X, y, X_new, length_scale=1.0, noise=1e-6):
    K, K_new = rbf_kernel(X, X, length_scale) + noise * np.eye(len(X)), rbf_kernel(X, X_new, length_scale)
    weights = np.linalg.solve(K, K_new)
    mean = y.mean() + weights.T @ (y - y.mean())
    return mean, np.sqrt(np.maximum(1 - (K_new * weights).sum(axis=0), 0))


@gp_posterior.misconception("The length_scale is not handed on to the kernel.")
def without_the_length_scale(X, y, X_new, length_scale=1.0, noise=1e-6):
    K, K_new = rbf_kernel(X, X) + noise * np.eye(len(X)), rbf_kernel(X, X_new)
    weights = np.linalg.solve(K, K_new)
    return weights.T @ y, np.sqrt(np.maximum(1 - (K_new * weights).sum(axis=0), 0))


@gp_posterior.misconception("Noise is added to every entry of the kernel. It belongs on the diagonal only.")
def noise_everywhere(X, y, X_new, length_scale=1.0, noise=1e-6):
    K, K_new = rbf_kernel(X, X, length_scale) + noise, rbf_kernel(X, X_new, length_scale)
    weights = np.linalg.lstsq(K, K_new, rcond=None)[0]
    return weights.T @ y, np.sqrt(np.maximum(1 - (K_new * weights).sum(axis=0), 0))


@gp_posterior.misconception(
    "The std is that of what the data explain. What is left of the prior variance 1 is asked for."
)
def what_is_explained(X, y, X_new, length_scale=1.0, noise=1e-6):
    K, K_new = rbf_kernel(X, X, length_scale) + noise * np.eye(len(X)), rbf_kernel(X, X_new, length_scale)
    weights = np.linalg.solve(K, K_new)
    return weights.T @ y, np.sqrt(np.maximum((K_new * weights).sum(axis=0), 0))


@gp_posterior.misconception("This is the whole covariance of the new points. Return the roots of its diagonal, (p,).")
def the_whole_covariance(X, y, X_new, length_scale=1.0, noise=1e-6):
    K, K_new = rbf_kernel(X, X, length_scale) + noise * np.eye(len(X)), rbf_kernel(X, X_new, length_scale)
    weights = np.linalg.solve(K, K_new)
    return weights.T @ y, rbf_kernel(X_new, X_new, length_scale) - K_new.T @ weights


@gp_posterior.misconception(
    "A weighted average of the scores is no posterior mean: the inverse of the kernel of the known points is missing."
)
def a_weighted_average(X, y, X_new, length_scale=1.0, noise=1e-6):
    K, K_new = rbf_kernel(X, X, length_scale) + noise * np.eye(len(X)), rbf_kernel(X, X_new, length_scale)
    weights = np.linalg.solve(K, K_new)
    mean = K_new.T @ y / np.maximum(K_new.sum(axis=0), 1e-300)
    return mean, np.sqrt(np.maximum(1 - (K_new * weights).sum(axis=0), 0))


@gp_posterior.alternative
def by_cholesky(X, y, X_new, length_scale=1.0, noise=1e-6):
    L = np.linalg.cholesky(rbf_kernel(X, X, length_scale) + noise * np.eye(len(X)))
    K_new = rbf_kernel(X_new, X, length_scale)
    alpha = np.linalg.solve(L.T, np.linalg.solve(L, y))
    v = np.linalg.solve(L, K_new.T)
    variance = 1.0 - np.sum(v**2, axis=0)
    return K_new @ alpha, np.sqrt(np.clip(variance, 0.0, None))


@gp_posterior.alternative
def by_inverse(X, y, X_new, length_scale=1.0, noise=1e-6):
    K = rbf_kernel(X, X, length_scale)
    K[np.diag_indices(len(X))] += noise
    inverse, K_new = np.linalg.inv(K), rbf_kernel(X_new, X, length_scale)
    variance = 1 - np.einsum("pm,mn,pn->p", K_new, inverse, K_new)
    return K_new @ inverse @ y, np.where(variance > 0, variance, 0.0) ** 0.5


@gp_posterior.alternative
def by_eigenvectors(X, y, X_new, length_scale=1.0, noise=1e-6):
    values, V = np.linalg.eigh(rbf_kernel(X, X, length_scale))
    values = np.maximum(values, 0) + noise
    P = rbf_kernel(X_new, X, length_scale) @ V
    variance = 1 - (P**2 / values).sum(axis=1)
    return (P / values) @ (V.T @ y), np.sqrt(np.maximum(variance, 0))


@gp_posterior.alternative
def point_by_point(X, y, X_new, length_scale=1.0, noise=1e-6):
    K = rbf_kernel(X, X, length_scale) + np.diag(np.full(len(X), float(noise)))
    means, spreads = [], []
    for x in X_new:
        k = rbf_kernel(X, x[np.newaxis], length_scale)[:, 0]
        w = np.linalg.solve(K, k)
        means.append(w @ y)
        spreads.append(math.sqrt(max(1.0 - float(w @ k), 0.0)))
    return np.array(means), np.array(spreads)


@gp_posterior.alternative
def from_the_whole_covariance(X, y, X_new, length_scale=1.0, noise=1e-6):
    m, every = len(X), np.vstack([X, X_new])
    joint = rbf_kernel(every, every, length_scale)
    K, K_new = joint[:m, :m] + noise * np.identity(m), joint[:m, m:]
    both = np.linalg.solve(K, np.column_stack([y, K_new]))
    covariance = joint[m:, m:] - K_new.T @ both[:, 1:]
    return K_new.T @ both[:, 0], np.sqrt(np.abs(np.diag(covariance)).clip(0))


# --- expected_improvement --------------------------------------------------------------------------------------------

expected_improvement = Exercise(
    "expected_improvement",
    points=4,
    hints=(
        "Start with the gain, mean - best - xi, and how many standard deviations it is.",
        "The normal density is `np.exp(-z**2 / 2) / sqrt(2 pi)`, the distribution (1 + erf(z / sqrt 2)) / 2. "
        "`math.erf` takes one number at a time; divide only where std is above 0.",
        "`z = gain / np.where(std > 0, std, 1)`, then `np.where(std > 0, gain * cdf + std * pdf, np.maximum(gain, "
        "0))`. `np.array([math.erf(v) for v in z])` makes an array of it.",
    ),
    not_checked=("xi of 0", "a std of 0 everywhere", "points far below the best"),
    equivalent=(Equivalent("z = gain / (std - certain)", "where std is 0, z is not used"),),
)


@expected_improvement.visible
def _(rng: Rng) -> Any:
    name = "expected_improvement"
    mean, std = np.array([0.5, 1.0, 1.5]), np.array([1.0, 0.5, 0.2])
    yield Case("three points", (Call(name, (mean, std, 1.0)),))
    yield Case("a larger xi", (Call(name, (mean, std, 1.0, 0.3)),))
    certain = np.array([0.0, 0.0, 0.5])
    yield Case("a std of 0, above and below the best", (Call(name, (np.array([2.0, 0.0, 1.0]), certain, 1.0)),))


@expected_improvement.hidden
def _(rng: Rng) -> Any:
    name = "expected_improvement"
    mean, std = rng.normal(0, 1, 9), rng.uniform(0.1, 1.5, 9)
    yield Case("many points", (Call(name, (mean, std, 0.4)),))
    yield Case("xi of 0", (Call(name, (mean, std, 0.4, 0.0)),))
    yield Case("a large xi", (Call(name, (mean, std, 0.4, 0.8)),))
    yield Case("a best below 0", (Call(name, (mean - 3, std, -3.2, 0.05)),))
    holes = std * (np.arange(9) % 3 != 0)
    yield Case("a std of 0 here and there", (Call(name, (mean, holes, float(np.median(mean)))),))
    yield Case("a std of 0 everywhere", (Call(name, (mean, np.zeros(9), float(np.median(mean)), 0.1)),))
    yield Case("a std of 0 just above the best", (Call(name, (np.array([1.005, 1.03]), np.zeros(2), 1.0)),))
    level = Call(name, (np.array([1.0, 2.0, 0.5]), np.zeros(3), 1.0, 0.0))
    yield Case("a std of 0 at the best itself", (level,))
    yield Case("a single point", (Call(name, (mean[:1], std[:1], 0.2)),))
    yield Case("a single point with a std of 0", (Call(name, (mean[:1], np.zeros(1), float(mean[0]) - 0.5)),))
    yield Case("a tiny std", (Call(name, (np.array([1.0, 3.0, 2.5]), np.array([1e-9, 1e-9, 1e-6]), 2.0)),))
    yield Case("points far below the best", (Call(name, (mean - 40, std, 1.0)),))
    yield Case("points far above the best", (Call(name, (mean + 40, std, 1.0)),))
    yield Case("large scores", (Call(name, (1000 + 50 * mean, 50 * std, 1010.0, 5.0)),))
    ints = Call(name, (np.array([1, 2, 3]), np.array([1, 0, 2]), 2))
    yield Case("whole numbers", (ints,))
    yield Case("float32", (Call(name, (mean.astype(np.float32), std.astype(np.float32), 0.4)),))
    yield Case("arguments given by name", (Call(name, (), {"xi": 0.2, "best": 0.1, "std": std, "mean": mean}),))


@expected_improvement.misconception("Your formula is for minimising: gain is mean - best - xi when higher is better.")
def for_minimising(mean, std, best, xi=0.01):
    gain = best - mean - xi
    z = gain / np.where(std > 0, std, 1)
    cdf = 0.5 * (1 + np.array([math.erf(v / math.sqrt(2)) for v in z]))
    return np.where(std > 0, gain * cdf + std * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi), np.maximum(gain, 0))


@expected_improvement.misconception("xi has no effect: the gain is counted from best + xi.")
def without_xi(mean, std, best, xi=0.01):
    gain = mean - best
    z = gain / np.where(std > 0, std, 1)
    cdf = 0.5 * (1 + np.array([math.erf(v / math.sqrt(2)) for v in z]))
    return np.where(std > 0, gain * cdf + std * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi), np.maximum(gain, 0))


@expected_improvement.misconception("xi is added to the gain; it is a hurdle, so it is subtracted.")
def xi_added(mean, std, best, xi=0.01):
    gain = mean - best + xi
    z = gain / np.where(std > 0, std, 1)
    cdf = 0.5 * (1 + np.array([math.erf(v / math.sqrt(2)) for v in z]))
    return np.where(std > 0, gain * cdf + std * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi), np.maximum(gain, 0))


@expected_improvement.misconception(
    "xi is in one place and missing in the other: z is made of the same gain as the first term."
)
def xi_in_one_place(mean, std, best, xi=0.01):
    gain = mean - best - xi
    z = (mean - best) / np.where(std > 0, std, 1)
    cdf = 0.5 * (1 + np.array([math.erf(v / math.sqrt(2)) for v in z]))
    return np.where(std > 0, gain * cdf + std * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi), np.maximum(gain, 0))


@expected_improvement.misconception("Where std is 0 you divide by it and get nan. There the gain is certain.")
def divides_by_zero(mean, std, best, xi=0.01):
    gain = mean - best - xi
    with np.errstate(all="ignore"):
        z = gain / std
        cdf = 0.5 * (1 + np.array([math.erf(v / math.sqrt(2)) for v in z]))
        return gain * cdf + std * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi) + 0 * z


@expected_improvement.misconception(
    "Where std is 0 you return 0. A certain point above the best improves by exactly its gain: max(gain, 0)."
)
def nothing_where_certain(mean, std, best, xi=0.01):
    gain = mean - best - xi
    z = gain / np.where(std > 0, std, 1)
    cdf = 0.5 * (1 + np.array([math.erf(v / math.sqrt(2)) for v in z]))
    return np.where(std > 0, gain * cdf + std * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi), 0.0)


@expected_improvement.misconception("Where std is 0 your result can be negative: an improvement is at least 0.")
def negative_where_certain(mean, std, best, xi=0.01):
    gain = mean - best - xi
    z = gain / np.where(std > 0, std, 1)
    cdf = 0.5 * (1 + np.array([math.erf(v / math.sqrt(2)) for v in z]))
    return np.where(std > 0, gain * cdf + std * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi), gain)


@expected_improvement.misconception("This is the probability of an improvement, not its expected size.")
def the_probability(mean, std, best, xi=0.01):
    gain = mean - best - xi
    z = gain / np.where(std > 0, std, 1)
    cdf = 0.5 * (1 + np.array([math.erf(v / math.sqrt(2)) for v in z]))
    return np.where(std > 0, cdf, (gain > 0).astype(float))


@expected_improvement.misconception("The density is not multiplied by std: it is the second term's scale.")
def density_without_std(mean, std, best, xi=0.01):
    gain = mean - best - xi
    z = gain / np.where(std > 0, std, 1)
    cdf = 0.5 * (1 + np.array([math.erf(v / math.sqrt(2)) for v in z]))
    return np.where(std > 0, gain * cdf + np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi), np.maximum(gain, 0))


@expected_improvement.misconception("erf takes z / sqrt(2): with z itself the distribution is too steep.")
def erf_of_z(mean, std, best, xi=0.01):
    gain = mean - best - xi
    z = gain / np.where(std > 0, std, 1)
    cdf = 0.5 * (1 + np.array([math.erf(v) for v in z]))
    return np.where(std > 0, gain * cdf + std * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi), np.maximum(gain, 0))


@expected_improvement.misconception("The density lacks the factor 1 / sqrt(2 pi): its area must be 1.")
def density_without_its_factor(mean, std, best, xi=0.01):
    gain = mean - best - xi
    z = gain / np.where(std > 0, std, 1)
    cdf = 0.5 * (1 + np.array([math.erf(v / math.sqrt(2)) for v in z]))
    return np.where(std > 0, gain * cdf + std * np.exp(-(z**2) / 2), np.maximum(gain, 0))


@expected_improvement.misconception("This is the gain of the mean alone. What the uncertainty adds is missing.")
def the_mean_alone(mean, std, best, xi=0.01):
    return np.maximum(mean - best - xi, 0)


@expected_improvement.alternative
def by_masks(mean, std, best, xi=0.01):
    gain = np.asarray(mean, dtype=float) - best - xi
    result = np.maximum(gain, 0)
    sure = std <= 0
    z = gain[~sure] / std[~sure]
    cdf = (1 + np.vectorize(math.erf, otypes=[float])(z / np.sqrt(2))) / 2
    pdf = np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)
    result[~sure] = gain[~sure] * cdf + std[~sure] * pdf
    return result


@expected_improvement.alternative
def by_a_loop(mean, std, best, xi=0.01):
    found = np.empty(len(mean))
    for i in range(len(mean)):
        gain, s = float(mean[i]) - best - xi, float(std[i])
        if s == 0:
            found[i] = max(gain, 0.0)
        else:
            z = gain / s
            found[i] = s * (z * 0.5 * math.erfc(-z / math.sqrt(2)) + math.exp(-z * z / 2) / math.sqrt(2 * math.pi))
    return found


@expected_improvement.alternative
def by_the_normal_distribution(mean, std, best, xi=0.01):
    from statistics import NormalDist

    normal = NormalDist()
    values = []
    for m, s in zip(np.asarray(mean).tolist(), np.asarray(std).tolist()):
        gain = m - best - xi
        values.append(gain * normal.cdf(gain / s) + s * normal.pdf(gain / s) if s else max(gain, 0.0))
    return np.array(values)


@expected_improvement.alternative
def with_silenced_warnings(mean, std, best, xi=0.01):
    gain = mean - best - xi
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.nan_to_num(gain / std, nan=0.0, posinf=1e6, neginf=-1e6)
    erf = np.frompyfunc(math.erf, 1, 1)
    cdf = 0.5 + 0.5 * erf(z / 2**0.5).astype(float)
    return gain * cdf + std * np.exp(-np.square(z) / 2) / (2 * np.pi) ** 0.5


# --- bayesian_search -------------------------------------------------------------------------------------------------


def posterior(X: Any, y: Any, new: Any, length_scale: float) -> tuple[Any, Any]:
    """Mean and standard deviation at new points, as the lesson has them; written on its own."""

    def kernel(A: Any, B: Any) -> Any:
        return np.exp(-((A[:, np.newaxis] - B) ** 2).sum(axis=2) / (2 * length_scale**2))

    L = np.linalg.cholesky(kernel(X, X) + 1e-6 * np.eye(len(X)))
    v, w = np.linalg.solve(L, kernel(X, new)), np.linalg.solve(L, y)
    return v.T @ w, np.sqrt(np.maximum(1 - (v**2).sum(axis=0), 0))


def improvement(mean: Any, std: Any, best: float, xi: float) -> Any:
    """Expected improvement, point by point."""
    found = []
    for m, s in zip(mean, std, strict=True):
        gain = float(m) - best - xi
        z = gain / s if s > 0 else 0.0
        bell = math.exp(-min(z * z, 1400) / 2) / math.sqrt(2 * math.pi)
        found.append(gain * math.erfc(-z / math.sqrt(2)) / 2 + s * bell if s > 0 else max(gain, 0.0))
    return np.array(found)


Wish = Callable[[Any, Any, Any, float], Any]


def expected(X: Any, y: Any, new: Any, length_scale: float, xi: float = 0.01) -> Any:
    """What each new point is worth to the search."""
    return improvement(*posterior(X, y, new, length_scale), y.max(), xi)


#: Rules that are well known and wrong: what is said of each, and what it makes of the scores.
SLIPS: tuple[tuple[str, Wish], ...] = (
    ("it has the largest posterior mean", lambda X, y, new, scale: posterior(X, y, new, scale)[0]),
    ("it has the largest standard deviation", lambda X, y, new, scale: posterior(X, y, new, scale)[1]),
    ("it is the best for minimising", lambda X, y, new, scale: expected(X, -y, new, scale)),
    ("it has the smallest expected improvement", lambda X, y, new, scale: -expected(X, y, new, scale)),
    (
        "it is the best when scores are centred and scaled first",
        lambda X, y, new, scale: expected(X, (y - y.mean()) / (y.std() or 1), new, scale),
    ),
    ("it is the best when scores are centred first", lambda X, y, new, scale: expected(X, y - y.mean(), new, scale)),
    ("it is the best for a length_scale of 1", lambda X, y, new, scale: expected(X, y, new, 1.0)),
    (
        "it is the best over the first score, not over the best",
        lambda X, y, new, scale: improvement(*posterior(X, y, new, scale), y.min(), 0.01),
    ),
)


#: What becomes of a search that does not leave scores out that are nan.
NAN_SLIPS: tuple[tuple[str, Wish], ...] = (
    (
        "it is the best when a score that is nan counts as 0",
        lambda X, y, new, scale: expected(X, np.nan_to_num(y), new, scale),
    ),
    (
        "it is the first untried row after a score that was nan",
        lambda X, y, new, scale: -np.arange(len(new)) if np.isnan(y).any() else expected(X, y, new, scale),
    ),
)


def allowed(values: Any) -> list[int]:
    """Positions of the largest value, within rounding."""
    most = float(values.max())
    return [int(i) for i in np.flatnonzero(values >= most - 1e-5 - 1e-3 * abs(most))]


def steps(candidates: Any, scores: Any, initial: int, trials: int, length_scale: float, wish: Wish) -> dict[str, Any]:
    """Which rows may follow on the rows that were tried, whatever rows a search begins with."""
    table: dict[str, list[int]] = {}
    whole = wish in [other for _, other in NAN_SLIPS]
    reached = {frozenset(start) for start in combinations(range(len(candidates)), initial)}
    for _ in range(initial, trials):
        after = set()
        for tried in reached:
            known = [i for i in sorted(tried) if whole or not np.isnan(scores[i])]
            left = [i for i in range(len(candidates)) if i not in tried]
            rows = range(len(left))
            if known:
                rows = allowed(wish(candidates[known], scores[known], candidates[left], length_scale))
            table[",".join(map(str, sorted(tried)))] = [left[i] for i in rows]
            after |= {tried | {left[i]} for i in rows}
        reached = after
    return table


def search(
    label: str,
    rng: Rng,
    candidates: Any,
    initial: int,
    trials: int,
    length_scale: float | None = None,
    spare: int = 50,
    nan_at: Sequence[int] = (),
    slips: bool = False,
    named: bool = False,
    **hills: Any,
) -> Case:
    """One call. The hills' tops are candidates by number; ``spare`` is how many trials more ``objective`` bears."""
    how = {**hills, "tops": candidates[hills["tops"]], "nan_at": candidates[list(nan_at)]}
    objective = build(StandIn("hills", how))
    scores = np.array([objective(row) for row in candidates])
    scale = 1.0 if length_scale is None else length_scale
    params = {
        "initial": initial,
        "trials": trials,
        "steps": steps(candidates, scores, initial, trials, scale, expected),
        "slips": [
            (f"{words} instead", steps(candidates, scores, initial, trials, scale, wish))
            for words, wish in (*(SLIPS if slips else ()), *(NAN_SLIPS if len(nan_at) else ()))
        ],
    }
    args: dict[str, Any] = {
        "objective": StandIn("hills", {**how, "calls": trials + spare}),
        "candidates": candidates,
        "initial": initial,
        "trials": trials,
        "rng": draws(rng),
    }
    if length_scale is not None:
        args["length_scale"] = length_scale
    call = Call("bayesian_search", (), dict(reversed(args.items()))) if named else None
    call = call or Call("bayesian_search", tuple(args.values()))
    return Case(label, (call,), (Property("tries_rows", params),))


def starts(label: str, rng: Rng, n: int, initial: int, times: int) -> Case:
    """Many searches that only begin, with other seeds."""
    candidates = rng.permutation(n)[:, np.newaxis] / n
    objective = StandIn("hills", {"tops": candidates[:1], "heights": [1.0], "width": 0.3})
    calls = tuple(Call("bayesian_search", (objective, candidates, initial, initial, draws(rng))) for _ in range(times))
    return Case(label, calls, (Property("starts_anywhere", {"initial": initial}),))


def search_seeds(rng: Rng) -> Case:
    """Twice one seed, once another; of 40 rows, 8 are drawn."""
    candidates = np.linspace(0, 1, 40)[:, np.newaxis]
    objective = StandIn("hills", {"tops": candidates[[7, 30]], "heights": [1.0, 0.7], "width": 0.1})
    return seeds("bayesian_search", (objective, candidates, 8, 10), rng, 0.1)


def line(n: int) -> Any:
    """n candidates, evenly along a line."""
    return np.linspace(0, 1, n)[:, np.newaxis]


bayesian_search = Exercise(
    "bayesian_search",
    points=6,
    hints=(
        "Keep the numbers of the rows that were tried. `rng.permutation` gives the initial ones, all different.",
        "In every later trial: fit `gp_posterior` to the tried rows whose score is a number, ask it about the untried "
        "rows only, and take the one with the largest `expected_improvement` over the best score so far.",
        "Hand `length_scale` on to `gp_posterior`. `known = ~np.isnan(scores)` picks what the fit may see. At the end "
        "take the best of the scores that are numbers; the loop ends when `len(history) == trials`.",
    ),
    not_checked=("candidates of a plane", "initial equal to trials", "all candidates tried"),
    time_limit=20.0,
)


@bayesian_search.visible
def _(rng: Rng) -> Any:
    two = {"tops": [1, 4], "heights": [0.6, 1.0], "width": 0.15}
    yield search("six candidates of a line", rng, line(6), 2, 5, 0.15, slips=True, **two)
    yield search("scores below 0", rng, line(7), 1, 6, 0.2, floor=-2.0, slips=True, **two)
    yield search("two scores that are nan", rng, line(7), 3, 6, 0.2, nan_at=(0, 4), **two)
    yield search("no trial more than asked for", rng, line(6), 2, 4, spare=0, **two)
    yield starts("the initial rows, with sixty seeds", rng, 5, 2, 60)
    yield search_seeds(rng)


@bayesian_search.hidden
def _(rng: Rng) -> Any:
    def plane(n: int) -> Any:
        return spaced(rng, n, 2, 0.3)

    def hills(n: int, width: float, **more: Any) -> dict[str, Any]:
        tops = rng.choice(n, 2, replace=False).tolist()
        return {"tops": tops, "heights": [1.0, float(rng.uniform(0.5, 0.8))], "width": width, **more}

    yield search("candidates of a line", rng, line(9), 2, 6, 0.15, slips=True, **hills(9, 0.12))
    yield search("candidates of a plane", rng, plane(8), 2, 6, 0.3, slips=True, **hills(8, 0.3))
    yield search("scores far below 0", rng, line(9), 2, 6, 0.15, floor=-4.0, slips=True, **hills(9, 0.12))
    yield search("scores far above 0", rng, line(9), 2, 6, 0.15, floor=4.0, slips=True, **hills(9, 0.12))
    yield search("one initial row", rng, line(14), 1, 6, 0.1, **hills(14, 0.08))
    yield search("one initial row of a plane", rng, plane(12), 1, 7, 0.35, **hills(12, 0.3))
    yield search("the length_scale that is not named", rng, 5 * plane(9), 2, 5, **hills(9, 1.0))
    yield search("a long length_scale", rng, line(8), 2, 5, 0.8, **hills(8, 0.5))
    yield search(
        "scores that hardly differ", rng, line(9), 2, 6, 0.15, floor=0.02, **hills(9, 0.1) | {"heights": [0.05, 0.03]}
    )
    yield search("all candidates tried", rng, line(7), 3, 7, 0.2, **hills(7, 0.15))
    yield search("as many trials as initial rows", rng, line(9), 4, 4, 0.2, **hills(9, 0.15))
    yield search("as many trials as candidates from the start", rng, line(5), 5, 5, 0.2, **hills(5, 0.2))
    for at in ((1, 5), (0, 7)):
        yield search("scores that are nan", rng, line(8), 3, 7, 0.15, nan_at=at, **hills(8, 0.12, floor=-1.0))
    yield search("a nan above the others' scores", rng, line(8), 2, 8, 0.2, nan_at=(3,), **hills(8, 0.2))
    yield search("candidates in no order", rng, rng.permutation(line(9)), 2, 6, 0.15, **hills(9, 0.12))
    yield search("whole numbers", rng, np.arange(9)[:, np.newaxis], 2, 5, 1.5, **hills(9, 1.2))
    yield search("no trial more than asked for", rng, line(8), 2, 6, 0.15, spare=0, **hills(8, 0.12))
    yield search("arguments given by name", rng, line(8), 2, 5, 0.2, named=True, **hills(8, 0.12))
    yield starts("which rows come first", rng, 8, 4, 160)
    yield starts("which row comes first", rng, 5, 1, 120)
    yield search_seeds(rng)


@bayesian_search.misconception(
    "The next row is the one with the largest posterior mean: nothing unknown is ever looked at. Take the largest "
    "expected improvement."
)
def the_largest_mean(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in rng.permutation(len(candidates))[:initial]]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        known = ~np.isnan(y)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates[left], length_scale)
        values = mean
        tried.append(left[int(np.argmax(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.nanargmax(scores))
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception(
    "The next row is the one with the largest std: the search explores and never uses what it found. Take the largest "
    "expected improvement."
)
def the_least_known(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in rng.permutation(len(candidates))[:initial]]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        known = ~np.isnan(y)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates[left], length_scale)
        values = std
        tried.append(left[int(np.argmax(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.nanargmax(scores))
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception(
    "Your search minimises: scores are better when they are higher. Look for a sign that is turned."
)
def for_minimising(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in rng.permutation(len(candidates))[:initial]]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        known = ~np.isnan(y)
        mean, std = gp_posterior(candidates[tried][known], -y[known], candidates[left], length_scale)
        values = expected_improvement(mean, std, (-y[known]).max())
        tried.append(left[int(np.argmax(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.nanargmax(scores))
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception("The row with the smallest expected improvement is taken: `argmin` for `argmax`.")
def the_smallest_improvement(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in rng.permutation(len(candidates))[:initial]]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        known = ~np.isnan(y)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates[left], length_scale)
        values = expected_improvement(mean, std, y[known].max())
        tried.append(left[int(np.argmin(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.nanargmax(scores))
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception(
    "The scores are centred and scaled before the fit. Here the process sees the raw scores, and its prior mean is 0."
)
def scaled_scores(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in rng.permutation(len(candidates))[:initial]]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        known = ~np.isnan(y)
        y = (y - np.nanmean(y)) / (np.nanstd(y) or 1)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates[left], length_scale)
        values = expected_improvement(mean, std, y[known].max())
        tried.append(left[int(np.argmax(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.nanargmax(scores))
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception(
    "The scores are centred before the fit. Here the process sees the raw scores, and its prior mean is 0."
)
def centred_scores(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in rng.permutation(len(candidates))[:initial]]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        known = ~np.isnan(y)
        y = y - np.nanmean(y)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates[left], length_scale)
        values = expected_improvement(mean, std, y[known].max())
        tried.append(left[int(np.argmax(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.nanargmax(scores))
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception("The `length_scale` does not reach `gp_posterior`.")
def without_the_length_scale(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in rng.permutation(len(candidates))[:initial]]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        known = ~np.isnan(y)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates[left])
        values = expected_improvement(mean, std, y[known].max())
        tried.append(left[int(np.argmax(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.nanargmax(scores))
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception(
    "The improvement is counted from the worst score. It is counted from the best one so far."
)
def over_the_worst_score(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in rng.permutation(len(candidates))[:initial]]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        known = ~np.isnan(y)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates[left], length_scale)
        values = expected_improvement(mean, std, y[known].min())
        tried.append(left[int(np.argmax(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.nanargmax(scores))
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception(
    "Rows that were tried are candidates again, and a row is run twice. Ask only about the untried ones."
)
def rows_are_tried_again(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in rng.permutation(len(candidates))[:initial]]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y = np.array(scores)
        known = ~np.isnan(y)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates, length_scale)
        values = expected_improvement(mean, std, y[known].max())
        tried.append(int(np.argmax(values)))
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.nanargmax(scores))
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception(
    "Your search makes `trials` evaluations after the initial ones. `trials` counts all of them."
)
def the_initial_ones_do_not_count(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in rng.permutation(len(candidates))[:initial]]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < initial + trials and len(tried) < len(candidates):
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        known = ~np.isnan(y)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates[left], length_scale)
        values = expected_improvement(mean, std, y[known].max())
        tried.append(left[int(np.argmax(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.nanargmax(scores))
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception(
    "Every search starts with the first rows of `candidates`. Draw the initial ones with `rng`."
)
def the_first_rows_first(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in range(initial)]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        known = ~np.isnan(y)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates[left], length_scale)
        values = expected_improvement(mean, std, y[known].max())
        tried.append(left[int(np.argmax(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.nanargmax(scores))
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception(
    "An initial row can come twice: `rng.integers` draws with replacement. Take the front of a permutation."
)
def initial_rows_drawn_twice(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in rng.integers(0, len(candidates), initial)]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        known = ~np.isnan(y)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates[left], length_scale)
        values = expected_improvement(mean, std, y[known].max())
        tried.append(left[int(np.argmax(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.nanargmax(scores))
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception("Every search starts alike: the function makes its own generator. Draw from `rng`.")
def a_generator_of_its_own(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in np.random.default_rng(0).permutation(len(candidates))[:initial]]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        known = ~np.isnan(y)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates[left], length_scale)
        values = expected_improvement(mean, std, y[known].max())
        tried.append(left[int(np.argmax(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.nanargmax(scores))
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception(
    "A score that is nan goes into the fit as 0. It tells nothing about the function: leave its row out of the fit."
)
def nan_as_zero(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in rng.permutation(len(candidates))[:initial]]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        y = np.nan_to_num(y)
        known = np.ones(len(y), dtype=bool)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates[left], length_scale)
        values = expected_improvement(mean, std, y[known].max())
        tried.append(left[int(np.argmax(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.nanargmax(scores))
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception(
    "A score that is nan goes into the fit, and then all means are nan. Leave its row out of the fit."
)
def nan_in_the_fit(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in rng.permutation(len(candidates))[:initial]]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        known = np.ones(len(y), dtype=bool)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates[left], length_scale)
        values = expected_improvement(mean, std, y[known].max())
        tried.append(left[int(np.argmax(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.nanargmax(scores))
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception("`max` and `argmax` take nan for the best score. Look for the best among the numbers.")
def nan_is_the_best(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in rng.permutation(len(candidates))[:initial]]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        known = ~np.isnan(y)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates[left], length_scale)
        values = expected_improvement(mean, std, y[known].max())
        tried.append(left[int(np.argmax(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.argmax(scores))
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception("The last row is returned. The best is the one with the largest score of all.")
def the_last_is_returned(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in rng.permutation(len(candidates))[:initial]]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        known = ~np.isnan(y)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates[left], length_scale)
        values = expected_improvement(mean, std, y[known].max())
        tried.append(left[int(np.argmax(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = -1
    return candidates[tried[top]], scores[top], [(candidates[i], s) for i, s in zip(tried, scores)]


@bayesian_search.misconception("The history holds row numbers. A config is the row itself, `candidates[i]`.")
def numbers_of_rows(objective, candidates, initial, trials, rng, length_scale=1.0):
    tried = [int(i) for i in rng.permutation(len(candidates))[:initial]]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y, left = np.array(scores), [i for i in range(len(candidates)) if i not in tried]
        known = ~np.isnan(y)
        mean, std = gp_posterior(candidates[tried][known], y[known], candidates[left], length_scale)
        values = expected_improvement(mean, std, y[known].max())
        tried.append(left[int(np.argmax(values))])
        scores.append(objective(candidates[tried[-1]]))
    top = int(np.nanargmax(scores))
    return candidates[tried[top]], scores[top], [(i, s) for i, s in zip(tried, scores)]


@bayesian_search.alternative
def with_a_mask(objective, candidates, initial, trials, rng, length_scale=1.0):
    n = len(candidates)
    scores, open_, order = np.full(n, np.nan), np.ones(n, dtype=bool), []

    def run(row):
        open_[row] = False
        scores[row] = objective(candidates[row])
        order.append(row)

    for row in rng.choice(n, size=initial, replace=False):
        run(row)
    for _ in range(trials - initial):
        seen = ~np.isnan(scores)
        mean, std = gp_posterior(candidates[seen], scores[seen], candidates, length_scale)
        worth = np.where(open_, expected_improvement(mean, std, np.nanmax(scores)), -np.inf)
        run(worth.argmax())
    best = np.nanargmax(scores)
    return candidates[best], scores[best], [(candidates[i].copy(), float(scores[i])) for i in order]


@bayesian_search.alternative
def from_the_history(objective, candidates, initial, trials, rng, length_scale=1.0):
    left = list(range(len(candidates)))
    rng.shuffle(left)
    history = []
    while len(history) < trials:
        place = 0
        if len(history) >= initial:
            fit = [(row, s) for row, s in history if s == s]
            X, y = np.stack([row for row, _ in fit]), np.array([s for _, s in fit])
            mean, std = gp_posterior(X, y, candidates[np.array(left)], length_scale=length_scale)
            worth = expected_improvement(mean, std, max(y)).tolist()
            place = worth.index(max(worth))
        row = candidates[left.pop(place)]
        history.append((row, objective(row)))
    best_config, best_score = max((e for e in history if not math.isnan(e[1])), key=lambda e: e[1])
    return best_config, best_score, history


@bayesian_search.alternative
def one_row_at_a_time(objective, candidates, initial, trials, rng, length_scale=1.0):
    first = np.argsort(rng.random(len(candidates)))[:initial]
    history = {int(i): objective(candidates[i]) for i in first}
    for _ in range(initial, trials):
        rows = [i for i, s in history.items() if not np.isnan(s)]
        y = np.array([history[i] for i in rows])
        top, choice = -1.0, None
        for i in range(len(candidates)):
            if i in history:
                continue
            mean, std = gp_posterior(candidates[rows], y, candidates[i : i + 1], length_scale)
            worth = float(expected_improvement(mean, std, y.max())[0])
            if worth > top:
                top, choice = worth, i
        history[choice] = objective(candidates[choice])
    best = max(history, key=lambda i: -np.inf if np.isnan(history[i]) else history[i])
    return candidates[best], np.float64(history[best]), [(candidates[i], s) for i, s in history.items()]


@bayesian_search.alternative
def ties_left_to_chance(objective, candidates, initial, trials, rng, length_scale=1.0):
    X = np.asarray(candidates, dtype=float)
    pool, history = set(range(len(X))), []
    tried = rng.choice(len(X), initial, replace=False).tolist()
    for t in range(trials):
        if t >= initial:
            y = np.array([s for _, s in history])
            ok = np.isfinite(y)
            rest = np.array(sorted(pool))
            worth = expected_improvement(*gp_posterior(X[tried][ok], y[ok], X[rest], length_scale), y[ok].max(), 0.01)
            tried.append(int(rng.choice(rest[worth >= worth.max() - 1e-12])))
        row = tried[t]
        pool.discard(row)
        history += [(candidates[row], objective(candidates[row]))]
    scores = np.array([s for _, s in history])
    i = int(np.where(np.isnan(scores), -np.inf, scores).argmax())
    return history[i][0], history[i][1], history


EXERCISES: tuple[Exercise, ...] = (
    successive_halving,
    hyperband,
    rbf_kernel,
    gp_posterior,
    expected_improvement,
    bayesian_search,
)
