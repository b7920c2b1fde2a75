"""How the exercises of lesson 05 are judged."""

# Wrong and right solutions are written the way students write them.
# ruff: noqa: B007, B905, RUF005, RUF059, SIM300

from __future__ import annotations

from typing import Any

import numpy as np

from autograde.check.cases import Call, Case, Property
from autograde.check.codec import StandIn
from autograde.judge.catalogue import Equivalent, Exercise

Rng = np.random.Generator

# --- what the cases are made of --------------------------------------------------------------------------------------


def table(rng: Rng, m: int, n: int) -> Any:
    """Features of means between -3 and 3 and standard deviations between a half and 4."""
    return rng.uniform(-3, 3, n) + rng.uniform(0.5, 4, n) * rng.standard_normal((m, n))


def pixels(rng: Rng, *shape: int, high: int = 256) -> Any:
    """Pictures of bytes below ``high``."""
    return rng.integers(0, high, shape, dtype=np.uint8)


def fortran(array: Any) -> StandIn:
    """The same array in the other memory order."""
    return StandIn("fortran_ordered", {"array": array})


def gradient_norms(X: Any, y: Any, learning_rate: float, count: int) -> Any:
    """The gradient's norm after 0 … ``count`` updates of least squares from zero."""
    w, norms = np.zeros(X.shape[1]), []
    for _ in range(count + 1):
        gradient = X.T @ (X @ w - y) / len(y)
        norms.append(np.linalg.norm(gradient))
        w = w - learning_rate * gradient
    return np.array(norms)


def tolerance_for(X: Any, y: Any, learning_rate: float, count: int) -> float:
    """A tolerance that is reached after exactly ``count`` updates, halfway between two norms, far from rounding."""
    norms = gradient_norms(X, y, learning_rate, count)
    assert norms[-1] < 0.999 * norms[:-1].min(), "the norms are too close to one another to count by"
    return float(np.sqrt(norms[-1] * norms[:-1].min()))


def curvatures(X: Any) -> Any:
    """Eigenvalues of ``X.T X / m``, ascending."""
    return np.linalg.eigvalsh(X.T @ X / len(X))


def stretched(rng: Rng, m: int, eigenvalues: list[float]) -> Any:
    """Random inputs whose ``X.T X / m`` has just these eigenvalues, in directions between the axes."""
    n = len(eigenvalues)
    U, _ = np.linalg.qr(rng.standard_normal((m, n)))
    V, _ = np.linalg.qr(rng.standard_normal((n, n)))
    return np.sqrt(m) * (U * np.sqrt(eigenvalues)) @ V.T


# --- fit_standardizer ------------------------------------------------------------------------------------------------

fit_standardizer = Exercise(
    "fit_standardizer",
    points=3,
    hints=(
        "One number per feature, so per column. Which axis has to go?",
        "`X.mean(axis=0)` and `X.std(axis=0)` are nearly all of it. Then ask of each column whether its largest value "
        "equals its smallest.",
        "Compare `X.max(axis=0)` with `X.min(axis=0)` and let `np.where` put a 1 where they are equal. Asking whether "
        "the standard deviation is 0 does not do it: rounding leaves a crumb.",
    ),
    not_checked=("a single row", "integers", "large constants"),
)


@fit_standardizer.visible
def _(rng: Rng) -> Any:
    name = "fit_standardizer"
    X = np.array([[1.0, 100.0], [3.0, 200.0], [8.0, 300.0], [4.0, 800.0]])
    yield Case("four examples of two features", (Call(name, (X,)),))
    X = np.array([[5.0, 0.1, 2.0], [5.0, 0.1, 4.0], [5.0, 0.1, 9.0]])
    yield Case("a feature that is always 5 and one that is always 0.1", (Call(name, (X,)),))
    X = np.array([[3e-9, 1.0], [5e-9, 3.0], [-2e-9, 2.0]])
    yield Case("a feature of a few billionths, which is not constant", (Call(name, (X,)),))


@fit_standardizer.hidden
def _(rng: Rng) -> Any:
    name = "fit_standardizer"
    yield Case("a larger table", (Call(name, (table(rng, 30, 4),)),))
    yield Case("more features than examples", (Call(name, (table(rng, 3, 7),)),))
    yield Case("as many features as examples", (Call(name, (table(rng, 4, 4),)),))
    yield Case("a single row", (Call(name, (table(rng, 1, 3),)),))
    yield Case("a single feature", (Call(name, (table(rng, 6, 1),)),))
    yield Case("integers", (Call(name, (rng.integers(-20, 20, (7, 3)),)),))
    yield Case("two examples", (Call(name, (table(rng, 2, 3),)),))
    # Sums of these constants are rounded, so that their standard deviations come out as a crumb or as a whole number.
    mixed = table(rng, 7, 5)
    mixed[:, 1], mixed[:, 2], mixed[:, 4] = 0.1, -1e15 / 3, 123456789.123
    yield Case("constant features whose rounded deviations are not zero", (Call(name, (mixed,)),))
    zeros = table(rng, 10, 3)
    zeros[:, 1] = 0.0
    yield Case("a feature of zeros", (Call(name, (zeros,)),))
    # Steps of 2**-20 beside 2, and eight of them: even the mean of the squares is exact.
    nearly = table(rng, 8, 3)
    nearly[:, 0] = 2.0 + 2.0**-20 * rng.permutation(8)
    nearly[:, 2] *= 1e-15
    yield Case("features that are nearly constant", (Call(name, (nearly,)),))
    rare = np.zeros((40, 2))
    rare[11, 0] = rare[5:25, 1] = 1.0
    yield Case("columns of zeros and ones", (Call(name, (rare,)),))
    whole = np.full((5, 3), 7)
    whole[:, 1] = rng.permutation(5)
    yield Case("integers, some of them constant", (Call(name, (whole,)),))
    single = table(rng, 11, 3).astype(np.float32)
    single[:, 1] = 0.1
    yield Case("float32 with a constant feature", (Call(name, (single,)),))
    yield Case("an array that lies column by column in memory", (Call(name, (fortran(table(rng, 5, 3)),)),))
    yield Case("X given by name", (Call(name, (), {"X": table(rng, 8, 2)}),))


@fit_standardizer.misconception(
    "You average over each example. Every feature has a scale of its own: go down the columns, with axis=0."
)
def per_example(X):
    return X.mean(axis=1), X.std(axis=1)


@fit_standardizer.misconception(
    "One mean and one standard deviation for the whole table mix milligrams with metres. Take them per column."
)
def for_the_whole_table(X):
    return X.mean(), X.std()


@fit_standardizer.misconception(
    "Your standard deviations are a little too large: you divide by m - 1. In this course they have ddof=0."
)
def divides_by_one_less(X):
    return X.mean(axis=0), np.where(X.max(axis=0) == X.min(axis=0), 1.0, X.std(axis=0, ddof=1))


@fit_standardizer.misconception("These are variances. The standard deviation is their root.")
def returns_variances(X):
    return X.mean(axis=0), np.where(X.max(axis=0) == X.min(axis=0), 1.0, X.var(axis=0))


@fit_standardizer.misconception(
    "A constant feature keeps the standard deviation that NumPy computes, 0 or a crumb beside it. Dividing by it gives "
    "nan, or makes numbers of noise: put a 1 there."
)
def leaves_constant_features(X):
    return X.mean(axis=0), X.std(axis=0)


@fit_standardizer.misconception(
    "A constant feature may slip through: the standard deviation of three times 0.1 is not 0 but 1e-17, because the "
    "mean is rounded. Compare the largest value with the smallest."
)
def waits_for_an_exact_zero(X):
    std = X.std(axis=0)
    return X.mean(axis=0), np.where(std == 0, 1.0, std)


@fit_standardizer.misconception(
    "You call a feature constant when its spread is below a fixed threshold. A feature measured in metres may vary by "
    "billionths and still tell a lot. Compare the largest value with the smallest."
)
def has_a_threshold(X):
    std = X.std(axis=0)
    return X.mean(axis=0), np.where(std < 1e-8, 1.0, std)


@fit_standardizer.misconception(
    "You add a small number to the standard deviation. That changes every feature a little and turns a constant one "
    "into a division by almost nothing. Put a 1 where a feature is constant and leave the others alone."
)
def adds_a_small_number(X):
    return X.mean(axis=0), X.std(axis=0) + 1e-5


@fit_standardizer.misconception(
    "This is the range, largest minus smallest: min-max scaling, which one outlier decides. Here the standard "
    "deviation is asked for."
)
def takes_the_range(X):
    spread = X.max(axis=0) - X.min(axis=0)
    return X.mean(axis=0), np.where(spread == 0, 1.0, spread)


@fit_standardizer.misconception(
    "Your arrays have the shape (1, n). Leave keepdims out: a vector of shape (n,) is subtracted from every row too."
)
def keeps_the_axis(X):
    std = np.where(np.ptp(X, axis=0) == 0, 1.0, X.std(axis=0))
    return X.mean(axis=0, keepdims=True), std[np.newaxis]


@fit_standardizer.misconception("The two have changed places: the mean comes first.")
def swaps_the_pair(X):
    std = np.where(X.max(axis=0) == X.min(axis=0), 1.0, X.std(axis=0))
    return std, X.mean(axis=0)


@fit_standardizer.misconception(
    "This is the standardised table. Return what it takes to make it, mean and standard deviation: they are needed "
    "again for every example that comes later."
)
def standardises_at_once(X):
    return (X - X.mean(axis=0)) / np.where(np.ptp(X, axis=0) == 0, 1.0, X.std(axis=0))


