"""A spaCy pipeline of the user's own stands in for ours: its sentences, and its names beside those of the lists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import spacy

from incidentgraph.errors import UsageError
from incidentgraph.extract import ExtractorOptions, make_extractor
from incidentgraph.extract.annotator import Annotator
from incidentgraph.extract.model import ModelExtractor
from incidentgraph.extract.rules import RuleExtractor
from incidentgraph.records import Article, EntityType

TEXT = "Gunmen stormed kiosk nine; the Zorgs had warned dravik mool. They shot two guards at Quux Yard on Friday."
PATTERNS = [
    {"label": "PERSON", "pattern": "dravik mool"},
    {"label": "NORP", "pattern": "the Zorgs"},
    {"label": "FAC", "pattern": "kiosk nine"},
    {"label": "DATE", "pattern": "Friday"},
]


def save(folder: Path, *, sentences: bool = True, **config: Any) -> str:
    """Save an English pipeline that knows a few names, and cuts sentences at semicolons too."""
    nlp = spacy.blank("en")
    nlp.meta["name"] = "test"
    if sentences:
        nlp.add_pipe("sentencizer", config={"punct_chars": [".", ";"]} | config)
    nlp.add_pipe("entity_ruler").add_patterns(PATTERNS)  # type: ignore[attr-defined]
    nlp.to_disk(folder)
    return str(folder)


@pytest.fixture
def own(tmp_path: Path) -> str:
    return save(tmp_path / "own")


def test_its_sentences_replace_ours_and_its_names_have_our_types(own: str) -> None:
    found = Annotator(own).read(TEXT)
    assert [TEXT[span.start : span.end] for span in found.sentences] == [
        "Gunmen stormed kiosk nine;",
        "the Zorgs had warned dravik mool.",
        "They shot two guards at Quux Yard on Friday.",
    ]
    assert [(TEXT[name.span.start : name.span.end], name.type) for name in found.names] == [
        ("kiosk nine", EntityType.LOCATION),
        ("the Zorgs", EntityType.GROUP),
        ("dravik mool", EntityType.PERSON),
    ]


def test_offsets_hold_in_later_paragraphs(own: str) -> None:
    text = f"One.\n\n  {TEXT}\n"
    assert [text[name.span.start : name.span.end] for name in Annotator(own).read(text).names] == [
        "kiosk nine",
        "the Zorgs",
        "dravik mool",
    ]


def test_its_names_join_the_entities_of_the_rules(own: str) -> None:
    article = Article(id="t", text=TEXT, published="2026-02-22")
    with_own = make_extractor("rules", ExtractorOptions(spacy_pipeline=own)).extract(article)
    without = make_extractor("rules").extract(article)
    named = {(entity.type, entity.name) for entity in with_own.entities}
    further = {(EntityType.PERSON, "dravik mool"), (EntityType.GROUP, "Zorgs"), (EntityType.LOCATION, "kiosk nine")}
    assert further <= named
    assert not further & {(entity.type, entity.name) for entity in without.entities}
    assert [found.date.value for found in with_own.attacks if found.date] == ["2026-02-20"]


def test_what_the_lists_know_goes_before_what_the_pipeline_says(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns(  # type: ignore[attr-defined]
        [{"label": "PERSON", "pattern": "Boko Haram"}, {"label": "NORP", "pattern": "Israeli"}]
    )
    nlp.to_disk(tmp_path / "wrong")
    text = "Boko Haram attacked Gajiram on Friday. An Israeli tourist was hurt."
    found = RuleExtractor(Annotator(str(tmp_path / "wrong"))).extract(Article(id="t", text=text))
    assert (EntityType.GROUP, "Boko Haram") in {(entity.type, entity.name) for entity in found.entities}
    assert not {entity.name for entity in found.entities} & {"Israeli"}


def test_a_pipeline_without_sentences_gets_ours(tmp_path: Path) -> None:
    found = Annotator(save(tmp_path / "plain", sentences=False)).read(TEXT)
    assert len(found.sentences) == 2
    assert len(found.names) == 3


def test_the_pipeline_is_part_of_the_extractors_name(own: str) -> None:
    assert RuleExtractor().name == "rules-1"
    assert RuleExtractor(Annotator(own)).name == "rules-1+en_test-0.0.0"


@pytest.mark.slow
def test_the_model_reads_by_its_sentences_too(own: str) -> None:
    model = ModelExtractor(annotator=Annotator(own))
    reading = model.read(Article(id="t", text=TEXT))
    assert len(reading.words.sentences) == 3
    assert "dravik mool" in {mention.text for mention in reading.words.table.mentions}
    assert model.name == "model-2+en_test-0.0.0"


@pytest.mark.parametrize("name", ["en_core_web_nowhere", "/no/such/folder", ""])
def test_a_pipeline_that_is_not_there_is_a_wrong_call(name: str) -> None:
    with pytest.raises(UsageError, match="no spaCy pipeline"):
        Annotator(name)


@pytest.mark.parametrize(("file", "content"), [("meta.json", "{"), ("config.cfg", "[nlp"), ("config.cfg", "[nlp]\n")])
def test_a_damaged_pipeline_is_a_wrong_call(own: str, file: str, content: str) -> None:
    (Path(own) / file).write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="no spaCy pipeline"):
        Annotator(own)
