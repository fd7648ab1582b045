"""IncidentGraph -> N-Quads: both layers, one quad a line, sorted. This is what the store keeps."""

from __future__ import annotations

import re
from typing import BinaryIO

import pyoxigraph as ox

from incidentgraph.kg.graph import IncidentGraph

# What kg/terms.py does for single terms; anchored, so that a text that looks like a typed number stays as it is.
_WHOLE = re.compile(
    rb'^(<[^>]*> <[^>]*> "[0-9]+"\^\^<http://www\.w3\.org/2001/XMLSchema#)integer(>(?: <[^>]*>)? \.)$', re.MULTILINE
)


def write_nquads(graph: IncidentGraph, out: BinaryIO) -> None:
    """Write all quads of `graph` to `out`."""
    dumped = graph.store.dump(format=ox.RdfFormat.N_QUADS) or b""
    lines = _WHOLE.sub(rb"\1nonNegativeInteger\2", dumped).split(b"\n")
    lines.sort()
    out.writelines(line + b"\n" for line in lines if line)