@fit_standardizer.misconception(
    "For a constant feature your mean is 0. Only its standard deviation is replaced; its mean stays."
)
def drops_the_mean_of_a_constant(X):
    constant = X.max(axis=0) == X.min(axis=0)
    return np.where(constant, 0.0, X.mean(axis=0)), np.where(constant, 1.0, X.std(axis=0))


@fit_standardizer.misconception("The pair is a list. Write `return mean, std`: a pair is a tuple.")
def returns_a_list(X):
    return [X.mean(axis=0), np.where(X.max(axis=0) == X.min(axis=0), 1.0, X.std(axis=0))]


@fit_standardizer.misconception(
    "You measure the spread around zero. The standard deviation is measured around the mean: subtract it first."
)
def spread_around_zero(X):
    rms = np.sqrt((X**2).mean(axis=0, dtype=float))
    return X.mean(axis=0), np.where(X.max(axis=0) == X.min(axis=0), 1.0, rms)


@fit_standardizer.alternative
def in_a_loop_over_columns(X):
    mean, std = [], []
    for column in X.T:
        values = [float(v) for v in column]
        centre = sum(values) / len(values)
        spread = (sum((v - centre) ** 2 for v in values) / len(values)) ** 0.5
        mean.append(centre)
        std.append(spread if max(values) > min(values) else 1.0)
    return np.array(mean), np.array(std)


@fit_standardizer.alternative
def by_ptp_and_a_mask(X):
    X = np.asarray(X, dtype=np.float64)
    mean = np.einsum("ij->j", X) / X.shape[0]
    std = np.sqrt(np.einsum("ij,ij->j", X - mean, X - mean) / X.shape[0])
    std[np.ptp(X, axis=0) == 0] = 1
    return mean, std


@fit_standardizer.alternative
def against_the_first_row(X):
    varies = np.any(X != X[0], axis=0)
    mean, std = np.average(X, axis=0), np.ones(X.shape[1], dtype=np.float32 if X.dtype == np.float32 else float)
    std[varies] = np.std(X[:, varies], axis=0)
    return mean, std


@fit_standardizer.alternative
def from_the_mean_of_squares(X):
    X = X.astype(float)
    mean = X.sum(0) / len(X)
    variance = np.maximum((X**2).mean(0) - mean**2, 0)
    return mean, np.where([np.unique(c).size == 1 for c in X.T], 1, np.sqrt(variance))


@fit_standardizer.alternative
def by_apply_along_axis(X):
    def spread(column):
        return 1.0 if np.ptp(column) == 0 else np.cov(column, ddof=0) ** 0.5

    return np.apply_along_axis(np.mean, 0, X), np.apply_along_axis(spread, 0, X)


# --- standardize -----------------------------------------------------------------------------------------------------

standardize = Exercise(
    "standardize",
    points=2,
    hints=(
        "Nothing is measured here. The mean and the standard deviation arrive as arguments.",
        "Subtract `mean` from every row, then divide by `std`. NumPy repeats a vector of shape (n,) for every row.",
        "Put brackets round the difference: division binds more tightly. And make a new array: `-=` would change the "
        "caller's.",
    ),
    not_checked=("a single row", "features with a tiny standard deviation", "integers"),
)


@standardize.visible
def _(rng: Rng) -> Any:
    name = "standardize"
    X = np.array([[1.0, 100.0], [3.0, 200.0], [5.0, 900.0]])
    mean, std = np.array([3.0, 500.0]), np.array([2.0, 200.0])
    yield Case("three examples, with a mean and a std from elsewhere", (Call(name, (X, mean, std)),))
    mean, std = np.array([2.0, 300.0, 5.0]), np.array([0.5, 100.0, 1.0])
    X = np.array([[3.0, 50.0, 5.0], [1.0, 900.0, 7.0]])
    yield Case("two examples of three features", (Call(name, (X, mean, std)),))


@standardize.hidden
def _(rng: Rng) -> Any:
    name = "standardize"

    def scaler(n: int) -> tuple[Any, Any]:
        return rng.uniform(-3, 3, n), rng.uniform(0.3, 4, n)

    yield Case("a larger table", (Call(name, (table(rng, 20, 4), *scaler(4))),))
    yield Case("as many features as examples", (Call(name, (table(rng, 3, 3), *scaler(3))),))
    yield Case("a single row", (Call(name, (table(rng, 1, 5), *scaler(5))),))
    yield Case("a single feature", (Call(name, (table(rng, 6, 1), *scaler(1))),))
    yield Case("integers", (Call(name, (rng.integers(-9, 9, (5, 2)), *scaler(2))),))
    tiny = np.array([1.0, 3e-9])
    yield Case(
        "a feature with a tiny standard deviation",
        (Call(name, (rng.standard_normal((6, 2)) * tiny, np.array([0.5, 1e-9]), tiny)),),
    )
    far = rng.uniform(20, 60, (5, 3)) * np.array([1.0, -1.0, 1.0])
    yield Case("examples far from the mean", (Call(name, (far, *scaler(3))),))
    single = [a.astype(np.float32) for a in (table(rng, 6, 3), *scaler(3))]
    yield Case("float32", (Call(name, tuple(single)),))
    mean, std = scaler(3)
    yield Case("arguments given by name", (Call(name, (), {"std": std, "X": table(rng, 4, 3), "mean": mean}),))


@standardize.misconception(
    "You measure X again. Use the mean and the std that you are given: the same ones for every set, or the sets end "
    "up on different scales."
)
def measures_again(X, mean, std):
    return (X - X.mean(axis=0)) / np.where(np.ptp(X, axis=0) == 0, 1, X.std(axis=0))


@standardize.misconception(
    "Only the mean is divided by std: division binds more tightly than subtraction. Put brackets round the difference."
)
def lacks_brackets(X, mean, std):
    return X - np.asarray(mean) / std


@standardize.misconception("You divide by the variance, std squared. Divide by the standard deviation.")
def divides_by_the_variance(X, mean, std):
    return (X - mean) / np.asarray(std) ** 2


@standardize.misconception("You divide by the mean. The mean is subtracted; it is std that you divide by.")
def divides_by_the_mean(X, mean, std):
    return (X - mean) / mean


@standardize.misconception("The mean is subtracted, but the scale is still the old one: divide by std as well.")
def only_centres(X, mean, std):
    return X - mean


@standardize.misconception("You divide by std, but the values are not centred: subtract the mean first.")
def only_scales(X, mean, std):
    return X / std


@standardize.misconception("You add the mean. To bring the centre to zero, subtract it.")
def adds_the_mean(X, mean, std):
    return (X + mean) / std


@standardize.misconception(
    "You multiply by std, which makes wide features wider still. Divide: one standard deviation becomes 1."
)
def multiplies_by_std(X, mean, std):
    return (X - mean) * std


@standardize.misconception(
    "Your X is changed where it lies: `-=` and `/=` write into the caller's array, and standardising it a second time "
    "would start from the changed one. Write `X - mean`, which makes a new array."
)
def works_in_place(X, mean, std):
    X -= mean
    X /= std
    return X


@standardize.misconception(
    "You cut the values off at -1 and 1. Standardised values are no percentages: with a standard deviation of 1, about "
    "a third of them lie outside."
)
def cuts_off(X, mean, std):
    return np.clip((X - mean) / std, -1, 1)


@standardize.misconception(
    "You add a small number to std. It has been taken care of where std was made; here it spoils small features."
)
def adds_a_small_number_below(X, mean, std):
    return (X - mean) / (np.asarray(std) + 1e-6)


@standardize.misconception(
    "You multiply by std and add the mean. That is the way back, from standardised values to the old scale."
)
def goes_the_way_back(X, mean, std):
    return X * std + mean


@standardize.alternative
def entry_by_entry(X, mean, std):
    Z = np.empty(X.shape)
    for i in range(X.shape[0]):
        for j in range(X.shape[1]):
            Z[i, j] = (X[i, j] - mean[j]) / std[j]
    return Z


@standardize.alternative
def in_place_on_a_copy(X, mean, std):
    Z = np.array(X, dtype=np.float64)
    Z -= mean
    Z /= std
    return Z


@standardize.alternative
def as_one_affine_map(X, mean, std):
    scale = 1 / np.asarray(std)
    return X * scale + (-np.asarray(mean) * scale)


@standardize.alternative
def column_by_column(X, mean, std):
    return np.column_stack([(column - a) / b for column, a, b in zip(X.T, mean, std)])


# --- scale_pixels ----------------------------------------------------------------------------------------------------

scale_pixels = Exercise(
    "scale_pixels",
    points=1,
    hints=(
        "A byte holds 0 to 255. Which number has to become 1?",
        "The scale is known beforehand: it does not depend on the pictures that happen to come.",
        "Divide by 255 with `/`, which makes floats of integers. `//` cuts them off.",
    ),
    not_checked=("arrays of any number of axes", "pictures that are all black or all white"),
)


@scale_pixels.visible
def _(rng: Rng) -> Any:
    dark = np.array([[[0, 51], [102, 153]]], dtype=np.uint8)
    yield Case("one dark picture of 2 × 2 pixels", (Call("scale_pixels", (dark,)),))
    yield Case("two rows of pixels", (Call("scale_pixels", (np.array([[255, 1, 0], [128, 200, 5]], dtype=np.uint8),)),))


