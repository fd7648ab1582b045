"""Kinds of an extension beside the listed ones: their order, and what the trained extractor makes of own words."""

from __future__ import annotations

import numpy as np
import pytest

from incidentgraph.errors import UsageError
from incidentgraph.extension import Source, make_extension
from incidentgraph.extract import extended, make_extractor
from incidentgraph.extract.decode_own import with_own_triggers
from incidentgraph.extract.kinds import ordered_kinds, with_own_kinds
from incidentgraph.extract.network_labels import Candidate
from incidentgraph.extract.network_words import Words
from incidentgraph.lexicon import SHIPPED
from incidentgraph.records import (
    Article,
    AttackKind,
    AttackReport,
    AttackRole,
    AttackStatus,
    Extraction,
    Kind,
    Span,
)

EXTENSION = make_extension(
    [
        Source(
            "own.toml",
            {
                "kind": [
                    {"name": "cattle_raid", "label": "cattle raid", "definition": "…", "broader": "armed_assault"},
                    {"name": "camel_raid", "label": "camel raid", "definition": "…", "broader": "cattle_raid"},
                ],
                "trigger": [
                    {"kind": "cattle_raid", "nouns": ["cattle raid", "cattle raids"], "verbs": ["rustled"]},
                    {"kind": "cattle_raid", "verbs": ["grazed"], "strength": "weak"},
                    {"kind": "arson", "verbs": ["necklaced"]},
                ],
            },
        )
    ]
)
CATTLE, CAMEL = EXTENSION.kinds
ARMED, RAID, BOMBING = AttackKind.ARMED_ASSAULT, AttackKind.RAID, AttackKind.BOMBING
ASSASSINATION, UNKNOWN = AttackKind.ASSASSINATION, AttackKind.UNKNOWN
TEXT = "Raiders rustled 200 cattle in a raid on Baragoi in Kenya on Saturday, killing three herders, police said."


@pytest.mark.parametrize(
    ("stated", "ordered"),
    [
        ([], (UNKNOWN,)),
        ([UNKNOWN, BOMBING], (BOMBING,)),
        ([ASSASSINATION, BOMBING], (BOMBING, ASSASSINATION)),
        ([RAID, CATTLE], (CATTLE, ARMED, RAID)),
        ([ARMED, CATTLE], (CATTLE, ARMED)),
        ([CATTLE, RAID, CAMEL], (CAMEL, CATTLE, ARMED, RAID)),
    ],
)
def test_the_more_exact_kind_comes_first_and_brings_its_broader_ones(
    stated: list[Kind], ordered: tuple[Kind, ...]
) -> None:
    assert ordered_kinds(stated) == ordered


def test_an_extractor_looks_for_the_words_that_it_is_given() -> None:
    article = Article(id="t", text=TEXT, published="2026-02-23")
    for lists, kinds in ((SHIPPED, (RAID,)), (EXTENSION.lists, (CATTLE, ARMED, RAID)), (SHIPPED, (RAID,))):
        extraction = extended(make_extractor("rules"), lists).extract(article)
        assert [attack.kinds for attack in extraction.attacks] == [kinds]
        assert extraction.extractor == f"rules-1{lists.mark}"


def test_a_weak_word_counts_beside_a_figure_only() -> None:
    rules = extended(make_extractor("rules"), EXTENSION.lists)

    def kinds(text: str) -> list[str]:
        found = rules.extract(Article(id="t", text=text)).attacks
        return [kind.value for attack in found for kind in attack.kinds]

    assert kinds("The cattle grazed near Baragoi in Kenya on Saturday.") == []
    assert "cattle_raid" in kinds("Gunmen killed three people near Baragoi in Kenya and grazed two more on Saturday.")


def test_a_letter_that_only_looks_like_another_is_no_weapon() -> None:
    text = "Gunmen attacked a market in Gao with a piſtol on Friday and killed two people, officials said."
    (attack,) = make_extractor("rules").extract(Article(id="t", text=text)).attacks
    assert attack.weapons == ()


# --- the trained extractor --------------------------------------------------------------------------------------------


def words_of(text: str) -> Words:
    """Return a text cut at its spaces, without features."""
    starts = [at for at in range(len(text)) if text[at] != " " and (at == 0 or text[at - 1] == " ")]
    ends = [start + len(text[start:].split(" ")[0]) for start in starts]
    empty = np.zeros(len(starts), dtype=np.int64)
    return Words(
        text=text,
        starts=np.array(starts, dtype=np.int64),
        ends=np.array(ends, dtype=np.int64),
        pieces=empty,
        owner=empty,
        sentence=empty,
        features=np.zeros((len(starts), 1), dtype=np.int64),
        sentences=(),
        table=None,  # type: ignore[arg-type]
        dates=(),
    )


def test_own_words_become_triggers_where_the_network_sees_none() -> None:
    words = words_of("A cattle raid here, rustled cows and grazed sheep")
    seen = [(Candidate(2, 2, "Trigger"), 0.5)]
    assert with_own_triggers(seen, words, EXTENSION.lists) == [*seen, (Candidate(4, 4, "Trigger"), 1.0)]
    assert with_own_triggers(seen, words, SHIPPED) == seen


@pytest.mark.parametrize(
    ("trigger", "kinds"), [("raid", (CATTLE, ARMED, RAID)), ("rustled", (CATTLE, ARMED, RAID)), ("grazed", (RAID,))]
)
def test_an_attack_among_whose_triggers_an_own_word_stands_gets_its_kind(trigger: str, kinds: tuple[Kind, ...]) -> None:
    text = "A cattle raid: they rustled cows, sheep grazed-on and necklaced a herder."
    at = text.index(trigger)
    span = Span(start=at, end=at + len(trigger))
    attack = AttackReport(
        id="a1",
        kinds=(RAID,),
        status=AttackStatus.OCCURRED,
        role=AttackRole.MAIN,
        trigger=span,
        evidence=(Span(start=0, end=len(text)),),
    )
    (found,) = with_own_kinds([attack], [[span]], text, EXTENSION.lists)
    assert found.kinds == kinds
    assert with_own_kinds([attack], [[span]], text, SHIPPED) == [attack]


def test_an_extractor_that_cannot_be_extended_is_named() -> None:
    class Mine:
        name = "mine-1"

        def extract(self, article: Article) -> Extraction:
            return Extraction(article=article, extractor=self.name)

    with pytest.raises(UsageError, match="mine-1 cannot be extended"):
        extended(Mine(), EXTENSION.lists)
    mine = Mine()
    assert extended(mine, SHIPPED) is mine


@pytest.mark.slow
def test_the_trained_extractor_puts_the_own_kind_before_those_that_it_sees() -> None:
    article = Article(id="t", text=TEXT, published="2026-02-23")
    plain = make_extractor("model").extract(article)
    own = extended(make_extractor("model"), EXTENSION.lists).extract(article)
    assert {kind.value for attack in plain.attacks for kind in attack.kinds} <= set(AttackKind)
    (attack,) = own.attacks
    assert attack.kinds[:2] == (CATTLE, ARMED)
    assert own.extractor.startswith(f"{plain.extractor}+")
