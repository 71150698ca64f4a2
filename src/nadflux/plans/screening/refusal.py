"""Refusal of a plan that a rule stops."""

from __future__ import annotations

from nadflux.errors import NadfluxError
from nadflux.plans.screening.rules import CONTRAINDICATED
from nadflux.plans.screening.screen import Screening


class ContraindicatedError(NadfluxError):
    """A plan that screening stops; ``screening`` holds all that it found."""

    def __init__(self, screening: Screening) -> None:
        lines = [
            f"{one.rule.rule} {one.rule.severity}: {one.rule.condition} – {one.rule.plan} ({one.rule.reason})"
            for one in screening.stopped
        ]
        unsupervised = all(one.rule.severity != CONTRAINDICATED for one in screening.stopped)
        remedy = "state close supervision with --supervised, or " if unsupervised else ""
        super().__init__(
            "screening stops this plan:\n  "
            + "\n  ".join(lines)
            + f"\nChange the plan; {remedy}for research alone, --research simulates it and marks every output"
        )
        self.screening = screening

    @property
    def brief(self) -> str:
        """The rules that stop the plan, in one line."""
        rules = ", ".join(dict.fromkeys(one.rule.rule for one in self.screening.stopped))
        return f"screening stops it ({rules}); --research compares it all the same, and marks it"