@scale_pixels.hidden
def _(rng: Rng) -> Any:
    name = "scale_pixels"
    yield Case("colour pictures", (Call(name, (pixels(rng, 3, 4, 5, 3),)),))
    yield Case("grey pictures", (Call(name, (pixels(rng, 4, 6, 5),)),))
    yield Case("pictures as rows", (Call(name, (pixels(rng, 5, 12),)),))
    yield Case("a single picture", (Call(name, (pixels(rng, 1, 3, 4, 3),)),))
    yield Case("a film of colour pictures", (Call(name, (pixels(rng, 2, 3, 4, 5, 3),)),))
    yield Case("a row of pixels", (Call(name, (pixels(rng, 9),)),))
    yield Case("black pictures", (Call(name, (np.zeros((2, 3, 3), dtype=np.uint8),)),))
    yield Case("white pictures", (Call(name, (np.full((2, 3, 3), 255, dtype=np.uint8),)),))
    yield Case("nothing but bytes 0 and 1", (Call(name, (rng.permutation(18).reshape(2, 3, 3).astype(np.uint8) % 2,)),))
    yield Case("dark pictures", (Call(name, (pixels(rng, 2, 4, 4, high=60),)),))
    yield Case("bright pictures", (Call(name, (255 - pixels(rng, 2, 4, 4, high=60),)),))
    yield Case("every byte there is", (Call(name, (np.arange(256, dtype=np.uint8).reshape(16, 16),)),))
    yield Case("images given by name", (Call(name, (), {"images": pixels(rng, 2, 3, 3)}),))


@scale_pixels.misconception("You divide by 256. The largest byte is 255, and it has to become 1.")
def divides_by_256(images):
    return images / 256


@scale_pixels.misconception(
    "You divide by the brightest pixel that happens to be there. The next batch has another one, and black pictures "
    "give nan. The scale of a byte is fixed: 255."
)
def divides_by_the_brightest(images):
    return images / images.max()


@scale_pixels.misconception(
    "You stretch from the darkest to the brightest pixel. That depends on the batch: the same picture would look "
    "different in another one. Only divide, by 255."
)
def stretches_from_min_to_max(images):
    low, high = float(images.min()), float(images.max())
    return (images - low) / (high - low)


@scale_pixels.misconception(
    "Nearly all pixels become 0: `//` is the integer division and cuts the fraction off. Write `/`."
)
def cuts_the_fraction_off(images):
    return images // 255


@scale_pixels.misconception(
    "Your values run from -1 to 1. That is a common scale too, but here the pixels are to lie between 0 and 1."
)
def from_minus_one_to_one(images):
    return images / 127.5 - 1


@scale_pixels.misconception("The type has changed, the scale has not: floats from 0 to 255 still have to be divided.")
def only_changes_the_type(images):
    return images.astype(float)


@scale_pixels.misconception(
    "`images /= 255` would have to store fractions in an array of bytes, which NumPy refuses, and it would write into "
    "the caller's array. Return a new one, `images / 255`."
)
def divides_in_place(images):
    images /= 255
    return images


@scale_pixels.misconception("You divide by 100, as for percentages. A byte goes up to 255.")
def divides_by_one_hundred(images):
    return images / 100


@scale_pixels.misconception(
    "This is standardising: mean 0 and deviation 1, measured on these pictures. Here a fixed scale is asked for."
)
def standardises(images):
    return (images - images.mean()) / (images.std() + 1e-8)


@scale_pixels.alternative
def in_single_precision(images):
    return images.astype(np.float32) * np.float32(1 / 255)


@scale_pixels.alternative
def by_a_table_of_bytes(images):
    return np.linspace(0, 1, 256)[images]


@scale_pixels.alternative
def by_true_divide_into_a_new_array(images):
    result = np.empty(images.shape)
    np.true_divide(images, 255.0, out=result)
    return result


@scale_pixels.alternative
def pixel_by_pixel(images):
    scaled = [int(value) / 255 for value in images.flat]
    return np.array(scaled).reshape(images.shape)


# --- channel_means ---------------------------------------------------------------------------------------------------

channel_means = Exercise(
    "channel_means",
    points=2,
    hints=(
        "How many numbers come out of pictures with three channels? Which axes have to go?",
        "The axes are (pictures, height, width, channels). Average over all of them but the last.",
        "`mean` takes a tuple of axes: `axis=(0, 1, 2)`.",
    ),
    not_checked=("one channel or five", "many bright pictures"),
)


@channel_means.visible
def _(rng: Rng) -> Any:
    name = "channel_means"
    picture = np.array([[[[10, 0, 200], [20, 2, 201]]], [[[30, 4, 202], [41, 5, 255]]]], dtype=np.uint8)
    yield Case("two pictures of 1 × 2 pixels, three channels", (Call(name, (picture,)),))
    yield Case("one picture of 2 × 3 pixels, two channels", (Call(name, (np.arange(12.0).reshape(1, 2, 3, 2) ** 2,)),))


@channel_means.hidden
def _(rng: Rng) -> Any:
    name = "channel_means"
    yield Case("pictures of bytes", (Call(name, (pixels(rng, 4, 5, 6, 3),)),))
    yield Case("pictures of floats", (Call(name, (rng.random((3, 4, 5, 3)),)),))
    yield Case("one channel", (Call(name, (pixels(rng, 3, 4, 2, 1),)),))
    yield Case("five channels", (Call(name, (rng.standard_normal((2, 4, 3, 5)),)),))
    yield Case("a single picture", (Call(name, (pixels(rng, 1, 3, 4, 3),)),))
    yield Case("pictures of one pixel", (Call(name, (pixels(rng, 5, 1, 1, 3),)),))
    yield Case("as many pictures as rows, columns and channels", (Call(name, (pixels(rng, 3, 3, 3, 3),)),))
    tinted = (rng.random((6, 8, 7, 3)) * np.array([255, 90, 20])).astype(np.uint8)
    yield Case("tinted pictures", (Call(name, (tinted,)),))
    yield Case("white pictures", (Call(name, (np.full((4, 9, 9, 3), 255, dtype=np.uint8),)),))
    yield Case("float32", (Call(name, (rng.random((3, 4, 5, 3)).astype(np.float32),)),))
    yield Case("images given by name", (Call(name, (), {"images": pixels(rng, 2, 5, 3, 4)}),))


@channel_means.misconception(
    "One number for all channels: average over pictures, rows and columns only, and keep the last axis."
)
def one_mean_for_all(images):
    return images.mean()


@channel_means.misconception(
    "You average over the pictures only: the result is a mean picture. Rows and columns have to go as well."
)
def a_mean_picture(images):
    return images.mean(axis=0)


@channel_means.misconception(
    "You have a row of means for each picture. All pictures together have one: the first axis has to go too."
)
def a_mean_for_each_picture(images):
    return images.mean(axis=(1, 2))


@channel_means.misconception(
    "You average over the last two or three axes, as if channels came first. Here they come last: (m, h, w, c)."
)
def channels_come_second(images):
    return images.mean(axis=(0, 2, 3))


@channel_means.misconception("The axes of length 1 are still there. Leave keepdims out: the shape is (c,).")
def keeps_the_axes(images):
    return images.mean(axis=(0, 1, 2), keepdims=True)


@channel_means.misconception(
    "The shape is right, the numbers are mixed: `reshape` cuts the pixels into c pieces in the order in which they lie "
    "in memory, where the channels take turns. The channels are the last axis: reshape to (-1, c) and average down."
)
def cuts_into_pieces(images):
    return images.reshape(images.shape[-1], -1).mean(axis=1)


@channel_means.misconception("You cut the fraction off. A mean of bytes is a float.")
def rounds_down(images):
    return np.floor(images.mean(axis=(0, 1, 2)))


@channel_means.misconception(
    "Your numbers are too small: the sum was kept in a byte, which starts again at 0 after 255. Let `mean` add up, "
    "or convert to floats first."
)
def adds_up_in_bytes(images):
    return images.sum(axis=(0, 1, 2), dtype=images.dtype) / (images.size / images.shape[-1])


@channel_means.misconception("These are sums. Divide by the number of pixels in a channel.")
def sums_up(images):
    return images.sum(axis=(0, 1, 2))


@channel_means.misconception("You divide by the number of pictures alone. Each picture has h * w pixels in a channel.")
def divides_by_the_pictures(images):
    return images.sum(axis=(0, 1, 2)) / len(images)


@channel_means.misconception("Your means are divided by 255. Leave the scale of the pictures as it is.")
def scales_as_well(images):
    return images.mean(axis=(0, 1, 2)) / 255


@channel_means.misconception("You look at the first picture only. Average over all of them.")
def of_the_first_picture(images):
    return images[0].mean(axis=(0, 1))


@channel_means.misconception("These are standard deviations. The means are asked for.")
def takes_the_deviations(images):
    return images.std(axis=(0, 1, 2))


@channel_means.alternative
def by_rows_of_pixels(images):
    return images.reshape(-1, images.shape[-1]).mean(axis=0)


@channel_means.alternative
def by_einsum(images):
    m, h, w, _ = images.shape
    return np.einsum("mhwc->c", images.astype(np.float64)) / (m * h * w)


@channel_means.alternative
def axis_after_axis(images):
    return images.mean(0).mean(0).mean(0)


@channel_means.alternative
def in_a_loop(images):
    means = np.zeros(images.shape[3])
    for channel in range(images.shape[3]):
        means[channel] = np.average(images[..., channel])
    return means


@channel_means.alternative
def in_integers_until_the_end(images):
    if images.dtype.kind == "f":
        return np.float32(images).mean(axis=tuple(range(images.ndim - 1)))
    return np.array([int(images[..., k].astype(object).sum()) / images[..., k].size for k in range(images.shape[-1])])


# --- subtract_channel_means ------------------------------------------------------------------------------------------

subtract_channel_means = Exercise(
    "subtract_channel_means",
    points=2,
    hints=(
        "The channels are the last axis, and NumPy lines shapes up from the end. What does `images - means` do?",
        "The result has negative numbers and fractions. Bytes have room for neither.",
        "Keep the means as floats, and subtract them from the pictures without writing into those.",
    ),
    not_checked=("one channel or five", "as many rows as channels"),
)


