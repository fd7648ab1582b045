"""The authoring format of the corpus: what compiles, what is refused and why; every committed article is sound."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from incidentgraph import schema
from incidentgraph.evaluation import gold
from incidentgraph.evaluation.authoring import GoldError, figure_bounds, parse_gold
from incidentgraph.evaluation.checks import find_errors, is_edtf
from incidentgraph.evaluation.review import find_warnings
from incidentgraph.evaluation.sentences import split_sentences
from incidentgraph.records import AttackKind, EntityType, Figure, PerpetratorStatus, Side

CORPUS = Path(__file__).parents[2] / "seeds" / "annotated"

HEADER = """id: {id}
title: Blast at Tall Ward
outlet: Meridian Wire
published: 2024-11-12
language: en
url:
genre: wire
region: levant
cluster: {cluster}
event:
tags: {tags}

=== text
"""
TEXT = (
    "A car bomb tore through the market of Tall Ward on Monday and killed at least 26 people, Gen. Omar Haddad said. "
    "Two attackers also died.\n\nThe Grey Banner claimed responsibility on Telegram. He who leads it, Sami Qadi, has "
    'lived in Turkey for years. Turkey said that it had never given the group a home. "Turkey is no refuge," it said.'
    "\n\n"
)
FILLER = " ".join(f"Filler number {number} speaks of nothing." for number in range(20))
ANNOTATION = """
=== annotation
e1 Location = Tall Ward
e2 Person = Omar Haddad
e3 Group armed_group = Grey Banner
  ~ the group
e4 Person = Sami Qadi
  ~ He
e5 Location = Turkey@s4
e6 Group state = Turkey
  ~ it@s5,s6
ignore = Filler | Telegram

a1 bombing occurred main
  trigger: tore
  perp: e3 | claimed
  target: - | the market
  victim: - | 26 people
  loc: e1
  date: 2024-11-11 | on Monday
  weapon: car bomb
  killed: 26.. | at least 26 people | by e2
  killed: 2 | Two attackers | attacker

c1 casualty_report
  by: e2
  about: a1
  cue: said@s1
  content: killed at least 26 people

c2 responsibility
  by: e3
  about: a1
  cue: claimed
  channel: Telegram
  content: responsibility

