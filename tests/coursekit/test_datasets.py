"""The data sets: shapes, ranges, counts, the fingerprints in data/README.md, and what a missing file says."""

import hashlib
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from coursekit import datasets

DATA = Path(__file__).parents[2] / "data"


def test_fingerprints_are_those_of_the_readme():
    listed = dict(reversed(m) for m in re.findall(r"^([0-9a-f]{64})  (\S+)$", (DATA / "README.md").read_text(), re.M))
    files = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in DATA.iterdir() if p.suffix in (".csv", ".npz")}
    assert files == listed


def test_fashion_is_balanced_and_scaled():
    data = datasets.load_fashion()
    for X, y, m in (
        (data.X_train, data.y_train, 4000),
        (data.X_dev, data.y_dev, 1000),
        (data.X_test, data.y_test, 1000),
    ):
        assert X.shape == (m, 784)
        assert X.dtype == np.float64
        assert (X.min(), X.max()) == (0.0, 1.0)
        assert Counter(y.tolist()) == dict.fromkeys(range(10), m // 10)
    assert len(data.names) == 10


@pytest.mark.parametrize(
    ("load", "shape", "counts"),
    [
        (datasets.load_wine, (178, 13), [59, 71, 48]),
        (datasets.load_breast_cancer, (569, 30), [212, 357]),
        (datasets.load_digits, (1797, 64), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]),
    ],
)
def test_tables(load, shape, counts):
    table = load()
    assert table.X.shape == shape == (len(table.y), len(table.features))
    assert np.bincount(table.y).tolist() == counts
    assert len(table.classes) == len(counts)
    assert np.isfinite(table.X).all()


def test_digits_are_raw_and_in_reading_order():
    table = datasets.load_digits()
    assert (table.X.min(), table.X.max()) == (0.0, 16.0)
    assert table.features[9] == "row 1, column 1"
    assert np.array_equal(table.X[3].reshape(8, 8), np.load(DATA / "digits8x8.npz")["X"][3])


def test_cells_come_in_three_parts():
    cells = datasets.load_cells()
    assert [len(y) for y in (cells.y_train, cells.y_dev, cells.y_test)] == [1009, 300, 710]
    assert cells.X_train[0] == pytest.approx([3278.72562358277, 154.898761331431])


@pytest.mark.parametrize(("city", "first"), [("seattle", 8.9), ("new_york", None)])
def test_weather_has_no_gaps(city, first):
    weather = datasets.load_weather(city)
    assert len(weather.dates) == 1461
    assert set(np.diff(weather.dates)) == {np.timedelta64(1, "D")}
    assert np.allclose(weather.mean_temperature, (weather.max_temperature + weather.min_temperature) / 2)
    if first is not None:
        assert weather.mean_temperature[0] == pytest.approx(first)


def test_weather_of_another_city():
    with pytest.raises(ValueError, match="city must be 'seattle' or 'new_york', got 'paris'"):
        datasets.load_weather("paris")


def test_churn_is_raw():
    columns = datasets.load_churn()
    assert len(columns) == 20
    assert {len(v) for v in columns.values()} == {7043}
    blank = np.isnan(columns["TotalCharges"])
    assert blank.sum() == 11
    assert Counter(columns["Churn"][~blank].tolist()) == {"No": 5163, "Yes": 1869}
    assert columns["tenure"].dtype == np.float64
    assert columns["Contract"][0] == "Month-to-month"


@pytest.mark.parametrize(
    ("make", "classes"),
    [
        (datasets.make_circles, 2),
        (datasets.make_moons, 2),
        (lambda m, rng: datasets.make_spirals(m, 5, rng), 5),
    ],
)
@pytest.mark.parametrize("m", [1, 7, 200])
def test_toy_sets_are_balanced_and_repeatable(make, classes, m):
    X, y = make(m, np.random.default_rng(3))
    again, _ = make(m, np.random.default_rng(3))
    other, _ = make(m, np.random.default_rng(4))
    assert X.shape == (m, 2)
    assert np.array_equal(X, again)
    assert not np.array_equal(X, other)
    counts = np.bincount(y, minlength=classes)
    assert counts.max() - counts.min() <= 1


