"""`incidentgraph validate`: a graph in, what SHACL finds wrong out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from incidentgraph.cli import shared
from incidentgraph.kg.validate import validate as validate_graph
from incidentgraph.pipeline import load


@click.command()
@shared.folder_argument
def validate(folder: Path) -> None:
    """Check the graph in DIR against ontology/shapes.ttl; exit code 1 if it does not conform."""
    report = validate_graph(load(folder))
    for result in report.results:
        click.echo(shared.printable(f"{result.focus}: {result.message} ({result.path}: {result.value})"))
    click.echo("conforms" if report.conforms else f"does not conform: {len(report.results)} violations")
    sys.exit(0 if report.conforms else 1)
