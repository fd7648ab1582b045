"""Text in, sentences and names out: by our own pipeline, or by one of the user's own choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import spacy
from spacy.language import Language

from incidentgraph.errors import UsageError
from incidentgraph.extract.mentions import GivenName
from incidentgraph.extract.nlp import SENTENCES, pipeline, read_blocks, sentences_of
from incidentgraph.records import EntityType, Span

# Labels of OntoNotes (spaCy's English pipelines) and of WikiNER. Dates, numbers and events are read by our own rules.
TYPES: Mapping[str, EntityType] = {
    "PERSON": EntityType.PERSON,
    "PER": EntityType.PERSON,
    "ORG": EntityType.GROUP,
    "NORP": EntityType.GROUP,
    "GPE": EntityType.LOCATION,
    "LOC": EntityType.LOCATION,
    "FAC": EntityType.LOCATION,
}
_SAMPLE = "A bomb went off. Nobody was hurt."


@dataclass(frozen=True, slots=True)
class Annotated:
    """The sentences of a text, and the names that a pipeline found in it (none from ours: rules find them later)."""

    sentences: list[Span]
    names: tuple[GivenName, ...]


class Annotator:
    """Cuts texts into sentences and finds names; `label` tells whose pipeline it is, "" for ours."""

    def __init__(self, name: str | None = None) -> None:
        self._name = name
        self._nlp = pipeline() if name is None else _load(name)
        self.label = "" if name is None else _label(self._nlp)

    def __reduce__(self) -> tuple[type[Annotator], tuple[str | None]]:
        return (Annotator, (self._name,))  # a copy in another process loads its own

    def read(self, text: str) -> Annotated:
        """Return sentences and names with their offsets in the text."""
        sentences: list[Span] = []
        names: list[GivenName] = []
        for start, doc in read_blocks(text, self._nlp):
            sentences += sentences_of(doc, start)
            for ent in doc.ents:
                if (kind := TYPES.get(ent.label_)) is not None:
                    names.append(GivenName(Span(start=start + ent.start_char, end=start + ent.end_char), kind))
        return Annotated(sentences, tuple(names))

    def versioned(self, extractor: str) -> str:
        """Return the extractor's name with the pipeline that it reads by, since its results change with it."""
        return f"{extractor}+{self.label}" if self.label else extractor


def _load(name: str) -> Language:
    """Return an installed pipeline or one in a folder; UsageError if there is none that can be loaded."""
    try:
        nlp = spacy.load(name)
    except (OSError, ImportError, ValueError, AttributeError) as error:
        reason = " ".join(str(error).split())[:300]
        raise UsageError(
            f"no spaCy pipeline {name!r} can be loaded; install it (`python -m spacy download {name}`) or name its "
            f"folder ({reason})"
        ) from error
    if not nlp(_SAMPLE).has_annotation("SENT_START"):  # neither parser nor sentencizer
        nlp.add_pipe(SENTENCES)
    return nlp


def _label(nlp: Language) -> str:
    meta = nlp.meta
    return "-".join(part for part in (f"{meta['lang']}_{meta['name']}", meta.get("version")) if part)
