"""The one place that knows where ontology/ and seeds/ are: inside the wheel, or in the checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from incidentgraph.errors import ResourceError

_PACKAGE = Path(__file__).resolve().parent
_MARKER = Path("ontology", "incident.ttl")


@cache
def root() -> Path:
    """Return the folder that holds `ontology/` and `seeds/`."""
    places = (_PACKAGE / "_data", _PACKAGE.parents[1])
    for place in places:
        if (place / _MARKER).is_file():
            return place
    raise ResourceError(f"{_MARKER} is neither in {places[0]} nor in {places[1]}: reinstall incidentgraph")


def path(*parts: str) -> Path:
    """Return the path of a shipped file, such as `path("seeds", "actors.csv")`."""
    found = root().joinpath(*parts)
    if not found.is_file():
        raise ResourceError(f"{found} is missing: reinstall incidentgraph")
    return found
