"""Names in, keys out under which their spellings meet."""

from __future__ import annotations

import re

from anyascii import anyascii


def fold(name: str) -> str:
    """Return the key under which spellings of one name meet: ASCII, lower case, no articles, no punctuation.

    "al-Qaeda", "Al Qaeda" and "Qaeda" meet; "Qaida" does not (that is for resolution to say).
    """
    key = re.sub(r"['’ʿʾ`‘]", "", anyascii(name)).lower()
    words = re.findall(r"[a-z0-9]+", key.replace(".", ""))
    while len(words) > 1 and words[0] in {"the", "al", "el"}:
        words = words[1:]
    return " ".join([words[0], *[word for word in words[1:] if word not in {"al", "el"}]] if words else [])


def canonical_body(body: str) -> str:
    """Return one name for a body of a state: "Ministry of Defense" and "defence ministry" are one."""
    body = re.sub(r"\s+", " ", body.lower()).replace("defense", "defence").replace("’", "'")
    match = re.fullmatch(r"ministry of (?:the )?(?P<of>.+)", body)
    if match:
        body = f"{match['of']} ministry"
    return {
        "foreign affairs ministry": "foreign ministry",
        "armed forces": "armed forces",
        "national army": "army",
    }.get(body, body)


# Letters that transliterations of one name interchange, reduced to one; vowels go.
_SOUNDS = (
    ("kh", "h"), ("gh", "g"), ("dh", "z"), ("th", "z"), ("sh", "s"), ("ch", "s"), ("ts", "s"), ("ph", "f"), ("ck", "k"),
    ("q", "k"), ("c", "k"), ("x", "ks"), ("w", "v"), ("ou", "u"), ("j", "g"), ("z", "s"), ("d", "t"), ("p", "b"),
)  # fmt: skip


def skeleton(word: str) -> str:
    """Return the consonants of a word with interchangeable sounds made one: Hudhayfa and Huzaifa are both "hsf".

    For comparing persons' names between sources; two words with one skeleton need not be one name.
    """
    key = fold(word).replace(" ", "")
    first = key[:1] if key[:1] in "aeiou" else ""
    for sound, plain in _SOUNDS:
        key = key.replace(sound, plain)
    key = re.sub(r"[aeiouy]", "", key)
    key = re.sub(r"(.)\1+", r"\1", key)
    return ("a" if first else "") + key
