"""The page that a student reads: what it tells, that nothing in it runs or is fetched, and that its cost is bounded."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograde.check.render import Report
from autograde.check.words import CaseReport
from autograde.grading import feedback_page
from autograde.grading.batch import LessonBatch, Result
from autograde.grading.course import GradingCourse
from autograde.grading.feedback import CellMark, FeedbackWriter, PageMarks, read_marks, render_page, write_feedback
from autograde.grading.grader import _summary, verdict_outputs
from autograde.grading.pages import MOST_COLOURS, MOST_OUTPUTS, MOST_PUT_OUT, MOST_WRITTEN
from autograde.grading.pools import SerialPool
from autograde.judge.course import CourseError
from autograde.judge.verdict import Verdict
from autograde.sandbox.worker import Worker

from .conftest import LESSON

Submit = Callable[..., Path]
Answered = Callable[..., NotebookNode]
GradeAll = Callable[..., dict[str, Result]]

EVIL = "<script>hit()</script><img src=x onerror=hit()>\"'><svg onload=hit()><a href='javascript:hit()'>x</a>"
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
PICTURE = "iVBORw0KGgo="


class Page(HTMLParser):
    """What a browser would see in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.parts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.parts).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def harm(self) -> list[str]:
        """What would run, be fetched, or cover the page."""
        harmless = {
            "a",
            "abbr",
            "b",
            "blockquote",
            "body",
            "br",
            "code",
            "del",
            "details",
            "div",
            "em",
            "h1",
            "h2",
            "h3",
        }
        harmless |= {
            "h4",
            "h5",
            "h6",
            "head",
            "header",
            "hr",
            "html",
            "i",
            "img",
            "li",
            "main",
            "meta",
            "ol",
            "p",
            "pre",
        }
        harmless |= {"s", "section", "span", "strong", "style", "sub", "summary", "sup", "table", "tbody", "td", "th"}
        harmless |= {"thead", "title", "tr", "u", "ul"}
        found = [f"<{tag}>" for tag, _ in self.tags if tag not in harmless]
        for tag, attributes in self.tags:
            for name, value in attributes.items():
                allowed = name in ("class", "id", "lang", "role", "scope", "tabindex", "title", "alt", "start")
                allowed |= name.startswith("aria-") or tag == "meta"
                allowed |= name == "href" and value.startswith(("#", "http://", "https://", "mailto:"))
                allowed |= name == "src" and value.startswith("data:image/png;base64,")
                allowed |= name == "style" and not re.search(r"url|position|expression|@", value)
                found += [] if allowed else [f"{name}={value[:30]} on <{tag}>"]
        if len(self.all("style")) != 1 or len([m for m in self.all("meta") if "http-equiv" in m]) != 1:
            found.append("a second style or policy")
        return found


def exercise(name: str, source: str, verdict: Verdict, heading: str = "") -> list[NotebookNode]:
    """The cells of an exercise as the grader leaves them: heading, answer, test."""
    about = {"grade": False, "locked": False, "schema_version": 3, "solution": True, "task": False}
    answer = nbformat.v4.new_code_cell(source, metadata={"nbgrader": about | {"grade_id": name}})
    about |= {"grade": True, "locked": True, "solution": False, "grade_id": f"test_{name}"}
    about["points"] = verdict.report.max_points
    test = nbformat.v4.new_code_cell(f"check({name})", metadata={"nbgrader": about}, outputs=verdict_outputs(verdict))
    cells = [nbformat.v4.new_markdown_cell(f"Prose before.\n\n### {heading}\n\nProse after.")] if heading else []
    return [*cells, answer, test]


def verdict_on(name: str, points: float, message: str = "") -> Verdict:
    case = CaseReport("a small case", not message, False, message=message)
    return Verdict(Report(name, (case,), points=points, max_points=2), "failed" if message else "passed")


