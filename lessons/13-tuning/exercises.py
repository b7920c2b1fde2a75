"""How the exercises of lesson 13 are judged."""

# Wrong and right solutions are written the way students write them.
# ruff: noqa: B023, B905, C416

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from autograde.check.cases import Call, Case, Property
from autograde.check.codec import StandIn
from autograde.judge.catalogue import Equivalent, Exercise

Rng = np.random.Generator
Config = dict[str, Any]

# --- what the cases are made of --------------------------------------------------------------------------------------


def draws(rng: Rng) -> StandIn:
    """A generator for a student's function, with a seed of its own."""
    return StandIn("rng", {"seed": int(rng.integers(2**31))})


def shared(rng: Rng) -> StandIn:
    """One generator for all calls of a case: it goes on."""
    return StandIn("rng", {"seed": int(rng.integers(2**31)), "shared": "rng"})


def seeds(name: str, rng: Rng, *args: Any) -> Case:
    """Twice one seed, once another."""
    one, other = (StandIn("rng", {"seed": int(s)}) for s in rng.choice(2**31, 2, replace=False))
    calls = tuple(Call(name, (*args, generator)) for generator in (one, one, other))
    expect = (Property("same_results", {"first": 0, "second": 1}), Property("calls_differ", {"calls": [1, 2]}))
    return Case("the same seed again, and another seed", calls, expect)


def goes_on(name: str, rng: Rng, *args: Any) -> Case:
    """Twice one generator, which goes on."""
    generator = shared(rng)
    calls = tuple(Call(name, (*args, generator)) for _ in range(2))
    return Case("the same generator twice: new draws", calls, (Property("calls_differ", {"calls": [0, 1]}),))


# --- sample_log_uniform ----------------------------------------------------------------------------------------------


def sampling(
    name: str, rng: Rng, label: str, low: float, high: float, size: int, times: int = 1, *, complement: bool = False
) -> Case:
    """So many calls with seeds of their own, judged together."""
    calls = tuple(Call(name, (low, high, size, draws(rng))) for _ in range(times))
    return Case(label, calls, (Property("is_log_uniform", {"calls": list(range(times)), "complement": complement}),))


sample_log_uniform = Exercise(
    "sample_log_uniform",
    points=2,
    hints=(
        "Between 0.001 and 0.01 there should be as many values as between 0.01 and 0.1. Which numbers are "
        "evenly spread?",
        "The logarithms are: draw them uniformly between log(low) and log(high), and undo the logarithm.",
        "`np.exp` of `rng.uniform(a, b, size)`, where a and b are `np.log` of the two ends.",
    ),
    not_checked=("very wide ranges", "narrow ranges", "a single value"),
)


@sample_log_uniform.visible
def _(rng: Rng) -> Any:
    name = "sample_log_uniform"
    yield sampling(name, rng, "a thousand learning rates", 1e-4, 1.0, 1000)
    yield sampling(name, rng, "a thousand penalties from 1 to 1000", 1.0, 1000.0, 1000)
    yield sampling(name, rng, "two values, with sixty seeds", 0.01, 10.0, 2, 60)
    yield seeds(name, rng, 0.001, 0.1, 5)


@sample_log_uniform.hidden
def _(rng: Rng) -> Any:
    name = "sample_log_uniform"
    yield sampling(name, rng, "many values", 1e-5, 1e-1, 4000)
    yield sampling(name, rng, "ends that are no powers of ten", 0.003, 7.0, 2500)
    yield sampling(name, rng, "both ends above 1", 20.0, 5000.0, 2000)
    yield sampling(name, rng, "both ends below 1", 2e-7, 3e-3, 2000)
    yield sampling(name, rng, "whole numbers as ends", 2, 900, 2000)
    yield sampling(name, rng, "a very wide range", 1e-40, 1e30, 1500)
    yield sampling(name, rng, "a range of a factor of three", 5.0, 15.0, 12000)
    yield sampling(name, rng, "a single value, with many seeds", 0.01, 100.0, 1, 150)
    yield sampling(name, rng, "two values, with many seeds", 1e-3, 10.0, 2, 200)
    yield sampling(name, rng, "seven values, with many seeds", 1e-6, 1.0, 7, 80)
    kwargs = {"rng": draws(rng), "size": 800, "high": 4.0, "low": 0.0004}
    yield Case("arguments given by name", (Call(name, (), kwargs),), (Property("is_log_uniform"),))
    yield seeds(name, rng, 0.02, 6.0, 9)
    yield goes_on(name, rng, 0.02, 6.0, 9)


@sample_log_uniform.misconception(
    "The values are spread evenly on a linear scale: nine of ten lie in the last tenth of the range. Draw the "
    "logarithm uniformly, then undo it."
)
def uniform_on_a_linear_scale(low, high, size, rng):
    return rng.uniform(low, high, size)


@sample_log_uniform.misconception(
    "Your ends are used as exponents: 10 ** uniform(low, high). The exponents run from log10(low) to log10(high)."
)
def the_ends_as_exponents(low, high, size, rng):
    return 10.0 ** np.clip(rng.uniform(low, high, size), -300, 300)


@sample_log_uniform.misconception(
    "Natural logarithms, and then 10 ** …: the values reach far beyond the range. Undo `np.log` with `np.exp`."
)
def natural_logarithms_and_powers_of_ten(low, high, size, rng):
    return 10.0 ** rng.uniform(np.log(low), np.log(high), size)


@sample_log_uniform.misconception(
    "Logarithms to the base 10, and then `np.exp`: the values fill less than half of the range. Undo `np.log10` with "
    "10 ** …."
)
def decimal_logarithms_and_exp(low, high, size, rng):
    return np.exp(rng.uniform(np.log10(low), np.log10(high), size))


@sample_log_uniform.misconception(
    "These are the logarithms. The last step is missing: turn them back into values between low and high."
)
def the_logarithms_themselves(low, high, size, rng):
    return rng.uniform(np.log(low), np.log(high), size)


@sample_log_uniform.misconception(
    "Only a few values come up, again and again: whole exponents. Draw the exponent as a real number."
)
def whole_exponents(low, high, size, rng):
    return np.clip(10.0 ** rng.integers(round(np.log10(low)), round(np.log10(high)) + 1, size), low, high)


@sample_log_uniform.misconception(
    "A fixed ladder of values is no sample: with another seed it is the same. Draw each value from rng."
)
def a_fixed_ladder(low, high, size, rng):
    return np.geomspace(low, high, size)


@sample_log_uniform.misconception(
    "The ladder is shuffled, but it is still the same ladder: two values of one call are never close to each other. "
    "Draw each value by itself."
)
def a_random_point_in_each_step(low, high, size, rng):
    places = (rng.permutation(size) + rng.random(size)) / size
    return low * np.exp(places * np.log(high / low))


@sample_log_uniform.misconception(
    "All values of one call are the same: you draw one number. Hand `size` to the generator's method."
)
def one_draw_for_all(low, high, size, rng):
    return np.full(size, np.exp(rng.uniform(np.log(low), np.log(high))))


@sample_log_uniform.misconception(
    "The middle of the range comes up far more often than its ends: that is a normal distribution of the logarithm. "
    "Draw it uniformly."
)
def log_normal(low, high, size, rng):
    middle, width = np.log(low * 1.0) / 2 + np.log(high) / 2, np.log(high) - np.log(low)
    return np.exp(np.clip(rng.normal(middle, width / 6, size), np.log(low), np.log(high)))


@sample_log_uniform.misconception(
    "You draw from NumPy's global generator. Use the `rng` that is handed in, or no search can be repeated."
)
def the_global_generator(low, high, size, rng):
    return np.exp(np.random.uniform(np.log(low), np.log(high), size))


@sample_log_uniform.misconception(
    "Every call gives the same values: your function makes a generator of its own. Draw from `rng`."
)
def a_seed_of_its_own(low, high, size, rng):
    return np.exp(np.random.default_rng(0).uniform(np.log(low), np.log(high), size))


@sample_log_uniform.misconception("The values come sorted. Whoever tries the first few then sees only small ones.")
def sorted_values(low, high, size, rng):
    return np.sort(np.exp(rng.uniform(np.log(low), np.log(high), size)))


@sample_log_uniform.alternative
def by_powers_of_ten(low, high, size, rng):
    return 10 ** rng.uniform(np.log10(low), np.log10(high), size=size)


@sample_log_uniform.alternative
def by_a_ratio(low, high, size, rng):
    return low * (high / low) ** rng.random(size)


@sample_log_uniform.alternative
def one_after_the_other(low, high, size, rng):
    values = np.empty(size)
    for i in range(size):
        r = rng.random()
        values[i] = math.exp((1 - r) * math.log(low) + r * math.log(high))
    return values


@sample_log_uniform.alternative
def from_exponential_draws(low, high, size, rng):
    u = np.exp(-rng.exponential(size=size))
    return np.power(2.0, np.log2(high) - u * (np.log2(high) - np.log2(low)))


# --- sample_beta -----------------------------------------------------------------------------------------------------

sample_beta = Exercise(
    "sample_beta",
    points=2,
    hints=(
        "Which number should be spread evenly on a log scale here, β or something else?",
        "1 - β is. When β runs from low to high, between which ends does 1 - β run?",
        "Draw with `sample_log_uniform` between `1 - high` and `1 - low`, and return 1 minus that.",
    ),
    not_checked=("β from 0 on", "β very close to 1", "a single value"),
)


