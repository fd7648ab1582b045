"""An endpoint for each test, and an extractor that asks it without waiting between tries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from incidentgraph.extract.annotator import Annotator
from incidentgraph.extract.llm.cache import AnswerCache
from incidentgraph.extract.llm.client import ChatClient
from incidentgraph.extract.llm.extractor import LlmExtractor
from incidentgraph.extract.llm.usage import Usage
from llm_endpoint import Endpoint, serve

MakeExtractor = Callable[..., LlmExtractor]
KEY = "sk-secret-0123456789"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serve() as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    """How long the client would have slept between its tries."""
    return []


@pytest.fixture
def make(endpoint: Endpoint, waits: list[float]) -> MakeExtractor:
    def make_extractor(
        *, budget: int = 1_000_000, cache: Path | None = None, key: str | None = KEY, **given: Any
    ) -> LlmExtractor:
        settings = {"url": endpoint.url, "model": "tiny-1", "timeout": 10.0} | given
        return LlmExtractor(
            client=ChatClient(key=key, sleep=waits.append, **settings),
            usage=Usage(budget=budget),
            cache=AnswerCache(cache),
            annotator=Annotator(),
        )

    return make_extractor