VERDICTS = (verdict_on("relu", 2.0), verdict_on("elu", 0.0, "it raised `ValueError`"))
WRITTEN = {"grade": True, "grade_id": "why", "locked": False, "points": 4, "schema_version": 3, "solution": True}
MARKS = PageMarks(
    "ada",
    "04-small",
    2.0,
    8.0,
    0.0,
    {
        "relu": CellMark(None, 0.0, "", False),
        "test_relu": CellMark(2.0, 2.0, "", False),
        "test_elu": CellMark(0.0, 2.0, "", False),
        "why": CellMark(None, 4.0, "", True),
    },
)


def notebook_of(*more: NotebookNode, verdicts: tuple[Verdict, ...] = VERDICTS) -> NotebookNode:
    """A graded notebook with two exercises, a written question, and ``more`` cells at the end."""
    first, second = verdicts
    why = nbformat.v4.new_markdown_cell("Because **it is**.", metadata={"nbgrader": WRITTEN | {"task": False}})
    cells = [
        _summary(verdicts, {"why": 4.0}, ["The file should be called x."]),
        nbformat.v4.new_markdown_cell("# Bend the line\n\nThe lesson's prose."),
        *exercise("relu", "def relu(z):\n    return z", first, "Exercise 4.1 · relu (2 points)"),
        *exercise("elu", "def elu(z):\n    raise ValueError", second, "Exercise 4.2 · elu (2 points)"),
        nbformat.v4.new_markdown_cell("### Question 4.3 (4 points, graded by a person)"),
        why,
        *more,
    ]
    return nbformat.v4.new_notebook(cells=cells)


def own(cell: NotebookNode, number: int = 0) -> NotebookNode:
    """A cell of the student's, as ``rebuild`` marks it."""
    cell["id"] = f"added-{number}"
    return cell


def printing(*texts: str) -> list[NotebookNode]:
    return [nbformat.v4.new_output("stream", name="stdout", text=t) for t in texts]


def section(page: str, heading: str) -> str:
    """The text of the section under a heading."""
    (found,) = (part for part in page.split("<section") if f"<h2>{heading}</h2>" in part)
    return Page(f"<section{found}").text


def test_the_page_tells_marks_verdicts_and_answers_in_the_order_of_the_notebook() -> None:
    page = render_page(notebook_of(), MARKS)
    seen = Page(page)
    assert seen.harm() == []
    assert "Feedback · 04-small · ada" in seen.text
    assert "Bend the line" in seen.text
    assert "2 of 8 points" in seen.text
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", page) == [
        *("Your result", "Exercise 4.1 · relu", "Exercise 4.2 · elu", "Question 4.3")
    ]
    assert "return z" in section(page, "Exercise 4.1 · relu")
    assert "relu: 2 of 2 points" in section(page, "Exercise 4.1 · relu")
    assert "it raised `ValueError`" in section(page, "Exercise 4.2 · elu")
    assert "Because it is ." in section(page, "Question 4.3")
    assert "The file should be called x." in seen.text


def test_the_table_has_a_row_for_each_exercise_with_a_link_to_its_section() -> None:
    page = render_page(notebook_of(), MARKS)
    rows = [Page(row).text for row in re.findall(r"<tr role.*?</tr>", page)][1:]
    assert rows == [
        "Exercise 4.1 · relu ✓ 2 of 2 right",
        "Exercise 4.2 · elu ✗ 0 of 2 a small case: it raised ValueError",
        "Question 4.3 … up to 4 waits to be read by a person",
    ]
    seen = Page(page)
    links = [a["href"] for a in seen.all("a") if a["href"].startswith("#exercise-")]
    assert links == ["#exercise-relu", "#exercise-elu", "#exercise-why"]
    assert {link[1:] for link in links} == {s["id"] for s in seen.all("section") if "id" in s}


