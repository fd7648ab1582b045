"""The command line: one module for each command, each a few lines over a library function."""

from __future__ import annotations

import os
import sys

import click

from incidentgraph import __version__
from incidentgraph.cli import _threads  # noqa: F401 - first, for what it sets
from incidentgraph.cli.build import build
from incidentgraph.cli.evaluate import evaluate
from incidentgraph.cli.explore import explore
from incidentgraph.cli.export import export
from incidentgraph.cli.extract import extract
from incidentgraph.cli.query import query
from incidentgraph.cli.show import show
from incidentgraph.cli.train import train
from incidentgraph.cli.validate import validate
from incidentgraph.errors import IncidentGraphError, UsageError

COMMANDS = (build, extract, query, show, export, explore, validate, evaluate, train)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="incidentgraph")
def cli() -> None:
    """Turn news articles about attacks into a knowledge graph that shows its sentences.

    \b
    Start here:
      incidentgraph build articles/ --out out      read the articles, write the graph
      incidentgraph show out "Islamic State"       what the graph knows, with the sentences
      incidentgraph explore out                    look at it in the browser

    Exit codes: 0 all read, 1 nothing usable or an error, 2 wrong call, 3 some articles skipped.
    """


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run the command line; an error of ours becomes one line, any other keeps its traceback."""
    try:
        cli()
    except UsageError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(2)
    except IncidentGraphError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:  # `… | head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
