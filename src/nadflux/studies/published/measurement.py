"""The measurement model: repeat error, the scale of a laboratory, loss on freezing; and what nothing explains.

The numbers are in ``biology/measurement/assays.csv`` and ``unexplained.csv``, with the columns of every parameter
table; ``organ`` is the matrix there. A row for ``all`` applies to every matrix without a row of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nadflux.errors import UnknownNameError
from nadflux.network.tables import ParameterRow, ParameterTable, read_parameters
from nadflux.people.normal import Z95
from nadflux.shipped import BIOLOGY
from nadflux.studies.published.unexplained import Unexplained


@dataclass(frozen=True)
class Measurement:
    """Assay errors by matrix, as standard deviations of the natural logarithm.

    Attributes
    ----------
    table : ParameterTable
    unexplained : Unexplained, optional
        Heterogeneity between studies and discrepancy of the model; None adds neither.
    """

    table: ParameterTable
    unexplained: Unexplained | None = None

    def repeat_sd(self, matrix: str) -> float:
        """Return the log standard deviation of one measurement within a laboratory."""
        return math.sqrt(math.log1p(self._row("repeat.cv", matrix).value ** 2))

    def laboratory_sd(self, matrix: str) -> float:
        """Return the log standard deviation of laboratories' scales, for absolute figures."""
        row = self._row("laboratory.scale", matrix)
        return math.log(row.high / row.low) / (2 * Z95)

    def retained(self, matrix: str, storage: str) -> float:
        """Return the fraction of NAD+ left after storage (1 for fresh samples)."""
        return 1.0 if storage == "fresh" else self.loss(matrix, storage).value

    def retained_sd(self, matrix: str, storage: str) -> float:
        """Return the log standard deviation of the fraction left after storage."""
        if storage == "fresh":
            return 0.0
        row = self.loss(matrix, storage)
        return math.log(row.high / row.low) / (2 * Z95)

    def loss(self, matrix: str, storage: str) -> ParameterRow:
        """Return the row of the fraction left after storage; raises `UnknownNameError`."""
        return self._row(f"storage.retained {storage}", matrix)

    def fitted(self, record: Mapping[str, Any]) -> Measurement:
        """Return the model with a posterior's ``record`` applied: losses in storage, and what is not explained."""
        losses: Mapping[str, Sequence[float]] = record.get("measurement", {})
        rows = []
        for row in self.table:
            if row.key in losses:
                low, value, high = losses[row.key]
                row = replace(row, low=low, value=value, high=high, tier="fitted")
            rows.append(row)
        return Measurement(replace(self.table, rows=tuple(rows)), Unexplained.of(record, self.table))

    def of_study_in_view(self) -> Measurement:
        """Return the model for a study that was in view while the structure was built."""
        found = self.unexplained
        return self if found is None else replace(self, unexplained=found.of_study_in_view())

    def _row(self, name: str, matrix: str) -> ParameterRow:
        by_matrix = {row.organ.casefold(): row for row in self.table if row.name == name}
        row = by_matrix.get(matrix.casefold(), by_matrix.get("all"))
        if row is None:
            raise UnknownNameError(f"row {name!r} of the assay table for matrix", matrix, by_matrix)
        return row


def read_measurement(folder: Path | None = None) -> Measurement:
    """Read the measurement model of ``biology/measurement`` (or another folder); raises `TableError`."""
    table = read_parameters(folder or BIOLOGY / "measurement")
    return Measurement(table, Unexplained.prior(table))
