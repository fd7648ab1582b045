"""One sentence in, what its clauses tell of attacks out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from incidentgraph.extract.arguments import find_perpetrators, find_targets, find_weapons
from incidentgraph.extract.dates import FoundDate
from incidentgraph.extract.entities import EntityTable
from incidentgraph.extract.figures import FoundFigure, find_figures
from incidentgraph.extract.mentions import NameMention
from incidentgraph.extract.places import PlaceChoice
from incidentgraph.extract.sentences import Sentence
from incidentgraph.extract.triggers import Trigger, find_triggers
from incidentgraph.records import (
    AttackKind,
    AttackStatus,
    EntityType,
    Kind,
    Party,
    Side,
    Stated,
)

_CLAUSE = re.compile(
    r";\s+|,?\s+(?:while|whereas)\s+(?=in\s|another|a\s+separate|at\s)|,?\s+and\s+(?:in\s+)?(?=another\s|a\s+separate\s|a\s+second\s)"
)
_ATTACKER_KIND: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"(?i)\bsuicide\s+bombers?|\bbombers?\b"), AttackKind.BOMBING),
    (
        re.compile(
            r"(?i)\bgunm[ae]n|\bshooters?|\bsnipers?|\bknifem[ae]n|\bopen(?:ed|ing)\s+fire|\bshot\b|\bgunfire\b|\bstabb"
        ),
        AttackKind.ARMED_ASSAULT,
    ),
    (re.compile(r"(?i)\bkidnappers?|\babductors?|\babducted|\bkidnapped"), AttackKind.KIDNAPPING),
)
# "from", "back to" and the like before a place: not where it happened
_ELSEWHERE = re.compile(
    r"(?i)\b(?:from|based\s+in|visit\s+to|fled\s+to|headed\s+(?:to|for)|born\s+in|exiled\s+in|embassy\s+in|towards?|talks\s+in|told\s+reporters\s+in|meeting\s+in|arrived\s+in|flown\s+to|taken\s+to|accused|blamed|between|government\s+in|hospitals?\s+in|to\s+Washington|visit\s+to\s+the|regret\s+to|trip\s+to|relations\s+with|border\s+with|north\s+of|south\s+of|east\s+of|west\s+of|war\s+in|conflict\s+in|activity\s+in)\s+(?:the\s+)?$"
)
_COMPARED = re.compile(
    r"(?i)\b(?:deadliest|worst|bloodiest|biggest|largest|first|most\s+\w+)\b[^.;]{0,70}?\b(?:since|after)\b"
)
# "MOSCOW, March 23 (Northern Wire) -": where and when the report was written
_DATELINE = re.compile(r"\s*[\uE002A-Z][^.;()]{2,60}?(?:\([^)]{2,40}\)|[—–-]{1,2}|:)\s*(?:[—–-]{1,2}\s*)?")
_OFFSET = re.compile(
    r"(?i)\b(?:north|south|east|west|north-?east|north-?west|south-?east|south-?west|outside|near|kilomet\w+\s+from|km\s+from|miles\s+from)\s+(?:of\s+)?(?:the\s+)?$"
)
_LOCATIVE = re.compile(
    r"(?i)(?:\b(?:in|at|near|outside|around|across|throughout|inside|within|on|of|into|hit|struck|attacked|stormed|raided|bombed|"
    r"shelled|entered|against|reached|over|between|town|city|village|district|targeted|targeting|through)\s+(?:the\s+)?"
    r"(?:(?!of\b|to\b|by\b|that\b|who\b|and\b|said\b|against\b)[\w’'-]+\s+){0,3}|^(?:the\s+)?(?:[\w-]+\s+){0,2})$"
)
_FOLLOWS = re.compile(
    r"(?i)(?:\s*[,(]\s*|\s+(?:in|and|of)\s+|\s+(?:province|district|town|city|village|region|state|county|area|governorate)\s*,?\s*(?:in|of|and)?\s*)+(?:the\s+)?(?:[\w-]+\s+){0,3}"
)
_SAID_ON = re.compile(
    r"(?i)\b(?:said|told|announced|confirmed|stated|added|reported|released|published|statement|claimed|message|speech|spoke|wrote|tweeted|posted|condemned|vowed|briefing|report)\b[^.;]{0,28}?(?:\bon|\blate\s+on|\bearly\s+on|\s)\s*$"
)
_SINCE = re.compile(r"(?i)\b(?:since\b[^,.;]{0,45}|(?:until|from|by|after\s+he|before|between)\s+(?:\w+\s+)?)$")
_CLAIMED = re.compile(r"(?i)\bclaim(?:ed|s|ing)?\b")


@dataclass(slots=True)
class Event:
    """What one clause tells of an attack."""

    sentence: Sentence
    start: int
    end: int
    triggers: list[Trigger]
    figures: list[FoundFigure]
    places: list[NameMention]
    date: FoundDate | None
    perpetrators: list[Party]
    targets: list[Party]
    weapons: list[tuple[Stated, Kind]]
    kinds: list[Kind]

    @property
    def is_definite(self) -> bool:
        return (
            bool(self.triggers)
            and all(trigger.is_definite for trigger in self.triggers if not trigger.word.is_verb)
            and any(not trigger.word.is_verb for trigger in self.triggers)
        )

    @property
    def is_new(self) -> bool:
        return any(trigger.is_new for trigger in self.triggers)

    @property
    def has_strong(self) -> bool:
        return any(not trigger.word.is_weak for trigger in self.triggers)

    @property
    def status(self) -> AttackStatus:
        if any(figure.side is Side.VICTIM for figure in self.figures):
            return AttackStatus.OCCURRED
        return self.triggers[0].status if self.triggers else AttackStatus.OCCURRED

    @property
    def count(self) -> int:
        """The number of a series that is one attack by convention: "five failed attempts on the life of X"."""
        tried = (
            trigger for trigger in self.triggers if trigger.status in {AttackStatus.ATTEMPTED, AttackStatus.FOILED}
        )
        return next((trigger.count for trigger in tried if trigger.count), 1)


def find_events(sentence: Sentence, table: EntityTable, places: PlaceChoice) -> Iterator[Event]:
    triggers = find_triggers(sentence)
    figures = find_figures(sentence)
    if not triggers and not figures:
        return
    head = _dateline_end(sentence)
    cuts = [head, *[match.end() for match in _CLAUSE.finditer(sentence.mask, head)], len(sentence.mask)]
    clauses = list(itertools.pairwise(cuts))
    telling = [
        (start, end)
        for start, end in clauses
        if any(
            start <= trigger.start < end and not trigger.word.is_weak and not trigger.is_vague for trigger in triggers
        )
        and any(
            mention.type is EntityType.LOCATION and start <= mention.start - sentence.start < end
            for mention in sentence.mentions
        )
    ]
    if len(telling) < 2:
        compared = _COMPARED.search(sentence.mask)  # "the deadliest attack since …": what follows is another attack
        clauses = [(head, compared.end() if compared else len(sentence.mask))]
    for start, end in clauses:
        event = _event(sentence, start, end, triggers, figures, table, places)
        if event is not None:
            yield event


def _dateline_end(sentence: Sentence) -> int:
    """Return where the sentence begins behind a dateline, 0 if it has none."""
    match = _DATELINE.match(sentence.mask) if sentence.index <= 1 else None
    if match is None:
        return 0
    place = sentence.mention_at(len(match.group()) - len(match.group().lstrip()))
    if place is None or place.type is not EntityType.LOCATION or not (place.text.isupper() or "(" in match.group()):
        return 0
    return match.end()


def _event(
    sentence: Sentence,
    start: int,
    end: int,
    triggers: list[Trigger],
    figures: list[FoundFigure],
    table: EntityTable,
    places: PlaceChoice,
) -> Event | None:
    inside = [trigger for trigger in triggers if start <= trigger.start < end and not trigger.is_vague]
    figures = [figure for figure in figures if start <= figure.at < end]
    inside = [trigger for trigger in inside if not is_summary(trigger)]
    if not inside and not figures:
        return None
    perpetrators = find_perpetrators(sentence, start, end, table)
    weapons = find_weapons(sentence, start, end)
    strong = [trigger for trigger in inside if not trigger.word.is_weak]
    if not strong and not (figures or (perpetrators and inside) or (weapons and inside)):
        return None
    kinds: list[Kind] = list(
        dict.fromkeys(trigger.kind for trigger in inside if trigger.kind is not AttackKind.UNKNOWN)
    )
    if not kinds and inside:
        kinds = list(dict.fromkeys(kind for _, kind in weapons))[:1]
    if not kinds and inside:
        described = sentence.text[start:end]
        kinds = [kind for regex, kind in _ATTACKER_KIND if regex.search(described)][:1]
    return Event(
        sentence=sentence,
        start=start,
        end=end,
        triggers=inside,
        figures=figures,
        places=_places(sentence, start, end, places),
        date=_date(sentence, start, end, inside),
        perpetrators=perpetrators,
        targets=find_targets(sentence, start, end, table) if inside else [],
        weapons=weapons if inside else [],
        kinds=kinds,
    )


def is_summary(trigger: Trigger) -> bool:
    """Tell whether a plural announces attacks that the text tells of elsewhere, or sums up a period."""
    counted_series = trigger.count is not None and trigger.status in {AttackStatus.ATTEMPTED, AttackStatus.FOILED}
    is_one_operation = trigger.text.lower().startswith(("twin", "coordinated", "double"))
    # "two explosions", "air strikes", "the stabbings" are one operation; "two attacks" are two.
    means = trigger.kind.listed not in {AttackKind.UNKNOWN, AttackKind.RAID}
    return trigger.is_plural and not counted_series and not is_one_operation and not means


def _places(sentence: Sentence, start: int, end: int, places: PlaceChoice) -> list[NameMention]:
    found: list[NameMention] = []
    for mention in sentence.mentions:
        offset = mention.start - sentence.start
        if mention.type is not EntityType.LOCATION or not start <= offset < end:
            continue
        before = sentence.mask[max(0, offset - 40) : offset]
        if _ELSEWHERE.search(before) and not _OFFSET.search(before):
            continue
        follows = bool(found) and _FOLLOWS.fullmatch(sentence.mask, found[-1].end - sentence.start, offset)
        if not follows and (not _LOCATIVE.search(before) or _spoken_in(sentence, mention)):
            continue
        found.append(mention)
    return sorted(dict.fromkeys(found), key=lambda mention: (places.specificity(mention), mention.start))


_SPOKEN = re.compile(
    "(?i)\\s*,?\\s+(?:[\\w’'-]+\\s+){0,5}[\ue000\ue001]+[^.;]{0,50}?\\b(?:said|says|told|answered|condemned|accused|called|denied|urged|asked|wrote|warned)\\b"
)


def _spoken_in(sentence: Sentence, place: NameMention) -> bool:
    """Tell whether the place is where someone speaks: "In Kyiv, the president said …"."""
    start, end = place.start - sentence.start, place.end - sentence.start
    return (
        re.fullmatch(r"(?i)(?:but\s+)?in\s+", sentence.mask[:start]) is not None
        and _SPOKEN.match(sentence.mask, end) is not None
    )


def sets_the_scene(sentence: Sentence, place: NameMention) -> bool:
    """Tell whether the words before a place say that something happened there."""
    before = sentence.mask[: place.start - sentence.start]
    return _LOCATIVE.search(before) is not None and _ELSEWHERE.search(before) is None


def _date(sentence: Sentence, start: int, end: int, triggers: list[Trigger]) -> FoundDate | None:
    usable = []
    for found in sentence.dates:
        offset = found.span.start - sentence.start
        if not start <= offset < end:
            continue
        before = sentence.mask[max(0, offset - 45) : offset]
        if _SINCE.search(before) or re.search(
            r"(?i)\b(?:since|founded|established)\b", sentence.mask[max(0, offset - 25) : offset]
        ):
            continue
        if _SAID_ON.search(before) and (
            _CLAIMED.search(before) or not any(offset - 30 < trigger.end <= offset for trigger in triggers)
        ):
            continue
        usable.append(found)
    return min(usable, key=lambda found: _distance(found, sentence, triggers), default=None)


def _distance(found: FoundDate, sentence: Sentence, triggers: list[Trigger]) -> int:
    offset = found.span.start - sentence.start
    return min((abs(offset - trigger.start) for trigger in triggers), default=offset)
