"""Relations between actors as stated: offices, memberships, alliances, splits. Sentences in, relations out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from incidentgraph import lexicon
from incidentgraph.extract import gazetteers
from incidentgraph.extract.coreference import find_antecedent, note_nominal
from incidentgraph.extract.entities import EntityTable
from incidentgraph.extract.mentions import NameMention
from incidentgraph.extract.sentences import Sentence, pattern
from incidentgraph.records import EntityType, GroupKind, RelationReport, Span

_PAREN = r"(?:\s*\([^)]{1,40}\))?"
_FORMER = r"former|ex-|ousted|deposed|late|then-|longtime\s+ruler|toppled|slain|overthrown|onetime|one-time"
_LEADER = r"(?<!deputy\s)(?<!vice\s)(?:supreme\s+|top\s+|overall\s+|paramount\s+|de\s+facto\s+)?(?:leader|head|chief|commander-in-chief|president|prime\s+minister|chairman|emir|caliph|king|ruler|chancellor|secretary[- ]general|director|premier|governor|mayor)"
_HEAD_OF_STATE = r"(?:(?:interim|transitional|acting)\s+)?(?:president|prime\s+minister|premier|king|emir|sultan|chancellor|ruler|supreme\s+leader|leader)"
_MINISTER = r"(?:(?:defen[cs]e|interior|foreign|health|information|justice|home|finance|security)\s+(?:minister|secretary)|minister\s+of\s+(?:the\s+)?\w+|ambassador|attorney\s+general|secretary\s+of\s+state|envoy|army\s+chief|police\s+chief|army\s+spokes(?:man|woman|person))"
_MEMBER = r"(?:(?:senior|mid-level|prominent|regional|local|founding|military|field|alleged|suspected|jailed|top|key|high-ranking)\s+)*(?:member|commander|fighter|operative|militant|official|figure|cadre|recruiter|financier|leader|soldier|officer)"
_SPOKESMAN = r"(?:chief\s+|military\s+)?(?:spokes(?:man|woman|person))"


@dataclass(frozen=True, slots=True)
class _Rule:
    predicate: str
    regex: re.Pattern[str]  # groups s (subject) and o (object)


@cache
def _rules() -> tuple[_Rule, ...]:
    rules = [
        # offices and memberships of persons
        ("spokespersonOf", rf"(?P<o><G>){_PAREN}(?:['’]s?)?\s+{_SPOKESMAN}\s+(?P<s><P>)"),
        ("spokespersonOf", rf"(?P<s><P>),?\s+(?:an?\s+|the\s+|its\s+)?{_SPOKESMAN}\s+(?:for|of)\s+(?:the\s+)?(?P<o><G>)"),
        ("spokespersonOf", rf"{_SPOKESMAN}\s+(?:for|of)\s+(?:the\s+)?(?P<o><G>){_PAREN},?\s+(?P<s><P>)"),
        ("spokespersonOf", rf"(?P<o><G>)[^.;]{{0,60}}?,\s+{_SPOKESMAN}\s+(?P<s><P>)"),
        ("formerLeaderOf", rf"\b(?:{_FORMER})\s+(?P<o><G>)\s+{_LEADER}\s+(?P<s><P>)"),
        ("formerLeaderOf", rf"(?P<s><P>),?\s+(?:an?\s+|the\s+)?(?:{_FORMER})\s+(?P<o><G>)\s+{_LEADER}"),
        ("formerLeaderOf", rf"(?P<s><P>),?\s+(?:an?\s+|the\s+)?(?:{_FORMER})\s+{_LEADER}\s+of\s+(?:the\s+)?(?P<o><G>|<L>)"),
        ("formerMemberOf", rf"(?P<s><P>),?\s+(?:an?\s+|the\s+)?(?:{_FORMER})\s+(?:(?P<o><G>)\s+{_MEMBER}|{_MEMBER}\s+of\s+(?:the\s+)?(?P<o2><G>))"),
        ("leaderOf", rf"(?P<o><G>){_PAREN}(?:['’]s?)?\s+{_LEADER},?\s+(?P<s><P>)"),
        ("leaderOf", rf"(?P<s><P>),\s+(?:the\s+|who\s+is\s+the\s+|its\s+)?{_LEADER}\s+of\s+(?:the\s+)?(?P<o><G>|<L>)"),
        ("leaderOf", r"(?P<s><P>),?\s+who\s+(?:heads|leads|commands)\s+(?:the\s+)?(?P<o><G>)"),
        ("leaderOf", rf"{_LEADER}\s+of\s+(?:the\s+)?(?P<o><G>|<L>),\s+(?P<s><P>)"),
        ("leaderOf", rf"(?P<s><P>)\s+(?:became|is|was\s+named|was\s+appointed|was\s+sworn\s+in\s+as|took\s+office\s+as)\s+(?P<o><L>|<G>)['’]s?\s+(?:new\s+)?{_HEAD_OF_STATE}"),
        ("leaderOf", rf"(?P<s><P>)[^.;]{{0,120}}?[,—–]\s+became\s+(?P<o><L>)['’]s?\s+(?:new\s+)?{_HEAD_OF_STATE}"),
        ("memberOf", rf"(?P<s><P>),\s+(?:an?|one\s+of\s+the)\s+(?:(?P<o><G>)\s+{_MEMBER}|{_MEMBER}\s+(?:of|in|with)\s+(?:the\s+)?(?P<o2><G>))"),
        ("memberOf", r"(?P<o><G>)\s+(?:commander|member|operative|fighter|militant|official|figure)\s+(?P<s><P>)"),
        ("memberOf", r"(?P<s><P>)\s+(?:joined|is\s+a\s+member\s+of|was\s+a\s+member\s+of)\s+(?:the\s+)?(?P<o><G>)"),
        ("founderOf", r"(?P<s><P>|\b[Hh]e\b)\s+(?:had\s+|has\s+|also\s+)*(?:founded|co-founded|established|set\s+up|created)\s+(?:the\s+)?(?P<o><G>)"),
        ("founderOf", r"(?P<s><P>),\s+(?:the\s+)?(?:founder|co-founder)\s+of\s+(?:the\s+)?(?P<o><G>)"),
        ("founderOf", r"(?P<o><G>)\s+founder\s+(?P<s><P>)"),
        # groups
        ("affiliateOf", rf"(?P<s><G>){_PAREN},\s+(?P<o><G>)['’]s?\s+(?:<W>\s+){{0,3}}?(?:affiliate|branch|wing|offshoot|arm|franchise|proxy)"),
        ("affiliateOf", rf"(?P<s><G>){_PAREN},\s+(?:an?|the|which\s+is|a\s+group)\s+(?:<W>\s+){{0,4}}?(?:affiliate|branch|offshoot|ally|arm|wing|affiliated|linked|loyal)\s+(?:of|to|with)\s+(?:the\s+)?(?P<o><G>)"),
        ("affiliateOf", rf"(?P<s><G>){_PAREN},?\s+(?:which\s+)?(?:has\s+|have\s+|had\s+|is\s+|are\s+)*(?:pledged|swore|sworn|declared)\s+(?:its\s+|their\s+)?(?:allegiance|loyalty|bayah)\s+to\s+(?:the\s+)?(?P<o><G>)"),
        ("affiliateOf", r"(?P<o><G>)-(?:linked|affiliated|aligned)\s+(?:<W>\s+){0,3}?(?P<s><G>)"),
        ("affiliateOf", rf"(?P<s><G>){_PAREN},?\s+(?:which\s+is\s+|is\s+|are\s+)?(?:affiliated|linked|allied)\s+(?:with|to)\s+(?:the\s+)?(?P<o><G>)"),
        ("splitFrom", rf"(?P<s><A>){_PAREN}[^.;]{{0,60}}?\b(?:split\s+(?:away\s+)?from|broke\s+away\s+from|broke\s+with|splintered\s+from|seceded\s+from|a\s+(?:splinter|breakaway)\s+(?:group|faction)\s+(?:of|from))\s+(?:the\s+)?(?P<o><G>)"),
        ("alliedWith", rf"(?P<s><G>){_PAREN}[^.;]{{0,40}}?\b(?:allied\s+with|fights?\s+alongside|fought\s+alongside|backed\s+by|supported\s+by|an?\s+ally\s+of)\s+(?:the\s+)?(?P<o><G>)"),
        ("opponentOf", rf"(?P<s><G>){_PAREN}[^.;,]{{0,40}}?\b(?:fought\s+against|fights?\s+against|fighting\s+against|is\s+battling|battles|has\s+been\s+fighting|at\s+war\s+with|later\s+fought|which\s+(?:later\s+)?fought)\s+(?:the\s+)?(?P<o><G>)"),
        ("opponentOf", r"(?P<s><G>)[^.;]{0,60}?,\s+which\s+later\s+fought\s+(?:the\s+)?(?P<o><G>)"),
        ("partOf", rf"(?P<s><G>){_PAREN},\s+(?:which\s+is\s+)?(?:part|a\s+unit|a\s+wing|an?\s+(?:armed|military)\s+wing|the\s+(?:armed|military)\s+wing|a\s+brigade)\s+of\s+(?:the\s+)?(?P<o><G>)"),
        ("partOf", r"(?P<o><G>)['’]s?\s+(?:(?:armed|military|elite|political)\s+(?:wing|arm|unit),?\s+)?(?:the\s+)?(?P<s><G>)"),
        ("memberOf", r"(?P<s><G>)\s+(?:has\s+|have\s+|had\s+|formally\s+|also\s+|recently\s+)*(?:joined|acceded\s+to)\s+(?:the\s+)?(?P<o><G>)"),
        ("memberOf", r"(?P<s><G>)['’]s?\s+(?:accession\s+to|membership\s+(?:of|in)|participation\s+in|entry\s+into)\s+(?:the\s+)?(?P<o><G>)"),
        ("memberOf", r"(?:the\s+country|country)['’]s\s+accession\s+to\s+(?:the\s+)?(?P<o><G>)"),
    ]  # fmt: skip
    return tuple(_Rule(predicate, pattern(regex)) for predicate, regex in rules)


def find_relations(sentences: list[Sentence], table: EntityTable) -> list[RelationReport]:
    """Return the relations in the order of their sentences, each stated pair once with all its evidence."""
    found: dict[tuple[str, str, str], list[Span]] = {}
    for sentence in sentences:
        for subject, predicate, target in [
            *_by_rule(sentence, table),
            *_offices(sentence, table),
            *_coalitions(sentence, table),
        ]:
            if subject != target:
                spans = found.setdefault((subject, predicate, target), [])
                if sentence.span not in spans:
                    spans.append(sentence.span)
    return [
        RelationReport(id=f"r{number}", subject=subject, predicate=predicate, object=target, evidence=tuple(spans))
        for number, ((subject, predicate, target), spans) in enumerate(_without_rivals(found).items(), 1)
    ]


def _without_rivals(found: dict[tuple[str, str, str], list[Span]]) -> dict[tuple[str, str, str], list[Span]]:
    """Drop the weaker of two readings of one pair: a former leader is not also read as leader or member."""
    stronger = {
        "leaderOf": {"formerLeaderOf"},
        "memberOf": {"formerLeaderOf", "formerMemberOf", "leaderOf", "spokespersonOf"},
        "formerMemberOf": {"formerLeaderOf"},
        "officialOf": {"leaderOf", "formerLeaderOf"},
        "partOf": {"affiliateOf"},
        "alliedWith": {"affiliateOf"},
    }
    return {
        (subject, predicate, target): spans
        for (subject, predicate, target), spans in found.items()
        if not any((subject, other, target) in found for other in stronger.get(predicate, ()))
    }


def _by_rule(sentence: Sentence, table: EntityTable) -> Iterator[tuple[str, str, str]]:
    for rule in _rules():
        for match in rule.regex.finditer(sentence.mask):
            groups = match.groupdict()
            name = "o" if groups.get("o") else "o2"
            target = sentence.mention_at(match.start(name))
            subject = _subject(sentence, match, table)
            if subject is None or target is None or subject.key == target.key:
                continue
            if rule.predicate == "partOf" and not _is_unit_of(subject, target, match.group()):
                continue
            yield table.id_of(subject), rule.predicate, table.id_of(target)


def _subject(sentence: Sentence, match: re.Match[str], table: EntityTable) -> NameMention | None:
    if "s" not in match.re.groupindex:  # "the country's accession": the state, if the article has it as one
        return next((m for m in table.mentions if m.group_kind is GroupKind.STATE and m.country == table.country), None)
    mention = sentence.mention_at(match.start("s"))
    if mention is None:
        span = sentence.absolute(*match.span("s"))
        mention = find_antecedent(table, match["s"], span.start)
        if mention is not None:
            note_nominal(table, mention, span)
    return mention


def _is_country(mention: NameMention) -> bool:
    return gazetteers.country_index().get(mention.text) is not None


def _is_unit_of(part: NameMention, whole: NameMention, words: str) -> bool:
    """Tell whether "X's Y" names a unit of X: a division of an army, an armed wing; not "IS's Reuters"."""
    if re.search(r"(?i)\b(?:wing|part|unit|arm|brigade)\b", words):
        return True
    forces = {GroupKind.STATE_FORCE, GroupKind.ARMED_GROUP}
    return part.group_kind in forces and whole.group_kind in forces | {GroupKind.STATE} and part.known_id is None


# --- heads of state and ministers -------------------------------------------------------------------------------------


@cache
def _office_pattern() -> re.Pattern[str]:
    demonyms = sorted(
        {name for country in lexicon.countries() for name in country.demonyms}, key=lambda name: (-len(name), name)
    )
    demonym = "|".join(re.escape(name) for name in demonyms)
    return pattern(
        rf"(?:(?P<former>\b(?:{_FORMER}))\s+)?(?:(?P<demonym>(?<![\w-])(?-i:{demonym}))\s+|(?P<land><L>|<G>)['’]s?\s+|(?P<the>\bits\s+|\bthe\s+))?"
        rf"(?:(?P<former2>{_FORMER})\s+)?(?:(?:interim|transitional|acting|new|current|longtime|long-time|veteran|self-declared)\s+)*(?:(?P<head>\b{_HEAD_OF_STATE})|(?P<minister>\b{_MINISTER}))(?:\s+of\s+(?P<of><L>|<G>))?,?\s+(?:general\s+|sheikh\s+|mr\.?\s+)?(?P<s><P>)"
    )


def _offices(sentence: Sentence, table: EntityTable) -> Iterator[tuple[str, str, str]]:
    """Yield what a title before a name says: "Syria's interim president X", "Turkish Foreign Minister Y"."""
    for match in _office_pattern().finditer(sentence.mask):
        person = sentence.mention_at(match.start("s"))
        if person is None:
            continue
        target = _realm(sentence, match, person, table)
        if target is None:
            continue
        before = sentence.mask[max(0, match.start() - 30) : match.start()]
        fallen = _FALL_BEFORE.search(before) or _FALL_AFTER.match(sentence.mask, match.end())
        is_former = bool(match["former"] or match["former2"] or fallen)
        if match["minister"]:
            yield table.id_of(person), "formerOfficialOf" if is_former else "officialOf", target
        else:
            yield table.id_of(person), "formerLeaderOf" if is_former else "leaderOf", target


_FALL_BEFORE = re.compile(
    r"(?i)\b(?:overthrew|overthrown|overthrow\s+of|toppled|ousted|removed|deposed|removal\s+of|fall\s+of|ouster\s+of|killing\s+of|"
    r"assassination\s+of|death\s+of|drove\s+out|brought\s+down)\s+(?:\w+\s+){0,2}$"
)
_FALL_AFTER = re.compile(
    r"(?i)\s+(?:was|had\s+been|has\s+been)\s+(?:overthrown|toppled|ousted|deposed|removed|assassinated|killed)\b"
)


def _realm(sentence: Sentence, match: re.Match[str], person: NameMention, table: EntityTable) -> str | None:
    """Return what the office is over: as stated, or the one country that both the article and the actor list name."""
    for name in ("of", "land"):
        if match[name]:
            mention = sentence.mention_at(match.start(name))
            return table.id_of(mention) if mention else None
    code = None
    if match["demonym"]:
        country = gazetteers.demonym_index().get(match["demonym"])
        code = country.iso2 if country else None
    elif person.country is not None:
        code = person.country
    if code is None:
        return None
    realm = next(
        (m for m in table.mentions if m.country == code and m.type is EntityType.LOCATION and _is_country(m)), None
    ) or next((m for m in table.mentions if m.country == code and m.group_kind is GroupKind.STATE), None)
    return table.id_of(realm) if realm else None


def _coalitions(sentence: Sentence, table: EntityTable) -> Iterator[tuple[str, str, str]]:
    """Yield whom a coalition is against by its own name: "the global coalition against IS"."""
    for mention in sentence.mentions:
        if mention.group_kind is not GroupKind.COALITION:
            continue
        match = re.search(r"(?i)\b(?:against|to defeat|fighting)\s+(?:the\s+)?(?P<enemy>.+)$", mention.text)
        behind = re.match(
            r"(?i)\s+(?:against|to defeat|fighting)\s+(?:the\s+)?", table.text[mention.end : mention.end + 30]
        )
        enemy: NameMention | None = None
        if match:
            known = gazetteers.actor_index().get(match["enemy"])
            enemy = next((m for m in table.mentions if known is not None and m.known_id == known.id), None)
        elif behind:
            enemy = table.mention_at(mention.end + behind.end())
        if enemy is not None and enemy.type is EntityType.GROUP:
            yield table.id_of(mention), "opponentOf", table.id_of(enemy)
