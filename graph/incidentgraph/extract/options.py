"""What an extractor may be told, in one object made at the border; each extractor takes what concerns it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractorOptions:
    """What can be chosen beside the extractor itself."""

    spacy_pipeline: str | None = None  # name of an installed pipeline, or its folder
