from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import make_article, make_attack, make_entity, make_extraction, make_wire, span
from incidentgraph.errors import UsageError
from incidentgraph.evaluation.align import (
    ATTACK_FLOOR,
    ATTACK_WEIGHTS,
    Alignment,
    dates_agree,
    fold_name,
    match,
    texts_agree,
)
from incidentgraph.records import (
    AttackKind,
    AttackReport,
    ClaimKind,
    ClaimReport,
    EntityType,
    Extraction,
    Located,
    Party,
    RelationReport,
    Stated,
)

TEXT = """By Jane Doe, Harbour Wire

ADEN, March 3 (AFP) - A car bomb killed 3 people at the port of Aden in Yemen on 1 March. ISIS claimed it.
In Taiz, gunmen shot a judge. ISIS denied it, and the U.S. condemned the attacks. Jane Roe was there.

Reporting by Omar Haddad; editing by Ann Lee
"""
BOMB = "A car bomb killed 3 people at the port of Aden in Yemen on 1 March."
SHOTS = "In Taiz, gunmen shot a judge."
ADEN = make_entity(TEXT, "e1", EntityType.LOCATION, "Aden")
YEMEN = make_entity(TEXT, "e2", EntityType.LOCATION, "Yemen")
TAIZ = make_entity(TEXT, "e3", EntityType.LOCATION, "Taiz")
ISIS = make_entity(TEXT, "e4", EntityType.GROUP, "ISIS")
US = make_entity(TEXT, "e5", EntityType.GROUP, "U.S.")
PORT = make_entity(TEXT, "e6", EntityType.LOCATION, "the port of Aden")


def reading(*attacks: AttackReport, **given_: Any) -> Extraction:
    given_.setdefault("entities", (ADEN, YEMEN, TAIZ, ISIS, US))
    return make_extraction(make_article("a", TEXT, outlet="Harbour Wire"), attacks=attacks, **given_)


def bomb(**given_: Any) -> AttackReport:
    return make_attack(TEXT, "car bomb", BOMB, **{"locations": at("e1"), **given_})


def shots(**given_: Any) -> AttackReport:
    kinds = (AttackKind.ARMED_ASSAULT,)
    return make_attack(TEXT, "shot", SHOTS, **{"id": "a2", "kinds": kinds, "locations": at("e3"), **given_})


def at(*ids: str) -> tuple[Located, ...]:
    return tuple(Located(entity=entity_id, span=span(TEXT, "Aden")) for entity_id in ids)


def party(text: str, actor: str | None = None) -> Party:
    return Party(text=text, span=span(TEXT, "gunmen"), actor=actor)


def claim(**given_: Any) -> ClaimReport:
    defaults: dict[str, Any] = {
        "id": "c1",
        "kind": ClaimKind.RESPONSIBILITY,
        "claimant": "e4",
        "claimant_text": "ISIS",
        "content": "ISIS claimed it",
        "cue": span(TEXT, "claimed"),
        "evidence": (span(TEXT, "ISIS claimed it."),),
        "about": "a1",
    }
    return ClaimReport(**(defaults | given_))


