"""Lesson 03: penalties, weight decay, max-norm, early stopping, augmentation."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import scipy.ndimage
import scipy.stats
import torch
from pytorch_lightning.callbacks import EarlyStopping
from pytorch_lightning.trainer.states import TrainerFn, TrainerState
from torch.nn import functional

from .common import Arrays, Case, Tensors, agree, case, leaves, network_params, normal, sgd_run
from .keras_on_torch import keras


def regularization() -> list[Case]:
    """Penalties by autograd, decay by torch.optim.SGD, stopping by Keras and Lightning, pictures by torch and SciPy."""
    return [
        *_penalties(),
        *_decay_steps(),
        *_decay_runs(),
        *_sparsities(),
        *_max_norms(),
        *_early_stops(),
        *_flips(),
        *_shifts(),
    ]


def _sets() -> dict[str, tuple[Arrays, Arrays]]:
    """Parameters and gradients. ``w`` and ``bW`` are no weights, whatever their axes: their keys do not start with W."""
    network = network_params([3, 4, 2], 3000)
    odd = {
        "Wout": normal(3001, 2, 3),
        "w": normal(3002, 2, 2),
        "gamma": normal(3003, 3),
        "bW": normal(3004, 2),
        "W": normal(3005, 1, 2, 2),
    }
    zeros = {"W1": np.array([[0.0, -1.5, 2.0], [0.25, 0.0, -0.0]]), "b1": np.array([0.0, 3.0, -1.0])}
    return {
        label: (params, {key: normal(3010 + i, *value.shape) for i, (key, value) in enumerate(params.items())})
        for label, params in {"a network": network, "any keys": odd, "zeros among the weights": zeros}.items()
    }


def _is_weight(key: str) -> bool:
    return key[0] == "W"


def _penalties() -> list[Case]:
    def l2(weights: list[torch.Tensor], lam: float, m: int) -> torch.Tensor:
        return (
            lam
            / m
            * torch.stack([functional.mse_loss(W, torch.zeros_like(W), reduction="sum") for W in weights]).sum()
            / 2
        )

    def l1(weights: list[torch.Tensor], lam: float, m: int) -> torch.Tensor:
        return (
            lam / m * torch.stack([functional.l1_loss(W, torch.zeros_like(W), reduction="sum") for W in weights]).sum()
        )

    penalties: dict[str, tuple[str, Callable[[list[torch.Tensor], float, int], torch.Tensor]]] = {
        "l2": ("torch.nn.functional.mse_loss", l2),
        "l1": ("torch.nn.functional.l1_loss", l1),
    }
    cases = []
    for (label, (params, grads)), (lam, m) in itertools.product(
        _sets().items(), [(0.7, 5), (4.0, 2), (0.0, 3), (0.01, 1)]
    ):
        for name, (oracle, penalty) in penalties.items():
            at = leaves(params)
            added = penalty([value for key, value in at.items() if _is_weight(key)], lam, m)
            cases.append(case(f"{name}_cost", f"{label}, {lam}, {m}", [params, lam, m], {oracle: added}))
            # A cost whose gradients are the given ones, and the penalty on top of it.
            cost = torch.stack([(value * torch.as_tensor(grads[key])).sum() for key, value in at.items()]).sum() + added
            cost.backward()
            found = {key: value.grad for key, value in at.items()}
            cases.append(
                case(
                    f"{name}_gradients", f"{label}, {lam}, {m}", [params, grads, lam, m], {f"{oracle}, autograd": found}
                )
            )
    return cases


def _with_decay(at: Tensors, learning_rate: float, decay: float) -> torch.optim.SGD:
    """Stochastic gradient descent that decays the weights and nothing else."""
    groups = [
        {"params": [value for key, value in at.items() if _is_weight(key)], "weight_decay": decay},
        {"params": [value for key, value in at.items() if not _is_weight(key)], "weight_decay": 0.0},
    ]
    return torch.optim.SGD(groups, lr=learning_rate)


def _decay_steps() -> list[Case]:
    """One step with each setting, and 25 steps with given gradients with the first."""
    cases = []
    settings = [[0.1, 4.0, 2], [0.05, 0.7, 10], [0.3, 0.0, 4]]
    for (label, (params, _)), (learning_rate, lam, m) in itertools.product(_sets().items(), settings):
        steps = [
            {key: normal(3100 + 10 * step + i, *value.shape) for i, (key, value) in enumerate(params.items())}
            for step in range(25)
        ]
        at = leaves(params)
        optimizer = _with_decay(at, learning_rate, lam / m)
        after = []
        for grads in steps:
            for key, value in at.items():
                value.grad = torch.as_tensor(grads[key])
            optimizer.step()
            after.append({key: value.detach().clone() for key, value in at.items()})
        name, oracle = f"{label}, {learning_rate}, {lam}, {m}", "torch.optim.SGD(weight_decay)"
        cases.append(case("weight_decay_step", name, [params, steps[0], learning_rate, lam, m], {oracle: after[0]}))
        if [learning_rate, lam, m] == settings[0]:
            cases.append(
                {
                    "function": "weight_decay_step",
                    "label": f"25 steps, {name}",
                    "kind": "decay_steps",
                    "oracle": oracle,
                    "params": params,
                    "grads": steps,
                    "settings": settings[0],
                    "last": after[-1],
                }
            )
    return cases


def _decay_runs() -> list[Case]:
    """A network trained on all its examples with weight decay: both forms, decay and penalty, must end there."""
    cases = []
    for learning_rate, lam in [(0.3, 0.5), (0.1, 6.0)]:
        params, X = network_params([4, 6, 3], 3200), normal(3201, 12, 4)
        y = np.random.default_rng(3202).integers(0, 3, 12)
        at = leaves(params)
        optimizer = _with_decay(at, learning_rate, lam / len(X))
        losses = sgd_run(at, optimizer, [(X, y)] * 40)
        cases.append(
            {
                "function": "weight_decay_step",
                "label": f"40 steps of a network, {learning_rate}, {lam}",
                "kind": "decay_run",
                "oracle": "torch.optim.SGD(weight_decay), autograd",
                "params": params,
                "X": X,
                "y": y,
                "settings": [learning_rate, lam, len(X)],
                "losses": np.array(losses),
                "last": at,
            }
        )
    return cases


def _sparsities() -> list[Case]:
    """Where a weight is as large as the threshold hardshrink decides other than the contract: there SciPy does alone."""
    tiny = {key: 1e-3 * value**3 for key, value in _sets()["a network"][0].items()}
    sets = {label: params for label, (params, _) in _sets().items()} | {"tiny weights": tiny}
    cases = []
    for (label, params), threshold in itertools.product(sets.items(), (None, 1e-6, 0.3001, 1.5, 100.0)):
        limit = 1e-3 if threshold is None else threshold
        weights = torch.cat([torch.as_tensor(value).flatten() for key, value in params.items() if _is_weight(key)])
        share = scipy.stats.percentileofscore(weights.abs(), limit, kind="strict") / 100
        oracle = "scipy.stats.percentileofscore(kind='strict')"
        if not (weights.abs() == limit).any():
            agree(
                share, 1 - torch.count_nonzero(functional.hardshrink(weights, limit)) / len(weights), 1e-12, "sparsity"
            )
            oracle += ", torch.nn.functional.hardshrink"
        inputs = [params] if threshold is None else [params, threshold]
        cases.append(case("sparsity", f"{label}, {threshold}", inputs, {oracle: share}))
    return cases


def _max_norms() -> list[Case]:
    W = normal(3300, 5, 4) * np.array([0.1, 1.0, 3.0, 10.0])
    with_zeros = W.copy()
    with_zeros[:, 1] = 0.0
    cases = []
    sets = {
        "a layer": W,
        "a column of zeros": with_zeros,
        "one row": W[:1],
        "one column": W[:, 2:3],
        "tall": normal(3301, 40, 3),
    }
    for (label, weights), limit in itertools.product(sets.items(), (0.5, 1.0, 4.0)):
        at = torch.as_tensor(weights)
        scaled = torch.where(torch.linalg.vector_norm(at, dim=0) > limit, limit * functional.normalize(at, dim=0), at)
        # Both of these add 1e-7 to the norm.
        agree(torch.renorm(at, 2, 1, limit), scaled, 1e-6, "max-norm by torch.renorm")
        kept = keras.constraints.MaxNorm(limit, axis=0)(at)
        agree(keras.ops.convert_to_numpy(kept), scaled, 1e-6, "max-norm by Keras")
        cases.append(
            case(
                "max_norm",
                f"{label}, {limit}",
                [weights, limit],
                {"torch.nn.functional.normalize, torch.renorm": scaled},
            )
        )
    return cases


def _stop_by_keras(losses: list[float], patience: int, min_delta: float) -> list[int]:
    callback = keras.callbacks.EarlyStopping("loss", min_delta, patience, mode="min")
    callback.set_model(SimpleNamespace(stop_training=False))
    callback.on_train_begin()
    for epoch, loss in enumerate(losses):
        callback.on_epoch_end(epoch, {"loss": loss})
        if callback.model.stop_training:
            break
    return [callback.best_epoch, epoch]


def _stop_by_lightning(losses: list[float], patience: int, min_delta: float) -> list[int]:
    callback = EarlyStopping("loss", min_delta, patience, mode="min", check_finite=False)
    trainer = SimpleNamespace(
        state=TrainerState(fn=TrainerFn.FITTING),
        sanity_checking=False,
        fast_dev_run=False,
        strategy=SimpleNamespace(reduce_boolean_decision=lambda decision, all: decision),
        should_stop=False,
        callback_metrics={},
        current_epoch=0,
    )
    best = 0
    for epoch, loss in enumerate(losses):
        trainer.callback_metrics, trainer.current_epoch = {"loss": torch.tensor(loss)}, epoch
        callback.on_validation_end(trainer, None)
        if callback.wait_count == 0:
            best = epoch
        if trainer.should_stop:
            break
    return [best, epoch]


def _early_stops() -> list[Case]:
    """The contract: the first loss that is not NaN always is an improvement, and NaN never is.

    Keras takes a NaN in the first epoch for the best loss ever; such a curve is Lightning's alone. Lightning starts from
    infinity, which it takes for no improvement; such a curve is Keras's alone. Lightning's patience runs while there
    has been no number yet, which the contract leaves open: at most patience - 1 of the first epochs are NaN here.
    """
    nan = float("nan")
    walks = {
        f"a noisy curve, {seed}": (np.exp(-np.arange(40) / 8) + 0.15 * np.abs(normal(3400 + seed, 40)))
        .round(4)
        .tolist()
        for seed in range(4)
    }
    curves = {
        "the lesson's": [1.0, 0.6, 0.7, 0.5, 0.52, 0.51, 0.53, 0.1],
        "falling to the end": [0.9, 0.8, 0.7, 0.6, 0.5],
        "rising at once": [0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
        "many small steps": [1.0, 0.97, 0.94, 0.91, 0.88, 0.85, 0.82, 0.79, 0.76],
        "a plateau": [1.0, 0.5, 0.5, 0.5, 0.5, 0.4],
        "one epoch": [0.3],
        "negative losses": [-1.0, -1.2, -1.1, -1.5, -1.4, -1.3, -1.2, -1.1],
        "NaN on the way": [1.0, nan, 0.8, nan, nan, 0.7, nan, nan, nan, 0.1],
        "infinite first": [float("inf"), 2.0, 1.0, 1.5, 1.4, 1.3, 1.2],
        **walks,
    }
    cases = []
    for (label, losses), patience, min_delta in itertools.product(curves.items(), (1, 2, 3, 7), (0.0, 0.05, 0.17)):
        expected = {"keras.callbacks.EarlyStopping": _stop_by_keras(losses, patience, min_delta)}
        if losses[0] < float("inf"):
            expected["pytorch_lightning EarlyStopping"] = _stop_by_lightning(losses, patience, min_delta)
        cases.append(
            case(
                "early_stopping", f"{label}, {patience}, {min_delta}", [np.array(losses), patience, min_delta], expected
            )
        )
    for losses, patience in [
        ([nan, 1.0, 0.5, 0.6, 0.7], 2),
        ([nan, nan, 2.0, nan, nan, nan, 1.0], 3),
        ([nan, 3.0, 4.0], 7),
    ]:
        stop = _stop_by_lightning(losses, patience, 0.0)
        cases.append(
            case(
                "early_stopping",
                f"NaN first, {patience}",
                [np.array(losses), patience],
                {"pytorch_lightning EarlyStopping": stop},
            )
        )
    return cases


def _flips() -> list[Case]:
    cases = []
    for label, shape in (
        ("square", (6, 4, 4)),
        ("wide", (7, 2, 5)),
        ("one picture", (1, 3, 2)),
        ("one column", (3, 4, 1)),
    ):
        for p in (0.0, 0.3, 0.5, 1.0):
            images = normal(3500, *shape)
            draws = np.round(np.random.default_rng(3501).uniform(0.001, 0.999, shape[0]), 4)
            at = torch.as_tensor(images)
            flipped = [torch.flip(image, [1]) if draw < p else image for image, draw in zip(at, draws, strict=True)]
            cases.append(
                {
                    "function": "random_horizontal_flip",
                    "label": f"{label}, {p}",
                    "kind": "flip",
                    "oracle": "torch.flip",
                    "images": images,
                    "p": p,
                    "draws": draws,
                    "flipped": torch.stack(flipped),
                }
            )
    return cases


def _shifts() -> list[Case]:
    """Every shift of every picture, by SciPy and by torch's padding."""
    cases = []
    for label, shape, limit in [
        ("square", (2, 4, 4), 1),
        ("wide", (2, 3, 5), 2),
        ("farther than it is wide", (2, 2, 3), 4),
        ("not at all", (3, 2, 2), 0),
    ]:
        images = normal(3600, *shape)
        ways = list(itertools.product(range(-limit, limit + 1), repeat=2))
        shifts = np.array(
            [[scipy.ndimage.shift(image, way, order=0, mode="constant", cval=0.0) for way in ways] for image in images]
        )
        for image, shifted in zip(images, shifts, strict=True):
            padded = [
                functional.pad(torch.as_tensor(image), (limit, limit, limit, limit))[
                    limit - down : limit - down + shape[1], limit - right : limit - right + shape[2]
                ]
                for down, right in ways
            ]
            agree(torch.stack(padded), shifted, 0, "a shifted picture")
        cases.append(
            {
                "function": "random_shift",
                "label": label,
                "kind": "shift",
                "oracle": "scipy.ndimage.shift, torch.nn.functional.pad",
                "images": images,
                "max_shift": limit,
                "shifts": shifts,
            }
        )
    return cases
