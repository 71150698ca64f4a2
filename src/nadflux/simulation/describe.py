"""The parts of the model that a name stands for, with unit, tier and source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from nadflux.errors import UnknownNameError
from nadflux.network.assemble import Body
from nadflux.network.body_spec import WHOLE
from nadflux.network.names import to_name
from nadflux.people import Posterior
from nadflux.simulation.compiled import Prepared, prepare
from nadflux.simulation.model_entries import Entry, entries
from nadflux.simulation.select_body import prepare_for
from nadflux.simulation.select_posterior import DEFAULT, find_posterior

_NOT_LISTED = ("reactions", "links")  # unless they are asked for by name


@dataclass(frozen=True)
class Description:
    """Entries of a body.

    Attributes
    ----------
    elsewhere : bool
        Whether the name stands for nothing in the body that was searched first, and the whole body was taken.
    """

    body: Body
    entries: tuple[Entry, ...]
    elsewhere: bool = False


def describe(
    name: str | None = None,
    *,
    body: str | None = None,
    switches: Mapping[str, str] | None = None,
    posterior: Posterior | Path | str | None = DEFAULT,
) -> Description:
    """Describe one part of the model, those below a name or of a pattern, or all of them.

    Parameters
    ----------
    name : str, optional
        Such as ``liver.NAMPT.Km``, ``liver`` or ``*.Km``.
    body : str, optional
        ``nad`` or ``whole``; if left out, the smaller one, or the whole where it alone has the name.
    switches : mapping of str to str, optional
        Options of contested links.
    posterior : Posterior, path, "shipped" or "none"

    Raises
    ------
    UnknownNameError
        Where nothing has that name, with the nearest.
    """

    def look(where: Prepared) -> tuple[Body, tuple[Entry, ...]]:
        fitted, _ = find_posterior(where.body, posterior)
        return where.body, tuple(choose(entries(where.body, fitted), name))

    try:
        return Description(*look(prepare_for(body, switches=switches or {})))
    except UnknownNameError as missing:
        # As in `simulate`, the whole body is searched for what the smaller one does not have.
        if body is not None or missing.kind != "name":
            raise
    return Description(*look(prepare(switches or {}, body=WHOLE)), elsewhere=True)


def choose(known: Sequence[Entry], name: str | None) -> list[Entry]:
    """Return the entry of a name and what lies below it, or those that fit a pattern; all where None.

    Raises
    ------
    UnknownNameError
        Where there is none, with the nearest.
    """
    if name is None:
        return [entry for entry in known if entry.what not in _NOT_LISTED]
    wanted = to_name(name)
    exact = [entry for entry in known if entry.name == wanted]
    pattern = wanted if any(sign in wanted for sign in "*?[") else f"{wanted}.*"
    found = exact[:1] + [entry for entry in known if fnmatchcase(entry.name, pattern)]
    if not found:
        raise UnknownNameError("name", name, (entry.name for entry in known))
    return found
