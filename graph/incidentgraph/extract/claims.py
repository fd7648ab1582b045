"""Who says what about which attack: sentences and incidents in, claims out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from incidentgraph.extract.arguments import claims_responsibility, find_perpetrators
from incidentgraph.extract.coreference import find_antecedent, note_nominal
from incidentgraph.extract.entities import EntityTable
from incidentgraph.extract.figures import FoundFigure, find_figures
from incidentgraph.extract.incidents import Incident
from incidentgraph.extract.mentions import NameMention
from incidentgraph.extract.sentences import Sentence, pattern
from incidentgraph.extract.triggers import find_triggers
from incidentgraph.lexicon import WordLists
from incidentgraph.records import (
    ClaimKind,
    ClaimReport,
    EntityType,
    Figure,
    GroupKind,
    Harm,
    Party,
    PerpetratorStatus,
    Span,
)

_SOURCE = (
    r"(?:(?:<W>\s+){0,3}?(?:sources?|officials?|police|authorities|residents?|witnesses|witness|medics|doctors|hospitals?|spokes(?:man|woman|person)|"
    r"investigators|prosecutors|commanders?|survivors?|elders?|lawmakers?|officers?|rescuers|analysts|diplomats|locals|villagers|activists|troops|"
    r"media|television|radio|newspapers?|reports|report|monitors?|military|army|government|ministry|statement|governor|mayor|minister|group|group’s))"
)
_WHO = rf"(?P<x><A>|\b(?:the\s+|a\s+|an\s+|one\s+|two\s+|local\s+|its\s+)*{_SOURCE}|\b(?:he|she|it|they))"
_TAIL = r"(?:\s*\([^)]{1,60}\))?(?:,[^,.;]{2,90},|\s+spokes(?:man|woman|person)(?:\s+<P>)?|\s+(?:on\s+)?<D>|\s+in\s+a\s+(?:<W>\s+){0,3}statement)?"
_ADV = r"(?:(?:has|have|had|also|later|then|meanwhile|earlier|quickly|strongly|immediately|swiftly|repeatedly|again|categorically|initially|formally|jointly|firmly|<W>ly)\s+)*"

# Ways to deny and to threaten that are more than a verb.
_NO_PART = (
    r"had\s+no\s+(?:part|role|hand|involvement)|had\s+nothing\s+(?:\w+\s+)?to\s+do|was\s+not\s+(?:involved|behind|responsible)|"
    r"were\s+not\s+(?:involved|behind|responsible)|not\s+(?:behind|responsible)"
)
_FORETELLING = (
    r"vow(?:ed|s|ing)\s+[^.;]{0,30}?(?:attacks?|revenge|retaliat\w+|strikes?)|"
    r"(?:call(?:ed|s|ing)\s+(?:on|for)|urg(?:ed|es|ing))\s+[^.;]{0,40}?attacks?"
)


def _verbs(lists: WordLists, kind: str) -> str:
    """Return the verbs and phrases of speech of one kind as an alternation, the longest first."""
    forms = sorted(
        (form for form, given in lists.claim_verbs.items() if given == kind), key=lambda form: (-len(form), form)
    )
    return "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in forms)


@lru_cache(maxsize=8)
def _speech_patterns(lists: WordLists) -> tuple[tuple[ClaimKind, re.Pattern[str]], ...]:
    said = rf"{_WHO}{_TAIL}\s+{_ADV}"
    return (
        (ClaimKind.DENIAL, pattern(rf"{said}(?P<cue>{_verbs(lists, 'denial')}|{_NO_PART})\b")),
        (ClaimKind.DENIAL, pattern(rf"{said}(?:said|says|insisted)\s+[^.;]{{0,60}}?(?P<cue>{_NO_PART})\b")),
        (ClaimKind.CONFIRMATION, pattern(rf"{said}(?P<cue>{_verbs(lists, 'confirmation')})\b")),
        (ClaimKind.ATTRIBUTION, pattern(rf"{said}(?P<cue>{_verbs(lists, 'attribution')})\b")),
        (ClaimKind.CONDEMNATION, pattern(rf"{said}(?P<cue>{_verbs(lists, 'condemnation')})\b")),
        (ClaimKind.THREAT, pattern(rf"{said}(?P<cue>{_FORETELLING}|{_verbs(lists, 'threat')})\b")),
    )


_VOWING = pattern(r"(?P<cue>\b(?:vowing|threatening)\s+[^.;]{0,25}?(?:attacks?|revenge|retaliation))\b")
_ACCORDING = pattern(rf"\b(?P<cue>according\s+to)\s+(?P<x>(?:the\s+|a\s+|an\s+)?(?:<W>\s+){{0,5}}?(?:<A>|{_SOURCE}))")


@lru_cache(maxsize=8)
def _said(lists: WordLists) -> re.Pattern[str]:
    return pattern(rf"{_WHO}{_TAIL}\s+{_ADV}(?P<cue>{_verbs(lists, 'report')})\b")


@lru_cache(maxsize=8)
def _said_after(lists: WordLists) -> re.Pattern[str]:
    who = rf"<A>|(?:the\s+|a\s+|an\s+|local\s+)*{_SOURCE}"
    return pattern(
        rf",[”\"]?\s+(?:(?P<x>{who}){_TAIL}\s+{_ADV}(?P<cue>{_verbs(lists, 'report')})\b|(?P<cue2>said|says|reported|added)\s+(?P<x2>{who}))"
    )


_CHANNEL = pattern(
    r"\b(?:through|via|on|by|in|from|to)\s+(?:its|the|a|an|his|their)?\s*(?:<W>\s+){0,3}?(?P<channel><G>)"
)
_CHANNEL_WORDS = re.compile(
    r"(?i)\b(?:audio (?:message|statement|recording)|video(?: (?:message|statement))?|(?:the messaging app )?telegram(?: channel)?|social media(?: channels?)?|"
    r"(?:IS |its )?media channels|radio broadcast|televised (?:address|speech|statement)|press conference|news conference|communiqué|"
    r"statement|twitter|facebook|whatsapp)\b"
)


_PAPER = re.compile(r"(?i)\b(?:statement|reports?|message|communiqué)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A clause in which someone says something; `claimant` None for a speaker without a name."""

    kind: ClaimKind
    claimant: NameMention | None
    who: Span
    cue: Span


