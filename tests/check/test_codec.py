"""The codec carries plain values there and back, and refuses everything else in bounded time."""

from __future__ import annotations

import base64
import json
import math
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograde.check import codec
from autograde.check.codec import CodecError, Opaque, Ref, StandIn, decode, dumps, encode, loads

#: Every dtype of the plain kinds that NumPy has here and the codec carries, both byte orders.
DTYPES = sorted(
    {np.dtype(order + np.dtype(code).str[1:]) for code in "?bhilqBHILQefdgFD" for order in "<>"}, key=lambda d: d.str
)
SETTINGS = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])

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
    elif dtype.itemsize == 16 and dtype.kind == "f":  # padding of long doubles is not part of their value
        flat = np.arange(count, dtype=dtype) / 3
    else:
        raw = draw(st.binary(min_size=64, max_size=64)) * (count * dtype.itemsize // 64 + 1)
        flat = np.frombuffer(raw[: count * dtype.itemsize], dtype=dtype)
    array = flat.reshape((*shape, 2))[..., draw(st.integers(0, 1))]
    return draw(st.sampled_from([array, array.T, array.copy(), array[::-1] if array.ndim else array]))


keys = st.none() | st.booleans() | integers | texts | floats.filter(lambda x: x == x) | st.tuples(texts, st.integers())
leaves = scalars | arrays() | st.builds(Opaque, texts)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=5) | st.lists(inner, max_size=5).map(tuple) | st.dictionaries(keys, inner, max_size=5)
    ),
    max_leaves=12,
)


def same(a: Any, b: Any) -> bool:
    """Whether two values are the same in type and bits; arrays may change their byte order and memory layout."""
    if isinstance(a, np.ndarray):
        little = a.dtype.newbyteorder("<")
        if type(b) is not np.ndarray or a.shape != b.shape or b.dtype != little:
            return False
        if little.itemsize == 16 and little.kind == "f":
            return np.array_equal(a, b)
        # Readable arrays keep the value of a nan, not its bits.
        if a.dtype.kind == "f" and a.size <= codec.READABLE_ENTRIES:
            nan = np.isnan(a)
            return bool((nan == np.isnan(b)).all()) and a[~nan].astype(little).tobytes() == b[~nan].tobytes()
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
    return bool(a == b)


def is_plain(value: Any) -> bool:
    """Whether a decoded value holds nothing but what the codec promises."""
    if isinstance(value, dict):
        return type(value) is dict and all(map(is_plain, value)) and all(map(is_plain, value.values()))
    if isinstance(value, list | tuple):
        return type(value) in (list, tuple) and all(map(is_plain, value))
    if isinstance(value, np.ndarray):
        return type(value) is np.ndarray and value.dtype.kind in "biufc"
    if isinstance(value, StandIn):
        return is_plain(value.params)
    # A long double of no dimension has no Python number; as a key of a dict it stays what it is.
    return type(value) in (type(None), bool, int, float, complex, str, Opaque, Ref) or isinstance(value, np.floating)


@SETTINGS
@given(values)
def test_round_trip(value: Any) -> None:
    assert same(value, loads(dumps(value), values_only=True))
    assert same(value, decode(json.loads(json.dumps(encode(value)))))


@SETTINGS
@given(arrays())
def test_round_trip_of_arrays(array: np.ndarray[Any, Any]) -> None:
    before = array.tobytes()
    back = loads(dumps(array))
    assert same(array, back)
    assert back.flags.writeable
    assert array.tobytes() == before


