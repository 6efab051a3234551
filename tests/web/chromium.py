"""A real browser for the stories: Debian's Chromium, driven by roles and names as a person would find things."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""The first is the same program without its windows, and takes a third of the processor."""
AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")

Look = Literal["whole", "colours", "form"]
_COLOURS = ["color-contrast", "link-in-text-block"]
_LOOKS: dict[Look, dict[str, Any]] = {
    "whole": {},
    "colours": {"runOnly": {"type": "rule", "values": _COLOURS}},
    "form": {"rules": {rule: {"enabled": False} for rule in _COLOURS}},
}

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, headless, which asks nothing of any network by itself."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        yield browser
        browser.close()


@contextmanager
def serving(store: Path, home: Path, *options: str) -> Iterator[str]:
    """The installed command serving a store on a free port; gives the address with the start key."""
    command = [str(Path(sys.executable).parent / "dubi"), "web", "--no-browser", "--store", str(store), *options]
    environment = {**os.environ, "DUBI_HOME": str(home)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, encoding="utf-8"
    ) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
            assert server.wait(timeout=90) in (0, -15, 143)


class Visit:
    """One visit of a browser: what it asked and what it complained of is kept, and must be nothing foreign."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        width: int = 1280,
        height: int = 800,
        scheme: str = "light",
        *,
        scripts: bool = True,
    ) -> None:
        self._origin = address.partition("/vao")[0]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]  # light or dark
            java_script_enabled=scripts,
            ignore_https_errors=address.startswith("https://"),  # a certificate of the test's own
        )
        context.set_default_timeout(120_000)  # a busy machine is slow, not wrong
        self.page: Page = context.new_page()
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(address)

    def _asked(self, url: str) -> None:
        if not url.startswith((self._origin, "data:")):
            self.foreign.append(url)

    def to(self, path: str) -> Page:
        """Go to an address of the desk."""
        self.page.goto(self._origin + path)
        return self.page

    def violations(self, look: Look = "whole") -> list[str]:
        """What axe finds on the page, as rule and place: all of it, or of its colours alone, or all but those."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE)
        chosen = {"resultTypes": ["violations"], **_LOOKS[look]}
        found = self.page.evaluate("chosen => axe.run(document, chosen)", chosen)
        places = [(one["id"], node["html"]) for one in found["violations"] for node in one["nodes"]]
        return [f"{rule}: {' '.join(html.split())[:120]}" for rule, html in places]
