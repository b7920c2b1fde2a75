"""Which modules Python finds where the names of all files are seen and not all files may be read.

Landlock lets a session list ``site-packages``, for Python finds packages by their names, and read the course's packages
in it. Many a library imports another one only if it is there: that must fail as for one that is not installed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType


class ReadablePathFinder(PathFinder):
    """Finds the modules on ``sys.path`` that may be read; any other one is not there."""

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's spec, or None; see ``importlib.abc.MetaPathFinder``."""
        spec = super().find_spec(fullname, path, target)
        if spec is None or not spec.has_location or spec.origin is None:
            return spec
        try:
            with Path(spec.origin).open("rb"):
                return spec
        except PermissionError:
            return None
        except OSError:
            return spec  # importing it says what is wrong


def find_only_readable() -> None:
    """Have ``import`` pass over what this process may not read."""
    sys.meta_path[:] = [ReadablePathFinder if finder is PathFinder else finder for finder in sys.meta_path]
