"""Plans: the regimen language, plans as objects and YAML, and the schedule of a run."""

from nadflux.plans.catalogue import Catalogue
from nadflux.plans.events import Dose, ScheduledEvent
from nadflux.plans.foods import Meal, niacin_equivalents
from nadflux.plans.habits import (
    EatingWindow,
    Exercise,
    Fast,
    Meals,
    Nutrient,
    Overfeeding,
    Restriction,
    SetMeal,
    ShiftWork,
    Sleep,
)
from nadflux.plans.language.document import from_document, from_yaml, to_document, to_yaml
from nadflux.plans.language.sentence import format_plan, parse_plan
from nadflux.plans.phase import Phase
from nadflux.plans.plan import Plan, Regimen
from nadflux.plans.schedule import Schedule
from nadflux.plans.timing import Amount, Frequency

__all__ = [
    "Amount",
    "Catalogue",
    "Dose",
    "EatingWindow",
    "Exercise",
    "Fast",
    "Frequency",
    "Meal",
    "Meals",
    "Nutrient",
    "Overfeeding",
    "Phase",
    "Plan",
    "Regimen",
    "Restriction",
    "Schedule",
    "ScheduledEvent",
    "SetMeal",
    "ShiftWork",
    "Sleep",
    "format_plan",
    "from_document",
    "from_yaml",
    "niacin_equivalents",
    "parse_plan",
    "to_document",
    "to_yaml",
]
