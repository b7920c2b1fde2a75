"""Lesson 12: the loss of chance, sane losses, update ratios, clipping by the global norm, the mended loss."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import torch
from torch.nn import functional

from .common import Arrays, Case, agree, case, leaves, network_params, normal


def training_diagnostics() -> list[Case]:
    """Losses and clipping by torch, closeness by torch and NumPy, norms by torch, large logits by mpmath as well."""
    return [*_chance(), *_sane(), *_ratios(), *_clipped(), *_losses()]


def _chance() -> list[Case]:
    cases = []
    for classes in (2, 3, 10, 26, 1000, 50_257):
        loss = functional.cross_entropy(torch.zeros(1, classes), torch.tensor([classes - 1]))
        expected = {"torch cross_entropy": loss.item(), "mpmath": float(mpmath.log(classes))}
        cases.append(case("chance_loss", f"{classes} classes", [classes], expected))
    return cases


def _sane() -> list[Case]:
    """``|loss - ln k| <= tolerance ln k`` is what isclose asks, with its second argument as the yardstick."""
    cases = []
    losses = [
        0.0,
        0.3,
        0.62,
        0.65,
        0.75,
        0.78,
        1.9,
        2.1,
        2.41,
        2.6,
        4.5,
        6.1,
        6.3,
        7.5,
        7.7,
        math.inf,
        -math.inf,
        math.nan,
        -2.3,
    ]
    for classes in (2, 10, 1000):
        for tolerance in (0.1, 0.5, 0.001):
            for loss in losses:
                yardstick = torch.tensor(math.log(classes))
                expected = torch.isclose(torch.tensor(loss), yardstick, rtol=tolerance, atol=0.0).item()
                again = bool(np.isclose(loss, math.log(classes), rtol=tolerance, atol=0.0))
                if expected != again:
                    raise SystemExit(f"torch and NumPy disagree on whether {loss} is close to ln {classes}")
                cases.append(
                    {
                        "function": "initial_loss_is_sane",
                        "label": f"{loss}, {classes} classes, {tolerance}",
                        "kind": "sane",
                        "oracle": "torch.isclose, numpy.isclose",
                        "loss": str(loss),
                        "classes": classes,
                        "tolerance": tolerance,
                        "expected": expected,
                    }
                )
    return cases


def _sets() -> dict[str, Arrays]:
    return {
        "a network": network_params([4, 5, 3], 1200),
        "a deep network": network_params([3, 4, 4, 4, 2], 1201),
        "other names": {
            "Wout": normal(1202, 3, 4),
            "gamma": normal(1203, 4),
            "W": normal(1204, 2, 2),
            "w": normal(1205, 2, 3),
        },
    }


def _ratios() -> list[Case]:
    cases = []
    for label, before in _sets().items():
        for size in (1e-3, 0.1, 2.0):
            after = {k: v + normal(1210 + i, *v.shape, scale=1.0) * size for i, (k, v) in enumerate(before.items())}
            found = {}
            for key in before:
                if key.startswith("W"):
                    old, new = torch.as_tensor(before[key]), torch.as_tensor(after[key])
                    ratio = torch.linalg.matrix_norm(new - old, "fro") / torch.linalg.matrix_norm(old, "fro")
                    found[key] = ratio.item()
            expected = {"torch.linalg.matrix_norm": found}
            cases.append(case("update_ratios", f"{label}, {size}", [before, after], expected))
    return cases


def _clipped() -> list[Case]:
    """torch adds 1e-6 to the norm that it divides by; the norm before clipping is its own result."""
    cases = []
    sets = {**_sets(), "three axes": {"kernel": 3 * normal(1220, 2, 3, 2), "beta": normal(1221, 4)}}
    for label, grads in sets.items():
        for share in (0.01, 0.5, 0.99, 1.5, 100.0):
            at = leaves(grads)
            for key, value in at.items():
                value.grad = torch.tensor(grads[key])
            norm = torch.nn.utils.get_total_norm([value.grad for value in at.values()]).item()
            again = torch.nn.utils.clip_grad_norm_(at.values(), share * norm).item()
            agree(norm, again, 1e-12, "the norm of gradients")
            cases.append(
                {
                    "function": "clip_gradients",
                    "label": f"{label}, {share} of the norm",
                    "kind": "clipped",
                    "oracle": "torch.nn.utils.clip_grad_norm_",
                    "grads": grads,
                    "norm": norm,
                    "max_norm": share * norm,
                    "clipped": {key: value.grad for key, value in at.items()},
                }
            )
    return cases


def _by_hand(logits: np.ndarray, y: np.ndarray) -> float:
    """The mean cross-entropy with 50 digits; e^-2000 is a number there."""
    total = mpmath.mpf(0)
    for row, label in zip(logits, y, strict=True):
        powers = [mpmath.exp(mpmath.mpf(float(value))) for value in row]
        total -= mpmath.log(powers[int(label)] / mpmath.fsum(powers))
    return float(total / len(y))


def _losses() -> list[Case]:
    rng = np.random.default_rng(1230)
    sets = {
        "small logits": normal(1231, 6, 4),
        "ten classes": 4 * normal(1232, 9, 10),
        "a single row": normal(1233, 1, 3),
        "equal logits": np.zeros((3, 5)),
        "one and minus one thousand": np.where(rng.random((8, 3)) < 0.5, 1000.0, -1000.0),
        "rows at different heights": normal(1234, 4, 3) + np.array([[1000.0], [-1000.0], [0.0], [500.0]]),
        "several hundred": np.clip(300 * normal(1235, 7, 5), -1000, 1000),
    }
    cases = []
    for label, logits in sets.items():
        y = rng.integers(0, logits.shape[1], len(logits))
        loss = functional.cross_entropy(torch.as_tensor(logits), torch.as_tensor(y)).item()
        agree(loss, _by_hand(logits, y), 1e-12, "the cross-entropy")
        expected = {"torch cross_entropy": loss, "mpmath": _by_hand(logits, y)}
        cases.append(case("mend_softmax_loss", label, [logits, y], expected))
    return cases
