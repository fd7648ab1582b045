"""`incidentgraph export`: a graph in, one file in another format out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from incidentgraph.cli import shared
from incidentgraph.export import EXPORTERS
from incidentgraph.pipeline import load


@click.command()
@shared.folder_argument
@click.option("--format", "form", type=click.Choice(sorted(EXPORTERS)), required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write.  [default: standard output]")
def export(folder: Path, form: str, output: Path | None) -> None:
    """Write the graph in DIR in another format.

    \b
    turtle     merged layer with claims and evidence    jsonld   the same as JSON-LD
    trig       both layers, a named graph per article   nquads   the same, a quad a line
    graphml    network for Gephi, yEd, networkx         gexf     network for Gephi
    html       the explorer, one file                   members  which reports make each node
    """
    graph = load(folder)
    if output is not None:
        graph.export(output, format=form)
    else:
        EXPORTERS[form].write(graph, sys.stdout.buffer)
