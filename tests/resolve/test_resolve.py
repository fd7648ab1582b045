"""Resolution: one node per real thing, whatever the spelling and the order of articles."""

from __future__ import annotations

from itertools import permutations

import pytest

from incidentgraph.extension import Source, make_extension
from incidentgraph.extract import Extractor, extended, make_extractor
from incidentgraph.records import Article, Attack, AttackStatus, Extraction, Member, Reason, Resolution, Toll
from incidentgraph.resolve import resolve
from incidentgraph.resolve.cluster import cluster
from incidentgraph.spelling import canonical_body, fold, skeleton


@pytest.fixture(scope="module")
def rules() -> Extractor:
    return make_extractor("rules")


def read(rules: Extractor, **texts: tuple[str, str | None]) -> tuple[Extraction, ...]:
    return tuple(rules.extract(Article(id=name, text=text, published=day)) for name, (text, day) in texts.items())


def attack_of(resolution: Resolution, article: str, local: str = "a1") -> Attack:
    member = Member(article=article, local=local)
    return next(attack for attack in resolution.attacks if member in attack.members)


FIRST = "A suicide bomber killed at least 40 people in Maiduguri on Friday, officials said. Boko Haram claimed responsibility."
SECOND = (
    "Boko Haram fighters carried out a suicide bombing in Maiduguri on Friday. It killed 57 people, a hospital said."
)
WEEK_LATER = "A suicide bomber killed nine people in Maiduguri on Friday. Boko Haram claimed responsibility."


def test_two_reports_of_one_attack_are_one_node_with_reasons_and_both_tolls(rules: Extractor) -> None:
    found = resolve(read(rules, wire=(FIRST, "2026-02-21"), paper=(SECOND, "2026-02-22")))
    (attack,) = found.attacks
    assert {member.article for member in attack.members} == {"wire", "paper"}
    assert attack.killed == Toll(low=40, best=57, high=57)
    assert attack.date == "2026-02-20"
    (reason,) = attack.reasons
    assert reason.score > 0.5
    assert any("same day" in why for why in reason.why)


def test_the_same_town_and_group_a_week_later_is_another_attack(rules: Extractor) -> None:
    found = resolve(read(rules, wire=(FIRST, "2026-02-21"), later=(WEEK_LATER, "2026-02-28")))
    assert len(found.attacks) == 2


def test_what_one_article_tells_apart_stays_apart(rules: Extractor) -> None:
    text = (
        "Gunmen killed two soldiers in Gao on Friday. JNIM claimed responsibility.\n\n"
        "In a separate attack on Friday, gunmen killed two soldiers in Kidal. JNIM claimed responsibility."
    )
    again = "Gunmen killed two soldiers in Gao on Friday. JNIM claimed responsibility."
    found = resolve(read(rules, both=(text, "2026-02-21"), one=(again, "2026-02-21")))
    assert attack_of(found, "both", "a1") is attack_of(found, "one")
    assert attack_of(found, "both", "a2") is not attack_of(found, "one")


def test_a_larger_place_alone_does_not_join_two_attacks(rules: Extractor) -> None:
    texts = read(
        rules,
        city=(
            "Gunmen opened fire on soldiers in Mayadin in Deir al-Zor province. Islamic State claimed the attack.",
            None,
        ),
        province=("Islamic State claimed an attack in Deir al-Zor that left one guard dead and another wounded.", None),
    )
    assert len(resolve(texts).attacks) == 2


def test_series_of_attempts_told_twice_are_one(rules: Extractor) -> None:
    texts = read(
        rules,
        wire=("A report said Islamic State made five foiled assassination attempts on President Ahmed al-Sharaa.", None),
        note=("Islamic State had conducted five unsuccessful assassination attempts targeting al-Sharaa, the UN said. Ahmed al-Sharaa survived.", None),
    )  # fmt: skip
    (attack,) = resolve(texts).attacks
    assert attack.count == 5
    assert attack.status in {AttackStatus.FOILED, AttackStatus.ATTEMPTED}


def test_the_order_of_articles_does_not_matter(rules: Extractor) -> None:
    texts = read(rules, wire=(FIRST, "2026-02-21"), paper=(SECOND, "2026-02-22"), later=(WEEK_LATER, "2026-02-28"))
    assert len({repr(resolve(order)) for order in permutations(texts)}) == 1


