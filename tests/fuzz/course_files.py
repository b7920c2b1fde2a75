"""Files that lie on a student's disk or come with a submission: checks.json, .progress.json, timestamp.txt."""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from nbgrader.utils import parse_utc

from autograde.check import api, notebook_file
from autograde.check.checks_file import ChecksFileError, VisibleExercise, find_checks, load_checks
from autograde.grading.handed_in import STAMP_BYTES, read_timestamp

from .mutate import damage, damaged, edited, edits, written
from .notebooks import ROOT
from .registry import bounded, target

LESSON = "00-start-here"


@cache
def real_checks() -> Any:
    """The published cases of the first lesson, cut down to one exercise."""
    data = json.loads((ROOT / "notebooks" / LESSON / "checks.json").read_text(encoding="utf-8"))
    data["exercises"] = data["exercises"][:1]
    return data


@contextlib.contextmanager
def a_file(raw: bytes, name: str) -> Any:
    """A lesson's folder with this file in it, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / LESSON / name
        path.parent.mkdir()
        path.write_bytes(raw)
        yield path


@target(
    "files: checks.json, edited and damaged",
    st.tuples(edits, damage | st.just({})),
    in_suite=80,
)
def checks_json(drawn: tuple[list[Any], dict[str, Any]]) -> None:
    changes, how = drawn
    raw = damaged(written(edited(real_checks(), changes)), how)
    with a_file(raw, "checks.json") as path:
        with contextlib.suppress(ChecksFileError):  # it may have become another lesson's
            assert find_checks(LESSON, path.parent) == path
        with bounded(seconds=2 + 5e-5 * len(raw), memory=2**20 + 120 * len(raw)):
            try:
                checks = load_checks(path)
            except ChecksFileError as error:
                assert str(path) in str(error)
                assert "Copy it again" in str(error)
                return
    assert type(checks.lesson) is str
    for name, exercise in checks.exercises.items():
        assert type(exercise) is VisibleExercise
        assert type(name) is str
        assert all(type(p) is str for p in (*exercise.parameters, *exercise.hints, *exercise.not_checked))


@target(
    "files: .progress.json, edited and damaged",
    st.tuples(edits | st.just([]), damage | st.just({})),
    in_suite=80,
    examples=(([], {"tokens": [(0, b"[" * 3000)]}),),  # RecursionError
)
def progress_json(drawn: tuple[list[Any], dict[str, Any]]) -> None:
    """A damaged file is no reason to fail: it is as if nothing were done yet, and what is done from now on is kept."""
    changes, how = drawn
    raw = damaged(written(edited({LESSON: {"greet": True, "add": False}, "other": {}}, changes)), how)
    with a_file(written(real_checks()), "checks.json") as path, pytest.MonkeyPatch.context() as patch:
        (path.parent.parent / ".progress.json").write_bytes(raw)
        checks = load_checks(path)
        name = next(iter(checks.exercises))
        patch.setattr(api, "_state", {"lesson": LESSON, "checks": checks, "done": {}})
        with contextlib.redirect_stdout(io.StringIO()) as shown:
            api.progress()
            api._remember(checks, name, True)
            api.progress()
        assert "1 of 1" in shown.getvalue()
        assert json.loads((path.parent.parent / ".progress.json").read_text(encoding="utf-8"))[LESSON][name] is True


@target(
    "files: timestamp.txt",
    st.binary(max_size=STAMP_BYTES + 5)
    | st.text("0123456789-:/ .,TZUTC+eEaApPmM", max_size=STAMP_BYTES).map(str.encode)
    | st.datetimes(allow_imaginary=True).map(lambda d: f"{d} UTC".encode())
    | st.tuples(st.datetimes(), st.text(max_size=12)).map(lambda p: f"{p[0]} {p[1]}".encode("utf-8", "replace")),
    in_suite=300,
    examples=(b"9999-12-31 23:59:59 -1", b"0001-01-01 00:00:00 +1", b"1" * 100, b"2026-01-01 00:00:00 " + b"9" * 70),
)
def timestamp(raw: bytes) -> None:
    with a_file(raw, "timestamp.txt") as path, bounded(seconds=1.0, memory=2**21):
        stamp = read_timestamp(path)
    if stamp is not None:
        assert type(stamp) is datetime.datetime
        assert stamp.tzinfo is None
        # What is written beside the graded notebook is read again by nbgrader.
        assert parse_utc(f"{stamp} UTC") == stamp


@target("files: a notebook for autograde check", st.tuples(edits, damage), in_suite=100)
def notebook_to_check(drawn: tuple[list[Any], dict[str, Any]]) -> None:
    """The student's own tool reads any file as cells to run, or says what is wrong with it; it runs none here."""
    changes, how = drawn
    notebook = json.loads((ROOT / "notebooks" / LESSON / f"{LESSON}.ipynb").read_text(encoding="utf-8"))
    raw = damaged(written(edited(notebook, changes)), how)
    with a_file(raw, f"{LESSON}.ipynb") as path:
        try:
            cells = notebook_file._read_cells(path)
        except ChecksFileError as error:
            assert str(path) in str(error)
            return
    assert all(type(number) is int and type(source) is str for number, source in cells)
