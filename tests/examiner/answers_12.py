"""Answers to lesson 12 that were written from the curriculum alone, and what the judge must say of each."""

from __future__ import annotations

from .examining import answers

RIGHT: dict[str, dict[str, str]] = {}
WRONG: dict[str, dict[str, str]] = {}

# --- chance_loss -----------------------------------------------------------------------------------------------------
RIGHT["chance_loss"] = answers("""
#: np.log
def chance_loss(classes):
    return np.log(classes)
#: math.log
def chance_loss(classes):
    import math
    return math.log(classes)
#: minus log of one over k
def chance_loss(classes):
    return -np.log(1 / classes)
#: minus log of an array
def chance_loss(classes):
    p = np.full(classes, 1 / classes)
    return -np.log(p).mean()
#: entropy
def chance_loss(classes):
    p = np.ones(classes) / classes
    return float(-np.dot(p, np.log(p)))
#: a 0-d array
def chance_loss(classes):
    return np.array(np.log(float(classes)))
#: log2 turned
def chance_loss(classes):
    return np.log2(classes) * np.log(2)
#: log10 turned
def chance_loss(classes):
    return np.log10(classes) / np.log10(np.e)
#: two arguments of log
def chance_loss(classes):
    import math
    return math.log(classes, math.e)
#: log1p
def chance_loss(classes):
    return np.log1p(classes - 1)
#: logaddexp
def chance_loss(classes):
    return np.logaddexp.reduce(np.zeros(classes))
#: a lambda
chance_loss = lambda classes: np.log(classes)
#: softmax of zeros
def chance_loss(classes):
    z = np.zeros((1, classes))
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return -np.log(p[0, 0])
#: negated power
def chance_loss(classes):
    return -np.log(float(classes) ** -1)
#: a class
class _Chance:
    def __call__(self, classes):
        return np.float64(np.log(classes))
chance_loss = _Chance()
""")
WRONG["chance_loss"] = answers("""
#: log10
def chance_loss(classes):
    return np.log10(classes)
#: log2
def chance_loss(classes):
    return np.log2(classes)
#: sign
def chance_loss(classes):
    return -np.log(classes)
#: probability
def chance_loss(classes):
    return 1 / classes
#: error rate
def chance_loss(classes):
    return 1 - 1 / classes
#: the classes
def chance_loss(classes):
    return classes
#: constant
def chance_loss(classes):
    return 2.302585092994046
#: rounded
def chance_loss(classes):
    return round(float(np.log(classes)), 3)
#: one class fewer
def chance_loss(classes):
    return np.log(classes - 1)
#: log1p
def chance_loss(classes):
    return np.log1p(classes)
#: with eps
def chance_loss(classes):
    return -np.log(1 / classes + 1e-3)
#: an array
def chance_loss(classes):
    return np.full(classes, np.log(classes))
#: a text
def chance_loss(classes):
    return f"{np.log(classes):.3f}"
#: the Brier score
def chance_loss(classes):
    return (1 - 1 / classes) ** 2
#: binary
def chance_loss(classes):
    return -np.log(1 / classes) - (classes - 1) * np.log(1 - 1 / classes)
#: nothing
def chance_loss(classes):
    np.log(classes)
""")

# --- initial_loss_is_sane --------------------------------------------------------------------------------------------
RIGHT["initial_loss_is_sane"] = answers("""
#: the formula
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return abs(loss - np.log(classes)) <= tolerance * np.log(classes)
#: bool
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    expected = chance_loss(classes)
    return bool(np.abs(loss - expected) <= tolerance * expected)
#: two bounds
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    c = np.log(classes)
    return bool(c - tolerance * c <= loss <= c + tolerance * c)
#: factored bounds
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    c = np.log(classes)
    return bool((1 - tolerance) * c <= loss and loss <= (1 + tolerance) * c)
#: quotient
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return bool(abs(loss / np.log(classes) - 1) <= tolerance)
#: early return
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    if np.isnan(loss) or np.isinf(loss):
        return False
    return bool(abs(loss - np.log(classes)) / np.log(classes) <= tolerance)
#: not greater, with a check
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    import math
    if not math.isfinite(loss):
        return False
    return not abs(loss - math.log(classes)) > tolerance * math.log(classes)
#: isclose
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return np.isclose(loss, np.log(classes), rtol=tolerance, atol=0)
#: allclose
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return np.allclose(loss, np.log(classes), rtol=tolerance, atol=0)
#: a 0-d array
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return np.less_equal(np.abs(np.subtract(loss, np.log(classes))), tolerance * np.log(classes))
#: if and else
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    gap = loss - np.log(classes)
    if gap < 0:
        gap = -gap
    if gap <= tolerance * np.log(classes):
        return True
    else:
        return False
#: squares
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    c = np.log(classes)
    return bool((loss - c) ** 2 <= tolerance ** 2 * c ** 2)
#: isfinite and
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return bool(np.isfinite(loss) & (abs(loss + np.log(1 / classes)) <= -tolerance * np.log(1 / classes)))
#: a lambda
initial_loss_is_sane = lambda loss, classes, tolerance=0.1: bool(max(loss - np.log(classes), np.log(classes) - loss) <= tolerance * np.log(classes))
#: math
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    import math
    return math.fabs(loss - math.log(classes)) <= tolerance * math.log(classes)
""")
WRONG["initial_loss_is_sane"] = answers("""
#: absolute
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return bool(abs(loss - np.log(classes)) <= tolerance)
#: nan passes
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return bool(not abs(loss - np.log(classes)) > tolerance * np.log(classes))
#: only above
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return bool(loss <= (1 + tolerance) * np.log(classes))
#: only below
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return bool(loss >= (1 - tolerance) * np.log(classes))
#: relative to the loss
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return bool(abs(loss - np.log(classes)) <= tolerance * loss)
#: symmetric isclose
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    import math
    return math.isclose(loss, math.log(classes), rel_tol=min(tolerance, 0.99))
#: isclose turned round
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return bool(np.isclose(np.log(classes), loss, rtol=tolerance, atol=0))
#: isclose with atol
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return bool(np.isclose(loss, np.log(classes), atol=tolerance))
#: strict
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return bool(abs(loss - np.log(classes)) < tolerance * np.log(classes))
#: fixed
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return bool(abs(loss - np.log(classes)) <= 0.1 * np.log(classes))
#: another default
def initial_loss_is_sane(loss, classes, tolerance=0.05):
    return bool(abs(loss - np.log(classes)) <= tolerance * np.log(classes))
#: log10
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return bool(abs(loss - np.log10(classes)) <= tolerance * np.log10(classes))
#: negated
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return not abs(loss - np.log(classes)) <= tolerance * np.log(classes)
#: a number
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return int(abs(loss - np.log(classes)) <= tolerance * np.log(classes))
#: the ratio
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return abs(loss / np.log(classes) - 1)
#: raises on nan
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    if not np.isfinite(loss):
        raise ValueError("loss is not a number")
    return bool(abs(loss - np.log(classes)) <= tolerance * np.log(classes))
#: None on nan
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    if not np.isfinite(loss):
        return None
    return bool(abs(loss - np.log(classes)) <= tolerance * np.log(classes))
#: size of the loss
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    return bool(abs(abs(loss) - np.log(classes)) <= tolerance * np.log(classes))
#: infinity becomes large
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    loss = np.nan_to_num(loss, nan=np.log(classes))
    return bool(abs(loss - np.log(classes)) <= tolerance * np.log(classes))
""")

