"""Who attacked whom, with what: patterns over one sentence's mask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from incidentgraph import lexicon
from incidentgraph.extract import gazetteers
from incidentgraph.extract.entities import EntityTable
from incidentgraph.extract.mentions import NameMention
from incidentgraph.extract.sentences import Sentence, pattern
from incidentgraph.lexicon import WordLists
from incidentgraph.records import ClaimKind, EntityType, GroupKind, Kind, Party, PerpetratorStatus, Span, Stated

_AUX = r"(?:(?:has|have|had|also|then|later|reportedly|allegedly|repeatedly|again|said\s+(?:to\s+have|it\s+had|it)|(?:is|are|was|were)\s+(?:believed|suspected|thought|said|alleged)\s+to\s+have|who|that|which|,|\w+ly)\s+)*"
_STAFF = r"(?:(?:fighters?|militants?|gunm[ae]n|forces|troops|soldiers|rebels|insurgents|members|operatives|commandos|warplanes|jets|drones?|aircraft|helicopters|elements|cells?|suicide\s+bombers?|bombers?|attackers?|terrorists?|jihadists?|artillery|missiles?)\s+|<N>\s+)?"
_DOES = r"(?:carried\s+out|carries\s+out|conducted|launched|staged|mounted|perpetrated|committed|fired|detonated|planted|waged|orchestrated|masterminded|was\s+behind|were\s+behind|is\s+behind)"


@lru_cache(maxsize=8)
def _verbs(lists: WordLists) -> str:
    forms = sorted(
        (
            word.form
            for word in lists.triggers
            if word.is_verb
            and word.form
            not in {
                "died",
                "exploded",
                "went off",
                "were seized",
                "was seized",
                "taken hostage",
                "blown up",
                "slain",
                "martyred",
                "held hostage",
                "shelling",
                "killing",
                "targeting",
            }
        ),
        key=lambda form: (-len(form), form),
    )
    return "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in forms)


@lru_cache(maxsize=8)
def _nouns(lists: WordLists) -> str:
    forms = sorted((word.form for word in lists.triggers if not word.is_verb), key=lambda form: (-len(form), form))
    return "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in forms)


_PAREN = r"(?:\s*\([^)]{1,40}\))?"
_SUSPECT = r"(?P<suspected>suspected|alleged|presumed|believed\s+to\s+be|possibly|apparently|likely)"


@lru_cache(maxsize=8)
def _perpetrators(lists: WordLists) -> tuple[tuple[re.Pattern[str], PerpetratorStatus], ...]:
    attributed = PerpetratorStatus.ATTRIBUTED
    return (
        (
            pattern(
                rf"(?:{_SUSPECT}\s+)?(?P<x><X>){_PAREN}(?:['’]s?)?\s+{_STAFF}{_AUX}(?:{_DOES}|{_verbs(lists)})\b(?!\s+by\b)"
            ),
            attributed,
        ),
        (
            pattern(rf"(?P<x><X>){_PAREN},\s+[^,.]{{3,70}},\s+{_AUX}(?:{_DOES}|{_verbs(lists)})\b(?!\s+by\b)"),
            attributed,
        ),
        (
            pattern(
                rf"\b(?:{_DOES}|{_verbs(lists)}|{_nouns(lists)}|slain|martyred|taken\s+hostage|blown\s+up|claimed)\b(?:(?!backed|supported|released|published|reported|quoted|signed|joined|owned|controlled|followed|wounds|condemned)[^,;.]){{0,70}}?\bby\s+(?:(?:the|an?|armed|{_SUSPECT})\s+)*(?P<x><X>)"
            ),
            attributed,
        ),
        (pattern(rf"(?P<x><G>)(?:['’]s?)?\s+(?:<W>\s+){{0,2}}(?:{_nouns(lists)})\b"), attributed),
        (pattern(r"\b(?:blam(?:ed|es|ing)|accus(?:ed|es|ing))\s+(?:the\s+)?(?:<W>\s+){0,2}?(?P<x><A>)"), attributed),
        (pattern(r"\bblam(?:ed|es|ing)\s+(?:<W>\s+){0,4}?on\s+(?:the\s+)?(?P<x><A>)"), attributed),
        (
            pattern(
                r"\b(?:attributed\s+to|the\s+work\s+of|pointed\s+the\s+finger\s+at|pinned\s+on|hallmarks?\s+of|linked\s+to|loyal\s+to|affiliated\s+(?:with|to))\s+(?:the\s+)?(?P<x><A>)"
            ),
            attributed,
        ),
        (
            pattern(
                r"\b(?:suspected|believed\s+to\s+be(?:\s+from|\s+members\s+of|\s+linked\s+to|\s+fighters\s+(?:of|from))?|suspicion\s+(?:fell|falls)\s+on)\s+(?:the\s+|members\s+of\s+)*(?P<x><A>)"
            ),
            PerpetratorStatus.SUSPECTED,
        ),
    )


@lru_cache(maxsize=8)
def _claimed(lists: WordLists) -> str:
    """Return the words that claim an attack, as a pattern."""
    own = "".join(
        rf"|{re.escape(form)}\b".replace(r"\ ", r"\s+")
        for form, kind in lists.own_claim_verbs.items()
        if kind == ClaimKind.RESPONSIBILITY
    )
    return (
        rf"(?:claim(?:ed|s|ing)?\s+(?:<W>\s+){{0,2}}?(?:responsibility|credit|it\b|(?:the|an?|two|three|both)\s+(?:<W>\s+){{0,3}}?(?:{_nouns(lists)})\b)"
        r"|laid\s+claim\s+to|t(?:ook|aken|akes|aking)\s+(?:<W>\s+)?responsibility|accept(?:ed|s)\s+responsibility"
        rf"|admitted\s+(?:<W>\s+)?(?:responsibility|carrying|to){own})"
    )


def find_perpetrators(sentence: Sentence, start: int, end: int, table: EntityTable) -> list[Party]:
    """Return the perpetrators that the words between these offsets of the sentence name or describe."""
    found: dict[str, Party] = {}
    mask = sentence.mask
    for regex, status in _perpetrators(sentence.lists):
        for match in regex.finditer(mask, start, end):
            if _is_speaker_only(match.group()):
                continue
            party = _party(sentence, match.start("x"), match.end("x"), table)
            if party is None:
                continue
            if "suspected" in regex.groupindex and match["suspected"]:
                party_status = PerpetratorStatus.SUSPECTED
            else:
                party_status = status
            hedge = sentence.text[match.start("x") : match.end("x")].lower()
            if party.actor is None:
                party_status = PerpetratorStatus.UNKNOWN
            elif "suspected" in hedge or "alleged" in hedge:
                party_status = PerpetratorStatus.SUSPECTED
            key = party.actor or party.text.lower()
            if key not in found:
                found[key] = Party(text=party.text, span=party.span, actor=party.actor, status=party_status)
    for party in _states(sentence, start, end, table):
        found.setdefault(party.actor or party.text, party)
    named = [party for party in found.values() if party.actor]
    return named or list(found.values())


_NOT_DOING = re.compile(r"(?i)\b(?:denied|denies|condemned|rejected|said|reported|confirmed|announced)\b")


def _is_speaker_only(matched: str) -> bool:
    """Tell whether the pattern ran over a verb of speech: "the ministry said the attack …" names no attacker."""
    return bool(_NOT_DOING.search(re.sub(r"(?i)said\s+(?:to\s+have|it\s+had|it)\b", "", matched)))


@cache
def _state_pattern() -> re.Pattern[str]:
    demonyms = sorted(
        {name for country in lexicon.countries() for name in country.demonyms}, key=lambda name: (-len(name), name)
    )
    joined = "|".join(re.escape(name) for name in demonyms)
    return re.compile(
        rf"(?<![\w-])(?P<x>{joined})(?:-led)?\s+(?:(?:military|army|overnight|double-tap|new|precision|deadly|suspected|targeted|heavy|retaliatory|cross-border)\s+)*"
        r"(?:air\s?strikes?|air\s+raids?|drone\s+(?:strikes?|attacks?)|drones?|missiles?|missile\s+(?:strikes?|attacks?|barrages?)|strikes?|shelling|bombardment|bombing|rocket\s+attacks?|artillery|warplanes?|jets?|air\s+attacks?|shells|rockets|commandos|raid)\b"
    )


def _states(sentence: Sentence, start: int, end: int, table: EntityTable) -> Iterator[Party]:
    """Yield states that act through an adjective: "Israeli air strikes"."""
    for match in _state_pattern().finditer(sentence.mask, start, end):
        country = gazetteers.demonym_index().get(match["x"])
        if country is None or (
            match.start() > 0
            and re.search(r"(?i)(?:on|against|hit|struck)\s+$", sentence.mask[: match.start()])
            and "strike" not in match.group()
        ):
            continue
        span = sentence.absolute(match.start("x"), match.end("x"))
        mention = NameMention(
            start=span.start,
            end=span.end,
            text=match["x"],
            type=EntityType.GROUP,
            key=f"state:{country.iso2}",
            group_kind=GroupKind.STATE,
            country=country.iso2,
        )
        yield Party(text=match["x"], span=span, actor=table.add(mention), status=PerpetratorStatus.ATTRIBUTED)


def claims_responsibility(sentence: Sentence) -> list[tuple[NameMention | None, Span, Span]]:
    """Return (claimant, claimant's words, cue) for each claim of responsibility; None stands for "no group"."""
    out: list[tuple[NameMention | None, Span, Span]] = []
    for regex in _responsibility(sentence.lists):
        for match in regex.finditer(sentence.mask):
            cue = sentence.absolute(match.start("cue"), match.end("cue"))
            if any(cue.start < other[2].end and other[2].start < cue.end for other in out):
                continue
            who = sentence.absolute(match.start("x"), match.end("x"))
            out.append((sentence.mention_at(match.start("x")), who, cue))
    return out


_NOMINAL_GROUP = r"(?:the|a|an)\s+(?:\w+\s+){0,2}?(?:group|organi[sz]ation|militants?|insurgents?|movement|jihadists?|rebels|faction|militia|cell|branch|affiliate|network)|it|they|which"


@lru_cache(maxsize=8)
def _responsibility(lists: WordLists) -> tuple[re.Pattern[str], ...]:
    return (
        pattern(
            rf"(?P<x>\b(?:no|no\s+other)\s+(?:(?:armed|militant|<W>)\s+)?(?:groups?|one|organi[sz]ations?|factions?)|nobody|none)\b[^.;]{{0,40}}?(?P<cue>{_claimed(lists)})"
        ),
        pattern(
            rf"(?P<x>(?:<A>|<N>|\b(?:{_NOMINAL_GROUP})\b)){_PAREN}(?:,[^,.;]{{2,80}},|\s+on\s+<D>|['’]s\s+<W>\s+branch|\s+<D>)?\s+{_AUX}(?P<cue>{_claimed(lists)})"
        ),
        pattern(
            r"(?P<cue>\b(?:claimed|responsibility\s+(?:for\s+[^.;]{3,60}?\s+)?(?:was|were|has\s+been|had\s+been)\s+(?:<W>\s+)?claimed|claim\s+of\s+responsibility))\s+by\s+(?:the\s+)?(?P<x><A>)"
        ),
        pattern(
            rf"(?P<x>(?:<A>|\b(?:{_NOMINAL_GROUP})\b)){_PAREN}\s+{_AUX}(?P<cue>(?:said|says|announced|stated|claimed)\s+(?:that\s+|<W>\s+|in\s+a\s+statement\s+)?(?:it|its\s+(?:<W>\s+)?(?:fighters?|militants|men|members|forces|soldiers|suicide\s+bombers?|bombers?|gunmen|units?)|one\s+of\s+its\s+(?:fighters|members|soldiers)|they)\s+(?:had\s+|has\s+|have\s+|also\s+|were\s+|was\s+)*(?:carried\s+out|conducted|launched|targeted|attacked|killed|detonated|ambushed|shot|stormed|bombed|opened\s+fire|behind|responsible|planted|shelled|raided|struck|staged|executed|stabbed|assassinated|captured))"
        ),
        pattern(
            r"(?:according\s+to\s+(?:a|an|the)\s+(?:statement|communiqué|message|claim)[^,]{0,60}?\bby\s+(?P<x><A>)[^,]{0,60}),\s+(?:the\s+group|it|its\s+fighters)\s+(?P<cue>carried\s+out|conducted|launched|attacked|targeted|killed|detonated)"
        ),
    )


# --- targets ----------------------------------------------------------------------------------------------------------

_END = r"(?=\s+(?:in|at|on|near|by|with|during|when|while|after|before|as|from|since|among|outside|inside|that|which|who|where|killing|wounding|injuring|leaving|using|early|late|for|were|was|is|are|has|have|had|to|and\s+(?:kill|wound|injur|abduct|took|set|burn|loot|left|said|fled)\w*|signal\w*|<D>)\b|\s+<D>|[,;:.()—–“”\"]|$)"
_PHRASE = rf"(?P<np>(?:(?!in\b|at\b|on\b)[^\s,;:.()—–“”\"]+)(?:\s+[^\s,;:.()—–“”\"]+){{0,8}}?){_END}"


@lru_cache(maxsize=8)
def _targets(lists: WordLists) -> tuple[re.Pattern[str], ...]:
    return (
        pattern(
            rf"\b(?:{_nouns(lists)})\s+(?:by\s+<X>\s+)?(?:<W>\s+){{0,2}}?(?:on|against|targeting|at|of)\s+(?:what\s+it\s+called\s+)?{_PHRASE}"
        ),
        pattern(rf"\btarget(?:ing|ed|s)\s+(?:what\s+it\s+called\s+)?[“\"]?{_PHRASE}"),
        pattern(
            rf"\b(?:attacked|attacking|stormed|storming|ambushed|ambushing|bombed|raided|raiding|struck|hit|shelled|shelling|torched|rammed\s+into|drove\s+into|ploughed\s+into|plowed\s+into|overran|assassinated|assassinate|assassinating|opened\s+fire(?:\s+with\s+<W>(?:\s+<W>)?)?\s+on|opened\s+fire(?:\s+with\s+<W>(?:\s+<W>)?)?\s+at|opening\s+fire\s+(?:on|at)|fired\s+(?:on|at|into))\s+(?!by\b){_PHRASE}"
        ),
        pattern(
            rf"\b(?:on\s+the\s+li(?:fe|ves)\s+of|assassination\s+of|assassination\s+attempts?\s+(?:on|against)|attempts?\s+to\s+(?:kill|assassinate)|plots?\s+to\s+(?:kill|assassinate)|tried\s+to\s+(?:kill|assassinate))\s+{_PHRASE}"
        ),
        pattern(
            r"(?P<np>(?:<A>|the\s+<W>)(?:\s+and\s+(?:<A>|(?:two|three|four|several|<W>)\s+[^,.;]{3,40}?))?)\s+(?:has|have|had|also|\s)*(?:survived|escaped)\b"
        ),
    )


def find_targets(sentence: Sentence, start: int, end: int, table: EntityTable) -> list[Party]:
    """Return what was attacked: the words, and the actor among them."""
    found: list[Party] = []
    for regex in _targets(sentence.lists):
        for match in regex.finditer(sentence.mask, start, end):
            begin, finish = match.start("np"), match.end("np")
            found += _phrase_parties(sentence, begin, finish, table)
    kept: list[Party] = []
    for party in found:
        if not any(party.span.start < other.span.end and other.span.start < party.span.end for other in kept):
            kept.append(party)
    return kept


def _phrase_parties(sentence: Sentence, start: int, end: int, table: EntityTable) -> Iterator[Party]:
    """Yield a party for each part of a noun phrase joined by "and"; a bare place is no target."""
    position = start
    for piece in re.split(r"(\s+and\s+(?!of\b))", sentence.mask[start:end]):
        begin, finish = position, position + len(piece)
        position = finish
        if re.fullmatch(r"\s+and\s+", piece) or not piece.strip():
            continue
        text = sentence.text[begin:finish].strip(" “”\"'‘’")
        if begin > start and not _SECOND_TARGET.match(sentence.mask[begin:finish]):
            continue  # "and put its name to …" goes on with a verb
        text = re.sub(r"(?:\s+and|,)+$", "", text)
        stripped = re.sub(r"(?i)^(?:the|a|an)\s+", "", text)
        if (
            len(stripped) < 3
            or stripped.lower() in _NOT_TARGETS
            or _TIME.match(stripped)
            or re.match(
                r"(?i)(?:responsibility|there|it|them|him|her|saturday|sunday|monday|tuesday|wednesday|thursday|friday)\b",
                stripped,
            )
        ):
            continue
        mentions = [
            mention
            for mention in sentence.mentions
            if sentence.start + begin <= mention.start < sentence.start + finish
        ]
        actors = [mention for mention in mentions if mention.type in {EntityType.PERSON, EntityType.GROUP}]
        covers_place = any(
            mention.type is EntityType.LOCATION and mention.end - mention.start >= len(stripped) - 1
            for mention in mentions
        )
        if covers_place and not actors:
            continue
        offset = sentence.text.index(text, begin)
        yield Party(
            text=text,
            span=sentence.absolute(offset, offset + len(text)),
            actor=table.id_of(actors[0]) if actors else None,
        )


_SECOND_TARGET = re.compile(
    r"(?i)(?:the|an?|his|her|its|their|several|other|two|three|four|five|\d+)\s|[\ue000\ue001]|[^\W\d_]+s$"
)
_TIME = re.compile(
    r"(?i)(?:evening|morning|night|day|weekend|eve|anniversary|afternoon|early|late|\d|same|following|next|previous|way|ground|spot|scene|front|record|behalf|area|orders?)\b"
)
_NOT_TARGETS = frozenset(
    [
        "responsibility",
        "saturday",
        "sunday",
        "thursday",
        "friday",
        "monday",
        "tuesday",
        "wednesday",
        "night",
        "morning",
        "evening",
        "afternoon",
        "terrorism",
        "civilians’",
        "fire",
        "it",
        "one",
        "two",
    ]
)


# --- weapons ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _weapon_kinds(lists: WordLists) -> dict[str, Kind]:
    return lists.weapons


@lru_cache(maxsize=8)
def _weapon_pattern(lists: WordLists) -> re.Pattern[str]:
    forms = sorted(_weapon_kinds(lists), key=lambda form: (-len(form), form))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(form) for form in forms)})(?![\w])(?!-shap)", re.IGNORECASE)


def find_weapons(sentence: Sentence, start: int, end: int) -> list[tuple[Stated, Kind]]:
    """Return the weapons named, with the kind of attack that each is used for."""
    out = []
    for match in _weapon_pattern(sentence.lists).finditer(sentence.mask, start, end):
        kind = _weapon_kinds(sentence.lists).get(match.group().lower())
        if kind is None:  # "piſtol": a letter that matches another and is not its small form
            continue
        after = sentence.mask[match.end() : match.end() + 12]
        if re.match(r"(?i)\s+(?:control|laws?|licen[cs]e|program|technology|deal|sales|shop|test)", after):
            continue
        out.append(
            (
                Stated(value=match.group(), span=sentence.absolute(match.start(), match.end())),
                kind,
            )
        )
    return out


def _party(sentence: Sentence, start: int, end: int, table: EntityTable) -> Party | None:
    mention = sentence.mention_at(start)
    span = sentence.absolute(start, end)
    text = sentence.text[start:end]
    if mention is None:
        return Party(text=text, span=span)
    if mention.group_kind in {GroupKind.MEDIA, GroupKind.MONITOR}:
        return None
    return Party(text=text, span=span, actor=table.id_of(mention))
