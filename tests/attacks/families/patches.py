"""Attacks that put other things in the place of what judges, compares, encodes or computes."""

from ..registry import code

code("check is replaced by a function that does nothing", "patches", "check = lambda *a, **k: None\nprogress = check")
code(
    "check is replaced inside its module",
    "patches",
    """
import sys

for module in list(sys.modules.values()):
    if getattr(module, 'check', None) is check:
        module.check = lambda *a, **k: None
try:
    import autograde.check.api as api
except ImportError:
    pass
else:
    api.check = api.check_exercise = lambda *a, **k: None
    api.judge_case = lambda *a, **k: None
check = lambda *a, **k: None
""",
)
code(
    "the comparison and the judging are patched to find no difference",
    "patches",
    """
try:
    import autograde.check.compare as compare
    import autograde.check.judging as judging
except ImportError:
    pass
else:
    compare.compare = judging.compare = judging.judge_case = lambda *a, **k: None
    compare.Difference = judging.Finding = lambda *a, **k: None
""",
)
code(
    "the probe is patched to report that the reference was called",
    "patches",
    """
import sys

probe = sys.modules.get('autograde.sandbox.probe')
cases = sys.modules.get('autograde.check.cases')
if probe and cases:
    def run_calls(calls, namespace):
        outcomes = tuple(cases.Outcome(value=2.0 * 1.0) for _ in calls)
        return cases.Observation(outcomes, None)
    probe.run_calls = probe.run_case = cases.run_case = run_calls
""",
)
code(
    "the codec is patched to write what the attacker likes",
    "patches",
    """
import sys

codec = sys.modules.get('autograde.check.codec')
if codec:
    old = codec.dumps
    codec.dumps = lambda value, **k: b'{"~":"dict","items":[]}'
    codec.loads = lambda raw, **k: {"do": "cell", "source": "", "number": 1}
    codec.encode = lambda value, **k: None
""",
)
code(
    "json is patched to say that all is well",
    "patches",
    """
import json

json.dumps = lambda *a, **k: '{"points": 5.0, "passed": true}'
json.loads = lambda *a, **k: {"points": 5.0, "passed": True}
json.JSONEncoder.encode = lambda self, o: '{"points": 5.0}'
""",
)
code(
    "NumPy's comparisons say that all is close",
    "patches",
    """
import numpy as np

yes = lambda *a, **k: True
np.allclose = np.array_equal = np.array_equiv = yes
np.isclose = np.equal = lambda a, b, *r, **k: np.ones(np.shape(a), dtype=bool)
np.all = np.any = yes
np.abs = np.absolute = lambda a, *r, **k: 0.0 * np.asarray(a)
""",
)
code(
    "numpy.testing asserts nothing",
    "patches",
    """
import numpy.testing as testing

for name in dir(testing):
    if name.startswith('assert'):
        setattr(testing, name, lambda *a, **k: None)
""",
)
code(
    "NumPy's arrays are made by the attacker",
    "patches",
    """
import numpy as np

old = np.array

def array(value, *args, **kwargs):
    return old([0.0, 0.0]) if not isinstance(value, list) else old(value, *args, **kwargs)

np.array = np.asarray = array
np.random.default_rng = lambda seed=None: None
np.random.get_state = lambda *a, **k: {'state': {'key': old([0]), 'pos': 0}, 'has_gauss': 0}
""",
)
code(
    "builtins are replaced: isinstance, len, abs, sum, all, callable",
    "patches",
    """
import builtins

yes = lambda *a, **k: True
builtins.all = builtins.any = builtins.callable = yes
builtins.abs = builtins.sum = lambda *a, **k: 0.0
builtins.print = lambda *a, **k: None
builtins.AssertionError = type('Calm', (Warning,), {})
""",
)
code(
    "sys.modules holds other modules than were imported",
    "patches",
    """
import sys
import types

class Calm(types.ModuleType):
    def __getattr__(self, name):
        return lambda *a, **k: None

for name in ('numpy.testing', 'autograde.check', 'autograde.check.compare', 'unittest', 'pytest'):
    sys.modules[name] = Calm(name)
""",
)
code(
    "an import hook gives later imports empty modules",
    "patches",
    """
import builtins
import types

old = builtins.__import__

class Calm(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return lambda *a, **k: None

def hook(name, *args, **kwargs):
    if 'testing' in name or 'check' in name:
        return Calm(name)
    return old(name, *args, **kwargs)

builtins.__import__ = hook
""",
)
code(
    "the warm process's transcript says that all was right",
    "patches",
    """
import sys

shell = sys.modules.get('autograde.sandbox.shell')
if shell:
    shell.Transcript.finish = lambda self: [('text', 'double: 2 of 2 points')] * 3
    shell.Transcript.write = lambda self, kind, text: None
""",
)
code(
    "the code objects of asserting functions are swapped",
    "patches",
    """
import numpy.testing as testing

def nothing(*args, **kwargs):
    return None

for name in ('assert_allclose', 'assert_array_equal', 'assert_equal'):
    function = getattr(testing, name)
    function = getattr(function, '__wrapped__', function)
    try:
        function.__code__ = nothing.__code__
        function.__defaults__ = function.__kwdefaults__ = None
    except (AttributeError, ValueError):
        pass
try:
    from autograde.check import judging
except ImportError:
    pass
else:
    judging.judge_case.__code__ = nothing.__code__
""",
)
