"""A place name in; the places it may mean out, most likely first. Reads the file that `gazetteer_build` writes."""

import re
import sqlite3
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from anyascii import anyascii

from .errors import ResourceError

SCHEMA = "1"  # stored in the file; raised when an old file could no longer be read

# What is known about the link from a key to a place, as bits of `name.flags`.
MAIN = 1  # the key comes from the usual name, not from another spelling
BARE = 2  # some spelling gives this key without dropping an article
ARTICLE = 4  # some spelling gives this key only after an article is dropped

KINDS = ("country", "province", "city", "region", "site")

# Arabic articles as written before any letter, and the English one. Spanish "El" goes too, and "en": names are
# treated alike when stored and when looked up, so that costs nothing but a few more candidates.
_ARTICLE = re.compile(r"[ae](?:l|d|r|s|t|z|n|dh|sh|th)|ul|the")
_ABBREVIATIONS = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
_ARABIC_LETTERS = str.maketrans("أإآٱىیکگةۀ", "ااااييككهه")
_ARABIC_MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u200b-\u200f]")
_ARABIC_ARTICLE = re.compile("\\bال(?=[\u0620-\u06ff]{3})")
_JOINED = re.compile(r"['`´‘’‚‛ʻʼʽʾʿʹʺ′″]")
_INITIALS = re.compile(r"\b((?:[^\W\d_]\.){2,})")
_NOT_WORD = re.compile(r"[^a-z0-9]+")

_PROVINCE_WORDS = (
    "province|state|governorate|region|oblast|countryside|department|departement|prefecture|wilaya|muhafazah|krai"
)
_CITY_WORDS = "city|town|village|municipality"
_OTHER_WORDS = "district|county|division|raion|rayon|area"
_AFTER = re.compile(rf"(?P<rest>.+) (?P<word>{_PROVINCE_WORDS}|{_CITY_WORDS}|{_OTHER_WORDS})")
_BEFORE = re.compile(
    rf"(?P<word>{_PROVINCE_WORDS}|{_CITY_WORDS}|{_OTHER_WORDS}|provincia|departamento|estado)"
    r" (?:of|de la|de|du|des|del)(?: the)? (?P<rest>.+)"
)
_WANTED_KIND = {
    **dict.fromkeys([*_PROVINCE_WORDS.split("|"), "provincia", "departamento", "estado"], "province"),
    **dict.fromkeys(_CITY_WORDS.split("|"), "city"),
}

