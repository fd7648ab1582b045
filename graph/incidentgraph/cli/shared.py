"""What several commands need: arguments with one meaning, messages in one form, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Any

import click

from incidentgraph.errors import ItemError, UsageError
from incidentgraph.extract import DEFAULT_EXTRACTOR, EXTRACTORS, Metered, make_extractor
from incidentgraph.extract.options import DEFAULT_BUDGET, DEFAULT_TIMEOUT, KEY_VARIABLE, ExtractorOptions
from incidentgraph.extract.parallel import usable_cores

NOTHING_USABLE = 1
SOME_SKIPPED = 3

folder_argument = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
sources_argument = click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
published_option = click.option(
    "--published", metavar="DATE", help="Publication date (2026-02-22) of articles that state none."
)
_EXTRACTOR_OPTIONS = (
    click.option(
        "--extractor",
        type=click.Choice(sorted(EXTRACTORS)),
        default=DEFAULT_EXTRACTOR,
        show_default=True,
        help="What reads the articles.",
    ),
    click.option(
        "--spacy-pipeline", metavar="NAME", help="Your own spaCy pipeline (name or folder) for sentences and names."
    ),
    click.option(
        "--llm-url",
        metavar="URL",
        envvar="INCIDENTGRAPH_LLM_URL",
        show_envvar=True,
        help="With --extractor llm: the OpenAI-compatible endpoint, such as http://localhost:11434/v1.",
    ),
    click.option(
        "--llm-model",
        metavar="NAME",
        envvar="INCIDENTGRAPH_LLM_MODEL",
        show_envvar=True,
        help=f"With --extractor llm: the model's name there. A key is taken from {KEY_VARIABLE}.",
    ),
    click.option(
        "--llm-budget",
        metavar="TOKENS",
        type=click.IntRange(min=1),
        default=DEFAULT_BUDGET,
        show_default=True,
        help="With --extractor llm: tokens that the run may use; articles beyond are left out and named.",
    ),
    click.option(
        "--llm-price",
        metavar="IN OUT",
        type=click.FloatRange(min=0),
        nargs=2,
        help="With --extractor llm: price of a million tokens in and out, to show what the run cost.",
    ),
    click.option(
        "--llm-timeout",
        metavar="SECONDS",
        type=click.FloatRange(min=0, min_open=True),
        default=DEFAULT_TIMEOUT,
        show_default=True,
        help="With --extractor llm: how long to wait for one answer.",
    ),
    click.option(
        "--llm-cache",
        metavar="DIR",
        type=click.Path(file_okay=False, path_type=Path),
        help="With --extractor llm: folder of answers, so that no article is paid for twice.",
    ),
)
jobs_option = click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    default=usable_cores,
    show_default="cores, at most 4",
    help="How many processes read at once, where there are many articles.",
)
extension_option = click.option(
    "--extension",
    "extensions",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Further kinds of attack, trigger words, weapons and claim verbs, in TOML. Repeat for more.",
)


def extractor_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that choose an extractor, and the ready one; tell at the end what it used."""

    @wraps(command)
    def run(*, extractor: str, **given: Any) -> None:
        told = {name: given.pop(name) for name in list(given) if name.startswith(("llm_", "spacy_"))}
        context = click.get_current_context()
        for name in told:
            source = context.get_parameter_source(name)
            if name.startswith("llm_") and extractor != "llm" and source is click.core.ParameterSource.COMMANDLINE:
                raise UsageError(f"--{name.replace('_', '-')} goes with --extractor llm")
        options = ExtractorOptions(**told, llm_key=os.environ.get(KEY_VARIABLE))
        reader = make_extractor(extractor, options)
        try:
            command(extractor=reader, **given)
        finally:
            if isinstance(reader, Metered) and (line := reader.account()):
                say(printable(line))

    for option in reversed(_EXTRACTOR_OPTIONS):
        run = option(run)
    return run


def stdin_for(sources: Sequence[str]) -> bytes | None:
    """Return standard input where a source is "-"."""
    return sys.stdin.buffer.read() if "-" in sources else None


def say(message: str) -> None:
    """Print a message for people; standard output is for results."""
    click.echo(message, err=True)


def printable(text: str) -> str:
    """Return a text without control characters, so that a file name cannot steer the terminal."""
    return "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in text)


def name_skipped(skipped: Sequence[ItemError]) -> None:
    for error in skipped:
        say(f"skipped: {printable(str(error))}")


def exit_code(usable: int, skipped: int) -> int:
    """Return 0 all read, 1 nothing usable, 3 some skipped."""
    if usable == 0:
        return NOTHING_USABLE
    return SOME_SKIPPED if skipped else 0


class ProgressLine:
    """One moving line on a terminal; in a log a plain line at the end of each stage."""

    def __init__(self) -> None:
        self._moves = sys.stderr.isatty()
        self._stage = ""
        self._last = ""

    def __enter__(self) -> Callable[[str, int, int], None]:
        return self.update

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finish()

    def update(self, what: str, done: int, total: int) -> None:
        if what != self._stage:
            self._finish()
            self._stage = what
        self._last = f"{what}: {done} of {total}" if total > 1 else f"{what}: {done}" if total == 0 else what
        if self._moves:
            filled = f" [{'#' * (20 * done // total):<20}]" if total > 1 else ""
            click.echo(f"\r\x1b[K{self._last}{filled}", nl=False, err=True)

    def _finish(self) -> None:
        if self._last:
            click.echo(f"\r\x1b[K{self._last}" if self._moves else self._last, err=True)
        self._last = ""