def find_claims(sentences: list[Sentence], incidents: list[Incident], table: EntityTable) -> list[ClaimReport]:
    """Return the claims in order and write what they say about perpetrators and tolls back to the incidents."""
    out: list[ClaimReport] = []
    for sentence in sentences:
        figures = find_figures(sentence)
        for speech in find_speeches(sentence, table):
            claim = _claim(speech, sentence, figures, incidents, table, number=len(out) + 1)
            if claim is not None:
                out.append(claim)
    return out


# --- speech -----------------------------------------------------------------------------------------------------------


def find_speeches(sentence: Sentence, table: EntityTable) -> list[Speech]:
    """Return the clauses of a sentence in which someone says something, in order; nominals found join the table."""
    found: list[Speech] = []
    for mention, who, cue in claims_responsibility(sentence):
        words = table.text[who.start : who.end]
        if re.match(r"(?i)no\b|nobody|none", words):
            found.append(Speech(kind=ClaimKind.OTHER, claimant=None, who=who, cue=cue))
        else:
            found.append(
                Speech(kind=ClaimKind.RESPONSIBILITY, claimant=mention or _resolve(table, words, who), who=who, cue=cue)
            )
    for kind, regex in _speech_patterns(sentence.lists):
        for match in regex.finditer(sentence.mask):
            found.append(_speech(kind, sentence, table, match.span("x"), match.span("cue")))
    for match in _VOWING.finditer(sentence.mask):
        speaker = next(
            (
                mention
                for mention in sentence.mentions
                if mention.end <= sentence.start + match.start() and mention.type is not EntityType.LOCATION
            ),
            None,
        )
        if speaker is not None:
            found.append(
                Speech(
                    kind=ClaimKind.THREAT, claimant=speaker, who=speaker.span, cue=sentence.absolute(*match.span("cue"))
                )
            )
    for match in _said(sentence.lists).finditer(sentence.mask):
        found.append(_speech(ClaimKind.OTHER, sentence, table, match.span("x"), match.span("cue")))
    for match in _said_after(sentence.lists).finditer(sentence.mask):
        groups = ("x", "cue") if match["x"] else ("x2", "cue2")
        found.append(_speech(ClaimKind.OTHER, sentence, table, match.span(groups[0]), match.span(groups[1])))
    for match in _ACCORDING.finditer(sentence.mask):
        found.append(_speech(ClaimKind.OTHER, sentence, table, match.span("x"), match.span("cue")))
    kept: list[Speech] = []
    for speech in found:
        clash = any(
            (speech.cue.start < other.cue.end and other.cue.start < speech.cue.end)
            or (speech.kind is ClaimKind.OTHER and other.who == speech.who)
            for other in kept
        )
        if not clash:
            kept.append(speech)
    return sorted(kept, key=lambda speech: speech.cue)


