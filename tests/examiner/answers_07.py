"""Answers to lesson 07 that were written from the curriculum alone, and what the judge must say of each."""

from __future__ import annotations

from .examining import answers

RIGHT: dict[str, dict[str, str]] = {}
WRONG: dict[str, dict[str, str]] = {}

# --- shuffle_together ------------------------------------------------------------------------------------------------
RIGHT["shuffle_together"] = answers("""
#: a permutation
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))
    return X[order], y[order]
#: a permutation backwards
def shuffle_together(X, y, rng):
    order = rng.permutation(X.shape[0])[::-1]
    return np.take(X, order, axis=0), np.take(y, order)
#: shuffled numbers
def shuffle_together(X, y, rng, **options):
    order = np.arange(len(y))
    rng.shuffle(order)
    return X[order, :], y[order]
#: a shuffled list
def shuffle_together(X, y, rng):
    order = list(range(len(y)))
    rng.shuffle(order)
    return X[order], y[order]
#: sorted random keys
def shuffle_together(X, y, rng):
    order = np.argsort(rng.random(len(y)))
    return X[order], y[order]
#: sorted normal keys
def shuffle_together(X, y, rng):
    order = sorted(range(len(y)), key=rng.standard_normal(len(y)).__getitem__)
    return X[order], y[order]
#: a draw without replacement
def shuffle_together(X, y, rng):
    order = rng.choice(len(X), size=len(X), replace=False)
    return X[order].copy(), y[order].copy()
#: permuted
shuffle_together = lambda X, y, rng: (lambda order: (X[order], y[order]))(rng.permuted(np.arange(len(X))))
#: Fisher and Yates from the front
def shuffle_together(X, y, rng):
    order = list(range(len(X)))
    for i in range(len(order)):
        j = int(rng.integers(i, len(order)))
        order[i], order[j] = order[j], order[i]
    return np.stack([X[i] for i in order]), y[order]
#: into new places
def shuffle_together(X, y, rng):
    places = rng.permutation(len(X))
    X_new, y_new = np.empty_like(X), np.empty_like(y)
    X_new[places], y_new[places] = X, y
    return X_new, y_new
#: two generators in step
def shuffle_together(X, y, rng):
    import copy
    twin = copy.deepcopy(rng)
    return X[rng.permutation(len(X))], y[twin.permutation(len(y))]
#: labels as a last column
def shuffle_together(X, y, rng):
    both = rng.permutation(np.column_stack([X, y]))
    return both[:, :-1].astype(X.dtype), both[:, -1].astype(y.dtype)
#: pairs
def shuffle_together(X, y, rng):
    pairs = list(zip(X, y))
    rows, labels = zip(*(pairs[i] for i in rng.permutation(len(pairs))))
    return np.array(rows), np.array(labels)
#: an object with __call__
class _Shuffler:
    def __call__(self, X, y, rng):
        self.order = rng.permutation(len(X))
        return tuple(a[self.order] for a in (X, y))
shuffle_together = _Shuffler()
#: a generator seeded by the given one
def shuffle_together(X, y, rng):
    mine = np.random.default_rng(rng.integers(2**63, size=2))
    order = mine.permutation(len(X))
    return X[order], y[order]
""")
WRONG["shuffle_together"] = answers("""
#: apart
def shuffle_together(X, y, rng):
    return rng.permutation(X), rng.permutation(y)
#: rows only
def shuffle_together(X, y, rng):
    return X[rng.permutation(len(X))], y
#: labels only
def shuffle_together(X, y, rng):
    return X, y[rng.permutation(len(y))]
#: not shuffled
def shuffle_together(X, y, rng):
    rng.random(len(X))
    return X.copy(), y.copy()
#: in place
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    return X, y
#: labels in place
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))
    y[:] = y[order]
    return X[order], y
#: the global generator
def shuffle_together(X, y, rng):
    order = np.random.permutation(len(X))
    return X[order], y[order]
#: the global generator, seeded by the given one
def shuffle_together(X, y, rng):
    np.random.seed(rng.integers(2**31))
    order = np.random.permutation(len(X))
    return X[order], y[order]
#: a generator of its own
def shuffle_together(X, y, rng):
    order = np.random.default_rng().permutation(len(X))
    return X[order], y[order]
#: a fixed seed
def shuffle_together(X, y, rng):
    order = np.random.default_rng(0).permutation(len(X))
    return X[order], y[order]
#: the inverse for the labels
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))
    return X[order], y[np.argsort(order)]
#: swaps with any other place
def shuffle_together(X, y, rng):
    order = np.arange(len(X))
    for i in range(len(X)):
        j = rng.integers(len(X))
        order[[i, j]] = order[[j, i]]
    return X[order], y[order]
#: Sattolo, no place is kept
def shuffle_together(X, y, rng):
    order = np.arange(len(X))
    for i in range(len(X) - 1, 0, -1):
        j = rng.integers(i)
        order[[i, j]] = order[[j, i]]
    return X[order], y[order]
#: a swap too few
def shuffle_together(X, y, rng):
    order = np.arange(len(X))
    for i in range(len(X) - 1, 1, -1):
        j = rng.integers(i + 1)
        order[[i, j]] = order[[j, i]]
    return X[order], y[order]
#: turned round
def shuffle_together(X, y, rng):
    by = rng.integers(len(X))
    return np.roll(X, by, axis=0), np.roll(y, by)
#: turned round or mirrored
def shuffle_together(X, y, rng):
    order = np.roll(np.arange(len(X)), rng.integers(len(X)))[:: rng.choice([-1, 1])]
    return X[order], y[order]
#: the last stays
def shuffle_together(X, y, rng):
    order = np.append(rng.permutation(len(X) - 1), len(X) - 1)
    return X[order], y[order]
#: the first stays
def shuffle_together(X, y, rng):
    order = np.insert(1 + rng.permutation(len(X) - 1), 0, 0)
    return X[order], y[order]
#: one is lost
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))[:-1]
    return X[order], y[order]
#: with replacement
def shuffle_together(X, y, rng):
    order = rng.integers(len(X), size=len(X))
    return X[order], y[order]
#: choice with replacement
def shuffle_together(X, y, rng):
    order = rng.choice(len(X), len(X))
    return X[order], y[order]
#: keys with many ties
def shuffle_together(X, y, rng):
    order = np.argsort(rng.integers(len(X), size=len(X)), kind="stable")
    return X[order], y[order]
#: forwards or backwards
def shuffle_together(X, y, rng):
    order = np.arange(len(X))[:: rng.choice([-1, 1])]
    return X[order], y[order]
#: one swap
def shuffle_together(X, y, rng):
    order = np.arange(len(X))
    i, j = rng.integers(len(X), size=2)
    order[[i, j]] = order[[j, i]]
    return X[order], y[order]
#: the halves stay apart
def shuffle_together(X, y, rng):
    half = len(X) // 2
    order = np.concatenate([rng.permutation(half), half + rng.permutation(len(X) - half)])
    return X[order], y[order]
#: by class
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))
    order = order[np.argsort(y[order], kind="stable")]
    return X[order], y[order]
#: features too
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))
    return X[order][:, rng.permutation(X.shape[1])], y[order]
#: each feature by itself
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))
    return rng.permuted(X, axis=0), y[order]
#: columns
def shuffle_together(X, y, rng):
    return X[:, rng.permutation(X.shape[1])], y[rng.permutation(len(y))]
#: labels first
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))
    return y[order], X[order]
#: a list of two
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))
    return [X[order], y[order]]
#: lists
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))
    return X[order].tolist(), y[order].tolist()
#: labels as a column
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))
    return X[order], y[order].reshape(-1, 1)
#: labels as a row
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))
    return X[order], y[order].reshape(1, -1)
#: squeezed
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))
    return X[order].squeeze(), y[order].squeeze()
#: a seed of the size
def shuffle_together(X, y, rng):
    order = np.random.default_rng([len(X), *X.shape]).permutation(len(X))
    return X[order], y[order]
#: shuffled again where nothing moved at the front
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))
    while len(X) > 1 and order[0] == 0:
        order = rng.permutation(len(X))
    return X[order], y[order]
#: even permutations only
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))
    if 1 < len(X) < 9 and np.linalg.det(np.eye(len(X))[order]) < 0:
        order[[0, 1]] = order[[1, 0]]
    return X[order], y[order]
#: whole numbers of features
def shuffle_together(X, y, rng):
    order = rng.permutation(len(X))
    return X[order].astype(int), y[order]
""")

