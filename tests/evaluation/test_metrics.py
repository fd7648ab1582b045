from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import WIRE, make_attack, make_hostile, make_radio, make_wire, span
from incidentgraph.evaluation.align import Alignment
from incidentgraph.evaluation.metrics import (
    COREFERENCE,
    MERGING,
    ROWS,
    Count,
    attack_fields,
    b_cubed,
    ceaf_e,
    conll_mean,
    count_all,
    distinct_figures,
    merging,
    muc,
    pairwise,
)
from incidentgraph.records import (
    AttackKind,
    AttackReport,
    AttackRole,
    AttackStatus,
    ClaimKind,
    Entity,
    EntityType,
    Extraction,
    Figure,
    Located,
    PerpetratorStatus,
    RelationReport,
    Side,
    Stated,
)

# --- coreference metrics, with the values that their papers print -----------------------------------------------------


def clusters(text: str) -> list[set[str]]:
    """Return `abc de` as {a, b, c} and {d, e}."""
    return [set(word) for word in text.split()]


def ratios(count: Count) -> tuple[float | None, float | None]:
    return count.precision, count.recall


def test_muc_of_vilain_et_al_1995() -> None:
    assert ratios(muc(clusters("abcd"), clusters("ab cd"))) == (1, pytest.approx(2 / 3))
    assert ratios(muc(clusters("ab cd"), clusters("abcd"))) == (pytest.approx(2 / 3), 1)
    assert ratios(muc(clusters("abcd"), clusters("ab"))) == (1, pytest.approx(1 / 3))
    assert ratios(muc(clusters("abc de"), clusters("ab de"))) == (1, pytest.approx(2 / 3))


# The example that Bagga and Baldwin 1998 introduce and Luo 2005 takes up: three entities of 5, 2 and 5 mentions.
KEY = clusters("12345 67 89ABC")
LAST_TWO_JOINED = clusters("12345 6789ABC")
LONG_TWO_JOINED = clusters("1234589ABC 67")
ALL_JOINED = clusters("123456789ABC")
NONE_JOINED = clusters("1 2 3 4 5 6 7 8 9 A B C")


@pytest.mark.parametrize(("response", "precision"), [(LAST_TWO_JOINED, 0.76), (LONG_TWO_JOINED, 0.58)])
def test_bagga_and_baldwin_1998(response: list[set[str]], precision: float) -> None:
    assert ratios(muc(KEY, response)) == (0.9, 1)
    assert ratios(b_cubed(KEY, response)) == (pytest.approx(precision, abs=0.005), 1)


@pytest.mark.parametrize(
    ("response", "muc_f", "b_cubed_f", "ceaf_f"),
    [
        (LAST_TWO_JOINED, 0.947, 0.865, 0.733),
        (LONG_TWO_JOINED, 0.947, 0.737, 0.667),
        (ALL_JOINED, 0.900, 0.545, 0.294),
        (NONE_JOINED, 0.0, 0.400, 0.178),
    ],
)
def test_luo_2005(response: list[set[str]], muc_f: float, b_cubed_f: float, ceaf_f: float) -> None:
    found = [metric(KEY, response).f1 for metric in (muc, b_cubed, ceaf_e)]
    assert found == pytest.approx([muc_f, b_cubed_f, ceaf_f], abs=0.0006)


def test_pradhan_et_al_2014() -> None:
    counts = merging(clusters("abc defg"), clusters("ab cd fghi"))
    found = {name: (counts[name].recall, counts[name].precision) for name in COREFERENCE}
    assert found["muc"] == pytest.approx((0.40, 0.40), abs=0.005)
    assert found["b_cubed"] == pytest.approx((0.42, 0.50), abs=0.005)
    assert found["ceaf_e"] == pytest.approx((0.65, 0.43), abs=0.005)
    assert conll_mean(counts) == pytest.approx((0.40 + 5 / 11 + 0.52) / 3)  # from the unrounded ratios


