"""Answers to lesson 13 that were written from the curriculum alone, and what the judge must say of each."""

from __future__ import annotations

from .examining import answers

RIGHT: dict[str, dict[str, str]] = {}
WRONG: dict[str, dict[str, str]] = {}

# --- sample_log_uniform ----------------------------------------------------------------------------------------------
RIGHT["sample_log_uniform"] = answers("""
#: exp of uniform logs
def sample_log_uniform(low, high, size, rng):
    return np.exp(rng.uniform(np.log(low), np.log(high), size))
#: powers of ten
def sample_log_uniform(low, high, size, rng):
    return 10 ** rng.uniform(math.log10(low), math.log10(high), size=(size,))
#: powers of two
def sample_log_uniform(low, high, size, rng):
    return np.exp2(rng.uniform(np.log2(low), np.log2(high), size))
#: a ratio
def sample_log_uniform(low, high, size, rng):
    return low * (high / low) ** rng.random(size)
#: from the high end
def sample_log_uniform(low, high, size, rng):
    return high * (low / high) ** rng.random(size)
#: a weighted geometric mean
def sample_log_uniform(low, high, size, rng):
    u = rng.uniform(size=size)
    return float(low) ** (1 - u) * float(high) ** u
#: a loop
def sample_log_uniform(low, high, size, rng):
    return np.array([math.exp(rng.uniform(math.log(low), math.log(high))) for _ in range(size)])
#: one scalar draw a time, backwards
def sample_log_uniform(low, high, size, rng):
    out = np.zeros(size)
    for i in reversed(range(size)):
        out[i] = np.exp(np.log(low) + rng.random() * (np.log(high) - np.log(low)))
    return out
#: shuffled afterwards
def sample_log_uniform(low, high, size, rng):
    values = np.exp(rng.uniform(np.log(low), np.log(high), size))
    rng.shuffle(values)
    return values
#: by exponential variables
def sample_log_uniform(low, high, size, rng):
    return low * np.exp(np.log(high / low) * -np.expm1(-rng.standard_exponential(size)))
#: clipped to the range
def sample_log_uniform(low, high, size, rng):
    return np.clip(np.exp(rng.uniform(np.log(low), np.log(high), size)), low, high)
#: a child generator
def sample_log_uniform(low, high, size, rng):
    child = np.random.default_rng(rng.integers(2**63))
    return np.exp(child.uniform(np.log(low), np.log(high), size))
#: more draws than needed
def sample_log_uniform(low, high, size, rng):
    return np.exp(rng.uniform(np.log(low), np.log(high), 2 * size))[::2]
#: logspace of uniform exponents
def sample_log_uniform(low, high, size, rng, base=10.0):
    exponents = rng.uniform(np.log(low) / np.log(base), np.log(high) / np.log(base), size)
    return np.power(base, exponents)
#: a lambda
sample_log_uniform = lambda low, high, size, rng: np.exp(np.log(low) + np.log(high / low) * rng.random(size))
#: interpolated
def sample_log_uniform(low, high, size, rng):
    return np.exp(np.interp(rng.random(size), [0, 1], [np.log(low), np.log(high)]))
""")
WRONG["sample_log_uniform"] = answers("""
#: linear
def sample_log_uniform(low, high, size, rng):
    return rng.uniform(low, high, size)
#: ends as exponents
def sample_log_uniform(low, high, size, rng):
    return 10 ** np.minimum(rng.uniform(low, high, size), 300)
#: mixed bases
def sample_log_uniform(low, high, size, rng):
    return 10 ** rng.uniform(np.log(low), np.log(high), size)
#: mixed bases the other way
def sample_log_uniform(low, high, size, rng):
    return np.exp(rng.uniform(np.log10(low), np.log10(high), size))
#: reciprocal uniform
def sample_log_uniform(low, high, size, rng):
    return 1 / rng.uniform(1 / high, 1 / low, size)
#: root uniform
def sample_log_uniform(low, high, size, rng):
    return rng.uniform(np.sqrt(low), np.sqrt(high), size) ** 2
#: logs
def sample_log_uniform(low, high, size, rng):
    return rng.uniform(np.log(low), np.log(high), size)
#: a ladder
def sample_log_uniform(low, high, size, rng):
    rng.random()
    return np.geomspace(low, high, size)
#: a shuffled ladder
def sample_log_uniform(low, high, size, rng):
    return rng.permutation(np.geomspace(low, high, size))
#: draws from a ladder
def sample_log_uniform(low, high, size, rng):
    return rng.choice(np.geomspace(low, high, 10), size)
#: stratified
def sample_log_uniform(low, high, size, rng):
    return low * (high / low) ** ((rng.permutation(size) + rng.random(size)) / size)
#: sorted
def sample_log_uniform(low, high, size, rng):
    return np.sort(np.exp(rng.uniform(np.log(low), np.log(high), size)))
#: one too many
def sample_log_uniform(low, high, size, rng):
    return np.exp(rng.uniform(np.log(low), np.log(high), size + 1))
#: a column
def sample_log_uniform(low, high, size, rng):
    return np.exp(rng.uniform(np.log(low), np.log(high), (size, 1)))
#: a list
def sample_log_uniform(low, high, size, rng):
    return list(np.exp(rng.uniform(np.log(low), np.log(high), size)))
#: global generator
def sample_log_uniform(low, high, size, rng):
    return np.exp(np.random.uniform(np.log(low), np.log(high), size))
#: fixed seed
def sample_log_uniform(low, high, size, rng):
    return np.exp(np.random.default_rng(3).uniform(np.log(low), np.log(high), size))
#: no seed
def sample_log_uniform(low, high, size, rng):
    return np.exp(np.random.default_rng().uniform(np.log(low), np.log(high), size))
#: half of the range
def sample_log_uniform(low, high, size, rng):
    return np.exp(rng.uniform(np.log(low), (np.log(low) + np.log(high)) / 2, size))
#: triangular in the logarithm
def sample_log_uniform(low, high, size, rng):
    return low * (high / low) ** ((rng.random(size) + rng.random(size)) / 2)
#: one draw repeated
def sample_log_uniform(low, high, size, rng):
    return np.repeat(np.exp(rng.uniform(np.log(low), np.log(high))), size)
#: pairs repeated with other signs
def sample_log_uniform(low, high, size, rng):
    u = rng.random((size + 1) // 2)
    return low * (high / low) ** np.ravel(np.column_stack([u, 1 - u]))[:size]
""")

