"""Parts of a schedule: events of the model, doses as planned, and stretches of the day."""

from __future__ import annotations

from dataclasses import dataclass

from nadflux.notes import Note


@dataclass(frozen=True, slots=True)
class ScheduledEvent:
    """One change at one time.

    Attributes
    ----------
    time_h : float
        Hours from time 0; negative in the run-in.
    target : str
        Name in the model, e.g. ``gut_lumen.NR`` or ``plasma.infusion.NAD``.
    kind : str
        ``add`` an amount (µmol) to a species, or ``set`` an input (µmol/h, or its own unit).
    value : float
    scale : str
        Quantity of the model whose resting value in each person multiplies ``value``, such as their usual intake;
        empty for none.
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
        Equal for something that takes no time.
    what : str
        ``meal``, ``load``, ``drink``, ``fast``, ``sleep``, ``endurance`` or ``resistance``.
    label : str
        Such as ``35 % of a usual day``.
    """

    start_h: float
    stop_h: float
    what: str
    label: str


@dataclass(frozen=True)
class DayPart:
    """One part of the days of a run, such as sleep or food: its events, spans and notes."""

    events: tuple[ScheduledEvent, ...] = ()
    spans: tuple[Span, ...] = ()
    notes: tuple[Note, ...] = ()
