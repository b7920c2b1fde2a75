"""What lesson 15 says in prose holds, no trial of it touches the test part, and the grader's data are what it says."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import coursekit.explorations.capstone as explore
from autograde.judge.lesson import load_exercises, load_reference
from coursekit.datasets import load_churn_parts
from coursekit.training import fit_network

ROOT = Path(__file__).parents[2]
LESSON = ROOT / "lessons" / "15-capstone"
train_model = load_reference(LESSON)["train_model"]


@pytest.fixture(scope="module")
def churn() -> explore.Task:
    return explore.churn()


@pytest.fixture(scope="module")
def images() -> explore.Task:
    return explore.images()


@pytest.fixture(scope="module")
def judging() -> ModuleType:
    """The module that says how the lesson is judged."""
    import sys

    (exercise,) = load_exercises(LESSON)
    return sys.modules[exercise.hidden_cases.__module__]  # type: ignore[union-attr]


def cells_before(word: str) -> list[str]:
    """The lesson's code cells up to the one that holds ``word``; that one is left out."""
    found = re.split(r"^# %%(.*)\n", (LESSON / "lesson.py").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    code = [source for head, source in zip(found[::2], found[1::2], strict=True) if "[markdown]" not in head]
    end = next(i for i, source in enumerate(code) if word in source)
    return [source for source in code[1:end] if not source.startswith("check(")]


def test_no_trial_touches_the_test_part(monkeypatch: pytest.MonkeyPatch) -> None:
    def touched() -> Any:
        raise AssertionError("a trial opened the test part")

    def quick(*args: Any, **kwargs: Any) -> Any:
        return fit_network(*args, **kwargs | ({} if "X_dev" in kwargs else {"epochs": 1}))

    monkeypatch.setattr(explore, "_churn_test", touched)
    monkeypatch.setattr(explore, "_images_test", touched)
    monkeypatch.setattr(explore, "fit_network", quick)
    variables: dict[str, Any] = {"np": np, "explore": explore, "show": lambda fig, alt: fig.canvas.draw()}
    cells = cells_before("test.open(")
    assert len(cells) >= 9
    for source in cells:
        exec(source, variables)
        if "def train_model" in source:  # what a student trains is given the training part alone
            variables["train_model"] = lambda X, y, rng: lambda X: np.zeros(len(X), dtype=int)
    assert variables["churn"].test.opened == variables["images"].test.opened == 0
    with pytest.raises(AssertionError, match="opened the test part"):
        variables["churn"].test.open(variables["predictors"]["churn"])


def test_the_parts_that_trials_see_hold_no_row_of_the_test_part(images: explore.Task) -> None:
    seen = {row.tobytes() for row in np.concatenate([images.X_train, images.X_dev])}
    assert not seen & {row.tobytes() for row in images.test.load()[0]}


def test_the_best_of_thirty_is_as_good_as_the_published_one_and_not_better(churn: explore.Task) -> None:
    trials = explore.many_trials(churn, 30)
    scores = np.array([trial.dev for trial in trials])
    assert 0.80 < scores.max() < 0.815
    assert 0.785 < scores.mean() < 0.805
    chosen, fresh = explore.best_on_one_half(trials, 100)
    assert 0.006 < chosen.mean() - fresh.mean() < 0.02
    explore.plot_halves(chosen, fresh).canvas.draw()


def test_how_optimistic_the_best_of_many_is() -> None:
    assert explore.best_of(1, 1407).mean() == pytest.approx(0.79, abs=0.002)
    assert explore.best_of(10, 1407).mean() == pytest.approx(0.806, abs=0.002)
    assert explore.best_of(50, 1407).mean() == pytest.approx(0.814, abs=0.002)
    assert explore.best_of(200, 5600).mean() == pytest.approx(0.805, abs=0.002)
    for trials, rows in ((1, 100), (200, 100), (1, 5600), (200, 5600)):
        explore.plot_best_of(trials, rows).canvas.draw()
    assert explore.explore_best_of() is not None


def test_sanity_checks(churn: explore.Task, images: explore.Task) -> None:
    assert re.search(r"training 0\.69; twenty rows: 1\.00 right; labels shuffled: dev 0\.7", explore.sanity(churn))
    assert re.search(r"training 2\.3\d; twenty rows: 1\.00 right; labels shuffled: dev 0\.[01]", explore.sanity(images))


def test_raw_numbers_teach_the_majority(churn: explore.Task) -> None:
    raw = explore.attempt(churn, "raw", [64], raw=True, optimizer="sgd", learning_rate=0.1)
    assert raw.dev == pytest.approx(1 - churn.y_dev.mean(), abs=0.005)


def test_on_churn_only_training_too_long_stands_out(churn: explore.Task) -> None:
    base, long, good = (
        explore.attempt(churn, "baseline"),
        explore.attempt(churn, "long", [64, 64], epochs=45),
        explore.attempt(churn, "dropout", [64], keep_prob=0.5),
    )
    assert 0.775 < base.dev < 0.81
    assert long.dev < 0.775 < 0.88 < long.train
    assert abs(good.dev - base.dev) < 2 * base.error
    assert good.train - good.dev < 0.02
    explore.plot_trials([base, long, good], "title").canvas.draw()


def test_on_images_the_hidden_layer_is_worth_it(images: explore.Task) -> None:
    base, hidden = explore.attempt(images, "baseline"), explore.attempt(images, "hidden", [128])
    difference = hidden.right.astype(float) - base.right
    assert difference.mean() > 2 * difference.std() / np.sqrt(len(difference))


def test_extremes_of_the_knobs(churn: explore.Task) -> None:
    for hidden, keep, lam, epochs in ((0, 1.0, 0.0, 1), (0, 0.3, 300.0, 1), (128, 0.3, 300.0, 2), (128, 1.0, 0.0, 2)):
        explore.plot_knobs(churn, hidden, keep, lam, epochs).canvas.draw()
    assert explore.explore_knobs(churn) is not None


def test_the_rehearsal_and_the_seal(churn: explore.Task, capsys: pytest.CaptureFixture[str]) -> None:
    found, report = explore.rehearse(train_model, churn)
    assert 0.78 < report["dev accuracy"] < 0.82
    assert report["single rows that change"] == report["rows that change in a skewed batch"] == 0
    _, bad = explore.rehearse(lambda X, y, rng: lambda X: ((X - X.mean(0))[:, 4] < 0).astype(int), churn)
    assert bad["single rows that change"] > 0.1
    assert bad["rows that change in a skewed batch"] > 0.1
    seal = explore.churn().test
    assert 0.77 < seal.open(found) < 0.83
    assert capsys.readouterr().out == ""
    seal.open(found)
    assert "Opened 2 times" in capsys.readouterr().out
    explore.plot_board({"churn": {"yours": 0.8, "other": 0.79}}, {"churn": 1407}).canvas.draw()


# --- the grader's data -----------------------------------------------------------------------------------------------


def test_the_grader_s_pictures_are_fresh() -> None:
    with np.load(LESSON / "data" / "fashion.npz") as stored:
        X = np.concatenate([stored["X_train"], stored["X_test"]]).reshape(9000, -1)
        assert (np.bincount(stored["y_train"]).tolist(), np.bincount(stored["y_test"]).tolist()) == (
            [400] * 10,
            [500] * 10,
        )
    fresh = {row.tobytes() for row in X}
    assert len(fresh) == 9000
    train, rest = np.load(ROOT / "data" / "fashion_train.npz"), np.load(ROOT / "data" / "fashion_eval.npz")
    public = {row.tobytes() for rows in (train["X"], rest["X_dev"], rest["X_test"]) for row in rows}
    assert len(public) > 5900
    assert not fresh & public


def test_the_grader_s_customers_are_real_and_their_labels_are_drawn(judging: ModuleType) -> None:
    with np.load(LESSON / "data" / "churn.npz") as stored:
        X, p = stored["X"], stored["p"]
        assert set(stored.files) == {"X", "p", "features"}
    parts = load_churn_parts(standardized=False)
    real = np.concatenate([parts.X_train, parts.X_dev, parts.X_test])
    assert sorted(map(bytes, X)) == sorted(map(bytes, real))
    test = p[judging.CUSTOMERS :]
    assert np.maximum(test, 1 - test).mean() == pytest.approx(0.803, abs=0.001)
    draws = np.array([judging.drawn_labels(test, np.random.default_rng(seed)) for seed in range(400)])
    assert set(np.unique(draws)) == {0, 1}
    assert np.abs(draws.mean(axis=0) - test).max() < 6 * 0.5 / 20
    z = (draws.mean(axis=0) - test) / np.sqrt(test * (1 - test) / 400)
    assert 0.9 < z.std() < 1.1
    assert ((draws == 0).mean(axis=1) - 0.733).__abs__().max() < 0.002
    best = ((test > 0.5) == draws).mean(axis=1)
    assert best.mean() == pytest.approx(0.803, abs=0.001)
    assert best.std() < 0.003
    agree = (draws[:-1] == draws[1:]).mean()
    assert agree == pytest.approx((test**2 + (1 - test) ** 2).mean(), abs=0.005)


def test_the_pictures_get_new_numbers_and_a_little_noise(judging: ModuleType) -> None:
    one, other = (judging.pictures(np.random.default_rng(seed)) for seed in (1, 2))
    assert (one[3] != other[3]).mean() > 0.5
    assert 0.5 < np.abs(one[0] - other[0]).mean() < 10
    assert one[0].min() == 0
    assert one[0].max() <= 255


def test_the_reference_meets_the_issue_s_bars(judging: ModuleType) -> None:
    with np.load(LESSON / "data" / "churn.npz") as stored:
        p = stored["p"][judging.CUSTOMERS :]
    best = np.maximum(p, 1 - p).mean()
    for seed in (3, 4, 5):
        rng = np.random.default_rng(seed)
        X, y, X_test, _ = judging.customers(rng)
        # The chance to be right, which no draw of the test labels moves.
        right = np.where(train_model(X, y, rng)(X_test) == 1, p, 1 - p).mean()
        assert right > best - np.sqrt(best * (1 - best) / len(p))
    X, y, X_test, y_test = judging.pictures(rng)
    right = np.mean(train_model(X, y, rng)(X_test) == y_test)
    assert right > 0.837 + 2 * np.sqrt(0.837 * 0.163 / len(y_test))