@subtract_channel_means.visible
def _(rng: Rng) -> Any:
    name = "subtract_channel_means"
    picture = np.array([[[[10, 0, 200], [20, 2, 201]]], [[[30, 4, 202], [41, 5, 255]]]], dtype=np.uint8)
    yield Case("two pictures of 1 × 2 pixels, three channels", (Call(name, (picture, np.array([25.5, 2.5, 120.0]))),))
    floats = np.arange(12.0).reshape(1, 3, 2, 2) / 10
    yield Case("one picture of 3 × 2 pixels, two channels", (Call(name, (floats, np.array([0.4, -0.2]))),))


@subtract_channel_means.hidden
def _(rng: Rng) -> Any:
    name = "subtract_channel_means"

    def means(c: int) -> Any:
        return rng.uniform(60, 200, c)

    yield Case("pictures of bytes", (Call(name, (pixels(rng, 3, 4, 5, 3), means(3))),))
    yield Case("as many rows and columns as channels", (Call(name, (pixels(rng, 2, 3, 3, 3), means(3))),))
    yield Case("as many pictures as channels", (Call(name, (pixels(rng, 4, 4, 4, 4), means(4))),))
    yield Case("one channel", (Call(name, (pixels(rng, 3, 4, 2, 1), means(1))),))
    yield Case("five channels of floats", (Call(name, (rng.random((2, 4, 3, 5)), rng.random(5))),))
    yield Case("a single picture", (Call(name, (pixels(rng, 1, 3, 4, 3), means(3))),))
    yield Case("dark pictures", (Call(name, (pixels(rng, 2, 3, 4, 3, high=20), means(3))),))
    yield Case("means that are whole numbers", (Call(name, (pixels(rng, 2, 3, 4, 3), np.array([128.0, 90.0, 201.0]))),))
    yield Case("means of zero", (Call(name, (pixels(rng, 2, 3, 4, 2), np.zeros(2))),))
    single = rng.random((2, 3, 4, 3)).astype(np.float32)
    yield Case("float32", (Call(name, (single, rng.random(3).astype(np.float32))),))
    given = {"means": means(2), "images": pixels(rng, 2, 5, 3, 2)}
    yield Case("arguments given by name", (Call(name, (), given),))


@subtract_channel_means.misconception(
    "Dark pixels come out bright: converted to bytes, 10 - 25 is 241, because a byte starts again at 255 below 0. "
    "Keep the means as floats; then the result is one too."
)
def wraps_around(images, means):
    return images - means.astype(images.dtype)


@subtract_channel_means.misconception(
    "Your result is converted back to the pictures' type. Bytes hold no negative numbers and no fractions: leave it as "
    "floats."
)
def converts_back(images, means):
    return (images - means).astype(images.dtype)


@subtract_channel_means.misconception(
    "You use the means of these pictures. Subtract the ones that are given: those of the training set, for every set."
)
def measures_the_pictures(images, means):
    return images - images.mean(axis=(0, 1, 2))


@subtract_channel_means.misconception(
    "`images -= means` would have to store negative fractions in an array of bytes, and it would write into the "
    "caller's array. Return a new one, `images - means`."
)
def subtracts_in_place(images, means):
    images -= means
    return images


@subtract_channel_means.misconception("You add the means. Subtract them, so that each channel is centred on zero.")
def adds_them(images, means):
    return images + means


@subtract_channel_means.misconception("One number is subtracted from all channels. Each channel has a mean of its own.")
def one_mean_from_all(images, means):
    return images - np.mean(means)


@subtract_channel_means.misconception("You cut negative values off at 0. Below the mean, a centred value is negative.")
def cuts_off_at_zero(images, means):
    return np.maximum(images - means, 0)


@subtract_channel_means.misconception("You take the distance from the mean. Its sign matters: leave `abs` out.")
def takes_the_distance(images, means):
    return np.abs(images - means)


@subtract_channel_means.misconception("The sign is the wrong way round: the means are subtracted from the pictures.")
def the_wrong_way_round(images, means):
    return means - images


@subtract_channel_means.misconception("You divide by the means. They are to be subtracted; the scale stays as it is.")
def divides_by_them(images, means):
    return images / np.where(means == 0, 1, means)


@subtract_channel_means.misconception(
    "You scale to [0, 1] as well. Here the scale stays as it is: pictures and means already share one."
)
def divides_by_255(images, means):
    return (images - means) / 255


@subtract_channel_means.misconception(
    "The means meet the wrong axis: with extra axes behind them they run along rows or columns, as if channels came "
    "first. NumPy lines shapes up from the end, and that is where the channels are: subtract `means` as it is."
)
def as_if_channels_came_first(images, means):
    return images - means[:, np.newaxis, np.newaxis]


@subtract_channel_means.alternative
def in_floats_first(images, means):
    result = images.astype(np.float64)
    result -= means
    return result


@subtract_channel_means.alternative
def channel_by_channel(images, means):
    return np.stack([images[..., k].astype(float) - float(means[k]) for k in range(len(means))], axis=-1)


@subtract_channel_means.alternative
def in_single_precision_(images, means):
    return np.subtract(images, means, dtype=np.float32, casting="same_kind")


@subtract_channel_means.alternative
def on_rows_of_pixels(images, means):
    flat = images.reshape(-1, images.shape[-1])
    return (flat + -means[None, :]).reshape(images.shape)


# --- hessian_condition_number ----------------------------------------------------------------------------------------

hessian_condition_number = Exercise(
    "hessian_condition_number",
    points=3,
    hints=(
        "Build the matrix first. For X of shape (m, n) it has the shape (n, n). It is symmetric.",
        "`np.linalg.eigvalsh` returns the eigenvalues of a symmetric matrix in ascending order. You need the last and "
        "the first.",
        "Divide the largest by the smallest. But look at the smallest first: if it is 0, or negative by rounding, the "
        "matrix is singular and the answer is `np.inf`.",
    ),
    not_checked=("a single example", "other singular matrices", "features of very large numbers"),
    equivalent=(
        Equivalent(
            "eigenvalues = np.linalg.eigvalsh(X.T @ X * len(X))",
            "a factor common to all eigenvalues cancels in the ratio",
        ),
    ),
)


def singular(label: str, X: Any) -> Case:
    """A case whose answer is infinity, or what rounding makes of it."""
    return Case(label, (Call("hessian_condition_number", (X,)),), (Property("number_above", {"bound": 1e12}),))


@hessian_condition_number.visible
def _(rng: Rng) -> Any:
    name = "hessian_condition_number"
    yield Case("features of scale 1 and 10", (Call(name, (np.array([[1.0, 10.0], [1.0, -10.0]]),)),))
    yield Case("three examples, not centred", (Call(name, (np.array([[1.0, 4.0], [2.0, 3.0], [3.0, 5.0]]),)),))
    yield Case("the same in a small unit", (Call(name, (np.array([[1e-7, 1e-6], [1e-7, -1e-6]]),)),))
    yield singular("a feature that comes twice", np.array([[0.1, 0.1], [0.3, 0.3], [0.7, 0.7]]))
    yield singular("two examples of three features", np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]]))


@hessian_condition_number.hidden
def _(rng: Rng) -> Any:
    name = "hessian_condition_number"
    yield Case("a larger table", (Call(name, (table(rng, 30, 4),)),))
    yield Case("features of very different scale", (Call(name, (table(rng, 20, 3) * np.array([1e-2, 1.0, 10.0]),)),))
    yield Case("a condition number of fifty million", (Call(name, (stretched(rng, 12, [1.0, 2.0, 5e7]),)),))
    yield Case("a condition number of 1", (Call(name, (stretched(rng, 9, [3.0, 3.0]),)),))
    yield Case("as many examples as features", (Call(name, (stretched(rng, 3, [0.4, 2.0, 5.0]),)),))
    yield Case("a single feature", (Call(name, (table(rng, 6, 1),)),))
    yield Case("one example of one feature", (Call(name, (np.array([[-3.0]]),)),))
    yield Case("features of very small numbers", (Call(name, (1e-8 * stretched(rng, 8, [1.0, 7.0]),)),))
    yield Case("features of very large numbers", (Call(name, (1e6 * stretched(rng, 8, [1.0, 7.0]),)),))
    yield Case("data far from the origin", (Call(name, (rng.standard_normal((15, 2)) + np.array([4.0, -5.0]),)),))
    yield Case("features that go together", (Call(name, (stretched(rng, 25, [0.05, 1.0, 1.95]),)),))
    yield Case("integers", (Call(name, (np.vstack([rng.integers(-9, 9, (8, 3)), 10 * np.eye(3, dtype=int)]),)),))
    yield Case("float32", (Call(name, (stretched(rng, 10, [1.0, 3.0, 8.0]).astype(np.float32),)),))
    yield singular("a column of zeros", np.column_stack([table(rng, 6, 2), np.zeros(6)]))
    X = table(rng, 9, 3)
    yield singular("a feature that is a sum of others", np.column_stack([X, X[:, 0] + X[:, 1]]))
    yield singular("a feature that comes twice, in another unit", np.column_stack([X[:, 0], 0.3 * X[:, 0]]))
    yield singular("more features than examples", rng.standard_normal((3, 4)))
    yield singular("a single example", table(rng, 1, 2))
    yield singular("a column of ones that comes twice", np.column_stack([np.ones(5), table(rng, 5, 1), np.ones(5)]))
    small = 1e-3 * rng.standard_normal((7, 1))
    yield singular("small numbers that come twice", np.column_stack([small, small]))
    yield singular("nothing but zeros", np.zeros((4, 2)))
    yield Case("X given by name", (Call(name, (), {"X": table(rng, 8, 2)}),))


