"""What one session of student code may use. Plain numbers, so that a configuration file can override them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """Limits of one session: bytes, counts and seconds of wall time unless a line says otherwise."""

    #: Address space on top of what the warm process holds already (NumPy, matplotlib, IPython); kept on Linux.
    memory_bytes: int = 2048 * MIB
    #: What a session may keep in its folder: bytes, and files and folders (with an own view of the files).
    folder_bytes: int = 256 * MIB
    folder_files: int = 5000
    #: The largest file the session may write.
    file_bytes: int = 64 * MIB
    #: Open files at a time.
    open_files: int = 256
    #: Processes and threads; where the system counts all of the user's, on top of those that run already.
    processes: int = 256
    #: Processor seconds of the whole session; wall time is bounded cell by cell and call by call.
    cpu_seconds: int = 600
    #: Wall time of one cell.
    cell_seconds: float = 20.0
    #: What one cell may print and show (text as UTF-8, pictures as PNG).
    cell_output_bytes: int = 2 * MIB
    #: What all cells of a session together may print and show.
    session_output_bytes: int = 16 * MIB
    #: Displays, prints and pictures kept of one cell; prints in a row count as one.
    cell_outputs: int = 200
    #: The longest reply to ``run_calls``: the values that come back, as JSON.
    reply_bytes: int = 16 * MIB
    #: The longest source of a cell; more is refused before it is sent.
    source_bytes: int = 1 * MIB

    def with_overrides(self, overrides: dict[str, float]) -> Limits:
        """A copy with some limits changed. ``ValueError`` names an unknown limit or one that is not above zero."""
        known = {f.name for f in fields(self)}
        for name, value in overrides.items():
            if name not in known:
                raise ValueError(f"no limit is called {name!r}; known: {', '.join(sorted(known))}")
            if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
                raise ValueError(f"the limit {name} must be a number above 0, got {value!r}")
            if name != "cell_seconds" and value != int(value):
                raise ValueError(f"the limit {name} must be a whole number, got {value!r}")
        values: dict[str, Any] = {n: float(v) if n == "cell_seconds" else int(v) for n, v in overrides.items()}
        return replace(self, **values)

    def to_plain(self) -> dict[str, float]:
        """The limits as a plain dict; ``Limits(**plain)`` is the way back."""
        return asdict(self)
