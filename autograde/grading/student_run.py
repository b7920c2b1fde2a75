"""One submission's life in the sandbox: its cells run once, then it answers the judge's calls.

What ends a session (an endless loop, a crash) is remembered and left out when the notebook is run again, so that one
spinning exercise costs its own time limit once. What the clock stopped although it had used little processor time was
held up, by the machine or by waiting: it is tried once more.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from autograde.check.cases import Call, Observation, Raised
from autograde.check.judging import STOPPED, raised_words
from autograde.sandbox import reasons
from autograde.sandbox.limits import Limits
from autograde.sandbox.worker import CellOutcome, Session, Worker

#: What used less than this share of its wall time as processor time was held up; a loop that spins uses nearly all.
HELD_UP_SHARE = 0.5


@dataclass
class StudentRun:
    """Runs the given cells (index → source) in order and keeps their outcomes, within ``limits``.

    All runs of cells take at most twice ``notebook_seconds``: that much until each has run, and that much for whatever
    has to be run again.
    """

    worker: Worker
    cells: Mapping[int, str]
    files: Mapping[str, bytes]
    limits: Limits = field(default_factory=Limits)
    #: Whether the cells find the course's data sets, and whether their pictures are wanted.
    data: bool = True
    figures: bool = True
    outcomes: dict[int, CellOutcome] = field(default_factory=dict)
    #: Names that cells and calls looked up, and that were not there.
    lost: set[str] = field(default_factory=set)
    _left_out: set[int] = field(default_factory=set)
    _held_up: set[int] = field(default_factory=set)
    _tried_again: set[int] = field(default_factory=set)
    _session: Session | None = None
    #: Seconds that the cells may still take.
    _left: float = 0.0
    #: Seconds of wall time in cells and in calls, and of processor time in cells.
    _spent: float = 0.0
    _called: float = 0.0
    _computed: float = 0.0
    _exercise: _Exercise | None = None

    def run_cells(self) -> None:
        """Run each cell once, and what was held up once more, in fresh sessions."""
        self._left = self.limits.notebook_seconds
        self._run_all()
        again = self._held_up
        if self._computed < HELD_UP_SHARE * self.limits.notebook_seconds:
            again |= {i for i, o in self.outcomes.items() if o.stopped in ("notebook_too_slow", "not_run")}
        self._left = self.limits.notebook_seconds
        if again:
            self._tried_again |= again
            self._left_out -= again
            self.outcomes = {i: o for i, o in self.outcomes.items() if i in self._left_out}
            self._run_all()

    def _run_all(self) -> None:
        """Run the cells in a fresh session; start again without a cell that ended it."""
        while True:
            self.start_afresh()
            # Pictures are made once: a cell whose outcome is known is run again for what it defines.
            known = all(i in self.outcomes for i in self.cells)
            figures = self.figures and not known
            self._session = self.worker.session(limits=self.limits, figures=figures, data=self.data)
            for name, content in self.files.items():
                self._session.put(name, content)
            if all(self._run_cell(i) for i in self.cells if i not in self._left_out):
                return

    def start_afresh(self) -> None:
        """End the session; the next call gets a new one, in which the cells were run."""
        if self._session:
            self._session.close()
            self._session = None

    def _run_cell(self, index: int) -> bool:
        """Run one cell; False when it ended the session."""
        assert self._session is not None
        if self._left <= 0:
            reason = reasons.not_run(self.limits)
            self._left_out.add(index)
            self.outcomes.setdefault(index, CellOutcome(stopped=reason.kind, words=reason.words))
            return True
        seconds = min(self.limits.cell_seconds, self._left)
        start, computed = time.monotonic(), self._session.processor_seconds()
        outcome = self._session.run_cell(self.cells[index], seconds)
        took, used = time.monotonic() - start, _difference(self._session.processor_seconds(), computed)
        self._left -= took
        self._spent += took
        self._computed += used
        if outcome.stopped == "too_slow":
            held_up = used < HELD_UP_SHARE * seconds
            if seconds < self.limits.cell_seconds:
                reason = reasons.notebook_too_slow(self.limits)
                outcome = replace(outcome, stopped=reason.kind, words=reason.words)
            if self._ran_before(index) and (self._left <= 0 or (held_up and index not in self._tried_again)):
                self._tried_again.add(index)
                return False
            self._held_up |= {index} if held_up else set()
        self.lost |= _lost_name(outcome.raised)
        if index not in self.outcomes or outcome.stopped:
            self.outcomes[index] = outcome
        if self._session.alive:
            return True
        self._left_out.add(index)
        return False

    def _ran_before(self, index: int) -> bool:
        return index in self.outcomes and not self.outcomes[index].stopped

    def begin_exercise(self, seconds: float) -> None:
        """The next calls belong to one exercise, which has so many seconds of wall time for all of them."""
        self._exercise = _Exercise(seconds)
        self._get_ready()

    @property
    def held_up(self) -> bool:
        """Whether the exercise was stopped by the clock although it had used little processor time."""
        return self._exercise is not None and self._exercise.held_up

    def probe(self, calls: tuple[Call, ...], seconds: float) -> Observation:
        """Run a case's calls in the session, after starting it again where it has ended."""
        session = self._get_ready()
        if session is None:
            reason = reasons.no_time_to_run_again(self.limits)
            return Observation(stopped=reason.kind, words=reason.words)
        start, computed = time.monotonic(), session.processor_seconds()
        seen = session.run_calls(calls, seconds)
        self._called += sum(o.seconds for o in seen.outcomes)
        self.lost |= _lost_name(seen.outcomes[-1].raised if seen.outcomes else None)
        if self._exercise:
            self._exercise.computed += _difference(session.processor_seconds(), computed)
            self._exercise.asked += time.monotonic() - start
            if seen.stopped == "too_slow":
                self._exercise.stopped = True
                seen = replace(seen, words=reasons.exercise_too_slow(self._exercise.seconds).words)
        return seen

    def _get_ready(self) -> Session | None:
        """A session in which the cells were run; None when there is no time for that any more."""
        if self._session is None or not self._session.alive:
            if self._left > 0:
                self._run_all()
            if self._left <= 0:
                self.start_afresh()
        return self._session

    @property
    def seconds(self) -> float:
        """Wall time spent in the student's own code: cells and calls."""
        return self._spent + self._called

    def close(self) -> None:
        """End the session."""
        self.start_afresh()


