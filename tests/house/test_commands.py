"""What ``make check`` says, as part of the suite: style, types, a current build, the lessons' rules."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .checkout import LESSONS, ROOT


def run(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"python -m {' '.join(arguments)}\n{done.stdout}{done.stderr}"


def test_ruff():
    run("ruff", "check", ".")


def test_mypy():
    run("mypy")


def test_the_finished_lessons_are_there():
    numbers = [name[:2] for name in LESSONS]
    assert numbers == [f"{i:02}" for i in range(len(numbers))]
    assert len(numbers) == 16


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_build_is_current(lesson):
    run("autograde", "build", "--check", lesson)


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_lesson_keeps_the_rules(lesson):
    run("autograde", "lint", lesson)
