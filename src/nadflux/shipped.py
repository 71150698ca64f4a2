"""Place of the biology: the shipped texts and tables, or a folder of the user's own."""

from __future__ import annotations

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
