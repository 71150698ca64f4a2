"""Runs on disk: zarr that reads back bit for bit, and long tables for other tools; whole, or people by people."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from nadflux.errors import NadfluxError, RecordMismatchError, SimulationError
from nadflux.files import Part, check_place, naming

if TYPE_CHECKING:
    from nadflux.simulation.run import Run

_ENDINGS = (".zarr", ".csv", ".parquet")


class RunFile:
    """A run on its way to disk: people are in a part file beside the target as they are added.

    In a ``with`` statement, what has neither been finished nor kept at its end is removed.

    Parameters
    ----------
    path : str
        Target, which keeps what it holds until the run is finished.
    wanted : int
        Number of people that will be added.

    Raises
    ------
    SimulationError
        Where nothing can or should be written.
    OSError
        Where the system does not let anything be written.
    """

    def __init__(self, path: str, wanted: int) -> None:
        check_ending(path)
        self._target, self.wanted = Path(path), wanted
        self._torn = False
        self._begin()

    def __enter__(self) -> RunFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._content.abandon()
        self._part.discard()

    @property
    def people(self) -> int:
        """People that are written."""
        return self._content.people

    def add(self, run: Run) -> None:
        """Write the people of a run after those already written; Ctrl-C waits until they are written."""
        for some in run.apart():
            try:
                with naming(self._target):
                    self._content.add(some)
            except Exception:
                self._torn = True
                raise

    def finish(self, run: Run) -> None:
        """Write the attributes of the run of all who were added, and give the file the target's name."""
        try:
            with naming(self._target):
                self._content.close(run)
        except Exception:
            self._torn = True
            raise
        self._part.finish()

    def keep(self, run: Run, why: str = "interrupted") -> Path | None:
        """End the file as a part, marked in its name and inside, even where no more can be written.

        Parameters
        ----------
        run : Run
            Of the people who were added.
        why : str
            The reason for which it ended.

        Returns
        -------
        Path or None
            Its path: ``x.part.csv`` for ``x.csv``. None where nobody is written.
        """
        people = self.people
        if self._torn:
            people = self._again(run, people)
        if not people:
            return None
        run = _first_of(run, people)
        with naming(self._target):
            self._content.close(run, part=f"{people} of {self.wanted} people, {why}: a part of what was asked for")
        return self._part.keep()

    def _begin(self) -> None:
        self._part = Part(self._target)
        self._content = _content(self._part.path, self._target, self.wanted)

    def _again(self, run: Run, people: int) -> int:
        """Write again, where a file is torn, the people who were complete in it: there is room for these."""
        self._content.abandon()
        self._part.discard()
        self._begin()
        self._torn = False
        if people:
            self.add(_first_of(run, people))
        return people


class _Content(Protocol):
    """A file of some format."""

    people: int

    def add(self, run: Run) -> None: ...

    def close(self, run: Run, part: str = "") -> None: ...

    def abandon(self) -> None: ...


def check_ending(path: str) -> None:
    """Raise `SimulationError` for a path that ``save`` would refuse: before a long run, not after it."""
    target = Path(path)
    if target.suffix not in _ENDINGS:
        raise SimulationError(f"cannot write {target.name!r}: name it *{', *'.join(_ENDINGS)}")
    check_place(path)
    root = target / "zarr.json"
    if root.is_file() and '"quantities"' not in root.read_text(encoding="utf-8"):
        raise SimulationError(f"cannot write {path!r}: it holds something else than a run; choose another name")


def save(run: Run, path: str) -> None:
    """Write a run; a zarr store is read back and compared, names and bits, before it replaces a former one."""
    with RunFile(path, run.persons) as file:
        file.add(run)
        file.finish(run)


def load(path: str) -> Run:
    """Read a run written as zarr; raise `SimulationError` without one, `RecordMismatchError` for a damaged one."""
    import xarray as xr

    from nadflux.simulation.check_stored import check_stored
    from nadflux.simulation.dataset import SCHEMA, from_dataset
    from nadflux.simulation.stored_digest import check_digests

    if not Path(path).is_dir():
        raise SimulationError(f"no run at {path!r}; `save` and `--out` write one as a .zarr folder")
    check_stored(Path(path), SCHEMA)
    try:
        with xr.open_zarr(path, consolidated=False) as data:
            data.load()
            check_digests(data, Path(path))
            return from_dataset(data)
    except NadfluxError:
        raise
    except Exception as error:  # zarr and the codecs raise whatever their libraries do
        raise RecordMismatchError(f"{path} is damaged, its numbers cannot be read; simulate it again") from error


def _first_of(run: Run, people: int) -> Run:
    """Return the run of so many people; its record names them as it named all."""
    if people == run.persons:
        return run
    record = dict(run.record)
    if "people" in record:
        named = list(record["people"])[:people]
        record |= {"people": named, "persons": people, "scenario": {**record["scenario"], "people": named}}
    return next(run.apart(people)).changed(record=record)


def _content(part: Path, target: Path, wanted: int) -> _Content:
    """Return an empty file of the format of the target's ending."""
    if target.suffix == ".csv":
        from nadflux.simulation.csv_file import CsvFile

        return CsvFile(part)
    if target.suffix == ".parquet":
        from nadflux.simulation.parquet_file import ParquetFile

        return ParquetFile(part)
    from nadflux.simulation.zarr_file import ZarrFile

    return ZarrFile(part, target.name, wanted)
