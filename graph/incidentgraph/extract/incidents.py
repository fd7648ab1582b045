"""The clauses of an article in, its incidents out: each clause begins one or joins the one it speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from incidentgraph.extract.dates import FoundDate
from incidentgraph.extract.entities import EntityTable
from incidentgraph.extract.events import Event, find_events, sets_the_scene
from incidentgraph.extract.mentions import NameMention
from incidentgraph.extract.places import PlaceChoice
from incidentgraph.extract.sentences import Sentence
from incidentgraph.extract.triggers import is_sport
from incidentgraph.records import (
    AttackKind,
    AttackStatus,
    EntityType,
    Harm,
    Kind,
    Party,
    Side,
)

# An attack dated this many days before publication is background to a news report, unless it is all the report tells.
_BACKGROUND_AFTER = 31
_GENERIC = frozenset((AttackKind.UNKNOWN, AttackKind.ASSASSINATION, AttackKind.RAID))
_BACKGROUND = re.compile(
    r"(?i)\b(?:in\s+a\s+(?:previous|similar|past)|last\s+year|years?\s+ago|months?\s+ago|a\s+year\s+earlier|previously|in\s+the\s+past|anniversary|"
    r"was\s+the\s+scene\s+of|has\s+a\s+history|earlier\s+this\s+year|in\s+recent\s+(?:years|months)|the\s+last\s+time)\b"
)


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
    def kinds(self) -> list[Kind]:
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
    events = [event for sentence in sentences for event in find_events(sentence, table, places)]
    is_about_attacks = any(event.has_strong for event in events)
    scenes = _scenes(sentences)
    for event in events:
        incident = _incident_for(event, incidents, places, scenes.get(event.sentence.index))
        if incident is not None:
            incident.events.append(event)
        elif _stands_alone(event) or (is_about_attacks and _tells_of_dead(event)):
            scene = scenes.get(event.sentence.index)
            if not event.places and scene is not None and event.count == 1:
                event.places.append(scene)
            incidents.append(Incident(choice=places, events=[event], is_background=_is_background(event, published)))
    return incidents


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
            if mention.type is EntityType.LOCATION and sets_the_scene(sentence, mention):
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
    return not values or any(compatible_dates(event.date.value, value) for value in values)


def compatible_dates(first: str, second: str) -> bool:
    """Tell whether two EDTF dates can be one day: one is the other's beginning, or within a day of it."""
    if first.startswith(second) or second.startswith(first) or "/" in first + second or "X" in first + second:
        return True
    try:
        return abs((date.fromisoformat(first) - date.fromisoformat(second)).days) <= 1
    except ValueError:
        return False


def _kinds_fit(event: Event, incident: Incident) -> bool:
    mine = {kind.listed for kind in event.kinds} - _GENERIC
    theirs = {kind.listed for kind in incident.kinds} - _GENERIC
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
