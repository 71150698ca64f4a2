"""A row with a dose: what is given, how much, how fast and how often; everything that cannot be planned is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nadflux.errors import NadfluxError, TableError
from nadflux.notes import Note
from nadflux.plans.plan import Plan
from nadflux.user_table import UserRow

OBSERVATION, DOSE, OTHER_EVENT = 0, 1, 2
_RESETS = (3, 4)
_EXAMPLE = "'NR chloride oral'"


@dataclass(frozen=True, slots=True)
class DoseRow:
    """Doses of one row.

    Attributes
    ----------
    row : UserRow
    hour : float
        Of the first dose.
    compound, route : str
    amount : float
        In the unit of the table.
    infusion_h : float
        Hours over which each runs in; 0 at once.
    interval_h : float
        Hours from one to the next; 0 for a single one.
    doses : int
    notes : tuple of Note
        What was assumed in reading the compound.
    """

    row: UserRow
    hour: float
    compound: str
    route: str
    amount: float
    infusion_h: float
    interval_h: float
    doses: int
    notes: tuple[Note, ...] = ()

    @property
    def end_h(self) -> float:
        """The hour of the last dose."""
        return self.hour + (self.doses - 1) * self.interval_h


def kind_of(row: UserRow) -> int:
    """Return ``EVID`` of a row; without it a row with an amount is a dose.

    Raises
    ------
    TableError
        For a reset, a kind that does not exist, or an observation with an amount.
    """
    amount = row.number_of("AMT", 0.0)
    evid = row.whole("EVID", DOSE if amount else OBSERVATION)
    if evid in _RESETS:
        raise row.error("EVID", "a reset of the body is not simulated; give the doses after it an ID of their own")
    if evid not in (OBSERVATION, DOSE, OTHER_EVENT):
        raise row.error("EVID", "no kind of event; give 0 for an observation or 1 for a dose")
    if evid != DOSE and amount:
        raise row.error("AMT", f"an amount in a row whose EVID is {evid}; give EVID 1, or leave the amount out")
    return evid


def read_dose(row: UserRow, hour: float, compartments: Mapping[str, str]) -> DoseRow:
    """Read the dose of a row.

    Parameters
    ----------
    row : UserRow
    hour : float, h
    compartments : mapping of str to str
        Compound and route by what ``CMT`` has, such as ``{"1": "NR chloride oral"}``.

    Raises
    ------
    TableError
        For a missing or impossible amount, rate or interval, a steady state, or a compartment that is not known.
    """
    amount = row.number_of("AMT")
    if amount <= 0:
        raise row.error("AMT", "a dose must be above 0; give one, or EVID 0")
    if row.whole("SS", 0):
        raise row.error(
            "SS",
            "a steady state is not jumped to, as some pools take weeks to settle; write the doses that lead to it: "
            "this row with SS 0, and II and ADDL of as many doses before",
        )
    rate, interval, more = row.number_of("RATE", 0.0), row.number_of("II", 0.0), row.whole("ADDL", 0)
    if rate < 0:
        raise row.error("RATE", "a rate or duration from the model is not known here; give the amount per hour")
    if more < 0 or interval < 0:
        raise row.error("ADDL" if more < 0 else "II", "below 0; give 0 or more")
    if more and not interval:
        raise row.error("ADDL", "more doses without II; give the hours between them")
    compound, route, notes = _what(row, compartments)
    return DoseRow(
        row, hour, compound, route, amount, amount / rate if rate else 0.0, interval if more else 0.0, more + 1, notes
    )


def _what(row: UserRow, compartments: Mapping[str, str]) -> tuple[str, str, tuple[Note, ...]]:
    """Return compound and route of a dose, and notes on how they were read."""
    column = "COMPOUND" if "COMPOUND" in row else "CMT"
    if column not in row:
        if len(compartments) != 1:
            raise row.error("CMT", f"what is given is missing; write compound and route, e.g. {_EXAMPLE}")
        text = next(iter(compartments.values()))
    else:
        text = row.text(column)
        text = compartments.get(text, f"{text} {row.text('ROUTE', '')}".strip())
    if text.replace(".", "").isdigit():
        raise row.error(
            column,
            f"a number says neither compound nor route; write e.g. {_EXAMPLE}, or say what it is: "
            f"compartments={{'{text}': {_EXAMPLE}}}, --cmt {text}={_EXAMPLE}",
        )
    try:
        (regimen,) = (plan := Plan.parse(f"{text} 1 mg once")).regimens
    except (NadfluxError, ValueError) as error:
        raise _unread(row, column, text, error) from error
    return regimen.compound, regimen.route, plan.notes


def _unread(row: UserRow, column: str, text: str, error: Exception) -> TableError:
    why = str(error).splitlines()[0]
    return row.error(column, f"{text!r} is not read as compound and route ({why}); write e.g. {_EXAMPLE}")
