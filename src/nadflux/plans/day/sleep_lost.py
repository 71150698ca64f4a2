"""Sleep that is lost: the hours awake before a short night in which a person needed to sleep."""

from __future__ import annotations

from collections.abc import Sequence

from nadflux.plans.day.contribution import InputSpan, Night
from nadflux.plans.day.input_spans import switched_on
from nadflux.plans.events import ScheduledEvent
from nadflux.plans.lifestyle_tables import LifestyleTables
from nadflux.plans.occurrences import TINY

LACKING = "sleep.lacking"


def sleep_lost(nights: Sequence[Night], start_h: float, tables: LifestyleTables) -> tuple[ScheduledEvent, ...]:
    """Return the steps of the input that is on while needed sleep is missed, none where every night is long enough.

    Parameters
    ----------
    nights : sequence of Night
        Sorted and disjoint.
    start_h : float
        Start of the run, h; what a night before it lacked is not counted.
    tables : LifestyleTables
        With the hours of sleep that a person needs.
    """
    need = tables.number("short sleep", "need", "h")
    missed = [(night.start_h - (need - (night.stop_h - night.start_h)), night.start_h) for night in nights]
    spans = [(max(begin, start_h), stop) for begin, stop in missed]
    lost = [InputSpan(LACKING, *span, 1.0, "sleep lost", "sleep lost") for span in spans if span[1] - span[0] > TINY]
    return switched_on(lost).events
