"""What honest students do, odd as it may look, costs no point."""

from __future__ import annotations

import nbformat
import pytest

from tests.grading.conftest import RIGHT

from .stage import FULL, Stage, answered

pytestmark = pytest.mark.xdist_group("attacks")
_DOUBLE = RIGHT["double"]

#: Oddities in the answer ``double``.
ANSWERS = {
    "prints": "def double(z):\n    print('doubling', z)\n    return 2.0 * z",
    "prints to stderr": "import sys\ndef double(z):\n    print('oops', file=sys.stderr)\n    return 2.0 * z",
    "warnings": "import warnings\ndef double(z):\n    warnings.warn('careful')\n    return 2.0 * z",
    "a warning of NumPy": "def double(z):\n    np.log(np.zeros(1))\n    return 2.0 * z",
    "a plot that is shown": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n" + _DOUBLE,
    "a plot inside the function": "import matplotlib.pyplot as plt\ndef double(z):\n    plt.plot(z)\n    plt.close()\n    return 2.0 * z",
    "a figure that is saved": "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.savefig('mine.png')\n" + _DOUBLE,
    "a progress bar by carriage returns": (
        "import sys\nfor i in range(50):\n    sys.stdout.write(f'\\r{i} of 50')\n    sys.stdout.flush()\n" + _DOUBLE
    ),
    "a progress bar by widgets": "from ipywidgets import IntProgress\nbar = IntProgress(max=3)\nbar\nbar.value = 3\n"
    + _DOUBLE,
    "an interactive widget": "from ipywidgets import interact\ninteract(lambda x=1: x)\n" + _DOUBLE,
    "clear_output in a loop": "from IPython.display import clear_output\nfor i in range(3):\n    clear_output(wait=True)\n    print(i)\n"
    + _DOUBLE,
    "time.sleep in a cell": "import time\ntime.sleep(0.2)\n" + _DOUBLE,
    "time.sleep in a function": "import time\ndef double(z):\n    time.sleep(0.02)\n    return 2.0 * z",
    "logging": "import logging\nlogging.basicConfig(level=logging.DEBUG)\ndef double(z):\n    logging.info('z')\n    return 2.0 * z",
    "%time": "%time x = 1\n" + _DOUBLE,
    "%timeit": "%timeit -n 2 -r 1 sum(range(10))\n" + _DOUBLE,
    "%matplotlib inline": "%matplotlib inline\n" + _DOUBLE,
    "%load_ext autoreload": "%load_ext autoreload\n%autoreload 2\n" + _DOUBLE,
    "%who and !echo": "!echo hello\n%who\n" + _DOUBLE,
    "%%time over the answer": "%%time\n" + _DOUBLE,
    "input() with its end of file caught": "try:\n    name = input('your name? ')\nexcept EOFError:\n    name = 'nobody'\n"
    + _DOUBLE,
    "a main guard": _DOUBLE + "\n\nif __name__ == '__main__':\n    print(double(np.ones(2)))",
    "type hints": "import numpy.typing as npt\ndef double(z: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:\n    return np.add(z, z)",
    "future annotations": "from __future__ import annotations\ndef double(z: Array) -> Array:\n    return 2.0 * z",
    "a class with __call__": "class Double:\n    def __call__(self, z):\n        return 2.0 * z\n\ndouble = Double()",
    "a static method": "class Math:\n    @staticmethod\n    def twice(z):\n        return 2.0 * z\n\ndouble = Math.twice",
    "a bound method": "class Scale:\n    def __init__(self, k):\n        self.k = k\n    def __matmul__(self, z):\n        return self.k * z\n    def run(self, z):\n        return self @ z\n\ndouble = Scale(2.0).run",
    "a lambda": "double = lambda z: 2.0 * z",
    "a partial": "import functools\ndouble = functools.partial(np.multiply, 2.0)",
    "a vectorized function": "double = np.vectorize(lambda x: 2.0 * x)",
    "a NumPy function itself": "double = lambda z, f=np.add: f(z, z)",
    "a closure": "def make(k):\n    def inner(z):\n        return k * z\n    return inner\n\ndouble = make(2.0)",
    "a caching decorator on a helper": "import functools\n@functools.lru_cache\ndef two():\n    return 2.0\ndef double(z):\n    return two() * z",
    "a home-made cache by bytes": "memo = {}\ndef double(z):\n    key = z.tobytes()\n    if key not in memo:\n        memo[key] = 2.0 * z\n    return memo[key].copy()",
    "a timing decorator": "import functools, time\ndef timed(f):\n    @functools.wraps(f)\n    def inner(*a, **k):\n        t = time.time()\n        out = f(*a, **k)\n        print(time.time() - t)\n        return out\n    return inner\n\n@timed\n"
    + _DOUBLE,
    "more parameters with defaults": "def double(z, verbose=False, *, factor=2.0):\n    return factor * z",
    "star arguments": "def double(*args, **kwargs):\n    return 2.0 * args[0]",
    "float32": "def double(z):\n    return (2.0 * z).astype(np.float32)",
    "Fortran order": "def double(z):\n    return np.asfortranarray(2.0 * z)",
    "a negative stride": "def double(z):\n    return (2.0 * z[::-1])[::-1]",
    "a matrix-free loop": "def double(z):\n    out = np.empty_like(z)\n    for i in range(len(z)):\n        out[i] = z[i] + z[i]\n    return out",
    "a list comprehension into an array": "def double(z):\n    return np.array([2.0 * x for x in z])",
    "in-place work on a copy": "def double(z):\n    z = z.copy()\n    z *= 2.0\n    return z",
    "np.random.seed in the cell": "np.random.seed(3)\n" + _DOUBLE,
    "random.seed in the function": "import random\ndef double(z):\n    random.seed(0)\n    return 2.0 * z",
    "an own generator": "rng = np.random.default_rng(0)\nrng.random(3)\n" + _DOUBLE,
    "np.set_printoptions and np.seterr": "np.set_printoptions(precision=2)\nnp.seterr(all='raise')\n" + _DOUBLE,
    "warnings turned into errors": "import warnings\nwarnings.simplefilter('error')\n" + _DOUBLE,
    "BLAS in a function": "def double(z):\n    a = np.ones((200, 200))\n    (a @ a).sum()\n    return 2.0 * z",
    "threads of one's own": "from concurrent.futures import ThreadPoolExecutor\ndef double(z):\n    with ThreadPoolExecutor(2) as pool:\n        return np.array(list(pool.map(lambda x: 2.0 * x, z)))",
    "imports from the standard library": "import collections, itertools, json, math, pathlib, re, statistics, textwrap\n"
    + _DOUBLE,
    "imports from the course's packages": "import matplotlib.pyplot as plt\nimport ipywidgets\nimport IPython\nimport coursekit\n"
    + _DOUBLE,
    "an import that fails, caught": "try:\n    import no_such_package\nexcept ImportError:\n    pass\n" + _DOUBLE,
    "names in another script": "def double(größe):\n    λ = 2.0\n    return λ * größe",
    "tabs and trailing spaces": "def double(z):   \n\treturn 2.0 * z   \n\n\n",
    "Windows line ends": "def double(z):\r\n    return 2.0 * z\r\n",
    "a docstring of many lines": 'def double(z):\n    """Twice.\n\n    >>> double(1)\n    2\n    """\n    return 2.0 * z',
    "asserts of one's own": _DOUBLE + "\nassert np.allclose(double(np.ones(2)), 2.0)",
    "check called by hand, progress too": _DOUBLE + "\ncheck(double)\nprogress()",
    "a value at the end of the cell": _DOUBLE + "\n3.5",
    "an answer defined twice, the last one right": "def double(z):\n    return z\n\n" + _DOUBLE,
    "a left-over raise": "def double(z):\n    y = 2.0 * z\n    raise NotImplementedError()\n    return y",
    "a global variable": "FACTOR = 2.0\ndef double(z):\n    global calls\n    calls = 1\n    return FACTOR * z",
    "a file written and read": "open('notes.txt', 'w').write('2.0')\ndef double(z):\n    return float(open('notes.txt').read()) * z",
    "garbage collection and the trace of memory": "import gc, tracemalloc\ntracemalloc.start()\ngc.collect()\ntracemalloc.stop()\n"
    + _DOUBLE,
    "pickling and copying": "import copy, pickle\ndef double(z):\n    return 2.0 * pickle.loads(pickle.dumps(copy.deepcopy(z)))",
    "async helpers": "import asyncio\nasync def twice(z):\n    return 2.0 * z\n" + _DOUBLE + "\nawait twice(1.0)",
}

