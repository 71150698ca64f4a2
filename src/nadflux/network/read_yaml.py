"""YAML files, bounded: a mapping with parts that must be there, of a depth and size that people write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nadflux.errors import ModelError, NadfluxError
from nadflux.network.yaml_text import NO_VALUE, construct

DEEPEST = 100
MOST_VALUES = 1_000_000  # with every alias counted as what it stands for
_DEEP_BLOCKS = re.compile(r"^ {200}|(?:[-?] ){50}", re.MULTILINE)


def read_yaml(file: Path, parts: Sequence[str], error: type[NadfluxError] = ModelError) -> dict[str, Any]:
    """Return the content of a YAML file that holds a mapping.

    Parameters
    ----------
    file : Path
    parts : sequence of str
        Names that it must hold.
    error : type of NadfluxError
        What to raise where the file cannot be read, is no YAML, is too deep or too large, or lacks a part.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as problem:
        raise error(f"cannot read {file}: {problem.strerror}") from problem
    except UnicodeDecodeError as problem:
        raise error(f"{file} is not valid YAML: it is no UTF-8 text; save it as UTF-8") from problem
    content = parse_yaml(text, str(file), error)
    if not isinstance(content, dict) or not content.keys() >= set(parts):
        words = " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else parts[0]
        raise error(f"{file} must name {words}")
    return content


def parse_yaml(text: str, label: str, error: type[NadfluxError] = ModelError) -> Any:
    """Return what a YAML text holds.

    Parameters
    ----------
    text : str
    label : str
        What the text is called in errors.
    error : type of NadfluxError
        What to raise for a text that is no YAML, is nested too deep, or stands for too much through its aliases.
    """
    import yaml

    # the reader in C, where it was built, takes a tenth of the time
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        check_size(text, label, error)
        return yaml.load(text, Loader=loader)
    except (yaml.constructor.ConstructorError, *NO_VALUE):
        return _with_lines(text, label, error)
    except yaml.YAMLError as problem:
        raise error(f"{label} is not valid YAML: {' '.join(str(problem).split())}") from problem


def _with_lines(text: str, label: str, error: type[NadfluxError]) -> Any:
    """Build the content of a text slowly, to name the line of a value that cannot be built, such as 2024-13-45."""
    import yaml

    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
    except yaml.YAMLError as problem:
        raise error(f"{label} is not valid YAML: {' '.join(str(problem).split())}") from problem
    return None if root is None else construct(loader, root, label, error)


def check_size(text: str, label: str, error: type[NadfluxError] = ModelError) -> None:
    """Refuse a YAML text that is too deep, or whose aliases stand for too many values, before it is built.

    Parameters
    ----------
    text, label, error
        As for `parse_yaml`, whose errors of these kinds it raises, and those of the YAML reader itself.
    """
    import yaml

    brackets = text.count("[") + text.count("{")
    if "&" not in text and brackets < DEEPEST and not _DEEP_BLOCKS.search(text):
        return  # it can neither be deep nor stand for more than it holds
    sizes: dict[str | None, int] = {}
    open_parts: list[tuple[str | None, int]] = []
    total = 0
    # each event counts one value, an alias as many as it stands for
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        place = f"{label}:{event.start_mark.line + 1 if event.start_mark else 1}"
        if isinstance(event, yaml.CollectionStartEvent):
            open_parts.append((event.anchor, total))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_parts.pop()
            sizes[anchor] = total - before
        if isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in open_parts):
                raise error(f"{place}: {event.anchor!r} stands within itself; write what it stands for")
            total += sizes.get(event.anchor, 1)
        elif isinstance(event, yaml.NodeEvent):
            total += 1
        if len(open_parts) > DEEPEST:
            raise error(f"{place}: nested deeper than {DEEPEST} levels; flatten it")
        if total > MOST_VALUES:
            raise error(f"{place}: more than {MOST_VALUES} values, counting what aliases (*) stand for; use fewer")
