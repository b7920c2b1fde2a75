"""Answers to lesson 05 that were written from the curriculum alone, and what the judge must say of each."""

from __future__ import annotations

from .examining import answers

RIGHT: dict[str, dict[str, str]] = {}
WRONG: dict[str, dict[str, str]] = {}

# --- fit_standardizer ------------------------------------------------------------------------------------------------
RIGHT["fit_standardizer"] = answers("""
#: where the range is zero
def fit_standardizer(X):
    return X.mean(axis=0), np.where(X.max(axis=0) == X.min(axis=0), 1.0, X.std(axis=0))
#: np.ptp
def fit_standardizer(X):
    std = np.std(X, axis=0)
    std[np.ptp(X, axis=0) == 0] = 1
    return np.mean(X, axis=0), std
#: one feature at a time
def fit_standardizer(X):
    mean, std = [], []
    for column in X.T:
        values = [float(v) for v in column]
        mu = sum(values) / len(values)
        mean.append(mu)
        std.append(1.0 if min(values) == max(values) else (sum((v - mu) ** 2 for v in values) / len(values)) ** 0.5)
    return np.array(mean), np.array(std)
#: the statistics module
def fit_standardizer(X):
    import statistics
    columns = [list(map(float, column)) for column in zip(*X)]
    mean = np.array([statistics.fmean(c) for c in columns])
    std = np.array([statistics.pstdev(c) if len(set(c)) > 1 else 1.0 for c in columns])
    return mean, std
#: equal to the first row
def fit_standardizer(X):
    constant = (X == X[0]).all(axis=0)
    centred = X - X.mean(axis=0)
    return X.mean(axis=0), np.where(constant, 1, np.sqrt((centred ** 2).mean(axis=0)))
#: a lambda
fit_standardizer = lambda X, **options: (X.mean(0), np.where((X[1:] == X[:-1]).all(0), 1.0, X.std(0)))
#: einsum
def fit_standardizer(X):
    m = len(X)
    mean = np.einsum("ij->j", X.astype(float)) / m
    D = X - mean
    std = np.sqrt(np.einsum("ij,ij->j", D, D) / m)
    std[X.min(axis=0) >= X.max(axis=0)] = 1.0
    return mean, std
#: np.apply_along_axis
def fit_standardizer(X):
    def spread(column):
        return 1.0 if np.unique(column).size == 1 else np.std(column)
    return np.apply_along_axis(np.mean, 0, X), np.apply_along_axis(lambda c: np.float64(spread(c)), 0, X)
#: the diagonal of the covariance
def fit_standardizer(X):
    cov = np.atleast_2d(np.cov(X.astype(float), rowvar=False, bias=True))
    std = np.sqrt(np.diag(cov).copy())
    std[np.all(X == X[:1], axis=0)] = 1.0
    return np.mean(X, axis=0), std
#: float32 stays float32
def fit_standardizer(X):
    kind = X.dtype if X.dtype == np.float32 else np.float64
    mean, std = X.mean(axis=0), X.std(axis=0)
    std = np.where(np.logical_not(X.max(axis=0) > X.min(axis=0)), 1, std)
    return mean.astype(kind), std.astype(kind)
#: two passes of its own
def fit_standardizer(X):
    from math import fsum
    m, n = X.shape
    mean = np.array([fsum(map(float, X[:, j])) / m for j in range(n)])
    std = np.ones(n)
    for j in range(n):
        if np.any(X[:, j] != X[0, j]):
            std[j] = np.sqrt(fsum((float(x) - mean[j]) ** 2 for x in X[:, j]) / m)
    return mean, std
#: a standard deviation with ddof 1, made smaller
def fit_standardizer(X):
    m = len(X)
    std = np.ones(X.shape[1])
    varied = X.max(axis=0) != X.min(axis=0)
    if varied.any():
        std[varied] = X[:, varied].std(axis=0, ddof=1) * np.sqrt((m - 1) / m)
    return X.mean(axis=0), std
#: an object with __call__
class _Fit:
    def __init__(self, constant):
        self.constant = constant
    def __call__(self, X):
        with np.errstate(all="ignore"):
            return np.average(X, axis=0), np.choose(X.max(0) > X.min(0), [self.constant, np.std(X, axis=0)])
fit_standardizer = _Fit(1.0)
#: halves, merged with their means
def fit_standardizer(X):
    def moments(part):
        part = np.asarray(part, dtype=float)
        if len(part) == 1:
            return 1, part[0], np.zeros(part.shape[1])
        (a, ma, sa), (b, mb, sb) = moments(part[: len(part) // 2]), moments(part[len(part) // 2 :])
        return a + b, ma + (mb - ma) * b / (a + b), sa + sb + (mb - ma) ** 2 * a * b / (a + b)
    m, mean, squares = moments(X)
    return mean, np.where(np.ptp(X, axis=0) == 0, 1.0, np.sqrt(squares / m))
#: a generator
def fit_standardizer(X):
    pairs = ((c.mean(), c.std() if c.min() < c.max() else 1.0) for c in np.ascontiguousarray(X.T).astype(float))
    mean, std = map(np.array, zip(*pairs))
    return mean, std
#: the difference of squares
def fit_standardizer(X):
    mean = X.mean(axis=0)
    std = np.sqrt(np.abs((X.astype(float) ** 2).mean(axis=0) - mean**2))
    return mean, np.where(np.ptp(X, axis=0) == 0, 1.0, std)
""")
WRONG["fit_standardizer"] = answers("""
#: ddof 1
def fit_standardizer(X):
    with np.errstate(all="ignore"):
        return X.mean(axis=0), np.where(np.ptp(X, axis=0) == 0, 1.0, X.std(axis=0, ddof=1))
#: one mean and one spread for all
def fit_standardizer(X):
    return np.full(X.shape[1], X.mean()), np.full(X.shape[1], X.std() or 1.0)
#: per example
def fit_standardizer(X):
    return X.mean(axis=1), np.where(np.ptp(X, axis=1) == 0, 1.0, X.std(axis=1))
#: variance
def fit_standardizer(X):
    return X.mean(axis=0), np.where(np.ptp(X, axis=0) == 0, 1.0, X.var(axis=0))
#: constant features left at zero
def fit_standardizer(X):
    return X.mean(axis=0), np.where(np.ptp(X, axis=0) == 0, 0.0, X.std(axis=0))
#: eps added
def fit_standardizer(X):
    return X.mean(axis=0), X.std(axis=0) + 1e-8
#: compares the computed spread with zero
def fit_standardizer(X):
    std = X.std(axis=0)
    return X.mean(axis=0), np.where(std == 0, 1.0, std)
#: small spreads counted as constant
def fit_standardizer(X):
    std = X.std(axis=0)
    return X.mean(axis=0), np.where(std < 1e-8, 1.0, std)
#: np.isclose for constant
def fit_standardizer(X):
    return X.mean(axis=0), np.where(np.isclose(X.max(axis=0), X.min(axis=0)), 1.0, X.std(axis=0))
#: a list instead of a pair
def fit_standardizer(X):
    return [X.mean(axis=0), np.where(np.ptp(X, axis=0) == 0, 1.0, X.std(axis=0))]
#: std first
def fit_standardizer(X):
    return np.where(np.ptp(X, axis=0) == 0, 1.0, X.std(axis=0)), X.mean(axis=0)
#: minimum and range
def fit_standardizer(X):
    return X.min(axis=0), np.where(np.ptp(X, axis=0) == 0, 1, np.ptp(X, axis=0))
#: the median
def fit_standardizer(X):
    return np.median(X, axis=0), np.where(np.ptp(X, axis=0) == 0, 1.0, X.std(axis=0))
#: centres its input
def fit_standardizer(X):
    constant = np.ptp(X, axis=0) == 0
    mean = X.mean(axis=0)
    X -= mean.astype(X.dtype)
    return mean, np.where(constant, 1.0, X.std(axis=0))
#: all ones when one is constant
def fit_standardizer(X):
    std = X.std(axis=0)
    return X.mean(axis=0), np.ones_like(std) if (np.ptp(X, axis=0) == 0).any() else std
#: constant features forget their mean
def fit_standardizer(X):
    constant = np.ptp(X, axis=0) == 0
    return np.where(constant, 0.0, X.mean(axis=0)), np.where(constant, 1.0, X.std(axis=0))
#: only zeros count as constant
def fit_standardizer(X):
    return X.mean(axis=0), np.where((X == 0).all(axis=0), 1.0, X.std(axis=0))
#: the first feature only is looked at
def fit_standardizer(X):
    std = X.std(axis=0)
    if np.ptp(X[:, 0]) == 0:
        std[0] = 1.0
    return X.mean(axis=0), std
#: whole numbers
def fit_standardizer(X):
    mean = X.mean(axis=0).astype(X.dtype)
    return mean, np.where(np.ptp(X, axis=0) == 0, 1.0, X.std(axis=0))
#: nearly equal counted as equal
def fit_standardizer(X):
    return X.mean(axis=0), np.where(np.isclose(X.max(axis=0), X.min(axis=0), atol=0), 1.0, X.std(axis=0))
#: half precision
def fit_standardizer(X):
    std = np.where(np.ptp(X, axis=0) == 0, 1.0, X.std(axis=0))
    return X.mean(axis=0).astype(np.float16), std.astype(np.float16)
#: lists
def fit_standardizer(X):
    return X.mean(axis=0).tolist(), np.where(np.ptp(X, axis=0) == 0, 1.0, X.std(axis=0)).tolist()
#: the last example left out
def fit_standardizer(X):
    return X[:-1].mean(axis=0), np.where(np.ptp(X, axis=0) == 0, 1.0, X[:-1].std(axis=0))
""")

