"""Results other than runs as a notebook shows them: fluxes at rest, tracers, assays and plans side by side."""

from __future__ import annotations

from nadflux.faces.documents import assay as assays
from nadflux.faces.documents import fluxes as resting
from nadflux.faces.documents import plan_comparison as compared
from nadflux.faces.documents import tracer
from nadflux.faces.documents.figures import headline
from nadflux.faces.documents.run_notes import understood, without_reading
from nadflux.faces.documents.shown import names_of
from nadflux.faces.notebook.html_table import block, html_table, notes_html, title
from nadflux.simulation.resting_fluxes import RestingFluxes
from nadflux.simulation.summary import bounds_in_words
from nadflux.simulation.tracer.tracer import Trace
from nadflux.studies.experiments.assay import AssayResult
from nadflux.studies.experiments.compare_plans import LETTERS, PlanComparison


def fluxes_html(result: RestingFluxes) -> str:
    """Return organs at rest, their fluxes by pathway, and what would narrow the spread of turnover."""
    people = resting.people_of(result)
    parts = [title(headline(result.record["who"], "NAD+ at rest", people))]
    parts.append(html_table(result.organs, resting.organ_columns(people)))
    for role in dict.fromkeys(flux.role for flux in result.fluxes):
        chosen = [flux for flux in result.fluxes if flux.role == role]
        organs = list(dict.fromkeys(flux.organ for flux in chosen))
        parts.append(html_table(organs, resting.pathway_columns(chosen, role, people)))
    if result.drivers:
        parts.append(html_table(result.drivers, resting.driver_columns(people)))
    return block(*parts, notes_html((), result.notes))


def trace_html(result: Trace) -> str:
    """Return the share of the label in each place, built in and held."""
    plan = understood(result.record["plan"], result.notes)
    flags = result.record.get("flags", ())
    heading = title(headline(result.record["who"], plan, tracer.people_of(result), flags))
    places = [place for place in tracer.places_of(result) if place.share[2] > 0 or place.id in result.organs]
    table = html_table(places, tracer.table_columns(result, tracer.organs_of(result)))
    return block(heading, table, notes_html((), without_reading(result.notes)))


def assay_html(result: AssayResult) -> str:
    """Return levels and verdicts of an assay."""
    design = result.design
    using = design.block.text if design.block else "no block"
    heading = title(f"{design.cell} ({design.species})  ·  {using}  ·  {result.replicates} replicates")
    levels = html_table(result.conditions, assays.LEVELS)
    verdicts = html_table(result.conditions, assays.verdict_columns(result.tier))
    return block(heading, levels, verdicts, notes_html((), assays.assay_notes(result)))


def comparison_html(result: PlanComparison) -> str:
    """Return each quantity under each plan, with its difference from the first."""
    run = result.runs[0]
    people = run.persons - len(run.failures)
    parts = [title(f"{run.record['who']}  ·  {bounds_in_words(people)}, the same under every plan")]
    parts += [title(f"{letter}: {one.record['plan']}") for letter, one in zip(LETTERS, result.runs, strict=False)]
    parts.append(html_table(result.rows(names_of(run)), compared.comparison_columns(result)))
    return block(*parts, notes_html((), compared.comparison_notes(result)))
