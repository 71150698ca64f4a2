"""Check of the targets of routes: a wrong one is reported when the tables are loaded, not when a dose is given."""

from __future__ import annotations

from collections.abc import Iterable

from nadflux.errors import TableError, nearest
from nadflux.network.model import Model
from nadflux.network.names import to_id, to_name
from nadflux.network.tables import Route

_ENTERS = {"bolus": "species", "infusion": "input", "diet": "input"}


def check_routes(routes: Iterable[Route], model: Model, inputs: Iterable[str]) -> None:
    """Refuse a route that leads nowhere.

    Parameters
    ----------
    routes : iterable of Route
    model : Model
    inputs : iterable of str
        Parameter ids which a schedule may step.

    Raises
    ------
    TableError
        Names file and line, the target, and the nearest names where there are some.
    """
    targets = {"species": tuple(map(to_name, model.species)), "input": tuple(map(to_name, inputs))}
    for route in routes:
        wanted = _ENTERS[route.kind]
        if to_id(route.target) in map(to_id, targets[wanted]):
            continue
        close = nearest(route.target, targets[wanted])
        remedy = f"did you mean {', '.join(map(repr, close))}?" if close else f"give an existing {wanted}"
        raise TableError(
            f"{route.place or 'routes'}: {route.compound} {route.route} ({route.kind}) enters at {route.target!r}, "
            f"which is no {wanted} of the model; {remedy}"
        )
