"""What is imported first when something is graded: it has to be there before NumPy is."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from autograde.sandbox.threads import ONE_THREAD


@pytest.mark.parametrize("first", ["autograde.grading.fast_start", "autograde.cli.app"])
def test_numpy_gets_one_thread_for_linear_algebra(first: str) -> None:
    source = (
        f"import os, sys\nimport {first}\nprint('numpy' in sys.modules, *(os.environ[n] for n in {sorted(ONE_THREAD)}))"
    )
    environment = {name: value for name, value in os.environ.items() if name not in ONE_THREAD}
    command = [sys.executable, "-c", source]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", *["1"] * len(ONE_THREAD)]


def test_somebody_who_wants_more_threads_gets_them() -> None:
    source = "import os, autograde.grading.fast_start\nprint(os.environ['OPENBLAS_NUM_THREADS'])"
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "4"}
    command = [sys.executable, "-c", source]
    assert subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout == "4\n"
