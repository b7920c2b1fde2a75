"""Hands submissions to a pool, takes what was judged back, and is not stopped by processes that die."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass

from .jobs import Done, UnknownTaskError
from .pools import PoolLostError
from .submissions import Submission, misnamed

#: How many submissions are handed out for each job: one is graded, the next is there when it is done.
AHEAD = 2
#: How often a submission is tried again that was being graded when its process died.
TRIES = 2
KILLED = "the process that graded it was killed each time; is there enough memory?"


@dataclass(frozen=True)
class Judged:
    """A submission that was judged: its fingerprint before that, and what came out.

    None when it could not be judged; then ``problem`` says why: a process that was killed, or a mistake of ours.
    """

    submission: Submission
    fingerprint: str
    done: Done | None
    problem: str = ""


class Judging:
    """Submissions on their way through a pool of so many ``jobs``; nothing is written.

    ``submit(submission, with_task)`` hands one to the pool, and says how the lesson is graded where ``with_task``.
    ``wanted`` is asked of each just before that; one that is not wanted any more is left out.
    """

    def __init__(
        self,
        jobs: int,
        submit: Callable[[Submission, bool], Future[Done]],
        wanted: Callable[[Submission], bool] = lambda submission: True,
    ) -> None:
        self._jobs, self._submit, self._wanted = jobs, submit, wanted
        self._waiting, self._suspects = deque[Submission](), deque[Submission]()
        self._running: dict[Future[Done], Submission] = {}
        self._tries: dict[Submission, int] = {}
        # From before it is read, so that a file that is replaced meanwhile is graded again.
        self._fingerprints: dict[Submission, str] = {}

    def add(self, submissions: Iterable[Submission]) -> None:
        """Have these judged after those that wait already."""
        self._waiting.extend(submissions)

    @property
    def count(self) -> int:
        """How many were added and did not come back yet."""
        return len(self._waiting) + len(self._suspects) + len(self._running)

    def collect(self, timeout: float | None = None) -> list[Judged]:
        """Hand out as many as the pool can take, and wait for the next to be done: at most ``timeout`` seconds."""
        # Of those that were being graded when a process died one may be the reason: they are tried one by one.
        room = 1 if self._suspects else AHEAD * self._jobs
        queue = self._suspects or self._waiting
        judged: list[Judged | None] = []
        while queue and len(self._running) < room:
            submission = queue.popleft()
            if problem := misnamed(submission.student):
                judged.append(Judged(submission, "", None, problem))
            elif queue is self._suspects or self._wanted(submission):
                self._fingerprints[submission] = submission.fingerprint()
                self._running[self._submit(submission, False)] = submission
        if self._running and not judged:
            finished, _ = wait(self._running, timeout, return_when=FIRST_COMPLETED)
            judged = [self._take(future) for future in [f for f in self._running if f in finished]]
        return [j for j in judged if j]

    def _take(self, future: Future[Done]) -> Judged | None:
        """What came of one; None when it goes on."""
        submission = self._running.pop(future)
        error = future.exception()
        if isinstance(error, UnknownTaskError):
            self._running[self._submit(submission, True)] = submission
            return None
        if isinstance(error, BrokenExecutor):
            self._tries[submission] = self._tries.get(submission, 0) + 1
            if self._tries[submission] <= TRIES:
                self._suspects.append(submission)
                return None
        fingerprint = self._fingerprints.pop(submission)
        self._tries.pop(submission, None)
        if error is None:
            return Judged(submission, fingerprint, future.result())
        if isinstance(error, PoolLostError) or not isinstance(error, Exception):
            raise error
        ours = f"the grader failed on it ({type(error).__name__}: {error}); please report that"
        return Judged(submission, "", None, KILLED if isinstance(error, BrokenExecutor) else ours)
