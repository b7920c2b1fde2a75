"""``make fuzz``: every target for its share of the time, with other inputs at every run."""

from __future__ import annotations

import argparse
import secrets
import time
import traceback
import warnings

from .registry import Target, run
from .targets import TARGETS

#: Inputs of one round: a round has one seed, and is what is run again to see a finding once more.
ROUND = 50


def fuzz(target: Target, seconds: float, seed: int | None) -> tuple[int, float, str]:
    """Examples tried and seconds taken; text of the finding, empty when there is none."""
    tried, start = 0, time.monotonic()
    while True:
        chosen = secrets.randbits(32) if seed is None else seed
        try:
            tried += run(target, ROUND, chosen, shrink=seed is not None)
        except Exception:
            again = f"To see it again, cut down: python -m tests.fuzz --only {target.name!r} --seed {chosen}"
            return tried, time.monotonic() - start, f"{traceback.format_exc()[-6000:]}\n{again}"
        if seed is not None or time.monotonic() - start >= seconds:
            return tried, time.monotonic() - start, ""


def main() -> int:
    """Run the targets; 1 when one of them has a finding."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0, help="for all targets together")
    parser.add_argument("--only", default="", help="only targets whose name holds this text")
    parser.add_argument("--seed", type=int, help="one round with this seed, and the smallest input that fails")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    chosen = [t for t in TARGETS.values() if options.only in t.name]
    if not chosen:
        parser.error(f"no target holds {options.only!r} in its name; known: {', '.join(TARGETS)}")
    width = max(len(t.name) for t in chosen)
    total, findings = 0, 0
    for target in chosen:
        tried, took, finding = fuzz(target, 60 * options.minutes / len(chosen), options.seed)
        total, findings = total + tried, findings + bool(finding)
        print(
            f"{target.name:<{width}} {tried:7} examples {tried / took:7.0f} a second  {'FOUND' if finding else 'held'}",
            flush=True,
        )
        if finding:
            print(f"{finding}\nOnce mended, add the input to the target's examples.", flush=True)
    print(f"{total} examples, {findings} findings.")
    return 1 if findings else 0


if __name__ == "__main__":
    raise SystemExit(main())
