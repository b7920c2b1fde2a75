"""One thread for linear algebra, whichever library does it."""

from __future__ import annotations

#: Variables of the environment; a library looks at its own when it is loaded.
ONE_THREAD = {
    **{f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "BLIS", "NUMEXPR")},
    "VECLIB_MAXIMUM_THREADS": "1",
}