# --- sample_beta -----------------------------------------------------------------------------------------------------
RIGHT["sample_beta"] = answers("""
#: through sample_log_uniform
def sample_beta(low, high, size, rng):
    return 1 - sample_log_uniform(1 - high, 1 - low, size, rng)
#: ends in the other order
def sample_beta(low, high, size, rng):
    return 1 - np.exp(np.log(1 - low) + rng.random(size) * (np.log(1 - high) - np.log(1 - low)))
#: powers of ten
def sample_beta(low, high, size, rng):
    return 1 - 10 ** rng.uniform(np.log10(1 - high), np.log10(1 - low), size)
#: log1p and expm1
def sample_beta(low, high, size, rng):
    return -np.expm1(rng.uniform(np.log1p(-high), np.log1p(-low), size))
#: a log-uniform window
def sample_beta(low, high, size, rng):
    window = np.exp(rng.uniform(np.log(1 / (1 - low)), np.log(1 / (1 - high)), size))
    return 1 - 1 / window
#: (window - 1) / window
def sample_beta(low, high, size, rng):
    window = sample_log_uniform(1 / (1 - low), 1 / (1 - high), size, rng)
    return (window - 1) / window
#: a loop
def sample_beta(low, high, size, rng):
    return np.array([1 - math.exp(rng.uniform(math.log(1 - high), math.log(1 - low))) for _ in range(size)])
#: a ratio
def sample_beta(low, high, size, rng):
    return 1 - (1 - low) * ((1 - high) / (1 - low)) ** rng.random(size)
#: a weighted geometric mean
def sample_beta(low, high, size, rng):
    u = rng.random(size)
    return 1 - (1 - low) ** u * (1 - high) ** (1 - u)
#: clipped
def sample_beta(low, high, size, rng):
    return np.clip(1 - np.exp(rng.uniform(np.log(1 - high), np.log(1 - low), size)), low, high)
#: negative exponents
def sample_beta(low, high, size, rng):
    return 1 - 10.0 ** -rng.uniform(-np.log10(1 - low), -np.log10(1 - high), size)
#: shuffled afterwards
def sample_beta(low, high, size, rng):
    return rng.permutation(1 - sample_log_uniform(1 - high, 1 - low, size, rng))
#: in place
def sample_beta(low, high, size, rng):
    out = rng.random(size)
    out *= math.log((1 - low) / (1 - high))
    out += math.log(1 - high)
    np.exp(out, out=out)
    return np.subtract(1, out, out=out)
#: a child generator
def sample_beta(low, high, size, rng):
    return 1 - sample_log_uniform(1 - high, 1 - low, size, np.random.default_rng(rng.integers(2**60)))
#: one value a call
def sample_beta(low, high, size, rng):
    return np.concatenate([1 - sample_log_uniform(1 - high, 1 - low, 1, rng) for _ in range(size)])
""")
WRONG["sample_beta"] = answers("""
#: uniform
def sample_beta(low, high, size, rng):
    return rng.uniform(low, high, size)
#: log-uniform in beta
def sample_beta(low, high, size, rng):
    return sample_log_uniform(max(low, 1e-9), high, size, rng)
#: one minus beta
def sample_beta(low, high, size, rng):
    return sample_log_uniform(1 - high, 1 - low, size, rng)
#: only turned at the end
def sample_beta(low, high, size, rng):
    return 1 - sample_log_uniform(max(low, 1e-9), high, size, rng)
#: only the ends turned
def sample_beta(low, high, size, rng):
    return 1 - rng.uniform(1 - high, 1 - low, size)
#: a uniform window
def sample_beta(low, high, size, rng):
    return 1 - 1 / rng.uniform(1 / (1 - low), 1 / (1 - high), size)
#: mirrored
def sample_beta(low, high, size, rng):
    return low + high - (1 - sample_log_uniform(1 - high, 1 - low, size, rng))
#: nines only
def sample_beta(low, high, size, rng):
    return np.clip(1 - 10.0 ** -rng.integers(1, 4, size), low, high)
#: a list
def sample_beta(low, high, size, rng):
    return (1 - sample_log_uniform(1 - high, 1 - low, size, rng)).tolist()
#: mixed bases
def sample_beta(low, high, size, rng):
    return 1 - np.exp(rng.uniform(np.log10(1 - high), np.log10(1 - low), size))
#: global generator
def sample_beta(low, high, size, rng):
    return 1 - np.exp(np.random.uniform(np.log(1 - high), np.log(1 - low), size))
#: fixed seed
def sample_beta(low, high, size, rng):
    return 1 - sample_log_uniform(1 - high, 1 - low, size, np.random.default_rng(42))
#: a ladder
def sample_beta(low, high, size, rng):
    return 1 - np.geomspace(1 - high, 1 - low, size)
#: sorted
def sample_beta(low, high, size, rng):
    return np.sort(1 - sample_log_uniform(1 - high, 1 - low, size, rng))
#: half-life uniform
def sample_beta(low, high, size, rng):
    low = max(low, 1e-9)
    return 0.5 ** (1 / rng.uniform(np.log(0.5) / np.log(low), np.log(0.5) / np.log(high), size))
#: one draw repeated
def sample_beta(low, high, size, rng):
    return np.full(size, 1 - sample_log_uniform(1 - high, 1 - low, 1, rng)[0])
#: a row
def sample_beta(low, high, size, rng):
    return (1 - sample_log_uniform(1 - high, 1 - low, size, rng))[None]
#: the range of a coarser gap
def sample_beta(low, high, size, rng):
    return 1 - sample_log_uniform((1 - high) * 1.3, 1 - low, size, rng)
""")

# --- searches --------------------------------------------------------------------------------------------------------
#: Ways to pick the best of a history, in the words of a program.
_BEST_RIGHT = {
    "a strict comparison": """
    best_config, best_score = None, -math.inf
    for config, score in history:
        if score > best_score:
            best_config, best_score = config, score
    return best_config, best_score, history
""",
    "max of the numbers": """
    c, s = max([t for t in history if not np.isnan(t[1])], key=lambda t: t[1])
    return c, s, history
""",
    "nanargmax": """
    i = int(np.nanargmax([s for _, s in history]))
    return history[i][0], history[i][1], history
""",
    "a stable sort": """
    ranked = sorted([t for t in history if t[1] == t[1]], key=lambda t: t[1], reverse=True)
    return ranked[0][0], ranked[0][1], history
""",
    "nan replaced for the comparison": """
    scores = np.array([s for _, s in history], dtype=float)
    i = np.argmax(np.where(np.isnan(scores), -np.inf, scores))
    return dict(history[i][0]), scores[i], history
""",
    "the index of the largest": """
    scores = [float(s) for _, s in history]
    top = max(s for s in scores if s == s)
    return history[scores.index(top)][0], top, history
""",
    "a reduction": """
    from functools import reduce
    better = lambda a, b: b if math.isnan(a[1]) or b[1] > a[1] else a
    best = reduce(better, history)
    return best[0], np.float64(best[1]), history
""",
}
_BEST_WRONG = {
    "the smallest": """
    c, s = min([t for t in history if not np.isnan(t[1])], key=lambda t: t[1])
    return c, s, history
""",
    "argmax with nan": """
    i = int(np.argmax([s for _, s in history]))
    return history[i][0], history[i][1], history
""",
    "the last of a tie": """
    best = None
    for t in history:
        if not np.isnan(t[1]) and (best is None or t[1] >= best[1]):
            best = t
    return best[0], best[1], history
""",
    "starts at zero": """
    best_config, best_score = None, 0
    for config, score in history:
        if score > best_score:
            best_config, best_score = config, score
    return best_config, best_score, history
""",
    "starts at -1": """
    best_config, best_score = history[0][0], -1
    for config, score in history:
        if score > best_score:
            best_config, best_score = config, score
    return best_config, best_score, history
""",
    "starts at the first, nan too": """
    best_config, best_score = history[0]
    for config, score in history[1:]:
        if score > best_score:
            best_config, best_score = config, score
    return best_config, best_score, history
""",
    "the last number of a sort": """
    ranked = sorted([t for t in history if t[1] == t[1]], key=lambda t: t[1])
    return ranked[-1][0], ranked[-1][1], history
""",
    "nan taken for zero": """
    i = int(np.argmax(np.nan_to_num([s for _, s in history])))
    return history[i][0], history[i][1], history
""",
    "nan dropped from the history": """
    history = [t for t in history if not np.isnan(t[1])]
    c, s = max(history, key=lambda t: t[1])
    return c, s, history
""",
    "the score first": """
    c, s = max([t for t in history if not np.isnan(t[1])], key=lambda t: t[1])
    return s, c, history
""",
    "pairs turned": """
    c, s = max([t for t in history if not np.isnan(t[1])], key=lambda t: t[1])
    return c, s, [(score, config) for config, score in history]
""",
    "lists for pairs": """
    c, s = max([t for t in history if not np.isnan(t[1])], key=lambda t: t[1])
    return c, s, [[config, score] for config, score in history]
""",
    "sorted history": """
    c, s = max([t for t in history if not np.isnan(t[1])], key=lambda t: t[1])
    return c, s, sorted(history, key=lambda t: -math.inf if t[1] != t[1] else t[1])
""",
    "two things": """
    c, s = max([t for t in history if not np.isnan(t[1])], key=lambda t: t[1])
    return c, history
""",
    "scored again": """
    c, s = max([t for t in history if not np.isnan(t[1])], key=lambda t: t[1])
    return c, objective(dict(c)), history
""",
    "a dict of results": """
    c, s = max([t for t in history if not np.isnan(t[1])], key=lambda t: t[1])
    return {"config": c, "score": s, "history": history}
""",
}


