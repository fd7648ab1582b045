"""The triggers of one article in, which of them tell of one attack out.

The network scores every pair; what a sentence says in so many words ("in a separate assault in Raqqa", another town, another
day, "five failed attempts") counts against pairs that it tells apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from incidentgraph.extract.entities import EntityTable
from incidentgraph.extract.events import Event, find_events, is_summary
from incidentgraph.extract.figures import FoundFigure
from incidentgraph.extract.incidents import compatible_dates
from incidentgraph.extract.mentions import NameMention
from incidentgraph.extract.network import Floats
from incidentgraph.extract.network_labels import Candidate
from incidentgraph.extract.network_words import Words
from incidentgraph.extract.places import PlaceChoice
from incidentgraph.extract.sentences import Sentence
from incidentgraph.extract.triggers import Trigger, find_triggers
from incidentgraph.records import AttackStatus, Kind, Party


@dataclass(frozen=True, slots=True)
class Clue:
    """What the clause of a trigger says of its own attack; nothing where the rules see no attack in it."""

    sentence: int
    places: tuple[NameMention, ...] = ()
    date: str | None = None
    is_new: bool = False  # "another", "a separate", "an earlier"
    count: int = 1  # of a series
    status: AttackStatus | None = None
    kinds: tuple[Kind, ...] = ()
    perpetrators: tuple[Party, ...] = ()
    targets: tuple[Party, ...] = ()
    figures: tuple[FoundFigure, ...] = ()
    is_vague: bool = False  # "calls for attacks", "the two attacks": of no attack in particular


def find_clues(
    triggers: Sequence[Candidate], words: Words, sentences: Sequence[Sentence], table: EntityTable, places: PlaceChoice
) -> list[Clue]:
    """Return the clue of each trigger."""
    events: dict[int, list[Event]] = {}
    known: dict[int, list[Trigger]] = {}
    out = []
    for trigger in triggers:
        number = int(words.sentence[trigger.first])
        sentence = sentences[number]
        if number not in events:
            events[number] = list(find_events(sentence, table, places))
            known[number] = find_triggers(sentence)
        start, end = (int(at) - sentence.start for at in (words.starts[trigger.first], words.ends[trigger.last]))
        event = next((event for event in events[number] if event.start <= start < event.end), None)
        own = [found for found in known[number] if found.start < end and start < found.end]
        out.append(_clue(number, event, own))
    return out


def with_told_triggers(
    triggers: Sequence[tuple[Candidate, float]],
    words: Words,
    sentences: Sequence[Sentence],
    table: EntityTable,
    places: PlaceChoice,
) -> list[tuple[Candidate, float]]:
    """Return the network's triggers and those that the patterns see besides; whether they are real is up to it.

    Besides are counted series ("five failed attempts"), and attacks with a place in sentences in which it sees none.
    """
    taken = {number for item, _ in triggers for number in range(item.first, item.last + 1)}
    busy = {int(words.sentence[item.first]) for item, _ in triggers}
    out = list(triggers)
    for number, sentence in enumerate(sentences):
        for event in find_events(sentence, table, places):
            is_missed = number not in busy and bool(event.places)
            for trigger in event.triggers:
                if not (trigger.count if event.count > 1 else is_missed and not trigger.word.is_weak):
                    continue
                cover = words.cover(sentence.absolute(trigger.start, trigger.end))
                if cover is not None and taken.isdisjoint(range(cover[0], cover[1] + 1)):
                    out.append((Candidate(*cover, "Trigger"), 1.0))
    return sorted(out, key=lambda item: item[0].first)


def _clue(number: int, event: Event | None, own: list[Trigger]) -> Clue:
    is_vague = bool(own) and all(found.is_vague or is_summary(found) for found in own)
    if event is None or not own:
        return Clue(number, is_vague=is_vague)
    return Clue(
        sentence=number,
        places=tuple(event.places),
        date=event.date.value if event.date else None,
        is_new=any(found.is_new for found in own),
        count=event.count,
        status=own[0].status,
        kinds=tuple(event.kinds),
        perpetrators=tuple(event.perpetrators),
        targets=tuple(event.targets),
        figures=tuple(event.figures),
        is_vague=is_vague,
    )


def told_apart(clues: Sequence[Clue], places: PlaceChoice, weights: Mapping[str, float]) -> Floats:
    """Return what the clues take from the likeness of each pair."""
    out = np.zeros((len(clues), len(clues)), dtype=np.float32)
    for one, first in enumerate(clues):
        for other in range(one + 1, len(clues)):
            second = clues[other]
            against = 0.0
            if first.count != second.count:
                against += weights["apart_count"]
            if first.sentence != second.sentence:
                if first.places and second.places and not one_place(first.places, second.places, places):
                    against += weights["apart_place"]
                if first.date and second.date and not compatible_dates(first.date, second.date):
                    against += weights["apart_date"]
                if (second if second.sentence > first.sentence else first).is_new:
                    against += weights["apart_new"]
            out[one, other] = out[other, one] = -against
    return out


def one_place(first: Sequence[NameMention], second: Sequence[NameMention], places: PlaceChoice) -> bool:
    """Tell whether two lists of places, most specific first, can be one: one's place is or holds the other's."""
    keys = {place.key for place in first}, {place.key for place in second}
    if first[0].key in keys[1] or second[0].key in keys[0]:
        return True
    return places.contains(first[0], second[0]) is not False or places.contains(second[0], first[0]) is not False
