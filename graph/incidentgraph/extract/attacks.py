"""Sentences in, attacks out: each clause that tells of an attack starts one or joins the one it speaks of."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from incidentgraph.extract.arguments import find_perpetrators, find_targets, find_weapons
from incidentgraph.extract.dates import FoundDate
from incidentgraph.extract.entities import EntityTable
from incidentgraph.extract.figures import FoundFigure, find_figures
from incidentgraph.extract.mentions import NameMention
from incidentgraph.extract.places import PlaceChoice
from incidentgraph.extract.sentences import Sentence
from incidentgraph.extract.triggers import Trigger, find_triggers, is_sport
from incidentgraph.records import (
    AttackKind,
    AttackReport,
    AttackRole,
    AttackStatus,
    EntityType,
    Figure,
    Harm,
    Located,
    Party,
    Side,
    Span,
    Stated,
)

# An attack dated this many days before publication is background to a news report, unless it is all the report tells.
_BACKGROUND_AFTER = 31
_GENERIC = frozenset((AttackKind.UNKNOWN, AttackKind.ASSASSINATION, AttackKind.RAID))
_CLAUSE = re.compile(
    r";\s+|,?\s+(?:while|whereas)\s+(?=in\s|another|a\s+separate|at\s)|,?\s+and\s+(?:in\s+)?(?=another\s|a\s+separate\s|a\s+second\s)"
)
_BACKGROUND = re.compile(
    r"(?i)\b(?:in\s+a\s+(?:previous|similar|past)|last\s+year|years?\s+ago|months?\s+ago|a\s+year\s+earlier|previously|in\s+the\s+past|anniversary|"
    r"was\s+the\s+scene\s+of|has\s+a\s+history|earlier\s+this\s+year|in\s+recent\s+(?:years|months)|the\s+last\s+time)\b"
)
_ATTACKER_KIND = (
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
    weapons: list[tuple[Stated, AttackKind]]
    kinds: list[AttackKind]

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


@dataclass(slots=True)
class Incident:
    """An attack while its clauses are collected."""

    choice: PlaceChoice
    events: list[Event] = field(default_factory=list)
    perpetrators: list[Party] = field(default_factory=list)  # from claims
    tolls: dict[int, str] = field(default_factory=dict)  # start of a figure -> local id of who says so
    is_background: bool = False

    @property
    def places(self) -> list[NameMention]:
        return [place for event in self.events for place in event.places]

    @property
    def dates(self) -> list[FoundDate]:
        return [event.date for event in self.events if event.date is not None]

    @property
    def kinds(self) -> list[AttackKind]:
        return list(dict.fromkeys(kind for event in self.events for kind in event.kinds))

    @property
    def count(self) -> int:
        return max(event.count for event in self.events)

    def tells_in(self, sentence: Sentence) -> bool:
        return any(event.sentence.index == sentence.index for event in self.events)

    @property
    def last(self) -> Sentence:
        return self.events[-1].sentence


def find_incidents(
    sentences: list[Sentence], table: EntityTable, places: PlaceChoice, *, published: str | None
) -> list[Incident]:
    """Return the attacks that the article tells of, in the order of their first sentence."""
    incidents: list[Incident] = []
    if is_sport(sentences):
        return incidents
    events = [event for sentence in sentences for event in _events(sentence, table, places)]
    is_about_attacks = any(event.has_strong for event in events)
    scenes = _scenes(sentences)
    for event in events:
        incident = _incident_for(event, incidents, places, scenes.get(event.sentence.index))
        if incident is not None:
            incident.events.append(event)
        elif _stands_alone(event) or (is_about_attacks and _tells_of_dead(event)):
            scene = scenes.get(event.sentence.index)
            if not event.places and scene is not None:
                event.places.append(scene)
            incidents.append(Incident(choice=places, events=[event], is_background=_is_background(event, published)))
    return incidents


# --- reading a clause -------------------------------------------------------------------------------------------------


def _events(sentence: Sentence, table: EntityTable, places: PlaceChoice) -> Iterator[Event]:
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
    inside = [trigger for trigger in inside if not _is_summary(trigger)]
    if not inside and not figures:
        return None
    perpetrators = find_perpetrators(sentence, start, end, table)
    weapons = find_weapons(sentence, start, end)
    strong = [trigger for trigger in inside if not trigger.word.is_weak]
    if not strong and not (figures or (perpetrators and inside) or (weapons and inside)):
        return None
    kinds: list[AttackKind] = list(
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


def _is_summary(trigger: Trigger) -> bool:
    """Tell whether a plural announces attacks that the text tells of elsewhere, or sums up a period."""
    counted_series = trigger.count is not None and trigger.status in {AttackStatus.ATTEMPTED, AttackStatus.FOILED}
    is_one_operation = trigger.text.lower().startswith(("twin", "coordinated", "double"))
    # "two explosions", "air strikes", "the stabbings" are one operation; "two attacks" are two.
    means = trigger.kind is not AttackKind.UNKNOWN and trigger.kind is not AttackKind.RAID
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


# --- which attack ------------------------------------------------------------------------------------------------------


def _stands_alone(event: Event) -> bool:
    """Tell whether a clause says enough to begin an attack of its own."""
    if not event.triggers:
        return False
    anchored = bool(event.places or event.figures or event.weapons or any(target.actor for target in event.targets))
    if event.has_strong:
        return anchored or bool(event.date and (event.perpetrators or event.targets))
    verbs = [trigger for trigger in event.triggers if trigger.word.is_verb]
    return bool(event.figures or (event.targets and verbs)) and bool(event.perpetrators or event.weapons)


def _tells_of_dead(event: Event) -> bool:
    return any(figure.harm is Harm.KILLED and figure.side is Side.VICTIM for figure in event.figures)


def _scenes(sentences: list[Sentence]) -> dict[int, NameMention]:
    """Return for each sentence the last place that its paragraph set as the scene before it."""
    scenes: dict[int, NameMention] = {}
    current: NameMention | None = None
    paragraph = -1
    for sentence in sentences:
        if sentence.paragraph != paragraph:
            current, paragraph = None, sentence.paragraph
        if current is not None:
            scenes[sentence.index] = current
        for mention in sentence.mentions:
            before = sentence.mask[: mention.start - sentence.start]
            if mention.type is EntityType.LOCATION and _LOCATIVE.search(before) and not _ELSEWHERE.search(before):
                current = mention
                break
    return scenes


def _incident_for(
    event: Event, incidents: list[Incident], places: PlaceChoice, scene: NameMention | None
) -> Incident | None:
    """Return the attack that the clause goes on with, None if it is about another."""
    if not incidents:
        return None
    recent = [*reversed(incidents)]
    if event.count > 1:
        return next(
            (incident for incident in recent if incident.count == event.count and _kinds_fit(event, incident)), None
        )
    recent = [incident for incident in recent if incident.count == 1 or incident.last is event.sentence]
    if not recent:
        return None
    fitting = [
        incident
        for incident in recent
        if _dates_fit(event, incident) and _kinds_fit(event, incident) and _status_fits(event, incident)
    ]
    if event.places:
        same = [incident for incident in fitting if incident.places and _places_fit(event, incident, places)]
        if same and not (event.is_new and same[0].last.index >= event.sentence.index - 2):
            return same[0]
        vague = [
            incident for incident in fitting if not incident.places and event.sentence.index - incident.last.index <= 2
        ]
        return vague[0] if vague and not event.is_new else None
    if event.is_new:
        return None
    dated = [
        incident
        for incident in fitting
        if event.date and any(found.value == event.date.value for found in incident.dates)
    ]
    if dated:
        return dated[0]
    focus = recent[0]
    if (
        scene is not None
        and not event.is_definite
        and event.sentence.paragraph != focus.last.paragraph
        and focus.places
    ):
        at_scene = [incident for incident in fitting if incident.places and _one_place(scene, incident, places)]
        if not at_scene:
            return None
        focus = at_scene[0]
    if focus.is_background and event.sentence.paragraph != focus.last.paragraph and not event.date:
        focus = next((incident for incident in recent if not incident.is_background), focus)
    if focus not in fitting:
        return None
    begins_anew = (
        event.has_strong
        and not event.is_definite
        and _stands_alone(event)
        and event.sentence.paragraph != focus.last.paragraph
        and _names_differ(event, focus)
    )
    return None if begins_anew else focus


def _names_differ(event: Event, incident: Incident) -> bool:
    mine = {party.actor for party in [*event.perpetrators, *event.targets] if party.actor}
    theirs = {
        party.actor for other in incident.events for party in [*other.perpetrators, *other.targets] if party.actor
    }
    return bool(mine) and not mine & theirs and bool(theirs)


def _dates_fit(event: Event, incident: Incident) -> bool:
    if event.date is None or event.date.value is None:
        return True
    values = [found.value for found in incident.dates if found.value]
    return not values or any(_compatible(event.date.value, value) for value in values)


def _compatible(first: str, second: str) -> bool:
    """Tell whether two EDTF dates can be one day: one is the other's beginning, or within a day of it."""
    if first.startswith(second) or second.startswith(first) or "/" in first + second or "X" in first + second:
        return True
    try:
        return abs((date.fromisoformat(first) - date.fromisoformat(second)).days) <= 1
    except ValueError:
        return False


