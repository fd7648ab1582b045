"""The language of an article: as stated, else as its letters show."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

# Below this many letters names outweigh words: "Mogadishu Al-Shabaab Hassan Sheikh" reads as Somali.
MIN_LETTERS = 100
# On whole sentences py3langid gives 0.8 and more to what it is right about, on lists of names 0.3 to 0.5.
MIN_CONFIDENCE = 0.7
_SAMPLE = 5_000  # characters; more changes nothing but the time

_NAMES = {
    "english": "en", "french": "fr", "français": "fr", "spanish": "es", "español": "es", "german": "de",
    "deutsch": "de", "portuguese": "pt", "italian": "it", "arabic": "ar", "russian": "ru", "turkish": "tr",
    "persian": "fa", "farsi": "fa", "urdu": "ur", "chinese": "zh", "ukrainian": "uk", "hebrew": "he",
    "eng": "en", "fra": "fr", "fre": "fr", "spa": "es", "deu": "de", "ger": "de", "por": "pt", "ita": "it",
    "ara": "ar", "rus": "ru", "tur": "tr", "fas": "fa", "per": "fa", "urd": "ur", "zho": "zh", "ukr": "uk",
}  # fmt: skip


def stated_language(stated: str | None) -> str | None:
    """Return the ISO 639 code of a stated language (`en-US`, `English`), None if it is no language."""
    folded = (stated or "").strip().lower()
    if folded in _NAMES:
        return _NAMES[folded]
    match = re.fullmatch(r"(?!und|mul|zxx)([a-z]{2,3})(?:[-_][a-z0-9_\-.]+)?", folded)
    return _NAMES.get(match[1], match[1]) if match else None


def detect_language(text: str) -> str | None:
    """Return the ISO 639-1 code of the language of a text, None where it is too short or too mixed to tell."""
    sample = text[:_SAMPLE]
    if sum(map(str.isalpha, sample)) < MIN_LETTERS:
        return None
    language, confidence = _identifier().classify(sample)
    return str(language) if confidence >= MIN_CONFIDENCE and language != "zxx" else None  # zxx: no language


def likely_language(text: str) -> str:
    """Return the language that a text is most likely in, however unsure that is."""
    return str(_identifier().classify(text[:_SAMPLE])[0])


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # the model takes half a second to load

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
