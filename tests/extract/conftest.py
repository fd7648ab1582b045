"""One rule extractor for all tests of this folder: reading the lists takes a second."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from incidentgraph.extract import Extractor, make_extractor
from incidentgraph.records import Article, Extraction

Read = Callable[..., Extraction]


@pytest.fixture(scope="session")
def rules() -> Extractor:
    return make_extractor("rules")


@pytest.fixture
def read(rules: Extractor) -> Read:
    """Read a text published on Sunday, 22 February 2026."""

    def read_text(text: str, *, published: str | None = "2026-02-22") -> Extraction:
        return rules.extract(Article(id="t", text=text, published=published))

    return read_text
