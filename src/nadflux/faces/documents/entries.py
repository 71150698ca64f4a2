"""Parts of the model, as lists and for JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nadflux.faces.documents.columns import Column, document, fields
from nadflux.faces.documents.terminal import console, print_text
from nadflux.faces.labels import readable_unit
from nadflux.simulation.describe import Description
from nadflux.simulation.model_entries import Entry

_KINDS = {"derived": "derived parameter", "links": "contested link"}
_IN_A_PIPE = 160  # letters of a line

ENTRIES: tuple[Column[Entry], ...] = (
    Column(key="name", head="name", of=lambda entry: entry.name),
    Column(key="what", of=lambda entry: _KINDS.get(entry.what, entry.what.removesuffix("s"))),
    Column(
        key="value", head="value", of=lambda entry: entry.value,
        write=lambda value: "" if value is None else f"{value:g}",
    ),
    Column(key="unit", head="unit", of=lambda entry: readable_unit(entry.unit)),
    Column(merged=True, of=lambda entry: dict(entry.details)),
    Column(head="tier", of=lambda entry: entry.tier),
    Column(head="about", of=lambda entry: entry.about or entry.source),
    Column(key="about", of=lambda entry: entry.about),
    Column(key="tier", of=lambda entry: entry.tier),
    Column(key="source", of=lambda entry: entry.source),
)  # fmt: skip
"""Of each entry; lists show the columns that have a head."""


def describe_document(found: Description) -> list[dict[str, Any]]:
    """Return all entries for JSON."""
    return document(found.entries, ENTRIES)


def print_description(found: Description, name: str | None) -> None:
    """Print the entry of that very name in full and the others as a list, one line each."""
    chosen = list(found.entries)
    if name is not None and chosen[0].name == name:
        _print_one(chosen.pop(0))
        if chosen:
            print()
    _print_list(chosen)
    if name is None:
        _print_links(found.body.switches, [f"{row.compound} {row.route}" for row in found.body.routes])


def _print_one(entry: Entry) -> None:
    out = console()
    said = {key: value for key, value in fields(entry, ENTRIES).items() if value not in ("", None)}
    width = max(map(len, said)) + 2
    for key, value in said.items():
        print_text(out, f"{key.ljust(width)}{value}", indent=" " * width)


def _print_list(chosen: Sequence[Entry]) -> None:
    """Print a block for each kind, columns aligned; long sources are cut, ``describe NAME`` shows them in full."""
    width = min(console().width, _IN_A_PIPE) if not sys.stdout.isatty() else console().width
    for kind in dict.fromkeys(entry.what for entry in chosen):
        block = [entry for entry in chosen if entry.what == kind]
        print(f"{kind} ({len(block)})")
        for line in _aligned(block):
            print(line.rstrip() if len(line) <= width else line[: width - 1].rstrip() + "…")
        print()


def _aligned(block: Sequence[Entry]) -> Iterator[str]:
    """Yield a line for each entry; the last column keeps its length."""
    shown = [column for column in ENTRIES if column.in_table]
    *cells, last = ([column.write(column.of(entry)) for entry in block] for column in shown)
    widths = [max(map(len, own)) for own in cells]
    for *row, about in zip(*cells, last, strict=True):
        yield "  " + "  ".join(cell.ljust(room) for cell, room in zip(row, widths, strict=True)) + f"  {about}"


def _print_links(switches: Mapping[str, str], routes: Sequence[str]) -> None:
    out = console()
    print("contested links (option taken)")
    for name, option in switches.items():
        print_text(out, f"  {name}={option}")
    print("\ncompounds and routes a plan may use")
    print_text(out, "  " + ", ".join(routes))
    print()
    print_text(out, "nadflux describe NAME says all about one; nadflux simulate … --set NAME=VALUE changes a parameter")