#: Cells that students add, after the set-up.
OWN_CELLS = {
    "a helper cell": "def helper(z):\n    return z",
    "a scratch cell that fails": "1 / 0",
    "a cell with a syntax error": "def broken(:\n    pass",
    "a cell that reads input": "input('go on?')",
    "a cell that exits": "import sys\nsys.exit()",
    "quit()": "quit()",
    "much output": "for i in range(3000):\n    print(i, 'x' * 50)",
    "a large array that is shown": "np.arange(100000.0).reshape(100, 1000)",
    "a rich display": "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>x</b>'), Markdown('**x**'))",
    "a shell command": "!ls -l",
}


@pytest.mark.parametrize("what", ANSWERS)
def test_an_odd_answer_costs_nothing(what: str, stage: Stage) -> None:
    assert stage.grade_honest(answered(stage.release, double=ANSWERS[what])).points == FULL


@pytest.mark.parametrize("what", OWN_CELLS)
def test_a_cell_of_ones_own_costs_nothing(what: str, stage: Stage) -> None:
    notebook = answered(stage.release)
    names = [c.metadata.get("nbgrader", {}).get("grade_id") for c in notebook.cells]
    notebook.cells.insert(names.index("setup") + 1, nbformat.v4.new_code_cell(OWN_CELLS[what]))
    assert stage.grade_honest(notebook).points == FULL


