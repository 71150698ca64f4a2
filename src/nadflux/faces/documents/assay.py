"""An LC3 flux assay on the model, as tables and for JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nadflux.faces.documents.columns import Column, document
from nadflux.faces.documents.figures import written
from nadflux.faces.documents.terminal import console, print_notes, print_table, print_text, print_title
from nadflux.faces.labels import NOT_ADVICE
from nadflux.kinds import Change, Flux
from nadflux.studies.experiments.assay import AssayResult, Blot, ConditionResult
from nadflux.studies.experiments.assay_design import assay_text

_BLOCK_NOTES = (
    "− and +: without and with the block; ΔLC3-II: LC3-II with the block minus that without, a level (µM)",
    "J read-out: ΔLC3-II over the hours of block (µM/h), the rate at which LC3-II would be cleared; no J_deg, and "
    "a lower bound unless the block is short and saturating",
    "LC3: flux by the interpretation table of the pair; p62, the second assay: flux by what builds up of it "
    "under the block; rules: those, by name, that limit the verdict",
    "τ: LC3-II without the block over the J read-out (h), the mean time that LC3-II stays",
)


def _number(value: float | None, unit: str, error: float | None = None) -> str:
    return "–" if value is None else f"{value:.3g}{'' if error is None else f' ± {error:.2g}'} {unit}"


def _blot(blot: Blot | None) -> str:
    return "–" if blot is None else _number(blot.mean, "µM", blot.error)


def _blot_document(blot: Blot | None) -> dict[str, Any] | None:
    if blot is None:
        return None
    return {
        "kind": "level",
        "unit": "µM",
        "replicates": list(blot.replicates),
        "mean": blot.mean,
        "standard_error": blot.error,
    }


def _blot_column(key: str, head: str, name: str) -> Column[ConditionResult]:
    return Column(
        key=key, head=head, of=lambda one: getattr(one, name), write=_blot, plain=_blot_document, right=True, whole=True
    )  # fmt: skip


LEVELS: tuple[Column[ConditionResult], ...] = (
    Column(key="condition", head="condition", of=lambda one: one.condition.text),
    _blot_column("LC3_II", "LC3-II −", "lc3"),
    _blot_column("LC3_II_blocked", "LC3-II +", "lc3_blocked"),
    _blot_column("p62", "p62 −", "p62"),
    _blot_column("p62_blocked", "p62 +", "p62_blocked"),
    Column(
        key="delta_LC3_II", head="ΔLC3-II", of=lambda one: one.difference, write=lambda x: _number(x, "µM"), right=True
    ),
    Column(
        key="J_readout", head="J read-out", of=lambda one: one, plain=lambda one: _rate(one), right=True, whole=True,
        write=lambda one: _number(one.rate, "µM/h", one.rate_error),
    ),
    Column(key="tau_h", head="τ", of=lambda one: one.tau, write=lambda x: _number(x, "h"), right=True),
    Column(
        key="achieved_block", head="achieved block", of=lambda one: one.achieved_block,
        write=lambda x: "–" if x is None else f"{x:.0%}", right=True,
    ),
)  # fmt: skip
"""Columns of the blots of a condition."""


def verdict_columns(tier: str) -> tuple[Column[ConditionResult], ...]:
    """Return the columns of the conclusion on a condition and of the true flux, of which `tier` is the tier."""
    return (
        Column(head="condition", of=lambda one: one.condition.text),
        Column(head="pair −/+", of=_pair),
        Column(key="without_block", of=lambda one: one.without, plain=_change),
        Column(key="with_block", of=lambda one: one.with_block, plain=_change),
        Column(key="interpretation", head="reading", of=lambda one: one.means),
        Column(key="assay_flux", head="LC3: flux", of=lambda one: one.assay_flux),
        Column(key="p62_flux", head="p62: flux", of=lambda one: one.p62_flux),
        Column(key="verdict", head="verdict on flux", of=lambda one: one.verdict),
        Column(key="rules", head="rules", of=lambda one: one.rules, write=lambda rules: ", ".join(rules) or "–"),
        Column(
            key="true_J_deg", head="true J_deg", of=lambda one: one, write=_true_flux,
            plain=lambda one: {**_flux(one.true_flux), "interval": _interval(one)}, right=True,
        ),
        Column(key="true_J_init", of=lambda one: one.initiation, plain=_flux),
        Column(key="true_change", head="true change", of=lambda one: one.true_change.value),
        Column(head="tier", of=lambda one: tier),
        Column(
            key="misleads", head="", of=lambda one: one.misleads, style=lambda misleads: "red" if misleads else "",
            write=lambda misleads: "the assay misleads" if misleads else "",
        ),
        Column(key="warnings", of=lambda one: one.warnings),
    )  # fmt: skip


def assay_document(result: AssayResult) -> dict[str, Any]:
    """Return an assay for JSON; levels in µM, fluxes in %/h, times in h."""
    design = result.design
    return {
        "organ": design.cell,
        "species": design.species,
        "inhibitor": design.block.text if design.block else None,
        "replicates": result.replicates,
        "noise_cv": result.cv,
        "seed": result.seed,
        "tier": result.tier,
        "draws": len(result.conditions[0].true_draws),
        "conditions": document(result.conditions, (*LEVELS, *verdict_columns(result.tier))),
        "rules": dict(result.rules),
        "notes": assay_notes(result),
    }


def print_assay(result: AssayResult) -> None:
    """Print levels, verdicts, warnings, and the rules that apply."""
    design, out = result.design, console()
    block = f"block: {design.block.text}" if design.block else "no block"
    replicates = f"{result.replicates} replicates, noise {result.cv:.0%}"
    print_title(out, f"{design.cell} ({design.species})  ·  {block}  ·  {replicates}")
    print_table(out, result.conditions, LEVELS, title="Levels and read-out")
    out.print()
    print_table(out, result.conditions, verdict_columns(result.tier), title="Verdicts")
    warnings = list(_warnings(result))
    if warnings:
        print_text(out, "\nWarnings", style="bold")
    for line in (*warnings, *_side_arms(result)):
        print_text(out, f"  {line}", indent="    ")
    print_text(out, "\nRules that apply", style="bold")
    for name, rule in result.rules:
        print_text(out, f"  {name}: {rule}", indent="    ")
    out.print()
    print_notes(out, assay_notes(result))


def assay_notes(result: AssayResult) -> list[str]:
    """Return the notes on the signs of the tables, and on what the figures mean and do not mean."""
    draws = len(result.conditions[0].true_draws)
    over = f"with the 90 % interval over {draws} draws of their uncertain numbers"
    return [
        *(_BLOCK_NOTES if result.design.block else ()),
        f"levels are means of {result.replicates} replicates ± standard error",
        f"true J_deg is that of the tables' typical cell, {over if draws else 'without draws and so without interval'}",
        "tier: the weakest number behind J_deg",
        NOT_ADVICE,
    ]


def _warnings(result: AssayResult) -> Iterator[str]:
    for one in result.conditions:
        for warning in one.warnings:
            yield f"{one.condition.text}: {warning}"


def _side_arms(result: AssayResult) -> Iterator[str]:
    """Yield the other effects of the drugs of the block."""
    if result.design.block is not None:
        inhibitors = assay_text()["inhibitors"]
        for name, _ in result.design.block.drugs:
            yield f"{name}: acts on {inhibitors[name]['site']}; {'; '.join(inhibitors[name]['side_arms'])}"


def _pair(one: ConditionResult) -> str:
    return f"{one.without.value}/{one.with_block.value}" if one.without and one.with_block else "–"


def _change(change: Change | None) -> str | None:
    return change.value if change else None


def _flux(flux: Flux) -> dict[str, Any]:
    return {"kind": "flux", "unit": flux.unit, "value": flux.value}


def _rate(one: ConditionResult) -> dict[str, Any] | None:
    if one.rate is None:
        return None
    return {"kind": "flux", "unit": "µM/h", "value": one.rate, "standard_error": one.rate_error}


def _interval(one: ConditionResult) -> list[float] | None:
    return None if one.true_interval is None else list(one.true_interval)


def _true_flux(one: ConditionResult) -> str:
    low, high = one.true_interval or (one.true_flux.value, one.true_flux.value)
    return f"{written((one.true_flux.value, low, high))} {one.true_flux.unit}"