def _made(head: str, bests: dict[str, str]) -> str:
    return "".join(f"#: {label}\n{head}{body}" for label, body in bests.items())


_GRID = """def grid_search(objective, grid):
    history = []
    for values in itertools.product(*grid.values()):
        config = dict(zip(grid.keys(), values))
        history.append((config, objective(config)))"""
_CLOSE = _BEST_RIGHT["a strict comparison"]
RIGHT["grid_search"] = answers(
    _made(_GRID, _BEST_RIGHT)
    + f"""
#: nested loops by recursion
def grid_search(objective, grid):
    history = []
    def go(names, config):
        if names:
            for value in grid[names[0]]:
                go(names[1:], {{**config, names[0]: value}})
        else:
            history.append((config, objective(config)))
    go(list(grid), {{}}){_CLOSE}
#: configs grown name by name
def grid_search(objective, grid):
    configs = [{{}}]
    for name, values in grid.items():
        configs = [c | {{name: v}} for c in configs for v in values]
    history = [(c, objective(c)) for c in configs]{_CLOSE}
#: a copy for the objective
def grid_search(objective, grid):
    history = []
    for values in itertools.product(*grid.values()):
        config = dict(zip(grid, values))
        history.append((config.copy(), objective(config))){_CLOSE}
#: all scores first
def grid_search(objective, grid):
    configs = [dict(zip(grid, v)) for v in itertools.product(*grid.values())]
    history = list(zip(configs, map(objective, configs))){_CLOSE}
#: digits of a number
def grid_search(objective, grid):
    history, count = [], math.prod(len(v) for v in grid.values())
    for i in range(count):
        config, left = {{}}, i
        for name in reversed(grid):
            left, digit = divmod(left, len(grid[name]))
            config[name] = grid[name][digit]
        history.append((config, objective(config))){_CLOSE}
#: ndindex
def grid_search(objective, grid):
    history = []
    for index in np.ndindex(*map(len, grid.values())):
        config = {{name: grid[name][i] for name, i in zip(grid, index)}}
        history += [(config, objective(config))]{_CLOSE}
#: a generator
def grid_search(objective, grid):
    def trials():
        for values in itertools.product(*grid.values()):
            config = {{n: v for n, v in zip(grid, values)}}
            yield config, np.asarray(objective(config))
    history = list(trials()){_CLOSE}
#: an optional argument more
def grid_search(objective, grid, verbose=False):
    history = []
    for values in itertools.product(*[list(v) for v in grid.values()]):
        history.append((lambda c: (c, objective(c)))(dict(zip(grid, values)))){_CLOSE}
"""
)
WRONG["grid_search"] = answers(
    _made(_GRID, _BEST_WRONG)
    + f"""
#: the first name fastest
def grid_search(objective, grid):
    names = list(grid)[::-1]
    configs = [dict(zip(names, v)) for v in itertools.product(*[grid[n] for n in names])]
    history = [(c, objective(c)) for c in configs]{_CLOSE}
#: names in the order of the alphabet
def grid_search(objective, grid):
    names = sorted(grid)
    configs = [dict(zip(names, v)) for v in itertools.product(*[grid[n] for n in names])]
    history = [(c, objective(c)) for c in configs]{_CLOSE}
#: values in order of size
def grid_search(objective, grid):
    values = [sorted(v, key=str) for v in grid.values()]
    configs = [dict(zip(grid, v)) for v in itertools.product(*values)]
    history = [(c, objective(c)) for c in configs]{_CLOSE}
#: paired values
def grid_search(objective, grid):
    history = [(c, objective(c)) for c in (dict(zip(grid, v)) for v in zip(*grid.values()))]{_CLOSE}
#: one dict, changed
def grid_search(objective, grid):
    history, config = [], {{}}
    for values in itertools.product(*grid.values()):
        config.update(zip(grid, values))
        history.append((config, objective(config))){_CLOSE}
#: one dict handed over, copies kept
def grid_search(objective, grid):
    history, config = [], {{}}
    for values in itertools.product(*grid.values()):
        config.update(zip(grid, values))
        history.append((dict(config), objective(config))){_CLOSE}
#: keyword arguments
def grid_search(objective, grid):
    history = [(c, objective(**c)) for c in (dict(zip(grid, v)) for v in itertools.product(*grid.values()))]{_CLOSE}
#: a tuple handed over
def grid_search(objective, grid):
    history = [(dict(zip(grid, v)), objective(v)) for v in itertools.product(*grid.values())]{_CLOSE}
#: tuples in the history
def grid_search(objective, grid):
    history = [(v, objective(dict(zip(grid, v)))) for v in itertools.product(*grid.values())]{_CLOSE}
#: doubles skipped
def grid_search(objective, grid):
    history = []
    for values in itertools.product(*grid.values()):
        config = dict(zip(grid, values))
        if config not in [c for c, _ in history]:
            history.append((config, objective(config))){_CLOSE}
#: called twice
def grid_search(objective, grid):
    history = []
    for values in itertools.product(*grid.values()):
        config = dict(zip(grid, values))
        if not math.isnan(objective(dict(config))):
            pass
        history.append((config, objective(config))){_CLOSE}
#: the grid is emptied
def grid_search(objective, grid):
    history = []
    lists = [grid.pop(name) for name in list(grid)]
    history = []{_CLOSE}
#: stops when it gets worse
def grid_search(objective, grid):
    history = []
    for values in itertools.product(*grid.values()):
        config = dict(zip(grid, values))
        history.append((config, objective(config)))
        if len(history) > 1 and history[-1][1] < history[-2][1]:
            break{_CLOSE}
"""
)

