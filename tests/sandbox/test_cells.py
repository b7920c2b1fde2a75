"""Cells run as they do in a notebook, and what they show comes back within the caps."""

from __future__ import annotations

import time

import pytest

from autograde.sandbox.limits import Limits
from autograde.sandbox.worker import CellOutcome, Session, Worker


def texts(outcome: CellOutcome, kind: str) -> str:
    return "".join(o.data for o in outcome.outputs if o.kind == kind and isinstance(o.data, str))


def test_a_cell_runs_and_names_stay(session: Session) -> None:
    assert session.run_cell("x = 20\ndef double(v):\n    return 2 * v").ok
    outcome = session.run_cell("print('printed')\ndouble(x) + 2")
    assert outcome.ok
    assert [(o.kind, o.data) for o in outcome.outputs] == [("stdout", "printed\n"), ("text", "42")]


def test_stdout_and_stderr_keep_their_order(session: Session) -> None:
    outcome = session.run_cell(
        "import sys\nprint('a')\nprint('b')\nprint('c', file=sys.stderr)\nprint('d')\ndisplay(1)\nprint('e')"
    )
    assert [(o.kind, o.data) for o in outcome.outputs] == [
        ("stdout", "a\nb\n"),
        ("stderr", "c\n"),
        ("stdout", "d\n"),
        ("text", "1"),
        ("stdout", "e\n"),
    ]


def test_warnings_cost_nothing(session: Session) -> None:
    outcome = session.run_cell("import numpy as np, warnings\nwarnings.warn('careful')\nnp.log(np.zeros(1))")
    assert outcome.ok
    assert "careful" in texts(outcome, "stderr")
    assert "divide by zero" in texts(outcome, "stderr")


@pytest.mark.parametrize("first", ["", "%matplotlib inline\n"])
def test_a_figure_comes_as_png(session: Session, first: str) -> None:
    outcome = session.run_cell(first + "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    assert outcome.ok
    assert [o.kind for o in outcome.outputs] == ["png"]
    data = outcome.outputs[0].data
    assert isinstance(data, bytes)
    assert data.startswith(b"\x89PNG")
    assert data.endswith(b"IEND\xaeB`\x82")


def test_a_figure_that_is_not_shown_comes_too_and_is_closed(session: Session) -> None:
    source = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([3, 1]);"
    assert [o.kind for o in session.run_cell(source).outputs] == ["png"]
    assert texts(session.run_cell("print(plt.get_fignums())"), "stdout") == "[]\n"


def test_figures_can_be_skipped(worker: Worker) -> None:
    with worker.session(figures=False) as session:
        for first in ("", "%matplotlib inline\n"):
            source = first + "import matplotlib.pyplot as plt\nfig = plt.figure()\nplt.plot([1, 2])\nplt.show()"
            outcome = session.run_cell(source)
            assert outcome.ok
            assert [o.kind for o in outcome.outputs] == ["text"]
            assert texts(outcome, "text").startswith("<Figure size")


def test_an_exception_is_reported_with_its_line(session: Session) -> None:
    outcome = session.run_cell("def f(x):\n    return 1 / x\nf(0)")
    assert not outcome.ok
    assert outcome.stopped is None
    assert outcome.raised is not None
    assert outcome.raised.type_name == "ZeroDivisionError"
    assert "ArithmeticError" in outcome.raised.bases
    assert outcome.raised.line == "return 1 / x"
    traceback = texts(outcome, "error")
    assert traceback.startswith("Traceback")
    assert "site-packages" not in traceback
    assert "\x1b" not in traceback


def test_a_syntax_error_hurts_its_cell_only(session: Session) -> None:
    outcome = session.run_cell("def f(x:\n    return x")
    assert outcome.raised is not None
    assert outcome.raised.type_name == "SyntaxError"
    assert "line 1" in outcome.raised.message
    assert outcome.raised.line == "def f(x:"
    assert session.run_cell("1 + 1").ok


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import sys; sys.exit(3)", "SystemExit"),
        ("raise SystemExit", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("class Odd(BaseException): pass\nraise Odd('x')", "Odd"),
        ("input('your name')", "EOFError"),
        ("raise ExceptionGroup('g', [ValueError('a')])", "ExceptionGroup"),
        ("def f(): f()\nf()", "RecursionError"),
        ("raise NotImplementedError()", "NotImplementedError"),
        (r"raise ValueError('\ud800 is no text')", "ValueError"),
        ("class Bad(Exception):\n    def __str__(self): raise RuntimeError\nraise Bad", "RuntimeError"),
        ("%no_such_magic", "UsageError"),
    ],
)
def test_whatever_a_cell_raises_is_reported_and_the_session_goes_on(session: Session, source: str, name: str) -> None:
    if name == "UsageError":  # IPython tells it, but does not count it as an error of the cell
        assert "not found" in texts(session.run_cell(source), "stderr")
    else:
        outcome = session.run_cell(source)
        assert outcome.raised is not None
        assert outcome.raised.type_name == name
    assert session.run_cell("1").ok


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("!echo shouted", "shouted"),
        ("lines = !echo kept\nprint(lines[0])", "kept"),
        ("%%bash\necho from bash", "from bash"),
        ("%timeit -n 1 -r 1 1 + 1", "per loop"),
        ("%%time\n1 + 1", "Wall time"),
        ("%%capture held\nprint('inside')", ""),
        ("%pwd", "session-"),
        ("await __import__('asyncio').sleep(0, 'awaited')", "awaited"),
        ("get_ipython().run_cell('print(7)')", "7"),
        ("print(__name__)", "__main__"),
        ("import logging; logging.warning('logged')", "logged"),
        ("from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('left')", "left"),
        ("h = display('first', display_id=True)\nh.update('second')", "second"),
        ("import ipywidgets as w\nw.interact(lambda a: print('moved', a), a=(0, 3))", ""),
        ("import ipywidgets as w\nout = w.Output()\nwith out:\n    print('in a widget')", ""),
        ("import ipywidgets as w\nw.IntSlider(value=3)", "IntSlider"),
        ("from IPython.display import HTML, display\ndisplay(HTML('<b>bold</b>'))", "HTML object"),
        ("int.__doc__\nexit", ""),
        ("import threading\nt = threading.Thread(target=print, args=('threaded',)); t.start(); t.join()", "threaded"),
        ("import subprocess\nprint(subprocess.run(['echo', 'sub'], capture_output=True, text=True).stdout)", "sub"),
        ("import os\nif os.fork() == 0:\n    os._exit(0)\nos.wait()\nprint('one parent')", "one parent"),
        ("import multiprocessing as mp\nwith mp.get_context('fork').Pool(1) as p: print(p.map(abs, [-4]))", "[4]"),
        ("from tempfile import NamedTemporaryFile as N\nwith N() as f: print(f.name)", "session-"),
        ("%config InlineBackend.figure_format = 'retina'", ""),
        ("int?", ""),
        ("open('note.txt', 'w').write('x')\nprint(open('note.txt').read())", "x"),
    ],
)
def test_what_notebooks_do_works(session: Session, source: str, shown: str) -> None:
    outcome = session.run_cell(source)
    assert outcome.raised is None
    assert outcome.stopped is None
    assert shown in "".join(str(o.data) for o in outcome.outputs)
    assert "gone" not in texts(outcome, "stdout")