@dataclass
class _Exercise:
    """The exercise that is being called: its wall time, how long it was asked, and how much of that it computed."""

    seconds: float
    asked: float = 0.0
    computed: float = 0.0
    stopped: bool = False

    @property
    def held_up(self) -> bool:
        return self.stopped and self.computed < HELD_UP_SHARE * self.asked


def _lost_name(raised: Raised | None) -> set[str]:
    """The name that was looked up, by a ``NameError`` or in ``globals()``, and was not there."""
    if raised is None:
        return set()
    form = r"'(\w+)'" if "KeyError" in raised.bases else r"name '(\w+)' is not defined.*"
    found = re.fullmatch(form, raised.message) if {"NameError", "KeyError"} & set(raised.bases) else None
    return {found[1]} if found else set()


def _difference(now: float | None, before: float | None) -> float:
    """Processor seconds between two readings; none where nobody can tell, so that a second try is given."""
    return 0.0 if now is None or before is None else now - before


def cell_problem(outcome: CellOutcome | None) -> str:
    """What went wrong in a cell, in one sentence; empty when nothing did."""
    if outcome is None or outcome.ok:
        return ""
    if outcome.raised:
        said = raised_words(outcome.raised, "the cell")
        return f"{outcome.raised.words} ({said})" if outcome.raised.limit else said
    words = outcome.words or STOPPED.get(outcome.stopped or "", "it failed")
    return f"the cell was {'not run' if outcome.stopped == 'not_run' else 'stopped'}: {words}"
