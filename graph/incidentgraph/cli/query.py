"""`incidentgraph query`: SPARQL in, a table, CSV or JSON out."""

from __future__ import annotations

from pathlib import Path

import click
from rdflib import Graph

from incidentgraph.cli import shared
from incidentgraph.errors import QueryError
from incidentgraph.pipeline import load


@click.command()
@shared.folder_argument
@click.argument("sparql", metavar="QUERY")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
def query(folder: Path, sparql: str, form: str) -> None:
    """Ask the graph in DIR: QUERY is SPARQL, or a file that ends in .rq.

    The prefixes ig:, skos:, dcterms:, rdf:, rdfs:, prov:, xsd: need no declaration. The default graph is the merged
    layer; GRAPH <article> is what one article says.

    \b
      incidentgraph query out 'SELECT ?name WHERE { ?g a ig:Group ; skos:prefLabel ?name } ORDER BY ?name'
    """
    answer = load(folder).sparql(_text(sparql))
    if isinstance(answer, bool):
        click.echo("true" if answer else "false")
    elif isinstance(answer, Graph):
        click.echo(answer.serialize(format="turtle"))
    elif form == "csv":
        click.echo(answer.to_csv(index=False), nl=False)
    elif form == "json":
        click.echo(answer.to_json(orient="records", force_ascii=False, date_format="iso", indent=1))
    else:
        told = answer.astype(object).where(answer.notna(), "")  # a variable without a value is an empty cell
        rows = [[str(value) for value in row] for row in told.itertuples(index=False)]
        for line in _table([str(column) for column in answer.columns], rows):
            click.echo(line)


def _text(sparql: str) -> str:
    if not sparql.endswith(".rq"):
        return sparql
    try:
        return Path(sparql).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{sparql} cannot be read: {error}") from error


def _table(header: list[str], rows: list[list[str]]) -> list[str]:
    cells = [header, *[[shared.printable(cell.replace("\n", " ")) for cell in row] for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]
