"""Lesson 04: dropout of one layer, of a network, and kept on at prediction."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from .common import Arrays, Case, agree, case, leaves, network_module, network_params, normal, relu_network, tensor


def dropout() -> list[Case]:
    """Everything by torch's dropout and autograd. A case holds draws with which a generator leads to torch's masks."""
    return [*_layers(), *_backward(), *_not_training(), *_bad_rates(), *_networks(), *_predictions()]


def _mask(generator_seed: int, keep: float, shapes: list[tuple[int, int]]) -> list[torch.Tensor]:
    """The masks, one after the other, that torch draws from this seed."""
    torch.manual_seed(generator_seed)
    return [functional.dropout(torch.ones(shape), 1 - keep) for shape in shapes]


def _draws(seed: int, mask: torch.Tensor, keep: float) -> np.ndarray:
    """Numbers from 0 to 1, below ``keep`` exactly where ``mask`` keeps the unit."""
    inner = np.round(np.random.default_rng(seed).uniform(0.02, 0.98, mask.shape), 3)
    return np.where(mask.numpy() > 0, keep * inner, keep + (1 - keep) * inner)


_LAYERS = {"a layer": (5, 4), "one example": (1, 6), "one unit": (7, 1)}
_KEEPS = (0.05, 0.3, 0.5, 0.9, 1.0)


def _layers() -> list[Case]:
    cases = []
    for (label, shape), keep in itertools.product(_LAYERS.items(), _KEEPS):
        A, dout = normal(4000, *shape), normal(4001, *shape)
        [mask] = _mask(4002, keep, [shape])
        at = tensor(A)
        torch.manual_seed(4002)
        out = functional.dropout(at, 1 - keep)
        agree(out.detach(), A * mask.numpy(), 1e-15, "the mask that torch drew")
        out.backward(torch.as_tensor(dout))
        cases.append(
            {
                "function": "dropout_forward",
                "label": f"{label}, {keep}",
                "kind": "dropout",
                "oracle": "torch.nn.functional.dropout, autograd",
                "A": A,
                "keep_prob": keep,
                "draws": _draws(4003, mask, keep),
                "mask": mask,
                "out": out,
                "dout": dout,
                "dA": at.grad,
            }
        )
    return cases


def _backward() -> list[Case]:
    cases = []
    for keep in _KEEPS:
        dout = normal(4010, 6, 5)
        [mask] = _mask(4011, keep, [dout.shape])
        at = torch.ones(dout.shape, requires_grad=True)
        torch.manual_seed(4011)
        functional.dropout(at, 1 - keep).backward(torch.as_tensor(dout))
        oracle = "torch.nn.functional.dropout, autograd"
        cases.append(case("dropout_backward", f"keep {keep}", [dout, mask], {oracle: at.grad}))
    return cases


def _not_training() -> list[Case]:
    cases = []
    for keep in (0.3, 1.0):
        A = normal(4020, 4, 3)
        module = nn.Dropout(1 - keep).eval()
        cases.append(
            {
                "function": "dropout_forward",
                "label": f"not training, {keep}",
                "kind": "no_dropout",
                "oracle": "torch.nn.Dropout.eval",
                "A": A,
                "keep_prob": keep,
                "out": module(torch.as_tensor(A)),
                "mask": module(torch.ones(A.shape)),
            }
        )
    return cases


def _bad_rates() -> list[Case]:
    """What torch refuses as well. It allows to drop everything, which the contract does not."""
    cases = []
    for keep in (-0.1, 1.5, 2.0, -3.0):
        try:
            nn.Dropout(1 - keep)
        except ValueError:
            cases.append(
                {
                    "function": "dropout_forward",
                    "label": f"keep {keep} is refused",
                    "kind": "refused",
                    "oracle": "torch.nn.Dropout",
                    "keep_prob": keep,
                }
            )
        else:
            raise SystemExit(f"torch keeps with probability {keep}")
    return cases


def _with_dropout(params: Arrays, keeps: list[float]) -> nn.Sequential:
    """The ReLU network as a torch module with ``nn.Dropout`` after every hidden layer, in training."""
    layers: list[nn.Module] = []
    rates = iter(keeps)
    for module in network_module(params, nn.ReLU()):
        layers.append(module)
        if isinstance(module, nn.ReLU):
            layers.append(nn.Dropout(1 - next(rates)))
    return nn.Sequential(*layers).train()


def _masks(seed: int, params: Arrays, keeps: list[float], m: int) -> list[torch.Tensor]:
    """The masks that ``_with_dropout`` draws from this seed: ``nn.Linear`` and ``nn.ReLU`` draw nothing."""
    torch.manual_seed(seed)
    return [
        functional.dropout(torch.ones(m, params[f"b{layer}"].size), 1 - keep)
        for layer, keep in enumerate(keeps, start=1)
    ]


_NETWORKS: dict[str, tuple[list[int], list[float], int]] = {
    "one hidden layer": ([4, 7, 3], [0.5], 6),
    "two hidden layers": ([3, 8, 5, 4], [0.9, 0.3], 5),
    "three hidden layers": ([5, 6, 6, 4, 2], [0.5, 1.0, 0.7], 9),
    "nothing dropped": ([4, 5, 3], [1.0], 7),
    "one example": ([3, 6, 6, 2], [0.5, 0.8], 1),
    "no hidden layer": ([4, 3], [], 5),
}


def _networks() -> list[Case]:
    cases = []
    for seed, (label, (sizes, keeps, m)) in enumerate(_NETWORKS.items(), start=4100):
        params, X = network_params(sizes, seed), normal(seed, m, sizes[0])
        y = np.random.default_rng(seed).integers(0, sizes[-1], m)
        module, masks = _with_dropout(params, keeps), _masks(seed, params, keeps, m)
        at = leaves(params)
        by_masks = relu_network(at, X, masks)
        functional.cross_entropy(by_masks, torch.as_tensor(y)).backward()
        torch.manual_seed(seed)
        logits = module(torch.as_tensor(X))
        agree(by_masks.detach(), logits.detach(), 1e-14, "the network with its masks")
        functional.cross_entropy(logits, torch.as_tensor(y)).backward()
        grads: dict[str, Any] = {}
        for number, layer in enumerate((layer for layer in module if isinstance(layer, nn.Linear)), start=1):
            assert layer.weight.grad is not None
            grads |= {f"W{number}": layer.weight.grad.T, f"b{number}": layer.bias.grad}
        for key, value in at.items():
            agree(value.grad, grads[key], 1e-14, f"the gradient of {key}")
        cases.append(
            {
                "function": "forward_with_dropout",
                "label": label,
                "kind": "dropout_network",
                "oracle": "torch.nn.Sequential with torch.nn.Dropout, autograd",
                "params": params,
                "X": X,
                "y": y,
                "keep_probs": keeps,
                "draws": [_draws(seed, mask, keep) for mask, keep in zip(masks, keeps, strict=True)],
                "logits": logits,
                "grads": grads,
                "logits_not_training": module.eval()(torch.as_tensor(X)),
            }
        )
    return cases


def _predictions() -> list[Case]:
    cases = []
    for seed, (label, samples) in enumerate(
        [
            ("one hidden layer", 12),
            ("two hidden layers", 7),
            ("one example", 5),
            ("nothing dropped", 3),
            ("three hidden layers", 1),
        ],
        start=4200,
    ):
        sizes, keeps, m = _NETWORKS[label]
        params, X = network_params(sizes, seed), normal(seed, m, sizes[0])
        module = _with_dropout(params, keeps)
        passes, draws = [], []
        for sample in range(samples):
            masks = _masks(100 * seed + sample, params, keeps, m)
            draws += [_draws(sample, mask, keep) for mask, keep in zip(masks, keeps, strict=True)]
            torch.manual_seed(100 * seed + sample)
            with torch.no_grad():
                passes.append(functional.softmax(module(torch.as_tensor(X)), dim=1))
        probs = torch.stack(passes)
        cases.append(
            {
                "function": "mc_dropout_predict",
                "label": f"{label}, {samples} samples",
                "kind": "mc_dropout",
                "oracle": "torch.nn.Dropout in training, torch.std(correction=0)",
                "params": params,
                "X": X,
                "keep_probs": keeps,
                "samples": samples,
                "draws": draws,
                "mean": probs.mean(dim=0),
                "std": probs.std(dim=0, correction=0),
            }
        )
    return cases