def _speech(
    kind: ClaimKind, sentence: Sentence, table: EntityTable, who: tuple[int, int], cue: tuple[int, int]
) -> Speech:
    span = sentence.absolute(*who)
    mention = next(
        (
            found
            for found in sentence.mentions
            if span.start <= found.start < span.end and found.type is not EntityType.LOCATION
        ),
        None,
    )
    words = table.text[span.start : span.end]
    return Speech(kind=kind, claimant=mention or _resolve(table, words, span), who=span, cue=sentence.absolute(*cue))


def _resolve(table: EntityTable, words: str, span: Span) -> NameMention | None:
    mention = find_antecedent(table, words, span.start)
    if mention is not None:
        note_nominal(table, mention, span)
    return mention


# --- claims -----------------------------------------------------------------------------------------------------------


def _claim(
    speech: Speech,
    sentence: Sentence,
    figures: list[FoundFigure],
    incidents: list[Incident],
    table: EntityTable,
    *,
    number: int,
) -> ClaimReport | None:
    about = _about(speech, sentence, incidents)
    kind = speech.kind
    claimant = table.id_of(speech.claimant) if speech.claimant else None
    asserted = [figure for figure in figures if _in_scope(figure.span, speech, sentence)]
    perpetrators: list[Party] = []
    is_none = kind is ClaimKind.OTHER and re.match(
        r"(?i)no\b|nobody|none", table.text[speech.who.start : speech.who.end]
    )
    if kind is ClaimKind.RESPONSIBILITY and speech.claimant is not None:
        status = PerpetratorStatus.CLAIMED
        perpetrators = [
            Party(text=table.text[speech.who.start : speech.who.end], span=speech.who, actor=claimant, status=status)
        ]
    elif kind in {ClaimKind.ATTRIBUTION, ClaimKind.OTHER} and not is_none:
        named = [
            party
            for party in find_perpetrators(sentence, 0, len(sentence.mask), table)
            if party.actor and party.actor != claimant
        ]
        perpetrators = [party for party in named if not speech.who.start <= party.span.start < speech.who.end]
    if kind is ClaimKind.OTHER and not is_none:
        if about is None:
            return None
        if asserted:
            kind = ClaimKind.CASUALTY_REPORT
        elif perpetrators and find_triggers(sentence):
            kind = ClaimKind.ATTRIBUTION
        elif not about.tells_in(sentence) and (claimant is None or sentence.paragraph != about.last.paragraph):
            return None  # what is said elsewhere, or by nobody with a name, is hardly about the attack
        elif claimant is None and _PAPER.search(table.text[speech.who.start : speech.who.end]):
            return None
        else:
            perpetrators = []
    if is_none and about is None and not incidents:
        return None
    if (
        kind in {ClaimKind.CONDEMNATION, ClaimKind.CONFIRMATION, ClaimKind.DENIAL, ClaimKind.ATTRIBUTION}
        and about is None
    ):
        return None
    if about is not None:
        _write_back(about, kind, claimant, asserted, perpetrators)
    channel = find_channel(sentence, table, claimant)
    body = _content(sentence, speech)
    return ClaimReport(
        id=f"c{number}",
        kind=kind,
        claimant=claimant,
        claimant_text=table.text[speech.who.start : speech.who.end],
        content=body,
        cue=speech.cue,
        evidence=(sentence.span,),
        about=f"a{incidents.index(about) + 1}" if about is not None else None,
        channel=channel[0] if channel else None,
        channel_entity=channel[1] if channel else None,
        stated=find_stated(sentence, speech.cue),
        perpetrators=tuple(perpetrators),
        killed=_asserted(asserted, Harm.KILLED, claimant),
        injured=_asserted(asserted, Harm.INJURED, claimant),
        abducted=_asserted(asserted, Harm.ABDUCTED, claimant),
    )


def _about(speech: Speech, sentence: Sentence, incidents: list[Incident]) -> Incident | None:
    """Return the incident that the sentence tells of, else the one under discussion."""
    here = [incident for incident in incidents if incident.tells_in(sentence)]
    if here:
        return min(
            here,
            key=lambda incident: min(
                abs(event.start + sentence.start - speech.cue.start)
                for event in incident.events
                if event.sentence.index == sentence.index
            ),
        )
    if speech.kind is ClaimKind.THREAT:
        return None
    triggers = [trigger for trigger in find_triggers(sentence) if not trigger.is_vague]
    if speech.kind is ClaimKind.RESPONSIBILITY and any(
        trigger.is_plural and not trigger.is_definite for trigger in triggers
    ):
        return None  # a summary: `announce` hands it to the attacks that follow
    before = [incident for incident in incidents if incident.events[0].sentence.index < sentence.index]
    main = [incident for incident in before if not incident.is_background] or before
    refers = (
        speech.kind in {ClaimKind.RESPONSIBILITY, ClaimKind.CONDEMNATION}
        or bool(triggers)
        or (bool(main) and sentence.index - main[-1].last.index <= 3)
    )
    if main and (refers or re.match(r"(?i)no\b", sentence.text)):
        latest = max(main, key=lambda incident: incident.last.index if incident.last.index < sentence.index else -1)
        return latest if speech.kind is not ClaimKind.CONDEMNATION else main[0]
    after = [
        incident
        for incident in incidents
        if incident.events[0].sentence.index > sentence.index and not incident.is_background
    ]
    if after and speech.kind in {ClaimKind.RESPONSIBILITY, ClaimKind.CONDEMNATION} and len(incidents) == 1:
        return after[0]
    return None