@pytest.mark.parametrize(
    ("response", "right", "precision", "recall"),
    [
        ("a bc def", 3, 1, 1),
        ("a de", 1.8, 0.9, 0.6),
        ("a bcx defy z", 2.66, 0.66, 0.89),
        ("a bcx dy z", 2.2, 0.55, 0.73),
    ],
)
def test_ceaf_cases_of_the_reference_scorer(response: str, right: float, precision: float, recall: float) -> None:
    """Cases 1 to 4 of `test/TestCases.README` in github.com/conll/reference-coreference-scorers."""
    count = ceaf_e(clusters("a bc def"), clusters(response))
    assert (count.right, count.precision, count.recall) == pytest.approx((right, precision, recall), abs=0.01)


def test_pairwise() -> None:
    assert ratios(pairwise(KEY, LAST_TWO_JOINED)) == (21 / 31, 1)
    assert ratios(pairwise(clusters("abc"), clusters("ab c"))) == (1, 1 / 3)


def test_clusters_that_are_empty_or_missing() -> None:
    for metric in MERGING.values():
        assert metric([], []) == Count()
        assert metric([[]], [[], []]) == Count()
        assert metric([], [["a", "b"]]).f1 == 0
        assert metric([["a", "b"]], []).f1 == 0
    assert conll_mean({}) is None


def test_a_member_of_two_clusters_counts_once() -> None:
    for metric in MERGING.values():
        assert metric([["a", "b"], ["b", "c"]], [["a", "b"], ["c"]]).f1 in {1, None}


partitions = st.lists(st.integers(0, 4), min_size=1, max_size=9).map(
    lambda labels: [[at for at, label in enumerate(labels) if label == wanted] for wanted in sorted(set(labels))]
)


@given(partitions, partitions)
def test_metrics_lie_between_0_and_1_and_turn_with_their_sides(one: list[list[int]], other: list[list[int]]) -> None:
    for metric in MERGING.values():
        there, back = metric(one, other), metric(other, one)
        for here, turned in ((there.precision, back.recall), (there.recall, back.precision), (there.f1, back.f1)):
            assert here == (None if turned is None else pytest.approx(turned))
            assert here is None or -1e-9 <= here <= 1 + 1e-9


@given(partitions)
def test_a_clustering_equals_itself_in_any_order(one: list[list[int]]) -> None:
    turned = [cluster[::-1] for cluster in one[::-1]]
    scores = [metric(one, turned).f1 for metric in MERGING.values()]
    assert all(score is None or score == pytest.approx(1) for score in scores)


# --- ratios -----------------------------------------------------------------------------------------------------------


def test_ratios_of_a_count() -> None:
    count = Count(right=1, said=2, found=1, gold=4)
    assert (count.precision, count.recall, count.f1) == (0.5, 0.25, pytest.approx(1 / 3))
    assert count + count == Count(2, 4, 2, 8)
    assert (Count().precision, Count().recall, Count().f1) == (None, None, None)
    assert (Count(said=3).f1, Count(gold=3).f1) == (0, 0)


# --- one article ------------------------------------------------------------------------------------------------------


def figure(low: int | None, high: int | None, who: str = "people", words: str = "A car", **given_: Any) -> Figure:
    return Figure(low=low, best=None, high=high, who=who, span=span(WIRE, words), **given_)


def full() -> Extraction:
    """The wire article with something in every row."""
    wire = make_wire()
    more = {"injured": (figure(40, None, "shoppers"),), "abducted": (figure(2, 2, "guards", according_to="e2"),)}
    return attack_with(wire, **more)


def attack_with(extraction: Extraction, **changes: Any) -> Extraction:
    return replace(extraction, attacks=(replace(extraction.attacks[0], **changes), *extraction.attacks[1:]))


def lowered(predicted: Extraction, gold: Extraction) -> set[str]:
    """Return the rows that are not perfect."""
    counts = count_all(Alignment(predicted, gold))
    return {row for row, count in counts.items() if count.f1 not in {1, None}}


def test_a_perfect_reading_scores_1_in_every_row() -> None:
    counts = count_all(Alignment(full(), full()))
    assert tuple(counts) == ROWS
    assert {row: count.f1 for row, count in counts.items()} == dict.fromkeys(ROWS, 1)


@pytest.mark.parametrize("make", [make_wire, make_radio, make_hostile])
def test_the_example_articles_equal_themselves(make: Callable[[], Extraction]) -> None:
    assert lowered(make(), make()) == set()