@sample_beta.visible
def _(rng: Rng) -> Any:
    name = "sample_beta"
    yield sampling(name, rng, "a thousand values from 0.9 to 0.999", 0.9, 0.999, 1000, complement=True)
    yield sampling(name, rng, "a thousand values from 0.02 to 0.99", 0.02, 0.99, 1000, complement=True)
    yield sampling(name, rng, "two values, with sixty seeds", 0.9, 0.9999, 2, 60, complement=True)
    yield seeds(name, rng, 0.9, 0.999, 5)


@sample_beta.hidden
def _(rng: Rng) -> Any:
    name = "sample_beta"
    for label, low, high, size, times in (
        ("many values", 0.9, 0.999, 4000, 1),
        ("β from 0 on", 0.0, 0.99, 2500, 1),
        ("β very close to 1", 0.99, 0.9999999, 2000, 1),
        ("ends that are no round numbers", 0.73, 0.9985, 3000, 1),
        ("a range far from 1", 0.1, 0.7, 20000, 1),
        ("a whole number as the lower end", 0, 0.999, 2000, 1),
        ("a single value, with many seeds", 0.8, 0.9999, 1, 150),
        ("two values, with many seeds", 0.9, 0.999, 2, 200),
        ("seven values, with many seeds", 0.5, 0.9995, 7, 80),
    ):
        yield sampling(name, rng, label, low, high, size, times, complement=True)
    kwargs = {"rng": draws(rng), "size": 800, "high": 0.9997, "low": 0.85}
    named = Property("is_log_uniform", {"complement": True})
    yield Case("arguments given by name", (Call(name, (), kwargs),), (named,))
    yield seeds(name, rng, 0.8, 0.9995, 9)
    yield goes_on(name, rng, 0.8, 0.9995, 9)


@sample_beta.misconception(
    "β itself is spread evenly: from 0.9 to 0.999 only one value in ten is above 0.99. Make 1 - β log-uniform."
)
def uniform_in_beta(low, high, size, rng):
    return rng.uniform(low, high, size)


@sample_beta.misconception(
    "β is log-uniform, and that is nearly uniform when both ends are close to 1. It is 1 - β that should be."
)
def log_uniform_in_beta(low, high, size, rng):
    return np.exp(rng.uniform(np.log(np.maximum(low, 1e-12)), np.log(high), size))


@sample_beta.misconception("These are the values of 1 - β. Return β.")
def one_minus_beta(low, high, size, rng):
    return np.exp(rng.uniform(np.log(1 - high), np.log(1 - low), size))


@sample_beta.misconception(
    "You turn the sample over, but not its ends: 1 - sample(low, high) lies between 1 - high and 1 - low. Draw 1 - β "
    "between 1 - high and 1 - low."
)
def only_the_result_is_turned(low, high, size, rng):
    return 1 - np.exp(rng.uniform(np.log(np.maximum(low, 1e-12)), np.log(high), size))


@sample_beta.misconception(
    "Small β come up most often: the density is turned the wrong way round. Half of the values from 0.9 to 0.999 are "
    "above 0.99."
)
def dense_at_the_wrong_end(low, high, size, rng):
    gap = np.exp(rng.uniform(np.log(1 - high), np.log(1 - low), size))
    return low + gap - (1 - high)


@sample_beta.misconception(
    "The effective window 1 / (1 - β) is spread evenly: long windows come up far too often. Its logarithm should be."
)
def the_window_is_uniform(low, high, size, rng):
    return 1 - 1 / rng.uniform(1 / (1 - low), 1 / (1 - high), size)


@sample_beta.misconception("Only a few values come up: 0.9, 0.99, 0.999 and so on. Draw the exponent as a real number.")
def only_nines(low, high, size, rng):
    exponents = rng.integers(round(-np.log10(1 - low)), round(-np.log10(1 - high)) + 1, size)
    return np.clip(1 - 10.0**-exponents, low, high)


@sample_beta.misconception(
    "The exponents are right and the base is not: `np.log` is undone by `np.exp`, `np.log10` by 10 ** …."
)
def the_wrong_base(low, high, size, rng):
    return 1 - 10.0 ** rng.uniform(np.log(1 - high), np.log(1 - low), size)


@sample_beta.misconception("This is a random variable of the beta distribution. β is only the name of a setting here.")
def the_beta_distribution(low, high, size, rng):
    return low + (high - low) * rng.beta(2, 2, size)


@sample_beta.misconception("You draw from NumPy's global generator. Use the `rng` that is handed in.")
def the_global_generator(low, high, size, rng):
    return 1 - np.exp(np.random.uniform(np.log(1 - high), np.log(1 - low), size))


@sample_beta.alternative
def by_powers_of_ten(low, high, size, rng):
    return 1 - 10.0 ** (-rng.uniform(-math.log10(1 - low), -math.log10(1 - high), size))


@sample_beta.alternative
def by_a_ratio(low, high, size, rng):
    gap = 1 - low
    return 1.0 - gap * ((1 - high) / gap) ** rng.uniform(size=size)


@sample_beta.alternative
def by_the_window(low, high, size, rng):
    windows = 1 / (1 - np.array([low, high]))
    return 1 - 1 / (windows[0] * (windows[1] / windows[0]) ** rng.random(size))


@sample_beta.alternative
def through_log1p(low, high, size, rng):
    return -np.expm1(rng.uniform(np.log1p(-high), np.log1p(-low), size))


# --- grid_search -----------------------------------------------------------------------------------------------------


def objective(names: Any, **params: Any) -> StandIn:
    return StandIn("telling_objective", {"names": sorted(names), **params})


def searching(label: str, grid: Config, **params: Any) -> Case:
    return Case(label, (Call("grid_search", (objective(grid, **params), grid)),))


grid_search = Exercise(
    "grid_search",
    points=4,
    hints=(
        "`itertools.product` gives all combinations of several lists. How does a combination become a dict?",
        "`dict(zip(names, values))` makes a config of names and values. Keep all pairs (config, score); then "
        "look for the best among those whose score is a number.",
        "Loop over `itertools.product(*grid.values())`. A score replaces the best when there is none yet, or "
        "when it is strictly greater; a nan never does. At the end return best config, best score and history.",
    ),
    not_checked=("a single name", "nan at the start", "an objective that drifts", "values of other kinds"),
    equivalent=(
        Equivalent("config = dict(zip(grid, values))", "there are as many values as names"),
        Equivalent("config = dict(zip(grid, values, strict=False))", "there are as many values as names"),
    ),
)


@grid_search.visible
def _(rng: Rng) -> Any:
    grid = {"learning_rate": [0.01, 0.1], "units": [16, 32, 64]}
    yield searching("two learning rates and three sizes", grid)
    yield searching("a nan in the second trial", grid, nan_calls=[1])
    yield searching("scores that are negative, as those of a loss with its sign turned", grid, offset=-3.0)
    yield searching("equal scores: the first one wins", grid, levels=1)


@grid_search.hidden
def _(rng: Rng) -> Any:
    rates = [float(f"{v:.3g}") for v in np.exp(rng.uniform(-7, 0, 4))]
    grid = {"units": [8, 64, 32], "learning_rate": rates, "activation": ["tanh", "relu"]}
    yield searching("three names, in no order", grid)
    yield searching("nan in the first trials", grid, nan_calls=[0, 1, 2], offset=0.5)
    yield searching("nan in the last trials", grid, nan_calls=[21, 22, 23], offset=-0.5)
    yield searching("nan but for one", {"lam": rates}, nan_calls=[0, 1, 3])
    yield searching("scores far below zero", grid, offset=-1e6)
    yield searching("few different scores", grid, levels=2)
    yield searching("all scores equal", grid, levels=1, offset=0.25)
    yield searching("all scores zero", grid, levels=1)
    yield searching("all scores equal after a nan", grid, levels=1, nan_calls=[0])
    yield searching("an objective that drifts up with every call", grid, drift=0.01)
    yield searching("an objective that drifts down with every call", grid, drift=-2.0)
    yield searching("a single name", {"keep_prob": [0.9, 0.3, 0.5]})
    yield searching("a single config", {"keep_prob": [0.5], "lam": [0.0]})
    yield searching("names that are no identifiers", {"learning rate": rates[:2], "drop-out": [0.1, 0.5]})
    mixed = {"hidden": [[64], [32, 32], []], "decay": [None, "cosine"], "nesterov": [True, False]}
    yield searching("values of every kind", mixed)
    yield searching("values that repeat", {"a": [1, 1, 2], "b": [5, 5]}, drift=1e-3)
    long = {name: [0, 1] for name in "zyxwv"}
    yield searching("five names with two values each", long)
    named = Call("grid_search", (), {"grid": grid, "objective": objective(grid)})
    yield Case("arguments given by name", (named,))


