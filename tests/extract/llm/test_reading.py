"""From an answer to records: the corpus, told as a perfect model would tell it, comes back as it was annotated."""

from __future__ import annotations

import json
from typing import Any

import pytest

from incidentgraph import resources
from incidentgraph.evaluation.gold import gold_files, read_gold
from incidentgraph.evaluation.report import evaluate
from incidentgraph.evaluation.split import Part, part_of
from incidentgraph.extract.annotator import Annotated, Annotator
from incidentgraph.extract.llm.answer import parse_answer
from incidentgraph.extract.llm.quotes import Quotes
from incidentgraph.extract.llm.reading import Reading
from incidentgraph.gazetteer import Gazetteer
from incidentgraph.records import (
    Article,
    AttackReport,
    ClaimReport,
    Entity,
    EntityType,
    Extraction,
    GroupKind,
    Harm,
    Party,
    Span,
)
from llm_endpoint import answer, attack, claim, entity, figure, quote


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(resources.path("seeds", "gazetteer", "places.sqlite"))


class _Told:
    """An annotated article as the answer of a model that makes no mistake."""

    def __init__(self, gold: Extraction, annotated: Annotated) -> None:
        self.gold = gold
        self.text = gold.article.text
        self.quotes = Quotes(self.text, annotated.sentences)

    def answer(self) -> dict[str, Any]:
        named = [item for item in self.gold.entities if item.type is not EntityType.WEAPON]
        relations = [
            {
                "subject": relation.subject,
                "predicate": relation.predicate,
                "object": relation.object,
                "sentence": self.quotes.number_of(relation.evidence[0]),
            }
            for relation in self.gold.relations
            if relation.predicate != "aliasOf"
        ]
        return {
            "entities": [self.entity(item) for item in named],
            "attacks": [self.attack(item) for item in self.gold.attacks],
            "claims": [self.claim(item) for item in self.gold.claims],
            "relations": relations,
        }

    def quote(self, span: Span) -> dict[str, Any]:
        return quote(self.text[span.start : span.end], self.quotes.number_of(span))

    def entity(self, item: Entity) -> dict[str, Any]:
        names: dict[str, list[int]] = {}
        references = []
        for span in item.mentions:
            words = self.text[span.start : span.end]
            if words in item.surface_forms:
                names.setdefault(words, []).append(self.quotes.number_of(span))
            else:
                references.append(self.quote(span))
        spelled = [{"words": words, "sentences": numbers} for words, numbers in names.items()]
        return entity(item.id, item.type.value, names=spelled, references=references, group_kind=item.group_kind)

    def party(self, party: Party) -> dict[str, Any]:
        return {"entity": party.actor, "quote": self.quote(party.span)}

    def perpetrator(self, party: Party) -> dict[str, Any]:
        return self.party(party) | {"status": party.status or "unknown"}

    def attack(self, report: AttackReport) -> dict[str, Any]:
        return attack(
            report.id,
            kinds=list(report.kinds),
            status=report.status,
            role=report.role,
            count=report.count,
            trigger=self.quote(report.trigger),
            perpetrators=[self.perpetrator(party) for party in report.perpetrators],
            targets=[self.party(party) for party in report.targets],
            victims=[self.party(party) for party in report.victims],
            places=[{"entity": place.entity, "quote": self.quote(place.span)} for place in report.locations],
            date=self.quote(report.date.span) if report.date else None,
            weapons=[self.quote(weapon.span) for weapon in report.weapons],
            figures=[
                {"harm": harm, "quote": self.quote(item.span), "side": item.side, "according_to": item.according_to}
                for harm in Harm
                for item in report.figures(harm)
            ],
            further_sentences=[self.quotes.number_of(span) for span in report.evidence],
        )

    def claim(self, report: ClaimReport) -> dict[str, Any]:
        near = self.quotes.number_of(report.cue)
        speaker = {"entity": report.claimant, "quote": quote(report.claimant_text, near)}
        return claim(
            report.id,
            kind=report.kind,
            speaker=speaker if report.claimant_text else None,
            about=report.about,
            cue=self.quote(report.cue),
            content=quote(report.content, near),
            perpetrators=[self.perpetrator(party) for party in report.perpetrators],
        )


