"""Reading a lesson's ``checks.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .cases import Case, Observation
from .codec import CodecError, decode
from .judging import KnownMistake
from .serial import case_from_plain, known_from_plain, observation_from_plain

FORMAT = 1
_AGAIN = "Copy it again from the course's notebooks folder (instructors: autograde build)."


class ChecksFileError(Exception):
    """There is no readable ``checks.json``; the message says where it was looked for and what to do."""


@dataclass(frozen=True)
class VisibleCase:
    """A published case: what is expected of it, and what known mistakes do on it."""

    case: Case
    expected: Observation | None
    known: list[KnownMistake]


@dataclass(frozen=True)
class VisibleExercise:
    """What ``check()`` knows of one exercise."""

    name: str
    points: int
    parameters: tuple[str, ...]
    hints: tuple[str, ...]
    not_checked: tuple[str, ...]
    cases: tuple[VisibleCase, ...]


@dataclass(frozen=True)
class Checks:
    """The content of one ``checks.json`` and the file it came from."""

    lesson: str
    path: Path
    exercises: dict[str, VisibleExercise]


def load_checks(path: Path) -> Checks:
    """Read ``path``. Raises ``ChecksFileError`` when it is missing, damaged or of another version."""
    return _checks(path, _read(path))


def find_and_load_checks(lesson: str, start: Path | None = None) -> Checks:
    """What ``load_checks`` makes of the file that ``find_checks`` finds, which is read once."""
    return _checks(*_find(lesson, start))


def find_checks(lesson: str, start: Path | None = None) -> Path:
    """The lesson's ``checks.json``: in the current folder, or under a ``notebooks`` folder here or above."""
    return _find(lesson, start)[0]


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ChecksFileError(f"{path} is missing. {_AGAIN}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ChecksFileError(f"{path} cannot be read ({type(error).__name__}). {_AGAIN}") from None


def _checks(path: Path, data: Any) -> Checks:
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ChecksFileError(f"{path} belongs to another version of the course. {_AGAIN}")
    try:
        exercises = {item["name"]: _exercise(item) for item in data["exercises"]}
        return Checks(str(data["lesson"]), path, exercises)
    except (CodecError, KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise ChecksFileError(f"{path} is damaged ({error}). {_AGAIN}") from None


def _find(lesson: str, start: Path | None) -> tuple[Path, Any]:
    """The lesson's file and what stands in it. One that does not say whose it is belongs to its folder's lesson."""
    start = (start or Path.cwd()).resolve()
    places = [start / "checks.json"]
    for folder in (start, *start.parents):
        places += [folder / lesson / "checks.json", folder / "notebooks" / lesson / "checks.json"]
    for place in filter(Path.is_file, places):
        own = place.parent.name
        try:
            data = _read(place)
        except ChecksFileError:
            if own == lesson:
                raise
            continue
        if (data.get("lesson") if isinstance(data, dict) else own) == lesson:
            return place, data
    raise ChecksFileError(
        f"No checks.json of the lesson {lesson} was found in {start} or above it. "
        "Open the notebook from its own folder inside the course, where checks.json lies beside it."
    )


def _exercise(item: dict[str, Any]) -> VisibleExercise:
    return VisibleExercise(
        str(item["name"]),
        int(item["points"]),
        parameter_names(item["signature"]),
        tuple(map(str, item["hints"])),
        tuple(map(str, item["not_checked"])),
        tuple(_case(c) for c in item["cases"]),
    )


def parameter_names(signature: str) -> tuple[str, ...]:
    """The names in a signature such as ``(z, slope=0.01)``."""
    inner = signature.strip().removeprefix("(").removesuffix(")")
    return tuple(part.split("=")[0].strip(" *") for part in inner.split(",") if part.strip(" */"))


def _case(data: Any) -> VisibleCase:
    plain = decode(data)
    expected = plain["expected"]
    return VisibleCase(
        case_from_plain(plain),
        None if expected is None else observation_from_plain(expected),
        [known_from_plain(k) for k in plain["known"]],
    )
