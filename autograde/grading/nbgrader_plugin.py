"""Our judge inside stock ``nbgrader autograde`` and the formgrader, by nbgrader's own configuration.

``nbgrader_config.py`` puts ``RebuildSubmission`` first among the sanitizers and ``JudgeSubmission`` in the place of
``Execute``. Both do exactly what ``autograde grade`` does, so the marks are the same.
"""

from __future__ import annotations

import atexit
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Float

from autograde.judge.course import find_course
from autograde.judge.lesson import load_lesson
from autograde.sandbox.worker import Worker

from .grader import Grader, read_release
from .rebuild import Rebuilt, rebuild
from .store import open_store

_NOTES = "autograde_notes"
_graders: dict[tuple[str, str], Grader] = {}
_workers: list[Worker] = []


class RebuildSubmission(NbGraderPreprocessor):  # type: ignore[misc]
    """Replaces a submitted notebook by ours with the student's answers in it."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """See ``rebuild``; what had to be mended travels in the notebook's metadata to ``JudgeSubmission``."""
        lesson = resources["nbgrader"]["assignment"]
        release, _ = read_release(find_course().notebooks / lesson)
        rebuilt = rebuild(nb, release)
        rebuilt.notebook.metadata[_NOTES] = list(rebuilt.notes)
        return rebuilt.notebook, resources


class JudgeSubmission(NbGraderPreprocessor):  # type: ignore[misc]
    """Runs the student's cells in the sandbox and writes the judge's verdicts into the test cells."""

    cell_seconds = Float(30.0, help="Time limit of one of the student's cells, in seconds.").tag(config=True)
    notebook_seconds = Float(120.0, help="Time limit of all cells of one notebook, in seconds.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """See ``Grader``; the verdicts are also kept for the class report."""
        about = resources["nbgrader"]
        grader = self._grader(about["assignment"], about["db_url"])
        notes = tuple(map(str, nb.metadata.pop(_NOTES, [])))
        graded = grader.grade_rebuilt(Rebuilt(nb, notes))
        with open_store(about["db_url"]) as store:
            store.save(about["assignment"], about["student"], graded.verdicts)
        return graded.notebook, resources

    def _grader(self, lesson: str, db_url: str) -> Grader:
        """One grader for each lesson and gradebook, kept warm for the whole run of nbgrader."""
        key = (lesson, db_url)
        if key not in _graders:
            if not _workers:
                _workers.append(Worker())
                atexit.register(_workers[0].close)
            with open_store(db_url) as store:
                seed = store.seed(lesson)
            course = find_course()
            release, files = read_release(course.notebooks / lesson)
            _graders[key] = Grader(
                load_lesson(course.lessons / lesson),
                release,
                seed,
                _workers[0],
                files,
                cell_seconds=self.cell_seconds,
                notebook_seconds=self.notebook_seconds,
            )
        return _graders[key]
