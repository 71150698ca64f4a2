"""Contested links that an answer was asked to take otherwise than by default, and where each of them acts."""

from __future__ import annotations

from collections.abc import Mapping

from nadflux.network.assemble import Body
from nadflux.network.body_spec import BODIES, read_body_spec
from nadflux.notes import Note, NoteCode
from nadflux.shipped import BIOLOGY


def chosen_links(body: Body, named: Mapping[str, str]) -> list[Note]:
    """Return a note for each switch that somebody set away from its default: what the option does, and where.

    Parameters
    ----------
    body : Body
    named : mapping of str to str
        Options by the names of their switches, as asked for.
    """
    if not named or body.name not in BODIES:
        return []
    notes = []
    for name, switch in read_body_spec(BIOLOGY, body.name).switches.items():
        default, option = next(iter(switch["options"])), named.get(name)
        if option not in (None, default):
            says = switch["options"][option]["says"]
            text = f"{name} = {option}, by a switch, in everybody and before the run too: {says}"
            notes.append(Note(NoteCode.LINK_CHOSEN, text, name))
    return notes
