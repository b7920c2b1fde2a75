"""How the capstone is judged: what a student's training makes of data that it is given, on rows it never saw."""

# Wrong and right solutions are written the way students write them.
# ruff: noqa: B905

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from autograde.check.cases import Call, Case, Observation, Property
from autograde.check.codec import StandIn
from autograde.check.properties.scores import accuracy
from autograde.check.standins import build
from autograde.judge.catalogue import Exercise

Rng = np.random.Generator
Data = tuple[Any, Any, Any, Any]

#: Where the bands of points begin, as the lesson states them.
CHURN_BARS = (0.745, 0.76, 0.775)
PICTURE_BARS = (0.5, 0.75, 0.82, 0.84)
#: Measured on the same rows as students are: ``tests/oracles`` has the script.
KNOWN = {
    "customers": "the majority 0.733, gradient boosting 0.789, logistic regression 0.798, the best possible 0.803",
    "pictures": "chance 0.100, logistic regression 0.837, the lesson's own network 0.853, gradient boosting 0.855",
}
PUBLISHED = {
    "customers": "Published for the real table: 0.781 untuned and 0.806 'tuned', the latter on the set it was tuned on",
    "pictures": "Published for 60,000 training pictures: 0.842 by logistic regression, 0.871 by a small network",
}
CUSTOMERS = 4700
#: One training and its predictions; the lesson says 60, and a slower machine is no fault of a student's.
TRAINING_SECONDS = 90.0

# --- the data --------------------------------------------------------------------------------------------------------


@cache
def _stored(name: str) -> dict[str, Any]:
    """The arrays of a file of the instructors'; ``make_data.py`` tells what is in them."""
    with np.load(Path(__file__).parent / "data" / f"{name}.npz") as arrays:
        return dict(arrays)


def drawn_labels(p: Any, rng: Rng, block: int = 40) -> Any:
    """Label 1 with the probabilities ``p``, such that the number of ones is right to within one among similar rows.

    Each label is 1 with exactly its own probability. They are drawn systematically along rising ``p``, in an order
    that is random within blocks, so that the best possible accuracy hardly depends on the draw.
    """
    order = np.argsort(p, kind="stable")
    for i in range(0, len(order), block):
        order[i : i + block] = rng.permutation(order[i : i + block])
    steps = np.floor(np.cumsum(p[order]) + rng.random())
    y = np.empty(len(p), dtype=np.int64)
    y[order] = np.diff(steps, prepend=0.0)
    return y


def customers(rng: Rng) -> Data:
    """4,700 customers to train on and 2,332 to score, as 40 raw numbers; whether they leave is drawn anew."""
    X, p = (_stored("churn")[name] for name in ("X", "p"))
    train, test = slice(CUSTOMERS), slice(CUSTOMERS, None)
    return X[train].copy(), drawn_labels(p[train], rng), X[test].copy(), drawn_labels(p[test], rng)


def pictures(rng: Rng) -> Data:
    """4,000 pictures to train on and 5,000 to score, 784 pixels 0 … 255.

    The classes get new numbers, and every pixel is made brighter or darker by about 3 % of itself.
    """
    data, number = _stored("fashion"), rng.permutation(10)

    def noisy(X: Any) -> Any:
        return np.clip(X * (1 + 0.03 * rng.standard_normal(X.shape)), 0, 255)

    return noisy(data["X_train"]), number[data["y_train"]], noisy(data["X_test"]), number[data["y_test"]]


def pooled(X: Any) -> Any:
    """Pictures of 14 × 14 pixels."""
    return X.reshape(len(X), 14, 2, 14, 2).mean(axis=(2, 4)).reshape(len(X), 196)


# --- the cases -------------------------------------------------------------------------------------------------------