def _in_scope(span: Span, speech: Speech, sentence: Sentence) -> bool:
    """Tell whether words belong to what is said: behind the cue, or anywhere before a trailing "…, police said"."""
    if speech.who.start <= span.start < speech.who.end:
        return False
    if span.start > speech.cue.end:
        return True
    return speech.cue.end - sentence.start > len(sentence.text) * 0.55


def _write_back(
    incident: Incident,
    kind: ClaimKind,
    claimant: str | None,
    figures: list[FoundFigure],
    perpetrators: list[Party],
) -> None:
    if kind in {ClaimKind.RESPONSIBILITY, ClaimKind.ATTRIBUTION}:
        incident.perpetrators += [party for party in perpetrators if party not in incident.perpetrators]
    if claimant is not None:
        for figure in figures:
            incident.tolls.setdefault(figure.span.start, claimant)


def announce(claims: list[ClaimReport], sentences: list[Sentence], incidents: list[Incident]) -> list[ClaimReport]:
    """Hand a claim of several attacks at once ("claimed two new attacks") to those that the text then tells of."""
    out = []
    for claim in claims:
        out.append(claim)
        if claim.kind is not ClaimKind.RESPONSIBILITY or claim.about is not None:
            continue
        sentence = next(item for item in sentences if item.start <= claim.cue.start < item.end)
        number = next(
            (trigger.count for trigger in find_triggers(sentence) if trigger.is_plural and trigger.count), None
        )
        following = [
            incident
            for incident in incidents
            if not incident.is_background and sentence.index < incident.events[0].sentence.index <= sentence.index + 6
        ]
        if number is None or len(following) < number:
            continue
        covered = following[:number]
        for incident in covered:
            named = [party for event in incident.events for party in event.perpetrators if party.actor]
            if not named:
                incident.perpetrators += [party for party in claim.perpetrators if party not in incident.perpetrators]
        out[-1] = replace(claim, about=f"a{incidents.index(covered[0]) + 1}")
        for incident in covered[1:]:
            out.append(replace(claim, about=f"a{incidents.index(incident) + 1}"))
    return [replace(claim, id=f"c{number}") for number, claim in enumerate(out, 1)]


def _asserted(figures: list[FoundFigure], harm: Harm, claimant: str | None) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            low=figure.range.low,
            best=figure.range.best,
            high=figure.range.high,
            who=figure.who,
            span=figure.span,
            side=figure.side,
            according_to=claimant,
        )
        for figure in figures
        if figure.harm is harm
    )


def _content(sentence: Sentence, speech: Speech) -> str:
    """Return what is said: the words behind the cue, or the whole sentence where the speaker comes last."""
    after = sentence.text[speech.cue.start - sentence.start :].strip()
    return after if len(after) > 0.4 * len(sentence.text) else sentence.text.strip()


def find_stated(sentence: Sentence, cue: Span) -> str | None:
    """Return the date that stands with the cue of a claim: "said on Saturday", "in a statement on Friday"."""
    for found in sentence.dates:
        gap = sentence.text[max(0, cue.end - sentence.start) : max(0, found.span.start - sentence.start)]
        if found.span.start >= cue.end and re.fullmatch(
            r"(?i)\s*(?:late |early )?(?:on\s+)?(?:late |early )?(?:in a (?:\w+ )?statement (?:on )?)?", gap
        ):
            return found.value
    return None


def find_channel(sentence: Sentence, table: EntityTable, claimant: str | None) -> tuple[str, str | None] | None:
    """Return through what a statement came (words, and the entity if it is a named medium), None if it is not said."""
    for mention in _media(sentence):
        if table.id_of(mention) != claimant:
            return mention.text, table.id_of(mention)
    match = _CHANNEL_WORDS.search(sentence.text)
    return (match.group(), None) if match else None


def _media(sentence: Sentence) -> Iterator[NameMention]:
    for match in _CHANNEL.finditer(sentence.mask):
        mention = sentence.mention_at(match.start("channel"))
        if mention is not None and mention.group_kind is GroupKind.MEDIA:
            yield mention