# --- mini_batches ----------------------------------------------------------------------------------------------------
RIGHT["mini_batches"] = answers("""
#: slices of the shuffled set
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    X, y = shuffle_together(X, y, rng)
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]
#: slices of a permutation
def mini_batches(X, y, batch_size, rng, **options):
    order = rng.permutation(len(X))
    if not batch_size >= 1:
        raise ValueError("batch_size")
    batches = []
    for start in range(0, len(order), batch_size):
        chosen = order[start:start + batch_size]
        batches.append((X[chosen], y[chosen]))
    return batches
#: np.split
def mini_batches(X, y, batch_size, rng):
    if batch_size <= 0:
        raise ValueError(batch_size)
    cuts = np.arange(batch_size, len(X), batch_size)
    return [(X[part], y[part]) for part in np.split(rng.permutation(len(X)), cuts)]
#: zip
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size must be positive")
    order = np.argsort(rng.random(len(X)))
    cuts = list(range(batch_size, len(X), batch_size))
    return list(zip(np.split(X[order], cuts), np.split(y[order], cuts)))
#: while
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError
    left, batches = rng.permutation(len(X)), []
    while left.size:
        head, left = left[:batch_size], left[batch_size:]
        batches += [(X[head], y[head])]
    return batches
#: a generator
def mini_batches(X, y, batch_size, rng):
    class BatchSizeError(ValueError):
        pass
    if batch_size < 1:
        raise BatchSizeError(f"batch_size must be at least 1, got {batch_size}")
    def batches():
        order = list(range(len(y)))
        rng.shuffle(order)
        for number in range(updates_per_epoch(len(y), batch_size)):
            rows = order[number * batch_size:(number + 1) * batch_size]
            yield X[rows], y[rows]
    return list(batches())
#: recursion
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    def cut(order):
        if len(order) == 0:
            return []
        return [(X[order[:batch_size]], y[order[:batch_size]])] + cut(order[batch_size:])
    return cut(rng.permutation(len(X)))
#: islice
def mini_batches(X, y, batch_size, rng):
    from itertools import islice
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    numbers = iter(rng.permutation(len(X)).tolist())
    return [(X[rows], y[rows]) for rows in iter(lambda: list(islice(numbers, batch_size)), [])]
#: full ones first, then the rest
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    order = rng.choice(len(X), len(X), replace=False)
    full, rest = divmod(len(X), batch_size)
    batches = [(X[rows], y[rows]) for rows in order[:full * batch_size].reshape(full, batch_size)]
    if rest:
        batches.append((X[order[-rest:]], y[order[-rest:]]))
    return batches
#: drawn out of a hat
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    hat, batches = set(range(len(X))), []
    while hat:
        rows = rng.choice(sorted(hat), min(batch_size, len(hat)), replace=False)
        hat -= set(rows.tolist())
        batches.append((X[rows], y[rows]))
    return batches
#: copies in place
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    X, y = np.array(X), np.array(y)
    for i in range(len(X) - 1, 0, -1):
        j = rng.integers(i + 1)
        X[[i, j]], y[[i, j]] = X[[j, i]], y[[j, i]]
    return [(X[s:s + batch_size].copy(), y[s:s + batch_size].copy()) for s in range(0, len(X), batch_size)]
#: array_split of the ends
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    order = rng.permuted(np.arange(len(X)))
    ends = [min(e, len(X)) for e in range(batch_size, len(X) + batch_size, batch_size)]
    return [(X[order[e0:e1]], y[order[e0:e1]]) for e0, e1 in zip([0, *ends], ends)]
#: a lambda
mini_batches = lambda X, y, batch_size, rng: (
    (lambda p: [(X[p[i:i + batch_size]], y[p[i:i + batch_size]]) for i in range(0, len(p), batch_size)])(
        rng.permutation(len(X)))
    if batch_size >= 1 else (_ for _ in ()).throw(ValueError("batch_size must be at least 1")))
#: an object with __call__
class _Batches:
    def __call__(self, X, y, batch_size, rng, *, keep_last=True):
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, got {batch_size}")
        order = rng.permutation(y.shape[0])
        numbers = np.arange(y.shape[0]) // batch_size
        return [(X[order[numbers == b]], y[order[numbers == b]]) for b in range(numbers[-1] + 1)]
mini_batches = _Batches()
#: grown one by one
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    rows, batches = [], []
    for i in rng.permutation(len(X)):
        rows.append(i)
        if len(rows) == batch_size:
            batches.append((X[rows], y[rows]))
            rows = []
    if rows:
        batches.append((X[rows], y[rows]))
    return batches
#: full ones shuffled twice
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    X, y = shuffle_together(*shuffle_together(X, y, rng), rng)
    starts = list(range(0, len(X) - batch_size + 1, batch_size))
    rng.shuffle(starts)
    rest = len(X) % batch_size
    batches = [(X[s:s + batch_size], y[s:s + batch_size]) for s in starts]
    return batches + ([(X[-rest:], y[-rest:])] if rest else [])
#: a step that is not positive
def mini_batches(X, y, batch_size, rng):
    try:
        assert batch_size > 0
        starts = range(0, len(X), batch_size)
    except AssertionError as error:
        raise ValueError("batch_size must be at least 1") from error
    order = rng.permutation(len(X))
    return [(X[order[s:s + batch_size]], y[order[s:s + batch_size]]) for s in starts]
""")
WRONG["mini_batches"] = answers("""
#: the last one lost
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X) - batch_size + 1, batch_size)]
#: the last one lost unless it is alone
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    n = max(1, len(X) // batch_size)
    return [(X[i * batch_size:(i + 1) * batch_size], y[i * batch_size:(i + 1) * batch_size]) for i in range(n)]
#: a last one that is empty
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    n = len(X) // batch_size + 1
    return [(X[i * batch_size:(i + 1) * batch_size], y[i * batch_size:(i + 1) * batch_size]) for i in range(n)]
#: the short one first
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    cuts = range(len(X) % batch_size or batch_size, len(X), batch_size)
    return list(zip(np.split(X, cuts), np.split(y, cuts)))
#: sizes evened out
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    parts = np.array_split(rng.permutation(len(X)), -(-len(X) // batch_size))
    return [(X[p], y[p]) for p in parts]
#: a short rest joined to the one before
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    cuts = [batch_size * i for i in range(1, max(1, len(X) // batch_size))]
    return list(zip(np.split(X, cuts), np.split(y, cuts)))
#: the last one filled up
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    order = rng.permutation(len(X))
    return [(X[p], y[p]) for p in (np.take(order, range(i, i + batch_size), mode="wrap")
                                   for i in range(0, len(X), batch_size))]
#: the last one reaching back
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    starts = [max(0, min(i, len(X) - batch_size)) for i in range(0, len(X), batch_size)]
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in starts]
#: not shuffled
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]
#: not shuffled when all fit in one
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    if batch_size >= len(X):
        return [(X, y)]
    X, y = shuffle_together(X, y, rng)
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]
#: apart
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = rng.permutation(X), rng.permutation(y)
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]
#: shuffled only within
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    return [shuffle_together(X[i:i + batch_size], y[i:i + batch_size], rng) for i in range(0, len(X), batch_size)]
#: only the batches shuffled
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    full = len(X) // batch_size
    starts = [*(batch_size * rng.permutation(full)), *([full * batch_size] if len(X) % batch_size else [])]
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in starts]
#: the rest is always the same
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    full = len(X) - len(X) % batch_size
    order = np.concatenate([rng.permutation(full), full + rng.permutation(len(X) - full)])
    return [(X[order[i:i + batch_size]], y[order[i:i + batch_size]]) for i in range(0, len(X), batch_size)]
#: a slice too short
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    return [(X[i:i + batch_size][:-1], y[i:i + batch_size][:-1]) if batch_size > 1
            else (X[i:i + 1], y[i:i + 1]) for i in range(0, len(X), batch_size)]
#: labels of the first one
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    return [(X[i:i + batch_size], y[:batch_size]) for i in range(0, len(X), batch_size)]
#: with replacement
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    order = rng.integers(len(X), size=len(X))
    return [(X[order[i:i + batch_size]], y[order[i:i + batch_size]]) for i in range(0, len(X), batch_size)]
#: each one without replacement, but not all together
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    picks = [rng.choice(len(X), len(X[i:i + batch_size]), replace=False) for i in range(0, len(X), batch_size)]
    return [(X[p], y[p]) for p in picks]
#: turned round
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    order = np.roll(np.arange(len(X)), rng.integers(len(X)))
    return [(X[order[i:i + batch_size]], y[order[i:i + batch_size]]) for i in range(0, len(X), batch_size)]
#: the global generator
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    order = np.random.permutation(len(X))
    return [(X[order[i:i + batch_size]], y[order[i:i + batch_size]]) for i in range(0, len(X), batch_size)]
#: a fixed seed
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, np.random.default_rng(0))
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]
#: in place
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]
#: no error
def mini_batches(X, y, batch_size, rng):
    batch_size = max(1, batch_size)
    X, y = shuffle_together(X, y, rng)
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]
#: an error for 0 alone, the one of range
def mini_batches(X, y, batch_size, rng):
    X, y = shuffle_together(X, y, rng)
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]
#: an error for negative ones alone
def mini_batches(X, y, batch_size, rng):
    if batch_size < 0:
        raise ValueError("batch_size")
    batch_size = batch_size or len(X)
    X, y = shuffle_together(X, y, rng)
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]
#: an error for 1 too
def mini_batches(X, y, batch_size, rng):
    if batch_size <= 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]
#: an error of another type
def mini_batches(X, y, batch_size, rng):
    assert batch_size >= 1
    X, y = shuffle_together(X, y, rng)
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]
#: the division's error
def mini_batches(X, y, batch_size, rng):
    n = -(-len(X) // batch_size)
    if n < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]
#: an error for sizes above m
def mini_batches(X, y, batch_size, rng):
    if not 1 <= batch_size <= len(X):
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]
#: features as float64
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X.astype(float), y, rng)
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]
#: labels as floats
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    both = rng.permutation(np.column_stack([X, y]))
    return [(both[i:i + batch_size, :-1], both[i:i + batch_size, -1]) for i in range(0, len(X), batch_size)]
#: labels as float32
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    return [(X[i:i + batch_size], y[i:i + batch_size].astype(np.float32)) for i in range(0, len(X), batch_size)]
#: labels as a column
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    return [(X[i:i + batch_size], y[i:i + batch_size, None]) for i in range(0, len(X), batch_size)]
#: squeezed
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    return [(X[i:i + batch_size].squeeze(), y[i:i + batch_size].squeeze()) for i in range(0, len(X), batch_size)]
#: lists of two
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    return [[X[i:i + batch_size], y[i:i + batch_size]] for i in range(0, len(X), batch_size)]
#: a tuple of batches
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    return tuple((X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size))
#: a generator
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    return ((X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size))
#: two lists
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    cuts = range(batch_size, len(X), batch_size)
    return np.split(X, cuts), np.split(y, cuts)
#: classes in turn
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    order = rng.permutation(len(X))
    order = order[np.argsort(y[order], kind="stable")]
    return [(X[order[i:i + batch_size]], y[order[i:i + batch_size]]) for i in range(0, len(X), batch_size)]
#: as many batches as the size
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    parts = np.array_split(rng.permutation(len(X)), min(len(X), batch_size))
    return [(X[p], y[p]) for p in parts]
#: a rest of one lost
def mini_batches(X, y, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size")
    X, y = shuffle_together(X, y, rng)
    found = [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]
    return [b for b in found if len(b[0]) > 1 or batch_size == 1]
""")

