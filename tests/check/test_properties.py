"""Named properties: right answers hold in any style and precision, slightly wrong ones do not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograde.check.cases import Call, Outcome
from autograde.check.properties import Evidence, Failed, evaluate

SIZES = (150, 200, 90)
STDS = {"W1": 0.3, "W2": 2.0}
LIMITS = {"W1": 0.5, "W2": 0.1}
SHAPES = {"W1": (150, 200), "W2": (200, 90)}


def returned(*values, args=()):
    """Evidence of calls that returned these values."""
    return Evidence(tuple(Call("f", args) for _ in values), tuple(Outcome(v) for v in values))


def normal(seed=0, stds=STDS, shapes=SHAPES):
    rng = np.random.default_rng(seed)
    return {k: stds[k] * rng.standard_normal(shapes[k]) for k in stds}


def uniform(seed=0):
    rng = np.random.default_rng(seed)
    return {k: rng.uniform(-limit, limit, SHAPES[k]) for k, limit in LIMITS.items()}


def all_of_normal(params):
    """The first property of normal weights that does not hold."""
    seen = returned(params)
    for name, options in (
        ("centred", {"keys": list(STDS)}),
        ("spread_is", {"stds": STDS}),
        ("independent_entries", {"stds": STDS}),
        ("normal_shape", {"stds": STDS}),
    ):
        if failed := evaluate(name, options, seen):
            return name, failed
    return None


def all_of_uniform(params):
    """The first property of uniform weights that does not hold."""
    seen = returned(params)
    for name, options in (
        ("centred", {"keys": list(LIMITS)}),
        ("uniform_shape", {"limits": LIMITS}),
        ("independent_entries", {"stds": {k: v / np.sqrt(3) for k, v in LIMITS.items()}}),
    ):
        if failed := evaluate(name, options, seen):
            return name, failed
    return None


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_normal_weights_hold_for_every_seed(seed):
    params = normal(seed)
    assert all_of_normal(params) is None
    assert all_of_normal({k: v.astype(np.float32) for k, v in params.items()}) is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_uniform_weights_hold_for_every_seed(seed):
    params = uniform(seed)
    assert all_of_uniform(params) is None
    assert all_of_uniform({k: v.astype(np.float32) for k, v in params.items()}) is None


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 4), st.integers(1, 4))
def test_tiny_layers_hold_for_every_seed(seed, n_in, n_out):
    stds = {"W1": 0.7}
    seen = returned(normal(seed, stds, {"W1": (n_in, n_out)}))
    for name, options in (
        ("centred", {"keys": ["W1"]}),
        ("spread_is", {"stds": stds}),
        ("normal_shape", {"stds": stds}),
    ):
        assert evaluate(name, options, seen) is None
    assert evaluate("independent_entries", {"stds": stds}, seen) is None


def truncated(rng, shape, at):
    z = rng.standard_normal(shape)
    while (beyond := np.abs(z) > at).any():
        z[beyond] = rng.standard_normal(int(beyond.sum()))
    return z


def changed(how):
    """Normal weights with something wrong about them."""
    rng = np.random.default_rng(5)
    params = normal(5)
    a, b = SHAPES["W1"]
    wrong = {
        "three percent too large": lambda: params | {k: 1.03 * v for k, v in params.items()},
        "one layer six percent too small": lambda: params | {"W2": 0.94 * params["W2"]},
        "shifted": lambda: params | {"W1": params["W1"] + 0.02},
        "positive": lambda: {k: np.abs(v) for k, v in params.items()},
        "uniform": lambda: {k: rng.uniform(-1, 1, SHAPES[k]) * np.sqrt(3) * s for k, s in STDS.items()},
        "laplace": lambda: {k: rng.laplace(0, s / np.sqrt(2), SHAPES[k]) for k, s in STDS.items()},
        "signs": lambda: {k: rng.choice([-s, s], SHAPES[k]) for k, s in STDS.items()},
        "truncated at three": lambda: {k: s * truncated(rng, SHAPES[k], 3) for k, s in STDS.items()},
        "truncated at two, spread mended": lambda: {
            k: s * truncated(rng, SHAPES[k], 2) / 0.8796 for k, s in STDS.items()
        },
        "one row repeated": lambda: params | {"W1": np.tile(params["W1"][0], (a, 1))},
        "one column repeated": lambda: params | {"W1": np.tile(params["W1"][:, :1], (1, b))},
        "half of the columns repeated": lambda: params | {"W1": np.hstack([params["W1"][:, :100]] * 2)},
        "antithetic": lambda: params | {"W1": np.hstack([params["W1"][:, :100], -params["W1"][:, :100]])},
        "sorted": lambda: params | {"W1": np.sort(params["W1"].ravel()).reshape(a, b)},
        "the same numbers in both layers": lambda: (
            params | {"W2": params["W1"].ravel()[: 200 * 90].reshape(200, 90) / 0.3 * 2.0}
        ),
        "low rank": lambda: (
            params | {"W1": 0.3 * rng.standard_normal((a, 20)) @ rng.standard_normal((20, b)) / np.sqrt(20)}
        ),
        "orthogonal": lambda: params | {"W1": 0.3 * np.linalg.qr(rng.standard_normal((b, a)))[0].T * np.sqrt(b)},
    }
    return wrong[how]()


@pytest.mark.parametrize(
    ("how", "name"),
    [
        ("three percent too large", "spread_is"),
        ("one layer six percent too small", "spread_is"),
        ("shifted", "centred"),
        ("positive", "centred"),
        ("uniform", "normal_shape"),
        ("laplace", "normal_shape"),
        ("signs", "independent_entries"),
        ("truncated at three", "normal_shape"),
        ("truncated at two, spread mended", "normal_shape"),
        ("one row repeated", "independent_entries"),
        ("one column repeated", "independent_entries"),
        ("half of the columns repeated", "independent_entries"),
        ("antithetic", "independent_entries"),
        ("sorted", "independent_entries"),
        ("the same numbers in both layers", "independent_entries"),
        ("low rank", "independent_entries"),
        ("orthogonal", "independent_entries"),
    ],
)
def test_slightly_wrong_normal_weights_are_named(how, name):
    found = all_of_normal(changed(how))
    assert found is not None
    # Repeated rows raise the chance spread of means and variances, so an earlier property may notice them first.
    assert found[0] == name or (name == "independent_entries" and found[0] in ("centred", "spread_is"))


def test_symmetric_weights_are_noticed():
    z = np.random.default_rng(1).standard_normal((120, 120))
    symmetric = np.tril(z) + np.tril(z, -1).T
    assert evaluate("independent_entries", {"stds": {"W1": 1.0}}, returned({"W1": symmetric}))


def test_spread_measures_the_ratio_of_the_first_wrong_layer():
    params = normal(3)
    failed = evaluate("spread_is", {"stds": STDS}, returned(params | {"W2": 1.5 * params["W2"]}))
    assert isinstance(failed, Failed)
    assert failed.measure == pytest.approx(1 + 1.5 / 2.5, abs=0.01)
    assert "result['W2'] is 1.5" in failed.message
    other = normal(4)
    again = evaluate("spread_is", {"stds": STDS}, returned(other | {"W2": 1.5 * other["W2"]}))
    assert isinstance(again, Failed)
    assert abs(failed.measure - again.measure) <= failed.spread


def test_several_calls_are_pooled():
    stds, shapes = {"W1": 1.0}, {"W1": (40, 40)}
    runs = [{"W1": 1.05 * normal(seed, stds, shapes)["W1"]} for seed in range(20)]
    assert evaluate("spread_is", {"stds": stds}, returned(runs[0])) is None
    assert evaluate("spread_is", {"stds": stds, "calls": list(range(20))}, returned(*runs))


@pytest.mark.parametrize("factor", [0.97, 1.01, 1.7320508, 0.57735])
def test_a_wrong_uniform_limit_is_noticed(factor):
    found = all_of_uniform({k: factor * v for k, v in uniform(2).items()})
    assert found is not None
    assert found[0] == "uniform_shape"
    assert found[1].measure == pytest.approx(factor / (1 + factor), abs=0.01)


def test_normal_weights_are_not_uniform_ones():
    rng = np.random.default_rng(3)
    params = {k: rng.normal(0, limit / np.sqrt(3), SHAPES[k]) for k, limit in LIMITS.items()}
    assert all_of_uniform(params) is not None
    clipped = {k: np.clip(w, -LIMITS[k], LIMITS[k]) for k, w in params.items()}
    assert all_of_uniform(clipped) is not None


def test_infinite_and_zero_weights_do_not_break_anything():
    huge = {k: np.full(shape, 1e300) for k, shape in SHAPES.items()}
    zero = {k: np.zeros(shape) for k, shape in SHAPES.items()}
    for params in (huge, zero):
        assert all_of_normal(params) is not None
        assert all_of_uniform(params) is not None


# --- orthonormal -----------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 30), st.integers(1, 30), st.floats(0.01, 100))
def test_orthonormal_matrices_hold_in_every_shape(seed, n_in, n_out, length):
    tall = np.random.default_rng(seed).standard_normal((max(n_in, n_out), min(n_in, n_out)))
    q = np.linalg.qr(tall)[0]
    w = q if n_in >= n_out else q.T
    assert evaluate("orthonormal", {}, returned(w)) is None
    assert evaluate("orthonormal", {}, returned(w.astype(np.float32))) is None
    assert evaluate("orthonormal", {"keys": ["W1"], "up_to_scale": True}, returned({"W1": length * w})) is None
    if abs(length - 1) > 1e-4:
        assert evaluate("orthonormal", {}, returned(length * w))


@pytest.mark.parametrize("shape", [(12, 5), (5, 12), (8, 8)])
def test_matrices_that_are_not_orthonormal_are_noticed(shape):
    w = np.random.default_rng(0).standard_normal(shape)
    axis = 0 if shape[0] >= shape[1] else 1
    normalised = w / np.linalg.norm(w, axis=axis, keepdims=True)
    for wrong in (w, normalised):
        failed = evaluate("orthonormal", {"up_to_scale": True, "keys": ["W1"]}, returned({"W1": wrong}))
        assert isinstance(failed, Failed)
        assert "not orthogonal" in failed.message
    q = np.linalg.qr(w if axis == 0 else w.T)[0]
    stretched = q * np.linspace(1, 2, q.shape[1])
    uneven = evaluate(
        "orthonormal", {"up_to_scale": True, "keys": ["W1"]}, returned({"W1": stretched.T if axis else stretched})
    )
    assert isinstance(uneven, Failed)
    assert "differ in length" in uneven.message
    assert evaluate("orthonormal", {}, returned(np.zeros(shape)))


# --- unit variance, zeros, seeds -------------------------------------------------------------------------------------


def scaled_network(X, sizes, seed=0):
    rng = np.random.default_rng(seed)
    params, a = {}, X
    for i in range(1, len(sizes)):
        w = rng.standard_normal((sizes[i - 1], sizes[i]))
        w /= (a @ w).std()
        params[f"W{i}"], params[f"b{i}"] = w, np.zeros(sizes[i])
        a = np.maximum(a @ w, 0)
    return params


def test_unit_preactivations_names_the_layer():
    X = 3 + np.random.default_rng(1).standard_normal((30, 10))
    sizes = [10, 40, 30, 2]
    params = scaled_network(X, sizes)
    good = returned(params, args=(sizes, X))
    assert evaluate("unit_preactivations", {"tol": 1e-6}, good) is None
    by_name = Evidence((Call("f", (sizes,), {"X": X}),), (Outcome(params),))
    assert evaluate("unit_preactivations", {"tol": 1e-6}, by_name) is None
    for layer in (1, 2, 3):
        wrong = params | {f"W{layer}": 1.1 * params[f"W{layer}"]}
        failed = evaluate("unit_preactivations", {"tol": 0.05}, returned(wrong, args=(sizes, X)))
        assert isinstance(failed, Failed)
        assert f"layer {layer} " in failed.message
    assert evaluate("unit_preactivations", {"tol": 0.3}, returned(wrong, args=(sizes, X))) is None


def test_nan_is_never_within_tol():
    params = {"W1": np.full((2, 2), np.nan), "b1": np.zeros(2)}
    assert evaluate("unit_preactivations", {}, returned(params, args=([2, 2], np.ones((3, 2)))))


def test_zeros_and_shapes():
    params = {"W1": np.ones((2, 3)), "b1": np.zeros(3)}
    shapes = {"W1": (2, 3), "b1": (3,)}
    assert evaluate("zeros", {"keys": ["b1"]}, returned(params)) is None
    assert evaluate("zeros", {"keys": ["b1"]}, returned(params | {"b1": np.array([0, 0, 1e-300])}))
    assert evaluate("has_shapes", {"shapes": shapes}, returned(params)) is None
    failures = [
        evaluate("has_shapes", {"shapes": shapes}, returned(wrong))
        for wrong in (
            params | {"b1": np.zeros((1, 3))},
            params | {"b1": np.zeros((3, 1))},
            params | {"W1": np.ones((3, 2))},
            params | {"W1": [[1.0] * 3] * 2},
            params | {"W1": np.full((2, 3), np.nan)},
            params | {"W2": np.ones(1)},
            {"W1": params["W1"]},
            [params],
        )
    ]
    assert all(isinstance(f, Failed) for f in failures)
    assert len({f.measure for f in failures if f}) == len(failures), "each mistake has a measure of its own"


def test_seeds():
    one, other = normal(1), normal(2)
    assert evaluate("same_results", {}, returned(one, normal(1))) is None
    assert evaluate("same_results", {}, returned(one, other))
    assert evaluate("different_results", {"keys": ["W1", "W2"]}, returned(one, other)) is None
    assert evaluate("different_results", {}, returned(one, normal(1)))
    mixed = {"W1": other["W1"], "W2": one["W2"]}
    assert evaluate("different_results", {}, returned(one, mixed)) is None
    failed = evaluate("different_results", {"keys": ["W1", "W2"]}, returned(one, mixed))
    assert isinstance(failed, Failed)
    assert "result['W2']" in failed.message


def test_an_unknown_property_is_refused():
    with pytest.raises(ValueError, match="no property is called 'odd'"):
        evaluate("odd", {}, returned(1))


COMPONENTS = [("W", (0, 0), 0.5), ("W", (0, 1), 2.0), ("W", (1, 0), 0.5), ("b", (0,), 0.5), ("b", (1,), 0.25)]


def components(*entries, k=3):
    return evaluate("components_sorted", {"components": COMPONENTS, "k": k}, returned(list(entries)))


@pytest.mark.parametrize("chosen", [(0, 2), (2, 0), (0, 3), (3, 0), (2, 3), (3, 2)])
def test_any_of_the_tied_components_may_be_chosen(chosen):
    assert components(COMPONENTS[1], *(COMPONENTS[i] for i in chosen)) is None


def test_components_as_numpy_gives_them():
    key, (i, j), size = COMPONENTS[1]
    assert components((key, (np.int64(i), np.array(j)), np.float32(size)), k=1) is None
    assert components(*sorted(COMPONENTS, key=lambda c: -c[2]), k=9) is None


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ((COMPONENTS[1], COMPONENTS[0], COMPONENTS[0]), "came before"),
        ((COMPONENTS[1], COMPONENTS[0], COMPONENTS[4]), "none of the components of the size 0.5"),
        ((COMPONENTS[0], COMPONENTS[1], COMPONENTS[2]), "result[0]"),
        ((COMPONENTS[1], COMPONENTS[0]), "2 items, expected 3"),
        ((COMPONENTS[1], COMPONENTS[0], ("b", 0, 0.5)), "expected a tuple"),
        ((COMPONENTS[1], COMPONENTS[0], list(COMPONENTS[2])), "expected a tuple"),
    ],
)
def test_components_that_are_not_the_largest(entries, words):
    assert words in components(*entries).message


def test_a_tuple_of_components_is_no_list():
    found = evaluate("components_sorted", {"components": COMPONENTS, "k": 1}, returned((COMPONENTS[1],)))
    assert found.kind == "wrong_type"


# --- augmented images ------------------------------------------------------------------------------------------------


def pictures(m, h=3, w=4):
    """Images that differ, each of pixels that are positive and differ."""
    orders = np.random.default_rng(0).random((m, h * w)).argsort(axis=1)
    return 1.0 + orders.reshape(m, h, w)


def augmented(augment, name, options, calls=1, m=400, shape=(3, 4), seed=0):
    """What the property says of ``augment(images, rng)``, a generator for each call."""
    images, made = pictures(m, *shape), []
    for i in range(calls):
        made.append(augment(images.copy(), np.random.default_rng([seed, i])))
    evidence = Evidence(tuple(Call("f", (images,)) for _ in made), tuple(Outcome(v) for v in made))
    return evaluate(name, options, evidence)


def mirror(images, which):
    return np.where(np.asarray(which)[:, None, None], images[:, :, ::-1], images)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([0.1, 0.5, 0.8]), st.sampled_from([(1, 500), (40, 2), (30, 10), (60, 1)]))
def test_mirroring_each_image_by_itself_holds_for_every_seed(seed, p, form):
    calls, m = form
    found = augmented(
        lambda images, rng: mirror(images, rng.random(m) < p).astype(np.float32),
        "mirrors_some",
        {"p": p},
        calls,
        m,
        seed=seed,
    )
    assert found is None


def some_mirrored(p):
    return lambda images, rng: mirror(images, rng.random(len(images)) < p)


def upside_down(images, rng):
    return np.where(rng.random((len(images), 1, 1)) < 0.5, images[:, ::-1], images)


def turned(images, rng):
    return np.where(rng.random((len(images), 1, 1)) < 0.5, images[:, ::-1, ::-1], images)


def shuffled(images, rng):
    return rng.permutation(mirror(images, rng.random(len(images)) < 0.5))


def row_by_row(images, rng):
    return np.where(rng.random((*images.shape[:2], 1)) < 0.5, images[:, :, ::-1], images)


def all_or_none(images, rng):
    return images[:, :, ::-1] if rng.random() < 0.5 else images


def exactly_half(images, rng):
    return mirror(images, rng.permutation(len(images)) < len(images) // 2)


def in_pairs(images, rng):
    return mirror(images, np.repeat(rng.random(len(images) // 2) < 0.5, 2))


def the_first_ones(images, rng):
    return mirror(images, np.arange(len(images)) < rng.binomial(len(images), 0.5))


def blurred(images, rng):
    return images + rng.random(images.shape)


MIRRORING = (upside_down, turned, shuffled, row_by_row, all_or_none, exactly_half, blurred)


@pytest.mark.parametrize("augment", [*MIRRORING, in_pairs, the_first_ones, some_mirrored(0.0), some_mirrored(1.0)])
@pytest.mark.parametrize("form", [(40, 2), (4, 200)])
def test_wrong_mirroring_is_refused(augment, form):
    calls, m = form
    few = {all_or_none: (40, 2), exactly_half: (40, 2), the_first_ones: (4, 200)}
    if few.get(augment, form) == form:
        assert augmented(augment, "mirrors_some", {"p": 0.5}, calls, m) is not None


def test_each_mistake_of_mirroring_has_a_measure_of_its_own():
    mistakes = (*MIRRORING, *map(some_mirrored, (0.0, 0.25, 0.75, 1.0)))
    found = [augmented(augment, "mirrors_some", {"p": 0.5}, 40, 8) for augment in mistakes]
    assert all(isinstance(f, Failed) for f in found)
    assert len({round(f.measure, 1) for f in found}) == len(mistakes)


def test_images_of_another_shape_are_refused():
    assert augmented(lambda images, rng: images[:, :, 1:], "mirrors_some", {"p": 0.5}).kind == "wrong_shape"
    assert augmented(lambda images, rng: list(images), "shifts_each", {"max_shift": 1}).kind == "wrong_type"


def moved(images, ways):
    out = np.zeros_like(images)
    h, w = images.shape[1:]
    for i, (dy, dx) in enumerate(ways):
        for r in range(h):
            for c in range(w):
                if 0 <= r - dy < h and 0 <= c - dx < w:
                    out[i, r, c] = images[i, r - dy, c - dx]
    return out


def shifts(draw):
    """An augmentation that moves each image by the rows of ``draw(m, rng)``."""
    return lambda images, rng: moved(images, np.asarray(draw(len(images), rng)))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([(1, 300, 1), (20, 10, 2), (50, 1, 1), (1, 600, 2)]))
def test_right_shifts_hold_for_every_seed(seed, form):
    calls, m, most = form
    right = shifts(lambda n, rng: rng.integers(-most, most + 1, (n, 2)))
    assert augmented(right, "shifts_each", {"max_shift": most}, calls, m, seed=seed) is None


def wrapped(images, rng):
    return np.array([np.roll(i, rng.integers(-2, 3, 2), axis=(0, 1)) for i in images])


def filled_with_ones(images, rng):
    ways = rng.integers(-2, 3, (len(images), 2))
    return moved(images, ways) + (1 - np.sign(moved(np.ones_like(images), ways)))


def by_halves(images, rng):
    return (images + np.roll(images, 1, axis=2)) / 2


SHIFTING = {
    "wrapped": wrapped,
    "filled": filled_with_ones,
    "blurred": by_halves,
    "not at all": shifts(lambda n, rng: np.zeros((n, 2), int)),
    "up and down only": shifts(lambda n, rng: np.stack([rng.integers(-2, 3, n), np.zeros(n, int)], axis=1)),
    "left and right only": shifts(lambda n, rng: np.stack([np.zeros(n, int), rng.integers(-2, 3, n)], axis=1)),
    "all alike": shifts(lambda n, rng: np.tile(rng.integers(-2, 3, 2), (n, 1))),
    "upper end left out": shifts(lambda n, rng: rng.integers(-2, 2, (n, 2))),
    "one direction": shifts(lambda n, rng: rng.integers(0, 3, (n, 2))),
    "the ends half as often": shifts(lambda n, rng: np.rint(rng.uniform(-2, 2, (n, 2))).astype(int)),
    "along the diagonal": shifts(lambda n, rng: np.repeat(rng.integers(-2, 3, (n, 1)), 2, axis=1)),
    "too far": shifts(lambda n, rng: np.clip(rng.integers(-3, 4, (n, 2)), -2, 3)),
    "in pairs": shifts(lambda n, rng: np.repeat(rng.integers(-2, 3, (n // 2, 2)), 2, axis=0)),
    "one axis at a time": shifts(lambda n, rng: rng.integers(-2, 3, (n, 2)) * np.eye(2, dtype=int)[rng.integers(0, 2, n)]),
}  # fmt: skip


def test_each_mistake_of_shifting_is_refused_with_a_measure_of_its_own():
    found = {k: augmented(a, "shifts_each", {"max_shift": 2}, 2, 1000) for k, a in SHIFTING.items()}
    assert all(isinstance(f, Failed) for f in found.values()), found
    measures = {name: round(f.measure, 1) for name, f in found.items() if name != "one axis at a time"}
    assert len(set(measures.values())) == len(measures), measures


# --- input normalization ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [np.inf, 1.1e12, np.float64(1e17), np.array(3e14), 10**13])
def test_number_above_holds(value):
    assert evaluate("number_above", {"bound": 1e12}, returned(value)) is None


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1e12, "wrong_value"),
        (-1e17, "wrong_value"),
        (-np.inf, "wrong_value"),
        (np.nan, "nan"),
        (None, "wrong_type"),
        ("inf", "wrong_type"),
        (True, "wrong_type"),
        (1e13 + 0j, "wrong_type"),
        ([np.inf], "wrong_type"),
        (np.array([np.inf]), "wrong_shape"),
    ],
)
def test_number_above_fails(value, kind):
    found = evaluate("number_above", {"bound": 1e12}, returned(value))
    assert found is not None and found.kind == kind


def test_number_above_takes_all_negative_numbers_for_one_mistake():
    found = [evaluate("number_above", {"bound": 1e12}, returned(v)) for v in (-3e16, -7.0)]
    assert found[0].measure == found[1].measure


def inputs_with(eigenvalues, m=30, seed=0):
    """Inputs whose covariance has these eigenvalues."""
    rng = np.random.default_rng(seed)
    n = len(eigenvalues)
    cloud = rng.standard_normal((m, n))
    u, _ = np.linalg.qr(cloud - cloud.mean(axis=0))
    v, _ = np.linalg.qr(rng.standard_normal((n, n)))
    return np.sqrt(m) * (u * np.sqrt(eigenvalues)) @ v.T + rng.uniform(-3, 3, n)


def whitener(X, eps):
    mean = X.mean(axis=0)
    e, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, e, V


def judged(X, result, eps):
    seen = Evidence((Call("f", (X,)),), (Outcome(result),))
    return evaluate("pca_whitener", {"eps": eps}, seen)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([0.0, 1e-5, 0.3]), st.integers(1, 5))
def test_pca_whitener_holds_in_any_order_and_with_any_signs(seed, eps, n):
    rng = np.random.default_rng(seed)
    X = inputs_with(rng.uniform(0.05, 4, n), seed=seed)
    mean, e, V = whitener(X, eps)
    order, signs = rng.permutation(n), rng.choice([-1, 1], n)
    P = (V / np.sqrt(e + eps))[:, order] * signs
    assert judged(X, (mean, P), eps) is None
    assert judged(X, (mean.astype(np.float32), P.astype(np.float32)), eps) is None


def test_pca_whitener_takes_any_basis_of_equal_eigenvalues():
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    X = inputs_with([1.0, 1.0, 3.0])
    mean, e, V = whitener(X, 0.1)
    V[:, :2] = V[:, :2] @ turn
    assert judged(X, (mean, V / np.sqrt(e + 0.1)), 0.1) is None
    flat = np.array([[1.0, 2.0, 3.0]])
    assert judged(flat, (flat[0], np.eye(3)[::-1] / np.sqrt(0.1)), 0.1) is None


def test_pca_whitener_names_what_is_wrong():
    X, eps = inputs_with([0.2, 1.0, 3.0]), 0.1
    mean, e, V = whitener(X, eps)
    P = V / np.sqrt(e + eps)
    twice = P.copy()
    twice[:, 0] = P[:, 1]
    wrong = {
        "not eigenvectors": (mean, P @ V.T),
        "wrong lengths": (mean, V / np.sqrt(e + 2 * eps)),
        "is there twice": (mean, twice),
        "is zero": (mean, P * [1, 0, 1]),
        "expected the shape": (mean, P[:, :2]),
        "expected the pair": P,
        "nan or infinity": (mean, P * np.nan),
        "result[0]": (mean + 0.01, P),
    }
    for words, result in wrong.items():
        assert words in judged(X, result, eps).message
    assert judged(X, [mean, P], eps).kind == "wrong_type"


def test_pca_whitener_measures_do_not_depend_on_order_or_signs():
    X = inputs_with([0.2, 1.0, 3.0])
    mean, e, V = whitener(X, 0.1)
    for wrong in (V / np.sqrt(e + 0.1) @ V.T, V / (e + 0.1), V):
        measures = [judged(X, (mean, P), 0.1).measure for P in (wrong, -wrong[:, ::-1])]
        assert measures[0] == pytest.approx(measures[1], rel=1e-9)
    slanted = inputs_with([1.0, 1.0, 3.0])
    mean, e, V = whitener(slanted, 0.1)
    V[:, 1] = (V[:, 0] + V[:, 1]) / np.sqrt(2)
    assert "go together" in judged(slanted, (mean, V / np.sqrt(e + 0.1)), 0.1).message
