"""Answers to lesson 02 that were written from the curriculum alone, and what the judge must say of each."""

from __future__ import annotations

from .examining import answers

RIGHT: dict[str, dict[str, str]] = {}
WRONG: dict[str, dict[str, str]] = {}

# --- train_dev_test_split --------------------------------------------------------------------------------------------
RIGHT["train_dev_test_split"] = answers("""
#: a permutation, cut
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(X)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("dev_fraction and test_fraction leave no training example")
    order = rng.permutation(m)
    a, b, c = order[dev + test:], order[:dev], order[dev:dev + test]
    return X[a], y[a], X[b], y[b], X[c], y[c]
#: a shuffled range, training first
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = X.shape[0]
    dev, test = round(m * dev_fraction), round(m * test_fraction)
    train = m - dev - test
    if train <= 0:
        raise ValueError(f"no training example is left: {train}")
    order = np.arange(m)
    rng.shuffle(order)
    X, y = X[order], y[order]
    return X[:train], y[:train], X[train:train + dev], y[train:train + dev], X[train + dev:], y[train + dev:]
#: choice without replacement
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    sizes = [int(round(f * m)) for f in (dev_fraction, test_fraction)]
    if sum(sizes) > m - 1:
        raise ValueError("nothing to train on")
    picked = rng.choice(m, size=m, replace=False)
    dev, test, train = np.split(picked, np.cumsum(sizes))
    return tuple(a[part] for part in (train, dev, test) for a in (X, y))
#: argsort of random keys
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = np.round(np.multiply([dev_fraction, test_fraction], m)).astype(int)
    if m - dev - test < 1:
        raise ValueError("nothing to train on")
    order = np.argsort(rng.random(m))
    parts = np.split(order, [m - dev - test, m - test])
    out = []
    for part in parts:
        out += [np.take(X, part, axis=0), np.take(y, part)]
    return tuple(out)
#: part numbers shuffled, rows in their old order
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if m <= dev + test:
        raise ValueError("no training examples")
    part = np.repeat([0, 1, 2], [m - dev - test, dev, test])
    part = rng.permutation(part)
    return X[part == 0], y[part == 0], X[part == 1], y[part == 1], X[part == 2], y[part == 2]
#: the test set first, the dev set from what is left
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("the fractions are too large")
    rest = np.arange(m)
    chosen_test = rng.choice(rest, test, replace=False)
    rest = np.setdiff1d(rest, chosen_test)
    chosen_dev = rng.choice(rest, dev, replace=False)
    rest = np.setdiff1d(rest, chosen_dev)
    return X[rest], y[rest], X[chosen_dev], y[chosen_dev], X[chosen_test], y[chosen_test]
#: Fisher and Yates by hand
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if m - dev - test < 1:
        raise ValueError("no training examples")
    order = list(range(m))
    for i in reversed(range(1, m)):
        j = int(rng.integers(0, i, endpoint=True))
        order[i], order[j] = order[j], order[i]
    train, held = order[dev + test:], order[:dev + test]
    return X[train], y[train], X[held[:dev]] if dev else X[:0], y[held[:dev]] if dev else y[:0], *(
        (X[held[dev:]], y[held[dev:]]) if test else (X[:0], y[:0]))
#: an object with __call__, its error a subclass
class _NoTraining(ValueError):
    pass
class _Splitter:
    def __call__(self, X, y, rng, dev_fraction=0.2, test_fraction=0.2, *, shuffle=True):
        m = len(y)
        ends = m - round(test_fraction * m) - round(dev_fraction * m), m - round(test_fraction * m)
        if ends[0] < 1:
            raise _NoTraining(dev_fraction, test_fraction)
        order = rng.permutation(m) if shuffle else np.arange(m)
        train, dev, test = np.array_split(order, ends)
        return X[train], y[train], X[dev], y[dev], X[test], y[test]
train_dev_test_split = _Splitter()
#: selection sampling, one example after another
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    left = [m - round(dev_fraction * m) - round(test_fraction * m), round(dev_fraction * m), round(test_fraction * m)]
    if left[0] < 1:
        raise ValueError("no training examples")
    parts = [[], [], []]
    for i in range(m):
        draw = rng.integers(m - i)
        part = 0 if draw < left[0] else 1 if draw < left[0] + left[1] else 2
        left[part] -= 1
        parts[part].append(i)
    train, dev, test = (np.array(p, dtype=int) for p in parts)
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: sorted by random keys
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = X.shape[0]
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if not dev + test < m:
        raise ValueError("no training examples")
    keys = rng.standard_normal(m)
    order = np.array(sorted(range(m), key=keys.__getitem__))
    cut = lambda a, start, stop: np.ascontiguousarray(a[order[start:stop]])
    return (cut(X, 0, m - dev - test), cut(y, 0, m - dev - test), cut(X, m - dev - test, m - test),
            cut(y, m - dev - test, m - test), cut(X, m - test, m), cut(y, m - test, m))
#: X and y in one table
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    table = np.column_stack([X.astype(float), y])
    rng.shuffle(table, axis=0)
    pieces = []
    for part in np.split(table, [m - dev - test, m - test]):
        pieces.extend((part[:, :-1], part[:, -1].astype(y.dtype)))
    return tuple(pieces)
#: two generators of the same state would pair X and y; one permutation used twice does too
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    import copy
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    twin = copy.deepcopy(rng)
    Xs, ys = X[rng.permutation(m)], y[twin.permutation(m)]
    c = m - dev - test
    return Xs[:c], ys[:c], Xs[c:m - test], ys[c:m - test], Xs[m - test:], ys[m - test:]
#: sets of numbers
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if m - dev - test <= 0:
        raise ValueError("no training examples")
    held = rng.choice(m, dev + test, replace=False)
    mask = np.ones(m, dtype=bool)
    mask[held] = False
    return X[mask], y[mask], X[held[:dev]], y[held[:dev]], X[held[dev:]], y[held[dev:]]
#: a recursion that takes one part at a time
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    def take(indices, sizes):
        if not sizes:
            return [indices]
        mixed = rng.permuted(indices)
        return [mixed[:sizes[0]], *take(mixed[sizes[0]:], sizes[1:])]
    sizes = [round(dev_fraction * m), round(test_fraction * m)]
    if sum(sizes) >= m:
        raise ValueError("no training examples")
    dev, test, train = take(np.arange(m), sizes)
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: a generator of its own, seeded from rng
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    order = np.random.default_rng(rng.integers(2**63)).permutation(m)
    take = lambda start, stop: (X[order[start:stop]], y[order[start:stop]])
    return take(dev + test, m) + take(0, dev) + take(dev, dev + test)
#: the rows of each part in random order again
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    ranks = rng.uniform(size=m).argsort().argsort()
    where = np.digitize(ranks, [dev, dev + test])
    result = []
    for part in (2, 0, 1):
        rows = np.flatnonzero(where == part)
        rows = rows[rng.permutation(len(rows))]
        result += [X[rows].copy(), y[rows].copy()]
    return tuple(result)
""")
WRONG["train_dev_test_split"] = answers("""
#: rounded down
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = int(dev_fraction * m), int(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    dev, test, train = np.split(rng.permutation(m), [dev, dev + test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: rounded up
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = int(np.ceil(dev_fraction * m)), int(np.ceil(test_fraction * m))
    if dev + test >= m:
        raise ValueError("no training examples")
    dev, test, train = np.split(rng.permutation(m), [dev, dev + test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: halves rounded up
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = int(dev_fraction * m + 0.5), int(test_fraction * m + 0.5)
    if dev + test >= m:
        raise ValueError("no training examples")
    dev, test, train = np.split(rng.permutation(m), [dev, dev + test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: the test set takes what the training set, rounded, leaves
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    train, dev = round((1 - dev_fraction - test_fraction) * m), round(dev_fraction * m)
    if train < 1:
        raise ValueError("no training examples")
    train, dev, test = np.split(rng.permutation(m), [train, train + dev])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: not shuffled
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    train, dev, test = np.split(np.arange(m), [m - dev - test, m - test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: labels left where they were
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    X = rng.permutation(X)
    c, d = m - dev - test, m - test
    return X[:c], y[:c], X[c:d], y[c:d], X[d:], y[d:]
#: two permutations
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    X, y = rng.permutation(X), rng.permutation(y)
    c, d = m - dev - test, m - test
    return X[:c], y[:c], X[c:d], y[c:d], X[d:], y[d:]
#: pairs lost in the test part only
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    train, dev, test = np.split(rng.permutation(m), [m - dev - test, m - test])
    return X[train], y[train], X[dev], y[dev], X[test], y[np.sort(test)]
#: NumPy's global generator
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    train, dev, test = np.split(np.random.permutation(m), [m - dev - test, m - test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: a generator of its own
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    train, dev, test = np.split(np.random.default_rng(0).permutation(m), [m - dev - test, m - test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: a fresh generator at each call
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    train, dev, test = np.split(np.random.default_rng().permutation(m), [m - dev - test, m - test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: only four different splits
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    order = np.random.default_rng(rng.integers(4)).permutation(m)
    train, dev, test = np.split(order, [m - dev - test, m - test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: the caller's arrays are shuffled
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    order = rng.permutation(m)
    X[:], y[:] = X[order], y[order]
    c, d = m - dev - test, m - test
    return X[:c], y[:c], X[c:d], y[c:d], X[d:], y[d:]
#: the caller's labels are sorted on the way
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    a, b, c = np.split(rng.permutation(m), [m - dev - test, m - test])
    result = X[a], y[a], X[b], y[b], X[c], y[c]
    y.sort()
    return result
#: with replacement
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    train, dev, test = np.split(rng.integers(0, m, m), [m - dev - test, m - test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: dev and test in each other's place
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    train, dev, test = np.split(rng.permutation(m), [m - dev - test, m - test])
    return X[train], y[train], X[test], y[test], X[dev], y[dev]
#: all X first
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    train, dev, test = np.split(rng.permutation(m), [m - dev - test, m - test])
    return X[train], X[dev], X[test], y[train], y[dev], y[test]
#: the test fraction of what the dev set leaves
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev = round(dev_fraction * m)
    test = round(test_fraction * (m - dev))
    if dev + test >= m:
        raise ValueError("no training examples")
    train, dev, test = np.split(rng.permutation(m), [m - dev - test, m - test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: the dev fraction for both
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev = test = round(dev_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    train, dev, test = np.split(rng.permutation(m), [m - dev - test, m - test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: other defaults
def train_dev_test_split(X, y, rng, dev_fraction=0.1, test_fraction=0.1):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    train, dev, test = np.split(rng.permutation(m), [m - dev - test, m - test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: no error
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    dev, test, train = np.split(rng.permutation(m), [dev, dev + test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: an error only when the parts overlap
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test > m:
        raise ValueError("no training examples")
    dev, test, train = np.split(rng.permutation(m), [dev, dev + test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: an error only when the fractions alone are too large
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    if dev_fraction + test_fraction > 1 - 1e-12:
        raise ValueError("no training examples")
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    dev, test, train = np.split(rng.permutation(m), [dev, dev + test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: one training example is refused too
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if m - dev - test <= 1:
        raise ValueError("no training examples")
    dev, test, train = np.split(rng.permutation(m), [dev, dev + test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: an assertion
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    assert dev + test < m
    dev, test, train = np.split(rng.permutation(m), [dev, dev + test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: a hold-out set that is always the last rows
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    order = np.concatenate([rng.permutation(m - test), np.arange(m - test, m)])
    train, dev, test = np.split(order, [m - dev - test, m - test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: cut first, then each part shuffled
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    train, dev, test = (rng.permutation(p) for p in np.split(np.arange(m), [m - dev - test, m - test]))
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: a rotation by a random offset
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    train, dev, test = np.split(np.roll(np.arange(m), rng.integers(m)), [m - dev - test, m - test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: a rotation, and each part shuffled
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    order = np.roll(np.arange(m), rng.integers(m))
    train, dev, test = (rng.permutation(p) for p in np.split(order, [m - dev - test, m - test]))
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: neighbours stay together
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    pairs = [list(range(i, min(i + 2, m))) for i in range(0, m, 2)]
    order = np.array([i for p in rng.permutation(len(pairs)) for i in pairs[p]])
    train, dev, test = np.split(order, [m - dev - test, m - test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: the first row is always trained on
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    order = np.concatenate([[0], 1 + rng.permutation(m - 1)])
    train, dev, test = np.split(order, [m - dev - test, m - test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: a shuffle that never leaves an example in its place
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    order = np.arange(m)
    for i in range(m - 1, 0, -1):
        j = rng.integers(i)
        order[i], order[j] = order[j], order[i]
    train, dev, test = np.split(order, [m - dev - test, m - test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: an example lost at the border
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    dev, test, train = np.split(rng.permutation(m)[:-1], [dev, dev + test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: the dev set is trained on as well
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    order = rng.permutation(m)
    train, a, b = order[:m - test], order[m - test - dev:m - test], order[m - test:]
    return X[train], y[train], X[a], y[a], X[b], y[b]
#: dev and test drawn without regard to each other
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    a, b = rng.choice(m, dev, replace=False), rng.choice(m, test, replace=False)
    train = np.setdiff1d(np.arange(m), np.concatenate([a, b]))
    return X[train], y[train], X[a], y[a], X[b], y[b]
#: a coin for every example
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    if round(dev_fraction * m) + round(test_fraction * m) >= m:
        raise ValueError("no training examples")
    u = rng.random(m)
    a, b = u < dev_fraction, u >= 1 - test_fraction
    return X[~a & ~b], y[~a & ~b], X[a], y[a], X[b], y[b]
#: an empty test part becomes everything
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    order = rng.permutation(m)
    train, a, b = order[:m - dev - test], order[m - dev - test:m - test], order[-test:]
    return X[train], y[train], X[a], y[a], X[b], y[b]
#: an empty dev part is refused
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m or dev == 0:
        raise ValueError("a part is empty")
    dev, test, train = np.split(rng.permutation(m), [dev, dev + test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: at least one example in every part
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = max(1, round(dev_fraction * m)), max(1, round(test_fraction * m))
    if dev + test >= m:
        raise ValueError("no training examples")
    dev, test, train = np.split(rng.permutation(m), [dev, dev + test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: a single feature loses its axis
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    dev, test, train = np.split(rng.permutation(m), [dev, dev + test])
    return tuple(a[p].squeeze() for p in (train, dev, test) for a in (X, y))
#: labels as columns
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    dev, test, train = np.split(rng.permutation(m), [dev, dev + test])
    y = y.reshape(-1, 1)
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
#: lists
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    dev, test, train = np.split(rng.permutation(m), [dev, dev + test])
    return tuple([a[i] for i in p] for p in (train, dev, test) for a in (X, y))
#: the indices
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    dev, test, train = np.split(rng.permutation(m), [dev, dev + test])
    return train, train, dev, dev, test, test
#: the features are permuted
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    m = len(y)
    dev, test = round(dev_fraction * m), round(test_fraction * m)
    if dev + test >= m:
        raise ValueError("no training examples")
    X = X[:, rng.permutation(X.shape[1])]
    dev, test, train = np.split(rng.permutation(m), [dev, dev + test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
""")

