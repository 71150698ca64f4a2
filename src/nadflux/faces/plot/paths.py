"""Where figures may be written."""

from __future__ import annotations

from pathlib import Path

from nadflux.errors import SimulationError

ENDINGS = (".png", ".svg", ".pdf")


def check_figure_path(path: str) -> None:
    """Raise SimulationError for a path no figure can be written to: before a long run, not after it."""
    target = Path(path)
    if target.suffix.lower() not in ENDINGS:
        raise SimulationError(f"cannot draw {target.name!r}: name it *{', *'.join(ENDINGS)}")
    if not target.absolute().parent.is_dir():
        raise SimulationError(
            f"cannot write {path!r}: the folder {str(target.parent)!r} does not exist; create it first"
        )
