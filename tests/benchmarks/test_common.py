"""The history that the measurements keep, and the tables they print."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from benchmarks import __main__ as comparison
from benchmarks import startup, thousand, training
from benchmarks.common import HISTORY, BenchmarkError, Setting, finish, holds, markdown_table, write_down

IDLE = Setting("2030-01-02", "commit abc", "x86_64", 2, "3.11.7", 0.01)


def test_an_entry_goes_to_the_end_of_its_section(tmp_path):
    path = tmp_path / "README.md"
    path.write_text("# All\n\n## One\n\nWords.\n\n### old\n\nOld.\n\n## Two\n\nMore.\n", encoding="utf-8")
    write_down("One", IDLE, "| table |", path)
    write_down("Two", IDLE, "last", path)
    assert path.read_text(encoding="utf-8") == (
        "# All\n\n## One\n\nWords.\n\n### old\n\nOld.\n\n"
        "### 2030-01-02, commit abc\n\nx86_64, 2 cores, Python 3.11.7, 1% busy before.\n\n| table |\n\n"
        "## Two\n\nMore.\n\n"
        "### 2030-01-02, commit abc\n\nx86_64, 2 cores, Python 3.11.7, 1% busy before.\n\nlast\n"
    )


def test_what_a_busy_machine_measured_is_not_written(tmp_path, capsys):
    path = tmp_path / "README.md"
    path.write_text("## One\n", encoding="utf-8")
    with pytest.raises(BenchmarkError, match="55% of the processors are busy"):
        finish("One", replace(IDLE, busy=0.55), "| table |", record=True, history=path)
    assert "| table |" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8") == "## One\n"


def test_an_unknown_section_is_told(tmp_path):
    path = tmp_path / "README.md"
    path.write_text("## One\n", encoding="utf-8")
    with pytest.raises(BenchmarkError, match="no section '## Two'"):
        write_down("Two", IDLE, "x", path)


@pytest.mark.parametrize("module", [comparison, thousand, startup, training])
def test_every_measurement_has_its_section(module):
    assert re.search(rf"^## {re.escape(module.SECTION)}$", HISTORY.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_command_is_in_the_readme():
    readme = HISTORY.read_text(encoding="utf-8")
    commands = [p for p in HISTORY.parent.glob("*.py") if "argparse" in p.read_text(encoding="utf-8")]
    assert len(commands) >= 6
    for path in commands:
        name = "benchmarks" if path.stem == "__main__" else f"benchmarks.{path.stem}"
        assert f"`python -m {name}" in readme


def test_tables_and_goals():
    assert markdown_table(["a", "b"], [["x", "1"]]) == "| a | b |\n| --- | --: |\n| x | 1 |"
    assert (holds(1.0, 2.0), holds(3.0, 2.0), holds(3.0, 2.0, at_least=True)) == ("yes", "no", "yes")
    assert holds(float("nan"), 2.0) == holds(float("nan"), 2.0, at_least=True) == "no"
