"""Lesson 08: exponentially weighted averages, their weights, window and half-life."""

from __future__ import annotations

import itertools

import mpmath
import numpy as np
import pandas as pd
import scipy.signal
import torch

from .common import Arrays, Case, agree, case, normal


def exponentially_weighted_averages() -> list[Case]:
    """Averages by pandas' ``ewm`` and SciPy's ``lfilter``, weights by their answer to one 1, the rest by mpmath, too."""
    return [*_updates(), *_averages(), *_from_the_first(), *_weights(), *_windows(), *_refused(), *_half_lives()]


def _ewm(values: np.ndarray, beta: float, adjust: bool) -> np.ndarray:
    """pandas' average along axis 0. Its ``alpha`` is the share of the newest value, here 1 - beta."""
    columns = pd.DataFrame(values.reshape(len(values), -1))
    return columns.ewm(alpha=1 - beta, adjust=adjust).mean().to_numpy().reshape(values.shape)


def _from_zero(values: np.ndarray, beta: float) -> np.ndarray:
    """pandas starts its recursion at the first row: one of zeros is put before the others, and dropped again."""
    return _ewm(np.concatenate([np.zeros_like(values[:1]), values]), beta, adjust=False)[1:]


def _updates() -> list[Case]:
    cases = []
    arrays = {"numbers": (np.array(-1.25), np.array(3.5)), "arrays": (normal(8000, 3, 2), normal(8001, 3, 2))}
    for (label, (v, value)), beta in itertools.product(arrays.items(), (0.0, 0.5, 0.9, 0.999)):
        expected = {
            "pandas.ewm(adjust=False)": _ewm(np.stack([v, value]), beta, adjust=False)[1],
            "torch.lerp": torch.lerp(torch.as_tensor(value), torch.as_tensor(v), beta),
        }
        inputs = [v.item(), value.item(), beta] if v.ndim == 0 else [v, value, beta]
        cases.append(case("ewa_update", f"{label}, {beta}", inputs, expected))
    return cases


_BETAS = (0.0, 0.1, 0.5, 0.9, 0.98, 0.999)


def _series() -> Arrays:
    return {
        "a series": 10 + normal(8100, 40, scale=8.0),
        "a column": normal(8101, 20, 1, scale=8.0),
        "series side by side": normal(8102, 25, 3, scale=8.0),
        "pictures": normal(8103, 6, 2, 2, scale=8.0),
        "one value": normal(8104, 1, scale=8.0),
    }


def _averages() -> list[Case]:
    cases = []
    runs = [*itertools.product(_series().items(), _BETAS)]
    runs.append((("beta**t is no longer a float", 10 + normal(8110, 400, scale=8.0)), 0.1))
    for (label, values), beta in runs:
        averages = {
            "pandas.ewm(adjust=False) after zeros": _from_zero(values, beta),
            "scipy.signal.lfilter": scipy.signal.lfilter([1 - beta], [1, -beta], values, axis=0),
        }
        # The weights of adjust=True add up to 1: what the correction makes of those that start from zero.
        corrected = {"pandas.ewm(adjust=True)": _ewm(values, beta, adjust=True)}
        cases.append(case("ewa", f"{label}, {beta}", [values, beta], averages))
        cases.append(case("ewa_bias_corrected", f"{label}, {beta}", [values, beta], corrected))
    return cases


def _from_the_first() -> list[Case]:
    """The other convention, which starts at the first value: that value plus the average of what follows beyond it."""
    return [
        {
            "function": "ewa",
            "label": f"{label}, {beta}, from the first value",
            "kind": "from_the_first",
            "oracle": "pandas.ewm(adjust=False)",
            "values": values,
            "beta": beta,
            "averages": _ewm(values, beta, adjust=False),
        }
        for (label, values), beta in itertools.product(_series().items(), _BETAS)
    ]


def _weights() -> list[Case]:
    """What a single 1 leaves in the averages after 0, 1, 2, ... steps; the newest weight is the last."""
    cases = []
    for beta, n in itertools.product(_BETAS, (1, 2, 3, 50)):
        one = np.zeros(n)
        one[0] = 1.0
        exact = [(1 - mpmath.mpf(beta)) * mpmath.mpf(beta) ** age for age in reversed(range(n))]
        expected = {
            "pandas.ewm(adjust=False) of a single 1": _from_zero(one, beta)[::-1],
            "scipy.signal.lfilter of a single 1": scipy.signal.lfilter([1 - beta], [1, -beta], one)[::-1],
            "mpmath": np.array([float(weight) for weight in exact]),
        }
        cases.append(case("ewa_weights", f"{beta}, {n}", [beta, n], expected))
    return cases


def _windows() -> list[Case]:
    cases = []
    for beta in (*_BETAS, 0.25, 0.75, 0.9999):
        window = float(1 / (1 - mpmath.mpf(beta)))
        # In pandas the window is its centre of mass plus 1: asked for that, its newest value weighs 1 - beta.
        newest = pd.Series([0.0, 1.0]).ewm(com=window - 1, adjust=False).mean().iloc[1]
        agree(newest, 1 - beta, 1e-12, "the weight of the newest value in a window")
        cases.append(case("effective_window", f"{beta}", [beta], {"mpmath": window, "pandas.ewm(com=)": 1 / newest}))
    return cases


def _refused() -> list[Case]:
    """What pandas refuses as well: a newest value that weighs nothing, less than that, or more than everything."""
    cases = []
    for beta in (1.0, 1.5, -0.1, -3.0):
        try:
            pd.Series([1.0]).ewm(alpha=1 - beta)
        except ValueError:
            cases.append(
                {
                    "function": "effective_window",
                    "label": f"{beta} is refused",
                    "kind": "no_average",
                    "oracle": "pandas.ewm",
                    "beta": beta,
                }
            )
        else:
            raise SystemExit(f"pandas averages with beta {beta}")
    return cases


def _half_lives() -> list[Case]:
    """For given betas by mpmath; and for given half-lives, the beta that pandas takes."""
    cases = []
    for beta in (0.01, 0.1, 0.5, 0.9, 0.98, 0.999, 0.999999):
        exact = float(mpmath.log(0.5) / mpmath.log(mpmath.mpf(beta)))
        cases.append(case("half_life", f"{beta}", [beta], {"mpmath": exact}))
    for steps in (0.2, 1, 2.5, 7, 30, 365):
        kept = pd.Series([1.0, 0.0]).ewm(halflife=steps, adjust=False).mean().iloc[1]
        cases.append(case("half_life", f"pandas' beta for {steps}", [kept], {"pandas.ewm(halflife=)": float(steps)}))
    return cases
