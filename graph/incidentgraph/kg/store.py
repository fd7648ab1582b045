"""The output folder: a manifest, one JSON file per article, the graph as N-Quads, and the exports.

    incidentgraph.json            {"format": 1, "base": …, "version": …, "extensions": [{"name": …, "data": {…}}, …]}
    articles/SLUG-HASH.json       one extraction, in the published schema
    graph.nq, graph.ttl, …        derived from them

New content is written beside the old and takes its place only when all of it is there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from incidentgraph.errors import ExtensionError, StoreError
from incidentgraph.extension import Extension, Source, make_extension
from incidentgraph.ids import DEFAULT_BASE, content_hash, slug
from incidentgraph.records import Extraction
from incidentgraph.schema import from_json, to_json

FORMAT = 1
MANIFEST = "incidentgraph.json"
GRAPH = "graph.nq"
ARTICLES = "articles"

Writer = Callable[[BinaryIO], None]


@dataclass(frozen=True, slots=True)
class Store:
    """An output folder that is ours; `base` is what its IRIs begin with, `extension` what it was built with."""

    path: Path
    base: str
    extension: Extension = field(default_factory=Extension)

    @property
    def graph(self) -> Path:
        return self.path / GRAPH


def open_store(
    folder: Path | str,
    *,
    create: bool = False,
    base: str | None = None,
    version: str = "",
    extension: Extension | None = None,
) -> Store:
    """Return the store in `folder`; with `create` an empty or missing folder becomes one, built with `extension`.

    `base` None takes what the folder has, the default for a new one; a base other than the folder's is an error.
    """
    path = Path(folder)
    try:
        if (path / MANIFEST).is_file():
            store = _opened(path)
            if base is not None and base != store.base:
                raise StoreError(f"{path} was built with the base {store.base}, not {base}: use another folder")
            return store
        if path.exists() and not path.is_dir():
            raise StoreError(f"{path} is a file, not a folder")
        if path.is_dir() and any(path.iterdir()):
            raise StoreError(f"{path} holds other files and no {MANIFEST}: choose an empty folder")
        if not create:
            raise StoreError(f"{path} holds no graph yet: build one first")
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path} cannot be opened: {error.strerror or error}") from error
    store = Store(path, base or DEFAULT_BASE, extension or Extension())
    with _writing(path) as new:
        new.add(path / MANIFEST, _manifest(store, version))
    return store


def _opened(path: Path) -> Store:
    try:
        data = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        found, base = data["format"], data["base"]
        sources = [Source(str(item["name"]), item["data"]) for item in data.get("extensions", ())]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path / MANIFEST} is damaged") from error
    if found != FORMAT or not isinstance(base, str):
        raise StoreError(f"{path} has format {found!r}, this version of incidentgraph reads {FORMAT}")
    try:
        return Store(path, base, make_extension(sources))
    except ExtensionError as error:
        raise StoreError(f"{path / MANIFEST} is damaged: {error}") from error


def article_file(store: Store, article_id: str) -> Path:
    """Return where an article's extraction is kept; readable, and distinct for ids that differ in a sign only."""
    return store.path / ARTICLES / f"{slug(article_id)}-{content_hash(article_id)[:8]}.json"


def read_extractions(store: Store) -> tuple[Extraction, ...]:
    """Return the extractions kept in the store, by article id."""
    found = []
    for path in sorted((store.path / ARTICLES).glob("[!.]*.json")):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            found.append(from_json(data, own_kinds=store.extension.kinds))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreError(f"{path} is damaged ({error}): delete it and build again with its source") from error
    return tuple(sorted(found, key=lambda extraction: extraction.article.id))


def write_store(
    store: Store,
    extractions: Iterable[Extraction],
    files: Mapping[str, Writer],
    *,
    withdrawn: Iterable[str] = (),
    version: str = "",
) -> None:
    """Keep these extractions beside those already there, and write `files` (name to what writes it) anew.

    `withdrawn` are ids of articles to forget. If anything fails, the folder is as it was.
    """
    with _writing(store.path) as new:
        for extraction in extractions:
            new.add(article_file(store, extraction.article.id), _json(to_json(extraction)))
        for name, writer in files.items():
            new.add(store.path / name, writer)
        new.add(store.path / MANIFEST, _manifest(store, version))
        for article_id in withdrawn:
            new.remove(article_file(store, article_id))


class _Changes:
    """Files written under temporary names, to be put in place together."""

    def __init__(self) -> None:
        self.written: dict[Path, Path] = {}
        self.removed: list[Path] = []

    def add(self, path: Path, writer: Writer) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        self.written[path] = temporary
        with temporary.open("wb") as out:
            writer(out)

    def remove(self, path: Path) -> None:
        self.removed.append(path)

    def commit(self) -> None:
        for path, temporary in self.written.items():
            temporary.replace(path)
        for path in self.removed:
            if path not in self.written:
                path.unlink(missing_ok=True)

    def forget(self) -> None:
        for temporary in self.written.values():
            temporary.unlink(missing_ok=True)


@contextmanager
def _writing(folder: Path) -> Iterator[_Changes]:
    changes = _Changes()
    try:
        yield changes
        changes.commit()
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror or error}") from error
    finally:
        changes.forget()


def _manifest(store: Store, version: str) -> Writer:
    sources = [{"name": Path(source.name).name, "data": source.data} for source in store.extension.sources]
    extensions = {"extensions": sources} if sources else {}
    return _json({"format": FORMAT, "base": store.base, "version": version, **extensions})


def _json(data: Mapping[str, Any]) -> Writer:
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"

    def write(out: BinaryIO) -> None:
        out.write(text.encode("utf-8", "backslashreplace"))  # half a surrogate pair becomes its JSON escape

    return write
