"""The browser that all tests of pages use."""

from __future__ import annotations

import os

import pytest

from .lab import find_chromium

MISSING = "There is no Chromium here, so no page can be tried in a browser. On Debian: apt install chromium"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium's program. Without one these tests are skipped; in continuous integration they fail."""
    program = find_chromium()
    if program is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    return program
