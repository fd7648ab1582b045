"""Article in, Extraction out. An extractor sees one article and nothing else, so it can run anywhere in parallel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, runtime_checkable

from incidentgraph.errors import ResourceError, UsageError
from incidentgraph.extract.options import ExtractorOptions
from incidentgraph.lexicon import SHIPPED, WordLists
from incidentgraph.records import Article, Extraction

__all__ = [
    "DEFAULT_EXTRACTOR",
    "EXTRACTORS",
    "Extensible",
    "Extractor",
    "ExtractorOptions",
    "Metered",
    "Portable",
    "extended",
    "is_portable",
    "make_extractor",
]


class Extractor(Protocol):
    """What every extractor offers; `name` is kept with each fact, so it changes when its results may change."""

    @property
    def name(self) -> str: ...

    def extract(self, article: Article) -> Extraction:
        """Return what the article says, with offsets for everything; ExtractError if it cannot be read."""
        ...


@runtime_checkable
class Metered(Protocol):
    """An extractor whose reading costs something; the command line tells it at the end."""

    def account(self) -> str:
        """Return in one line what was used, "" if nothing was."""
        ...


@runtime_checkable
class Portable(Protocol):
    """An extractor that can be pickled, so that copies of it can read in other processes."""

    is_portable: bool


def is_portable(extractor: Extractor) -> bool:
    """Tell whether copies of the extractor may read in other processes."""
    return isinstance(extractor, Portable) and extractor.is_portable


@runtime_checkable
class Extensible(Protocol):
    """An extractor that can look for the words of an extension, too."""

    def extended(self, lists: WordLists) -> Extractor:
        """Return an extractor like this one that looks for the words of `lists`; its name ends in their mark."""
        ...


def extended(extractor: Extractor, lists: WordLists) -> Extractor:
    """Return an extractor that looks for the words of `lists`; UsageError if this one cannot."""
    if lists is SHIPPED:
        return extractor
    if not isinstance(extractor, Extensible):
        raise UsageError(f"the extractor {extractor.name} cannot be extended: it has no method `extended`")
    return extractor.extended(lists)


def _rules(options: ExtractorOptions) -> Extractor:
    from incidentgraph.extract.annotator import Annotator  # spaCy takes a second to import
    from incidentgraph.extract.rules import RuleExtractor

    return RuleExtractor(Annotator(options.spacy_pipeline))


def _model(options: ExtractorOptions) -> Extractor:
    from incidentgraph.extract.annotator import Annotator
    from incidentgraph.extract.model import ModelExtractor  # so does onnxruntime

    return ModelExtractor(annotator=Annotator(options.spacy_pipeline))


def _llm(options: ExtractorOptions) -> Extractor:
    try:
        from incidentgraph.extract.llm.extractor import make_llm_extractor
    except ImportError as error:  # spaCy is content with a pydantic that is too old for this
        raise ResourceError(f"--extractor llm needs pydantic 2: pip install 'incidentgraph[llm]' ({error})") from error
    return make_llm_extractor(options)


# What `--extractor` can name.
EXTRACTORS: Mapping[str, Callable[[ExtractorOptions], Extractor]] = {"rules": _rules, "model": _model, "llm": _llm}
DEFAULT_EXTRACTOR = "model"


def make_extractor(name: str = DEFAULT_EXTRACTOR, options: ExtractorOptions | None = None) -> Extractor:
    """Return a ready extractor; UsageError if there is none of that name, or if an option that it needs is missing."""
    if name not in EXTRACTORS:
        raise UsageError(f"no extractor {name!r}; there are: {', '.join(sorted(EXTRACTORS))}")
    return EXTRACTORS[name](options or ExtractorOptions())
