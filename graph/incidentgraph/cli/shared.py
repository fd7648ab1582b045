"""What several commands need: arguments with one meaning, messages in one form, progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

import click

from incidentgraph.errors import ItemError
from incidentgraph.extract import DEFAULT_EXTRACTOR, EXTRACTORS

NOTHING_USABLE = 1
SOME_SKIPPED = 3

folder_argument = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
sources_argument = click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
published_option = click.option(
    "--published", metavar="DATE", help="Publication date (2026-02-22) of articles that state none."
)
extractor_option = click.option(
    "--extractor",
    type=click.Choice(sorted(EXTRACTORS)),
    default=DEFAULT_EXTRACTOR,
    show_default=True,
    help="What reads the articles.",
)


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