@pytest.mark.slow
def test_a_perfect_answer_gives_what_was_annotated(gazetteer: Gazetteer) -> None:
    pairs = []
    annotator = Annotator()
    golds = [read_gold(file) for file in gold_files([resources.root() / "seeds" / "annotated"])]
    for gold in (gold.extraction for gold in golds if part_of(gold) is Part.DEV):
        annotated = annotator.read(gold.article.text)
        told = json.dumps(_Told(gold, annotated).answer())
        reading = Reading(gold.article, parse_answer(told), annotated, gazetteer)
        pairs.append((reading.extraction("test-1"), gold))
    scores = evaluate(pairs)
    for field in ("entities", "attacks", "attacks.strict", "claims"):
        assert (scores.f1(field) or 0) > 0.99, field
    assert (scores.f1("killed") or 0) > 0.93  # figures and dates are read by the rules
    assert (scores.f1("attacks.date") or 0) > 0.8


# --- small things -----------------------------------------------------------------------------------------------------


def read(gazetteer: Gazetteer, text: str, **given: Any) -> Extraction:
    article = Article(id="t", text=text, published="2024-03-06")
    parts = {"entities": [], "attacks": [], "claims": [], "relations": []} | given
    annotated = Annotator().read(text)
    return Reading(article, parse_answer(json.dumps(answer(**parts))), annotated, gazetteer).extraction("test-1")


def test_a_state_and_its_land_are_told_apart_by_their_sentences(gazetteer: Gazetteer) -> None:
    found = read(
        gazetteer,
        "Turkey struck first. People fled to Turkey.",
        entities=[
            entity("e7", "Group", names=[{"words": "Turkey", "sentences": [1]}], group_kind="state"),
            entity("e8", "Location", names=[{"words": "Turkey", "sentences": [2]}]),
        ],
    )
    state, land = found.entities
    assert (state.id, state.type, state.group_kind, state.country) == ("e1", EntityType.GROUP, GroupKind.STATE, "TR")
    assert [span.start for span in state.mentions] == [0]
    assert (land.type, land.country, [span.start for span in land.mentions]) == (EntityType.LOCATION, "TR", [36])


def test_a_longer_name_takes_the_words_of_a_shorter_one(gazetteer: Gazetteer) -> None:
    found = read(
        gazetteer,
        "Islamic State Somalia fired. Somalia answered. Borno Watch saw it.",
        entities=[
            entity("e1", "Location", "Somalia"),
            entity("e2", "Group", "Islamic State Somalia"),
            entity("e3", "Location", "Borno"),
            entity("e4", "Group", "Borno Watch"),
        ],
    )
    assert {item.name: [span.start for span in item.mentions] for item in found.entities} == {
        "Islamic State Somalia": [0],
        "Somalia": [29],
        "Borno Watch": [47],
    }


def test_bounds_come_from_the_words_before_the_figure_too(gazetteer: Gazetteer) -> None:
    found = read(
        gazetteer,
        "A bomb killed at least 26 people.",
        attacks=[attack(trigger=quote("bomb"), figures=[figure("26 people")])],
    )
    assert [(item.low, item.best, item.high) for item in found.attacks[0].killed] == [(26, None, None)]


def test_a_casualty_report_asserts_the_figures_that_its_speaker_gives(gazetteer: Gazetteer) -> None:
    found = read(
        gazetteer,
        "A bomb killed two men, Boko Haram said; Jama'a said it killed nine men.",
        entities=[entity("e1", "Group", "Boko Haram"), entity("e2", "Group", "Jama'a")],
        attacks=[
            attack(
                trigger=quote("bomb"),
                figures=[figure("two men", according_to="e1"), figure("nine men", according_to="e2")],
            )
        ],
        claims=[
            claim(
                kind="casualty_report",
                speaker={"entity": "e2", "quote": quote("Jama'a")},
                cue=quote("said it"),
                content=quote("it killed nine men"),
            )
        ],
    )
    assert [item.best for item in found.claims[0].killed] == [9]


def test_who_is_named_is_at_least_suspected_and_a_place_is_no_actor(gazetteer: Gazetteer) -> None:
    found = read(
        gazetteer,
        "Boko Haram attacked Gajiram.",
        entities=[entity("e1", "Group", "Boko Haram"), entity("e2", "Location", "Gajiram")],
        attacks=[
            attack(
                perpetrators=[{"entity": "e1", "quote": quote("Boko Haram"), "status": "unknown"}],
                targets=[{"entity": "e2", "quote": quote("Gajiram")}],
                places=[{"entity": "e1", "quote": quote("Boko Haram")}],
                count=-3,
            )
        ],
    )
    (told,) = found.attacks
    assert [(party.actor, party.status) for party in told.perpetrators] == [("e1", "suspected")]
    assert [(party.actor, party.text) for party in told.targets] == [(None, "Gajiram")]
    assert (told.locations, told.count) == ((), 1)
