"""What a run of an SBML model returns: a table of values over time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nadflux.errors import NadfluxError, UnknownNameError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class TimeCourse:
    """Values of named quantities at the requested times, in the model's own units.

    Attributes
    ----------
    times : ndarray, shape (time,)
    names : tuple of str
        ``S`` is what the id means in the model's formulas, ``[S]`` a concentration, ``amount(S)`` an amount.
    values : ndarray, shape (time, name)
    units : tuple of str
        Unit ids of the model, empty where it declares none.
    """

    times: np.ndarray
    names: tuple[str, ...]
    values: np.ndarray
    units: tuple[str, ...]

    def __getitem__(self, name: str) -> np.ndarray:
        """Values of one quantity, shape (time,)."""
        if name not in self.names:
            raise UnknownNameError("quantity", name, self.names)
        column: np.ndarray = self.values[:, self.names.index(name)]
        return column

    def frame(self) -> pd.DataFrame:
        """A table with a column ``time`` and one for each quantity."""
        import pandas as pd

        return pd.DataFrame({"time": self.times} | {n: self.values[:, i] for i, n in enumerate(self.names)})

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Writes CSV or parquet, by the ending of the name.

        Raises
        ------
        NadfluxError
            For another ending, or where the file cannot be written.
        """
        target = Path(path)
        frame = self.frame()
        try:
            if target.suffix == ".csv":
                frame.to_csv(target, index=False)
            elif target.suffix == ".parquet":
                frame.to_parquet(target, index=False)
            else:
                raise NadfluxError(f"cannot write {target.name!r}: end the name in .csv or .parquet")
        except OSError as error:
            raise NadfluxError(f"cannot write {str(target)!r}: {error.strerror or error}") from error
        return target
