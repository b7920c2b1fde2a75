"""Run as the superuser: becomes an ordinary user with nothing, and runs the given program.

    python tests/sandbox/as_nobody.py PATH... -- PROGRAM ARGUMENT...

The paths stay readable: where they lie in a folder that is closed to others (root's home), a mount of this process's own
shows them, and only them, in its place.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from autograde.sandbox import kernel

NOBODY = 65534


def main() -> None:
    split = sys.argv.index("--")
    wanted = [Path(p).resolve() for p in sys.argv[1:split]]
    kernel.unshare(kernel.NEW_FILES)
    kernel.make_mounts_private()
    for closed in sorted({c for path in wanted for c in [closed_part(path)] if c}):
        inside = {p: os.open(p, os.O_PATH) for p in wanted if closed in (p, *p.parents)}
        kernel.mount_memory(closed, "mode=755")
        for path, opened in inside.items():
            path.mkdir(parents=True, exist_ok=True)
            kernel.bind(Path("/proc/self/fd", str(opened)), path)
            os.close(opened)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    os.environ["HOME"] = "/nonexistent"
    os.execv(sys.argv[split + 1], sys.argv[split + 1 :])


def closed_part(path: Path) -> Path | None:
    """The outermost folder on the way to ``path`` that others may not enter."""
    return next((p for p in [*reversed(path.parents), path] if not p.stat().st_mode & 0o001), None)


if __name__ == "__main__":
    main()
