"""The same attacks against stock nbgrader, each in a bubblewrap of its own with limits.

The course there is written as nbgrader courses are: the same three exercises, visible asserts and hidden tests in the
test cells. Run inside as ``python -m tests.attacks.stock FOLDER``, it grades ``mallory`` and the student after, and
prints what was seen as one line of JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .watch import ENVIRONMENT_SECRET, SECRET, VAULT, Watch, told

if TYPE_CHECKING:
    from .registry import Attack

LESSON = "00-small"
FULL = 5.0
#: One of nbgrader's commands that takes longer hangs: it is twelve times the limit of one cell.
COMMAND_SECONDS = 100.0
#: Limits of one attack: seconds, bytes, processes.
WALL_SECONDS, ADDRESS_SPACE, FILE_BYTES, PROCESSES = 400, 6 * 2**30, 2 * 2**30, 250
#: The user it runs as when started by the superuser, on whom a limit on processes has no effect. The system counts
#: all processes of one user together, so two runs at a time are two users.
USER = 61_000 + os.getpid() % 4_000

RIGHT = {
    "double": "def double(z):\n    return 2.0 * z",
    "total": "def total(z):\n    return float(double(z).sum())",
    "apply": "def apply(f, z, rng):\n    return f(z)",
}
TESTS = {
    "double": """np.testing.assert_allclose(double(np.array([1.0, 3.0])), [2.0, 6.0])
### BEGIN HIDDEN TESTS
z = np.random.default_rng(7).standard_normal(5)
np.testing.assert_allclose(double(z), 2 * z)
### END HIDDEN TESTS""",
    "total": """assert abs(total(np.array([1.0, 3.0])) - 8.0) < 1e-9
### BEGIN HIDDEN TESTS
z = np.random.default_rng(8).standard_normal(5)
assert abs(total(z) - 2 * z.sum()) < 1e-9
### END HIDDEN TESTS""",
    "apply": """z = np.array([1.0, 3.0])
assert np.allclose(apply(np.tanh, z, np.random.default_rng(1)), np.tanh(z))
### BEGIN HIDDEN TESTS
assert np.allclose(apply(np.cos, z, np.random.default_rng(1)), np.cos(z))
### END HIDDEN TESTS""",
}
_CONFIG = """c = get_config()
c.CourseDirectory.root = {root!r}
c.ExecutePreprocessor.timeout = 8
c.Execute.timeout = 8
"""


def source_notebook() -> Any:
    """The course as an instructor writes it."""
    import nbformat

    def cell(name: str, source: str, points: int | None = None, solution: bool = False) -> Any:
        made = nbformat.v4.new_code_cell(source, id=name.replace("_", "-"))
        about = {"grade": points is not None, "grade_id": name, "locked": not solution, "schema_version": 3}
        about |= {"solution": solution, "task": False} | ({"points": points} if points is not None else {})
        made.metadata["nbgrader"] = about
        return made

    cells = [nbformat.v4.new_markdown_cell("# Small things", id="title")]
    setup = "import numpy as np\n\n\ndef check(f):\n    pass\n\n\nprogress = begin = check"
    cells.append(cell("setup", setup))
    for (name, source), points in zip(RIGHT.items(), (2, 2, 1), strict=True):
        head, body = source.split("\n", 1)
        solved = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
        cells += [cell(name, solved, solution=True), cell(f"test_{name}", TESTS[name], points)]
    about = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=about)


def make_course(folder: Path) -> None:
    """A stock course with a release, a gradebook and one graded student; ``folder`` is where it will lie inside, too."""
    source = folder / "source" / LESSON
    source.mkdir(parents=True)
    (source / f"{LESSON}.ipynb").write_text(json.dumps(source_notebook()), encoding="utf-8")
    # What attacks expect to find of an instructor's course.
    (folder / "solutions").symlink_to("source")
    (folder / "nbgrader_config.py").write_text(_CONFIG.format(root=str(folder)), encoding="utf-8")
    _nbgrader(folder, "generate_assignment", LESSON)
    for student in ("ada", "blaise"):
        hand_in(folder, student, _answered(folder))
        _nbgrader(folder, "autograde", LESSON, "--student", student)


