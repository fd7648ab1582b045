"""What a source is: anything that yields RawItems, and an error in the place of each item that it cannot give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from incidentgraph.errors import ItemError
from incidentgraph.records import RawItem


class Source(Protocol):
    """One place that articles come from."""

    def items(self) -> Iterator[RawItem | ItemError]:
        """Yield each item in a stable order; what cannot be had is yielded as an error, so that the rest goes on."""
        ...
