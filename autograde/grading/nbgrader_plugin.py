"""Our judge inside stock ``nbgrader autograde`` and the formgrader, by nbgrader's own configuration.

``nbgrader_config.py`` puts ``RebuildSubmission`` first among the sanitizers and ``JudgeSubmission`` in the place of
``Execute``. Both do exactly what ``autograde grade`` does, so the marks are the same.
"""

from __future__ import annotations

import atexit
import shutil
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograde.judge.course import find_course
from autograde.judge.lesson import load_lesson
from autograde.sandbox.limits import Limits
from autograde.sandbox.worker import Worker

from .grader import Grader, read_release
from .handed_in import HARD_LINK, is_link_to_another, read_timestamp
from .rebuild import Rebuilt, rebuild
from .safety import require_safe
from .settings import JudgeSettings
from .store import open_store

_NOTES = "autograde_notes"
_graders: dict[tuple[str, str, Limits], Grader] = {}
_workers: list[Worker] = []


class RebuildSubmission(NbGraderPreprocessor):  # type: ignore[misc]
    """Replaces a submitted notebook by ours with the student's answers in it."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """See ``rebuild``; what had to be mended travels in the notebook's metadata to ``JudgeSubmission``."""
        lesson = resources["nbgrader"]["assignment"]
        course = find_course()
        # Read here as well, so that a mistake in the configuration is told before anything is changed.
        JudgeSubmission(config=self.config).limits_for(lesson, course.lesson_names())
        release, _ = read_release(course.notebooks / lesson)
        notes = _refuse_links(resources, course.root)
        rebuilt = rebuild(nbformat.v4.new_notebook() if notes else nb, release)
        rebuilt = Rebuilt(rebuilt.notebook, (*notes, *rebuilt.notes))
        rebuilt.notebook.metadata[_NOTES] = list(rebuilt.notes)
        return rebuilt.notebook, resources


def _refuse_links(resources: dict[str, Any], root: Path) -> tuple[str, ...]:
    """Why the submitted file is not graded: it is a link, and so not what the student wrote. Empty when it is none."""
    lesson = resources["nbgrader"]["assignment"]
    path = Path(resources["metadata"]["path"]) / f"{resources['metadata']['name']}.ipynb"
    if path.is_symlink() or path.parent.is_symlink() or path.parent.parent.is_symlink():
        return ("What was handed in is a link; hand in the notebook itself.",)
    if path.is_file() and is_link_to_another(path, [root, path.parents[3]], lesson):
        return (HARD_LINK,)
    return ()


def _remove_copies(resources: dict[str, Any]) -> None:
    """Remove what nbgrader copied from the submission beside the graded notebook, links followed.

    It would be copied on into the feedback, and a link may have led to a file that only the grader can read.
    """
    about, folder = resources["nbgrader"], Path(resources["metadata"]["path"])
    if (folder.parent.name, folder.name) != (about["student"], about["assignment"]):
        return
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != f"{resources['metadata']['name']}.ipynb" and not (
            path.name == "timestamp.txt" and read_timestamp(path)
        ):
            path.unlink()


class JudgeSubmission(JudgeSettings, NbGraderPreprocessor):  # type: ignore[misc]
    """Runs the student's cells in the sandbox and writes the judge's verdicts into the test cells."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """See ``Grader``; the verdicts are also kept for the class report."""
        about = resources["nbgrader"]
        _remove_copies(resources)
        grader = self._grader(about["assignment"], about["db_url"])
        notes = tuple(map(str, nb.metadata.pop(_NOTES, [])))
        graded = grader.grade_rebuilt(Rebuilt(nb, notes))
        with open_store(about["db_url"]) as store:
            store.save(about["assignment"], about["student"], graded.verdicts)
        return graded.notebook, resources

    def _grader(self, lesson: str, db_url: str) -> Grader:
        """One grader for each lesson, gradebook and limits, kept warm for the whole run of nbgrader."""
        course = find_course()
        limits = self.limits_for(lesson, course.lesson_names())
        key = (lesson, db_url, limits)
        if key not in _graders:
            if not _workers:
                _workers.append(Worker())
                atexit.register(_workers[0].close)
            safety = require_safe(
                _workers[0], allow_unsafe=self.allow_unsafe, how="set c.JudgeSubmission.allow_unsafe = True"
            )
            if not safety.safe:
                self.log.warning(safety.explanation())
            with open_store(db_url) as store:
                seed = store.seed(lesson)
                store.set_level(lesson, safety.level.words())
            release, files = read_release(course.notebooks / lesson)
            _graders[key] = Grader(
                load_lesson(course.lessons / lesson),
                release,
                seed,
                _workers[0],
                files,
                limits,
            )
        return _graders[key]
