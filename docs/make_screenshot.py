"""Makes docs/explorer.png: the explorer page of the graph of seeds/articles, with one attack selected.

    python docs/make_screenshot.py [--attack "Kerman, 2024"] [--out docs/explorer.png]

Needs Chromium (CHROMIUM names it, `chromium` otherwise) and no network. Look at the picture before you commit it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

import incidentgraph as ig

ROOT = Path(__file__).resolve().parents[1]
WIDTH, HEIGHT = 1400, 1000


def find_attack(graph: ig.IncidentGraph, part: str) -> str:
    """Return the attack whose label holds `part`; of several the one that most claims are about."""
    attacks = graph.attacks()
    named = attacks[attacks["label"].str.contains(part, regex=False)]
    if named.empty:
        raise SystemExit(f"no attack of the graph is called {part!r}")
    return str(named.sort_values(["claims", "attack"], ascending=[False, True]).iloc[0]["attack"])


def take_picture(page: Path, *, fragment: str, target: Path) -> None:
    """Write what Chromium shows of `page`, opened at `fragment`, to `target`."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    command = [
        browser,
        "--headless",
        "--no-sandbox",  # the page is our own and allows itself no request
        "--disable-gpu",
        "--hide-scrollbars",
        "--no-first-run",
        "--disable-background-networking",
        "--blink-settings=preferredColorScheme=1",  # light
        "--force-prefers-reduced-motion",
        f"--user-data-dir={page.parent / 'profile'}",
        f"--window-size={WIDTH},{HEIGHT}",
        "--virtual-time-budget=8000",
        f"--screenshot={target}",
        f"{page.as_uri()}#{quote(fragment, safe='')}",
    ]
    subprocess.run(command, check=True, timeout=120, capture_output=True)  # noqa: S603


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attack", default="Kerman, 2024", help="part of the attack's label")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "explorer.png")
    options = parser.parse_args()
    graph = ig.build([ROOT / "seeds" / "articles"])
    with tempfile.TemporaryDirectory(prefix="incidentgraph-picture-", ignore_cleanup_errors=True) as folder:
        page = Path(folder, "explorer.html")
        graph.export(page)
        take_picture(page, fragment=find_attack(graph, options.attack), target=options.out.resolve())
    print(options.out, file=sys.stderr)


if __name__ == "__main__":
    main()
