"""Text in, candidate proper names out: runs of capitalised words, cut the way news English writes names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.lang.en.stop_words import STOP_WORDS

_WORD = re.compile(r"[^\W_]+(?:[-‑–'’.&][^\W_]+)*(?:(?<=\b[A-Z])\.)?")
_INITIALS = re.compile(r"(?:[A-Z]\.){2,}")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s$|(?<=s)['’]$")

# Lower-case words that stand inside names; the Arabic article also opens one ("al Qaeda").
_PARTICLES = frozenset(
    [
        "al",
        "el",
        "ul",
        "ur",
        "bin",
        "ibn",
        "bint",
        "ben",
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "da",
        "do",
        "dos",
        "das",
        "du",
        "des",
        "la",
        "le",
        "y",
        "wal",
        "wa",
        "fil",
        "fi",
    ]
)
_OPENING_PARTICLES = frozenset(["al", "el", "an-nusra", "bin", "ibn"])
_CALENDAR = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)

# Capitalised at the head of a sentence without being names; STOP_WORDS hold the rest.
_NOT_NAMES = (
    STOP_WORDS
    | _CALENDAR
    | frozenset(
        [
            "according",
            "following",
            "meanwhile",
            "later",
            "earlier",
            "soon",
            "today",
            "yesterday",
            "tonight",
            "police",
            "officials",
            "authorities",
            "residents",
            "witnesses",
            "militants",
            "gunmen",
            "armed",
            "unidentified",
            "suspected",
            "several",
            "dozens",
            "hundreds",
            "scores",
            "thousands",
            "local",
            "security",
            "soldiers",
            "troops",
            "forces",
            "rebels",
            "insurgents",
            "attackers",
            "fighters",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "twenty",
            "despite",
            "since",
            "no",
            "some",
            "many",
            "most",
            "other",
            "another",
            "new",
            "recent",
            "pro",
            "anti",
            "may",
            "mr",
            "mrs",
            "ms",
            "dr",
            "nobody",
            "nothing",
            "everyone",
            "he",
            "she",
            "it",
            "they",
            "we",
            "you",
            "i",
            "his",
            "her",
            "its",
            "their",
            "our",
            "this",
            "that",
            "these",
            "those",
            "there",
            "here",
            "amid",
            "among",
            "around",
            "although",
            "though",
            "while",
            "when",
            "where",
            "who",
            "what",
            "why",
            "how",
            "if",
            "unless",
            "until",
            "once",
            "only",
            "even",
            "also",
            "still",
            "yet",
            "people",
            "civilians",
            "children",
            "women",
            "men",
            "villagers",
            "families",
            "survivors",
            "victims",
            "medics",
            "hospital",
            "health",
            "government",
            "asked",
            "speaking",
            "writing",
            "responding",
            "state",
            "media",
            "reports",
            "sources",
            "images",
            "video",
            "footage",
            "photo",
            "more",
            "fewer",
            "islamist",
            "islamic",
            "jihadist",
            "muslim",
            "christian",
            "christians",
            "muslims",
            "shiite",
            "sunni",
            "kurdish",
            "arab",
            "western",
            "eastern",
            "northern",
            "southern",
            "central",
            "north",
            "south",
            "east",
            "west",
            "god",
            "allah",
            "ramadan",
            "eid",
            "easter",
            "christmas",
            "internet",
            "covid",
            "earth",
        ]
    )
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its offsets; a possessive ending is not part of it."""

    text: str
    start: int
    end: int

    @property
    def is_capitalised(self) -> bool:
        return any(part[:1].isupper() for part in re.split(r"[-‑–'’]", self.text)[:2])


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of words that looks like a name."""

    text: str
    start: int
    end: int
    opens_sentence: bool


def words_of(text: str, *, start: int = 0, end: int | None = None) -> Iterator[Word]:
    """Yield the words of `text[start:end]` with offsets in `text`."""
    end = len(text) if end is None else end
    position = start
    while position < end:
        match = _INITIALS.match(text, position, end) or _WORD.match(text, position, end)
        if match is None:
            position += 1
            continue
        word = match.group()
        if word[-1] == "." and len(word) > 2 and not _INITIALS.fullmatch(word):  # "ISIS-K." at the end of a sentence
            word = word[:-1]
        cut = _POSSESSIVE.search(word)
        yield Word(
            word[: cut.start()] if cut else word, match.start(), match.start() + (cut.start() if cut else len(word))
        )
        position = match.end()


def chunks(text: str, *, start: int, end: int) -> Iterator[Chunk]:
    """Yield the candidate names of one sentence, longest first reading, without leading function words."""
    run: list[Word] = []
    opens = True
    previous: Word | None = None
    for word in words_of(text, start=start, end=end):
        gap = text[previous.end : word.start] if previous else ""
        joined = previous is not None and gap in {" ", "-", " -"}
        if run and not joined:
            yield from _close(text, run, opens=opens)
            run, opens = [], False
        if word.is_capitalised or (run and word.text in _PARTICLES) or (not run and word.text in _OPENING_PARTICLES):
            if not run and previous is not None:
                opens = False
            run.append(word)
        elif run:
            yield from _close(text, run, opens=opens)
            run, opens = [], False
        else:
            opens = False
        previous = word
    if run:
        yield from _close(text, run, opens=opens)


def _close(text: str, run: list[Word], *, opens: bool) -> Iterator[Chunk]:
    while run and (run[-1].text in _PARTICLES or (len(run) > 1 and run[-1].text.lower() in _CALENDAR)):
        run = run[:-1]
    while run and ((opens and _is_plain(run[0].text)) or (len(run) > 1 and run[0].text in {"The", "A", "An"})):
        run = run[1:]
    if run and run[0].text in _PARTICLES and len(run) == 1:
        return
    if not run or (len(run) == 1 and _is_plain(run[0].text)):
        return
    if any(word.is_capitalised for word in run):
        yield Chunk(text[run[0].start : run[-1].end], run[0].start, run[-1].end, opens)


def _is_plain(text: str) -> bool:
    """Tell whether this is an ordinary word at the head of a sentence; "IT" or "US" in capitals is none."""
    return text.lower() in _NOT_NAMES and not (len(text) > 1 and text.isupper())


def initials(name: str) -> str:
    """Return the initials of the capitalised words: "Syrian Democratic Forces" gives "SDF"."""
    return "".join(word.text[0] for word in words_of(name) if word.text[0].isupper())
