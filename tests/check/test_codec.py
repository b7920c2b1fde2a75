"""The codec carries plain values there and back, and refuses everything else in bounded time."""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np
import pytest

from autograde.check import codec
from autograde.check.codec import CodecError, Opaque, Ref, StandIn, decode, dumps, encode, loads


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
    for value in ([0] * 1001, [np.zeros(200)] * 5, [np.full(200, np.inf)] * 5):
        with pytest.raises(CodecError):
            dumps(value, strict=strict)
    with pytest.raises(CodecError):
        loads(b"[" + b"0," * 1000 + b"0]")
    monkeypatch.setattr(codec, "MAX_BYTES", 1000)
    with pytest.raises(CodecError):
        dumps("x" * 2001, strict=strict)
    with pytest.raises(CodecError):
        loads(b'"' + b"x" * 2000 + b'"')


@pytest.mark.parametrize("entry", ["0.5", '{"~": "float", "value": "inf"}'])
def test_the_entries_of_an_array_are_parts_like_any_other(monkeypatch: pytest.MonkeyPatch, entry: str) -> None:
    def nested(depth: int, entries: int) -> bytes:
        data = ", ".join([entry] * entries)
        inner = f'{{"~": "array", "dtype": "f8", "shape": [{entries}], "data": [{data}]}}'
        return ("[" * depth + inner + "]" * depth).encode()

    assert loads(nested(codec.MAX_DEPTH - 1, 1))
    assert loads(nested(codec.MAX_DEPTH, 0))
    with pytest.raises(CodecError, match="nested too deeply"):
        loads(nested(codec.MAX_DEPTH, 1))
    monkeypatch.setattr(codec, "MAX_NODES", 100)
    assert loads(nested(1, 98))
    with pytest.raises(CodecError, match="too many parts"):
        loads(nested(1, 99))


# --- hostile bytes; tests/fuzz has many more ------------------------------------------------------------------------


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


APART = {"~": "array", "dtype": "f8", "shape": [2], "apart": True}


@pytest.mark.parametrize(
    ("data", "apart"),
    [
        (APART, None),
        (APART, b""),
        (APART, bytes(15)),
        (APART, bytes(17)),
        ([APART, APART], bytes(16)),
        ([], b"\0"),
        (APART | {"shape": [2**40]}, bytes(16)),
        (APART | {"shape": [-2]}, bytes(16)),
        (APART | {"shape": [-2, -1]}, bytes(16)),
        (APART | {"dtype": "O8"}, bytes(16)),
        (APART | {"dtype": "f3"}, bytes(16)),
    ],
)
def test_each_byte_that_stands_apart_is_of_one_array(data: Any, apart: bytes | None) -> None:
    raw = json.dumps(data).encode()
    with pytest.raises(CodecError):
        loads(raw if apart is None else raw + b"\n" + apart)
    good = loads(json.dumps([APART, APART]).encode() + b"\n" + np.arange(4.0).tobytes())
    assert [a.tolist() for a in good] == [[0, 1], [2, 3]]


def test_bytes_of_booleans_are_made_zero_or_one() -> None:
    again = loads(json.dumps(array("b1", [3], apart=True)).encode() + b"\n\0\2\xff")
    assert again.tobytes() == bytes([0, 1, 1])
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


@pytest.mark.parametrize("keys", [range(10_001), [(i,) for i in range(10_001)], [i / 7 for i in range(10_001)]])
def test_only_text_may_be_the_key_of_many_entries(keys: Any) -> None:
    # 86,000 whole numbers, chosen so that they meet in the dict's table, took 13 s to decode.
    with pytest.raises(CodecError, match="keys that are not text"):
        dumps(dict.fromkeys(keys))
    pairs = [[encode(key), 0] for key in keys]
    start = time.perf_counter()
    with pytest.raises(CodecError, match="keys that are not text"):
        decode([{"~": "dict", "items": pairs[:5001]}, {"~": "dict", "items": pairs[5001:]}])
    assert time.perf_counter() - start < 5
    assert len(loads(dumps(dict.fromkeys(map(str, keys))))) == 10_001


def test_a_nan_keeps_its_bits() -> None:
    bits = np.array([0x7FF8000000000001, 0xFFF8000000000000, 0x7FF8000000000000], dtype="u8").view("f8")
    assert loads(dumps(bits)).tobytes() == bits.tobytes()
    assert encode(bits[2:])["data"] == [{"~": "float", "value": "nan"}]


def test_a_long_number_is_read_in_time() -> None:
    start = time.perf_counter()
    assert loads(b"1." + b"1" * 10**7) == pytest.approx(10 / 9)
    assert time.perf_counter() - start < 5
