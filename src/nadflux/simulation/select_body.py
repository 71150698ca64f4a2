"""The body that a question needs: NAD+ metabolism alone, or with energy, sensing, autophagy and food."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nadflux.errors import UnknownNameError
from nadflux.network.body_spec import BASE, BODIES, WHOLE, read_body_spec
from nadflux.network.names import to_id, to_name
from nadflux.people import Cohort, Person
from nadflux.shipped import BIOLOGY
from nadflux.simulation.compiled import Prepared, hash_of_folder, names_of, prepare
from nadflux.simulation.covariate_laws import described_by
from nadflux.simulation.event_arrays import ScheduledEvent


def prepare_for(
    body: str | None,
    *,
    who: Person | Cohort | None = None,
    switches: Mapping[str, str] | None = None,
    events: Sequence[ScheduledEvent] = (),
    outputs: Iterable[str] = (),
    settings: Iterable[str] = (),
) -> Prepared:
    """Return the body asked for, or the smallest that has all that a question names.

    Parameters
    ----------
    body : {"nad", "whole"} or None
        None chooses ``whole`` where an event, an output, a setting, a switch or a covariate that
        people are described by exists only there.
    who : Person or Cohort, optional
    switches : mapping of str to str, optional
    events : sequence of ScheduledEvent
        Of the plan: doses, meals, bouts of exercise.
    outputs, settings : iterable of str
        Observables asked for, and names of numbers that are set.

    Raises
    ------
    UnknownNameError
        For a body that does not exist.
    """
    if body is not None:
        if body not in BODIES:
            raise UnknownNameError("body", body, BODIES)
        return prepare(switches, body=body)
    if switches and not set(switches) <= read_body_spec(BIOLOGY, BASE).switches.keys():
        return prepare(switches, body=WHOLE)
    biology_hash = hash_of_folder(BIOLOGY)
    names = names_of(switches, body=BASE, biology_hash=biology_hash)
    driven = described_by(who) if who is not None else ()
    small = (
        {to_name(to_id(event.target)) for event in events} <= names.targets
        and set(outputs) <= names.outputs
        and {to_name(name) for name in (*settings, *driven)} <= names.settable
    )
    return prepare(switches, body=BASE if small else WHOLE, biology_hash=biology_hash)
