"""Positions for a drawing: a networkx graph -> {node: (x, y)} in whole pixels, equal for equal graphs.

Each connected part is laid out by itself and the parts are packed into rows. Within a part, pivot MDS
(Brandes & Pich 2006, https://doi.org/10.1007/978-3-540-70904-6_6) finds the coarse shape from distances in the graph,
then a few rounds of Fruchterman-Reingold forces, with repulsion between near nodes only, even it out.
Both are linear in the number of nodes and use no random numbers; 5,000 nodes take about two seconds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Sequence
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Indices = NDArray[np.int64]

SPACING = 110  # pixels for the ideal length of an edge: two symbols with a label under each
ASPECT = 1.25  # width : height of the drawing area beside the panel on a common laptop
PIVOTS = 40
ROUNDS = 120
REACH = 2.6  # repulsion ends at this many edge lengths; farther nodes are kept apart by the coarse shape
MAX_PAIRS = 400_000  # bounds memory where many nodes still lie on one spot
GOLDEN_ANGLE = 2.399963229728653
GAP = 1.2  # edge lengths between parts


def positions(network: Any) -> dict[Hashable, tuple[int, int]]:
    """Return a position for every node of `network`; directions and parallel edges make no difference."""
    nodes = sorted(network, key=str)
    index = {node: i for i, node in enumerate(nodes)}
    neighbours: list[set[int]] = [set() for _ in nodes]
    for source, target in nx.Graph(network).edges():
        if source != target:
            neighbours[index[source]].add(index[target])
            neighbours[index[target]].add(index[source])
    parts = [_place([sorted(neighbours[i]) for i in part], part) for part in _parts(neighbours)]
    placed = _pack(parts)
    return {nodes[i]: (round(x * SPACING), round(y * SPACING)) for i, (x, y) in sorted(placed.items())}


def _parts(neighbours: Sequence[set[int]]) -> list[list[int]]:
    """Return the connected parts, largest first."""
    seen: set[int] = set()
    parts = []
    for start in range(len(neighbours)):
        if start not in seen:
            part = [start]
            seen.add(start)
            for node in part:  # grows while it is walked
                new = sorted(neighbours[node] - seen)
                seen.update(new)
                part.extend(new)
            parts.append(sorted(part))
    return sorted(parts, key=lambda part: (-len(part), part[0]))


def _place(neighbours: list[list[int]], part: list[int]) -> tuple[list[int], Points]:
    local = {node: i for i, node in enumerate(part)}
    adjacent = [[local[other] for other in others] for others in neighbours]
    edges = np.array([(i, j) for i, others in enumerate(adjacent) for j in others if i < j], dtype=np.int64)
    if len(part) == 1:
        return part, np.zeros((1, 2))
    return part, _even_out(_coarse_shape(adjacent, edges), edges)


def _coarse_shape(adjacent: list[list[int]], edges: Indices) -> Points:
    """Return pivot MDS positions with a typical edge of length 1."""
    start = max(range(len(adjacent)), key=lambda i: (len(adjacent[i]), -i))
    columns = [_distances(adjacent, start)]
    nearest = columns[0]
    while len(columns) < min(PIVOTS, len(adjacent)):
        columns.append(_distances(adjacent, int(nearest.argmax())))  # the node farthest from all pivots so far
        nearest = np.minimum(nearest, columns[-1])
    squares = np.stack(columns, axis=1) ** 2
    centred = -0.5 * (squares - squares.mean(axis=0) - squares.mean(axis=1, keepdims=True) + squares.mean())
    _, vectors = np.linalg.eigh(centred.T @ centred)
    found: Points = centred @ vectors[:, ::-1][:, :2]
    for axis in range(2):  # an eigenvector has no sign of its own
        if found[np.abs(found[:, axis]).argmax(), axis] < 0:
            found[:, axis] *= -1
    lengths = np.linalg.norm(found[edges[:, 0]] - found[edges[:, 1]], axis=1)
    found /= max(float(lengths.mean()), 1e-9)
    return _fan_out(found.round(6))


def _distances(adjacent: list[list[int]], start: int) -> NDArray[np.float64]:
    steps = [-1] * len(adjacent)
    steps[start] = 0
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for other in adjacent[node]:
            if steps[other] < 0:
                steps[other] = steps[node] + 1
                queue.append(other)
    return np.array(steps, dtype=np.float64)


def _fan_out(points: Points) -> Points:
    """Spread nodes that lie on one spot, such as all claims about one attack, over a small spiral."""
    spots: dict[tuple[float, float], int] = {}
    spread = points.copy()
    for i, (x, y) in enumerate(points.round(1).tolist()):
        rank = spots.get((x, y), 0)
        spots[x, y] = rank + 1
        radius, angle = 0.4 * rank**0.5, GOLDEN_ANGLE * rank
        spread[i] += radius * np.cos(angle), radius * np.sin(angle)
    return spread


def _even_out(points: Points, edges: Indices) -> Points:
    n = len(points)
    a, b = edges[:, 0], edges[:, 1]
    for turn in range(ROUNDS):
        move = np.zeros_like(points)
        i, j = _near_pairs(points, REACH)
        away = points[i] - points[j]
        distance = np.maximum(np.linalg.norm(away, axis=1), 0.05)
        push = away * ((1 / distance - 1 / REACH).clip(min=0) / distance)[:, None]
        pull = points[a] - points[b]
        pull *= np.linalg.norm(pull, axis=1)[:, None]
        for axis in range(2):
            move[:, axis] += np.bincount(i, push[:, axis], n) - np.bincount(j, push[:, axis], n)
            move[:, axis] -= np.bincount(a, pull[:, axis], n) - np.bincount(b, pull[:, axis], n)
        length = np.maximum(np.linalg.norm(move, axis=1), 1e-9)
        heat = 0.6 * (1 - turn / ROUNDS) + 0.02
        points = points + move * (np.minimum(length, heat) / length)[:, None]
    return points


def _near_pairs(points: Points, reach: float) -> tuple[Indices, Indices]:
    """Return all pairs of nodes in the same or in touching squares of a grid of size `reach`, each pair once."""
    cells = np.floor(points / reach).astype(np.int64)
    cells -= cells.min(axis=0)
    width = int(cells[:, 1].max()) + 3
    keys = (cells[:, 0] + 1) * width + cells[:, 1] + 1
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts, counts = [], []
    for step in (0, 1, width - 1, width, width + 1):  # this square and half of those around it
        first = np.searchsorted(ordered, ordered + step, "left")
        if step == 0:
            first = np.arange(len(order)) + 1  # only those behind, so that no pair comes twice
        starts.append(first)
        counts.append(np.searchsorted(ordered, ordered + step, "right") - first)
    start, count = np.concatenate(starts), np.concatenate(counts)
    total = int(count.sum())
    if total > MAX_PAIRS:
        return _near_pairs(points, reach / 2)
    left = np.repeat(np.tile(order, 5), count)
    within = np.arange(total) - np.repeat(np.cumsum(count) - count, count)
    return left, order[np.repeat(start, count) + within]


def _pack(parts: list[tuple[list[int], Points]]) -> dict[int, tuple[float, float]]:
    """Set the parts in rows, largest first, under a common width."""
    sizes = [np.ptp(points, axis=0) + GAP for _, points in parts]
    area = sum(float(size[0] * size[1]) for size in sizes)
    limit = max([(area * ASPECT) ** 0.5, *(float(size[0]) for size in sizes)], default=0.0)
    placed: dict[int, tuple[float, float]] = {}
    x = y = height = 0.0
    for (part, points), size in zip(parts, sizes, strict=True):
        if x + size[0] > limit * 1.001:
            x, y, height = 0.0, y + height, 0.0
        corner = points - points.min(axis=0) + (x, y)
        placed.update(zip(part, ((float(px), float(py)) for px, py in corner), strict=True))
        x, height = x + float(size[0]), max(height, float(size[1]))
    return placed