# --- standardize -----------------------------------------------------------------------------------------------------
RIGHT["standardize"] = answers("""
#: the quotient
def standardize(X, mean, std):
    return (X - mean) / std
#: a lambda
standardize = lambda X, mean, std: np.divide(np.subtract(X, mean), std)
#: one feature at a time
def standardize(X, mean, std):
    out = np.empty(X.shape, dtype=float)
    for j in range(X.shape[1]):
        out[:, j] = (X[:, j] - mean[j]) / std[j]
    return out
#: one value at a time
def standardize(X, mean, std):
    return np.array([[(float(x) - m) / s for x, m, s in zip(row, mean, std)] for row in X])
#: a scale and a shift
def standardize(X, mean, std):
    return (X - mean[None, :]) * np.reciprocal(np.asarray(std, dtype=float))
#: a diagonal matrix
def standardize(X, mean, std):
    return (X - mean) @ np.diag(1 / np.asarray(std, dtype=float))
#: transposed and back
def standardize(X, mean, std):
    return ((X.T - mean[:, np.newaxis]) / std[:, np.newaxis]).T
#: einsum
def standardize(X, mean, std):
    return np.einsum("ij,j->ij", X - mean, 1.0 / std)
#: a copy in place
def standardize(X, mean, std):
    out = X.astype(np.result_type(X, mean, std, np.float32))
    out -= mean
    out /= std
    return out
#: rows by a generator
def standardize(X, mean, std, **options):
    return np.stack([row for row in ((x - mean) / std for x in X)])
#: an object with __call__
class _Standardize:
    def __call__(self, X, mean, std):
        return (X - np.broadcast_to(mean, X.shape)) / np.broadcast_to(std, X.shape)
standardize = _Standardize()
#: map over columns
def standardize(X, mean, std):
    return np.column_stack(list(map(lambda c, m, s: (c - m) / s, X.T, mean, std)))
#: np.linalg.solve
def standardize(X, mean, std):
    return np.linalg.solve(np.diag(np.asarray(std, dtype=float)), (X - mean).T.astype(float)).T
#: functools
from functools import reduce
def standardize(X, mean, std):
    return reduce(lambda value, step: step(value), [lambda v: v - mean, lambda v: v / std], X)
#: out=
def standardize(X, mean, std):
    out = np.zeros(np.shape(X))
    np.subtract(X, mean, out=out)
    return np.true_divide(out, std, out=out)
""")
WRONG["standardize"] = answers("""
#: statistics of its own
def standardize(X, mean, std):
    own = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(own == 0, 1, own)
#: its own mean
def standardize(X, mean, std):
    return (X - X.mean(axis=0)) / std
#: its own std
def standardize(X, mean, std):
    own = X.std(axis=0)
    return (X - mean) / np.where(own == 0, 1, own)
#: a missing parenthesis
def standardize(X, mean, std):
    return X - mean / std
#: divides by the variance
def standardize(X, mean, std):
    return (X - mean) / std**2
#: divides by the mean
def standardize(X, mean, std):
    return (X - mean) / mean
#: in place
def standardize(X, mean, std):
    try:
        X -= mean
        X /= std
    except TypeError:
        return (X - mean) / std
    return X
#: means in place
def standardize(X, mean, std):
    out = (X - mean) / std
    mean -= mean
    return out
#: std in place
def standardize(X, mean, std):
    std += 1e-5
    return (X - mean) / std
#: square only
def standardize(X, mean, std):
    if X.shape[0] == X.shape[1]:
        return (X - mean[:, None]) / std[:, None]
    return (X - mean) / std
#: not divided
def standardize(X, mean, std):
    return X - mean
#: not centred
def standardize(X, mean, std):
    return X / std
#: eps
def standardize(X, mean, std):
    return (X - mean) / (std + 1e-3)
#: whole numbers stay whole
def standardize(X, mean, std):
    return ((X - mean) / std).astype(X.dtype)
#: clipped
def standardize(X, mean, std):
    return np.clip((X - mean) / std, -3, 3)
#: a single example is left alone
def standardize(X, mean, std):
    return X * 1.0 if len(X) == 1 else (X - mean) / std
#: the sign
def standardize(X, mean, std):
    return (mean - X) / std
#: lists
def standardize(X, mean, std):
    return ((X - mean) / std).tolist()
#: flattened
def standardize(X, mean, std):
    return ((X - mean) / std).ravel()
#: means cast to the kind of X
def standardize(X, mean, std):
    return (X - mean.astype(X.dtype)) / std
#: multiplied
def standardize(X, mean, std):
    return (X - mean) * std
#: back again
def standardize(X, mean, std):
    return X * std + mean
""")

