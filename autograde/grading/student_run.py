"""One submission's life in the sandbox: its cells run once, then it answers the judge's calls.

What ends a session (an endless loop, a crash) is remembered and left out when the notebook is run again, so that one
spinning exercise costs its own time limit once.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from autograde.check.cases import Call, Observation
from autograde.check.judging import STOPPED
from autograde.sandbox.worker import CellOutcome, Session, Worker


@dataclass
class StudentRun:
    """Runs the given cells (index → source) in order and keeps their outcomes.

    ``cell_seconds`` bounds one cell, ``notebook_seconds`` all runs of cells together (wall time).
    """

    worker: Worker
    cells: Mapping[int, str]
    files: Mapping[str, bytes]
    cell_seconds: float = 30.0
    notebook_seconds: float = 120.0
    outcomes: dict[int, CellOutcome] = field(default_factory=dict)
    _left_out: set[int] = field(default_factory=set)
    _session: Session | None = None
    _spent: float = 0.0
    _called: float = 0.0

    def run_cells(self) -> None:
        """Run the cells in a fresh session; start again without a cell that ended it."""
        while True:
            if self._session:
                self._session.close()
            self._session = self.worker.session()
            for name, content in self.files.items():
                self._session.put(name, content)
            if all(self._run_cell(i) for i in self.cells if i not in self._left_out):
                return

    def _run_cell(self, index: int) -> bool:
        """Run one cell; False when it ended the session."""
        assert self._session is not None
        left = self.notebook_seconds - self._spent
        if left <= 0:
            self._left_out.add(index)
            self.outcomes.setdefault(index, CellOutcome(stopped="too_slow"))
            return True
        start = time.monotonic()
        outcome = self._session.run_cell(self.cells[index], min(self.cell_seconds, left))
        self._spent += time.monotonic() - start
        if index not in self.outcomes or outcome.stopped:
            self.outcomes[index] = outcome
        if not self._session.alive:
            self._left_out.add(index)
            return False
        return True

    def probe(self, calls: tuple[Call, ...], seconds: float) -> Observation:
        """Run a case's calls in the session, after starting it again where it has ended."""
        if self._session is None or not self._session.alive:
            self.run_cells()
        assert self._session is not None
        seen = self._session.run_calls(calls, seconds)
        self._called += sum(o.seconds for o in seen.outcomes)
        return seen

    @property
    def seconds(self) -> float:
        """Wall time spent in the student's own code: cells and calls."""
        return self._spent + self._called

    def close(self) -> None:
        """End the session."""
        if self._session:
            self._session.close()
            self._session = None


def cell_problem(outcome: CellOutcome | None) -> str:
    """What went wrong in a cell, in one sentence; empty when nothing did."""
    if outcome is None or outcome.ok:
        return ""
    if outcome.raised:
        line = f" in the line `{outcome.raised.line}`" if outcome.raised.line else ""
        return f"the cell raised {outcome.raised.type_name}: {outcome.raised.message}{line}"
    return f"the cell was stopped: {STOPPED.get(outcome.stopped or '', 'it failed')}"
