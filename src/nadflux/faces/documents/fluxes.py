"""Fluxes of NAD+ at rest, as tables and for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nadflux.faces.documents.columns import Column, document, plain
from nadflux.faces.documents.figures import (
    bounds_document,
    documented,
    headline,
    joined,
    known,
    measured,
    median_head,
    written,
)
from nadflux.faces.documents.terminal import console, notes_document, print_notes, print_table, print_text, print_title
from nadflux.faces.labels import place_name, readable_unit
from nadflux.network.tables import TIERS
from nadflux.simulation.resting_fluxes import Driver, OrganRest, RestingFlux, RestingFluxes
from nadflux.simulation.summary import bounds_in_short, bounds_in_words, significant

_ROLES = {"synthesis": "synthesis by route", "use": "use by consumer", "release": "release"}
_TURNOVER_UNIT = "mmol/day"

FLUXES: tuple[Column[RestingFlux], ...] = (
    Column(key="organ", of=lambda flux: flux.organ),
    Column(key="role", of=lambda flux: flux.role),
    Column(key="pathway", of=lambda flux: flux.pathway),
    Column(merged=True, of=lambda flux: known(flux.values), plain=documented),
    Column(key="unit", of=lambda flux: "µmol/day"),
    Column(key="tier", of=lambda flux: flux.tier),
)
"""Each flux of each organ; tables have an organ in a row and a pathway in a column, see `pathway_columns`."""


def organ_columns(people: int) -> tuple[Column[OrganRest], ...]:
    """Return the columns of organs at rest, over so many people."""

    def figures(key: str, head: str, unit: str) -> Column[OrganRest]:
        return Column(
            key=key, head=head, below=f"{unit}, {median_head(people)}", of=lambda organ: known(getattr(organ, key)),
            write=written, plain=measured(unit=unit), right=True,
        )  # fmt: skip

    return (
        Column(key="organ", head="organ", of=lambda organ: organ.organ, write=place_name, whole=True),
        figures("pool", "pool", "µmol"),
        figures("half_life", "half-life", "h"),
        figures("turnover", "turnover", "µmol/day"),
        Column(key="tier", head="tier", of=lambda organ: organ.tier),
    )


def driver_columns(people: int) -> tuple[Column[Driver], ...]:
    """Return the columns of the quantities that explain the spread of the turnover, over so many people."""
    return (
        Column(key="row", head="what would narrow it", below="known for everybody", of=lambda row: row.key),
        Column(key="rank_correlation", of=lambda row: row.correlation),
        Column(
            key="share_of_spread", head="share of spread", below="rank correlation²", of=lambda row: row.share,
            write="{:.0%}".format, right=True,
        ),
        Column(
            key="turnover_if_known", head="turnover would be", below=f"{_TURNOVER_UNIT}, {bounds_in_short(people)}",
            of=lambda row: row.known, write=lambda bounds: joined(*map(significant, bounds)),
            plain=lambda bounds: {"low": plain(bounds[0]), "high": plain(bounds[1]), "unit": _TURNOVER_UNIT},
            right=True,
        ),
        Column(head="typical value", below="90%", of=lambda row: row, write=_typical, right=True),
        Column(key="low", of=lambda row: row.low),
        Column(key="high", of=lambda row: row.high),
        Column(key="unit", of=lambda row: row.unit),
        Column(
            key="between_cv", head="between people", below="CV", of=lambda row: row.between_cv,
            write=lambda cv: f"{cv:.0%}" if cv else "", right=True,
        ),
        Column(key="tier", head="tier", of=lambda row: row.tier),
        Column(key="source", of=lambda row: row.source),
    )  # fmt: skip


def pathway_columns(chosen: list[RestingFlux], title: str, people: int) -> tuple[Column[str], ...]:
    """Return the columns of a table of fluxes: the organ that is its row, each pathway, and the tiers."""
    by_place = {(flux.organ, flux.pathway): flux for flux in chosen}

    def pathway(name: str) -> Column[str]:
        return Column(head=name, of=lambda organ: by_place.get((organ, name)), write=_flux, right=True)

    return (
        Column(head=title, below=f"µmol/day, {median_head(people)}", of=str, write=place_name),
        *(pathway(name) for name in dict.fromkeys(flux.pathway for flux in chosen)),
        Column(head="tier", of=lambda organ: ", ".join(sorted({f.tier for f in chosen if f.organ == organ}))),
    )


def fluxes_document(result: RestingFluxes) -> dict[str, Any]:
    """Return the tables for JSON, with all digits."""
    people = people_of(result)
    return {
        **bounds_document(people),
        "persons": people,
        "turnover": measured(unit=_TURNOVER_UNIT, tier="assumed")(known(result.turnover)),
        "drivers_of_turnover": document(result.drivers, driver_columns(people)),
        "organs": document(result.organs, organ_columns(people)),
        "fluxes": document(result.fluxes, FLUXES),
        **notes_document(result.notes),
        "record": {**result.record, "switches": dict(result.record["switches"])},
    }


def people_of(result: RestingFluxes) -> int:
    """Return how many people have a resting state."""
    return int(np.isfinite(result.turnover).sum())


def print_fluxes(result: RestingFluxes) -> None:
    """Print organs, fluxes by pathway, the turnover of the whole body and the measurements that would narrow it."""
    out, people = console(), people_of(result)
    print_title(out, headline(result.record["who"], "at rest", people))
    print_table(out, result.organs, organ_columns(people))
    for role, title in _ROLES.items():
        chosen = [flux for flux in result.fluxes if flux.role == role]
        if chosen:
            out.print()
            organs = list(dict.fromkeys(flux.organ for flux in chosen))
            print_table(out, organs, pathway_columns(chosen, title, people))
    out.print()
    print_text(out, _turnover(result.organs, known(result.turnover), people), style="bold")
    if result.drivers:
        out.print()
        print_table(out, result.drivers, driver_columns(people))
        out.print()
    print_notes(out, (*result.notes, _posterior(result.record)))


def _turnover(organs: tuple[OrganRest, ...], figures: tuple[float, float, float], people: int) -> str:
    tier = max((organ.tier for organ in organs), key=TIERS.index)
    return (
        f"whole body: {written(figures, 3)} mmol of NAD+ broken and made per day "
        f"({'median, ' if people > 1 else ''}{bounds_in_words(people)}; tier {tier})"
    )


def _posterior(record: Mapping[str, Any]) -> str:
    return f"at rest on a constant diet; posterior: {record['posterior']}"


def _flux(flux: RestingFlux | None) -> str:
    return "" if flux is None else written(known(flux.values))


def _typical(row: Driver) -> str:
    unit = "" if row.unit == "dimensionless" else f" {readable_unit(row.unit)}"
    return f"{joined(f'{row.low:g}', f'{row.high:g}')}{unit}"
