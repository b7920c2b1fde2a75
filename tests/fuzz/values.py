"""Plain values of every kind the codec carries, and when two of them are the same."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograde.check.codec import Opaque, Ref, StandIn

#: Every dtype of the plain kinds that NumPy has here and the codec carries, both byte orders.
DTYPES = sorted(
    {np.dtype(order + np.dtype(code).str[1:]) for code in "?bhilqBHILQefdgFD" for order in "<>"}, key=lambda d: d.str
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
integers = st.integers(-(2**4096) + 1, 2**4096 - 1) | st.integers(-5, 5)
floats = st.floats(allow_nan=True, allow_infinity=True)
scalars = st.none() | st.booleans() | integers | floats | texts | st.complex_numbers(allow_nan=True)
shapes = npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=6)


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray[Any, Any]:
    """Plain arrays of any bits: 0-d, empty, large enough for base64, transposed and strided ones included."""
    dtype = draw(st.sampled_from(DTYPES))
    shape = draw(shapes | st.sampled_from([(300,), (20, 20), (0, 3), ()]))
    count = math.prod(shape) * 2
    if dtype.kind == "b":
        flat = np.array(draw(st.lists(st.booleans(), min_size=count, max_size=count)), dtype=bool)
    elif is_long(dtype):  # padding of long doubles is not part of their value
        flat = np.arange(count, dtype=dtype) / 3
    else:
        raw = draw(st.binary(min_size=64, max_size=64)) * (count * dtype.itemsize // 64 + 1)
        flat = np.frombuffer(raw[: count * dtype.itemsize], dtype=dtype)
    array = flat.reshape((*shape, 2))[..., draw(st.integers(0, 1))]
    return draw(st.sampled_from([array, array.T, array.copy(), array[::-1] if array.ndim else array]))


keys = st.none() | st.booleans() | integers | texts | floats.filter(lambda x: x == x) | st.tuples(texts, st.integers())
values = st.recursive(
    scalars | arrays() | st.builds(Opaque, texts),
    lambda inner: (
        st.lists(inner, max_size=5) | st.lists(inner, max_size=5).map(tuple) | st.dictionaries(keys, inner, max_size=5)
    ),
    max_leaves=12,
)


def is_long(dtype: np.dtype[Any]) -> bool:
    """Whether a dtype is a long double, some bits of which are padding."""
    return dtype.kind == "f" and dtype.itemsize > 8


def same(a: Any, b: Any) -> bool:
    """Whether two values are the same in type and bits; arrays may change their byte order and memory layout."""
    if isinstance(a, np.ndarray):
        little = a.dtype.newbyteorder("<")
        if type(b) is not np.ndarray or a.shape != b.shape or b.dtype != little:
            return False
        if is_long(little):
            return np.array_equal(a, b, equal_nan=True)
        return a.astype(little).tobytes() == b.tobytes()
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return len(a) == len(b) and all(same(j, k) and same(a[j], b[k]) for j, k in zip(a, b, strict=True))
    if isinstance(a, StandIn):
        return a.name == b.name and same(a.params, b.params)
    return bool(a == b)


def is_plain(value: Any, *, values_only: bool = True) -> bool:
    """Whether a decoded value is of the types that the codec promises, and of no other, all the way down."""

    def inner(part: Any) -> bool:
        return is_plain(part, values_only=values_only)

    kind = type(value)
    if kind is dict:
        return all(map(inner, value)) and all(map(inner, value.values()))
    if kind is list or kind is tuple:
        return all(map(inner, value))
    if kind is np.ndarray:
        return value.dtype.kind in "biufc" and value.dtype.isnative and value.dtype.names is None
    if kind is StandIn:
        return not values_only and type(value.name) is str and inner(value.params)
    if kind is Ref:
        return not values_only and type(value.call) is int and all(type(p) in (int, str) for p in value.path)
    if kind is Opaque:
        return type(value.type_name) is str
    return kind in (type(None), bool, int, float, complex, str)