# --- what counts as the same ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Islamic State", "ISLAMIC STATE"),
        ("Syria's", "Syria"),
        ("Syria’s", "Syria"),
        ("ISIS'", "ISIS"),
        ("U.S.", "US"),
        ("al-Shabaab", "al Shabaab"),
        ("Qa'ida", "Qaida"),
        ("“Abu Ali”", "Abu Ali"),
    ],
)
def test_names_fold_case_punctuation_article_and_possessive(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(("one", "other"), [("Mali", "Malian"), ("the", ""), ("Theo", "o"), ("US", "her")])
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@given(st.text(min_size=1).filter(str.strip))
def test_folding_leaves_something(name: str) -> None:
    assert fold_name(name)


def test_texts_agree_when_one_holds_the_other_or_half_is_shared() -> None:
    assert texts_agree("gunmen", "masked gunmen on motorcycles")
    assert texts_agree("three Syrian soldiers", "Syrian soldiers")
    assert not texts_agree("Syrian soldiers", "Turkish soldiers")
    assert not texts_agree("soldiers", "")
    assert texts_agree("", "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026-02-22", "2026-02-22"),
        ("2026-02-22", "2026-02"),
        ("2026", "2026-02-22"),
        ("2026-02-22~", "2026-02-22"),
        ("2026-02-20/2026-02-22", "2026-02-21"),
        ("XXXX-02-22", "2026-02-22"),
        ("XXXX-02-22", "XXXX-02"),
        ("XXXX-02-20", "2026-02-19/2026-02-21"),
        ("../2026-03", "2026-02"),
        ("2026-02/..", "2026-02-22"),
        ("202X", "2026-02"),
        ("not a date", "not a date"),
    ],
)
def test_compatible_dates(one: str, other: str) -> None:
    assert dates_agree(one, other)
    assert dates_agree(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026-02-22", "2026-02-23"),
        ("2026-02", "2026-03-01"),
        ("XXXX-02-22", "2026-02-21"),
        ("XXXX-02-22", "XXXX-03-22"),
        ("2026-02-01/2026-02-10", "2026-02-05/2026-02-15"),
        ("not a date", "2026"),
    ],
)
def test_incompatible_dates(one: str, other: str) -> None:
    assert not dates_agree(one, other)
    assert not dates_agree(other, one)


@given(st.text("0123456789X-/.~?%", max_size=12), st.text("0123456789X-/.~?%", max_size=12))
def test_dates_that_are_none_equal_only_themselves(one: str, other: str) -> None:
    assert dates_agree(one, one)
    assert dates_agree(one, other) == dates_agree(other, one)


# --- matching ---------------------------------------------------------------------------------------------------------


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), max_size=4))
def test_matching_is_optimal_and_one_to_one(scores: list[list[int]]) -> None:
    rows, columns = range(len(scores)), range(3)
    found = match(rows, columns, lambda row, column: scores[row][column])
    total = sum(scores[row][column] for row, column in found.pairs)
    best = max(
        sum(scores[row][column] for row, column in zip(order, columns, strict=False) if row < len(scores))
        for order in permutations(range(max(len(scores), 3)))
    )
    assert total == best
    assert sorted([row for row, _ in found.pairs] + list(found.missed)) == list(rows)
    assert sorted([column for _, column in found.pairs] + list(found.spurious)) == list(columns)


def test_nothing_matches_nothing() -> None:
    assert match([], [1], lambda _, __: 1) == match([], [1], lambda _, __: 0)
    assert match([], [], lambda _, __: 1).pairs == ()


# --- entities ---------------------------------------------------------------------------------------------------------


def test_entities_meet_by_type_and_a_shared_form() -> None:
    gold = reading(entities=(make_entity(TEXT, "x", EntityType.GROUP, "ISIS"), ADEN))
    predicted = reading(entities=(make_entity(TEXT, "e9", EntityType.LOCATION, "Aden", "the port of Aden"), US))
    found = Alignment(predicted, gold).entities
    assert [(one.id, other.id) for one, other in found.pairs] == [("e1", "e9")]
    assert [entity.id for entity in found.missed] == ["x"]
    assert [entity.id for entity in found.spurious] == ["e5"]


def test_another_type_is_another_entity() -> None:
    predicted = reading(entities=(make_entity(TEXT, "e1", EntityType.GROUP, "Aden"),))
    assert not Alignment(predicted, reading(entities=(ADEN,))).entities.pairs


def test_a_pronoun_is_no_shared_form_but_an_acronym_is() -> None:
    he = [replace(entity, surface_forms=(*entity.surface_forms, "he")) for entity in (ISIS, US)]
    assert not Alignment(reading(entities=(he[0],)), reading(entities=(he[1],))).entities.pairs
    capitals = replace(US, name="US", surface_forms=("US",))
    assert Alignment(reading(entities=(capitals,)), reading(entities=(US,))).entities.pairs


def test_the_likelier_of_two_entities_is_taken_but_never_at_the_cost_of_a_match() -> None:
    both = replace(ADEN, id="e7", surface_forms=("Aden", "Yemen"))
    found = Alignment(reading(entities=(both, ADEN)), reading(entities=(ADEN, YEMEN))).entities
    assert {(one.id, other.id) for one, other in found.pairs} == {("e1", "e1"), ("e2", "e7")}


