"""What one session of student code may use. Plain numbers, so that a configuration file can override them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """Limits of one session: bytes, counts and seconds of wall time unless a line says otherwise."""

    #: Wall time of one cell.
    cell_seconds: float = 30.0
    #: Wall time of all cells of a notebook together. What has to be run again may take as long once more.
    notebook_seconds: float = 120.0
    #: Times the wall time that an exercise declares for its cases (``time_limit`` in exercises.py).
    exercise_time_factor: float = 1.0
    #: Processor seconds of the whole session, its processes and threads added up.
    cpu_seconds: int = 600
    #: Address space on top of what the warm process holds already (NumPy, matplotlib, IPython); kept on Linux.
    #: With an own process namespace, the processes of a session together may hold as much.
    memory_bytes: int = 2048 * MIB
    #: Processes and threads; where the system counts all of the user's, on top of those that run already.
    processes: int = 256
    #: Open files at a time.
    open_files: int = 256
    #: The largest file the session may write.
    file_bytes: int = 64 * MIB
    #: What a session may keep in its folder: bytes, and files and folders (with an own view of the files).
    folder_bytes: int = 256 * MIB
    folder_files: int = 5000
    #: What one cell may print and show (text as UTF-8, pictures as PNG).
    cell_output_bytes: int = 2 * MIB
    #: Displays, prints and pictures kept of one cell; prints in a row count as one.
    cell_outputs: int = 200
    #: What all cells of a session together may print and show.
    session_output_bytes: int = 16 * MIB
    #: The longest reply to ``run_calls``: the values that come back.
    reply_bytes: int = 16 * MIB
    #: The longest source of a cell; more is refused before it is sent.
    source_bytes: int = 1 * MIB

    def with_overrides(self, overrides: Mapping[str, Any]) -> Limits:
        """A copy with some limits changed. ``ValueError`` names an unknown limit or one that is not above zero."""
        known = {f.name for f in fields(self)}
        values: dict[str, Any] = {}
        for name, value in overrides.items():
            if name not in known:
                raise ValueError(f"no limit is called {name!r}; known: {', '.join(sorted(known))}")
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not math.isfinite(value) or not value > 0:
                raise ValueError(f"the limit {name} must be a number above 0, got {value!r}")
            kind = type(getattr(self, name))
            if kind is int and value != int(value):
                raise ValueError(f"the limit {name} must be a whole number, got {value!r}")
            values[name] = kind(value)
        return replace(self, **values)

    def to_plain(self) -> dict[str, float]:
        """The limits as a plain dict; ``Limits(**plain)`` is the way back."""
        return asdict(self)
