"""``docs/nad.md``: the NAD+ model of the body with its fluxes, its hits and misses, and what it assumes."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import _nad_validation as validation
from _body_figure import draw_body
from _cell_figure import draw_cell, richest_organ
from _text import count, figure, number, page, table, words

from nadflux.faces.documents.figures import known, written
from nadflux.faces.labels import place_name, readable_unit
from nadflux.network.assemble import Body, assemble
from nadflux.network.body_spec import read_body_spec
from nadflux.network.tables import TIERS, ParameterTable
from nadflux.notes import NoteCode
from nadflux.plans.dosing_options import doseable, refused_routes
from nadflux.shipped import BIOLOGY
from nadflux.simulation.resting_fluxes import RestingFluxes, resting_fluxes
from nadflux.simulation.select_posterior import find_posterior
from nadflux.studies.published.result import Report

ROOT = Path(__file__).resolve().parents[1]
PERSON = "man, 40 y, 80 kg"
_JUDGED = {
    "left_out": "of studies for calibration, each predicted by a fit without it",
    "validation": "of studies whose results were not known when the model was frozen",
}
_ROLES = {"synthesis": "Synthesis by route", "use": "Use by consumer", "release": "Release from cells"}


def build(folder: Path, quick: bool, say: Callable[[str], None]) -> str:
    """Return the page; figures are written to ``folder/figures``."""
    body = assemble()
    say("fluxes at rest")
    rest = resting_fluxes(PERSON, n=32 if quick else 512)
    say("figures of the network")
    network_part = _network(body, rest, folder / "figures")
    fluxes = _fluxes(rest, folder / "figures")
    say("published trials")
    report = validation.predict(quick)
    say("precursors at equal moles")
    ranking = _ranking(quick)
    return page(
        "# NAD+ of the whole body",
        _overview(body, report),
        network_part,
        fluxes,
        _doseable(),
        validation.written_report(report, folder / "figures"),
        ranking,
        _assumed(body.table),
        _switches(body),
    )


def _overview(body: Body, report: Report) -> str:
    model = body.model
    pools = list(dict.fromkeys(r.organ for r in body.table if r.name == "NAD.total"))
    tiers = {tier: sum(row.tier == tier for row in body.table) for tier in TIERS}
    routes = list(dict.fromkeys(f"{r.compound} {r.route}" for r in body.routes))
    posterior, _ = find_posterior(body)
    held = "; ".join(_held(words, report.totals()[use]) for use, words in _JUDGED.items())
    lines = (
        f"It is one set of differential equations: {len(model.species)} species, "
        f"{count(len(model.reactions), 'reaction')}, {count(len(model.compartments), 'compartment')}.",
        f"Own pools of NAD+: {', '.join(words(o) for o in pools)}. Blood joins them.",
        "Cells make NAD+ from nicotinamide (NAM), nicotinic acid (NA), nicotinamide riboside (NR), nicotinamide "
        "mononucleotide (NMN) and, where they can, tryptophan; enzymes break it and set nicotinamide free.",
        "The nicotinamide moiety is conserved: what is eaten or infused equals what is stored, excreted and lost.",
        "The resting state is not searched for: it follows from pools, half-lives and shares; capacities "
        "follow from it.",
        f"{count(len(body.table), 'number')} with unit, spread and source feed it: "
        + ", ".join(f"{n} {tier}" for tier, n in tiers.items() if n)
        + f"; the shipped fit narrows {len(posterior.fitted) if posterior is not None else 0} of them noticeably, and "
        "answers call those *fitted* (`nadflux fit --report shipped`).",
        "Every answer is a distribution over what is not known of the typical person and over differences "
        "between people.",
        f"It can be dosed with {len(doseable())} compounds by {len(routes)} ways in all, listed under *What can be "
        "dosed* with salts and molar masses.",
        f"Published rows that no fit used: {held}. The two are never added up.",
        "It is for research and teaching; it recommends nothing to anybody.",
    )
    return "\n".join(f"{k}. {line}" for k, line in enumerate(lines, 1))


def _held(words: str, total: dict[str, Any]) -> str:
    if not total["scored"]:
        return f"{words}, none so far"
    misses = sum(total[part]["misses"] for part in ("numeric", "signs", "bounds"))
    return f"{words}, {total['scored'] - misses} of {total['scored']} scored predictions hold and {misses} miss"


def _network(body: Body, rest: RestingFluxes, figures: Path) -> str:
    notes = {o.organ: f"NAD+ {_amount(known(o.pool)[0])}" for o in rest.organs}
    places, hub = draw_body(body, figures / "nad_body.png", notes)
    organ = richest_organ(body)
    reactions = draw_cell(body, organ, figures / "nad_cell.png")
    return "\n\n".join(
        (
            "## The network",
            figure(
                "nad_body.png",
                f"What passes between the {places} places of the body. Drawn from the reactions of the model; "
                "the bar is "
                f"{words(hub)}; diet stands for all that comes in, infusions included. Pools of NAD+: median "
                f"of {rest.record['persons']} people as described below.",
            ),
            figure(
                "nad_cell.png",
                f"The {reactions} reactions of one organ: {words(organ)}. Boxes are species, red ones lie outside the "
                "cells, dashed ones come from elsewhere; words on lines are enzymes and carriers as named in "
                "the model. "
                "Other organs have the same systems and lack what `body.yaml` says.",
            ),
            'Any name in it can be asked for: `nadflux describe liver.NAMPT`, `nadflux describe "*.Km"`; the whole '
            "model leaves as `nadflux export --sbml body.xml --antimony body.ant`.",
        )
    )


def _amount(micromoles: float) -> str:
    return f"{number(micromoles / 1000.0, 2)} mmol" if micromoles >= 100 else f"{number(micromoles, 2)} µmol"


def _fluxes(rest: RestingFluxes, figures: Path) -> str:
    from nadflux.faces.plot.fluxes import write_fluxes

    write_fluxes(rest, str(figures / "nad_fluxes.png"))
    organs = table(
        ("organ", "pool, µmol", "turnover, µmol/day", "half-life, h", "tier"),
        (
            (place_name(o.organ), *(written(known(v)) for v in (o.pool, o.turnover, o.half_life)), o.tier)
            for o in rest.organs
        ),
    )
    parts = ["## Fluxes at rest", f'`nadflux fluxes "{PERSON}"`: {_person(rest)}', organs]
    for role, title in _ROLES.items():
        chosen = [f for f in rest.fluxes if f.role == role]
        pathways = list(dict.fromkeys(f.pathway for f in chosen))
        rows = []
        for organ in dict.fromkeys(f.organ for f in chosen):
            own = {f.pathway: written(known(f.values)) for f in chosen if f.organ == organ}
            rows.append((place_name(organ), *(own.get(p, "") for p in pathways)))
        if rows:
            parts += [f"### {title}, µmol/day", table(("organ", *pathways), rows)]
    parts.append(figure("nad_fluxes.png", "Fluxes of NAD+ by organ. Dots are medians, bars 90 % intervals."))
    parts += ["### Turnover of the whole body, and what would narrow it", _turnover(rest)]
    return "\n\n".join(parts)


def _person(rest: RestingFluxes) -> str:
    return f"medians with 90 % interval over {rest.record['persons']} people; posterior: {rest.record['posterior']}."


def _turnover(rest: RestingFluxes) -> str:
    lead = (
        f"**{written(known(rest.turnover), 3)} mmol of NAD+ a day** are broken and made again (median, 90 % interval). "
        "The spread goes with the numbers below: the share is the squared rank correlation. What knowing a number for "
        "everybody would leave of the interval is computed, not estimated."
    )
    rows = (
        (
            f"{d.share:.0%}", f"`{d.key}`", f"{number(d.low)} to {number(d.high)} {_unit(d.unit)}".strip(),
            f"{d.between_cv:.0%}" if d.between_cv else "", f"{d.known[0]:.1f}–{d.known[1]:.1f} mmol/d",
            d.tier, d.source,
        )
        for d in rest.drivers
    )  # fmt: skip
    header = ("share", "number", "typical value, 90 %", "between people", "turnover if known", "tier", "source")
    return "\n\n".join(
        (lead, table(header, rows), *(f"- {note}" for note in rest.notes if note.code == NoteCode.NO_RESTING_STATE))
    )


def _unit(unit: str) -> str:
    return "" if unit == "dimensionless" else readable_unit(unit)


def _doseable() -> str:
    rows = (
        (c.compound, c.salt, f"{c.molar_mass:.2f}", "<br>".join(f"{r}: {k}" if k else r for r, k in c.routes.items()))
        for c in doseable()
    )
    return "\n\n".join(
        (
            "## What can be dosed",
            "Doses are mg of the salt named, or moles. Beyond the highest studied dose or rate a plan is simulated and "
            f"flagged. Refused, as no human data exist: {', '.join(refused_routes())}.",
            table(("compound", "salt", "g/mol", "routes, and what is known of them"), rows),
        )
    )


def _ranking(quick: bool) -> str:
    order = _benchmark(ROOT / "benchmarks" / "precursor_order.py")
    draws, mmol, days = (8 if quick else 256), 3.44, 28.0
    import numpy as np

    found = order.rises(draws, mmol, days, 1)
    folds = table(
        ("precursor", "whole-blood NAD+, fold of rest", "90 % interval"),
        (
            (name, number(float(m)), f"{number(float(low))} to {number(float(high))}")
            for name, (m, low, high) in (
                (name, np.nanquantile(values, [0.5, 0.05, 0.95])) for name, values in found.items()
            )
        ),
    )
    shares = table(("order", "share of draws"), ((o, f"{share:.1%}") for o, share in order.orders(found).items()))
    return "\n\n".join(
        (
            "## Precursors at equal moles",
            f"{mmol:g} mmol once a day by mouth for {days:g} days, {draws} draws of the typical values "
            "(`python benchmarks/precursor_order.py`). No order is built in; where draws disagree, the order "
            "is not known.",
            folds,
            shares,
        )
    )


def _benchmark(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _assumed(numbers: ParameterTable) -> str:
    return "\n\n".join(("## What is assumed", tier_counts(numbers), chosen_rows(numbers)))


def tier_counts(numbers: ParameterTable) -> str:
    """Return rows of each table by tier."""
    files = dict.fromkeys(row.place.split(" ")[0] for row in numbers)
    rows = []
    for file in files:
        own = [row for row in numbers if row.place.split(" ")[0] == file]
        rows.append((f"`{file}`", *(sum(row.tier == tier for row in own) for tier in TIERS), len(own)))
    rows.append(("all", *(sum(row.tier == tier for row in numbers) for tier in TIERS), len(numbers)))
    note = (
        "*Measured* in people, tissue or enzyme as named; *derived* by arithmetic from a measurement; *fitted*; "
        "*assumed*, which includes everything recalled and not looked up. Assumed rows have wide priors."
    )
    return table(("table", *TIERS, "rows"), rows) + "\n\n" + note


def chosen_rows(numbers: ParameterTable) -> str:
    """Return rows whose note says that the number was chosen to fit something, by hand or with facts in view."""
    chosen = [r for r in numbers if r.tier == "fitted" or any(s in r.note for s in ("by hand", "in view"))]
    rows = ((f"`{r.key}`", f"{number(r.value)} {readable_unit(r.unit)}", r.tier, r.note, r.source) for r in chosen)
    if not chosen:
        return "No number was chosen by hand or fitted."
    return f"Numbers chosen by hand, or fitted ({len(chosen)}):\n\n" + table(
        ("number", "value", "tier", "note", "source"), rows
    )


def _switches(body: Body) -> str:
    return switch_text(
        dict(read_body_spec(BIOLOGY, "nad").switches), dict(body.switches), 'simulate "man, 40 y, 80 kg"'
    )


def switch_text(switches: Mapping[str, Any], chosen: dict[str, str], command: str) -> str:
    """Return contested links with every option and its source; the default is marked."""
    rows = []
    for name, spec in switches.items():
        for option, what in spec["options"].items():
            mark = f"**{option}** (default)" if chosen.get(name) == option else option
            rows.append((f"`{name}`", spec["question"], mark, what["says"], what.get("source", "")))
    if not rows:
        return ""
    first = next(iter(switches))
    other = next(o for o in switches[first]["options"] if chosen.get(first) != o)
    ask = (
        f"Take another option with `--switch`, for example `nadflux {command} --switch {first}={other}`."
        if command
        else ""
    )
    return "\n\n".join(("## Contested links", table(("switch", "question", "option", "says", "source"), rows), ask))
