"""Event semantics of SBML Level 3 Version 2 (section 4.11), except for finding the time of a change."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from nadflux.errors import SimulationError
from nadflux.network.model import Event
from nadflux.sbml.event_independence import isolated_events
from nadflux.sbml.system import System

Evaluate = Callable[[float, np.ndarray], np.ndarray]

LARGEST_CASCADE = 10_000
LARGEST_BRANCHING = 512


@dataclass(frozen=True, slots=True)
class Pending:
    """A triggered event that waits; ``values`` is None if they are computed on execution."""

    time: float
    event: int
    values: tuple[float, ...] | None


@dataclass(frozen=True)
class Situation:
    """State of the model and of its events at one time."""

    state: np.ndarray
    triggers: tuple[bool, ...]
    pending: tuple[Pending, ...] = field(default=())

    def key(self) -> tuple[bytes, tuple[bool, ...], tuple[tuple[float, int, tuple[float, ...]], ...]]:
        """Return a key that is equal for identical situations."""
        waiting = sorted((p.time, p.event, p.values or ()) for p in self.pending)
        return self.state.tobytes(), self.triggers, tuple(waiting)


class EventMachine:
    """The event machine: it triggers, queues and executes the events of a system.

    Attributes
    ----------
    notes : list of str
        Notes on events that were executed in a random order.
    """

    def __init__(self, system: System, evaluate: Evaluate, seed: int = 0) -> None:
        self.system = system
        self.notes: list[str] = []
        self._random = np.random.default_rng(seed)
        self._by_chance: set[frozenset[int]] = set()
        self.evaluate = evaluate
        self.events = system.events
        self._isolated = isolated_events(system) if len(system.events) > 1 else frozenset()

    def begin(self, time: float, state: np.ndarray) -> Situation:
        """Return the situation at the start, after events that fire at once.

        Parameters
        ----------
        time : float
        state : ndarray, shape (state,)
            Initial state, in the units of the model.
        """
        initial = Situation(state, tuple(event.initial_value for event in self.events))
        return self.settle(time, initial)

    def next_time(self, situation: Situation) -> float:
        """Return the time of the first waiting event, infinity if none waits."""
        return min((p.time for p in situation.pending), default=np.inf)

    def settle(self, time: float, situation: Situation) -> Situation:
        """Execute all events due at ``time`` and those they trigger in turn.

        Events of equal or absent priority may run in any order. All orders are tried; if the result depends on the
        order, one is drawn and a note says so.

        Raises
        ------
        SimulationError
            If events trigger each other without end.
        """
        first = self._trigger(time, situation)
        due = frozenset(p.event for p in first.pending if p.time <= time)
        if due and due not in self._by_chance:
            settled = self._settled_by_all_orders(time, first)
            if settled is not None:
                return settled
            self._by_chance.add(due)
            self.notes.append(
                f"{self._names(first)} happen at the same time ({time:g}) and the result depends on their order, which "
                "SBML leaves to chance: it was drawn (another seed draws another)"
            )
        return self._settled_by_chance(time, first)

    def _settled_by_all_orders(self, time: float, first: Situation) -> Situation | None:
        """Return the common result of all orders; None if they differ or are too many."""
        open_situations = [first]
        settled: dict[object, Situation] = {}
        seen = {first.key()}
        steps = 0
        # Depth first over all orders; ``seen`` keeps a situation from being visited twice.
        while open_situations:
            current = open_situations.pop()
            choices = self._choices(time, current)
            if not choices:
                settled[current.key()] = current
            for choice in choices:
                steps += 1
                following = self._trigger(time, self._execute(time, current, choice))
                if following.key() not in seen:
                    seen.add(following.key())
                    open_situations.append(following)
            if steps > LARGEST_CASCADE or (not settled and not open_situations):
                raise self._endless(time, current)
            if len(open_situations) > LARGEST_BRANCHING:
                return None
        results = list(settled.values())
        return results[0] if all(_same(results[0], other) for other in results[1:]) else None

    def _settled_by_chance(self, time: float, current: Situation) -> Situation:
        # Event by event, until none is due.
        for _ in range(LARGEST_CASCADE):
            choices = self._choices(time, current)
            if not choices:
                return current
            choice = choices[0] if len(choices) == 1 else choices[int(self._random.integers(len(choices)))]
            current = self._trigger(time, self._execute(time, current, choice))
        raise self._endless(time, current)

    def _endless(self, time: float, situation: Situation) -> SimulationError:
        return SimulationError(f"events trigger each other without end at time {time:g}: {self._names(situation)}")

    def _names(self, situation: Situation) -> str:
        names = dict.fromkeys(self.events[p.event].id for p in situation.pending)
        return "events " + ", ".join(names) if names else "its events"

    def _trigger(self, time: float, situation: Situation) -> Situation:
        """Queue events whose trigger became true and drop waiting ones that do not persist."""
        if not self.events:
            return situation
        outputs = self.evaluate(time, situation.state)
        now = tuple(bool(outputs[place] != 0.0) for place in self.system.triggers)
        pending = list(situation.pending)
        # Event by event: each may remove from the queue or add to it.
        for number, event in enumerate(self.events):
            if not now[number] and not event.persistent:
                pending = [p for p in pending if p.event != number]
            if now[number] and not situation.triggers[number]:
                pending.append(self._queued(time, number, event, outputs))
        return replace(situation, triggers=now, pending=tuple(pending))

    def _queued(self, time: float, number: int, event: Event, outputs: np.ndarray) -> Pending:
        delay = 0.0
        if event.delay is not None:
            delay = float(outputs[self.system.place("delay", event)])
            if not delay >= 0.0:
                raise SimulationError(
                    f"event {event.id} has the delay {delay:g} at time {time:g}; it must not be negative"
                )
        values = self._values(event, outputs) if event.use_values_from_trigger_time else None
        return Pending(_execution_time(time, delay), number, values)

    def _values(self, event: Event, outputs: np.ndarray) -> tuple[float, ...]:
        return tuple(float(outputs[self.system.place("value", event, v)]) for v, _ in event.assignments)

    def _choices(self, time: float, situation: Situation) -> list[Pending]:
        """Return the due events that may be executed next: those of highest priority and those without one."""
        due = [p for p in dict.fromkeys(situation.pending) if p.time <= time]
        if len(due) < 2:
            return due
        outputs = self.evaluate(time, situation.state)
        priority: dict[Pending, float | None] = {}
        for p in due:
            event = self.events[p.event]
            has_one = event.priority is not None
            priority[p] = float(outputs[self.system.place("priority", event)]) if has_one else None
        highest = max((value for value in priority.values() if value is not None), default=-np.inf)
        choices = [p for p in due if not _below(priority[p], highest)]
        # an isolated event goes first: its order makes no difference, and many events would have too many orders
        waiting = Counter(p.event for p in choices)
        return next(([p] for p in choices if p.event in self._isolated and waiting[p.event] == 1), choices)

    def _execute(self, time: float, situation: Situation, chosen: Pending) -> Situation:
        event = self.events[chosen.event]
        values = chosen.values
        if values is None:
            values = self._values(event, self.evaluate(time, situation.state))
        assigned = {v: value for (v, _), value in zip(event.assignments, values, strict=True)}
        state = self.system.assign(self.evaluate, time, situation.state, assigned)
        pending = list(situation.pending)
        pending.remove(chosen)
        return replace(situation, state=state, pending=tuple(pending))


def _execution_time(time: float, delay: float) -> float:
    """Return time + delay without rounding noise, so that 0.1 + 0.2 is simultaneous with 0.3.

    A trigger such as ``time > 2`` is first true just after 2; its event is then due just after 2 + delay.
    """
    if delay == 0.0:
        return time
    plain = _snapped(time)
    if time == plain:
        return _snapped(time + delay)
    if plain < time <= plain + 2.0 * math.ulp(plain):
        return math.nextafter(_snapped(plain + delay), math.inf)
    return time + delay


def _snapped(time: float) -> float:
    return float(f"{time:.14g}")


def _below(priority: float | None, highest: float) -> bool:
    return priority is not None and priority < highest


def _same(a: Situation, b: Situation) -> bool:
    """Return whether two situations are equal up to rounding, which differs between orders of execution."""
    if a.triggers != b.triggers or len(a.pending) != len(b.pending):
        return False
    if not np.allclose(a.state, b.state, rtol=1e-12, atol=0.0, equal_nan=True):
        return False
    ours, theirs = (sorted(s.pending, key=lambda p: (p.event, p.time)) for s in (a, b))
    for p, q in zip(ours, theirs, strict=True):
        if p.event != q.event or not np.isclose(p.time, q.time, rtol=1e-12):
            return False
        if (p.values is None) != (q.values is None):
            return False
        if not np.allclose(p.values or (), q.values or (), rtol=1e-12, atol=0.0, equal_nan=True):
            return False
    return True