# --- overfits_tiny_subset --------------------------------------------------------------------------------------------
RIGHT["overfits_tiny_subset"] = answers("""
#: for with a last look
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for step in range(max_steps):
        if evaluate() <= target:
            return step
        train_step()
    return max_steps if evaluate() <= target else None
#: look first
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    if evaluate() <= target:
        return 0
    for i in range(max_steps):
        train_step()
        if evaluate() <= target:
            return i + 1
    return None
#: while
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    n = 0
    while True:
        if evaluate() <= target:
            return n
        if n >= max_steps:
            return None
        train_step()
        n += 1
#: while not
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    n = 0
    while not evaluate() <= target:
        if n == max_steps:
            return
        train_step()
        n = n + 1
    return n
#: all losses, then search
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    losses = [evaluate()]
    for _ in range(max_steps):
        train_step()
        losses.append(evaluate())
    hits = [i for i, v in enumerate(losses) if v <= target]
    return hits[0] if hits else None
#: argmax
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    losses = np.empty(max_steps + 1)
    losses[0] = evaluate()
    for i in range(max_steps):
        train_step()
        losses[i + 1] = evaluate()
    ok = losses <= target
    return int(np.argmax(ok)) if ok.any() else None
#: a NumPy integer
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in np.arange(max_steps + 1):
        if n:
            train_step()
        if evaluate() <= target:
            return n
#: nan checked by name
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in range(0, max_steps + 1):
        loss = evaluate()
        if not np.isnan(loss) and loss <= target:
            return n
        if n != max_steps:
            train_step()
    return None
#: inner function
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    def good():
        return bool(evaluate() <= target)
    if good():
        return 0
    made = 0
    while made < max_steps:
        train_step()
        made += 1
        if good():
            return made
    return None
#: for else
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in range(max_steps + 1):
        if n > 0:
            train_step()
        if float(evaluate()) <= target:
            break
    else:
        return None
    return n
#: itertools
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    import itertools
    for n in itertools.count():
        if evaluate() <= target:
            return n
        if n == max_steps:
            return None
        train_step()
#: a generator
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    def trace():
        yield 0, evaluate()
        for n in range(1, max_steps + 1):
            train_step()
            yield n, evaluate()
    for n, loss in trace():
        if loss <= target:
            return n
    return None
#: recursion
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    if evaluate() <= target:
        return 0
    if max_steps == 0:
        return None
    train_step()
    rest = overfits_tiny_subset(train_step, evaluate, max_steps - 1, target)
    return None if rest is None else rest + 1
#: asked twice
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    evaluate()
    n, loss = 0, evaluate()
    while (loss > target or loss != loss) and n < max_steps:
        train_step()
        n += 1
        evaluate()
        loss = evaluate()
    return n if loss <= target else None
#: target minus loss
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in range(max_steps + 1):
        if n >= 1:
            train_step()
        if target >= evaluate():
            return n
    return None
""")
WRONG["overfits_tiny_subset"] = answers("""
#: last step not looked at
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in range(max_steps):
        if evaluate() <= target:
            return n
        train_step()
    return None
#: trains first
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in range(1, max_steps + 1):
        train_step()
        if evaluate() <= target:
            return n
    return None
#: counts from zero
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in range(max_steps):
        train_step()
        if evaluate() <= target:
            return n
    return None
#: strict
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in range(max_steps + 1):
        if evaluate() < target:
            return n
        if n < max_steps:
            train_step()
    return None
#: nan ends it
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    n = 0
    while evaluate() > target and n < max_steps:
        train_step()
        n += 1
    return n if not evaluate() > target else None
#: nan gives up
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in range(max_steps + 1):
        loss = evaluate()
        if not np.isfinite(loss):
            return None
        if loss <= target:
            return n
        if n < max_steps:
            train_step()
    return None
#: bool
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in range(max_steps + 1):
        if evaluate() <= target:
            return True
        if n < max_steps:
            train_step()
    return False
#: max_steps for never
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    n = 0
    while not evaluate() <= target and n < max_steps:
        train_step()
        n += 1
    return n
#: minus one for never
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in range(max_steps + 1):
        if evaluate() <= target:
            return n
        if n < max_steps:
            train_step()
    return -1
#: one too many
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in range(max_steps + 2):
        if evaluate() <= target:
            return n
        train_step()
    return None
#: fixed target
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in range(max_steps + 1):
        if evaluate() <= 0.01:
            return n
        if n < max_steps:
            train_step()
    return None
#: the step's own loss
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    if evaluate() <= target:
        return 0
    for n in range(1, max_steps + 1):
        loss = train_step()
        if loss <= target:
            return n
    return None
#: only at the end
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in range(max_steps):
        train_step()
    return max_steps if evaluate() <= target else None
#: evaluates every other step
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in range(max_steps + 1):
        if n % 2 == 0 and evaluate() <= target:
            return n
        if n < max_steps:
            train_step()
    return None
#: trains twice
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in range(max_steps + 1):
        if evaluate() <= target:
            return n
        if n < max_steps:
            train_step()
            train_step()
    return None
#: the last time, not the first
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    found = None
    for n in range(max_steps + 1):
        if evaluate() <= target:
            found = n
        if n < max_steps:
            train_step()
    return found
#: the smallest loss
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    losses = [evaluate()]
    for n in range(max_steps):
        train_step()
        losses.append(evaluate())
    return int(np.argmin(losses)) if min(losses) <= target else None
#: zero is false
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    steps = None
    for n in range(max_steps + 1):
        if evaluate() <= target:
            steps = n
            break
        if n < max_steps:
            train_step()
    return steps if steps else None
#: a float
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    for n in range(max_steps + 1):
        if evaluate() <= target:
            return float(n)
        if n < max_steps:
            train_step()
    return None
#: stops when it rises
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    best = np.inf
    for n in range(max_steps + 1):
        loss = evaluate()
        if loss <= target:
            return n
        if loss > best:
            return None
        best = loss
        if n < max_steps:
            train_step()
    return None
""")

