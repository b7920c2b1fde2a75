"""Lesson 11: batch normalization forward and backward, its running statistics, folded into a linear layer, and trained."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_linear_bn_eval

from .common import Arrays, Case, Tensors, agree, case, leaves, network_params, normal
from .keras_on_torch import keras

STEPS = 50


def batch_normalization() -> list[Case]:
    """All by torch. Keras, in single precision, tells that its running statistics are converted rightly."""
    return [*_layers(), *_one_example(), *_running(), *_test_time(), *_folded(), *_networks()]


def _statistics(seed: int, n: int) -> dict[str, np.ndarray]:
    return {
        "gamma": normal(seed, n),
        "beta": normal(seed + 1, n),
        "running_mean": normal(seed + 2, n),
        "running_var": np.round(normal(seed + 3, n) ** 2 + 0.1, 6),
    }


class _Torch:
    """torch's layer in training, its running statistics in the contract's convention.

    torch's momentum is the share of the *new* batch, 1 - momentum. It normalises with the biased variance of the batch,
    as the contract, and puts the unbiased one, m / (m - 1) times as large, into the running one. With the running
    variance times m / (m - 1) before a batch, all of what comes out has this factor, and it is taken off again.
    """

    def __init__(self, at: Arrays | Tensors, momentum: float, eps: float) -> None:
        self.mean = torch.tensor(np.asarray(at["running_mean"]))
        self.var = torch.tensor(np.asarray(at["running_var"]))
        self.momentum, self.eps = momentum, eps

    def __call__(self, Z: torch.Tensor, gamma: torch.Tensor, beta: torch.Tensor) -> torch.Tensor:
        factor = len(Z) / (len(Z) - 1)
        var = self.var * factor
        out = functional.batch_norm(
            Z, self.mean, var, gamma, beta, training=True, momentum=1 - self.momentum, eps=self.eps
        )
        self.var = var / factor
        return out

    def at_test_time(self, Z: torch.Tensor, gamma: torch.Tensor, beta: torch.Tensor) -> torch.Tensor:
        return functional.batch_norm(Z, self.mean, self.var, gamma, beta, training=False, eps=self.eps)


def _by_keras(at: Arrays, momentum: float, eps: float) -> Any:
    """Keras's layer with these parameters. Its momentum and its variance are the contract's, without conversion.

    This layer computes in float32, whatever it is told. It is asked for the conventions and not for the last digits.
    """
    layer = keras.layers.BatchNormalization(momentum=momentum, epsilon=eps)
    layer.build((None, len(at["gamma"])))
    for variable, key in [("gamma", "gamma"), ("beta", "beta"), ("moving_mean", "running_mean")]:
        getattr(layer, variable).assign(at[key])
    layer.moving_variance.assign(at["running_var"])
    return layer


SINGLE = 1e-5


def _by_formula(Z: torch.Tensor, gamma: torch.Tensor, beta: torch.Tensor, eps: float) -> torch.Tensor:
    """The definition, which autograd differentiates; torch has written its own backward pass down."""
    return gamma * (Z - Z.mean(dim=0)) / torch.sqrt(Z.var(dim=0, correction=0) + eps) + beta


def _inputs() -> dict[str, np.ndarray]:
    constant = normal(11003, 6, 3)
    constant[:, 1] = 2.5
    return {
        "a batch": normal(11000, 8, 3, scale=2.0),
        "two examples": normal(11001, 2, 4),
        "one unit": normal(11002, 5, 1),
        "a constant unit": constant,
        "units of very different size": normal(11004, 7, 4) * np.array([1e-4, 1e-2, 1.0, 100.0]),
        "far from zero": 500 + normal(11005, 9, 2, scale=3.0),
        "as many units as examples": normal(11006, 4, 4),
    }


def _layers() -> list[Case]:
    cases = []
    settings = [(0.9, 1e-5), (0.9, 1e-2), (0.5, 1e-5), (0.99, 1e-3), (0.0, 1e-5), (1.0, 1e-5), (0.9, 1e-5)]
    for seed, ((label, Z), (momentum, eps)) in enumerate(zip(_inputs().items(), settings, strict=True)):
        at = _statistics(11100 + 10 * seed, Z.shape[1])
        dout = normal(11200 + seed, *Z.shape)
        layer, leaf = _Torch(at, momentum, eps), leaves({"Z": Z, "gamma": at["gamma"], "beta": at["beta"]})
        out = layer(leaf["Z"], leaf["gamma"], leaf["beta"])
        out.backward(torch.as_tensor(dout))

        again = leaves({"Z": Z, "gamma": at["gamma"], "beta": at["beta"]})
        out_again = _by_formula(**again, eps=eps)
        out_again.backward(torch.as_tensor(dout))
        agree(out.detach(), out_again.detach(), 1e-11, f"the output, {label}")
        for key, value in leaf.items():
            gradient, gradient_again = value.grad, again[key].grad
            assert gradient is not None and gradient_again is not None
            scale = 1 + gradient.abs().max()  # where the variance is far below eps, the slopes are in the hundreds
            agree(gradient / scale, gradient_again / scale, 1e-11, f"the gradient of {key}, {label}")
        if label != "far from zero":  # where the variance is lost in float32
            other = _by_keras(at, momentum, eps)
            agree(out.detach(), other(torch.as_tensor(Z), training=True).detach(), SINGLE, f"Keras's output, {label}")
            agree(layer.mean, other.moving_mean.numpy(), SINGLE, f"Keras's running mean, {label}")
            agree(layer.var, other.moving_variance.numpy(), SINGLE, f"Keras's running variance, {label}")
        cases.append(
            {
                "function": "batchnorm_forward",
                "label": f"{label}, {momentum}, {eps}",
                "kind": "batchnorm",
                "oracle": "torch.nn.functional.batch_norm, autograd, keras.layers.BatchNormalization in float32",
                "Z": Z,
                "at": at,
                "momentum": momentum,
                "eps": eps,
                "out": out,
                "running": [layer.mean, layer.var],
                "dout": dout,
                "gradients": [leaf["Z"].grad, leaf["gamma"].grad, leaf["beta"].grad],
            }
        )
    return cases


def _one_example() -> list[Case]:
    """A batch of one has the variance 0, and its output is beta. torch refuses it, Keras does not."""
    Z, at = normal(11300, 1, 3), _statistics(11310, 3)
    layer = _by_keras(at, 0.9, 1e-5)
    out = layer(torch.as_tensor(Z), training=True)
    return [
        {
            "function": "batchnorm_forward",
            "label": "one example",
            "kind": "batchnorm_of_one",
            "oracle": "keras.layers.BatchNormalization in float32",
            "Z": Z,
            "at": at,
            "out": out,
            "running": [layer.moving_mean.numpy(), layer.moving_variance.numpy()],
        }
    ]


def _running() -> list[Case]:
    """50 batches of 2 to 9 examples, whose mean and spread drift."""
    cases = []
    sizes = 2 + np.random.default_rng(11400).integers(0, 8, STEPS)
    batches = [
        np.round((1 + step / 20) * normal(11410 + step, int(m), 2) + step / 10, 3) for step, m in enumerate(sizes)
    ]
    for momentum, eps in [(0.9, 1e-5), (0.5, 1e-2), (0.99, 1e-5)]:
        at = _statistics(11500, 2) if momentum == 0.5 else {
            "gamma": np.ones(2),
            "beta": np.zeros(2),
            "running_mean": np.zeros(2),
            "running_var": np.ones(2),
        }  # fmt: skip
        gamma, beta = torch.as_tensor(at["gamma"]), torch.as_tensor(at["beta"])
        layer, other, running, outs = _Torch(at, momentum, eps), _by_keras(at, momentum, eps), [], []
        for Z in batches:
            outs.append(layer(torch.as_tensor(Z), gamma, beta))
            other(torch.as_tensor(Z), training=True)
            agree(layer.mean, other.moving_mean.numpy(), SINGLE, "the running mean over many batches")
            agree(layer.var, other.moving_variance.numpy(), SINGLE, "the running variance over many batches")
            running.append([layer.mean.clone(), layer.var.clone()])
        new = normal(11600, 5, 2, scale=4.0)
        out = layer.at_test_time(torch.as_tensor(new), gamma, beta)
        agree(out, other(torch.as_tensor(new), training=False).detach(), SINGLE, "the output at test time")
        cases.append(
            {
                "function": "batchnorm_forward",
                "label": f"{STEPS} batches, {momentum}, {eps}",
                "kind": "running",
                "oracle": "torch.nn.functional.batch_norm, keras.layers.BatchNormalization in float32",
                "batches": batches,
                "at": at,
                "momentum": momentum,
                "eps": eps,
                "last_out": outs[-1],
                "running": {str(step): running[step - 1] for step in (1, 2, 10, STEPS)},
                "new": new,
                "new_out": out,
            }
        )
    return cases


def _test_time() -> list[Case]:
    cases = []
    for label, m, n, eps in [("a batch", 6, 3, 1e-5), ("one example", 1, 4, 1e-2), ("one unit", 3, 1, 1e-3)]:
        Z, at = normal(11700 + m, m, n), _statistics(11710 + 10 * m, n)
        layer = nn.BatchNorm1d(n, eps=eps).eval()
        layer.load_state_dict(
            {
                "weight": torch.as_tensor(at["gamma"]),
                "bias": torch.as_tensor(at["beta"]),
                "running_mean": torch.as_tensor(at["running_mean"]),
                "running_var": torch.as_tensor(at["running_var"]),
                "num_batches_tracked": torch.tensor(0),
            }
        )
        cases.append(
            {
                "function": "batchnorm_forward",
                "label": f"test time, {label}",
                "kind": "batchnorm_at_test_time",
                "oracle": "torch.nn.BatchNorm1d.eval",
                "Z": Z,
                "at": at,
                "eps": eps,
                "out": layer(torch.as_tensor(Z)),
                "running": [layer.running_mean, layer.running_var],
            }
        )
    return cases


def _folded() -> list[Case]:
    cases = []
    for seed, (n_in, n_out, eps) in enumerate([(4, 3, 1e-5), (2, 5, 1e-2), (1, 1, 1e-3), (3, 3, 1e-5)]):
        W, b, at = normal(11800 + seed, n_in, n_out), normal(11810 + seed, n_out), _statistics(11820 + 10 * seed, n_out)
        linear, layer = nn.Linear(n_in, n_out).eval(), nn.BatchNorm1d(n_out, eps=eps).eval()
        assert layer.running_mean is not None and layer.running_var is not None
        with torch.no_grad():
            for parameter, value in [
                (linear.weight, W.T),
                (linear.bias, b),
                (layer.weight, at["gamma"]),
                (layer.bias, at["beta"]),
                (layer.running_mean, at["running_mean"]),
                (layer.running_var, at["running_var"]),
            ]:
                parameter.copy_(torch.as_tensor(value))
        one = fuse_linear_bn_eval(linear, layer)
        X = torch.as_tensor(normal(11900 + seed, 6, n_in))
        agree(one(X).detach(), layer(linear(X)).detach(), 1e-13, "the folded layer")
        inputs = [W, b, at["gamma"], at["beta"], at["running_mean"], at["running_var"], eps]
        expected = {"torch.nn.utils.fusion.fuse_linear_bn_eval": [one.weight.T, one.bias]}
        cases.append(case("fold_batchnorm", f"{n_in} to {n_out}, {eps}", inputs, expected))
        if eps == 1e-5:
            cases.append(case("fold_batchnorm", f"{n_in} to {n_out}, default eps", inputs[:-1], expected))
    return cases


def _networks() -> list[Case]:
    """50 steps of plain descent, each on one of three batches of different size; then the logits at test time.

    The layers are linear, normalised, ReLU, twice, and linear.
    """
    sizes, learning_rate, momentum, eps = [4, 6, 5, 3], 0.2, 0.9, 1e-5
    params = network_params(sizes, 11950)
    running: Arrays = {}
    for layer, n in enumerate(sizes[1:-1], start=1):
        at = _statistics(11960 + 10 * layer, n)
        params |= {f"gamma{layer}": at["gamma"], f"beta{layer}": at["beta"]}
        running |= {f"mean{layer}": at["running_mean"], f"var{layer}": at["running_var"]}
    X, y = normal(11980, 20, 4), np.random.default_rng(11981).integers(0, 3, 20)
    parts = [range(10), range(10, 17), range(17, 20)]

    at_now = leaves(params)
    norms = [
        _Torch({"running_mean": running[f"mean{layer}"], "running_var": running[f"var{layer}"]}, momentum, eps)
        for layer in (1, 2)
    ]

    def logits(rows: Any, training: bool) -> torch.Tensor:
        A = torch.as_tensor(X[rows])
        for layer, norm in enumerate(norms, start=1):
            Z = functional.linear(A, at_now[f"W{layer}"].T, at_now[f"b{layer}"])
            normalised = norm if training else norm.at_test_time
            A = functional.relu(normalised(Z, at_now[f"gamma{layer}"], at_now[f"beta{layer}"]))
        return functional.linear(A, at_now["W3"].T, at_now["b3"])

    optimizer, losses = torch.optim.SGD(at_now.values(), lr=learning_rate), []
    for step in range(STEPS):
        rows = list(parts[step % len(parts)])
        optimizer.zero_grad()
        loss = functional.cross_entropy(logits(rows, training=True), torch.as_tensor(y[rows]))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return [
        {
            "function": "batchnorm_backward",
            "label": f"a network trained for {STEPS} steps",
            "kind": "batchnorm_network",
            "oracle": "torch.nn.functional.batch_norm, autograd, torch.optim.SGD",
            "params": params,
            "running": running,
            "momentum": momentum,
            "eps": eps,
            "learning_rate": learning_rate,
            "X": X,
            "y": y,
            "parts": [list(part) for part in parts],
            "losses": np.array(losses),
            "last": at_now,
            "last_running": {
                f"{name}{layer}": value
                for layer, norm in enumerate(norms, start=1)
                for name, value in (("mean", norm.mean), ("var", norm.var))
            },
            "logits_at_test_time": logits(slice(None), training=False),
        }
    ]
