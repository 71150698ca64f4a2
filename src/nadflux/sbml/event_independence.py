"""Independence of events: events that cannot influence others, so that their order among simultaneous ones is free."""

from __future__ import annotations

from nadflux.network.model import Event
from nadflux.sbml.system import System


def isolated_events(system: System) -> frozenset[int]:
    """Return the indices of events that may be executed first, last or in between with the same result.

    Such an event sets nothing that another event sets or that a trigger, delay, priority, compartment size or
    value of another event uses, and uses nothing that another event sets.
    """
    events = system.events
    writes = [system.states_of(v for v, _ in event.assignments) for event in events]
    values = [_used(system, event, "value") for event in events]
    shared = frozenset().union(
        *(system.states_used(int(place)) for place in system.triggers),
        *(system.states_used(place) for place in system.sizes),
        *(_used(system, event, kind) for event in events for kind in ("delay", "priority")),
    )
    isolated = set()
    for number in range(len(events)):
        others = [i for i in range(len(events)) if i != number]
        used_elsewhere = shared.union(*(values[i] for i in others))
        set_elsewhere = frozenset().union(*(writes[i] for i in others))
        if not writes[number] & (used_elsewhere | set_elsewhere) and not values[number] & set_elsewhere:
            isolated.add(number)
    return frozenset(isolated)


def _used(system: System, event: Event, kind: str) -> frozenset[int]:
    """Return the states that an event's delay, priority or values depend on."""
    if kind == "value":
        places = [system.place("value", event, variable) for variable, _ in event.assignments]
    else:
        given = event.delay if kind == "delay" else event.priority
        places = [system.place(kind, event)] if given is not None else []
    return frozenset().union(*(system.states_used(place) for place in places))
