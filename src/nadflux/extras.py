"""Libraries that only some questions need, each with the extra that installs it."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from nadflux.errors import NadfluxError

_FIGURE = ("matplotlib", "plot", "a figure")
_OF_ENDING = {
    ".png": _FIGURE,
    ".svg": _FIGURE,
    ".pdf": _FIGURE,
    ".parquet": ("pyarrow", "parquet", "a parquet file"),
}
"""Library, extra and what is written, by the ending of a file."""


def check_library(path: str | os.PathLike[str]) -> None:
    """Check that the library which writes a file of this name is installed; it is not imported.

    Raises
    ------
    NadfluxError
        Where it is not; names the extra to install.
    """
    found = _OF_ENDING.get(Path(path).suffix.lower())
    if found is not None and importlib.util.find_spec(found[0]) is None:
        library, extra, what = found
        raise NadfluxError(f"{what} such as {Path(path).name!r} needs {library}: pip install 'nadflux[{extra}]'")
