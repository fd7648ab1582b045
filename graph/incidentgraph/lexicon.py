"""The word lists and actor lists of seeds/ as records: CSV files in, tuples and dicts out.

`WordLists` are those of them that a user's extension may add to: triggers, weapons and claim verbs.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from incidentgraph import resources
from incidentgraph.errors import ResourceError
from incidentgraph.records import AttackKind, EntityType, GroupKind, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerWord:
    """A word or phrase that tells of an attack; a weak one does so only beside a victim, a figure or a weapon."""

    form: str
    kind: Kind
    is_verb: bool
    is_weak: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownActor:
    """One row of the actor list. `names` are all its names, the usual one first."""

    id: str
    type: EntityType
    names: tuple[str, ...]
    group_kind: GroupKind | None
    country: str | None
    wikidata: str | None

    @property
    def name(self) -> str:
        return self.names[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    iso2: str
    names: tuple[str, ...]  # the usual one first
    demonyms: tuple[str, ...]
    capital: str


@cache
def triggers() -> tuple[TriggerWord, ...]:
    return tuple(
        TriggerWord(
            form=row["form"],
            kind=AttackKind(row["kind"]),
            is_verb=row["pos"] == "verb",
            is_weak=row["strength"] == "weak",
        )
        for row in _rows("lexicon", "triggers.csv")
    )


@cache
def weapons() -> dict[str, AttackKind]:
    """Return weapon words with the kind of attack they are used for."""
    return {row["form"]: AttackKind(row["kind"]) for row in _rows("lexicon", "weapons.csv")}


@cache
def claim_verbs() -> dict[str, str]:
    """Return verbs and phrases of speech with the claim kind they open, `report` for the neutral ones."""
    return {row["form"]: row["kind"] for row in _rows("lexicon", "claim_verbs.csv")}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WordLists:
    """The words that an extractor looks for: those of seeds/ and a user's own, which go first.

    One object serves a whole run. Equal is only the same one, so that a pattern made of the words can be kept by it.
    """

    mark: str = ""  # what an extractor adds to its name, since its results change with them
    own_triggers: tuple[TriggerWord, ...] = ()
    own_weapons: Mapping[str, Kind] = field(default_factory=dict)
    own_claim_verbs: Mapping[str, str] = field(default_factory=dict)

    @property
    def triggers(self) -> tuple[TriggerWord, ...]:
        own = {(word.form, word.is_verb) for word in self.own_triggers}
        return (*self.own_triggers, *(word for word in triggers() if (word.form, word.is_verb) not in own))

    @property
    def weapons(self) -> dict[str, Kind]:
        """Weapon words in lower case with the kind of attack that they are used for."""
        return {form.lower(): kind for form, kind in {**weapons(), **self.own_weapons}.items()}

    @property
    def claim_verbs(self) -> dict[str, str]:
        return {**claim_verbs(), **self.own_claim_verbs}


SHIPPED = WordLists()


@cache
def parties() -> dict[str, str]:
    """Return nouns for people without a name with their usual role, `attacker` or `victim`."""
    return {row["form"]: row["role"] for row in _rows("lexicon", "parties.csv")}


@cache
def institutions() -> dict[str, GroupKind]:
    """Return lower-case words for bodies of a state ("army", "defence ministry")."""
    return {row["form"]: GroupKind(row["kind"]) for row in _rows("lexicon", "institutions.csv")}


@cache
def group_suffixes() -> dict[str, GroupKind]:
    """Return last words of organisations' proper names ("Front", "Division")."""
    return {row["form"]: GroupKind(row["kind"]) for row in _rows("lexicon", "group_suffixes.csv")}


@cache
def place_nouns() -> dict[str, str]:
    """Return the common nouns that make a place of a name ("Airport", "Province") with the kind of place."""
    return {row["form"]: row["kind"] for row in _rows("lexicon", "place_nouns.csv")}


@cache
def titles() -> dict[str, str]:
    """Return titles before a person's name with the office they stand for."""
    return {row["form"]: row["office"] for row in _rows("lexicon", "titles.csv")}


@cache
def countries() -> tuple[Country, ...]:
    return tuple(
        Country(
            iso2=row["iso2"],
            names=(row["name"], *_split(row["aliases"])),
            demonyms=_split(row["demonyms"]),
            capital=row["capital"],
        )
        for row in _rows("countries.csv")
    )


@cache
def known_actors() -> dict[str, KnownActor]:
    """Return the actor list by id."""
    return {
        row["id"]: KnownActor(
            id=row["id"],
            type=EntityType(row["type"]),
            names=(row["name"], *_split(row["aliases"])),
            group_kind=GroupKind(row["group_kind"]) if row["group_kind"] else None,
            country=row["country"].split("|")[0] or None,
            wikidata=row["wikidata"] or None,
        )
        for row in _rows("actors.csv")
    }


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _rows(*parts: str) -> Iterator[dict[str, str]]:
    path = resources.path("seeds", *parts)
    with path.open(encoding="utf-8", newline="") as file:
        try:
            yield from csv.DictReader(file, strict=True)
        except csv.Error as error:
            raise ResourceError(f"{path}: {error}") from error