# --- stratified_indices ----------------------------------------------------------------------------------------------
RIGHT["stratified_indices"] = answers("""
#: a choice in every class
def stratified_indices(y, fraction, rng):
    parts = []
    for c in np.unique(y):
        members = np.flatnonzero(y == c)
        parts.append(rng.choice(members, round(fraction * len(members)), replace=False))
    return np.concatenate(parts)
#: a permutation in every class
def stratified_indices(y, fraction, rng):
    return np.hstack([rng.permutation(i)[:round(fraction * i.size)] for i in (np.where(y == c)[0] for c in set(y))])
#: sorted at the end
def stratified_indices(y, fraction, rng):
    chosen = []
    for c, count in zip(*np.unique(y, return_counts=True)):
        members = np.nonzero(y == c)[0]
        rng.shuffle(members)
        chosen.extend(members[:round(fraction * count)])
    return np.sort(np.array(chosen, dtype=int))
#: shuffled at the end
def stratified_indices(y, fraction, rng):
    parts = [rng.permuted(np.argwhere(y == c).ravel())[:int(round(fraction * np.sum(y == c)))] for c in np.unique(y)]
    return rng.permutation(np.concatenate(parts))
#: everybody shuffled, then counted off
def stratified_indices(y, fraction, rng):
    from collections import Counter
    left = {c: round(fraction * n) for c, n in Counter(y.tolist()).items()}
    taken = []
    for i in rng.permutation(len(y)):
        if left[int(y[i])] > 0:
            left[int(y[i])] -= 1
            taken.append(i)
    return np.asarray(taken, dtype=np.int64)
#: the smallest random keys of every class
def stratified_indices(y, fraction, rng):
    keys = rng.random(len(y))
    rank = np.array([np.sum((y == y[i]) & (keys < keys[i])) for i in range(len(y))])
    quota = np.array([round(fraction * int(np.sum(y == c))) for c in y])
    return np.flatnonzero(rank < quota)
#: lexsort
def stratified_indices(y, fraction, rng):
    order = np.lexsort((rng.random(y.size), y))
    _, counts = np.unique(y, return_counts=True)
    groups = np.split(order, np.cumsum(counts)[:-1])
    return np.concatenate([g[:round(fraction * n)] for g, n in zip(groups, counts)])
#: groups in a dict
def stratified_indices(y, fraction, rng):
    groups = {}
    for i, label in enumerate(y):
        groups.setdefault(int(label), []).append(i)
    chosen = [i for g in groups.values() for i in rng.choice(g, size=round(len(g) * fraction), replace=False)]
    return np.array(chosen, dtype=int)
#: everybody, less those who stay out
def stratified_indices(y, fraction, rng):
    keep = np.ones(len(y), dtype=bool)
    for c in np.unique(y):
        members = np.flatnonzero(y == c)
        out = len(members) - round(fraction * len(members))
        keep[rng.choice(members, out, replace=False)] = False
    return keep.nonzero()[0]
#: selection sampling
def stratified_indices(y, fraction, rng):
    seen = dict.fromkeys(np.unique(y), 0)
    total = {c: int((y == c).sum()) for c in seen}
    need = {c: round(fraction * n) for c, n in total.items()}
    picked = []
    for i, c in enumerate(y):
        if rng.random() * (total[c] - seen[c]) < need[c]:
            picked.append(i)
            need[c] -= 1
        seen[c] += 1
    return np.array(picked, dtype=np.intp)
#: a lambda
stratified_indices = lambda y, fraction, rng: np.concatenate(
    [rng.permutation(np.flatnonzero(y == c))[:round(fraction * np.count_nonzero(y == c))] for c in np.unique(y)])
#: an object with __call__
class _Strata:
    def __call__(self, y, fraction, rng, shuffle=False):
        self.rng = rng
        found = np.concatenate([self.draw(np.flatnonzero(y == c), fraction) for c in np.unique(y)[::-1]])
        return rng.permutation(found) if shuffle else found
    def draw(self, members, fraction):
        return members[np.argsort(self.rng.standard_normal(members.size))[:round(fraction * members.size)]]
stratified_indices = _Strata()
#: a recursion, class by class
def stratified_indices(y, fraction, rng):
    def draw(classes):
        if len(classes) == 0:
            return np.empty(0, dtype=int)
        members = np.flatnonzero(y == classes[0])
        mine = members[rng.choice(len(members), round(fraction * len(members)), replace=False, shuffle=False)]
        return np.append(mine, draw(classes[1:]))
    return draw(np.unique(y))
#: reduce
def stratified_indices(y, fraction, rng):
    import functools
    members = [np.flatnonzero(np.equal(y, c)) for c in np.unique(y)]
    draws = (rng.choice(i, int(np.round(fraction * len(i))), replace=False) for i in members)
    return functools.reduce(np.union1d, draws)
#: Fisher and Yates by hand
def stratified_indices(y, fraction, rng):
    result = []
    for c in sorted(set(y.tolist())):
        pool = [i for i in range(len(y)) if y[i] == c]
        for _ in range(round(fraction * len(pool))):
            result.append(pool.pop(int(rng.integers(len(pool)))))
    return np.fromiter(result, dtype=int)
#: one permutation of all, then the first of every class in it
def stratified_indices(y, fraction, rng):
    order = rng.permutation(len(y))
    shuffled = y[order]
    return np.concatenate([order[shuffled == c][:round(fraction * (y == c).sum())] for c in np.unique(y)])
""")
WRONG["stratified_indices"] = answers("""
#: rounded down
def stratified_indices(y, fraction, rng):
    return np.concatenate([rng.permutation(i)[:int(fraction * len(i))] for i in (np.flatnonzero(y == c) for c in np.unique(y))])
#: rounded up
def stratified_indices(y, fraction, rng):
    return np.concatenate([rng.permutation(i)[:int(np.ceil(fraction * len(i)))] for i in (np.flatnonzero(y == c) for c in np.unique(y))])
#: halves rounded up
def stratified_indices(y, fraction, rng):
    return np.concatenate([rng.permutation(i)[:int(fraction * len(i) + 0.5)] for i in (np.flatnonzero(y == c) for c in np.unique(y))])
#: at least one of every class
def stratified_indices(y, fraction, rng):
    return np.concatenate([rng.permutation(i)[:max(1, round(fraction * len(i)))] for i in (np.flatnonzero(y == c) for c in np.unique(y))])
#: the same number of every class
def stratified_indices(y, fraction, rng):
    classes = np.unique(y)
    each = round(fraction * len(y) / len(classes))
    return np.concatenate([rng.permutation(np.flatnonzero(y == c))[:each] for c in classes])
#: no strata
def stratified_indices(y, fraction, rng):
    return rng.choice(len(y), round(fraction * len(y)), replace=False)
#: a coin for every example
def stratified_indices(y, fraction, rng):
    return np.flatnonzero(rng.random(len(y)) < fraction)
#: with replacement
def stratified_indices(y, fraction, rng):
    return np.concatenate([rng.choice(i, round(fraction * len(i))) for i in (np.flatnonzero(y == c) for c in np.unique(y))])
#: the first of every class
def stratified_indices(y, fraction, rng):
    return np.concatenate([i[:round(fraction * len(i))] for i in (np.flatnonzero(y == c) for c in np.unique(y))])
#: the first of every class, in random order
def stratified_indices(y, fraction, rng):
    return rng.permutation(np.concatenate([i[:round(fraction * len(i))] for i in (np.flatnonzero(y == c) for c in np.unique(y))]))
#: the last class is drawn without luck
def stratified_indices(y, fraction, rng):
    groups = [np.flatnonzero(y == c) for c in np.unique(y)]
    groups = [rng.permutation(i) for i in groups[:-1]] + groups[-1:]
    return np.concatenate([i[:round(fraction * len(i))] for i in groups])
#: a block of neighbours
def stratified_indices(y, fraction, rng):
    parts = []
    for c in np.unique(y):
        members = np.flatnonzero(y == c)
        parts.append(np.roll(members, rng.integers(len(members)))[:round(fraction * len(members))])
    return np.concatenate(parts)
#: evenly spaced from a random start
def stratified_indices(y, fraction, rng):
    parts = []
    for c in np.unique(y):
        members = np.flatnonzero(y == c)
        n = round(fraction * len(members))
        spaced = (np.arange(n) * len(members) // max(n, 1) + rng.integers(len(members))) % len(members)
        parts.append(members[spaced])
    return np.concatenate(parts)
#: NumPy's global generator
def stratified_indices(y, fraction, rng):
    return np.concatenate([np.random.permutation(i)[:round(fraction * len(i))] for i in (np.flatnonzero(y == c) for c in np.unique(y))])
#: a generator of its own
def stratified_indices(y, fraction, rng):
    own = np.random.default_rng(1)
    return np.concatenate([own.permutation(i)[:round(fraction * len(i))] for i in (np.flatnonzero(y == c) for c in np.unique(y))])
#: a fresh generator
def stratified_indices(y, fraction, rng):
    own = np.random.default_rng()
    return np.concatenate([own.permutation(i)[:round(fraction * len(i))] for i in (np.flatnonzero(y == c) for c in np.unique(y))])
#: the labels
def stratified_indices(y, fraction, rng):
    return y[np.concatenate([rng.permutation(i)[:round(fraction * len(i))] for i in (np.flatnonzero(y == c) for c in np.unique(y))])]
#: positions within the class
def stratified_indices(y, fraction, rng):
    return np.concatenate([rng.permutation(n)[:round(fraction * n)] for n in np.unique(y, return_counts=True)[1]])
#: a mask
def stratified_indices(y, fraction, rng):
    mask = np.zeros(len(y), dtype=bool)
    for c in np.unique(y):
        members = np.flatnonzero(y == c)
        mask[rng.permutation(members)[:round(fraction * len(members))]] = True
    return mask
#: a list
def stratified_indices(y, fraction, rng):
    return [int(j) for c in np.unique(y) for j in rng.permutation(np.flatnonzero(y == c))[:round(fraction * np.sum(y == c))]]
#: one array for every class
def stratified_indices(y, fraction, rng):
    return [rng.permutation(i)[:round(fraction * len(i))] for i in (np.flatnonzero(y == c) for c in np.unique(y))]
#: floats
def stratified_indices(y, fraction, rng):
    parts = [rng.permutation(i)[:round(fraction * len(i))] for i in (np.flatnonzero(y == c) for c in np.unique(y))]
    return np.concatenate([[], *parts]).astype(float)
#: a column
def stratified_indices(y, fraction, rng):
    return np.concatenate([rng.permutation(np.argwhere(y == c))[:round(fraction * np.sum(y == c))] for c in np.unique(y)])
#: classes without gaps
def stratified_indices(y, fraction, rng):
    groups = [np.flatnonzero(y == c) for c in range(len(np.unique(y)))]
    return np.concatenate([rng.permutation(i)[:round(fraction * len(i))] for i in groups])
#: two classes only
def stratified_indices(y, fraction, rng):
    return np.concatenate([rng.permutation(i)[:round(fraction * len(i))] for i in (np.flatnonzero(y == 0), np.flatnonzero(y == 1))])
#: the last class forgotten
def stratified_indices(y, fraction, rng):
    groups = [np.flatnonzero(y == c) for c in range(y.max())]
    return np.concatenate([np.empty(0, int)] + [rng.permutation(i)[:round(fraction * len(i))] for i in groups])
#: those who are left over
def stratified_indices(y, fraction, rng):
    return np.concatenate([rng.permutation(i)[round(fraction * len(i)):] for i in (np.flatnonzero(y == c) for c in np.unique(y))])
#: the labels are sorted for the caller too
def stratified_indices(y, fraction, rng):
    found = np.concatenate([rng.permutation(i)[:round(fraction * len(i))] for i in (np.flatnonzero(y == c) for c in np.unique(y))])
    y.sort()
    return found
#: of sorted labels
def stratified_indices(y, fraction, rng):
    y = np.sort(y)
    return np.concatenate([rng.permutation(i)[:round(fraction * len(i))] for i in (np.flatnonzero(y == c) for c in np.unique(y))])
#: one more of every class
def stratified_indices(y, fraction, rng):
    return np.concatenate([rng.permutation(i)[:round(fraction * len(i)) + 1] for i in (np.flatnonzero(y == c) for c in np.unique(y))])
#: the total set right with the largest class
def stratified_indices(y, fraction, rng):
    classes, counts = np.unique(y, return_counts=True)
    sizes = np.array([round(fraction * int(n)) for n in counts])
    big = np.argmax(counts)
    sizes[big] += round(fraction * len(y)) - sizes.sum()
    return np.concatenate([rng.permutation(np.flatnonzero(y == c))[:n] for c, n in zip(classes, sizes)])
#: numbers from 1
def stratified_indices(y, fraction, rng):
    return 1 + np.concatenate([rng.permutation(i)[:round(fraction * len(i))] for i in (np.flatnonzero(y == c) for c in np.unique(y))])
#: the first member of a class is always in
def stratified_indices(y, fraction, rng):
    parts = []
    for c in np.unique(y):
        members = np.flatnonzero(y == c)
        order = np.concatenate([members[:1], rng.permutation(members[1:])])
        parts.append(order[:round(fraction * len(members))])
    return np.concatenate(parts)
""")

