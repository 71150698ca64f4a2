"""Answers of one source tree: every question asked in one process, every number kept with all its bits.

Run by `golden.py` as ``python _golden_answers.py SIDE ANSWERS NAME...`` with the tree's ``src`` on ``PYTHONPATH``.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import io
import json
import pickle
import shlex
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from _golden_questions import CALLS, COMMANDS, MODEL

Answer = dict[str, np.ndarray] | str
"""Numbers (float64, any shape) by path; or why there are none."""

NOT_COMPARED = ("record", "version", "versions")
"""Keys of JSON that say how a number was made, not what it is."""
ROW_NAMES = (
    "id", "name", "study", "arm", "condition", "state", "organ", "compound", "route", "row", "input", "switch",
    "option", "observable", "at",
)  # fmt: skip
"""Keys of JSON that name a row of a list."""


def numbers_of(document: Any, path: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """Give every number of a JSON document or result by its path; rows of a list go by their names, not their places.

    Words and nulls are left out. A list of numbers is one array, where null is NaN.
    """
    document = _plain(document)
    if _is_number(document):
        yield path, _doubles([document])
    elif isinstance(document, np.ndarray) and document.dtype.kind in "biuf":
        yield path, _doubles(document)
    elif isinstance(document, dict):
        for key, value in document.items():
            if key not in NOT_COMPARED:
                yield from numbers_of(value, f"{path}/{key}")
    elif isinstance(document, list) and any(map(_is_number, document)):
        yield path, _doubles([item if _is_number(item) else np.nan for item in document])
    elif isinstance(document, list):
        rows = list(map(_plain, document))
        for label, row in zip(_labels(rows), rows, strict=True):
            yield from numbers_of(row, f"{path}/{label}")


def answer_all(side: Path, names: Sequence[str]) -> dict[str, Answer]:
    """Ask the named questions of the package on the path, which must be that of ``side``."""
    import nadflux

    if not Path(nadflux.__file__).resolve().is_relative_to(side.resolve()):
        raise SystemExit(f"nadflux is imported from {nadflux.__file__}, not from {side}; unset what puts it there")
    main = _entry_point(side)
    lines = dict(COMMANDS)
    answers: dict[str, Answer] = {}
    for number, name in enumerate(names, 1):
        started = time.perf_counter()
        try:
            answers[name] = (
                _numbers_of_result(CALLS[name](nadflux)) if name in CALLS else _command(main, lines[name], side)
            )
        except Exception as error:
            answers[name] = f"{type(error).__name__}: {error}"
        seconds = time.perf_counter() - started
        print(f"{side.name}: {number}/{len(names)} {name} {seconds:.1f} s", file=sys.stderr, flush=True)
    return answers


def _is_number(value: Any) -> bool:
    return isinstance(value, bool | int | float)


def _plain(value: Any) -> Any:
    """Return a dataclass as the dict of its fields, a tuple as a list, anything else as it is."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return list(value) if isinstance(value, tuple) else value


def _labels(rows: list[Any]) -> Iterator[str]:
    """Yield a name for every row: the second of one name is marked #2, and a row without names has its place."""
    seen: dict[str, int] = {}
    for place, row in enumerate(rows):
        named = [str(row[key]) for key in ROW_NAMES if row.get(key) is not None] if isinstance(row, dict) else []
        label = " ".join(named) or str(place)
        seen[label] = seen.get(label, 0) + 1
        yield label if seen[label] == 1 else f"{label} #{seen[label]}"


def _entry_point(side: Path) -> Any:
    """Return the function behind the command `nadflux`, as the tree itself declares it."""
    project = tomllib.loads((side / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, function = project["scripts"]["nadflux"].partition(":")
    return getattr(importlib.import_module(module), function)


def _command(main: Any, line: str, side: Path) -> Answer:
    """Return the numbers that a command prints as JSON and writes to files."""
    with tempfile.TemporaryDirectory(prefix="golden-") as folder:
        Path(folder, "model.ant").write_text(MODEL, encoding="utf-8")
        found: dict[str, np.ndarray] = {}
        for command in line.split(" && "):
            words = [word.format(side=side, folder=folder) for word in shlex.split(command)]
            printed = _printed(main, words)
            if "--json" in words:
                found |= numbers_of(json.loads(printed))
        for file in sorted(Path(folder).iterdir()):
            found |= {f"{file.name}/{column}": values for column, values in _columns(file)}
        return found


def _printed(main: Any, words: list[str]) -> str:
    """Run a command and return what it prints; raises RuntimeError where it fails."""
    printed, complaints = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complaints):
        code = _exit_code(main, words)
    # A check of the model that somebody fails prints its results and ends with 1.
    if code not in (0, 1) or (code == 1 and not printed.getvalue().startswith(("{", "["))):
        raise RuntimeError(f"exit code {code}: {complaints.getvalue().strip()}")
    return printed.getvalue()


def _exit_code(main: Any, words: list[str]) -> int:
    try:
        main(words)
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def _columns(file: Path) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the numbers of a file by column: a table, or a zarr store array by array; nothing of other files."""
    import pyarrow.csv
    import pyarrow.parquet
    import zarr

    if file.suffix == ".zarr":
        arrays = zarr.open_group(file, mode="r").arrays()
        yield from ((name, _doubles(array[...])) for name, array in arrays if array.dtype.kind in "biuf")
    elif file.suffix in (".csv", ".parquet"):
        read = pyarrow.csv.read_csv if file.suffix == ".csv" else pyarrow.parquet.read_table
        table = read(file).to_pandas()
        yield from ((str(column), _doubles(table[column])) for column in table.select_dtypes("number"))


def _numbers_of_result(result: Any) -> Answer:
    """Return the variables of a Run, or the fields of another result."""
    if hasattr(result, "data"):
        return {str(name): _doubles(values) for name, values in result.data.variables.items()}
    return dict(numbers_of(result))


def _doubles(values: Any) -> np.ndarray:
    return np.ascontiguousarray(values, dtype=np.float64)


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(pickle.dumps(answer_all(Path(sys.argv[1]), sys.argv[3:])))