def test_the_lessons_prose_and_its_silent_cells_are_left_out() -> None:
    locked = {"grade": False, "grade_id": "race", "locked": True, "schema_version": 3, "solution": False, "task": False}
    silent = nbformat.v4.new_code_cell("race_of_the_starts()", metadata={"nbgrader": locked})
    loud = deepcopy(silent)
    loud.source, loud.outputs = "second_race()", printing("the winner is He")
    page = render_page(notebook_of(silent, loud), MARKS)
    assert not re.search("prose", page, re.IGNORECASE)
    assert "race_of_the_starts" not in page
    told = section(page, "Cells of the lesson that your code made run")
    assert "second_race" in told and "the winner is He" in told


def test_exercises_that_one_text_announces_keep_their_own_headings() -> None:
    first, second = VERDICTS
    text = nbformat.v4.new_markdown_cell(
        "### Exercise 4.1 · relu (2 points)\n\nProse.\n\n### Exercise 4.2 · elu (2 points)"
    )
    cells = [text, *exercise("relu", "relu = abs", first), *exercise("elu", "elu = abs", second)]
    page = render_page(nbformat.v4.new_notebook(cells=[_summary(VERDICTS, {}, []), *cells]), MARKS)
    assert "2 of 2" in section(page, "Exercise 4.1 · relu")
    assert "0 of 2" in section(page, "Exercise 4.2 · elu")


def test_own_cells_stand_where_the_student_put_them() -> None:
    notebook = notebook_of(own(nbformat.v4.new_code_cell("last = 1", outputs=printing("at the end")), 1))
    answer = next(i for i, c in enumerate(notebook.cells) if "def elu" in c.source)
    notebook.cells.insert(answer + 1, own(nbformat.v4.new_markdown_cell("## I tried this"), 2))
    page = render_page(notebook, MARKS)
    assert "at the end" in section(page, "Your own cells")
    assert "I tried this" in section(page, "Exercise 4.2 · elu")
    assert "<h5>I tried this</h5>" in page


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (CellMark(1.5, 2.0, "", False), "A person gave 1.5 of 2 points"),
        (CellMark(1.5, 2.0, "", True), "A person will look at these points again"),
    ],
)
def test_points_of_the_gradebook_go_before_those_of_the_verdict(mark: CellMark, words: str) -> None:
    page = render_page(notebook_of(), replace(MARKS, score=3.5, cells={**MARKS.cells, "test_elu": mark}))
    told = section(page, "Exercise 4.2 · elu")
    assert "1.5 of 2 points" in told and "elu: 0 of 2 points" in told
    assert words in told
    assert "3.5 of 8 points" in Page(page).text


def test_a_persons_comment_and_marks_are_shown() -> None:
    marks = {
        **MARKS.cells,
        "relu": CellMark(None, 0.0, f"Well *done*. {EVIL}", False),
        "why": CellMark(3.0, 4.0, "Short.", False),
    }
    page = render_page(notebook_of(), replace(MARKS, cells=marks))
    assert Page(page).harm() == []
    assert "Comment Well done . <script>hit()</script>" in section(page, "Exercise 4.1 · relu")
    told = section(page, "Question 4.3")
    assert "3 of 4 points" in told and "Read by a person." in told and "Short." in told
    assert "wait to be given" not in Page(page).text


def test_what_waits_and_what_was_late_is_said() -> None:
    text = Page(render_page(notebook_of(), replace(MARKS, late_penalty=1.5))).text
    assert "Up to 4 more points wait to be given by a person." in text
    assert "It was late: 1.5 points are taken off already." in text


def test_an_answer_that_nobody_wrote_is_not_shown_as_one() -> None:
    from nbgrader.utils import compute_checksum

    notebook = notebook_of()
    (answer,) = (c for c in notebook.cells if c.source.startswith("def relu"))
    answer.metadata.nbgrader["checksum"] = compute_checksum(answer)
    told = section(render_page(notebook, MARKS), "Exercise 4.1 · relu")
    assert "There is no answer here." in told and "return z" not in told


