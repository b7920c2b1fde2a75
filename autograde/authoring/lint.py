"""Holding a lesson against the course's rules: its format, its contract, its length and its habits.

CONTRIBUTING.md says why each rule is there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from autograde.judge.catalogue import Exercise
from autograde.judge.course import Course, CourseError
from autograde.judge.lesson import LessonError, load_exercises

from .contract import CONTRACT, LONG_ANSWERS
from .lesson_source import LessonCell, read_lesson

CELLS = (30, 55)
WORDS = (1500, 2800)
VISIBLE_LINES = 12
ANSWER_LINES = 8
LONG_ANSWER_LINES = 30
MISCONCEPTIONS = 6
ALTERNATIVES = 3
#: The guided project is graded on data of its own and runs to another length.
CAPSTONE = "15-capstone"
SECTIONS = ("Summary", "On your own", "Further reading")

_NBGRADER_KEYS = frozenset(("grade", "grade_id", "locked", "schema_version", "solution", "task"))
_GRADE_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_EXERCISE_HEADING = re.compile(r"^#+ Exercise\b.*?·\s*`?(\w+)`?\s*\((\d+) points?\)\s*$", re.MULTILINE)
_CODE_OR_MATH = re.compile(r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)
_HTML_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_EXCLAMATION = re.compile(r"(?<![\s!\d])!+(?=$|[\s\"'”’)*_<])", re.MULTILINE)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u26ff\u2705\u2728\u274c\u2753-\u2757\ufe0f\u2b50\u2b55]")
_NO_ALT_IMAGE = re.compile(r"!\[\s*\]\(|<img(?![^>]*\balt\s*=\s*[\"'][^\"'])[^>]*>")
_BEGIN, _END = "BEGIN SOLUTION", "END SOLUTION"


@dataclass(frozen=True)
class Problem:
    """A broken rule: the file in the lesson's folder, its line (0: the file as a whole), and what to do."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}"


def lint(course: Course, lesson: str) -> list[Problem]:
    """All broken rules of a lesson, in the order of its lines; empty when it keeps them all."""
    lesson = course.find_lesson(lesson)
    folder = course.lessons / lesson
    try:
        cells = read_lesson(folder / "lesson.py")
    except CourseError as error:
        return [Problem("lesson.py", 1, str(error))]
    try:
        exercises = load_exercises(folder)
    except LessonError as error:
        return [Problem("exercises.py", 0, str(error)), *_lint_cells(lesson, cells, None)]
    return [*_lint_cells(lesson, cells, exercises), *_lint_exercises(lesson, exercises)]


def _lint_cells(lesson: str, cells: list[LessonCell], exercises: tuple[Exercise, ...] | None) -> list[Problem]:
    rules = [
        *_metadata(cells),
        *_code(cells),
        *_setup(lesson, cells),
        *_answers(cells, exercises),
        *_contract(lesson, cells),
        *_figures(cells),
        *_prose(cells),
        *_structure(lesson, cells),
    ]
    return sorted((Problem("lesson.py", line, message) for line, message in rules), key=lambda p: p.line)


_Found = Iterator[tuple[int, str]]


def _is_answer(cell: LessonCell) -> bool:
    return cell.kind == "code" and cell.nbgrader.get("solution") is True


def _is_test(cell: LessonCell) -> bool:
    return cell.kind == "code" and cell.nbgrader.get("grade") is True


def _metadata(cells: list[LessonCell]) -> _Found:
    """Every nbgrader cell has its whole metadata, of one of the known kinds, and a grade_id of its own."""
    seen: dict[str, int] = {}
    for cell in cells:
        data = cell.nbgrader
        if not data:
            continue
        wanted = _NBGRADER_KEYS | ({"points"} if data.get("grade") else set())
        if missing := sorted(wanted - data.keys()):
            yield cell.line, f"the nbgrader metadata lacks {', '.join(missing)}: write it whole"
        if extra := sorted(data.keys() - wanted):
            yield cell.line, f"the nbgrader metadata has {', '.join(extra)}, which does not belong there: remove it"
        if data.get("schema_version") != 3:
            yield cell.line, f"schema_version is {data.get('schema_version')!r}: write 3"
        flags = tuple(bool(data.get(k)) for k in ("grade", "locked", "solution", "task"))
        # test, answer, locked experiment; a graded text answer is the one kind for text
        allowed = {(True, True, False, False), (False, False, True, False), (False, True, False, False)}
        if cell.kind == "markdown":
            allowed = {(True, False, True, False)}
        if flags not in allowed:
            what = dict(zip(("grade", "locked", "solution", "task"), flags, strict=True))
            yield cell.line, f"no kind of {cell.kind} cell has {what}: see the five kinds in CONTRIBUTING.md"
        name = str(data.get("grade_id", ""))
        if not _GRADE_ID.fullmatch(name):
            yield cell.line, f"the grade_id {name!r} is not valid: use 1 to 64 letters, digits, '-' and '_'"
        if name in seen:
            yield cell.line, f"the grade_id {name!r} is taken by line {seen[name]}: choose another"
        seen.setdefault(name, cell.line)