_RANDOM = """def random_search(objective, sampler, trials, rng):
    history = []
    for _ in range(trials):
        config = sampler(rng)
        history.append((config, objective(config)))"""
RIGHT["random_search"] = answers(
    _made(_RANDOM, _BEST_RIGHT)
    + f"""
#: drawn first
def random_search(objective, sampler, trials, rng):
    configs = [sampler(rng) for _ in range(trials)]
    history = [(c, objective(c)) for c in configs]{_CLOSE}
#: a while loop
def random_search(objective, sampler, trials, rng):
    history = []
    while len(history) < trials:
        config = sampler(rng)
        history += [(config, objective(config))]{_CLOSE}
#: copies
def random_search(objective, sampler, trials, rng):
    history = []
    for trial in range(1, trials + 1):
        config = dict(sampler(rng))
        history.append((dict(config), float(objective(config)))){_CLOSE}
#: a generator of trials
def random_search(objective, sampler, trials, rng):
    draws = (sampler(rng) for _ in range(trials))
    history = [(c, np.asarray(objective(c))) for c in draws]{_CLOSE}
#: the same generator under another name
def random_search(objective, sampler, trials, rng):
    source = np.random.default_rng(rng)
    history = [(c, objective(c)) for c in (sampler(source) for _ in range(trials))]{_CLOSE}
#: recursion
def random_search(objective, sampler, trials, rng):
    def go(n):
        if not n:
            return []
        config = sampler(rng)
        return [(config, objective(config))] + go(n - 1)
    history = go(trials){_CLOSE}
#: an optional argument more
def random_search(objective, sampler, trials, rng, verbose=False):
    history = list(map(lambda _: (lambda c: (c, objective(c)))(sampler(rng)), range(trials))){_CLOSE}
#: zip
def random_search(objective, sampler, trials, rng):
    configs = tuple(sampler(rng) for _ in range(trials))
    history = [*zip(configs, (objective(c) for c in configs))]{_CLOSE}
"""
)
WRONG["random_search"] = answers(
    _made(_RANDOM, _BEST_WRONG)
    + f"""
#: seed reset
def random_search(objective, sampler, trials, rng):
    history = [(c, objective(c)) for c in (sampler(np.random.default_rng(0)) for _ in range(trials))]{_CLOSE}
#: own generator
def random_search(objective, sampler, trials, rng):
    rng = np.random.default_rng(1)
    history = [(c, objective(c)) for c in (sampler(rng) for _ in range(trials))]{_CLOSE}
#: a seed for each trial
def random_search(objective, sampler, trials, rng):
    history = [(c, objective(c)) for c in (sampler(np.random.default_rng(i)) for i in range(trials))]{_CLOSE}
#: drawn twice
def random_search(objective, sampler, trials, rng):
    history = [(sampler(rng), objective(sampler(rng))) for _ in range(trials)]{_CLOSE}
#: drawn once
def random_search(objective, sampler, trials, rng):
    c = sampler(rng)
    history = [(dict(c), objective(dict(c))) for _ in range(trials)]{_CLOSE}
#: one too many
def random_search(objective, sampler, trials, rng):
    history = [(c, objective(c)) for c in (sampler(rng) for _ in range(trials + 1))]{_CLOSE}
#: one too few
def random_search(objective, sampler, trials, rng):
    history = [(c, objective(c)) for c in (sampler(rng) for _ in range(max(1, trials - 1)))]{_CLOSE}
#: doubles skipped
def random_search(objective, sampler, trials, rng):
    history = []
    for _ in range(trials):
        config = sampler(rng)
        if config not in [c for c, _ in history]:
            history.append((config, objective(config))){_CLOSE}
#: doubles drawn again
def random_search(objective, sampler, trials, rng):
    history = []
    for _ in range(trials):
        config = sampler(rng)
        for _ in range(20):
            if config in [c for c, _ in history]:
                config = sampler(rng)
        history.append((config, objective(config))){_CLOSE}
#: nan drawn again
def random_search(objective, sampler, trials, rng):
    history = []
    for _ in range(trials):
        score = math.nan
        while math.isnan(score):
            config = sampler(rng)
            score = objective(config)
        history.append((config, score)){_CLOSE}
#: without the generator
def random_search(objective, sampler, trials, rng):
    history = [(c, objective(c)) for c in (sampler() for _ in range(trials))]{_CLOSE}
#: stops at the first improvement
def random_search(objective, sampler, trials, rng):
    history = []
    for _ in range(trials):
        config = sampler(rng)
        history.append((config, objective(config)))
        if len(history) > 1 and history[-1][1] > history[0][1]:
            break{_CLOSE}
#: keyword arguments
def random_search(objective, sampler, trials, rng):
    history = [(c, objective(**c)) for c in (sampler(rng) for _ in range(trials))]{_CLOSE}
"""
)