# --- update_ratios ---------------------------------------------------------------------------------------------------
RIGHT["update_ratios"] = answers("""
#: a comprehension
def update_ratios(params_before, params_after):
    return {k: np.linalg.norm(params_after[k] - params_before[k]) / np.linalg.norm(params_before[k]) for k in params_before if k.startswith("W")}
#: a loop
def update_ratios(params_before, params_after):
    out = {}
    for k in params_before:
        if k[0] != "W":
            continue
        out[k] = float(np.sqrt(((params_before[k] - params_after[k]) ** 2).sum()) / np.sqrt((params_before[k] ** 2).sum()))
    return out
#: fro
def update_ratios(params_before, params_after):
    f = lambda a: np.linalg.norm(a, ord="fro")
    return {k: f(params_after[k] - params_before[k]) / f(params_before[k]) for k in params_before if k.startswith("W")}
#: keys of the later ones
def update_ratios(params_before, params_after):
    return {k: np.linalg.norm(v - params_before[k]) / np.linalg.norm(params_before[k]) for k, v in params_after.items() if k.startswith("W")}
#: ravel
def update_ratios(params_before, params_after):
    return {k: np.linalg.norm((params_after[k] - params_before[k]).ravel()) / np.linalg.norm(params_before[k].ravel()) for k in params_before if k[:1] == "W"}
#: vdot
def update_ratios(params_before, params_after):
    r = {}
    for k, w in params_before.items():
        if k.startswith("W"):
            d = params_after[k] - w
            r[k] = np.sqrt(np.vdot(d, d) / np.vdot(w, w))
    return r
#: einsum
def update_ratios(params_before, params_after):
    norm = lambda a: np.einsum("ij,ij", a, a) ** 0.5
    return {k: norm(params_after[k] - params_before[k]) / norm(params_before[k]) for k in params_before if k.startswith("W")}
#: trace
def update_ratios(params_before, params_after):
    norm = lambda a: np.sqrt(np.trace(a @ a.T))
    return {k: norm(params_after[k] - params_before[k]) / norm(params_before[k]) for k in params_before if k.startswith("W")}
#: singular values
def update_ratios(params_before, params_after):
    norm = lambda a: np.sqrt((np.linalg.svd(a, compute_uv=False) ** 2).sum())
    return {k: norm(params_after[k] - params_before[k]) / norm(params_before[k]) for k in params_before if k.startswith("W")}
#: 0-d arrays
def update_ratios(params_before, params_after):
    return {k: np.array(np.linalg.norm(params_after[k] - params_before[k]) / np.linalg.norm(params_before[k])) for k in sorted(params_before) if k.startswith("W")}
#: regular expression
def update_ratios(params_before, params_after):
    import re
    return {k: np.linalg.norm(params_after[k] - params_before[k]) / np.linalg.norm(params_before[k]) for k in params_before if re.match("W", k)}
#: map
def update_ratios(params_before, params_after):
    keys = [k for k in params_before if k.startswith("W")]
    return dict(zip(keys, map(lambda k: np.linalg.norm(params_before[k] - params_after[k]) / np.linalg.norm(params_before[k]), keys)))
#: root mean squares
def update_ratios(params_before, params_after):
    rms = lambda a: np.sqrt(np.mean(np.square(a)))
    return {k: rms(params_after[k] - params_before[k]) / rms(params_before[k]) for k in params_before if k.startswith("W")}
#: python sums
def update_ratios(params_before, params_after):
    out = {}
    for k in params_before:
        if k.startswith("W"):
            up = sum(float(b - a) ** 2 for a, b in zip(params_before[k].flat, params_after[k].flat))
            down = sum(float(a) ** 2 for a in params_before[k].flat)
            out[k] = (up / down) ** 0.5
    return out
#: copies
def update_ratios(params_before, params_after):
    import copy
    old, new = copy.deepcopy(params_before), copy.deepcopy(params_after)
    for k in list(old):
        if not k.startswith("W"):
            del old[k]
        else:
            new[k] -= old[k]
    return {k: np.linalg.norm(new[k]) / np.linalg.norm(old[k]) for k in old}
""")
WRONG["update_ratios"] = answers("""
#: all keys
def update_ratios(params_before, params_after):
    return {k: np.linalg.norm(params_after[k] - params_before[k]) / max(np.linalg.norm(params_before[k]), 1e-12) for k in params_before}
#: after
def update_ratios(params_before, params_after):
    return {k: np.linalg.norm(params_after[k] - params_before[k]) / np.linalg.norm(params_after[k]) for k in params_before if k.startswith("W")}
#: difference of norms
def update_ratios(params_before, params_after):
    return {k: abs(np.linalg.norm(params_after[k]) - np.linalg.norm(params_before[k])) / np.linalg.norm(params_before[k]) for k in params_before if k.startswith("W")}
#: squares
def update_ratios(params_before, params_after):
    return {k: ((params_after[k] - params_before[k]) ** 2).sum() / (params_before[k] ** 2).sum() for k in params_before if k.startswith("W")}
#: spectral
def update_ratios(params_before, params_after):
    return {k: np.linalg.norm(params_after[k] - params_before[k], 2) / np.linalg.norm(params_before[k], 2) for k in params_before if k.startswith("W")}
#: nuclear
def update_ratios(params_before, params_after):
    return {k: np.linalg.norm(params_after[k] - params_before[k], "nuc") / np.linalg.norm(params_before[k], "nuc") for k in params_before if k.startswith("W")}
#: standard deviations
def update_ratios(params_before, params_after):
    return {k: (params_after[k] - params_before[k]).std() / params_before[k].std() for k in params_before if k.startswith("W")}
#: absolute values
def update_ratios(params_before, params_after):
    return {k: np.abs(params_after[k] - params_before[k]).mean() / np.abs(params_before[k]).mean() for k in params_before if k.startswith("W")}
#: largest entries
def update_ratios(params_before, params_after):
    return {k: np.abs(params_after[k] - params_before[k]).max() / np.abs(params_before[k]).max() for k in params_before if k.startswith("W")}
#: per column
def update_ratios(params_before, params_after):
    return {k: np.linalg.norm(params_after[k] - params_before[k], axis=0) / np.linalg.norm(params_before[k], axis=0) for k in params_before if k.startswith("W")}
#: lower case too
def update_ratios(params_before, params_after):
    return {k: np.linalg.norm(params_after[k] - params_before[k]) / np.linalg.norm(params_before[k]) for k in params_before if k.upper().startswith("W")}
#: a W anywhere
def update_ratios(params_before, params_after):
    return {k: np.linalg.norm(params_after[k] - params_before[k]) / np.linalg.norm(params_before[k]) for k in params_before if "W" in k}
#: numbered only
def update_ratios(params_before, params_after):
    return {k: np.linalg.norm(params_after[k] - params_before[k]) / np.linalg.norm(params_before[k]) for k in params_before if k.startswith("W") and k[1:].isdigit()}
#: matrices
def update_ratios(params_before, params_after):
    return {k: np.linalg.norm(params_after[k] - params_before[k]) / np.linalg.norm(params_before[k]) for k in params_before if params_before[k].ndim == 2}
#: eps below
def update_ratios(params_before, params_after):
    return {k: np.linalg.norm(params_after[k] - params_before[k]) / (np.linalg.norm(params_before[k]) + 1e-3) for k in params_before if k.startswith("W")}
#: list
def update_ratios(params_before, params_after):
    return [np.linalg.norm(params_after[k] - params_before[k]) / np.linalg.norm(params_before[k]) for k in params_before if k.startswith("W")]
#: log10
def update_ratios(params_before, params_after):
    return {k: np.log10(np.linalg.norm(params_after[k] - params_before[k]) / np.linalg.norm(params_before[k])) for k in params_before if k.startswith("W")}
#: zipped values
def update_ratios(params_before, params_after):
    return {k: np.linalg.norm(b - a) / np.linalg.norm(a) for (k, a), b in zip(params_before.items(), params_after.values()) if k.startswith("W") and a.shape == b.shape}
#: in place
def update_ratios(params_before, params_after):
    out = {}
    for k in params_before:
        if k.startswith("W"):
            params_after[k] -= params_before[k]
            out[k] = np.linalg.norm(params_after[k]) / np.linalg.norm(params_before[k])
    return out
""")

