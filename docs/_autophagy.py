"""``docs/autophagy.md``: the cell model, its chain, its facts and the flux assay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from _autophagy_body import body_part
from _autophagy_decides import decides_part
from _autophagy_facts import facts_part
from _autophagy_figures import acts_on, draw_cargo, draw_vesicles, own_reactions, vesicle_states
from _nad import chosen_rows, switch_text, tier_counts
from _text import count, figure, folded, number, page, table, words

from nadflux import kinds
from nadflux.network.assemble import Body
from nadflux.network.assemble_cell import MEDIUM, assemble_cell, read_dish
from nadflux.network.body_spec import read_body_spec
from nadflux.network.expression import Symbol
from nadflux.network.infix import parse_infix
from nadflux.network.model import Model
from nadflux.network.names import join, to_name
from nadflux.network.read_module import read_module
from nadflux.shipped import BIOLOGY

CELL = "liver"
MODULE, DRUGS = "cell/autophagy.ant", "world/cell_drugs.ant"
BLOCK = "bafilomycin 100 nM for 4 h"
BLOCKS = {"bafilomycin": 0.1, "chloroquine": 30.0, "colchicine": 10.0, "leupeptin": 40.0}  # µM, usual in cells
BLOCKED_H = (0.25, 1.0, 4.0, 24.0, 720.0, 2160.0)
CONDITIONS = ("fed", "starved 4 h", "rapamycin 100 nM for 4 h", "lysosome failure")


def build(folder: Path, quick: bool, say: Callable[[str], None]) -> str:
    """Return the page; figures are written to ``folder/figures``."""
    body = assemble_cell(CELL)
    dish = read_dish()
    module = read_module(MODULE)
    say("figures of autophagy")
    chain = _chain(body, module, folder / "figures")
    say("facts")
    facts = facts_part(quick)
    say("flux assay")
    assay = _assay(folder / "figures", quick)
    organs = body_part(folder / "figures", quick, say)
    say("what decides")
    decides = decides_part(folder / "figures", quick)
    return page(
        "# Autophagy, in one cell and in every organ",
        _overview(body, dish, module),
        chain,
        _kinds(body),
        facts,
        assay,
        organs,
        decides,
        "\n\n".join(
            ("## What is assumed", tier_counts(body.table), folded("Numbers fitted or chosen", chosen_rows(body.table)))
        ),
        _switches(dish, body),
        _not_joined(dish),
    )


def _overview(body: Body, dish: Mapping[str, Any], module: Model) -> str:
    named = read_module(DRUGS).parameters
    drugs = [to_name(i).partition(".")[2] for i in body.inputs if i in {join("drugs", name) for name in named}]
    cells = "; ".join(f"{words(name)} ({spec['says']})" for name, spec in dish["cells"].items())
    media = [to_name(i).partition(".")[2] for i in body.inputs if to_name(i).startswith(MEDIUM)]
    states = len(body.model.species) + len(body.model.rate_rules)
    return "\n".join(
        (
            f"- One cell in a medium: {count(states, 'state')} and "
            f"{count(len(body.model.reactions), 'reaction')}, of which "
            f"{len(own_reactions(body.model, module, CELL))} are autophagy; the same text for every cell, each "
            "with its own "
            "column of numbers.",
            f"- Cells: {cells}. Numbers of {', '.join(dish['species'])}.",
            "- Three numbers stay apart: how much is begun (J_init), how much there is (levels), how much is "
            "degraded (J_deg).",
            f"- Drugs act on the step they bind to: {', '.join(words(d) for d in drugs)}.",
            f"- The medium can be changed in time: {', '.join(words(m) for m in media)}.",
            "- Ask it with `nadflux assay` and `nadflux facts`.",
        )
    )


def _chain(body: Body, module: Model, figures: Path) -> str:
    fluxes = draw_vesicles(body.model, module, CELL, figures / "autophagy_vesicles.png")
    reactions = draw_cargo(body.model, module, CELL, figures / "autophagy_cargo.png")
    return "\n\n".join(
        (
            "## The chain",
            figure(
                "autophagy_vesicles.png",
                f"Vesicles: {fluxes} fluxes between what they change. Drawn from the rate rules of `{MODULE}`: "
                "a line leads from what a flux lowers (dashed where that lies after it), an arrow to what it raises.",
            ),
            figure(
                "autophagy_cargo.png",
                f"Cargo: {reactions} reactions. Red boxes belong to other systems of the cell; AP autophagosome, AL "
                "autolysosome, c the part that only cysteine proteases cut.",
            ),
            "### What acts on which step",
            _acting(body, module),
            "### How long a block holds",
            _blocked(),
        )
    )


def _blocked() -> str:
    """Return J_deg of rest under each block over a day, of the typical liver cell."""
    from nadflux.simulation.experiments.cell_experiment import simulate_cell
    from nadflux.simulation.experiments.experiment import CellStep

    rows = []
    for drug, dose in BLOCKS.items():
        run = simulate_cell(CELL, steps=[CellStep(0.0, drug, dose)], times=[0.0, *BLOCKED_H])
        for name, said in (("J_deg", "J_deg"), ("damaged_of_protein", "damage")):
            shares = run[name][0] / run[name][0, 0]
            rows.append((f"{words(drug)} {dose:g} µM", said, *(number(share, 2) for share in shares[1:])))
    return "\n\n".join(
        (
            "Lysosomal enzymes, fusion and transport saturate: a block holds where it leaves less than what is sealed "
            "at rest, and delays otherwise, as vesicles that pile up make up for it. What is sealed is not cleared: "
            "damage counts within vesicles too, here per protein. Both of a liver cell over rest:",
            table(("block", "of rest", *(f"{hours:g} h" for hours in BLOCKED_H)), rows),
        )
    )


def _acting(body: Body, module: Model) -> str:
    model = body.model
    labels = {_symbol(o.formula): o for o in body.observables}
    signals = {name for name, o in labels.items() if name and o.kind in ("marker", "index")}
    stops = frozenset(body.inputs) | frozenset(signals)
    fluxes = dict.fromkeys(flux for signs in vesicle_states(model, module, CELL).values() for flux in signs)
    rows = []
    for flux in (*fluxes, join(CELL, "J_deg")):
        found = acts_on(model, flux, stops)
        inputs = sorted(found & set(body.inputs))
        marked = sorted(found & signals)
        states = sorted(found - set(body.inputs) - signals)
        about = next((o.label for name, o in labels.items() if name == flux), "")
        rows.append(
            (f"`{_short(flux)}`", about, *(", ".join(_short(n) for n in names) for names in (inputs, marked, states)))
        )
    header = ("flux", "what it is", "inputs (drugs, knock-outs, medium)", "signals", "states")
    return table(header, rows) + "\n\nRead from the formulas, directly or through other formulas."


def _kinds(body: Body) -> str:
    parts = [
        "## Levels, fluxes, markers, indices",
        "Asking for autophagy gives the three fluxes and the markers; a verdict on flux from anything that is "
        "no flux is "
        "refused (`KindError`). LC3-II and p62 are levels: both rise with more formation and with a block alike.",
    ]
    for kind in (kinds.Level, kinds.Flux, kinds.Marker, kinds.Index):
        name = kind.__name__.lower()
        own = [o for o in body.observables if o.kind == name]
        rows = ((f"`{o.id}`", o.label, o.unit, o.note) for o in own)
        about = (kind.__doc__ or "").split(":", 1)[-1].strip()
        parts.append(folded(f"{kind.__name__} ({len(own)}): {about}", table(("id", "what", "unit", "note"), rows)))
    return "\n\n".join(parts)


def _assay(figures: Path, quick: bool) -> str:
    from nadflux.faces.documents.assay import assay_document
    from nadflux.faces.plot.assay_bars import assay_bars
    from nadflux.studies.experiments.assay import run_assay
    from nadflux.studies.experiments.assay_design import assay_text, read_design

    conditions = CONDITIONS[:2] if quick else CONDITIONS
    result = run_assay(read_design(CELL, "human", conditions, BLOCK), draws=0 if quick else 64)
    assay_bars(result, figures / "autophagy_assay.png")
    record = assay_document(result)
    command = " ".join(
        (f'nadflux assay --organ {CELL} --inhibitor "{BLOCK}"', *(f'--condition "{c}"' for c in conditions))
    )
    rows = []
    for one in record["conditions"]:
        pair = f"{one['without_block']} / {one['with_block']}" if one["without_block"] else "–"
        rows.append(
            (
                one["condition"], number(one["LC3_II"]["mean"]), number(one["LC3_II_blocked"]["mean"]),
                f"{one['achieved_block']:.0%}" if one["achieved_block"] is not None else "–", pair,
                one["interpretation"], one["assay_flux"], one["p62_flux"], one["verdict"],
                ", ".join(one["rules"]) or "–",
                f"{number(one['true_J_deg']['value'])} {one['true_J_deg']['unit']}", one["true_change"],
                "**misleads**" if one["misleads"] else "",
            )
        )  # fmt: skip
    header = ("condition", "LC3-II −, µM", "LC3-II +, µM", "achieved block", "pair −/+", "reading", "LC3: flux",
              "p62: flux", "verdict on flux", "rules that limit it",
              "true J_deg", "true change", "")  # fmt: skip
    warnings = [f"- {one['condition']}: {w}" for one in record["conditions"] for w in one["warnings"]]
    text = assay_text()
    readings = table(
        ("LC3-II without block", "with block", "means", "flux"),
        ((r["without"], r["with"], r["means"], r["flux"]) for r in text["table"]),
    )
    return "\n\n".join(
        (
            "## A flux assay, and what is true",
            f"`{command}`",
            figure(
                "autophagy_assay.png",
                "LC3-II and p62 with and without block, and flux. Bars are levels, arrowheads are fluxes.",
            ),
            table(header, rows),
            "\n".join(dict.fromkeys(warnings)),
            "How a pair is read, each level against the first condition:",
            readings,
            "Rules that hold for every verdict:",
            "\n".join(f"- *{name}*: {rule}" for name, rule in text["rules"].items()),
            "The human blood assay is a preset: `nadflux assay --preset pbmc`.",
        )
    )


def _switches(dish: Mapping[str, Any], body: Body) -> str:
    return switch_text(dish["switches"], dict(body.switches), "")


def _not_joined(dish: Mapping[str, Any]) -> str:
    plan = read_body_spec(BIOLOGY, "whole")
    organs = list(plan.cells)
    joined = set(plan.modules)
    cell_only = [m for m in dish["modules"] if m not in joined and m.startswith("cell/")]
    shared = [m for m in dish["modules"] if m in joined]
    text = (
        "## Joined to the body",
        'The whole body (`nadflux simulate "woman, 62 y, 70 kg" --days 1 --show "autophagy of liver"`) has '
        f"these systems in {', '.join(words(o) for o in organs)}: "
        f"{', '.join(f'`{m}`' for m in shared)}.",
    )
    if not cell_only:
        return "\n\n".join(text)
    return "\n\n".join(
        (
            *text,
            "In the cell only:",
            table(("system", "what it holds"), ((f"`{m}`", _about(BIOLOGY / m)) for m in cell_only)),
        )
    )


def _about(file: Path) -> str:
    """Return the first sentence of the comment a module opens with."""
    comment = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("//"):
            break
        comment.append(line.lstrip("/ "))
    return " ".join(comment).split(". ")[0].rstrip(".") + "."


def _symbol(formula: str) -> str:
    """Return the id that a formula is, up to a factor 100 for per cent; empty for other formulas."""
    parsed = parse_infix(formula.removeprefix("100 * "))
    return parsed.name if isinstance(parsed, Symbol) else ""


def _short(identifier: str) -> str:
    return to_name(identifier).removeprefix(f"{CELL}.").removeprefix("drugs.")
