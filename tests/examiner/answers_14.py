"""Answers to lesson 14 that were written from the curriculum alone, and what the judge must say of each."""

from __future__ import annotations

from .examining import answers

RIGHT: dict[str, dict[str, str]] = {}
WRONG: dict[str, dict[str, str]] = {}


def _changed(source: str, changes: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """The source with one change for each label: pairs of what stands there and what takes its place."""
    found = {}
    for label, pairs in changes.items():
        text = source
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            if old not in text:
                raise ValueError(f"{label}: {old!r} is not in the source")
            text = text.replace(old, new)
        found[label] = text
    return found


# --- successive_halving ----------------------------------------------------------------------------------------------
_HALVING = """
def successive_halving(evaluate, configs, min_budget, factor=3):
    alive = list(range(len(configs)))
    history = []
    r = 0
    while len(alive) > 1:
        budget = min_budget * factor**r
        scores = {i: evaluate(configs[i], budget) for i in alive}
        for i in alive:
            history.append((configs[i], budget, scores[i]))
        alive.sort(key=lambda i: (math.isnan(scores[i]), -scores[i], i))
        alive = alive[: max(1, len(alive) // factor)]
        r += 1
    return configs[alive[0]], history
"""
RIGHT["successive_halving"] = _changed(
    _HALVING,
    {
        "plain": (),
        "survivors in the order given": (
            "alive = alive[: max(1, len(alive) // factor)]",
            "alive = sorted(alive[: max(1, len(alive) // factor)])",
        ),
        "the order within a round backwards": ("for i in alive:\n", "for i in alive[::-1]:\n"),
        "the best of a round first": (
            "        for i in alive:\n            history.append((configs[i], budget, scores[i]))\n",
            "",
            "        alive = alive[",
            "        history += [(configs[i], budget, scores[i]) for i in alive]\n        alive = alive[",
        ),
        "run backwards": ("for i in alive}", "for i in reversed(alive)}"),
        "budgets as floats": ("min_budget * factor**r", "float(min_budget) * float(factor) ** r"),
        "budgets as arrays without axes": ("min_budget * factor**r", "np.array(min_budget * factor**r)"),
        "scores as NumPy numbers": ("evaluate(configs[i], budget) for", "np.float64(evaluate(configs[i], budget)) for"),
        "keywords": ("min_budget, factor=3)", "min_budget, factor=3, **options)"),
        "by lexsort": (
            "alive.sort(key=lambda i: (math.isnan(scores[i]), -scores[i], i))",
            "s = np.array([scores[i] for i in alive]); alive = [alive[j] for j in np.lexsort((alive, -s, np.isnan(s)))]",
        ),
        "nan as minus infinity": (
            "(math.isnan(scores[i]), -scores[i], i)",
            "(np.inf if np.isnan(scores[i]) else -scores[i], i)",
        ),
        "or one": ("max(1, len(alive) // factor)", "(len(alive) // factor) or 1"),
        "a named tuple": (
            "    alive = list",
            "    from collections import namedtuple\n    Run = namedtuple('Run', 'config budget score')\n    alive = list",
            "history.append((configs[i], budget, scores[i]))",
            "history.append(Run(configs[i], budget, scores[i]))",
        ),
        "copies of dicts": (
            "history.append((configs[i],",
            "history.append((configs[i].copy() if isinstance(configs[i], dict) else configs[i],",
        ),
    },
) | answers("""
#: one after the other is dropped
def successive_halving(evaluate, configs, min_budget, factor=3):
    alive, history, budget = [*enumerate(configs)], [], min_budget
    while len(alive) > 1:
        run = [(i, c, evaluate(c, budget)) for i, c in alive]
        history.extend((c, budget, s) for _, c, s in run)
        keep = max(1, len(run) // factor)
        while len(run) > keep:
            worst = max(run, key=lambda e: (e[2] != e[2], -e[2] if e[2] == e[2] else 0, e[0]))
            run.remove(worst)
        alive = [(i, c) for i, c, _ in run]
        budget = budget * factor
    return alive[0][1], history
#: a generator of rounds
def successive_halving(evaluate, configs, min_budget, factor=3):
    def rounds(pool, budget):
        while len(pool) >= 2:
            scored = [(c, budget, evaluate(c, budget)) for c in pool]
            yield scored
            scored = sorted(scored, key=lambda e: -np.inf if np.isnan(e[2]) else e[2], reverse=True)
            pool[:] = [e[0] for e in scored][: max(len(scored) // factor, 1)]
            budget *= factor
    pool = list(configs)
    history = [entry for part in rounds(pool, min_budget) for entry in part]
    return pool[0], history
""")
WRONG["successive_halving"] = _changed(
    _HALVING,
    {
        "worst first": ("-scores[i], i)", "scores[i], i)"),
        "later ties": ("-scores[i], i)", "-scores[i], -i)"),
        "nan first": ("(math.isnan(scores[i]),", "(not math.isnan(scores[i]),"),
        "nan in a plain sort": ("key=lambda i: (math.isnan(scores[i]), -scores[i], i)", "key=lambda i: -scores[i]"),
        "nan as 0": (
            "(math.isnan(scores[i]), -scores[i], i)",
            "(0.0 if math.isnan(scores[i]) else -scores[i] - 1e-9 * 0, i)",
            "-scores[i] - 1e-9 * 0",
            "0.5 - scores[i]",
        ),
        "one round too many": (
            "while len(alive) > 1:",
            "while alive and r < 1 or len(alive) > 1:",
            "return configs",
            "evaluate(configs[alive[0]], budget * factor); history.append((configs[alive[0]], budget * factor, evaluate(configs[alive[0]], budget * factor)))\n    return configs",
        ),
        "one round only": ("while len(alive) > 1:", "for _ in range(1):"),
        "two are left": ("while len(alive) > 1:", "while len(alive) > 2:"),
        "until the factor is reached": ("while len(alive) > 1:", "while len(alive) >= factor:"),
        "rounded": ("len(alive) // factor)", "round(len(alive) / factor))"),
        "rounded up": ("len(alive) // factor)", "math.ceil(len(alive) / factor))"),
        "a factor of 3": ("len(alive) // factor)", "len(alive) // 3)"),
        "budgets of 3": ("factor**r", "3**r"),
        "budget of the round before": ("factor**r", "factor**max(r - 1, 0)"),
        "budget added": ("min_budget * factor**r", "min_budget + factor * r"),
        "budgets in whole numbers": ("min_budget * factor**r", "int(min_budget * factor**r)"),
        "budgets in integers where told": (
            "history.append((configs[i], budget,",
            "history.append((configs[i], round(budget),",
        ),
        "told another order": ("(configs[i], budget, scores[i])", "(budget, configs[i], scores[i])"),
        "lists for tuples": (
            "history.append((configs[i], budget, scores[i]))",
            "history.append([configs[i], budget, scores[i]])",
        ),
        "numbers for configs": ("history.append((configs[i],", "history.append((i,"),
        "the number of the best": ("return configs[alive[0]], history", "return alive[0], history"),
        "the best alone": (", history\n", "\n"),
        "an array of history": ("return configs[alive[0]], history", "return configs[alive[0]], tuple(history)"),
        "only survivors in the history": (
            "    return configs",
            "    history = [h for h in history if h[1] > min_budget]\n    return configs",
        ),
        "the last round is missing in the history": (
            "    return configs",
            "    history = [h for h in history if h[1] < budget]\n    return configs",
        ),
        "the largest score": (
            "    return configs[alive[0]], history",
            "    return max(history, key=lambda h: -np.inf if math.isnan(h[2]) else h[2])[0], history",
        ),
        "evaluated again": (
            "history.append((configs[i], budget, scores[i]))",
            "history.append((configs[i], budget, evaluate(configs[i], budget)))",
        ),
        "scores of the first round": (
            "scores = {i: evaluate(configs[i], budget) for i in alive}",
            "scores = {i: evaluate(configs[i], min_budget) for i in alive} if r == 0 else scores",
        ),
        "added scores": (
            "        for i in alive:",
            "        total = {i: scores[i] + (total[i] if r else 0) for i in alive}\n        for i in alive:",
            "(math.isnan(scores[i]), -scores[i], i)",
            "(math.isnan(total[i]), -total[i], i)",
        ),
        "the caller's list": (
            "return configs[alive[0]]",
            "best = configs[alive[0]]\n    configs.clear()\n    return best",
        ),
    },
)

# --- hyperband -------------------------------------------------------------------------------------------------------
_BAND = """
def hyperband(evaluate, sampler, max_budget, rng, factor=3):
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history = []
    best, best_score = None, None
    for s in range(s_max, -1, -1):
        n = ((s_max + 1) * factor**s + s) // (s + 1)
        pool = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            run = [(c, budget, evaluate(c, budget)) for c in pool]
            history += run
            run = sorted(run, key=lambda e: (math.isnan(e[2]), -e[2]))
            pool = [e[0] for e in run[: n // factor ** (i + 1)]]
        top = run[0]
        if best is None or math.isnan(best_score) or top[2] > best_score:
            best, best_score = top[0], top[2]
    return best, history
"""
RIGHT["hyperband"] = _changed(
    _BAND,
    {
        "plain": (),
        "a ceiling of a fraction": (
            "((s_max + 1) * factor**s + s) // (s + 1)",
            "math.ceil((s_max + 1) * factor**s / (s + 1))",
        ),
        "a ceiling of NumPy": (
            "((s_max + 1) * factor**s + s) // (s + 1)",
            "int(np.ceil((s_max + 1) * factor**s / (s + 1)))",
        ),
        "a logarithm with a margin": (
            "    s_max = 0\n    while factor ** (s_max + 1) <= max_budget:\n        s_max += 1\n",
            "    s_max = int(math.floor(math.log(max_budget) / math.log(factor) + 1e-9))\n",
        ),
        "a logarithm that is mended": (
            "    s_max = 0\n    while",
            "    s_max = int(math.log(max_budget, factor))\n    s_max -= factor**s_max > max_budget\n    while",
        ),
        "budgets by powers below 0": ("max_budget / factor ** (s - i)", "max_budget * float(factor) ** (i - s)"),
        "budgets as NumPy numbers": ("max_budget / factor ** (s - i)", "np.float64(max_budget) / factor ** (s - i)"),
        "drawn backwards": ("pool = [sampler(rng) for _ in range(n)]", "pool = [sampler(rng) for _ in range(n)][::-1]"),
        "run backwards": ("for c in pool]\n            history", "for c in reversed(pool)]\n            history"),
        "survivors in another order": (
            "pool = [e[0] for e in run[: n // factor ** (i + 1)]]",
            "pool = [e[0] for e in run[: n // factor ** (i + 1)]][::-1]",
        ),
        "a history of sorted rounds": (
            "            history += run\n            run = sorted(run, key=lambda e: (math.isnan(e[2]), -e[2]))",
            "            run = sorted(run, key=lambda e: (math.isnan(e[2]), -e[2]))\n            history += run",
        ),
        "the later of equal winners": ("top[2] > best_score", "top[2] >= best_score"),
        "thirds of thirds": ("run[: n // factor ** (i + 1)]", "run[: len(run) // factor]"),
        "a while loop": ("for i in range(s + 1):\n", "i = -1\n        while i < s:\n            i += 1\n"),
        "deep copies": (
            "(c, budget, evaluate(c, budget))",
            "(dict(c) if isinstance(c, dict) else c, budget, evaluate(c, budget))",
        ),
        "more options": ("rng, factor=3)", "rng, factor=3, verbose=False)"),
    },
)
WRONG["hyperband"] = _changed(
    _BAND,
    {
        "the logarithm": (
            "    s_max = 0\n    while factor ** (s_max + 1) <= max_budget:\n        s_max += 1\n",
            "    s_max = int(math.log(max_budget, factor))\n",
        ),
        "the logarithm of NumPy": (
            "    s_max = 0\n    while factor ** (s_max + 1) <= max_budget:\n        s_max += 1\n",
            "    s_max = int(np.log(max_budget) / np.log(factor))\n",
        ),
        "the rounded logarithm": (
            "    s_max = 0\n    while factor ** (s_max + 1) <= max_budget:\n        s_max += 1\n",
            "    s_max = int(round(math.log(max_budget, factor)))\n",
        ),
        "the logarithm rounded up": (
            "    s_max = 0\n    while factor ** (s_max + 1) <= max_budget:\n        s_max += 1\n",
            "    s_max = math.ceil(math.log(max_budget, factor) - 1e-9)\n",
        ),
        "below and not at the budget": ("<= max_budget", "< max_budget"),
        "the table of the paper": ("((s_max + 1) * factor**s + s) // (s + 1)", "(s_max + 1) // (s + 1) * factor**s"),
        "rounded down": ("((s_max + 1) * factor**s + s) // (s + 1)", "(s_max + 1) * factor**s // (s + 1)"),
        "rounded": ("((s_max + 1) * factor**s + s) // (s + 1)", "round((s_max + 1) * factor**s / (s + 1))"),
        "one more": ("((s_max + 1) * factor**s + s) // (s + 1)", "(s_max + 1) * factor**s // (s + 1) + 1"),
        "without the plus one": (
            "((s_max + 1) * factor**s + s) // (s + 1)",
            "max(1, -(-s_max * factor**s // (s + 1)))",
        ),
        "budgets rounded": ("max_budget / factor ** (s - i)", "round(max_budget / factor ** (s - i))"),
        "budgets cut": ("max_budget / factor ** (s - i)", "max(1, max_budget // factor ** (s - i))"),
        "budgets from 1": ("max_budget / factor ** (s - i)", "factor**i"),
        "from 0 to s_max": ("range(s_max, -1, -1)", "range(s_max + 1)"),
        "without bracket 0": ("range(s_max, -1, -1)", "range(s_max, 0, -1)"),
        "one bracket only": ("range(s_max, -1, -1)", "[s_max]"),
        "one round too few": ("for i in range(s + 1)", "for i in range(max(1, s))"),
        "thirds rounded up": ("run[: n // factor ** (i + 1)]", "run[: -(-n // factor ** (i + 1))]"),
        "two keep on": ("run[: n // factor ** (i + 1)]", "run[: max(2, n // factor ** (i + 1))]"),
        "worst first": ("-e[2]))", "e[2]))"),
        "unsorted": ("run = sorted(run, key=lambda e: (math.isnan(e[2]), -e[2]))", "pass"),
        "nan first": ("(math.isnan(e[2]), -e[2])", "(not math.isnan(e[2]), -e[2])"),
        "best of the last bracket": ("if best is None or math.isnan(best_score) or top[2] > best_score:", "if True:"),
        "best of the first bracket": (
            "if best is None or math.isnan(best_score) or top[2] > best_score:",
            "if best is None:",
        ),
        "best of all budgets": (
            "    return best, history",
            "    return min(history, key=lambda e: (math.isnan(e[2]), -e[2]))[0], history",
        ),
        "the worst winner": ("top[2] > best_score", "top[2] < best_score"),
        "the same configs": (
            "    history = []\n",
            "    history = []\n    drawn = [sampler(rng) for _ in range(factor**s_max * (s_max + 1))]\n",
            "[sampler(rng) for _ in range(n)]",
            "drawn[:n]",
        ),
        "its own generator": (
            "sampler(rng) for",
            "sampler(np.random.default_rng(len(history) * 1000 + n * 10 + _)) for",
        ),
        "a generator that is not seeded": (
            "    history = []\n",
            "    history = []\n    rng = np.random.default_rng()\n",
        ),
        "evaluated twice": (
            "            history += run\n",
            "            history += [(c, budget, evaluate(c, budget)) for c in pool]\n",
        ),
        "the factor is 3": ("    s_max = 0\n", "    s_max, factor = 0, 3\n"),
        "a score as best": ("return best, history", "return best_score, history"),
        "a history of brackets": ("history += run", "history += [run]"),
    },
)

# --- rbf_kernel ------------------------------------------------------------------------------------------------------
_KERNEL = """
def rbf_kernel(A, B, length_scale=1.0):
    apart = A[:, None, :] - B[None, :, :]
    squared = np.sum(apart**2, axis=-1)
    return np.exp(-squared / (2 * length_scale**2))
"""
RIGHT["rbf_kernel"] = _changed(
    _KERNEL,
    {
        "plain": (),
        "from B": ("A[:, None, :] - B[None, :, :]", "B[None, :, :] - A[:, None, :]"),
        "expanded": ("np.sum(apart**2, axis=-1)", "(A * A).sum(1)[:, None] - 2 * (A @ B.T) + (B * B).sum(1)[None]"),
        "scaled first": (
            "apart = A[:, None, :] - B[None, :, :]",
            "apart = (A[:, None, :] - B) / length_scale",
            "(2 * length_scale**2)",
            "2",
        ),
        "by a norm": ("np.sum(apart**2, axis=-1)", "np.linalg.norm(apart, axis=2) ** 2"),
        "by einsum": ("np.sum(apart**2, axis=-1)", "np.einsum('ijk,ijk->ij', apart, apart)"),
        "by a power": (
            "np.exp(-squared / (2 * length_scale**2))",
            "np.power(np.e, -0.5 * squared / length_scale / length_scale)",
        ),
        "by a product": (
            "np.sum(apart**2, axis=-1)",
            "0",
            "np.exp(-squared / (2 * length_scale**2))",
            "np.prod(np.exp(-(apart**2) / (2 * length_scale**2)), axis=2)",
        ),
        "gamma": ("-squared / (2 * length_scale**2)", "-(0.5 / length_scale**2) * squared"),
        "matmul of rows": ("np.sum(apart**2, axis=-1)", "(apart[:, :, None, :] @ apart[:, :, :, None])[..., 0, 0]"),
        "as an asarray": ("    apart", "    A, B = np.asarray(A, float), np.asarray(B, float)\n    apart"),
        "transposed": ("A[:, None, :] - B[None, :, :]", "B[:, None, :] - A[None, :, :]", "axis=-1)", "axis=-1).T"),
    },
) | answers("""
#: row by row
def rbf_kernel(A, B, length_scale=1.0):
    return np.array([np.exp(-((B - a) ** 2).sum(axis=1) / (2 * length_scale**2)) for a in A])
#: pair by pair
def rbf_kernel(A, B, length_scale=1.0):
    return np.array([[math.exp(-math.dist(a, b) ** 2 / (2 * length_scale**2)) for b in B] for a in A])
#: feature by feature
def rbf_kernel(A, B, length_scale=1.0):
    squared = np.zeros((len(A), len(B)))
    for k in range(A.shape[1]):
        squared += np.subtract.outer(A[:, k], B[:, k]) ** 2
    return np.exp(-squared / 2 / length_scale**2)
""")
WRONG["rbf_kernel"] = _changed(
    _KERNEL,
    {
        "without 2": ("2 * length", "length"),
        "times 2": ("-squared / (2 * length_scale**2)", "-2 * squared / length_scale**2"),
        "scale not squared": ("length_scale**2", "length_scale"),
        "scale to the fourth": ("length_scale**2", "length_scale**4"),
        "no scale": ("(2 * length_scale**2)", "2"),
        "upside down": ("-squared / (2 * length_scale**2)", "-squared * length_scale**2 / 2"),
        "distance": ("axis=-1)\n", "axis=-1) ** 0.5\n"),
        "absolute values": ("apart**2", "abs(apart)"),
        "mean": ("np.sum(", "np.mean("),
        "largest": ("np.sum(", "np.max("),
        "plus": ("np.exp(-", "np.exp("),
        "without exp": ("np.exp(-squared / (2 * length_scale**2))", "-squared / (2 * length_scale**2)"),
        "rational": ("np.exp(-squared / (2 * length_scale**2))", "1 / (1 + squared / (2 * length_scale**2))"),
        "turned": ("(2 * length_scale**2))", "(2 * length_scale**2)).T"),
        "a variance in front": ("return np", "return length_scale**2 * np"),
        "with noise": (
            "return np.exp(-squared / (2 * length_scale**2))",
            "return np.exp(-squared / (2 * length_scale**2)) + 1e-6 * np.eye(len(A), len(B))",
        ),
        "first axis": ("axis=-1", "axis=0"),
        "first feature": ("np.sum(apart**2, axis=-1)", "apart[..., 0] ** 2"),
        "A with itself": ("B[None, :, :]", "A[None, :, :]"),
        "another default": ("length_scale=1.0", "length_scale=0.5"),
        "changes A": ("    apart", "    A *= 1.0 / length_scale\n    apart"),
        "a list": ("(2 * length_scale**2))", "(2 * length_scale**2)).tolist()"),
    },
)

# --- gp_posterior ----------------------------------------------------------------------------------------------------
_PROCESS = """
def gp_posterior(X, y, X_new, length_scale=1.0, noise=1e-6):
    K = rbf_kernel(X, X, length_scale) + noise * np.eye(len(X))
    S = rbf_kernel(X, X_new, length_scale)
    L = np.linalg.cholesky(K)
    V = np.linalg.solve(L, S)
    mean = V.T @ np.linalg.solve(L, y)
    var = 1.0 - (V**2).sum(axis=0)
    return mean, np.sqrt(np.maximum(var, 0.0))
"""
RIGHT["gp_posterior"] = _changed(
    _PROCESS,
    {
        "by Cholesky": (),
        "by solve": (
            "    L = np.linalg.cholesky(K)\n    V = np.linalg.solve(L, S)\n",
            "    W = np.linalg.solve(K, S)\n",
            "V.T @ np.linalg.solve(L, y)",
            "W.T @ y",
            "(V**2)",
            "(W * S)",
        ),
        "by the inverse": (
            "    L = np.linalg.cholesky(K)\n    V = np.linalg.solve(L, S)\n",
            "    W = np.linalg.inv(K) @ S\n",
            "V.T @ np.linalg.solve(L, y)",
            "W.T @ y",
            "(V**2)",
            "(W * S)",
        ),
        "by the pseudo-inverse": (
            "    L = np.linalg.cholesky(K)\n    V = np.linalg.solve(L, S)\n",
            "    W = np.linalg.pinv(K, rcond=1e-15) @ S\n",
            "V.T @ np.linalg.solve(L, y)",
            "W.T @ y",
            "(V**2)",
            "(W * S)",
        ),
        "clipped": ("np.maximum(var, 0.0)", "np.clip(var, 0, 1)"),
        "where": ("np.sqrt(np.maximum(var, 0.0))", "np.sqrt(np.where(var > 0, var, 0))"),
        "nan to 0": ("np.sqrt(np.maximum(var, 0.0))", "np.nan_to_num(np.sqrt(var))"),
        "the size of the variance": ("np.sqrt(np.maximum(var, 0.0))", "np.sqrt(np.abs(var))"),
        "a tiny floor": ("np.maximum(var, 0.0)", "np.maximum(var, 1e-18)"),
        "noise on the diagonal": (
            "rbf_kernel(X, X, length_scale) + noise * np.eye(len(X))",
            "rbf_kernel(X, X, length_scale)\n    K[range(len(X)), range(len(X))] += noise",
        ),
        "the prior from the kernel": ("1.0 - (V**2)", "np.diag(rbf_kernel(X_new, X_new, length_scale)) - (V**2)"),
        "the diagonal of all": (
            "1.0 - (V**2).sum(axis=0)",
            "np.diag(rbf_kernel(X_new, X_new, length_scale) - V.T @ V)",
        ),
        "by einsum": ("(V**2).sum(axis=0)", "np.einsum('ij,ij->j', V, V)"),
        "the mean by weights": ("V.T @ np.linalg.solve(L, y)", "S.T @ np.linalg.solve(K, y)"),
        "the mean by two solves": ("V.T @ np.linalg.solve(L, y)", "S.T @ np.linalg.solve(L.T, np.linalg.solve(L, y))"),
        "a kernel of its own": (
            "    S = ",
            "    rbf = lambda A, B: np.exp(-((A[:, None] - B) ** 2).sum(2) / (2 * length_scale**2))\n    S = ",
            "rbf_kernel(X, X_new, length_scale)",
            "rbf(X, X_new)",
        ),
    },
)
WRONG["gp_posterior"] = _changed(
    _PROCESS,
    {
        "variance": ("np.sqrt(np.maximum(var, 0.0))", "np.maximum(var, 0.0)"),
        "not clipped": ("np.maximum(var, 0.0)", "var"),
        "the inverse, not clipped": (
            "    L = np.linalg.cholesky(K)\n    V = np.linalg.solve(L, S)\n",
            "    W = np.linalg.inv(K) @ S\n",
            "V.T @ np.linalg.solve(L, y)",
            "W.T @ y",
            "(V**2)",
            "(W * S)",
            "np.maximum(var, 0.0)",
            "var",
        ),
        "signed": ("np.sqrt(np.maximum(var, 0.0))", "np.sign(var) * np.sqrt(np.abs(var)) - 1e-4"),
        "noise in the std": ("1.0 - (V", "1.0 + noise - (V"),
        "noise as a standard deviation": (
            "noise * np.eye",
            "noise**2 * np.eye",
            "length_scale) + noise**2",
            "length_scale) + 1e-12 * np.eye(len(X)) + noise**2",
        ),
        "a root of the noise": ("noise * np.eye", "noise**0.5 * np.eye"),
        "twice the noise": ("noise * np.eye", "2 * noise * np.eye"),
        "no noise": ("noise * np.eye", "1e-6 * np.eye"),
        "noise everywhere": ("noise * np.eye(len(X))", "noise + 1e-9 * np.eye(len(X))"),
        "centred": ("V.T @ np.linalg.solve(L, y)", "y.mean() + V.T @ np.linalg.solve(L, y - y.mean())"),
        "centred, mean forgotten": ("np.linalg.solve(L, y)", "np.linalg.solve(L, y - y.mean())"),
        "standardised": ("V.T @ np.linalg.solve(L, y)", "V.T @ np.linalg.solve(L, y) / (y.std() + 1)"),
        "no length scale": (
            "rbf_kernel(X, X_new, length_scale)",
            "rbf_kernel(X, X_new)",
            "rbf_kernel(X, X, length_scale)",
            "rbf_kernel(X, X)",
        ),
        "no length scale for the new": ("rbf_kernel(X, X_new, length_scale)", "rbf_kernel(X, X_new)"),
        "half the prior": ("1.0 - (V", "0.5 - (V"),
        "what is explained": ("1.0 - (V**2).sum(axis=0)", "(V**2).sum(axis=0)"),
        "a sum in place of squares": ("(V**2).sum", "V.sum"),
        "the other axis": ("sum(axis=0)", "sum()"),
        "the whole covariance": ("np.sqrt(np.maximum(var, 0.0))", "rbf_kernel(X_new, X_new, length_scale) - V.T @ V"),
        "the wrong way round": (
            "return mean, np.sqrt(np.maximum(var, 0.0))",
            "return np.sqrt(np.maximum(var, 0.0)), mean",
        ),
        "only the mean": ("return mean, np.sqrt(np.maximum(var, 0.0))", "return mean"),
        "a list": ("return mean, np.sqrt(np.maximum(var, 0.0))", "return [mean, np.sqrt(np.maximum(var, 0.0))]"),
        "columns": ("return mean,", "return mean[:, None],"),
        "without an inverse": ("V.T @ np.linalg.solve(L, y)", "S.T @ y"),
        "a large jitter": ("noise * np.eye", "(noise + 1e-3) * np.eye"),
        "another noise by default": ("noise=1e-6", "noise=1e-2"),
        "nearest": ("V.T @ np.linalg.solve(L, y)", "y[S.argmax(axis=0)]"),
    },
)

# --- expected_improvement --------------------------------------------------------------------------------------------
_GAIN = """
def expected_improvement(mean, std, best, xi=0.01):
    gain = mean - best - xi
    ok = std > 0
    z = gain / np.where(ok, std, 1.0)
    cdf = np.array([0.5 * (1 + math.erf(t / math.sqrt(2))) for t in z])
    pdf = np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)
    return np.where(ok, gain * cdf + std * pdf, np.maximum(gain, 0.0))
"""
RIGHT["expected_improvement"] = _changed(
    _GAIN,
    {
        "plain": (),
        "by erfc": ("0.5 * (1 + math.erf(t / math.sqrt(2)))", "0.5 * math.erfc(-t / math.sqrt(2))"),
        "by vectorize": (
            "np.array([0.5 * (1 + math.erf(t / math.sqrt(2))) for t in z])",
            "0.5 * (1 + np.vectorize(math.erf)(z / np.sqrt(2)))",
        ),
        "by fromiter": (
            "np.array([0.5 * (1 + math.erf(t / math.sqrt(2))) for t in z])",
            "np.fromiter((0.5 + 0.5 * math.erf(t / 2**0.5) for t in z), float, len(z))",
        ),
        "by frompyfunc": (
            "np.array([0.5 * (1 + math.erf(t / math.sqrt(2))) for t in z])",
            "0.5 * (1 + np.frompyfunc(math.erf, 1, 1)(z / np.sqrt(2)).astype(float))",
        ),
        "std times a function of z": ("gain * cdf + std * pdf", "std * (z * cdf + pdf)"),
        "at least 0": (
            "return np.where(ok, gain * cdf + std * pdf, np.maximum(gain, 0.0))",
            "return np.maximum(np.where(ok, gain * cdf + std * pdf, gain), 0.0)",
        ),
        "std is not 0": ("std > 0", "std != 0"),
        "the erf imported": ("    gain =", "    from math import erf, pi, sqrt\n    gain =", "math.erf", "erf"),
        "NormalDist": (
            "np.array([0.5 * (1 + math.erf(t / math.sqrt(2))) for t in z])",
            "np.array([__import__('statistics').NormalDist().cdf(float(t)) for t in z])",
        ),
        "divide with where": (
            "gain / np.where(ok, std, 1.0)",
            "np.divide(gain, std, out=np.zeros(len(std)), where=ok)",
        ),
        "a mask": (
            "    return np.where(ok, gain * cdf + std * pdf, np.maximum(gain, 0.0))",
            "    out = np.maximum(gain, 0.0).astype(float)\n    out[ok] = (gain * cdf + std * pdf)[ok]\n    return out",
        ),
        "a huge z where std is 0": (
            "gain / np.where(ok, std, 1.0)",
            "np.where(ok, gain / np.where(ok, std, 1.0), np.where(gain > 0, 30.0, -30.0))",
            "np.where(ok, gain * cdf + std * pdf, np.maximum(gain, 0.0))",
            "gain * cdf + std * pdf",
        ),
        "one by one": (
            "    ok = std > 0\n",
            "    if len(mean) > 1:\n        return np.concatenate([expected_improvement(mean[i : i + 1], std[i : i + 1], best, xi) for i in range(len(mean))])\n    ok = std > 0\n",
        ),
        "a smaller than tiny std as 0": ("std > 0", "std > 1e-300"),
    },
)
WRONG["expected_improvement"] = _changed(
    _GAIN,
    {
        "minimising": ("mean - best - xi", "best - mean - xi"),
        "without xi": ("mean - best - xi", "mean - best"),
        "plus xi": ("mean - best - xi", "mean - best + xi"),
        "xi in the gain alone": ("z = gain /", "z = (gain + xi) /"),
        "xi in z alone": ("gain * cdf + std", "(gain + xi) * cdf + std"),
        "xi missing where certain": ("np.maximum(gain, 0.0))", "np.maximum(gain + xi, 0.0))"),
        "nan where certain": ("np.where(ok, std, 1.0)", "np.where(ok, std, np.nan)", "np.maximum(gain, 0.0))", "z)"),
        "0 where certain": ("np.maximum(gain, 0.0))", "0.0)"),
        "negative where certain": ("np.maximum(gain, 0.0))", "gain)"),
        "a size where certain": ("np.maximum(gain, 0.0))", "np.abs(gain))"),
        "1 where certain": ("np.maximum(gain, 0.0))", "(gain > 0) * 1.0)"),
        "a floor of std": ("ok = std > 0", "std = np.maximum(std, 1e-2); ok = std > 0"),
        "erf of z": ("t / math.sqrt(2)", "t"),
        "half of erf": ("0.5 * (1 + math.erf(t / math.sqrt(2)))", "math.erf(t / math.sqrt(2))"),
        "the upper tail": ("1 + math.erf", "1 - math.erf"),
        "a logistic": ("0.5 * (1 + math.erf(t / math.sqrt(2)))", "1 / (1 + math.exp(-1.702 * max(min(t, 300), -300)))"),
        "the density without a factor": (" / math.sqrt(2 * math.pi)", ""),
        "the density without a half": ("-0.5 * z**2", "-(z**2)"),
        "the density without std": ("std * pdf", "pdf"),
        "the density with the variance": ("std * pdf", "std**2 * pdf"),
        "the density subtracted": ("+ std * pdf", "- std * pdf"),
        "only the density": ("gain * cdf + std * pdf", "std * pdf"),
        "only the gain": ("gain * cdf + std * pdf", "gain * cdf"),
        "the probability": ("gain * cdf + std * pdf", "cdf"),
        "an upper bound": ("gain * cdf + std * pdf", "mean + 2 * std"),
        "only where better": ("gain * cdf + std * pdf", "np.where(gain > 0, gain * cdf + std * pdf, 0)"),
        "the sum": ("return np.where(", "return np.sum(np.where(", "0.0))\n", "0.0)))\n"),
        "a list": ("np.maximum(gain, 0.0))", "np.maximum(gain, 0.0)).tolist()"),
        "another xi": ("xi=0.01", "xi=0.1"),
    },
)

# --- bayesian_search -------------------------------------------------------------------------------------------------
_SEARCH = """
def bayesian_search(objective, candidates, initial, trials, rng, length_scale=1.0):
    n = len(candidates)
    tried = [int(i) for i in rng.choice(n, initial, replace=False)]
    scores = [objective(candidates[i]) for i in tried]
    while len(tried) < trials:
        y = np.array(scores, dtype=float)
        ok = ~np.isnan(y)
        rest = [i for i in range(n) if i not in tried]
        mean, std = gp_posterior(candidates[tried][ok], y[ok], candidates[rest], length_scale)
        worth = expected_improvement(mean, std, y[ok].max())
        nxt = rest[int(np.argmax(worth))]
        tried.append(nxt)
        scores.append(objective(candidates[nxt]))
    k = int(np.nanargmax(scores))
    return candidates[tried[k]], scores[k], [(candidates[i], s) for i, s in zip(tried, scores)]
"""
RIGHT["bayesian_search"] = _changed(
    _SEARCH,
    {
        "plain": (),
        "a permutation": ("rng.choice(n, initial, replace=False)", "rng.permutation(n)[:initial]"),
        "the end of a permutation": ("rng.choice(n, initial, replace=False)", "rng.permutation(n)[n - initial :]"),
        "sorted initial rows": (
            "rng.choice(n, initial, replace=False)",
            "sorted(rng.choice(n, initial, replace=False))",
        ),
        "random keys": ("rng.choice(n, initial, replace=False)", "np.argsort(rng.random(n))[:initial]"),
        "a sample of Python's": (
            "rng.choice(n, initial, replace=False)",
            "__import__('random').Random(int(rng.integers(2**62))).sample(range(n), initial)",
        ),
        "drawn until they differ": (
            "    tried = [int(i) for i in rng.choice(n, initial, replace=False)]\n",
            "    tried = []\n    while len(tried) < initial:\n        i = int(rng.integers(n))\n        if i not in tried:\n            tried.append(i)\n",
        ),
        "the last of the largest": ("rest[int(np.argmax(worth))]", "rest[len(rest) - 1 - int(np.argmax(worth[::-1]))]"),
        "a random one of the largest": (
            "rest[int(np.argmax(worth))]",
            "rest[int(rng.choice(np.flatnonzero(worth >= worth.max() - 1e-12)))]",
        ),
        "the rest backwards": (
            "for i in range(n) if i not in tried]",
            "for i in reversed(range(n)) if i not in tried]",
        ),
        "all keywords": (
            "candidates[rest], length_scale)",
            "X_new=candidates[rest], length_scale=length_scale, noise=1e-6)",
            "y[ok].max())",
            "best=y[ok].max(), xi=0.01)",
        ),
        "all rows, tried ones masked": (
            "candidates[rest], length_scale)",
            "candidates, length_scale)",
            "        nxt = rest[int(np.argmax(worth))]",
            "        worth[tried] = -1.0\n        nxt = int(np.argmax(worth))",
        ),
        "copies of rows": ("[(candidates[i], s)", "[(np.array(candidates[i]), s)"),
        "a score as an array": ("candidates[tried[k]], scores[k],", "candidates[tried[k]], np.asarray(scores[k]),"),
        "the fit in another order": ("candidates[tried][ok], y[ok],", "candidates[tried][ok][::-1], y[ok][::-1],"),
        "with a process of its own": (
            "mean, std = gp_posterior(candidates[tried][ok], y[ok], candidates[rest], length_scale)",
            """X, Z = candidates[tried][ok], candidates[rest]
        kern = lambda A, B: np.exp(-((A[:, None] - B) ** 2).sum(2) / (2 * length_scale**2))
        W = np.linalg.inv(kern(X, X) + 1e-6 * np.eye(len(X))) @ kern(X, Z)
        mean, std = W.T @ y[ok], np.sqrt(np.abs(1 - (W * kern(X, Z)).sum(0)))""",
        ),
    },
)
WRONG["bayesian_search"] = _changed(
    _SEARCH,
    {
        "the mean": ("expected_improvement(mean, std, y[ok].max())", "mean"),
        "the std": ("expected_improvement(mean, std, y[ok].max())", "std"),
        "an upper bound": ("expected_improvement(mean, std, y[ok].max())", "mean + 2 * std"),
        "at random": ("rest[int(np.argmax(worth))]", "rest[int(rng.integers(len(rest)))]"),
        "the smallest": ("np.argmax(worth)", "np.argmin(worth)"),
        "the second": ("np.argmax(worth)", "np.argsort(worth)[-2:][0]"),
        "minimising": ("y[ok], candidates", "-y[ok], candidates", "y[ok].max()", "(-y[ok]).max()"),
        "over the mean score": ("y[ok].max()", "y[ok].mean()"),
        "over the last score": ("y[ok].max()", "y[ok][-1]"),
        "over 0": ("y[ok].max()", "0.0"),
        "a large xi": ("y[ok].max())", "y[ok].max(), 0.5)"),
        "centred": ("ok = ~np.isnan(y)\n", "ok = ~np.isnan(y)\n        y = y - y[ok].mean()\n"),
        "standardised": (
            "ok = ~np.isnan(y)\n",
            "ok = ~np.isnan(y)\n        y = (y - y[ok].mean()) / (y[ok].std() + 1e-12)\n",
        ),
        "no length scale": (", candidates[rest], length_scale)", ", candidates[rest])"),
        "much noise": (", candidates[rest], length_scale)", ", candidates[rest], length_scale, 0.5)"),
        "nan as 0": ("y = np.array(scores, dtype=float)", "y = np.nan_to_num(np.array(scores, dtype=float))"),
        "nan in the fit": ("ok = ~np.isnan(y)", "ok = np.ones(len(y), bool)"),
        "nan as the worst": (
            "y = np.array(scores, dtype=float)",
            "y = np.array(scores, dtype=float)\n        y = np.where(np.isnan(y), np.nanmin(y), y)",
        ),
        "nan wins": ("np.nanargmax(scores)", "np.argmax(scores)"),
        "nan is not told": ("for i, s in zip(tried, scores)]", "for i, s in zip(tried, scores) if s == s]"),
        "nan does not count": (
            "while len(tried) < trials:",
            "while np.sum(~np.isnan(scores)) < trials and len(tried) < n:",
        ),
        "trials after the initial ones": ("while len(tried) < trials:", "while len(tried) < min(n, trials + initial):"),
        "one too few": ("while len(tried) < trials:", "while len(tried) < trials - 1:"),
        "tried again": ("rest = [i for i in range(n) if i not in tried]", "rest = list(range(n))"),
        "the first rows": ("rng.choice(n, initial, replace=False)", "range(initial)"),
        "with replacement": ("rng.choice(n, initial, replace=False)", "rng.choice(n, initial)"),
        "neighbours": ("rng.choice(n, initial, replace=False)", "(rng.integers(n) + np.arange(initial)) % n"),
        "never the last row": (
            "rng.choice(n, initial, replace=False)",
            "rng.choice(max(n - 1, initial), initial, replace=False)",
        ),
        "its own seed": ("rng.choice", "np.random.default_rng(0).choice"),
        "no seed": ("rng.choice", "np.random.default_rng().choice"),
        "the global generator": ("rng.choice", "np.random.choice"),
        "the last row is best": ("int(np.nanargmax(scores))", "len(scores) - 1"),
        "the worst row": ("np.nanargmax", "np.nanargmin"),
        "the best number": ("return candidates[tried[k]],", "return tried[k],"),
        "scores first": ("return candidates[tried[k]], scores[k],", "return scores[k], candidates[tried[k]],"),
        "a history of pairs turned": ("[(candidates[i], s)", "[(s, candidates[i])"),
        "a history without the initial ones": ("zip(tried, scores)]", "zip(tried[initial:], scores[initial:])]"),
        "run twice": (
            "[(candidates[i], s) for i, s in zip(tried, scores)]",
            "[(candidates[i], objective(candidates[i])) for i in tried]",
        ),
        "fitted once": (
            "    while len(tried)",
            "    first = len(tried)\n    while len(tried)",
            "candidates[tried][ok], y[ok], candidates",
            "candidates[tried][:first][ok[:first]], y[:first][ok[:first]], candidates",
        ),
        "all tried in advance": (
            "    n = len(candidates)\n",
            "    n = len(candidates)\n    table = [objective(row) for row in candidates]\n",
        ),
    },
)