def test_outputs_are_shown_as_text_and_pictures() -> None:
    outputs = [
        *printing("\x1b[31mred\x1b[0m <b>"),
        nbformat.v4.new_output("stream", name="stderr", text="a warning"),
        nbformat.v4.new_output("display_data", data={"image/png": PICTURE}),
        nbformat.v4.new_output("display_data", data={"text/html": EVIL, "text/plain": f"The cell raised {EVIL}"}),
    ]
    page = render_page(notebook_of(own(nbformat.v4.new_code_cell("x", outputs=outputs))), MARKS)
    seen = Page(page)
    assert seen.harm() == []
    assert '<span class="ansi-red-fg">red</span> &lt;b&gt;' in page
    assert 'class="put error"' in page
    (picture,) = seen.all("img")
    assert picture == {"alt": "picture put out by the cell", "src": f"data:image/png;base64,{PICTURE}"}
    assert "The cell raised <script>hit()</script>" in section(page, "Your own cells")


def test_a_hostile_submission_is_text_wherever_it_gets_to() -> None:
    markdown = [
        EVIL,
        f"[a](javascript:hit()) [b](data:text/html,x) ![c](https://example.org/c.png) $\\href{{javascript:hit()}}$ {EVIL}",
    ]
    markdown += [
        "<style>*{display:none}</style><meta http-equiv=refresh content=0><base href=//x><form action=x><input>"
    ]
    markdown += [f"```html\n{EVIL}\n```", f"`{EVIL}`", "<p style='position:fixed' id=top class=mark onclick=x>over</p>"]
    cells = [own(nbformat.v4.new_markdown_cell(text), i) for i, text in enumerate(markdown)]
    outputs = [*printing(EVIL), nbformat.v4.new_output("display_data", data={"image/png": f'"{EVIL}'})]
    outputs += [nbformat.v4.new_output("display_data", data={"image/svg+xml": EVIL, "text/html": EVIL})]
    cells.append(own(nbformat.v4.new_code_cell(EVIL, outputs=outputs), 99))
    verdicts = (verdict_on("relu", 2.0), verdict_on("elu", 0.0, EVIL))
    notebook = notebook_of(*cells, verdicts=verdicts)
    notebook.cells[0].metadata["autograde"]["notes"] = [EVIL]
    page = render_page(notebook, replace(MARKS, student=EVIL, lesson=EVIL))
    seen = Page(page)
    assert seen.harm() == []
    assert seen.text.count("<script>hit()</script>") >= 10
    assert not [i for i in seen.all("img") if not i["src"].startswith("data:image/png;base64,")]
    assert "example.org" not in page


def test_the_policy_comes_before_all_that_it_governs() -> None:
    page = render_page(notebook_of(), MARKS)
    seen = Page(page)
    assert [tag for tag, _ in seen.tags[:4]] == ["html", "head", "meta", "meta"]
    assert seen.all("meta")[1]["http-equiv"] == "Content-Security-Policy"
    assert seen.all("meta")[1]["content"].startswith(POLICY)
    assert not seen.all("script") and "url(" not in page and "@import" not in page


def test_what_steers_a_terminal_or_turns_text_around_is_replaced() -> None:
    evil = "a\u202eb\x1b[31mc\x07d\x00"
    cells = [own(nbformat.v4.new_code_cell(evil), 0), own(nbformat.v4.new_markdown_cell(evil), 1)]
    verdicts = (verdict_on("relu", 2.0), verdict_on("elu", 0.0, evil))
    page = render_page(notebook_of(*cells, verdicts=verdicts), replace(MARKS, student=evil))
    assert not re.search("[\u202e\x1b\x07\x00]", page)
    assert page.count("a\ufffdb") == 5  # title, top, table, verdict, text; the code is in pieces


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    notebook = notebook_of(own(nbformat.v4.new_code_cell("{1, 2}", outputs=printing("x"))))
    before = json.dumps(notebook)
    page = render_page(notebook, MARKS)
    assert json.dumps(notebook) == before
    assert render_page(nbformat.from_dict(json.loads(before)), MARKS) == page
    (tmp_path / "notebook.json").write_text(before)
    program = (
        "import json, sys, nbformat\n"
        "from autograde.grading.feedback import CellMark, PageMarks, render_page\n"
        "notebook = nbformat.from_dict(json.load(open(sys.argv[1])))\n"
        f"sys.stdout.buffer.write(render_page(notebook, {MARKS!r}).encode())\n"
    )
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", program, str(tmp_path / "notebook.json")]
        assert subprocess.run(command, env=environment, capture_output=True, check=True).stdout == page.encode()