@hessian_condition_number.misconception(
    "Your result is the root of the expected one: the singular values of X. The eigenvalues of X.T X are their squares."
)
def ratio_of_singular_values(X):
    return np.linalg.cond(X)


@hessian_condition_number.misconception(
    "You centre X first, as for a covariance. The cost sees X as it is, so take X.T X of X itself: that a large mean "
    "spoils the condition is part of the story."
)
def centres_first(X):
    X = X - X.mean(axis=0)
    e = np.linalg.eigvalsh(X.T @ X / len(X))
    return e[-1] / e[0] if e[0] > 0 else np.inf


@hessian_condition_number.misconception(
    "Your ratio is upside down: the largest eigenvalue goes above the smallest. A condition number is at least 1."
)
def upside_down(X):
    e = np.linalg.eigvalsh(X.T @ X / len(X))
    return e[0] / e[-1]


@hessian_condition_number.misconception(
    "You compare the entries of the diagonal, which are the features' own mean squares. When features go together the "
    "eigenvalues lie further apart than these."
)
def ratio_of_the_diagonal(X):
    d = (X**2).mean(axis=0)
    return d.max() / d.min()


@hessian_condition_number.misconception(
    "For a singular matrix your result is negative or nan: rounding makes a little negative number of the smallest "
    "eigenvalue, or 0 / 0 is computed. Return np.inf when the smallest is not positive."
)
def divides_without_looking(X):
    e = np.linalg.eigvalsh(X.T @ X / len(X))
    return e[-1] / e[0]


@hessian_condition_number.misconception(
    "X X.T has the shape (m, m) and compares examples. The Hessian compares parameters: X.T X, of shape (n, n)."
)
def compares_examples(X):
    e = np.linalg.eigvalsh(X @ X.T / len(X))
    return e[-1] / e[0] if e[0] > 1e-13 * e[-1] else np.inf


@hessian_condition_number.misconception(
    "With more features than examples X has only m singular values; the other eigenvalues of X.T X are zero, and the "
    "condition number is inf. Yours leaves them out."
)
def forgets_the_zero_eigenvalues(X):
    s = np.linalg.svd(X, compute_uv=False)
    return (s[0] / s[-1]) ** 2 if s[-1] > 0 else np.inf


@hessian_condition_number.misconception(
    "You leave zero eigenvalues out of the comparison. A direction without any curvature is the worst case, not none: "
    "the answer is inf."
)
def leaves_zeros_out(X):
    e = np.linalg.eigvalsh(X.T @ X / len(X))
    e = e[e > 1e-10 * e[-1]]
    return e[-1] / e[0] if e.size else 1.0


@hessian_condition_number.misconception(
    "You add a small number to the smallest eigenvalue. A singular matrix then looks merely bad, and the result "
    "depends on the unit of X."
)
def adds_a_small_number_to_the_smallest(X):
    e = np.linalg.eigvalsh(X.T @ X / len(X))
    return e[-1] / (e[0] + 1e-8)


@hessian_condition_number.misconception(
    "You call the matrix singular when its smallest eigenvalue is below a fixed threshold. Small numbers have small "
    "eigenvalues: only their ratio tells. Compare with the largest, or with 0."
)
def has_a_fixed_threshold(X):
    e = np.linalg.eigvalsh(X.T @ X / len(X))
    return e[-1] / e[0] if e[0] > 1e-12 else np.inf


@hessian_condition_number.misconception(
    "This is the largest eigenvalue alone. It says how large the learning rate may be; divide it by the smallest."
)
def the_largest_alone(X):
    return np.linalg.eigvalsh(X.T @ X / len(X))[-1]


@hessian_condition_number.misconception(
    "You standardise X first. The condition of the data as they are is asked for; standardising is the cure."
)
def standardises_first(X):
    X = (X - X.mean(axis=0)) / np.where(np.ptp(X, axis=0) == 0, 1, X.std(axis=0))
    e = np.linalg.eigvalsh(X.T @ X / len(X))
    return e[-1] / e[0] if e[0] > 0 else np.inf


@hessian_condition_number.alternative
def by_numpys_cond(X):
    return np.linalg.cond(X.T @ X / X.shape[0])


@hessian_condition_number.alternative
def from_singular_values_of_x(X):
    m, n = X.shape
    s = np.linalg.svd(X, compute_uv=False)
    if m < n or s[-1] <= 1e-12 * s[0]:
        return float("inf")
    return float(s[0] / s[-1]) ** 2


@hessian_condition_number.alternative
def by_eigvals_in_any_order(X):
    gram = np.einsum("ij,ik->jk", X.astype(float), X.astype(float))
    found = np.linalg.eigvals(gram / len(X))
    low, high = found.min(), found.max()
    return np.array(np.inf) if low <= high * 1e-14 else np.asarray(high / low)


@hessian_condition_number.alternative
def by_rank(X):
    H = np.dot(np.transpose(X), X) / len(X)
    if np.linalg.matrix_rank(H) < H.shape[0]:
        return np.inf
    return np.linalg.norm(H, 2) * np.linalg.norm(np.linalg.inv(H), 2)


@hessian_condition_number.alternative
def with_absolute_values(X):
    sizes = np.sort(np.abs(np.linalg.eigvalsh((X.T / len(X)) @ X)))
    with np.errstate(divide="ignore"):
        return sizes[-1] / sizes[0] if sizes.any() else np.inf


# --- gd_iterations ---------------------------------------------------------------------------------------------------

gd_iterations = Exercise(
    "gd_iterations",
    points=4,
    time_limit=30.0,
    hints=(
        "Three things come in turn: compute the gradient, look at its norm, make the update. What do you do first?",
        "The gradient is `X.T @ (X @ w - y) / m`. Loop over `range(max_iter)`; inside, return the loop's counter as "
        "soon as the norm is below `tol`.",
        "When the loop ends without that, return `max_iter`. A norm that has become nan is not below `tol`, so nothing "
        "special is needed for it; write the test so that nan does not end the loop.",
    ),
    not_checked=("more features than examples", "the default tol and max_iter", "a learning rate just above the limit"),
    equivalent=(
        Equivalent(
            "gradient = X.T @ (X @ w + y) / len(y)", "every gradient and every w change their signs, and no norm does"
        ),
        Equivalent(
            "while updates < max_iter and np.isfinite(w).any():",
            "a run with one infinite entry never gets below tol; it is given up a few updates later",
        ),
        Equivalent(
            "while updates <= max_iter and np.isfinite(w).all():",
            "after max_iter updates the answer is max_iter, whatever the norm is",
        ),
    ),
)


@gd_iterations.visible
def _(rng: Rng) -> Any:
    name = "gd_iterations"
    X, y = np.ones((2, 1)), np.array([2.0, 2.0])
    yield Case("the worked number", (Call(name, (X, y, 0.5), {"tol": 0.1}),))
    equal = (np.array([[1.0]]), np.array([2.0]), 0.5)
    yield Case("a norm that equals the tolerance on its way", (Call(name, equal, {"tol": 0.125}),))
    X, y = np.array([[1.0, 2.0], [2.0, -1.0], [3.0, 1.0]]), np.array([1.0, 0.5, 2.0])
    yield Case("three examples of two features", (Call(name, (X, y, 0.02), {"tol": 0.3}),))
    yield Case("a start that is the solution", (Call(name, (X, np.zeros(3), 0.1), {"max_iter": 50}),))
    yield Case("a learning rate so large that it overflows", (Call(name, (X, y, 1e6), {"max_iter": 60}),))
    yield Case("not done in 5 updates", (Call(name, (X, y, 0.01), {"max_iter": 5}),))


