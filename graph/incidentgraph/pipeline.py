"""Sources in, a graph in a folder out: the only place that knows the order of the stages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path

from incidentgraph.errors import ItemError, ReadError
from incidentgraph.export import EXPORTERS
from incidentgraph.extension import Extension, read_extensions
from incidentgraph.extract import DEFAULT_EXTRACTOR, Extractor, extended, make_extractor
from incidentgraph.extract.parallel import read_all
from incidentgraph.graph import IncidentGraph
from incidentgraph.ids import DEFAULT_BASE, content_hash
from incidentgraph.kg.store import GRAPH, open_store, read_extractions, write_store
from incidentgraph.read import find_duplicates, read_article
from incidentgraph.records import Article, Extraction, Kind, OwnKind
from incidentgraph.resolve import resolve
from incidentgraph.sources import open_sources

# What a build writes beside graph.nq: enough to query, explore and go on in other tools without another command.
EXPORTED = ("turtle", "trig", "jsonld", "graphml", "gexf", "html", "members")

Progress = Callable[[str, int, int], None]
"""Called as progress(what, done, total); total is 0 while it is not known."""


def _silent(what: str, done: int, total: int) -> None:
    del what, done, total


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """What a build did: the graph, and the articles by what became of them."""

    graph: IncidentGraph
    added: tuple[str, ...] = ()  # ids of articles read anew or changed
    unchanged: tuple[str, ...] = ()
    skipped: tuple[ItemError, ...] = ()
    duplicates: dict[str, str] = field(default_factory=dict)  # article id -> the article it copies

    @property
    def usable(self) -> int:
        return len(self.added) + len(self.unchanged)


def read_sources(
    sources: Sequence[str], *, published: str | None = None, stdin: bytes | None = None
) -> Iterator[Article | ItemError]:
    """Yield an article or the reason why there is none, for each item of the sources, in their order."""
    for item in open_sources(sources, stdin=stdin):
        if isinstance(item, ItemError):
            yield item
            continue
        try:
            yield read_article(item, published=published)
        except ReadError as error:
            yield error


def extract_sources(
    sources: Sequence[str],
    *,
    extractor: str | Extractor = DEFAULT_EXTRACTOR,
    published: str | None = None,
    extensions: Sequence[Path | str] = (),
    jobs: int = 1,
    stdin: bytes | None = None,
) -> Iterator[Extraction | ItemError]:
    """Yield what each article says, or the reason why it cannot be read; `jobs` processes read at once.

    What cannot be read as an article at all is named when it is met, before the articles that are in work.
    """
    extension = read_extensions(extensions)
    skipped: list[ItemError] = []
    articles = _articles(read_sources(sources, published=published, stdin=stdin), skipped)
    first = next(articles, None)
    if first is not None:  # an extractor is made only when there is something to read
        for extraction in read_all(chain([first], articles), _ready(extractor, extension), jobs=jobs):
            yield from _drained(skipped)
            yield extraction
    yield from _drained(skipped)


def build_graph(
    sources: Sequence[str],
    *,
    out: Path | str | None = None,
    published: str | None = None,
    extractor: str | Extractor = DEFAULT_EXTRACTOR,
    extensions: Sequence[Path | str] | None = None,
    base: str | None = None,
    jobs: int = 1,
    stdin: bytes | None = None,
    version: str = "",
    progress: Progress = _silent,
) -> BuildResult:
    """Read, extract, resolve and write; what `out` already holds is kept, added to and updated.

    `extensions` None goes on with those that `out` was built with. Where they are others, all articles of `out` are
    read again, since the words and kinds of every one may change.
    Nothing is written if no article of the sources could be used.
    """
    given = read_extensions(extensions) if extensions is not None else None
    folder = Path(out) if out is not None else None
    # A new folder is made only when there is something to put into it.
    is_new = folder is not None and not (folder.exists() and (not folder.is_dir() or any(folder.iterdir())))
    store = open_store(folder, base=base) if folder is not None and not is_new else None
    kept = {extraction.article.id: extraction for extraction in read_extractions(store)} if store else {}
    former = store.extension if store else Extension()
    extension = former if given is None else given
    is_changed = not extension.says_the_same(former)
    reader = _ready(extractor, extension)
    skipped: list[ItemError] = []
    articles: list[Article] = []
    for number, article in enumerate(read_sources(sources, published=published, stdin=stdin), 1):
        progress("read", number, 0)
        if isinstance(article, ItemError):
            skipped.append(article)
        else:
            articles.append(article)
    added: dict[str, Extraction] = {}
    unchanged: list[str] = []
    distinct = _distinct(articles)
    if is_changed:
        given_ids = {article.id for article in distinct}
        distinct += [known.article for known in kept.values() if known.article.id not in given_ids]
    changed: list[Article] = []
    for article in distinct:
        known = kept.get(article.id)
        if known is not None and known.article == article and known.extractor == reader.name:
            unchanged.append(article.id)
        else:
            changed.append(article)
    for number, extraction in enumerate(read_all(changed, reader, jobs=jobs), 1):
        if isinstance(extraction, ItemError):
            skipped.append(extraction)
        else:
            added[extraction.article.id] = extraction
        progress("extract", number, len(changed))
    # What could not be read again stays as it was, unless it speaks of a kind that is no more.
    withdrawn = {name for name, old in kept.items() if name not in added and not _own_kinds(old) <= {*extension.kinds}}
    extractions = [extraction for article_id, extraction in (kept | added).items() if article_id not in withdrawn]
    duplicates = find_duplicates([extraction.article for extraction in extractions])
    progress("resolve", 1, 1)
    resolution = resolve(extractions, duplicates=duplicates)
    graph = IncidentGraph.from_records(extractions, resolution, base=store.base if store else base or DEFAULT_BASE)
    if is_new and added and folder is not None:
        store = open_store(folder, create=True, base=base, version=version, extension=extension)
    if store is not None and (added or (unchanged and not store.graph.exists())):
        progress("write", 1, 1)
        files = {GRAPH: partial(EXPORTERS["nquads"].write, graph)}
        files |= {export_name(name): partial(EXPORTERS[name].write, graph) for name in EXPORTED}
        written = replace(store, extension=extension)
        write_store(written, added.values(), files, withdrawn=withdrawn, version=version)
    return BuildResult(
        graph=graph,
        added=tuple(sorted(added)),
        unchanged=tuple(sorted(unchanged)),
        skipped=tuple(skipped),
        duplicates=duplicates,
    )


def export_name(exporter: str) -> str:
    """Return the name under which a build writes an export: `graph.ttl`, `explorer.html`."""
    return "explorer.html" if exporter == "html" else f"graph{EXPORTERS[exporter].suffix}"


def build(
    sources: Sequence[Path | str],
    *,
    out: Path | str | None = None,
    published: str | None = None,
    extractor: str | Extractor = DEFAULT_EXTRACTOR,
    extensions: Sequence[Path | str] | None = None,
    base: str | None = None,
    jobs: int = 1,
) -> IncidentGraph:
    """Return the graph made from files and folders of articles, kept in the folder `out` where that is given.

    With `jobs` so many processes read at once; a script that asks for them needs `if __name__ == "__main__":`.
    Articles that cannot be read are left out: `build_graph` and the command line name them.
    """
    names = [str(source) for source in sources]
    made = build_graph(
        names, out=out, published=published, extractor=extractor, extensions=extensions, base=base, jobs=jobs
    )
    return made.graph


def load(folder: Path | str) -> IncidentGraph:
    """Return the graph that a build left in a folder; StoreError if there is none."""
    return IncidentGraph.read(open_store(folder).graph)


def _ready(extractor: str | Extractor, extension: Extension) -> Extractor:
    return extended(make_extractor(extractor) if isinstance(extractor, str) else extractor, extension.lists)


def _articles(items: Iterable[Article | ItemError], skipped: list[ItemError]) -> Iterator[Article]:
    """Yield the articles; what is none goes to `skipped`."""
    for item in items:
        if isinstance(item, ItemError):
            skipped.append(item)
        else:
            yield item


def _drained(skipped: list[ItemError]) -> Iterator[ItemError]:
    while skipped:
        yield skipped.pop(0)


def _own_kinds(extraction: Extraction) -> set[Kind]:
    return {kind for attack in extraction.attacks for kind in attack.kinds if isinstance(kind, OwnKind)}


def _distinct(articles: Iterable[Article]) -> list[Article]:
    """Return the articles with distinct ids, sorted: equal ones once, different ones of one id told apart by a hash."""
    by_id: dict[str, set[Article]] = defaultdict(set)
    for article in articles:
        by_id[article.id].add(article)
    counts = Counter({article_id: len(same) for article_id, same in by_id.items()})
    out = [
        article
        if counts[article.id] == 1
        else replace(
            article, id=f"{article.id}-{content_hash(article.text, article.url or '', article.title or '')[:8]}"
        )
        for same in by_id.values()
        for article in same
    ]
    return sorted(out, key=lambda article: article.id)
