"""Facts of a plan that rules ask for: daily amounts by compound, injections, fasts, food, exercise, added medicines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from nadflux.errors import UnknownNameError
from nadflux.people.health import FactValue, shipped_facts
from nadflux.people.health.fact_table import MEDICINE
from nadflux.people.health.read_facts import read_facts
from nadflux.plans.catalogue import Catalogue
from nadflux.plans.events import Dose
from nadflux.plans.exposure import daily_amounts, rates
from nadflux.plans.habits.habit import Habit
from nadflux.plans.lifestyle_tables import USUAL_STYLE, shipped_lifestyle
from nadflux.plans.occurrences import TINY
from nadflux.plans.phase import PERCENT
from nadflux.plans.plan import IV, ORAL, TOPICAL, Plan
from nadflux.plans.schedule import Schedule
from nadflux.plans.screening.habit_facts import facts_of_habits
from nadflux.plans.timing import CLOCK_AT_START
from nadflux.units import DAY_H, WEEK_H

ADDED = "adds_"
"""Prefix of facts of medicines that the plan adds."""
PLAN_FACTS: Mapping[str, str] = {
    "nr": "nicotinamide riboside by mouth, mg in 24 h",
    "nmn": "nicotinamide mononucleotide by mouth, mg in 24 h",
    "nam": "nicotinamide by mouth, mg in 24 h",
    "nam_per_kg": "nicotinamide by mouth, mg per kg in 24 h",
    "precursors": "NR, NMN and nicotinamide by mouth together, mg in 24 h",
    "na": "nicotinic acid by mouth, mg in 24 h",
    "niacin": "nicotinic acid and nicotinamide by mouth together, mg in 24 h",
    "na_ir": "nicotinic acid of immediate release, mg in 24 h",
    "na_er": "nicotinic acid of extended release, mg in 24 h",
    "boosters": "NAD+ and its precursors by mouth or injected, mg in 24 h",
    "injected": "NAD+ and its precursors infused or injected, mg in 24 h",
    "injections_per_week": "infusions and injections in any seven days",
    "infusion_rate": "rate of infusion, mg/min",
    "iv": "NAD+ infused, mg in 24 h",
    "nr_iv": "nicotinamide riboside infused, mg in 24 h",
    "tryptophan": "tryptophan by mouth, mg in 24 h",
    "topical": "products for the skin (0 or 1)",
    "topical_precursor": "NAD+, NR or NMN on the skin (0 or 1)",
    "topical_nam_percent": "strength of nicotinamide on the skin, %",
    "latest_dose_hour": "clock hour of the latest dose of NR, NMN or NAM; after midnight counted on from 24",
    "fast": "longest fast, h",
    "window": "hours without food each day under an eating window, or between meals that skip usual ones",
    "without_food": "longest time without food, h: a fast, an eating window, or what meals leave between them",
    "restriction": "energy left out, %",
    "restriction_days": "days of restriction without a day between them",
    "carbohydrate_percent": "share of energy from carbohydrate, %",
    "exercise": "longest bout, min",
    "intensity": "highest share of VO2max, %",
    "resistance": "longest bout of resistance exercise, min",
    "autophagy_readout": "autophagy among the outputs asked for",
}
"""What each fact of a plan means."""
_INJECTED = (IV, "subcutaneous", "intramuscular")
_BY_MOUTH = {"NR": "nr", "NMN": "nmn", "NAM": "nam", "NA": "na", "Trp": "tryptophan"}
_EXTENDED = "ER"
_SOME = TINY  # mg: present, of unknown amount
_NIGHT_ENDS = 4.0  # a dose before this hour belongs to the evening before


def plan_facts(
    plan: Plan,
    planned: Schedule,
    catalogue: Catalogue,
    *,
    usual: Sequence[Habit] = (),
    weight: float | None = None,
    adds: Sequence[str] = (),
    autophagy: bool = False,
) -> dict[str, FactValue]:
    """Return the facts of a plan; one that depends on an unknown weight is left out.

    Parameters
    ----------
    plan : Plan
    planned : Schedule
        Of the same plan.
    catalogue : Catalogue
        Source of molar masses.
    usual : sequence of Habit
        Habits of usual life that go on under the plan.
    weight : float, optional
        kg
    adds : sequence of str
        Medicines, supplements and therapies that the plan adds, in words.
    autophagy : bool
        Whether autophagy is read out.

    Raises
    ------
    UnknownNameError
        For an addition that no row of medicines names.
    """
    facts: dict[str, FactValue] = {
        **dict.fromkeys(PLAN_FACTS, 0.0),
        "carbohydrate_percent": 100.0 * shipped_lifestyle().styles[USUAL_STYLE]["carbohydrate"],
        "autophagy_readout": autophagy,
    }
    facts |= _amounts(planned.doses, catalogue)
    facts |= _on_skin(plan, catalogue)
    facts |= facts_of_habits((*plan.lifestyle, *usual), planned)
    facts |= added(adds)
    del facts["nam_per_kg"]
    if weight is not None or not facts["nam"]:
        facts["nam_per_kg"] = facts["nam"] / weight if weight else 0.0
    return facts


def added(names: Iterable[str]) -> dict[str, FactValue]:
    """Return the facts of medicines that a plan adds: who takes them is on them, and the plan adds them.

    Raises
    ------
    UnknownNameError
        For a name that no row of medicines has.
    """
    found: dict[str, FactValue] = {}
    for name in names:
        read = read_facts(name)
        sets = [] if read is None else [fact for fact, on in read.items() if fact.startswith(MEDICINE) and on]
        if not sets:
            words = [word for medicine in shipped_facts().medicines for word in medicine.words]
            raise UnknownNameError(
                "medicine or therapy", name, words, "screening knows nothing of it: nothing was screened"
            )
        found |= dict.fromkeys(sets, True) | {fact.replace(MEDICINE, ADDED, 1): True for fact in sets}
    return found


def infused_facts(
    compounds: Iterable[str], facts: Mapping[str, FactValue], catalogue: Catalogue
) -> dict[str, FactValue]:
    """Return the facts of infusions that go on day and night: one a day, of an amount that is not counted.

    Parameters
    ----------
    compounds : iterable of str
    facts : mapping of str to bool or float
        Of the plan besides.
    catalogue : Catalogue
    """
    found: dict[str, FactValue] = {}
    for compound in compounds:
        dose = Dose(0.0, compound, IV, 0.0)
        for name in _facts_of(dose, catalogue.compounds[compound].moiety_species):
            found[name] = max(float(facts[name]), _SOME)
        found["injections_per_week"] = max(float(facts["injections_per_week"]), WEEK_H / DAY_H)
    return found


def _amounts(doses: Sequence[Dose], catalogue: Catalogue) -> dict[str, FactValue]:
    """Return mg in 24 h by compound and route, and the rhythm of doses."""
    families = {name: compound.moiety_species for name, compound in catalogue.compounds.items()}
    by_fact: dict[str, list[Dose]] = defaultdict(list)
    for dose in sorted(doses, key=lambda dose: dose.time_h):
        for fact in _facts_of(dose, families[dose.compound]):
            by_fact[fact].append(dose)
    facts: dict[str, FactValue] = {fact: _most_in_a_day(given, catalogue) for fact, given in by_fact.items()}
    injected = by_fact["injected"]
    facts["injections_per_week"] = float(_most_in_a_week([dose.time_h for dose in injected]))
    masses = {name: compound.molar_mass for name, compound in catalogue.compounds.items()}
    facts["infusion_rate"] = max(
        (rate * masses[name] for name in masses for rate in _rates(injected, name)), default=0.0
    )
    hours = [_hour(d.time_h) for fact in ("nr", "nmn", "nam") for d in by_fact[fact]]
    facts["latest_dose_hour"] = max(hours, default=0.0)
    return facts


def _facts_of(dose: Dose, family: str) -> Iterable[str]:
    """Yield the facts that a dose counts towards."""
    if dose.route == ORAL and family in _BY_MOUTH:
        yield _BY_MOUTH[family]
        if family in ("NR", "NMN", "NAM"):
            yield "precursors"
        if family in ("NA", "NAM"):
            yield "niacin"
        if family == "NA":
            yield "na_er" if dose.compound.endswith(_EXTENDED) else "na_ir"
    if dose.route in _INJECTED:
        yield "injected"
    if dose.route == IV and family in ("NAD", "NR"):
        yield "iv" if family == "NAD" else "nr_iv"
    if dose.route in (ORAL, *_INJECTED) and family in ("NR", "NMN", "NAM", "NA", "NAD"):
        yield "boosters"


def _most_in_a_day(doses: Sequence[Dose], catalogue: Catalogue) -> float:
    """Return the largest mass within 24 hours, mg; compounds of other masses are added up as mass."""
    masses = [
        Dose(one.time_h, one.compound, one.route, one.amount * catalogue.compounds[one.compound].molar_mass)
        for one in doses
    ]
    return round(max(daily_amounts(masses), default=0.0), 6)


def _most_in_a_week(times: Sequence[float]) -> int:
    return max((sum(start <= time < start + WEEK_H - TINY for time in times) for start in times), default=0)


def _rates(doses: Sequence[Dose], compound: str) -> Iterable[float]:
    return rates([dose for dose in doses if dose.compound == compound])


def _hour(time_h: float) -> float:
    hour = (time_h + CLOCK_AT_START) % DAY_H
    return hour + DAY_H if hour < _NIGHT_ENDS else hour


def _on_skin(plan: Plan, catalogue: Catalogue) -> dict[str, FactValue]:
    facts: dict[str, FactValue] = {}
    for regimen in plan.regimens:
        if regimen.route != TOPICAL:
            continue
        facts["topical"] = 1.0
        if catalogue.compounds[regimen.compound].moiety_species != "NAM":
            facts["topical_precursor"] = 1.0
            continue
        strengths = [phase.dose.value for phase in regimen.phases if phase.dose.unit == PERCENT]
        facts["topical_nam_percent"] = max(strengths, default=0.0)
    return facts
