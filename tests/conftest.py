"""One thread for linear algebra, as in ``autograde lab``: two workers with two each would wait for one another."""

import os

import pytest

from autograde.sandbox.threads import ONE_THREAD

for _name, _value in ONE_THREAD.items():
    os.environ.setdefault(_name, _value)


def pytest_addoption(parser: pytest.Parser) -> None:
    """What takes too long for every run of the suite; `make exam` asks for it."""
    parser.addoption("--thorough", action="store_true", help="several secret seeds, whole classes")
