"""Downloads from a learning platform, and rosters: names that students choose, and bytes that are no zip any more."""

from __future__ import annotations

import contextlib
import io
import tempfile
import unicodedata
import warnings
import zipfile
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from autograde.grading.collect import collect
from autograde.grading.course import GradingCourse
from autograde.grading.roster import Person, Roster, RosterError, read_roster, unsafe
from autograde.grading.sources import SourceError

from .mutate import damage, damaged
from .registry import bounded, target

LESSON = "00-small"
_TOKENS = (
    *("_", "_", "1", "22", "LATE", "anon", "/", "/", "..", "\\", "C:", "\0", "\n", "submitted", LESSON, "01-other"),
    *(
        "assignsubmission_file_",
        "assignsubmission_onlinetext_",
        "timestamp.txt",
        "Ada L",
        "é",
        "e\u0301",
        "\u202e",
        " ",
    ),
    *(".ipynb", ".ipynb", ".zip", ".py", "-1", "__MACOSX", "._", "con", "x" * 90),
)
names = st.lists(st.sampled_from(_TOKENS), min_size=1, max_size=9).map("".join) | st.sampled_from(
    (f"x_1_2_{LESSON}.ipynb", "Ada L_22_assignsubmission_file_/a.ipynb", f"ada/{LESSON}/{LESSON}.ipynb", "x_1_3_a.zip")
)
files = st.lists(st.tuples(names, st.sampled_from((b"", b"1", b"2", b"2026-01-01 00:00:00 UTC"))), max_size=6)


def zipped(entries: list[tuple[str, bytes]]) -> bytes:
    """A zip with these files, whatever their names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one name twice
        for name, content in entries:
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, content)
    return buffer.getvalue()


ADA = Person("ada", "Ada L", frozenset({"adal"}), "1", "any")


@target(
    "downloads: a zip with zips, names that students choose, damaged",
    st.tuples(files, files, damage | st.just({}), damage | st.just({}), st.booleans()),
    in_suite=150,
    examples=(
        ([("\0", b"1")], [], {}, {}, False),  # IndexError in ZipInfo.is_dir
        ([("ada/x_1_2_../../a.ipynb", b"1")], [("a.ipynb", b"1")], {}, {}, False),
    ),
)
def download(
    drawn: tuple[list[tuple[str, bytes]], list[tuple[str, bytes]], dict[str, Any], dict[str, Any], bool],
) -> None:
    """Every notebook that is collected lies in its place under a safe name, and nothing is written anywhere else."""
    outer, inner, how_inner, how_outer, with_roster = drawn
    nested = damaged(zipped(inner), how_inner)
    raw = damaged(zipped([(name, nested if name.endswith(".zip") else content) for name, content in outer]), how_outer)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for lesson in (LESSON, "01-other"):
            (folder / "course" / "lessons" / lesson).mkdir(parents=True)
            (folder / "course" / "lessons" / lesson / "lesson.py").touch()
        (folder / "class").mkdir()
        (folder / "download.zip").write_bytes(raw)
        course = GradingCourse(folder / "course", folder / "class", "sqlite://")
        roster = Roster([ADA]) if with_roster else None
        with bounded(seconds=2.0):
            try:
                found = collect(course, LESSON, folder / "download.zip", roster)
            except SourceError as error:
                assert str(folder / "download.zip") in str(error)
                assert not list((folder / "class").iterdir())
                return
        assert {p.name for p in folder.iterdir()} == {"course", "class", "download.zip"}
        written = {p for p in course.submitted.rglob("*") if p.is_file()}
        placed = {course.submitted / c.student / LESSON / f"{LESSON}.ipynb" for c in found.collected}
        assert {p for p in written if p.name != "timestamp.txt"} == placed
        assert {p.parent for p in written} == {p.parent for p in placed}
        for made in found.collected:
            assert made.what == "new"
            assert not unsafe(made.student)
            assert unicodedata.is_normalized("NFC", made.student)
            assert made.student == "ada" or not roster
        assert all(f.reason for f in (*found.left_out, *found.set_aside))
        again = collect(course, LESSON, folder / "download.zip", roster)
        assert {c.what for c in again.collected} <= {"unchanged"}
        assert again.left_out == found.left_out


ROSTERS = (
    'Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"L, Ada",1,s1,ada,A\n"B, Bo",2,s2,bo@x,A\n',
    "Identifier,Full name,Email address\nParticipant 1,Ada L,ada@x\nParticipant 2,Bo B,bo@x\n",
    "id,first_name,last_name,email,lms_user_id\nada,Ada,L,,1\nbo,Bo,B,,2\n",
)


@target("downloads: a roster, damaged", st.tuples(st.sampled_from(ROSTERS), damage), in_suite=150)
def roster(drawn: tuple[str, dict[str, Any]]) -> None:
    text, how = drawn
    raw = damaged(text.encode(), how)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "roster.csv"
        path.write_bytes(raw)
        with bounded(seconds=1 + 1e-5 * len(raw)), contextlib.suppress(RosterError):
            for person in read_roster(path).people:
                assert person.problem or not unsafe(person.student)
