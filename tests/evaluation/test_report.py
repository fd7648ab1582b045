from __future__ import annotations

import json
from dataclasses import replace

import pytest

from factories import WIRE, make_hostile, make_radio, make_wire, span
from incidentgraph.errors import UsageError
from incidentgraph.evaluation.metrics import ROWS, Count
from incidentgraph.evaluation.report import Error, Problem, Scores, evaluate
from incidentgraph.records import AttackKind, ClaimKind, EntityType, Extraction, Stated


def without_attacks(extraction: Extraction) -> Extraction:
    return replace(extraction, attacks=(), claims=())


def wrong_wire() -> Extraction:
    """The wire article with one mistake of each sort."""
    wire = make_wire()
    attack = replace(
        wire.attacks[0],
        kinds=(AttackKind.RAID,),
        date=Stated(value="2026-02", span=span(WIRE, "Sunday")),
        killed=wire.attacks[0].killed[1:],
    )
    return replace(
        wire,
        entities=(*wire.entities[:5], replace(wire.entities[4], id="e7", type=EntityType.PERSON)),
        attacks=(attack,),
        claims=(wire.claims[0], replace(wire.claims[1], kind=ClaimKind.DENIAL)),
        relations=(replace(wire.relations[0], predicate="officialOf"),),
    )


def one_pair(predicted: Extraction, gold: Extraction) -> list[str]:
    return [str(error) for error in evaluate([(predicted, gold)]).errors]


# --- evaluate ---------------------------------------------------------------------------------------------------------


def test_perfect_readings_score_1_and_have_no_errors() -> None:
    scores = evaluate([(made, made) for made in (make_wire(), make_radio(), make_hostile())])
    assert scores.articles == 3
    assert scores.errors == ()
    assert {count.f1 for count in scores.counts.values()} == {1, None}
    assert scores.f1("attacks.strict") == 1


def test_counts_are_summed_over_articles_before_they_are_divided() -> None:
    scores = evaluate([(make_wire(), make_wire()), (without_attacks(make_radio()), make_radio())])
    assert scores.counts["attacks"] == Count(1, 1, 1, 2)
    assert scores.counts["claims"] == Count(2, 2, 2, 4)
    assert scores.counts["attacks"].recall == 0.5


def test_attacks_in_articles_that_have_none_are_counted_by_themselves() -> None:
    wire = make_wire()
    two = replace(wire, attacks=(wire.attacks[0], replace(wire.attacks[0], id="a2")))
    scores = evaluate(
        [(two, without_attacks(wire)), (make_hostile(), make_hostile())]
        + [(without_attacks(radio), without_attacks(radio)) for radio in (make_radio(), make_radio())]
    )
    assert scores.articles_without_attacks == 3
    assert (scores.articles_with_invented_attacks, scores.invented_attacks) == (1, 2)


def test_nothing_to_score_has_every_row_and_no_ratio() -> None:
    scores = evaluate([])
    assert tuple(scores.counts) == ROWS
    assert scores.as_dict()["coreference_conll_f1"] is None
    assert {row["f1"] for row in scores.as_dict()["scores"].values()} == {None}
    assert scores.error_list() == ""
    assert "nan" not in scores.table()


def test_order_of_articles_does_not_matter() -> None:
    pairs = [
        (wrong_wire(), make_wire()),
        (without_attacks(make_radio()), make_radio()),
        (make_hostile(), make_hostile()),
    ]
    there, back = evaluate(pairs), evaluate(iter(pairs[::-1]))
    assert there.as_dict(errors=True) == back.as_dict(errors=True)
    assert there.table() == back.table()


def test_a_pair_must_be_about_one_article() -> None:
    with pytest.raises(UsageError, match="radio"):
        evaluate([(make_wire(), make_radio())])


# --- table and JSON ---------------------------------------------------------------------------------------------------


def test_table() -> None:
    lines = evaluate([(wrong_wire(), make_wire())]).table().splitlines()
    assert lines[0].split() == ["said", "right", "gold", "precision", "recall", "F1"]
    rows = {line[:24].strip(): line[24:].split() for line in lines}
    assert rows["entities"] == ["6", "5", "6", "0.833", "0.833", "0.833"]
    assert rows["Weapon"] == ["0", "0", "1", "-", "0.000", "0.000"]
    assert rows["killed"] == ["2", "2", "3", "1.000", "0.667", "0.800"]
    assert rows["abducted"] == ["0", "0", "0", "-", "-", "-"]
    assert len(rows["muc"]) == 3
    names = [line.split()[0] for line in lines if line]
    assert names.index("conll") == names.index("ceaf_e") + 1
    assert len({len(line) for line in lines[: len(ROWS) + 2]}) == 1
    assert lines[-2:] == ["attacks invented in articles that have none: 0 in 0 of 0 articles", "articles: 1"]


