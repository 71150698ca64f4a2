"""Values of YAML nodes: for one that has none, its line and what it was to be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nadflux.errors import ModelError, NadfluxError

if TYPE_CHECKING:
    import yaml

NO_VALUE = (ValueError, KeyError, AttributeError, TypeError, OverflowError)
"""Errors that conversions of YAML raise apart from its own, e.g. AttributeError for an impossible date."""


def construct(loader: yaml.SafeLoader, root: yaml.Node, name: str, error: type[NadfluxError] = ModelError) -> Any:
    """Return the Python value of a node; raise ``error`` with the line of the scalar that has none."""
    import yaml

    try:
        return loader.construct_document(root)
    except (yaml.YAMLError, *NO_VALUE) as problem:
        bad = next(_without_value(root), root)
        shown = repr(bad.value[:60]) if isinstance(bad, yaml.ScalarNode) else "a list or mapping"
        kind = bad.tag.removeprefix("tag:yaml.org,2002:")[:40]
        raise error(
            f"{name}:{_line(bad.start_mark)}: {shown} cannot be read as {kind!r}; "
            "write a plain word or number, in quotes where it is text"
        ) from problem


def _without_value(node: yaml.Node) -> Iterator[yaml.Node]:
    """Yield nodes, from the leaves up, that cannot be constructed on their own."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        for pair in node.value:
            for part in pair:
                yield from _without_value(part)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _without_value(item)
    try:
        yaml.SafeLoader("").construct_object(node, deep=True)
    except (yaml.YAMLError, *NO_VALUE):
        yield node


def _line(mark: Any) -> int:
    """Return the line from 1 on; 1 where the reader does not say."""
    return mark.line + 1 if mark is not None else 1
