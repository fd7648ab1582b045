"""Makes `factories` importable from every test folder, and shares the hand-made example graph."""

from __future__ import annotations

import pytest

from factories import example, make_resolution
from incidentgraph.kg.graph import IncidentGraph


@pytest.fixture(scope="session")
def example_graph() -> IncidentGraph:
    """The graph of the three example articles; tests must not change it."""
    return IncidentGraph.from_records(example(), make_resolution())