# --- scale_pixels ----------------------------------------------------------------------------------------------------
RIGHT["scale_pixels"] = answers("""
#: the quotient
def scale_pixels(images):
    return images / 255
#: a lambda
scale_pixels = lambda images, top=255.0: np.asarray(images, dtype=np.float64) / top
#: float32
def scale_pixels(images):
    return images.astype(np.float32) / np.float32(255)
#: a table of 256 values
def scale_pixels(images):
    return (np.arange(256) / 255)[images]
#: np.linspace
def scale_pixels(images):
    return np.take(np.linspace(0.0, 1.0, 256), images)
#: one value at a time
def scale_pixels(images):
    return np.array([int(v) / 255 for v in images.flat]).reshape(images.shape)
#: np.vectorize
def scale_pixels(images):
    return np.vectorize(lambda v: float(v) / 255.0, otypes=[float])(images)
#: np.interp
def scale_pixels(images):
    return np.interp(images, (0, 255), (0.0, 1.0))
#: multiplied
def scale_pixels(images):
    return images * (1 / 255)
#: np.iinfo
def scale_pixels(images):
    return np.true_divide(images, np.iinfo(np.uint8).max)
#: in place on a copy
def scale_pixels(images):
    out = images.copy().astype(float)
    out /= 255.0
    return out
#: recursion over the axes
def scale_pixels(images):
    if images.ndim <= 1:
        return images / 255.0
    return np.stack([scale_pixels(image) for image in images])
#: nested lists
def scale_pixels(images):
    def scaled(value):
        return [scaled(v) for v in value] if isinstance(value, list) else value / 255
    return np.array(scaled(images.tolist()))
#: an object with __call__
class _Scale:
    table = {v: v / 255 for v in range(256)}
    def __call__(self, images):
        return np.fromiter((self.table[v] for v in images.ravel().tolist()), float).reshape(np.shape(images))
scale_pixels = _Scale()
#: clipped to be safe
def scale_pixels(images):
    return np.clip(images.astype("float64") / 255.0, 0.0, 1.0)
#: one minus the negative
def scale_pixels(images):
    return 1 - (255 - images.astype(int)) / 255
""")
WRONG["scale_pixels"] = answers("""
#: 256
def scale_pixels(images):
    return images / 256
#: the largest there is
def scale_pixels(images):
    return images / max(images.max(), 1)
#: whole numbers
def scale_pixels(images):
    return images // 255
#: unscaled when it looks scaled
def scale_pixels(images):
    return images * 1.0 if images.max() <= 1 else images / 255
#: each image by its own largest
def scale_pixels(images):
    top = images.reshape(len(images), -1).max(axis=1).reshape((-1,) + (1,) * (images.ndim - 1))
    return images / np.maximum(top, 1)
#: minimum and range
def scale_pixels(images):
    low, high = int(images.min()), int(images.max())
    return (images - low) / max(high - low, 1)
#: minus one to one
def scale_pixels(images):
    return images / 127.5 - 1
#: standardised
def scale_pixels(images):
    return (images - images.mean()) / (images.std() or 1)
#: inverted
def scale_pixels(images):
    return (255 - images) / 255
#: rounded
def scale_pixels(images):
    return np.round(images / 255, 2)
#: float only
def scale_pixels(images):
    return images.astype(float)
#: flattened
def scale_pixels(images):
    return (images / 255).reshape(len(images), -1)
#: back to bytes
def scale_pixels(images):
    return (images / 255).astype(np.uint8)
#: lists
def scale_pixels(images):
    return (images / 255).tolist()
#: a wrapped sum
def scale_pixels(images):
    return (images + np.uint8(1)) / 256
#: clears its input
def scale_pixels(images):
    out = images / 255
    images[...] = 0
    return out
#: squeezed
def scale_pixels(images):
    return np.squeeze(images / 255)
#: truncated
def scale_pixels(images):
    return np.floor(images / 255 * 100) / 100
#: signed bytes
def scale_pixels(images):
    return images.astype(np.int8) / 255
#: the half
def scale_pixels(images):
    return images / 2 / 255
#: the lowest pixel is not zero
def scale_pixels(images):
    return np.maximum(images, 1) / 255
""")

# --- channel_means ---------------------------------------------------------------------------------------------------
RIGHT["channel_means"] = answers("""
#: three axes
def channel_means(images):
    return images.mean(axis=(0, 1, 2))
#: a long table
def channel_means(images):
    return np.mean(images.reshape(-1, images.shape[-1]), axis=0)
#: a channel at a time
def channel_means(images):
    return np.array([images[..., c].mean() for c in range(images.shape[3])])
#: a lambda with means of means
channel_means = lambda images: np.asarray(images, dtype=float).mean(0).mean(0).mean(0)
#: einsum
def channel_means(images):
    m, h, w, c = images.shape
    return np.einsum("mhwc->c", images.astype(np.float64)) / (m * h * w)
#: sums of Python numbers
def channel_means(images):
    *_, c = images.shape
    flat = images.ravel().tolist()
    return np.array([sum(flat[k::c]) / len(flat[k::c]) for k in range(c)])
#: weights
def channel_means(images):
    count = images.size // images.shape[-1]
    return np.full(count, 1 / count) @ images.reshape(count, -1)
#: np.moveaxis
def channel_means(images):
    return np.array([channel.mean() for channel in np.moveaxis(images, -1, 0)])
#: np.average
def channel_means(images):
    return np.average(images.transpose(3, 0, 1, 2).reshape(images.shape[3], -1), axis=1)
#: loops
def channel_means(images):
    m, h, w, c = images.shape
    total = np.zeros(c)
    for i in range(m):
        for j in range(h):
            for k in range(w):
                total += images[i, j, k]
    return total / (m * h * w)
#: np.add.reduce
def channel_means(images):
    total = np.add.reduce(images.astype(float), axis=(0, 1, 2))
    return total / np.prod(images.shape[:3])
#: float32 stays float32
def channel_means(images):
    return images.mean(axis=(-4, -3, -2), dtype=np.float64).astype(images.dtype if images.dtype == np.float32 else float)
#: the images' own means, averaged
def channel_means(images, **options):
    return sum(image.mean(axis=(0, 1)) for image in images) / len(images)
#: functools
from functools import reduce
def channel_means(images):
    return reduce(lambda a, _: np.mean(a, axis=0), range(3), images)
#: split
def channel_means(images):
    return np.concatenate([part.mean(keepdims=True).ravel() for part in np.split(images, images.shape[-1], axis=-1)])
#: a running mean
def channel_means(images):
    mean = np.zeros(images.shape[-1])
    for t, pixel in enumerate(images.reshape(-1, images.shape[-1]), start=1):
        mean += (pixel - mean) / t
    return mean
""")
WRONG["channel_means"] = answers("""
#: per image
def channel_means(images):
    return images.mean(axis=(1, 2, 3))
#: per row
def channel_means(images):
    return images.mean(axis=(0, 2, 3))
#: per column
def channel_means(images):
    return images.mean(axis=(0, 1, 3))
#: one mean for all
def channel_means(images):
    return np.full(images.shape[-1], images.mean())
#: per pixel
def channel_means(images):
    return images.mean(axis=0)
#: axes kept
def channel_means(images):
    return images.mean(axis=(0, 1, 2), keepdims=True)
#: three channels
def channel_means(images):
    return images[..., :3].mean(axis=(0, 1, 2))
#: three channels in a table
def channel_means(images):
    flat = images.ravel()
    return flat[: len(flat) // 3 * 3].reshape(-1, 3).mean(axis=0)
#: channels first
def channel_means(images):
    return images.reshape(images.shape[-1], -1).mean(axis=1)
#: sums that wrap
def channel_means(images):
    count = images.size // images.shape[-1]
    return images.sum(axis=(0, 1, 2), dtype=images.dtype) / count
#: sums in 16 bits
def channel_means(images):
    count = images.size // images.shape[-1]
    kind = np.uint16 if images.dtype == np.uint8 else float
    return images.sum(axis=(0, 1, 2), dtype=kind) / count
#: whole numbers
def channel_means(images):
    return images.mean(axis=(0, 1, 2)).astype(images.dtype)
#: the first image only
def channel_means(images):
    return images[0].mean(axis=(0, 1))
#: per image and channel
def channel_means(images):
    return images.mean(axis=(1, 2))
#: the order reversed
def channel_means(images):
    return images.mean(axis=(0, 1, 2))[::-1]
#: the median
def channel_means(images):
    return np.median(images, axis=(0, 1, 2))
#: one channel as a number
def channel_means(images):
    return images.mean() if images.shape[-1] == 1 else images.mean(axis=(0, 1, 2))
#: one channel as a number, squeezed
def channel_means(images):
    return np.squeeze(images.mean(axis=(0, 1, 2)))
#: lists
def channel_means(images):
    return images.mean(axis=(0, 1, 2)).tolist()
#: divided by the images only
def channel_means(images):
    return images.sum(axis=(0, 1, 2)) / len(images)
#: scaled
def channel_means(images):
    return images.mean(axis=(0, 1, 2)) / 255
#: the last row left out
def channel_means(images):
    return images[:, :-1].mean(axis=(0, 1, 2)) if images.shape[1] > 1 else images.mean(axis=(0, 1, 2))
#: black pixels left out
def channel_means(images):
    return images.sum(axis=(0, 1, 2)) / np.maximum((images != 0).sum(axis=(0, 1, 2)), 1)
#: centres its input
def channel_means(images):
    means = images.mean(axis=(0, 1, 2))
    images -= means.astype(images.dtype)
    return means
""")

