"""Articles in, what each says out, in their order: one after another, or by copies of the extractor in several processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from threading import Semaphore

from incidentgraph.errors import ExtractError
from incidentgraph.extract import Extractor, is_portable
from incidentgraph.records import Article, Extraction

WORTH = 24  # articles below which starting processes takes longer than they save
MOST = 4  # processes unless more are asked for: each holds a model
_CHUNK = 2  # articles that a process takes at once
_AHEAD = 16  # articles in work for each process
# Each process is one thread: two that share a core wait for each other.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

_copy: list[Extractor] = []  # in a process, its own


def usable_cores() -> int:
    """Return how many processes are sensible here when nobody says a number."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST)


def read_all(articles: Iterable[Article], reader: Extractor, *, jobs: int = 1) -> Iterator[Extraction | ExtractError]:
    """Yield what each article says, or why it cannot be read; with `jobs` in so many processes, in the same order."""
    rest = iter(articles)
    first = list(islice(rest, WORTH))
    if jobs < 2 or len(first) < WORTH or not is_portable(reader):
        for article in chain(first, rest):
            yield read_one(reader, article)
        return
    with (
        _one_thread_each(),
        multiprocessing.get_context("spawn").Pool(jobs, initializer=_start, initargs=(reader,)) as pool,
    ):
        ahead = Semaphore(_AHEAD * jobs)  # the pool would otherwise draw all articles into memory
        for read in pool.imap(_read, _drawn(chain(first, rest), ahead), chunksize=_CHUNK):
            ahead.release()
            yield read


def _drawn(articles: Iterable[Article], ahead: Semaphore) -> Iterator[Article]:
    for article in articles:
        ahead.acquire()
        yield article


def read_one(reader: Extractor, article: Article) -> Extraction | ExtractError:
    """Return what the article says, or why it cannot be read."""
    try:
        return reader.extract(article)
    except ExtractError as error:
        return error


def _start(reader: Extractor) -> None:
    _copy.append(reader)


def _read(article: Article) -> Extraction | ExtractError:
    return read_one(_copy[-1], article)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let processes that start meanwhile compute with one thread."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
