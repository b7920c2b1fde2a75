"""How a file of cases is written, and when two of them agree."""

from __future__ import annotations

import importlib
import json
import math
import platform
from collections.abc import Iterable
from typing import Any

import mpmath
import numpy as np
import scipy
import sklearn
import torch

from .common import Case


def plain(value: Any) -> Any:
    """``value`` as JSON can hold it; an array becomes ``{"dtype": ..., "array": nested lists}``."""
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return value.item()
    if isinstance(value, np.ndarray) and value.dtype.kind == "f" and not np.isfinite(value).all():
        value, dtype = value.astype(str), value.dtype  # JSON has no NaN and no infinity
        return {"dtype": str(dtype), "array": value.tolist()}
    if isinstance(value, np.ndarray):
        return {"dtype": str(value.dtype), "array": value.tolist()}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def text(cases: list[Case], also: Iterable[str] = ()) -> str:
    """The file: the versions, of the packages in ``also`` too, then one case a line, every number with all its digits."""
    versions = {
        "python": platform.python_version(),
        **{module.__name__: str(module.__version__) for module in (torch, scipy, sklearn, mpmath, np)},
        **{name: str(importlib.import_module(name).__version__) for name in also},
    }
    lines = [json.dumps(plain(item), separators=(",", ":"), allow_nan=False) for item in cases]
    return '{"made_with": ' + json.dumps(versions) + ',\n"cases": [\n' + ",\n".join(lines) + "\n]}\n"


def same(stored: Any, computed: Any) -> bool:
    """Whether two decoded files agree: numbers up to the last digits, everything else exactly."""
    if isinstance(stored, dict) and isinstance(computed, dict):
        return stored.keys() == computed.keys() and all(same(stored[key], computed[key]) for key in stored)
    if isinstance(stored, list) and isinstance(computed, list):
        return len(stored) == len(computed) and all(map(same, stored, computed))
    if isinstance(stored, float) and isinstance(computed, float):
        return math.isclose(stored, computed, rel_tol=1e-9, abs_tol=1e-13)
    return type(stored) is type(computed) and bool(stored == computed)
