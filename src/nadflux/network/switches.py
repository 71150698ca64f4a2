"""Contested links: which option is taken, and what it leaves out or sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nadflux.errors import UnknownNameError
from nadflux.network.names import to_id


@dataclass(frozen=True)
class Choice:
    """Options taken and what follows from them.

    Attributes
    ----------
    taken : mapping of str to str
        Option of each switch.
    absent : mapping of str to set of str
        Reactions that leave each organ.
    zero : tuple of str
        Ids set to 0.
    values : mapping of str to float
        Ids set to a value; ``all__NAME`` in every organ.
    """

    taken: Mapping[str, str]
    absent: Mapping[str, frozenset[str]]
    zero: tuple[str, ...]
    values: Mapping[str, float]


def choose(switches: Mapping[str, Any], wanted: Mapping[str, str]) -> Choice:
    """Choose the options of all switches: the wanted ones, else the first of each.

    Parameters
    ----------
    switches : mapping
        As in a plan: ``options`` with ``absent``, ``zero`` or ``value`` (of the switch's ``parameter``).
    wanted : mapping of str to str

    Raises
    ------
    UnknownNameError
        For an unknown switch or option.
    """
    for name in wanted:
        if name not in switches:
            raise UnknownNameError("switch", name, switches)
    taken: dict[str, str] = {}
    absent: dict[str, frozenset[str]] = {}
    zero: list[str] = []
    values: dict[str, float] = {}
    for name, spec in switches.items():
        options = spec["options"]
        option = wanted.get(name, next(iter(options)))
        if option not in options:
            raise UnknownNameError(f"option of {name}", option, options)
        taken[name] = option
        for entry in options[option].get("absent", ()):
            organ, reaction = entry.split(".", 1)
            absent[organ] = absent.get(organ, frozenset()) | {to_id(reaction)}
        zero += [to_id(entry) for entry in options[option].get("zero", ())]
        if "parameter" in spec:
            values[to_id(spec["parameter"])] = float(options[option]["value"])
    return Choice(taken, absent, tuple(zero), values)
