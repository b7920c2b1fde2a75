"""Attacks on the machine's resources. Every bomb is bounded, for machines on which a wall is missing."""

from __future__ import annotations

import json

from ..registry import Submission, Target, attack, cells, code

code(
    "a fork bomb of one thousand processes",
    "bombs",
    """
import os
import time

made = 0
try:
    for _ in range(1000):
        if os.fork() == 0:
            time.sleep(5)
            os._exit(0)
        made += 1
except OSError as error:
    print('stopped at', made, error)
else:
    print('SECRET-FOUND: one thousand processes')
""",
    needs="USER PIDS",
)
code(
    "a thousand threads",
    "bombs",
    """
import threading
import time

try:
    for _ in range(1000):
        threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
except RuntimeError as error:
    print('stopped', error)
else:
    print('SECRET-FOUND: one thousand threads')
""",
    needs="USER PIDS",
)
code(
    "a memory bomb in one process",
    "bombs",
    double="""
def double(z):
    held = []
    for _ in range(64):
        held.append(bytearray(2**28))
    print('SECRET-FOUND: 16 GB')
    return z
""".strip(),
)
code(
    "a memory bomb over many processes",
    "bombs",
    """
import os
import time

for _ in range(8):
    if os.fork() == 0:
        try:
            held = bytearray(b'x') * (1500 * 2**20)
            time.sleep(2)
        finally:
            os._exit(0)
time.sleep(1.2)
""",
    needs="PIDS",
    slow=True,
)
code(
    "a memory bomb while it is compiled",
    "bombs",
    double="double = lambda z: z\nx = (((1 << 30) << 30) and ((' ' * 2**27) * 2**6)) if True else None",
)
code(
    "the disk is filled with many files",
    "bombs",
    """
written = 0
try:
    for i in range(40):
        with open(f'f{i}', 'wb') as file:
            for _ in range(8):
                written += file.write(bytes(2**22))
except OSError as error:
    print('stopped', error)
else:
    print('SECRET-FOUND: 1.3 GB written')
""",
    needs="FILES",
)
code(
    "one file of a hundred gigabytes",
    "bombs",
    """
with open('large', 'wb') as file:
    try:
        file.truncate(100 * 2**30)
        print('SECRET-FOUND: a file of 100 GB')
    except OSError as error:
        print(error)
""",
)
code(
    "a hundred thousand files",
    "bombs",
    """
made = 0
try:
    for i in range(100000):
        open(f'n{i}', 'w').close()
        made += 1
except OSError as error:
    print('stopped', error)
else:
    print('SECRET-FOUND: 100000 files')
""",
    needs="FILES",
    slow=True,
)
code(
    "every descriptor is used up",
    "bombs",
    "held = []\ntry:\n    while True:\n        held.append(open('/dev/null'))\nexcept OSError as error:\n    print(error)",
)
code("thirty megabytes on one line", "bombs", "print('x' * 30_000_000)")
code(
    "a hundred thousand outputs",
    "bombs",
    "from IPython.display import display\nfor i in range(100000):\n    display(i)",
    slow=True,
)
code(
    "terminal escapes, null bytes and lone surrogates in every output",
    "bombs",
    r"""
import sys

evil = '\x1b]0;owned\x07\x1b[2J\x1b]52;c;cm0gLXJm\x07\x00\x08\x9b31m\ud800\u202e'
print(evil)
print(evil, file=sys.stderr)
class Evil:
    def __repr__(self):
        return evil
from IPython.display import display
display(Evil())
""",
    double="def double(z):\n    raise ValueError('\\x1b]0;owned\\x07\\x00\\ud800\\u202e')",
    total="def total(z):\n    return '\\x1b[2J\\x1b]0;owned\\x07'",
)
code(
    "a repr and an exception that never end",
    "bombs",
    """
class Slow(Exception):
    def __str__(self):
        while True:
            pass
    __repr__ = __str__
""",
    double="def double(z):\n    raise Slow()",
)
code(
    "an exception whose names, bases and lines are megabytes long",
    "bombs",
    "Long = type('L' * 10**6, (Exception,), {})",
    double="def double(z):\n    raise Long('m' * 10**7)",
)
code(
    "a result nested a hundred thousand deep, and one that holds itself",
    "bombs",
    double="def double(z):\n    x = []\n    for _ in range(100000):\n        x = [x]\n    return x",
    total="def total(z):\n    x = []\n    x.append(x)\n    return x",
    apply="def apply(f, z, rng):\n    x = {}\n    x['x'] = x\n    return x",
)
code(
    "a dict whose keys all have one hash",
    "bombs",
    double="def double(z):\n    return {i * (2**61 - 1): 0 for i in range(20000)}",
)
code(
    "a result of a million small parts",
    "bombs",
    double="def double(z):\n    return [[0.0]] * 3000000",
)
code(
    "a regular expression that takes for ever",
    "bombs",
    double="import re\ndef double(z):\n    return re.match('(a+)+$', 'a' * 60 + 'b')",
)
code("a cell that loops for ever", "bombs", "while True:\n    pass")
code(
    "a sleep that outlasts everything",
    "bombs",
    "import time",
    double="def double(z):\n    time.sleep(600)",
    total="def total(z):\n    time.sleep(600)",
    slow=True,
)


