"""Options of the form NAME=VALUE."""

from __future__ import annotations

from collections.abc import Sequence

from nadflux.errors import ValueOutOfRangeError


def pairs(words: Sequence[str], option: str, example: str) -> dict[str, str]:
    """``["a=1", "b=2 µM"]`` as a mapping; raises ValueOutOfRangeError for a word without ``=`` or a repeated name."""
    result: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        name, value = name.strip(), value.strip().strip("\"'")
        if not (equals and name and value):
            raise ValueOutOfRangeError(f"{option} {word!r} is not NAME=VALUE; write e.g. {option} {example}")
        if name in result:
            raise ValueOutOfRangeError(f"{option} {name} is given twice; give it once")
        result[name] = value
    return result