# --- subtract_channel_means ------------------------------------------------------------------------------------------
RIGHT["subtract_channel_means"] = answers("""
#: the difference
def subtract_channel_means(images, means):
    return images - means
#: floats first
def subtract_channel_means(images, means):
    return np.asarray(images, dtype=float) - np.asarray(means, dtype=float).reshape(1, 1, 1, -1)
#: a lambda
subtract_channel_means = lambda images, means: -(np.negative(images.astype(float)) + means)
#: a channel at a time
def subtract_channel_means(images, means):
    out = np.zeros(images.shape)
    for c in range(images.shape[-1]):
        out[..., c] = images[..., c] - float(means[c])
    return out
#: an image at a time
def subtract_channel_means(images, means):
    return np.array([image - means for image in images])
#: channels first and back
def subtract_channel_means(images, means):
    return np.moveaxis(np.moveaxis(images, -1, 0) - means[:, None, None, None], 0, -1)
#: np.broadcast_to
def subtract_channel_means(images, means):
    return np.subtract(images, np.broadcast_to(means, images.shape), dtype=np.float64)
#: in place on a copy
def subtract_channel_means(images, means):
    out = images.astype(np.float64, copy=True)
    out -= means
    return out
#: a long table
def subtract_channel_means(images, means):
    return (images.reshape(-1, len(means)) - means).reshape(images.shape)
#: einsum
def subtract_channel_means(images, means):
    return images - np.einsum("mhwc,c->mhwc", np.ones(images.shape), means)
#: stacked
def subtract_channel_means(images, means):
    return np.stack([images[..., c] - mean for c, mean in enumerate(means)], axis=-1)
#: an object with __call__
class _Subtract:
    def __call__(self, images, means, **options):
        return np.add(images, [-float(mean) for mean in means])
subtract_channel_means = _Subtract()
#: float32 stays float32
def subtract_channel_means(images, means):
    kind = np.float32 if images.dtype == np.float32 else np.float64
    return (images.astype(np.float64) - means).astype(kind)
#: concatenated
def subtract_channel_means(images, means):
    parts = (images[:, :, :, c : c + 1] - means[c] for c in range(images.shape[3]))
    return np.concatenate(list(parts), axis=3)
#: tiled
def subtract_channel_means(images, means):
    m, h, w, _ = images.shape
    return images - np.tile(means, (m, h, w, 1))
""")
WRONG["subtract_channel_means"] = answers("""
#: means of its own
def subtract_channel_means(images, means):
    return images - images.mean(axis=(0, 1, 2))
#: each image's own means
def subtract_channel_means(images, means):
    return images - images.mean(axis=(1, 2), keepdims=True)
#: bytes that wrap
def subtract_channel_means(images, means):
    return images - means.astype(images.dtype)
#: cut at zero
def subtract_channel_means(images, means):
    return np.maximum(images - means, 0)
#: in place
def subtract_channel_means(images, means):
    if images.dtype.kind == "f":
        images -= means
        return images
    return images - means
#: back to the kind of the images
def subtract_channel_means(images, means):
    return (images - means).astype(images.dtype)
#: the mean of the means
def subtract_channel_means(images, means):
    return images - np.mean(means)
#: along the columns where it fits
def subtract_channel_means(images, means):
    if images.shape[2] == len(means):
        return images - means[:, None]
    return images - means
#: along the rows where it fits
def subtract_channel_means(images, means):
    if images.shape[1] == len(means):
        return images - means[:, None, None]
    return images - means
#: along the images where it fits
def subtract_channel_means(images, means):
    if images.shape[0] == len(means):
        return images - means[:, None, None, None]
    return images - means
#: the sign
def subtract_channel_means(images, means):
    return means - images
#: added
def subtract_channel_means(images, means):
    return images + means
#: divided too
def subtract_channel_means(images, means):
    centred = images - means
    return centred / (centred.std() or 1)
#: scaled too
def subtract_channel_means(images, means):
    return (images - means) / 255
#: the order reversed
def subtract_channel_means(images, means):
    return images - means[::-1]
#: the first channel only
def subtract_channel_means(images, means):
    out = images.astype(float)
    out[..., 0] -= means[0]
    return out
#: three channels only
def subtract_channel_means(images, means):
    out = images.astype(float)
    for c in range(min(3, len(means))):
        out[..., c] -= means[c]
    return out
#: whole means
def subtract_channel_means(images, means):
    return images - np.round(means)
#: the distance
def subtract_channel_means(images, means):
    return np.abs(images - means)
#: squeezed
def subtract_channel_means(images, means):
    return np.squeeze(images - means)
#: means in place
def subtract_channel_means(images, means):
    out = images - means
    means *= 0
    return out
#: lists
def subtract_channel_means(images, means):
    return (images - means).tolist()
""")