# --- error_rate ------------------------------------------------------------------------------------------------------
RIGHT["error_rate"] = answers("""
#: a mean
def error_rate(y_true, y_pred):
    return np.mean(y_true != y_pred)
#: one less the accuracy
def error_rate(y_true, y_pred):
    return 1 - (y_true == y_pred).mean()
#: counted
def error_rate(y_true, y_pred):
    return np.count_nonzero(np.not_equal(y_true, y_pred)) / len(y_true)
#: a loop
def error_rate(y_true, y_pred):
    wrong = 0
    for i in range(len(y_true)):
        if y_true[i] != y_pred[i]:
            wrong += 1
    return wrong / len(y_true)
#: a generator
def error_rate(y_true, y_pred):
    return sum(int(a) != int(b) for a, b in zip(y_true, y_pred)) / y_true.size
#: a lambda
error_rate = lambda y_true, y_pred: float(np.average(y_true != y_pred))
#: operator
def error_rate(y_true, y_pred):
    import operator
    return sum(map(operator.ne, y_true.tolist(), y_pred.tolist())) / y_true.shape[0]
#: a 0-d array
def error_rate(y_true, y_pred):
    return np.array((y_true != y_pred).sum() / len(y_true))
#: where
def error_rate(y_true, y_pred):
    return np.where(y_true == y_pred, 0.0, 1.0).sum() / np.size(y_true)
#: einsum
def error_rate(y_true, y_pred):
    wrong = (np.asarray(y_true) != np.asarray(y_pred)).astype(float)
    return np.einsum("i->", wrong) / wrong.size
#: a dot product
def error_rate(y_true, y_pred):
    m = len(y_true)
    return np.dot(y_true != y_pred, np.full(m, 1 / m))
#: the sign of the difference
def error_rate(y_true, y_pred):
    return np.mean(np.abs(np.sign(y_true.astype(float) - y_pred.astype(float))))
#: a confusion matrix
def error_rate(y_true, y_pred):
    classes = np.unique(np.concatenate([y_true, y_pred]))
    table = np.zeros((len(classes), len(classes)))
    np.add.at(table, (np.searchsorted(classes, y_true), np.searchsorted(classes, y_pred)), 1)
    return 1 - np.trace(table) / table.sum()
#: an object with __call__
class _Rate:
    def __call__(self, y_true, y_pred, weights=None):
        return np.average(y_true != y_pred, weights=weights)
error_rate = _Rate()
#: fractions
def error_rate(y_true, y_pred):
    from fractions import Fraction
    return float(Fraction(int(np.sum(y_true != y_pred)), len(y_true)))
#: a recursion
def error_rate(y_true, y_pred):
    def wrong(a, b):
        if len(a) == 0:
            return 0
        if len(a) == 1:
            return int(a[0] != b[0])
        half = len(a) // 2
        return wrong(a[:half], b[:half]) + wrong(a[half:], b[half:])
    return wrong(y_true, y_pred) / len(y_true)
#: statistics
def error_rate(y_true, y_pred):
    import statistics
    return statistics.fmean(float(a != b) for a, b in zip(y_true, y_pred, strict=True))
""")
WRONG["error_rate"] = answers("""
#: the accuracy
def error_rate(y_true, y_pred):
    return np.mean(y_true == y_pred)
#: a count
def error_rate(y_true, y_pred):
    return np.sum(y_true != y_pred)
#: percent
def error_rate(y_true, y_pred):
    return 100 * np.mean(y_true != y_pred)
#: the distance of the labels
def error_rate(y_true, y_pred):
    return np.mean(np.abs(y_true - y_pred))
#: the squared distance
def error_rate(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2)
#: too high only
def error_rate(y_true, y_pred):
    return np.mean(y_pred > y_true)
#: two classes
def error_rate(y_true, y_pred):
    return np.mean((y_true > 0) != (y_pred > 0))
#: m - 1
def error_rate(y_true, y_pred):
    return np.sum(y_true != y_pred) / max(len(y_true) - 1, 1)
#: whole numbers
def error_rate(y_true, y_pred):
    return np.sum(y_true != y_pred) // len(y_true)
#: rounded
def error_rate(y_true, y_pred):
    return round(float(np.mean(y_true != y_pred)), 2)
#: the mean over classes
def error_rate(y_true, y_pred):
    return np.mean([np.mean(y_pred[y_true == c] != c) for c in np.unique(y_true)])
#: the mean over predicted classes
def error_rate(y_true, y_pred):
    return np.mean([np.mean(y_true[y_pred == c] != c) for c in np.unique(y_pred)])
#: class 0 is left out
def error_rate(y_true, y_pred):
    return np.mean((y_true != y_pred)[y_true != 0]) if np.any(y_true != 0) else 0.0
#: an array
def error_rate(y_true, y_pred):
    return np.mean(y_true != y_pred, keepdims=True)
#: every example's own
def error_rate(y_true, y_pred):
    return (y_true != y_pred).astype(float)
#: half precision
def error_rate(y_true, y_pred):
    return float(np.mean(y_true != y_pred, dtype=np.float16))
#: the histograms compared
def error_rate(y_true, y_pred):
    k = int(max(y_true.max(), y_pred.max())) + 1
    return np.abs(np.bincount(y_true, minlength=k) - np.bincount(y_pred, minlength=k)).sum() / 2 / len(y_true)
#: the average of signed mistakes
def error_rate(y_true, y_pred):
    return abs(np.mean(np.sign(y_true - y_pred)))
#: the last example forgotten
def error_rate(y_true, y_pred):
    return np.sum(y_true[:-1] != y_pred[:-1]) / len(y_true)
#: the caller's predictions are changed
def error_rate(y_true, y_pred):
    y_pred -= y_true
    return np.mean(y_pred != 0)
#: everything against everything
def error_rate(y_true, y_pred):
    return np.mean(y_true[:, None] != y_pred[None, :])
#: divided by the mistakes' classes
def error_rate(y_true, y_pred):
    return np.sum(y_true != y_pred) / np.sum(y_true == y_pred)
#: true or false
def error_rate(y_true, y_pred):
    return bool(np.any(y_true != y_pred))
""")