def test_circles_moons_and_spirals_lie_where_they_should():
    rng = np.random.default_rng(0)
    X, y = datasets.make_circles(300, rng, noise=0.0)
    assert np.allclose(np.linalg.norm(X, axis=1), np.where(y == 0, 1.0, 0.5))
    X, y = datasets.make_moons(300, rng, noise=0.0)
    upper, lower = X[y == 0], X[y == 1]
    assert np.allclose(np.linalg.norm(upper, axis=1), 1)
    assert (upper[:, 1] >= 0).all()
    assert np.allclose(np.linalg.norm(lower - [1, 0.5], axis=1), 1)
    assert (lower[:, 1] <= 0.5).all()
    X, y = datasets.make_spirals(300, 3, rng, noise=0.0)
    r = np.linalg.norm(X, axis=1)
    t = 4 * r + 2 * np.pi * y / 3
    assert np.allclose(X, np.column_stack([r * np.sin(t), r * np.cos(t)]))
    assert 0.05 <= r.min() <= r.max() <= 1


def test_noise_is_a_standard_deviation():
    X, y = datasets.make_circles(20_000, np.random.default_rng(0), noise=0.1)
    radial = np.linalg.norm(X, axis=1) - np.where(y == 0, 1.0, 0.5)
    assert radial.std() == pytest.approx(0.1, rel=0.05)


def test_data_is_found_from_a_folder_below(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "wine.csv").write_bytes((DATA / "wine.csv").read_bytes())
    below = tmp_path / "notebooks" / "lesson"
    below.mkdir(parents=True)
    monkeypatch.setattr(datasets, "__file__", str(tmp_path / "elsewhere" / "coursekit" / "datasets.py"))
    monkeypatch.chdir(below)
    assert datasets.load_wine().X.shape == (178, 13)


def test_a_missing_file_says_which_and_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "__file__", str(tmp_path / "coursekit" / "datasets.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"wine\.csv was not found\. Start Jupyter inside"):
        datasets.load_wine()


def test_toy_sets_refuse_nonsense():
    with pytest.raises(ValueError, match="got 0 and 2"):
        datasets.make_moons(0, np.random.default_rng(0))


def test_churn_parts():
    parts = datasets.load_churn_parts()
    again = datasets.load_churn_parts()
    sizes = [len(parts.y_train), len(parts.y_dev), len(parts.y_test)]
    assert sum(sizes) == 7032
    assert sizes == [4219, 1406, 1407]
    for y in (parts.y_train, parts.y_dev, parts.y_test):
        assert y.mean() == pytest.approx(1869 / 7032, abs=5e-4)
    assert parts.X_train.shape[1] == len(parts.features) == 40
    assert np.array_equal(parts.X_test, again.X_test)
    assert np.allclose(parts.X_train.mean(axis=0), 0, atol=1e-12)
    assert np.allclose(parts.X_train.std(axis=0), 1)
    raw = datasets.load_churn_parts(standardized=False)
    assert np.array_equal(raw.y_dev, parts.y_dev)
    assert set(np.unique(raw.X_train[:, parts.features.index("Contract: One year")])) == {0.0, 1.0}
    one = [i for i, name in enumerate(parts.features) if name.startswith("Contract")]
    assert np.array_equal(raw.X_train[:, one].sum(axis=1), np.ones(len(raw.y_train)))
    assert raw.X_train[:, parts.features.index("tenure")].max() == 72


def test_a_named_folder_is_the_only_one_that_is_looked_into(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path))
    (tmp_path / "wine.csv").write_text("alcohol,class\n12.5,1\n", encoding="utf-8")
    assert datasets.load_wine().X.tolist() == [[12.5]]
    with pytest.raises(FileNotFoundError, match="breast_cancer"):
        datasets.load_breast_cancer()
