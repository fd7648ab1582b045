"""Attack reports of all articles in, one Attack for each incident out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from incidentgraph.ids import content_hash, slug
from incidentgraph.records import (
    Attack,
    AttackKind,
    AttackReport,
    AttackStatus,
    Extraction,
    Harm,
    Kind,
    Member,
    Party,
    PerpetratorStatus,
    Reason,
    Side,
    Toll,
)
from incidentgraph.resolve.actors import ResolvedActors
from incidentgraph.resolve.cluster import cluster
from incidentgraph.resolve.dates import period_of
from incidentgraph.resolve.places import Places
from incidentgraph.resolve.scoring import THRESHOLD, Report, compare, probability

# A block of more reports than this says nothing ("Israel" as perpetrator): its pairs meet in a narrower block or never.
_MAX_BLOCK = 400
_POINT_KINDS = frozenset(("city", "site", "unknown"))


@dataclass(frozen=True, slots=True)
class ResolvedAttacks:
    records: tuple[Attack, ...]
    ids: dict[Member, str]

    def id_of(self, article: str, local: str | None) -> str | None:
        return self.ids.get(Member(article=article, local=local)) if local else None


@dataclass(frozen=True, slots=True)
class _Told:
    """A report, the day its article was published ("" if unknown) and its place among all."""

    report: Report
    published: str


def resolve_attacks(extractions: Sequence[Extraction], actors: ResolvedActors, places: Places) -> ResolvedAttacks:
    """Return the attacks of these extractions, sorted by id."""
    told = {
        Member(article=extraction.article.id, local=attack.id): _Told(
            _report(extraction.article.id, attack, actors, places), extraction.article.published or ""
        )
        for extraction in extractions
        for attack in extraction.attacks
    }
    clusters = cluster(told, _pairs(told), cannot_link=_share_an_article)
    records = [
        _merge({member: told[member] for member in members}, reasons, actors, places) for members, reasons in clusters
    ]
    records.sort(key=lambda attack: attack.id)
    return ResolvedAttacks(tuple(records), {member: attack.id for attack in records for member in attack.members})


def _report(article: str, attack: AttackReport, actors: ResolvedActors, places: Places) -> Report:
    ids = [
        location_id
        for place in attack.locations
        if (location_id := places.id_of(Member(article=article, local=place.entity)))
    ]
    first = places.place(ids[0]) if ids else None
    return Report(
        attack=attack,
        places=tuple(ids),
        ancestors=frozenset(places.ancestors(ids[0])) if ids else frozenset(),
        is_point=bool(ids) and (first is None or first.kind in _POINT_KINDS),
        period=period_of(attack.date.value if attack.date else None),
        perpetrators=_ids(article, attack.perpetrators, actors),
        targets=_ids(article, (*attack.targets, *attack.victims), actors),
    )


def _ids(article: str, parties: tuple[Party, ...], actors: ResolvedActors) -> frozenset[str]:
    return frozenset(found for party in parties if (found := actors.id_of(article, party.actor)))


# --- which pairs are one ----------------------------------------------------------------------------------------------


def _share_an_article(first: Sequence[Member], second: Sequence[Member]) -> bool:
    """Tell whether one article reports both: what it tells apart stays apart."""
    return not {member.article for member in first}.isdisjoint(member.article for member in second)


def _blocks(report: Report) -> Iterator[tuple[str, ...]]:
    """Yield the keys under which a report meets others: where, when and by whom, or what series."""
    if report.places and report.is_point:
        yield ("place", report.places[0])
    if report.period is not None and report.period.days <= 3:
        day = report.period.earliest.toordinal()
        for near in (day - 1, day, day + 1):
            for place in {*report.places, *report.ancestors}:
                yield ("day and place", str(near), place)
            for perpetrator in report.perpetrators:
                yield ("day and perpetrator", str(near), perpetrator)
            if not report.places:
                yield ("day", str(near))
    for actor in report.targets:
        if report.attack.count > 1:
            yield ("series", str(report.attack.count), actor)
        for perpetrator in report.perpetrators:
            yield ("parties", perpetrator, actor)


def _pairs(told: dict[Member, _Told]) -> Iterator[Reason]:
    blocks: dict[tuple[str, ...], set[Member]] = defaultdict(set)
    for member, item in told.items():
        for block in _blocks(item.report):
            blocks[block].add(member)
    compared: set[tuple[Member, Member]] = set()
    for block in sorted(blocks):
        members = sorted(blocks[block])
        if len(members) > _MAX_BLOCK:
            continue
        for first, second in combinations(members, 2):
            if first.article == second.article or (first, second) in compared:
                continue
            compared.add((first, second))
            total, why = compare(told[first].report, told[second].report)
            if total >= THRESHOLD:
                yield Reason(first=first, second=second, score=probability(total), why=why)


# --- what the merged attack says --------------------------------------------------------------------------------------


def _merge(told: dict[Member, _Told], reasons: tuple[Reason, ...], actors: ResolvedActors, places: Places) -> Attack:
    members = tuple(sorted(told))
    reports = [told[member].report for member in members]
    attacks = [report.attack for report in reports]
    kinds = _kinds(attacks)
    status = _status(attacks)
    perpetrators, perpetrator_status = _perpetrators(told, actors)
    targets = _ordered(
        actor
        for member in members
        for actor in sorted(_ids(member.article, told[member].report.attack.targets, actors))
    )
    locations = _locations(reports, places)
    when = _date(attacks)
    period = period_of(when)
    count = max(attack.count for attack in attacks)
    names = {actor.id: actor.name for actor in actors.records}
    place = places.place(locations[0]) if locations else None
    place_name = (
        place.name if place else locations[0].removeprefix("location/").replace("-", " ").title() if locations else None
    )
    label = _label(
        kinds[0],
        status,
        count,
        place_name,
        [names[target] for target in targets],
        [names[actor] for actor in perpetrators],
        when,
    )
    return Attack(
        id=f"attack/{slug(place_name or kinds[0].value, limit=40)}-{content_hash(str(members[0]))[:10]}",
        label=label,
        kinds=kinds,
        status=status,
        count=count,
        members=members,
        perpetrators=perpetrators,
        perpetrator_status=perpetrator_status,
        perpetrator_descriptions=_descriptions(
            party for attack in attacks for party in attack.perpetrators if not party.actor
        ),
        targets=targets,
        target_descriptions=_descriptions(party for attack in attacks for party in attack.targets if not party.actor),
        locations=locations,
        weapons=tuple(sorted({weapon.value.lower() for attack in attacks for weapon in attack.weapons})),
        date=when,
        earliest=period.earliest.isoformat() if period else None,
        latest=period.latest.isoformat() if period else None,
        killed=_toll(told, Harm.KILLED, Side.VICTIM),
        injured=_toll(told, Harm.INJURED, Side.VICTIM),
        abducted=_toll(told, Harm.ABDUCTED, Side.VICTIM),
        attackers_killed=_toll(told, Harm.KILLED, Side.ATTACKER),
        reasons=reasons,
    )


def _ordered(items: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def _kinds(attacks: list[AttackReport]) -> tuple[Kind, ...]:
    """Return all kinds stated, the primary one of most reports first; `unknown` only where nothing else is said.

    A kind of an extension's own stands right before the listed one that it falls under.
    """
    primary = Counter(attack.kind.listed for attack in attacks if attack.kind is not AttackKind.UNKNOWN)
    stated = {kind for attack in attacks for kind in attack.kinds} - {AttackKind.UNKNOWN}
    order = list(AttackKind)

    def rank(kind: Kind) -> tuple[int, int, int, str]:
        return (-primary[kind.listed], order.index(kind.listed), -len(kind.wider), kind.value)

    return tuple(sorted(stated, key=rank)) or (AttackKind.UNKNOWN,)


def _status(attacks: list[AttackReport]) -> AttackStatus:
    """Return `occurred` if any report says so, else the status of most reports."""
    counts = Counter(attack.status for attack in attacks)
    if counts[AttackStatus.OCCURRED]:
        return AttackStatus.OCCURRED
    order = list(AttackStatus)
    return min(counts, key=lambda status: (-counts[status], order.index(status)))


def _perpetrators(told: dict[Member, _Told], actors: ResolvedActors) -> tuple[tuple[str, ...], PerpetratorStatus]:
    order = list(PerpetratorStatus)
    best: dict[str, PerpetratorStatus] = {}
    for member, item in told.items():
        for party in item.report.attack.perpetrators:
            actor = actors.id_of(member.article, party.actor)
            if actor is not None:
                status = party.status or PerpetratorStatus.UNKNOWN
                best[actor] = min(status, best.get(actor, status), key=order.index)
    strongest = min(best.values(), key=order.index, default=PerpetratorStatus.UNKNOWN)
    described = [
        party.status or PerpetratorStatus.UNKNOWN
        for item in told.values()
        for party in item.report.attack.perpetrators
        if not party.actor
    ]
    if not best and described:
        strongest = min(described, key=order.index)
    return tuple(sorted(best, key=lambda actor: (order.index(best[actor]), actor))), strongest


def _descriptions(parties: Iterator[Party]) -> tuple[str, ...]:
    return tuple(sorted({party.text for party in parties}))


def _locations(reports: list[Report], places: Places) -> tuple[str, ...]:
    """Return the places of all reports, points first, each group in the order of how many reports name it."""
    counts = Counter(place for report in reports for place in report.places)
    rank = {"site": 0, "city": 1, "unknown": 1, "province": 2, "region": 3, "country": 4}

    def order(location_id: str) -> tuple[int, int, str]:
        place = places.place(location_id)
        return (rank[place.kind if place else "unknown"], -counts[location_id], location_id)

    return tuple(sorted(counts, key=order))


def _date(attacks: list[AttackReport]) -> str | None:
    """Return the date that most reports give, of equals the most exact, then the earliest."""
    counts = Counter(attack.date.value for attack in attacks if attack.date)
    if not counts:
        return None

    def order(value: str) -> tuple[int, int, str]:
        period = period_of(value)
        return (period.days if period else 10**6, -counts[value], value)

    return min(counts, key=order)


def _toll(told: dict[Member, _Told], harm: Harm, side: Side) -> Toll | None:
    """Return the figure over all reports after the rule that the reference documents (docs/reference.md).

    low and high are the range of all figures stated. best is the exact figure that the latest report giving one states
    last, for reports correct themselves as they go on; of reports of one day, the larger.
    """
    stated = [
        (item.published, figure)
        for item in told.values()
        for figure in item.report.attack.figures(harm)
        if figure.side is side
    ]
    if not stated:
        return None
    lows = [_first(figure.low, figure.best, figure.high) for _, figure in stated]
    highs = [bound for _, figure in stated if (bound := _first(figure.high, figure.best)) is not None]
    final = {}
    for member, item in told.items():
        exact = [
            figure for figure in item.report.attack.figures(harm) if figure.side is side and figure.best is not None
        ]
        if exact:
            final[member] = (item.published, max(exact, key=lambda figure: figure.span).best or 0)
    best = max(final.values())[1] if final else None
    low = min((low for low in lows if low is not None), default=None)
    open_ended = any(
        figure.high is None and figure.best is None and (figure.low or 0) > max(highs, default=0)
        for _, figure in stated
    )
    return Toll(low=low, best=best, high=None if open_ended else max(highs, default=None))


def _first(*bounds: int | None) -> int | None:
    return next((bound for bound in bounds if bound is not None), None)


# Kinds whose label does not name an attack.
_NOUNS: dict[Kind, str] = {
    AttackKind.ARSON: "arson attack",
    AttackKind.OTHER: "attack",
    AttackKind.UNKNOWN: "attack",
}


def _label(
    kind: Kind,
    status: AttackStatus,
    count: int,
    place: str | None,
    targets: list[str],
    perpetrators: list[str],
    when: str | None,
) -> str:
    """Return a name that a person recognises: "Bombing in Kerman, 2024-01-03"."""
    noun = _NOUNS.get(kind, kind.label)
    if status is not AttackStatus.OCCURRED:
        noun = f"{status.value} {noun}"
    noun = f"{count} × {noun}" if count > 1 else noun[:1].upper() + noun[1:]
    where = ""
    if place:
        where = f" in {place}"
    elif targets:
        where = f" on {targets[0]}"
    elif perpetrators:
        where = f" by {perpetrators[0]}"
    return f"{noun}{where}{f', {when}' if when else ''}"
