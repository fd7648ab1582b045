"""The source of an authoring file in, its header, sections and blocks out; nothing is looked up in the text yet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from incidentgraph.records import Harm

HEADER = ("id", "title", "outlet", "published", "language", "url", "genre", "region", "cluster", "event", "tags")

_ENTITY = re.compile(r"(e\d+)\s+(\w+)(?:\s+(\w+))?\s*=\s*(.+)")
_ATTACK = re.compile(r"(a\d+)\s+([\w+]+)\s+(\w+)\s+(\w+)")
_CLAIM = re.compile(r"(c\d+)\s+(\w+)")
_RELATION = re.compile(r"rel:\s*(e\d+)\s+(\w+)\s+(e\d+)\s*(?:\|\s*(.+))?")
_KEY = re.compile(r"([a-z]+):\s*(.*)")
REFERENCE = re.compile(r"(?P<words>.*?)@(?P<refs>\*|s?\d+(?:\.\d+)?(?:,s?\d+(?:\.\d+)?)*)\s*")
_ATTACK_KEYS = frozenset(
    (*("trigger", "count", "perp", "target", "victim", "loc", "date", "weapon", "evidence"), *Harm)  # as in the brief
)
_CLAIM_KEYS = frozenset((*("by", "about", "cue", "content", "channel", "stated", "perp", "figures", "evidence"), *Harm))


@dataclass(slots=True)
class Block:
    """One entity, attack or claim: its first line in parts, then its fields with their line numbers."""

    id: str
    line: int
    head: tuple[str, ...]
    keys: list[tuple[str, str, int]] = field(default_factory=list)

    def all(self, key: str) -> list[tuple[str, int]]:
        return [(value, line) for name, value, line in self.keys if name == key]


class Notation:
    """One authoring file taken apart; `problems` holds what could not be understood."""

    def __init__(self, source: str, *, name: str) -> None:
        self.name = name
        self.problems: list[str] = []
        self.header: dict[str, str] = {}
        self.parts: dict[str, str] = {}
        self.entities: list[Block] = []
        self.attacks: list[Block] = []
        self.claims: list[Block] = []
        self.relations: list[tuple[str, str, str, str, int]] = []  # subject, predicate, object, sentences, line
        self.ignored: list[str] = []
        self._split(source.replace("\r\n", "\n"))

    def problem(self, line: int, message: str) -> None:
        self.problems.append(f"{self.name}:{line}: {message}")

    def blocks(self) -> tuple[Block, ...]:
        return (*self.entities, *self.attacks, *self.claims)

    def _split(self, source: str) -> None:
        part, lines = "header", source.split("\n")
        bodies: dict[str, list[str]] = {}
        annotation: list[tuple[int, str]] = []
        for number, line in enumerate(lines, 1):
            section = re.fullmatch(r"===\s*(raw|text|annotation)\s*", line)
            if section:
                part = section[1]
                if part in bodies:
                    self.problem(number, f"second section '=== {part}'")
                bodies.setdefault(part, [])
            elif part == "header":
                self._header_line(number, line)
            elif part == "annotation":
                annotation.append((number, line.strip()))
            else:
                bodies[part].append(line.rstrip())
        for name in ("text", "annotation"):
            if name not in bodies:
                self.problem(len(lines), f"no section '=== {name}'")
        self.parts = {name: "\n".join(body).strip("\n") for name, body in bodies.items()}
        for key in HEADER:
            if key not in self.header:
                self.problem(1, f"header lacks '{key}:' (leave its value empty where there is none)")
        current: Block | None = None
        for number, line in annotation:
            if line and not line.startswith("#"):
                current = self._annotation_line(number, line, current)

    def _header_line(self, number: int, line: str) -> None:
        key, colon, value = line.partition(":")
        if not line.strip():
            return
        if not colon or key.strip() not in HEADER:
            self.problem(number, f"not a header line: {line!r}; keys are {', '.join(HEADER)}")
        else:
            self.header[key.strip()] = value.strip()

    def _annotation_line(self, number: int, line: str, current: Block | None) -> Block | None:
        if match := _ENTITY.fullmatch(line):
            block = Block(match[1], number, (match[2], match[3] or "", match[4]))
            self.entities.append(block)
            return block
        if line.startswith("~"):
            if current is None or not current.id.startswith("e"):
                self.problem(number, "'~' (nominals) must follow the line of an entity")
            else:
                current.keys.append(("~", line[1:].strip(), number))
            return current
        if match := _RELATION.fullmatch(line):
            self.relations.append((match[1], match[2], match[3], match[4] or "", number))
            return None
        if match := re.fullmatch(r"ignore\s*=\s*(.+)", line):
            self.ignored += split_fields(match[1])
            return None
        if match := _ATTACK.fullmatch(line):
            block = Block(match[1], number, (match[2], match[3], match[4]))
            self.attacks.append(block)
            return block
        if match := _CLAIM.fullmatch(line):
            block = Block(match[1], number, (match[2],))
            self.claims.append(block)
            return block
        if (match := _KEY.fullmatch(line)) and current is not None and current.id[0] in "ac":
            known = _ATTACK_KEYS if current.id.startswith("a") else _CLAIM_KEYS
            if match[1] not in known:
                self.problem(number, f"{current.id} has no field '{match[1]}'; fields are {', '.join(sorted(known))}")
            current.keys.append((match[1], match[2].strip(), number))
            return current
        self.problem(number, f"not understood: {line!r}")
        return current


def split_fields(value: str) -> list[str]:
    """Split a line at its bars."""
    return [part.strip() for part in value.split("|") if part.strip()]


def split_references(value: str) -> list[str]:
    """Split `s3, s5 | words` into its sentence references."""
    out: list[str] = []
    for part in split_fields(value):
        numbers = re.split(r"[,\s]+", part)
        out += numbers if all(re.fullmatch(r"s\d+", number) for number in numbers) else [part]
    return out


def strip_reference(value: str) -> str:
    """Return `words` of `words@s4`."""
    match = REFERENCE.fullmatch(value)
    return match["words"].strip() if match else value.strip()