@gd_iterations.hidden
def _(rng: Rng) -> Any:
    name = "gd_iterations"

    def counted(label: str, X: Any, y: Any, share: float, count: int, more: int = 1000) -> Case:
        """A case that takes ``count`` updates, at a share of the largest stable learning rate."""
        learning_rate = share * 2 / float(curvatures(X)[-1])
        options = {"tol": tolerance_for(X, y, learning_rate, count), "max_iter": count + more}
        return Case(label, (Call(name, (X, y, learning_rate), options),))

    X = stretched(rng, 12, [0.8, 1.0, 2.0])
    y = X @ rng.uniform(1, 2, 3) + rng.standard_normal(12)
    yield counted("three features", X, y, 0.05, 40)
    yield counted("a learning rate close to the limit", X, y, 0.96, 17)
    X = stretched(rng, 15, [1.0, 30.0])
    y = X @ rng.uniform(1, 2, 2) + 0.3 * rng.standard_normal(15)
    yield counted("elongated contours", X, y, 0.5, 230)
    yield counted("labels of very large numbers", X, 1e12 * y, 0.5, 120)
    yield counted("done after the last update but one", X, y, 0.4, 60, more=1)
    yield counted("done after the last update", X, y, 0.4, 60, more=0)
    wide = stretched(rng, 5, [1.0, 1.5, 2.0]).T
    yield counted("more features than examples", wide, rng.uniform(1, 2, 3), 0.3, 25)
    yield counted("one example of one feature", np.array([[1.7]]), np.array([-2.3]), 0.2, 9)
    ones_first = np.column_stack([np.ones(6), rng.permutation(np.linspace(0.5, 3, 6))])
    yield counted("a column of ones beside a feature", ones_first, rng.uniform(5, 9, 6), 0.5, 45)
    many = stretched(rng, 200, [0.8, 1.2])
    yield counted("many examples", many, many @ np.array([1.0, -2.0]) + 1, 0.2, 12)
    whole, labels = np.array([[3, 1], [-1, 2], [2, 2], [0, -3]]), np.array([1, 0, 1, 0])
    yield counted("integers", whole, labels, 0.3, 14)

    # The gradient is proportional to y: y is chosen so that 1e-6 is reached after just so many updates.
    X = stretched(rng, 10, [1.0, 1.5])
    y = X @ rng.uniform(1, 2, 2)
    y = y * 1e-6 / tolerance_for(X, y, 0.2, 70)
    yield Case("the tolerance of the signature", (Call(name, (X, y, 0.2)),))
    yield Case("a gradient that is below the tolerance at once", (Call(name, (X, 1e-9 * y, 0.2)),))
    again = np.ones((4, 1))
    yield Case(
        "labels that the features do not reach",
        (Call(name, (again, np.array([1.0, -1.0, 2.0, -2.0]), 0.1), {"max_iter": 50}),),
    )
    # One number each, powers of two: nothing is rounded here, not even along eigenvectors.
    equal = (np.array([[2.0]]), np.array([4.0]), 0.125)
    yield Case("a norm that equals the tolerance on its way", (Call(name, equal, {"tol": 1.0, "max_iter": 50}),))
    yield Case("a norm that equals the tolerance at once", (Call(name, equal, {"tol": 8.0, "max_iter": 50}),))
    yield Case(
        "a learning rate exactly at the limit",
        (Call(name, (np.ones((1, 1)), np.array([1.0]), 2.0), {"max_iter": 300}),),
    )
    X = stretched(rng, 8, [0.5, 2.0])
    y = X @ rng.uniform(1, 2, 2) + rng.standard_normal(8)
    yield Case("a slow divergence", (Call(name, (X, y, 1.03), {"max_iter": 150}),))
    yield Case("an overflow, with the max_iter of the signature", (Call(name, (X, y, 50.0)),))
    yield Case("an overflow at once", (Call(name, (X, y, 1e300), {"max_iter": 40}),))
    yield Case("an overflow long before max_iter", (Call(name, (X, y, 30.0), {"max_iter": 3000, "tol": 0.01}),))
    yield Case("not done in the updates that are allowed", (Call(name, (X, y, 1e-4, 1e-3, 77)),))
    yield Case("no update allowed", (Call(name, (X, y, 0.1), {"max_iter": 0}),))
    single = stretched(rng, 6, [1.0, 1.2]).astype(np.float32)
    target = (single @ np.array([1.0, 2.0])).astype(np.float32)
    few = {"tol": tolerance_for(single.astype(float), target.astype(float), 0.5, 5)}
    yield Case("float32", (Call(name, (single, target, 0.5), few),))
    named = {"tol": 0.1, "learning_rate": 0.5, "y": np.array([2.0, 2.0]), "X": np.ones((2, 1)), "max_iter": 9}
    yield Case("arguments given by name", (Call(name, (), named),))