def _code(cells: list[LessonCell]) -> _Found:
    """Every code cell is Python by itself, and a visible one is short."""
    for cell in cells:
        if cell.kind != "code":
            continue
        if _parsed(cell) is None:
            yield (
                cell.line,
                "this cell is not Python by itself: mend it; a line that starts with '# %%' inside a cell splits it",
            )
        lines = [line for line in cell.source.splitlines() if line.strip()]
        if not _is_answer(cell) and len(lines) > VISIBLE_LINES:
            yield (
                cell.line,
                f"{len(lines)} lines of code: show at most {VISIBLE_LINES}; move the rest to coursekit",
            )


def _setup(lesson: str, cells: list[LessonCell]) -> _Found:
    """The first code cell is the set-up cell."""
    first = next((c for c in cells if c.kind == "code"), None)
    if first is None:
        yield 1, "there is no code cell: begin with the set-up cell"
        return
    if first.nbgrader.get("grade_id") != "setup" or first.nbgrader.get("locked") is not True:
        yield first.line, 'the first code cell is the set-up cell: lock it and give it the grade_id "setup"'
    tree = _parsed(first)
    if tree is None:
        return
    calls = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    if f"begin('{lesson}')" not in calls:
        yield first.line, f'the set-up cell must call begin("{lesson}")'
    if "use_course_style()" not in calls:
        yield first.line, "the set-up cell must call use_course_style()"
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "autograde.check"
        for alias in node.names
    }
    if missing := sorted({"begin", "check", "progress"} - imported):
        yield first.line, f"the set-up cell must import {', '.join(missing)} from autograde.check"


def _answers(cells: list[LessonCell], exercises: tuple[Exercise, ...] | None) -> _Found:
    """Answers and tests come in pairs, in the order of ``exercises.py``, and are worth what that says."""
    points = {e.name: e.points for e in exercises or ()}
    answered = []
    for number, cell in enumerate(cells):
        if _is_test(cell):
            name = str(cell.nbgrader.get("grade_id", "")).removeprefix("test_")
            before = cells[number - 1].nbgrader.get("grade_id") if number else None
            if before != name or not _is_answer(cells[number - 1]):
                yield cell.line, f"a test cell follows its answer: put the answer cell {name!r} right before it"
        if not _is_answer(cell):
            continue
        name = str(cell.nbgrader.get("grade_id", ""))
        answered.append(name)
        yield from _answer(cell, name)
        test = cells[number + 1] if number + 1 < len(cells) else None
        if test is None or not _is_test(test) or test.nbgrader.get("grade_id") != f"test_{name}":
            yield cell.line, f'the test cell "test_{name}" must follow at once'
            continue
        if test.source.strip() != f"check({name})":
            yield test.line, f"the test cell holds the one line check({name})"
        if name in points and test.nbgrader.get("points") != points[name]:
            yield (
                test.line,
                f"the test is worth {test.nbgrader.get('points')!r}, exercises.py says {points[name]}: make them equal",
            )
        yield from _heading(cells[:number], cell, name, test.nbgrader.get("points"))
    if exercises is not None:
        yield from _same_exercises(answered, list(points))


def _answer(cell: LessonCell, name: str) -> _Found:
    """An answer cell defines its function between BEGIN and END SOLUTION, with a docstring, and runs nothing."""
    tree = _parsed(cell)
    if tree is None:
        return
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom):
            yield (
                cell.line + node.lineno,
                "an answer cell holds imports and function definitions only: move this to a cell of its own",
            )
    function = _function(cell, name)
    if function is None:
        yield cell.line, f"the answer cell {name!r} does not define {name}"
    elif not ast.get_docstring(function):
        yield cell.line, f"{name} has no docstring: say what it does, with shapes and one worked number"
    lines = cell.source.splitlines()
    begins = [i for i, line in enumerate(lines) if _BEGIN in line]
    ends = [i for i, line in enumerate(lines) if _END in line]
    if len(begins) != 1 or len(ends) != 1 or begins[0] > ends[0]:
        yield cell.line, f"mark the solution of {name} with one '# {_BEGIN}' and one '# {_END}'"
        return
    body = [line for line in lines[begins[0] + 1 : ends[0]] if line.strip() and not line.strip().startswith("#")]
    allowed = LONG_ANSWER_LINES if name in LONG_ANSWERS else ANSWER_LINES
    if len(body) > allowed:
        yield cell.line, f"the solution of {name} has {len(body)} lines: at most {allowed}"