def test_outlet_bylines_and_credits_are_neither_right_nor_wrong() -> None:
    names = ("Harbour Wire", "Jane Doe", "AFP", "Omar Haddad", "Ann Lee")
    credits_ = tuple(make_entity(TEXT, f"x{n}", EntityType.GROUP, name) for n, name in enumerate(names))
    assert not Alignment(reading(entities=credits_), reading(entities=())).entities.spurious
    assert not Alignment(reading(entities=()), reading(entities=credits_)).entities.missed
    assert not Alignment(reading(entities=credits_), reading(entities=credits_)).entities.pairs
    real = make_entity(TEXT, "e8", EntityType.PERSON, "Jane Roe")
    dateline = make_entity(TEXT, "e9", EntityType.LOCATION, "ADEN")
    missed = Alignment(reading(entities=()), reading(entities=(real, dateline))).entities.missed
    assert missed == (dateline, real)


# --- attacks ----------------------------------------------------------------------------------------------------------


def test_attacks_meet_by_place_where_they_share_a_sentence() -> None:
    gold = reading(bomb(id="x"), bomb(id="y", locations=at("e3")))
    found = Alignment(reading(bomb(locations=at("e3"))), gold).attacks
    assert [(one.id, other.id) for one, other in found.pairs] == [("y", "a1")]
    assert [attack.id for attack in found.missed] == ["x"]


def test_the_same_trigger_is_the_same_attack_whatever_else_is_wrong() -> None:
    day = Stated(value="2026-03-01", span=span(TEXT, "1 March"))
    wrong = bomb(kinds=(AttackKind.RAID,), locations=at("e3"), date=replace(day, value="2025"))
    alignment = Alignment(reading(wrong), reading(bomb(date=day)))
    features = alignment.attack_features(*alignment.attacks.pairs[0])
    assert sum(ATTACK_WEIGHTS[name] * value for name, value in features.items()) == ATTACK_FLOOR


def test_one_kind_in_one_place_is_one_attack_even_from_other_sentences() -> None:
    elsewhere = replace(bomb(), trigger=span(TEXT, "attacks"), evidence=(span(TEXT, "ISIS claimed it."),))
    assert Alignment(reading(elsewhere), reading(bomb())).attacks.pairs
    assert not Alignment(reading(replace(elsewhere, locations=())), reading(bomb())).attacks.pairs


def test_other_attacks_stay_apart() -> None:
    found = Alignment(reading(shots()), reading(bomb())).attacks
    assert (len(found.pairs), len(found.missed), len(found.spurious)) == (0, 1, 1)


def test_places_agree_along_the_chain() -> None:
    def agree(gold: tuple[str, ...], predicted: tuple[str, ...], **given_: Any) -> bool:
        one, other = bomb(locations=at(*gold)), bomb(locations=at(*predicted))
        entities = (ADEN, YEMEN, TAIZ, PORT)
        alignment = Alignment(reading(other, entities=entities), reading(one, entities=entities, **given_))
        return alignment.places_agree(one, other)

    assert agree(("e1", "e2"), ("e2",))
    assert agree(("e1",), ("e6", "e1"))
    assert not agree(("e1", "e2"), ("e3", "e2"))
    assert not agree(("e1",), ("e2",))
    inside = RelationReport(id="r1", subject="e1", predicate="partOf", object="e2", evidence=())
    assert agree(("e1",), ("e2",), relations=(inside,))
    circle = replace(inside, id="r2", subject="e2", object="e1")
    assert agree(("e1",), ("e2",), relations=(inside, circle))


def test_parties_meet_by_name_or_by_description() -> None:
    alignment = Alignment(reading(), reading())
    far = {"span": span(TEXT, "a judge")}
    assert alignment.same_party(party("the group", "e4"), party("ISIS fighters", "e4"))
    assert alignment.same_party(party("the group", "e4"), party("ISIS fighters"))
    assert not alignment.same_party(party("gunmen"), party("gunmen", "e4"))
    assert not alignment.same_party(party("it", "e4"), party("it", "e5"))
    assert alignment.same_party(party("gunmen"), replace(party("three gunmen"), **far))
    assert alignment.same_party(party("gunmen"), party("assailants"))  # the same words of the text
    assert not alignment.same_party(party("gunmen"), replace(party("assailants"), **far))
    assert not alignment.same_party(party("x", "no such id"), party("x", "e4"))


