"""Article text in, sentences out. No trained pipeline: a tokenizer and a rule for sentence ends."""

from __future__ import annotations

import re
from functools import cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from incidentgraph.records import Span

# A full stop after one of these ends no sentence (titles, initials and abbreviations of news English).
_ABBREVIATIONS = frozenset(
    [
        "mr.",
        "mrs.",
        "ms.",
        "dr.",
        "gen.",
        "lt.",
        "col.",
        "maj.",
        "brig.",
        "capt.",
        "sgt.",
        "cpl.",
        "st.",
        "no.",
        "vs.",
        "jan.",
        "feb.",
        "mar.",
        "apr.",
        "jun.",
        "jul.",
        "aug.",
        "sep.",
        "sept.",
        "oct.",
        "nov.",
        "dec.",
        "u.s.",
        "u.n.",
        "u.k.",
        "e.g.",
        "i.e.",
        "a.m.",
        "p.m.",
        "approx.",
        "inc.",
        "ltd.",
        "co.",
        "prof.",
        "rev.",
        "fr.",
        "gov.",
        "sen.",
        "rep.",
        "supt.",
        "insp.",
        "km.",
        "hon.",
        "mt.",
        "ft.",
        "dept.",
        "adm.",
        "cmdr.",
        "cf.",
        "al.",
        "op.",
        "art.",
        "fig.",
    ]
)
_CLOSERS = frozenset("\"'”’»)]")


@Language.component("incidentgraph_sentences")
def mark_sentences(doc: Doc) -> Doc:
    """Mark sentence starts: after . ! ? … outside abbreviations and initials, and at every paragraph break."""
    ended = True
    for token in doc:
        if token.is_space and "\n" in token.text:
            token.is_sent_start = False
            ended = True
            continue
        if ended and not (token.text in _CLOSERS and token.i > 0 and not doc[token.i - 1].is_space):
            token.is_sent_start = True
            ended = False
        else:
            token.is_sent_start = False
        if _ends_sentence(doc, token.i):
            ended = True
    return doc


def _ends_sentence(doc: Doc, index: int) -> bool:
    text = doc[index].text
    if text[-1] not in ".!?…":
        return False
    following = doc[index + 1] if index + 1 < len(doc) else None
    if following is None or following.is_space or following.text in _CLOSERS or following.text[0] in "“\"‘'([":
        pass
    elif not doc[index].whitespace_:
        return False
    rest = next(
        (token.text for token in doc[index + 1 : index + 4] if not token.is_space and token.text not in _CLOSERS), ""
    )
    if text in "!?…" or text == "...":
        return not rest or not rest[0].islower()
    if text != ".":  # one token with its full stop: an abbreviation or an initial
        lowered = text.lower()
        is_short = lowered in _ABBREVIATIONS or re.fullmatch(r"(?:[^\W\d_]\.)+", text) is not None
        # "in the U.S. The army" ends; "the U.S. Army" does not: only words that open sentences tell.
        return not is_short or (lowered in {"u.s.", "u.n.", "u.k.", "a.m.", "p.m."} and rest in _OPENERS)
    previous = doc[index - 1].text if index else ""
    if previous.lower() + "." in _ABBREVIATIONS and not (previous.islower() and len(previous) > 3):
        return False
    if len(previous) == 1 and previous.isupper() and rest[:1].isupper():  # "John F. Kennedy"
        return False
    return not rest or not rest[0].islower()


_OPENERS = frozenset(
    [
        "The",
        "A",
        "An",
        "In",
        "It",
        "He",
        "She",
        "They",
        "At",
        "On",
        "But",
        "No",
        "Two",
        "Three",
        "Some",
        "Many",
        "Several",
        "According",
        "This",
        "That",
    ]
)


@cache
def pipeline() -> Language:
    """Return the shared pipeline; making it takes a few hundred milliseconds, once."""
    nlp = spacy.blank("en")
    nlp.max_length = 10_000_000
    nlp.add_pipe("incidentgraph_sentences")
    return nlp


def split_sentences(text: str) -> list[Span]:
    """Return the sentences of a text without the white space around them."""
    out = []
    for sentence in pipeline()(text).sents:
        body = sentence.text
        start = sentence.start_char + len(body) - len(body.lstrip())
        end = sentence.start_char + len(body.rstrip())
        if start < end:
            out.append(Span(start=start, end=end))
    return out
