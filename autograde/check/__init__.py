"""The student's side: check(), hints, comparing. NumPy and the standard library only."""

from .api import CheckFailedError, begin, check, progress

__all__ = ["CheckFailedError", "begin", "check", "progress"]
