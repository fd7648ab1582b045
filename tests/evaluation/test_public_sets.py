"""The measures of the public sets, on cases small enough to count by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from incidentgraph.errors import UsageError
from incidentgraph.evaluation import muc4, polnear, re3d
from incidentgraph.evaluation.metrics import Count
from incidentgraph.records import Span


def _counts(count: Count) -> tuple[float, float, float]:
    return count.said, count.right, count.gold


# --- re3d -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "entities"),
    [
        ("B-Person I-Person O", {("Person", 0, 1)}),
        ("B-Person B-Person", {("Person", 0, 0), ("Person", 1, 1)}),
        ("O I-Person I-Person", {("Person", 1, 2)}),  # an I- tag without a beginning begins one
        ("B-Person I-Location", {("Person", 0, 0), ("Location", 1, 1)}),
        ("O O", set()),
    ],
)
def test_tags_spell_entities(tags: str, entities: set[re3d.Entity]) -> None:
    assert re3d.entities_of(tags.split()) == entities


def test_entities_become_the_tags_that_spell_them() -> None:
    entities = {("Person", 0, 1), ("Person", 2, 2), ("Weapon", 4, 4)}
    assert re3d.entities_of(re3d.tags_of(entities, 6)) == entities


def test_an_entity_is_right_with_type_and_both_ends() -> None:
    gold = {("Person", 0, 1), ("Location", 3, 3)}
    said = {("Person", 0, 1), ("Organisation", 3, 3), ("Person", 5, 6)}
    counts = re3d.score([(said, gold), (set(), set())])
    assert _counts(counts["entities"]) == (3, 1, 2)
    assert _counts(counts["Person"]) == (2, 1, 1)


def test_sentences_are_read_with_and_without_tags(tmp_path: Path) -> None:
    file = tmp_path / "bio.txt"
    file.write_text("Hama\tB-Location\n.\tO\n\n\nshelled\nagain\n", encoding="utf-8")
    first, second = re3d.read_sentences(file)
    assert first == re3d.Sentence(("Hama", "."), ("B-Location", "O"))
    assert second == re3d.Sentence(("shelled", "again"), ("O", "O"))


def test_a_line_without_tag_scheme_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bio.txt"
    file.write_text("Hama\tB-Location\nfell\tLocation\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"bio\.txt:2"):
        re3d.read_sentences(file)


# --- MUC-4 ------------------------------------------------------------------------------------------------------------


def test_a_filler_is_right_where_all_its_mentions_are_of_one_entity() -> None:
    gold = {"PerpInd": [("the guerrillas", "guerrilla column")], "Weapon": [("bomb",), ("rifles",)]}
    said = {"PerpInd": [("guerrillas",)], "Weapon": [("bomb", "rifles"), ("bomb",)]}
    counts = muc4.score([(said, gold)])
    assert _counts(counts["PerpInd"]) == (1, 1, 1)
    assert _counts(counts["Weapon"]) == (2, 1, 2)
    assert _counts(counts["fillers"]) == (3, 2, 3)


def test_two_fillers_cannot_be_the_same_entity() -> None:
    counts = muc4.score([({"Victim": [("priests",), ("jesuits",)]}, {"Victim": [("priests", "jesuits")]})])
    assert _counts(counts["Victim"]) == (2, 1, 1)


def test_case_articles_and_punctuation_do_not_count() -> None:
    assert muc4.folded('The "Santo  Tomas" farm.') == "santo tomas farm"


def test_documents_are_read_with_and_without_a_key(tmp_path: Path) -> None:
    file = tmp_path / "docs.jsonl"
    key = {"PerpInd": [[["guerrillas", 4], ["men", 20]]], "Target": []}
    lines = [{"docid": "A", "doctext": "the guerrillas", "extracts": key}, {"docid": "B", "doctext": "rain"}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    first, second = muc4.read_documents(file)
    assert first.fillers["PerpInd"] == [("guerrillas", "men")]
    assert not any(second.fillers.values())
    assert muc4.score([({}, second.fillers)])["fillers"].f1 is None


def test_a_line_that_is_no_document_is_named(tmp_path: Path) -> None:
    file = tmp_path / "docs.jsonl"
    file.write_text('{"docid": "A"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"docs\.jsonl:1"):
        muc4.read_documents(file)


# --- PolNeAR ----------------------------------------------------------------------------------------------------------


def test_cues_and_sources_are_right_where_they_touch() -> None:
    gold = [(Span(start=10, end=14), Span(start=0, end=9)), (Span(start=30, end=34), None)]
    said = [(Span(start=10, end=14), Span(start=4, end=9)), (Span(start=50, end=54), Span(start=40, end=44))]
    counts = polnear.score([(said, gold)])
    assert _counts(counts["cue"]) == (2, 1, 2)
    assert _counts(counts["cue.exact"]) == (2, 1, 2)
    assert _counts(counts["source"]) == (2, 1, 1)
    assert _counts(counts["source.exact"]) == (2, 0, 1)


def test_articles_are_read_by_the_first_annotator(tmp_path: Path) -> None:
    file = tmp_path / "docs.jsonl"
    part = {"source": {"spans": [[0, 2]]}, "cue": {"spans": [[3, 7]]}, "content": None}
    lines = [
        {"doc_id": "A", "text": "He said so", "annotations": [{"attributions": [part]}, {"attributions": []}]},
        {"doc_id": "B", "text": "Rain", "annotations": []},
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    first, second = polnear.read_documents(file)
    assert first.attributions == ((Span(start=3, end=7), Span(start=0, end=2)),)
    assert second.attributions == ()