def _kinds_fit(event: Event, incident: Incident) -> bool:
    mine, theirs = set(event.kinds) - _GENERIC, set(incident.kinds) - _GENERIC
    if not mine or not theirs or mine & theirs or event.is_definite:
        return True
    complex_attack = {
        AttackKind.BOMBING,
        AttackKind.ARMED_ASSAULT,
        AttackKind.ARSON,
        AttackKind.KIDNAPPING,
        AttackKind.VEHICLE_ATTACK,
    }
    return mine <= complex_attack and theirs <= complex_attack and event.sentence.index - incident.last.index <= 2


def _status_fits(event: Event, incident: Incident) -> bool:
    statuses = {other.status for other in incident.events}
    if not event.triggers or event.status in statuses:
        return True
    return event.status is AttackStatus.OCCURRED and AttackStatus.OCCURRED in statuses


def _one_place(place: NameMention, incident: Incident, places: PlaceChoice) -> bool:
    theirs = min(incident.places, key=places.specificity)
    return (
        place.key == theirs.key or places.contains(place, theirs) is not False or bool(places.contains(theirs, place))
    )


def _places_fit(event: Event, incident: Incident, places: PlaceChoice) -> bool:
    mine, theirs = event.places[0], min(incident.places, key=places.specificity)
    if mine.key == theirs.key:
        return True
    inside, outside = places.contains(mine, theirs), places.contains(theirs, mine)
    if inside or outside:
        return True
    if inside is None:  # a place that the gazetteer lacks: the larger ones named beside it decide
        larger = {place.key for place in event.places} & {place.key for place in incident.places}
        return bool(larger) and event.is_definite
    return False