def test_spellings_of_an_unlisted_person_are_one_and_another_man_stays_apart(rules: Extractor) -> None:
    texts = read(
        rules,
        a=("Spokesman Abu Hudhayfa al-Qarzumi spoke in Gao on Friday.", "2026-02-21"),
        b=("Spokesman Abu Huzaifa al-Qarzumi spoke in Gao on Friday.", "2026-02-21"),
        c=("Spokesman Abu Talha al-Qarzumi spoke in Gao on Friday.", "2026-02-21"),
    )
    persons = {actor.members: actor.aliases for actor in resolve(texts).actors if actor.type == "Person"}
    assert sorted(len(members) for members in persons) == [1, 2]


def test_bodies_of_two_states_stay_two(rules: Extractor) -> None:
    texts = read(
        rules,
        a=("The Syrian defence ministry spoke.", None),
        b=("Syria’s Ministry of Defense spoke.", None),
        c=("The Iraqi defence ministry spoke.", None),
    )
    groups = [actor for actor in resolve(texts).actors if actor.type == "Group"]
    assert sorted((actor.country or "", len(actor.members)) for actor in groups) == [("IQ", 1), ("SY", 2)]


def test_a_place_lies_in_its_province_and_country(rules: Extractor) -> None:
    found = resolve(
        read(rules, a=("Gunmen attacked soldiers in Mayadin in Deir al-Zor province on Friday.", "2026-02-21"))
    )
    by_id = {location.id: location for location in found.locations}
    city = next(location for location in found.locations if "Mayadin" in {location.name, *location.aliases})
    assert city.lat is not None
    province = by_id[city.part_of or ""]
    country = by_id[province.part_of or ""]
    assert (province.kind, country.kind, country.country) == ("province", "country", "SY")


def test_without_a_publication_date_a_weekday_stays_unknown(rules: Extractor) -> None:
    (attack,) = resolve(read(rules, a=(FIRST, None))).attacks
    assert (attack.date, attack.earliest, attack.latest) == (None, None, None)


def test_clusters_respect_what_must_stay_apart() -> None:
    one, two, three = (Member(article=name, local="a1") for name in "xyz")
    pairs = [
        Reason(first=one, second=two, score=0.9, why=("alike",)),
        Reason(first=two, second=three, score=0.8, why=("alike",)),
    ]
    apart = {one, three}
    found = cluster([one, two, three], pairs, cannot_link=lambda a, b: apart <= {*a, *b})
    assert [members for members, _ in found] == [(one, two), (three,)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hudhayfa", "Huzaifa"), ("Mohammed", "Muhammad"), ("Yusuf", "Youssef"), ("Jolani", "Golani"), ("Omar", "Umar")],
)
def test_skeletons_of_spellings_meet(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("al-Qaeda", "Al Qaeda"), ("Côte d’Ivoire", "Cote d'Ivoire"), ("The Islamic State", "Islamic State")],
)
def test_folded_names_meet(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_one_name_for_a_ministry() -> None:
    assert canonical_body("Ministry of Defense") == canonical_body("defence ministry") == "defence ministry"


# --- kinds of an extension --------------------------------------------------------------------------------------------

RAID = "Gunmen rustled 90 camels in a raid on Baragoi in Kenya on Saturday, killing three herders, police said."
ASSAULT = "Gunmen shot dead three herders in Baragoi in Kenya on Saturday, police said."


def test_a_kind_of_ones_own_meets_the_listed_kind_that_it_falls_under() -> None:
    own = make_extension(
        [
            Source(
                "own.toml",
                {
                    "kind": [{"name": "rustling", "label": "ATM heist", "definition": "…", "broader": "armed_assault"}],
                    "trigger": [{"kind": "rustling", "verbs": ["rustled"]}],
                },
            )
        ]
    )
    reader = extended(make_extractor("rules"), own.lists)
    (attack,) = resolve(read(reader, one=(RAID, "2026-02-23"), other=(ASSAULT, "2026-02-23"))).attacks
    assert [kind.value for kind in attack.kinds] == ["rustling", "armed_assault", "raid"]
    assert attack.label == "ATM heist in Baragoi, 2026-02-21"
    assert any("both armed assault" in why for reason in attack.reasons for why in reason.why)