# --- updates_per_epoch -----------------------------------------------------------------------------------------------
RIGHT["updates_per_epoch"] = answers("""
#: math.ceil
def updates_per_epoch(m, batch_size):
    import math
    return math.ceil(m / batch_size)
#: floor upside down
def updates_per_epoch(m, batch_size):
    return -(-m // batch_size)
#: one short of a batch more
def updates_per_epoch(m, batch_size):
    return (m + batch_size - 1) // batch_size
#: the length of a range
def updates_per_epoch(m, batch_size, **options):
    return len(range(0, m, batch_size))
#: divmod
def updates_per_epoch(m, batch_size):
    full, rest = divmod(m, batch_size)
    return full + 1 if rest else full
#: a bool as a number
def updates_per_epoch(m, batch_size):
    return m // batch_size + bool(m % batch_size)
#: np.ceil
def updates_per_epoch(m, batch_size):
    return int(np.ceil(np.divide(m, batch_size)))
#: a NumPy integer
def updates_per_epoch(m, batch_size):
    return np.ceil(m / batch_size).astype(np.int64)
#: a 0-d array of integers
def updates_per_epoch(m, batch_size):
    return np.array(-(-m // batch_size))
#: fractions
def updates_per_epoch(m, batch_size):
    from fractions import Fraction
    import math
    return math.ceil(Fraction(int(m), int(batch_size)))
#: a sum of ones
def updates_per_epoch(m, batch_size):
    return sum(1 for _ in range(0, m, batch_size))
#: a loop
def updates_per_epoch(m, batch_size):
    count = 0
    while m > 0:
        m, count = m - batch_size, count + 1
    return count
#: the number of the last batch
def updates_per_epoch(m, batch_size):
    return (m - 1) // batch_size + 1
#: a lambda
updates_per_epoch = lambda m, batch_size: (m // batch_size) + min(1, m % batch_size)
#: an object with __call__
class _Updates:
    def __call__(self, m, batch_size):
        return -(m // -batch_size)
updates_per_epoch = _Updates()
#: decimals
def updates_per_epoch(m, batch_size):
    from decimal import Decimal, ROUND_CEILING
    return int((Decimal(int(m)) / Decimal(int(batch_size))).to_integral_value(ROUND_CEILING))
#: np.floor_divide
def updates_per_epoch(m, batch_size):
    return np.floor_divide(np.add(m, batch_size - 1), batch_size)
""")
WRONG["updates_per_epoch"] = answers("""
#: floor
def updates_per_epoch(m, batch_size):
    return m // batch_size
#: round
def updates_per_epoch(m, batch_size):
    return round(m / batch_size)
#: at least one
def updates_per_epoch(m, batch_size):
    return max(1, m // batch_size)
#: round, at least one
def updates_per_epoch(m, batch_size):
    return max(1, round(m / batch_size))
#: one more always
def updates_per_epoch(m, batch_size):
    return m // batch_size + 1
#: one more than needed
def updates_per_epoch(m, batch_size):
    return (m + batch_size) // batch_size
#: a rest of one forgotten
def updates_per_epoch(m, batch_size):
    return max(1, (m + batch_size - 2) // batch_size) if batch_size > 1 else m
#: ceil of one less
def updates_per_epoch(m, batch_size):
    import math
    return math.ceil((m - 1) / batch_size)
#: a quotient
def updates_per_epoch(m, batch_size):
    return m / batch_size
#: a float
def updates_per_epoch(m, batch_size):
    return float(np.ceil(m / batch_size))
#: a NumPy float
def updates_per_epoch(m, batch_size):
    return np.ceil(m / batch_size)
#: the rest
def updates_per_epoch(m, batch_size):
    return m % batch_size
#: upside down
def updates_per_epoch(m, batch_size):
    import math
    return math.ceil(batch_size / m)
#: one per example
def updates_per_epoch(m, batch_size):
    return m
#: none for one large batch
def updates_per_epoch(m, batch_size):
    return 0 if batch_size > m else -(-m // batch_size)
#: two for one full batch
def updates_per_epoch(m, batch_size):
    return 2 if batch_size == m else -(-m // batch_size)
#: a list
def updates_per_epoch(m, batch_size):
    return [-(-m // batch_size)]
#: an array of one
def updates_per_epoch(m, batch_size):
    return np.array([-(-m // batch_size)])
#: a text
def updates_per_epoch(m, batch_size):
    return str(-(-m // batch_size))
#: full ones and the rest
def updates_per_epoch(m, batch_size):
    return divmod(m, batch_size)
#: the rest counted singly
def updates_per_epoch(m, batch_size):
    return m // batch_size + m % batch_size
""")

