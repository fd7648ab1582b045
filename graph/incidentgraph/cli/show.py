"""`incidentgraph show`: a name in, a dossier with its sentences out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from incidentgraph.cli import shared
from incidentgraph.kg.dossier import Dossier, find_dossiers
from incidentgraph.pipeline import load


@click.command()
@shared.folder_argument
@click.argument("name", metavar="NAME")
@click.option(
    "--quotes", type=click.IntRange(min=0), default=2, show_default=True, help="Sentences shown for each fact."
)
def show(folder: Path, name: str, quotes: int) -> None:
    """Print what the graph in DIR knows about NAME: names, relations, attacks, claims, with the sentences.

    NAME is any spelling of a person, group or place, a part of an attack's label, or an IRI.

    \b
      incidentgraph show out "Islamic State"
      incidentgraph show out Raqqa --quotes 1
    """
    dossiers = find_dossiers(load(folder).network(), name)
    if not dossiers:
        shared.say(f"nothing in {folder} is called {shared.printable(name)!r}")
        sys.exit(1)
    for number, dossier in enumerate(dossiers):
        if number:
            click.echo()
        for line in _lines(dossier, quotes):
            click.echo(line)


def _lines(dossier: Dossier, quotes: int) -> list[str]:
    lines = [f"{dossier.label}  ({dossier.cls})", f"  <{dossier.iri}>"]
    for section in dossier.sections:
        lines.append(f"{section.title}:")
        for fact in section.facts:
            lines.append(f"  {shared.printable(fact.text)}")
            for source in fact.sources[:quotes]:
                lines.append(f"      “{shared.printable(source.quote)}”")
                lines.append(f"       — {shared.printable(source.named)}")
            if len(fact.sources) > quotes > 0:
                lines.append(f"      … and {len(fact.sources) - quotes} more")
    return lines
