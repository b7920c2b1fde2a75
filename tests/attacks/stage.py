"""A small course, a class and a grader, for one attack after the other."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograde.authoring.build import build
from autograde.grading.batch import LessonBatch
from autograde.grading.course import GradingCourse, open_course
from autograde.grading.feedback import write_feedback
from autograde.grading.pools import SerialPool
from autograde.grading.report import summarise, write_report
from autograde.grading.store import open_store
from autograde.judge.course import Course, CourseError
from autograde.judge.lesson import load_lesson
from autograde.sandbox.lockdown import Level
from autograde.sandbox.worker import Worker
from tests.grading.conftest import EXERCISES, LESSON, REPOSITORY, RIGHT, _lesson_source

from .page import dangers, dangers_of_ours, formgrader_page, stock_feedback
from .registry import Attack, Submission, Target
from .watch import ENVIRONMENT_SECRET, SECRET, VAULT, Watch, told

FULL = 5.0
#: One graded before the attack, and one after it.
BEFORE, AFTER = "ada", "blaise"
#: Longest that grading one attack may take, on a busy machine; what hangs is a hole as well.
MOST_SECONDS = 120.0
#: Most processor time that making the pages of one submission may take.
MOST_SECONDS_OF_PAGES = 30.0


#: What steers a terminal; colours may stay.
_CONTROL = re.compile("\x1b(?!\\[[0-9;]*m)|[\x00-\x08\x0e-\x1a\x7f\x9b\u202a-\u202e]")


@dataclass(frozen=True)
class Seen:
    """What an attack got: points, and harm in words."""

    points: float
    harm: tuple[str, ...]
    #: All that the graded notebook says, as text.
    text: str = ""


def answered(release: NotebookNode, **sources: str) -> NotebookNode:
    """The release with right answers but for the sources given."""
    notebook: NotebookNode = nbformat.from_dict(json.loads(json.dumps(release)))
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in RIGHT:
            cell.source = (RIGHT | sources)[name]
    return notebook


def put(folder: Path, content: Submission) -> None:
    """Hand something in."""
    if folder.is_symlink():
        folder.unlink()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if callable(content) and not isinstance(content, NotebookNode):
        content(folder)
        return
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    (folder / f"{LESSON}.ipynb").write_bytes(raw)


class Stage:
    """The grader and all that an attack could hurt, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        os.environ[ENVIRONMENT_SECRET] = SECRET
        root = folder / "course"
        lesson = root / "lessons" / LESSON
        lesson.mkdir(parents=True)
        (root / "notebooks").mkdir()
        (lesson / "lesson.py").write_text(_lesson_source(), encoding="utf-8")
        (lesson / "exercises.py").write_text(EXERCISES, encoding="utf-8")
        config = (REPOSITORY / "nbgrader_config.py").read_text(encoding="utf-8")
        quick = 'c.JudgeSubmission.limits |= {"cell_seconds": 1.5, "notebook_seconds": 4.0}\n'
        (root / "nbgrader_config.py").write_text(f"{config}\n{quick}", encoding="utf-8")
        build(Course(root), execute=False)
        self.course: GradingCourse = open_course(root, folder / "class")
        self.release = nbformat.read(self.course.release_folder(LESSON) / f"{LESSON}.ipynb", as_version=4)
        self.worker = Worker()
        with self.worker.session() as session:
            self.level = session.level
        self.batch = LessonBatch(self.course, LESSON, SerialPool(self.worker))
        for student in (BEFORE, AFTER):
            put(self._folder(student), answered(self.release))
            assert self._grade(student) == FULL
        self._database = self.course.folder / "gradebook.db"
        self.watch = Watch(
            folder / VAULT, [root, self.course.folder], self._database, self._is_free, str(self.worker.root)
        )
        self._sessions = set(self.worker.root.iterdir())
        self._me = BEFORE
        #: What nbgrader's own templates hold.
        self._usual: list[str] = []
        self._usual = self._pages(BEFORE)
        self._usual = [u.split(": ", 1)[1] for u in self._usual]

    def close(self) -> None:
        """End the worker and stop watching."""
        self.watch.close()
        self.worker.close()
        os.environ.pop(ENVIRONMENT_SECRET, None)

    def target(self) -> Target:
        """What the attacker knows."""
        places = self.watch.places | {
            "CANARY": str(self.watch.canary),
            "COURSE": str(self.course.root),
            "OTHERS": str(self.course.submitted),
            "LESSON": LESSON,
        }
        return Target(self.release, places)

    def missing_walls(self, attack: Attack) -> list[str]:
        """The walls that the attack needs to fail at and that do not stand here."""
        here = {n for n, wall in Level.__members__.items() if wall & self.level} | (
            {"ROOT"} if os.getuid() == 0 else set()
        )
        return [n for n in attack.needs if n not in here]

    def run(self, attack: Attack) -> Seen:
        """Grade the attack, then the student after it, and look around."""
        student = attack.student
        # What only root can do is tried by root; the folder is the attacker's before anybody looks.
        self._me = student
        put(self._folder(student), attack.make(self.target()))
        self.watch.look(student)
        points = 0.0
        try:
            with _time_limit(MOST_SECONDS) as late:
                points = self._grade(student)
            harm = ["the grader hung"] if late else []
            harm += self.watch.harm(student)
            left = set(self.worker.root.iterdir()) - self._sessions - self._warm_folders()
            harm += [f"left beside the sessions: {path.name}" for path in sorted(left)]
            for other in (AFTER, BEFORE):
                with _time_limit(MOST_SECONDS) as late:
                    if self._grade(other) != FULL or late:
                        harm.append("another student lost points")
            text = self._text(student)
            harm += told(text)
            harm += ["control characters in the feedback"] if _CONTROL.search(text) else []
            if attack.pages:
                with _time_limit(MOST_SECONDS_OF_PAGES, of_processor=True) as late:
                    harm += self._pages(student)
                harm += ["the pages took too long to make"] if late else []
            return Seen(points, tuple(harm), text)
        finally:
            self.watch.clean()
            self._forget(student)

    def grade_honest(self, notebook: NotebookNode, student: str = "honest") -> Seen:
        """Grade an honest submission."""
        put(self._folder(student), notebook)
        return Seen(self._grade(student), (), self._text(student))

    def _folder(self, student: str) -> Path:
        return self.course.submitted / student / LESSON

    def _grade(self, student: str) -> float:
        found = [s for s in self.batch.todo(force=True) if s.student == student]
        if not found:
            return 0.0
        return self.batch.grade(found[0]).points

    def _warm_folders(self) -> set[Path]:
        return set(self.worker.root.glob("warm-*"))

    def _is_free(self, path: Path) -> bool:
        """Whether it may change: the attacker's own folders, the next student's results, the gradebook itself."""
        if path.name.startswith("gradebook.db") or "__pycache__" in path.parts:
            return True
        if not path.is_relative_to(self.course.folder):
            return False
        room, *rest = path.relative_to(self.course.folder).parts
        results = room in ("autograded", "feedback")
        return (results and (not rest or rest[0] in (self._me, BEFORE, AFTER))) or (
            room == "submitted" and rest[:1] == [self._me]
        )

    def _graded(self, student: str) -> Path:
        return self.course.autograded / student / LESSON

    def _text(self, student: str) -> str:
        """All that the grader added to what the student wrote: outputs, text cells, files beside the notebook."""
        folder = self._graded(student)
        parts = []
        for path in sorted(p for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else []:
            if path.suffix != ".ipynb":
                parts.append(path.read_text(encoding="utf-8", errors="replace"))
                continue
            notebook = nbformat.read(path, as_version=4)
            for cell in notebook.cells:
                parts += [cell.source] if cell.get("id") == "your-result" else []
                for output in cell.get("outputs", []):
                    parts += [output.get("text", ""), *(str(d) for d in output.get("data", {}).values())]
        return "\n".join(parts)

    def _pages(self, student: str) -> list[str]:
        """What is wrong with the pages that students and graders read."""
        if "*" in student or not self._graded(student).is_dir():
            return []
        pages = {
            f"nbgrader's feedback: {p.name}": p.read_text(encoding="utf-8")
            for p in stock_feedback(self.course, LESSON, student)
        }
        ours = {
            f"feedback: {p.name}": p.read_text(encoding="utf-8") for p in write_feedback(self.course, LESSON, student)
        }
        for path in (self.course.feedback / student).rglob("*"):
            if path.is_file() and SECRET in path.read_text(errors="replace"):
                return ["a secret was told in the feedback"]
        pages["formgrader"] = formgrader_page(self.course, LESSON, student)
        with open_store(self.course.db_url) as store:
            summary = summarise(load_lesson(self.course.lesson_folder(LESSON)), store.verdicts(LESSON))
        report = self._graded(student) / "report.html"
        write_report(summary, report)
        pages["report"] = report.read_text(encoding="utf-8")
        report.unlink()
        found = [f"{where}: {d}" for where, page in ours.items() for d in dangers_of_ours(page)]
        found += [f"{where}: {d}" for where, page in pages.items() for d in dangers(page) if d not in self._usual]
        return found[:4]

    def _forget(self, student: str) -> None:
        if self._folder(student).is_symlink():
            self._folder(student).unlink()
        for room in (self.course.submitted, self.course.autograded, self.course.feedback):
            shutil.rmtree(room / student, ignore_errors=True)


@contextlib.contextmanager
def _time_limit(seconds: float, *, of_processor: bool = False) -> Iterator[list[str]]:
    """Fills its list when the block took longer; what hangs in a system call is woken by a signal."""
    timer, number = signal.ITIMER_REAL, signal.SIGALRM
    if of_processor:
        timer, number = signal.ITIMER_PROF, signal.SIGPROF
    late: list[str] = []

    def wake(*_: object) -> None:
        late.append("late")
        raise TimeoutError

    usable = threading.current_thread() is threading.main_thread()
    old = signal.signal(number, wake) if usable else None
    if usable:
        signal.setitimer(timer, seconds)
    try:
        yield late
    except (TimeoutError, CourseError):  # nbgrader wraps the first into an error of its own
        if not late:
            raise
    finally:
        if usable:
            signal.setitimer(timer, 0)
            signal.signal(number, old)