def test_the_plain_dtypes_are_all_there() -> None:
    codes = {d.str[1:] for d in DTYPES}
    assert {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"} <= codes


@pytest.mark.parametrize("value", [np.float64(0.1), np.int32(3), np.bool_(True), np.complex64(1j), np.float16(0.5)])
def test_scalars_of_numpy_become_arrays_of_no_dimension(value: Any) -> None:
    back = loads(dumps(value))
    assert (type(back), back.shape, back.dtype, back.item()) == (np.ndarray, (), value.dtype, value.item())


def test_references_and_stand_ins_go_in_and_never_come_out() -> None:
    value = [Ref(2, ("cache", 0)), StandIn("rng", {"seed": 3}), {"f": StandIn("affine", {"slope": 1.0, "shift": 2.0})}]
    assert loads(dumps(value)) == value
    for part in value:
        with pytest.raises(CodecError, match="only values"):
            loads(dumps(part), values_only=True)


@pytest.mark.parametrize(
    "value",
    [
        object(),
        {1, 2},
        b"raw",
        lambda x: x,
        np.array([None]),
        np.array(["a"]),
        np.zeros(2, dtype="M8[s]"),
        np.zeros(2, dtype=[("a", "i4")]),
        "\ud800",
        2**5000,
        type("Sub", (int,), {})(3),
        type("Sub", (list,), {})(),
    ],
)
def test_other_values_are_refused_or_told_by_their_type(value: Any) -> None:
    with pytest.raises(CodecError):
        dumps(value)
    with pytest.raises(CodecError):
        dumps([{"a": value}])
    assert loads(dumps(value, strict=False)) == Opaque(type(value).__name__)


def test_an_array_subclass_is_carried_as_a_plain_array_without_its_own_code() -> None:
    class Loud(np.ndarray):
        def __array_finalize__(self, other: object) -> None:
            if other is not None and type(other) is not np.ndarray:
                raise AssertionError("its code ran")

        def __eq__(self, other: object) -> Any:
            raise AssertionError("its code ran")

    back = loads(dumps(np.arange(3).view(Loud)))
    assert type(back) is np.ndarray
    assert back.tolist() == [0, 1, 2]


@pytest.mark.parametrize("strict", [True, False])
def test_what_is_too_large_is_refused_on_both_sides(monkeypatch: pytest.MonkeyPatch, strict: bool) -> None:
    deep: Any = []
    for _ in range(codec.MAX_DEPTH + 2):
        deep = [deep]
    for value in (np.zeros(codec.MAX_BYTES // 8 + 1), np.zeros((0, 2**40)), deep):
        with pytest.raises(CodecError):
            dumps(value, strict=strict)
    monkeypatch.setattr(codec, "MAX_NODES", 1000)
    with pytest.raises(CodecError):
        dumps([0] * 1001, strict=strict)
    with pytest.raises(CodecError):
        loads(b"[" + b"0," * 1000 + b"0]")
    monkeypatch.setattr(codec, "MAX_BYTES", 1000)
    with pytest.raises(CodecError):
        dumps("x" * 2001, strict=strict)
    with pytest.raises(CodecError):
        loads(b'"' + b"x" * 2000 + b'"')


# --- hostile bytes -------------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)
fields = st.fixed_dictionaries(
    {"~": st.sampled_from([*codec._DECODERS, "set", "", "array\0"])},
    optional={
        "value": st.sampled_from(["nan", "inf", "-inf", "1", "NaN", 3, None, []]),
        "parts": st.lists(st.floats(-9, 9) | st.integers() | st.just("nan"), max_size=3) | json_values,
        "items": st.deferred(
            lambda: st.lists(hostile, max_size=3) | st.lists(st.lists(hostile, max_size=3), max_size=3)
        ),
        "dtype": st.sampled_from(
            ["f8", "i8", "b1", "u1", "f2", "f16", "c16", "c32", "O8", "U4", "V8", "f3", "i0", "f8,f8"]
        )
        | st.text(max_size=4),
        "shape": st.lists(st.integers(-2, 9) | st.integers(), max_size=5) | json_values,
        "data": st.lists(st.booleans() | st.integers() | st.floats() | st.text(max_size=3), max_size=9) | json_values,
        "base64": st.binary(max_size=48).map(lambda b: base64.b64encode(b).decode()) | json_values,
        "call": st.integers() | json_values,
        "path": st.lists(st.integers() | st.text(max_size=3), max_size=3) | json_values,
        "name": json_values,
        "params": st.deferred(lambda: hostile),
        "type": json_values,
    },
)
hostile: st.SearchStrategy[Any] = st.recursive(
    json_values | fields, lambda inner: st.lists(inner, max_size=4), max_leaves=8
)


def survives(raw: bytes, values_only: bool) -> bool:
    """Whether the bytes were decoded; anything but a plain value or ``CodecError`` fails the test."""
    try:
        value = loads(raw, values_only=values_only)
    except CodecError:
        return False
    assert is_plain(value)
    return True


@settings(SETTINGS, max_examples=150)
@given(hostile, st.booleans())
@example({"~": "array", "dtype": "i²", "shape": [], "data": [1]}, False)
@example({"~": "dict", "items": [[[], 1]]}, False)
@example({"~": "ref", "call": 0, "path": "abc"}, False)
def test_hostile_objects_are_decoded_to_plain_values_or_refused(data: Any, values_only: bool) -> None:
    raw = json.dumps(data).encode()
    if survives(raw, values_only) and not values_only:
        value = loads(raw)
        assert same(value, loads(dumps(value)))


@settings(SETTINGS, max_examples=400)
@given(st.binary(max_size=200) | st.text('[]{}",:~0123456789.eE-+ntfruals', max_size=60).map(str.encode))
@example(b"")
@example(b"\xff\xfe[\x00]\x00")
@example(b"NaN")
@example(b"-Infinity")
@example(b"1e999")
@example(b'"\\ud800"')
@example(b"[1] 2")
@example(b"9" * 5000)
@example(b"9" * 1300)
def test_hostile_bytes_are_decoded_to_plain_values_or_refused(raw: bytes) -> None:
    survives(raw, True)


@SETTINGS
@given(values, st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=4))
def test_damaged_bytes_are_decoded_to_plain_values_or_refused(value: Any, damage: list[tuple[int, int]]) -> None:
    raw = bytearray(dumps(value))
    for place, byte in damage:
        raw[place % len(raw)] = byte
    survives(bytes(raw), True)
    survives(bytes(raw[: damage[0][0] % len(raw)]), True)


def array(dtype: str, shape: list[Any], **more: Any) -> dict[str, Any]:
    return {"~": "array", "dtype": dtype, "shape": shape, **more}


@pytest.mark.parametrize(
    "data",
    [
        array("f8", [2], data=[1.0]),
        array("f8", [2], data=[1.0, "2"]),
        array("f8", [1], data=[True]),
        array("i8", [1], data=[1.5]),
        array("i8", [1], data=[2**70]),
        array("u1", [1], data=[-1]),
        array("f8", [1], data=[10**400]),
        array("c16", [1], data=[1.0]),
        array("O8", [1], data=[1]),
        array("f8", [0, 2**40], data=[]),
        array("f8", [0, -1], data=[]),
        array("f8", [10**30, 0], data=[]),
        array("f8", [1] * 100, data=[1.0]),
        array("f8", [1.0], data=[1.0]),
        array("f8", [True], data=[1.0]),
        array("f8", [1], base64="AAAA"),
        array("f8", [1], base64="AAAAAAAAAAA=\n"),
        array("f8", [1], base64=["AAAAAAAAAAA="]),
        array("f8", [10**9], base64="AAAA"),
        {"~": "dict", "items": [[1, 2], [1, 3]]},
        {"~": "dict", "items": [[1, 2], [True, 3]]},
        {"~": "dict", "items": [[1, 2, 3]]},
        {"~": "dict", "items": [{"~": "tuple", "items": [1, 2]}]},
        {"~": "dict", "items": [[array("f8", [2], data=[1.0, 2.0]), 1]]},
        {"~": "complex", "parts": ["1", "2"]},
        {"~": "complex", "parts": [1, 2]},
        {"~": "complex", "parts": [1.0]},
        {"~": "float", "value": "1e3"},
        {"~": "opaque", "type": 3},
        {"~": "standin", "name": "rng", "params": []},
        {"~": "ref", "call": True, "path": []},
        {"~": "ref", "call": 0, "path": "abc"},
        {"~": ["tuple"], "items": []},
        {"tuple": []},
        object(),
    ],
)
def test_malformed_objects_are_refused(data: Any) -> None:
    with pytest.raises(CodecError):
        decode(data)


def test_bytes_of_booleans_are_made_zero_or_one() -> None:
    back = decode(array("b1", [3], base64="AAL/"))
    assert back.tolist() == [False, True, True]
    assert back.tobytes() == b"\0\1\1"


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 10**6,
        b"[" * 10**7 + b"]" * 10**7,
        b'{"~":' * 10**6,
        b"[" + b"[]," * (5 * 10**6) + b"[]]",
        b"[" + b"1," * (2 * 10**6) + b"1]",
        b"1" * 10**7,
        b"1e" + b"1" * 10**7,
        b'"' + b"\\u0041" * 10**6,
        b'"' + b"\\" * 10**7,
        b" " * 10**7,
        b"-" * 10**7,
        # All of these numbers have the same hash.
        json.dumps({"~": "dict", "items": [[i * (2**61 - 1), 0] for i in range(100_000)]}).encode(),
        json.dumps(
            {"~": "dict", "items": [[{"~": "tuple", "items": [i * (2**61 - 1)]}, 0] for i in range(50_000)]}
        ).encode(),
        json.dumps({"~": "array", "dtype": "f8", "shape": [10**9] * 32, "data": []}).encode(),
        json.dumps({"~": "array", "dtype": "f8", "shape": [int("9" * 4000)] * 32, "data": []}).encode(),
        json.dumps({"~": "array", "dtype": "f8", "shape": [1], "base64": "A" * 10**7 + "="}).encode(),
    ],
)
def test_bombs_are_refused_in_time(raw: bytes) -> None:
    start = time.perf_counter()
    with pytest.raises(CodecError):
        loads(raw)
    assert time.perf_counter() - start < 5


def test_keys_that_nearly_share_their_hash_take_no_quadratic_time() -> None:
    pairs = [[i << 44, 0] for i in range(100_000)]
    start = time.perf_counter()
    assert len(decode({"~": "dict", "items": pairs})) == 100_000
    assert time.perf_counter() - start < 5


def test_a_long_number_is_read_in_time() -> None:
    start = time.perf_counter()
    assert loads(b"1." + b"1" * 10**7) == pytest.approx(10 / 9)
    assert time.perf_counter() - start < 5
