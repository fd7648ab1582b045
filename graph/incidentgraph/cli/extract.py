"""`incidentgraph extract`: articles in, one JSON object each on standard output."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from incidentgraph.cli import shared
from incidentgraph.errors import ItemError
from incidentgraph.extract import Extractor
from incidentgraph.pipeline import extract_sources
from incidentgraph.schema import to_json


@click.command()
@shared.sources_argument
@shared.published_option
@shared.extractor_options
@shared.extension_option
@shared.jobs_option
def extract(
    sources: tuple[str, ...],
    published: str | None,
    extractor: Extractor,
    extensions: tuple[Path, ...],
    jobs: int,
) -> None:
    """Print what each article says as JSON lines: entities, attacks, claims, relations, all with offsets.

    \b
      incidentgraph extract report.txt | jq '.attacks[] | {kind, locations, killed}'
    """
    usable = 0
    skipped: list[ItemError] = []
    found = extract_sources(
        sources,
        extractor=extractor,
        published=published,
        extensions=extensions,
        jobs=jobs,
        stdin=shared.stdin_for(sources),
    )
    for extraction in found:
        if isinstance(extraction, ItemError):
            skipped.append(extraction)
            shared.name_skipped([extraction])
            continue
        usable += 1
        line = json.dumps(to_json(extraction), ensure_ascii=False)
        sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
        sys.stdout.buffer.flush()
    sys.exit(shared.exit_code(usable, len(skipped)))
