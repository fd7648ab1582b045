"""An extension's trigger words, added to the triggers that the network sees; it was trained without them."""

from __future__ import annotations

from incidentgraph.extract.kinds import own_words
from incidentgraph.extract.network_labels import Candidate
from incidentgraph.extract.network_words import Words
from incidentgraph.lexicon import WordLists

Found = list[tuple[Candidate, float]]


def with_own_triggers(found: Found, words: Words, lists: WordLists) -> Found:
    """Return the network's triggers and the extension's words that hold none; what they tell of is up to it."""
    taken = {number for item, _ in found for number in range(item.first, item.last + 1)}
    strong = [span for span, word in own_words(words.text, lists) if not word.is_weak]
    covers = [cover for span in strong if (cover := words.cover(span)) is not None]
    further = [
        (Candidate(first, last, "Trigger"), 1.0) for first, last in covers if taken.isdisjoint(range(first, last + 1))
    ]
    return sorted([*found, *further], key=lambda item: item[0].first)
