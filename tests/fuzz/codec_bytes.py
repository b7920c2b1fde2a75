"""The codec: bytes from a stranger become plain values or are refused; plain values come through unchanged."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
from hypothesis import strategies as st

from autograde.check.codec import CodecError, Ref, StandIn, decode, dumps, encode, loads

from .mutate import damage, damaged, edited_message, edits, odd, written
from .registry import bounded, target
from .values import arrays, is_plain, same, values

#: The most memory that decoding takes: so many bytes for a byte of input, and so many besides. A pair of brackets,
#: two bytes, is a list of 72 bytes in a list of 8 or more, before and after decoding.
BYTES_PER_BYTE, BYTES_BESIDES = 100, 2**20
#: The most processor time, with memory traced: seconds for a byte, and besides.
SECONDS_PER_BYTE, SECONDS_BESIDES = 2e-5, 1.0

dtypes = st.sampled_from(["f8", "i8", "b1", "u1", "f2", "f16", "c16", "c32", "O8", "U4", "V8", "f3", "i0", "f8,f8"])
numbers = st.lists(st.booleans() | st.integers() | st.floats() | st.text(max_size=3), max_size=9)
base64s = st.binary(max_size=48).map(lambda b: base64.b64encode(b).decode())
shapes = st.lists(st.integers(-2, 9), max_size=5) | st.lists(st.integers(), max_size=2)
items = st.deferred(lambda: st.lists(hostile, max_size=3) | st.lists(st.lists(hostile, max_size=3), max_size=3))


def _tagged(tag: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({"~": st.just(tag)}, optional={k: v | odd for k, v in fields.items()})


fields = st.one_of(
    _tagged("float", value=st.sampled_from(["nan", "inf", "-inf", "1", "NaN"])),
    _tagged("complex", parts=st.lists(st.floats(-9, 9) | st.just({"~": "float", "value": "nan"}), max_size=3)),
    _tagged("tuple", items=items),
    _tagged("dict", items=items),
    _tagged("array", dtype=dtypes, shape=shapes, data=numbers),
    _tagged("array", dtype=dtypes, shape=shapes, base64=base64s),
    _tagged("array", dtype=dtypes, shape=shapes, apart=st.just(True)),
    _tagged("ref", call=st.integers(), path=st.lists(st.integers() | st.text(max_size=3), max_size=3)),
    _tagged("standin", name=st.text(max_size=5), params=items.map(lambda i: {"~": "dict", "items": i})),
    _tagged("opaque", type=st.text(max_size=80)),
)
hostile: st.SearchStrategy[Any] = st.recursive(odd | fields, lambda inner: st.lists(inner, max_size=4), max_leaves=8)
with_parameters = st.builds(StandIn, st.text(max_size=5), st.dictionaries(st.text(max_size=3), values, max_size=2))
references = st.builds(Ref, st.integers(), st.lists(st.integers() | st.text(max_size=3), max_size=3).map(tuple))


def refuses(raw: bytes, *, values_only: bool = True) -> bool:
    """Whether the bytes are refused; fails when they become anything but a plain value, or cost too much."""
    memory, seconds = BYTES_PER_BYTE * len(raw) + BYTES_BESIDES, SECONDS_PER_BYTE * len(raw) + SECONDS_BESIDES
    with bounded(seconds=seconds, memory=memory):
        try:
            value = loads(raw, values_only=values_only)
        except CodecError as error:
            assert str(error)
            return True
    assert is_plain(value, values_only=values_only), repr(value)[:200]
    # What was accepted can be said again, and is then the same.
    assert same(value, loads(dumps(value)))
    return False


@target(
    "codec: any bytes",
    st.binary(max_size=200) | st.text('[]{}",:~0123456789.eE-+ntfruals', max_size=60).map(str.encode),
    in_suite=400,
    examples=(
        b"",
        b"\xff\xfe[\x00]\x00",
        b"NaN",
        b"-Infinity",
        b"1e999",
        b'"\\ud800"',
        b"[1] 2",
        b"9" * 5000,
        b"9" * 10**6,
    ),
)
def any_bytes(raw: bytes) -> None:
    refuses(raw)


@target(
    "codec: objects of the right form",
    st.tuples(hostile, st.none() | st.integers(0, 9).map(lambda n: bytes(range(1, 9)) * n) | st.binary(max_size=80)),
    in_suite=200,
    examples=(
        ({"~": "array", "dtype": "i²", "shape": [], "data": [1]}, None),
        ({"~": "dict", "items": [[[], 1]]}, None),
        ({"~": "ref", "call": 0, "path": "abc"}, None),
        # A long double of no dimension has no Python number, and stayed what it was as a key.
        ({"~": "dict", "items": [[{"~": "array", "dtype": "f16", "shape": [], "base64": "A" * 22 + "=="}, 1]]}, None),
        ({"~": "dict", "items": [[{"~": "array", "dtype": "f16", "shape": [], "apart": True}, 1]]}, bytes(16)),
        ([{"~": "array", "dtype": "f8", "shape": [0, 2**40], "apart": True}] * 9, b""),
        ([{"~": "array", "dtype": "b1", "shape": [2], "apart": True}] * 2, b"\0\1\2\xff"),
    ),
)
def objects(drawn: tuple[Any, bytes | None]) -> None:
    data, apart = drawn
    raw = written(data) + (b"" if apart is None else b"\n" + apart)
    refuses(raw)
    refuses(raw, values_only=False)


@target(
    "codec: values, edited and damaged",
    st.tuples(values | with_parameters | references, edits | st.just([]), damage),
    in_suite=400,
)
def edited_values(drawn: tuple[Any, list[Any], dict[str, Any]]) -> None:
    value, changes, how = drawn
    refuses(damaged(edited_message(dumps(value), changes), how))


@target("codec: values there and back", values, in_suite=200)
def there_and_back(value: Any) -> None:
    assert same(value, loads(dumps(value), values_only=True))
    assert same(value, decode(json.loads(json.dumps(encode(value)))))
    assert is_plain(loads(dumps(value), values_only=True))


@target(
    "codec: arrays there and back",
    arrays(),
    in_suite=200,
    examples=tuple(
        np.frombuffer(b"\1\0\0\0\0\0\xf8\x7f" * n, dtype=d) for n in (1, 300) for d in ("<f8", ">f4", "<c8")
    ),
)
def arrays_there_and_back(array: np.ndarray[Any, Any]) -> None:
    before = array.tobytes()
    back = loads(dumps(array))
    assert same(array, back)
    assert back.flags.writeable
    assert array.tobytes() == before


@target("codec: stand-ins and references never come out", with_parameters | references, in_suite=100)
def never_come_out(part: Any) -> None:
    assert same(part, loads(dumps(part)))
    for value in (part, [part], {"k": (part,)}):
        assert refuses(dumps(value))