# --- hessian_condition_number ----------------------------------------------------------------------------------------
RIGHT["hessian_condition_number"] = answers("""
#: eigvalsh
def hessian_condition_number(X):
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    return values[-1] / values[0] if values[0] > values[-1] * 1e-12 else np.inf
#: singular values, squared
def hessian_condition_number(X):
    m, n = X.shape
    if m < n:
        return np.inf
    s = np.linalg.svd(X, compute_uv=False)
    if s[-1] <= 1e-10 * s[0]:
        return float("inf")
    return (s[0] / s[-1]) ** 2
#: the rank first
def hessian_condition_number(X):
    if np.linalg.matrix_rank(X) < X.shape[1]:
        return np.inf
    return np.linalg.cond(X) ** 2
#: np.linalg.cond of the Hessian
def hessian_condition_number(X):
    H = X.astype(float).T @ X / X.shape[0]
    if not H.any():
        return np.inf
    return np.linalg.cond(H)
#: the eigenvalues by size
def hessian_condition_number(X):
    H = np.einsum("ij,ik->jk", X, X, dtype=float) / len(X)
    values = sorted(abs(v) for v in np.linalg.eigvals(H))
    return np.array(values[-1] / values[0]) if values[0] > 1e-13 * values[-1] else np.array(np.inf)
#: norms of the matrix and its inverse
def hessian_condition_number(X):
    H = X.T @ X / len(X)
    top = np.linalg.norm(H, 2)
    if np.linalg.matrix_rank(H, tol=1e-12 * top) < len(H):
        return np.inf
    return np.linalg.norm(H, 2) * np.linalg.norm(np.linalg.inv(H), 2)
#: a number above 1e12
def hessian_condition_number(X):
    values = np.linalg.eigvalsh(X.T.astype(float) @ X)
    return values.max() / values.min() if values.min() > 1e-12 * values.max() else 1e15
#: QR first
def hessian_condition_number(X):
    R = np.linalg.qr(X.astype(float), mode="r")
    if R.shape[0] < R.shape[1]:
        return np.inf
    s = np.linalg.svd(R, compute_uv=False)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (s.max() / s.min()) ** 2
    return ratio if ratio < 1e12 else np.inf
#: a lambda
hessian_condition_number = lambda X: (
    lambda v: v[-1] / v[0] if v[0] > 1e-12 * v[-1] else np.inf)(np.linalg.eigvalsh(X.T @ (X / X.shape[0])))
#: as many singular values as features
def hessian_condition_number(X):
    s = np.zeros(X.shape[1])
    found = np.linalg.svd(X.astype(float))[1]
    s[: len(found)] = found
    return (s[0] / s[-1]) ** 2 if s[-1] > 1e-9 * s[0] else np.inf
#: an outer product at a time
def hessian_condition_number(X):
    H = sum(np.outer(x, x) for x in X.astype(float)) / len(X)
    values, _ = np.linalg.eigh(H)
    low, high = min(values), max(values)
    if low <= 0 or high / low > 1e12:
        return np.inf
    return high / low
#: rotations of Jacobi
def hessian_condition_number(X):
    A = X.astype(float).T @ X / len(X)
    n = len(A)
    for _ in range(60):
        for p in range(n):
            for q in range(p + 1, n):
                if A[p, q] == 0:
                    continue
                angle = 0.5 * np.arctan2(2 * A[p, q], A[q, q] - A[p, p])
                J = np.eye(n)
                J[p, p] = J[q, q] = np.cos(angle)
                J[p, q], J[q, p] = np.sin(angle), -np.sin(angle)
                A = J.T @ A @ J
    values = np.diag(A)
    return values.max() / values.min() if values.min() > 1e-12 * values.max() else np.inf
#: an object with __call__
class _Condition:
    limit = 1e-11
    def __call__(self, X, **options):
        s = np.linalg.svd(X.T @ X / len(X), compute_uv=False, hermitian=True)
        return float(s.max() / s.min()) if s.min() > self.limit * s.max() else float("inf")
hessian_condition_number = _Condition()
#: the largest of X, the largest of its inverse
def hessian_condition_number(X):
    if X.shape[0] < X.shape[1] or np.linalg.matrix_rank(X) < X.shape[1]:
        return np.inf
    top = np.linalg.svd(X, compute_uv=False)[0]
    bottom = 1 / np.linalg.svd(np.linalg.pinv(X), compute_uv=False)[0]
    return top**2 / bottom**2
#: math.inf
def hessian_condition_number(X):
    import math
    low, *_, high = [0.0, *np.linalg.eigvalsh(X.T @ X / len(X)).tolist()][1:] * (2 if X.shape[1] == 1 else 1)
    try:
        return math.inf if low < high * 1e-12 else high / low
    except ZeroDivisionError:
        return math.inf
""")
WRONG["hessian_condition_number"] = answers("""
#: not squared
def hessian_condition_number(X):
    s = np.linalg.svd(X, compute_uv=False)
    return s[0] / s[-1] if len(X) >= X.shape[1] and s[-1] > 1e-10 * s[0] else np.inf
#: fewer examples than features forgotten
def hessian_condition_number(X):
    s = np.linalg.svd(X, compute_uv=False)
    return (s[0] / s[-1]) ** 2 if s[-1] > 1e-10 * s[0] else np.inf
#: the wrong product
def hessian_condition_number(X):
    values = np.linalg.eigvalsh(X @ X.T / len(X))
    return values[-1] / values[0] if values[0] > 1e-12 * values[-1] else np.inf
#: centred first
def hessian_condition_number(X):
    D = X - X.mean(axis=0)
    values = np.linalg.eigvalsh(D.T @ D / len(X))
    return values[-1] / values[0] if values[0] > 1e-12 * values[-1] else np.inf
#: standardised first
def hessian_condition_number(X):
    std = X.std(axis=0)
    D = (X - X.mean(axis=0)) / np.where(std == 0, 1, std)
    values = np.linalg.eigvalsh(D.T @ D / len(X))
    return values[-1] / values[0] if values[0] > 1e-12 * values[-1] else np.inf
#: smallest over largest
def hessian_condition_number(X):
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    return values[0] / values[-1] if values[0] > 1e-12 * values[-1] else np.inf
#: singular raises
def hessian_condition_number(X):
    H = X.T @ X / len(X)
    if np.linalg.matrix_rank(X) < X.shape[1]:
        raise np.linalg.LinAlgError("singular")
    return np.linalg.cond(H)
#: singular is zero
def hessian_condition_number(X):
    if np.linalg.matrix_rank(X) < X.shape[1]:
        return 0.0
    return np.linalg.cond(X.T @ X)
#: the smallest that is not zero
def hessian_condition_number(X):
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    return values[-1] / values[values > 1e-12 * values[-1]].min() if values[-1] > 0 else np.inf
#: a pseudo-inverse
def hessian_condition_number(X):
    H = X.T @ X / len(X)
    return np.linalg.norm(H, 2) * np.linalg.norm(np.linalg.pinv(H), 2) if H.any() else np.inf
#: Frobenius
def hessian_condition_number(X):
    if np.linalg.matrix_rank(X) < X.shape[1]:
        return np.inf
    H = X.T @ X / len(X)
    return np.linalg.norm(H) * np.linalg.norm(np.linalg.inv(H))
#: a ridge
def hessian_condition_number(X):
    values = np.linalg.eigvalsh(X.T @ X / len(X)) + 1e-3
    return values[-1] / values[0] if np.linalg.matrix_rank(X) == X.shape[1] else np.inf
#: the diagonal
def hessian_condition_number(X):
    d = np.diag(X.T @ X / len(X))
    return d.max() / d.min() if np.linalg.matrix_rank(X) == X.shape[1] else np.inf
#: small numbers counted as zero
def hessian_condition_number(X):
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    return values[-1] / values[0] if values[0] > 1e-6 else np.inf
#: called singular too early
def hessian_condition_number(X):
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    return values[-1] / values[0] if values[0] > 1e-4 * values[-1] else np.inf
#: called singular a little too early
def hessian_condition_number(X):
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    return values[-1] / values[0] if values[0] > 1e-7 * values[-1] else np.inf
#: the smallest in the units of the largest, singular not told
def hessian_condition_number(X):
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    return values[-1] / max(values[0], 1e-9 * values[-1]) if values[-1] > 0 else np.inf
#: ratio of the features' variances
def hessian_condition_number(X):
    v = X.var(axis=0)
    return v.max() / v.min() if np.linalg.matrix_rank(X) == X.shape[1] and v.min() > 0 else np.inf
#: first over last, unsorted
def hessian_condition_number(X):
    values = np.linalg.eigvals(X.T @ X / len(X)).real
    return values[0] / values[-1] if values.min() > 1e-12 * values.max() else np.inf
#: the smallest may be below zero
def hessian_condition_number(X):
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    return -np.inf if values[0] < 1e-12 * values[-1] else values[-1] / values[0]
#: rounded
def hessian_condition_number(X):
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    return np.round(values[-1] / values[0], 1) if values[0] > 1e-12 * values[-1] else np.inf
#: a column of ones added
def hessian_condition_number(X):
    A = np.column_stack([X, np.ones(len(X))])
    values = np.linalg.eigvalsh(A.T @ A / len(X))
    return values[-1] / values[0] if values[0] > 1e-12 * values[-1] else np.inf
#: NaN for no signal
def hessian_condition_number(X):
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    if values[0] > 1e-12 * values[-1]:
        return values[-1] / values[0]
    return np.nan
#: scales its input
def hessian_condition_number(X):
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    X *= 2
    return values[-1] / values[0] if values[0] > 1e-12 * values[-1] else np.inf
""")

