"""Made the files in ``data/`` beside this script, from which the capstone is graded; kept so that they can be checked.

Run in the course's folder, with scikit-learn 1.9 and Debian's ``dataset-fashion-mnist`` installed:
``python lessons/15-capstone/make_data.py``. Nothing of it is released to students.

``fashion.npz``: 4,000 pictures to train on and 5,000 to score, balanced, none of them (pixel by pixel) among the 6,000
in the course's own ``data/``, and no two the same. ``index`` is the row in the published training file of 60,000 rows
followed by the test file of 10,000. Zalando, MIT licence, as the course's own pictures.

``churn.npz``: the 7,032 customers of the course in a new order, the first 4,700 to train on, as 40 raw numbers each,
and for each the probability of leaving that a fitted model gives: logistic regression and gradient boosting, each
out of fold, put together and calibrated by a second logistic regression. Their real labels are not in the file.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from coursekit.datasets import load_churn_parts

PUBLISHED = Path("/usr/share/datasets/fashion-mnist")
PUBLIC = Path(__file__).resolve().parents[2] / "data"
TO = Path(__file__).resolve().parent / "data"
TRAIN_EACH, TEST_EACH = 400, 500


def published(part: str) -> tuple[Any, Any]:
    """The pictures, one a row of 784 bytes, and the labels of a published part."""
    images = gzip.decompress((PUBLISHED / f"{part}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((PUBLISHED / f"{part}-labels-idx1-ubyte.gz").read_bytes())
    return np.frombuffer(images, np.uint8, offset=16).reshape(-1, 784), np.frombuffer(labels, np.uint8, offset=8)


def fashion() -> dict[str, Any]:
    """Fresh pictures: 400 of each class to train on, 500 to score."""
    parts = [published(part) for part in ("train", "t10k")]
    X, y = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    train, rest = np.load(PUBLIC / "fashion_train.npz"), np.load(PUBLIC / "fashion_eval.npz")
    seen = {row.tobytes() for rows in (train["X"], rest["X_dev"], rest["X_test"]) for row in rows}
    fresh = []
    for i, row in enumerate(X):
        if row.tobytes() not in seen:
            seen.add(row.tobytes())
            fresh.append(i)
    rng = np.random.default_rng(15)
    rows = np.array(fresh)
    chosen = np.array([rng.choice(rows[y[rows] == k], TRAIN_EACH + TEST_EACH, replace=False) for k in range(10)])
    found: dict[str, Any] = {}
    for name, part in (("train", chosen[:, :TRAIN_EACH]), ("test", chosen[:, TRAIN_EACH:])):
        index = rng.permutation(part.ravel())
        found |= {f"X_{name}": X[index], f"y_{name}": y[index], f"index_{name}": index.astype(np.int32)}
    return found


def probabilities(X: Any, y: Any) -> Any:
    """For each row the probability of class 1, by models that were not fitted to it."""
    makers = (
        lambda: make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=2000)),
        lambda: HistGradientBoostingClassifier(
            learning_rate=0.03, max_iter=150, max_leaf_nodes=8, min_samples_leaf=30, l2_regularization=5.0
        ),
    )
    p = np.zeros((len(y), len(makers)))
    repeats = 3
    for seed in range(repeats):
        folds = StratifiedKFold(10, shuffle=True, random_state=seed)
        for train, held_out in folds.split(X, y):
            for j, make in enumerate(makers):
                p[held_out, j] += make().fit(X[train], y[train]).predict_proba(X[held_out])[:, 1] / repeats
    logits = np.log(p / (1 - p))
    return LogisticRegression(C=1e6).fit(logits, y).predict_proba(logits)[:, 1]


def churn() -> dict[str, Any]:
    """All customers in a new order with a probability each, and the columns' names."""
    parts = load_churn_parts(standardized=False)
    X = np.concatenate([parts.X_train, parts.X_dev, parts.X_test])
    y = np.concatenate([parts.y_train, parts.y_dev, parts.y_test])
    order = np.random.default_rng(15).permutation(len(X))
    p = probabilities(X, y)
    return {"X": X[order], "p": np.round(p[order], 4), "features": np.array(parts.features)}


if __name__ == "__main__":
    TO.mkdir(exist_ok=True)
    np.savez_compressed(TO / "fashion.npz", **fashion())
    np.savez_compressed(TO / "churn.npz", **churn())