def test_json_has_counts_before_ratios() -> None:
    scores = evaluate([(wrong_wire(), make_wire())])
    data = json.loads(json.dumps(scores.as_dict(), allow_nan=False))
    assert list(data) == ["articles", "scores", "coreference_conll_f1", "invented"]
    assert data["scores"]["killed"] == {
        "said": 2,
        "right": 2,
        "found": 2,
        "gold": 3,
        "precision": 1.0,
        "recall": 0.666667,
        "f1": 0.8,
    }
    assert data["invented"] == {"articles_without_attacks": 0, "articles": 0, "attacks": 0}
    assert tuple(data["scores"]) == ROWS
    assert isinstance(data["scores"]["attacks.kind"]["said"], int)


# --- errors -----------------------------------------------------------------------------------------------------------


def test_errors_say_what_was_missed_invented_and_read_otherwise() -> None:
    assert one_pair(wrong_wire(), make_wire()) == [
        "wire/1: attacks.date.exact: said '2026-02', gold '2026-02-22'",
        "wire/1: attacks.kind: said 'raid', gold 'bombing'",
        (
            "wire/1: claims.strict: said \"denial of 'The Islamic State' on a1: 'Our fighters did it'\", "
            "gold \"responsibility of 'The Islamic State' on a1: 'Our fighters did it'\""
        ),
        "wire/1: entities: missed Weapon 'car bomb'",
        "wire/1: entities: spurious Person 'Amaq'",
        "wire/1: killed: said '2 attackers (attacker); 26', gold '2 attackers (attacker); 26; 26.. people'",
        (
            "wire/1: relations.strict: said 'Gen. Omar Haddad officialOf Syrian Interior Ministry', "
            "gold 'Gen. Omar Haddad leaderOf Syrian Interior Ministry'"
        ),
    ]


def test_whole_items_are_named_in_words() -> None:
    gold, empty = make_wire(), without_attacks(make_wire())
    assert one_pair(empty, gold) == [
        "wire/1: attacks: missed bombing 'tore through' in Mayadin",
        "wire/1: claims: missed casualty_report of 'Gen. Omar Haddad' on a1: 'killing at least 26 people'",
        "wire/1: claims: missed responsibility of 'The Islamic State' on a1: 'Our fighters did it'",
    ]
    assert {error.problem for error in evaluate([(gold, empty)]).errors} == {Problem.SPURIOUS}
    lost = replace(gold, relations=())
    assert one_pair(lost, gold) == ["wire/1: relations: missed Gen. Omar Haddad leaderOf Syrian Interior Ministry"]


def test_a_narrower_row_is_named_only_where_the_broader_one_is_right() -> None:
    wire = make_wire()
    rows = [error.row for error in evaluate([(_with_attack(wire, date=None, locations=()), wire)]).errors]
    assert rows == ["attacks.date", "attacks.location"]


def test_error_list_ends_with_the_sums() -> None:
    lines = (
        evaluate([(wrong_wire(), make_wire()), (without_attacks(make_radio()), make_radio())]).error_list().splitlines()
    )
    assert "2 claims missed" in lines
    assert lines.index("2 claims missed") < lines.index("1 attacks missed")


def test_errors_are_in_the_json_when_asked_for() -> None:
    scores = evaluate([(wrong_wire(), make_wire())])
    assert scores.as_dict(errors=True)["errors"][1] == {
        "article": "wire/1",
        "row": "attacks.kind",
        "problem": "differs",
        "gold": "bombing",
        "predicted": "raid",
    }
    assert "errors" not in scores.as_dict()


def test_an_empty_side_of_a_difference_is_called_nothing() -> None:
    error = Error(article="a", row="attacks.date", problem=Problem.DIFFERS, gold="2026")
    assert str(error) == "a: attacks.date: said nothing, gold '2026'"


def test_scores_can_be_made_by_hand() -> None:
    scores = Scores(
        counts={"attacks": Count(1, 2, 1, 4)},
        articles=1,
        articles_without_attacks=0,
        articles_with_invented_attacks=0,
        invented_attacks=0,
    )
    assert scores.f1("attacks") == pytest.approx(1 / 3)
    assert scores.table().splitlines()[1].split() == ["attacks", "2", "1", "4", "0.500", "0.250", "0.333"]


def _with_attack(extraction: Extraction, **changes: object) -> Extraction:
    return replace(extraction, attacks=(replace(extraction.attacks[0], **changes),))  # type: ignore[arg-type]
