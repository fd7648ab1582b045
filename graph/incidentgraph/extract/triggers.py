"""Words that tell of an attack: one sentence in, its triggers with kind, status and number out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from incidentgraph.extract.numbers import CARDINAL, parse_cardinal
from incidentgraph.extract.sentences import Sentence
from incidentgraph.lexicon import TriggerWord, WordLists
from incidentgraph.records import AttackStatus, Kind

# Words right before a trigger that take the attack out of the world: wishes, fears, metaphors, habits.
_NOT_REAL_BEFORE = re.compile(
    r"(?ix)(?:\b(?:heart|panic|asthma|counter|counter-|cyber|cyber-|verbal|personal|media|legal|political|anti-|winning|"
    r"surprise\s+penalty|title|goal|strong|labou?r|hunger|general|nationwide|lightning|rail|pilots?’?|teachers?’?)\s*"
    r"|\b(?:no|any|further|future|more|possible|potential|imminent|continued|continuing|fresh\s+wave\s+of|similar|against|such|new\s+wave\s+of|"
    r"intensified|intensify|daily|frequent|repeated|recurrent|regular|sporadic|routine|cross-border|these|those|all|many|"
    r"most|other|previous|past|recent|several|numerous|a\s+series\s+of|series\s+of|wave\s+of|string\s+of|spate\s+of|"
    r"number\s+of|rise\s+in|increase\s+in|surge\s+in|calls?\s+for|calling\s+for|threat\s+of|risk\s+of|fears?\s+of|"
    r"prevent|preventing|avoid|conduct|conducting|stage|staging|plan|planning|planned|launch|launching|carry\s+out|"
    r"carrying\s+out|mount|mounting|threaten|threatened|stop|stopping|end|halt|repel|repelling|deter|deterring|against)\s+"
    r"(?:\w+\s+){0,2})$"
)
_FUTURE_BEFORE = re.compile(
    r"(?i)\b(?:would|will|could|may|might|to|would be|plans? to|threatened to|vowed to|not|never|if|preparing to|ready to|"
    r"aims? to|intends? to|able to|warned of|fear of|in case of)\s+(?:\w+ly\s+)?$"
)
_NUMBER_BEFORE = re.compile(rf"(?ix)(?:^|\W)(?P<number>{CARDINAL})\s+(?:[\w-]+\s+){{0,3}}$")
_NOT_AN_ATTACK = re.compile(
    r"(?i)\b(?:traffic accident|road accident|car crash|plane crash|bus crash|train crash|collision|earthquake|flood(?:s|ing)?|"
    r"landslide|avalanche|stampede|crush|gas leak|wildfire|storm|cyclone|typhoon|hurricane|drowned|capsized|derail\w+|"
    r"training exercise|military exercise|drill|mine collapse|collapsed|epidemic|cholera|ebola|covid\S*|natural causes|"
    r"cancer|stroke|heart attack)\b"
)
_FOILED = re.compile(
    r"(?i)\b(?:foiled|thwarted|prevented|disrupted|averted|defused|stopped|blocked|intercepted|uncovered|plot(?:s|ted|ting)?|planned)\b"
)
_ATTEMPTED = re.compile(
    r"(?i)\b(?:unsuccessful(?:ly)?|failed|attempted|attempts?|tried to|botched|escaped|survived|bid on|failed to explode|missed|repelled|repulsed|no casualties)\b"
)
_ALLEGED = re.compile(
    r"(?i)\b(?:hoax|staged by|false flag|never happened|fabricated|did not happen|unconfirmed reports? of an? (?:attack|explosion|blast))\b"
)
_THREATENED = re.compile(
    r"(?i)\b(?:threaten(?:ed|ing|s)? to|vow(?:ed|ing|s)? to|warned (?:that )?(?:it|they) would|threats? (?:of|to))\s+(?:\w+\s+){0,3}$"
)
_DEFINITE = re.compile(
    r"(?i)\b(?:the|this|that|its|their|his|these|those|both|sunday’s|monday’s|\w+day['’]s|latest)\s+(?:[\w-]+\s+){0,3}$"
)
_NEW = re.compile(
    r"(?i)\b(?:another|separate|second|third|earlier|different|unrelated|similar|previous|follow-up|subsequent)\s+(?:[\w-]+\s+){0,3}$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A trigger word; offsets are within its sentence. `count` is the number named before it ("five attempts")."""

    start: int
    end: int
    text: str
    word: TriggerWord
    status: AttackStatus
    is_definite: bool = False
    is_new: bool = False
    is_plural: bool = False
    is_vague: bool = False  # of no particular attack: "calls for attacks", "more attacks"
    count: int | None = None

    @property
    def kind(self) -> Kind:
        return self.word.kind