# A spelling that is not the usual name, or that lacks or adds an article, counts a tenth:
# a town called Salvador comes before El Salvador, and Kyiv still leads for Kiev.
_DOUBT = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of the gazetteer; `province` is the ID of the first-level division around it."""

    id: str
    name: str
    kind: str
    country: str
    province: str | None
    lat: float
    lon: float
    population: int
    geonames_id: int | None
    iso: str | None
    feature: str


def name_words(name: str) -> tuple[str, ...]:
    """The words of `name` in plain lower-case ASCII, articles included ("The" and al- among them)."""
    text = _ARABIC_MARKS.sub("", unicodedata.normalize("NFKC", name))
    # Hamza and madda are written or left out at will: keep the bare alif.
    text = text.translate(_ARABIC_LETTERS)
    text = _ARABIC_ARTICLE.sub("al ", text)
    text = _JOINED.sub("", anyascii(_JOINED.sub("", text)).casefold())
    text = _INITIALS.sub(lambda match: match[1].replace(".", "") + " ", text.replace("&", " and "))
    return tuple(_ABBREVIATIONS.get(word, word) for word in _NOT_WORD.sub(" ", text).split())


def drop_articles(words: Iterable[str]) -> str:
    """`words` as one key without articles; the last word always stays, so "Al" and "El" keep a key."""
    *first, last = tuple(words) or ("",)
    return " ".join([*(word for word in first if not _ARTICLE.fullmatch(word)), last])


def normalise_place_name(name: str) -> str:
    """The key under which `name` is stored: the same for Mayadin, al-Mayadin and Al Mayādīn."""
    return drop_articles(name_words(name))


class Gazetteer:
    """Read-only access to one gazetteer file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # sqlite3 would report a missing file only as "unable to open"; say which one.
        if not path.is_file():
            raise ResourceError(f"no gazetteer file at {path}")
        # check_same_thread: nothing is ever written, and `serve` answers from several threads.
        uri = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        try:
            found = self._rows("SELECT value FROM meta WHERE key = 'schema'")
            if found != [(SCHEMA,)]:
                raise ResourceError(f"{path} has another gazetteer format than {SCHEMA}: build it again")
        except ResourceError:
            self.close()
            raise
        self._cached_lookup = lru_cache(maxsize=4096)(self._lookup)
        self._cached_get = lru_cache(maxsize=4096)(self._get)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Gazetteer, (self.path,))  # a copy in another process has its own connection

    def lookup(self, name: str) -> tuple[Place, ...]:
        """All places that `name` may mean: countries, then by population, a province before its city.

        "X province", "city of X" and the like add the places called X after those called that in full.
        """
        return self._cached_lookup(name)

    def get(self, place_id: str) -> Place | None:
        """The place with this ID."""
        return self._cached_get(place_id)

    def parents(self, place: Place) -> tuple[Place, ...]:
        """The province and the country around `place`, as far as known, most specific first."""
        province = self.get(place.province) if place.province else None
        country = self.country(place.country) if place.kind != "country" else None
        return tuple(parent for parent in (province, country) if parent is not None)

    def country(self, iso2: str) -> Place | None:
        """The country with this ISO 3166-1 alpha-2 code."""
        return self._cached_get(f"iso:{iso2.upper()}") if iso2 else None

    def aliases(self, place_id: str) -> tuple[str, ...]:
        """Known spellings of a place, sorted; for small towns only the usual name."""
        place = self.get(place_id)
        if place is None:
            return ()
        where, value = _condition(place_id)
        # S608: `where` is one of the constants of `_condition`.
        rows = self._rows(f"SELECT names FROM alias AS a JOIN place AS p ON p.rank = a.rank WHERE {where}", value)  # noqa: S608
        return tuple(sorted({place.name, *(name for row in rows for name in row[0].split("\n"))}))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _lookup(self, name: str) -> tuple[Place, ...]:
        words = name_words(name)
        found = {place.id: place for place in self._named(words)}
        if match := _AFTER.fullmatch(" ".join(words)) or _BEFORE.fullmatch(" ".join(words)):
            inner = self._named(tuple(match["rest"].split()))
            wanted = _WANTED_KIND.get(match["word"])
            for place in sorted(inner, key=lambda place: place.kind != wanted):
                found.setdefault(place.id, place)
        return tuple(found.values())

    def _named(self, words: tuple[str, ...]) -> list[Place]:
        key = drop_articles(words)
        form = BARE if key == " ".join(words) else ARTICLE
        rows = self._rows(f"SELECT n.flags, ifnull(p.weight, p.population), {_COLUMNS} {_FROM_NAME}", key)

        def likely(row: tuple[Any, ...]) -> tuple[bool, float, int, int]:
            flags, weight, rank, kind = row[0], row[1], row[2], row[6]
            known = bool(flags & form)
            weight *= (1 if flags & MAIN else _DOUBT) * (1 if known else _DOUBT)
            return (kind != 0 or not known, -weight, kind, rank)

        return [_place(row[2:]) for row in sorted(rows, key=likely)]

    def _get(self, place_id: str) -> Place | None:
        where, value = _condition(place_id)
        rows = self._rows(f"SELECT {_COLUMNS} {_FROM_PLACE} WHERE {where}", value)
        return _place(rows[0]) if rows else None

    def _rows(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise ResourceError(f"{self.path} is not a readable gazetteer: {error}") from error


_COLUMNS = (
    "p.rank, p.geonames_id, p.code, p.name, p.kind, p.country, p.lat, p.lon, p.population, p.iso, p.feature, q.code"
)
_FROM_PLACE = "FROM place AS p LEFT JOIN place AS q ON q.rank = p.province"
_FROM_NAME = (
    "FROM name AS n JOIN place AS p ON p.rank = n.place LEFT JOIN place AS q ON q.rank = p.province WHERE n.key = ?"
)


def _condition(place_id: str) -> tuple[str, str | int]:
    """The SQL condition, with its value, that finds one place by its ID."""
    prefix, _, rest = place_id.partition(":")
    if prefix == "gn":
        return ("p.geonames_id = ?", int(rest)) if rest.isdecimal() else ("p.code = ?", place_id)
    if prefix == "iso" and "-" not in rest:
        return "p.iso = ? AND p.kind = 0", rest
    return "p.code = ?", place_id


def _place(row: tuple[Any, ...]) -> Place:
    """The place in one row of `_COLUMNS`; degrees are stored as whole hundred-thousandths."""
    _, geonames_id, code, name, kind, country, lat, lon, population, iso, feature, province = row
    return Place(
        id=code or f"gn:{geonames_id}",
        name=name,
        kind=KINDS[kind],
        country=country,
        province=province,
        lat=lat / 100_000,
        lon=lon / 100_000,
        population=population,
        geonames_id=geonames_id,
        iso=iso,
        feature=feature,
    )
