"""The best assignment of columns to fields as a whole: no field twice, no column twice, the sum of scores greatest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

Edge = tuple[int, str]


def assign(scores: Mapping[Edge, float]) -> dict[int, str]:
    """column → field, of greatest total score; among equals the one that sorts first, so the result is stable.

    >>> assign({(0, "id_no"): 1.0, (0, "head_id"): 0.9, (1, "id_no"): 1.0})
    {0: 'head_id', 1: 'id_no'}
    """
    chosen: dict[int, str] = {}
    for part in _parts(scores):
        chosen |= _solve(part)
    return dict(sorted(chosen.items()))


def _parts(scores: Mapping[Edge, float]) -> list[dict[Edge, float]]:
    """Connected parts: most columns have one candidate that no other column wants."""
    leader: dict[int | str, int | str] = {}

    def find(node: int | str) -> int | str:
        while leader.setdefault(node, node) != node:
            leader[node] = leader[leader[node]]
            node = leader[node]
        return node

    for column, field in scores:
        leader[find(column)] = find(field)
    parts: dict[int | str, dict[Edge, float]] = defaultdict(dict)
    for edge in sorted(scores):
        parts[find(edge[0])][edge] = scores[edge]
    return list(parts.values())


def _solve(scores: dict[Edge, float]) -> dict[int, str]:
    """Augments along the path of greatest gain until none is left (successive best paths, exact)."""
    by_column: dict[int, list[tuple[str, float]]] = defaultdict(list)
    for (column, field), score in scores.items():
        by_column[column].append((field, score))
    owner: dict[str, int] = {}
    taken: dict[int, str] = {}
    while True:
        path = _best_path(by_column, scores, owner, taken)
        if path is None:
            return taken
        for column, field in path:
            taken[column] = field
            owner[field] = column


def _best_path(
    by_column: Mapping[int, list[tuple[str, float]]],
    scores: Mapping[Edge, float],
    owner: Mapping[str, int],
    taken: Mapping[int, str],
) -> list[Edge] | None:
    """Bellman–Ford over alternating paths from free columns; the path that gains most, or None if none gains."""
    gain: dict[int, float] = {column: 0.0 for column in by_column if column not in taken}
    came: dict[int, Edge] = {}
    best: tuple[float, Edge | None] = (1e-9, None)
    for _ in range(len(by_column) + 1):
        changed = False
        for column in list(gain):
            for field, score in by_column[column]:
                if taken.get(column) == field:
                    continue
                reached = gain[column] + score
                other = owner.get(field)
                if other is None:
                    if reached > best[0] + 1e-9:
                        best = (reached, (column, field))
                elif other != column:
                    after = reached - scores[other, field]
                    if after > gain.get(other, float("-inf")) + 1e-9:
                        gain[other], came[other], changed = after, (column, field), True
        if not changed:
            break
    if best[1] is None:
        return None
    path = [best[1]]
    while path[-1][0] in came and path[-1][0] in taken and len(path) <= len(by_column):
        path.append(came[path[-1][0]])
    return path
