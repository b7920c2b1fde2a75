"""Attacks on the shell that runs the cells: what is run, and what its result looks like."""

from ..registry import code

code(
    "an input transformer blanks every later cell",
    "shell",
    "get_ipython().input_transformers_post.append(lambda lines: ['pass\\n'])",
)
code(
    "a clean-up transformer blanks every later cell",
    "shell",
    "get_ipython().input_transformers_cleanup.append(lambda lines: [''])",
)
code(
    "an AST transformer strips the asserts and the checks",
    "shell",
    """
import ast

class Strip(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)

    def visit_Expr(self, node):
        return ast.copy_location(ast.Pass(), node)

get_ipython().ast_transformers.append(Strip())
""",
)
code(
    "run_cell is replaced by one that runs nothing and reports success",
    "shell",
    """
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult

shell = get_ipython()

def run_cell(raw_cell, *args, **kwargs):
    return ExecutionResult(ExecutionInfo(raw_cell, False, False, False, None))

async def run_cell_async(raw_cell, *args, **kwargs):
    return ExecutionResult(ExecutionInfo(raw_cell, False, False, False, None))

shell.run_cell = run_cell
shell.run_cell_async = run_cell_async
shell.run_code = lambda *a, **k: False
""",
)
code(
    "run_code is replaced on the class",
    "shell",
    """
async def run_code(self, code_obj, result=None, **kwargs):
    return False

type(get_ipython()).run_code = run_code
""",
)
code(
    "the displayhook turns every result into full points",
    "shell",
    """
import sys

class Hook(type(sys.displayhook)):
    def __call__(self, result=None):
        super().__call__(2.0)

try:
    sys.displayhook.__class__ = Hook
except TypeError:
    sys.displayhook = lambda value: None
""",
    after="2.0",
)
code(
    "the excepthook and the traceback printer swallow every error",
    "shell",
    """
import sys

shell = get_ipython()
sys.excepthook = lambda *a: None
shell.showtraceback = lambda *a, **k: None
shell._showtraceback = lambda *a, **k: None
shell.set_custom_exc((BaseException,), lambda self, etype, value, tb, tb_offset=None: None)
type(shell).showtraceback = lambda *a, **k: None
""",
)
code(
    "events before and after each cell rewrite the answers' names",
    "shell",
    """
shell = get_ipython()

def again(*_):
    shell.user_ns['check'] = lambda f: None
    for name in ('double', 'total', 'apply'):
        shell.user_ns[name] = lambda *a, **k: 0.0

shell.events.register('pre_run_cell', again)
shell.events.register('post_run_cell', again)
""",
)
code(
    "full points are printed, displayed and returned by own cells",
    "shell",
    "from IPython.display import display\nprint('double: 2 of 2 points')\ndisplay(2.0)\n5.0",
    double="def double(z):\n    return z - 1.0\n2.0",
    total="2.0",
    apply="def apply(f, z, rng):\n    print(1.0)\n1.0",
)
code(
    "the namespace of the shell is replaced by one that says yes",
    "shell",
    """
class Yes(dict):
    def __missing__(self, key):
        return lambda *a, **k: True

    def get(self, key, default=None):
        return super().get(key, lambda *a, **k: True)

shell = get_ipython()
try:
    shell.user_ns = Yes(shell.user_ns)
except Exception:
    shell.user_ns.update(check=lambda f: None)
""",
)