@grid_search.misconception("Lower is not better here: the best score is the largest.")
def looks_for_the_smallest(objective, grid):
    history = [(c, objective(c)) for c in (dict(zip(grid, v)) for v in itertools.product(*grid.values()))]
    best = min((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best[0], best[1], history


@grid_search.misconception(
    "A nan wins: `np.argmax` takes the first nan for the largest. Look for the best among the scores that are numbers."
)
def a_nan_wins(objective, grid):
    history = [(c, objective(c)) for c in (dict(zip(grid, v)) for v in itertools.product(*grid.values()))]
    best = int(np.argmax([score for _, score in history]))
    return *history[best], history


@grid_search.misconception(
    "A nan at the start is never replaced: no number is greater than nan. Skip nan before you compare."
)
def a_nan_at_the_start_stays(objective, grid):
    history = [(c, objective(c)) for c in (dict(zip(grid, v)) for v in itertools.product(*grid.values()))]
    best = max(history, key=lambda pair: pair[1])
    return best[0], best[1], history


@grid_search.misconception(
    "Of equal scores the last one wins. A tie keeps the first: replace the best only by a greater score."
)
def the_last_of_a_tie(objective, grid):
    best_config, best_score, history = None, -math.inf, []
    for values in itertools.product(*grid.values()):
        config = dict(zip(grid, values))
        score = objective(config)
        history.append((config, score))
        if score >= best_score:
            best_config, best_score = config, score
    return best_config, best_score, history


@grid_search.misconception(
    "The best score starts at 0, so scores below that never win. Start from -inf, or from the first number."
)
def starts_at_zero(objective, grid):
    best_config, best_score, history = None, 0.0, []
    for values in itertools.product(*grid.values()):
        config = dict(zip(grid, values))
        score = objective(config)
        history.append((config, score))
        if score > best_score:
            best_config, best_score = config, score
    return best_config, best_score, history


@grid_search.misconception("The history leaves out the trials that gave nan. They were made: they belong into it.")
def nan_left_out_of_the_history(objective, grid):
    history = [(c, objective(c)) for c in (dict(zip(grid, v)) for v in itertools.product(*grid.values()))]
    history = [pair for pair in history if not np.isnan(pair[1])]
    best = max(history, key=lambda pair: pair[1])
    return best[0], best[1], history


@grid_search.misconception(
    "The history is sorted by score. It is kept in the order of the trials, so that one can see how the search went."
)
def a_sorted_history(objective, grid):
    history = [(c, objective(c)) for c in (dict(zip(grid, v)) for v in itertools.product(*grid.values()))]
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    history.sort(key=lambda pair: -np.inf if np.isnan(pair[1]) else pair[1], reverse=True)
    return best[0], best[1], history


@grid_search.misconception(
    "One name after the other is tuned, with the others fixed. A grid tries every combination of the values."
)
def one_name_after_the_other(objective, grid):
    config, history = {name: values[0] for name, values in grid.items()}, []
    for name, values in grid.items():
        tried = [({**config, name: value}, 0.0) for value in values]
        tried = [(c, objective(c)) for c, _ in tried]
        history += tried
        config = max((p for p in tried if not np.isnan(p[1])), key=lambda p: p[1], default=tried[0])[0]
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best[0], best[1], history


@grid_search.misconception(
    "The lists are paired, the first values, the second values and so on: `zip`. A grid tries every combination."
)
def pairs_instead_of_products(objective, grid):
    history = [(c, objective(c)) for c in (dict(zip(grid, v)) for v in zip(*grid.values()))]
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1], default=history[0])
    return best[0], best[1], history


@grid_search.misconception("The first name runs fastest in your order. Like the digits of a clock, the last one does.")
def the_first_name_fastest(objective, grid):
    names, history = list(grid)[::-1], []
    for values in itertools.product(*(grid[name] for name in names)):
        config = dict(zip(names, values))
        history.append((config, objective(config)))
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best[0], best[1], history


@grid_search.misconception(
    "`objective(**config)` hands over many arguments. It takes one, the config: objective(config)."
)
def unpacked_config(objective, grid):
    history = [(c, objective(**c)) for c in (dict(zip(grid, v)) for v in itertools.product(*grid.values()))]
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best[0], best[1], history


@grid_search.misconception(
    "All trials share one dict that you change: whoever keeps a config finds it changed afterwards. Make a new "
    "dict for every trial."
)
def one_dict_for_all(objective, grid):
    config, best_config, best_score, history = {}, None, -math.inf, []
    for values in itertools.product(*grid.values()):
        config.update(zip(grid, values))
        score = objective(config)
        history.append((dict(config), score))
        if score > best_score:
            best_config, best_score = dict(config), score
    return best_config, best_score, history


@grid_search.misconception(
    "The best config is tried once more for its score. Training is random: return the score that it won with."
)
def tries_the_best_again(objective, grid):
    history = [(c, objective(c)) for c in (dict(zip(grid, v)) for v in itertools.product(*grid.values()))]
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best[0], objective(dict(best[0])), history


@grid_search.misconception("The history is missing: return best config, best score and history, three things.")
def without_a_history(objective, grid):
    history = [(c, objective(c)) for c in (dict(zip(grid, v)) for v in itertools.product(*grid.values()))]
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best


@grid_search.misconception("The history holds scores only. Keep the pair (config, score) of every trial.")
def scores_without_configs(objective, grid):
    history = [(c, objective(c)) for c in (dict(zip(grid, v)) for v in itertools.product(*grid.values()))]
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best[0], best[1], [score for _, score in history]


@grid_search.alternative
def with_a_running_best(objective, grid):
    names = list(grid)
    best, history = None, []
    for values in itertools.product(*[grid[name] for name in names]):
        config = {name: value for name, value in zip(names, values)}
        score = objective(config)
        history.append((config, score))
        if score == score and (best is None or score > best[1]):
            best = history[-1]
    return (*best, history)


@grid_search.alternative
def by_recursion(objective, grid):
    def configs(names):
        if not names:
            return [{}]
        *front, last = names
        return [{**config, last: value} for config in configs(front) for value in grid[last]]

    tried = configs(list(grid))
    scores = np.array([objective(config) for config in tried])
    best = int(np.nanargmax(scores))
    return dict(tried[best]), scores[best], list(zip(tried, scores))


@grid_search.alternative
def counted_like_a_clock(objective, grid):
    names, lengths = list(grid), [len(values) for values in grid.values()]
    history = []
    for number in range(math.prod(lengths)):
        places = np.unravel_index(number, lengths)
        config = {name: grid[name][int(place)] for name, place in zip(names, places)}
        history += [(config, objective(config.copy()))]
    ranked = sorted((i for i, (_, s) in enumerate(history) if not math.isnan(s)), key=lambda i: (-history[i][1], i))
    return history[ranked[0]][0], history[ranked[0]][1], history


@grid_search.alternative
def with_nan_as_the_lowest(objective, grid):
    history = [
        (config, np.float64(objective(config)))
        for config in map(
            dict, itertools.product(*([(name, value) for value in values] for name, values in grid.items()))
        )
    ]
    best = max(history, key=lambda pair: -np.inf if np.isnan(pair[1]) else pair[1])
    return best[0], np.asarray(best[1]), history


# --- random_search ---------------------------------------------------------------------------------------------------


def gambling(
    rng: Rng, label: str, trials: int, numbers: Any = ("lr",), wholes: Any = (), below: int = 1000, **params: Any
) -> Case:
    sampler = StandIn("drawing_sampler", {"numbers": list(numbers), "wholes": list(wholes), "below": below})
    args = (objective([*numbers, *wholes], **params), sampler, trials, draws(rng))
    return Case(label, (Call("random_search", args),))


random_search = Exercise(
    "random_search",
    points=3,
    hints=(
        "Only the source of the configs differs from `grid_search`. What does `sampler(rng)` return?",
        "In every trial call `sampler(rng)` once, with the generator you were given, and hand the config to objective.",
        "Make the list of `(config, objective(config))` for `trials` draws; the best is found as in `grid_search`.",
    ),
    not_checked=("a single trial", "an objective that drifts", "configs that come twice"),
)


@random_search.visible
def _(rng: Rng) -> Any:
    yield gambling(rng, "five trials", 5)
    yield gambling(rng, "four trials with two settings, the first score nan", 4, wholes=("units",), nan_calls=[0])
    yield gambling(rng, "five trials, and scores that are negative", 5, offset=-3.0)
    yield gambling(rng, "equal scores: the first one wins", 3, levels=1)


@random_search.hidden
def _(rng: Rng) -> Any:
    both: dict[str, Any] = {"numbers": ("lr", "log lam"), "wholes": ("units",)}
    yield gambling(rng, "twenty trials with three settings", 20, **both)
    yield gambling(rng, "a single trial", 1, **both)
    yield gambling(rng, "nan in the first trials", 12, nan_calls=[0, 1, 2], **both)
    yield gambling(rng, "nan in the last trials", 12, nan_calls=[10, 11], offset=-0.7, **both)
    yield gambling(rng, "nan but for one", 4, nan_calls=[0, 1, 3], **both)
    yield gambling(rng, "scores far below zero", 9, offset=-1e6, **both)
    yield gambling(rng, "few different scores", 30, levels=2, **both)
    yield gambling(rng, "all scores equal", 8, levels=1, **both)
    yield gambling(rng, "all scores equal after a nan", 8, levels=1, nan_calls=[0], **both)
    yield gambling(rng, "a sampler that repeats itself", 25, numbers=(), wholes=("k",), below=3)
    yield gambling(rng, "an objective that drifts up with every call", 15, drift=0.01, **both)
    yield gambling(rng, "an objective that drifts down with every call", 15, drift=-2.0, **both)
    generator = shared(rng)
    sampler = StandIn("drawing_sampler", {"numbers": ["lr"]})
    calls = tuple(Call("random_search", (objective(["lr"]), sampler, 6, generator)) for _ in range(2))
    yield Case("the same generator twice: it goes on", calls)
    named = {"rng": draws(rng), "trials": 7, "sampler": sampler, "objective": objective(["lr"])}
    yield Case("arguments given by name", (Call("random_search", (), named),))


