"""`incidentgraph explore`: the explorer page of a graph, in the browser."""

from __future__ import annotations

from pathlib import Path

import click

from incidentgraph.cli import shared
from incidentgraph.kg.store import open_store
from incidentgraph.pipeline import export_name, load


@click.command()
@shared.folder_argument
@click.option("--no-browser", is_flag=True, help="Only say where the page is.")
def explore(folder: Path, no_browser: bool) -> None:
    """Open the explorer page of the graph in DIR; one file, it needs no network."""
    page = open_store(folder).path / export_name("html")
    if not page.is_file():
        load(folder).export(page, format="html")
    click.echo(str(page))
    if not no_browser and click.launch(page.resolve().as_uri()) != 0:
        shared.say("no browser could be opened: open the file above yourself")
