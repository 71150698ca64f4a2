"""The rules of screening: what must hold of a person and of a plan, how severe it is, and why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nadflux.errors import TableError
from nadflux.network.records import records
from nadflux.people.health import Condition, shipped_facts
from nadflux.people.health.fact_table import FOLDER, MEDICINE
from nadflux.plans.screening.plan_facts import ADDED, PLAN_FACTS

CONTRAINDICATED, SUPERVISION, CAUTION = "contraindicated", "needs supervision", "caution"
SEVERITIES = (CONTRAINDICATED, SUPERVISION, CAUTION)
"""From the most severe on."""
UNLESS_SUPERVISED = "unless supervised"
_COLUMNS = (
    "rule", "when", "applies", "severity", "blocks", "general", "condition", "plan", "reason", "documents", "source",
    "known_by", "url",
)  # fmt: skip
_OPTIONAL = ("blocks", "general", "documents", "url")


@dataclass(frozen=True)
class Rule:
    """One clause of a rule: it fires where its condition holds of the person and the plan does what it speaks of.

    Attributes
    ----------
    rule : str
        Id, such as ``S014``; a rule may have several clauses.
    when : Condition
        On facts of the person.
    applies : Condition
        On facts of the plan.
    severity : str
        ``contraindicated``, ``needs supervision`` or ``caution``.
    blocks : str
        ``unless supervised`` where supervision must be stated; a contraindication always blocks.
    general : bool
        True for a rule that is printed last, as it hides no specific one.
    condition, plan, reason : str
        The same in words, and why.
    documents : str
        What the source documents say where the rule is stricter.
    source, known_by, url : str
        ``known_by`` is ``read`` or ``recalled``.
    """

    rule: str
    when: Condition
    applies: Condition
    severity: str
    blocks: str
    general: bool
    condition: str
    plan: str
    reason: str
    documents: str
    source: str
    known_by: str
    url: str

    def stops(self, supervised: bool) -> bool:
        """Return whether a plan for which it fires is refused.

        Parameters
        ----------
        supervised : bool
            Whether close supervision is stated.
        """
        return self.severity == CONTRAINDICATED or (self.blocks == UNLESS_SUPERVISED and not supervised)

    @property
    def rank(self) -> tuple[bool, int, str]:
        """Order of printing: specific before general, the most severe first."""
        return (self.general, SEVERITIES.index(self.severity), self.rule)


@lru_cache(maxsize=4)
def read_rules(file: Path) -> tuple[Rule, ...]:
    """Read the table of rules.

    Raises
    ------
    TableError
        For a row that cannot be used, or a name that is no fact; the message names file and line.
    """
    rules = []
    for place, cells in records(file, _COLUMNS, _OPTIONAL):
        if cells["severity"] not in SEVERITIES:
            raise TableError(f"{place}: severity {cells['severity']!r}; write one of {', '.join(SEVERITIES)}")
        if cells["blocks"] not in ("", UNLESS_SUPERVISED):
            raise TableError(f"{place}: blocks {cells['blocks']!r}; write {UNLESS_SUPERVISED!r} or leave it empty")
        conditions = {name: Condition(cells[name], f"{place}, {name}") for name in ("when", "applies")}
        _check_names(conditions["when"], set(shipped_facts().by_name))
        medicines = {name for name in shipped_facts().by_name if name.startswith(MEDICINE)}
        added = {name.replace(MEDICINE, ADDED, 1) for name in medicines}
        _check_names(conditions["applies"], {*PLAN_FACTS, *medicines, *added})
        rules.append(Rule(**{**cells, **conditions, "general": bool(cells["general"])}))
    return tuple(rules)


def shipped_rules() -> tuple[Rule, ...]:
    """Return the shipped rules."""
    return read_rules(FOLDER / "rules.csv")


def _check_names(condition: Condition, known: set[str]) -> None:
    unknown = [name for name in condition.names if name not in known]
    if unknown:
        raise TableError(f"{condition.place}: {unknown[0]!r} is no fact that {condition.text!r} can ask for")
