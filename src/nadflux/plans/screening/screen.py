"""Screening: the rules that fire for a person and a plan, and the unknown facts that would decide others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nadflux.people import Cohort, Person
from nadflux.people.health import FactValue, follow, shipped_facts
from nadflux.people.health.fact_table import MEDICINE
from nadflux.plans.catalogue import shipped
from nadflux.plans.habits.exercise import Exercise
from nadflux.plans.habits.habit import Habit
from nadflux.plans.habits.shift_work import ShiftWork
from nadflux.plans.language.person import usual_habits
from nadflux.plans.occurrences import TINY
from nadflux.plans.plan import Plan
from nadflux.plans.schedule import Schedule, length_of, schedule
from nadflux.plans.screening.plan_facts import ADDED, PLAN_FACTS, added, infused_facts, plan_facts
from nadflux.plans.screening.rules import SEVERITIES, Rule, shipped_rules
from nadflux.units import DAY_H

NO_CLEARANCE = "this is no clearance"
_OPEN_DAYS = 28.0  # of a plan without an end


@dataclass(frozen=True)
class Fired:
    """A rule that fired, and the facts by which it did.

    Attributes
    ----------
    rule : Rule
    because : mapping of str to bool or float
        Known facts of the person and of the plan that the rule asks for.
    stops : bool
        Whether the plan is refused for it.
    """

    rule: Rule
    because: Mapping[str, FactValue]
    stops: bool


@dataclass(frozen=True)
class Question:
    """An unknown fact that decides rules on this plan.

    Attributes
    ----------
    fact : str
    asks : str
    rules : tuple of str
        Ids of the rules it decides.
    severity : str
        Of the most severe among them.
    """

    fact: str
    asks: str
    rules: tuple[str, ...]
    severity: str


@dataclass(frozen=True)
class Screening:
    """Findings of the rules on a plan for a person.

    Attributes
    ----------
    fired : tuple of Fired
        The most severe first, general rules last.
    questions : tuple of Question
        Unknown facts that decide rules on this plan, those of the most severe rules first.
    known, asked : int
        How many of the facts that decide rules on this plan are known, and how many there are.
    supervised : bool
        Whether close supervision is stated.
    of_a_group : bool
        True for a cohort, of whose people nothing but the group's figures is known.
    """

    fired: tuple[Fired, ...]
    questions: tuple[Question, ...]
    known: int
    asked: int
    supervised: bool = False
    of_a_group: bool = False

    @property
    def stopped(self) -> tuple[Fired, ...]:
        """Rules that refuse the plan."""
        return tuple(one for one in self.fired if one.stops)

    @property
    def severity(self) -> str:
        """The most severe that fired; empty where none did."""
        found = {one.rule.severity for one in self.fired}
        return next((severity for severity in SEVERITIES if severity in found), "")

    @property
    def verdict(self) -> str:
        """The outcome in one sentence; it never says that a plan is safe."""
        known = f"{self.known} of {self.asked} facts known"
        if not self.fired:
            return f"no rule fired ({known}); {NO_CLEARANCE}"
        count = len({one.rule.rule for one in self.fired})
        rules = f"{count} rule{'s' if count > 1 else ''} fired ({known})"
        return f"{self.severity}: {rules}; {NO_CLEARANCE}"


def screen(
    who: Person | Cohort,
    plan: Plan,
    *,
    planned: Schedule | None = None,
    adds: Sequence[str] = (),
    infused: Sequence[str] = (),
    supervised: bool = False,
    autophagy: bool = False,
    rules: Sequence[Rule] | None = None,
) -> Screening:
    """Screen a plan for a person.

    Parameters
    ----------
    who : Person or Cohort
    plan : Plan
    planned : Schedule, optional
        Of the same plan, where it is made already; a run that ends before the plan does not shorten what is screened.
    adds : sequence of str
        Medicines, supplements and therapies that the plan adds, in words.
    infused : sequence of str
        Compounds infused day and night besides, at a rate that nobody counts.
    supervised : bool
        Whether close supervision is stated; nobody verifies it.
    autophagy : bool
        Whether autophagy is read out.
    rules : sequence of Rule, optional
        The shipped ones by default.

    Raises
    ------
    PlanError
        For a plan that cannot be scheduled.
    UnknownNameError
        For an addition that no row of medicines names.
    """
    usual = _going_on(who, plan)
    length_h = length_of(plan) or _OPEN_DAYS * DAY_H
    if planned is None or planned.end_h < length_h - TINY:  # a run that ends before its plan is screened as the whole
        planned = _scheduled(plan, usual)
    weight = who.weight if isinstance(who, Person) else None
    of_plan = plan_facts(plan, planned, shipped(), usual=usual, weight=weight, adds=adds, autophagy=autophagy)
    of_plan |= infused_facts(infused, of_plan, shipped())
    known = _known(who, plan)
    if "alcohol" in of_plan:
        of_plan["alcohol"] = max(float(of_plan["alcohol"]), float(known.get("alcohol", 0.0)))
    facts = follow({**known, **{name: value for name, value in of_plan.items() if name in shipped_facts().by_name}})
    given = {**_not_on(), **{name: value for name, value in facts.items() if name.startswith(MEDICINE)}, **of_plan}
    every = shipped_rules() if rules is None else rules
    apart = {name: _without(name, known, adds) for name in given if name.startswith(ADDED) and given[name]}
    return judge(every, facts, given, apart=apart, supervised=supervised, of_a_group=not isinstance(who, Person))


def judge(
    rules: Sequence[Rule],
    facts: Mapping[str, FactValue],
    given: Mapping[str, FactValue],
    *,
    apart: Mapping[str, Mapping[str, FactValue]] | None = None,
    supervised: bool = False,
    of_a_group: bool = False,
) -> Screening:
    """Return what rules say of facts.

    Parameters
    ----------
    rules : sequence of Rule
    facts : mapping of str to bool or float
        Of a person, with all that follows; what is left out is unknown.
    given : mapping of str to bool or float
        Of the plan, medicines included.
    apart : mapping of str to mapping, optional
        By a medicine that the plan adds (``adds_chloroquine``), the facts of a person without it: a rule on adding it
        asks for what is there besides.
    supervised : bool
        Whether close supervision is stated.
    of_a_group : bool
        Whether the facts are those of a cohort.
    """
    fired: list[Fired] = []
    asked: dict[str, None] = {}
    open_: dict[str, list[Rule]] = {}
    for rule in rules:
        besides = next((apart[name] for name in rule.applies.names if name in apart), facts) if apart else facts
        applies, holds = rule.applies.holds(given), rule.when.holds(besides)
        if applies is False:
            continue
        asked |= dict.fromkeys(rule.when.names)
        if applies and holds:
            because = {name: besides[name] for name in rule.when.names if name in besides}
            because |= {name: given[name] for name in rule.applies.names if given.get(name)}
            fired.append(Fired(rule, because, rule.stops(supervised)))
            continue
        unknown = () if holds is False else (*rule.when.undecided(besides), *rule.applies.undecided(given))
        for name in unknown:
            open_.setdefault(name, []).append(rule)
    fired.sort(key=lambda one: one.rule.rank)
    known = sum(name in facts for name in asked)
    return Screening(tuple(fired), _questions(open_), known, len(asked), supervised, of_a_group)


def _questions(undecided: Mapping[str, Sequence[Rule]]) -> tuple[Question, ...]:
    table = shipped_facts()
    found = []
    for name, rules in undecided.items():
        asks = table.by_name[name].asks if name in table.by_name else f"What is the weight ({PLAN_FACTS[name]})?"
        first = min(rules, key=lambda rule: rule.rank)
        found.append((first.rank, Question(name, asks, tuple(dict.fromkeys(r.rule for r in rules)), first.severity)))
    return tuple(question for _, question in sorted(found, key=lambda pair: pair[0]))


def _known(who: Person | Cohort, plan: Plan) -> dict[str, FactValue]:
    """Return what is known of people from their description and their habits."""
    if isinstance(who, Cohort):
        known: dict[str, FactValue] = {} if who.age.sd else {"age": who.age.mean}
        if who.female in (0.0, 1.0):
            known["female"] = who.female == 1.0
        return known
    known = who.known_health
    habits = usual_habits(who)
    if any(isinstance(habit, ShiftWork) for habit in (*habits, *plan.lifestyle)):
        known.setdefault("shift_work", True)
    if any(isinstance(habit, Exercise) for habit in habits):
        known.setdefault("untrained", False)
    return known


def _not_on() -> dict[str, FactValue]:
    """Return all medicines as not taken: a plan does what it says, and no more."""
    medicines = [fact.name for fact in shipped_facts() if fact.name.startswith(MEDICINE)]
    return dict.fromkeys((*medicines, *(name.replace(MEDICINE, ADDED, 1) for name in medicines)), False)


def _without(name: str, known: Mapping[str, FactValue], adds: Sequence[str]) -> dict[str, FactValue]:
    """Return the facts of a person under the other medicines that a plan adds."""
    others = added(one for one in adds if name not in added([one]))
    return follow({**known, **{fact: on for fact, on in others.items() if fact in shipped_facts().by_name}})


def _going_on(who: Person | Cohort, plan: Plan) -> tuple[Habit, ...]:
    """Return the habits of usual life that no habit of the plan takes the place of."""
    subjects = {habit.subject for habit in plan.lifestyle}
    return tuple(habit for habit in usual_habits(who) if habit.subject not in subjects)


def _scheduled(plan: Plan, usual: Sequence[Habit]) -> Schedule:
    days = None if length_of(plan) is not None else _OPEN_DAYS
    return schedule(plan, days=days, usual=usual)