def _heading(before: list[LessonCell], cell: LessonCell, name: str, points: object) -> _Found:
    """The text before an answer announces it: ``### Exercise 4.1 · name (5 points)``."""
    announced: dict[str, str] = {}
    for text in (c for c in before if c.kind == "markdown"):
        announced |= dict(_EXERCISE_HEADING.findall(text.source))
    if name not in announced:
        yield cell.line, f"no heading announces it: write '### Exercise N.k · {name} ({points} points)' before it"
    elif announced[name] != str(points):
        yield cell.line, f"its heading says {announced[name]} points, its test {points}: make them equal"


def _same_exercises(answered: list[str], described: list[str]) -> _Found:
    for name in answered:
        if name not in described:
            yield 0, f"{name} has an answer cell and is not in exercises.py: describe it there"
    for name in described:
        if name not in answered:
            yield 0, f"{name} is in exercises.py and has no answer cell: write one"
    common = [n for n in answered if n in described]
    if common != [n for n in described if n in answered]:
        yield 0, "the exercises stand in another order than in EXERCISES of exercises.py: make them equal"


def _contract(lesson: str, cells: list[LessonCell]) -> _Found:
    """The contract's exercises are there, with the contract's signatures."""
    answers = {str(c.nbgrader.get("grade_id", "")): c for c in cells if _is_answer(c)}
    for signature in CONTRACT.get(lesson, ()):
        wanted = ast.parse(f"def {signature}: ...").body[0]
        assert isinstance(wanted, ast.FunctionDef)
        cell = answers.get(wanted.name)
        if cell is None:
            yield 0, f"the contract's exercise {signature} has no answer cell: write one"
            continue
        function = _function(cell, wanted.name)
        if function is not None and (why := _differs(wanted.args, function.args)):
            line = cell.line + function.lineno
            yield line, f"{why}: the contract says {signature}"


def _differs(wanted: ast.arguments, given: ast.arguments) -> str:
    """Why a signature is not the contract's; empty when it is, extra optional arguments aside."""
    if given.posonlyargs or given.vararg or given.kwarg:
        return "only plain parameters are allowed"
    names, found = [a.arg for a in wanted.args], [a.arg for a in given.args]
    if found[: len(names)] != names:
        return f"the parameters are ({', '.join(found)})"
    pairs = list(zip(_defaults(wanted), _defaults(given), strict=False))
    for name, (want, have) in zip(names, pairs, strict=True):
        if want != have:
            return f"the default of {name} is {'missing' if have is None else have[0]}"
    if any(default is None for default in _defaults(given)[len(names) :]):
        return "an extra parameter has no default"
    if any(default is None for default in given.kw_defaults):
        return "an extra keyword argument has no default"
    return ""


def _defaults(arguments: ast.arguments) -> list[tuple[object] | None]:
    """Each positional parameter's default in a 1-tuple, None where there is none."""
    given: list[tuple[object] | None] = [(_constant(node),) for node in arguments.defaults]
    return [None] * (len(arguments.args) - len(given)) + given


