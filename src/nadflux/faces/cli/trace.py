"""`nadflux trace`: where the moieties of a labelled dose go, and in which form organs build them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nadflux.faces.cli._options import SetOption, SwitchOption, pairs
from nadflux.notes import codes_of

if TYPE_CHECKING:
    from nadflux.simulation.tracer.tracer import Trace

_COMPOUNDS_SHOWN = 6
_SITES = ("subcutaneous", "intramuscular", "topical")
LOST = "lost"
TIER = "assumed"
"""Of every share: no human tracer data were fitted."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def trace(
        person: Annotated[str, typer.Argument(help='Who, e.g. "woman, 62 y, 70 kg".')],
        plan: Annotated[str, typer.Option(help='What is taken, e.g. "NR chloride 300 mg oral once".')],
        label: Annotated[
            str | None, typer.Option(help="Compound that is labelled, where the plan has several.")
        ] = None,
        hours: Annotated[float, typer.Option(help="How long the label is followed.")] = 24.0,
        n: Annotated[int, typer.Option("-n", "--people", help="People to draw for the interval.")] = 64,
        seed: Annotated[int, typer.Option(help="Same seed, same numbers.")] = 0,
        set_: SetOption = None,
        switch: SwitchOption = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
        threads: Annotated[int | None, typer.Option(help="Threads; all cores if left out.")] = None,
    ) -> None:
        """Follow a labelled dose: which share reaches the NAD+ of each organ, and as NR, NMN, NA or NAM.

        A computed tracer experiment: label follows every reaction of the model at the rate of the molecules that
        carry it. Shares of the dose, medians with 90 % interval.
        """
        from nadflux.faces.cli._progress import progress
        from nadflux.simulation.tracer.tracer import trace as follow

        with progress("tracing") as update:
            result = follow(
                person,
                plan,
                label,
                hours=hours,
                n=n,
                seed=seed,
                set=pairs(set_ or [], "--set", 'liver.NAMPT.Km="0.3 µM"'),
                switches=pairs(switch or [], "--switch", "red_cells.NA=plasma"),
                threads=threads,
                progress=update,
            )
        if as_json:
            import json

            print(json.dumps(document(result), indent=2, ensure_ascii=False, allow_nan=False))
        else:
            _print(result)


def document(result: Trace) -> dict[str, Any]:
    """The table with all digits, by organ and form."""
    from nadflux.faces.cli._interval import bounds_document, documented, known
    from nadflux.faces.labels import place_name

    organs = {}
    for o, organ in enumerate(result.organs):
        forms = {
            form: {
                "built_in_percent": documented(known(100 * result.built[:, -1, o, f])),
                "held_percent": documented(known(100 * result.held[:, -1, o, f])),
            }
            for f, form in enumerate(result.forms)
        }
        organs[organ] = {
            "forms": forms,
            "built_in_percent": documented(known(100 * result.built[:, -1, o].sum(axis=-1))),
            "held_percent": documented(known(100 * result.held[:, -1, o].sum(axis=-1))),
        }
    what = {
        c: {"name": _compound(result, c), **documented(known(100 * result.what[:, -1, k]))}
        for k, c in enumerate(result.compounds)
    }
    where = {
        p: {"name": place_name(p), **documented(known(100 * result.where[:, -1, k]))}
        for k, p in enumerate(result.places)
    }
    return {
        "labelled": result.compound,
        "unit": "% of the labelled dose",
        "tier": TIER,
        **bounds_document(people_of(result)),
        "persons": people_of(result),
        "end_h": float(result.times[-1]),
        "organs": organs,
        "where_percent": where,
        "compounds_percent": what,
        "balance": result.balance,
        "flags": list(result.record.get("flags", ())),
        "notes": [str(note) for note in result.notes],
        "note_codes": codes_of(result.notes),
        "failures": len(result.failures),
        "record": {**result.record, "switches": dict(result.record["switches"])},
    }


def people_of(result: Trace) -> int:
    """People with numbers to the end."""
    return len(result.built) - len(result.failures)


def _print(result: Trace) -> None:
    from rich.table import Table

    from nadflux.faces.cli._interval import LEAST, console, headline, known, median_head, share
    from nadflux.faces.labels import compound_name, place_name

    out = console()
    out.print(
        headline(result.record["who"], result.record["plan"], people_of(result), result.record.get("flags", ())),
        style="bold",
        markup=False,
        highlight=False,
    )
    hours = f"{result.times[-1]:g} h"
    forms = [(f, form) for f, form in enumerate(result.forms) if (100 * result.built[:, -1, :, f] >= LEAST).any()]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", title_justify="left")
    table.add_column(f"% of the dose; tier {TIER}\n[dim]{median_head(people_of(result))}[/dim]", no_wrap=True)
    for _, form in forms:
        table.add_column(f"built in\n[dim]as {compound_name(form)}[/dim]", justify="right", no_wrap=True)
    table.add_column(f"held as NAD+\n[dim]at {hours}[/dim]", justify="right", no_wrap=True)
    table.add_column(f"all label\n[dim]at {hours}[/dim]", justify="right", no_wrap=True)
    for o, organ in enumerate(result.organs):
        cells = [share(known(result.built[:, -1, o, f])) for f, _ in forms]
        held = share(known(result.held[:, -1, o].sum(axis=-1)))
        table.add_row(place_name(organ), *cells, held, _place(result, organ))
    for place in result.places:
        if place not in result.organs and place not in _empty(result):
            table.add_row(place_name(place), *[""] * len(forms), "", _place(result, place))
    out.print(table)
    out.print(
        f"all label at {hours} by compound, %: {_by_compound(result)}", markup=False, highlight=False, soft_wrap=True
    )
    for note in (
        *result.notes,
        f"label balance closes to {result.balance:.0e} of the dose; seed {result.record['seed']}",
    ):
        out.print(f"· {note}", markup=False, highlight=False, style="dim", soft_wrap=True)


def _place(result: Trace, place: str) -> str:
    from nadflux.faces.cli._interval import known, share

    return share(known(result.where[:, -1, result.places.index(place)]))


def _empty(result: Trace) -> set[str]:
    """Places that no label ever entered: sites of injection and of the skin after a dose by mouth."""
    sites = [place for place in (*_SITES, "diet") if place in result.places]
    return {place for place in sites if not (result.where[..., result.places.index(place)] > 0).any()}


def _compound(result: Trace, name: str) -> str:
    """What people call a compound; of label that left the body unused, where it went."""
    from nadflux.faces.labels import compound_name

    if name != LOST:
        return compound_name(name)
    left = {"topical": "worn off the skin", "subcutaneous": "left at the site", "intramuscular": "left at the site"}
    return " or ".join(dict.fromkeys([left[p] for p in _SITES if p not in _empty(result)] + ["in faeces"]))


def _by_compound(result: Trace) -> str:
    """The compounds that hold most label, the largest first."""
    from nadflux.faces.cli._interval import known, share

    parts = [(known(result.what[:, -1, k]), _compound(result, name)) for k, name in enumerate(result.compounds)]
    largest = sorted((part for part in parts if part[0][0] > 0), key=lambda part: -part[0][0])[:_COMPOUNDS_SHOWN]
    return ", ".join(f"{name} {share(bounds)}" for bounds, name in largest)
