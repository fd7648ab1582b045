"""Article text in, sentences out. No trained pipeline: a tokenizer and a rule for sentence ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
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


SENTENCES = "incidentgraph_sentences"


@Language.component(SENTENCES)
def mark_sentences(doc: Doc) -> Doc:
    """Mark sentence starts: after . ! ? … outside abbreviations and initials, and at every paragraph break."""
    tokens = [(token.text, bool(token.whitespace_), token.is_space) for token in doc]
    starts = np.full(len(tokens), -1, dtype=np.int64)  # -1 is "no sentence begins here", 0 would be "not known"
    ended = True
    for index, (text, _, is_space) in enumerate(tokens):
        if is_space and "\n" in text:
            ended = True
            continue
        if ended and not (text in _CLOSERS and index > 0 and not tokens[index - 1][2]):
            starts[index] = 1
            ended = False
        if _ends_sentence(tokens, index):
            ended = True
    # `token.is_sent_start = …` looks through the whole Doc each time; an array is set at once.
    values: Any = starts.astype(np.uint64).reshape(-1, 1)  # thinc has its own name for this type
    return doc.from_array(["SENT_START"], values) if tokens else doc


def _ends_sentence(tokens: list[tuple[str, bool, bool]], index: int) -> bool:
    text, spaced, _ = tokens[index]
    if text[-1] not in ".!?…":
        return False
    if index + 1 < len(tokens):
        following, _, is_space = tokens[index + 1]
        if not spaced and not is_space and following not in _CLOSERS and following[0] not in "“\"‘'([":
            return False
    rest = next(
        (word for word, _, is_space in tokens[index + 1 : index + 4] if not is_space and word not in _CLOSERS), ""
    )
    if text in {"!", "?", "…", "..."}:
        return not rest[:1].islower()
    if text != ".":  # one token with its full stop: an abbreviation or an initial
        lowered = text.lower()
        is_short = lowered in _ABBREVIATIONS or re.fullmatch(r"(?:[^\W\d_]\.)+", text) is not None
        # "in the U.S. The army" ends; "the U.S. Army" does not: only words that open sentences tell.
        return not is_short or (lowered in _AT_END and rest in _OPENERS)
    previous = tokens[index - 1][0] if index else ""
    if previous.lower() == "no" and rest[:1].isdigit():
        return False
    if previous.lower() + "." in _ABBREVIATIONS and not (previous.islower() and len(previous) > 3):
        return False
    if len(previous) == 1 and previous.isupper() and rest[:1].isupper():  # "John F. Kennedy"
        return False
    return not rest[:1].islower()


_AT_END = frozenset(("u.s.", "u.n.", "u.k.", "a.m.", "p.m."))
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
    nlp.add_pipe(SENTENCES)
    return nlp


def read_blocks(text: str, nlp: Language) -> Iterator[tuple[int, Doc]]:
    """Yield each paragraph as the pipeline reads it, with its offset in the text."""
    blocks = [(text[block.start : block.end], block.start) for block in _blocks(text)]
    for doc, start in nlp.pipe(blocks, as_tuples=True):
        yield start, doc


def sentences_of(doc: Doc, offset: int) -> Iterator[Span]:
    """Yield the sentences without the white space around them; `offset` is added to their spans."""
    for sentence in doc.sents:
        body = sentence.text
        start = offset + sentence.start_char + len(body) - len(body.lstrip())
        end = offset + sentence.start_char + len(body.rstrip())
        if start < end:
            yield Span(start=start, end=end)


def _blocks(text: str) -> Iterator[Span]:
    """Yield the paragraphs, long ones in parts, without runs that hold no words.

    The tokenizer takes time in proportion to the square of what has no white space in it.
    """
    for paragraph in re.finditer(r"[^\n]+", text):
        start = paragraph.start()
        for run in re.finditer(rf"\S{{{_MAX_WORD},}}", paragraph.group()):
            yield from _parts(text, start, paragraph.start() + run.start())
            start = paragraph.start() + run.end()
        yield from _parts(text, start, paragraph.end())


def _parts(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > _MAX_BLOCK:
        cut = max(text.rfind(". ", start, start + _MAX_BLOCK) + 1, 0) or text.rfind(" ", start + 1, start + _MAX_BLOCK)
        cut = cut if cut > start else start + _MAX_BLOCK
        yield Span(start=start, end=cut)
        start = cut
    if text[start:end].strip():
        yield Span(start=start, end=end)


_MAX_WORD = 200  # no word of any language is longer; such a run is a link, a table or noise
_MAX_BLOCK = 20_000
