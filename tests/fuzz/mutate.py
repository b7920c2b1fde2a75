"""Damage to JSON data that keeps most of its form, and damage to the bytes that it is written as."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

#: Values that readers stumble over. Tokens that JSON's writer cannot write stand in ``RAW``.
ODD: list[Any] = [
    *(None, True, False, 0, 1, -1, 4, 2**31, 2**63, -(2**63) - 1, 2**64, 10**400, 10**1300, 10**4200),
    *(0.0, -0.0, 0.5, 5e-324, 1e308, float("nan"), float("inf"), float("-inf")),
    *(
        "",
        "\0",
        "\ufeff",
        "\ud800",
        "\udc80x",
        "é\u2028",
        "\x1b[2J",
        "nan",
        "~",
        "x" * 3000,
        "=" * 9,
        "AAAA",
        "9" * 500,
    ),
    *([], {}, [[]], [{}], {"": {}}, {"~": {}}, {"~": "array"}, {"~": "ref", "call": 0, "path": []}),
    *({"~": "standin", "name": "rng", "params": {"~": "dict", "items": []}}, {"~": "opaque", "type": "x"}),
    *({"~": "tuple", "items": []}, {"~": "dict", "items": []}, {"~": "float", "value": "nan"}),
    *(
        {"~": "array", "dtype": "O8", "shape": [1], "data": [0]},
        {"~": "array", "dtype": "f8", "shape": [], "data": [1.5]},
    ),
    *("f8", "f2", "f16", "c16", "b1", "u1", "O", "O8", "U4", "S4", "V8", "M8", "m8[s]", "f8,f8", "(2,)f8", "i²", ">f8"),
    *("array", "tuple", "dict", "float", "complex", "ref", "standin", "opaque", "set"),
    *([0], [-1], [2**40, 0], [2**64], [1] * 40, [3, -3], [1.0], [True]),
]
OPERATIONS = ("replace", "replace", "delete", "repeat", "copy", "swap", "nest", "deepen", "rename", "widen")

#: Data with more places than this is not changed any further: copies of copies of lists grow without end.
MOST_PLACES = 5000

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=6,
)
# By their numbers: Hypothesis writes a strategy out in full, and some of these are long.
odd = st.integers(0, len(ODD) - 1).map(lambda i: ODD[i]) | plain
#: Edits for ``edited``: what to do, at which place, with which other place or value.
edits = st.lists(
    st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 2**20), st.integers(0, 2**20), odd), min_size=1, max_size=6
)

#: Bytes that are put somewhere into a text: what JSON's writer would not write.
RAW = [
    *(
        b"NaN",
        b"-Infinity",
        b"1e999",
        b"-",
        b"9" * 5000,
        b"9" * 10**6,
        b"1." + b"3" * 10**5,
        b"0x10",
        b"\\",
        b'"',
        b"{",
        b"}",
    ),
    *(b"\0", b"\xff", b"\xed\xa0\x80", b'"\\ud800"', b'"\\ud83d\\ude00"', b"\xef\xbb\xbf", b"[" * 3000, b'{"":' * 3000),
    *(
        b'"cells":[],',
        b'"~":"tuple",',
        b'"source":"",',
        b'"nbformat":3,',
        b'"metadata":0,',
        b"[],",
        b",,",
        b"//",
        b" " * 500,
    ),
]
CODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "utf-7")
#: How bytes are damaged: tokens put in, bytes replaced, the end cut off, another coding.
damage = st.fixed_dictionaries(
    {},
    optional={
        "tokens": st.lists(st.tuples(st.integers(0, 2**20), st.sampled_from(RAW)), max_size=3),
        "bytes": st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), max_size=3),
        "cut": st.integers(0, 2**20),
        "coding": st.sampled_from(CODINGS),
    },
)


def edited(data: Any, changes: list[tuple[str, int, int, Any]]) -> Any:
    """A copy of JSON data with the changes made, one after another, as long as it does not grow beyond measure."""
    box = [deepcopy(data)]
    for what, here, there, value in changes:
        places = _places(box)
        if len(places) > MOST_PLACES:
            break
        container, key = places[here % len(places)]
        old = container[key]
        if what == "replace":
            container[key] = deepcopy(value)
        elif what == "delete" and container is not box:
            del container[key]
        elif what == "repeat" and isinstance(container, list) and container is not box:
            container.insert(key, deepcopy(old))
        elif what in ("copy", "swap"):
            other, name = places[there % len(places)]
            container[key], new = deepcopy(other[name]), deepcopy(old)
            if what == "swap":
                other[name] = new
        elif what == "nest":
            container[key] = [old] if there % 2 else {"~": "tuple", "items": [old]}
        elif what == "deepen":
            for _ in range(there % 120):
                container[key] = [container[key]] if here % 2 else {"": container[key]}
        elif what == "rename" and isinstance(container, dict):
            container[value if isinstance(value, str) else str(there)] = container.pop(key)
        elif what == "widen":
            container[key] = [old] * (there % 60 if len(places) < 300 else 2)
    return box[0]


def _places(box: list[Any]) -> list[tuple[Any, Any]]:
    """Every place of the data: a container and the key or index in it."""
    found: list[tuple[Any, Any]] = []
    todo: list[Any] = [box]
    while todo:
        container = todo.pop()
        keys = list(container) if isinstance(container, dict) else range(len(container))
        for key in keys:
            found.append((container, key))
            if isinstance(container[key], dict | list):
                todo.append(container[key])
        if len(found) > MOST_PLACES:
            break
    return found


def written(data: Any) -> bytes:
    """The data as JSON, with what JSON has no words for (nan, lone surrogates) as Python writes it."""
    return json.dumps(data, ensure_ascii=True).encode("ascii")


def edited_message(message: bytes, changes: list[Any]) -> bytes:
    """A message of the codec with its JSON edited; the bytes that stand apart stay what they were."""
    text, feed, apart = message.partition(b"\n")
    return written(edited(json.loads(text), changes)) + feed + apart


def damaged(raw: bytes, how: dict[str, Any]) -> bytes:
    """The bytes after the damage."""
    made = bytearray(raw)
    for place, token in how.get("tokens", []):
        at = place % (len(made) + 1)
        made[at:at] = token
    for place, byte in how.get("bytes", []):
        if made:
            made[place % len(made)] = byte
    if "cut" in how:
        del made[how["cut"] % (len(made) + 1) :]
    if "coding" in how:
        return bytes(made).decode("latin-1").encode(how["coding"])
    return bytes(made)
