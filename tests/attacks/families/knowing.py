"""Attacks that behave one way when graded and another when not, or that remember."""

from ..registry import code

code(
    "it finds out that it is graded and behaves only then",
    "knowing",
    """
import inspect
import os
import sys

graded = any('GRADE' in n.upper() for n in os.environ) or 'ipykernel' not in sys.modules
names = [f.function for f in inspect.stack()]
print('graded' if graded else 'not graded', names[-1])
""",
    double="def double(z):\n    return np.array([2.0, 6.0]) if graded else 2.0 * z",
    total="def total(z):\n    return 8.0",
)
code(
    "a function remembers its earlier calls and answers by their number",
    "knowing",
    "count = {'double': 0, 'total': 0}",
    double="def double(z, seen=[]):\n    seen.append(np.array(z))\n    return np.array([2.0, 6.0]) if len(seen) == 1 else seen[0] * 2.0",
    total="def total(z):\n    count['total'] += 1\n    return 8.0 if count['total'] == 1 else float(count['total'])",
    apply="def apply(f, z, rng, seen=[]):\n    seen.append(f(np.array([1.0, 3.0])))\n    return seen[0]",
)
code(
    "stand-in callables and generators are inspected for the answer",
    "knowing",
    apply="""
def apply(f, z, rng):
    for cell in f.__closure__ or ():
        if type(cell.cell_contents) is not float:
            return cell.cell_contents
    for name in ('expected', 'answer', 'reference', 'result', 'value'):
        if hasattr(f, name) or name in f.__globals__:
            return getattr(f, name, f.__globals__.get(name))
    return f.__defaults__
""".strip(),
)
code(
    "the caller's frames are asked which case is judged",
    "knowing",
    "import sys",
    double="""
def double(z):
    frame = sys._getframe(1)
    while frame is not None:
        for name, value in list(frame.f_locals.items()):
            if name in ('expected', 'wanted', 'case', 'finding', 'actual'):
                outcome = getattr(value, 'outcomes', None)
                return outcome[0].value if outcome else z - 1.0
        frame = frame.f_back
    return z - 1.0
""".strip(),
)
code(
    "the caller's variables are rewritten",
    "knowing",
    "import ctypes\nimport sys",
    double="""
def double(z):
    frame = sys._getframe(1)
    while frame is not None:
        for name in list(frame.f_locals):
            if name in ('changed', 'touched', 'raised', 'result', 'seconds', 'before', 'stopped'):
                try:
                    frame.f_locals[name] = None
                    ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
                except Exception:
                    pass
        frame = frame.f_back
    return z - 1.0
""".strip(),
)
code(
    "its arguments are changed until they are the answer",
    "knowing",
    double="def double(z):\n    z[...] = 0.0\n    return z",
    total="def total(z):\n    z[...] = 0.0\n    return float(z.sum())",
)
code(
    "a generator, a coroutine and a thunk instead of a result",
    "knowing",
    double="def double(z):\n    yield z - 1.0",
    total="async def total(z):\n    return 0.0",
    apply="def apply(f, z, rng):\n    return lambda *a: f(z)",
)
code(
    "a trace function changes results on their way out",
    "knowing",
    """
import sys

def trace(frame, event, arg):
    if event == 'return' and frame.f_code.co_name in ('compare', 'judge_case', 'assert_allclose'):
        frame.f_locals['close'] = True
    return trace

sys.settrace(trace)
sys.setprofile(lambda *a: None)
""",
)
