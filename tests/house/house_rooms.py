"""The rooms of the repository, and those whose words and docstrings nobody has gone through yet."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "nadflux"

# Folders of the package, such as "sbml". It stays empty.
NOT_SWEPT: tuple[str, ...] = ()


def swept(path: Path) -> bool:
    """Tell whether a file belongs to a room that has been gone through."""
    inside = path.relative_to(SOURCE).parts if path.is_relative_to(SOURCE) else ()
    return not (inside and inside[0] in NOT_SWEPT)


def module_swept(name: str) -> bool:
    """Tell the same of a module by its dotted name."""
    return not (name.count(".") and name.split(".")[1] in NOT_SWEPT)