rel: e4 leaderOf e3 | s3, s4
"""


def source(*changes: tuple[str, str], article_id: str = "sample", cluster: str = "", tags: str = "ranks") -> str:
    """Return the sample file with words changed."""
    text = HEADER.format(id=article_id, cluster=cluster, tags=tags) + TEXT + FILLER + "\n" + ANNOTATION
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def compiled(*changes: tuple[str, str]) -> gold.Gold:
    return parse_gold(source(*changes), Path("sample.gold"))


def problems(*changes: tuple[str, str]) -> list[str]:
    try:
        return find_errors(compiled(*changes))
    except GoldError as error:
        return list(error.problems)


def test_compiles_to_exact_offsets() -> None:
    sample = compiled()
    text = sample.extraction.article.text
    attack = sample.extraction.attacks[0]
    assert text[attack.trigger.start : attack.trigger.end] == "tore"
    assert attack.kinds == (AttackKind.BOMBING,)
    assert attack.perpetrator_status is PerpetratorStatus.CLAIMED
    assert [text[span.start : span.end][:12] for span in attack.evidence] == ["A car bomb t", "Two attacker"]
    assert [(figure.low, figure.best, figure.high, figure.who, figure.side) for figure in attack.killed] == [
        (26, None, None, "people", Side.VICTIM),
        (2, 2, 2, "attackers", Side.ATTACKER),
    ]
    assert attack.date is not None
    assert attack.date.value == "2024-11-11"
    assert find_errors(sample) == []
    assert find_warnings(sample) == []


def test_round_trip_through_the_schema() -> None:
    extraction = compiled().extraction
    assert schema.from_json(json.loads(json.dumps(schema.to_json(extraction)))) == extraction


def test_one_name_of_two_entities_is_told_apart_by_sentence() -> None:
    extraction = compiled().extraction
    place, state = extraction.entity("e5"), extraction.entity("e6")
    assert len(place.mentions) == 1
    assert len(state.mentions) == 4  # two names and two pronouns
    assert not set(place.mentions) & set(state.mentions)


def test_a_longer_name_keeps_the_shorter_one_out() -> None:
    found = problems(("e1 Location = Tall Ward", "e1 Location = Tall Ward\ne9 Location = Ward"))
    assert ["stands only inside longer names" in problem for problem in found] == [True]


def test_weapons_become_entities() -> None:
    weapons = [entity for entity in compiled().extraction.entities if entity.type is EntityType.WEAPON]
    assert [(weapon.id, weapon.name) for weapon in weapons] == [("w1", "car bomb")]


def test_claims_take_over_the_figures_of_their_speaker() -> None:
    toll, responsibility = compiled().extraction.claims
    assert [isinstance(figure, Figure) and figure.low for figure in toll.killed] == [26]
    assert responsibility.killed == ()
    assert [(party.actor, party.status) for party in responsibility.perpetrators] == [("e3", PerpetratorStatus.CLAIMED)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("trigger: tore", "trigger: ripped", "the words 'ripped' are not in the text"),
        ("| the market", "| The Market", "did you mean 'the market' (s1)?"),
        ("cue: claimed", "cue: said@s3", "it stands in s1, s5, s6"),
        ("~ it@s5,s6", "~ it", "stands 3 times in the text; say which"),
        ("= Turkey@s4", "= Turkey", "is a name of e5 and of e6"),
        ("loc: e1", "loc: e77", "no entity 'e77'"),
        ("about: a1", "about: a7", "which is no attack"),
        ("| s3, s4", "| s99", "there is no sentence s99"),
        ("armed_group =", "gang =", "'gang' is not one of"),
        ("Group armed_group =", "Group =", "needs a group kind"),
        ("a1 bombing", "a1 explosion", "'explosion' is not one of"),
        ("a1 bombing occurred", "a1 bombing happened", "'happened' is not one of"),
        ("e3 | claimed", "e3 | guilty", "'guilty' is not one of"),
        ("c2 responsibility", "c2 boast", "'boast' is not one of"),
        ("killed: 26..", "killed: many", "expected '26.."),
        ("  weapon:", "  arms:", "has no field 'arms'"),
        ("trigger: tore", "evidence: s1", "needs exactly one 'trigger:'"),
        ("language: en", "tongue: en", "not a header line"),
        ("e2 Person", "e1 Person", "used more than once"),
        ("rel: e4", "what is this", "not understood"),
        ("id: sample", "id: other", "is not the file's name"),
        ("region: levant", "region: moon", "region 'moon'"),
        ("genre: wire", "genre: poem", "genre 'poem'"),
        ("tags: ranks", "tags: odd", "tag 'odd'"),
        ("tags: ranks", "tags: no_incident", "no_incident must be there exactly"),
        ("genre: wire", "genre: page_dump", "=== raw"),
        ("=== text", "=== raw\nAnother page\n\n=== text", "belongs to the genre page_dump"),
        (FILLER, "", "words; between 120 and 1000"),
        ("published: 2024-11-12", "published: last week", "is no date"),
        ("date: 2024-11-11", "date: 2024-11-12", "is a Tuesday, the text says 'on monday'"),
        ("date: 2024-11-11", "date: 2024-11-18", "lies after publication"),
        ("date: 2024-11-11", "date: 11 November", "is not EDTF"),
        ("published: 2024-11-12", "published:", "gives no date"),
        ("killed: 26.. |", "killed: 26 |", "says 26/-/-"),
        ("killed: 2 |", "killed: 9/2/1 |", "low <= best <= high"),
        ("perp: e3", "perp: e1", "is a Location, no actor"),
        ("perp: e3 | claimed", "perp: e3 | unknown", "is claimed, attributed or suspected"),
        ("perp: e3 | claimed", "perp: e2 | claimed", "no responsibility claim asserts it"),
        ("loc: e1", "loc: e3", "is a Group, not a Location"),
        ("loc: e1", "loc: e1, e1", "names a location twice"),
        ("by: e3", "by: -", "needs a claimant"),
        ("leaderOf", "bossOf", "is not one of"),
        ("e4 leaderOf e3", "e3 leaderOf e4", "a Group cannot be leaderOf a Person"),
        ("e4 leaderOf e3", "e3 aliasOf e6", "aliasOf joins an entity with itself"),
        ("e4 leaderOf e3", "e3 aliasOf e3", "has one name only"),
        ("a1 bombing", "a1 bombing+unknown", "stands alone"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, message: str) -> None:
    found = problems((old, new))
    assert any(message in problem for problem in found), found


def test_all_problems_come_at_once_with_their_lines() -> None:
    found = problems(("trigger: tore", "trigger: ripped"), ("cue: claimed", "cue: boasted"))
    assert len(found) == 2
    assert all(problem.startswith("sample.gold:") for problem in found)


def test_two_attacks_need_two_triggers() -> None:
    second = "a2 armed_assault occurred main\n  trigger: tore\n  perp: e3 | attributed\n\nc1"
    assert any("same trigger as a1" in problem for problem in problems(("\nc1", f"\n{second}")))


def test_names_without_entity_are_a_warning() -> None:
    assert any("'Telegram'" in warning for warning in find_warnings(compiled((" | Telegram", ""))))


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.gold"
    path.write_text(text, encoding="utf-8")
    return path


def test_shared_runs_are_refused_unless_syndicated(tmp_path: Path) -> None:
    first = write(tmp_path, "sample", source(cluster="k"))
    write(tmp_path, "copy", source(article_id="copy", cluster="k"))
    assert any("shares" in error for error in gold.validate_gold(first))
    write(tmp_path, "copy", source(article_id="copy", cluster="k", tags="syndicated"))
    assert gold.validate_gold(tmp_path) == []


def test_ids_are_unique_over_the_folder(tmp_path: Path) -> None:
    write(tmp_path, "sample", source(cluster="k", tags="syndicated"))
    write(tmp_path, "copy", source(cluster="k"))
    assert any("'sample' is also that of" in error for error in gold.validate_gold(tmp_path))


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.gold").write_bytes(b"\xff\xfe")
    assert "bad.gold" in gold.validate_gold(tmp_path / "bad.gold")[0]


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, "sample", source())
    assert gold.main(["check", "--sentences", str(path)]) == 0
    assert "s2: Two attackers also died." in capsys.readouterr().out
    assert gold.main(["compile", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["article"]["id"] == "sample"
    assert gold.main(["stats", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["attack_kinds"] == {"bombing": 1}
    write(tmp_path, "sample", source(("trigger: tore", "trigger: ripped")))
    assert gold.main(["check", str(path)]) == 1
    assert "ERROR" in capsys.readouterr().out
    assert gold.main(["compile", str(path)]) == 1


@pytest.mark.parametrize(
    ("words", "bounds"),
    [
        ("26", (26, 26, 26)),
        ("26..", (26, None, None)),
        ("..30", (None, None, 30)),
        ("24..30", (24, None, 30)),
        ("~50", (None, 50, None)),
        ("40/50/-", (40, 50, None)),
        ("..", None),
        ("some", None),
    ],
)
def test_bounds(words: str, bounds: tuple[int | None, int | None, int | None] | None) -> None:
    assert figure_bounds(words) == bounds


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("2024", True),
        ("2024-02-29", True),
        ("2023-02-29", False),
        ("XXXX-03-02", True),
        ("2024-11-04/2024-11-10", True),
        ("2024-10~", True),
        ("2024-13", False),
        ("Monday", False),
    ],
)
def test_edtf(value: str, good: bool) -> None:
    assert is_edtf(value) is good


def test_sentences() -> None:
    text = (
        'Gen. A. B. Haddad of the U.S. Army spoke. "No," he said. "Go!" It rained 3.5 mm.\n\nHe left at 9 a.m. The end'
    )
    assert [text[span.start : span.end] for span in split_sentences(text)] == [
        "Gen. A. B. Haddad of the U.S. Army spoke.",
        '"No," he said.',
        '"Go!"',
        "It rained 3.5 mm.",
        "He left at 9 a.m.",
        "The end",
    ]


def test_the_corpus_is_sound() -> None:
    """Guards seeds/annotated: no article is committed that the validator refuses."""
    assert gold.gold_files([CORPUS]), "no annotated articles"
    assert gold.validate_gold(CORPUS) == []
