"""`nadflux compare-routes`: the same dose of every precursor by every route, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nadflux.faces.cli._options import AGAIN, SwitchOption, listed, pairs
from nadflux.notes import Note, NoteCode, codes_of
from nadflux.plans.dose_limits import BEYOND, NO_KINETICS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from rich.console import Console

    from nadflux.simulation.tracer.tracer import Trace
    from nadflux.studies.experiments.compare_routes import Cell, RouteComparison, RouteResult

_ORGANS_SHOWN = 6
_COLUMNS = (
    ("rise", "rise", "%"),
    ("time_to_half", "time to half", "days"),
    ("exposure", "exposure", ""),
    ("ripple", "ripple", "%"),
    ("between_people", "between people", "rise, %"),
)

# The ways in which a dose reaches an organ, as the tables name them; other forms follow where there are some.
_JOINED = {
    NoteCode.NO_HUMAN_DOSE: f"{BEYOND}: no human dose in the collected data of ",
    NoteCode.NO_KINETICS: f"{NO_KINETICS}, so that what is shown rests on a wide prior, of ",
}
_REACHES = (("intact, as NR or NMN", ("NR", "NMN")), ("as NAM", ("NAM",)), ("as NA", ("NA",)))


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command(name="compare-routes")
    def compare_routes(
        dose: Annotated[str, typer.Option(help="Dose of each compound: 500mg, or moles such as 2mmol.")] = "500mg",
        person: Annotated[str, typer.Option(help='Who, e.g. "woman, 62 y, 70 kg".')] = "woman, 50 y, 70 kg",
        equal_moles: Annotated[
            bool, typer.Option("--equal-moles", help="As many moles of each as the dose is of the first compound.")
        ] = False,
        observable: Annotated[
            list[str] | None,
            typer.Option("--observable", "--show", "--output", help=f"Levels, whole_blood_nad by default, {AGAIN}"),
        ] = None,
        organs: Annotated[list[str] | None, typer.Option(help=f"Organs of the tracer tables or 'all', {AGAIN}")] = None,
        days: Annotated[int, typer.Option(help="Days of daily dosing.")] = 28,
        infusion: Annotated[str, typer.Option("--over", help="How long each infusion takes.")] = "4 h",
        n: Annotated[int, typer.Option("-n", "--people", help="People to draw for the intervals.")] = 48,
        seed: Annotated[int, typer.Option(help="Same seed, same numbers.")] = 0,
        switch: SwitchOption = None,
        plot: Annotated[str | None, typer.Option(help="Write a figure: .png, .svg or .pdf.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
        threads: Annotated[int | None, typer.Option(help="Threads; all cores if left out.")] = None,
    ) -> None:
        """Compare NR, NMN, NAM, NA and NAD+ by every route that exists, for the same people and dose.

        Time to effect, exposure, ripple, spread between people, the share of the dose that organs build in and in
        which form, and usual practice. A comparison of what the model computes, never a recommendation.
        """
        from nadflux.faces.cli._progress import progress
        from nadflux.faces.plot.paths import check_figure_path
        from nadflux.studies.experiments.compare_routes import OBSERVABLES
        from nadflux.studies.experiments.compare_routes import compare_routes as compare

        if plot is not None:
            check_figure_path(plot)
        wanted = listed(organs, "--organs") if organs is not None else None
        with progress("comparing") as update:
            result = compare(
                dose,
                person,
                equal_moles=equal_moles,
                observables=listed(observable, "--observable") or OBSERVABLES,
                days=days,
                infusion=infusion,
                n=n,
                seed=seed,
                switches=pairs(switch or [], "--switch", "red_cells.NA=plasma"),
                threads=threads,
                progress=update,
            )
        chosen = shown_organs(result, wanted)
        if as_json:
            import json

            print(json.dumps(document(result), indent=2, ensure_ascii=False, allow_nan=False))
        else:
            _print(result, chosen)
        if plot is not None:
            from nadflux.faces.plot.routes import write_routes

            write_routes(result, chosen, plot)
            typer.echo(f"figure: {plot}", err=True)


def shown_organs(result: RouteComparison, wanted: Sequence[str] | None) -> list[str]:
    """Organs of the tracer tables: those asked for, or those that build in most of a dose by any route.

    Raises
    ------
    UnknownNameError
        For an organ that builds no NAD+.
    """
    import numpy as np

    from nadflux.errors import UnknownNameError

    traces = [route.reach for route in result.routes if route.reach is not None]
    known = list(dict.fromkeys(organ for reach in traces for organ in reach.organs))
    if wanted is not None:
        chosen = [name.replace(" ", "_") for name in wanted]
        for name in chosen:
            if name not in (*known, "all"):
                raise UnknownNameError("organ", name, known)
        return known if "all" in chosen else chosen
    built = {organ: max(float(np.nanmedian(_built(reach, organ))) for reach in traces) for organ in known}
    largest = sorted(known, key=lambda organ: -built[organ])[:_ORGANS_SHOWN]
    return [organ for organ in known if organ in largest]


def document(result: RouteComparison) -> dict[str, Any]:
    """Everything with all digits, each cell with median, interval, unit and tier."""
    from nadflux.faces.cli._interval import bounds_document

    return {
        "person": result.who,
        "dose": result.dose,
        "equal_moles": result.equal_moles,
        "days": result.days,
        **bounds_document(result.people),
        "persons": result.people,
        "routes": [_route(route) for route in result.routes],
        "notes": [str(note) for note in result.notes],
        "note_codes": codes_of(result.notes),
        "record": {**result.record, "switches": dict(result.record.get("switches", {}))},
    }


def _route(route: RouteResult) -> dict[str, Any]:
    found: dict[str, Any] = {
        "compound": route.compound,
        "route": route.route,
        "flags": list(route.flags),
        "route_tier": route.row.tier,
        "route_source": route.row.source,
        "route_note": route.row.note,
        "dose": {"mg": route.dose_mg, "umol": route.dose_umol, "infusion_h": route.infusion_h},
        "refused": route.refused,
        "typical_use": None,
        "observables": {
            name: {key: _cell(getattr(outcome, key)) for key, _, _ in _COLUMNS}
            for name, outcome in route.outcomes.items()
        },
    }
    if route.typical is not None:
        use = route.typical
        found["typical_use"] = {"use": use.use, "tier": use.tier, "source": use.source}
    if route.reach is not None:
        from nadflux.faces.cli.trace import document as traced

        whole = traced(route.reach)
        kept = ("unit", "tier", "end_h", "organs", "where_percent", "compounds_percent", "balance")
        found["tracer"] = {key: whole[key] for key in kept}
    return found


def _cell(cell: Cell) -> dict[str, Any]:
    from nadflux.faces.cli._interval import documented, known

    return {**documented(known(cell.values)), "unit": cell.unit, "tier": cell.tier}


def _built(reach: Trace, organ: str, forms: tuple[str, ...] | None = None) -> np.ndarray:
    """Share of the dose that an organ built in by the end, as any of the forms (all by default), (person,)."""
    import numpy as np

    chosen = [number for number, form in enumerate(reach.forms) if forms is None or form in forms]
    return np.asarray(reach.built[:, -1, reach.organs.index(organ)][:, chosen].sum(axis=-1))


def _print(result: RouteComparison, organs: list[str]) -> None:
    from nadflux.faces.cli._interval import console, headline

    out = console()
    title = headline(result.who, f"{result.dose}, once a day for {result.days} days by every route", result.people)
    out.print(title, style="bold", markup=False, highlight=False, soft_wrap=True)
    for name in dict.fromkeys(name for route in result.routes for name in route.outcomes):
        _print_observable(out, result, name)
    _print_reach(out, result, organs)
    _print_hidden(out, result, organs)
    _print_use(out, result)
    for note in joined_notes(result):
        out.print(f"· {note}", markup=False, highlight=False, style="dim", soft_wrap=True)


def _print_observable(out: Console, result: RouteComparison, name: str) -> None:
    from rich.table import Table

    from nadflux.faces.cli._interval import median_head
    from nadflux.faces.labels import readable_unit

    routes = [route for route in result.routes if name in route.outcomes]
    quantity = routes[0].outcomes[name].quantity
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(f"{quantity.long_name}, {quantity.matrix}\n[dim]{median_head(result.people)}[/dim]", no_wrap=True)
    table.add_column("dose\n[dim]mg; µmol[/dim]", justify="right", no_wrap=True)
    for _, header, unit in _COLUMNS:
        table.add_column(f"{header}\n[dim]{unit or readable_unit(quantity.units) + '·day'}[/dim]", justify="right")
    table.add_column("tier")
    for route in routes:
        outcome = route.outcomes[name]
        cells = [_figure(getattr(outcome, key), key) for key, _, _ in _COLUMNS]
        dose = f"{route.dose_mg:.4g}; {route.dose_umol:.4g}"
        table.add_row(route.label, dose, *cells, outcome.rise.tier)
    out.print(table)
    out.print()


def _figure(cell: Cell, key: str) -> str:
    """A cell of the table; a time only where most people have one."""
    import numpy as np

    from nadflux.faces.cli._interval import floored, known

    if key == "time_to_half" and 2 * np.isfinite(cell.values).sum() <= len(cell.values):
        return "–"
    return floored(known(cell.values))


def _print_reach(out: Console, result: RouteComparison, organs: list[str]) -> None:
    """One table for each way in which a dose reaches organs, with the routes of which anything does."""
    from rich.table import Table

    from nadflux.faces.cli._interval import LEAST, known, median_head, share
    from nadflux.faces.labels import compound_name, place_name

    traced = [(route.label, route.reach) for route in result.routes if route.reach is not None]
    forms = list(dict.fromkeys(form for _, reach in traced for form in reach.forms))
    other = [
        (f"as {compound_name(form)}", (form,)) for form in forms if not any(form in group for _, group in _REACHES)
    ]
    for words, group in (*_REACHES, *other):
        rows = [(label, [known(_built(reach, organ, group)) for organ in organs]) for label, reach in traced]
        found = [(label, row) for label, row in rows if any(100.0 * high >= LEAST for _, _, high in row)]
        if not found:
            continue
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        hours = f"{traced[0][1].times[-1]:g} h"
        table.add_column(
            f"built in {words}\n[dim]% of one dose in {hours}, {median_head(result.people)}[/dim]", no_wrap=True
        )
        for organ in organs:
            table.add_column(place_name(organ), justify="right")
        table.add_column("tier")
        for label, row in found:
            table.add_row(label, *[share(cell) for cell in row], "assumed")
        out.print(table)
        left = len(rows) - len(found)
        if left:
            many = "s" if left > 1 else ""
            out.print(
                f"{left} other route{many}: below {LEAST} % in each of these organs", style="dim", highlight=False
            )
        out.print()


def _print_hidden(out: Console, result: RouteComparison, organs: list[str]) -> None:
    """Say how many organs the tracer tables leave out."""
    known = {organ for route in result.routes if route.reach is not None for organ in route.reach.organs}
    if len(known) > len(organs):
        out.print(
            f"{len(organs)} of {len(known)} organs are shown; --organs all shows each", style="dim", highlight=False
        )
        out.print()


def _print_use(out: Console, result: RouteComparison) -> None:
    """Usual practice in words, then in one line the routes that have none."""
    without = []
    for route in result.routes:
        use = route.typical
        if route.refused:
            words = f"not compared: {route.refused}"
        elif use is None:
            without.append(f"{route.compound} {route.route}")
            continue
        else:
            words = f"usually {use.use}; {use.tier}, {use.source}"
        out.print(f"{route.label}: {words}", markup=False, highlight=False, soft_wrap=True)
    if without:
        said = f"no usual practice in the collected data: {', '.join(without)}"
        out.print(said, markup=False, highlight=False, soft_wrap=True)


def joined_notes(result: RouteComparison) -> list[Note]:
    """Return the notes, with what holds of several routes said once for all of them."""
    joined = []
    for code, words in _JOINED.items():
        ways = ", ".join(note.about for note in result.notes if note.code == code)
        joined += [Note(code, words + ways, ways)] if ways else []
    return [*joined, *(note for note in result.notes if note.code not in _JOINED)]