def _is_background(event: Event, published: str | None) -> bool:
    if event.date and event.date.value and published:
        value = event.date.value.split("/")[-1]
        if "X" not in value and value[: len(published)] < published:
            try:
                gap = date.fromisoformat(published) - date.fromisoformat(value)
                return gap.days > _BACKGROUND_AFTER
            except ValueError:  # a month or year: background if it is over
                return (
                    value[:4] < published[:4]
                    if len(value) == 4
                    else value[:7] < published[:7] and event.sentence.index > 0
                )
    if event.date and event.date.kind == "year":
        return True
    return bool(_BACKGROUND.search(event.sentence.mask))


# --- writing the records ----------------------------------------------------------------------------------------------


def build_attack(incident: Incident, number: int, table: EntityTable) -> AttackReport:
    """Return the record of one incident."""
    events = incident.events
    first = next((event for event in events if event.triggers), events[0])
    trigger = (
        first.sentence.absolute(first.triggers[0].start, first.triggers[0].end)
        if first.triggers
        else first.figures[0].span
    )
    statuses = [event.status for event in events if event.triggers or event.figures]
    status = AttackStatus.OCCURRED if AttackStatus.OCCURRED in statuses else statuses[0]
    when = next((event.date.stated() for event in events if event.date and event.date.value), None)
    perpetrators = _strongest([*incident.perpetrators, *[party for event in events for party in event.perpetrators]])
    return AttackReport(
        id=f"a{number}",
        kinds=_ordered_kinds(incident.kinds),
        status=status,
        role=AttackRole.BACKGROUND if incident.is_background else AttackRole.MAIN,
        trigger=trigger,
        evidence=tuple(
            sorted(
                {event.sentence.span for event in events}
                | {_sentence_of(party, incident, table) for party in incident.perpetrators}
            )
        ),
        count=incident.count,
        perpetrators=perpetrators,
        targets=_distinct([party for event in events for party in event.targets], without=perpetrators),
        victims=_victims(incident, table),
        locations=_locations(incident, table),
        date=when,
        weapons=_weapons(incident),
        killed=_figures(incident, Harm.KILLED),
        injured=_figures(incident, Harm.INJURED),
        abducted=_figures(incident, Harm.ABDUCTED),
    )


def _sentence_of(party: Party, incident: Incident, table: EntityTable) -> Span:
    inside = next(
        (
            event.sentence.span
            for event in incident.events
            if event.sentence.start <= party.span.start < event.sentence.end
        ),
        None,
    )
    return inside or _around(table.text, party.span)


