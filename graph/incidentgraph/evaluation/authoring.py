"""An authoring file (`seeds/annotated/*.gold`) in, a `Gold` with exact offsets out. Writers give words, never offsets.

The format is described in `seeds/annotated/BRIEF.md`: a header, the text, and one line per annotated value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from incidentgraph.errors import ItemError
from incidentgraph.evaluation.notation import (
    REFERENCE,
    Block,
    Notation,
    split_fields,
    split_references,
    strip_reference,
)
from incidentgraph.evaluation.pointing import Pointer
from incidentgraph.records import (
    Article,
    AttackKind,
    AttackReport,
    AttackRole,
    AttackStatus,
    ClaimKind,
    ClaimReport,
    Entity,
    EntityType,
    Extraction,
    Figure,
    GroupKind,
    Harm,
    Located,
    Party,
    PerpetratorStatus,
    RelationReport,
    Side,
    Span,
    Stated,
)

ANNOTATOR = "gold-1"

_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")
_BOUNDS = re.compile(
    r"(?:(?P<low>\d*)\.\.(?P<high>\d*)|~(?P<about>\d+)|(?P<exact>\d+)|(?P<three>(?:\d+|-)/(?:\d+|-)/(?:\d+|-)))"
)
_COUNT_WORDS = re.compile(
    r"(?ix)^(?:(?:at|least|most|more|fewer|less|than|over|under|nearly|almost|about|around|some|roughly|approximately|up|to|as|"
    r"many|between|and|or|an?|the|another|other|further|additional|estimated|of|several|number|couple|few|dozens?|scores?|"
    r"hundreds?|thousands?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|both|all|only|just|"
    r"exactly|his|her|their|\d[\d,.]*|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-\w+)(?:\s+|$))+"
)


class GoldError(ItemError):
    """One authoring file is wrong; `problems` lists everything found, each with its line."""

    def __init__(self, item: str, problems: Sequence[str]) -> None:
        super().__init__(item, "; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """One annotated article: the record, what the corpus needs to know, and words that the record has no place for."""

    path: Path
    extraction: Extraction
    genre: str
    region: str
    cluster: str
    event: str
    tags: tuple[str, ...]
    raw: str | None  # a page dump as it was fetched
    sentences: tuple[Span, ...]
    nominals: tuple[tuple[str, Span], ...]  # entity id, "the group" or "he"
    speakers: tuple[tuple[str, Span], ...]  # claim id, the words that name the claimant
    contents: tuple[tuple[str, Span], ...]  # claim id, the words said
    ignored: tuple[str, ...]  # capitalised names that are no entities
    lines: tuple[tuple[str, int], ...]  # local id, line of its block


def read_gold(path: Path) -> Gold:
    """Return the annotated article; GoldError with every problem found if it cannot be compiled."""
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(path.name, [f"{path.name}: cannot be read: {error}"]) from error
    return parse_gold(source, path)


def parse_gold(source: str, path: Path) -> Gold:
    """Return the annotated article that the source of an authoring file describes."""
    return _Compiler(source, path).compile()


def figure_bounds(words: str) -> tuple[int | None, int | None, int | None] | None:
    """Return (low, best, high) of `26`, `26..`, `..30`, `24..30`, `~50` or `40/50/-`; None for anything else."""
    match = _BOUNDS.fullmatch(words.strip())
    if match is None or words.strip() == "..":
        return None
    if match["exact"]:
        exact = int(match["exact"])
        return exact, exact, exact
    if match["about"]:
        return None, int(match["about"]), None
    if match["three"]:
        low, best, high = (None if part == "-" else int(part) for part in match["three"].split("/"))
        return low, best, high
    return (int(match["low"]) if match["low"] else None), None, (int(match["high"]) if match["high"] else None)


class _Compiler:
    """Collects every problem before giving up, so that a writer sees all of them at once."""

    def __init__(self, source: str, path: Path) -> None:
        self.path = path
        self.notation = Notation(source, name=path.name)
        self.text = self.notation.parts.get("text", "").strip()
        self.pointer = Pointer(self.text, self.notation.problem)
        self.mentions: dict[str, list[Span]] = {}
        self.names: dict[str, list[Span]] = {}
        self.nominals: list[tuple[str, Span]] = []
        self.speakers: list[tuple[str, Span]] = []
        self.contents: list[tuple[str, Span]] = []

    def enum(self, kind: type[_E], value: str, line: int, default: _E) -> _E:
        try:
            return kind(value)
        except ValueError:
            self.notation.problem(line, f"{value!r} is not one of {', '.join(kind)}")
            return default

    def known(self, entity_id: str, line: int) -> str | None:
        """Return the entity id, None for `-` and for one that is not declared (noted)."""
        if entity_id == "-":
            return None
        if entity_id not in self.mentions:
            self.notation.problem(
                line, f"no entity {entity_id!r}; write an id like e1, or '-' where the party has no name"
            )
            return None
        return entity_id

    def nearest(self, entity_id: str, to: Span) -> Span | None:
        """Return the entity's mention in the same sentence, a name rather than a pronoun, else the closest one."""
        at = self.pointer.number_of(to)
        names = set(self.names.get(entity_id, []))

        def distance(span: Span) -> tuple[bool, bool, int]:
            return self.pointer.number_of(span) != at, span not in names, abs(span.start - to.start)

        return min(self.mentions.get(entity_id, []), key=distance, default=None)

    def compile(self) -> Gold:
        self._find_mentions()
        entities = [self._entity(block) for block in self.notation.entities]
        attacks = [attack for block in self.notation.attacks if (attack := self._attack(block)) is not None]
        by_id = {attack.id: attack for attack in attacks}
        claims = [claim for block in self.notation.claims if (claim := self._claim(block, by_id)) is not None]
        relations = [self._relation(number, *line) for number, line in enumerate(self.notation.relations, 1)]
        entities += self._weapons(attacks)
        for spans in self.mentions.values():
            spans.sort()
        self._unique([block.id for block in self.notation.blocks()])
        if self.notation.problems:
            raise GoldError(self.path.name, self.notation.problems)
        header = self.notation.header
        article = Article(
            id=header["id"],
            text=self.text,
            title=header["title"] or None,
            url=header["url"] or None,
            outlet=header["outlet"] or None,
            published=header["published"] or None,
            language=header["language"] or None,
        )
        return Gold(
            path=self.path,
            extraction=Extraction(
                article=article,
                extractor=ANNOTATOR,
                entities=tuple(entity for entity in entities if entity is not None),
                attacks=tuple(attacks),
                claims=tuple(claims),
                relations=tuple(relation for relation in relations if relation is not None),
            ),
            genre=header["genre"],
            region=header["region"],
            cluster=header["cluster"] or header["id"],
            event=header["event"],
            tags=tuple(tag.strip() for tag in header["tags"].split(",") if tag.strip()),
            raw=self.notation.parts.get("raw"),
            sentences=self.pointer.sentences,
            nominals=tuple(sorted(self.nominals, key=lambda item: item[1])),
            speakers=tuple(self.speakers),
            contents=tuple(self.contents),
            ignored=tuple(self.notation.ignored),
            lines=tuple((block.id, block.line) for block in self.notation.blocks()),
        )

    def _unique(self, ids: list[str]) -> None:
        for local in sorted({local for local in ids if ids.count(local) > 1}):
            self.notation.problem(1, f"the id {local!r} is used more than once")

    def _find_mentions(self) -> None:
        """Give every whole-word occurrence of a name to its entity; longer names win, then occurrences named with @."""
        candidates: list[tuple[int, int, Span, str]] = []  # -length, 0 if named, where, whose
        owners: dict[str, str] = {}
        wanted: dict[tuple[str, str], int] = {}
        for block in self.notation.entities:
            self.mentions[block.id] = []
            self.names[block.id] = []
            for name in split_fields(block.head[2]):
                match = REFERENCE.fullmatch(name)
                words = match["words"].strip() if match else name
                wanted[(block.id, words)] = block.line
                if match is None and owners.setdefault(words, block.id) != block.id:
                    self.notation.problem(
                        block.line,
                        f"{words!r} is a name of {owners[words]} and of {block.id}; say which occurrences (@s2,s5)",
                    )
                candidates += [
                    (-len(words), 0 if match else 1, span, block.id)
                    for span in self.pointer.locate_all(name, block.line, many=True)
                ]
        for words in self.notation.ignored:
            candidates += [(-len(words), 0, span, "") for span in self.pointer.occurrences(words)]
        taken = [False] * len(self.text)
        for _, _, span, owner in sorted(candidates, key=lambda item: (item[0], item[1], item[2])):
            if any(taken[span.start : span.end]):
                continue
            taken[span.start : span.end] = [True] * (span.end - span.start)
            if owner:
                self.names[owner].append(span)
                self.mentions[owner].append(span)
        for (owner, words), line in wanted.items():
            if not any(self._said(span) == words for span in self.names[owner]) and self.pointer.occurrences(words):
                self.notation.problem(
                    line, f"{words!r} of {owner} stands only inside longer names or is taken by another entity"
                )
        for block in self.notation.entities:
            for value, line in block.all("~"):
                for nominal in split_fields(value):
                    spans = self.pointer.locate_all(nominal, line)
                    self.nominals += [(block.id, span) for span in spans]
                    self.mentions[block.id] += spans

    def _entity(self, block: Block) -> Entity | None:
        kind = self.enum(EntityType, block.head[0], block.line, EntityType.GROUP)
        group_kind = None
        if kind is EntityType.GROUP:
            if not block.head[1]:
                self.notation.problem(block.line, f"{block.id} needs a group kind: one of {', '.join(GroupKind)}")
            else:
                group_kind = self.enum(GroupKind, block.head[1], block.line, GroupKind.OTHER)
        elif block.head[1]:
            self.notation.problem(block.line, f"{block.id}: only a Group has a group kind")
        forms = [strip_reference(name) for name in split_fields(block.head[2])]
        return Entity(
            id=block.id,
            type=kind,
            name=forms[0],
            surface_forms=tuple(dict.fromkeys(forms)),
            mentions=tuple(sorted(set(self.mentions[block.id]))),
            group_kind=group_kind,
        )

    def _weapons(self, attacks: list[AttackReport]) -> list[Entity]:
        """Return a Weapon entity for each weapon of an attack that the writer has not declared."""
        declared = {
            strip_reference(name).lower()
            for block in self.notation.entities
            if block.head[0] == "Weapon"
            for name in split_fields(block.head[2])
        }
        stated = [weapon for attack in attacks for weapon in attack.weapons if weapon.value.lower() not in declared]
        spans: dict[str, set[Span]] = {}
        taken: set[int] = set()
        for weapon in sorted(stated, key=lambda weapon: -len(weapon.value)):  # the "bomb" of a "car bomb" is not a bomb
            free = [span for span in self.pointer.occurrences(weapon.value) if span.start not in taken]
            for span in {weapon.span, *free}:
                spans.setdefault(weapon.value.lower(), set()).add(span)
                taken.update(range(span.start, span.end))
        forms = {
            value: tuple(dict.fromkeys(self._said(span) for span in sorted(found))) for value, found in spans.items()
        }
        return [
            Entity(
                id=f"w{number}",
                type=EntityType.WEAPON,
                name=forms[value][0],
                surface_forms=forms[value],
                mentions=tuple(sorted(found)),
            )
            for number, (value, found) in enumerate(sorted(spans.items(), key=lambda item: min(item[1])), 1)
        ]

    def _said(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def _attack(self, block: Block) -> AttackReport | None:
        triggers = block.all("trigger")
        if len(triggers) != 1:
            self.notation.problem(block.line, f"{block.id} needs exactly one 'trigger:'")
            return None
        trigger = self.pointer.locate(*triggers[0])
        if trigger is None:
            return None
        stated: list[Span | None] = [trigger]
        perpetrators = [self._perpetrator(value, line, trigger, stated) for value, line in block.all("perp")]
        targets = [self._party(value, line, trigger, stated) for value, line in block.all("target")]
        victims = [self._party(value, line, trigger, stated) for value, line in block.all("victim")]
        figures = {
            harm: [self._figure(value, line, trigger, stated) for value, line in block.all(harm)] for harm in Harm
        }
        weapons = [
            Stated(value=strip_reference(value), span=span)
            for field_, line in block.all("weapon")
            for value in split_fields(field_)
            if (span := self._noted(value, line, trigger, stated)) is not None
        ]
        date = self._date(block, trigger, stated)
        locations = [
            place for value, line in block.all("loc") for place in self._locations(value, line, trigger, stated)
        ]
        count = 1
        for value, line in block.all("count"):
            if value.isdigit() and int(value) > 0:
                count = int(value)
            else:
                self.notation.problem(line, f"count {value!r} is not a whole number above 0")
        further = [
            self.pointer.sentence_of(value, line)
            for values, line in block.all("evidence")
            for value in split_references(values)
        ]
        return AttackReport(
            id=block.id,
            kinds=tuple(
                dict.fromkeys(
                    self.enum(AttackKind, kind, block.line, AttackKind.UNKNOWN) for kind in block.head[0].split("+")
                )
            ),
            status=self.enum(AttackStatus, block.head[1], block.line, AttackStatus.OCCURRED),
            role=self.enum(AttackRole, block.head[2], block.line, AttackRole.MAIN),
            trigger=trigger,
            evidence=self.pointer.holding([*stated, *further]),
            count=count,
            perpetrators=_present(perpetrators),
            targets=_present(targets),
            victims=_present(victims),
            locations=tuple(locations),
            date=date,
            weapons=tuple(weapons),
            killed=_present(figures[Harm.KILLED]),
            injured=_present(figures[Harm.INJURED]),
            abducted=_present(figures[Harm.ABDUCTED]),
        )

    def _noted(self, value: str, line: int, near: Span, stated: list[Span | None]) -> Span | None:
        span = self.pointer.locate(value, line, near=near)
        stated.append(span)
        return span

    def _party(
        self, value: str, line: int, near: Span, stated: list[Span | None], status: PerpetratorStatus | None = None
    ) -> Party | None:
        fields = split_fields(value)
        if not 1 <= len(fields) <= 2:
            self.notation.problem(line, f"expected 'e1', 'e1 | words' or '- | words', found {value!r}")
            return None
        actor = self.known(fields[0], line)
        if len(fields) == 2:
            span = self._noted(fields[1], line, near, stated)
        elif actor is None:
            if fields[0] == "-":
                self.notation.problem(line, "a party without a name needs its words: '- | gunmen'")
            return None
        else:
            span = self.nearest(actor, near)
        if span is None:
            return None
        return Party(text=self._said(span), span=span, actor=actor, status=status)

    def _perpetrator(self, value: str, line: int, near: Span, stated: list[Span | None]) -> Party | None:
        fields = split_fields(value)
        status = self.enum(PerpetratorStatus, fields[-1], line, PerpetratorStatus.UNKNOWN)
        return self._party(" | ".join(fields[:-1]), line, near, stated, status)

    def _figure(self, value: str, line: int, near: Span, stated: list[Span | None]) -> Figure | None:
        fields = split_fields(value)
        bounds = figure_bounds(fields[0])
        if bounds is None or len(fields) < 2:
            self.notation.problem(
                line,
                f"expected '26.. | at least 26 people', bounds 26, 26.., ..30, 24..30, ~50, 40/50/60; found {value!r}",
            )
            return None
        span = self._noted(fields[1], line, near, stated)
        who, side, source = "", Side.VICTIM, None
        for extra in fields[2:]:
            if extra in set(Side):
                side = Side(extra)
            elif extra.startswith("by "):
                source = self.known(extra[3:].strip(), line)
            elif extra.startswith("who "):
                who = extra[4:].strip()
            else:
                self.notation.problem(line, f"{extra!r} is none of 'attacker', 'by e3', 'who words'")
        if span is None:
            return None
        low, best, high = bounds
        who = who or _COUNT_WORDS.sub("", self._said(span)).strip() or "people"
        return Figure(low=low, best=best, high=high, who=who, span=span, side=side, according_to=source)

    def _date(self, block: Block, near: Span, stated: list[Span | None]) -> Stated | None:
        dates = block.all("date")
        if len(dates) > 1:
            self.notation.problem(dates[1][1], f"{block.id} has two dates; give one (an interval if need be)")
        if not dates or dates[0][0] == "-":
            return None
        value, line = dates[0]
        fields = split_fields(value)
        if len(fields) != 2:
            self.notation.problem(line, f"expected 'date: 2024-08-02 | on Friday', found {value!r}")
            return None
        span = self._noted(fields[1], line, near, stated)
        return Stated(value=fields[0], span=span) if span else None

    def _locations(self, value: str, line: int, near: Span, stated: list[Span | None]) -> list[Located]:
        fields = split_fields(value)
        ids = [part.strip() for part in fields[0].split(",")]
        if len(fields) > 2 or (len(fields) == 2 and len(ids) > 1):
            self.notation.problem(
                line, f"expected 'loc: e4, e5' or one place with its words, 'loc: e4 | the town', found {value!r}"
            )
            return []
        out = []
        for entity_id in ids:
            entity = self.known(entity_id, line)
            if entity is None:
                if entity_id == "-":
                    self.notation.problem(line, "a location needs a name; leave 'loc' off where there is none")
                continue
            span = self._noted(fields[1], line, near, stated) if len(fields) == 2 else self.nearest(entity, near)
            if span is not None:
                out.append(Located(entity=entity, span=span))
        return out

    def _claim(self, block: Block, attacks: dict[str, AttackReport]) -> ClaimReport | None:
        for key in ("by", "about", "cue", "content"):
            if len(block.all(key)) != 1:
                self.notation.problem(block.line, f"{block.id} needs exactly one '{key}:'")
        cues = block.all("cue")
        if not cues or not block.all("by") or not block.all("about") or not block.all("content"):
            return None
        content = self.pointer.locate(*block.all("content")[0])
        cue = self.pointer.locate(*cues[0], near=content)
        if cue is None or content is None:
            return None
        kind = self.enum(ClaimKind, block.head[0], block.line, ClaimKind.OTHER)
        stated: list[Span | None] = [cue, content]
        claimant, claimant_text, speaker = self._claimant(*block.all("by")[0], cue, stated)
        about, line = block.all("about")[0]
        if about != "-" and about not in {other.id for other in self.notation.attacks}:
            self.notation.problem(line, f"{block.id} is about {about!r}, which is no attack of this article")
        perpetrators = [self._perpetrator(value, line, cue, stated) for value, line in block.all("perp")]
        if kind is ClaimKind.RESPONSIBILITY and not perpetrators and speaker is not None and claimant is not None:
            perpetrators.append(
                Party(text=claimant_text, span=speaker, actor=claimant, status=PerpetratorStatus.CLAIMED)
            )
        own = {
            harm: list(_present(self._figure(value, line, cue, stated) for value, line in block.all(harm)))
            for harm in Harm
        }
        further = [
            self.pointer.sentence_of(value, line)
            for values, line in block.all("evidence")
            for value in split_references(values)
        ]
        evidence = self.pointer.holding([*stated, *further])
        copied = [value for value, _ in block.all("figures")] != ["none"] and not any(own.values())
        named = claimant is not None or kind is ClaimKind.CASUALTY_REPORT
        if copied and named and kind in _WITH_FIGURES and about in attacks:
            for harm in Harm:
                own[harm] = [
                    figure
                    for figure in attacks[about].figures(harm)
                    if figure.according_to == claimant and any(_inside(figure.span, sentence) for sentence in evidence)
                ]
        channel, channel_entity = self._channel(block, cue)
        when = [value for value, _ in block.all("stated") if value != "-"]
        if speaker is not None:
            self.speakers.append((block.id, speaker))
        self.contents.append((block.id, content))
        return ClaimReport(
            id=block.id,
            kind=kind,
            claimant=claimant,
            claimant_text=claimant_text,
            content=self._said(content),
            cue=cue,
            evidence=evidence,
            about=None if about == "-" else about,
            channel=channel,
            channel_entity=channel_entity,
            stated=when[0] if when else None,
            perpetrators=_present(perpetrators),
            killed=tuple(own[Harm.KILLED]),
            injured=tuple(own[Harm.INJURED]),
            abducted=tuple(own[Harm.ABDUCTED]),
        )

    def _claimant(
        self, value: str, line: int, cue: Span, stated: list[Span | None]
    ) -> tuple[str | None, str, Span | None]:
        if value == "-":
            return None, "", None
        party = self._party(value, line, cue, stated)
        return (party.actor, party.text, party.span) if party else (None, "", None)

    def _channel(self, block: Block, cue: Span) -> tuple[str | None, str | None]:
        for value, line in block.all("channel"):
            if re.fullmatch(r"e\d+", value):
                entity = self.known(value, line)
                span = self.nearest(entity, cue) if entity else None
                return (self._said(span) if span else None), entity
            if value != "-":
                span = self.pointer.locate(value, line, near=cue)
                return (self._said(span) if span else None), None
        return None, None

    def _relation(
        self, number: int, subject: str, predicate: str, object_: str, evidence: str, line: int
    ) -> RelationReport | None:
        ends = self.known(subject, line), self.known(object_, line)
        if ends[0] is None or ends[1] is None:
            return None
        if evidence:
            spans = [self.pointer.sentence_of(value, line) for value in split_references(evidence)]
        else:
            shared = {self.pointer.number_of(span) for span in self.mentions[subject]} & {
                self.pointer.number_of(span) for span in self.mentions[object_]
            }
            if len(shared) != 1:
                where = ", ".join(f"s{at}" for at in sorted(shared)) or "none"
                self.notation.problem(
                    line, f"name the sentence of this relation, '| s3' (sentences with both ends: {where})"
                )
                return None
            spans = [self.pointer.sentences[shared.pop() - 1]]
        return RelationReport(
            id=f"r{number}", subject=ends[0], predicate=predicate, object=ends[1], evidence=self.pointer.holding(spans)
        )


_WITH_FIGURES = frozenset((ClaimKind.CASUALTY_REPORT, ClaimKind.CONFIRMATION, ClaimKind.RESPONSIBILITY))


def _present(values: Iterable[_T | None]) -> tuple[_T, ...]:
    return tuple(value for value in values if value is not None)


def _inside(span: Span, outer: Span) -> bool:
    return outer.start <= span.start and span.end <= outer.end
