"""Answers to the capstone that were written from the curriculum alone, and what the judge must say of each."""

from __future__ import annotations

from .examining import answers

RIGHT: dict[str, dict[str, str]] = {}
WRONG: dict[str, dict[str, str]] = {}

#: A network in plain NumPy that the answers below train in their own ways: ``_fit(A, y, rng)`` gives ``A -> logits``.
NETWORK = """
def _fit(A, y, rng, width=96, epochs=25, rate=0.1, keep=0.8, decay=1e-3, batch=32, dtype=np.float64):
    k = int(np.max(y)) + 1
    p = [rng.normal(0, np.sqrt(2 / A.shape[1]), (A.shape[1], width)), np.zeros(width),
         rng.normal(0, np.sqrt(1 / width), (width, k)), np.zeros(k)]
    p = [w.astype(dtype) for w in p]
    v = [0 * w for w in p]
    A = A.astype(dtype)
    for e in range(epochs):
        order = rng.permutation(len(A))
        for i in range(0, len(A), batch):
            r = order[i:i + batch]
            mask = (rng.random((len(r), width)) < keep).astype(dtype) / dtype(keep)
            h = np.maximum(A[r] @ p[0] + p[1], 0) * mask
            z = h @ p[2] + p[3]
            q = np.exp(z - z.max(1, keepdims=True))
            q = q / q.sum(1, keepdims=True)
            q[np.arange(len(r)), y[r]] -= 1
            q = (q / len(r)).astype(dtype)
            dh = (q @ p[2].T) * mask * (h > 0)
            g = [A[r].T @ dh + decay * p[0], dh.sum(0), h.T @ q + decay * p[2], q.sum(0)]
            for j in range(4):
                v[j] = 0.9 * v[j] + 0.1 * g[j]
                p[j] = (p[j] - rate * (1 - e / epochs) * v[j]).astype(dtype)
    return lambda A: np.maximum(A.astype(dtype) @ p[0] + p[1], 0) @ p[2] + p[3]
def _scale(X):
    s = X.std(0)
    return X.mean(0), np.where(s > 1e-12, s, 1.0)
"""


def written(text: str) -> dict[str, str]:
    """Answers that may use ``_fit`` and ``_scale``."""
    return {label: NETWORK + source for label, source in answers(text).items()}