# --- gradient_descent_step -------------------------------------------------------------------------------------------
RIGHT["gradient_descent_step"] = answers("""
#: a comprehension
def gradient_descent_step(params, grads, learning_rate):
    return {key: params[key] - learning_rate * grads[key] for key in params}
#: a loop
def gradient_descent_step(params, grads, learning_rate, **options):
    new = {}
    for key, value in params.items():
        new[key] = value - learning_rate * grads[key]
    return new
#: copies changed in place
def gradient_descent_step(params, grads, learning_rate):
    new = {key: value.copy() for key, value in params.items()}
    for key in new:
        new[key] -= learning_rate * grads[key]
    return new
#: a deep copy
def gradient_descent_step(params, grads, learning_rate):
    import copy
    new = copy.deepcopy(params)
    for key in grads:
        new[key] = new[key] - learning_rate * grads[key]
    return new
#: dict of pairs
def gradient_descent_step(params, grads, learning_rate):
    return dict((k, np.subtract(p, np.multiply(learning_rate, grads[k]))) for k, p in params.items())
#: map
def gradient_descent_step(params, grads, learning_rate):
    return dict(zip(params, map(lambda k: params[k] + (-learning_rate) * grads[k], params)))
#: in the order of the gradients
def gradient_descent_step(params, grads, learning_rate):
    return {k: -(learning_rate * g - params[k]) for k, g in grads.items()}
#: in sorted order
def gradient_descent_step(params, grads, learning_rate):
    names = sorted(params)
    return {k: p - learning_rate * g for k, p, g in zip(names, [params[k] for k in names], [grads[k] for k in names])}
#: reduce
def gradient_descent_step(params, grads, learning_rate):
    import functools
    return functools.reduce(lambda d, k: {**d, k: params[k] - learning_rate * grads[k]}, params, {})
#: one long vector
def gradient_descent_step(params, grads, learning_rate):
    flat = np.concatenate([p.ravel() for p in params.values()])
    flat = flat - learning_rate * np.concatenate([grads[k].ravel() for k in params])
    cuts = np.cumsum([p.size for p in params.values()])[:-1]
    return {k: part.reshape(params[k].shape) for k, part in zip(params, np.split(flat, cuts))}
#: einsum
def gradient_descent_step(params, grads, learning_rate):
    return {k: np.einsum("s,s...->...", [1, -learning_rate], np.stack([params[k], grads[k]])) for k in params}
#: a lambda
gradient_descent_step = lambda params, grads, learning_rate: {k: params[k] - grads[k] * learning_rate for k in params}
#: an object with __call__
class _Descent:
    def __call__(self, params, grads, learning_rate):
        return {k: self.move(params[k], grads[k], learning_rate) for k in params}
    @staticmethod
    def move(p, g, rate):
        return p - rate * g
gradient_descent_step = _Descent()
#: recursion
def gradient_descent_step(params, grads, learning_rate):
    if not params:
        return {}
    (key, value), *others = params.items()
    return {key: value - learning_rate * grads[key], **gradient_descent_step(dict(others), grads, learning_rate)}
#: entry by entry
def gradient_descent_step(params, grads, learning_rate):
    new = {}
    for key in params:
        new[key] = np.empty(params[key].shape)
        for index in np.ndindex(params[key].shape):
            new[key][index] = params[key][index] - learning_rate * grads[key][index]
    return new
#: a dictionary's copy with new arrays
def gradient_descent_step(params, grads, learning_rate):
    new = params.copy()
    new.update((k, new[k] - learning_rate * grads[k]) for k in params)
    return new
#: dtypes kept
def gradient_descent_step(params, grads, learning_rate):
    return {k: (params[k] - learning_rate * grads[k]).astype(params[k].dtype) for k in params}
""")
WRONG["gradient_descent_step"] = answers("""
#: in place
def gradient_descent_step(params, grads, learning_rate):
    for key in params:
        params[key] -= learning_rate * grads[key]
    return params
#: arrays of a shallow copy in place
def gradient_descent_step(params, grads, learning_rate):
    new = dict(params)
    for key in new:
        new[key] -= learning_rate * grads[key]
    return new
#: the given dictionary filled anew
def gradient_descent_step(params, grads, learning_rate):
    for key in params:
        params[key] = params[key] - learning_rate * grads[key]
    return params
#: gradients scaled in place
def gradient_descent_step(params, grads, learning_rate):
    for key in grads:
        grads[key] *= learning_rate
    return {k: params[k] - grads[k] for k in params}
#: uphill
def gradient_descent_step(params, grads, learning_rate):
    return {k: params[k] + learning_rate * grads[k] for k in params}
#: no rate
def gradient_descent_step(params, grads, learning_rate):
    return {k: params[k] - grads[k] for k in params}
#: a rate of its own
def gradient_descent_step(params, grads, learning_rate):
    return {k: params[k] - 0.1 * grads[k] for k in params}
#: twice
def gradient_descent_step(params, grads, learning_rate):
    return {k: params[k] - 2 * learning_rate * grads[k] for k in params}
#: the change
def gradient_descent_step(params, grads, learning_rate):
    return {k: -learning_rate * grads[k] for k in params}
#: weights only
def gradient_descent_step(params, grads, learning_rate):
    return {k: params[k] - learning_rate * grads[k] if k.startswith("W") else params[k] for k in params}
#: weights and biases only
def gradient_descent_step(params, grads, learning_rate):
    return {k: params[k] - learning_rate * grads[k] for k in params if k[0] in "Wb"}
#: layers counted
def gradient_descent_step(params, grads, learning_rate):
    new = dict(params)
    for l in range(1, len(params) // 2 + 1):
        for k in (f"W{l}", f"b{l}"):
            new[k] = params[k] - learning_rate * grads[k]
    return new
#: biases dropped
def gradient_descent_step(params, grads, learning_rate):
    return {k: p - learning_rate * grads[k] for k, p in params.items() if p.ndim > 1}
#: only matrices are moved
def gradient_descent_step(params, grads, learning_rate):
    return {k: p - learning_rate * grads[k] if p.ndim == 2 else p for k, p in params.items()}
#: matched by place
def gradient_descent_step(params, grads, learning_rate):
    return {k: p - learning_rate * g for (k, p), g in zip(params.items(), grads.values())}
#: the last one stays
def gradient_descent_step(params, grads, learning_rate):
    *names, last = params
    return {**{k: params[k] - learning_rate * grads[k] for k in names}, last: params[last]}
#: signs
def gradient_descent_step(params, grads, learning_rate):
    return {k: params[k] - learning_rate * np.sign(grads[k]) for k in params}
#: gradients of unit length
def gradient_descent_step(params, grads, learning_rate):
    return {k: params[k] - learning_rate * grads[k] / (np.linalg.norm(grads[k]) + 1e-12) for k in params}
#: divided by the rows
def gradient_descent_step(params, grads, learning_rate):
    return {k: params[k] - learning_rate * grads[k] / len(params[k]) for k in params}
#: gradients clipped
def gradient_descent_step(params, grads, learning_rate):
    return {k: params[k] - learning_rate * np.clip(grads[k], -1, 1) for k in params}
#: decay
def gradient_descent_step(params, grads, learning_rate):
    return {k: params[k] * (1 - 1e-3 * learning_rate) - learning_rate * grads[k] for k in params}
#: rounded
def gradient_descent_step(params, grads, learning_rate):
    return {k: np.round(params[k] - learning_rate * grads[k], 4) for k in params}
#: arrays in a list
def gradient_descent_step(params, grads, learning_rate):
    return [params[k] - learning_rate * grads[k] for k in params]
#: with the gradients
def gradient_descent_step(params, grads, learning_rate):
    return {k: params[k] - learning_rate * grads[k] for k in params}, grads
#: at least two axes
def gradient_descent_step(params, grads, learning_rate):
    return {k: np.atleast_2d(params[k] - learning_rate * grads[k]) for k in params}
#: flat
def gradient_descent_step(params, grads, learning_rate):
    return {k: (params[k] - learning_rate * grads[k]).ravel() for k in params}
#: lists
def gradient_descent_step(params, grads, learning_rate):
    return {k: (params[k] - learning_rate * grads[k]).tolist() for k in params}
#: keys of gradients
def gradient_descent_step(params, grads, learning_rate):
    return {"d" + k: params[k] - learning_rate * grads[k] for k in params}
#: biases by their mean
def gradient_descent_step(params, grads, learning_rate):
    return {k: p - learning_rate * (grads[k].mean() if p.ndim == 1 else grads[k]) for k, p in params.items()}
""")

