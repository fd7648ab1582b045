"""`incidentgraph build`: articles in, a folder with the graph and its exports out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from incidentgraph import __version__
from incidentgraph.cli import shared
from incidentgraph.extract import Extractor
from incidentgraph.graph import IncidentGraph
from incidentgraph.pipeline import build_graph, export_name


@click.command()
@shared.sources_argument
@click.option(
    "--out", "out", metavar="DIR", required=True, type=click.Path(path_type=Path), help="Folder for the graph."
)
@shared.published_option
@shared.extractor_options
@shared.extension_option
@shared.jobs_option
@click.option(
    "--base", metavar="IRI", help="What the IRIs of the data begin with.  [default: https://w3id.org/incidentgraph/id/]"
)
@click.option("--quiet", is_flag=True, help="No progress and no summary; skipped articles are still named.")
def build(
    sources: tuple[str, ...],
    out: Path,
    published: str | None,
    extractor: Extractor,
    extensions: tuple[Path, ...],
    jobs: int,
    base: str | None,
    quiet: bool,
) -> None:
    """Read articles, write their graph to DIR; run again to add or update.

    A SOURCE is a file or folder (.txt .md .html .json .jsonl .csv), or - for standard input. DIR gets graph.ttl,
    graph.trig, graph.nq, graph.jsonld, graph.graphml, graph.gexf, graph.members.json, explorer.html, and what was read
    from each article in articles/.

    \b
      incidentgraph build articles/ --out out
      incidentgraph build report.txt --published 2026-02-22 --out out
      curl … | incidentgraph build - --out out
    """
    with shared.ProgressLine() as progress:
        result = build_graph(
            sources,
            out=out,
            published=published,
            extractor=extractor,
            extensions=extensions or None,
            base=base,
            jobs=jobs,
            stdin=shared.stdin_for(sources),
            version=__version__,
            **({} if quiet else {"progress": progress}),
        )
    shared.name_skipped(result.skipped)
    for copy, original in result.duplicates.items():
        shared.say(f"copy: {shared.printable(copy)} repeats {shared.printable(original)}")
    if result.usable and not quiet:
        added, unchanged = len(result.added), len(result.unchanged)
        shared.say(f"articles: {added} read, {unchanged} unchanged, {len(result.skipped)} skipped")
        for line in summary(result.graph, out):
            click.echo(line)
    sys.exit(shared.exit_code(result.usable, len(result.skipped)))


def summary(graph: IncidentGraph, out: Path) -> list[str]:
    """Return what the graph holds and where the files are, a line each."""
    actors = graph.actors()
    counts = {
        "attacks": len(graph.attacks()),
        "claims": len(graph.claims()),
        "persons": int((actors["type"] == "Person").sum()) if len(actors) else 0,
        "groups": int((actors["type"] == "Group").sum()) if len(actors) else 0,
        "locations": len(graph.locations()),
    }
    return [
        "graph: " + ", ".join(f"{number} {name}" for name, number in counts.items()),
        f"look:  {out / export_name('html')}",
        f"query: {out / export_name('turtle')}",
    ]
