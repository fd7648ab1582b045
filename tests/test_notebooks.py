"""Every notebook runs from top to bottom, without a network, and its tables have rows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted(Path(__file__).resolve().parents[1].glob("notebooks/*.ipynb"))

pytestmark = pytest.mark.slow


@pytest.fixture
def own_jupyter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what is in the home folder from deciding which kernel `python3` is: then it is this interpreter."""
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(_package_parent()))


def _package_parent() -> Path:
    import incidentgraph

    return Path(incidentgraph.__file__).resolve().parents[1]


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_committed_without_outputs(path: Path) -> None:
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert [
        cell for cell in notebook.cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)
    ] == []


@pytest.mark.usefixtures("own_jupyter")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_and_its_tables_have_rows(path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute()

    tables = [shown for shown in _shown(notebook, "text/html") if "<table" in shown]
    assert len(tables) >= 6
    for table in tables:
        assert re.search(r"<tbody>\s*<tr>", table), f"a table without rows: {table[:300]}"
    assert len(_shown(notebook, "image/png")) == 2, "the timeline and the network"
    assert any("<iframe sandbox=" in shown for shown in _shown(notebook, "text/html")), "the explorer"
    assert _streams(notebook, "stderr") == []


def _shown(notebook: Any, kind: str) -> list[str]:
    return [
        output.data[kind]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type in ("execute_result", "display_data") and kind in output.data
    ]


def _streams(notebook: Any, name: str) -> list[str]:
    return [
        output.text
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream" and output.name == name
    ]
