"""A real JupyterLab on a copy of the course, and a headless Chromium that uses it as a student does."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Locator, Page, Route, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "test-artefacts"
#: Of everything that is waited for; a busy machine is slow.
SECONDS = 60
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
#: The prompt of a cell that has run; `[*]:` is one that still does.
_NUMBERED = re.compile(r"^\[\d+\]:$")


def find_chromium() -> str | None:
    """Chromium's or Chrome's program; None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def copy_course(folder: Path) -> Path:
    """A copy of what JupyterLab shows and may change; the packages themselves are the checkout's."""
    for name in ("notebooks", "lessons"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@contextlib.contextmanager
def running_server(program: Sequence[str], folder: Path, private: Path) -> Iterator[tuple[str, str]]:
    """A Jupyter server in ``folder`` on a free port, with its own settings; gives its address and its token.

    ``program`` is what ``python -m`` starts; the server's own options come after it.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    (private / "home").mkdir()
    variables = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON", "PYTEST", "MPL"))}
    variables |= {
        "HOME": str(private / "home"),
        "JUPYTER_CONFIG_DIR": str(private / "config"),
        "JUPYTER_DATA_DIR": str(private / "data"),
        "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(private / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(private / "workspaces"),
        "IPYTHONDIR": str(private / "ipython"),
    }
    command = [sys.executable, "-m", *program, "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    log = private / "server.log"
    with log.open("w", encoding="utf-8") as out:
        server = subprocess.Popen(command, cwd=folder, env=variables, stdout=out, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/api/status?token={token}", server, log)
        yield address, token
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextlib.contextmanager
def running_lab(course: Path, private: Path) -> Iterator[str]:
    """``autograde lab`` in ``course``; gives its address with the token."""
    settings = private / "settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    # Cells out of sight stay in the page, so that the test can find them by their number.
    settings.write_text('{"windowingMode": "none"}', encoding="utf-8")
    with running_server(["autograde", "lab", "--"], course, private) as (address, token):
        yield f"{address}/lab?token={token}"


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(address, timeout=5).close()
            return
        time.sleep(0.2)
    raise AssertionError(f"The server did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")


@contextlib.contextmanager
def browser_page(program: str) -> Iterator[tuple[Page, list[str]]]:
    """A page in a new browser, and the addresses beyond this machine that it asked for (none is let through)."""
    outside: list[str] = []

    def local_only(route: Route) -> None:
        if route.request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS), timeout=SECONDS * 1000)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(SECONDS * 1000)
        page.route("**/*", local_only)
        try:
            yield page, outside
        finally:
            browser.close()


class OpenNotebook:
    """A notebook of the copy, open in JupyterLab; cells are named by their grade id."""

    def __init__(self, page: Page, address: str, path: Path) -> None:
        """``path`` is the notebook's file, in a folder of its lesson's name in ``notebooks/``."""
        self.page = page
        self.path = path
        self._numbers = {
            cell.metadata["nbgrader"]["grade_id"]: number
            for number, cell in enumerate(nbformat.read(path, as_version=4).cells)
            if "nbgrader" in cell.metadata
        }
        lab, _, query = address.partition("?")
        page.goto(f"{lab}/tree/{path.parent.name}/{path.name}?{query}")
        expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=SECONDS * 1000)
        # JupyterLab drops what is run before the status bar says this.
        expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=SECONDS * 1000)

    def cell(self, grade_id: str) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self._numbers[grade_id])

    def output(self, grade_id: str) -> Locator:
        return self.cell(grade_id).locator(".jp-Cell-outputArea")

    def write(self, grade_id: str, source: str) -> None:
        """Replace the whole text of a cell, as pasting over it does."""
        editor = self.cell(grade_id).locator(".cm-content")
        editor.scroll_into_view_if_needed()
        editor.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)

    def run(self, grade_id: str) -> Locator:
        """Run a cell and wait until it is done; gives its output."""
        cell = self.cell(grade_id)
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        cell.scroll_into_view_if_needed()
        cell.locator(".jp-InputArea-editor").click()
        self.page.keyboard.press("Shift+Enter")
        expect(prompt).not_to_have_text(before, timeout=SECONDS * 1000)
        expect(prompt).to_have_text(_NUMBERED, timeout=SECONDS * 1000)
        return self.output(grade_id)

    def screenshot(self, name: str, grade_id: str | None = None) -> None:
        """Keep a picture of the page (or of one cell) among the test's artefacts."""
        ARTEFACTS.mkdir(exist_ok=True)
        shown: Any = self.page
        if grade_id is not None:
            shown = self.cell(grade_id)
            shown.scroll_into_view_if_needed()
        shown.screenshot(path=ARTEFACTS / f"{name}.png")