def test_nothing_against_nothing_and_against_something() -> None:
    empty = replace(make_wire(), entities=(), attacks=(), claims=(), relations=())
    assert set(count_all(Alignment(empty, empty)).values()) == {Count()}
    missed, invented = (count_all(Alignment(*sides)) for sides in ((empty, full()), (full(), empty)))
    for row in ROWS:
        assert (missed[row].said, invented[row].gold) == (0, 0)
        assert (missed[row].gold, invented[row].said) == (invented[row].said, missed[row].gold)
    assert (missed["attacks"].recall, missed["killed"].recall, invented["claims"].precision) == (0, 0, 0)


PLACES = ("attacks.location", "attacks.location.specific")
WITH_STRICT = ("attacks.strict",)
COREF = ("coreference.muc", "coreference.b_cubed", "coreference.ceaf_e")


def _attack(**changes: Any) -> Callable[[Extraction], Extraction]:
    return lambda extraction: attack_with(extraction, **changes)


def _figures_of(name: str, **changes: Any) -> Callable[[Extraction], Extraction]:
    def change(extraction: Extraction) -> Extraction:
        first, *others = getattr(extraction.attacks[0], name)
        return attack_with(extraction, **{name: (replace(first, **changes), *others)})

    return change


def _claim(**changes: Any) -> Callable[[Extraction], Extraction]:
    return lambda extraction: replace(
        extraction, claims=(replace(extraction.claims[0], **changes), *extraction.claims[1:])
    )


def _relation(**changes: Any) -> Callable[[Extraction], Extraction]:
    return lambda extraction: replace(extraction, relations=(replace(extraction.relations[0], **changes),))


def _perpetrator(**changes: Any) -> Callable[[Extraction], Extraction]:
    return lambda extraction: attack_with(
        extraction, perpetrators=(replace(extraction.attacks[0].perpetrators[0], **changes),)
    )


def _entity(at: int, **changes: Any) -> Callable[[Extraction], Extraction]:
    def change(extraction: Extraction) -> Extraction:
        entities = list(extraction.entities)
        entities[at] = replace(entities[at], **changes)
        return replace(extraction, entities=tuple(entities))

    return change


def _without_weapon(extraction: Extraction) -> Extraction:
    return replace(extraction, entities=extraction.entities[:5])


def _joined(extraction: Extraction) -> Extraction:
    """Amaq taken for the Islamic State."""
    *others, group, outlet, weapon = extraction.entities
    return replace(
        extraction, entities=(*others, replace(group, mentions=(*group.mentions, *outlet.mentions)), outlet, weapon)
    )


def _date(value: str) -> Stated:
    return Stated(value=value, span=span(WIRE, "Sunday"))


@pytest.mark.parametrize(
    ("change", "rows"),
    [
        (_attack(kinds=(AttackKind.RAID,)), {"attacks.kind", *WITH_STRICT}),
        (_attack(status=AttackStatus.ALLEGED), {"attacks.status"}),
        (_attack(role=AttackRole.BACKGROUND), {"attacks.role"}),
        (_attack(targets=()), {"attacks.targets"}),
        (_attack(victims=()), {"attacks.victims"}),
        (_attack(weapons=()), {"attacks.weapons"}),
        (_attack(perpetrators=()), {"attacks.perpetrators", "attacks.perpetrator_status", *WITH_STRICT}),
        (_perpetrator(actor="e5"), {"attacks.perpetrators", *WITH_STRICT}),
        (_perpetrator(status=PerpetratorStatus.SUSPECTED), {"attacks.perpetrator_status", *WITH_STRICT}),
        (_attack(locations=()), {*PLACES, *WITH_STRICT}),
        (_attack(date=None), {"attacks.date", "attacks.date.exact"}),
        (_attack(date=_date("2026-02-21")), {"attacks.date", "attacks.date.exact"}),
        (_attack(date=_date("2026-02")), {"attacks.date.exact"}),
        (_figures_of("killed", low=27), {"killed", "killed.source"}),
        (_figures_of("killed", side=Side.ATTACKER), {"killed", "killed.source"}),
        (_figures_of("killed", according_to="e5"), {"killed.source"}),
        (_figures_of("killed", according_to=None), {"killed.source"}),
        (_figures_of("injured", high=50), {"injured", "injured.source"}),
        (_figures_of("abducted", low=None, high=None), {"abducted", "abducted.source"}),
        (_claim(kind=ClaimKind.CONFIRMATION), {"claims.strict"}),
        (_claim(claimant="e5"), {"claims", "claims.strict"}),
        (_claim(about=None), {"claims", "claims.strict"}),
        (_relation(predicate="officialOf"), {"relations.strict"}),
        (_relation(object="e5"), {"relations", "relations.strict"}),
        (_without_weapon, {"entities", "entities.Weapon", "mentions", "coreference.b_cubed", "coreference.ceaf_e"}),
        (_entity(5, name="truck", surface_forms=("truck",)), {"entities", "entities.Weapon"}),
        (_entity(0, mentions=(span(WIRE, "Mayadin"),)), {"mentions", *COREF}),
    ],
)
def test_one_defect_lowers_its_own_rows_only(change: Callable[[Extraction], Extraction], rows: set[str]) -> None:
    assert lowered(change(full()), full()) == rows


