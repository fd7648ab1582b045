"""Articles -> which are copies of which: the same text, or a syndicated one with words changed, a lead or tail more.

A copy is no second witness. Two reports of one event share names and quotes, but hardly any run of five words.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Sequence

from datasketch import MinHash, MinHashLSH

from incidentgraph.ids import content_hash
from incidentgraph.records import Article

# Five words in a row: fewer are common in reports of one event ("claimed responsibility for the attack"), and each word
# that an editor changes costs five shingles.
SHINGLE_WORDS = 5
# Share of common shingles in all shingles. Twenty words changed in an article of 400 leave about 0.6; two reports of
# one event that quote the same statement of 40 words come to about 0.1.
COPY_JACCARD = 0.5
# Share of the shorter article's shingles that the longer one has, for copies with a lead added or a tail cut.
COPY_CONTAINMENT = 0.75
# But not where the longer one mostly tells other things, as a weekly digest does that takes in a short report.
MIN_SIZE_RATIO = 0.4
# Below this a containment says little: three sentences may be one quotation.
MIN_SHINGLES = 30
# Bands and rows for candidates: at the least alike copy (0.75 of 0.4: Jaccard 0.27) 99 % are found, and what is found
# too much is compared in full.
_PERMUTATIONS, _BANDS, _ROWS = 128, 64, 2


def find_duplicates(articles: Sequence[Article]) -> dict[str, str]:
    """Return for each article that is a copy the id of the one it is a copy of.

    Of all copies of one text the earliest published stands for it, of those the one with the smallest id; copies of
    copies count as copies of it. The order of the articles does not matter.
    """
    ordered = sorted(articles, key=lambda article: (article.published or "9999", article.id))
    groups = _Groups([article.id for article in ordered])
    words = {article.id: re.findall(r"\w+", article.text.casefold()) for article in ordered}
    distinct: dict[str, str] = {}
    for article in ordered:
        first = distinct.setdefault(content_hash(*words[article.id]), article.id)
        groups.join(first, article.id)
    shingles = {article_id: _shingles(words[article_id]) for article_id in distinct.values()}
    index = MinHashLSH(num_perm=_PERMUTATIONS, params=(_BANDS, _ROWS))
    for article_id, own in shingles.items():
        sketch = MinHash(num_perm=_PERMUTATIONS, seed=1, hashfunc=_identity)
        sketch.update_batch(own)
        for other in index.query(sketch):
            if is_copy(own, shingles[str(other)]):
                groups.join(str(other), article_id)
        index.insert(article_id, sketch)
    return groups.copies()


def is_copy(first: frozenset[int], second: frozenset[int]) -> bool:
    """Return whether two articles with these shingles are copies of one text."""
    common = len(first & second)
    small, large = sorted((len(first), len(second)))
    if not small:
        return False
    if common >= COPY_JACCARD * (small + large - common):
        return True
    return small >= MIN_SHINGLES and small >= MIN_SIZE_RATIO * large and common >= COPY_CONTAINMENT * small


def _shingles(words: Sequence[str]) -> frozenset[int]:
    """Return the runs of five words as 32-bit sums; the sum of a string does not change between runs, its hash does."""
    count = max(1, len(words) - SHINGLE_WORDS + 1)
    return frozenset(zlib.crc32(" ".join(words[i : i + SHINGLE_WORDS]).encode()) for i in range(count) if words)


def _identity(value: int) -> int:
    return value


class _Groups:
    """Disjoint sets of ids, each led by the one that comes first in the given order."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._rank = {article_id: number for number, article_id in enumerate(ids)}
        self._leader = {article_id: article_id for article_id in ids}

    def find(self, article_id: str) -> str:
        while (leader := self._leader[article_id]) != article_id:
            self._leader[article_id] = self._leader[leader]
            article_id = leader
        return article_id

    def join(self, first: str, second: str) -> None:
        leaders = sorted((self.find(first), self.find(second)), key=self._rank.__getitem__)
        self._leader[leaders[1]] = leaders[0]

    def copies(self) -> dict[str, str]:
        found: dict[str, str] = defaultdict(str)
        for article_id in sorted(self._leader):
            if (leader := self.find(article_id)) != article_id:
                found[article_id] = leader
        return dict(found)