# --- clip_gradients --------------------------------------------------------------------------------------------------
RIGHT["clip_gradients"] = answers("""
#: if and else
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads.values()))
    if norm > max_norm:
        return {k: g * (max_norm / norm) for k, g in grads.items()}
    return {k: g.copy() for k, g in grads.items()}
#: the given dict back
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads.values()))
    return grads if norm <= max_norm else {k: max_norm * g / norm for k, g in grads.items()}
#: minimum
def clip_gradients(grads, max_norm):
    norm = np.sqrt(np.sum([np.sum(np.square(g)) for g in grads.values()]))
    factor = min(1, max_norm / norm) if norm > 0 else 1
    return {k: factor * g for k, g in grads.items()}
#: NumPy's division by zero
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g * g) for g in grads.values()))
    factor = np.minimum(1.0, max_norm / norm)
    return {k: g * factor for k, g in grads.items()}
#: max below
def clip_gradients(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads.values()]))
    return {k: g * max_norm / max(norm, max_norm) for k, g in grads.items()}
#: norm of norms
def clip_gradients(grads, max_norm):
    norm = np.linalg.norm([np.linalg.norm(g.ravel()) for g in grads.values()])
    return {k: g / max(1.0, norm / max_norm) for k, g in grads.items()}
#: hypot
def clip_gradients(grads, max_norm):
    import math
    norm = math.hypot(*(float(x) for g in grads.values() for x in g.flat))
    return {k: g * (max_norm / norm if norm > max_norm else 1.0) for k, g in grads.items()}
#: squared comparison
def clip_gradients(grads, max_norm):
    square = sum(float((g ** 2).sum()) for g in grads.values())
    if square <= max_norm ** 2:
        return dict(grads)
    return {k: g * (max_norm / square ** 0.5) for k, g in grads.items()}
#: copies scaled in place
def clip_gradients(grads, max_norm):
    import copy
    new = copy.deepcopy(grads)
    norm = np.sqrt(sum(np.vdot(g, g) for g in new.values()))
    if norm > max_norm:
        for g in new.values():
            g *= max_norm / norm
    return new
#: sorted keys
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum((grads[k] ** 2).sum() for k in sorted(grads)))
    scale = max_norm / norm if norm >= max_norm else 1
    return {k: grads[k] * scale for k in sorted(grads)}
#: the tiny number of torch
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads.values()))
    factor = max_norm / (norm + 1e-6)
    return {k: g * min(factor, 1.0) for k, g in grads.items()} if norm > max_norm else grads
#: reduce
def clip_gradients(grads, max_norm):
    from functools import reduce
    norm = reduce(np.hypot, [np.linalg.norm(g) for g in grads.values()])
    return {k: np.where(norm > max_norm, g * max_norm / np.maximum(norm, 1e-300), g) for k, g in grads.items()}
#: flat and back
def clip_gradients(grads, max_norm):
    flat = np.concatenate([g.reshape(-1) for g in grads.values()])
    norm = np.sqrt(flat @ flat)
    if norm > max_norm:
        flat = flat * (max_norm / norm)
    out, i = {}, 0
    for k, g in grads.items():
        out[k] = flat[i:i + g.size].reshape(g.shape)
        i += g.size
    return out
#: an ordered dict
def clip_gradients(grads, max_norm):
    from collections import OrderedDict
    norm = np.sqrt(sum(np.einsum("...,...->", g.ravel(), g.ravel()) if False else (g ** 2).sum() for g in grads.values()))
    factor = 1.0 if norm <= max_norm else max_norm / norm
    return OrderedDict((k, g * factor) for k, g in grads.items())
""")
WRONG["clip_gradients"] = answers("""
#: each array
def clip_gradients(grads, max_norm):
    return {k: g * min(1.0, max_norm / max(np.linalg.norm(g), 1e-12)) for k, g in grads.items()}
#: each entry
def clip_gradients(grads, max_norm):
    return {k: np.clip(g, -max_norm, max_norm) for k, g in grads.items()}
#: always
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads.values()))
    return {k: g * max_norm / max(norm, 1e-12) for k, g in grads.items()}
#: in place
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads.values()))
    if norm > max_norm:
        for k in grads:
            grads[k] = grads[k] * max_norm / norm
    return grads
#: arrays in place
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads.values()))
    new = dict(grads)
    if norm > max_norm:
        for k in new:
            new[k] *= max_norm / norm
    return new
#: no root
def clip_gradients(grads, max_norm):
    norm = sum((g ** 2).sum() for g in grads.values())
    return {k: g * max_norm / norm if norm > max_norm else g for k, g in grads.items()}
#: sum of norms
def clip_gradients(grads, max_norm):
    norm = sum(np.linalg.norm(g) for g in grads.values())
    return {k: g * max_norm / norm if norm > max_norm else g for k, g in grads.items()}
#: mean of norms
def clip_gradients(grads, max_norm):
    norm = np.mean([np.linalg.norm(g) for g in grads.values()])
    return {k: g * max_norm / norm if norm > max_norm else g for k, g in grads.items()}
#: largest entry
def clip_gradients(grads, max_norm):
    size = max(np.abs(g).max() for g in grads.values())
    return {k: g * max_norm / size if size > max_norm else g for k, g in grads.items()}
#: weights only
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for k, g in grads.items() if k.startswith("W")))
    return {k: g * max_norm / norm if norm > max_norm else g for k, g in grads.items()}
#: without biases
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads.values()))
    return {k: g * max_norm / norm if norm > max_norm and g.ndim > 1 else g for k, g in grads.items()}
#: root of the factor
def clip_gradients(grads, max_norm):
    square = sum((g ** 2).sum() for g in grads.values())
    return {k: g * max_norm / square if square > max_norm ** 2 else g for k, g in grads.items()}
#: norm one
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads.values()))
    return {k: g / norm if norm > max_norm else g for k, g in grads.items()}
#: zero on overflow
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads.values()))
    return {k: g * 0 if norm > max_norm else g for k, g in grads.items()}
#: nan for zeros
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads.values()))
    unit = {k: g / norm for k, g in grads.items()}
    return {k: g * np.minimum(norm, max_norm) for k, g in unit.items()}
#: large eps
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads.values()))
    return {k: g * max_norm / (norm + 1e-2) if norm > max_norm else g for k, g in grads.items()}
#: scaled below the limit
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads.values()))
    return {k: g * 0.99 * max_norm / norm if norm > max_norm else g for k, g in grads.items()}
#: a pair
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads.values()))
    return {k: g * min(1, max_norm / max(norm, 1e-12)) for k, g in grads.items()}, norm
#: values only
def clip_gradients(grads, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads.values()))
    return [g * min(1, max_norm / max(norm, 1e-12)) for g in grads.values()]
""")

