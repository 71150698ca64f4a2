"""Place of the biology: the shipped texts and tables, or a folder of the user's own."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

CHOSEN_BY = "NADFLUX_BIOLOGY"
"""Environment variable with the folder of another biology; read once, when the biology is first asked for."""
SHIPPED_BIOLOGY = Path(__file__).resolve().parent / "biology"
"""Folder of the texts and tables that come with nadflux."""
BIOLOGY: Path
"""Folder of texts and tables in use."""


def __getattr__(name: str) -> Path:
    if name != "BIOLOGY":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    chosen = os.environ.get(CHOSEN_BY)
    folder = Path(chosen).expanduser().resolve() if chosen else SHIPPED_BIOLOGY
    globals()["BIOLOGY"] = folder
    return folder


def file_hash(folder: Path, patterns: tuple[str, ...], leave_out: tuple[str, ...] = ()) -> str:
    """Return SHA-256 over the files of a folder that match, names and contents, in the order of the patterns.

    Parameters
    ----------
    folder : Path
    patterns : tuple of str
        As of `pathlib.Path.rglob`; a pattern that nothing matches is ignored.
    leave_out : tuple of str
        Beginnings of paths below the folder.
    """
    digest = hashlib.sha256()
    for pattern in patterns:
        for file in sorted(folder.rglob(pattern)):
            name = file.relative_to(folder).as_posix()
            if name.startswith(leave_out):
                continue
            digest.update(name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def version_text(version: str) -> str:
    """Return the version with hashes of the texts and tables in use."""
    chosen = __getattr__("BIOLOGY")
    texts, tables = (file_hash(chosen, kinds)[:12] for kinds in (("*.ant", "*.yaml"), ("*.csv",)))
    own = "" if chosen == SHIPPED_BIOLOGY else f" of {chosen}"
    return f"nadflux {version}\nbiology{own}: texts {texts}, tables {tables} (SHA-256)"
