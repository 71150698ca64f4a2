"""Fields of stored files, each checked as it is read: an error names file, field and value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nadflux.errors import RecordMismatchError, shortened

_LARGEST = 1e300
_MISSING = object()


@dataclass(frozen=True)
class StoredFields:
    """A mapping of a file.

    Attributes
    ----------
    content : mapping
    place : str
        File and field at which it stands, for messages.
    remedy : str
        What to do where a field is wrong.
    """

    content: Mapping[str, Any]
    place: str
    remedy: str

    def mapping(self, name: str, optional: bool = False) -> StoredFields:
        """Return the mapping of that name; an empty one where it is optional and missing."""
        found = self._found(name, {} if optional else _MISSING)
        if not isinstance(found, Mapping):
            raise self.wrong(name, found, "a mapping")
        return StoredFields(found, f"{self.place}.{name}", self.remedy)

    def word(self, name: str) -> str:
        """Return the text of that name."""
        found = self._found(name)
        if not isinstance(found, str) or not found:
            raise self.wrong(name, found, "a text")
        return found

    def words(self, name: str, optional: bool = False) -> tuple[str, ...]:
        """Return the list of texts of that name; none where it is optional and missing."""
        found = self._found(name, [] if optional else _MISSING)
        if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
            raise self.wrong(name, found, "a list of texts")
        return tuple(found)

    def rows(self, name: str) -> list[StoredFields]:
        """Return the list of mappings of that name; none where it is missing."""
        found = self._found(name, [])
        if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
            raise self.wrong(name, found, "a list of mappings")
        return [StoredFields(row, f"{self.place}.{name}[{k}]", self.remedy) for k, row in enumerate(found)]

    def number(self, name: str, optional: bool = False) -> float:
        """Return the finite number of that name; 0 where it is optional and missing."""
        found = self._found(name, 0.0 if optional else _MISSING)
        if not is_number(found):
            raise self.wrong(name, found, "a finite number")
        return float(found)

    def numbers(self, name: str, count: int) -> list[float]:
        """Return the list of so many finite numbers of that name."""
        found = self._found(name)
        if not isinstance(found, list) or len(found) != count or not all(map(is_number, found)):
            raise self.wrong(name, found, f"a list of {count} finite numbers")
        return found

    def json(self, name: str) -> Any:
        """Return what the JSON in the text of that name holds."""
        try:
            return json.loads(self.word(name))
        except (ValueError, RecursionError) as error:
            raise self.wrong(name, self.content[name], "JSON") from error

    def wrong(self, name: str, found: object, wanted: str) -> RecordMismatchError:
        """Return what to raise for a field that is something else than wanted."""
        shown = shortened(found, 60)
        return RecordMismatchError(f"{self.place}.{name} is {shown}, not {wanted}; {self.remedy}")

    def _found(self, name: str, default: object = _MISSING) -> Any:
        found = self.content.get(name, default)
        if found is _MISSING:
            raise RecordMismatchError(f"{self.place}.{name} is missing; {self.remedy}")
        return found


def read_json(file: Path, what: str) -> Mapping[str, Any]:
    """Read a JSON file that holds a mapping.

    Parameters
    ----------
    file : Path
    what : str
        What the file should be, such as ``posterior file of nadflux``.

    Raises
    ------
    FileNotFoundError
        Where it is missing.
    RecordMismatchError
        Where it cannot be read, is no JSON or holds something else.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise
    except NotADirectoryError as error:
        raise RecordMismatchError(f"{file.parent} is no {what}: it is no folder") from error
    except OSError as error:
        raise RecordMismatchError(f"{file} cannot be read: {error.strerror}; make it accessible") from error
    except (ValueError, RecursionError) as error:
        raise RecordMismatchError(f"{file} is no {what}: its JSON is damaged") from error
    if not isinstance(content, dict):
        raise RecordMismatchError(f"{file} is no {what}: it holds no mapping")
    return content


def is_number(value: object) -> bool:
    """Tell whether a value of a JSON file is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST
