"""Attacks on those who read the feedback, the class report and the formgrader in a browser."""

from __future__ import annotations

import nbformat

from ..registry import Submission, Target, attack, cells

#: What runs in a browser when it is shown as it is. ``HIT`` tells that it ran.
HIT = "window.top.attackHit=1"
_MARKDOWN = {
    "a script": f"<script>{HIT}</script>",
    "an event handler": f'<img src="x" onerror="{HIT}"><body onload={HIT}><details open ontoggle={HIT}>',
    "an SVG": f'<svg onload="{HIT}"><script>{HIT}</script><a xlink:href="javascript:{HIT}"><text>x</text></a></svg>',
    "frames and objects": (
        f'<iframe srcdoc="<script>{HIT}</script>"></iframe><iframe src="javascript:{HIT}"></iframe>'
        f'<object data="data:text/html,<script>{HIT}</script>"></object><embed src="javascript:{HIT}">'
    ),
    "links that run code": (
        f"[a](javascript:{HIT}) [b](JaVaScRiPt&colon;{HIT}) [c](&#106;avascript:{HIT}) [d](data:text/html,x)\n\n"
        f'<a href="java&#10;script:{HIT}">e</a> <a href=" javascript:{HIT}">f</a>\n\n[g]: javascript:{HIT}\n\n[g]'
    ),
    "mathematics that links to code": (
        rf"$\href{{javascript:{HIT}}}{{x}}$ $$\require{{html}}\class{{a}}{{\style{{x}}{{y}}}}$$ <math href='javascript:{HIT}'>"
    ),
    "styles, forms and a page that is sent elsewhere": (
        f'<style>* {{display: none}}</style><meta http-equiv="refresh" content="0;url=javascript:{HIT}">'
        f'<base href="https://example.org/"><form action="javascript:{HIT}"><button formaction="javascript:{HIT}">'
        '</form><link rel="stylesheet" href="https://example.org/x.css"><p style="position:fixed;inset:0">over all</p>'
    ),
    "broken tags that mend each other": (
        f'<div><p title="</p><img src=x onerror={HIT}>"></div>\n\n```\n</code></pre><script>{HIT}</script>\n```\n\n'
        f'`</code><img src=x onerror={HIT}>` <noscript><p title="</noscript><img src=x onerror={HIT}>">'
        f"<!--><img src=x onerror={HIT}>--> <![CDATA[<img src=x onerror={HIT}>]]>"
    ),
}

#: Blanks and ends of lines, of which Pygments takes minutes to find the colours.
_BLANKS = "x\n" + " \n" * 20_000
_MARKDOWN["code that takes minutes to colour"] = f"```ipython3\n{_BLANKS[:9000]}x\n```"
_MARKDOWN["mathematics that takes hours to parse"] = "\\begin{a}" * 90_000
_MARKDOWN["tags nested without end"] = "<div>" * 150_000


def _text(name: str, text: str) -> None:
    def make(target: Target) -> Submission:
        notebook = cells(target.release)
        notebook.cells.insert(1, nbformat.v4.new_markdown_cell(text))
        notebook.cells.append(nbformat.v4.new_markdown_cell(text))
        return notebook

    attack(f"{name} in the student's text", "pages", pages=True)(make)


for _name, _source in _MARKDOWN.items():
    _text(_name, _source)


@attack("attachments with other types than they claim", "pages", pages=True)
def _(target: Target) -> Submission:
    import base64

    notebook = cells(target.release)
    svg = base64.b64encode(f"<svg onload='{HIT}'/>".encode()).decode()
    evil = f'"><script>{HIT}</script>'
    cell = nbformat.v4.new_markdown_cell("![x](attachment:x.svg) ![y](attachment:y.png)")
    cell["attachments"] = {"x.svg": {"image/svg+xml": svg, "text/html": evil}, "y.png": {f"image/png{evil}": evil}}
    notebook.cells.append(cell)
    return notebook


def _shown(name: str, source: str, **answers: str) -> None:
    def make(target: Target) -> Submission:
        return cells(target.release, source, answers)

    attack(name, "pages", pages=True)(make)


_TAGS = f"<script>{HIT}</script><img src=x onerror={HIT}>$\\\\href{{javascript:{HIT}}}{{x}}$"
_shown(
    "HTML, SVG, JavaScript and LaTeX as rich outputs",
    f"""
from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display

display(HTML('''{_TAGS}'''), Javascript('{HIT}'), Latex(r'$\\href{{javascript:{HIT}}}{{x}}$'), Markdown('''{_TAGS}'''))
display({{'text/html': '''{_TAGS}''', 'image/svg+xml': '<svg onload="{HIT}"/>', 'text/plain': '''{_TAGS}'''}}, raw=True)
display({{'application/vnd.jupyter.widget-view+json': {{'model_id': 'x'}}, 'text/plain': 'w'}}, raw=True)
print('''{_TAGS}''')
""",
)
_shown("a colour that ends before it says which", r"print('\x1b[38mx\x1b[1;48my')")
_shown("code that takes minutes to colour", f"{_BLANKS}x = 1", double=f"def double(z):{_BLANKS[1:]}    return z - 1.0")
_shown(
    "tags in exceptions, types, lines and results",
    f"evil = '''{_TAGS}'''\nEvil = type(evil, (Exception,), {{}})",
    double="def double(z):\n    raise Evil(evil)",
    total=f"def total(z):\n    return '''{_TAGS}'''",
    apply=f"def apply(f, z, rng):\n    raise ValueError('''{_TAGS}''')  # <script>{HIT}</script>",
)
_shown(
    "tags in an error of a cell",
    f"raise type('''{_TAGS}''', (Exception,), {{}})('''{_TAGS}''')",
)
_shown(
    "tags in dictionary keys, in strings of arrays and in names of types",
    "",
    double=f"def double(z):\n    return {{'''{_TAGS}''': 1}}",
    total=f"def total(z):\n    return type('''{_TAGS}''', (), {{}})()",
    apply=f"def apply(f, z, rng):\n    return np.array(['''{_TAGS}'''])",
)


@attack("tags in the name of the student", "pages", pages=True, student=f"<img src=x onerror={HIT}>")
def _(target: Target) -> Submission:
    return cells(target.release)


@attack("a formula for spreadsheets as the name of the student", "pages", student="=cmd|'x'!A1")
def _(target: Target) -> Submission:
    return cells(target.release)


@attack("tags in the name of the file", "pages", pages=True)
def _(target: Target) -> Submission:
    import json
    from pathlib import Path

    def place(folder: Path) -> None:
        (folder / f"<img src=x onerror={HIT}>.ipynb").write_text(json.dumps(cells(target.release)))
        (folder / f"<svg onload={HIT}>.txt").write_text("x")

    return place


@attack("tags in cell types, languages, metadata and ids", "pages", pages=True)
def _(target: Target) -> Submission:
    import json

    notebook = json.loads(json.dumps(cells(target.release)))
    evil = f'"><script>{HIT}</script>'
    notebook["metadata"] = {"title": evil, "language_info": {"name": evil, "pygments_lexer": evil}, "authors": [evil]}
    for cell in notebook["cells"]:
        cell["id"] = evil
        cell["metadata"]["tags"] = [evil]
        cell["metadata"]["name"] = evil
    notebook["cells"].append({"cell_type": "raw", "metadata": {"format": "text/html"}, "source": evil})
    notebook["cells"].append({"cell_type": evil, "metadata": {}, "source": evil})
    return json.dumps(notebook).encode()
