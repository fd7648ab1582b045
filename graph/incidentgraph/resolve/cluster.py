"""Pairs taken for one in, clusters out; what must stay apart stays apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from incidentgraph.records import Member, Reason

# True if two clusters may not become one.
CannotLink = Callable[[Sequence[Member], Sequence[Member]], bool]


def cluster(
    members: Iterable[Member], pairs: Iterable[Reason], *, cannot_link: CannotLink | None = None
) -> list[tuple[tuple[Member, ...], tuple[Reason, ...]]]:
    """Return clusters of members, each with the reasons that joined it, sorted; the surest pairs join first."""
    groups: dict[Member, list[Member]] = {member: [member] for member in members}
    used: list[Reason] = []
    for pair in sorted(pairs, key=lambda pair: (-pair.score, pair.first, pair.second)):
        first, second = groups[pair.first], groups[pair.second]
        if first is not second:
            if cannot_link is not None and cannot_link(first, second):
                continue
            first.extend(second)
            for member in second:
                groups[member] = first
            used.append(pair)
    reasons: dict[int, list[Reason]] = defaultdict(list)
    for pair in used:
        reasons[id(groups[pair.first])].append(pair)
    distinct = {id(group): group for group in groups.values()}
    out = [
        (tuple(sorted(group)), tuple(sorted(reasons[key], key=lambda pair: (pair.first, pair.second))))
        for key, group in distinct.items()
    ]
    return sorted(out)
