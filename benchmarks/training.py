"""One epoch of the lessons' own network: coursekit against plain NumPy, PyTorch and scikit-learn.

    python -m benchmarks.training [--rounds 15] [--threads 2] [--python OTHER] [--json] [--record]

The network is 784-256-10 with ReLU, trained on the 4,000 Fashion pictures in batches of 64 by Adam. Each contestant is
a process of its own that waits while another one trains; they take turns. PyTorch and scikit-learn are no part of the
project: those that the interpreter lacks are left out, with a word. ``--python`` names one that has them; it runs all.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from types import TracebackType
from typing import Any

from autograde.grading.pools import usable_cores

from .common import ROOT, BenchmarkError, environment, find_setting, finish, holds, markdown_table, middle

SECTION = "The lessons' network"
CONTESTANTS = ("coursekit", "NumPy", "PyTorch", "scikit-learn")
#: Against these coursekit is to be no slower.
RIVALS = ("PyTorch", "scikit-learn")
PRECISIONS = ("float64", "float32")


@dataclass
class Times:
    """One contestant at one precision: seconds of each epoch, and the share of pictures it then labels right."""

    contestant: str
    precision: str
    seconds: list[float] = field(default_factory=list)
    accuracy: float = float("nan")
    #: The package that the interpreter lacks.
    missing: str = ""


class Contestant:
    """A process that trains when it is told to. Use it as a context manager."""

    def __init__(self, python: str, name: str, precision: str, threads: int) -> None:
        self.times = Times(name, precision)
        limits = {f"{library}_NUM_THREADS": str(threads) for library in ("OPENBLAS", "OMP", "MKL", "BLIS")}
        self._process = subprocess.Popen(
            [python, "-m", "benchmarks.contestants", name, precision],
            cwd=ROOT,
            env={**environment(), **limits, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.times.missing = str(self._hear().get("missing", ""))

    def __enter__(self) -> Contestant:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()

    def train(self, seed: int) -> None:
        """One epoch. A missing one does nothing."""
        if self.times.missing:
            return
        assert self._process.stdin is not None
        self._process.stdin.write(f"{seed}\n")
        self._process.stdin.flush()
        told = self._hear()
        if told["precision"] != self.times.precision:
            raise BenchmarkError(f"{self.times.contestant} trained in {told['precision']}, not {self.times.precision}")
        self.times.seconds.append(told["seconds"])
        self.times.accuracy = told["accuracy"]

    def forget(self) -> None:
        """What was measured so far was for warming up."""
        self.times.seconds.clear()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise BenchmarkError(f"{self.times.contestant} ended; its complaint is above")
        told: dict[str, Any] = json.loads(line)
        return told


def measure(python: str, rounds: int, threads: int) -> list[Times]:
    """All contestants at both precisions, in turns, after one epoch each without the clock."""
    found = []
    for precision in PRECISIONS:
        with ExitStack() as stack:
            those = [stack.enter_context(Contestant(python, n, precision, threads)) for n in CONTESTANTS]
            for one in those:
                one.train(0)
                one.forget()
            for number in range(rounds):
                for one in those if number % 2 == 0 else reversed(those):
                    one.train(number)
            found += [one.times for one in those]
    return found


def report(found: list[Times], rounds: int, threads: int) -> str:
    """Milliseconds an epoch, and whether coursekit is no slower than its rivals."""
    rows, words = [], []
    for precision in PRECISIONS:
        times = {t.contestant: t for t in found if t.precision == precision}
        ours = middle(times["coursekit"].seconds)
        row = [precision]
        for name in CONTESTANTS:
            row.append("missing" if times[name].missing else f"{1000 * middle(times[name].seconds):.0f}")
        raced = [n for n in RIVALS if not times[n].missing]
        row += [f"{ours / middle(times[n].seconds):.2f}" if n in raced else "" for n in RIVALS]
        row.append(holds(ours, min(middle(times[n].seconds) for n in raced)) if raced else "not raced")
        rows.append(row)
        right = [f"{n} {t.accuracy:.1%}" for n, t in times.items() if not t.missing]
        words.append(f"{precision}: {', '.join(right)}")
    lacking = sorted({t.missing for t in found if t.missing})
    note = f" This interpreter lacks {', '.join(lacking)}; --python names one that has them." if lacking else ""
    columns = ["ms an epoch", *CONTESTANTS, *(f"coursekit / {n}" for n in RIVALS), "no slower than either"]
    return "\n\n".join(
        [
            f"784-256-10, batches of 64, Adam, 4,000 pictures; medians of {rounds} epochs in turns, {threads} "
            f"threads.{note}",
            markdown_table(columns, rows),
            f"Pictures labelled right after an epoch. {'; '.join(words)}.",
        ]
    )


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument(
        "--threads", type=int, default=usable_cores(), help="of the linear algebra; all processors by default"
    )
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has PyTorch and scikit-learn")
    parser.add_argument("--json", action="store_true", help="print every epoch as JSON")
    parser.add_argument("--record", action="store_true", help="add the table to README.md")
    options = parser.parse_args(arguments)
    if options.rounds < 1 or options.threads < 1:
        parser.error("--rounds and --threads are at least 1")
    setting = find_setting(to_be_kept=options.record)
    found = measure(options.python, options.rounds, options.threads)
    if options.json:
        json.dump({"setting": asdict(setting), "times": [asdict(t) for t in found]}, sys.stdout, indent=1)
        return
    finish(SECTION, setting, report(found, options.rounds, options.threads), record=options.record)


if __name__ == "__main__":
    try:
        main()
    except BenchmarkError as error:
        sys.exit(f"benchmarks: {error}")
