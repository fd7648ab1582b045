"""How fast articles are read: `python benchmarks/throughput.py [--extractor rules] [--articles N]`.

Texts are those of seeds/annotated, joined and cut to 500 words. Prints articles per second of the whole `extract`, the
same for spaCy's bare tokenizer on the same texts in the same run, the ratio, and the peak memory of the process.
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
    parser.add_argument("--extractor", choices=sorted(EXTRACTORS), default="rules")
    parser.add_argument("--articles", type=int, default=200)
    options = parser.parse_args()
    items = articles(options.articles)
    tokenizer = spacy.blank("en")
    bare = per_second(lambda item: tokenizer(item.text), items)
    whole = per_second(make_extractor(options.extractor).extract, items)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(items)} articles of {WORDS} words, extractor {options.extractor}")
    print(f"extract          {whole:8.1f} articles/s")
    print(f"bare tokenizer   {bare:8.1f} articles/s")
    print(f"ratio            {whole / bare:8.3f}")
    print(f"peak memory      {peak:8.0f} MB")


if __name__ == "__main__":
    main()