# --- accuracy_standard_error -----------------------------------------------------------------------------------------
RIGHT["accuracy_standard_error"] = answers("""
#: a root
def accuracy_standard_error(accuracy, m):
    return np.sqrt(accuracy * (1 - accuracy) / m)
#: math
def accuracy_standard_error(accuracy, m):
    import math
    return math.sqrt(accuracy * (1 - accuracy) / m)
#: a power
def accuracy_standard_error(accuracy, m):
    return (accuracy * (1 - accuracy) / m) ** 0.5
#: the deviation over the root of m
def accuracy_standard_error(accuracy, m):
    return np.sqrt(accuracy * (1 - accuracy)) / np.sqrt(m)
#: a lambda
accuracy_standard_error = lambda accuracy, m: float(np.sqrt((accuracy - accuracy**2) / m))
#: of the error rate
def accuracy_standard_error(accuracy, m):
    error = 1 - accuracy
    return np.sqrt(error * (1 - error) / m)
#: a 0-d array
def accuracy_standard_error(accuracy, m):
    return np.sqrt(np.asarray(accuracy * (1 - accuracy) / m))
#: counts
def accuracy_standard_error(accuracy, m):
    right = accuracy * m
    return np.sqrt(right * (m - right)) / m**1.5
#: the deviation of two values with weights
def accuracy_standard_error(accuracy, m):
    values, weights = np.array([1.0, 0.0]), np.array([accuracy, 1 - accuracy])
    mean = weights @ values
    return np.sqrt(weights @ (values - mean) ** 2 / m)
#: a half-axis
def accuracy_standard_error(accuracy, m):
    return np.sqrt(abs(0.25 - (accuracy - 0.5) ** 2) / m)
#: hypot has nothing to do with it, a product of roots
def accuracy_standard_error(accuracy, m):
    import functools, operator
    return functools.reduce(operator.mul, map(np.sqrt, (accuracy, 1 - accuracy, 1 / m)))
#: an object with __call__
class _Deviation:
    def __call__(self, accuracy, m, z=1.0):
        return z * np.sqrt(np.divide(np.multiply(accuracy, np.subtract(1.0, accuracy)), m))
accuracy_standard_error = _Deviation()
#: decimals
def accuracy_standard_error(accuracy, m):
    from decimal import Decimal
    p = Decimal(float(accuracy))
    return float((p * (1 - p) / int(m)).sqrt())
#: keywords with defaults
def accuracy_standard_error(accuracy, m, *, confidence=None):
    p, q = accuracy, 1.0 - accuracy
    return np.power(p * q / m, 1 / 2)
#: floats first
def accuracy_standard_error(accuracy, m):
    p, m = float(accuracy), float(m)
    return 0.0 if p in (0.0, 1.0) else np.exp(0.5 * (np.log(p) + np.log1p(-p) - np.log(m)))
""")
WRONG["accuracy_standard_error"] = answers("""
#: the variance
def accuracy_standard_error(accuracy, m):
    return accuracy * (1 - accuracy) / m
#: m - 1
def accuracy_standard_error(accuracy, m):
    return np.sqrt(accuracy * (1 - accuracy) / max(m - 1, 1))
#: of one example
def accuracy_standard_error(accuracy, m):
    return np.sqrt(accuracy * (1 - accuracy))
#: m outside the root
def accuracy_standard_error(accuracy, m):
    return np.sqrt(accuracy * (1 - accuracy)) / m
#: no root of the product
def accuracy_standard_error(accuracy, m):
    return accuracy * (1 - accuracy) / np.sqrt(m)
#: p only
def accuracy_standard_error(accuracy, m):
    return np.sqrt(accuracy / m)
#: the error only
def accuracy_standard_error(accuracy, m):
    return np.sqrt((1 - accuracy) / m)
#: a parenthesis
def accuracy_standard_error(accuracy, m):
    return np.sqrt(abs(accuracy * 1 - accuracy / m))
#: the worst case
def accuracy_standard_error(accuracy, m):
    return 0.5 / np.sqrt(m)
#: 95 percent
def accuracy_standard_error(accuracy, m):
    return 1.96 * np.sqrt(accuracy * (1 - accuracy) / m)
#: percent
def accuracy_standard_error(accuracy, m):
    return 100 * np.sqrt(accuracy * (1 - accuracy) / m)
#: never zero
def accuracy_standard_error(accuracy, m):
    return max(np.sqrt(accuracy * (1 - accuracy) / m), 1 / m)
#: two more successes and failures
def accuracy_standard_error(accuracy, m):
    p = (accuracy * m + 2) / (m + 4)
    return np.sqrt(p * (1 - p) / (m + 4))
#: of a count
def accuracy_standard_error(accuracy, m):
    return np.sqrt(accuracy * (1 - accuracy) * m)
#: rounded
def accuracy_standard_error(accuracy, m):
    return round(float(np.sqrt(accuracy * (1 - accuracy) / m)), 4)
#: rounded counts
def accuracy_standard_error(accuracy, m):
    p = int(accuracy * m) / m
    return np.sqrt(p * (1 - p) / m)
#: whole division
def accuracy_standard_error(accuracy, m):
    return np.sqrt(accuracy * (1 - accuracy) // m)
#: the square of p
def accuracy_standard_error(accuracy, m):
    return np.sqrt((accuracy - accuracy**2 / m) / m)
#: half precision
def accuracy_standard_error(accuracy, m):
    return float(np.sqrt(np.float16(accuracy * (1 - accuracy) / m)))
#: small sets are refused
def accuracy_standard_error(accuracy, m):
    return np.sqrt(accuracy * (1 - accuracy) / m) if m >= 30 else float("nan")
#: an array
def accuracy_standard_error(accuracy, m):
    return np.sqrt(np.array([accuracy * (1 - accuracy) / m]))
#: NaN at the ends
def accuracy_standard_error(accuracy, m):
    return float(np.exp(0.5 * np.log(accuracy) + 0.5 * np.log(1 - accuracy) - 0.5 * np.log(m))) if 0 < accuracy < 1 else np.nan
""")

