"""``make attack``: every attack here and against stock nbgrader, as a table."""

from __future__ import annotations

import argparse
import datetime
import json
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from . import families, stock  # noqa: F401 - importing the families fills the registry
from .registry import ATTACKS, Attack
from .stage import Stage

#: What was seen of one attack: ``here`` and, unless left out, ``stock``, each with points and harm.
Row = dict[str, Any]


def main() -> int:
    """Run the attacks and print the table; 1 when one of them succeeded here."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--only", default="", help="only attacks whose family or name holds this text")
    parser.add_argument("--no-stock", action="store_true", help="leave stock nbgrader out")
    parser.add_argument(
        "--results", type=Path, help="keep each result in this file as it comes, and leave out what it holds already"
    )
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    console = Console(width=None if sys.stdout.isatty() else 150)
    with_stock = not options.no_stock and shutil.which("bwrap") is not None
    if not with_stock and not options.no_stock:
        console.print(
            "bubblewrap is not installed, so stock nbgrader is left out (Debian: apt-get install bubblewrap)."
        )
    chosen = [a for a in ATTACKS if options.only in f"{a.family}: {a.name}"]
    rows = _read(options.results)
    todo = [a for a in chosen if _key(a) not in rows or (with_stock and "stock" not in rows[_key(a)])]
    if todo:
        for attack, row in _run(todo, with_stock, console):
            rows[_key(attack)] = row
            if options.results:
                with options.results.open("a", encoding="utf-8") as file:
                    file.write(f"{json.dumps(row)}\n")
    return _print([rows[_key(a)] for a in chosen], console)


def _key(attack: Attack) -> tuple[str, str]:
    return attack.family, attack.name


def _read(path: Path | None) -> dict[tuple[str, str], Row]:
    """The results of an earlier run."""
    if path is None or not path.is_file():
        return {}
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {(row["family"], row["name"]): row for row in rows}


def _run(attacks: list[Attack], with_stock: bool, console: Console) -> Iterable[tuple[Attack, Row]]:
    """Run the attacks one by one."""
    with tempfile.TemporaryDirectory(prefix="attack-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        stage = Stage(folder / "here")
        course = folder / "stock"
        try:
            if with_stock:
                stock.make_course(course)
                stock.check_controls(course, folder / "copy")
            for number, attack in enumerate(attacks):
                console.print(
                    f"[dim]{number + 1} of {len(attacks)}: {attack.family}: {escape(attack.name)}[/dim]",
                    highlight=False,
                )
                row: Row = {"family": attack.family, "name": attack.name, "level": stage.level.words()}
                row["missing"] = stage.missing_walls(attack)
                if not row["missing"]:
                    start = time.monotonic()
                    seen = stage.run(attack)
                    row["here"] = {"points": seen.points, "harm": seen.harm}
                    row["here"]["seconds"] = round(time.monotonic() - start, 1)
                if with_stock:
                    start = time.monotonic()
                    row["stock"] = stock.run(attack, course, folder / "copy")
                    row["stock"]["seconds"] = round(time.monotonic() - start, 1)
                yield attack, row
        finally:
            stage.close()


def _print(rows: list[Row], console: Console) -> int:
    """The table, a section for each family, and the totals; 1 when an attack succeeded here."""
    table = Table("attack", "points here", "harm here", "points in stock", "harm in stock")
    table.columns[0].ratio, table.columns[2].ratio, table.columns[4].ratio = 5, 2, 4
    table.expand = True
    for column in (1, 3):
        table.columns[column].justify, table.columns[column].width = "right", 9
    family = ""
    for row in sorted(rows, key=lambda r: str(r["family"])):
        if row["family"] != family:
            family = row["family"]
            table.add_section()
            table.add_row(f"[bold]{escape(family)}[/bold]")
        here, there = row.get("here"), row.get("stock")
        cells = [escape(row["name"])]
        if here:
            cells += [f"{here['points']:g}", escape(_short(here["harm"]))]
        else:
            cells += ["", f"not run: no {', '.join(row['missing']).lower()} here"]
        if there:
            words = [*there["harm"], there["note"]] if there["note"] else there["harm"]
            cells += [f"{there['points']:g}", escape(_short(words))]
        table.add_row(*cells)
    console.print(table)
    here = [r["here"] for r in rows if "here" in r]
    there = [r["stock"] for r in rows if "stock" in r]
    levels = sorted({r["level"].replace("+", ", ") for r in rows})
    console.print(f"{datetime.date.today()}, {len(rows)} attacks; the walls here: {'; '.join(levels)}.")
    console.print(f"Here: {_totals(here)}. Not run here, for want of a wall or of root: {len(rows) - len(here)}.")
    if there:
        console.print(f"Stock nbgrader in bubblewrap: {_totals(there)}.")
    return 1 if any(map(_succeeded, here)) else 0


def _short(words: Iterable[str]) -> str:
    text = "; ".join(words)
    return text if len(text) <= 120 else f"{text[:117]}..."


def _succeeded(seen: dict[str, Any]) -> bool:
    return bool(seen["points"] or seen["harm"])


def _totals(seen: list[dict[str, Any]]) -> str:
    succeeded = sum(map(_succeeded, seen))
    points, harm = sum(bool(s["points"]) for s in seen), sum(bool(s["harm"]) for s in seen)
    return f"{succeeded} of {len(seen)} attacks succeeded ({points} earned points, {harm} did harm)"


if __name__ == "__main__":
    raise SystemExit(main())