def _constant(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return ast.unparse(node)


def _figures(cells: list[LessonCell]) -> _Found:
    """Every figure is shown with alt text."""
    for cell in cells:
        tree = _parsed(cell) if cell.kind == "code" else None
        if cell.kind == "markdown" and _NO_ALT_IMAGE.search(_CODE_OR_MATH.sub(" ", cell.source)):
            yield cell.line, "an image has no alt text: say in it what the image shows"
        for node in ast.walk(tree) if tree else ():
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            line = cell.line + node.lineno
            if called in ("plt.show", "fig.show", "matplotlib.pyplot.show"):
                yield line, f'{called}() gives no alt text: use show(fig, alt="…") of coursekit.plots'
            elif called.split(".")[-1] == "show":
                alt = next((k.value for k in node.keywords if k.arg == "alt"), None)
                if alt is None or (isinstance(alt, ast.Constant) and not str(alt.value).strip()):
                    yield line, f'{called}() has no alt text: write alt="…", what the figure shows'


def _prose(cells: list[LessonCell]) -> _Found:
    """Text is calm: no exclamation marks, no emoji."""
    for cell in cells:
        if cell.kind != "markdown":
            continue
        for offset, text in enumerate(_blanked(cell.source).splitlines(), start=1):
            if _EXCLAMATION.search(text):
                yield cell.line + offset, "a sentence ends with an exclamation mark: use a full stop"
            if _EMOJI.search(text):
                yield cell.line + offset, "there is an emoji: remove it"


def _structure(lesson: str, cells: list[LessonCell]) -> _Found:
    """A title first, the closing sections, and neither too long nor too short."""
    texts = [c for c in cells if c.kind == "markdown"]
    if cells[0].kind != "markdown" or not cells[0].source.startswith("# "):
        yield cells[0].line, "the first cell is a text cell that starts with the title, a line '# …'"
    headings = [
        (cell, m.group(1), m.group(2).strip())
        for cell in texts
        for m in re.finditer(r"^(#+) (.*)$", re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL), re.MULTILINE)
    ]
    for cell, level, title in headings:
        if level == "#" and cell is not cells[0]:
            yield cell.line, f"'# {title}' is a second title: use '## {title}'"
        if len(level) > 3:
            yield cell.line, f"'{level} {title}' is nested too deeply: use '###' at most"
    named = {title.lower() for _, _, title in headings}
    for section in SECTIONS:
        if section.lower() not in named:
            yield 0, f"the section '## {section}' is missing: write it"
    for one, other in pairwise([s for s in SECTIONS if s.lower() in named]):
        titles = [title.lower() for _, _, title in headings]
        if titles.index(one.lower()) > titles.index(other.lower()):
            yield 0, f"'## {other}' comes before '## {one}': put them in the order {', '.join(SECTIONS)}"
    if lesson == CAPSTONE:
        return
    if not CELLS[0] <= len(cells) <= CELLS[1]:
        yield 0, f"{len(cells)} cells: a lesson has {CELLS[0]} to {CELLS[1]}"
    words = count_words(cells)
    if not WORDS[0] <= words <= WORDS[1]:
        yield 0, f"{words} words of text: a lesson has {WORDS[0]} to {WORDS[1]}"


def count_words(cells: list[LessonCell]) -> int:
    """Words of a lesson's text cells; a formula or a piece of code counts as one, HTML tags as none."""
    count = 0
    for cell in cells:
        if cell.kind == "markdown":
            text = _HTML_TAG.sub(" ", _CODE_OR_MATH.sub(" x ", cell.source))
            count += sum(any(ch.isalnum() for ch in word) for word in text.split())
    return count


def _lint_exercises(lesson: str, exercises: tuple[Exercise, ...]) -> list[Problem]:
    """Every exercise has its ladder, its misconceptions, each with its own hint, and its alternatives."""
    found = []

    def report(exercise: Exercise, message: str) -> None:
        found.append(Problem("exercises.py", 0, f"{exercise.name}: {message}"))

    for exercise in exercises:
        steps = [" ".join(h.split()) for h in exercise.hints]
        if len(steps) != 3 or len(set(steps)) != 3 or not all(steps):
            report(exercise, "write three different hints, from a nudge to nearly the answer")
        mistakes = [" ".join(m.hint.split()) for m in exercise.misconceptions]
        if len(mistakes) < MISCONCEPTIONS:
            report(exercise, f"{len(mistakes)} misconceptions: write at least {MISCONCEPTIONS}")
        if len(set(mistakes)) < len(mistakes):
            report(exercise, "two misconceptions have the same hint: give each its own")
        if len(exercise.alternatives) < ALTERNATIVES:
            report(exercise, f"{len(exercise.alternatives)} alternatives: write at least {ALTERNATIVES}")
        said = [*steps, *mistakes]
        if any(_EXCLAMATION.search(_blanked(h)) or _EMOJI.search(h) for h in said):
            report(exercise, "a hint has an exclamation mark or an emoji: use plain words and a full stop")
    return found


def _parsed(cell: LessonCell) -> ast.Module | None:
    """The cell's syntax tree, notebook magics left out; None when it is not Python."""
    plain = "\n".join("pass" if line.startswith(("%", "!")) else line for line in cell.source.splitlines())
    try:
        return ast.parse(plain)
    except SyntaxError:
        return None


def _function(cell: LessonCell, name: str) -> ast.FunctionDef | None:
    tree = _parsed(cell)
    nodes = tree.body if tree else []
    return next((n for n in nodes if isinstance(n, ast.FunctionDef) and n.name == name), None)


def _blanked(text: str) -> str:
    """The text with code and formulas taken out, line breaks kept."""
    return _CODE_OR_MATH.sub(lambda m: "x" + "\n" * m.group().count("\n"), text)