FLOODS = {
    "outputs": [nbformat.v4.new_code_cell("x", outputs=printing(*["x\n"] * (MOST_OUTPUTS + 100)))],
    "characters": [nbformat.v4.new_code_cell("x", outputs=printing("x" * (2 * MOST_PUT_OUT)))],
    "colours": [nbformat.v4.new_code_cell("x", outputs=printing("\x1b[31mx\x1b[0m" * 20_000))],
    "colours in many outputs": [nbformat.v4.new_code_cell("x", outputs=printing(*["\x1b[31mx" * 10] * 1500))],
    "colours that end too early": [nbformat.v4.new_code_cell("x", outputs=printing("\x1b[38mx\x1b[48mx"))],
    "sources": [nbformat.v4.new_code_cell("x = 1\n" * 20_000) for _ in range(5)],
    "code that is slow to colour": [nbformat.v4.new_code_cell("x\n" + " \n" * 40_000 + "x")],
    "code of one digit": [nbformat.v4.new_code_cell("x = '%" + "0" * 9000 + "'") for _ in range(5)],
    "texts": [nbformat.v4.new_markdown_cell("*a* [b](mailto:c) " * 500) for _ in range(40)],
    "brackets": [nbformat.v4.new_markdown_cell("[" * 9_999) for _ in range(5)],
    "quotations in quotations": [nbformat.v4.new_markdown_cell("> " * 4_999 + "x") for _ in range(5)],
    "lists in lists": [nbformat.v4.new_markdown_cell("".join(f"{'  ' * i}- x\n" for i in range(98)))],
    "tags in tags": [nbformat.v4.new_markdown_cell("<div>" * 1_999) for _ in range(5)],
    "code in texts": [nbformat.v4.new_markdown_cell("```ipython3\n" + " \n" * 4_900 + "x\n```") for _ in range(5)],
    "code of another language": [
        nbformat.v4.new_markdown_cell("```perl6\n" + "q<" * 4_900 + "\n```") for _ in range(5)
    ],
}


@pytest.mark.parametrize("what", FLOODS)
def test_a_flood_costs_little_and_hides_no_verdict(what: str) -> None:
    cells = [own(deepcopy(cell), i) for i, cell in enumerate(FLOODS[what])]
    notebook = notebook_of()
    notebook.cells[1:1] = cells  # before the exercises
    begin = time.process_time()
    page = render_page(notebook, MARKS)
    assert time.process_time() - begin < 10.0
    assert len(page) < 40 * (MOST_WRITTEN + MOST_COLOURS) + 6 * MOST_PUT_OUT
    seen = Page(page)
    assert seen.harm() == []
    assert "relu: 2 of 2 points" in seen.text and "it raised `ValueError`" in seen.text


def test_ordinary_code_is_coloured() -> None:
    page = render_page(notebook_of(own(nbformat.v4.new_code_cell("x = 'a' < 1  # why"))), MARKS)
    assert '<span class="k">def</span> <span class="nf">relu</span>' in page.replace('<span class="w"> </span>', " ")
    assert '<span class="c1"># why</span>' in page