# --- k_fold_indices --------------------------------------------------------------------------------------------------
RIGHT["k_fold_indices"] = answers("""
#: array_split of a permutation
def k_fold_indices(m, k, rng):
    parts = np.array_split(rng.permutation(m), k)
    return [(np.concatenate([p for j, p in enumerate(parts) if j != i]), parts[i]) for i in range(k)]
#: sorted arrays
def k_fold_indices(m, k, rng):
    parts = [np.sort(p) for p in np.array_split(rng.permutation(m), k)]
    return [(np.setdiff1d(np.arange(m), p), p) for p in parts]
#: fold numbers
def k_fold_indices(m, k, rng):
    number = np.resize(np.arange(k), m)
    rng.shuffle(number)
    return [(np.where(number != i)[0], np.where(number == i)[0]) for i in range(k)]
#: strides
def k_fold_indices(m, k, rng):
    order = rng.permutation(m)
    return [(np.delete(order, np.arange(i, m, k)), order[i::k]) for i in range(k)]
#: cuts
def k_fold_indices(m, k, rng):
    order = rng.permutation(m)
    cuts = np.linspace(0, m, k + 1).astype(int)
    return [(np.r_[order[:a], order[b:]], order[a:b]) for a, b in zip(cuts[:-1], cuts[1:])]
#: random keys
def k_fold_indices(m, k, rng):
    ranks = np.argsort(np.argsort(rng.random(m)))
    fold = ranks * k // m
    return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(k)]
#: sizes
def k_fold_indices(m, k, rng):
    sizes = np.full(k, m // k)
    sizes[: m % k] += 1
    order, start, folds = rng.permutation(m), 0, []
    for size in sizes:
        mask = np.zeros(m, dtype=bool)
        mask[order[start : start + size]] = True
        folds.append((np.nonzero(~mask)[0], np.nonzero(mask)[0]))
        start += size
    return folds
#: larger folds last
def k_fold_indices(m, k, rng):
    order = list(rng.permutation(m))
    sizes = [m // k] * (k - m % k) + [m // k + 1] * (m % k)
    folds = []
    for size in sizes:
        held, order = order[:size], order[size:] + order[:size]
        folds.append((np.array(order[: m - size]), np.array(held)))
    return folds
#: choice without replacement
def k_fold_indices(m, k, rng):
    order = rng.choice(m, size=m, replace=False)
    parts = np.array_split(order, k)
    return [(np.hstack(parts[:i] + parts[i + 1 :]), part) for i, part in enumerate(parts)]
#: small integers
def k_fold_indices(m, k, rng):
    parts = np.array_split(rng.permutation(m).astype(np.int32), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]
#: folds backwards
def k_fold_indices(m, k, rng):
    parts = np.array_split(rng.permutation(m), k)[::-1]
    return [(np.concatenate(parts[:i] + parts[i + 1 :])[::-1], parts[i]) for i in range(k)]
#: sets
def k_fold_indices(m, k, rng):
    everyone = set(range(m))
    parts = [set(p.tolist()) for p in np.array_split(rng.permutation(m), k)]
    return [(np.array(sorted(everyone - p)), np.array(sorted(p))) for p in parts]
#: dealt from a shuffled deck
def k_fold_indices(m, k, rng):
    deck = rng.permutation(m).tolist()
    hands = [[] for _ in range(k)]
    for i, card in enumerate(deck):
        hands[i % k].append(card)
    return [(np.array(sum(hands[:i] + hands[i + 1 :], [])), np.array(hand)) for i, hand in enumerate(hands)]
#: a generator into a list
def k_fold_indices(m, k, rng, shuffle=True):
    def folds():
        order = rng.permuted(np.arange(m))
        for part in np.array_split(order, k):
            yield order[~np.isin(order, part)], part
    return list(folds())
""")
WRONG["k_fold_indices"] = answers("""
#: remainder lost
def k_fold_indices(m, k, rng):
    order, size = rng.permutation(m), m // k
    return [(np.delete(order, slice(i * size, i * size + size)), order[i * size : i * size + size]) for i in range(k)]
#: remainder lost from train, too
def k_fold_indices(m, k, rng):
    parts = rng.permutation(m)[: m // k * k].reshape(k, -1)
    return [(np.delete(parts, i, axis=0).ravel(), parts[i]) for i in range(k)]
#: remainder in the last
def k_fold_indices(m, k, rng):
    order, size = rng.permutation(m), m // k
    ends = [i * size for i in range(k)] + [m]
    return [(np.delete(order, slice(a, b)), order[a:b]) for a, b in zip(ends, ends[1:])]
#: larger parts, a short last one
def k_fold_indices(m, k, rng):
    order, size = rng.permutation(m), -(-m // k)
    ends = [min(i * size, m) for i in range(k + 1)]
    return [(np.delete(order, slice(a, b)), order[a:b]) for a, b in zip(ends, ends[1:])]
#: not shuffled
def k_fold_indices(m, k, rng):
    parts = np.array_split(np.arange(m), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]
#: shuffled within blocks
def k_fold_indices(m, k, rng):
    parts = [rng.permutation(p) for p in np.array_split(np.arange(m), k)]
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]
#: folds shuffled, not examples
def k_fold_indices(m, k, rng):
    parts = np.array_split(np.arange(m), k)
    parts = [parts[i] for i in rng.permutation(k)]
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]
#: turned by a random number
def k_fold_indices(m, k, rng):
    parts = np.array_split(np.roll(np.arange(m), rng.integers(m)), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]
#: dealt in order
def k_fold_indices(m, k, rng):
    return [(np.flatnonzero(np.arange(m) % k != i), np.arange(i, m, k)) for i in range(k)]
#: random fold numbers
def k_fold_indices(m, k, rng):
    fold = rng.integers(k, size=m)
    return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(k)]
#: shuffled every time
def k_fold_indices(m, k, rng):
    return [(lambda o: (o[m // k :], o[: m // k]))(rng.permutation(m)) for _ in range(k)]
#: places changed
def k_fold_indices(m, k, rng):
    parts = np.array_split(rng.permutation(m), k)
    return [(parts[i], np.concatenate(parts[:i] + parts[i + 1 :])) for i in range(k)]
#: train holds everything
def k_fold_indices(m, k, rng):
    return [(np.arange(m), part) for part in np.array_split(rng.permutation(m), k)]
#: masks
def k_fold_indices(m, k, rng):
    fold = rng.permutation(np.arange(m) % k)
    return [(fold != i, fold == i) for i in range(k)]
#: lists of numbers
def k_fold_indices(m, k, rng):
    parts = np.array_split(rng.permutation(m), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]).tolist(), parts[i].tolist()) for i in range(k)]
#: a generator
def k_fold_indices(m, k, rng):
    parts = np.array_split(rng.permutation(m), k)
    return ((np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k))
#: lists for tuples
def k_fold_indices(m, k, rng):
    parts = np.array_split(rng.permutation(m), k)
    return [[np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]] for i in range(k)]
#: floats
def k_fold_indices(m, k, rng):
    parts = np.array_split(rng.permutation(m) * 1.0, k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]
#: one fold fewer
def k_fold_indices(m, k, rng):
    parts = np.array_split(rng.permutation(m), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k - 1)]
#: fixed seed
def k_fold_indices(m, k, rng):
    parts = np.array_split(np.random.default_rng(0).permutation(m), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]
#: global generator
def k_fold_indices(m, k, rng):
    parts = np.array_split(np.random.permutation(m), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]
#: a train example forgotten
def k_fold_indices(m, k, rng):
    parts = np.array_split(rng.permutation(m), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :])[:-1], parts[i]) for i in range(k)]
""")

