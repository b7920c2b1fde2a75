"""Lesson 15: what other learners reach on the rows from which the capstone is graded, and on the public test parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from .common import Case

STORED = Path(__file__).resolve().parents[3] / "lessons" / "15-capstone" / "data"
CUSTOMERS, DRAWS = 4700, 8


def capstone() -> list[Case]:
    """Scores by scikit-learn's learners; on the customers the mean over labels drawn anew, and what is possible."""
    return [*_customers(), *_pictures()]


def _score(what: str, learner: str, value: float) -> Case:
    return {
        "function": "train_model",
        "label": f"{what}: {learner}",
        "kind": "scores",
        "expected": {"sklearn" if learner not in ("majority", "best possible") else "counting": value},
    }


def _customers() -> list[Case]:
    with np.load(STORED / "churn.npz") as stored:
        X, p = stored["X"], stored["p"]
    test = p[CUSTOMERS:]
    makers: dict[str, Any] = {
        "logistic regression": lambda: make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)),
        "gradient boosting": lambda: HistGradientBoostingClassifier(random_state=0),
    }
    found = [
        _score("customers", "majority", float(np.mean(1 - test))),
        _score("customers", "best possible", float(np.mean(np.maximum(test, 1 - test)))),
    ]
    for learner, make in makers.items():
        expected = []
        for seed in range(DRAWS):
            y = (np.random.default_rng(seed).random(CUSTOMERS) < p[:CUSTOMERS]).astype(int)
            said = make().fit(X[:CUSTOMERS], y).predict(X[CUSTOMERS:])
            expected.append(np.mean(np.where(said == 1, test, 1 - test)))
        found.append(_score("customers", learner, float(np.mean(expected))))
    return found


def _pictures() -> list[Case]:
    with np.load(STORED / "fashion.npz") as stored:
        X, y, X_test, y_test = (stored[name] for name in ("X_train", "y_train", "X_test", "y_test"))
    linear = LogisticRegression(C=0.1, max_iter=400).fit(X / 255, y).score(X_test / 255, y_test)
    boosted = HistGradientBoostingClassifier(random_state=0).fit(X, y).score(X_test, y_test)
    return [
        _score("pictures", "logistic regression", float(linear)),
        _score("pictures", "gradient boosting", float(boosted)),
    ]