@gd_iterations.misconception(
    "You are one too low: after an update the norm is looked at, but that update is not counted yet."
)
def does_not_count_the_last_update(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    if np.linalg.norm(X.T @ y / len(y)) < tol:
        return 0
    for i in range(max_iter):
        if not np.isfinite(w).all():
            return max_iter
        w = w - learning_rate * X.T @ (X @ w - y) / len(y)
        if np.linalg.norm(X.T @ (X @ w - y) / len(y)) < tol:
            return i
    return max_iter


@gd_iterations.misconception(
    "You are one too high: the update is made before the norm is looked at, even when the gradient was small already. "
    "Compute the gradient, look at its norm, and only then step."
)
def steps_before_it_looks(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    for i in range(max_iter):
        gradient = X.T @ (X @ w - y) / len(y)
        if not np.isfinite(w).all():
            return max_iter
        w = w - learning_rate * gradient
        if np.linalg.norm(gradient) < tol:
            return i + 1
    return max_iter


@gd_iterations.misconception(
    "The 1/m is missing from the gradient: the cost is a mean over the examples. Your steps are m times too long."
)
def forgets_the_mean(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    for i in range(max_iter):
        gradient = X.T @ (X @ w - y)
        if np.linalg.norm(gradient) < tol:
            return i
        if not np.isfinite(w).all():
            return max_iter
        w = w - learning_rate * gradient
    return max_iter


@gd_iterations.misconception(
    "Your gradient is twice the right one: the ½ of the cost cancels the 2 that the square brings."
)
def forgets_the_half(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    for i in range(max_iter):
        gradient = 2 * X.T @ (X @ w - y) / len(y)
        if np.linalg.norm(gradient) < tol:
            return i
        if not np.isfinite(w).all():
            return max_iter
        w = w - learning_rate * gradient
    return max_iter


@gd_iterations.misconception(
    "You wait for the error of the predictions to vanish. With noise in y it never does; at the minimum it is the "
    "gradient that vanishes."
)
def waits_for_the_error(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    for i in range(max_iter):
        error = X @ w - y
        if np.linalg.norm(error) < tol:
            return i
        if not np.isfinite(w).all():
            return max_iter
        w = w - learning_rate * X.T @ error / len(y)
    return max_iter


@gd_iterations.misconception(
    "You compare the squared norm with tol, so you stop too early. Take the root, as np.linalg.norm does."
)
def squares_the_norm(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    for i in range(max_iter):
        gradient = X.T @ (X @ w - y) / len(y)
        if gradient @ gradient < tol:
            return i
        if not np.isfinite(w).all():
            return max_iter
        w = w - learning_rate * gradient
    return max_iter


@gd_iterations.misconception(
    "You compare the largest entry of the gradient with tol. The norm is the root of the sum of all squares, which is "
    "larger."
)
def takes_the_largest_entry(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    for i in range(max_iter):
        gradient = X.T @ (X @ w - y) / len(y)
        if np.abs(gradient).max() < tol:
            return i
        if not np.isfinite(w).all():
            return max_iter
        w = w - learning_rate * gradient
    return max_iter


@gd_iterations.misconception(
    "A divergent run counts as converged: the norm overflows to nan, and `while norm >= tol` ends, because every "
    "comparison with nan is false. Ask whether the norm is below tol, and return max_iter when that never happens."
)
def nan_ends_the_loop(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w, i = np.zeros(X.shape[1]), 0
    gradient = X.T @ (X @ w - y) / len(y)
    while np.linalg.norm(gradient) >= tol and i < max_iter:
        w = w - learning_rate * gradient
        gradient = X.T @ (X @ w - y) / len(y)
        i += 1
    return i


@gd_iterations.misconception(
    "You compare the length of the step, the learning rate times the norm, with tol. A small learning rate would then "
    "look like convergence. Compare the gradient's own norm."
)
def looks_at_the_step(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    for i in range(max_iter):
        step = learning_rate * (X.T @ (X @ w - y) / len(y))
        if np.linalg.norm(step) < tol:
            return i
        if not np.isfinite(w).all():
            return max_iter
        w = w - step
    return max_iter


@gd_iterations.misconception("You stop when the norm equals tol. It has to be below tol: write <, not <=.")
def stops_at_equality(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    for i in range(max_iter):
        gradient = X.T @ (X @ w - y) / len(y)
        if np.linalg.norm(gradient) <= tol:
            return i
        if not np.isfinite(w).all():
            return max_iter
        w = w - learning_rate * gradient
    return max_iter


@gd_iterations.misconception("You start at ones. Start at w = 0, as the exercise says: the count depends on it.")
def starts_at_ones(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.ones(X.shape[1])
    for i in range(max_iter):
        gradient = X.T @ (X @ w - y) / len(y)
        if np.linalg.norm(gradient) < tol:
            return i
        if not np.isfinite(w).all():
            return max_iter
        w = w - learning_rate * gradient
    return max_iter


@gd_iterations.misconception("When the updates run out you return None. The function has to end in `return max_iter`.")
def returns_nothing_at_the_end(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    for i in range(max_iter):
        gradient = X.T @ (X @ w - y) / len(y)
        if np.linalg.norm(gradient) < tol:
            return i
        if not np.isfinite(w).all():
            break
        w = w - learning_rate * gradient


@gd_iterations.misconception(
    "When the updates run out you return the last counter, which is max_iter - 1. All max_iter updates were made."
)
def ends_one_short(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w, i = np.zeros(X.shape[1]), 0
    for i in range(max_iter):
        gradient = X.T @ (X @ w - y) / len(y)
        if np.linalg.norm(gradient) < tol:
            break
        if not np.isfinite(w).all():
            return max_iter
        w = w - learning_rate * gradient
    return i


@gd_iterations.misconception("You add the gradient: that climbs. Descent subtracts it.")
def climbs(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    for i in range(max_iter):
        gradient = X.T @ (X @ w - y) / len(y)
        if np.linalg.norm(gradient) < tol:
            return i
        if not np.isfinite(w).all():
            return max_iter
        w = w + learning_rate * gradient
    return max_iter


@gd_iterations.misconception(
    "You return how far it came before it overflowed. A run that diverges never arrives: return max_iter for it."
)
def counts_up_to_the_overflow(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    for i in range(max_iter):
        gradient = X.T @ (X @ w - y) / len(y)
        norm = np.linalg.norm(gradient)
        if norm < tol or not np.isfinite(norm):
            return i
        w = w - learning_rate * gradient
    return max_iter


@gd_iterations.misconception(
    "You compare with tol times the first norm. Here tol is absolute: the norm itself has to fall below it."
)
def is_relative_to_the_start(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w, first = np.zeros(X.shape[1]), None
    for i in range(max_iter):
        gradient = X.T @ (X @ w - y) / len(y)
        norm = np.linalg.norm(gradient)
        first = norm if first is None else first
        if norm < tol * first:
            return i
        if not np.isfinite(w).all():
            return max_iter
        w = w - learning_rate * gradient
    return max_iter


@gd_iterations.misconception(
    "You take the mean of the gradient's squares instead of their sum, so the norm comes out too small by the root of "
    "n."
)
def takes_the_root_mean_square(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    for i in range(max_iter):
        gradient = X.T @ (X @ w - y) / len(y)
        if np.sqrt(np.mean(gradient**2)) < tol:
            return i
        if not np.isfinite(w).all():
            return max_iter
        w = w - learning_rate * gradient
    return max_iter


@gd_iterations.alternative
def by_the_normal_equations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    H, b = X.T @ X / len(X), X.T @ y / len(X)
    w, updates = np.zeros(len(b)), 0
    while updates < max_iter:
        gradient = H @ w - b
        if np.sqrt(np.sum(gradient**2)) < tol:
            break
        w -= learning_rate * gradient
        updates += 1
    return updates


@gd_iterations.alternative
def stops_when_it_overflows(X, y, learning_rate, tol=1e-6, max_iter=100000):
    m, n = X.shape
    w = np.zeros((n, 1))
    target = np.reshape(y, (m, 1))
    for done in range(max_iter + 1):
        gradient = np.matmul(X.T, np.matmul(X, w) - target) / m
        size = np.linalg.norm(gradient)
        if size < tol:
            return np.int64(done)
        if not np.isfinite(size):
            return max_iter
        w = w - learning_rate * gradient
    return max_iter


@gd_iterations.alternative
def the_gradient_itself_is_iterated(X, y, learning_rate, tol=1e-6, max_iter=100000):
    H = np.einsum("mi,mj->ij", X, X) / X.shape[0]
    g = -np.einsum("mi,m->i", X, y) / X.shape[0]
    count = 0
    while not np.hypot.reduce(g) < tol:
        if count >= max_iter or np.isnan(g).any():
            return np.array(max_iter)
        g = g - learning_rate * (H @ g)
        count += 1
    return np.array(count)


@gd_iterations.alternative
def in_plain_python(X, y, learning_rate, tol=1e-6, max_iter=100000):
    rows, labels = [[float(v) for v in row] for row in X], [float(v) for v in y]
    m, n = len(rows), len(rows[0])
    w = [0.0] * n
    for count in range(max_iter):
        errors = [sum(a * b for a, b in zip(row, w)) - t for row, t in zip(rows, labels)]
        gradient = [sum(rows[i][j] * errors[i] for i in range(m)) / m for j in range(n)]
        squares = sum(g * g for g in gradient)
        if squares != squares or squares == float("inf"):
            return max_iter
        if squares**0.5 < tol:
            return count
        w = [a - learning_rate * g for a, g in zip(w, gradient)]
    return max_iter


# --- fit_whitener ----------------------------------------------------------------------------------------------------

fit_whitener = Exercise(
    "fit_whitener",
    points=4,
    hints=(
        "Centre X, then build its covariance: (n, n), a mean over the examples.",
        "`np.linalg.eigh` returns the eigenvalues and V, whose columns are the eigenvectors. Each column has its own "
        "eigenvalue to be divided by.",
        "`V / np.sqrt(eigenvalues + eps)` divides column j by entry j: NumPy lines shapes up from the end. The mean of "
        "the columns of X is returned with it.",
    ),
    not_checked=("a single row", "equal eigenvalues", "float32"),
    equivalent=(Equivalent("centred = mean - X", "the covariance is a product of two of them: both signs cancel"),),
)


def whitening(label: str, X: Any, eps: float | None = None) -> Case:
    """Mean and P of X, with this eps or the one of the signature."""
    call = Call("fit_whitener", (X,), {} if eps is None else {"eps": eps})
    return Case(label, (call,), (Property("pca_whitener", {"eps": 1e-5 if eps is None else eps}),))


@fit_whitener.visible
def _(rng: Rng) -> Any:
    X = np.array([[1.0, 2.0], [3.0, 3.0], [5.0, 7.0], [-1.0, 0.0]])
    yield whitening("four examples of two features", X)
    yield whitening("the same examples and eps = 0.5", X, 0.5)
    cross = np.array([[3.0, 1.0, 0.0], [-3.0, 1.0, 0.0], [0.0, 2.0, 2.0], [0.0, 0.0, -2.0]])
    yield whitening("four examples of three features", cross)
    yield whitening("two examples of three features", np.array([[1.0, 5.0, 0.0], [7.0, 5.0, 8.0]]))


@fit_whitener.hidden
def _(rng: Rng) -> Any:
    def cloud(m: int, eigenvalues: list[float]) -> Any:
        """Centred inputs whose covariance has these eigenvalues, moved away from the origin."""
        n = len(eigenvalues)
        centred = rng.standard_normal((m, n))
        U, _ = np.linalg.qr(centred - centred.mean(axis=0))
        V, _ = np.linalg.qr(rng.standard_normal((n, n)))
        return np.sqrt(m) * (U * np.sqrt(eigenvalues)) @ V.T + rng.uniform(-2, 2, n)

    yield whitening("a larger table", table(rng, 30, 4))
    yield whitening("features that go together", cloud(25, [0.02, 1.0, 3.0]))
    yield whitening("a covariance with small eigenvalues", cloud(20, [2e-5, 1e-3, 1.0]))
    yield whitening("a large eps", cloud(20, [0.1, 1.0, 4.0]), 2.0)
    yield whitening("a tiny eps", cloud(20, [1e-4, 1.0, 4.0]), 1e-9)
    yield whitening("eps = 0", cloud(12, [0.5, 2.0]), 0.0)
    yield whitening("few examples", cloud(5, [0.3, 1.0, 2.0]))
    flat = table(rng, 12, 3)
    yield whitening("a feature that is a sum of others", np.column_stack([flat[:, :2], flat[:, 0] - flat[:, 1]]))
    constant = table(rng, 9, 3)
    constant[:, 1] = 4.0
    yield whitening("a constant feature", constant)
    # Two examples differ along one direction; the other two have the eigenvalue 0, and any basis of them will do.
    there = np.array([float(rng.integers(1, 5)), 2.0, -float(rng.integers(1, 5))])
    yield whitening("fewer examples than features", np.array([there - [3.0, 0.0, 4.0], there + [3.0, 0.0, 4.0]]))
    yield whitening("a single row", rng.integers(-5, 5, (1, 2)).astype(float), 0.1)
    yield whitening("a single feature", table(rng, 7, 1))
    round_ = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]) * float(rng.integers(2, 5)) + 3.0
    yield whitening("equal eigenvalues", round_, 0.1)
    yield whitening("nearly equal eigenvalues", cloud(30, [1.0, 1.0 + 1e-9, 2.0]))
    yield whitening("features without correlation", np.array([[3.0, 0.0], [-3.0, 0.0], [0.0, 1.0], [0.0, -1.0]]) - 2.0)
    yield whitening("integers", rng.integers(-9, 9, (12, 3)))
    yield whitening("float32", cloud(30, [0.5, 1.0, 2.0]).astype(np.float32), 0.01)


@fit_whitener.misconception(
    "You rotate back at the end (V D V.T): that is ZCA whitening. It whitens too and keeps pictures recognisable, but "
    "here the axes are to be the principal components: P is V, each column divided."
)
def zca(X, eps=1e-5):
    mean = X.mean(axis=0)
    e, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V / np.sqrt(e + eps) @ V.T


@fit_whitener.misconception("eps stands outside the root. It belongs to the eigenvalue: sqrt(eigenvalue + eps).")
def eps_outside_the_root(X, eps=1e-5):
    mean = X.mean(axis=0)
    e, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V / (np.sqrt(np.maximum(e, 0)) + eps)


@fit_whitener.misconception(
    "You divide by the eigenvalue, which is a variance. Divide by its root, the standard deviation along the component."
)
def forgets_the_root(X, eps=1e-5):
    mean = X.mean(axis=0)
    e, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V / (e + eps)


@fit_whitener.misconception(
    "The covariance was divided by m - 1, the default of np.cov. Here it is a mean over the m examples."
)
def covariance_over_one_less(X, eps=1e-5):
    mean = X.mean(axis=0)
    e, V = np.linalg.eigh((X - mean).T @ (X - mean) / max(len(X) - 1, 1))
    return mean, V / np.sqrt(e + eps)


@fit_whitener.misconception(
    "The eigenvectors are the columns of V, not its rows: divide V as it is, without transposing it."
)
def takes_rows_for_eigenvectors(X, eps=1e-5):
    mean = X.mean(axis=0)
    e, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V.T / np.sqrt(e + eps)


@fit_whitener.misconception(
    "You divide the rows of V. Column j belongs to eigenvalue j: divide by a vector of shape (n,), without a new axis."
)
def divides_the_rows(X, eps=1e-5):
    mean = X.mean(axis=0)
    e, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V / np.sqrt(e + eps)[:, np.newaxis]


@fit_whitener.misconception(
    "X is not centred: these are the eigenvectors of X.T X / m. The covariance is taken around the mean."
)
def does_not_centre(X, eps=1e-5):
    e, V = np.linalg.eigh(X.T @ X / len(X))
    return X.mean(axis=0), V / np.sqrt(e + eps)


@fit_whitener.misconception(
    "This turns the data to their principal components but leaves the lengths: divide each column by the root of its "
    "eigenvalue plus eps."
)
def only_rotates(X, eps=1e-5):
    mean = X.mean(axis=0)
    e, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V


@fit_whitener.misconception("You multiply by the root, which stretches long directions further. Divide by it.")
def multiplies_by_the_root(X, eps=1e-5):
    mean = X.mean(axis=0)
    e, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V * np.sqrt(e + eps)


@fit_whitener.misconception(
    "eps is missing: where an eigenvalue is zero, or negative by rounding, you get inf or nan. Add eps below the root."
)
def leaves_eps_out(X, eps=1e-5):
    mean = X.mean(axis=0)
    e, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V / np.sqrt(e)


@fit_whitener.misconception("The eps that you are given has no effect: use the argument.")
def has_an_eps_of_its_own(X, eps=1e-5):
    mean = X.mean(axis=0)
    e, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V / np.sqrt(e + 1e-5)


@fit_whitener.misconception(
    "You standardise the features first, so these are the eigenvectors of their correlations. Use the covariance of X."
)
def of_the_correlations(X, eps=1e-5):
    mean = X.mean(axis=0)
    Z = (X - mean) / np.where(np.ptp(X, axis=0) == 0, 1, X.std(axis=0))
    e, V = np.linalg.eigh(Z.T @ Z / len(X))
    return mean, V / np.sqrt(e + eps)


@fit_whitener.misconception(
    "This is a Cholesky factor. It whitens as well, but its columns are not the principal components that are asked "
    "for: take the eigenvectors."
)
def by_cholesky(X, eps=1e-5):
    mean = X.mean(axis=0)
    C = (X - mean).T @ (X - mean) / len(X)
    return mean, np.linalg.inv(np.linalg.cholesky(C + eps * np.eye(len(C)))).T


@fit_whitener.misconception(
    "With fewer examples than features your P is too narrow: the short form of the SVD leaves out the directions "
    "without variance. P has the shape (n, n); take the eigenvectors of the covariance."
)
def by_the_short_svd(X, eps=1e-5):
    mean = X.mean(axis=0)
    _, s, Vt = np.linalg.svd(X - mean, full_matrices=False)
    return mean, Vt.T / np.sqrt(s**2 / len(X) + eps)


@fit_whitener.misconception("This is P alone. Return the pair (mean, P): new data need the mean as well.")
def returns_p_alone(X, eps=1e-5):
    mean = X.mean(axis=0)
    e, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return V / np.sqrt(e + eps)


@fit_whitener.alternative
def largest_first_by_svd_of_the_covariance(X, eps=1e-5):
    mean = np.mean(X, axis=0)
    U, s, _ = np.linalg.svd(np.atleast_2d(np.cov(X, rowvar=False, bias=True)))
    return mean, U @ np.diag(1 / np.sqrt(s + eps))


@fit_whitener.alternative
def by_the_full_svd_of_the_data(X, eps=1e-5):
    X = X.astype(np.float64)
    mean = X.mean(axis=0)
    _, s, Vt = np.linalg.svd(X - mean, full_matrices=True)
    variances = np.zeros(X.shape[1])
    variances[: len(s)] = s**2 / len(X)
    return mean, -(Vt / np.sqrt(variances + eps)[:, None]).T


@fit_whitener.alternative
def by_eig_with_signs_made_positive(X, eps=1e-5):
    mean = X.sum(axis=0) / X.shape[0]
    C = np.einsum("ij,ik->jk", X - mean, X - mean) / X.shape[0]
    e, V = np.linalg.eigh(C)
    V = V[:, ::-1] * np.where(V[:, ::-1].sum(axis=0) < 0, -1, 1)
    return mean, V * (e[::-1] + eps) ** -0.5


@fit_whitener.alternative
def column_by_column_(X, eps=1e-5):
    mean = np.array([column.mean() for column in X.T])
    C = sum(np.outer(row, row) for row in X - mean) / len(X)
    e, V = np.linalg.eigh(C + eps * np.eye(X.shape[1]))
    P = np.empty_like(V)
    for j in range(len(e)):
        P[:, j] = V[:, j] / e[j] ** 0.5
    return mean, P


@fit_whitener.alternative
def by_the_general_eigenvalue_routine(X, eps=1e-5):
    mean = X.mean(0)
    centred = X - mean
    values, vectors = np.linalg.eig(centred.T.dot(centred) / len(centred))
    return mean, vectors / np.sqrt(values + eps)


# --- whiten ----------------------------------------------------------------------------------------------------------

whiten = Exercise(
    "whiten",
    points=2,
    hints=(
        "Nothing is measured here: mean and P arrive as arguments, and the examples may be new ones.",
        "Take the mean away from every row first. Then each row meets the columns of P.",
        "Put brackets round the difference, and use the matrix product `@` with P on the right.",
    ),
    not_checked=("a single row", "a P of one column", "integers"),
)


@whiten.visible
def _(rng: Rng) -> Any:
    name = "whiten"
    X = np.array([[1.0, 2.0], [3.0, 3.0], [5.0, 8.0]])
    P = np.array([[0.5, 1.0], [-0.5, 2.0]])
    yield Case("three examples of two features", (Call(name, (X, np.array([2.0, 4.0]), P)),))
    P = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]])
    yield Case("two of three components", (Call(name, (np.arange(6.0).reshape(2, 3), np.array([1.0, 0.0, 2.0]), P)),))


@whiten.hidden
def _(rng: Rng) -> Any:
    name = "whiten"

    def fitted(n: int, k: int | None = None) -> tuple[Any, Any]:
        return rng.uniform(-2, 2, n), rng.standard_normal((n, k or n))

    yield Case("new examples", (Call(name, (table(rng, 12, 3), *fitted(3))),))
    yield Case("as many examples as features", (Call(name, (table(rng, 4, 4), *fitted(4))),))
    yield Case("a single row", (Call(name, (table(rng, 1, 3), *fitted(3))),))
    yield Case("a single feature", (Call(name, (table(rng, 5, 1), *fitted(1))),))
    yield Case("fewer components than features", (Call(name, (table(rng, 6, 4), *fitted(4, 2))),))
    yield Case("one component", (Call(name, (table(rng, 6, 3), *fitted(3, 1))),))
    yield Case("integers", (Call(name, (rng.integers(-9, 9, (5, 3)), *fitted(3))),))
    # A rotation: its transpose is its inverse, and it is far from symmetric.
    yield Case(
        "a rotation", (Call(name, (table(rng, 5, 2), np.array([1.0, -1.0]), np.array([[0.6, 0.8], [-0.8, 0.6]]))),)
    )
    large = (np.array([100.0, -50.0]), np.array([[30.0, 1.0], [2.0, -8.0]]))
    yield Case("a mean far away and a large P", (Call(name, (table(rng, 5, 2), *large)),))
    single = [a.astype(np.float32) for a in (table(rng, 6, 3), *fitted(3))]
    yield Case("float32", (Call(name, tuple(single)),))
    mean, P = fitted(2)
    yield Case("arguments given by name", (Call(name, (), {"P": P, "X": table(rng, 4, 2), "mean": mean}),))


@whiten.misconception("The mean is not subtracted: the data have to be centred before they meet P.")
def forgets_the_mean_(X, mean, P):
    return X @ P


@whiten.misconception(
    "You use the mean of these examples. Use the one that is given: P and mean belong together, for every set."
)
def centres_by_its_own_mean(X, mean, P):
    return (X - X.mean(axis=0)) @ P


@whiten.misconception(
    "You multiply by the transpose of P. Its columns are the directions: X has to meet them as they are."
)
def transposes_p(X, mean, P):
    return (X - mean) @ P.T


@whiten.misconception("The mean is subtracted after the product, where the axes are other ones. Subtract it first.")
def subtracts_afterwards(X, mean, P):
    return X @ P - mean


@whiten.misconception(
    "Only the mean is multiplied by P: `@` binds more tightly than the minus. Put brackets round the difference."
)
def lacks_brackets_(X, mean, P):
    return X - mean @ P


@whiten.misconception("`*` multiplies entry by entry. The matrix product is `@`.")
def multiplies_entry_by_entry(X, mean, P):
    return (X - mean)[:, :1] * P[0]


@whiten.misconception(
    "You fit anew on these examples. Use the mean and the P that are given: those of the training set, for every set."
)
def fits_anew(X, mean, P):
    return (X - X.mean(axis=0)) @ fit_whitener(X)[1]


@whiten.misconception("You add the mean. Subtract it, so that the centre comes to zero.")
def adds_the_mean_(X, mean, P):
    return (X + mean) @ P


@whiten.misconception(
    "Your X is changed where it lies: `-=` writes into the caller's array. Write `X - mean`, which makes a new one."
)
def centres_in_place(X, mean, P):
    X -= mean
    return X @ P


@whiten.misconception(
    "Your result stands on its side: examples are rows here, so X is on the left of P and stays untransposed."
)
def examples_in_columns(X, mean, P):
    return P.T @ (X - mean).T


@whiten.misconception(
    "You turn the whitened data back to the old axes, as ZCA does. The result has the axes of P's columns."
)
def turns_back(X, mean, P):
    return (X - mean) @ P @ P.T


@whiten.misconception("You scale the result again. P holds the scale already; a product is all there is to do.")
def scales_again(X, mean, P):
    Z = (X - mean) @ P
    return Z / np.where(np.ptp(Z, axis=0) == 0, 1, Z.std(axis=0))


@whiten.alternative
def by_einsum_(X, mean, P):
    return np.einsum("ij,jk->ik", X - mean, P)


@whiten.alternative
def row_by_row(X, mean, P):
    return np.array([P.T @ (row - mean) for row in X])


@whiten.alternative
def as_one_affine_map_(X, mean, P):
    return X @ P - mean @ P


@whiten.alternative
def in_loops(X, mean, P):
    Z = np.zeros((len(X), P.shape[1]))
    for i, row in enumerate(X):
        for j in range(P.shape[0]):
            Z[i] += (row[j] - mean[j]) * P[j]
    return Z


EXERCISES = (
    fit_standardizer,
    standardize,
    hessian_condition_number,
    gd_iterations,
    fit_whitener,
    whiten,
    scale_pixels,
    channel_means,
    subtract_channel_means,
)