# --- cross_validate --------------------------------------------------------------------------------------------------
RIGHT["cross_validate"] = answers("""
#: with k_fold_indices
def cross_validate(fit, X, y, k, rng):
    return np.array([np.mean(fit(X[t], y[t])(X[v]) == y[v]) for t, v in k_fold_indices(len(X), k, rng)])
#: a list
def cross_validate(fit, X, y, k, rng):
    accuracies = []
    for train, validation in k_fold_indices(len(y), k, rng):
        predict = fit(X[train], y[train])
        accuracies.append(float((predict(X[validation]) == y[validation]).mean()))
    return accuracies
#: one minus the error
def cross_validate(fit, X, y, k, rng):
    out = np.zeros(k)
    for i, (t, v) in enumerate(k_fold_indices(X.shape[0], k, rng)):
        out[i] = 1 - (fit(X[t], y[t])(X[v]) != y[v]).sum() / v.size
    return out
#: own folds by strides
def cross_validate(fit, X, y, k, rng):
    order = rng.permutation(len(X))
    out = []
    for i in range(k):
        v = order[i::k]
        t = np.setdiff1d(order, v)
        out.append(np.mean(fit(X[t], y[t])(X[v]) == y[v]))
    return out
#: own folds by masks
def cross_validate(fit, X, y, k, rng):
    fold = rng.permutation(np.arange(len(X)) % k)
    return [np.mean(fit(X[fold != i], y[fold != i])(X[fold == i]) == y[fold == i]) for i in range(k)]
#: shuffled first
def cross_validate(fit, X, y, k, rng):
    order = rng.permutation(len(X))
    X, y = X[order], y[order]
    parts = np.array_split(np.arange(len(X)), k)
    scores = []
    for part in parts:
        train = np.delete(np.arange(len(X)), part)
        scores.append(np.mean(fit(X[train], y[train])(X[part]) == y[part]))
    return np.array(scores)
#: row by row
def cross_validate(fit, X, y, k, rng):
    scores = []
    for t, v in k_fold_indices(len(X), k, rng):
        predict = fit(X[t], y[t])
        scores.append(np.mean([predict(X[[i]])[0] == y[i] for i in v]))
    return scores
#: all models first
def cross_validate(fit, X, y, k, rng):
    folds = k_fold_indices(len(X), k, rng)
    models = [fit(X[t], y[t]) for t, _ in folds]
    return np.array([np.mean(model(X[v]) == y[v]) for model, (_, v) in zip(models, folds)])
#: sorted training rows
def cross_validate(fit, X, y, k, rng):
    scores = []
    for t, v in k_fold_indices(len(X), k, rng):
        t, v = np.sort(t), np.sort(v)
        scores.append(np.count_nonzero(np.equal(fit(X[t].copy(), y[t].copy())(X[v]), y[v])) / len(v))
    return scores
#: concatenated parts
def cross_validate(fit, X, y, k, rng):
    order = rng.permutation(len(X))
    Xs, ys = np.array_split(X[order], k), np.array_split(y[order], k)
    pick = lambda parts, i: np.concatenate(parts[:i] + parts[i + 1 :])
    return [np.mean(fit(pick(Xs, i), pick(ys, i))(Xs[i]) == ys[i]) for i in range(k)]
#: single precision
def cross_validate(fit, X, y, k, rng):
    folds = k_fold_indices(len(X), k, rng)
    return np.array([np.mean(fit(X[t], y[t])(X[v]) == y[v]) for t, v in folds], dtype=np.float32)
#: bincount
def cross_validate(fit, X, y, k, rng):
    fold, right = np.empty(len(X), dtype=int), np.empty(len(X))
    for i, (t, v) in enumerate(k_fold_indices(len(X), k, rng)):
        fold[v], right[v] = i, fit(X[t], y[t])(X[v]) == y[v]
    return np.bincount(fold, right, k) / np.bincount(fold, minlength=k)
#: a list of labels for fit
def cross_validate(fit, X, y, k, rng):
    scores = []
    for t, v in k_fold_indices(len(X), k, rng):
        predict = fit([X[i] for i in t], [y[i] for i in t])
        scores.append(np.mean(np.asarray(predict(X[v])) == y[v]))
    return scores
#: an optional argument more
def cross_validate(fit, X, y, k, rng, verbose=False):
    score = lambda t, v: np.average(fit(X[t], y[t])(X[v]) == y[v])
    return list(itertools.starmap(score, k_fold_indices(len(X), k, rng)))
""")
WRONG["cross_validate"] = answers("""
#: fitted on all
def cross_validate(fit, X, y, k, rng):
    predict = fit(X, y)
    return np.array([np.mean(predict(X[v]) == y[v]) for _, v in k_fold_indices(len(X), k, rng)])
#: measured on train
def cross_validate(fit, X, y, k, rng):
    return np.array([np.mean(fit(X[t], y[t])(X[t]) == y[t]) for t, _ in k_fold_indices(len(X), k, rng)])
#: fitted and measured on validation
def cross_validate(fit, X, y, k, rng):
    return np.array([np.mean(fit(X[v], y[v])(X[v]) == y[v]) for _, v in k_fold_indices(len(X), k, rng)])
#: roles changed
def cross_validate(fit, X, y, k, rng):
    return np.array([np.mean(fit(X[v], y[v])(X[t]) == y[t]) for t, v in k_fold_indices(len(X), k, rng)])
#: measured on everything
def cross_validate(fit, X, y, k, rng):
    return np.array([np.mean(fit(X[t], y[t])(X) == y) for t, _ in k_fold_indices(len(X), k, rng)])
#: errors
def cross_validate(fit, X, y, k, rng):
    return np.array([np.mean(fit(X[t], y[t])(X[v]) != y[v]) for t, v in k_fold_indices(len(X), k, rng)])
#: the mean
def cross_validate(fit, X, y, k, rng):
    return np.mean([np.mean(fit(X[t], y[t])(X[v]) == y[v]) for t, v in k_fold_indices(len(X), k, rng)])
#: percent
def cross_validate(fit, X, y, k, rng):
    return np.array([100 * np.mean(fit(X[t], y[t])(X[v]) == y[v]) for t, v in k_fold_indices(len(X), k, rng)])
#: counts
def cross_validate(fit, X, y, k, rng):
    return np.array([np.sum(fit(X[t], y[t])(X[v]) == y[v]) for t, v in k_fold_indices(len(X), k, rng)])
#: shares of all examples
def cross_validate(fit, X, y, k, rng):
    return np.array([np.sum(fit(X[t], y[t])(X[v]) == y[v]) / len(X) for t, v in k_fold_indices(len(X), k, rng)])
#: the first model for all
def cross_validate(fit, X, y, k, rng):
    folds = k_fold_indices(len(X), k, rng)
    predict = fit(X[folds[0][0]], y[folds[0][0]])
    return [np.mean(predict(X[v]) == y[v]) for _, v in folds]
#: the model of the fold before
def cross_validate(fit, X, y, k, rng):
    folds = k_fold_indices(len(X), k, rng)
    models = [fit(X[t], y[t]) for t, _ in folds]
    return [np.mean(models[i - 1](X[v]) == y[v]) for i, (_, v) in enumerate(folds)]
#: unshuffled
def cross_validate(fit, X, y, k, rng):
    scores = []
    for v in np.array_split(np.arange(len(X)), k):
        t = np.delete(np.arange(len(X)), v)
        scores.append(np.mean(fit(X[t], y[t])(X[v]) == y[v]))
    return scores
#: dealt in order
def cross_validate(fit, X, y, k, rng):
    n = np.arange(len(X)) % k
    return [np.mean(fit(X[n != i], y[n != i])(X[n == i]) == y[n == i]) for i in range(k)]
#: fixed seed
def cross_validate(fit, X, y, k, rng):
    folds = k_fold_indices(len(X), k, np.random.default_rng(0))
    return [np.mean(fit(X[t], y[t])(X[v]) == y[v]) for t, v in folds]
#: global generator
def cross_validate(fit, X, y, k, rng):
    folds = k_fold_indices(len(X), k, np.random.default_rng(np.random.randint(1000)))
    return [np.mean(fit(X[t], y[t])(X[v]) == y[v]) for t, v in folds]
#: new folds every time
def cross_validate(fit, X, y, k, rng):
    scores = []
    for i in range(k):
        t, v = k_fold_indices(len(X), k, rng)[i]
        scores.append(np.mean(fit(X[t], y[t])(X[v]) == y[v]))
    return scores
#: remainder dropped
def cross_validate(fit, X, y, k, rng):
    m = len(X) // k * k
    return [np.mean(fit(X[:m][t], y[:m][t])(X[v]) == y[v]) for t, v in k_fold_indices(m, k, rng)]
#: labels apart
def cross_validate(fit, X, y, k, rng):
    z = rng.permutation(y)
    return [np.mean(fit(X[t], z[t])(X[v]) == y[v]) for t, v in k_fold_indices(len(X), k, rng)]
#: trained on one other fold
def cross_validate(fit, X, y, k, rng):
    folds = k_fold_indices(len(X), k, rng)
    return [np.mean(fit(X[folds[i - 1][1]], y[folds[i - 1][1]])(X[v]) == y[v]) for i, (_, v) in enumerate(folds)]
#: half of the training part
def cross_validate(fit, X, y, k, rng):
    folds = k_fold_indices(len(X), k, rng)
    return [np.mean(fit(X[t[::2]], y[t[::2]])(X[v]) == y[v]) for t, v in folds]
#: one example leaks
def cross_validate(fit, X, y, k, rng):
    scores = []
    for t, v in k_fold_indices(len(X), k, rng):
        t = np.append(t, v[:1])
        scores.append(np.mean(fit(X[t], y[t])(X[v]) == y[v]))
    return scores
#: the best fold
def cross_validate(fit, X, y, k, rng):
    scores = [np.mean(fit(X[t], y[t])(X[v]) == y[v]) for t, v in k_fold_indices(len(X), k, rng)]
    return [max(scores)] * k
#: shuffled in place
def cross_validate(fit, X, y, k, rng):
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    return [np.mean(fit(X[t], y[t])(X[v]) == y[v]) for t, v in k_fold_indices(len(X), k, rng)]
""")

