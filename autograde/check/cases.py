"""A case: which functions are called with what, and what must hold of the results. Running one is the probe."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from .codec import Opaque, Ref, StandIn
from .standins import build


@dataclass(frozen=True)
class Call:
    """One call of a student's function by name. Arguments are plain values, ``StandIn`` or ``Ref``."""

    function: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    #: The result stays where the code runs (a cache, a closure); later calls may refer to it.
    keep: bool = False
    #: These items of the result stay there, too (the cache of a pair); the others are returned.
    private: tuple[int, ...] = ()
    #: Later calls of the case call the result, a function, by this name.
    defines: str = ""


@dataclass(frozen=True)
class Equals:
    """Every returned value equals the reference's, within tolerances.

    ``sequences`` names the paths (``""`` the result itself, ``"[1]"`` its second item) where a list and a 1-d array
    are equally right; ``atol``/``rtol`` are those of the contract unless its line says otherwise.
    """

    rtol: float = 1e-6
    atol: float = 1e-8
    sequences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Raises:
    """The last call raises this built-in error (or a subclass of it)."""

    error: str = "ValueError"


@dataclass(frozen=True)
class Property:
    """A named property (see ``properties``) with its parameters, all of them plain values."""

    name: str
    params: dict[str, Any] = field(default_factory=dict)


Expectation = Equals | Raises | Property


@dataclass(frozen=True)
class Case:
    """One or more calls in a row and what must hold of them.

    ``label`` completes the sentence "It fails for …" and must not give an input away when the case is hidden.
    ``group`` names the part of the points it belongs to; the first group of an exercise is its core. Cases whose
    ``calls`` are one and the same tuple are asked once, and each judges what was seen.
    """

    label: str
    calls: tuple[Call, ...]
    expect: tuple[Expectation, ...] = (Equals(),)
    group: str = "values"
    #: Neither the reference nor known mistakes are run on it when cases are drawn: it takes long. Properties only.
    costly: bool = False
    #: Wall time that its calls may take, where that is less than what is left to the exercise; others go on after it.
    seconds: float | None = None


@dataclass(frozen=True)
class Raised:
    """An exception: its type, the built-in types it is a kind of, its message, and the student's line.

    Whoever runs the code elsewhere may add which of his limits it tells of: ``limit`` is a kind of failure, ``words``
    say it.
    """

    type_name: str
    bases: tuple[str, ...]
    message: str
    line: str = ""
    limit: str = ""
    words: str = ""


@dataclass(frozen=True)
class Outcome:
    """What one call did. ``value`` is meaningless when ``raised`` is set or the call's result was kept."""

    value: Any = None
    raised: Raised | None = None
    changed: tuple[str, ...] = ()
    touched_global: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class Observation:
    """The outcomes of a case's calls, in order; it ends early at the first call that raised.

    ``stopped`` is set by whoever runs the code elsewhere, when there is no outcome at all: ``missing``, ``crashed``,
    ``garbled``, or one of his limits. ``words`` are his on it; without them the standing ones hold.
    """

    outcomes: tuple[Outcome, ...] = ()
    stopped: str | None = None
    words: str = ""


#: What is returned in the place of a private item.
PRIVATE = Opaque("private")


def without_private(call: Call, value: Any) -> Any:
    """A call's result with ``PRIVATE`` in the place of its private items; what is no tuple or list stays as it is."""
    if not call.private or not isinstance(value, tuple | list):
        return value
    items = [PRIVATE if i in call.private else v for i, v in enumerate(value)]
    return items if isinstance(value, list) else tuple(items)


_NO_PART = "what an earlier call returned lacks the part that {} is to be called with"
_NO_FUNCTION = "{} returned a value of type {}, not a function that can be called"


class MissingFunctionError(Exception):
    """A case calls a function that the namespace does not hold."""


def run_case(
    calls: tuple[Call, ...],
    namespace: Mapping[str, Any],
    contain: Callable[[Callable[..., Any]], Callable[..., Any]] = lambda function: function,
) -> Observation:
    """Run a case's calls on the functions in ``namespace`` and report what happened, values copied.

    ``contain`` wraps every function before it is called, those too that an earlier call returned.
    """
    results: list[Any] = []
    outcomes: list[Outcome] = []
    shared: dict[str, Any] = {}
    defined: dict[str, Any] = {}
    generator = _global_generator()
    for call in calls:
        function = defined[call.function] if call.function in defined else namespace.get(call.function)
        if not callable(function):
            return Observation(tuple(outcomes), "missing")
        try:
            args = [_materialise(a, results, shared) for a in call.args]
            kwargs = {k: _materialise(v, results, shared) for k, v in call.kwargs.items()}
        except (LookupError, TypeError):  # an earlier result has not the part that a Ref asks for
            outcomes.append(Outcome(raised=describe_error(LookupError(_NO_PART.format(call.function)))))
            break
        outcome, result = _run(contain(function), call, args, kwargs)
        # Asking takes longer than many a call: what it was after one call it is before the next.
        before, generator = generator, _global_generator()
        outcome = replace(outcome, touched_global=generator != before)
        if call.defines and not outcome.raised:
            if callable(result):
                defined[call.defines] = result
            else:
                words = _NO_FUNCTION.format(call.function, type(result).__name__[:60])
                outcome = replace(outcome, raised=describe_error(TypeError(words)))
        outcomes.append(outcome)
        results.append(result)
        if outcome.raised:
            break
    return Observation(tuple(outcomes))