RIGHT["train_model"] = written("""
#: plain
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng)
    def predict(X):
        return f((X - m) / s).argmax(axis=1)
    return predict
#: a lambda
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng, keep=0.6)
    return lambda rows: np.argmax(f((rows - m) / s), axis=-1)
#: float32
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng, dtype=np.float32)
    return lambda X: f((X - m) / s).argmax(1)
#: a class with call
class _Model:
    def __init__(self, X, y, rng):
        self.m, self.s = _scale(X)
        self.f = _fit((X - self.m) / self.s, y, rng)
    def __call__(self, X):
        return self.f((X - self.m) / self.s).argmax(1)
def train_model(X, y, rng):
    return _Model(X, y, rng)
#: a bound method
class _Net:
    def fit(self, X, y, rng):
        self.m, self.s = _scale(X)
        self.f = _fit((X - self.m) / self.s, y, rng)
        return self
    def predict(self, X):
        return self.f((X - self.m) / self.s).argmax(1)
def train_model(X, y, rng):
    return _Net().fit(X, y, rng).predict
#: a partial
import functools
def _label(f, m, s, X):
    return f((X - m) / s).argmax(1)
def train_model(X, y, rng):
    m, s = _scale(X)
    return functools.partial(_label, _fit((X - m) / s, y, rng), m, s)
#: int32 labels
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng)
    return lambda X: f((X - m) / s).argmax(1).astype(np.int32)
#: int8 labels
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng)
    return lambda X: f((X - m) / s).argmax(1).astype(np.int8)
#: a list of integers
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng)
    return lambda X: [int(c) for c in f((X - m) / s).argmax(1)]
#: row by row
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng)
    def predict(X):
        return np.array([f((row[None] - m) / s)[0].argmax() for row in X])
    return predict
#: min and max
def train_model(X, y, rng):
    low, high = X.min(0), X.max(0)
    s = np.where(high > low, high - low, 1)
    f = _fit(2 * (X - low) / s - 1, y, rng, epochs=40)
    return lambda X: f(2 * (X - low) / s - 1).argmax(1)
#: log of one plus the value, then scaled
def train_model(X, y, rng):
    L = np.log1p(X)
    m, s = _scale(L)
    f = _fit((L - m) / s, y, rng)
    return lambda X: f((np.log1p(X) - m) / s).argmax(1)
#: an ensemble of five
def train_model(X, y, rng):
    m, s = _scale(X)
    fs = [_fit((X - m) / s, y, child, width=48, epochs=15) for child in rng.spawn(5)]
    return lambda X: sum(f((X - m) / s) for f in fs).argmax(1)
#: early stopping on a part held out inside
def train_model(X, y, rng):
    order = rng.permutation(len(X))
    held, rest = order[:len(X) // 8], order[len(X) // 8:]
    m, s = _scale(X[rest])
    A = (X - m) / s
    fs = [_fit(A[rest], y[rest], rng, epochs=e) for e in (10, 20)]
    best = max(fs, key=lambda f: np.mean(f(A[held]).argmax(1) == y[held]))
    return lambda X: best((X - m) / s).argmax(1)
#: the course's own network
def train_model(X, y, rng):
    from coursekit.network import predict as label
    from coursekit.training import fit_network
    m, s = _scale(X)
    h = fit_network([100], (X - m) / s, y, epochs=15, batch_size=32, learning_rate=1e-3, optimizer="adam",
                    lam=10.0, keep_prob=0.6, rng=rng)
    return lambda X: label(h.params, (X - m) / s)
#: a seed taken from the generator
def train_model(X, y, rng):
    own = np.random.default_rng(rng.integers(2**32))
    m, s = _scale(X)
    f = _fit((X - m) / s, y, own)
    return lambda X: f((X - m) / s).argmax(1)
""")
WRONG["train_model"] = written("""
#: the majority
def train_model(X, y, rng):
    most = np.bincount(y).argmax()
    return lambda X: np.full(len(X), most)
#: chance
def train_model(X, y, rng):
    k = y.max() + 1
    return lambda X: rng.integers(0, k, len(X))
#: nan
def train_model(X, y, rng):
    W = np.full((X.shape[1], y.max() + 1), np.nan)
    return lambda X: (X @ W).argmax(1)
#: returns nan
def train_model(X, y, rng):
    return lambda X: np.full(len(X), np.nan)
#: memorised
def train_model(X, y, rng):
    seen = {r.tobytes(): c for r, c in zip(X, y)}
    most = np.bincount(y).argmax()
    return lambda X: np.array([seen.get(r.tobytes(), most) for r in X])
#: scaled by the batch
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng)
    def predict(X):
        m, s = _scale(X)
        return f((X - m) / s).argmax(1)
    return predict
#: scaled by the batch when there are more than ten rows
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng)
    def predict(X):
        a, b = _scale(X) if len(X) > 10 else (m, s)
        return f((X - a) / b).argmax(1)
    return predict
#: scaled by the first batch that it is asked
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng)
    first = []
    def predict(X):
        if not first:
            first.append(_scale(X))
        a, b = first[0]
        return f((X - a) / b).argmax(1)
    return predict
#: batch normalization by the batch, after the scale of training
def train_model(X, y, rng):
    m, s = _scale(X)
    A = (X - m) / s
    W = rng.standard_normal((X.shape[1], 60)) / np.sqrt(X.shape[1])
    def hidden(A):
        Z = A @ W
        return (Z - Z.mean(0)) / np.sqrt(Z.var(0) + 1e-5)
    f = _fit(hidden(A), y, rng)
    return lambda X: f(hidden((X - m) / s)).argmax(1)
#: centred by the batch
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng)
    return lambda X: f((X - X.mean(0)) / s).argmax(1)
#: divided by the batch's largest value
def train_model(X, y, rng):
    f = _fit(X / (X.max(0) + 1e-9), y, rng)
    return lambda X: f(X / (X.max(0) + 1e-9)).argmax(1)
#: dropout stays on
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng)
    return lambda X: f((X - m) / s * (rng.random(X.shape) < 0.6)).argmax(1)
#: probabilities
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng)
    def predict(X):
        z = np.exp(f((X - m) / s))
        return z / z.sum(1, keepdims=True)
    return predict
#: one-hot
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng)
    return lambda X: np.eye(y.max() + 1, dtype=int)[f((X - m) / s).argmax(1)]
#: floats
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng)
    return lambda X: f((X - m) / s).argmax(1) * 1.0
#: a column
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng)
    return lambda X: f((X - m) / s).argmax(1)[:, None]
#: labels from one
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng)
    return lambda X: f((X - m) / s).argmax(1) + 1
#: two classes
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, (y > 0).astype(int), rng)
    return lambda X: f((X - m) / s).argmax(1)
#: the parameters
def train_model(X, y, rng):
    return {"W1": np.zeros((X.shape[1], 2))}
#: labels of the training rows
def train_model(X, y, rng):
    m, s = _scale(X)
    return _fit((X - m) / s, y, rng)((X - m) / s).argmax(1)
#: linear
def train_model(X, y, rng):
    m, s = _scale(X)
    A, k = np.c_[(X - m) / s, np.ones(len(X))], y.max() + 1
    W = np.linalg.lstsq(A.T @ A + 10 * np.eye(A.shape[1]), A.T @ np.eye(k)[y], rcond=None)[0]
    return lambda X: (np.c_[(X - m) / s, np.ones(len(X))] @ W).argmax(1)
#: the global generator
def train_model(X, y, rng):
    np.random.seed(0)
    m, s = _scale(X)
    f = _fit((X - m) / s, y, np.random)
    return lambda X: f((X - m) / s).argmax(1)
#: in place
def train_model(X, y, rng):
    m, s = _scale(X)
    X -= m
    X /= s
    f = _fit(X, y, rng)
    return lambda X: f((X - m) / s).argmax(1)
#: predict changes its rows
def train_model(X, y, rng):
    m, s = _scale(X)
    f = _fit((X - m) / s, y, rng)
    def predict(X):
        X -= m
        X /= s
        return f(X).argmax(1)
    return predict
#: reads the data
def train_model(X, y, rng):
    from coursekit.datasets import load_fashion
    data = load_fashion()
    raise RuntimeError(len(data.X_test))
#: nothing
def train_model(X, y, rng):
    pass
""")
