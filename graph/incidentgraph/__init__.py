"""News articles about attacks become a knowledge graph of actors and incidents that shows its sentences.

import incidentgraph as ig
graph = ig.build(["articles/"], out="out/")      # or ig.load("out/")
graph.attacks()                                  # one row per attack, as a pandas DataFrame
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from incidentgraph.errors import (
    EndpointError,
    ExtensionError,
    ExtractError,
    IncidentGraphError,
    QueryError,
    ReadError,
    ResourceError,
    SourceUnavailable,
    StoreError,
    UsageError,
)
from incidentgraph.records import Article, Extraction

if TYPE_CHECKING:
    from incidentgraph.graph import IncidentGraph
    from incidentgraph.pipeline import build, load

__version__ = "0.1.0"

__all__ = [
    "Article",
    "EndpointError",
    "ExtensionError",
    "ExtractError",
    "Extraction",
    "IncidentGraph",
    "IncidentGraphError",
    "QueryError",
    "ReadError",
    "ResourceError",
    "SourceUnavailable",
    "StoreError",
    "UsageError",
    "__version__",
    "build",
    "load",
]

# Loaded on first use: rdflib, trafilatura and spaCy take a second that `import incidentgraph` should not cost.
_LAZY = {"IncidentGraph": "incidentgraph.graph", "build": "incidentgraph.pipeline", "load": "incidentgraph.pipeline"}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