def test_a_helper_that_the_answer_uses_is_found(stage: Stage) -> None:
    notebook = answered(stage.release, double="def double(z):\n    return helper(z)")
    names = [c.metadata.get("nbgrader", {}).get("grade_id") for c in notebook.cells]
    notebook.cells.insert(names.index("double"), nbformat.v4.new_code_cell("def helper(z):\n    return 2.0 * z"))
    assert stage.grade_honest(notebook).points == FULL


def test_a_list_for_an_array_is_refused_kindly_with_the_cure(stage: Stage) -> None:
    seen = stage.grade_honest(
        answered(stage.release, double="def double(z):\n    return [2.0 * x for x in z]", total=RIGHT["apply"])
    )
    assert seen.points < FULL
    assert "np.array(...)" in seen.text


def test_a_left_over_raise_is_pointed_out(stage: Stage) -> None:
    assert "left-over line" in stage.grade_honest(answered(stage.release, double=ANSWERS["a left-over raise"])).text


def test_a_students_text_keeps_its_shape_in_the_feedback(stage: Stage) -> None:
    from autograde.grading.feedback import write_feedback
    from tests.grading.conftest import LESSON

    notebook = answered(stage.release)
    text = "## My notes\n\n**bold**, `a < b`, $a < b$\n\n| x | y |\n|--:|---|\n| 1 | 2 |\n\n```python\nx = 1 < 2\n```"
    notebook.cells.append(nbformat.v4.new_markdown_cell(text))
    stage.grade_honest(notebook)
    (page,) = (p.read_text(encoding="utf-8") for p in write_feedback(stage.course, LESSON, "honest"))
    assert "<strong>bold</strong>" in page
    assert "<code>a &lt; b</code>" in page
    assert "My notes" in page
    assert "text-align" in page
    assert "&amp;lt;" not in page
