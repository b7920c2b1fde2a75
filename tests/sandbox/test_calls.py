"""Calls come back as plain values, or as a reason why not."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autograde.check.cases import PRIVATE, Call, Observation
from autograde.check.codec import Opaque, Ref, StandIn
from autograde.sandbox.worker import Session


def ask(session: Session, source: str, *args: Any, seconds: float = 5.0, **kwargs: Any) -> Observation:
    assert session.run_cell(source).ok
    return session.run_calls((Call("f", args, kwargs),), seconds)


def value(session: Session, source: str, *args: Any) -> Any:
    seen = ask(session, source, *args)
    assert seen.stopped is None
    assert seen.outcomes[0].raised is None
    return seen.outcomes[0].value


def test_a_value_comes_back(session: Session) -> None:
    got = value(session, "def f(x): return 2 * x", np.array([[1.0, -0.0], [np.inf, np.nan]]))
    assert got.dtype == np.float64
    np.testing.assert_array_equal(got, [[2.0, 0.0], [np.inf, np.nan]])
    assert np.signbit(got[0, 1])


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("None", None),
        ("True", True),
        ("(1, [2.5, 'ü'], {'a': None})", (1, [2.5, "ü"], {"a": None})),
        ("1j", 1j),
        ("2 ** 4000", 2**4000),
        ("2 ** 5000", Opaque("int")),
        ("b'bytes'", Opaque("bytes")),
        ("{1, 2}", Opaque("set")),
        ("(i for i in 'ab')", Opaque("generator")),
        ("f", Opaque("function")),
        ("object()", Opaque("object")),
        ("np.array([None], dtype=object)", Opaque("ndarray")),
        ("np.array(['text'])", Opaque("ndarray")),
        ("type('N', (), {})()", Opaque("N")),
        ("__import__('collections').namedtuple('P', 'a b')(1, 2)", (1, 2)),
        ("__import__('collections').OrderedDict(a=1)", {"a": 1}),
        (r"'\ud800'", Opaque("str")),
    ],
)
def test_odd_results(session: Session, expression: str, expected: Any) -> None:
    assert value(session, f"import numpy as np\ndef f(): return {expression}") == expected


@pytest.mark.parametrize(
    ("expression", "shape", "dtype"),
    [
        ("np.float32(1.5)", (), "float32"),
        ("np.zeros((0, 3))", (0, 3), "float64"),
        ("np.ones((3, 4), bool).T", (4, 3), "bool"),
        ("np.ma.masked_array([1, 2], [0, 1])", (2,), "int64"),
        ("np.zeros(1000, 'complex64')", (1000,), "complex64"),
        ("np.arange(5).astype('>i4')", (5,), "int32"),
        ("np.matrix([[1.0]])", (1, 1), "float64"),
    ],
)
def test_odd_arrays(session: Session, expression: str, shape: tuple[int, ...], dtype: str) -> None:
    got = value(session, f"import numpy as np\ndef f(): return {expression}")
    assert type(got) is np.ndarray
    assert (got.shape, got.dtype) == (shape, np.dtype(dtype))


def test_stand_ins_and_references(session: Session) -> None:
    source = """
def make(rng): return {'cache': lambda x: x + 1, 'draw': rng.random()}
def use(cache, x): return cache(x)
"""
    assert session.run_cell(source).ok
    calls = (
        Call("make", (StandIn("rng", {"seed": 3}),), keep=True),
        Call("use", (Ref(0, ("cache",)), 41)),
        Call("use", (StandIn("polynomial", {"coefficients": [0.0, 2.0]}), 4.0)),
    )
    seen = session.run_calls(calls, 5.0)
    assert [o.value for o in seen.outcomes] == [None, 42, 8.0]


def test_private_items_stay_and_shared_generators_go_on(session: Session) -> None:
    source = """
