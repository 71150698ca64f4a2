"""Parts of the model with unit, tier and source, as `nadflux describe` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nadflux.network.assemble import Body
from nadflux.network.body_spec import BODIES, read_body_spec
from nadflux.network.expression import Expression
from nadflux.network.infix import to_infix
from nadflux.network.names import to_name
from nadflux.network.tables import ParameterRow
from nadflux.people import Posterior
from nadflux.people.read_covariates import shipped_covariates
from nadflux.shipped import BIOLOGY
from nadflux.simulation.evidence_tier import answer_tier, tiers_of
from nadflux.simulation.parameters import bare_inputs


@dataclass(frozen=True)
class Entry:
    """One observable, state, parameter or reaction.

    Attributes
    ----------
    what : str
        ``observables``, ``covariates``, ``states``, ``parameters``, ``inputs``, ``derived``, ``reactions`` or ``links``
        (contested).
    about : str
        One line: meaning, formula or equation.
    details : tuple of (str, str)
        More for the view of one entry.
    unit : str
        As the model writes it.
    """

    what: str
    name: str
    unit: str
    tier: str = ""
    source: str = ""
    about: str = ""
    value: float | None = None
    details: tuple[tuple[str, str], ...] = ()


def entries(body: Body, posterior: Posterior | None = None) -> list[Entry]:
    """Return everything in a body, observables first; parameters with their posterior."""
    return [
        *_observables(body, posterior),
        *_covariates(),
        *_states(body),
        *_parameters(body, posterior),
        *_inputs(body),
        *_derived(body),
        *_reactions(body),
        *_links(body),
    ]


def _observables(body: Body, posterior: Posterior | None) -> list[Entry]:
    grade = tiers_of(body)
    return [
        Entry(
            "observables",
            o.id,
            o.unit,
            answer_tier(o.id, posterior, grade[o.id]),
            about=f"{o.label}, {o.matrix}, {o.kind}",
            details=(
                ("matrix", o.matrix),
                ("kind", o.kind),
                ("formula", o.formula.replace("__", ".")),
                ("note", o.note),
            ),
        )
        for o in body.observables
    ]


def _covariates() -> list[Entry]:
    """Return the covariates by which people may be described."""
    result = []
    for row in shipped_covariates():
        median, cv = dict.fromkeys(row.median), dict.fromkeys(f"{cv:.0%}" for cv in row.cv)
        details = (
            ("said", "; ".join(row.said)),
            ("range", f"{row.low:g} to {row.high:g}"),
            ("drives", "; ".join(f"{law.target} = {law.formula}" for law in row.laws)),
            ("median (women; men)" if len(median) > 1 else "median", "; ".join(median)),
            ("between people", f"coefficient of variation {', '.join(cv)}" if row.varies else ""),
            ("follows", row.follows),
            ("correlation", f"{row.correlated} {row.correlation:g}" if row.correlated else ""),
            ("note", row.note),
        )
        about = f"{row.low:g} to {row.high:g}; drives {', '.join(law.target for law in row.laws) or 'nothing itself'}"
        result.append(Entry("covariates", row.name, row.unit, row.tier, row.source, about, details=details))
    return result


def _states(body: Body) -> list[Entry]:
    model = body.model
    moving = {r.species for reaction in model.reactions.values() for r in (*reaction.reactants, *reaction.products)}
    result = []
    for species in model.species.values():
        if species.id not in moving or species.boundary or species.constant:
            continue
        rest = model.initial_assignments.get(species.id)
        details = (
            ("compartment", to_name(species.compartment)),
            ("term", _term(species.term)),
            ("at rest", _formula(rest) if rest is not None else f"{species.concentration or species.amount or 0:g}"),
        )
        unit = "umol" if species.only_substance_units else "uM"
        result.append(Entry("states", to_name(species.id), unit, about=species.name, details=details))
    return result


def _parameters(body: Body, posterior: Posterior | None) -> list[Entry]:
    """Return rows by the name each organ's parameter has, and under ``all.NAME`` where a row serves every organ."""
    result = []
    for row in body.table:
        targets = body.table.targets.get(row.key, ())
        if not targets:
            continue
        shared = row.organ == "all"
        details = _about_row(row, posterior, ", ".join(map(to_name, targets)) if shared else "")
        result.append(_parameter(row.key, row, posterior, details))
        own = [pair for pair in details if pair[0] != "sets"]
        of_row = (("row", f"{row.key}: one draw for the whole person"), *own)
        result += [_parameter(to_name(target), row, posterior, of_row) for target in targets if shared]
    return result


