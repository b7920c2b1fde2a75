"""Attacks on the time and memory of those who read and make the pages, and of the reader of the notebook."""

from __future__ import annotations

import json

import nbformat

from ..registry import Submission, Target, attack, cells

#: Just under what is rendered of one text.
_JUST_UNDER = 9_900
_SLOW_TEXTS = {
    "links that are never closed": "[a](" * (_JUST_UNDER // 4),
    "nested quotations": ">" * _JUST_UNDER,
    "emphasis that never ends": "*a " * (_JUST_UNDER // 3),
    "tags that never end": "<a " * (_JUST_UNDER // 3),
    "mathematics that never ends": "\\begin{a}" * (_JUST_UNDER // 9),
}


@attack("a thousand slow texts, each just under the limit of one", "readers", pages=True)
def _(target: Target) -> Submission:
    notebook = cells(target.release)
    for number in range(1000):
        text = list(_SLOW_TEXTS.values())[number % len(_SLOW_TEXTS)]
        notebook.cells.append(nbformat.v4.new_markdown_cell(text))
    return notebook


@attack("sixty cells of a megabyte of code", "readers", pages=True)
def _(target: Target) -> Submission:
    notebook = cells(target.release)
    notebook.cells += [nbformat.v4.new_code_cell("x = 1\n" * 160_000) for _ in range(60)]
    return json.dumps(notebook).encode()


@attack("two thousand cells that each need the one before", "readers", pages=True)
def _(target: Target) -> Submission:
    notebook = cells(target.release)
    notebook.cells += [nbformat.v4.new_code_cell(f"x{i + 1} = x{i} + 1") for i in range(2000)]
    return json.dumps(notebook).encode()


def _shown(name: str, source: str) -> None:
    def make(target: Target) -> Submission:
        notebook = cells(target.release)
        notebook.cells += [nbformat.v4.new_code_cell(source) for _ in range(8)]
        return notebook

    attack(name, "readers", pages=True)(make)


_shown("three hundred thousand changes of colour in each of eight cells", r"print('\x1b[31mx\x1b[0m' * 150_000)")
_shown("two megabytes of one line in each of eight cells", "print('x' * 2_000_000)")
_shown(
    "two hundred large pictures",
    "import matplotlib.pyplot as plt\nfor i in range(30):\n    plt.figure(figsize=(30, 30))\n    plt.imshow(np.random.rand(900, 900))\n    plt.show()",
)


@attack("an answer that is slow to parse and slow to colour", "readers", pages=True)
def _(target: Target) -> Submission:
    deep = "(" * 150 + ")" * 150
    return cells(
        target.release,
        "x = " + "-" * 50_000 + "1",
        {
            "double": "def double(z):\n    return z - 1.0\n# " + "'\"" * 100_000,
            "total": f"def total(z):\n    return -1.0\ny = {deep}\n" + "lambda: " * 3_000 + "0",
            "apply": "def apply(f, z, rng):\n    return None\n" + "f'''{" * 3_000,
        },
    )


@attack("an answer cell of five thousand nested functions and ten thousand names", "readers", pages=True)
def _(target: Target) -> Submission:
    nested = "".join(f"{' ' * i}def f{i}():\n" for i in range(95)) + " " * 95 + "pass\n"
    names = "\n".join(f"def double{i}(z):\n    return z" for i in range(10_000))
    return cells(target.release, nested, {"double": f"{names}\ndef double(z):\n    return z - 1.0"})