def asked(X: Any, y: Any, X_test: Any, skewed: Any, single: Any, some: int, rng: Rng) -> tuple[Call, ...]:
    """Train once, then ask: a skewed batch first, all rows, some of the training rows, and rows one by one."""
    train = Call(
        "train_model", (X, y, StandIn("rng", {"seed": int(rng.integers(2**31))})), keep=True, defines="predict"
    )
    ask = [X_test[skewed], X_test, X[:some], *(X_test[[i]] for i in single)]
    return train, *(Call("predict", (rows,)) for rows in ask)


SKEWED, WHOLE, KNOWN_ROWS, FIRST_SINGLE = 1, 2, 3, 4


def manners(calls: int, skewed: Any, single: Any, which: str) -> tuple[Property, ...]:
    """What every answer keeps: integer labels, and each row judged by itself."""
    singles = list(range(FIRST_SINGLE, calls))
    return (
        Property("integer_labels", {"calls": [SKEWED, WHOLE, KNOWN_ROWS, *singles]}),
        Property(
            "same_labels",
            {
                "whole": WHOLE,
                "parts": singles,
                "rows": [int(i) for i in single],
                "share": 0.0,
                "among": "when it is asked alone",
            },
        ),
        Property("same_labels", {"whole": WHOLE, "parts": [SKEWED], "rows": [int(i) for i in skewed], "among": which}),
    )


def scored(labels: Any, bar: float, call: int = WHOLE) -> Property:
    """At least this share of these labels."""
    return Property("accuracy_at_least", {"labels": labels, "bar": bar, "call": call})


