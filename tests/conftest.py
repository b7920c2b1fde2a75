"""One thread for linear algebra, as in ``autograde lab``: two workers with two each would wait for one another."""

import os

for _library in ("OPENBLAS", "OMP", "MKL", "BLIS", "NUMEXPR"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
