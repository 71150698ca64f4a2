"""What a schedule is made of: events of the model, doses as planned, and stretches of the day."""

from __future__ import annotations

from dataclasses import dataclass, field

from nadflux.notes import Note


@dataclass(frozen=True, slots=True)
class ScheduledEvent:
    """One change at one time.

    Attributes
    ----------
    time_h : float
        Hours from the start of the run; before 0 in the usual days that precede it.
    target : str
        Name in the model, e.g. ``gut_lumen.NR`` or ``plasma.infusion.NAD``.
    kind : str
        ``add`` an amount (µmol) to a species, or ``set`` an input (µmol/h, or its own unit).
    value : float
    scale : str
        Quantity of the model whose resting value in each person multiplies ``value``, such as what she usually
        eats; none where empty.
    """

    time_h: float
    target: str
    kind: str
    value: float
    scale: str = ""


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose as planned, for figures and the record: hours, compound, route, µmol and hours of infusion."""

    time_h: float
    compound: str
    route: str
    amount: float
    infusion_h: float = 0.0


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the day for figures and the record.

    Attributes
    ----------
    start_h, stop_h : float
        The same where it takes no time.
    what : str
        ``meal``, ``load``, ``drink``, ``fast``, ``sleep``, ``endurance`` or ``resistance``.
    label : str
        Such as ``35 % of a usual day``.
    """

    start_h: float
    stop_h: float
    what: str
    label: str


@dataclass
class Lived:
    """What the habits of a plan come to.

    Attributes
    ----------
    start_h : float
        Start of the run-in, before time 0.
    events : list of ScheduledEvent
    spans : list of Span
        For figures and the record.
    fasts, restrictions : list of (start, stop[, share left])
        When less food, and hence niacin, is eaten; or more, where the share is above 1.
    notes : list of Note
    """

    start_h: float
    events: list[ScheduledEvent] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    fasts: list[tuple[float, float]] = field(default_factory=list)
    restrictions: list[tuple[float, float, float]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
