"""Paths of figures, and writing that keeps an earlier file until the figure is complete."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nadflux.errors import SimulationError
from nadflux.files import check_place, replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ENDINGS = (".png", ".svg", ".pdf")


def check_figure_path(path: str) -> None:
    """Check that a figure can be written to a path, before a long run rather than after.

    Raises
    ------
    SimulationError
        For an ending that no figure has, or a place where no file can be written.
    NadfluxError
        Where matplotlib is not installed.
    """
    target = Path(path)
    if target.suffix.lower() not in ENDINGS:
        raise SimulationError(f"cannot draw {target.name!r}: name it *{', *'.join(ENDINGS)}")
    check_place(path)


def save_figure(figure: Figure, path: str | Path, dpi: int = 160) -> None:
    """Write a figure atomically, in the format of the name's ending.

    Raises
    ------
    SimulationError
        If the file cannot be written.
    """
    target = Path(path)
    try:
        with replacing(target) as part:
            figure.savefig(part, dpi=dpi, format=target.suffix.removeprefix(".").lower())
    except OSError as error:
        raise SimulationError(f"cannot write {str(path)!r}: {error.strerror or error}") from error
