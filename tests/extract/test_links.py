"""What a clause says of its own attack keeps it apart from others, whatever the network thinks."""

from __future__ import annotations

import numpy as np
import pytest
from tokenizers import Tokenizer

from incidentgraph import resources
from incidentgraph.extract.decode_links import Clue, find_clues, told_apart
from incidentgraph.extract.model import DEFAULTS, MODEL
from incidentgraph.extract.network_labels import Candidate
from incidentgraph.extract.network_words import read_words
from incidentgraph.extract.places import choose_places
from incidentgraph.extract.sentences import build_sentences
from incidentgraph.gazetteer import Gazetteer
from incidentgraph.records import AttackStatus, Span


def clues_of(text: str, *triggers: str) -> tuple[list[Clue], np.ndarray]:
    """Return the clues of the words, and what they take from the likeness of each pair."""
    gazetteer = Gazetteer(resources.path("seeds", "gazetteer", "places.sqlite"))
    words = read_words(text, Tokenizer.from_file(str(MODEL / "tokenizer.json")), gazetteer, published="2026-02-22")
    places = choose_places(words.table, gazetteer)
    sentences = build_sentences(text, list(words.sentences), words.table, published="2026-02-22")
    spans = []
    for trigger in triggers:
        start = text.index(trigger)
        cover = words.cover(Span(start=start, end=start + len(trigger)))
        assert cover is not None
        spans.append(Candidate(*cover, "Trigger"))
    clues = find_clues(spans, words, sentences, words.table, places)
    return clues, told_apart(clues, places, DEFAULTS)


@pytest.mark.parametrize(
    "text",
    [
        "Militants carried out a pistol attack in Mayadin. They opened fire on two soldiers in Raqqa.",
        "A bombing killed four people in Karachi on Monday. A shooting in Karachi wounded two on 3 February 2025.",
        "A bombing killed four people in Kano. The group carried out another attack and wounded three officers.",
        "Gunmen ambushed a convoy in Kano. The president survived five failed assassination attempts by the group.",
    ],
    ids=["places", "dates", "another", "series"],
)
def test_told_apart(text: str) -> None:
    words = ("attack in M", "fire"), ("bombing", "shooting"), ("bombing", "attack"), ("ambushed", "attempts")
    pair = next(pair for pair in words if all(word in text for word in pair))
    _, against = clues_of(text, *pair)
    assert against[0, 1] == against[1, 0] < 0


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        (
            "A bombing killed four people in Mayadin. The attack in Deir al-Zor province was on Monday.",
            ("bombing", "attack"),
        ),
        ("Gunmen ambushed a convoy in Kano. Five soldiers were killed.", ("ambushed", "killed")),
    ],
    ids=["town in its province", "no place of its own"],
)
def test_nothing_against(text: str, pair: tuple[str, str]) -> None:
    _, against = clues_of(text, *pair)
    assert not against.any()


def test_a_series_is_counted_and_tried() -> None:
    (clue,), _ = clues_of("The president survived five failed assassination attempts by the group.", "attempts")
    assert clue.count == 5
    assert clue.status is AttackStatus.ATTEMPTED


@pytest.mark.parametrize("text", ["It called for attacks on the army.", "It claimed two attacks on the army."])
def test_attacks_in_general_are_vague(text: str) -> None:
    (clue,), _ = clues_of(text, "attacks")
    assert clue.is_vague
