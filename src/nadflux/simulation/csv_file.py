"""A long table as CSV that grows by people, as `pandas.DataFrame.to_csv` writes it, and several times as fast."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nadflux.interruptions import uninterrupted
from nadflux.simulation.long_table import columns_of, said_of

if TYPE_CHECKING:
    from nadflux.simulation.run import Run

AT_ONCE = 2**18
"""Rows, about, whose numbers are in memory at once."""


class CsvFile:
    """A long table on its way to disk.

    Parameters
    ----------
    path : Path
        An existing, empty file.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._columns: tuple[str, ...] = ()
        self.people = 0

    def add(self, run: Run) -> None:
        """Append the people of a run, all of them unless somebody asks a second time to stop."""
        if not self._columns:
            self._columns = columns_of(run)
            self._file.write(_line(self._columns))
        most = max(1, AT_ONCE // (run.times.size * len(run.quantities)))
        with uninterrupted() as waiting:
            for first in range(0, run.persons, most):
                for lines in _people(run, slice(first, first + most), self.people):
                    self._file.write(lines)
                    self._file.flush()
                    self.people += 1  # whole on disk, whatever becomes of the next
                    if waiting.urgent:
                        return

    def close(self, run: Run, part: str = "") -> None:
        """End the file; of a part, with a row that marks it: its quantity is *part*, its label names the whole.

        The row has a value in no column of numbers, so that every reader of the table reads it too.
        """
        del run
        if part:
            said = {"quantity": "part", "label": part, "kind": "note"}
            self._file.write(_line(said.get(column, "") for column in self._columns))
        self._file.close()

    def abandon(self) -> None:
        """End the file as it is."""
        with contextlib.suppress(OSError):  # what could not be written is given up
            self._file.close()


def _people(run: Run, some: slice, first: int) -> Iterator[str]:
    """Yield the lines of each of some people, who are numbered from ``first`` on."""
    said = [_line(said_of(quantity, run).values()).removesuffix(os.linesep) for quantity in run.quantities]
    heads = [f"{time!r},{words}," for words in said for time in run.times.tolist()]
    without = itertools.repeat(None) if run.counterfactual_pieces is None else run.counterfactual_pieces.people(some)
    for number, (values, others) in enumerate(zip(run.pieces.people(some), without, strict=False)):
        ends = [_number(value) for value in values.ravel().tolist()]
        if others is not None:
            ends = [f"{end},{_number(value)}" for end, value in zip(ends, others.ravel().tolist(), strict=True)]
        yield "".join(f"{first + number},{h}{e}{os.linesep}" for h, e in zip(heads, ends, strict=True))


def _number(value: float) -> str:
    return repr(value) if value == value else ""


def _line(words: Iterable[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator=os.linesep).writerow(words)
    return line.getvalue()
