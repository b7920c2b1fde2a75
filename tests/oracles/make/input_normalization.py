"""Lesson 05: scaling, condition numbers, gradient descent on least squares, whitening."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import scipy.linalg
import scipy.stats
import torch
from sklearn.decomposition import PCA
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from .common import Case, agree, case, exact, normal, tensor


def input_normalization() -> list[Case]:
    """Scalers and PCA by scikit-learn, singular values and roots of matrices by SciPy, descent by torch."""
    return [*_scalers(), *_pictures(), *_condition_numbers(), *_singular(), *_descents(), *_whiteners(), *_pca()]


def _tables() -> dict[str, np.ndarray]:
    units = np.round(normal(5000, 20, 4) * np.array([1.0, 200.0, 0.01, 5.0]) + np.array([0.0, 900.0, 0.3, -4.0]), 5)
    constant = units.copy()
    constant[:, 1], constant[:, 3] = 0.1, 0.0
    return {
        "different units": units,
        "tiny spread": 1e-9 * normal(5002, 9, 2),
        "constant columns": constant,
        "one example": units[:1],
        "one column": units[:, 1:2],
    }


def _scalers() -> list[Case]:
    cases = []
    for label, X in _tables().items():
        scaler = StandardScaler().fit(X)
        stds, means = torch.std_mean(torch.as_tensor(X), dim=0, correction=0)
        # Where a column is constant up to rounding, torch has a std near 0 and scikit-learn has 1.
        expected = {"sklearn.preprocessing.StandardScaler": [scaler.mean_, scaler.scale_]}
        agree(means, scaler.mean_, 1e-12, "means")
        agree(np.where(np.ptp(X, axis=0) == 0, 1.0, stds), scaler.scale_, 1e-12, "standard deviations")
        cases.append(case("fit_standardizer", label, [X], expected))
        X_test = X[0] + 3 * normal(5001, 6, X.shape[1])
        inputs = [X_test, scaler.mean_, scaler.scale_]
        cases.append(
            case("standardize", f"new examples, {label}", inputs, {"sklearn StandardScaler": scaler.transform(X_test)})
        )
        if "constant" not in label and len(X) > 1:
            own = {"scipy.stats.zmap": scipy.stats.zmap(X_test, X, ddof=0)}
            cases.append(case("standardize", f"new examples by zmap, {label}", inputs, own))
    return cases


def _pictures() -> list[Case]:
    rng = np.random.default_rng(5100)
    cases = []
    scaler = MinMaxScaler().fit(np.array([[0.0], [255.0]]))
    for label, shape in (("grey", (3, 4, 5)), ("colour", (2, 3, 2, 3)), ("flat", (4, 6))):
        images = rng.integers(0, 256, shape).astype(np.uint8)
        if label != "flat":
            images.flat[:2] = [0, 255]
        else:
            images = images // 3 + 7
        expected = {
            "sklearn.preprocessing.MinMaxScaler": scaler.transform(images.reshape(-1, 1).astype(float)).reshape(shape),
            "torch.true_divide": torch.true_divide(torch.as_tensor(images).double(), 255),
        }
        cases.append(case("scale_pixels", label, [images], expected))
    for label, shape in (("colour", (3, 4, 5, 3)), ("one channel", (2, 3, 3, 1)), ("one picture", (1, 2, 4, 4))):
        for images in (rng.integers(0, 256, shape).astype(np.uint8), normal(5101, *shape)):
            pixels = images.reshape(-1, shape[-1]).astype(float)
            scaler = StandardScaler(with_std=False).fit(pixels)
            means = torch.as_tensor(images).double().mean(dim=(0, 1, 2))
            name = f"{label}, {images.dtype}"
            cases.append(
                case("channel_means", name, [images], {"sklearn StandardScaler": scaler.mean_, "torch": means})
            )
            others = images[::-1, :1].copy()
            centred = scaler.transform(others.reshape(-1, shape[-1]).astype(float)).reshape(others.shape)
            expected = {
                "sklearn StandardScaler(with_std=False)": centred,
                "torch.sub": torch.sub(torch.as_tensor(others).double(), means),
            }
            cases.append(case("subtract_channel_means", name, [others, scaler.mean_], expected))
    return cases


def _condition_numbers() -> list[Case]:
    sets = {
        "round": normal(5200, 30, 3),
        "elongated": normal(5201, 25, 4) * np.array([1.0, 30.0, 0.1, 5.0]),
        "not centred": normal(5202, 20, 3) + 10,
        "one column": normal(5203, 6, 1),
        "square": normal(5204, 4, 4),
        "the lesson's": np.array([[1.0, 2.0], [1.0, -2.0]]),
        "tiny": 1e-7 * normal(5206, 15, 3),
        "huge": 1e7 * normal(5207, 15, 3),
        "1e7": normal(5205, 12, 2) * np.array([1.0, 3000.0]),
    }
    cases = []
    for label, X in sets.items():
        singular = scipy.linalg.svdvals(X)
        digits = mpmath.svd_r(mpmath.matrix(exact(X)), compute_uv=False)
        value = (max(digits) / min(digits)) ** 2
        agree((singular[0] / singular[-1]) ** 2, float(value), 1e-9, "a condition number")
        cases.append(
            {
                "function": "hessian_condition_number",
                "label": label,
                "kind": "condition",
                "oracle": "mpmath.svd_r, scipy.linalg.svdvals",
                "X": X,
                "value": float(value),
                # What rounding of X.T @ X does to the smallest eigenvalue, relative to it.
                "tolerance": 16 * 2.0**-52 * float(value) * X.shape[1],
            }
        )
    return cases


def _singular() -> list[Case]:
    X = normal(5300, 9, 3)
    sets = {
        "more columns than rows": normal(5301, 3, 5),
        "a column twice": X[:, [0, 1, 2, 1]],
        "a column of zeros": X * np.array([1.0, 0.0, 1.0]),
        "one column the sum of two": np.column_stack([X, X[:, 0] + X[:, 2]]),
        "one example": normal(5302, 1, 2),
    }
    for label, values in sets.items():
        rank = int(torch.linalg.matrix_rank(torch.as_tensor(values)))
        if rank >= values.shape[1] or len(scipy.linalg.orth(values).T) != rank:
            raise SystemExit(f"{label}: not singular")
    return [
        {
            "function": "hessian_condition_number",
            "label": label,
            "kind": "singular",
            "oracle": "torch.linalg.matrix_rank, scipy.linalg.orth",
            "X": values,
        }
        for label, values in sets.items()
    ]


def _by_torch(X: np.ndarray, y: np.ndarray, learning_rate: float, tol: float, max_iter: int) -> int:
    """Updates of torch.optim.SGD with gradients by autograd."""
    w = tensor(np.zeros(X.shape[1]))
    optimizer = torch.optim.SGD([w], lr=learning_rate)
    at, target = torch.as_tensor(X), torch.as_tensor(y)
    for update in range(max_iter):
        optimizer.zero_grad()
        (0.5 * torch.nn.functional.mse_loss(torch.mv(at, w), target)).backward()
        assert w.grad is not None
        norm = torch.linalg.vector_norm(w.grad).item()
        if norm < tol:
            return update
        if not math.isfinite(norm):
            return max_iter
        optimizer.step()
    return max_iter


def _by_eigenvalues(X: np.ndarray, y: np.ndarray, learning_rate: float, tol: float, max_iter: int) -> int:
    """The same from a formula: along each eigenvector the gradient is multiplied by ``1 - lr * eigenvalue`` a step."""
    eigenvalues, vectors = scipy.linalg.eigh(X.T @ X / len(X))
    first, factors = vectors.T @ (X.T @ y / len(X)), 1 - learning_rate * eigenvalues
    with np.errstate(all="ignore"):
        for update in range(max_iter):
            if scipy.linalg.norm(first * factors**update, check_finite=False) < tol:
                return update
    return max_iter


def _descents() -> list[Case]:
    X = normal(5400, 20, 3)
    y = np.round(X @ np.array([1.0, -2.0, 0.5]) + 0.1 * normal(5401, 20), 4)
    wide = X * np.array([1.0, 6.0, 0.5])
    ones = np.ones((2, 1))
    runs: dict[str, tuple[np.ndarray, np.ndarray, float, float, int]] = {
        "the lesson's": (ones, np.full(2, 2.0), 0.5, 0.1, 100000),
        "round": (X, y, 0.3, 1e-6, 100000),
        "round, small steps": (X, y, 0.01, 1e-6, 100000),
        "elongated": (wide, y, 0.02, 1e-6, 100000),
        "elongated, coarse": (wide, y, 0.02, 1e-2, 100000),
        "exactly at tol, which is not below": (ones, np.full(2, 2.0), 0.5, 2.0, 100),
        "there at once": (X, np.zeros(20), 0.1, 1e-6, 100000),
        "never in 50": (wide, y, 0.001, 1e-6, 50),
        "none allowed": (X, y, 0.1, 1e-6, 0),
        "diverging": (wide, y, 1.0, 1e-6, 2000),
        "oscillating for ever": (ones, np.full(2, 2.0), 2.0, 1e-3, 300),
        "overshooting, yet converging": (ones, np.full(2, 2.0), 1.9, 1e-6, 100000),
    }
    cases = []
    for label, inputs in runs.items():
        expected = {"torch.optim.SGD, autograd": _by_torch(*inputs), "scipy.linalg.eigh": _by_eigenvalues(*inputs)}
        cases.append(case("gd_iterations", label, list(inputs), expected))
    defaults = [X, y, 0.3]
    cases.append(
        case("gd_iterations", "the defaults", defaults, {"scipy.linalg.eigh": _by_eigenvalues(X, y, 0.3, 1e-6, 100000)})
    )
    return cases


def _whiteners() -> list[Case]:
    """What is unique about a whitener: ``P @ P.T``, ZCA, and ``P`` with its columns in order and given a sign."""
    mixing = normal(5500, 4, 4)
    sets = {
        "correlated": (normal(5501, 30, 4) @ mixing + 3, 1e-5),
        "no eps": (normal(5502, 25, 3) * np.array([1.0, 7.0, 0.2]), 0.0),
        "large eps": (normal(5503, 12, 3) @ mixing[:3, :3], 0.5),
        "fewer examples than columns": (normal(5504, 3, 4) @ mixing, 1e-3),
        "one column": (normal(5505, 8, 1) * 4, 1e-5),
    }
    cases = []
    for label, (X, eps) in sets.items():
        new = normal(5510, 6, X.shape[1])
        mean = torch.as_tensor(X).mean(dim=0).numpy()
        covariance = torch.cov(torch.as_tensor(X).T, correction=0).reshape(X.shape[1], -1).numpy()
        regular = covariance + eps * np.eye(len(covariance))
        zca = scipy.linalg.inv(scipy.linalg.sqrtm(regular))
        _, singular, components = scipy.linalg.svd(X - mean)
        eigenvalues = np.zeros(len(components))
        eigenvalues[: len(singular)] = singular**2 / len(X)
        P = components.T / np.sqrt(eigenvalues + eps)
        agree(P @ P.T, scipy.linalg.inv(regular), 1e-8, "P @ P.T and the inverse of the covariance")
        cases.append(
            {
                "function": "fit_whitener",
                "label": label,
                "kind": "whitener",
                "oracle": "scipy.linalg.svd, sqrtm and inv; torch.cov",
                "X": X,
                "eps": eps,
                "new": new,
                "mean": mean,
                "eigenvalues": eigenvalues,
                "P": P,
                "inverse": scipy.linalg.inv(regular),
                "zca": (new - mean) @ zca,
                "distinct": bool(np.min(-np.diff(eigenvalues), initial=np.inf) > 1e-6),
            }
        )
    return cases


def _pca() -> list[Case]:
    """scikit-learn divides by m - 1, the contract by m."""
    cases = []
    for label, X in (
        ("correlated", normal(5600, 40, 3) @ normal(5601, 3, 3)),
        ("many columns", normal(5602, 30, 6) + 2),
    ):
        new = normal(5603, 5, X.shape[1])
        pca = PCA(whiten=True, svd_solver="full").fit(X)
        P = pca.components_.T / np.sqrt(pca.explained_variance_)
        cases.append(
            case("whiten", label, [new, pca.mean_, P], {"sklearn.decomposition.PCA(whiten=True)": pca.transform(new)})
        )
        cases.append(
            {
                "function": "fit_whitener",
                "label": f"PCA, {label}",
                "kind": "pca",
                "oracle": "sklearn.decomposition.PCA(whiten=True)",
                "X": X,
                "new": new,
                "mean": pca.mean_,
                "whitened": pca.transform(new) * math.sqrt(len(X) / (len(X) - 1)),
            }
        )
    return cases
