"""Running a lesson's notebook from top to bottom, and making its outputs fit to keep."""

from __future__ import annotations

import copy
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from autograde.judge.course import CourseError
from autograde.sandbox.threads import ONE_THREAD

#: Seconds a single cell may take; a whole lesson is meant to run in under a minute.
CELL_TIMEOUT = 300
#: The longest folder that a Unix socket's path, 104 bytes on macOS, has room for.
MOST_SOCKET = 80
_WIDGET = "application/vnd.jupyter.widget-view+json"
_KERNEL_FILE = re.compile(r"\S*ipykernel_\d+[/\\]\d+\.py")


class LessonFailedError(CourseError):
    """A cell of a lesson raised an error, or took too long; the message shows the cell and the error."""


def run_notebook(notebook: Any, folder: Path, import_from: Path, lesson: str) -> None:
    """Run every cell of ``notebook`` (changed in place) in ``folder``, with this interpreter's kernel.

    ``import_from`` is searched first for imports. Raises ``LessonFailedError``.
    """
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    metadata = copy.deepcopy(notebook.metadata)
    with tempfile.TemporaryDirectory() as settings:
        manager = AsyncKernelManager(
            kernel_name="python3",
            # Without folders to look in, "python3" is the kernel of the interpreter that runs this.
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
            connection_file=str(Path(settings, "kernel.json")),
            # A free port may be somebody else's by the time the kernel opens it; a file in this folder is nobody's.
            transport="ipc" if os.name == "posix" and len(settings) < MOST_SOCKET else "tcp",
        )
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=CELL_TIMEOUT,
            record_timing=False,
            store_widget_state=True,  # nbclient cannot run widgets without it; what it stores is dropped below
            coalesce_streams=True,
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
            resources={"metadata": {"path": str(folder)}},
        )
        client.widget_registry = {"@jupyter-widgets/output": {"OutputModel": _silent_output_widget()}}
        try:
            client.execute(cleanup_kc=True, env=_environment(import_from, settings))
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise LessonFailedError(_explain(notebook, lesson, error)) from None
    notebook.metadata = metadata  # nbclient notes the interpreter's version and the widgets there
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [_fit_to_keep(output) for output in cell.outputs]


def _silent_output_widget() -> Any:
    """nbclient's stand-in for an Output widget, that does not write back to the kernel.

    Writing back while nbclient waits for the kernel's reply now and then loses that reply, and the run then waits
    for the whole time limit (jupyter/nbclient#312). Nothing in the kernel needs what it would write.
    """
    from nbclient.output_widget import OutputWidget

    class SilentOutputWidget(OutputWidget):
        def send(self, *_: Any, **__: Any) -> None:
            return

    return SilentOutputWidget


def _environment(import_from: Path, settings: str) -> dict[str, str]:
    """The kernel's environment: nobody's personal settings, one thread, one hash seed."""
    paths = [str(import_from), *filter(None, [os.environ.get("PYTHONPATH")])]
    return (
        os.environ | ONE_THREAD | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "0", "IPYTHONDIR": settings}
    )


def _explain(notebook: Any, lesson: str, error: Exception) -> str:
    """The failing cell's source and its error, without terminal colours."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    if isinstance(error, DeadKernelError):
        return f"{lesson}: the kernel died while the lesson ran. Run the notebook by hand to see where."
    if isinstance(error, CellTimeoutError):
        return f"{lesson}: {error}"
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                said = "".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in cell.outputs)
                shown = f"{cell.source}\n\n{said.strip()}".strip()
                return f"{lesson}, cell {number} failed: {output.ename}: {output.evalue}\n\n{shown}"
    return f"{lesson}: {type(error).__name__}: {error}"


def _fit_to_keep(output: Any) -> Any:
    """The output without what differs from run to run, and without widgets, which need a live kernel."""
    if output.output_type == "stream":
        output.text = _KERNEL_FILE.sub("<this cell>", output.text)
    elif _WIDGET in output.get("data", {}):
        output.data = {"text/plain": "Run this cell to use its controls."}
        output.metadata = {}
    return output
