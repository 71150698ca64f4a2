"""Places in the text of the biology: the file and line that define a quantity of a body."""

from __future__ import annotations

import re
from pathlib import Path

from nadflux.network.names import to_id

MOST_PLACES = 3


def places_of(folder: Path, name: str) -> list[str]:
    """Return where a quantity of a body is defined, such as ``cell/nad.ant, line 33``; empty where it is not found.

    Parameters
    ----------
    folder : Path
        Folder of the biology.
    name : str
        Of the body, ``liver.NAMPT`` or ``liver__NAMPT``; the text of a module has it without the organ.
    """
    identifier = to_id(name)
    local = identifier.partition("__")[2]
    # a capacity or flux that follows from a reaction has the place of the reaction
    for wanted in filter(None, (local, identifier, local.rpartition("__")[0])):
        found = _defined(folder, wanted)
        if found:
            return found[:MOST_PLACES]
    return []


def _defined(folder: Path, name: str) -> list[str]:
    pattern = re.compile(rf"^[ \t]*(?:\w+\s+)?{re.escape(name)}\s*(?::=|:(?!=)|'?\s*=)", re.MULTILINE)
    found = []
    for file in sorted(folder.rglob("*.ant")):
        text = file.read_text(encoding="utf-8", errors="replace")
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start() + len(match.group()) - len(match.group().lstrip())) + 1
            found.append(f"{file.relative_to(folder).as_posix()}, line {line}")
    return found
