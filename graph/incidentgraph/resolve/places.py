"""Location entities of all articles in, one Location for each place out, with province and country above it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from incidentgraph import resources
from incidentgraph.gazetteer import Gazetteer, Place, normalise_place_name
from incidentgraph.ids import slug
from incidentgraph.records import Entity, EntityType, Extraction, Location, Member, Reason

_UNKNOWN = "unknown"


class Places:
    """The places of all extractions; each local Location entity belongs to one."""

    def __init__(self, extractions: Sequence[Extraction]) -> None:
        self._gazetteer = Gazetteer(resources.path("seeds", "gazetteer", "places.sqlite"))
        self._members: dict[str, list[Member]] = defaultdict(list)
        self._forms: dict[str, Counter[str]] = defaultdict(Counter)
        self._places: dict[str, Place] = {}
        self._ids: dict[Member, str] = {}
        self._reasons: dict[str, list[Reason]] = defaultdict(list)
        self._unknown: dict[str, str | None] = {}  # id -> country code
        for extraction in extractions:
            for entity in extraction.entities:
                if entity.type is EntityType.LOCATION and entity.known_id:
                    self._add_known(extraction, entity)
        named = self._by_name()
        for extraction in extractions:
            for entity in extraction.entities:
                if entity.type is EntityType.LOCATION and not entity.known_id:
                    self._add_unknown(extraction, entity, named)
        self._add_reasons()

    def id_of(self, member: Member) -> str | None:
        return self._ids.get(member)

    def place(self, location_id: str) -> Place | None:
        return self._places.get(location_id)

    def country_id(self, iso2: str) -> str | None:
        """Return the Location of a country, made if no article names it."""
        place = self._gazetteer.country(iso2)
        return self._register(place) if place is not None else None

    def ancestors(self, location_id: str) -> tuple[str, ...]:
        """Return the ids of the places that hold this one, the nearest first."""
        place = self._places.get(location_id)
        if place is None:
            country = self._unknown.get(location_id)
            above = self.country_id(country) if country else None
            return (above,) if above else ()
        return tuple(self._register(parent) for parent in self._gazetteer.parents(place))

    def records(self) -> tuple[Location, ...]:
        """Return all places met and what they lie in, sorted by id."""
        for location_id in [*self._places, *self._unknown]:
            self.ancestors(location_id)
        out = [self._known_record(location_id, place) for location_id, place in self._places.items()]
        out += [self._unknown_record(location_id, country) for location_id, country in self._unknown.items()]
        return tuple(sorted(out, key=lambda location: location.id))

    def _register(self, place: Place) -> str:
        location_id = f"location/{slug(place.name)}-{slug(place.id)}"
        self._places.setdefault(location_id, place)
        return location_id

    def _add_known(self, extraction: Extraction, entity: Entity) -> None:
        place = self._gazetteer.get(entity.known_id or "")
        if place is None:
            self._add_unknown(extraction, entity, {})
        else:
            self._add(self._register(place), extraction, entity)

    def _by_name(self) -> dict[str, set[str]]:
        """Return the places met under each name: what another article left open may be the only one of its name."""
        named: dict[str, set[str]] = defaultdict(set)
        for location_id, forms in self._forms.items():
            for form in forms:
                named[normalise_place_name(form)].add(location_id)
        return named

    def _add_unknown(self, extraction: Extraction, entity: Entity, named: dict[str, set[str]]) -> None:
        same = {found for form in entity.surface_forms for found in named.get(normalise_place_name(form), ())}
        if len(same) == 1:
            self._add(next(iter(same)), extraction, entity)
            return
        country = f"-{entity.country.lower()}" if entity.country else ""
        location_id = f"location/{slug(normalise_place_name(entity.name) or entity.name)}{country}"
        self._unknown.setdefault(location_id, entity.country)
        self._add(location_id, extraction, entity)

    def _add(self, location_id: str, extraction: Extraction, entity: Entity) -> None:
        member = Member(article=extraction.article.id, local=entity.id)
        self._ids[member] = location_id
        self._members[location_id].append(member)
        self._forms[location_id].update(entity.surface_forms)

    def _add_reasons(self) -> None:
        for location_id, members in self._members.items():
            place = self._places.get(location_id)
            why = f"both names mean {place.name} ({place.id}) in the gazetteer" if place else "same name, same country"
            first, *others = sorted(members)
            self._reasons[location_id] = [
                Reason(first=first, second=other, score=1.0 if place else 0.8, why=(why,)) for other in others
            ]

    def _known_record(self, location_id: str, place: Place) -> Location:
        parents = self._gazetteer.parents(place)
        forms = self._forms.get(location_id, Counter())
        return Location(
            id=location_id,
            name=place.name,
            aliases=tuple(sorted(set(forms) - {place.name})),
            members=tuple(sorted(self._members.get(location_id, ()))),
            kind=place.kind,
            country=place.country or None,
            iso=place.iso,
            lat=place.lat,
            lon=place.lon,
            geonames_id=place.geonames_id,
            part_of=self._register(parents[0]) if parents else None,
            reasons=tuple(self._reasons.get(location_id, ())),
        )

    def _unknown_record(self, location_id: str, country: str | None) -> Location:
        forms = self._forms[location_id]
        name = min(forms, key=lambda form: (-forms[form], form))
        return Location(
            id=location_id,
            name=name,
            aliases=tuple(sorted(set(forms) - {name})),
            members=tuple(sorted(self._members[location_id])),
            kind=_UNKNOWN,
            country=country,
            part_of=self.country_id(country) if country else None,
            reasons=tuple(self._reasons.get(location_id, ())),
        )
