"""What an instrument adds to the truth: repeat error, the scale of a laboratory, loss on freezing.

The numbers stand in ``biology/measurement/assays.csv``, with the columns of every parameter table;
``organ`` holds the matrix there. A row for ``all`` serves every matrix without one of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from nadflux.errors import UnknownNameError
from nadflux.network.tables import ParameterRow, ParameterTable, read_parameters

Z95 = 1.6448536269514722


@dataclass(frozen=True)
class Measurement:
    """Assay errors by matrix, as standard deviations of the natural logarithm."""

    table: ParameterTable

    def repeat_sd(self, matrix: str) -> float:
        """Log standard deviation of one measurement within a laboratory."""
        return math.sqrt(math.log1p(self._row("repeat.cv", matrix).value ** 2))

    def laboratory_sd(self, matrix: str) -> float:
        """Log standard deviation of one laboratory's scale against another's; for absolute figures."""
        row = self._row("laboratory.scale", matrix)
        return math.log(row.high / row.low) / (2 * Z95)

    def retained(self, matrix: str, storage: str) -> float:
        """Fraction of NAD+ left after storage (1 for fresh samples)."""
        return 1.0 if storage == "fresh" else self._row(f"storage.retained {storage}", matrix).value

    def retained_sd(self, matrix: str, storage: str) -> float:
        """Log standard deviation of that fraction."""
        if storage == "fresh":
            return 0.0
        row = self._row(f"storage.retained {storage}", matrix)
        return math.log(row.high / row.low) / (2 * Z95)

    def _row(self, name: str, matrix: str) -> ParameterRow:
        by_matrix = {row.organ.casefold(): row for row in self.table if row.name == name}
        row = by_matrix.get(matrix.casefold(), by_matrix.get("all"))
        if row is None:
            raise UnknownNameError(f"row {name!r} of the assay table for matrix", matrix, by_matrix)
        return row


def read_measurement(folder: Path | None = None) -> Measurement:
    """The measurement model of ``biology/measurement`` (or another folder); raises `TableError`."""
    return Measurement(read_parameters(folder or Path(__file__).parents[1] / "biology" / "measurement"))
