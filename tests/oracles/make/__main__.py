r"""Compute the values that the lessons' references are held against, with software that shares no code with them.

The tests need NumPy only: they read what this program stored in ``tests/oracles/*.json``. Run it again when a case is
added or an oracle gets a new version, in an environment of its own (none of this is a dependency of the course):

    python -m venv oracle-env
    oracle-env/bin/pip install torch==2.13.0 scipy==1.17.1 scikit-learn==1.9.1 mpmath==1.3.0 numpy==2.4.6 \
        mlxtend==0.25.0 pandas==3.1.1 keras==3.15.1 pytorch-lightning==2.6.6
    oracle-env/bin/python -m tests.oracles.make            # writes the files
    oracle-env/bin/python -m tests.oracles.make --check    # computes and compares with them, writes nothing

Every file names the versions that made it. The inputs come from fixed seeds, rounded to three decimals, and everything
runs in float64 on one thread. The same versions on the same machine write the same bytes; another processor may round
the last digit differently, which ``--check`` allows for. Nothing here imports the course: the functions under test
are not known to this program.

Where two oracles know a value, both are stored, or the program stops when they disagree.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from . import (
    adam,
    batch_normalization,
    bias_variance,
    capstone,
    dropout,
    exponentially_weighted_averages,
    gradient_checking,
    initialization,
    input_normalization,
    mini_batch,
    momentum,
    network,
    regularization,
    smarter_search,
    start_here,
    training_diagnostics,
    tuning,
)
from .files import same, text

HERE = Path(__file__).parent.parent
#: Each file, how its cases are made, and the packages that made it besides those that every file names.
FILES = {
    "start_here": (start_here.start_here, ()),
    "initialization": (initialization.initialization, ()),
    "bias_variance": (bias_variance.bias_variance, ("mlxtend", "pandas")),
    "regularization": (regularization.regularization, ("keras", "pytorch_lightning")),
    "dropout": (dropout.dropout, ()),
    "input_normalization": (input_normalization.input_normalization, ()),
    "gradient_checking": (gradient_checking.gradient_checking, ()),
    "mini_batch": (mini_batch.mini_batch, ()),
    "exponentially_weighted_averages": (exponentially_weighted_averages.exponentially_weighted_averages, ("pandas",)),
    "momentum": (momentum.momentum, ("keras",)),
    "adam": (adam.adam, ("keras",)),
    "batch_normalization": (batch_normalization.batch_normalization, ("keras",)),
    "training_diagnostics": (training_diagnostics.training_diagnostics, ()),
    "tuning": (tuning.tuning, ()),
    "smarter_search": (smarter_search.smarter_search, ()),
    "capstone": (capstone.capstone, ()),
    "network": (network.network, ()),
}


def main() -> int:
    """Write the files, or with ``--check`` compare them with what this environment computes."""
    parser = argparse.ArgumentParser(description="Compute the oracle values of the lessons' references.")
    parser.add_argument("--check", action="store_true", help="compare with the stored files and write nothing")
    check = parser.parse_args().check
    stale = 0
    for name, (make, also) in FILES.items():
        path, content = HERE / f"{name}.json", text(make(), also)
        if not check:
            path.write_text(content, encoding="utf-8", newline="\n")
            print(f"wrote {path.name}, {len(content):,} bytes")
        elif not path.is_file() or not same(
            json.loads(path.read_text(encoding="utf-8"))["cases"], json.loads(content)["cases"]
        ):
            print(
                f"{path.name} is not what this environment computes; run python -m tests.oracles.make without --check"
            )
            stale += 1
        else:
            print(f"{path.name} holds")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