@attack("deep JSON", "bombs")
def _(target: Target) -> Submission:
    return b'{"cells": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"


@attack("deep JSON in the metadata of a cell", "bombs")
def _(target: Target) -> Submission:
    text = json.dumps(cells(target.release))
    return text.replace('"metadata": {', '"metadata": {"deep": ' + "[" * 900 + "]" * 900 + ", ", 1).encode()


@attack("a notebook of twenty thousand cells", "bombs")
def _(target: Target) -> Submission:
    notebook = json.loads(json.dumps(cells(target.release)))
    notebook["cells"] += [{"cell_type": "markdown", "metadata": {}, "source": f"cell {i}"} for i in range(20_000)]
    return json.dumps(notebook).encode()


@attack("a source of fifty megabytes", "bombs")
def _(target: Target) -> Submission:
    notebook = json.loads(json.dumps(cells(target.release)))
    notebook["cells"].append({"cell_type": "code", "metadata": {}, "source": "x = 1\n" * 8_000_000, "outputs": []})
    return json.dumps(notebook).encode()


@attack("a file of two hundred megabytes", "bombs")
def _(target: Target) -> Submission:
    def place(folder: object) -> None:
        from pathlib import Path

        with (Path(str(folder)) / f"{target.places['LESSON']}.ipynb").open("wb") as file:
            file.truncate(200 * 2**20)

    return place


@attack("outputs of forty megabytes, widgets and a foreign kernel in the file", "bombs")
def _(target: Target) -> Submission:
    notebook = json.loads(json.dumps(cells(target.release)))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            data = {"text/html": "<script>alert(1)</script>" + "x" * 4_000_000}
            cell["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    notebook["metadata"] = {"kernelspec": {"name": "evil", "display_name": "evil", "language": "bash"}, "widgets": {}}
    return json.dumps(notebook).encode()


@attack("numbers of a million digits, NaN and strange literals in the JSON", "bombs")
def _(target: Target) -> Submission:
    text = json.dumps(cells(target.release))
    return text.replace('"nbformat": 4', '"nbformat": 4, "x": NaN, "n": ' + "9" * 4000, 1).encode()


@attack("a zip file under the name of a notebook", "bombs")
def _(target: Target) -> Submission:
    import io
    import zipfile

    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../../evil.ipynb", b"\0" * 50_000_000)
    return raw.getvalue()


@attack("bytes that are no text", "bombs")
def _(target: Target) -> Submission:
    return bytes(range(256)) * 1000


@attack("an older format of notebook with wrong types everywhere", "bombs")
def _(target: Target) -> Submission:
    sheets = [{"cells": [{"cell_type": 7, "input": {"a": 1}, "language": []}, None, 5, "x"]}]
    return json.dumps({"nbformat": 3, "nbformat_minor": "x", "metadata": [], "worksheets": sheets}).encode()


@attack("a format of notebook from the far future", "bombs")
def _(target: Target) -> Submission:
    return json.dumps({"nbformat": 10**9, "cells": [{"cell_type": "code", "source": "x"}], "metadata": {}}).encode()
