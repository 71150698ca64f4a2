"""`nadflux rivals`: the options of every contested link side by side, for the same people and plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nadflux.faces.cli._options import AGAIN, listed
from nadflux.notes import codes_of

if TYPE_CHECKING:
    from nadflux.studies.experiments.rivals import Rival, Rivals


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def rivals(
        person: Annotated[str, typer.Argument(help='Who, e.g. "woman, 62 y, 70 kg".')],
        plan: Annotated[
            str | None, typer.Option(help='What is taken, e.g. "NR chloride 500 mg oral twice daily for 8 weeks".')
        ] = None,
        link: Annotated[
            list[str] | None, typer.Option("--link", help=f"Contested links, all by default, {AGAIN}")
        ] = None,
        show: Annotated[
            list[str] | None, typer.Option("--show", "--output", help=f"Observables by id, {AGAIN}")
        ] = None,
        days: Annotated[float | None, typer.Option(help="Length of the run; the plan's own if left out.")] = None,
        n: Annotated[int, typer.Option("-n", "--people", help="People to draw for the intervals.")] = 64,
        seed: Annotated[int, typer.Option(help="Same seed, same numbers.")] = 0,
        as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
        threads: Annotated[int | None, typer.Option(help="Threads; all cores if left out.")] = None,
    ) -> None:
        """Run rival structures side by side: each body differs from the default in one contested link.

        Medians and 90 % intervals over the tables' priors; where two rivals agree, the question does not matter here.
        """
        from nadflux.faces.cli._progress import progress
        from nadflux.studies.experiments.rivals import OBSERVABLES, compare_rivals

        names = listed(show, "--show") or OBSERVABLES
        with progress("comparing") as update:
            result = compare_rivals(
                person,
                plan,
                switches=listed(link, "--link"),
                observables=names,
                days=days,
                n=n,
                seed=seed,
                threads=threads,
                progress=update,
            )
        if as_json:
            import json

            print(json.dumps(document(result), indent=2, ensure_ascii=False, allow_nan=False))
        else:
            _print(result)


def document(result: Rivals) -> dict[str, Any]:
    """Everything with all digits."""
    from nadflux.faces.cli._interval import bounds_document

    return {
        "person": result.who,
        "plan": result.plan,
        **bounds_document(result.people),
        "persons": result.people,
        "flags": list(result.flags),
        "rivals": [_rival(rival) for rival in result.rivals],
        "notes": [str(note) for note in result.notes],
        "note_codes": codes_of(result.notes),
    }


def _rival(rival: Rival) -> dict[str, Any]:
    from nadflux.faces.cli._interval import documented

    option = rival.option
    return {
        "switch": option.switch if option is not None else None,
        "option": option.option if option is not None else "default",
        "question": option.question if option is not None else "",
        "says": option.says if option is not None else "",
        "source": option.source if option is not None else "",
        "observables": {
            row.quantity.id: {
                "matrix": row.quantity.matrix, "unit": row.quantity.units, "tier": row.quantity.tier,
                "baseline": documented(row.baseline), "end": documented(row.end),
                "change_percent": documented(row.change_percent),
            }
            for row in rival.rows
        },
    }  # fmt: skip


def _print(result: Rivals) -> None:
    from rich.table import Table

    from nadflux.faces.cli._interval import changed, console, headline, median_head, written
    from nadflux.faces.labels import readable_unit

    out = console()
    title = headline(result.who, result.plan, result.people, result.flags)
    out.print(title, style="bold", markup=False, highlight=False, soft_wrap=True)
    for number, first in enumerate(result.rivals[0].rows):
        quantity = first.quantity
        unit = readable_unit(quantity.units)
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        table.add_column(
            f"{quantity.long_name}, {quantity.matrix}\n[dim]{median_head(result.people)}[/dim]", no_wrap=True
        )
        for header, below in (("baseline", unit), ("end", unit), ("change", "%")):
            table.add_column(f"{header}\n[dim]{below}[/dim]", justify="right")
        table.add_column("tier")
        for rival in result.rivals:
            row = rival.rows[number]
            name = f"{rival.option.switch}={rival.option.option}" if rival.option is not None else "default"
            table.add_row(name, written(row.baseline), written(row.end), changed(row.change_percent), quantity.tier)
        out.print(table)
        out.print()
    for rival in result.rivals:
        if rival.option is not None:
            said = f"{rival.option.switch}={rival.option.option}: {rival.option.question} {rival.option.says}"
            out.print(f"{said} ({rival.option.source})", markup=False, highlight=False, soft_wrap=True)
    for note in result.notes:
        out.print(f"· {note}", markup=False, highlight=False, style="dim", soft_wrap=True)
