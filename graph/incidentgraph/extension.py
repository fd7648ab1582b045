"""Extension files -> Extension: kinds of attack, trigger words, weapons and claim verbs of a user's own.

The format is TOML (docs/extensions.md). Files are right as a whole or refused as a whole, in one line that names the
file, the entry and what is wrong with it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from incidentgraph.errors import ExtensionError
from incidentgraph.ids import DEFAULT_BASE, content_hash
from incidentgraph.lexicon import SHIPPED, TriggerWord, WordLists, claim_verbs
from incidentgraph.records import AttackKind, Kind, Match, OwnKind
from incidentgraph.vocab import CROSSWALK, PREFIXES

MAX_BYTES = 256 * 1024
MAX_DOTS = 100  # of a line: tomllib takes the square of a dotted key's length, in time and memory
MAX_WORDS = 2_000  # patterns of more become slow; the shipped lists have 650
# Kinds are vocabulary, not data: they keep their IRIs whatever `--base` the data get.
NAMESPACE = f"{DEFAULT_BASE}kind/"
RELATIONS = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
SCHEMES = ("acled", "cameo", "gtd", "plover", "ucdp")
TABLES = ("kind", "trigger", "weapon", "claim_verb")

_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_FORM = re.compile(r"\w(?:[\w '’./&-]*\w)?")
_HOST = r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?/"
_IN_PATH = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*"
_IRI = re.compile(rf"{_HOST}{_IN_PATH}(?:\?{_IN_PATH})?(?:#{_IN_PATH})?")
_NAMESPACE = re.compile(rf"{_HOST}(?:{_IN_PATH}[#/])?")
_CODE = (re.compile(r"[A-Za-z].*"), re.compile(r"[0-9]{2,4}"))  # in words, as a number
_OURS = "https://w3id.org/incidentgraph/"
_LONGEST = {"label": 60, "definition": 1_000, "form": 80, "code": 80, "iri": 300, "name": 40}

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """An extension file as it was read: what people call it and what it holds."""

    name: str
    data: Data


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """What a user's files add to the list of kinds and to the words that are looked for; nothing by itself."""

    sources: tuple[Source, ...] = ()
    kinds: tuple[OwnKind, ...] = ()
    lists: WordLists = SHIPPED

    def says_the_same(self, other: Extension) -> bool:
        """Tell whether both hold the same entries, under whatever file names."""
        return self.lists.mark == other.lists.mark


def read_extensions(paths: Sequence[Path | str]) -> Extension:
    """Return what these files hold together; ExtensionError if any of them is wrong."""
    return make_extension([_read(Path(path)) for path in paths])


def make_extension(sources: Sequence[Source]) -> Extension:
    """Return what files that were read hold together. A kind may be narrower than one of a file before."""
    if not sources:
        return Extension()
    draft = _Draft()
    for source in sources:
        draft.add_kinds(source)
    for source in sources:
        draft.add_words(source)
    data = json.dumps([source.data for source in sources], sort_keys=True)
    return Extension(
        sources=tuple(sources),
        kinds=tuple(draft.kinds.values()),
        lists=WordLists(
            mark=f"+{content_hash(data)[:8]}",
            own_triggers=tuple(draft.triggers),
            own_weapons=draft.weapons,
            own_claim_verbs=draft.claim_verbs,
        ),
    )


def _read(path: Path) -> Source:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ExtensionError(f"{path}: {error.strerror or error}") from error
    if len(content) > MAX_BYTES:
        raise ExtensionError(f"{path}: larger than {MAX_BYTES // 1024} KiB, too large for an extension")
    for number, written in enumerate(content.split(b"\n"), 1):
        if written.count(b".") > MAX_DOTS:
            raise ExtensionError(f"{path}: line {number}: more than {MAX_DOTS} dots; break the line")
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ExtensionError(f"{path}: line {line}: not UTF-8; save the file in that encoding") from error
    except ValueError as error:  # tomllib's own error, and that of a number of too many digits
        raise ExtensionError(f"{path}: not TOML: {error}") from error
    except RecursionError as error:
        raise ExtensionError(f"{path}: not TOML: nested too deeply") from error
    source = Source(str(path), data)
    file_entry = _Entry(source.name, "", data)
    file_entry.only("namespace", *TABLES)
    if not any(data.get(table) for table in TABLES):
        file_entry.refuse(f"holds no entry: {', '.join(f'[[{table}]]' for table in TABLES)}")
    return source