# --- diagnose_loss_curve ---------------------------------------------------------------------------------------------
PIECES = (
    'if not np.isfinite(t).all(): return "numerical overflow"',
    'if t[-1] >= 1.5 * t[0]: return "diverging"',
    'if (abs(t - t[0]) <= 0.035 * t[0]).all(): return "not learning"',
    'if t[-1] > 0.7 * t[0]: return "too slow"',
    'if (t[:int(round(0.3 * len(t)))] >= 0.95 * t[0]).all(): return "slow start"',
    'if abs(np.diff(d)).mean() / d.mean() > 0.12: return "noisy dev set"',
    'if d[-1] > 1.3 * d.min(): return "overfitting"',
)
CURVE = "def diagnose_loss_curve(train_losses, dev_losses):"


def diagnosis(*order: int, **changed: str) -> str:
    """The rules in this order, some of them changed (``r3=...``)."""
    lines = [changed.get(f"r{i}", PIECES[i]) for i in order or range(7)]
    body = ["t, d = np.array(train_losses, float), np.array(dev_losses, float)", *lines, 'return "healthy"']
    return CURVE + "\n    " + "\n    ".join(body) + "\n"


RIGHT["diagnose_loss_curve"] = {
    "rules": diagnosis(),
    "isnan or isinf": diagnosis(r0='if (np.isnan(t) | np.isinf(t)).any(): return "numerical overflow"'),
    "a quotient": diagnosis(r1='if t[-1] / t[0] >= 1.5: return "diverging"'),
    "extremes": diagnosis(r2='if t.max() <= 1.035 * t[0] and t.min() >= 0.965 * t[0]: return "not learning"'),
    "largest deviation": diagnosis(r2='if np.max(np.abs(t / t[0] - 1)) <= 0.035: return "not learning"'),
    "allclose": diagnosis(r2='if np.allclose(t, t[0], rtol=0.035, atol=0): return "not learning"'),
    "not much lower": diagnosis(r3='if not t[-1] <= 0.7 * t[0]: return "too slow"'),
    "ceil": diagnosis(r4='if np.all(t[:int(np.ceil(0.3 * len(t)))] >= 0.95 * t[0]): return "slow start"'),
    "floor": diagnosis(r4='if np.all(t[:int(0.3 * t.size)] >= 0.95 * t[0]): return "slow start"'),
    "least of the start": diagnosis(r4='if t[: len(t) * 3 // 10].min() >= 0.95 * t[0]: return "slow start"'),
    "without the first": diagnosis(r4='if (t[1 : int(0.3 * len(t))] / t[0] >= 0.95).all(): return "slow start"'),
    "slices": diagnosis(r5='if np.mean(np.abs(d[1:] - d[:-1])) / np.mean(d) > 0.12: return "noisy dev set"'),
    "sums": diagnosis(r5='if abs(d[1:] - d[:-1]).sum() / (len(d) - 1) > 0.12 * d.mean(): return "noisy dev set"'),
    "sorted": diagnosis(r6='if d[-1] / sorted(d)[0] > 1.3: return "overfitting"'),
    **answers("""
#: plain Python
def diagnose_loss_curve(train_losses, dev_losses):
    import math
    t, d = list(train_losses), list(dev_losses)
    if not all(math.isfinite(x) for x in t):
        return "numerical overflow"
    if t[-1] >= 1.5 * t[0]:
        return "diverging"
    if all(abs(x - t[0]) <= 0.035 * t[0] for x in t):
        return "not learning"
    if t[-1] > 0.7 * t[0]:
        return "too slow"
    if all(x >= 0.95 * t[0] for x in t[: int(0.3 * len(t))]):
        return "slow start"
    changes = [abs(a - b) for a, b in zip(d[1:], d)]
    if sum(changes) / len(changes) / (sum(d) / len(d)) > 0.12:
        return "noisy dev set"
    return "overfitting" if d[-1] > 1.3 * min(d) else "healthy"
#: elif and a variable
def diagnose_loss_curve(train_losses, dev_losses):
    t, d = np.asarray(train_losses), np.asarray(dev_losses)
    first, last = t[0], t[-1]
    if np.any(np.isnan(t)) or np.any(np.isinf(t)):
        verdict = "numerical overflow"
    elif last >= 1.5 * first:
        verdict = "diverging"
    elif np.all(np.abs(t - first) / first <= 0.035):
        verdict = "not learning"
    elif last > 0.7 * first:
        verdict = "too slow"
    elif np.all(t[: round(0.3 * len(t))] >= 0.95 * first):
        verdict = "slow start"
    elif np.abs(np.diff(d)).mean() / d.mean() > 0.12:
        verdict = "noisy dev set"
    elif d[-1] > 1.3 * np.min(d):
        verdict = "overfitting"
    else:
        verdict = "healthy"
    return verdict
#: np.str_
def diagnose_loss_curve(train_losses, dev_losses):
    t, d = np.asarray(train_losses), np.asarray(dev_losses)
    with np.errstate(all="ignore"):
        rules = [~np.isfinite(t).all(), t[-1] >= 1.5 * t[0], (np.abs(t - t[0]) <= 0.035 * t[0]).all(), t[-1] > 0.7 * t[0],
                 (t[: int(0.3 * len(t))] >= 0.95 * t[0]).all(), np.abs(np.diff(d)).mean() / d.mean() > 0.12, d[-1] > 1.3 * d.min()]
    names = np.array(["numerical overflow", "diverging", "not learning", "too slow", "slow start", "noisy dev set", "overfitting", "healthy"])
    return names[np.argmax([*rules, True])]
"""),
}
WRONG["diagnose_loss_curve"] = {
    "isnan": diagnosis(r0='if np.isnan(t).any(): return "numerical overflow"'),
    "isinf": diagnosis(r0='if np.isinf(t).any(): return "numerical overflow"'),
    "plus infinity only": diagnosis(r0='if np.isnan(t).any() or (t == np.inf).any(): return "numerical overflow"'),
    "all of them": diagnosis(r0='if not np.isfinite(t).any(): return "numerical overflow"'),
    "last only": diagnosis(r0='if not np.isfinite(t[-1]): return "numerical overflow"'),
    "any epoch diverging": diagnosis(r1='if (t >= 1.5 * t[0]).any(): return "diverging"'),
    "above its least": diagnosis(r1='if t[-1] >= 1.5 * t.min(): return "diverging"'),
    "above its first": diagnosis(r1='if t[-1] > t[0]: return "diverging"'),
    "twice": diagnosis(r1='if t[-1] >= 2 * t[0]: return "diverging"'),
    "5 %": diagnosis(r2='if (abs(t - t[0]) <= 0.06 * t[0]).all(): return "not learning"'),
    "absolute": diagnosis(r2='if (abs(t - t[0]) <= 0.035).all(): return "not learning"'),
    "one side": diagnosis(r2='if (t - t[0] <= 0.035 * t[0]).all(): return "not learning"'),
    "other side": diagnosis(r2='if (t[0] - t <= 0.035 * t[0]).all(): return "not learning"'),
    "the last": diagnosis(r2='if abs(t[-1] - t[0]) <= 0.035 * t[0]: return "not learning"'),
    "range": diagnosis(r2='if (t.max() - t.min()) <= 0.035 * t[0]: return "not learning"'),
    "least": diagnosis(r3='if t.min() > 0.7 * t[0]: return "too slow"'),
    "below the largest": diagnosis(r3='if t[-1] > 0.7 * t.max(): return "too slow"'),
    "0.75": diagnosis(r3='if t[-1] > 0.75 * t[0]: return "too slow"'),
    "0.65": diagnosis(r3='if t[-1] > 0.65 * t[0]: return "too slow"'),
    "a third": diagnosis(r4='if (t[: len(t) // 3] >= 0.95 * t[0]).all(): return "slow start"'),
    "a quarter": diagnosis(r4='if (t[: len(t) // 4] >= 0.95 * t[0]).all(): return "slow start"'),
    "one epoch more": diagnosis(r4='if (t[: int(0.3 * len(t)) + 1] >= 0.95 * t[0]).all(): return "slow start"'),
    "one epoch fewer": diagnosis(r4='if (t[: int(0.3 * len(t)) - 1] >= 0.95 * t[0]).all(): return "slow start"'),
    "two sides": diagnosis(r4='if (abs(t[: int(0.3 * len(t))] / t[0] - 1) <= 0.05).all(): return "slow start"'),
    "the mean": diagnosis(r4='if t[: int(0.3 * len(t))].mean() >= 0.95 * t[0]: return "slow start"'),
    "any": diagnosis(r4='if (t[1 : int(0.3 * len(t))] >= 0.95 * t[0]).any(): return "slow start"'),
    "std": diagnosis(r5='if d.std() / d.mean() > 0.12: return "noisy dev set"'),
    "std of changes": diagnosis(r5='if np.diff(d).std() / d.mean() > 0.12: return "noisy dev set"'),
    "signed": diagnosis(r5='if abs(np.diff(d).mean()) / d.mean() > 0.12: return "noisy dev set"'),
    "largest change": diagnosis(r5='if abs(np.diff(d)).max() / d.mean() > 0.12: return "noisy dev set"'),
    "not relative": diagnosis(r5='if abs(np.diff(d)).mean() > 0.12: return "noisy dev set"'),
    "of the training loss": diagnosis(r5='if abs(np.diff(t)).mean() / t.mean() > 0.12: return "noisy dev set"'),
    "of the last": diagnosis(r5='if abs(np.diff(d)).mean() / d[-1] > 0.12: return "noisy dev set"'),
    "the gap": diagnosis(r6='if d[-1] > 1.3 * t[-1]: return "overfitting"'),
    "since the first": diagnosis(r6='if d[-1] > 1.3 * d[0]: return "overfitting"'),
    "any rise": diagnosis(r6='if d[-1] > d.min(): return "overfitting"'),
    "the largest": diagnosis(r6='if d.max() > 1.3 * d.min(): return "overfitting"'),
    "order 1": diagnosis(1, 0, 2, 3, 4, 5, 6),
    "order 2": diagnosis(0, 1, 3, 2, 4, 5, 6),
    "order 3": diagnosis(0, 1, 2, 4, 3, 5, 6),
    "order 4": diagnosis(0, 1, 2, 3, 5, 4, 6),
    "order 5": diagnosis(0, 1, 2, 3, 4, 6, 5),
    "order 6": diagnosis(0, 5, 6, 1, 2, 3, 4),
    "order 7": diagnosis(0, 3, 1, 2, 4, 5, 6),
    "one missing": diagnosis(0, 1, 2, 3, 5, 6),
    "other words": diagnosis(r5='if abs(np.diff(d)).mean() / d.mean() > 0.12: return "noisy dev-set"'),
    "arrays only": diagnosis().replace(
        "t, d = np.array(train_losses, float), np.array(dev_losses, float)",
        "t, d = train_losses * 1.0, dev_losses * 1.0",
    ),
}