def test_a_child_that_a_cell_forks_does_not_answer_in_its_place(session: Session) -> None:
    assert session.run_cell("import os\npid = os.fork()\nprint('twice')").ok
    assert session.run_cell("1").ok
    assert session.alive


@pytest.mark.alone
def test_thirty_megabytes_on_one_line_are_cut(session: Session) -> None:
    start = time.monotonic()
    outcome = session.run_cell("print('x' * 30_000_000)")
    assert time.monotonic() - start < 2
    assert outcome.ok
    assert outcome.cut
    assert len(texts(outcome, "stdout")) == session.limits.cell_output_bytes
    assert not session.run_cell("print('short')").cut


def test_caps_hold_for_a_cell_and_for_the_session() -> None:
    limits = Limits(cell_output_bytes=1000, session_output_bytes=1500, cell_outputs=3)
    with Worker(limits) as worker, worker.session() as session:
        outcome = session.run_cell("for i in range(10): display(i)")
        assert outcome.cut == "count"
        assert [o.data for o in outcome.outputs] == ["0", "1", "2"]
        # Three bytes a character in UTF-8, and six in JSON: the caps count UTF-8.
        outcome = session.run_cell("print('€' * 400)")
        assert len(texts(outcome, "stdout")) == 333
        assert outcome.cut == "cell"
        outcome = session.run_cell("print('y' * 2000)")
        assert len(texts(outcome, "stdout")) == 1500 - 3 - 999
        assert outcome.cut == "session"
        assert session.run_cell("print('z')").outputs == ()
        assert session.run_cell("import matplotlib.pyplot as plt; plt.plot([1, 2]);").cut == "session"
        assert session.alive


def test_a_result_with_a_huge_repr_is_cut(session: Session) -> None:
    outcome = session.run_cell("class R:\n    def __repr__(self): return 'r' * 30_000_000\nR()")
    assert outcome.ok
    assert outcome.cut


def test_a_picture_that_is_none_is_told_in_words(session: Session) -> None:
    outcome = session.run_cell("display({'image/png': 'bm8='}, raw=True)")
    assert [(o.kind, o.data) for o in outcome.outputs] == [("text", "(a picture that cannot be read)")]
    bomb = (
        "import base64, struct\nhead = b'\\x89PNG\\r\\n\\x1a\\n\\0\\0\\0\\rIHDR' + struct.pack('!II', 60000, 60000)\n"
    )
    outcome = session.run_cell(bomb + "display({'image/png': base64.b64encode(head + bytes(9)).decode()}, raw=True)")
    assert [o.kind for o in outcome.outputs] == ["text"]
    assert session.alive


def test_an_overlong_cell_is_refused(session: Session) -> None:
    outcome = session.run_cell("#" * (session.limits.source_bytes + 1))
    assert outcome.raised is not None
    assert "not run" in outcome.raised.message
    assert session.run_cell("1").ok
    assert session.run_cell("s = '\ud800'").ok


def test_c_level_prints_do_not_reach_the_terminal(session: Session, capfd: pytest.CaptureFixture[str]) -> None:
    assert session.run_cell("import os\nos.write(1, b'loud')\nos.write(2, b'loud')\nos.system('echo loud')").ok
    session.close()
    assert capfd.readouterr() == ("", "")
