"""Model inputs that habits turn on for a while, as steps, with the training from repeated bouts."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from nadflux.errors import PlanError
from nadflux.plans.day.active_habits import ActiveHabit
from nadflux.plans.day.contribution import InputSpan, Night
from nadflux.plans.day.input_steps import steps
from nadflux.plans.events import DayPart, ScheduledEvent, Span
from nadflux.plans.occurrences import TINY
from nadflux.plans.timing import CLOCK_AT_START, clock_text
from nadflux.units import DAY_H


def inputs_of_habits(active: Sequence[ActiveHabit], start_h: float, nights: Sequence[Night] = ()) -> DayPart:
    """Return the steps of inputs that habits turn on; a usual activity is dropped where the plan has one of its kind.

    Raises
    ------
    PlanError
        If two activities overlap that exclude each other, or one falls into sleep.
    """
    planned = [span for one in active if not one.usual for span in one.brings.inputs]
    slept = nights if any(one.brings.sleep_patterns and not one.usual for one in active) else ()
    kept = [(one, _kept(one, planned, slept)) for one in active]
    every = [span for _, spans in kept for span in spans]
    _refuse_overlap(every)
    _refuse_asleep(every, nights)
    inputs = switched_on(every)
    trained = [one for one, spans in kept if spans]
    return DayPart((*inputs.events, *_training(trained, start_h)), inputs.spans)


def switched_on(inputs: Sequence[InputSpan]) -> DayPart:
    """Return inputs as steps, exactly 0 between their spans; touching spans share one edge."""
    by_target: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for span in inputs:
        by_target[span.target].append((span.start_h, span.stop_h, span.value))
    events = [event for target, spans in by_target.items() for event in steps(target, sorted(spans))]
    return DayPart(tuple(events), tuple(Span(one.start_h, one.stop_h, one.what, one.label) for one in inputs))


def _kept(one: ActiveHabit, planned: Sequence[InputSpan], slept: Sequence[Night]) -> list[InputSpan]:
    """Return the inputs of a habit; for usual life, without those that the plan replaces or sleeps through."""
    if not one.usual:
        return list(one.brings.inputs)
    left = [span for span in one.brings.inputs if not _in_the_way(span, planned)]
    return [span for span in left if not (span.one_at_a_time and _night_of(span, slept))]


def _training(trained: Sequence[ActiveHabit], start_h: float) -> list[ScheduledEvent]:
    """Return the weekly dose of training; people who have always trained start the run trained."""
    levels: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    events = []
    for one in trained:
        training = one.brings.training
        if training is not None:
            levels[training.target] += [(begin, stop, training.level) for begin, stop in one.window.spans]
            if one.usual:
                events.append(ScheduledEvent(start_h, training.level_target, "add", training.level))
    return events + [event for target, spans in levels.items() for event in steps(target, spans)]


def _in_the_way(span: InputSpan, others: Sequence[InputSpan]) -> bool:
    return any(
        span.one_at_a_time == other.one_at_a_time != ""
        and span.start_h < other.stop_h - TINY
        and other.start_h < span.stop_h - TINY
        for other in others
    )


def _night_of(span: InputSpan, nights: Sequence[Night]) -> Night | None:
    """Return the first night that a span overlaps; nights are sorted and disjoint."""
    first = bisect_right(nights, span.start_h + TINY, key=lambda night: night.stop_h)
    if first < len(nights) and nights[first].start_h < span.stop_h - TINY:
        return nights[first]
    return None


def _refuse_asleep(inputs: Sequence[InputSpan], nights: Sequence[Night]) -> None:
    """Refuse waking activities during sleep."""
    for span in inputs:
        night = _night_of(span, nights) if span.one_at_a_time else None
        if night is not None:
            raise PlanError(
                f"{span.what} at {_clock(span.start_h, span.stop_h)} on day {span.start_h // DAY_H:g} falls into sleep "
                f"at {_clock(night.start_h, night.stop_h)}; move it, or say when they sleep, e.g. 'sleep 22:00-05:30'"
            )


def _clock(start_h: float, stop_h: float) -> str:
    return "-".join(clock_text(((hour + CLOCK_AT_START) % DAY_H,)) for hour in (start_h, stop_h))


def _refuse_overlap(inputs: Sequence[InputSpan]) -> None:
    kinds = {span.one_at_a_time for span in inputs if span.one_at_a_time}
    for kind in sorted(kinds):
        spans = sorted((span.start_h, span.stop_h) for span in inputs if span.one_at_a_time == kind)
        for before, after in itertools.pairwise(spans):
            if after[0] < before[1] - TINY:
                raise PlanError(f"two {kind} overlap on day {after[0] / DAY_H:.3g}; move one of them")
