"""YAML files of the biology, each a mapping with parts that must be there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nadflux.errors import ModelError, NadfluxError


def read_yaml(file: Path, parts: Sequence[str], error: type[NadfluxError] = ModelError) -> dict[str, Any]:
    """Content of a YAML file that holds a mapping.

    Parameters
    ----------
    file : Path
    parts : sequence of str
        Names that it must hold.
    error : type of NadfluxError
        What to raise where the file cannot be read, is no YAML or lacks a part.
    """
    import yaml

    try:
        # the reader in C, where it was built, takes a tenth of the time
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)
    except OSError as problem:
        raise error(f"cannot read {file}: {problem.strerror}") from problem
    except (UnicodeDecodeError, yaml.YAMLError) as problem:
        raise error(f"{file} is not valid YAML: {' '.join(str(problem).split())}") from problem
    if not isinstance(content, dict) or not content.keys() >= set(parts):
        words = " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else parts[0]
        raise error(f"{file} must name {words}")
    return content