def test_a_wrong_type_is_one_missed_and_one_spurious() -> None:
    counts = count_all(Alignment(_entity(4, type=EntityType.PERSON)(full()), full()))
    assert counts["entities"] == Count(5, 6, 5, 6)
    assert (counts["entities.Group"].recall, counts["entities.Person"].precision) == (2 / 3, 0.5)


def test_two_entities_with_each_others_mentions_are_seen_in_coreference() -> None:
    rows = lowered(_joined(full()), full())
    assert rows <= set(COREF)
    assert rows


def test_articles_and_possessives_do_not_make_other_mentions() -> None:
    def group(entity: Entity) -> Entity:
        names = [name for name in entity.mentions if WIRE[name.start : name.end] != "The Islamic State"]
        return replace(entity, mentions=tuple(names))

    wire = make_wire()
    shorter = replace(wire, entities=(*wire.entities[:3], group(wire.entities[3]), *wire.entities[4:]))
    assert lowered(shorter, wire) == set()


@pytest.mark.parametrize(
    ("gold", "predicted", "right"),
    [
        (("bombing", "assassination"), ("assassination",), True),
        (("bombing", "assassination"), ("bombing", "raid"), True),
        (("bombing",), ("assassination", "bombing"), False),
    ],
)
def test_an_equally_right_kind_counts(gold: tuple[str, ...], predicted: tuple[str, ...], right: bool) -> None:
    sides = [attack_with(full(), kinds=tuple(map(AttackKind, kinds))) for kinds in (predicted, gold)]
    alignment = Alignment(*sides)
    assert attack_fields(alignment, *alignment.attacks.pairs[0])["kind"].is_right is right


def test_a_value_where_gold_has_none_is_wrong() -> None:
    gold = attack_with(full(), date=None, locations=(), weapons=())
    counts = count_all(Alignment(full(), gold))
    for row in ("attacks.date", *PLACES, "attacks.weapons"):
        assert counts[row] == Count(0, 1, 0, 0)
    assert counts["attacks.strict"].right == 0


def test_a_less_specific_place_of_the_same_chain_is_right_but_not_exact() -> None:
    province = replace(make_radio().entities[1], id="e9")
    radio = make_radio()
    radio = replace(radio, entities=(*radio.entities, province))
    town, around = radio.attacks[0].locations[0], Located(entity="e9", span=province.mentions[0])
    gold, predicted = attack_with(radio, locations=(town, around)), attack_with(radio, locations=(around,))
    assert lowered(predicted, gold) == {"attacks.location.specific"}


def test_figures_are_distinct_by_numbers_side_and_whom() -> None:
    def kept(*figures: Figure, sources: bool = False) -> int:
        assert len(distinct_figures(figures[::-1], sources=sources)) == len(distinct_figures(figures, sources=sources))
        return len(distinct_figures(figures, sources=sources))

    assert kept(figure(3, 3), figure(3, 3, "26 dead")) == 1
    assert kept(figure(3, 3), figure(3, 3, "soldiers"), figure(3, 3, "civilians")) == 2
    assert kept(figure(3, 3), figure(3, 3, side=Side.ATTACKER)) == 2
    assert kept(figure(3, 3), figure(3, None)) == 2
    assert kept(figure(3, 3), figure(3, 3, according_to="e1")) == 1
    assert kept(figure(3, 3), figure(3, 3, according_to="e1"), sources=True) == 2
    assert kept(replace(figure(None, None), best=50), figure(50, 50)) == 1


