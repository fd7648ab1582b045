"""IncidentGraph -> files; EXPORTERS names the formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO

from incidentgraph.export.explorer import write_html
from incidentgraph.export.gexf import write_gexf
from incidentgraph.export.graphml import write_graphml
from incidentgraph.export.jsonld import write_jsonld
from incidentgraph.export.members import write_members
from incidentgraph.export.nquads import write_nquads
from incidentgraph.export.trig import write_trig
from incidentgraph.export.turtle import write_turtle
from incidentgraph.kg.graph import IncidentGraph


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format: how its files end and what writes them."""

    suffix: str
    write: Callable[[IncidentGraph, BinaryIO], None]


EXPORTERS: Mapping[str, Exporter] = MappingProxyType(
    {
        "turtle": Exporter(".ttl", write_turtle),
        "nquads": Exporter(".nq", write_nquads),
        "trig": Exporter(".trig", write_trig),
        "jsonld": Exporter(".jsonld", write_jsonld),
        "graphml": Exporter(".graphml", write_graphml),
        "gexf": Exporter(".gexf", write_gexf),
        "html": Exporter(".html", write_html),
        "members": Exporter(".members.json", write_members),
    }
)