def _answered(folder: Path) -> Any:
    notebook = release(folder)
    for cell in notebook.cells:
        cell.source = RIGHT.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source)
    return notebook


def release(folder: Path) -> Any:
    """The notebook as students get it."""
    import nbformat

    return nbformat.read(folder / "release" / LESSON / f"{LESSON}.ipynb", as_version=4)


def hand_in(folder: Path, student: str, content: Any) -> None:
    """Put a submission where nbgrader collects it."""
    place = folder / "submitted" / student / LESSON
    place.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes) or not callable(content):
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        (place / f"{LESSON}.ipynb").write_bytes(raw)
    else:
        content(place)


def _nbgrader(folder: Path, *arguments: str, seconds: float = COMMAND_SECONDS) -> str:
    """Run one of nbgrader's commands; what hangs is killed with all its group."""
    scripts = sysconfig.get_path("scripts")
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"}
    process = subprocess.Popen(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=5)
        return "hung"
    return said


def _points(folder: Path, student: str) -> float | None:
    """The points in the gradebook; None when the student has none there."""
    from nbgrader.api import Gradebook, MissingEntry

    try:
        with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
            submission = gradebook.find_submission(LESSON, student)
            return float(submission.score) + sum(
                float(g.extra_credit or 0.0) for n in submission.notebooks for g in n.grades if g.extra_credit
            )
    except MissingEntry:
        return None


def watch_course(folder: Path, student: str) -> Watch:
    """The watch over a stock course; the attacker's own folders may change."""

    def free(path: Path) -> bool:
        if path.name.startswith("gradebook.db") or path.name == "__pycache__" or "__pycache__" in path.parts:
            return True
        room, *rest = path.relative_to(folder).parts
        own = rest[:1] == [student] or (room != "submitted" and rest[:1] == ["blaise"])
        return room in ("submitted", "autograded", "feedback") and (not rest or own)

    return Watch(folder / VAULT, [folder], folder / "gradebook.db", free, "ipykernel_launcher")


def inside(folder: Path) -> dict[str, Any]:
    """Grade the attack and the student after it, and say what was seen. Runs inside the bubblewrap."""
    from . import families  # noqa: F401 - importing it fills the registry
    from .registry import ATTACKS, Target

    everything = [*ATTACKS, *controls(folder)]
    attack = next(a for a in everything if f"{a.family}: {a.name}" == os.environ["ATTACK"])
    os.environ[ENVIRONMENT_SECRET] = SECRET
    student = attack.student
    watch = watch_course(folder, student)
    places = watch.places | {"CANARY": str(watch.canary), "COURSE": str(folder), "LESSON": LESSON}
    hand_in(folder, student, attack.make(Target(release(folder), places | {"OTHERS": str(folder / "submitted")})))
    before = _points(folder, "blaise")
    watch.look(student)
    said = _nbgrader(folder, "autograde", LESSON, "--student", student)
    harm, note = ["the grader hung"] if said == "hung" else [], ""
    harm += watch.harm(student)
    graded = folder / "autograded" / student / LESSON
    if not os.path.exists(graded / f"{LESSON}.ipynb"):  # noqa: PTH110 - False also where the folder is closed to us
        note = "not graded at all"
    texts = []
    with contextlib.suppress(OSError):  # an attack may have closed the folder
        texts = [p.read_text(errors="replace") for p in graded.rglob("*") if p.is_file()]
    harm += told("\n".join(o for t in texts for o in _outputs(t)))
    points = _points(folder, student)
    if attack.pages:
        usual, found = (_feedback_dangers(folder, who) for who in ("ada", student))
        harm += [f"feedback: {d}" for d in found if d not in usual][:3]
    said = _nbgrader(folder, "autograde", LESSON, "--student", "blaise", "--force")
    if said == "hung" or _points(folder, "blaise") != before:
        harm.append("the next student lost points")
    watch.close()
    return {"points": points or 0.0, "harm": harm, "note": note}


def _feedback_dangers(folder: Path, student: str) -> list[str]:
    """What a browser would run in a student's feedback; for an honest one, what nbgrader's own templates hold."""
    from .page import dangers

    if _nbgrader(folder, "generate_feedback", LESSON, "--student", student) == "hung":
        return ["it hung"]
    pages = (folder / "feedback" / student).rglob("*.html")
    return [d for page in pages for d in dangers(page.read_text(errors="replace"))]


