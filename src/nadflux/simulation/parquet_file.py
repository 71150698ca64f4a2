"""A long table as parquet that grows by people, as `pandas.DataFrame.to_parquet` writes it, never whole in memory."""

from __future__ import annotations

import base64
import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nadflux.interruptions import uninterrupted
from nadflux.simulation.long_table import attributes_of, block_of

if TYPE_CHECKING:
    import pandas as pd

    from nadflux.simulation.run import Run

ROW_GROUP = 2**18
"""Rows that are written at once."""


class ParquetFile:
    """A long table on its way to disk.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Any = None
        self._schema: Any = None
        self._waiting: list[pd.DataFrame] = []
        self.people = self._written = 0

    def add(self, run: Run) -> None:
        """Append the people of a run; they are gathered into groups of rows, as each group costs a header."""
        size = max(1, ROW_GROUP // (run.times.size * len(run.quantities)))
        with uninterrupted():
            done = 0
            # People are taken up to the end of the current group of rows.
            while done < run.persons:
                end = min(done + size - self.people % size, run.persons)
                self._waiting.append(block_of(run, slice(done, end), self.people))
                self.people += end - done
                done = end
                if self.people % size == 0:
                    self._write()

    def close(self, run: Run, part: str = "") -> None:
        """End the file with the attributes of the run as metadata; of a part also under *part*."""
        if self._waiting:
            self._write()
        self._writer.add_key_value_metadata(self._metadata(run, part))
        self._writer.close()

    def abandon(self) -> None:
        """End the file as it is."""
        if self._writer is not None:
            with contextlib.suppress(OSError):  # what could not be written is given up
                self._writer.close()

    def _metadata(self, run: Run, part: str) -> dict[str, str | bytes]:
        """Return the metadata that pandas and pyarrow read; written last, when all is known."""
        said = {"part": part} if part else {}
        about = {"PANDAS_ATTRS": json.dumps({**attributes_of(run), **said})}
        schema = self._schema.with_metadata({**(self._schema.metadata or {}), **about})
        stored = {"ARROW:schema": base64.b64encode(schema.serialize())}
        return {**{key.decode(): value for key, value in schema.metadata.items()}, **stored, **said}

    def _write(self) -> None:
        import pandas as pd
        import pyarrow as arrow
        from pyarrow.parquet import ParquetWriter

        try:
            table = arrow.Table.from_pandas(pd.concat(self._waiting, ignore_index=True), preserve_index=False)
            if self._writer is None:
                self._schema = table.schema
                self._writer = ParquetWriter(self._path, table.schema, store_schema=False)
            self._writer.write_table(table)
        except Exception:
            self.people = self._written  # no more than these are known to have room
            raise
        self._waiting, self._written = [], self.people
