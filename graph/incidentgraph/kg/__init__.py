"""Resolution -> IncidentGraph: the two RDF layers, their questions, their folder and their validation."""

from __future__ import annotations

from incidentgraph.kg.graph import IncidentGraph

__all__ = ["IncidentGraph"]
