"""Folders of a posterior and of a saved run, and the edits that damage them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from documents import ODD_VALUES, pick_value
from grammar import pick


def posterior_edits(rng: Random) -> str:
    """Return edits, as JSON, that damage a posterior folder."""
    return json.dumps([_edit(rng, _POSTERIOR) for _ in range(1 + rng.randrange(2))])


def run_edits(rng: Random) -> str:
    """Return edits, as JSON, that damage the folder of a saved run."""
    return json.dumps([_edit(rng, _RUN) for _ in range(1 + rng.randrange(2))])


def apply_edits(folder: Path, edits: Sequence[Sequence[Any]]) -> None:
    """Make the edits in a folder; one whose place is gone does nothing."""
    for how, file, *rest in edits:
        with contextlib.suppress(OSError, KeyError, IndexError, TypeError, ValueError, RecursionError):
            _apply(folder / file, how, *rest)


_ABOUT = ("attributes", "attributes.schema", "zarr_format", "node_type")
_ARRAY = (
    "shape", "shape.0", "data_type", "codecs", "codecs.0", "codecs.0.name", "codecs.0.configuration", "chunk_grid",
    "chunk_grid.configuration.chunk_shape", "fill_value", "dimension_names", "attributes", "node_type",
)  # fmt: skip
_QUANTITY = (*_ARRAY, *(f"attributes.{name}" for name in ("units", "kind", "tier", "long_name", "matrix")))
_POSTERIOR = {
    "zarr.json": (
        *_ABOUT, "attributes.version", "attributes.names", "attributes.names.0", "attributes.units",
        "attributes.units.1", "attributes.model_hash", "attributes.record", "attributes.record.studies",
        "attributes.record.parameters", "attributes.record.rows", "attributes.record.rows.0",
        "attributes.record.rows.0.row", "attributes.record.rows.0.kind", "attributes.record.rows.0.observables",
        "attributes.record.rows.0.ways", "attributes.record.parameters.*", "attributes.record.parameters.*.shrinkage",
        "attributes.record.parameters.*.posterior", "attributes.record.parameters.*.informed_by",
        "attributes.record.left_out", "attributes.record.measurement", "attributes.without", "attributes.without.S",
    ),
    "values/zarr.json": _ARRAY,
    "values/c/0/0": (),
    "without/zarr.json": _ARRAY,
    "without/c/0/0": (),
}  # fmt: skip
_RUN = {
    "zarr.json": (
        *_ABOUT,
        *(f"attributes.{name}" for name in ("quantities", "record", "failures", "notes", "note_codes")),
    ),
    "whole_blood_nad/zarr.json": _QUANTITY,
    "whole_blood_nad/c/0/0": (),
    "time/zarr.json": _ARRAY,
    "time/c/0": (),
    "person/zarr.json": _ARRAY,
}
_TEXTS = ("", "{}", "[]", "null", "3", "\udcff\udcfe", "{" * 3000, "[" * 100_000, '{"a":}')
_VALUES = (
    *ODD_VALUES, "[]", "{}", "null", "[1]", '{"a": 1}', "[[1]]", '["no_such"]', [2, 2], 1e30, -5, "int8", "float32",
    "object", ["a", "b"], {"name": "gzip"}, [{"name": "bytes"}, {"name": "zstd"}], [10**12, 10**12], "é", {"P": None},
    {"S": -3},
)  # fmt: skip


def _edit(rng: Random, files: Mapping[str, Sequence[str]]) -> list[Any]:
    """One edit: its way, the file, and what the way needs."""
    file = pick(rng, tuple(files))
    way = ("remove", "cut", "write", "byte", "set", "set", "set", "set", "set", "set")[rng.randrange(10)]
    if way == "cut":
        return [way, file, rng.randrange(60)]
    if way == "write":
        return [way, file, pick(rng, _TEXTS)]
    if way == "byte":
        return [way, file, rng.randrange(200), rng.randrange(256)]
    if way == "set" and files[file]:
        return [way, file, pick(rng, files[file]), pick_value(rng, _VALUES)]
    return ["remove", file]


def _apply(path: Path, how: str, *rest: Any) -> None:
    if how == "remove":
        path.unlink()
    elif how == "cut":
        path.write_bytes(path.read_bytes()[: int(rest[0])])
    elif how == "write":
        path.write_bytes(rest[0].encode("utf-8", "surrogateescape"))
    elif how == "byte":
        content = bytearray(path.read_bytes())
        if content:  # an earlier edit may have left none
            content[rest[0] % len(content)] = rest[1]
        path.write_bytes(bytes(content))
    elif how == "set":
        document = json.loads(path.read_text(encoding="utf-8"))
        parent, parts = document, rest[0].split(".")
        for depth, part in enumerate(parts):
            key: Any = int(part) if isinstance(parent, list) else next(iter(parent)) if part == "*" else part
            if depth == len(parts) - 1:
                parent[key] = rest[1]
            else:
                parent = parent[key]
        path.write_text(json.dumps(document), encoding="utf-8")