# --- diagnose --------------------------------------------------------------------------------------------------------
RIGHT["diagnose"] = answers("""
#: four branches
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    bias, variance = train_error - optimal_error, dev_error - train_error
    if bias > tolerance and variance > tolerance:
        return "high bias and high variance"
    if bias > tolerance:
        return "high bias"
    if variance > tolerance:
        return "high variance"
    return "just right"
#: joined words
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = []
    if train_error - optimal_error > tolerance:
        found.append("high bias")
    if dev_error - train_error > tolerance:
        found.append("high variance")
    return " and ".join(found) or "just right"
#: a dict
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    return {
        (False, False): "just right", (True, False): "high bias",
        (False, True): "high variance", (True, True): "high bias and high variance",
    }[bool(train_error - optimal_error > tolerance), bool(dev_error - train_error > tolerance)]
#: a number of two bits
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    words = ("just right", "high bias", "high variance", "high bias and high variance")
    return words[int(train_error - optimal_error > tolerance) + 2 * int(dev_error - train_error > tolerance)]
#: match
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    match (bool(train_error - optimal_error > tolerance), bool(dev_error - train_error > tolerance)):
        case (True, True):
            return "high bias and high variance"
        case (True, _):
            return "high bias"
        case (_, True):
            return "high variance"
        case _:
            return "just right"
#: the other order
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    if dev_error - train_error <= tolerance:
        return "just right" if train_error - optimal_error <= tolerance else "high bias"
    return "high variance" if train_error - optimal_error <= tolerance else "high bias and high variance"
#: a lambda
diagnose = lambda train_error, dev_error, optimal_error=0.0, tolerance=0.02: (
    " and ".join("high " + w for w, gap in (("bias", train_error - optimal_error), ("variance", dev_error - train_error))
    if gap > tolerance) or "just right")
#: np.diff
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    bias, variance = np.diff([optimal_error, train_error, dev_error]) > tolerance
    if not bias and not variance:
        return "just right"
    return "high bias" * bool(bias) + " and " * bool(bias and variance) + "high variance" * bool(variance)
#: an object with __call__
class _Doctor:
    def __call__(self, train_error, dev_error, optimal_error=0.0, tolerance=0.02, verbose=False):
        gaps = {"bias": train_error - optimal_error, "variance": dev_error - train_error}
        high = [f"high {name}" for name, gap in gaps.items() if gap > tolerance]
        return " and ".join(high) if high else "just right"
diagnose = _Doctor()
#: np.select
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    b, v = train_error - optimal_error > tolerance, dev_error - train_error > tolerance
    return str(np.select([b and v, b, v], ["high bias and high variance", "high bias", "high variance"], "just right"))
#: a nested function
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    def high(gap):
        return not gap <= tolerance
    bias, variance = high(train_error - optimal_error), high(dev_error - train_error)
    if bias:
        return "high bias and high variance" if variance else "high bias"
    return "high variance" if variance else "just right"
#: a table
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    table = [["just right", "high variance"], ["high bias", "high bias and high variance"]]
    return table[bool(train_error - optimal_error > tolerance)][bool(dev_error - train_error > tolerance)]
#: minus signs
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    bias = -(optimal_error - train_error)
    variance = -(train_error - dev_error)
    if max(bias, variance) <= tolerance:
        return "just right"
    if min(bias, variance) > tolerance:
        return "high bias and high variance"
    return "high bias" if bias > variance else "high variance"
#: floats first
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    train_error, dev_error, optimal_error = map(float, (train_error, dev_error, optimal_error))
    answer = "high bias" if train_error - optimal_error > tolerance else ""
    if dev_error - train_error > tolerance:
        answer = f"{answer} and high variance" if answer else "high variance"
    return answer if answer else "just right"
#: sets of letters
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    key = "".join(k for k, g in {"b": train_error - optimal_error, "v": dev_error - train_error}.items() if g > tolerance)
    return dict(b="high bias", v="high variance", bv="high bias and high variance").get(key, "just right")
""")
WRONG["diagnose"] = answers("""
#: the tolerance counts as high
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high bias"] * (train_error - optimal_error >= tolerance) + ["high variance"] * (dev_error - train_error >= tolerance)
    return " and ".join(found) or "just right"
#: the tolerance counts as high bias
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high bias"] * (train_error - optimal_error >= tolerance) + ["high variance"] * (dev_error - train_error > tolerance)
    return " and ".join(found) or "just right"
#: the tolerance counts as high variance
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high bias"] * (train_error - optimal_error > tolerance) + ["high variance"] * (dev_error - train_error >= tolerance)
    return " and ".join(found) or "just right"
#: the optimal error ignored
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high bias"] * (train_error > tolerance) + ["high variance"] * (dev_error - train_error > tolerance)
    return " and ".join(found) or "just right"
#: variance from the optimal error
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high bias"] * (train_error - optimal_error > tolerance) + ["high variance"] * (dev_error - optimal_error > tolerance)
    return " and ".join(found) or "just right"
#: bias from the dev error
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high bias"] * (dev_error - optimal_error > tolerance) + ["high variance"] * (dev_error - train_error > tolerance)
    return " and ".join(found) or "just right"
#: variance without a sign
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high bias"] * (train_error - optimal_error > tolerance) + ["high variance"] * (abs(dev_error - train_error) > tolerance)
    return " and ".join(found) or "just right"
#: bias without a sign
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high bias"] * (abs(train_error - optimal_error) > tolerance) + ["high variance"] * (dev_error - train_error > tolerance)
    return " and ".join(found) or "just right"
#: the tolerance ignored
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high bias"] * (train_error - optimal_error > 0.02) + ["high variance"] * (dev_error - train_error > 0.02)
    return " and ".join(found) or "just right"
#: the tolerance for bias only
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high bias"] * (train_error - optimal_error > tolerance) + ["high variance"] * (dev_error - train_error > 0.02)
    return " and ".join(found) or "just right"
#: another default
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.05):
    found = ["high bias"] * (train_error - optimal_error > tolerance) + ["high variance"] * (dev_error - train_error > tolerance)
    return " and ".join(found) or "just right"
#: the wrong way round
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high bias"] * (dev_error - train_error > tolerance) + ["high variance"] * (train_error - optimal_error > tolerance)
    return " and ".join(found) or "just right"
#: bias first, and nothing after it
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    if train_error - optimal_error > tolerance:
        return "high bias"
    return "high variance" if dev_error - train_error > tolerance else "just right"
#: the larger of the two
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    bias, variance = train_error - optimal_error, dev_error - train_error
    if max(bias, variance) <= tolerance:
        return "just right"
    return "high bias" if bias > variance else "high variance"
#: other words for both
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high variance"] * (dev_error - train_error > tolerance) + ["high bias"] * (train_error - optimal_error > tolerance)
    return " and ".join(found) or "just right"
#: a capital letter
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high bias"] * (train_error - optimal_error > tolerance) + ["high variance"] * (dev_error - train_error > tolerance)
    return (" and ".join(found) or "just right").capitalize()
#: a list of findings
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high bias"] * (train_error - optimal_error > tolerance) + ["high variance"] * (dev_error - train_error > tolerance)
    return found or ["just right"]
#: ratios
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    bias = (train_error - optimal_error) / max(train_error, 1e-12)
    variance = (dev_error - train_error) / max(dev_error, 1e-12)
    found = ["high bias"] * (bias > tolerance) + ["high variance"] * (variance > tolerance)
    return " and ".join(found) or "just right"
#: rounded to whole percent
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    bias, variance = round(train_error - optimal_error, 2), round(dev_error - train_error, 2)
    found = ["high bias"] * (bias > tolerance) + ["high variance"] * (variance > tolerance)
    return " and ".join(found) or "just right"
#: twice the tolerance for variance
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high bias"] * (train_error - optimal_error > tolerance) + ["high variance"] * (dev_error - train_error > 2 * tolerance)
    return " and ".join(found) or "just right"
#: optimal plus train
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high bias"] * (train_error + optimal_error > tolerance) + ["high variance"] * (dev_error - train_error > tolerance)
    return " and ".join(found) or "just right"
#: variance excludes a bias below the best
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    train_error = max(train_error, optimal_error)
    found = ["high bias"] * (train_error - optimal_error > tolerance) + ["high variance"] * (dev_error - train_error > tolerance)
    return " and ".join(found) or "just right"
#: nothing is said when all is well
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    found = ["high bias"] * (train_error - optimal_error > tolerance) + ["high variance"] * (dev_error - train_error > tolerance)
    return " and ".join(found)
""")