def large(what: str, data: Data, by: Any, half: float, bars: tuple[float, ...], which: str, rng: Rng) -> Any:
    """The cases on one data set: the rules, then a band of points for each bar, all on one training."""
    X, y, X_test, y_test = data
    skewed = np.argsort(by(X_test), kind="stable")[-len(X_test) // 8 :]
    single = rng.choice(len(X_test), 32, replace=False)
    calls = asked(X, y, X_test, skewed, single, 200, rng)
    rules = (*manners(len(calls), skewed, single, which), scored(y_test, half))
    more: Any = {"costly": True, "seconds": TRAINING_SECONDS}
    yield Case(f"{len(y_test):,} {what} it was not trained on", calls, rules, "rules", **more)
    for i, bar in enumerate(bars, start=1):
        label = f"an accuracy of {bar:g} on {len(y_test):,} {what}"
        yield Case(label, calls, (scored(y_test, bar),), f"{what} {i}", **more)


def tenure(X: Any) -> Any:
    """The fifth column of the customers: months."""
    return X[:, 4]


def brightness(X: Any) -> Any:
    """The sum of each picture's pixels."""
    return X.sum(axis=1)


def of_made_up(kind: str, seed: int, m: int, asked_rows: int, rng: Rng) -> tuple[tuple[Call, ...], Any, Any, Any, Any]:
    """Calls on made-up rows, sorted by class to train on; with the labels of training and test, and what is asked."""
    train = {"kind": kind, "seed": seed, "m": m, "order": "label"}
    test = {"kind": kind, "seed": seed + 1, "m": asked_rows, "order": "size"}

    def rows(of: dict[str, Any], **more: Any) -> StandIn:
        return StandIn("raw_examples", of | more)

    generator = StandIn("rng", {"seed": int(rng.integers(2**31))})
    calls = [Call("train_model", (rows(train), rows(train, labels=True), generator), keep=True, defines="predict")]
    skewed, single = np.arange(asked_rows - asked_rows // 4, asked_rows), np.arange(3, asked_rows, asked_rows // 12)
    for some in (rows(test, start=int(skewed[0])), rows(test), rows(train, start=m - 100)):
        calls.append(Call("predict", (some,)))
    calls += [Call("predict", (rows(test, start=int(i), stop=int(i) + 1),)) for i in single]
    known, wanted = (build(rows(of, labels=True)) for of in (train, test))
    return tuple(calls), known[m - 100 :], wanted, skewed, single


train_model = Exercise(
    "train_model",
    points=15,
    groups={
        "rules": 0,
        "pictures 4": 3,  # its visible case, judged before the other bands, tells of a linear model
        "customers 1": 2,
        "customers 2": 2,
        "customers 3": 3,
        "pictures 1": 1,
        "pictures 2": 2,
        "pictures 3": 2,
    },
    hints=(
        "Begin with a model that always works: scale, one hidden layer, Adam, a few epochs. Then change one thing at a "
        "time, and keep what the dev set rewards.",
        "Everything that `predict` needs is fixed while training: mean and standard deviation of the training columns "
        "(1 where a column is constant), the weights, the classes. `predict` draws nothing and takes no mean.",
        "Inside `train_model`: mean and std of X; He's weights for n, 256, k units; 20 epochs of shuffled batches of "
        "128 with inverted dropout 0.5, an L2 penalty and Adam, its rate falling to 0; then define `predict(X)`, which "
        "scales with that mean and std, runs the network without dropout, returns `argmax(axis=1)`. Return `predict`.",
    ),
    not_checked=(
        "the real customers and pictures: training takes longer there",
        "the accuracy that counts: it is measured on rows that you do not have",
    ),
    time_limit=240.0,
    without_data=True,
)


@train_model.visible
def _(rng: Rng) -> Any:
    calls, known, wanted, skewed, single = of_made_up("table", 15, 400, 240, rng)
    rules = (
        *manners(len(calls), skewed, single, "among those with the largest first number"),
        scored(known, 0.75, KNOWN_ROWS),
        scored(wanted, 0.75),
    )
    yield Case("a table of raw numbers, sorted by class", calls, rules, "rules")
    calls, known, wanted, skewed, single = of_made_up("pictures", 25, 800, 240, rng)
    rules = (
        *manners(len(calls), skewed, single, "among the brightest pictures"),
        scored(known, 0.35, KNOWN_ROWS),
        scored(wanted, 0.4),
    )
    yield Case("pictures of four shapes, sorted by class", calls, rules, "rules")
    yield Case("shapes that are bright on dark or dark on bright", calls, (scored(wanted, 0.85),), "pictures 4")


@train_model.hidden
def _(rng: Rng) -> Any:
    longest, brightest = "among those who have been customers for longest", "among the brightest pictures"
    yield from large("customers", customers(rng), tenure, 0.5, CHURN_BARS, longest, rng)
    yield from large("pictures", pictures(rng), brightness, 0.2, PICTURE_BARS, brightest, rng)


@train_model.reduced
def _(rng: Rng) -> Any:
    longest, brightest = "among those who have been customers for longest", "among the brightest pictures"
    X, y, X_test, y_test = customers(rng)
    data = X[:1500], y[:1500], X_test[:1600], y_test[:1600]
    yield from large("customers", data, tenure, 0.5, (0.74, 0.75, 0.76), longest, rng)
    X, y, X_test, y_test = pictures(rng)
    data = pooled(X[:1000]), y[:1000], pooled(X_test[:1000]), y_test[:1000]
    yield from large("pictures", data, brightness, 0.2, (0.4, 0.6, 0.68, 0.72), brightest, rng)


@train_model.remarks
def _(seen: Mapping[str, tuple[Case, Observation]]) -> list[str]:
    lines = []
    for label, (case, observation) in seen.items():
        what = "customers" if "customers it was" in label else "pictures" if "pictures it was" in label else ""
        if not what:
            continue
        labels = next(e.params["labels"] for e in case.expect if isinstance(e, Property) and "bar" in e.params)
        right = accuracy(labels, observation.outcomes[WHOLE].value)
        error = float(np.sqrt(right * (1 - right) / len(labels)))
        name = "Churn" if what == "customers" else "Images"
        lines.append(
            f"{name}: {right:.3f} on {len(labels):,} {what} (standard error {error:.3f}). "
            f"To compare: {KNOWN[what]}. {PUBLISHED[what]}."
        )
    return lines


# --- what goes wrong -------------------------------------------------------------------------------------------------


@train_model.misconception(
    "`predict` scales each batch by the batch's own mean and standard deviation, so a row's label depends on its "
    "company, and a single row becomes zeros. Keep mean and std of the training set, and use them."
)
def standardises_by_the_test_batch(X, y, rng):
    from coursekit.network import predict as labels
    from coursekit.training import fit_network

    def scaled(A):
        return (A - A.mean(axis=0)) / (A.std(axis=0) + 1e-8)

    net = fit_network(
        [32], scaled(X), y, epochs=12, batch_size=32, learning_rate=5e-3, optimizer="adam", rng=rng
    ).params
    return lambda X: labels(net, scaled(X))


@train_model.misconception(
    "Single rows come out right, but in a larger batch a row's label depends on its company: there `predict` takes the "
    "batch's own mean or standard deviation. Those of the training set serve batches of every size."
)
def standardises_by_the_batch_when_it_is_large(X, y, rng):
    from coursekit.network import predict as labels
    from coursekit.training import fit_network

    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-8
    net = fit_network(
        [32], (X - mean) / std, y, epochs=12, batch_size=32, learning_rate=5e-3, optimizer="adam", rng=rng
    ).params

    def predict(X):
        if len(X) > 30:
            return labels(net, (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-8))
        return labels(net, (X - mean) / std)

    return predict


@train_model.misconception(
    "Every row gets the most frequent class. That is the baseline to beat: is the network trained at all, and is its "
    "output used?"
)
def predicts_the_majority(X, y, rng):
    most = int(np.bincount(y).argmax())
    return lambda X: np.full(len(X), most)


@train_model.misconception(
    "The inputs are raw numbers, up to 255 and to 8,684. Unscaled, the first steps overflow and the weights are nan; "
    "the argmax of nan is class 0. Standardise with the training set's mean and standard deviation."
)
def forgets_to_scale(X, y, rng):
    k = int(y.max()) + 1
    W1, W2 = rng.standard_normal((X.shape[1], 64)), rng.standard_normal((64, k))
    with np.errstate(all="ignore"):
        for _ in range(5):
            order = rng.permutation(len(X))
            for rows in np.array_split(order, max(1, len(X) // 64)):
                H = np.maximum(X[rows] @ W1, 0)
                Z = np.exp(H @ W2)
                D = Z / Z.sum(axis=1, keepdims=True) - np.eye(k)[y[rows]]
                W1 = W1 - 0.1 * X[rows].T @ (D @ W2.T * (H > 0)) / len(rows)
                W2 = W2 - 0.1 * H.T @ D / len(rows)

    def predict(X):
        with np.errstate(all="ignore"):
            return (np.maximum(X @ W1, 0) @ W2).argmax(axis=1)

    return predict


@train_model.misconception(
    "Only the labels 0 and 1 ever come back: a sigmoid output tells two classes apart. Take one output for each class "
    "0 … max(y), softmax, and the argmax."
)
def two_classes_only(X, y, rng):
    from coursekit.network import predict as labels
    from coursekit.training import fit_network

    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-8
    y = np.minimum(y, 1)
    net = fit_network(
        [32], (X - mean) / std, y, epochs=12, batch_size=32, learning_rate=5e-3, optimizer="adam", rng=rng
    ).params
    return lambda X: labels(net, (X - mean) / std)


@train_model.misconception(
    "`predict` returns probabilities, a row of them for each example. The label is the place of the largest: "
    "`argmax(axis=1)`."
)
def returns_probabilities(X, y, rng):
    from coursekit.network import forward
    from coursekit.training import fit_network

    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-8
    net = fit_network([16], (X - mean) / std, y, epochs=5, batch_size=64, learning_rate=0.1, rng=rng).params

    def predict(X):
        Z = np.exp(forward(net, (X - mean) / std)[0])
        return Z / Z.sum(axis=1, keepdims=True)

    return predict


@train_model.misconception("`predict` returns one-hot rows. A label is one integer for each row, 0 … k-1.")
def returns_one_hot_rows(X, y, rng):
    from coursekit.network import predict as labels
    from coursekit.training import fit_network

    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-8
    k = int(y.max()) + 1
    net = fit_network([16], (X - mean) / std, y, epochs=5, batch_size=64, learning_rate=0.1, rng=rng).params
    return lambda X: np.eye(k, dtype=int)[labels(net, (X - mean) / std)]


@train_model.misconception("The labels are right, and they are floats. Labels are integers: `argmax` gives them.")
def returns_floats(X, y, rng):
    from coursekit.network import predict as labels
    from coursekit.training import fit_network

    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-8
    net = fit_network([16], (X - mean) / std, y, epochs=5, batch_size=64, learning_rate=0.1, rng=rng).params
    return lambda X: labels(net, (X - mean) / std).astype(float)


@train_model.misconception(
    "The same row gets one label now and another one the next time: `predict` still drops units at random. Dropout is "
    "for training only; with inverted dropout nothing is left to do at prediction."
)
def dropout_at_prediction(X, y, rng):
    from coursekit.training import fit_network

    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-8
    net = fit_network(
        [24], (X - mean) / std, y, epochs=10, batch_size=32, learning_rate=5e-3, optimizer="adam", rng=rng
    ).params

    def predict(X):
        H = np.maximum((X - mean) / std @ net["W1"] + net["b1"], 0)
        H = H * (rng.random(H.shape) < 0.3) / 0.3
        return (H @ net["W2"] + net["b2"]).argmax(axis=1)

    return predict


@train_model.misconception(
    "You draw from NumPy's global generator (`np.random.…`). Draw from the given `rng`, or no run can be repeated."
)
def the_global_generator(X, y, rng):
    from coursekit.network import predict as labels
    from coursekit.training import fit_network

    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-8
    own = np.random.default_rng(np.random.randint(2**31))
    net = fit_network([16], (X - mean) / std, y, epochs=5, batch_size=64, learning_rate=0.1, rng=own).params
    return lambda X: labels(net, (X - mean) / std)


@train_model.misconception(
    "The rows may come sorted by class. Batches that are cut in that order teach one class and forget the others; the "
    "last one wins. Shuffle in every epoch, X and y in the same order."
)
def never_shuffles(X, y, rng):
    from coursekit.network import loss_and_gradients
    from coursekit.network import predict as labels
    from coursekit.training import first_parameters

    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-8
    A = (X - mean) / std
    net = first_parameters([16], A, y, rng)
    for i in range(0, len(A), 4):
        _, grads = loss_and_gradients(net, A[i : i + 4], y[i : i + 4])
        net = {key: net[key] - 0.1 * grads[key] for key in net}
    return lambda X: labels(net, (X - mean) / std)


@train_model.misconception(
    "Rows of the training set are right, all others are not: the labels are looked up, not learned. The score comes "
    "from rows that were not in X."
)
def memorises_by_lookup(X, y, rng):
    table = {row.tobytes(): int(label) for row, label in zip(X, y)}
    return lambda X: np.array([table.get(row.tobytes(), 0) for row in np.ascontiguousarray(X)])


@train_model.misconception(
    "`train_model` has to return a function: define `predict(X)` inside it and return `predict`, without brackets."
)
def returns_the_accuracy(X, y, rng):
    from coursekit.network import predict as labels
    from coursekit.training import fit_network

    A = (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-8)
    net = fit_network([16], A, y, epochs=3, batch_size=64, learning_rate=0.1, rng=rng).params
    return float((labels(net, A) == y).mean())


@train_model.misconception(
    "The rules hold, and shapes that come bright on dark and dark on bright are not told apart: a linear model adds up "
    "pixels, it cannot. A hidden layer with ReLU can."
)
def no_hidden_layer(X, y, rng):
    from coursekit.network import predict as labels
    from coursekit.training import fit_network

    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-8
    net = fit_network(
        (), (X - mean) / std, y, epochs=30, batch_size=32, learning_rate=3e-3, optimizer="adam", rng=rng
    ).params
    return lambda X: labels(net, (X - mean) / std)


@train_model.misconception(
    "Your function changes the arrays of its caller: `X -= mean` works in place. Write `X = (X - mean) / std`, a new "
    "array."
)
def scales_in_place(X, y, rng):
    from coursekit.network import predict as labels
    from coursekit.training import fit_network

    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-8
    X -= mean
    X /= std
    net = fit_network([16], X, y, epochs=5, batch_size=64, learning_rate=0.1, rng=rng).params
    return lambda X: labels(net, (X - mean) / std)


# --- other right answers ---------------------------------------------------------------------------------------------


@train_model.alternative
def batch_normalization_with_running_statistics(X, y, rng):
    mean, std = X.mean(axis=0), np.maximum(X.std(axis=0), 1e-6)
    m, n, k, width = len(X), X.shape[1], int(y.max()) + 1, 128
    A = (X - mean) / std
    P = {"W": rng.normal(0, np.sqrt(2 / n), (n, width)), "g": np.ones(width), "s": np.zeros(width),
         "V": rng.normal(0, np.sqrt(1 / width), (width, k)), "c": np.zeros(k)}  # fmt: skip
    speed = {key: np.zeros_like(value) for key, value in P.items()}
    run_mean, run_var = np.zeros(width), np.ones(width)
    for epoch in range(15):
        rate = 0.1 * (1 - epoch / 15)
        for rows in np.array_split(rng.permutation(m), max(1, m // 64)):
            x = A[rows]
            Z = x @ P["W"]
            mu, var = Z.mean(axis=0), Z.var(axis=0)
            run_mean, run_var = 0.9 * run_mean + 0.1 * mu, 0.9 * run_var + 0.1 * var
            N = (Z - mu) / np.sqrt(var + 1e-5)
            H = np.maximum(P["g"] * N + P["s"], 0)
            L = H @ P["V"] + P["c"]
            D = np.exp(L - L.max(axis=1, keepdims=True))
            D = (D / D.sum(axis=1, keepdims=True) - np.eye(k)[y[rows]]) / len(rows)
            dB = D @ P["V"].T * (H > 0)
            dN = dB * P["g"]
            dZ = (dN - dN.mean(axis=0) - N * (dN * N).mean(axis=0)) / np.sqrt(var + 1e-5)
            grads = {"W": x.T @ dZ + 3e-3 * P["W"], "g": (dB * N).sum(axis=0), "s": dB.sum(axis=0),
                     "V": H.T @ D + 3e-3 * P["V"], "c": D.sum(axis=0)}  # fmt: skip
            for key in P:
                speed[key] = 0.9 * speed[key] + 0.1 * grads[key]
                P[key] = P[key] - rate * speed[key]

    def predict(X):
        Z = (X - mean) / std @ P["W"]
        H = np.maximum(P["g"] * (Z - run_mean) / np.sqrt(run_var + 1e-5) + P["s"], 0)
        return np.argmax(H @ P["V"] + P["c"], axis=1)

    return predict


@train_model.alternative
def an_ensemble_with_votes(X, y, rng):
    scale = X.std() if X.max() <= 255 and X.shape[1] > 41 else np.where(X.std(axis=0) > 0, X.std(axis=0), 1)
    mean, k, members = X.mean(axis=0), int(y.max()) + 1, []
    A = ((X - mean) / scale).astype(np.float32)
    for _ in range(3):
        weights = [rng.standard_normal((a, b)).astype(np.float32) * np.float32(np.sqrt(2 / a))
                   for a, b in ((A.shape[1], 96), (96, k))]  # fmt: skip
        first, second = [0 * w for w in weights], [0 * w for w in weights]
        for t in range(1, 1 + 14 * max(1, len(A) // 64)):
            rows = rng.integers(0, len(A), 64)
            H = np.maximum(A[rows] @ weights[0], 0) * (rng.random((64, 96)) < 0.6).astype(np.float32) / np.float32(0.6)
            L = H @ weights[1]
            D = np.exp(L - L.max(axis=1, keepdims=True))
            D = (D / D.sum(axis=1, keepdims=True) - np.eye(k, dtype=np.float32)[y[rows]]) / np.float32(64)
            for j, g in enumerate((A[rows].T @ (D @ weights[1].T * (H > 0)), H.T @ D)):
                g = g + np.float32(3e-3) * weights[j]
                first[j], second[j] = 0.9 * first[j] + 0.1 * g, 0.999 * second[j] + 0.001 * g * g
                step = first[j] / (1 - 0.9**t) / (np.sqrt(second[j] / (1 - 0.999**t)) + 1e-8)
                weights[j] = (weights[j] - 1.5e-3 * step).astype(np.float32)
        members.append(weights)

    class Votes:
        def __call__(self, X):
            A = ((np.asarray(X) - mean) / scale).astype(np.float32)
            logits = sum(np.maximum(A @ W, 0) @ V for W, V in members)
            return np.asarray(logits).argmax(axis=1).astype(np.int32)

    return Votes()


@train_model.alternative
def tanh_with_momentum_and_a_list_of_labels(X, y, rng):
    low, high = X.min(axis=0), X.max(axis=0)
    spread = np.where(high > low, high - low, 1)
    m, n, k = len(X), X.shape[1], int(y.max()) + 1
    A = 2 * (X - low) / spread - 1
    W1, b1 = rng.uniform(-1, 1, (n, 100)) * np.sqrt(3 / n), np.zeros(100)
    W2, b2 = rng.uniform(-1, 1, (100, k)) * np.sqrt(3 / 100), np.zeros(k)
    theta = [W1, b1, W2, b2]
    velocity = [np.zeros_like(p) for p in theta]
    for epoch in range(24):
        order = rng.permutation(m)
        for i in range(0, m, 32):
            rows = order[i : i + 32]
            H = np.tanh(A[rows] @ theta[0] + theta[1])
            L = H @ theta[2] + theta[3]
            P = np.exp(L - np.logaddexp.reduce(L, axis=1)[:, None])
            P[np.arange(len(rows)), y[rows]] -= 1
            P /= len(rows)
            dH = P @ theta[2].T * (1 - H * H)
            for j, g in enumerate((A[rows].T @ dH + 1e-3 * theta[0], dH.sum(axis=0), H.T @ P, P.sum(axis=0))):
                velocity[j] = 0.9 * velocity[j] - 0.02 * (1 - epoch / 24) * g
                theta[j] = theta[j] + velocity[j]

    def predict(X):
        H = np.tanh((2 * (X - low) / spread - 1) @ theta[0] + theta[1])
        return (H @ theta[2] + theta[3]).argmax(axis=1).tolist()

    return predict


@train_model.alternative
def with_the_course_s_own_trainer(X, y, rng):
    from coursekit.network import predict as labels
    from coursekit.training import fit_network

    mean, std = X.mean(axis=0), X.std(axis=0)
    std[std == 0] = 1
    plan = {"epochs": 16, "batch_size": 64, "learning_rate": 1e-3, "optimizer": "adam"}
    net = fit_network([160], (X - mean) / std, y, keep_prob=0.5, lam=20.0, rng=rng, **plan).params
    return lambda X: labels(net, (X - mean) / std)


EXERCISES = (train_model,)