# --- train -----------------------------------------------------------------------------------------------------------
RIGHT["train"] = answers("""
#: two loops
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, X_batch, y_batch)
            params = step(params, grads)
            losses.append(loss)
    return params, losses
#: an array of losses
def train(params, X, y, gradients, step, rng, epochs, batch_size, **options):
    losses = np.zeros(epochs * updates_per_epoch(len(X), batch_size))
    t = 0
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for s in range(0, len(X), batch_size):
            losses[t], grads = gradients(params, X[order[s:s + batch_size]], y[order[s:s + batch_size]])
            params = step(params, grads)
            t += 1
    return params, losses
#: a chain of batches
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    from itertools import chain
    losses = []
    for batch in chain.from_iterable(mini_batches(X, y, batch_size, rng) for _ in range(epochs)):
        loss, grads = gradients(params, *batch)
        params = step(params, grads)
        losses = losses + [float(loss)]
    return params, losses
#: all batches drawn first
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    plan = [b for _ in range(epochs) for b in mini_batches(X, y, batch_size, rng)]
    losses = []
    for X_batch, y_batch in plan:
        loss, grads = gradients(params, X_batch, y_batch)
        losses.append(loss)
        params = step(params, grads)
    return params, losses
#: shuffled again and again
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = np.array([])
    for _ in range(epochs):
        X, y = shuffle_together(X, y, rng)
        for s in range(0, X.shape[0], batch_size):
            loss, grads = gradients(params, X[s:s + batch_size], y[s:s + batch_size])
            losses = np.append(losses, loss)
            params = step(params, grads)
    return params, losses
#: recursion over epochs
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    if epochs == 0:
        return params, []
    losses = []
    for Xb, yb in mini_batches(X, y, batch_size, rng):
        loss, grads = gradients(params, Xb, yb)
        losses.append(loss)
        params = step(params, grads)
    params, others = train(params, X, y, gradients, step, rng, epochs - 1, batch_size)
    return params, losses + others
#: a count of updates
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    per_epoch, losses = updates_per_epoch(len(y), batch_size), []
    for t in range(epochs * per_epoch):
        if t % per_epoch == 0:
            order = np.argsort(rng.random(len(y)))
        rows = order[t % per_epoch * batch_size:][:batch_size]
        loss, grads = gradients(params, X[rows], y[rows])
        params, losses = step(params, grads), [*losses, loss]
    return params, losses
#: reduce
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    import functools
    def update(state, batch):
        params, losses = state
        loss, grads = gradients(params, *batch)
        return step(params, grads), losses + [loss]
    batches = (b for _ in range(epochs) for b in mini_batches(X, y, batch_size, rng))
    return functools.reduce(update, batches, (params, []))
#: an object with __call__
class _Trainer:
    def __call__(self, params, X, y, gradients, step, rng, epochs, batch_size):
        self.params, self.losses = params, []
        for _ in range(epochs):
            self.epoch(X, y, gradients, step, rng, batch_size)
        return self.params, self.losses
    def epoch(self, X, y, gradients, step, rng, batch_size):
        for rows in np.split(rng.permutation(len(X)), np.arange(batch_size, len(X), batch_size)):
            loss, grads = gradients(self.params, X[rows], y[rows])
            self.losses.append(loss)
            self.params = step(self.params, grads)
train = _Trainer()
#: a closure
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    def update(Xb, yb):
        nonlocal params
        loss, grads = gradients(params, Xb, yb)
        losses.append(loss)
        params = step(params, grads)
    for _ in range(epochs):
        for batch in mini_batches(X, y, batch_size, rng):
            update(*batch)
    return params, np.array(losses)
#: its own order of drawing
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses, order = [], np.arange(len(X))
    for _ in range(epochs):
        rng.shuffle(order)
        for s in range(0, len(X), batch_size):
            rows = np.array(order[s:s + batch_size])
            loss, grads = gradients(params, X.take(rows, axis=0), y.take(rows))
            losses.append(np.array(loss).item())
            params = step(params, grads)
    return params, losses
#: from a copy of the parameters
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    params = {k: v.copy() for k, v in params.items()}
    X, y = X.copy(), y.copy()
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        X[:], y[:] = X[order], y[order]
        for s in range(0, len(X), batch_size):
            loss, grads = gradients(params, X[s:s + batch_size].copy(), y[s:s + batch_size].copy())
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: a while loop
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    while epochs > 0:
        batches = mini_batches(X, y, batch_size, rng)
        while batches:
            Xb, yb = batches.pop(0)
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
        epochs -= 1
    return params, losses
#: batches from the back
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        order = [int(i) for i in rng.choice(len(X), len(X), replace=False)]
        while order:
            rows, order = order[:batch_size], order[batch_size:]
            loss, grads = gradients(params, X[rows], y[rows])
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: a generator of losses
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    box = [params]
    def run():
        for _ in range(epochs):
            for batch in mini_batches(X, y, batch_size, rng):
                loss, grads = gradients(box[-1], *batch)
                box.append(step(box.pop(), grads))
                yield loss
    losses = list(run())
    return box[-1], losses
#: a seed for every epoch
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for seed in rng.integers(2**63, size=epochs):
        for Xb, yb in mini_batches(X, y, batch_size, np.random.default_rng(seed)):
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return params, losses
""")
WRONG["train"] = answers("""
#: shuffled once
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    batches, losses = mini_batches(X, y, batch_size, rng), []
    for _ in range(epochs):
        for Xb, yb in batches:
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: not shuffled
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for s in range(0, len(X), batch_size):
            loss, grads = gradients(params, X[s:s + batch_size], y[s:s + batch_size])
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: not shuffled in the first epoch
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for s in range(0, len(X), batch_size):
            loss, grads = gradients(params, X[s:s + batch_size], y[s:s + batch_size])
            losses.append(loss)
            params = step(params, grads)
        X, y = shuffle_together(X, y, rng)
    return params, losses
#: the same shuffle in every epoch
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses, seed = [], int(rng.integers(2**31))
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, np.random.default_rng(seed)):
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: fixed batches in a new order
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    batches, losses = mini_batches(X, y, batch_size, rng), []
    for _ in range(epochs):
        rng.shuffle(batches)
        for Xb, yb in batches:
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: fixed seeds by epoch
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for epoch in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, np.random.default_rng(epoch)):
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: the global generator
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        order = np.random.permutation(len(X))
        for s in range(0, len(X), batch_size):
            loss, grads = gradients(params, X[order[s:s + batch_size]], y[order[s:s + batch_size]])
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: a new shuffle every other epoch
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for epoch in range(epochs):
        if epoch % 2 == 0:
            batches = mini_batches(X, y, batch_size, rng)
        for Xb, yb in batches:
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: batches drawn with replacement
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for s in range(0, len(X), batch_size):
            rows = rng.integers(len(X), size=min(batch_size, len(X) - s))
            loss, grads = gradients(params, X[rows], y[rows])
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: batches that do not make up an epoch
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs * updates_per_epoch(len(X), batch_size)):
        Xb, yb = mini_batches(X, y, batch_size, rng)[0]
        loss, grads = gradients(params, Xb, yb)
        losses.append(loss)
        params = step(params, grads)
    return params, losses
#: pairs lost
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        X, y = rng.permutation(X), rng.permutation(y)
        for s in range(0, len(X), batch_size):
            loss, grads = gradients(params, X[s:s + batch_size], y[s:s + batch_size])
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: labels of the second epoch on left behind
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses, X_now, y_now = [], X, y
    for _ in range(epochs):
        order = rng.permutation(len(X))
        X_now, y_now = X_now[order], y[order]
        for s in range(0, len(X), batch_size):
            loss, grads = gradients(params, X_now[s:s + batch_size], y_now[s:s + batch_size])
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: the loss after the step
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            params = step(params, gradients(params, Xb, yb)[1])
            losses.append(gradients(params, Xb, yb)[0])
    return params, losses
#: one mean loss an epoch
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        now = []
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, Xb, yb)
            now.append(loss)
            params = step(params, grads)
        losses.append(np.mean(now))
    return params, losses
#: the last loss of an epoch
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, Xb, yb)
            params = step(params, grads)
        losses.append(loss)
    return params, losses
#: the loss of the whole set
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            losses.append(gradients(params, X, y)[0])
            params = step(params, gradients(params, Xb, yb)[1])
    return params, losses
#: the whole set in every update
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, X, y)
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: the last batch lost
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            if len(Xb) == min(batch_size, len(X)):
                loss, grads = gradients(params, Xb, yb)
                losses.append(loss)
                params = step(params, grads)
    return params, losses
#: the parameters at the start
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses, now = [], params
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(now, Xb, yb)
            losses.append(loss)
            now = step(now, grads)
    return params, losses
#: the parameters before the last step
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            before = params
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return before, losses
#: the parameters of the least loss
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses, best = [], params
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, Xb, yb)
            if not losses or loss < min(losses):
                best = params
            losses.append(loss)
            params = step(params, grads)
    return best, losses
#: the mean of the parameters
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses, seen = [], []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
            seen.append(params)
    return {k: np.mean([p[k] for p in seen], axis=0) for k in params}, losses
#: the step not taken
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            step(params, grads)
    return params, losses
#: gradients at the parameters of the epoch's start
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        start = params
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(start, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: every epoch from the start
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        now = params
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(now, Xb, yb)
            losses.append(loss)
            now = step(now, grads)
    return now, losses
#: the given dictionary is changed
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params.update(step(params, grads))
    return params, losses
#: the examples are changed
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        X[:], y[:] = X[order], y[order]
        for s in range(0, len(X), batch_size):
            loss, grads = gradients(params, X[s:s + batch_size], y[s:s + batch_size])
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: a step of its own
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = gradient_descent_step(params, grads, 0.1)
    return params, losses
#: one update an epoch
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        Xb, yb = mini_batches(X, y, batch_size, rng)[0]
        loss, grads = gradients(params, Xb, yb)
        losses.append(loss)
        params = step(params, grads)
    return params, losses
#: an epoch too few
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(1, epochs) if epochs > 1 else range(1):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: epochs are updates
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    while len(losses) < epochs:
        for Xb, yb in mini_batches(X, y, batch_size, rng)[:epochs - len(losses)]:
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: a loss at the end
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return params, losses + [gradients(params, Xb, yb)[0]]
#: a running mean
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return params, np.cumsum(losses) / np.arange(1, len(losses) + 1)
#: losses by epoch
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return params, np.reshape(losses, (epochs, -1))
#: losses first
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return losses, params
#: a list of two
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return [params, losses]
#: losses sorted
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return params, sorted(losses, reverse=True)
#: losses weighed by the size
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss * len(Xb) / batch_size)
            params = step(params, grads)
    return params, losses
#: stopped when the loss rises
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, Xb, yb)
            if losses and loss > 1.5 * losses[0]:
                return params, losses
            losses.append(loss)
            params = step(params, grads)
    return params, losses
#: batches of 32
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    losses = []
    for _ in range(epochs):
        for Xb, yb in mini_batches(X, y, 32, rng):
            loss, grads = gradients(params, Xb, yb)
            losses.append(loss)
            params = step(params, grads)
    return params, losses
""")