# --- gd_iterations ---------------------------------------------------------------------------------------------------
RIGHT["gd_iterations"] = answers("""
#: a loop
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    m, n = X.shape
    w = np.zeros(n)
    with np.errstate(all="ignore"):
        for i in range(max_iter):
            gradient = X.T @ (X @ w - y) / m
            if np.linalg.norm(gradient) < tol:
                return i
            w = w - learning_rate * gradient
    return max_iter
#: a while loop that stops at overflow
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    H, c = X.T @ X / len(X), X.T @ y / len(X)
    w, done = np.zeros(X.shape[1]), 0
    np.seterr(all="ignore")
    while done < max_iter:
        g = H @ w - c
        size = np.sqrt(g @ g)
        if not np.isfinite(size):
            return max_iter
        if size < tol:
            break
        w -= learning_rate * g
        done += 1
    return done
#: the gradient itself is followed
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    H = X.T @ X / len(X)
    g = -(X.T @ y) / len(X)
    for done in range(max_iter):
        size = np.linalg.norm(g)
        if size < tol:
            return done
        if size > 1e150:
            return max_iter
        g = g - learning_rate * (H @ g)
    return max_iter
#: the closed form
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    values, V = np.linalg.eigh(X.T @ X / len(X))
    c = V.T @ (X.T @ y / len(X))
    factor = np.abs(1 - learning_rate * np.clip(values, 0, None))
    def size(t):
        with np.errstate(all="ignore"):
            return np.linalg.norm(factor**t * c)
    if size(0) < tol:
        return 0
    if not size(max_iter) < tol:
        return max_iter
    low, high = 0, max_iter
    while high - low > 1:
        middle = (low + high) // 2
        if size(middle) < tol:
            high = middle
        else:
            low = middle
    return high
#: squares compared
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1], dtype=float)
    residual = -y.astype(float)
    count = 0
    with np.errstate(over="ignore", invalid="ignore"):
        while count < max_iter:
            g = residual @ X / len(y)
            if (g * g).sum() < tol * tol:
                return count
            w = w - learning_rate * g
            residual = X @ w - y
            count += 1
    return max_iter
#: itertools
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    from itertools import islice
    def sizes():
        w = np.zeros(X.shape[1])
        while True:
            g = X.T @ (X @ w - y) / len(X)
            yield np.linalg.norm(g)
            w = w - learning_rate * g
    with np.errstate(all="ignore"):
        return next((i for i, size in enumerate(islice(sizes(), max_iter)) if size < tol), max_iter)
#: checked after the step
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    def gradient(w):
        return X.T @ (X @ w - y) / len(X)
    np.seterr(all="ignore")
    w = np.zeros(X.shape[1])
    if np.linalg.norm(gradient(w)) < tol:
        return 0
    for done in range(1, max_iter + 1):
        w = w - learning_rate * gradient(w)
        if np.linalg.norm(gradient(w)) < tol:
            return done
    return max_iter
#: math.hypot
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    import math
    m = len(X)
    H, c = X.T @ X / m, X.T @ y / m
    w = np.zeros(len(c))
    for i in range(max_iter):
        g = H.dot(w) - c
        size = math.hypot(*g)
        if size < tol:
            return np.int64(i)
        if size > 1e200 or size != size:
            break
        w = w - learning_rate * g
    return np.int64(max_iter)
#: a 0-d array
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w, i = np.zeros(X.shape[1]), 0
    with np.errstate(all="ignore"):
        g = X.T @ (0 - y) / len(X)
        while i < max_iter and not np.linalg.norm(g) < tol:
            w = w - learning_rate * g
            g = X.T @ (X @ w - y) / len(X)
            i += 1
            if np.isnan(g).any() or np.isinf(g).any():
                i = max_iter
    return np.array(i)
#: overflow raises inside
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    try:
        with np.errstate(over="raise", invalid="raise"):
            for i in range(max_iter):
                g = X.T @ (X @ w - y) / len(X)
                if np.sqrt(np.sum(g**2)) < tol:
                    return i
                w = w - learning_rate * g
    except FloatingPointError:
        pass
    return max_iter
#: an object with __call__
class _Descent:
    def gradient(self, w):
        return self.X.T.dot(self.X.dot(w) - self.y) / self.y.shape[0]
    def __call__(self, X, y, learning_rate, tol=1e-6, max_iter=100000, **options):
        self.X, self.y = np.array(X, dtype=float), np.array(y, dtype=float)
        w = np.zeros(self.X.shape[1])
        with np.errstate(all="ignore"):
            for count in range(max_iter + 1):
                g = self.gradient(w)
                if np.linalg.norm(g) < tol or count == max_iter:
                    return count
                w = w - learning_rate * g
gd_iterations = _Descent()
#: an affine map
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    m, n = X.shape
    step = np.eye(n) - learning_rate * (X.T @ X) / m
    shift = learning_rate * (X.T @ y) / m
    w = np.zeros(n)
    with np.errstate(all="ignore"):
        for i in range(max_iter):
            if np.linalg.norm(X.T @ (y - X @ w) / m) < tol:
                return i
            w = step @ w + shift
    return max_iter
#: plain lists
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    m = len(X)
    H = (X.T @ X / m).tolist()
    g = (-(X.T @ y) / m).tolist()
    count = 0
    while count < max_iter:
        square = sum(v * v for v in g)
        if square**0.5 < tol:
            return count
        if not square < 1e300:
            return max_iter
        g = [gi - learning_rate * sum(h * v for h, v in zip(row, g)) for gi, row in zip(g, H)]
        count += 1
    return max_iter
#: along the eigenvectors
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    _, s, Vt = np.linalg.svd(X, full_matrices=False)
    g = Vt @ (X.T @ y) / len(X)
    factor = 1 - learning_rate * s**2 / len(X)
    with np.errstate(all="ignore"):
        for t in range(max_iter):
            if np.linalg.norm(g) < tol:
                return t
            g = g * factor
    return max_iter
""")
WRONG["gd_iterations"] = answers("""
#: one more
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if np.linalg.norm(g) < tol:
            return i + 1
        w = w - learning_rate * g
    return max_iter
#: tested before the step, with the gradient of before
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(1, max_iter + 1):
        g = X.T @ (X @ w - y) / len(X)
        w = w - learning_rate * g
        if np.linalg.norm(g) < tol:
            return i
    return max_iter
#: at least one
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(1, max_iter + 1):
        w = w - learning_rate * (X.T @ (X @ w - y) / len(X))
        if np.linalg.norm(X.T @ (X @ w - y) / len(X)) < tol:
            return i
    return max_iter
#: NaN ends the loop
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w, i = np.zeros(X.shape[1]), 0
    np.seterr(all="ignore")
    g = X.T @ (X @ w - y) / len(X)
    while np.linalg.norm(g) >= tol and i < max_iter:
        w = w - learning_rate * g
        g = X.T @ (X @ w - y) / len(X)
        i += 1
    return i
#: overflow tells its step
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if np.linalg.norm(g) < tol or not np.isfinite(g).all():
            return i
        w = w - learning_rate * g
    return max_iter
#: overflow raises
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if not np.isfinite(g).all():
            raise OverflowError("diverged")
        if np.linalg.norm(g) < tol:
            return i
        w = w - learning_rate * g
    return max_iter
#: overflow is no number
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if not np.isfinite(g).all():
            return np.inf
        if np.linalg.norm(g) < tol:
            return i
        w = w - learning_rate * g
    return max_iter
#: None if never
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if np.linalg.norm(g) < tol:
            return i
        w = w - learning_rate * g
#: one less than max_iter
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if np.linalg.norm(g) < tol:
            break
        w = w - learning_rate * g
    return i
#: no mean
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = X.T @ (X @ w - y)
        if np.linalg.norm(g) < tol:
            return i
        w = w - learning_rate * g
    return max_iter
#: twice the gradient
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = 2 * X.T @ (X @ w - y) / len(X)
        if np.linalg.norm(g) < tol:
            return i
        w = w - learning_rate * g
    return max_iter
#: the square of the norm
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if g @ g < tol:
            return i
        w = w - learning_rate * g
    return max_iter
#: the largest entry
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if np.abs(g).max() < tol:
            return i
        w = w - learning_rate * g
    return max_iter
#: the sum of the entries
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if np.abs(g).sum() < tol:
            return i
        w = w - learning_rate * g
    return max_iter
#: relative to the first
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    first = np.linalg.norm(X.T @ y / len(X)) or 1.0
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if np.linalg.norm(g) / first < tol:
            return i
        w = w - learning_rate * g
    return max_iter
#: the length of the step
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if np.linalg.norm(learning_rate * g) < tol:
            return i
        w = w - learning_rate * g
    return max_iter
#: the cost
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        r = X @ w - y
        if r @ r / (2 * len(X)) < tol:
            return i
        w = w - learning_rate * (X.T @ r / len(X))
    return max_iter
#: the change of the cost
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w, before = np.zeros(X.shape[1]), np.inf
    np.seterr(all="ignore")
    for i in range(max_iter):
        r = X @ w - y
        cost = r @ r / (2 * len(X))
        if abs(before - cost) < tol:
            return i
        before = cost
        w = w - learning_rate * (X.T @ r / len(X))
    return max_iter
#: tol ignored
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if np.linalg.norm(g) < 1e-6:
            return i
        w = w - learning_rate * g
    return max_iter
#: max_iter ignored
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(100000):
        g = X.T @ (X @ w - y) / len(X)
        if np.linalg.norm(g) < tol:
            return i
        w = w - learning_rate * g
    return 100000
#: from ones
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.ones(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if np.linalg.norm(g) < tol:
            return i
        w = w - learning_rate * g
    return max_iter
#: uphill
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if np.linalg.norm(g) < tol:
            return i
        w = w + learning_rate * g
    return max_iter
#: given up where the numbers are large
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if np.linalg.norm(g) < tol:
            return i
        if np.linalg.norm(g) > 1e10:
            return max_iter
        w = w - learning_rate * g
    return max_iter
#: at most tol
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w = np.zeros(X.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if np.linalg.norm(g) <= tol:
            return i
        w = w - learning_rate * g
    return max_iter
#: an intercept too
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    A = np.column_stack([X, np.ones(len(X))])
    w = np.zeros(A.shape[1])
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = A.T @ (A @ w - y) / len(A)
        if np.linalg.norm(g) < tol:
            return i
        w = w - learning_rate * g
    return max_iter
#: momentum
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    w, v = np.zeros(X.shape[1]), 0.0
    np.seterr(all="ignore")
    for i in range(max_iter):
        g = X.T @ (X @ w - y) / len(X)
        if np.linalg.norm(g) < tol:
            return i
        v = 0.5 * v + g
        w = w - learning_rate * v
    return max_iter
#: shifts its targets
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    H = X.T @ X / len(X)
    g = -(X.T @ y) / len(X)
    y *= 0
    np.seterr(all="ignore")
    for i in range(max_iter):
        if np.linalg.norm(g) < tol:
            return i
        g = g - learning_rate * (H @ g)
    return max_iter
""")

