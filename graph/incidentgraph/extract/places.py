"""Which place a name means, from the other places of the same article."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from incidentgraph.extract.entities import EntityTable
from incidentgraph.extract.mentions import NameMention
from incidentgraph.gazetteer import Gazetteer, Place
from incidentgraph.records import EntityType

# Words between a place and the larger one it lies in: "Mayadin in Deir al-Zor", "Mastung, Balochistan".
_INSIDE = re.compile(
    r"(?:,|,?\s+(?:city|town|village|district|area|county))?,?\s*(?:in|of)?\s*(?:the\s+)?(?:[a-z\-]+\s+){0,3}?(?:province of |state of )?",
    re.I,
)
_NOUN = re.compile(
    r"\s+(province|state|governorate|region|county|district|department|city|town|village|oblast)\b", re.I
)
_NOUN_AT_END = re.compile(rf"{_NOUN.pattern}$", re.I)
# Without context the largest place of a name is taken only when it outweighs the next by this factor.
_CLEAR_LEAD = 5
_SMALL = 50_000
_FAMOUS = 1_000_000
_FAR_LARGER = 20
_CAPITAL = "P.PPLC"  # GeoNames feature code of a national capital
_RANK = {"site": 0, "city": 1, "province": 2, "region": 3, "country": 4}


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """The place that each Location entity of an article means, as far as the article tells."""

    places: dict[str, Place]  # entity key -> place
    gazetteer: Gazetteer

    def place(self, mention: NameMention) -> Place | None:
        return self.places.get(mention.key)

    def specificity(self, mention: NameMention) -> int:
        """Return a rank, 0 for a point; places that the gazetteer lacks count as towns."""
        place = self.place(mention)
        return _RANK[place.kind] if place else 1

    def contains(self, outer: NameMention, inner: NameMention) -> bool | None:
        """Tell whether one place lies in the other; None if that is not known."""
        first, second = self.place(outer), self.place(inner)
        if first is None or second is None:
            return None
        return first.id == second.id or first.id in {parent.id for parent in self.gazetteer.parents(second)}


def choose_places(table: EntityTable, gazetteer: Gazetteer) -> PlaceChoice:
    """Return the places meant and write what is certain (id, country) back to the table's mentions."""
    text = table.text
    locations = [mention for mention in table.mentions if mention.type is EntityType.LOCATION]
    by_key: dict[str, list[NameMention]] = {}
    for mention in locations:
        by_key.setdefault(mention.key, []).append(mention)
    candidates = {key: _candidates(text, mentions, gazetteer) for key, mentions in by_key.items()}
    certain = {
        key: places[0]
        for key, places in candidates.items()
        if len({place.id for place in places}) == 1 and (places[0].kind == "country" or places[0].population >= _SMALL)
    }
    provinces = {place.id for place in certain.values() if place.kind == "province"}
    countries = {place.country for place in certain.values() if place.country}
    countries |= {
        mention.country for mention in table.mentions if mention.country and mention.type is not EntityType.PERSON
    }
    chosen: dict[str, Place] = {}
    for key, places in candidates.items():
        picked = _pick(text, by_key[key], places, locations, candidates, provinces, countries, table.country)
        if picked is not None:
            chosen[key] = picked
    table.mentions = [
        replace(mention, known_id=chosen[mention.key].id, country=chosen[mention.key].country or None)
        if mention.type is EntityType.LOCATION and mention.key in chosen
        else mention
        for mention in table.mentions
    ]
    return PlaceChoice(chosen, gazetteer)


def _candidates(text: str, mentions: list[NameMention], gazetteer: Gazetteer) -> tuple[Place, ...]:
    first = mentions[0]
    if first.known_id:
        known = gazetteer.get(first.known_id)
        return (known,) if known else ()
    nouns = [match[1] for mention in mentions if (match := _NOUN.match(text, mention.end))]
    nouns += [match[1] for mention in mentions if (match := _NOUN_AT_END.search(mention.text))]
    if nouns:
        bare = _NOUN_AT_END.sub("", first.text)
        found = gazetteer.lookup(f"{bare} {nouns[0]}") or gazetteer.lookup(bare)
        provinces = tuple(place for place in found if place.kind == "province")
        return provinces if provinces and nouns[0].lower() not in {"district", "city", "town", "village"} else found
    return gazetteer.lookup(first.text)


def _pick(
    text: str,
    mentions: list[NameMention],
    places: tuple[Place, ...],
    locations: list[NameMention],
    candidates: dict[str, tuple[Place, ...]],
    provinces: set[str],
    countries: set[str],
    dominant: str | None,
) -> Place | None:
    if not places:
        return None
    if len({place.id for place in places}) == 1:
        # a small place in another country than the article's is more likely one that the gazetteer lacks
        only = places[0]
        is_foreign = dominant is not None and only.country not in {dominant, ""} and only.country not in countries
        return None if is_foreign and only.population < _SMALL else only
    # 1. the larger place right behind the name decides
    for mention in mentions:
        outer = next((other for other in locations if other.start >= mention.end), None)
        if outer is not None and outer.key != mention.key and _INSIDE.fullmatch(text, mention.end, outer.start):
            for larger in candidates[outer.key]:
                inside = [
                    place
                    for place in places
                    if place.id != larger.id
                    and (place.province == larger.id or (larger.kind == "country" and place.country == larger.country))
                ]
                if inside:
                    return inside[0]
    # 2. then the provinces and countries that the article names at all; but a report from Syria that says "Riyadh" does
    # not mean the village of that name in Iraq
    cities = [place for place in places if place.kind == "city"]
    famous = next((place for place in cities if place.feature == _CAPITAL or place.population >= _FAMOUS), None)
    for fits in (
        [place for place in places if place.province in provinces],
        [place for place in places if dominant and place.country == dominant],
        [place for place in places if place.country in countries],
    ):
        if fits:
            picked = _settled(fits)
            is_overshadowed = (
                famous is not None and famous not in fits and picked.population * _FAR_LARGER < famous.population
            )
            return famous if is_overshadowed else picked
    # 3. then size alone, where it leaves no doubt; a capital speaks for itself
    if famous is not None and famous.feature == _CAPITAL:
        return famous
    first, second = places[0], places[1]
    if first.kind == "country" or first.population >= _CLEAR_LEAD * max(second.population, 1):
        return first
    return None


def _settled(places: list[Place]) -> Place:
    """Return the city before the province of the same name: a bare "Raqqa" in a report is the town."""
    cities = [place for place in places if place.kind == "city"]
    if places[0].kind == "province" and cities and cities[0].population >= 20_000:
        return cities[0]
    return places[0]
