"""Several processes read what one would, in the same order."""

from __future__ import annotations

import pytest

from incidentgraph.errors import ExtractError
from incidentgraph.extract import make_extractor
from incidentgraph.extract.parallel import WORTH, read_all
from incidentgraph.records import Article, Extraction

TOWNS = ("Gao", "Kidal", "Mopti", "Sokoto", "Maiduguri", "Baidoa")


def articles(number: int) -> list[Article]:
    return [
        Article(
            id=f"a{at:03}", text=f"Gunmen killed {at + 2} soldiers in {TOWNS[at % len(TOWNS)]} on Monday, police said."
        )
        for at in range(number)
    ]


@pytest.mark.parametrize("extractor", ["rules", "model"])
def test_processes_read_what_one_reads(extractor: str) -> None:
    given = articles(WORTH + 3)
    given[4] = Article(id="a004", text=" \n ")
    reader = make_extractor(extractor)
    alone = list(read_all(given, reader))
    together = list(read_all(given, reader, jobs=2))
    assert [str(item) if isinstance(item, ExtractError) else item for item in together] == [
        str(item) if isinstance(item, ExtractError) else item for item in alone
    ]
    assert isinstance(together[4], ExtractError)
    assert together[4].item == "a004"
    assert all(isinstance(item, Extraction) and item.attacks for at, item in enumerate(together) if at != 4)


class _Other:
    """An extractor of someone's own, that nobody said may be copied."""

    name = "other"

    def __init__(self) -> None:
        self.read: list[str] = []

    def extract(self, article: Article) -> Extraction:
        self.read.append(article.id)
        return Extraction(article=article, extractor=self.name)


def test_an_extractor_that_cannot_be_copied_reads_alone() -> None:
    reader = _Other()
    given = articles(WORTH + 1)
    assert [item.article.id for item in read_all(given, reader, jobs=4) if isinstance(item, Extraction)] == reader.read


def test_few_articles_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidentgraph.extract.parallel.multiprocessing", None)
    reader = make_extractor("rules")
    assert len(list(read_all(articles(3), reader, jobs=4))) == 3