@dataclass(frozen=True, slots=True)
class _Entry:
    """One table of a file, and where to find it there."""

    file: str
    place: str
    data: Data

    def refuse(self, reason: str) -> NoReturn:
        raise ExtensionError(": ".join(part for part in (self.file, self.place, reason) if part))

    def only(self, *keys: str) -> None:
        """Refuse a key that means nothing: it is misspelled."""
        for key in self.data:
            if key not in keys:
                self.refuse(f"{_shown(key)} is not known here; there are: {', '.join(keys)}")

    def text(self, key: str, *, longest: int) -> str:
        """Return a text of one line that is not empty."""
        if key not in self.data:
            self.refuse(f"{key} is missing")
        return self.line(key, self.data[key], longest=longest)

    def line(self, key: str, value: object, *, longest: int) -> str:
        if not isinstance(value, str):
            self.refuse(f"{key}: {_shown(value)} is not a text in quotation marks")
        text = " ".join(value.split())
        if not text:
            self.refuse(f"{key} is empty")
        if len(text) > longest:
            self.refuse(f"{key}: {_shown(text)} is longer than {longest} characters")
        if not text.isprintable():
            sign = next(character for character in text if not character.isprintable())
            self.refuse(f"{key}: {_shown(text)} holds a sign that cannot be printed, U+{ord(sign):04X}")
        return text

    def lines(self, key: str, value: object, *, longest: int) -> Iterator[str]:
        """Yield the texts of a list, or one that stands alone."""
        for item in value if isinstance(value, list) else [value]:
            yield self.line(key, item, longest=longest)

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        chosen = self.text(key, longest=_LONGEST["form"])
        if chosen not in allowed:
            self.refuse(f"{key}: {_shown(chosen)} is not known; there are: {', '.join(allowed)}")
        return chosen

    def words(self, *keys: str) -> Iterator[tuple[str, str]]:
        """Yield each key with each of its words, in small letters as all lists have them."""
        if not any(self.data.get(key) for key in keys):
            self.refuse(f"no words: {' or '.join(keys)} is missing")
        for key in keys:
            for form in self.lines(key, self.data.get(key, []), longest=_LONGEST["form"]):
                if not _FORM.fullmatch(form) or not any(character.isalpha() for character in form):
                    self.refuse(
                        f"{key}: {_shown(form)} is not a word or phrase: letters, digits, spaces, - ' . / and &, "
                        "with a letter or digit at both ends"
                    )
                yield key, form.lower()


@dataclass(slots=True)
class _Draft:
    """What the files hold while it is collected, and which entry said so first."""

    kinds: dict[str, OwnKind] = field(default_factory=dict)
    triggers: list[TriggerWord] = field(default_factory=list)
    weapons: dict[str, Kind] = field(default_factory=dict)
    claim_verbs: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[str, str], str] = field(default_factory=dict)

    def add_kinds(self, source: Source) -> None:
        namespace = _namespace(source)
        for entry in _entries(source, "kind"):
            kind = self._kind(entry, namespace)
            self.kinds[kind.value] = kind

    def add_words(self, source: Source) -> None:
        for entry in _entries(source, "trigger"):
            entry.only("kind", "nouns", "verbs", "strength")
            kind = self._kind_named(entry)
            is_weak = "strength" in entry.data and entry.choice("strength", ("strong", "weak")) == "weak"
            for key, form in entry.words("nouns", "verbs"):
                self._once(entry, key, form)
                self.triggers.append(TriggerWord(form=form, kind=kind, is_verb=key == "verbs", is_weak=is_weak))
        for entry in _entries(source, "weapon"):
            entry.only("kind", "words")
            kind = self._kind_named(entry)
            for _, form in entry.words("words"):
                self._once(entry, "weapon", form)
                self.weapons[form] = kind
        for entry in _entries(source, "claim_verb"):
            entry.only("kind", "words")
            claim_kind = entry.choice("kind", sorted(set(claim_verbs().values())))
            for _, form in entry.words("words"):
                self._once(entry, "claim verb", form)
                self.claim_verbs[form] = claim_kind
        if len(self.triggers) + len(self.weapons) + len(self.claim_verbs) > MAX_WORDS:
            raise ExtensionError(f"{source.name}: more than {MAX_WORDS:,} words, too many for extensions")

    def _kind(self, entry: _Entry, namespace: str) -> OwnKind:
        entry.only("name", "label", "definition", "broader", *RELATIONS)
        name = entry.text("name", longest=_LONGEST["name"])
        if not _NAME.fullmatch(name):
            entry.refuse(f"name: {_shown(name)} is not a name such as cattle_raid: small letters, digits and _")
        if name in list(AttackKind):
            entry.refuse(f"name: {name} is taken: it is a kind of the vocabulary")
        self._once(entry, "name", name)
        broader = entry.text("broader", longest=_LONGEST["name"])
        if broader == AttackKind.UNKNOWN:
            entry.refuse("broader: nothing is narrower than unknown; take other where no kind fits")
        if broader not in self._known():
            entry.refuse(f"broader: {_shown(broader)} is no kind so far; there are: {', '.join(self._known())}")
        return OwnKind(
            value=name,
            label=entry.text("label", longest=_LONGEST["label"]),
            definition=entry.text("definition", longest=_LONGEST["definition"]),
            broader=self._known()[broader],
            iri=f"{namespace}{name}",
            matches=tuple(dict.fromkeys(_matches(entry))),
        )

    def _kind_named(self, entry: _Entry) -> Kind:
        known = self._known() | {AttackKind.UNKNOWN.value: AttackKind.UNKNOWN}
        return known[entry.choice("kind", list(known))]

    def _known(self) -> dict[str, Kind]:
        """Return what can be broader: the listed kinds and those defined so far."""
        listed: dict[str, Kind] = {kind.value: kind for kind in AttackKind if kind is not AttackKind.UNKNOWN}
        return listed | self.kinds

    def _once(self, entry: _Entry, use: str, form: str) -> None:
        """Refuse what stands twice: one of the two would be lost."""
        if (use, form) in self.places:
            entry.refuse(f"{use}: {_shown(form)} stands already in {self.places[use, form]}")
        self.places[use, form] = f"{entry.file}, {entry.place}"