@pytest.mark.parametrize(
    ("who", "words", "right"), [("people", "market", 1), ("guards", "market", 0), ("guards", "car", 1)]
)
def test_whom_a_figure_counts_must_agree(who: str, words: str, right: int) -> None:
    predicted = attack_with(full(), injured=(figure(40, None, who, words),))
    assert count_all(Alignment(predicted, full()))["injured"].right == right


def test_figures_of_missed_and_of_invented_attacks_count() -> None:
    none = replace(full(), attacks=())
    assert count_all(Alignment(none, full()))["killed"] == Count(0, 0, 0, 3)
    assert count_all(Alignment(full(), none))["killed"] == Count(0, 3, 0, 0)


# --- properties -------------------------------------------------------------------------------------------------------


def _two_attacks() -> Extraction:
    second = make_attack(WIRE, "Two attackers", "Two attackers also died.", id="a2", kinds=(AttackKind.OTHER,))
    return replace(full(), attacks=(*full().attacks, second))


def _renamed(extraction: Extraction) -> Extraction:
    """The same reading with other local ids."""

    def new(local: str | None) -> str | None:
        return local and f"x{local}"

    def parties(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(replace(item, actor=new(item.actor)) for item in items)

    def figures(items: tuple[Figure, ...]) -> tuple[Figure, ...]:
        return tuple(replace(item, according_to=new(item.according_to)) for item in items)

    def attack(item: AttackReport) -> AttackReport:
        return replace(
            item,
            id=f"x{item.id}",
            locations=tuple(replace(place, entity=f"x{place.entity}") for place in item.locations),
            **{name: parties(getattr(item, name)) for name in ("perpetrators", "targets", "victims")},
            **{name: figures(getattr(item, name)) for name in ("killed", "injured", "abducted")},
        )

    def relation(item: RelationReport) -> RelationReport:
        return replace(item, subject=f"x{item.subject}", object=f"x{item.object}")

    return replace(
        extraction,
        entities=tuple(replace(entity, id=f"x{entity.id}") for entity in extraction.entities),
        attacks=tuple(map(attack, extraction.attacks)),
        claims=tuple(replace(item, claimant=new(item.claimant), about=new(item.about)) for item in extraction.claims),
        relations=tuple(map(relation, extraction.relations)),
    )


@given(st.data())
def test_neither_order_nor_ids_matter(data: st.DataObject) -> None:
    def shuffled(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(data.draw(st.permutations(items)))

    gold, predicted = (
        _two_attacks(),
        _attack(kinds=(AttackKind.RAID,), locations=())(_claim(claimant="e5")(_two_attacks())),
    )
    other = replace(
        _renamed(predicted),
        entities=shuffled(_renamed(predicted).entities),
        attacks=tuple(
            replace(attack, killed=shuffled(attack.killed)) for attack in shuffled(_renamed(predicted).attacks)
        ),
        claims=shuffled(_renamed(predicted).claims),
    )
    expected = count_all(Alignment(predicted, gold))
    for row, count in count_all(Alignment(other, gold)).items():
        assert (count.right, count.said, count.found, count.gold) == pytest.approx(
            (expected[row].right, expected[row].said, expected[row].found, expected[row].gold)
        )


@given(st.sets(st.integers(0, 5)), st.sets(st.integers(0, 1)))
def test_right_never_exceeds_said_or_gold(entities: set[int], claims: set[int]) -> None:
    whole = full()
    part = replace(
        whole,
        entities=tuple(whole.entities[at] for at in sorted(entities)),
        claims=tuple(whole.claims[at] for at in sorted(claims)),
    )
    for count in count_all(Alignment(part, whole)).values():
        assert count.right <= count.said + 1e-9
        assert count.found <= count.gold + 1e-9