_SPORT = re.compile(
    r"(?i)\b(?:goals?|goalkeeper|strikers?|midfield\w*|penalty|half-time|kick-off|referee|league|season|coach|scored|equali[sz]er|"
    r"match|wicket|innings|batsman|tournament|championship|playoffs?|quarterback|offside|header|cup|stoppage time|substitute)\b"
)
_SPORT_WORDS = 6  # different ones; a report of an attack on a stadium has two or three


def is_sport(sentences: list[Sentence]) -> bool:
    """Tell whether this is a report of a game, where attacks, shots and raids are figures of speech."""
    found = {match.group().lower() for sentence in sentences for match in _SPORT.finditer(sentence.text)}
    return len(found) >= _SPORT_WORDS


@lru_cache(maxsize=8)
def _forms(lists: WordLists) -> dict[str, tuple[TriggerWord, ...]]:
    """Return the words of each form, the noun first."""
    out: dict[str, tuple[TriggerWord, ...]] = {}
    for word in sorted(lists.triggers, key=lambda word: word.is_verb):
        out[word.form] = (*out.get(word.form, ()), word)
    return out


@lru_cache(maxsize=8)
def _pattern(lists: WordLists) -> re.Pattern[str]:
    forms = sorted(_forms(lists), key=lambda form: (-len(form), form))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(form) for form in forms)})(?![\w]|-(?!based))", re.IGNORECASE)


def find_triggers(sentence: Sentence) -> list[Trigger]:
    """Return the triggers of a sentence from left to right, vague ones marked."""
    mask = sentence.mask
    if _NOT_AN_ATTACK.search(mask) and not re.search(r"(?i)\b(?:attack|bomb|gunm[ae]n|militants?|explosives?)", mask):
        return []
    out = []
    for match in _pattern(sentence.lists).finditer(mask):
        words = _forms(sentence.lists).get(match.group().lower(), ())
        if not words:
            continue
        before = mask[max(0, match.start() - 60) : match.start()]
        is_definite = bool(_DEFINITE.search(before))
        word = (
            words[0]
            if len(words) == 1 or is_definite or re.search(r"(?i)\b(?:a|an|of|in|for)\s+$", before)
            else words[-1]
        )
        text = match.group()
        is_plural = not word.is_verb and text.endswith("s")
        number = _NUMBER_BEFORE.search(before)
        count = parse_cardinal(number["number"]) if number and is_plural else None
        vague = bool(_NOT_REAL_BEFORE.search(before)) and not (is_definite and not is_plural)
        vague = vague or bool(_FUTURE_BEFORE.search(before) and (word.is_verb or not is_definite))
        out.append(
            Trigger(
                start=match.start(),
                end=match.end(),
                text=text,
                word=word,
                status=_status(mask, match.start(), match.end()),
                is_definite=is_definite,
                is_new=bool(_NEW.search(before)),
                is_plural=is_plural,
                is_vague=vague and count is None,
                count=count,
            )
        )
    return out


def _status(mask: str, start: int, end: int) -> AttackStatus:
    # The words that change the status stand close to the trigger, in its own clause.
    near = re.split(r"[;]|,\s+(?:while|but|after)\b", mask[max(0, start - 70) : start])[-1] + mask[start : end + 25]
    if _ALLEGED.search(mask):
        return AttackStatus.ALLEGED
    if _THREATENED.search(mask[max(0, start - 60) : start]):
        return AttackStatus.THREATENED
    if _FOILED.search(near):
        return AttackStatus.FOILED
    if _ATTEMPTED.search(near):
        return AttackStatus.ATTEMPTED
    return AttackStatus.OCCURRED