def _namespace(source: Source) -> str:
    if "namespace" not in source.data:
        return NAMESPACE
    entry = _Entry(source.name, "", source.data)
    namespace = entry.text("namespace", longest=_LONGEST["iri"])
    if not _NAMESPACE.fullmatch(namespace):
        entry.refuse(
            f"namespace: {_shown(namespace)} is not an IRI such as https://example.org/kinds/ with / or # at its end"
        )
    if (namespace.startswith(_OURS) and namespace != NAMESPACE) or namespace in PREFIXES.values():
        entry.refuse(f"namespace: {_shown(namespace)} is that of another vocabulary; take one of your own")
    return namespace


def _entries(source: Source, table: str) -> Iterator[_Entry]:
    found = source.data.get(table, [])
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        _Entry(source.name, "", source.data).refuse(f"{table}: each entry begins with [[{table}]]")
    for number, item in enumerate(found, 1):
        name = item.get("name") if table == "kind" else item.get("kind")
        named = (
            f" ({name})" if isinstance(name, str) and _NAME.fullmatch(name) and len(name) <= _LONGEST["name"] else ""
        )
        yield _Entry(source.name, f"[[{table}]] {number}{named}", item)


def _matches(entry: _Entry) -> Iterator[Match]:
    """Yield what a kind corresponds to in the code lists of other projects, or anywhere by IRI."""
    for relation in RELATIONS:
        found = entry.data.get(relation, {})
        if not isinstance(found, dict):
            entry.refuse(f'{relation}: write it as {{ acled = "…" }}, with one of {", ".join((*SCHEMES, "iri"))}')
        for scheme, value in found.items():
            if scheme not in (*SCHEMES, "iri"):
                entry.refuse(f"{relation}: {_shown(scheme)} is not known; there are: {', '.join((*SCHEMES, 'iri'))}")
            key = f"{relation}.{scheme}"
            for text in entry.lines(key, value, longest=_LONGEST["iri" if scheme == "iri" else "code"]):
                yield _match(entry, key, text)


def _match(entry: _Entry, key: str, text: str) -> Match:
    relation, _, scheme = key.partition(".")
    if scheme == "iri":
        if not _IRI.fullmatch(text):
            entry.refuse(f"{key}: {_shown(text)} is not an IRI that begins with https:// or http://")
        return Match(relation=relation, iri=text)
    name = code_name(text)
    if not text.isascii() or not _CODE[scheme == "cameo"].fullmatch(name):
        how = "a number such as 018" if scheme == "cameo" else "written in words"
        entry.refuse(f"{key}: {_shown(text)} is not a code; it is {how}")
    return Match(relation=relation, iri=f"{CROSSWALK}{scheme}/{name}", scheme=scheme, code=text)


def code_name(code: str) -> str:
    """Return how the vocabulary names a code of another project: "Air/drone strike" is Air_drone_strike."""
    return re.sub(r"[^A-Za-z0-9-]+", "_", code).strip("_")


def _shown(value: object) -> str:
    """Return a value as it can stand in a message: on one line, short, without signs that steer a terminal."""
    if isinstance(value, str):
        text = repr(value[:60])
        return text if len(value) <= 60 else f"{text[:-1]}…{text[-1]}"
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list) else "a value without quotes"
