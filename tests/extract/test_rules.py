"""The rule extractor: one behaviour each, on sentences of our own."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidentgraph.errors import ExtractError, UsageError
from incidentgraph.extract import EXTRACTORS, Extractor, make_extractor
from incidentgraph.records import (
    Article,
    AttackKind,
    AttackReport,
    AttackRole,
    AttackStatus,
    ClaimKind,
    EntityType,
    Extraction,
    Figure,
    GroupKind,
    PerpetratorStatus,
    Side,
    Span,
)
from incidentgraph.schema import from_json, to_json

from .conftest import Read


def names(extraction: Extraction, kind: EntityType) -> set[str]:
    return {entity.name for entity in extraction.entities if entity.type is kind}


def named(extraction: Extraction, local: str | None) -> str | None:
    return extraction.entity(local).name if local else None


def bounds(figures: tuple[Figure, ...]) -> list[tuple[int | None, int | None, int | None]]:
    return [(figure.low, figure.best, figure.high) for figure in figures]


def only(extraction: Extraction) -> AttackReport:
    assert len(extraction.attacks) == 1
    return extraction.attacks[0]


# --- entities ---------------------------------------------------------------------------------------------------------


def test_an_abbreviation_and_the_full_name_are_one_entity(read: Read) -> None:
    found = read("Fighters of the Northern Hills Liberation Front (NHLF) fled. The NHLF said nothing.")
    (group,) = [entity for entity in found.entities if entity.type is EntityType.GROUP]
    assert set(group.surface_forms) == {"Northern Hills Liberation Front", "NHLF"}
    assert len(group.mentions) == 3


def test_a_person_named_again_by_the_last_name_is_one_entity(read: Read) -> None:
    found = read("President Ahmed al-Sharaa spoke in Damascus. Al-Sharaa left later. Critics of Sharaa stayed.")
    (person,) = [entity for entity in found.entities if entity.type is EntityType.PERSON]
    assert {"Ahmed al-Sharaa", "Al-Sharaa", "Sharaa"} <= set(person.surface_forms)


def test_a_name_that_the_text_equates_is_an_alias(read: Read) -> None:
    found = read("Ahmed al-Sharaa, formerly known as Abu Mohammed al-Jolani, spoke in Damascus.")
    (person,) = [entity for entity in found.entities if entity.type is EntityType.PERSON]
    assert "Abu Mohammed al-Jolani" in person.surface_forms


def test_a_state_that_acts_is_a_group_and_a_mere_place_is_none(read: Read) -> None:
    found = read("Turkey said its jets had struck targets in Iraq.")
    assert names(found, EntityType.GROUP) == {"Turkey"}
    assert names(found, EntityType.LOCATION) == {"Iraq"}


def test_a_ministry_has_its_country(read: Read) -> None:
    found = read("Syria’s Defence Ministry confirmed that two soldiers were shot dead in Raqqa.")
    (ministry,) = [entity for entity in found.entities if entity.type is EntityType.GROUP]
    assert (ministry.group_kind, ministry.country) == (GroupKind.GOVERNMENT_BODY, "SY")


def test_the_verb_is_is_no_group(read: Read) -> None:
    found = read("The town is quiet. It is said that IS is in the hills near Raqqa.")
    (group,) = [entity for entity in found.entities if entity.type is EntityType.GROUP]
    assert group.mentions == (Span(start=35, end=37),)


def test_a_place_is_chosen_by_the_larger_one_beside_it(read: Read) -> None:
    found = read("A bomb exploded in Tripoli, Lebanon, on Saturday.")
    assert {entity.country for entity in found.entities if entity.type is EntityType.LOCATION} == {"LB"}


def test_a_village_that_no_gazetteer_has_keeps_its_name(read: Read) -> None:
    found = read("Gunmen attacked the village of Qarzuma in Borno State on Friday, killing four people.")
    assert "Qarzuma" in names(found, EntityType.LOCATION)


# --- attacks ----------------------------------------------------------------------------------------------------------


def test_a_bombing_with_place_date_and_toll(read: Read) -> None:
    found = read("A suicide bomber killed at least 26 people and wounded dozens in Maiduguri on Saturday.")
    attack = only(found)
    assert attack.kind is AttackKind.BOMBING
    assert attack.status is AttackStatus.OCCURRED
    assert attack.date is not None
    assert attack.date.value == "2026-02-21"
    assert [named(found, place.entity) for place in attack.locations] == ["Maiduguri"]
    assert bounds(attack.killed) == [(26, None, None)]
    assert bounds(attack.injured) == [(24, None, None)]


def test_places_come_most_specific_first(read: Read) -> None:
    found = read("Gunmen opened fire on a patrol in Mayadin in Deir al-Zor province in Syria, killing two soldiers.")
    assert [named(found, place.entity) for place in only(found).locations] == ["Mayadin", "Deir al-Zor", "Syria"]


def test_one_dead_and_another_wounded(read: Read) -> None:
    attack = only(read("An assault in Deir al-Zor left one interior ministry guard dead and another wounded."))
    assert bounds(attack.killed) == [(1, 1, 1)]
    assert bounds(attack.injured) == [(1, 1, 1)]


def test_people_in_a_list_are_added_up(read: Read) -> None:
    attack = only(read("A soldier and a civilian were killed when gunmen opened fire in Raqqa."))
    assert bounds(attack.killed) == [(2, 2, 2)]


def test_attackers_who_died_are_kept_apart(read: Read) -> None:
    attack = only(read("Two attackers were shot dead after they stormed a hotel in Mogadishu and killed nine guests."))
    sides = {figure.side: figure.best for figure in attack.killed}
    assert sides == {Side.ATTACKER: 2, Side.VICTIM: 9}


def test_years_and_ages_are_no_figures(read: Read) -> None:
    attack = only(read("In December 2014 gunmen killed nearly 150 people in Peshawar. A policeman of 29 died later."))
    assert 2014 not in {figure.best for figure in attack.killed}
    assert 29 not in {figure.best for figure in attack.killed}


def test_two_attacks_in_one_text_stay_two(read: Read) -> None:
    found = read(
        "A car bomb exploded in Kirkuk on Friday, killing three people.\n\n"
        "In a separate attack, gunmen shot dead two policemen in Basra on Saturday."
    )
    assert [[named(found, place.entity) for place in attack.locations] for attack in found.attacks] == [
        ["Kirkuk"],
        ["Basra"],
    ]


def test_a_later_sentence_about_the_attack_joins_it(read: Read) -> None:
    found = read(
        "A bomb exploded at a market in Kirkuk on Friday. The blast killed 12 people. The death toll later rose to 15."
    )
    assert bounds(only(found).killed) == [(12, 12, 12), (15, 15, 15)]


def test_a_counted_series_of_attempts_is_one_attack(read: Read) -> None:
    attack = only(read("Islamic State made five failed assassination attempts on President Ahmed al-Sharaa."))
    assert (attack.count, attack.status, attack.kind) == (5, AttackStatus.ATTEMPTED, AttackKind.ASSASSINATION)


def test_an_aggregate_over_a_period_is_no_attack(read: Read) -> None:
    assert not read("The group has claimed six attacks against the government since the fall of Assad.").attacks


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Police foiled a bomb attack on a church in Jakarta on Friday.", AttackStatus.FOILED),
        ("A bombing in Jakarta on Friday killed two people.", AttackStatus.OCCURRED),
    ],
)
def test_status(read: Read, sentence: str, status: AttackStatus) -> None:
    assert only(read(sentence)).status is status


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("A drone strike killed three people in Jenin on Friday.", AttackKind.AIR_STRIKE),
        ("Gunmen kidnapped 12 students from a school in Kaduna on Friday.", AttackKind.KIDNAPPING),
        ("Arsonists set fire to a mosque in Malmo on Friday night; two people were injured.", AttackKind.ARSON),
        ("A man ploughed into a crowd in Nice on Friday, killing four people.", AttackKind.VEHICLE_ATTACK),
        ("Rockets hit a market in Kharkiv on Friday, killing six people.", AttackKind.SHELLING),
        ("A man with a knife stabbed two people in Solingen on Friday.", AttackKind.ARMED_ASSAULT),
    ],
)
def test_kind(read: Read, sentence: str, kind: AttackKind) -> None:
    assert only(read(sentence)).kind is kind


def test_an_older_attack_is_background(read: Read) -> None:
    found = read(
        "A bomb exploded in Kabul on Saturday, killing five people.\n\n"
        "In August 2021 a suicide bombing killed more than 170 people in Kabul."
    )
    assert [attack.role for attack in found.attacks] == [AttackRole.MAIN, AttackRole.BACKGROUND]


@pytest.mark.parametrize(
    "text",
    [
        "The striker attacked from the left and shot twice; the goalkeeper, the referee and the coach watched. The match ended without a goal and the league goes on next season with a penalty record.",
        "He died of a heart attack at the age of 71 in Madrid on Friday.",
        "At least 30 people were killed in an earthquake in Herat on Saturday.",
        "Two armies begin a military exercise in Latvia on Friday.",
    ],
)
def test_no_attack_is_made_of_figures_of_speech_and_accidents(read: Read, text: str) -> None:
    assert not read(text).attacks


# --- claims -----------------------------------------------------------------------------------------------------------


def test_a_claim_of_responsibility_makes_the_perpetrator_claimed(read: Read) -> None:
    found = read("A bomb killed four soldiers in Gao on Friday. JNIM claimed responsibility in a statement.")
    (claim,) = [claim for claim in found.claims if claim.kind is ClaimKind.RESPONSIBILITY]
    assert (named(found, claim.claimant), claim.about) == ("JNIM", "a1")
    assert only(found).perpetrator_status is PerpetratorStatus.CLAIMED


def test_accusation_and_denial_stand_side_by_side(read: Read) -> None:
    found = read(
        "A drone strike killed six people in Goma on Friday. The Congolese army blamed M23. M23 denied any involvement in the attack."
    )
    assert {(claim.kind, named(found, claim.claimant)) for claim in found.claims} == {
        (ClaimKind.ATTRIBUTION, "Congolese army"),
        (ClaimKind.DENIAL, "M23"),
    }


def test_rival_tolls_keep_their_speakers(read: Read) -> None:
    found = read(
        "An air strike hit a market in Palmyra on Friday. The Syrian defence ministry reported 36 dead. "
        "The Syrian Observatory for Human Rights counted 79 dead."
    )
    said = {named(found, claim.claimant): bounds(claim.killed) for claim in found.claims}
    assert said == {
        "Syrian defence ministry": [(36, 36, 36)],
        "Syrian Observatory for Human Rights": [(79, 79, 79)],
    }
    assert {named(found, figure.according_to) for figure in only(found).killed} == set(said)


def test_nobody_claimed_it(read: Read) -> None:
    found = read("A bomb killed four people in Quetta on Friday. No group has claimed responsibility.")
    (claim,) = found.claims
    assert (claim.kind, claim.claimant, claim.about) == (ClaimKind.OTHER, None, "a1")


def test_the_group_is_the_one_named_before(read: Read) -> None:
    found = read(
        "Boko Haram fled the village. The group claimed responsibility for a bombing in Maiduguri that killed two people."
    )
    assert named(found, found.claims[0].claimant) == "Boko Haram"


# --- relations --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "subject", "predicate", "target"),
    [
        ("Hamas leader Yahya Sinwar spoke in Gaza.", "Yahya Sinwar", "leaderOf", "Hamas"),
        ("Syria’s interim president Ahmed al-Sharaa spoke.", "Ahmed al-Sharaa", "leaderOf", "Syria"),
        ("Former al-Shabaab leader Ahmed Godane died in Somalia.", "Ahmed Godane", "formerLeaderOf", "al-Shabaab"),
        ("Taliban spokesman Zabihullah Mujahid spoke in Kabul.", "Zabihullah Mujahid", "spokespersonOf", "Taliban"),
        ("The al-Nusra Front, al-Qaeda’s Syrian affiliate, withdrew.", "al-Nusra Front", "affiliateOf", "al-Qaeda"),
        ("The Syrian army’s 42nd Division withdrew.", "42nd Division", "partOf", "Syrian army"),
    ],
)
def test_relation(read: Read, sentence: str, subject: str, predicate: str, target: str) -> None:
    found = read(f"{sentence} People in Syria slept.")
    said = {(named(found, item.subject), item.predicate, named(found, item.object)) for item in found.relations}
    assert (subject, predicate, target) in said


# --- the protocol -----------------------------------------------------------------------------------------------------


def test_every_offset_points_at_its_words(read: Read) -> None:
    text = (
        "Islamic State (IS) claimed responsibility for a bombing in Kerman on Wednesday that killed 84 people. "
        "Iranian state media said 284 people were injured. President Ebrahim Raisi blamed Israel."
    )
    found = read(text)
    for entity in found.entities:
        written = {text[span.start : span.end] for span in entity.mentions}
        assert set(entity.surface_forms) & written
    for attack in found.attacks:
        assert any(span.start <= attack.trigger.start and attack.trigger.end <= span.end for span in attack.evidence)
        for party in (*attack.perpetrators, *attack.targets, *attack.victims):
            assert text[party.span.start : party.span.end] == party.text
        for weapon in attack.weapons:
            assert text[weapon.span.start : weapon.span.end] == weapon.value


def test_the_schema_gives_back_the_same_records(read: Read) -> None:
    found = read("Islamic State (IS) claimed a bombing in Kerman on Wednesday that killed 84 people, officials said.")
    assert from_json(json.loads(json.dumps(to_json(found)))) == found


def test_reading_twice_gives_the_same(read: Read) -> None:
    text = "Gunmen killed 12 people in Goma on Friday. The army blamed M23 and M23 denied it."
    assert read(text) == read(text)


def test_an_unknown_extractor_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="no extractor 'best'"):
        make_extractor("best")
    assert "rules" in EXTRACTORS


def test_an_empty_text_is_an_error_that_names_the_article(rules: Extractor) -> None:
    with pytest.raises(ExtractError, match="report-7: no text"):
        rules.extract(Article(id="report-7", text=" \n "))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=400).filter(str.strip))
def test_any_text_is_read_without_an_error(rules: Extractor, text: str) -> None:
    found = rules.extract(Article(id="t", text=text))
    assert from_json(json.loads(json.dumps(to_json(found)))) == found


def test_a_million_punctuation_marks_end_in_time(rules: Extractor) -> None:
    assert not rules.extract(Article(id="t", text="?!.,;" * 40_000 + " A quiet day.")).attacks


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Syria and Iraq sent ministers to a meeting in Riyadh. The talks in Riyadh were about Syria and Iraq.", "SA"),
        ("The president of Syria paid a visit to Washington in November.", "US"),
        ("A bomb exploded in Tripoli on Friday. Lebanon buried its dead; the Lebanese army came to Tripoli.", "LB"),
    ],
)
def test_a_famous_town_is_not_taken_for_a_village_and_context_still_counts(read: Read, text: str, country: str) -> None:
    towns = {"Riyadh", "Washington", "Tripoli"}
    found = read(text)
    (town,) = [entity for entity in found.entities if entity.type is EntityType.LOCATION and entity.name in towns]
    assert town.country == country


def test_washington_alone_is_the_capital(read: Read) -> None:
    found = read("The president of Syria paid a visit to Washington in November.")
    (town,) = [entity for entity in found.entities if entity.name == "Washington"]
    assert town.known_id == "gn:4140963"
