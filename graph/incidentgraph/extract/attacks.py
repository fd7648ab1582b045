"""Incidents in, attack records out."""

from __future__ import annotations

import re

from incidentgraph.extract.entities import EntityTable
from incidentgraph.extract.incidents import Incident
from incidentgraph.extract.kinds import ordered_kinds
from incidentgraph.extract.mentions import NameMention
from incidentgraph.records import (
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
        kinds=ordered_kinds(incident.kinds),
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
