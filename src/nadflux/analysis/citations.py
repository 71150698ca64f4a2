"""Sources of what a run used: numbers of its model, compounds and routes, fitted studies, assays; BibTeX for DOIs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from nadflux.network.dependencies import Dependencies
from nadflux.network.expression import symbols
from nadflux.network.infix import parse_infix
from nadflux.plans.catalogue import shipped
from nadflux.plans.dose_limits import shipped_studied
from nadflux.plans.plan import Plan
from nadflux.simulation.compiled import Prepared, prepare
from nadflux.simulation.run import Run
from nadflux.simulation.scenario import IN_MEMORY
from nadflux.simulation.select_posterior import find_posterior
from nadflux.studies.published.measurement import read_measurement
from nadflux.studies.published.published import published_folder
from nadflux.studies.published.read import read_studies

DOI = re.compile(r"10\.\d{4,9}/[^\s;,\[\]\"']+")
_FEW = 4  # names of what a source is for that are printed
_LEVELS_ARE_NOT_FLUXES = "10.1080/15548627.2020.1797280"
_ITSELF = "nadflux"


@dataclass(frozen=True, slots=True)
class Source:
    """One source, and what it is for.

    Attributes
    ----------
    text : str
        As the table has it, or the DOI alone.
    doi : str
        Empty where there is none.
    used_for : tuple of str
        Rows, compounds with routes, or studies.
    kind : str
        ``number``, ``dose``, ``study``, ``assay`` or ``rule``.
    """

    text: str
    doi: str
    used_for: tuple[str, ...]
    kind: str


@dataclass(frozen=True)
class Citations:
    """Sources of a run; prints as a list, ``bibtex()`` gives those with a DOI.

    Attributes
    ----------
    sources : tuple of Source
    assumed : int
        Numbers of the model without a source that can be cited.
    version : str
        Of nadflux.
    """

    sources: tuple[Source, ...]
    assumed: int
    version: str

    def __str__(self) -> str:
        lines = [f"nadflux {self.version}; sources of this answer:"]
        for one in self.sources:
            more = len(one.used_for) - _FEW
            names = ", ".join(one.used_for[:_FEW]) + (f" and {more} more" if more > 0 else "")
            where = f"https://doi.org/{one.doi}" if one.doi else one.text
            lines.append(f"- {where} ({one.kind}: {names})")
        lines.append(f"{self.assumed} further numbers are assumed or definitions and have no source to cite")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        items = []
        for one in self.sources:
            link = f'<a href="https://doi.org/{escape(one.doi)}">{escape(one.doi)}</a>' if one.doi else escape(one.text)
            items.append(f"<li>{link} <small>{escape(one.kind)}: {escape(', '.join(one.used_for))}</small></li>")
        return f"<ul>{''.join(items)}</ul>"

    @property
    def dois(self) -> tuple[str, ...]:
        """DOIs, each once, in order."""
        return tuple(dict.fromkeys(one.doi for one in self.sources if one.doi))

    def bibtex(self) -> str:
        """Return an entry for nadflux and one for each DOI, for a manager of references to complete."""
        software = f"@software{{{_ITSELF},\n  title = {{nadflux}},\n  version = {{{self.version}}}\n}}"
        entries = []
        for doi in self.dois:
            key = re.sub(r"[^A-Za-z0-9]+", "_", doi).strip("_")
            names = (name for one in self.sources if one.doi == doi for name in one.used_for[:_FEW])
            used = ", ".join(dict.fromkeys(names))
            note = re.sub(r"([_%&#])", r"\\\1", used)
            entries.append(
                f"@misc{{{key},\n  doi = {{{doi}}},\n  url = {{https://doi.org/{doi}}},\n"
                f"  note = {{used for: {note}}}\n}}"
            )
        return "\n\n".join([software, *entries]) + "\n"


def citations_of_run(run: Run) -> Citations:
    """Return the sources of the numbers behind a run's quantities, of its doses, fit, assays and rules."""
    prepared = prepare(dict(run.record["switches"]), body=run.record["body"])
    numbers = list(_numbers(prepared, run))
    found: dict[tuple[str, str], list[str]] = {}
    assumed = 0
    for name, text in numbers:
        dois = _dois(text)
        assumed += not dois
        for doi in dois:
            found.setdefault((doi, "number"), []).append(name)
    for kind, part in (("dose", _doses(run)), ("study", _studies(prepared, run)), ("assay", _assays(run))):
        for name, text in part:
            for doi in _dois(text) or [text]:
                found.setdefault((doi, kind), []).append(name)
    if any(quantity.kind == "flux" and "_J_" in quantity.id for quantity in run.quantities):
        found[_LEVELS_ARE_NOT_FLUXES, "rule"] = ["a level gives no verdict on flux"]
    sources = [
        Source(text, text if DOI.fullmatch(text) else "", tuple(dict.fromkeys(names)), kind)
        for (text, kind), names in found.items()
    ]
    return Citations(tuple(sources), assumed, str(run.record["versions"]["nadflux"]))


def _numbers(prepared: Prepared, run: Run) -> Iterator[tuple[str, str]]:
    """Yield the key and source of each row that the quantities of the run are computed from."""
    body = prepared.body
    kept = {quantity.id for quantity in run.quantities}
    wanted = {name for o in body.observables if o.id in kept for name in symbols(parse_infix(o.formula))}
    behind = Dependencies.over_time(body.model, body.present.formulas).behind(wanted) | wanted
    for row in body.table:
        if behind.intersection(body.table.targets.get(row.key, ())):
            yield row.key, row.source


def _doses(run: Run) -> Iterator[tuple[str, str]]:
    """Yield compounds and routes of the plan with the sources of their rows and of the highest studied doses."""
    text = run.record.get("scenario", {}).get("plan")
    if not text:
        return
    catalogue = shipped()
    for compound, route in sorted(Plan.parse(text).ways):
        name = f"{compound} {route}"
        yield name, catalogue.compounds[compound].source
        yield name, catalogue.route(compound, route).source
        for limit in shipped_studied():
            if (limit.compound, limit.route) == (compound, route):
                yield f"{name}, {limit.quantity} studied", limit.source


def _studies(prepared: Prepared, run: Run) -> Iterator[tuple[str, str]]:
    """Yield the studies to which the posterior was fitted, with their citations."""
    name = run.record.get("scenario", {}).get("posterior", "none")
    if str(run.record.get("posterior", "")).startswith("none") or name.startswith(IN_MEMORY):
        return
    fitted, _ = find_posterior(prepared.body, name)
    wanted = set(() if fitted is None else fitted.record.get("studies", ()))
    for study in read_studies(published_folder()):
        if study.id in wanted:
            cited = study.citation
            yield study.id, cited.doi or cited.url or cited.text or f"PMCID {cited.pmcid}"


def _assays(run: Run) -> Iterator[tuple[str, str]]:
    if "measured" in run.record:
        for row in read_measurement().table:
            if _dois(row.source):
                yield row.key, row.source


def _dois(text: str) -> list[str]:
    return list(dict.fromkeys(_trimmed(DOI.findall(text))))


def _trimmed(found: Iterable[str]) -> Iterator[str]:
    for doi in found:
        clean = doi.rstrip(".:")
        yield clean[:-1] if clean.endswith(")") and clean.count("(") < clean.count(")") else clean