# --- claims and relations ---------------------------------------------------------------------------------------------


def test_claims_meet_by_speaker_and_attack() -> None:
    def found(gold: ClaimReport, predicted: ClaimReport) -> tuple[int, int]:
        alignment = Alignment(reading(bomb(), shots(), claims=(predicted,)), reading(bomb(), shots(), claims=(gold,)))
        return len(alignment.claims.pairs), len(alignment.claims_strict.pairs)

    assert found(claim(), claim(content="quite other words")) == (1, 1)
    assert found(claim(), claim(kind=ClaimKind.DENIAL)) == (1, 0)
    assert found(claim(), claim(claimant="e5")) == (0, 0)
    assert found(claim(), claim(about="a2")) == (0, 0)
    assert found(claim(), claim(about=None)) == (0, 0)


def test_claims_about_no_attack_meet_by_half_of_their_words() -> None:
    def found(gold: str, predicted: str) -> int:
        sides = (reading(claims=(claim(about=None, content=content),)) for content in (predicted, gold))
        return len(Alignment(*sides).claims.pairs)

    assert found("six attacks since January", "January attacks") == 1
    assert found("six attacks since January", "January rain came early") == 0


def test_nobody_claims_what_no_group_has_claimed() -> None:
    def found(gold: str, predicted: str) -> int:
        sides = (reading(bomb(), claims=(claim(claimant=None, claimant_text=text),)) for text in (predicted, gold))
        return len(Alignment(*sides).claims.pairs)

    assert found("", "No group") == 1
    assert found("officials", "local officials") == 1
    assert found("", "officials") == 0


def test_of_several_claims_by_one_speaker_those_of_one_kind_meet() -> None:
    denial = claim(id="c2", kind=ClaimKind.DENIAL, cue=span(TEXT, "denied"), content="ISIS denied it")
    gold, predicted = reading(bomb(), claims=(claim(), denial)), reading(bomb(), claims=(denial, claim()))
    alignment = Alignment(predicted, gold)
    assert all(one == other for one, other in alignment.claims.pairs)
    assert len(alignment.claims_strict.pairs) == 2


def test_relations_meet_by_ends_and_strictly_by_predicate() -> None:
    def found(*predicted: tuple[str, str, str]) -> tuple[int, int, int]:
        sides = (
            reading(relations=tuple(_relation(*relation) for relation in side))
            for side in (predicted, [("e4", "opponentOf", "e5"), ("e4", "partOf", "e1")])
        )
        alignment = Alignment(*sides)
        return len(alignment.relations.pairs), len(alignment.relations_strict.pairs), len(alignment.relations.spurious)

    assert found(("e4", "opponentOf", "e5"), ("e4", "partOf", "e1")) == (2, 2, 0)
    assert found(("e5", "opponentOf", "e4"), ("e1", "partOf", "e4")) == (2, 1, 0)
    assert found(("e4", "alliedWith", "e5")) == (1, 0, 0)
    assert found(("e4", "opponentOf", "e5"), ("e4", "opponentOf", "e5")) == (1, 1, 0)
    assert found(("e3", "partOf", "e2")) == (0, 0, 1)


def test_containment_that_the_attack_gives_is_free() -> None:
    inside, other = _relation("e1", "partOf", "e2"), _relation("e3", "partOf", "e2")
    attack = bomb(locations=at("e1", "e2"))
    for predicted, gold in (((inside,), ()), ((), (inside,)), ((inside,), (inside,))):
        found = Alignment(reading(relations=predicted), reading(attack, relations=gold)).relations
        assert (found.pairs, found.missed, found.spurious) == ((), (), ())
    assert Alignment(reading(relations=(other,)), reading(attack)).relations.spurious == (other,)


def _relation(subject: str, predicate: str, object_: str) -> RelationReport:
    return RelationReport(
        id=f"{subject}{predicate}{object_}", subject=subject, predicate=predicate, object=object_, evidence=()
    )


def test_two_texts_cannot_be_compared() -> None:
    wire = make_wire()
    with pytest.raises(UsageError, match="wire/1"):
        Alignment(replace(wire, article=replace(wire.article, text="other")), wire)