# --- learning_curve --------------------------------------------------------------------------------------------------
RIGHT["learning_curve"] = answers("""
#: two lists filled
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train_errors, dev_errors = [], []
    for size in sizes:
        predict = fit(X_train[:size], y_train[:size])
        train_errors.append(np.mean(predict(X_train[:size]) != y_train[:size]))
        dev_errors.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train_errors), np.array(dev_errors)
#: lists
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train_errors, dev_errors = [], []
    for size in sizes:
        X, y = X_train[:size], y_train[:size]
        predict = fit(X, y)
        train_errors.append(error_rate(y, predict(X)))
        dev_errors.append(error_rate(y_dev, predict(X_dev)))
    return train_errors, dev_errors
#: arrays filled
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    result = np.empty((2, len(sizes)))
    for j, size in enumerate(sizes):
        predict = fit(X_train[:size], y_train[:size])
        result[:, j] = error_rate(y_train[:size], predict(X_train[:size])), error_rate(y_dev, predict(X_dev))
    return result[0], result[1]
#: all the models first
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    models = [fit(X_train[:n], y_train[:n]) for n in sizes]
    train = [np.mean(predict(X_train[:n]) != y_train[:n]) for predict, n in zip(models, sizes)]
    return np.array(train), np.array([np.mean(predict(X_dev) != y_dev) for predict in models])
#: from the largest down
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    sizes = list(sizes)
    train, dev = np.zeros(len(sizes)), np.zeros(len(sizes))
    for j in reversed(range(len(sizes))):
        n = sizes[j]
        predict = fit(X_train[:n].copy(), y_train[:n].copy())
        dev[j] = 1 - np.mean(predict(X_dev) == y_dev)
        train[j] = 1 - np.mean(predict(X_train[:n]) == y_train[:n])
    return train, dev
#: a generator of pairs
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    def pairs():
        for n in sizes:
            predict = fit(X_train[:n], y_train[:n])
            yield error_rate(y_train[:n], predict(X_train[:n])), error_rate(y_dev, predict(X_dev))
    train, dev = zip(*pairs())
    return np.asarray(train), np.asarray(dev)
#: columns of an array
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    def errors(n):
        part = slice(None, n)
        predict = fit(X_train[part], y_train[part])
        return [np.mean(np.asarray(predict(X)) != y) for X, y in ((X_train[part], y_train[part]), (X_dev, y_dev))]
    return tuple(np.array([errors(n) for n in sizes]).T)
#: fancy indices
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    out = [], []
    for n in sizes:
        rows = np.arange(n)
        predict = fit(X_train[rows], y_train[rows])
        out[0].append(float(np.mean(predict(X_train[rows]) != y_train[rows])))
        out[1].append(float(np.mean(predict(X_dev) != y_dev)))
    return out
#: a recursion
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    if len(sizes) == 0:
        return [], []
    n = sizes[0]
    predict = fit(X_train[:n], y_train[:n])
    train, dev = learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes[1:])
    return [error_rate(y_train[:n], predict(X_train[:n])), *train], [error_rate(y_dev, predict(X_dev)), *dev]
#: an object with __call__
class _Curve:
    def __call__(self, fit, X_train, y_train, X_dev, y_dev, sizes, measure=None):
        measure = measure or (lambda t, p: np.count_nonzero(t != p) / len(t))
        pairs = []
        for n in sizes:
            predict = fit(X_train[0:n], y_train[0:n])
            pairs.append((measure(y_dev, predict(X_dev)), measure(y_train[0:n], predict(X_train[0:n]))))
        return np.array([b for _, b in pairs]), np.array([a for a, _ in pairs])
learning_curve = _Curve()
#: closures with their own predict
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    def measurer(predict):
        return lambda X, y: float(np.sum(predict(X) != y)) / X.shape[0]
    measures = [(measurer(fit(X_train[:n], y_train[:n])), n) for n in sizes]
    return [f(X_train[:n], y_train[:n]) for f, n in measures], [f(X_dev, y_dev) for f, _ in measures]
#: a size met twice is trained once
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    import functools
    @functools.lru_cache(None)
    def at(n):
        predict = fit(X_train[:n], y_train[:n])
        return np.mean(predict(X_train[:n]) != y_train[:n]), np.mean(predict(X_dev) != y_dev)
    rows = [at(int(n)) for n in sizes]
    return np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
#: map
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    heads = [(X_train[:n], y_train[:n]) for n in sizes]
    predicts = list(map(lambda head: fit(*head), heads))
    train = list(map(lambda p, head: np.mean(p(head[0]) != head[1]), predicts, heads))
    dev = list(map(lambda p: np.mean(p(X_dev) != y_dev), predicts))
    return train, dev
#: an array and a list
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = np.array([]), []
    for n in np.asarray(sizes).tolist():
        predict = fit(X_train[:n, :], y_train[:n])
        train = np.append(train, (predict(X_train[:n, :]) != y_train[:n]).sum() / n)
        dev.append((predict(X_dev) != y_dev).sum() / len(y_dev))
    return train, dev
#: np.resize-free, a mask of rows
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    position = np.arange(len(y_train))
    train, dev = [], []
    for n in sizes:
        first = position < n
        predict = fit(X_train[first], y_train[first])
        train.append(np.average(predict(X_train[first]) != y_train[first]))
        dev.append(np.average(predict(X_dev) != y_dev))
    return np.stack(train), np.stack(dev)
""")
WRONG["learning_curve"] = answers("""
#: the training error on all of the training set
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        predict = fit(X_train[:n], y_train[:n])
        train.append(np.mean(predict(X_train) != y_train))
        dev.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train), np.array(dev)
#: as many of dev as of train
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        predict = fit(X_train[:n], y_train[:n])
        train.append(np.mean(predict(X_train[:n]) != y_train[:n]))
        dev.append(np.mean(predict(X_dev[:n]) != y_dev[:n]))
    return np.array(train), np.array(dev)
#: trained on everything
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        predict = fit(X_train, y_train)
        train.append(np.mean(predict(X_train[:n]) != y_train[:n]))
        dev.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train), np.array(dev)
#: the last examples
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        predict = fit(X_train[-n:], y_train[-n:])
        train.append(np.mean(predict(X_train[-n:]) != y_train[-n:]))
        dev.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train), np.array(dev)
#: one too few
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        k = max(n - 1, 1)
        predict = fit(X_train[:k], y_train[:k])
        train.append(np.mean(predict(X_train[:k]) != y_train[:k]))
        dev.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train), np.array(dev)
#: one too many
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        predict = fit(X_train[:n + 1], y_train[:n + 1])
        train.append(np.mean(predict(X_train[:n]) != y_train[:n]))
        dev.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train), np.array(dev)
#: a random sample
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    own = np.random.default_rng(0)
    for n in sizes:
        rows = own.permutation(len(y_train))[:n]
        predict = fit(X_train[rows], y_train[rows])
        train.append(np.mean(predict(X_train[rows]) != y_train[rows]))
        dev.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train), np.array(dev)
#: the new examples only
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev, start = [], [], 0
    for n in sizes:
        rows = slice(start, n) if start < n else slice(0, n)
        predict = fit(X_train[rows], y_train[rows])
        train.append(np.mean(predict(X_train[rows]) != y_train[rows]))
        dev.append(np.mean(predict(X_dev) != y_dev))
        start = n
    return np.array(train), np.array(dev)
#: accuracies
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        predict = fit(X_train[:n], y_train[:n])
        train.append(np.mean(predict(X_train[:n]) == y_train[:n]))
        dev.append(np.mean(predict(X_dev) == y_dev))
    return np.array(train), np.array(dev)
#: counts
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        predict = fit(X_train[:n], y_train[:n])
        train.append(np.sum(predict(X_train[:n]) != y_train[:n]))
        dev.append(np.sum(predict(X_dev) != y_dev))
    return np.array(train), np.array(dev)
#: mistakes divided by the whole training set
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        predict = fit(X_train[:n], y_train[:n])
        train.append(np.sum(predict(X_train[:n]) != y_train[:n]) / len(y_train))
        dev.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train), np.array(dev)
#: dev first
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        predict = fit(X_train[:n], y_train[:n])
        train.append(np.mean(predict(X_train[:n]) != y_train[:n]))
        dev.append(np.mean(predict(X_dev) != y_dev))
    return np.array(dev), np.array(train)
#: distances of labels
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        predict = fit(X_train[:n], y_train[:n])
        train.append(np.mean(np.abs(predict(X_train[:n]) - y_train[:n])))
        dev.append(np.mean(np.abs(predict(X_dev) - y_dev)))
    return np.array(train), np.array(dev)
#: squared distances
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        predict = fit(X_train[:n], y_train[:n])
        train.append(np.mean((predict(X_train[:n]) - y_train[:n]) ** 2))
        dev.append(np.mean((predict(X_dev) - y_dev) ** 2))
    return np.array(train), np.array(dev)
#: a late binding, all use the last model
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    measures = []
    for n in sizes:
        predict = fit(X_train[:n], y_train[:n])
        measures.append(lambda X, y: np.mean(predict(X) != y))
    return (np.array([f(X_train[:n], y_train[:n]) for f, n in zip(measures, sizes)]),
            np.array([f(X_dev, y_dev) for f in measures]))
#: sizes in rising order
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sorted(sizes):
        predict = fit(X_train[:n], y_train[:n])
        train.append(np.mean(predict(X_train[:n]) != y_train[:n]))
        dev.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train), np.array(dev)
#: the last size forgotten
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in list(sizes)[:-1]:
        predict = fit(X_train[:n], y_train[:n])
        train.append(np.mean(predict(X_train[:n]) != y_train[:n]))
        dev.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train), np.array(dev)
#: every size from 1 on
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in range(1, len(sizes) + 1):
        predict = fit(X_train[:n], y_train[:n])
        train.append(np.mean(predict(X_train[:n]) != y_train[:n]))
        dev.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train), np.array(dev)
#: trained on dev
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        predict = fit(X_dev[:n], y_dev[:n])
        train.append(np.mean(predict(X_train[:n]) != y_train[:n]))
        dev.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train), np.array(dev)
#: dev is trained on as well
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        predict = fit(np.concatenate([X_train[:n], X_dev]), np.concatenate([y_train[:n], y_dev]))
        train.append(np.mean(predict(X_train[:n]) != y_train[:n]))
        dev.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train), np.array(dev)
#: running means
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        predict = fit(X_train[:n], y_train[:n])
        train.append(np.mean(predict(X_train[:n]) != y_train[:n]))
        dev.append(np.mean(predict(X_dev) != y_dev))
    count = np.arange(1, len(train) + 1)
    return np.cumsum(train) / count, np.cumsum(dev) / count
#: pairs in a list
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    pairs = []
    for n in sizes:
        predict = fit(X_train[:n], y_train[:n])
        pairs.append((np.mean(predict(X_train[:n]) != y_train[:n]), np.mean(predict(X_dev) != y_dev)))
    return pairs
#: the last errors only
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    for n in sizes:
        predict = fit(X_train[:n], y_train[:n])
        train, dev = np.mean(predict(X_train[:n]) != y_train[:n]), np.mean(predict(X_dev) != y_dev)
    return np.array([train]), np.array([dev])
#: the caller's training set is shuffled
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        predict = fit(X_train[:n], y_train[:n])
        train.append(np.mean(predict(X_train[:n]) != y_train[:n]))
        dev.append(np.mean(predict(X_dev) != y_dev))
    y_train.sort()
    return np.array(train), np.array(dev)
#: never more than half of the training set
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        n = min(n, max(1, len(y_train) // 2))
        predict = fit(X_train[:n], y_train[:n])
        train.append(np.mean(predict(X_train[:n]) != y_train[:n]))
        dev.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train), np.array(dev)
#: the same number of every class
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    order = np.argsort(y_train, kind="stable")
    for n in sizes:
        rows = order[np.linspace(0, len(order) - 1, n).astype(int)]
        predict = fit(X_train[rows], y_train[rows])
        train.append(np.mean(predict(X_train[rows]) != y_train[rows]))
        dev.append(np.mean(predict(X_dev) != y_dev))
    return np.array(train), np.array(dev)
#: percent
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    train, dev = [], []
    for n in sizes:
        predict = fit(X_train[:n], y_train[:n])
        train.append(100 * np.mean(predict(X_train[:n]) != y_train[:n]))
        dev.append(100 * np.mean(predict(X_dev) != y_dev))
    return np.array(train), np.array(dev)
""")