# --- nested_cross_validate -------------------------------------------------------------------------------------------
_NESTED = """def nested_cross_validate(fit_with, configs, X, y, outer, inner, rng):
    accuracy = lambda fit, t, v: np.mean(fit(X[t], y[t])(X[v]) == y[v])
    scores, chosen = [], []
    for t, v in k_fold_indices(len(X), outer, rng):
"""
_KEPT = """
        scores.append(accuracy(fit_with(best), t, v))
        chosen.append(best)
    return np.array(scores), chosen
"""
_CHOICES_RIGHT = {
    "argmax of the means": """
        means = [np.mean(cross_validate(fit_with(c), X[t], y[t], inner, rng)) for c in configs]
        best = configs[int(np.argmax(means))]""",
    "max by the mean": """
        means = [np.mean(cross_validate(fit_with(c), X[t], y[t], inner, rng)) for c in configs]
        best = max(zip(means, range(0, -len(configs), -1), configs), key=lambda z: z[:2])[2]""",
    "a running best": """
        best, top = None, -1
        for c in configs:
            mean = np.array(cross_validate(fit_with(c), X[t], y[t], inner, rng)).mean()
            if best is None or mean > top:
                best, top = c, mean""",
    "the same inner folds": """
        folds = k_fold_indices(len(t), inner, rng)
        means = [np.mean([accuracy(fit_with(c), t[a], t[b]) for a, b in folds]) for c in configs]
        best = configs[means.index(max(means))]""",
    "folds outside, configs inside": """
        table = np.zeros((len(configs), inner))
        for j, (a, b) in enumerate(k_fold_indices(len(t), inner, rng)):
            for i, c in enumerate(configs):
                table[i, j] = accuracy(fit_with(c), t[a], t[b])
        best = configs[table.mean(axis=1).argmax()]""",
    "one seed for all configs": """
        seed = rng.integers(2**40)
        means = [np.mean(cross_validate(fit_with(c), X[t], y[t], inner, np.random.default_rng(seed))) for c in configs]
        best = configs[np.argmax(means)]""",
    "a copy of the config": """
        means = {i: sum(cross_validate(fit_with(c), X[t], y[t], inner, rng)) / inner for i, c in enumerate(configs)}
        best = dict(configs[max(means, key=means.get)])""",
    "a grid search over numbers": """
        mean = lambda z: np.mean(cross_validate(fit_with(configs[z["i"]]), X[t], y[t], inner, rng))
        best = configs[grid_search(mean, {"i": list(range(len(configs)))})[0]["i"]]""",
    "a stable sort": """
        means = [np.mean(cross_validate(fit_with(c), X[t], y[t], inner, rng)) for c in configs]
        best = configs[sorted(range(len(configs)), key=lambda i: -means[i])[0]]""",
    "sorted training rows": """
        t = np.sort(t)
        means = [np.mean(cross_validate(fit_with(c), X[t], y[t], inner, rng)) for c in configs]
        best = configs[int(np.argmax(means))]""",
    "own inner folds by strides": """
        order = rng.permutation(t)
        means = []
        for c in configs:
            parts = [order[i::inner] for i in range(inner)]
            means.append(np.mean([accuracy(fit_with(c), np.setdiff1d(t, p), p) for p in parts]))
        best = configs[int(np.argmax(means))]""",
}
RIGHT["nested_cross_validate"] = answers(
    "".join(f"#: {label}\n{_NESTED}{body.lstrip(chr(10))}{_KEPT}" for label, body in _CHOICES_RIGHT.items())
    + """
#: lists
def nested_cross_validate(fit_with, configs, X, y, outer, inner, rng):
    results = []
    for t, v in k_fold_indices(len(X), outer, rng):
        Xt, yt = X[t], y[t]
        best = configs[int(np.argmax([np.mean(cross_validate(fit_with(c), Xt, yt, inner, rng)) for c in configs]))]
        predict = fit_with(best)(Xt, yt)
        results.append((float(np.mean(predict(X[v]) == y[v])), best))
    return [s for s, _ in results], [c for _, c in results]
#: fits made once
def nested_cross_validate(fit_with, configs, X, y, outer, inner, rng):
    fits = [fit_with(c) for c in configs]
    scores, numbers = np.zeros(outer), []
    for i, (t, v) in enumerate(k_fold_indices(len(X), outer, rng)):
        numbers.append(int(np.argmax([np.mean(cross_validate(f, X[t], y[t], inner, rng)) for f in fits])))
        scores[i] = (fits[numbers[-1]](X[t], y[t])(X[v]) == y[v]).sum() / len(v)
    return scores, [configs[n] for n in numbers]
#: outer folds by masks
def nested_cross_validate(fit_with, configs, X, y, outer, inner, rng):
    fold = rng.permutation(np.arange(len(X)) % outer)
    scores, chosen = [], []
    for i in range(outer):
        inside = fold != i
        means = [np.mean(cross_validate(fit_with(c), X[inside], y[inside], inner, rng)) for c in configs]
        chosen.append(configs[int(np.argmax(means))])
        predict = fit_with(chosen[-1])(X[inside], y[inside])
        scores.append(1 - np.mean(predict(X[~inside]) != y[~inside]))
    return np.array(scores), chosen
#: a helper
def nested_cross_validate(fit_with, configs, X, y, outer, inner, rng, verbose=False):
    def search(A, b):
        means = [np.mean(cross_validate(fit_with(c), A, b, inner, rng)) for c in configs]
        return configs[int(np.argmax(means))]
    def one(t, v):
        config = search(X[t], y[t])
        return np.mean(fit_with(config)(X[t], y[t])(X[v]) == y[v]), config
    scores, chosen = zip(*[one(t, v) for t, v in k_fold_indices(len(X), outer, rng)])
    return np.array(scores), list(chosen)
"""
)
_CHOICES_WRONG = {
    "the worst mean": """
        means = [np.mean(cross_validate(fit_with(c), X[t], y[t], inner, rng)) for c in configs]
        best = configs[int(np.argmin(means))]""",
    "the last of a tie": """
        means = [np.mean(cross_validate(fit_with(c), X[t], y[t], inner, rng)) for c in configs]
        best = configs[::-1][int(np.argmax(means[::-1]))]""",
    "the best fold": """
        best = max(configs, key=lambda c: np.max(cross_validate(fit_with(c), X[t], y[t], inner, rng)))""",
    "the first fold": """
        best = max(configs, key=lambda c: cross_validate(fit_with(c), X[t], y[t], inner, rng)[0])""",
    "the outer validation part": """
        best = max(configs, key=lambda c: accuracy(fit_with(c), t, v))""",
    "the training accuracy": """
        best = max(configs, key=lambda c: accuracy(fit_with(c), t, t))""",
    "inner folds of everything": """
        best = max(configs, key=lambda c: np.mean(cross_validate(fit_with(c), X, y, inner, rng)))""",
    "inner folds of the validation part": """
        best = max(configs, key=lambda c: np.mean(cross_validate(fit_with(c), X[v], y[v], min(inner, len(v)), rng)))""",
    "outer for inner": """
        best = max(configs, key=lambda c: np.mean(cross_validate(fit_with(c), X[t], y[t], min(outer, len(t)), rng)))""",
    "always the first": """
        best = configs[0]""",
    "by chance": """
        best = configs[rng.integers(len(configs))]""",
    "seen rows inside": """
        folds = k_fold_indices(len(t), inner, rng)
        best = max(configs, key=lambda c: np.mean([accuracy(fit_with(c), t[a], t[a]) for a, _ in folds]))""",
    "inner roles changed": """
        folds = k_fold_indices(len(t), inner, rng)
        best = max(configs, key=lambda c: np.mean([accuracy(fit_with(c), t[b], t[a]) for a, b in folds]))""",
}
_SAME = """
        means = [np.mean(cross_validate(fit_with(c), X[t], y[t], inner, rng)) for c in configs]
        best = configs[int(np.argmax(means))]"""
