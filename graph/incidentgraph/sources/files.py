"""Files, folders and standard input -> RawItem, one per article; nothing here touches the network."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from incidentgraph.errors import ItemError, SourceUnavailable
from incidentgraph.records import RawItem
from incidentgraph.sources.base import Source
from incidentgraph.sources.documents import MAX_BYTES, items_in, items_in_stream, reason_of, sniff

DOCUMENTS = {".txt": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html"}
COLLECTIONS = {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv"}
FORMATS = DOCUMENTS | COLLECTIONS

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+://")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSource:
    """The articles of one file; the ending says how to read it, without an ending the first characters do."""

    path: Path
    seen: set[str] = field(default_factory=set)  # real paths of files already read; shared between sources

    def items(self) -> Iterator[RawItem | ItemError]:
        name = printable(self.path)
        real = os.path.realpath(self.path)
        if real in self.seen:
            return
        self.seen.add(real)
        kind = FORMATS.get(self.path.suffix.lower())
        if kind is None and self.path.suffix:
            yield SourceUnavailable(name, f"unknown ending {self.path.suffix!r}; known are {' '.join(FORMATS)}")
            return
        try:
            with self.path.open("rb") as file:
                if kind in ("jsonl", "csv"):
                    yield from items_in_stream(file, kind=kind, name=name, stem=stem_of(self.path))
                    return
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            yield SourceUnavailable(name, reason_of(error))
            return
        yield from items_in(data, kind=kind or sniff(data), name=name, stem=stem_of(self.path))


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSource:
    """The articles of all files with a known ending in a folder and its folders, sorted; hidden ones are left out."""

    path: Path
    seen: set[str] = field(default_factory=set)

    def items(self) -> Iterator[RawItem | ItemError]:
        found = False
        errors: list[OSError] = []
        for path in _walk(self.path, errors):
            found = True
            yield from FileSource(path=path, seen=self.seen).items()
        for error in errors:
            found = True
            yield SourceUnavailable(printable(Path(error.filename or self.path)), reason_of(error))
        if not found:
            reason = f"the folder holds no article (no file ending in {' '.join(FORMATS)})"
            yield SourceUnavailable(printable(self.path), reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class StdinSource:
    """The articles in bytes that the caller read from standard input; their first characters say how to read them."""

    data: bytes

    def items(self) -> Iterator[RawItem | ItemError]:
        yield from items_in(self.data, kind=sniff(self.data), name="-", stem="stdin")


def open_sources(names: Sequence[str], *, stdin: bytes | None = None) -> Iterator[RawItem | ItemError]:
    """Yield the items of all named files and folders in the order named, each file once; errors are yielded too."""
    seen: set[str] = set()
    for name in names:
        source = _source(name, stdin=stdin, seen=seen)
        if isinstance(source, ItemError):
            yield source
        else:
            yield from source.items()


def _source(name: str, *, stdin: bytes | None, seen: set[str]) -> Source | ItemError:
    if name == "-":
        if stdin is None:
            return SourceUnavailable("-", "standard input was not handed over")
        return StdinSource(data=stdin)
    if not name:
        return SourceUnavailable("''", "an empty name")
    path = Path(name)
    try:
        if path.is_dir():
            return FolderSource(path=path, seen=seen)
        if path.exists():
            return FileSource(path=path, seen=seen)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        return SourceUnavailable(printable(path), reason_of(error))
    if _URL.match(name):
        reason = "not fetched: pages are not read from the network; save the page and name the file"
        return SourceUnavailable(name, reason)
    return SourceUnavailable(printable(path), "no such file or folder")


def printable(path: Path) -> str:
    """Return a path as one line that can be printed, with line ends and undecodable bytes written as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in str(path))


def stem_of(path: Path) -> str:
    """Return the file name without its ending, as it is; only bytes that are no UTF-8 are replaced."""
    return os.fsencode(path.stem).decode("utf-8", "replace")


def _walk(folder: Path, errors: list[OSError]) -> Iterator[Path]:
    """Yield the files with a known ending, sorted; links are followed, but no folder is entered twice."""
    root = Path(os.path.realpath(folder))
    folders: set[str] = set()
    for place, subfolders, names in os.walk(folder, followlinks=True, onerror=errors.append):
        real = os.path.realpath(place)
        # A link back to a folder already read, or to one that holds the folder named (it may be the whole disk).
        if real in folders or Path(real) in root.parents:
            subfolders.clear()
            continue
        folders.add(real)
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if name.startswith(".") or path.suffix.lower() not in FORMATS:
                continue
            if path.is_file() or not path.exists():  # a dead link is an error to show; a pipe would block
                yield path
