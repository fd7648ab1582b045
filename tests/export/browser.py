"""Headless Chromium for tests of pages: opens a file, tells what it requested and what its console said."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = "/usr/bin/chromium"
CHROMEDRIVER = "/usr/bin/chromedriver"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


class Page:
    """One browser window."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, html: str, folder: Path, *, fragment: str = "") -> None:
        """Write `html` to a file and open it from disk; what the window said before is forgotten."""
        file = folder / "page.html"
        file.write_text(html, encoding="utf-8", newline="")
        self.driver.get("about:blank")
        self.console()
        self.requests()
        self.driver.get(file.as_uri() + fragment)
        self.run(
            "window.addEventListener('securitypolicyviolation', e => (window.__violations ??= []).push(e.blockedURI))"
        )

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def wait(self, script: str) -> None:
        """Wait until the JavaScript expression is true."""
        from selenium.webdriver.support.ui import WebDriverWait

        WebDriverWait(self.driver, 20, poll_frequency=0.05).until(
            lambda _: self.run(f"return Boolean({script})"), script
        )

    def text(self, selector: str) -> str:
        return str(self.run("return document.querySelector(arguments[0]).textContent", selector))

    def console(self) -> list[str]:
        """Return what the console has said since the last call: errors, warnings, refused requests."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Return the addresses asked for since the last call, as the browser's network layer saw them."""
        messages = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]

    def size(self, width: int, height: int) -> None:
        """Make the page's own area exactly this large."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
        )

    def theme(self, name: str) -> None:
        features = [
            {"name": "prefers-color-scheme", "value": name},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


@contextmanager
def open_browser() -> Iterator[Page]:
    """Yield a window of a fresh browser; only INCIDENTGRAPH_NO_BROWSER=1 excuses a machine without one."""
    if os.environ.get("INCIDENTGRAPH_NO_BROWSER") == "1":
        pytest.skip("INCIDENTGRAPH_NO_BROWSER=1")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    with tempfile.TemporaryDirectory(prefix="incidentgraph-browser-", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in (*FLAGS, f"--user-data-dir={profile}", "--window-size=1280,800"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        service = Service(executable_path=CHROMEDRIVER)
        driver = webdriver.Chrome(options=options, service=service)
        try:
            page = Page(driver)
            page.size(1280, 800)
            page.theme("light")
            yield page
        finally:
            driver.quit()