def forward(rng): return rng.random(), lambda x: x + 1
def backward(cache, x): return cache(x)
"""
    assert session.run_cell(source).ok
    rng = StandIn("rng", {"seed": 3, "shared": "rng"})
    calls = (
        Call("forward", (rng,), private=(1,)),
        Call("backward", (Ref(0, (1,)), 41)),
        Call("forward", (rng,), private=(1,)),
        Call("backward", (Ref(0, (7,)), 41)),
    )
    seen = session.run_calls(calls, 5.0)
    draws = np.random.default_rng(3)
    assert [o.value for o in seen.outcomes] == [(draws.random(), PRIVATE), 42, (draws.random(), PRIVATE), None]
    assert seen.outcomes[3].raised is not None
    assert seen.outcomes[3].raised.type_name == "LookupError"


def test_changed_arguments_and_the_global_generator_are_noticed(session: Session) -> None:
    source = "import numpy as np\ndef f(x, rate=0):\n    x += np.random.rand()\n    return x"
    outcome = ask(session, source, np.zeros(2)).outcomes[0]
    assert outcome.changed == ("argument 1",)
    assert outcome.touched_global


def test_each_call_answers_for_its_own_use_of_the_global_generator(session: Session) -> None:
    session.run_cell("import numpy as np\ndef draw(x):\n    return np.random.randn()\ndef keep(x):\n    return x")
    calls = tuple(Call(name, (1.0,)) for name in ("keep", "draw", "keep", "draw", "draw", "keep"))
    touched = [o.touched_global for o in session.run_calls(calls, 5.0).outcomes]
    # The second draw is the half that was left of the first one: only a flag tells.
    assert touched == [False, True, False, True, True, False]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("import sys; sys.exit(1)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise NotImplementedError", "NotImplementedError"),
        ("return 1 / 0", "ZeroDivisionError"),
        ("return input()", "EOFError"),
        ("return f()", "RecursionError"),
        ("import numpy as np; return np.zeros(3 * 2**27)", "MemoryError"),
        ("return bytearray(3 * 2**30)", "MemoryError"),
        (r"raise ValueError('\ud800')", "ValueError"),
    ],
)
def test_what_a_call_raises_is_reported(session: Session, body: str, name: str) -> None:
    seen = ask(session, f"def f():\n    {body}")
    assert seen.stopped is None
    raised = seen.outcomes[0].raised
    assert raised is not None
    assert raised.type_name == name
    if "Memory" in name:
        assert "MemoryError" in raised.bases
    else:
        assert raised.line in body
    assert session.run_cell("1").ok


def test_a_chain_ends_at_the_call_that_exits(session: Session) -> None:
    assert session.run_cell("def a(): return 1\ndef b(): raise SystemExit('enough')").ok
    seen = session.run_calls((Call("a"), Call("b"), Call("a")), 5.0)
    assert [o.value for o in seen.outcomes] == [1, None]
    assert seen.outcomes[1].raised is not None
    assert (seen.outcomes[1].raised.type_name, seen.outcomes[1].raised.message) == ("SystemExit", "enough")


def test_a_missing_function_is_said_to_be_missing(session: Session) -> None:
    assert session.run_calls((Call("nowhere"),), 5.0) == Observation(stopped="missing")
    assert ask(session, "f = 3").stopped == "missing"


def test_a_result_that_is_too_large_does_not_end_the_session(session: Session) -> None:
    source = "import numpy as np\ndef f(n): return np.zeros(n)\n"
    assert ask(session, source, 9 * 2**20).stopped == "garbled"
    seen = ask(session, source, 9 * 2**18)  # fits the codec, not the cap on replies
    assert (seen.stopped, seen.words) == (
        "too_large_result",
        "what it returns takes more than 16 MiB; return what is asked for, and no more",
    )
    deep = "def f():\n    x = []\n    for _ in range(10**5): x = [x]\n    return x"
    assert not ask(session, deep).stopped
    endless = "def f():\n    x = []\n    x.append(x)\n    return x"
    assert not ask(session, endless).stopped
    assert session.alive


def test_prints_and_warnings_in_calls_vanish(session: Session, capfd: pytest.CaptureFixture[str]) -> None:
    source = """
import os, sys, warnings
def f():
    print('x' * 10_000_000)
    os.write(1, b'y' * 100)
    print('error', file=sys.stderr)
    warnings.warn('warned')
    return 1
"""
    assert value(session, source) == 1
    assert session.run_cell("1").outputs[0].data == "1"
    assert capfd.readouterr() == ("", "")


def test_the_observation_has_times(session: Session) -> None:
    outcome = ask(session, "import time\ndef f(): time.sleep(0.05)").outcomes[0]
    assert 0.05 <= outcome.seconds < 5
    assert math.isfinite(outcome.seconds)
