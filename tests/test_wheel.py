"""The wheel works without the checkout: it holds ontology/ and seeds/ as git has them, and builds a graph."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_holds_what_git_has(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "ontology", "seeds"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = set(zipfile.ZipFile(wheel).namelist())
    missing = [name for name in listed.stdout.split("\n") if name and f"incidentgraph/_data/{name}" not in names]
    assert not missing
    assert not [name for name in names if name.startswith("incidentgraph/_data/") and name.endswith(".py")]


@pytest.mark.slow
def test_the_unpacked_wheel_reads_an_article(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    script = (
        "import incidentgraph as ig, sys; from incidentgraph import resources\n"
        "assert '_data' in str(resources.root()), resources.root()\n"
        f"assert len(ig.build([{str(tmp_path / 'a.txt')!r}]).attacks()) == 1\n"
    )
    (tmp_path / "a.txt").write_text("A suicide bomber killed 26 people in Maiduguri on 3 May 2024.", encoding="utf-8")
    environment = {"PYTHONPATH": str(tmp_path / "site"), "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, "-P", "-c", script], check=True, env=environment, cwd=tmp_path, timeout=120)
