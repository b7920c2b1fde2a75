"""How a lesson's exercises are described in its ``exercises.py``.

One description serves three uses: the hints of ``check()``, the class report, and ``audit``, which proves that the
cases have teeth. Wrong and right solutions are written as ordinary functions; their source is what is run.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from autograde.check.cases import Case, Observation

CaseMaker = Callable[[np.random.Generator], Iterable[Case]]
#: From the cases that hold, by their labels, and what was seen in them, to lines for the student.
RemarkMaker = Callable[[Mapping[str, tuple[Case, Observation]]], list[str]]


class Written:
    """A function of ``exercises.py`` as the source of an answer: under the exercise's name, without decorators.

    The source is made when it is asked for, which most never are, from the lines that the file had when it was run.
    """

    def __init__(self, function: Callable[..., Any], name: str) -> None:
        code = function.__code__
        linecache.checkcache(code.co_filename)
        self._lines, self._first = linecache.getlines(code.co_filename), code.co_firstlineno - 1
        self._name = name

    @cached_property
    def source(self) -> str:
        """The function under the exercise's name, also where it calls itself."""
        tree = ast.parse(textwrap.dedent("".join(inspect.getblock(self._lines[self._first :]))))
        definition = tree.body[0]
        assert isinstance(definition, ast.FunctionDef)
        old, definition.name, definition.decorator_list = definition.name, self._name, []
        for node in ast.walk(definition):
            if isinstance(node, ast.Name) and node.id == old:
                node.id = self._name
        return ast.unparse(tree) + "\n"


@dataclass(frozen=True)
class _Solution:
    name: str
    written: Written

    @property
    def source(self) -> str:
        """What is run in place of the student's answer."""
        return self.written.source


@dataclass(frozen=True)
class Misconception(_Solution):
    """A wrong solution that real learners write, and the hint its author gets."""

    hint: str


@dataclass(frozen=True)
class Alternative(_Solution):
    """A right solution that is written differently and must pass."""


@dataclass(frozen=True)
class Equivalent:
    """A mutant of the reference that behaves the same: ``mutant`` as ``audit`` prints it, and why it is the same."""

    mutant: str
    because: str


@dataclass
class Exercise:
    """One exercise: its points, hints, cases, known mistakes and other right solutions.

    ``name`` is the function's name, ``points`` what it is worth, ``hints`` the ladder of three, from a nudge to
    nearly the answer. ``groups`` maps each group of cases to its share of the points; the first is the core, and no
    other group counts unless the core holds. ``not_checked`` says what the visible cases leave open. With
    ``without_data`` the answer is asked in a fresh run of the notebook that finds no data sets.
    """

    name: str
    points: int
    hints: tuple[str, str, str]
    groups: dict[str, int] = field(default_factory=dict)
    not_checked: tuple[str, ...] = ()
    time_limit: float = 10.0
    without_data: bool = False
    equivalent: tuple[Equivalent, ...] = ()
    visible_cases: CaseMaker | None = None
    hidden_cases: CaseMaker | None = None
    reduced_cases: CaseMaker | None = None
    remark_maker: RemarkMaker | None = None
    misconceptions: list[Misconception] = field(default_factory=list)
    alternatives: list[Alternative] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.groups:
            self.groups = {"values": self.points}
        if sum(self.groups.values()) != self.points:
            raise ValueError(f"{self.name}: the groups' points {self.groups} do not add up to {self.points}")

    def visible(self, maker: CaseMaker) -> CaseMaker:
        """Decorator: the cases that ``check()`` shows. ``maker(rng)`` gets a generator with a fixed seed."""
        self.visible_cases = maker
        return maker

    def hidden(self, maker: CaseMaker) -> CaseMaker:
        """Decorator: the cases that only the grader knows. ``maker(rng)`` gets one of the assignment's secret seed."""
        self.hidden_cases = maker
        return maker

    def reduced(self, maker: CaseMaker) -> CaseMaker:
        """Decorator: what ``audit`` asks in the place of hidden cases that take too long. It then makes no mutants."""
        self.reduced_cases = maker
        return maker

    def remarks(self, maker: RemarkMaker) -> RemarkMaker:
        """Decorator: lines for the feedback, made from what was seen in the cases that hold."""
        self.remark_maker = maker
        return maker

    def misconception(self, hint: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorator: a wrong solution. Its function's name, with underscores as spaces, names the mistake.

        The source is run in place of the student's answer, in the student's notebook: it may use ``np`` and the
        lesson's other functions by name.
        """

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            name = function.__name__.strip("_").replace("_", " ")
            self.misconceptions.append(Misconception(name, Written(function, self.name), hint))
            return function

        return register

    def alternative(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Decorator: a right solution in another style."""
        name = function.__name__.strip("_").replace("_", " ")
        self.alternatives.append(Alternative(name, Written(function, self.name)))
        return function