def test_a_screen_reader_finds_its_way() -> None:
    outputs = [nbformat.v4.new_output("display_data", data={"image/png": PICTURE})]
    more = own(nbformat.v4.new_markdown_cell("# A large heading\n\n| a |\n|---|\n| 1 |"), 1)
    seen = Page(render_page(notebook_of(own(nbformat.v4.new_code_cell("x", outputs=outputs)), more), MARKS))
    assert seen.all("html") == [{"lang": "en"}]
    assert seen.text.startswith("04-small · ada: feedback")
    levels = [int(tag[1]) for tag, _ in seen.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    headers = [h for h in seen.all("th") if "scope" in h]
    assert [h["scope"] for h in headers] == ["col"] * 3 + ["row"] * 3
    assert all(i.get("alt") for i in seen.all("img"))
    assert all(m.get("name") != "viewport" or "user-scalable" not in m["content"] for m in seen.all("meta"))


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("which", [0, 1], ids=["light", "dark"])
def test_every_colour_of_text_stands_out(which: int) -> None:
    """WCAG 2.1, 1.4.3: at least 4.5 to 1, on the page and on the ground of code."""
    style = re.search(r"<style>(.*?)</style>", render_page(notebook_of(), MARKS), re.DOTALL)
    assert style
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6})", style[1].split("prefers-color-scheme")[which]))
    for name in set(colours) - {"page", "box", "line"}:
        for ground in ("page", "box"):
            low, high = sorted((_luminance(colours[name]), _luminance(colours[ground])))
            assert (high + 0.05) / (low + 0.05) >= 4.5, f"{name} on {ground}"
    assert len(colours) >= 18


def test_the_template_is_prepared_once() -> None:
    feedback_page._template.cache_clear()
    render_page(notebook_of(), MARKS)
    render_page(notebook_of(), MARKS)
    assert feedback_page._template.cache_info().misses == 1


@pytest.fixture
def graded(answered: Answered, submit: Submit, grade_all: GradeAll, course: GradingCourse) -> GradingCourse:
    """Two students, graded: one all right, one with a mistake."""
    submit("ada", answered())
    submit("blaise", answered(double="def double(z):\n    return z * z"))
    grade_all()
    return course


def test_the_marks_are_the_gradebooks(graded: GradingCourse) -> None:
    with Gradebook(graded.db_url) as gradebook:
        marks = read_marks(gradebook, LESSON, "blaise")
        assert (marks.student, marks.lesson, marks.score, marks.max_score, marks.late_penalty) == (
            *("blaise", LESSON, 1.0, 5.0, 0.0),
        )
        assert marks.cells["test_double"] == CellMark(0.0, 2.0, "", False)
        grade = gradebook.find_grade("test_double", LESSON, LESSON, "blaise")
        grade.manual_score, grade.extra_credit = 1.0, 0.5
        gradebook.find_comment("double", LESSON, LESSON, "blaise").manual_comment = "Nearly."
        gradebook.find_submission_notebook(LESSON, LESSON, "blaise").late_submission_penalty = 0.25
        gradebook.db.commit()
        marks = read_marks(gradebook, LESSON, "blaise")
        assert (marks.score, marks.late_penalty) == (2.25, 0.25)
        assert marks.cells["test_double"] == CellMark(1.5, 2.0, "", False)
        assert marks.cells["double"].comment == "Nearly."
        gradebook.find_submission_notebook(LESSON, LESSON, "blaise").late_submission_penalty = 100.0
        gradebook.db.commit()
        assert read_marks(gradebook, LESSON, "blaise").score == 0.0


def test_a_grade_that_nobody_gave_yet_is_none(graded: GradingCourse) -> None:
    with Gradebook(graded.db_url) as gradebook:
        grade = gradebook.find_grade("test_double", LESSON, LESSON, "ada")
        grade.auto_score, grade.needs_manual_grade = None, True
        gradebook.db.commit()
        assert read_marks(gradebook, LESSON, "ada").cells["test_double"] == CellMark(None, 2.0, "", True)