@random_search.misconception("Lower is not better here: the best score is the largest.")
def looks_for_the_smallest(objective, sampler, trials, rng):
    history = [(c, objective(c)) for c in (sampler(rng) for _ in range(trials))]
    best = min((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best[0], best[1], history


@random_search.misconception(
    "A nan wins: `np.argmax` takes the first nan for the largest. Look for the best among the scores that are numbers."
)
def a_nan_wins(objective, sampler, trials, rng):
    history = [(c, objective(c)) for c in (sampler(rng) for _ in range(trials))]
    best = int(np.argmax([score for _, score in history]))
    return *history[best], history


@random_search.misconception(
    "Of equal scores the last one wins. A tie keeps the first: replace the best only by a greater score."
)
def the_last_of_a_tie(objective, sampler, trials, rng):
    best, history = None, []
    for _ in range(trials):
        config = sampler(rng)
        score = objective(config)
        history.append((config, score))
        if not np.isnan(score) and (best is None or score >= best[1]):
            best = (config, score)
    return best[0], best[1], history


@random_search.misconception(
    "The best score starts at 0, so scores below that never win. Start from -inf, or from the first number."
)
def starts_at_zero(objective, sampler, trials, rng):
    best_config, best_score, history = None, 0.0, []
    for _ in range(trials):
        config = sampler(rng)
        score = objective(config)
        history.append((config, score))
        if score > best_score:
            best_config, best_score = config, score
    return best_config, best_score, history


@random_search.misconception(
    "Every trial draws the same config: you make a generator, or reset the seed, inside the loop. Hand on `rng`, which "
    "goes on by itself."
)
def the_seed_is_reset(objective, sampler, trials, rng):
    history = []
    for _ in range(trials):
        config = sampler(np.random.default_rng(0))
        history.append((config, objective(config)))
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best[0], best[1], history


@random_search.misconception(
    "The configs do not depend on `rng`: your function makes a generator of its own. Hand the given one to the sampler."
)
def a_generator_of_its_own(objective, sampler, trials, rng):
    rng = np.random.default_rng(0)
    history = [(c, objective(c)) for c in (sampler(rng) for _ in range(trials))]
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best[0], best[1], history


@random_search.misconception(
    "The sampler is called twice in a trial: the config in the history is not the one that was scored. Draw "
    "once, and keep it."
)
def draws_twice(objective, sampler, trials, rng):
    history = []
    for _ in range(trials):
        score = objective(sampler(rng))
        history.append((sampler(rng), score))
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best[0], best[1], history


@random_search.misconception("One config is drawn before the loop, and tried again and again. Draw in every trial.")
def drawn_once(objective, sampler, trials, rng):
    config = sampler(rng)
    history = []
    for _ in range(trials):
        config = dict(config)
        history.append((config, objective(config)))
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best[0], best[1], history


@random_search.misconception("There is one trial too many, or one too few: `trials` configs are drawn and scored.")
def one_trial_too_many(objective, sampler, trials, rng):
    history = [(c, objective(c)) for c in (sampler(rng) for _ in range(trials + 1))]
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best[0], best[1], history


@random_search.misconception("The history leaves out the trials that gave nan. They were made: they belong into it.")
def nan_left_out_of_the_history(objective, sampler, trials, rng):
    history = [(c, objective(c)) for c in (sampler(rng) for _ in range(trials))]
    history = [pair for pair in history if not np.isnan(pair[1])]
    best = max(history, key=lambda pair: pair[1])
    return best[0], best[1], history


@random_search.misconception(
    "Your search goes on until there are `trials` scores that are numbers. A trial that gave nan has been made, too."
)
def nan_is_drawn_again(objective, sampler, trials, rng):
    history, good = [], 0
    while good < trials and len(history) < 200:
        config = sampler(rng)
        history.append((config, objective(config)))
        good += not np.isnan(history[-1][1])
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best[0], best[1], history


@random_search.misconception(
    "Configs that came before are skipped, so some trials are missing. All are kept, in order, also when one "
    "comes twice."
)
def skips_what_came_before(objective, sampler, trials, rng):
    history = []
    for _ in range(trials):
        config = sampler(rng)
        if config not in [c for c, _ in history]:
            history.append((config, objective(config)))
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best[0], best[1], history


@random_search.misconception(
    "`objective(**config)` hands over many arguments. It takes one, the config: objective(config)."
)
def unpacked_config(objective, sampler, trials, rng):
    history = [(c, objective(**c)) for c in (sampler(rng) for _ in range(trials))]
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best[0], best[1], history


@random_search.misconception(
    "The best config is tried once more for its score. Training is random: return the score that it won with."
)
def tries_the_best_again(objective, sampler, trials, rng):
    history = [(c, objective(c)) for c in (sampler(rng) for _ in range(trials))]
    best = max((pair for pair in history if not np.isnan(pair[1])), key=lambda pair: pair[1])
    return best[0], objective(dict(best[0])), history


@random_search.alternative
def with_a_running_best(objective, sampler, trials, rng):
    best_config, best_score, history = None, float("-inf"), []
    for _ in range(trials):
        config = sampler(rng)
        score = objective(config)
        history.append((config, score))
        if score > best_score:
            best_config, best_score = config, score
    return best_config, best_score, history


@random_search.alternative
def all_drawn_first(objective, sampler, trials, rng):
    configs = [dict(sampler(rng)) for _ in range(trials)]
    scores = np.array([objective(config) for config in configs])
    best = np.nanargmax(scores)
    return configs[best], scores[best], [(config, score) for config, score in zip(configs, scores)]


@random_search.alternative
def with_while_and_a_stable_sort(objective, sampler, trials, rng):
    history = []
    while len(history) < trials:
        history.append((lambda config: (config, objective(config)))(sampler(rng)))
    ranked = sorted((p for p in history if p[1] == p[1]), key=lambda pair: -pair[1])
    return (*ranked[0], history)


@random_search.alternative
def through_an_iterator(objective, sampler, trials, rng):
    def run():
        for _ in itertools.repeat(None, trials):
            config = sampler(rng).copy()
            yield config, np.asarray(objective(config))

    history = list(run())
    best = max(filter(lambda p: not np.isnan(p[1]), history), key=lambda p: float(p[1]))
    return best[0], best[1], history


# --- k_fold_indices --------------------------------------------------------------------------------------------------


def folding(rng: Rng, label: str, m: int, k: int, times: int = 1, rule: str = "is_k_fold") -> Case:
    calls = tuple(Call("k_fold_indices", (m, k, draws(rng))) for _ in range(times))
    return Case(label, calls, (Property(rule, {"calls": list(range(times))}),))


def fold_seeds(rng: Rng, m: int, k: int) -> Case:
    seed = StandIn("rng", {"seed": int(rng.integers(2**31))})
    calls = tuple(Call("k_fold_indices", (m, k, seed)) for _ in range(2))
    return Case("the same seed again", calls, (Property("same_results", {"first": 0, "second": 1}),))


def fold_twice(rng: Rng, m: int, k: int) -> Case:
    generator = shared(rng)
    calls = tuple(Call("k_fold_indices", (m, k, generator)) for _ in range(2))
    expect = (Property("different_results", {"first": 0, "second": 1}), Property("is_k_fold", {"calls": [0, 1]}))
    return Case("the same generator twice: new folds", calls, expect)


k_fold_indices = Exercise(
    "k_fold_indices",
    points=3,
    hints=(
        "Shuffle the numbers 0 … m-1 first. Then they have to be cut into k parts of nearly the same size.",
        "`np.array_split` cuts into parts that differ by at most one. Each part is validation once; all others "
        "are train.",
        "With `parts` from `np.array_split(rng.permutation(m), k)`: in fold i, train is `np.concatenate` of "
        "all parts but `parts[i]`, and validation is `parts[i]`.",
    ),
    not_checked=("one example left out at a time", "two folds", "remainders of every size"),
)


@k_fold_indices.visible
def _(rng: Rng) -> Any:
    yield folding(rng, "twelve examples in three folds", 12, 3)
    yield folding(rng, "ten examples in four folds", 10, 4)
    yield folding(rng, "twelve examples in three folds, with eighty seeds", 12, 3, 80, "random_folds")
    yield fold_seeds(rng, 30, 5)


@k_fold_indices.hidden
def _(rng: Rng) -> Any:
    yield folding(rng, "folds that divide the set", 60, 5)
    yield folding(rng, "one example more than folds hold", 61, 5)
    yield folding(rng, "one example fewer than folds hold", 59, 5)
    yield folding(rng, "a remainder of one", 13, 6)
    yield folding(rng, "a remainder that is nearly k", 27, 14)
    yield folding(rng, "two folds", 9, 2)
    yield folding(rng, "two folds of two examples", 2, 2)
    yield folding(rng, "one example left out at a time", 17, 17)
    yield folding(rng, "all but one fold of a single example", 11, 10)
    yield folding(rng, "a large set", 5003, 10)
    yield folding(rng, "small folds, with many seeds", 10, 5, 150, "random_folds")
    yield folding(rng, "folds of different sizes, with many seeds", 11, 3, 120, "random_folds")
    yield folding(rng, "two folds, with many seeds", 8, 2, 150, "random_folds")
    named = {"rng": draws(rng), "k": 4, "m": 22}
    yield Case("arguments given by name", (Call("k_fold_indices", (), named),), (Property("is_k_fold"),))
    yield fold_seeds(rng, 41, 4)
    yield fold_twice(rng, 40, 4)


@k_fold_indices.misconception(
    "The remainder is lost: m // k examples a fold, and the last few are in no validation part. Every example is asked "
    "once."
)
def the_remainder_is_lost(m, k, rng):
    order, size = rng.permutation(m), m // k
    return [(np.setdiff1d(order, order[i * size : (i + 1) * size]), order[i * size : (i + 1) * size]) for i in range(k)]


@k_fold_indices.misconception(
    "The whole remainder goes to the last fold. Sizes differ by at most one: the first m % k folds get one more."
)
def the_remainder_goes_to_the_last(m, k, rng):
    order, size = rng.permutation(m), m // k
    cuts = [i * size for i in range(k)] + [m]
    return [(np.concatenate([order[: cuts[i]], order[cuts[i + 1] :]]), order[cuts[i] : cuts[i + 1]]) for i in range(k)]


@k_fold_indices.misconception(
    "The folds are blocks of neighbours: a set that is sorted by class then trains without the class it is asked for. "
    "Shuffle first."
)
def without_shuffling(m, k, rng):
    rng.random(m)
    parts = np.array_split(np.arange(m), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


@k_fold_indices.misconception(
    "Every k-th example is in the same fold, in every call: dealt like cards, but never shuffled. Shuffle first."
)
def dealt_without_shuffling(m, k, rng):
    deal = rng.permutation(k)
    return [(np.flatnonzero(np.arange(m) % k != i), np.flatnonzero(np.arange(m) % k == i)) for i in deal]


@k_fold_indices.misconception(
    "Each example draws its fold by itself, so the folds have different sizes. Cut one shuffled order into k parts."
)
def every_example_draws_a_fold(m, k, rng):
    fold = rng.integers(0, k, m)
    return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(k)]


@k_fold_indices.misconception(
    "Every fold shuffles anew: some examples are validated several times and others never. Shuffle once, "
    "before the loop."
)
def shuffled_anew_for_every_fold(m, k, rng):
    folds = []
    for i in range(k):
        parts = np.array_split(rng.permutation(m), k)
        folds.append((np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]))
    return folds


@k_fold_indices.misconception("Train and validation have changed places: the larger part is for training.")
def the_wrong_way_round(m, k, rng):
    parts = np.array_split(rng.permutation(m), k)
    return [(parts[i], np.concatenate(parts[:i] + parts[i + 1 :])) for i in range(k)]


@k_fold_indices.misconception(
    "The validation examples are in train, too: the model has seen what it is asked. Leave them out of train."
)
def validation_is_left_in_train(m, k, rng):
    order = rng.permutation(m)
    return [(order, part) for part in np.array_split(order, k)]


@k_fold_indices.misconception("These are masks of bools. Return index arrays: `np.flatnonzero(mask)`.")
def masks_for_indices(m, k, rng):
    parts = np.array_split(rng.permutation(m), k)
    masks = [np.isin(np.arange(m), part) for part in parts]
    return [(~mask, mask) for mask in masks]


@k_fold_indices.misconception("Only the validation parts come back. Each fold is a tuple (train, validation).")
def only_validation(m, k, rng):
    return np.array_split(rng.permutation(m), k)


@k_fold_indices.misconception(
    "Training and validation parts come in two lists. Return one list of k tuples (train, validation)."
)
def two_lists(m, k, rng):
    parts = np.array_split(rng.permutation(m), k)
    return [np.concatenate(parts[:i] + parts[i + 1 :]) for i in range(k)], parts


@k_fold_indices.misconception("Each fold trains on the next part only. Train on all the other parts.")
def trains_on_one_part(m, k, rng):
    parts = np.array_split(rng.permutation(m), k)
    return [(parts[i - 1], parts[i]) for i in range(k)]


@k_fold_indices.misconception("You count from 1. Indices start at 0, and m - 1 is the last.")
def counted_from_one(m, k, rng):
    parts = np.array_split(rng.permutation(m) + 1, k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


@k_fold_indices.misconception(
    "Every call gives the same folds: your function makes a generator of its own. Draw from `rng`."
)
def a_seed_of_its_own(m, k, rng):
    parts = np.array_split(np.random.default_rng(0).permutation(m), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


@k_fold_indices.misconception("You draw from NumPy's global generator. Use the `rng` that is handed in.")
def the_global_generator(m, k, rng):
    parts = np.array_split(np.random.permutation(m), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


@k_fold_indices.alternative
def by_shuffled_fold_numbers(m, k, rng):
    fold = rng.permutation(np.arange(m) % k)
    return [(np.nonzero(fold != i)[0], np.nonzero(fold == i)[0]) for i in range(k)]


@k_fold_indices.alternative
def every_kth_of_a_shuffled_list(m, k, rng):
    order = list(range(m))
    rng.shuffle(order)
    folds = []
    for i in range(k):
        validation = sorted(order[i::k])
        folds.append((np.array([j for j in range(m) if j not in set(validation)]), np.array(validation)))
    return folds


@k_fold_indices.alternative
def by_cuts(m, k, rng):
    order = np.argsort(rng.random(m))
    cuts = [i * m // k for i in range(k + 1)]
    return [(np.delete(order, slice(a, b)), order[a:b]) for a, b in itertools.pairwise(cuts)]


@k_fold_indices.alternative
def by_turning_a_ring(m, k, rng):
    order = rng.choice(m, m, replace=False)
    folds, start = [], 0
    for i in range(k):
        size = m // k + (1 if i >= k - m % k else 0)
        turned = np.roll(order, -start)
        folds.append((turned[size:], turned[:size]))
        start += size
    return folds[::-1]


# --- cross_validate --------------------------------------------------------------------------------------------------


def exam_rows(easy: Any, rng: Rng | None, dtype: Any = np.float64) -> tuple[Any, Any]:
    """X holds number, label and a number that means nothing; y the labels. As many rows as ``easy`` has entries."""
    m = len(easy)
    y = np.arange(m) % 3 if rng is None else rng.integers(0, 4, m)
    extra = np.zeros(m) if rng is None else np.round(rng.standard_normal(m), 2)
    return np.column_stack([np.arange(m), y, extra]).astype(dtype), y


def share(rng: Rng, m: int, part: float) -> list[int]:
    """So large a part of the rows is easy, spread at random; never the first one of four that a wrong size gets."""
    easy = np.zeros(m, dtype=int)
    easy[rng.permutation(m)[: round(part * m)]] = 1
    return [int(e) for e in easy]


def train_sizes(m: int, k: int) -> list[int]:
    return sorted({m - m // k, m - -(-m // k)})


def crossing(
    rng: Rng, label: str, m: int, k: int, part: float, *, readable: bool = False, dtype: Any = np.float64, **kinds: Any
) -> Case:
    easy = share(rng, m, part)
    X, y = exam_rows(easy, None if readable else rng, dtype)
    y = y.astype(kinds.get("labels", np.int64))
    fit = StandIn("exam_fit", {"easy": easy, "sizes": train_sizes(m, k)})
    expect = (Property("exam_scores", {"easy": easy}),)
    return Case(label, (Call("cross_validate", (fit, X, y, k, draws(rng))),), expect)


def crossing_sorted(rng: Rng, label: str, m: int, k: int, times: int) -> Case:
    """The first half of the rows is easy; so many generators."""
    easy = [int(i < m // 2) for i in range(m)]
    X, y = exam_rows(easy, None)
    fit = StandIn("exam_fit", {"easy": easy, "sizes": train_sizes(m, k)})
    calls = tuple(Call("cross_validate", (fit, X, y, k, draws(rng))) for _ in range(times))
    which = list(range(times))
    return Case(
        label,
        calls,
        (Property("exam_scores", {"easy": easy, "calls": which}), Property("scores_vary", {"calls": which})),
    )


def crossing_again(rng: Rng, m: int, k: int, *, same: bool) -> Case:
    easy = share(rng, m, 0.5)
    X, y = exam_rows(easy, rng)
    fit = StandIn("exam_fit", {"easy": easy, "sizes": train_sizes(m, k)})
    generator = StandIn("rng", {"seed": int(rng.integers(2**31))}) if same else shared(rng)
    calls = tuple(Call("cross_validate", (fit, X, y, k, generator)) for _ in range(2))
    if same:
        return Case("the same seed again", calls, (Property("same_results", {"first": 0, "second": 1}),))
    return Case("the same generator twice: new folds", calls, (Property("calls_differ", {"calls": [0, 1]}),))


cross_validate = Exercise(
    "cross_validate",
    points=3,
    hints=(
        "`k_fold_indices` gives the folds. Which part does `fit` get, and which part is asked?",
        "`fit(X[train], y[train])` returns `predict`. The accuracy is the share of `predict(X[validation])` "
        "that equals `y[validation]`.",
        "Loop over `k_fold_indices(len(X), k, rng)`; in each fold fit anew, and append the mean of the comparison.",
    ),
    not_checked=("one example left out at a time", "two folds", "other dtypes"),
)


@cross_validate.visible
def _(rng: Rng) -> Any:
    yield crossing(rng, "twelve examples in three folds", 12, 3, 2 / 3, readable=True)
    yield crossing(rng, "fourteen examples in four folds", 14, 4, 0.5, readable=True)
    yield crossing_sorted(rng, "forty examples, the easy ones first, with eight seeds", 40, 5, 8)
    yield crossing_again(rng, 100, 20, same=True)


@cross_validate.hidden
def _(rng: Rng) -> Any:
    yield crossing(rng, "folds that divide the set", 60, 5, 0.7)
    yield crossing(rng, "folds of different sizes", 47, 5, 0.6)
    yield crossing(rng, "one example more than folds hold", 41, 8, 0.6)
    yield crossing(rng, "two folds", 30, 2, 0.6)
    yield crossing(rng, "two folds of different sizes", 31, 2, 0.6)
    yield crossing(rng, "one example left out at a time", 26, 26, 0.65)
    yield crossing(rng, "no example right", 40, 4, 0.0)
    yield crossing(rng, "float32", 50, 10, 0.8, dtype=np.float32)
    yield crossing(rng, "whole numbers, labels in one byte", 48, 6, 0.7, dtype=np.int64, labels=np.int8)
    yield crossing_sorted(rng, "sorted examples, with many seeds", 100, 4, 10)
    easy = share(rng, 33, 0.6)
    X, y = exam_rows(easy, rng)
    fit = StandIn("exam_fit", {"easy": easy, "sizes": train_sizes(33, 6)})
    named = {"rng": draws(rng), "k": 6, "y": y, "X": X, "fit": fit}
    yield Case(
        "arguments given by name", (Call("cross_validate", (), named),), (Property("exam_scores", {"easy": easy}),)
    )
    yield crossing_again(rng, 300, 30, same=True)
    yield crossing_again(rng, 300, 30, same=False)


@cross_validate.misconception(
    "The model is trained on everything, the examples it is asked included: it has seen the answers. Fit on "
    "the training part of each fold."
)
def fitted_on_everything(fit, X, y, k, rng):
    predict = fit(X, y)
    return np.array([np.mean(predict(X[v]) == y[v]) for _, v in k_fold_indices(len(X), k, rng)])


@cross_validate.misconception(
    "The accuracy is measured on the training part, which the model has seen. Ask it for the validation part."
)
def measured_on_the_training_part(fit, X, y, k, rng):
    return np.array([np.mean(fit(X[t], y[t])(X[t]) == y[t]) for t, _ in k_fold_indices(len(X), k, rng)])


@cross_validate.misconception(
    "Training and validation have changed places: you fit on the small part and ask for the large one."
)
def roles_changed(fit, X, y, k, rng):
    return np.array([np.mean(fit(X[v], y[v])(X[t]) == y[t]) for t, v in k_fold_indices(len(X), k, rng)])


@cross_validate.misconception("These are error rates. Accuracies are asked for: the share of right answers.")
def error_rates(fit, X, y, k, rng):
    return np.array([np.mean(fit(X[t], y[t])(X[v]) != y[v]) for t, v in k_fold_indices(len(X), k, rng)])


@cross_validate.misconception("This is one number, the mean. Return all k accuracies: their spread is worth knowing.")
def only_the_mean(fit, X, y, k, rng):
    return np.mean([np.mean(fit(X[t], y[t])(X[v]) == y[v]) for t, v in k_fold_indices(len(X), k, rng)])


@cross_validate.misconception("These are numbers of right answers. Divide each by the size of its validation part.")
def counts_for_shares(fit, X, y, k, rng):
    return np.array([np.sum(fit(X[t], y[t])(X[v]) == y[v]) for t, v in k_fold_indices(len(X), k, rng)])


@cross_validate.misconception(
    "A single model, that of the first fold, is asked in all folds: it was trained on most of what it is "
    "asked. Fit anew in each fold."
)
def the_first_model_for_all(fit, X, y, k, rng):
    folds = k_fold_indices(len(X), k, rng)
    predict = fit(X[folds[0][0]], y[folds[0][0]])
    return np.array([np.mean(predict(X[v]) == y[v]) for _, v in folds])


@cross_validate.misconception(
    "The folds are not shuffled: a sorted set is cut into blocks. Let `k_fold_indices` choose, with `rng`."
)
def blocks_of_neighbours(fit, X, y, k, rng):
    scores = []
    for validation in np.array_split(np.arange(len(X)), k):
        train = np.setdiff1d(np.arange(len(X)), validation)
        scores.append(np.mean(fit(X[train], y[train])(X[validation]) == y[validation]))
    return np.array(scores)


@cross_validate.misconception(
    "The folds are the same in every call: you make a generator of your own. Hand on the `rng` you were given."
)
def a_seed_of_its_own(fit, X, y, k, rng):
    folds = k_fold_indices(len(X), k, np.random.default_rng(0))
    return np.array([np.mean(fit(X[t], y[t])(X[v]) == y[v]) for t, v in folds])


@cross_validate.misconception(
    "The labels are shuffled apart from their rows: the model learns from labels that belong to other "
    "examples. Use one order for both."
)
def labels_in_another_order(fit, X, y, k, rng):
    shuffled = y[rng.permutation(len(y))]
    return np.array([np.mean(fit(X[t], shuffled[t])(X[v]) == y[v]) for t, v in k_fold_indices(len(X), k, rng)])


@cross_validate.misconception(
    "Each of your rounds draws a new split of its own, so some examples are asked several times and others never. Make "
    "the k folds once."
)
def a_new_split_every_time(fit, X, y, k, rng):
    scores = []
    for _ in range(k):
        t, v = k_fold_indices(len(X), k, rng)[0]
        scores.append(np.mean(fit(X[t], y[t])(X[v]) == y[v]))
    return np.array(scores)


@cross_validate.misconception(
    "The examples beyond k equal folds are dropped. `k_fold_indices` keeps all: its folds differ by at most one."
)
def the_remainder_is_dropped(fit, X, y, k, rng):
    order = rng.permutation(len(X))[: len(X) // k * k]
    scores = []
    for validation in order.reshape(k, -1):
        train = np.setdiff1d(order, validation)
        scores.append(np.mean(fit(X[train], y[train])(X[validation]) == y[validation]))
    return np.array(scores)


@cross_validate.alternative
def in_a_list(fit, X, y, k, rng):
    scores = []
    for train, validation in k_fold_indices(X.shape[0], k, rng):
        predict = fit(X[train], y[train])
        right = sum(int(p == t) for p, t in zip(predict(X[validation]), y[validation]))
        scores.append(right / len(validation))
    return scores


@cross_validate.alternative
def by_masks_of_its_own(fit, X, y, k, rng):
    fold = np.arange(len(y)) % k
    rng.shuffle(fold)
    scores = np.zeros(k, dtype=np.float32)
    for i in range(k):
        held_out = fold == i
        scores[i] = 1 - np.mean(fit(X[~held_out], y[~held_out])(X[held_out]) != y[held_out])
    return scores


@cross_validate.alternative
def one_row_at_a_time(fit, X, y, k, rng):
    accuracies = []
    for train, validation in k_fold_indices(len(X), k, rng):
        predict = fit(np.take(X, np.sort(train), axis=0), np.take(y, np.sort(train)))
        accuracies += [np.mean([predict(X[i : i + 1])[0] == y[i] for i in validation])]
    return np.asarray(accuracies)


@cross_validate.alternative
def shuffled_first(fit, X, y, k, rng):
    order = rng.permutation(len(X))
    Xs, ys = np.array_split(X[order], k), np.array_split(y[order], k)

    def score(i):
        predict = fit(np.vstack(Xs[:i] + Xs[i + 1 :]), np.hstack(ys[:i] + ys[i + 1 :]))
        return np.count_nonzero(predict(Xs[i]) == ys[i]) / len(ys[i])

    return [score(i) for i in range(k)]


# --- nested_cross_validate -------------------------------------------------------------------------------------------


def nested_sizes(m: int, outer: int, inner: int) -> tuple[list[int], list[int]]:
    """How many examples the inner models and the refitted ones are trained on."""
    refit = train_sizes(m, outer)
    within = sorted({size for n in refit for size in train_sizes(n, inner)})
    return within, refit


def examined(m: int, outer: int, inner: int, inside: Any, outside: Any) -> StandIn:
    """The models: for each setting of "model" the rows that are easy within the inner folds, and after the refit."""
    within, refit = nested_sizes(m, outer, inner)
    assert not set(within) & set(refit)
    params = {"name": "model", "inner": inside, "outer": outside, "inner_sizes": within, "outer_sizes": refit}
    return StandIn("exam_fit_with", params)


def part_of(rows: list[int], part: float, rng: Rng) -> list[int]:
    """So large a part of these rows' ones, the others zero."""
    ones = rng.permutation(np.flatnonzero(rows))
    kept = np.zeros(len(rows), dtype=int)
    kept[ones[: round(part * len(ones))]] = 1
    return [int(e) for e in kept]


def nesting(
    rng: Rng,
    label: str,
    m: int,
    outer: int,
    inner: int,
    winner: int,
    *,
    tied: tuple[int, ...] = (),
    count: int = 4,
    readable: bool = False,
    dtype: Any = np.float64,
    times: int = 1,
    after: float = 0.5,
    more: Any = None,
) -> Case:
    """One config is the best in all inner folds, whatever they are; after the refit another one would be.

    What the others have right, the winner has, and more; those in ``tied`` have exactly what it has.
    """
    names = ["small", "medium", "large", "huge", "plain"][:count]
    best = share(rng, m, 0.9)
    inside = {name: best if i == winner or i in tied else part_of(best, 0.6, rng) for i, name in enumerate(names)}
    outside = {name: share(rng, m, after if i == winner else 0.9 - 0.08 * i) for i, name in enumerate(names)}
    X, y = exam_rows(best, None if readable else rng, dtype)
    configs: list[Config] = [{"model": name, **(more or {})} for name in names]
    fit_with = examined(m, outer, inner, inside, outside)
    assert not set(train_sizes(m, inner)) & set(nested_sizes(m, outer, inner)[0]), "the whole set's folds look right"
    calls = tuple(
        Call("nested_cross_validate", (fit_with, configs, X, y, outer, inner, draws(rng))) for _ in range(times)
    )
    rule = {"winner": winner, "easy": outside[names[winner]], "calls": list(range(times))}
    return Case(label, calls, (Property("nested_winner", rule),))


def nesting_by_fold(rng: Rng, label: str, half: int, inner: int) -> Case:
    """One row is left out at a time, and it decides which of two configs is the best of the others.

    Model "a" has every even row right, "b" every odd one; whichever lost a row is behind. After the refit "a" has
    some odd rows right and "b" some even ones.
    """
    m = 2 * half + 1
    even = [int(i % 2 == 0 and i < 2 * half) for i in range(m)]
    odd = [int(i % 2 == 1) for i in range(m)]
    # The last row is nobody's: both lose nothing, and the first config wins the tie.
    after = {"a": part_of(odd, 0.5, rng), "b": part_of(even, 0.7, rng)}
    X, y = exam_rows(even, rng)
    configs: list[Config] = [{"model": "a"}, {"model": "b"}]
    fit_with = examined(m, m, inner, {"a": even, "b": odd}, after)
    pairs = []
    for i in range(m):
        best = 1 if even[i] else 0
        pairs.append((best, after["ab"[best]][i]))
    call = Call("nested_cross_validate", (fit_with, configs, X, y, m, inner, draws(rng)))
    return Case(label, (call,), (Property("nested_pairs", {"pairs": pairs}),))


def nested_seeds(rng: Rng, *, same: bool) -> Case:
    m, outer, inner = 210, 21, 2
    case = nesting(rng, "", m, outer, inner, 1, count=2)
    generator = StandIn("rng", {"seed": int(rng.integers(2**31))}) if same else shared(rng)
    call = Call("nested_cross_validate", (*case.calls[0].args[:-1], generator))
    if same:
        return Case("the same seed again", (call, call), (Property("same_results", {"first": 0, "second": 1}),))
    label = "the same generator twice: new folds"
    return Case(label, (call, call), (Property("different_results", {"first": 0, "second": 1}),))


nested_cross_validate = Exercise(
    "nested_cross_validate",
    points=5,
    hints=(
        "Two loops. The outer one holds out a part; the choice of a config is made without ever looking at that part.",
        "In each outer fold: `cross_validate` every config on the outer training part, take the best mean, fit "
        "that config once more on the whole outer training part, and score on the outer validation part.",
        "`means = [np.mean(cross_validate(fit_with(c), X[train], y[train], inner, rng)) for c in configs]`, then "
        "`best = configs[int(np.argmax(means))]` and `predict = fit_with(best)(X[train], y[train])`.",
    ),
    not_checked=("folds of different sizes", "ties of other configs", "configs with several settings"),
    time_limit=20.0,
    equivalent=(
        Equivalent(
            "means = [np.sum(cross_validate(fit_with(c), X[train], y[train], inner, rng)) for c in configs]",
            "all configs have as many inner folds, so the largest sum is the largest mean",
        ),
    ),
)


@nested_cross_validate.visible
def _(rng: Rng) -> Any:
    yield nesting(rng, "two configs, the second is better inside", 32, 4, 3, 1, count=2, readable=True)
    yield nesting(rng, "three configs, the second is the best inside", 40, 5, 4, 1, count=3, readable=True)
    yield nesting(rng, "three configs, the last two tied", 40, 5, 4, 1, count=3, tied=(2,), readable=True)
    yield nesting_by_fold(rng, "one example left out at a time: it decides the choice", 6, 3)


@nested_cross_validate.hidden
def _(rng: Rng) -> Any:
    yield nesting(rng, "four configs, the third is the best", 48, 4, 6, 2, times=4)
    yield nesting(rng, "four configs, the last is the best", 48, 4, 6, 3, times=2)
    yield nesting(rng, "four configs, the first is the best", 48, 4, 6, 0)
    yield nesting(rng, "small inner folds", 32, 4, 6, 2, times=6)
    yield nesting(rng, "outer folds of different sizes", 47, 5, 4, 2)
    yield nesting(rng, "inner folds of different sizes", 50, 5, 7, 1)
    yield nesting(rng, "more outer folds than inner ones", 60, 10, 2, 2)
    yield nesting(rng, "more inner folds than outer ones", 48, 2, 12, 2)
    yield nesting(rng, "two and two folds", 44, 2, 2, 1)
    yield nesting(rng, "a tie of the first and the last config", 48, 4, 9, 0, tied=(3,), times=3)
    yield nesting(rng, "a tie of the second and the third config", 48, 4, 9, 1, tied=(2,), times=3)
    yield nesting(rng, "a tie of all configs", 48, 4, 9, 0, tied=(1, 2, 3), times=2)
    yield nesting(rng, "a single config", 40, 5, 4, 0, count=1)
    yield nesting(rng, "a winner that is poor after the refit", 48, 4, 6, 1, after=0.1)
    yield nesting(rng, "a winner that has every row right", 48, 4, 6, 2, after=1.0)
    yield nesting(rng, "float32", 48, 4, 6, 1, dtype=np.float32)
    yield nesting(
        rng, "configs with several settings", 48, 4, 6, 2, more={"lam": 0.1, "hidden": [32, 16], "schedule": None}
    )
    yield nesting_by_fold(rng, "an outer fold for every example, which decides the choice", 8, 4)
    yield nesting_by_fold(rng, "an outer fold for every example, and inner ones too", 5, 10)
    case = nesting(rng, "arguments given by name", 48, 4, 6, 1)
    order = ("fit_with", "configs", "X", "y", "outer", "inner", "rng")
    named = dict(reversed(list(zip(order, case.calls[0].args))))
    yield Case(case.label, (Call("nested_cross_validate", (), named),), case.expect)
    yield nested_seeds(rng, same=True)
    yield nested_seeds(rng, same=False)


@nested_cross_validate.misconception(
    "The best inner score is reported. It won a contest, so it is too good; the outer validation part gives "
    "the honest one."
)
def the_best_inner_score(fit_with, configs, X, y, outer, inner, rng):
    scores, chosen = [], []
    for train, _ in k_fold_indices(len(X), outer, rng):
        means = [np.mean(cross_validate(fit_with(c), X[train], y[train], inner, rng)) for c in configs]
        scores.append(max(means))
        chosen.append(configs[int(np.argmax(means))])
    return np.array(scores), chosen


@nested_cross_validate.misconception(
    "The config is chosen by its score on the outer validation part, and that same score is reported. The choice may "
    "only use the outer training part: cross-validate there."
)
def chosen_by_the_outer_score(fit_with, configs, X, y, outer, inner, rng):
    scores, chosen = [], []
    for train, validation in k_fold_indices(len(X), outer, rng):
        found = [np.mean(fit_with(c)(X[train], y[train])(X[validation]) == y[validation]) for c in configs]
        scores.append(max(found))
        chosen.append(configs[int(np.argmax(found))])
    return np.array(scores), chosen


@nested_cross_validate.misconception(
    "The inner folds are cut from the whole set, so the choice has seen the outer validation part. Cut them from the "
    "outer training part."
)
def inner_folds_of_the_whole_set(fit_with, configs, X, y, outer, inner, rng):
    scores, chosen = [], []
    for train, validation in k_fold_indices(len(X), outer, rng):
        means = [np.mean(cross_validate(fit_with(c), X, y, inner, rng)) for c in configs]
        best = configs[int(np.argmax(means))]
        scores.append(np.mean(fit_with(best)(X[train], y[train])(X[validation]) == y[validation]))
        chosen.append(best)
    return np.array(scores), chosen


@nested_cross_validate.misconception(
    "The chosen config is not refitted on the whole outer training part: a model of an inner fold, which saw less, is "
    "asked instead."
)
def without_a_refit(fit_with, configs, X, y, outer, inner, rng):
    scores, chosen = [], []
    for train, validation in k_fold_indices(len(X), outer, rng):
        folds = k_fold_indices(len(train), inner, rng)
        means, models = [], []
        for c in configs:
            predicts = [fit_with(c)(X[train][t], y[train][t]) for t, _ in folds]
            means.append(np.mean([np.mean(p(X[train][v]) == y[train][v]) for p, (_, v) in zip(predicts, folds)]))
            models.append(predicts[-1])
        best = int(np.argmax(means))
        scores.append(np.mean(models[best](X[validation]) == y[validation]))
        chosen.append(configs[best])
    return np.array(scores), chosen


@nested_cross_validate.misconception(
    "The chosen config is refitted on all examples, those of the outer validation part included, and then "
    "asked for them. Refit on the outer training part."
)
def refitted_on_everything(fit_with, configs, X, y, outer, inner, rng):
    scores, chosen = [], []
    for train, validation in k_fold_indices(len(X), outer, rng):
        means = [np.mean(cross_validate(fit_with(c), X[train], y[train], inner, rng)) for c in configs]
        best = configs[int(np.argmax(means))]
        scores.append(np.mean(fit_with(best)(X, y)(X[validation]) == y[validation]))
        chosen.append(best)
    return np.array(scores), chosen


@nested_cross_validate.misconception("Of tied configs the last one is chosen. A tie keeps the first.")
def the_last_of_a_tie(fit_with, configs, X, y, outer, inner, rng):
    scores, chosen = [], []
    for train, validation in k_fold_indices(len(X), outer, rng):
        means = [np.mean(cross_validate(fit_with(c), X[train], y[train], inner, rng)) for c in configs]
        best = configs[len(means) - 1 - int(np.argmax(means[::-1]))]
        scores.append(np.mean(fit_with(best)(X[train], y[train])(X[validation]) == y[validation]))
        chosen.append(best)
    return np.array(scores), chosen


@nested_cross_validate.misconception(
    "The config with the worst inner accuracy is chosen: these are accuracies, not errors."
)
def the_worst_is_chosen(fit_with, configs, X, y, outer, inner, rng):
    scores, chosen = [], []
    for train, validation in k_fold_indices(len(X), outer, rng):
        means = [np.mean(cross_validate(fit_with(c), X[train], y[train], inner, rng)) for c in configs]
        best = configs[int(np.argmin(means))]
        scores.append(np.mean(fit_with(best)(X[train], y[train])(X[validation]) == y[validation]))
        chosen.append(best)
    return np.array(scores), chosen


@nested_cross_validate.misconception(
    "One config is chosen for all outer folds together, so every validation part has had its say. Each outer "
    "fold makes its own choice."
)
def one_choice_for_all_folds(fit_with, configs, X, y, outer, inner, rng):
    folds = k_fold_indices(len(X), outer, rng)
    means = np.array(
        [[np.mean(cross_validate(fit_with(c), X[t], y[t], inner, rng)) for c in configs] for t, _ in folds]
    )
    best = configs[int(np.argmax(means.mean(axis=0)))]
    scores = [np.mean(fit_with(best)(X[t], y[t])(X[v]) == y[v]) for t, v in folds]
    return np.array(scores), [best] * outer


@nested_cross_validate.misconception(
    "The config with the best single fold is chosen: luck in one small fold is enough. Compare the means over "
    "the inner folds."
)
def the_best_single_fold(fit_with, configs, X, y, outer, inner, rng):
    scores, chosen = [], []
    for train, validation in k_fold_indices(len(X), outer, rng):
        tops = [np.max(cross_validate(fit_with(c), X[train], y[train], inner, rng)) for c in configs]
        best = configs[int(np.argmax(tops))]
        scores.append(np.mean(fit_with(best)(X[train], y[train])(X[validation]) == y[validation]))
        chosen.append(best)
    return np.array(scores), chosen


@nested_cross_validate.misconception(
    "The inner models are asked for examples they were trained on: a config that memorises wins. Score each "
    "inner model on its inner validation part."
)
def inner_scores_on_what_was_seen(fit_with, configs, X, y, outer, inner, rng):
    scores, chosen = [], []
    for train, validation in k_fold_indices(len(X), outer, rng):
        means = [np.mean(fit_with(c)(X[train], y[train])(X[train]) == y[train]) for c in configs]
        best = configs[int(np.argmax(means))]
        scores.append(np.mean(fit_with(best)(X[train], y[train])(X[validation]) == y[validation]))
        chosen.append(best)
    return np.array(scores), chosen


@nested_cross_validate.misconception(
    "`outer` and `inner` have changed places: the first is the number of folds that give scores."
)
def outer_and_inner_changed(fit_with, configs, X, y, outer, inner, rng):
    scores, chosen = [], []
    for train, validation in k_fold_indices(len(X), inner, rng):
        means = [np.mean(cross_validate(fit_with(c), X[train], y[train], outer, rng)) for c in configs]
        best = configs[int(np.argmax(means))]
        scores.append(np.mean(fit_with(best)(X[train], y[train])(X[validation]) == y[validation]))
        chosen.append(best)
    return np.array(scores), chosen


@nested_cross_validate.misconception("chosen holds the numbers of the configs. Put the configs themselves into it.")
def numbers_for_configs(fit_with, configs, X, y, outer, inner, rng):
    scores, chosen = [], []
    for train, validation in k_fold_indices(len(X), outer, rng):
        means = [np.mean(cross_validate(fit_with(c), X[train], y[train], inner, rng)) for c in configs]
        best = int(np.argmax(means))
        scores.append(np.mean(fit_with(configs[best])(X[train], y[train])(X[validation]) == y[validation]))
        chosen.append(best)
    return np.array(scores), chosen


@nested_cross_validate.misconception("Only the scores come back. Return the pair (scores, chosen).")
def scores_alone(fit_with, configs, X, y, outer, inner, rng):
    scores = []
    for train, validation in k_fold_indices(len(X), outer, rng):
        means = [np.mean(cross_validate(fit_with(c), X[train], y[train], inner, rng)) for c in configs]
        best = configs[int(np.argmax(means))]
        scores.append(np.mean(fit_with(best)(X[train], y[train])(X[validation]) == y[validation]))
    return np.array(scores)


@nested_cross_validate.misconception("This is the mean of the scores. Return one score for every outer fold.")
def the_mean_of_the_scores(fit_with, configs, X, y, outer, inner, rng):
    scores, chosen = [], []
    for train, validation in k_fold_indices(len(X), outer, rng):
        means = [np.mean(cross_validate(fit_with(c), X[train], y[train], inner, rng)) for c in configs]
        best = configs[int(np.argmax(means))]
        scores.append(np.mean(fit_with(best)(X[train], y[train])(X[validation]) == y[validation]))
        chosen.append(best)
    return np.mean(scores), chosen


@nested_cross_validate.alternative
def the_same_inner_folds_for_all(fit_with, configs, X, y, outer, inner, rng):
    scores, chosen = [], []
    for train, validation in k_fold_indices(len(X), outer, rng):
        inside = [(train[t], train[v]) for t, v in k_fold_indices(len(train), inner, rng)]
        best, best_mean = None, -1.0
        for config in configs:
            fit = fit_with(config)
            mean = sum(np.mean(fit(X[t], y[t])(X[v]) == y[v]) for t, v in inside) / inner
            if mean > best_mean:
                best, best_mean = config, mean
        predict = fit_with(best)(X[train], y[train])
        scores.append(float(np.mean(predict(X[validation]) == y[validation])))
        chosen.append(dict(best))
    return scores, chosen


@nested_cross_validate.alternative
def with_a_grid_search(fit_with, configs, X, y, outer, inner, rng):
    pairs = []
    for train, validation in k_fold_indices(len(X), outer, rng):

        def objective(choice):
            return np.mean(cross_validate(fit_with(configs[choice["number"]]), X[train], y[train], inner, rng))

        best = configs[grid_search(objective, {"number": list(range(len(configs)))})[0]["number"]]
        right = fit_with(best)(X[train], y[train])(X[validation]) == y[validation]
        pairs.append((right.sum() / right.size, best))
    return np.array([score for score, _ in pairs]), [config for _, config in pairs]


@nested_cross_validate.alternative
def by_the_same_seed_for_all(fit_with, configs, X, y, outer, inner, rng):
    models = [fit_with(config) for config in configs]
    scores, chosen = np.empty(outer), []
    for i, (train, validation) in enumerate(k_fold_indices(len(y), outer, rng)):
        seed = int(rng.integers(2**32))
        inside = np.array([cross_validate(m, X[train], y[train], inner, np.random.default_rng(seed)) for m in models])
        best = max(range(len(configs)), key=lambda j: inside[j].mean())
        scores[i] = np.mean(models[best](X[train], y[train])(X[validation]) == y[validation])
        chosen.append(configs[best])
    return scores, chosen


EXERCISES: tuple[Exercise, ...] = (
    sample_log_uniform,
    sample_beta,
    grid_search,
    random_search,
    k_fold_indices,
    cross_validate,
    nested_cross_validate,
)