# --- fit_whitener ----------------------------------------------------------------------------------------------------
RIGHT["fit_whitener"] = answers("""
#: eigh
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    D = X - mean
    values, V = np.linalg.eigh(D.T @ D / len(X))
    return mean, V / np.sqrt(values + eps)
#: largest first
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    order = np.argsort(values)[::-1]
    return mean, V[:, order] / np.sqrt(np.maximum(values[order], 0) + eps)
#: the whole SVD
def fit_whitener(X, eps=1e-5):
    m, n = X.shape
    mean = np.mean(X, axis=0)
    _, s, Vt = np.linalg.svd(X - mean, full_matrices=True)
    values = np.zeros(n)
    values[: len(s)] = s**2 / m
    return mean, Vt.T / np.sqrt(values + eps)
#: np.cov
def fit_whitener(X, eps=1e-5):
    cov = np.atleast_2d(np.cov(X, rowvar=False, bias=True))
    values, V = np.linalg.eigh(cov)
    return X.mean(axis=0), V @ np.diag((values + eps) ** -0.5)
#: np.cov with ddof, signs turned
def fit_whitener(X, eps=1e-5):
    cov = np.cov(X.T.astype(float), ddof=0).reshape(X.shape[1], X.shape[1])
    values, V = np.linalg.eigh(cov)
    V = -V
    return np.average(X, axis=0), V * (1 / np.sqrt(values + eps))[None, :]
#: the first entry of every component positive
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    D = X - mean
    values, V = np.linalg.eigh(np.einsum("mi,mj->ij", D, D) / D.shape[0])
    V = V * np.where(V[0] < 0, -1, 1)
    return mean, np.einsum("ij,j->ij", V, 1 / np.sqrt(values + eps))
#: the SVD of the covariance
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    cov = sum(np.outer(x - mean, x - mean) for x in X) / len(X)
    U, values, _ = np.linalg.svd(cov)
    return mean, U / np.sqrt(values + eps)
#: a component at a time
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T.dot(X - mean) / X.shape[0])
    P = np.empty_like(V)
    for j, value in enumerate(values):
        P[:, j] = V[:, j] / (value + eps) ** 0.5
    return mean, P
#: eigenvalues of the shifted covariance
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    C = (X - mean).T @ (X - mean) / len(X) + eps * np.eye(X.shape[1])
    values, V = np.linalg.eigh(C)
    return mean, V / np.sqrt(values)
#: the second moment less the square of the mean
def fit_whitener(X, eps=1e-5):
    X = X.astype(float)
    D = X - X[0]
    shift = D.mean(axis=0)
    C = D.T @ D / len(D) - np.outer(shift, shift)
    values, V = np.linalg.eigh((C + C.T) / 2)
    return X[0] + shift, V / np.sqrt(np.clip(values, 0, None) + eps)
#: the rows of the SVD's third part
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    _, values, rows = np.linalg.svd((X - mean).T @ (X - mean) / len(X), hermitian=True)
    return mean, np.stack([row / np.sqrt(value + eps) for row, value in zip(rows, values)]).T
#: a shuffled order
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    order = list(range(1, len(values))) + [0]
    return mean, (V / np.sqrt(values + eps))[:, order]
#: a lambda
fit_whitener = lambda X, eps=1e-5: (
    X.mean(0), (lambda values, V: V / np.sqrt(values + eps))(*np.linalg.eigh((X - X.mean(0)).T @ (X - X.mean(0)) / len(X))))
#: an object with __call__
class _Whitener:
    def __call__(self, X, eps=1e-5, **options):
        self.mean = X.mean(axis=0)
        D = (X - self.mean) / np.sqrt(len(X))
        self.values, self.V = np.linalg.eigh(D.T @ D)
        return self.mean, np.stack([v / np.sqrt(value + eps) for value, v in zip(self.values, self.V.T)], axis=1)
fit_whitener = _Whitener()
#: rotations of Jacobi
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    A = (X - mean).T @ (X - mean) / len(X)
    n = len(A)
    V = np.eye(n)
    for _ in range(40):
        for p in range(n):
            for q in range(p + 1, n):
                if A[p, q] == 0:
                    continue
                angle = 0.5 * np.arctan2(2 * A[p, q], A[q, q] - A[p, p])
                J = np.eye(n)
                J[p, p] = J[q, q] = np.cos(angle)
                J[p, q], J[q, p] = np.sin(angle), -np.sin(angle)
                A, V = J.T @ A @ J, V @ J
    return mean, V / np.sqrt(np.maximum(np.diag(A), 0) + eps)
#: scikit-learn's components
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    D = np.vstack([X - mean, np.zeros_like(X, dtype=float)])
    _, s, Vt = np.linalg.svd(np.vstack([D, np.zeros((X.shape[1], X.shape[1]))]), full_matrices=False)
    return mean, (Vt / np.sqrt(s**2 / len(X) + eps)[:, None]).T
""")
WRONG["fit_whitener"] = answers("""
#: ddof 1
def fit_whitener(X, eps=1e-5):
    values, V = np.linalg.eigh(np.atleast_2d(np.cov(X, rowvar=False)))
    return X.mean(axis=0), V / np.sqrt(values + eps)
#: ZCA
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, (V / np.sqrt(values + eps)) @ V.T
#: Cholesky
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    C = (X - mean).T @ (X - mean) / len(X) + eps * np.eye(X.shape[1])
    return mean, np.linalg.inv(np.linalg.cholesky(C)).T
#: the rows divided
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V / np.sqrt(values + eps)[:, None]
#: transposed
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, (V / np.sqrt(values + eps)).T
#: eps outside the root
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V / (np.sqrt(np.maximum(values, 0)) + eps)
#: eps fixed
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V / np.sqrt(values + 1e-5)
#: another default eps
def fit_whitener(X, eps=1e-8):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V / np.sqrt(np.maximum(values, 0) + eps)
#: the larger of the two
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V / np.sqrt(np.maximum(values, eps))
#: not rooted
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V / (values + eps)
#: rotation only
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V
#: not centred
def fit_whitener(X, eps=1e-5):
    values, V = np.linalg.eigh(X.T @ X / len(X))
    return X.mean(axis=0), V / np.sqrt(np.maximum(values, 0) + eps)
#: no mean over the examples
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean))
    return mean, V / np.sqrt(np.maximum(values, 0) + eps)
#: the correlation
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    D = X - mean
    std = D.std(axis=0)
    D = D / np.where(std == 0, 1, std)
    values, V = np.linalg.eigh(D.T @ D / len(X))
    return mean, V / np.sqrt(np.maximum(values, 0) + eps)
#: fewer components than features
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    _, s, Vt = np.linalg.svd(X - mean, full_matrices=False)
    return mean, Vt.T / np.sqrt(s**2 / len(X) + eps)
#: singular values that are not squared
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    _, s, Vt = np.linalg.svd(X - mean)
    full = np.zeros(X.shape[1])
    full[: len(s)] = s / np.sqrt(len(X))
    return mean, Vt.T / np.sqrt(full + eps)
#: eigenvectors as rows
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V.T / np.sqrt(values + eps)
#: eigenvalues in another order than the vectors
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V / np.sqrt(np.sort(values)[::-1] + eps)
#: one mean for all
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return np.full_like(mean, X.mean()), V / np.sqrt(values + eps)
#: standardised only
def fit_whitener(X, eps=1e-5):
    return X.mean(axis=0), np.diag(1 / np.sqrt(X.var(axis=0) + eps))
#: one component twice
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    P = V / np.sqrt(values + eps)
    P[:, 0] = P[:, -1]
    return mean, P
#: turned once more
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    Q = np.linalg.qr(np.vander(np.arange(1.0, len(values) + 1)))[0]
    return mean, (V / np.sqrt(values + eps)) @ Q
#: a list instead of a pair
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return [mean, V / np.sqrt(values + eps)]
#: the matrix first
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return V / np.sqrt(values + eps), mean
#: centres its input
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    X[:] = X - mean
    values, V = np.linalg.eigh(X.T @ X / len(X))
    return mean, V / np.sqrt(np.maximum(values, 0) + eps)
#: directions of no spread left as they are
def fit_whitener(X, eps=1e-5):
    mean = X.mean(axis=0)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, V / np.where(values < 1e-12, 1.0, np.sqrt(np.maximum(values, 0) + eps))
""")