def _around(text: str, span: Span) -> Span:
    start = max(
        text.rfind(". ", 0, span.start) + 2 if text.rfind(". ", 0, span.start) >= 0 else 0,
        text.rfind("\n", 0, span.start) + 1,
    )
    ends = [position for position in (text.find(". ", span.end), text.find("\n", span.end)) if position >= 0]
    return Span(start=start, end=(min(ends) + (text[min(ends)] == ".")) if ends else len(text))


def _ordered_kinds(kinds: list[AttackKind]) -> tuple[AttackKind, ...]:
    """Return the means before the purpose: a bomb that kills its intended person is bombing, then assassination."""
    specific = [kind for kind in kinds if kind is not AttackKind.UNKNOWN]
    return tuple(sorted(specific, key=lambda kind: kind is AttackKind.ASSASSINATION)) or (AttackKind.UNKNOWN,)


def _strongest(parties: list[Party]) -> tuple[Party, ...]:
    """Return each perpetrator once, with its strongest status; nameless ones only where no name is given."""
    order = ["claimed", "attributed", "suspected", "unknown"]
    best: dict[str, Party] = {}
    for party in parties:
        key = party.actor or re.sub(r"(?i)^(?:the|a|an|two|three|four|five)\s+", "", party.text.lower())
        known = best.get(key)
        if known is None or order.index(str(party.status)) < order.index(str(known.status)):
            best[key] = party
    named = [party for party in best.values() if party.actor]
    return tuple(named) or tuple(best.values())[:1]


def _distinct(parties: list[Party], *, without: tuple[Party, ...]) -> tuple[Party, ...]:
    actors = {party.actor for party in without if party.actor}
    best: dict[str, Party] = {}
    for party in parties:
        if not (party.actor and party.actor in actors and len(party.text.split()) < 3):
            best.setdefault(party.actor or party.text.lower(), party)
    return tuple(best.values())


def _victims(incident: Incident, table: EntityTable) -> tuple[Party, ...]:
    best: dict[str, Party] = {}
    for event in incident.events:
        for figure in event.figures:
            if figure.side is not Side.VICTIM or figure.who in {"people", "others", "more", "persons"}:
                continue
            actor = next(
                (
                    table.id_of(mention)
                    for mention in event.sentence.mentions
                    if figure.span.start <= mention.start < figure.span.end
                    and mention.type in {EntityType.GROUP, EntityType.PERSON}
                ),
                None,
            )
            text = table.text[figure.span.start : figure.span.end]
            best.setdefault(figure.who.lower(), Party(text=text, span=figure.span, actor=actor))
        for match in _KILLED_PERSON.finditer(event.sentence.mask, event.start, event.end):
            mention = event.sentence.mention_at(match.start("who"))
            if mention is not None and mention.type is EntityType.PERSON and event.triggers:
                best.setdefault(mention.key, Party(text=mention.text, span=mention.span, actor=table.id_of(mention)))
    return tuple(best.values())


_KILLED_PERSON = re.compile(
    "(?i)(?:\\b(?:killed|killing|assassinated|assassinating|murdered|gunned down|shot dead|wounded|injured|kidnapped|abducted|assassination of|killing of|murder of)\\s+(?:[\\w.-]+\\s+){0,4}?(?P<who>\ue000+))"
)


def _locations(incident: Incident, table: EntityTable) -> tuple[Located, ...]:
    """Return the places of an incident, most specific first."""
    best: dict[str, NameMention] = {}
    for place in incident.places:
        best.setdefault(place.key, place)
    ordered = sorted(best.values(), key=lambda mention: (incident.choice.specificity(mention), mention.start))
    return tuple(Located(entity=table.id_of(mention), span=mention.span) for mention in ordered)


def _weapons(incident: Incident) -> tuple[Stated, ...]:
    best: dict[str, Stated] = {}
    for event in incident.events:
        for weapon, _ in event.weapons:
            best.setdefault(weapon.value.lower().rstrip("s"), weapon)
    return tuple(best.values())


def _figures(incident: Incident, harm: Harm) -> tuple[Figure, ...]:
    best: dict[tuple[object, ...], Figure] = {}
    for event in incident.events:
        for found in event.figures:
            if found.harm is not harm:
                continue
            figure = Figure(
                low=found.range.low,
                best=found.range.best,
                high=found.range.high,
                who=found.who,
                span=found.span,
                side=found.side,
                according_to=incident.tolls.get(found.span.start),
            )
            best.setdefault((figure.low, figure.best, figure.high, figure.side, figure.according_to), figure)
    return tuple(best.values())
