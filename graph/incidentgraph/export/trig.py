"""IncidentGraph -> TriG: the merged layer as in Turtle, then the graph of each article."""

from __future__ import annotations

from typing import BinaryIO

import pyoxigraph as ox

from incidentgraph.export.turtle import Writer, prefixes
from incidentgraph.kg.graph import IncidentGraph


def write_trig(graph: IncidentGraph, out: BinaryIO) -> None:
    """Write both layers of `graph` to `out`."""
    writer = Writer()
    out.write(prefixes().encode())
    for block in writer.blocks(graph.store, ox.DefaultGraph()):
        out.write(f"\n{block}\n".encode())
    for name in sorted(graph.store.named_graphs(), key=str):
        out.write(f"\n{name} {{\n".encode())
        if isinstance(name, ox.NamedNode):
            for block in writer.blocks(graph.store, name):
                out.write(f"\n{block}\n".encode())
        out.write(b"\n}\n")
