"""Where figures may be written."""

from __future__ import annotations

from pathlib import Path

from nadflux.errors import SimulationError
from nadflux.files import check_place

ENDINGS = (".png", ".svg", ".pdf")


def check_figure_path(path: str) -> None:
    """Raise NadfluxError for a path no figure can be written to: before a long run, not after it."""
    target = Path(path)
    if target.suffix.lower() not in ENDINGS:
        raise SimulationError(f"cannot draw {target.name!r}: name it *{', *'.join(ENDINGS)}")
    check_place(path)
