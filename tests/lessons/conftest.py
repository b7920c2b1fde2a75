"""Every figure of these tests has the look of the course, as in the lessons, and is closed after its test."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pytest

from coursekit.plots import use_course_style


@pytest.fixture(autouse=True)
def _course_figures() -> Iterator[None]:
    with plt.rc_context():
        use_course_style()
        yield
    plt.close("all")
