"""IncidentGraph -> GEXF 1.2, for Gephi."""

from __future__ import annotations

from typing import BinaryIO

from incidentgraph.export.flat import flat_network
from incidentgraph.kg.graph import IncidentGraph


def write_gexf(graph: IncidentGraph, out: BinaryIO) -> None:
    """Write the network view of `graph` to `out`."""
    from networkx.readwrite.gexf import GEXFWriter

    writer = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    writer.add_graph(flat_network(graph))
    for meta in writer.xml.iter("meta"):  # the day of writing: not a function of the graph
        meta.attrib.pop("lastmodifieddate", None)
    writer.write(out)
