"""All targets: importing their modules fills the registry."""

from __future__ import annotations

from . import codec_bytes, course_files, downloads, grading, judging, notebooks, replies, streams  # noqa: F401
from .registry import TARGETS

__all__ = ["TARGETS"]