# --- mend_softmax_loss -----------------------------------------------------------------------------------------------
RIGHT["mend_softmax_loss"] = answers("""
#: log-softmax
def mend_softmax_loss(logits, y):
    z = logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(y)), y].mean()
#: log-sum-exp
def mend_softmax_loss(logits, y):
    top = logits.max(axis=1)
    lse = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
    return np.mean(lse - logits[np.arange(len(y)), y])
#: logaddexp
def mend_softmax_loss(logits, y):
    return float(np.mean(np.logaddexp.reduce(logits, axis=1) - logits[range(len(y)), y]))
#: a loop
def mend_softmax_loss(logits, y):
    losses = []
    for row, label in zip(logits, y):
        row = row - np.max(row)
        losses.append(np.log(np.sum(np.exp(row))) - row[label])
    return np.mean(losses)
#: one-hot
def mend_softmax_loss(logits, y):
    z = logits - np.max(logits, axis=1)[:, np.newaxis]
    log_p = z - np.log(np.sum(np.exp(z), axis=1))[:, np.newaxis]
    return -np.sum(np.eye(logits.shape[1])[y] * log_p) / len(y)
#: take_along_axis
def mend_softmax_loss(logits, y):
    z = logits - logits.max(-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(-1, keepdims=True))
    return -np.take_along_axis(log_p, y[:, None].astype(int), 1).mean()
#: margins
def mend_softmax_loss(logits, y):
    margin = logits - logits[np.arange(len(y)), y][:, None]
    return np.logaddexp.reduce(margin, axis=1).mean()
#: float and 0-d
def mend_softmax_loss(logits, y):
    z = np.asarray(logits, dtype=np.float64)
    z = z - z.max(axis=1, keepdims=True)
    return np.array(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(z.shape[0]), y]))
#: log-softmax twice is one
def mend_softmax_loss(logits, y):
    def log_softmax(a):
        a = a - a.max(axis=1, keepdims=True)
        return a - np.log(np.exp(a).sum(axis=1, keepdims=True))
    return -log_softmax(log_softmax(logits))[np.arange(len(y)), y].mean()
#: softmax where it is safe
def mend_softmax_loss(logits, y):
    z = logits - logits.max(axis=1, keepdims=True)
    total = np.exp(z).sum(axis=1)
    picked = z[np.arange(len(y)), y]
    return (np.log(total) - picked).sum() / len(y)
#: einsum
def mend_softmax_loss(logits, y):
    z = logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.einsum("ij->i", np.exp(z)))[:, None]
    return -np.einsum("ij,ij->", log_p, np.eye(z.shape[1])[y]) / len(z)
#: log1p of the others
def mend_softmax_loss(logits, y):
    out = 0.0
    for row, label in zip(logits.astype(float), y):
        row = row - row.max()
        j = row.argmax()
        others = np.exp(np.delete(row, j)).sum()
        out += np.log1p(others) - row[label]
    return out / len(logits)
#: choose
def mend_softmax_loss(logits, y):
    z = logits - np.amax(logits, axis=1, keepdims=True)
    mask = np.arange(z.shape[1]) == np.asarray(y)[:, None]
    return np.average(np.log(np.exp(z).sum(1)) - z[mask])
#: math
def mend_softmax_loss(logits, y):
    import math
    total = 0.0
    for i in range(len(y)):
        top = max(float(v) for v in logits[i])
        total += math.log(math.fsum(math.exp(float(v) - top) for v in logits[i])) + top - float(logits[i][y[i]])
    return total / len(y)
#: column by column
def mend_softmax_loss(logits, y):
    lse = logits[:, 0].astype(float)
    for j in range(1, logits.shape[1]):
        lse = np.logaddexp(lse, logits[:, j])
    return (lse - logits[np.arange(len(y)), y]).mean()
""")
WRONG["mend_softmax_loss"] = answers("""
#: as it was found
def mend_softmax_loss(logits, y):
    return found_loss(logits, y)
#: log of softmax
def mend_softmax_loss(logits, y):
    return -np.log(softmax(logits)[np.arange(len(y)), y]).mean()
#: no shift
def mend_softmax_loss(logits, y):
    e = np.exp(logits)
    return -np.log(e[np.arange(len(y)), y] / e.sum(axis=1)).mean()
#: eps
def mend_softmax_loss(logits, y):
    return -np.log(softmax(logits)[np.arange(len(y)), y] + 1e-300).mean()
#: clip
def mend_softmax_loss(logits, y):
    return -np.log(np.maximum(softmax(logits)[np.arange(len(y)), y], 1e-15)).mean()
#: nan_to_num
def mend_softmax_loss(logits, y):
    with np.errstate(all="ignore"):
        return float(np.nan_to_num(-np.log(softmax(logits)[np.arange(len(y)), y]), posinf=2000.0).mean())
#: clipped logits
def mend_softmax_loss(logits, y):
    z = np.clip(logits, -300, 300)
    return (np.logaddexp.reduce(z, axis=1) - z[np.arange(len(y)), y]).mean()
#: one shift
def mend_softmax_loss(logits, y):
    z = logits - logits.max()
    with np.errstate(all="ignore"):
        return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]).mean()
#: sum
def mend_softmax_loss(logits, y):
    return (np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(y)), y]).sum()
#: sign
def mend_softmax_loss(logits, y):
    return (logits[np.arange(len(y)), y] - np.logaddexp.reduce(logits, axis=1)).mean()
#: base 2
def mend_softmax_loss(logits, y):
    return (np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(y)), y]).mean() / np.log(2)
#: per example
def mend_softmax_loss(logits, y):
    return np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(y)), y]
#: columns
def mend_softmax_loss(logits, y):
    return (np.logaddexp.reduce(logits, axis=0)[y] - logits[np.arange(len(y)), y]).mean()
#: sigmoid
def mend_softmax_loss(logits, y):
    with np.errstate(all="ignore"):
        return np.logaddexp(0, -logits[np.arange(len(y)), y]).mean()
#: all entries
def mend_softmax_loss(logits, y):
    return (np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(y)), y]).sum() / logits.size
#: whole columns
def mend_softmax_loss(logits, y):
    return (np.logaddexp.reduce(logits, axis=1)[:, None] - logits[:, y]).mean()
#: the likeliest class
def mend_softmax_loss(logits, y):
    return (np.logaddexp.reduce(logits, axis=1) - logits.max(axis=1)).mean()
#: log-softmax of probabilities
def mend_softmax_loss(logits, y):
    p = softmax(logits)
    return (np.logaddexp.reduce(p, axis=1) - p[np.arange(len(y)), y]).mean()
#: probability in place of its logarithm
def mend_softmax_loss(logits, y):
    return -softmax(logits)[np.arange(len(y)), y].mean()
#: logarithm of the mean
def mend_softmax_loss(logits, y):
    with np.errstate(all="ignore"):
        return -np.log(softmax(logits)[np.arange(len(y)), y].mean())
#: changes the logits
def mend_softmax_loss(logits, y):
    logits -= logits.max(axis=1, keepdims=True)
    return (np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(y)), y]).mean()
""")
