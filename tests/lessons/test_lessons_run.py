"""Every lesson runs from top to bottom, without an error, in under a minute."""

import time
from pathlib import Path

import pytest

from autograde.authoring.draft import make_draft
from autograde.authoring.execute import run_notebook
from autograde.judge.course import Course

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course(ROOT)


@pytest.mark.parametrize("lesson", COURSE.lesson_names())
def test_a_lesson_runs_in_under_a_minute(lesson: str, tmp_path: Path) -> None:
    draft = make_draft(COURSE, lesson)
    (tmp_path / "checks.json").write_text(draft.checks, encoding="utf-8")
    start = time.perf_counter()
    run_notebook(draft.notebook, tmp_path, ROOT, lesson)
    assert time.perf_counter() - start < 60
    outputs = [o for c in draft.notebook.cells if c.cell_type == "code" for o in c.outputs]
    assert sum("<img" in o.get("data", {}).get("text/html", "") for o in outputs) >= 3