def test_pages_are_written_for_all_or_for_one(graded: GradingCourse) -> None:
    pages = write_feedback(graded, LESSON)
    assert [p.relative_to(graded.feedback).as_posix() for p in pages] == [
        f"{student}/{LESSON}/{LESSON}.html" for student in ("ada", "blaise")
    ]
    assert "5 of 5 points" in Page(pages[0].read_text(encoding="utf-8")).text
    assert "That is the square of each entry" in pages[1].read_text(encoding="utf-8")
    assert {p.name for p in graded.feedback.rglob("*") if p.is_file()} == {f"{LESSON}.html"}
    pages[0].unlink()
    assert write_feedback(graded, LESSON, "blaise") == [pages[1]]
    assert not pages[0].exists()
    assert write_feedback(graded, LESSON, "a*") == [pages[0]]


def test_a_name_that_looks_like_a_pattern_is_a_name(
    answered: Answered, submit: Submit, grade_all: GradeAll, course: GradingCourse
) -> None:
    for student in ("[ab]", "a", "b"):
        submit(student, answered())
    grade_all()
    (page,) = write_feedback(course, LESSON, "[ab]")
    assert page.parent.parent.name == "[ab]"


def test_what_is_damaged_or_has_no_marks_is_named_and_stops_no_other(graded: GradingCourse) -> None:
    write_feedback(graded, LESSON)
    old = (graded.feedback / "ada" / LESSON / f"{LESSON}.html").read_bytes()
    for student, text in (
        ("ada", '{"cells": ['),
        ("zoe", (graded.autograded / "blaise" / LESSON / f"{LESSON}.ipynb").read_text()),
    ):
        path = graded.autograded / student / LESSON / f"{LESSON}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (graded.feedback / "blaise" / LESSON / f"{LESSON}.html").unlink()
    with pytest.raises(CourseError, match=r"ada .*damaged.*zoe .*no marks.*--force"):
        write_feedback(graded, LESSON)
    assert (graded.feedback / "ada" / LESSON / f"{LESSON}.html").read_bytes() == old
    assert (graded.feedback / "blaise" / LESSON / f"{LESSON}.html").is_file()


def test_a_page_that_cannot_be_written_leaves_the_old_one(
    graded: GradingCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    (page, _) = write_feedback(graded, LESSON)
    old = page.read_bytes()

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write_feedback(graded, LESSON)
    assert page.read_bytes() == old


def test_the_time_of_handing_in_lies_beside_the_page(graded: GradingCourse) -> None:
    (graded.autograded / "ada" / LESSON / "timestamp.txt").write_text("2030-01-01 00:00:00 UTC\n")
    (page, _) = write_feedback(graded, LESSON)
    assert (page.parent / "timestamp.txt").read_text() == "2030-01-01 00:00:00 UTC\n"


def test_a_page_is_stale_when_it_is_missing_or_old_or_touched_by_hand(
    course: GradingCourse, answered: Callable[..., NotebookNode], submit: Callable[..., Path], worker: Worker
) -> None:
    for name in ("ada", "blaise", "carl", "dora"):
        submit(name, answered())
    batch = LessonBatch(course, LESSON, SerialPool(worker))
    list(batch.run(batch.todo()))
    with FeedbackWriter(course, LESSON) as pages:
        assert pages.stale() == ["ada", "blaise", "carl", "dora"]
        assert all(pages.write(name) for name in pages.stale())
        assert pages.stale() == []
        (course.feedback / "ada" / LESSON / f"{LESSON}.html").unlink()
        os.utime(course.feedback / "blaise" / LESSON / f"{LESSON}.html", (0, 0))
        with Gradebook(course.db_url) as gradebook:
            gradebook.find_comment("double", LESSON, LESSON, "carl").manual_comment = "Neat."
            gradebook.db.commit()
        assert pages.stale() == ["ada", "blaise", "carl"]
        assert pages.stale("d*") == []
        page = pages.write("carl")
        assert page and "Neat." in page.read_text()