def _run(function: Callable[..., Any], call: Call, args: list[Any], kwargs: dict[str, Any]) -> tuple[Outcome, Any]:
    before = [_snapshot(a) for a in args], {k: _snapshot(v) for k, v in kwargs.items()}
    start = time.perf_counter()
    result, raised = None, None
    try:
        result = function(*args, **kwargs)
    except Exception as error:
        raised = describe_error(error)
    seconds = time.perf_counter() - start
    changed = tuple(
        name
        for name, old, new in [
            *((f"argument {i + 1}", o, n) for i, (o, n) in enumerate(zip(before[0], args, strict=True))),
            *((k, before[1][k], kwargs[k]) for k in kwargs),
        ]
        if not _same(old, new)
    )
    value = None if call.keep or raised else _snapshot(without_private(call, result), for_return=True)
    return Outcome(value, raised, changed, seconds=seconds), result


def describe_error(error: BaseException) -> Raised:
    """Put an exception into plain strings: type, built-in bases, message and the innermost line of the student's."""
    bases = tuple(c.__name__ for c in type(error).__mro__ if c.__module__ == "builtins")
    line = ""
    for frame in traceback.extract_tb(error.__traceback__):
        if "autograde" not in frame.filename and "site-packages" not in frame.filename and frame.line:
            line = frame.line
    try:
        message = str(error)
    except Exception:
        message = ""
    return Raised(type(error).__name__[:60], bases, message[:500], line[:200])


def _materialise(value: Any, results: list[Any], shared: dict[str, Any]) -> Any:
    """A fresh copy of an argument, stand-ins built and references to earlier results followed.

    Stand-ins with the same word under ``"shared"`` are one object in all calls of a case. ``"part"`` names what is
    handed over of an object that holds several: two callables of one training run know of each other.
    """
    if isinstance(value, StandIn):
        params = dict(value.params)
        word, part = params.pop("shared", None), params.pop("part", None)
        made = shared.get(word) if word is not None else None
        if made is None:
            made = build(StandIn(value.name, params))
        if word is not None:
            shared[word] = made
        return made if part is None else made[part]
    if isinstance(value, Ref):
        found = results[value.call]
        for step in value.path:
            found = found[step]
        return found
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, dict):
        return {k: _materialise(v, results, shared) for k, v in value.items()}
    if isinstance(value, list):
        return [_materialise(v, results, shared) for v in value]
    if isinstance(value, tuple):
        return tuple(_materialise(v, results, shared) for v in value)
    return value


def _snapshot(value: Any, for_return: bool = False, depth: int = 0) -> Any:
    """Copy the plain parts of a value; what is not plain is told by its type alone."""
    if depth > 20:
        return Opaque("deeply nested value")
    kind = type(value)
    if isinstance(value, str):  # a NumPy string is one too
        return str.__str__(value)
    if isinstance(value, np.ndarray | np.generic):
        return _plain(np.array(value, copy=True, subok=False))
    if isinstance(value, dict):
        return {
            str.__str__(k) if isinstance(k, str) else k: _snapshot(v, for_return, depth + 1) for k, v in value.items()
        }
    if kind is list:
        return [_snapshot(v, for_return, depth + 1) for v in value]
    if kind is tuple:
        return tuple(_snapshot(v, for_return, depth + 1) for v in value)
    if isinstance(value, tuple):  # a named tuple is a tuple
        return tuple(_snapshot(v, for_return, depth + 1) for v in value)
    if value is None or value is PRIVATE or isinstance(value, bool | int | float | complex):
        return value
    return Opaque(kind.__name__[:60])


def _plain(array: Any) -> Any:
    """An array of Python numbers as an array of numbers: dtypes are not graded. Others as they are."""
    if array.dtype != object or array.size > 10**6:
        return array
    if not all(isinstance(v, bool | int | float | np.generic) for v in array.flat):
        return array
    numbers = np.array(array.ravel().tolist()).reshape(array.shape)
    return numbers if numbers.dtype.kind in "biuf" else array


def _same(old: Any, new: Any) -> bool:
    """Whether an argument is still what its snapshot says; callables and generators may change.

    Numbers and texts matter too: one that lies in a dict or a list can be replaced there.
    """
    if isinstance(old, Opaque):
        return True
    if isinstance(old, str):
        return isinstance(new, str) and str.__str__(new) == old
    if old is None or isinstance(old, bool | int | float | complex):
        return type(new) is type(old) and (new == old or old != old)
    if isinstance(old, np.ndarray):
        return (
            isinstance(new, np.ndarray | np.generic)
            and old.shape == new.shape
            and old.dtype == new.dtype
            and old.tobytes() == np.asarray(new).tobytes()
        )
    if isinstance(old, dict):
        return isinstance(new, dict) and list(old) == list(new) and all(_same(old[k], new[k]) for k in old)
    if isinstance(old, list | tuple):
        return isinstance(new, list | tuple) and len(old) == len(new) and all(map(_same, old, new))
    return True


def _global_generator() -> bytes:
    state: Any = np.random.get_state(legacy=False)
    inner = state["state"]
    return bytes(inner["key"].tobytes()) + repr((inner.get("pos"), state["has_gauss"])).encode()
