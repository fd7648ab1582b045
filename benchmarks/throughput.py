"""How fast articles are read: `python benchmarks/throughput.py [--extractor rules] [--articles N] [--jobs N]`.

Texts are those of seeds/annotated, joined and cut to 500 words. Prints articles per second of the whole `extract`; the
same for spaCy's bare tokenizer and, with the model, for its bare encoder on the same texts in the same run, with the
ratios; and the peak memory of the process (with --jobs, of the largest).
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path

import spacy

from incidentgraph.evaluation.gold import gold_files, read_gold
from incidentgraph.extract import EXTRACTORS, make_extractor
from incidentgraph.extract.model import ModelExtractor
from incidentgraph.extract.parallel import read_all
from incidentgraph.records import Article

WORDS = 500
SEEDS = Path(__file__).resolve().parents[1] / "seeds" / "annotated"


def articles(number: int) -> list[Article]:
    """Return articles of 500 words."""
    words = [word for file in gold_files([SEEDS]) for word in read_gold(file).extraction.article.text.split(" ")]
    texts = [" ".join(words[start : start + WORDS]) for start in range(0, len(words) - WORDS, WORDS)]
    return [Article(id=str(index), text=text, published="2024-01-01") for index, text in enumerate(texts[:number])]


def per_second(read: Callable[[Article], object], items: list[Article]) -> float:
    """Return articles per second, after one article to warm up."""
    read(items[0])
    started = time.perf_counter()
    for item in items:
        read(item)
    return len(items) / (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extractor", choices=sorted(EXTRACTORS.keys() - {"llm"}), default="model")
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    items = articles(options.articles)
    tokenizer = spacy.blank("en")
    bare = per_second(lambda item: tokenizer(item.text), items)
    extractor = make_extractor(options.extractor)
    extractor.extract(items[0])
    started = time.perf_counter()
    for _ in read_all(items, extractor, jobs=options.jobs):
        pass
    whole = len(items) / (time.perf_counter() - started)
    who = resource.RUSAGE_SELF if options.jobs < 2 else resource.RUSAGE_CHILDREN
    peak = resource.getrusage(who).ru_maxrss / 1024
    print(f"{len(items)} articles of {WORDS} words, extractor {options.extractor}, {options.jobs} processes")
    print(f"extract          {whole:8.1f} articles/s")
    print(f"bare tokenizer   {bare:8.1f} articles/s")
    print(f"ratio            {whole / bare:8.3f}")
    if isinstance(extractor, ModelExtractor):
        words = [extractor.read(item).words for item in items]
        started = time.perf_counter()
        for article in words:
            extractor.network.encode(article)
        encoder = len(items) / (time.perf_counter() - started)
        print(f"bare encoder     {encoder:8.1f} articles/s")
        print(f"ratio            {whole / encoder:8.3f}")
    print(f"peak memory      {peak:8.0f} MB")


if __name__ == "__main__":
    main()
