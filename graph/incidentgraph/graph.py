"""The graph as users hold it: what `kg` answers, and the same written to files and shown in a notebook."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from pathlib import Path

from incidentgraph import kg
from incidentgraph.errors import StoreError, UsageError
from incidentgraph.export import EXPORTERS
from incidentgraph.export.explorer import explorer_html


class IncidentGraph(kg.IncidentGraph):
    """A graph of actors and incidents: tables, SPARQL, a network, exports and the explorer."""

    def export(self, path: Path | str, *, format: str | None = None) -> None:  # noqa: A002 - the name users expect
        """Write the graph to a file; the format is that of the file's ending unless named."""
        target = Path(path)
        name = format or next((key for key, known in EXPORTERS.items() if target.name.endswith(known.suffix)), None)
        if name is None or name not in EXPORTERS:
            raise UsageError(f"no format {name or target.suffix!r}; there are: {', '.join(sorted(EXPORTERS))}")
        try:
            with target.open("wb") as out:
                EXPORTERS[name].write(self, out)
        except OSError as error:
            raise StoreError(f"{target} cannot be written: {error.strerror or error}") from error

    def explore(self, *, height: int = 640) -> Explorer:
        """Return the explorer page for display in a notebook cell."""
        return Explorer(page=explorer_html(self.network()), height=height)


@dataclass(frozen=True, slots=True)
class Explorer:
    """The explorer page; a notebook shows it in a frame that can run its script and nothing else."""

    page: str = field(repr=False)
    height: int

    def _repr_html_(self) -> str:
        source = html.escape(self.page, quote=True)
        return (
            f'<iframe sandbox="allow-scripts allow-popups" srcdoc="{source}" title="incidentgraph explorer" '
            f'style="width:100%;height:{int(self.height)}px;border:1px solid #bbb"></iframe>'
        )
