"""Reading YAML: the safe subset, with the parser in C where the library brings one (some six times faster)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: How deep lines are looked for. Aliases within aliases could make a short text endless.
_DEPTH = 5
_MERGE = "tag:yaml.org,2002:merge"

#: Keys and places in lists, from the outermost.
Steps = tuple[object, ...]


class NoSuchDay(yaml.MarkedYAMLError):
    """A date that no calendar has."""


@dataclass(frozen=True)
class Lines:
    """Where things stand in a YAML text.

    at        path → line, from 1: that of the key, or of the item of a list
    repeated  keys that stand twice in one mapping, of which YAML would take the last: path and line of the second
    """

    at: Mapping[Steps, int]
    repeated: Sequence[tuple[Steps, int]]

    def of(self, path: Steps) -> int | None:
        """The line of a path, else of the nearest thing around it; None where nothing around it is known."""
        around = (self.at.get(path[:length]) for length in range(len(path), 0, -1))
        return next((line for line in around if line is not None), None)


def load_yaml(text: str) -> Any:
    """What a YAML text says: plain values, lists and mappings. Raises yaml.YAMLError.

    >>> load_yaml("KZ-07: 3")
    {'KZ-07': 3}
    """
    return yaml.load(text, Loader=_LOADER)  # noqa: S506  # both are safe loaders


def load_with_lines(text: str) -> tuple[Any, Lines]:
    """What a YAML text says, and on which lines. Raises yaml.YAMLError, of which NoSuchDay is one.

    >>> value, lines = load_with_lines("a: 1\\nb:\\n  c: 2")
    >>> value, lines.of(("b", "c")), lines.of(("b", "d"))
    ({'a': 1, 'b': {'c': 2}}, 3, 2)
    """
    loader = _LOADER(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None, Lines({}, ())
        at: dict[Steps, int] = {}
        repeated: list[tuple[Steps, int]] = []
        for path, line in _walk(loader, node, ()):
            if path in at:
                repeated.append((path, line))
            else:
                at[path] = line
        return loader.construct_document(node), Lines(at, repeated)
    finally:
        loader.dispose()


def _walk(loader: Any, node: yaml.Node, path: Steps) -> Iterator[tuple[Steps, int]]:
    if len(path) > _DEPTH:
        return
    if isinstance(node, yaml.ScalarNode):
        _built(loader, node)
    elif isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            yield (*path, place), item.start_mark.line + 1
            yield from _walk(loader, item, (*path, place))
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE:
                inner = (*path, _built(loader, key))
                yield inner, key.start_mark.line + 1
                yield from _walk(loader, value, inner)


def _built(loader: Any, node: yaml.ScalarNode) -> Any:
    """A plain value. YAML's reader passes on what Python says of a day that is none, without its line."""
    try:
        return loader.construct_object(node)
    except ValueError as error:
        raise NoSuchDay(problem=str(error), problem_mark=node.start_mark) from error
