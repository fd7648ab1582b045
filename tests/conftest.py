"""Makes `factories` importable from every test folder, and shares the hand-made example graph."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import example, make_resolution
from incidentgraph.kg.graph import IncidentGraph


@pytest.fixture(scope="session")
def example_graph() -> IncidentGraph:
    """The graph of the three example articles; tests must not change it."""
    return IncidentGraph.from_records(example(), make_resolution())


@pytest.fixture(scope="session")
def seeds_graph_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a build of seeds/articles leaves, built once; tests must not change it."""
    from incidentgraph.pipeline import build_graph
    from incidentgraph.resources import root

    folder = tmp_path_factory.mktemp("seeds-graph") / "out"
    result = build_graph([str(root() / "seeds" / "articles")], out=folder)
    assert result.skipped == ()
    return folder
