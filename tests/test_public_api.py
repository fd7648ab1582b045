"""What `import incidentgraph` offers, pinned: a name that goes away breaks somebody's notebook."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import incidentgraph

PUBLIC = [
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
GRAPH_MEMBERS = [
    "actors",
    "article_graphs",
    "articles",
    "attacks",
    "claims",
    "evidence",
    "explore",
    "export",
    "locations",
    "merged",
    "network",
    "rdf",
    "sparql",
]
# What takes long to import and is needed only by some calls.
HEAVY = ["jinja2", "networkx", "pandas", "pyoxigraph", "pyvis", "rdflib", "spacy", "trafilatura"]


def test_public_names_are_the_pinned_ones() -> None:
    assert sorted(incidentgraph.__all__) == sorted(PUBLIC)
    assert dir(incidentgraph) == sorted(PUBLIC)


def test_every_public_name_is_there() -> None:
    for name in PUBLIC:
        assert getattr(incidentgraph, name) is not None


def test_graph_has_the_documented_members() -> None:
    graph = incidentgraph.IncidentGraph()
    for name in GRAPH_MEMBERS:
        assert hasattr(graph, name), name


def test_import_is_light() -> None:
    code = f"import sys, incidentgraph; print([name for name in {HEAVY!r} if name in sys.modules])"
    parent = str(Path(incidentgraph.__file__).resolve().parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": parent},
    )
    assert done.stdout.strip() == "[]"
