"""The values that may cross a process boundary or stand in a ``checks.json``, and nothing else.

A value is written as JSON. None, bool, int, float, str and list stand for themselves; everything else is an object
with the key ``"~"``. Nothing is ever unpickled or executed, so bytes from a stranger can at worst be refused.

``encode`` and ``decode`` are for files that a person may read: arrays are lists or base64. ``dumps`` and ``loads`` are
for messages: the entries of all arrays, in their order, stand behind the JSON and a line feed, which JSON here has not.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_BYTES = 64 * 2**20
MAX_DEPTH = 40
MAX_NODES = 2_000_000
#: The most parts of what calls return: comparing and describing them takes longer than reading them.
MAX_RESULT_NODES = 100_000
#: Commas and opening brackets in a message: counted before it is parsed, because parsing is what costs memory. A list
#: takes as much as a few numbers do, an object more.
MAX_MARKS = 2 * MAX_NODES
_MARKS = {b",": 1, b"[": 3, b"{": 4}
#: Keys of dicts in a message that are not text, and how many of them may share a hash. Whoever chooses numbers can
#: choose their places in the table, too, and then filling it takes quadratic time. The hashes of text are secret.
MAX_KEYS, MAX_SAME_HASH = 10_000, 16
MAX_INT_BITS = 4096
#: Arrays up to this many entries are written as readable lists, larger ones as base64.
READABLE_ENTRIES = 256
_KINDS = "biufc"
_TOO_LARGE_TO_ENCODE = "the value is nested too deeply or has too many parts"
_TOO_LARGE_TO_DECODE = "the data is nested too deeply or has too many parts"


class CodecError(ValueError):
    """The value or the bytes are not ones this codec carries; the message says which part."""


@dataclass(frozen=True)
class Opaque:
    """Stands for a value that may not cross: only the name of its type is told."""

    type_name: str


@dataclass(frozen=True)
class Ref:
    """The result of an earlier call of the same case, or a part of it, reached by keys and indices."""

    call: int
    path: tuple[int | str, ...] = ()


@dataclass(frozen=True)
class StandIn:
    """A callable or a generator that is rebuilt from ``params`` where it is needed (see ``standins``)."""

    name: str
    params: dict[str, Any]


def _type_name(value: object) -> str:
    name = type(value).__name__
    return name[:60] if isinstance(name, str) and _is_text(name) else "object"


def _is_text(value: str) -> bool:
    """Whether a string can be written as UTF-8: lone surrogates cannot, and would fail later, when it is printed."""
    if value.isascii():
        return True
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _extent(shape: Sequence[int]) -> int:
    """The number of entries, empty axes counted as one: the sum along an empty axis must not be huge either."""
    return math.prod(max(n, 1) for n in shape)


def _refuse_many_keys(count: int) -> None:
    if count > MAX_KEYS:
        raise CodecError(f"more than {MAX_KEYS} keys that are not text")


class _Encoder:
    def __init__(self, strict: bool, apart: list[bytes] | None = None) -> None:
        self.strict = strict
        #: Where the entries of arrays go, if not into the JSON.
        self.apart = apart
        self.nodes = 0
        self.keys = 0

    def opaque(self, value: object, why: str) -> dict[str, Any]:
        if self.strict:
            raise CodecError(f"cannot encode {why}")
        return {"~": "opaque", "type": _type_name(value)}

    def encode(self, value: Any, depth: int = 0) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise CodecError(_TOO_LARGE_TO_ENCODE)
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is str:
            return value if _is_text(value) else self.opaque(value, "text with lone surrogates")
        if kind is int:
            if value.bit_length() > MAX_INT_BITS:
                return self.opaque(value, f"an integer of more than {MAX_INT_BITS} bits")
            return value
        if kind is float:
            return value if math.isfinite(value) else {"~": "float", "value": repr(value)}
        if kind is complex:
            return {"~": "complex", "parts": [self.encode(value.real), self.encode(value.imag)]}
        if kind is list:
            return [self.encode(v, depth + 1) for v in value]
        if kind is tuple:
            return {"~": "tuple", "items": [self.encode(v, depth + 1) for v in value]}
        if isinstance(value, dict) and kind.__module__ in ("builtins", "collections"):
            self.keys += sum(not isinstance(k, str) for k in value)
            _refuse_many_keys(self.keys)
            pairs = [[self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in value.items()]
            return {"~": "dict", "items": pairs}
        if isinstance(value, np.generic | np.ndarray):
            return self.array(value)
        if kind is Ref:
            return {"~": "ref", "call": value.call, "path": list(value.path)}
        if kind is StandIn:
            return {"~": "standin", "name": value.name, "params": self.encode(value.params, depth + 1)}
        if kind is Opaque:
            return {"~": "opaque", "type": value.type_name}
        return self.opaque(value, f"a value of type {_type_name(value)}")

    def array(self, value: Any) -> Any:
        array = np.array(value, copy=True, subok=False)
        if array.dtype.kind not in _KINDS or array.dtype.itemsize > 16:
            return self.opaque(value, f"an array of dtype {array.dtype}")
        if _extent(array.shape) * array.dtype.itemsize > MAX_BYTES:
            raise CodecError(f"an array of shape {array.shape} is larger than the {MAX_BYTES} bytes allowed")
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        head = {"~": "array", "dtype": array.dtype.str.lstrip("<|="), "shape": list(array.shape)}
        if self.apart is not None:
            self.count_entries(array.size if array.size <= READABLE_ENTRIES else 0)
            self.apart.append(array.tobytes())
            return head | {"apart": True}
        readable = array.dtype.kind in "biu" or array.dtype.str in ("<f8", "<f4")
        if array.size <= READABLE_ENTRIES and readable:
            nans = np.isnan(array)
            # A list keeps the value of a nan, not its bits.
            if array[nans].tobytes() == np.full_like(array[nans], np.nan if nans.any() else 0).tobytes():
                entries = array.ravel().tolist()
                if not all(map(math.isfinite, entries)):
                    entries = [self.encode(v) for v in entries]
                else:
                    self.count_entries(len(entries))
                return head | {"data": entries}
        return head | {"base64": base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")}

    def count_entries(self, count: int) -> None:
        """The entries of a small array are parts like any other."""
        self.nodes += count
        if self.nodes > MAX_NODES:
            raise CodecError(_TOO_LARGE_TO_ENCODE)


def encode(value: Any, *, strict: bool = True) -> Any:
    """Turn a value into plain JSON data.

    With ``strict=False`` what cannot be carried becomes an ``Opaque``; with ``strict=True`` it raises ``CodecError``.
    Values that are too large or too deep raise ``CodecError`` in both modes.
    """
    return _Encoder(strict).encode(value)


class _Decoder:
    def __init__(self, values_only: bool, most: int, apart: bytes = b"") -> None:
        self.values_only = values_only
        self.most = most
        #: The entries of arrays that do not stand in the JSON, and how many of these bytes were read.
        self.apart, self.read = memoryview(apart), 0
        self.nodes = 0
        self.keys = 0

    def decode(self, data: Any, depth: int = 0) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > self.most:
            raise CodecError(_TOO_LARGE_TO_DECODE)
        if data is None or isinstance(data, bool):
            return data
        if isinstance(data, str):
            if not _is_text(data):
                raise CodecError("text with lone surrogates")
            return data
        if isinstance(data, int):
            if data.bit_length() > MAX_INT_BITS:
                raise CodecError(f"an integer of more than {MAX_INT_BITS} bits")
            return data
        if isinstance(data, float):
            if not math.isfinite(data):
                raise CodecError("a float that JSON cannot carry")
            return data
        if isinstance(data, list):
            return [self.decode(v, depth + 1) for v in data]
        if not isinstance(data, dict):
            raise CodecError("not JSON data")
        tag = data.get("~")
        if not isinstance(tag, str) or tag not in _DECODERS:
            raise CodecError("an object without a known '~' tag")
        if self.values_only and tag in ("ref", "standin"):
            raise CodecError(f"a {tag} where only values are allowed")
        try:
            return _DECODERS[tag](self, data, depth)
        except CodecError:
            raise
        except (KeyError, TypeError, ValueError, OverflowError, MemoryError, binascii.Error) as error:
            raise CodecError(f"a malformed {tag}: {type(error).__name__}") from None

    def items(self, data: Any, depth: int) -> list[Any]:
        if not isinstance(data, list):
            raise CodecError("items are not a list")
        return [self.decode(v, depth + 1) for v in data]

    def float_(self, data: dict[str, Any], depth: int) -> float:
        if not isinstance(data["value"], str) or data["value"] not in ("nan", "inf", "-inf"):
            raise CodecError("not a special float")
        return float(data["value"])

    def complex_(self, data: dict[str, Any], depth: int) -> complex:
        real, imag = self.items(data["parts"], depth)
        if type(real) is not float or type(imag) is not float:
            raise CodecError("parts are not floats")
        return complex(real, imag)

    def tuple_(self, data: dict[str, Any], depth: int) -> tuple[Any, ...]:
        return tuple(self.items(data["items"], depth))

    def dict_(self, data: dict[str, Any], depth: int) -> dict[Any, Any]:
        if not isinstance(data["items"], list):
            raise CodecError("items are not a list")
        pairs = []
        for pair in data["items"]:
            key, value = self.items(pair, depth)
            key = key.item() if isinstance(key, np.ndarray) else key
            if isinstance(key, np.generic):
                raise CodecError("a key that is no number of Python's")  # a long double
            pairs.append((key, value))
        if others := [key for key, _ in pairs if not isinstance(key, str)]:
            self.keys += len(others)
            _refuse_many_keys(self.keys)
            if max(Counter(map(hash, others)).values()) > MAX_SAME_HASH:
                raise CodecError("too many keys with the same hash")
        result = dict(pairs)
        if len(result) != len(pairs):
            raise CodecError("a key that is there twice")
        return result

    def array_(self, data: dict[str, Any], depth: int) -> Any:
        dtype, shape = data["dtype"], data["shape"]
        if not (isinstance(dtype, str) and len(dtype) <= 3 and dtype[:1] in _KINDS and dtype[1:].isdigit()):
            raise CodecError("not a plain dtype")
        if not isinstance(shape, list) or len(shape) > 32 or any(type(n) is not int or n < 0 for n in shape):
            raise CodecError("not a shape")
        kind = np.dtype("<" + dtype)
        if _extent(shape) * kind.itemsize > MAX_BYTES:
            raise CodecError("the array is too large")
        if "apart" in data:
            flat = self.of_bytes(self.next_bytes(math.prod(shape), kind.itemsize, depth), kind)
        elif "base64" in data:
            if not isinstance(data["base64"], str):
                raise CodecError("base64 is not text")
            flat = self.of_bytes(base64.b64decode(data["base64"], validate=True), kind)
        else:
            flat = self.entries(data["data"], kind, depth)
        return flat.reshape(shape)

    def next_bytes(self, count: int, size: int, depth: int) -> memoryview:
        """The bytes of the next array whose entries stand apart; each byte belongs to one array."""
        self.nodes += count if count <= READABLE_ENTRIES else 0
        if self.nodes > self.most or (count and depth >= MAX_DEPTH):
            raise CodecError(_TOO_LARGE_TO_DECODE)
        start, self.read = self.read, self.read + count * size
        if self.read > len(self.apart):
            raise CodecError("an array without its entries")
        return self.apart[start : self.read]

    def of_bytes(self, raw: bytes | memoryview, kind: np.dtype[Any]) -> Any:
        """The entries of an array from their bytes."""
        flat = np.frombuffer(raw, dtype=kind).copy()
        # A byte of a bool is 0 or 1, or it compares unlike itself.
        return flat.view(np.uint8) != 0 if kind.kind == "b" else flat

    def entries(self, data: Any, kind: np.dtype[Any], depth: int) -> Any:
        """The entries of an array that are written as a list of numbers."""
        allowed = _ENTRIES.get(kind.kind, ())
        if isinstance(data, list) and set(map(type, data)) <= set(allowed):  # nearly all: at once
            self.nodes += len(data)
            if self.nodes > self.most or (data and depth >= MAX_DEPTH):
                raise CodecError(_TOO_LARGE_TO_DECODE)
            if not all(map(math.isfinite, data)):
                raise CodecError("a float that JSON cannot carry")
            return np.array(data, dtype=kind)
        entries = self.items(data, depth)
        if not all(type(v) in allowed for v in entries):
            raise CodecError("array entries are not numbers of its dtype")
        return np.array(entries, dtype=kind)

    def ref(self, data: dict[str, Any], depth: int) -> Ref:
        path = data["path"]
        if type(data["call"]) is not int or not isinstance(path, list) or any(type(p) not in (int, str) for p in path):
            raise CodecError("not a reference")
        return Ref(data["call"], tuple(path))

    def standin(self, data: dict[str, Any], depth: int) -> StandIn:
        params = self.decode(data["params"], depth + 1)
        if not isinstance(data["name"], str) or not _is_text(data["name"]) or not isinstance(params, dict):
            raise CodecError("not a stand-in")
        return StandIn(data["name"], params)

    def opaque(self, data: dict[str, Any], depth: int) -> Opaque:
        if not isinstance(data["type"], str) or not _is_text(data["type"]):
            raise CodecError("not a type name")
        return Opaque(data["type"][:60])


_DECODERS = {
    "float": _Decoder.float_,
    "complex": _Decoder.complex_,
    "tuple": _Decoder.tuple_,
    "dict": _Decoder.dict_,
    "array": _Decoder.array_,
    "ref": _Decoder.ref,
    "standin": _Decoder.standin,
    "opaque": _Decoder.opaque,
}
#: What may stand in the readable list of an array, by the kind of its dtype; complex arrays are always base64.
_ENTRIES: dict[str, tuple[type, ...]] = {"b": (bool,), "i": (int,), "u": (int,), "f": (float,)}


def decode(data: Any, *, values_only: bool = False, most: int | None = None) -> Any:
    """Turn JSON data back into a value. Raises ``CodecError`` for anything ``encode`` would not have written.

    With ``values_only``, ``Ref`` and ``StandIn`` are refused: they go to the sandbox and never come out of it.
    ``most`` is the number of parts that the value may have, ``MAX_NODES`` if it is not given.
    """
    return _Decoder(values_only, MAX_NODES if most is None else most).decode(data)


def dumps(value: Any, *, strict: bool = True) -> bytes:
    """Encode a value as a message; ``CodecError`` when ``loads`` would find it too large."""
    apart: list[bytes] = []
    data = _Encoder(strict, apart).encode(value)
    raw = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode("ascii")
    _refuse_large(raw, sum(map(len, apart)))
    return b"".join([raw, b"\n", *apart]) if apart else raw


def loads(raw: bytes, *, values_only: bool = False, most: int | None = None) -> Any:
    """Decode a message that ``dumps`` wrote. Raises ``CodecError`` for anything else, in bounded time and memory.

    ``values_only`` and ``most`` are those of ``decode``.
    """
    text, _, apart = raw.partition(b"\n")
    _refuse_large(text, len(apart))
    try:
        data = json.loads(text.decode("ascii"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise CodecError(f"not JSON: {type(error).__name__}") from None
    decoder = _Decoder(values_only, MAX_NODES if most is None else most, apart)
    value = decoder.decode(data)
    if decoder.read != len(apart):
        raise CodecError("bytes that belong to no array")
    return value


def _refuse_large(text: bytes, apart: int) -> None:
    if len(text) + apart > 2 * MAX_BYTES:
        raise CodecError(f"{len(text) + apart} bytes are more than allowed")
    if weight_of_json(text) > MAX_MARKS:
        raise CodecError("the data has too many parts")


def weight_of_json(raw: bytes) -> int:
    """How much memory parsing may take, in units of about 55 bytes, strings aside; at most ``MAX_MARKS`` is allowed."""
    return sum(weight * raw.count(mark) for mark, weight in _MARKS.items())


def _refuse_constant(name: str) -> None:
    raise CodecError(f"{name} is not JSON")
