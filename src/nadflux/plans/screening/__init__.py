"""Screening of plans: the one door that every plan passes before anything is computed of it."""

from nadflux.plans.screening.refusal import ContraindicatedError
from nadflux.plans.screening.rules import Rule, shipped_rules
from nadflux.plans.screening.screen import Fired, Question, Screening, screen

__all__ = ["ContraindicatedError", "Fired", "Question", "Rule", "Screening", "screen", "shipped_rules"]
