"""`nadflux fluxes`: what makes and what uses NAD+ in each organ at rest, its half-life, and whole-body turnover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nadflux.errors import SimulationError
from nadflux.faces.cli._options import SetOption, SwitchOption, pairs
from nadflux.notes import NoteCode, codes_of

if TYPE_CHECKING:
    from rich.console import Console

    from nadflux.simulation.resting_fluxes import RestingFluxes

_ROLES = {"synthesis": "synthesis by route", "use": "use by consumer", "release": "release"}


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def fluxes(
        person: Annotated[str, typer.Argument(help='Who, e.g. "man, 40 y, 80 kg".')],
        n: Annotated[int, typer.Option("-n", "--people", help="People to draw for the interval.")] = 512,
        seed: Annotated[int, typer.Option(help="Same seed, same numbers.")] = 0,
        set_: SetOption = None,
        switch: SwitchOption = None,
        plot: Annotated[str | None, typer.Option(help="Write a figure: .png, .svg or .pdf.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print the tables as JSON.")] = False,
    ) -> None:
        """Flux table of NAD+ at rest: synthesis by route, use by consumer, half-life, whole-body turnover.

        Fluxes are amounts per day and no levels. Medians with 90 % interval; what the spread of the turnover goes
        with is named, because measuring that would narrow it.
        """
        import numpy as np

        from nadflux.faces.plot.paths import check_figure_path
        from nadflux.simulation.resting_fluxes import resting_fluxes

        if plot is not None:
            check_figure_path(plot)
        result = resting_fluxes(
            person,
            n=n,
            seed=seed,
            set=pairs(set_ or [], "--set", 'liver.NAMPT.Km="0.3 µM"'),
            switches=pairs(switch or [], "--switch", "red_cells.NA=plasma"),
        )
        if not np.isfinite(result.turnover).any():
            why = next((note for note in result.notes if note.code == NoteCode.NO_RESTING_STATE), "")
            raise SimulationError(f"nobody has a resting state: {why}; check what was set by hand")
        if as_json:
            import json

            print(json.dumps(document(result), indent=2, ensure_ascii=False, allow_nan=False))
        else:
            _print(result)
        if plot is not None:
            from nadflux.faces.plot.fluxes import write_fluxes

            write_fluxes(result, plot)
            typer.echo(f"figure: {plot}", err=True)


def document(result: RestingFluxes) -> dict[str, Any]:
    """The tables with all digits."""
    from nadflux.faces.cli._interval import bounds_document, documented, known

    return {
        **bounds_document(people_of(result)),
        "persons": people_of(result),
        "turnover": {**documented(known(result.turnover)), "unit": "mmol/day", "tier": "assumed"},
        "drivers_of_turnover": [
            {
                "row": d.key,
                "rank_correlation": d.correlation,
                "share_of_spread": d.share,
                "turnover_if_known": {"low": d.known[0], "high": d.known[1], "unit": "mmol/day"},
                "low": d.low,
                "high": d.high,
                "unit": d.unit,
                "between_cv": d.between_cv,
                "tier": d.tier,
                "source": d.source,
            }
            for d in result.drivers
        ],
        "organs": [
            {
                "organ": o.organ,
                "pool": {**documented(known(o.pool)), "unit": "µmol"},
                "half_life": {**documented(known(o.half_life)), "unit": "h"},
                "turnover": {**documented(known(o.turnover)), "unit": "µmol/day"},
                "tier": o.tier,
            }
            for o in result.organs
        ],
        "fluxes": [
            {
                "organ": f.organ,
                "role": f.role,
                "pathway": f.pathway,
                **documented(known(f.values)),
                "unit": "µmol/day",
                "tier": f.tier,
            }
            for f in result.fluxes
        ],
        "notes": [str(note) for note in result.notes],
        "note_codes": codes_of(result.notes),
        "record": {**result.record, "switches": dict(result.record["switches"])},
    }


def people_of(result: RestingFluxes) -> int:
    """People with a resting state."""
    import numpy as np

    return int(np.isfinite(result.turnover).sum())


def _print(result: RestingFluxes) -> None:
    from nadflux.faces.cli._interval import console, headline, known, written
    from nadflux.simulation.summary import bounds_in_words

    out = console()
    out.print(
        headline(result.record["who"], "at rest", people_of(result)),
        style="bold",
        markup=False,
        highlight=False,
    )
    _print_organs(out, result)
    for role, title in _ROLES.items():
        _print_role(out, result, role, title)
    tier = max((o.tier for o in result.organs), key=("measured", "derived", "fitted", "assumed").index)
    out.print(
        f"\nwhole body: {written(known(result.turnover), 3)} mmol of NAD+ broken and made per day "
        f"({'median, ' if people_of(result) > 1 else ''}{bounds_in_words(people_of(result))}; tier {tier})",
        style="bold", markup=False, highlight=False, soft_wrap=True,
    )  # fmt: skip
    if result.drivers:
        _print_drivers(out, result)
    for note in (*result.notes, f"at rest on a constant diet; posterior: {result.record['posterior']}"):
        out.print(f"· {note}", markup=False, highlight=False, style="dim", soft_wrap=True)


def _print_drivers(out: Console, result: RestingFluxes) -> None:
    """What narrows the turnover: rows by the share of its spread, and the interval that knowing each would leave."""
    from rich.table import Table

    from nadflux.faces.cli._interval import joined
    from nadflux.faces.labels import readable_unit
    from nadflux.simulation.summary import bounds_in_short, significant

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("what would narrow it\n[dim]known for everybody[/dim]", no_wrap=True)
    table.add_column(
        "turnover would be\n[dim]mmol/day, " + bounds_in_short(people_of(result)) + "[/dim]", justify="right"
    )
    table.add_column("share of spread\n[dim]rank correlation²[/dim]", justify="right")
    table.add_column("typical value\n[dim]90%[/dim]", justify="right", no_wrap=True)
    table.add_column("between people\n[dim]CV[/dim]", justify="right")
    table.add_column("tier")
    for d in result.drivers:
        unit = "" if d.unit == "dimensionless" else f" {readable_unit(d.unit)}"
        left = joined(*(significant(bound) for bound in d.known))
        spread = f"{joined(f'{d.low:g}', f'{d.high:g}')}{unit}"
        table.add_row(d.key, left, f"{d.share:.0%}", spread, f"{d.between_cv:.0%}" if d.between_cv else "", d.tier)
    out.print()
    out.print(table)
    out.print()


def _print_organs(out: Console, result: RestingFluxes) -> None:
    from rich.table import Table

    from nadflux.faces.cli._interval import known, median_head, written
    from nadflux.faces.labels import place_name

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("organ", no_wrap=True)
    for header, unit in (("pool", "µmol"), ("turnover", "µmol/day"), ("half-life", "h")):
        table.add_column(
            f"{header}\n[dim]{unit}, {median_head(people_of(result))}[/dim]", justify="right", no_wrap=True
        )
    table.add_column("tier")
    for o in result.organs:
        cells = (written(known(values)) for values in (o.pool, o.turnover, o.half_life))
        table.add_row(place_name(o.organ), *cells, o.tier)
    out.print(table)


def _print_role(out: Console, result: RestingFluxes, role: str, title: str) -> None:
    from rich.table import Table

    from nadflux.faces.cli._interval import known, median_head, written
    from nadflux.faces.labels import place_name

    chosen = [flux for flux in result.fluxes if flux.role == role]
    if not chosen:
        return
    pathways = list(dict.fromkeys(flux.pathway for flux in chosen))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(f"{title}\n[dim]µmol/day, {median_head(people_of(result))}[/dim]", no_wrap=True)
    for pathway in pathways:
        table.add_column(pathway, justify="right")
    table.add_column("tier")
    for organ in dict.fromkeys(flux.organ for flux in chosen):
        own = {flux.pathway: flux for flux in chosen if flux.organ == organ}
        cells = [written(known(own[p].values)) if p in own else "" for p in pathways]
        tiers = {flux.tier for flux in own.values()}
        table.add_row(place_name(organ), *cells, ", ".join(sorted(tiers)))
    out.print()
    out.print(table)
