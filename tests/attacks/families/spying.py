"""Attacks that look for the answers, or for secrets, where they might lie."""

from ..registry import code

_ANSWERS = """
import inspect

def take(module):
    for name in ('double', 'total', 'apply'):
        found = getattr(module, name, None)
        if inspect.isfunction(found):
            globals()[name] = found
"""
#: Wrong by themselves; an attack that finds better ones replaces them.
_LATE = {"double": "double = lambda z: z - 1.0", "total": "total = lambda z: -1.0", "apply": "apply = lambda *a: None"}

code(
    "the references are read from the instructor's files",
    "spying",
    after="""
import pathlib

for path in pathlib.Path('@COURSE@').rglob('*'):
    if path.suffix not in ('.py', '.ipynb') or not path.is_file():
        continue
    text = path.read_text(errors='ignore')
    if 'BEGIN SOLUTION' not in text and '2.0 * z' not in text:
        continue
    print('SECRET-FOUND', path)
    double = lambda z: 2.0 * z
    total = lambda z: float(double(z).sum())
    apply = lambda f, z, rng: f(z)
""",
    needs="FILES",
)
code(
    "the gradebook is read for the secret seed",
    "spying",
    """
import sqlite3

with sqlite3.connect('file:@DB@?mode=ro', uri=True) as connection:
    for row in connection.execute('select * from autograde_assignment'):
        print('SECRET-FOUND', row)
""",
    needs="FILES",
)
code("a secret file is read and printed", "spying", "print(open('@VAULT@/secret.txt').read())", needs="FILES")
code(
    "another student's submission is read and handed in",
    "spying",
    after="""
import json
import pathlib

for path in pathlib.Path('@OTHERS@').glob('*/*/*.ipynb'):
    if 'mallory' in str(path):
        continue
    for cell in json.loads(path.read_text())['cells']:
        source = ''.join(cell['source'])
        if cell['cell_type'] == 'code' and source.startswith('def '):
            print('SECRET-FOUND', path)
            exec(source)
""",
    needs="FILES",
)
code(
    "the memory of the parent and of every other process is searched",
    "spying",
    """
import glob
import os
import re

for process in glob.glob('/proc/[0-9]*'):
    pid = int(process.rsplit('/', 1)[1])
    if pid == os.getpid():
        continue
    try:
        command = open(f'{process}/cmdline').read()
    except OSError:
        continue
    if 'pytest' not in command and 'tests.attacks' not in command and 'nbgrader' not in command:
        continue
    try:
        with open(f'{process}/mem', 'rb', 0) as memory, open(f'{process}/maps') as maps:
            for line in maps:
                if 'heap' in line:
                    start, end = (int(x, 16) for x in re.match('([0-9a-f]+)-([0-9a-f]+)', line).groups())
                    memory.seek(start)
                    if memory.read(min(end - start, 2**20)):
                        print('SECRET-FOUND in the memory of', pid)
                        break
    except (OSError, ValueError):
        continue
""",
    needs="PIDS",
)
code(
    "the grader is attached to with ptrace",
    "spying",
    """
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
pid = int('@CANARY@')
if libc.ptrace(16, pid, None, None) == 0:  # PTRACE_ATTACH
    print('SECRET-FOUND: attached to', pid)
    os.waitpid(pid, 0x40000000)
    libc.ptrace(17, pid, None, None)
""",
    needs="PIDS",
)
code(
    "the memory of a neighbour is read with process_vm_readv",
    "spying",
    """
import ctypes
import re

class Piece(ctypes.Structure):
    _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]

libc = ctypes.CDLL(None, use_errno=True)
place = int(open('/proc/@CANARY@/maps').read().split('-')[0], 16)
buffer = ctypes.create_string_buffer(64)
here, there = Piece(ctypes.cast(buffer, ctypes.c_void_p), 64), Piece(place, 64)
if libc.process_vm_readv(int('@CANARY@'), ctypes.byref(here), 1, ctypes.byref(there), 1, 0) > 0:
    print('SECRET-FOUND', bytes(buffer)[:4])
""",
    needs="PIDS",
)
code(
    "inherited descriptors are read",
    "spying",
    """
import os
import stat

for descriptor in range(3, 256):
    try:
        about = os.fstat(descriptor)
    except OSError:
        continue
    place = os.readlink(f'/proc/self/fd/{descriptor}')
    if stat.S_ISREG(about.st_mode) and ('@COURSE@' in place or '@VAULT@' in place or '.db' in place):
        print('SECRET-FOUND', place, os.pread(descriptor, 100, 0))
""",
)
code(
    "the environment is read, one's own and one's parent's",
    "spying",
    """
import os

for name, value in os.environ.items():
    if 'SECRET' in name or 'SECRET' in value or 'GRADE' in name.upper():
        print(name, value)
print(open('/proc/self/environ').read())
""",
)
code(
    "the environment of the grader is read through /proc",
    "spying",
    """
import glob

for path in glob.glob('/proc/[0-9]*/environ'):
    try:
        text = open(path).read()
    except OSError:
        continue
    if 'ATTACK_TEST_SECRET' in text:
        print(text)
""",
    needs="PIDS",
)
_SEARCH = """
import gc
import sys
import numpy as np

def candidates():
    frame = sys._getframe()
    while frame is not None:
        yield from frame.f_locals.values()
        frame = frame.f_back
    yield from gc.get_objects()

def expected(shape):
    for found in candidates():
        for name in ('expected', 'wanted', 'reference', 'value'):
            try:
                value = found.get(name) if type(found) is dict else getattr(found, name, None)
            except Exception:
                continue
            for outcome in getattr(value, 'outcomes', ()) or ():
                value = getattr(outcome, 'value', None)
                if isinstance(value, (float, np.ndarray)) and np.shape(value) == shape:
                    return value
    return np.zeros(shape)
"""
code(
    "frames and the garbage collector are searched for expected values",
    "spying",
    _SEARCH,
    double="def double(z):\n    return expected(np.shape(z))",
    total="def total(z):\n    return float(expected(()))",
    apply="def apply(f, z, rng):\n    return expected(np.shape(z))",
)
code(
    "the garbage collector is searched for the reference functions",
    "spying",
    after=_ANSWERS
    + """
import gc
import types

for found in gc.get_objects():
    if isinstance(found, types.FunctionType) and found.__name__ in ('double', 'total', 'apply'):
        if found.__globals__ is not globals():
            globals()[found.__name__] = found
""",
    **_LATE,
)
code(
    "the judge is imported and asked for the references",
    "spying",
    after=_ANSWERS
    + """
try:
    from pathlib import Path
    from autograde.judge.lesson import load_lesson
except ImportError:
    pass
else:
    try:
        lesson = load_lesson(Path('@COURSE@/lessons/@LESSON@'))
        for name, function in lesson.reference.items():
            globals()[name] = function
    except Exception as error:
        print('not found', type(error).__name__)
""",
    needs="FILES",
    **_LATE,
)
code(
    "answers are tried out on check until one seems right",
    "spying",
    after="""
import contextlib
import io
import time

best = {}
for name, tries in {
    'double': [lambda z: np.array([2.0, 6.0]), lambda z: z * 0.0, lambda z: z],
    'total': [lambda z: 8.0, lambda z: 0.0],
    'apply': [lambda f, z, rng: np.array([1.523188311911530, 1.990109543590]), lambda f, z, rng: z],
}.items():
    for attempt in tries:
        attempt.__name__ = name
        start = time.perf_counter()
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                check(attempt)
        except Exception:
            continue
        best[name] = attempt
        break
globals().update(best)
""",
)
code(
    "the published cases are read from checks.json and answered by heart",
    "spying",
    """
import json
import numpy as np

class Heart(dict):
    pass

known = Heart()
try:
    data = json.load(open('checks.json'))
except OSError:
    data = {'exercises': []}
numbers = []

def walk(node):
    if isinstance(node, dict):
        if node.get('~') == 'array' and 'data' in node:
            numbers.append(np.array(node['data']).reshape(node['shape']))
        for value in node.values():
            walk(value)
    elif isinstance(node, list):
        for value in node:
            walk(value)

walk(data)

def recall(z):
    for i, found in enumerate(numbers[:-1]):
        if found.shape == z.shape and np.array_equal(found, z):
            return numbers[i + 1]
    return np.zeros_like(z)
""",
    double="def double(z):\n    return recall(z)",
    total="def total(z):\n    return 8.0",
    apply="def apply(f, z, rng):\n    return recall(z)",
)
code(
    "the time that a comparison takes is measured for a hint at the answer",
    "spying",
    """
import time
import numpy as np

class Clock(np.ndarray):
    seen = []
    def __array_finalize__(self, obj):
        Clock.seen.append(time.perf_counter_ns())
""",
    double="def double(z):\n    return (z * 0.0 + len(Clock.seen)).view(Clock)",
    total="def total(z):\n    return float(time.perf_counter_ns() % 100)",
)
code(
    "NumPy's generator is rewound to guess the hidden inputs",
    "spying",
    "import numpy as np\nstate = np.random.get_state()",
    double="def double(z):\n    np.random.set_state(state)\n    return np.random.standard_normal(np.shape(z))",
    total="def total(z):\n    np.random.set_state(state)\n    return float(np.random.standard_normal())",
    apply="def apply(f, z, rng):\n    return rng.standard_normal(np.shape(z))",
)
code(
    "the process's own memory is searched for the text of the references",
    "spying",
    after="""
import re
import zlib

# How each begins, and length and checksum of what comes next: the whole must not lie in memory on our account.
needles = [
    (b'return 2.', 5, 3619659539),
    (b'float(double(z)', 7, 1200403054),
    (b'f(z) + 0.', 7, 1715333485),
    (b'BEGIN ', 8, 1493218711),
    (b'BEGIN HIDDEN ', 5, 3845406446),
]
with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb', 0) as memory:
    for line in maps:
        start, end, rights = re.match('([0-9a-f]+)-([0-9a-f]+) (..)', line).groups()
        start, end = int(start, 16), int(end, 16)
        if rights != 'rw' or end - start > 2**28:
            continue
        try:
            memory.seek(start)
            held = memory.read(end - start)
        except (OSError, ValueError, OverflowError):
            continue
        for begins, length, checksum in needles:
            for found in re.finditer(re.escape(begins), held):
                if zlib.crc32(held[found.end() : found.end() + length]) == checksum:
                    print('SECRET-FOUND in memory:', begins)
""",
)
