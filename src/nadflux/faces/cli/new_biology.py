"""`nadflux new-biology`: a copy of the texts and tables, to change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("new-biology")(new_biology)


def new_biology(
    folder: Annotated[Path, typer.Argument(help="A new folder.", show_default=False)],
) -> None:
    """Write a copy of the texts and tables of the biology into a folder, to change there.

    Then `nadflux check DIR` looks for faults, and every command uses the folder with --biology DIR (or the environment
    variable NADFLUX_BIOLOGY).
    """
    from nadflux.network.biology_folder import new_biology as copied

    made, count = copied(folder)
    print(f"{count} files copied to {made}; README.md there explains every law")
    print(f"  check it:  nadflux check {made}")
    print(f'  use it:    nadflux simulate --biology {made} "woman, 62 y" --plan "NR 500 mg oral daily for 4 weeks"')