def _parameter(
    name: str, row: ParameterRow, posterior: Posterior | None, details: tuple[tuple[str, str], ...]
) -> Entry:
    fitted = posterior is not None and row.key in posterior.fitted
    tier = "fitted" if fitted else row.tier
    return Entry("parameters", name, row.unit, tier, row.source, value=row.value, details=details)


def _about_row(row: ParameterRow, posterior: Posterior | None, sets: str) -> tuple[tuple[str, str], ...]:
    """Return the spread of a row, its posterior, and the parameters that it sets where they are several."""
    spread = f"{row.low:g} to {row.high:g}, {row.distribution}" if row.distribution != "fixed" else "fixed"
    return (
        ("typical value", spread),
        *_fit(row, posterior),
        ("between people", f"coefficient of variation {row.between_cv:g}" if row.between_cv else "no spread"),
        ("sets", sets),
        ("note", row.note),
        ("place", row.place),
    )


def _inputs(body: Body) -> list[Entry]:
    """Return the inputs that a plan may step and no row sets; at rest they are as in the text."""
    result = []
    for identifier in bare_inputs(body):
        parameter = body.model.parameters[identifier]
        unit, rest = parameter.unit or "dimensionless", parameter.value or 0.0
        about = "what a plan or a state of health steps; set by hand it holds from time 0 on"
        result.append(Entry("inputs", to_name(identifier), unit, about=about, value=rest))
    return result


def _links(body: Body) -> list[Entry]:
    """Return the contested links: the question, and every option with its claim and source."""
    found = read_body_spec(BIOLOGY, body.name).switches if body.name in BODIES else {}
    return [
        Entry(
            "links",
            name,
            "",
            about=str(spec["question"]),
            details=tuple(
                (option + (" (taken)" if option == body.switches[name] else ""), f"{one['says']}; {one['source']}")
                for option, one in spec["options"].items()
            ),
        )
        for name, spec in found.items()
    ]


def _fit(row: ParameterRow, posterior: Posterior | None) -> tuple[tuple[str, str], ...]:
    """Return the posterior of a row: median and interval, the share of the prior that data removed, and these data."""
    if posterior is None:
        return ()
    found = posterior.about(row.key)
    if not found:
        return (("fit", f"{posterior.version} leaves it at its prior: no calibration row depends on it noticeably"),)
    low, middle, high = found["posterior"]
    informed = ", ".join(f"{study} {worth:.0%}" for study, worth in found["informed_by"].items())
    return (
        ("posterior", f"{middle:.3g}, 90 % interval {low:.3g} to {high:.3g} ({posterior.version})"),
        ("shrinkage", f"{found['shrinkage']:.0%} of the prior variance (± {_error(found):.0%} by the samples)"),
        ("informed by", informed or "no single study removes 5 % of the prior variance"),
        ("tier of the row", row.tier if row.key in posterior.fitted else ""),
    )


def _error(found: Mapping[str, Any]) -> float:
    """Return the standard error of a variance ratio known from so many effective samples."""
    return float((1.0 - found["shrinkage"]) * (2.0 / found["effective_samples"]) ** 0.5)


def _derived(body: Body) -> list[Entry]:
    model = body.model
    formulas = {**model.initial_assignments, **model.assignment_rules}
    return [
        Entry(
            "derived",
            to_name(p.id),
            p.unit or "dimensionless",
            "derived",
            about=_formula(formulas[p.id]),
        )
        for p in model.parameters.values()
        if p.id in formulas
    ]


def _reactions(body: Body) -> list[Entry]:
    result = []
    for reaction in body.model.reactions.values():
        sides = (" + ".join(to_name(r.species) for r in side) for side in (reaction.reactants, reaction.products))
        equation = " → ".join(sides)
        law = _formula(reaction.law) if reaction.law is not None else ""
        details = (("meaning", reaction.name), ("term", _term(reaction.term)), ("law", law))
        result.append(Entry("reactions", to_name(reaction.id), "umol/h", about=equation, details=details))
    return result


def _term(term: str) -> str:
    """Return a term once prefixed: those of the Gene Ontology carry their prefix themselves."""
    return term.removeprefix("GO:") if term.startswith("GO:GO:") else term


def _formula(expression: Expression) -> str:
    return to_infix(expression, units=False).replace("__", ".")