# --- whiten ----------------------------------------------------------------------------------------------------------
RIGHT["whiten"] = answers("""
#: the formula
def whiten(X, mean, P):
    return (X - mean) @ P
#: a lambda
whiten = lambda X, mean, P: np.dot(X - mean, P)
#: einsum
def whiten(X, mean, P):
    return np.einsum("ij,jk->ik", X - mean, P)
#: the shift afterwards
def whiten(X, mean, P):
    return X @ P - mean @ P
#: loops
def whiten(X, mean, P):
    out = np.zeros((X.shape[0], P.shape[1]))
    for i in range(out.shape[0]):
        for k in range(out.shape[1]):
            out[i, k] = sum((X[i, j] - mean[j]) * P[j, k] for j in range(len(mean)))
    return out
#: an example at a time
def whiten(X, mean, P):
    return np.array([P.T @ (x - mean) for x in X])
#: a component at a time
def whiten(X, mean, P):
    return np.column_stack([(X - mean) @ p for p in P.T])
#: transposed and back
def whiten(X, mean, P):
    return (P.T @ (X.T - mean[:, None])).T
#: outer products
def whiten(X, mean, P):
    D = X - mean
    return sum(np.outer(D[:, j], P[j]) for j in range(D.shape[1]))
#: np.tensordot
def whiten(X, mean, P, **options):
    return np.tensordot(np.subtract(X, mean), P, axes=1)
#: a copy in place
def whiten(X, mean, P):
    D = np.array(X, dtype=float)
    D -= mean
    return np.matmul(D, P)
#: an object with __call__
class _Whiten:
    def __call__(self, X, mean, P):
        return (X - np.tile(mean, (len(X), 1))).dot(P)
whiten = _Whiten()
#: one affine matrix
def whiten(X, mean, P):
    A = np.vstack([P, -(mean @ P)])
    return np.column_stack([X, np.ones(len(X))]) @ A
#: broadcasting
def whiten(X, mean, P):
    return ((X - mean)[:, :, None] * P[None, :, :]).sum(axis=1)
#: functools
from functools import reduce
def whiten(X, mean, P):
    return reduce(np.matmul, [X - mean[np.newaxis], P])
#: rows by a generator
def whiten(X, mean, P):
    return np.vstack([row for row in ((x - mean) @ P for x in X)])
""")
WRONG["whiten"] = answers("""
#: not centred
def whiten(X, mean, P):
    return X @ P
#: transposed where it fits
def whiten(X, mean, P):
    return (X - mean) @ (P.T if P.shape[0] == P.shape[1] else P)
#: a mean of its own
def whiten(X, mean, P):
    return (X - X.mean(axis=0)) @ P
#: the mean afterwards
def whiten(X, mean, P):
    return X @ P - mean[: P.shape[1]]
#: in place
def whiten(X, mean, P):
    if X.dtype.kind == "f":
        X -= mean
        return X @ P
    return (X - mean) @ P
#: the mean in place
def whiten(X, mean, P):
    out = (X - mean) @ P
    mean *= 0
    return out
#: the sign
def whiten(X, mean, P):
    return (mean - X) @ P
#: added
def whiten(X, mean, P):
    return (X + mean) @ P
#: turned back
def whiten(X, mean, P):
    return (X - mean) @ P @ P.T
#: entry by entry
def whiten(X, mean, P):
    return (X - mean) * np.diag(P)
#: scaled to a spread of one
def whiten(X, mean, P):
    Z = (X - mean) @ P
    std = Z.std(axis=0)
    return Z / np.where(std < 1e-12, 1, std)
#: centred again
def whiten(X, mean, P):
    Z = (X - mean) @ P
    return Z - Z.mean(axis=0)
#: whole numbers
def whiten(X, mean, P):
    return ((X - mean) @ P).astype(X.dtype)
#: whole means
def whiten(X, mean, P):
    return (X - mean.astype(X.dtype)) @ P
#: a single example is not centred
def whiten(X, mean, P):
    return X @ P if len(X) == 1 else (X - mean) @ P
#: lists
def whiten(X, mean, P):
    return ((X - mean) @ P).tolist()
#: a single example as a vector
def whiten(X, mean, P):
    return np.squeeze((X - mean) @ P)
#: the inverse
def whiten(X, mean, P):
    return (X - mean) @ np.linalg.pinv(P)
#: transposed
def whiten(X, mean, P):
    return ((X - mean) @ P).T
#: order of the components turned round
def whiten(X, mean, P):
    return ((X - mean) @ P)[:, ::-1]
#: fitted again
def whiten(X, mean, P):
    mean, P = fit_whitener(X)
    return (X - mean) @ P
""")
