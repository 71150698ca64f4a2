"""Sobol indices of an output of the body or of a cell, as tables and for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nadflux.faces.documents.columns import Column, document, plain
from nadflux.faces.documents.figures import joined, no_minus_zero
from nadflux.faces.documents.terminal import console, print_notes, print_table, print_text, print_title
from nadflux.faces.labels import NOT_ADVICE, readable_unit
from nadflux.inference.cell_sensitivity import CellSensitivity
from nadflux.inference.sensitivity import Sensitivity
from nadflux.inference.sobol import Indices


@dataclass(frozen=True)
class IndexRow:
    """Indices of one input: shares of the variance with the half-widths of their intervals.

    Attributes
    ----------
    says : str
        Description of the input; its name if there is no other.
    tier : str
        Of the input; empty if it has none.
    """

    input: str
    says: str
    tier: str
    first: float
    first_error: float
    total: float
    total_error: float
    converged: bool


def index_rows(
    indices: Indices, says: Mapping[str, str] | None = None, tiers: Mapping[str, str] | None = None
) -> list[IndexRow]:
    """Return a row for each input, the most influential first.

    Parameters
    ----------
    says, tiers : mapping of str to str, optional
        By input.
    """
    return [
        IndexRow(
            (name := indices.names[k]),
            (says or {}).get(name, name),
            (tiers or {}).get(name, ""),
            float(indices.first[k]),
            float(indices.first_error[k]),
            float(indices.total[k]),
            float(indices.total_error[k]),
            bool(indices.converged[k]),
        )
        for k in indices.ranked()
    ]


def _share(share: tuple[float, float]) -> str:
    """Return a share with its interval."""
    value, half = share
    low, middle, high = (no_minus_zero(f"{number:.2f}") for number in (value - half, value, value + half))
    return f"{middle} ({joined(low, high)})"


def _shares(width: str) -> tuple[Column[IndexRow], ...]:
    """Return the columns of the indices; ``width`` is the key of the half-width of an interval in JSON."""
    return (
        Column(key="first", of=lambda row: row.first),
        Column(key=f"first_{width}", of=lambda row: row.first_error),
        Column(head="first order (95 %)", of=lambda row: (row.first, row.first_error), write=_share, right=True),
        Column(key="total", of=lambda row: row.total),
        Column(key=f"total_{width}", of=lambda row: row.total_error),
        Column(head="total (95 %)", of=lambda row: (row.total, row.total_error), write=_share, right=True),
        Column(
            key="converged", head="converged", of=lambda row: row.converged, write=lambda done: "yes" if done else "NO"
        ),
    )


BODY: tuple[Column[IndexRow], ...] = (
    Column(key="input", head="input", of=lambda row: row.input, whole=True),
    *_shares("half_width"),
    Column(key="tier", head="tier of the input", of=lambda row: row.tier),
)
"""Of each input of the body."""
CELL: tuple[Column[IndexRow], ...] = (
    Column(key="input", of=lambda row: row.input),
    Column(key="says", head="input", of=lambda row: row.says),
    *_shares("error"),
)
"""Of each input of a cell."""


def sensitivity_document(found: Sensitivity, *, held: bool = False) -> dict[str, Any]:
    """Return the indices of an output of the body for JSON; ``held`` adds the covariates of the typical person."""
    rows = body_rows(found)
    covariates = {"covariates": plain(dict(found.typical))} if held else {}
    return {
        "output": found.output,
        "measure": found.measure,
        "unit": found.unit,
        "matrix": found.matrix,
        "tier": found.tier,
        "scale": "logarithm" if found.logarithm else "linear",
        "median": found.median,
        "low": found.low,
        "high": found.high,
        "inputs": found.screened,
        "varied": len(rows),
        "variance_covered": found.covered,
        "confidence": found.indices.confidence,
        "converged": all(row.converged for row in rows),
        "runs": found.indices.runs,
        "dropped": found.indices.failed,
        "indices": document(rows, BODY),
        **({"notes": [str(note) for note in found.notes]} if found.notes else {}),
        **covariates,
    }


def body_rows(found: Sensitivity) -> list[IndexRow]:
    """Return a row for each input of the body that was varied."""
    return index_rows(found.indices, tiers=found.tiers)


def print_sensitivity(found: Sensitivity) -> None:
    """Print an output with its interval, then the inputs among which its variance is divided."""
    out, rows = console(), body_rows(found)
    figure = f"{found.median:.3g} ({joined(f'{found.low:.3g}', f'{found.high:.3g}')})"
    print_title(
        out,
        f"{found.output} in {found.matrix}, {found.measure}: {figure} {readable_unit(found.unit)}, "
        f"90 % interval over {found.screened} uncertain inputs; tier {found.tier}",
    )
    out.print()
    print_table(out, rows, BODY)
    out.print()
    scale = " of its logarithm" if found.logarithm else ""
    print_text(
        out,
        f"{len(rows)} of {found.screened} inputs varied after screening; they hold about {found.covered:.0%} of the "
        f"variance{scale}. {found.indices.runs} runs, {found.indices.failed} dropped with a failed one.",
    )
    typical = ", ".join(f"{name.replace('_', ' ')} {value:.4g}" for name, value in found.typical.items())
    print_text(out, f"Covariates of the typical person: {typical}.")
    if not all(row.converged for row in rows):
        print_text(out, "Not converged where marked NO: give a larger --base before ranking these inputs.")
    tier = f"tier of the output: the weakest number behind it. {NOT_ADVICE.capitalize()}."
    print_notes(out, (*map(str, found.notes), tier))


def cell_sensitivity_document(found: CellSensitivity) -> dict[str, Any]:
    """Return the indices of every output of a cell for JSON."""
    return {
        "organ": found.cell,
        "species": found.species,
        "hours": found.hours,
        "outputs": {
            output: {
                "runs": indices.runs,
                "failed": indices.failed,
                "inputs": document(index_rows(indices, found.says), CELL),
            }
            for output, indices in found.indices.items()
        },
    }


def print_cell_sensitivity(found: CellSensitivity) -> None:
    """Print a table of inputs for every output of a cell."""
    out = console()
    for output, indices in found.indices.items():
        print_table(out, index_rows(indices, found.says), CELL, title=f"{output} after {found.hours:g} h")
        words = f"{indices.runs} cells, {indices.failed} dropped, 95 % bootstrap intervals; converged: known to 0.1\n"
        print_text(out, words, style="dim")
