"""Habits of plans, one file each: their words and their contribution to a day."""

from nadflux.plans.habits.eating_window import EatingWindow
from nadflux.plans.habits.energy_eaten import Overfeeding, Restriction
from nadflux.plans.habits.exercise import Exercise
from nadflux.plans.habits.fast import Fast
from nadflux.plans.habits.habit import Habit
from nadflux.plans.habits.meals import Meals
from nadflux.plans.habits.nutrient import Nutrient
from nadflux.plans.habits.registry import HABITS
from nadflux.plans.habits.set_meal import SetMeal
from nadflux.plans.habits.shift_work import ShiftWork
from nadflux.plans.habits.sleep import Sleep

__all__ = [
    "HABITS",
    "EatingWindow",
    "Exercise",
    "Fast",
    "Habit",
    "Meals",
    "Nutrient",
    "Overfeeding",
    "Restriction",
    "SetMeal",
    "ShiftWork",
    "Sleep",
]
