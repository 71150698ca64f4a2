"""Where figures may be written, and writing that keeps what stood there until the figure is whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nadflux.errors import SimulationError
from nadflux.files import check_place, replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ENDINGS = (".png", ".svg", ".pdf")


def check_figure_path(path: str) -> None:
    """Raise NadfluxError for a path no figure can be written to: before a long run, not after it."""
    target = Path(path)
    if target.suffix.lower() not in ENDINGS:
        raise SimulationError(f"cannot draw {target.name!r}: name it *{', *'.join(ENDINGS)}")
    check_place(path)


def save_figure(figure: Figure, path: str | Path, dpi: int = 160) -> None:
    """Write a figure in one move, in the format of the name's ending.

    Raises
    ------
    SimulationError
        Where the file cannot be written.
    """
    target = Path(path)
    try:
        with replacing(target) as part:
            figure.savefig(part, dpi=dpi, format=target.suffix.removeprefix(".").lower())
    except OSError as error:
        raise SimulationError(f"cannot write {str(path)!r}: {error.strerror or error}") from error
