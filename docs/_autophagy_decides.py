"""Inputs that decide initiation and those that decide completion: Sobol indices, for ``docs/autophagy.md``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from _text import code, figure, number, table

from nadflux.faces.plot.indices import Share, draw_indices, shares_of
from nadflux.faces.plot.paths import save_figure
from nadflux.inference.cell_sensitivity import cell_sensitivity

_BODY = ("body_J_init", "body_J_deg")
_DATA = Path(__file__).resolve().parent / "data"
_MOST = 8


def decides_part(folder: Path, quick: bool) -> str:
    """Return the part of the page; one figure of the cell and one of the body."""
    found = cell_sensitivity(outputs=("J_init", "J_deg"), base=32 if quick else 512)
    panels = [
        (f"{output} of a liver cell after {found.hours:g} h", shares_of(i, [found.says[n] for n in i.names]))
        for output, i in found.indices.items()
    ]
    save_figure(draw_indices(panels), folder / "autophagy_decides_cell.png")
    runs = max(indices.runs for indices in found.indices.values())
    bodies = [json.loads((_DATA / f"{output}.json").read_text(encoding="utf-8")) for output in _BODY]
    save_figure(draw_indices([(_title(one), _shares(one)) for one in bodies]), folder / "autophagy_decides_body.png")
    first = bodies[0]
    commands = "\n".join(
        f'nadflux sensitivity "{one["who"]}" --plan "{one["plan"]}" --output {one["output"]} --json' for one in bodies
    )
    return "\n\n".join(
        (
            "## What decides initiation, and what completion",
            "First the cell: `nadflux cell --decides` moves what a cell meets and what it is made of, all at once, "
            f"over ranges of health, age and disease ({runs} cells; `biology/dish/sensitivity.yaml` holds the ranges).",
            figure(
                "autophagy_decides_cell.png",
                "Shares of the variance of initiation and completed degradation in a liver cell. Bars are 95 % "
                "bootstrap intervals of Sobol indices; inputs beyond the first few hold next to nothing.",
            ),
            f"Then the body: which of {first['inputs']} uncertain numbers of the tables decide how much a fast changes "
            "the two (its last 24 hours over the usual day before). Screened first by Morris' method to "
            f"{first['varied']}; those hold about {_covered(bodies)} of the variance. It is minutes of work, so the "
            "numbers are kept in `docs/data`, as printed by",
            code(commands),
            figure(
                "autophagy_decides_body.png",
                "Which numbers decide the answer to a fast of 36 hours. Over all that is not known (90 %): "
                f"{_said(bodies)}.",
            ),
            table(
                ("output", "input", "first order", "total", "known to 0.1", "tier of the input"),
                (_row(one, row) for one in bodies for row in one["indices"][:_MOST]),
            ),
        )
    )


def _covered(bodies: list[dict[str, Any]]) -> str:
    return " and ".join(f"{one['variance_covered']:.0%}" for one in bodies)


def _said(bodies: list[dict[str, Any]]) -> str:
    return "; ".join(
        f"{one['output']} {number(one['median'])}-fold ({number(one['low'])}–{number(one['high'])})" for one in bodies
    )


def _title(one: dict[str, Any]) -> str:
    return f"{one['output']} of a fast over usual life"


def _shares(one: dict[str, Any]) -> list[Share]:
    return [
        Share(
            row["input"],
            (row["first"], row["first_half_width"]),
            (row["total"], row["total_half_width"]),
            row["converged"],
        )
        for row in one["indices"]
    ]


def _row(one: dict[str, Any], row: dict[str, Any]) -> tuple[str, ...]:
    settled = "yes" if row["converged"] else "no"
    return (one["output"], f"`{row['input']}`", _index(row, "first"), _index(row, "total"), settled, row["tier"])


def _index(row: dict[str, Any], name: str) -> str:
    return f"{row[name]:.2f} ± {row[f'{name}_half_width']:.2f}"