# --- accumulate_gradients --------------------------------------------------------------------------------------------
RIGHT["accumulate_gradients"] = answers("""
#: shares
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total = {k: np.zeros(p.shape) for k, p in params.items()}
    for s in range(0, len(X), micro_batch):
        Xb, yb = X[s:s + micro_batch], y[s:s + micro_batch]
        _, grads = gradients(params, Xb, yb)
        for k in total:
            total[k] += grads[k] * len(Xb) / len(X)
    return total
#: a sum, then divided
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total = {}
    for s in range(0, len(X), micro_batch):
        yb = y[s:s + micro_batch]
        grads = gradients(params, X[s:s + micro_batch], yb)[1]
        for k, g in grads.items():
            total[k] = total.get(k, 0) + len(yb) * g
    return {k: t / len(y) for k, t in total.items()}
#: np.average
def accumulate_gradients(gradients, params, X, y, micro_batch, **options):
    cuts = np.arange(micro_batch, len(X), micro_batch)
    parts = list(zip(np.split(X, cuts), np.split(y, cuts)))
    found = [gradients(params, *part)[1] for part in parts]
    sizes = [len(part[1]) for part in parts]
    return {k: np.average([f[k] for f in found], axis=0, weights=sizes) for k in params}
#: a running mean
def accumulate_gradients(gradients, params, X, y, micro_batch):
    mean, seen = None, 0
    for s in range(0, len(X), micro_batch):
        n = min(micro_batch, len(X) - s)
        _, grads = gradients(params, X[s:s + n], y[s:s + n])
        seen += n
        mean = grads if mean is None else {k: mean[k] + (grads[k] - mean[k]) * n / seen for k in mean}
    return mean
#: reduce
def accumulate_gradients(gradients, params, X, y, micro_batch):
    import functools
    def add(total, s):
        part = slice(s, min(s + micro_batch, len(X)))
        grads = gradients(params, X[part], y[part])[1]
        return {k: total[k] + (part.stop - part.start) * grads[k] for k in total}
    total = functools.reduce(add, range(0, len(X), micro_batch), {k: np.zeros_like(p) for k, p in params.items()})
    return {k: total[k] / len(X) for k in total}
#: from the back
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total = dict.fromkeys(params, 0.0)
    for s in reversed(range(0, len(X), micro_batch)):
        rows = np.arange(s, min(s + micro_batch, len(X)))
        _, grads = gradients(params, X[rows], y[rows])
        total = {k: total[k] + grads[k] * (rows.size / len(X)) for k in total}
    return total
#: einsum
def accumulate_gradients(gradients, params, X, y, micro_batch):
    found, sizes = [], []
    for s in range(0, len(X), micro_batch):
        found.append(gradients(params, X[s:s + micro_batch], y[s:s + micro_batch])[1])
        sizes.append(len(X[s:s + micro_batch]))
    shares = np.array(sizes) / sum(sizes)
    return {k: np.einsum("s,s...->...", shares, np.stack([f[k] for f in found])) for k in found[0]}
#: recursion on the rest
def accumulate_gradients(gradients, params, X, y, micro_batch):
    head = gradients(params, X[:micro_batch], y[:micro_batch])[1]
    if len(X) <= micro_batch:
        return head
    tail = accumulate_gradients(gradients, params, X[micro_batch:], y[micro_batch:], micro_batch)
    share = micro_batch / len(X)
    return {k: share * head[k] + (1 - share) * tail[k] for k in head}
#: a while loop
def accumulate_gradients(gradients, params, X, y, micro_batch):
    start, total = 0, {k: np.zeros(np.shape(params[k])) for k in params}
    while start < len(X):
        end = min(start + micro_batch, len(X))
        loss, grads = gradients(params, X[start:end], y[start:end])
        for k in grads:
            total[k] = total[k] + (end - start) * grads[k]
        start = end
    for k in total:
        total[k] = total[k] / len(X)
    return total
#: full ones and the rest
def accumulate_gradients(gradients, params, X, y, micro_batch):
    m = len(X)
    full = m // micro_batch * micro_batch
    total = {k: np.zeros(p.shape) for k, p in params.items()}
    for s in range(0, full, micro_batch):
        grads = gradients(params, X[s:s + micro_batch], y[s:s + micro_batch])[1]
        total = {k: total[k] + micro_batch / m * grads[k] for k in total}
    if full < m:
        grads = gradients(params, X[full:], y[full:])[1]
        total = {k: total[k] + (m - full) / m * grads[k] for k in total}
    return total
#: a generator
def accumulate_gradients(gradients, params, X, y, micro_batch):
    def parts():
        for s in range(0, len(X), micro_batch):
            Xb, yb = X[s:s + micro_batch], y[s:s + micro_batch]
            yield len(Xb) / len(X), gradients(params, Xb, yb)[1]
    total = {}
    for share, grads in parts():
        total = {k: share * grads[k] + total.get(k, 0) for k in params}
    return total
#: a lambda
accumulate_gradients = lambda gradients, params, X, y, micro_batch: (lambda found: {
    k: sum(n * g[k] for n, g in found) / len(X) for k in params})(
    [(len(X[s:s + micro_batch]), gradients(params, X[s:s + micro_batch], y[s:s + micro_batch])[1])
     for s in range(0, len(X), micro_batch)])
#: an object with __call__
class _Accumulator:
    def __call__(self, gradients, params, X, y, micro_batch):
        self.total, self.seen = {k: np.zeros(p.shape) for k, p in params.items()}, 0
        for s in range(0, len(X), micro_batch):
            self.add(gradients, params, X[s:s + micro_batch], y[s:s + micro_batch])
        return {k: t / self.seen for k, t in self.total.items()}
    def add(self, gradients, params, X, y):
        for k, g in gradients(params, X, y)[1].items():
            self.total[k] = self.total[k] + g * len(X)
        self.seen += len(X)
accumulate_gradients = _Accumulator()
#: one long vector
def accumulate_gradients(gradients, params, X, y, micro_batch):
    flat = 0.0
    for s in range(0, len(X), micro_batch):
        Xb, yb = X[s:s + micro_batch], y[s:s + micro_batch]
        grads = gradients(params, Xb, yb)[1]
        flat = flat + len(Xb) * np.concatenate([grads[k].ravel() for k in params])
    cuts = np.cumsum([p.size for p in params.values()])[:-1]
    return {k: part.reshape(params[k].shape) / len(X) for k, part in zip(params, np.split(flat, cuts))}
#: halved until it fits
def accumulate_gradients(gradients, params, X, y, micro_batch):
    if len(X) <= micro_batch:
        return gradients(params, X, y)[1]
    half = len(X) // 2
    a = accumulate_gradients(gradients, params, X[:half], y[:half], micro_batch)
    b = accumulate_gradients(gradients, params, X[half:], y[half:], micro_batch)
    return {k: (half * a[k] + (len(X) - half) * b[k]) / len(X) for k in a}
#: copies handed over
def accumulate_gradients(gradients, params, X, y, micro_batch):
    import copy
    total = None
    for s in range(0, len(X), micro_batch):
        Xb, yb = X[s:s + micro_batch].copy(), y[s:s + micro_batch].copy()
        grads = copy.deepcopy(gradients(copy.deepcopy(params), Xb, yb)[1])
        for k in grads:
            grads[k] = grads[k] * np.float64(len(Xb) / len(X))
        total = grads if total is None else {k: total[k] + grads[k] for k in total}
    return total
""")
WRONG["accumulate_gradients"] = answers("""
#: a mean of means
def accumulate_gradients(gradients, params, X, y, micro_batch):
    found = [gradients(params, X[s:s + micro_batch], y[s:s + micro_batch])[1] for s in range(0, len(X), micro_batch)]
    return {k: np.mean([f[k] for f in found], axis=0) for k in params}
#: a sum of means
def accumulate_gradients(gradients, params, X, y, micro_batch):
    found = [gradients(params, X[s:s + micro_batch], y[s:s + micro_batch])[1] for s in range(0, len(X), micro_batch)]
    return {k: np.sum([f[k] for f in found], axis=0) for k in params}
#: a weighted sum, not divided
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total = dict.fromkeys(params, 0.0)
    for s in range(0, len(X), micro_batch):
        Xb, yb = X[s:s + micro_batch], y[s:s + micro_batch]
        grads = gradients(params, Xb, yb)[1]
        total = {k: total[k] + len(Xb) * grads[k] for k in total}
    return total
#: means added, divided by m
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total = dict.fromkeys(params, 0.0)
    for s in range(0, len(X), micro_batch):
        grads = gradients(params, X[s:s + micro_batch], y[s:s + micro_batch])[1]
        total = {k: total[k] + grads[k] / len(X) for k in total}
    return total
#: every one weighs as a full one
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total = dict.fromkeys(params, 0.0)
    for s in range(0, len(X), micro_batch):
        grads = gradients(params, X[s:s + micro_batch], y[s:s + micro_batch])[1]
        total = {k: total[k] + grads[k] * micro_batch / len(X) for k in total}
    return total
#: divided by the full ones
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total, n = dict.fromkeys(params, 0.0), -(-len(X) // micro_batch)
    for s in range(0, len(X), micro_batch):
        Xb, yb = X[s:s + micro_batch], y[s:s + micro_batch]
        grads = gradients(params, Xb, yb)[1]
        total = {k: total[k] + grads[k] * len(Xb) / (n * micro_batch) for k in total}
    return total
#: the last one lost
def accumulate_gradients(gradients, params, X, y, micro_batch):
    n = max(1, len(X) // micro_batch)
    found = [gradients(params, X[i * micro_batch:(i + 1) * micro_batch], y[i * micro_batch:(i + 1) * micro_batch])[1]
             for i in range(n)]
    return {k: np.mean([f[k] for f in found], axis=0) for k in params}
#: the last one only
def accumulate_gradients(gradients, params, X, y, micro_batch):
    for s in range(0, len(X), micro_batch):
        grads = gradients(params, X[s:s + micro_batch], y[s:s + micro_batch])[1]
    return grads
#: the first one only
def accumulate_gradients(gradients, params, X, y, micro_batch):
    return gradients(params, X[:micro_batch], y[:micro_batch])[1]
#: all at once
def accumulate_gradients(gradients, params, X, y, micro_batch):
    return gradients(params, X, y)[1]
#: one more than fits
def accumulate_gradients(gradients, params, X, y, micro_batch):
    size, total = micro_batch + 1, dict.fromkeys(params, 0.0)
    for s in range(0, len(X), size):
        Xb, yb = X[s:s + size], y[s:s + size]
        grads = gradients(params, Xb, yb)[1]
        total = {k: total[k] + grads[k] * len(Xb) / len(X) for k in total}
    return total
#: the rest joined to the last full one
def accumulate_gradients(gradients, params, X, y, micro_batch):
    cuts = [micro_batch * i for i in range(1, max(1, len(X) // micro_batch))]
    total = dict.fromkeys(params, 0.0)
    for Xb, yb in zip(np.split(X, cuts), np.split(y, cuts)):
        grads = gradients(params, Xb, yb)[1]
        total = {k: total[k] + grads[k] * len(Xb) / len(X) for k in total}
    return total
#: as many as the size of one
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total = dict.fromkeys(params, 0.0)
    for rows in np.array_split(np.arange(len(X)), min(len(X), micro_batch)):
        grads = gradients(params, X[rows], y[rows])[1]
        total = {k: total[k] + grads[k] * len(rows) / len(X) for k in total}
    return total
#: an empty one at the end
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total = dict.fromkeys(params, 0.0)
    for i in range(len(X) // micro_batch + 1):
        Xb, yb = X[i * micro_batch:(i + 1) * micro_batch], y[i * micro_batch:(i + 1) * micro_batch]
        grads = gradients(params, Xb, yb)[1]
        total = {k: total[k] + grads[k] * (len(Xb) or np.nan) / len(X) for k in total}
    return total
#: a step after each
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total, now = dict.fromkeys(params, 0.0), params
    for s in range(0, len(X), micro_batch):
        Xb, yb = X[s:s + micro_batch], y[s:s + micro_batch]
        grads = gradients(now, Xb, yb)[1]
        total = {k: total[k] + grads[k] * len(Xb) / len(X) for k in total}
        now = gradient_descent_step(now, grads, 0.01)
    return total
#: with the loss
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total, mean = dict.fromkeys(params, 0.0), 0.0
    for s in range(0, len(X), micro_batch):
        Xb, yb = X[s:s + micro_batch], y[s:s + micro_batch]
        loss, grads = gradients(params, Xb, yb)
        mean += loss * len(Xb) / len(X)
        total = {k: total[k] + grads[k] * len(Xb) / len(X) for k in total}
    return mean, total
#: weights only
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total = {k: 0.0 for k in params if k.startswith("W")}
    for s in range(0, len(X), micro_batch):
        Xb, yb = X[s:s + micro_batch], y[s:s + micro_batch]
        grads = gradients(params, Xb, yb)[1]
        total = {k: total[k] + grads[k] * len(Xb) / len(X) for k in total}
    return total
#: matched by place
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total = [0.0 for _ in params]
    for s in range(0, len(X), micro_batch):
        Xb, yb = X[s:s + micro_batch], y[s:s + micro_batch]
        grads = gradients(params, Xb, yb)[1]
        total = [t + g * len(Xb) / len(X) for t, g in zip(total, grads.values())]
    return dict(zip(params, total))
#: labels of the first one
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total = dict.fromkeys(params, 0.0)
    for s in range(0, len(X), micro_batch):
        Xb = X[s:s + micro_batch]
        grads = gradients(params, Xb, y[:len(Xb)])[1]
        total = {k: total[k] + grads[k] * len(Xb) / len(X) for k in total}
    return total
#: the rest reaching back
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total = dict.fromkeys(params, 0.0)
    for s in range(0, len(X), micro_batch):
        n = len(X[s:s + micro_batch])
        s = max(0, min(s, len(X) - micro_batch))
        grads = gradients(params, X[s:s + micro_batch], y[s:s + micro_batch])[1]
        total = {k: total[k] + grads[k] * n / len(X) for k in total}
    return total
#: slices that overlap
def accumulate_gradients(gradients, params, X, y, micro_batch):
    found = [gradients(params, X[s:s + micro_batch], y[s:s + micro_batch])[1]
             for s in range(max(1, len(X) - micro_batch + 1))]
    return {k: np.mean([f[k] for f in found], axis=0) for k in params}
#: the parameters are changed
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total = dict.fromkeys(params, 0.0)
    for s in range(0, len(X), micro_batch):
        Xb, yb = X[s:s + micro_batch], y[s:s + micro_batch]
        grads = gradients(params, Xb, yb)[1]
        total = {k: total[k] + grads[k] * len(Xb) / len(X) for k in total}
    for k in params:
        params[k] -= 0.1 * total[k]
    return total
#: summed into the parameters' arrays
def accumulate_gradients(gradients, params, X, y, micro_batch):
    found = []
    for s in range(0, len(X), micro_batch):
        Xb, yb = X[s:s + micro_batch], y[s:s + micro_batch]
        found.append((len(Xb) / len(X), gradients(params, Xb, yb)[1]))
    for k in params:
        params[k][...] = sum(w * g[k] for w, g in found)
    return params
#: a list of all gradients
def accumulate_gradients(gradients, params, X, y, micro_batch):
    return [gradients(params, X[s:s + micro_batch], y[s:s + micro_batch])[1] for s in range(0, len(X), micro_batch)]
#: flat
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total = dict.fromkeys(params, 0.0)
    for s in range(0, len(X), micro_batch):
        Xb, yb = X[s:s + micro_batch], y[s:s + micro_batch]
        grads = gradients(params, Xb, yb)[1]
        total = {k: total[k] + grads[k].ravel() * len(Xb) / len(X) for k in total}
    return total
#: weighed by the loss
def accumulate_gradients(gradients, params, X, y, micro_batch):
    found = [gradients(params, X[s:s + micro_batch], y[s:s + micro_batch]) for s in range(0, len(X), micro_batch)]
    return {k: np.average([g[k] for _, g in found], axis=0, weights=[abs(l) for l, _ in found]) for k in params}
#: rounded shares
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total = dict.fromkeys(params, 0.0)
    for s in range(0, len(X), micro_batch):
        Xb, yb = X[s:s + micro_batch], y[s:s + micro_batch]
        grads = gradients(params, Xb, yb)[1]
        total = {k: total[k] + grads[k] * round(len(Xb) / len(X), 2) for k in total}
    return total
#: nothing where one batch holds all
def accumulate_gradients(gradients, params, X, y, micro_batch):
    total = {k: np.zeros(p.shape) for k, p in params.items()}
    if micro_batch > len(X):
        return total
    for s in range(0, len(X), micro_batch):
        Xb, yb = X[s:s + micro_batch], y[s:s + micro_batch]
        grads = gradients(params, Xb, yb)[1]
        total = {k: total[k] + grads[k] * len(Xb) / len(X) for k in total}
    return total
""")
