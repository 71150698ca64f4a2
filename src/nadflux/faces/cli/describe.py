"""`nadflux describe`: what the model contains, with unit, tier and source."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from nadflux.errors import UnknownNameError
from nadflux.faces.cli._options import PosteriorOption

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nadflux.faces.cli._entries import Entry
    from nadflux.network.assemble import Body
    from nadflux.simulation.compiled import Prepared


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def describe(
        name: Annotated[
            str | None,
            typer.Argument(help="One name (liver.NAMPT.Km), a beginning (liver, liver.NAMPT) or a pattern (*.Km)."),
        ] = None,
        switch: Annotated[
            list[str] | None, typer.Option("--switch", help="Option of a contested link, NAME=OPTION. May be repeated.")
        ] = None,
        posterior: PosteriorOption = "shipped",
        body: Annotated[
            str | None,
            typer.Option(help="nad, or whole: with energy, sensing, autophagy, food; if left out, where NAME is."),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    ) -> None:
        """List observables, states and parameters of the model; or say all about one of them."""
        import json

        from nadflux.faces.cli._entries import choose, entries
        from nadflux.faces.cli._options import pairs
        from nadflux.simulation import prepare
        from nadflux.simulation.select_body import WHOLE, prepare_for
        from nadflux.simulation.select_posterior import find_posterior

        switches = pairs(switch or [], "--switch", "red_cells.NA=plasma")

        def look(where: Prepared) -> tuple[Body, list[Entry]]:
            fitted, _ = find_posterior(where.body, posterior)
            return where.body, choose(entries(where.body, fitted), name)

        try:
            described, chosen = look(prepare_for(body, switches=switches))
        except UnknownNameError as missing:
            # As simulate does, the whole body is looked through for what the smaller one has not.
            if body is not None or missing.kind != "name":
                raise
            described, chosen = look(prepare(switches, body=WHOLE))
            print("(of the whole body)", file=sys.stderr)
        if as_json:
            print(json.dumps([entry.document() for entry in chosen], indent=2, ensure_ascii=False))
        else:
            if name is not None and chosen[0].name == name:
                _print_one(chosen.pop(0))
                if chosen:
                    print()
            _print_list(chosen)
            if name is None:
                _print_links(described.switches, [f"{r.compound} {r.route}" for r in described.routes])


def _print_one(entry: Entry) -> None:
    fields = {key: value for key, value in entry.document().items() if value not in ("", None)}
    width = max(map(len, fields))
    for key, value in fields.items():
        print(f"{key.ljust(width)}  {value}")


def _print_list(chosen: list[Entry]) -> None:
    """A block for each kind, columns aligned; long sources are cut, ``describe NAME`` shows them whole."""
    import shutil

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 160
    for kind in dict.fromkeys(entry.what for entry in chosen):
        block = [entry for entry in chosen if entry.what == kind]
        print(f"{kind} ({len(block)})")
        cells = [(e.name, e.value_text(), e.unit, e.tier, e.about or e.source) for e in block]
        widths = [max(len(row[k]) for row in cells) for k in range(4)]
        for row in cells:
            line = "  " + "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=False)) + "  " + row[4]
            print(line.rstrip() if len(line) <= width else line[: width - 1].rstrip() + "…")
        print()


def _print_links(switches: Mapping[str, str], routes: list[str]) -> None:
    print("contested links (option taken)")
    for name, option in switches.items():
        print(f"  {name}={option}")
    print("\ncompounds and routes a plan may use\n  " + ", ".join(routes))
    print("\nnadflux describe NAME says all about one; nadflux simulate … --set NAME=VALUE changes a parameter")
