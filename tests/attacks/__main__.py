"""``make attack``: every attack here and against stock nbgrader, as a table."""

from __future__ import annotations

import argparse
import datetime
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from . import families, stock  # noqa: F401 - importing the families fills the registry
from .registry import ATTACKS
from .stage import Stage


def main() -> int:
    """Run the attacks and print the table; 1 when one of them succeeded here."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--only", default="", help="only attacks whose family or name holds this text")
    parser.add_argument("--no-stock", action="store_true", help="leave stock nbgrader out")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    chosen = [a for a in ATTACKS if options.only in f"{a.family}: {a.name}"]
    console = Console(width=None if sys.stdout.isatty() else 150)
    with_stock = not options.no_stock and shutil.which("bwrap") is not None
    if not with_stock and not options.no_stock:
        console.print(
            "bubblewrap is not installed, so stock nbgrader is left out (Debian: apt-get install bubblewrap)."
        )
    with tempfile.TemporaryDirectory(prefix="attack-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        stage = Stage(folder / "here")
        course = folder / "stock"
        if with_stock:
            stock.make_course(course)
            stock.check_controls(course, folder / "copy")
        table = Table("family", "attack", "points here", "harm here", "points in stock", "harm in stock")
        counts = {"here": 0, "stock": 0, "points": 0, "not walled": 0}
        try:
            for number, attack in enumerate(chosen):
                console.print(f"[dim]{number + 1} of {len(chosen)}: {escape(attack.name)}[/dim]", highlight=False)
                row = [attack.family, escape(attack.name)]
                if missing := stage.missing_walls(attack):
                    counts["not walled"] += 1
                    row += ["", f"not yet walled: {', '.join(missing)}"]
                else:
                    seen = stage.run(attack)
                    counts["here"] += bool(seen.points or seen.harm)
                    row += [f"{seen.points:g}", "; ".join(seen.harm)]
                if with_stock:
                    there = stock.run(attack, course, folder / "copy")
                    counts["stock"] += bool(there["points"] or there["harm"])
                    counts["points"] += bool(there["points"])
                    row += [f"{there['points']:g}", escape("; ".join([*there["harm"], there["note"]]).strip("; "))[:120]]
                table.add_row(*row)
        finally:
            level = stage.level
            stage.close()
    console.print(table)
    words = level.words() if hasattr(level, "words") else level.name.lower()
    console.print(f"{datetime.date.today()}, {len(chosen)} attacks; the sandbox here: {words}.")
    console.print(f"Succeeded here: {counts['here']}. Not run, because a wall is missing here: {counts['not walled']}.")
    if with_stock:
        console.print(f"Succeeded in stock nbgrader: {counts['stock']}, {counts['points']} of them earned points.")
    return 1 if counts["here"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
