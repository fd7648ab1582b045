"""Kinds of attack as stated -> in order: what is more exact before what it falls under, the means before the purpose.

Extractors that know the listed kinds only get those of an extension here, by its trigger words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from incidentgraph.lexicon import TriggerWord, WordLists
from incidentgraph.records import AttackKind, AttackReport, Kind, OwnKind, Span


def ordered_kinds(kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    """Return the kinds of one attack, each once, the primary one first; `unknown` where nothing else is said.

    An extension's kind comes before the others and brings those that it is narrower than, so that who knows only the
    listed kinds finds the attack too. A bomb that kills its intended person is bombing, then assassination.
    """
    stated = [kind for kind in kinds if kind is not AttackKind.UNKNOWN]
    own = sorted((kind for kind in stated if isinstance(kind, OwnKind)), key=lambda kind: -len(kind.wider))
    listed = sorted(
        (kind for kind in stated if isinstance(kind, AttackKind)), key=lambda kind: kind is AttackKind.ASSASSINATION
    )
    exact_first = [found for kind in own for found in (kind, *kind.wider)]
    return tuple(dict.fromkeys([*exact_first, *listed])) or (AttackKind.UNKNOWN,)


def with_own_kinds(
    attacks: Sequence[AttackReport], triggers: Iterable[Sequence[Span]], text: str, lists: WordLists
) -> list[AttackReport]:
    """Return the attacks with the kinds that the extension's words among their triggers tell of."""
    own = list(own_words(text, lists))
    out = []
    for attack, spans in zip(attacks, triggers, strict=True):
        said = [word.kind for at, word in own if any(at.start < span.end and span.start < at.end for span in spans)]
        out.append(replace(attack, kinds=ordered_kinds((*said, *attack.kinds))) if said else attack)
    return out


def own_words(text: str, lists: WordLists) -> Iterator[tuple[Span, TriggerWord]]:
    """Yield where the extension's trigger words stand, with what it says of each."""
    if lists.own_triggers:
        pattern, known = _own_pattern(lists)
        for match in pattern.finditer(text):
            if (word := known.get(match.group().lower())) is not None:
                yield Span(start=match.start(), end=match.end()), word


@lru_cache(maxsize=8)
def _own_pattern(lists: WordLists) -> tuple[re.Pattern[str], dict[str, TriggerWord]]:
    known: dict[str, TriggerWord] = {}
    for word in lists.own_triggers:
        known.setdefault(word.form, word)
    forms = sorted(known, key=lambda form: (-len(form), form))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, forms))})(?![\w-])", re.IGNORECASE), known
