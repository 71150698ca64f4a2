"""`nadflux check`: faults of a folder of biology, each with its line and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nadflux.faces.cli._progress import progress

_SHOWN = 40
_FAULTY = 2


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("check")(check)


def check(
    folder: Annotated[
        Path, typer.Argument(help="A folder of biology, as `nadflux new-biology` makes.", show_default=False)
    ],
) -> None:
    """Check units, terms, balance and the resting state of a changed biology; each fault with its line and remedy.

    Both bodies are assembled, none is run. The exit code is 0 without a fault, else 2.
    """
    from nadflux.simulation.check_biology import CHECKS, check_biology

    with progress("checking") as update:
        report = check_biology(folder, update)
    # Check by check: what it looked at, and its faults.
    for kind in CHECKS:
        found = [fault for fault in report.faults if fault.check == kind]
        count = report.counts[kind]
        said = f"{len(found)} faults" if len(found) != 1 else "1 fault"
        print(f"{kind:14} {'in order' if not found else said}   ({count} looked at)")
        for fault in found[:_SHOWN]:
            print(f"  {fault.place}\n    {fault.text}\n    remedy: {fault.remedy}")
        if len(found) > _SHOWN:
            print(f"  and {len(found) - _SHOWN} more")
    _end(bool(report.faults))


def _end(faulty: bool) -> None:
    """End with exit code 2 where there is a fault; raises `typer.Exit`."""
    if faulty:
        raise typer.Exit(_FAULTY)