def _outputs(text: str) -> list[str]:
    """What a notebook's cells put out, as JSON; of what is no notebook, the text.

    Not the tracebacks: they show the attack's own source.
    """
    try:
        outputs = [o for cell in json.loads(text)["cells"] for o in cell.get("outputs", [])]
        return [json.dumps(o) for o in outputs if o["output_type"] != "error"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return [text]


def run(attack: Attack, course: Path, scratch: Path) -> dict[str, Any]:
    """Run one attack against a copy of the stock course, inside bubblewrap. The copy is deleted afterwards."""
    shutil.copytree(course, scratch, symlinks=True)
    # Inside, the course lies where it was made: nbgrader's configuration names the place.
    command = _bubblewrap(scratch, course)
    if os.getuid() == 0:
        for path in [scratch, *scratch.rglob("*")]:
            os.chown(path, USER, USER, follow_symlinks=False)
    command += [sys.executable, "-m", "tests.attacks.stock", str(course)]
    environment = {
        "ATTACK": f"{attack.family}: {attack.name}",
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=WALL_SECONDS, check=False
        )
        lines = [line for line in done.stdout.decode(errors="replace").splitlines() if line.startswith("SEEN ")]
        if lines:
            return dict(json.loads(lines[-1].removeprefix("SEEN ")))
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        return {"points": 0.0, "harm": ["the grader was ended", *last], "note": ""}
    except subprocess.TimeoutExpired:
        return {"points": 0.0, "harm": ["the grader hung"], "note": ""}
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _bubblewrap(scratch: Path, course: Path) -> list[str]:
    """The command before the command: no network, own processes, private folders, limits."""
    root = Path(__file__).resolve().parents[2]
    shown = {"/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", sys.prefix, sys.base_prefix, str(root)}
    command = ["bwrap", "--die-with-parent", "--new-session", "--unshare-pid", "--unshare-net", "--unshare-ipc"]
    command += ["--unshare-uts", "--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--size", str(2**30)]
    command += ["--tmpfs", "/tmp"]
    # Folders that bubblewrap makes on the way are its own user's alone, unless told otherwise.
    parents = {
        parent for p in (*shown, str(course)) for parent in Path(p).parents if parent not in (Path("/"), Path("/tmp"))
    }
    for folder in sorted(parents):
        command += ["--perms", "0755", "--dir", str(folder)]
    for path in sorted(p for p in shown if Path(p).exists()):
        command += ["--ro-bind", path, path]
    command += ["--bind", str(scratch), str(course), "--chdir", str(root)]
    limits = [f"--as={ADDRESS_SPACE}", f"--fsize={FILE_BYTES}", f"--nproc={PROCESSES}", "--cpu=120", "--core=0"]
    if os.getuid() == 0:
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--"]
        command += ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--no-new-privs"]
        command += ["--bounding-set=-all", "--inh-caps=-all"]
    else:
        command += ["--unshare-user", "--"]
        limits = [x for x in limits if "nproc" not in x]  # counted for the whole of the user, who runs other things
    return [*command, "prlimit", *limits]


def controls(folder: Path) -> list[Attack]:
    """What is no attack: wrong answers, which earn nothing, and right ones, which earn all; neither does harm."""
    from .registry import Attack, cells

    wrong = Attack("wrong answers", "control", lambda target: cells(target.release))
    return [wrong, Attack("right answers", "control", lambda target: _answered(folder))]


def check_controls(course: Path, scratch: Path) -> None:
    """``RuntimeError`` unless stock nbgrader itself works inside the bubblewrap."""
    for control, points in zip(controls(course), (0.0, FULL), strict=True):
        seen = run(control, course, scratch)
        if seen != {"points": points, "harm": [], "note": ""}:
            raise RuntimeError(f"Stock nbgrader does not work in bubblewrap here: {control.name} gave {seen}.")


if __name__ == "__main__":
    print("SEEN", json.dumps(inside(Path(sys.argv[1]))), flush=True)
    os._exit(0)