# --- bias_variance ---------------------------------------------------------------------------------------------------
RIGHT["bias_variance"] = answers("""
#: mean and var
def bias_variance(predictions, y_true):
    return np.mean((predictions.mean(axis=0) - y_true) ** 2), np.mean(predictions.var(axis=0))
#: by hand
def bias_variance(predictions, y_true):
    average = predictions.sum(axis=0) / predictions.shape[0]
    return ((average - y_true) ** 2).mean(), ((predictions - average) ** 2).mean()
#: loops
def bias_variance(predictions, y_true):
    models, m = predictions.shape
    bias = variance = 0.0
    for j in range(m):
        average = sum(float(predictions[i, j]) for i in range(models)) / models
        bias += (average - float(y_true[j])) ** 2
        variance += sum((float(predictions[i, j]) - average) ** 2 for i in range(models)) / models
    return bias / m, variance / m
#: the total error less the bias
def bias_variance(predictions, y_true):
    bias = np.mean((np.mean(predictions, axis=0, dtype=float) - y_true) ** 2)
    total = np.mean((predictions.astype(float) - y_true) ** 2)
    return bias, total - bias
#: the total error less the variance
def bias_variance(predictions, y_true):
    variance = np.var(predictions, axis=0).mean()
    return np.mean(np.square(np.subtract(predictions, y_true, dtype=float))) - variance, variance
#: floats
def bias_variance(predictions, y_true):
    predictions, y_true = np.asarray(predictions, dtype=float), np.asarray(y_true, dtype=float)
    return float(np.mean((predictions.mean(0) - y_true) ** 2)), float(np.mean(predictions.std(0) ** 2))
#: 0-d arrays
def bias_variance(predictions, y_true):
    return np.array(np.mean((y_true - predictions.mean(0)) ** 2)), np.array(np.var(predictions, 0).mean())
#: statistics
def bias_variance(predictions, y_true):
    import statistics
    columns = [[float(v) for v in column] for column in predictions.T]
    bias = statistics.fmean((statistics.fmean(c) - float(t)) ** 2 for c, t in zip(columns, y_true))
    return bias, statistics.fmean(statistics.pvariance(c) for c in columns)
#: einsum
def bias_variance(predictions, y_true):
    k, m = predictions.shape
    average = np.einsum("km->m", predictions) / k
    gap, spread = average - y_true, predictions - average
    return np.einsum("m,m->", gap, gap) / m, np.einsum("km,km->", spread, spread) / (k * m)
#: a lambda
bias_variance = lambda predictions, y_true: (
    np.mean(np.square(np.average(predictions, axis=0) - y_true)), np.average(np.var(predictions, axis=0)))
#: norms
def bias_variance(predictions, y_true):
    average = predictions.mean(axis=0, keepdims=True)
    return np.linalg.norm(average[0] - y_true) ** 2 / y_true.size, np.linalg.norm(predictions - average) ** 2 / predictions.size
#: half the mean squared difference of two models
def bias_variance(predictions, y_true):
    p = np.asarray(predictions, dtype=float)
    variance = 0.5 * np.mean((p[:, None, :] - p[None, :, :]) ** 2)
    return np.mean((p.mean(axis=0) - y_true) ** 2), variance
#: the covariance matrix
def bias_variance(predictions, y_true):
    p = np.asarray(predictions, dtype=float)
    cov = np.atleast_2d(np.cov(p, rowvar=False, bias=True)) if len(p) > 1 else np.zeros((p.shape[1], p.shape[1]))
    return np.mean((p.mean(axis=0) - y_true) ** 2), np.trace(cov) / p.shape[1]
#: transposed
def bias_variance(predictions, y_true):
    per_point = predictions.T
    return np.mean((per_point.mean(1) - y_true) ** 2), np.mean(per_point.var(1))
#: an object with __call__
class _Decomposition:
    def __call__(self, predictions, y_true, noise=0.0):
        average = np.mean(predictions, axis=0)
        return np.dot(average - y_true, average - y_true) / len(y_true) - noise, np.mean((predictions - average) ** 2)
bias_variance = _Decomposition()
#: a running mean (Welford)
def bias_variance(predictions, y_true):
    mean, squares = np.zeros(predictions.shape[1]), np.zeros(predictions.shape[1])
    for i, row in enumerate(predictions, 1):
        delta = row - mean
        mean = mean + delta / i
        squares = squares + delta * (row - mean)
    return ((mean - y_true) ** 2).mean(), (squares / len(predictions)).mean()
""")
WRONG["bias_variance"] = answers("""
#: ddof 1
def bias_variance(predictions, y_true):
    spread = np.sum((predictions - predictions.mean(0)) ** 2, axis=0) / max(len(predictions) - 1, 1)
    return np.mean((predictions.mean(0) - y_true) ** 2), np.mean(spread)
#: the models' axis mistaken
def bias_variance(predictions, y_true):
    average = predictions.mean(axis=1)
    n = min(len(average), len(y_true))
    return np.mean((average[:n] - y_true[:n]) ** 2), np.mean(predictions.var(axis=1))
#: variance along the points
def bias_variance(predictions, y_true):
    return np.mean((predictions.mean(0) - y_true) ** 2), np.mean(predictions.var(axis=1))
#: variance of all the numbers
def bias_variance(predictions, y_true):
    return np.mean((predictions.mean(0) - y_true) ** 2), np.var(predictions)
#: variance of the mean prediction
def bias_variance(predictions, y_true):
    return np.mean((predictions.mean(0) - y_true) ** 2), np.var(predictions.mean(axis=0))
#: bias, not squared
def bias_variance(predictions, y_true):
    return np.mean(predictions.mean(0) - y_true), np.mean(predictions.var(0))
#: the size of the bias
def bias_variance(predictions, y_true):
    return np.mean(np.abs(predictions.mean(0) - y_true)), np.mean(predictions.var(0))
#: squared after the mean over points
def bias_variance(predictions, y_true):
    return np.mean(predictions.mean(0) - y_true) ** 2, np.mean(predictions.var(0))
#: the mean squared error for the bias
def bias_variance(predictions, y_true):
    return np.mean((predictions - y_true) ** 2), np.mean(predictions.var(0))
#: the root of the mean squared bias
def bias_variance(predictions, y_true):
    return np.sqrt(np.mean((predictions.mean(0) - y_true) ** 2)), np.mean(predictions.var(0))
#: the mean squared error for the variance
def bias_variance(predictions, y_true):
    return np.mean((predictions.mean(0) - y_true) ** 2), np.mean((predictions - y_true) ** 2)
#: standard deviation
def bias_variance(predictions, y_true):
    return np.mean((predictions.mean(0) - y_true) ** 2), np.mean(predictions.std(0))
#: the square of the mean deviation
def bias_variance(predictions, y_true):
    return np.mean((predictions.mean(0) - y_true) ** 2), np.mean(predictions.std(0)) ** 2
#: the median model
def bias_variance(predictions, y_true):
    return np.mean((np.median(predictions, axis=0) - y_true) ** 2), np.mean(predictions.var(0))
#: sums over the points
def bias_variance(predictions, y_true):
    return np.sum((predictions.mean(0) - y_true) ** 2), np.sum(predictions.var(0))
#: every point's own
def bias_variance(predictions, y_true):
    return (predictions.mean(0) - y_true) ** 2, predictions.var(0)
#: in the other order
def bias_variance(predictions, y_true):
    return np.mean(predictions.var(0)), np.mean((predictions.mean(0) - y_true) ** 2)
#: the first model for all
def bias_variance(predictions, y_true):
    return np.mean((predictions[0] - y_true) ** 2), np.mean(predictions.var(0))
#: whole means
def bias_variance(predictions, y_true):
    average = predictions.mean(0).astype(predictions.dtype)
    return np.mean((average - y_true) ** 2), np.mean((predictions - average) ** 2)
#: the majority's vote
def bias_variance(predictions, y_true):
    average = np.round(predictions.mean(0))
    return np.mean((average - y_true) ** 2), np.mean((predictions - average) ** 2)
#: the caller's predictions are centred
def bias_variance(predictions, y_true):
    average = predictions.mean(0)
    bias = np.mean((average - y_true) ** 2)
    predictions[...] = predictions - average
    return bias, np.mean(predictions ** 2)
#: a list
def bias_variance(predictions, y_true):
    return [np.mean((predictions.mean(0) - y_true) ** 2), np.mean(predictions.var(0))]
#: a dict
def bias_variance(predictions, y_true):
    return {"bias_squared": np.mean((predictions.mean(0) - y_true) ** 2), "variance": np.mean(predictions.var(0))}
#: half of each
def bias_variance(predictions, y_true):
    return np.mean((predictions.mean(0) - y_true) ** 2) / 2, np.mean(predictions.var(0)) / 2
#: variance of the squared errors
def bias_variance(predictions, y_true):
    return np.mean((predictions.mean(0) - y_true) ** 2), np.mean(((predictions - y_true) ** 2).var(0))
#: the bias averaged over the models
def bias_variance(predictions, y_true):
    return np.mean((predictions - y_true).mean(axis=1) ** 2), np.mean(predictions.var(0))
#: half precision
def bias_variance(predictions, y_true):
    p = predictions.astype(np.float16).astype(float)
    return np.mean((p.mean(0) - y_true) ** 2), np.mean(p.var(0))
""")
