"""IncidentGraph -> GraphML, for Gephi, yEd, Cytoscape and igraph."""

from __future__ import annotations

from typing import BinaryIO

from incidentgraph.export.flat import flat_network
from incidentgraph.kg.graph import IncidentGraph


def write_graphml(graph: IncidentGraph, out: BinaryIO) -> None:
    """Write the network view of `graph` to `out`."""
    from networkx.readwrite.graphml import write_graphml_xml  # not the one on lxml, whose bytes differ

    write_graphml_xml(flat_network(graph), out)
