"""What an extractor may be told, in one object made at the border; each extractor takes what concerns it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

KEY_VARIABLE = "INCIDENTGRAPH_LLM_KEY"
DEFAULT_BUDGET = 1_000_000
DEFAULT_TIMEOUT = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractorOptions:
    """`spacy_pipeline` concerns every extractor, the rest the one that asks a language model."""

    spacy_pipeline: str | None = None  # name of an installed pipeline, or its folder
    llm_url: str | None = None  # where `/chat/completions` is
    llm_model: str | None = None
    llm_key: str | None = field(default=None, repr=False)
    llm_budget: int = DEFAULT_BUDGET  # tokens of one run, in and out
    llm_price: tuple[float, float] | None = None  # of a million tokens in and out
    llm_timeout: float = DEFAULT_TIMEOUT  # seconds for one answer
    llm_cache: Path | None = None  # folder of answers
