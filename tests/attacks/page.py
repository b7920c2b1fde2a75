"""What a browser would run in a page, and nbgrader's own pages of a graded notebook."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag

from autograde.grading.course import GradingCourse
from autograde.judge.course import CourseError

#: What nbgrader's templates do not hold and no student's text may bring in.
_ELEMENTS = ("iframe", "object", "embed", "svg", "math", "base", "frame", "frameset", "applet", "portal")
_LINKS = ("href", "src", "action", "formaction", "xlink:href", "data", "srcdoc", "poster", "background")
#: The one thing that a page may tell the browser so: our own does.
_POLICY = "Content-Security-Policy"
_RUN = re.compile(r"^(javascript|vbscript|data:text/html|data:image/svg)", re.I)


def dangers(page: str) -> list[str]:
    """What in the page comes from an attack and is more than text."""
    soup = BeautifulSoup(page, "html.parser")
    found = []
    for tag in soup.find_all(True):
        found += _dangers_of(tag)
    # MathJax makes links of \\href, but for its extension Safe.
    loaded = [str(tag.get("src", "")) for tag in soup.find_all("script")]
    if any("mathjax" in src.lower() and "safe" not in src.lower() for src in loaded):
        found.append("MathJax without its extension Safe")
    return sorted(set(found))


def dangers_of_ours(page: str) -> list[str]:
    """The same for our own feedback page, which holds no script at all and forbids them."""
    soup = BeautifulSoup(page, "html.parser")
    found = dangers(page) + (["a script"] if soup.find("script") else [])
    policies = soup.find_all("meta", attrs={"http-equiv": _POLICY})
    held = len(policies) == 1 and str(policies[0]["content"]).startswith("default-src 'none'; img-src data:;")
    return found if held else [*found, "no policy"]


def _dangers_of(tag: Tag) -> list[str]:
    found = []
    if tag.name == "script" and "attackHit" in tag.get_text():
        found.append("a script")
    if tag.name in _ELEMENTS or (tag.name == "meta" and tag.get("http-equiv", _POLICY) != _POLICY):
        found.append(f"<{tag.name}>")
    if tag.name == "form" or (tag.name == "style" and "display: none}" in tag.get_text()):
        found.append(f"<{tag.name}>")
    for name, value in tag.attrs.items():
        text = "".join(c for c in str(value) if c > " ")
        if name.startswith("on"):
            found.append(f"{name}= on <{tag.name}>")
        elif tag.name == "img" and text.lower().startswith("data:image/"):
            continue  # no script runs in a picture
        elif name in _LINKS and (_RUN.match(text) or "example.org" in text):
            found.append(f"{name}={text[:20]} on <{tag.name}>")
        elif name == "style" and "fixed" in text:
            found.append(f"style= on <{tag.name}> that covers the page")
    return found


def stock_feedback(course: GradingCourse, lesson: str, student: str | None = None) -> list[Path]:
    """nbgrader's own feedback pages, of all students or of one, in the place of what is there."""
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    result = course.api().generate_feedback(lesson, student, force=True)
    if not result["success"]:
        raise CourseError(f"nbgrader could not write the feedback: {result.get('error') or result['log']}")
    return sorted(course.feedback.glob(f"{student or '*'}/{lesson}/{lesson}.html"))


def formgrader_page(course: GradingCourse, lesson: str, student: str) -> str:
    """The page on which the formgrader shows a graded notebook, made as its handler does."""
    import nbgrader.server_extensions.formgrader.handlers as handlers
    from nbconvert.exporters import HTMLExporter
    from traitlets.config import Config

    config: Any = course.nbgrader_config()
    config.merge(
        Config(HTMLExporter={"template_name": "formgrade", "extra_template_basedirs": [handlers.template_path]})
    )
    resources = {
        "assignment_id": lesson,
        "notebook_id": lesson,
        "submission_id": "x",
        "index": 0,
        "total": 1,
        "base_url": "/",
        "student": student,
        "last_name": None,
        "first_name": None,
        "notebook_path": f"{course.root.name}/autograded/{student}/{lesson}/{lesson}.ipynb",
    }
    path = Path(course.autograded) / student / lesson / f"{lesson}.ipynb"
    html, _ = HTMLExporter(config=config).from_filename(str(path), resources=resources)
    return str(html)