_KEPT_WRONG = {
    "the inner score": "scores.append(max(means))\n        chosen.append(best)\n    return np.array(scores), chosen",
    "refitted on everything": "scores.append(accuracy(fit_with(best), np.arange(len(X)), v))\n        chosen.append(best)\n"
    "    return np.array(scores), chosen",
    "refitted on an inner part": "a = k_fold_indices(len(t), inner, rng)[0][0]\n"
    "        scores.append(accuracy(fit_with(best), t[a], v))\n        chosen.append(best)\n"
    "    return np.array(scores), chosen",
    "scored on the training part": "scores.append(accuracy(fit_with(best), t, t))\n        chosen.append(best)\n"
    "    return np.array(scores), chosen",
    "scored on everything": "scores.append(accuracy(fit_with(best), t, np.arange(len(X))))\n        chosen.append(best)\n"
    "    return np.array(scores), chosen",
    "errors": "scores.append(1 - accuracy(fit_with(best), t, v))\n        chosen.append(best)\n"
    "    return np.array(scores), chosen",
    "numbers": "scores.append(accuracy(fit_with(best), t, v))\n        chosen.append(int(np.argmax(means)))\n"
    "    return np.array(scores), chosen",
    "chosen first": "scores.append(accuracy(fit_with(best), t, v))\n        chosen.append(best)\n"
    "    return chosen, np.array(scores)",
    "only scores": "scores.append(accuracy(fit_with(best), t, v))\n    return np.array(scores)",
    "a single config": "scores.append(accuracy(fit_with(best), t, v))\n    return np.array(scores), best",
    "the mean score": "scores.append(accuracy(fit_with(best), t, v))\n        chosen.append(best)\n"
    "    return np.mean(scores), chosen",
    "different configs only": "scores.append(accuracy(fit_with(best), t, v))\n"
    "        chosen += [best] if best not in chosen else []\n    return np.array(scores), chosen",
    "only the first outer fold": "scores.append(accuracy(fit_with(best), t, v))\n        chosen.append(best)\n"
    "        break\n    return np.array(scores), chosen",
}
WRONG["nested_cross_validate"] = answers(
    "".join(f"#: {label}\n{_NESTED}{body.lstrip(chr(10))}{_KEPT}" for label, body in _CHOICES_WRONG.items())
    + "".join(f"#: {label}\n{_NESTED}{_SAME.lstrip(chr(10))}\n        {body}\n" for label, body in _KEPT_WRONG.items())
    + """
#: one config for all
def nested_cross_validate(fit_with, configs, X, y, outer, inner, rng):
    folds = k_fold_indices(len(X), outer, rng)
    means = [[np.mean(cross_validate(fit_with(c), X[t], y[t], inner, rng)) for c in configs] for t, _ in folds]
    best = configs[int(np.argmax(np.mean(means, axis=0)))]
    return np.array([np.mean(fit_with(best)(X[t], y[t])(X[v]) == y[v]) for t, v in folds]), [best] * outer
#: chosen once, on everything
def nested_cross_validate(fit_with, configs, X, y, outer, inner, rng):
    means = [np.mean(cross_validate(fit_with(c), X, y, inner, rng)) for c in configs]
    best = configs[int(np.argmax(means))]
    return cross_validate(fit_with(best), X, y, outer, rng), [best] * outer
#: places changed
def nested_cross_validate(fit_with, configs, X, y, outer, inner, rng):
    scores, chosen = [], []
    for t, v in k_fold_indices(len(X), inner, rng):
        means = [np.mean(cross_validate(fit_with(c), X[t], y[t], outer, rng)) for c in configs]
        chosen.append(configs[int(np.argmax(means))])
        scores.append(np.mean(fit_with(chosen[-1])(X[t], y[t])(X[v]) == y[v]))
    return np.array(scores), chosen
#: a fixed seed
def nested_cross_validate(fit_with, configs, X, y, outer, inner, rng):
    rng, scores, chosen = np.random.default_rng(0), [], []
    for t, v in k_fold_indices(len(X), outer, rng):
        means = [np.mean(cross_validate(fit_with(c), X[t], y[t], inner, rng)) for c in configs]
        chosen.append(configs[int(np.argmax(means))])
        scores.append(np.mean(fit_with(chosen[-1])(X[t], y[t])(X[v]) == y[v]))
    return np.array(scores), chosen
#: the inner models vote
def nested_cross_validate(fit_with, configs, X, y, outer, inner, rng):
    scores, chosen = [], []
    for t, v in k_fold_indices(len(X), outer, rng):
        means = [np.mean(cross_validate(fit_with(c), X[t], y[t], inner, rng)) for c in configs]
        best = configs[int(np.argmax(means))]
        votes = [fit_with(best)(X[t[a]], y[t[a]])(X[v]) for a, _ in k_fold_indices(len(t), inner, rng)]
        scores.append(np.mean(np.median(votes, axis=0) == y[v]))
        chosen.append(best)
    return np.array(scores), chosen
"""
)
