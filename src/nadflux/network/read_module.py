"""One module of the biology, read with the units that all modules share.

The units are written once, in ``units.ant``. Antimony has no statement that shares units between models (those of an
imported model are renamed), so the reader puts the units that a module names into it, on its ``model`` line: line
numbers in messages stay right.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

from nadflux.errors import ModelError
from nadflux.network.model import Model, UnitFactor
from nadflux.shipped import BIOLOGY

UNITS = "units.ant"
"""File of the shared units, beside the specification of the bodies."""
_WORD = re.compile(r"[A-Za-z_]\w*")
_HEAD = re.compile(r"^[ \t]*model\b[^\n;/]*", re.MULTILINE)
_UNIT = re.compile(r"^[ \t]*(unit\s+(\w+)(?:(?!//)[^\n;])+?)[ \t]*(?://.*)?$", re.MULTILINE)
# units of the model itself, which no quantity has to name
_OF_MODEL = frozenset(("substance", "extent", "time_unit"))


def read_module(name: str, biology: Path | None = None) -> Model:
    """Read a module of the biology.

    Parameters
    ----------
    name : str
        Path below the biology, e.g. ``"cell/nad.ant"``.
    biology : Path, optional
        Folder of the biology; the shipped one by default.

    Returns
    -------
    Model
        With the units of ``units.ant`` that it names beside those it defines itself.

    Raises
    ------
    ModelError
        For a file that is missing, has no ``model`` line or is no valid Antimony.
    """
    folder = biology or BIOLOGY
    stamps = tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in (folder / name, folder / UNITS))
    return _read(name, folder, stamps)


def module_text(name: str, biology: Path | None = None) -> str:
    """Return a module with the shared units written into it: Antimony that any tool loads alone.

    Parameters
    ----------
    name : str
        Path below the biology, e.g. ``"cell/nad.ant"``.
    biology : Path, optional
        Folder of the biology; the shipped one by default.

    Raises
    ------
    ModelError
        For a file that cannot be read or has no ``model`` line.
    """
    folder = biology or BIOLOGY
    text = _text(folder / name)
    head = _HEAD.search(text)
    if head is None:
        raise ModelError(f"the module {name} has no line 'model NAME'; put its reactions between that and 'end'")
    shared = _UNIT.findall(_text(folder / UNITS)) if (folder / UNITS).is_file() else []
    named = _OF_MODEL | set(_WORD.findall(text))
    units = [line for line, unit in shared if unit in named]
    return "; ".join((text[: head.end()].rstrip(), *units)) + text[head.end() :]


def shared_units(biology: Path | None = None) -> dict[str, tuple[UnitFactor, ...]]:
    """Read the units that all modules share, by id; none where the biology has no ``units.ant``.

    Parameters
    ----------
    biology : Path, optional
        Folder of the biology; the shipped one by default.

    Raises
    ------
    ModelError
        For a file that is no valid Antimony.
    """
    from nadflux.network.read_antimony import read_antimony  # a body that is ready to run needs no reader

    file = (biology or BIOLOGY) / UNITS
    return dict(read_antimony(file).units) if file.is_file() else {}


@functools.lru_cache(maxsize=256)
def _read(name: str, folder: Path, stamps: tuple[int, ...]) -> Model:
    from nadflux.network.read_antimony import read_antimony

    text = module_text(name, folder)
    try:
        return read_antimony(text)
    except ModelError as error:
        raise ModelError(f"{name}: {error}") from error


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ModelError(f"cannot read the module {str(file)!r}: {reason}") from error
