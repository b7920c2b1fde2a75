"""Which of the design's five promises a machine keeps, by the walls that stand around a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograde.sandbox.lockdown import Level
from autograde.sandbox.worker import Worker

#: The least that keeps promises 1 to 4; Landlock and the filter of system calls are a second wall behind these.
NEEDED = Level.USER | Level.PIDS | Level.FILES | Level.NETWORK | Level.LIMITS

_WALLS = {
    Level.LIMITS: "resource limits",
    Level.USER: "own user",
    Level.PIDS: "own processes",
    Level.FILES: "own view of the files",
    Level.NETWORK: "no network",
    Level.IPC: "own queues and shared memory",
    Level.HOST: "own host name",
    Level.LANDLOCK: "Landlock",
    Level.SECCOMP: "filter of system calls",
}


class UnsafeMachineError(Exception):
    """This machine cannot lock student code in; the message says what is missing and what to do."""


@dataclass(frozen=True)
class Promise:
    """A promise, and the walls without which it does not hold."""

    number: int
    text: str
    needs: Level

    def kept(self, level: Level) -> bool:
        """Whether these walls are enough for it."""
        return self.needs in level


PROMISES = (
    Promise(1, "no answer is where student code runs", Level.USER | Level.PIDS | Level.FILES | Level.NETWORK),
    # The judge decodes plain values, wherever they come from; but a process beside it could reach into the judge.
    Promise(2, "nothing made there is trusted", Level.USER | Level.PIDS),
    Promise(3, "points come from the judge's verdict alone", Level.USER | Level.PIDS | Level.FILES),
    Promise(4, "one submission hurts nobody else", NEEDED),
    # The secret seed lies in the gradebook; what else is installed, or answers on the network, must not matter.
    Promise(5, "the same submission gets the same grade", Level.USER | Level.FILES | Level.NETWORK),
)


@dataclass(frozen=True)
class Safety:
    """The walls that stand here, and why others do not."""

    level: Level
    missing: Mapping[str, str]

    @property
    def safe(self) -> bool:
        """Whether promises 1 to 4 hold."""
        return NEEDED in self.level

    def walls(self, of: Level) -> list[str]:
        """The walls in ``of`` that do not stand, in words, with the reason where it is known."""
        found = []
        for wall, words in _WALLS.items():
            if wall in of and wall not in self.level:
                reason = self.missing.get((wall.name or "").lower(), "")
                found.append(f"{words} ({reason})" if reason else words)
        return found

    def explanation(self) -> str:
        """What this machine cannot promise, why, and what to do."""
        broken = [f"  {p.number}. {p.text}" for p in PROMISES if not p.kept(self.level)]
        return "\n".join(
            [
                "This machine cannot lock student code in well enough to grade. It does not keep these promises:",
                *broken,
                f"Missing: {'; '.join(self.walls(NEEDED))}.",
                "Grade on Linux, as root or where ordinary users may make user namespaces (in a container, it has to "
                "allow them); `autograde doctor` shows what is missing.",
            ]
        )


def find_safety(worker: Worker) -> Safety:
    """Try it: lock one session in."""
    with worker.session(figures=False) as session:
        return Safety(session.level, session.missing)


def require_safe(worker: Worker, *, allow_unsafe: bool, how: str) -> Safety:
    """The machine's walls. ``UnsafeMachineError`` if they are too few; ``how`` says how to allow that."""
    safety = find_safety(worker)
    if not safety.safe and not allow_unsafe:
        raise UnsafeMachineError(f"{safety.explanation()}\nTo grade here all the same: {how}.")
    return safety
